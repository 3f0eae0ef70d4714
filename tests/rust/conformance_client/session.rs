//! Two ends of the session state machine in one thread; either may be the client.

use std::time::Duration;

use mqtt_proto::packet::*;
use mqtt_proto::session::{Event, Link, Outgoing, QueueLimits, Sent, Session, Trace};
use mqtt_proto::testing::{Pair, Seen, Settles, encoded, publish};
use mqtt_proto::wire::Sender;
use mqtt_proto::wire::fanout::Fanout;
use mqtt_proto::{Limits, ReasonCode, Rule, Time, Version};

const VERSIONS: [Version; 3] = [Version::V3_1, Version::V3_1_1, Version::V5];
const NONE: &Properties = &Properties::new();

fn id(number: u16) -> PacketId {
    PacketId::new(number).unwrap()
}

fn ack(kind: PacketType, number: u16, version: Version) -> Vec<u8> {
    let ack = Ack::success(id(number));
    encoded(
        &match kind {
            PacketType::PubAck => Packet::PubAck(ack),
            PacketType::PubRec => Packet::PubRec(ack),
            PacketType::PubRel => Packet::PubRel(ack),
            _ => Packet::PubComp(ack),
        },
        version,
    )
}

/// A connected pair whose ends leave receipts to the test, traced.
fn by_hand(version: Version) -> Pair {
    let mut pair = Pair::new(version);
    (pair.client.settles, pair.server.settles) = (Settles::ByHand, Settles::ByHand);
    pair.connect();
    pair.client.take_seen();
    pair.server.take_seen();
    pair.client.link().set_tracing(true);
    pair
}

/// What the link sent: type, identifier, DUP of a PUBLISH.
fn sent(link: &mut Link, from: Sender) -> Vec<(PacketType, Option<u16>, Option<bool>)> {
    let trace = link.take_trace();
    let row = |p: &Trace| (p.packet_type, p.packet_id.map(PacketId::get), p.publish.as_ref().map(|publish| publish.0));
    trace.iter().filter(|packet| packet.sender == from).map(row).collect()
}

fn written(link: &mut Link) {
    let length = link.output().len();
    link.written(length);
}

/// Shows: 5.0 MQTT-3.1.0-1, 5.0 MQTT-3.1.2-30, 3.1.1 MQTT-3.1.0-1
#[test]
fn connect_goes_first_and_nothing_follows_before_connack() {
    for version in VERSIONS {
        for method in [false, true] {
            let mut pair = Pair::new(version);
            pair.accepts = false;
            if method && version.has_properties() {
                pair.connect.properties.push(Property::AuthenticationMethod("M".into()));
            }
            pair.connect();
            let now = pair.now;
            for qos in [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce] {
                pair.client.publish(now, "t", b"", qos, 0);
            }
            let link = pair.client.link();
            let subscription = [Subscription::new("a", QoS::AtMostOnce)];
            assert!(link.subscribe(now, &subscription, NONE).is_err());
            assert!(link.unsubscribe(now, &["a".into()], NONE).is_err());
            assert_eq!(link.output(), [0; 0], "{version}: CONNECT has been read, and there is no more");
            // The keep-alive waits for CONNACK too.
            assert!(link.poll_timeout().is_some_and(|at| at <= now + Duration::from_secs(10)));
            assert!(matches!(&pair.server.take_seen()[..], [Seen::Connect(_)]));
        }
    }
}

/// Shows: 3.1.1 MQTT-2.2.2-2, 3.1.1 MQTT-4.8.0-1, 3.1.1 MQTT-3.6.1-1, 3.1.1 MQTT-3.8.1-1, 3.1.1 MQTT-3.10.1-1
/// Shows: 3.1.1 MQTT-3.14.1-1, 5.0 MQTT-2.1.3-1, 5.0 MQTT-4.13.2-1, 5.0 MQTT-3.14.1-1, 3.1 §2.6
#[test]
fn wrong_flags_end_the_connection() {
    for version in VERSIONS {
        for kind in PacketType::ALL {
            if kind == PacketType::Publish || (kind == PacketType::Auth && !version.has_properties()) {
                continue;
            }
            for to_server in [true, false] {
                let mut pair = by_hand(version);
                let now = pair.now;
                let link = if to_server { pair.server.link() } else { pair.client.link() };
                let violation = link.recv(now, &[(kind as u8) << 4 | 0b0101, 0]).unwrap_err();
                assert_eq!(violation.rule, Rule::FixedHeaderFlags, "{version} {kind}");
                assert!(link.is_finished() && !link.wants_input());
                let farewell: &[u8] = if version.has_server_disconnect() { &[0xE0, 1, 0x81] } else { &[] };
                assert_eq!(link.output(), farewell, "{version} {kind}");
                // Nothing is read or written any more.
                assert_eq!(link.recv(now, &[0xC0, 0]).unwrap().consumed, 0);
            }
        }
    }
}

/// Shows: 3.1.1 MQTT-3.14.4-2, 5.0 MQTT-3.14.4-1, 3.1 §3.14
#[test]
fn nothing_follows_disconnect() {
    for version in VERSIONS {
        for by_server in [false, true] {
            if by_server && !version.has_server_disconnect() {
                continue;
            }
            let mut pair = by_hand(version);
            let now = pair.now;
            pair.client.publish(now, "t", b"up", QoS::AtLeastOnce, 0);
            pair.server.publish(now, "t", b"down", QoS::AtLeastOnce, 0);
            pair.run();
            let end = if by_server { &mut pair.server } else { &mut pair.client };
            let receipt = end.take_receipts().pop().unwrap();
            end.link().disconnect(&Disconnect::new(ReasonCode::Success));
            let farewell = end.link().output().to_vec();
            assert_eq!(farewell[0], 0xE0);
            // Everything that would write something.
            for qos in [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce] {
                end.publish(now, "t", b"late", qos, 0);
            }
            let link = end.link();
            link.settle(receipt, ReasonCode::Success);
            assert!(link.subscribe(now, &[Subscription::new("a", QoS::AtMostOnce)], NONE).is_err());
            let late = SubAck { packet_id: id(1), reasons: vec![ReasonCode::Success], properties: Properties::new() };
            link.suback(&late);
            link.disconnect(&Disconnect::new(ReasonCode::Success));
            assert_eq!(link.poll_timeout(), None);
            link.handle_timeout(now + Duration::from_secs(1000)).unwrap();
            assert_eq!(link.recv(now, &ack(PacketType::PubAck, 1, version)).unwrap().consumed, 0);
            assert_eq!(link.output(), farewell, "{version}");
        }
    }
}

/// Shows: 5.0 MQTT-3.1.2-4, 3.1.1 MQTT-3.1.2-6, 3.1.1 MQTT-4.1.0-2
#[test]
fn a_clean_start_knows_nothing_of_the_session_before() {
    for version in VERSIONS {
        let mut pair = by_hand(version);
        let now = pair.now;
        // Each end has the other's QoS 2 identifier 1, handled and not released.
        pair.client.publish(now, "t", b"up", QoS::ExactlyOnce, 0);
        pair.server.publish(now, "t", b"down", QoS::ExactlyOnce, 0);
        pair.run();
        for end in [&mut pair.client, &mut pair.server] {
            let receipt = end.take_receipts().pop().unwrap();
            end.link().settle(receipt, ReasonCode::Success);
            assert_eq!(end.session().snapshot().received, [id(1)]);
        }
        pair.cut();
        pair.connect.clean_start = true;
        pair.connect();
        assert!(
            pair.client.take_seen().iter().any(|seen| matches!(seen, Seen::Connected(ack) if !ack.session_present))
        );
        for end in [&mut pair.client, &mut pair.server] {
            let received = end.session().snapshot().received;
            // What the client had not got through goes again as a new message, and is all that is known.
            assert!(received.is_empty() || received == [id(2)], "{version} {received:?}");
        }
        // The session lives as long as the connection: what passes on it is acknowledged to the end.
        pair.client.settles = Settles::AtOnce;
        pair.server.settles = Settles::AtOnce;
        for receipt in pair.server.take_receipts() {
            pair.server.link().settle(receipt, ReasonCode::Success);
        }
        pair.client.publish(now, "t", b"new", QoS::ExactlyOnce, 7);
        pair.run();
        assert_eq!(pair.client.take_completed(), [(7, ReasonCode::Success)], "{version}");
    }
}

// QoS 1 and 2, each end in either role.

/// Shows: 5.0 MQTT-4.3.2-1, 5.0 MQTT-4.3.2-2, 5.0 MQTT-4.3.2-3, 5.0 MQTT-2.2.1-3, 5.0 MQTT-2.2.1-4
/// Shows: 3.1.1 MQTT-4.3.2-1, 3.1.1 MQTT-2.3.1-2, 3.1.1 MQTT-2.3.1-3, 3.1.1 MQTT-2.3.1-4, 3.1 §2.4, 3.1 §4.1
#[test]
fn a_qos_1_sender_takes_an_unused_identifier_and_waits_for_puback() {
    for version in VERSIONS {
        for from in [Sender::Client, Sender::Server] {
            let mut pair = by_hand(version);
            let now = pair.now;
            let end = if from == Sender::Client { &mut pair.client } else { &mut pair.server };
            end.link().set_tracing(true);
            for token in 1..=3 {
                assert_eq!(end.publish(now, "t", b"", QoS::AtLeastOnce, token), Sent::InFlight(id(token as u16)));
            }
            if from == Sender::Client {
                // Requests draw from the same identifiers.
                let subscription = [Subscription::new("a", QoS::AtMostOnce)];
                assert_eq!(end.link().subscribe(now, &subscription, NONE).unwrap(), Some(id(4)));
            }
            let rows = sent(end.link(), from);
            let publishes: Vec<_> = rows.iter().filter(|row| row.0 == PacketType::Publish).collect();
            assert!(publishes.iter().all(|row| row.2 == Some(false)), "DUP is 0 at first");
            written(end.link());
            // The second is acknowledged; the first and third stay, and no new message takes their identifiers.
            let link = end.link();
            let bytes = ack(PacketType::PubAck, 2, version);
            assert!(matches!(link.recv(now, &bytes).unwrap().event, Some(Event::Completed { token: 2, .. })));
            assert_eq!(end.session().in_flight(), 2);
            let open: Vec<u16> =
                end.session().snapshot().outgoing.iter().filter_map(|o| o.packet_id.map(PacketId::get)).collect();
            assert_eq!(open, [1, 3]);
            for token in 4..100 {
                let Sent::InFlight(next) = end.publish(now, "t", b"", QoS::AtLeastOnce, token) else { panic!() };
                assert!(next.get() > 3);
            }
        }
    }
}

/// Shows: 5.0 MQTT-4.3.2-4, 5.0 MQTT-4.3.2-5, 5.0 MQTT-2.2.1-5, 5.0 MQTT-3.3.4-1, 5.0 MQTT-4.5.0-2
/// Shows: 3.1.1 MQTT-4.3.2-2, 3.1.1 MQTT-2.3.1-6, 3.1.1 MQTT-3.3.4-1, 3.1.1 MQTT-4.5.0-2, 3.1 §3.4
#[test]
fn a_qos_1_receiver_acknowledges_what_it_owns_and_takes_the_identifier_for_new_then() {
    for version in VERSIONS {
        for to_server in [true, false] {
            let mut pair = by_hand(version);
            let now = pair.now;
            let bytes = encoded(&Packet::Publish(publish("t", b"x", QoS::AtLeastOnce, 9)), version);
            let link = if to_server { pair.server.link() } else { pair.client.link() };
            for _ in 0..3 {
                let Some(Event::Publish { receipt: Some(receipt), .. }) = link.recv(now, &bytes).unwrap().event else {
                    panic!("{version}: a new message each time")
                };
                assert_eq!(link.output(), [0; 0], "nothing is said before the owner has it");
                link.settle(receipt, ReasonCode::Success);
                assert_eq!(link.output(), [0x40, 2, 0, 9]);
                written(link);
            }
        }
    }
}

/// Shows: 5.0 MQTT-4.3.3-1, 5.0 MQTT-4.3.3-2, 5.0 MQTT-4.3.3-3, 5.0 MQTT-4.3.3-4, 5.0 MQTT-4.3.3-5, 5.0 MQTT-4.3.3-6
/// Shows: 3.1.1 MQTT-4.3.3-1, 3.1 §3.6, 3.1 §3.7
#[test]
fn a_qos_2_sender_goes_from_publish_to_pubrel_and_never_back() {
    for version in VERSIONS {
        for from in [Sender::Client, Sender::Server] {
            let mut pair = by_hand(version);
            let now = pair.now;
            {
                let end = if from == Sender::Client { &mut pair.client } else { &mut pair.server };
                end.link().set_tracing(true);
                assert_eq!(end.publish(now, "t", b"", QoS::ExactlyOnce, 1), Sent::InFlight(id(1)));
                assert_eq!(end.publish(now, "t", b"", QoS::ExactlyOnce, 2), Sent::InFlight(id(2)));
                written(end.link());
                assert!(end.link().recv(now, &ack(PacketType::PubRec, 1, version)).unwrap().event.is_none());
                assert_eq!(end.link().output(), [0x62, 2, 0, 1]);
                assert_eq!(end.session().in_flight(), 2, "both are open until PUBCOMP");
                let rows = sent(end.link(), from);
                assert_eq!(rows[0], (PacketType::Publish, Some(1), Some(false)));
                assert_eq!(rows[2], (PacketType::PubRel, Some(1), None));
                written(end.link());
            }
            // A resumed session sends what was not answered: PUBREL for the first, PUBLISH for the second.
            pair.begin();
            pair.client.link().set_tracing(true);
            pair.run();
            let rows = sent(pair.client.link(), from);
            let rows: Vec<_> = rows.into_iter().filter(|row| row.1.is_some()).collect();
            assert_eq!(rows, [(PacketType::PubRel, Some(1), None), (PacketType::Publish, Some(2), Some(true))]);
            let end = if from == Sender::Client { &mut pair.client } else { &mut pair.server };
            let open = end.session().in_flight();
            assert!((1..=2).contains(&open), "{version} {from:?} {open}");
        }
    }
}

/// Shows: 5.0 MQTT-4.3.3-8, 5.0 MQTT-4.3.3-10, 5.0 MQTT-4.3.3-11, 5.0 MQTT-4.3.3-12, 3.1.1 MQTT-4.3.3-2, 3.1 §3.5
#[test]
fn a_qos_2_receiver_delivers_once_whichever_end_it_is() {
    for version in VERSIONS {
        for to_server in [true, false] {
            let mut pair = by_hand(version);
            let now = pair.now;
            let mut packet = publish("t", b"x", QoS::ExactlyOnce, 9);
            let first = encoded(&Packet::Publish(packet.clone()), version);
            packet.dup = true;
            let again = encoded(&Packet::Publish(packet), version);
            let link = if to_server { pair.server.link() } else { pair.client.link() };
            for _ in 0..2 {
                let Some(Event::Publish { receipt: Some(receipt), .. }) = link.recv(now, &first).unwrap().event else {
                    panic!("{version}")
                };
                assert_eq!(link.output(), [0; 0], "PUBREC waits for the owner");
                link.settle(receipt, ReasonCode::Success);
                assert_eq!(link.output(), [0x50, 2, 0, 9]);
                assert!(link.recv(now, &again).unwrap().event.is_none(), "a repetition is no event");
                assert_eq!(link.output(), [0x50, 2, 0, 9, 0x50, 2, 0, 9]);
                written(link);
                link.recv(now, &ack(PacketType::PubRel, 9, version)).unwrap();
                assert_eq!(link.output(), [0x70, 2, 0, 9]);
                written(link);
                // After PUBCOMP the identifier is new: the next round delivers again.
            }
        }
    }
}

/// Shows: 5.0 MQTT-4.3.3-7, 5.0 MQTT-4.3.3-13
#[test]
fn a_qos_2_exchange_that_has_begun_is_finished_after_the_message_has_expired() {
    let mut pair = by_hand(Version::V5);
    let now = pair.now;
    let mut message = Message { received_at: now, ..Message::new("t", "short-lived") };
    message.properties.push(Property::MessageExpiryInterval(1));
    let outgoing = Outgoing { qos: QoS::ExactlyOnce, retain: false, subscription_identifiers: &[], token: 5 };
    let message = std::sync::Arc::new(message.with_expiry());
    assert_eq!(pair.client.send(now, message, outgoing), Sent::InFlight(id(1)));
    // The connection breaks with PUBLISH on its way, and its time is over long before the next one.
    pair.cut();
    pair.now = pair.now + Duration::from_secs(3600);
    pair.connect();
    let receipt = pair.server.take_receipts().pop().expect("the message is sent again");
    // The receiver's part goes on too: it owns the message, and the time passes again.
    pair.server.link().settle(receipt, ReasonCode::Success);
    pair.now = pair.now + Duration::from_secs(3600);
    pair.run();
    assert_eq!(pair.client.take_completed(), [(5, ReasonCode::Success)]);
    assert_eq!(pair.server.session().snapshot().received, []);
}

/// Shows: 5.0 MQTT-4.6.0-4, 3.1.1 MQTT-4.6.0-4
#[test]
fn pubrels_go_out_in_the_order_of_the_pubrecs() {
    for version in VERSIONS {
        let mut pair = by_hand(version);
        let now = pair.now;
        for token in 1..=4 {
            pair.client.publish(now, "t", b"", QoS::ExactlyOnce, token);
        }
        sent(pair.client.link(), Sender::Client);
        for number in [3, 1, 4, 2] {
            pair.client.link().recv(now, &ack(PacketType::PubRec, number, version)).unwrap();
        }
        let order: Vec<_> = sent(pair.client.link(), Sender::Client).iter().map(|row| row.1.unwrap()).collect();
        assert_eq!(order, [3, 1, 4, 2], "{version}");
    }
}

/// Shows: 5.0 MQTT-3.3.1-3, 5.0 MQTT-3.3.1-1, 3.1.1 MQTT-3.3.1-3
#[test]
fn dup_of_an_incoming_message_is_not_passed_on() {
    for version in VERSIONS {
        for qos in [QoS::AtLeastOnce, QoS::ExactlyOnce] {
            let mut pair = by_hand(version);
            let now = pair.now;
            let incoming = Publish { dup: true, ..publish("t", b"x", qos, 9) };
            let bytes = encoded(&Packet::Publish(incoming), version);
            let Some(Event::Publish { publish, .. }) = pair.server.link().recv(now, &bytes).unwrap().event else {
                panic!()
            };
            assert!(publish.dup);
            let mut receiver = by_hand(version);
            let outgoing = Outgoing { qos, retain: false, subscription_identifiers: &[], token: 0 };
            receiver.server.link().send(now, &mut Fanout::from_view(publish, "t", now), outgoing);
            receiver.run();
            let seen = receiver.client.take_seen();
            assert!(matches!(&seen[..], [Seen::Publish(publish, _)] if !publish.dup), "{seen:?}");
        }
    }
}

// What MQTT 5 lets the server say.

/// Shows: 5.0 MQTT-3.2.2-17, 5.0 MQTT-3.2.2-18, 5.0 MQTT-3.3.2-9
#[test]
fn a_client_uses_as_many_aliases_as_the_server_takes_and_none_where_it_says_nothing() {
    for (granted, expected) in [(None, 0), (Some(0), 0), (Some(2), 2)] {
        let mut pair = Pair::new(Version::V5);
        pair.client.limits.send_alias_maximum = 10;
        pair.server.limits.topic_alias_maximum = granted.unwrap_or(0);
        pair.connect();
        pair.server.take_seen();
        let now = pair.now;
        for topic in ["a", "b", "c", "a", "b", "c"] {
            pair.client.publish(now, topic, b"", QoS::AtMostOnce, 0);
        }
        pair.run();
        assert_eq!(pair.server.violation(), None);
        let aliases = pair.server.take_seen().into_iter().filter_map(|seen| match seen {
            Seen::Publish(publish, _) => publish.properties.topic_alias(),
            _ => None,
        });
        let mut aliases: Vec<u16> = aliases.collect();
        aliases.sort_unstable();
        aliases.dedup();
        assert_eq!(aliases, (1..=expected).collect::<Vec<u16>>());
    }
}

/// Shows: 5.0 MQTT-4.12.1-2
#[test]
fn a_failed_re_authentication_ends_the_connection() {
    let authenticated = || {
        let mut pair = Pair::new(Version::V5);
        pair.connect.properties.push(Property::AuthenticationMethod("M".into()));
        pair.connect();
        let auth = Auth { reason: ReasonCode::ReAuthenticate, properties: Properties::new() };
        pair.client.link().send_auth(&auth).unwrap();
        pair.run();
        pair.client.take_seen();
        pair.server.take_seen();
        pair
    };
    // The server finds it wrong.
    let mut pair = authenticated();
    pair.server.link().disconnect(&Disconnect::new(ReasonCode::NotAuthorized));
    pair.run();
    assert!(matches!(&pair.client.take_seen()[..], [Seen::Disconnect(d)] if d.reason == ReasonCode::NotAuthorized));
    assert!(pair.server.link().is_finished() && pair.client.link().is_finished());
    // Or the client does: another method in the answer is a violation, and it says so before it closes.
    let mut pair = authenticated();
    let properties = [Property::AuthenticationMethod("other".into())].into_iter().collect();
    let answer = encoded(&Packet::Auth(Auth { reason: ReasonCode::Success, properties }), Version::V5);
    let now = pair.now;
    let link = pair.client.link();
    assert_eq!(link.recv(now, &answer).unwrap_err().rule, Rule::AuthenticationMethodChanged);
    assert!(link.is_finished() && link.output()[0] == 0xE0 && link.output()[2] >= 0x80);
}

/// Shows: 5.0 MQTT-3.2.2-4, 5.0 MQTT-4.13.2-1
#[test]
fn a_client_without_a_session_does_not_take_one_from_the_server() {
    for version in [Version::V3_1_1, Version::V5] {
        let session = Session::new(true, false, QueueLimits::default());
        let connect = Connect::new(version, "c");
        assert!(connect.clean_start, "its own state is gone");
        let mut link = Link::client(Time::default(), Limits::default(), &connect, session).unwrap();
        written(&mut link);
        let accepted = encoded(&Packet::ConnAck(Box::new(ConnAck::accepted(true))), version);
        let violation = link.recv(Time::default(), &accepted).unwrap_err();
        assert_eq!(violation.rule, Rule::SessionPresentAfterCleanStart);
        assert!(link.is_finished());
    }
}

/// Shows: 5.0 MQTT-4.13.2-1, 3.1 §3.2
#[test]
fn a_reason_from_0x80_ends_the_connection_at_the_receiver() {
    for version in VERSIONS {
        let mut pair = Pair::new(version);
        pair.accepts = false;
        pair.connect();
        let refusal = encoded(&Packet::ConnAck(Box::new(ConnAck::refused(ReasonCode::NotAuthorized))), version);
        let now = pair.now;
        let link = pair.client.link();
        link.recv(now, &refusal).unwrap();
        assert!(link.is_finished() && link.output().is_empty());
    }
    let mut pair = by_hand(Version::V5);
    let bye = encoded(&Packet::Disconnect(Disconnect::new(ReasonCode::ServerBusy)), Version::V5);
    let now = pair.now;
    let link = pair.client.link();
    link.recv(now, &bye).unwrap();
    assert!(link.is_finished() && !link.wants_input());
}
