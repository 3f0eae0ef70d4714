//! Arguments of a call, converted as a C extension converts them: weakly, or strictly where the calling file says
//! `strict_types`. Numbers count from 0; messages name the parameter.

use bytes::Bytes;
use mqtt_proto::packet::{PacketId, QoS};
use mqtt_proto::{ReasonCode, Text, Version};
use std::borrow::Cow;
use std::fmt;

use crate::enums;
use crate::exception::{argument_type, argument_value, type_error, value_error};
use crate::guard::{Outcome, Thrown};
use crate::zend::{self, HashTable, Zval, zend_class_entry, zend_execute_data, zend_object, zend_string};

unsafe extern "C" {
    fn mqtt_arg_string(arg: *mut Zval, number: u32, out: *mut *mut zend_string) -> bool;
    fn mqtt_arg_long(arg: *mut Zval, number: u32, out: *mut i64) -> bool;
    fn mqtt_arg_bool(arg: *mut Zval, number: u32, out: *mut bool) -> bool;
    fn mqtt_arg_double(arg: *mut Zval, number: u32, out: *mut f64) -> bool;
    fn mqtt_assign_bool(arg: *mut Zval, value: bool);
    fn mqtt_count_error(minimum: u32, maximum: u32);
}

/// One call of a method of ours.
pub(crate) struct Call {
    execute_data: *mut zend_execute_data,
}

/// Where the arguments begin, in zvals from the start of the frame.
const FRAME_SLOTS: usize = size_of::<zend_execute_data>().div_ceil(size_of::<Zval>());

impl Call {
    pub(crate) fn new(execute_data: *mut zend_execute_data) -> Call {
        Call { execute_data }
    }

    /// `$this`.
    pub(crate) fn this(&self) -> *mut zend_object {
        // SAFETY: asked only by methods that are not static.
        unsafe { (*self.execute_data).This.value.obj }
    }

    /// The class that a static method was called for.
    pub(crate) fn class(&self) -> *mut zend_class_entry {
        // SAFETY: asked only by static methods.
        unsafe { (*self.execute_data).This.value.ce }
    }

    /// How many arguments were passed.
    pub(crate) fn count(&self) -> u32 {
        // SAFETY: the field of a call frame.
        unsafe { (*self.execute_data).This.u2.num_args }
    }

    /// An error where fewer or more arguments were passed.
    pub(crate) fn expect(&self, minimum: u32, maximum: u32) -> Outcome {
        if (minimum..=maximum).contains(&self.count()) {
            return Ok(());
        }
        // SAFETY: called inside a method.
        unsafe { mqtt_count_error(minimum, maximum) };
        Err(Thrown::pending())
    }

    /// The argument, references followed; `None` where it was left out.
    #[allow(clippy::mut_from_ref)] // what is changed is PHP's, behind a pointer
    pub(crate) fn arg(&self, index: u32) -> Option<&mut Zval> {
        if index >= self.count() {
            return None;
        }
        // SAFETY: arguments follow the frame, and live as long as the call.
        let value = unsafe { self.execute_data.cast::<Zval>().add(FRAME_SLOTS + index as usize) };
        // SAFETY: a living argument; nobody else looks at it during the call.
        let value = unsafe { &mut *zend::unwrap(value) };
        (!zend::is_undef(value)).then_some(value)
    }

    /// Sets the variable that was passed by reference.
    pub(crate) fn assign_bool(&self, index: u32, value: bool) {
        if index < self.count() {
            // SAFETY: arguments follow the frame, and live as long as the call.
            unsafe { mqtt_assign_bool(self.execute_data.cast::<Zval>().add(FRAME_SLOTS + index as usize), value) };
        }
    }

    /// The argument, `None` where it was left out or is null.
    pub(crate) fn nullable(&self, index: u32) -> Option<&mut Zval> {
        self.arg(index).filter(|value| !zend::is_null(value))
    }

    /// A string.
    pub(crate) fn string(&self, index: u32) -> Outcome<&[u8]> {
        self.arg(index).map_or(Ok(&[]), |value| string_arg(value, index, "string"))
    }

    /// A string, or null.
    pub(crate) fn optional_string(&self, index: u32) -> Outcome<Option<&[u8]>> {
        self.nullable(index).map(|value| string_arg(value, index, "?string")).transpose()
    }

    /// A string of UTF-8 text.
    pub(crate) fn text(&self, index: u32) -> Outcome<&str> {
        std::str::from_utf8(self.string(index)?).map_err(|_| argument_value(index, "must be valid UTF-8"))
    }

    /// A string of UTF-8 text, or null.
    pub(crate) fn optional_text(&self, index: u32) -> Outcome<Option<&str>> {
        self.optional_string(index)?
            .map(|bytes| std::str::from_utf8(bytes).map_err(|_| argument_value(index, "must be valid UTF-8")))
            .transpose()
    }

    /// An array.
    pub(crate) fn array(&self, index: u32) -> Outcome<*mut HashTable> {
        let mut nothing = zend::null();
        let value = self.arg(index).unwrap_or(&mut nothing);
        zend::as_array(value).ok_or_else(|| wrong_type(index, "array", value))
    }

    /// An int; `default` where it was left out.
    pub(crate) fn long_or(&self, index: u32, default: i64) -> Outcome<i64> {
        self.arg(index).map_or(Ok(default), |value| long_arg(value, index, "int"))
    }

    /// An int, or null.
    pub(crate) fn optional_long(&self, index: u32) -> Outcome<Option<i64>> {
        self.nullable(index).map(|value| long_arg(value, index, "?int")).transpose()
    }

    /// A bool; `default` where it was left out.
    pub(crate) fn bool_or(&self, index: u32, default: bool) -> Outcome<bool> {
        self.arg(index).map_or(Ok(default), |value| bool_arg(value, index, "bool"))
    }

    /// A float, or null.
    pub(crate) fn optional_double(&self, index: u32) -> Outcome<Option<f64>> {
        self.nullable(index).map(|value| double_arg(value, index, "?float")).transpose()
    }

    /// An int between these bounds; `default` where it was left out.
    pub(crate) fn long_within(&self, index: u32, default: i64, minimum: i64, maximum: i64) -> Outcome<i64> {
        let value = self.long_or(index, default)?;
        if (minimum..=maximum).contains(&value) {
            return Ok(value);
        }
        Err(argument_value(index, &format!("must be between {minimum} and {maximum}, {value} given")))
    }

    /// QoS: 0, 1 or 2; 0 where it was left out.
    pub(crate) fn qos(&self, index: u32) -> Outcome<QoS> {
        let value = self.long_or(index, 0)?;
        u8::try_from(value)
            .ok()
            .and_then(QoS::from_u8)
            .ok_or_else(|| argument_value(index, &format!("must be 0, 1 or 2, {value} given")))
    }

    /// A packet identifier.
    pub(crate) fn packet_id(&self, index: u32) -> Outcome<PacketId> {
        let value = self.long_or(index, 0)?;
        packet_id(value).ok_or_else(|| argument_value(index, &format!("must be between 1 and 65535, {value} given")))
    }

    /// A reason code as case or int; `default` where it was left out.
    pub(crate) fn reason(&self, index: u32, default: ReasonCode) -> Outcome<ReasonCode> {
        let Some(value) = self.arg(index) else { return Ok(default) };
        if let Some(case) = zend::instance(value, enums::reason_class()) {
            return Ok(enums::reason_of(case));
        }
        let code = long_arg(value, index, "Mqtt\\ReasonCode|int")?;
        reason(code).ok_or_else(|| argument_value(index, &format!("must be a reason code of MQTT 5, {code} given")))
    }

    /// A version as case or int, or null.
    pub(crate) fn version(&self, index: u32) -> Outcome<Option<Version>> {
        let Some(value) = self.nullable(index) else { return Ok(None) };
        if let Some(case) = zend::instance(value, enums::version_class()) {
            return Ok(Some(enums::version_of(case)));
        }
        let level = long_arg(value, index, "Mqtt\\Version|int")?;
        let version = u8::try_from(level).ok().and_then(Version::from_level);
        let complaint = || argument_value(index, &format!("must be Mqtt\\Version, 3, 4 or 5, {level} given"));
        version.map(Some).ok_or_else(complaint)
    }

    /// A float of seconds that is not negative, or null.
    pub(crate) fn timeout(&self, index: u32) -> Outcome<Option<std::time::Duration>> {
        self.optional_double(index)?
            .map(|seconds| {
                duration(seconds).ok_or_else(|| argument_value(index, "must be a number of seconds from 0 up"))
            })
            .transpose()
    }
}

/// "must be of type string, int given".
pub(crate) fn wrong_type(index: u32, expected: &str, value: &Zval) -> Thrown {
    argument_type(index, &format!("must be of type {expected}, {} given", zend::type_name(value)))
}

/// Seconds as a duration. More than a year is a year.
pub(crate) fn duration(seconds: f64) -> Option<std::time::Duration> {
    (seconds >= 0.0).then(|| std::time::Duration::from_secs_f64(seconds.min(31_536_000.0)))
}

/// A packet identifier, where the number can be one.
pub(crate) fn packet_id(value: i64) -> Option<PacketId> {
    u16::try_from(value).ok().and_then(PacketId::new)
}

/// A reason code, where the number is one.
pub(crate) fn reason(code: i64) -> Option<ReasonCode> {
    u8::try_from(code).ok().and_then(ReasonCode::from_u8)
}

fn string_arg<'v>(value: &'v mut Zval, index: u32, expected: &str) -> Outcome<&'v [u8]> {
    let mut out = std::ptr::null_mut();
    // SAFETY: a converted string is put into the argument, which lives as long as the call.
    if unsafe { mqtt_arg_string(value, index + 1, &mut out) } {
        return Ok(unsafe { zend::bytes_of(out) });
    }
    Err(wrong_type(index, expected, value))
}

fn long_arg(value: &mut Zval, index: u32, expected: &str) -> Outcome<i64> {
    let mut out = 0;
    // SAFETY: plain out parameter.
    if unsafe { mqtt_arg_long(value, index + 1, &mut out) } { Ok(out) } else { Err(wrong_type(index, expected, value)) }
}

fn bool_arg(value: &mut Zval, index: u32, expected: &str) -> Outcome<bool> {
    let mut out = false;
    // SAFETY: plain out parameter.
    if unsafe { mqtt_arg_bool(value, index + 1, &mut out) } { Ok(out) } else { Err(wrong_type(index, expected, value)) }
}

fn double_arg(value: &mut Zval, index: u32, expected: &str) -> Outcome<f64> {
    let mut out = 0.0;
    // SAFETY: plain out parameter.
    if unsafe { mqtt_arg_double(value, index + 1, &mut out) } {
        Ok(out)
    } else {
        Err(wrong_type(index, expected, value))
    }
}

/// What a value is called in messages. Written only where there is one to write: most values are right.
#[derive(Clone)]
pub(crate) enum Name {
    Words(Cow<'static, str>),
    /// A part of the element with this number: `Argument #1 ($messages): the topic of message 7`.
    Part {
        of: &'static str,
        part: &'static str,
        number: i64,
    },
}

impl From<&'static str> for Name {
    fn from(words: &'static str) -> Name {
        Name::Words(words.into())
    }
}

impl From<String> for Name {
    fn from(words: String) -> Name {
        Name::Words(words.into())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Name::Words(words) => f.write_str(words),
            Name::Part { of, part, number } => write!(f, "{of}: {part} of message {number}"),
        }
    }
}

/// A value inside an array, with the words that name it in messages: `option "keepAlive"`.
pub(crate) struct Item<'a> {
    pub(crate) value: &'a mut Zval,
    pub(crate) name: Name,
    /// No conversions.
    is_strict: bool,
}

impl<'a> Item<'a> {
    /// A value that is converted weakly whoever calls: options and properties often come from configuration files.
    pub(crate) fn new(value: &'a mut Zval, name: impl Into<Name>) -> Item<'a> {
        Item { value, name: name.into(), is_strict: false }
    }

    /// A value that is converted as an argument would be: an argument, or an element of a list.
    pub(crate) fn of_call(value: &'a mut Zval, name: impl Into<Name>) -> Item<'a> {
        unsafe extern "C" {
            fn mqtt_is_strict() -> bool;
        }
        // SAFETY: called inside a method.
        Item { value, name: name.into(), is_strict: unsafe { mqtt_is_strict() } }
    }

    /// A value inside this one.
    pub(crate) fn inner<'b>(value: &'b mut Zval, name: impl Into<Name>, is_strict: bool) -> Item<'b> {
        Item { value, name: name.into(), is_strict }
    }

    /// Whether values are not converted.
    pub(crate) fn is_strict(&self) -> bool {
        self.is_strict
    }

    /// The int that it is or may become.
    pub(crate) fn as_long(&mut self) -> Option<i64> {
        if self.is_strict { zend::as_long(self.value) } else { zend::weak::long(self.value) }
    }

    /// Whether it is null.
    pub(crate) fn is_null(&self) -> bool {
        zend::is_null(self.value)
    }

    /// "option "keepAlive" must be of type int, array given".
    pub(crate) fn wrong_type(&self, expected: &str) -> Thrown {
        if zend::exception_pending() {
            return Thrown::pending();
        }
        type_error(&format!("{} must be of type {expected}, {} given", self.name, zend::type_name(self.value)))
    }

    /// "option "keepAlive" must be ...".
    pub(crate) fn wrong_value(&self, message: &str) -> Thrown {
        value_error(&format!("{} {message}", self.name))
    }

    /// The bool that it is or may become.
    pub(crate) fn as_bool(&mut self) -> Option<bool> {
        if self.is_strict { zend::as_bool(self.value) } else { zend::weak::bool(self.value) }
    }

    /// The float that it is or may become.
    pub(crate) fn as_double(&mut self) -> Option<f64> {
        if self.is_strict && zend::as_double(self.value).is_none() && zend::as_long(self.value).is_none() {
            return None;
        }
        zend::weak::double(self.value)
    }

    /// Any bytes.
    pub(crate) fn bytes(&mut self) -> Outcome<Bytes> {
        let bytes = if self.is_strict { zend::as_bytes(self.value) } else { zend::weak::string(self.value) };
        match bytes {
            Some(bytes) => Ok(Bytes::copy_from_slice(bytes)),
            None => Err(self.wrong_type("string")),
        }
    }

    /// UTF-8 text.
    pub(crate) fn text(&mut self) -> Outcome<Text> {
        Text::try_from(self.bytes()?).map_err(|_| self.wrong_value("must be valid UTF-8"))
    }

    /// The same as a [`String`].
    pub(crate) fn string(&mut self) -> Outcome<String> {
        self.text().map(|text| text.to_string())
    }

    /// An int between these bounds.
    pub(crate) fn long(&mut self, minimum: i64, maximum: i64) -> Outcome<i64> {
        let Some(value) = self.as_long() else { return Err(self.wrong_type("int")) };
        if (minimum..=maximum).contains(&value) {
            return Ok(value);
        }
        Err(self.wrong_value(&format!("must be between {minimum} and {maximum}, {value} given")))
    }

    /// A bool.
    pub(crate) fn bool(&mut self) -> Outcome<bool> {
        self.as_bool().ok_or_else(|| self.wrong_type("bool"))
    }

    /// Seconds.
    pub(crate) fn seconds(&mut self) -> Outcome<std::time::Duration> {
        let Some(value) = self.as_double() else { return Err(self.wrong_type("float")) };
        duration(value).ok_or_else(|| self.wrong_value("must be a number of seconds from 0 up"))
    }

    /// QoS.
    pub(crate) fn qos(&mut self) -> Outcome<QoS> {
        let level = self.long(0, 2)?;
        Ok(u8::try_from(level).ok().and_then(QoS::from_u8).unwrap_or_default())
    }

    /// A reason code, as case or int.
    pub(crate) fn reason(&mut self) -> Outcome<ReasonCode> {
        if let Some(case) = zend::instance(self.value, enums::reason_class()) {
            return Ok(enums::reason_of(case));
        }
        let Some(code) = self.as_long() else { return Err(self.wrong_type("Mqtt\\ReasonCode|int")) };
        reason(code).ok_or_else(|| self.wrong_value(&format!("must be a reason code of MQTT 5, {code} given")))
    }
}
