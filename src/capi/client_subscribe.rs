//! Several filters in one call, calls that only begin, and what is known about the server.

use std::ffi::c_char;

use mqtt_client::Subscribe;
use mqtt_proto::packet::{Disconnect, Properties};
use mqtt_proto::{ReasonCode, Text};

use crate::client::handle;
use crate::client_request::{ClientHandle, waiting};
use crate::ffi::{self, borrow, guard, mqtt_slice, store, store_if_wanted};
use crate::packet::{reason, subscription};
use crate::property;
use crate::result::{Failure, mqtt_result};

/// Subscribes to `count` filters with one packet and waits for the answer, at most `timeout` milliseconds (below 0: without
/// end). `filters`, `options` and `handles` are arrays of `count`, with the meaning that they have for
/// mqtt_client_subscribe; NULL for `options` is QoS 0 each, NULL for `handles` none. `properties` may be NULL. `reasons` may
/// be NULL or has room for `count` answers.
///
/// MQTT_RESULT_REFUSED where the server refused at least one filter; the others hold.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_subscribe_many(
    client: *const ClientHandle,
    filters: *const *const c_char,
    options: *const u8,
    handles: *const u32,
    count: usize,
    properties: *const Properties,
    timeout: i64,
    reasons: *mut u8,
) -> mqtt_result {
    guard(|| {
        let client = borrow!(client);
        // SAFETY: the header demands arrays of that size.
        let filters = unsafe { many(filters, options, handles, count) }?;
        let none = Properties::new();
        // SAFETY: the header demands NULL or a list that was not freed.
        let properties = unsafe { property::optional(properties, &none) }?;
        let answer = waiting(timeout, |wait| client.subscribe(&filters, properties, wait))?;
        let names = filters.iter().map(|filter| &filter.subscription.filter);
        // SAFETY: the header demands room for that many.
        unsafe { give_reasons(&answer.reasons, reasons, count) }?;
        refusals("subscriptions to", names, &answer.reasons)
    })
}

/// The same without waiting: MQTT_EVENT_KIND_SUBSCRIBED follows, with this token and the reasons. `token` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_start_subscribe(
    client: *const ClientHandle,
    filters: *const *const c_char,
    options: *const u8,
    handles: *const u32,
    count: usize,
    properties: *const Properties,
    token: *mut u64,
) -> mqtt_result {
    guard(|| {
        let client = borrow!(client);
        // SAFETY: the header demands arrays of that size.
        let filters = unsafe { many(filters, options, handles, count) }?;
        let none = Properties::new();
        // SAFETY: the header demands NULL or a list that was not freed.
        let properties = unsafe { property::optional(properties, &none) }?;
        let started = client.start_subscribe(&filters, properties)?;
        store_if_wanted!(token, started);
        Ok(mqtt_result::Ok)
    })
}

/// Ends the subscriptions to `count` filters with one packet and waits for the answer, at most `timeout` milliseconds
/// (below 0: without end). `properties` may be NULL. `reasons` may be NULL or has room for `count` answers; a server of
/// MQTT 3 gives none, and they are success then. MQTT_RESULT_REFUSED where the server refused at least one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_unsubscribe_many(
    client: *const ClientHandle,
    filters: *const *const c_char,
    count: usize,
    properties: *const Properties,
    timeout: i64,
    reasons: *mut u8,
) -> mqtt_result {
    guard(|| {
        let client = borrow!(client);
        // SAFETY: the header demands an array of that size.
        let filters = unsafe { names(filters, count) }?;
        let none = Properties::new();
        // SAFETY: the header demands NULL or a list that was not freed.
        let properties = unsafe { property::optional(properties, &none) }?;
        let answer = waiting(timeout, |wait| client.unsubscribe(&filters, properties, wait))?;
        // SAFETY: the header demands room for that many.
        unsafe { give_reasons(&answer.reasons, reasons, count) }?;
        refusals("to end the subscriptions to", filters.iter(), &answer.reasons)
    })
}

/// The same without waiting: MQTT_EVENT_KIND_UNSUBSCRIBED follows, with this token. `token` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_start_unsubscribe(
    client: *const ClientHandle,
    filters: *const *const c_char,
    count: usize,
    properties: *const Properties,
    token: *mut u64,
) -> mqtt_result {
    guard(|| {
        let client = borrow!(client);
        // SAFETY: the header demands an array of that size.
        let filters = unsafe { names(filters, count) }?;
        let none = Properties::new();
        // SAFETY: the header demands NULL or a list that was not freed.
        let properties = unsafe { property::optional(properties, &none) }?;
        let started = client.start_unsubscribe(&filters, properties)?;
        store_if_wanted!(token, started);
        Ok(mqtt_result::Ok)
    })
}

/// Begins to disconnect as mqtt_client_disconnect does, and returns. `token` may be NULL; mqtt_client_wait takes it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_start_disconnect(
    client: *const ClientHandle,
    reason: u8,
    properties: *const Properties,
    token: *mut u64,
) -> mqtt_result {
    guard(|| {
        let none = Properties::new();
        // SAFETY: the header demands NULL or a list that was not freed.
        let properties = unsafe { property::optional(properties, &none) }?.clone();
        let disconnect = Disconnect { reason: self::reason(reason)?, properties };
        let started = borrow!(client).start_disconnect(&disconnect)?;
        store_if_wanted!(token, started);
        Ok(mqtt_result::Ok)
    })
}

/// Stores a view of the client identifier, that of the options or the one that was generated. It lives as long as the
/// client. The identifier that a server assigned is among mqtt_client_server_properties.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_id(client: *const ClientHandle, client_id: *mut mqtt_slice) -> mqtt_result {
    guard(|| {
        store!(client_id, mqtt_slice::of(borrow!(client).options().client_id.as_bytes()));
        Ok(mqtt_result::Ok)
    })
}

/// Stores a copy of the properties of the last CONNACK that accepted (MQTT 5). It belongs to the caller:
/// mqtt_properties_free. MQTT_RESULT_NOTHING before the first connection.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_server_properties(
    client: *const ClientHandle,
    properties: *mut *mut Properties,
) -> mqtt_result {
    guard(|| {
        if properties.is_null() {
            return Err(Failure::null("properties"));
        }
        let client = borrow!(client);
        if client.is_forked() {
            return Err(mqtt_client::Error::Forked.into());
        }
        let Some(conn_ack) = client.conn_ack() else { return Ok(mqtt_result::Nothing) };
        store!(properties, ffi::give(conn_ack.properties));
        Ok(mqtt_result::Ok)
    })
}

/// # Safety
/// NULL, or `count` strings.
unsafe fn names(filters: *const *const c_char, count: usize) -> Result<Vec<Text>, Failure> {
    // SAFETY: by the caller's promise.
    let pointers = unsafe { ffi::array(filters, count, "filters") }?;
    if pointers.is_empty() {
        return Err(Failure::invalid("at least one topic filter is needed"));
    }
    // SAFETY: each is NULL or a string by the caller's promise.
    pointers.iter().map(|filter| unsafe { ffi::string(*filter, "filter") }.map(Text::from)).collect()
}

/// # Safety
/// NULL, or arrays of `count`.
unsafe fn many(
    filters: *const *const c_char,
    options: *const u8,
    handles: *const u32,
    count: usize,
) -> Result<Vec<Subscribe>, Failure> {
    // SAFETY: by the caller's promise.
    let names = unsafe { names(filters, count) }?;
    // SAFETY: NULL stands for none, else there are `count`.
    let options = if options.is_null() { &[] } else { unsafe { ffi::array(options, count, "options") }? };
    // SAFETY: the same.
    let handles = if handles.is_null() { &[] } else { unsafe { ffi::array(handles, count, "handles") }? };
    let all = names.iter().enumerate().map(|(at, name)| {
        let subscription = subscription(name, options.get(at).copied().unwrap_or(0))?;
        Ok(Subscribe { subscription, handle: handle(handles.get(at).copied().unwrap_or(0))? })
    });
    all.collect()
}

/// # Safety
/// NULL, or room for `count`.
unsafe fn give_reasons(found: &[ReasonCode], reasons: *mut u8, count: usize) -> Result<(), Failure> {
    if reasons.is_null() {
        return Ok(());
    }
    let codes: Vec<u8> = (0..count).map(|at| found.get(at).map_or(0, |code| code.value())).collect();
    // SAFETY: room for `count` by the caller's promise.
    unsafe { ffi::copy_out(&codes, reasons, "reasons") }
}

fn refusals<'a>(
    what: &str,
    names: impl Iterator<Item = &'a Text>,
    reasons: &[ReasonCode],
) -> Result<mqtt_result, Failure> {
    let refused: Vec<_> = names.zip(reasons).filter(|(_, code)| code.is_error()).collect();
    let Some((_, first)) = refused.first() else { return Ok(mqtt_result::Ok) };
    let list = refused.iter().map(|(name, code)| format!("{name} ({code})")).collect::<Vec<_>>().join(", ");
    Err(Failure::refused(format!("the server refused {what} {list}"), **first))
}
