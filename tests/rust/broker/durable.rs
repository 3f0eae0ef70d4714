//! A durable store: nothing that was acknowledged is lost, and nothing is acknowledged too early.

use std::sync::Arc;

use mqtt_broker::NoHooks;
use mqtt_proto::packet::{Connect, Disconnect, Property, QoS, Will};
use mqtt_proto::{ReasonCode, Version};
use mqtt_store::recording::{Completing, Recording};
use mqtt_store::{OpenPolicy, Store};

use super::support::{Got, SILENCE, TestBroker, VERSIONS, config, goodbye, payload, start};

fn durable(shards: usize, store: &Recording) -> TestBroker {
    let mut config = config(shards);
    config.store = Arc::new(store.clone());
    start(config, Arc::new(NoHooks))
}

fn keeping(version: Version, id: &str) -> Connect {
    let mut connect = Connect::new(version, id.to_owned());
    connect.clean_start = false;
    if version.has_properties() {
        connect.properties.push(Property::SessionExpiryInterval(1000));
    }
    connect
}

#[test]
fn what_was_acknowledged_survives_a_crash() {
    for shards in [1, 2] {
        for version in VERSIONS {
            let store = Recording::default();
            let broker = durable(shards, &store);
            let (mut client, ack) = broker.connect(keeping(version, "away"));
            assert!(!ack.session_present);
            client.subscribe("t/#", QoS::ExactlyOnce);
            client.subscribe("$share/g/s", QoS::AtLeastOnce);
            let session = client.leave(goodbye());
            let mut publisher = broker.client(version, "p");
            publisher.publish_acknowledged("t/1", "one", QoS::AtLeastOnce, false);
            publisher.publish_acknowledged("t/2", "two", QoS::ExactlyOnce, false);
            publisher.publish_acknowledged("s", "three", QoS::AtLeastOnce, false);
            publisher.publish_acknowledged("r", "kept", QoS::AtLeastOnce, true);
            publisher.publish_acknowledged("gone", "kept", QoS::AtLeastOnce, true);
            publisher.publish_acknowledged("gone", "", QoS::AtLeastOnce, true);
            // The process dies here; another one finds what the store has.
            let broker = durable(shards, &store.crash());
            assert_eq!(broker.broker.stats().clients_away, 1);
            let (mut client, ack) = broker.resume(keeping(version, "away"), session);
            assert_eq!(ack.session_present, version.has_session_present());
            // QoS 2 waits for the store once more and is overtaken meanwhile.
            let mut got: Vec<_> = (0..3).map(|_| client.text().1).collect();
            got.sort();
            assert_eq!(got, ["one", "three", "two"], "{version}");
            client.silent();
            client.subscribe("r", QoS::AtLeastOnce);
            assert_eq!(payload(&client.message()), "kept");
            assert_eq!(broker.broker.stats().retained_messages, 1);
            // The subscriptions live on.
            let mut publisher = broker.client(version, "p");
            publisher.publish_acknowledged("t/3", "four", QoS::AtLeastOnce, false);
            assert_eq!(payload(&client.message()), "four");
        }
    }
}

#[test]
fn the_acknowledgement_waits_for_the_store_and_nothing_else_does() {
    for shards in [1, 2] {
        let store = Recording::default();
        let broker = durable(shards, &store);
        let (mut away, _) = broker.connect(keeping(Version::V5, "away"));
        away.subscribe("t", QoS::AtLeastOnce);
        away.leave(goodbye());
        let mut watcher = broker.client(Version::V3_1_1, "watcher");
        watcher.subscribe("t", QoS::AtLeastOnce);
        let mut publisher = broker.client(Version::V5, "p");
        store.set_completing(Completing::OnRelease);
        let before = store.commits();
        for qos in [QoS::AtLeastOnce, QoS::ExactlyOnce] {
            publisher.publish("t", "x", qos);
            assert_eq!(payload(&watcher.message()), "x");
            broker.wait_until("a commit", |_| store.commits() > before);
            assert_eq!(publisher.next_within(SILENCE), None);
            while store.release() == 0 {
                std::thread::yield_now();
            }
            assert_eq!(publisher.completed(), ReasonCode::Success);
        }
        // What nobody keeps waits for nobody.
        publisher.publish("nobody keeps this", "x", QoS::AtLeastOnce);
        assert!(!publisher.completed().is_error());
    }
}

#[test]
fn acknowledgements_keep_their_order_and_the_echo_follows_its_own() {
    let store = Recording::default();
    let broker = durable(1, &store);
    let (mut away, _) = broker.connect(keeping(Version::V5, "away"));
    away.subscribe("kept", QoS::AtLeastOnce);
    away.leave(goodbye());
    let mut client = broker.client(Version::V5, "c");
    client.subscribe("#", QoS::AtLeastOnce);
    store.set_completing(Completing::OnRelease);
    client.publish("free", "1", QoS::AtLeastOnce);
    assert_eq!(client.completed(), ReasonCode::Success);
    assert_eq!(payload(&client.message()), "1");
    client.publish("kept", "2", QoS::AtLeastOnce);
    client.publish("free", "3", QoS::AtLeastOnce);
    client.silent();
    assert!(store.release() > 0);
    assert_eq!(client.completed(), ReasonCode::Success);
    assert_eq!(payload(&client.message()), "2");
    assert_eq!(client.completed(), ReasonCode::Success);
    assert_eq!(payload(&client.message()), "3");
}

/// A publisher that is told nothing sends again; one that is told too much loses its message.
#[test]
fn a_failing_store_acknowledges_nothing() {
    let store = Recording::default();
    let broker = durable(2, &store);
    let (mut away, _) = broker.connect(keeping(Version::V5, "away"));
    away.subscribe("t", QoS::AtLeastOnce);
    let session = away.leave(goodbye());
    broker.wait_until("it is kept", |_| store.session("away").is_some_and(|s| !s.subscriptions.is_empty()));
    store.set_completing(Completing::Failing);
    let mut publisher = broker.client(Version::V3_1_1, "p");
    publisher.publish("t", "x", QoS::AtLeastOnce);
    assert_eq!(publisher.next(), Got::Closed);
    // The disk is well again: what is in memory is written as a whole.
    store.set_completing(Completing::AtOnce);
    let mut publisher = broker.client(Version::V3_1_1, "p");
    publisher.publish_acknowledged("t", "y", QoS::AtLeastOnce, false);
    let after = durable(1, &store.crash());
    let (mut away, _) = after.resume(keeping(Version::V5, "away"), session);
    let got = [away.text().1, away.text().1];
    assert_eq!(got, ["x", "y"]);
}

#[test]
fn qos_2_that_was_received_is_not_delivered_again_after_a_crash() {
    let store = Recording::default();
    let broker = durable(1, &store);
    let (mut away, _) = broker.connect(keeping(Version::V5, "away"));
    away.subscribe("t", QoS::ExactlyOnce);
    let kept = away.leave(goodbye());
    let (mut publisher, _) = broker.connect(keeping(Version::V5, "p"));
    publisher.publish("t", "once", QoS::ExactlyOnce);
    broker.wait_until("it is saved", |_| {
        store.session("p").is_some_and(|p| p.snapshot.received.len() == 1)
            && store.session("away").is_some_and(|a| a.snapshot.outgoing.len() == 1)
    });
    let session = publisher.vanish();
    let after = durable(1, &store.crash());
    let (mut publisher, ack) = after.resume(keeping(Version::V5, "p"), session);
    assert!(ack.session_present);
    assert_eq!(publisher.completed(), ReasonCode::Success);
    let (mut away, _) = after.resume(keeping(Version::V5, "away"), kept);
    assert_eq!(payload(&away.message()), "once");
    away.silent();
}

#[test]
fn another_owner_ends_the_connection() {
    let store = Recording::default();
    let broker = durable(1, &store);
    let (mut client, _) = broker.connect(keeping(Version::V5, "c"));
    client.subscribe("t", QoS::AtLeastOnce);
    store.open("c", OpenPolicy::Resume(broker.broker.now()), Box::new(|opened| assert!(opened.is_ok())));
    let mut publisher = broker.client(Version::V5, "p");
    publisher.publish("t", "x", QoS::AtLeastOnce);
    loop {
        match client.next() {
            Got::Publish(_) => {}
            got => break assert_eq!(got, Got::Disconnect(Disconnect::new(ReasonCode::SessionTakenOver))),
        }
    }
    assert!(store.session("c").is_some(), "it is the other owner's");
}

#[test]
fn a_will_is_published_when_the_broker_that_owed_it_has_died() {
    let store = Recording::default();
    let broker = durable(1, &store);
    let mut connect = keeping(Version::V5, "mortal");
    let (topic, payload) = ("wills".into(), "gone".into());
    connect.will = Some(Will { topic, payload, qos: QoS::AtLeastOnce, retain: true, properties: Default::default() });
    let (_client, _) = broker.connect(connect);
    broker.wait_until("it is saved", |_| store.session("mortal").is_some_and(|s| s.will.is_some()));
    let after = durable(2, &store.crash());
    after.wait_until("it is published", |b| b.stats().retained_messages == 1);
}

#[test]
fn sessions_that_end_leave_nothing_behind() {
    let store = Recording::default();
    let broker = durable(2, &store);
    for version in VERSIONS {
        let (mut client, _) = broker.connect(keeping(version, "c"));
        client.subscribe("t", QoS::AtLeastOnce);
        client.leave(goodbye());
        broker.wait_until("it is kept", |_| store.session("c").is_some());
        broker.client(version, "c").leave(goodbye());
        broker.wait_until("it is gone", |_| store.session("c").is_none());
    }
    let mut short = keeping(Version::V5, "short");
    short.properties.set(Property::SessionExpiryInterval(1));
    broker.connect(short).0.leave(goodbye());
    broker.wait_until("it is kept", |_| store.session("short").is_some_and(|s| s.expires_at.is_some()));
    broker.wait_until("it has expired", |_| store.session("short").is_none());
}

#[test]
fn stopping_saves_first() {
    let store = Recording::default();
    let broker = durable(2, &store);
    let (mut client, _) = broker.connect(keeping(Version::V5, "c"));
    client.subscribe("t", QoS::AtLeastOnce);
    drop(client);
    assert!(broker.broker.stop(std::time::Duration::from_secs(5)));
    assert!(store.session("c").is_some_and(|session| session.expires_at.is_some()));
}
