//! `Mqtt\Client`: the methods.

use std::ffi::c_void;
use std::os::fd::AsRawFd;
use std::rc::Rc;

use mqtt_client::{Error, PublishRequest, Subscribe, Wait};
use mqtt_proto::packet::{Disconnect, PacketType, Properties, Property, QoS, RetainHandling, SubAck, Subscription};
use mqtt_proto::topic::{Filter, check_name};
use mqtt_proto::{ReasonCode, Text};

use crate::callback::Callback;
use crate::client_dispatch::{self as dispatching, message_object};
use crate::client_options;
use crate::client_state::{self, Pending, State, interrupt, new_handle, throw_error};
use crate::convert::{Call, Item, wrong_type};
use crate::enums;
use crate::exception::{argument_value, class_entries, error, throw};
use crate::guard::{self, Outcome, methods};
use crate::message::{self, slot_bool, slot_bytes, slot_qos, subscription_class, subscription_of};
use crate::object::{self, slot};
use crate::packet;
use crate::properties::{self, Place};
use crate::topic::complaint;
use crate::zend::{self, Key, Zval, zend_object};

class_entries! {
    messages_class = class_entry_Mqtt_Messages;
}

methods! {
    zim_Mqtt_Client___construct => construct;
    zim_Mqtt_Client_connect => connect;
    zim_Mqtt_Client_isConnected => is_connected;
    zim_Mqtt_Client_disconnect => disconnect;
    zim_Mqtt_Client_publish => publish;
    zim_Mqtt_Client_publishMany => publish_many;
    zim_Mqtt_Client_wait => wait;
    zim_Mqtt_Client_flush => flush;
    zim_Mqtt_Client_subscribe => subscribe;
    zim_Mqtt_Client_unsubscribe => unsubscribe;
    zim_Mqtt_Client_receive => receive;
    zim_Mqtt_Client_messages => messages;
    zim_Mqtt_Client_request => request;
    zim_Mqtt_Client_onConnect => on_connect;
    zim_Mqtt_Client_onDisconnect => on_disconnect;
    zim_Mqtt_Client_onMessage => on_message;
    zim_Mqtt_Client_onPublished => on_published;
    zim_Mqtt_Client_onAuthenticate => on_authenticate;
    zim_Mqtt_Client_onLog => on_log;
    zim_Mqtt_Client_run => run;
    zim_Mqtt_Client_stop => stop;
    zim_Mqtt_Client_loop => loop_;
    zim_Mqtt_Client_stream => stream;
    zim_Mqtt_Client_fd => fd;
    zim_Mqtt_Client_dispatch => dispatch;
    zim_Mqtt_Client_stats => stats;
    zim_Mqtt_Client_persistent => persistent;
    zim_Mqtt_Messages___construct => crate::topic::not_constructible;
    zim_Mqtt_Messages_getIterator => messages_iterator;
}

static NO_PROPERTIES: Properties = Properties::new();

fn construct(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 2)?;
    if zend::native::<Rc<State>>(call.this()).is_some() {
        return Err(error("Mqtt\\Client has been constructed before"));
    }
    let state = State::new(client_options::from_args(call)?)?;
    zend::set_native(call.this(), Box::new(state));
    Ok(())
}

/// The state of an object that may be used in this process.
fn state_of<'a>(object: *mut zend_object) -> Outcome<&'a Rc<State>> {
    let Some(state) = zend::native::<Rc<State>>(object) else {
        return Err(error("Mqtt\\Client was made without its constructor"));
    };
    if state.client.is_forked() {
        return Err(throw_error(&Error::Forked));
    }
    Ok(state)
}

fn this(call: &Call) -> Outcome<&Rc<State>> {
    state_of(call.this())
}

fn fail<T>(result: Result<T, Error>) -> Outcome<T> {
    result.map_err(|error| throw_error(&error))
}

fn connect(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 2)?;
    let state = this(call)?;
    let timeout = call.timeout(0)?;
    let blocking = call.bool_or(1, true)?;
    state.left.set(false);
    *result = if blocking {
        let mut hook = || interrupt(None);
        let conn_ack = fail(state.client.connect(Wait::from(timeout).with_hook(&mut hook)))?;
        packet::conn_ack_object(&conn_ack)
    } else {
        zend::long(fail(state.client.start_connect())? as i64)
    };
    Ok(())
}

fn is_connected(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = zend::bool(this(call)?.client.is_connected());
    Ok(())
}

fn disconnect(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 4)?;
    let state = this(call)?;
    let reason = call.reason(0, ReasonCode::Success)?;
    let (_, properties) = properties::from_arg(call, 1, Place::Packet(PacketType::Disconnect))?;
    let timeout = call.timeout(2)?;
    let blocking = call.bool_or(3, true)?;
    let packet = Disconnect { reason, properties };
    state.left.set(true);
    if blocking {
        let mut hook = || interrupt(None);
        let timeout = timeout.unwrap_or(state.client.options().linger);
        // What is on its way is acknowledged first: a publish followed by disconnect() arrives.
        let end = std::time::Instant::now() + timeout;
        if state.client.is_connected() && state.client.open_tokens() > 0 {
            fail(state.client.flush(Wait::at_most(timeout).with_hook(&mut hook)))?;
        }
        let rest = end.saturating_duration_since(std::time::Instant::now());
        fail(state.client.disconnect(&packet, Wait::at_most(rest).with_hook(&mut hook)))?;
    } else {
        *result = zend::long(fail(state.client.start_disconnect(&packet))? as i64);
    }
    Ok(())
}

fn publish(call: &Call, result: &mut Zval) -> Outcome {
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
    let token = send(state, &PublishRequest { topic, payload, qos, retain, properties })?;
    *result = zend::long(token as i64);
    Ok(())
}

fn send(state: &State, request: &PublishRequest<'_>) -> Outcome<u64> {
    let mut hook = || interrupt(None);
    state.client.publish(request, Wait::forever().with_hook(&mut hook)).map_err(|error| {
        match (&error, check_name(request.topic)) {
            (Error::InvalidArgument(_), Err(rule)) => argument_value(0, &complaint("topic name", rule)),
            _ => throw_error(&error),
        }
    })
}

fn publish_many(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 3)?;
    let state = this(call)?;
    let (qos, retain) = (call.qos(1)?, call.bool_or(2, false)?);
    let Some(messages) = call.arg(0) else { return Ok(()) };
    let mut count = 0i64;
    let visited = zend::traverse(messages, |_, value| {
        publish_element(state, value, qos, retain)?;
        count += 1;
        Ok(())
    })?;
    visited.ok_or_else(|| wrong_type(0, "iterable", messages))?;
    *result = zend::long(count);
    Ok(())
}

/// One element of publishMany(): a message, or a list of topic, payload, QoS and retain.
fn publish_element(state: &State, value: &mut Zval, qos: QoS, retain: bool) -> Outcome {
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
        return send(state, &request).map(drop);
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
        let mut item = Item::new(&mut value, "Each message");
        match key {
            Key::Index(0) | Key::Name(b"topic") => parts.0 = Some(item.text()?),
            Key::Index(1) | Key::Name(b"payload") => parts.1 = item.bytes()?,
            Key::Index(2) | Key::Name(b"qos") => parts.2 = item.qos()?,
            Key::Index(3) | Key::Name(b"retain") => parts.3 = item.bool()?,
            _ => return Err(item.wrong_value("must hold topic, payload, QoS, retain and nothing else")),
        }
        Ok(())
    })?;
    let (Some(topic), payload, qos, retain) = parts else {
        return Err(argument_value(0, "must give each message a topic"));
    };
    let request = PublishRequest { topic: &topic, payload: &payload, qos, retain, properties: &NO_PROPERTIES };
    send(state, &request).map(drop)
}

fn wait(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 2)?;
    let state = this(call)?;
    let token = call.long_within(0, 0, 0, i64::MAX)?;
    let timeout = call.timeout(1)?;
    let mut hook = || interrupt(None);
    let reason = fail(state.client.wait(token as u64, Wait::from(timeout).with_hook(&mut hook)))?;
    *result = enums::reason(reason);
    Ok(())
}

fn flush(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    let state = this(call)?;
    let timeout = call.timeout(0)?;
    let mut hook = || interrupt(None);
    let open = fail(state.client.flush(Wait::from(timeout).with_hook(&mut hook)))?;
    *result = zend::long(open as i64);
    Ok(())
}

fn subscribe(call: &Call, result: &mut Zval) -> Outcome {
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
    let mut set_identifier = |number: i64| {
        let number = u32::try_from(number).ok().filter(|number| (1..=268_435_455).contains(number));
        let number = number.ok_or_else(|| argument_value(6, "must be between 1 and 268435455"))?;
        properties.set(Property::SubscriptionIdentifier(number));
        Ok(())
    };
    identifier.map_or(Ok(()), &mut set_identifier)?;
    let mut filters = Vec::new();
    for (subscription, own) in subscriptions(call, &options)? {
        own.map_or(Ok(()), |number| set_identifier(number.into()))?;
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

/// What the argument `$filters` says: one filter, a list of filters or Subscription objects, or QoS by filter.
fn subscriptions(call: &Call, options: &Subscription) -> Outcome<Vec<(Subscription, Option<u32>)>> {
    let mut list = Vec::new();
    let mut add = |filter: Text, qos: QoS| {
        check_filter(&filter)?;
        list.push((Subscription { filter, qos, ..options.clone() }, None));
        Ok(())
    };
    let Some(value) = call.arg(0) else { return Ok(list) };
    let Some(array) = zend::as_array(value) else {
        add(call.text(0)?.into(), options.qos)?;
        return Ok(list);
    };
    let mut objects = Vec::new();
    zend::each(array, |key, value| {
        let mut value = zend::copy(value);
        let mut item = Item::new(&mut value, "Each filter");
        if let Some(object) = zend::instance(item.value, subscription_class()) {
            objects.push(subscription_of(object)?);
            return Ok(());
        }
        match key {
            Key::Index(_) => add(item.text()?, options.qos),
            Key::Name(name) => {
                let mut filter = zend::string(name);
                add(Item::new(&mut filter, "Each filter").text()?, item.qos()?)
            }
        }
    })?;
    list.append(&mut objects);
    Ok(list)
}

fn check_filter(filter: &str) -> Outcome {
    Filter::parse(filter)
        .map(drop)
        .map_err(|rule| argument_value(0, &format!("{}: \"{filter}\"", complaint("topic filter", rule))))
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

fn unsubscribe(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 4)?;
    let state = this(call)?;
    let mut filters: Vec<Text> = Vec::new();
    if let Some(value) = call.arg(0) {
        match zend::as_array(value) {
            None => filters.push(call.text(0)?.into()),
            Some(array) => zend::each(array, |_, value| {
                let mut value = zend::copy(value);
                filters.push(Item::new(&mut value, "Each filter").text()?);
                Ok(())
            })?,
        }
    }
    filters.iter().try_for_each(|filter| check_filter(filter))?;
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

fn receive(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    let state = Rc::clone(this(call)?);
    if let Some(message) = dispatching::receive(&state, call.timeout(0)?)? {
        *result = message;
    }
    Ok(())
}

fn messages(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    this(call)?;
    let timeout = call.timeout(0)?;
    let timeout = zend::optional(timeout, |timeout| zend::double(timeout.as_secs_f64()));
    *result = object::new(messages_class(), [zend::object_of(call.this()), timeout]);
    Ok(())
}

fn messages_iterator(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = zend::iterator(call.this());
    Ok(())
}

/// The step of foreach over messages().
#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_next_Messages(object: *mut zend_object, out: *mut Zval) {
    guard::catch(|| {
        let Some(client) = zend::as_object(slot(object, 0)) else { return Ok(()) };
        let timeout = zend::as_double(slot(object, 1)).and_then(crate::convert::duration);
        let state = Rc::clone(state_of(client)?);
        if let Some(message) = dispatching::receive(&state, timeout)? {
            // SAFETY: the iterator passes an empty value.
            unsafe { out.write(message) };
        }
        Ok(())
    });
}

fn request(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 7)?;
    let state = Rc::clone(this(call)?);
    let topic = call.text(0)?;
    let payload = call.string(1)?;
    let timeout = match call.arg(2) {
        None => std::time::Duration::from_secs(10),
        Some(_) => call.timeout(2)?.ok_or_else(|| argument_value(2, "must be of type float, null given"))?,
    };
    let qos = if call.arg(3).is_some() { call.qos(3)? } else { QoS::AtLeastOnce };
    let (_, mut properties) = properties::from_arg(call, 4, Place::Packet(PacketType::Publish))?;
    let callback = Callback::from_arg(call, 5)?;
    let blocking = call.bool_or(6, true)?;
    let deadline = dispatching::deadline(Some(timeout));
    let answers_to = answer_topic(&state, timeout, blocking)?;
    let number = state.requests.next.replace(state.requests.next.get() + 1);
    properties.set(Property::ResponseTopic(answers_to.into()));
    properties.set(Property::CorrelationData(bytes::Bytes::copy_from_slice(&number.to_be_bytes())));
    let waits = blocking || callback.is_some();
    if waits {
        let pending = Pending { callback: callback.filter(|_| !blocking), answer: None };
        state.requests.pending.borrow_mut().insert(number, pending);
    }
    let sent = send(&state, &PublishRequest { topic, payload, qos, retain: false, properties: &properties });
    if !blocking {
        *result = zend::long(sent? as i64);
        return Ok(());
    }
    let outcome = sent.and_then(|_| wait_for_answer(&state, number, deadline));
    let left = state.requests.pending.borrow_mut().remove(&number);
    if let Some(received) = left.and_then(|pending| pending.answer) {
        state.settle(received.ack)?;
    }
    let Some(received) = outcome? else {
        let text = format!(
            "no answer to the request on {topic} came within {} s (an MQTT 5 server and somebody who answers are needed)",
            timeout.as_secs_f64()
        );
        return Err(throw(crate::exception::timeout_exception(), &text, 0, []));
    };
    *result = message_object(&state, &received);
    state.settle(received.ack)
}

fn wait_for_answer(
    state: &Rc<State>,
    number: u64,
    deadline: Option<std::time::Instant>,
) -> Outcome<Option<mqtt_client::Received>> {
    dispatching::finish_earlier(state)?;
    loop {
        let answer = state.requests.pending.borrow_mut().get_mut(&number).and_then(|pending| pending.answer.take());
        if answer.is_some() {
            return Ok(answer);
        }
        if dispatching::is_over(deadline) {
            return Ok(None);
        }
        if let Some(Some(received)) = dispatching::step(state, deadline, false)? {
            state.keep(received);
        }
    }
}

/// The topic on which answers arrive; subscribed to with the first request.
fn answer_topic(state: &State, timeout: std::time::Duration, blocking: bool) -> Outcome<String> {
    if let Some((topic, _)) = &*state.requests.topic.borrow() {
        return Ok(topic.clone());
    }
    let handle = new_handle();
    let base = state.client.conn_ack().and_then(|ack| ack.properties.response_information().map(ToString::to_string));
    let nanos = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    let topic = format!("{}/{:x}-{nanos:x}-{handle:x}", base.as_deref().unwrap_or("responses"), std::process::id());
    let filter = Subscribe { subscription: Subscription::new(&*topic, QoS::AtLeastOnce), handle: Some(handle) };
    // Known before the answer comes, because a hook of the wait may ask again.
    *state.requests.topic.borrow_mut() = Some((topic.clone(), handle));
    let outcome = if blocking {
        let mut hook = || interrupt(None);
        let answer = state.client.subscribe(&[filter], &NO_PROPERTIES, Wait::at_most(timeout).with_hook(&mut hook));
        fail(answer).and_then(|ack| match ack.reasons.first().filter(|reason| reason.is_error()) {
            None => Ok(()),
            Some(reason) => {
                let text =
                    format!("the server refused the subscription to {topic}, where answers would arrive: {reason}");
                let details = [(c"reasonCode", enums::reason(*reason))];
                Err(throw(crate::exception::refused_exception(), &text, reason.value(), details))
            }
        })
    } else {
        fail(state.client.start_subscribe(&[filter], &NO_PROPERTIES)).map(drop)
    };
    if outcome.is_err() {
        *state.requests.topic.borrow_mut() = None;
    }
    outcome.map(|()| topic)
}

/// Sets or unsets a callback; the old one goes after the new one stands.
fn set_callback(
    call: &Call,
    place: impl FnOnce(&State) -> &std::cell::RefCell<Option<Callback>>,
) -> Outcome<(&Rc<State>, bool)> {
    call.expect(1, 1)?;
    let state = this(call)?;
    let callback = Callback::from_arg(call, 0)?;
    let is_set = callback.is_some();
    let old = place(state).replace(callback);
    drop(old);
    Ok((state, is_set))
}

fn on_connect(call: &Call, _: &mut Zval) -> Outcome {
    set_callback(call, |state| &state.callbacks.connect).map(drop)
}

fn on_disconnect(call: &Call, _: &mut Zval) -> Outcome {
    set_callback(call, |state| &state.callbacks.disconnect).map(drop)
}

fn on_message(call: &Call, _: &mut Zval) -> Outcome {
    set_callback(call, |state| &state.callbacks.message).map(drop)
}

fn on_authenticate(call: &Call, _: &mut Zval) -> Outcome {
    set_callback(call, |state| &state.callbacks.authenticate).map(drop)
}

fn on_published(call: &Call, _: &mut Zval) -> Outcome {
    let (state, is_set) = set_callback(call, |state| &state.callbacks.published)?;
    state.client.set_completion_events(is_set);
    Ok(())
}

fn on_log(call: &Call, _: &mut Zval) -> Outcome {
    let (state, is_set) = set_callback(call, |state| &state.callbacks.log)?;
    let logs = is_set || state.error_log.is_some() || state.callbacks.logger.borrow().is_some();
    state.client.set_log_events(logs);
    Ok(())
}

fn run(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    dispatching::run(&Rc::clone(this(call)?))
}

fn stop(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    this(call)?.stop.set(true);
    Ok(())
}

fn loop_(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    let state = Rc::clone(this(call)?);
    let timeout = match call.arg(0) {
        None => std::time::Duration::ZERO,
        Some(_) => call.timeout(0)?.ok_or_else(|| argument_value(0, "must be of type float, null given"))?,
    };
    dispatching::finish_earlier(&state)?;
    let mut count = 0;
    if let Some(message) = dispatching::step(&state, dispatching::deadline(Some(timeout)), false)? {
        count += 1;
        message.into_iter().for_each(|received| state.keep(received));
        count += dispatching::dispatch(&state, u64::MAX)?;
    }
    *result = zend::long(count as i64);
    Ok(())
}

fn stream(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    let state = this(call)?;
    let kept = state.stream.borrow().as_ref().filter(|stream| zend::stream_is_open(stream)).map(zend::copy);
    *result = match kept {
        Some(stream) => stream,
        None => {
            let stream =
                zend::stream(fail(state.client.fd())?.as_raw_fd()).ok_or_else(|| error("cannot make a stream"))?;
            let old = state.stream.replace(Some(zend::copy(&stream)));
            drop(old);
            stream
        }
    };
    Ok(())
}

fn fd(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = zend::long(fail(this(call)?.client.fd())?.as_raw_fd());
    Ok(())
}

fn dispatch(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    let state = Rc::clone(this(call)?);
    let max = call.long_within(0, i64::MAX, 0, i64::MAX)?;
    *result = zend::long(dispatching::dispatch(&state, max as u64)? as i64);
    Ok(())
}

fn stats(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = this(call)?.stats();
    Ok(())
}

fn persistent(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    let mut list = zend::map();
    for (name, client) in mqtt_client::registry::persistent_list() {
        zend::set(&mut list, &name, client_state::stats(&client));
    }
    *result = list;
    Ok(())
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_close_Client(data: *mut c_void) {
    // SAFETY: the data of a living object. The clone outlives what a warning's error handler may do.
    let state = Rc::clone(unsafe { &*data.cast::<Rc<State>>() });
    guard::catch(|| {
        state.close();
        Ok(())
    });
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_free_Client(data: *mut c_void) {
    // SAFETY: made by set_native, and freed once.
    let state = unsafe { Box::from_raw(data.cast::<Rc<State>>()) };
    guard::catch(|| {
        // After a fatal error no destructor is called.
        state.close();
        drop(state);
        Ok(())
    });
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_gc_Client(data: *mut c_void, buffer: *mut c_void) {
    // SAFETY: the data of a living object.
    unsafe { &*data.cast::<Rc<State>>() }.visit(buffer);
}
