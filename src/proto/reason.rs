//! Reason codes of MQTT 5 (section 2.4), and the one table that maps the return codes of MQTT 3 to them and back.

use crate::Version;
use crate::packet::PacketType;

macro_rules! reason_codes {
    ($($name:ident = $code:literal, $text:literal;)*) => {
        /// A reason code of MQTT 5. Zero is `Success`; in SUBACK it means granted QoS 0, in DISCONNECT a normal
        /// disconnection.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum ReasonCode {
            $(#[doc = concat!("`", stringify!($code), "`: ", $text, ".")] $name = $code,)*
        }

        impl ReasonCode {
            /// Every reason code that the specification knows, in order of value.
            pub const ALL: &'static [ReasonCode] = &[$(ReasonCode::$name,)*];

            /// The reason code with this value, or `None` where the specification has none.
            pub const fn from_u8(code: u8) -> Option<ReasonCode> {
                match code {
                    $($code => Some(ReasonCode::$name),)*
                    _ => None,
                }
            }

            /// What the code means, in the words of the specification, lower case.
            pub const fn description(self) -> &'static str {
                match self {
                    $(ReasonCode::$name => $text,)*
                }
            }

            /// The name of the code in the specification's words, as an identifier.
            pub const fn name(self) -> &'static str {
                match self {
                    $(ReasonCode::$name => stringify!($name),)*
                }
            }
        }
    };
}

reason_codes! {
    Success = 0x00, "success";
    GrantedQoS1 = 0x01, "granted QoS 1";
    GrantedQoS2 = 0x02, "granted QoS 2";
    DisconnectWithWill = 0x04, "disconnect with will message";
    NoMatchingSubscribers = 0x10, "no matching subscribers";
    NoSubscriptionExisted = 0x11, "no subscription existed";
    ContinueAuthentication = 0x18, "continue authentication";
    ReAuthenticate = 0x19, "re-authenticate";
    UnspecifiedError = 0x80, "unspecified error";
    MalformedPacket = 0x81, "malformed packet";
    ProtocolError = 0x82, "protocol error";
    ImplementationSpecificError = 0x83, "implementation specific error";
    UnsupportedProtocolVersion = 0x84, "unsupported protocol version";
    ClientIdentifierNotValid = 0x85, "client identifier not valid";
    BadUserNameOrPassword = 0x86, "bad user name or password";
    NotAuthorized = 0x87, "not authorized";
    ServerUnavailable = 0x88, "server unavailable";
    ServerBusy = 0x89, "server busy";
    Banned = 0x8A, "banned";
    ServerShuttingDown = 0x8B, "server shutting down";
    BadAuthenticationMethod = 0x8C, "bad authentication method";
    KeepAliveTimeout = 0x8D, "keep alive timeout";
    SessionTakenOver = 0x8E, "session taken over";
    TopicFilterInvalid = 0x8F, "topic filter invalid";
    TopicNameInvalid = 0x90, "topic name invalid";
    PacketIdentifierInUse = 0x91, "packet identifier in use";
    PacketIdentifierNotFound = 0x92, "packet identifier not found";
    ReceiveMaximumExceeded = 0x93, "receive maximum exceeded";
    TopicAliasInvalid = 0x94, "topic alias invalid";
    PacketTooLarge = 0x95, "packet too large";
    MessageRateTooHigh = 0x96, "message rate too high";
    QuotaExceeded = 0x97, "quota exceeded";
    AdministrativeAction = 0x98, "administrative action";
    PayloadFormatInvalid = 0x99, "payload format invalid";
    RetainNotSupported = 0x9A, "retain not supported";
    QoSNotSupported = 0x9B, "QoS not supported";
    UseAnotherServer = 0x9C, "use another server";
    ServerMoved = 0x9D, "server moved";
    SharedSubscriptionsNotSupported = 0x9E, "shared subscriptions not supported";
    ConnectionRateExceeded = 0x9F, "connection rate exceeded";
    MaximumConnectTime = 0xA0, "maximum connect time";
    SubscriptionIdentifiersNotSupported = 0xA1, "subscription identifiers not supported";
    WildcardSubscriptionsNotSupported = 0xA2, "wildcard subscriptions not supported";
}

/// CONNACK return codes of MQTT 3.1 and 3.1.1 (section 3.2.2.3), index 1 to 5.
const CONNECT_RETURN_CODES: [ReasonCode; 6] = [
    ReasonCode::Success,
    ReasonCode::UnsupportedProtocolVersion,
    ReasonCode::ClientIdentifierNotValid,
    ReasonCode::ServerUnavailable,
    ReasonCode::BadUserNameOrPassword,
    ReasonCode::NotAuthorized,
];

impl ReasonCode {
    /// The value on the wire of MQTT 5.
    pub const fn value(self) -> u8 {
        self as u8
    }

    /// Codes from 0x80 say that the operation failed.
    pub const fn is_error(self) -> bool {
        self.value() >= 0x80
    }

    /// The reason code for a CONNACK return code of MQTT 3, or `None` where that has no such code.
    pub fn from_connect_return_code(code: u8) -> Option<ReasonCode> {
        CONNECT_RETURN_CODES.get(usize::from(code)).copied()
    }

    /// The CONNACK return code of MQTT 3 that comes nearest, 0 to 5. What MQTT 3 cannot say is told as server
    /// unavailable (3), except refusals by identity, which are told as not authorized (5).
    pub fn connect_return_code(self) -> u8 {
        if let Some(code) = CONNECT_RETURN_CODES.iter().position(|r| *r == self) {
            return code as u8;
        }
        match self {
            ReasonCode::Banned | ReasonCode::BadAuthenticationMethod => 5,
            _ => 3,
        }
    }

    /// The SUBACK return code of MQTT 3.1.1 (section 3.9.3): the granted QoS, or 0x80 for every failure.
    pub const fn subscribe_return_code(self) -> u8 {
        if self.is_error() { 0x80 } else { self.value() }
    }
}

/// Which packets of MQTT 5 may carry which code (section 2.4).
impl ReasonCode {
    /// Whether this packet may carry the code; false for packets that carry none.
    pub const fn is_defined_for(self, packet: PacketType) -> bool {
        use ReasonCode::*;
        match packet {
            PacketType::ConnAck => matches!(
                self.value(),
                0x00 | 0x80..=0x8A | 0x8C | 0x90 | 0x95 | 0x97 | 0x99 | 0x9A | 0x9B | 0x9C | 0x9D | 0x9F
            ),
            PacketType::PubAck | PacketType::PubRec => {
                matches!(self.value(), 0x00 | 0x10 | 0x80 | 0x83 | 0x87 | 0x90 | 0x91 | 0x97 | 0x99)
            }
            PacketType::PubRel | PacketType::PubComp => matches!(self, Success | PacketIdentifierNotFound),
            PacketType::SubAck => {
                matches!(self.value(), 0x00..=0x02 | 0x80 | 0x83 | 0x87 | 0x8F | 0x91 | 0x97 | 0x9E | 0xA1 | 0xA2)
            }
            PacketType::UnsubAck => matches!(self.value(), 0x00 | 0x11 | 0x80 | 0x83 | 0x87 | 0x8F | 0x91),
            PacketType::Disconnect => {
                matches!(
                    self.value(),
                    0x00 | 0x04 | 0x80..=0x83 | 0x87 | 0x89 | 0x8B | 0x8D..=0x90 | 0x93..=0xA2
                )
            }
            PacketType::Auth => matches!(self, Success | ContinueAuthentication | ReAuthenticate),
            _ => false,
        }
    }

    /// Whether only a server may say it in DISCONNECT (section 3.14.2.1).
    pub const fn is_for_servers_only(self) -> bool {
        matches!(self.value(), 0x87 | 0x89 | 0x8B | 0x8D..=0x8F | 0x9A..=0xA2)
    }

    /// The reason code for a SUBACK return code of MQTT 3, or `None` where that version has no such code. A failure
    /// becomes unspecified error; MQTT 3.1 knows none.
    pub const fn from_subscribe_return_code(code: u8, version: Version) -> Option<ReasonCode> {
        match code {
            0 => Some(ReasonCode::Success),
            1 => Some(ReasonCode::GrantedQoS1),
            2 => Some(ReasonCode::GrantedQoS2),
            0x80 if version.has_subscribe_failure() => Some(ReasonCode::UnspecifiedError),
            _ => None,
        }
    }
}

impl std::fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (0x{:02X})", self.description(), self.value())
    }
}
