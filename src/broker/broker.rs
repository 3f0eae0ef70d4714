//! The running broker: what a program may ask of it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mqtt_proto::packet::{Properties, QoS, Subscription};
use mqtt_proto::{ReasonCode, Rule, Time};

use crate::config::Config;
use crate::hooks::{Hooks, Identity};
use crate::log::{Levels, Log, Record};

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
    log: Arc<Log>,
}

impl Broker {
    /// Opens the listeners, starts the shards, loads what the store kept, and returns. Clients are served from then on.
    pub fn start(config: Config, hooks: Arc<dyn Hooks>) -> Result<Broker, StartError> {
        let _ = (config, hooks);
        todo!()
    }

    /// The same with somewhere for the log to go from the first line on.
    pub fn start_with_log(
        config: Config,
        hooks: Arc<dyn Hooks>,
        levels: Levels,
        sink: impl Fn(&Record<'_>) + Send + Sync + 'static,
    ) -> Result<Broker, StartError> {
        let _ = (config, hooks, levels, sink);
        todo!()
    }

    /// Where the listeners are, in the order of the configuration.
    pub fn local_addrs(&self) -> Vec<LocalAddress> {
        todo!()
    }

    /// Publishes a message in the broker's own name; no hook is asked. Message expiry among the properties counts
    /// from this call. Returns when the message has been handed to the shards, not when it has been delivered.
    pub fn publish(
        &self,
        topic: &str,
        payload: impl Into<Bytes>,
        qos: QoS,
        retain: bool,
        properties: Properties,
    ) -> Result<(), PublishError> {
        let _ = (topic, payload.into(), qos, retain, properties);
        todo!()
    }

    /// Every session, connected or not, in no order.
    pub fn clients(&self) -> Vec<ClientInfo> {
        todo!()
    }

    /// The session of one client.
    pub fn client(&self, client_id: &str) -> Option<ClientInfo> {
        let _ = client_id;
        todo!()
    }

    /// Every subscription, in no order.
    pub fn subscriptions(&self) -> Vec<SubscriptionInfo> {
        todo!()
    }

    /// Retained messages whose topic the filter matches.
    pub fn retained(&self, filter: &str) -> Result<Vec<RetainedInfo>, Rule> {
        let _ = filter;
        todo!()
    }

    /// Ends the connection of a client with this reason (MQTT 5 is told it); the session stays as its expiry says, the
    /// will is published. Returns whether there was a connection.
    pub fn disconnect(&self, client_id: &str, reason: ReasonCode) -> bool {
        let _ = (client_id, reason);
        todo!()
    }

    /// Counters and sizes.
    pub fn stats(&self) -> Stats {
        todo!()
    }

    /// Sends records of these levels here, in place of an earlier listener. The sink is called on the broker's threads and
    /// must not block. Levels with `Debug` make every packet cost more.
    pub fn on_log(&self, levels: Levels, sink: impl Fn(&Record<'_>) + Send + Sync + 'static) {
        self.log.listen(levels, Some(Arc::new(sink)));
    }

    /// Closes the listeners, tells every client (MQTT 5: server shutting down), writes what waits, saves, and ends the
    /// threads. Returns false when the time was over before everything was written. A second call does nothing.
    pub fn stop(&self, timeout: Duration) -> bool {
        let _ = timeout;
        todo!()
    }

    /// The broker's clock: milliseconds since the Unix epoch, never backwards.
    pub fn now(&self) -> Time {
        todo!()
    }
}

impl std::fmt::Debug for Broker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Broker")
    }
}
