//! What survives a connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::change::{Change, Snapshot};
use super::event::Receipt;
use super::link::Outgoing;
use super::outbox::{Outbound, Outbox, Step};
use super::receiving::{Inbox, Stale};
use super::sending::{Dropped, Ended, Ending, QueueLimits, Sent};
use crate::packet::{Message, PacketId, QoS};
use crate::wire::fanout::Fanout;
use crate::{ReasonCode, Time};

/// The state of a session that both ends keep across connections (section 4.1): messages in flight and queued, and
/// the identifiers of QoS 2 messages that came in. Subscriptions belong to the owner.
///
/// While a connection lives the session is inside its [`super::Link`]; [`super::Link::end`] gives it back.
#[derive(Debug, Default)]
pub struct Session {
    pub(super) outbox: Outbox,
    pub(super) inbox: Inbox,
    limits: QueueLimits,
    pub(super) persistent: bool,
    durable: Option<Box<Durable>>,
    /// Messages that ended without an event, for those who wait for them. Rare, so it is one pointer.
    ended: Option<Box<Endings>>,
    dropped: u64,
    /// Number of its latest connection; 0 before the first.
    pub(super) connection: u32,
}

#[derive(Debug, Default)]
struct Endings(Vec<Ended>);

/// Changes of a durable session, numbered from 1.
#[derive(Debug, Default)]
struct Durable {
    changes: Vec<Change>,
    /// The number of the latest change.
    recorded: u64,
    /// The number of the latest change that is saved.
    committed: u64,
}

impl Session {
    /// An empty session. `persistent`: it outlives its connection, so messages in flight are kept to be sent again.
    /// `durable`: its changes are recorded ([`Session::take_changes`]) and dependent packets are held until
    /// [`super::Link::committed`]; a durable session is persistent.
    pub fn new(persistent: bool, durable: bool, queue: QueueLimits) -> Session {
        Session {
            limits: queue,
            persistent: persistent || durable,
            durable: durable.then(Box::default),
            ..Session::default()
        }
    }

    /// A session as it was kept. It is persistent.
    pub fn restore(snapshot: Snapshot, durable: bool, queue: QueueLimits) -> Session {
        let mut session = Session::new(true, durable, queue);
        for saved in snapshot.outgoing {
            session.outbox.key_used(saved.key);
            let step = if saved.message.is_some() { Step::Published } else { Step::Released };
            let outbound = Outbound {
                token: saved.token,
                key: saved.key,
                message: saved.message,
                subscription_identifiers: saved.subscription_identifiers.into(),
                qos: saved.qos,
                retain: saved.retain,
            };
            match saved.packet_id {
                Some(id) if session.outbox.can_restore(id) => session.outbox.restore(id, outbound, step),
                _ if outbound.message.is_some() => session.outbox.push_queue(outbound),
                _ => {}
            }
        }
        for id in snapshot.received {
            session.inbox.restore(id);
        }
        session
    }

    /// What would have to be kept now. QoS 0 messages and requests are left out.
    pub fn snapshot(&self) -> Snapshot {
        let in_flight =
            self.outbox.in_flight().filter(|(_, entry)| matches!(entry.step, Step::Published | Step::Released));
        let queued = self.outbox.queue.iter().filter(|outbound| outbound.qos > QoS::AtMostOnce);
        Snapshot {
            outgoing: in_flight
                .map(|(id, entry)| entry.outbound.to_saved(Some(id)))
                .chain(queued.map(|outbound| outbound.to_saved(None)))
                .collect(),
            received: self.inbox.identifiers(),
        }
    }

    /// Queues a message while there is no connection. QoS 0 messages are queued only where
    /// [`QueueLimits::queue_qos0`] says so.
    pub fn enqueue(&mut self, now: Time, message: &Arc<Message>, outgoing: Outgoing<'_>) -> Sent {
        if message.is_expired(now) {
            return Sent::Dropped(Dropped::Expired);
        }
        if outgoing.qos == QoS::AtMostOnce && !self.limits.queue_qos0 {
            return Sent::Dropped(Dropped::NotConnected);
        }
        let key = self.outbox.next_key();
        let outbound = Outbound::new(key, Some(message.clone()), outgoing);
        if !self.make_room(outbound.size()) {
            return self.refused(Dropped::QueueFull);
        }
        if self.records(outgoing.qos) {
            self.record(Change::Added(outbound.to_saved(None)));
        }
        self.outbox.push_queue(outbound);
        Sent::Queued
    }

    /// The same, for a message that need not be owned where it is dropped.
    pub(super) fn enqueue_fanout(&mut self, now: Time, fanout: &mut Fanout<'_>, outgoing: Outgoing<'_>) -> Sent {
        if outgoing.qos == QoS::AtMostOnce && !self.limits.queue_qos0 {
            return Sent::Dropped(Dropped::NotConnected);
        }
        if !self.limits.drop_oldest && self.is_full(0) {
            return self.refused(Dropped::QueueFull);
        }
        self.enqueue(now, fanout.message(), outgoing)
    }

    /// From here on messages in flight are kept until they are acknowledged, as in a persistent session: for an owner
    /// that gives them to somebody else where this session ends ([`Session::snapshot`]).
    pub fn keep_messages(&mut self) {
        self.persistent = true;
    }

    /// Messages in flight: sent at QoS 1 or 2 and not completed.
    pub fn in_flight(&self) -> usize {
        self.outbox.open()
    }

    /// Messages that wait for a connection or for room in the window.
    pub fn queued(&self) -> usize {
        self.outbox.queue.len()
    }

    /// Bytes that the queued messages keep allocated, roughly.
    pub fn queued_bytes(&self) -> usize {
        self.outbox.queued_bytes
    }

    /// Messages that were dropped since the session began, because the queue was full, their time was over while
    /// they waited, or the peer does not take them. What [`super::Link::send`] refused at once at QoS 0 is not
    /// counted.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Drops queued messages that have expired; returns how many.
    pub fn drop_expired(&mut self, now: Time) -> usize {
        let expired = |outbound: &Outbound| outbound.message.as_ref().is_some_and(|message| message.is_expired(now));
        if !self.outbox.queue.iter().any(expired) {
            return 0;
        }
        let mut count = 0;
        for outbound in std::mem::take(&mut self.outbox.queue) {
            if expired(&outbound) {
                self.outbox.queued_bytes -= outbound.size();
                self.drop_queued(outbound, Dropped::Expired);
                count += 1;
            } else {
                self.outbox.queue.push_back(outbound);
            }
        }
        count
    }

    /// Tokens of everything not completed, in order: in flight, then queued. For an owner that gives up or reports a
    /// loss.
    pub fn unfinished(&self) -> Vec<u64> {
        let in_flight =
            self.outbox.in_flight().filter(|(_, entry)| matches!(entry.step, Step::Published | Step::Released));
        in_flight.map(|(_, entry)| entry.outbound.token).chain(self.outbox.queue.iter().map(|o| o.token)).collect()
    }

    /// Messages with a token that have ended since the last call without [`super::Event::Completed`]: dropped from
    /// the queue, or completed by the start of a connection without a session at the server. A client asks after
    /// each input and each send; messages with token 0 are never listed.
    pub fn take_ended(&mut self) -> Vec<Ended> {
        self.ended.take().map(|ended| ended.0).unwrap_or_default()
    }

    /// Changes since the last call, and the mark to give to [`super::Link::committed`] once they are saved. Empty
    /// unless the session is durable. QoS 0 messages are never among them.
    pub fn take_changes(&mut self) -> (u64, Vec<Change>) {
        match &mut self.durable {
            Some(durable) => (durable.recorded, std::mem::take(&mut durable.changes)),
            None => (0, Vec::new()),
        }
    }

    /// Whether [`Session::settle`] does anything.
    pub fn awaits(&self, receipt: &Receipt) -> bool {
        self.inbox.awaits_stale(receipt)
    }

    /// Settles a receipt whose connection is over, while there is no new one; see [`Receipt`].
    pub fn settle(&mut self, receipt: Receipt, reason: ReasonCode) {
        if self.inbox.settle_stale(&receipt, reason) != Stale::Nothing {
            self.record(Change::Received(receipt.packet_id));
        }
    }
}

// For the link.
impl Session {
    /// Whether changes that concern a message of this QoS are recorded.
    pub(super) fn records(&self, qos: QoS) -> bool {
        self.durable.is_some() && qos > QoS::AtMostOnce
    }

    /// Records a change where the session is durable.
    pub(super) fn record(&mut self, change: Change) {
        if let Some(durable) = &mut self.durable {
            durable.changes.push(change);
            durable.recorded += 1;
        }
    }

    pub(super) fn is_durable(&self) -> bool {
        self.durable.is_some()
    }

    /// The mark that bytes have to wait for which depend on what is recorded; `None` where all is saved.
    pub(super) fn unsaved(&self) -> Option<u64> {
        self.durable.as_ref().filter(|durable| durable.committed < durable.recorded).map(|durable| durable.recorded)
    }

    /// Changes up to this mark are saved, told while there is no connection; else tell
    /// [`super::Link::committed`].
    pub fn committed(&mut self, mark: u64) {
        if let Some(durable) = &mut self.durable {
            durable.committed = durable.committed.max(mark.min(durable.recorded));
        }
    }

    /// A new connection with the same session at the other end. What cannot be sent again has ended.
    pub(super) fn resume(&mut self) {
        self.connection = next_connection();
        self.inbox.new_connection();
        let lost: Vec<PacketId> = self
            .outbox
            .in_flight()
            .filter(|(_, entry)| match entry.step {
                Step::Published => entry.outbound.message.is_none(),
                Step::Subscribe(_) | Step::Unsubscribe(_) => true,
                Step::Released | Step::Done => false,
            })
            .map(|(id, _)| id)
            .collect();
        for id in lost {
            if let Some(index) = self.outbox.find(id) {
                let is_publish = self.outbox.entry(index).step == Step::Published;
                let (token, _) = self.outbox.finish(index);
                if is_publish {
                    self.end(token, Ending::Dropped(Dropped::ConnectionLost));
                }
            }
        }
    }

    /// A new connection to a peer that knows nothing of this session: messages in flight begin anew, in front of the
    /// queue; those that only PUBCOMP was missing for have arrived.
    pub(super) fn begin_anew(&mut self) {
        self.connection = next_connection();
        self.inbox.new_connection();
        for id in self.inbox.forget_all() {
            self.record(Change::Forgotten(id));
        }
        let mut again = Vec::new();
        for entry in self.outbox.take_in_flight() {
            let Outbound { token, key, ref message, .. } = entry.outbound;
            match (entry.step, message) {
                (Step::Published, Some(_)) => again.push(entry.outbound),
                (Step::Published, None) => self.end(token, Ending::Dropped(Dropped::ConnectionLost)),
                (Step::Released, _) => {
                    self.record(Change::Removed { key });
                    self.end(token, Ending::Acknowledged(ReasonCode::Success));
                }
                _ => {}
            }
        }
        for outbound in again.into_iter().rev() {
            self.outbox.push_queue_front(outbound);
        }
    }

    /// A message is done without an event of its own.
    pub(super) fn end(&mut self, token: u64, ending: Ending) {
        if token != 0 {
            self.ended.get_or_insert_default().0.push(Ended { token, ending });
        }
    }

    /// A message that had been queued is dropped.
    pub(super) fn drop_queued(&mut self, outbound: Outbound, why: Dropped) {
        self.dropped += 1;
        if self.records(outbound.qos) {
            self.record(Change::Removed { key: outbound.key });
        }
        self.end(outbound.token, Ending::Dropped(why));
    }

    pub(super) fn release_memory(&mut self) {
        self.outbox.release_memory();
        self.inbox.release_memory();
    }

    /// Allocations that the queues hold.
    #[cfg(test)]
    pub(super) fn heap(&self) -> usize {
        self.outbox.heap() + self.inbox.heap() + usize::from(self.ended.is_some())
    }

    fn is_full(&self, size: usize) -> bool {
        let QueueLimits { messages, bytes, .. } = self.limits;
        (messages > 0 && self.outbox.queue.len() >= messages as usize)
            || (bytes > 0 && self.outbox.queued_bytes + size > bytes)
    }

    fn make_room(&mut self, size: usize) -> bool {
        let fits_at_all = self.limits.bytes == 0 || size <= self.limits.bytes;
        while self.limits.drop_oldest && fits_at_all && self.is_full(size) {
            let Some(oldest) = self.outbox.pop_queue() else { break };
            self.drop_queued(oldest, Dropped::QueueFull);
        }
        !self.is_full(size)
    }

    fn refused(&mut self, why: Dropped) -> Sent {
        self.dropped += 1;
        Sent::Dropped(why)
    }
}

/// A number for a connection. They are unique in the process, not in the session, so that a receipt which outlives its
/// session cannot settle a message of the next one.
fn next_connection() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
