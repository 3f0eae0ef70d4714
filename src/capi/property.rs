//! Property lists.

use mqtt_proto::Text;
use mqtt_proto::packet::{Properties, Property, PropertyId};

use crate::ffi::{self, borrow, borrow_mut, bytes, guard, mqtt_slice, release, store, text};
use crate::result::{Failure, mqtt_result};

/// A new, empty list of properties. Free it with mqtt_properties_free. NULL only after a panic.
#[unsafe(no_mangle)]
pub extern "C" fn mqtt_properties_new() -> *mut Properties {
    guard(|| Ok(ffi::give(Properties::new())))
}

/// Frees a list that mqtt_properties_new made; not one that belongs to a packet, message, event or to options. NULL
/// does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_properties_free(properties: *mut Properties) {
    guard(|| {
        release!(properties);
        Ok(())
    })
}

/// Adds a property that holds a number (mqtt_property says which do) at the end of the list. A value that does not fit
/// is refused; whether the packet may carry the property is checked when it is encoded.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_properties_add_number(properties: *mut Properties, id: u8, value: u32) -> mqtt_result {
    guard(|| {
        let properties = borrow_mut!(properties);
        properties.push(number(known(id)?, value)?);
        Ok(mqtt_result::Ok)
    })
}

/// Adds a property that holds text or bytes at the end of the list. The bytes are copied. Text must be UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_properties_add_bytes(
    properties: *mut Properties,
    id: u8,
    value: *const u8,
    length: usize,
) -> mqtt_result {
    guard(|| {
        let properties = borrow_mut!(properties);
        properties.push(octets(known(id)?, bytes!(value, length))?);
        Ok(mqtt_result::Ok)
    })
}

/// Adds a user property at the end of the list. Both are UTF-8 strings that end with NUL, and are copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_properties_add_user(
    properties: *mut Properties,
    name: *const std::ffi::c_char,
    value: *const std::ffi::c_char,
) -> mqtt_result {
    guard(|| {
        let properties = borrow_mut!(properties);
        properties.push(Property::UserProperty(text!(name).into(), text!(value).into()));
        Ok(mqtt_result::Ok)
    })
}

/// How many properties the list has; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_properties_count(properties: *const Properties) -> usize {
    guard(|| Ok(borrow!(properties).iter().len()))
}

/// The identifier (mqtt_property) of the property at this index; 0 past the end and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_properties_id(properties: *const Properties, index: usize) -> u8 {
    guard(|| Ok(borrow!(properties).iter().nth(index).map_or(0, |property| property.id() as u8)))
}

/// Finds the first property with this identifier at `from` or behind it, and stores its index.
///
/// MQTT_RESULT_NOTHING where there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_properties_find(
    properties: *const Properties,
    id: u8,
    from: usize,
    index: *mut usize,
) -> mqtt_result {
    guard(|| {
        let properties = borrow!(properties);
        let found = properties.iter().enumerate().skip(from).find(|(_, property)| property.id() as u8 == id);
        let Some((at, _)) = found else { return Ok(mqtt_result::Nothing) };
        store!(index, at);
        Ok(mqtt_result::Ok)
    })
}

/// Stores the number that the property at this index holds.
///
/// MQTT_RESULT_NOTHING past the end, and where the property holds no number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_properties_number(
    properties: *const Properties,
    index: usize,
    value: *mut u32,
) -> mqtt_result {
    guard(|| {
        let Some(found) = borrow!(properties).iter().nth(index).and_then(as_number) else {
            return Ok(mqtt_result::Nothing);
        };
        store!(value, found);
        Ok(mqtt_result::Ok)
    })
}

/// Stores a view of the text or bytes that the property at this index holds; of a user property its value. The view
/// lives until the list is changed or freed.
///
/// MQTT_RESULT_NOTHING past the end, and where the property holds a number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_properties_bytes(
    properties: *const Properties,
    index: usize,
    value: *mut mqtt_slice,
) -> mqtt_result {
    guard(|| {
        let Some(found) = borrow!(properties).iter().nth(index).and_then(as_octets) else {
            return Ok(mqtt_result::Nothing);
        };
        store!(value, mqtt_slice::of(found));
        Ok(mqtt_result::Ok)
    })
}

/// Stores a view of the name of the user property at this index. It lives until the list is changed or freed.
///
/// MQTT_RESULT_NOTHING past the end, and where it is another property.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_properties_user_name(
    properties: *const Properties,
    index: usize,
    name: *mut mqtt_slice,
) -> mqtt_result {
    guard(|| {
        let Some(Property::UserProperty(found, _)) = borrow!(properties).iter().nth(index) else {
            return Ok(mqtt_result::Nothing);
        };
        store!(name, mqtt_slice::of(found.as_bytes()));
        Ok(mqtt_result::Ok)
    })
}

/// The properties behind a parameter that may be NULL.
///
/// # Safety
/// NULL, or a list that stays as it is while the result is used.
pub(crate) unsafe fn optional(properties: *const Properties, none: &Properties) -> Result<&Properties, Failure> {
    Ok(if properties.is_null() { none } else { borrow!(properties) })
}

fn known(id: u8) -> Result<PropertyId, Failure> {
    PropertyId::from_u8(id).ok_or_else(|| Failure::invalid(format!("there is no property {id}")))
}

fn number(id: PropertyId, value: u32) -> Result<Property, Failure> {
    let narrow = || Failure::invalid(format!("{value} does not fit into {}", id.name()));
    let byte = || u8::try_from(value).map_err(|_| narrow());
    let short = || u16::try_from(value).map_err(|_| narrow());
    Ok(match id {
        PropertyId::PayloadFormatIndicator => Property::PayloadFormatIndicator(byte()?),
        PropertyId::MessageExpiryInterval => Property::MessageExpiryInterval(value),
        PropertyId::SubscriptionIdentifier => Property::SubscriptionIdentifier(value),
        PropertyId::SessionExpiryInterval => Property::SessionExpiryInterval(value),
        PropertyId::ServerKeepAlive => Property::ServerKeepAlive(short()?),
        PropertyId::RequestProblemInformation => Property::RequestProblemInformation(byte()?),
        PropertyId::WillDelayInterval => Property::WillDelayInterval(value),
        PropertyId::RequestResponseInformation => Property::RequestResponseInformation(byte()?),
        PropertyId::ReceiveMaximum => Property::ReceiveMaximum(short()?),
        PropertyId::TopicAliasMaximum => Property::TopicAliasMaximum(short()?),
        PropertyId::TopicAlias => Property::TopicAlias(short()?),
        PropertyId::MaximumQoS => Property::MaximumQoS(byte()?),
        PropertyId::RetainAvailable => Property::RetainAvailable(byte()?),
        PropertyId::MaximumPacketSize => Property::MaximumPacketSize(value),
        PropertyId::WildcardSubscriptionAvailable => Property::WildcardSubscriptionAvailable(byte()?),
        PropertyId::SubscriptionIdentifierAvailable => Property::SubscriptionIdentifierAvailable(byte()?),
        PropertyId::SharedSubscriptionAvailable => Property::SharedSubscriptionAvailable(byte()?),
        other => return Err(Failure::invalid(format!("{} does not hold a number", other.name()))),
    })
}

fn octets(id: PropertyId, value: &[u8]) -> Result<Property, Failure> {
    let text = || {
        std::str::from_utf8(value).map(Text::from).map_err(|_| Failure::invalid(format!("{} is not UTF-8", id.name())))
    };
    Ok(match id {
        PropertyId::ContentType => Property::ContentType(text()?),
        PropertyId::ResponseTopic => Property::ResponseTopic(text()?),
        PropertyId::CorrelationData => Property::CorrelationData(value.to_vec().into()),
        PropertyId::AssignedClientIdentifier => Property::AssignedClientIdentifier(text()?),
        PropertyId::AuthenticationMethod => Property::AuthenticationMethod(text()?),
        PropertyId::AuthenticationData => Property::AuthenticationData(value.to_vec().into()),
        PropertyId::ResponseInformation => Property::ResponseInformation(text()?),
        PropertyId::ServerReference => Property::ServerReference(text()?),
        PropertyId::ReasonString => Property::ReasonString(text()?),
        other => return Err(Failure::invalid(format!("{} does not hold text or bytes", other.name()))),
    })
}

fn as_number(property: &Property) -> Option<u32> {
    match property {
        Property::PayloadFormatIndicator(value)
        | Property::RequestProblemInformation(value)
        | Property::RequestResponseInformation(value)
        | Property::MaximumQoS(value)
        | Property::RetainAvailable(value)
        | Property::WildcardSubscriptionAvailable(value)
        | Property::SubscriptionIdentifierAvailable(value)
        | Property::SharedSubscriptionAvailable(value) => Some((*value).into()),
        Property::ServerKeepAlive(value)
        | Property::ReceiveMaximum(value)
        | Property::TopicAliasMaximum(value)
        | Property::TopicAlias(value) => Some((*value).into()),
        Property::MessageExpiryInterval(value)
        | Property::SubscriptionIdentifier(value)
        | Property::SessionExpiryInterval(value)
        | Property::WillDelayInterval(value)
        | Property::MaximumPacketSize(value) => Some(*value),
        _ => None,
    }
}

fn as_octets(property: &Property) -> Option<&[u8]> {
    match property {
        Property::ContentType(text)
        | Property::ResponseTopic(text)
        | Property::AssignedClientIdentifier(text)
        | Property::AuthenticationMethod(text)
        | Property::ResponseInformation(text)
        | Property::ServerReference(text)
        | Property::ReasonString(text)
        | Property::UserProperty(_, text) => Some(text.as_bytes()),
        Property::CorrelationData(bytes) | Property::AuthenticationData(bytes) => Some(bytes),
        _ => None,
    }
}
