//! `Mqtt\Packet\*`: the fifteen packets as objects, made from and into the packets of `mqtt-proto`.

mod construct;
mod read;
mod write;

use mqtt_proto::packet::{Packet, PacketId, PacketType};
use mqtt_proto::wire::encode::{self, EncodeError};
use mqtt_proto::{MAXIMUM_REMAINING_LENGTH, Version};

use crate::convert::Call;
use crate::enums;
use crate::exception::{class_entries, value_error};
use crate::guard::{Outcome, methods};
use crate::properties;
use crate::zend::{self, Zval, zend_object};
pub(crate) use read::of;
pub(crate) use write::{
    conn_ack_object, disconnect_object, object, publish_view_object, sub_ack_object, unsub_ack_object,
};

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
    zim_Mqtt_Packet_Connect___construct => construct::connect;
    zim_Mqtt_Packet_Connect_encode => encode;
    zim_Mqtt_Packet_ConnAck___construct => construct::conn_ack;
    zim_Mqtt_Packet_ConnAck_encode => encode;
    zim_Mqtt_Packet_Publish___construct => construct::publish;
    zim_Mqtt_Packet_Publish_encode => encode;
    zim_Mqtt_Packet_PubAck___construct => construct::ack::<PUBACK>;
    zim_Mqtt_Packet_PubAck_encode => encode;
    zim_Mqtt_Packet_PubRec___construct => construct::ack::<PUBREC>;
    zim_Mqtt_Packet_PubRec_encode => encode;
    zim_Mqtt_Packet_PubRel___construct => construct::ack::<PUBREL>;
    zim_Mqtt_Packet_PubRel_encode => encode;
    zim_Mqtt_Packet_PubComp___construct => construct::ack::<PUBCOMP>;
    zim_Mqtt_Packet_PubComp_encode => encode;
    zim_Mqtt_Packet_Subscribe___construct => construct::subscribe;
    zim_Mqtt_Packet_Subscribe_encode => encode;
    zim_Mqtt_Packet_SubAck___construct => construct::reasons::<SUBACK>;
    zim_Mqtt_Packet_SubAck_encode => encode;
    zim_Mqtt_Packet_Unsubscribe___construct => construct::unsubscribe;
    zim_Mqtt_Packet_Unsubscribe_encode => encode;
    zim_Mqtt_Packet_UnsubAck___construct => construct::reasons::<UNSUBACK>;
    zim_Mqtt_Packet_UnsubAck_encode => encode;
    zim_Mqtt_Packet_PingReq_encode => encode;
    zim_Mqtt_Packet_PingResp_encode => encode;
    zim_Mqtt_Packet_Disconnect___construct => construct::reason::<DISCONNECT>;
    zim_Mqtt_Packet_Disconnect_encode => encode;
    zim_Mqtt_Packet_Auth___construct => construct::reason::<AUTH>;
    zim_Mqtt_Packet_Auth_encode => encode;
}

fn encode(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    let explicit = call.version(0)?;
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
    if let Packet::Auth(auth) = &packet {
        // Without either there is no property list that could lack it.
        let is_empty = auth.reason == mqtt_proto::ReasonCode::Success && auth.properties.is_empty();
        if !is_empty && auth.properties.authentication_method().is_none() {
            return Err(value_error("AUTH needs the property \"authenticationMethod\""));
        }
    }
    encode::packet(&packet, version, MAXIMUM_REMAINING_LENGTH + 5, out)
        .map_err(|error| value_error(&format!("{}: {}", packet.packet_type(), explain(&error))))
}

/// An encoder's error in the names that PHP knows.
pub(crate) fn explain(error: &EncodeError) -> String {
    match error {
        EncodeError::Property { property, place } => {
            format!("property \"{}\" may not stand {place}", properties::php_name(property))
        }
        // A field that is a property comes first in these; what comes behind may be the caller's.
        other => {
            let text = other.to_string();
            match text.split_once(' ') {
                Some((field, rest)) => format!("{} {rest}", properties::php_name(field)),
                None => text,
            }
        }
    }
}

/// A packet identifier, or null.
fn optional_id(id: Option<PacketId>) -> Zval {
    zend::optional(id, |id| zend::long(id.get()))
}
