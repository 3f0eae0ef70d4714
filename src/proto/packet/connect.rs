//! CONNECT and CONNACK (sections 3.1 and 3.2).

use bytes::Bytes;

use super::{Properties, QoS};
use crate::{ReasonCode, Text, Version};

/// CONNECT: the first packet of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connect {
    /// The version that the client speaks; it decides how everything after is read.
    pub version: Version,
    /// The bridge bit: some brokers set the high bit of the protocol level of MQTT 3 to say that they are a bridge.
    /// Accepted and kept, otherwise without effect.
    pub bridge: bool,
    /// Clean start (MQTT 5) or clean session (MQTT 3): forget what was kept under this client identifier.
    pub clean_start: bool,
    /// Seconds; 0 switches keep-alive off.
    pub keep_alive: u16,
    /// Empty asks the server to assign one, where the version allows it.
    pub client_id: Text,
    /// Published by the server when the connection ends without a DISCONNECT that says otherwise.
    pub will: Option<Will>,
    /// The user name.
    pub user_name: Option<Text>,
    /// The password. MQTT 3.1.1 allows one only together with a user name [MQTT-3.1.2-22].
    pub password: Option<Bytes>,
    /// Properties of CONNECT (MQTT 5), in order.
    pub properties: Properties,
}

impl Connect {
    /// A clean start with this client identifier, keep-alive 60 s, and nothing else.
    pub fn new(version: Version, client_id: impl Into<Text>) -> Connect {
        Connect {
            version,
            bridge: false,
            clean_start: true,
            keep_alive: 60,
            client_id: client_id.into(),
            will: None,
            user_name: None,
            password: None,
            properties: Properties::new(),
        }
    }

    /// How long the server keeps the session after the connection has ended, in seconds; `u32::MAX` is for ever.
    /// MQTT 3 says it with the clean session flag.
    pub fn session_expiry(&self) -> u32 {
        if self.version.has_properties() {
            self.properties.session_expiry_interval().unwrap_or(0)
        } else if self.clean_start {
            0
        } else {
            u32::MAX
        }
    }
}

/// The will message inside CONNECT (section 3.1.3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Will {
    /// A topic name, never a filter.
    pub topic: Text,
    /// May be empty.
    pub payload: Bytes,
    /// The QoS it is published with.
    pub qos: QoS,
    /// Publish it as a retained message.
    pub retain: bool,
    /// Will properties (MQTT 5): will delay interval and those of PUBLISH.
    pub properties: Properties,
}

/// CONNACK: the answer to CONNECT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnAck {
    /// The server resumes a session that it had kept.
    pub session_present: bool,
    /// Success, or why the server refuses.
    pub reason: ReasonCode,
    /// Properties (MQTT 5), in order.
    pub properties: Properties,
}

impl ConnAck {
    /// An acceptance without properties.
    pub fn accepted(session_present: bool) -> ConnAck {
        ConnAck { session_present, reason: ReasonCode::Success, properties: Properties::new() }
    }

    /// A refusal without properties; session present is false, as it must be [MQTT-3.2.2-6].
    pub fn refused(reason: ReasonCode) -> ConnAck {
        ConnAck { session_present: false, reason, properties: Properties::new() }
    }
}
