//! `Mqtt\Packet\*`: the fifteen packets as objects, made from and into the packets of `mqtt-proto`.

use bytes::Bytes;
use mqtt_proto::packet::{
    Ack, Auth, ConnAck, Connect, Disconnect, Packet, PacketId, PacketType, Publish, SubAck, Subscribe, Subscription,
    UnsubAck, Unsubscribe,
};
use mqtt_proto::wire::decode::PublishView;
use mqtt_proto::wire::encode::{self, EncodeError};
use mqtt_proto::{MAXIMUM_REMAINING_LENGTH, ReasonCode, Text, Version};

use crate::convert::{Call, Item, packet_id, wrong_type};
use crate::enums;
use crate::exception::{argument_value, class_entries, value_error};
use crate::guard::{Outcome, methods};
use crate::message::{self, slot_bool, slot_bytes, slot_qos, slot_text, string_zval};
use crate::object::{self, slot};
use crate::properties::{self, Place};
use crate::zend::{self, Zval, zend_class_entry, zend_object};

class_entries! {
    interface = class_entry_Mqtt_Packet;
    connect_class = class_entry_Mqtt_Packet_Connect;
    conn_ack_class = class_entry_Mqtt_Packet_ConnAck;
    publish_class = class_entry_Mqtt_Packet_Publish;
    pub_ack_class = class_entry_Mqtt_Packet_PubAck;
    pub_rec_class = class_entry_Mqtt_Packet_PubRec;
    pub_rel_class = class_entry_Mqtt_Packet_PubRel;
    pub_comp_class = class_entry_Mqtt_Packet_PubComp;
    subscribe_class = class_entry_Mqtt_Packet_Subscribe;
    sub_ack_class = class_entry_Mqtt_Packet_SubAck;
    unsubscribe_class = class_entry_Mqtt_Packet_Unsubscribe;
    unsub_ack_class = class_entry_Mqtt_Packet_UnsubAck;
    ping_req_class = class_entry_Mqtt_Packet_PingReq;
    ping_resp_class = class_entry_Mqtt_Packet_PingResp;
    disconnect_class = class_entry_Mqtt_Packet_Disconnect;
    auth_class = class_entry_Mqtt_Packet_Auth;
}

const PUBACK: u8 = PacketType::PubAck as u8;
const PUBREC: u8 = PacketType::PubRec as u8;
const PUBREL: u8 = PacketType::PubRel as u8;
const PUBCOMP: u8 = PacketType::PubComp as u8;
const SUBACK: u8 = PacketType::SubAck as u8;
const UNSUBACK: u8 = PacketType::UnsubAck as u8;
const DISCONNECT: u8 = PacketType::Disconnect as u8;
const AUTH: u8 = PacketType::Auth as u8;

methods! {
    zim_Mqtt_Packet_Connect___construct => construct_connect;
    zim_Mqtt_Packet_Connect_encode => encode;
    zim_Mqtt_Packet_ConnAck___construct => construct_conn_ack;
    zim_Mqtt_Packet_ConnAck_encode => encode;
    zim_Mqtt_Packet_Publish___construct => construct_publish;
    zim_Mqtt_Packet_Publish_encode => encode;
    zim_Mqtt_Packet_PubAck___construct => construct_ack::<PUBACK>;
    zim_Mqtt_Packet_PubAck_encode => encode;
    zim_Mqtt_Packet_PubRec___construct => construct_ack::<PUBREC>;
    zim_Mqtt_Packet_PubRec_encode => encode;
    zim_Mqtt_Packet_PubRel___construct => construct_ack::<PUBREL>;
    zim_Mqtt_Packet_PubRel_encode => encode;
    zim_Mqtt_Packet_PubComp___construct => construct_ack::<PUBCOMP>;
    zim_Mqtt_Packet_PubComp_encode => encode;
    zim_Mqtt_Packet_Subscribe___construct => construct_subscribe;
    zim_Mqtt_Packet_Subscribe_encode => encode;
    zim_Mqtt_Packet_SubAck___construct => construct_reasons::<SUBACK>;
    zim_Mqtt_Packet_SubAck_encode => encode;
    zim_Mqtt_Packet_Unsubscribe___construct => construct_unsubscribe;
    zim_Mqtt_Packet_Unsubscribe_encode => encode;
    zim_Mqtt_Packet_UnsubAck___construct => construct_reasons::<UNSUBACK>;
    zim_Mqtt_Packet_UnsubAck_encode => encode;
    zim_Mqtt_Packet_PingReq_encode => encode;
    zim_Mqtt_Packet_PingResp_encode => encode;
    zim_Mqtt_Packet_Disconnect___construct => construct_reason::<DISCONNECT>;
    zim_Mqtt_Packet_Disconnect_encode => encode;
    zim_Mqtt_Packet_Auth___construct => construct_reason::<AUTH>;
    zim_Mqtt_Packet_Auth_encode => encode;
}

// Constructors.

fn construct_connect(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 9)?;
    let client_id = call.text(0)?;
    let clean_start = call.bool_or(1, true)?;
    let keep_alive = call.long_within(2, 60, 0, 65_535)?;
    let will = match call.nullable(3) {
        None => zend::null(),
        Some(value) => match zend::instance(value, message::will_class()) {
            Some(object) => zend::object_of(object),
            None => return Err(wrong_type(3, "?Mqtt\\Will", value)),
        },
    };
    let username = zend::optional(call.optional_text(4)?, |text| zend::string(text.as_bytes()));
    let password = zend::optional(call.optional_string(5)?, zend::string);
    let (properties, _) = properties::from_arg(call, 6, Place::Packet(PacketType::Connect))?;
    let version = zend::optional(call.version(7)?, enums::version);
    let bridge = call.bool_or(8, false)?;
    object::construct(
        call.this(),
        [
            zend::string(client_id.as_bytes()),
            zend::bool(clean_start),
            zend::long(keep_alive),
            will,
            username,
            password,
            properties,
            version,
            zend::bool(bridge),
        ],
    )
}

fn construct_conn_ack(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 3)?;
    let reason = call.reason(0, ReasonCode::Success)?;
    let session_present = call.bool_or(1, false)?;
    let (properties, _) = properties::from_arg(call, 2, Place::Packet(PacketType::ConnAck))?;
    object::construct(call.this(), [enums::reason(reason), zend::bool(session_present), properties])
}

fn construct_publish(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(1, 7)?;
    call.text(0)?;
    let (topic, payload) = (string_zval(call, 0)?, string_zval(call, 1)?);
    let qos = call.qos(2)?;
    let (retain, dup) = (call.bool_or(3, false)?, call.bool_or(4, false)?);
    let id = call.nullable(5).map(|_| call.packet_id(5)).transpose()?;
    let (properties, _) = properties::from_arg(call, 6, Place::Packet(PacketType::Publish))?;
    object::construct(
        call.this(),
        [topic, payload, zend::long(qos.level()), zend::bool(retain), zend::bool(dup), optional_id(id), properties],
    )
}

fn construct_ack<const TYPE: u8>(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(1, 3)?;
    let id = call.packet_id(0)?;
    let reason = call.reason(1, ReasonCode::Success)?;
    let (properties, _) = properties::from_arg(call, 2, place::<TYPE>())?;
    object::construct(call.this(), [zend::long(id.get()), enums::reason(reason), properties])
}

fn construct_subscribe(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(2, 3)?;
    let id = call.packet_id(0)?;
    let mut subscriptions = Vec::new();
    for_each(call, 1, |item| {
        subscriptions.push(subscription(item)?);
        Ok(())
    })?;
    let (properties, _) = properties::from_arg(call, 2, Place::Packet(PacketType::Subscribe))?;
    object::construct(call.this(), [zend::long(id.get()), zend::list_of(subscriptions.into_iter()), properties])
}

fn construct_reasons<const TYPE: u8>(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(if TYPE == SUBACK { 2 } else { 1 }, 3)?;
    let id = call.packet_id(0)?;
    let mut reasons = Vec::new();
    for_each(call, 1, |item| {
        reasons.push(enums::reason(item.reason()?));
        Ok(())
    })?;
    let (properties, _) = properties::from_arg(call, 2, place::<TYPE>())?;
    object::construct(call.this(), [zend::long(id.get()), zend::list_of(reasons.into_iter()), properties])
}

fn construct_unsubscribe(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(2, 3)?;
    let id = call.packet_id(0)?;
    let mut filters = Vec::new();
    for_each(call, 1, |item| {
        filters.push(zend::string(item.text()?.as_bytes()));
        Ok(())
    })?;
    let (properties, _) = properties::from_arg(call, 2, Place::Packet(PacketType::Unsubscribe))?;
    object::construct(call.this(), [zend::long(id.get()), zend::list_of(filters.into_iter()), properties])
}

fn construct_reason<const TYPE: u8>(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 2)?;
    let reason = call.reason(0, ReasonCode::Success)?;
    let (properties, _) = properties::from_arg(call, 1, place::<TYPE>())?;
    object::construct(call.this(), [enums::reason(reason), properties])
}

fn place<const TYPE: u8>() -> Place {
    Place::Packet(PacketType::from_u8(TYPE).unwrap_or(PacketType::Auth))
}

fn optional_id(id: Option<PacketId>) -> Zval {
    zend::optional(id, |id| zend::long(id.get()))
}

/// Visits a list argument. Each element is a copy, so that a conversion does not change the caller's array.
fn for_each(call: &Call, index: u32, mut visit: impl FnMut(&mut Item<'_>) -> Outcome) -> Outcome {
    let Some(value) = call.arg(index) else { return Ok(()) };
    let Some(array) = zend::as_array(value) else { return Err(wrong_type(index, "array", value)) };
    let mut at = 0;
    zend::each(array, |_, value| {
        let mut value = zend::copy(value);
        let name = format!("Argument #{}, element {at}:", index + 1);
        at += 1;
        visit(&mut Item::new(&mut value, name))
    })
}

/// A subscription that an element of a list says: an object, or a filter at QoS 0.
fn subscription(item: &mut Item<'_>) -> Outcome<Zval> {
    if let Some(object) = zend::instance(item.value, message::subscription_class()) {
        return Ok(zend::object_of(object));
    }
    if zend::as_object(item.value).is_some() && zend::weak::string(item.value).is_none() {
        return Err(item.wrong_type("Mqtt\\Subscription|string"));
    }
    let subscription = Subscription::new(item.text()?, mqtt_proto::packet::QoS::AtMostOnce);
    Ok(message::subscription_object(&subscription, None))
}

// Objects to bytes.

fn encode(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    let explicit = if call.count() == 0 {
        None
    } else {
        let value = call.arg(0).ok_or_else(|| argument_value(0, "must be a version"))?;
        let case = zend::instance(value, enums::version_class());
        Some(enums::version_of(case.ok_or_else(|| wrong_type(0, "Mqtt\\Version", value))?))
    };
    let mut out = Vec::with_capacity(128);
    append(call.this(), explicit, &mut out)?;
    *result = zend::string(&out);
    Ok(())
}

/// Appends the bytes of a packet object. Without a version that of a CONNECT counts, else MQTT 5.
pub(crate) fn append(object: *mut zend_object, version: Option<Version>, out: &mut Vec<u8>) -> Outcome {
    let packet = of(object, version)?;
    let version = match &packet {
        Packet::Connect(connect) => connect.version,
        _ => version.unwrap_or(Version::V5),
    };
    encode::packet(&packet, version, MAXIMUM_REMAINING_LENGTH + 5, out)
        .map_err(|error| value_error(&format!("{}: {}", packet.packet_type(), explain(&error))))
}

/// An encoder's error in the names that PHP knows.
pub(crate) fn explain(error: &EncodeError) -> String {
    match error {
        EncodeError::Property { property, place } => {
            format!("property \"{}\" may not stand {place}", properties::php_name(property))
        }
        other => other.to_string(),
    }
}

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
        properties.set(mqtt_proto::packet::Property::SubscriptionIdentifier(identifier));
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

fn slot_properties(object: *mut zend_object, index: usize) -> Outcome<mqtt_proto::packet::Properties> {
    properties::of_slot(slot(object, index)).map(|list| list.into_owned())
}

fn each_of_slot(object: *mut zend_object, index: usize, mut visit: impl FnMut(&mut Item<'_>) -> Outcome) -> Outcome {
    let Some(array) = zend::as_array(slot(object, index)) else { return Ok(()) };
    zend::each(array, |_, value| {
        let mut value = zend::copy(value);
        visit(&mut Item::new(&mut value, "Each element of the list"))
    })
}

// Packets to objects.

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
    object::new(
        connect_class(),
        [
            zend::string(connect.client_id.as_bytes()),
            zend::bool(connect.clean_start),
            zend::long(connect.keep_alive),
            zend::optional(connect.will.as_ref(), message::will_object),
            zend::optional(connect.user_name.as_ref(), |text| zend::string(text.as_bytes())),
            zend::optional(connect.password.as_ref(), |bytes| zend::string(bytes)),
            properties::object(connect.properties.clone()),
            enums::version(connect.version),
            zend::bool(connect.bridge),
        ],
    )
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

fn reasons_object(
    ce: *mut zend_class_entry,
    id: PacketId,
    reasons: &[ReasonCode],
    list: &mqtt_proto::packet::Properties,
) -> Zval {
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
