//! Durable sessions: what a turn has changed is committed before anybody is told that it is safe.
//!
//! A publisher whose message went into something durable gets its acknowledgement when that has been saved. The
//! acknowledgement is in its output already, behind a [`Gate`]: nothing from there on is written until the gate is
//! open, which keeps the order of acknowledgements and lets an echo follow its own. Everybody who still has to save
//! something holds the gate: the commit of this turn, and messages on their way to other shards. The last one to let
//! go opens it. When a commit fails, the connection ends with the acknowledgement unsent, and the publisher sends again.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hashbrown::HashMap;
use mqtt_proto::packet::{Message, QoS};
use mqtt_proto::session::{Session, Snapshot};
use mqtt_proto::{ReasonCode, Text};
use mqtt_store::{
    Batch, Lease, OpenPolicy, Opened, RetainedChange, SavedRetained, SavedSession, SavedSubscription, SavedWill,
    SessionChange, SessionChanges, StoreError,
};

use super::mail::Mail;
use super::shard::Shard;
use crate::core::Core;
use crate::hooks::DisconnectCause;
use crate::log::Record;
use crate::registry::{Client, NONE, PendingWill};

/// Output of one connection waits behind this until everybody has let go.
pub(crate) struct Gate {
    core: Arc<Core>,
    shard: usize,
    index: u32,
    serial: u64,
    number: u64,
    failed: AtomicBool,
}

impl Gate {
    fn fail(&self) {
        self.failed.store(true, Ordering::Relaxed);
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        let (index, serial, number) = (self.index, self.serial, self.number);
        let failed = *self.failed.get_mut();
        self.core.mailboxes[self.shard].post(Mail::Opened { index, serial, number, failed });
    }
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gate({})", self.number)
    }
}

/// A gate in the output of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GateAt {
    pub(crate) number: u64,
    /// Bytes of the connection's output, counted from its beginning, that may leave.
    pub(crate) position: u64,
}

/// What one turn wants kept, and what has been handed to the store and not come back.
#[derive(Default)]
pub(crate) struct Saving {
    /// Sessions that may have changed in this turn.
    changed: Vec<u32>,
    /// Changes of sessions that are over.
    ended: HashMap<Arc<str>, SessionChanges, foldhash::fast::RandomState>,
    retained: Vec<RetainedChange>,
    /// Gates that the commit of this turn opens.
    gates: Vec<Arc<Gate>>,
    /// The gate of the publisher whose messages are being delivered, made when somebody needs it.
    publisher: Option<Publisher>,
    /// The gate that came with a message from another shard.
    carried: Option<Arc<Gate>>,
    commits: VecDeque<Commit>,
    number: u64,
    gate_number: u64,
}

struct Publisher {
    index: u32,
    position: u64,
    gate: Option<Arc<Gate>>,
}

struct Commit {
    number: u64,
    /// Slot, generation and mark of each session.
    sessions: Vec<(u32, u32, u64)>,
    gates: Vec<Arc<Gate>>,
}

// Recording.
impl Shard {
    /// Notes a session whose changes are to be collected at the end of the turn.
    #[inline]
    pub(crate) fn note_changed(&mut self, slot: u32) {
        if !self.core.durable {
            return;
        }
        if let Some(client) = self.registry.get_mut(slot).filter(|client| client.lease.is_some() && !client.changed) {
            client.changed = true;
            self.saving.changed.push(slot);
        }
    }

    /// Records a change of a durable session that its link knows nothing of.
    pub(crate) fn record(&mut self, slot: u32, change: SessionChange) {
        if !self.core.durable {
            return;
        }
        if let Some(client) = self.registry.get_mut(slot).filter(|client| client.lease.is_some()) {
            client.changes.get_or_insert_default().push(change);
            self.note_changed(slot);
        }
    }

    /// Records a subscription.
    pub(crate) fn record_subscribed(
        &mut self,
        slot: u32,
        subscription: &mqtt_proto::packet::Subscription,
        qos: QoS,
        id: u32,
    ) {
        if self.core.durable {
            let subscription = mqtt_proto::packet::Subscription { qos, ..subscription.clone() };
            let identifier = (id != 0).then_some(id);
            self.record(slot, SessionChange::Subscribed(SavedSubscription { subscription, identifier }));
        }
    }

    /// Records the end of a session that has just been taken out.
    pub(crate) fn record_ended(&mut self, client: &Client) {
        if let (true, Some(lease)) = (self.core.durable, client.lease) {
            let id = Arc::clone(&client.identity.client_id);
            let client = Text::from(&*id);
            self.saving.ended.insert(id, SessionChanges { client, lease, changes: vec![SessionChange::Ended] });
        }
    }

    /// Records what is due if this broker vanishes: the will, and when the session ends.
    pub(crate) fn record_prospects(&mut self, slot: u32) {
        if !self.core.durable {
            return;
        }
        let Some(client) = self.registry.get(slot).filter(|client| client.lease.is_some()) else { return };
        let will = client.will.as_ref().map(|will| SavedWill {
            message: Arc::clone(&will.message),
            qos: will.qos,
            retain: will.retain,
            delay: will.delay,
        });
        let span = std::time::Duration::from_secs(client.expiry.into());
        let from = client.expires_at.unwrap_or(self.now + span);
        let expires_at = (client.expiry != u32::MAX).then_some(from);
        self.record(slot, SessionChange::Will(will));
        self.record(slot, SessionChange::Expiry(expires_at));
    }

    /// Records a retained message, or that there is none.
    pub(crate) fn record_retained(&mut self, message: &Arc<Message>, qos: QoS) {
        if !self.core.durable || message.topic.starts_with("$SYS/") {
            return;
        }
        self.saving.retained.push(match message.payload.is_empty() {
            true => RetainedChange::Cleared(message.topic.clone()),
            false => RetainedChange::Set(SavedRetained { message: Arc::clone(message), qos }),
        });
        self.hold_publisher();
    }
}

// Gates.
impl Shard {
    /// From here on a connection's messages are delivered; its acknowledgement is about to be written.
    pub(crate) fn begin_publisher(&mut self, index: u32, acknowledged: bool) {
        if !self.core.durable {
            return;
        }
        self.saving.publisher = None;
        let Some(connection) = self.connections.get(index as usize).filter(|_| acknowledged) else { return };
        let position = connection.sent + connection.link.output().len() as u64;
        self.saving.publisher = Some(Publisher { index, position, gate: None });
    }

    pub(crate) fn end_publisher(&mut self) {
        self.saving.publisher = None;
    }

    /// The message that is delivered next came from another shard, with this gate.
    pub(crate) fn carry(&mut self, gate: Option<Arc<Gate>>) {
        self.saving.carried = gate;
    }

    /// The gate of the publisher, for somebody who has to save what it published.
    pub(crate) fn publisher_gate(&mut self) -> Option<Arc<Gate>> {
        if let Some(gate) = &self.saving.carried {
            return Some(Arc::clone(gate));
        }
        let publisher = self.saving.publisher.as_mut()?;
        if let Some(gate) = &publisher.gate {
            return Some(Arc::clone(gate));
        }
        let connection = self.connections.get_mut(publisher.index as usize)?;
        self.saving.gate_number += 1;
        let number = self.saving.gate_number;
        connection.extra().gates.push_back(GateAt { number, position: publisher.position });
        let gate = Arc::new(Gate {
            core: Arc::clone(&self.core),
            shard: self.index,
            index: publisher.index,
            serial: connection.serial,
            number,
            failed: AtomicBool::new(false),
        });
        publisher.gate = Some(Arc::clone(&gate));
        Some(gate)
    }

    /// The commit of this turn opens the publisher's gate.
    pub(crate) fn hold_publisher(&mut self) {
        if let Some(gate) = self.publisher_gate() {
            self.hold(gate);
        }
    }

    /// The commit of this turn opens this gate.
    pub(crate) fn hold(&mut self, gate: Arc<Gate>) {
        if self.saving.gates.last().is_none_or(|last| !Arc::ptr_eq(last, &gate)) {
            self.saving.gates.push(gate);
        }
    }

    /// Everybody has let go of a gate.
    pub(crate) fn gate_opened(&mut self, index: u32, serial: u64, number: u64, failed: bool) {
        let Some(connection) = self.connections.get_mut(index as usize).filter(|c| c.serial == serial) else { return };
        if failed {
            // Without a word: an acknowledgement is in the output, and it would be a lie.
            return self.detach(index, DisconnectCause::Closed, None);
        }
        if let Some(extra) = &mut connection.extra {
            extra.gates.retain(|gate| gate.number != number);
        }
        connection.trim();
        self.wants_write(index);
    }
}

// Committing.
impl Shard {
    /// Hands what this turn has changed to the store.
    pub(crate) fn commit(&mut self) {
        if !self.core.durable {
            return;
        }
        let mut batch = Batch { sessions: Vec::new(), retained: std::mem::take(&mut self.saving.retained) };
        let mut ended = std::mem::take(&mut self.saving.ended);
        let mut sessions = Vec::new();
        for slot in std::mem::take(&mut self.saving.changed) {
            let Some(client) = self.registry.get_mut(slot) else { continue };
            client.changed = false;
            let Some(lease) = client.lease else { continue };
            let mut changes: Vec<SessionChange> = client.changes.take().map(|list| *list).unwrap_or_default();
            let session = match self.connections.get_mut(client.connection as usize) {
                Some(connection) => Some(connection.link.session_mut()),
                None => client.session.as_deref_mut(),
            };
            let (mark, flow) = session.map(|session| session.take_changes()).unwrap_or_default();
            if std::mem::take(&mut client.rewrite) {
                // Whatever of an earlier commit is missing: forget all of it and write what there is.
                changes = whole(client, self.connections.get(client.connection as usize).map(|c| c.link.session()));
            } else {
                changes.extend(flow.into_iter().map(SessionChange::Flow));
            }
            if changes.is_empty() {
                continue;
            }
            sessions.push((slot, client.generation, mark));
            // The session before this one may have ended in the same turn.
            let earlier = ended.remove(&client.identity.client_id).map(|ended| ended.changes);
            let changes = earlier.into_iter().flatten().chain(changes).collect();
            batch.sessions.push(SessionChanges { client: Text::from(&*client.identity.client_id), lease, changes });
        }
        batch.sessions.extend(ended.into_values());
        let gates = std::mem::take(&mut self.saving.gates);
        if batch.is_empty() {
            // Nothing was changed after all; dropping the gates opens them.
            return;
        }
        self.saving.number += 1;
        let number = self.saving.number;
        self.saving.commits.push_back(Commit { number, sessions, gates });
        let (core, shard) = (Arc::clone(&self.core), self.index);
        let done = move |result| core.mailboxes[shard].post(Mail::Committed { number, result });
        self.core.config.store.commit(batch, Box::new(done));
    }

    /// The store has kept a batch, or has not.
    pub(crate) fn committed(&mut self, number: u64, result: Result<(), StoreError>) {
        let Some(at) = self.saving.commits.iter().position(|commit| commit.number == number) else { return };
        let Some(commit) = self.saving.commits.remove(at) else { return };
        if let Err(error) = result {
            return self.commit_failed(commit, &error);
        }
        for (slot, generation, mark) in commit.sessions {
            let Some(client) = self.registry.resolve(slot, generation) else { continue };
            let index = client.connection;
            match &mut client.session {
                Some(session) => session.committed(mark),
                None => {
                    if let Some(connection) = self.receiver(index) {
                        connection.link.committed(mark);
                    }
                    self.note_changed(slot);
                }
            }
        }
        // Dropping the gates opens them.
    }

    fn commit_failed(&mut self, commit: Commit, error: &StoreError) {
        self.core.log.write(&Record::Store { error });
        commit.gates.iter().for_each(|gate| gate.fail());
        let lost = match error {
            StoreError::LeaseLost { client } => self.registry.find(client),
            _ => None,
        };
        for (slot, generation, _) in commit.sessions {
            let Some(client) = self.registry.resolve(slot, generation) else { continue };
            client.rewrite = true;
            let index = client.connection;
            if Some(slot) == lost {
                client.lease = None;
                client.expiry = 0;
                match index {
                    NONE => self.end_session(slot),
                    _ => self.end(index, ReasonCode::SessionTakenOver),
                }
            } else if index != NONE {
                // What waits for the commit would wait for ever; the client comes back to what is kept.
                self.detach(index, DisconnectCause::Broker(ReasonCode::ServerUnavailable), None);
            }
            self.note_changed(slot);
        }
    }

    /// Whether something is on its way to the store.
    pub(crate) fn is_saving(&self) -> bool {
        !self.saving.commits.is_empty()
    }

    /// Whether something was changed since the commit of this turn.
    pub(crate) fn has_changes(&self) -> bool {
        let saving = &self.saving;
        !(saving.changed.is_empty() && saving.ended.is_empty() && saving.retained.is_empty() && saving.gates.is_empty())
    }
}

/// A session as a list of changes that begins with forgetting it.
fn whole(client: &Client, connected: Option<&Session>) -> Vec<SessionChange> {
    let mut changes = vec![SessionChange::Ended];
    for (filter, grant) in &client.subscriptions {
        let subscription = mqtt_proto::packet::Subscription {
            no_local: grant.no_local,
            retain_as_published: grant.retain_as_published,
            ..mqtt_proto::packet::Subscription::new(&**filter, grant.qos)
        };
        let identifier = (grant.identifier != 0).then_some(grant.identifier);
        changes.push(SessionChange::Subscribed(SavedSubscription { subscription, identifier }));
    }
    if let Some(session) = connected.or(client.session.as_deref()) {
        let Snapshot { outgoing, received } = session.snapshot();
        changes
            .extend(outgoing.into_iter().map(|saved| SessionChange::Flow(mqtt_proto::session::Change::Added(saved))));
        changes.extend(received.into_iter().map(|id| SessionChange::Flow(mqtt_proto::session::Change::Received(id))));
    }
    changes.push(SessionChange::Expiry(client.expires_at));
    changes
}

/// A session from the store, on its way to its shard.
pub(crate) struct Restored {
    pub(crate) client_id: Text,
    pub(crate) lease: Lease,
    pub(crate) session: SavedSession,
}

// Loading.
impl Shard {
    /// A kept session found at start: it is away until its client comes.
    pub(crate) fn restore(&mut self, restored: Restored) {
        if self.registry.find(&restored.client_id).is_some() {
            return;
        }
        let Restored { client_id, lease, session } = restored;
        let queue = self.core.config.queue;
        let kept = Box::new(Session::restore(session.snapshot, true, queue));
        let identity = Arc::new(crate::hooks::Identity {
            client_id: Arc::from(&*client_id),
            user_name: None,
            version: mqtt_proto::Version::V5,
            peer: crate::hooks::Peer {
                address: None,
                listener: usize::MAX,
                certificate_subject: None,
                certificate_common_name: None,
            },
        });
        let slot = self.add_session(identity, Some(kept), Some(lease));
        let expires_at = session.expires_at;
        if let Some(client) = self.registry.get_mut(slot) {
            client.expires_at = expires_at;
            client.expiry = match expires_at {
                None => u32::MAX,
                Some(at) => at.since(self.now).as_secs().try_into().unwrap_or(u32::MAX - 1),
            };
            client.will = session.will.map(|will| {
                let SavedWill { message, qos, retain, delay } = will;
                Box::new(PendingWill { message, qos, retain, delay, due: None })
            });
        }
        if let Some(at) = expires_at {
            self.timers.insert((at, super::shard::Timer::Expiry, slot));
        }
        for saved in session.subscriptions {
            let mut retained = Vec::new();
            let SavedSubscription { subscription, identifier } = saved;
            let qos = subscription.qos;
            // It was granted once; a bound that has become lower since is for new ones.
            let _ = self.subscribe_one(slot, &subscription, qos, identifier.unwrap_or(0), &mut retained);
        }
        // Restoring is no change.
        if let Some(client) = self.registry.get_mut(slot) {
            client.changes = None;
        }
        self.begin_will_delay(slot);
    }

    /// Takes a session over in the store before its client is let in.
    pub(crate) fn open_in_store(&mut self, index: u32, client_id: &Text, clean_start: bool) {
        let policy = if clean_start { OpenPolicy::Discard } else { OpenPolicy::Resume(self.now) };
        let ticket = self.begin_question(index, super::asking::Question::Open);
        let (core, shard) = (Arc::clone(&self.core), self.index);
        let done = move |result| {
            core.mailboxes[shard].post(Mail::Answer {
                index,
                ticket,
                answer: super::mail::Answer::Open(Box::new(result)),
            });
        };
        self.core.config.store.open(client_id, policy, Box::new(done));
    }

    /// The store has opened a session for a client that waits.
    pub(crate) fn opened_in_store(&mut self, index: u32, result: Result<Opened, StoreError>) {
        match result {
            Ok(opened) => self.admit_opened(index, Some(opened)),
            Err(error) => {
                self.core.log.write(&Record::Store { error: &error });
                self.turn_away(index, ReasonCode::ServerUnavailable, Default::default());
            }
        }
    }
}
