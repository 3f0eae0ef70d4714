//! Retained messages (section 3.3.1.3): one per topic, for all shards.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mqtt_proto::Time;
use mqtt_proto::packet::{Message, QoS};
use mqtt_proto::topic::Tree;
use parking_lot::RwLock;

/// A retained message.
#[derive(Debug, Clone)]
pub(crate) struct Retained {
    pub(crate) message: Arc<Message>,
    pub(crate) qos: QoS,
    /// Whose it is, for subscriptions that want nothing of their own [MQTT-3.8.3-3]; `None` for the broker's own and
    /// for those from before it started.
    pub(crate) publisher: Option<Arc<str>>,
}

/// What became of a message that was to be retained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// It is the one for its topic.
    Stored,
    /// Its payload was empty: there is none for its topic.
    Cleared,
    /// There was none to clear.
    Nothing,
    /// A bound was reached; an earlier message for the topic stays.
    Full,
}

/// All retained messages of this node. Bounded in number and in bytes.
#[derive(Debug)]
pub(crate) struct RetainedStore {
    tree: RwLock<Tree<Retained>>,
    bytes: AtomicUsize,
    count: AtomicUsize,
    maximum_messages: usize,
    maximum_bytes: usize,
}

impl RetainedStore {
    /// An empty store; 0 is no bound.
    pub(crate) fn new(maximum_messages: usize, maximum_bytes: usize) -> RetainedStore {
        RetainedStore {
            tree: RwLock::default(),
            bytes: AtomicUsize::new(0),
            count: AtomicUsize::new(0),
            maximum_messages,
            maximum_bytes,
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Keeps a message in place of an earlier one; an empty payload only removes that [MQTT-3.3.1-6].
    pub(crate) fn set(&self, message: &Arc<Message>, qos: QoS) -> Kept {
        self.set_from(message, qos, None)
    }

    /// The same for the message of this client.
    pub(crate) fn set_from(&self, message: &Arc<Message>, qos: QoS, publisher: Option<Arc<str>>) -> Kept {
        let mut tree = self.tree.write();
        if message.payload.is_empty() {
            return match tree.remove(&message.topic) {
                Some(old) => {
                    self.subtract(&old);
                    Kept::Cleared
                }
                None => Kept::Nothing,
            };
        }
        let size = message.size();
        let new = Retained { message: Arc::clone(message), qos, publisher };
        let old_size = tree.get(&message.topic).map(|old| old.message.size());
        let full = old_size.is_none() && self.maximum_messages != 0 && tree.len() >= self.maximum_messages;
        let bytes = self.bytes() - old_size.unwrap_or(0) + size;
        if full || (self.maximum_bytes != 0 && bytes > self.maximum_bytes) {
            return Kept::Full;
        }
        self.bytes.store(bytes, Ordering::Relaxed);
        if old_size.is_none() {
            self.count.fetch_add(1, Ordering::Relaxed);
        }
        let mut fresh = Some(new);
        let place = tree.entry(&message.topic, || fresh.take().expect("taken once"));
        if let Some(new) = fresh {
            *place = new;
        }
        Kept::Stored
    }

    /// The message of one topic, unless it has expired.
    pub(crate) fn get(&self, topic: &str, now: Time) -> Option<Retained> {
        self.tree.read().get(topic).filter(|retained| !retained.message.is_expired(now)).cloned()
    }

    /// The messages whose topic this filter matches. Expired ones are not among them [MQTT-3.3.2-5].
    pub(crate) fn matching(&self, filter: &str, now: Time) -> Vec<Retained> {
        let mut found = Vec::new();
        self.tree.read().matching_names(filter, &mut |_, retained| {
            if !retained.message.is_expired(now) {
                found.push(retained.clone());
            }
            true
        });
        found
    }

    /// Forgets what has expired; returns how many.
    pub(crate) fn sweep(&self, now: Time) -> usize {
        let mut expired = Vec::new();
        self.tree.read().for_each(&mut |_, retained| {
            if retained.message.is_expired(now) {
                expired.push(Arc::clone(&retained.message));
            }
        });
        if expired.is_empty() {
            return 0;
        }
        let mut tree = self.tree.write();
        for message in &expired {
            // Another message may have taken its place since.
            if tree.get(&message.topic).is_some_and(|kept| Arc::ptr_eq(&kept.message, message)) {
                if let Some(old) = tree.remove(&message.topic) {
                    self.subtract(&old);
                }
            }
        }
        expired.len()
    }

    fn subtract(&self, old: &Retained) {
        self.bytes.fetch_sub(old.message.size(), Ordering::Relaxed);
        self.count.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use mqtt_proto::packet::Property;

    use super::*;

    fn message(topic: &str, payload: &'static str) -> Arc<Message> {
        Arc::new(Message::new(topic.to_owned(), payload))
    }

    #[test]
    fn one_message_per_topic_and_an_empty_one_clears() {
        let store = RetainedStore::new(0, 0);
        assert_eq!(store.set(&message("a/b", "1"), QoS::AtMostOnce), Kept::Stored);
        assert_eq!(store.set(&message("a/b", "22"), QoS::AtLeastOnce), Kept::Stored);
        assert_eq!(store.set(&message("a/c", "3"), QoS::AtMostOnce), Kept::Stored);
        assert_eq!(store.count(), 2);
        assert_eq!(store.get("a/b", Time::default()).map(|r| r.qos), Some(QoS::AtLeastOnce));
        assert_eq!(store.matching("a/+", Time::default()).len(), 2);
        assert_eq!(store.set(&message("a/b", ""), QoS::AtMostOnce), Kept::Cleared);
        assert_eq!(store.set(&message("a/b", ""), QoS::AtMostOnce), Kept::Nothing);
        assert_eq!(store.set(&message("a/c", ""), QoS::AtMostOnce), Kept::Cleared);
        assert_eq!((store.count(), store.bytes()), (0, 0));
    }

    #[test]
    fn bounds_hold_and_a_replacement_still_fits() {
        let store = RetainedStore::new(1, 0);
        assert_eq!(store.set(&message("a", "1"), QoS::AtMostOnce), Kept::Stored);
        assert_eq!(store.set(&message("b", "1"), QoS::AtMostOnce), Kept::Full);
        assert_eq!(store.set(&message("a", "2"), QoS::AtMostOnce), Kept::Stored);
        let store = RetainedStore::new(0, message("a", "12345").size());
        assert_eq!(store.set(&message("a", "12345"), QoS::AtMostOnce), Kept::Stored);
        assert_eq!(store.set(&message("a", "123456"), QoS::AtMostOnce), Kept::Full);
    }

    #[test]
    fn expired_messages_are_not_found_and_are_swept() {
        let store = RetainedStore::new(0, 0);
        let mut short = Message::new("a", "1");
        short.properties.push(Property::MessageExpiryInterval(5));
        store.set(&Arc::new(short.with_expiry()), QoS::AtMostOnce);
        store.set(&message("b", "1"), QoS::AtMostOnce);
        assert_eq!(store.matching("#", Time::from_millis(4_999)).len(), 2);
        assert_eq!(store.matching("#", Time::from_millis(5_000)).len(), 1);
        assert_eq!(store.sweep(Time::from_millis(5_000)), 1);
        assert_eq!(store.count(), 1);
    }
}
