//! Publishing, and waiting for what was published.

use mqtt_client::{Error, PublishRequest, Wait};
use mqtt_proto::packet::{PacketType, QoS};
use mqtt_proto::topic::check_name;

use super::error::throw_error;
use super::state::State;
use super::{NO_PROPERTIES, fail, this};
use crate::convert::{Call, Item, Name, wrong_type};
use crate::enums;
use crate::exception::argument_value;
use crate::guard::{Outcome, Thrown};
use crate::message::{self, slot_bool, slot_bytes, slot_qos};
use crate::object::slot;
use crate::properties::{self, Place};
use crate::topic::complaint;
use crate::wait::interrupt;
use crate::zend::{self, Key, Zval};

pub(super) fn publish(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 5)?;
    let state = this(call)?;
    let topic = call.text(0)?;
    let payload = call.string(1)?;
    let qos = call.qos(2)?;
    let retain = call.bool_or(3, false)?;
    let given;
    let properties = if call.nullable(4).is_some() {
        given = properties::from_arg(call, 4, Place::Packet(PacketType::Publish))?.1;
        &given
    } else {
        &NO_PROPERTIES
    };
    let token = send(state, &PublishRequest { topic, payload, qos, retain, properties }, 4)?;
    *result = zend::long(token as i64);
    Ok(())
}

/// Publishes; the topic is the first argument of the call, and the properties are that with this index.
pub(super) fn send(state: &State, request: &PublishRequest<'_>, properties: u32) -> Outcome<u64> {
    let mut hook = || interrupt(None);
    state
        .client
        .publish(request, Wait::forever().with_hook(&mut hook))
        .map_err(|error| refused(&error, request, properties))
}

/// What an error of publishing is in PHP, in the names that PHP knows.
pub(crate) fn refused(error: &Error, request: &PublishRequest<'_>, properties: u32) -> Thrown {
    if !matches!(error, Error::InvalidArgument(_)) {
        return throw_error(error);
    }
    if let Err(rule) = check_name(request.topic) {
        return argument_value(0, &complaint("topic name", rule));
    }
    let list = request.properties;
    let problem = if list.topic_alias().is_some() {
        "must not contain \"topicAlias\": the number would mean nothing when the message is sent again on another connection"
    } else if list.subscription_identifier().is_some() {
        "must not contain \"subscriptionIdentifier\": it is the server's to say"
    } else if let Some(Err(rule)) = list.response_topic().map(|topic| check_name(topic)) {
        return argument_value(properties, &format!("key \"responseTopic\" {}", complaint("topic name", rule)));
    } else {
        return throw_error(error);
    };
    argument_value(properties, problem)
}

pub(super) fn publish_many(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 3)?;
    let state = this(call)?;
    let (qos, retain) = (call.qos(1)?, call.bool_or(2, false)?);
    let Some(messages) = call.arg(0) else { return Ok(()) };
    let mut count = 0i64;
    let visited = zend::traverse(messages, |_, value| {
        publish_element(state, count, value, qos, retain)?;
        count += 1;
        Ok(())
    })?;
    visited.ok_or_else(|| wrong_type(0, "iterable", messages))?;
    *result = zend::long(count);
    Ok(())
}

/// One element of publishMany(): a message, or a list of topic, payload, QoS and retain.
fn publish_element(state: &State, at: i64, value: &mut Zval, qos: QoS, retain: bool) -> Outcome {
    if let Some(object) = zend::instance(value, message::message_class()) {
        let topic = message::slot_text(object, 0, "topic")?;
        let properties = properties::of_slot(slot(object, 5))?;
        let request = PublishRequest {
            topic: &topic,
            payload: slot_bytes(object, 1),
            qos: slot_qos(object, 2)?,
            retain: slot_bool(object, 3),
            properties: &properties,
        };
        return send(state, &request, 0).map(drop);
    }
    let Some(array) = zend::as_array(value) else {
        let text = format!(
            "must contain only Mqtt\\Message or arrays of topic, payload, QoS, retain, {} given",
            zend::type_name(value)
        );
        return Err(argument_value(0, &text));
    };
    let mut parts = (None, bytes::Bytes::new(), qos, retain);
    zend::each(array, |key, value| {
        let mut value = zend::copy(value);
        let name = |part| Name::Part { of: "Mqtt\\Client::publishMany(): Argument #1 ($messages)", part, number: at };
        match key {
            Key::Index(0) | Key::Name(b"topic") => {
                parts.0 = Some(Item::of_call(&mut value, name("the topic")).text()?);
            }
            Key::Index(1) | Key::Name(b"payload") => {
                parts.1 = Item::of_call(&mut value, name("the payload")).bytes()?
            }
            Key::Index(2) | Key::Name(b"qos") => parts.2 = Item::of_call(&mut value, name("the QoS")).qos()?,
            Key::Index(3) | Key::Name(b"retain") => {
                parts.3 = Item::of_call(&mut value, name("the retain flag")).bool()?;
            }
            _ => {
                let text = format!(
                    "must hold topic, payload, QoS, retain and nothing else in message {at}, \"{}\" given",
                    super::options::key_name(key)
                );
                return Err(argument_value(0, &text));
            }
        }
        Ok(())
    })?;
    let (Some(topic), payload, qos, retain) = parts else {
        return Err(argument_value(0, &format!("must give each message a topic, message {at} has none")));
    };
    let request = PublishRequest { topic: &topic, payload: &payload, qos, retain, properties: &NO_PROPERTIES };
    send(state, &request, 0).map(drop)
}

pub(super) fn wait(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 2)?;
    let state = this(call)?;
    let token = call.long_within(0, 0, 0, i64::MAX)?;
    let timeout = call.timeout(1)?;
    let mut hook = || interrupt(None);
    let reason = fail(state.client.wait(token as u64, Wait::from(timeout).with_hook(&mut hook)))?;
    *result = enums::reason(reason);
    Ok(())
}

pub(super) fn flush(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    let state = this(call)?;
    let timeout = call.timeout(0)?;
    let mut hook = || interrupt(None);
    let open = fail(state.client.flush(Wait::from(timeout).with_hook(&mut hook)))?;
    *result = zend::long(open as i64);
    Ok(())
}
