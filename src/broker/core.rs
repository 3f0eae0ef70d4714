//! What all shards share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use mqtt_proto::Time;
use mqtt_proto::topic;

use crate::config::Config;
use crate::hooks::{Hooks, Interests};
use crate::log::Log;
use crate::metrics::{Counters, Published};
use crate::retained::RetainedStore;
use crate::routing::Routing;
use crate::server::mail::Mailbox;

/// The broker's clock: milliseconds since the Unix epoch when the broker started, monotonic from there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    started: Instant,
    epoch: u64,
}

impl Clock {
    pub(crate) fn new() -> Clock {
        let epoch = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64);
        Clock { started: Instant::now(), epoch }
    }

    pub(crate) fn now(&self) -> Time {
        Time::from_millis(self.epoch + self.started.elapsed().as_millis() as u64)
    }

    pub(crate) fn uptime(&self) -> std::time::Duration {
        self.started.elapsed()
    }
}

/// What all shards share.
pub(crate) struct Core {
    pub(crate) config: Config,
    pub(crate) hooks: Arc<dyn Hooks>,
    pub(crate) interests: Interests,
    pub(crate) log: Arc<Log>,
    pub(crate) clock: Clock,
    pub(crate) routing: Routing,
    pub(crate) retained: RetainedStore,
    /// Counters, one for each shard.
    pub(crate) published: Box<[Published]>,
    /// Where the shards take orders, one each.
    pub(crate) mailboxes: Box<[Mailbox]>,
    /// Open sockets, also those on their way between shards.
    pub(crate) connections: AtomicUsize,
    /// The same for each listener.
    pub(crate) listener_connections: Box<[AtomicUsize]>,
    /// Sessions with a connection, and the most there have been at once.
    pub(crate) connected: AtomicUsize,
    pub(crate) connected_maximum: AtomicUsize,
    /// Sessions, over all shards.
    pub(crate) sessions: AtomicUsize,
    /// Numbers connections.
    pub(crate) serial: AtomicU64,
    pub(crate) stopping: AtomicBool,
    /// A shard stopped before everything was written.
    pub(crate) unwritten: AtomicBool,
    /// The store keeps things, so sessions record their changes.
    pub(crate) durable: bool,
}

impl Core {
    /// The shard where the session of this client lives.
    pub(crate) fn home(&self, client_id: &str) -> usize {
        if self.mailboxes.len() == 1 {
            return 0;
        }
        // FNV-1a: the same in every process and cheap for short identifiers.
        let hash = client_id
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        ((hash >> 32) as usize) % self.mailboxes.len()
    }

    /// Whether a hook wants to see publishes to this topic.
    pub(crate) fn asks_publish(&self, topic: &str) -> bool {
        self.interests.publish.iter().any(|filter| topic::matches(filter, topic))
    }

    /// The counters of all shards together.
    pub(crate) fn counters(&self) -> Counters {
        let mut sum = Counters::default();
        self.published.iter().for_each(|published| published.add_to(&mut sum));
        sum
    }
}
