use super::*;
use std::time::Duration;

/// Shows: 5.0 MQTT-3.3.4-1, 3.1.1 MQTT-3.3.4-1, 5.0 MQTT-4.5.0-2, 3.1.1 MQTT-4.5.0-2, 3.1 §3.3, 3.1 §3.4, 3.1 §3.5
/// Shows: 3.1 §3.6, 3.1 §3.7, 3.1 §4.1
#[test]
fn every_qos_goes_both_ways_in_every_version() {
    for version in VERSIONS {
        let mut pair = Pair::connected(version);
        pair.client.take_seen();
        let now = pair.now;
        for (number, qos) in [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce].into_iter().enumerate() {
            let token = number as u64 + 1;
            pair.client.publish(now, "up", format!("u{number}").as_bytes(), qos, token);
            pair.server.publish(now, "down", format!("d{number}").as_bytes(), qos, token);
        }
        pair.run();
        assert_eq!(pair.server.take_payloads(), ["u0", "u1", "u2"], "{version}");
        let seen = pair.client.take_seen();
        assert!(seen.contains(&Seen::Completed(2, ReasonCode::Success)));
        assert!(seen.contains(&Seen::Completed(3, ReasonCode::Success)));
        assert!(!seen.contains(&Seen::Completed(1, ReasonCode::Success)), "QoS 0 is not acknowledged");
        assert_eq!(pair.client.session().in_flight(), 0);
        assert_eq!(pair.server.session().in_flight(), 0);
    }
}

/// Shows: 5.0 MQTT-4.4.0-2, 5.0 MQTT-4.3.3-9
#[test]
fn a_refused_message_completes_with_its_reason() {
    for (qos, version) in
        [(QoS::AtLeastOnce, Version::V5), (QoS::ExactlyOnce, Version::V5), (QoS::ExactlyOnce, Version::V3_1_1)]
    {
        let mut pair = Pair::connected(version);
        pair.server.settles = Settles::ByHand;
        pair.client.publish(pair.now, "t", b"x", qos, 9);
        pair.run();
        let receipt = pair.server.take_receipts().pop().unwrap();
        pair.server.link().settle(receipt, ReasonCode::QuotaExceeded);
        pair.run();
        let told = if version.has_properties() { ReasonCode::QuotaExceeded } else { ReasonCode::Success };
        assert_eq!(pair.client.take_completed(), [(9, told)]);
        // The identifier is free at both ends.
        assert_eq!(pair.server.session().snapshot().received, []);
        assert_eq!(pair.client.session().in_flight(), 0);
    }
}

/// Shows: 5.0 MQTT-3.3.4-7, 5.0 MQTT-4.9.0-1, 5.0 MQTT-4.9.0-2
#[test]
fn the_window_is_the_lower_of_both_wishes_and_the_queue_goes_on() {
    for (peer, own, window) in [(3, 10, 3), (10, 2, 2)] {
        let mut pair = Pair::new(Version::V5);
        pair.server.limits.receive_maximum = peer;
        pair.client.limits.send_maximum = own;
        pair.server.settles = Settles::ByHand;
        pair.connect();
        let sent: Vec<Sent> = (0..7)
            .map(|n| pair.client.publish(pair.now, "t", &[b'0' + n], QoS::AtLeastOnce, 1 + u64::from(n)))
            .collect();
        assert!(sent[..window].iter().all(|sent| matches!(sent, Sent::InFlight(_))), "{sent:?}");
        assert!(sent[window..].iter().all(|sent| *sent == Sent::Queued), "{sent:?}");
        let mut payloads = Vec::new();
        loop {
            pair.run();
            let seen = pair.server.take_seen();
            if !seen.iter().any(|seen| matches!(seen, Seen::Publish(..))) {
                break;
            }
            assert!(pair.client.session().in_flight() <= window);
            for seen in seen {
                let Seen::Publish(publish, Some(receipt)) = seen else { continue };
                payloads.extend_from_slice(&publish.payload);
                pair.server.link().settle(receipt, ReasonCode::Success);
            }
        }
        assert_eq!(payloads, b"0123456");
        assert_eq!(pair.client.take_completed().len(), 7);
    }
}

/// Shows: 5.0 MQTT-3.3.4-8, 5.0 MQTT-4.9.0-3
#[test]
fn other_packets_pass_a_full_window() {
    let mut pair = Pair::new(Version::V5);
    pair.server.limits.receive_maximum = 1;
    pair.server.settles = Settles::ByHand;
    pair.connect();
    let now = pair.now;
    pair.client.publish(now, "t", b"1", QoS::AtLeastOnce, 1);
    assert_eq!(pair.client.publish(now, "t", b"2", QoS::AtLeastOnce, 2), Sent::Queued);
    assert_eq!(pair.client.publish(now, "t", b"0", QoS::AtMostOnce, 0), Sent::Written);
    assert!(
        pair.client
            .link()
            .subscribe(now, &[Subscription::new("a", QoS::AtMostOnce)], &Properties::new())
            .unwrap()
            .is_some()
    );
}

#[test]
fn the_queue_is_bounded_and_tells_what_it_drops() {
    let now = Time::default();
    let message = Arc::new(Message::new("t", "x"));
    let outgoing = |token| Outgoing { qos: QoS::AtLeastOnce, retain: false, subscription_identifiers: &[], token };
    let limits = QueueLimits { messages: 2, ..QueueLimits::default() };
    let mut newest = Session::new(true, false, limits);
    let sent: Vec<Sent> = (1..=3).map(|token| newest.enqueue(now, &message, outgoing(token))).collect();
    assert_eq!(sent, [Sent::Queued, Sent::Queued, Sent::Dropped(Dropped::QueueFull)]);
    assert_eq!((newest.unfinished(), newest.dropped()), (vec![1, 2], 1));
    let mut oldest = Session::new(true, false, QueueLimits { drop_oldest: true, ..limits });
    (1..=3).for_each(|token| assert_eq!(oldest.enqueue(now, &message, outgoing(token)), Sent::Queued));
    assert_eq!((oldest.unfinished(), oldest.dropped()), (vec![2, 3], 1));
    assert_eq!(oldest.take_ended(), [Ended { token: 1, ending: Ending::Dropped(Dropped::QueueFull) }]);
    let mut bytes = Session::new(true, false, QueueLimits { bytes: oldest.queued_bytes(), ..QueueLimits::default() });
    let sent: Vec<Sent> = (1..=3).map(|token| bytes.enqueue(now, &message, outgoing(token))).collect();
    assert_eq!(sent[2], Sent::Dropped(Dropped::QueueFull));
    let qos0 = Outgoing { qos: QoS::AtMostOnce, ..outgoing(0) };
    assert_eq!(bytes.enqueue(now, &message, qos0), Sent::Dropped(Dropped::NotConnected));
}

#[test]
fn expired_messages_are_not_sent_and_the_interval_counts_down() {
    let mut pair = Pair::new(Version::V5);
    let start = pair.now;
    for (seconds, token) in [(10, 1), (100, 2)] {
        let mut message = Message { received_at: start, ..Message::new("t", format!("{seconds}")) };
        message.properties.push(Property::MessageExpiryInterval(seconds));
        let outgoing = Outgoing { qos: QoS::AtLeastOnce, retain: false, subscription_identifiers: &[], token };
        assert_eq!(pair.client.send(start, Arc::new(message.with_expiry()), outgoing), Sent::Queued);
    }
    pair.now = start + Duration::from_secs(40);
    pair.connect();
    let seen = pair.server.take_seen();
    let Some(Seen::Publish(publish, _)) = seen.get(1) else { panic!("{seen:?}") };
    assert_eq!(publish.properties.message_expiry_interval(), Some(60));
    assert_eq!(seen.len(), 2);
    assert!(
        pair.client.take_seen().contains(&Seen::Ended(Ended { token: 1, ending: Ending::Dropped(Dropped::Expired) }))
    );
}

#[test]
fn drop_expired_empties_the_queue_of_what_is_over() {
    let mut session = Session::new(true, false, QueueLimits::default());
    let outgoing = |token| Outgoing { qos: QoS::AtLeastOnce, retain: false, subscription_identifiers: &[], token };
    for (token, seconds) in [(1, 5), (2, 50), (3, 5)] {
        let properties = Properties::from_iter([Property::MessageExpiryInterval(seconds)]);
        let message = Message { properties, ..Message::new("t", "") }.with_expiry();
        session.enqueue(Time::default(), &Arc::new(message), outgoing(token));
    }
    assert_eq!(session.drop_expired(Time::from_millis(6_000)), 2);
    assert_eq!((session.unfinished(), session.queued()), (vec![2], 1));
    session.drop_expired(Time::from_millis(60_000));
    assert_eq!(session.queued_bytes(), 0);
}

/// Shows: 5.0 MQTT-3.2.2-15
#[test]
fn a_message_too_large_for_the_peer_is_dropped_and_uses_no_identifier() {
    let mut pair = Pair::new(Version::V5);
    pair.server.limits.maximum_packet_size = 100;
    pair.connect();
    let now = pair.now;
    assert_eq!(pair.client.publish(now, "t", &[0; 200], QoS::AtLeastOnce, 1), Sent::Dropped(Dropped::TooLarge));
    assert_eq!(pair.client.publish(now, "t", &[0; 200], QoS::AtMostOnce, 1), Sent::Dropped(Dropped::TooLarge));
    assert_eq!(pair.client.publish(now, "t", b"", QoS::AtLeastOnce, 1), Sent::InFlight(id(1)));
    pair.run();
    assert_eq!(pair.server.violation(), None);
}

#[test]
fn a_peer_that_does_not_read_loses_qos_0_and_keeps_the_rest_queued() {
    let mut pair = Pair::new(Version::V5);
    pair.server.limits.maximum_backlog = 50;
    pair.connect();
    let now = pair.now;
    pair.server.publish(now, "t", &[0; 60], QoS::AtMostOnce, 0);
    assert_eq!(pair.server.publish(now, "t", b"zero", QoS::AtMostOnce, 0), Sent::Dropped(Dropped::QueueFull));
    assert_eq!(pair.server.publish(now, "t", b"one", QoS::AtLeastOnce, 0), Sent::Queued);
    // Nothing is in flight, so that only writing can make it go on.
    pair.run();
    assert_eq!(pair.client.take_payloads().len(), 2);
}

/// Shows: 5.0 MQTT-3.3.1-1, 5.0 MQTT-4.4.0-1, 5.0 MQTT-4.6.0-1, 5.0 MQTT-4.3.3-6, 3.1.1 MQTT-3.3.1-1
/// Shows: 3.1.1 MQTT-4.4.0-1, 3.1.1 MQTT-4.6.0-1, 3.1.1 MQTT-2.3.1-3, 3.1 §2.1, 3.1 §4.2, 3.1 §4.3
#[test]
fn after_a_cut_everything_unacknowledged_goes_again_in_order_with_dup() {
    for version in VERSIONS {
        let mut pair = Pair::connected(version);
        pair.server.settles = Settles::ByHand;
        let now = pair.now;
        for (number, qos) in
            [QoS::AtLeastOnce, QoS::ExactlyOnce, QoS::AtLeastOnce, QoS::ExactlyOnce].into_iter().enumerate()
        {
            pair.client.publish(now, "t", &[number as u8], qos, number as u64 + 1);
        }
        pair.run();
        let receipts = pair.server.take_receipts();
        // The first two are acknowledged, so the second is released; its PUBCOMP is lost with the connection.
        let mut receipts = receipts.into_iter();
        for receipt in receipts.by_ref().take(2) {
            pair.server.link().settle(receipt, ReasonCode::Success);
        }
        let written = pair.server.link().output().to_vec();
        let mut client = pair.client.link.take().unwrap();
        let mut at = 0;
        while at < written.len() {
            at += client.recv(now, &written[at..]).unwrap().consumed;
        }
        pair.client.link = Some(client);
        pair.begin();
        pair.client.link().set_tracing(true);
        pair.run();
        let trace = pair.client.link().take_trace();
        let sent: Vec<_> = trace
            .iter()
            .filter(|packet| packet.sender == crate::wire::Sender::Client)
            .map(|packet| {
                (packet.packet_type, packet.packet_id.map(PacketId::get), packet.publish.as_ref().map(|p| p.0))
            })
            .collect();
        assert_eq!(
            sent,
            [
                (PacketType::PubRel, Some(2), None),
                (PacketType::Publish, Some(3), Some(true)),
                (PacketType::Publish, Some(4), Some(true)),
            ],
            "{version}"
        );
        drop(receipts);
    }
}

/// Shows: 5.0 MQTT-3.2.2-5, 5.0 MQTT-4.4.0-1
#[test]
fn without_a_session_at_the_server_everything_goes_as_new() {
    for version in [Version::V3_1_1, Version::V5] {
        let mut pair = Pair::connected(version);
        pair.server.settles = Settles::ByHand;
        let now = pair.now;
        for (token, qos) in [(1, QoS::ExactlyOnce), (2, QoS::AtLeastOnce), (3, QoS::ExactlyOnce)] {
            pair.client.publish(now, "t", &[token as u8], qos, token);
        }
        // Only the first comes as far as PUBREL.
        pair.run();
        let receipt = pair.server.take_receipts().remove(0);
        pair.server.link().settle(receipt, ReasonCode::Success);
        let pubrec = pair.server.link().output().to_vec();
        pair.client.link().recv(now, &pubrec).unwrap();
        pair.cut();
        pair.server.session = None;
        pair.server.settles = Settles::AtOnce;
        pair.begin();
        pair.client.link().set_tracing(true);
        pair.run();
        let seen = pair.client.take_seen();
        assert!(matches!(&seen[1], Seen::Connected(ack) if !ack.session_present), "{seen:?}");
        assert_eq!(seen[2], Seen::Ended(Ended { token: 1, ending: Ending::Acknowledged(ReasonCode::Success) }));
        let trace = pair.client.link().take_trace();
        let again: Vec<_> = trace
            .iter()
            .filter_map(|packet| packet.publish.as_ref().map(|p| (packet.packet_id.unwrap().get(), p.0, p.1)))
            .collect();
        assert_eq!(again, [(4, false, QoS::AtLeastOnce), (5, false, QoS::ExactlyOnce)]);
        assert_eq!(pair.client.session().unfinished(), []);
    }
}

#[test]
fn a_transient_session_keeps_no_message_and_says_what_is_lost() {
    let mut pair = Pair::new(Version::V5);
    pair.client.session = Some(Session::new(false, false, QueueLimits::default()));
    pair.server.reads = false;
    pair.connect();
    let now = pair.now;
    pair.server.reads = true;
    pair.run();
    pair.server.reads = false;
    let message = Arc::new(Message::new("t", "x"));
    let outgoing = Outgoing { qos: QoS::AtLeastOnce, retain: false, subscription_identifiers: &[], token: 4 };
    pair.client.send(now, message.clone(), outgoing);
    assert_eq!(Arc::strong_count(&message), 1);
    pair.server.reads = true;
    pair.begin();
    pair.client.link().session_mut();
    pair.run();
    assert!(
        pair.client
            .take_seen()
            .contains(&Seen::Ended(Ended { token: 4, ending: Ending::Dropped(Dropped::ConnectionLost) }))
    );
}

/// Shows: 5.0 MQTT-3.3.4-7, 5.0 MQTT-4.9.0-1
#[test]
fn a_smaller_window_at_the_next_connection_holds_for_what_goes_again() {
    let mut pair = Pair::connected(Version::V5);
    pair.server.settles = Settles::ByHand;
    let now = pair.now;
    for n in 0..5 {
        pair.client.publish(now, "t", &[n], QoS::AtLeastOnce, 0);
    }
    pair.cut();
    pair.server.limits.receive_maximum = 2;
    pair.connect();
    assert_eq!(pair.client.publish(now, "t", &[5], QoS::AtLeastOnce, 0), Sent::Queued);
    let mut payloads = Vec::new();
    loop {
        pair.run();
        let seen = pair.server.take_seen();
        let publishes = seen.iter().filter(|seen| matches!(seen, Seen::Publish(..))).count();
        assert!(publishes <= 2);
        if publishes == 0 {
            break;
        }
        for seen in seen {
            let Seen::Publish(publish, Some(receipt)) = seen else { continue };
            payloads.extend_from_slice(&publish.payload);
            pair.server.link().settle(receipt, ReasonCode::Success);
        }
    }
    assert_eq!(payloads, [0, 1, 2, 3, 4, 5]);
    assert_eq!(pair.server.violation(), None);
}

/// Shows: 5.0 MQTT-2.2.1-3, 3.1.1 MQTT-2.3.1-2, 3.1.1 MQTT-2.3.1-3, 3.1 §2.4
#[test]
fn identifiers_wrap_and_the_oldest_may_hold_the_run() {
    let mut pair = Pair::connected(Version::V3_1_1);
    pair.server.settles = Settles::ByHand;
    let now = pair.now;
    pair.client.session().outbox.restore_first(id(65_530));
    let mut receipts = Vec::new();
    for n in 0..20u8 {
        assert!(matches!(pair.client.publish(now, "t", &[n], QoS::AtLeastOnce, u64::from(n) + 1), Sent::InFlight(_)));
        pair.run();
        receipts.extend(pair.server.take_receipts());
    }
    let numbers: Vec<u16> = receipts.iter().map(|receipt| receipt.packet_id().get()).collect();
    assert_eq!(&numbers[4..8], [65_534, 65_535, 1, 2]);
    for receipt in receipts {
        pair.server.link().settle(receipt, ReasonCode::Success);
    }
    pair.run();
    assert_eq!(pair.client.take_completed().len(), 20);
    assert_eq!(pair.client.session().outbox.span(), 0);
}

#[test]
fn a_peer_that_never_acknowledges_the_oldest_bounds_the_run() {
    let mut pair = Pair::new(Version::V3_1_1);
    pair.client.limits.send_maximum = 4;
    pair.server.settles = Settles::ByHand;
    pair.connect();
    let now = pair.now;
    pair.client.take_seen();
    pair.client.publish(now, "t", b"", QoS::AtLeastOnce, 0);
    let mut answered = 1;
    for _ in 0..1000 {
        let Sent::InFlight(packet_id) = pair.client.publish(now, "t", b"", QoS::AtLeastOnce, 0) else { break };
        answered += 1;
        let ack = encoded(&Packet::PubAck(Ack::success(packet_id)), Version::V3_1_1);
        pair.client.link().recv(now, &ack).unwrap();
    }
    assert_eq!(answered, 64);
}

#[test]
fn an_unknown_acknowledgement_leaves_no_peer_waiting() {
    for version in VERSIONS {
        let mut pair = Pair::connected(version);
        pair.client.take_seen();
        let now = pair.now;
        for (packet, answer) in [
            (Packet::PubAck(Ack::success(id(7))), None),
            (Packet::PubComp(Ack::success(id(7))), None),
            (Packet::PubRec(Ack::success(id(7))), Some(PacketType::PubRel)),
            (Packet::PubRel(Ack::success(id(7))), Some(PacketType::PubComp)),
            (
                Packet::PubRec(Ack::new(id(7), ReasonCode::NotAuthorized)),
                (!version.has_properties()).then_some(PacketType::PubRel),
            ),
        ] {
            let link = pair.client.link();
            link.recv(now, &encoded(&packet, version)).unwrap();
            let mut expected = Vec::new();
            if let Some(kind) = answer {
                crate::wire::encode::short_ack(
                    kind,
                    id(7),
                    ReasonCode::PacketIdentifierNotFound,
                    version,
                    &mut expected,
                );
            }
            assert_eq!(link.output(), expected, "{version} {packet:?}");
            assert_eq!(expected.len(), answer.map_or(0, |_| if version.has_properties() { 5 } else { 4 }));
            let length = expected.len();
            link.written(length);
        }
    }
}

#[test]
fn subscription_identifiers_go_with_the_message_and_again_after_a_cut() {
    let mut pair = Pair::connected(Version::V5);
    pair.client.settles = Settles::ByHand;
    let now = pair.now;
    let outgoing = Outgoing { qos: QoS::AtLeastOnce, retain: true, subscription_identifiers: &[5, 300], token: 0 };
    pair.server.send(now, Arc::new(Message::new("t", "x")), outgoing);
    for dup in [false, true] {
        pair.run();
        let seen = pair.client.take_seen();
        let Some(Seen::Publish(publish, _)) = seen.last() else { panic!("{seen:?}") };
        assert_eq!(publish.properties.subscription_identifiers().collect::<Vec<_>>(), [5, 300]);
        assert_eq!((publish.dup, publish.retain), (dup, true));
        pair.begin();
    }
}

#[test]
fn a_fanout_to_a_link_that_waits_for_its_handshake_is_queued() {
    let mut link = Link::client(
        Time::default(),
        Limits::default(),
        &Connect::new(Version::V5, "c"),
        Session::new(true, false, QueueLimits::default()),
    )
    .unwrap();
    let none = Properties::new();
    let mut fanout = Fanout::from_parts("t", b"x", &none, Time::default());
    let outgoing = Outgoing { qos: QoS::AtLeastOnce, retain: false, subscription_identifiers: &[], token: 1 };
    assert_eq!(link.send(Time::default(), &mut fanout, outgoing), Sent::Queued);
    let outgoing = Outgoing { qos: QoS::AtMostOnce, ..outgoing };
    assert_eq!(link.send(Time::default(), &mut fanout, outgoing), Sent::Dropped(Dropped::NotConnected));
}

#[test]
fn an_acknowledgement_for_what_was_not_sent_again_yet_makes_no_room() {
    // The window of the new connection is 1, and four messages have to go again. The peer acknowledges those that it
    // had got over the old connection before they come.
    let mut pair = Pair::connected(Version::V3_1_1);
    pair.server.settles = Settles::ByHand;
    let now = pair.now;
    for n in 1..=4 {
        pair.client.publish(now, "t", &[n], QoS::AtLeastOnce, u64::from(n));
    }
    pair.cut();
    pair.client.limits.send_maximum = 1;
    pair.connect();
    pair.client.take_seen();
    assert_eq!(pair.server.take_receipts().len(), 1);
    let ack = |number| encoded(&Packet::PubAck(Ack::success(id(number))), Version::V3_1_1);
    let link = pair.client.link();
    for number in [3, 2] {
        let ack = ack(number);
        let event = link.recv(now, &ack).unwrap().event;
        assert!(matches!(event, Some(Event::Completed { token, .. }) if token == u64::from(number)));
        assert!(link.output().is_empty(), "the first still takes all the room");
    }
    link.recv(now, &ack(4)).unwrap();
    link.recv(now, &ack(1)).unwrap();
    assert!(link.output().is_empty());
    assert_eq!(link.session().outbox.span(), 0);
    assert!(matches!(pair.client.publish(now, "t", b"", QoS::AtLeastOnce, 5), Sent::InFlight(_)));
}

/// Shows: 5.0 MQTT-4.3.3-4, 5.0 MQTT-4.4.0-2
#[test]
fn a_pubrec_that_repeats_is_answered_again_and_one_that_fails_ends_it() {
    let mut pair = Pair::connected(Version::V5);
    let now = pair.now;
    pair.client.publish(now, "t", b"", QoS::ExactlyOnce, 1);
    let link = pair.client.link();
    link.written(100);
    let pubrec = |reason| encoded(&Packet::PubRec(Ack::new(id(1), reason)), Version::V5);
    for _ in 0..2 {
        assert!(link.recv(now, &pubrec(ReasonCode::Success)).unwrap().event.is_none());
        assert_eq!(link.output(), [0x62, 0x02, 0x00, 0x01]);
        link.written(4);
    }
    let refusal = pubrec(ReasonCode::PacketIdentifierInUse);
    let event = link.recv(now, &refusal).unwrap().event;
    assert!(matches!(event, Some(Event::Completed { token: 1, reason: ReasonCode::PacketIdentifierInUse })));
    assert!(link.output().is_empty());
}

#[test]
fn an_acknowledgement_for_what_the_backlog_holds_back_ends_it() {
    let mut pair = Pair::connected(Version::V5);
    pair.client.settles = Settles::ByHand;
    let now = pair.now;
    pair.server.publish(now, "t", b"", QoS::AtLeastOnce, 0);
    pair.run();
    pair.cut();
    // CONNACK alone is too much, so nothing goes again until it is written.
    pair.server.limits.maximum_backlog = 0;
    pair.accepts = false;
    pair.connect();
    let session = pair.server.session.take().unwrap();
    let link = pair.server.link();
    link.accept(now, session, ConnAck::accepted(true));
    link.recv(now, &encoded(&Packet::PubAck(Ack::success(id(1))), Version::V5)).unwrap();
    assert_eq!(link.session().in_flight(), 0);
    let length = link.output().len();
    link.written(length);
    assert!(link.output().is_empty());
}

#[test]
fn a_transient_session_lets_go_of_a_queued_message_when_it_is_sent() {
    let mut pair = Pair::new(Version::V5);
    pair.server_session = (false, false, QueueLimits::default());
    pair.client.limits.receive_maximum = 1;
    pair.client.settles = Settles::ByHand;
    pair.connect();
    let now = pair.now;
    pair.server.publish(now, "t", b"first", QoS::AtLeastOnce, 0);
    let message = Arc::new(Message::new("t", "second"));
    let outgoing = Outgoing { qos: QoS::AtLeastOnce, retain: false, subscription_identifiers: &[], token: 0 };
    assert_eq!(pair.server.send(now, message.clone(), outgoing), Sent::Queued);
    assert_eq!(Arc::strong_count(&message), 2);
    pair.run();
    let receipt = pair.client.take_receipts().pop().unwrap();
    pair.client.link().settle(receipt, ReasonCode::Success);
    pair.run();
    assert_eq!((pair.server.session().in_flight(), Arc::strong_count(&message)), (1, 1));
}

#[test]
fn output_written_in_pieces_stays_whole() {
    let mut pair = Pair::connected(Version::V3_1_1);
    let now = pair.now;
    let mut expected = Vec::new();
    let mut got = Vec::new();
    for n in 0..200u8 {
        let packet = publish("t", &[n; 3000], QoS::AtMostOnce, 0);
        expected.extend(encoded(&Packet::Publish(packet), Version::V3_1_1));
        pair.client.publish(now, "t", &[n; 3000], QoS::AtMostOnce, 0);
        let link = pair.client.link();
        let piece = link.output().len().min(2500);
        got.extend_from_slice(&link.output()[..piece]);
        link.written(piece);
    }
    let link = pair.client.link();
    assert!(link.output.buffer.len() < 200 * 1000, "written bytes are cut off");
    while !link.output().is_empty() {
        let piece = link.output().len().min(7001);
        got.extend_from_slice(&link.output()[..piece]);
        link.written(piece);
    }
    assert_eq!(got, expected);
}
