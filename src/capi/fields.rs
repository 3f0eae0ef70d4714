//! The fields of packets by number: which packet has which, and what it holds.

use mqtt_proto::Text;
use mqtt_proto::packet::{Packet, PacketId};

use crate::decoder::version;
use crate::packet::{qos, reason, will};
use crate::result::Failure;

/// Fields of packets. The comment says what the field holds and which packets have it.
#[derive(Clone, Copy)]
#[repr(u32)]
pub enum mqtt_field {
    /// Number, 1 to 65535: PUBLISH at QoS 1 and 2, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK.
    PacketId = 1,
    /// Number, 0 to 2: PUBLISH.
    Qos = 2,
    /// Number, 0 or 1: PUBLISH.
    Retain = 3,
    /// Number, 0 or 1: PUBLISH.
    Dup = 4,
    /// Number (mqtt_reason): CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP, DISCONNECT, AUTH.
    Reason = 5,
    /// Number, 0 or 1: CONNACK.
    SessionPresent = 6,
    /// Number of seconds, 0 to 65535: CONNECT.
    KeepAlive = 7,
    /// Number, 0 or 1: CONNECT.
    CleanStart = 8,
    /// Number, 3, 4 or 5: CONNECT. The version that is encoded for goes before it.
    Version = 9,
    /// Number, 0 to 2: CONNECT with a will.
    WillQos = 10,
    /// Number, 0 or 1: CONNECT with a will.
    WillRetain = 11,
    /// Text: PUBLISH.
    Topic = 100,
    /// Bytes: PUBLISH.
    Payload = 101,
    /// Text: CONNECT.
    ClientId = 102,
    /// Text, may be absent: CONNECT.
    UserName = 103,
    /// Bytes, may be absent: CONNECT.
    Password = 104,
    /// Text: CONNECT with a will.
    WillTopic = 105,
    /// Bytes: CONNECT with a will.
    WillPayload = 106,
}

impl mqtt_field {
    pub(crate) const ALL: [mqtt_field; 18] = [
        mqtt_field::PacketId,
        mqtt_field::Qos,
        mqtt_field::Retain,
        mqtt_field::Dup,
        mqtt_field::Reason,
        mqtt_field::SessionPresent,
        mqtt_field::KeepAlive,
        mqtt_field::CleanStart,
        mqtt_field::Version,
        mqtt_field::WillQos,
        mqtt_field::WillRetain,
        mqtt_field::Topic,
        mqtt_field::Payload,
        mqtt_field::ClientId,
        mqtt_field::UserName,
        mqtt_field::Password,
        mqtt_field::WillTopic,
        mqtt_field::WillPayload,
    ];

    fn from_u32(number: u32) -> Result<mqtt_field, Failure> {
        let found = mqtt_field::ALL.into_iter().find(|field| *field as u32 == number);
        found.ok_or_else(|| Failure::invalid(format!("there is no field {number}")))
    }
}

/// The number in a field.
pub(crate) fn get_number(packet: &Packet, field: u32) -> Result<Option<u32>, Failure> {
    use mqtt_field as F;
    let field = F::from_u32(field)?;
    Ok(match (packet, field) {
        (Packet::Connect(p), F::KeepAlive) => Some(p.keep_alive.into()),
        (Packet::Connect(p), F::CleanStart) => Some(p.clean_start.into()),
        (Packet::Connect(p), F::Version) => Some(p.version.level().into()),
        (Packet::Connect(p), F::WillQos) => p.will.as_ref().map(|will| will.qos.level().into()),
        (Packet::Connect(p), F::WillRetain) => p.will.as_ref().map(|will| will.retain.into()),
        (Packet::ConnAck(p), F::SessionPresent) => Some(p.session_present.into()),
        (Packet::ConnAck(p), F::Reason) => Some(p.reason.value().into()),
        (Packet::Publish(p), F::PacketId) => p.packet_id.map(|id| id.get().into()),
        (Packet::Publish(p), F::Qos) => Some(p.qos.level().into()),
        (Packet::Publish(p), F::Retain) => Some(p.retain.into()),
        (Packet::Publish(p), F::Dup) => Some(p.dup.into()),
        (Packet::PubAck(p) | Packet::PubRec(p) | Packet::PubRel(p) | Packet::PubComp(p), F::PacketId) => {
            Some(p.packet_id.get().into())
        }
        (Packet::PubAck(p) | Packet::PubRec(p) | Packet::PubRel(p) | Packet::PubComp(p), F::Reason) => {
            Some(p.reason.value().into())
        }
        (Packet::Subscribe(p), F::PacketId) => Some(p.packet_id.get().into()),
        (Packet::SubAck(p), F::PacketId) => Some(p.packet_id.get().into()),
        (Packet::Unsubscribe(p), F::PacketId) => Some(p.packet_id.get().into()),
        (Packet::UnsubAck(p), F::PacketId) => Some(p.packet_id.get().into()),
        (Packet::Disconnect(p), F::Reason) => Some(p.reason.value().into()),
        (Packet::Auth(p), F::Reason) => Some(p.reason.value().into()),
        _ => None,
    })
}

/// Sets the number in a field.
pub(crate) fn set_number(packet: &mut Packet, field: u32, value: u32) -> Result<(), Failure> {
    use mqtt_field as F;
    let field = F::from_u32(field)?;
    let flag = || match value {
        0 => Ok(false),
        1 => Ok(true),
        other => Err(Failure::invalid(format!("{other} is neither 0 nor 1"))),
    };
    let short = || u16::try_from(value).map_err(|_| Failure::invalid(format!("{value} is not from 0 to 65535")));
    let id =
        || short().ok().and_then(PacketId::new).ok_or_else(|| Failure::invalid("a packet identifier is 1 to 65535"));
    let code =
        || u8::try_from(value).map_err(|_| Failure::invalid(format!("{value} is no reason code"))).and_then(reason);
    match (packet, field) {
        (Packet::Connect(p), F::KeepAlive) => p.keep_alive = short()?,
        (Packet::Connect(p), F::CleanStart) => p.clean_start = flag()?,
        (Packet::Connect(p), F::Version) => p.version = version(u8::try_from(value).unwrap_or(0))?,
        (Packet::Connect(p), F::WillQos) => will(p).qos = qos(value)?,
        (Packet::Connect(p), F::WillRetain) => will(p).retain = flag()?,
        (Packet::ConnAck(p), F::SessionPresent) => p.session_present = flag()?,
        (Packet::ConnAck(p), F::Reason) => p.reason = code()?,
        (Packet::Publish(p), F::PacketId) => p.packet_id = Some(id()?),
        (Packet::Publish(p), F::Qos) => p.qos = qos(value)?,
        (Packet::Publish(p), F::Retain) => p.retain = flag()?,
        (Packet::Publish(p), F::Dup) => p.dup = flag()?,
        (Packet::PubAck(p) | Packet::PubRec(p) | Packet::PubRel(p) | Packet::PubComp(p), F::PacketId) => {
            p.packet_id = id()?
        }
        (Packet::PubAck(p) | Packet::PubRec(p) | Packet::PubRel(p) | Packet::PubComp(p), F::Reason) => {
            p.reason = code()?
        }
        (Packet::Subscribe(p), F::PacketId) => p.packet_id = id()?,
        (Packet::SubAck(p), F::PacketId) => p.packet_id = id()?,
        (Packet::Unsubscribe(p), F::PacketId) => p.packet_id = id()?,
        (Packet::UnsubAck(p), F::PacketId) => p.packet_id = id()?,
        (Packet::Disconnect(p), F::Reason) => p.reason = code()?,
        (Packet::Auth(p), F::Reason) => p.reason = code()?,
        (packet, _) => return Err(missing(packet, "number")),
    }
    Ok(())
}

/// The text or bytes in a field.
pub(crate) fn get_bytes(packet: &Packet, field: u32) -> Result<Option<&[u8]>, Failure> {
    use mqtt_field as F;
    let field = F::from_u32(field)?;
    Ok(match (packet, field) {
        (Packet::Publish(p), F::Topic) => Some(p.topic.as_bytes()),
        (Packet::Publish(p), F::Payload) => Some(&p.payload),
        (Packet::Connect(p), F::ClientId) => Some(p.client_id.as_bytes()),
        (Packet::Connect(p), F::UserName) => p.user_name.as_ref().map(|name| name.as_bytes().as_ref()),
        (Packet::Connect(p), F::Password) => p.password.as_deref(),
        (Packet::Connect(p), F::WillTopic) => p.will.as_ref().map(|will| will.topic.as_bytes().as_ref()),
        (Packet::Connect(p), F::WillPayload) => p.will.as_ref().map(|will| will.payload.as_ref()),
        _ => None,
    })
}

/// Sets the text or bytes in a field.
pub(crate) fn set_bytes(packet: &mut Packet, field: u32, value: &[u8]) -> Result<(), Failure> {
    use mqtt_field as F;
    let field = F::from_u32(field)?;
    let text = || std::str::from_utf8(value).map(Text::from).map_err(|_| Failure::invalid("the text is not UTF-8"));
    match (packet, field) {
        (Packet::Publish(p), F::Topic) => p.topic = text()?,
        (Packet::Publish(p), F::Payload) => p.payload = value.to_vec().into(),
        (Packet::Connect(p), F::ClientId) => p.client_id = text()?,
        (Packet::Connect(p), F::UserName) => p.user_name = Some(text()?),
        (Packet::Connect(p), F::Password) => p.password = Some(value.to_vec().into()),
        (Packet::Connect(p), F::WillTopic) => will(p).topic = text()?,
        (Packet::Connect(p), F::WillPayload) => will(p).payload = value.to_vec().into(),
        (packet, _) => return Err(missing(packet, "text or bytes")),
    }
    Ok(())
}

fn missing(packet: &Packet, what: &str) -> Failure {
    Failure::invalid(format!("{} has no such field that holds {what}", packet.packet_type()))
}
