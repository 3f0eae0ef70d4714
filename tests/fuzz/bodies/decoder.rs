//! Any bytes through the incremental decoder.

use mqtt_proto::packet::Packet;
use mqtt_proto::wire::stream::Decoder;
use mqtt_proto::wire::{Sender, decode, encode, frame};
use mqtt_proto::{MAXIMUM_REMAINING_LENGTH, Version, Violation};

use super::Choices;

const ANY_SIZE: u32 = MAXIMUM_REMAINING_LENGTH + 5;

/// However the bytes are cut, the same packets and the same end come out; what is decoded can be written, and is the
/// same when it is read again; nothing is buffered beyond the input.
pub(super) fn run(data: &[u8]) {
    let mut choices = Choices(data);
    let version = [None, Some(Version::V3_1), Some(Version::V3_1_1), Some(Version::V5)][choices.below(4)];
    let sender = [None, Some(Sender::Client), Some(Sender::Server)][choices.below(3)];
    let chunk = 1 + choices.below(16);
    let maximum = if choices.below(4) == 0 { 64 } else { ANY_SIZE };
    let bytes = choices.rest();

    let whole = feed(Decoder::new(version, sender, maximum), bytes, bytes.len().max(1));
    assert_eq!(feed(Decoder::new(version, sender, maximum), bytes, chunk), whole);

    let mut spoken = version.unwrap_or(Version::V3_1_1);
    for packet in &whole.0 {
        if let Packet::Connect(connect) = packet {
            spoken = version.unwrap_or(connect.version);
        }
        let mut out = Vec::new();
        encode::packet(packet, spoken, ANY_SIZE, &mut out).unwrap_or_else(|error| panic!("{error}: {packet:?}"));
        let (again, end) = feed(Decoder::new(Some(spoken), sender, ANY_SIZE), &out, out.len());
        assert_eq!((again.as_slice(), end), (std::slice::from_ref(packet), Ok(0)));
    }
    borrowed(bytes, spoken, sender, maximum);
}

/// The view of a PUBLISH says the same as the owned packet.
fn borrowed(bytes: &[u8], version: Version, sender: Option<Sender>, maximum: u32) {
    let Ok(Some(frame)) = frame::split(bytes, version, maximum) else { return };
    if frame.packet_type != mqtt_proto::packet::PacketType::Publish {
        return;
    }
    let owned = decode::packet(bytes::Bytes::copy_from_slice(frame.bytes), frame.parts(), version, sender);
    match (decode::publish(&frame, version, sender), owned) {
        (Ok(view), Ok(Packet::Publish(publish))) => assert_eq!(view.to_publish(), publish),
        (view, owned) => assert_eq!(view.err(), owned.err()),
    }
}

fn feed(mut decoder: Decoder, bytes: &[u8], chunk: usize) -> (Vec<Packet>, Result<usize, Violation>) {
    let mut packets = Vec::new();
    for part in bytes.chunks(chunk) {
        decoder.push(part);
        loop {
            match decoder.next_packet() {
                Ok(Some(packet)) => packets.push(packet),
                Ok(None) => break,
                Err(violation) => return (packets, Err(violation)),
            }
        }
    }
    assert!(decoder.buffered() <= bytes.len());
    (packets, Ok(decoder.buffered()))
}
