//! What a broker is started with.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use mqtt_net::{ListenKind, ServerTls};
use mqtt_proto::Limits;
use mqtt_proto::packet::QoS;
use mqtt_proto::session::QueueLimits;
use mqtt_store::{Alone, Memory, Peers, Store};

/// What a broker is started with. `Config::default()` listens nowhere; add a [`ListenerConfig`].
#[derive(Clone)]
pub struct Config {
    /// Where clients come in.
    pub listeners: Vec<ListenerConfig>,
    /// Threads that serve connections, at most 64; 0 takes one per core that the process may use.
    pub shards: usize,
    /// Who may come in without a user name, and with one where no hook decides.
    pub anonymous: Anonymous,
    /// What the link grants and enforces: packet size, windows, aliases, handshake time, backlog.
    pub link: Limits,
    /// Bounds of one session's queue.
    pub queue: QueueLimits,
    /// Everything else that a peer can make grow.
    pub limits: BrokerLimits,
    /// Between two publications of `$SYS/#`; zero publishes none.
    pub sys_interval: Duration,
    /// How long a hook may take to answer.
    pub hook_deadline: Duration,
    /// What is taken for an answer when it does not come in time.
    pub hook_overdue: Overdue,
    /// What assigned client identifiers begin with.
    pub assigned_id_prefix: String,
    /// What clients that ask for response information get, where no hook gives it; `None` gives none.
    pub response_information: Option<String>,
    /// Whether payloads that say that they are text are looked at.
    pub payload_format: PayloadFormat,
    /// Where sessions and retained messages are kept.
    pub store: Arc<dyn Store>,
    /// The other nodes.
    pub peers: Arc<dyn Peers>,
}

impl Default for Config {
    /// One shard per core, anonymous clients on loopback only, `$SYS` every 10 s, hooks answer within 5 s or refuse, and a store in memory.
    fn default() -> Config {
        Config {
            listeners: Vec::new(),
            shards: 0,
            anonymous: Anonymous::Loopback,
            link: Limits { topic_alias_maximum: 16, send_alias_maximum: 16, ..Limits::default() },
            queue: QueueLimits::default(),
            limits: BrokerLimits::default(),
            sys_interval: Duration::from_secs(10),
            hook_deadline: Duration::from_secs(5),
            hook_overdue: Overdue::Refuse,
            assigned_id_prefix: "auto-".to_owned(),
            response_information: None,
            payload_format: PayloadFormat::Trusted,
            store: Arc::new(Memory),
            peers: Arc::new(Alone),
        }
    }
}

/// Who may come in where no hook decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Anonymous {
    /// Everyone.
    Allowed,
    /// Clients whose address is a loopback address, and those on Unix sockets. Others are refused as not authorized.
    #[default]
    Loopback,
    /// Nobody.
    Refused,
}

/// What is taken for the answer of a hook that did not give one in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overdue {
    /// Refuse: server unavailable to CONNECT, implementation specific error to the rest.
    #[default]
    Refuse,
    /// Go on as without the hook.
    Proceed,
}

/// What is done about a payload format indicator of 1, by which a publisher says that its payload is UTF-8 text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PayloadFormat {
    /// It is passed on.
    #[default]
    Trusted,
    /// Other payloads are refused with payload format invalid: in PUBACK and PUBREC, in DISCONNECT at QoS 0, and in
    /// CONNACK for a will (section 3.3.2.3.2).
    Checked,
}

/// One place where clients come in.
#[derive(Debug, Clone)]
pub struct ListenerConfig {
    /// The socket.
    pub bind: Bind,
    /// In place of [`Config::anonymous`] for this listener.
    pub anonymous: Option<Anonymous>,
    /// Connections at once on this listener; 0 is no bound.
    pub maximum_connections: usize,
    /// Plain MQTT, or MQTT over WebSocket.
    pub kind: ListenKind,
    /// TLS below it.
    pub tls: Option<Arc<ServerTls>>,
    /// Where the user name comes from when the client shows a certificate.
    pub user_name: UserName,
    /// Permissions of a Unix socket (such as `0o660`); `None` leaves them to the umask.
    pub mode: Option<u32>,
}

/// Where the user name of a client comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UserName {
    /// From CONNECT.
    #[default]
    Connect,
    /// The common name of its certificate. A client without one is refused with bad user name or password.
    CommonName,
    /// The subject of its certificate in RFC 2253 form. A client without one is refused likewise.
    Subject,
}

/// A socket to listen on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bind {
    /// TCP; port 0 takes a free one ([`crate::Broker::local_addrs`] tells which).
    Tcp(SocketAddr),
    /// A Unix socket; a stale file in its place is removed.
    Unix(PathBuf),
}

impl ListenerConfig {
    /// Plain MQTT over TCP.
    pub fn tcp(address: SocketAddr) -> ListenerConfig {
        ListenerConfig::new(Bind::Tcp(address))
    }

    /// Plain MQTT over a Unix socket.
    pub fn unix(path: impl Into<PathBuf>) -> ListenerConfig {
        ListenerConfig::new(Bind::Unix(path.into()))
    }

    /// Plain MQTT on a socket.
    pub fn new(bind: Bind) -> ListenerConfig {
        ListenerConfig {
            bind,
            anonymous: None,
            maximum_connections: 0,
            kind: ListenKind::Plain,
            tls: None,
            user_name: UserName::Connect,
            mode: None,
        }
    }
}

/// Bounds of the broker as a whole. 0 is no bound unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BrokerLimits {
    /// Connections at once, over all listeners.
    pub maximum_connections: usize,
    /// Sessions, connected or not.
    pub maximum_sessions: usize,
    /// Subscriptions of one client.
    pub subscriptions_per_client: usize,
    /// Retained messages.
    pub retained_messages: usize,
    /// Bytes that retained messages keep allocated.
    pub retained_bytes: usize,
    /// Seconds that a session may outlive its connection at most; `u32::MAX` is for ever.
    pub maximum_session_expiry: u32,
    /// Seconds; a client that asks for more, or for none, is given this one (MQTT 5) or refused (MQTT 3); 0 is no bound.
    pub maximum_keep_alive: u16,
    /// The highest QoS granted; a publish above it ends the connection, a subscription is granted less.
    pub maximum_qos: QoS,
    /// Retained messages are kept and sent.
    pub retain_available: bool,
    /// A client may leave its identifier empty.
    pub empty_client_id: bool,
    /// Bytes of a client identifier at most.
    pub client_id_length: usize,
}

impl Default for BrokerLimits {
    /// 10 000 subscriptions per client, a million retained messages of 1 GiB together, sessions for ever.
    fn default() -> BrokerLimits {
        BrokerLimits {
            maximum_connections: 0,
            maximum_sessions: 0,
            subscriptions_per_client: 10_000,
            retained_messages: 1_000_000,
            retained_bytes: 1 << 30,
            maximum_session_expiry: u32::MAX,
            maximum_keep_alive: 0,
            maximum_qos: QoS::ExactlyOnce,
            retain_available: true,
            empty_client_id: true,
            client_id_length: 65_535,
        }
    }
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config")
            .field("listeners", &self.listeners)
            .field("shards", &self.shards)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
