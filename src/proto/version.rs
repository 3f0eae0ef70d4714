//! The protocol versions. Code above this crate never matches on a version: it asks.

/// A version of the protocol, numbered by the protocol level that CONNECT carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Version {
    /// MQTT 3.1, protocol name `MQIsdp`.
    V3_1 = 3,
    /// MQTT 3.1.1.
    V3_1_1 = 4,
    /// MQTT 5.0.
    V5 = 5,
}

impl Version {
    /// The version with this protocol level, or `None` where there is none [MQTT-3.1.2-2].
    pub const fn from_level(level: u8) -> Option<Version> {
        match level {
            3 => Some(Version::V3_1),
            4 => Some(Version::V3_1_1),
            5 => Some(Version::V5),
            _ => None,
        }
    }

    /// The protocol level byte of CONNECT.
    pub const fn level(self) -> u8 {
        self as u8
    }

    /// The protocol name of CONNECT [MQTT-3.1.2-1].
    pub const fn protocol_name(self) -> &'static str {
        match self {
            Version::V3_1 => "MQIsdp",
            Version::V3_1_1 | Version::V5 => "MQTT",
        }
    }

    /// The name people know it by: `3.1`, `3.1.1` or `5.0`.
    pub const fn name(self) -> &'static str {
        match self {
            Version::V3_1 => "3.1",
            Version::V3_1_1 => "3.1.1",
            Version::V5 => "5.0",
        }
    }

    /// Packets carry properties, and acknowledgements may carry reason codes.
    pub const fn has_properties(self) -> bool {
        matches!(self, Version::V5)
    }

    /// Either side may say why it leaves, and a server may send DISCONNECT.
    pub const fn has_server_disconnect(self) -> bool {
        matches!(self, Version::V5)
    }

    /// SUBACK may carry a failure code. MQTT 3.1 knows granted levels only.
    pub const fn has_subscribe_failure(self) -> bool {
        !matches!(self, Version::V3_1)
    }

    /// The longest client identifier that CONNECT may carry, in characters: 23 in MQTT 3.1 (section 3.1, return
    /// code 2), else unlimited.
    pub const fn client_id_limit(self) -> Option<usize> {
        match self {
            Version::V3_1 => Some(23),
            _ => None,
        }
    }

    /// A client may leave its identifier empty [MQTT-3.1.3-6].
    pub const fn allows_empty_client_id(self) -> bool {
        !matches!(self, Version::V3_1)
    }

    /// The same, for this clean start flag: MQTT 3.1.1 wants it set together with an empty identifier [MQTT-3.1.3-7].
    pub const fn accepts_empty_client_id(self, clean_start: bool) -> bool {
        match self {
            Version::V3_1 => false,
            Version::V3_1_1 => clean_start,
            Version::V5 => true,
        }
    }

    /// The protocol level may have its high bit set, by which some brokers say that they are a bridge.
    pub const fn has_bridge_bit(self) -> bool {
        matches!(self, Version::V3_1 | Version::V3_1_1)
    }

    /// Will QoS and will retain must be 0 where there is no will [MQTT-3.1.2-11]; MQTT 3.1 disregards them.
    pub const fn binds_will_flags(self) -> bool {
        !matches!(self, Version::V3_1)
    }

    /// A password needs a user name [MQTT-3.1.2-22]; MQTT 5 lifts that.
    pub const fn binds_password_to_user_name(self) -> bool {
        !matches!(self, Version::V5)
    }

    /// CONNACK carries the session present flag.
    pub const fn has_session_present(self) -> bool {
        !matches!(self, Version::V3_1)
    }

    /// What a client may try where a server refuses this version.
    pub const fn fallback(self) -> Option<Version> {
        match self {
            Version::V5 => Some(Version::V3_1_1),
            Version::V3_1 | Version::V3_1_1 => None,
        }
    }

    /// A message that is sent a second time has the DUP flag; so have SUBSCRIBE, UNSUBSCRIBE and PUBREL in MQTT 3.1
    /// (section 2.1).
    pub const fn has_dup_on_requests(self) -> bool {
        matches!(self, Version::V3_1)
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MQTT {}", self.name())
    }
}
