//! CONNECT and CONNACK (sections 3.1 and 3.2).

use std::sync::Arc;

use mqtt_broker::{ConnectAnswer, ConnectRequest, Hooks, Interests, Reply};
use mqtt_proto::packet::{
    Connect, Disconnect, Packet, Properties, Property, QoS, SubAck, Subscribe, Subscription, Will,
};
use mqtt_proto::wire::encode;
use mqtt_proto::{ReasonCode, Version};

use super::wire::{
    Next, Peer, QOS, VERSIONS, connect, id, keeping, message, properties, serve, serve_hooked, serve_with, user, with,
};

/// CONNECT of MQTT 3.1.1 with this name, level, flags and rest.
fn raw_connect(name: &[u8], level: u8, flags: u8, rest: &[u8]) -> Vec<u8> {
    let mut body = vec![0, name.len() as u8];
    body.extend_from_slice(name);
    body.extend_from_slice(&[level, flags, 0, 0]);
    body.extend_from_slice(rest);
    let mut bytes = vec![0x10, body.len() as u8];
    bytes.extend(body);
    bytes
}

/// Shows: 5.0 MQTT-3.1.4-5, 5.0 MQTT-3.2.0-1, 5.0 MQTT-3.2.2-1, 5.0 MQTT-3.2.2-2, 3.1.1 MQTT-3.1.4-4, 3.1.1 MQTT-3.2.0-1, 3.1.1 MQTT-3.2.2-1, 3.1 §3.2
#[test]
fn success_is_told_by_connack_before_anything_else() {
    let server = serve_with(|config| {
        config.link.receive_maximum = u16::MAX;
        config.link.topic_alias_maximum = 0;
    });
    let mut old = server.dial(Version::V3_1);
    old.bytes(&raw_connect(b"MQIsdp", 3, 2, &[0, 1, b'c']));
    old.reads(&[0x20, 2, 0, 0]);
    let mut newer = server.dial(Version::V3_1_1);
    newer.bytes(&raw_connect(b"MQTT", 4, 2, &[0, 1, b'd']));
    newer.reads(&[0x20, 2, 0, 0]);
    let mut five = server.dial(Version::V5);
    five.bytes(&raw_connect(b"MQTT", 5, 2, &[0, 0, 1, b'e']));
    five.reads(&[0x20, 3, 0, 0, 0]);
}

/// Shows: 5.0 MQTT-3.2.0-2
#[test]
fn there_is_one_connack_on_a_connection() {
    let server = serve();
    let mut peer = server.peer(Version::V5, "c");
    peer.subscribe("t", QoS::AtLeastOnce);
    peer.say("t", "x", QoS::AtLeastOnce);
    peer.take();
    peer.send(&Packet::Connect(Box::new(connect(Version::V5, "c"))));
    peer.ended(ReasonCode::ProtocolError);
}

/// Shows: 5.0 MQTT-3.1.0-2, 5.0 MQTT-3.14.4-1, 5.0 MQTT-3.14.4-2, 5.0 MQTT-4.13.2-1, 3.1.1 MQTT-3.1.0-2, 3.1 §3.1
#[test]
fn a_second_connect_ends_the_connection() {
    let server = serve();
    for version in VERSIONS {
        let mut peer = server.peer(version, "c");
        peer.send(&Packet::Connect(Box::new(connect(version, "c"))));
        peer.ended(ReasonCode::ProtocolError);
    }
}

/// Shows: 5.0 MQTT-3.1.2-1, 3.1.1 MQTT-3.1.2-1
#[test]
fn another_protocol_name_is_not_served() {
    let server = serve();
    for name in [&b"MQTD"[..], b"mqtt", b"MQIsdq", b""] {
        for level in [3, 4, 5] {
            let mut peer = server.dial(Version::V3_1_1);
            peer.bytes(&raw_connect(name, level, 2, &[0, 0, 1, b'c']));
            let answer = peer.rest();
            // A CONNACK that refuses, or nothing.
            assert!(answer.is_empty() || answer[0] == 0x20 && answer[3] != 0, "{answer:02X?}");
        }
    }
    // The name belongs to the level.
    for (name, level) in [(&b"MQTT"[..], 3), (b"MQIsdp", 4), (b"MQIsdp", 5)] {
        let mut peer = server.dial(Version::V3_1_1);
        peer.bytes(&raw_connect(name, level, 2, &[0, 0, 1, b'c']));
        let answer = peer.rest();
        assert!(answer.is_empty() || answer[0] == 0x20 && answer[3] != 0, "{answer:02X?}");
    }
}

/// Shows: 5.0 MQTT-3.1.2-2, 3.1.1 MQTT-3.1.2-2, 3.1 §3.1
#[test]
fn an_unknown_level_gets_return_code_1_and_the_connection_ends() {
    let server = serve();
    for level in [0, 1, 2, 6, 127] {
        let mut peer = server.dial(Version::V3_1_1);
        peer.bytes(&raw_connect(b"MQTT", level, 2, &[0, 1, b'c']));
        assert_eq!(peer.rest(), [0x20, 2, 0, 1], "{level}");
    }
}

/// Shows: 5.0 MQTT-3.1.2-3, 5.0 MQTT-3.1.4-1, 3.1.1 MQTT-3.1.2-3, 3.1.1 MQTT-3.1.4-1, 3.1.1 MQTT-3.2.2-6
#[test]
fn a_malformed_connect_is_closed_without_connack_in_mqtt_3_and_with_a_reason_in_mqtt_5() {
    let server = serve();
    // The reserved flag; a will QoS of 3; will QoS without a will; a body too short; bytes left over; no UTF-8.
    for flags in [0x03, 0x1E, 0x0A] {
        let mut peer = server.dial(Version::V3_1_1);
        peer.bytes(&raw_connect(b"MQTT", 4, flags, &[0, 1, b'c', 0, 1, b't', 0, 0]));
        assert_eq!(peer.rest(), []);
        let mut peer = server.dial(Version::V5);
        peer.bytes(&raw_connect(b"MQTT", 5, flags, &[0, 0, 1, b'c', 0, 0, 1, b't', 0, 0]));
        assert_eq!(peer.connack().reason, ReasonCode::MalformedPacket);
        peer.closed();
    }
    for rest in [&[0, 5, b'c'][..], &[0, 1, b'c', 0], &[0, 1, 0xFF], &[0, 1, 0]] {
        let mut peer = server.dial(Version::V3_1_1);
        peer.bytes(&raw_connect(b"MQTT", 4, 2, rest));
        assert_eq!(peer.rest(), []);
    }
}

/// Shows: 5.0 MQTT-3.14.0-1
#[test]
fn whoever_did_not_begin_with_connect_gets_nothing() {
    let server = serve();
    let packets: [&[u8]; 5] =
        [&[0x30, 4, 0, 1, b't', 0], &[0xC0, 0], &[0xE0, 0], &[0x82, 7, 0, 1, 0, 0, 1, b'a', 0], &[0xF0, 0]];
    for bytes in packets {
        let mut peer = server.dial(Version::V5);
        peer.bytes(bytes);
        assert_eq!(peer.rest(), []);
    }
}

/// Shows: 5.0 MQTT-3.1.3-5, 5.0 MQTT-3.1.3-2, 3.1.1 MQTT-3.1.3-5, 3.1.1 MQTT-3.1.3-2
#[test]
fn identifiers_of_1_to_23_letters_and_digits_are_let_in() {
    let server = serve();
    for version in VERSIONS {
        for id in ["0", "Z", "0123456789abcdefghijklm", "nopqrstuvwxyzABCDEFGHIJ", "KLMNOPQRSTUVWXYZ"] {
            let peer = server.peer(version, id);
            assert!(server.broker.client(id).is_some());
            peer.leave();
        }
    }
}

/// Shows: 3.1 §3.1
#[test]
fn mqtt_3_1_refuses_identifiers_that_are_empty_or_longer_than_23() {
    let server = serve();
    for name in [&b""[..], b"0123456789abcdefghijklmn"] {
        let mut rest = vec![0, name.len() as u8];
        rest.extend_from_slice(name);
        let mut peer = server.dial(Version::V3_1);
        peer.bytes(&raw_connect(b"MQIsdp", 3, 2, &rest));
        assert_eq!(peer.rest(), [0x20, 2, 0, 2]);
    }
}

/// Shows: 5.0 MQTT-3.1.3-6, 5.0 MQTT-3.1.3-7, 5.0 MQTT-3.2.2-16, 3.1.1 MQTT-3.1.3-6
#[test]
fn an_empty_identifier_gets_one_that_nobody_has() {
    let server = serve();
    let mut assigned = Vec::new();
    let mut peers = Vec::new();
    for _ in 0..20 {
        let (peer, ack) = server.connect(connect(Version::V5, ""));
        assigned.push(ack.properties.assigned_client_identifier().expect("an identifier").to_string());
        peers.push(peer);
        peers.push(server.peer(Version::V3_1_1, ""));
    }
    assigned.sort();
    assigned.dedup();
    assert_eq!(assigned.len(), 20);
    // Every one of them is a client of its own: nobody was taken over.
    assert_eq!(server.broker.stats().clients_connected, 40);
    peers.iter_mut().for_each(Peer::quiet);
    let (_, ack) = server.connect(connect(Version::V5, "own"));
    assert_eq!(ack.properties.assigned_client_identifier(), None);
}

/// Shows: 3.1.1 MQTT-3.1.3-8, 3.1.1 MQTT-3.2.2-5
#[test]
fn an_empty_identifier_with_a_kept_session_gets_return_code_2() {
    let server = serve();
    let mut peer = server.dial(Version::V3_1_1);
    peer.bytes(&raw_connect(b"MQTT", 4, 0, &[0, 0]));
    assert_eq!(peer.rest(), [0x20, 2, 0, 2]);
}

/// Shows: 5.0 MQTT-3.1.3-8, 5.0 MQTT-3.1.4-2, 5.0 MQTT-3.2.2-6, 5.0 MQTT-3.2.2-7, 3.1.1 MQTT-3.1.3-9, 3.1.1 MQTT-3.2.2-4, 3.1.1 MQTT-3.2.2-5
#[test]
fn a_refused_identifier_is_told_and_the_connection_ends() {
    let server = serve_with(|config| config.limits.client_id_length = 5);
    // There is a session to be present, under another name.
    server.connect(keeping(Version::V5, "short")).0.leave();
    for (version, reason) in VERSIONS.map(|version| (version, ReasonCode::ClientIdentifierNotValid)) {
        let (mut peer, ack) = server.try_connect(keeping(version, "longer"));
        assert_eq!((ack.reason, ack.session_present), (reason, false));
        peer.closed();
    }
}

/// Shows: 5.0 MQTT-3.1.4-6, 3.1.1 MQTT-3.1.4-5
#[test]
fn nothing_behind_a_refused_connect_is_looked_at() {
    let server = serve_with(|config| config.limits.client_id_length = 10);
    let mut witness = server.witness("#");
    for version in VERSIONS {
        let mut bytes = Vec::new();
        let subscribe = Subscribe {
            packet_id: id(1),
            subscriptions: vec![Subscription::new("#", QoS::AtMostOnce)],
            properties: Properties::new(),
        };
        for packet in [
            Packet::Connect(Box::new(connect(version, "0123456789x"))),
            Packet::Publish(message("t", "no", QoS::AtMostOnce)),
            Packet::Subscribe(subscribe),
            Packet::PingReq,
        ] {
            encode::packet(&packet, version, u32::MAX, &mut bytes).expect("packet");
        }
        let mut peer = server.dial(version);
        peer.bytes(&bytes);
        assert!(peer.connack().reason.is_error());
        peer.closed();
        witness.quiet();
    }
    assert_eq!(server.broker.subscriptions().len(), 1);
}

/// What is sent behind CONNECT without waiting for CONNACK is done once the client is in.
/// Shows: 3.1 §3.1
#[test]
fn a_client_need_not_wait_for_connack() {
    let server = serve();
    for version in VERSIONS {
        let mut peer = server.dial(version);
        let mut bytes = Vec::new();
        let subscriptions = vec![Subscription::new("t", QoS::AtMostOnce)];
        let subscribe = Subscribe { packet_id: id(9), subscriptions, properties: Properties::new() };
        for packet in [
            Packet::Connect(Box::new(connect(version, "eager"))),
            Packet::Subscribe(subscribe),
            Packet::Publish(message("t", "x", QoS::AtMostOnce)),
        ] {
            encode::packet(&packet, version, u32::MAX, &mut bytes).expect("packet");
        }
        peer.bytes(&bytes);
        assert_eq!(peer.connack().reason, ReasonCode::Success);
        assert!(matches!(peer.next(), Packet::SubAck(SubAck { packet_id, .. }) if packet_id == id(9)));
        assert_eq!(peer.hear(), "x");
    }
}

/// Refuses with the reason that the user name says.
struct Refuses;

impl Hooks for Refuses {
    fn interests(&self) -> Interests {
        Interests::none().connect()
    }

    fn on_connect(&self, request: ConnectRequest, reply: Reply<ConnectAnswer>) {
        let code = request.connect.user_name.as_deref().and_then(|name| name.parse().ok());
        let Some(reason) = code.and_then(ReasonCode::from_u8) else {
            return reply.answer(ConnectAnswer::Accept {
                properties: properties([Property::ResponseInformation("answers/".into())]),
                user_name: None,
            });
        };
        let why = Property::ReasonString("because ".repeat(20).into());
        reply.answer(ConnectAnswer::Refuse { reason, properties: properties([why, user("a", &"b".repeat(50))]) });
    }
}

fn named(version: Version, name: u8) -> Connect {
    Connect { user_name: Some(name.to_string().into()), ..connect(version, "c") }
}

/// Shows: 3.1.1 MQTT-3.2.2-5, 3.1 §3.2
#[test]
fn return_codes_of_mqtt_3() {
    let server = serve_hooked(Arc::new(Refuses), |_| ());
    for (reason, code) in [(0x84, 1), (0x85, 2), (0x88, 3), (0x86, 4), (0x87, 5)] {
        for version in [Version::V3_1, Version::V3_1_1] {
            let mut peer = server.dial(version);
            peer.send(&Packet::Connect(Box::new(named(version, reason))));
            assert_eq!(peer.rest(), [0x20, 2, 0, code]);
        }
    }
}

/// Shows: 5.0 MQTT-3.2.2-8, 5.0 MQTT-3.2.2-7
#[test]
fn refusals_of_mqtt_5_carry_codes_that_connack_has() {
    let server = serve_hooked(Arc::new(Refuses), |_| ());
    let listed = [
        0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A, 0x9B,
        0x9C, 0x9D, 0x9F,
    ];
    for reason in ReasonCode::ALL.iter().map(|reason| reason.value()).filter(|code| *code >= 0x80) {
        let (mut peer, ack) = server.try_connect(named(Version::V5, reason));
        assert!(listed.contains(&ack.reason.value()), "{reason:X}: {}", ack.reason);
        assert!(!listed.contains(&reason) || ack.reason.value() == reason);
        peer.closed();
    }
}

/// Shows: 5.0 MQTT-3.2.2-19, 5.0 MQTT-3.2.2-20, 5.0 MQTT-3.1.2-24
#[test]
fn connack_sheds_what_the_client_s_packet_size_has_no_room_for() {
    let server = serve_hooked(Arc::new(Refuses), |_| ());
    let (_, whole) = server.try_connect(named(Version::V5, 0x87));
    assert!(whole.properties.reason_string().is_some() && whole.properties.user_properties().count() == 1);
    for maximum in [5, 20, 61, 100, 170] {
        let connect = with(named(Version::V5, 0x87), Property::MaximumPacketSize(maximum));
        let mut peer = server.dial(Version::V5);
        peer.send(&Packet::Connect(Box::new(connect)));
        let answer = peer.rest();
        assert!(answer.len() <= maximum as usize && answer[3] == 0x87, "{answer:02X?}");
    }
}

/// Shows: 5.0 MQTT-3.1.2-28
#[test]
fn response_information_is_given_on_request_only() {
    let server = serve_hooked(Arc::new(Refuses), |_| ());
    for (request, given) in [(None, None), (Some(0), None), (Some(1), Some("answers/"))] {
        let mut connect = connect(Version::V5, "c");
        connect.properties.extend(request.map(Property::RequestResponseInformation));
        let (_peer, ack) = server.connect(connect);
        assert_eq!(ack.properties.response_information().map(|text| &**text), given);
    }
}

/// Shows: 5.0 MQTT-3.1.2-28
#[test]
fn response_information_may_come_from_the_configuration() {
    let server = serve_with(|config| config.response_information = Some("replies/".into()));
    let (_, ack) = server.connect(with(connect(Version::V5, "c"), Property::RequestResponseInformation(1)));
    assert_eq!(ack.properties.response_information().map(|text| &**text), Some("replies/"));
    let (_, ack) = server.connect(connect(Version::V5, "c"));
    assert_eq!(ack.properties.response_information(), None);
}

fn with_will(version: Version, qos: QoS, retain: bool) -> Connect {
    let (topic, payload, properties) = ("wills".into(), "x".into(), Properties::new());
    Connect { will: Some(Will { topic, payload, qos, retain, properties }), ..connect(version, "c") }
}

/// Shows: 5.0 MQTT-3.2.2-9, 5.0 MQTT-3.2.2-10, 5.0 MQTT-3.2.2-12
#[test]
fn a_limited_qos_is_announced_binds_wills_and_still_takes_any_subscription() {
    for most in [QoS::AtMostOnce, QoS::AtLeastOnce] {
        let server = serve_with(|config| config.limits.maximum_qos = most);
        let (mut peer, ack) = server.connect(connect(Version::V5, "other"));
        assert_eq!(ack.properties.maximum_qos(), Some(most.level()));
        for qos in QOS {
            let ack = peer.subscribe_all(&[Subscription::new("t", qos)], Properties::new());
            assert_eq!(ack.reasons[0].value(), qos.min(most).level());
            let (mut mortal, ack) = server.try_connect(with_will(Version::V5, qos, false));
            if qos > most {
                assert_eq!(ack.reason, ReasonCode::QoSNotSupported);
                mortal.closed();
            } else {
                assert_eq!(ack.reason, ReasonCode::Success);
            }
        }
        let above = if most == QoS::AtMostOnce { QoS::AtLeastOnce } else { QoS::ExactlyOnce };
        peer.start(message("u", "x", above));
        peer.ended(ReasonCode::QoSNotSupported);
    }
}

/// Shows: 5.0 MQTT-3.2.2-13
#[test]
fn a_broker_without_retained_messages_says_so_and_refuses_retained_wills() {
    let server = serve_with(|config| config.limits.retain_available = false);
    let (mut peer, ack) = server.connect(connect(Version::V5, "other"));
    assert_eq!(ack.properties.retain_available(), Some(0));
    let (mut mortal, ack) = server.try_connect(with_will(Version::V5, QoS::AtMostOnce, true));
    assert_eq!(ack.reason, ReasonCode::RetainNotSupported);
    mortal.closed();
    assert_eq!(server.try_connect(with_will(Version::V5, QoS::AtMostOnce, false)).1.reason, ReasonCode::Success);
    peer.start(super::wire::retained("u", "x", QoS::AtMostOnce));
    peer.ended(ReasonCode::RetainNotSupported);
}

/// A client that cannot take what CONNACK has to say is refused; it would not know what it may do.
/// Shows: 5.0 MQTT-3.1.2-24
#[test]
fn a_client_whose_packet_size_has_no_room_for_connack_is_refused() {
    let server = serve();
    for maximum in [1, 4, 5, 8, 12] {
        let mut peer = server.dial(Version::V5);
        let connect = with(connect(Version::V5, ""), Property::MaximumPacketSize(maximum));
        peer.send(&Packet::Connect(Box::new(connect)));
        let answer = peer.rest();
        assert!(answer.len() <= maximum as usize, "{maximum}: {answer:02X?}");
        assert!(answer.is_empty() && maximum < 5 || answer == [0x20, 3, 0, 0x95, 0], "{maximum}: {answer:02X?}");
    }
    server.until("nobody is left", |b| b.stats().clients_connected == 0 && b.stats().connections == 0);
}

/// Shows: 5.0 MQTT-3.1.2-22, 5.0 MQTT-3.2.2-22, 3.1.1 MQTT-3.1.2-24, 3.1 §2.2
#[test]
fn silence_of_one_and_a_half_keep_alives_ends_the_connection() {
    let server = serve();
    let start = std::time::Instant::now();
    let mut peers =
        VERSIONS.map(|version| server.connect(Connect { keep_alive: 1, ..connect(version, version.name()) }).0);
    for peer in &mut peers {
        peer.ended(ReasonCode::KeepAliveTimeout);
    }
    assert!(start.elapsed() >= std::time::Duration::from_millis(1450));
}

/// Shows: 5.0 MQTT-3.2.2-22
#[test]
fn a_server_keep_alive_replaces_that_of_the_client() {
    let server = serve_with(|config| config.limits.maximum_keep_alive = 1);
    for asked in [0, 600] {
        let (mut peer, ack) = server.connect(Connect { keep_alive: asked, ..connect(Version::V5, "c") });
        assert_eq!(ack.properties.server_keep_alive(), Some(1));
        if asked == 0 {
            peer.ended(ReasonCode::KeepAliveTimeout);
        }
    }
    let (_, ack) = server.connect(Connect { keep_alive: 1, ..connect(Version::V5, "c") });
    assert_eq!(ack.properties.server_keep_alive(), None);
}

/// Shows: 5.0 MQTT-3.12.4-1, 3.1.1 MQTT-3.12.4-1, 3.1 §3.12, 3.1 §3.13
#[test]
fn pingreq_is_answered() {
    let server = serve();
    for version in VERSIONS {
        let mut peer = server.peer(version, "c");
        peer.bytes(&[0xC0, 0, 0xC0, 0]);
        peer.reads(&[0xD0, 0, 0xD0, 0]);
    }
}

/// Shows: 5.0 MQTT-3.14.4-1, 3.1 §3.14
#[test]
fn after_disconnect_the_broker_closes_and_reads_no_more() {
    let server = serve();
    let mut witness = server.witness("#");
    for version in VERSIONS {
        let mut peer = server.peer(version, "c");
        let mut bytes = Vec::new();
        for packet in [
            Packet::Disconnect(Disconnect::new(ReasonCode::Success)),
            Packet::Publish(message("t", "x", QoS::AtMostOnce)),
        ] {
            encode::packet(&packet, version, u32::MAX, &mut bytes).expect("packet");
        }
        peer.bytes(&bytes);
        assert_eq!(peer.next_or_close(), Next::Closed);
        witness.quiet();
    }
}
