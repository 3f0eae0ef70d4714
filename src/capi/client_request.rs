//! Requests of a client and their answers (MQTT 5, section 4.10), and what a client keeps for that.

use std::collections::{HashMap, VecDeque};
use std::ffi::{c_char, c_void};
use std::ops::{ControlFlow, Deref};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use mqtt_client::{Client, Error, Event, PublishRequest, Received, Subscribe, Wait};
use mqtt_proto::ReasonCode;
use mqtt_proto::packet::{Properties, Property, QoS, Subscription};

use crate::ffi::{self, borrow, bytes, guard, store, text};
use crate::property;
use crate::result::{Failure, mqtt_result};

/// A client: one connection to a server, kept alive, made again when it is lost.
pub struct ClientHandle {
    client: Client,
    /// Events that came while a request waited; taken before those of the client.
    kept: Mutex<VecDeque<Event>>,
    requests: Mutex<Requests>,
}

#[derive(Default)]
struct Requests {
    /// Where answers go, once somebody has asked.
    topic: Option<String>,
    next: u64,
    /// Requests that wait, with their answers.
    pending: HashMap<u64, Option<Received>>,
}

/// The handle of the subscription to answers.
pub(crate) const ANSWERS: u32 = u32::MAX;

impl Deref for ClientHandle {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// Asked now and then by a call that waits: whether it is to stop waiting.
pub type mqtt_interrupt = Option<unsafe extern "C" fn(user_data: *mut c_void) -> bool>;

thread_local! {
    static INTERRUPT: std::cell::Cell<(mqtt_interrupt, *mut c_void)> =
        const { std::cell::Cell::new((None, std::ptr::null_mut())) };
}

/// Sets who may interrupt the calls of this thread that wait: `hook` is called at least every 100 milliseconds and when a
/// signal came, with no lock held, so it may use the client, but not free it. Where it returns true, the call ends with
/// MQTT_RESULT_INTERRUPTED. NULL takes it away. It must return: no longjmp, no exception.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_set_interrupt(hook: mqtt_interrupt, user_data: *mut c_void) -> mqtt_result {
    guard(|| {
        INTERRUPT.set((hook, user_data));
        Ok(mqtt_result::Ok)
    })
}

/// Waits as long as C says (below 0: without end), with the interrupt hook of this thread.
pub(crate) fn waiting<T>(timeout: i64, call: impl FnOnce(Wait<'_>) -> T) -> T {
    let wait = Wait::from(u64::try_from(timeout).ok().map(Duration::from_millis));
    let (hook, user_data) = INTERRUPT.get();
    let Some(hook) = hook else { return call(wait) };
    let mut ask = || interrupted(hook, user_data);
    call(wait.with_hook(&mut ask))
}

fn interrupted(hook: unsafe extern "C" fn(*mut c_void) -> bool, user_data: *mut c_void) -> ControlFlow<()> {
    // SAFETY: a function of this type by the header's demand.
    if unsafe { hook(user_data) } { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

/// Publishes a request and waits for its answer, at most `timeout` milliseconds (below 0: without end). The answer belongs
/// to the caller: mqtt_message_free. Response topic and correlation data are added to `properties`, which may be NULL. The
/// first request subscribes to a topic for answers, below the response information of the server where it gave one.
///
/// Several threads may ask at once. Messages and events that come meanwhile are kept for mqtt_client_receive,
/// mqtt_client_next_event and mqtt_client_dispatch; mqtt_client_fd does not tell of them, so call one of these once
/// afterwards. MQTT_RESULT_TIMEOUT where no answer came in time. `*answer` is changed only by MQTT_RESULT_OK.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_request(
    client: *const ClientHandle,
    topic: *const c_char,
    payload: *const u8,
    length: usize,
    properties: *const Properties,
    timeout: i64,
    answer: *mut *mut Received,
) -> mqtt_result {
    guard(|| {
        if answer.is_null() {
            return Err(Failure::null("answer"));
        }
        let none = Properties::new();
        // SAFETY: the header demands NULL or a list that was not freed.
        let properties = unsafe { property::optional(properties, &none) }?.clone();
        let (client, topic, payload) = (borrow!(client), text!(topic), bytes!(payload, length));
        let found = client.request(topic, payload, properties, timeout)?;
        store!(answer, ffi::give(found));
        Ok(mqtt_result::Ok)
    })
}

impl ClientHandle {
    pub(crate) fn new(client: Client) -> ClientHandle {
        ClientHandle { client, kept: Mutex::default(), requests: Mutex::default() }
    }

    fn requests(&self) -> Result<MutexGuard<'_, Requests>, Error> {
        // In a forked child the lock may be held for ever.
        if self.client.is_forked() {
            return Err(Error::Forked);
        }
        Ok(self.requests.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn kept(&self) -> Result<MutexGuard<'_, VecDeque<Event>>, Error> {
        if self.client.is_forked() {
            return Err(Error::Forked);
        }
        Ok(self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The next message, acknowledged unless the options say manual.
    pub(crate) fn take_message(&self, timeout: i64) -> Result<Option<Received>, Error> {
        let kept = {
            let mut kept = self.kept()?;
            let at = kept.iter().position(|event| matches!(event, Event::Message(_)));
            at.and_then(|at| kept.remove(at))
        };
        if let Some(Event::Message(received)) = kept {
            self.settle(&received)?;
            return Ok(Some(received));
        }
        let deadline = deadline(timeout);
        loop {
            let Some(received) = waiting(left(deadline), |wait| self.client.receive(wait))? else { return Ok(None) };
            if let Some(received) = self.keep_answer(received)? {
                return Ok(Some(received));
            }
        }
    }

    /// The next event; a message in it is not acknowledged.
    pub(crate) fn take_event(&self, timeout: i64) -> Result<Option<Event>, Error> {
        if let Some(event) = self.kept()?.pop_front() {
            return Ok(Some(event));
        }
        let deadline = deadline(timeout);
        loop {
            let next = match timeout {
                0 => self.client.next_event()?,
                _ => waiting(left(deadline), |wait| self.client.wait_event(wait))?,
            };
            match next {
                Some(Event::Message(received)) if received.handles.contains(&ANSWERS) => {
                    self.settle(&received)?;
                    if let Some(received) = self.keep_answer(received)? {
                        return Ok(Some(Event::Message(received)));
                    }
                }
                other => return Ok(other),
            }
        }
    }

    pub(crate) fn settle(&self, received: &Received) -> Result<(), Error> {
        if let Some(ack) = received.ack
            && !self.client.options().manual_ack
        {
            self.client.ack(ack, ReasonCode::Success)?;
        }
        Ok(())
    }

    /// Gives an answer to the request that waits for it, and anything else back. An answer that nobody waits for any
    /// more is dropped.
    fn keep_answer(&self, received: Received) -> Result<Option<Received>, Error> {
        if !received.handles.contains(&ANSWERS) {
            return Ok(Some(received));
        }
        let number = received.properties.correlation_data().and_then(|data| <[u8; 8]>::try_from(&data[..]).ok());
        let mut requests = self.requests()?;
        if let Some(place) = number.and_then(|number| requests.pending.get_mut(&u64::from_be_bytes(number))) {
            *place = Some(received);
        }
        Ok(None)
    }

    fn request(
        &self,
        topic: &str,
        payload: &[u8],
        mut properties: Properties,
        timeout: i64,
    ) -> Result<Received, Failure> {
        let deadline = deadline(timeout);
        let answers_to = self.answer_topic(deadline)?;
        let number = {
            let mut requests = self.requests()?;
            requests.next += 1;
            let number = requests.next;
            requests.pending.insert(number, None);
            number
        };
        properties.set(Property::ResponseTopic(answers_to.into()));
        properties.set(Property::CorrelationData(Bytes::copy_from_slice(&number.to_be_bytes())));
        let request = PublishRequest { topic, payload, qos: QoS::AtLeastOnce, retain: false, properties: &properties };
        let sent = waiting(left(deadline), |wait| self.client.publish(&request, wait));
        let outcome = sent.map_err(Failure::from).and_then(|_| self.await_answer(number, deadline, topic));
        self.requests()?.pending.remove(&number);
        outcome
    }

    fn await_answer(&self, number: u64, deadline: Option<Instant>, topic: &str) -> Result<Received, Failure> {
        let answered = || self.requests().is_ok_and(|requests| matches!(requests.pending.get(&number), Some(Some(_))));
        let (interrupt, user_data) = INTERRUPT.get();
        loop {
            if let Some(found) = self.requests()?.pending.get_mut(&number).and_then(Option::take) {
                return Ok(found);
            }
            // Another thread may take the answer from the client; the hook sees that.
            let mut stop = || match (answered(), interrupt) {
                (true, _) => ControlFlow::Break(()),
                (false, Some(hook)) => interrupted(hook, user_data),
                (false, None) => ControlFlow::Continue(()),
            };
            let limit = deadline.map(|at| at.saturating_duration_since(Instant::now()));
            let event = match self.client.wait_event(Wait::from(limit).with_hook(&mut stop)) {
                Err(Error::Interrupted { .. }) if answered() => continue,
                other => other?,
            };
            match event {
                Some(Event::Message(received)) if received.handles.contains(&ANSWERS) => {
                    self.settle(&received)?;
                    let _ = self.keep_answer(received)?;
                }
                Some(other) => self.kept()?.push_back(other),
                None => {
                    let text = format!(
                        "no answer to the request on {topic} came in time (an MQTT 5 server and somebody who answers are needed)"
                    );
                    return Err(Failure::new(mqtt_result::Timeout, text));
                }
            }
        }
    }

    /// Where answers arrive; subscribed to with the first request.
    fn answer_topic(&self, deadline: Option<Instant>) -> Result<String, Failure> {
        if let Some(topic) = &self.requests()?.topic {
            return Ok(topic.clone());
        }
        let base =
            self.client.conn_ack().and_then(|ack| ack.properties.response_information().map(ToString::to_string));
        let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
        let topic = format!("{}/{:x}-{nanos:x}", base.as_deref().unwrap_or("responses"), std::process::id());
        let filter = Subscribe { subscription: Subscription::new(&*topic, QoS::AtLeastOnce), handle: Some(ANSWERS) };
        let answer = waiting(left(deadline), |wait| self.client.subscribe(&[filter], &Properties::new(), wait))?;
        if let Some(code) = answer.reasons.first().filter(|code| code.is_error()) {
            let text = format!("the server refused the subscription to {topic}, where answers would arrive: {code}");
            return Err(Failure::refused(text, *code));
        }
        // Where two threads asked at once, both topics work; the first one stays.
        Ok(self.requests()?.topic.get_or_insert(topic).clone())
    }
}

fn deadline(timeout: i64) -> Option<Instant> {
    u64::try_from(timeout).ok().and_then(|milliseconds| Instant::now().checked_add(Duration::from_millis(milliseconds)))
}

/// Milliseconds until then; -1 without end.
fn left(deadline: Option<Instant>) -> i64 {
    deadline.map_or(-1, |at| {
        let left = at.saturating_duration_since(Instant::now());
        i64::try_from(left.as_micros().div_ceil(1000)).unwrap_or(i64::MAX)
    })
}
