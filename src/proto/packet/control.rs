//! PUBACK, PUBREC, PUBREL, PUBCOMP, DISCONNECT and AUTH.

use super::{PacketId, Properties};
use crate::ReasonCode;

/// The body of PUBACK, PUBREC, PUBREL and PUBCOMP (sections 3.4 to 3.7). In MQTT 3 only the identifier travels, and
/// the reason is `Success`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ack {
    /// Which exchange it belongs to.
    pub packet_id: PacketId,
    /// How it went.
    pub reason: ReasonCode,
    /// Properties (MQTT 5): reason string, user properties.
    pub properties: Properties,
}

impl Ack {
    /// Success without properties.
    pub fn success(packet_id: PacketId) -> Ack {
        Ack::new(packet_id, ReasonCode::Success)
    }

    /// This reason without properties.
    pub fn new(packet_id: PacketId, reason: ReasonCode) -> Ack {
        Ack { packet_id, reason, properties: Properties::new() }
    }
}

/// DISCONNECT (section 3.14). MQTT 3 has no reason; only clients send it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disconnect {
    /// Success is a normal disconnection.
    pub reason: ReasonCode,
    /// Properties (MQTT 5): session expiry interval, reason string, user properties, server reference.
    pub properties: Properties,
}

impl Disconnect {
    /// This reason without properties.
    pub fn new(reason: ReasonCode) -> Disconnect {
        Disconnect { reason, properties: Properties::new() }
    }
}

/// AUTH (section 3.15, MQTT 5 only).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Auth {
    /// Success, continue authentication or re-authenticate.
    pub reason: ReasonCode,
    /// Properties: authentication method and data, reason string, user properties.
    pub properties: Properties,
}
