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
        home(client_id, self.mailboxes.len())
    }

    /// Whether a hook wants to see publishes to this topic.
    pub(crate) fn asks_publish(&self, topic: &str) -> bool {
        self.interests.publish.iter().any(|filter| topic::matches(filter, topic))
    }

    /// Whether a hook wants to see deliveries of this topic.
    pub(crate) fn asks_deliver(&self, topic: &str) -> bool {
        self.interests.deliver.iter().any(|filter| topic::matches(filter, topic))
    }

    /// The counters of all shards together.
    pub(crate) fn counters(&self) -> Counters {
        let mut sum = Counters::default();
        self.published.iter().for_each(|published| published.add_to(&mut sum));
        sum
    }
}

/// Where among so many shards a client lives.
fn home(client_id: &str, shards: usize) -> usize {
    if shards == 1 {
        return 0;
    }
    // FNV-1a: the same in every process and cheap for short identifiers. Its last step leaves most bits of the
    // last byte near the bottom and the top, so the result is mixed once more.
    let step = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = client_id.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    let mixed = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    ((mixed >> 33) as usize) % shards
}

#[cfg(test)]
mod tests {
    /// With plain FNV-1a all clients called `p0` to `p99` had one home.
    #[test]
    fn identifiers_that_differ_in_a_digit_spread_over_the_shards() {
        for shards in [2, 3, 8, 64] {
            let mut counts = vec![0; shards];
            (0..64 * 100).for_each(|number| counts[super::home(&format!("client-{number}"), shards)] += 1);
            let even = 6400 / shards;
            assert!(counts.iter().all(|count| (even / 2..even * 2).contains(count)), "{shards}: {counts:?}");
        }
        let few: std::collections::HashSet<_> = ["p0", "p1", "p2", "p3", "p4"].map(|id| super::home(id, 2)).into();
        assert_eq!(few.len(), 2);
    }
}
