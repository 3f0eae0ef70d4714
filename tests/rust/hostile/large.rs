//! Packets that are large, or small and mean much.

use std::time::Instant;

use mqtt_proto::packet::{Connect, Packet, Properties, Property, Publish, QoS};
use mqtt_proto::{ReasonCode, Version};

use super::Bystander;
use super::wire::{VERSIONS, connect, message, properties, serve, serve_with, user};

/// A fixed header with this length, then the body.
fn framed(first: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    let mut rest = body.len();
    while rest > 127 {
        bytes.push((rest % 128) as u8 | 0x80);
        rest /= 128;
    }
    bytes.push(rest as u8);
    bytes.extend_from_slice(body);
    bytes
}

/// Shows: 5.0 MQTT-3.8.4-5, 5.0 MQTT-3.8.4-6, 3.1.1 MQTT-3.8.4-4, 3.1.1 MQTT-3.8.4-5
#[test]
fn sixty_four_thousand_subscriptions_in_one_packet() {
    let server = serve();
    let mut bystander = Bystander::new(&server);
    for version in VERSIONS {
        let mut body = vec![0, 1];
        body.extend(version.has_properties().then_some(0));
        for number in 0..65_536u32 {
            let filter = format!("f/{number:05}");
            body.extend([0, filter.len() as u8]);
            body.extend_from_slice(filter.as_bytes());
            body.push(1);
        }
        let mut peer = server.peer(version, "many");
        peer.bytes(&framed(0x82, &body));
        bystander.notices_nothing();
        let Packet::SubAck(ack) = peer.next() else { panic!("SUBACK") };
        // As many as one client may have; the rest is refused one by one. MQTT 3.1 has no way to say so.
        assert_eq!(ack.reasons.len(), 65_536);
        let granted = ack.reasons.iter().filter(|reason| !reason.is_error()).count();
        assert!(granted == 10_000 || !version.has_subscribe_failure());
        assert_eq!(server.broker.client("many").expect("it is there").subscriptions, 10_000);
        peer.say("f/00007", "x", QoS::AtMostOnce);
        assert_eq!(peer.hear(), "x");
        peer.leave();
        server.until_forgotten("many");
        bystander.notices_nothing();
        assert_eq!(server.broker.subscriptions().len(), 1);
    }
}

/// 65 535 levels in a topic name or filter: 65 534 slashes, of which each would be a node of a tree.
/// Shows: 5.0 MQTT-4.7.3-3, 3.1.1 MQTT-4.7.3-3
#[test]
fn topics_of_65_535_levels() {
    let server = serve();
    let mut bystander = Bystander::new(&server);
    let slashes = [b'/'; 65_535];
    let pluses = b"+/".repeat(32_767);
    for version in VERSIONS {
        let no_properties: &[u8] = if version.has_properties() { &[0] } else { &[] };
        let mut peer = server.peer(version, "deep");
        let publish = [&[0xFF, 0xFF][..], &slashes, no_properties].concat();
        peer.bytes(&framed(0x31, &publish));
        peer.ended(ReasonCode::TopicNameInvalid);
        for filter in [&slashes[..], &pluses] {
            let mut peer = server.peer(version, "deep");
            let length = (filter.len() as u16).to_be_bytes();
            let subscribe = [&[0, 1][..], no_properties, &length, filter, &[0]].concat();
            peer.bytes(&framed(0x82, &subscribe));
            peer.ended(ReasonCode::TopicNameInvalid);
        }
        bystander.notices_nothing();
    }
    // As a will.
    let mut body = vec![0, 4, b'M', b'Q', b'T', b'T', 4, 6, 0, 0, 0, 1, b'c', 0xEA, 0x60];
    body.extend_from_slice(&slashes[..60_000]);
    body.extend([0, 0]);
    let mut peer = server.dial(Version::V3_1_1);
    peer.bytes(&framed(0x10, &body));
    assert_eq!(peer.rest(), []);
    bystander.notices_nothing();
    assert_eq!(server.broker.stats().retained_messages, 0);
}

/// Where the number of levels is not bounded, they cost time and memory, and nothing breaks.
#[test]
fn topics_of_65_535_levels_where_they_are_allowed() {
    let server = serve_with(|config| config.link.topic_levels = 0);
    let mut bystander = Bystander::new(&server);
    let topic = "/".repeat(65_534);
    let mut peer = server.peer(Version::V5, "deep");
    peer.subscribe("#", QoS::AtMostOnce);
    peer.subscribe(&topic, QoS::AtMostOnce);
    peer.subscribe(&"+/".repeat(32_767), QoS::AtMostOnce);
    peer.publish(super::wire::retained(&topic, "x", QoS::AtLeastOnce));
    let got = peer.take();
    assert_eq!(got.topic.len(), 65_534);
    bystander.notices_nothing();
    // "#" gets the bystander's message, too.
    assert_eq!(&*peer.take().topic, "bystander");
    peer.unsubscribe(&[&topic, "#"]);
    peer.leave();
    bystander.notices_nothing();
}

/// Aliases above the bound, changed without end, and a topic of full length behind each.
/// Shows: 5.0 MQTT-3.3.2-12, 5.0 MQTT-4.13.1-1
#[test]
fn an_alias_bomb() {
    let server = serve();
    let mut bystander = Bystander::new(&server);
    let mut peer = server.peer(Version::V5, "bomb");
    let with_alias = |topic: &str, number| Publish {
        properties: properties([Property::TopicAlias(number)]),
        ..message(topic, "", QoS::AtMostOnce)
    };
    for round in 0..20 {
        for number in 1..=16 {
            peer.start(with_alias(&format!("{round}{}", "x".repeat(60_000)), number));
        }
    }
    peer.quiet();
    bystander.notices_nothing();
    peer.start(with_alias("one too many", 17));
    peer.ended(ReasonCode::TopicAliasInvalid);
    for number in [17, 1000, u16::MAX] {
        let mut peer = server.peer(Version::V5, "bomb");
        peer.start(with_alias("t", number));
        peer.ended(ReasonCode::TopicAliasInvalid);
    }
    bystander.notices_nothing();
}

/// As many user properties as a packet has room for, where they are kept: in PUBLISH (retained), CONNECT, SUBSCRIBE.
/// Shows: 5.0 MQTT-3.3.2-17, 5.0 MQTT-3.3.2-18
#[test]
fn a_user_property_bomb() {
    let server = serve_with(|config| config.link.maximum_packet_size = 1_000_000);
    let mut bystander = Bystander::new(&server);
    let start = Instant::now();
    let many: Properties = (0..150_000).map(|_| user("", "")).collect();
    let mut peer = server.peer(Version::V5, "bomb");
    peer.publish(Publish { properties: many.clone(), ..super::wire::retained("t", "x", QoS::AtLeastOnce) });
    bystander.notices_nothing();
    peer.subscribe("t", QoS::AtLeastOnce);
    assert_eq!(peer.take().properties.len(), 150_000);
    let subscription = mqtt_proto::packet::Subscription::new("u", QoS::AtMostOnce);
    assert_eq!(peer.subscribe_all(&[subscription], many.clone()).reasons, [ReasonCode::Success]);
    bystander.notices_nothing();
    // A byte above what the broker takes.
    let more: Properties = (0..200_001).map(|_| user("", "")).collect();
    peer.start(Publish { properties: more, ..message("t", "x", QoS::AtMostOnce) });
    peer.ended(ReasonCode::PacketTooLarge);
    // Before anybody knows who it is, much less is taken.
    let mut peer = server.dial(Version::V5);
    peer.send(&Packet::Connect(Box::new(Connect { properties: many, ..connect(Version::V5, "bomb") })));
    let answer = peer.rest();
    assert!(answer.is_empty() || answer[3] == ReasonCode::PacketTooLarge.value(), "{answer:02X?}");
    bystander.notices_nothing();
    assert!(start.elapsed() < super::wire::PATIENCE);
}

/// Packets that announce the most that the protocol has: nothing is set aside for them.
/// Shows: 5.0 MQTT-4.13.1-1
#[test]
fn lengths_that_are_announced_and_never_come() {
    let server = serve();
    let mut bystander = Bystander::new(&server);
    let mut peers: Vec<_> = (0..50)
        .map(|number| {
            let mut peer = server.peer(VERSIONS[number % 3], &format!("c{number}"));
            peer.bytes(&[0x30, 0xFF, 0xFF, 0xFF, 0x7F, 0, 1, b't']);
            peer
        })
        .collect();
    // 50 times 256 MB would not fit.
    bystander.notices_nothing();
    peers.drain(..).for_each(drop);
    server.until("they are gone", |b| b.stats().connections == 1);
    // In CONNECT it is refused at once.
    let mut peer = server.dial(Version::V5);
    peer.bytes(&[0x10, 0xFF, 0xFF, 0xFF, 0x7F]);
    assert!(peer.rest().len() <= 5);
    bystander.notices_nothing();
}
