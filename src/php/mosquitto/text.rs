//! The words of libmosquitto: what its numbers mean, and what it accepts as text.

use std::ffi::c_char;

use mqtt_proto::topic::{Filter, check_name};

use crate::guard::{Outcome, Thrown};
use crate::zend::{self, zend_string};

/// Levels of the log.
pub(super) const WARNING: i64 = 4;
pub(super) const ERROR: i64 = 8;
pub(super) const DEBUG: i64 = 16;

/// A number of libmosquitto.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Code(pub(super) u8);

impl Code {
    pub(super) const SUCCESS: Code = Code(0);
    pub(super) const NO_MEMORY: Code = Code(1);
    pub(super) const PROTOCOL: Code = Code(2);
    pub(super) const INVALID: Code = Code(3);
    pub(super) const NOT_CONNECTED: Code = Code(4);
    pub(super) const REFUSED: Code = Code(5);
    pub(super) const LOST: Code = Code(7);
    pub(super) const TLS: Code = Code(8);
    pub(super) const PAYLOAD_SIZE: Code = Code(9);
    pub(super) const NOT_SUPPORTED: Code = Code(10);
    /// A system call has failed. The original returns it from connect() and throws nothing.
    pub(super) const ERRNO: Code = Code(14);
    pub(super) const LOOKUP: Code = Code(15);
    pub(super) const UTF8: Code = Code(18);
    pub(super) const KEEP_ALIVE: Code = Code(19);

    pub(super) fn text(self) -> &'static str {
        match self.0 {
            0 => "No error.",
            1 => "Out of memory.",
            2 => "A network protocol error occurred when communicating with the broker.",
            3 => "Invalid function arguments provided.",
            4 => "The client is not currently connected.",
            5 => "The connection was refused.",
            7 => "The connection was lost.",
            8 => "A TLS error occurred.",
            9 => "Payload too large.",
            10 => "This feature is not supported.",
            15 => "Lookup error.",
            18 => "Malformed UTF-8",
            _ => "Unknown error.",
        }
    }
}

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

/// UTF-8 without control characters and non-characters, as libmosquitto wants it.
pub(super) fn check_text(bytes: &[u8]) -> Result<&str, Code> {
    let text = std::str::from_utf8(bytes).map_err(|_| Code::UTF8)?;
    if text.bytes().all(|byte| (0x20..0x7F).contains(&byte)) {
        return Ok(text);
    }
    let is_odd = |char: char| {
        let number = u32::from(char);
        char.is_control() || number & 0xFFFE == 0xFFFE || (0xFDD0..=0xFDEF).contains(&number)
    };
    if text.chars().any(is_odd) { Err(Code::UTF8) } else { Ok(text) }
}

/// A topic that can be published to.
pub(super) fn check_topic(bytes: &[u8]) -> Result<&str, Code> {
    if bytes.is_empty() || bytes.len() > usize::from(u16::MAX) {
        return Err(Code::INVALID);
    }
    let topic = check_text(bytes)?;
    check_name(topic).map(|()| topic).map_err(|_| Code::INVALID)
}

/// A topic filter. One that the server must answer by closing the connection is refused here.
pub(super) fn check_filter(bytes: &[u8]) -> Result<&str, Code> {
    if bytes.len() > usize::from(u16::MAX) {
        return Err(Code::INVALID);
    }
    let filter = check_text(bytes)?;
    Filter::parse(filter).map(|_| filter).map_err(|_| Code::INVALID)
}

/// What a shim of ours takes as a path.
pub(super) type CPath = *const c_char;
