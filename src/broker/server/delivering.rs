//! Messages about which a hook is asked before they go to a session.
//!
//! A message that waits for its answer holds up what comes behind it for the same session, so that order is kept; other
//! sessions go on. What waits is bounded as the session's queue is, and keeps back the acknowledgement of its publisher
//! where the session is durable.

use std::collections::VecDeque;
use std::sync::Arc;

use mqtt_proto::Time;
use mqtt_proto::packet::{Message, Property, Publish, QoS};
use mqtt_proto::wire::fanout::Fanout;
use smallvec::SmallVec;

use super::durable::Gate;
use super::mail::Mail;
use super::publish::Terms;
use super::shard::Shard;
use crate::broker::unfit;
use crate::config::Overdue;
use crate::hooks::{DeliverAnswer, DeliverRequest};
use crate::log::Record;
use crate::registry::NONE;

/// One message that waits.
#[derive(Debug)]
pub(crate) struct Held {
    message: Arc<Message>,
    /// What it counts for, also when a hook has replaced it.
    size: usize,
    qos: QoS,
    retain: bool,
    identifiers: SmallVec<[u32; 2]>,
    decision: Decision,
    /// The acknowledgement of its publisher.
    gate: Option<Arc<Gate>>,
}

/// What waits for one session, in order.
#[derive(Debug, Default)]
pub(crate) struct HeldQueue {
    messages: VecDeque<Held>,
    /// Bytes that they keep.
    bytes: usize,
}

#[derive(Debug)]
enum Decision {
    /// The hook has not answered the question of this number.
    Open(u64),
    /// It goes, once those before it have gone.
    Deliver,
    /// It does not go.
    Drop,
}

/// When the configured answer is taken. The session is named by slot and generation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DeliveryDeadline {
    pub(super) at: Time,
    slot: u32,
    generation: u32,
    ticket: u64,
}

impl Shard {
    /// Whether this message has to wait: for a hook, or behind one that does. Then it has been taken care of. Kept out of
    /// the path of brokers without such a hook.
    #[cold]
    #[inline(never)]
    pub(super) fn holds(&mut self, slot: u32, generation: u32, fanout: &mut Fanout<'_>, terms: Terms<'_>) -> bool {
        self.registry.resolve(slot, generation).is_some() && self.holds_in(slot, fanout, terms)
    }

    /// The same for the session that has this slot.
    pub(super) fn holds_in(&mut self, slot: u32, fanout: &mut Fanout<'_>, terms: Terms<'_>) -> bool {
        let asks = self.core.asks_deliver(fanout.topic());
        let Some(client) = self.registry.get(slot) else { return false };
        if !asks && client.held.is_none() {
            return false;
        }
        let limits = self.core.config.queue;
        let (waiting, bytes) = client.held.as_ref().map_or((0, 0), |held| (held.messages.len(), held.bytes));
        let full = limits.messages != 0 && waiting >= limits.messages as usize
            || limits.bytes != 0 && waiting > 0 && bytes + fanout.payload().len() > limits.bytes;
        if full {
            self.note_dropped(slot);
            return true;
        }
        let message = Arc::clone(fanout.message());
        let decision = if asks { self.ask_deliver(slot, &message, terms) } else { Some(DeliverAnswer::Proceed) };
        let durable = terms.qos > QoS::AtMostOnce && self.registry.get(slot).is_some_and(|c| c.lease.is_some());
        let gate = if durable { self.publisher_gate() } else { None };
        let mut held = Held {
            size: message.size(),
            message,
            qos: terms.qos,
            retain: terms.retain,
            identifiers: terms.identifiers.into(),
            decision: Decision::Open(self.tickets),
            gate,
        };
        if let Some(answer) = decision {
            held.decide(answer, self.now);
        }
        if let Some(client) = self.registry.get_mut(slot) {
            client.held.get_or_insert_default().push(held);
        }
        self.release(slot);
        true
    }

    /// Asks about one message. Gives the answer where it is there at once.
    fn ask_deliver(&mut self, slot: u32, message: &Message, terms: Terms<'_>) -> Option<DeliverAnswer> {
        let client = self.registry.get(slot)?;
        let (identity, generation) = (Arc::clone(&client.identity), client.generation);
        let identifiers = terms.identifiers.iter().map(|identifier| Property::SubscriptionIdentifier(*identifier));
        let publish = Publish {
            dup: false,
            qos: terms.qos,
            retain: terms.retain,
            topic: message.topic.clone(),
            packet_id: None,
            properties: message.properties.iter().cloned().chain(identifiers).collect(),
            payload: message.payload.clone(),
        };
        self.tickets += 1;
        let ticket = self.tickets;
        let request = DeliverRequest { client: identity, publish };
        let late = move |answer| Mail::Decided { slot, generation, ticket, answer };
        match self.call_hook(late, move |hooks, reply| hooks.on_deliver(request, reply)) {
            Some(Some(answer)) => Some(answer),
            Some(None) => {
                self.note_reply_dropped(slot);
                Some(DeliverAnswer::Drop)
            }
            None => {
                let at = self.now + self.core.config.hook_deadline;
                self.delivery_deadlines.push_back(DeliveryDeadline { at, slot, generation, ticket });
                None
            }
        }
    }

    /// An answer that came by mail; `None` where the reply was dropped, which lets nobody have the message.
    pub(super) fn decided(&mut self, slot: u32, generation: u32, ticket: u64, answer: Option<DeliverAnswer>) {
        let now = self.now;
        let Some(held) = self.open_delivery(slot, generation, ticket) else { return };
        let dropped = answer.is_none();
        held.decide(answer.unwrap_or(DeliverAnswer::Drop), now);
        if dropped {
            self.note_reply_dropped(slot);
        }
        self.release(slot);
    }

    fn open_delivery(&mut self, slot: u32, generation: u32, ticket: u64) -> Option<&mut Held> {
        let held = self.registry.resolve(slot, generation)?.held.as_mut()?;
        held.messages.iter_mut().find(|held| matches!(held.decision, Decision::Open(open) if open == ticket))
    }

    /// Takes the configured answer where a hook has not given one in time.
    pub(super) fn deliveries_overdue(&mut self) {
        while let Some(DeliveryDeadline { at, slot, generation, ticket }) = self.delivery_deadlines.front().copied() {
            if at > self.now {
                break;
            }
            self.delivery_deadlines.pop_front();
            if self.open_delivery(slot, generation, ticket).is_none() {
                continue;
            }
            if let Some(client) = self.registry.get(slot) {
                let client = &client.identity.client_id;
                self.core.log.write(&Record::HookOverdue { hook: "on_deliver", client });
            }
            let answer = match self.core.config.hook_overdue {
                Overdue::Proceed => DeliverAnswer::Proceed,
                Overdue::Refuse => DeliverAnswer::Drop,
            };
            self.decided(slot, generation, ticket, Some(answer));
        }
    }

    /// Sends what waits for nothing any more.
    fn release(&mut self, slot: u32) {
        let Some(client) = self.registry.get_mut(slot) else { return };
        let (generation, connection) = (client.generation, client.connection);
        loop {
            let Some(held) = self.registry.get_mut(slot).and_then(|client| client.held.as_mut()) else { return };
            let Some(Held { message, size: _, qos, retain, identifiers, decision, gate }) = held.take_decided() else {
                if held.messages.is_empty() {
                    break;
                }
                return;
            };
            match decision {
                Decision::Drop => self.note_dropped(slot),
                _ => {
                    let terms = Terms { qos, retain, identifiers: &identifiers };
                    if let Some(gate) = gate {
                        self.hold(gate);
                    }
                    self.deliver_now(slot, generation, &mut Fanout::from_message(message, self.now), terms);
                }
            }
        }
        if let Some(client) = self.registry.get_mut(slot) {
            client.held = None;
        }
        if connection != NONE {
            // Retained messages may have waited behind it.
            self.wants_write(connection);
        }
    }

    fn note_reply_dropped(&self, slot: u32) {
        if let Some(client) = self.registry.get(slot) {
            self.core.log.write(&Record::HookDropped { hook: "on_deliver", client: &client.identity.client_id });
        }
    }

    /// PINGREQ came.
    pub(super) fn on_ping(&mut self, index: u32) {
        if !self.core.interests.ping {
            return;
        }
        let client = self.connections.get(index as usize).and_then(|connection| self.registry.get(connection.slot));
        if let Some(identity) = client.map(|client| Arc::clone(&client.identity)) {
            self.tell(|hooks| hooks.on_ping(identity));
        }
    }
}

impl Held {
    fn decide(&mut self, answer: DeliverAnswer, now: Time) {
        self.decision = match answer {
            DeliverAnswer::Proceed => Decision::Deliver,
            DeliverAnswer::Drop => Decision::Drop,
            DeliverAnswer::Replace(publish) if mqtt_proto::topic::check_name(&publish.topic).is_err() => Decision::Drop,
            DeliverAnswer::Replace(publish) => {
                let message = Message::from_publish(&publish, publish.topic.clone(), now);
                if unfit(&message.properties).is_some() {
                    Decision::Drop
                } else {
                    self.message = Arc::new(message);
                    Decision::Deliver
                }
            }
        };
    }
}

impl HeldQueue {
    fn push(&mut self, held: Held) {
        self.bytes += held.size;
        self.messages.push_back(held);
    }

    /// The first message, where it has been decided.
    fn take_decided(&mut self) -> Option<Held> {
        if let Decision::Open(_) = self.messages.front()?.decision {
            return None;
        }
        let held = self.messages.pop_front()?;
        self.bytes -= held.size;
        Some(held)
    }
}
