//! `Mqtt\Properties`: slots for PHP, and the list as it stands on the wire behind them, order included.

use std::borrow::Cow;
use std::cell::Cell;
use std::ffi::c_void;
use std::ptr::null_mut;

use bytes::Bytes;
use mqtt_proto::Text;
use mqtt_proto::packet::{PacketType, Properties, Property, PropertyId};

use crate::convert::{Call, Item, wrong_type};
use crate::exception::{argument_value, class_entries, value_error};
use crate::guard::{self, Outcome, methods};
use crate::object::{self, slot};
use crate::zend::{self, HashTable, Key, Zval, zend_object};

class_entries! {
    class = class_entry_Mqtt_Properties;
}

methods! {
    zim_Mqtt_Properties___construct => construct;
    zim_Mqtt_Properties_toArray => to_array;
    zim_Mqtt_Properties_getIterator => get_iterator;
    zim_Mqtt_Properties_count => count;
    zim_Mqtt_Properties_jsonSerialize => json_serialize;
}

/// Name and identifier of every slot, in the order of the stub, which is that of the identifiers.
const FIELDS: [(&str, PropertyId); 27] = [
    ("payloadFormatIndicator", PropertyId::PayloadFormatIndicator),
    ("messageExpiryInterval", PropertyId::MessageExpiryInterval),
    ("contentType", PropertyId::ContentType),
    ("responseTopic", PropertyId::ResponseTopic),
    ("correlationData", PropertyId::CorrelationData),
    ("subscriptionIdentifier", PropertyId::SubscriptionIdentifier),
    ("sessionExpiryInterval", PropertyId::SessionExpiryInterval),
    ("assignedClientIdentifier", PropertyId::AssignedClientIdentifier),
    ("serverKeepAlive", PropertyId::ServerKeepAlive),
    ("authenticationMethod", PropertyId::AuthenticationMethod),
    ("authenticationData", PropertyId::AuthenticationData),
    ("requestProblemInformation", PropertyId::RequestProblemInformation),
    ("willDelayInterval", PropertyId::WillDelayInterval),
    ("requestResponseInformation", PropertyId::RequestResponseInformation),
    ("responseInformation", PropertyId::ResponseInformation),
    ("serverReference", PropertyId::ServerReference),
    ("reasonString", PropertyId::ReasonString),
    ("receiveMaximum", PropertyId::ReceiveMaximum),
    ("topicAliasMaximum", PropertyId::TopicAliasMaximum),
    ("topicAlias", PropertyId::TopicAlias),
    ("maximumQoS", PropertyId::MaximumQoS),
    ("retainAvailable", PropertyId::RetainAvailable),
    ("userProperties", PropertyId::UserProperty),
    ("maximumPacketSize", PropertyId::MaximumPacketSize),
    ("wildcardSubscriptionAvailable", PropertyId::WildcardSubscriptionAvailable),
    ("subscriptionIdentifierAvailable", PropertyId::SubscriptionIdentifierAvailable),
    ("sharedSubscriptionAvailable", PropertyId::SharedSubscriptionAvailable),
];

/// Where properties stand, which decides what may be among them.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place {
    Packet(PacketType),
    Will,
}

impl Place {
    fn allows(self, id: PropertyId) -> bool {
        match self {
            Place::Packet(packet) => id.allowed_in(packet),
            Place::Will => id.allowed_in_will(),
        }
    }

    fn words(self) -> String {
        match self {
            Place::Packet(packet) => packet.to_string(),
            Place::Will => "a will".to_owned(),
        }
    }
}

fn construct(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, FIELDS.len() as u32)?;
    object::unused(call.this())?;
    let mut list = Properties::new();
    for (index, (name, id)) in (0u32..).zip(FIELDS) {
        if let Some(value) = call.nullable(index) {
            read(
                id,
                &mut Item::of_call(
                    value,
                    format!("Mqtt\\Properties::__construct(): Argument #{} (${name})", index + 1),
                ),
                &mut list,
            )?;
        }
    }
    fill(call.this(), list);
    Ok(())
}

fn to_array(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = array_of(call);
    Ok(())
}

/// An object also where there is nothing: JSON says {} then.
fn json_serialize(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = zend::plain_object(array_of(call));
    Ok(())
}

fn get_iterator(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = zend::array_iterator(array_of(call));
    Ok(())
}

fn count(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = zend::long(present(call).count() as i64);
    Ok(())
}

fn array_of(call: &Call) -> Zval {
    let mut array = zend::map();
    present(call).for_each(|(name, value)| zend::set(&mut array, name, zend::copy(value)));
    array
}

/// What is not null and no empty list, by name.
fn present(call: &Call) -> impl Iterator<Item = (&'static str, &Zval)> {
    let slots = FIELDS.into_iter().enumerate().map(|(index, (name, _))| (name, slot(call.this(), index)));
    slots.filter(|(_, value)| !zend::is_null(value) && zend::as_array(value).is_none_or(|list| zend::count(list) > 0))
}

/// Properties of an argument: an object, an array or null, held against what may stand at this place. Gives the
/// object and the list.
pub(crate) fn from_arg(call: &Call, index: u32, place: Place) -> Outcome<(Zval, Properties)> {
    let Some(value) = call.nullable(index) else { return Ok((empty(), Properties::new())) };
    if let Some(object) = zend::instance(value, class()) {
        let list = of(object)?.into_owned();
        check(&list, place).map_err(|problem| argument_value(index, &problem))?;
        return Ok((zend::object_of(object), list));
    }
    let Some(array) = zend::as_array(value) else {
        return Err(wrong_type(index, "Mqtt\\Properties|array|null", value));
    };
    let list = from_array(array)?;
    check(&list, place).map_err(|problem| argument_value(index, &problem))?;
    Ok((object(list.clone()), list))
}

/// The same for a value inside an array, such as the option `properties`.
pub(crate) fn from_item(item: &mut Item<'_>, place: Place) -> Outcome<Properties> {
    let list = if item.is_null() {
        Properties::new()
    } else if let Some(object) = zend::instance(item.value, class()) {
        of(object)?.into_owned()
    } else if let Some(array) = zend::as_array(item.value) {
        from_array(array)?
    } else {
        return Err(item.wrong_type("Mqtt\\Properties|array|null"));
    };
    check(&list, place).map_err(|problem| item.wrong_value(&problem))?;
    Ok(list)
}

/// Reads one property by its name in PHP and appends it; false where no property of this place has the name.
pub(crate) fn read_named(name: &str, item: &mut Item<'_>, list: &mut Properties, place: Place) -> Outcome<bool> {
    match FIELDS.into_iter().find(|(known, id)| *known == name && place.allows(*id)) {
        None => Ok(false),
        Some((_, id)) => read(id, item, list).map(|()| true),
    }
}

fn check(list: &Properties, place: Place) -> Result<(), String> {
    match list.iter().find(|property| !place.allows(property.id())) {
        None => Ok(()),
        Some(property) => {
            let name = FIELDS.iter().find(|(_, id)| *id == property.id()).map_or("", |(name, _)| name);
            Err(format!("must not contain \"{name}\": {} cannot carry it", place.words()))
        }
    }
}

fn from_array(array: *mut HashTable) -> Outcome<Properties> {
    let mut list = Properties::new();
    zend::each(array, |key, value| {
        let name = match key {
            Key::Name(name) => String::from_utf8_lossy(name).into_owned(),
            Key::Index(index) => (index as i64).to_string(),
        };
        let Some((_, id)) = FIELDS.into_iter().find(|(known, _)| *known == name) else {
            return Err(value_error(&format!(
                "Unknown property \"{name}\": the keys are the properties of Mqtt\\Properties"
            )));
        };
        if zend::is_null(value) {
            return Ok(());
        }
        // A conversion in place would change the caller's array.
        let mut value = zend::copy(value);
        read(id, &mut Item::new(&mut value, format!("Property \"{name}\"")), &mut list)
    })?;
    Ok(list)
}

/// The list behind an object.
pub(crate) fn of<'a>(object: *mut zend_object) -> Outcome<Cow<'a, Properties>> {
    if let Some(list) = zend::native::<Properties>(object) {
        return Ok(Cow::Borrowed(list));
    }
    // Made by unserialize(), or without its constructor: the slots are all there is.
    let mut list = Properties::new();
    for (index, (name, id)) in FIELDS.into_iter().enumerate() {
        let mut value = zend::copy(slot(object, index));
        if !zend::is_null(&value) {
            read(id, &mut Item::new(&mut value, format!("Property \"{name}\"")), &mut list)?;
        }
    }
    Ok(Cow::Owned(list))
}

/// The list behind a slot that is declared to hold Properties.
pub(crate) fn of_slot<'a>(value: &Zval) -> Outcome<Cow<'a, Properties>> {
    zend::instance(value, class()).map_or_else(|| Ok(Cow::Owned(Properties::new())), of)
}

/// An object for a list.
pub(crate) fn object(list: Properties) -> Zval {
    if list.is_empty() {
        return empty();
    }
    let object = zend::new_object(class());
    if let Some(pointer) = zend::as_object(&object) {
        fill(pointer, list);
    }
    object
}

thread_local! {
    static EMPTY: Cell<*mut zend_object> = const { Cell::new(null_mut()) };
}

/// The one object without properties, shared by all that have none: it is readonly.
pub(crate) fn empty() -> Zval {
    let mut shared = EMPTY.get();
    if shared.is_null() {
        let object = zend::new_object(class());
        let Some(pointer) = zend::as_object(&object) else { return object };
        fill(pointer, Properties::new());
        std::mem::forget(object);
        EMPTY.set(pointer);
        shared = pointer;
    }
    zend::object_of(shared)
}

/// Gives the shared object back at the end of the request.
pub(crate) fn release_empty() {
    let shared = EMPTY.replace(null_mut());
    if !shared.is_null() {
        zend::release_object(shared);
    }
}

fn fill(object: *mut zend_object, list: Properties) {
    let mut slots = [const { Zval::new() }; FIELDS.len()];
    let mut user = Vec::new();
    let mut identifiers = Vec::new();
    for property in &list {
        match property {
            // One packet may hold a million; where the memory limit is passed, no more are made.
            Property::UserProperty(..) if guard::memory_spent() => break,
            Property::UserProperty(name, value) => user.push(zend::list_of([name, value].into_iter().map(text))),
            Property::SubscriptionIdentifier(id) => identifiers.push(zend::long(*id)),
            other => slots[index_of(other.id())] = value(other),
        }
    }
    slots[index_of(PropertyId::UserProperty)] = zend::list_of(user.into_iter());
    if identifiers.len() > 1 {
        slots[index_of(PropertyId::SubscriptionIdentifier)] = zend::list_of(identifiers.into_iter());
    } else if let Some(identifier) = identifiers.pop() {
        slots[index_of(PropertyId::SubscriptionIdentifier)] = identifier;
    }
    // The object is new, or its constructor has just found it unused.
    if object::construct(object, slots).is_ok() {
        zend::set_native(object, Box::new(list));
    }
}

/// The name in PHP of a property that `mqtt-proto` names.
pub(crate) fn php_name(name: &str) -> &str {
    FIELDS.iter().find(|(_, id)| id.name() == name).map_or(name, |(name, _)| name)
}

fn index_of(id: PropertyId) -> usize {
    PropertyId::ALL.iter().position(|known| *known == id).unwrap_or(0)
}

fn text(text: &Text) -> Zval {
    zend::string(text.as_bytes())
}

/// What PHP sees of a property that stands once.
fn value(property: &Property) -> Zval {
    use Property::*;
    match property {
        PayloadFormatIndicator(number) | MaximumQoS(number) => zend::long(*number),
        MessageExpiryInterval(number)
        | SessionExpiryInterval(number)
        | WillDelayInterval(number)
        | MaximumPacketSize(number)
        | SubscriptionIdentifier(number) => zend::long(*number),
        ServerKeepAlive(number) | ReceiveMaximum(number) | TopicAliasMaximum(number) | TopicAlias(number) => {
            zend::long(*number)
        }
        RequestProblemInformation(flag)
        | RequestResponseInformation(flag)
        | RetainAvailable(flag)
        | WildcardSubscriptionAvailable(flag)
        | SubscriptionIdentifierAvailable(flag)
        | SharedSubscriptionAvailable(flag) => zend::bool(*flag != 0),
        ContentType(string)
        | ResponseTopic(string)
        | AssignedClientIdentifier(string)
        | AuthenticationMethod(string)
        | ResponseInformation(string)
        | ServerReference(string)
        | ReasonString(string) => text(string),
        CorrelationData(data) | AuthenticationData(data) => zend::string(data),
        UserProperty(..) => zend::null(),
    }
}

/// Reads what PHP says about one property and appends it.
pub(crate) fn read(id: PropertyId, item: &mut Item<'_>, list: &mut Properties) -> Outcome {
    const U32: i64 = u32::MAX as i64;
    let small = |item: &mut Item<'_>, minimum, maximum| item.long(minimum, maximum).map(|value| value as u16);
    let large = |item: &mut Item<'_>, minimum, maximum| item.long(minimum, maximum).map(|value| value as u32);
    let flag = |item: &mut Item<'_>| item.bool().map(u8::from);
    list.push(match id {
        PropertyId::PayloadFormatIndicator => Property::PayloadFormatIndicator(small(item, 0, 1)? as u8),
        PropertyId::MessageExpiryInterval => Property::MessageExpiryInterval(large(item, 0, U32)?),
        PropertyId::ContentType => Property::ContentType(short_text(item)?),
        PropertyId::ResponseTopic => Property::ResponseTopic(short_text(item)?),
        PropertyId::CorrelationData => Property::CorrelationData(short_bytes(item)?),
        PropertyId::SubscriptionIdentifier => return subscription_identifiers(item, list),
        PropertyId::SessionExpiryInterval => Property::SessionExpiryInterval(large(item, 0, U32)?),
        PropertyId::AssignedClientIdentifier => Property::AssignedClientIdentifier(short_text(item)?),
        PropertyId::ServerKeepAlive => Property::ServerKeepAlive(small(item, 0, 65_535)?),
        PropertyId::AuthenticationMethod => Property::AuthenticationMethod(short_text(item)?),
        PropertyId::AuthenticationData => Property::AuthenticationData(short_bytes(item)?),
        PropertyId::RequestProblemInformation => Property::RequestProblemInformation(flag(item)?),
        PropertyId::WillDelayInterval => Property::WillDelayInterval(large(item, 0, U32)?),
        PropertyId::RequestResponseInformation => Property::RequestResponseInformation(flag(item)?),
        PropertyId::ResponseInformation => Property::ResponseInformation(short_text(item)?),
        PropertyId::ServerReference => Property::ServerReference(short_text(item)?),
        PropertyId::ReasonString => Property::ReasonString(short_text(item)?),
        PropertyId::ReceiveMaximum => Property::ReceiveMaximum(small(item, 1, 65_535)?),
        PropertyId::TopicAliasMaximum => Property::TopicAliasMaximum(small(item, 0, 65_535)?),
        PropertyId::TopicAlias => Property::TopicAlias(small(item, 1, 65_535)?),
        PropertyId::MaximumQoS => Property::MaximumQoS(small(item, 0, 1)? as u8),
        PropertyId::RetainAvailable => Property::RetainAvailable(flag(item)?),
        PropertyId::UserProperty => return user_properties(item, list),
        PropertyId::MaximumPacketSize => Property::MaximumPacketSize(large(item, 1, U32)?),
        PropertyId::WildcardSubscriptionAvailable => Property::WildcardSubscriptionAvailable(flag(item)?),
        PropertyId::SubscriptionIdentifierAvailable => Property::SubscriptionIdentifierAvailable(flag(item)?),
        PropertyId::SharedSubscriptionAvailable => Property::SharedSubscriptionAvailable(flag(item)?),
    });
    Ok(())
}

/// Bytes that fit behind a length of two bytes.
pub(crate) fn short_bytes(item: &mut Item<'_>) -> Outcome<Bytes> {
    let bytes = item.bytes()?;
    if bytes.len() > 65_535 {
        return Err(item.wrong_value("must be at most 65535 bytes long"));
    }
    Ok(bytes)
}

/// Text as the protocol takes it.
pub(crate) fn short_text(item: &mut Item<'_>) -> Outcome<Text> {
    let text = Text::try_from(short_bytes(item)?).map_err(|_| item.wrong_value("must be valid UTF-8"))?;
    if text.contains('\0') {
        return Err(item.wrong_value("must not contain U+0000"));
    }
    Ok(text)
}

fn subscription_identifiers(item: &mut Item<'_>, list: &mut Properties) -> Outcome {
    let one = |item: &mut Item<'_>, list: &mut Properties| {
        list.push(Property::SubscriptionIdentifier(item.long(1, 268_435_455)? as u32));
        Ok(())
    };
    match zend::as_array(item.value) {
        None => one(item, list),
        Some(array) => zend::each(array, |_, value| {
            let mut value = zend::copy(value);
            one(&mut Item::inner(&mut value, item.name.clone(), item.is_strict()), list)
        }),
    }
}

/// A list of pairs, or values (or lists of values) by name.
fn user_properties(item: &mut Item<'_>, list: &mut Properties) -> Outcome {
    let Some(array) = zend::as_array(item.value) else { return Err(item.wrong_type("array")) };
    let words = item.name.clone();
    let is_strict = item.is_strict();
    let piece = |value: &Zval| {
        let mut value = zend::copy(value);
        short_text(&mut Item::inner(&mut value, words.clone(), is_strict))
    };
    let mut is_list = true;
    let mut next = 0;
    zend::each::<()>(array, |key, _| {
        is_list &= matches!(key, Key::Index(index) if index == next);
        next += 1;
        Ok(())
    })
    .ok();
    zend::each(array, |key, value| {
        let nested = zend::as_array(value);
        let name = match key {
            Key::Name(name) => Some(name.to_vec()),
            Key::Index(_) if nested.is_none() && is_list => {
                return Err(value_error(&format!("{words} must be a list of [name, value] pairs")));
            }
            // PHP makes an int of a name like "1": with a plain value it was a name.
            Key::Index(index) if nested.is_none() => Some((index as i64).to_string().into_bytes()),
            Key::Index(_) => None,
        };
        match (name, nested) {
            (None, Some(pair)) => {
                let mut texts = Vec::new();
                zend::each(pair, |_, value| piece(value).map(|text| texts.push(text)))?;
                let Ok([name, value]) = <[Text; 2]>::try_from(texts) else {
                    return Err(value_error(&format!("{words} must be a list of [name, value] pairs")));
                };
                list.push(Property::UserProperty(name, value));
                Ok(())
            }
            (name, nested) => {
                let mut name = zend::string(&name.unwrap_or_default());
                let name = short_text(&mut Item::new(&mut name, words.clone()))?;
                let mut add = |value: &Zval| {
                    list.push(Property::UserProperty(name.clone(), piece(value)?));
                    Ok(())
                };
                match nested {
                    None => add(value),
                    Some(values) => zend::each(values, |_, value| add(value)),
                }
            }
        }
    })
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_free_Properties(data: *mut c_void) {
    // SAFETY: made by set_native, and freed once.
    drop(unsafe { Box::from_raw(data.cast::<Properties>()) });
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_clone_Properties(data: *const c_void) -> *mut c_void {
    // SAFETY: the data of a living object.
    let list = unsafe { &*data.cast::<Properties>() };
    Box::into_raw(Box::new(list.clone())).cast()
}
