//! The background thread: one per process, started by the first client that needs it.
//!
//! It takes the pump's turns for every client that no call leads. It steps aside while calls lead (2 ms ticks as long
//! as leads come and go, else it parks until the leader leaves), sends the tail of a burst at 200 us ticks, and
//! otherwise sleeps in one poll over the sockets of all clients.

use std::os::fd::{AsFd, OwnedFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};

use crate::fork;
use crate::notify::Notify;
use crate::packets::Line;
use crate::pump::Turn;
use crate::shared::{Shared, lock, timespec};

/// A function that the background thread calls before anything else, for instance to block all signals. Only the first
/// call of this has an effect, and only before the thread runs.
pub fn set_thread_start_hook(hook: fn()) {
    let _ = THREAD_START.set(hook);
}

/// What every thread of this crate does first.
pub(crate) fn call_thread_start_hook() {
    if let Some(hook) = THREAD_START.get() {
        hook();
    }
}

/// Ends the background thread of this process, waiting for it at most this long, and says whether it has ended. For a
/// library that is about to be unloaded: close every client first. A client that needs it later starts another.
pub fn shutdown(timeout: Duration) -> bool {
    let Some(runtime) = lock(slot()).take_if(|runtime| runtime.generation == fork::generation()) else { return true };
    runtime.stop.store(true, SeqCst);
    runtime.kick();
    let Some(ended) = lock(&runtime.ended).take() else { return true };
    if ended.recv_timeout(timeout) != Err(RecvTimeoutError::Disconnected) {
        return false;
    }
    // It has left its loop. Joined, it runs no code of a library that is about to go, and its stack is given back.
    lock(&runtime.thread).take().is_none_or(|thread| thread.join().is_ok())
}

static THREAD_START: OnceLock<fn()> = OnceLock::new();

/// One lock per generation of forks: that of the parent may be held for ever in a child.
static RUNTIMES: [Mutex<Option<Arc<Runtime>>>; 64] = [const { Mutex::new(None) }; 64];

pub(crate) struct Runtime {
    generation: u32,
    clients: Mutex<Vec<Arc<Shared>>>,
    /// Connections without a session that want their pings.
    lines: Mutex<Vec<Arc<Line>>>,
    /// Counts changes that the thread has to see before it sleeps.
    attention: AtomicU64,
    /// How deep it sleeps, see the constants.
    sleep: AtomicU8,
    wake: Option<Notify>,
    stop: AtomicBool,
    ended: Mutex<Option<Receiver<()>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// Awake, or about to be.
const AWAKE: u8 = 0;
/// In a short sleep that only news end.
const LIGHT: u8 = 1;
/// In a long sleep that a leader who leaves ends too.
const DEEP: u8 = 2;

/// How long the tail of a burst waits.
const TAIL: Duration = Duration::from_micros(200);
/// How long the thread leaves a client alone after a call has led.
const ASIDE: Duration = Duration::from_millis(2);

/// Hands a client to the background thread. Where no thread can be started the client works while calls wait.
pub(crate) fn register(client: Arc<Shared>) -> Arc<Runtime> {
    let runtime = running();
    lock(&runtime.clients).push(client);
    runtime.kick();
    runtime
}

/// Hands a connection without a session to the background thread, which pings for it.
pub(crate) fn watch(line: Arc<Line>) {
    let runtime = running();
    lock(&runtime.lines).push(line);
    runtime.kick();
}

/// Takes it back. To be called in the process that has handed it over.
pub(crate) fn unwatch(line: &Arc<Line>) {
    // After a shutdown there is none.
    let Some(runtime) = lock(slot()).clone() else { return };
    lock(&runtime.lines).retain(|other| !Arc::ptr_eq(other, line));
    runtime.kick();
}

/// The background thread of this process, started where there is none.
fn running() -> Arc<Runtime> {
    let mut slot = lock(slot());
    if slot.as_ref().is_none_or(|runtime| runtime.generation != fork::generation())
        && let Some(inherited) = slot.replace(Runtime::start())
    {
        // The parent's; its locks and descriptors are not ours.
        std::mem::forget(inherited);
    }
    slot.get_or_insert_with(Runtime::start).clone()
}

fn slot() -> &'static Mutex<Option<Arc<Runtime>>> {
    &RUNTIMES[fork::generation() as usize % RUNTIMES.len()]
}

impl Runtime {
    fn start() -> Arc<Runtime> {
        let (alive, ended) = channel();
        let runtime = Arc::new(Runtime {
            generation: fork::generation(),
            clients: Mutex::default(),
            lines: Mutex::default(),
            attention: AtomicU64::new(0),
            sleep: AtomicU8::new(AWAKE),
            wake: Notify::new().ok(),
            stop: AtomicBool::new(false),
            ended: Mutex::new(Some(ended)),
            thread: Mutex::default(),
        });
        let thread = runtime.clone();
        let started = std::thread::Builder::new().name("mqtt".into()).spawn(move || thread.run(alive));
        *lock(&runtime.thread) = started.ok();
        runtime
    }

    /// There is something to do.
    pub(crate) fn kick(&self) {
        self.attention.fetch_add(1, SeqCst);
        if self.sleep.load(SeqCst) != AWAKE {
            self.wake_up();
        }
    }

    /// A call that led has left: somebody has to watch its client.
    pub(crate) fn leader_left(&self) {
        self.attention.fetch_add(1, SeqCst);
        if self.sleep.load(SeqCst) == DEEP {
            self.wake_up();
        }
    }

    pub(crate) fn remove(&self, client: &Shared) {
        lock(&self.clients).retain(|other| !std::ptr::eq(&**other, client));
        self.kick();
    }

    fn wake_up(&self) {
        if self.sleep.swap(AWAKE, SeqCst) != AWAKE
            && let Some(wake) = &self.wake
        {
            wake.set();
        }
    }

    /// `_alive` goes with the thread: that is how [`shutdown`] hears of its end.
    fn run(self: Arc<Runtime>, _alive: Sender<()>) {
        call_thread_start_hook();
        let Some(wake) = &self.wake else { return };
        let mut seats: Vec<Seat> = Vec::new();
        while !self.stop.load(SeqCst) {
            let seen = self.attention.load(SeqCst);
            self.take_seats(&mut seats);
            let mut round = Round::default();
            let now = Instant::now();
            for seat in &mut seats {
                seat.turn(now, &mut round);
            }
            for line in &*lock(&self.lines) {
                round.deadline = [round.deadline, line.tick(now)].into_iter().flatten().min();
            }
            if round.more {
                continue;
            }
            if round.tail {
                let _ = poll(&mut [], Some(&timespec(TAIL)));
                continue;
            }
            let until = round.deadline.map(|at| at.saturating_duration_since(Instant::now()));
            let (depth, until) =
                if round.aside { (LIGHT, Some(until.map_or(ASIDE, |u| u.min(ASIDE)))) } else { (DEEP, until) };
            self.sleep.store(depth, SeqCst);
            if self.attention.load(SeqCst) == seen {
                let mut fds = Vec::with_capacity(1 + round.watch.len());
                fds.push(PollFd::new(wake, PollFlags::IN));
                fds.extend(round.watch.iter().map(|(fd, flags)| PollFd::from_borrowed_fd(fd.as_fd(), *flags)));
                let _ = poll(&mut fds, until.map(timespec).as_ref());
                let woken = !fds[0].revents().is_empty();
                if woken {
                    wake.clear();
                }
            }
            self.sleep.store(AWAKE, SeqCst);
        }
    }

    /// The clients as they are; what is known of those that stay is kept.
    fn take_seats(&self, seats: &mut Vec<Seat>) {
        let clients = lock(&self.clients);
        let same =
            clients.len() == seats.len() && clients.iter().zip(seats.iter()).all(|(c, s)| Arc::ptr_eq(c, &s.client));
        if !same {
            let mut old = std::mem::take(seats);
            seats.extend(clients.iter().map(|client| {
                let at = old.iter().position(|seat| Arc::ptr_eq(&seat.client, client));
                at.map_or_else(
                    || Seat { client: client.clone(), leads: 0, aside_until: None },
                    |at| old.swap_remove(at),
                )
            }));
        }
    }
}

/// One client as the thread sees it.
struct Seat {
    client: Arc<Shared>,
    /// Leads counted at the last look.
    leads: u64,
    aside_until: Option<Instant>,
}

/// What a round over all clients found.
#[derive(Default)]
struct Round {
    more: bool,
    /// Tails of bursts may follow.
    tail: bool,
    /// Calls lead now and then.
    aside: bool,
    deadline: Option<Instant>,
    watch: Vec<(Arc<OwnedFd>, PollFlags)>,
}

impl Seat {
    fn turn(&mut self, now: Instant, round: &mut Round) {
        let (led, leads) = self.client.lead();
        if leads != self.leads {
            self.leads = leads;
            self.aside_until = Some(now + ASIDE);
        }
        let aside = self.aside_until.is_some_and(|until| now < until);
        round.aside |= aside;
        if led {
            return;
        }
        let tail = self.client.take_tail();
        round.tail |= tail;
        if aside && !tail {
            return;
        }
        // A panic is a bug; it ends this client and not those of others.
        let turn = catch_unwind(AssertUnwindSafe(|| self.client.turn())).unwrap_or_else(|_| {
            self.client.with(|state| state.close());
            self.client.stop_runtime();
            Turn::default()
        });
        if turn.progress {
            self.client.wake_leader();
        }
        round.more |= turn.more;
        round.deadline = [round.deadline, turn.deadline].into_iter().flatten().min();
        round.watch.extend(turn.watch);
    }
}
