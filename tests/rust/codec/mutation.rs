//! Noise: changed packets never panic, never make memory grow, and what still decodes can be written again.

use mqtt_proto::Version;
use mqtt_proto::wire::{Sender, encode};

use super::vectors::{ANY_SIZE, Vector, decode, hex, load};

const VERSIONS: [Version; 3] = [Version::V3_1, Version::V3_1_1, Version::V5];
const SENDERS: [Option<Sender>; 3] = [None, Some(Sender::Client), Some(Sender::Server)];

#[test]
fn a_hundred_thousand_mutated_packets() {
    let vectors: Vec<Vector> = load("valid.json").into_iter().filter(|vector| vector.bytes.len() <= 300).collect();
    // A fixed seed: a failure can be repeated.
    let mut random = fastrand::Rng::with_seed(0x6d71_7474);
    let mut decoded = 0u32;
    for round in 0..100_000 {
        let vector = &vectors[random.usize(..vectors.len())];
        let bytes = mutated(&vector.bytes, &vectors, &mut random);
        // Mostly in its own version, where it gets deepest.
        let version = if round % 4 == 0 { VERSIONS[round / 4 % 3] } else { vector.version };
        let sender = SENDERS[round / 3 % 3];
        let given = (round % 5 != 0).then_some(version);
        let chunk = if round % 2 == 0 { usize::MAX } else { 1 + random.usize(..9) };
        let (packets, end) = decode(&bytes, chunk, given, sender);
        if let Ok(buffered) = end {
            assert!(buffered <= bytes.len());
        }
        let mut spoken = given.unwrap_or(Version::V3_1_1);
        for packet in packets {
            decoded += 1;
            if let mqtt_proto::packet::Packet::Connect(connect) = &packet {
                spoken = connect.version;
            }
            let mut out = Vec::new();
            encode::packet(&packet, spoken, ANY_SIZE, &mut out)
                .unwrap_or_else(|e| panic!("{e}: {packet:?} of {}", hex(&bytes)));
            let (again, end) = decode(&out, usize::MAX, Some(spoken), sender);
            assert_eq!((&again[..], end), (&[packet][..], Ok(0)), "{}", hex(&bytes));
        }
    }
    assert!(decoded > 10_000, "only {decoded} decoded: the mutations are too wild to show anything");
}

fn mutated(bytes: &[u8], corpus: &[Vector], random: &mut fastrand::Rng) -> Vec<u8> {
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
