use super::*;
use std::time::Duration;

fn with_keep_alive(version: Version, seconds: u16) -> Pair {
    let mut pair = Pair::new(version);
    pair.connect.keep_alive = seconds;
    pair.connect();
    pair
}

const SECOND: Duration = Duration::from_secs(1);

/// Shows: 5.0 MQTT-3.1.2-20, 3.1.1 MQTT-3.1.2-23, 3.1 §3.12, 3.1 §3.13
#[test]
fn an_idle_connection_stays_alive() {
    for version in VERSIONS {
        let mut pair = with_keep_alive(version, 10);
        pair.client.link().set_tracing(true);
        pair.advance(SECOND * 65);
        assert_eq!((pair.client.violation(), pair.server.violation()), (None, None));
        let pings = pair.client.link().take_trace();
        assert_eq!(pings.iter().filter(|packet| packet.packet_type == PacketType::PingReq).count(), 6);
    }
}

#[test]
fn keep_alive_0_never_pings_and_never_ends() {
    let mut pair = with_keep_alive(Version::V5, 0);
    assert_eq!((pair.client.link().poll_timeout(), pair.server.link().poll_timeout()), (None, None));
    pair.advance(SECOND * 100_000);
    assert!(pair.server.link().is_connected());
}

/// Shows: 5.0 MQTT-3.1.2-22, 3.1.1 MQTT-3.1.2-24, 3.1 §2.2
#[test]
fn a_server_gives_up_after_one_and_a_half_keep_alives() {
    for version in VERSIONS {
        let mut pair = with_keep_alive(version, 10);
        pair.to_server.delay = SECOND * 1000;
        let now = pair.now;
        let server = pair.server.link();
        assert_eq!(server.poll_timeout(), Some(now + SECOND * 15));
        assert_eq!(server.handle_timeout(now + Duration::from_millis(14_999)), Ok(()));
        let violation = server.handle_timeout(now + SECOND * 15).unwrap_err();
        assert_eq!(violation.rule, Rule::KeepAliveTimeout);
        assert_eq!(!server.output().is_empty(), version.has_server_disconnect());
        assert!(server.is_finished());
    }
}

#[test]
fn a_client_notices_that_nobody_answers() {
    for (keep_alive, answer) in [(2, 5), (10, 10), (600, 30)] {
        let mut pair = with_keep_alive(Version::V3_1_1, keep_alive);
        let start = pair.now;
        let ping = start + SECOND * u32::from(keep_alive);
        let client = pair.client.link();
        assert_eq!(client.poll_timeout(), Some(ping));
        client.handle_timeout(ping).unwrap();
        assert_eq!(client.output(), [0xC0, 0x00]);
        client.written(2);
        assert_eq!(client.poll_timeout(), Some(ping + SECOND * answer));
        let violation = client.handle_timeout(ping + SECOND * answer).unwrap_err();
        assert_eq!(violation.rule, Rule::PingTimeout);
    }
}

#[test]
fn anything_that_comes_in_shows_that_the_server_is_there() {
    let mut pair = with_keep_alive(Version::V3_1_1, 10);
    let start = pair.now;
    let client = pair.client.link();
    client.handle_timeout(start + SECOND * 10).unwrap();
    let message = encoded(&Packet::Publish(publish("t", b"", QoS::AtMostOnce, 0)), Version::V3_1_1);
    client.recv(start + SECOND * 19, &message).unwrap();
    assert_eq!(client.handle_timeout(start + SECOND * 28), Ok(()));
    assert!(client.handle_timeout(start + SECOND * 29).is_err());
}

/// Shows: 5.0 MQTT-3.1.2-20, 3.1.1 MQTT-3.1.2-23
#[test]
fn a_client_that_only_sends_pings_too() {
    // Writes succeed into a dead connection for minutes: only an answer tells that the server is there.
    let mut pair = with_keep_alive(Version::V3_1_1, 10);
    pair.client.link().set_tracing(true);
    for _ in 0..30 {
        pair.advance(SECOND);
        let now = pair.now;
        pair.client.publish(now, "t", b"", QoS::AtMostOnce, 0);
    }
    let trace = pair.client.link().take_trace();
    assert!(trace.iter().any(|packet| packet.packet_type == PacketType::PingReq));
}

#[test]
fn handshakes_end() {
    let now = Time::default();
    let limits = Limits { handshake_timeout: 2_000, ..Limits::default() };
    let late = Time::from_millis(2_000);
    let mut server = Link::server(now, limits);
    server.recv(Time::from_millis(1_900), &[0x10]).unwrap();
    assert_eq!(server.poll_timeout(), Some(late), "a byte now and then does not help");
    assert_eq!(server.handle_timeout(late).unwrap_err().rule, Rule::HandshakeTimeout);
    assert!(server.output().is_empty());
    let mut client = Link::client(now, limits, &Connect::new(Version::V5, "c"), Session::default()).unwrap();
    assert_eq!(client.poll_timeout(), Some(late));
    assert_eq!(client.handle_timeout(late).unwrap_err().rule, Rule::HandshakeTimeout);
}

#[test]
fn a_large_packet_on_a_slow_line_is_a_sign_of_life() {
    let mut pair = with_keep_alive(Version::V5, 10);
    let mut now = pair.now;
    let bytes = encoded(&Packet::Publish(publish("t", &[7; 20_000], QoS::AtMostOnce, 0)), Version::V5);
    let server = pair.server.link();
    for length in (1024..bytes.len()).step_by(1024).chain([bytes.len()]) {
        now = now + SECOND * 10;
        assert_eq!(server.handle_timeout(now), Ok(()));
        let received = server.recv(now, &bytes[..length]).unwrap();
        assert_eq!(received.consumed != 0, length == bytes.len());
    }
    // The same bytes again are not.
    server.recv(now, &bytes[..2000]).unwrap();
    now = now + SECOND * 15;
    server.recv(now, &bytes[..2000]).unwrap();
    assert_eq!(server.handle_timeout(now).unwrap_err().rule, Rule::KeepAliveTimeout);
}

/// A client that sent one byte of a packet in each keep-alive once held its connection for ever.
/// Shows: 5.0 MQTT-3.1.2-22, 3.1.1 MQTT-3.1.2-24
#[test]
fn a_byte_now_and_then_is_no_sign_of_life() {
    for version in [Version::V3_1, Version::V3_1_1, Version::V5] {
        let mut pair = with_keep_alive(version, 10);
        let start = pair.now;
        let bytes = encoded(&Packet::Publish(publish("t", &[7; 100], QoS::AtMostOnce, 0)), version);
        let server = pair.server.link();
        for second in 1..15 {
            let now = start + SECOND * second;
            assert_eq!(server.handle_timeout(now), Ok(()));
            server.recv(now, &bytes[..second as usize]).unwrap();
        }
        let end = server.handle_timeout(start + SECOND * 16).unwrap_err();
        assert_eq!(end.rule, Rule::KeepAliveTimeout);
    }
}

#[test]
fn an_idle_link_owns_nothing() {
    let mut pair = with_keep_alive(Version::V3_1_1, 10);
    let now = pair.now;
    for n in 0..50 {
        pair.client.publish(now, "t", b"x", QoS::ExactlyOnce, n);
        pair.server.publish(now, "t", b"x", QoS::ExactlyOnce, 0);
    }
    pair.run();
    pair.advance(SECOND * 11);
    for end in [&mut pair.client, &mut pair.server] {
        end.link().take_output();
        assert_eq!(end.link().output.buffer.capacity(), 0);
        assert_eq!(end.session().heap(), 0);
    }
}
