//! The hook that is asked before a message goes to a client, and the one that is told of pings.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use mqtt_broker::{DeliverAnswer, DeliverRequest, Hooks, Identity, Interests, Overdue, Reply};
use mqtt_proto::Version;
use mqtt_proto::packet::{Connect, Properties, QoS, RetainHandling, Subscription};

use super::support::{VERSIONS, config, goodbye, payload, start};

#[derive(Clone, Copy, PartialEq)]
enum When {
    AtOnce,
    Late,
    Never,
    Drop,
}

/// Answers by payload: "no" is kept from everybody, "other" becomes something else, "mine" goes to client "a" only.
struct Judge {
    when: When,
    asked: Mutex<Vec<String>>,
    pings: Mutex<Vec<String>>,
    kept: Mutex<Vec<Reply<DeliverAnswer>>>,
}

impl Judge {
    fn new(when: When) -> Arc<Judge> {
        Arc::new(Judge { when, asked: Mutex::default(), pings: Mutex::default(), kept: Mutex::default() })
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("lock").clone()
    }
}

impl Hooks for Judge {
    fn interests(&self) -> Interests {
        Interests::none().deliver("asked/#").ping()
    }

    fn on_deliver(&self, request: DeliverRequest, reply: Reply<DeliverAnswer>) {
        let DeliverRequest { client, publish } = request;
        let (text, retain) = (payload(&publish).to_owned(), publish.retain);
        self.asked.lock().expect("lock").push(format!(
            "{} {text} {}{}",
            client.client_id,
            publish.qos.level(),
            if retain { " retained" } else { "" }
        ));
        let answer = match &*text {
            "no" => DeliverAnswer::Drop,
            "mine" if &*client.client_id != "a" => DeliverAnswer::Drop,
            "other" => {
                let mut other = publish;
                other.payload = format!("for {}", client.client_id).into();
                DeliverAnswer::Replace(Box::new(other))
            }
            _ => DeliverAnswer::Proceed,
        };
        match self.when {
            When::AtOnce => reply.answer(answer),
            When::Late => drop(std::thread::spawn(move || reply.answer(answer))),
            When::Never => self.kept.lock().expect("lock").push(reply),
            When::Drop => drop(reply),
        }
    }

    fn on_ping(&self, client: Arc<Identity>) {
        self.pings.lock().expect("lock").push(client.client_id.to_string());
    }
}

#[test]
fn each_receiver_is_judged_by_itself_and_order_holds() {
    for (when, shards) in [(When::AtOnce, 1), (When::Late, 1), (When::Late, 2)] {
        let broker = start(config(shards), Judge::new(when));
        for version in VERSIONS {
            let mut a = broker.client(version, "a");
            let mut b = broker.client(version, "b");
            a.subscribe("#", QoS::AtLeastOnce);
            b.subscribe("#", QoS::AtMostOnce);
            let mut publisher = broker.client(version, "p");
            for round in 0..20 {
                for (topic, text) in
                    [("asked/1", "no"), ("free", "1"), ("asked/2", "mine"), ("asked/3", "other"), ("free", "2")]
                {
                    publisher.publish(topic, text, QoS::AtLeastOnce);
                    assert!(!publisher.completed().is_error(), "{round}");
                }
            }
            for _ in 0..20 {
                assert_eq!(a.text(), ("free".into(), "1".into()));
                assert_eq!(a.text(), ("asked/2".into(), "mine".into()));
                assert_eq!(a.text(), ("asked/3".into(), "for a".into()));
                assert_eq!(a.text(), ("free".into(), "2".into()));
                assert_eq!(b.text(), ("free".into(), "1".into()));
                assert_eq!(b.text(), ("asked/3".into(), "for b".into()));
                assert_eq!(b.text(), ("free".into(), "2".into()));
            }
        }
    }
}

/// A hook that is a rule of who may read must hold for retained messages and for those of a shared subscription too.
#[test]
fn retained_messages_and_shared_subscriptions_are_asked_about() {
    for when in [When::AtOnce, When::Late] {
        let judge = Judge::new(when);
        let broker = start(config(1), judge.clone());
        let mut publisher = broker.client(Version::V5, "p");
        for (topic, text) in [("asked/1", "no"), ("asked/2", "other"), ("asked/3", "yes")] {
            publisher.publish_acknowledged(topic, text, QoS::AtLeastOnce, true);
        }
        let mut b = broker.client(Version::V5, "b");
        b.subscribe("asked/#", QoS::AtLeastOnce);
        let mut got = [b.text().1, b.text().1];
        got.sort();
        assert_eq!(got, ["for b", "yes"]);
        assert!(judge.asked().contains(&"b no 1 retained".to_owned()), "{:?}", judge.asked());
        b.leave(goodbye());

        let mut c = broker.client(Version::V5, "c");
        let group = Subscription {
            retain_handling: RetainHandling::DoNotSend,
            ..Subscription::new("$share/g/asked/#", QoS::AtMostOnce)
        };
        c.subscribe_all(&[group], &Properties::new());
        for text in ["no", "last"] {
            publisher.publish("asked/t", text, QoS::AtMostOnce);
        }
        assert_eq!(c.text(), ("asked/t".into(), "last".into()));
    }
}

/// What is decided while a client is away waits in its queue.
#[test]
fn a_client_that_is_away_gets_what_it_may_have() {
    let broker = start(config(1), Judge::new(When::Late));
    let kept = || Connect { clean_start: false, ..Connect::new(Version::V3_1_1, "b") };
    let (mut b, _) = broker.connect(kept());
    b.subscribe("asked/#", QoS::AtLeastOnce);
    b.leave(goodbye());
    let mut publisher = broker.client(Version::V5, "p");
    for text in ["1", "no", "2", "other"] {
        publisher.publish_acknowledged("asked/t", text, QoS::AtLeastOnce, false);
    }
    broker.wait_until("three wait", |broker| broker.client("b").is_some_and(|client| client.queued == 3));
    let (mut b, ack) = broker.connect(kept());
    assert!(ack.session_present);
    assert_eq!([b.text().1, b.text().1, b.text().1], ["1", "2", "for b"]);
}

#[test]
fn the_deadline_decides_and_what_waits_goes_on() {
    for (overdue, expected) in [(Overdue::Refuse, vec!["free"]), (Overdue::Proceed, vec!["slow", "free"])] {
        let mut config = config(1);
        config.hook_deadline = Duration::from_millis(50);
        config.hook_overdue = overdue;
        let broker = start(config, Judge::new(When::Never));
        let mut client = broker.client(Version::V5, "c");
        client.subscribe("#", QoS::AtMostOnce);
        let mut other = broker.client(Version::V5, "d");
        other.subscribe("free", QoS::AtMostOnce);
        client.publish("asked/t", "slow", QoS::AtMostOnce);
        client.publish("free", "free", QoS::AtMostOnce);
        // Nobody else waits.
        assert_eq!(other.text().1, "free");
        for text in expected {
            assert_eq!(client.text().1, text);
        }
    }
}

/// A hook that does not answer must not make the broker keep everything that comes meanwhile.
#[test]
fn what_waits_for_a_hook_is_bounded() {
    let mut config = config(1);
    config.queue.messages = 10;
    config.hook_deadline = Duration::from_secs(60);
    let judge = Judge::new(When::Never);
    let broker = start(config, judge.clone());
    let mut client = broker.client(Version::V5, "c");
    client.subscribe("#", QoS::AtMostOnce);
    let mut publisher = broker.client(Version::V5, "p");
    for number in 0..50 {
        publisher.publish_acknowledged("asked/t", &number.to_string(), QoS::AtLeastOnce, false);
    }
    // Counters are there at the end of a shard's turn, after the last acknowledgement has left.
    broker.wait_until("forty were dropped", |broker| broker.stats().messages_dropped == 40);
    for reply in judge.kept.lock().expect("lock").drain(..) {
        reply.answer(DeliverAnswer::Proceed);
    }
    for number in 0..10 {
        assert_eq!(client.text().1, number.to_string());
    }
}

#[test]
fn a_dropped_reply_keeps_the_message_from_the_client() {
    let broker = start(config(1), Judge::new(When::Drop));
    let mut client = broker.client(Version::V5, "c");
    client.subscribe("#", QoS::AtMostOnce);
    client.publish("asked/t", "x", QoS::AtMostOnce);
    client.publish("free", "y", QoS::AtMostOnce);
    assert_eq!(client.text().1, "y");
}

#[test]
fn pings_are_told() {
    let judge = Judge::new(When::AtOnce);
    let broker = start(config(1), judge.clone());
    let mut client = broker.client(Version::V3_1_1, "c");
    client.raw(&[0xC0, 0, 0xC0, 0]);
    broker.wait_until("both were told", |_| judge.pings.lock().expect("lock").len() == 2);
    assert_eq!(*judge.pings.lock().expect("lock"), ["c", "c"]);
}
