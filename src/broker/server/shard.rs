//! One shard: a thread with its poll, its connections and the sessions whose home it is.
//!
//! A turn of the loop: wait; read what is readable and do what it says, which appends to the output of receivers on
//! this shard and to one batch for each other shard; then hand over the batches and write once to every connection
//! that has output. A publisher is written last, so that its acknowledgements leave together.

use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use mio::event::Event;
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};
use mqtt_proto::Time;
use mqtt_proto::session::Link;
use slab::Slab;

use super::connection::{Connection, Draining, State};
use super::delivering::DeliveryDeadline;
use super::durable::Saving;
use super::mail::{Accepted, Batch, Mail};
use crate::core::Core;
use crate::log::{Level, Record};
use crate::metrics::Counters;
use crate::registry::{NONE, Registry};
use crate::routing::{ClientRef, RouteCache};

/// The token of the waker; connections have their index, draining ones the same with the high bit.
pub(crate) const WAKER: Token = Token(usize::MAX);
pub(super) const DRAINING: usize = 1 << (usize::BITS - 2);

/// The most that is read from one connection before others have their turn.
pub(super) const READ_SIZE: usize = 64 * 1024;
/// Output of one turn after which receivers are written, so that a turn's memory is bounded and stays in the cache.
pub(super) const TURN_OUTPUT: usize = 512 * 1024;
/// How often keep-alive and handshake deadlines are looked at.
const SWEEP: Duration = Duration::from_millis(1000);
/// Expired retained messages are looked for once in so many sweeps.
const RETAINED_SWEEP: u32 = 60;
/// How long a farewell may take to leave.
pub(super) const LINGER: Duration = Duration::from_secs(3);
/// How long clients have to close their end when the broker stops and has told them everything.
const GRACE: Duration = Duration::from_millis(100);
/// Later than every time.
const NEVER: Time = Time::from_millis(u64::MAX);
/// How soon a shard looks again whether another has caught up.
const HELD_UP: Duration = Duration::from_millis(1);
/// Buffers kept for later, and the largest of them.
pub(super) const POOL: usize = 128;
pub(super) const POOLED_SIZE: usize = 256 * 1024;

/// Buffers kept when nothing happens.
const POOL_AT_REST: usize = 8;

/// What happens to a session at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// Its will is due.
    Will,
    /// It is over.
    Expiry,
}

/// One shard.
pub(crate) struct Shard {
    pub(crate) core: Arc<Core>,
    pub(crate) index: usize,
    pub(super) poll: Poll,
    pub(crate) now: Time,
    pub(crate) connections: Slab<Connection>,
    pub(super) draining: Slab<Draining>,
    pub(crate) registry: Registry,
    pub(crate) routes: RouteCache,
    pub(crate) counters: Counters,
    /// Connections to read in this turn or the next.
    pub(super) ready: Vec<u32>,
    /// Connections to write at the end of the turn: receivers, then publishers.
    pub(super) receivers: Vec<u32>,
    pub(super) publishers: Vec<u32>,
    /// Bytes delivered since receivers were last written.
    pub(crate) delivered: usize,
    /// What goes to each other shard.
    pub(crate) outbox: Vec<Batch>,
    /// Buffers of batches, for the next ones.
    pub(crate) batch_pool: Vec<Vec<u8>>,
    pub(super) scratch: Vec<u8>,
    pub(super) pool: Vec<Vec<u8>>,
    pub(crate) timers: BTreeSet<(Time, Timer, u32)>,
    /// Questions to hooks by deadline: connection and ticket.
    pub(crate) deadlines: VecDeque<(Time, u32, u64)>,
    /// The same for messages to sessions.
    pub(super) delivery_deadlines: VecDeque<DeliveryDeadline>,
    pub(crate) tickets: u64,
    pub(crate) saving: Saving,
    next_sweep: Time,
    sweeps: u32,
    peers_generation: u64,
    pub(crate) next_system: Option<Time>,
    pub(super) stopping: Option<Time>,
    /// The time until then is that of [`GRACE`].
    grace: bool,
}

impl Shard {
    pub(crate) fn new(core: Arc<Core>, index: usize, poll: Poll) -> Shard {
        let now = core.clock.now();
        let system = index == 0 && !core.config.sys_interval.is_zero();
        Shard {
            index,
            poll,
            now,
            connections: Slab::new(),
            draining: Slab::new(),
            registry: Registry::default(),
            routes: RouteCache::default(),
            counters: Counters::default(),
            ready: Vec::new(),
            receivers: Vec::new(),
            publishers: Vec::new(),
            delivered: 0,
            outbox: core.mailboxes.iter().map(|_| Batch::default()).collect(),
            batch_pool: Vec::new(),
            scratch: vec![0; READ_SIZE],
            pool: Vec::new(),
            timers: BTreeSet::new(),
            deadlines: VecDeque::new(),
            delivery_deadlines: VecDeque::new(),
            tickets: 0,
            saving: Saving::default(),
            next_sweep: now + SWEEP,
            sweeps: 0,
            peers_generation: 0,
            next_system: system.then_some(now),
            stopping: None,
            grace: false,
            core,
        }
    }

    /// Serves until it is told to stop and every farewell has left.
    pub(crate) fn run(mut self) {
        let mut events = Events::with_capacity(1024);
        let mut mail = Vec::new();
        loop {
            let timeout = self.timeout();
            if let Err(error) = self.poll.poll(&mut events, timeout) {
                if error.kind() != io::ErrorKind::Interrupted {
                    break;
                }
            }
            self.now = self.core.clock.now();
            self.look_at_peers();
            for event in &events {
                match event.token() {
                    WAKER => {}
                    Token(token) if token & DRAINING != 0 => self.drain(token & !DRAINING),
                    Token(token) => self.notice(token as u32, event),
                }
            }
            self.core.mailboxes[self.index].take(&mut mail);
            mail.drain(..).for_each(|order| self.obey(order));
            if !self.is_held_up() {
                let ready = std::mem::take(&mut self.ready);
                ready.iter().for_each(|index| self.read(*index));
                if self.ready.is_empty() {
                    self.ready = ready;
                    self.ready.clear();
                }
            }
            self.run_timers();
            self.end_of_turn();
            let saved = !self.is_saving() && !self.has_changes();
            let done = self.draining.is_empty() && saved;
            if let Some(until) = self.stopping.filter(|_| saved && !self.grace && self.is_written()) {
                self.grace = true;
                self.stopping = Some(until.min(self.now + GRACE));
            }
            if self.stopping.is_some_and(|until| until <= self.now || done) {
                break;
            }
        }
        if !self.is_written() || self.is_saving() {
            self.core.unwritten.store(true, Ordering::Release);
        }
        self.core.published[self.index].store(&self.counters);
    }

    /// Whether every farewell has left.
    fn is_written(&self) -> bool {
        self.draining.iter().all(|(_, draining)| draining.is_written())
    }

    /// Routes say whether another node wants a topic; when that may have changed they are made anew.
    fn look_at_peers(&mut self) {
        let generation = self.core.config.peers.generation();
        if std::mem::replace(&mut self.peers_generation, generation) != generation {
            self.core.routing.invalidate();
        }
    }

    /// Another shard has more than it should be given: nothing is read until it has caught up. Each goes on delivering
    /// meanwhile, so that two of them never wait for each other.
    fn is_held_up(&self) -> bool {
        let others = self.core.mailboxes.iter().enumerate().filter(|(shard, _)| *shard != self.index);
        others.into_iter().any(|(_, mailbox)| mailbox.is_full())
    }

    /// How this session is called on other shards.
    pub(crate) fn reference(&self, slot: u32) -> Option<ClientRef> {
        self.registry.reference(slot, self.index as u32)
    }

    pub(crate) fn connection(&mut self, index: u32) -> Option<&mut Connection> {
        self.connections.get_mut(index as usize)
    }

    /// The client identifier of a connection, for the log.
    pub(crate) fn name(&self, index: u32) -> Arc<str> {
        let connection = self.connections.get(index as usize);
        let client = connection.and_then(|connection| self.registry.get(connection.slot));
        match (client, connection.and_then(|c| c.extra.as_ref()?.connect.as_ref())) {
            (Some(client), _) => Arc::clone(&client.identity.client_id),
            (None, Some(connect)) if !connect.client_id.is_empty() => Arc::from(&*connect.client_id),
            _ => Arc::from("<unknown>"),
        }
    }
}

// Orders and sockets.
impl Shard {
    fn notice(&mut self, index: u32, event: &Event) {
        let Some(connection) = self.connections.get_mut(index as usize) else { return };
        connection.ended |= event.is_read_closed() || event.is_error();
        if event.is_writable() && connection.blocked {
            connection.blocked = false;
            self.wants_write(index);
        }
        self.wants_read(index);
    }

    /// Puts a connection into the list of those to read.
    pub(crate) fn wants_read(&mut self, index: u32) {
        if let Some(connection) = self.connections.get_mut(index as usize) {
            if !connection.ready {
                connection.ready = true;
                self.ready.push(index);
            }
        }
    }

    fn obey(&mut self, order: Mail) {
        match order {
            Mail::Accepted(accepted) => self.welcome(accepted),
            Mail::Arrived(arrival) => self.arrive(*arrival),
            Mail::Deliver(batch) => self.deliver_batch(batch),
            Mail::Answer { index, ticket, answer } => self.answered_late(index, ticket, answer),
            Mail::Decided { slot, generation, ticket, answer } => self.decided(slot, generation, ticket, answer),
            Mail::Publish(publication) => self.publish_own(publication),
            Mail::Committed { number, result } => self.committed(number, result),
            Mail::Opened { index, serial, number, failed } => self.gate_opened(index, serial, number, failed),
            Mail::Restore(restored) => self.restore(*restored),
            // Whoever asks may have given up; then nobody misses the answer.
            Mail::Sync(reply) => {
                self.core.published[self.index].store(&self.counters);
                _ = reply.send(Vec::new());
            }
            Mail::Clients(reply) => _ = reply.send(self.client_infos()),
            Mail::Client(id, reply) => _ = reply.send(self.client_info(&id)),
            Mail::Subscriptions(reply) => _ = reply.send(self.subscription_infos()),
            Mail::Disconnect(id, reason, reply) => {
                let connection = self.registry.find(&id).and_then(|slot| self.registry.get(slot)).map(|c| c.connection);
                let found = connection.filter(|index| *index != NONE);
                found.into_iter().for_each(|index| self.end_after_publish(index, reason));
                _ = reply.send(found.is_some());
            }
            Mail::Stop(timeout) => self.stop(timeout),
        }
    }

    /// Takes a socket from a listener.
    fn welcome(&mut self, accepted: Accepted) {
        let Accepted { transport, peer } = accepted;
        let layered = !transport.is_ready();
        let link = Link::server(self.now, self.core.config.link);
        let serial = self.core.serial.fetch_add(1, Ordering::Relaxed);
        self.counters.accepted += 1;
        let connection = Connection::new(link, transport, layered, serial, peer);
        if let Some(index) = self.add(connection) {
            self.wants_read(index);
        }
    }

    /// Adds a connection and has the poll watch it.
    pub(crate) fn add(&mut self, connection: Connection) -> Option<u32> {
        let fd = connection.fd();
        let listener = connection.extra.as_ref().and_then(|extra| extra.peer.as_ref()).map_or(0, |peer| peer.listener);
        let index = self.connections.insert(connection);
        let both = Interest::READABLE | Interest::WRITABLE;
        if let Err(error) = self.poll.registry().register(&mut SourceFd(&fd), Token(index), both) {
            self.core.log.write(&Record::NotAccepted { reason: &error.to_string() });
            self.connections.remove(index);
            self.forget_socket(listener);
            return None;
        }
        if self.core.log.wants(Level::Debug) {
            self.connections[index].link.set_tracing(true);
        }
        Some(index as u32)
    }

    /// Takes a connection out, its socket still open.
    pub(crate) fn take(&mut self, index: u32) -> Option<Connection> {
        let mut connection = self.connections.try_remove(index as usize)?;
        let fd = connection.fd();
        // It fails only for a descriptor that was never added.
        let _ = self.poll.registry().deregister(&mut SourceFd(&fd));
        if connection.lent && connection.link.output().is_empty() {
            let buffer = connection.link.take_output();
            connection.lent = false;
            self.give_back(buffer);
        }
        Some(connection)
    }

    /// One socket of this listener less.
    pub(crate) fn forget_socket(&self, listener: usize) {
        self.core.connections.fetch_sub(1, Ordering::Relaxed);
        if let Some(count) = self.core.listener_connections.get(listener) {
            count.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

// Time.
impl Shard {
    fn timeout(&self) -> Option<Duration> {
        if !self.ready.is_empty() || self.has_changes() {
            return Some(if self.is_held_up() { HELD_UP } else { Duration::ZERO });
        }
        let sweep = (!self.connections.is_empty() || !self.draining.is_empty()).then_some(self.next_sweep);
        let timer = self.timers.first().map(|(at, ..)| *at);
        let deadline = self.deadlines.front().map(|(at, ..)| *at);
        let delivery = self.delivery_deadlines.front().map(|deadline| deadline.at);
        let times = [sweep, timer, deadline, delivery, self.next_system, self.stopping];
        // Not `flatten().min()`: for that the optimizer compares what is in the empty ones too, which valgrind takes for a bug.
        let next = times.into_iter().map(|at| at.unwrap_or(NEVER)).min().filter(|at| *at != NEVER)?;
        // A millisecond more, because the clock is read in whole ones.
        Some(next.since(self.core.clock.now()) + Duration::from_millis(1))
    }

    fn run_timers(&mut self) {
        self.hooks_overdue();
        self.deliveries_overdue();
        while let Some((at, timer, slot)) = self.timers.first().copied() {
            if at > self.now {
                break;
            }
            self.timers.pop_first();
            match timer {
                Timer::Will => self.will_due(slot),
                Timer::Expiry => self.session_expired(slot),
            }
        }
        if self.next_system.is_some_and(|at| at <= self.now) {
            self.publish_system();
        }
        if self.next_sweep <= self.now {
            self.next_sweep = self.now + SWEEP;
            self.sweep();
            self.sweeps += 1;
            if self.index == 0 && self.sweeps.is_multiple_of(RETAINED_SWEEP) {
                self.core.retained.sweep(self.now);
            }
        }
    }

    fn sweep(&mut self) {
        // What a burst has left behind goes bit by bit.
        self.pool.truncate((self.pool.len() / 2).max(POOL_AT_REST));
        let mut due: Vec<u32> = Vec::new();
        for (index, connection) in &self.connections {
            // A connection that a hook holds up is not timed out by its own silence.
            if connection.state != State::Asking && connection.link.poll_timeout().is_some_and(|at| at <= self.now) {
                due.push(index as u32);
            }
        }
        for index in due {
            self.lend(index);
            let Some(connection) = self.connections.get_mut(index as usize) else { continue };
            match connection.link.handle_timeout(self.now) {
                Ok(()) => self.wants_write(index),
                Err(violation) => self.violated(index, &violation),
            }
        }
        let draining: Vec<usize> = self.draining.iter().map(|(index, _)| index).collect();
        for index in draining {
            self.drain(index);
            if self.draining.get(index).is_some_and(|draining| draining.until <= self.now) {
                self.draining.remove(index);
            }
        }
    }
}
