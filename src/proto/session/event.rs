//! What a link tells its owner.

use crate::packet::{
    Auth, ConnAck, Connect, Disconnect, PacketId, PacketType, QoS, SubAck, Subscribe, UnsubAck, Unsubscribe,
};
use crate::wire::decode::PublishView;
use crate::{ReasonCode, wire::Sender};

/// What [`super::Link::recv`] did with its input.
#[derive(Debug)]
pub struct Received<'a> {
    /// Bytes of the input that are done with. 0 means that the link needs more bytes, or is waiting for a decision
    /// ([`super::Link::is_deciding`]).
    pub consumed: usize,
    /// What the owner has to know or decide.
    pub event: Option<Event<'a>>,
}

/// One event; at most one comes of one packet.
#[derive(Debug)]
pub enum Event<'a> {
    /// Server: a client wants in. Nothing more is read until [`super::Link::accept`], [`super::Link::refuse`] or
    /// [`super::Link::send_auth`].
    Connect(Box<Connect>),
    /// Client: the server's answer. With an error reason the link is finished.
    Connected(Box<ConnAck>),
    /// A message. `receipt` is present at QoS 1 and 2 and must go to [`super::Link::settle`]. A QoS 2 message that
    /// was seen before is answered inside and is no event.
    Publish {
        /// The packet, in the caller's buffer.
        publish: PublishView<'a>,
        /// The topic name where `publish.topic` is empty because an alias stands for it.
        alias: Option<crate::Text>,
        /// To be settled when the message has been handled.
        receipt: Option<Receipt>,
    },
    /// A message of ours is done: acknowledged, or refused with this reason. Not reported for token 0; for messages
    /// that end in other ways see [`super::Session::take_ended`].
    Completed {
        /// The token given to [`super::Link::send`].
        token: u64,
        /// As in PUBACK, PUBREC or PUBCOMP.
        reason: ReasonCode,
    },
    /// Server: answer with [`super::Link::suback`].
    Subscribe(Subscribe),
    /// Server: answer with [`super::Link::unsuback`].
    Unsubscribe(Unsubscribe),
    /// Client: the answer to [`super::Link::subscribe`].
    Subscribed(SubAck),
    /// Client: the answer to [`super::Link::unsubscribe`].
    Unsubscribed(UnsubAck),
    /// A step of extended authentication. During the handshake a server reads nothing more until it has answered.
    Auth(Auth),
    /// Server: PINGREQ came, and has been answered.
    Ping,
    /// The peer leaves. The link is finished.
    Disconnect(Disconnect),
}

/// The duty to acknowledge one message. Receipts settle in order of arrival [MQTT-4.6.0-2]; settling early is fine, the
/// link holds the packet back until its turn.
///
/// A receipt that outlives its connection is still to be settled: at QoS 1 that does nothing (the peer sends the
/// message again), at QoS 2 it lets the message count as handled when the peer asks again. Give it to
/// [`super::Link::settle`] of the next link of the same session, or to [`super::Session::settle`] between two.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "an unsettled receipt leaves the peer waiting for its acknowledgement"]
pub struct Receipt {
    pub(super) packet_id: PacketId,
    pub(super) qos: QoS,
    /// Which connection of the session it came over.
    pub(super) connection: u32,
    /// Its number among the receipts of the session.
    pub(super) arrival: u32,
}

impl Receipt {
    /// The packet identifier of the message.
    pub fn packet_id(&self) -> PacketId {
        self.packet_id
    }
}

/// One packet as it passed, for logs and for looking on. Recorded only while [`super::Link::set_tracing`] is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// Who sent it.
    pub sender: Sender,
    /// Which packet.
    pub packet_type: PacketType,
    /// Its packet identifier, where it has one.
    pub packet_id: Option<PacketId>,
    /// Its reason, where it has one.
    pub reason: ReasonCode,
    /// PUBLISH: DUP, QoS, retain, topic, payload length.
    pub publish: Option<(bool, QoS, bool, crate::Text, usize)>,
}
