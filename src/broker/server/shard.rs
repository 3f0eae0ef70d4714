//! One shard: a thread with its poll, its connections and the sessions whose home it is.
//!
//! A turn of the loop: wait; read what is readable and do what it says, which appends to the output of receivers on
//! this shard and to one batch for each other shard; then hand over the batches and write once to every connection
//! that has output. A publisher is written last, so that its acknowledgements leave together.

use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};
use mqtt_net::Progress;
use mqtt_proto::packet::{Disconnect, PacketType};
use mqtt_proto::session::{Event, Link};
use mqtt_proto::{ReasonCode, Rule, Time, Violation};
use slab::Slab;

use super::connection::{Connection, Draining, State};
use super::durable::Saving;
use super::mail::{Accepted, Batch, Mail};
use crate::core::Core;
use crate::hooks::DisconnectCause;
use crate::log::{Level, Record};
use crate::metrics::Counters;
use crate::registry::{NONE, Registry};
use crate::routing::{ClientRef, RouteCache};

/// The token of the waker; connections have their index, draining ones the same with the high bit.
pub(crate) const WAKER: Token = Token(usize::MAX);
const DRAINING: usize = 1 << (usize::BITS - 2);

/// The most that is read from one connection before others have their turn.
const READ_SIZE: usize = 64 * 1024;
/// Output of one turn after which receivers are written, so that a turn's memory is bounded and stays in the cache.
const TURN_OUTPUT: usize = 512 * 1024;
/// How often keep-alive and handshake deadlines are looked at.
const SWEEP: Duration = Duration::from_millis(1000);
/// Expired retained messages are looked for once in so many sweeps.
const RETAINED_SWEEP: u32 = 60;
/// How long a farewell may take to leave.
const LINGER: Duration = Duration::from_secs(3);
/// How soon a shard looks again whether another has caught up.
const HELD_UP: Duration = Duration::from_millis(1);
/// Buffers kept for later, and the largest of them.
const POOL: usize = 256;
const POOLED_SIZE: usize = 256 * 1024;

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
    poll: Poll,
    pub(crate) now: Time,
    pub(crate) connections: Slab<Connection>,
    draining: Slab<Draining>,
    pub(crate) registry: Registry,
    pub(crate) routes: RouteCache,
    pub(crate) counters: Counters,
    /// Connections to read in this turn or the next.
    ready: Vec<u32>,
    /// Connections to write at the end of the turn: receivers, then publishers.
    receivers: Vec<u32>,
    publishers: Vec<u32>,
    /// Bytes delivered since receivers were last written.
    pub(crate) delivered: usize,
    /// What goes to each other shard.
    pub(crate) outbox: Vec<Batch>,
    /// Buffers of batches, for the next ones.
    pub(crate) batch_pool: Vec<Vec<u8>>,
    scratch: Vec<u8>,
    pool: Vec<Vec<u8>>,
    pub(crate) timers: BTreeSet<(Time, Timer, u32)>,
    /// Questions to hooks by deadline: connection and ticket.
    pub(crate) deadlines: VecDeque<(Time, u32, u64)>,
    pub(crate) tickets: u64,
    pub(crate) saving: Saving,
    next_sweep: Time,
    sweeps: u32,
    peers_generation: u64,
    pub(crate) next_system: Option<Time>,
    stopping: Option<Time>,
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
            tickets: 0,
            saving: Saving::default(),
            next_sweep: now + SWEEP,
            sweeps: 0,
            peers_generation: 0,
            next_system: system.then_some(now),
            stopping: None,
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
                    Token(token) => self.notice(token as u32, event.is_writable()),
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
            let done = self.draining.is_empty() && !self.is_saving() && !self.has_changes();
            if self.stopping.is_some_and(|until| until <= self.now || done) {
                break;
            }
        }
        if !self.draining.is_empty() || self.is_saving() {
            self.core.unwritten.store(true, Ordering::Release);
        }
        self.core.published[self.index].store(&self.counters);
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

// Input.
impl Shard {
    fn notice(&mut self, index: u32, writable: bool) {
        let Some(connection) = self.connections.get_mut(index as usize) else { return };
        if writable && connection.blocked {
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
            Mail::Publish(publication) => self.publish_own(publication),
            Mail::Committed { number, result } => self.committed(number, result),
            Mail::Opened { index, serial, number, failed } => self.gate_opened(index, serial, number, failed),
            Mail::Restore(restored) => self.restore(*restored),
            // Whoever asks may have given up; then nobody misses the answer.
            Mail::Clients(reply) => _ = reply.send(self.client_infos()),
            Mail::Client(id, reply) => _ = reply.send(self.client_info(&id)),
            Mail::Subscriptions(reply) => _ = reply.send(self.subscription_infos()),
            Mail::Disconnect(id, reason, reply) => {
                let connection = self.registry.find(&id).and_then(|slot| self.registry.get(slot)).map(|c| c.connection);
                let found = connection.filter(|index| *index != NONE);
                found.into_iter().for_each(|index| self.end(index, reason));
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

    fn read(&mut self, index: u32) {
        let Some(connection) = self.connections.get_mut(index as usize) else { return };
        connection.ready = false;
        match connection.state {
            State::Asking => return,
            State::Layers => match connection.transport.progress() {
                Ok(Progress::Ready) => self.layers_done(index),
                Ok(Progress::NeedRead) => return,
                Ok(Progress::NeedWrite) => {
                    connection.blocked = true;
                    return;
                }
                Err(error) => return self.lost(index, Some(&error)),
            },
            // An MQTT 3 client that has more unsettled than it may: what it sent waits, and the socket too.
            State::Open if !connection.link.wants_input() => return,
            State::Open => {}
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        self.read_into(index, &mut scratch);
        self.scratch = scratch;
    }

    fn read_into(&mut self, index: u32, scratch: &mut [u8]) {
        let Some(connection) = self.connections.get_mut(index as usize) else { return };
        let kept = connection.unread().len();
        if kept > READ_SIZE / 2 {
            return self.read_long(index);
        }
        if kept > 0 {
            scratch[..kept].copy_from_slice(connection.unread());
            let buffer = std::mem::take(&mut connection.partial);
            connection.start = 0;
            self.give_back(buffer);
        }
        let Some(connection) = self.connections.get_mut(index as usize) else { return };
        match connection.transport.read(&mut scratch[kept..]) {
            Ok(0) => self.lost(index, None),
            Ok(count) => {
                let more = connection.layered || kept + count == scratch.len();
                self.counters.bytes_received += count as u64;
                let input = &scratch[..kept + count];
                let used = self.process(index, input);
                self.keep(index, &input[used..]);
                if more {
                    self.wants_read(index);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.keep(index, &scratch[..kept]),
            Err(error) => self.lost(index, Some(&error)),
        }
    }

    /// Reads a packet that is too long for the scratch buffer into a buffer of its own, which grows with what has
    /// come and never by what was announced.
    fn read_long(&mut self, index: u32) {
        let Some(connection) = self.connections.get_mut(index as usize) else { return };
        let mut buffer = std::mem::take(&mut connection.partial);
        buffer.drain(..std::mem::take(&mut connection.start));
        let kept = buffer.len();
        buffer.resize(kept + kept.clamp(READ_SIZE, 16 * READ_SIZE), 0);
        let read = connection.transport.read(&mut buffer[kept..]);
        let full = read.as_ref().is_ok_and(|count| kept + count == buffer.len());
        buffer.truncate(kept + *read.as_ref().unwrap_or(&0));
        match read {
            Ok(0) => self.lost(index, None),
            Ok(count) => {
                self.counters.bytes_received += count as u64;
                let more = connection.layered || full;
                connection.partial = buffer;
                self.resume(index);
                if more {
                    self.wants_read(index);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => connection.partial = buffer,
            Err(error) => self.lost(index, Some(&error)),
        }
    }

    /// Goes on with input that was kept.
    pub(crate) fn resume(&mut self, index: u32) {
        let Some(connection) = self.connections.get_mut(index as usize) else { return };
        let buffer = std::mem::take(&mut connection.partial);
        let start = std::mem::take(&mut connection.start);
        let used = self.process(index, &buffer[start..]);
        match self.connections.get_mut(index as usize) {
            Some(connection) if start + used < buffer.len() => {
                connection.partial = buffer;
                connection.start = start + used;
            }
            _ => self.give_back(buffer),
        }
    }

    /// Copies input that is not done with.
    fn keep(&mut self, index: u32, rest: &[u8]) {
        if rest.is_empty() {
            return;
        }
        let mut buffer = self.pool.pop().unwrap_or_default();
        let Some(connection) = self.connections.get_mut(index as usize) else { return self.give_back(buffer) };
        buffer.extend_from_slice(rest);
        connection.partial = buffer;
        connection.start = 0;
    }

    /// Reads packets until the input is used up or somebody has to decide; returns the bytes that are done with.
    pub(crate) fn process(&mut self, index: u32, input: &[u8]) -> usize {
        self.lend(index);
        let mut used = 0;
        loop {
            let Some(connection) = self.connections.get_mut(index as usize) else { return input.len() };
            if connection.state != State::Open {
                break;
            }
            let received = match connection.link.recv(self.now, &input[used..]) {
                Ok(received) => received,
                Err(violation) => {
                    self.violated(index, &violation);
                    return input.len();
                }
            };
            used += received.consumed;
            let Some(event) = received.event else {
                if received.consumed == 0 {
                    break;
                }
                self.counters.packets_received += 1;
                continue;
            };
            self.counters.packets_received += 1;
            match event {
                Event::Publish { publish, alias, receipt } => self.on_publish(index, &publish, alias.as_ref(), receipt),
                Event::Connect(connect) => {
                    if self.on_connect(index, connect, &input[used..]) {
                        return input.len();
                    }
                }
                Event::Completed { .. } => {}
                Event::Subscribe(subscribe) => self.on_subscribe(index, subscribe),
                Event::Unsubscribe(unsubscribe) => self.on_unsubscribe(index, unsubscribe),
                Event::Auth(auth) => self.on_auth(index, auth),
                Event::Disconnect(disconnect) => {
                    self.on_disconnect(index, &disconnect);
                    return input.len();
                }
                // A server's link has no other events.
                Event::Connected(_) | Event::Subscribed(_) | Event::Unsubscribed(_) => {}
            }
        }
        self.trace(index);
        if let Some(connection) = self.connections.get_mut(index as usize) {
            let slot = connection.slot;
            if connection.extra.is_some() {
                self.feed_retained(index);
            }
            self.wants_write_last(index);
            self.note_changed(slot);
        }
        used
    }

    /// Hands the packets that passed to the log.
    pub(crate) fn trace(&mut self, index: u32) {
        if !self.core.log.wants(Level::Debug) {
            return;
        }
        let client = self.name(index);
        if let Some(connection) = self.connections.get_mut(index as usize) {
            for trace in connection.link.take_trace() {
                // These have lines of their own.
                if matches!(trace.packet_type, PacketType::Connect | PacketType::ConnAck) {
                    continue;
                }
                self.core.log.write(&Record::Packet { client: &client, trace: &trace });
            }
            connection.link.set_tracing(true);
        }
    }
}

// Output.
impl Shard {
    /// Sees to it that what the link writes goes into a buffer of the pool.
    pub(crate) fn lend(&mut self, index: u32) {
        if let Some(connection) = self.connections.get_mut(index as usize) {
            lend(connection, &mut self.pool);
        }
    }

    /// Puts a connection into the list of those to write.
    pub(crate) fn wants_write(&mut self, index: u32) {
        if let Some(connection) = self.connections.get_mut(index as usize) {
            if !connection.dirty {
                connection.dirty = true;
                self.receivers.push(index);
            }
        }
    }

    /// The same for one whose input has just been read: it is written after the others.
    fn wants_write_last(&mut self, index: u32) {
        if let Some(connection) = self.connections.get_mut(index as usize) {
            if !connection.dirty {
                connection.dirty = true;
                self.publishers.push(index);
            }
        }
    }

    /// The link of a receiver, ready to be sent to, and marked to be written.
    #[inline]
    pub(crate) fn receiver(&mut self, index: u32) -> Option<&mut Connection> {
        let connection = self.connections.get_mut(index as usize)?;
        lend(connection, &mut self.pool);
        if !connection.dirty {
            connection.dirty = true;
            self.receivers.push(index);
        }
        Some(connection)
    }

    /// Bounds what one turn collects: past the bound the receivers are written at once.
    pub(crate) fn bound_output(&mut self) {
        if self.delivered > TURN_OUTPUT {
            self.write_receivers();
        }
    }

    /// Gives another shard what there is for it.
    pub(crate) fn hand_over(&mut self, shard: usize) {
        if !self.outbox[shard].items.is_empty() {
            self.core.mailboxes[shard].deliver(std::mem::take(&mut self.outbox[shard]));
        }
    }

    /// Keeps the buffer of a batch for one of our own.
    pub(crate) fn give_back_batch(&mut self, mut bytes: Vec<u8>) {
        if self.batch_pool.len() < self.outbox.len() && bytes.capacity() != 0 {
            bytes.clear();
            self.batch_pool.push(bytes);
        }
    }

    fn write_receivers(&mut self) {
        self.delivered = 0;
        let mut list = std::mem::take(&mut self.receivers);
        list.drain(..).for_each(|index| self.write(index));
        if self.receivers.is_empty() {
            self.receivers = list;
        }
    }

    fn end_of_turn(&mut self) {
        for shard in 0..self.outbox.len() {
            self.hand_over(shard);
        }
        self.commit();
        // Writing may feed retained messages and end connections, whose wills reach others.
        while !self.receivers.is_empty() || !self.publishers.is_empty() {
            self.write_receivers();
            let mut list = std::mem::take(&mut self.publishers);
            list.drain(..).for_each(|index| self.write(index));
            if self.publishers.is_empty() {
                self.publishers = list;
            }
        }
        self.counters.connections = self.connections.len() as u64;
        self.counters.sessions = self.registry.len() as u64;
        self.core.published[self.index].store(&self.counters);
    }

    fn write(&mut self, index: u32) {
        let Some(connection) = self.connections.get_mut(index as usize) else { return };
        connection.dirty = false;
        if connection.blocked {
            return;
        }
        match connection.write() {
            Ok(count) => self.counters.bytes_sent += count as u64,
            Err(error) => return self.lost(index, Some(&error)),
        }
        if connection.blocked {
            return;
        }
        if connection.lent && connection.link.output().is_empty() {
            connection.lent = false;
            let buffer = connection.link.take_output();
            self.give_back(buffer);
        }
        if self.connections[index as usize].extra.is_some() {
            self.feed_retained(index);
        }
    }

    fn give_back(&mut self, mut buffer: Vec<u8>) {
        if self.pool.len() < POOL && buffer.capacity() != 0 && buffer.capacity() <= POOLED_SIZE {
            buffer.clear();
            self.pool.push(buffer);
        }
    }
}

#[inline]
fn lend(connection: &mut Connection, pool: &mut Vec<Vec<u8>>) {
    if !connection.lent {
        connection.lent = true;
        connection.link.lend_output(pool.pop().unwrap_or_else(|| Vec::with_capacity(4096)));
    }
}

// Ends.
impl Shard {
    /// The peer closed its socket, or it failed.
    pub(crate) fn lost(&mut self, index: u32, error: Option<&io::Error>) {
        if self.core.log.wants(Level::Notice) {
            let client = self.name(index);
            match error {
                None => self.core.log.write(&Record::Closed { client: &client }),
                Some(error) => self.core.log.write(&Record::SocketError { client: &client, error }),
            }
        }
        self.detach(index, DisconnectCause::Closed, None);
    }

    /// The peer broke a rule; the farewell is in the link's output.
    fn violated(&mut self, index: u32, violation: &Violation) {
        self.trace(index);
        if self.core.log.wants(Level::Notice) {
            let client = self.name(index);
            let timeout = matches!(violation.rule, Rule::KeepAliveTimeout);
            self.core.log.write(&match timeout {
                true => Record::TimedOut { client: &client },
                false => Record::Violation { client: &client, violation },
            });
        }
        self.detach(index, DisconnectCause::Broker(violation.reason()), None);
    }

    /// Ends a connection with a reason, which MQTT 5 is told.
    pub(crate) fn end(&mut self, index: u32, reason: ReasonCode) {
        if self.core.log.wants(Level::Notice) {
            self.core.log.write(&Record::Ended { client: &self.name(index), reason });
        }
        self.lend(index);
        if let Some(connection) = self.connection(index) {
            if connection.link.is_connected() {
                connection.link.disconnect(&Disconnect::new(reason));
            }
        }
        self.trace(index);
        self.detach(index, DisconnectCause::Broker(reason), None);
    }

    /// Lets the farewell of a connection leave, then closes the socket.
    pub(crate) fn see_off(&mut self, mut connection: Connection, polite: bool) {
        let listener = connection.extra.as_ref().and_then(|extra| extra.peer.as_ref()).map(|peer| peer.listener);
        let listener =
            listener.or_else(|| self.registry.get(connection.slot).map(|client| client.identity.peer.listener));
        self.forget_socket(listener.unwrap_or(usize::MAX));
        let written = if connection.blocked { Ok(0) } else { connection.write() };
        self.counters.bytes_sent += *written.as_ref().unwrap_or(&0) as u64;
        if !polite || written.is_err() {
            connection.transport.close();
            return;
        }
        let output = connection.ungated_output().to_vec();
        let mut draining = Draining::new(connection.transport, output, self.now + LINGER);
        let mut scratch = [0; 4096];
        if draining.progress(&mut scratch) {
            let fd = draining.transport.as_raw_fd();
            let index = self.draining.insert(draining);
            let both = Interest::READABLE | Interest::WRITABLE;
            if self.poll.registry().register(&mut SourceFd(&fd), Token(index | DRAINING), both).is_err() {
                self.draining.remove(index);
            }
        }
    }

    fn drain(&mut self, index: usize) {
        let mut scratch = std::mem::take(&mut self.scratch);
        if let Some(draining) = self.draining.get_mut(index) {
            if !draining.progress(&mut scratch) {
                self.draining.remove(index);
            }
        }
        self.scratch = scratch;
    }

    /// Ends every connection; the thread goes on until their farewells have left.
    fn stop(&mut self, timeout: Duration) {
        let all: Vec<u32> = self.connections.iter().map(|(index, _)| index as u32).collect();
        all.into_iter().for_each(|index| self.end(index, ReasonCode::ServerShuttingDown));
        self.next_system = None;
        self.stopping = Some(self.now + timeout);
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
        let next = [sweep, timer, deadline, self.next_system, self.stopping].into_iter().flatten().min()?;
        // A millisecond more, because the clock is read in whole ones.
        Some(next.since(self.core.clock.now()) + Duration::from_millis(1))
    }

    fn run_timers(&mut self) {
        self.hooks_overdue();
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
            if self.index == 0 && self.sweeps % RETAINED_SWEEP == 0 {
                self.core.retained.sweep(self.now);
            }
        }
    }

    fn sweep(&mut self) {
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
