//! The running broker: what a program may ask of it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use mqtt_proto::packet::{Message, PacketType, Properties, Property, PropertyId, QoS, Subscription};
use mqtt_proto::topic::{Filter, check_name};
use mqtt_proto::{ReasonCode, Rule, Text, Time};
use mqtt_store::{Completion, OPEN_LIMIT, OpenPolicy, Opened, PeerInbox, PeerMessage, StoreError};
use parking_lot::Mutex;

use crate::config::Config;
use crate::core::{Clock, Core};
use crate::hooks::{Hooks, Identity};
use crate::log::{Levels, Log, Record};
use crate::metrics::Published;
use crate::retained::RetainedStore;
use crate::routing::Routing;
use crate::server::connect::ASSIGNED_DIGITS;
use crate::server::durable::Restored;
use crate::server::listener::Listeners;
use crate::server::mail::{Mail, Mailbox, Publication};
use crate::server::shard::{Shard, WAKER};

/// One bit each in a route.
const MAXIMUM_SHARDS: usize = 64;
/// Sessions and retained messages that are asked of the store at once.
const LOADED_AT_ONCE: usize = 1000;
/// How long a question to a shard may take; longer only when a shard has died.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a broker did not start. Nothing is left behind.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A listener could not be opened.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where.
        address: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The configuration cannot hold.
    #[error("{0}")]
    Config(String),
    /// A thread or its poll could not be made.
    #[error("cannot start a shard: {0}")]
    Shard(std::io::Error),
    /// The store could not give back what it kept.
    #[error("cannot load the store: {0}")]
    Store(#[from] mqtt_store::StoreError),
}

/// Why [`Broker::publish`] did not take a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// The topic name breaks a rule.
    #[error("'{topic}' is not a topic name: {}", .rule.text())]
    Topic {
        /// The name.
        topic: String,
        /// The rule.
        rule: Rule,
    },
    /// A property that a message cannot have: what is not PUBLISH's, what each receiver gets anew (topic alias,
    /// subscription identifier), or a response topic that is no topic name.
    #[error("the property {} cannot be published with: {problem}", .property.name())]
    Property {
        /// Which.
        property: PropertyId,
        /// Why.
        problem: &'static str,
    },
    /// The broker has been stopped.
    #[error("the broker has been stopped")]
    Stopped,
}

/// Whether a session has a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionState {
    /// It has.
    Connected,
    /// It has not, and ends at this time on the broker's clock; `None` is never.
    Away {
        /// Milliseconds since the Unix epoch.
        expires_at: Option<Time>,
    },
}

/// One session, as it was when asked.
#[derive(Debug, Clone)]
pub struct ClientInfo {
    /// Who; for a session without a connection, who it was.
    pub identity: Arc<Identity>,
    /// Connected or not.
    pub state: ConnectionState,
    /// When the connection was accepted, in milliseconds since the Unix epoch.
    pub connected_at: Time,
    /// Seconds; 0 is off.
    pub keep_alive: u16,
    /// Whether the session began with this connection.
    pub clean_start: bool,
    /// Seconds that the session outlives the connection; `u32::MAX` is for ever.
    pub session_expiry: u32,
    /// Number of subscriptions.
    pub subscriptions: usize,
    /// Messages sent and not acknowledged.
    pub in_flight: usize,
    /// Messages that wait.
    pub queued: usize,
    /// Bytes that they keep allocated.
    pub queued_bytes: usize,
    /// Messages that were dropped for it.
    pub dropped: u64,
}

/// One subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionInfo {
    /// Whose.
    pub client_id: Arc<str>,
    /// Filter, `$share/group/` included, granted QoS, and options.
    pub subscription: Subscription,
    /// The subscription identifier (MQTT 5).
    pub identifier: Option<u32>,
}

/// One retained message.
#[derive(Debug, Clone)]
pub struct RetainedInfo {
    /// The message.
    pub message: Arc<mqtt_proto::packet::Message>,
    /// The QoS it was published with.
    pub qos: QoS,
}

/// Counters since the start, and what there is at the moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it; units are bytes, messages, or things
pub struct Stats {
    pub uptime: Duration,
    pub bytes_received: u64,
    pub bytes_sent: u64,
    /// PUBLISH packets that came in.
    pub messages_received: u64,
    /// PUBLISH packets that went out.
    pub messages_sent: u64,
    /// Messages dropped: queue full, expired, too large for the receiver.
    pub messages_dropped: u64,
    /// Packets of any kind.
    pub packets_received: u64,
    pub connections_accepted: u64,
    pub connections_refused: u64,
    pub connections: usize,
    pub clients_connected: usize,
    pub clients_away: usize,
    pub clients_maximum: usize,
    pub sessions_expired: u64,
    pub subscriptions: usize,
    pub shared_subscriptions: usize,
    pub retained_messages: usize,
    pub retained_bytes: usize,
    pub shards: usize,
}

/// Where a listener really is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocalAddress {
    /// TCP, with the port that was given.
    Tcp(SocketAddr),
    /// A Unix socket.
    Unix(PathBuf),
}

/// A running broker. Dropping it stops it, at most a second later.
pub struct Broker {
    core: Arc<Core>,
    addresses: Vec<LocalAddress>,
    listeners: Mutex<Option<Listeners>>,
    shards: Mutex<Vec<JoinHandle<()>>>,
}

impl Broker {
    /// Opens the listeners, starts the shards, loads what the store kept, and returns. Clients are served from then
    /// on.
    pub fn start(config: Config, hooks: Arc<dyn Hooks>) -> Result<Broker, StartError> {
        Broker::start_with(config, hooks, Log::default())
    }

    /// The same with somewhere for the log to go from the first line on.
    pub fn start_with_log(
        config: Config,
        hooks: Arc<dyn Hooks>,
        levels: Levels,
        sink: impl Fn(&Record<'_>) + Send + Sync + 'static,
    ) -> Result<Broker, StartError> {
        let log = Log::default();
        log.listen(levels, Some(Arc::new(sink)));
        Broker::start_with(config, hooks, log)
    }

    fn start_with(config: Config, hooks: Arc<dyn Hooks>, log: Log) -> Result<Broker, StartError> {
        let cores = || std::thread::available_parallelism().map_or(1, |count| count.get());
        let count = if config.shards == 0 { cores().min(MAXIMUM_SHARDS) } else { config.shards };
        if count > MAXIMUM_SHARDS {
            return Err(StartError::Config(format!(
                "{count} shards are more than the {MAXIMUM_SHARDS} that there can be"
            )));
        }
        let prefix = &config.assigned_id_prefix;
        if prefix.contains('\0') || prefix.len() + ASSIGNED_DIGITS > usize::from(u16::MAX) {
            return Err(StartError::Config(format!(
                "the prefix of assigned client identifiers must not contain U+0000 and may have {} bytes",
                usize::from(u16::MAX) - ASSIGNED_DIGITS
            )));
        }
        let mut listeners = Listeners::open(&config.listeners)?;
        let mut polls = Vec::with_capacity(count);
        let mut mailboxes = Vec::with_capacity(count);
        for _ in 0..count {
            let poll = mio::Poll::new().map_err(StartError::Shard)?;
            mailboxes.push(Mailbox::new(mio::Waker::new(poll.registry(), WAKER).map_err(StartError::Shard)?));
            polls.push(poll);
        }
        let core = Arc::new(Core {
            interests: hooks.interests(),
            hooks,
            log: Arc::new(log),
            clock: Clock::new(),
            routing: Routing::default(),
            retained: RetainedStore::new(config.limits.retained_messages, config.limits.retained_bytes),
            published: (0..count).map(|_| Published::default()).collect(),
            mailboxes: mailboxes.into(),
            connections: AtomicUsize::new(0),
            listener_connections: config.listeners.iter().map(|_| AtomicUsize::new(0)).collect(),
            connected: AtomicUsize::new(0),
            connected_maximum: AtomicUsize::new(0),
            sessions: AtomicUsize::new(0),
            serial: AtomicU64::new(1),
            stopping: AtomicBool::new(false),
            unwritten: AtomicBool::new(false),
            durable: config.store.is_durable(),
            config,
        });
        let addresses = listeners.addresses();
        for address in &addresses {
            core.log.write(&match address {
                LocalAddress::Tcp(address) => Record::Listening { address: Some(*address), path: None },
                LocalAddress::Unix(path) => Record::Listening { address: None, path: path.to_str() },
            });
        }
        let broker = Broker {
            core: Arc::clone(&core),
            addresses,
            listeners: Mutex::new(None),
            shards: Mutex::new(Vec::with_capacity(count)),
        };
        for (index, poll) in polls.into_iter().enumerate() {
            let core = Arc::clone(&core);
            // The shard is made on its thread: it holds what may not leave it.
            let run = move || Shard::new(core, index, poll).run();
            let thread = std::thread::Builder::new().name(format!("mqtt-shard-{index}")).spawn(run);
            broker.shards.lock().push(thread.map_err(StartError::Shard)?);
        }
        broker.load()?;
        core.config.peers.attach(Arc::new(Inbox { core: Arc::downgrade(&core) }));
        listeners.start(&core).map_err(StartError::Shard)?;
        *broker.listeners.lock() = Some(listeners);
        core.log.write(&Record::Started);
        Ok(broker)
    }

    /// Gives the shards what the store has kept, and waits until they have it.
    fn load(&self) -> Result<(), StartError> {
        let core = &self.core;
        if !core.durable {
            return Ok(());
        }
        let store = &core.config.store;
        let mut after: Option<Text> = None;
        loop {
            let page = wait(|done| store.sessions(after.as_deref(), LOADED_AT_ONCE, done))?;
            for client_id in &page {
                let Opened { lease, session } =
                    wait(|done| store.open(client_id, OpenPolicy::Resume(self.now()), done))?;
                let Some(mut session) = session else { continue };
                while std::mem::take(&mut session.more) {
                    let last = session.snapshot.outgoing.last().map_or(0, |saved| saved.key);
                    let more = wait(|done| store.load(client_id, last, OPEN_LIMIT, done))?;
                    session.more = more.len() == OPEN_LIMIT;
                    session.snapshot.outgoing.extend(more);
                }
                let restored = Restored { client_id: client_id.clone(), lease, session };
                core.mailboxes[core.home(client_id)].post(Mail::Restore(Box::new(restored)));
            }
            match page.last() {
                Some(last) if page.len() == LOADED_AT_ONCE => after = Some(last.clone()),
                _ => break,
            }
        }
        let mut after: Option<Text> = None;
        loop {
            let page = wait(|done| store.retained(None, after.as_deref(), LOADED_AT_ONCE, done))?;
            for saved in &page {
                if !saved.message.is_expired(self.now()) {
                    // Past a bound that has become lower since, the rest stays in the store.
                    let _ = core.retained.set(&saved.message, saved.qos);
                }
            }
            match page.last() {
                Some(last) if page.len() == LOADED_AT_ONCE => after = Some(last.message.topic.clone()),
                _ => break,
            }
        }
        // A shard that answers has done what was posted before.
        self.clients();
        Ok(())
    }

    /// Where the listeners are, in the order of the configuration.
    pub fn local_addrs(&self) -> Vec<LocalAddress> {
        self.addresses.clone()
    }

    /// Publishes a message in the broker's own name; no hook is asked. Message expiry among the properties counts
    /// from this call. Returns when the message has been handed to a shard, not when it has been delivered. Messages
    /// of one topic keep their order.
    pub fn publish(
        &self,
        topic: &str,
        payload: impl Into<Bytes>,
        qos: QoS,
        retain: bool,
        properties: Properties,
    ) -> Result<(), PublishError> {
        check_name(topic).map_err(|rule| PublishError::Topic { topic: topic.to_owned(), rule })?;
        if let Some((property, problem)) = unfit(&properties) {
            return Err(PublishError::Property { property, problem });
        }
        if self.core.stopping.load(Ordering::Acquire) {
            return Err(PublishError::Stopped);
        }
        let message = Message { properties, received_at: self.now(), ..Message::new(topic.to_owned(), payload) };
        let publication = Publication { message: Arc::new(message.with_expiry()), qos, retain, from_peer: false };
        self.core.mailboxes[self.core.home(topic)].post(Mail::Publish(publication));
        Ok(())
    }

    /// Waits until what was published from this thread has reached every session: what the methods below tell comes after
    /// it. Not for hooks, like everything that answers with data.
    pub fn sync(&self) {
        // The first answer may come from the middle of the turn that publishes, the second is behind what that turn handed
        // to other shards, and the third behind what they did with it.
        for _ in 0..3 {
            self.ask_all(Mail::Sync);
        }
    }

    /// Every session, connected or not, in no order.
    pub fn clients(&self) -> Vec<ClientInfo> {
        self.ask_all(Mail::Clients)
    }

    /// The session of one client.
    pub fn client(&self, client_id: &str) -> Option<ClientInfo> {
        self.ask_home(client_id, |reply| Mail::Client(client_id.into(), reply)).flatten()
    }

    /// Every subscription, in no order.
    pub fn subscriptions(&self) -> Vec<SubscriptionInfo> {
        self.ask_all(Mail::Subscriptions)
    }

    /// Retained messages whose topic the filter matches.
    pub fn retained(&self, filter: &str) -> Result<Vec<RetainedInfo>, Rule> {
        let filter = Filter::parse(filter)?;
        let found = self.core.retained.matching(filter.filter, self.now());
        Ok(found.into_iter().map(|retained| RetainedInfo { message: retained.message, qos: retained.qos }).collect())
    }

    /// Ends the connection of a client with this reason (MQTT 5 is told it); the session stays as its expiry says,
    /// the will is published. Returns whether there was a connection.
    pub fn disconnect(&self, client_id: &str, reason: ReasonCode) -> bool {
        self.ask_home(client_id, |reply| Mail::Disconnect(client_id.into(), reason, reply)).unwrap_or(false)
    }

    /// Counters and sizes.
    pub fn stats(&self) -> Stats {
        let core = &self.core;
        let counters = core.counters();
        let connected = core.connected.load(Ordering::Relaxed);
        Stats {
            uptime: core.clock.uptime(),
            bytes_received: counters.bytes_received,
            bytes_sent: counters.bytes_sent,
            messages_received: counters.messages_received,
            messages_sent: counters.messages_sent,
            messages_dropped: counters.messages_dropped,
            packets_received: counters.packets_received,
            connections_accepted: counters.accepted,
            connections_refused: counters.refused,
            connections: core.connections.load(Ordering::Relaxed),
            clients_connected: connected,
            clients_away: core.sessions.load(Ordering::Relaxed).saturating_sub(connected),
            clients_maximum: core.connected_maximum.load(Ordering::Relaxed),
            sessions_expired: counters.sessions_expired,
            subscriptions: counters.subscriptions as usize,
            shared_subscriptions: counters.shared_subscriptions as usize,
            retained_messages: core.retained.count(),
            retained_bytes: core.retained.bytes(),
            shards: core.mailboxes.len(),
        }
    }

    /// Uses another certificate on a listener (index in the configuration) for connections that come from here on.
    /// False where there is no such listener.
    pub fn set_tls(&self, listener: usize, tls: Arc<mqtt_net::ServerTls>) -> bool {
        self.listeners.lock().as_ref().is_some_and(|listeners| listeners.set_tls(listener, tls))
    }

    /// Sends records of these levels here, in place of an earlier listener. The sink is called on the broker's
    /// threads and must not block. Levels with `Debug` make every packet cost more; connections that are already
    /// open begin to be traced with their next packet.
    pub fn on_log(&self, levels: Levels, sink: impl Fn(&Record<'_>) + Send + Sync + 'static) {
        self.core.log.listen(levels, Some(Arc::new(sink)));
    }

    /// Closes the listeners, tells every client (MQTT 5: server shutting down), writes what waits, saves, and ends
    /// the threads. A client that has been told everything has a tenth of a second to close its end. Returns false
    /// when the time was over before everything was written. A second call does nothing.
    pub fn stop(&self, timeout: Duration) -> bool {
        if self.core.stopping.swap(true, Ordering::AcqRel) {
            return true;
        }
        if let Some(mut listeners) = self.listeners.lock().take() {
            listeners.stop();
        }
        self.core.mailboxes.iter().for_each(|mailbox| mailbox.post(Mail::Stop(timeout)));
        let threads = std::mem::take(&mut *self.shards.lock());
        let joined = threads.into_iter().map(|thread| thread.join().is_ok()).fold(true, |all, one| all & one);
        self.core.log.write(&Record::Stopped);
        joined && !self.core.unwritten.load(Ordering::Acquire)
    }

    /// The broker's clock: milliseconds since the Unix epoch, never backwards.
    pub fn now(&self) -> Time {
        self.core.clock.now()
    }

    fn ask_all<T>(&self, mail: fn(Sender<Vec<T>>) -> Mail) -> Vec<T> {
        let (sender, receiver) = channel();
        self.core.mailboxes.iter().for_each(|mailbox| mailbox.post(mail(sender.clone())));
        drop(sender);
        let mut all = Vec::new();
        for _ in 0..self.core.mailboxes.len() {
            // A shard that has ended does not answer.
            match receiver.recv_timeout(PATIENCE) {
                Ok(part) => all.extend(part),
                Err(_) => break,
            }
        }
        all
    }

    fn ask_home<T>(&self, client_id: &str, mail: impl FnOnce(Sender<T>) -> Mail) -> Option<T> {
        if self.core.stopping.load(Ordering::Acquire) {
            return None;
        }
        let (sender, receiver) = channel();
        self.core.mailboxes[self.core.home(client_id)].post(mail(sender));
        receiver.recv_timeout(PATIENCE).ok()
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.stop(Duration::from_secs(1));
    }
}

impl std::fmt::Debug for Broker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Broker").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}

/// The first property that a message of the program cannot have: no receiver could be sent it.
pub(crate) fn unfit(properties: &Properties) -> Option<(PropertyId, &'static str)> {
    properties.iter().find_map(|property| {
        let problem = match property {
            Property::TopicAlias(_) | Property::SubscriptionIdentifier(_) => "each receiver has its own",
            Property::ResponseTopic(topic) if check_name(topic).is_err() => "it is not a topic name",
            property if !property.id().allowed_in(PacketType::Publish) => "it is not one of PUBLISH",
            _ => return None,
        };
        Some((property.id(), problem))
    })
}

fn wait<T: Send + 'static>(call: impl FnOnce(Completion<T>)) -> Result<T, StoreError> {
    let (sender, receiver) = channel();
    call(Box::new(move |result| _ = sender.send(result)));
    // Loading takes as long as it takes; a store that drops the completion is broken, but must not hang us.
    receiver.recv().unwrap_or(Err(StoreError::Closed))
}

/// What other nodes send.
struct Inbox {
    core: Weak<Core>,
}

impl PeerInbox for Inbox {
    fn deliver(&self, message: PeerMessage) {
        let Some(core) = self.core.upgrade() else { return };
        let PeerMessage { message, qos, retain, publisher: _ } = message;
        let shard = core.home(&message.topic);
        core.mailboxes[shard].post(Mail::Publish(Publication { message, qos, retain, from_peer: true }));
    }

    fn session_moved(&self, client: &str) {
        let Some(core) = self.core.upgrade() else { return };
        let (sender, _) = channel();
        core.mailboxes[core.home(client)].post(Mail::Disconnect(client.into(), ReasonCode::SessionTakenOver, sender));
    }
}
