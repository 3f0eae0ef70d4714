//! The sessions whose home is one shard, connected or not.

use std::sync::Arc;

use hashbrown::{HashMap, HashTable};
use mqtt_proto::Time;
use mqtt_proto::packet::{Message, QoS};
use mqtt_proto::session::Session;
use mqtt_store::{Lease, SessionChange};
use std::hash::BuildHasher;

use crate::hooks::Identity;
use crate::routing::{ClientRef, Grant};
use crate::server::delivering::HeldQueue;
use crate::shared::Presence;

/// No slot.
pub(crate) const NONE: u32 = u32::MAX;

/// Subscriptions of one client by filter, `$share/group/` included.
pub(crate) type Subscriptions = HashMap<Box<str>, Grant, foldhash::fast::RandomState>;

/// One session and what the broker knows of its client.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) identity: Arc<Identity>,
    pub(crate) generation: u32,
    /// Index of its connection; [`NONE`] while it is away.
    pub(crate) connection: u32,
    /// The session while it is away; while it is connected the link has it.
    pub(crate) session: Option<Box<Session>>,
    pub(crate) subscriptions: Subscriptions,
    /// Present once it has a shared subscription.
    pub(crate) presence: Option<Presence>,
    /// Messages that a hook is asked about, and those behind them.
    pub(crate) held: Option<Box<HeldQueue>>,
    /// The will: while connected what is due at its end, while away what is due later.
    pub(crate) will: Option<Box<PendingWill>>,
    /// Seconds that the session outlives the connection; `u32::MAX` is for ever.
    pub(crate) expiry: u32,
    /// While away: when the session ends.
    pub(crate) expires_at: Option<Time>,
    pub(crate) connected_at: Time,
    pub(crate) keep_alive: u16,
    pub(crate) clean_start: bool,
    /// A message was dropped since it last kept up.
    pub(crate) dropping: bool,
    pub(crate) dropped: u64,
    /// The right to write the session in the store; `None` where it is not kept there.
    pub(crate) lease: Option<Lease>,
    /// Changes that the link knows nothing of and the store has to.
    #[allow(clippy::box_collection)]
    pub(crate) changes: Option<Box<Vec<SessionChange>>>,
    /// It is in the list of sessions whose changes are collected at the end of the turn.
    pub(crate) changed: bool,
    /// The store has missed something: all of it is written anew.
    pub(crate) rewrite: bool,
}

/// A will that has not been published.
#[derive(Debug, Clone)]
pub(crate) struct PendingWill {
    pub(crate) message: Arc<Message>,
    pub(crate) qos: QoS,
    pub(crate) retain: bool,
    /// Seconds.
    pub(crate) delay: u32,
    /// While away: when it is published.
    pub(crate) due: Option<Time>,
}

/// Sessions by client identifier and by slot.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    slots: Vec<Option<Client>>,
    free: Vec<u32>,
    by_id: HashTable<u32>,
    hasher: foldhash::fast::RandomState,
    generation: u32,
}

impl Registry {
    /// How many sessions there are.
    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// The slot of this client.
    pub(crate) fn find(&self, client_id: &str) -> Option<u32> {
        let same = |slot: &u32| self.get(*slot).is_some_and(|client| *client.identity.client_id == *client_id);
        self.by_id.find(self.hasher.hash_one(client_id), same).copied()
    }

    /// Adds a session; there must be none with its identifier. Fills in the generation.
    pub(crate) fn insert(&mut self, mut client: Client) -> u32 {
        self.generation = self.generation.wrapping_add(1);
        client.generation = self.generation;
        let hash = self.hasher.hash_one(&*client.identity.client_id);
        let slot = match self.free.pop() {
            Some(slot) => {
                self.slots[slot as usize] = Some(client);
                slot
            }
            None => {
                self.slots.push(Some(client));
                (self.slots.len() - 1) as u32
            }
        };
        let (slots, hasher) = (&self.slots, &self.hasher);
        self.by_id.insert_unique(hash, slot, |slot| {
            let client = slots[*slot as usize].as_ref().expect("every hashed slot is taken");
            hasher.hash_one(&*client.identity.client_id)
        });
        slot
    }

    /// Takes a session out.
    pub(crate) fn remove(&mut self, slot: u32) -> Option<Client> {
        let client = self.slots.get_mut(slot as usize)?.take()?;
        let hash = self.hasher.hash_one(&*client.identity.client_id);
        if let Ok(entry) = self.by_id.find_entry(hash, |other| *other == slot) {
            entry.remove();
        }
        self.free.push(slot);
        Some(client)
    }

    /// The session in this slot.
    pub(crate) fn get(&self, slot: u32) -> Option<&Client> {
        self.slots.get(slot as usize)?.as_ref()
    }

    /// The same, to change.
    pub(crate) fn get_mut(&mut self, slot: u32) -> Option<&mut Client> {
        self.slots.get_mut(slot as usize)?.as_mut()
    }

    /// The session that this reference means, unless it is over.
    pub(crate) fn resolve(&mut self, slot: u32, generation: u32) -> Option<&mut Client> {
        self.get_mut(slot).filter(|client| client.generation == generation)
    }

    /// How others refer to the session in this slot.
    pub(crate) fn reference(&self, slot: u32, shard: u32) -> Option<ClientRef> {
        self.get(slot).map(|client| ClientRef { shard, slot, generation: client.generation })
    }

    /// Every session with its slot.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Client)> {
        (0u32..).zip(&self.slots).filter_map(|(slot, client)| client.as_ref().map(|client| (slot, client)))
    }
}

#[cfg(test)]
mod tests {
    use mqtt_proto::Version;

    use super::*;
    use crate::hooks::Peer;

    fn client(id: &str) -> Client {
        let peer = Peer { address: None, listener: 0, certificate_subject: None, certificate_common_name: None };
        Client {
            identity: Arc::new(Identity { client_id: id.into(), user_name: None, version: Version::V5, peer }),
            generation: 0,
            connection: NONE,
            session: None,
            subscriptions: Subscriptions::default(),
            presence: None,
            held: None,
            will: None,
            expiry: 0,
            expires_at: None,
            connected_at: Time::default(),
            keep_alive: 0,
            clean_start: true,
            dropping: false,
            dropped: 0,
            lease: None,
            changes: None,
            changed: false,
            rewrite: false,
        }
    }

    #[test]
    fn slots_are_used_again_and_generations_are_not() {
        let mut registry = Registry::default();
        let slots: Vec<u32> = (0..100).map(|i| registry.insert(client(&format!("c{i}")))).collect();
        assert_eq!(registry.find("c57"), Some(slots[57]));
        let old = registry.reference(slots[57], 3).expect("it is there");
        assert!(registry.remove(slots[57]).is_some());
        assert_eq!((registry.find("c57"), registry.len()), (None, 99));
        let again = registry.insert(client("c57"));
        assert_eq!(again, old.slot);
        assert!(registry.resolve(old.slot, old.generation).is_none());
        assert_eq!(registry.find("c57"), Some(again));
        assert!(registry.remove(again).is_some() && registry.remove(again).is_none());
    }
}
