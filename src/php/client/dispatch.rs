//! Events of a client to callables of PHP.
//!
//! One event at a time is taken from `mqtt-client` and nothing is held while its callable runs: a callable that
//! dispatches again takes the next event, and one that throws leaves everything behind it in the queue.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime};

use mqtt_client::{AckId, Client, Error, Event, Received, Wait};
use mqtt_proto::ReasonCode;
use mqtt_proto::packet::{Auth, Properties, Property};

use super::error::{exception_of, throw_error};
use super::kept::Unacknowledged;
use super::nesting::{self, Nested};
use super::state::{State, Unfinished};
use crate::callback::Callback;
use crate::enums;
use crate::guard::{self, Outcome, Thrown};
use crate::log;
use crate::message::message_class;
use crate::packet;
use crate::properties;
use crate::wait::interrupt;
use crate::zend::{self, Zval, zend_object};

/// What `reply()` and `ack()` of a received message need.
#[derive(Clone)]
pub(crate) struct Origin {
    pub(crate) client: Client,
    pub(crate) ack: Option<AckId>,
    /// Of a persistent client: where the message stands until it is acknowledged.
    pub(crate) unacknowledged: Option<Rc<Unacknowledged>>,
}

/// An object for a received message.
#[inline]
pub(crate) fn message_object(state: &State, received: &Received) -> Zval {
    unsafe extern "C" {
        fn mqtt_message_new() -> *mut zend_object;
    }
    let known = {
        let last = state.topic.borrow();
        (zend::as_bytes(&last) == Some(received.topic.as_bytes())).then(|| zend::copy(&last))
    };
    // Nothing is borrowed where the engine may leave with a fatal error.
    let topic = known.unwrap_or_else(|| {
        let topic = zend::string(received.topic.as_bytes());
        state.topic.replace(zend::copy(&topic));
        topic
    });
    let received_at =
        received.received_at.duration_since(SystemTime::UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64());
    let properties = if received.properties.is_empty() {
        properties::empty()
    } else {
        properties::object(received.properties.clone())
    };
    let identifiers = if received.subscription_identifiers.is_empty() {
        zend::empty_array()
    } else {
        zend::list_of(received.subscription_identifiers.iter().map(|id| zend::long(*id)))
    };
    // SAFETY: the slots are written before anybody sees the object.
    let object = unsafe { mqtt_message_new() };
    let slots = [
        topic,
        zend::string(&received.payload),
        zend::long(received.qos.level()),
        zend::bool(received.retain),
        zend::bool(received.dup),
        properties,
        identifiers,
        zend::double(received_at),
    ];
    // SAFETY: a new object of the class with these slots.
    unsafe { crate::object::write(object, slots) };
    let ack = received.ack.filter(|_| state.client.options().manual_ack);
    if ack.is_some() || received.properties.response_topic().is_some() {
        let unacknowledged = state.unacknowledged.clone().filter(|_| ack.is_some());
        unacknowledged.iter().for_each(|list| list.add(received));
        zend::set_native(object, Box::new(Origin { client: state.client.clone(), ack, unacknowledged }));
    }
    debug_assert!(zend::instance(&zend::object_of(object), message_class()).is_some());
    zend::object_owned(object)
}

/// Where handlers are too deep inside each other: takes what runs no PHP code, and puts the rest aside. A message that
/// nobody takes comes back.
fn deliver_deep(state: &Rc<State>, event: Event) -> Outcome<Option<Received>> {
    match event {
        Event::Message(received) => match takers(state, &received) {
            Takers::Call => deliver_answer(state, &received).map(|()| None),
            Takers::Nobody => Ok(Some(received)),
            Takers::Callables => {
                state.put_aside(Event::Message(received));
                Ok(None)
            }
        },
        notice if nesting::may_tell() => deliver(state, notice),
        notice => {
            state.put_aside(notice);
            Ok(None)
        }
    }
}

/// Who takes a message.
enum Takers {
    /// A call of request() waits for it.
    Call,
    Callables,
    Nobody,
}

fn takers(state: &State, received: &Received) -> Takers {
    if is_answer(state, received) {
        let pending = state.requests.pending.borrow();
        let entry = number_of(received).and_then(|number| pending.get(&number));
        return if entry.is_some_and(|entry| entry.callback.is_some()) { Takers::Callables } else { Takers::Call };
    }
    let is_handled = received.handles.iter().any(|handle| state.handler(*handle).is_some());
    if is_handled || state.callbacks.message.borrow().is_some() { Takers::Callables } else { Takers::Nobody }
}

/// Hands one event to whom it concerns. A message that nobody takes comes back, not acknowledged.
#[inline]
pub(crate) fn deliver(state: &Rc<State>, event: Event) -> Outcome<Option<Received>> {
    let _nested = Nested::enter();
    let callbacks = &state.callbacks;
    // Callbacks of whenDone() follow those of the event.
    match &event {
        Event::Message(received) if deliver_message(state, received)? => return Ok(None),
        Event::Message(_) | Event::Auth(_) | Event::Log { .. } => {}
        Event::Completed { token, .. } => state.sweep_waiting(Some(*token)),
        Event::SubscribeDone { token, sub_ack } => state.answered(*token, || packet::sub_ack_object(sub_ack)),
        Event::UnsubscribeDone { token, unsub_ack } => state.answered(*token, || packet::unsub_ack_object(unsub_ack)),
        _ => state.sweep_waiting(None),
    }
    match event {
        Event::Message(received) => return Ok(Some(received)),
        Event::Connected { conn_ack, resumed } => {
            if let Some(callback) = of(&callbacks.connect) {
                callback.call([packet::conn_ack_object(&conn_ack), zend::bool(resumed)])?;
            }
        }
        Event::Disconnected { why, disconnect, retry_in } => {
            if let Some(callback) = of(&callbacks.disconnect) {
                let packet = zend::optional(disconnect.as_ref(), packet::disconnect_object);
                callback.call([exception_of(&why), packet, zend::optional(retry_in, zend::double)])?;
            }
        }
        Event::Completed { token, reason } => {
            if let Some(callback) = of(&callbacks.published) {
                callback.call([zend::long(token as i64), enums::reason(reason)])?;
            }
        }
        Event::Auth(auth) => authenticate(state, &auth)?,
        Event::Log { level, text } => {
            if state.error_log.is_some_and(|least| log::severity(level) >= least) {
                log::error_log(&format!("Mqtt\\Client {}: {text}", state.client.options().client_id));
            }
            for callback in [of(&callbacks.log), of(&callbacks.logger)].into_iter().flatten() {
                callback.call([zend::string(level.as_bytes()), zend::string(text.as_bytes())])?;
            }
        }
        // Answers to requests made with wait: false go to whenDone().
        _ => {}
    }
    Ok(None)
}

fn of(place: &std::cell::RefCell<Option<Callback>>) -> Option<Callback> {
    place.borrow().clone()
}

/// False: nobody takes the message. It is passed by reference, because moving it costs as much as calling a closure.
#[inline]
fn deliver_message(state: &State, received: &Received) -> Outcome<bool> {
    if is_answer(state, received) {
        return deliver_answer(state, received).map(|()| true);
    }
    let mut first = None;
    let mut rest = VecDeque::new();
    for handler in received.handles.iter().filter_map(|handle| state.handler(*handle)) {
        match &first {
            None => first = Some(handler),
            // One handler of several filters that match is called once.
            Some(known) if handler.is_same(known) || rest.iter().any(|known| handler.is_same(known)) => {}
            Some(_) => rest.push_back(handler),
        }
    }
    if first.is_none() {
        first = of(&state.callbacks.message);
    }
    if first.is_none() {
        return Ok(false);
    }
    call_all(state, received, first, rest).map(|()| true)
}

/// Shows a message to handlers and acknowledges it. Where one throws, the next call that dispatches goes on behind it.
#[inline]
fn call_all(state: &State, received: &Received, first: Option<Callback>, mut rest: VecDeque<Callback>) -> Outcome {
    if let Some(mut handler) = first {
        let mut message = message_object(state, received);
        if let Err(thrown) = guard::check_memory() {
            rest.push_front(handler);
            state.unfinished.borrow_mut().push_back(Unfinished { received: received.clone(), rest });
            return Err(thrown);
        }
        loop {
            let next = rest.pop_front();
            let argument = if next.is_some() { zend::copy(&message) } else { std::mem::take(&mut message) };
            if let Err(thrown) = handler.call_once([argument]) {
                next.into_iter().for_each(|next| rest.push_front(next));
                state.unfinished.borrow_mut().push_back(Unfinished { received: received.clone(), rest });
                return Err(thrown);
            }
            match next {
                None => break,
                Some(next) => handler = next,
            }
        }
    }
    state.settle(received.ack)
}

/// Goes on with messages whose handler threw. To be called at the start of every call that dispatches.
pub(crate) fn finish_earlier(state: &State) -> Outcome {
    loop {
        if state.unfinished.borrow().is_empty() || !nesting::may_show_messages() {
            return Ok(());
        }
        let _nested = Nested::enter();
        let Some(Unfinished { received, mut rest }) = state.unfinished.borrow_mut().pop_front() else { return Ok(()) };
        let first = rest.pop_front();
        call_all(state, &received, first, rest)?;
    }
}

/// Whether a message arrived where answers to requests do.
#[inline]
fn is_answer(state: &State, received: &Received) -> bool {
    state.requests.topic.borrow().as_ref().is_some_and(|(_, handle)| received.handles.contains(handle))
}

/// The number of the request that a message answers.
fn number_of(received: &Received) -> Option<u64> {
    let data = received.properties.correlation_data()?;
    <[u8; 8]>::try_from(&data[..]).ok().map(u64::from_be_bytes)
}

/// An answer to request(). One that nobody waits for any more is dropped.
fn deliver_answer(state: &State, received: &Received) -> Outcome {
    let number = number_of(received);
    let callback = {
        let mut pending = state.requests.pending.borrow_mut();
        match number.and_then(|number| pending.get_mut(&number)) {
            None => None,
            Some(entry) if entry.callback.is_none() => {
                entry.answer = Some(received.clone());
                drop(pending);
                // Acknowledged now: the call may be deep inside of others, whose answers would fill the server's window.
                return state.settle(received.ack);
            }
            Some(_) => number.and_then(|number| pending.remove(&number)).and_then(|entry| entry.callback),
        }
    };
    call_all(state, received, callback, VecDeque::new())
}

/// Asks the script for the answer to a step of extended authentication.
fn authenticate(state: &State, step: &Auth) -> Outcome {
    let Some(callback) = of(&state.callbacks.authenticate) else { return Ok(()) };
    let answer = callback.call([packet::object(&mqtt_proto::packet::Packet::Auth(step.clone()))])?;
    let auth = if let Some(object) = zend::instance(&answer, packet::interface()) {
        match packet::of(object, None)? {
            mqtt_proto::packet::Packet::Auth(auth) => auth,
            other => {
                let text = format!("onAuthenticate() must answer with data or AUTH, {} given", other.packet_type());
                return Err(crate::exception::type_error(&text));
            }
        }
    } else if let Some(data) = zend::as_bytes(&answer) {
        let method = step.properties.authentication_method().cloned().map(Property::AuthenticationMethod);
        let data = Property::AuthenticationData(bytes::Bytes::copy_from_slice(data));
        Auth {
            reason: ReasonCode::ContinueAuthentication,
            properties: method.into_iter().chain([data]).collect::<Properties>(),
        }
    } else {
        return Ok(());
    };
    state.client.send_auth(&auth).map_err(|error| throw_error(&error))
}

/// Gives up requests whose time is over, and says so in the log: their callbacks take an answer and nothing else.
pub(crate) fn forget_overdue(state: &Rc<State>) -> Outcome {
    for topic in state.requests.take_overdue() {
        let text = format!("no answer to the request on {topic} came in time");
        deliver(state, Event::Log { level: "warning", text })?;
    }
    Ok(())
}

/// Hands over events that are there, up to `max`; returns how many.
pub(crate) fn dispatch(state: &Rc<State>, max: u64) -> Outcome<u64> {
    finish_earlier(state)?;
    forget_overdue(state)?;
    if !nesting::may_tell() {
        return Ok(0);
    }
    let takes_messages = nesting::may_show_messages();
    let mut count = 0;
    while count < max {
        if state.tell_done()? {
            count += 1;
            continue;
        }
        let event = match waiting_here(state, takes_messages) {
            Some(event) => Ok(Some(event)),
            None if !takes_messages || state.is_full() => state.client.next_notice(),
            None => state.client.next_event(),
        };
        let Some(event) = event.map_err(|error| throw_error(&error))? else { break };
        count += 1;
        let received = if takes_messages { deliver(state, event)? } else { deliver_deep(state, event)? };
        if let Some(received) = received {
            state.keep(received);
            state.tell_full()?;
        }
    }
    if !takes_messages {
        // The descriptor went quiet, though messages may be there.
        state.client.wake();
    }
    Ok(count)
}

/// What may be handed over before the client is asked: what was put aside, and messages kept earlier where a callback of
/// onMessage() has been set since.
#[inline]
fn waiting_here(state: &State, takes_messages: bool) -> Option<Event> {
    if !takes_messages {
        return None;
    }
    state.take_aside().or_else(|| {
        state.callbacks.message.borrow().as_ref()?;
        state.take_kept().map(Event::Message)
    })
}

/// What a call waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Any event. No message comes while those that wait here have no room, or handlers are too deep inside each other.
    Event,
    /// The same, until stop() is called.
    Run,
    /// A message that nobody takes. None comes while those that wait here have no room, except deep inside of handlers.
    Message,
    /// An answer that is a message, which may be behind messages that nobody takes.
    Answer,
}

/// Waits for one event and hands it over; a message that nobody takes comes back. `Ok(None)`: the time is over, or
/// `stop` was set.
pub(crate) fn step(
    state: &Rc<State>,
    deadline: Option<Instant>,
    purpose: Purpose,
) -> Outcome<Option<Option<Received>>> {
    if state.tell_done()? {
        return Ok(Some(None));
    }
    let takes_messages = nesting::may_show_messages();
    if let Some(event) = waiting_here(state, takes_messages) {
        return deliver(state, event).map(Some);
    }
    let stoppable = purpose == Purpose::Run;
    let stop = stoppable.then_some(&state.stop);
    let mut hook = || interrupt(stop);
    // A request that nobody waits for may end earlier.
    let due = state.requests.earliest.get().filter(|due| deadline.is_none_or(|deadline| *due < deadline));
    let remaining = due.or(deadline).map(|until| until.saturating_duration_since(Instant::now()));
    let wait = Wait::from(remaining).with_hook(&mut hook);
    let event = match purpose {
        Purpose::Event | Purpose::Run if !takes_messages => {
            let notice = state.client.wait_notice(wait);
            state.client.wake();
            notice
        }
        Purpose::Event | Purpose::Run | Purpose::Message if takes_messages && state.is_full() => {
            state.client.wait_notice(wait)
        }
        _ => state.client.wait_event(wait),
    };
    match event {
        Ok(Some(event)) if takes_messages => deliver(state, event).map(Some),
        Ok(Some(event)) => deliver_deep(state, event).map(Some),
        Ok(None) if due.is_some() => forget_overdue(state).map(|()| Some(None)),
        Ok(None) => Ok(None),
        Err(Error::Interrupted { .. }) if stoppable && state.stop.get() && !zend::exception_pending() => Ok(None),
        Err(error) => Err(throw_error(&error)),
    }
}

/// Whether a deadline has passed.
pub(crate) fn is_over(deadline: Option<Instant>) -> bool {
    deadline.is_some_and(|deadline| Instant::now() >= deadline)
}

/// The deadline of a call that may take so long.
pub(crate) fn deadline(timeout: Option<Duration>) -> Option<Instant> {
    timeout.map(|timeout| Instant::now() + timeout)
}

/// The next message that nobody takes, acknowledged; `None` when the time is over.
pub(crate) fn receive(state: &Rc<State>, timeout: Option<Duration>) -> Outcome<Option<Zval>> {
    let deadline = deadline(timeout);
    state.receives();
    finish_earlier(state)?;
    let received = loop {
        if state.callbacks.message.borrow().is_none()
            && let Some(received) = state.take_kept()
        {
            break received;
        }
        match step(state, deadline, Purpose::Message)? {
            Some(Some(received)) => break received,
            // With a time of zero, everything that is there is looked at.
            Some(None) => {}
            None => return Ok(None),
        }
    };
    let message = message_object(state, &received);
    if let Err(thrown) = guard::check_memory() {
        // Not acknowledged, and there for a shutdown function.
        state.keep(received);
        return Err(thrown);
    }
    state.settle(received.ack)?;
    Ok(Some(message))
}

/// Runs until stop() or disconnect().
pub(crate) fn run(state: &Rc<State>) -> Outcome {
    state.stop.set(false);
    finish_earlier(state)?;
    let outcome = loop {
        match step(state, None, Purpose::Run) {
            Ok(Some(Some(received))) => {
                state.keep(received);
                state.tell_full()?;
            }
            Ok(_) => {}
            // The script left on purpose: the end of the connection is the end of the loop.
            Err(thrown) if state.left.get() && !crate::guard::is_fatal() => match take_closed(thrown) {
                Ok(()) => break Ok(()),
                Err(thrown) => break Err(thrown),
            },
            Err(thrown) => break Err(thrown),
        }
        if state.stop.get() || (state.left.get() && !state.client.is_connected()) {
            break Ok(());
        }
    };
    state.stop.set(false);
    outcome
}

/// Swallows the exception on its way where it says that the connection is closed.
fn take_closed(thrown: Thrown) -> Outcome {
    if zend::pending_is(crate::exception::closed_exception()) {
        drop(zend::take_exception());
        return Ok(());
    }
    Err(thrown)
}
