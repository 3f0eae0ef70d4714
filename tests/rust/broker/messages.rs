//! Publish and subscribe at every QoS, between versions and between shards.

use mqtt_proto::packet::{Message, QoS};
use mqtt_proto::{ReasonCode, Version};

use super::support::{Got, VERSIONS, broker, payload};

const LEVELS: [QoS; 3] = [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce];

/// Shows: 5.0 MQTT-4.5.0-1, 3.1.1 MQTT-4.5.0-1
#[test]
fn a_message_reaches_its_subscriber_in_every_pair_of_versions_at_every_qos() {
    for shards in [1, 2] {
        let broker = broker(shards);
        for (from, to) in VERSIONS.iter().flat_map(|from| VERSIONS.map(|to| (*from, to))) {
            let mut subscriber = broker.client(to, "subscriber");
            subscriber.subscribe("a/+", QoS::ExactlyOnce);
            let mut publisher = broker.client(from, "publisher");
            for qos in LEVELS {
                publisher.publish("a/b", "payload", qos);
                let got = subscriber.message();
                assert_eq!((&*got.topic, payload(&got), got.qos, got.retain), ("a/b", "payload", qos, false));
                if qos != QoS::AtMostOnce {
                    assert_eq!(publisher.completed(), ReasonCode::Success, "{from} to {to} at {qos:?}");
                }
            }
        }
    }
}

/// Shows: 5.0 MQTT-3.8.4-8, 3.1.1 MQTT-3.8.4-6
#[test]
fn the_lower_qos_of_publication_and_subscription_holds() {
    let broker = broker(1);
    let mut publisher = broker.client(Version::V5, "publisher");
    for published in LEVELS {
        for subscribed in LEVELS {
            let mut subscriber = broker.client(Version::V3_1_1, "subscriber");
            subscriber.subscribe("t", subscribed);
            publisher.publish("t", "x", published);
            assert_eq!(subscriber.message().qos, published.min(subscribed));
            if published != QoS::AtMostOnce {
                publisher.completed();
            }
        }
    }
}

/// Shows: 5.0 MQTT-4.6.0-5, 5.0 MQTT-4.6.0-6, 3.1.1 MQTT-4.6.0-6, 3.1 §4.3
#[test]
fn order_holds_for_one_publisher_and_one_topic() {
    for shards in [1, 2] {
        let broker = broker(shards);
        let mut subscriber = broker.client(Version::V5, "s");
        subscriber.subscribe("t", QoS::AtLeastOnce);
        let mut publisher = broker.client(Version::V5, "p");
        for number in 0..2000 {
            publisher.publish("t", &number.to_string(), QoS::AtLeastOnce);
            // The window must not fill up for want of reading.
            if number % 500 == 499 {
                (0..500).for_each(|_| assert_eq!(publisher.completed(), ReasonCode::Success));
            }
        }
        for number in 0..2000 {
            assert_eq!(payload(&subscriber.message()), number.to_string());
        }
    }
}

/// An echo that overtakes the acknowledgement makes clients see a message before they know that it was taken.
#[test]
fn the_acknowledgement_comes_before_the_echo() {
    let broker = broker(1);
    for version in VERSIONS {
        let mut client = broker.client(version, "echo");
        client.subscribe("t", QoS::AtLeastOnce);
        client.publish("t", "x", QoS::AtLeastOnce);
        assert_eq!(client.completed(), ReasonCode::Success);
        assert_eq!(payload(&client.message()), "x");
    }
}

#[test]
fn nobody_there_is_told_to_mqtt_5_only() {
    let broker = broker(2);
    for (version, expected) in [
        (Version::V3_1, ReasonCode::Success),
        (Version::V3_1_1, ReasonCode::Success),
        (Version::V5, ReasonCode::NoMatchingSubscribers),
    ] {
        let mut client = broker.client(version, "p");
        for qos in [QoS::AtLeastOnce, QoS::ExactlyOnce] {
            let got = client.publish_acknowledged("nobody", "x", qos, false);
            assert!(got == expected || (qos == QoS::ExactlyOnce && !got.is_error()), "{version} {qos:?} {got}");
        }
    }
}

#[test]
fn a_large_message_passes_whole() {
    let broker = broker(2);
    let mut subscriber = broker.client(Version::V5, "s");
    subscriber.subscribe("t", QoS::AtLeastOnce);
    let mut publisher = broker.client(Version::V3_1_1, "p");
    for size in [100_000, 1_000_000, 5_000_000] {
        let bytes: Vec<u8> = (0..size).map(|i| (i % 251) as u8).collect();
        publisher.send(Message::new("t", bytes.clone()), QoS::AtLeastOnce, false);
        assert_eq!(subscriber.message().payload, bytes);
        publisher.completed();
    }
}

#[test]
fn many_publishers_and_subscribers_lose_nothing() {
    let broker = broker(2);
    let mut subscribers: Vec<_> = (0..5).map(|i| broker.client(VERSIONS[i % 3], &format!("s{i}"))).collect();
    subscribers.iter_mut().for_each(|subscriber| subscriber.subscribe("load/#", QoS::AtLeastOnce));
    let mut publishers: Vec<_> = (0..5).map(|i| broker.client(VERSIONS[i % 3], &format!("p{i}"))).collect();
    for number in 0..200 {
        for (index, publisher) in publishers.iter_mut().enumerate() {
            publisher.publish(&format!("load/{index}"), &number.to_string(), QoS::AtLeastOnce);
        }
    }
    for subscriber in &mut subscribers {
        let mut next = [0; 5];
        for _ in 0..1000 {
            let (topic, text) = subscriber.text();
            let publisher: usize = topic["load/".len()..].parse().expect("a number");
            assert_eq!(text, next[publisher].to_string());
            next[publisher] += 1;
        }
    }
}

/// Shows: 5.0 MQTT-3.3.2-12
#[test]
fn an_alias_is_resolved_for_receivers_without_it() {
    use mqtt_proto::packet::{Properties, Property, Publish};
    let broker = broker(1);
    let mut subscriber = broker.client(Version::V3_1_1, "s");
    subscriber.subscribe("long/topic", QoS::AtMostOnce);
    let mut publisher = broker.client(Version::V5, "p");
    let publish = |topic: &str| Publish {
        dup: false,
        qos: QoS::AtMostOnce,
        retain: false,
        topic: topic.to_owned().into(),
        packet_id: None,
        properties: Properties::from_iter([Property::TopicAlias(3)]),
        payload: "x".into(),
    };
    let mut bytes = Vec::new();
    for topic in ["long/topic", "", ""] {
        mqtt_proto::wire::encode::publish(&publish(topic), Version::V5, u32::MAX, &mut bytes).expect("PUBLISH");
    }
    publisher.raw(&bytes);
    for _ in 0..3 {
        assert_eq!(subscriber.text(), ("long/topic".to_owned(), "x".to_owned()));
    }
}

#[test]
fn ping_is_answered() {
    let broker = broker(1);
    let mut client = broker.client(Version::V3_1_1, "c");
    client.raw(&[0xC0, 0]);
    client.silent();
    client.subscribe("t", QoS::AtMostOnce);
    client.publish("t", "still here", QoS::AtMostOnce);
    assert!(matches!(client.next(), Got::Publish(_)));
}
