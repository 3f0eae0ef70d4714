//! `Mosquitto\Message`. Its properties and their casts are in shim.c.

use mqtt_proto::topic::levels;

use crate::convert::Call;
use crate::guard::{Outcome, methods};
use crate::object;
use crate::zend::{self, Zval, zend_object};
use mqtt_client::mosquitto::Message;

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
    let is_text = |bytes| std::str::from_utf8(bytes).is_ok();
    let is_match = !topic.is_empty() && is_text(topic) && is_text(filter) && matches(topic, filter);
    *result = zend::bool(is_match);
    Ok(())
}

/// Whether a filter matches a topic, in one pass over both, level by level. False too where the filter has a wildcard out of its
/// place [MQTT-4.7.1-2], [MQTT-4.7.1-3], or the topic has a wildcard or NUL.
fn matches(topic: &[u8], filter: &[u8]) -> bool {
    // A leading wildcard does not match what begins with $ [MQTT-4.7.2-1].
    if topic[0] == b'$' && matches!(filter.first(), Some(b'+' | b'#')) {
        return false;
    }
    let mut at = 0;
    let mut rest = filter;
    loop {
        let (is_first_level, is_over) = (at == 0, at > topic.len());
        match rest {
            [b'#'] => return topic.iter().all(|byte| is_plain(*byte)),
            // Nothing is left of the topic: only # matches, at its parent too.
            _ if is_over && !is_first_level => return false,
            [b'+'] | [b'+', b'/', ..] => {
                while at < topic.len() && topic[at] != b'/' {
                    if !is_plain(topic[at]) {
                        return false;
                    }
                    at += 1;
                }
                rest = &rest[1..];
            }
            _ => {
                while let [byte, tail @ ..] = rest
                    && *byte != b'/'
                {
                    if !is_plain(*byte) || topic.get(at) != Some(byte) {
                        return false;
                    }
                    at += 1;
                    rest = tail;
                }
                if topic.get(at).is_some_and(|byte| *byte != b'/') {
                    return false;
                }
            }
        }
        // At the end of a level of both, or at the end of one.
        match (rest, topic.get(at)) {
            ([], None) => return true,
            ([], Some(_)) => return false,
            ([_, tail @ ..], _) => rest = tail,
        }
        at += 1;
    }
}

fn is_plain(byte: u8) -> bool {
    !matches!(byte, b'+' | b'#' | 0)
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
