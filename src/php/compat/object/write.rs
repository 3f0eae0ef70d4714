//! Packets to bytes. What is not ordinary is left to PHP.

use bytes::Bytes;
use mqtt_proto::packet::{Connect, Packet, PacketId, PacketType, Properties, QoS, SubAck, Subscribe, Subscription};
use mqtt_proto::packet::{Unsubscribe, Will};
use mqtt_proto::wire::encode;
use mqtt_proto::wire::fanout::{Alias, Delivery, Fanout};
use mqtt_proto::{ReasonCode, Text, Time};

use super::layout::Layout;
use super::*;
use crate::zend::Key;

/// Room for most packets.
const USUAL_SIZE: usize = 256;

/// The bytes of a packet, which then knows its remaining length.
pub(super) fn packet(packet: *mut zend_object, layout: &Layout) -> Option<Zval> {
    let mut out = Vec::with_capacity(USUAL_SIZE);
    let flags = layout.flags(packet)?;
    let usual = match layout.kind {
        PacketType::Publish => flags,
        PacketType::PubRel | PacketType::Subscribe | PacketType::Unsubscribe => 2,
        _ => 0,
    };
    if flags != usual {
        return None;
    }
    let field = |index| layout.field(packet, index);
    match layout.kind {
        PacketType::Publish => publish(flags, packet, layout, &mut out)?,
        kind @ (PacketType::PubAck | PacketType::PubRec | PacketType::PubRel | PacketType::PubComp) => {
            encode::short_ack(kind, identifier(field(0))?, ReasonCode::Success, VERSION, &mut out);
        }
        PacketType::ConnAck => {
            let (flags, code) = (byte(field(0))?, byte(field(1))?);
            // Any return code, as in reading.
            out.extend_from_slice(&[(PacketType::ConnAck as u8) << 4, 2, flags, code]);
        }
        PacketType::UnsubAck => {
            let [high, low] = identifier(field(0))?.get().to_be_bytes();
            out.extend_from_slice(&[(PacketType::UnsubAck as u8) << 4, 2, high, low]);
        }
        PacketType::Disconnect => out.extend_from_slice(&[(PacketType::Disconnect as u8) << 4, 0]),
        kind => {
            let packet = match kind {
                PacketType::Connect => connect(packet, layout)?,
                PacketType::Subscribe => subscribe(packet, layout)?,
                PacketType::SubAck => sub_ack(packet, layout)?,
                PacketType::Unsubscribe => Packet::Unsubscribe(Unsubscribe {
                    packet_id: identifier(field(0))?,
                    filters: texts(field(1))?,
                    properties: Properties::new(),
                }),
                PacketType::PingReq => Packet::PingReq,
                PacketType::PingResp => Packet::PingResp,
                _ => return None,
            };
            let version = if let Packet::Connect(connect) = &packet { connect.version } else { VERSION };
            encode::packet(&packet, version, MAXIMUM, &mut out).ok()?;
        }
    }
    // The remaining length ends with the first byte that has no high bit.
    let header = 2 + out.iter().skip(1).take_while(|byte| **byte >= 0x80).count();
    layout.set_remaining_length(packet, out.len() - header)?;
    Some(zend::string(&out))
}

fn publish(flags: u8, packet: *mut zend_object, layout: &Layout, out: &mut Vec<u8>) -> Option<()> {
    let (qos, dup) = (QoS::from_u8(flags >> 1 & 0b11)?, flags & 0b1000 != 0);
    if flags > 0x0F || dup && qos == QoS::AtMostOnce {
        return None;
    }
    let packet_id = if qos == QoS::AtMostOnce { None } else { Some(identifier(layout.field(packet, 0))?) };
    let topic = std::str::from_utf8(zend::as_bytes(layout.field(packet, 1))?).ok()?;
    let payload = zend::as_bytes(layout.field(packet, 2))?;
    let properties = Properties::new();
    encode::check_publish(topic, &properties, VERSION).ok()?;
    let delivery = Delivery {
        version: VERSION,
        qos,
        retain: flags & 1 != 0,
        dup,
        packet_id,
        subscription_identifiers: &[],
        alias: Alias::None,
        maximum_packet_size: MAXIMUM,
    };
    out.reserve(topic.len() + payload.len() + 9);
    Fanout::from_parts(topic, payload, &properties, Time::from_millis(0)).append(&delivery, out)?;
    Some(())
}

fn connect(packet: *mut zend_object, layout: &Layout) -> Option<Packet> {
    let field = |index| layout.field(packet, index);
    let version = Version::from_level(byte(field(0))?).filter(|version| !version.has_properties())?;
    let flags = byte(field(1))?;
    let has = |bit: u8| flags & bit != 0;
    let (has_will, will_bits) = (has(0x04), flags & 0b0011_1000);
    if has(0x01) || !has_will && will_bits != 0 || has(0x40) && !has(0x80) {
        return None;
    }
    let will = if has_will {
        Some(Will {
            topic: text(field(4))?,
            payload: bytes(field(5))?,
            qos: QoS::from_u8(flags >> 3 & 0b11)?,
            retain: has(0x20),
            properties: Properties::new(),
        })
    } else {
        None
    };
    Some(Packet::Connect(Box::new(Connect {
        version,
        bridge: false,
        clean_start: has(0x02),
        keep_alive: u16::try_from(zend::as_long(field(2))?).ok()?,
        client_id: text(field(3))?,
        will,
        user_name: if has(0x80) { Some(text(field(6))?) } else { None },
        password: if has(0x40) { Some(bytes(field(7))?) } else { None },
        properties: Properties::new(),
    })))
}

/// Filters and levels belong together by their keys; where those are not 0, 1, 2, ... PHP has to look.
fn subscribe(packet: *mut zend_object, layout: &Layout) -> Option<Packet> {
    let filters = texts(layout.field(packet, 1))?;
    let levels = list(layout.field(packet, 2), |level| QoS::from_u8(byte(level)?))?;
    let level = |index: usize| levels.get(index).copied().unwrap_or_default();
    Some(Packet::Subscribe(Subscribe {
        packet_id: identifier(layout.field(packet, 0))?,
        subscriptions: filters
            .into_iter()
            .enumerate()
            .map(|(index, filter)| Subscription::new(filter, level(index)))
            .collect(),
        properties: Properties::new(),
    }))
}

fn sub_ack(packet: *mut zend_object, layout: &Layout) -> Option<Packet> {
    let reason = |code: &Zval| ReasonCode::from_subscribe_return_code(byte(code)?, VERSION);
    Some(Packet::SubAck(SubAck {
        packet_id: identifier(layout.field(packet, 0))?,
        reasons: list(layout.field(packet, 1), reason)?,
        properties: Properties::new(),
    }))
}

/// The strings of an array with the keys 0, 1, 2, ..., in one piece of memory.
fn texts(value: &Zval) -> Option<Vec<Text>> {
    let mut all = Vec::with_capacity(USUAL_SIZE);
    let ends = list(value, |text| {
        all.extend_from_slice(zend::as_bytes(text)?);
        Some(all.len())
    })?;
    let all = Text::try_from(Bytes::from(all)).ok()?;
    let mut start = 0;
    ends.into_iter()
        .map(|end| {
            // Where one string ends inside a character, the strings by themselves are not UTF-8.
            let text = all.get(start..end)?;
            start = end;
            Some(all.slice_ref(text))
        })
        .collect()
}

/// The elements of an array with the keys 0, 1, 2, ...
fn list<T>(value: &Zval, mut element: impl FnMut(&Zval) -> Option<T>) -> Option<Vec<T>> {
    let array = zend::as_array(value)?;
    let mut elements = Vec::with_capacity(zend::count(array));
    let visit = |key: Key<'_>, value: &mut Zval| {
        if !matches!(key, Key::Index(index) if index == elements.len() as u64) {
            return Err(());
        }
        elements.push(element(value).ok_or(())?);
        Ok(())
    };
    zend::each(array, visit).ok()?;
    Some(elements)
}

fn identifier(value: &Zval) -> Option<PacketId> {
    zend::as_long(value).and_then(crate::convert::packet_id)
}

fn byte(value: &Zval) -> Option<u8> {
    zend::as_long(value).and_then(|value| u8::try_from(value).ok())
}

fn bytes(value: &Zval) -> Option<Bytes> {
    zend::as_bytes(value).map(Bytes::copy_from_slice)
}

fn text(value: &Zval) -> Option<Text> {
    Text::try_from(bytes(value)?).ok()
}
