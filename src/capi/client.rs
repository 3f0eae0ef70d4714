//! The client.

use std::ffi::{c_char, c_int, c_void};
use std::os::fd::AsRawFd;
use std::sync::Once;
use std::time::Duration;

use mqtt_client::{Client, Event, Options, PublishRequest, Received, Subscribe};
use mqtt_proto::packet::{Auth, Disconnect, Properties};

use crate::client_request::{ANSWERS, ClientHandle, waiting};
use crate::ffi::{self, borrow, bytes, guard, release, store, store_if_wanted, text};
use crate::packet::{qos, reason, subscription};
use crate::result::{Failure, mqtt_result};
use crate::{options, property};

/// Called by mqtt_client_dispatch, on its thread, with no lock held: it may call any function with the client, except
/// mqtt_client_free. `event` lives until it returns. It must return: no longjmp, no exception.
pub type mqtt_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, client: *const ClientHandle, event: *const Event)>;

/// Stores a new client. It connects nothing; mqtt_client_connect does. The options are copied. Free it with
/// mqtt_client_free.
///
/// A client may be used by several threads at once. After fork() it belongs to the parent: in the child every function
/// answers MQTT_RESULT_FORKED, and mqtt_client_free does no harm.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_new(options: *const Options, client: *mut *mut ClientHandle) -> mqtt_result {
    guard(|| {
        if client.is_null() {
            return Err(Failure::null("client"));
        }
        watch_forks();
        // SAFETY: the header demands options that were not freed.
        let options = unsafe { options::copy(options) }?;
        store!(client, ffi::give(ClientHandle::new(Client::new(options)?)));
        Ok(mqtt_result::Ok)
    })
}

/// Gets messages out within the linger time of the options, disconnects, and frees the client. NULL does nothing. No
/// other thread may use the client any more, and no callback of it may be running.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_free(client: *mut ClientHandle) {
    guard(|| {
        release!(client);
        Ok(())
    })
}

/// Connects, where there is no connection, and waits for the answer. `timeout` in milliseconds; below 0 as long as the
/// options allow. After a failure the client is idle; call again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_connect(client: *const ClientHandle, timeout: i64) -> mqtt_result {
    guard(|| {
        let client = borrow!(client);
        waiting(timeout, |wait| client.connect(wait))?;
        Ok(mqtt_result::Ok)
    })
}

/// Begins to connect and returns. MQTT_EVENT_KIND_CONNECTED or MQTT_EVENT_KIND_DISCONNECTED follows. `token` may be NULL;
/// mqtt_client_wait takes it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_start_connect(client: *const ClientHandle, token: *mut u64) -> mqtt_result {
    guard(|| {
        let started = borrow!(client).start_connect()?;
        store_if_wanted!(token, started);
        Ok(mqtt_result::Ok)
    })
}

/// Whether a connection stands; false for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_is_connected(client: *const ClientHandle) -> bool {
    guard(|| Ok(borrow!(client).is_connected()))
}

/// Whether the server resumed a session at the last connection; false before the first and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_session_present(client: *const ClientHandle) -> bool {
    guard(|| Ok(borrow!(client).conn_ack().is_some_and(|conn_ack| conn_ack.session_present)))
}

/// Hands a message over. Topic and payload are copied. `properties` and `token` may be NULL. Connects in the background
/// where nothing does yet.
///
/// It waits only while the queue is full, at most `timeout` milliseconds (below 0: without end). The message is done when
/// the kernel has it (QoS 0) or the server has acknowledged it (QoS 1 and 2): mqtt_client_wait or mqtt_client_flush.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_publish(
    client: *const ClientHandle,
    topic: *const c_char,
    payload: *const u8,
    length: usize,
    qos: u8,
    retain: bool,
    properties: *const Properties,
    timeout: i64,
    token: *mut u64,
) -> mqtt_result {
    guard(|| {
        let none = Properties::new();
        // SAFETY: the header demands NULL or a list that was not freed.
        let properties = unsafe { property::optional(properties, &none) }?;
        let request = PublishRequest {
            topic: text!(topic),
            payload: bytes!(payload, length),
            qos: self::qos(qos.into())?,
            retain,
            properties,
        };
        let client = borrow!(client);
        let given = waiting(timeout, |wait| client.publish(&request, wait))?;
        store_if_wanted!(token, given);
        Ok(mqtt_result::Ok)
    })
}

/// Waits until a token is done, at most `timeout` milliseconds (below 0: without end). `reason` may be NULL; it gets the
/// server's reason code. MQTT_RESULT_REFUSED where the server refused; MQTT_RESULT_TIMEOUT where the time was over.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_wait(
    client: *const ClientHandle,
    token: u64,
    timeout: i64,
    reason: *mut u8,
) -> mqtt_result {
    guard(|| {
        let client = borrow!(client);
        let code = waiting(timeout, |wait| client.wait(token, wait))?;
        store_if_wanted!(reason, code.value());
        Ok(mqtt_result::Ok)
    })
}

/// Waits until everything that was handed over is done, at most `timeout` milliseconds (below 0: without end). `open` may
/// be NULL; it gets how many are not done.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_flush(client: *const ClientHandle, timeout: i64, open: *mut usize) -> mqtt_result {
    guard(|| {
        let client = borrow!(client);
        let left = waiting(timeout, |wait| client.flush(wait))?;
        store_if_wanted!(open, left);
        Ok(mqtt_result::Ok)
    })
}

/// Subscribes to one filter and waits for the answer, at most `timeout` milliseconds (below 0: without end). `options` as
/// in mqtt_packet_filter; its two lowest bits are the QoS. `handle` comes back with each message that the filter
/// matches (mqtt_message_handle); 0 for none. `properties` may be NULL. `reason` may be NULL; it gets the server's answer.
/// MQTT_RESULT_REFUSED where the server refused the filter. After a reconnection the client subscribes again by itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_subscribe(
    client: *const ClientHandle,
    filter: *const c_char,
    options: u8,
    handle: u32,
    properties: *const Properties,
    timeout: i64,
    reason: *mut u8,
) -> mqtt_result {
    guard(|| {
        let none = Properties::new();
        // SAFETY: the header demands NULL or a list that was not freed.
        let properties = unsafe { property::optional(properties, &none) }?;
        let name = text!(filter);
        let filters = [Subscribe { subscription: subscription(name, options)?, handle: self::handle(handle)? }];
        let client = borrow!(client);
        let answer = waiting(timeout, |wait| client.subscribe(&filters, properties, wait))?;
        let Some(code) = answer.reasons.first().copied() else {
            return Err(Failure::new(mqtt_result::Protocol, "the server answered without a reason code"));
        };
        store_if_wanted!(reason, code.value());
        if code.is_error() {
            return Err(Failure::refused(format!("the server refused the subscription to {name}: {code}"), code));
        }
        Ok(mqtt_result::Ok)
    })
}

/// Ends the subscription to one filter and waits for the answer, at most `timeout` milliseconds (below 0: without end).
/// `properties` may be NULL. MQTT_RESULT_REFUSED where the server refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_unsubscribe(
    client: *const ClientHandle,
    filter: *const c_char,
    properties: *const Properties,
    timeout: i64,
) -> mqtt_result {
    guard(|| {
        let none = Properties::new();
        // SAFETY: the header demands NULL or a list that was not freed.
        let properties = unsafe { property::optional(properties, &none) }?;
        let name = text!(filter);
        let client = borrow!(client);
        let answer = waiting(timeout, |wait| client.unsubscribe(&[name.into()], properties, wait))?;
        match answer.reasons.first() {
            Some(code) if code.is_error() => {
                Err(Failure::refused(format!("the server refused to end the subscription to {name}: {code}"), *code))
            }
            _ => Ok(mqtt_result::Ok),
        }
    })
}

/// Stores the next message, waiting for it at most `timeout` milliseconds (0: only looks; below 0: without end). It
/// belongs to the caller: mqtt_message_free. It is acknowledged, unless the options say manual. Other events wait for
/// mqtt_client_next_event.
///
/// MQTT_RESULT_NOTHING when the time is over. `*message` is changed only by MQTT_RESULT_OK.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_receive(
    client: *const ClientHandle,
    timeout: i64,
    message: *mut *mut Received,
) -> mqtt_result {
    guard(|| {
        if message.is_null() {
            return Err(Failure::null("message"));
        }
        let Some(received) = borrow!(client).take_message(timeout)? else { return Ok(mqtt_result::Nothing) };
        store!(message, ffi::give(received));
        Ok(mqtt_result::Ok)
    })
}

/// Stores the next event, waiting for it at most `timeout` milliseconds (0: only looks; below 0: without end). It belongs
/// to the caller: mqtt_event_free. A message in it is not acknowledged: mqtt_client_ack.
///
/// MQTT_RESULT_NOTHING when the time is over. `*event` is changed only by MQTT_RESULT_OK.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_next_event(
    client: *const ClientHandle,
    timeout: i64,
    event: *mut *mut Event,
) -> mqtt_result {
    guard(|| {
        if event.is_null() {
            return Err(Failure::null("event"));
        }
        let Some(next) = borrow!(client).take_event(timeout)? else { return Ok(mqtt_result::Nothing) };
        store!(event, ffi::give(next));
        Ok(mqtt_result::Ok)
    })
}

/// Acknowledges a message that has been handled; from `reason` 0x80 (mqtt_reason, MQTT 5) on it refuses it. QoS 0 needs
/// none. MQTT_RESULT_NOTHING where the message needs none or has been acknowledged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_ack(
    client: *const ClientHandle,
    message: *const Received,
    reason: u8,
) -> mqtt_result {
    guard(|| {
        let reason = self::reason(reason)?;
        let Some(ack) = borrow!(message).ack else { return Ok(mqtt_result::Nothing) };
        let done = borrow!(client).ack(ack, reason)?;
        Ok(if done { mqtt_result::Ok } else { mqtt_result::Nothing })
    })
}

/// Calls back for each event that waits, at most `most` of them, and returns. `count` may be NULL; it gets how many there
/// were. A message is acknowledged when the callback has returned, unless the options say manual. `user_data` is passed
/// on and never looked at. Call it when mqtt_client_fd polls readable; several threads may.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_dispatch(
    client: *const ClientHandle,
    most: usize,
    callback: mqtt_callback,
    user_data: *mut c_void,
    count: *mut usize,
) -> mqtt_result {
    guard(|| {
        let Some(callback) = callback else { return Err(Failure::null("callback")) };
        let called = borrow!(client);
        let mut done = 0;
        while done < most {
            let Some(event) = called.take_event(0)? else { break };
            // SAFETY: a function of this type by the header's demand; the event lives on this stack until it returns.
            unsafe { callback(user_data, client, &event) };
            done += 1;
            if let Event::Message(received) = &event {
                called.settle(received)?;
            }
        }
        store_if_wanted!(count, done);
        Ok(mqtt_result::Ok)
    })
}

/// Sends a step of extended authentication (MQTT 5): a reason (mqtt_reason: continue authentication, or re-authenticate
/// to begin anew) and the properties that hold the data. The authentication method of CONNECT is among the properties of
/// the options. `properties` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_auth(
    client: *const ClientHandle,
    reason: u8,
    properties: *const Properties,
) -> mqtt_result {
    guard(|| {
        let none = Properties::new();
        // SAFETY: the header demands NULL or a list that was not freed.
        let properties = unsafe { property::optional(properties, &none) }?.clone();
        borrow!(client).send_auth(&Auth { reason: self::reason(reason)?, properties })?;
        Ok(mqtt_result::Ok)
    })
}

/// Whether publishes that are done become events (MQTT_EVENT_KIND_COMPLETED); off at first.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_set_completion_events(client: *const ClientHandle, on: bool) -> mqtt_result {
    guard(|| {
        borrow!(client).set_completion_events(on);
        Ok(mqtt_result::Ok)
    })
}

/// Whether events tell what goes on (MQTT_EVENT_KIND_LOG); off at first.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_set_log_events(client: *const ClientHandle, on: bool) -> mqtt_result {
    guard(|| {
        borrow!(client).set_log_events(on);
        Ok(mqtt_result::Ok)
    })
}

/// A descriptor that polls readable while events wait. It belongs to the client: do not read, write or close it. -1 for
/// NULL and on failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_fd(client: *const ClientHandle) -> c_int {
    guard(|| Ok(borrow!(client).fd()?.as_raw_fd()))
}

/// Counters since the client was made, and what there is at the moment.
#[repr(u32)]
pub enum mqtt_stat {
    /// Bytes sent.
    BytesSent = 1,
    /// Bytes received.
    BytesReceived = 2,
    /// Messages handed over.
    MessagesSent = 3,
    /// Messages received.
    MessagesReceived = 4,
    /// Messages of QoS 1 and 2 that were acknowledged.
    MessagesAcknowledged = 5,
    /// Messages dropped because the queue was full or they had expired.
    MessagesDropped = 6,
    /// Connections that stood.
    Connections = 7,
    /// Messages sent and not acknowledged at the moment.
    InFlight = 8,
    /// Messages that wait for a connection or for acknowledgements at the moment.
    Queued = 9,
    /// Messages received that nobody has taken at the moment.
    ReceiveQueue = 10,
    /// Connections that stood, after the first.
    Reconnects = 11,
    /// Filters subscribed again because the server had lost the session.
    Resubscribed = 12,
    /// Messages sent again as new because the server had lost the session.
    Republished = 13,
    /// Events given up because nobody took them (log lines and completions only, never messages).
    EventsDropped = 14,
    /// Bytes of the messages that wait to be sent at the moment.
    QueuedBytes = 15,
    /// Bytes of the messages received that nobody has taken at the moment.
    ReceiveQueueBytes = 16,
    /// Last measured time between a ping or publish and its answer, in microseconds; 0 before the first.
    RoundTripUs = 17,
}

/// A counter (mqtt_stat); 0 for other numbers and NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_stat(client: *const ClientHandle, stat: u32) -> u64 {
    guard(|| {
        let stats = borrow!(client).stats();
        Ok(match stat {
            1 => stats.bytes_sent,
            2 => stats.bytes_received,
            3 => stats.messages_sent,
            4 => stats.messages_received,
            5 => stats.messages_acknowledged,
            6 => stats.messages_dropped,
            7 => stats.connections,
            8 => stats.in_flight as u64,
            9 => stats.queued as u64,
            10 => stats.receive_queue as u64,
            11 => stats.reconnects,
            12 => stats.resubscribed,
            13 => stats.republished,
            14 => stats.events_dropped,
            15 => stats.queued_bytes as u64,
            16 => stats.receive_queue_bytes as u64,
            17 => stats.round_trip_us,
            _ => 0,
        })
    })
}

/// Sends what is queued and can be sent, then DISCONNECT with this reason (mqtt_reason; 0 is the normal one), and closes;
/// at most `timeout` milliseconds (below 0: without end). `properties` may be NULL. Reconnecting ends. The client can
/// connect again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_disconnect(
    client: *const ClientHandle,
    reason: u8,
    properties: *const Properties,
    timeout: i64,
) -> mqtt_result {
    guard(|| {
        let none = Properties::new();
        // SAFETY: the header demands NULL or a list that was not freed.
        let properties = unsafe { property::optional(properties, &none) }?.clone();
        let disconnect = Disconnect { reason: self::reason(reason)?, properties };
        let client = borrow!(client);
        waiting(timeout, |wait| client.disconnect(&disconnect, wait))?;
        Ok(mqtt_result::Ok)
    })
}

/// Gets messages out within `linger` milliseconds and closes for good: later calls answer MQTT_RESULT_CLOSED. `lost` may
/// be NULL; it gets how many messages are not known to have arrived. The client is still to be freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_close(client: *const ClientHandle, linger: u32, lost: *mut usize) -> mqtt_result {
    guard(|| {
        let closed = borrow!(client).close(Duration::from_millis(linger.into()));
        store_if_wanted!(lost, closed.publishes);
        Ok(mqtt_result::Ok)
    })
}

/// The handle of a subscription; 0 is none.
pub(crate) fn handle(number: u32) -> Result<Option<u32>, Failure> {
    if number == ANSWERS {
        return Err(Failure::invalid("handle UINT32_MAX belongs to the answers of mqtt_client_request"));
    }
    Ok((number != 0).then_some(number))
}

/// From the first client on, a forked child knows that its parent's clients are not its own.
pub(crate) fn watch_forks() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the hook changes one atomic number, which is allowed in a child after fork, and lives as long as the
        // library. Without memory for the registration the kernel refuses, and a fork stays unguarded.
        unsafe { libc::pthread_atfork(None, None, Some(mqtt_client::fork::child_after_fork)) };
    });
}
