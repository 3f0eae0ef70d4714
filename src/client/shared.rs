//! What the handles of one client and the background thread share, and how calls wait.
//!
//! A call that waits takes the lead if nobody has it: it takes the pump's turns itself and polls in between. Others
//! follow: they sleep until the leader has made progress or leaves. While nobody leads, the background thread pumps.

use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};

use mqtt_proto::{Text, Time};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use smallvec::SmallVec;

use crate::journal::{Journal, Restored};
use crate::notify::Notify;
use crate::pump::Pump;
use crate::runtime::{self, Runtime};
use crate::state::{Flush, State};
use crate::{Error, Options, Result, Wait, fork};

pub(crate) struct Shared {
    this: Weak<Shared>,
    /// The process that made it.
    generation: u32,
    pub(crate) options: Arc<Options>,
    state: Mutex<State>,
    pump: Mutex<Pump>,
    /// Wakes those that follow.
    followers: Condvar,
    /// Polls readable while events wait; made when somebody asks for it.
    events: OnceLock<Notify>,
    /// Wakes the leader out of its poll.
    wake: Notify,
    /// A call takes the turns.
    led: AtomicBool,
    /// How often the lead was taken.
    leads: AtomicU64,
    /// The leader is in its poll, or about to be.
    polling: AtomicBool,
    /// Counts changes that a leader about to poll has to see.
    attention: AtomicU64,
    /// There is output that waits for the next tick of the background thread.
    tail: AtomicBool,
    runtime: OnceLock<Arc<Runtime>>,
}

/// The hook of a call runs at least so often.
const SLICE: Duration = Duration::from_millis(100);

impl Shared {
    pub(crate) fn new(options: Options, client_id: Text, has_generated_id: bool, seed: u64) -> Result<Arc<Shared>> {
        let wake = Notify::new().map_err(|error| no_descriptor(&error))?;
        let (journal, restored) = match &options.store {
            Some(directory) => {
                let (journal, restored) = Journal::open(directory, &client_id, clock())?;
                (Some(journal), restored)
            }
            None => (None, Restored::default()),
        };
        let options = Arc::new(options);
        Ok(Arc::new_cyclic(|this| Shared {
            this: this.clone(),
            generation: fork::generation(),
            state: Mutex::new(State::new(options.clone(), client_id, has_generated_id, seed, restored)),
            options,
            pump: Mutex::new(Pump::new(journal)),
            followers: Condvar::new(),
            events: OnceLock::new(),
            wake,
            led: AtomicBool::new(false),
            leads: AtomicU64::new(0),
            polling: AtomicBool::new(false),
            attention: AtomicU64::new(0),
            tail: AtomicBool::new(false),
            runtime: OnceLock::new(),
        }))
    }

    /// Whether this process made it. To be asked before any lock is taken.
    pub(crate) fn is_ours(&self) -> bool {
        self.generation == fork::generation()
    }

    pub(crate) fn check_fork(&self) -> Result<()> {
        if self.is_ours() { Ok(()) } else { Err(Error::Forked) }
    }

    /// In a forked child: closes the inherited socket, so that the parent's connection ends with the parent. A lock
    /// that was held at the fork is never free again, so it is only tried.
    pub(crate) fn abandon(&self) {
        if let Ok(mut pump) = self.pump.try_lock() {
            pump.abandon();
        }
    }

    /// Works on the state under its lock, then tells whom it may concern.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        let mut state = lock(&self.state);
        let result = work(&mut state);
        let signal = state.take_signal();
        let attention = std::mem::take(&mut state.attention);
        let followed = std::mem::take(&mut state.progress) && state.followers > 0;
        drop(state);
        if signal && let Some(events) = self.events.get() {
            events.set();
        }
        if followed {
            self.followers.notify_all();
        }
        if attention {
            self.kick();
        }
        result
    }

    pub(crate) fn peer(&self) -> String {
        self.with(|state| state.peer().to_owned())
    }

    /// One turn of the pump, whoever else moves bytes.
    pub(crate) fn turn(&self) -> crate::pump::Turn {
        lock(&self.pump).turn(self)
    }

    /// The descriptor behind [`crate::Client::fd`].
    pub(crate) fn events(&self) -> Result<&Notify> {
        if self.events.get().is_none() {
            let notify = Notify::new().map_err(|error| no_descriptor(&error))?;
            let _ = self.events.set(notify);
            self.with(|state| {
                state.watched = true;
                state.events_left();
            });
        }
        self.events.get().ok_or_else(|| Error::InvalidArgument("no descriptor".into()))
    }

    /// Makes the descriptor unreadable. What it announces is to be taken after this.
    pub(crate) fn clear_events(&self) {
        if self.with(|state| state.armed)
            && let Some(events) = self.events.get()
        {
            events.clear();
            self.with(|state| state.armed = false);
        }
    }

    /// Puts on record what was handed over or handled, where there is a store. An error shows at the next turn.
    pub(crate) fn save(&self) {
        if self.options.store.is_some() && lock(&self.pump).save(self).is_err() {
            self.kick();
        }
    }

    /// The client is closed.
    pub(crate) fn close_store(&self) {
        lock(&self.pump).close_store();
    }

    /// After something was sent.
    pub(crate) fn flush(&self, flush: Flush) {
        match flush {
            Flush::Nothing => {}
            Flush::Later => self.kick_soon(),
            // A pump that is busy writes it in its turn, if it hears of it.
            Flush::Inline => match self.pump.try_lock() {
                Ok(mut pump) => {
                    let more = pump.flush(self);
                    drop(pump);
                    if more {
                        self.kick();
                    }
                }
                Err(_) => self.kick(),
            },
        }
    }

    /// Something has to be done now: whoever pumps is woken.
    pub(crate) fn kick(&self) {
        self.start_runtime();
        if !self.wake_leader()
            && let Some(runtime) = self.runtime.get()
        {
            runtime.kick();
        }
    }

    /// There is output that may wait for the next tick.
    fn kick_soon(&self) {
        // Whoever has been told and has not looked yet sees this output too, because looking means taking the lock of
        // the state after the mark was taken away.
        if !self.tail.load(SeqCst) || self.led.load(SeqCst) {
            self.tail.store(true, SeqCst);
            self.kick();
        }
    }

    /// Whether output waits for the tick; no longer after this.
    pub(crate) fn take_tail(&self) -> bool {
        self.tail.load(SeqCst) && self.tail.swap(false, SeqCst)
    }

    /// For the background thread, after its turn: a leader may wait for what it has read.
    pub(crate) fn wake_leader(&self) -> bool {
        self.attention.fetch_add(1, SeqCst);
        if self.polling.swap(false, SeqCst) {
            self.wake.set();
        }
        self.led.load(SeqCst)
    }

    /// Whether a call leads, and how often that was so.
    pub(crate) fn lead(&self) -> (bool, u64) {
        (self.led.load(SeqCst), self.leads.load(SeqCst))
    }

    /// Gives the client to the background thread, where it is not.
    fn start_runtime(&self) {
        if self.runtime.get().is_none()
            && let Some(this) = self.this.upgrade()
        {
            self.runtime.get_or_init(|| runtime::register(this));
        }
    }

    /// Takes the client away from the background thread.
    pub(crate) fn stop_runtime(&self) {
        if let Some(runtime) = self.runtime.get() {
            runtime.remove(self);
        }
    }
}

// Waiting.
impl Shared {
    /// Blocks until `ready` has a result. `what` names it for errors; `answer`: it is an answer of the server, so
    /// that reading does not pause meanwhile.
    pub(crate) fn block<T>(
        &self,
        mut wait: Wait<'_>,
        answer: bool,
        what: &dyn Fn() -> String,
        ready: &mut dyn FnMut(&mut State) -> Option<Result<T>>,
    ) -> Result<T> {
        if let Some(result) = self.with(&mut *ready) {
            return result;
        }
        let started = Instant::now();
        let deadline = wait.timeout.and_then(|timeout| started.checked_add(timeout));
        loop {
            let slice = wait.hook.as_ref().map(|_| Instant::now() + SLICE);
            let until = [deadline, slice].into_iter().flatten().min();
            if let Some(result) = self.block_once(until, answer, ready) {
                return result;
            }
            // Nothing is held here: the hook may call this client again, and may never return.
            if let Some(hook) = &mut wait.hook
                && hook().is_break()
            {
                return Err(Error::Interrupted { what: what() });
            }
            self.check_fork()?;
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return match self.with(&mut *ready) {
                    Some(result) => result,
                    None => Err(self.timeout(what(), wait.timeout.unwrap_or_default())),
                };
            }
        }
    }

    /// Leads or follows until there is a result, the time is over or a signal came.
    fn block_once<T>(
        &self,
        until: Option<Instant>,
        answer: bool,
        ready: &mut dyn FnMut(&mut State) -> Option<Result<T>>,
    ) -> Option<Result<T>> {
        let _awaiting = answer.then(|| Awaiting::begin(self));
        if self.led.swap(true, SeqCst) {
            return self.follow(until, ready);
        }
        self.leads.fetch_add(1, SeqCst);
        let _lead = Lead(self);
        self.lead_until(until, ready)
    }

    /// Takes turns and polls until there is a result, the time is over or a signal came.
    fn lead_until<T>(
        &self,
        until: Option<Instant>,
        ready: &mut dyn FnMut(&mut State) -> Option<Result<T>>,
    ) -> Option<Result<T>> {
        loop {
            let seen = self.attention.load(SeqCst);
            self.take_tail();
            let turn = self.turn();
            if let Some(result) = self.with(&mut *ready) {
                return Some(result);
            }
            let now = Instant::now();
            if until.is_some_and(|until| until <= now) {
                return None;
            }
            if turn.more {
                continue;
            }
            self.polling.store(true, SeqCst);
            if self.attention.load(SeqCst) != seen {
                self.polling.store(false, SeqCst);
                continue;
            }
            let until = [until, turn.deadline].into_iter().flatten().min();
            let mut fds: SmallVec<[PollFd<'_>; 4]> = SmallVec::new();
            fds.push(PollFd::new(&self.wake, PollFlags::IN));
            fds.extend(turn.watch.iter().map(|(fd, flags)| PollFd::from_borrowed_fd(fd.as_fd(), *flags)));
            let polled = poll(&mut fds, until.map(|until| timespec(until.saturating_duration_since(now))).as_ref());
            let woken = !fds[0].revents().is_empty();
            if woken || !self.polling.swap(false, SeqCst) {
                self.wake.clear();
            }
            if polled == Err(Errno::INTR) {
                return None;
            }
        }
    }

    /// Sleeps until the leader has made progress or leaves.
    fn follow<T>(
        &self,
        until: Option<Instant>,
        ready: &mut dyn FnMut(&mut State) -> Option<Result<T>>,
    ) -> Option<Result<T>> {
        let mut state = lock(&self.state);
        state.followers += 1;
        let result = loop {
            if let Some(result) = ready(&mut state) {
                break Some(result);
            }
            let now = Instant::now();
            if !self.led.load(SeqCst) || until.is_some_and(|until| until <= now) {
                break None;
            }
            // A second at most: the leader may end without a word, when its thread ends inside a hook.
            let span = until.map_or(Duration::from_secs(1), |until| until - now).min(Duration::from_secs(1));
            state = self.followers.wait_timeout(state, span).unwrap_or_else(PoisonError::into_inner).0;
        };
        state.followers -= 1;
        drop(state);
        // What `ready` has changed may concern others.
        self.with(|_| ());
        result
    }

    fn timeout(&self, what: String, after: Duration) -> Error {
        let peer = self.with(|state| match state.last_error() {
            Some(error) if !state.is_connected() => format!("not connected: {error}"),
            _ => state.peer().to_owned(),
        });
        Error::Timeout { what, peer, after }
    }
}

/// The lead, given back when it goes.
struct Lead<'a>(&'a Shared);

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        let shared = self.0;
        shared.polling.store(false, SeqCst);
        shared.led.store(false, SeqCst);
        if lock(&shared.state).followers > 0 {
            shared.followers.notify_all();
        }
        if let Some(runtime) = shared.runtime.get() {
            runtime.leader_left();
        }
    }
}

/// A call that waits for an answer of the server.
struct Awaiting<'a>(&'a Shared);

impl Awaiting<'_> {
    fn begin(shared: &Shared) -> Awaiting<'_> {
        shared.with(|state| state.awaiting += 1);
        Awaiting(shared)
    }
}

impl Drop for Awaiting<'_> {
    fn drop(&mut self) {
        self.0.with(|state| state.awaiting -= 1);
    }
}

/// The client's clock: one for the process.
pub(crate) fn clock() -> Time {
    to_time(Instant::now())
}

pub(crate) fn to_time(instant: Instant) -> Time {
    static START: OnceLock<Instant> = OnceLock::new();
    let start = *START.get_or_init(|| instant);
    Time::from_millis(instant.saturating_duration_since(start).as_millis() as u64 + 1)
}

/// A panic under one of these locks is a bug that has been reported; the data is still whole enough to close.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn timespec(span: Duration) -> Timespec {
    // Far beyond any wait; keeps the conversion in range.
    let span = span.min(Duration::from_secs(1 << 30));
    Timespec { tv_sec: span.as_secs() as _, tv_nsec: span.subsec_nanos() as _ }
}

fn no_descriptor(error: &std::io::Error) -> Error {
    Error::Transport(format!("no descriptor for wake-ups: {error}; raise the limit of open files"))
}
