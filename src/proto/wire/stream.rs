//! The incremental decoder: chunks in, packets out. Knows the version, learns it from CONNECT, or assumes it.

use bytes::BytesMut;

use super::{Sender, decode, frame};
use crate::packet::Packet;
use crate::{Version, Violation};

/// Collects chunks of one direction of a connection and gives back its packets. After a violation it stays failed.
#[derive(Debug)]
pub struct Decoder {
    buffer: BytesMut,
    version: Option<Version>,
    sender: Option<Sender>,
    maximum_packet_size: u32,
    failed: Option<Violation>,
}

impl Decoder {
    /// A decoder for this version; `None` learns it from CONNECT (a first packet of another type is read as 3.1.1).
    pub fn new(version: Option<Version>, sender: Option<Sender>, maximum_packet_size: u32) -> Decoder {
        Decoder { buffer: BytesMut::new(), version, sender, maximum_packet_size, failed: None }
    }

    /// The version, where it is known.
    pub fn version(&self) -> Option<Version> {
        self.version
    }

    /// Bytes that wait for the rest of their packet.
    pub fn buffered(&self) -> usize {
        self.buffer.len()
    }

    /// Takes bytes. Nothing is read yet; call [`Decoder::next_packet`] until it returns `Ok(None)`. After a violation
    /// the bytes are dropped.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.failed.is_none() {
            self.buffer.extend_from_slice(bytes);
        }
    }

    /// The next packet, `Ok(None)` when more bytes are needed, or what is wrong. Payloads and text share the frame's
    /// allocation.
    pub fn next_packet(&mut self) -> Result<Option<Packet>, Violation> {
        if let Some(violation) = self.failed {
            return Err(violation);
        }
        self.read().inspect_err(|violation| {
            self.failed = Some(*violation);
            self.buffer = BytesMut::new();
        })
    }

    #[inline]
    fn read(&mut self) -> Result<Option<Packet>, Violation> {
        let version = self.version.unwrap_or(Version::V3_1_1);
        let Some(found) = frame::split(&self.buffer, version, self.maximum_packet_size)? else { return Ok(None) };
        let (parts, size) = (found.parts(), found.bytes.len());
        let packet = decode::packet(self.buffer.split_to(size).freeze(), parts, version, self.sender)?;
        if let Packet::Connect(connect) = &packet {
            self.version = Some(connect.version);
        }
        Ok(Some(packet))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rule;

    #[test]
    fn learns_the_version_from_connect() {
        let mut decoder = Decoder::new(None, Some(Sender::Client), 1000);
        // CONNECT of MQTT 5, then a PUBLISH whose property length only MQTT 5 has.
        decoder.push(b"\x10\x0E\x00\x04MQTT\x05\x02\x00\x3C\x00\x00\x01c\x30\x05\x00\x01a\x00x");
        assert!(matches!(decoder.next_packet(), Ok(Some(Packet::Connect(_)))));
        assert_eq!(decoder.version(), Some(Version::V5));
        let Ok(Some(Packet::Publish(publish))) = decoder.next_packet() else { panic!("no PUBLISH") };
        assert_eq!(publish.payload, "x");
        assert_eq!((decoder.next_packet(), decoder.buffered()), (Ok(None), 0));
    }

    #[test]
    fn a_violation_stays_and_takes_no_more_bytes() {
        let mut decoder = Decoder::new(Some(Version::V5), None, 1000);
        decoder.push(&[0x00]);
        let first = decoder.next_packet().unwrap_err();
        assert_eq!(first.rule, Rule::ReservedPacketType);
        decoder.push(&[0xC0, 0x00]);
        assert_eq!((decoder.next_packet(), decoder.buffered()), (Err(first), 0));
    }

    #[test]
    fn an_announced_length_reserves_no_memory() {
        let mut decoder = Decoder::new(Some(Version::V5), None, u32::MAX);
        decoder.push(&[0x30, 0xFF, 0xFF, 0xFF, 0x7F]);
        assert_eq!(decoder.next_packet(), Ok(None));
        assert!(decoder.buffer.capacity() < 1024);
    }
}
