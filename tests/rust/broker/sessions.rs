//! Sessions: kept, resumed, taken over, expired, discarded.

use mqtt_broker::ConnectionState;
use mqtt_proto::packet::{Connect, Disconnect, Property, QoS};
use mqtt_proto::{ReasonCode, Version};

use super::support::{Got, VERSIONS, broker, config, goodbye, payload, start};

/// CONNECT for a session that is kept.
fn keeping(version: Version, id: &str) -> Connect {
    let mut connect = Connect::new(version, id.to_owned());
    connect.clean_start = false;
    if version.has_properties() {
        connect.properties.push(Property::SessionExpiryInterval(1000));
    }
    connect
}

/// Shows: 5.0 MQTT-3.1.2-5, 5.0 MQTT-3.2.2-3, 3.1.1 MQTT-3.1.2-4, 3.1.1 MQTT-3.1.2-5, 3.1.1 MQTT-3.2.2-2
#[test]
fn a_kept_session_gets_what_came_while_it_was_away() {
    for shards in [1, 2] {
        let broker = broker(shards);
        for version in VERSIONS {
            let (mut client, ack) = broker.connect(keeping(version, "away"));
            assert!(!ack.session_present);
            client.subscribe("t", QoS::ExactlyOnce);
            let session = client.leave(goodbye());
            broker.wait_until("the session is away", |b| b.stats().clients_connected == 0);
            let mut publisher = broker.client(version, "p");
            publisher.publish("t", "not kept", QoS::AtMostOnce);
            publisher.publish_acknowledged("t", "one", QoS::AtLeastOnce, false);
            publisher.publish_acknowledged("t", "two", QoS::ExactlyOnce, false);
            // Over two shards the acknowledgement says that the message is with the broker, not yet in the queue.
            broker.wait_until("two queued", |b| b.client("away").is_some_and(|c| c.queued == 2));
            let (mut client, ack) = broker.resume(keeping(version, "away"), session);
            assert_eq!(ack.session_present, version.has_session_present(), "{version}");
            assert_eq!(payload(&client.message()), "one");
            assert_eq!(payload(&client.message()), "two");
            client.silent();
            let mut clean = Connect::new(version, "away");
            clean.clean_start = true;
            drop(client);
            let (mut client, ack) = broker.connect(clean);
            assert!(!ack.session_present);
            publisher.publish_acknowledged("t", "three", QoS::AtLeastOnce, false);
            client.silent();
        }
    }
}

/// Shows: 5.0 MQTT-3.3.1-1, 5.0 MQTT-4.4.0-1, 3.1.1 MQTT-3.3.1-1, 3.1.1 MQTT-4.4.0-1, 3.1 §4.2
#[test]
fn what_was_in_flight_comes_again_with_dup() {
    for version in VERSIONS {
        let broker = broker(1);
        let (mut client, _) = broker.connect(keeping(version, "c"));
        client.subscribe("t", QoS::AtLeastOnce);
        client.withhold = true;
        let mut publisher = broker.client(version, "p");
        publisher.publish_acknowledged("t", "again", QoS::AtLeastOnce, false);
        let first = client.message();
        assert!(!first.dup);
        let session = client.vanish();
        broker.wait_until("gone", |b| b.stats().clients_connected == 1);
        let (mut client, _) = broker.resume(keeping(version, "c"), session);
        let second = client.message();
        assert!(second.dup);
        assert_eq!((second.packet_id, payload(&second)), (first.packet_id, "again"));
        let session = client.leave(goodbye());
        let (mut client, _) = broker.resume(keeping(version, "c"), session);
        client.silent();
    }
}

/// Shows: 3.1.1 MQTT-3.1.2-6
#[test]
fn a_clean_session_of_mqtt_3_ends_with_its_connection() {
    let broker = broker(1);
    for version in [Version::V3_1, Version::V3_1_1] {
        let mut client = broker.client(version, "clean");
        client.subscribe("t", QoS::AtLeastOnce);
        client.leave(goodbye());
        broker.wait_until("the session is gone", |b| b.client("clean").is_none());
        assert!(broker.broker.subscriptions().is_empty());
        let (_, ack) = broker.connect(keeping(version, "clean"));
        assert!(!ack.session_present);
        broker.client(version, "clean");
    }
}

/// Shows: 5.0 MQTT-3.1.4-3, 3.1.1 MQTT-3.1.4-2
#[test]
fn a_second_connection_takes_the_session_over() {
    for shards in [1, 2] {
        let broker = broker(shards);
        for version in VERSIONS {
            let (mut old, _) = broker.connect(keeping(version, "same"));
            old.subscribe("t", QoS::AtLeastOnce);
            let (mut new, ack) = broker.connect(keeping(version, "same"));
            assert_eq!(ack.session_present, version.has_session_present());
            if version.has_server_disconnect() {
                assert_eq!(old.next(), Got::Disconnect(Disconnect::new(ReasonCode::SessionTakenOver)));
            }
            assert_eq!(old.next(), Got::Closed);
            let mut publisher = broker.client(version, "p");
            publisher.publish("t", "to the new one", QoS::AtLeastOnce);
            assert_eq!(payload(&new.message()), "to the new one");
            new.leave(goodbye());
            // The next version finds no session of an older one.
            broker.client(version, "same").leave(goodbye());
        }
    }
}

/// Shows: 5.0 MQTT-4.1.0-2
#[test]
fn a_session_expires() {
    let broker = broker(1);
    let mut connect = Connect::new(Version::V5, "short");
    connect.properties.push(Property::SessionExpiryInterval(1));
    let (mut client, _) = broker.connect(connect);
    client.subscribe("t", QoS::AtLeastOnce);
    client.leave(goodbye());
    broker.wait_until("it is away", |b| {
        b.client("short").is_none_or(|c| matches!(c.state, ConnectionState::Away { expires_at: Some(_) }))
    });
    broker.wait_until("it is over", |b| b.client("short").is_none());
    assert_eq!(broker.broker.stats().subscriptions, 0);
    assert_eq!(broker.broker.stats().sessions_expired, 1);
}

/// Shows: 5.0 MQTT-3.1.2-23
#[test]
fn disconnect_changes_the_session_expiry() {
    let broker = broker(1);
    let (client, _) = broker.connect(keeping(Version::V5, "c"));
    let mut disconnect = goodbye();
    disconnect.properties.push(Property::SessionExpiryInterval(0));
    client.leave(disconnect);
    broker.wait_until("the session is over", |b| b.client("c").is_none());
}

#[test]
fn the_broker_bounds_the_session_expiry_and_says_so() {
    let mut config = config(1);
    config.limits.maximum_session_expiry = 60;
    config.limits.maximum_keep_alive = 30;
    let broker = start(config, std::sync::Arc::new(mqtt_broker::NoHooks));
    let (_client, ack) = broker.connect(keeping(Version::V5, "c"));
    assert_eq!(ack.properties.session_expiry_interval(), Some(60));
    assert_eq!(ack.properties.server_keep_alive(), Some(30));
    let ack = broker.refused(Connect::new(Version::V3_1_1, "d"));
    assert_eq!(ack.reason, ReasonCode::ClientIdentifierNotValid);
}

/// Shows: 5.0 MQTT-3.1.3-6, 5.0 MQTT-3.1.3-7, 3.1.1 MQTT-3.1.3-6
#[test]
fn an_identifier_is_assigned_where_there_is_none() {
    for shards in [1, 2] {
        let broker = broker(shards);
        let (_five, ack) = broker.connect(Connect::new(Version::V5, ""));
        let id = ack.properties.assigned_client_identifier().expect("an identifier").to_string();
        assert!(id.starts_with("auto-") && broker.broker.client(&id).is_some());
        let (_three, _) = broker.connect(Connect::new(Version::V3_1_1, ""));
        assert_eq!(broker.broker.stats().clients_connected, 2);
    }
}

/// Shows: 5.0 MQTT-4.3.3-10, 5.0 MQTT-4.4.0-1
#[test]
fn qos_2_is_delivered_once_across_a_reconnection() {
    let broker = broker(1);
    let mut subscriber = broker.client(Version::V5, "s");
    subscriber.subscribe("t", QoS::ExactlyOnce);
    let (mut publisher, _) = broker.connect(keeping(Version::V5, "p"));
    // PUBLISH, no reading of PUBREC, and the connection is gone.
    publisher.publish("t", "once", QoS::ExactlyOnce);
    assert_eq!(payload(&subscriber.message()), "once");
    let session = publisher.vanish();
    broker.wait_until("gone", |b| b.stats().clients_connected == 1);
    let (mut publisher, ack) = broker.resume(keeping(Version::V5, "p"), session);
    assert!(ack.session_present);
    assert!(!publisher.completed().is_error());
    subscriber.silent();
}

#[test]
fn many_come_and_go_and_nothing_stays() {
    let broker = broker(2);
    for round in 0..20 {
        let mut clients: Vec<_> =
            (0..20).map(|i| broker.client(VERSIONS[(i + round) % 3], &format!("c{}", i % 15))).collect();
        clients[19].subscribe("t/#", QoS::AtMostOnce);
    }
    broker.wait_until("all have gone", |b| {
        let stats = b.stats();
        (stats.connections, stats.clients_connected, stats.clients_away, stats.subscriptions) == (0, 0, 0, 0)
    });
}
