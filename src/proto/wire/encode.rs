//! Writes one packet, for the version of the connection: what an older peer cannot see is dropped or mapped.

use crate::packet::{Ack, Packet, PacketId, PacketType, Publish};
use crate::{ReasonCode, Version};

/// Why a packet cannot be written. The caller's fault, never the peer's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// A string or binary field is longer than 65 535 bytes.
    #[error("{field} is longer than 65535 bytes")]
    FieldTooLong {
        /// Name of the field.
        field: &'static str,
    },
    /// The packet would be longer than the protocol or the receiver allows.
    #[error("packet of {size} bytes is larger than the {maximum} that the receiver accepts")]
    PacketTooLarge {
        /// Its size in bytes.
        size: usize,
        /// The bound in bytes.
        maximum: u32,
    },
    /// A property that this packet may not carry, or carries twice.
    #[error("property {property} may not stand {place}")]
    Property {
        /// Its name.
        property: &'static str,
        /// `in PUBACK`, `twice in PUBLISH`, `with the value 0`.
        place: String,
    },
    /// A field has a value that cannot be written: a wildcard in a topic name, NUL in a string, no filter.
    #[error("{0}")]
    Value(String),
    /// The version has no such packet (AUTH before MQTT 5).
    #[error("{version} has no {packet}")]
    NotInVersion {
        /// The packet.
        packet: PacketType,
        /// The version.
        version: Version,
    },
}

/// Appends the packet to `out`, at most `maximum` bytes long. On an error `out` is as it was.
pub fn packet(packet: &Packet, version: Version, maximum: u32, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let _ = (packet, version, maximum, out);
    todo!()
}

/// Appends a PUBLISH. The same as [`packet`] without the enum around it.
pub fn publish(publish: &Publish, version: Version, maximum: u32, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let _ = (publish, version, maximum, out);
    todo!()
}

/// Appends PUBACK, PUBREC, PUBREL or PUBCOMP without properties: the shape that the hot path writes. Two bytes of
/// body where the reason is success or the version has none.
pub fn short_ack(kind: PacketType, id: PacketId, reason: ReasonCode, version: Version, out: &mut Vec<u8>) {
    let _ = (kind, id, reason, version, out);
    todo!()
}

/// Appends PUBACK, PUBREC, PUBREL or PUBCOMP. Properties that would make it larger than `maximum` are dropped, the
/// reason string first [MQTT-3.4.2-2].
pub fn ack(kind: PacketType, ack: &Ack, version: Version, maximum: u32, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let _ = (kind, ack, version, maximum, out);
    todo!()
}
