//! The statements of the three specifications that bind a server, each shown by what a peer on the wire sees.
//!
//! A line `Shows:` above a test names them; `docs/conformance.md` is made from these lines.

#[path = "conformance_broker/wire.rs"]
mod wire;

#[path = "conformance_broker/auth.rs"]
mod auth;
#[path = "conformance_broker/connect.rs"]
mod connect;
#[path = "conformance_broker/flow.rs"]
mod flow;
#[path = "conformance_broker/malformed.rs"]
mod malformed;
#[path = "conformance_broker/publish.rs"]
mod publish;
#[path = "conformance_broker/sessions.rs"]
mod sessions;
#[path = "conformance_broker/shared.rs"]
mod shared;
#[path = "conformance_broker/subscribe.rs"]
mod subscribe;
#[path = "conformance_broker/wills.rs"]
mod wills;
