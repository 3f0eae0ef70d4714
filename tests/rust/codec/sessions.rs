//! Rules about order, state and time, as data: what one end gets and does until the last step breaks the rule.

use std::collections::BTreeSet;

use bytes::Bytes;
use mqtt_proto::packet::{Packet, Properties, QoS, Subscription};
use mqtt_proto::session::{Link, Outgoing, QueueLimits, Session};
use mqtt_proto::wire::fanout::Fanout;
use mqtt_proto::wire::{decode, frame};
use mqtt_proto::{Limits, Rule, Time, Version, Violation};
use serde_json::Value;

use super::malformed::SESSION_RULES;
use super::vectors::{hex, unhex};

/// One end, and the time.
struct End {
    link: Option<Link>,
    limits: Limits,
    now: Time,
    version: Version,
}

impl End {
    fn new(vector: &Value) -> End {
        let mut limits = Limits::default();
        let limit = |name: &str| vector["limits"][name].as_u64().map(|number| number as u16);
        limits.receive_maximum = limit("receive_maximum").unwrap_or(limits.receive_maximum);
        limits.topic_alias_maximum = limit("topic_alias_maximum").unwrap_or(limits.topic_alias_maximum);
        limits.topic_levels = limit("topic_levels").unwrap_or(limits.topic_levels);
        let now = Time::from_millis(1);
        let version = Version::from_level(vector["version"].as_u64().unwrap() as u8).unwrap();
        let link = (vector["end"] == "server").then(|| Link::server(now, limits));
        End { link, limits, now, version }
    }

    fn packet(&self, bytes: &Value) -> Packet {
        let bytes = Bytes::from(unhex(bytes.as_str().unwrap()));
        let frame = frame::split(&bytes, self.version, u32::MAX).unwrap().unwrap();
        decode::packet(bytes.clone(), frame.parts(), self.version, None).unwrap()
    }

    fn step(&mut self, step: &Value) -> Result<(), Violation> {
        let session = || Session::new(true, false, QueueLimits::default());
        if let Packet::Connect(connect) = &step.get("connect").map_or(Packet::PingReq, |bytes| self.packet(bytes)) {
            self.link = Some(Link::client(self.now, self.limits, connect, session()).unwrap());
        }
        let answer = step.get("accept").or(step.get("auth")).map(|bytes| self.packet(bytes));
        let (now, link) = (self.now, self.link.as_mut().expect("a client begins with CONNECT"));
        match answer {
            Some(Packet::ConnAck(ack)) => link.accept(now, session(), *ack),
            Some(Packet::Auth(auth)) => link.send_auth(&auth).unwrap(),
            _ => {}
        }
        if let Some(topic) = step["publish"].as_str() {
            let qos = QoS::from_u8(step["qos"].as_u64().unwrap() as u8).unwrap();
            let outgoing = Outgoing { qos, retain: false, subscription_identifiers: &[], token: 1 };
            link.send(now, &mut Fanout::from_parts(topic, b"", &Properties::new(), now), outgoing);
        }
        if let Some(filters) = step["subscribe"].as_array() {
            let filter = |filter: &Value| Subscription::new(filter.as_str().unwrap().to_owned(), QoS::AtMostOnce);
            let subscriptions: Vec<_> = filters.iter().map(filter).collect();
            link.subscribe(now, &subscriptions, &Properties::new()).unwrap();
        }
        let length = link.output().len();
        link.written(length);
        if let Some(milliseconds) = step["wait"].as_u64() {
            self.now = now + std::time::Duration::from_millis(milliseconds);
            link.handle_timeout(self.now)?;
        }
        if let Some(bytes) = step["recv"].as_str() {
            let bytes = unhex(bytes);
            let received = link.recv(now, &bytes)?;
            assert_eq!(received.consumed, bytes.len());
        }
        Ok(())
    }
}

#[test]
fn sessions_break_the_rule_that_they_name_and_the_peer_is_told() {
    let path = format!("{}/vectors/sessions.json", env!("CARGO_MANIFEST_DIR"));
    let vectors: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut broken = BTreeSet::new();
    for vector in &vectors {
        let id = &vector["id"];
        let mut end = End::new(vector);
        let (last, before) = vector["steps"].as_array().unwrap().split_last().unwrap();
        for step in before {
            end.step(step).unwrap_or_else(|violation| panic!("{id}: {step}: {violation}"));
        }
        let violation = end.step(last).expect_err(&id.to_string());
        let name = format!("{:?}", violation.rule);
        assert_eq!(vector["name"], name.as_str(), "{id}: {violation}");
        assert_eq!(vector["reason_code"], violation.reason().value(), "{id}");
        let link = end.link.as_ref().unwrap();
        assert!(link.is_finished(), "{id}");
        match vector["told"].as_str() {
            Some(told) => assert_eq!(hex(link.output()), told, "{id}"),
            None => assert!(!link.output().is_empty(), "{id}: the peer is told something"),
        }
        broken.insert(name);
    }
    let all: BTreeSet<String> = SESSION_RULES.iter().map(|rule| format!("{rule:?}")).collect();
    assert_eq!(all.difference(&broken).collect::<Vec<_>>(), Vec::<&String>::new(), "rules without a vector");
    assert!(Rule::ALL.len() > all.len());
}
