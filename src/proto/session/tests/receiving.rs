use super::*;

/// A connected pair whose server leaves receipts to the test.
fn by_hand(version: Version) -> Pair {
    let mut pair = Pair::new(version);
    pair.server.settles = Settles::ByHand;
    pair.connect();
    pair.client.take_seen();
    pair
}

/// Shows: 5.0 MQTT-4.6.0-2, 5.0 MQTT-4.6.0-3, 3.1.1 MQTT-4.6.0-2, 3.1.1 MQTT-4.6.0-3, 5.0 MQTT-2.2.1-5
/// Shows: 3.1.1 MQTT-2.3.1-6
#[test]
fn receipts_out_of_order_settle_in_order_of_arrival() {
    for version in VERSIONS {
        let mut pair = by_hand(version);
        let now = pair.now;
        for (token, qos) in [(1, QoS::AtLeastOnce), (2, QoS::ExactlyOnce), (3, QoS::AtLeastOnce)] {
            pair.client.publish(now, "t", b"", qos, token);
        }
        pair.run();
        let mut receipts = pair.server.take_receipts();
        let link = pair.server.link();
        link.settle(receipts.pop().unwrap(), ReasonCode::Success);
        link.settle(receipts.pop().unwrap(), ReasonCode::Success);
        assert!(link.output().is_empty());
        assert_eq!(link.unsettled(), 3);
        link.set_tracing(true);
        link.settle(receipts.pop().unwrap(), ReasonCode::Success);
        let order: Vec<_> = link.take_trace().iter().map(|p| (p.packet_type, p.packet_id.unwrap().get())).collect();
        assert_eq!(order, [(PacketType::PubAck, 1), (PacketType::PubRec, 2), (PacketType::PubAck, 3)]);
    }
}

#[test]
fn mqtt_3_holds_back_what_is_above_the_receive_maximum() {
    for version in [Version::V3_1, Version::V3_1_1] {
        let mut pair = Pair::new(version);
        pair.server.limits.receive_maximum = 2;
        pair.server.settles = Settles::ByHand;
        pair.connect();
        let now = pair.now;
        for n in 0..4 {
            pair.client.publish(now, "t", &[b'0' + n], QoS::AtLeastOnce, u64::from(n) + 1);
        }
        pair.client.publish(now, "t", b"zero", QoS::AtMostOnce, 0);
        pair.run();
        assert!(!pair.server.link().wants_input());
        let mut payloads = Vec::new();
        while !pair.server.seen.is_empty() {
            let seen = pair.server.take_seen();
            assert!(pair.server.link().unsettled() <= 2);
            for seen in seen {
                let Seen::Publish(publish, receipt) = seen else { continue };
                payloads.push(String::from_utf8(publish.payload.to_vec()).unwrap());
                if let Some(receipt) = receipt {
                    pair.server.link().settle(receipt, ReasonCode::Success);
                }
            }
            pair.run();
        }
        assert!(pair.server.link().wants_input());
        assert_eq!(payloads, ["0", "1", "2", "3", "zero"], "{version}");
        assert_eq!(pair.client.take_completed().len(), 4);
    }
}

#[test]
fn a_client_is_not_held_back() {
    // A handler that waits for its own publish waits for an acknowledgement behind the messages.
    let mut pair = Pair::new(Version::V3_1_1);
    pair.client.limits.receive_maximum = 1;
    pair.client.settles = Settles::ByHand;
    pair.connect();
    let now = pair.now;
    (0..3).for_each(|_| assert!(matches!(pair.server.publish(now, "t", b"", QoS::AtLeastOnce, 0), Sent::InFlight(_))));
    pair.client.publish(now, "t", b"", QoS::AtLeastOnce, 1);
    pair.run();
    assert!(pair.client.seen.contains(&Seen::Completed(1, ReasonCode::Success)));
    assert_eq!(pair.client.take_receipts().len(), 3);
}

#[test]
fn held_back_is_not_silent() {
    let mut pair = Pair::new(Version::V3_1_1);
    pair.connect.keep_alive = 10;
    pair.server.limits.receive_maximum = 1;
    pair.server.settles = Settles::ByHand;
    pair.connect();
    let now = pair.now;
    pair.client.publish(now, "t", b"", QoS::AtLeastOnce, 0);
    pair.client.publish(now, "t", b"", QoS::AtLeastOnce, 0);
    pair.run();
    pair.now = now + std::time::Duration::from_secs(3600);
    let now = pair.now;
    assert_eq!(pair.server.link().handle_timeout(now), Ok(()));
}

/// Shows: 5.0 MQTT-4.3.2-5
#[test]
fn a_stale_receipt_of_qos_1_does_nothing() {
    for version in VERSIONS {
        let mut pair = by_hand(version);
        let now = pair.now;
        pair.client.publish(now, "t", b"x", QoS::AtLeastOnce, 1);
        pair.run();
        let stale = pair.server.take_receipts().pop().unwrap();
        pair.connect();
        pair.server.link().settle(stale, ReasonCode::Success);
        assert!(pair.server.link().output().is_empty());
        let again = pair.server.take_receipts().pop().expect("the message comes again");
        pair.server.link().settle(again, ReasonCode::Success);
        pair.run();
        assert!(pair.client.take_seen().contains(&Seen::Completed(1, ReasonCode::Success)));
    }
}

#[test]
fn a_stale_receipt_of_qos_2_answers_the_peer_that_asks_again() {
    for version in VERSIONS {
        // Settled before the peer asks again, between two connections.
        let mut pair = by_hand(version);
        let now = pair.now;
        pair.client.publish(now, "t", b"x", QoS::ExactlyOnce, 1);
        pair.run();
        let stale = pair.server.take_receipts().pop().unwrap();
        pair.cut();
        pair.server.session().settle(stale, ReasonCode::Success);
        pair.connect();
        assert_eq!(pair.server.take_payloads(), [""; 0], "{version}");
        assert!(pair.client.take_seen().contains(&Seen::Completed(1, ReasonCode::Success)));

        // Settled after the peer has asked again.
        pair.client.publish(now, "t", b"y", QoS::ExactlyOnce, 2);
        pair.client.publish(now, "t", b"z", QoS::ExactlyOnce, 3);
        pair.run();
        let mut stale = pair.server.take_receipts();
        pair.connect();
        assert_eq!(pair.server.take_receipts(), []);
        assert_eq!(pair.server.link().unsettled(), 2);
        pair.server.link().settle(stale.pop().unwrap(), ReasonCode::Success);
        assert!(pair.server.link().output().is_empty(), "the second waits for the first");
        pair.server.link().settle(stale.pop().unwrap(), ReasonCode::Success);
        pair.run();
        let completed = pair.client.take_completed();
        assert_eq!(completed, [(2, ReasonCode::Success), (3, ReasonCode::Success)], "{version}");
        assert_eq!(pair.server.session().snapshot().received, []);
    }
}

/// Shows: 5.0 MQTT-4.3.3-8, 5.0 MQTT-4.3.3-10, 5.0 MQTT-4.3.3-11, 5.0 MQTT-4.3.3-12, 3.1.1 MQTT-4.3.3-2, 3.1 §3.5
/// Shows: 3.1 §4.1
#[test]
fn a_qos_2_message_that_comes_twice_is_delivered_once() {
    for version in VERSIONS {
        let mut pair = by_hand(version);
        let now = pair.now;
        let mut packet = publish("t", b"x", QoS::ExactlyOnce, 5);
        let first = encoded(&Packet::Publish(packet.clone()), version);
        packet.dup = true;
        let second = encoded(&Packet::Publish(packet), version);
        let link = pair.server.link();
        let Some(Event::Publish { receipt: Some(receipt), .. }) = link.recv(now, &first).unwrap().event else {
            panic!()
        };
        assert!(link.recv(now, &second).unwrap().event.is_none());
        link.settle(receipt, ReasonCode::Success);
        let answer = link.output().to_vec();
        assert_eq!(answer.len(), 4, "one PUBREC");
        // And after PUBREC too.
        assert!(link.recv(now, &second).unwrap().event.is_none());
        assert_eq!(link.output(), [&answer[..], &answer[..]].concat());
        // Only PUBREL makes the identifier new.
        link.recv(now, &encoded(&Packet::PubRel(Ack::success(id(5))), version)).unwrap();
        assert!(link.recv(now, &first).unwrap().event.is_some());
    }
}

#[test]
fn a_client_that_lost_its_session_counts_from_1_again() {
    // A client with its state in memory restarts and connects without a clean start. The server still holds its QoS 2
    // identifier 1. Taking the next first attempt under that number for a repetition lost the message.
    for version in VERSIONS {
        let mut pair = by_hand(version);
        let now = pair.now;
        pair.client.publish(now, "t", b"old", QoS::ExactlyOnce, 1);
        pair.run();
        let receipt = pair.server.take_receipts().pop().unwrap();
        pair.server.link().settle(receipt, ReasonCode::Success);
        pair.cut();
        for (qos, payload) in [(QoS::ExactlyOnce, "new"), (QoS::AtLeastOnce, "newer")] {
            pair.client.session = Some(Session::new(true, false, QueueLimits::default()));
            pair.connect();
            pair.server.take_seen();
            pair.client.publish(now, "t", payload.as_bytes(), qos, 1);
            pair.run();
            assert_eq!(pair.server.take_payloads(), [payload], "{version}");
            assert_eq!(pair.server.violation(), None);
            pair.cut();
        }
    }
}

/// Shows: 5.0 MQTT-4.3.3-10, 3.1.1 MQTT-4.3.3-2
#[test]
fn the_same_message_without_dup_on_a_new_connection_is_a_repetition() {
    // A peer that sends the very bytes again on the next connection, DUP and all, had its message delivered twice: only
    // DUP was asked, and a message without it was taken for the first of a peer that had lost its session.
    for version in VERSIONS {
        let mut pair = by_hand(version);
        let bytes = encoded(&Packet::Publish(publish("t", b"x", QoS::ExactlyOnce, 5)), version);
        let now = pair.now;
        let Some(Event::Publish { receipt: Some(receipt), .. }) = pair.server.link().recv(now, &bytes).unwrap().event
        else {
            panic!()
        };
        pair.server.link().settle(receipt, ReasonCode::Success);
        pair.connect();
        let link = pair.server.link();
        assert!(link.recv(now, &bytes).unwrap().event.is_none(), "{version}");
        assert_eq!(link.output(), [0x50, 0x02, 0x00, 0x05]);
    }
}

/// Shows: 5.0 MQTT-4.9.0-1
#[test]
fn the_receive_maximum_counts_qos_2_until_pubcomp() {
    let mut pair = Pair::new(Version::V5);
    pair.server.limits.receive_maximum = 2;
    pair.server.settles = Settles::ByHand;
    pair.connect();
    let now = pair.now;
    let bytes = |n| encoded(&Packet::Publish(publish("t", b"", QoS::ExactlyOnce, n)), Version::V5);
    let link = pair.server.link();
    for n in [1, 2] {
        let packet = bytes(n);
        let event = link.recv(now, &packet).unwrap().event;
        let Some(Event::Publish { receipt: Some(receipt), .. }) = event else { panic!() };
        link.settle(receipt, ReasonCode::Success);
    }
    link.recv(now, &encoded(&Packet::PubRel(Ack::success(id(1))), Version::V5)).unwrap();
    assert!(link.recv(now, &bytes(3)).is_ok());
    let violation = link.recv(now, &bytes(4)).unwrap_err();
    assert_eq!(violation.rule, Rule::ReceiveMaximumExceeded);
    assert!(link.output().ends_with(&[0xE0, 0x02, 0x93, 0x00]) || link.output().ends_with(&[0xE0, 0x01, 0x93]));
}

/// A subscriber that was busy while mosquitto 2.0.11 had more for it than its receive maximum lost its connection again and
/// again, and got what was in flight a second time.
#[test]
fn an_end_may_be_generous_with_its_receive_maximum() {
    let mut pair = Pair::new(Version::V5);
    pair.server.limits.receive_maximum = 2;
    pair.server.limits.receive_tolerance = 3;
    pair.server.settles = Settles::ByHand;
    pair.connect();
    let now = pair.now;
    let link = pair.server.link();
    let bytes = |n| encoded(&Packet::Publish(publish("t", b"", QoS::AtLeastOnce, n)), Version::V5);
    assert!((1..=5).all(|n| link.recv(now, &bytes(n)).is_ok()));
    assert_eq!(link.recv(now, &bytes(6)).map(|_| ()).unwrap_err().rule, Rule::ReceiveMaximumExceeded);
}

/// Shows: 5.0 MQTT-3.4.2-1
#[test]
fn acknowledgement_reasons_are_those_that_the_packet_has() {
    let mut pair = by_hand(Version::V5);
    let now = pair.now;
    for (token, given, told) in [
        (1, ReasonCode::NoMatchingSubscribers, ReasonCode::NoMatchingSubscribers),
        (2, ReasonCode::ServerBusy, ReasonCode::UnspecifiedError),
        (3, ReasonCode::GrantedQoS2, ReasonCode::Success),
    ] {
        pair.client.publish(now, "t", b"", QoS::AtLeastOnce, token);
        pair.run();
        let receipt = pair.server.take_receipts().pop().unwrap();
        pair.server.link().settle(receipt, given);
        pair.run();
        assert_eq!(pair.client.take_completed(), [(token, told)]);
    }
}

#[test]
fn a_receipt_that_outlives_its_session_settles_nothing() {
    // Connections were numbered from 1 in each session: after a clean start a late receipt of the old session carried
    // the number of the new connection, and acknowledged a message that nobody had handled.
    let mut pair = by_hand(Version::V3_1_1);
    for qos in [QoS::AtLeastOnce, QoS::ExactlyOnce] {
        let now = pair.now;
        pair.client.publish(now, "t", b"old", qos, 0);
        pair.run();
        let old = pair.server.take_receipts().pop().unwrap();
        pair.cut();
        pair.client.session = Some(Session::new(true, false, QueueLimits::default()));
        pair.server.session = None;
        pair.connect();
        pair.client.publish(now, "t", b"new", qos, 0);
        pair.run();
        pair.server.link().settle(old, ReasonCode::Success);
        assert!(pair.server.link().output().is_empty());
        assert_eq!(pair.server.link().unsettled(), 1);
        pair.server
            .take_receipts()
            .into_iter()
            .for_each(|receipt| pair.server.link().settle(receipt, ReasonCode::Success));
        pair.run();
    }
}

#[test]
fn a_release_of_an_older_connection_makes_no_room_in_the_new_one() {
    let mut pair = by_hand(Version::V5);
    let now = pair.now;
    pair.client.publish(now, "t", b"", QoS::ExactlyOnce, 1);
    pair.run();
    let receipt = pair.server.take_receipts().pop().unwrap();
    pair.server.link().settle(receipt, ReasonCode::Success);
    pair.cut();
    pair.client.session = Some(Session::new(true, false, QueueLimits::default()));
    pair.server.limits.receive_maximum = 2;
    pair.connect();
    let bytes = |n| encoded(&Packet::Publish(publish("t", b"", QoS::AtLeastOnce, n)), Version::V5);
    let link = pair.server.link();
    assert!(link.recv(now, &bytes(2)).is_ok());
    link.recv(now, &encoded(&Packet::PubRel(Ack::success(id(1))), Version::V5)).unwrap();
    assert!(link.recv(now, &bytes(3)).is_ok());
    assert_eq!(link.recv(now, &bytes(4)).map(|_| ()).unwrap_err().rule, Rule::ReceiveMaximumExceeded);
}
