//! Objects to packets. Slots are checked again: unserialize() can fill them with anything of the right type.

use bytes::Bytes;
use mqtt_proto::packet::{
    Ack, Auth, ConnAck, Connect, Disconnect, Packet, PacketId, PacketType, Properties, Property, Publish, SubAck,
    Subscribe, UnsubAck, Unsubscribe,
};
use mqtt_proto::{ReasonCode, Version};

use super::*;
use crate::convert::{Item, packet_id};
use crate::message::{self, slot_bool, slot_bytes, slot_qos, slot_text};
use crate::object::slot;
use crate::zend::zend_class_entry;

/// The packet that an object says.
pub(crate) fn of(object: *mut zend_object, version: Option<Version>) -> Outcome<Packet> {
    // SAFETY: a living object.
    let ce = unsafe { (*object).ce };
    let Some(kind) = type_of(ce) else { return Err(value_error("This is not a packet of this extension")) };
    if !matches!(kind, PacketType::PingReq | PacketType::PingResp) && zend::is_undef(slot(object, 0)) {
        return Err(value_error("The packet was made without its constructor"));
    }
    Ok(match kind {
        PacketType::Connect => Packet::Connect(Box::new(connect_of(object, version)?)),
        PacketType::ConnAck => Packet::ConnAck(Box::new(ConnAck {
            reason: slot_reason(object, 0)?,
            session_present: slot_bool(object, 1),
            properties: slot_properties(object, 2)?,
        })),
        PacketType::Publish => Packet::Publish(publish_of(object)?),
        PacketType::PubAck => Packet::PubAck(ack_of(object)?),
        PacketType::PubRec => Packet::PubRec(ack_of(object)?),
        PacketType::PubRel => Packet::PubRel(ack_of(object)?),
        PacketType::PubComp => Packet::PubComp(ack_of(object)?),
        PacketType::Subscribe => Packet::Subscribe(subscribe_of(object)?),
        PacketType::SubAck => Packet::SubAck(SubAck {
            packet_id: slot_id(object, 0)?,
            reasons: slot_reasons(object, 1)?,
            properties: slot_properties(object, 2)?,
        }),
        PacketType::Unsubscribe => {
            let mut filters = Vec::new();
            each_of_slot(object, 1, |item| {
                filters.push(item.text()?);
                Ok(())
            })?;
            Packet::Unsubscribe(Unsubscribe {
                packet_id: slot_id(object, 0)?,
                filters,
                properties: slot_properties(object, 2)?,
            })
        }
        PacketType::UnsubAck => Packet::UnsubAck(UnsubAck {
            packet_id: slot_id(object, 0)?,
            reasons: slot_reasons(object, 1)?,
            properties: slot_properties(object, 2)?,
        }),
        PacketType::PingReq => Packet::PingReq,
        PacketType::PingResp => Packet::PingResp,
        PacketType::Disconnect => {
            Packet::Disconnect(Disconnect { reason: slot_reason(object, 0)?, properties: slot_properties(object, 1)? })
        }
        PacketType::Auth => {
            Packet::Auth(Auth { reason: slot_reason(object, 0)?, properties: slot_properties(object, 1)? })
        }
    })
}

fn type_of(ce: *mut zend_class_entry) -> Option<PacketType> {
    // The order is that of the packet types, except that PUBLISH is asked for first.
    let classes = [
        connect_class,
        conn_ack_class,
        publish_class,
        pub_ack_class,
        pub_rec_class,
        pub_rel_class,
        pub_comp_class,
        subscribe_class,
        sub_ack_class,
        unsubscribe_class,
        unsub_ack_class,
        ping_req_class,
        ping_resp_class,
        disconnect_class,
        auth_class,
    ];
    if ce == publish_class() {
        return Some(PacketType::Publish);
    }
    let at = classes.iter().position(|class| class() == ce)?;
    PacketType::ALL.get(at).copied()
}

fn connect_of(object: *mut zend_object, version: Option<Version>) -> Outcome<Connect> {
    let own = zend::instance(slot(object, 7), enums::version_class()).map(enums::version_of);
    let version = version.or(own).unwrap_or(Version::V5);
    let will = zend::instance(slot(object, 3), message::will_class()).map(message::will_of).transpose()?;
    let user_name = (!zend::is_null(slot(object, 4))).then(|| slot_text(object, 4, "username")).transpose()?;
    let password = zend::as_bytes(slot(object, 5)).map(Bytes::copy_from_slice);
    Ok(Connect {
        version,
        bridge: slot_bool(object, 8),
        clean_start: slot_bool(object, 1),
        keep_alive: zend::as_long(slot(object, 2))
            .and_then(|seconds| u16::try_from(seconds).ok())
            .ok_or_else(|| value_error("Property $keepAlive must be between 0 and 65535"))?,
        client_id: slot_text(object, 0, "clientId")?,
        will,
        user_name,
        password,
        properties: slot_properties(object, 6)?,
    })
}

fn publish_of(object: *mut zend_object) -> Outcome<Publish> {
    let qos = slot_qos(object, 2)?;
    let packet_id = if zend::is_null(slot(object, 5)) { None } else { Some(slot_id(object, 5)?) };
    if packet_id.is_some() != (qos.level() > 0) {
        let problem = if qos.level() > 0 { "needs a packet identifier" } else { "has no packet identifier" };
        return Err(value_error(&format!("PUBLISH: QoS {} {problem} [MQTT-2.2.1-2]", qos.level())));
    }
    Ok(Publish {
        dup: slot_bool(object, 4),
        qos,
        retain: slot_bool(object, 3),
        topic: slot_text(object, 0, "topic")?,
        packet_id,
        properties: slot_properties(object, 6)?,
        payload: Bytes::copy_from_slice(slot_bytes(object, 1)),
    })
}

fn ack_of(object: *mut zend_object) -> Outcome<Ack> {
    Ok(Ack { packet_id: slot_id(object, 0)?, reason: slot_reason(object, 1)?, properties: slot_properties(object, 2)? })
}

fn subscribe_of(object: *mut zend_object) -> Outcome<Subscribe> {
    let mut properties = slot_properties(object, 2)?;
    let mut subscriptions = Vec::new();
    let mut own_identifier = None;
    each_of_slot(object, 1, |item| {
        let element = zend::instance(item.value, message::subscription_class());
        let (subscription, identifier) =
            message::subscription_of(element.ok_or_else(|| item.wrong_type("Mqtt\\Subscription"))?)?;
        if identifier.is_some() && !subscriptions.is_empty() && identifier != own_identifier {
            return Err(value_error("One SUBSCRIBE has one subscription identifier for all its filters"));
        }
        own_identifier = own_identifier.or(identifier);
        subscriptions.push(subscription);
        Ok(())
    })?;
    if let Some(identifier) = own_identifier {
        properties.set(Property::SubscriptionIdentifier(identifier));
    }
    Ok(Subscribe { packet_id: slot_id(object, 0)?, subscriptions, properties })
}

fn slot_id(object: *mut zend_object, index: usize) -> Outcome<PacketId> {
    zend::as_long(slot(object, index))
        .and_then(packet_id)
        .ok_or_else(|| value_error("Property $packetId must be between 1 and 65535"))
}

fn slot_reason(object: *mut zend_object, index: usize) -> Outcome<ReasonCode> {
    zend::instance(slot(object, index), enums::reason_class())
        .map(enums::reason_of)
        .ok_or_else(|| value_error("Property $reasonCode must be a reason code"))
}

fn slot_reasons(object: *mut zend_object, index: usize) -> Outcome<Vec<ReasonCode>> {
    let mut reasons = Vec::new();
    each_of_slot(object, index, |item| {
        reasons.push(item.reason()?);
        Ok(())
    })?;
    Ok(reasons)
}

fn slot_properties(object: *mut zend_object, index: usize) -> Outcome<Properties> {
    properties::of_slot(slot(object, index)).map(|list| list.into_owned())
}

fn each_of_slot(object: *mut zend_object, index: usize, mut visit: impl FnMut(&mut Item<'_>) -> Outcome) -> Outcome {
    let Some(array) = zend::as_array(slot(object, index)) else { return Ok(()) };
    zend::each(array, |_, value| {
        let mut value = zend::copy(value);
        visit(&mut Item::new(&mut value, "Each element of the list"))
    })
}
