//! `Mqtt\Message`, `Mqtt\Will` and `Mqtt\Subscription`.

use std::ffi::c_void;

use bytes::Bytes;
use mqtt_client::{PublishRequest, Wait};
use mqtt_proto::packet::{PacketType, Property, QoS, RetainHandling, Subscription, Will};
use mqtt_proto::topic::{self, Filter};
use mqtt_proto::{ReasonCode, Text};

use crate::client::{Origin, refused, throw_error};
use crate::convert::{Call, Item};
use crate::enums;
use crate::exception::{self, argument_value, class_entries, value_error};
use crate::guard::{Outcome, methods};
use crate::object::{self, slot};
use crate::properties::{self, Place};
use crate::topic::complaint;
use crate::wait::interrupt;
use crate::zend::{self, Key, Zval, zend_object};

class_entries! {
    message_class = class_entry_Mqtt_Message;
    will_class = class_entry_Mqtt_Will;
    subscription_class = class_entry_Mqtt_Subscription;
}

methods! {
    zim_Mqtt_Message___construct => construct_message;
    zim_Mqtt_Message_reply => reply;
    zim_Mqtt_Message_ack => ack;
    zim_Mqtt_Will___construct => construct_will;
    zim_Mqtt_Subscription___construct => construct_subscription;
}

fn construct_message(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(1, 8)?;
    let topic = crate::topic::check_name(call, 0)?;
    let payload = string_zval(call, 1)?;
    let qos = call.qos(2)?;
    let (retain, dup) = (call.bool_or(3, false)?, call.bool_or(4, false)?);
    let (properties, _) = properties::from_arg(call, 5, Place::Packet(PacketType::Publish))?;
    let mut identifiers = Vec::new();
    if let Some(value) = call.arg(6) {
        let Some(array) = zend::as_array(value) else { return Err(crate::convert::wrong_type(6, "array", value)) };
        zend::each(array, |_, value| {
            let mut value = zend::copy(value);
            let words = "Mqtt\\Message::__construct(): Argument #7 ($subscriptionIdentifiers): each element";
            let number = Item::of_call(&mut value, words).long(1, 268_435_455)?;
            identifiers.push(zend::long(number));
            Ok(())
        })?;
    }
    let received_at = zend::optional(call.optional_double(7)?, zend::double);
    object::construct(
        call.this(),
        [
            zend::string(topic.as_bytes()),
            payload,
            zend::long(qos.level()),
            zend::bool(retain),
            zend::bool(dup),
            properties,
            zend::list_of(identifiers.into_iter()),
            received_at,
        ],
    )
}

fn reply(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 4)?;
    let object = call.this();
    let properties_of_request = properties::of_slot(slot(object, 5))?;
    let (Some(origin), Some(topic)) = (zend::native::<Origin>(object), properties_of_request.response_topic()) else {
        let text = "the message has no response topic, or was not received by a client";
        return Err(exception::throw(exception::logic_exception(), text, 0, []));
    };
    let payload = call.string(0)?;
    let qos = if call.nullable(1).is_some() { call.qos(1)? } else { slot_qos(object, 2)? };
    let retain = call.bool_or(2, false)?;
    let (_, mut properties) = properties::from_arg(call, 3, Place::Packet(PacketType::Publish))?;
    if let Some(data) = properties_of_request.correlation_data() {
        properties.set(Property::CorrelationData(data.clone()));
    }
    let request = PublishRequest { topic, payload, qos, retain, properties: &properties };
    let mut hook = || interrupt(None);
    let token = origin.client.publish(&request, Wait::forever().with_hook(&mut hook));
    *result = zend::long(token.map_err(|error| refused(&error, &request, 3))? as i64);
    Ok(())
}

fn ack(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    let reason = call.reason(0, ReasonCode::Success)?;
    enums::check_reason(reason, "an acknowledgement", |reason| reason.is_defined_for(PacketType::PubAck))?;
    let origin = zend::native::<Origin>(call.this()).and_then(|origin| Some((origin, origin.ack?)));
    *result = zend::bool(match origin {
        None => false,
        Some((origin, ack)) => {
            let known = origin.client.ack(ack, reason).map_err(|error| throw_error(&error))?;
            origin.unacknowledged.iter().for_each(|list| list.remove(ack));
            known
        }
    });
    Ok(())
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_free_Message(data: *mut c_void) {
    // SAFETY: made by set_native, and freed once.
    drop(unsafe { Box::from_raw(data.cast::<Origin>()) });
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_clone_Message(data: *const c_void) -> *mut c_void {
    // SAFETY: the data of a living object.
    let origin = unsafe { &*data.cast::<Origin>() };
    Box::into_raw(Box::new(origin.clone())).cast()
}

fn construct_will(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(1, 5)?;
    let topic = crate::topic::check_name(call, 0)?;
    let payload = string_zval(call, 1)?;
    if zend::as_bytes(&payload).is_some_and(|bytes| bytes.len() > 65_535) {
        return Err(argument_value(1, "must be at most 65535 bytes long"));
    }
    let qos = call.qos(2)?;
    let retain = call.bool_or(3, false)?;
    let (properties, _) = properties::from_arg(call, 4, Place::Will)?;
    object::construct(
        call.this(),
        [zend::string(topic.as_bytes()), payload, zend::long(qos.level()), zend::bool(retain), properties],
    )
}

fn construct_subscription(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(1, 6)?;
    let filter = call.text(0)?;
    let parsed = Filter::parse(filter).map_err(|rule| argument_value(0, &complaint("topic filter", rule)))?;
    let qos = call.qos(1)?;
    let no_local = call.bool_or(2, false)?;
    if no_local && parsed.share.is_some() {
        return Err(argument_value(2, "must be false for a shared subscription [MQTT-3.8.3-4]"));
    }
    let retain_as_published = call.bool_or(3, false)?;
    let retain_handling = call.long_within(4, 0, 0, 2)?;
    let identifier = call.optional_long(5)?;
    if identifier.is_some_and(|number| !(1..=268_435_455).contains(&number)) {
        return Err(argument_value(5, "must be between 1 and 268435455"));
    }
    object::construct(
        call.this(),
        [
            zend::string(filter.as_bytes()),
            zend::long(qos.level()),
            zend::bool(no_local),
            zend::bool(retain_as_published),
            zend::long(retain_handling),
            zend::optional(identifier, zend::long),
        ],
    )
}

/// A string argument as a value that shares the caller's string.
pub(crate) fn string_zval(call: &Call, index: u32) -> Outcome<Zval> {
    call.string(index)?;
    Ok(call.arg(index).map_or_else(|| zend::string(b""), |value| zend::copy(value)))
}

/// The bytes of a slot that is declared to hold a string.
pub(crate) fn slot_bytes<'a>(object: *mut zend_object, index: usize) -> &'a [u8] {
    zend::as_bytes(slot(object, index)).unwrap_or(b"")
}

/// The text of a slot that is declared to hold a string.
pub(crate) fn slot_text(object: *mut zend_object, index: usize, name: &str) -> Outcome<Text> {
    Text::try_from(Bytes::copy_from_slice(slot_bytes(object, index)))
        .map_err(|_| value_error(&format!("Property ${name} must be valid UTF-8")))
}

/// The QoS of a slot. The slot of an unserialized object may hold any int.
pub(crate) fn slot_qos(object: *mut zend_object, index: usize) -> Outcome<QoS> {
    let level = zend::as_long(slot(object, index)).unwrap_or(0);
    u8::try_from(level)
        .ok()
        .and_then(QoS::from_u8)
        .ok_or_else(|| value_error(&format!("Property $qos must be 0, 1 or 2, {level} given")))
}

/// The bool of a slot.
pub(crate) fn slot_bool(object: *mut zend_object, index: usize) -> bool {
    zend::as_bool(slot(object, index)).unwrap_or(false)
}

/// An object for a will.
pub(crate) fn will_object(will: &Will) -> Zval {
    object::new(
        will_class(),
        [
            zend::string(will.topic.as_bytes()),
            zend::string(&will.payload),
            zend::long(will.qos.level()),
            zend::bool(will.retain),
            properties::object(will.properties.clone()),
        ],
    )
}

/// The will that an object says.
pub(crate) fn will_of(object: *mut zend_object) -> Outcome<Will> {
    Ok(Will {
        topic: checked_topic(object)?,
        payload: Bytes::copy_from_slice(slot_bytes(object, 1)),
        qos: slot_qos(object, 2)?,
        retain: slot_bool(object, 3),
        properties: properties::of_slot(slot(object, 4))?.into_owned(),
    })
}

/// The topic of a message or will, checked.
pub(crate) fn checked_topic(object: *mut zend_object) -> Outcome<Text> {
    let topic = slot_text(object, 0, "topic")?;
    topic::check_name(&topic)
        .map_err(|rule| value_error(&format!("Property $topic {}", complaint("topic name", rule))))?;
    Ok(topic)
}

/// What an element of an array of filters says that has its filter as its key: QoS by filter. `None`: it is an element of a
/// list. PHP makes an int of a filter like "7", so an int with an int key is a QoS.
pub(crate) fn filter_and_qos(key: Key<'_>, value: &mut Zval, words: &str) -> Outcome<Option<(Text, QoS)>> {
    let name = match key {
        Key::Name(name) => name.to_vec(),
        Key::Index(index) if zend::as_long(value).is_some() => (index as i64).to_string().into_bytes(),
        Key::Index(_) => return Ok(None),
    };
    let mut name = zend::string(&name);
    let filter = Item::new(&mut name, format!("{words}: each filter")).text()?;
    let shown: String = filter.chars().take(200).collect();
    let qos = Item::of_call(value, format!("{words}: the QoS of filter \"{shown}\"")).qos()?;
    Ok(Some((filter, qos)))
}

/// An object for a subscription.
pub(crate) fn subscription_object(subscription: &Subscription, identifier: Option<u32>) -> Zval {
    object::new(
        subscription_class(),
        [
            zend::string(subscription.filter.as_bytes()),
            zend::long(subscription.qos.level()),
            zend::bool(subscription.no_local),
            zend::bool(subscription.retain_as_published),
            zend::long(subscription.retain_handling as u8),
            zend::optional(identifier, zend::long),
        ],
    )
}

/// The subscription that an object says, and its identifier.
pub(crate) fn subscription_of(object: *mut zend_object) -> Outcome<(Subscription, Option<u32>)> {
    let filter = slot_text(object, 0, "filter")?;
    let handling = zend::as_long(slot(object, 4)).unwrap_or(0);
    let subscription = Subscription {
        qos: slot_qos(object, 1)?,
        no_local: slot_bool(object, 2),
        retain_as_published: slot_bool(object, 3),
        retain_handling: u8::try_from(handling)
            .ok()
            .and_then(RetainHandling::from_u8)
            .ok_or_else(|| value_error("Property $retainHandling must be 0, 1 or 2"))?,
        filter,
    };
    let identifier = zend::as_long(slot(object, 5)).and_then(|number| u32::try_from(number).ok());
    Ok((subscription, identifier))
}
