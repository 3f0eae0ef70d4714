//! Packets: made and read field by field, and written.

use std::ffi::c_char;

use bytes::Bytes;
use mqtt_proto::packet::{
    Ack, Auth, ConnAck, Connect, Disconnect, Packet, PacketId, PacketType, Properties, Publish, QoS, RetainHandling,
    SubAck, Subscribe, Subscription, UnsubAck, Unsubscribe, Will,
};
use mqtt_proto::wire::encode;
use mqtt_proto::{ReasonCode, Text, Version};

use crate::decoder::{size, version};
use crate::ffi::{self, borrow, borrow_mut, bytes, guard, mqtt_slice, release, store, text};
use crate::fields::{get_bytes, get_number, set_bytes, set_number};
use crate::result::{Failure, mqtt_result};

/// A new packet of this type (mqtt_packet_type) with every field at its default: packet identifier 1, QoS 0, reason
/// success, keep-alive 60, clean start, MQTT 5, empty text. Set its fields, then mqtt_packet_encode. Free it with
/// mqtt_packet_free. NULL for other types.
#[unsafe(no_mangle)]
pub extern "C" fn mqtt_packet_new(packet_type: u8) -> *mut Packet {
    guard(|| {
        let kind = PacketType::from_u8(packet_type)
            .ok_or_else(|| Failure::invalid(format!("there is no packet type {packet_type}")))?;
        Ok(ffi::give(blank(kind)))
    })
}

/// Frees a packet. NULL does nothing. Views and property lists that were taken from it end with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_packet_free(packet: *mut Packet) {
    guard(|| {
        release!(packet);
        Ok(())
    })
}

/// The type of a packet (mqtt_packet_type); 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_packet_kind(packet: *const Packet) -> u8 {
    guard(|| Ok(borrow!(packet).packet_type() as u8))
}

/// Stores the value of a field that holds a number (mqtt_field says which do).
///
/// MQTT_RESULT_NOTHING where this packet has no such field, or the field is absent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_packet_number(packet: *const Packet, field: u32, value: *mut u32) -> mqtt_result {
    guard(|| {
        let Some(found) = get_number(borrow!(packet), field)? else { return Ok(mqtt_result::Nothing) };
        store!(value, found);
        Ok(mqtt_result::Ok)
    })
}

/// Sets a field that holds a number. A will exists as soon as one of its fields is set. QoS above 0 needs a packet
/// identifier: MQTT_FIELD_PACKET_ID.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_packet_set_number(packet: *mut Packet, field: u32, value: u32) -> mqtt_result {
    guard(|| {
        set_number(borrow_mut!(packet), field, value)?;
        Ok(mqtt_result::Ok)
    })
}

/// Stores a view of a field that holds text or bytes. It lives until the packet is changed or freed.
///
/// MQTT_RESULT_NOTHING where this packet has no such field, or the field is absent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_packet_bytes(packet: *const Packet, field: u32, value: *mut mqtt_slice) -> mqtt_result {
    guard(|| {
        let Some(found) = get_bytes(borrow!(packet), field)? else { return Ok(mqtt_result::Nothing) };
        store!(value, mqtt_slice::of(found));
        Ok(mqtt_result::Ok)
    })
}

/// Sets a field that holds text or bytes. They are copied. Text must be UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_packet_set_bytes(
    packet: *mut Packet,
    field: u32,
    value: *const u8,
    length: usize,
) -> mqtt_result {
    guard(|| {
        let value = bytes!(value, length);
        set_bytes(borrow_mut!(packet), field, value)?;
        Ok(mqtt_result::Ok)
    })
}

/// The properties of a packet, to read or to change. They belong to the packet: do not free them. NULL for PINGREQ,
/// PINGRESP and NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_packet_properties(packet: *mut Packet) -> *mut Properties {
    guard(|| {
        Ok(match borrow_mut!(packet) {
            Packet::Connect(p) => &mut p.properties,
            Packet::ConnAck(p) => &mut p.properties,
            Packet::Publish(p) => &mut p.properties,
            Packet::PubAck(p) | Packet::PubRec(p) | Packet::PubRel(p) | Packet::PubComp(p) => &mut p.properties,
            Packet::Subscribe(p) => &mut p.properties,
            Packet::SubAck(p) => &mut p.properties,
            Packet::Unsubscribe(p) => &mut p.properties,
            Packet::UnsubAck(p) => &mut p.properties,
            Packet::Disconnect(p) => &mut p.properties,
            Packet::Auth(p) => &mut p.properties,
            Packet::PingReq | Packet::PingResp => return Ok(std::ptr::null_mut()),
        } as *mut Properties)
    })
}

/// The properties of the will in a CONNECT, to read or to change. They belong to the packet: do not free them. NULL
/// for other packets and where there is no will.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_packet_will_properties(packet: *mut Packet) -> *mut Properties {
    guard(|| {
        Ok(match borrow_mut!(packet) {
            Packet::Connect(connect) => connect.will.as_mut().map_or(std::ptr::null_mut(), |will| &mut will.properties),
            _ => std::ptr::null_mut(),
        })
    })
}

/// How many topic filters a SUBSCRIBE or UNSUBSCRIBE has; 0 for other packets and NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_packet_filter_count(packet: *const Packet) -> usize {
    guard(|| {
        Ok(match borrow!(packet) {
            Packet::Subscribe(subscribe) => subscribe.subscriptions.len(),
            Packet::Unsubscribe(unsubscribe) => unsubscribe.filters.len(),
            _ => 0,
        })
    })
}

/// Stores a view of a topic filter of SUBSCRIBE or UNSUBSCRIBE, and its options as the wire has them: QoS in bits 0 and
/// 1, no local 4, retain as published 8, retain handling in bits 4 and 5; 0 in UNSUBSCRIBE. `options` may be NULL. The
/// view lives until the packet is changed or freed.
///
/// MQTT_RESULT_NOTHING past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_packet_filter(
    packet: *const Packet,
    index: usize,
    filter: *mut mqtt_slice,
    options: *mut u8,
) -> mqtt_result {
    guard(|| {
        let (found, bits) = match borrow!(packet) {
            Packet::Subscribe(subscribe) => match subscribe.subscriptions.get(index) {
                Some(subscription) => (&subscription.filter, option_bits(subscription)),
                None => return Ok(mqtt_result::Nothing),
            },
            Packet::Unsubscribe(unsubscribe) => match unsubscribe.filters.get(index) {
                Some(filter) => (filter, 0),
                None => return Ok(mqtt_result::Nothing),
            },
            _ => return Ok(mqtt_result::Nothing),
        };
        store!(filter, mqtt_slice::of(found.as_bytes()));
        ffi::store_if_wanted!(options, bits);
        Ok(mqtt_result::Ok)
    })
}

/// Adds a topic filter to a SUBSCRIBE or UNSUBSCRIBE. It is copied. `options` as in mqtt_packet_filter.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_packet_add_filter(
    packet: *mut Packet,
    filter: *const c_char,
    options: u8,
) -> mqtt_result {
    guard(|| {
        let filter = text!(filter);
        match borrow_mut!(packet) {
            Packet::Subscribe(subscribe) => subscribe.subscriptions.push(subscription(filter, options)?),
            Packet::Unsubscribe(unsubscribe) => unsubscribe.filters.push(filter.into()),
            other => return Err(Failure::invalid(format!("{} has no topic filters", other.packet_type()))),
        }
        Ok(mqtt_result::Ok)
    })
}

/// How many reason codes a SUBACK or UNSUBACK has; 0 for other packets and NULL. Those that have one reason code give it
/// as MQTT_FIELD_REASON.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_packet_reason_count(packet: *const Packet) -> usize {
    guard(|| Ok(reasons(borrow!(packet)).len()))
}

/// Stores a reason code (mqtt_reason) of SUBACK or UNSUBACK.
///
/// MQTT_RESULT_NOTHING past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_packet_reason(packet: *const Packet, index: usize, reason: *mut u8) -> mqtt_result {
    guard(|| {
        let Some(found) = reasons(borrow!(packet)).get(index) else { return Ok(mqtt_result::Nothing) };
        store!(reason, found.value());
        Ok(mqtt_result::Ok)
    })
}

/// Adds a reason code (mqtt_reason) to a SUBACK or UNSUBACK.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_packet_add_reason(packet: *mut Packet, reason: u8) -> mqtt_result {
    guard(|| {
        let reason = self::reason(reason)?;
        match borrow_mut!(packet) {
            Packet::SubAck(sub_ack) => sub_ack.reasons.push(reason),
            Packet::UnsubAck(unsub_ack) => unsub_ack.reasons.push(reason),
            other => return Err(Failure::invalid(format!("{} has no list of reason codes", other.packet_type()))),
        }
        Ok(mqtt_result::Ok)
    })
}

/// Writes a packet for this version (3, 4 or 5): what an older version cannot say is dropped or mapped. At most
/// `maximum_packet_size` bytes, 0 for the bound of the protocol.
///
/// Stores the size in `*length` and the bytes in `buffer`, which has room for `capacity`. Where that is too small the
/// answer is MQTT_RESULT_BUFFER_TOO_SMALL, `*length` is the size that is needed, and nothing is written; so call it with
/// NULL and 0 first to ask for the size. MQTT_RESULT_UNENCODABLE says that the packet cannot be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_packet_encode(
    packet: *const Packet,
    version: u8,
    maximum_packet_size: u32,
    buffer: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> mqtt_result {
    guard(|| {
        let mut out = Vec::new();
        encode::packet(borrow!(packet), self::version(version)?, size(maximum_packet_size), &mut out)?;
        store!(length, out.len());
        if out.len() > capacity {
            let text = format!("the packet takes {} bytes, the buffer has {capacity}", out.len());
            return Err(Failure::new(mqtt_result::BufferTooSmall, text));
        }
        // SAFETY: the header demands room for `capacity` bytes, and the packet is not longer.
        unsafe { ffi::copy_out(&out, buffer, "buffer") }?;
        Ok(mqtt_result::Ok)
    })
}

fn blank(kind: PacketType) -> Packet {
    let packet_id = PacketId::FIRST;
    let properties = Properties::new();
    let ack = Ack::success(packet_id);
    match kind {
        PacketType::Connect => Packet::Connect(Box::new(Connect::new(Version::V5, ""))),
        PacketType::ConnAck => Packet::ConnAck(Box::new(ConnAck::accepted(false))),
        PacketType::Publish => Packet::Publish(Publish {
            dup: false,
            qos: QoS::AtMostOnce,
            retain: false,
            topic: Text::new(),
            packet_id: None,
            properties,
            payload: Bytes::new(),
        }),
        PacketType::PubAck => Packet::PubAck(ack),
        PacketType::PubRec => Packet::PubRec(ack),
        PacketType::PubRel => Packet::PubRel(ack),
        PacketType::PubComp => Packet::PubComp(ack),
        PacketType::Subscribe => Packet::Subscribe(Subscribe { packet_id, subscriptions: Vec::new(), properties }),
        PacketType::SubAck => Packet::SubAck(SubAck { packet_id, reasons: Vec::new(), properties }),
        PacketType::Unsubscribe => Packet::Unsubscribe(Unsubscribe { packet_id, filters: Vec::new(), properties }),
        PacketType::UnsubAck => Packet::UnsubAck(UnsubAck { packet_id, reasons: Vec::new(), properties }),
        PacketType::PingReq => Packet::PingReq,
        PacketType::PingResp => Packet::PingResp,
        PacketType::Disconnect => Packet::Disconnect(Disconnect::new(ReasonCode::Success)),
        PacketType::Auth => Packet::Auth(Auth { reason: ReasonCode::Success, properties }),
    }
}

fn reasons(packet: &Packet) -> &[ReasonCode] {
    match packet {
        Packet::SubAck(sub_ack) => &sub_ack.reasons,
        Packet::UnsubAck(unsub_ack) => &unsub_ack.reasons,
        _ => &[],
    }
}

fn option_bits(subscription: &Subscription) -> u8 {
    subscription.qos.level()
        | u8::from(subscription.no_local) << 2
        | u8::from(subscription.retain_as_published) << 3
        | (subscription.retain_handling as u8) << 4
}

/// A filter with its options as the wire has them.
pub(crate) fn subscription(filter: &str, options: u8) -> Result<Subscription, Failure> {
    let wrong = || Failure::invalid(format!("0x{options:02x} are no subscription options"));
    if options & 0xC0 != 0 {
        return Err(wrong());
    }
    Ok(Subscription {
        filter: filter.into(),
        qos: QoS::from_u8(options & 3).ok_or_else(wrong)?,
        no_local: options & 4 != 0,
        retain_as_published: options & 8 != 0,
        retain_handling: RetainHandling::from_u8(options >> 4 & 3).ok_or_else(wrong)?,
    })
}

/// The reason code with this number.
pub(crate) fn reason(code: u8) -> Result<ReasonCode, Failure> {
    ReasonCode::from_u8(code).ok_or_else(|| Failure::invalid(format!("there is no reason code 0x{code:02X}")))
}

/// The QoS with this number.
pub(crate) fn qos(level: u32) -> Result<QoS, Failure> {
    let level = u8::try_from(level).ok().and_then(QoS::from_u8);
    level.ok_or_else(|| Failure::invalid("there are QoS 0, 1 and 2"))
}

/// The will of a CONNECT, made where there is none.
pub(crate) fn will(connect: &mut Connect) -> &mut Will {
    connect.will.get_or_insert_with(|| Will {
        topic: Text::new(),
        payload: Bytes::new(),
        qos: QoS::AtMostOnce,
        retain: false,
        properties: Properties::new(),
    })
}
