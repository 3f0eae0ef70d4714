//! The statements of the three specifications that bind a client, or both ends.
//!
//! `session` runs two ends of the session state machine in one thread; `sockets` runs the real client against servers
//! that do what each test says.

#[path = "client/server.rs"]
#[allow(dead_code)]
mod server;
#[path = "conformance_client/session.rs"]
mod session;
#[path = "conformance_client/sockets.rs"]
mod sockets;
