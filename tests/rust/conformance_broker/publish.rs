//! PUBLISH and retained messages (section 3.3), and how messages expire.

use mqtt_proto::packet::{Connect, Packet, Properties, Property, Publish, QoS, RetainHandling, Subscription, Will};
use mqtt_proto::{ReasonCode, Version};

use super::wire::{
    Peer, QOS, Server, VERSIONS, connect, keeping, message, properties, retained, serve, text, user, with,
};

/// Waits a second: as long as the broker waits with a will.
fn a_second_passes(server: &Server) {
    let mut witness = server.peer(Version::V5, "clock");
    witness.subscribe("clock", QoS::AtMostOnce);
    let properties = properties([Property::WillDelayInterval(1)]);
    let (topic, payload) = ("clock".into(), "".into());
    let will = Some(Will { topic, payload, qos: QoS::AtMostOnce, retain: false, properties });
    let connect = Connect { will, ..connect(Version::V5, "ticking") };
    server.connect(with(connect, Property::SessionExpiryInterval(60))).0.vanish();
    witness.take();
    server.peer(Version::V5, "ticking").leave();
    witness.leave();
}

fn later(server: &Server, version: Version, filter: &str, qos: QoS) -> Peer {
    let mut peer = server.peer(version, "later");
    peer.subscribe(filter, qos);
    peer
}

/// Shows: 5.0 MQTT-3.3.1-5, 5.0 MQTT-3.3.1-9, 3.1.1 MQTT-3.3.1-5, 3.1.1 MQTT-3.3.1-6, 3.1.1 MQTT-3.3.1-8, 3.1 §3.3, 3.1 §2.1
#[test]
fn a_retained_message_is_kept_with_its_qos_for_later_subscribers() {
    for version in VERSIONS {
        let server = serve();
        let mut publisher = server.peer(version, "p");
        for qos in QOS {
            publisher.publish(retained(&format!("r/{}", qos.level()), "first", QoS::AtMostOnce));
            publisher.publish(retained(&format!("r/{}", qos.level()), "kept", qos));
        }
        let mut peer = later(&server, version, "r/+", QoS::ExactlyOnce);
        let mut got: Vec<_> = (0..3).map(|_| peer.take()).collect();
        got.sort_by(|a, b| a.topic.cmp(&b.topic));
        for (got, qos) in got.iter().zip(QOS) {
            assert_eq!((text(got), got.qos, got.retain, got.dup), ("kept", qos, true, false));
        }
        peer.quiet();
    }
}

/// Shows: 5.0 MQTT-3.3.1-12, 3.1.1 MQTT-3.3.1-9, 3.1 §3.3
#[test]
fn those_who_are_there_get_it_without_the_retain_flag() {
    let server = serve();
    for version in VERSIONS {
        let mut peer = later(&server, version, "t", QoS::AtLeastOnce);
        server.peer(Version::V5, "p").publish(retained("t", "x", QoS::AtLeastOnce));
        let got = peer.take();
        assert_eq!((text(&got), got.retain), ("x", false));
        server.peer(Version::V5, "p").publish(retained("t", "", QoS::AtLeastOnce));
        assert!(!peer.take().retain);
        peer.leave();
    }
}

/// Shows: 5.0 MQTT-3.3.1-13, 5.0 MQTT-3.3.1-12
#[test]
fn retain_as_published_keeps_the_flag_as_it_was() {
    let server = serve();
    let mut peer = server.peer(Version::V5, "s");
    peer.subscribe_with(Subscription { retain_as_published: true, ..Subscription::new("t", QoS::AtMostOnce) });
    let mut publisher = server.peer(Version::V5, "p");
    for retain in [true, false] {
        publisher.publish(Publish { retain, ..message("t", "x", QoS::AtLeastOnce) });
        assert_eq!(peer.take().retain, retain);
    }
    // Empty ones, too.
    publisher.publish(retained("t", "", QoS::AtLeastOnce));
    assert!(peer.take().retain);
}

/// Shows: 3.1.1 MQTT-3.3.1-7, 5.0 MQTT-3.3.1-5
#[test]
fn a_qos_0_message_replaces_what_was_retained() {
    for version in VERSIONS {
        let server = serve();
        let mut publisher = server.peer(version, "p");
        publisher.publish(retained("t", "old", QoS::ExactlyOnce));
        publisher.publish(retained("t", "new", QoS::AtMostOnce));
        publisher.quiet();
        let got = later(&server, version, "t", QoS::ExactlyOnce).take();
        assert_eq!((text(&got), got.qos), ("new", QoS::AtMostOnce));
    }
}

/// Shows: 5.0 MQTT-3.3.1-6, 5.0 MQTT-3.3.1-7, 3.1.1 MQTT-3.3.1-10, 3.1.1 MQTT-3.3.1-11, 3.1 §3.3
#[test]
fn an_empty_payload_is_delivered_clears_and_is_not_kept() {
    for version in VERSIONS {
        let server = serve();
        let mut there = server.witness("t");
        let mut publisher = server.peer(version, "p");
        publisher.publish(retained("t", "x", QoS::AtLeastOnce));
        assert_eq!(there.hear(), "x");
        publisher.publish(retained("t", "", QoS::AtLeastOnce));
        assert_eq!(there.hear(), "");
        later(&server, version, "t", QoS::AtLeastOnce).quiet();
        assert_eq!(server.broker.stats().retained_messages, 0);
    }
}

/// Shows: 5.0 MQTT-3.3.1-8, 3.1.1 MQTT-3.3.1-12
#[test]
fn without_the_retain_flag_nothing_is_kept_or_removed() {
    for version in VERSIONS {
        let server = serve();
        let mut publisher = server.peer(version, "p");
        publisher.say("never", "x", QoS::AtLeastOnce);
        publisher.publish(retained("kept", "x", QoS::AtLeastOnce));
        publisher.say("kept", "y", QoS::AtLeastOnce);
        publisher.say("kept", "", QoS::AtLeastOnce);
        let mut peer = later(&server, version, "+", QoS::AtLeastOnce);
        let got = peer.take();
        assert_eq!((&*got.topic, text(&got)), ("kept", "x"));
        peer.quiet();
    }
}

/// Shows: 5.0 MQTT-3.3.1-9, 5.0 MQTT-3.3.1-10, 5.0 MQTT-3.3.1-11, 5.0 MQTT-3.8.4-3, 5.0 MQTT-3.8.4-4
#[test]
fn retain_handling_says_when_retained_messages_are_sent() {
    let server = serve();
    server.peer(Version::V5, "p").publish(retained("t", "x", QoS::AtLeastOnce));
    let mut peer = server.peer(Version::V5, "s");
    let sent = |peer: &mut Peer, retain_handling| {
        peer.subscribe_with(Subscription { retain_handling, ..Subscription::new("t", QoS::AtLeastOnce) });
        peer.send(&Packet::PingReq);
        match peer.next() {
            Packet::PingResp => false,
            Packet::Publish(got) => {
                peer.acknowledge(&got);
                assert_eq!(peer.next(), Packet::PingResp);
                true
            }
            other => panic!("{other:?}"),
        }
    };
    assert!(!sent(&mut peer, RetainHandling::DoNotSend));
    assert!(!sent(&mut peer, RetainHandling::SendIfNew));
    assert!(sent(&mut peer, RetainHandling::Send));
    assert!(sent(&mut peer, RetainHandling::Send));
    peer.unsubscribe(&["t"]);
    assert!(sent(&mut peer, RetainHandling::SendIfNew));
    assert!(!sent(&mut peer, RetainHandling::SendIfNew));
    // A subscription of a resumed session is not new.
    let (mut kept, _) = server.connect(keeping(Version::V5, "kept"));
    assert!(sent(&mut kept, RetainHandling::SendIfNew));
    kept.leave();
    server.until_away("kept");
    let (mut kept, _) = server.connect(keeping(Version::V5, "kept"));
    assert!(!sent(&mut kept, RetainHandling::SendIfNew));
}

/// Shows: 3.1.1 MQTT-3.8.4-3, 5.0 MQTT-3.8.4-4, 3.1 §3.8
#[test]
fn subscribing_again_sends_retained_messages_again_and_loses_none() {
    for version in VERSIONS {
        let server = serve();
        let mut publisher = server.peer(version, "p");
        publisher.publish(retained("r", "kept", QoS::AtLeastOnce));
        let mut peer = server.peer(version, "s");
        for qos in [QoS::AtMostOnce, QoS::ExactlyOnce] {
            peer.subscribe("+", qos);
            let got = peer.take();
            assert_eq!((text(&got), got.qos), ("kept", qos.min(QoS::AtLeastOnce)));
            publisher.say("live", "x", QoS::ExactlyOnce);
            assert_eq!(peer.take().qos, qos);
            peer.quiet();
        }
        assert_eq!(server.broker.subscriptions().len(), 1);
    }
}

/// Shows: 5.0 MQTT-3.3.1-3, 3.1.1 MQTT-3.3.1-3
#[test]
fn dup_of_an_incoming_message_goes_no_further() {
    let server = serve();
    let mut witness = server.witness("t");
    for version in VERSIONS {
        let mut publisher = server.peer(version, "p");
        for qos in [QoS::AtLeastOnce, QoS::ExactlyOnce] {
            publisher.publish(Publish { dup: true, ..message("t", "x", qos) });
            assert!(!witness.take().dup);
        }
    }
}

/// Shows: 5.0 MQTT-2.2.1-2, 5.0 MQTT-2.2.2-1, 5.0 MQTT-3.3.1-2, 5.0 MQTT-3.3.2-1, 5.0 MQTT-4.3.1-1, 3.1.1 MQTT-2.3.1-5, 3.1.1 MQTT-3.3.1-2, 3.1.1 MQTT-3.3.2-1, 3.1.1 MQTT-4.3.1-1, 3.1 §2.2, 3.1 §4.1
#[test]
fn a_qos_0_message_has_no_identifier_and_no_dup() {
    let server = serve();
    for version in VERSIONS {
        let mut peer = server.peer(version, "s");
        peer.subscribe("t", QoS::ExactlyOnce);
        server.peer(Version::V3_1_1, "p").say("t", "x", QoS::AtMostOnce);
        let expected: &[u8] =
            if version.has_properties() { &[0x30, 5, 0, 1, b't', 0, b'x'] } else { &[0x30, 4, 0, 1, b't', b'x'] };
        peer.reads(expected);
    }
}

/// Shows: 5.0 MQTT-3.3.2-4, 5.0 MQTT-3.3.2-15, 5.0 MQTT-3.3.2-16, 5.0 MQTT-3.3.2-17, 5.0 MQTT-3.3.2-18, 5.0 MQTT-3.3.2-20
#[test]
fn properties_are_passed_on_unchanged_and_in_order() {
    let server = serve();
    let passed_on = properties([
        user("z", "1"),
        Property::ResponseTopic("answers/\u{E9}".into()),
        user("a", "2"),
        Property::PayloadFormatIndicator(0),
        user("z", "1"),
        Property::CorrelationData(vec![0, 255, 1].into()),
        Property::ContentType("text/plain".into()),
        user("", ""),
    ]);
    let (mut away, _) = server.connect(keeping(Version::V5, "away"));
    away.subscribe("t", QoS::AtLeastOnce);
    away.leave();
    server.until_away("away");
    let mut live = server.witness("t");
    let publish = Publish { properties: passed_on.clone(), ..retained("t", "x", QoS::AtLeastOnce) };
    server.peer(Version::V5, "p").publish(publish);
    assert_eq!(live.take().properties, passed_on);
    assert_eq!(later(&server, Version::V5, "t", QoS::AtMostOnce).take().properties, passed_on);
    let (mut away, _) = server.connect(keeping(Version::V5, "away"));
    assert_eq!(away.take().properties, passed_on);
    // Who speaks an older version gets the message without them.
    assert_eq!(later(&server, Version::V3_1_1, "t", QoS::AtMostOnce).take().properties, Properties::new());
}

/// Shows: 5.0 MQTT-3.3.2-5, 5.0 MQTT-3.3.2-6, 5.0 MQTT-4.3.3-7, 5.0 MQTT-4.3.3-13
#[test]
fn messages_expire_in_queue_and_store_and_those_that_remain_say_what_is_left() {
    let server = serve();
    let expiring = |topic: &str, seconds, retain| Publish {
        retain,
        properties: properties([Property::MessageExpiryInterval(seconds)]),
        ..message(topic, "x", QoS::ExactlyOnce)
    };
    // One who is away; one whose window is full; one who has the message in flight.
    let (mut away, _) = server.connect(keeping(Version::V5, "away"));
    away.subscribe("q/#", QoS::ExactlyOnce);
    away.leave();
    server.until_away("away");
    let narrow = with(keeping(Version::V5, "narrow"), Property::ReceiveMaximum(1));
    let (mut full, _) = server.connect(narrow);
    full.subscribe("q/#", QoS::ExactlyOnce);
    let mut publisher = server.peer(Version::V5, "p");
    publisher.publish(expiring("q/first", 1, false));
    let first = full.receive();
    assert_eq!(first.properties.message_expiry_interval(), Some(1));
    publisher.publish(expiring("q/short", 1, false));
    publisher.publish(expiring("q/long", 100, false));
    publisher.publish(expiring("r/short", 1, true));
    publisher.publish(expiring("r/long", 100, true));
    a_second_passes(&server);
    let left = |publish: &Publish| publish.properties.message_expiry_interval().expect("an interval");
    // The exchange that had begun goes on; what waited behind it is over.
    full.acknowledge(&first);
    let long = full.take();
    assert!(&*long.topic == "q/long" && (1..=99).contains(&left(&long)), "{long:?}");
    full.quiet();
    let (mut away, _) = server.connect(keeping(Version::V5, "away"));
    let long = away.take();
    assert!(&*long.topic == "q/long" && (1..=99).contains(&left(&long)), "{long:?}");
    away.quiet();
    let mut late = later(&server, Version::V5, "r/#", QoS::AtMostOnce);
    let long = late.take();
    assert!(&*long.topic == "r/long" && (1..=99).contains(&left(&long)), "{long:?}");
    late.quiet();
}

/// A QoS 2 message that was sent and has expired since is sent again on resumption.
/// Shows: 5.0 MQTT-4.3.3-7
#[test]
fn what_is_in_flight_does_not_expire() {
    let server = serve();
    let (mut peer, _) = server.connect(keeping(Version::V5, "c"));
    peer.subscribe("t", QoS::ExactlyOnce);
    let properties = properties([Property::MessageExpiryInterval(1)]);
    server.peer(Version::V5, "p").publish(Publish { properties, ..message("t", "x", QoS::ExactlyOnce) });
    let first = peer.receive();
    peer.vanish();
    server.until_away("c");
    a_second_passes(&server);
    let (mut peer, _) = server.connect(keeping(Version::V5, "c"));
    let again = peer.take();
    assert_eq!((again.packet_id, again.dup), (first.packet_id, true));
}

/// Shows: 5.0 MQTT-3.3.4-1, 3.1.1 MQTT-3.3.4-1, 3.1 §3.4, 3.1 §3.5, 3.1 §3.6, 3.1 §3.7, 3.1 §4.1
#[test]
fn each_qos_has_its_answer() {
    let server = serve();
    for version in VERSIONS {
        let mut peer = server.peer(version, "c");
        peer.start(message("t", "x", QoS::AtMostOnce));
        peer.quiet();
        let id = peer.start(message("t", "x", QoS::AtLeastOnce));
        assert!(!peer.puback(id).is_error());
        let id = peer.start(message("t", "x", QoS::ExactlyOnce));
        assert!(!peer.pubrec(id).is_error());
        peer.quiet();
        peer.release(id);
        peer.quiet();
    }
}

/// Nobody may write what the broker says about itself: MQTT 5 is told, MQTT 3 sees an acknowledgement.
/// Shows: 3.1.1 MQTT-3.3.5-2, 5.0 MQTT-3.4.2-1, 5.0 MQTT-3.5.2-1
#[test]
fn a_refused_message_is_acknowledged() {
    let server = serve();
    let mut witness = server.witness("$SYS/#");
    for version in VERSIONS {
        let mut peer = server.peer(version, "c");
        for qos in [QoS::AtLeastOnce, QoS::ExactlyOnce] {
            let reason = peer.publish(message("$SYS/broker/version", "mine", qos));
            assert_eq!(reason == ReasonCode::NotAuthorized, version.has_properties());
        }
        peer.start(message("$SYS/broker/version", "mine", QoS::AtMostOnce));
        peer.quiet();
        witness.quiet();
    }
}

/// What could not be handled is no acknowledged message: MQTT 5 is told, the connection of MQTT 3 ends.
/// Shows: 3.1.1 MQTT-4.8.0-2, 5.0 MQTT-3.4.2-1, 5.0 MQTT-3.5.2-1
#[test]
fn a_transient_error_closes_the_connection_of_mqtt_3() {
    let server = super::wire::serve_with(|config| config.limits.retained_messages = 1);
    let mut witness = server.witness("full");
    server.peer(Version::V5, "first").publish(retained("first", "x", QoS::AtLeastOnce));
    for version in VERSIONS {
        for qos in [QoS::AtLeastOnce, QoS::ExactlyOnce] {
            let mut peer = server.peer(version, "p");
            if version.has_properties() {
                assert_eq!(peer.publish(retained("full", "x", qos)), ReasonCode::QuotaExceeded);
            } else {
                peer.start(retained("full", "x", qos));
                peer.closed();
            }
            witness.quiet();
        }
    }
}
