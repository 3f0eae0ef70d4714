//! Throwing: the extension's own exceptions, and errors about arguments.

use std::ffi::{CStr, c_char};

use mqtt_proto::packet::PropertyId;
use mqtt_proto::{ReasonCode, Violation};

use crate::enums;
use crate::guard::Thrown;
use crate::properties::php_name;
use crate::zend::{self, Zval, zend_class_entry, zend_object, zend_string};

/// Class entries that shim.c fills at start-up.
macro_rules! class_entries {
    ($($function:ident = $symbol:ident;)*) => {$(
        /// The class entry.
        pub(crate) fn $function() -> *mut $crate::zend::zend_class_entry {
            unsafe extern "C" {
                static $symbol: *mut $crate::zend::zend_class_entry;
            }
            // SAFETY: written once, before any code of ours runs.
            unsafe { $symbol }
        }
    )*};
}
pub(crate) use class_entries;

class_entries! {
    connect_exception = class_entry_Mqtt_Exception_ConnectException;
    transport_exception = class_entry_Mqtt_Exception_TransportException;
    protocol_exception = class_entry_Mqtt_Exception_ProtocolException;
    refused_exception = class_entry_Mqtt_Exception_RefusedException;
    timeout_exception = class_entry_Mqtt_Exception_TimeoutException;
    closed_exception = class_entry_Mqtt_Exception_ClosedException;
    queue_full_exception = class_entry_Mqtt_Exception_QueueFullException;
    fork_exception = class_entry_Mqtt_Exception_ForkException;
    base_value_error = zend_ce_value_error;
    base_type_error = zend_ce_type_error;
    base_error = zend_ce_error;
    logic_exception = spl_ce_LogicException;
}

unsafe extern "C" {
    fn mqtt_throw(ce: *mut zend_class_entry, message: *mut zend_string, code: i64) -> *mut zend_object;
    fn mqtt_exception_set(object: *mut zend_object, name: *const c_char, value: *mut Zval);
    fn mqtt_argument_error(ce: *mut zend_class_entry, number: u32, message: *mut zend_string);
    fn mqtt_warning(message: *mut zend_string);
}

/// An exception of this class, with details in its slots.
pub(crate) fn throw<const N: usize>(
    ce: *mut zend_class_entry,
    message: &str,
    code: u8,
    details: [(&CStr, Zval); N],
) -> Thrown {
    throw_coded(ce, message, code.into(), details)
}

/// The same with any code.
pub(crate) fn throw_coded<const N: usize>(
    ce: *mut zend_class_entry,
    message: &str,
    code: i64,
    details: [(&CStr, Zval); N],
) -> Thrown {
    with_text(message, |text| {
        // SAFETY: the engine copies the message and owns the exception.
        let object = unsafe { mqtt_throw(ce, text, code) };
        for (name, value) in details {
            let mut value = std::mem::ManuallyDrop::new(value);
            // SAFETY: the slot takes over the value.
            unsafe { mqtt_exception_set(object, name.as_ptr(), &mut *value) };
        }
    });
    Thrown::pending()
}

/// A broken rule: clause and reason code go along.
pub(crate) fn protocol(violation: &Violation, context: &str) -> Thrown {
    broken(violation, &format!("{context}{}", php_names(&violation.to_string())))
}

fn broken(violation: &Violation, text: &str) -> Thrown {
    let reason = violation.reason();
    let details = [(c"reasonCode", enums::reason(reason)), (c"clause", zend::string(violation.clause().as_bytes()))];
    throw(protocol_exception(), text, reason.value(), details)
}

/// A text about the protocol, with its properties as PHP spells them. Not for texts that hold anything of a peer.
pub(crate) fn php_names(text: &str) -> String {
    let mut properties = PropertyId::ALL.to_vec();
    // topic_alias is a part of topic_alias_maximum.
    properties.sort_by_key(|property| std::cmp::Reverse(property.name().len()));
    properties.iter().fold(text.to_owned(), |text, property| match property.name() {
        name if name.contains('_') => text.replace(name, php_name(name)),
        _ => text,
    })
}

/// A broken rule, with its properties as `mqtt-proto` spells them. For stand-ins of libraries that have names of their own.
pub(crate) fn protocol_as_it_is(violation: &Violation) -> Thrown {
    broken(violation, &violation.to_string())
}

/// A broken rule that has no violation of its own.
pub(crate) fn protocol_text(message: &str, reason: ReasonCode) -> Thrown {
    throw(protocol_exception(), message, reason.value(), [(c"reasonCode", enums::reason(reason))])
}

/// `\ValueError`.
pub(crate) fn value_error(message: &str) -> Thrown {
    throw(base_value_error(), message, 0, [])
}

/// `\TypeError`.
pub(crate) fn type_error(message: &str) -> Thrown {
    throw(base_type_error(), message, 0, [])
}

/// `\Error`.
pub(crate) fn error(message: &str) -> Thrown {
    throw(base_error(), message, 0, [])
}

/// `\ValueError`: "Class::method(): Argument #n ($name) ..."; `index` counts from 0.
pub(crate) fn argument_value(index: u32, message: &str) -> Thrown {
    argument(base_value_error(), index, message)
}

/// `\TypeError`: "Class::method(): Argument #n ($name) ..."; `index` counts from 0.
pub(crate) fn argument_type(index: u32, message: &str) -> Thrown {
    argument(base_type_error(), index, message)
}

fn argument(ce: *mut zend_class_entry, index: u32, message: &str) -> Thrown {
    // A conversion that failed with an exception of its own has said what is wrong.
    if !zend::exception_pending() {
        // SAFETY: the engine copies the message.
        with_text(message, |text| unsafe { mqtt_argument_error(ce, index + 1, text) });
    }
    Thrown::pending()
}

/// An E_WARNING. It runs the user's error handler, so nothing may be borrowed or locked around it.
pub(crate) fn warning(message: &str) {
    // SAFETY: the engine copies the message.
    with_text(message, |text| unsafe { mqtt_warning(text) });
}

fn with_text(text: &str, use_it: impl FnOnce(*mut zend_string)) {
    let text = zend::string(text.as_bytes());
    if let Some(string) = zend::as_string(&text) {
        use_it(string);
    }
}
