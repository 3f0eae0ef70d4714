//! Bytes to packets. What is not ordinary is left to PHP.

use bytes::Bytes;
use mqtt_proto::packet::{Packet, PacketType};
use mqtt_proto::wire::decode;
use mqtt_proto::wire::frame::{self, Frame};

use super::layout::{self, Values};
use super::*;

/// What stands at the beginning of some bytes.
pub(super) enum Next {
    /// A packet of so many bytes.
    Packet(Zval, usize),
    /// The beginning of an ordinary packet, or nothing.
    Wait,
    /// Something for PHP to look at.
    Stop,
}

/// The next packet. `topic` is that of the last PUBLISH: it often comes again.
pub(super) fn next(bytes: &[u8], topic: &mut Zval) -> Next {
    match frame::split(bytes, VERSION, MAXIMUM) {
        Ok(Some(frame)) => packet(&frame, topic).map_or(Next::Stop, |packet| Next::Packet(packet, frame.bytes.len())),
        Ok(None) if waits(bytes) => Next::Wait,
        Ok(None) | Err(_) => Next::Stop,
    }
}

/// Whether PHP would find nothing wrong yet with an incomplete packet. Large ones are PUBLISH; of the others PHP is
/// asked each time.
fn waits(bytes: &[u8]) -> bool {
    let Some(size) = frame::announced(bytes) else { return true };
    let Some(first) = bytes.first().filter(|first| **first >> 4 == PacketType::Publish as u8) else { return false };
    let length_bytes = 1 + bytes.iter().skip(1).take_while(|byte| **byte >= 0x80).count();
    let frame = Frame { packet_type: PacketType::Publish, flags: first & 0x0F, bytes, body_at: 1 + length_bytes };
    // The payload may be missing, but nothing before it.
    size as usize > bytes.len() && decode::publish(&frame, VERSION, None).is_ok()
}

fn packet(frame: &Frame<'_>, topic: &mut Zval) -> Option<Zval> {
    let layout = layout::for_kind(frame.packet_type)?;
    let values = values(frame, topic)?;
    let packet = zend::new_object(layout.ce);
    // The defaults that it gives back own nothing.
    layout.put(zend::as_object(&packet)?, frame.flags, frame.body().len(), values)?;
    Some(packet)
}

/// The fields of a packet in the order of the layout.
pub(super) fn values(frame: &Frame<'_>, topic: &mut Zval) -> Option<Values> {
    match frame.packet_type {
        PacketType::Publish => publish(frame, topic),
        PacketType::PubAck | PacketType::PubRec | PacketType::PubRel | PacketType::PubComp | PacketType::UnsubAck => {
            identifier(frame.body()).map(|id| fill([id]))
        }
        PacketType::PingReq | PacketType::PingResp | PacketType::Disconnect => {
            frame.body().is_empty().then(|| fill([]))
        }
        PacketType::ConnAck => match frame.body() {
            // Any return code: PHP gives it a name.
            [flags @ (0 | 1), code] => Some(fill([zend::long(*flags), zend::long(*code)])),
            _ => None,
        },
        PacketType::SubAck => {
            let (id, codes) = frame.body().split_at_checked(2)?;
            if !codes.iter().all(|code| matches!(code, 0..=2 | 128)) {
                return None;
            }
            Some(fill([identifier(id)?, zend::list_of(codes.iter().map(|code| zend::long(*code)))]))
        }
        PacketType::Connect => connect(frame),
        PacketType::Subscribe | PacketType::Unsubscribe => filters(frame),
        PacketType::Auth => None,
    }
}

fn publish(frame: &Frame<'_>, topic: &mut Zval) -> Option<Values> {
    let view = decode::publish(frame, VERSION, None).ok()?;
    if zend::as_bytes(topic) != Some(view.topic.as_bytes()) {
        *topic = zend::string(view.topic.as_bytes());
    }
    let id = zend::optional(view.packet_id, |id| zend::long(id.get()));
    Some(fill([id, zend::copy(topic), zend::string(view.payload)]))
}

fn connect(frame: &Frame<'_>) -> Option<Values> {
    let packet = decode::packet(Bytes::copy_from_slice(frame.bytes), frame.parts(), VERSION, None).ok()?;
    let Packet::Connect(connect) = packet else { return None };
    // Behind the protocol name, its length, and the level.
    let flags = *frame.body().get(2 + connect.version.protocol_name().len() + 1)?;
    let (will, credentials) = (flags & 0b0011_1100, flags & 0b1100_0000);
    let will_is_odd = will & 0b0100 == 0 && will != 0;
    if connect.version.has_properties() || connect.bridge || will_is_odd || credentials == 0b0100_0000 {
        return None;
    }
    let bytes = |bytes: Option<&Bytes>| zend::string(bytes.map(|bytes| &**bytes).unwrap_or_default());
    let will = connect.will.as_ref();
    Some(fill([
        zend::long(connect.version.level()),
        zend::long(flags),
        zend::long(connect.keep_alive),
        zend::string(connect.client_id.as_bytes()),
        bytes(will.map(|will| will.topic.as_bytes())),
        bytes(will.map(|will| &will.payload)),
        bytes(connect.user_name.as_ref().map(|name| name.as_bytes())),
        bytes(connect.password.as_ref()),
    ]))
}

fn filters(frame: &Frame<'_>) -> Option<Values> {
    match decode::packet(Bytes::copy_from_slice(frame.bytes), frame.parts(), VERSION, None).ok()? {
        Packet::Subscribe(subscribe) => {
            let each = subscribe.subscriptions.iter();
            let filters = each.clone().map(|subscription| zend::string(subscription.filter.as_bytes()));
            let levels = each.map(|subscription| zend::long(subscription.qos.level()));
            Some(fill([zend::long(subscribe.packet_id.get()), zend::list_of(filters), zend::list_of(levels)]))
        }
        Packet::Unsubscribe(unsubscribe) => {
            let filters = unsubscribe.filters.iter().map(|filter| zend::string(filter.as_bytes()));
            Some(fill([zend::long(unsubscribe.packet_id.get()), zend::list_of(filters)]))
        }
        _ => None,
    }
}

/// Two bytes that are a packet identifier.
fn identifier(bytes: &[u8]) -> Option<Zval> {
    match <[u8; 2]>::try_from(bytes).map(u16::from_be_bytes) {
        Ok(0) | Err(_) => None,
        Ok(id) => Some(zend::long(id)),
    }
}

fn fill<const N: usize>(values: [Zval; N]) -> Values {
    let mut values = values.into_iter();
    std::array::from_fn(|_| values.next().unwrap_or_else(zend::null))
}
