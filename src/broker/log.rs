//! What the broker has to tell people, as values. `Display` writes Mosquitto's wording, because users have parsers
//! for it; who wants JSON matches on the variants. Nothing is built while nobody listens.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use mqtt_proto::packet::{PropertyId, QoS};
use mqtt_proto::session::Trace;
use mqtt_proto::wire::Sender;
use mqtt_proto::{ReasonCode, Version};
use parking_lot::RwLock;

/// How much a record matters; the names are those of Mosquitto's `log_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Level {
    /// Something failed.
    Error = 1,
    /// Something is wrong, and the broker went on.
    Warning = 2,
    /// Connections come and go.
    Notice = 4,
    /// Start and stop.
    Information = 8,
    /// `ID 2 topic`: a subscription was made.
    Subscribe = 16,
    /// A subscription ended.
    Unsubscribe = 32,
    /// Every packet.
    Debug = 64,
}

/// A set of levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Levels(u8);

impl Levels {
    /// None.
    pub const NONE: Levels = Levels(0);
    /// All, every packet included. Costs what it says.
    pub const ALL: Levels = Levels(127);
    /// Error, warning, notice and information.
    pub const DEFAULT: Levels = Levels(15);

    /// These and this one.
    #[must_use]
    pub const fn with(self, level: Level) -> Levels {
        Levels(self.0 | level as u8)
    }

    /// Whether this one is among them.
    pub const fn contains(self, level: Level) -> bool {
        self.0 & level as u8 != 0
    }
}

/// A socket address, or a Unix socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address(pub Option<SocketAddr>);

impl std::fmt::Display for Address {
    /// The address without its port, as Mosquitto writes it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(address) => write!(f, "{}", address.ip()),
            None => f.write_str("unix"),
        }
    }
}

/// One thing that happened.
#[derive(Debug, Clone, Copy)]
pub enum Record<'a> {
    /// The broker is up.
    Started,
    /// The broker is down.
    Stopped,
    /// A socket is open for clients.
    Listening {
        /// Where; `None` with a path for Unix sockets.
        address: Option<SocketAddr>,
        /// The Unix socket.
        path: Option<&'a str>,
    },
    /// A socket was accepted.
    Accepted {
        /// From where.
        address: Address,
        /// On which port of ours.
        port: u16,
    },
    /// A connection was not taken: too many, or out of descriptors.
    NotAccepted {
        /// Why.
        reason: &'a str,
    },
    /// A client was let in.
    Connected {
        /// From where.
        address: Address,
        /// Who.
        client: &'a str,
        /// Protocol.
        version: Version,
        /// Clean start.
        clean_start: bool,
        /// Seconds.
        keep_alive: u16,
        /// The user name.
        user_name: Option<&'a str>,
    },
    /// A client was not let in.
    Refused {
        /// From where.
        address: Address,
        /// Who, as far as it said.
        client: &'a str,
        /// Why.
        reason: ReasonCode,
    },
    /// CONNECT without a will.
    NoWill,
    /// CONNECT with a will.
    Will {
        /// Bytes.
        payload: usize,
        /// QoS.
        qos: QoS,
        /// Retain.
        retain: bool,
        /// Topic.
        topic: &'a str,
    },
    /// A packet passed; PUBLISH, its acknowledgements, PINGREQ and so on.
    Packet {
        /// With whom.
        client: &'a str,
        /// Which.
        trace: &'a Trace,
    },
    /// CONNACK went out.
    ConnAck {
        /// To whom.
        client: &'a str,
        /// Session present.
        session_present: bool,
        /// The reason, as the version says it.
        code: u8,
    },
    /// A filter in a SUBSCRIBE.
    SubscribeFilter {
        /// The filter.
        filter: &'a str,
        /// QoS asked for.
        qos: QoS,
    },
    /// A subscription was made.
    Subscribed {
        /// Who.
        client: &'a str,
        /// QoS granted.
        qos: QoS,
        /// The filter.
        filter: &'a str,
    },
    /// A subscription ended.
    Unsubscribed {
        /// Who.
        client: &'a str,
        /// The filter.
        filter: &'a str,
    },
    /// A second connection under the same client identifier.
    TakenOver {
        /// Which identifier.
        client: &'a str,
    },
    /// Nothing came within one and a half times the keep-alive.
    TimedOut {
        /// Who.
        client: &'a str,
    },
    /// DISCONNECT came and the connection is closed.
    Disconnected {
        /// Who.
        client: &'a str,
    },
    /// The socket closed without DISCONNECT.
    Closed {
        /// Who.
        client: &'a str,
    },
    /// The socket failed.
    SocketError {
        /// Who.
        client: &'a str,
        /// What the system said.
        error: &'a std::io::Error,
    },
    /// The peer broke a rule.
    Violation {
        /// Who.
        client: &'a str,
        /// Which rule.
        violation: &'a mqtt_proto::Violation,
    },
    /// The broker ended the connection.
    Ended {
        /// Who.
        client: &'a str,
        /// Why.
        reason: ReasonCode,
    },
    /// The first message that was dropped for a client since it last kept up.
    Dropping {
        /// For whom.
        client: &'a str,
    },
    /// A session that nobody came back to is over.
    SessionExpired {
        /// Whose.
        client: &'a str,
    },
    /// A hook did not answer in time.
    HookOverdue {
        /// Which: `on_publish`.
        hook: &'static str,
        /// For whom.
        client: &'a str,
    },
    /// A hook dropped its reply.
    HookDropped {
        /// Which.
        hook: &'static str,
        /// For whom.
        client: &'a str,
    },
    /// A hook answered with a property that the client cannot be given.
    HookAnswer {
        /// Which hook.
        hook: &'static str,
        /// For whom.
        client: &'a str,
        /// Which property.
        property: PropertyId,
        /// What is wrong with it, and what became of it.
        problem: &'static str,
    },
    /// The store failed.
    Store {
        /// How.
        error: &'a mqtt_store::StoreError,
    },
}

impl Record<'_> {
    /// How much it matters.
    pub fn level(&self) -> Level {
        match self {
            Record::Started | Record::Stopped | Record::Listening { .. } => Level::Information,
            Record::Store { .. } | Record::HookAnswer { .. } => Level::Error,
            Record::NotAccepted { .. } | Record::HookOverdue { .. } | Record::HookDropped { .. } => Level::Warning,
            Record::Subscribed { .. } => Level::Subscribe,
            Record::Unsubscribed { .. } => Level::Unsubscribe,
            Record::NoWill
            | Record::Will { .. }
            | Record::Packet { .. }
            | Record::ConnAck { .. }
            | Record::SubscribeFilter { .. } => Level::Debug,
            _ => Level::Notice,
        }
    }
}

impl std::fmt::Display for Record<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Record::Started => f.write_str("mqtt broker running"),
            Record::Stopped => f.write_str("mqtt broker terminating"),
            Record::Listening { address: Some(address), .. } if address.is_ipv6() => {
                write!(f, "Opening ipv6 listen socket on port {}.", address.port())
            }
            Record::Listening { address: Some(address), .. } => {
                write!(f, "Opening ipv4 listen socket on port {}.", address.port())
            }
            Record::Listening { path, .. } => write!(f, "Opening unix listen socket on path {}.", path.unwrap_or("?")),
            Record::Accepted { address, port } => write!(f, "New connection from {address} on port {port}."),
            Record::NotAccepted { reason } => write!(f, "Client connection denied: {reason}."),
            Record::Connected { address, client, version, clean_start, keep_alive, user_name } => {
                let (level, clean) = (level_number(version), u8::from(clean_start));
                write!(
                    f,
                    "New client connected from {} as {client} (p{level}, c{clean}, k{keep_alive}",
                    Full(address)
                )?;
                match user_name {
                    Some(name) => write!(f, ", u'{name}')."),
                    None => f.write_str(")."),
                }
            }
            Record::Refused { address, client: "", reason } => {
                write!(f, "Client from {address} disconnected, {}.", reason.description())
            }
            Record::Refused { client, reason, .. } => {
                write!(f, "Client {client} disconnected, {}.", reason.description())
            }
            Record::NoWill => f.write_str("No will message specified."),
            Record::Will { payload, qos, retain, topic } => {
                let (qos, retain) = (qos.level(), u8::from(retain));
                write!(f, "Will message specified ({payload} bytes) (r{retain}, q{qos}).\n\t{topic}")
            }
            Record::Packet { client, trace } => packet(f, client, trace),
            Record::ConnAck { client, session_present, code } => {
                write!(f, "Sending CONNACK to {client} ({}, {code})", u8::from(session_present))
            }
            Record::SubscribeFilter { filter, qos } => write!(f, "\t{filter} (QoS {})", qos.level()),
            Record::Subscribed { client, qos, filter } => write!(f, "{client} {} {filter}", qos.level()),
            Record::Unsubscribed { client, filter } => write!(f, "{client} {filter}"),
            Record::TakenOver { client } => write!(f, "Client {client} already connected, closing old connection."),
            Record::TimedOut { client } => write!(f, "Client {client} has exceeded timeout, disconnecting."),
            Record::Disconnected { client } => write!(f, "Client {client} disconnected."),
            Record::Closed { client } => write!(f, "Client {client} closed its connection."),
            Record::SocketError { client, .. } => write!(f, "Socket error on client {client}, disconnecting."),
            Record::Violation { client, violation } => {
                write!(f, "Client {client} disconnected due to {}: {violation}.", violation.reason().description())
            }
            Record::Ended { client, reason } => write!(f, "Client {client} disconnected: {}.", reason.description()),
            Record::Dropping { client } => write!(f, "Outgoing messages are being dropped for client {client}."),
            Record::SessionExpired { client } => write!(f, "Expiring client {client} due to timeout."),
            Record::HookOverdue { hook, client } => {
                write!(f, "Hook {hook} did not answer in time for client {client}.")
            }
            Record::HookDropped { hook, client } => write!(f, "Hook {hook} gave no answer for client {client}."),
            Record::HookAnswer { hook, client, property, problem } => {
                write!(f, "Hook {hook} for client {client}: {} {problem}.", property.name())
            }
            Record::Store { error } => write!(f, "Store: {error}."),
        }
    }
}

/// The number behind `p` in Mosquitto's lines: 1 for MQTT 3.1, 2 for 3.1.1, 5 for 5.0.
fn level_number(version: Version) -> u8 {
    if version.has_properties() { 5 } else { version.level() - 2 }
}

struct Full(Address);

impl std::fmt::Display for Full {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0.0 {
            Some(address) => write!(f, "{}:{}", address.ip(), address.port()),
            None => f.write_str("unix"),
        }
    }
}

fn packet(f: &mut std::fmt::Formatter<'_>, client: &str, trace: &Trace) -> std::fmt::Result {
    use mqtt_proto::packet::PacketType;
    let name = trace.packet_type.name();
    let id = trace.packet_id.map_or(0, |id| id.get());
    let (verb, joint) = match trace.sender {
        Sender::Client => ("Received", "from"),
        Sender::Server => ("Sending", "to"),
    };
    if let Some((dup, qos, retain, topic, size)) = &trace.publish {
        let (d, q, r) = (u8::from(*dup), qos.level(), u8::from(*retain));
        return write!(f, "{verb} {name} {joint} {client} (d{d}, q{q}, r{r}, m{id}, '{topic}', ... ({size} bytes))");
    }
    write!(f, "{verb} {name} {joint} {client}")?;
    match (trace.sender, trace.packet_type) {
        (Sender::Client, PacketType::PubAck | PacketType::PubComp) => {
            write!(f, " (Mid: {id}, RC:{})", trace.reason.value())
        }
        (Sender::Client, PacketType::PubRec | PacketType::PubRel) => write!(f, " (Mid: {id})"),
        (Sender::Server, PacketType::PubAck | PacketType::PubRec) => write!(f, " (m{id}, rc{})", trace.reason.value()),
        (Sender::Server, PacketType::PubRel | PacketType::PubComp) => write!(f, " (m{id})"),
        _ => Ok(()),
    }
}

pub(crate) type Sink = Arc<dyn Fn(&Record<'_>) + Send + Sync>;

/// Where records go. Asking whether anyone listens is one relaxed load.
#[derive(Default)]
pub(crate) struct Log {
    levels: AtomicU8,
    sink: RwLock<Option<Sink>>,
}

impl Log {
    pub(crate) fn listen(&self, levels: Levels, sink: Option<Sink>) {
        let levels = if sink.is_some() { levels } else { Levels::NONE };
        *self.sink.write() = sink;
        self.levels.store(levels.0, Ordering::Relaxed);
    }

    /// Whether records of this level are wanted.
    pub(crate) fn wants(&self, level: Level) -> bool {
        Levels(self.levels.load(Ordering::Relaxed)).contains(level)
    }

    pub(crate) fn write(&self, record: &Record<'_>) {
        if self.wants(record.level()) {
            let sink = self.sink.read().clone();
            if let Some(sink) = sink {
                sink(record);
            }
        }
    }
}
