//! Recording of packets for logs. One branch where it is off.

use bytes::Bytes;

use super::event::Trace;
use super::link::Link;
use super::output::TraceLog;
use crate::packet::{Packet, PacketId};
use crate::wire::{Sender, decode, frame};
use crate::{MAXIMUM_REMAINING_LENGTH, ReasonCode, Version};

/// Packets kept until [`Link::take_trace`]; what comes after is not recorded.
const KEPT: usize = 65_536;

impl Link {
    /// Records every packet that passes, until it is taken; at most 65536 between two calls of
    /// [`Link::take_trace`]. Costs a second decoding of each packet; nothing while it is off.
    pub fn set_tracing(&mut self, on: bool) {
        let seen = self.output.buffer.len();
        self.output.trace = on.then(|| Box::new(TraceLog { packets: Vec::new(), seen }));
    }

    /// What has passed since the last call.
    pub fn take_trace(&mut self) -> Vec<Trace> {
        self.output.trace.as_mut().map(|trace| std::mem::take(&mut trace.packets)).unwrap_or_default()
    }

    /// Records what the output has got since the last call.
    #[inline]
    pub(super) fn trace_output(&mut self) {
        if self.output.trace.is_some() {
            self.trace_new_output();
        }
    }

    /// Records a packet that came in.
    #[inline]
    pub(super) fn trace_input(&mut self, bytes: &[u8]) {
        let version = self.version;
        let sender = self.role.peer();
        if let Some(trace) = &mut self.output.trace {
            trace.record(bytes, version, sender);
        }
    }

    #[cold]
    fn trace_new_output(&mut self) {
        let (version, sender) = (self.version, self.role.own());
        if let Some(mut trace) = self.output.trace.take() {
            trace.record(&self.output.buffer[trace.seen.min(self.output.buffer.len())..], version, sender);
            trace.seen = self.output.buffer.len();
            self.output.trace = Some(trace);
        }
    }
}

impl TraceLog {
    #[cold]
    fn record(&mut self, mut bytes: &[u8], version: Version, sender: Sender) {
        while let Ok(Some(frame)) = frame::split(bytes, version, MAXIMUM_REMAINING_LENGTH + 5) {
            let owned = Bytes::copy_from_slice(frame.bytes);
            if let Ok(packet) = decode::packet(owned, frame.parts(), version, Some(sender))
                && self.packets.len() < KEPT
            {
                self.packets.push(describe(&packet, sender));
            }
            bytes = &bytes[frame.bytes.len()..];
        }
    }
}

fn describe(packet: &Packet, sender: Sender) -> Trace {
    let (packet_id, reason) = match packet {
        Packet::ConnAck(ack) => (None, ack.reason),
        Packet::Publish(publish) => (publish.packet_id, ReasonCode::Success),
        Packet::PubAck(ack) | Packet::PubRec(ack) | Packet::PubRel(ack) | Packet::PubComp(ack) => {
            (Some(ack.packet_id), ack.reason)
        }
        Packet::Subscribe(packet) => (Some(packet.packet_id), ReasonCode::Success),
        Packet::SubAck(packet) => (Some(packet.packet_id), worst(&packet.reasons)),
        Packet::Unsubscribe(packet) => (Some(packet.packet_id), ReasonCode::Success),
        Packet::UnsubAck(packet) => (Some(packet.packet_id), worst(&packet.reasons)),
        Packet::Disconnect(packet) => (None, packet.reason),
        Packet::Auth(packet) => (None, packet.reason),
        Packet::Connect(_) | Packet::PingReq | Packet::PingResp => (None::<PacketId>, ReasonCode::Success),
    };
    let publish = match packet {
        Packet::Publish(p) => Some((p.dup, p.qos, p.retain, p.topic.clone(), p.payload.len())),
        _ => None,
    };
    Trace { sender, packet_type: packet.packet_type(), packet_id, reason, publish }
}

/// The first failure, where there is one.
fn worst(reasons: &[ReasonCode]) -> ReasonCode {
    reasons.iter().copied().max().unwrap_or(ReasonCode::Success)
}
