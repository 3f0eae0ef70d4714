//! Moves bytes and does not know MQTT: sockets, TLS, WebSocket, dialling, listening.
//!
//! * [`Endpoint`] is where to connect to, parsed from a URI.
//! * [`Dial`] turns an endpoint into a ready [`Transport`] without blocking; its owner polls it.
//! * [`Listener`] accepts sockets as [`Transport`]s whose handshakes the owner drives with [`Transport::progress`].
//! * [`Transport`] is one non-blocking socket plus its byte [`Layer`]s (none, TLS, WebSocket, WebSocket over TLS). It is
//!   the same type at both ends.
//!
//! The layers do no I/O of their own: they read from any `Read` and write into a `Vec<u8>`, so they are tested in memory.
#![forbid(unsafe_code)]

mod der;
mod dial;
mod endpoint;
mod layer;
mod listen;
mod resolve;
mod socket;
mod tls;
mod transport;
mod websocket;

pub use dial::{Dial, DialError, DialOptions, DialPoll, DialStage, Interest, Watch};
pub use endpoint::{Endpoint, EndpointError, Scheme};
pub use layer::Layer;
pub use listen::{ListenAddress, ListenError, ListenKind, ListenOptions, Listener, PortSharing};
pub use resolve::set_resolver_start_hook;
pub use socket::{PeerAddress, Socket};
pub use tls::{ClientTls, MinVersion, ServerTls, ServerTlsOptions, TlsError, TlsInfo, TlsLayer, TlsOptions};
pub use transport::{Parts, Progress, Transport};
pub use websocket::{WebSocketClientOptions, WebSocketLayer, WebSocketServerOptions};
