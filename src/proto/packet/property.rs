//! Properties of MQTT 5 (section 2.2.2): what each is, which packet may carry it, and the ordered list that carries them.

use bytes::Bytes;
use smallvec::SmallVec;

use super::PacketType;
use crate::Text;

/// One property with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Property {
    /// 1: the payload is UTF-8 text; 0: unspecified bytes.
    PayloadFormatIndicator(u8),
    /// Lifetime of the message in seconds.
    MessageExpiryInterval(u32),
    /// What the payload is, a MIME type by custom.
    ContentType(Text),
    /// Topic name for the answer.
    ResponseTopic(Text),
    /// Bytes that the answer repeats.
    CorrelationData(Bytes),
    /// 1 to 268 435 455; in PUBLISH one for each subscription that matched.
    SubscriptionIdentifier(u32),
    /// Seconds that the session outlives the connection.
    SessionExpiryInterval(u32),
    /// The client identifier that the server chose.
    AssignedClientIdentifier(Text),
    /// Seconds; replaces the client's keep-alive.
    ServerKeepAlive(u16),
    /// Name of the extended authentication method.
    AuthenticationMethod(Text),
    /// Its data.
    AuthenticationData(Bytes),
    /// 0: send no reason strings and user properties except in PUBLISH, CONNACK and DISCONNECT.
    RequestProblemInformation(u8),
    /// Seconds between the end of the connection and the will.
    WillDelayInterval(u32),
    /// 1: send response information in CONNACK.
    RequestResponseInformation(u8),
    /// Basis for response topics.
    ResponseInformation(Text),
    /// Another server to use.
    ServerReference(Text),
    /// Text for people that explains the reason code.
    ReasonString(Text),
    /// QoS 1 and 2 publishes in flight that the sender of this takes; never 0.
    ReceiveMaximum(u16),
    /// Highest topic alias that the sender of this accepts.
    TopicAliasMaximum(u16),
    /// Number that stands for the topic; never 0.
    TopicAlias(u16),
    /// 0 or 1: the highest QoS the server supports.
    MaximumQoS(u8),
    /// 0: the server keeps no retained messages.
    RetainAvailable(u8),
    /// Name and value; may repeat, order is kept.
    UserProperty(Text, Text),
    /// Largest packet that the sender of this accepts, in bytes; never 0.
    MaximumPacketSize(u32),
    /// 0: the server refuses wildcards.
    WildcardSubscriptionAvailable(u8),
    /// 0: the server refuses subscription identifiers.
    SubscriptionIdentifierAvailable(u8),
    /// 0: the server refuses shared subscriptions.
    SharedSubscriptionAvailable(u8),
}

/// The identifier of a property on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[allow(missing_docs)] // the names are the specification's; Property explains each
pub enum PropertyId {
    PayloadFormatIndicator = 0x01,
    MessageExpiryInterval = 0x02,
    ContentType = 0x03,
    ResponseTopic = 0x08,
    CorrelationData = 0x09,
    SubscriptionIdentifier = 0x0B,
    SessionExpiryInterval = 0x11,
    AssignedClientIdentifier = 0x12,
    ServerKeepAlive = 0x13,
    AuthenticationMethod = 0x15,
    AuthenticationData = 0x16,
    RequestProblemInformation = 0x17,
    WillDelayInterval = 0x18,
    RequestResponseInformation = 0x19,
    ResponseInformation = 0x1A,
    ServerReference = 0x1C,
    ReasonString = 0x1F,
    ReceiveMaximum = 0x21,
    TopicAliasMaximum = 0x22,
    TopicAlias = 0x23,
    MaximumQoS = 0x24,
    RetainAvailable = 0x25,
    UserProperty = 0x26,
    MaximumPacketSize = 0x27,
    WildcardSubscriptionAvailable = 0x28,
    SubscriptionIdentifierAvailable = 0x29,
    SharedSubscriptionAvailable = 0x2A,
}

/// Bit of a packet type in [`PropertyId::carriers`]; bit 0 is the will inside CONNECT.
const fn bit(packet: PacketType) -> u16 {
    1 << packet as u8
}

const WILL: u16 = 1;

impl PropertyId {
    /// Every property, in order of identifier.
    pub const ALL: &'static [PropertyId] = &[
        PropertyId::PayloadFormatIndicator,
        PropertyId::MessageExpiryInterval,
        PropertyId::ContentType,
        PropertyId::ResponseTopic,
        PropertyId::CorrelationData,
        PropertyId::SubscriptionIdentifier,
        PropertyId::SessionExpiryInterval,
        PropertyId::AssignedClientIdentifier,
        PropertyId::ServerKeepAlive,
        PropertyId::AuthenticationMethod,
        PropertyId::AuthenticationData,
        PropertyId::RequestProblemInformation,
        PropertyId::WillDelayInterval,
        PropertyId::RequestResponseInformation,
        PropertyId::ResponseInformation,
        PropertyId::ServerReference,
        PropertyId::ReasonString,
        PropertyId::ReceiveMaximum,
        PropertyId::TopicAliasMaximum,
        PropertyId::TopicAlias,
        PropertyId::MaximumQoS,
        PropertyId::RetainAvailable,
        PropertyId::UserProperty,
        PropertyId::MaximumPacketSize,
        PropertyId::WildcardSubscriptionAvailable,
        PropertyId::SubscriptionIdentifierAvailable,
        PropertyId::SharedSubscriptionAvailable,
    ];

    /// The property with this identifier, or `None` where there is none.
    pub const fn from_u8(id: u8) -> Option<PropertyId> {
        match id {
            0x01 => Some(PropertyId::PayloadFormatIndicator),
            0x02 => Some(PropertyId::MessageExpiryInterval),
            0x03 => Some(PropertyId::ContentType),
            0x08 => Some(PropertyId::ResponseTopic),
            0x09 => Some(PropertyId::CorrelationData),
            0x0B => Some(PropertyId::SubscriptionIdentifier),
            0x11 => Some(PropertyId::SessionExpiryInterval),
            0x12 => Some(PropertyId::AssignedClientIdentifier),
            0x13 => Some(PropertyId::ServerKeepAlive),
            0x15 => Some(PropertyId::AuthenticationMethod),
            0x16 => Some(PropertyId::AuthenticationData),
            0x17 => Some(PropertyId::RequestProblemInformation),
            0x18 => Some(PropertyId::WillDelayInterval),
            0x19 => Some(PropertyId::RequestResponseInformation),
            0x1A => Some(PropertyId::ResponseInformation),
            0x1C => Some(PropertyId::ServerReference),
            0x1F => Some(PropertyId::ReasonString),
            0x21 => Some(PropertyId::ReceiveMaximum),
            0x22 => Some(PropertyId::TopicAliasMaximum),
            0x23 => Some(PropertyId::TopicAlias),
            0x24 => Some(PropertyId::MaximumQoS),
            0x25 => Some(PropertyId::RetainAvailable),
            0x26 => Some(PropertyId::UserProperty),
            0x27 => Some(PropertyId::MaximumPacketSize),
            0x28 => Some(PropertyId::WildcardSubscriptionAvailable),
            0x29 => Some(PropertyId::SubscriptionIdentifierAvailable),
            0x2A => Some(PropertyId::SharedSubscriptionAvailable),
            _ => None,
        }
    }

    /// The name in the specification's words, as it is written in code: `session_expiry_interval`.
    pub const fn name(self) -> &'static str {
        match self {
            PropertyId::PayloadFormatIndicator => "payload_format_indicator",
            PropertyId::MessageExpiryInterval => "message_expiry_interval",
            PropertyId::ContentType => "content_type",
            PropertyId::ResponseTopic => "response_topic",
            PropertyId::CorrelationData => "correlation_data",
            PropertyId::SubscriptionIdentifier => "subscription_identifier",
            PropertyId::SessionExpiryInterval => "session_expiry_interval",
            PropertyId::AssignedClientIdentifier => "assigned_client_identifier",
            PropertyId::ServerKeepAlive => "server_keep_alive",
            PropertyId::AuthenticationMethod => "authentication_method",
            PropertyId::AuthenticationData => "authentication_data",
            PropertyId::RequestProblemInformation => "request_problem_information",
            PropertyId::WillDelayInterval => "will_delay_interval",
            PropertyId::RequestResponseInformation => "request_response_information",
            PropertyId::ResponseInformation => "response_information",
            PropertyId::ServerReference => "server_reference",
            PropertyId::ReasonString => "reason_string",
            PropertyId::ReceiveMaximum => "receive_maximum",
            PropertyId::TopicAliasMaximum => "topic_alias_maximum",
            PropertyId::TopicAlias => "topic_alias",
            PropertyId::MaximumQoS => "maximum_qos",
            PropertyId::RetainAvailable => "retain_available",
            PropertyId::UserProperty => "user_property",
            PropertyId::MaximumPacketSize => "maximum_packet_size",
            PropertyId::WildcardSubscriptionAvailable => "wildcard_subscription_available",
            PropertyId::SubscriptionIdentifierAvailable => "subscription_identifier_available",
            PropertyId::SharedSubscriptionAvailable => "shared_subscription_available",
        }
    }

    /// Whether this packet may carry it (table 2-4).
    pub const fn allowed_in(self, packet: PacketType) -> bool {
        self.carriers() & bit(packet) != 0
    }

    /// Whether the will inside CONNECT may carry it.
    pub const fn allowed_in_will(self) -> bool {
        self.carriers() & WILL != 0
    }

    /// Whether one packet may carry it more than once. A subscription identifier may repeat in PUBLISH only
    /// [MQTT-3.3.4-3], not in SUBSCRIBE.
    pub const fn may_repeat_in(self, packet: PacketType) -> bool {
        match self {
            PropertyId::UserProperty => true,
            PropertyId::SubscriptionIdentifier => matches!(packet, PacketType::Publish),
            _ => false,
        }
    }

    const fn carriers(self) -> u16 {
        use PacketType::*;
        match self {
            PropertyId::PayloadFormatIndicator => bit(Publish) | WILL,
            PropertyId::MessageExpiryInterval => bit(Publish) | WILL,
            PropertyId::ContentType => bit(Publish) | WILL,
            PropertyId::ResponseTopic => bit(Publish) | WILL,
            PropertyId::CorrelationData => bit(Publish) | WILL,
            PropertyId::SubscriptionIdentifier => bit(Publish) | bit(Subscribe),
            PropertyId::SessionExpiryInterval => bit(Connect) | bit(ConnAck) | bit(Disconnect),
            PropertyId::AssignedClientIdentifier => bit(ConnAck),
            PropertyId::ServerKeepAlive => bit(ConnAck),
            PropertyId::AuthenticationMethod => bit(Connect) | bit(ConnAck) | bit(Auth),
            PropertyId::AuthenticationData => bit(Connect) | bit(ConnAck) | bit(Auth),
            PropertyId::RequestProblemInformation => bit(Connect),
            PropertyId::WillDelayInterval => WILL,
            PropertyId::RequestResponseInformation => bit(Connect),
            PropertyId::ResponseInformation => bit(ConnAck),
            PropertyId::ServerReference => bit(ConnAck) | bit(Disconnect),
            PropertyId::ReasonString => {
                bit(ConnAck)
                    | bit(PubAck)
                    | bit(PubRec)
                    | bit(PubRel)
                    | bit(PubComp)
                    | bit(SubAck)
                    | bit(UnsubAck)
                    | bit(Disconnect)
                    | bit(Auth)
            }
            PropertyId::ReceiveMaximum => bit(Connect) | bit(ConnAck),
            PropertyId::TopicAliasMaximum => bit(Connect) | bit(ConnAck),
            PropertyId::TopicAlias => bit(Publish),
            PropertyId::MaximumQoS => bit(ConnAck),
            PropertyId::RetainAvailable => bit(ConnAck),
            PropertyId::UserProperty => {
                bit(Connect)
                    | bit(ConnAck)
                    | bit(Publish)
                    | WILL
                    | bit(PubAck)
                    | bit(PubRec)
                    | bit(PubRel)
                    | bit(PubComp)
                    | bit(Subscribe)
                    | bit(SubAck)
                    | bit(Unsubscribe)
                    | bit(UnsubAck)
                    | bit(Disconnect)
                    | bit(Auth)
            }
            PropertyId::MaximumPacketSize => bit(Connect) | bit(ConnAck),
            PropertyId::WildcardSubscriptionAvailable => bit(ConnAck),
            PropertyId::SubscriptionIdentifierAvailable => bit(ConnAck),
            PropertyId::SharedSubscriptionAvailable => bit(ConnAck),
        }
    }
}

impl Property {
    /// Its identifier.
    pub const fn id(&self) -> PropertyId {
        match self {
            Property::PayloadFormatIndicator(..) => PropertyId::PayloadFormatIndicator,
            Property::MessageExpiryInterval(..) => PropertyId::MessageExpiryInterval,
            Property::ContentType(..) => PropertyId::ContentType,
            Property::ResponseTopic(..) => PropertyId::ResponseTopic,
            Property::CorrelationData(..) => PropertyId::CorrelationData,
            Property::SubscriptionIdentifier(..) => PropertyId::SubscriptionIdentifier,
            Property::SessionExpiryInterval(..) => PropertyId::SessionExpiryInterval,
            Property::AssignedClientIdentifier(..) => PropertyId::AssignedClientIdentifier,
            Property::ServerKeepAlive(..) => PropertyId::ServerKeepAlive,
            Property::AuthenticationMethod(..) => PropertyId::AuthenticationMethod,
            Property::AuthenticationData(..) => PropertyId::AuthenticationData,
            Property::RequestProblemInformation(..) => PropertyId::RequestProblemInformation,
            Property::WillDelayInterval(..) => PropertyId::WillDelayInterval,
            Property::RequestResponseInformation(..) => PropertyId::RequestResponseInformation,
            Property::ResponseInformation(..) => PropertyId::ResponseInformation,
            Property::ServerReference(..) => PropertyId::ServerReference,
            Property::ReasonString(..) => PropertyId::ReasonString,
            Property::ReceiveMaximum(..) => PropertyId::ReceiveMaximum,
            Property::TopicAliasMaximum(..) => PropertyId::TopicAliasMaximum,
            Property::TopicAlias(..) => PropertyId::TopicAlias,
            Property::MaximumQoS(..) => PropertyId::MaximumQoS,
            Property::RetainAvailable(..) => PropertyId::RetainAvailable,
            Property::UserProperty(..) => PropertyId::UserProperty,
            Property::MaximumPacketSize(..) => PropertyId::MaximumPacketSize,
            Property::WildcardSubscriptionAvailable(..) => PropertyId::WildcardSubscriptionAvailable,
            Property::SubscriptionIdentifierAvailable(..) => PropertyId::SubscriptionIdentifierAvailable,
            Property::SharedSubscriptionAvailable(..) => PropertyId::SharedSubscriptionAvailable,
        }
    }
}

impl Property {
    /// Bytes that it takes on the wire, identifier included.
    pub fn encoded_len(&self) -> usize {
        use Property::*;
        1 + match self {
            PayloadFormatIndicator(_)
            | RequestProblemInformation(_)
            | RequestResponseInformation(_)
            | MaximumQoS(_)
            | RetainAvailable(_)
            | WildcardSubscriptionAvailable(_)
            | SubscriptionIdentifierAvailable(_)
            | SharedSubscriptionAvailable(_) => 1,
            ServerKeepAlive(_) | ReceiveMaximum(_) | TopicAliasMaximum(_) | TopicAlias(_) => 2,
            MessageExpiryInterval(_) | SessionExpiryInterval(_) | WillDelayInterval(_) | MaximumPacketSize(_) => 4,
            SubscriptionIdentifier(id) => match id {
                0..128 => 1,
                128..16_384 => 2,
                16_384..2_097_152 => 3,
                _ => 4,
            },
            ContentType(text)
            | ResponseTopic(text)
            | AssignedClientIdentifier(text)
            | AuthenticationMethod(text)
            | ResponseInformation(text)
            | ServerReference(text)
            | ReasonString(text) => 2 + text.len(),
            CorrelationData(data) | AuthenticationData(data) => 2 + data.len(),
            UserProperty(name, value) => 4 + name.len() + value.len(),
        }
    }
}

/// The properties of one packet or will: an ordered list. Empty in MQTT 3.
///
/// Which properties may stand in it, and how often, the codec checks on the way in and [`wire::encode`] on the way
/// out; the list itself takes anything.
///
/// [`wire::encode`]: crate::wire::encode
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Properties(Option<Box<SmallVec<[Property; 4]>>>);

impl Properties {
    /// No properties; allocates nothing.
    pub const fn new() -> Properties {
        Properties(None)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|list| list.is_empty())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |list| list.len())
    }

    /// Appends one.
    pub fn push(&mut self, property: Property) {
        self.0.get_or_insert_default().push(property);
    }

    /// Puts one in the place of the first with the same identifier, or appends it. Not for user properties.
    pub fn set(&mut self, property: Property) {
        match self.0.get_or_insert_default().iter_mut().find(|p| p.id() == property.id()) {
            Some(place) => *place = property,
            None => self.push(property),
        }
    }

    /// Removes every property with this identifier.
    pub fn remove(&mut self, id: PropertyId) {
        if let Some(list) = &mut self.0 {
            list.retain(|p| p.id() != id);
        }
    }

    /// All of them, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Property> {
        self.0.as_ref().map_or(&[][..], |list| list.as_slice()).iter()
    }

    /// Bytes that the properties take on the wire of MQTT 5, without the property length in front.
    pub fn encoded_len(&self) -> usize {
        self.iter().map(Property::encoded_len).sum()
    }

    /// User properties in order, duplicates kept.
    pub fn user_properties(&self) -> impl Iterator<Item = (&Text, &Text)> {
        self.iter().filter_map(|p| match p {
            Property::UserProperty(name, value) => Some((name, value)),
            _ => None,
        })
    }

    /// Subscription identifiers in order.
    pub fn subscription_identifiers(&self) -> impl Iterator<Item = u32> {
        self.iter().filter_map(|p| match p {
            Property::SubscriptionIdentifier(id) => Some(*id),
            _ => None,
        })
    }
}

/// Getters: the value of the first property of that kind, where there is one.
impl Properties {
    /// 1: the payload is UTF-8 text; 0: unspecified bytes.
    pub fn payload_format_indicator(&self) -> Option<u8> {
        self.iter().find_map(|p| if let Property::PayloadFormatIndicator(value) = p { Some(*value) } else { None })
    }

    /// Lifetime of the message in seconds.
    pub fn message_expiry_interval(&self) -> Option<u32> {
        self.iter().find_map(|p| if let Property::MessageExpiryInterval(value) = p { Some(*value) } else { None })
    }

    /// What the payload is, a MIME type by custom.
    pub fn content_type(&self) -> Option<&Text> {
        self.iter().find_map(|p| if let Property::ContentType(value) = p { Some(value) } else { None })
    }

    /// Topic name for the answer.
    pub fn response_topic(&self) -> Option<&Text> {
        self.iter().find_map(|p| if let Property::ResponseTopic(value) = p { Some(value) } else { None })
    }

    /// Bytes that the answer repeats.
    pub fn correlation_data(&self) -> Option<&Bytes> {
        self.iter().find_map(|p| if let Property::CorrelationData(value) = p { Some(value) } else { None })
    }

    /// 1 to 268 435 455; in PUBLISH one for each subscription that matched.
    pub fn subscription_identifier(&self) -> Option<u32> {
        self.iter().find_map(|p| if let Property::SubscriptionIdentifier(value) = p { Some(*value) } else { None })
    }

    /// Seconds that the session outlives the connection.
    pub fn session_expiry_interval(&self) -> Option<u32> {
        self.iter().find_map(|p| if let Property::SessionExpiryInterval(value) = p { Some(*value) } else { None })
    }

    /// The client identifier that the server chose.
    pub fn assigned_client_identifier(&self) -> Option<&Text> {
        self.iter().find_map(|p| if let Property::AssignedClientIdentifier(value) = p { Some(value) } else { None })
    }

    /// Seconds; replaces the client's keep-alive.
    pub fn server_keep_alive(&self) -> Option<u16> {
        self.iter().find_map(|p| if let Property::ServerKeepAlive(value) = p { Some(*value) } else { None })
    }

    /// Name of the extended authentication method.
    pub fn authentication_method(&self) -> Option<&Text> {
        self.iter().find_map(|p| if let Property::AuthenticationMethod(value) = p { Some(value) } else { None })
    }

    /// Its data.
    pub fn authentication_data(&self) -> Option<&Bytes> {
        self.iter().find_map(|p| if let Property::AuthenticationData(value) = p { Some(value) } else { None })
    }

    /// 0: send no reason strings and user properties except in PUBLISH, CONNACK and DISCONNECT.
    pub fn request_problem_information(&self) -> Option<u8> {
        self.iter().find_map(|p| if let Property::RequestProblemInformation(value) = p { Some(*value) } else { None })
    }

    /// Seconds between the end of the connection and the will.
    pub fn will_delay_interval(&self) -> Option<u32> {
        self.iter().find_map(|p| if let Property::WillDelayInterval(value) = p { Some(*value) } else { None })
    }

    /// 1: send response information in CONNACK.
    pub fn request_response_information(&self) -> Option<u8> {
        self.iter().find_map(|p| if let Property::RequestResponseInformation(value) = p { Some(*value) } else { None })
    }

    /// Basis for response topics.
    pub fn response_information(&self) -> Option<&Text> {
        self.iter().find_map(|p| if let Property::ResponseInformation(value) = p { Some(value) } else { None })
    }

    /// Another server to use.
    pub fn server_reference(&self) -> Option<&Text> {
        self.iter().find_map(|p| if let Property::ServerReference(value) = p { Some(value) } else { None })
    }

    /// Text for people that explains the reason code.
    pub fn reason_string(&self) -> Option<&Text> {
        self.iter().find_map(|p| if let Property::ReasonString(value) = p { Some(value) } else { None })
    }

    /// QoS 1 and 2 publishes in flight that the sender of this takes; never 0.
    pub fn receive_maximum(&self) -> Option<u16> {
        self.iter().find_map(|p| if let Property::ReceiveMaximum(value) = p { Some(*value) } else { None })
    }

    /// Highest topic alias that the sender of this accepts.
    pub fn topic_alias_maximum(&self) -> Option<u16> {
        self.iter().find_map(|p| if let Property::TopicAliasMaximum(value) = p { Some(*value) } else { None })
    }

    /// Number that stands for the topic; never 0.
    pub fn topic_alias(&self) -> Option<u16> {
        self.iter().find_map(|p| if let Property::TopicAlias(value) = p { Some(*value) } else { None })
    }

    /// 0 or 1: the highest QoS the server supports.
    pub fn maximum_qos(&self) -> Option<u8> {
        self.iter().find_map(|p| if let Property::MaximumQoS(value) = p { Some(*value) } else { None })
    }

    /// 0: the server keeps no retained messages.
    pub fn retain_available(&self) -> Option<u8> {
        self.iter().find_map(|p| if let Property::RetainAvailable(value) = p { Some(*value) } else { None })
    }

    /// Largest packet that the sender of this accepts, in bytes; never 0.
    pub fn maximum_packet_size(&self) -> Option<u32> {
        self.iter().find_map(|p| if let Property::MaximumPacketSize(value) = p { Some(*value) } else { None })
    }

    /// 0: the server refuses wildcards.
    pub fn wildcard_subscription_available(&self) -> Option<u8> {
        self.iter()
            .find_map(|p| if let Property::WildcardSubscriptionAvailable(value) = p { Some(*value) } else { None })
    }

    /// 0: the server refuses subscription identifiers.
    pub fn subscription_identifier_available(&self) -> Option<u8> {
        self.iter()
            .find_map(|p| if let Property::SubscriptionIdentifierAvailable(value) = p { Some(*value) } else { None })
    }

    /// 0: the server refuses shared subscriptions.
    pub fn shared_subscription_available(&self) -> Option<u8> {
        self.iter().find_map(|p| if let Property::SharedSubscriptionAvailable(value) = p { Some(*value) } else { None })
    }
}

impl FromIterator<Property> for Properties {
    fn from_iter<T: IntoIterator<Item = Property>>(iter: T) -> Properties {
        let mut properties = Properties::new();
        properties.extend(iter);
        properties
    }
}

impl Extend<Property> for Properties {
    fn extend<T: IntoIterator<Item = Property>>(&mut self, iter: T) {
        iter.into_iter().for_each(|p| self.push(p));
    }
}

impl<'a> IntoIterator for &'a Properties {
    type Item = &'a Property;
    type IntoIter = std::slice::Iter<'a, Property>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
