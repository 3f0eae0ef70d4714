//! Session state: clean start, resumption, expiry, take-over (sections 3.1.2.4, 3.1.2.11.2, 3.1.4, 4.1).

use mqtt_proto::packet::{Connect, Disconnect, Properties, Property, QoS, Subscription};
use mqtt_proto::{ReasonCode, Version};

use super::wire::{VERSIONS, connect, keeping, message, retained, serve, serve_with, text, with};

/// Shows: 5.0 MQTT-3.1.2-5, 5.0 MQTT-3.1.2-6, 5.0 MQTT-3.1.2-23, 5.0 MQTT-3.1.4-4, 5.0 MQTT-3.2.2-3, 5.0 MQTT-4.1.0-1, 3.1.1 MQTT-3.1.2-4, 3.1.1 MQTT-3.1.2-5, 3.1.1 MQTT-3.1.4-3, 3.1.1 MQTT-3.2.2-2, 3.1.1 MQTT-3.2.2-3, 3.1.1 MQTT-4.1.0-1, 3.1 §3.1
#[test]
fn a_kept_session_is_resumed_with_subscriptions_and_messages() {
    for version in VERSIONS {
        let server = serve();
        let (mut peer, ack) = server.connect(keeping(version, "kept"));
        assert!(!ack.session_present);
        peer.subscribe("t/#", QoS::ExactlyOnce);
        peer.leave();
        server.until_away("kept");
        let mut publisher = server.peer(Version::V5, "p");
        publisher.say("t/1", "one", QoS::AtLeastOnce);
        publisher.say("t/2", "two", QoS::ExactlyOnce);
        let (mut peer, ack) = server.connect(keeping(version, "kept"));
        assert_eq!(ack.session_present, version.has_session_present());
        let (one, two) = (peer.take(), peer.take());
        assert_eq!((text(&one), one.qos, one.dup), ("one", QoS::AtLeastOnce, false));
        assert_eq!((text(&two), two.qos, two.dup), ("two", QoS::ExactlyOnce, false));
        publisher.say("t/3", "three", QoS::AtMostOnce);
        assert_eq!(peer.hear(), "three");
        peer.quiet();
    }
}

/// Shows: 5.0 MQTT-3.1.2-4, 5.0 MQTT-3.2.2-2, 5.0 MQTT-3.1.4-4, 3.1.1 MQTT-3.1.2-6, 3.1.1 MQTT-3.2.2-1, 3.1.1 MQTT-3.1.4-3, 3.1 §3.1
#[test]
fn a_clean_start_drops_what_was_kept() {
    for version in VERSIONS {
        let server = serve();
        let (mut peer, _) = server.connect(keeping(version, "c"));
        peer.subscribe("t", QoS::AtLeastOnce);
        peer.leave();
        server.until_away("c");
        let mut publisher = server.peer(Version::V5, "p");
        publisher.say("t", "old", QoS::AtLeastOnce);
        let (mut peer, ack) = server.connect(connect(version, "c"));
        assert!(!ack.session_present);
        publisher.say("t", "new", QoS::AtLeastOnce);
        peer.quiet();
        assert!(server.broker.subscriptions().is_empty());
        // And nothing of it comes back.
        peer.leave();
        let (mut peer, ack) = server.connect(keeping(version, "c"));
        assert!(!ack.session_present);
        peer.quiet();
    }
}

/// Shows: 3.1.1 MQTT-3.1.2-6, 3.1.1 MQTT-4.1.0-2, 5.0 MQTT-4.1.0-2
#[test]
fn a_session_that_is_not_kept_ends_with_its_connection() {
    let server = serve();
    for version in VERSIONS {
        for politely in [true, false] {
            let mut peer = server.peer(version, "c");
            peer.subscribe("t", QoS::AtLeastOnce);
            if politely {
                peer.leave()
            } else {
                peer.vanish()
            }
            server.until_forgotten("c");
            let (peer, ack) = server.connect(Connect { clean_start: false, ..connect(version, "c") });
            assert!(!ack.session_present);
            assert!(server.broker.subscriptions().is_empty());
            drop(peer);
            server.until("it is gone", |b| b.stats().clients_connected == 0);
            server.peer(version, "c").leave();
            server.until_forgotten("c");
        }
    }
}

/// Shows: 5.0 MQTT-4.1.0-1, 3.1.1 MQTT-4.1.0-2
#[test]
fn a_session_is_not_dropped_while_it_is_connected() {
    let server = serve();
    let mut kept = server.connect(with(connect(Version::V5, "c"), Property::SessionExpiryInterval(1))).0;
    kept.subscribe("t", QoS::AtLeastOnce);
    // Another session with the same interval, away, expires; this one does not.
    server.connect(with(connect(Version::V5, "d"), Property::SessionExpiryInterval(1))).0.vanish();
    server.until_forgotten("d");
    server.peer(Version::V5, "p").say("t", "x", QoS::AtLeastOnce);
    assert_eq!(kept.hear(), "x");
}

/// Shows: 5.0 MQTT-4.1.0-2, 5.0 MQTT-3.1.2-23
#[test]
fn a_session_is_dropped_when_its_time_is_over() {
    let server = serve();
    let short = with(Connect { clean_start: false, ..connect(Version::V5, "c") }, Property::SessionExpiryInterval(1));
    let mut peer = server.connect(short.clone()).0;
    peer.subscribe("t", QoS::AtLeastOnce);
    peer.vanish();
    server.until_forgotten("c");
    server.peer(Version::V5, "p").say("t", "late", QoS::AtLeastOnce);
    let (mut peer, ack) = server.connect(short);
    assert!(!ack.session_present);
    peer.quiet();
}

/// Shows: 5.0 MQTT-3.1.2-23
#[test]
fn disconnect_changes_how_long_the_session_is_kept() {
    let server = serve();
    let leave = |peer: super::wire::Peer, seconds| {
        let mut disconnect = Disconnect::new(ReasonCode::Success);
        disconnect.properties.push(Property::SessionExpiryInterval(seconds));
        peer.leave_with(disconnect);
    };
    // To 0, to longer, for ever.
    leave(server.connect(keeping(Version::V5, "c")).0, 0);
    server.until_forgotten("c");
    let peer = server.connect(with(connect(Version::V5, "c"), Property::SessionExpiryInterval(1))).0;
    leave(peer, u32::MAX);
    server.until_away("c");
    assert_eq!(server.broker.client("c").expect("it is kept").session_expiry, u32::MAX);
    // From 0 it may not be raised (section 3.14.2.2.2).
    let mut peer = server.peer(Version::V5, "d");
    let mut disconnect = Disconnect::new(ReasonCode::Success);
    disconnect.properties.push(Property::SessionExpiryInterval(10));
    peer.send(&mqtt_proto::packet::Packet::Disconnect(disconnect));
    peer.ended(ReasonCode::ProtocolError);
    server.until_forgotten("d");
}

/// CONNECT says how long the session is kept from then on, also where it is resumed.
/// Shows: 5.0 MQTT-3.1.2-23
#[test]
fn a_resumed_session_is_kept_as_long_as_the_latest_connect_says() {
    let server = serve();
    server.connect(keeping(Version::V5, "c")).0.leave();
    server.until_away("c");
    let (peer, ack) = server.connect(Connect { clean_start: false, ..connect(Version::V5, "c") });
    assert!(ack.session_present);
    peer.leave();
    server.until_forgotten("c");
}

/// Shows: 5.0 MQTT-3.1.4-3, 5.0 MQTT-3.14.2-2, 3.1.1 MQTT-3.1.4-2, 3.1 §3.1
#[test]
fn a_second_connection_of_a_client_closes_the_first() {
    let server = serve();
    for version in VERSIONS {
        for kept in [false, true] {
            let connect = if kept { keeping(version, "same") } else { connect(version, "same") };
            let (mut old, _) = server.connect(connect.clone());
            old.subscribe("t", QoS::AtLeastOnce);
            let (mut new, ack) = server.connect(connect);
            assert_eq!(ack.session_present, kept && version.has_session_present());
            old.ended(ReasonCode::SessionTakenOver);
            server.peer(Version::V5, "p").publish(message("t", "x", QoS::AtLeastOnce));
            if kept {
                assert_eq!(new.hear(), "x");
            }
            new.quiet();
            new.leave();
            server.peer(version, "same").leave();
        }
    }
}

/// A take-over is atomic: what the old connection had not acknowledged goes to the new one.
/// Shows: 5.0 MQTT-3.1.4-3, 5.0 MQTT-4.4.0-1, 3.1.1 MQTT-4.4.0-1
#[test]
fn a_take_over_hands_on_what_was_not_acknowledged() {
    let server = serve();
    for version in VERSIONS {
        let (mut old, _) = server.connect(keeping(version, "same"));
        old.subscribe("t", QoS::AtLeastOnce);
        server.peer(Version::V5, "p").say("t", "x", QoS::AtLeastOnce);
        let first = old.receive();
        let (mut new, _) = server.connect(keeping(version, "same"));
        let second = new.take();
        assert_eq!((second.packet_id, second.dup, text(&second)), (first.packet_id, true, "x"));
        new.leave();
        server.peer(version, "same").leave();
    }
}

/// Shows: 3.1.1 MQTT-3.1.2-7
#[test]
fn retained_messages_outlive_the_session_of_their_publisher() {
    let server = serve();
    for version in VERSIONS {
        let mut publisher = server.peer(version, "p");
        publisher.publish(retained("t", "still here", QoS::AtLeastOnce));
        publisher.leave();
        server.until_forgotten("p");
        let mut peer = server.peer(version, "s");
        peer.subscribe("t", QoS::AtMostOnce);
        assert_eq!(peer.hear(), "still here");
    }
}

/// A subscription of MQTT 5 with its options and identifier is part of the session.
/// Shows: 5.0 MQTT-3.1.2-5
#[test]
fn options_and_identifiers_of_subscriptions_are_resumed() {
    let server = serve();
    let (mut peer, _) = server.connect(keeping(Version::V5, "c"));
    let subscription =
        Subscription { no_local: true, retain_as_published: true, ..Subscription::new("t", QoS::AtLeastOnce) };
    peer.subscribe_all(&[subscription], super::wire::properties([Property::SubscriptionIdentifier(7)]));
    peer.leave();
    server.until_away("c");
    let mut publisher = server.peer(Version::V5, "p");
    publisher.publish(retained("t", "queued", QoS::AtLeastOnce));
    let (mut peer, _) = server.connect(keeping(Version::V5, "c"));
    publisher.publish(retained("t", "live", QoS::AtLeastOnce));
    for expected in ["queued", "live"] {
        let got = peer.take();
        let identifiers: Vec<u32> = got.properties.subscription_identifiers().collect();
        assert_eq!((text(&got), got.retain, identifiers), (expected, true, vec![7]));
    }
    peer.publish(message("t", "own", QoS::AtLeastOnce));
    peer.quiet();
}

/// A slow client leaves while retained messages still wait for its window: they are its session's.
/// Shows: 5.0 MQTT-3.3.1-9, 3.1.1 MQTT-3.3.1-6, 3.1.1 MQTT-4.1.0-1, 5.0 MQTT-4.5.0-1
#[test]
fn retained_messages_that_wait_for_the_window_outlive_the_connection() {
    let server = serve_with(|config| config.link.send_maximum = 3);
    let mut publisher = server.peer(Version::V5, "p");
    for number in 0..10 {
        publisher.publish(retained(&format!("r/{number}"), "x", QoS::AtLeastOnce));
    }
    for version in VERSIONS {
        let (mut peer, _) = server.connect(keeping(version, "slow"));
        peer.subscribe("r/+", QoS::AtLeastOnce);
        let mut topics: Vec<String> = (0..3).map(|_| peer.receive().topic.to_string()).collect();
        peer.quiet();
        peer.vanish();
        server.until_away("slow");
        let (mut peer, _) = server.connect(keeping(version, "slow"));
        for again in topics.clone() {
            let got = peer.take();
            assert!(got.dup && *got.topic == *again);
        }
        for _ in 0..7 {
            let got = peer.take();
            assert!(got.retain && !got.dup);
            topics.push(got.topic.to_string());
        }
        topics.sort();
        topics.dedup();
        assert_eq!(topics.len(), 10);
        peer.quiet();
        peer.leave();
        server.peer(version, "slow").leave();
    }
}

/// A server that shuts down says so; nothing in its DISCONNECT speaks of the session.
/// Shows: 5.0 MQTT-3.14.2-2, 5.0 MQTT-3.14.4-1, 5.0 MQTT-3.14.4-2
#[test]
fn a_broker_that_stops_says_so() {
    let server = serve();
    let mut peers = VERSIONS.map(|version| server.connect(keeping(version, version.name())).0);
    server.broker.stop(std::time::Duration::from_secs(5));
    peers.iter_mut().for_each(|peer| peer.ended(ReasonCode::ServerShuttingDown));
}

/// The program around the broker may end a connection.
/// Shows: 5.0 MQTT-3.14.4-2
#[test]
fn an_administrator_s_reason_is_told() {
    let server = serve();
    for version in VERSIONS {
        let mut peer = server.peer(version, "c");
        assert!(server.broker.disconnect("c", ReasonCode::AdministrativeAction));
        peer.ended(ReasonCode::AdministrativeAction);
    }
}

/// A session that began in one version is the client's in another, too.
/// Shows: 5.0 MQTT-3.1.3-2, 3.1.1 MQTT-3.1.3-2
#[test]
fn a_session_is_found_by_its_identifier_alone() {
    let server = serve();
    let (mut peer, _) = server.connect(keeping(Version::V3_1_1, "c"));
    let ack = peer.subscribe_all(&[Subscription::new("t", QoS::AtLeastOnce)], Properties::new());
    assert_eq!(ack.reasons.len(), 1);
    peer.leave();
    server.until_away("c");
    server.peer(Version::V5, "p").say("t", "x", QoS::AtLeastOnce);
    let (mut peer, ack) = server.connect(keeping(Version::V5, "c"));
    assert!(ack.session_present);
    assert_eq!(peer.hear(), "x");
    let (_, ack) = server.connect(keeping(Version::V5, "C"));
    assert!(!ack.session_present);
}
