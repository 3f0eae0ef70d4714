//! Shared subscriptions (section 4.8.2): a message goes to one member of the group.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::routing::{ClientRef, Grant};

/// Whether a session has a connection, for other shards to see.
pub(crate) type Presence = Arc<AtomicBool>;

/// One member of a group.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) client: ClientRef,
    pub(crate) grant: Grant,
    pub(crate) presence: Presence,
}

/// The members that share one filter under one share name.
#[derive(Debug)]
pub(crate) struct Group {
    members: Vec<Member>,
    next: AtomicUsize,
}

impl Clone for Group {
    fn clone(&self) -> Group {
        Group { members: self.members.clone(), next: AtomicUsize::new(self.next.load(Ordering::Relaxed)) }
    }
}

impl Group {
    /// A group of one.
    pub(crate) fn new(member: Member) -> Group {
        Group { members: vec![member], next: AtomicUsize::new(0) }
    }

    /// Adds a member or replaces what it was granted.
    pub(crate) fn join(&mut self, member: Member) {
        match self.members.iter_mut().find(|m| m.client == member.client) {
            Some(old) => *old = member,
            None => self.members.push(member),
        }
    }

    /// Removes a member; false when nobody is left.
    pub(crate) fn leave(&mut self, client: ClientRef) -> bool {
        self.members.retain(|m| m.client != client);
        !self.members.is_empty()
    }

    /// The member whose turn it is. Members with a connection come before those without; where none has one, the
    /// message waits in a member's session. What a member had in flight when its connection ended stays with its
    /// session: QoS 2 may not go to another [MQTT-4.8.2-5], and QoS 1 need not.
    pub(crate) fn choose(&self) -> Option<&Member> {
        let count = self.members.len();
        let start = self.next.fetch_add(1, Ordering::Relaxed);
        let turn = |step: usize| &self.members[start.wrapping_add(step) % count];
        let connected = (0..count).map(turn).find(|member| member.presence.load(Ordering::Relaxed));
        connected.or_else(|| (count > 0).then(|| turn(0)))
    }
}

#[cfg(test)]
mod tests {
    use mqtt_proto::packet::QoS;

    use super::*;

    fn member(slot: u32, connected: bool) -> Member {
        Member {
            client: ClientRef { shard: 0, slot, generation: 0 },
            grant: Grant {
                qos: QoS::AtLeastOnce,
                no_local: false,
                retain_as_published: false,
                retain_handling: Default::default(),
                identifier: 0,
            },
            presence: Arc::new(AtomicBool::new(connected)),
        }
    }

    fn turns(group: &Group, count: usize) -> Vec<u32> {
        (0..count).filter_map(|_| group.choose().map(|m| m.client.slot)).collect()
    }

    #[test]
    fn members_take_turns() {
        let mut group = Group::new(member(1, true));
        group.join(member(2, true));
        group.join(member(3, true));
        group.join(member(3, true));
        assert_eq!(turns(&group, 6), [1, 2, 3, 1, 2, 3]);
    }

    #[test]
    fn connected_members_come_first_and_an_absent_one_is_better_than_none() {
        let mut group = Group::new(member(1, false));
        group.join(member(2, true));
        assert_eq!(turns(&group, 4), [2, 2, 2, 2]);
        assert!(group.leave(ClientRef { shard: 0, slot: 2, generation: 0 }));
        assert_eq!(turns(&group, 2), [1, 1]);
        assert!(!group.leave(ClientRef { shard: 0, slot: 1, generation: 0 }));
    }
}
