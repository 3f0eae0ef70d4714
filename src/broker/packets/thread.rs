//! The server's thread: its poll and its connections.

use std::collections::HashMap;
use std::io;
use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};
use mqtt_net::Transport;
use mqtt_proto::ReasonCode;
use parking_lot::Mutex;

use super::peer::{Due, Peer, Stage, Turn};
use super::{Ended, PacketConnection, PacketEvent, Seat, Shared};
use crate::hooks;

const WAKER: Token = Token(usize::MAX);
/// The most that is read from one connection before others have their turn.
const READ_SIZE: usize = 64 * 1024;
/// How often deadlines are looked at.
const SWEEP: Duration = Duration::from_millis(250);

/// How long clients have to close their end when the server stops and has sent them everything.
const GRACE: Duration = Duration::from_millis(100);

/// What the thread is told.
pub(super) enum Order {
    /// A socket.
    Accepted(Transport, hooks::Peer, Seat),
    /// There is something to write, or room for packets.
    Look(u64),
    /// The end.
    Stop(Duration),
}

/// Orders from any thread; one wake-up for all between two looks.
pub(super) struct Orders {
    waiting: Mutex<Vec<Order>>,
    woken: AtomicBool,
    waker: mio::Waker,
}

impl std::fmt::Debug for Orders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Orders")
    }
}

impl Orders {
    pub(super) fn new(poll: &Poll) -> io::Result<Orders> {
        let waker = mio::Waker::new(poll.registry(), WAKER)?;
        Ok(Orders { waiting: Mutex::default(), woken: AtomicBool::new(false), waker })
    }

    pub(super) fn post(&self, order: Order) {
        self.waiting.lock().push(order);
        if !self.woken.swap(true, Ordering::AcqRel) {
            // The only errors are those of a descriptor that is gone, and then so is the thread.
            let _ = self.waker.wake();
        }
    }

    fn take(&self) -> Vec<Order> {
        // Before the list is taken: what is posted from here on wakes again.
        self.woken.store(false, Ordering::Release);
        std::mem::take(&mut *self.waiting.lock())
    }
}

/// See the module.
pub(super) struct Thread {
    shared: Arc<Shared>,
    poll: Poll,
    events: Box<dyn Fn(PacketEvent) + Send>,
    peers: HashMap<u64, Peer>,
    /// Connections to serve in this turn or the next.
    ready: Vec<u64>,
    scratch: Vec<u8>,
    next_sweep: Instant,
    stopping: Option<Instant>,
    /// The time until then is that of [`GRACE`].
    grace: bool,
}

impl Thread {
    pub(super) fn new(shared: Arc<Shared>, poll: Poll, events: Box<dyn Fn(PacketEvent) + Send>) -> Thread {
        Thread {
            shared,
            poll,
            events,
            peers: HashMap::new(),
            ready: Vec::new(),
            scratch: vec![0; READ_SIZE],
            next_sweep: Instant::now() + SWEEP,
            stopping: None,
            grace: false,
        }
    }

    /// Serves until it is told to stop and every farewell has left.
    pub(super) fn run(mut self) {
        let mut events = Events::with_capacity(256);
        loop {
            let timeout = self.timeout();
            if let Err(error) = self.poll.poll(&mut events, timeout) {
                if error.kind() != io::ErrorKind::Interrupted {
                    break;
                }
            }
            for event in events.iter().filter(|event| event.token() != WAKER) {
                let id = event.token().0 as u64;
                let Some(peer) = self.peers.get_mut(&id) else { continue };
                peer.readable |= event.is_readable() || event.is_read_closed() || event.is_error();
                if event.is_writable() || event.is_error() {
                    peer.blocked = false;
                }
                self.list(id);
            }
            for order in self.shared.orders.take() {
                self.obey(order);
            }
            for id in std::mem::take(&mut self.ready) {
                self.serve(id);
            }
            if self.next_sweep <= Instant::now() {
                self.sweep();
            }
            if let Some(until) = self.stopping.filter(|_| !self.grace && self.peers.values().all(Peer::is_draining)) {
                self.grace = true;
                self.stopping = Some(until.min(Instant::now() + GRACE));
            }
            if let Some(until) = self.stopping {
                if self.peers.is_empty() || until <= Instant::now() {
                    break;
                }
            }
        }
        for (_, peer) in std::mem::take(&mut self.peers) {
            if peer.stage == Stage::Open {
                self.shared.unwritten.store(true, Ordering::Release);
                (self.events)(PacketEvent::Closed(peer.connection, Ended::Stopped, peer.seat));
            }
        }
        // A socket that came with the last orders was never a connection.
        self.shared.orders.take();
    }

    fn timeout(&self) -> Option<Duration> {
        if !self.ready.is_empty() {
            return Some(Duration::ZERO);
        }
        let next = (!self.peers.is_empty()).then_some(self.next_sweep).into_iter().chain(self.stopping).min()?;
        Some(next.saturating_duration_since(Instant::now()) + Duration::from_millis(1))
    }

    fn list(&mut self, id: u64) {
        if let Some(peer) = self.peers.get_mut(&id) {
            if !std::mem::replace(&mut peer.listed, true) {
                self.ready.push(id);
            }
        }
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Accepted(transport, peer, seat) if self.stopping.is_none() => self.welcome(transport, peer, seat),
            Order::Accepted(..) => {}
            Order::Look(id) => self.list(id),
            Order::Stop(timeout) => {
                self.stopping = Some(Instant::now() + timeout);
                let ids: Vec<u64> = self.peers.keys().copied().collect();
                for id in ids {
                    if let Some(peer) = self.peers.get(&id) {
                        peer.connection.end(Some(ReasonCode::ServerShuttingDown), Ended::Stopped);
                    }
                    self.list(id);
                }
            }
        }
    }

    fn welcome(&mut self, transport: Transport, peer: hooks::Peer, seat: Seat) {
        let id = self.shared.serial.fetch_add(1, Ordering::Relaxed);
        let both = Interest::READABLE | Interest::WRITABLE;
        let fd = transport.handle().as_raw_fd();
        if self.poll.registry().register(&mut SourceFd(&fd), Token(id as usize), both).is_err() {
            return;
        }
        let connection = PacketConnection::new(Arc::clone(&self.shared), id, peer);
        self.peers.insert(id, Peer::new(transport, connection, seat));
        self.list(id);
    }

    fn serve(&mut self, id: u64) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        peer.listed = false;
        match peer.turn(&self.shared.config, &mut self.scratch, &*self.events) {
            Turn::Wait => {}
            Turn::Again => self.list(id),
            Turn::Over(ended) => {
                let is_gone = matches!(ended, Ended::Closed | Ended::Lost(_) | Ended::Unread);
                (self.events)(PacketEvent::Closed(peer.connection.clone(), ended.clone(), peer.seat.clone()));
                let mut state = peer.connection.state();
                state.ended.get_or_insert(ended);
                drop(state);
                if is_gone {
                    self.remove(id);
                } else {
                    peer.begin_drain();
                    self.list(id);
                }
            }
            Turn::Gone => self.remove(id),
        }
    }

    fn remove(&mut self, id: u64) {
        let Some(mut peer) = self.peers.remove(&id) else { return };
        let fd = peer.transport.handle().as_raw_fd();
        // It fails only for a descriptor that was never added.
        let _ = self.poll.registry().deregister(&mut SourceFd(&fd));
        peer.transport.close();
    }

    fn sweep(&mut self) {
        let now = Instant::now();
        self.next_sweep = now + SWEEP;
        let (mut due, mut gone) = (Vec::new(), Vec::new());
        for (id, peer) in &mut self.peers {
            match peer.sweep(&self.shared.config, now) {
                Due::Nothing => {}
                Due::Look => due.push(*id),
                Due::Gone => gone.push(*id),
            }
        }
        gone.into_iter().for_each(|id| self.remove(id));
        due.into_iter().for_each(|id| self.list(id));
    }
}
