//! Listeners without a broker behind them: every packet goes to a program, and the program answers.
//!
//! [`PacketServer::start`] opens the listeners and one thread. The thread knows bytes, packets and time: it refuses
//! what is no packet, a first packet that is not CONNECT and packets that a client does not send, it enforces the
//! keep-alive, and it keeps no sessions. Everything else is a [`PacketEvent`] for the program, which answers through
//! the [`PacketConnection`] that comes with it, from any thread and at any time.
//!
//! Nothing grows without bound. A connection is not read while the program has [`PacketConfig::unhandled`] of its
//! packets (or [`PacketConfig::unhandled_bytes`]) in its hands, a peer that does not read what it is sent is closed
//! past [`PacketConfig::maximum_backlog`], and a connection keeps its place among
//! [`PacketConfig::maximum_connections`] until the program has dropped the event of its end.

mod connection;
mod peer;
mod thread;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use mqtt_net::Transport;
use mqtt_proto::packet::Packet;
use mqtt_proto::{MAXIMUM_REMAINING_LENGTH, ReasonCode};
use parking_lot::Mutex;

use crate::broker::{LocalAddress, StartError};
use crate::config::ListenerConfig;
use crate::hooks::Peer;
use crate::server::listener::{Listeners, Reception};
pub use connection::{Ended, PacketConnection, Receipt, SendError};
use thread::{Order, Orders};

/// What a packet server is started with. The default listens nowhere.
#[derive(Debug, Clone)]
pub struct PacketConfig {
    /// Where clients come in. Of each listener its socket, kind, TLS, mode and bound of connections count.
    pub listeners: Vec<ListenerConfig>,
    /// The largest packet accepted, fixed header included, in bytes.
    pub maximum_packet_size: u32,
    /// The same until CONNECT has come.
    pub maximum_connect_size: u32,
    /// Connections at once, those included whose end the program has not taken note of.
    pub maximum_connections: usize,
    /// How long a peer may take until its CONNECT is complete.
    pub connect_timeout: Duration,
    /// Who answers PINGREQ.
    pub pings: Pings,
    /// Packets of one connection that the program may hold before the connection is no longer read.
    pub unhandled: usize,
    /// Bytes of packets of one connection, likewise. One packet may be larger.
    pub unhandled_bytes: usize,
    /// Bytes that may wait for a peer that does not read. Past it the connection is closed.
    pub maximum_backlog: usize,
}

impl Default for PacketConfig {
    /// Packets of any size, 64 KiB for CONNECT, 65 536 connections, 10 s for CONNECT, PINGREQ goes to the program, 64
    /// packets or 1 MiB unhandled, and 4 MiB unread.
    fn default() -> PacketConfig {
        PacketConfig {
            listeners: Vec::new(),
            maximum_packet_size: MAXIMUM_REMAINING_LENGTH + 5,
            maximum_connect_size: 64 * 1024,
            maximum_connections: 65_536,
            connect_timeout: Duration::from_secs(10),
            pings: Pings::Program,
            unhandled: 64,
            unhandled_bytes: 1 << 20,
            maximum_backlog: 4 << 20,
        }
    }
}

/// Who answers PINGREQ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pings {
    /// The program: it gets the packet.
    #[default]
    Program,
    /// The server: the program does not see the packet.
    Server,
}

/// What happens on the connections, in order for each of them.
#[derive(Debug)]
pub enum PacketEvent {
    /// A connection is there, its TLS and WebSocket handshakes done. CONNECT comes as its first packet.
    Connected(PacketConnection),
    /// A packet came. Drop the receipt when it has been dealt with; until then it counts as unhandled.
    Packet(PacketConnection, Packet, Receipt),
    /// A connection that was there has ended. Nothing comes from it any more.
    Closed(PacketConnection, Ended, Seat),
}

/// The place of a connection among the most that there may be. Dropping it gives the place to another.
#[derive(Debug, Clone)]
#[allow(dead_code)] // it is held
pub struct Seat(Arc<Place>);

#[derive(Debug)]
struct Place {
    shared: Arc<Shared>,
    listener: usize,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shared.connections.fetch_sub(1, Ordering::Relaxed);
        self.shared.listener_connections[self.listener].fetch_sub(1, Ordering::Relaxed);
    }
}

/// What the threads share.
#[derive(Debug)]
struct Shared {
    config: PacketConfig,
    orders: Orders,
    serial: AtomicU64,
    connections: AtomicUsize,
    listener_connections: Box<[AtomicUsize]>,
    /// stop() came before everything was written.
    unwritten: AtomicBool,
}

impl Shared {
    /// A place for one more connection.
    fn seat(self: &Arc<Self>, listener: usize) -> Option<Seat> {
        let most_here = self.config.listeners.get(listener).map_or(0, |config| config.maximum_connections);
        let here = self.listener_connections[listener].load(Ordering::Relaxed);
        let is_full = most_here != 0 && here >= most_here;
        if is_full || self.connections.load(Ordering::Relaxed) >= self.config.maximum_connections {
            return None;
        }
        self.connections.fetch_add(1, Ordering::Relaxed);
        self.listener_connections[listener].fetch_add(1, Ordering::Relaxed);
        Some(Seat(Arc::new(Place { shared: Arc::clone(self), listener })))
    }
}

struct Door {
    shared: Arc<Shared>,
}

impl Reception for Door {
    fn accepted(&self, transport: Transport, peer: Peer, _: u16, _: usize) {
        if let Some(seat) = self.shared.seat(peer.listener) {
            self.shared.orders.post(Order::Accepted(transport, peer, seat));
        }
    }

    fn not_accepted(&self, _: &std::io::Error) {}
}

/// A server that runs until [`PacketServer::stop`] or until it is dropped.
#[derive(Debug)]
pub struct PacketServer {
    shared: Arc<Shared>,
    addresses: Vec<LocalAddress>,
    running: Mutex<Option<Running>>,
}

struct Running {
    listeners: Listeners,
    thread: JoinHandle<()>,
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Running")
    }
}

impl PacketServer {
    /// Opens the listeners and serves from then on. `events` is called on the server's thread and must not block;
    /// what it holds waits for nothing.
    pub fn start(
        config: PacketConfig,
        events: impl Fn(PacketEvent) + Send + 'static,
    ) -> Result<PacketServer, StartError> {
        let mut listeners = Listeners::open(&config.listeners)?;
        let poll = mio::Poll::new().map_err(StartError::Shard)?;
        let shared = Arc::new(Shared {
            orders: Orders::new(&poll).map_err(StartError::Shard)?,
            serial: AtomicU64::new(1),
            connections: AtomicUsize::new(0),
            listener_connections: config.listeners.iter().map(|_| AtomicUsize::new(0)).collect(),
            unwritten: AtomicBool::new(false),
            config,
        });
        let worker = Arc::clone(&shared);
        let run = move || thread::Thread::new(worker, poll, Box::new(events)).run();
        let thread = std::thread::Builder::new().name("mqtt-packets".to_owned()).spawn(run);
        let thread = thread.map_err(StartError::Shard)?;
        let addresses = listeners.addresses();
        let door = Arc::new(Door { shared: Arc::clone(&shared) });
        let started = listeners.start(&door);
        let server = PacketServer { shared, addresses, running: Mutex::new(Some(Running { listeners, thread })) };
        // Where it fails, dropping the server ends the thread.
        started.map_err(StartError::Shard)?;
        Ok(server)
    }

    /// Where the listeners are, in the order of the configuration.
    pub fn local_addrs(&self) -> Vec<LocalAddress> {
        self.addresses.clone()
    }

    /// Connections, those included whose end the program has not taken note of.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::Relaxed)
    }

    /// Closes the listeners, tells every client (MQTT 5: server shutting down), writes what waits, and ends the
    /// threads. The ends of all connections have been told when it returns. Returns false when the time was over
    /// before everything was written. A second call does nothing.
    pub fn stop(&self, timeout: Duration) -> bool {
        let Some(Running { mut listeners, thread }) = self.running.lock().take() else { return true };
        listeners.stop();
        self.shared.orders.post(Order::Stop(timeout));
        thread.join().is_ok() && !self.shared.unwritten.load(Ordering::Acquire)
    }
}

impl Drop for PacketServer {
    fn drop(&mut self) {
        self.stop(Duration::from_secs(1));
    }
}

/// The nearest reason that CONNACK has (section 3.2.2.2).
fn connack_reason(reason: ReasonCode) -> ReasonCode {
    use mqtt_proto::packet::PacketType::ConnAck;
    if reason.is_defined_for(ConnAck) { reason } else { ReasonCode::ProtocolError }
}

/// The nearest reason that a server's DISCONNECT has (section 3.14.2.1).
fn disconnect_reason(reason: ReasonCode) -> ReasonCode {
    use mqtt_proto::packet::PacketType::Disconnect;
    if reason.is_defined_for(Disconnect) { reason } else { ReasonCode::ProtocolError }
}
