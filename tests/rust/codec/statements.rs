//! Statements about the bytes of packets, each shown in every version, every packet and every place that it is about.

use bytes::Bytes;
use mqtt_proto::packet::*;
use mqtt_proto::wire::Sender;
use mqtt_proto::wire::encode;
use mqtt_proto::{Family, ReasonCode, Rule, Text, Version, Violation};

use super::vectors::{ANY_SIZE, decode};

const ALL: [Version; 3] = [Version::V3_1, Version::V3_1_1, Version::V5];
const V5: Version = Version::V5;

fn id(number: u16) -> PacketId {
    PacketId::new(number).unwrap()
}

fn write(packet: &Packet, version: Version) -> Vec<u8> {
    let mut out = Vec::new();
    encode::packet(packet, version, ANY_SIZE, &mut out).unwrap_or_else(|error| panic!("{version} {packet:?}: {error}"));
    out
}

fn is_written(packet: &Packet, version: Version) -> bool {
    encode::packet(packet, version, ANY_SIZE, &mut Vec::new()).is_ok()
}

/// The one packet in these bytes, or what is wrong.
fn read(bytes: &[u8], version: Version, sender: Option<Sender>) -> Result<Packet, Violation> {
    let (mut packets, end) = decode(bytes, usize::MAX, Some(version), sender);
    assert_eq!(end?, 0, "a whole packet: {bytes:02x?}");
    assert_eq!(packets.len(), 1);
    Ok(packets.remove(0))
}

fn broken(bytes: &[u8], version: Version) -> Rule {
    match read(bytes, version, None) {
        Err(violation) => violation.rule,
        Ok(packet) => panic!("{version}: {packet:?} from {bytes:02x?}"),
    }
}

fn properties<const N: usize>(list: [Property; N]) -> Properties {
    list.into_iter().collect()
}

fn publish(topic: &str, qos: QoS, packet_id: u16) -> Publish {
    Publish {
        dup: false,
        qos,
        retain: false,
        topic: Text::from(topic),
        packet_id: PacketId::new(packet_id),
        properties: Properties::new(),
        payload: Bytes::from_static(b"x"),
    }
}

fn will(topic: &str, qos: QoS, retain: bool) -> Will {
    Will { topic: topic.into(), payload: Bytes::from_static(b"gone"), qos, retain, properties: Properties::new() }
}

fn subscribe(filter: &str) -> Packet {
    let subscriptions = vec![Subscription::new(filter.to_owned(), QoS::AtMostOnce)];
    Packet::Subscribe(Subscribe { packet_id: id(1), subscriptions, properties: Properties::new() })
}

fn unsubscribe(filter: &str) -> Packet {
    let filters = vec![filter.to_owned().into()];
    Packet::Unsubscribe(Unsubscribe { packet_id: id(1), filters, properties: Properties::new() })
}

fn connect(version: Version, change: impl FnOnce(&mut Connect)) -> Packet {
    let mut connect = Connect::new(version, "client");
    change(&mut connect);
    Packet::Connect(Box::new(connect))
}

/// A packet for each place of the version where a string may stand, with "MARK" there.
fn places(version: Version) -> Vec<(&'static str, Packet)> {
    let mark = || Text::from_static("MARK");
    let mut places = vec![
        ("topic name", Packet::Publish(publish("MARK", QoS::AtMostOnce, 0))),
        ("client identifier", connect(version, |c| c.client_id = mark())),
        ("user name", connect(version, |c| c.user_name = Some(mark()))),
        ("will topic", connect(version, |c| c.will = Some(will("MARK", QoS::AtMostOnce, false)))),
        ("filter of SUBSCRIBE", subscribe("MARK")),
        ("filter of UNSUBSCRIBE", unsubscribe("MARK")),
    ];
    if version == V5 {
        let publish_with =
            |property| Publish { properties: properties([property]), ..publish("t", QoS::AtMostOnce, 0) };
        for (name, property) in [
            ("response topic", Property::ResponseTopic(mark())),
            ("content type", Property::ContentType(mark())),
            ("name of a user property", Property::UserProperty(mark(), "value".into())),
            ("value of a user property", Property::UserProperty("name".into(), mark())),
        ] {
            places.push((name, Packet::Publish(publish_with(property))));
        }
        let properties = properties([Property::ReasonString(mark())]);
        places.push(("reason string", Packet::PubAck(Ack { properties, ..Ack::success(id(1)) })));
    }
    places
}

/// The bytes of the packet with these four in place of "MARK".
fn with_bytes(packet: &Packet, version: Version, bytes: [u8; 4]) -> Vec<u8> {
    let mut out = write(packet, version);
    let at = out.windows(4).position(|window| window == b"MARK").expect("the place is written");
    out[at..at + 4].copy_from_slice(&bytes);
    out
}

// Strings.

/// Shows: 5.0 MQTT-1.5.4-1, 5.0 MQTT-1.5.7-1, 5.0 MQTT-3.1.3-4, 5.0 MQTT-3.1.3-11, 5.0 MQTT-3.1.3-12, 5.0 MQTT-3.3.2-1
/// Shows: 5.0 MQTT-3.3.2-13, 5.0 MQTT-3.3.2-19, 5.0 MQTT-3.8.3-1, 5.0 MQTT-3.10.3-1
/// Shows: 3.1.1 MQTT-1.5.3-1, 3.1.1 MQTT-3.1.3-4, 3.1.1 MQTT-3.1.3-10, 3.1.1 MQTT-3.1.3-11, 3.1.1 MQTT-3.3.2-1
/// Shows: 3.1.1 MQTT-3.8.3-1, 3.1.1 MQTT-3.10.3-1, 3.1 §2.5
#[test]
fn ill_formed_utf_8_is_refused_in_every_string() {
    let ill_formed = [
        *b"a\xC3\x28b",       // a continuation byte is missing
        *b"a\xED\xA0\x80",    // the surrogate U+D800
        *b"a\xED\xBF\xBF",    // the surrogate U+DFFF
        *b"a\xC0\x80b",       // U+0000 in two bytes
        *b"\xF4\x90\x80\x80", // above U+10FFFF
        *b"abc\xE4",          // cut short
        *b"\x80abc",          // begins with a continuation byte
        *b"\xF8\x88\x80\x80", // five bytes long
    ];
    for version in ALL {
        for (place, packet) in places(version) {
            for bytes in ill_formed {
                let rule = broken(&with_bytes(&packet, version, bytes), version);
                assert_eq!(rule, Rule::InvalidUtf8, "{version} {place} {bytes:02x?}");
                assert_eq!(rule.family(), Family::Malformed);
            }
            let written = with_bytes(&packet, version, *b"\xF0\x9F\x90\xA6");
            let again = read(&written, version, None).unwrap_or_else(|error| panic!("{version} {place}: {error}"));
            assert_eq!(write(&again, version), written, "{place}");
        }
    }
}

/// Shows: 5.0 MQTT-1.5.4-2, 5.0 MQTT-1.5.7-1, 5.0 MQTT-4.7.3-2, 3.1.1 MQTT-1.5.3-2, 3.1.1 MQTT-4.7.3-2
#[test]
fn u_0000_is_neither_read_nor_written() {
    for version in ALL {
        for (place, packet) in places(version) {
            assert_eq!(
                broken(&with_bytes(&packet, version, *b"a\0bc"), version),
                Rule::NulInString,
                "{version} {place}"
            );
        }
        let nul = || Text::from_static("a\0b");
        for packet in [
            Packet::Publish(publish("a\0b", QoS::AtMostOnce, 0)),
            connect(version, |c| c.client_id = nul()),
            connect(version, |c| c.user_name = Some(nul())),
            connect(version, |c| c.will = Some(will("a\0b", QoS::AtMostOnce, false))),
            subscribe("a\0b"),
            unsubscribe("a\0b"),
        ] {
            assert!(!is_written(&packet, version), "{version} {packet:?}");
        }
    }
}

/// Shows: 5.0 MQTT-1.5.4-3, 3.1.1 MQTT-1.5.3-3
#[test]
fn a_byte_order_mark_is_a_character_like_others() {
    for version in ALL {
        for (place, packet) in places(version) {
            let bytes = with_bytes(&packet, version, *b"\xEF\xBB\xBFx");
            let read = read(&bytes, version, None).unwrap_or_else(|error| panic!("{version} {place}: {error}"));
            assert!(format!("{read:?}").contains("\\u{feff}x"), "{place}: {read:?}");
            assert_eq!(write(&read, version), bytes, "{place}");
        }
    }
}

// The fixed header, identifiers, variable byte integers.

/// Shows: 5.0 MQTT-2.1.3-1, 5.0 MQTT-3.6.1-1, 5.0 MQTT-3.8.1-1, 5.0 MQTT-3.10.1-1, 5.0 MQTT-3.14.1-1, 5.0 MQTT-3.15.1-1
/// Shows: 3.1.1 MQTT-2.2.2-1, 3.1.1 MQTT-3.6.1-1, 3.1.1 MQTT-3.8.1-1, 3.1.1 MQTT-3.10.1-1, 3.1.1 MQTT-3.14.1-1
/// Shows: 3.1 §2.1, 3.1 §3.6
#[test]
fn every_packet_but_publish_has_the_flags_of_the_table() {
    for version in ALL {
        for kind in PacketType::ALL {
            if kind == PacketType::Publish || (kind == PacketType::Auth && version != V5) {
                continue;
            }
            let asks = matches!(kind, PacketType::PubRel | PacketType::Subscribe | PacketType::Unsubscribe);
            for flags in 0..16 {
                let fine = match flags {
                    0b0010 => asks,
                    // MQTT 3.1 marks what is sent again here too.
                    0b1010 => asks && version == Version::V3_1,
                    0 => !asks,
                    _ => false,
                };
                let header = [(kind as u8) << 4 | flags, 127];
                let (_, end) = decode(&header, usize::MAX, Some(version), None);
                match fine {
                    true => assert_eq!(end, Ok(2), "{version} {kind} {flags:04b}: the body is waited for"),
                    false => assert_eq!(end.unwrap_err().rule, Rule::FixedHeaderFlags, "{version} {kind} {flags:04b}"),
                }
            }
        }
        // And what is written has them.
        for packet in [subscribe("a"), unsubscribe("a"), Packet::PubRel(Ack::success(id(1)))] {
            assert_eq!(write(&packet, version)[0] & 15, 0b0010);
        }
        for packet in [connect(version, |_| {}), Packet::PubAck(Ack::success(id(1))), Packet::PingReq, Packet::PingResp]
        {
            assert_eq!(write(&packet, version)[0] & 15, 0);
        }
        assert_eq!(write(&Packet::Disconnect(Disconnect::new(ReasonCode::Success)), version)[0], 0xE0);
    }
}

/// Shows: 5.0 MQTT-3.3.1-4, 5.0 MQTT-3.3.1-2, 3.1.1 MQTT-3.3.1-4, 3.1.1 MQTT-3.3.1-2, 3.1.1 MQTT-4.3.1-1, 5.0 MQTT-4.3.1-1
/// Shows: 3.1 §2.1
#[test]
fn a_publish_has_no_qos_3_and_no_dup_at_qos_0() {
    for version in ALL {
        for flags in 0..16 {
            let (dup, qos) = (flags & 8 != 0, flags >> 1 & 3);
            let mut bytes = vec![0x30 | flags, 0, 0, 1, b't'];
            if qos > 0 {
                bytes.extend([0, 7]);
            }
            if version == V5 {
                bytes.push(0);
            }
            bytes[1] = bytes.len() as u8 - 2;
            match read(&bytes, version, None) {
                Err(violation) if qos == 3 => assert_eq!(violation.rule, Rule::PublishQoS3),
                Err(violation) => {
                    assert!(dup && qos == 0, "{version} {flags:04b}: {violation}");
                    assert_eq!(violation.rule, Rule::DupWithQoS0);
                }
                Ok(Packet::Publish(publish)) => {
                    assert!(qos < 3 && !(dup && qos == 0), "{version} {flags:04b}");
                    assert_eq!((publish.dup, publish.qos.level(), publish.retain), (dup, qos, flags & 1 == 1));
                }
                Ok(other) => panic!("{other:?}"),
            }
        }
        assert!(!is_written(&Packet::Publish(Publish { dup: true, ..publish("t", QoS::AtMostOnce, 0) }), version));
    }
}

/// Shows: 5.0 MQTT-2.2.1-2, 3.1.1 MQTT-2.3.1-1, 3.1.1 MQTT-2.3.1-5, 3.1 §2.4
#[test]
fn identifiers_stand_where_they_belong_and_are_not_0() {
    for version in ALL {
        let none: &[u8] = if version == V5 { &[0] } else { &[] };
        // At QoS 0 the payload follows the topic name at once.
        let written = write(&Packet::Publish(publish("t", QoS::AtMostOnce, 0)), version);
        assert_eq!(written[2..], [&[0, 1, b't'][..], none, b"x"].concat());
        assert!(!is_written(&Packet::Publish(publish("t", QoS::AtMostOnce, 7)), version));
        for qos in [QoS::AtLeastOnce, QoS::ExactlyOnce] {
            assert!(!is_written(&Packet::Publish(publish("t", qos, 0)), version));
            let mut bytes = write(&Packet::Publish(publish("t", qos, 7)), version);
            assert_eq!(bytes[5..7], [0, 7]);
            bytes[6] = 0;
            assert_eq!(broken(&bytes, version), Rule::ZeroPacketIdentifier);
        }
        for packet in [subscribe("a"), unsubscribe("a"), Packet::PubRel(Ack::success(id(1)))] {
            let mut bytes = write(&packet, version);
            bytes[3] = 0;
            assert_eq!(broken(&bytes, version), Rule::ZeroPacketIdentifier, "{version} {packet:?}");
        }
    }
}

/// Shows: 5.0 MQTT-1.5.5-1, 3.1 §2.1
#[test]
fn variable_byte_integers_are_as_short_as_can_be() {
    for (length, bytes) in [(127, 1), (128, 2), (16_383, 2), (16_384, 3), (2_097_151, 3), (2_097_152, 4)] {
        for version in ALL {
            let head = if version == V5 { 4 } else { 3 };
            let packet = Publish { payload: vec![0; length - head].into(), ..publish("t", QoS::AtMostOnce, 0) };
            let written = write(&Packet::Publish(packet), version);
            assert_eq!(written.len(), 1 + bytes + length, "{version}: {length} takes {bytes}");
        }
    }
    for header in [&[0x30, 0x80, 0x00][..], &[0x30, 0xFF, 0x80, 0x00], &[0x30, 0x84, 0x80, 0x80, 0x00]] {
        assert_eq!(broken(header, V5), Rule::RemainingLengthNotMinimal);
    }
    for version in ALL {
        assert_eq!(broken(&[0x30, 0x80, 0x80, 0x80, 0x80], version), Rule::RemainingLengthTooLong);
    }
    let identifier = |bytes: &[u8]| {
        let mut packet = vec![0x30, 0, 0, 1, b't', 1 + bytes.len() as u8, 0x0B];
        packet.extend(bytes);
        packet[1] = packet.len() as u8 - 2;
        read(&packet, V5, Some(Sender::Server))
    };
    assert!(identifier(&[0x80, 0x01]).is_ok());
    assert_eq!(identifier(&[0x81, 0x00]).unwrap_err().rule, Rule::VariableByteIntegerNotMinimal);
    assert_eq!(broken(&[0x30, 5, 0, 1, b't', 0x80, 0x00], V5), Rule::VariableByteIntegerNotMinimal, "property length");
}

/// Shows: 5.0 MQTT-2.2.2-1
#[test]
fn no_properties_are_a_length_of_0() {
    assert_eq!(write(&Packet::Publish(publish("t", QoS::AtMostOnce, 0)), V5), [0x30, 5, 0, 1, b't', 0, b'x']);
    assert_eq!(write(&subscribe("a"), V5), [0x82, 7, 0, 1, 0, 0, 1, b'a', 0]);
    assert_eq!(write(&unsubscribe("a"), V5), [0xA2, 6, 0, 1, 0, 0, 1, b'a']);
    assert_eq!(write(&Packet::ConnAck(Box::new(ConnAck::accepted(false))), V5), [0x20, 3, 0, 0, 0]);
    let reasons = vec![ReasonCode::Success];
    let sub_ack = SubAck { packet_id: id(1), reasons: reasons.clone(), properties: Properties::new() };
    assert_eq!(write(&Packet::SubAck(sub_ack), V5), [0x90, 4, 0, 1, 0, 0]);
    let unsub_ack = UnsubAck { packet_id: id(1), reasons, properties: Properties::new() };
    assert_eq!(write(&Packet::UnsubAck(unsub_ack), V5), [0xB0, 4, 0, 1, 0, 0]);
    let connect = write(&connect(V5, |c| c.will = Some(will("w", QoS::AtMostOnce, false))), V5);
    assert_eq!((connect[12], &connect[13..21]), (0, &b"\0\x06client"[..]), "CONNECT");
    assert_eq!(connect[21..25], [0, 0, 1, b'w'], "the will");
    // A packet that ends before the length that must be there is malformed.
    assert_eq!(broken(&[0x30, 3, 0, 1, b't'], V5), Rule::BodyTooShort);
}

// CONNECT.

/// Shows: 5.0 MQTT-3.1.2-9, 5.0 MQTT-3.1.2-11, 5.0 MQTT-3.1.2-13, 5.0 MQTT-3.1.2-16, 5.0 MQTT-3.1.2-17, 5.0 MQTT-3.1.2-18
/// Shows: 5.0 MQTT-3.1.2-19, 5.0 MQTT-3.1.3-1, 5.0 MQTT-3.1.3-3
/// Shows: 3.1.1 MQTT-3.1.2-9, 3.1.1 MQTT-3.1.2-11, 3.1.1 MQTT-3.1.2-13, 3.1.1 MQTT-3.1.2-15, 3.1.1 MQTT-3.1.2-18
/// Shows: 3.1.1 MQTT-3.1.2-19, 3.1.1 MQTT-3.1.2-20, 3.1.1 MQTT-3.1.2-21, 3.1.1 MQTT-3.1.2-22, 3.1.1 MQTT-3.1.3-1
/// Shows: 3.1.1 MQTT-3.1.3-3, 3.1 §2.2, 3.1 §2.3, 3.1 §3.1
#[test]
fn the_flags_of_connect_say_what_its_payload_holds_in_order() {
    for version in ALL {
        for choice in 0..64 {
            let bit = |at: u8| choice >> at & 1 == 1;
            let (has_user, has_password, retain, clean) = (bit(0), bit(1), bit(2), bit(3));
            let qos = QoS::from_u8(choice >> 4);
            let packet = connect(version, |c| {
                c.clean_start = clean;
                c.user_name = has_user.then(|| "joe".into());
                c.password = has_password.then(|| Bytes::from_static(b"secret"));
                c.will = qos.map(|qos| will("w", qos, retain));
            });
            if has_password && !has_user && version != V5 {
                assert!(!is_written(&packet, version), "a password needs a user name");
                continue;
            }
            let written = write(&packet, version);
            let name = version.protocol_name();
            let at = 2 + 2 + name.len();
            assert_eq!((&written[4..at], written[at]), (name.as_bytes(), version.level()));
            let flags = u8::from(has_user) << 7
                | u8::from(has_password) << 6
                | qos.map_or(0, |qos| u8::from(retain) << 5 | qos.level() << 3 | 4)
                | u8::from(clean) << 1;
            assert_eq!(written[at + 1], flags);
            let mut payload = Vec::new();
            let mut field = |bytes: &[u8]| {
                payload.extend((bytes.len() as u16).to_be_bytes());
                payload.extend(bytes);
            };
            field(b"client");
            if qos.is_some() {
                field(b"w");
                field(b"gone");
            }
            if has_user {
                field(b"joe");
            }
            if has_password {
                field(b"secret");
            }
            if version == V5 {
                if qos.is_some() {
                    payload.insert(8, 0);
                }
                payload.insert(0, 0);
            }
            assert_eq!(written[at + 4..], payload, "{version} {choice:06b}");
            assert_eq!(read(&written, version, None).unwrap(), packet);
        }
    }
}

/// Shows: 5.0 MQTT-3.1.2-11, 5.0 MQTT-3.1.2-12, 5.0 MQTT-3.1.2-13, 3.1.1 MQTT-3.1.2-13, 3.1.1 MQTT-3.1.2-14
/// Shows: 3.1.1 MQTT-3.1.2-15
#[test]
fn will_flags_without_a_will_and_will_qos_3_are_refused() {
    for version in [Version::V3_1_1, V5] {
        let plain = write(&connect(version, |_| {}), version);
        for flags in [0x08, 0x10, 0x18, 0x20] {
            let mut bytes = plain.clone();
            bytes[9] |= flags;
            assert_eq!(broken(&bytes, version), Rule::WillFlags, "{version} {flags:02x}");
        }
    }
    for version in ALL {
        let mut bytes = write(&connect(version, |c| c.will = Some(will("w", QoS::ExactlyOnce, false))), version);
        bytes[5 + version.protocol_name().len()] |= 0x18;
        assert_eq!(broken(&bytes, version), Rule::WillFlags, "{version}");
    }
}

/// Shows: 3.1.1 MQTT-3.1.3-7, 3.1 §3.1
#[test]
fn an_empty_client_identifier_goes_with_a_clean_session_only() {
    for (version, clean, fine) in [
        (Version::V3_1, true, false),
        (Version::V3_1, false, false),
        (Version::V3_1_1, true, true),
        (Version::V3_1_1, false, false),
        (V5, true, true),
        (V5, false, true),
    ] {
        let packet = connect(version, |c| (c.client_id, c.clean_start) = (Text::new(), clean));
        assert_eq!(is_written(&packet, version), fine, "{version} {clean}");
    }
}

// Topics.

/// Shows: 5.0 MQTT-3.3.2-2, 5.0 MQTT-3.3.2-14, 5.0 MQTT-4.7.0-1, 5.0 MQTT-4.7.3-1, 5.0 MQTT-4.7.3-3
/// Shows: 3.1.1 MQTT-3.3.2-2, 3.1.1 MQTT-4.7.1-1, 3.1.1 MQTT-4.7.3-1, 3.1.1 MQTT-4.7.3-3, 3.1 §3.3
#[test]
fn topic_names_have_no_wildcards_and_1_to_65535_bytes() {
    for version in ALL {
        for bad in [*b"MA#K", *b"MA+K", *b"#ARK", *b"MA/+", *b"MA/#", *b"+/RK"] {
            for (place, packet) in places(version) {
                let rule = match place {
                    "topic name" => Rule::WildcardInTopicName,
                    "will topic" => Rule::WillTopic,
                    "response topic" => Rule::ResponseTopicWildcard,
                    _ => continue,
                };
                assert_eq!(broken(&with_bytes(&packet, version, bad), version), rule, "{version} {place}");
            }
            let name = std::str::from_utf8(&bad).unwrap();
            assert!(!is_written(&Packet::Publish(publish(name, QoS::AtMostOnce, 0)), version));
            assert!(!is_written(&connect(version, |c| c.will = Some(will(name, QoS::AtMostOnce, false))), version));
        }
        for (length, fine) in [(0, false), (1, true), (65_535, true), (65_536, false)] {
            let name = "x".repeat(length);
            assert_eq!(is_written(&Packet::Publish(publish(&name, QoS::AtMostOnce, 0)), version), fine, "{length}");
            assert_eq!(is_written(&subscribe(&name), version), fine, "{length}");
            assert_eq!(is_written(&unsubscribe(&name), version), fine, "{length}");
        }
        let none: &[u8] = if version == V5 { &[0] } else { &[] };
        let empty = [&[0x30, 2 + none.len() as u8, 0, 0][..], none].concat();
        assert_eq!(broken(&empty, version), Rule::EmptyTopicName);
    }
    let response = Property::ResponseTopic("a/+".into());
    let packet = Publish { properties: properties([response]), ..publish("t", QoS::AtMostOnce, 0) };
    assert!(!is_written(&Packet::Publish(packet), V5));
}

/// Shows: 5.0 MQTT-4.7.1-1, 5.0 MQTT-4.7.1-2, 5.0 MQTT-4.7.3-1, 3.1.1 MQTT-4.7.1-2, 3.1.1 MQTT-4.7.1-3
/// Shows: 3.1.1 MQTT-4.7.3-1, 3.1 Appendix A
#[test]
fn wildcards_of_a_filter_fill_whole_levels_and_a_number_sign_is_the_last() {
    for version in ALL {
        for good in ["MARK", "+/RK", "#", "+", "M/+/K", "M/#", "/+", "+/#", "/", "+/+/+"] {
            assert!(is_written(&subscribe(good), version) && is_written(&unsubscribe(good), version), "{good}");
        }
        for bad in [*b"MA#K", *b"MA+K", *b"#/RK", *b"M+/K", *b"M/+K", *b"M/K#", *b"M/##", *b"M/++"] {
            for packet in [subscribe("MARK"), unsubscribe("MARK")] {
                let rule = broken(&with_bytes(&packet, version, bad), version);
                assert_eq!(rule, Rule::MisplacedWildcard, "{version} {bad:?}");
            }
            let filter = std::str::from_utf8(&bad).unwrap();
            assert!(!is_written(&subscribe(filter), version) && !is_written(&unsubscribe(filter), version));
        }
        let none: &[u8] = if version == V5 { &[0] } else { &[] };
        let empty = [&[0x82, 5 + none.len() as u8, 0, 1][..], none, &[0, 0, 0]].concat();
        assert_eq!(broken(&empty, version), Rule::EmptyTopicFilter);
    }
}

/// Shows: 5.0 MQTT-3.8.3-2, 5.0 MQTT-3.10.3-2, 3.1.1 MQTT-3.8.3-3, 3.1.1 MQTT-3.10.3-2, 3.1 §3.8, 3.1 §3.10
#[test]
fn a_request_has_at_least_one_filter() {
    for version in ALL {
        let (packet_id, properties) = (id(1), Properties::new());
        let none = Subscribe { packet_id, subscriptions: vec![], properties: properties.clone() };
        assert!(!is_written(&Packet::Subscribe(none), version));
        assert!(!is_written(&Packet::Unsubscribe(Unsubscribe { packet_id, filters: vec![], properties }), version));
        for head in [0x82, 0xA2] {
            let bytes: &[u8] = if version == V5 { &[head, 3, 0, 1, 0] } else { &[head, 2, 0, 1] };
            assert_eq!(broken(bytes, version), Rule::NoTopicFilter);
        }
    }
}

/// Shows: 5.0 MQTT-4.8.2-1, 5.0 MQTT-4.8.2-2, 5.0 MQTT-3.8.3-4
#[test]
fn shared_filters_have_a_name_and_a_filter_and_no_no_local() {
    let shared = |filter: &str, no_local| {
        let subscriptions = vec![Subscription { no_local, ..Subscription::new(filter.to_owned(), QoS::AtMostOnce) }];
        Packet::Subscribe(Subscribe { packet_id: id(1), subscriptions, properties: Properties::new() })
    };
    for good in ["$share/g/a", "$share/g/#", "$share/a b/+", "$share/g//"] {
        let bytes = write(&shared(good, false), V5);
        assert!(read(&bytes, V5, Some(Sender::Client)).is_ok());
        // Bit 2 of the options is no local.
        let mut with_no_local = bytes;
        *with_no_local.last_mut().unwrap() |= 4;
        assert_eq!(broken(&with_no_local, V5), Rule::NoLocalOnShared, "{good}");
        assert!(!is_written(&shared(good, true), V5));
    }
    for bad in ["$share//a", "$share/+/a", "$share/g+/a", "$share/#/a", "$share/g", "$share/g/", "$share/"] {
        assert!(!is_written(&shared(bad, false), V5), "{bad}");
        // MQTT 3.1.1 writes the same filter; with the properties' length put in it is a packet of MQTT 5.
        let filter = bad.replace(['+', '#'], "*");
        let mut bytes = write(&subscribe(&filter), Version::V3_1_1);
        bytes.insert(4, 0);
        bytes[1] += 1;
        let at = bytes.len() - 1 - bad.len();
        bytes[at..at + bad.len()].copy_from_slice(bad.as_bytes());
        assert_eq!(broken(&bytes, V5), Rule::SharedFilter, "{bad}");
    }
}

// Properties and reason codes.

/// Shows: 5.0 MQTT-3.3.2-8, 5.0 MQTT-3.3.4-6
#[test]
fn a_publish_has_no_alias_0_and_from_a_client_no_subscription_identifier() {
    let with =
        |property| Packet::Publish(Publish { properties: properties([property]), ..publish("t", QoS::AtMostOnce, 0) });
    assert!(!is_written(&with(Property::TopicAlias(0)), V5));
    let mut bytes = write(&with(Property::TopicAlias(1)), V5);
    bytes[8] = 0;
    assert_eq!(broken(&bytes, V5), Rule::TopicAliasZero);
    let identified = write(&with(Property::SubscriptionIdentifier(5)), V5);
    assert!(read(&identified, V5, Some(Sender::Server)).is_ok());
    let violation = read(&identified, V5, Some(Sender::Client)).unwrap_err();
    assert_eq!(violation.rule, Rule::SubscriptionIdentifierFromClient);
}

/// A packet type, its bytes before and behind the reason code, and the codes.
type Table = (PacketType, Vec<u8>, Vec<u8>, &'static [u8]);

/// What section 2.4 allows each packet to say.
fn tables() -> Vec<Table> {
    let method: &[u8] = &[4, 0x15, 0, 1, b'm'];
    vec![
        (PacketType::PubAck, vec![0x40, 3, 0, 1], vec![], &[0, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]),
        (PacketType::PubRec, vec![0x50, 3, 0, 1], vec![], &[0, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]),
        (PacketType::PubRel, vec![0x62, 3, 0, 1], vec![], &[0, 0x92]),
        (PacketType::PubComp, vec![0x70, 3, 0, 1], vec![], &[0, 0x92]),
        (
            PacketType::SubAck,
            vec![0x90, 4, 0, 1, 0],
            vec![],
            &[0, 1, 2, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2],
        ),
        (PacketType::UnsubAck, vec![0xB0, 4, 0, 1, 0], vec![], &[0, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91]),
        (
            PacketType::ConnAck,
            vec![0x20, 3, 0],
            vec![0],
            &[
                0, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99,
                0x9A, 0x9B, 0x9C, 0x9D, 0x9F,
            ],
        ),
        (
            PacketType::Disconnect,
            vec![0xE0, 1],
            vec![],
            &[
                0, 4, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97,
                0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2,
            ],
        ),
        (PacketType::Auth, vec![0xF0, 6], method.to_vec(), &[0, 0x18, 0x19]),
    ]
}

/// Shows: 5.0 MQTT-3.2.2-8, 5.0 MQTT-3.4.2-1, 5.0 MQTT-3.5.2-1, 5.0 MQTT-3.6.2-1, 5.0 MQTT-3.7.2-1, 5.0 MQTT-3.9.3-2
/// Shows: 5.0 MQTT-3.11.3-2, 5.0 MQTT-3.14.2-1, 5.0 MQTT-3.15.2-1
#[test]
fn each_packet_says_only_the_codes_that_it_has() {
    for (kind, head, tail, codes) in tables() {
        for code in 0..=255u8 {
            let bytes = [&head[..], &[code], &tail].concat();
            let result = read(&bytes, V5, None);
            assert_eq!(result.is_ok(), codes.contains(&code), "{kind} 0x{code:02X}: {result:?}");
            // And no more is written: the encoder asks the same table.
            let Some(reason) = ReasonCode::from_u8(code) else { continue };
            let (packet_id, properties) = (id(1), Properties::new());
            let ack = Ack::new(packet_id, reason);
            let packet = match kind {
                PacketType::PubAck => Packet::PubAck(ack),
                PacketType::PubRec => Packet::PubRec(ack),
                PacketType::PubRel => Packet::PubRel(ack),
                PacketType::PubComp => Packet::PubComp(ack),
                PacketType::SubAck => Packet::SubAck(SubAck { packet_id, reasons: vec![reason], properties }),
                PacketType::UnsubAck => Packet::UnsubAck(UnsubAck { packet_id, reasons: vec![reason], properties }),
                PacketType::ConnAck => Packet::ConnAck(Box::new(ConnAck::refused(reason))),
                PacketType::Disconnect => Packet::Disconnect(Disconnect::new(reason)),
                _ => Packet::Auth(Auth {
                    reason,
                    properties: [Property::AuthenticationMethod("m".into())].into_iter().collect(),
                }),
            };
            assert_eq!(is_written(&packet, V5), codes.contains(&code), "{kind} 0x{code:02X}");
        }
    }
}

/// Shows: 3.1.1 MQTT-3.9.3-2, 3.1 §3.2, 3.1 §3.9
#[test]
fn mqtt_3_has_few_return_codes() {
    for code in 0..=255u8 {
        let granted = [0x90, 3, 0, 1, code];
        assert_eq!(read(&granted, Version::V3_1_1, None).is_ok(), matches!(code, 0..=2 | 0x80), "SUBACK {code}");
        assert_eq!(read(&granted, Version::V3_1, None).is_ok(), code <= 2, "SUBACK {code} in 3.1");
        for version in [Version::V3_1, Version::V3_1_1] {
            assert_eq!(read(&[0x20, 2, 0, code], version, None).is_ok(), code <= 5, "CONNACK {code}");
        }
    }
    // Whatever the reason is, what is written is one of them.
    for reason in ReasonCode::ALL.iter().filter(|reason| reason.is_error()) {
        for version in [Version::V3_1, Version::V3_1_1] {
            let written = write(&Packet::ConnAck(Box::new(ConnAck::refused(*reason))), version);
            assert!(written.len() == 4 && (1..=5).contains(&written[3]), "{reason}");
        }
    }
}

/// Shows: 5.0 MQTT-3.2.2-19, 5.0 MQTT-3.2.2-20, 5.0 MQTT-3.4.2-2, 5.0 MQTT-3.4.2-3, 5.0 MQTT-3.5.2-2, 5.0 MQTT-3.5.2-3
/// Shows: 5.0 MQTT-3.6.2-2, 5.0 MQTT-3.6.2-3, 5.0 MQTT-3.7.2-2, 5.0 MQTT-3.7.2-3, 5.0 MQTT-3.9.2-1, 5.0 MQTT-3.9.2-2
/// Shows: 5.0 MQTT-3.11.2-1, 5.0 MQTT-3.11.2-2, 5.0 MQTT-3.14.2-3, 5.0 MQTT-3.14.2-4, 5.0 MQTT-3.15.2-2, 5.0 MQTT-3.15.2-3
#[test]
fn reason_string_and_user_properties_give_way_to_the_maximum_packet_size() {
    let told = || properties([Property::ReasonString("reason".into()), Property::UserProperty("n".into(), "v".into())]);
    let method = Property::AuthenticationMethod("m".into());
    let auth = |mut properties: Properties| {
        properties.push(method.clone());
        Packet::Auth(Auth { reason: ReasonCode::ContinueAuthentication, properties })
    };
    let ack = |properties| Ack { properties, ..Ack::success(id(1)) };
    let reasons = || vec![ReasonCode::Success];
    let make: [(&str, &dyn Fn(Properties) -> Packet); 9] = [
        ("CONNACK", &|properties| Packet::ConnAck(Box::new(ConnAck { properties, ..ConnAck::accepted(false) }))),
        ("PUBACK", &|properties| Packet::PubAck(ack(properties))),
        ("PUBREC", &|properties| Packet::PubRec(ack(properties))),
        ("PUBREL", &|properties| Packet::PubRel(ack(properties))),
        ("PUBCOMP", &|properties| Packet::PubComp(ack(properties))),
        ("SUBACK", &|properties| Packet::SubAck(SubAck { packet_id: id(1), reasons: reasons(), properties })),
        ("UNSUBACK", &|properties| Packet::UnsubAck(UnsubAck { packet_id: id(1), reasons: reasons(), properties })),
        ("DISCONNECT", &|properties| {
            Packet::Disconnect(Disconnect { properties, ..Disconnect::new(ReasonCode::ServerBusy) })
        }),
        ("AUTH", &auth),
    ];
    for (name, make) in make {
        let (full, bare) = (write(&make(told()), V5), write(&make(Properties::new()), V5));
        let only_user = write(&make(properties([Property::UserProperty("n".into(), "v".into())])), V5);
        for maximum in bare.len()..=full.len() {
            let mut out = Vec::new();
            encode::packet(&make(told()), V5, maximum as u32, &mut out).unwrap();
            assert!(out.len() <= maximum, "{name}");
            let expected = match maximum {
                _ if maximum == full.len() => &full,
                _ if maximum >= only_user.len() => &only_user,
                _ => &bare,
            };
            assert_eq!(&out, expected, "{name}, at most {maximum}");
        }
        let mut out = Vec::new();
        assert!(
            encode::packet(&make(told()), V5, bare.len() as u32 - 1, &mut out).is_err() && out.is_empty(),
            "{name}"
        );
    }
}
