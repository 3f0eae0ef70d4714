//! Subscribing, unsubscribing, and which handler belongs to which filter.

use mqtt_client::{Subscribe, Wait};
use mqtt_proto::Text;
use mqtt_proto::packet::{PacketType, Properties, Property, QoS, RetainHandling, SubAck, Subscription};
use mqtt_proto::topic::Filter;

use super::state::{State, new_handle};
use super::{fail, this};
use crate::callback::Callback;
use crate::convert::{Call, Item};
use crate::exception::argument_value;
use crate::guard::Outcome;
use crate::message::{filter_and_qos, subscription_class, subscription_of};
use crate::packet;
use crate::properties::{self, Place};
use crate::topic::complaint;
use crate::wait::interrupt;
use crate::zend::{self, Zval};

pub(super) fn subscribe(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 10)?;
    let state = this(call)?;
    let qos = call.qos(1)?;
    let callback = Callback::from_arg(call, 2)?;
    let (no_local, as_published) = (call.bool_or(3, false)?, call.bool_or(4, false)?);
    let handling = call.long_within(5, 0, 0, 2)?;
    let identifier = call.optional_long(6)?;
    let (_, mut properties) = properties::from_arg(call, 7, Place::Packet(PacketType::Subscribe))?;
    let timeout = call.timeout(8)?;
    let blocking = call.bool_or(9, true)?;
    let options = Subscription {
        filter: Text::new(),
        qos,
        no_local,
        retain_as_published: as_published,
        retain_handling: u8::try_from(handling).ok().and_then(RetainHandling::from_u8).unwrap_or_default(),
    };
    if let Some(number) = identifier {
        let number = u32::try_from(number).ok().filter(|number| (1..=268_435_455).contains(number));
        let number = number.ok_or_else(|| argument_value(6, "must be between 1 and 268435455"))?;
        set_identifier(&mut properties, number)?;
    }
    let mut filters = Vec::new();
    for (subscription, own) in subscriptions(call, &options)? {
        own.map_or(Ok(()), |number| set_identifier(&mut properties, number))?;
        // A filter keeps its number, so that what has arrived for the old handler goes to the new one.
        let known = state.filters.borrow().get(&*subscription.filter).copied();
        let handle = callback.as_ref().map(|_| known.unwrap_or_else(new_handle));
        filters.push(Subscribe { subscription, handle });
    }
    if filters.is_empty() {
        return Err(argument_value(0, "must hold at least one filter"));
    }
    state.left.set(false);
    keep_handler(state, &filters, callback.as_ref());
    if !blocking {
        *result = zend::long(fail(state.client.start_subscribe(&filters, &properties))? as i64);
        return Ok(());
    }
    let mut hook = || interrupt(None);
    let answer = fail(state.client.subscribe(&filters, &properties, Wait::from(timeout).with_hook(&mut hook)))?;
    forget_refused(state, &filters, &answer);
    *result = packet::sub_ack_object(&answer);
    Ok(())
}

/// One SUBSCRIBE has one identifier for all its filters.
fn set_identifier(properties: &mut Properties, number: u32) -> Outcome {
    if let Some(known) = properties.subscription_identifier().filter(|known| *known != number) {
        let text = format!(
            "has the subscription identifiers {known} and {number}: one SUBSCRIBE carries one, call it for each"
        );
        return Err(argument_value(0, &text));
    }
    properties.set(Property::SubscriptionIdentifier(number));
    Ok(())
}

/// What the argument `$filters` says: one filter, a list of filters or Subscription objects, or QoS by filter.
fn subscriptions(call: &Call, options: &Subscription) -> Outcome<Vec<(Subscription, Option<u32>)>> {
    let named = |filter: Text, qos: QoS| {
        let parsed = check_filter(&filter)?;
        if options.no_local && parsed.share.is_some() {
            let text = format!("must be false for the shared subscription \"{filter}\" [MQTT-3.8.3-4]");
            return Err(argument_value(3, &text));
        }
        Ok((Subscription { filter, qos, ..options.clone() }, None))
    };
    let Some(value) = call.arg(0) else { return Ok(Vec::new()) };
    let Some(array) = zend::as_array(value) else { return Ok(vec![named(call.text(0)?.into(), options.qos)?]) };
    let mut list = Vec::new();
    zend::each(array, |key, value| {
        let mut value = zend::copy(value);
        list.push(if let Some(object) = zend::instance(&value, subscription_class()) {
            let (subscription, identifier) = subscription_of(object)?;
            check_filter(&subscription.filter)?;
            (subscription, identifier)
        } else if let Some((filter, qos)) = filter_and_qos(key, &mut value, ARGUMENT)? {
            named(filter, qos)?
        } else {
            let mut item = Item::of_call(&mut value, format!("{ARGUMENT}: each filter"));
            named(item.text()?, options.qos)?
        });
        Ok(())
    })?;
    Ok(list)
}

const ARGUMENT: &str = "Mqtt\\Client::subscribe(): Argument #1 ($filters)";

fn check_filter(filter: &str) -> Outcome<Filter<'_>> {
    Filter::parse(filter)
        .map_err(|rule| argument_value(0, &format!("{}: \"{}\"", complaint("topic filter", rule), shortened(filter))))
}

/// A filter as an error shows it.
fn shortened(filter: &str) -> &str {
    filter.char_indices().nth(200).map_or(filter, |(end, _)| &filter[..end])
}

/// Puts a handler in force for its filters, in place of those that they had. Without one they have none.
fn keep_handler(state: &State, filters: &[Subscribe], handler: Option<&Callback>) {
    let mut dropped = Vec::new();
    {
        let mut by_filter = state.filters.borrow_mut();
        let mut handlers = state.handlers.borrow_mut();
        for filter in filters {
            let name = &*filter.subscription.filter;
            let old = match filter.handle.zip(handler) {
                Some((handle, callback)) => {
                    by_filter.insert(name.to_owned(), handle);
                    handlers.insert(handle, callback.clone())
                }
                None => by_filter.remove(name).and_then(|handle| handlers.remove(&handle)),
            };
            dropped.extend(old);
        }
    }
    drop(dropped);
}

fn forget_refused(state: &State, filters: &[Subscribe], answer: &SubAck) {
    let refused = filters.iter().zip(&answer.reasons).filter(|(_, reason)| reason.is_error());
    let names: Vec<&str> = refused.map(|(filter, _)| &*filter.subscription.filter).collect();
    forget_filters(state, &names);
}

fn forget_filters(state: &State, names: &[&str]) {
    let dropped: Vec<_> = {
        let mut by_filter = state.filters.borrow_mut();
        let mut handlers = state.handlers.borrow_mut();
        names.iter().filter_map(|name| handlers.remove(&by_filter.remove(*name)?)).collect()
    };
    drop(dropped);
}

pub(super) fn unsubscribe(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 4)?;
    let state = this(call)?;
    let mut filters: Vec<Text> = Vec::new();
    if let Some(value) = call.arg(0) {
        match zend::as_array(value) {
            None => filters.push(call.text(0)?.into()),
            Some(array) => zend::each(array, |_, value| {
                let mut value = zend::copy(value);
                let words = "Mqtt\\Client::unsubscribe(): Argument #1 ($filters): each filter";
                filters.push(Item::of_call(&mut value, words).text()?);
                Ok(())
            })?,
        }
    }
    filters.iter().try_for_each(|filter| check_filter(filter).map(drop))?;
    if filters.is_empty() {
        return Err(argument_value(0, "must hold at least one filter"));
    }
    let (_, properties) = properties::from_arg(call, 1, Place::Packet(PacketType::Unsubscribe))?;
    let timeout = call.timeout(2)?;
    let blocking = call.bool_or(3, true)?;
    let names: Vec<&str> = filters.iter().map(|filter| &**filter).collect();
    if !blocking {
        *result = zend::long(fail(state.client.start_unsubscribe(&filters, &properties))? as i64);
        forget_filters(state, &names);
        return Ok(());
    }
    let mut hook = || interrupt(None);
    let answer = fail(state.client.unsubscribe(&filters, &properties, Wait::from(timeout).with_hook(&mut hook)))?;
    forget_filters(state, &names);
    *result = packet::unsub_ack_object(&answer);
    Ok(())
}
