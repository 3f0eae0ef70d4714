//! Numbers of the specification, for the header. Tests hold them against the packet model.

/// Packet types (section 2.1.2).
#[repr(u8)]
pub enum mqtt_packet_type {
    /// CONNECT.
    Connect = 1,
    /// CONNACK.
    Connack = 2,
    /// PUBLISH.
    Publish = 3,
    /// PUBACK.
    Puback = 4,
    /// PUBREC.
    Pubrec = 5,
    /// PUBREL.
    Pubrel = 6,
    /// PUBCOMP.
    Pubcomp = 7,
    /// SUBSCRIBE.
    Subscribe = 8,
    /// SUBACK.
    Suback = 9,
    /// UNSUBSCRIBE.
    Unsubscribe = 10,
    /// UNSUBACK.
    Unsuback = 11,
    /// PINGREQ.
    Pingreq = 12,
    /// PINGRESP.
    Pingresp = 13,
    /// DISCONNECT.
    Disconnect = 14,
    /// AUTH.
    Auth = 15,
}

/// Reason codes of MQTT 5 (section 2.4). MQTT 3 return codes are mapped to them. From 0x80 on they are failures.
#[repr(u8)]
pub enum mqtt_reason {
    /// Success.
    Success = 0x00,
    /// Granted QoS 1.
    GrantedQos1 = 0x01,
    /// Granted QoS 2.
    GrantedQos2 = 0x02,
    /// Disconnect with will message.
    DisconnectWithWill = 0x04,
    /// No matching subscribers.
    NoMatchingSubscribers = 0x10,
    /// No subscription existed.
    NoSubscriptionExisted = 0x11,
    /// Continue authentication.
    ContinueAuthentication = 0x18,
    /// Re-authenticate.
    ReAuthenticate = 0x19,
    /// Unspecified error.
    UnspecifiedError = 0x80,
    /// Malformed packet.
    MalformedPacket = 0x81,
    /// Protocol error.
    ProtocolError = 0x82,
    /// Implementation specific error.
    ImplementationSpecificError = 0x83,
    /// Unsupported protocol version.
    UnsupportedProtocolVersion = 0x84,
    /// Client identifier not valid.
    ClientIdentifierNotValid = 0x85,
    /// Bad user name or password.
    BadUserNameOrPassword = 0x86,
    /// Not authorized.
    NotAuthorized = 0x87,
    /// Server unavailable.
    ServerUnavailable = 0x88,
    /// Server busy.
    ServerBusy = 0x89,
    /// Banned.
    Banned = 0x8A,
    /// Server shutting down.
    ServerShuttingDown = 0x8B,
    /// Bad authentication method.
    BadAuthenticationMethod = 0x8C,
    /// Keep alive timeout.
    KeepAliveTimeout = 0x8D,
    /// Session taken over.
    SessionTakenOver = 0x8E,
    /// Topic filter invalid.
    TopicFilterInvalid = 0x8F,
    /// Topic name invalid.
    TopicNameInvalid = 0x90,
    /// Packet identifier in use.
    PacketIdentifierInUse = 0x91,
    /// Packet identifier not found.
    PacketIdentifierNotFound = 0x92,
    /// Receive maximum exceeded.
    ReceiveMaximumExceeded = 0x93,
    /// Topic alias invalid.
    TopicAliasInvalid = 0x94,
    /// Packet too large.
    PacketTooLarge = 0x95,
    /// Message rate too high.
    MessageRateTooHigh = 0x96,
    /// Quota exceeded.
    QuotaExceeded = 0x97,
    /// Administrative action.
    AdministrativeAction = 0x98,
    /// Payload format invalid.
    PayloadFormatInvalid = 0x99,
    /// Retain not supported.
    RetainNotSupported = 0x9A,
    /// QoS not supported.
    QosNotSupported = 0x9B,
    /// Use another server.
    UseAnotherServer = 0x9C,
    /// Server moved.
    ServerMoved = 0x9D,
    /// Shared subscriptions not supported.
    SharedSubscriptionsNotSupported = 0x9E,
    /// Connection rate exceeded.
    ConnectionRateExceeded = 0x9F,
    /// Maximum connect time.
    MaximumConnectTime = 0xA0,
    /// Subscription identifiers not supported.
    SubscriptionIdentifiersNotSupported = 0xA1,
    /// Wildcard subscriptions not supported.
    WildcardSubscriptionsNotSupported = 0xA2,
}

/// Properties of MQTT 5 (section 2.2.2.2), with what each one holds.
#[repr(u8)]
pub enum mqtt_property {
    /// Number. 1: the payload is UTF-8 text; 0: unspecified bytes.
    PayloadFormatIndicator = 0x01,
    /// Number. Lifetime of the message in seconds.
    MessageExpiryInterval = 0x02,
    /// Text. What the payload is, a MIME type by custom.
    ContentType = 0x03,
    /// Text. Topic name for the answer.
    ResponseTopic = 0x08,
    /// Bytes. Bytes that the answer repeats.
    CorrelationData = 0x09,
    /// Number. 1 to 268 435 455; in PUBLISH one for each subscription that matched.
    SubscriptionIdentifier = 0x0B,
    /// Number. Seconds that the session outlives the connection.
    SessionExpiryInterval = 0x11,
    /// Text. The client identifier that the server chose.
    AssignedClientIdentifier = 0x12,
    /// Number. Seconds; replaces the client's keep-alive.
    ServerKeepAlive = 0x13,
    /// Text. Name of the extended authentication method.
    AuthenticationMethod = 0x15,
    /// Bytes. Its data.
    AuthenticationData = 0x16,
    /// Number. 0: send no reason strings and user properties except in PUBLISH, CONNACK and DISCONNECT.
    RequestProblemInformation = 0x17,
    /// Number. Seconds between the end of the connection and the will.
    WillDelayInterval = 0x18,
    /// Number. 1: send response information in CONNACK.
    RequestResponseInformation = 0x19,
    /// Text. Basis for response topics.
    ResponseInformation = 0x1A,
    /// Text. Another server to use.
    ServerReference = 0x1C,
    /// Text. Text for people that explains the reason code.
    ReasonString = 0x1F,
    /// Number. QoS 1 and 2 publishes in flight that the sender of this takes; never 0.
    ReceiveMaximum = 0x21,
    /// Number. Highest topic alias that the sender of this accepts.
    TopicAliasMaximum = 0x22,
    /// Number. Number that stands for the topic; never 0.
    TopicAlias = 0x23,
    /// Number. 0 or 1: the highest QoS the server supports.
    MaximumQos = 0x24,
    /// Number. 0: the server keeps no retained messages.
    RetainAvailable = 0x25,
    /// Name and value. Name and value; may repeat, order is kept.
    UserProperty = 0x26,
    /// Number. Largest packet that the sender of this accepts, in bytes; never 0.
    MaximumPacketSize = 0x27,
    /// Number. 0: the server refuses wildcards.
    WildcardSubscriptionAvailable = 0x28,
    /// Number. 0: the server refuses subscription identifiers.
    SubscriptionIdentifierAvailable = 0x29,
    /// Number. 0: the server refuses shared subscriptions.
    SharedSubscriptionAvailable = 0x2A,
}
