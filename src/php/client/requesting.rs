//! request(): a publish with a response topic, and the answer to it.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use mqtt_client::{PublishRequest, Received, Subscribe, VersionChoice, Wait};
use mqtt_proto::packet::{PacketType, Property, QoS, Subscription};

use super::dispatch::{self, Purpose, message_object};
use super::sending::send;
use super::state::{State, new_handle};
use super::{NO_PROPERTIES, fail, this};
use crate::callback::Callback;
use crate::convert::Call;
use crate::enums;
use crate::exception::{argument_value, throw};
use crate::guard::{Outcome, check_memory};
use crate::properties::{self, Place};
use crate::wait::interrupt;
use crate::zend::{self, Zval};

/// A request that waits for its answer.
#[derive(Default)]
pub(crate) struct Pending {
    /// Takes the answer; without it the answer is kept for the call that waits.
    pub(crate) callback: Option<Callback>,
    pub(crate) answer: Option<Received>,
    /// Its topic and when its time is over, where no call waits that looks at the time itself.
    pub(crate) until: Option<(Instant, String)>,
}

/// Requests and their answers.
#[derive(Default)]
pub(crate) struct Requests {
    /// Where answers go, once somebody has asked, and the handle of the subscription to it.
    pub(crate) topic: RefCell<Option<(String, u32)>>,
    pub(crate) pending: RefCell<HashMap<u64, Pending>>,
    pub(crate) next: Cell<u64>,
    /// No request that nobody waits for ends before then.
    pub(crate) earliest: Cell<Option<Instant>>,
}

/// Requests under way whose answer nobody waits for in a call.
pub(crate) const MOST_REQUESTS: usize = 65_535;

impl Requests {
    /// Takes out what has come to the end of its time; its topics.
    pub(crate) fn take_overdue(&self) -> Vec<String> {
        let now = Instant::now();
        if self.earliest.get().is_none_or(|at| at > now) {
            return Vec::new();
        }
        let mut overdue = Vec::new();
        {
            let mut pending = self.pending.borrow_mut();
            let is_over = |entry: &Pending| entry.until.as_ref().is_some_and(|(at, _)| *at <= now);
            let numbers: Vec<u64> = pending.iter().filter(|(_, entry)| is_over(entry)).map(|(n, _)| *n).collect();
            overdue.extend(numbers.iter().filter_map(|number| pending.remove(number)));
            self.earliest.set(pending.values().filter_map(|entry| entry.until.as_ref().map(|(at, _)| *at)).min());
        }
        // Their callbacks go here, after the borrow.
        overdue.into_iter().filter_map(|entry| entry.until.map(|(_, topic)| topic)).collect()
    }
}

pub(super) fn request(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 7)?;
    let state = Rc::clone(this(call)?);
    let topic = call.text(0)?;
    let payload = call.string(1)?;
    let timeout = match call.arg(2) {
        None => Duration::from_secs(10),
        Some(_) => call.timeout(2)?.ok_or_else(|| argument_value(2, "must be of type float, null given"))?,
    };
    let qos = if call.arg(3).is_some() { call.qos(3)? } else { QoS::AtLeastOnce };
    let (_, mut properties) = properties::from_arg(call, 4, Place::Packet(PacketType::Publish))?;
    let callback = Callback::from_arg(call, 5)?;
    let blocking = call.bool_or(6, true)?;
    if blocking && callback.is_some() {
        return Err(argument_value(5, "must be null where $wait is true: the answer is returned"));
    }
    if !blocking && callback.is_none() {
        return Err(argument_value(5, "must be given where $wait is false: it takes the answer"));
    }
    check_version(&state)?;
    let deadline = dispatch::deadline(Some(timeout));
    let answers_to = answer_topic(&state, timeout, blocking)?;
    // Now a connection stands, where the call waits.
    check_version(&state)?;
    let number = state.requests.next.replace(state.requests.next.get() + 1);
    properties.set(Property::ResponseTopic(answers_to.into()));
    properties.set(Property::CorrelationData(bytes::Bytes::copy_from_slice(&number.to_be_bytes())));
    if blocking {
        state.requests.pending.borrow_mut().insert(number, Pending::default());
    } else {
        expect_later(
            &state,
            number,
            Pending { callback, answer: None, until: deadline.map(|at| (at, topic.to_owned())) },
        )?;
    }
    let sent = send(&state, &PublishRequest { topic, payload, qos, retain: false, properties: &properties }, 4);
    if !blocking {
        if sent.is_err() {
            let pending = state.requests.pending.borrow_mut().remove(&number);
            drop(pending);
        }
        *result = zend::long(sent? as i64);
        return Ok(());
    }
    let outcome = sent.and_then(|_| wait_for_answer(&state, number, deadline));
    let left = state.requests.pending.borrow_mut().remove(&number);
    drop(left);
    let Some(received) = outcome? else {
        let text = format!(
            "no answer to the request on {topic} came within {} s (an MQTT 5 server and somebody who answers are needed)",
            timeout.as_secs_f64()
        );
        return Err(throw(crate::exception::timeout_exception(), &text, 0, []));
    };
    *result = message_object(&state, &received);
    check_memory()
}

/// Where it is known that there are no response topics, nobody waits for an answer.
fn check_version(state: &State) -> Outcome {
    let (version, said_by) = match (state.client.version(), state.client.options().version) {
        (Some(version), _) => (version, "the connection speaks"),
        (None, VersionChoice::Only(version)) => (version, "the option version says"),
        (None, _) => return Ok(()),
    };
    if version.has_properties() {
        return Ok(());
    }
    let text = format!("request() needs MQTT 5, and {said_by} {version}");
    Err(throw(crate::exception::logic_exception(), &text, 0, []))
}

/// Keeps the callback of a request until its answer comes or its time is over.
fn expect_later(state: &Rc<State>, number: u64, pending: Pending) -> Outcome {
    dispatch::forget_overdue(state)?;
    let requests = &state.requests;
    let under_way = requests.pending.borrow().len();
    if under_way >= MOST_REQUESTS {
        let text = format!("{under_way} requests wait for their answers: wait, or give them less time");
        return Err(throw(crate::exception::queue_full_exception(), &text, 0, []));
    }
    let until = pending.until.as_ref().map(|(at, _)| *at);
    requests.earliest.set([requests.earliest.get(), until].into_iter().flatten().min());
    requests.pending.borrow_mut().insert(number, pending);
    Ok(())
}

fn wait_for_answer(state: &Rc<State>, number: u64, deadline: Option<Instant>) -> Outcome<Option<Received>> {
    dispatch::finish_earlier(state)?;
    loop {
        let answer = state.requests.pending.borrow_mut().get_mut(&number).and_then(|pending| pending.answer.take());
        if answer.is_some() {
            return Ok(answer);
        }
        if dispatch::is_over(deadline) {
            return Ok(None);
        }
        if let Some(Some(received)) = dispatch::step(state, deadline, Purpose::Answer)? {
            state.keep(received);
        }
    }
}

/// The topic on which answers arrive; subscribed to with the first request.
fn answer_topic(state: &State, timeout: Duration, blocking: bool) -> Outcome<String> {
    if let Some((topic, _)) = &*state.requests.topic.borrow() {
        return Ok(topic.clone());
    }
    let handle = new_handle();
    let base = state.client.conn_ack().and_then(|ack| ack.properties.response_information().map(ToString::to_string));
    let nanos = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    let topic = format!("{}/{:x}-{nanos:x}-{handle:x}", base.as_deref().unwrap_or("responses"), std::process::id());
    // At QoS 1 an answer would wait for the acknowledgements of messages before it, which a handler that asks gives only when
    // it has the answer. A lost answer is a request whose time is over.
    let filter = Subscribe { subscription: Subscription::new(&*topic, QoS::AtMostOnce), handle: Some(handle) };
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
