//! Bytes that are no packet, and packets that may not be: the connection ends, MQTT 5 is told why.

use mqtt_proto::ReasonCode::{MalformedPacket, ProtocolError, TopicAliasInvalid, TopicFilterInvalid, TopicNameInvalid};
use mqtt_proto::packet::{Packet, QoS};
use mqtt_proto::{ReasonCode, Version};

use super::wire::{VERSIONS, serve, text};

/// Each of these ends a connection of this version; a witness notices nothing.
fn each_ends(version: Version, reason: ReasonCode, packets: &[&[u8]]) {
    let server = serve();
    let mut witness = server.witness("#");
    for bytes in packets {
        let mut peer = server.peer(version, "broken");
        peer.bytes(bytes);
        // Nothing behind it is looked at.
        peer.bytes(&[0x30, 4, 0, 1, b'x', 0]);
        peer.ended(reason);
        witness.quiet();
    }
}

/// In all versions: what stands behind the packet identifier of SUBSCRIBE and PUBLISH differs by the empty properties.
fn each_ends_in_all(reason: ReasonCode, packets: &[&[u8]]) {
    VERSIONS.into_iter().for_each(|version| each_ends(version, reason, packets));
}

/// Shows: 5.0 MQTT-1.5.4-1, 5.0 MQTT-3.3.2-1, 5.0 MQTT-4.13.1-1, 3.1.1 MQTT-1.5.3-1, 3.1.1 MQTT-3.3.2-1, 3.1.1 MQTT-4.8.0-1, 3.1 §2.5
#[test]
fn ill_formed_utf_8_closes_the_connection() {
    let packets: [&[u8]; 4] = [
        &[0x30, 5, 0, 2, 0xC0, 0x80, 0],
        &[0x30, 6, 0, 3, 0xED, 0xA0, 0x80, 0],
        &[0x30, 4, 0, 1, 0xFF, 0],
        &[0x30, 7, 0, 4, 0xF4, 0x90, 0x80, 0x80, 0],
    ];
    each_ends_in_all(MalformedPacket, &packets);
}

/// Shows: 5.0 MQTT-1.5.4-2, 5.0 MQTT-4.7.3-2, 3.1.1 MQTT-1.5.3-2, 3.1.1 MQTT-4.7.3-2
#[test]
fn a_nul_in_a_string_closes_the_connection() {
    each_ends_in_all(MalformedPacket, &[&[0x30, 6, 0, 3, b'a', 0, b'b', 0]]);
    each_ends(Version::V5, MalformedPacket, &[&[0x82, 7, 0, 1, 0, 0, 1, 0, 0]]);
    each_ends(Version::V3_1_1, MalformedPacket, &[&[0x82, 6, 0, 1, 0, 1, 0, 0], &[0xA2, 5, 0, 1, 0, 1, 0]]);
}

/// Shows: 5.0 MQTT-1.5.4-3, 5.0 MQTT-4.7.3-4, 3.1.1 MQTT-1.5.3-3, 3.1.1 MQTT-4.7.3-4
#[test]
fn a_byte_order_mark_is_a_character_like_others() {
    let server = serve();
    for version in VERSIONS {
        let mut with = server.peer(version, "with");
        with.subscribe("\u{FEFF}a", QoS::AtMostOnce);
        let mut without = server.peer(version, "without");
        without.subscribe("a", QoS::AtMostOnce);
        server.peer(version, "p").say("\u{FEFF}a", "kept", QoS::AtLeastOnce);
        let got = with.take();
        assert_eq!((&*got.topic, text(&got)), ("\u{FEFF}a", "kept"));
        without.quiet();
    }
}

/// Shows: 5.0 MQTT-1.5.7-1
#[test]
fn both_halves_of_a_user_property_are_strings() {
    // PUBLISH with a user property whose name, then whose value, is no string.
    let name: &[u8] = &[0x30, 11, 0, 1, b't', 7, 0x26, 0, 1, 0xFF, 0, 1, b'v'];
    let value: &[u8] = &[0x30, 11, 0, 1, b't', 7, 0x26, 0, 1, b'n', 0, 1, 0xFF];
    let nul: &[u8] = &[0x30, 11, 0, 1, b't', 7, 0x26, 0, 1, b'n', 0, 1, 0];
    each_ends(Version::V5, MalformedPacket, &[name, value, nul]);
}

/// Shows: 5.0 MQTT-1.5.5-1
#[test]
fn a_variable_byte_integer_takes_no_more_bytes_than_it_needs() {
    let length: &[u8] = &[0x30, 0x84, 0, 0, 1, b't', 0];
    let properties: &[u8] = &[0x30, 5, 0, 1, b't', 0x80, 0];
    let too_long: &[u8] = &[0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01];
    each_ends(Version::V5, MalformedPacket, &[length, properties, too_long]);
    each_ends(Version::V3_1_1, MalformedPacket, &[too_long]);
}

/// Shows: 5.0 MQTT-2.1.3-1, 5.0 MQTT-3.6.1-1, 5.0 MQTT-3.14.1-1, 5.0 MQTT-3.15.1-1, 3.1.1 MQTT-2.2.2-1, 3.1.1 MQTT-2.2.2-2, 3.1.1 MQTT-3.6.1-1, 3.1.1 MQTT-3.14.1-1
#[test]
fn reserved_flags_of_the_fixed_header_close_the_connection() {
    let server = serve();
    for kind in [4, 5, 6, 7, 8, 10, 12, 14] {
        let right = if matches!(kind, 6 | 8 | 10) { 0b0010 } else { 0 };
        for flags in (0..16u8).filter(|flags| *flags != right) {
            let packet = [kind << 4 | flags, 2, 0, 1];
            // A flag is enough, whatever follows.
            for version in [Version::V3_1_1, Version::V5] {
                let mut peer = server.peer(version, "broken");
                peer.bytes(&packet);
                peer.ended(MalformedPacket);
            }
        }
    }
    each_ends(Version::V5, MalformedPacket, &[&[0xF1, 0], &[0xFF, 0]]);
}

/// Shows: 3.1.1 MQTT-2.3.1-1, 3.1 §2.4
#[test]
fn a_packet_identifier_is_never_0() {
    let publish: &[u8] = &[0x32, 6, 0, 1, b't', 0, 0, 0];
    let publish_twice: &[u8] = &[0x34, 6, 0, 1, b't', 0, 0, 0];
    each_ends_in_all(ProtocolError, &[publish, publish_twice, &[0x40, 2, 0, 0], &[0x62, 2, 0, 0]]);
    each_ends(Version::V5, ProtocolError, &[&[0x82, 7, 0, 0, 0, 0, 1, b'a', 0], &[0xA2, 6, 0, 0, 0, 0, 1, b'a']]);
    each_ends(Version::V3_1_1, ProtocolError, &[&[0x82, 6, 0, 0, 0, 1, b'a', 0], &[0xA2, 5, 0, 0, 0, 1, b'a']]);
}

/// Shows: 5.0 MQTT-3.3.1-4, 3.1.1 MQTT-3.3.1-4, 3.1 §2.1
#[test]
fn qos_3_closes_the_connection() {
    each_ends_in_all(MalformedPacket, &[&[0x36, 6, 0, 1, b't', 0, 1, 0], &[0x3E, 6, 0, 1, b't', 0, 1, 0]]);
}

/// Shows: 5.0 MQTT-3.3.1-2, 3.1.1 MQTT-3.3.1-2
#[test]
fn dup_at_qos_0_closes_the_connection() {
    each_ends(Version::V5, ProtocolError, &[&[0x38, 4, 0, 1, b't', 0]]);
    each_ends(Version::V3_1_1, ProtocolError, &[&[0x38, 4, 0, 1, b't', 0]]);
}

/// Shows: 5.0 MQTT-3.3.2-2, 5.0 MQTT-4.7.0-1, 3.1.1 MQTT-3.3.2-2, 3.1.1 MQTT-4.7.1-1, 3.1 §3.3
#[test]
fn wildcards_in_a_topic_name_close_the_connection() {
    each_ends_in_all(TopicNameInvalid, &[&[0x30, 4, 0, 1, b'#', 0], &[0x30, 6, 0, 3, b'a', b'/', b'+', 0]]);
}

/// Shows: 5.0 MQTT-4.7.3-1, 3.1.1 MQTT-4.7.3-1
#[test]
fn topics_and_filters_have_at_least_one_character() {
    each_ends_in_all(ProtocolError, &[&[0x30, 3, 0, 0, 0]]);
    each_ends(Version::V5, TopicFilterInvalid, &[&[0x82, 6, 0, 1, 0, 0, 0, 0], &[0xA2, 5, 0, 1, 0, 0, 0]]);
    each_ends(Version::V3_1_1, TopicFilterInvalid, &[&[0x82, 5, 0, 1, 0, 0, 0], &[0xA2, 4, 0, 1, 0, 0]]);
}

/// Shows: 5.0 MQTT-4.7.1-1, 5.0 MQTT-4.7.1-2, 3.1.1 MQTT-4.7.1-2, 3.1.1 MQTT-4.7.1-3
#[test]
fn a_wildcard_fills_its_level_and_a_hash_is_last() {
    for filter in ["a#", "#a", "a/#/b", "a+", "+a", "a/+b/c", "##"] {
        let mut bytes = vec![0x82, 6 + filter.len() as u8, 0, 1, 0, 0, filter.len() as u8];
        bytes.extend_from_slice(filter.as_bytes());
        bytes.push(0);
        each_ends(Version::V5, TopicFilterInvalid, &[&bytes]);
        bytes.remove(4);
        bytes[1] -= 1;
        each_ends(Version::V3_1_1, TopicFilterInvalid, &[&bytes]);
    }
}

/// Shows: 5.0 MQTT-4.7.3-3, 3.1.1 MQTT-4.7.3-3
#[test]
fn a_topic_may_have_65535_bytes() {
    let server = serve();
    let topic = "x".repeat(65535);
    for version in VERSIONS {
        let mut peer = server.peer(version, "long");
        peer.subscribe(&topic, QoS::AtMostOnce);
        peer.start(super::wire::message(&topic, "here", QoS::AtMostOnce));
        let got = peer.take();
        assert_eq!((&*got.topic, text(&got)), (&*topic, "here"));
    }
}

/// Shows: 5.0 MQTT-3.8.3-5, 3.1.1 MQTT-3.8.3-4, 3.1 §3.8
#[test]
fn reserved_bits_and_qos_3_make_subscribe_malformed() {
    for options in [0x03u8, 0x40, 0x80, 0xC1] {
        each_ends(Version::V5, MalformedPacket, &[&[0x82, 7, 0, 1, 0, 0, 1, b'a', options]]);
    }
    each_ends(Version::V5, ProtocolError, &[&[0x82, 7, 0, 1, 0, 0, 1, b'a', 0x30]]);
    for options in [0x03u8, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80] {
        each_ends(Version::V3_1_1, MalformedPacket, &[&[0x82, 6, 0, 1, 0, 1, b'a', options]]);
    }
}

/// Shows: 5.0 MQTT-3.3.2-13, 5.0 MQTT-3.3.2-14, 5.0 MQTT-3.3.2-19
#[test]
fn a_response_topic_is_a_topic_name_and_a_content_type_is_a_string() {
    each_ends(Version::V5, ProtocolError, &[&[0x30, 8, 0, 1, b't', 4, 8, 0, 1, b'#']]);
    each_ends(Version::V5, MalformedPacket, &[&[0x30, 8, 0, 1, b't', 4, 8, 0, 1, 0xFF]]);
    each_ends(Version::V5, MalformedPacket, &[&[0x30, 8, 0, 1, b't', 4, 3, 0, 1, 0xFF]]);
}

/// Shows: 5.0 MQTT-3.3.2-8, 5.0 MQTT-4.13.1-1
#[test]
fn an_alias_is_neither_0_nor_above_the_maximum_nor_unknown() {
    let zero: &[u8] = &[0x30, 7, 0, 1, b't', 3, 0x23, 0, 0];
    let high: &[u8] = &[0x30, 7, 0, 1, b't', 3, 0x23, 0, 17];
    each_ends(Version::V5, TopicAliasInvalid, &[zero, high]);
    each_ends(Version::V5, ProtocolError, &[&[0x30, 6, 0, 0, 3, 0x23, 0, 1]]);
}

/// Shows: 5.0 MQTT-3.4.2-1, 5.0 MQTT-3.5.2-1, 5.0 MQTT-3.6.2-1, 5.0 MQTT-3.7.2-1, 5.0 MQTT-3.14.2-1, 5.0 MQTT-3.15.2-1
#[test]
fn reason_codes_that_a_packet_does_not_have_are_refused() {
    let packets: [&[u8]; 6] = [
        &[0x40, 3, 0, 1, 0x01],
        &[0x50, 3, 0, 1, 0x92],
        &[0x62, 3, 0, 1, 0x10],
        &[0x70, 3, 0, 1, 0x80],
        &[0xE0, 1, 0x01],
        &[0xE0, 1, 0x9F],
    ];
    let server = serve();
    for bytes in packets {
        let mut peer = server.peer(Version::V5, "broken");
        peer.bytes(bytes);
        let Packet::Disconnect(disconnect) = peer.next() else { panic!("DISCONNECT") };
        assert!(matches!(disconnect.reason, MalformedPacket | ProtocolError), "{bytes:02X?} {disconnect:?}");
        peer.closed();
    }
}

/// Packets that only a server sends, from a client.
/// Shows: 5.0 MQTT-4.13.1-1, 3.1.1 MQTT-4.8.0-1
#[test]
fn packets_that_only_a_server_sends_close_the_connection() {
    each_ends(Version::V5, ProtocolError, &[&[0x20, 3, 0, 0, 0], &[0x90, 4, 0, 1, 0, 0], &[0xB0, 4, 0, 1, 0, 0]]);
    each_ends_in_all(ProtocolError, &[&[0xD0, 0]]);
    each_ends(Version::V3_1_1, ProtocolError, &[&[0x20, 2, 0, 0], &[0x90, 3, 0, 1, 0], &[0xB0, 2, 0, 1]]);
    each_ends(Version::V3_1_1, MalformedPacket, &[&[0x00, 0], &[0xF0, 0]]);
    each_ends(Version::V5, MalformedPacket, &[&[0x00, 0]]);
}
