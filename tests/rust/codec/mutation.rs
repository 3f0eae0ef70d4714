//! Noise: changed packets never panic, never make memory grow, and what still decodes can be written again.
//!
//! `MQTT_FUZZ_ROUNDS` says how many, `MQTT_FUZZ_SEED` which. The target `decoder` of `script/fuzz` does more of the kind.

use bytes::Bytes;
use mqtt_proto::packet::{Packet, PacketId, PacketType, QoS};
use mqtt_proto::wire::fanout::{Alias, Delivery, Fanout};
use mqtt_proto::wire::{Sender, decode as wire, encode, frame};
use mqtt_proto::{Time, Version};

use super::vectors::{ANY_SIZE, Vector, decode, hex, load};

const VERSIONS: [Version; 3] = [Version::V3_1, Version::V3_1_1, Version::V5];
const SENDERS: [Option<Sender>; 3] = [None, Some(Sender::Client), Some(Sender::Server)];

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |value| value.parse().unwrap_or_else(|_| panic!("{name}={value}")))
}

/// One packet of noise, and how it is to be read.
struct Noise {
    bytes: Vec<u8>,
    version: Version,
    sender: Option<Sender>,
    round: u64,
}

/// A hundred thousand, with a fixed seed, so that a failure can be repeated.
fn for_each(mut check: impl FnMut(&Noise, &mut fastrand::Rng)) -> u64 {
    let (rounds, seed) = (setting("MQTT_FUZZ_ROUNDS", 100_000), setting("MQTT_FUZZ_SEED", 0x6d71_7474));
    let vectors: Vec<Vector> = load("valid.json").into_iter().filter(|vector| vector.bytes.len() <= 300).collect();
    let mut random = fastrand::Rng::with_seed(seed);
    for round in 0..rounds {
        let vector = &vectors[random.usize(..vectors.len())];
        let bytes = mutated(&vector.bytes, &vectors, &mut random);
        // Mostly in its own version, where it gets deepest.
        let version = if round % 4 == 0 { VERSIONS[round as usize / 4 % 3] } else { vector.version };
        let sender = SENDERS[round as usize / 3 % 3];
        check(&Noise { bytes, version, sender, round }, &mut random);
    }
    rounds
}

#[test]
fn mutated_packets_decode_and_are_written_again_or_are_refused() {
    let mut decoded = 0;
    let rounds = for_each(|Noise { bytes, version, sender, round }, random| {
        let given = (round % 5 != 0).then_some(*version);
        let chunk = if round % 2 == 0 { usize::MAX } else { 1 + random.usize(..9) };
        let (packets, end) = decode(bytes, chunk, given, *sender);
        if let Ok(buffered) = end {
            assert!(buffered <= bytes.len());
        }
        let mut spoken = given.unwrap_or(Version::V3_1_1);
        for packet in packets {
            decoded += 1;
            if let Packet::Connect(connect) = &packet {
                spoken = connect.version;
            }
            let mut out = Vec::new();
            encode::packet(&packet, spoken, ANY_SIZE, &mut out)
                .unwrap_or_else(|e| panic!("{e}: {packet:?} of {}", hex(bytes)));
            let (again, end) = decode(&out, usize::MAX, Some(spoken), *sender);
            assert_eq!((&again[..], end), (&[packet][..], Ok(0)), "{}", hex(bytes));
        }
    });
    assert!(decoded > rounds / 10, "only {decoded} decoded: the mutations are too wild to show anything");
}

#[test]
fn mutated_publishes_are_the_same_borrowed_owned_and_passed_on() {
    let mut seen = 0;
    let rounds = for_each(|Noise { bytes, version, sender, .. }, _| {
        let Ok(Some(frame)) = frame::split(bytes, *version, ANY_SIZE) else { return };
        if frame.packet_type != PacketType::Publish {
            return;
        }
        let owned = wire::packet(Bytes::copy_from_slice(frame.bytes), frame.parts(), *version, *sender);
        let view = match (wire::publish(&frame, *version, *sender), owned) {
            (Ok(view), Ok(Packet::Publish(publish))) => {
                assert_eq!(view.to_publish(), publish, "{}", hex(bytes));
                view
            }
            (borrowed, owned) => {
                assert_eq!(borrowed.err(), owned.err(), "{}", hex(bytes));
                return;
            }
        };
        seen += 1;
        let topic = if view.topic.is_empty() { "aliased" } else { view.topic };
        let mut fanout = Fanout::from_view(view, topic, Time::default());
        let message = std::sync::Arc::clone(fanout.message());
        for to in VERSIONS.into_iter().chain(VERSIONS) {
            let mut out = Vec::new();
            let delivery = Delivery {
                version: to,
                qos: QoS::AtLeastOnce,
                retain: false,
                dup: false,
                packet_id: Some(PacketId::FIRST),
                subscription_identifiers: &[7],
                alias: Alias::None,
                maximum_packet_size: ANY_SIZE,
            };
            assert_eq!(fanout.append(&delivery, &mut out), Some(out.len()));
            let (packets, end) = decode(&out, usize::MAX, Some(to), Some(Sender::Server));
            let [Packet::Publish(publish)] = &packets[..] else { panic!("{end:?} of {}", hex(bytes)) };
            assert_eq!((&*publish.topic, &publish.payload), (topic, &message.payload));
            let mut properties = message.properties.clone();
            properties.push(mqtt_proto::packet::Property::SubscriptionIdentifier(7));
            assert!(!to.has_properties() || publish.properties == properties, "{}", hex(bytes));
        }
    });
    assert!(seen > rounds / 100, "only {seen} were PUBLISH");
}

pub fn mutated(bytes: &[u8], corpus: &[Vector], random: &mut fastrand::Rng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..random.usize(1..4) {
        if bytes.is_empty() {
            bytes.push(random.u8(..));
        }
        let at = random.usize(..bytes.len());
        match random.u8(..9) {
            0 => bytes[at] ^= 1 << random.u8(..8),
            1 => bytes[at] = random.u8(..),
            2 => bytes[at] = [0, 1, 0x7F, 0x80, 0xFF][random.usize(..5)],
            3 => bytes.truncate(at),
            4 => bytes.insert(at, random.u8(..)),
            5 => drop(bytes.remove(at)),
            6 => {
                let other = &corpus[random.usize(..corpus.len())].bytes;
                bytes.truncate(at);
                bytes.extend_from_slice(&other[random.usize(..=other.len())..]);
            }
            // Keep the length right, so that more gets past the frame.
            7 if bytes.len() > 2 && bytes.len() < 130 => bytes[1] = (bytes.len() - 2) as u8,
            _ => bytes.extend_from_slice(&corpus[random.usize(..corpus.len())].bytes),
        }
    }
    bytes
}
