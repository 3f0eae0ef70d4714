//! What a client tells its owner.

use mqtt_client::{Event, Received};
use mqtt_proto::ReasonCode;
use mqtt_proto::packet::Properties;

use crate::ffi::{borrow, guard, release, store};
use crate::result::mqtt_result;

/// Kinds of events. More may come: ignore what you do not know.
#[repr(u32)]
pub enum mqtt_event_kind {
    /// Not an event.
    None = 0,
    /// A connection stands. Has a reason and properties; mqtt_event_resumed tells whether the session was kept.
    Connected = 1,
    /// A connection ended, or could not be made. Has a text, mqtt_event_retry_after, and reason and properties where the
    /// server said why.
    Disconnected = 2,
    /// A message arrived: mqtt_event_message.
    Message = 3,
    /// A publish is done. Has a token and a reason. Only after mqtt_client_set_completion_events.
    Completed = 4,
    /// A subscribe was answered. Has a token, reasons and properties.
    Subscribed = 5,
    /// An unsubscribe was answered. Has a token, reasons (none in MQTT 3) and properties.
    Unsubscribed = 6,
    /// Something an operator may want to know. Has a text. Only after mqtt_client_set_log_events.
    Log = 7,
    /// A step of extended authentication (MQTT 5). Has a reason and properties; answer with mqtt_client_auth.
    Auth = 8,
}

/// Frees an event that mqtt_client_next_event gave; not one that a callback was called with. NULL does nothing. A message
/// in it ends with it, and is not acknowledged by it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_event_free(event: *mut Event) {
    guard(|| {
        release!(event);
        Ok(())
    })
}

/// Which kind it is (mqtt_event_kind); 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_event_kind_of(event: *const Event) -> u32 {
    guard(|| {
        Ok(match borrow!(event) {
            Event::Connected { .. } => mqtt_event_kind::Connected as u32,
            Event::Disconnected { .. } => mqtt_event_kind::Disconnected as u32,
            Event::Message(_) => mqtt_event_kind::Message as u32,
            Event::Completed { .. } => mqtt_event_kind::Completed as u32,
            Event::SubscribeDone { .. } => mqtt_event_kind::Subscribed as u32,
            Event::UnsubscribeDone { .. } => mqtt_event_kind::Unsubscribed as u32,
            Event::Log { .. } => mqtt_event_kind::Log as u32,
            Event::Auth(_) => mqtt_event_kind::Auth as u32,
            _ => mqtt_event_kind::None as u32,
        })
    })
}

/// The token of the call that is done; 0 for other kinds and NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_event_token(event: *const Event) -> u64 {
    guard(|| {
        Ok(match borrow!(event) {
            Event::Completed { token, .. }
            | Event::SubscribeDone { token, .. }
            | Event::UnsubscribeDone { token, .. } => *token,
            _ => 0,
        })
    })
}

/// Stores a reason code (mqtt_reason). Kinds with one reason have it at index 0.
///
/// MQTT_RESULT_NOTHING past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_event_reason(event: *const Event, index: usize, reason: *mut u8) -> mqtt_result {
    guard(|| {
        let one: ReasonCode;
        let reasons: &[ReasonCode] = match borrow!(event) {
            Event::Connected { conn_ack, .. } => std::slice::from_ref(&conn_ack.reason),
            Event::Disconnected { disconnect: Some(disconnect), .. } => std::slice::from_ref(&disconnect.reason),
            Event::Disconnected { why, .. } => {
                one = why.reason();
                std::slice::from_ref(&one)
            }
            Event::Completed { reason, .. } => std::slice::from_ref(reason),
            Event::Auth(auth) => std::slice::from_ref(&auth.reason),
            Event::SubscribeDone { sub_ack, .. } => &sub_ack.reasons,
            Event::UnsubscribeDone { unsub_ack, .. } => &unsub_ack.reasons,
            _ => &[],
        };
        let Some(found) = reasons.get(index) else { return Ok(mqtt_result::Nothing) };
        store!(reason, found.value());
        Ok(mqtt_result::Ok)
    })
}

/// Stores the text of an event: why a connection ended, or the log line. UTF-8, followed by NUL. The caller gives room
/// for `capacity` bytes; a longer text is cut at a character. `length` may be NULL; it gets the length of the whole
/// text without the NUL.
///
/// MQTT_RESULT_NOTHING for kinds without a text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_event_text(
    event: *const Event,
    buffer: *mut std::ffi::c_char,
    capacity: usize,
    length: *mut usize,
) -> mqtt_result {
    guard(|| {
        let text = match borrow!(event) {
            Event::Disconnected { why, .. } => why.to_string(),
            Event::Log { text, .. } => text.clone(),
            _ => return Ok(mqtt_result::Nothing),
        };
        crate::ffi::store_if_wanted!(length, text.len());
        // SAFETY: the header demands room for `capacity` bytes.
        unsafe { crate::ffi::copy_text(&text, buffer, capacity) }?;
        Ok(mqtt_result::Ok)
    })
}

/// How much a log line matters (mqtt_log_level, and 64 for debugging); 0 for other kinds and NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_event_level(event: *const Event) -> u32 {
    guard(|| {
        Ok(match borrow!(event) {
            Event::Log { level: "error", .. } => 1,
            Event::Log { level: "warning", .. } => 2,
            Event::Log { level: "notice", .. } => 4,
            Event::Log { level: "info", .. } => 8,
            Event::Log { .. } => 64,
            _ => 0,
        })
    })
}

/// After a disconnection: milliseconds until the next attempt; UINT64_MAX where there will be none, for other kinds and
/// for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_event_retry_after(event: *const Event) -> u64 {
    if event.is_null() {
        return u64::MAX;
    }
    guard(|| {
        Ok(match borrow!(event) {
            Event::Disconnected { retry_in: Some(seconds), .. } => (seconds * 1000.0) as u64,
            _ => u64::MAX,
        })
    })
}

/// After a connection: whether the server resumed the session; false for other kinds and NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_event_resumed(event: *const Event) -> bool {
    guard(|| Ok(matches!(borrow!(event), Event::Connected { resumed: true, .. })))
}

/// The message of an event. It belongs to the event: do not free it. NULL for other kinds and NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_event_message(event: *const Event) -> *const Received {
    guard(|| {
        Ok(match borrow!(event) {
            Event::Message(message) => message as *const Received,
            _ => std::ptr::null(),
        })
    })
}

/// The properties (MQTT 5) of the packet that the event is about. They belong to the event: do not free or change them.
/// NULL where there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_event_properties(event: *const Event) -> *const Properties {
    guard(|| {
        Ok(match borrow!(event) {
            Event::Connected { conn_ack, .. } => &conn_ack.properties,
            Event::Disconnected { disconnect: Some(disconnect), .. } => &disconnect.properties,
            Event::Message(message) => &message.properties,
            Event::Auth(auth) => &auth.properties,
            Event::SubscribeDone { sub_ack, .. } => &sub_ack.properties,
            Event::UnsubscribeDone { unsub_ack, .. } => &unsub_ack.properties,
            _ => return Ok(std::ptr::null()),
        } as *const Properties)
    })
}
