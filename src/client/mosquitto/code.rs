//! The words of libmosquitto: what its numbers mean, and what it accepts as text.

use mqtt_proto::topic::{Filter, check_name};

/// A level of the log: something is odd.
pub const WARNING: i64 = 4;
/// A level of the log: something failed.
pub const ERROR: i64 = 8;
/// A level of the log: a packet passed.
pub const DEBUG: i64 = 16;

/// A number of libmosquitto.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code(pub u8);

impl Code {
    /// All is well.
    pub const SUCCESS: Code = Code(0);
    /// Out of memory; here also: no packet identifier is free.
    pub const NO_MEMORY: Code = Code(1);
    /// The server broke the protocol.
    pub const PROTOCOL: Code = Code(2);
    /// An argument cannot be.
    pub const INVALID: Code = Code(3);
    /// There is no connection.
    pub const NOT_CONNECTED: Code = Code(4);
    /// The server refused the connection.
    pub const REFUSED: Code = Code(5);
    /// The connection was lost.
    pub const LOST: Code = Code(7);
    /// TLS failed.
    pub const TLS: Code = Code(8);
    /// The payload is longer than a packet can be.
    pub const PAYLOAD_SIZE: Code = Code(9);
    /// The feature does not exist here.
    pub const NOT_SUPPORTED: Code = Code(10);
    /// A system call has failed. The original returns it from connect() and throws nothing.
    pub const ERRNO: Code = Code(14);
    /// The name of the host could not be resolved.
    pub const LOOKUP: Code = Code(15);
    /// Text is not UTF-8, or has characters that MQTT forbids.
    pub const UTF8: Code = Code(18);
    /// The server did not answer PINGREQ in time.
    pub const KEEP_ALIVE: Code = Code(19);

    /// The sentence that libmosquitto has for it.
    pub fn text(self) -> &'static str {
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

/// UTF-8 without control characters and non-characters, as libmosquitto wants it.
pub fn check_text(bytes: &[u8]) -> Result<&str, Code> {
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
pub fn check_topic(bytes: &[u8]) -> Result<&str, Code> {
    if bytes.is_empty() || bytes.len() > usize::from(u16::MAX) {
        return Err(Code::INVALID);
    }
    let topic = check_text(bytes)?;
    check_name(topic).map(|()| topic).map_err(|_| Code::INVALID)
}

/// A topic filter. One that the server must answer by closing the connection is refused here.
pub fn check_filter(bytes: &[u8]) -> Result<&str, Code> {
    if bytes.len() > usize::from(u16::MAX) {
        return Err(Code::INVALID);
    }
    let filter = check_text(bytes)?;
    Filter::parse(filter).map(|_| filter).map_err(|_| Code::INVALID)
}
