//! Property lists as flat arrays, where a key that names no property of the place is a user property.

use bytes::Bytes;
use mqtt_proto::Text;
use mqtt_proto::packet::{Properties, Property, PropertyId};
use mqtt_proto::wire::Place;

use super::keys;
use crate::convert::Item;
use crate::exception::value_error;
use crate::guard::{self, Outcome};
use crate::properties;
use crate::zend::{self, HashTable, Key, Zval};

/// The list that an array says.
pub(super) fn read(array: *mut HashTable, place: Place) -> Outcome<Properties> {
    let mut list = Properties::new();
    zend::each(array, |key, value| {
        // A conversion in place would change the caller's array.
        let mut value = zend::copy(value);
        let number;
        let name = match key {
            Key::Name(name) => name,
            Key::Index(index) => {
                number = index.cast_signed().to_string();
                number.as_bytes()
            }
        };
        let id = keys::property_named(name);
        match id.filter(|id| place.allows(*id)) {
            // The pairs; with a plain value it is a user property of that name.
            Some(PropertyId::UserProperty) if zend::as_array(&value).is_none() => {}
            Some(id) => {
                return properties::read(
                    id,
                    &mut Item::new(&mut value, format!("Property \"{}\"", id.name())),
                    &mut list,
                );
            }
            None => {}
        }
        let name = Text::try_from(Bytes::copy_from_slice(name))
            .map_err(|_| value_error("The name of a user property must be valid UTF-8"))?;
        let plain = zend::as_bytes(&value).and_then(|bytes| Text::try_from(Bytes::copy_from_slice(bytes)).ok());
        let value = match plain {
            Some(text) => text,
            None => Item::new(&mut value, format!("User property \"{name}\"")).text()?,
        };
        list.push(Property::UserProperty(name, value));
        Ok(())
    })?;
    Ok(list)
}

/// The array for a list.
pub(super) fn array(list: &Properties, place: Place) -> Zval {
    let mut array = zend::map_of(list.len() as u32);
    let mut pairs = None;
    let mut identified = false;
    for property in list {
        match property {
            Property::UserProperty(..) if guard::memory_spent() => break,
            Property::UserProperty(name, value) => {
                let value = zend::string(value.as_bytes());
                if keys::property_named(name.as_bytes()).is_some_and(|id| place.allows(id)) {
                    // In the flat form it would be taken for that property.
                    let pair = [zend::string(name.as_bytes()), value];
                    zend::push(pairs.get_or_insert_with(|| zend::list(1)), zend::list_of(pair.into_iter()));
                } else {
                    zend::put(&mut array, name.as_bytes(), value);
                }
            }
            Property::SubscriptionIdentifier(_) => {
                if !std::mem::replace(&mut identified, true) {
                    zend::add(&mut array, keys::property(property.id()), identifiers(list));
                }
            }
            other => zend::add(&mut array, keys::property(other.id()), value(other)),
        }
    }
    if let Some(pairs) = pairs {
        zend::add(&mut array, keys::property(PropertyId::UserProperty), pairs);
    }
    array
}

/// One int, or a list where there are several.
fn identifiers(list: &Properties) -> Zval {
    let mut all: Vec<Zval> = list.subscription_identifiers().map(zend::long).collect();
    if all.len() == 1 { all.swap_remove(0) } else { zend::list_of(all.into_iter()) }
}

/// What PHP sees of a property that stands once: int or string.
fn value(property: &Property) -> Zval {
    use Property::*;
    match property {
        PayloadFormatIndicator(number)
        | MaximumQoS(number)
        | RequestProblemInformation(number)
        | RequestResponseInformation(number)
        | RetainAvailable(number)
        | WildcardSubscriptionAvailable(number)
        | SubscriptionIdentifierAvailable(number)
        | SharedSubscriptionAvailable(number) => zend::long(*number),
        MessageExpiryInterval(number)
        | SessionExpiryInterval(number)
        | WillDelayInterval(number)
        | MaximumPacketSize(number)
        | SubscriptionIdentifier(number) => zend::long(*number),
        ServerKeepAlive(number) | ReceiveMaximum(number) | TopicAliasMaximum(number) | TopicAlias(number) => {
            zend::long(*number)
        }
        ContentType(text)
        | ResponseTopic(text)
        | AssignedClientIdentifier(text)
        | AuthenticationMethod(text)
        | ResponseInformation(text)
        | ServerReference(text)
        | ReasonString(text) => zend::string(text.as_bytes()),
        CorrelationData(data) | AuthenticationData(data) => zend::string(data),
        UserProperty(..) => zend::null(),
    }
}
