//! The bytes of one connection, and the thread that keeps it alive.
//!
//! The script's thread owns the connection and does everything on it in the calls that it makes. Only PINGREQ is
//! sent by another thread too: a script that computes for an hour between two calls of loop() stays connected. That
//! thread reads nothing and knows nothing of the session; it takes the lock for one small write.

use std::io::{self, ErrorKind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use mqtt_net::Transport;
use mqtt_proto::packet::PacketType;

/// Read at once.
const READ: usize = 64 * 1024;
/// A buffer that has grown over this is given back when it is empty.
const KEPT: usize = 256 * 1024;

/// A connection.
pub struct Wire {
    transport: Transport,
    /// What wants to be written; the first `written` bytes of it are.
    pub output: Vec<u8>,
    written: usize,
    keep_alive: Duration,
    /// CONNACK has come: pings may be sent.
    pub is_accepted: bool,
    sent_at: Instant,
    /// When the PINGREQ was sent that is not answered.
    ping_at: Option<Instant>,
    /// PINGREQ that the script has not been told of.
    untold_pings: u32,
    /// loop() waits on it: answers are read, and a ping that has none is noticed.
    pub is_watched: bool,
}

/// A wire and its lock: that of the script's thread, and of the one that pings.
pub type SharedWire = Arc<Mutex<Wire>>;

/// The lock of a wire or of the list; a panic under it leaves nothing half done.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Wire {
    /// A wire that is kept alive from now on.
    pub fn start(transport: Transport, keep_alive: Duration) -> SharedWire {
        let wire = Arc::new(Mutex::new(Wire {
            transport,
            output: Vec::new(),
            written: 0,
            keep_alive,
            is_accepted: false,
            sent_at: Instant::now(),
            ping_at: None,
            untold_pings: 0,
            is_watched: false,
        }));
        if !keep_alive.is_zero() {
            keeper::watch(&wire);
        }
        wire
    }

    /// Writes what wants to be written. False: the socket takes no more for now.
    #[inline]
    pub fn flush(&mut self) -> io::Result<bool> {
        if self.written == self.output.len() {
            return self.transport.flush();
        }
        while self.written < self.output.len() {
            match self.transport.write(&self.output[self.written..]) {
                Ok(count) => self.written += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.compact();
                    return Ok(false);
                }
                Err(error) => return Err(error),
            }
        }
        self.sent_at = Instant::now();
        self.written = 0;
        self.output.clear();
        if self.output.capacity() > KEPT {
            self.output = Vec::new();
        }
        self.transport.flush()
    }

    fn compact(&mut self) {
        if self.written > READ && self.written > self.output.len() / 2 {
            self.output.drain(..self.written);
            self.written = 0;
        }
    }

    /// Bytes that wait.
    pub fn backlog(&self) -> usize {
        self.output.len() - self.written
    }

    /// Whether to wait for the socket to become writable.
    pub fn wants_write(&self) -> bool {
        self.backlog() > 0 || self.transport.wants_write()
    }

    /// Reads once, behind what `input` has. `None` where nothing is there, 0 at the end of the stream.
    pub fn read(&mut self, input: &mut Input) -> io::Result<Option<usize>> {
        match self.transport.read(input.room()) {
            Ok(count) => {
                input.end += count;
                Ok(Some(count))
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether a read may give something although the socket has nothing.
    pub fn has_buffered_input(&self) -> bool {
        self.transport.has_buffered_input()
    }

    /// PINGRESP has come.
    pub fn pong(&mut self) {
        self.ping_at = None;
    }

    /// Whether the server has not answered PINGREQ for one keep-alive.
    pub fn is_silent(&self) -> bool {
        self.ping_at.is_some_and(|at| at.elapsed() >= self.keep_alive)
    }

    /// Sends PINGREQ where nothing was sent for one keep-alive [MQTT-3.1.2-23]. Returns when to come again.
    pub fn ping_if_due(&mut self, now: Instant) -> Option<Instant> {
        if self.keep_alive.is_zero() {
            return None;
        }
        let due = self.sent_at + self.keep_alive;
        if now < due || !self.is_accepted {
            return Some(due.max(now + Duration::from_millis(100)));
        }
        if self.is_watched && self.ping_at.is_some() {
            return Some(now + self.keep_alive);
        }
        // What waits to be written is a sign of life of its own.
        if self.backlog() == 0 {
            self.output.extend_from_slice(&[(PacketType::PingReq as u8) << 4, 0]);
            self.ping_at = self.ping_at.or(Some(now));
            self.untold_pings += 1;
        }
        self.sent_at = now;
        // An error shows itself to the script's thread.
        let _ = self.flush();
        Some(now + self.keep_alive)
    }

    /// Whether there is something to handle although nothing has come.
    pub fn has_news(&self) -> bool {
        self.untold_pings > 0 || self.is_silent()
    }

    /// How many PINGREQ were sent since the last question.
    pub fn take_untold_pings(&mut self) -> u32 {
        std::mem::take(&mut self.untold_pings)
    }

    /// The transport, to wait on and to close.
    pub fn transport(&mut self) -> &mut Transport {
        &mut self.transport
    }
}

/// What was read and not taken yet, and room behind it.
#[derive(Default)]
pub struct Input {
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

impl Input {
    /// What was read and not taken.
    pub fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Takes this many bytes away.
    pub fn consumed(&mut self, count: usize) {
        self.start += count;
        if self.start == self.end {
            self.clear();
            if self.buffer.len() > KEPT {
                self.buffer = Vec::new();
            }
        }
    }

    /// Throws everything away.
    pub fn clear(&mut self) {
        (self.start, self.end) = (0, 0);
    }

    /// Room for one read. It grows with the bytes that have come, not with the length that is announced.
    fn room(&mut self) -> &mut [u8] {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.buffer.len() - self.end < READ / 2 {
            let size = (2 * self.buffer.len()).max(READ);
            self.buffer.resize(size, 0);
        }
        &mut self.buffer[self.end..]
    }
}

/// The thread that keeps the connections of a process alive. It runs as long as there are any.
mod keeper {
    use super::*;
    use crate::{fork, runtime};

    #[derive(Default)]
    struct Keeper {
        list: Mutex<List>,
        news: Condvar,
    }

    #[derive(Default)]
    struct List {
        wires: Vec<Weak<Mutex<Wire>>>,
        /// When the thread wakes up by itself.
        wakes: Option<Instant>,
        /// Connections that are gone are looked for when there are so many.
        sweep_at: usize,
    }

    /// One for each generation of forks: the lock of a parent's may be held for ever in a child.
    static KEEPERS: [Mutex<Option<Arc<Keeper>>>; 64] = [const { Mutex::new(None) }; 64];

    pub(super) fn watch(wire: &SharedWire) {
        let mut slot = lock(&KEEPERS[fork::generation() as usize % KEEPERS.len()]);
        let keeper = match &*slot {
            Some(keeper) => keeper.clone(),
            None => {
                let keeper = Arc::new(Keeper::default());
                let thread = keeper.clone();
                let started = std::thread::Builder::new().name("mqtt-alive".into()).spawn(move || {
                    runtime::call_thread_start_hook();
                    thread.run();
                });
                // Without a thread loop() sends the pings.
                if started.is_err() {
                    return;
                }
                *slot = Some(keeper.clone());
                keeper
            }
        };
        let due = Instant::now() + lock(wire).keep_alive;
        let mut list = lock(&keeper.list);
        if list.wires.len() >= list.sweep_at {
            list.wires.retain(|wire| wire.strong_count() > 0);
            list.sweep_at = 64 + 2 * list.wires.len();
        }
        list.wires.push(Arc::downgrade(wire));
        // Waking a thread costs more than all the rest of a short connection.
        if list.wakes.is_none_or(|wakes| due < wakes) {
            list.wakes = Some(due);
            drop(list);
            keeper.news.notify_one();
        }
    }

    impl Keeper {
        fn run(&self) {
            let mut list = lock(&self.list);
            loop {
                let now = Instant::now();
                let mut next: Option<Instant> = None;
                list.wires.retain(|wire| {
                    let Some(wire) = wire.upgrade() else { return false };
                    // Where the script is at it right now, it sends something anyway: look again soon.
                    let due = match wire.try_lock() {
                        Ok(mut wire) => wire.ping_if_due(now),
                        Err(_) => Some(now + Duration::from_millis(100)),
                    };
                    next = next.into_iter().chain(due).min();
                    true
                });
                list.wakes = next;
                list = match next {
                    Some(next) => {
                        let wait = next.saturating_duration_since(Instant::now());
                        self.news.wait_timeout(list, wait).unwrap_or_else(PoisonError::into_inner).0
                    }
                    None => self.news.wait(list).unwrap_or_else(PoisonError::into_inner),
                };
            }
        }
    }
}
