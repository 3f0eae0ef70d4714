//! `Mosquitto\Message`. Its properties and their casts are in shim.c.

use mqtt_proto::topic::{Filter, levels, matches};

use super::session::Message;
use super::text::check_topic;
use crate::convert::Call;
use crate::guard::{Outcome, methods};
use crate::object;
use crate::zend::{self, Zval, zend_object};

methods! {
    zim_Mosquitto_Message___construct => construct;
    zim_Mosquitto_Message_topicMatchesSub => topic_matches_sub;
    zim_Mosquitto_Message_tokeniseTopic => tokenise_topic;
}

fn construct(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 0)
}

/// The object of a message that has come.
pub(super) fn object(message: &Message) -> Zval {
    unsafe extern "C" {
        fn mqtt_mosquitto_message_new() -> *mut zend_object;
    }
    let slots = [
        zend::long(message.mid),
        zend::string(message.topic.as_bytes()),
        zend::string(&message.payload),
        zend::long(message.qos.level()),
        zend::bool(message.retain),
    ];
    // SAFETY: a new object, whose five slots hold nothing yet.
    unsafe {
        let object = mqtt_mosquitto_message_new();
        object::write(object, slots);
        zend::object_owned(object)
    }
}

fn topic_matches_sub(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(2, 2)?;
    let (topic, filter) = (call.string(0)?, call.string(1)?);
    let is_match = match (check_topic(topic), std::str::from_utf8(filter)) {
        (Ok(topic), Ok(filter)) => Filter::parse(filter).is_ok() && matches(filter, topic),
        _ => false,
    };
    *result = zend::bool(is_match);
    Ok(())
}

fn tokenise_topic(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 1)?;
    let topic = call.string(0)?;
    let level = |level: &[u8]| if level.is_empty() { zend::null() } else { zend::string(level) };
    let mut list = zend::list(1 + topic.iter().filter(|byte| **byte == b'/').count());
    match std::str::from_utf8(topic) {
        Ok(text) => levels(text).for_each(|part| zend::push(&mut list, level(part.as_bytes()))),
        Err(_) => topic.split(|byte| *byte == b'/').for_each(|part| zend::push(&mut list, level(part))),
    }
    *result = list;
    Ok(())
}
