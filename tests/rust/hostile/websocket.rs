//! WebSocket peers (section 6): text frames, fragments, frames that are none.

use mqtt_net::ListenKind;
use mqtt_proto::Version;
use mqtt_proto::packet::{Packet, QoS};
use mqtt_proto::wire::encode;

use super::Bystander;
use super::wire::{Peer, Server, connect, message, serve_with};

/// A broker with a plain listener for the bystander and a WebSocket one behind it.
fn serve_both() -> (Server, std::net::SocketAddr) {
    let server = serve_with(|config| {
        let mut listener = config.listeners[0].clone();
        listener.kind = ListenKind::WebSocket(Default::default());
        config.listeners.push(listener);
    });
    let mqtt_broker::LocalAddress::Tcp(address) = server.broker.local_addrs()[1] else { panic!("TCP") };
    (server, address)
}

/// A socket after the HTTP upgrade.
fn upgraded(server: &Server, address: std::net::SocketAddr) -> Peer {
    let mut peer = server.dial(Version::V3_1_1);
    peer.stream = std::net::TcpStream::connect(address).expect("a connection");
    peer.stream.set_read_timeout(Some(super::wire::PATIENCE)).expect("time-out");
    peer.bytes(
        b"GET /mqtt HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\
          Sec-WebSocket-Protocol: mqtt\r\n\r\n",
    );
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        std::io::Read::read_exact(&mut peer.stream, &mut byte).expect("an answer");
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).expect("text").to_ascii_lowercase();
    assert!(head.starts_with("http/1.1 101"), "{head}");
    assert!(head.contains("sec-websocket-protocol: mqtt\r\n"), "{head}");
    peer
}

const FINAL: u8 = 0x80;
const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;

/// A masked frame with the mask 0.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        length @ 0..=125 => bytes.push(0x80 | length as u8),
        length => {
            bytes.push(0x80 | 126);
            bytes.extend_from_slice(&(length as u16).to_be_bytes());
        }
    }
    bytes.extend([0; 4]);
    bytes.extend_from_slice(payload);
    bytes
}

fn encoded(packets: &[Packet]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for packet in packets {
        encode::packet(packet, Version::V3_1_1, u32::MAX, &mut bytes).expect("a packet");
    }
    bytes
}

fn hello() -> Vec<u8> {
    encoded(&[Packet::Connect(Box::new(connect(Version::V3_1_1, "web")))])
}

/// Shows: 5.0 MQTT-6.0.0-1, 3.1.1 MQTT-6.0.0-1
#[test]
fn text_frames_close_the_connection() {
    let (server, address) = serve_both();
    let mut bystander = Bystander::new(&server);
    let mut peer = upgraded(&server, address);
    peer.bytes(&frame(FINAL | TEXT, &hello()));
    let answer = peer.rest();
    // A close frame at most; no CONNACK.
    assert!(answer.is_empty() || answer[0] == 0x88, "{answer:02X?}");
    // After CONNECT, too.
    let mut peer = upgraded(&server, address);
    peer.bytes(&frame(FINAL | BINARY, &hello()));
    peer.reads(&[0x82, 4, 0x20, 2, 0, 0]);
    peer.bytes(&frame(FINAL | TEXT, &[0xC0, 0]));
    let answer = peer.rest();
    assert!(answer.is_empty() || answer[0] == 0x88, "{answer:02X?}");
    bystander.notices_nothing();
    server.until("they are gone", |b| b.stats().connections == 1);
}

/// Packets need not align with frames: one in many, many in one, one byte each, with pings between the fragments.
/// Shows: 5.0 MQTT-6.0.0-2, 3.1.1 MQTT-6.0.0-2, 5.0 MQTT-6.0.0-4, 3.1.1 MQTT-6.0.0-4
#[test]
fn fragments_and_frames_that_do_not_align_with_packets() {
    let (server, address) = serve_both();
    let mut bystander = Bystander::new(&server);
    let mut witness = server.witness("t");
    let publish = encoded(&[Packet::Publish(message("t", "whole", QoS::AtMostOnce))]);
    let mut peer = upgraded(&server, address);
    // CONNECT in fragments of one byte, a WebSocket ping in the middle.
    let hello = hello();
    peer.bytes(&frame(BINARY, &hello[..1]));
    for byte in &hello[1..hello.len() - 1] {
        peer.bytes(&frame(CONTINUATION, &[*byte]));
    }
    peer.bytes(&frame(FINAL | 9, b"?"));
    peer.reads(&[0x8A, 1, b'?']);
    peer.bytes(&frame(FINAL | CONTINUATION, &hello[hello.len() - 1..]));
    peer.reads(&[0x82, 4, 0x20, 2, 0, 0]);
    // One packet over many frames.
    for byte in &publish {
        peer.bytes(&frame(FINAL | BINARY, &[*byte]));
    }
    assert_eq!(witness.hear(), "whole");
    // Many packets and a half in one frame; the other half in the next, with an empty frame between.
    let (half, rest) = publish.split_at(3);
    peer.bytes(&frame(FINAL | BINARY, &[publish.repeat(3), half.to_vec()].concat()));
    peer.bytes(&frame(FINAL | BINARY, &[]));
    peer.bytes(&frame(FINAL | BINARY, rest));
    (0..4).for_each(|_| assert_eq!(witness.hear(), "whole"));
    witness.quiet();
    bystander.notices_nothing();
}

/// What is no WebSocket frame of a client ends the connection.
/// Shows: 3.1.1 MQTT-4.8.0-1, 5.0 MQTT-4.13.1-1
#[test]
fn frames_that_break_the_rules_of_websocket() {
    let (server, address) = serve_both();
    let mut bystander = Bystander::new(&server);
    let unmasked = [&[FINAL | BINARY, hello().len() as u8][..], &hello()].concat();
    let reserved = frame(FINAL | BINARY | 0x40, &hello());
    let continuation = frame(FINAL | CONTINUATION, &hello());
    let unknown = frame(FINAL | 3, &hello());
    let long_ping = frame(9 | FINAL, &[0; 126]);
    let interrupted = [frame(BINARY, &hello()), frame(FINAL | BINARY, &hello())].concat();
    let mut huge = vec![FINAL | BINARY, 0x80 | 127];
    huge.extend_from_slice(&(1u64 << 40).to_be_bytes());
    huge.extend([0; 4]);
    for bytes in [unmasked, reserved, continuation, unknown, long_ping, interrupted, huge] {
        let mut peer = upgraded(&server, address);
        peer.bytes(&bytes);
        let answer = peer.rest();
        assert!(!answer.contains(&0x20) || answer[0] == 0x88, "{answer:02X?}");
        bystander.notices_nothing();
    }
    server.until("they are gone", |b| b.stats().connections == 1);
}

/// Slow loris in the upgrade, MQTT without an upgrade, a request that never ends.
#[test]
fn upgrades_that_are_none() {
    let server = serve_with(|config| {
        let mut listener = config.listeners[0].clone();
        listener.kind = ListenKind::WebSocket(Default::default());
        config.listeners.push(listener);
        config.link.handshake_timeout = 500;
    });
    let mqtt_broker::LocalAddress::Tcp(address) = server.broker.local_addrs()[1] else { panic!("TCP") };
    let mut bystander = Bystander::new(&server);
    let endless = [&b"GET / HTTP/1.1\r\nX: "[..], &[b'x'; 200_000]].concat();
    for bytes in [&b"GET /mqtt HT"[..], &hello(), b"POST / HTTP/1.1\r\n\r\n", &endless] {
        let mut peer = server.dial(Version::V3_1_1);
        peer.stream = std::net::TcpStream::connect(address).expect("a connection");
        peer.stream.set_read_timeout(Some(super::wire::PATIENCE)).expect("time-out");
        peer.bytes(bytes);
        let answer = peer.rest();
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"), "{:?}", String::from_utf8_lossy(&answer));
        bystander.notices_nothing();
    }
    server.until("they are gone", |b| b.stats().connections == 1);
}
