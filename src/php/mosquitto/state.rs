//! A client: its settings, callbacks, session and connection, and how they go together.
//!
//! Nothing is borrowed and nothing locked while a callback runs: it may call any method of the same client.

mod connection;
mod looping;

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::rc::Rc;
use std::time::Duration;

use mqtt_client::mosquitto::{Event, Input, Session, SharedWire};
use rustix::event::{PollFd, Timespec, poll};

use super::message;
use super::settings::Settings;
use super::text;
use crate::callback::Callback;
use crate::guard::{Outcome, Thrown};
use crate::wait::interrupt;
use crate::zend;
pub(super) use connection::Target;

/// Signal handlers of the script run at least this often while a call waits.
const SLICE: Duration = Duration::from_millis(100);

pub(super) struct State {
    pub(super) settings: RefCell<Settings>,
    pub(super) callbacks: Callbacks,
    session: RefCell<Session>,
    link: RefCell<Option<Link>>,
    input: RefCell<Input>,
    /// Callbacks that run, one inside another.
    depth: Cell<u32>,
    /// Something was sent since loop() was called last.
    has_sent: Cell<bool>,
    is_looping: Cell<bool>,
    exit: Cell<bool>,
}

#[derive(Default)]
pub(super) struct Callbacks {
    pub(super) connect: RefCell<Option<Callback>>,
    pub(super) disconnect: RefCell<Option<Callback>>,
    pub(super) log: RefCell<Option<Callback>>,
    pub(super) subscribe: RefCell<Option<Callback>>,
    pub(super) unsubscribe: RefCell<Option<Callback>>,
    pub(super) message: RefCell<Option<Callback>>,
    pub(super) publish: RefCell<Option<Callback>>,
}

impl Callbacks {
    fn all(&self) -> [&RefCell<Option<Callback>>; 7] {
        let Callbacks { connect, disconnect, log, subscribe, unsubscribe, message, publish } = self;
        [connect, disconnect, log, subscribe, unsubscribe, message, publish]
    }
}

struct Link {
    wire: SharedWire,
    /// The process that it belongs to.
    generation: u32,
    /// A subscription was asked for on it: messages may be on their way.
    has_subscribed: bool,
}

impl State {
    pub(super) fn new(settings: Settings) -> State {
        let session = Session::new(settings.id.as_deref());
        State {
            settings: RefCell::new(settings),
            callbacks: Callbacks::default(),
            session: RefCell::new(session),
            link: RefCell::default(),
            input: RefCell::default(),
            depth: Cell::new(0),
            has_sent: Cell::new(false),
            is_looping: Cell::new(false),
            exit: Cell::new(false),
        }
    }

    pub(super) fn visit(&self, buffer: *mut c_void) {
        for callback in self.callbacks.all() {
            if let Ok(callback) = callback.try_borrow()
                && let Some(callback) = &*callback
            {
                callback.visit(buffer);
            }
        }
    }

    /// Log lines are made from now on.
    pub(super) fn has_log(&self) {
        self.session.borrow_mut().has_log = true;
    }
}

// What the script is told.
impl State {
    /// Tells the script what has happened, in order. An exception leaves the rest for the next call.
    pub(super) fn dispatch(self: &Rc<Self>) -> Outcome {
        loop {
            let Some(event) = self.session.borrow_mut().events.pop_front() else { return Ok(()) };
            self.depth.set(self.depth.get() + 1);
            let result = self.tell(event);
            self.depth.set(self.depth.get() - 1);
            result?;
        }
    }

    /// The same, except inside a callback: what a callback causes is told when it has returned, but for log lines.
    #[inline]
    pub(super) fn dispatch_outside(self: &Rc<Self>) -> Outcome {
        if self.depth.get() == 0 {
            return self.dispatch();
        }
        while let Some(line) = self.session.borrow_mut().take_log() {
            self.tell(line)?;
        }
        Ok(())
    }

    fn tell(&self, event: Event) -> Outcome {
        let callbacks = &self.callbacks;
        let get = |place: &RefCell<Option<Callback>>| place.borrow().clone();
        match event {
            Event::Log(level, text) => {
                let Some(callback) = get(&callbacks.log) else { return Ok(()) };
                callback.call([zend::long(level), zend::string(text.as_bytes())])
            }
            Event::Connect(code) => {
                let Some(callback) = get(&callbacks.connect) else { return Ok(()) };
                callback.call([zend::long(code), zend::string(text::connack(code).as_bytes())])
            }
            Event::Disconnect(code) => {
                let Some(callback) = get(&callbacks.disconnect) else { return Ok(()) };
                callback.call([zend::long(code.0)])
            }
            Event::Subscribe { mid, count, granted } => {
                let Some(callback) = get(&callbacks.subscribe) else { return Ok(()) };
                callback.call([zend::long(mid), zend::long(count as i64), zend::long(granted)])
            }
            Event::Unsubscribe(mid) => {
                let Some(callback) = get(&callbacks.unsubscribe) else { return Ok(()) };
                callback.call([zend::long(mid)])
            }
            Event::Publish(mid) => {
                let Some(callback) = get(&callbacks.publish) else { return Ok(()) };
                callback.call([zend::long(mid)])
            }
            Event::Message(message) => {
                let Some(callback) = get(&callbacks.message) else { return Ok(()) };
                let object = message::object(&message);
                drop(message);
                callback.call([object])
            }
        }
        .map(drop)
    }
}

/// Polls, a signal handler's time at most.
fn sleep(fds: &mut [PollFd<'_>], time: Duration) {
    let time = Timespec::try_from(time.min(SLICE)).ok();
    // Interrupted or not: the caller looks at everything anyway.
    let _ = poll(fds, time.as_ref());
}

/// Runs the script's signal handlers; an exception of one ends the call.
fn handle_signals() -> Outcome {
    if interrupt(None).is_break() { Err(Thrown::pending()) } else { Ok(()) }
}
