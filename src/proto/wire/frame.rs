//! The fixed header (section 2.1): where one packet ends and the next begins.

use crate::packet::PacketType;
use crate::{MAXIMUM_REMAINING_LENGTH, Rule, Version, Violation};

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
    #[inline]
    pub fn body(&self) -> &'a [u8] {
        &self.bytes[self.body_at..]
    }
}

/// Splits the first packet off `input`.
///
/// Returns `Ok(None)` when more bytes are needed; call again with the same bytes and more behind them. Nothing is
/// allocated, whatever length is announced. The fixed header is checked as soon as its bytes are there: reserved
/// type, flags, a length of more than four bytes or not minimal, and `maximum` (whole packet, in bytes).
#[inline]
pub fn split(input: &[u8], version: Version, maximum: u32) -> Result<Option<Frame<'_>>, Violation> {
    let Some(&first) = input.first() else { return Ok(None) };
    let (packet_type, flags) = check_first(first, version)?;
    let (length, body_at) = match input.get(1) {
        Some(&length) if length < 0x80 => (u32::from(length), 2),
        _ => {
            match remaining_length(input, version).map_err(|rule| Violation::new(rule, version).within(packet_type))? {
                Some(header) => header,
                None => return Ok(None),
            }
        }
    };
    // At most 268 435 460.
    let size = length + body_at as u32;
    if size > maximum {
        return Err(Violation::new(Rule::PacketTooLarge, version).within(packet_type));
    }
    match input.get(..size as usize) {
        Some(bytes) => Ok(Some(Frame { packet_type, flags, bytes, body_at })),
        None => Ok(None),
    }
}

/// Bytes that the first packet of `input` takes, fixed header included, as far as that is known yet. For sizing a
/// buffer after [`split`] has returned `Ok(None)`.
pub fn announced(input: &[u8]) -> Option<u32> {
    let (length, body_at) = remaining_length(input, Version::V3_1_1).ok()??;
    Some(length + body_at as u32)
}

/// Whether the length in the fixed header, `body_at - 1` bytes, is written as short as it can be.
pub(super) fn is_minimal(frame_len: usize, body_at: usize) -> bool {
    let length = frame_len - body_at;
    variable_len(length) == body_at - 1
}

/// Bytes that a variable byte integer takes (section 1.5.5).
#[inline]
pub(super) const fn variable_len(value: usize) -> usize {
    match value {
        0..128 => 1,
        128..16_384 => 2,
        16_384..2_097_152 => 3,
        _ => 4,
    }
}

/// Bytes of a whole packet whose remaining length is this, or `None` where the protocol has no such packet.
#[inline]
pub(super) fn packet_size(remaining: usize) -> Option<usize> {
    if remaining > MAXIMUM_REMAINING_LENGTH as usize { None } else { Some(1 + variable_len(remaining) + remaining) }
}

/// Type and flags of the first byte (section 2.1.3).
#[inline]
fn check_first(first: u8, version: Version) -> Result<(PacketType, u8), Violation> {
    let flags = first & 0x0F;
    if first >> 4 == PacketType::Publish as u8 {
        return Ok((PacketType::Publish, flags));
    }
    let packet_type = match PacketType::from_u8(first >> 4) {
        Some(PacketType::Auth) if !version.has_properties() => None,
        known => known,
    };
    let Some(packet_type) = packet_type else { return Err(Violation::new(Rule::ReservedPacketType, version)) };
    let allowed = match packet_type {
        PacketType::PubRel | PacketType::Subscribe | PacketType::Unsubscribe => {
            flags == 0b0010 || flags == 0b1010 && version.has_dup_on_requests()
        }
        _ => flags == 0,
    };
    if allowed {
        Ok((packet_type, flags))
    } else {
        Err(Violation::new(Rule::FixedHeaderFlags, version).within(packet_type))
    }
}

/// Remaining length and where it ends; `None` where bytes are missing. MQTT 3 does not demand the shortest form.
fn remaining_length(input: &[u8], version: Version) -> Result<Option<(u32, usize)>, Rule> {
    let mut length = 0;
    for at in 1..=4 {
        let Some(&byte) = input.get(at) else { return Ok(None) };
        length |= u32::from(byte & 0x7F) << (7 * (at - 1));
        if byte & 0x80 == 0 {
            if byte == 0 && at > 1 && version.has_properties() {
                return Err(Rule::RemainingLengthNotMinimal);
            }
            return Ok(Some((length, at + 1)));
        }
    }
    Err(Rule::RemainingLengthTooLong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_one_packet_and_leaves_the_rest() {
        let frame = split(&[0xC0, 0, 0xD0, 0], Version::V3_1_1, 100).unwrap().unwrap();
        assert_eq!((frame.packet_type, frame.bytes, frame.body()), (PacketType::PingReq, &[0xC0, 0][..], &[][..]));
    }

    #[test]
    fn asks_for_more_until_the_packet_is_whole_and_says_how_much() {
        let packet = [0x30, 0x80, 0x01];
        for cut in 0..=packet.len() {
            assert_eq!(split(&packet[..cut], Version::V5, u32::MAX), Ok(None));
        }
        assert_eq!(announced(&packet[..2]), None);
        assert_eq!(announced(&packet), Some(131));
    }

    #[test]
    fn refuses_a_wrong_header_at_the_first_byte_that_shows_it() {
        let rule = |input: &[u8], version| split(input, version, 200).unwrap_err().rule;
        assert_eq!(rule(&[0x00], Version::V5), Rule::ReservedPacketType);
        assert_eq!(rule(&[0xF0], Version::V3_1_1), Rule::ReservedPacketType);
        assert_eq!(rule(&[0x81], Version::V3_1), Rule::FixedHeaderFlags);
        assert_eq!(rule(&[0x8A], Version::V3_1_1), Rule::FixedHeaderFlags);
        assert_eq!(rule(&[0xC0, 0xFF, 0xFF, 0xFF, 0xFF], Version::V3_1), Rule::RemainingLengthTooLong);
        assert_eq!(rule(&[0xC0, 0x80, 0x00], Version::V5), Rule::RemainingLengthNotMinimal);
        assert_eq!(rule(&[0x30, 0xC7, 0x01], Version::V5), Rule::PacketTooLarge);
        assert_eq!(split(&[0x8A], Version::V3_1, 200), Ok(None));
        assert!(split(&[0xC0, 0x80, 0x00], Version::V3_1_1, 200).unwrap().is_some());
    }

    #[test]
    fn takes_a_packet_of_exactly_the_maximum() {
        assert!(split(&[0x40, 2, 0, 1], Version::V5, 4).unwrap().is_some());
        assert_eq!(split(&[0x40, 2, 0, 1], Version::V5, 3).unwrap_err().rule, Rule::PacketTooLarge);
    }
}
