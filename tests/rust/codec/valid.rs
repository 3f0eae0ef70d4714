//! Every valid vector: decoded to the expected fields, however it arrives, and written back.

use bytes::Bytes;
use mqtt_proto::packet::{Packet, PacketType};
use mqtt_proto::wire::{decode, encode, frame};

use super::vectors::{ANY_SIZE, decode as decode_in_chunks, load, normalised, shown};

#[test]
fn valid_packets_decode_to_the_expected_fields() {
    for vector in load("valid.json") {
        for &sender in &vector.senders {
            for chunk in [vector.bytes.len(), 1, 7] {
                if vector.bytes.len() > 10_000 && chunk < 10 {
                    continue;
                }
                let (packets, end) = decode_in_chunks(&vector.bytes, chunk, Some(vector.version), sender);
                assert_eq!(end, Ok(0), "{} in chunks of {chunk}", vector.id);
                assert_eq!(packets.len(), 1, "{} in chunks of {chunk}", vector.id);
                assert_eq!(
                    shown(&packets[0], vector.version),
                    normalised(&vector.entry["packet"]),
                    "{} in chunks of {chunk}",
                    vector.id
                );
            }
        }
    }
}

#[test]
fn connect_needs_no_version_from_outside() {
    for vector in load("valid.json") {
        let (packets, end) = decode_in_chunks(&vector.bytes, usize::MAX, None, vector.senders[0]);
        if let [Packet::Connect(connect)] = &packets[..] {
            assert_eq!((connect.version, end), (vector.version, Ok(0)), "{}", vector.id);
        } else {
            assert_ne!(vector.entry["packet"]["type"], "CONNECT", "{}: {end:?}", vector.id);
        }
    }
}

/// Shows: 5.0 MQTT-2.2.2-1, 3.1 §2.1, 3.1 §2.2, 3.1 §2.3, 3.1 §2.6
#[test]
fn canonical_packets_are_written_back_byte_for_byte() {
    let mut written_differently = 0;
    for vector in load("valid.json") {
        let (packets, _) = decode_in_chunks(&vector.bytes, usize::MAX, Some(vector.version), vector.senders[0]);
        let mut out = b"before".to_vec();
        encode::packet(&packets[0], vector.version, ANY_SIZE, &mut out)
            .unwrap_or_else(|e| panic!("{}: {e}", vector.id));
        let written = &out[6..];
        if vector.entry["canonical"] == true {
            assert_eq!(written, vector.bytes, "{}", vector.id);
        } else {
            written_differently += 1;
            let (again, _) = decode_in_chunks(written, usize::MAX, Some(vector.version), vector.senders[0]);
            assert_eq!(again, packets, "{}", vector.id);
            assert!(written.len() <= vector.bytes.len(), "{}", vector.id);
        }
        let size = written.len() as u32;
        encode::packet(&packets[0], vector.version, size, &mut Vec::new())
            .unwrap_or_else(|e| panic!("{} with exactly its size as the maximum: {e}", vector.id));
    }
    assert!(written_differently > 0);
}

#[test]
fn what_does_not_fit_leaves_the_output_alone_or_is_shortened() {
    for vector in load("valid.json") {
        let (packets, _) = decode_in_chunks(&vector.bytes, usize::MAX, Some(vector.version), vector.senders[0]);
        let mut out = b"before".to_vec();
        let maximum = vector.bytes.len() as u32 - 1;
        match encode::packet(&packets[0], vector.version, maximum, &mut out) {
            Ok(()) => assert!(out.len() - 6 <= maximum as usize, "{}", vector.id),
            Err(encode::EncodeError::PacketTooLarge { .. }) => assert_eq!(out, b"before", "{}", vector.id),
            Err(other) => panic!("{}: {other}", vector.id),
        }
    }
}

#[test]
fn a_part_of_a_packet_is_neither_a_packet_nor_an_error() {
    for vector in load("valid.json") {
        let all = vector.bytes.len();
        let cuts = if all <= 200 { (0..all).collect() } else { vec![0, 1, 2, 3, 4, 5, all / 2, all - 1] };
        for cut in cuts {
            let (packets, end) = decode_in_chunks(&vector.bytes[..cut], usize::MAX, Some(vector.version), None);
            assert_eq!((packets.len(), end), (0, Ok(cut)), "{} cut at {cut}", vector.id);
        }
    }
}

#[test]
fn a_packet_leaves_the_bytes_behind_it_alone() {
    for vector in load("valid.json").iter().filter(|vector| vector.bytes.len() < 1000) {
        let mut twice = vector.bytes.clone();
        twice.extend_from_slice(&vector.bytes);
        let (packets, end) = decode_in_chunks(&twice, usize::MAX, Some(vector.version), vector.senders[0]);
        assert_eq!((packets.len(), end), (2, Ok(0)), "{}", vector.id);
        assert_eq!(packets[0], packets[1], "{}", vector.id);
    }
}

#[test]
fn the_borrowed_publish_agrees_with_the_owned_one() {
    let mut seen = 0;
    for vector in load("valid.json").iter().chain(&load("malformed.json")) {
        let Ok(Some(frame)) = frame::split(&vector.bytes, vector.version, ANY_SIZE) else { continue };
        if frame.packet_type != PacketType::Publish {
            continue;
        }
        for &sender in &vector.senders {
            seen += 1;
            let view = decode::publish(&frame, vector.version, sender);
            let bytes = Bytes::copy_from_slice(frame.bytes);
            match (view, decode::packet(bytes, frame.parts(), vector.version, sender)) {
                (Ok(view), Ok(Packet::Publish(publish))) => {
                    assert_eq!(view.to_publish(), publish, "{}", vector.id);
                    assert_eq!(view.to_properties(), publish.properties, "{}", vector.id);
                    assert_eq!(view.topic_alias, publish.properties.topic_alias(), "{}", vector.id);
                    assert_eq!(view.message_expiry, publish.properties.message_expiry_interval(), "{}", vector.id);
                    assert!(
                        view.subscription_identifiers().eq(publish.properties.subscription_identifiers()),
                        "{}",
                        vector.id
                    );
                    if let Some(id) = view.packet_id {
                        assert_eq!(view.frame[view.packet_id_at..][..2], id.get().to_be_bytes(), "{}", vector.id);
                    }
                }
                (Err(borrowed), Err(owned)) => assert_eq!(borrowed, owned, "{}", vector.id),
                (view, packet) => panic!("{}: {view:?} but {packet:?}", vector.id),
            }
        }
    }
    assert!(seen > 200);
}

#[test]
fn payload_and_text_share_the_allocation_of_the_frame() {
    let bytes = Bytes::from_static(b"\x30\x09\x00\x03a/bhello\x00");
    let frame = frame::split(&bytes[..], mqtt_proto::Version::V3_1_1, ANY_SIZE).unwrap().unwrap();
    assert_eq!(frame.bytes.len(), 11);
    let parts = frame.parts();
    let Ok(Packet::Publish(publish)) = decode::packet(bytes.slice(..11), parts, mqtt_proto::Version::V3_1_1, None)
    else {
        panic!("no PUBLISH")
    };
    assert_eq!(publish.payload.as_ptr(), bytes[7..].as_ptr());
    assert_eq!(publish.topic.as_ptr(), bytes[4..].as_ptr());
}
