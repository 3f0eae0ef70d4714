//! What can be wrong with bytes or with their order: one variant per rule, with its clause and reason code.

use crate::{ReasonCode, Version};

/// Who broke what, roughly; decides how a peer is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// The bytes are not a packet: 0x81 in MQTT 5.
    Malformed,
    /// The bytes are a packet, but it may not stand here or say this: 0x82 or a code of its own.
    Protocol,
    /// Fine in another version, or of no version at all.
    Version,
}

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident: $family:ident, $reason:ident, v3 $v3:literal, v5 $v5:literal, $text:literal;)*) => {
        /// A rule of the specification, named plainly.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Rule {
            $(#[doc = $text] $(#[$doc])* $name,)*
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Rule] = &[$(Rule::$name,)*];

            /// Malformed, protocol or version.
            pub const fn family(self) -> Family {
                match self { $(Rule::$name => Family::$family,)* }
            }

            /// What a peer that speaks MQTT 5 is told.
            pub const fn reason(self) -> ReasonCode {
                match self { $(Rule::$name => ReasonCode::$reason,)* }
            }

            /// What is wrong, in plain words.
            pub const fn text(self) -> &'static str {
                match self { $(Rule::$name => $text,)* }
            }

            /// The clause in the specification of this version: a conformance statement, or a section where there is
            /// none. MQTT 3.1 has no statements; it gets the clause of 3.1.1 that grew out of it.
            pub const fn clause(self, version: Version) -> &'static str {
                match (self, version) {
                    $((Rule::$name, Version::V5) => $v5, (Rule::$name, _) => $v3,)*
                }
            }
        }
    };
}

rules! {
    // The frame.
    ReservedPacketType: Malformed, MalformedPacket, v3 "section 2.2.1", v5 "section 2.1.2", "packet type is reserved";
    FixedHeaderFlags: Malformed, MalformedPacket, v3 "MQTT-2.2.2-1", v5 "MQTT-2.1.3-1", "fixed header flags are not those of this packet type";
    RemainingLengthTooLong: Malformed, MalformedPacket, v3 "section 2.2.3", v5 "section 1.5.5", "remaining length takes more than four bytes";
    RemainingLengthNotMinimal: Malformed, MalformedPacket, v3 "section 2.2.3", v5 "MQTT-1.5.5-1", "remaining length is written with more bytes than it needs";
    PacketTooLarge: Protocol, PacketTooLarge, v3 "section 2.2.3", v5 "MQTT-3.1.2-24", "packet is larger than the receiver accepts";
    BodyTooShort: Malformed, MalformedPacket, v3 "section 2.2.3", v5 "section 2.1.4", "packet ends before its fields do";
    BytesLeftOver: Malformed, MalformedPacket, v3 "section 2.2.3", v5 "section 2.1.4", "bytes are left after the last field";
    // Data types.
    InvalidUtf8: Malformed, MalformedPacket, v3 "MQTT-1.5.3-1", v5 "MQTT-1.5.4-1", "string is not well-formed UTF-8";
    NulInString: Malformed, MalformedPacket, v3 "MQTT-1.5.3-2", v5 "MQTT-1.5.4-2", "string contains U+0000";
    VariableByteIntegerTooLong: Malformed, MalformedPacket, v3 "section 2.2.3", v5 "section 1.5.5", "variable byte integer takes more than four bytes";
    VariableByteIntegerNotMinimal: Malformed, MalformedPacket, v3 "section 2.2.3", v5 "MQTT-1.5.5-1", "variable byte integer is written with more bytes than it needs";
    ZeroPacketIdentifier: Protocol, ProtocolError, v3 "MQTT-2.3.1-1", v5 "MQTT-2.2.1-3", "packet identifier is 0";
    UnknownReasonCode: Malformed, MalformedPacket, v3 "MQTT-3.9.3-2", v5 "section 2.4", "reason code is not defined for this packet";
    // Properties.
    PropertyLengthBeyondPacket: Malformed, MalformedPacket, v3 "section 2.3", v5 "section 2.2.2.1", "property length runs past the packet";
    PropertyTruncated: Malformed, MalformedPacket, v3 "section 2.3", v5 "section 2.2.2", "property runs past the property length";
    UnknownProperty: Malformed, MalformedPacket, v3 "section 2.3", v5 "section 2.2.2.2", "property identifier is unknown";
    PropertyNotAllowed: Protocol, ProtocolError, v3 "section 2.3", v5 "section 2.2.2.2", "property may not stand in this packet";
    PropertyTwice: Protocol, ProtocolError, v3 "section 2.3", v5 "section 2.2.2.2", "property is given twice";
    PropertyValue: Protocol, ProtocolError, v3 "section 2.3", v5 "section 2.2.2.2", "property has a value that it may not have";
    // CONNECT.
    ProtocolName: Version, UnsupportedProtocolVersion, v3 "MQTT-3.1.2-1", v5 "MQTT-3.1.2-1", "protocol name is not MQTT or MQIsdp";
    ProtocolLevel: Version, UnsupportedProtocolVersion, v3 "MQTT-3.1.2-2", v5 "MQTT-3.1.2-2", "protocol level is not supported";
    ConnectReservedFlag: Malformed, MalformedPacket, v3 "MQTT-3.1.2-3", v5 "MQTT-3.1.2-3", "reserved connect flag is set";
    WillFlags: Malformed, MalformedPacket, v3 "MQTT-3.1.2-11", v5 "MQTT-3.1.2-11", "will QoS or will retain is set without a will, or will QoS is 3";
    PasswordWithoutUserName: Malformed, MalformedPacket, v3 "MQTT-3.1.2-22", v5 "section 3.1.2.9", "password without a user name";
    ClientIdentifier: Protocol, ClientIdentifierNotValid, v3 "MQTT-3.1.3-8", v5 "MQTT-3.1.3-8", "client identifier is not valid in this version";
    WillTopic: Protocol, TopicNameInvalid, v3 "MQTT-4.7.1-1", v5 "MQTT-4.7.1-1", "will topic is not a topic name";
    AuthenticationDataWithoutMethod: Protocol, ProtocolError, v3 "section 3.1", v5 "section 3.1.2.11.10", "authentication data without an authentication method";
    // CONNACK.
    ConnAckFlags: Malformed, MalformedPacket, v3 "section 3.2.2.1", v5 "MQTT-3.2.2-1", "connect acknowledge flags are reserved";
    ConnAckReturnCode: Protocol, ProtocolError, v3 "section 3.2.2.3", v5 "section 3.2.2.2", "connect return code is unknown";
    ConnAckReasonCode: Malformed, ProtocolError, v3 "section 3.2.2.3", v5 "section 3.2.2.2", "reason code is not defined for CONNACK";
    SessionPresentWithRefusal: Protocol, ProtocolError, v3 "MQTT-3.2.2-4", v5 "MQTT-3.2.2-6", "session present together with a refusal";
    // PUBLISH.
    PublishQoS3: Malformed, MalformedPacket, v3 "MQTT-3.3.1-4", v5 "MQTT-3.3.1-4", "QoS is 3";
    DupWithQoS0: Protocol, ProtocolError, v3 "MQTT-3.3.1-2", v5 "MQTT-3.3.1-2", "DUP is set at QoS 0";
    WildcardInTopicName: Protocol, TopicNameInvalid, v3 "MQTT-3.3.2-2", v5 "MQTT-3.3.2-2", "topic name contains a wildcard";
    EmptyTopicName: Protocol, ProtocolError, v3 "MQTT-4.7.3-1", v5 "MQTT-4.7.3-1", "topic name is empty and no alias stands for it";
    TopicAliasZero: Protocol, TopicAliasInvalid, v3 "section 3.3", v5 "MQTT-3.3.2-8", "topic alias is 0";
    TopicAliasTooHigh: Protocol, TopicAliasInvalid, v3 "section 3.3", v5 "MQTT-3.3.2-9", "topic alias is above the maximum that was granted";
    TopicAliasUnknown: Protocol, ProtocolError, v3 "section 3.3", v5 "section 3.3.4", "topic alias has not been set on this connection";
    ResponseTopicWildcard: Protocol, ProtocolError, v3 "section 3.3", v5 "MQTT-3.3.2-14", "response topic is not a topic name";
    SubscriptionIdentifierFromClient: Protocol, ProtocolError, v3 "section 3.3", v5 "MQTT-3.3.4-6", "subscription identifier in a client's PUBLISH";
    TooManyTopicLevels: Protocol, TopicNameInvalid, v3 "section 4.7.3", v5 "section 4.7.3", "topic has more levels than the receiver accepts";
    QoSNotSupported: Protocol, QoSNotSupported, v3 "section 3.3", v5 "MQTT-3.2.2-11", "QoS is above the maximum that was granted";
    RetainNotSupported: Protocol, RetainNotSupported, v3 "section 3.3", v5 "MQTT-3.2.2-14", "retain is set although retained messages are not available";
    // SUBSCRIBE and its relatives.
    NoTopicFilter: Protocol, ProtocolError, v3 "MQTT-3.8.3-3", v5 "MQTT-3.8.3-2", "no topic filter";
    EmptyTopicFilter: Protocol, TopicFilterInvalid, v3 "MQTT-4.7.3-1", v5 "MQTT-4.7.3-1", "topic filter is empty";
    MisplacedWildcard: Protocol, TopicFilterInvalid, v3 "MQTT-4.7.1-2", v5 "MQTT-4.7.1-1", "wildcard does not stand alone in its level, or # is not the last";
    SharedFilter: Protocol, TopicFilterInvalid, v3 "section 4.8.2", v5 "MQTT-4.8.2-1", "shared subscription filter has no share name, no filter, or a wildcard in the share name";
    NoLocalOnShared: Protocol, ProtocolError, v3 "section 4.8.2", v5 "MQTT-3.8.3-4", "no local on a shared subscription";
    SubscribeQoS3: Malformed, MalformedPacket, v3 "MQTT-3.8.3-4", v5 "section 3.8.3.1", "requested QoS is 3";
    SubscriptionOptions: Malformed, MalformedPacket, v3 "MQTT-3.8.3-4", v5 "MQTT-3.8.3-5", "reserved bits of the subscription options are set";
    RetainHandling3: Protocol, ProtocolError, v3 "section 3.8.3.1", v5 "section 3.8.3.1", "retain handling is 3";
    NoReasonCode: Protocol, ProtocolError, v3 "section 3.9.3", v5 "section 3.9.3", "acknowledgement carries no reason code";
    // DISCONNECT and AUTH.
    DisconnectReasonFromClient: Protocol, ProtocolError, v3 "section 3.14", v5 "section 3.14.2.1", "reason code of DISCONNECT is for servers only";
    DisconnectReasonFromServer: Protocol, ProtocolError, v3 "section 3.14", v5 "section 3.14.2.1", "reason code of DISCONNECT is for clients only";
    SessionExpiryFromServer: Protocol, ProtocolError, v3 "section 3.14", v5 "MQTT-3.14.2-2", "session expiry interval in a server's DISCONNECT";
    ServerReferenceFromClient: Protocol, ProtocolError, v3 "section 3.14", v5 "section 3.14.2.2.5", "server reference in a client's DISCONNECT";
    SessionExpiryRaised: Protocol, ProtocolError, v3 "section 3.14", v5 "section 3.14.2.2.2", "session expiry interval is raised from 0 at the end";
    AuthenticationMethodMissing: Protocol, ProtocolError, v3 "section 3.15", v5 "section 3.15.2.2.2", "AUTH without an authentication method";
    AuthenticationMethodChanged: Protocol, BadAuthenticationMethod, v3 "section 4.12", v5 "MQTT-4.12.0-5", "authentication method is not that of CONNECT";
    AuthNotExpected: Protocol, ProtocolError, v3 "section 4.12", v5 "MQTT-4.12.0-7", "AUTH on a connection without extended authentication";
    AuthReason: Protocol, ProtocolError, v3 "section 3.15", v5 "section 3.15.2.1", "reason code of AUTH is not for this side or this moment";
    // Order of packets (session).
    FirstPacketNotConnect: Protocol, ProtocolError, v3 "MQTT-3.1.0-1", v5 "MQTT-3.1.0-1", "first packet is not CONNECT";
    SecondConnect: Protocol, ProtocolError, v3 "MQTT-3.1.0-2", v5 "MQTT-3.1.0-2", "CONNECT was sent twice";
    FirstPacketNotConnAck: Protocol, ProtocolError, v3 "MQTT-3.2.0-1", v5 "MQTT-3.2.0-1", "first packet of the server is not CONNACK";
    SecondConnAck: Protocol, ProtocolError, v3 "section 3.2", v5 "MQTT-3.2.0-2", "CONNACK was sent twice";
    NotFromServer: Protocol, ProtocolError, v3 "section 2.2.1", v5 "section 2.1.2", "a server does not send this packet";
    NotFromClient: Protocol, ProtocolError, v3 "section 2.2.1", v5 "section 2.1.2", "a client does not send this packet";
    PacketAfterDisconnect: Protocol, ProtocolError, v3 "MQTT-3.14.4-2", v5 "MQTT-3.14.4-1", "packet after DISCONNECT";
    PacketBeforeConnAck: Protocol, ProtocolError, v3 "section 3.1.4", v5 "MQTT-3.1.4-6", "packet before CONNACK that this server does not take so early";
    ReceiveMaximumExceeded: Protocol, ReceiveMaximumExceeded, v3 "section 4.4", v5 "MQTT-3.3.4-9", "more publishes in flight than the receiver granted";
    PacketIdentifierReused: Protocol, PacketIdentifierInUse, v3 "MQTT-2.3.1-3", v5 "MQTT-2.2.1-4", "packet identifier is in use for another exchange";
    UnexpectedAcknowledgement: Protocol, ProtocolError, v3 "section 4.3", v5 "section 4.3", "acknowledgement of a kind that does not belong to this exchange";
    UnsolicitedSubAck: Protocol, ProtocolError, v3 "MQTT-3.8.4-2", v5 "MQTT-3.8.4-2", "SUBACK or UNSUBACK for a request that was not made";
    ProblemInformation: Protocol, ProtocolError, v3 "section 3.4", v5 "MQTT-3.1.2-29", "reason string or user property although the client wants none";
    AcknowledgementCount: Protocol, ProtocolError, v3 "MQTT-3.8.4-5", v5 "MQTT-3.8.4-6", "SUBACK or UNSUBACK does not carry one code per filter";
    KeepAliveTimeout: Protocol, KeepAliveTimeout, v3 "MQTT-3.1.2-24", v5 "MQTT-3.1.2-22", "nothing arrived within one and a half times the keep-alive";
    HandshakeTimeout: Protocol, MaximumConnectTime, v3 "section 3.1.4", v5 "section 3.1.4", "the handshake took too long";
    PingTimeout: Protocol, KeepAliveTimeout, v3 "section 3.1.2.10", v5 "section 3.1.2.10", "PINGREQ was not answered";
    SessionPresentAfterCleanStart: Protocol, ProtocolError, v3 "MQTT-3.2.2-1", v5 "MQTT-3.2.2-2", "session present although the client asked for a clean start";
}

/// A rule that a peer broke, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub struct Violation {
    /// Which rule.
    pub rule: Rule,
    /// The version that was being spoken; MQTT 5 before anything was known.
    pub version: Version,
    /// The packet in which it happened, where there was one.
    pub packet: Option<crate::packet::PacketType>,
    /// The property it is about, where it is about one.
    pub property: Option<crate::packet::PropertyId>,
    /// The identifier of a property that the specification does not know ([`Rule::UnknownProperty`]), if it is one byte.
    pub unknown_property: Option<u8>,
}

impl Violation {
    /// A broken rule outside any packet.
    pub fn new(rule: Rule, version: Version) -> Violation {
        Violation { rule, version, packet: None, property: None, unknown_property: None }
    }

    /// The same, inside this packet.
    pub fn within(mut self, packet: crate::packet::PacketType) -> Violation {
        self.packet = Some(packet);
        self
    }

    /// What a peer that speaks MQTT 5 is told.
    pub fn reason(&self) -> ReasonCode {
        self.rule.reason()
    }

    /// The clause that was broken.
    pub fn clause(&self) -> &'static str {
        self.rule.clause(self.version)
    }
}

impl std::fmt::Display for Violation {
    /// `PUBLISH: QoS is 3 [MQTT-3.3.1-4]`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(packet) = self.packet {
            write!(f, "{packet}: ")?;
        }
        if let Some(property) = self.property {
            write!(f, "{}: ", property.name())?;
        }
        write!(f, "{} [{}]", self.rule.text(), self.clause())
    }
}
