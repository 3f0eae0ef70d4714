//! Who gets a message: the global tree of subscriptions, and routes made from it.
//!
//! The tree is behind a lock that only subscribing and making a route take. A [`Route`] is what the tree says about
//! one topic, seen from one shard. It holds for one epoch; every change of a subscription starts a new one. Each
//! shard keeps the routes it has made until then.
//!
//! Subscriptions of one client that overlap deliver a message once (a choice that section 3.3.4 leaves open), with the
//! highest of their QoS [MQTT-3.3.4-2] and with the identifiers of all of them [MQTT-3.3.4-3], [MQTT-3.3.4-4].

use std::hash::BuildHasher;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hashbrown::{HashMap, HashTable};
use mqtt_proto::packet::{QoS, RetainHandling};
use mqtt_proto::topic::{Filter, Tree};
use parking_lot::RwLock;
use smallvec::SmallVec;

use crate::shared::{Group, Member};

/// A session, wherever it lives. The generation tells a session from an earlier one in the same slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ClientRef {
    pub(crate) shard: u32,
    pub(crate) slot: u32,
    pub(crate) generation: u32,
}

impl ClientRef {
    /// No session: there are not so many shards.
    pub(crate) const NOBODY: ClientRef = ClientRef { shard: u32::MAX, slot: u32::MAX, generation: u32::MAX };
}

/// What a subscription grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) qos: QoS,
    pub(crate) no_local: bool,
    pub(crate) retain_as_published: bool,
    /// Only told: it is over when the subscription has been made.
    pub(crate) retain_handling: RetainHandling,
    /// Subscription identifier; 0 where there is none.
    pub(crate) identifier: u32,
}

/// Subscribers of one filter. Few of them are searched, many are hashed.
#[derive(Debug)]
enum Subscribers {
    Few(SmallVec<[(ClientRef, Grant); 1]>),
    Many(HashMap<ClientRef, Grant, foldhash::fast::RandomState>),
}

const FEW: usize = 32;

impl Subscribers {
    fn set(&mut self, client: ClientRef, grant: Grant) {
        match self {
            Subscribers::Few(list) => match list.iter().position(|(c, _)| *c == client) {
                Some(at) => list[at].1 = grant,
                None if list.len() < FEW => list.push((client, grant)),
                None => {
                    let mut map: HashMap<_, _, _> = list.drain(..).collect();
                    map.insert(client, grant);
                    *self = Subscribers::Many(map);
                }
            },
            Subscribers::Many(map) => {
                map.insert(client, grant);
            }
        }
    }

    fn remove(&mut self, client: ClientRef) {
        match self {
            Subscribers::Few(list) => {
                if let Some(at) = list.iter().position(|(c, _)| *c == client) {
                    list.swap_remove(at);
                }
            }
            Subscribers::Many(map) => {
                map.remove(&client);
            }
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Subscribers::Few(list) => list.is_empty(),
            Subscribers::Many(map) => map.is_empty(),
        }
    }

    fn for_each(&self, mut visit: impl FnMut(ClientRef, &Grant)) {
        match self {
            Subscribers::Few(list) => list.iter().for_each(|(client, grant)| visit(*client, grant)),
            Subscribers::Many(map) => map.iter().for_each(|(client, grant)| visit(*client, grant)),
        }
    }
}

/// Everything under one filter.
#[derive(Debug)]
struct Entry {
    plain: Subscribers,
    /// Shared subscriptions by share name; boxed, because most filters have none.
    #[allow(clippy::box_collection)]
    groups: Option<Box<Groups>>,
}

type Groups = Vec<(Box<str>, Arc<Group>)>;

impl Default for Entry {
    fn default() -> Entry {
        Entry { plain: Subscribers::Few(SmallVec::new()), groups: None }
    }
}

impl Entry {
    fn is_empty(&self) -> bool {
        self.plain.is_empty() && self.groups.as_ref().is_none_or(|groups| groups.is_empty())
    }
}

/// Whether a filter has subscribers on this node, before and after a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    None,
    First,
    Last,
}

/// The tree of all subscriptions of this node.
#[derive(Debug, Default)]
pub(crate) struct Routing {
    tree: RwLock<Tree<Entry>>,
    epoch: AtomicU64,
}

impl Routing {
    /// Routes of an earlier epoch no longer hold.
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// Makes or replaces a subscription. `member` is present exactly when the filter is a shared one.
    pub(crate) fn subscribe(
        &self,
        filter: &Filter<'_>,
        client: ClientRef,
        grant: Grant,
        member: Option<Member>,
    ) -> Edge {
        let mut tree = self.tree.write();
        let entry = tree.entry(filter.filter, Entry::default);
        let first = entry.is_empty();
        match (filter.share, member) {
            (Some(share), Some(member)) => {
                let groups = entry.groups.get_or_insert_default();
                match groups.iter_mut().find(|(name, _)| **name == *share) {
                    Some((_, group)) => Arc::make_mut(group).join(member),
                    None => groups.push((share.into(), Arc::new(Group::new(member)))),
                }
            }
            _ => entry.plain.set(client, grant),
        }
        self.epoch.fetch_add(1, Ordering::Release);
        if first { Edge::First } else { Edge::None }
    }

    /// Ends a subscription.
    pub(crate) fn unsubscribe(&self, filter: &Filter<'_>, client: ClientRef) -> Edge {
        let mut tree = self.tree.write();
        let Some(entry) = tree.get_mut(filter.filter) else { return Edge::None };
        match (filter.share, &mut entry.groups) {
            (Some(share), Some(groups)) => {
                groups.retain_mut(|(name, group)| **name != *share || Arc::make_mut(group).leave(client));
                if groups.is_empty() {
                    entry.groups = None;
                }
            }
            (Some(_), None) => {}
            (None, _) => entry.plain.remove(client),
        }
        let last = entry.is_empty();
        if last {
            tree.remove(filter.filter);
        }
        self.epoch.fetch_add(1, Ordering::Release);
        if last { Edge::Last } else { Edge::None }
    }

    /// The members that share this filter.
    pub(crate) fn group(&self, filter: &Filter<'_>) -> Option<Arc<Group>> {
        let tree = self.tree.read();
        let groups = tree.get(filter.filter)?.groups.as_ref()?;
        groups.iter().find(|(name, _)| Some(&**name) == filter.share).map(|(_, group)| Arc::clone(group))
    }

    /// Every route that was made is to be made anew: what a hook or a peer wants has changed.
    pub(crate) fn invalidate(&self) {
        self.epoch.fetch_add(1, Ordering::Release);
    }

    /// What the tree says about a topic, seen from this shard.
    #[cfg(test)]
    fn route(&self, topic: &str, shard: u32) -> Route {
        let mut route = Route::default();
        self.route_into(&mut route, topic, shard);
        route
    }

    /// Makes a route anew for this topic, seen from this shard.
    pub(crate) fn route_into(&self, route: &mut Route, topic: &str, shard: u32) {
        route.begin(topic);
        let tree = self.tree.read();
        // Read under the lock: a change takes the lock before it moves the epoch, so that a route is never newer
        // than it says, and one that is older is made again.
        route.epoch = self.epoch();
        let mut overlapping = false;
        tree.matching_filters(topic, &mut |entry: &Entry| {
            let first = route.local.is_empty();
            entry.plain.for_each(|client, grant| {
                if client.shard == shard {
                    route.local.push(Receiver::new(client, grant));
                } else {
                    route.remote |= 1 << client.shard;
                }
            });
            overlapping |= !first;
            for (_, group) in entry.groups.iter().flat_map(|groups| groups.iter()) {
                route.groups.push(Arc::clone(group));
            }
        });
        drop(tree);
        if overlapping {
            merge(&mut route.local);
        }
    }
}

/// Joins the receivers that are the same client.
fn merge(receivers: &mut Vec<Receiver>) {
    receivers.sort_by_key(|receiver| (receiver.slot, receiver.generation));
    receivers.dedup_by(|later, kept| {
        let same = later.slot == kept.slot && later.generation == kept.generation;
        if same {
            kept.qos = kept.qos.max(later.qos);
            kept.no_local &= later.no_local;
            kept.retain_as_published |= later.retain_as_published;
            kept.identifiers.extend(later.identifiers.drain(..));
        }
        same
    });
}

/// Who gets messages of one topic, seen from one shard.
#[derive(Debug, Default)]
pub(crate) struct Route {
    pub(crate) topic: String,
    pub(crate) epoch: u64,
    /// Sessions of this shard, each once.
    pub(crate) local: Vec<Receiver>,
    /// Shards with sessions that get it, one bit each; they make a route of their own.
    pub(crate) remote: u64,
    /// Shared subscriptions: one member each.
    pub(crate) groups: Vec<Arc<Group>>,
    /// A hook wants to see publishes to this topic.
    pub(crate) asked: bool,
    /// Another node wants it.
    pub(crate) peers: bool,
}

impl Route {
    /// Empties it for another topic; what it has allocated stays.
    fn begin(&mut self, topic: &str) {
        self.topic.clear();
        self.topic.push_str(topic);
        self.local.clear();
        self.groups.clear();
        self.remote = 0;
        self.asked = false;
        self.peers = false;
    }

    /// Nobody gets it.
    pub(crate) fn is_empty(&self) -> bool {
        self.local.is_empty() && self.remote == 0 && self.groups.is_empty() && !self.peers
    }
}

/// A session that gets a message, and how.
#[derive(Debug, Clone)]
pub(crate) struct Receiver {
    pub(crate) slot: u32,
    pub(crate) generation: u32,
    pub(crate) qos: QoS,
    /// Not what the client published itself. Holds only where all of its matching subscriptions say so.
    pub(crate) no_local: bool,
    pub(crate) retain_as_published: bool,
    pub(crate) identifiers: SmallVec<[u32; 2]>,
}

impl Receiver {
    fn new(client: ClientRef, grant: &Grant) -> Receiver {
        Receiver {
            slot: client.slot,
            generation: client.generation,
            qos: grant.qos,
            no_local: grant.no_local,
            retain_as_published: grant.retain_as_published,
            identifiers: (grant.identifier != 0).then_some(grant.identifier).into_iter().collect(),
        }
    }
}

/// The routes that a shard has made in this epoch, for topics that come again. Bounded: a full cache is emptied.
///
/// A topic is kept when it is published to a second time while its mark is still there. Where many thousand topics
/// take turns, most publishes find neither; they use one route that is made anew each time, which costs a walk through
/// the tree and allocates nothing.
#[derive(Debug, Default)]
pub(crate) struct RouteCache {
    routes: HashTable<Rc<Route>>,
    hasher: foldhash::fast::RandomState,
    epoch: u64,
    passing: Rc<Route>,
    /// Low bits of a topic's hash to high bits of it.
    marks: Vec<u32>,
}

const CACHED_ROUTES: usize = 64 * 1024;
const MARKS: usize = 4096;

impl RouteCache {
    /// The route of this topic, made by `make` where there is none that holds. Whoever keeps it for later gets one
    /// that is not used for another topic meanwhile.
    #[inline]
    pub(crate) fn get(&mut self, topic: &str, epoch: u64, make: impl FnOnce(&mut Route)) -> Rc<Route> {
        if self.epoch != epoch {
            self.routes.clear();
            self.marks.clear();
            self.epoch = epoch;
        }
        let hash = self.hasher.hash_one(topic);
        if let Some(route) = self.routes.find(hash, |route| *route.topic == *topic) {
            return Rc::clone(route);
        }
        self.make(hash, epoch, make)
    }

    /// Whether this route is the one that is made anew for every topic that does not come again.
    pub(crate) fn is_passing(&self, route: &Rc<Route>) -> bool {
        Rc::ptr_eq(route, &self.passing)
    }

    fn make(&mut self, hash: u64, epoch: u64, make: impl FnOnce(&mut Route)) -> Rc<Route> {
        if self.marks.is_empty() {
            self.marks = vec![0; MARKS];
        }
        let mark = (hash >> 32) as u32 | 1;
        let again = std::mem::replace(&mut self.marks[hash as usize % MARKS], mark) == mark;
        if !again {
            // Where somebody has kept the last one it becomes theirs.
            if Rc::get_mut(&mut self.passing).is_none() {
                self.passing = Rc::default();
            }
            if let Some(route) = Rc::get_mut(&mut self.passing) {
                make(route);
            }
            return Rc::clone(&self.passing);
        }
        let mut route = Route::default();
        make(&mut route);
        route.local.shrink_to_fit();
        let route = Rc::new(route);
        if self.routes.len() >= CACHED_ROUTES {
            self.routes.clear();
        }
        if route.epoch == epoch {
            let hasher = &self.hasher;
            self.routes.insert_unique(hash, Rc::clone(&route), |route| hasher.hash_one(&*route.topic));
        }
        route
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(shard: u32, slot: u32) -> ClientRef {
        ClientRef { shard, slot, generation: 1 }
    }

    fn grant(qos: QoS, identifier: u32) -> Grant {
        Grant { qos, no_local: false, retain_as_published: false, retain_handling: RetainHandling::Send, identifier }
    }

    fn filter(text: &str) -> Filter<'_> {
        Filter::parse(text).expect("filter")
    }

    #[test]
    fn overlapping_subscriptions_of_one_client_are_one_receiver() {
        let routing = Routing::default();
        routing.subscribe(&filter("a/#"), client(0, 1), grant(QoS::AtMostOnce, 7), None);
        routing.subscribe(&filter("a/+"), client(0, 1), grant(QoS::ExactlyOnce, 9), None);
        routing.subscribe(&filter("a/b"), client(0, 2), grant(QoS::AtLeastOnce, 0), None);
        let route = routing.route("a/b", 0);
        assert_eq!(route.local.len(), 2);
        let mut identifiers = route.local[0].identifiers.clone();
        identifiers.sort_unstable();
        assert_eq!(
            (route.local[0].slot, route.local[0].qos, identifiers.as_slice()),
            (1, QoS::ExactlyOnce, &[7, 9][..])
        );
        assert!(route.local[1].identifiers.is_empty());
    }

    #[test]
    fn another_shard_is_one_bit() {
        let routing = Routing::default();
        routing.subscribe(&filter("t"), client(0, 1), grant(QoS::AtMostOnce, 0), None);
        routing.subscribe(&filter("t"), client(2, 1), grant(QoS::AtMostOnce, 0), None);
        routing.subscribe(&filter("t"), client(2, 5), grant(QoS::AtMostOnce, 0), None);
        let route = routing.route("t", 0);
        assert_eq!((route.local.len(), route.remote), (1, 0b100));
        assert_eq!((routing.route("t", 2).local.len(), routing.route("t", 2).remote), (2, 0b001));
    }

    #[test]
    fn every_change_starts_a_new_epoch_and_edges_are_told() {
        let routing = Routing::default();
        let before = routing.epoch();
        assert_eq!(routing.subscribe(&filter("t"), client(0, 1), grant(QoS::AtMostOnce, 0), None), Edge::First);
        assert_eq!(routing.subscribe(&filter("t"), client(0, 2), grant(QoS::AtMostOnce, 0), None), Edge::None);
        assert_eq!(routing.unsubscribe(&filter("t"), client(0, 1)), Edge::None);
        assert_eq!(routing.unsubscribe(&filter("t"), client(0, 2)), Edge::Last);
        assert_eq!(routing.epoch(), before + 4);
        assert!(routing.route("t", 0).is_empty());
    }

    #[test]
    fn a_filter_with_many_subscribers_keeps_each_once() {
        let routing = Routing::default();
        for slot in 0..200 {
            routing.subscribe(&filter("t"), client(0, slot), grant(QoS::AtMostOnce, 0), None);
            routing.subscribe(&filter("t"), client(0, slot), grant(QoS::AtLeastOnce, 0), None);
        }
        let route = routing.route("t", 0);
        assert_eq!(route.local.len(), 200);
        assert!(route.local.iter().all(|receiver| receiver.qos == QoS::AtLeastOnce));
        (0..200).for_each(|slot| _ = routing.unsubscribe(&filter("t"), client(0, slot)));
        assert!(routing.route("t", 0).is_empty());
    }

    #[test]
    fn the_cache_forgets_with_the_epoch() {
        let routing = Routing::default();
        let mut cache = RouteCache::default();
        let first = cache.get("t", routing.epoch(), |route| routing.route_into(route, "t", 0));
        let second = cache.get("t", routing.epoch(), |route| routing.route_into(route, "t", 0));
        let third = cache.get("t", routing.epoch(), |_| unreachable!());
        assert!(!Rc::ptr_eq(&first, &second) && Rc::ptr_eq(&second, &third));
        routing.subscribe(&filter("t"), client(0, 1), grant(QoS::AtMostOnce, 0), None);
        let later = cache.get("t", routing.epoch(), |route| routing.route_into(route, "t", 0));
        assert_eq!((first.local.len(), later.local.len()), (0, 1));
    }

    #[test]
    fn a_route_that_somebody_keeps_is_not_used_for_another_topic() {
        let routing = Routing::default();
        let mut cache = RouteCache::default();
        let mut get = |topic: &str| cache.get(topic, routing.epoch(), |route| routing.route_into(route, topic, 0));
        let kept = get("kept");
        (0..100).for_each(|number| assert_eq!(get(&number.to_string()).topic, number.to_string()));
        assert_eq!(kept.topic, "kept");
    }
}
