//! The fixed header (section 2.1): where one packet ends and the next begins.

use crate::packet::PacketType;
use crate::{Rule, Version, Violation};

/// One complete packet inside a byte stream: borrowed, not yet read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Type, from the high four bits of the first byte.
    pub packet_type: PacketType,
    /// The low four bits of the first byte; already held against the table of section 2.1.3, except for PUBLISH.
    pub flags: u8,
    /// All of it, fixed header included.
    pub bytes: &'a [u8],
    /// Where the variable header begins in `bytes`: 2 to 5.
    pub body_at: usize,
}

impl<'a> Frame<'a> {
    /// Variable header and payload.
    pub fn body(&self) -> &'a [u8] {
        &self.bytes[self.body_at..]
    }
}

/// Splits the first packet off `input`.
///
/// Returns `Ok(None)` when more bytes are needed; call again with the same bytes and more behind them. Nothing is
/// allocated, whatever length is announced. The fixed header is checked as soon as its bytes are there: reserved
/// type, flags, a length of more than four bytes or not minimal, and `maximum` (whole packet, in bytes).
pub fn split(input: &[u8], version: Version, maximum: u32) -> Result<Option<Frame<'_>>, Violation> {
    let _ = (input, version, maximum, Rule::PacketTooLarge);
    todo!()
}

/// Bytes that the first packet of `input` takes, fixed header included, as far as that is known yet. For sizing a
/// buffer after [`split`] has returned `Ok(None)`.
pub fn announced(input: &[u8]) -> Option<u32> {
    let _ = input;
    todo!()
}
