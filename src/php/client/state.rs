//! What a `Mqtt\Client` object holds on the PHP side: the handle of `mqtt-client`, and the callables it calls.
//!
//! Every table is behind a `RefCell` that is borrowed only between calls into PHP code, never across one. What is
//! taken out of a table is dropped after the borrow has ended, because dropping a closure may run a destructor.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ffi::c_void;
use std::rc::{Rc, Weak};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use mqtt_client::{AckId, Client, Error, Event, Lost, Received, Stats, Wait};
use mqtt_proto::ReasonCode;

use super::dispatch::deliver;
use super::error::{exception_of, throw_error};
use super::kept::{Kept, Unacknowledged};
use super::nesting::{self, Aside, Nested};
use super::options::Setup;
use super::persistent;
use super::requesting::Requests;
use crate::callback::Callback;
use crate::enums;
use crate::exception;
use crate::guard::{self, Outcome, Thrown};
use crate::log;
use crate::wait::interrupt;
use crate::zend::{self, Zval};

/// The callbacks that are not handlers of filters.
#[derive(Default)]
pub(crate) struct Callbacks {
    pub(crate) connect: RefCell<Option<Callback>>,
    pub(crate) disconnect: RefCell<Option<Callback>>,
    pub(crate) message: RefCell<Option<Callback>>,
    pub(crate) published: RefCell<Option<Callback>>,
    pub(crate) authenticate: RefCell<Option<Callback>>,
    pub(crate) log: RefCell<Option<Callback>>,
    pub(crate) logger: RefCell<Option<Callback>>,
}

impl Callbacks {
    fn all(&self) -> [&RefCell<Option<Callback>>; 7] {
        [&self.connect, &self.disconnect, &self.message, &self.published, &self.authenticate, &self.log, &self.logger]
    }
}

/// A message and the handlers that are still to see it.
pub(crate) struct Unfinished {
    pub(crate) received: Received,
    pub(crate) rest: VecDeque<Callback>,
}

/// Somebody is to be told when a token is done.
pub(crate) struct Waiting {
    pub(crate) callback: Callback,
    /// See `mqtt_client::Client::failures`.
    pub(crate) failures: u64,
}

/// A token that is done: what its callback is told.
pub(crate) struct Ready {
    pub(crate) callback: Callback,
    pub(crate) result: Zval,
    pub(crate) why: Zval,
}

/// The state of one object.
pub(crate) struct State {
    pub(crate) client: Client,
    pub(crate) persistent: Option<String>,
    pub(crate) callbacks: Callbacks,
    /// By the handle that `mqtt-client` gives back with each message.
    pub(crate) handlers: RefCell<BTreeMap<u32, Callback>>,
    /// Which handler each filter has.
    pub(crate) filters: RefCell<HashMap<String, u32>>,
    pub(crate) requests: Requests,
    /// By token.
    pub(crate) waiting: RefCell<HashMap<u64, Vec<Waiting>>>,
    pub(crate) ready: RefCell<VecDeque<Ready>>,
    kept: Kept,
    aside: Aside,
    /// Only of persistent clients with manualAck.
    pub(crate) unacknowledged: Option<Rc<Unacknowledged>>,
    /// Least severe level that goes to PHP's error log (setting mqtt.log).
    pub(crate) error_log: Option<usize>,
    /// Messages whose handler threw, with the handlers that have not seen them yet. The next call that dispatches goes on
    /// there, and acknowledges; a script that ends before gets the messages again in the next connection of its session.
    pub(crate) unfinished: RefCell<VecDeque<Unfinished>>,
    pub(crate) stop: Cell<bool>,
    /// disconnect() was called, and nothing has asked for a connection since.
    pub(crate) left: Cell<bool>,
    pub(crate) stream: RefCell<Option<Zval>>,
    /// The topic of the last message: it often comes again.
    pub(crate) topic: RefCell<Zval>,
    closed: Cell<bool>,
}

thread_local! {
    /// Every state of this thread, for the end of the request.
    static LIVING: RefCell<Vec<Weak<State>>> = const { RefCell::new(Vec::new()) };
    /// Messages that objects of persistent clients kept and nobody received, by name: for the next request.
    static LEFT_OVER: RefCell<HashMap<String, VecDeque<Received>>> = RefCell::default();
}

/// Changes what waits for the next object of a persistent client.
pub(super) fn change_left_over(name: &str, change: impl FnOnce(&mut VecDeque<Received>) -> bool) {
    LEFT_OVER.with_borrow_mut(|left| left.get_mut(name).map(change));
}

static NEXT_HANDLE: AtomicU32 = AtomicU32::new(1);

/// A number for a handler that no other object of the process uses: objects of one persistent client share messages.
pub(crate) fn new_handle() -> u32 {
    NEXT_HANDLE.fetch_add(1, Ordering::Relaxed)
}

impl State {
    pub(crate) fn new(setup: Setup) -> Outcome<Rc<State>> {
        let client = match &setup.persistent {
            None => Client::new(setup.options),
            Some(name) => persistent::get(name, setup.options),
        };
        let client = client.map_err(|error| throw_error(&error))?;
        let error_log = log::error_log_level();
        if setup.logger.is_some() || error_log.is_some() {
            client.set_log_events(true);
        }
        let is_manual = setup.persistent.is_some() && client.options().manual_ack;
        let name = setup.persistent.clone().unwrap_or_default();
        let left_over = setup.persistent.as_ref().and_then(|name| LEFT_OVER.with_borrow_mut(|left| left.remove(name)));
        let state = Rc::new(State {
            client,
            persistent: setup.persistent,
            callbacks: Callbacks { logger: RefCell::new(setup.logger), ..Callbacks::default() },
            handlers: RefCell::default(),
            filters: RefCell::default(),
            requests: Requests::default(),
            waiting: RefCell::default(),
            ready: RefCell::default(),
            kept: Kept::new(left_over.unwrap_or_default()),
            aside: Aside::default(),
            unacknowledged: is_manual.then(|| Rc::new(Unacknowledged::new(&name))),
            error_log,
            unfinished: RefCell::default(),
            stop: Cell::new(false),
            left: Cell::new(false),
            stream: RefCell::new(None),
            topic: RefCell::new(zend::null()),
            closed: Cell::new(false),
        });
        LIVING.with_borrow_mut(|living| {
            living.retain(|state| state.strong_count() > 0);
            living.push(Rc::downgrade(&state));
        });
        Ok(state)
    }

    /// Keeps a message that nobody takes.
    pub(crate) fn keep(&self, received: Received) {
        self.kept.push(received);
    }

    /// Whether no message may be taken from the client, because those that wait here have no room.
    pub(crate) fn is_full(&self) -> bool {
        let bytes = self.kept.bytes() + self.aside.bytes();
        bytes > 0 && bytes >= self.client.options().receive_queue
    }

    /// Puts an event aside that was met too deep inside of handlers.
    pub(crate) fn put_aside(&self, event: Event) {
        self.aside.push(event);
        self.client.wake();
    }

    /// What was put aside, first in first out.
    pub(crate) fn take_aside(&self) -> Option<Event> {
        if self.aside.len() == 0 {
            return None;
        }
        let was_full = self.is_full();
        let event = self.aside.pop();
        if (was_full && !self.is_full()) || self.aside.len() > 0 {
            self.client.wake();
        }
        event
    }

    /// A message kept earlier.
    pub(crate) fn take_kept(&self) -> Option<Received> {
        let was_full = self.is_full();
        let received = self.kept.pop();
        if was_full && !self.is_full() {
            // Messages may wait in the client, of which the descriptor no longer tells.
            self.client.wake();
        }
        received
    }

    /// The script calls receive(), so it need not be told.
    pub(crate) fn receives(&self) {
        self.kept.tell();
    }

    /// Tells the script, once, that messages which it leaves lying hold up all others.
    pub(crate) fn tell_full(self: &Rc<Self>) -> Outcome {
        if !self.kept.is_full(self.client.options().receive_queue) || !self.kept.tell() {
            return Ok(());
        }
        let text = format!(
            "{} messages that no handler takes fill the receive queue ({} bytes, option receiveQueue). No more are read \
             until receive() takes them: give their filter a handler, or set onMessage()",
            self.kept.len(),
            self.client.options().receive_queue
        );
        if self.error_log.is_some() || self.callbacks.log.borrow().is_some() || self.callbacks.logger.borrow().is_some()
        {
            return deliver(self, Event::Log { level: "warning", text }).map(drop);
        }
        guard::guarded(|| exception::warning(&text))?;
        if zend::exception_pending() { Err(Thrown::pending()) } else { Ok(()) }
    }

    /// The handler with this number, of this object or of another object of the same persistent client.
    pub(crate) fn handler(&self, handle: u32) -> Option<Callback> {
        if let Some(callback) = self.handlers.borrow().get(&handle) {
            return Some(callback.clone());
        }
        let name = self.persistent.as_ref()?;
        let living = LIVING.with_borrow(|living| living.iter().filter_map(Weak::upgrade).collect::<Vec<_>>());
        living
            .iter()
            .filter(|other| other.persistent.as_ref() == Some(name))
            .find_map(|other| other.handlers.borrow().get(&handle).cloned())
    }

    /// Every object of the same connection in this thread.
    fn family(self: &Rc<Self>) -> Vec<Rc<State>> {
        let Some(name) = &self.persistent else { return vec![Rc::clone(self)] };
        let living = LIVING.with_borrow(|living| living.iter().filter_map(Weak::upgrade).collect::<Vec<_>>());
        living.into_iter().filter(|other| other.persistent.as_ref() == Some(name)).collect()
    }

    /// Remembers whom to tell when a token is done; the next dispatch tells those of tokens that are done already.
    pub(crate) fn when_done(self: &Rc<Self>, token: u64, callback: Callback) {
        let waiting = Waiting { callback, failures: self.client.failures() };
        self.waiting.borrow_mut().entry(token).or_default().push(waiting);
        self.client.set_completion_events(true);
        self.sweep_waiting(Some(token));
    }

    /// Finds out which of the tokens that somebody waits for are done: this one, or all.
    pub(crate) fn sweep_waiting(self: &Rc<Self>, token: Option<u64>) {
        if self.persistent.is_none() && self.waiting.borrow().is_empty() {
            return;
        }
        for state in self.family() {
            let asked: Vec<(u64, u64)> = {
                let waiting = state.waiting.borrow();
                let failures = |token: u64| waiting.get(&token)?.first().map(|first| (token, first.failures));
                match token {
                    Some(token) => failures(token).into_iter().collect(),
                    None => waiting.keys().filter_map(|token| failures(*token)).collect(),
                }
            };
            for (token, result) in state.client.results(&asked) {
                state.done(token, || match &result {
                    Ok(reason) => (enums::reason(*reason), zend::null()),
                    Err(error) => (zend::null(), exception_of(error)),
                });
            }
        }
        self.settle_completion_events();
    }

    /// A request was answered with a packet.
    pub(crate) fn answered(self: &Rc<Self>, token: u64, packet: impl Fn() -> Zval) {
        if self.persistent.is_none() && self.waiting.borrow().is_empty() {
            return;
        }
        for state in self.family() {
            state.done(token, || (packet(), zend::null()));
        }
        self.settle_completion_events();
    }

    fn done(&self, token: u64, told: impl Fn() -> (Zval, Zval)) {
        let Some(all) = self.waiting.borrow_mut().remove(&token) else { return };
        for Waiting { callback, .. } in all {
            let (result, why) = told();
            self.ready.borrow_mut().push_back(Ready { callback, result, why });
        }
        self.client.wake();
    }

    /// Completions are events only while somebody wants to hear of them.
    pub(crate) fn settle_completion_events(self: &Rc<Self>) {
        let wanted =
            |state: &Rc<State>| !state.waiting.borrow().is_empty() || state.callbacks.published.borrow().is_some();
        self.client.set_completion_events(self.family().iter().any(wanted));
    }

    /// Tells one callback that its token is done; false where there is none.
    pub(crate) fn tell_done(&self) -> Outcome<bool> {
        if self.ready.borrow().is_empty() || !nesting::may_tell() {
            return Ok(false);
        }
        let _nested = Nested::enter();
        let ready = self.ready.borrow_mut().pop_front();
        let Some(Ready { callback, result, why }) = ready else { return Ok(false) };
        callback.call([result, why]).map(|_| true)
    }

    /// Acknowledges a message that was handled, unless the script does it itself.
    pub(crate) fn settle(&self, ack: Option<AckId>) -> Outcome {
        match ack {
            Some(ack) if !self.client.options().manual_ack => match self.client.ack(ack, ReasonCode::Success) {
                // The handler closed the client: there is nobody to tell.
                Ok(_) | Err(Error::Closed { .. }) => Ok(()),
                Err(error) => Err(throw_error(&error)),
            },
            _ => Ok(()),
        }
    }

    /// Forgets every callable, and what was kept for PHP.
    fn forget_callables(&self) {
        let handlers = std::mem::take(&mut *self.handlers.borrow_mut());
        let pending = std::mem::take(&mut *self.requests.pending.borrow_mut());
        let unfinished = std::mem::take(&mut *self.unfinished.borrow_mut());
        let callbacks = self.callbacks.all().map(|callback| callback.borrow_mut().take());
        let stream = self.stream.borrow_mut().take();
        let topic = self.topic.replace(zend::null());
        self.filters.borrow_mut().clear();
        let waiting = std::mem::take(&mut *self.waiting.borrow_mut());
        let ready = std::mem::take(&mut *self.ready.borrow_mut());
        drop((waiting, ready));
        drop((handlers, pending, unfinished, callbacks, stream, topic));
    }

    /// The end of the object: gets out what it can, and warns of what is lost. A persistent client goes on.
    /// `may_run_php`: signal handlers may run meanwhile.
    pub(crate) fn close(&self, may_run_php: bool) {
        if self.closed.replace(true) {
            return;
        }
        if self.client.is_forked() {
            return;
        }
        if let Some(name) = &self.persistent {
            self.leave_persistent(name);
        } else {
            let linger = self.client.options().linger;
            let before = Instant::now();
            let rest = if may_run_php { self.linger_interruptibly(linger) } else { linger };
            let flushed = before.elapsed();
            let Lost { publishes, waited, why } = self.client.close(rest);
            let waited = flushed + waited;
            if publishes > 0 && !guard::is_fatal() {
                let server = self.client.options().endpoints.first().map(ToString::to_string).unwrap_or_default();
                let messages = if publishes == 1 { "message was" } else { "messages were" };
                let time = if waited >= linger {
                    format!("within {} s (option linger)", linger.as_secs_f64())
                } else {
                    format!(
                        "and given up after {:.3} s, because there was no hope of a connection",
                        waited.as_secs_f64()
                    )
                };
                let why = why.map(|error| format!(" The last error was: {error}")).unwrap_or_default();
                let why = if why.ends_with(['.', '?']) || why.is_empty() { why } else { why + "." };
                exception::warning(&format!("{publishes} {messages} not delivered to {server} {time}.{why}"));
            }
        }
    }

    /// Waits as closing does, with signal handlers. Gives the time that is left for closing itself: none where it would
    /// change nothing, and the rest where a handler threw or called exit(), because what was published is to arrive.
    fn linger_interruptibly(&self, linger: Duration) -> Duration {
        unsafe extern "C" {
            fn mqtt_in_shutdown() -> bool;
        }
        // SAFETY: reads the executor.
        let is_over = guard::is_fatal() || zend::exception_pending() || unsafe { mqtt_in_shutdown() };
        if is_over || self.client.is_idle() || self.client.open_tokens() == 0 {
            return linger;
        }
        let end = Instant::now() + linger;
        let mut hook = || interrupt(None);
        match self.client.flush(Wait::at_most(linger).with_hook(&mut hook)) {
            Ok(0) | Err(Error::Interrupted { .. }) => end.saturating_duration_since(Instant::now()),
            _ => Duration::ZERO,
        }
    }

    /// The end of an object of a persistent client, which goes on: messages kept here wait for the next request, and what
    /// only callables of this request needed ends with the last of its objects.
    fn leave_persistent(&self, name: &str) {
        let unfinished = std::mem::take(&mut *self.unfinished.borrow_mut());
        let is_manual = self.client.options().manual_ack;
        for ack in unfinished.iter().filter_map(|entry| entry.received.ack).filter(|_| !is_manual) {
            // The script is over, and no new connection would bring the message again.
            let _ = self.client.ack(ack, ReasonCode::Success);
        }
        drop(unfinished);
        let mut kept = self.unacknowledged.as_ref().map(|list| list.take_all()).unwrap_or_default();
        kept.extend(self.kept.take_all());
        kept.extend(std::iter::from_fn(|| self.aside.pop()).filter_map(|event| match event {
            Event::Message(received) => Some(received),
            _ => None,
        }));
        if !kept.is_empty() {
            LEFT_OVER.with_borrow_mut(|left| {
                let queue = left.entry(name.to_owned()).or_default();
                queue.extend(kept);
                queue.make_contiguous().sort_by_key(|received| received.received_at);
            });
        }
        let living = LIVING.with_borrow(|living| living.iter().filter_map(Weak::upgrade).collect::<Vec<_>>());
        if !living.iter().any(|other| other.persistent.as_deref() == Some(name) && !other.closed.get()) {
            self.client.forget_handles();
            self.client.set_completion_events(false);
            self.client.set_log_events(false);
        }
    }

    /// Shows every callable to the garbage collector. Where a table is just being changed it shows nothing, and the
    /// collector takes the callables for reachable.
    pub(crate) fn visit(&self, buffer: *mut c_void) {
        if let Ok(handlers) = self.handlers.try_borrow() {
            handlers.values().for_each(|callback| callback.visit(buffer));
        }
        if let Ok(pending) = self.requests.pending.try_borrow() {
            pending.values().filter_map(|each| each.callback.as_ref()).for_each(|callback| callback.visit(buffer));
        }
        if let Ok(unfinished) = self.unfinished.try_borrow() {
            unfinished.iter().flat_map(|entry| &entry.rest).for_each(|callback| callback.visit(buffer));
        }
        if let Ok(waiting) = self.waiting.try_borrow() {
            waiting.values().flatten().for_each(|each| each.callback.visit(buffer));
        }
        if let Ok(ready) = self.ready.try_borrow() {
            ready.iter().for_each(|each| each.callback.visit(buffer));
        }
        for callback in self.callbacks.all() {
            if let Ok(callback) = callback.try_borrow() {
                callback.iter().for_each(|callback| callback.visit(buffer));
            }
        }
    }

    /// Counters and gauges as PHP sees them.
    pub(crate) fn stats(&self) -> Zval {
        let mut stats = stats(&self.client);
        zend::set(&mut stats, "kept", zend::long((self.kept.len() + self.aside.len()) as i64));
        stats
    }
}

/// Counters and gauges of a client.
pub(crate) fn stats(client: &Client) -> Zval {
    let Stats {
        bytes_sent,
        bytes_received,
        messages_sent,
        messages_received,
        messages_acknowledged,
        packets_sent,
        packets_received,
        messages_dropped,
        connections,
        reconnects,
        resubscribed,
        republished,
        events_dropped,
        in_flight,
        queued,
        queued_bytes,
        receive_queue,
        receive_queue_bytes,
        round_trip_us,
    } = client.stats();
    let mut array = zend::map();
    zend::set(&mut array, "connected", zend::bool(client.is_connected()));
    zend::set(&mut array, "clientId", zend::string(client.options().client_id.as_bytes()));
    for (name, number) in [
        ("bytesSent", bytes_sent),
        ("bytesReceived", bytes_received),
        ("messagesSent", messages_sent),
        ("messagesReceived", messages_received),
        ("messagesAcknowledged", messages_acknowledged),
        ("packetsSent", packets_sent),
        ("packetsReceived", packets_received),
        ("messagesDropped", messages_dropped),
        ("connections", connections),
        ("reconnects", reconnects),
        ("resubscribed", resubscribed),
        ("republished", republished),
        ("eventsDropped", events_dropped),
        ("inFlight", in_flight as u64),
        ("queued", queued as u64),
        ("queuedBytes", queued_bytes as u64),
        ("receiveQueue", receive_queue as u64),
        ("receiveQueueBytes", receive_queue_bytes as u64),
        ("openTokens", client.open_tokens() as u64),
    ] {
        zend::set(&mut array, name, zend::long(number as i64));
    }
    zend::set(&mut array, "roundTripTime", zend::double(Duration::from_micros(round_trip_us).as_secs_f64()));
    array
}

/// The end of the request: closes what the script left open, after a fatal error too, and forgets every callable
/// while the engine can still free them.
pub(crate) fn end_request() {
    let living = LIVING.take();
    for state in living.iter().filter_map(Weak::upgrade) {
        state.close(false);
        state.forget_callables();
    }
    nesting::forget();
}

/// How many objects of this thread live, for phpinfo().
pub(crate) fn living() -> usize {
    LIVING.with_borrow(|living| living.iter().filter(|state| state.strong_count() > 0).count())
}
