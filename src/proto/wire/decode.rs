//! Reads one packet. Strict: each refusal names the rule.

mod connect;
mod control;
mod subscribe;

use bytes::{Buf, Bytes};

use super::cursor::Cursor;
use super::frame::Frame;
use super::property::{self, Fault, Place, Summary};
use super::{Sender, text};
use crate::packet::{Packet, PacketId, PacketType, Properties, PropertyId, Publish, QoS};
use crate::{Rule, Text, Version, Violation};

/// A PUBLISH in the buffer it was read into. What costs something (properties, owned copies) is done when asked for.
#[derive(Debug, Clone, Copy)]
pub struct PublishView<'a> {
    /// The whole frame.
    pub frame: &'a [u8],
    /// Where the variable header begins in `frame`.
    pub body_at: usize,
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
    /// Whether there are subscription identifiers among the properties; see [`PublishView::subscription_identifiers`].
    pub has_subscription_identifiers: bool,
    /// The properties on the wire without their length; checked, not yet built. Empty in MQTT 3.
    pub properties: &'a [u8],
    /// The payload.
    pub payload: &'a [u8],
}

impl<'a> PublishView<'a> {
    /// Builds the property list. It cannot fail: the bytes were checked.
    pub fn to_properties(&self) -> Properties {
        if self.properties.is_empty() {
            return Properties::new();
        }
        property::build_checked(&Bytes::copy_from_slice(self.properties))
    }

    /// The subscription identifiers, in order, without building the properties.
    pub fn subscription_identifiers(&self) -> impl Iterator<Item = u32> + use<'a> {
        let block = if self.has_subscription_identifiers { self.properties } else { &[] };
        property::slices(block).filter_map(|(id, _, number)| match id {
            PropertyId::SubscriptionIdentifier => number,
            _ => None,
        })
    }

    /// An owned PUBLISH; copies the frame once and slices it.
    pub fn to_publish(&self) -> Publish {
        let owner = Bytes::copy_from_slice(self.frame);
        let topic_at = self.body_at + 2;
        let payload_at = owner.len() - self.payload.len();
        let properties_at = payload_at - self.properties.len();
        Publish {
            dup: self.dup,
            qos: self.qos,
            retain: self.retain,
            topic: Text::try_from(owner.slice(topic_at..topic_at + self.topic.len())).unwrap_or_default(),
            packet_id: self.packet_id,
            properties: if self.properties.is_empty() {
                Properties::new()
            } else {
                property::build_checked(&owner.slice(properties_at..payload_at))
            },
            payload: owner.slice(payload_at..),
        }
    }
}

/// What [`packet`] needs of a [`Frame`] without its borrow.
#[derive(Debug, Clone, Copy)]
pub struct FrameParts {
    /// As in [`Frame`].
    pub packet_type: PacketType,
    /// As in [`Frame`].
    pub flags: u8,
    /// As in [`Frame`].
    pub body_at: usize,
}

impl Frame<'_> {
    /// The same without the borrow.
    #[inline]
    pub fn parts(&self) -> FrameParts {
        FrameParts { packet_type: self.packet_type, flags: self.flags, body_at: self.body_at }
    }
}

/// Reads a PUBLISH without allocating. `frame` must be one ([`Frame::packet_type`]).
#[inline]
pub fn publish<'a>(frame: &Frame<'a>, version: Version, sender: Option<Sender>) -> Result<PublishView<'a>, Violation> {
    match read_publish(frame, version, sender) {
        Ok(view) => Ok(view),
        Err(fault) => Err(fault.into_violation(version, PacketType::Publish)),
    }
}

#[inline(always)]
fn read_publish<'a>(frame: &Frame<'a>, version: Version, sender: Option<Sender>) -> Result<PublishView<'a>, Fault> {
    let qos = QoS::from_u8(frame.flags >> 1 & 0b11).ok_or(Rule::PublishQoS3)?;
    let dup = frame.flags & 0b1000 != 0;
    if dup && qos == QoS::AtMostOnce {
        return Err(Rule::DupWithQoS0.into());
    }
    let mut cursor = Cursor::new(frame.body());
    let topic = text::check_topic(cursor.binary()?)?;
    let (packet_id, packet_id_at) = if qos == QoS::AtMostOnce {
        (None, 0)
    } else {
        let at = frame.bytes.len() - cursor.len();
        (Some(cursor.packet_id()?), at)
    };
    let mut properties: &[u8] = &[];
    let mut summary = Summary::default();
    if version.has_properties() {
        let block = property::block(&mut cursor)?;
        if !block.is_empty() {
            summary = property::check_publish(block)?;
            properties = block.bytes();
        }
    }
    check_subscription_identifiers(summary.has_subscription_identifiers, sender)?;
    if topic.is_empty() && summary.topic_alias.is_none() {
        return Err(Rule::EmptyTopicName.into());
    }
    Ok(PublishView {
        frame: frame.bytes,
        body_at: frame.body_at,
        version,
        dup,
        qos,
        retain: frame.flags & 1 != 0,
        topic,
        packet_id_at,
        packet_id,
        topic_alias: summary.topic_alias,
        message_expiry: summary.message_expiry,
        has_subscription_identifiers: summary.has_subscription_identifiers,
        properties,
        payload: cursor.take_rest(),
    })
}

/// Reads any packet. Text and payload of the result are slices of `bytes`, which must hold exactly the frame
/// (`frame.bytes` copied or split off).
///
/// CONNECT is read in the version that it names, whatever `version` says; a violation in it names that version too.
pub fn packet(bytes: Bytes, frame: FrameParts, version: Version, sender: Option<Sender>) -> Result<Packet, Violation> {
    let mut version = version;
    let packet = match frame.packet_type {
        PacketType::Publish => owned_publish(bytes, frame, version, sender),
        _ => read_packet(&bytes, frame, &mut version, sender),
    };
    packet.map_err(|fault| fault.into_violation(version, frame.packet_type))
}

/// Reads a property list (section 2.2.2) by itself: all of `bytes`, which do not begin with the property length. Text
/// and data of the result are slices of `bytes`. What may stand at this place is checked.
pub fn properties(bytes: &Bytes, place: Place) -> Result<Properties, Violation> {
    let packet = match place {
        Place::Packet(packet) => packet,
        Place::Will => PacketType::Connect,
    };
    property::read_alone(bytes, place).map_err(|fault| fault.into_violation(Version::V5, packet))
}

fn read_packet(
    owner: &Bytes,
    frame: FrameParts,
    version: &mut Version,
    sender: Option<Sender>,
) -> Result<Packet, Fault> {
    let body = owner.get(frame.body_at..).ok_or(Rule::BodyTooShort)?;
    let mut cursor = Cursor::new(body);
    let spoken = *version;
    let packet = match frame.packet_type {
        PacketType::Publish => return owned_publish(owner.clone(), frame, spoken, sender),
        PacketType::Connect => connect::connect(&mut cursor, owner, frame.body_at, version)?,
        PacketType::ConnAck => connect::connack(&mut cursor, owner, spoken)?,
        PacketType::PubAck => Packet::PubAck(control::ack(&mut cursor, owner, PacketType::PubAck, spoken)?),
        PacketType::PubRec => Packet::PubRec(control::ack(&mut cursor, owner, PacketType::PubRec, spoken)?),
        PacketType::PubRel => Packet::PubRel(control::ack(&mut cursor, owner, PacketType::PubRel, spoken)?),
        PacketType::PubComp => Packet::PubComp(control::ack(&mut cursor, owner, PacketType::PubComp, spoken)?),
        PacketType::Subscribe => Packet::Subscribe(subscribe::subscribe(&mut cursor, owner, spoken)?),
        PacketType::SubAck => Packet::SubAck(subscribe::suback(&mut cursor, owner, spoken)?),
        PacketType::Unsubscribe => Packet::Unsubscribe(subscribe::unsubscribe(&mut cursor, owner, spoken)?),
        PacketType::UnsubAck => Packet::UnsubAck(subscribe::unsuback(&mut cursor, owner, spoken)?),
        PacketType::PingReq => Packet::PingReq,
        PacketType::PingResp => Packet::PingResp,
        PacketType::Disconnect => Packet::Disconnect(control::disconnect(&mut cursor, owner, spoken, sender)?),
        PacketType::Auth => Packet::Auth(control::auth(&mut cursor, owner, spoken, sender)?),
    };
    cursor.end()?;
    Ok(packet)
}

fn owned_publish(owner: Bytes, frame: FrameParts, version: Version, sender: Option<Sender>) -> Result<Packet, Fault> {
    let qos = QoS::from_u8(frame.flags >> 1 & 0b11).ok_or(Rule::PublishQoS3)?;
    let dup = frame.flags & 0b1000 != 0;
    if dup && qos == QoS::AtMostOnce {
        return Err(Rule::DupWithQoS0.into());
    }
    let mut cursor = Cursor::new(owner.get(frame.body_at..).ok_or(Rule::BodyTooShort)?);
    let topic = text::owned_topic(&owner, cursor.binary()?)?;
    let packet_id = if qos == QoS::AtMostOnce { None } else { Some(cursor.packet_id()?) };
    let properties = property::read(&mut cursor, &owner, Place::Packet(PacketType::Publish), version)?;
    check_subscription_identifiers(properties.subscription_identifier().is_some(), sender)?;
    if topic.is_empty() && properties.topic_alias().is_none() {
        return Err(Rule::EmptyTopicName.into());
    }
    // The payload takes the frame over, which saves a count up and down.
    let payload_at = owner.len() - cursor.len();
    let mut payload = owner;
    payload.advance(payload_at);
    let retain = frame.flags & 1 != 0;
    Ok(Packet::Publish(Publish { dup, qos, retain, topic, packet_id, properties, payload }))
}

/// Only a server's PUBLISH has them [MQTT-3.3.4-6].
#[inline]
fn check_subscription_identifiers(present: bool, sender: Option<Sender>) -> Result<(), Fault> {
    if present && sender == Some(Sender::Client) {
        return Err(Fault::about(Rule::SubscriptionIdentifierFromClient, PropertyId::SubscriptionIdentifier));
    }
    Ok(())
}
