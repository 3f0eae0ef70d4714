use super::*;

/// Shows: 5.0 MQTT-3.1.0-1, 3.1.1 MQTT-3.1.0-1, 3.1 §3.1, 3.1 §3.2
#[test]
fn every_version_connects_and_resumes() {
    for version in VERSIONS {
        let mut pair = Pair::new(version);
        pair.connect();
        assert!(pair.client.link().is_connected() && pair.server.link().is_connected(), "{version}");
        assert_eq!(pair.server.link().version(), version);
        assert!(matches!(&pair.server.take_seen()[..], [Seen::Connect(connect)] if connect.client_id == "client"));
        assert!(matches!(&pair.client.take_seen()[..], [Seen::Connected(ack)] if !ack.session_present));
        pair.connect();
        let present = version.has_session_present();
        assert!(matches!(&pair.client.take_seen()[..], [Seen::Connected(ack)] if ack.session_present == present));
    }
}

#[test]
fn both_ends_announce_their_limits() {
    let mut pair = Pair::new(Version::V5);
    pair.client.limits =
        Limits { receive_maximum: 7, maximum_packet_size: 1000, topic_alias_maximum: 3, ..Limits::default() };
    pair.server.limits = Limits { receive_maximum: 9, topic_alias_maximum: 4, ..Limits::default() };
    pair.ack.properties.push(Property::MaximumPacketSize(2000));
    pair.connect();
    let [Seen::Connect(connect)] = &pair.server.take_seen()[..] else { panic!() };
    assert_eq!(connect.properties.receive_maximum(), Some(7));
    assert_eq!(connect.properties.maximum_packet_size(), Some(1000));
    assert_eq!(connect.properties.topic_alias_maximum(), Some(3));
    let [Seen::Connected(ack)] = &pair.client.take_seen()[..] else { panic!() };
    assert_eq!(ack.properties.receive_maximum(), Some(9));
    assert_eq!(ack.properties.maximum_packet_size(), Some(2000));
    assert_eq!(pair.client.link().peer_maximum_packet_size(), 2000);
    assert_eq!(pair.server.link().peer_maximum_packet_size(), 1000);
}

#[test]
fn nothing_is_read_while_the_server_decides() {
    for version in VERSIONS {
        let mut pair = Pair::new(version);
        pair.accepts = false;
        pair.connect();
        assert!(pair.server.link().is_deciding());
        assert!(!pair.server.link().wants_input());
        let received = pair.server.link().recv(Time::default(), &[0xC0, 0x00]).unwrap();
        assert_eq!(received.consumed, 0);
        assert!(pair.server.link().output().is_empty());
    }
}

/// Shows: 5.0 MQTT-4.13.2-1, 3.1 §3.2
#[test]
fn a_refusal_reaches_every_version() {
    for version in VERSIONS {
        let mut pair = Pair::new(version);
        pair.accepts = false;
        pair.connect();
        pair.server.link().refuse(ConnAck::refused(ReasonCode::NotAuthorized));
        assert!(pair.server.link().is_finished());
        pair.run();
        let seen = pair.client.take_seen();
        assert!(matches!(&seen[..], [Seen::Connected(ack)] if ack.reason == ReasonCode::NotAuthorized), "{seen:?}");
        assert!(pair.client.link().is_finished());
    }
}

#[test]
fn bytes_that_are_no_connect_get_no_answer() {
    let mut link = Link::server(Time::default(), Limits::default());
    let violation = link.recv(Time::default(), &[0xC0, 0x00]).unwrap_err();
    assert_eq!(violation.rule, Rule::FirstPacketNotConnect);
    assert!(link.output().is_empty() && link.is_finished());
}

#[test]
fn an_unknown_level_is_answered_with_return_code_1() {
    let mut connect = encoded(&Packet::Connect(Box::new(Connect::new(Version::V3_1_1, "x"))), Version::V3_1_1);
    connect[8] = 9;
    let mut link = Link::server(Time::default(), Limits::default());
    let violation = link.recv(Time::default(), &connect).unwrap_err();
    assert_eq!(violation.rule, Rule::ProtocolLevel);
    assert_eq!(link.output(), [0x20, 0x02, 0x00, 0x01]);
}

/// Shows: 3.1 §3.1
#[test]
fn mqtt_3_1_has_client_identifiers_of_at_most_23_characters() {
    // The server took any: MQTT 3.1 wants return code 2 for them.
    let connect = |version, length| Connect::new(version, "é".repeat(length));
    for (length, answer) in [(23, &[][..]), (24, &[0x20, 0x02, 0x00, 0x02][..])] {
        let bytes = encoded(&Packet::Connect(Box::new(connect(Version::V3_1, length))), Version::V3_1);
        let mut link = Link::server(Time::default(), Limits::default());
        let rule = link.recv(Time::default(), &bytes).map_err(|violation| violation.rule).err();
        assert_eq!(rule, (length > 23).then_some(Rule::ClientIdentifier));
        assert_eq!(link.output(), answer);
        let client = |version| {
            Link::client(Time::default(), Limits::default(), &connect(version, length), Session::default()).is_ok()
        };
        assert_eq!(client(Version::V3_1), length <= 23);
        assert!(client(Version::V3_1_1));
    }
}

#[test]
fn a_malformed_connect_is_refused_in_mqtt_5_and_closed_in_mqtt_3() {
    for (version, answer) in [(Version::V3_1_1, &[][..]), (Version::V5, &[0x20, 0x03, 0x00, 0x81, 0x00][..])] {
        let mut connect = encoded(&Packet::Connect(Box::new(Connect::new(version, "x"))), version);
        connect[9] |= 1; // the reserved connect flag
        let mut link = Link::server(Time::default(), Limits::default());
        assert!(link.recv(Time::default(), &connect).is_err());
        assert_eq!(link.output(), answer, "{version}");
    }
}

#[test]
fn a_connect_larger_than_its_limit_is_not_waited_for() {
    let mut link = Link::server(Time::default(), Limits { maximum_connect_size: 100, ..Limits::default() });
    let violation = link.recv(Time::default(), &[0x10, 0xFF, 0x01]).unwrap_err();
    assert_eq!(violation.rule, Rule::PacketTooLarge);
    // The same length is fine once the client has been accepted.
    let mut pair = Pair::new(Version::V5);
    pair.server.limits.maximum_connect_size = 100;
    pair.connect();
    pair.client.publish(pair.now, "t", &[0; 500], QoS::AtMostOnce, 0);
    pair.run();
    assert_eq!(pair.server.take_payloads().len(), 1);
}

/// Shows: 3.1 §3.14
#[test]
fn disconnect_says_what_the_version_can_say() {
    for version in VERSIONS {
        let mut pair = Pair::connected(version);
        pair.client.take_seen();
        pair.server.link().disconnect(&Disconnect::new(ReasonCode::ServerShuttingDown));
        pair.run();
        let seen = pair.client.take_seen();
        match version.has_server_disconnect() {
            true => assert!(matches!(&seen[..], [Seen::Disconnect(d)] if d.reason == ReasonCode::ServerShuttingDown)),
            false => assert_eq!(seen, []),
        }
        let mut pair = Pair::connected(version);
        pair.server.take_seen();
        pair.client.link().disconnect(&Disconnect::new(ReasonCode::Success));
        pair.run();
        assert!(matches!(&pair.server.take_seen()[..], [Seen::Disconnect(_)]));
        assert!(pair.server.link().is_finished() && pair.client.link().is_finished());
    }
}

/// Shows: 5.0 MQTT-3.1.2-21, 5.0 MQTT-3.2.2-21
#[test]
fn the_server_keep_alive_replaces_the_client_s() {
    let mut pair = Pair::new(Version::V5);
    pair.ack.properties.push(Property::ServerKeepAlive(7));
    pair.connect();
    assert_eq!((pair.client.link().keep_alive(), pair.server.link().keep_alive()), (7, 7));
}

/// Shows: 5.0 MQTT-3.2.2-11, 5.0 MQTT-3.2.2-14
#[test]
fn what_the_server_does_not_support_is_not_sent() {
    let mut pair = Pair::new(Version::V5);
    pair.ack.properties = [
        Property::MaximumQoS(1),
        Property::RetainAvailable(0),
        Property::WildcardSubscriptionAvailable(0),
        Property::SharedSubscriptionAvailable(0),
        Property::SubscriptionIdentifierAvailable(0),
    ]
    .into_iter()
    .collect();
    // One message waits already when that becomes known.
    let now = pair.now;
    assert_eq!(pair.client.publish(now, "t", b"waits", QoS::ExactlyOnce, 5), Sent::Queued);
    pair.connect();
    assert!(
        pair.client
            .take_seen()
            .contains(&Seen::Ended(Ended { token: 5, ending: Ending::Dropped(Dropped::QoSNotSupported) }))
    );
    assert_eq!(pair.client.publish(now, "t", b"", QoS::ExactlyOnce, 0), Sent::Dropped(Dropped::QoSNotSupported));
    let retained = Outgoing { qos: QoS::AtMostOnce, retain: true, subscription_identifiers: &[], token: 0 };
    let message = Arc::new(Message::new("t", ""));
    assert_eq!(pair.client.send(now, message, retained), Sent::Dropped(Dropped::RetainNotSupported));
    let none = Properties::new();
    let link = pair.client.link();
    for filter in ["a/+", "#", "$share/g/a"] {
        assert!(link.subscribe(now, &[Subscription::new(filter, QoS::AtMostOnce)], &none).is_err(), "{filter}");
    }
    let identifier = Properties::from_iter([Property::SubscriptionIdentifier(1)]);
    assert!(link.subscribe(now, &[Subscription::new("a", QoS::AtMostOnce)], &identifier).is_err());
    assert!(link.subscribe(now, &[Subscription::new("a", QoS::AtMostOnce)], &none).is_ok());
}

/// Shows: 5.0 MQTT-2.2.1-3, 3.1 §3.8, 3.1 §3.9, 3.1 §3.10, 3.1 §3.11
#[test]
fn subscribe_and_unsubscribe_find_their_answers() {
    for version in VERSIONS {
        let mut pair = Pair::connected(version);
        let (now, none) = (pair.now, Properties::new());
        let filters = [Subscription::new("a", QoS::AtMostOnce), Subscription::new("b", QoS::ExactlyOnce)];
        let first = pair.client.link().subscribe(now, &filters, &none).unwrap().unwrap();
        let second = pair.client.link().unsubscribe(now, &["a".into()], &none).unwrap().unwrap();
        assert_ne!(first, second);
        pair.server.take_seen();
        pair.client.take_seen();
        pair.run();
        let seen = pair.server.take_seen();
        let [Seen::Subscribe(subscribe), Seen::Unsubscribe(unsubscribe)] = &seen[..] else { panic!("{seen:?}") };
        assert_eq!((subscribe.packet_id, unsubscribe.packet_id), (first, second));
        let reasons = vec![ReasonCode::Success, ReasonCode::GrantedQoS2];
        let link = pair.server.link();
        link.suback(&SubAck { packet_id: first, reasons: reasons.clone(), properties: none.clone() });
        link.unsuback(&UnsubAck { packet_id: second, reasons: vec![ReasonCode::Success], properties: none });
        pair.run();
        let seen = pair.client.take_seen();
        let [Seen::Subscribed(suback), Seen::Unsubscribed(unsuback)] = &seen[..] else { panic!("{seen:?}") };
        assert_eq!((suback.packet_id, &suback.reasons), (first, &reasons));
        assert_eq!(unsuback.packet_id, second);
        assert_eq!(pair.client.link().session.outbox.span(), 0);
    }
}

/// Shows: 5.0 MQTT-3.1.2-29
#[test]
fn problem_information_is_kept_from_those_who_do_not_want_it() {
    let mut pair = Pair::new(Version::V5);
    pair.connect.properties.push(Property::RequestProblemInformation(0));
    pair.connect();
    let link = pair.client.link();
    link.subscribe(Time::default(), &[Subscription::new("a", QoS::AtMostOnce)], &Properties::new()).unwrap();
    pair.run();
    pair.client.take_seen();
    let properties = Properties::from_iter([Property::ReasonString("because".into())]);
    pair.server.link().suback(&SubAck { packet_id: id(1), reasons: vec![ReasonCode::NotAuthorized], properties });
    pair.run();
    assert!(matches!(&pair.client.take_seen()[..], [Seen::Subscribed(ack)] if ack.properties.is_empty()));
}

/// Shows: 5.0 MQTT-3.1.2-29
#[test]
fn a_client_that_wants_no_problem_information_refuses_it() {
    // Section 3.1.2.11.7 asks for a DISCONNECT with 0x82. The client took them.
    for told in [Property::ReasonString("why".into()), Property::UserProperty("k".into(), "v".into())] {
        let properties = Properties::from_iter([told]);
        let packets = [
            Packet::PubAck(Ack { properties: properties.clone(), ..Ack::success(id(1)) }),
            Packet::PubRel(Ack { properties: properties.clone(), ..Ack::success(id(1)) }),
            Packet::SubAck(SubAck {
                packet_id: id(1),
                reasons: vec![ReasonCode::Success],
                properties: properties.clone(),
            }),
            Packet::UnsubAck(UnsubAck {
                packet_id: id(1),
                reasons: vec![ReasonCode::Success],
                properties: properties.clone(),
            }),
        ];
        for packet in packets {
            let mut pair = Pair::new(Version::V5);
            pair.connect.properties.push(Property::RequestProblemInformation(0));
            pair.connect();
            let now = pair.now;
            let link = pair.client.link();
            let violation = link.recv(now, &encoded(&packet, Version::V5)).unwrap_err();
            assert_eq!(violation.rule, Rule::ProblemInformation);
            assert_eq!(link.output(), [0xE0, 1, 0x82]);
        }
        // PUBLISH, CONNACK and DISCONNECT may carry them.
        let mut pair = Pair::new(Version::V5);
        pair.connect.properties.push(Property::RequestProblemInformation(0));
        pair.ack.properties = properties.clone();
        pair.connect();
        let now = pair.now;
        let bye = Disconnect { properties, ..Disconnect::new(ReasonCode::ServerBusy) };
        assert!(pair.client.link().recv(now, &encoded(&Packet::Disconnect(bye), Version::V5)).is_ok());
    }
}

#[test]
fn a_trace_tells_both_directions() {
    use crate::wire::Sender::{Client, Server};
    let mut pair = Pair::connected(Version::V5);
    pair.client.link().set_tracing(true);
    let now = pair.now;
    pair.client.publish(now, "topic", b"abc", QoS::ExactlyOnce, 0);
    pair.run();
    let trace = pair.client.link().take_trace();
    assert_eq!(
        types(&trace),
        [
            (Client, PacketType::Publish),
            (Server, PacketType::PubRec),
            (Client, PacketType::PubRel),
            (Server, PacketType::PubComp)
        ]
    );
    assert_eq!(trace[0].publish, Some((false, QoS::ExactlyOnce, false, "topic".into(), 3)));
    pair.client.link().set_tracing(false);
    pair.client.publish(now, "topic", b"abc", QoS::ExactlyOnce, 0);
    pair.run();
    assert_eq!(pair.client.link().take_trace(), []);
}

#[test]
fn a_client_that_takes_no_answer_to_what_it_asks_is_told() {
    let mut pair = Pair::new(Version::V5);
    pair.connect.properties.push(Property::MaximumPacketSize(20));
    pair.connect();
    let now = pair.now;
    let filters: Vec<Subscription> = (0..50).map(|n| Subscription::new(format!("t/{n}"), QoS::AtMostOnce)).collect();
    pair.client.link().subscribe(now, &filters, &Properties::new()).unwrap();
    pair.run();
    let ack = SubAck { packet_id: id(1), reasons: vec![ReasonCode::Success; 50], properties: Properties::new() };
    pair.server.link().suback(&ack);
    pair.run();
    assert!(pair.server.link().is_finished());
    let bye = Seen::Disconnect(Disconnect::new(ReasonCode::PacketTooLarge));
    assert!(pair.client.take_seen().contains(&bye));
}
