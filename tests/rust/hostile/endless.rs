//! Peers that begin and do not end, and peers that do not read.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::time::{Duration, Instant};

use mqtt_proto::packet::{Connect, Packet, Property, Publish, QoS};
use mqtt_proto::{ReasonCode, Version};

use super::Bystander;
use super::wire::{VERSIONS, connect, id, message, serve, serve_with, with};

/// A byte now and then: the time for CONNECT does not begin anew with each.
/// Shows: 5.0 MQTT-3.1.4-1
#[test]
fn slow_loris_on_connect() {
    let server = serve_with(|config| config.link.handshake_timeout = 500);
    let mut bystander = Bystander::new(&server);
    let start = Instant::now();
    let mut silent = server.dial(Version::V5);
    let mut half = server.dial(Version::V5);
    half.bytes(&[0x10, 100, 0, 4, b'M', b'Q']);
    let mut slow = server.dial(Version::V5);
    slow.bytes(&[0x10, 100]);
    slow.stream.set_read_timeout(Some(Duration::from_millis(50))).expect("time-out");
    // Reading with a time-out is the pause between two bytes.
    loop {
        let _ = slow.stream.write(&[0]);
        match slow.stream.read(&mut [0; 16]) {
            Ok(_) => break,
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => break,
        }
        assert!(start.elapsed() < super::wire::PATIENCE);
        bystander.notices_nothing();
    }
    assert_eq!((silent.rest(), half.rest()), (vec![], vec![]));
    assert!(start.elapsed() >= Duration::from_millis(500));
    server.until("they are gone", |b| b.stats().connections == 1);
    bystander.notices_nothing();
}

/// In the middle of a packet: keep-alive counts packets, not bytes.
/// Shows: 5.0 MQTT-3.1.2-22, 3.1.1 MQTT-3.1.2-24
#[test]
fn slow_loris_in_the_middle_of_a_packet() {
    let server = serve();
    let mut bystander = Bystander::new(&server);
    let start = Instant::now();
    let mut peers: Vec<_> = VERSIONS
        .iter()
        .map(|version| server.connect(Connect { keep_alive: 1, ..connect(*version, version.name()) }).0)
        .collect();
    for peer in &mut peers {
        peer.bytes(&[0x30, 0xFF, 0x7F, 0, 1, b't']);
        peer.stream.set_read_timeout(Some(Duration::from_millis(100))).expect("time-out");
    }
    let mut open = peers;
    while !open.is_empty() {
        open.retain_mut(|peer| {
            let _ = peer.stream.write(&[0]);
            // MQTT 5 is told in a DISCONNECT, the others see the end.
            let read = peer.stream.read(&mut [0; 16]);
            read.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
        });
        assert!(start.elapsed() < super::wire::PATIENCE);
        bystander.notices_nothing();
    }
    assert!(start.elapsed() >= Duration::from_millis(1450));
    server.until("they are gone", |b| b.stats().connections == 1);
}

/// A client that has closed its sending half has left without DISCONNECT.
/// Shows: 5.0 MQTT-3.1.2-8, 3.1.1 MQTT-3.1.2-8
#[test]
fn half_closed_sockets() {
    let server = serve();
    let mut bystander = Bystander::new(&server);
    // Before CONNECT, within CONNECT, within another packet, between two.
    for bytes in [&[][..], &[0x10, 50, 0]] {
        let mut peer = server.dial(Version::V5);
        peer.bytes(bytes);
        peer.stream.shutdown(Shutdown::Write).expect("shut down");
        assert_eq!(peer.rest(), []);
    }
    bystander.0.subscribe("wills", QoS::AtMostOnce);
    for version in VERSIONS {
        for bytes in [&[][..], &[0x30, 50, 0]] {
            let mut connect = connect(version, "half");
            let (topic, payload, properties) = ("wills".into(), "gone".into(), Default::default());
            connect.will =
                Some(mqtt_proto::packet::Will { topic, payload, qos: QoS::AtMostOnce, retain: false, properties });
            let (mut peer, _) = server.connect(connect);
            peer.bytes(bytes);
            peer.stream.shutdown(Shutdown::Write).expect("shut down");
            assert_eq!(bystander.0.hear(), "gone");
            assert_eq!(peer.rest(), []);
        }
    }
    // What it sent before is done.
    let mut peer = server.peer(Version::V5, "half");
    peer.start(message("wills", "last words", QoS::AtLeastOnce));
    peer.stream.shutdown(Shutdown::Write).expect("shut down");
    assert_eq!(bystander.0.hear(), "last words");
    bystander.notices_nothing();
    server.until("they are gone", |b| b.stats().connections == 1);
}

/// A client that closes its receiving half and is sent messages.
#[test]
fn half_closed_on_the_receiving_side() {
    let server = serve();
    let mut bystander = Bystander::new(&server);
    let mut peer = server.peer(Version::V5, "deaf");
    peer.subscribe("t", QoS::AtLeastOnce);
    peer.stream.shutdown(Shutdown::Read).expect("shut down");
    for _ in 0..100 {
        bystander.0.say("t", &"x".repeat(1000), QoS::AtLeastOnce);
    }
    bystander.notices_nothing();
    drop(peer);
    server.until("it is gone", |b| b.stats().connections == 1);
}

/// Identifiers without end that are never released: MQTT 5 is stopped at the receive maximum; MQTT 3 has at most
/// 65535 of them.
/// Shows: 5.0 MQTT-4.9.0-1, 5.0 MQTT-4.13.1-1
#[test]
fn a_flood_of_qos_2_without_pubrel() {
    let server = serve_with(|config| config.link.receive_maximum = 100);
    let mut bystander = Bystander::new(&server);
    let mut peer = server.peer(Version::V5, "flood");
    for number in 1..=101 {
        peer.start(Publish { packet_id: Some(id(number)), ..message("t", "x", QoS::ExactlyOnce) });
    }
    (1..=100).for_each(|number| assert!(!peer.pubrec(id(number)).is_error()));
    peer.ended(ReasonCode::ReceiveMaximumExceeded);
    for version in [Version::V3_1, Version::V3_1_1] {
        let mut peer = server.peer(version, "flood");
        let mut writer = peer.stream.try_clone().expect("a second handle");
        let flood = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            for round in 0..2 {
                for number in 1..=u16::MAX {
                    let [high, low] = number.to_be_bytes();
                    bytes.extend_from_slice(&[0x34 | round << 3, 5, 0, 1, b't', high, low]);
                }
            }
            writer.write_all(&bytes).expect("bytes");
        });
        for _ in 0..2 {
            for number in 1..=u16::MAX {
                peer.pubrec(id(number));
            }
        }
        flood.join().expect("no panic");
        bystander.notices_nothing();
        // It is still served, and what it released is new again.
        peer.release(id(77));
        peer.quiet();
    }
}

/// Memory for it is bounded, QoS 0 is lost, others get everything.
/// Shows: 5.0 MQTT-4.5.0-1
#[test]
fn a_subscriber_that_never_reads() {
    let server = serve_with(|config| {
        config.link.maximum_backlog = 100_000;
        config.queue.bytes = 500_000;
    });
    let mut bystander = Bystander::new(&server);
    let mut lazy = server.peer(Version::V5, "lazy");
    lazy.subscribe("t", QoS::AtMostOnce);
    lazy.subscribe("u", QoS::AtLeastOnce);
    let mut eager = server.peer(Version::V5, "eager");
    eager.subscribe("t", QoS::AtMostOnce);
    let large = "x".repeat(50_000);
    for _ in 0..300 {
        bystander.0.say("t", &large, QoS::AtMostOnce);
        assert_eq!(eager.hear().len(), 50_000);
        bystander.0.say("u", &large, QoS::AtLeastOnce);
    }
    bystander.notices_nothing();
    let info = server.broker.client("lazy").expect("it is there");
    assert!(info.queued_bytes <= 500_000 && info.queued <= 10 && info.dropped > 300, "{info:?}");
}

/// It asks and asks and never reads an answer: the broker stops reading it before the answers grow without bound.
/// Shows: 5.0 MQTT-3.12.4-1
#[test]
fn a_client_that_asks_and_never_reads() {
    let server = serve_with(|config| config.link.maximum_backlog = 20_000);
    let mut bystander = Bystander::new(&server);
    let mut peer = server.peer(Version::V5, "asker");
    peer.stream.set_write_timeout(Some(Duration::from_millis(300))).expect("time-out");
    let pings = [0xC0, 0].repeat(50_000);
    let mut written = 0;
    // Both socket buffers are full in the end. What the broker keeps for itself is a small part of it.
    while let Ok(count) = peer.stream.write(&pings[written % 2..]) {
        written += count;
        assert!(written < 200_000_000, "the broker reads without end");
    }
    bystander.notices_nothing();
    // When it reads at last, it gets an answer to each question.
    peer.stream.set_write_timeout(None).expect("time-out");
    let mut reader = peer.stream.try_clone().expect("a second handle");
    let rest = written % 2;
    let expected = written + rest;
    let answers = std::thread::spawn(move || {
        let (mut count, mut buffer) = (0, vec![0; 65536]);
        while count < expected {
            count += reader.read(&mut buffer).expect("answers");
        }
        count
    });
    peer.bytes(&[0xC0, 0][2 - rest..]);
    assert_eq!(answers.join().expect("no panic"), expected);
    peer.quiet();
}

/// SUBSCRIBE again and again to everything that is retained, and no reading: nothing is collected in advance.
/// Shows: 5.0 MQTT-3.3.1-9
#[test]
fn subscriptions_to_retained_messages_that_nobody_reads() {
    let server = serve_with(|config| config.link.maximum_backlog = 20_000);
    let mut bystander = Bystander::new(&server);
    for number in 0..200 {
        bystander.0.publish(super::wire::retained(&format!("r/{number}"), &"x".repeat(1000), QoS::AtMostOnce));
    }
    let mut peer = server.peer(Version::V5, "greedy");
    // 13 000 times the same filter: 2.6 million messages, 2.6 GB.
    let mut bytes = vec![0x82];
    let body = 3 + 13_000 * 4;
    bytes.extend([(body % 128) as u8 | 0x80, (body / 128 % 128) as u8 | 0x80, (body / 16384) as u8]);
    bytes.extend([0, 1, 0]);
    (0..13_000).for_each(|_| bytes.extend([0, 1, b'#', 0]));
    peer.bytes(&bytes);
    bystander.notices_nothing();
    let Packet::SubAck(ack) = peer.next() else { panic!("SUBACK") };
    assert_eq!(ack.reasons.len(), 13_000);
    for _ in 0..1000 {
        assert!(peer.receive().retain);
    }
    bystander.notices_nothing();
    drop(peer);
    server.until("it is gone", |b| b.stats().connections == 1);
    bystander.notices_nothing();
}

/// Many connections that say nothing.
#[test]
fn connections_that_say_nothing() {
    let server = serve_with(|config| {
        config.link.handshake_timeout = 1000;
        config.limits.maximum_connections = 60;
    });
    let mut bystander = Bystander::new(&server);
    let mut silent: Vec<_> = (0..80).map(|_| server.dial(Version::V5)).collect();
    bystander.notices_nothing();
    // Those above the bound are closed at once, the rest when their time is over.
    silent.iter_mut().for_each(|peer| assert_eq!(peer.rest(), []));
    bystander.notices_nothing();
    server.until("there is room", |b| b.stats().connections == 1);
    server.connect(with(connect(Version::V5, "next"), Property::ReceiveMaximum(1)));
}
