//! Messages that arrived.

use mqtt_client::Received;
use mqtt_proto::packet::Properties;

use crate::ffi::{borrow, guard, mqtt_slice, release, store};
use crate::result::mqtt_result;

/// Frees a message that mqtt_client_receive gave; not one that belongs to an event. NULL does nothing. Freeing
/// acknowledges nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_message_free(message: *mut Received) {
    guard(|| {
        release!(message);
        Ok(())
    })
}

/// Stores a view of the topic name: UTF-8, not followed by NUL. It lives as long as the message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_message_topic(message: *const Received, topic: *mut mqtt_slice) -> mqtt_result {
    guard(|| {
        store!(topic, mqtt_slice::of(borrow!(message).topic.as_bytes()));
        Ok(mqtt_result::Ok)
    })
}

/// Stores a view of the payload: any bytes, may be empty. It lives as long as the message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_message_payload(message: *const Received, payload: *mut mqtt_slice) -> mqtt_result {
    guard(|| {
        store!(payload, mqtt_slice::of(&borrow!(message).payload));
        Ok(mqtt_result::Ok)
    })
}

/// The QoS that the message came with: 0, 1 or 2; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_message_qos(message: *const Received) -> u8 {
    guard(|| Ok(borrow!(message).qos.level()))
}

/// Whether the server had kept the message; false for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_message_retain(message: *const Received) -> bool {
    guard(|| Ok(borrow!(message).retain))
}

/// Whether the message may have been delivered before; false for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_message_dup(message: *const Received) -> bool {
    guard(|| Ok(borrow!(message).dup))
}

/// The packet identifier that the message came with; 0 at QoS 0 and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_message_packet_id(message: *const Received) -> u16 {
    guard(|| Ok(borrow!(message).packet_id.map_or(0, |id| id.get())))
}

/// When the message was read from the connection, in milliseconds since the Unix epoch; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_message_received_at(message: *const Received) -> u64 {
    guard(|| {
        let since = borrow!(message).received_at.duration_since(std::time::UNIX_EPOCH);
        Ok(since.map_or(0, |since| since.as_millis() as u64))
    })
}

/// The properties of the message (MQTT 5), without topic alias and subscription identifiers. They belong to the message:
/// do not free or change them. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_message_properties(message: *const Received) -> *const Properties {
    guard(|| Ok(&borrow!(message).properties as *const Properties))
}

/// Stores a subscription identifier (MQTT 5) of the message.
///
/// MQTT_RESULT_NOTHING past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_message_subscription_identifier(
    message: *const Received,
    index: usize,
    identifier: *mut u32,
) -> mqtt_result {
    guard(|| {
        let Some(found) = borrow!(message).subscription_identifiers.get(index) else { return Ok(mqtt_result::Nothing) };
        store!(identifier, *found);
        Ok(mqtt_result::Ok)
    })
}

/// Stores the number that was given to mqtt_client_subscribe with a filter that matches the topic: what handles the
/// message. Several filters may match.
///
/// MQTT_RESULT_NOTHING past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_message_handle(message: *const Received, index: usize, handle: *mut u32) -> mqtt_result {
    guard(|| {
        let Some(found) = borrow!(message).handles.get(index) else { return Ok(mqtt_result::Nothing) };
        store!(handle, *found);
        Ok(mqtt_result::Ok)
    })
}
