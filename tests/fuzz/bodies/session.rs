//! Operations on the two ends of a session, and one end against bytes of any kind.

use std::time::Duration;

use mqtt_proto::packet::{Disconnect, Properties, QoS, SubAck, Subscription};
use mqtt_proto::session::{Event, QueueLimits, Receipt};
use mqtt_proto::testing::{End, Pair, Seen, Settles};
use mqtt_proto::wire::stream::Decoder;
use mqtt_proto::{ReasonCode, Rule, Version, Violation};

use super::Choices;

const VERSIONS: [Version; 3] = [Version::V3_1, Version::V3_1_1, Version::V5];
const QUALITIES: [QoS; 3] = [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce];

/// One direction: what was published, what came, what is still to be settled.
#[derive(Default)]
struct Book {
    sent: Vec<(String, QoS)>,
    got: Vec<String>,
    receipts: Vec<Receipt>,
    /// The connection is to be given up.
    over: bool,
}

impl Book {
    fn publish(&mut self, end: &mut End, now: mqtt_proto::Time, qos: QoS) {
        let payload = self.sent.len().to_string();
        end.publish(now, ["a", "b", "c/d"][self.sent.len() % 3], payload.as_bytes(), qos, self.sent.len() as u64 + 1);
        self.sent.push((payload, qos));
    }

    fn receive(&mut self, end: &mut End) -> Vec<Seen> {
        let mut other = Vec::new();
        for seen in end.take_seen() {
            match seen {
                Seen::Publish(publish, receipt) => {
                    self.got.push(String::from_utf8(publish.payload.to_vec()).expect("a number"));
                    self.receipts.extend(receipt);
                }
                // An end that does not read long enough is given up by the other: that is the end of the connection.
                Seen::Violation(Violation {
                    rule: Rule::HandshakeTimeout | Rule::PingTimeout | Rule::KeepAliveTimeout,
                    ..
                }) => {
                    self.over = true;
                }
                Seen::Violation(violation) => panic!("neither end breaks a rule: {violation}"),
                Seen::Disconnect(_) => self.over = true,
                seen => other.push(seen),
            }
        }
        other
    }

    fn settle(&mut self, end: &mut End, at: usize) {
        if self.receipts.is_empty() {
            return;
        }
        let receipt = self.receipts.swap_remove(at % self.receipts.len());
        match (&mut end.session, &mut end.link) {
            (None, Some(link)) => link.settle(receipt, ReasonCode::Success),
            _ => end.session().settle(receipt, ReasonCode::Success),
        }
    }

    /// QoS 2 exactly once and in order, QoS 1 at least once and first in order, QoS 0 at most once.
    fn check(&self) {
        for level in QUALITIES {
            let sent: Vec<&String> = self.sent.iter().filter(|(_, qos)| *qos == level).map(|(text, _)| text).collect();
            let got: Vec<&String> = self.got.iter().filter(|text| sent.contains(text)).collect();
            let mut once = Vec::new();
            got.iter().for_each(|text| {
                if !once.contains(text) {
                    once.push(*text)
                }
            });
            match level {
                QoS::AtMostOnce => assert_eq!(got, once, "QoS 0 came twice"),
                QoS::AtLeastOnce => assert_eq!(once, sent),
                QoS::ExactlyOnce => assert_eq!(got, sent),
            }
        }
    }
}

/// Two ends, with cuts, pieces, windows, aliases, a slow store and receipts out of order. Neither breaks a rule, and in
/// the end everything has arrived as its QoS says.
pub(super) fn run(data: &[u8]) {
    let mut choices = Choices(data);
    let mut pair = Pair::new(VERSIONS[choices.below(3)]);
    pair.server_session = (true, choices.below(2) == 0, QueueLimits::default());
    for limits in [&mut pair.client.limits, &mut pair.server.limits] {
        limits.receive_maximum = 1 + choices.below(8) as u16;
        limits.send_maximum = 1 + choices.below(8) as u16;
        limits.topic_alias_maximum = choices.below(4) as u16;
        limits.send_alias_maximum = choices.below(4) as u16;
        limits.maximum_backlog = 40 + choices.below(200);
    }
    (pair.client.settles, pair.server.settles) = (Settles::ByHand, Settles::ByHand);
    pair.connect();
    let (mut up, mut down) = (Book::default(), Book::default());
    for _ in 0..400 {
        if choices.is_empty() {
            break;
        }
        let (operation, detail) = (choices.below(14), choices.byte());
        let now = pair.now;
        let qos = QUALITIES[usize::from(detail) % 3];
        match operation {
            0 | 1 => up.publish(&mut pair.client, now, qos),
            2 | 3 => down.publish(&mut pair.server, now, qos),
            4 => up.settle(&mut pair.server, detail.into()),
            5 => down.settle(&mut pair.client, detail.into()),
            6 if pair.is_open() => {
                let pipe = if detail % 2 == 0 { &mut pair.to_server } else { &mut pair.to_client };
                pipe.cut_after = Some(1 + usize::from(detail) / 2);
            }
            7 if pair.is_open() => {
                pair.to_client.chunk = usize::from(detail % 5);
                pair.to_server.chunk = usize::from(detail / 5 % 5);
            }
            8 if !pair.is_open() => pair.begin(),
            9 => pair.server.saves = !pair.server.saves,
            10 => pair.advance(Duration::from_millis(u64::from(detail) * 10)),
            11 if pair.is_open() && pair.client.link().is_connected() => {
                let subscription = [Subscription::new("a/+", qos)];
                pair.client.link().subscribe(now, &subscription, &Properties::new()).expect("a filter that is fine");
            }
            12 => (pair.server.reads, pair.client.reads) = (detail % 2 == 0, detail % 3 != 0),
            _ => pair.run(),
        }
        turn(&mut pair, &mut up, &mut down);
    }
    (pair.server.saves, pair.server.reads, pair.client.reads) = (true, true, true);
    for _ in 0..4000 {
        (pair.to_server.cut_after, pair.to_client.cut_after) = (None, None);
        if !pair.is_open() {
            pair.begin();
        }
        pair.run();
        turn(&mut pair, &mut up, &mut down);
        let open = pair.client.session().unfinished().len() + pair.server.session().unfinished().len();
        if open == 0 && up.receipts.is_empty() && down.receipts.is_empty() {
            break;
        }
        up.settle(&mut pair.server, 0);
        down.settle(&mut pair.client, 0);
    }
    assert_eq!((pair.client.session().unfinished(), pair.server.session().unfinished()), (vec![], vec![]));
    up.check();
    down.check();
}

fn turn(pair: &mut Pair, up: &mut Book, down: &mut Book) {
    for seen in up.receive(&mut pair.server) {
        if let (Seen::Subscribe(subscribe), Some(link)) = (&seen, &mut pair.server.link) {
            let reasons = vec![ReasonCode::GrantedQoS2; subscribe.subscriptions.len()];
            link.suback(&SubAck { packet_id: subscribe.packet_id, reasons, properties: Properties::new() });
        }
    }
    down.receive(&mut pair.client);
    if std::mem::take(&mut up.over) | std::mem::take(&mut down.over) {
        pair.cut();
    }
    let bound = usize::from(pair.client.limits.send_maximum);
    assert!(pair.client.session().in_flight() <= bound.max(8) + 8, "more is in flight than any window allows");
}

/// One end against bytes of any kind: no panic, no output that is no packet, and after a violation nothing more.
pub(super) fn hostile(data: &[u8]) {
    let mut choices = Choices(data);
    let version = VERSIONS[choices.below(3)];
    let to_server = choices.below(2) == 0;
    let early = choices.below(4) == 0;
    let chunk = 1 + choices.below(64);
    let mut pair = Pair::new(version);
    let limits = if to_server { &mut pair.server.limits } else { &mut pair.client.limits };
    (limits.receive_maximum, limits.topic_alias_maximum, limits.maximum_packet_size) = (5, 3, 2000);
    pair.accepts = !early;
    if early {
        pair.begin();
    } else {
        pair.connect();
    }
    let now = pair.now;
    let end = if to_server { &mut pair.server } else { &mut pair.client };
    for token in 1..=3 {
        if !early {
            end.publish(now, "t", b"x", QUALITIES[token as usize % 3], token);
        }
    }
    let link = end.link();
    let before = link.output().len();
    link.written(before);
    let mut written = Vec::new();
    let mut input = Vec::new();
    let mut violated = false;
    let mut receipts = Vec::new();
    'feeding: for part in choices.rest().chunks(chunk) {
        input.extend_from_slice(part);
        loop {
            let received = match link.recv(now, &input) {
                Ok(received) => received,
                Err(_) => {
                    violated = true;
                    break 'feeding;
                }
            };
            let consumed = received.consumed;
            match received.event {
                Some(Event::Publish { receipt, publish, .. }) => {
                    assert!(publish.payload.len() <= input.len());
                    receipts.extend(receipt);
                }
                Some(Event::Connect(connect)) => {
                    let session = mqtt_proto::session::Session::new(true, false, QueueLimits::default());
                    drop(connect);
                    link.accept(now, session, mqtt_proto::packet::ConnAck::accepted(false));
                }
                _ => {}
            }
            assert!(receipts.len() <= 5 || !version.has_properties() || early, "the receive maximum is a bound");
            if consumed == 0 {
                break;
            }
            input.drain(..consumed);
            written.extend_from_slice(link.output());
            let length = link.output().len();
            link.written(length);
            if receipts.len() > 3 {
                link.settle(receipts.swap_remove(0), ReasonCode::Success);
            }
        }
    }
    if violated {
        assert!(link.is_finished() && !link.wants_input());
        let farewell = link.output().len();
        assert_eq!(link.recv(now, &[0xC0, 0]).expect("nothing is read any more").consumed, 0);
        link.disconnect(&Disconnect::new(ReasonCode::Success));
        assert_eq!(link.output().len(), farewell, "nothing follows the farewell");
    }
    written.extend_from_slice(link.output());
    // All that was written is packets that the other side may get.
    let sender = if to_server { mqtt_proto::wire::Sender::Server } else { mqtt_proto::wire::Sender::Client };
    let mut decoder = Decoder::new(Some(link.version()), Some(sender), u32::MAX);
    decoder.push(&written);
    while decoder.next_packet().unwrap_or_else(|error| panic!("{error} in {written:02x?}")).is_some() {}
    assert_eq!(decoder.buffered(), 0);
}
