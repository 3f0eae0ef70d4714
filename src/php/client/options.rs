//! `Mqtt\ClientOptions`, and options from arrays.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::time::Duration;

use mqtt_client::{Options, Reconnect, TlsOptions, VersionChoice, WhenFull};
use mqtt_proto::Version;
use mqtt_proto::packet::{PacketType, Properties, Property, PropertyId};

use crate::callback::Callback;
use crate::convert::{Call, Item, duration, wrong_type};
use crate::enums;
use crate::exception::{argument_value, class_entries, type_error, value_error};
use crate::guard::{Outcome, Thrown, methods};
use crate::message;
use crate::object::{self, slot};
use crate::properties::{self, Place};
use crate::zend::{self, HashTable, Key, Zval};

class_entries! {
    class = class_entry_Mqtt_ClientOptions;
}

methods! {
    zim_Mqtt_ClientOptions___construct => construct;
}

unsafe extern "C" {
    fn mqtt_ini_double(name: *const std::ffi::c_char) -> f64;
}

/// The options in the order of the stub.
const NAMES: [&str; 29] = [
    "version",
    "clientId",
    "username",
    "password",
    "keepAlive",
    "cleanStart",
    "will",
    "properties",
    "sessionExpiryInterval",
    "receiveMaximum",
    "maximumPacketSize",
    "topicAliasMaximum",
    "userProperties",
    "authenticationMethod",
    "authenticationData",
    "tls",
    "websocketPath",
    "websocketHeaders",
    "connectTimeout",
    "reconnect",
    "resubscribe",
    "redirects",
    "offlineQueue",
    "receiveQueue",
    "manualAck",
    "linger",
    "persistent",
    "store",
    "logger",
];

/// What a client is made from.
pub(crate) struct Setup {
    pub(crate) options: Options,
    pub(crate) persistent: Option<String>,
    pub(crate) logger: Option<Callback>,
}

/// The constructor keeps what it is given; the client reads it.
fn construct(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, NAMES.len() as u32)?;
    let mut slots = [const { Zval::new() }; NAMES.len()];
    for (index, slot) in (0u32..).zip(&mut slots) {
        let Some(value) = call.nullable(index) else { continue };
        *slot = match NAMES[index as usize] {
            "keepAlive"
            | "sessionExpiryInterval"
            | "receiveMaximum"
            | "maximumPacketSize"
            | "topicAliasMaximum"
            | "redirects"
            | "receiveQueue" => zend::optional(call.optional_long(index)?, zend::long),
            "connectTimeout" | "linger" => zend::optional(call.optional_double(index)?, zend::double),
            "cleanStart" | "resubscribe" | "manualAck" => zend::bool(call.bool_or(index, false)?),
            "clientId"
            | "username"
            | "password"
            | "authenticationMethod"
            | "authenticationData"
            | "websocketPath"
            | "persistent"
            | "store" => zend::optional(call.optional_string(index)?, zend::string),
            "userProperties" | "tls" | "websocketHeaders" | "offlineQueue" => {
                zend::as_array(value).map(|_| zend::copy(value)).ok_or_else(|| wrong_type(index, "?array", value))?
            }
            "version" if zend::as_object(value).is_none() => {
                let level = Item::of_call(value, "").as_long();
                zend::long(level.ok_or_else(|| wrong_type(index, "Mqtt\\Version|int|null", value))?)
            }
            "reconnect" if zend::as_array(value).is_none() => {
                let enabled = Item::of_call(value, "").as_bool();
                zend::bool(enabled.ok_or_else(|| wrong_type(index, "array|bool|null", value))?)
            }
            "will" => {
                let will = zend::instance(value, message::will_class());
                will.map(zend::object_of).ok_or_else(|| wrong_type(index, "?Mqtt\\Will", value))?
            }
            _ => zend::copy(value),
        };
    }
    // Ranges and the inside of arrays are checked where the options are used; say it here already.
    let mut setup = Setup { options: blank()?, persistent: None, logger: None };
    for (name, value) in NAMES.into_iter().zip(&mut slots) {
        if !zend::is_null(value) {
            set(&mut setup, name, &mut Item::of_call(value, format!("Option \"{name}\"")))?;
        }
    }
    object::construct(call.this(), slots)
}

/// The setup that the arguments `$uri` and `$options` of a client say.
pub(crate) fn from_args(call: &Call) -> Outcome<Setup> {
    let mut options = None;
    let mut add = |uri: &str| {
        let result = match &mut options {
            None => Options::new(uri).map(|first| options = Some(first)),
            Some(options) => options.add_server(uri),
        };
        result.map_err(|error| argument_value(0, &format!("must be a URI such as mqtts://broker.example: {error}")))
    };
    match call.arg(0) {
        None => add("mqtt://127.0.0.1")?,
        Some(value) => match zend::as_array(value) {
            Some(array) => zend::each(array, |_, value| {
                let mut value = zend::copy(value);
                let uri = Item::new(&mut value, "Each URI").string()?;
                add(&uri)
            })?,
            None => add(call.text(0)?)?,
        },
    }
    let Some(options) = options else { return Err(argument_value(0, "must name at least one server")) };
    let mut setup = Setup { options, persistent: None, logger: None };
    setup.options.connect_timeout = ini_seconds(c"mqtt.connect_timeout", setup.options.connect_timeout);
    setup.options.linger = ini_seconds(c"mqtt.linger", setup.options.linger);
    if let Some(value) = call.arg(1) {
        if let Some(object) = zend::instance(value, class()) {
            for (index, name) in NAMES.into_iter().enumerate() {
                let mut value = zend::copy(slot(object, index));
                if !zend::is_null(&value) {
                    set(&mut setup, name, &mut Item::new(&mut value, format!("Option \"{name}\"")))?;
                }
            }
        } else if let Some(array) = zend::as_array(value) {
            from_array(&mut setup, array)?;
        } else {
            return Err(wrong_type(1, "Mqtt\\ClientOptions|array", value));
        }
    }
    Ok(setup)
}

fn blank() -> Outcome<Options> {
    Options::new("mqtt://127.0.0.1").map_err(|error| value_error(&error.to_string()))
}

pub(crate) fn ini_seconds(name: &std::ffi::CStr, default: Duration) -> Duration {
    // SAFETY: reads a setting of this extension.
    let seconds = unsafe { mqtt_ini_double(name.as_ptr()) };
    duration(seconds).filter(|_| seconds.is_finite()).unwrap_or(default)
}

fn from_array(setup: &mut Setup, array: *mut HashTable) -> Outcome {
    zend::each(array, |key, value| {
        let name = key_name(key);
        if zend::is_null(value) && NAMES.contains(&&*name) {
            return Ok(());
        }
        // A conversion in place would change the caller's array.
        let mut value = zend::copy(value);
        set(setup, &name, &mut Item::new(&mut value, format!("Option \"{name}\"")))
    })
}

pub(crate) fn key_name(key: Key<'_>) -> String {
    match key {
        Key::Name(name) => String::from_utf8_lossy(name).into_owned(),
        Key::Index(index) => (index as i64).to_string(),
    }
}

fn set(setup: &mut Setup, name: &str, item: &mut Item<'_>) -> Outcome {
    let options = &mut setup.options;
    match name {
        "version" => options.version = VersionChoice::Only(version(item)?),
        "clientId" => options.client_id = properties::short_text(item)?,
        "username" => options.user_name = Some(properties::short_text(item)?),
        "password" => options.password = Some(properties::short_bytes(item)?),
        "keepAlive" => options.keep_alive = item.long(0, 65_535)? as u16,
        "cleanStart" => options.clean_start = item.bool()?,
        "will" => {
            let Some(object) = zend::instance(item.value, message::will_class()) else {
                return Err(item.wrong_type("?Mqtt\\Will"));
            };
            options.will = Some(message::will_of(object)?);
        }
        "properties" => {
            for property in &properties::from_item(item, Place::Packet(PacketType::Connect))? {
                add_property(options, property.clone());
            }
        }
        "tls" => tls(&mut options.tls, item)?,
        "websocketPath" => options.websocket_path = Some(websocket_path(item)?),
        "websocketHeaders" => options.websocket_headers = headers(item)?,
        "connectTimeout" => options.connect_timeout = item.seconds()?,
        "reconnect" => reconnect(&mut options.reconnect, item)?,
        "resubscribe" => options.resubscribe = item.bool()?,
        "redirects" => options.redirects = item.long(0, u32::MAX.into())? as u32,
        "store" => options.store = Some(PathBuf::from(OsStr::from_bytes(&item.bytes()?))),
        "offlineQueue" => group(item, &["maxBytes", "maxMessages", "whenFull"], |key, item| {
            let queue = &mut options.offline_queue;
            match key {
                "maxBytes" => queue.max_bytes = item.long(0, i64::MAX)? as usize,
                "maxMessages" => queue.max_messages = item.long(0, u32::MAX.into())? as u32,
                _ => {
                    queue.when_full = match &*item.text()? {
                        "block" => WhenFull::Block,
                        "drop-oldest" => WhenFull::DropOldest,
                        "throw" => WhenFull::Refuse,
                        other => {
                            return Err(item.wrong_value(&format!(
                                "must be \"block\", \"drop-oldest\" or \"throw\", \"{other}\" given"
                            )));
                        }
                    }
                }
            }
            Ok(())
        })?,
        "receiveQueue" => options.receive_queue = item.long(0, i64::MAX)? as usize,
        "manualAck" => options.manual_ack = item.bool()?,
        "linger" => options.linger = item.seconds()?,
        "persistent" => {
            let name = item.string()?;
            if name.is_empty() {
                return Err(item.wrong_value("must not be empty"));
            }
            setup.persistent = Some(name);
        }
        "logger" => {
            let callback = Callback::new(item.value).or_else(|| Callback::method(item.value, c"log"));
            setup.logger = Some(callback.ok_or_else(|| {
                if zend::exception_pending() {
                    return Thrown::pending();
                }
                let given = zend::type_name(item.value);
                type_error(&format!("{} must be a PSR-3 logger or a callable, {given} given", item.name))
            })?);
        }
        other => {
            let mut list = Properties::new();
            if !properties::read_named(other, item, &mut list, Place::Packet(PacketType::Connect))? {
                return Err(value_error(&format!(
                    "Unknown option \"{other}\": see Mqtt\\ClientOptions for those that exist"
                )));
            }
            for property in &list {
                add_property(options, property.clone());
            }
        }
    }
    Ok(())
}

/// What the client has an option of its own for is not a property to it.
fn add_property(options: &mut Options, property: Property) {
    match property {
        Property::ReceiveMaximum(number) => options.receive_maximum = number,
        Property::MaximumPacketSize(number) => options.maximum_packet_size = number,
        property if property.id() == PropertyId::UserProperty => options.properties.push(property),
        property => options.properties.set(property),
    }
}

pub(crate) fn version(item: &mut Item<'_>) -> Outcome<Version> {
    if let Some(case) = zend::instance(item.value, enums::version_class()) {
        return Ok(enums::version_of(case));
    }
    let Some(level) = item.as_long() else { return Err(item.wrong_type("Mqtt\\Version|int|null")) };
    let version = u8::try_from(level).ok().and_then(Version::from_level);
    version.ok_or_else(|| item.wrong_value("must be a Mqtt\\Version, or 3 (3.1), 4 (3.1.1) or 5 (5.0)"))
}

pub(crate) fn tls(tls: &mut TlsOptions, item: &mut Item<'_>) -> Outcome {
    const KEYS: [&str; 12] = [
        "caFile",
        "caPath",
        "certFile",
        "keyFile",
        "keyPassphrase",
        "verifyPeer",
        "verifyPeerName",
        "allowSelfSigned",
        "peerName",
        "alpn",
        "pinnedSha256",
        "minVersion",
    ];
    group(item, &KEYS, |key, item| {
        match key {
            "caFile" => tls.ca_file = Some(item.string()?),
            "caPath" => tls.ca_path = Some(item.string()?),
            "certFile" => tls.cert_file = Some(item.string()?),
            "keyFile" => tls.key_file = Some(item.string()?),
            "keyPassphrase" => tls.key_passphrase = Some(item.string()?),
            "verifyPeer" => tls.verify_peer = item.bool()?,
            "verifyPeerName" => tls.verify_peer_name = item.bool()?,
            "allowSelfSigned" => tls.allow_self_signed = item.bool()?,
            "peerName" => tls.peer_name = Some(item.string()?),
            "alpn" => tls.alpn = strings(item)?,
            "pinnedSha256" => tls.pinned_sha256 = Some(item.string()?),
            _ => tls.min_version = Some(item.string()?),
        }
        Ok(())
    })
}

fn reconnect(reconnect: &mut Reconnect, item: &mut Item<'_>) -> Outcome {
    if zend::as_array(item.value).is_none() {
        reconnect.enabled = item.as_bool().ok_or_else(|| item.wrong_type("array|bool|null"))?;
        return Ok(());
    }
    group(item, &["enabled", "minDelay", "maxDelay", "jitter", "maxAttempts"], |key, item| {
        match key {
            "enabled" => reconnect.enabled = item.bool()?,
            "minDelay" => reconnect.min_delay = item.seconds()?,
            "maxDelay" => reconnect.max_delay = item.seconds()?,
            "jitter" => {
                reconnect.jitter = zend::weak::double(item.value).ok_or_else(|| item.wrong_type("float"))?;
                if !(0.0..=1.0).contains(&reconnect.jitter) {
                    return Err(item.wrong_value("must be between 0 and 1"));
                }
            }
            _ => reconnect.max_attempts = item.long(0, u32::MAX.into())? as u32,
        }
        Ok(())
    })?;
    if reconnect.min_delay > reconnect.max_delay {
        return Err(item.wrong_value("must not have a minDelay above its maxDelay"));
    }
    Ok(())
}

/// An option that is an array with these keys. A key whose value is null is as if it were not there.
fn group(item: &mut Item<'_>, keys: &[&str], mut read: impl FnMut(&str, &mut Item<'_>) -> Outcome) -> Outcome {
    let Some(array) = zend::as_array(item.value) else { return Err(item.wrong_type("array")) };
    let words = item.name.clone();
    zend::each(array, |key, value| {
        let key = key_name(key);
        if !keys.contains(&&*key) {
            return Err(value_error(&format!("{words} has no key \"{key}\"; it has {}", keys.join(", "))));
        }
        if zend::is_null(value) {
            return Ok(());
        }
        let mut value = zend::copy(value);
        read(&key, &mut Item::new(&mut value, format!("{words}, key \"{key}\"")))
    })
}

fn strings(item: &mut Item<'_>) -> Outcome<Vec<String>> {
    let Some(array) = zend::as_array(item.value) else { return Ok(vec![item.string()?]) };
    let mut list = Vec::new();
    zend::each(array, |_, value| {
        let mut value = zend::copy(value);
        list.push(Item::new(&mut value, item.name.clone()).string()?);
        Ok(())
    })?;
    Ok(list)
}

pub(crate) fn headers(item: &mut Item<'_>) -> Outcome<Vec<(String, String)>> {
    let mut list = Vec::new();
    let words = item.name.clone();
    let Some(array) = zend::as_array(item.value) else { return Err(item.wrong_type("array")) };
    zend::each(array, |key, value| {
        let Key::Name(_) = key else { return Err(value_error(&format!("{words} must be an array of values by name"))) };
        let name = key_name(key);
        let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if name.is_empty() || !name.chars().all(is_token) {
            return Err(value_error(&format!("{words} must not hold {name:?}: it cannot be the name of a header")));
        }
        let lower = name.to_ascii_lowercase();
        if matches!(&*lower, "host" | "upgrade" | "connection") || lower.starts_with("sec-websocket-") {
            return Err(value_error(&format!("{words} must not hold \"{name}\": the WebSocket handshake sets it")));
        }
        let mut value = zend::copy(value);
        let mut item = Item::new(&mut value, format!("{words}, header \"{name}\""));
        let text = item.string()?;
        if text.chars().any(|c| c.is_control() && c != '\t') {
            return Err(item.wrong_value("must not contain line breaks and other control characters"));
        }
        list.push((name, text));
        Ok(())
    })?;
    Ok(list)
}

/// What stands in the first line of the request.
fn websocket_path(item: &mut Item<'_>) -> Outcome<String> {
    let path = item.string()?;
    if !path.starts_with('/') {
        return Err(item.wrong_value("must begin with \"/\""));
    }
    if path.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(item.wrong_value("must not contain blanks, line breaks and other control characters"));
    }
    Ok(path)
}
