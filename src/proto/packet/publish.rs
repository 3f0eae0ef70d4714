//! PUBLISH (section 3.3), packet identifiers and QoS.

use std::num::NonZeroU16;

use bytes::Bytes;

use super::Properties;
use crate::Text;

/// Quality of service: at most once, at least once, exactly once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum QoS {
    /// QoS 0: not acknowledged.
    #[default]
    AtMostOnce = 0,
    /// QoS 1: acknowledged, may arrive twice.
    AtLeastOnce = 1,
    /// QoS 2: arrives once.
    ExactlyOnce = 2,
}

impl QoS {
    /// The level with this number; there is no 3 [MQTT-3.3.1-4].
    pub const fn from_u8(level: u8) -> Option<QoS> {
        match level {
            0 => Some(QoS::AtMostOnce),
            1 => Some(QoS::AtLeastOnce),
            2 => Some(QoS::ExactlyOnce),
            _ => None,
        }
    }

    /// 0, 1 or 2.
    pub const fn level(self) -> u8 {
        self as u8
    }
}

/// A packet identifier: 1 to 65535, never 0 [MQTT-2.2.1-3].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PacketId(NonZeroU16);

impl PacketId {
    /// The first identifier.
    pub const FIRST: PacketId = PacketId(NonZeroU16::MIN);

    /// `None` for 0.
    pub const fn new(id: u16) -> Option<PacketId> {
        match NonZeroU16::new(id) {
            Some(id) => Some(PacketId(id)),
            None => None,
        }
    }

    /// The number on the wire.
    pub const fn get(self) -> u16 {
        self.0.get()
    }

    /// The identifier after this one; 1 follows 65535.
    pub const fn next(self) -> PacketId {
        match NonZeroU16::new(self.0.get().wrapping_add(1)) {
            Some(id) => PacketId(id),
            None => PacketId::FIRST,
        }
    }
}

/// PUBLISH as it stands on the wire of one connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publish {
    /// Sent before [MQTT-3.3.1-1].
    pub dup: bool,
    /// At QoS 1 and 2 there is a packet identifier.
    pub qos: QoS,
    /// Towards the server: keep it for later subscribers. From the server: it was kept.
    pub retain: bool,
    /// The topic name. Empty only where a topic alias stands for it (MQTT 5).
    pub topic: Text,
    /// Present exactly when QoS is above 0.
    pub packet_id: Option<PacketId>,
    /// Properties (MQTT 5), in order.
    pub properties: Properties,
    /// Any bytes; may be empty.
    pub payload: Bytes,
}
