//! The constructors of the packets.

use mqtt_proto::ReasonCode;
use mqtt_proto::packet::{PacketType, QoS, Subscription};

use super::{SUBACK, optional_id};
use crate::convert::{Call, Item, wrong_type};
use crate::enums;
use crate::guard::Outcome;
use crate::message::{self, string_zval};
use crate::object;
use crate::properties::{self, Place};
use crate::zend::{self, Key, Zval};

pub(super) fn connect(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 9)?;
    let client_id = call.text(0)?;
    let clean_start = call.bool_or(1, true)?;
    let keep_alive = call.long_within(2, 60, 0, 65_535)?;
    let will = match call.nullable(3) {
        None => zend::null(),
        Some(value) => match zend::instance(value, message::will_class()) {
            Some(object) => zend::object_of(object),
            None => return Err(wrong_type(3, "?Mqtt\\Will", value)),
        },
    };
    let username = zend::optional(call.optional_text(4)?, |text| zend::string(text.as_bytes()));
    let password = zend::optional(call.optional_string(5)?, zend::string);
    let (properties, _) = properties::from_arg(call, 6, Place::Packet(PacketType::Connect))?;
    let version = zend::optional(call.version(7)?, enums::version);
    let bridge = call.bool_or(8, false)?;
    object::construct(
        call.this(),
        [
            zend::string(client_id.as_bytes()),
            zend::bool(clean_start),
            zend::long(keep_alive),
            will,
            username,
            password,
            properties,
            version,
            zend::bool(bridge),
        ],
    )
}

pub(super) fn conn_ack(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 3)?;
    let reason = call.reason(0, ReasonCode::Success)?;
    let session_present = call.bool_or(1, false)?;
    let (properties, _) = properties::from_arg(call, 2, Place::Packet(PacketType::ConnAck))?;
    object::construct(call.this(), [enums::reason(reason), zend::bool(session_present), properties])
}

pub(super) fn publish(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(1, 7)?;
    call.text(0)?;
    let (topic, payload) = (string_zval(call, 0)?, string_zval(call, 1)?);
    let qos = call.qos(2)?;
    let (retain, dup) = (call.bool_or(3, false)?, call.bool_or(4, false)?);
    let id = call.nullable(5).map(|_| call.packet_id(5)).transpose()?;
    let (properties, _) = properties::from_arg(call, 6, Place::Packet(PacketType::Publish))?;
    object::construct(
        call.this(),
        [topic, payload, zend::long(qos.level()), zend::bool(retain), zend::bool(dup), optional_id(id), properties],
    )
}

pub(super) fn ack<const TYPE: u8>(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(1, 3)?;
    let id = call.packet_id(0)?;
    let reason = call.reason(1, ReasonCode::Success)?;
    let (properties, _) = properties::from_arg(call, 2, place::<TYPE>())?;
    object::construct(call.this(), [zend::long(id.get()), enums::reason(reason), properties])
}

pub(super) fn subscribe(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(2, 3)?;
    let id = call.packet_id(0)?;
    let mut subscriptions = Vec::new();
    for_each(call, 1, |key, item| {
        subscriptions.push(subscription(key, item)?);
        Ok(())
    })?;
    let (properties, _) = properties::from_arg(call, 2, Place::Packet(PacketType::Subscribe))?;
    object::construct(call.this(), [zend::long(id.get()), zend::list_of(subscriptions.into_iter()), properties])
}

pub(super) fn reasons<const TYPE: u8>(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(if TYPE == SUBACK { 2 } else { 1 }, 3)?;
    let id = call.packet_id(0)?;
    let mut reasons = Vec::new();
    for_each(call, 1, |_, item| {
        reasons.push(enums::reason(item.reason()?));
        Ok(())
    })?;
    let (properties, _) = properties::from_arg(call, 2, place::<TYPE>())?;
    object::construct(call.this(), [zend::long(id.get()), zend::list_of(reasons.into_iter()), properties])
}

pub(super) fn unsubscribe(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(2, 3)?;
    let id = call.packet_id(0)?;
    let mut filters = Vec::new();
    for_each(call, 1, |_, item| {
        filters.push(zend::string(item.text()?.as_bytes()));
        Ok(())
    })?;
    let (properties, _) = properties::from_arg(call, 2, Place::Packet(PacketType::Unsubscribe))?;
    object::construct(call.this(), [zend::long(id.get()), zend::list_of(filters.into_iter()), properties])
}

pub(super) fn reason<const TYPE: u8>(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 2)?;
    let reason = call.reason(0, ReasonCode::Success)?;
    let (properties, _) = properties::from_arg(call, 1, place::<TYPE>())?;
    object::construct(call.this(), [enums::reason(reason), properties])
}

fn place<const TYPE: u8>() -> Place {
    Place::Packet(PacketType::from_u8(TYPE).unwrap_or(PacketType::Auth))
}

/// Visits a list argument. Each element is a copy, so that a conversion does not change the caller's array.
fn for_each(call: &Call, index: u32, mut visit: impl FnMut(Key<'_>, &mut Item<'_>) -> Outcome) -> Outcome {
    let Some(value) = call.arg(index) else { return Ok(()) };
    let Some(array) = zend::as_array(value) else { return Err(wrong_type(index, "array", value)) };
    let mut at = 0;
    zend::each(array, |key, value| {
        let mut value = zend::copy(value);
        let name = format!("Argument #{}, element {at}:", index + 1);
        at += 1;
        visit(key, &mut Item::of_call(&mut value, name))
    })
}

/// A subscription that an element says: an object, a filter at QoS 0, or QoS by filter.
fn subscription(key: Key<'_>, item: &mut Item<'_>) -> Outcome<Zval> {
    if let Some(object) = zend::instance(item.value, message::subscription_class()) {
        return Ok(zend::object_of(object));
    }
    if let Some((filter, qos)) = message::filter_and_qos(key, item.value, "Argument #2 ($subscriptions)")? {
        return Ok(message::subscription_object(&Subscription::new(filter, qos), None));
    }
    if zend::as_object(item.value).is_some() && zend::weak::string(item.value).is_none() {
        return Err(item.wrong_type("Mqtt\\Subscription|string"));
    }
    let subscription = Subscription::new(item.text()?, QoS::AtMostOnce);
    Ok(message::subscription_object(&subscription, None))
}
