//! What a client tells its owner.

use std::time::SystemTime;

use bytes::Bytes;
use mqtt_proto::packet::{Auth, ConnAck, Disconnect, PacketId, Properties, QoS, SubAck, UnsubAck};
use mqtt_proto::{ReasonCode, Text};
use smallvec::SmallVec;

use crate::Error;

/// Numbers what a client was asked to do: 1, 2, 3, ... in the order of the calls, never used twice.
pub type Token = u64;

/// One event. Taken with [`crate::Client::next_event`] and its relatives.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// A connection stands.
    Connected {
        /// The server's answer.
        conn_ack: ConnAck,
        /// The server resumed the session: nothing was lost, subscriptions stand.
        resumed: bool,
    },
    /// A connection ended, or could not be made.
    Disconnected {
        /// Why.
        why: Error,
        /// The server's DISCONNECT, where it sent one.
        disconnect: Option<Disconnect>,
        /// Seconds until the next attempt; `None`: there will be none until somebody asks.
        retry_in: Option<f64>,
    },
    /// A message.
    Message(Received),
    /// A publish is done. Only while [`crate::Client::set_completion_events`] is on.
    Completed {
        /// Which.
        token: Token,
        /// How it went.
        reason: ReasonCode,
    },
    /// A subscribe was answered.
    SubscribeDone {
        /// Which.
        token: Token,
        /// One reason per filter, in order.
        sub_ack: SubAck,
    },
    /// An unsubscribe was answered.
    UnsubscribeDone {
        /// Which.
        token: Token,
        /// One reason per filter in MQTT 5; empty in MQTT 3.
        unsub_ack: UnsubAck,
    },
    /// A step of extended authentication: answer with [`crate::Client::send_auth`].
    Auth(Auth),
    /// Something an operator may want to know. Levels are those of PSR-3: `debug`, `info`, `notice`, `warning`, `error`.
    Log {
        /// Level.
        level: &'static str,
        /// One sentence.
        text: String,
    },
}

impl Event {
    /// The token that it says is done.
    pub fn token(&self) -> Option<Token> {
        match self {
            Event::Completed { token, .. }
            | Event::SubscribeDone { token, .. }
            | Event::UnsubscribeDone { token, .. } => Some(*token),
            _ => None,
        }
    }
}

/// Names an inbound message towards [`crate::Client::ack`]. Plain data: dropping it acknowledges nothing, the server
/// sends the message again at the next connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AckId(pub(crate) u64);

/// An inbound message.
#[derive(Debug, Clone)]
pub struct Received {
    /// The topic name, aliases resolved.
    pub topic: Text,
    /// Any bytes.
    pub payload: Bytes,
    /// Properties of the message (MQTT 5), without topic alias and subscription identifiers.
    pub properties: Properties,
    /// As the server sent it.
    pub qos: QoS,
    /// The server had kept it, or the subscription asked to see the flag as published.
    pub retain: bool,
    /// It may have been delivered before.
    pub dup: bool,
    /// The packet identifier it came with; `None` at QoS 0. For logs: acknowledging is [`Received::ack`].
    pub packet_id: Option<PacketId>,
    /// Subscription identifiers of the matching subscriptions (MQTT 5).
    pub subscription_identifiers: SmallVec<[u32; 1]>,
    /// The handles given to [`crate::Client::subscribe`] whose filters match the topic, shared subscriptions by the
    /// filter behind their share name. Empty where none matches.
    pub handles: SmallVec<[u32; 2]>,
    /// When it was read from the connection.
    pub received_at: SystemTime,
    /// Present at QoS 1 and 2: the duty to call [`crate::Client::ack`] once it has been handled.
    pub ack: Option<AckId>,
}

impl Received {
    /// Bytes that it keeps allocated, roughly: what it counts for in a bounded queue.
    pub fn size(&self) -> usize {
        size_of::<Self>() + self.topic.len() + self.payload.len() + self.properties.encoded_len()
    }
}

/// What [`crate::Client::close`] had to give up.
#[derive(Debug, Clone, Default)]
pub struct Lost {
    /// How long it was tried to get them out. Less than the linger where there was no hope: no server could be reached.
    pub waited: std::time::Duration,
    /// What stood in the way.
    pub why: Option<crate::Error>,
    /// Publishes that were handed over, are not known to have arrived, and are not in a store.
    pub publishes: usize,
}

/// Counters since the client was made, and gauges as of now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub struct Stats {
    pub bytes_sent: u64,
    pub bytes_received: u64,
    /// Packets of every kind that the socket was given.
    pub packets_sent: u64,
    /// Packets of every kind that were read.
    pub packets_received: u64,
    /// PUBLISH packets handed over by [`crate::Client::publish`].
    pub messages_sent: u64,
    pub messages_received: u64,
    /// Publishes at QoS 1 and 2 that were acknowledged.
    pub messages_acknowledged: u64,
    /// Publishes dropped because the queue was full or they had expired.
    pub messages_dropped: u64,
    /// Connections that stood.
    pub connections: u64,
    /// Connections that stood, after the first.
    pub reconnects: u64,
    /// Filters subscribed again because the server had lost the session.
    pub resubscribed: u64,
    /// Publishes sent again as new because the server had lost the session.
    pub republished: u64,
    /// Events given up because nobody took them (logs and completions only, never messages).
    pub events_dropped: u64,
    /// Sent at QoS 1 or 2 and not acknowledged.
    pub in_flight: usize,
    /// Waiting for a connection or for room in the window.
    pub queued: usize,
    pub queued_bytes: usize,
    /// Messages received that nobody has taken.
    pub receive_queue: usize,
    pub receive_queue_bytes: usize,
    /// Last measured time between a PINGREQ or publish and its answer, in microseconds; 0 before the first.
    pub round_trip_us: u64,
}
