//! CONNECT and CONNACK (sections 3.1 and 3.2).

use super::super::property::{self, Place};
use super::super::text;
use super::{EncodeError, check_binary, check_reason, check_text, put_binary, refused};
use crate::packet::{ConnAck, Connect, PacketType, Properties, Will};
use crate::{ReasonCode, Rule, Version};

/// Appends the body of CONNECT.
pub(super) fn connect(connect: &Connect, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let version = connect.version;
    check(connect)?;
    put_binary(version.protocol_name().as_bytes(), out);
    out.push(version.level() | u8::from(connect.bridge) << 7);
    let mut flags = u8::from(connect.clean_start) << 1;
    if let Some(will) = &connect.will {
        flags |= 0x04 | will.qos.level() << 3 | u8::from(will.retain) << 5;
    }
    flags |= u8::from(connect.password.is_some()) << 6 | u8::from(connect.user_name.is_some()) << 7;
    out.push(flags);
    out.extend_from_slice(&connect.keep_alive.to_be_bytes());
    property::write(&connect.properties, version, out);
    put_binary(connect.client_id.as_bytes(), out);
    if let Some(will) = &connect.will {
        property::write(&will.properties, version, out);
        put_binary(will.topic.as_bytes(), out);
        put_binary(&will.payload, out);
    }
    if let Some(user_name) = &connect.user_name {
        put_binary(user_name.as_bytes(), out);
    }
    if let Some(password) = &connect.password {
        put_binary(password, out);
    }
    Ok(())
}

fn check(connect: &Connect) -> Result<(), EncodeError> {
    let version = connect.version;
    if connect.bridge && !version.has_bridge_bit() {
        return Err(EncodeError::Value(format!("{version} has no bridge bit")));
    }
    check_text(&connect.client_id, "client identifier")?;
    if connect.client_id.is_empty() && !version.accepts_empty_client_id(connect.clean_start) {
        return Err(refused(Rule::ClientIdentifier, &connect.client_id));
    }
    if version.has_properties() {
        property::check(&connect.properties, Place::Packet(PacketType::Connect))?;
        check_authentication(&connect.properties)?;
    }
    if let Some(will) = &connect.will {
        check_will(will, version)?;
    }
    if let Some(user_name) = &connect.user_name {
        check_text(user_name, "user name")?;
    } else if connect.password.is_some() && version.binds_password_to_user_name() {
        return Err(EncodeError::Value(Rule::PasswordWithoutUserName.text().into()));
    }
    check_binary(connect.password.as_deref().unwrap_or_default(), "password")
}

fn check_will(will: &Will, version: Version) -> Result<(), EncodeError> {
    check_text(&will.topic, "will topic")?;
    if will.topic.is_empty() || text::has_wildcard(&will.topic) {
        return Err(refused(Rule::WillTopic, &will.topic));
    }
    if version.has_properties() {
        property::check(&will.properties, Place::Will)?;
    }
    check_binary(&will.payload, "will payload")
}

fn check_authentication(properties: &Properties) -> Result<(), EncodeError> {
    if properties.authentication_data().is_some() && properties.authentication_method().is_none() {
        return Err(EncodeError::Value(Rule::AuthenticationDataWithoutMethod.text().into()));
    }
    Ok(())
}

/// Appends the body of CONNACK. MQTT 3 gets the return code that comes nearest.
pub(super) fn connack(
    connack: &ConnAck,
    properties: &Properties,
    version: Version,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    if connack.session_present && connack.reason != ReasonCode::Success {
        return Err(EncodeError::Value(Rule::SessionPresentWithRefusal.text().into()));
    }
    out.push(u8::from(connack.session_present && version.has_session_present()));
    if version.has_properties() {
        check_reason(PacketType::ConnAck, connack.reason)?;
        check_authentication(properties)?;
        out.push(connack.reason.value());
        property::write(properties, version, out);
    } else {
        out.push(connack.reason.connect_return_code());
    }
    Ok(())
}
