//! Peers that break rules, or keep them and still want to hurt.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use mqtt_broker::NoHooks;
use mqtt_proto::packet::{Connect, Disconnect, Message, QoS};
use mqtt_proto::{Limits, ReasonCode, Version};

use super::support::{Got, PATIENCE, VERSIONS, broker, config, payload, start};

fn raw(address: std::net::SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).expect("timeout");
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    // A reset is as good as an end.
    let _ = stream.read_to_end(&mut answer);
    answer
}

#[test]
fn garbage_is_turned_away_and_others_go_on() {
    let broker = broker(2);
    let mut client = broker.client(Version::V5, "witness");
    client.subscribe("t", QoS::AtLeastOnce);
    fastrand::seed(7);
    for length in [1, 2, 10, 100, 5000] {
        let bytes: Vec<u8> = (0..length).map(|_| fastrand::u8(..)).collect();
        // What looks like the beginning of a packet waits for its rest; so end the stream.
        let mut stream = TcpStream::connect(broker.address).expect("a connection");
        let _ = stream.write_all(&bytes);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
    }
    raw(broker.address, b"GET / HTTP/1.1\r\n\r\n");
    raw(broker.address, &[0x30, 3, 0, 1, b'a']);
    client.publish("t", "alive", QoS::AtLeastOnce);
    client.completed();
    assert_eq!(payload(&client.message()), "alive");
    broker.wait_until("they are gone", |b| b.stats().connections == 1);
}

/// Shows: 5.0 MQTT-4.13.1-1, 3.1.1 MQTT-4.8.0-1
#[test]
fn a_broken_rule_is_told_to_mqtt_5() {
    let broker = broker(1);
    let mut client = broker.client(Version::V5, "c");
    client.raw(&[0x36, 0]);
    assert_eq!(client.next(), Got::Disconnect(Disconnect::new(ReasonCode::MalformedPacket)));
    assert_eq!(client.next(), Got::Closed);
    let mut old = broker.client(Version::V3_1_1, "d");
    old.raw(&[0x36, 0]);
    assert_eq!(old.next(), Got::Closed);
}

#[test]
fn a_slow_connect_is_not_waited_for() {
    let mut config = config(1);
    config.link.handshake_timeout = 300;
    let broker = start(config, Arc::new(NoHooks));
    let mut stream = TcpStream::connect(broker.address).expect("a connection");
    stream.write_all(&[0x10, 20, 0]).expect("bytes");
    stream.set_read_timeout(Some(PATIENCE)).expect("timeout");
    assert_eq!(stream.read(&mut [0; 16]).unwrap_or(0), 0);
    broker.wait_until("it is gone", |b| b.stats().connections == 0);
}

/// Shows: 5.0 MQTT-3.1.2-22
#[test]
fn silence_longer_than_the_keep_alive_ends_the_connection() {
    let broker = broker(1);
    let mut connect = Connect::new(Version::V5, "c");
    connect.keep_alive = 1;
    let (mut client, _) = broker.connect(connect);
    assert_eq!(client.next(), Got::Disconnect(Disconnect::new(ReasonCode::KeepAliveTimeout)));
}

#[test]
fn oversized_packets_end_the_connection_before_they_are_read() {
    let mut config = config(1);
    config.link.maximum_packet_size = 1000;
    let broker = start(config, Arc::new(NoHooks));
    // A CONNECT that announces 200 MB.
    assert!(raw(broker.address, &[0x10, 0xFF, 0xFF, 0xFF, 0x5F]).len() < 100);
    let (mut client, ack) = broker.connect(Connect::new(Version::V5, "c"));
    assert_eq!(ack.properties.maximum_packet_size(), Some(1000));
    client.raw(&[0x30, 0xFF, 0xFF, 0x3F]);
    assert_eq!(client.next(), Got::Disconnect(Disconnect::new(ReasonCode::PacketTooLarge)));
    let mut old = broker.client(Version::V3_1_1, "d");
    old.publish("t", &"x".repeat(2000), QoS::AtMostOnce);
    assert_eq!(old.next(), Got::Closed);
}

/// A receiver that never reads must cost bounded memory and delay nobody.
#[test]
fn a_subscriber_that_never_reads_loses_qos_0_and_others_do_not() {
    let mut config = config(1);
    config.link.maximum_backlog = 100_000;
    config.queue.messages = 50;
    let broker = start(config, Arc::new(NoHooks));
    let mut lazy = broker.client(Version::V5, "lazy");
    lazy.subscribe("t", QoS::AtMostOnce);
    lazy.subscribe("u", QoS::AtLeastOnce);
    let mut eager = broker.client(Version::V5, "eager");
    eager.subscribe("t", QoS::AtMostOnce);
    let mut publisher = broker.client(Version::V5, "p");
    let large = "x".repeat(100_000);
    for number in 0..150 {
        publisher.publish("t", &format!("{number} {large}"), QoS::AtMostOnce);
        assert!(payload(&eager.message()).starts_with(&number.to_string()));
    }
    for _ in 0..200 {
        publisher.publish_acknowledged("u", &large, QoS::AtLeastOnce, false);
    }
    let info = broker.broker.client("lazy").expect("it is there");
    assert!(info.dropped > 100, "{info:?}");
    assert!(info.queued <= 50, "{info:?}");
    // It reads at last: what was kept arrives, and new messages do.
    let mut count = 0;
    while let Some(Got::Publish(_)) = lazy.next_within(Duration::from_millis(500)) {
        count += 1;
    }
    assert!(count > 50);
    publisher.publish("t", "at last", QoS::AtMostOnce);
    assert_eq!(payload(&lazy.message()), "at last");
}

/// Shows: 5.0 MQTT-4.13.1-1
#[test]
fn a_publisher_that_sends_more_than_it_may_is_stopped() {
    let mut config = config(1);
    config.link.receive_maximum = 5;
    let broker = start(config, Arc::new(NoHooks));
    let (_, ack) = broker.connect(Connect::new(Version::V5, "c"));
    assert_eq!(ack.properties.receive_maximum(), Some(5));
    let mut client = broker.client(Version::V5, "d");
    // PUBREC is never answered with PUBREL.
    for id in 1..=6u8 {
        client.raw(&[0x34, 6, 0, 1, b't', 0, id, 0]);
    }
    loop {
        match client.next() {
            Got::Disconnect(disconnect) => break assert_eq!(disconnect.reason, ReasonCode::ReceiveMaximumExceeded),
            Got::Closed => panic!("no reason was given"),
            _ => {}
        }
    }
}

#[test]
fn connections_are_bounded_and_freed() {
    let mut config = config(2);
    config.limits.maximum_connections = 2;
    let broker = start(config, Arc::new(NoHooks));
    let first = broker.client(Version::V5, "a");
    let _second = broker.client(Version::V5, "b");
    assert!(raw(broker.address, &[]).is_empty());
    first.vanish();
    broker.wait_until("there is room", |b| b.stats().connections == 1);
    broker.client(Version::V5, "c");
}

#[test]
fn a_packet_in_single_bytes_is_read() {
    let broker = broker(2);
    let mut stream = TcpStream::connect(broker.address).expect("a connection");
    stream.set_nodelay(true).expect("no delay");
    stream.set_read_timeout(Some(PATIENCE)).expect("timeout");
    for byte in [0x10, 13, 0, 4, b'M', b'Q', b'T', b'T', 4, 2, 0, 0, 0, 1, b'c'] {
        stream.write_all(&[byte]).expect("a byte");
    }
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).expect("CONNACK");
    assert_eq!(answer, [0x20, 2, 0, 0]);
}

#[test]
fn everything_in_one_write_is_read() {
    use mqtt_proto::packet::{Packet, PacketId, PacketType, Properties, Publish, Subscribe, Subscription};
    let broker = broker(2);
    for version in VERSIONS {
        let publish = Publish {
            dup: false,
            qos: QoS::AtMostOnce,
            retain: false,
            topic: "t".into(),
            packet_id: None,
            properties: Properties::new(),
            payload: "x".into(),
        };
        let subscribe = Subscribe {
            packet_id: PacketId::FIRST,
            subscriptions: vec![Subscription::new("t", QoS::AtMostOnce)],
            properties: Properties::new(),
        };
        let mut bytes = Vec::new();
        for packet in [
            Packet::Connect(Box::new(Connect::new(version, "c"))),
            Packet::Subscribe(subscribe),
            Packet::Publish(publish),
            Packet::Disconnect(Disconnect::new(ReasonCode::Success)),
        ] {
            mqtt_proto::wire::encode::packet(&packet, version, u32::MAX, &mut bytes).expect("a packet");
        }
        let mut decoder = mqtt_proto::wire::stream::Decoder::new(Some(version), None, u32::MAX);
        decoder.push(&raw(broker.address, &bytes));
        let mut got = Vec::new();
        while let Some(packet) = decoder.next_packet().expect("packets") {
            got.push(packet.packet_type());
        }
        assert_eq!(got, [PacketType::ConnAck, PacketType::SubAck, PacketType::Publish], "{version}");
    }
}

#[test]
fn limits_of_the_link_hold_for_topics() {
    let mut config = config(1);
    config.link = Limits { topic_levels: 5, ..config.link };
    let broker = start(config, Arc::new(NoHooks));
    let mut client = broker.client(Version::V5, "c");
    client.send(Message::new("a/b/c/d/e/f", "x"), QoS::AtMostOnce, false);
    assert_eq!(client.next(), Got::Disconnect(Disconnect::new(ReasonCode::TopicNameInvalid)));
}

/// Data and the end of the stream in one event: a read that got less than it asked for was taken for the last one,
/// and the end was never seen.
#[test]
fn the_end_of_the_stream_is_seen_behind_data() {
    let broker = broker(1);
    let (name, level) = ([0, 4, b'M', b'Q', b'T', b'T', 4], 2);
    for round in 0..300 {
        let mut stream = TcpStream::connect(broker.address).expect("a connection");
        let mut bytes = vec![0x10, 16];
        bytes.extend_from_slice(&name);
        bytes.extend_from_slice(&[level, 0, 0, 0, 4]);
        bytes.extend_from_slice(format!("{round:04}").as_bytes());
        stream.write_all(&bytes).expect("CONNECT");
        stream.read_exact(&mut [0; 4]).expect("CONNACK");
        stream.write_all(&[0x30, 3, 0, 1, b't']).expect("PUBLISH");
        // Half of them with an answer unread, so that the end is a reset.
        if round % 2 == 0 {
            stream.write_all(&[0xC0, 0]).expect("PINGREQ");
        }
        drop(stream);
    }
    broker.wait_until("they are gone", |b| b.stats().connections == 0);
}
