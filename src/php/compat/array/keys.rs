//! The keys of packets as arrays, and which library calls them what.

use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};

use mqtt_proto::packet::PropertyId;

use crate::zend::{self, zend_string};

macro_rules! keys {
    ($($name:ident = $text:literal,)*) => {
        /// A key of an array.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Key {
            $($name,)*
        }

        const TEXTS: &[&str] = &[$($text,)*];
    };
}

keys! {
    Type = "type",
    Cmd = "cmd",
    ProtocolName = "protocol_name",
    ProtocolLevel = "protocol_level",
    CleanSession = "clean_session",
    Will = "will",
    UserName = "user_name",
    Username = "username",
    Password = "password",
    KeepAlive = "keep_alive",
    Keepalive = "keepalive",
    ClientId = "client_id",
    SessionPresent = "session_present",
    Code = "code",
    Codes = "codes",
    Payload = "payload",
    Topic = "topic",
    Topics = "topics",
    Message = "message",
    Content = "content",
    QoS = "qos",
    Dup = "dup",
    Retain = "retain",
    MessageId = "message_id",
    Properties = "properties",
    NoLocal = "no_local",
    RetainAsPublished = "retain_as_published",
    RetainHandling = "retain_handling",
}

static STRINGS: [AtomicPtr<zend_string>; TEXTS.len()] = [const { AtomicPtr::new(null_mut()) }; TEXTS.len()];

/// By identifier of the property; the highest is 0x2A.
static PROPERTIES: [AtomicPtr<zend_string>; 0x2B] = [const { AtomicPtr::new(null_mut()) }; 0x2B];

/// Makes the keys. They are interned, so that looking one up is mostly a comparison of pointers.
pub(crate) fn start() {
    for (text, string) in TEXTS.iter().zip(&STRINGS) {
        string.store(zend::interned(text), Ordering::Relaxed);
    }
    for id in PropertyId::ALL {
        PROPERTIES[*id as usize].store(zend::interned(id.name()), Ordering::Relaxed);
    }
}

impl Key {
    /// What PHP calls it.
    pub(super) fn text(self) -> &'static str {
        TEXTS[self as usize]
    }

    /// The same as a string of the engine.
    #[inline]
    pub(super) fn string(self) -> *mut zend_string {
        STRINGS[self as usize].load(Ordering::Relaxed)
    }
}

/// The key of a property.
pub(super) fn property(id: PropertyId) -> *mut zend_string {
    PROPERTIES[id as usize].load(Ordering::Relaxed)
}

/// The property with this key.
pub(super) fn property_named(key: &[u8]) -> Option<PropertyId> {
    PropertyId::ALL.iter().copied().find(|id| id.name().as_bytes() == key)
}

/// Where libraries differ.
#[derive(Debug)]
pub(super) struct Dialect {
    pub(super) name: &'static str,
    /// Packet type.
    pub(super) kind: Key,
    /// Payload of PUBLISH and will.
    pub(super) payload: Key,
    pub(super) user_name: Key,
    pub(super) keep_alive: Key,
    /// A second key of SUBACK's codes.
    pub(super) codes_too: Option<Key>,
    /// In PUBLISH of MQTT 3, topic and payload come before the flags.
    pub(super) topic_first: bool,
    /// A user name or password "0" is none, as with PHP's empty().
    pub(super) zero_is_none: bool,
}

pub(super) static DIALECTS: [Dialect; 2] = [
    Dialect {
        name: "simps",
        kind: Key::Type,
        payload: Key::Message,
        user_name: Key::UserName,
        keep_alive: Key::KeepAlive,
        codes_too: None,
        topic_first: false,
        zero_is_none: true,
    },
    Dialect {
        name: "workerman",
        kind: Key::Cmd,
        payload: Key::Content,
        user_name: Key::Username,
        keep_alive: Key::Keepalive,
        codes_too: Some(Key::Payload),
        topic_first: true,
        zero_is_none: false,
    },
];
