//! A position in bytes that are being read.

use bytes::Bytes;

use super::text;
use crate::packet::PacketId;
use crate::{Rule, Text};

/// Bytes that have not been read yet. Every method takes from the front, or leaves it as it is and names the rule.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    #[inline]
    pub(super) fn new(bytes: &'a [u8]) -> Cursor<'a> {
        Cursor { rest: bytes }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.rest.len()
    }

    /// Everything that is left; nothing is left after it.
    #[inline]
    pub(super) fn take_rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.rest)
    }

    #[inline]
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], Rule> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Rule::BodyTooShort)?;
        self.rest = rest;
        Ok(taken)
    }

    #[inline]
    pub(super) fn u8(&mut self) -> Result<u8, Rule> {
        let (first, rest) = self.rest.split_first().ok_or(Rule::BodyTooShort)?;
        self.rest = rest;
        Ok(*first)
    }

    #[inline]
    pub(super) fn u16(&mut self) -> Result<u16, Rule> {
        let (first, rest) = self.rest.split_first_chunk().ok_or(Rule::BodyTooShort)?;
        self.rest = rest;
        Ok(u16::from_be_bytes(*first))
    }

    #[inline]
    pub(super) fn u32(&mut self) -> Result<u32, Rule> {
        let (first, rest) = self.rest.split_first_chunk().ok_or(Rule::BodyTooShort)?;
        self.rest = rest;
        Ok(u32::from_be_bytes(*first))
    }

    /// A variable byte integer, minimal (section 1.5.5).
    #[inline]
    pub(super) fn variable(&mut self) -> Result<u32, Rule> {
        match self.rest.first() {
            Some(first) if *first < 0x80 => {
                self.rest = &self.rest[1..];
                Ok(u32::from(*first))
            }
            _ => self.long_variable(),
        }
    }

    fn long_variable(&mut self) -> Result<u32, Rule> {
        let mut value = 0;
        for index in 0..4 {
            let byte = *self.rest.get(index).ok_or(Rule::BodyTooShort)?;
            value |= u32::from(byte & 0x7F) << (7 * index);
            if byte & 0x80 == 0 {
                if byte == 0 && index > 0 {
                    return Err(Rule::VariableByteIntegerNotMinimal);
                }
                self.rest = &self.rest[index + 1..];
                return Ok(value);
            }
        }
        Err(Rule::VariableByteIntegerTooLong)
    }

    /// Binary data, or a string that is not checked yet: two bytes of length in front.
    #[inline]
    pub(super) fn binary(&mut self) -> Result<&'a [u8], Rule> {
        let length = self.u16()?;
        self.take(usize::from(length))
    }

    /// A packet identifier, never 0 [MQTT-2.2.1-3].
    #[inline]
    pub(super) fn packet_id(&mut self) -> Result<PacketId, Rule> {
        PacketId::new(self.u16()?).ok_or(Rule::ZeroPacketIdentifier)
    }

    /// A string as a slice of `owner`, the allocation that this cursor reads.
    pub(super) fn text(&mut self, owner: &Bytes) -> Result<Text, Rule> {
        let bytes = self.binary()?;
        text::owned(owner, bytes)
    }

    /// Binary data as a slice of `owner`.
    pub(super) fn bytes(&mut self, owner: &Bytes) -> Result<Bytes, Rule> {
        Ok(owner.slice_ref(self.binary()?))
    }

    /// Nothing may be left.
    #[inline]
    pub(super) fn end(&self) -> Result<(), Rule> {
        if self.rest.is_empty() { Ok(()) } else { Err(Rule::BytesLeftOver) }
    }
}
