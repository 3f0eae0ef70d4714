//! The incremental decoder: chunks in, packets out. Knows the version, learns it from CONNECT, or assumes it.

use bytes::BytesMut;

use super::Sender;
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

    /// Takes bytes. Nothing is read yet; call [`Decoder::next_packet`] until it returns `Ok(None)`.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next packet, `Ok(None)` when more bytes are needed, or what is wrong. Payloads and text share the frame's allocation.
    pub fn next_packet(&mut self) -> Result<Option<Packet>, Violation> {
        let _ = (&self.sender, self.maximum_packet_size, &self.failed);
        todo!()
    }
}
