//! SUBSCRIBE and UNSUBSCRIBE, and the retained messages that a new subscription gets.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use mqtt_proto::packet::{QoS, RetainHandling, SubAck, Subscribe, Subscription, UnsubAck, Unsubscribe};
use mqtt_proto::session::{Dropped, Outgoing, Sent};
use mqtt_proto::topic::Filter;
use mqtt_proto::wire::fanout::Fanout;
use mqtt_proto::{ReasonCode, Time};
use mqtt_store::Interest;

use super::asking::Question;
use super::connection::{PendingRetained, WantedRetained};
use super::mail::Answer;
use super::publish::Terms;
use super::shard::Shard;
use crate::broker::SubscriptionInfo;
use crate::hooks::{SubscribeAnswer, SubscribeRequest, UnsubscribeAnswer, UnsubscribeRequest};
use crate::log::{Level, Record};
use crate::registry::NONE;
use crate::retained::{Retained, RetainedStore};
use crate::routing::{Edge, Grant};
use crate::shared::Member;

/// Output above which retained messages wait until the receiver has read.
const RETAINED_AHEAD: usize = 256 * 1024;
/// Subscriptions whose retained messages are looked for in one go.
const SEARCHES: usize = 8;

// Subscribing.
impl Shard {
    pub(crate) fn on_subscribe(&mut self, index: u32, subscribe: Subscribe) {
        if self.core.log.wants(Level::Debug) {
            self.trace(index);
            for subscription in &subscribe.subscriptions {
                self.core.log.write(&Record::SubscribeFilter { filter: &subscription.filter, qos: subscription.qos });
            }
        }
        if !self.core.interests.subscribe {
            return self.subscribe_answered(index, subscribe, Some(SubscribeAnswer::Proceed));
        }
        let Some(client) = self.connections.get(index as usize).and_then(|c| self.registry.get(c.slot)) else { return };
        let request = SubscribeRequest {
            client: Arc::clone(&client.identity),
            subscriptions: subscribe.subscriptions.clone(),
            properties: subscribe.properties.clone(),
        };
        self.ask(index, Question::Subscribe(Box::new(subscribe)), Answer::Subscribe, move |hooks, reply| {
            hooks.on_subscribe(request, reply);
        });
    }

    pub(crate) fn subscribe_answered(&mut self, index: u32, subscribe: Subscribe, answer: Option<SubscribeAnswer>) {
        let Some(slot) = self.connections.get(index as usize).map(|connection| connection.slot) else { return };
        let identifier = subscribe.properties.subscription_identifier().unwrap_or(0);
        let mut reasons = Vec::with_capacity(subscribe.subscriptions.len());
        let mut wanted = Vec::new();
        for (at, subscription) in subscribe.subscriptions.iter().enumerate() {
            let highest = match &answer {
                Some(SubscribeAnswer::Proceed) => Ok(subscription.qos),
                Some(SubscribeAnswer::Each(codes)) => decision(codes.get(at).copied(), subscription.qos),
                None => Err(ReasonCode::ImplementationSpecificError),
            };
            let granted = highest.and_then(|qos| self.subscribe_one(slot, subscription, qos, identifier, &mut wanted));
            reasons.push(match granted {
                Ok(QoS::AtMostOnce) => ReasonCode::Success,
                Ok(QoS::AtLeastOnce) => ReasonCode::GrantedQoS1,
                Ok(QoS::ExactlyOnce) => ReasonCode::GrantedQoS2,
                Err(reason) => reason,
            });
        }
        self.lend(index);
        let Some(connection) = self.connections.get_mut(index as usize) else { return };
        connection.link.suback(&SubAck { packet_id: subscribe.packet_id, reasons, properties: Default::default() });
        if connection.link.is_finished() {
            // SUBACK was too large for the client.
            return self.end(index, ReasonCode::PacketTooLarge);
        }
        if !wanted.is_empty() {
            connection.extra().wanted.extend(wanted);
            self.feed_retained(index);
        }
        self.wants_write(index);
    }

    /// Makes one subscription; notes whether it gets retained messages.
    pub(crate) fn subscribe_one(
        &mut self,
        slot: u32,
        subscription: &Subscription,
        qos: QoS,
        identifier: u32,
        wanted: &mut Vec<WantedRetained>,
    ) -> Result<QoS, ReasonCode> {
        let filter = Filter::parse(&subscription.filter).map_err(|rule| rule.reason())?;
        let reference = self.reference(slot).ok_or(ReasonCode::UnspecifiedError)?;
        let limits = &self.core.config.limits;
        let qos = qos.min(limits.maximum_qos);
        let most = limits.subscriptions_per_client;
        let client = self.registry.get_mut(slot).ok_or(ReasonCode::UnspecifiedError)?;
        let existed = client.subscriptions.contains_key(&*subscription.filter);
        if !existed && most != 0 && client.subscriptions.len() >= most {
            return Err(ReasonCode::QuotaExceeded);
        }
        let grant = Grant {
            qos,
            no_local: subscription.no_local,
            retain_as_published: subscription.retain_as_published,
            retain_handling: subscription.retain_handling,
            identifier,
        };
        client.subscriptions.insert((&*subscription.filter).into(), grant);
        let connected = client.connection != NONE;
        let member = filter.share.map(|_| {
            let presence = client.presence.get_or_insert_with(|| Arc::new(AtomicBool::new(connected)));
            Member { client: reference, grant, presence: Arc::clone(presence) }
        });
        self.core.log.write(&Record::Subscribed {
            client: &client.identity.client_id,
            qos,
            filter: &subscription.filter,
        });
        if let (Some(_), Some(connection)) = (filter.share, self.connections.get_mut(client.connection as usize)) {
            // What it leaves unacknowledged goes to another member.
            connection.link.session_mut().keep_messages();
        }
        self.record_subscribed(slot, subscription, qos, identifier);
        if !existed {
            self.counters.subscriptions += 1;
            self.counters.shared_subscriptions += u64::from(filter.share.is_some());
        }
        if self.core.routing.subscribe(&filter, reference, grant, member) == Edge::First {
            self.core.config.peers.interest(filter.filter, Interest::Gained);
        }
        let sends = match subscription.retain_handling {
            RetainHandling::Send => true,
            RetainHandling::SendIfNew => !existed,
            RetainHandling::DoNotSend => false,
        };
        // Shared subscriptions get none when they are made (section 4.8.2).
        if sends && filter.share.is_none() && self.core.retained.count() > 0 {
            let (filter, no_local) = (filter.filter.into(), subscription.no_local);
            wanted.push(WantedRetained { filter, qos, no_local, identifier });
        }
        Ok(qos)
    }

    /// Sends retained messages as long as the receiver keeps up: it reads, and nothing waits for its window.
    pub(crate) fn feed_retained(&mut self, index: u32) {
        let now = self.now;
        let mut searches = SEARCHES;
        loop {
            let Some(connection) = self.connections.get_mut(index as usize) else { return };
            let slot = connection.slot;
            let keeps_up = connection.link.output().len() < RETAINED_AHEAD
                && connection.link.session().queued() == 0
                && self.registry.get(slot).is_none_or(|client| client.held.is_none());
            let Some(extra) = &mut connection.extra else { return };
            if extra.retained.is_empty() && extra.wanted.is_empty() {
                return connection.trim();
            }
            if !keeps_up {
                extra.waited |= !extra.retained.is_empty();
                return;
            }
            if extra.retained.is_empty() {
                if searches == 0 {
                    // Others have their turn.
                    return self.wants_read(index);
                }
                searches -= 1;
                let Some(wanted) = extra.wanted.pop_front() else { return };
                extra.retained = search(&self.core.retained, &wanted, now);
                extra.waited = false;
                continue;
            }
            let Some(pending) = extra.retained.pop_front() else { return };
            let identifiers = [pending.identifier];
            // A message that had to wait may have been replaced, and its successor may have passed it: sending the
            // older one last would leave the receiver with the wrong value.
            let current = match extra.waited {
                true => self.core.retained.get(&pending.retained.message.topic, now),
                false => Some(pending.retained),
            };
            let own = self.registry.get(slot).map(|client| &*client.identity.client_id);
            let current = current.filter(|current| !(pending.no_local && current.publisher.as_deref() == own));
            let Some(current) = current else { continue };
            if !self.core.interests.deliver.is_empty() {
                let identifiers = if pending.identifier == 0 { &[][..] } else { &identifiers };
                let terms = Terms { qos: pending.qos, retain: true, identifiers };
                if self.holds_in(slot, &mut Fanout::from_message(Arc::clone(&current.message), now), terms) {
                    continue;
                }
            }
            let size = current.message.payload.len();
            let mut fanout = Fanout::from_message(current.message, now);
            let outgoing = Outgoing {
                qos: pending.qos,
                retain: true,
                subscription_identifiers: if pending.identifier == 0 { &[] } else { &identifiers },
                token: 0,
            };
            let Some(connection) = self.receiver(index) else { return };
            match connection.link.send(now, &mut fanout, outgoing) {
                Sent::Written | Sent::InFlight(_) => {
                    self.counters.messages_sent += 1;
                    self.counters.payload_sent += size as u64;
                }
                Sent::Queued => {}
                Sent::Dropped(_) => self.counters.messages_dropped += 1,
            }
        }
    }
}

impl Shard {
    /// Leaves the retained messages that were not sent in the session of a client that has gone.
    pub(crate) fn queue_retained(
        &mut self,
        slot: u32,
        pending: VecDeque<PendingRetained>,
        wanted: VecDeque<WantedRetained>,
    ) {
        for pending in pending {
            self.queue_one_retained(slot, &pending);
        }
        for wanted in wanted {
            for pending in search(&self.core.retained, &wanted, self.now) {
                if !self.queue_one_retained(slot, &pending) {
                    return;
                }
            }
        }
    }

    /// False where the queue is full.
    fn queue_one_retained(&mut self, slot: u32, pending: &PendingRetained) -> bool {
        let now = self.now;
        // It may have been replaced or cleared while it waited.
        let current = self.core.retained.get(&pending.retained.message.topic, now);
        let Some(client) = self.registry.get_mut(slot) else { return false };
        let own = Some(&*client.identity.client_id);
        let current = current.filter(|current| !(pending.no_local && current.publisher.as_deref() == own));
        let Some(current) = current else { return true };
        let identifiers = [pending.identifier];
        let identifiers = if pending.identifier == 0 { &[][..] } else { &identifiers };
        let qos = pending.qos.min(current.qos);
        if !self.core.interests.deliver.is_empty() {
            let terms = Terms { qos, retain: true, identifiers };
            if self.holds_in(slot, &mut Fanout::from_message(Arc::clone(&current.message), now), terms) {
                return true;
            }
        }
        let Some(session) = self.registry.get_mut(slot).and_then(|client| client.session.as_mut()) else { return true };
        let outgoing = Outgoing { qos, retain: true, subscription_identifiers: identifiers, token: 0 };
        let sent = session.enqueue(now, &current.message, outgoing);
        self.note_changed(slot);
        match sent {
            Sent::Dropped(Dropped::QueueFull) => {
                self.note_dropped(slot);
                false
            }
            _ => true,
        }
    }
}

/// The retained messages that a new subscription gets.
fn search(store: &RetainedStore, wanted: &WantedRetained, now: Time) -> VecDeque<PendingRetained> {
    let &WantedRetained { ref filter, qos, no_local, identifier } = wanted;
    let pending = |retained: Retained| {
        let qos = qos.min(retained.qos);
        PendingRetained { retained, qos, no_local, identifier }
    };
    store.matching(filter, now).into_iter().map(pending).collect()
}

/// What a hook's code means for one filter.
fn decision(code: Option<ReasonCode>, asked: QoS) -> Result<QoS, ReasonCode> {
    match code {
        Some(ReasonCode::Success) => Ok(QoS::AtMostOnce),
        Some(ReasonCode::GrantedQoS1) => Ok(asked.min(QoS::AtLeastOnce)),
        Some(ReasonCode::GrantedQoS2) => Ok(asked),
        Some(reason) if reason.is_error() => Err(reason),
        _ => Err(ReasonCode::UnspecifiedError),
    }
}

// Unsubscribing.
impl Shard {
    pub(crate) fn on_unsubscribe(&mut self, index: u32, unsubscribe: Unsubscribe) {
        if !self.core.interests.unsubscribe {
            return self.unsubscribe_answered(index, unsubscribe, Some(UnsubscribeAnswer::Proceed));
        }
        let Some(client) = self.connections.get(index as usize).and_then(|c| self.registry.get(c.slot)) else { return };
        let request = UnsubscribeRequest {
            client: Arc::clone(&client.identity),
            filters: unsubscribe.filters.clone(),
            properties: unsubscribe.properties.clone(),
        };
        self.ask(index, Question::Unsubscribe(Box::new(unsubscribe)), Answer::Unsubscribe, move |hooks, reply| {
            hooks.on_unsubscribe(request, reply);
        });
    }

    pub(crate) fn unsubscribe_answered(
        &mut self,
        index: u32,
        unsubscribe: Unsubscribe,
        answer: Option<UnsubscribeAnswer>,
    ) {
        let Some(slot) = self.connections.get(index as usize).map(|connection| connection.slot) else { return };
        let mut reasons = Vec::with_capacity(unsubscribe.filters.len());
        for (at, filter) in unsubscribe.filters.iter().enumerate() {
            let refused = match &answer {
                Some(UnsubscribeAnswer::Proceed) => None,
                Some(UnsubscribeAnswer::Each(codes)) => codes.get(at).copied().filter(|code| code.is_error()),
                None => Some(ReasonCode::ImplementationSpecificError),
            };
            reasons.push(refused.unwrap_or_else(|| match self.unsubscribe_one(slot, filter) {
                true => ReasonCode::Success,
                false => ReasonCode::NoSubscriptionExisted,
            }));
        }
        self.lend(index);
        let Some(connection) = self.connections.get_mut(index as usize) else { return };
        connection.link.unsuback(&UnsubAck {
            packet_id: unsubscribe.packet_id,
            reasons,
            properties: Default::default(),
        });
        if connection.link.is_finished() {
            return self.end(index, ReasonCode::PacketTooLarge);
        }
        self.wants_write(index);
    }

    /// Ends one subscription; false where there was none.
    fn unsubscribe_one(&mut self, slot: u32, filter: &str) -> bool {
        let Some(client) = self.registry.get_mut(slot) else { return false };
        if client.subscriptions.remove(filter).is_none() {
            return false;
        }
        self.core.log.write(&Record::Unsubscribed { client: &client.identity.client_id, filter });
        self.record(slot, mqtt_store::SessionChange::Unsubscribed(filter.into()));
        self.forget_subscription(slot, filter);
        true
    }

    /// Ends every subscription of a session.
    pub(crate) fn unsubscribe_all(&mut self, slot: u32) {
        let Some(client) = self.registry.get_mut(slot) else { return };
        let subscriptions = std::mem::take(&mut client.subscriptions);
        subscriptions.keys().for_each(|filter| self.forget_subscription(slot, filter));
    }

    fn forget_subscription(&mut self, slot: u32, filter: &str) {
        let (Ok(filter), Some(reference)) = (Filter::parse(filter), self.reference(slot)) else { return };
        self.counters.subscriptions -= 1;
        self.counters.shared_subscriptions -= u64::from(filter.share.is_some());
        if self.core.routing.unsubscribe(&filter, reference) == Edge::Last {
            self.core.config.peers.interest(filter.filter, Interest::Lost);
        }
    }

    /// Every subscription of this shard's sessions.
    pub(crate) fn subscription_infos(&self) -> Vec<SubscriptionInfo> {
        let mut infos = Vec::new();
        for (_, client) in self.registry.iter() {
            for (filter, grant) in &client.subscriptions {
                let subscription = Subscription {
                    no_local: grant.no_local,
                    retain_as_published: grant.retain_as_published,
                    retain_handling: grant.retain_handling,
                    ..Subscription::new(&**filter, grant.qos)
                };
                infos.push(SubscriptionInfo {
                    client_id: Arc::clone(&client.identity.client_id),
                    subscription,
                    identifier: (grant.identifier != 0).then_some(grant.identifier),
                });
            }
        }
        infos
    }
}
