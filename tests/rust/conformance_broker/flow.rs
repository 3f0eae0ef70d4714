//! QoS exchanges, windows, aliases and order (sections 2.2.1, 3.3.2.3.4, 4.3 to 4.6, 4.9).

use std::collections::HashSet;

use mqtt_proto::packet::{Ack, Packet, PacketId, Properties, Property, Publish, QoS};
use mqtt_proto::{ReasonCode, Version};

use super::wire::{QOS, VERSIONS, connect, id, keeping, message, properties, serve, serve_with, text, with};

/// Shows: 5.0 MQTT-4.3.2-4, 5.0 MQTT-4.3.2-5, 5.0 MQTT-2.2.1-5, 3.1.1 MQTT-4.3.2-2, 3.1.1 MQTT-2.3.1-6, 3.1 §3.4, 3.1 §4.1
#[test]
fn qos_1_is_acknowledged_and_its_identifier_is_new_again() {
    let server = serve();
    let mut witness = server.witness("t");
    for version in VERSIONS {
        let mut peer = server.peer(version, "p");
        for packet_id in [1, 1, 300, 65535, 65535] {
            let publish = Publish { packet_id: Some(id(packet_id)), ..message("t", "x", QoS::AtLeastOnce) };
            peer.send(&Packet::Publish(publish.clone()));
            assert_eq!(peer.puback(id(packet_id)), ReasonCode::Success);
            assert_eq!(witness.hear(), "x");
            // Even with DUP: the earlier exchange is complete.
            peer.send(&Packet::Publish(Publish { dup: true, ..publish }));
            assert_eq!(peer.puback(id(packet_id)), ReasonCode::Success);
            assert_eq!(witness.hear(), "x");
        }
    }
}

/// Shows: 5.0 MQTT-4.3.3-8, 5.0 MQTT-4.3.3-10, 5.0 MQTT-4.3.3-11, 5.0 MQTT-4.3.3-12, 5.0 MQTT-2.2.1-5, 3.1.1 MQTT-4.3.3-2, 3.1.1 MQTT-2.3.1-6, 3.1 §3.5, 3.1 §3.6, 3.1 §3.7, 3.1 §4.1
#[test]
fn qos_2_is_delivered_once_until_it_is_released() {
    let server = serve();
    let mut witness = server.witness("t");
    for version in VERSIONS {
        let mut peer = server.peer(version, "p");
        let packet_id = id(7);
        let publish = Publish { packet_id: Some(packet_id), ..message("t", "x", QoS::ExactlyOnce) };
        for _ in 0..2 {
            peer.send(&Packet::Publish(publish.clone()));
            assert_eq!(peer.pubrec(packet_id), ReasonCode::Success);
            assert_eq!(witness.hear(), "x");
            for _ in 0..3 {
                peer.send(&Packet::Publish(Publish { dup: true, ..publish.clone() }));
                assert_eq!(peer.pubrec(packet_id), ReasonCode::Success);
            }
            witness.quiet();
            peer.release(packet_id);
        }
        // PUBREL again is answered, too: the client may not have seen PUBCOMP.
        peer.send(&Packet::PubRel(Ack::success(packet_id)));
        let Packet::PubComp(ack) = peer.next() else { panic!("PUBCOMP") };
        assert_eq!(ack.packet_id, packet_id);
        witness.quiet();
    }
}

/// Shows: 5.0 MQTT-4.3.3-9, 5.0 MQTT-3.5.2-1
#[test]
fn after_a_refusing_pubrec_the_identifier_is_new() {
    let server = serve();
    let mut witness = server.witness("t");
    let mut peer = server.peer(Version::V5, "p");
    let publish = |topic| Publish { packet_id: Some(id(7)), ..message(topic, "x", QoS::ExactlyOnce) };
    peer.send(&Packet::Publish(publish("$SYS/no")));
    assert_eq!(peer.pubrec(id(7)), ReasonCode::NotAuthorized);
    peer.send(&Packet::Publish(publish("t")));
    assert_eq!(peer.pubrec(id(7)), ReasonCode::Success);
    assert_eq!(witness.hear(), "x");
    peer.release(id(7));
}

/// Shows: 5.0 MQTT-4.3.3-10, 5.0 MQTT-4.1.0-1, 3.1.1 MQTT-4.3.3-2, 3.1.1 MQTT-4.1.0-1, 3.1 §4.1, 3.1 §4.2
#[test]
fn qos_2_is_received_once_across_reconnections() {
    let server = serve();
    let mut witness = server.witness("t");
    for version in VERSIONS {
        let (mut peer, _) = server.connect(keeping(version, "p"));
        let packet_id = id(11);
        let publish = Publish { packet_id: Some(packet_id), ..message("t", "once", QoS::ExactlyOnce) };
        peer.send(&Packet::Publish(publish.clone()));
        assert_eq!(witness.hear(), "once");
        peer.vanish();
        for _ in 0..3 {
            server.until_away("p");
            let (mut peer, _) = server.connect(keeping(version, "p"));
            peer.send(&Packet::Publish(Publish { dup: true, ..publish.clone() }));
            assert_eq!(peer.pubrec(packet_id), ReasonCode::Success);
            peer.vanish();
        }
        server.until_away("p");
        let (mut peer, _) = server.connect(keeping(version, "p"));
        peer.release(packet_id);
        // PUBCOMP was lost, so PUBREL comes again.
        peer.vanish();
        server.until_away("p");
        let (mut peer, _) = server.connect(keeping(version, "p"));
        peer.send(&Packet::PubRel(Ack::success(packet_id)));
        assert!(matches!(peer.next(), Packet::PubComp(ack) if ack.packet_id == packet_id));
        witness.quiet();
        peer.leave();
        server.peer(version, "p").leave();
    }
}

/// Shows: 5.0 MQTT-2.2.1-4, 5.0 MQTT-3.3.1-1, 5.0 MQTT-4.3.2-1, 5.0 MQTT-4.3.2-2, 5.0 MQTT-4.3.2-3, 5.0 MQTT-4.4.0-1, 3.1.1 MQTT-2.3.1-4, 3.1.1 MQTT-3.3.1-1, 3.1.1 MQTT-4.3.2-1, 3.1.1 MQTT-4.4.0-1, 3.1 §2.4, 3.1 §4.2
#[test]
fn qos_1_goes_out_with_an_unused_identifier_and_again_after_resumption_only() {
    let server = serve();
    for version in VERSIONS {
        let (mut peer, _) = server.connect(keeping(version, "s"));
        peer.subscribe("t", QoS::AtLeastOnce);
        let mut publisher = server.peer(version, "p");
        for number in 0..20 {
            publisher.say("t", &number.to_string(), QoS::AtLeastOnce);
        }
        let sent: Vec<Publish> = (0..20).map(|_| peer.receive()).collect();
        let identifiers: HashSet<PacketId> = sent.iter().filter_map(|publish| publish.packet_id).collect();
        assert_eq!(identifiers.len(), 20);
        assert!(sent.iter().all(|publish| !publish.dup));
        // While the connection lives nothing is sent again.
        peer.quiet();
        for publish in sent.iter().step_by(2) {
            peer.acknowledge(publish);
        }
        peer.quiet();
        peer.vanish();
        server.until_away("s");
        let (mut peer, _) = server.connect(keeping(version, "s"));
        for publish in sent.iter().skip(1).step_by(2) {
            let again = peer.take();
            assert_eq!((again.packet_id, text(&again), again.dup), (publish.packet_id, text(publish), true));
        }
        peer.quiet();
        peer.leave();
        server.peer(version, "s").leave();
    }
}

/// Shows: 5.0 MQTT-4.3.3-1, 5.0 MQTT-4.3.3-2, 5.0 MQTT-4.3.3-3, 5.0 MQTT-4.3.3-4, 5.0 MQTT-4.3.3-5, 5.0 MQTT-4.3.3-6, 5.0 MQTT-4.4.0-1, 3.1.1 MQTT-4.3.3-1, 3.1.1 MQTT-4.4.0-1, 3.1.1 MQTT-2.3.1-6, 3.1 §4.1, 3.1 §4.2
#[test]
fn qos_2_goes_out_in_four_steps_that_survive_reconnections() {
    let server = serve();
    for version in VERSIONS {
        let (mut peer, _) = server.connect(keeping(version, "s"));
        peer.subscribe("t", QoS::ExactlyOnce);
        server.peer(version, "p").say("t", "x", QoS::ExactlyOnce);
        let first = peer.receive();
        assert!(!first.dup);
        let packet_id = first.packet_id.expect("an identifier");
        // PUBLISH again until PUBREC.
        for _ in 0..2 {
            peer.vanish();
            server.until_away("s");
            peer = server.connect(keeping(version, "s")).0;
            let again = peer.receive();
            assert_eq!((again.packet_id, again.dup, text(&again)), (Some(packet_id), true, "x"));
        }
        peer.send(&Packet::PubRec(Ack::success(packet_id)));
        peer.pubrel(packet_id);
        // PUBREL again until PUBCOMP, and no PUBLISH any more.
        for _ in 0..2 {
            peer.vanish();
            server.until_away("s");
            peer = server.connect(keeping(version, "s")).0;
            peer.pubrel(packet_id);
            peer.quiet();
        }
        // A PUBREC that comes again is answered with PUBREL, too.
        peer.send(&Packet::PubRec(Ack::success(packet_id)));
        peer.pubrel(packet_id);
        peer.send(&Packet::PubComp(Ack::success(packet_id)));
        peer.quiet();
        peer.vanish();
        server.until_away("s");
        peer = server.connect(keeping(version, "s")).0;
        peer.quiet();
        peer.leave();
        server.peer(version, "s").leave();
    }
}

/// Shows: 5.0 MQTT-4.4.0-2, 5.0 MQTT-4.3.3-4
#[test]
fn a_refused_message_is_not_sent_again() {
    let server = serve();
    let (mut peer, _) = server.connect(keeping(Version::V5, "s"));
    peer.subscribe("t", QoS::ExactlyOnce);
    let mut publisher = server.peer(Version::V5, "p");
    publisher.say("t", "one", QoS::AtLeastOnce);
    publisher.say("t", "two", QoS::ExactlyOnce);
    let (one, two) = (peer.receive(), peer.receive());
    let refusal = |publish: &Publish| Ack::new(publish.packet_id.expect("an identifier"), ReasonCode::QuotaExceeded);
    peer.send(&Packet::PubAck(refusal(&one)));
    peer.send(&Packet::PubRec(refusal(&two)));
    peer.quiet();
    peer.vanish();
    server.until_away("s");
    let (mut peer, _) = server.connect(keeping(Version::V5, "s"));
    peer.quiet();
}

/// Shows: 5.0 MQTT-3.3.4-9, 5.0 MQTT-3.3.4-10, 5.0 MQTT-4.9.0-1, 5.0 MQTT-4.9.0-2, 5.0 MQTT-4.9.0-3
#[test]
fn no_more_than_the_receive_maximum_is_unacknowledged() {
    let server = serve();
    for maximum in [1, 3] {
        let (mut peer, _) = server.connect(with(connect(Version::V5, "s"), Property::ReceiveMaximum(maximum)));
        peer.subscribe("t", QoS::ExactlyOnce);
        let mut publisher = server.peer(Version::V5, "p");
        for number in 0..10 {
            publisher.say("t", &number.to_string(), [QoS::AtLeastOnce, QoS::ExactlyOnce][number % 2]);
        }
        let mut open: std::collections::VecDeque<Publish> = (0..maximum).map(|_| peer.receive()).collect();
        // Other packets go on, QoS 0 too.
        peer.quiet();
        peer.subscribe("other", QoS::AtMostOnce);
        publisher.say("t", "between", QoS::AtMostOnce);
        assert_eq!(peer.hear(), "between");
        assert!(!peer.publish(message("u", "x", QoS::ExactlyOnce)).is_error());
        // QoS 2 counts until PUBCOMP.
        for number in 0..10 {
            let publish = open.pop_front().expect("it is in flight");
            assert_eq!(text(&publish), number.to_string());
            let packet_id = publish.packet_id.expect("an identifier");
            if publish.qos == QoS::ExactlyOnce {
                peer.send(&Packet::PubRec(Ack::success(packet_id)));
                peer.pubrel(packet_id);
                peer.quiet();
                peer.send(&Packet::PubComp(Ack::success(packet_id)));
            } else {
                peer.send(&Packet::PubAck(Ack::success(packet_id)));
            }
            if number + usize::from(maximum) < 10 {
                open.push_back(peer.receive());
            }
            peer.quiet();
        }
        peer.leave();
    }
    // A PUBREC that refuses makes room at once.
    let (mut peer, _) = server.connect(with(connect(Version::V5, "s"), Property::ReceiveMaximum(1)));
    peer.subscribe("t", QoS::ExactlyOnce);
    let mut publisher = server.peer(Version::V5, "p");
    publisher.say("t", "one", QoS::ExactlyOnce);
    publisher.say("t", "two", QoS::ExactlyOnce);
    let packet_id = peer.receive().packet_id.expect("an identifier");
    peer.send(&Packet::PubRec(Ack::new(packet_id, ReasonCode::UnspecifiedError)));
    assert_eq!(peer.hear(), "two");
}

/// The window of a resumed connection is its own.
/// Shows: 5.0 MQTT-4.9.0-1, 5.0 MQTT-3.3.4-9
#[test]
fn a_resumed_session_keeps_to_the_new_receive_maximum() {
    let server = serve();
    let (mut peer, _) = server.connect(keeping(Version::V5, "s"));
    peer.subscribe("t", QoS::AtLeastOnce);
    let mut publisher = server.peer(Version::V5, "p");
    (0..6).for_each(|number| publisher.say("t", &number.to_string(), QoS::AtLeastOnce));
    (0..6).for_each(|_| drop(peer.receive()));
    peer.vanish();
    server.until_away("s");
    let (mut peer, _) = server.connect(with(keeping(Version::V5, "s"), Property::ReceiveMaximum(2)));
    let (first, second) = (peer.receive(), peer.receive());
    peer.quiet();
    assert_eq!((text(&first), text(&second)), ("0", "1"));
    peer.acknowledge(&first);
    peer.acknowledge(&second);
    for number in 2..6 {
        assert_eq!(peer.hear(), number.to_string());
    }
}

/// Shows: 5.0 MQTT-4.13.1-1
#[test]
fn more_than_the_broker_s_receive_maximum_ends_the_connection() {
    let server = serve_with(|config| config.link.receive_maximum = 3);
    let (mut peer, ack) = server.connect(connect(Version::V5, "p"));
    assert_eq!(ack.properties.receive_maximum(), Some(3));
    let start = |peer: &mut super::wire::Peer| {
        let packet_id = peer.start(message("t", "x", QoS::ExactlyOnce));
        assert!(!peer.pubrec(packet_id).is_error());
        packet_id
    };
    let first = start(&mut peer);
    start(&mut peer);
    start(&mut peer);
    peer.release(first);
    start(&mut peer);
    // QoS 0 does not count.
    peer.start(message("t", "x", QoS::AtMostOnce));
    peer.quiet();
    peer.start(message("t", "x", QoS::AtLeastOnce));
    peer.ended(ReasonCode::ReceiveMaximumExceeded);
}

fn alias(publish: &Publish) -> Option<u16> {
    publish.properties.topic_alias()
}

/// Shows: 5.0 MQTT-3.1.2-26, 5.0 MQTT-3.1.2-27, 5.0 MQTT-3.3.2-11, 5.0 MQTT-3.3.2-8
#[test]
fn aliases_to_the_client_stay_within_its_maximum() {
    let server = serve_with(|config| config.link.send_alias_maximum = 100);
    for maximum in [None, Some(0), Some(2)] {
        let mut connect = connect(Version::V5, "s");
        connect.properties.extend(maximum.map(Property::TopicAliasMaximum));
        let (mut peer, _) = server.connect(connect);
        peer.subscribe("t/#", QoS::AtMostOnce);
        let mut publisher = server.peer(Version::V5, "p");
        let mut known = std::collections::HashMap::new();
        for round in 0..3 {
            for at in 0..4 {
                let topic = format!("t/{at}");
                publisher.say(&topic, "x", QoS::AtMostOnce);
                let got = peer.receive();
                let number = alias(&got);
                assert!(number.is_none_or(|number| (1..=maximum.unwrap_or(0)).contains(&number)), "{round} {got:?}");
                let meant = match number {
                    Some(number) if got.topic.is_empty() => known[&number],
                    Some(number) => {
                        known.insert(number, at);
                        at
                    }
                    None => at,
                };
                assert_eq!(meant, at);
                assert!(!got.topic.is_empty() || number.is_some());
            }
        }
        peer.leave();
    }
}

/// Shows: 5.0 MQTT-3.3.2-12, 5.0 MQTT-3.3.2-7
#[test]
fn every_alias_up_to_the_announced_maximum_is_taken_and_ends_with_the_connection() {
    let server = serve_with(|config| config.link.topic_alias_maximum = 300);
    let mut witness = server.witness("t/#");
    let (mut peer, ack) = server.connect(keeping(Version::V5, "p"));
    assert_eq!(ack.properties.topic_alias_maximum(), Some(300));
    let with_alias = |topic: &str, number| Publish {
        properties: properties([Property::TopicAlias(number)]),
        ..message(topic, "x", QoS::AtMostOnce)
    };
    for number in 1..=300 {
        peer.start(with_alias(&format!("t/{number}"), number));
        let got = witness.take();
        // Nothing of it goes further.
        assert_eq!((&*got.topic, got.properties), (&*format!("t/{number}"), Properties::new()));
    }
    for number in [300, 1, 150] {
        peer.start(with_alias("", number));
        assert_eq!(&*witness.take().topic, format!("t/{number}"));
    }
    // It may be given to another topic.
    peer.start(with_alias("t/other", 150));
    peer.start(with_alias("", 150));
    assert_eq!([&*witness.take().topic, &*witness.take().topic], ["t/other"; 2]);
    peer.leave();
    server.until_away("p");
    let (mut peer, _) = server.connect(keeping(Version::V5, "p"));
    peer.start(with_alias("", 150));
    peer.ended(ReasonCode::ProtocolError);
}

/// Shows: 5.0 MQTT-4.6.0-5, 5.0 MQTT-4.6.0-6, 3.1.1 MQTT-4.6.0-5, 3.1.1 MQTT-4.6.0-6, 3.1 §4.3
#[test]
fn messages_of_one_publisher_topic_and_qos_arrive_in_order() {
    for shards in [1, 2] {
        let server = serve_with(|config| config.shards = shards);
        for version in VERSIONS {
            for qos in QOS {
                let (mut live, _) = server.connect(with_window(version, "live"));
                live.subscribe("t", qos);
                let (mut away, _) = server.connect(keeping(version, "away"));
                away.subscribe("t", qos);
                away.leave();
                server.until_away("away");
                let mut publisher = server.peer(version, "p");
                // In flight together: nothing waits for an acknowledgement.
                let ids: Vec<PacketId> =
                    (0..50).map(|number| publisher.start(message("t", &number.to_string(), qos))).collect();
                for number in 0..50 {
                    assert_eq!(live.hear(), number.to_string());
                }
                if qos != QoS::AtMostOnce {
                    for id in ids {
                        match qos {
                            QoS::AtLeastOnce => drop(publisher.puback(id)),
                            _ => drop(publisher.pubrec(id)),
                        }
                    }
                    server.until("all wait", |b| b.client("away").is_some_and(|client| client.queued == 50));
                    let (mut away, _) = server.connect(keeping(version, "away"));
                    for number in 0..50 {
                        assert_eq!(away.hear(), number.to_string());
                    }
                }
                for name in ["live", "away", "p"] {
                    server.peer(version, name).leave();
                    server.until_forgotten(name);
                }
            }
        }
    }
}

/// A narrow window, so that order has to survive the queue.
fn with_window(version: Version, name: &str) -> mqtt_proto::packet::Connect {
    let connect = connect(version, name);
    if version.has_properties() { with(connect, Property::ReceiveMaximum(3)) } else { connect }
}

/// The broker acknowledges in the order of the messages, also where their QoS differ.
/// Shows: 3.1.1 MQTT-4.6.0-6, 5.0 MQTT-4.6.0-5
#[test]
fn acknowledgements_keep_the_order_of_the_messages() {
    let server = serve();
    for version in VERSIONS {
        let mut peer = server.peer(version, "p");
        let sent: Vec<(QoS, PacketId)> = (0..20)
            .map(|number| {
                let qos = [QoS::AtLeastOnce, QoS::ExactlyOnce][number / 2 % 2];
                (qos, peer.start(message("t", "x", qos)))
            })
            .collect();
        for (qos, packet_id) in sent {
            match qos {
                QoS::AtLeastOnce => drop(peer.puback(packet_id)),
                _ => drop(peer.pubrec(packet_id)),
            }
        }
        peer.quiet();
    }
}

/// Messages of several exchanges at once, in both directions under the same identifiers.
/// Shows: 5.0 MQTT-2.2.1-4, 3.1.1 MQTT-2.3.1-4, 3.1 §2.4
#[test]
fn both_directions_have_identifiers_of_their_own() {
    let server = serve();
    for version in VERSIONS {
        let mut peer = server.peer(version, "c");
        peer.subscribe("t", QoS::ExactlyOnce);
        server.peer(version, "p").say("t", "down", QoS::ExactlyOnce);
        let down = peer.receive();
        let packet_id = down.packet_id.expect("an identifier");
        let up = Publish { packet_id: Some(packet_id), ..message("u", "up", QoS::ExactlyOnce) };
        peer.send(&Packet::Publish(up));
        assert!(!peer.pubrec(packet_id).is_error());
        peer.acknowledge(&down);
        peer.release(packet_id);
        peer.quiet();
    }
}
