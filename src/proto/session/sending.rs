//! Outgoing messages: packet identifiers, the send window, the queue behind it.
//!
//! Identifiers are given in order, so the messages in flight form one contiguous run and an acknowledgement finds its
//! entry by subtraction.

use std::sync::Arc;

use super::alias::Aliases;
use super::change::Change;
use super::event::Event;
use super::link::{Link, Outgoing};
use super::outbox::{Outbound, Step};
use super::role::Phase;
use crate::packet::{Message, PacketId, PacketType, QoS};
use crate::wire::fanout::{Alias, Delivery, Fanout};
use crate::{ReasonCode, Rule, Time, Violation};

/// What became of a message handed to [`super::Link::send`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// QoS 0: in the output.
    Written,
    /// QoS 1 or 2: in the output, unacknowledged.
    InFlight(PacketId),
    /// Waits for room in the window or for a connection.
    Queued,
    /// Not sent.
    Dropped(Dropped),
}

/// Why a message was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dropped {
    /// Larger than the peer accepts [MQTT-3.1.2-24].
    TooLarge,
    /// The queue is full, or at QoS 0 the peer does not read fast enough.
    QueueFull,
    /// Its time was over.
    Expired,
    /// QoS 0 while there is no connection, and the queue does not take QoS 0.
    NotConnected,
    /// The server takes no message of this QoS [MQTT-3.2.2-11].
    QoSNotSupported,
    /// The server keeps no retained messages [MQTT-3.2.2-14].
    RetainNotSupported,
    /// It was in flight when the connection ended, and the session is not persistent.
    ConnectionLost,
}

impl Dropped {
    /// What went wrong, in plain words.
    pub const fn text(self) -> &'static str {
        match self {
            Dropped::TooLarge => "message is larger than the receiver accepts",
            Dropped::QueueFull => "queue is full",
            Dropped::Expired => "message has expired",
            Dropped::NotConnected => "there is no connection, and QoS 0 is not queued",
            Dropped::QoSNotSupported => "the server does not support this QoS",
            Dropped::RetainNotSupported => "the server does not keep retained messages",
            Dropped::ConnectionLost => "the connection ended before the message was acknowledged",
        }
    }
}

impl std::fmt::Display for Dropped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text())
    }
}

/// A message that ended without [`super::Event::Completed`]; see [`super::Session::take_ended`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// The token given to [`super::Link::send`]; never 0.
    pub token: u64,
    /// How.
    pub ending: Ending,
}

/// How a message ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The peer has it.
    Acknowledged(ReasonCode),
    /// It will not be sent (again).
    Dropped(Dropped),
}

/// Bounds of a session's queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueLimits {
    /// Messages; 0 is no bound.
    pub messages: u32,
    /// Bytes kept; 0 is no bound.
    pub bytes: usize,
    /// Queue QoS 0 messages too while there is no connection.
    pub queue_qos0: bool,
    /// Past the bound: drop the oldest queued message for the newest, instead of dropping the newest.
    pub drop_oldest: bool,
}

impl Default for QueueLimits {
    fn default() -> QueueLimits {
        QueueLimits { messages: 100_000, bytes: 64 * 1024 * 1024, queue_qos0: false, drop_oldest: false }
    }
}

/// How far the sending of one connection has come.
#[derive(Debug, Default)]
pub(super) struct Window {
    /// Publishes and releases sent on this connection and not completed.
    used: u32,
    /// Position of the next entry of an older connection that has to be sent again.
    resend_at: u64,
    /// Position behind the last of them.
    resend_end: u64,
}

/// Identifiers may run ahead of the oldest one in flight by so many windows. A peer acknowledges in order
/// [MQTT-4.6.0-2]; without a bound one that never acknowledges its oldest message would make the run grow to 65535.
const WINDOWS_AHEAD: usize = 16;

impl Link {
    /// Sends a message: at QoS 0 at once, at QoS 1 and 2 when the window has room, else it is queued. Before
    /// CONNACK and after the end it is queued as by [`super::Session::enqueue`].
    ///
    /// A message that was queued may still be dropped later; where its token is not 0,
    /// [`super::Session::take_ended`] tells.
    #[inline]
    pub fn send(&mut self, now: Time, fanout: &mut Fanout<'_>, outgoing: Outgoing<'_>) -> Sent {
        self.timers.seen = now;
        if self.phase != Phase::Connected {
            return self.session.enqueue_fanout(now, fanout, outgoing);
        }
        if let Some(why) = self.refused_by_peer(outgoing.qos, outgoing.retain) {
            return Sent::Dropped(why);
        }
        if fanout.is_expired() {
            return Sent::Dropped(Dropped::Expired);
        }
        let sent = if outgoing.qos == QoS::AtMostOnce {
            if self.output.backlog() > self.limits.maximum_backlog {
                return Sent::Dropped(Dropped::QueueFull);
            }
            match self.write_publish(fanout, outgoing, None, false) {
                Some(_) => Sent::Written,
                None => Sent::Dropped(Dropped::TooLarge),
            }
        } else if self.session.outbox.queue.is_empty() && self.may_start() {
            self.start(fanout, outgoing)
        } else {
            self.session.enqueue_fanout(now, fanout, outgoing)
        };
        self.trace_output();
        sent
    }

    /// Changes up to this mark are saved; what depended on them goes out.
    pub fn committed(&mut self, mark: u64) {
        self.session.committed(mark);
        if self.phase == Phase::Connected {
            self.output.committed(mark);
            self.continue_sending();
            self.trace_output();
        }
    }

    /// A new connection: everything in flight has to go again, before anything new.
    pub(super) fn restart_sending(&mut self) {
        let outbox = &self.session.outbox;
        self.window = Window { used: 0, resend_at: outbox.position(0), resend_end: outbox.position(outbox.span()) };
        self.continue_sending();
    }

    /// Sends again what is in flight from an older connection, then goes on with the queue, as far as the window
    /// and the backlog allow.
    pub(super) fn continue_sending(&mut self) {
        if self.phase != Phase::Connected {
            return;
        }
        while self.is_resending() {
            let outbox = &self.session.outbox;
            let index = outbox.index(self.window.resend_at);
            self.window.resend_at = outbox.position(index);
            if self.is_resending() && !self.resend(index) {
                return;
            }
        }
        while let Some(front) = self.session.outbox.queue.front() {
            let (qos, retain) = (front.qos, front.retain);
            let may_go = match qos {
                QoS::AtMostOnce => self.output.backlog() <= self.limits.maximum_backlog,
                _ => self.may_start(),
            };
            if !may_go {
                return;
            }
            let Some(outbound) = self.session.outbox.pop_queue() else { return };
            let Some(message) = outbound.message.clone() else { continue };
            if message.is_expired(self.timers.seen) {
                self.session.drop_queued(outbound, Dropped::Expired);
            } else if let Some(why) = self.refused_by_peer(qos, retain) {
                self.session.drop_queued(outbound, why);
            } else {
                self.start_queued(outbound, message);
            }
        }
    }

    /// PUBACK and PUBCOMP.
    pub(super) fn recv_completion(
        &mut self,
        kind: PacketType,
        id: PacketId,
        reason: ReasonCode,
    ) -> Result<Option<Event<'static>>, Violation> {
        // An identifier that is not in flight: an acknowledgement that was sent twice.
        let Some(index) = self.session.outbox.find(id) else { return Ok(None) };
        let entry = self.session.outbox.entry(index);
        let due = match entry.step {
            Step::Published if entry.outbound.qos == QoS::AtLeastOnce => Some(PacketType::PubAck),
            Step::Released => Some(PacketType::PubComp),
            _ => None,
        };
        if due != Some(kind) {
            return Err(Violation::new(Rule::UnexpectedAcknowledgement, self.version).within(kind));
        }
        // After PUBREC the peer has the message. That it does not know the identifier any more is no failure.
        let reason = if kind == PacketType::PubComp && reason == ReasonCode::PacketIdentifierNotFound {
            ReasonCode::Success
        } else {
            reason
        };
        Ok(self.complete(index, reason))
    }

    pub(super) fn recv_pubrec(
        &mut self,
        id: PacketId,
        reason: ReasonCode,
    ) -> Result<Option<Event<'static>>, Violation> {
        let Some(index) = self.session.outbox.find(id) else {
            // A refusal has ended the exchange at the other end; anything else waits for PUBREL [MQTT-4.3.3-4].
            if reason.is_error() {
                return Ok(None);
            }
            self.write_ack(PacketType::PubRel, id, ReasonCode::PacketIdentifierNotFound);
            return Ok(None);
        };
        let entry = self.session.outbox.entry(index);
        match entry.step {
            Step::Published if entry.outbound.qos == QoS::ExactlyOnce => {
                if reason.is_error() {
                    return Ok(self.complete(index, reason));
                }
                let key = entry.outbound.key;
                self.session.outbox.release(index);
                self.session.record(Change::Released { key });
            }
            Step::Released if reason.is_error() => return Ok(self.complete(index, reason)),
            Step::Released => {}
            _ => return Err(Violation::new(Rule::UnexpectedAcknowledgement, self.version).within(PacketType::PubRec)),
        }
        self.write_ack(PacketType::PubRel, id, ReasonCode::Success);
        Ok(None)
    }

    fn complete(&mut self, index: usize, reason: ReasonCode) -> Option<Event<'static>> {
        let outbox = &mut self.session.outbox;
        let position = outbox.position(index);
        let qos = outbox.entry(index).outbound.qos;
        let (token, key) = outbox.finish(index);
        // An entry that still waits to be sent again has taken no room.
        if position < self.window.resend_at || position >= self.window.resend_end {
            self.window.used = self.window.used.saturating_sub(1);
        }
        if self.session.records(qos) {
            self.session.record(Change::Removed { key });
        }
        self.continue_sending();
        (token != 0).then_some(Event::Completed { token, reason })
    }

    fn is_resending(&self) -> bool {
        self.window.resend_at < self.window.resend_end
    }

    /// Whether a new message of QoS 1 or 2 may be sent.
    fn may_start(&self) -> bool {
        !self.is_resending()
            && self.has_room()
            && self.session.outbox.next_id().is_some()
            && self.session.outbox.span() < usize::from(self.peer.window).saturating_mul(WINDOWS_AHEAD)
    }

    fn has_room(&self) -> bool {
        self.window.used < u32::from(self.peer.window) && self.output.backlog() <= self.limits.maximum_backlog
    }

    fn refused_by_peer(&self, qos: QoS, retain: bool) -> Option<Dropped> {
        if qos > self.peer.maximum_qos {
            Some(Dropped::QoSNotSupported)
        } else if retain && !self.peer.retain_available {
            Some(Dropped::RetainNotSupported)
        } else {
            None
        }
    }

    /// Writes a new message of QoS 1 or 2 under the next identifier; [`Link::may_start`] has said yes.
    fn start(&mut self, fanout: &mut Fanout<'_>, outgoing: Outgoing<'_>) -> Sent {
        let Some(id) = self.session.outbox.next_id() else { return Sent::Queued };
        let Some(length) = self.write_publish(fanout, outgoing, Some(id), false) else {
            return Sent::Dropped(Dropped::TooLarge);
        };
        let key = self.session.outbox.next_key();
        let message = self.session.persistent.then(|| fanout.message().clone());
        let outbound = Outbound::new(key, message, outgoing);
        if self.session.is_durable() {
            self.session.record(Change::Added(outbound.to_saved(Some(id))));
            self.hold_if_needed(outgoing.qos, length);
        }
        self.session.outbox.start(outbound, Step::Published);
        self.window.used += 1;
        Sent::InFlight(id)
    }

    /// The same for a message from the queue, at any QoS.
    fn start_queued(&mut self, mut outbound: Outbound, message: Arc<Message>) {
        let outgoing = Outgoing {
            qos: outbound.qos,
            retain: outbound.retain,
            subscription_identifiers: &outbound.subscription_identifiers,
            token: outbound.token,
        };
        let id = if outbound.qos == QoS::AtMostOnce { None } else { self.session.outbox.next_id() };
        let mut fanout = Fanout::from_message(message, self.timers.seen);
        let Some(length) = self.write_publish(&mut fanout, outgoing, id, false) else {
            return self.session.drop_queued(outbound, Dropped::TooLarge);
        };
        let Some(packet_id) = id else { return };
        if self.session.is_durable() {
            self.session.record(Change::Started { key: outbound.key, packet_id });
            self.hold_if_needed(outbound.qos, length);
        }
        if !self.session.persistent {
            outbound.message = None;
            outbound.subscription_identifiers = Box::default();
        }
        self.session.outbox.start(outbound, Step::Published);
        self.window.used += 1;
    }

    /// Sends one entry of an older connection again; false when it has to wait.
    fn resend(&mut self, index: usize) -> bool {
        let id = self.session.outbox.id(index);
        let entry = self.session.outbox.entry(index);
        match entry.step {
            Step::Released => {
                self.write_ack(PacketType::PubRel, id, ReasonCode::Success);
                self.window.used += 1;
            }
            Step::Published => {
                let Outbound { ref message, qos, retain, token, ref subscription_identifiers, .. } = entry.outbound;
                let Some(message) = message.clone() else {
                    self.window.resend_at += 1;
                    return true;
                };
                let identifiers = subscription_identifiers.clone();
                if !self.has_room() {
                    return false;
                }
                let outgoing = Outgoing { qos, retain, subscription_identifiers: &identifiers, token };
                let mut fanout = Fanout::from_message(message, self.timers.seen);
                let refused = match self.refused_by_peer(qos, retain) {
                    Some(why) => Some(why),
                    None => match self.write_publish(&mut fanout, outgoing, Some(id), true) {
                        Some(length) => {
                            self.hold_if_needed(qos, length);
                            None
                        }
                        None => Some(Dropped::TooLarge),
                    },
                };
                match refused {
                    None => self.window.used += 1,
                    Some(why) => self.give_up(index, why),
                }
            }
            Step::Subscribe(_) | Step::Unsubscribe(_) | Step::Done => {}
        }
        self.window.resend_at += 1;
        true
    }

    /// A message in flight that this connection cannot carry.
    fn give_up(&mut self, index: usize, why: Dropped) {
        let (token, key) = self.session.outbox.finish(index);
        self.session.record(Change::Removed { key });
        self.session.end(token, super::sending::Ending::Dropped(why));
    }

    /// Appends one PUBLISH to the output, or at QoS 2 to what waits for the store ([`Link::hold_if_needed`] must
    /// follow). `None`: too large, nothing was written.
    fn write_publish(
        &mut self,
        fanout: &mut Fanout<'_>,
        outgoing: Outgoing<'_>,
        packet_id: Option<PacketId>,
        dup: bool,
    ) -> Option<usize> {
        let held = outgoing.qos == QoS::ExactlyOnce && self.session.is_durable();
        // Held packets are overtaken, so they must not introduce an alias.
        let alias = if held || self.peer.alias_maximum == 0 { Alias::None } else { self.choose_alias(fanout.topic()) };
        let delivery = Delivery {
            version: self.version,
            qos: outgoing.qos,
            retain: outgoing.retain,
            dup,
            packet_id,
            subscription_identifiers: outgoing.subscription_identifiers,
            alias,
            maximum_packet_size: self.peer.maximum_packet_size,
        };
        let buffer = if held { self.output.held_buffer() } else { &mut self.output.buffer };
        let length = fanout.append(&delivery, buffer)?;
        if let (Alias::Set(_), Some(aliases)) = (alias, &mut self.aliases) {
            aliases.written(fanout.topic(), alias);
        }
        Some(length)
    }

    /// At QoS 2 the receiver recognises a repetition by its identifier, so a durable session saves the identifier
    /// before the packet leaves.
    fn hold_if_needed(&mut self, qos: QoS, length: usize) {
        if qos == QoS::ExactlyOnce && self.session.is_durable() {
            match self.session.unsaved() {
                Some(mark) => self.output.hold(mark, length),
                None => {
                    self.output.hold(0, length);
                    self.output.committed(0);
                }
            }
        }
    }

    fn choose_alias(&mut self, topic: &str) -> Alias {
        let aliases = self.aliases.get_or_insert_with(|| Box::new(Aliases::default()));
        aliases.choose(topic, self.peer.alias_maximum)
    }
}
