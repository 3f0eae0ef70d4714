//! SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK (sections 3.8 to 3.11).

use super::{PacketId, Properties, QoS};
use crate::{ReasonCode, Text};

/// What a new subscription does with retained messages (section 3.8.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
pub enum RetainHandling {
    /// Send them. The only behaviour of MQTT 3.
    #[default]
    Send = 0,
    /// Send them only where the subscription did not exist.
    SendIfNew = 1,
    /// Do not send them.
    DoNotSend = 2,
}

impl RetainHandling {
    /// The option with this number; there is no 3.
    pub const fn from_u8(number: u8) -> Option<RetainHandling> {
        match number {
            0 => Some(RetainHandling::Send),
            1 => Some(RetainHandling::SendIfNew),
            2 => Some(RetainHandling::DoNotSend),
            _ => None,
        }
    }
}

/// One topic filter of SUBSCRIBE with its options. MQTT 3 has only the QoS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// A topic filter, `$share/group/` included.
    pub filter: Text,
    /// The highest QoS the subscriber wants.
    pub qos: QoS,
    /// Do not send me what I publish.
    pub no_local: bool,
    /// Keep the retain flag as the publisher set it.
    pub retain_as_published: bool,
    /// What to do with retained messages now.
    pub retain_handling: RetainHandling,
}

impl Subscription {
    /// A filter at this QoS with every option at its default.
    pub fn new(filter: impl Into<Text>, qos: QoS) -> Subscription {
        Subscription {
            filter: filter.into(),
            qos,
            no_local: false,
            retain_as_published: false,
            retain_handling: RetainHandling::Send,
        }
    }
}

/// SUBSCRIBE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscribe {
    /// SUBACK carries the same.
    pub packet_id: PacketId,
    /// At least one [MQTT-3.8.3-2].
    pub subscriptions: Vec<Subscription>,
    /// Properties (MQTT 5): subscription identifier, user properties.
    pub properties: Properties,
}

/// SUBACK: one reason code per filter, in order [MQTT-3.8.4-6].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubAck {
    /// That of the SUBSCRIBE.
    pub packet_id: PacketId,
    /// The QoS granted, or why not.
    pub reasons: Vec<ReasonCode>,
    /// Properties (MQTT 5).
    pub properties: Properties,
}

/// UNSUBSCRIBE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsubscribe {
    /// UNSUBACK carries the same.
    pub packet_id: PacketId,
    /// At least one [MQTT-3.10.3-2]; compared character by character.
    pub filters: Vec<Text>,
    /// Properties (MQTT 5): user properties.
    pub properties: Properties,
}

/// UNSUBACK: one reason code per filter in MQTT 5; none in MQTT 3, where `reasons` is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsubAck {
    /// That of the UNSUBSCRIBE.
    pub packet_id: PacketId,
    /// Success, no subscription existed, or why not.
    pub reasons: Vec<ReasonCode>,
    /// Properties (MQTT 5).
    pub properties: Properties,
}
