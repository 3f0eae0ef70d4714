//! Packets to arrays. The order of the keys is the libraries'.

use mqtt_proto::packet::{Connect, Packet, PacketId, PacketType, Properties, Will};
use mqtt_proto::wire::Place;
use mqtt_proto::wire::decode::PublishView;
use mqtt_proto::{ReasonCode, Version};

use super::keys::{Dialect, Key};
use super::properties;
use crate::zend::{self, Zval};

/// An array that grows key by key.
struct Array(Zval);

impl Array {
    fn new(dialect: &Dialect, kind: PacketType) -> Array {
        let mut array = Array(zend::map_of(8));
        array.add(dialect.kind, zend::long(kind as u8));
        array
    }

    fn add(&mut self, key: Key, value: Zval) {
        zend::add(&mut self.0, key.string(), value);
    }

    fn flag(&mut self, key: Key, flag: bool) {
        self.add(key, zend::long(u8::from(flag)));
    }

    fn bytes(&mut self, key: Key, bytes: &[u8]) {
        self.add(key, zend::string(bytes));
    }

    fn id(&mut self, id: PacketId) {
        self.add(Key::MessageId, zend::long(id.get()));
    }

    fn properties(&mut self, list: &Properties, place: Place) {
        if !list.is_empty() {
            self.add(Key::Properties, properties::array(list, place));
        }
    }

    fn codes(&mut self, reasons: &[ReasonCode], number: impl Fn(&ReasonCode) -> u8) {
        self.add(Key::Codes, zend::list_of(reasons.iter().map(|reason| zend::long(number(reason)))));
    }
}

/// A PUBLISH, from the bytes as they were read.
pub(super) fn publish(dialect: &Dialect, view: &PublishView<'_>) -> Zval {
    let mut array = Array::new(dialect, PacketType::Publish);
    let flags = |array: &mut Array| {
        array.flag(Key::Dup, view.dup);
        array.add(Key::QoS, zend::long(view.qos.level()));
        array.flag(Key::Retain, view.retain);
    };
    if view.version.has_properties() {
        flags(&mut array);
        array.bytes(Key::Topic, view.topic.as_bytes());
        view.packet_id.into_iter().for_each(|id| array.id(id));
        if !view.properties.is_empty() {
            array.properties(&view.to_properties(), Place::Packet(PacketType::Publish));
        }
        array.bytes(dialect.payload, view.payload);
        return array.0;
    }
    if !dialect.topic_first {
        flags(&mut array);
    }
    array.bytes(Key::Topic, view.topic.as_bytes());
    array.bytes(dialect.payload, view.payload);
    if dialect.topic_first {
        flags(&mut array);
    }
    view.packet_id.into_iter().for_each(|id| array.id(id));
    array.0
}

/// Any other packet.
pub(super) fn packet(dialect: &Dialect, packet: &Packet, version: Version) -> Zval {
    let kind = packet.packet_type();
    let place = Place::Packet(kind);
    let with_properties = version.has_properties();
    let mut array = Array::new(dialect, kind);
    match packet {
        Packet::Connect(packet) => connect(dialect, packet, &mut array),
        Packet::ConnAck(packet) => {
            array.flag(Key::SessionPresent, packet.session_present);
            let reason = packet.reason;
            let code = if with_properties { reason.value() } else { reason.connect_return_code() };
            array.add(Key::Code, zend::long(code));
            array.properties(&packet.properties, place);
        }
        Packet::PubAck(ack) | Packet::PubRec(ack) | Packet::PubRel(ack) | Packet::PubComp(ack) => {
            array.id(ack.packet_id);
            if with_properties {
                array.add(Key::Code, zend::long(ack.reason.value()));
                array.properties(&ack.properties, place);
            }
        }
        Packet::Subscribe(packet) => {
            array.id(packet.packet_id);
            array.properties(&packet.properties, place);
            let mut topics = zend::map_of(packet.subscriptions.len() as u32);
            for subscription in &packet.subscriptions {
                let qos = zend::long(subscription.qos.level());
                let value = if with_properties {
                    let mut options = Array(zend::map_of(4));
                    options.add(Key::QoS, qos);
                    options.add(Key::NoLocal, zend::bool(subscription.no_local));
                    options.add(Key::RetainAsPublished, zend::bool(subscription.retain_as_published));
                    options.add(Key::RetainHandling, zend::long(subscription.retain_handling as u8));
                    options.0
                } else {
                    qos
                };
                zend::put(&mut topics, subscription.filter.as_bytes(), value);
            }
            array.add(Key::Topics, topics);
        }
        Packet::SubAck(packet) => {
            array.id(packet.packet_id);
            array.properties(&packet.properties, place);
            array.codes(
                &packet.reasons,
                |reason| {
                    if with_properties { reason.value() } else { reason.subscribe_return_code() }
                },
            );
        }
        Packet::Unsubscribe(packet) => {
            array.id(packet.packet_id);
            array.properties(&packet.properties, place);
            let topics = packet.filters.iter().map(|filter| zend::string(filter.as_bytes()));
            array.add(Key::Topics, zend::list_of(topics));
        }
        Packet::UnsubAck(packet) => {
            array.id(packet.packet_id);
            if with_properties {
                array.properties(&packet.properties, place);
                array.codes(&packet.reasons, |reason| reason.value());
            }
        }
        Packet::Disconnect(packet) if with_properties => {
            array.add(Key::Code, zend::long(packet.reason.value()));
            array.properties(&packet.properties, place);
        }
        Packet::Auth(packet) => {
            array.add(Key::Code, zend::long(packet.reason.value()));
            array.properties(&packet.properties, place);
        }
        // A PUBLISH goes through [`publish`].
        Packet::Publish(_) | Packet::PingReq | Packet::PingResp | Packet::Disconnect(_) => {}
    }
    array.0
}

/// An AUTH that has only this code.
pub(super) fn bare_auth(dialect: &Dialect, code: u8) -> Zval {
    let mut array = Array::new(dialect, PacketType::Auth);
    array.add(Key::Code, zend::long(code));
    array.0
}

fn connect(dialect: &Dialect, packet: &Connect, array: &mut Array) {
    let level = packet.version.level() | u8::from(packet.bridge) << 7;
    array.bytes(Key::ProtocolName, packet.version.protocol_name().as_bytes());
    array.add(Key::ProtocolLevel, zend::long(level));
    array.flag(Key::CleanSession, packet.clean_start);
    array.properties(&packet.properties, Place::Packet(PacketType::Connect));
    if let Some(will) = &packet.will {
        array.add(Key::Will, will_array(dialect, will));
    }
    array.bytes(dialect.user_name, packet.user_name.as_ref().map_or(&[], |text| text.as_bytes()));
    array.bytes(Key::Password, packet.password.as_deref().unwrap_or_default());
    array.add(dialect.keep_alive, zend::long(packet.keep_alive));
    array.bytes(Key::ClientId, packet.client_id.as_bytes());
}

fn will_array(dialect: &Dialect, will: &Will) -> Zval {
    let mut array = Array(zend::map_of(8));
    array.properties(&will.properties, Place::Will);
    array.add(Key::QoS, zend::long(will.qos.level()));
    array.flag(Key::Retain, will.retain);
    array.bytes(Key::Topic, will.topic.as_bytes());
    array.bytes(dialect.payload, &will.payload);
    array.0
}
