//! Shared subscriptions (section 4.8.2).

use mqtt_proto::packet::{Ack, Disconnect, Packet, Property, QoS, Subscription};
use mqtt_proto::{ReasonCode, Version};

use super::wire::{Peer, QOS, keeping, properties, retained, serve, text, with};

const FILTER: &str = "$share/group/t/#";

/// Shows: 5.0 MQTT-4.8.2-3
#[test]
fn each_member_gets_its_own_qos() {
    let server = serve();
    let mut members: Vec<(Peer, QoS)> = QOS
        .into_iter()
        .map(|qos| {
            let mut peer = server.peer(Version::V5, &format!("m{}", qos.level()));
            peer.subscribe(FILTER, qos);
            (peer, qos)
        })
        .collect();
    let mut publisher = server.peer(Version::V5, "p");
    for published in QOS {
        (0..30).for_each(|_| publisher.say("t/1", "x", published));
        publisher.quiet();
        let mut count = 0;
        for (peer, granted) in &mut members {
            peer.send(&Packet::PingReq);
            let mut got = Vec::new();
            loop {
                match peer.next() {
                    Packet::Publish(publish) => got.push(publish),
                    Packet::PingResp => break,
                    other => panic!("{other:?}"),
                }
            }
            assert!(!got.is_empty() && got.iter().all(|publish| publish.qos == published.min(*granted)));
            count += got.len();
            got.iter().for_each(|publish| peer.acknowledge(publish));
        }
        // One member each, and nothing is lost.
        assert_eq!(count, 30);
    }
}

/// Shows: 5.0 MQTT-4.5.0-1
#[test]
fn groups_and_plain_subscriptions_each_get_the_message() {
    let server = serve();
    let mut peers: Vec<Peer> = ["$share/a/t/#", "$share/b/t/#", "$share/a/t/+", "t/1"]
        .iter()
        .enumerate()
        .map(|(at, filter)| {
            let mut peer = server.peer(Version::V5, &format!("c{at}"));
            peer.subscribe(filter, QoS::AtMostOnce);
            peer
        })
        .collect();
    server.peer(Version::V5, "p").say("t/1", "x", QoS::AtLeastOnce);
    peers.iter_mut().for_each(|peer| assert_eq!(peer.hear(), "x"));
    peers.iter_mut().for_each(Peer::quiet);
}

/// Section 4.8.2: none are sent when a shared subscription is made.
/// Shows: 5.0 MQTT-3.3.1-9
#[test]
fn a_shared_subscription_gets_no_retained_messages() {
    let server = serve();
    server.peer(Version::V5, "p").publish(retained("t/1", "x", QoS::AtLeastOnce));
    let mut peer = server.peer(Version::V5, "c");
    peer.subscribe(FILTER, QoS::AtLeastOnce);
    peer.quiet();
}

/// Shows: 5.0 MQTT-3.3.4-3
#[test]
fn a_shared_subscription_has_its_identifier() {
    let server = serve();
    let mut peer = server.peer(Version::V5, "c");
    let properties = properties([Property::SubscriptionIdentifier(9)]);
    peer.subscribe_all(&[Subscription::new(FILTER, QoS::AtMostOnce)], properties);
    server.peer(Version::V5, "p").say("t/1", "x", QoS::AtMostOnce);
    assert_eq!(peer.take().properties.subscription_identifiers().collect::<Vec<_>>(), [9]);
}

/// Shows: 5.0 MQTT-4.8.2-4, 5.0 MQTT-4.8.2-5
#[test]
fn a_qos_2_message_in_flight_stays_with_its_member() {
    let server = serve();
    let mut publisher = server.peer(Version::V5, "p");
    for (kept, released) in [(true, false), (true, true), (false, false), (false, true)] {
        let connect = if kept { keeping(Version::V5, "one") } else { super::wire::connect(Version::V5, "one") };
        let (mut one, _) = server.connect(connect.clone());
        one.subscribe(FILTER, QoS::ExactlyOnce);
        publisher.say("t/1", "x", QoS::ExactlyOnce);
        let publish = one.receive();
        let packet_id = publish.packet_id.expect("an identifier");
        let mut other = server.peer(Version::V5, "other");
        other.subscribe(FILTER, QoS::ExactlyOnce);
        if released {
            one.send(&Packet::PubRec(Ack::success(packet_id)));
            one.pubrel(packet_id);
        }
        one.vanish();
        if kept {
            server.until_away("one");
            other.quiet();
            let (mut one, _) = server.connect(connect);
            if released {
                one.pubrel(packet_id);
            } else {
                let again = one.receive();
                assert_eq!((again.packet_id, again.dup, text(&again)), (Some(packet_id), true, "x"));
                one.send(&Packet::PubRec(Ack::success(packet_id)));
                one.pubrel(packet_id);
            }
            one.send(&Packet::PubComp(Ack::success(packet_id)));
            one.quiet();
            one.leave();
            server.peer(Version::V5, "one").leave();
        }
        // Its session has ended: nobody else gets it.
        server.until_forgotten("one");
        other.quiet();
        other.leave();
        server.until_forgotten("other");
    }
}

/// Shows: 5.0 MQTT-4.8.2-6
#[test]
fn a_message_that_a_member_refuses_goes_to_nobody_else() {
    let server = serve();
    let mut one = server.peer(Version::V5, "one");
    one.subscribe(FILTER, QoS::ExactlyOnce);
    let mut publisher = server.peer(Version::V5, "p");
    publisher.say("t/1", "x", QoS::AtLeastOnce);
    publisher.say("t/2", "x", QoS::ExactlyOnce);
    let (first, second) = (one.receive(), one.receive());
    let mut other = server.peer(Version::V5, "other");
    other.subscribe(FILTER, QoS::ExactlyOnce);
    let refusal = |id: Option<_>| Ack::new(id.expect("an identifier"), ReasonCode::UnspecifiedError);
    one.send(&Packet::PubAck(refusal(first.packet_id)));
    one.send(&Packet::PubRec(refusal(second.packet_id)));
    one.quiet();
    other.quiet();
}

/// While nobody of the group is there, messages wait in a kept session of a member.
/// Shows: 5.0 MQTT-4.5.0-1
#[test]
fn messages_wait_for_a_group_that_is_away() {
    let server = serve();
    let (mut peer, _) = server.connect(keeping(Version::V5, "c"));
    peer.subscribe(FILTER, QoS::AtLeastOnce);
    peer.leave();
    server.until_away("c");
    server.peer(Version::V5, "p").say("t/1", "x", QoS::AtLeastOnce);
    assert_eq!(server.connect(keeping(Version::V5, "c")).0.hear(), "x");
}

/// Shows: 5.0 MQTT-4.13.1-1
#[test]
fn no_local_on_a_shared_subscription_is_a_protocol_error() {
    let server = serve();
    let mut peer = server.peer(Version::V5, "c");
    let mut bytes = vec![0x82, 16, 0, 1, 0, 0, 10];
    bytes.extend_from_slice(b"$share/g/x");
    bytes.push(0b0100);
    peer.bytes(&bytes);
    assert_eq!(peer.next(), Packet::Disconnect(Disconnect::new(ReasonCode::ProtocolError)));
    peer.closed();
}

/// A member whose packet size is too small costs its message and nothing else.
/// Shows: 5.0 MQTT-3.1.2-25
#[test]
fn a_member_with_a_small_packet_size_drops_only_its_own() {
    let server = serve();
    let narrow = with(super::wire::connect(Version::V5, "n"), Property::MaximumPacketSize(50));
    let (mut peer, _) = server.connect(narrow);
    peer.subscribe(FILTER, QoS::AtLeastOnce);
    let mut publisher = server.peer(Version::V5, "p");
    publisher.say("t/1", &"x".repeat(100), QoS::AtLeastOnce);
    publisher.say("t/1", "small", QoS::AtLeastOnce);
    assert_eq!(peer.hear(), "small");
}

/// What a member has not acknowledged when its session ends goes to another one (section 4.8.2), except QoS 2 that was
/// sent.
/// Shows: 5.0 MQTT-4.8.2-5, 5.0 MQTT-4.5.0-1
#[test]
fn what_a_member_leaves_behind_goes_to_another() {
    for shards in [1, 2] {
        let server = super::wire::serve_with(|config| config.shards = shards);
        let mut publisher = server.peer(Version::V5, "p");
        for kept in [false, true] {
            let connect = if kept { keeping(Version::V5, "one") } else { super::wire::connect(Version::V5, "one") };
            let (mut one, _) = server.connect(with(connect, Property::ReceiveMaximum(2)));
            one.subscribe(FILTER, QoS::ExactlyOnce);
            // Two are sent, two wait for the window.
            for (payload, qos) in
                [("1", QoS::AtLeastOnce), ("2", QoS::ExactlyOnce), ("3", QoS::AtLeastOnce), ("4", QoS::ExactlyOnce)]
            {
                publisher.say("t/1", payload, qos);
            }
            assert_eq!([text(&one.receive()), text(&one.receive())], ["1", "2"]);
            one.quiet();
            server.until("two wait", |b| b.client("one").is_some_and(|client| client.queued == 2));
            let mut other = server.peer(Version::V5, "other");
            other.subscribe(FILTER, QoS::AtLeastOnce);
            one.vanish();
            if kept {
                server.until_away("one");
                other.quiet();
                // A clean start ends the session.
                server.peer(Version::V5, "one").leave();
            }
            server.until_forgotten("one");
            for expected in ["1", "3", "4"] {
                let got = other.take();
                assert_eq!((text(&got), got.qos, got.dup), (expected, QoS::AtLeastOnce, false));
            }
            other.quiet();
            other.leave();
            server.until_forgotten("other");
        }
    }
}
