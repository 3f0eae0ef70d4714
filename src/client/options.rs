//! What a client is told when it is made.

use std::time::Duration;

use bytes::Bytes;
use mqtt_proto::packet::{Properties, Will};
use mqtt_proto::{Text, Version};

use crate::Result;

/// Where a server is: scheme, host, port, path. Parsed from a URI.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// The URI without user info.
    pub uri: String,
}

/// Which version to speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum VersionChoice {
    /// MQTT 5; 3.1.1 where the server refuses that or closes the connection on it.
    #[default]
    Newest,
    /// This one only.
    Only(Version),
}

/// What to do when the queue of outgoing messages is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum WhenFull {
    /// `publish` waits until there is room.
    #[default]
    Block,
    /// The oldest message that has not been sent gives way.
    DropOldest,
    /// `publish` fails with [`crate::Error::QueueFull`].
    Refuse,
}

/// The queue of messages that wait for a connection or for room in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OfflineQueue {
    /// Bytes; 64 MiB.
    pub max_bytes: usize,
    /// Messages; 100 000.
    pub max_messages: u32,
    /// Past one of them.
    pub when_full: WhenFull,
}

/// How a lost connection is made again: delays double from `min_delay` to `max_delay`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reconnect {
    /// Whether at all.
    pub enabled: bool,
    /// The first delay; 0.2 s.
    pub min_delay: Duration,
    /// The longest delay; 30 s.
    pub max_delay: Duration,
    /// Share of each delay that is left to chance, 0 to 1; 0.5. It keeps a thousand clients from coming back together.
    pub jitter: f64,
    /// Failed attempts in a row after which the client gives up; 0 is never.
    pub max_attempts: u32,
}

/// TLS for `mqtts` and `wss`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TlsOptions {
    /// PEM file with the certificates to trust; the system's where neither this nor `ca_path` is given.
    pub ca_file: Option<String>,
    /// Directory of PEM files with certificates to trust.
    pub ca_path: Option<String>,
    /// PEM file with the client's certificate chain.
    pub cert_file: Option<String>,
    /// PEM file with its private key.
    pub key_file: Option<String>,
    /// Passphrase of the private key.
    pub key_passphrase: Option<String>,
    /// Check the chain; true.
    pub verify_peer: bool,
    /// Check the name; true.
    pub verify_peer_name: bool,
    /// Take a certificate that signs itself; false.
    pub allow_self_signed: bool,
    /// The name to check and to send, where it is not the host of the URI.
    pub peer_name: Option<String>,
    /// Protocols to offer.
    pub alpn: Vec<String>,
    /// SHA-256 of the server's certificate in hexadecimal; nothing else is accepted.
    pub pinned_sha256: Option<String>,
    /// `1.2` or `1.3`; 1.2.
    pub min_version: Option<String>,
}

/// All of it. [`Options::new`] gives the defaults; the fields are public.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Servers, tried in turn. At least one.
    pub endpoints: Vec<Endpoint>,
    /// MQTT 5 with 3.1.1 to fall back on, or one version.
    pub version: VersionChoice,
    /// Empty: one is generated, unique per process and client.
    pub client_id: Text,
    /// User name; that of the first URI where it has one.
    pub user_name: Option<Text>,
    /// Password; that of the first URI where it has one.
    pub password: Option<Bytes>,
    /// Seconds, 0 to 65 535; 60. 0 switches it off.
    pub keep_alive: u16,
    /// The first connection starts a clean session; true. A reconnect always resumes, except that MQTT 3 with a clean
    /// session has nothing to resume.
    pub clean_start: bool,
    /// Published by the server when the client is lost.
    pub will: Option<Will>,
    /// Properties of CONNECT. The session expiry interval is 300 s where it is absent.
    pub properties: Properties,
    /// TLS.
    pub tls: TlsOptions,
    /// Path of the WebSocket request, where it is not that of the URI.
    pub websocket_path: Option<String>,
    /// More headers of the WebSocket request.
    pub websocket_headers: Vec<(String, String)>,
    /// From the first packet of DNS to CONNACK, for one server; 10 s.
    pub connect_timeout: Duration,
    /// What to do when a connection is lost.
    pub reconnect: Reconnect,
    /// Subscribe again where the server lost the session; true.
    pub resubscribe: bool,
    /// Outgoing messages that wait.
    pub offline_queue: OfflineQueue,
    /// Bytes of received messages that nobody has taken; 16 MiB. Past it QoS 0 is left unread.
    pub receive_queue: usize,
    /// QoS 1 and 2 messages received and not acknowledged, told to the server as receive maximum; 1024.
    pub receive_maximum: u16,
    /// The largest packet accepted, in bytes; that of the protocol.
    pub maximum_packet_size: u32,
    /// [`crate::Client::receive`] leaves the acknowledgement to [`crate::Client::ack`]; false.
    pub manual_ack: bool,
    /// How long the end of a client may take to get its publishes out; 5 s.
    pub linger: Duration,
}

impl Options {
    /// The defaults, for this server: `mqtt://`, `mqtts://`, `ws://`, `wss://` or `unix:`, with user info where wanted.
    pub fn new(uri: &str) -> Result<Options> {
        let _ = uri;
        todo!()
    }

    /// Adds a server to be tried after the others.
    pub fn add_server(&mut self, uri: &str) -> Result<()> {
        let _ = uri;
        todo!()
    }
}
