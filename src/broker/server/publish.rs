//! A message and its receivers.

use std::rc::Rc;
use std::sync::Arc;

use mqtt_proto::packet::{Message, Publish, QoS};
use mqtt_proto::session::{Outgoing, Receipt, Sent};
use mqtt_proto::wire::decode::{self, PublishView};
use mqtt_proto::wire::fanout::Fanout;
use mqtt_proto::wire::frame;
use mqtt_proto::{ReasonCode, Text, Version};
use smallvec::SmallVec;

use super::asking::Question;
use super::mail::{Answer, Batch, Body, Publication, Remote, To};
use super::shard::Shard;
use crate::broker::unfit;
use crate::config::PayloadFormat;
use crate::hooks::{PublishAnswer, PublishRequest};
use crate::log::Record;
use crate::registry::NONE;
use crate::retained::Kept;
use crate::routing::{ClientRef, Route};
use crate::shared::Group;

/// Frames up to this long are copied to other shards; longer messages are shared.
const SHORT_FRAME: usize = 2048;
/// A batch that has become so large is handed over at once.
const BATCH: usize = 256 * 1024;

/// Where a message comes from and what its publisher asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin<'a> {
    pub(crate) publisher: Option<ClientRef>,
    pub(crate) qos: QoS,
    pub(crate) retain: bool,
    /// It came from another node, which must not get it back.
    pub(crate) from_peer: bool,
    /// The PUBLISH as it came, where it is short and complete in itself: what goes to other shards.
    pub(crate) frame: Option<(&'a [u8], Version)>,
}

/// How a message goes to one session.
#[derive(Clone, Copy)]
pub(super) struct Terms<'a> {
    pub(super) qos: QoS,
    pub(super) retain: bool,
    pub(super) identifiers: &'a [u32],
}

/// Whether a payload that says that it is text is text.
fn keeps_its_format(view: &PublishView<'_>) -> bool {
    view.properties.is_empty()
        || view.to_publish().properties.payload_format_indicator() != Some(1)
        || std::str::from_utf8(view.payload).is_ok()
}

// From clients.
impl Shard {
    /// A client publishes.
    pub(crate) fn on_publish(
        &mut self,
        index: u32,
        view: &PublishView<'_>,
        alias: Option<&Text>,
        receipt: Option<Receipt>,
    ) {
        let topic: &str = alias.map_or(view.topic, |alias| alias);
        self.counters.messages_received += 1;
        self.counters.payload_received += view.payload.len() as u64;
        if let Some(reason) = self.not_allowed(view.qos, view.retain, topic) {
            return match (reason, receipt) {
                (ReasonCode::NotAuthorized, receipt) => self.settle(index, receipt, reason),
                (reason, _) => self.end(index, reason),
            };
        }
        if self.core.config.payload_format == PayloadFormat::Checked && !keeps_its_format(view) {
            return match receipt {
                None => self.end(index, ReasonCode::PayloadFormatInvalid),
                receipt => self.settle(index, receipt, ReasonCode::PayloadFormatInvalid),
            };
        }
        let route = self.route_of(index, topic);
        if route.asked {
            let mut publish = view.to_publish();
            publish.topic = alias.cloned().unwrap_or(publish.topic);
            return self.ask_publish(index, publish, receipt);
        }
        let mut fanout = Fanout::from_view(*view, topic, self.now);
        self.begin_publisher(index, receipt.is_some());
        let publisher = self.connections.get(index as usize).and_then(|connection| self.reference(connection.slot));
        if view.retain {
            if let Err(reason) = self.retain(&mut fanout, view.qos, publisher) {
                return self.fail(index, receipt, reason);
            }
        }
        let short = view.frame.len() <= SHORT_FRAME && view.topic_alias.is_none();
        let frame = short.then_some((view.frame, view.version));
        let origin = Origin { publisher, qos: view.qos, retain: view.retain, from_peer: false, frame };
        self.settle_routed(index, receipt, &route);
        self.fan_out(&route, &mut fanout, &origin);
        self.end_publisher();
    }

    /// Why this publish may not be: an error that ends the connection, or not authorized.
    fn not_allowed(&self, qos: QoS, retain: bool, topic: &str) -> Option<ReasonCode> {
        let limits = &self.core.config.limits;
        if qos > limits.maximum_qos {
            Some(ReasonCode::QoSNotSupported)
        } else if retain && !limits.retain_available {
            Some(ReasonCode::RetainNotSupported)
        } else if topic.starts_with("$SYS/") {
            Some(ReasonCode::NotAuthorized)
        } else {
            None
        }
    }

    /// The route of a topic that this connection publishes to: its last one, or from the shard's cache, or made.
    fn route_of(&mut self, index: u32, topic: &str) -> Rc<Route> {
        let epoch = self.core.routing.epoch();
        let memo = self.connections.get(index as usize).and_then(|connection| connection.memo.as_ref());
        if let Some(route) = memo {
            if route.epoch == epoch && *route.topic == *topic {
                return Rc::clone(route);
            }
        }
        let route = self.route(topic);
        if self.routes.is_passing(&route) {
            return route;
        }
        if let Some(connection) = self.connections.get_mut(index as usize) {
            connection.memo = Some(Rc::clone(&route));
        }
        route
    }

    /// The route of a topic.
    fn route(&mut self, topic: &str) -> Rc<Route> {
        let (core, shard) = (&self.core, self.index);
        self.routes.get(topic, core.routing.epoch(), |route| {
            core.routing.route_into(route, topic, shard as u32);
            route.asked = core.asks_publish(topic);
            route.peers = core.config.peers.wants(topic);
        })
    }

    fn ask_publish(&mut self, index: u32, publish: Publish, receipt: Option<Receipt>) {
        let Some(client) = self.connections.get(index as usize).and_then(|c| self.registry.get(c.slot)) else { return };
        let request = PublishRequest { client: Arc::clone(&client.identity), publish: publish.clone() };
        let question = Question::Publish(Box::new(publish), receipt);
        self.ask(index, question, Answer::Publish, move |hooks, reply| hooks.on_publish(request, reply));
    }

    pub(crate) fn publish_answered(
        &mut self,
        index: u32,
        publish: Publish,
        receipt: Option<Receipt>,
        answer: Option<PublishAnswer>,
    ) {
        let publish = match answer {
            Some(PublishAnswer::Proceed) => publish,
            Some(PublishAnswer::Refuse(reason @ ReasonCode::ImplementationSpecificError)) => {
                return self.fail(index, receipt, reason);
            }
            Some(PublishAnswer::Refuse(reason)) => return self.settle(index, receipt, reason),
            Some(PublishAnswer::Replace(other)) => *other,
            None => return self.fail(index, receipt, ReasonCode::ImplementationSpecificError),
        };
        let message = Arc::new(Message::from_publish(&publish, publish.topic.clone(), self.now));
        if let Some((property, _)) = unfit(&message.properties) {
            let (hook, problem) = ("on_publish", "cannot be published with, so the message was refused");
            self.core.log.write(&Record::HookAnswer { hook, client: &self.name(index), property, problem });
            return self.fail(index, receipt, ReasonCode::ImplementationSpecificError);
        }
        if mqtt_proto::topic::check_name(&message.topic).is_err() {
            return self.settle(index, receipt, ReasonCode::TopicNameInvalid);
        }
        let route = self.route(&message.topic);
        let mut fanout = Fanout::from_message(message, self.now);
        self.begin_publisher(index, receipt.is_some());
        let publisher = self.connections.get(index as usize).and_then(|connection| self.reference(connection.slot));
        if publish.retain {
            if let Err(reason) = self.retain(&mut fanout, publish.qos, publisher) {
                return self.fail(index, receipt, reason);
            }
        }
        let origin = Origin { publisher, qos: publish.qos, retain: publish.retain, from_peer: false, frame: None };
        self.settle_routed(index, receipt, &route);
        self.fan_out(&route, &mut fanout, &origin);
        self.end_publisher();
    }

    /// Acknowledges a message that goes to its receivers. Before they get it, so that an echo to the publisher itself
    /// comes behind the acknowledgement.
    #[inline]
    fn settle_routed(&mut self, index: u32, receipt: Option<Receipt>, route: &Route) {
        let reason = if route.is_empty() { ReasonCode::NoMatchingSubscribers } else { ReasonCode::Success };
        self.settle(index, receipt, reason);
    }

    #[inline]
    pub(crate) fn settle(&mut self, index: u32, receipt: Option<Receipt>, reason: ReasonCode) {
        let (Some(receipt), Some(connection)) = (receipt, self.connections.get_mut(index as usize)) else { return };
        connection.link.settle(receipt, reason);
    }

    /// A message that could not be handled, which says nothing about the message: MQTT 5 is told, and the connection
    /// of an older client ends, because its acknowledgement would say that the message has arrived [MQTT-4.8.0-2].
    fn fail(&mut self, index: u32, receipt: Option<Receipt>, reason: ReasonCode) {
        let version = self.connections.get(index as usize).map(|connection| connection.link.version());
        match (receipt, version) {
            (Some(receipt), Some(version)) if version.has_properties() => self.settle(index, Some(receipt), reason),
            (Some(_), _) => self.end(index, reason),
            (None, _) => {}
        }
    }

    /// Keeps a retained message.
    fn retain(&mut self, fanout: &mut Fanout<'_>, qos: QoS, publisher: Option<ClientRef>) -> Result<(), ReasonCode> {
        let client = publisher.and_then(|publisher| self.registry.get(publisher.slot));
        let publisher = client.map(|client| Arc::clone(&client.identity.client_id));
        match self.core.retained.set_from(fanout.message(), qos, publisher) {
            Kept::Full => Err(ReasonCode::QuotaExceeded),
            Kept::Nothing => Ok(()),
            Kept::Stored | Kept::Cleared => {
                self.record_retained(fanout.message(), qos);
                Ok(())
            }
        }
    }
}

// To receivers.
impl Shard {
    /// Publishes without a connection behind it: the broker's own messages, wills, and those of other nodes.
    pub(crate) fn publish_own(&mut self, publication: Publication) {
        let Publication { message, qos, retain, from_peer } = publication;
        let route = self.route(&message.topic);
        let mut fanout = Fanout::from_message(message, self.now);
        if retain && self.core.config.limits.retain_available {
            // A full store is no reason to keep the message from those who are there.
            let _ = self.retain(&mut fanout, qos, None);
        }
        self.fan_out(&route, &mut fanout, &Origin { publisher: None, qos, retain, from_peer, frame: None });
    }

    /// Sends a message to everyone on the route.
    pub(crate) fn fan_out(&mut self, route: &Route, fanout: &mut Fanout<'_>, origin: &Origin<'_>) {
        self.fan_out_local(route, fanout, origin);
        let mut remote = route.remote;
        while remote != 0 {
            let shard = remote.trailing_zeros() as usize;
            remote &= remote - 1;
            self.send_remote(shard, fanout, origin, origin.qos, origin.retain, To::Subscribers);
        }
        for group in &route.groups {
            self.deliver_to_group(group, fanout, origin);
        }
        if route.peers && !origin.from_peer {
            let publisher = origin.publisher.filter(|publisher| publisher.shard as usize == self.index);
            let publisher = publisher.and_then(|publisher| self.registry.get(publisher.slot));
            self.core.config.peers.publish(mqtt_store::PeerMessage {
                message: Arc::clone(fanout.message()),
                qos: origin.qos,
                retain: origin.retain,
                publisher: publisher.map(|client| Text::from(&*client.identity.client_id)),
            });
        }
        self.bound_output();
    }

    /// Puts a message into the batch for another shard.
    fn send_remote(
        &mut self,
        shard: usize,
        fanout: &mut Fanout<'_>,
        origin: &Origin<'_>,
        qos: QoS,
        retain: bool,
        to: To,
    ) {
        let gate = self.publisher_gate();
        let batch = &mut self.outbox[shard];
        let body = match origin.frame {
            Some((frame, version)) => {
                let at = batch.bytes.len() as u32;
                if batch.bytes.capacity() == 0 {
                    batch.bytes = self.batch_pool.pop().unwrap_or_default();
                }
                batch.bytes.extend_from_slice(frame);
                batch.weight += frame.len();
                Body::Frame { at, length: frame.len() as u32, version }
            }
            None => {
                let message = Arc::clone(fanout.message());
                batch.weight += message.size();
                Body::Message(message)
            }
        };
        batch.weight += size_of::<Remote>();
        batch.items.push(Remote { body, qos, retain, publisher: origin.publisher, to, gate });
        if batch.weight > BATCH {
            self.hand_over(shard);
        }
    }

    /// Sends a message to the member whose turn it is.
    pub(super) fn deliver_to_group(&mut self, group: &Group, fanout: &mut Fanout<'_>, origin: &Origin<'_>) {
        let Some(member) = group.choose() else { return };
        let (client, grant) = (member.client, member.grant);
        let identifiers: SmallVec<[u32; 2]> = (grant.identifier != 0).then_some(grant.identifier).into_iter().collect();
        let qos = origin.qos.min(grant.qos);
        let retain = origin.retain && grant.retain_as_published;
        if client.shard as usize == self.index {
            self.deliver(client.slot, client.generation, fanout, Terms { qos, retain, identifiers: &identifiers });
        } else {
            let to = To::Member { slot: client.slot, generation: client.generation, identifiers };
            self.send_remote(client.shard as usize, fanout, origin, qos, retain, to);
        }
    }

    fn fan_out_local(&mut self, route: &Route, fanout: &mut Fanout<'_>, origin: &Origin<'_>) {
        let shard = self.index as u32;
        // Not `Option`s compared: the optimizer looks at what is in an empty one too, which valgrind takes for a bug.
        let publisher = origin.publisher.unwrap_or(ClientRef::NOBODY);
        for receiver in &route.local {
            let client = ClientRef { shard, slot: receiver.slot, generation: receiver.generation };
            if receiver.no_local && publisher == client {
                continue;
            }
            let terms = Terms {
                qos: origin.qos.min(receiver.qos),
                retain: origin.retain && receiver.retain_as_published,
                identifiers: &receiver.identifiers,
            };
            self.deliver(receiver.slot, receiver.generation, fanout, terms);
        }
    }

    /// Messages from another shard.
    pub(crate) fn deliver_batch(&mut self, batch: Batch) {
        let Batch { items, bytes, weight } = batch;
        for remote in items {
            let Remote { body, qos, retain, publisher, to, gate } = remote;
            self.carry(gate);
            let origin = Origin { publisher, qos, retain, from_peer: false, frame: None };
            match body {
                Body::Message(message) => {
                    let topic = message.topic.clone();
                    self.deliver_remote(&topic, &mut Fanout::from_message(message, self.now), &origin, &to);
                }
                Body::Frame { at, length, version } => {
                    let bytes = &bytes[at as usize..][..length as usize];
                    let frame = frame::split(bytes, version, u32::MAX).ok().flatten();
                    // It has been read once, so it can be read again.
                    let Some(view) = frame.and_then(|frame| decode::publish(&frame, version, None).ok()) else {
                        continue;
                    };
                    self.deliver_remote(view.topic, &mut Fanout::from_view(view, view.topic, self.now), &origin, &to);
                }
            }
            self.bound_output();
        }
        self.carry(None);
        self.core.mailboxes[self.index].delivered(weight);
        self.give_back_batch(bytes);
    }

    fn deliver_remote(&mut self, topic: &str, fanout: &mut Fanout<'_>, origin: &Origin<'_>, to: &To) {
        match to {
            To::Subscribers => {
                let route = self.route(topic);
                self.fan_out_local(&route, fanout, origin);
            }
            To::Member { slot, generation, identifiers } => {
                self.deliver(*slot, *generation, fanout, Terms { qos: origin.qos, retain: origin.retain, identifiers });
            }
        }
    }

    /// Sends a message to one session, or queues it there, or asks a hook first.
    #[inline]
    fn deliver(&mut self, slot: u32, generation: u32, fanout: &mut Fanout<'_>, terms: Terms<'_>) {
        if self.core.interests.deliver.is_empty() || !self.holds(slot, generation, fanout, terms) {
            self.deliver_now(slot, generation, fanout, terms);
        }
    }

    /// Sends a message to one session, or queues it there.
    #[inline]
    pub(super) fn deliver_now(&mut self, slot: u32, generation: u32, fanout: &mut Fanout<'_>, terms: Terms<'_>) {
        let Some(client) = self.registry.resolve(slot, generation) else { return };
        if client.lease.is_some() && terms.qos > QoS::AtMostOnce {
            self.note_changed(slot);
            self.hold_publisher();
        }
        let Some(client) = self.registry.resolve(slot, generation) else { return };
        let outgoing =
            Outgoing { qos: terms.qos, retain: terms.retain, subscription_identifiers: terms.identifiers, token: 0 };
        if client.connection == NONE {
            if let Some(session) = &mut client.session {
                if let Sent::Dropped(_) = session.enqueue(self.now, fanout.message(), outgoing) {
                    self.note_dropped(slot);
                }
            }
            return;
        }
        let (index, now, size) = (client.connection, self.now, fanout.payload().len());
        let Some(connection) = self.receiver(index) else { return };
        match connection.link.send(now, fanout, outgoing) {
            Sent::Written | Sent::InFlight(_) => {
                self.counters.messages_sent += 1;
                self.counters.payload_sent += size as u64;
                self.delivered += size + 32;
            }
            Sent::Queued => {}
            Sent::Dropped(_) => self.note_dropped(slot),
        }
    }

    /// Counts a message that was not sent, and tells the log about the first one.
    pub(crate) fn note_dropped(&mut self, slot: u32) {
        self.counters.messages_dropped += 1;
        let Some(client) = self.registry.get_mut(slot) else { return };
        client.dropped += 1;
        if !std::mem::replace(&mut client.dropping, true) {
            self.core.log.write(&Record::Dropping { client: &client.identity.client_id });
        }
    }
}
