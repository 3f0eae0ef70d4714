//! Wills: when they are published, and when not.

use mqtt_proto::packet::{Connect, Disconnect, Properties, Property, QoS, Will};
use mqtt_proto::{ReasonCode, Version};

use super::support::{Client, TestBroker, VERSIONS, broker, goodbye, payload};

fn with_will(version: Version, delay: u32, expiry: u32) -> Connect {
    let mut connect = Connect::new(version, "mortal");
    let mut properties = Properties::new();
    if version.has_properties() {
        properties.push(Property::WillDelayInterval(delay));
        connect.properties.push(Property::SessionExpiryInterval(expiry));
    }
    let (topic, payload) = ("wills".into(), "gone".into());
    connect.will = Some(Will { topic, payload, qos: QoS::AtLeastOnce, retain: false, properties });
    connect
}

fn watcher(broker: &TestBroker) -> Client {
    let mut watcher = broker.client(Version::V5, "watcher");
    watcher.subscribe("wills", QoS::AtLeastOnce);
    watcher
}

/// Shows: 5.0 MQTT-3.1.2-8, 5.0 MQTT-3.14.4-3, 3.1.1 MQTT-3.1.2-8, 3.1.1 MQTT-3.14.4-3
#[test]
fn a_lost_connection_publishes_the_will_and_a_goodbye_does_not() {
    for shards in [1, 2] {
        let broker = broker(shards);
        let mut watcher = watcher(&broker);
        for version in VERSIONS {
            broker.connect(with_will(version, 0, 0)).0.vanish();
            assert_eq!(payload(&watcher.message()), "gone");
            broker.connect(with_will(version, 0, 0)).0.leave(goodbye());
            watcher.silent();
        }
        let (client, _) = broker.connect(with_will(Version::V5, 0, 0));
        client.leave(Disconnect::new(ReasonCode::DisconnectWithWill));
        assert_eq!(payload(&watcher.message()), "gone");
    }
}

#[test]
fn a_broken_rule_and_a_take_over_publish_the_will() {
    let broker = broker(2);
    let mut watcher = watcher(&broker);
    for version in VERSIONS {
        let (mut client, _) = broker.connect(with_will(version, 0, 0));
        client.raw(&[0xFF, 0x00]);
        assert_eq!(payload(&watcher.message()), "gone");
        let (_old, _) = broker.connect(with_will(version, 0, 0));
        let (new, _) = broker.connect(Connect::new(version, "mortal"));
        assert_eq!(payload(&watcher.message()), "gone");
        new.leave(goodbye());
    }
}

/// Shows: 5.0 MQTT-3.1.3-9
#[test]
fn coming_back_within_the_delay_keeps_the_will_unpublished() {
    let broker = broker(1);
    let mut watcher = watcher(&broker);
    broker.connect(with_will(Version::V5, 2, 100)).0.vanish();
    broker.wait_until("away", |b| b.stats().clients_away == 1);
    let mut again = with_will(Version::V5, 2, 100);
    again.clean_start = false;
    let (client, ack) = broker.connect(again);
    assert!(ack.session_present);
    client.leave(goodbye());
    assert_eq!(watcher.next_within(std::time::Duration::from_millis(2500)), None);
}

/// Shows: 5.0 MQTT-3.1.2-8
#[test]
fn the_delay_runs_out() {
    let broker = broker(1);
    let mut watcher = watcher(&broker);
    let start = std::time::Instant::now();
    broker.connect(with_will(Version::V5, 1, 100)).0.vanish();
    assert_eq!(payload(&watcher.message()), "gone");
    assert!(start.elapsed() >= std::time::Duration::from_millis(900));
    assert!(broker.broker.client("mortal").is_some());
}

/// Shows: 5.0 MQTT-3.1.2-8
#[test]
fn the_end_of_the_session_publishes_a_will_that_is_still_delayed() {
    let broker = broker(1);
    let mut watcher = watcher(&broker);
    broker.connect(with_will(Version::V5, 1000, 1)).0.vanish();
    assert_eq!(payload(&watcher.message()), "gone");
    broker.connect(with_will(Version::V5, 1000, 1000)).0.vanish();
    broker.wait_until("away", |b| b.stats().clients_away == 1);
    // A clean start ends the session.
    broker.connect(Connect::new(Version::V5, "mortal"));
    assert_eq!(payload(&watcher.message()), "gone");
}

/// Shows: 3.1.1 MQTT-3.1.2-17
#[test]
fn a_retained_will_is_retained() {
    let broker = broker(1);
    let mut connect = with_will(Version::V3_1_1, 0, 0);
    connect.will.as_mut().expect("a will").retain = true;
    broker.connect(connect).0.vanish();
    broker.wait_until("it is kept", |b| b.stats().retained_messages == 1);
    let mut watcher = watcher(&broker);
    let got = watcher.message();
    assert!(got.retain && payload(&got) == "gone");
}
