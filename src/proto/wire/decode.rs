//! Reads one packet. Strict: each refusal names the rule.

use bytes::Bytes;

use super::Sender;
use super::frame::Frame;
use crate::packet::{Packet, PacketId, Properties, Publish, QoS};
use crate::{Version, Violation};

/// A PUBLISH in the buffer it was read into. What costs something (properties, owned copies) is done when asked for.
#[derive(Debug, Clone, Copy)]
pub struct PublishView<'a> {
    /// The whole frame.
    pub frame: &'a [u8],
    /// Version of the connection it came over.
    pub version: Version,
    /// Sent before.
    pub dup: bool,
    /// Level.
    pub qos: QoS,
    /// The retain flag.
    pub retain: bool,
    /// Checked: UTF-8, no NUL, no wildcard. Empty only where `topic_alias` is present.
    pub topic: &'a str,
    /// Where the packet identifier stands in `frame`; 0 at QoS 0.
    pub packet_id_at: usize,
    /// Present exactly when QoS is above 0.
    pub packet_id: Option<PacketId>,
    /// The topic alias property, checked not to be 0.
    pub topic_alias: Option<u16>,
    /// The message expiry interval property, in seconds.
    pub message_expiry: Option<u32>,
    /// The properties on the wire without their length; checked, not yet built. Empty in MQTT 3.
    pub properties: &'a [u8],
    /// The payload.
    pub payload: &'a [u8],
}

impl PublishView<'_> {
    /// Builds the property list. It cannot fail: the bytes were checked.
    pub fn to_properties(&self) -> Properties {
        todo!()
    }

    /// An owned PUBLISH; copies the frame once and slices it.
    pub fn to_publish(&self) -> Publish {
        todo!()
    }
}

/// Reads a PUBLISH without allocating. `frame` must be one ([`Frame::packet_type`]).
pub fn publish<'a>(frame: &Frame<'a>, version: Version, sender: Option<Sender>) -> Result<PublishView<'a>, Violation> {
    let _ = (frame, version, sender);
    todo!()
}

/// Reads any packet. Text and payload of the result are slices of `bytes`, which must hold exactly the frame
/// (`frame.bytes` copied or split off).
pub fn packet(bytes: Bytes, frame: FrameParts, version: Version, sender: Option<Sender>) -> Result<Packet, Violation> {
    let _ = (bytes, frame, version, sender);
    todo!()
}

/// What [`packet`] needs of a [`Frame`] without its borrow.
#[derive(Debug, Clone, Copy)]
pub struct FrameParts {
    /// As in [`Frame`].
    pub packet_type: crate::packet::PacketType,
    /// As in [`Frame`].
    pub flags: u8,
    /// As in [`Frame`].
    pub body_at: usize,
}

impl Frame<'_> {
    /// The same without the borrow.
    pub fn parts(&self) -> FrameParts {
        FrameParts { packet_type: self.packet_type, flags: self.flags, body_at: self.body_at }
    }
}
