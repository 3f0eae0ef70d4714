//! A store of the full trait that keeps everything in the memory of this process: for the conformance suite, and for
//! tests of brokers, which can make it wait, fail, and lose what was not completed.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use mqtt_proto::packet::PacketId;
use mqtt_proto::session::{Change, SavedOutgoing, Snapshot};
use mqtt_proto::topic;
use mqtt_proto::{Text, Time};
use parking_lot::Mutex;

use super::{
    Batch, Completion, Lease, OPEN_LIMIT, OpenPolicy, Opened, RetainedChange, SavedRetained, SavedSession,
    SavedSubscription, SavedWill, SessionChange, SessionChanges, Store, StoreError,
};

/// When commits complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completing {
    /// Before `commit` returns.
    AtOnce,
    /// When [`Recording::release`] says so; until then a crash loses them.
    OnRelease,
    /// Never well: with [`StoreError::Failed`].
    Failing,
}

/// Keeps what is committed. Clones are the same store; [`Recording::crash`] gives what would be found after the process
/// had died.
#[derive(Clone)]
pub struct Recording {
    state: Arc<Mutex<State>>,
}

struct State {
    kept: Kept,
    completing: Completing,
    waiting: Vec<(Batch, Completion<()>)>,
    commits: usize,
}

#[derive(Clone, Default)]
struct Kept {
    sessions: BTreeMap<Text, Session>,
    retained: BTreeMap<Text, SavedRetained>,
    leases: BTreeMap<Text, u64>,
}

#[derive(Clone, Default)]
struct Session {
    outgoing: BTreeMap<u64, SavedOutgoing>,
    received: BTreeSet<PacketId>,
    subscriptions: BTreeMap<Text, SavedSubscription>,
    will: Option<SavedWill>,
    expires_at: Option<Time>,
}

impl Default for Recording {
    fn default() -> Recording {
        Recording::new(Completing::AtOnce)
    }
}

impl Recording {
    /// An empty store.
    pub fn new(completing: Completing) -> Recording {
        let state = State { kept: Kept::default(), completing, waiting: Vec::new(), commits: 0 };
        Recording { state: Arc::new(Mutex::new(state)) }
    }

    /// Changes when commits complete; those that wait go on waiting.
    pub fn set_completing(&self, completing: Completing) {
        self.state.lock().completing = completing;
    }

    /// Completes the commits that wait, in order; returns how many.
    pub fn release(&self) -> usize {
        let waiting = std::mem::take(&mut self.state.lock().waiting);
        let count = waiting.len();
        for (batch, done) in waiting {
            let result = self.state.lock().kept.apply(batch);
            done(result);
        }
        count
    }

    /// How many commits there have been, completed or not.
    pub fn commits(&self) -> usize {
        self.state.lock().commits
    }

    /// What would be found if the process died here.
    pub fn crash(&self) -> Recording {
        let after = Recording::default();
        after.state.lock().kept = self.state.lock().kept.clone();
        after
    }

    /// What is kept of one session.
    pub fn session(&self, client: &str) -> Option<SavedSession> {
        self.state.lock().kept.sessions.get(client).map(|session| session.saved(usize::MAX))
    }
}

impl Session {
    fn saved(&self, limit: usize) -> SavedSession {
        SavedSession {
            snapshot: Snapshot {
                outgoing: self.outgoing.values().take(limit).cloned().collect(),
                received: self.received.iter().copied().collect(),
            },
            more: self.outgoing.len() > limit,
            subscriptions: self.subscriptions.values().cloned().collect(),
            will: self.will.clone(),
            expires_at: self.expires_at,
        }
    }

    fn apply(&mut self, change: Change) {
        match change {
            Change::Added(saved) => drop(self.outgoing.insert(saved.key, saved)),
            Change::Started { key, packet_id } => {
                if let Some(saved) = self.outgoing.get_mut(&key) {
                    saved.packet_id = Some(packet_id);
                }
            }
            Change::Released { key } => {
                if let Some(saved) = self.outgoing.get_mut(&key) {
                    saved.message = None;
                }
            }
            Change::Removed { key } => drop(self.outgoing.remove(&key)),
            Change::Received(id) => drop(self.received.insert(id)),
            Change::Forgotten(id) => drop(self.received.remove(&id)),
        }
    }
}

impl Kept {
    fn apply(&mut self, batch: Batch) -> Result<(), StoreError> {
        for SessionChanges { client, lease, .. } in &batch.sessions {
            if self.leases.get(client) != Some(&lease.0) {
                return Err(StoreError::LeaseLost { client: client.clone() });
            }
        }
        for SessionChanges { client, changes, .. } in batch.sessions {
            for change in changes {
                if change == SessionChange::Ended {
                    self.sessions.remove(&client);
                    continue;
                }
                let session = self.sessions.entry(client.clone()).or_default();
                match change {
                    SessionChange::Flow(change) => session.apply(change),
                    SessionChange::Subscribed(saved) => {
                        session.subscriptions.insert(saved.subscription.filter.clone(), saved);
                    }
                    SessionChange::Unsubscribed(filter) => drop(session.subscriptions.remove(&filter)),
                    SessionChange::Will(will) => session.will = will,
                    SessionChange::Expiry(at) => session.expires_at = at,
                    SessionChange::Ended => {}
                }
            }
        }
        for change in batch.retained {
            match change {
                RetainedChange::Set(saved) => drop(self.retained.insert(saved.message.topic.clone(), saved)),
                RetainedChange::Cleared(topic) => drop(self.retained.remove(&topic)),
            }
        }
        Ok(())
    }

    fn open(&mut self, client: &str, policy: OpenPolicy) -> Opened {
        let lease = self.leases.entry(client.into()).or_default();
        *lease += 1;
        let lease = Lease(*lease);
        let expired = |session: &Session, now| session.expires_at.is_some_and(|at| at <= now);
        let keep = match (policy, self.sessions.get(client)) {
            (OpenPolicy::Resume(now), Some(session)) => !expired(session, now),
            _ => false,
        };
        if !keep {
            self.sessions.remove(client);
        }
        Opened { lease, session: self.sessions.get(client).map(|session| session.saved(OPEN_LIMIT)) }
    }
}

impl Store for Recording {
    fn is_durable(&self) -> bool {
        true
    }

    fn open(&self, client: &str, policy: OpenPolicy, done: Completion<Opened>) {
        let opened = self.state.lock().kept.open(client, policy);
        done(Ok(opened));
    }

    fn commit(&self, batch: Batch, done: Completion<()>) {
        let mut state = self.state.lock();
        state.commits += 1;
        let clients: HashSet<_> = batch.sessions.iter().map(|changes| &changes.client).collect();
        assert_eq!(clients.len(), batch.sessions.len(), "a session stands in a batch at most once");
        let result = match state.completing {
            Completing::OnRelease => return state.waiting.push((batch, done)),
            Completing::AtOnce => state.kept.apply(batch),
            Completing::Failing => {
                Err(StoreError::Failed { what: "writing a batch", reason: "told to fail".to_owned() })
            }
        };
        // The completion may call the store again.
        drop(state);
        done(result);
    }

    fn load(&self, client: &str, after: u64, limit: usize, done: Completion<Vec<SavedOutgoing>>) {
        let state = self.state.lock();
        let session = state.kept.sessions.get(client);
        let behind =
            session.into_iter().flat_map(|session| session.outgoing.values().filter(|saved| saved.key > after));
        let found = behind.take(limit).cloned().collect();
        drop(state);
        done(Ok(found));
    }

    fn retained(&self, filter: Option<&str>, after: Option<&str>, limit: usize, done: Completion<Vec<SavedRetained>>) {
        let state = self.state.lock();
        let matching = state.kept.retained.iter().filter(|(name, _)| {
            after.is_none_or(|after| ***name > *after) && filter.is_none_or(|filter| topic::matches(filter, name))
        });
        let found = matching.take(limit).map(|(_, saved)| saved.clone()).collect();
        drop(state);
        done(Ok(found));
    }

    fn sessions(&self, after: Option<&str>, limit: usize, done: Completion<Vec<Text>>) {
        let state = self.state.lock();
        let behind = state.kept.sessions.keys().filter(|client| after.is_none_or(|after| ***client > *after));
        let found = behind.take(limit).cloned().collect();
        drop(state);
        done(Ok(found));
    }

    fn sweep(&self, now: Time, done: Completion<Vec<Text>>) {
        let mut state = self.state.lock();
        let over = |session: &Session| session.expires_at.is_some_and(|at| at <= now);
        let ended: Vec<Text> =
            state.kept.sessions.iter().filter(|(_, session)| over(session)).map(|(client, _)| client.clone()).collect();
        state.kept.sessions.retain(|_, session| !over(session));
        state.kept.retained.retain(|_, saved| !saved.message.is_expired(now));
        drop(state);
        done(Ok(ended));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_conforms() {
        crate::conformance::run(&|| Arc::new(Recording::default()));
    }

    #[test]
    fn it_conforms_across_a_crash() {
        let mut current = Recording::default();
        crate::conformance::run_durable(Arc::new(current.clone()), &mut || {
            current = current.crash();
            Arc::new(current.clone())
        });
    }

    #[test]
    fn what_waits_is_lost_in_a_crash() {
        let store = Recording::new(Completing::OnRelease);
        let lease = store.state.lock().kept.open("c", OpenPolicy::Discard).lease;
        let changes = vec![SessionChange::Expiry(None)];
        let sessions = vec![SessionChanges { client: "c".into(), lease, changes }];
        store.commit(Batch { sessions, retained: Vec::new() }, Box::new(|result| result.expect("it is kept")));
        assert!(store.crash().session("c").is_none());
        assert_eq!(store.release(), 1);
        assert!(store.crash().session("c").is_some());
    }
}
