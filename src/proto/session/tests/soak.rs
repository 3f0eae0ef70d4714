use std::time::Duration;

use super::*;

/// A small generator with a fixed seed: every run is the same.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % bound
    }
}

/// What one end has sent, and what the other has got.
#[derive(Default)]
struct Book {
    sent: Vec<(String, QoS)>,
    got: Vec<String>,
    receipts: Vec<Receipt>,
    numbered: u64,
}

impl Book {
    fn publish(&mut self, end: &mut End, now: Time, random: &mut Random) {
        let qos = [QoS::AtLeastOnce, QoS::ExactlyOnce][random.below(2)];
        self.numbered += 1;
        let payload = self.numbered.to_string();
        let topic = ["a", "b/c", "d/e/f", "g"][random.below(4)];
        let token = self.numbered;
        match end.publish(now, topic, payload.as_bytes(), qos, token) {
            Sent::InFlight(_) | Sent::Queued => self.sent.push((payload, qos)),
            other => panic!("{other:?}"),
        }
    }

    fn receive(&mut self, end: &mut End) {
        for seen in end.take_seen() {
            match seen {
                Seen::Publish(publish, receipt) => {
                    self.got.push(String::from_utf8(publish.payload.to_vec()).unwrap());
                    self.receipts.extend(receipt);
                }
                Seen::Violation(violation) => panic!("{violation}"),
                _ => {}
            }
        }
    }

    fn settle(&mut self, end: &mut End, random: &mut Random) {
        if self.receipts.is_empty() {
            return;
        }
        let receipt = self.receipts.swap_remove(random.below(self.receipts.len()));
        match (&mut end.session, &mut end.link) {
            (None, Some(link)) => link.settle(receipt, ReasonCode::Success),
            _ => end.session().settle(receipt, ReasonCode::Success),
        }
    }

    #[track_caller]
    fn check(&self, what: &str) {
        for level in [QoS::AtLeastOnce, QoS::ExactlyOnce] {
            let sent: Vec<&String> =
                self.sent.iter().filter(|(_, qos)| *qos == level).map(|(payload, _)| payload).collect();
            let mut got: Vec<&String> = self.got.iter().filter(|payload| sent.contains(payload)).collect();
            if level == QoS::AtLeastOnce {
                let mut once = Vec::new();
                got.into_iter().for_each(|payload| {
                    if !once.contains(&payload) {
                        once.push(payload)
                    }
                });
                got = once;
            }
            assert_eq!(got, sent, "{what}, {level:?}");
        }
    }
}

fn soak(seed: u64, version: Version) {
    let mut random = Random::new(seed);
    let mut pair = Pair::new(version);
    pair.server_session = (true, random.below(2) == 0, QueueLimits::default());
    for limits in [&mut pair.client.limits, &mut pair.server.limits] {
        limits.receive_maximum = 1 + random.below(8) as u16;
        limits.send_maximum = 1 + random.below(8) as u16;
        limits.topic_alias_maximum = random.below(4) as u16;
        limits.send_alias_maximum = random.below(4) as u16;
        limits.maximum_backlog = 40 + random.below(200);
    }
    pair.client.settles = Settles::ByHand;
    pair.server.settles = Settles::ByHand;
    pair.connect();
    let (mut up, mut down) = (Book::default(), Book::default());
    for _ in 0..300 {
        let now = pair.now;
        match random.below(12) {
            0..3 => up.publish(&mut pair.client, now, &mut random),
            3..6 => down.publish(&mut pair.server, now, &mut random),
            6 => up.settle(&mut pair.server, &mut random),
            7 => down.settle(&mut pair.client, &mut random),
            8 if pair.is_open() => {
                let pipe = if random.below(2) == 0 { &mut pair.to_server } else { &mut pair.to_client };
                pipe.cut_after = Some(1 + random.below(60));
                pipe.chunk = random.below(5);
            }
            9 => {
                if !pair.is_open() {
                    pair.begin();
                }
            }
            10 => pair.server.saves = !pair.server.saves,
            _ => pair.run(),
        }
        if random.below(4) == 0 {
            pair.advance(Duration::from_millis(random.below(50) as u64));
        }
        up.receive(&mut pair.server);
        down.receive(&mut pair.client);
    }
    pair.server.saves = true;
    if !pair.is_open() {
        pair.begin();
    }
    // The pipes may still be cut a few times; nothing else stands in the way.
    for _ in 0..2000 {
        pair.to_server.cut_after = None;
        pair.to_client.cut_after = None;
        if !pair.is_open() {
            pair.begin();
        }
        pair.run();
        up.receive(&mut pair.server);
        down.receive(&mut pair.client);
        if up.receipts.is_empty()
            && down.receipts.is_empty()
            && pair.client.session().unfinished().is_empty()
            && pair.server.session().unfinished().is_empty()
        {
            break;
        }
        up.settle(&mut pair.server, &mut random);
        down.settle(&mut pair.client, &mut random);
    }
    let what = format!("seed {seed}, {version}");
    up.check(&format!("{what}, up"));
    down.check(&format!("{what}, down"));
    assert_eq!(pair.client.session().unfinished(), [], "{what}");
    assert_eq!(pair.server.session().unfinished(), [], "{what}");
}

/// Shows: 5.0 MQTT-4.3.2-3, 5.0 MQTT-4.3.3-3, 5.0 MQTT-4.3.3-5, 5.0 MQTT-4.6.0-1, 3.1.1 MQTT-4.6.0-1, 3.1 §4.1
/// Shows: 3.1 §4.3
#[test]
fn random_operations_keep_order_and_promises() {
    for seed in 1..=200 {
        for version in VERSIONS {
            soak(seed, version);
        }
    }
}

/// The server loses everything it has not saved. What it had saved arrives; at QoS 2 nothing arrives twice.
/// Shows: 5.0 MQTT-4.3.3-10
#[test]
fn a_server_that_crashes_repeats_no_qos_2() {
    for seed in 1..=300 {
        let mut random = Random::new(seed);
        let mut pair = Pair::new([Version::V3_1_1, Version::V5][random.below(2)]);
        pair.server_session = (true, true, QueueLimits::default());
        pair.connect();
        pair.server.saves = false;
        let mut down = Book::default();
        let mut saved = 0;
        for _ in 0..120 {
            let now = pair.now;
            match random.below(8) {
                0..3 => down.publish(&mut pair.server, now, &mut random),
                3 => {
                    pair.server.save();
                    saved = down.sent.len();
                }
                4 => {
                    let mut snapshot = Snapshot::default();
                    pair.server.saved.iter().cloned().for_each(|change| snapshot.apply(change));
                    pair.cut();
                    pair.server.session = Some(Session::restore(snapshot, true, QueueLimits::default()));
                    // What was not saved is gone, unless it was sent at QoS 1 before the crash.
                    let got = std::mem::take(&mut down.got);
                    let kept: Vec<_> = down
                        .sent
                        .drain(..)
                        .enumerate()
                        .filter(|(at, (payload, _))| *at < saved || got.contains(payload))
                        .map(|(_, sent)| sent)
                        .collect();
                    down = Book { sent: kept, got, ..down };
                    saved = down.sent.len();
                    pair.connect();
                }
                _ => pair.run(),
            }
            down.receive(&mut pair.client);
        }
        pair.server.saves = true;
        pair.run();
        down.receive(&mut pair.client);
        for (payload, qos) in &down.sent {
            let times = down.got.iter().filter(|got| *got == payload).count();
            assert!(
                times >= 1 && (times == 1 || *qos == QoS::AtLeastOnce),
                "seed {seed}: {payload} came {times} times"
            );
        }
    }
}

/// Any packet of a peer that keeps to the encoding and to nothing else.
fn any_packet(random: &mut Random) -> Packet {
    let id = id(1 + random.below(6) as u16);
    let ack = |random: &mut Random, failure| Ack::new(id, [ReasonCode::Success, failure][random.below(2)]);
    let none = Properties::new;
    match random.below(24) {
        0 => Packet::Connect(Box::new(Connect::new(Version::V5, "again"))),
        1 => Packet::ConnAck(Box::new(ConnAck::accepted(random.below(2) == 0))),
        2..7 => {
            let qos = [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce][random.below(3)];
            let mut packet = publish("t", b"x", qos, 0);
            packet.packet_id = (qos != QoS::AtMostOnce).then_some(id);
            packet.dup = qos != QoS::AtMostOnce && random.below(2) == 0;
            Packet::Publish(packet)
        }
        7..9 => Packet::PubAck(Ack::success(id)),
        9..12 => Packet::PubRec(ack(random, ReasonCode::QuotaExceeded)),
        12..15 => Packet::PubRel(ack(random, ReasonCode::PacketIdentifierNotFound)),
        15..18 => Packet::PubComp(ack(random, ReasonCode::PacketIdentifierNotFound)),
        18 => {
            let subscriptions = vec![Subscription::new("a", QoS::AtMostOnce)];
            Packet::Subscribe(Subscribe { packet_id: id, subscriptions, properties: none() })
        }
        19 => Packet::SubAck(SubAck { packet_id: id, reasons: vec![ReasonCode::Success], properties: none() }),
        20 => Packet::PingReq,
        21 => Packet::PingResp,
        22 => Packet::UnsubAck(UnsubAck { packet_id: id, reasons: vec![ReasonCode::Success], properties: none() }),
        _ => Packet::Unsubscribe(Unsubscribe { packet_id: id, filters: vec!["a".into()], properties: none() }),
    }
}

#[test]
fn a_peer_that_sends_anything_breaks_nothing() {
    for seed in 1..=3000 {
        let mut random = Random::new(seed);
        let version = VERSIONS[random.below(3)];
        let mut pair = Pair::connected(version);
        for end in [&mut pair.client, &mut pair.server] {
            end.take_seen();
            end.limits.send_maximum = 3;
        }
        let mut receipts = Vec::new();
        for _ in 0..60 {
            let now = pair.now;
            let end = if seed % 2 == 0 { &mut pair.client } else { &mut pair.server };
            let qos = [QoS::AtLeastOnce, QoS::ExactlyOnce][random.below(2)];
            match random.below(8) {
                0 => drop(end.publish(now, "t", b"x", qos, random.below(2) as u64)),
                1 if end.link().role() == Role::Client => {
                    let filters = [Subscription::new("a", QoS::AtMostOnce)];
                    let _ = end.link().subscribe(now, &filters, &Properties::new());
                }
                2 if !receipts.is_empty() => {
                    let receipt = receipts.swap_remove(random.below(receipts.len()));
                    end.link().settle(receipt, [ReasonCode::Success, ReasonCode::QuotaExceeded][random.below(2)]);
                }
                3 if random.below(10) == 0 => pair.connect(),
                _ => {
                    let bytes = encoded(&any_packet(&mut random), version);
                    let link = end.link();
                    let in_flight = link.session().in_flight();
                    match link.recv(now, &bytes) {
                        Ok(received) => {
                            assert!(received.consumed == bytes.len() || !link.wants_input());
                            if let Some(Event::Publish { receipt, .. }) = received.event {
                                receipts.extend(receipt);
                            }
                        }
                        Err(_) => {
                            assert!(link.is_finished());
                            pair.connect();
                            continue;
                        }
                    }
                    assert!(in_flight.abs_diff(link.session().in_flight()) <= 1);
                    let length = link.output().len();
                    link.written(length);
                }
            }
        }
    }
}
