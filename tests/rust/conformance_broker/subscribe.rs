//! SUBSCRIBE, UNSUBSCRIBE and what filters match (sections 3.8 to 3.11, 4.7).

use mqtt_proto::packet::{Packet, PacketId, Properties, Property, Publish, QoS, Subscribe, Subscription, Unsubscribe};
use mqtt_proto::{ReasonCode, Version};

use super::wire::{
    Peer, QOS, VERSIONS, id, keeping, message, properties, retained, serve, serve_with, text, user, with,
};

fn three(qos: [QoS; 3]) -> Vec<Subscription> {
    qos.into_iter().enumerate().map(|(at, qos)| Subscription::new(format!("f/{at}"), qos)).collect()
}

/// Shows: 5.0 MQTT-2.2.1-6, 5.0 MQTT-3.8.4-1, 5.0 MQTT-3.8.4-2, 5.0 MQTT-3.8.4-5, 5.0 MQTT-3.8.4-6, 5.0 MQTT-3.8.4-7, 5.0 MQTT-3.9.3-1, 3.1.1 MQTT-2.3.1-7, 3.1.1 MQTT-3.8.4-1, 3.1.1 MQTT-3.8.4-2, 3.1.1 MQTT-3.8.4-4, 3.1.1 MQTT-3.8.4-5, 3.1.1 MQTT-3.9.3-1, 3.1 §3.8, 3.1 §3.9, 3.1 §2.4
#[test]
fn suback_has_the_identifier_and_one_code_per_filter_in_order() {
    let server = serve();
    for version in VERSIONS {
        let mut peer = server.peer(version, "c");
        for packet_id in [1, 2, 255, 256, 65535] {
            let subscriptions = three([QoS::ExactlyOnce, QoS::AtMostOnce, QoS::AtLeastOnce]);
            let packet_id = id(packet_id);
            peer.send(&Packet::Subscribe(Subscribe { packet_id, subscriptions, properties: Properties::new() }));
            let Packet::SubAck(ack) = peer.next() else { panic!("SUBACK") };
            assert_eq!(ack.packet_id, packet_id);
            let expected = [ReasonCode::GrantedQoS2, ReasonCode::Success, ReasonCode::GrantedQoS1];
            assert_eq!(ack.reasons, expected);
        }
        // Each of them counts.
        for at in 0..3 {
            peer.say(&format!("f/{at}"), "x", QoS::AtMostOnce);
            assert_eq!(&*peer.take().topic, format!("f/{at}"));
        }
        assert_eq!(server.broker.subscriptions().len(), 3);
        peer.leave();
        server.until_forgotten("c");
    }
}

/// Shows: 5.0 MQTT-3.8.4-7, 5.0 MQTT-3.9.3-2, 5.0 MQTT-3.9.3-1, 3.1.1 MQTT-3.9.3-2, 3.1.1 MQTT-3.9.3-1
#[test]
fn a_filter_that_is_refused_has_a_code_of_its_own() {
    let server = serve_with(|config| config.limits.subscriptions_per_client = 2);
    for (version, code) in [(Version::V3_1_1, 0x80), (Version::V5, 0x97)] {
        let mut peer = server.peer(version, "c");
        let subscriptions = three([QoS::ExactlyOnce, QoS::AtMostOnce, QoS::AtLeastOnce]);
        let ack = peer.subscribe_all(&subscriptions, Properties::new());
        let wire = ack.reasons.iter().map(|reason| if reason.is_error() { code } else { reason.value() });
        assert_eq!(wire.collect::<Vec<_>>(), [2, 0, code]);
        assert!(code == 0x80 || ack.reasons[2] == ReasonCode::QuotaExceeded);
        // A replacement is no new one.
        peer.subscribe("f/1", QoS::ExactlyOnce);
        peer.leave();
        server.until_forgotten("c");
    }
}

/// Shows: 5.0 MQTT-3.8.4-3, 3.1.1 MQTT-3.8.4-3, 3.1 §3.8
#[test]
fn the_same_filter_again_replaces_the_subscription() {
    let server = serve();
    for version in VERSIONS {
        let mut peer = server.peer(version, "c");
        for qos in [QoS::AtMostOnce, QoS::ExactlyOnce, QoS::AtLeastOnce] {
            peer.subscribe("a/+", qos);
            peer.start(message("a/b", "x", QoS::AtMostOnce));
            assert_eq!(peer.hear(), "x");
            peer.quiet();
            assert_eq!(server.broker.subscriptions()[0].subscription.qos, qos);
        }
        assert_eq!(server.broker.subscriptions().len(), 1);
        peer.leave();
        server.until_forgotten("c");
    }
    // The identifier is replaced with it.
    let mut peer = server.peer(Version::V5, "c");
    for (identifier, expected) in [(5, vec![5]), (0, vec![]), (6, vec![6])] {
        if identifier == 0 {
            peer.subscribe("t", QoS::AtMostOnce);
        } else {
            peer.subscribe_as("t", QoS::AtMostOnce, identifier);
        }
        peer.start(message("t", "x", QoS::AtMostOnce));
        assert_eq!(peer.take().properties.subscription_identifiers().collect::<Vec<_>>(), expected);
    }
}

/// Shows: 5.0 MQTT-3.8.4-8, 3.1.1 MQTT-3.8.4-6, 3.1 §4.1
#[test]
fn a_message_goes_out_with_the_lower_of_both_qos() {
    let server = serve();
    let mut publisher = server.peer(Version::V5, "p");
    for version in VERSIONS {
        for granted in QOS {
            let mut peer = server.peer(version, "c");
            peer.subscribe("t", granted);
            for published in QOS {
                publisher.say("t", "x", published);
                assert_eq!(peer.take().qos, granted.min(published));
            }
        }
    }
}

/// Shows: 5.0 MQTT-3.3.4-2, 5.0 MQTT-3.3.4-3, 5.0 MQTT-3.3.4-4, 5.0 MQTT-3.3.4-5, 3.1.1 MQTT-3.3.5-1
#[test]
fn overlapping_subscriptions_get_one_copy_with_the_highest_qos_and_all_identifiers() {
    let server = serve();
    for version in VERSIONS {
        let mut peer = server.peer(version, "c");
        peer.subscribe("a/#", QoS::AtMostOnce);
        peer.subscribe("a/+", QoS::ExactlyOnce);
        peer.subscribe("a/b", QoS::AtLeastOnce);
        server.peer(Version::V5, "p").say("a/b", "x", QoS::ExactlyOnce);
        assert_eq!(peer.take().qos, QoS::ExactlyOnce);
        peer.quiet();
        peer.leave();
    }
    let mut peer = server.peer(Version::V5, "c");
    peer.subscribe_as("a/#", QoS::AtMostOnce, 1);
    peer.subscribe_as("a/+", QoS::AtMostOnce, 268_435_455);
    peer.subscribe_as("+/b", QoS::AtMostOnce, 1);
    peer.subscribe("a/b", QoS::AtMostOnce);
    server.peer(Version::V5, "p").say("a/b", "x", QoS::AtMostOnce);
    let mut identifiers: Vec<u32> = peer.take().properties.subscription_identifiers().collect();
    identifiers.sort_unstable();
    // Two subscriptions may share a number; it may stand twice (section 3.3.4).
    identifiers.dedup();
    assert_eq!(identifiers, [1, 268_435_455]);
    peer.quiet();
}

/// A retained message carries the identifier of the subscription that asked for it.
/// Shows: 5.0 MQTT-3.3.4-3
#[test]
fn retained_messages_carry_the_identifier() {
    let server = serve();
    server.peer(Version::V5, "p").publish(retained("a/b", "x", QoS::AtLeastOnce));
    let mut peer = server.peer(Version::V5, "c");
    let properties = properties([user("ignored", "x"), Property::SubscriptionIdentifier(77)]);
    peer.subscribe_all(&[Subscription::new("a/+", QoS::AtMostOnce)], properties);
    assert_eq!(peer.take().properties.subscription_identifiers().collect::<Vec<_>>(), [77]);
}

/// Shows: 5.0 MQTT-3.8.3-3
#[test]
fn no_local_keeps_own_messages_away() {
    let server = serve();
    let mut own = server.peer(Version::V5, "own");
    own.subscribe_with(Subscription { no_local: true, ..Subscription::new("t/#", QoS::ExactlyOnce) });
    let mut other = server.peer(Version::V5, "other");
    other.subscribe_with(Subscription { no_local: true, ..Subscription::new("t/#", QoS::ExactlyOnce) });
    for qos in QOS {
        own.say("t/a", "mine", qos);
        own.quiet();
        assert_eq!(other.hear(), "mine");
    }
    // The same client on a later connection, while the subscription was kept.
    let (mut kept, _) = server.connect(keeping(Version::V5, "kept"));
    kept.subscribe_with(Subscription { no_local: true, ..Subscription::new("k", QoS::ExactlyOnce) });
    kept.leave();
    server.until_away("kept");
    let (mut kept, _) = server.connect(keeping(Version::V5, "kept"));
    kept.say("k", "mine", QoS::AtLeastOnce);
    kept.quiet();
    other.say("k", "yours", QoS::AtLeastOnce);
    assert_eq!(kept.hear(), "yours");
}

/// A client with no local that subscribes to what it has retained itself does not get it back either.
/// Shows: 5.0 MQTT-3.8.3-3
#[test]
fn no_local_keeps_own_retained_messages_away() {
    let server = serve();
    let mut own = server.peer(Version::V5, "own");
    own.publish(retained("t", "mine", QoS::AtLeastOnce));
    own.subscribe_with(Subscription { no_local: true, ..Subscription::new("t", QoS::AtLeastOnce) });
    own.quiet();
    server.peer(Version::V5, "other").publish(retained("t", "yours", QoS::AtLeastOnce));
    assert_eq!(own.hear(), "yours");
    own.subscribe_with(Subscription { no_local: true, ..Subscription::new("t", QoS::AtLeastOnce) });
    assert_eq!(own.hear(), "yours");
}

/// Shows: 5.0 MQTT-3.10.4-1, 5.0 MQTT-3.10.4-2, 5.0 MQTT-3.10.4-4, 5.0 MQTT-3.10.4-5, 5.0 MQTT-3.10.4-6, 5.0 MQTT-3.11.3-1, 5.0 MQTT-3.11.3-2, 5.0 MQTT-2.2.1-6, 3.1.1 MQTT-3.10.4-1, 3.1.1 MQTT-3.10.4-2, 3.1.1 MQTT-3.10.4-4, 3.1.1 MQTT-3.10.4-5, 3.1.1 MQTT-3.10.4-6, 3.1.1 MQTT-2.3.1-7, 3.1 §3.10, 3.1 §3.11
#[test]
fn unsubscribe_ends_exactly_the_filters_that_it_names() {
    let server = serve();
    for version in VERSIONS {
        let mut peer = server.peer(version, "c");
        for filter in ["a/b", "a/+", "c"] {
            peer.subscribe(filter, QoS::AtMostOnce);
        }
        // What matches the same topics is not the same.
        let nothing = if version.has_properties() { vec![ReasonCode::NoSubscriptionExisted; 3] } else { vec![] };
        assert_eq!(peer.unsubscribe(&["#", "a/#", "A/B"]), nothing);
        assert_eq!(server.broker.subscriptions().len(), 3);
        let codes = peer.unsubscribe(&["a/+", "none", "a/b"]);
        if version.has_properties() {
            assert_eq!(codes, [ReasonCode::Success, ReasonCode::NoSubscriptionExisted, ReasonCode::Success]);
        }
        peer.say("a/b", "x", QoS::AtMostOnce);
        peer.quiet();
        peer.say("c", "x", QoS::AtMostOnce);
        assert_eq!(peer.hear(), "x");
        // UNSUBACK repeats whatever identifier it was.
        for number in [1, 300, 65535] {
            let packet_id = id(number);
            let filters = vec!["none".into()];
            peer.send(&Packet::Unsubscribe(Unsubscribe { packet_id, filters, properties: Properties::new() }));
            assert!(matches!(peer.next(), Packet::UnsubAck(ack) if ack.packet_id == packet_id));
        }
        peer.leave();
        server.until_forgotten("c");
    }
}

/// Shows: 5.0 MQTT-3.10.4-3, 3.1.1 MQTT-3.10.4-3, 3.1 §3.10
#[test]
fn deliveries_that_have_begun_are_finished_after_unsubscribe() {
    let server = serve();
    for version in VERSIONS {
        let (mut peer, _) = server.connect(keeping(version, "c"));
        peer.subscribe("t", QoS::ExactlyOnce);
        let mut publisher = server.peer(version, "p");
        publisher.say("t", "one", QoS::AtLeastOnce);
        publisher.say("t", "two", QoS::ExactlyOnce);
        let (one, two) = (peer.receive(), peer.receive());
        let packet_id = peer.fresh_id();
        let filters = vec!["t".into()];
        peer.send(&Packet::Unsubscribe(Unsubscribe { packet_id, filters, properties: Properties::new() }));
        assert!(matches!(peer.next(), Packet::UnsubAck(_)));
        peer.vanish();
        server.until_away("c");
        let (mut peer, _) = server.connect(keeping(version, "c"));
        for expected in [one, two] {
            let again = peer.take();
            assert_eq!((again.packet_id, text(&again), again.dup), (expected.packet_id, text(&expected), true));
        }
        peer.quiet();
        peer.leave();
        server.peer(version, "c").leave();
    }
}

/// Which of these filters get a message to this topic.
fn matching(peers: &mut [(Peer, &'static str)], publisher: &mut Peer, topic: &str) -> Vec<&'static str> {
    publisher.say(topic, "x", QoS::AtLeastOnce);
    let mut got = Vec::new();
    for (peer, filter) in peers {
        peer.send(&Packet::PingReq);
        if let Packet::Publish(publish) = peer.next() {
            assert_eq!(&*publish.topic, topic);
            got.push(*filter);
            assert_eq!(peer.next(), Packet::PingResp);
        }
    }
    got
}

/// Shows: 5.0 MQTT-3.3.2-3, 5.0 MQTT-4.7.3-4, 5.0 MQTT-4.7.2-1, 3.1.1 MQTT-3.3.2-3, 3.1.1 MQTT-4.7.2-1, 3.1.1 MQTT-4.7.3-4, 3.1 Appendix A
#[test]
fn filters_match_as_section_4_7_says() {
    let filters = ["#", "+", "+/+", "/+", "a/#", "a/+", "a/b", "A/b", "+/b/#", "a//b", "a/+/b", "$x/#", "$x/+", "/a"];
    for version in VERSIONS {
        let server = serve();
        let mut peers = Vec::new();
        for filter in filters {
            let mut peer = server.peer(version, &format!("c{}", peers.len()));
            peer.subscribe(filter, QoS::AtMostOnce);
            peers.push((peer, filter));
        }
        let mut publisher = server.peer(version, "p");
        let mut gets = |topic, expected: &[&str]| {
            assert_eq!(matching(&mut peers, &mut publisher, topic), expected, "{topic}");
        };
        gets("a", &["#", "+", "a/#"]);
        gets("a/b", &["#", "+/+", "a/#", "a/+", "a/b", "+/b/#"]);
        gets("A/b", &["#", "+/+", "A/b", "+/b/#"]);
        gets("a/b ", &["#", "+/+", "a/#", "a/+"]);
        gets("/a", &["#", "+/+", "/+", "/a"]);
        gets("a/", &["#", "+/+", "a/#", "a/+"]);
        gets("a//b", &["#", "a/#", "a//b", "a/+/b"]);
        gets("x/b/c/d", &["#", "+/b/#"]);
        gets("/", &["#", "+/+", "/+"]);
        // Filters that begin with a wildcard leave topics that begin with $ alone.
        gets("$x/a", &["$x/#", "$x/+"]);
        gets("$x", &["$x/#"]);
        gets("$y/b", &[]);
        gets("a/$x", &["#", "+/+", "a/#", "a/+"]);
    }
}

/// Shows: 5.0 MQTT-4.7.2-1, 3.1.1 MQTT-4.7.2-1
#[test]
fn retained_topics_of_the_broker_come_on_request_only() {
    let server = serve_with(|config| config.sys_interval = std::time::Duration::from_secs(60));
    server.until("it has spoken", |b| b.stats().retained_messages > 20);
    let mut peer = server.peer(Version::V5, "c");
    peer.subscribe("#", QoS::AtMostOnce);
    peer.subscribe("+/broker/version", QoS::AtMostOnce);
    peer.quiet();
    peer.subscribe("$SYS/broker/version", QoS::AtMostOnce);
    assert!(text(&peer.take()).starts_with("mqtt version"));
}

/// Shows: 5.0 MQTT-4.5.0-1, 3.1.1 MQTT-4.5.0-1
#[test]
fn a_message_goes_to_every_matching_session() {
    let server = serve_with(|config| config.shards = 2);
    let filters = ["t/1", "t/+", "#", "+/1"];
    let mut peers = Vec::new();
    for at in 0..12 {
        let (mut peer, _) = server.connect(keeping(VERSIONS[at % 3], &format!("c{at}")));
        peer.subscribe(filters[at % 4], QoS::AtLeastOnce);
        if at % 2 == 0 {
            peers.push(peer);
        } else {
            peer.leave();
            server.until_away(&format!("c{at}"));
        }
    }
    server.peer(Version::V5, "p").say("t/1", "all", QoS::AtLeastOnce);
    peers.iter_mut().for_each(|peer| assert_eq!(peer.hear(), "all"));
    for at in (1..12).step_by(2) {
        server.until("it is queued", |b| b.client(&format!("c{at}")).is_some_and(|client| client.queued == 1));
        assert_eq!(server.connect(keeping(VERSIONS[at % 3], &format!("c{at}"))).0.hear(), "all");
    }
}

/// Nothing that the broker answers is larger than the client takes, whatever is answered.
/// Shows: 5.0 MQTT-3.1.2-24, 5.0 MQTT-3.4.2-2, 5.0 MQTT-3.4.2-3, 5.0 MQTT-3.5.2-2, 5.0 MQTT-3.5.2-3, 5.0 MQTT-3.6.2-2, 5.0 MQTT-3.6.2-3, 5.0 MQTT-3.7.2-2, 5.0 MQTT-3.7.2-3, 5.0 MQTT-3.9.2-1, 5.0 MQTT-3.9.2-2, 5.0 MQTT-3.11.2-1, 5.0 MQTT-3.11.2-2, 5.0 MQTT-3.14.2-3, 5.0 MQTT-3.14.2-4
#[test]
fn no_answer_is_larger_than_the_client_takes() {
    let server = serve_with(|config| {
        config.link.receive_maximum = u16::MAX;
        config.link.topic_alias_maximum = 0;
    });
    let narrow = with(super::wire::connect(Version::V5, "c"), Property::MaximumPacketSize(8));
    let (mut peer, _) = server.connect(narrow);
    peer.subscribe("t", QoS::ExactlyOnce);
    assert_eq!(peer.publish(message("u", "x", QoS::AtLeastOnce)), ReasonCode::NoMatchingSubscribers);
    assert_eq!(peer.publish(message("$SYS/x", "x", QoS::ExactlyOnce)), ReasonCode::NotAuthorized);
    peer.send(&Packet::PubRel(mqtt_proto::packet::Ack::success(id(999))));
    let Packet::PubComp(ack) = peer.next() else { panic!("PUBCOMP") };
    assert_eq!((ack.packet_id, ack.reason), (id(999), ReasonCode::PacketIdentifierNotFound));
    peer.say("t", "", QoS::AtMostOnce);
    peer.take();
    let unknown = PacketId::new(4711).expect("not 0");
    peer.send(&Packet::PubRec(mqtt_proto::packet::Ack::success(unknown)));
    assert!(matches!(peer.next(), Packet::PubRel(ack) if ack.packet_id == unknown));
    assert_eq!(peer.unsubscribe(&["t"]), [ReasonCode::Success]);
    // Four codes have no room.
    let mut subscriptions = three(QOS);
    subscriptions.push(Subscription::new("f/3", QoS::AtMostOnce));
    peer.send(&Packet::Subscribe(Subscribe { packet_id: id(7), subscriptions, properties: Properties::new() }));
    peer.ended(ReasonCode::PacketTooLarge);
}

/// Shows: 5.0 MQTT-3.1.2-24, 5.0 MQTT-3.1.2-25
#[test]
fn a_message_that_is_too_large_for_its_receiver_is_dropped_and_nothing_else() {
    let server = serve();
    let large = "x".repeat(200);
    let narrow = with(keeping(Version::V5, "narrow"), Property::MaximumPacketSize(100));
    let (mut peer, _) = server.connect(narrow.clone());
    peer.subscribe("t", QoS::ExactlyOnce);
    let mut wide = server.witness("t");
    let mut publisher = server.peer(Version::V5, "p");
    for qos in QOS {
        publisher.say("t", &large, qos);
        publisher.say("t", "small", qos);
        assert_eq!(peer.hear(), "small");
        for expected in [wide.receive(), wide.receive()].iter().zip([&*large, "small"]) {
            assert_eq!(text(expected.0), expected.1);
            wide.acknowledge(expected.0);
        }
    }
    peer.quiet();
    // From the queue, and of what was in flight when the client took more.
    peer.leave();
    server.until_away("narrow");
    let (mut peer, _) = server.connect(keeping(Version::V5, "narrow"));
    publisher.say("t", &large, QoS::AtLeastOnce);
    assert_eq!(text(&peer.receive()), large);
    peer.vanish();
    server.until_away("narrow");
    publisher.say("t", &large, QoS::ExactlyOnce);
    publisher.say("t", "small", QoS::ExactlyOnce);
    let (mut peer, _) = server.connect(narrow);
    assert_eq!(peer.hear(), "small");
    peer.quiet();
    // Properties count; for a receiver that sees none the same message is small enough.
    let properties = properties([user("a", &large)]);
    publisher.publish(Publish { properties, ..message("t", "small", QoS::AtLeastOnce) });
    peer.quiet();
    publisher.publish(retained("t", &large, QoS::AtLeastOnce));
    peer.subscribe("t", QoS::ExactlyOnce);
    peer.quiet();
}
