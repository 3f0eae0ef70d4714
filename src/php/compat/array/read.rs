//! Arrays to bytes.

use bytes::Bytes;
use mqtt_proto::packet::{
    Ack, Auth, ConnAck, Connect, Disconnect, Packet, PacketId, PacketType, Properties, Publish, QoS, RetainHandling,
    SubAck, Subscribe, Subscription, UnsubAck, Unsubscribe, Will,
};
use mqtt_proto::wire::{Place, encode};
use mqtt_proto::{ReasonCode, Text, Version};

use super::keys::{Dialect, Key};
use super::{Codec, MAXIMUM, properties};
use crate::convert::{Item, packet_id, reason};
use crate::exception::value_error;
use crate::guard::{Outcome, Thrown};
use crate::zend::{self, HashTable, Key as Index, Zval};

/// Appends the bytes of the packet that an array says.
pub(super) fn encode(codec: Codec, array: *mut HashTable, out: &mut Vec<u8>) -> Outcome {
    let Codec { dialect, version } = codec;
    let source = Source { array, dialect, version };
    let number = source.number(dialect.kind, 0)?;
    let kind = u8::try_from(number).ok().and_then(PacketType::from_u8).ok_or_else(|| {
        value_error(&format!("Key \"{}\" must be a packet type from 1 to 15, {number} given", dialect.kind.text()))
    })?;
    match kind {
        PacketType::PubAck | PacketType::PubRec | PacketType::PubRel | PacketType::PubComp => source.ack(kind, out),
        PacketType::Disconnect | PacketType::Auth => source.farewell(kind, out),
        _ => write(&source.packet(kind)?, version, out),
    }
}

fn write(packet: &Packet, version: Version, out: &mut Vec<u8>) -> Outcome {
    let version = match packet {
        Packet::Connect(connect) => connect.version,
        _ => version,
    };
    encode::packet(packet, version, MAXIMUM, out).map_err(|problem| refuse(packet.packet_type(), &problem.to_string()))
}

fn refuse(kind: PacketType, problem: &str) -> Thrown {
    value_error(&format!("{kind}: {problem}"))
}

/// One array of the caller.
#[derive(Clone, Copy)]
struct Source {
    array: *mut HashTable,
    dialect: &'static Dialect,
    version: Version,
}

impl Source {
    fn packet(&self, kind: PacketType) -> Outcome<Packet> {
        Ok(match kind {
            PacketType::Connect => Packet::Connect(Box::new(self.connect()?)),
            PacketType::ConnAck => {
                let session_present = self.flag(Key::SessionPresent)?;
                let properties = self.properties(Place::Packet(kind))?;
                Packet::ConnAck(Box::new(ConnAck { session_present, reason: self.connect_code()?, properties }))
            }
            PacketType::Publish => Packet::Publish(self.publish()?),
            PacketType::Subscribe => {
                let properties = self.properties(Place::Packet(kind))?;
                let subscriptions = self.subscriptions()?;
                Packet::Subscribe(Subscribe { packet_id: self.id()?, subscriptions, properties })
            }
            PacketType::SubAck => {
                let properties = self.properties(Place::Packet(kind))?;
                let reasons = self.codes(|code, version| {
                    if version.has_properties() {
                        ReasonCode::from_u8(code)
                    } else {
                        ReasonCode::from_subscribe_return_code(code, Version::V3_1_1)
                    }
                })?;
                Packet::SubAck(SubAck { packet_id: self.id()?, reasons, properties })
            }
            PacketType::Unsubscribe => {
                let properties = self.properties(Place::Packet(kind))?;
                Packet::Unsubscribe(Unsubscribe { packet_id: self.id()?, filters: self.filters()?, properties })
            }
            PacketType::UnsubAck => {
                let properties = self.properties(Place::Packet(kind))?;
                let with_codes = self.version.has_properties();
                let reasons = if with_codes { self.codes(|code, _| ReasonCode::from_u8(code))? } else { Vec::new() };
                Packet::UnsubAck(UnsubAck { packet_id: self.id()?, reasons, properties })
            }
            PacketType::PingReq => Packet::PingReq,
            // The rest is written without going through here.
            _ => Packet::PingResp,
        })
    }

    fn connect(&self) -> Outcome<Connect> {
        let version = self.connect_version()?;
        let source = Source { version: version.0, ..*self };
        let clean_start = self.flag(Key::CleanSession)?;
        let keep_alive = self.within(self.dialect.keep_alive, 65_535, 0)?;
        let properties = source.properties(Place::Packet(PacketType::Connect))?;
        let will =
            match self.find(Key::Will).filter(|will| zend::as_array(will).is_none_or(|will| zend::count(will) > 0)) {
                None => None,
                Some(will) => Some(source.inside(Key::Will, will, |source| source.will())?),
            };
        Ok(Connect {
            version: version.0,
            bridge: version.1,
            clean_start,
            keep_alive,
            client_id: self.text(Key::ClientId)?,
            will,
            user_name: self
                .credential(self.dialect.user_name)?
                .map(|bytes| text_of(self.dialect.user_name, bytes))
                .transpose()?,
            password: self.credential(Key::Password)?,
            properties,
        })
    }

    /// Version and bridge bit: the level decides, and the name has to be its name.
    fn connect_version(&self) -> Outcome<(Version, bool)> {
        let name = self.bytes(Key::ProtocolName)?;
        let level = self.number(Key::ProtocolLevel, self.version.level().into())?;
        let bridge = level & 0x80 != 0;
        let version = u8::try_from(level & !0x80).ok().and_then(Version::from_level);
        version
            .filter(|version| version.protocol_name().as_bytes() == name)
            .map(|version| (version, bridge))
            .ok_or_else(|| {
                let name = String::from_utf8_lossy(&name);
                let problem = format!("there is no version with protocol name \"{name}\" and protocol level {level}");
                refuse(PacketType::Connect, &problem)
            })
    }

    fn will(&self) -> Outcome<Will> {
        Ok(Will {
            qos: self.qos()?,
            retain: self.flag(Key::Retain)?,
            properties: self.properties(Place::Will)?,
            payload: self.payload()?,
            topic: self.text(Key::Topic)?,
        })
    }

    fn publish(&self) -> Outcome<Publish> {
        let qos = self.qos()?;
        let acknowledged = qos != QoS::AtMostOnce;
        Ok(Publish {
            // [MQTT-3.3.1-2]: never at QoS 0. The libraries send it there, and brokers close the connection.
            dup: self.flag(Key::Dup)? && acknowledged,
            qos,
            retain: self.flag(Key::Retain)?,
            packet_id: if acknowledged { Some(self.id()?) } else { None },
            properties: self.properties(Place::Packet(PacketType::Publish))?,
            topic: self.text(Key::Topic)?,
            payload: self.payload()?,
        })
    }

    /// PUBACK and its relatives: in MQTT 5 with reason code and property length always.
    fn ack(&self, kind: PacketType, out: &mut Vec<u8>) -> Outcome {
        let id = self.id()?;
        if !self.version.has_properties() {
            encode::short_ack(kind, id, ReasonCode::Success, self.version, out);
            return Ok(());
        }
        let reason = self.code(kind)?;
        let properties = self.properties(Place::Packet(kind))?;
        if properties.is_empty() {
            encode::short_ack(kind, id, ReasonCode::Success, self.version, out);
            lengthen(out, &[reason.value(), 0]);
            return Ok(());
        }
        encode::ack(kind, &Ack { packet_id: id, reason, properties }, self.version, MAXIMUM, out)
            .map_err(|problem| refuse(kind, &problem.to_string()))
    }

    /// DISCONNECT and AUTH, likewise.
    fn farewell(&self, kind: PacketType, out: &mut Vec<u8>) -> Outcome {
        if !self.version.has_properties() {
            let nothing = Properties::new();
            let packet = match kind {
                PacketType::Auth => Packet::Auth(Auth { reason: ReasonCode::Success, properties: nothing }),
                _ => Packet::Disconnect(Disconnect::new(ReasonCode::Success)),
            };
            return write(&packet, self.version, out);
        }
        let reason = self.code(kind)?;
        let properties = self.properties(Place::Packet(kind))?;
        if properties.is_empty() {
            out.extend_from_slice(&[(kind as u8) << 4, 0]);
            lengthen(out, &[reason.value(), 0]);
            return Ok(());
        }
        let packet = match kind {
            PacketType::Auth => Packet::Auth(Auth { reason, properties }),
            _ => Packet::Disconnect(Disconnect { reason, properties }),
        };
        write(&packet, self.version, out)
    }

    fn subscriptions(&self) -> Outcome<Vec<Subscription>> {
        let mut list = Vec::new();
        self.each(Key::Topics, |index, value| {
            let filter = text_of(Key::Topics, key_bytes(index))?;
            let mut subscription = Subscription::new(filter, QoS::AtMostOnce);
            if self.version.has_properties() && zend::as_array(value).is_some() {
                self.inside(Key::Topics, value, |options| {
                    subscription.qos = options.qos()?;
                    subscription.no_local = options.flag(Key::NoLocal)?;
                    subscription.retain_as_published = options.flag(Key::RetainAsPublished)?;
                    let handling = options.within(Key::RetainHandling, 2, 0)? as u8;
                    subscription.retain_handling = RetainHandling::from_u8(handling).unwrap_or_default();
                    Ok(())
                })?;
            } else {
                subscription.qos = match zend::as_long(value).and_then(level_of) {
                    Some(qos) => qos,
                    None => item(Key::Topics, value, |item| item.qos())?,
                };
            }
            list.push(subscription);
            Ok(())
        })?;
        Ok(list)
    }

    fn filters(&self) -> Outcome<Vec<Text>> {
        let mut list = Vec::new();
        self.each(Key::Topics, |_, value| {
            list.push(text_of(Key::Topics, bytes_of(Key::Topics, value)?)?);
            Ok(())
        })?;
        Ok(list)
    }

    fn codes(&self, reason: impl Fn(u8, Version) -> Option<ReasonCode>) -> Outcome<Vec<ReasonCode>> {
        let second = self.dialect.codes_too.filter(|_| self.find(Key::Codes).is_none());
        let mut list = Vec::new();
        self.each(second.unwrap_or(Key::Codes), |_, value| {
            let code = item(Key::Codes, value, |item| item.long(0, 255))?;
            let known = reason(code as u8, self.version);
            list.push(
                known.ok_or_else(|| value_error(&format!("Key \"codes\" must contain reason codes, {code} given")))?,
            );
            Ok(())
        })?;
        Ok(list)
    }

    /// The return code of CONNACK.
    fn connect_code(&self) -> Outcome<ReasonCode> {
        if self.version.has_properties() {
            return self.code(PacketType::ConnAck);
        }
        let code = self.number(Key::Code, 0)?;
        u8::try_from(code)
            .ok()
            .and_then(ReasonCode::from_connect_return_code)
            .ok_or_else(|| unknown_code(PacketType::ConnAck, code))
    }

    /// The reason code of this packet.
    fn code(&self, kind: PacketType) -> Outcome<ReasonCode> {
        let code = self.number(Key::Code, 0)?;
        reason(code).filter(|reason| reason.is_defined_for(kind)).ok_or_else(|| unknown_code(kind, code))
    }

    fn id(&self) -> Outcome<PacketId> {
        if self.find(Key::MessageId).is_none() {
            return Err(missing(Key::MessageId, "int"));
        }
        let id = self.number(Key::MessageId, 0)?;
        packet_id(id)
            .ok_or_else(|| value_error(&format!("{} must be between 1 and 65535, {id} given", named(Key::MessageId))))
    }

    fn qos(&self) -> Outcome<QoS> {
        let level = self.number(Key::QoS, 0)?;
        level_of(level).ok_or_else(|| value_error(&format!("QoS {level} not supported")))
    }

    fn properties(&self, place: Place) -> Outcome<Properties> {
        if !self.version.has_properties() {
            return Ok(Properties::new());
        }
        let Some(value) = self.find(Key::Properties) else { return Ok(Properties::new()) };
        // Held, so that code which a conversion runs cannot change it.
        let mut value = zend::copy(value);
        match zend::as_array(&value) {
            Some(array) => properties::read(array, place),
            None => Err(Item::new(&mut value, named(Key::Properties)).wrong_type("array")),
        }
    }

    /// User name or password. What the libraries take for empty is not sent.
    fn credential(&self, key: Key) -> Outcome<Option<Bytes>> {
        let Some(value) = self.find(key) else { return Ok(None) };
        let bytes = bytes_of(key, value)?;
        let none = bytes.is_empty() || self.dialect.zero_is_none && bytes == b"0"[..];
        Ok((!none).then_some(bytes))
    }

    /// The payload; none is an empty one.
    fn payload(&self) -> Outcome<Bytes> {
        self.find(self.dialect.payload).map_or(Ok(Bytes::new()), |value| bytes_of(self.dialect.payload, value))
    }

    fn bytes(&self, key: Key) -> Outcome<Bytes> {
        let Some(value) = self.find(key) else { return Err(missing(key, "string")) };
        bytes_of(key, value)
    }

    fn text(&self, key: Key) -> Outcome<Text> {
        text_of(key, self.bytes(key)?)
    }

    /// An int; `default` where there is none.
    fn number(&self, key: Key, default: i64) -> Outcome<i64> {
        let Some(value) = self.find(key) else { return Ok(default) };
        zend::as_long(value).map_or_else(|| item(key, value, |item| item.long(i64::MIN, i64::MAX)), Ok)
    }

    /// An int from 0 to `maximum`; `default` where there is none.
    fn within(&self, key: Key, maximum: u16, default: u16) -> Outcome<u16> {
        let number = self.number(key, default.into())?;
        u16::try_from(number)
            .ok()
            .filter(|number| *number <= maximum)
            .ok_or_else(|| value_error(&format!("{} must be between 0 and {maximum}, {number} given", named(key))))
    }

    /// 0 or 1, or a bool; false where there is none.
    fn flag(&self, key: Key) -> Outcome<bool> {
        let Some(value) = self.find(key) else { return Ok(false) };
        let plain = zend::as_bool(value).or_else(|| zend::as_long(value).map(|number| number != 0));
        plain.map_or_else(|| item(key, value, |item| item.bool()), Ok)
    }

    /// The value of a key; null is none.
    fn find(&self, key: Key) -> Option<&Zval> {
        zend::find(self.array, key.string()).filter(|value| !zend::is_null(value))
    }

    /// Looks into an array inside this one.
    fn inside<R>(&self, key: Key, value: &Zval, look: impl FnOnce(&Source) -> Outcome<R>) -> Outcome<R> {
        // Held, so that code which a conversion runs cannot free it.
        let mut value = zend::copy(value);
        match zend::as_array(&value) {
            Some(array) => look(&Source { array, ..*self }),
            None => Err(Item::new(&mut value, named(key)).wrong_type("array")),
        }
    }

    /// Visits the elements of an array inside this one.
    fn each(&self, key: Key, mut visit: impl FnMut(Index<'_>, &Zval) -> Outcome) -> Outcome {
        let Some(value) = self.find(key) else { return Err(missing(key, "array")) };
        self.inside(key, value, |inside| zend::each(inside.array, |index, value| visit(index, value)))
    }
}

/// Puts two bytes behind a packet of less than 126 bytes.
fn lengthen(out: &mut Vec<u8>, more: &[u8; 2]) {
    if let Some(length) = out.get_mut(1) {
        *length += 2;
    }
    out.extend_from_slice(more);
}

fn level_of(qos: i64) -> Option<QoS> {
    u8::try_from(qos).ok().and_then(QoS::from_u8)
}

fn unknown_code(kind: PacketType, code: i64) -> Thrown {
    refuse(kind, &format!("cannot carry the code {code}"))
}

/// A filter that PHP made an int key of is a filter again.
fn key_bytes(index: Index<'_>) -> Bytes {
    match index {
        Index::Name(name) => Bytes::copy_from_slice(name),
        Index::Index(number) => number.cast_signed().to_string().into(),
    }
}

fn text_of(key: Key, bytes: Bytes) -> Outcome<Text> {
    Text::try_from(bytes).map_err(|_| value_error(&format!("{} must be valid UTF-8", named(key))))
}

/// Any bytes.
fn bytes_of(key: Key, value: &Zval) -> Outcome<Bytes> {
    match zend::as_bytes(value) {
        Some(bytes) => Ok(Bytes::copy_from_slice(bytes)),
        None => item(key, value, |item| item.bytes()),
    }
}

/// Reads one value that is not of the plain type. A conversion in place would change the caller's array, so it is made with a copy.
fn item<R>(key: Key, value: &Zval, read: impl FnOnce(&mut Item<'_>) -> Outcome<R>) -> Outcome<R> {
    let mut value = zend::copy(value);
    read(&mut Item::new(&mut value, named(key)))
}

fn named(key: Key) -> String {
    format!("Key \"{}\"", key.text())
}

#[cold]
fn missing(key: Key, expected: &str) -> Thrown {
    let mut nothing = zend::null();
    Item::new(&mut nothing, named(key)).wrong_type(expected)
}
