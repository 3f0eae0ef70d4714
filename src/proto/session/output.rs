//! What wants to be written: the buffer, and the packets that wait for the owner's store.

use std::collections::VecDeque;

use super::event::Trace;
use crate::packet::{Packet, PacketId, PacketType};
use crate::wire::encode::{self, EncodeError};
use crate::{ReasonCode, Version};

/// An empty buffer larger than this is freed rather than kept.
const KEPT_CAPACITY: usize = 1024 * 1024;
/// Written bytes at the front of the buffer are cut off when they are this many, and more than what is left.
const COMPACT_AT: usize = 64 * 1024;

#[derive(Debug, Default)]
pub(super) struct Output {
    pub(super) buffer: Vec<u8>,
    /// Bytes of the buffer that are written already.
    start: usize,
    held: Option<Box<Held>>,
    pub(super) trace: Option<Box<TraceLog>>,
}

/// Packets of a durable session that may leave once their changes are saved, in order.
#[derive(Debug, Default)]
struct Held {
    /// The mark that each packet waits for, and its length.
    packets: VecDeque<(u64, usize)>,
    bytes: Vec<u8>,
}

/// Packets that passed.
#[derive(Debug, Default)]
pub(super) struct TraceLog {
    pub(super) packets: Vec<Trace>,
    /// Bytes of the buffer that are in `packets` already.
    pub(super) seen: usize,
}

impl Output {
    pub(super) fn pending(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Bytes that wait, held ones included.
    pub(super) fn backlog(&self) -> usize {
        self.buffer.len() - self.start + self.held.as_ref().map_or(0, |held| held.bytes.len())
    }

    pub(super) fn written(&mut self, count: usize) {
        self.start = self.buffer.len().min(self.start + count);
        let cut = if self.start == self.buffer.len() {
            let cut = self.start;
            self.buffer.clear();
            if self.buffer.capacity() > KEPT_CAPACITY {
                self.buffer = Vec::new();
            }
            cut
        } else if self.start >= COMPACT_AT && self.start > self.buffer.len() / 2 {
            self.buffer.drain(..self.start);
            self.start
        } else {
            return;
        };
        self.start = 0;
        if let Some(trace) = &mut self.trace {
            trace.seen = trace.seen.saturating_sub(cut);
        }
    }

    pub(super) fn take(&mut self) -> Vec<u8> {
        if self.buffer.is_empty() { std::mem::take(&mut self.buffer) } else { Vec::new() }
    }

    pub(super) fn lend(&mut self, mut buffer: Vec<u8>) {
        if self.buffer.is_empty() && self.buffer.capacity() < buffer.capacity() {
            buffer.clear();
            self.buffer = buffer;
        }
    }

    /// A packet that is nothing but its type: PINGREQ, PINGRESP.
    pub(super) fn simple(&mut self, kind: PacketType) {
        self.buffer.extend_from_slice(&[(kind as u8) << 4, 0]);
    }

    pub(super) fn packet(&mut self, packet: &Packet, version: Version, maximum: u32) -> Result<(), EncodeError> {
        encode::packet(packet, version, maximum, &mut self.buffer)
    }

    pub(super) fn ack(&mut self, kind: PacketType, id: PacketId, reason: ReasonCode, version: Version) {
        encode::short_ack(kind, id, reason, version, &mut self.buffer);
    }

    /// Like [`Output::ack`], but not before `mark` is committed.
    pub(super) fn ack_after(
        &mut self,
        mark: u64,
        kind: PacketType,
        id: PacketId,
        reason: ReasonCode,
        version: Version,
    ) {
        let held = self.held.get_or_insert_default();
        let before = held.bytes.len();
        encode::short_ack(kind, id, reason, version, &mut held.bytes);
        held.packets.push_back((mark, held.bytes.len() - before));
    }

    /// Where to append a packet that may not leave yet. [`Output::hold`] must follow.
    pub(super) fn held_buffer(&mut self) -> &mut Vec<u8> {
        &mut self.held.get_or_insert_default().bytes
    }

    /// The last `length` bytes of the held buffer are one packet that waits for this mark.
    pub(super) fn hold(&mut self, mark: u64, length: usize) {
        self.held.get_or_insert_default().packets.push_back((mark, length));
    }

    /// Lets go what waited for marks up to this one.
    pub(super) fn committed(&mut self, mark: u64) {
        let Some(held) = &mut self.held else { return };
        let mut length = 0;
        while let Some(&(needed, packet)) = held.packets.front()
            && needed <= mark
        {
            length += packet;
            held.packets.pop_front();
        }
        if held.packets.is_empty() {
            self.buffer.append(&mut held.bytes);
            self.held = None;
        } else {
            self.buffer.extend(held.bytes.drain(..length));
        }
    }
}
