//! Wills (sections 3.1.2.5 and 3.1.3.2): stored, published, discarded.

use std::time::{Duration, Instant};

use mqtt_broker::PayloadFormat;
use mqtt_proto::packet::{Connect, Disconnect, Properties, Property, QoS, Subscription, Will};
use mqtt_proto::{ReasonCode, Version};

use super::wire::{QOS, VERSIONS, connect, keeping, message, properties, serve, serve_with, text, user, with};

/// A client whose session is kept where `expiry` is not 0, with a will after `delay` seconds.
fn mortal(version: Version, delay: u32, expiry: u32) -> Connect {
    let mut properties = Properties::new();
    let mut connect = connect(version, "mortal");
    if version.has_properties() {
        properties.push(Property::WillDelayInterval(delay));
        connect.properties.push(Property::SessionExpiryInterval(expiry));
    }
    let (topic, payload) = ("wills".into(), "gone".into());
    Connect { will: Some(Will { topic, payload, qos: QoS::AtLeastOnce, retain: false, properties }), ..connect }
}

/// Shows: 5.0 MQTT-3.1.2-7, 5.0 MQTT-3.1.2-8, 3.1.1 MQTT-3.1.2-8, 3.1 §3.1
#[test]
fn a_will_is_published_when_the_connection_ends_without_disconnect() {
    let server = serve();
    let mut witness = server.witness("wills");
    for version in VERSIONS {
        let (peer, _) = server.connect(mortal(version, 0, 0));
        witness.quiet();
        peer.vanish();
        assert_eq!(witness.hear(), "gone");
        // A broken rule, and a second CONNECT.
        let (mut peer, _) = server.connect(mortal(version, 0, 0));
        peer.bytes(&[0x36, 0]);
        assert_eq!(witness.hear(), "gone");
        let (mut peer, _) = server.connect(mortal(version, 0, 0));
        peer.send(&mqtt_proto::packet::Packet::Connect(Box::new(mortal(version, 0, 0))));
        assert_eq!(witness.hear(), "gone");
        witness.quiet();
    }
}

/// Shows: 5.0 MQTT-3.1.2-8, 3.1.1 MQTT-3.1.2-8, 3.1 §3.1
#[test]
fn a_will_is_published_when_the_keep_alive_runs_out() {
    let server = serve();
    let mut witness = server.witness("wills");
    let (_peer, _) = server.connect(Connect { keep_alive: 1, ..mortal(Version::V3_1_1, 0, 0) });
    assert_eq!(witness.hear(), "gone");
}

/// Shows: 5.0 MQTT-3.1.2-10, 5.0 MQTT-3.14.4-3, 3.1.1 MQTT-3.1.2-10, 3.1.1 MQTT-3.14.4-3, 3.1 §3.14
#[test]
fn disconnect_discards_the_will() {
    let server = serve();
    let mut witness = server.witness("wills");
    for version in VERSIONS {
        server.connect(mortal(version, 0, 0)).0.leave();
        server.until_forgotten("mortal");
        witness.quiet();
    }
    server.connect(mortal(Version::V5, 0, 60)).0.leave();
    server.until_away("mortal");
    witness.quiet();
}

/// Every reason but normal disconnection leaves the will to be published.
/// Shows: 5.0 MQTT-3.1.2-8
#[test]
fn disconnect_with_another_reason_publishes_the_will() {
    let server = serve();
    let mut witness = server.witness("wills");
    for reason in [0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99] {
        let (peer, _) = server.connect(mortal(Version::V5, 0, 0));
        peer.leave_with(Disconnect::new(ReasonCode::from_u8(reason).expect("a reason")));
        assert_eq!(witness.hear(), "gone", "{reason:X}");
    }
    witness.quiet();
}

/// Shows: 5.0 MQTT-3.1.2-10, 3.1.1 MQTT-3.1.2-10
#[test]
fn a_published_will_is_gone() {
    let server = serve();
    let mut witness = server.witness("wills");
    for version in VERSIONS {
        let mut connect = Connect { will: mortal(version, 0, 0).will, ..keeping(version, "mortal") };
        let (peer, _) = server.connect(connect.clone());
        peer.vanish();
        assert_eq!(witness.hear(), "gone");
        // The session is resumed without a will and lost again.
        connect.will = None;
        let (peer, ack) = server.connect(connect);
        assert_eq!(ack.session_present, version.has_session_present());
        peer.vanish();
        server.until_away("mortal");
        witness.quiet();
        server.peer(version, "mortal").leave();
    }
}

/// Shows: 3.1.1 MQTT-3.1.2-12
#[test]
fn without_a_will_nothing_is_published() {
    let server = serve();
    let mut witness = server.witness("#");
    for version in VERSIONS {
        server.peer(version, "c").vanish();
        server.until_forgotten("c");
        witness.quiet();
    }
}

/// Shows: 5.0 MQTT-3.1.2-14, 5.0 MQTT-3.1.2-15, 3.1.1 MQTT-3.1.2-16, 3.1.1 MQTT-3.1.2-17, 3.1 §3.1
#[test]
fn will_retain_decides_whether_the_will_is_retained() {
    for version in VERSIONS {
        let server = serve();
        let mut witness = server.witness("wills");
        for retain in [false, true] {
            let mut connect = mortal(version, 0, 0);
            connect.will.as_mut().expect("a will").retain = retain;
            server.connect(connect).0.vanish();
            let got = witness.take();
            // To those who are there it goes as a normal message.
            assert!(!got.retain && text(&got) == "gone");
            let mut later = server.peer(version, "later");
            later.subscribe("wills", QoS::AtMostOnce);
            if retain {
                let got = later.take();
                assert!(got.retain && text(&got) == "gone");
            }
            later.quiet();
            later.leave();
        }
    }
}

/// Shows: 5.0 MQTT-3.1.2-8, 3.1 §3.1
#[test]
fn a_will_goes_out_with_its_qos() {
    let server = serve();
    let mut witness = server.witness("wills");
    for version in VERSIONS {
        for qos in QOS {
            let mut connect = mortal(version, 0, 0);
            connect.will.as_mut().expect("a will").qos = qos;
            server.connect(connect).0.vanish();
            assert_eq!(witness.take().qos, qos);
        }
    }
}

/// Shows: 5.0 MQTT-3.1.3-10, 5.0 MQTT-3.3.2-4, 5.0 MQTT-3.3.2-15, 5.0 MQTT-3.3.2-16, 5.0 MQTT-3.3.2-20
#[test]
fn properties_of_a_will_go_out_in_order_and_without_the_delay() {
    let server = serve();
    let mut witness = server.witness("wills");
    let passed_on = [
        user("b", "1"),
        Property::PayloadFormatIndicator(1),
        user("a", "2"),
        Property::ContentType("text/plain".into()),
        user("b", "1"),
        Property::ResponseTopic("answer".into()),
        Property::CorrelationData("id".into()),
        user("", "3"),
    ];
    let mut connect = mortal(Version::V5, 0, 0);
    connect.will.as_mut().expect("a will").properties.extend(passed_on.clone());
    server.connect(connect).0.vanish();
    assert_eq!(witness.take().properties, properties(passed_on));
}

/// Shows: 5.0 MQTT-3.1.3-9, 5.0 MQTT-3.1.2-8
#[test]
fn coming_back_within_the_delay_cancels_the_will() {
    let server = serve();
    let mut witness = server.witness("wills");
    let resume = Connect { clean_start: false, will: None, ..mortal(Version::V5, 1, 60) };
    server.connect(mortal(Version::V5, 1, 60)).0.vanish();
    let start = Instant::now();
    server.until_away("mortal");
    let (mut peer, ack) = server.connect(resume.clone());
    assert!(ack.session_present);
    // The same by a take-over.
    let (mut old, _) = server.connect(Connect { clean_start: false, ..mortal(Version::V5, 1, 60) });
    peer.ended(ReasonCode::SessionTakenOver);
    let (_new, _) = server.connect(resume);
    old.ended(ReasonCode::SessionTakenOver);
    // A second client's delay of the same length, begun later, runs out first: the cancelled ones had their time.
    let other = Connect { client_id: "other".into(), ..mortal(Version::V5, 1, 60) };
    let other = Connect { will: other.will.map(|will| Will { payload: "other".into(), ..will }), ..other };
    server.connect(other).0.vanish();
    assert_eq!(witness.hear(), "other");
    assert!(start.elapsed() >= Duration::from_millis(1000));
    witness.quiet();
}

/// Shows: 5.0 MQTT-3.1.2-8
#[test]
fn the_will_waits_for_its_delay_or_the_end_of_the_session() {
    let server = serve();
    let mut witness = server.witness("wills");
    for (delay, expiry) in [(1, 60), (60, 1)] {
        let start = Instant::now();
        server.connect(mortal(Version::V5, delay, expiry)).0.vanish();
        server.until("it is gone", |b| b.stats().clients_connected == 1);
        witness.quiet();
        assert_eq!(witness.hear(), "gone");
        assert!(start.elapsed() >= Duration::from_millis(900));
        server.peer(Version::V5, "mortal").leave();
    }
    // A session that ends with its connection leaves no time to wait.
    server.connect(mortal(Version::V5, 60, 0)).0.vanish();
    assert_eq!(witness.hear(), "gone");
    // A clean start ends the session, away or connected.
    server.connect(mortal(Version::V5, 60, 60)).0.vanish();
    server.until_away("mortal");
    let (_peer, _) = server.connect(mortal(Version::V5, 60, 60));
    assert_eq!(witness.hear(), "gone");
    server.peer(Version::V5, "mortal");
    assert_eq!(witness.hear(), "gone");
}

/// Session expiry 0 at DISCONNECT ends the session, and with it the wait for the will.
/// Shows: 5.0 MQTT-3.1.2-8
#[test]
fn disconnect_with_will_and_expiry_0_publishes_at_once() {
    let server = serve();
    let mut witness = server.witness("wills");
    let (peer, _) = server.connect(mortal(Version::V5, 60, 60));
    let mut disconnect = Disconnect::new(ReasonCode::DisconnectWithWill);
    disconnect.properties.push(Property::SessionExpiryInterval(0));
    peer.leave_with(disconnect);
    assert_eq!(witness.hear(), "gone");
}

/// Shows: 5.0 MQTT-3.1.2-8, 3.1.1 MQTT-3.1.4-2
#[test]
fn a_take_over_publishes_a_will_without_delay() {
    let server = serve();
    let mut witness = server.witness("wills");
    for version in VERSIONS {
        let connect = Connect { will: mortal(version, 0, 0).will, ..keeping(version, "mortal") };
        let (_old, _) = server.connect(connect.clone());
        let (new, _) = server.connect(Connect { will: None, ..connect });
        assert_eq!(witness.hear(), "gone");
        new.leave();
        server.peer(version, "mortal").leave();
        witness.quiet();
    }
}

/// Its message expiry counts from its publication.
/// Shows: 5.0 MQTT-3.3.2-6
#[test]
fn a_will_expires_like_other_messages() {
    let server = serve();
    let mut connect = mortal(Version::V5, 0, 0);
    connect.will.as_mut().expect("a will").properties.push(Property::MessageExpiryInterval(100));
    let mut witness = server.witness("wills");
    server.connect(connect).0.vanish();
    assert_eq!(witness.take().properties.message_expiry_interval(), Some(100));
}

/// Section 3.3.2.3.2, where the configuration asks for it.
/// Shows: 5.0 MQTT-3.3.2-4
#[test]
fn payloads_that_say_that_they_are_text_are_checked_on_request() {
    let bad = |qos| mqtt_proto::packet::Publish {
        payload: vec![0xFF, 0xFE].into(),
        properties: properties([user("a", "b"), Property::PayloadFormatIndicator(1)]),
        ..message("t", "", qos)
    };
    let server = serve_with(|config| config.payload_format = PayloadFormat::Checked);
    let mut witness = server.witness("t");
    let mut peer = server.peer(Version::V5, "p");
    assert_eq!(peer.publish(bad(QoS::AtLeastOnce)), ReasonCode::PayloadFormatInvalid);
    assert_eq!(peer.publish(bad(QoS::ExactlyOnce)), ReasonCode::PayloadFormatInvalid);
    let unmarked = mqtt_proto::packet::Publish { properties: Properties::new(), ..bad(QoS::AtLeastOnce) };
    assert_eq!(peer.publish(unmarked), ReasonCode::Success);
    assert_eq!(&*witness.take().payload, [0xFF, 0xFE]);
    peer.start(bad(QoS::AtMostOnce));
    peer.ended(ReasonCode::PayloadFormatInvalid);
    let mut connect = with(connect(Version::V5, "w"), user("x", "y"));
    let properties = properties([Property::PayloadFormatIndicator(1)]);
    let (topic, payload) = ("t".into(), vec![0xFF].into());
    connect.will = Some(Will { topic, payload, qos: QoS::AtMostOnce, retain: false, properties });
    assert_eq!(server.try_connect(connect).1.reason, ReasonCode::PayloadFormatInvalid);
    witness.quiet();
    // Otherwise nobody looks.
    let server = serve();
    let mut peer = server.peer(Version::V5, "p");
    peer.subscribe_with(Subscription::new("t", QoS::AtMostOnce));
    peer.start(bad(QoS::AtMostOnce));
    assert_eq!(peer.take().properties.payload_format_indicator(), Some(1));
}

/// A will on a topic of the broker itself was once published, where PUBLISH to it is refused.
/// Shows: 5.0 MQTT-3.1.4-2, 3.1.1 MQTT-3.2.2-5
#[test]
fn a_will_may_not_speak_for_the_broker() {
    let server = serve();
    for version in VERSIONS {
        let mut connect = mortal(version, 0, 0);
        let will = connect.will.as_mut().expect("a will");
        (will.topic, will.retain) = ("$SYS/broker/version".into(), true);
        let (mut peer, ack) = server.try_connect(connect);
        assert_eq!(ack.reason, ReasonCode::NotAuthorized);
        peer.closed();
    }
    assert_eq!(server.broker.stats().retained_messages, 0);
}
