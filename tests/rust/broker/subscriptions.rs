//! Filters, options, overlapping and shared subscriptions.

use mqtt_proto::packet::{Connect, Message, Properties, Property, QoS, Subscription};
use mqtt_proto::{ReasonCode, Version};

use super::support::{Got, TestBroker, VERSIONS, broker, config, goodbye, payload, start};

fn publish(broker: &TestBroker, topic: &str, text: &str) {
    let mut publisher = broker.client(Version::V5, "the publisher");
    publisher.publish_acknowledged(topic, text, QoS::AtLeastOnce, false);
}

/// Shows: 5.0 MQTT-4.7.2-1, 3.1.1 MQTT-4.7.2-1, 3.1 Appendix A
#[test]
fn wildcards_match_as_they_should() {
    let broker = broker(2);
    let mut client = broker.client(Version::V3_1_1, "c");
    client.subscribe("a/+/c", QoS::AtMostOnce);
    client.subscribe("x/#", QoS::AtMostOnce);
    for (topic, matches) in [
        ("a/b/c", true),
        ("a//c", true),
        ("a/b/d", false),
        ("a/b/c/d", false),
        ("x", true),
        ("x/y/z", true),
        ("y", false),
    ] {
        publish(&broker, topic, topic);
        match matches {
            true => assert_eq!(client.text().0, topic),
            false => client.silent(),
        }
    }
}

/// Shows: 5.0 MQTT-3.10.4-2, 5.0 MQTT-3.11.3-2, 3.1.1 MQTT-3.10.4-2
#[test]
fn unsubscribing_ends_it_and_says_whether_there_was_one() {
    let broker = broker(1);
    let mut client = broker.client(Version::V5, "c");
    client.subscribe("t", QoS::AtLeastOnce);
    assert_eq!(client.unsubscribe("t"), [ReasonCode::Success]);
    assert_eq!(client.unsubscribe("t"), [ReasonCode::NoSubscriptionExisted]);
    publish(&broker, "t", "x");
    client.silent();
    let mut old = broker.client(Version::V3_1_1, "d");
    assert_eq!(old.unsubscribe("t"), []);
}

/// The choice for section 3.3.4: one copy, the highest QoS, every identifier.
/// Shows: 5.0 MQTT-3.3.4-2, 5.0 MQTT-3.3.4-4, 3.1.1 MQTT-3.3.5-1
#[test]
fn overlapping_subscriptions_deliver_once() {
    for shards in [1, 2] {
        let broker = broker(shards);
        let mut client = broker.client(Version::V5, "c");
        for (filter, qos, identifier) in [("a/#", QoS::AtMostOnce, 5), ("a/+", QoS::ExactlyOnce, 6)] {
            let properties = Properties::from_iter([Property::SubscriptionIdentifier(identifier)]);
            client.subscribe_all(&[Subscription::new(filter, qos)], &properties);
        }
        publish(&broker, "a/b", "x");
        let got = client.message();
        let mut identifiers: Vec<u32> = got.properties.subscription_identifiers().collect();
        identifiers.sort_unstable();
        assert_eq!((got.qos, identifiers), (QoS::AtLeastOnce, vec![5, 6]));
        client.silent();
    }
}

/// Shows: 5.0 MQTT-3.8.3-3, 5.0 MQTT-3.3.1-12, 5.0 MQTT-3.3.1-13
#[test]
fn no_local_and_retain_as_published() {
    let broker = broker(1);
    let mut client = broker.client(Version::V5, "c");
    let subscription = Subscription { no_local: true, ..Subscription::new("own", QoS::AtLeastOnce) };
    client.subscribe_all(&[subscription], &Properties::new());
    let subscription = Subscription { retain_as_published: true, ..Subscription::new("kept", QoS::AtLeastOnce) };
    client.subscribe_all(&[subscription], &Properties::new());
    client.publish_acknowledged("own", "mine", QoS::AtLeastOnce, false);
    client.silent();
    let mut other = broker.client(Version::V5, "other");
    other.subscribe("kept", QoS::AtMostOnce);
    other.publish_acknowledged("own", "yours", QoS::AtLeastOnce, false);
    assert_eq!(payload(&client.message()), "yours");
    other.send(Message::new("kept", "x"), QoS::AtMostOnce, true);
    assert!(client.message().retain);
    assert!(!other.message().retain);
}

#[test]
fn a_shared_subscription_gives_each_message_to_one_member() {
    for shards in [1, 2] {
        let broker = broker(shards);
        let mut members: Vec<_> = (0..4).map(|i| broker.client(VERSIONS[i % 3], &format!("m{i}"))).collect();
        members.iter_mut().for_each(|member| member.subscribe("$share/g/job/+", QoS::AtLeastOnce));
        let mut watcher = broker.client(Version::V5, "w");
        watcher.subscribe("job/#", QoS::AtLeastOnce);
        let mut publisher = broker.client(Version::V5, "p");
        for number in 0..40 {
            publisher.publish_acknowledged("job/x", &number.to_string(), QoS::AtLeastOnce, false);
        }
        let mut all: Vec<u32> = Vec::new();
        for member in &mut members {
            for _ in 0..10 {
                all.push(payload(&member.message()).parse().expect("a number"));
            }
            member.silent();
        }
        all.sort_unstable();
        assert_eq!(all, (0..40).collect::<Vec<u32>>());
        (0..40).for_each(|_| drop(watcher.message()));
    }
}

#[test]
fn a_shared_subscription_prefers_those_who_are_there_and_keeps_for_those_who_are_not() {
    let broker = broker(2);
    let keeping = |id: &str| {
        let mut connect = Connect::new(Version::V5, id.to_owned());
        connect.properties.push(Property::SessionExpiryInterval(1000));
        connect
    };
    let (mut away, _) = broker.connect(keeping("away"));
    away.subscribe("$share/g/t", QoS::AtLeastOnce);
    let (mut here, _) = broker.connect(keeping("here"));
    here.subscribe("$share/g/t", QoS::AtLeastOnce);
    let session = away.leave(goodbye());
    broker.wait_until("one is away", |b| b.stats().clients_away == 1);
    for _ in 0..4 {
        publish(&broker, "t", "x");
        here.message();
    }
    here.leave(goodbye());
    broker.wait_until("both are away", |b| b.stats().clients_connected == 0);
    publish(&broker, "t", "kept 1");
    publish(&broker, "t", "kept 2");
    let queued = |b: &mqtt_broker::Broker| b.clients().iter().map(|client| client.queued).sum::<usize>();
    broker.wait_until("both are queued", |b| queued(b) == 2);
    let mut connect = keeping("away");
    connect.clean_start = false;
    let (mut away, _) = broker.resume(connect, session);
    assert!(payload(&away.message()).starts_with("kept"));
}

#[test]
fn subscriptions_are_bounded() {
    let mut config = config(1);
    config.limits.subscriptions_per_client = 2;
    config.limits.maximum_qos = QoS::AtLeastOnce;
    let broker = start(config, std::sync::Arc::new(mqtt_broker::NoHooks));
    let (mut client, ack) = broker.connect(Connect::new(Version::V5, "c"));
    assert_eq!(ack.properties.maximum_qos(), Some(1));
    let asked: Vec<Subscription> = ["a", "b", "c", "a"].map(|f| Subscription::new(f, QoS::ExactlyOnce)).into();
    let reasons = client.subscribe_all(&asked, &Properties::new());
    use ReasonCode::{GrantedQoS1, QuotaExceeded};
    assert_eq!(reasons, [GrantedQoS1, GrantedQoS1, QuotaExceeded, GrantedQoS1]);
    // MQTT 3 cannot be told the highest QoS, so exceeding it ends the connection.
    let mut old = broker.client(Version::V3_1_1, "d");
    old.publish("t", "x", QoS::ExactlyOnce);
    assert_eq!(old.next(), Got::Closed);
}
