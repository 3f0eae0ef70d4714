//! The outgoing half of a session: the messages in flight as one contiguous run of packet identifiers, and the queue
//! behind it.

use std::collections::VecDeque;
use std::sync::Arc;

use super::change::SavedOutgoing;
use super::link::Outgoing;
use crate::packet::{Message, PacketId, QoS};

/// There are 65535 packet identifiers.
const IDENTIFIERS: usize = u16::MAX as usize;

/// One message on its way to the peer.
#[derive(Debug)]
pub(super) struct Outbound {
    pub(super) token: u64,
    /// Order of arrival; what a store knows the message by.
    pub(super) key: u64,
    /// Absent in flight where the session is transient, after PUBREC, and for requests.
    pub(super) message: Option<Arc<Message>>,
    pub(super) subscription_identifiers: Box<[u32]>,
    pub(super) qos: QoS,
    pub(super) retain: bool,
}

impl Outbound {
    pub(super) fn new(key: u64, message: Option<Arc<Message>>, outgoing: Outgoing<'_>) -> Outbound {
        let subscription_identifiers = match message {
            Some(_) => outgoing.subscription_identifiers.into(),
            None => Box::default(),
        };
        let Outgoing { qos, retain, token, .. } = outgoing;
        Outbound { token, key, message, subscription_identifiers, qos, retain }
    }

    /// What a queue is charged for it.
    pub(super) fn size(&self) -> usize {
        size_of::<Outbound>()
            + self.message.as_ref().map_or(0, |message| message.size())
            + self.subscription_identifiers.len() * size_of::<u32>()
    }

    pub(super) fn to_saved(&self, packet_id: Option<PacketId>) -> SavedOutgoing {
        SavedOutgoing {
            key: self.key,
            message: self.message.clone(),
            qos: self.qos,
            retain: self.retain,
            subscription_identifiers: self.subscription_identifiers.to_vec(),
            packet_id,
            token: self.token,
        }
    }
}

/// What an identifier in flight stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// PUBLISH was sent; PUBACK or PUBREC is due.
    Published,
    /// PUBREL was sent; PUBCOMP is due.
    Released,
    /// SUBSCRIBE was sent, with so many filters.
    Subscribe(u16),
    /// UNSUBSCRIBE was sent, with so many filters.
    Unsubscribe(u16),
    /// Done, but older identifiers are not.
    Done,
}

#[derive(Debug)]
pub(super) struct InFlight {
    pub(super) outbound: Outbound,
    pub(super) step: Step,
}

/// Messages in flight and queued.
#[derive(Debug)]
pub(super) struct Outbox {
    in_flight: VecDeque<InFlight>,
    /// The identifier of the front of `in_flight`; when that is empty, the next one to be given.
    first: PacketId,
    /// How many entries have left the front: position = index + gone.
    gone: u64,
    /// Publishes among `in_flight`.
    open: u32,
    pub(super) queue: VecDeque<Outbound>,
    pub(super) queued_bytes: usize,
    next_key: u64,
}

impl Default for Outbox {
    fn default() -> Outbox {
        Outbox {
            in_flight: VecDeque::new(),
            first: PacketId::FIRST,
            gone: 0,
            open: 0,
            queue: VecDeque::new(),
            queued_bytes: 0,
            next_key: 1,
        }
    }
}

impl Outbox {
    /// A number for a new message.
    pub(super) fn next_key(&mut self) -> u64 {
        self.next_key += 1;
        self.next_key - 1
    }

    /// Keys up to here were used before.
    pub(super) fn key_used(&mut self, key: u64) {
        self.next_key = self.next_key.max(key.saturating_add(1));
    }

    /// The identifier that [`Outbox::start`] would give; `None` when all are taken.
    pub(super) fn next_id(&self) -> Option<PacketId> {
        (self.in_flight.len() < IDENTIFIERS).then(|| advance(self.first, self.in_flight.len()))
    }

    /// Identifiers between the oldest in flight and the newest, completed ones included.
    pub(super) fn span(&self) -> usize {
        self.in_flight.len()
    }

    /// Publishes in flight.
    pub(super) fn open(&self) -> usize {
        self.open as usize
    }

    /// Gives the next identifier ([`Outbox::next_id`], which must be there) to this entry.
    pub(super) fn start(&mut self, outbound: Outbound, step: Step) {
        self.open += u32::from(is_publish(step));
        self.in_flight.push_back(InFlight { outbound, step });
    }

    /// Where the entry with this identifier is, if it is not done.
    pub(super) fn find(&self, id: PacketId) -> Option<usize> {
        let index = distance(self.first, id);
        self.in_flight.get(index).is_some_and(|entry| entry.step != Step::Done).then_some(index)
    }

    pub(super) fn entry(&self, index: usize) -> &InFlight {
        &self.in_flight[index]
    }

    /// Position of an index: it does not change when older entries leave.
    pub(super) fn position(&self, index: usize) -> u64 {
        self.gone + index as u64
    }

    /// Index of a position; the front where that has left already.
    pub(super) fn index(&self, position: u64) -> usize {
        position.saturating_sub(self.gone) as usize
    }

    pub(super) fn id(&self, index: usize) -> PacketId {
        advance(self.first, index)
    }

    /// PUBREC came: the message may be forgotten.
    pub(super) fn release(&mut self, index: usize) {
        let entry = &mut self.in_flight[index];
        entry.step = Step::Released;
        entry.outbound.message = None;
        entry.outbound.subscription_identifiers = Box::default();
    }

    /// The entry is done; returns what it was.
    pub(super) fn finish(&mut self, index: usize) -> (u64, u64) {
        let entry = &mut self.in_flight[index];
        self.open -= u32::from(is_publish(entry.step));
        entry.step = Step::Done;
        entry.outbound.message = None;
        let token_and_key = (entry.outbound.token, entry.outbound.key);
        while self.in_flight.front().is_some_and(|entry| entry.step == Step::Done) {
            self.in_flight.pop_front();
            self.first = self.first.next();
            self.gone += 1;
        }
        token_and_key
    }

    /// Empties the run of identifiers; they go on where they stood.
    pub(super) fn take_in_flight(&mut self) -> Vec<InFlight> {
        self.first = advance(self.first, self.in_flight.len());
        self.gone += self.in_flight.len() as u64;
        self.open = 0;
        self.in_flight.drain(..).filter(|entry| entry.step != Step::Done).collect()
    }

    /// Whether this identifier comes behind those that are in flight.
    pub(super) fn can_restore(&self, id: PacketId) -> bool {
        self.in_flight.is_empty() || distance(self.first, id) >= self.in_flight.len()
    }

    /// Puts back a saved entry under its identifier; they come in the order they were given
    /// ([`Outbox::can_restore`]).
    pub(super) fn restore(&mut self, id: PacketId, outbound: Outbound, step: Step) {
        if self.in_flight.is_empty() {
            self.first = id;
        }
        let index = distance(self.first, id);
        while self.in_flight.len() < index {
            let outbound = Outbound {
                token: 0,
                key: 0,
                message: None,
                subscription_identifiers: Box::default(),
                qos: QoS::AtMostOnce,
                retain: false,
            };
            self.in_flight.push_back(InFlight { outbound, step: Step::Done });
        }
        self.start(outbound, step);
    }

    #[cfg(test)]
    pub(super) fn heap(&self) -> usize {
        self.in_flight.capacity() + self.queue.capacity()
    }

    /// Tests begin where they like.
    #[cfg(test)]
    pub(super) fn restore_first(&mut self, id: PacketId) {
        assert!(self.in_flight.is_empty());
        self.first = id;
    }

    pub(super) fn push_queue(&mut self, outbound: Outbound) {
        self.queued_bytes += outbound.size();
        self.queue.push_back(outbound);
    }

    pub(super) fn push_queue_front(&mut self, outbound: Outbound) {
        self.queued_bytes += outbound.size();
        self.queue.push_front(outbound);
    }

    pub(super) fn pop_queue(&mut self) -> Option<Outbound> {
        let outbound = self.queue.pop_front()?;
        self.queued_bytes -= outbound.size();
        Some(outbound)
    }

    /// What is in flight with its identifier, in order, without what is done.
    pub(super) fn in_flight(&self) -> impl Iterator<Item = (PacketId, &InFlight)> {
        self.in_flight
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.step != Step::Done)
            .map(|(index, entry)| (self.id(index), entry))
    }

    /// Frees what an idle session does not need.
    pub(super) fn release_memory(&mut self) {
        if self.in_flight.is_empty() {
            self.in_flight = VecDeque::new();
        }
        if self.queue.is_empty() {
            self.queue = VecDeque::new();
        }
    }
}

const fn is_publish(step: Step) -> bool {
    matches!(step, Step::Published | Step::Released)
}

/// How many steps it is from one identifier to another; 1 follows 65535.
fn distance(from: PacketId, to: PacketId) -> usize {
    (usize::from(to.get()) + IDENTIFIERS - usize::from(from.get())) % IDENTIFIERS
}

/// The identifier so many steps after this one.
fn advance(from: PacketId, steps: usize) -> PacketId {
    let zero_based = (usize::from(from.get()) - 1 + steps) % IDENTIFIERS;
    PacketId::new(zero_based as u16 + 1).unwrap_or(PacketId::FIRST)
}
