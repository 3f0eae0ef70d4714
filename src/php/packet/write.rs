//! Packets to objects.

use mqtt_proto::packet::{Ack, ConnAck, Connect, Disconnect, Packet, PacketId, Properties, Publish, SubAck, UnsubAck};
use mqtt_proto::wire::decode::PublishView;
use mqtt_proto::{ReasonCode, Text};

use super::*;
use crate::message;
use crate::object;
use crate::zend::zend_class_entry;

/// An object for a packet.
pub(crate) fn object(packet: &Packet) -> Zval {
    match packet {
        Packet::Connect(connect) => connect_object(connect),
        Packet::ConnAck(ack) => conn_ack_object(ack),
        Packet::Publish(publish) => publish_object(publish),
        Packet::PubAck(ack) => ack_object(pub_ack_class(), ack),
        Packet::PubRec(ack) => ack_object(pub_rec_class(), ack),
        Packet::PubRel(ack) => ack_object(pub_rel_class(), ack),
        Packet::PubComp(ack) => ack_object(pub_comp_class(), ack),
        Packet::Subscribe(subscribe) => {
            let identifier = subscribe.properties.subscription_identifier();
            let list = subscribe.subscriptions.iter().map(|each| message::subscription_object(each, identifier));
            object::new(
                subscribe_class(),
                [
                    zend::long(subscribe.packet_id.get()),
                    zend::list_of(list),
                    properties::object(subscribe.properties.clone()),
                ],
            )
        }
        Packet::SubAck(ack) => sub_ack_object(ack),
        Packet::Unsubscribe(unsubscribe) => {
            let list = unsubscribe.filters.iter().map(|filter: &Text| zend::string(filter.as_bytes()));
            object::new(
                unsubscribe_class(),
                [
                    zend::long(unsubscribe.packet_id.get()),
                    zend::list_of(list),
                    properties::object(unsubscribe.properties.clone()),
                ],
            )
        }
        Packet::UnsubAck(ack) => unsub_ack_object(ack),
        Packet::PingReq => object::new(ping_req_class(), []),
        Packet::PingResp => object::new(ping_resp_class(), []),
        Packet::Disconnect(disconnect) => disconnect_object(disconnect),
        Packet::Auth(auth) => {
            object::new(auth_class(), [enums::reason(auth.reason), properties::object(auth.properties.clone())])
        }
    }
}

fn connect_object(connect: &Connect) -> Zval {
    let object = zend::new_object(connect_class());
    let slots = [
        zend::string(connect.client_id.as_bytes()),
        zend::bool(connect.clean_start),
        zend::long(connect.keep_alive),
        zend::optional(connect.will.as_ref(), message::will_object),
        zend::optional(connect.user_name.as_ref(), |text| zend::string(text.as_bytes())),
        zend::optional(connect.password.as_ref(), |bytes| zend::string(bytes)),
        properties::object(connect.properties.clone()),
        enums::version(connect.version),
        zend::bool(connect.bridge),
    ];
    if let Some(pointer) = zend::as_object(&object) {
        // SAFETY: a new object of the class with these slots.
        unsafe { object::write(pointer, slots) };
    }
    object
}

/// An object for CONNACK.
pub(crate) fn conn_ack_object(ack: &ConnAck) -> Zval {
    object::new(
        conn_ack_class(),
        [enums::reason(ack.reason), zend::bool(ack.session_present), properties::object(ack.properties.clone())],
    )
}

fn publish_object(publish: &Publish) -> Zval {
    object::new(
        publish_class(),
        [
            zend::string(publish.topic.as_bytes()),
            zend::string(&publish.payload),
            zend::long(publish.qos.level()),
            zend::bool(publish.retain),
            zend::bool(publish.dup),
            optional_id(publish.packet_id),
            properties::object(publish.properties.clone()),
        ],
    )
}

/// An object for a PUBLISH in the read buffer: the fast path of the decoder. `topic` is the last topic made into a
/// string, shared where it comes again.
#[inline]
pub(crate) fn publish_view_object(view: &PublishView<'_>, topic: &mut Zval) -> Zval {
    if zend::as_bytes(topic) != Some(view.topic.as_bytes()) {
        *topic = zend::string(view.topic.as_bytes());
    }
    let properties =
        if view.properties.is_empty() { properties::empty() } else { properties::object(view.to_properties()) };
    object::new(
        publish_class(),
        [
            zend::as_string(topic).map_or_else(zend::null, zend::string_of),
            zend::string(view.payload),
            zend::long(view.qos.level()),
            zend::bool(view.retain),
            zend::bool(view.dup),
            optional_id(view.packet_id),
            properties,
        ],
    )
}

fn ack_object(ce: *mut zend_class_entry, ack: &Ack) -> Zval {
    object::new(
        ce,
        [zend::long(ack.packet_id.get()), enums::reason(ack.reason), properties::object(ack.properties.clone())],
    )
}

/// An object for SUBACK.
pub(crate) fn sub_ack_object(ack: &SubAck) -> Zval {
    reasons_object(sub_ack_class(), ack.packet_id, &ack.reasons, &ack.properties)
}

/// An object for UNSUBACK.
pub(crate) fn unsub_ack_object(ack: &UnsubAck) -> Zval {
    reasons_object(unsub_ack_class(), ack.packet_id, &ack.reasons, &ack.properties)
}

fn reasons_object(ce: *mut zend_class_entry, id: PacketId, reasons: &[ReasonCode], list: &Properties) -> Zval {
    let reasons = zend::list_of(reasons.iter().map(|reason| enums::reason(*reason)));
    object::new(ce, [zend::long(id.get()), reasons, properties::object(list.clone())])
}

/// An object for DISCONNECT.
pub(crate) fn disconnect_object(disconnect: &Disconnect) -> Zval {
    object::new(
        disconnect_class(),
        [enums::reason(disconnect.reason), properties::object(disconnect.properties.clone())],
    )
}
