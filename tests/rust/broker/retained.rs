//! Retained messages.

use std::sync::Arc;

use mqtt_broker::NoHooks;
use mqtt_proto::packet::{Message, Properties, Property, QoS, RetainHandling, Subscription};
use mqtt_proto::{ReasonCode, Version};

use super::support::{VERSIONS, broker, config, payload, start};

#[test]
fn a_new_subscription_gets_the_last_value_with_the_retain_flag() {
    for shards in [1, 2] {
        let broker = broker(shards);
        for version in VERSIONS {
            let mut publisher = broker.client(version, "p");
            publisher.publish_acknowledged("a/b", "old", QoS::AtLeastOnce, true);
            publisher.publish_acknowledged("a/b", "new", QoS::AtLeastOnce, true);
            publisher.publish_acknowledged("a/c", "other", QoS::ExactlyOnce, true);
            let mut subscriber = broker.client(version, "s");
            subscriber.subscribe("a/+", QoS::AtLeastOnce);
            let mut got: Vec<_> = (0..2).map(|_| subscriber.message()).collect();
            got.sort_by_key(|publish| publish.topic.to_string());
            assert!(got.iter().all(|publish| publish.retain && publish.qos == QoS::AtLeastOnce));
            assert_eq!((payload(&got[0]), payload(&got[1])), ("new", "other"));
            publisher.publish_acknowledged("a/b", "", QoS::AtLeastOnce, true);
            // Those who are there get the empty message as an ordinary one.
            assert!(!subscriber.message().retain);
            let mut later = broker.client(version, "later");
            later.subscribe("a/b", QoS::AtLeastOnce);
            later.silent();
        }
    }
}

/// Shows: 5.0 MQTT-3.3.1-9, 5.0 MQTT-3.3.1-10, 5.0 MQTT-3.3.1-11
#[test]
fn retain_handling() {
    let broker = broker(1);
    let mut publisher = broker.client(Version::V5, "p");
    publisher.publish_acknowledged("t", "x", QoS::AtLeastOnce, true);
    let mut client = broker.client(Version::V5, "s");
    let mut subscribe = |retain_handling| {
        let subscription = Subscription { retain_handling, ..Subscription::new("t", QoS::AtLeastOnce) };
        client.subscribe_all(&[subscription], &Properties::from_iter([Property::SubscriptionIdentifier(9)]));
        let got = client.next_within(super::support::SILENCE);
        if let Some(super::support::Got::Publish(publish)) = &got {
            assert_eq!(publish.properties.subscription_identifier(), Some(9));
        }
        got.is_some()
    };
    assert!(!subscribe(RetainHandling::DoNotSend));
    assert!(!subscribe(RetainHandling::SendIfNew), "the subscription existed");
    assert!(subscribe(RetainHandling::Send));
    assert!(subscribe(RetainHandling::Send));
    assert!(client.unsubscribe("t") == [ReasonCode::Success]);
    let subscription =
        Subscription { retain_handling: RetainHandling::SendIfNew, ..Subscription::new("t", QoS::AtMostOnce) };
    client.subscribe_all(&[subscription], &Properties::new());
    assert_eq!(payload(&client.message()), "x");
}

/// Shows: 5.0 MQTT-3.3.2-5, 5.0 MQTT-3.3.2-6
#[test]
fn expired_messages_are_not_sent_and_others_say_what_is_left() {
    let broker = broker(1);
    let mut publisher = broker.client(Version::V5, "p");
    for (topic, seconds) in [("short", 1), ("long", 1000)] {
        let mut message = Message::new(topic, "x");
        message.properties.push(Property::MessageExpiryInterval(seconds));
        publisher.send(message, QoS::AtLeastOnce, true);
        publisher.completed();
    }
    broker.wait_until("it has expired", |b| b.retained("short").expect("a filter").is_empty());
    let mut client = broker.client(Version::V5, "s");
    client.subscribe("#", QoS::AtLeastOnce);
    let got = client.message();
    assert_eq!(&*got.topic, "long");
    assert!(got.properties.message_expiry_interval().is_some_and(|left| (990..=1000).contains(&left)));
    client.silent();
}

/// A burst larger than the backlog was once dropped at QoS 0; it waits for the receiver instead.
/// Shows: 5.0 MQTT-3.3.1-9, 3.1.1 MQTT-3.3.1-6
#[test]
fn many_retained_messages_all_arrive() {
    let broker = broker(2);
    let mut publisher = broker.client(Version::V3_1_1, "p");
    for number in 0..3000 {
        publisher.send(Message::new(format!("r/{number}"), vec![b'x'; 4000]), QoS::AtLeastOnce, true);
        publisher.completed();
    }
    for qos in [QoS::AtMostOnce, QoS::AtLeastOnce] {
        let mut subscriber = broker.client(Version::V5, "s");
        subscriber.subscribe("r/#", qos);
        let mut topics: Vec<String> = (0..3000).map(|_| subscriber.message().topic.to_string()).collect();
        topics.sort();
        topics.dedup();
        assert_eq!(topics.len(), 3000);
        subscriber.silent();
    }
    assert_eq!(broker.broker.stats().messages_dropped, 0);
}

#[test]
fn a_full_store_refuses_and_retain_may_be_off() {
    let mut few = config(1);
    few.limits.retained_messages = 1;
    let broker = start(few, Arc::new(NoHooks));
    let mut client = broker.client(Version::V5, "p");
    assert!(!client.publish_acknowledged("a", "x", QoS::AtLeastOnce, true).is_error());
    assert_eq!(client.publish_acknowledged("b", "x", QoS::AtLeastOnce, true), ReasonCode::QuotaExceeded);
    let mut none = config(1);
    none.limits.retain_available = false;
    let broker = start(none, Arc::new(NoHooks));
    let (_, ack) = broker.connect(mqtt_proto::packet::Connect::new(Version::V5, "p"));
    assert_eq!(ack.properties.retain_available(), Some(0));
}

#[test]
fn system_topics_are_there_and_clients_may_not_write_them() {
    let mut config = config(2);
    config.sys_interval = std::time::Duration::from_secs(60);
    let broker = start(config, Arc::new(NoHooks));
    let mut client = broker.client(Version::V5, "c");
    broker.wait_until("they are published", |b| !b.retained("$SYS/broker/uptime").expect("a filter").is_empty());
    client.subscribe("$SYS/broker/clients/connected", QoS::AtMostOnce);
    assert!(client.message().retain);
    assert_eq!(client.publish_acknowledged("$SYS/broker/x", "x", QoS::AtLeastOnce, false), ReasonCode::NotAuthorized);
    // A leading wildcard does not match them.
    client.subscribe("#", QoS::AtMostOnce);
    client.silent();
}
