//! Writes one packet, for the version of the connection: what an older peer cannot see is dropped or mapped.

mod connect;
mod subscribe;

use super::frame::{packet_size, variable_len};
use super::property::{self, Place};
use super::text;
use crate::packet::{Ack, Packet, PacketId, PacketType, Properties, PropertyId, Publish, QoS};
use crate::{MAXIMUM_REMAINING_LENGTH, ReasonCode, Rule, Version};

/// Why a packet cannot be written. The caller's fault, never the peer's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// A string or binary field is longer than 65 535 bytes.
    #[error("{field} is longer than 65535 bytes")]
    FieldTooLong {
        /// Name of the field.
        field: &'static str,
    },
    /// The packet would be longer than the protocol or the receiver allows.
    #[error("packet of {size} bytes is larger than the {maximum} that the receiver accepts")]
    PacketTooLarge {
        /// Its size in bytes.
        size: usize,
        /// The bound in bytes.
        maximum: u32,
    },
    /// A property that this packet may not carry, or carries twice.
    #[error("property {property} may not stand {place}")]
    Property {
        /// Its name.
        property: &'static str,
        /// `in PUBACK`, `twice in PUBLISH`, `with the value 0`.
        place: String,
    },
    /// A field has a value that cannot be written: a wildcard in a topic name, NUL in a string, no filter.
    #[error("{0}")]
    Value(String),
    /// The version has no such packet (AUTH before MQTT 5).
    #[error("{version} has no {packet}")]
    NotInVersion {
        /// The packet.
        packet: PacketType,
        /// The version.
        version: Version,
    },
}

/// Appends the packet to `out`, at most `maximum` bytes long. On an error `out` is as it was.
///
/// CONNECT is written in its own version. An answer that would be longer than `maximum` is written without its reason
/// string, then without its user properties ([MQTT-3.2.2-19], [MQTT-3.2.2-20] and their like for other packets).
pub fn packet(packet: &Packet, version: Version, maximum: u32, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    match packet {
        Packet::Publish(packet) => publish(packet, version, maximum, out),
        Packet::PubAck(packet) => ack(PacketType::PubAck, packet, version, maximum, out),
        Packet::PubRec(packet) => ack(PacketType::PubRec, packet, version, maximum, out),
        Packet::PubRel(packet) => ack(PacketType::PubRel, packet, version, maximum, out),
        Packet::PubComp(packet) => ack(PacketType::PubComp, packet, version, maximum, out),
        Packet::Connect(packet) => whole(PacketType::Connect, maximum, out, |out| connect::connect(packet, out)),
        Packet::Subscribe(packet) => {
            whole(PacketType::Subscribe, maximum, out, |out| subscribe::subscribe(packet, version, out))
        }
        Packet::Unsubscribe(packet) => {
            whole(PacketType::Unsubscribe, maximum, out, |out| subscribe::unsubscribe(packet, version, out))
        }
        Packet::PingReq => whole(PacketType::PingReq, maximum, out, |_| Ok(())),
        Packet::PingResp => whole(PacketType::PingResp, maximum, out, |_| Ok(())),
        Packet::ConnAck(packet) => {
            answer(PacketType::ConnAck, &packet.properties, version, maximum, out, |properties, out| {
                connect::connack(packet, properties, version, out)
            })
        }
        Packet::SubAck(packet) => {
            answer(PacketType::SubAck, &packet.properties, version, maximum, out, |properties, out| {
                subscribe::suback(packet, properties, version, out)
            })
        }
        Packet::UnsubAck(packet) => {
            answer(PacketType::UnsubAck, &packet.properties, version, maximum, out, |properties, out| {
                subscribe::unsuback(packet, properties, version, out)
            })
        }
        Packet::Disconnect(packet) => {
            answer(PacketType::Disconnect, &packet.properties, version, maximum, out, |properties, out| {
                reason_and_properties(PacketType::Disconnect, packet.reason, properties, version, out)
            })
        }
        Packet::Auth(packet) => {
            if !version.has_properties() {
                return Err(EncodeError::NotInVersion { packet: PacketType::Auth, version });
            }
            if packet.reason != ReasonCode::Success && packet.properties.authentication_method().is_none() {
                return Err(EncodeError::Value("AUTH needs an authentication method".into()));
            }
            answer(PacketType::Auth, &packet.properties, version, maximum, out, |properties, out| {
                reason_and_properties(PacketType::Auth, packet.reason, properties, version, out)
            })
        }
    }
}

/// Appends a PUBLISH. The same as [`packet`] without the enum around it.
#[inline]
pub fn publish(publish: &Publish, version: Version, maximum: u32, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let properties_len = check_publish(&publish.topic, &publish.properties, version)?;
    let id = publish.packet_id;
    if id.is_some() != (publish.qos != QoS::AtMostOnce) || publish.dup && publish.qos == QoS::AtMostOnce {
        return Err(wrong_at_this_qos(publish));
    }
    let with_properties = version.has_properties();
    let remaining = publish_len(publish.topic.len(), id, with_properties, properties_len, publish.payload.len());
    let size = check_size(remaining, maximum)?;
    out.reserve(size);
    put_publish_head(publish_first(publish.dup, publish.qos, publish.retain), remaining, &publish.topic, out);
    put_id_and_properties_len(id, with_properties, properties_len, out);
    if properties_len > 0 {
        publish.properties.iter().for_each(|property| property::write_one(property, out));
    }
    out.extend_from_slice(&publish.payload);
    Ok(())
}

/// Appends a property list (section 2.2.2) by itself: the property length, then the properties. What may stand at this
/// place is checked; on an error `out` is as it was.
pub fn properties(properties: &Properties, place: Place, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    property::check(properties, place)?;
    property::write(properties, Version::V5, out);
    Ok(())
}

/// The remaining length of a PUBLISH.
#[inline]
pub(super) fn publish_len(
    topic: usize,
    id: Option<PacketId>,
    with_properties: bool,
    properties: usize,
    payload: usize,
) -> usize {
    2 + topic
        + if id.is_some() { 2 } else { 0 }
        + if with_properties { variable_len(properties) + properties } else { 0 }
        + payload
}

/// Fixed header and topic of a PUBLISH.
#[inline]
pub(super) fn put_publish_head(first: u8, remaining: usize, topic: &str, out: &mut Vec<u8>) {
    let [high, low] = (topic.len() as u16).to_be_bytes();
    if remaining < 0x80 {
        out.extend_from_slice(&[first, remaining as u8, high, low]);
    } else {
        out.push(first);
        put_variable(remaining, out);
        out.extend_from_slice(&[high, low]);
    }
    out.extend_from_slice(topic.as_bytes());
}

/// What follows the topic: packet identifier and property length, each where there is one.
#[inline]
pub(super) fn put_id_and_properties_len(id: Option<PacketId>, with_properties: bool, length: usize, out: &mut Vec<u8>) {
    if let Some(id) = id {
        let [high, low] = id.get().to_be_bytes();
        if with_properties && length < 0x80 {
            return out.extend_from_slice(&[high, low, length as u8]);
        }
        out.extend_from_slice(&[high, low]);
    }
    if with_properties {
        put_variable(length, out);
    }
}

/// Whether a PUBLISH with this topic and these properties can be written; returns the bytes that the properties take
/// without their length, 0 in MQTT 3. What [`super::fanout::Fanout::from_parts`] takes must have passed it.
#[inline]
pub fn check_publish(topic: &str, properties: &Properties, version: Version) -> Result<usize, EncodeError> {
    if let Err(rule) = text::check_topic_chars(topic.as_bytes()) {
        return Err(refused(rule, topic));
    }
    if topic.is_empty() && !(version.has_properties() && properties.topic_alias().is_some()) {
        return Err(refused(Rule::EmptyTopicName, topic));
    }
    check_binary(topic.as_bytes(), "topic")?;
    if version.has_properties() { property::check(properties, Place::Packet(PacketType::Publish)) } else { Ok(0) }
}

/// Appends PUBACK, PUBREC, PUBREL or PUBCOMP without properties: the shape that the hot path writes. Two bytes of
/// body where the reason is success or the version has none.
#[inline]
pub fn short_ack(kind: PacketType, id: PacketId, reason: ReasonCode, version: Version, out: &mut Vec<u8>) {
    let first = first_byte(kind);
    let [high, low] = id.get().to_be_bytes();
    if reason == ReasonCode::Success || !version.has_properties() {
        out.extend_from_slice(&[first, 2, high, low]);
    } else {
        out.extend_from_slice(&[first, 3, high, low, reason.value()]);
    }
}

/// Appends PUBACK, PUBREC, PUBREL or PUBCOMP. Properties that would make it larger than `maximum` are dropped, the
/// reason string first [MQTT-3.4.2-2].
pub fn ack(kind: PacketType, ack: &Ack, version: Version, maximum: u32, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    answer(kind, &ack.properties, version, maximum, out, |properties, out| {
        out.extend_from_slice(&ack.packet_id.get().to_be_bytes());
        reason_and_properties(kind, ack.reason, properties, version, out)
    })
}

/// The first byte of a PUBLISH.
#[inline]
pub(super) fn publish_first(dup: bool, qos: QoS, retain: bool) -> u8 {
    (PacketType::Publish as u8) << 4 | u8::from(dup) << 3 | qos.level() << 1 | u8::from(retain)
}

/// Size of the whole packet, where protocol and receiver allow it.
#[inline]
pub(super) fn check_size(remaining: usize, maximum: u32) -> Result<usize, EncodeError> {
    match packet_size(remaining) {
        Some(size) if size <= maximum as usize => Ok(size),
        Some(size) => Err(EncodeError::PacketTooLarge { size, maximum }),
        None => {
            let maximum = maximum.min(MAXIMUM_REMAINING_LENGTH + 5);
            Err(EncodeError::PacketTooLarge { size: remaining.saturating_add(5), maximum })
        }
    }
}

pub(super) fn check_text(text: &str, field: &'static str) -> Result<(), EncodeError> {
    check_binary(text.as_bytes(), field)?;
    if text::has_nul(text.as_bytes()) {
        return Err(EncodeError::Value(format!("{field} contains U+0000")));
    }
    Ok(())
}

pub(super) fn check_binary(bytes: &[u8], field: &'static str) -> Result<(), EncodeError> {
    if bytes.len() > usize::from(u16::MAX) { Err(EncodeError::FieldTooLong { field }) } else { Ok(()) }
}

/// Appends a variable byte integer of at most four bytes.
#[inline]
pub(super) fn put_variable(value: usize, out: &mut Vec<u8>) {
    if value < 0x80 {
        out.push(value as u8);
        return;
    }
    let mut rest = value;
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

/// Appends a checked string or binary field.
#[inline]
pub(super) fn put_binary(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&(bytes.len() as u16).to_be_bytes());
    out.extend_from_slice(bytes);
}

/// Appends a packet whose body `write` appends.
fn whole(
    packet: PacketType,
    maximum: u32,
    out: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    let start = out.len();
    // Room for the longest header; what is too much goes when the length is known.
    out.extend_from_slice(&[first_byte(packet), 0, 0, 0, 0]);
    let body = start + 5;
    let result = write(out).and_then(|()| check_size(out.len() - body, maximum));
    match result {
        Ok(_) => {
            let remaining = out.len() - body;
            let mut rest = remaining;
            let length = variable_len(remaining);
            for at in 0..length {
                out[start + 1 + at] = rest as u8 & 0x7F | if at + 1 < length { 0x80 } else { 0 };
                rest >>= 7;
            }
            out.drain(start + 1 + length..body);
            Ok(())
        }
        Err(error) => {
            out.truncate(start);
            Err(error)
        }
    }
}

/// The same for a packet whose reason string and user properties must not make it too large.
fn answer(
    packet: PacketType,
    properties: &Properties,
    version: Version,
    maximum: u32,
    out: &mut Vec<u8>,
    write: impl Fn(&Properties, &mut Vec<u8>) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    if version.has_properties() {
        property::check(properties, Place::Packet(packet))?;
    }
    let full = whole(packet, maximum, out, |out| write(properties, out));
    if !matches!(full, Err(EncodeError::PacketTooLarge { .. })) || !version.has_properties() {
        return full;
    }
    let mut fewer = properties.clone();
    for expendable in [PropertyId::ReasonString, PropertyId::UserProperty] {
        let before = fewer.len();
        fewer.remove(expendable);
        if fewer.len() < before {
            let shorter = whole(packet, maximum, out, |out| write(&fewer, out));
            if !matches!(shorter, Err(EncodeError::PacketTooLarge { .. })) {
                return shorter;
            }
        }
    }
    full
}

/// Reason and properties of a packet that may leave both out, properties first.
fn reason_and_properties(
    packet: PacketType,
    reason: ReasonCode,
    properties: &Properties,
    version: Version,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    if !version.has_properties() {
        return Ok(());
    }
    check_reason(packet, reason)?;
    if properties.is_empty() {
        if reason != ReasonCode::Success {
            out.push(reason.value());
        }
        return Ok(());
    }
    out.push(reason.value());
    property::write(properties, version, out);
    Ok(())
}

fn check_reason(packet: PacketType, reason: ReasonCode) -> Result<(), EncodeError> {
    if reason.is_defined_for(packet) {
        Ok(())
    } else {
        Err(EncodeError::Value(format!("{packet} cannot carry the reason {reason}")))
    }
}

/// Type and flags of a packet other than PUBLISH (section 2.1.3).
#[inline]
const fn first_byte(packet: PacketType) -> u8 {
    let flags = match packet {
        PacketType::PubRel | PacketType::Subscribe | PacketType::Unsubscribe => 0b0010,
        _ => 0,
    };
    (packet as u8) << 4 | flags
}

#[cold]
fn refused(rule: Rule, value: &str) -> EncodeError {
    let shown: String = value.chars().take(100).collect();
    EncodeError::Value(format!("{}: {shown:?}", rule.text()))
}

#[cold]
fn wrong_at_this_qos(publish: &Publish) -> EncodeError {
    EncodeError::Value(match (publish.qos, publish.packet_id) {
        (QoS::AtMostOnce, Some(_)) => "PUBLISH at QoS 0 has no packet identifier".into(),
        (QoS::AtMostOnce, None) => "DUP is set at QoS 0".into(),
        (qos, _) => format!("PUBLISH at QoS {} needs a packet identifier", qos.level()),
    })
}
