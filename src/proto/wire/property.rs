//! Property lists on the wire (section 2.2.2): read, checked, built, written.

use bytes::Bytes;

use super::cursor::Cursor;
use super::encode::{self, EncodeError};
use super::text;
use crate::packet::{PacketType, Properties, Property, PropertyId};
use crate::{Rule, Version, Violation};

/// Where a property list stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In this packet.
    Packet(PacketType),
    /// In the will of CONNECT.
    Will,
}

impl Place {
    /// Whether this property may stand there (table 2-4).
    pub const fn allows(self, id: PropertyId) -> bool {
        match self {
            Place::Packet(packet) => id.allowed_in(packet),
            Place::Will => id.allowed_in_will(),
        }
    }

    const fn repeats(self, id: PropertyId) -> bool {
        match self {
            Place::Packet(packet) => id.may_repeat_in(packet),
            Place::Will => matches!(id, PropertyId::UserProperty),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Place::Packet(packet) => packet.name(),
            Place::Will => "the will",
        }
    }
}

/// A rule that was broken, and the property it is about. Becomes a [`Violation`] at the edge of the codec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) rule: Rule,
    pub(super) property: Option<PropertyId>,
    unknown_property: Option<u8>,
}

impl Fault {
    pub(super) fn about(rule: Rule, property: PropertyId) -> Fault {
        Fault { rule, property: Some(property), unknown_property: None }
    }

    #[cold]
    fn unknown(number: u32) -> Fault {
        Fault { rule: Rule::UnknownProperty, property: None, unknown_property: u8::try_from(number).ok() }
    }

    #[cold]
    pub(super) fn into_violation(self, version: Version, packet: PacketType) -> Violation {
        let Fault { rule, property, unknown_property } = self;
        Violation { rule, version, packet: Some(packet), property, unknown_property }
    }
}

impl From<Rule> for Fault {
    fn from(rule: Rule) -> Fault {
        Fault { rule, property: None, unknown_property: None }
    }
}

/// Takes the property length and what it counts, without looking at it.
#[inline]
pub(super) fn block<'a>(cursor: &mut Cursor<'a>) -> Result<Block<'a>, Fault> {
    let length = cursor.variable()? as usize;
    let packet = *cursor;
    cursor.take(length).map_err(|_| Rule::PropertyLengthBeyondPacket)?;
    Ok(Block { packet, length })
}

/// The properties of one list, without their length.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block<'a> {
    /// From the first property to the end of the packet. A value is read up to there and held against the property
    /// length afterwards, so that a wrong value is told before a wrong length.
    packet: Cursor<'a>,
    length: usize,
}

impl<'a> Block<'a> {
    /// Nothing behind it.
    fn whole(bytes: &'a [u8]) -> Block<'a> {
        Block { packet: Cursor::new(bytes), length: bytes.len() }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }

    #[inline]
    pub(super) fn bytes(mut self) -> &'a [u8] {
        self.packet.take(self.length).unwrap_or_default()
    }
}

/// Reads a property list with its length into slices of `owner`. Empty in MQTT 3.
pub(super) fn read(
    cursor: &mut Cursor<'_>,
    owner: &Bytes,
    place: Place,
    version: Version,
) -> Result<Properties, Fault> {
    if !version.has_properties() {
        return Ok(Properties::new());
    }
    let block = block(cursor)?;
    if block.is_empty() {
        return Ok(Properties::new());
    }
    let mut reader = Reader::new(block, place);
    let mut properties = Properties::new();
    while let Some(raw) = reader.next()? {
        properties.push(raw.into_property(owner)?);
    }
    Ok(properties)
}

/// Reads a list that is all of `bytes`, without a length in front.
pub(super) fn read_alone(bytes: &Bytes, place: Place) -> Result<Properties, Fault> {
    let mut reader = Reader::new(Block::whole(bytes), place);
    let mut properties = Properties::new();
    while let Some(raw) = reader.next()? {
        properties.push(raw.into_property(bytes)?);
    }
    Ok(properties)
}

/// What a PUBLISH wants to know of its properties before they are built.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Summary {
    pub(super) topic_alias: Option<u16>,
    pub(super) message_expiry: Option<u32>,
    pub(super) has_subscription_identifiers: bool,
}

/// Checks the properties of a PUBLISH without building them.
pub(super) fn check_publish(block: Block<'_>) -> Result<Summary, Fault> {
    let mut reader = Reader::new(block, Place::Packet(PacketType::Publish));
    let mut summary = Summary::default();
    while let Some(Raw { id, value }) = reader.next()? {
        match (id, value) {
            (PropertyId::TopicAlias, Value::Two(alias)) => summary.topic_alias = Some(alias),
            (PropertyId::MessageExpiryInterval, Value::Four(seconds)) => summary.message_expiry = Some(seconds),
            (PropertyId::SubscriptionIdentifier, _) => summary.has_subscription_identifiers = true,
            (_, value) => value.check_text().map_err(|rule| Fault::about(rule, id))?,
        }
    }
    Ok(summary)
}

/// Builds a list from bytes that were checked; what does not read is left out.
pub(super) fn build_checked(owner: &Bytes) -> Properties {
    let mut reader = Reader::new(Block::whole(owner), Place::Packet(PacketType::Publish));
    let mut properties = Properties::new();
    while let Ok(Some(raw)) = reader.next() {
        properties.extend(raw.into_property(owner));
    }
    properties
}

/// The bytes of each property in a checked list of a PUBLISH, with the identifier.
pub(super) fn slices(block: &[u8]) -> impl Iterator<Item = (PropertyId, &[u8], Option<u32>)> {
    let mut reader = Reader::new(Block::whole(block), Place::Packet(PacketType::Publish));
    let mut at = 0;
    std::iter::from_fn(move || {
        let raw = reader.next().ok()??;
        let end = block.len() - reader.cursor.len();
        let slice = &block[at..end];
        at = end;
        let number = match raw.value {
            Value::Four(number) | Value::Variable(number) => Some(number),
            _ => None,
        };
        Some((raw.id, slice, number))
    })
}

/// One property as it stands on the wire. Everything is checked except the well-formedness of text.
struct Raw<'a> {
    id: PropertyId,
    value: Value<'a>,
}

#[derive(Clone, Copy)]
enum Value<'a> {
    One(u8),
    Two(u16),
    Four(u32),
    Variable(u32),
    Binary(&'a [u8]),
    Text(&'a [u8]),
    Pair(&'a [u8], &'a [u8]),
}

impl Value<'_> {
    fn check_text(self) -> Result<(), Rule> {
        match self {
            Value::Text(text) => text::check(text).map(drop),
            Value::Pair(name, value) => text::check(name).and(text::check(value)).map(drop),
            _ => Ok(()),
        }
    }
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    /// What is behind the list.
    behind: usize,
    place: Place,
    seen: u64,
}

impl<'a> Reader<'a> {
    fn new(block: Block<'a>, place: Place) -> Reader<'a> {
        Reader { cursor: block.packet, behind: block.packet.len() - block.length, place, seen: 0 }
    }

    #[inline]
    fn next(&mut self) -> Result<Option<Raw<'a>>, Fault> {
        if self.cursor.len() == self.behind {
            return Ok(None);
        }
        let number = self.cursor.variable().map_err(truncated)?;
        let id = u8::try_from(number).ok().and_then(PropertyId::from_u8).ok_or_else(|| Fault::unknown(number))?;
        let fault = |rule| Fault::about(rule, id);
        if !self.place.allows(id) {
            return Err(fault(Rule::PropertyNotAllowed));
        }
        let bit = 1 << id as u8;
        if self.seen & bit != 0 && !self.place.repeats(id) {
            return Err(fault(Rule::PropertyTwice));
        }
        self.seen |= bit;
        let value = read_value(&mut self.cursor, id).map_err(|rule| fault(truncated(rule)))?;
        check_value(id, value).map_err(fault)?;
        if self.cursor.len() < self.behind {
            return Err(fault(Rule::PropertyTruncated));
        }
        Ok(Some(Raw { id, value }))
    }
}

fn truncated(rule: Rule) -> Rule {
    if rule == Rule::BodyTooShort { Rule::PropertyTruncated } else { rule }
}

#[inline]
fn read_value<'a>(cursor: &mut Cursor<'a>, id: PropertyId) -> Result<Value<'a>, Rule> {
    use PropertyId::*;
    Ok(match id {
        PayloadFormatIndicator
        | RequestProblemInformation
        | RequestResponseInformation
        | MaximumQoS
        | RetainAvailable
        | WildcardSubscriptionAvailable
        | SubscriptionIdentifierAvailable
        | SharedSubscriptionAvailable => Value::One(cursor.u8()?),
        ServerKeepAlive | ReceiveMaximum | TopicAliasMaximum | TopicAlias => Value::Two(cursor.u16()?),
        MessageExpiryInterval | SessionExpiryInterval | WillDelayInterval | MaximumPacketSize => {
            Value::Four(cursor.u32()?)
        }
        SubscriptionIdentifier => Value::Variable(cursor.variable()?),
        CorrelationData | AuthenticationData => Value::Binary(cursor.binary()?),
        ContentType
        | ResponseTopic
        | AssignedClientIdentifier
        | AuthenticationMethod
        | ResponseInformation
        | ServerReference
        | ReasonString => Value::Text(cursor.binary()?),
        UserProperty => Value::Pair(cursor.binary()?, cursor.binary()?),
    })
}

/// Values that the specification rules out, text aside.
#[inline]
fn check_value(id: PropertyId, value: Value<'_>) -> Result<(), Rule> {
    match (id, value) {
        // Every property of one byte is 0 or 1.
        (_, Value::One(2..)) => Err(Rule::PropertyValue),
        (PropertyId::TopicAlias, Value::Two(0)) => Err(Rule::TopicAliasZero),
        (PropertyId::ReceiveMaximum, Value::Two(0))
        | (PropertyId::MaximumPacketSize, Value::Four(0))
        | (PropertyId::SubscriptionIdentifier, Value::Variable(0)) => Err(Rule::PropertyValue),
        (PropertyId::ResponseTopic, Value::Text(topic)) => {
            // Not well-formed comes first.
            let topic = text::check(topic)?;
            if topic.is_empty() || text::has_wildcard(topic) { Err(Rule::ResponseTopicWildcard) } else { Ok(()) }
        }
        _ => Ok(()),
    }
}

impl Raw<'_> {
    /// The property, text and data as slices of `owner`.
    fn into_property(self, owner: &Bytes) -> Result<Property, Fault> {
        use PropertyId as Id;
        let id = self.id;
        let text = |bytes| text::owned(owner, bytes).map_err(|rule| Fault::about(rule, id));
        Ok(match (id, self.value) {
            (Id::PayloadFormatIndicator, Value::One(value)) => Property::PayloadFormatIndicator(value),
            (Id::RequestProblemInformation, Value::One(value)) => Property::RequestProblemInformation(value),
            (Id::RequestResponseInformation, Value::One(value)) => Property::RequestResponseInformation(value),
            (Id::MaximumQoS, Value::One(value)) => Property::MaximumQoS(value),
            (Id::RetainAvailable, Value::One(value)) => Property::RetainAvailable(value),
            (Id::WildcardSubscriptionAvailable, Value::One(value)) => Property::WildcardSubscriptionAvailable(value),
            (Id::SubscriptionIdentifierAvailable, Value::One(value)) => {
                Property::SubscriptionIdentifierAvailable(value)
            }
            (Id::SharedSubscriptionAvailable, Value::One(value)) => Property::SharedSubscriptionAvailable(value),
            (Id::ServerKeepAlive, Value::Two(value)) => Property::ServerKeepAlive(value),
            (Id::ReceiveMaximum, Value::Two(value)) => Property::ReceiveMaximum(value),
            (Id::TopicAliasMaximum, Value::Two(value)) => Property::TopicAliasMaximum(value),
            (Id::TopicAlias, Value::Two(value)) => Property::TopicAlias(value),
            (Id::MessageExpiryInterval, Value::Four(value)) => Property::MessageExpiryInterval(value),
            (Id::SessionExpiryInterval, Value::Four(value)) => Property::SessionExpiryInterval(value),
            (Id::WillDelayInterval, Value::Four(value)) => Property::WillDelayInterval(value),
            (Id::MaximumPacketSize, Value::Four(value)) => Property::MaximumPacketSize(value),
            (Id::SubscriptionIdentifier, Value::Variable(value)) => Property::SubscriptionIdentifier(value),
            (Id::CorrelationData, Value::Binary(data)) => Property::CorrelationData(owner.slice_ref(data)),
            (Id::AuthenticationData, Value::Binary(data)) => Property::AuthenticationData(owner.slice_ref(data)),
            (Id::ContentType, Value::Text(value)) => Property::ContentType(text(value)?),
            (Id::ResponseTopic, Value::Text(value)) => Property::ResponseTopic(text(value)?),
            (Id::AssignedClientIdentifier, Value::Text(value)) => Property::AssignedClientIdentifier(text(value)?),
            (Id::AuthenticationMethod, Value::Text(value)) => Property::AuthenticationMethod(text(value)?),
            (Id::ResponseInformation, Value::Text(value)) => Property::ResponseInformation(text(value)?),
            (Id::ServerReference, Value::Text(value)) => Property::ServerReference(text(value)?),
            (Id::ReasonString, Value::Text(value)) => Property::ReasonString(text(value)?),
            (Id::UserProperty, Value::Pair(name, value)) => Property::UserProperty(text(name)?, text(value)?),
            // `read_value` reads each identifier as one kind only.
            _ => return Err(Fault::about(Rule::PropertyValue, id)),
        })
    }
}

/// Whether the list may stand in its place; says why not. Returns the bytes that it takes without its length.
#[inline]
pub(super) fn check(properties: &Properties, place: Place) -> Result<usize, EncodeError> {
    if properties.is_empty() { Ok(0) } else { check_each(properties, place) }
}

fn check_each(properties: &Properties, place: Place) -> Result<usize, EncodeError> {
    let mut seen = 0u64;
    let mut length = 0;
    for property in properties {
        let id = property.id();
        let refuse = |place: String| Err(EncodeError::Property { property: id.name(), place });
        if !place.allows(id) {
            return refuse(format!("in {}", place.name()));
        }
        let bit = 1 << id as u8;
        if seen & bit != 0 && !place.repeats(id) {
            return refuse(format!("twice in {}", place.name()));
        }
        seen |= bit;
        check_to_write(property)?;
        length += property.encoded_len();
    }
    Ok(length)
}

fn check_to_write(property: &Property) -> Result<(), EncodeError> {
    use Property::*;
    let field = property.id().name();
    let refuse = |place: String| Err(EncodeError::Property { property: field, place });
    match property {
        PayloadFormatIndicator(value)
        | RequestProblemInformation(value)
        | RequestResponseInformation(value)
        | MaximumQoS(value)
        | RetainAvailable(value)
        | WildcardSubscriptionAvailable(value)
        | SubscriptionIdentifierAvailable(value)
        | SharedSubscriptionAvailable(value) => {
            if *value > 1 {
                return refuse(format!("with the value {value}"));
            }
        }
        ReceiveMaximum(0) | TopicAlias(0) | MaximumPacketSize(0) | SubscriptionIdentifier(0) => {
            return refuse("with the value 0".into());
        }
        SubscriptionIdentifier(id @ 268_435_456..) => return refuse(format!("with the value {id}")),
        ReceiveMaximum(_)
        | TopicAlias(_)
        | MaximumPacketSize(_)
        | SubscriptionIdentifier(_)
        | ServerKeepAlive(_)
        | TopicAliasMaximum(_)
        | MessageExpiryInterval(_)
        | SessionExpiryInterval(_)
        | WillDelayInterval(_) => {}
        CorrelationData(data) | AuthenticationData(data) => encode::check_binary(data, field)?,
        ResponseTopic(topic) => {
            encode::check_text(topic, field)?;
            if topic.is_empty() || text::has_wildcard(topic) {
                return refuse(format!("with the value {topic:?}, which is not a topic name"));
            }
        }
        ContentType(value)
        | AssignedClientIdentifier(value)
        | AuthenticationMethod(value)
        | ResponseInformation(value)
        | ServerReference(value)
        | ReasonString(value) => encode::check_text(value, field)?,
        UserProperty(name, value) => {
            encode::check_text(name, field)?;
            encode::check_text(value, field)?;
        }
    }
    Ok(())
}

/// Appends a checked list with its length in front; nothing in MQTT 3.
pub(super) fn write(properties: &Properties, version: Version, out: &mut Vec<u8>) {
    if !version.has_properties() {
        return;
    }
    encode::put_variable(properties.encoded_len(), out);
    properties.iter().for_each(|property| write_one(property, out));
}

/// Appends one checked property.
pub(super) fn write_one(property: &Property, out: &mut Vec<u8>) {
    use Property::*;
    let id = property.id() as u8;
    let put = |bytes: &[u8], out: &mut Vec<u8>| {
        let [high, low] = (bytes.len() as u16).to_be_bytes();
        out.extend_from_slice(&[id, high, low]);
        out.extend_from_slice(bytes);
    };
    match property {
        PayloadFormatIndicator(value)
        | RequestProblemInformation(value)
        | RequestResponseInformation(value)
        | MaximumQoS(value)
        | RetainAvailable(value)
        | WildcardSubscriptionAvailable(value)
        | SubscriptionIdentifierAvailable(value)
        | SharedSubscriptionAvailable(value) => out.extend_from_slice(&[id, *value]),
        ServerKeepAlive(value) | ReceiveMaximum(value) | TopicAliasMaximum(value) | TopicAlias(value) => {
            let [high, low] = value.to_be_bytes();
            out.extend_from_slice(&[id, high, low]);
        }
        MessageExpiryInterval(value)
        | SessionExpiryInterval(value)
        | WillDelayInterval(value)
        | MaximumPacketSize(value) => {
            let [a, b, c, d] = value.to_be_bytes();
            out.extend_from_slice(&[id, a, b, c, d]);
        }
        SubscriptionIdentifier(value) => {
            out.push(id);
            encode::put_variable(*value as usize, out);
        }
        CorrelationData(data) | AuthenticationData(data) => put(data, out),
        ContentType(text)
        | ResponseTopic(text)
        | AssignedClientIdentifier(text)
        | AuthenticationMethod(text)
        | ResponseInformation(text)
        | ServerReference(text)
        | ReasonString(text) => put(text.as_bytes(), out),
        UserProperty(name, value) => {
            put(name.as_bytes(), out);
            encode::put_binary(value.as_bytes(), out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{decode, encode};
    use super::*;

    #[test]
    fn a_list_by_itself_has_a_length_in_front_when_written_and_none_when_read() {
        let mut list = Properties::new();
        list.push(Property::ReasonString("why".into()));
        list.push(Property::UserProperty("a".into(), "b".into()));
        let mut bytes = Vec::new();
        encode::properties(&list, Place::Packet(PacketType::PubAck), &mut bytes).unwrap();
        assert_eq!(bytes, b"\x0D\x1F\0\x03why\x26\0\x01a\0\x01b");
        let read = decode::properties(&Bytes::copy_from_slice(&bytes[1..]), Place::Packet(PacketType::PubAck));
        assert_eq!(read, Ok(list));
    }

    #[test]
    fn a_list_by_itself_is_held_against_its_place() {
        let list = Properties::from_iter([Property::WillDelayInterval(5)]);
        let mut bytes = Vec::new();
        assert!(encode::properties(&list, Place::Packet(PacketType::Publish), &mut bytes).is_err());
        assert_eq!(bytes, b"");
        encode::properties(&list, Place::Will, &mut bytes).unwrap();
        let read = |place| decode::properties(&Bytes::copy_from_slice(&bytes[1..]), place);
        assert_eq!(read(Place::Will), Ok(list));
        let violation = read(Place::Packet(PacketType::Publish)).unwrap_err();
        assert_eq!(violation.rule, Rule::PropertyNotAllowed);
        assert_eq!(violation.property, Some(PropertyId::WillDelayInterval));
    }

    #[test]
    fn an_unknown_identifier_is_told() {
        let read = |bytes| decode::properties(&Bytes::from_static(bytes), Place::Will).unwrap_err();
        assert_eq!(read(b"\x7F\0").unknown_property, Some(0x7F));
        assert_eq!(read(b"\x80\x02\0").unknown_property, None);
        assert_eq!(read(b"\x80\x02\0").rule, Rule::UnknownProperty);
    }
}
