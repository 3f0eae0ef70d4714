//! PUBACK, PUBREC, PUBREL, PUBCOMP, DISCONNECT and AUTH (sections 3.4 to 3.7, 3.14, 3.15).

use bytes::Bytes;

use super::super::Sender;
use super::super::cursor::Cursor;
use super::super::property::{self, Fault, Place};
use crate::packet::{Ack, Auth, Disconnect, PacketType, Properties, PropertyId};
use crate::{ReasonCode, Rule, Version};

/// A reason code of MQTT 5 that this packet may carry.
pub(super) fn reason(code: u8, packet: PacketType) -> Result<ReasonCode, Rule> {
    ReasonCode::from_u8(code).filter(|reason| reason.is_defined_for(packet)).ok_or(Rule::UnknownReasonCode)
}

/// Reads the body of PUBACK and its relatives. Reason and properties may be left out from the end.
pub(super) fn ack(cursor: &mut Cursor<'_>, owner: &Bytes, kind: PacketType, version: Version) -> Result<Ack, Fault> {
    let packet_id = cursor.packet_id()?;
    let (reason, properties) = reason_and_properties(cursor, owner, kind, version)?;
    Ok(Ack { packet_id, reason, properties })
}

/// Reads DISCONNECT.
pub(super) fn disconnect(
    cursor: &mut Cursor<'_>,
    owner: &Bytes,
    version: Version,
    sender: Option<Sender>,
) -> Result<Disconnect, Fault> {
    let (reason, properties) = reason_and_properties(cursor, owner, PacketType::Disconnect, version)?;
    let property = |rule, id| Err(Fault::about(rule, id));
    match sender {
        Some(Sender::Client) if reason.is_for_servers_only() => Err(Rule::DisconnectReasonFromClient.into()),
        Some(Sender::Server) if reason == ReasonCode::DisconnectWithWill => {
            Err(Rule::DisconnectReasonFromServer.into())
        }
        Some(Sender::Client) if properties.server_reference().is_some() => {
            property(Rule::ServerReferenceFromClient, PropertyId::ServerReference)
        }
        Some(Sender::Server) if properties.session_expiry_interval().is_some() => {
            property(Rule::SessionExpiryFromServer, PropertyId::SessionExpiryInterval)
        }
        _ => Ok(Disconnect { reason, properties }),
    }
}

/// Reads AUTH.
pub(super) fn auth(
    cursor: &mut Cursor<'_>,
    owner: &Bytes,
    version: Version,
    sender: Option<Sender>,
) -> Result<Auth, Fault> {
    // Only the form without reason and properties, which is success, goes without the method (section 3.15.2.2.2).
    let is_empty = cursor.is_empty();
    let (reason, properties) = reason_and_properties(cursor, owner, PacketType::Auth, version)?;
    match (sender, reason) {
        // Success is the server's word, re-authenticate the client's (section 3.15.2.1).
        (Some(Sender::Client), ReasonCode::Success) | (Some(Sender::Server), ReasonCode::ReAuthenticate) => {
            return Err(Rule::AuthReason.into());
        }
        _ => {}
    }
    if !is_empty && properties.authentication_method().is_none() {
        return Err(Rule::AuthenticationMethodMissing.into());
    }
    Ok(Auth { reason, properties })
}

/// Both may be left out, properties first; a reason that is left out is success.
fn reason_and_properties(
    cursor: &mut Cursor<'_>,
    owner: &Bytes,
    packet: PacketType,
    version: Version,
) -> Result<(ReasonCode, Properties), Fault> {
    if !version.has_properties() || cursor.is_empty() {
        return Ok((ReasonCode::Success, Properties::new()));
    }
    let reason = reason(cursor.u8()?, packet)?;
    if cursor.is_empty() {
        return Ok((reason, Properties::new()));
    }
    Ok((reason, property::read(cursor, owner, Place::Packet(packet), version)?))
}
