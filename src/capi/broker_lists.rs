//! What a broker keeps: subscriptions and retained messages, as they were when asked for.

use std::ffi::c_char;

use mqtt_broker::SubscriptionInfo;
use mqtt_proto::packet::{Packet, Publish};

use crate::broker::BrokerHandle;
use crate::ffi::{self, borrow, guard, mqtt_slice, release, store, text};
use crate::hooks::not_in_a_hook;
use crate::result::{Failure, mqtt_result};

/// Subscriptions, as they were when asked for.
pub struct SubscriptionList(Vec<SubscriptionInfo>);

/// Retained messages, as they were when asked for.
pub struct RetainedList(Vec<Packet>);

/// Stores a list of every subscription, in no order. It is a copy and belongs to the caller: mqtt_subscription_list_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_broker_subscriptions(
    broker: *const BrokerHandle,
    subscriptions: *mut *mut SubscriptionList,
) -> mqtt_result {
    guard(|| {
        not_in_a_hook("mqtt_broker_subscriptions")?;
        if subscriptions.is_null() {
            return Err(Failure::null("subscriptions"));
        }
        let found = borrow!(broker).broker()?.subscriptions();
        store!(subscriptions, ffi::give(SubscriptionList(found)));
        Ok(mqtt_result::Ok)
    })
}

/// Frees a list. NULL does nothing. Views that were taken from it end with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_subscription_list_free(subscriptions: *mut SubscriptionList) {
    guard(|| {
        release!(subscriptions);
        Ok(())
    })
}

/// How many subscriptions a list holds; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_subscription_list_count(subscriptions: *const SubscriptionList) -> usize {
    guard(|| Ok(borrow!(subscriptions).0.len()))
}

/// Texts about a subscription.
#[repr(u32)]
pub enum mqtt_subscription_text_id {
    /// Whose it is.
    ClientId = 1,
    /// The filter, `$share/group/` included.
    Filter = 2,
}

/// Stores a view of a text (mqtt_subscription_text_id) about the subscription at this index. It lives as long as the list.
///
/// MQTT_RESULT_NOTHING past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_subscription_list_text(
    subscriptions: *const SubscriptionList,
    index: usize,
    text_id: u32,
    value: *mut mqtt_slice,
) -> mqtt_result {
    guard(|| {
        let Some(info) = borrow!(subscriptions).0.get(index) else { return Ok(mqtt_result::Nothing) };
        let found: &str = match text_id {
            1 => &info.client_id,
            2 => &info.subscription.filter,
            other => return Err(Failure::invalid(format!("{other} is not one of mqtt_subscription_text_id"))),
        };
        store!(value, mqtt_slice::of(found.as_bytes()));
        Ok(mqtt_result::Ok)
    })
}

/// Numbers about a subscription.
#[repr(u32)]
pub enum mqtt_subscription_number_id {
    /// The QoS that was granted.
    GrantedQos = 1,
    /// 1 where the client does not get what it publishes itself (MQTT 5).
    NoLocal = 2,
    /// 1 where the retain flag is passed on (MQTT 5).
    RetainAsPublished = 3,
    /// The subscription identifier (MQTT 5); 0 is none.
    Identifier = 4,
}

/// Stores a number (mqtt_subscription_number_id) about the subscription at this index.
///
/// MQTT_RESULT_NOTHING past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_subscription_list_number(
    subscriptions: *const SubscriptionList,
    index: usize,
    number_id: u32,
    value: *mut u64,
) -> mqtt_result {
    guard(|| {
        let Some(info) = borrow!(subscriptions).0.get(index) else { return Ok(mqtt_result::Nothing) };
        let found = match number_id {
            1 => info.subscription.qos.level().into(),
            2 => info.subscription.no_local.into(),
            3 => info.subscription.retain_as_published.into(),
            4 => info.identifier.unwrap_or(0).into(),
            other => return Err(Failure::invalid(format!("{other} is not one of mqtt_subscription_number_id"))),
        };
        store!(value, found);
        Ok(mqtt_result::Ok)
    })
}

/// Stores a list of the retained messages whose topics this filter matches, in no order. It is a copy and belongs to the
/// caller: mqtt_retained_list_free. MQTT_RESULT_INVALID_ARGUMENT for what is no filter.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_broker_retained(
    broker: *const BrokerHandle,
    filter: *const c_char,
    retained: *mut *mut RetainedList,
) -> mqtt_result {
    guard(|| {
        if retained.is_null() {
            return Err(Failure::null("retained"));
        }
        let filter = text!(filter);
        let found = borrow!(broker).broker()?.retained(filter).map_err(|rule| Failure::rule(rule, "filter"))?;
        let packets = found.into_iter().map(|kept| {
            Packet::Publish(Publish {
                dup: false,
                qos: kept.qos,
                retain: true,
                topic: kept.message.topic.clone(),
                packet_id: None,
                properties: kept.message.properties.clone(),
                payload: kept.message.payload.clone(),
            })
        });
        store!(retained, ffi::give(RetainedList(packets.collect())));
        Ok(mqtt_result::Ok)
    })
}

/// Frees a list. NULL does nothing. Packets that were taken from it end with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_retained_list_free(retained: *mut RetainedList) {
    guard(|| {
        release!(retained);
        Ok(())
    })
}

/// How many messages a list holds; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_retained_list_count(retained: *const RetainedList) -> usize {
    guard(|| Ok(borrow!(retained).0.len()))
}

/// The message at this index as a PUBLISH, to read with the functions of packets. It belongs to the list: do not free it.
/// NULL past the end, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_retained_list_packet(retained: *const RetainedList, index: usize) -> *const Packet {
    guard(|| Ok(borrow!(retained).0.get(index).map_or(std::ptr::null(), |packet| packet as *const Packet)))
}
