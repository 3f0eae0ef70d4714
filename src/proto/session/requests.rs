//! SUBSCRIBE and UNSUBSCRIBE: asked by a client, answered by a server.

use super::handshake::refused;
use super::link::Link;
use super::outbox::{Outbound, Step};
use super::role::{Phase, Role};
use crate::packet::{
    Disconnect, Packet, PacketId, PacketType, Properties, Property, PropertyId, QoS, SubAck, Subscribe, Subscription,
    UnsubAck, Unsubscribe,
};
use crate::wire::encode::EncodeError;
use crate::{ReasonCode, Rule, Text, Time, Violation};

impl Link {
    /// Client: writes SUBSCRIBE. The identifier comes back in [`super::Event::Subscribed`]. `Ok(None)`: every packet
    /// identifier is in use, try again after the next acknowledgement. What the server has said it does not support
    /// (wildcards, shared subscriptions, subscription identifiers) is refused here, as is a request without a
    /// connection.
    pub fn subscribe(
        &mut self,
        now: Time,
        subscriptions: &[Subscription],
        properties: &Properties,
    ) -> Result<Option<PacketId>, EncodeError> {
        self.timers.seen = now;
        for subscription in subscriptions {
            let filter: &str = &subscription.filter;
            if !self.peer.shared_available && filter.starts_with("$share/") {
                return refused(format!("{filter}: the server does not support shared subscriptions"));
            }
            if !self.peer.wildcard_available && filter.contains(['+', '#']) {
                return refused(format!("{filter}: the server does not support wildcards"));
            }
        }
        if !self.peer.identifiers_available && properties.subscription_identifier().is_some() {
            return refused("the server does not support subscription identifiers".to_string());
        }
        self.request(Step::Subscribe(subscriptions.len() as u16), |packet_id| {
            Packet::Subscribe(Subscribe {
                packet_id,
                subscriptions: subscriptions.to_vec(),
                properties: properties.clone(),
            })
        })
    }

    /// Client: writes UNSUBSCRIBE. The identifier comes back in [`super::Event::Unsubscribed`]. `Ok(None)` as for
    /// [`Link::subscribe`].
    pub fn unsubscribe(
        &mut self,
        now: Time,
        filters: &[Text],
        properties: &Properties,
    ) -> Result<Option<PacketId>, EncodeError> {
        self.timers.seen = now;
        self.request(Step::Unsubscribe(filters.len() as u16), |packet_id| {
            Packet::Unsubscribe(Unsubscribe { packet_id, filters: filters.to_vec(), properties: properties.clone() })
        })
    }

    /// Server: answers SUBSCRIBE. Reason string and user properties are left out where the client asked for that
    /// [MQTT-3.1.2-29], or its maximum packet size does.
    pub fn suback(&mut self, ack: &SubAck) {
        let mut ack = ack.clone();
        self.strip(&mut ack.properties);
        self.answer(Packet::SubAck(ack));
    }

    /// Server: answers UNSUBSCRIBE. Reasons are left out for MQTT 3; properties as for [`Link::suback`].
    pub fn unsuback(&mut self, ack: &UnsubAck) {
        let mut ack = ack.clone();
        self.strip(&mut ack.properties);
        self.answer(Packet::UnsubAck(ack));
    }

    fn request(
        &mut self,
        step: Step,
        packet: impl FnOnce(PacketId) -> Packet,
    ) -> Result<Option<PacketId>, EncodeError> {
        if self.phase != Phase::Connected || self.role != Role::Client {
            return refused("there is no connection to a server".to_string());
        }
        let Some(id) = self.session.outbox.next_id() else { return Ok(None) };
        self.output.packet(&packet(id), self.version, self.peer.maximum_packet_size)?;
        let outbound = Outbound {
            token: 0,
            key: 0,
            message: None,
            subscription_identifiers: Box::default(),
            qos: QoS::AtMostOnce,
            retain: false,
        };
        self.session.outbox.start(outbound, step);
        self.trace_output();
        Ok(Some(id))
    }

    fn answer(&mut self, packet: Packet) {
        if self.phase == Phase::Connected {
            // The encoder sheds properties. One reason code per filter it cannot shed: a client that asks for more than
            // it takes in answer is told, and does not wait for an answer that never comes.
            match self.output.packet(&packet, self.version, self.peer.maximum_packet_size) {
                Ok(()) => {}
                Err(EncodeError::PacketTooLarge { .. }) => {
                    self.disconnect(&Disconnect::new(ReasonCode::PacketTooLarge));
                }
                Err(error) => debug_assert!(false, "{packet:?}: {error}"),
            }
            self.trace_output();
        }
    }

    /// What a client that does not want problem information must not get.
    pub(super) fn strip(&self, properties: &mut Properties) {
        if self.role == Role::Server && !self.peer.problem_information {
            properties.remove(PropertyId::ReasonString);
            properties.remove(PropertyId::UserProperty);
        }
    }

    /// The other end of that: a client that has said so does not take them from its server (section 3.1.2.11.7).
    pub(super) fn check_problem_information(
        &self,
        properties: &Properties,
        packet: PacketType,
    ) -> Result<(), Violation> {
        let told = || properties.iter().any(|p| matches!(p, Property::ReasonString(_) | Property::UserProperty(..)));
        if self.role == Role::Client && !self.peer.problem_information && told() {
            return Err(Violation::new(Rule::ProblemInformation, self.version).within(packet));
        }
        Ok(())
    }

    /// SUBACK and UNSUBACK: the request is done if it asked for so many answers.
    pub(super) fn recv_answer(&mut self, kind: PacketType, id: PacketId, answers: usize) -> Result<(), Violation> {
        let broken = |rule| Err(Violation::new(rule, self.version).within(kind));
        let Some(index) = self.session.outbox.find(id) else { return broken(Rule::UnsolicitedSubAck) };
        let asked = match (self.session.outbox.entry(index).step, kind) {
            (Step::Subscribe(asked), PacketType::SubAck) => asked,
            (Step::Unsubscribe(asked), PacketType::UnsubAck) if self.version.has_properties() => asked,
            (Step::Unsubscribe(_), PacketType::UnsubAck) => 0,
            _ => return broken(Rule::UnsolicitedSubAck),
        };
        if answers != usize::from(asked) {
            return broken(Rule::AcknowledgementCount);
        }
        self.session.outbox.finish(index);
        self.continue_sending();
        Ok(())
    }
}
