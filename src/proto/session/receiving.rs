//! Incoming messages: receipts in order of arrival, QoS 2 exactly once, and what the peer may have unacknowledged.
//!
//! QoS 2 follows the method that delivers at once (section 4.3.3, figure 4.3, method B of 3.1.1): the identifier is
//! remembered from PUBLISH to PUBREL, and a PUBLISH under a remembered identifier is not delivered again.

use std::collections::VecDeque;
use std::hash::BuildHasher;

use hashbrown::HashMap;

use super::alias::Aliases;
use super::change::Change;
use super::event::{Event, Receipt};
use super::link::Link;
use super::role::{Phase, Role};
use crate::packet::{PacketId, PacketType, QoS};
use crate::wire::decode::{self, PublishView};
use crate::wire::frame::Frame;
use crate::{ReasonCode, Rule, Text, Version, Violation};

/// What came in and is not acknowledged, and the QoS 2 identifiers that are not released.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    /// Unacknowledged messages of the present connection, in order of arrival.
    arrivals: VecDeque<Arrival>,
    /// Number of the arrival at the front.
    first: u32,
    /// QoS 2 identifiers between PUBLISH and PUBREL.
    received: HashMap<u16, Received, foldhash::fast::RandomState>,
}

#[derive(Debug, Clone, Copy)]
struct Arrival {
    packet_id: PacketId,
    qos: QoS,
    /// Present once it has been settled.
    settled: Option<ReasonCode>,
}

#[derive(Debug, Clone, Copy)]
struct Received {
    /// Connection of the receipt.
    connection: u32,
    /// Connection on which the peer last sent it.
    seen: u32,
    /// Present once it has been settled.
    settled: Option<ReasonCode>,
    /// Of topic and payload; absent after a restart.
    digest: Option<u32>,
}

/// What a receipt of an older connection is still good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stale {
    Nothing,
    /// The message must not be delivered again.
    Handled,
    /// And the peer has sent it again on the present connection, so it can be answered.
    AskedAgain,
}

/// Receipts of one connection that count against the receive maximum.
impl Inbox {
    /// Nothing of the old connection is acknowledged any more [MQTT-4.3.2-5]; QoS 2 identifiers stay.
    pub(super) fn new_connection(&mut self) {
        self.arrivals.clear();
    }

    pub(super) fn restore(&mut self, id: PacketId) {
        let settled = Some(ReasonCode::Success);
        self.received.insert(id.get(), Received { connection: 0, seen: 0, settled, digest: None });
    }

    /// Those whose messages have been handled. Of another the message is not kept, so it has to come again.
    pub(super) fn identifiers(&self) -> Vec<PacketId> {
        let handled = self.received.iter().filter(|(_, received)| received.settled.is_some());
        let mut identifiers: Vec<PacketId> = handled.filter_map(|(id, _)| PacketId::new(*id)).collect();
        identifiers.sort_unstable();
        identifiers
    }

    pub(super) fn forget_all(&mut self) -> Vec<PacketId> {
        let identifiers = self.identifiers();
        self.received.clear();
        identifiers
    }

    pub(super) fn release_memory(&mut self) {
        if self.arrivals.is_empty() {
            self.arrivals = VecDeque::new();
        }
        if self.received.is_empty() {
            self.received = HashMap::default();
        }
    }

    #[cfg(test)]
    pub(super) fn heap(&self) -> usize {
        self.arrivals.capacity() + self.received.capacity()
    }

    /// A receipt of an older connection. QoS 2: it counts as handled.
    pub(super) fn settle_stale(&mut self, receipt: &Receipt, reason: ReasonCode) -> Stale {
        if receipt.qos != QoS::ExactlyOnce {
            return Stale::Nothing;
        }
        let id = receipt.packet_id;
        let Some(received) = self.received.get_mut(&id.get()).filter(|r| r.connection == receipt.connection) else {
            return Stale::Nothing;
        };
        received.settled.get_or_insert(reason);
        // At most one arrival of this identifier is open.
        match self.arrivals.iter_mut().find(|a| a.packet_id == id && a.qos == QoS::ExactlyOnce) {
            Some(arrival) => {
                arrival.settled.get_or_insert(reason);
                Stale::AskedAgain
            }
            None => Stale::Handled,
        }
    }

    /// Whether settling a receipt of an earlier connection changes anything.
    pub(super) fn awaits_stale(&self, receipt: &Receipt) -> bool {
        let received = self.received.get(&receipt.packet_id.get());
        receipt.qos == QoS::ExactlyOnce && received.is_some_and(|received| received.connection == receipt.connection)
    }

    /// Returns the number of the new arrival.
    fn arrive(&mut self, packet_id: PacketId, qos: QoS, settled: Option<ReasonCode>) -> u32 {
        self.arrivals.push_back(Arrival { packet_id, qos, settled });
        self.first.wrapping_add(self.arrivals.len() as u32 - 1)
    }

    /// The next acknowledgement whose turn it is.
    fn pop_settled(&mut self) -> Option<(Arrival, ReasonCode)> {
        let front = *self.arrivals.front()?;
        let reason = front.settled?;
        self.arrivals.pop_front();
        self.first = self.first.wrapping_add(1);
        Some((front, reason))
    }
}

impl Link {
    /// Whether [`Link::settle`] does anything: at QoS 1 a message of an earlier connection comes again, and only that
    /// copy can be acknowledged.
    pub fn awaits(&self, receipt: &Receipt) -> bool {
        let is_current = receipt.connection == self.session.connection && self.phase == Phase::Connected;
        is_current || self.session.inbox.awaits_stale(receipt)
    }

    /// Acknowledges a message that has been handled. With an error reason (MQTT 5) the peer is told that it was
    /// refused; an older peer sees success. A reason that PUBACK and PUBREC do not have is told as unspecified.
    #[inline]
    pub fn settle(&mut self, receipt: Receipt, reason: ReasonCode) {
        let inbox = &mut self.session.inbox;
        if receipt.connection != self.session.connection || self.phase != Phase::Connected {
            let stale = inbox.settle_stale(&receipt, reason);
            if stale != Stale::Nothing {
                self.session.record(Change::Received(receipt.packet_id));
            }
            if stale == Stale::AskedAgain {
                self.acknowledge();
            }
            return;
        }
        let index = receipt.arrival.wrapping_sub(inbox.first) as usize;
        if let Some(arrival) = inbox.arrivals.get_mut(index) {
            arrival.settled = Some(reason);
        }
        if receipt.qos == QoS::ExactlyOnce
            && let Some(received) = inbox.received.get_mut(&receipt.packet_id.get())
        {
            received.settled = Some(reason);
            self.session.record(Change::Received(receipt.packet_id));
        }
        if index == 0 {
            self.acknowledge();
        }
    }

    /// QoS 1 and 2 messages whose receipts are open on this connection.
    pub fn unsettled(&self) -> usize {
        self.session.inbox.arrivals.len()
    }

    /// Whether a PUBLISH has to wait unread: MQTT 3 cannot announce a receive maximum. A client is not held back,
    /// because a handler that waits for its own publish would wait for an acknowledgement behind it.
    pub(super) fn must_hold_back(&self, frame: &Frame<'_>) -> bool {
        !self.version.has_properties()
            && self.role == Role::Server
            && frame.flags & 0b0110 != 0
            && self.session.inbox.arrivals.len() >= usize::from(self.limits.receive_maximum)
    }

    #[inline]
    pub(super) fn recv_publish<'b>(&mut self, frame: &Frame<'b>) -> Result<Option<Event<'b>>, Violation> {
        let broken = |rule, version| Violation::new(rule, version).within(PacketType::Publish);
        let publish = decode::publish(frame, self.version, Some(self.role.peer()))?;
        self.check_levels(publish.topic, PacketType::Publish)?;
        if self.version.has_properties() {
            if publish.qos > self.granted_qos {
                return Err(broken(Rule::QoSNotSupported, self.version));
            }
            if publish.retain && !self.granted_retain {
                return Err(broken(Rule::RetainNotSupported, self.version));
            }
        }
        let alias = match publish.topic_alias {
            None => None,
            Some(alias) => self.resolve_alias(alias, publish.topic).map_err(|rule| broken(rule, self.version))?,
        };
        let receipt = match (publish.qos, publish.packet_id) {
            (QoS::AtLeastOnce, Some(id)) => Some(self.receive_once(id)?),
            (QoS::ExactlyOnce, Some(id)) => {
                match self.receive_twice(id, publish.dup, digest(&publish, alias.as_ref()))? {
                    Some(receipt) => Some(receipt),
                    None => return Ok(None),
                }
            }
            _ => None,
        };
        Ok(Some(Event::Publish { publish, alias, receipt }))
    }

    /// QoS 1.
    fn receive_once(&mut self, id: PacketId) -> Result<Receipt, Violation> {
        if !self.session.inbox.received.is_empty() {
            self.reclaim(id, PacketType::Publish)?;
        }
        self.count_arrival()?;
        Ok(self.receipt(id, QoS::AtLeastOnce))
    }

    /// QoS 2: `None` where the message was seen before.
    fn receive_twice(&mut self, id: PacketId, dup: bool, digest: u32) -> Result<Option<Receipt>, Violation> {
        let connection = self.session.connection;
        if let Some(received) = self.session.inbox.received.get_mut(&id.get()) {
            if received.seen == connection {
                // Sent again although the connection lives: the answer is on its way, or is repeated.
                if received.settled.is_some() && !self.session.inbox.arrivals.iter().any(|a| a.packet_id == id) {
                    self.answer_again(id);
                }
                return Ok(None);
            }
            if dup || received.digest.is_none_or(|known| known == digest) {
                received.seen = connection;
                self.count_arrival()?;
                self.answer_again(id);
                return Ok(None);
            }
            // Another message, sent for the first time, on a new connection: the peer has lost its session and counts
            // from 1 again. Taking it for a repetition would lose it.
            self.forget(id);
        }
        self.count_arrival()?;
        self.session
            .inbox
            .received
            .insert(id.get(), Received { connection, seen: connection, settled: None, digest: Some(digest) });
        Ok(Some(self.receipt(id, QoS::ExactlyOnce)))
    }

    /// PUBREC for a message that was delivered before, in its turn; or once its receipt is settled.
    fn answer_again(&mut self, id: PacketId) {
        let settled = self.session.inbox.received.get(&id.get()).and_then(|received| received.settled);
        self.session.inbox.arrive(id, QoS::ExactlyOnce, settled);
        self.acknowledge();
    }

    pub(super) fn recv_pubrel(&mut self, id: PacketId) -> Result<(), Violation> {
        let reason = match self.session.inbox.received.get(&id.get()) {
            Some(received) if received.settled.is_none() => {
                let violation = Violation::new(Rule::UnexpectedAcknowledgement, self.version);
                return Err(violation.within(PacketType::PubRel));
            }
            Some(received) => {
                if received.seen == self.session.connection {
                    self.unacknowledged = self.unacknowledged.saturating_sub(1);
                }
                self.forget(id);
                ReasonCode::Success
            }
            // Known or not, an answer ends the exchange for the peer.
            None => ReasonCode::PacketIdentifierNotFound,
        };
        self.write_ack(PacketType::PubComp, id, reason);
        Ok(())
    }

    /// A packet of the peer uses this identifier for something else than the QoS 2 exchange it stands for.
    pub(super) fn reclaim(&mut self, id: PacketId, packet: PacketType) -> Result<(), Violation> {
        match self.session.inbox.received.get(&id.get()) {
            None => {}
            Some(received) if received.seen == self.session.connection => {
                return Err(Violation::new(Rule::PacketIdentifierReused, self.version).within(packet));
            }
            // Left over from a connection of which the peer knows nothing any more.
            Some(_) => self.forget(id),
        }
        Ok(())
    }

    /// Names and filters with too many levels cost the trees too much.
    pub(super) fn check_levels(&self, topic: &str, packet: PacketType) -> Result<(), Violation> {
        let maximum = usize::from(self.limits.topic_levels);
        // Shorter ones cannot have so many. 0 is no bound.
        if maximum > 0 && topic.len() >= maximum && memchr::memchr_iter(b'/', topic.as_bytes()).count() >= maximum {
            return Err(Violation::new(Rule::TooManyTopicLevels, self.version).within(packet));
        }
        Ok(())
    }

    fn resolve_alias(&mut self, alias: u16, topic: &str) -> Result<Option<Text>, Rule> {
        let maximum = self.limits.topic_alias_maximum;
        if alias > maximum {
            return Err(Rule::TopicAliasTooHigh);
        }
        self.aliases.get_or_insert_with(|| Box::new(Aliases::default())).resolve(alias, topic, maximum)
    }

    fn count_arrival(&mut self) -> Result<(), Violation> {
        let most = u32::from(self.limits.receive_maximum) + u32::from(self.limits.receive_tolerance);
        if self.version.has_properties() && self.unacknowledged >= most {
            return Err(Violation::new(Rule::ReceiveMaximumExceeded, self.version).within(PacketType::Publish));
        }
        self.unacknowledged += 1;
        Ok(())
    }

    fn receipt(&mut self, packet_id: PacketId, qos: QoS) -> Receipt {
        let arrival = self.session.inbox.arrive(packet_id, qos, None);
        Receipt { packet_id, qos, connection: self.session.connection, arrival }
    }

    fn forget(&mut self, id: PacketId) {
        if self.session.inbox.received.remove(&id.get()).is_some() {
            self.session.record(Change::Forgotten(id));
        }
    }

    /// Writes every acknowledgement whose turn it is [MQTT-4.6.0-2] [MQTT-4.6.0-3].
    fn acknowledge(&mut self) {
        if self.phase != Phase::Connected {
            return;
        }
        while let Some((arrival, reason)) = self.session.inbox.pop_settled() {
            let reason = acknowledgement_reason(reason, self.version);
            if arrival.qos == QoS::AtLeastOnce {
                self.unacknowledged = self.unacknowledged.saturating_sub(1);
                self.output.ack(PacketType::PubAck, arrival.packet_id, reason, self.version);
                continue;
            }
            if reason.is_error() {
                // The exchange ends here: the peer may use the identifier for something else at once.
                self.unacknowledged = self.unacknowledged.saturating_sub(1);
                self.forget(arrival.packet_id);
            }
            // A message that is acknowledged is not sent again, so that it was handled has to be on record before.
            self.write_ack(PacketType::PubRec, arrival.packet_id, reason);
        }
        self.held_back = false;
        self.trace_output();
    }

    /// PUBREC, PUBREL and PUBCOMP, and what else depends on changes that must be saved first.
    pub(super) fn write_ack(&mut self, kind: PacketType, id: PacketId, reason: ReasonCode) {
        match self.session.unsaved() {
            Some(mark) => self.output.ack_after(mark, kind, id, reason, self.version),
            None => self.output.ack(kind, id, reason, self.version),
        }
    }
}

/// What tells one message from another under the same identifier.
fn digest(publish: &PublishView<'_>, alias: Option<&Text>) -> u32 {
    let topic = alias.map_or(publish.topic, |topic| topic);
    foldhash::fast::FixedState::with_seed(0).hash_one((topic, publish.payload)) as u32
}

/// The nearest reason that PUBACK and PUBREC have (sections 3.4.2.1 and 3.5.2.1). MQTT 3 has none.
fn acknowledgement_reason(reason: ReasonCode, version: Version) -> ReasonCode {
    match reason {
        _ if !version.has_properties() => ReasonCode::Success,
        reason if reason.is_defined_for(PacketType::PubAck) => reason,
        reason if reason.is_error() => ReasonCode::UnspecifiedError,
        _ => ReasonCode::Success,
    }
}
