//! CONNECT and CONNACK (sections 3.1 and 3.2).

use bytes::Bytes;

use super::super::cursor::Cursor;
use super::super::frame;
use super::super::property::{self, Fault, Place};
use super::super::text;
use crate::packet::{ConnAck, Connect, Packet, PacketType, Properties, PropertyId, QoS, Will};
use crate::{ReasonCode, Rule, Version};

/// The bit of the protocol level that marks a bridge (MQTT 3 only, by custom).
const BRIDGE: u8 = 0x80;

/// Reads CONNECT; leaves the version that it names in `version` as soon as that is known.
pub(super) fn connect(
    cursor: &mut Cursor<'_>,
    owner: &Bytes,
    body_at: usize,
    version: &mut Version,
) -> Result<Packet, Fault> {
    let bridge = read_version(cursor, version)?;
    let version = *version;
    if version.has_properties() && !frame::is_minimal(owner.len(), body_at) {
        return Err(Rule::RemainingLengthNotMinimal.into());
    }
    let flags = cursor.u8()?;
    let has = |bit: u8| flags & bit != 0;
    let (has_user_name, has_password, will_retain, has_will) = (has(0x80), has(0x40), has(0x20), has(0x04));
    let (will_qos, clean_start) = (flags >> 3 & 0b11, has(0x02));
    if has(0x01) {
        return Err(Rule::ConnectReservedFlag.into());
    }
    // MQTT 3.1 disregards the will bits where there is no will.
    if !has_will && (will_qos != 0 || will_retain) && version.binds_will_flags() {
        return Err(Rule::WillFlags.into());
    }
    if has_password && !has_user_name && version.binds_password_to_user_name() {
        return Err(Rule::PasswordWithoutUserName.into());
    }
    let keep_alive = cursor.u16()?;
    let properties = property::read(cursor, owner, Place::Packet(PacketType::Connect), version)?;
    check_authentication(&properties)?;
    let client_id = cursor.text(owner)?;
    let will = if has_will {
        let qos = QoS::from_u8(will_qos).ok_or(Rule::WillFlags)?;
        let properties = property::read(cursor, owner, Place::Will, version)?;
        let topic = cursor.text(owner)?;
        if topic.is_empty() || text::has_wildcard(&topic) {
            return Err(Rule::WillTopic.into());
        }
        Some(Will { topic, payload: cursor.bytes(owner)?, qos, retain: will_retain, properties })
    } else {
        None
    };
    let user_name = if has_user_name { Some(cursor.text(owner)?) } else { None };
    let password = if has_password { Some(cursor.bytes(owner)?) } else { None };
    // Last, so that bytes which are no CONNECT at all are not answered with a return code.
    cursor.end()?;
    if client_id.is_empty() && !version.accepts_empty_client_id(clean_start) {
        return Err(Rule::ClientIdentifier.into());
    }
    Ok(Packet::Connect(Box::new(Connect {
        version,
        bridge,
        clean_start,
        keep_alive,
        client_id,
        will,
        user_name,
        password,
        properties,
    })))
}

/// Protocol name and level; tells whether the bridge bit is set.
fn read_version(cursor: &mut Cursor<'_>, version: &mut Version) -> Result<bool, Fault> {
    let name = cursor.binary()?;
    let level = cursor.u8()?;
    // A refusal is told in the form that a client with this name reads.
    *version = match name {
        b"MQIsdp" => Version::V3_1,
        b"MQTT" if level < 5 || level & BRIDGE != 0 => Version::V3_1_1,
        b"MQTT" => Version::V5,
        _ => return Err(Rule::ProtocolName.into()),
    };
    if level == version.level() {
        Ok(false)
    } else if level == version.level() | BRIDGE && version.has_bridge_bit() {
        Ok(true)
    } else {
        Err(Rule::ProtocolLevel.into())
    }
}

fn check_authentication(properties: &Properties) -> Result<(), Fault> {
    if properties.authentication_data().is_some() && properties.authentication_method().is_none() {
        return Err(Fault::about(Rule::AuthenticationDataWithoutMethod, PropertyId::AuthenticationData));
    }
    Ok(())
}

/// Reads CONNACK.
pub(super) fn connack(cursor: &mut Cursor<'_>, owner: &Bytes, version: Version) -> Result<Packet, Fault> {
    let flags = cursor.u8()?;
    // MQTT 3.1 does not use this byte.
    if flags > 1 && version.has_session_present() {
        return Err(Rule::ConnAckFlags.into());
    }
    let session_present = flags == 1 && version.has_session_present();
    let code = cursor.u8()?;
    let reason = if version.has_properties() {
        ReasonCode::from_u8(code)
            .filter(|reason| reason.is_defined_for(PacketType::ConnAck))
            .ok_or(Rule::ConnAckReasonCode)?
    } else {
        ReasonCode::from_connect_return_code(code).ok_or(Rule::ConnAckReturnCode)?
    };
    let properties = property::read(cursor, owner, Place::Packet(PacketType::ConnAck), version)?;
    check_authentication(&properties)?;
    if session_present && reason != ReasonCode::Success {
        return Err(Rule::SessionPresentWithRefusal.into());
    }
    Ok(Packet::ConnAck(Box::new(ConnAck { session_present, reason, properties })))
}
