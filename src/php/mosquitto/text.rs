//! Where the numbers of libmosquitto become exceptions and sentences of PHP.

use std::ffi::c_char;

use mqtt_client::mosquitto::Code;

use crate::guard::{Outcome, Thrown};
use crate::zend::{self, zend_string};

/// Where a number of libmosquitto becomes an exception.
pub(super) trait OrThrow<T> {
    /// The value, or `Mosquitto\Exception` with the text of the number and code 0.
    fn or_throw(self) -> Outcome<T>;
}

impl<T> OrThrow<T> for Result<T, Code> {
    fn or_throw(self) -> Outcome<T> {
        self.map_err(|code| throw(code.text(), 0))
    }
}

/// `Mosquitto\Exception`.
pub(super) fn throw(message: &str, code: i64) -> Thrown {
    unsafe extern "C" {
        fn mqtt_mosquitto_throw(message: *mut zend_string, code: i64);
    }
    let message = zend::string(message.as_bytes());
    if let Some(message) = zend::as_string(&message) {
        // SAFETY: the engine copies the message.
        unsafe { mqtt_mosquitto_throw(message, code) };
    }
    Thrown::pending()
}

/// The second argument of onConnect.
pub(super) fn connack(code: u8) -> &'static str {
    match code {
        0 => "Connection Accepted.",
        1 => "Connection Refused: unacceptable protocol version.",
        2 => "Connection Refused: identifier rejected.",
        3 => "Connection Refused: broker unavailable.",
        4 => "Connection Refused: bad user name or password.",
        5 => "Connection Refused: not authorised.",
        _ => "Connection Refused: unknown reason.",
    }
}

/// What a shim of ours takes as a path.
pub(super) type CPath = *const c_char;
