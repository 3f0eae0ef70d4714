//! `mqtt_broker::packets`: a program behind real sockets.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use mqtt_broker::packets::{Ended, PacketConfig, PacketConnection, PacketEvent, PacketServer, Pings, SendError};
use mqtt_broker::{ListenerConfig, LocalAddress};
use mqtt_net::{ListenKind, WebSocketServerOptions};
use mqtt_proto::packet::{Ack, ConnAck, Connect, Disconnect, Packet, PacketId, Properties, Property, Publish, QoS};
use mqtt_proto::wire::encode;
use mqtt_proto::{ReasonCode, Rule, Version};

const PATIENCE: Duration = Duration::from_secs(10);

struct Program {
    server: PacketServer,
    events: Receiver<PacketEvent>,
}

fn program(change: impl FnOnce(&mut PacketConfig)) -> Program {
    let mut config = PacketConfig::default();
    config.listeners.push(ListenerConfig::tcp(SocketAddr::from(([127, 0, 0, 1], 0))));
    change(&mut config);
    let (sender, events) = channel();
    // A test that has seen enough drops the receiver.
    let server = PacketServer::start(config, move |event| _ = sender.send(event)).unwrap();
    Program { server, events }
}

impl Program {
    fn client(&self) -> TcpStream {
        let LocalAddress::Tcp(address) = self.server.local_addrs()[0] else { panic!("not TCP") };
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    fn next(&self) -> PacketEvent {
        self.events.recv_timeout(PATIENCE).expect("an event")
    }

    fn connected(&self) -> PacketConnection {
        match self.next() {
            PacketEvent::Connected(connection) => connection,
            other => panic!("{other:?}"),
        }
    }

    fn packet(&self) -> (PacketConnection, Packet) {
        match self.next() {
            PacketEvent::Packet(connection, packet, _) => (connection, packet),
            other => panic!("{other:?}"),
        }
    }

    fn closed(&self) -> Ended {
        match self.next() {
            PacketEvent::Closed(_, ended, _) => ended,
            other => panic!("{other:?}"),
        }
    }

    /// A client whose CONNECT has been answered.
    fn session(&self, version: Version) -> (TcpStream, PacketConnection) {
        let mut client = self.client();
        client.write_all(&bytes(Packet::Connect(Box::new(Connect::new(version, "c"))), version)).unwrap();
        self.connected();
        let (connection, packet) = self.packet();
        assert!(matches!(packet, Packet::Connect(_)));
        let ack = Packet::ConnAck(Box::new(ConnAck::accepted(false)));
        connection.send(std::slice::from_ref(&ack)).unwrap();
        expect(&mut client, &bytes(ack, version));
        (client, connection)
    }
}

fn bytes(packet: Packet, version: Version) -> Vec<u8> {
    let mut out = Vec::new();
    encode::packet(&packet, version, u32::MAX, &mut out).unwrap();
    out
}

fn expect(client: &mut TcpStream, expected: &[u8]) {
    let mut found = vec![0; expected.len()];
    client.read_exact(&mut found).unwrap();
    assert_eq!(found, expected);
}

fn rest(client: &mut TcpStream) -> Vec<u8> {
    let mut rest = Vec::new();
    client.read_to_end(&mut rest).unwrap();
    rest
}

fn publish(id: u16, payload: Vec<u8>) -> Packet {
    let packet_id = PacketId::new(id);
    let qos = if packet_id.is_some() { QoS::AtLeastOnce } else { QoS::AtMostOnce };
    Packet::Publish(Publish {
        dup: false,
        qos,
        retain: false,
        topic: "t".into(),
        packet_id,
        properties: Properties::new(),
        payload: payload.into(),
    })
}

#[test]
fn every_packet_comes_to_the_program_and_its_answers_go_back_in_order() {
    let program = program(|_| {});
    let (mut client, connection) = program.session(Version::V3_1_1);
    assert_eq!((connection.version(), connection.client_id().unwrap().as_ref()), (Some(Version::V3_1_1), "c"));
    assert_eq!(connection.address(), Some(client.local_addr().unwrap()));
    for id in 1..=100 {
        client.write_all(&bytes(publish(id, vec![b'x'; 100]), Version::V3_1_1)).unwrap();
    }
    client.write_all(&bytes(Packet::PingReq, Version::V3_1_1)).unwrap();
    for id in 1..=100 {
        let (connection, packet) = program.packet();
        let Packet::Publish(publish) = packet else { panic!("{packet:?}") };
        assert_eq!(publish.packet_id, PacketId::new(id));
        connection.send(&[Packet::PubAck(Ack::success(publish.packet_id.unwrap()))]).unwrap();
    }
    assert_eq!(program.packet().1, Packet::PingReq);
    let acks: Vec<u8> = (1..=100).flat_map(|id| [0x40, 2, 0, id]).collect();
    expect(&mut client, &acks);
    client.write_all(&bytes(Packet::Disconnect(Disconnect::new(ReasonCode::Success)), Version::V3_1_1)).unwrap();
    assert!(matches!(program.packet().1, Packet::Disconnect(_)));
    assert_eq!(program.closed(), Ended::Client(ReasonCode::Success));
    assert!(rest(&mut client).is_empty());
    assert!(!connection.is_open());
    assert_eq!(connection.send(&[Packet::PingResp]), Err(SendError::Closed));
}

#[test]
fn a_first_packet_that_is_not_connect_ends_the_connection_without_a_word() {
    let program = program(|_| {});
    let mut client = program.client();
    client.write_all(&[0xC0, 0]).unwrap();
    program.connected();
    let Ended::Violation(violation) = program.closed() else { panic!("another end") };
    assert_eq!(violation.rule, Rule::FirstPacketNotConnect);
    assert!(rest(&mut client).is_empty());
}

#[test]
fn an_unknown_level_is_refused_as_3_1_1_asks() {
    let program = program(|_| {});
    let mut client = program.client();
    client.write_all(b"\x10\x0D\x00\x04MQTT\x06\x02\x00\x3C\x00\x01c").unwrap();
    program.connected();
    assert!(matches!(program.closed(), Ended::Violation(violation) if violation.rule == Rule::ProtocolLevel));
    assert_eq!(rest(&mut client), [0x20, 2, 0, 1]);
}

#[test]
fn malformed_bytes_after_connack_are_answered_with_the_reason_in_mqtt_5_and_with_nothing_in_mqtt_3() {
    for (version, answer) in [(Version::V5, &[0xE0, 1, 0x81][..]), (Version::V3_1_1, &[])] {
        let program = program(|_| {});
        let (mut client, _) = program.session(version);
        client.write_all(&[0x36, 0]).unwrap();
        let Ended::Violation(violation) = program.closed() else { panic!("another end") };
        assert_eq!(violation.rule, Rule::PublishQoS3);
        let found = rest(&mut client);
        // The encoder may write the empty properties or leave them out.
        assert!(found == answer || found == [0xE0, 2, 0x81, 0], "{version}: {found:?}");
    }
}

#[test]
fn malformed_bytes_before_connack_wait_for_the_answer_to_connect_and_get_the_right_packet() {
    let program = program(|_| {});
    let mut client = program.client();
    let mut input = bytes(Packet::Connect(Box::new(Connect::new(Version::V5, "c"))), Version::V5);
    input.extend_from_slice(&[0xF1, 0]);
    client.write_all(&input).unwrap();
    program.connected();
    let PacketEvent::Packet(connection, Packet::Connect(_), receipt) = program.next() else { panic!("no CONNECT") };
    let ack = Packet::ConnAck(Box::new(ConnAck::accepted(false)));
    connection.send(std::slice::from_ref(&ack)).unwrap();
    expect(&mut client, &bytes(ack, Version::V5));
    drop(receipt);
    assert!(matches!(program.closed(), Ended::Violation(violation) if violation.rule == Rule::FixedHeaderFlags));
    assert_eq!(rest(&mut client)[0], 0xE0);
}

#[test]
fn a_refusal_closes_and_says_so_as_the_version_can() {
    let program = program(|_| {});
    let mut client = program.client();
    client.write_all(&bytes(Packet::Connect(Box::new(Connect::new(Version::V5, "c"))), Version::V5)).unwrap();
    program.connected();
    let (connection, _) = program.packet();
    connection.refuse(ReasonCode::ImplementationSpecificError);
    assert_eq!(program.closed(), Ended::Program);
    assert_eq!(rest(&mut client), [0x20, 3, 0, 0x83, 0]);
    // What comes after a packet that must be the last is not sent.
    let (mut client, connection) = program.session(Version::V5);
    let last = Packet::Disconnect(Disconnect::new(ReasonCode::QuotaExceeded));
    connection.send(&[last.clone(), Packet::PingResp]).unwrap();
    assert_eq!(rest(&mut client), bytes(last, Version::V5));
}

#[test]
fn a_client_that_is_silent_too_long_is_told() {
    let program = program(|_| {});
    let mut client = program.client();
    let connect = Connect { keep_alive: 60, ..Connect::new(Version::V5, "c") };
    client.write_all(&bytes(Packet::Connect(Box::new(connect)), Version::V5)).unwrap();
    program.connected();
    let (connection, _) = program.packet();
    let mut ack = ConnAck::accepted(false);
    // The server's value stands above the client's [MQTT-3.1.2-21].
    ack.properties.push(Property::ServerKeepAlive(1));
    connection.send(&[Packet::ConnAck(Box::new(ack))]).unwrap();
    assert!(matches!(program.closed(), Ended::Violation(violation) if violation.rule == Rule::KeepAliveTimeout));
    assert!(rest(&mut client).contains(&0x8D));
}

#[test]
fn a_peer_without_connect_is_closed_in_time() {
    let program = program(|config| config.connect_timeout = Duration::from_millis(50));
    let mut client = program.client();
    client.write_all(&[0x10]).unwrap();
    program.connected();
    assert!(matches!(program.closed(), Ended::Violation(violation) if violation.rule == Rule::HandshakeTimeout));
    assert!(rest(&mut client).is_empty());
}

#[test]
fn a_connection_whose_packets_are_not_handled_is_not_read_further() {
    let program = program(|config| config.unhandled = 4);
    let (mut client, _) = program.session(Version::V3_1_1);
    let mut input = Vec::new();
    (1..=50).for_each(|id| input.extend(bytes(publish(id, vec![0; 10]), Version::V3_1_1)));
    client.write_all(&input).unwrap();
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(program.next());
    }
    // Another connection is served meanwhile, and shows that the first had its turn and got no further.
    let (_other, _) = program.session(Version::V5);
    assert!(program.events.try_recv().is_err());
    held.clear();
    for _ in 5..=50 {
        assert!(matches!(program.packet().1, Packet::Publish(_)));
    }
}

#[test]
fn a_peer_that_does_not_read_is_closed_past_the_bound() {
    let program = program(|config| config.maximum_backlog = 1 << 20);
    let (_client, connection) = program.session(Version::V3_1_1);
    let packet = [publish(0, vec![0; 100_000])];
    // The system's buffers take some megabytes.
    let refused = (0..1000).find_map(|_| connection.send(&packet).err());
    assert_eq!(refused, Some(SendError::Closed));
    assert_eq!(program.closed(), Ended::Unread);
}

#[test]
fn a_packet_larger_than_the_client_takes_is_an_error_of_the_caller() {
    let program = program(|_| {});
    let mut client = program.client();
    let mut connect = Connect::new(Version::V5, "c");
    connect.properties.push(Property::MaximumPacketSize(50));
    client.write_all(&bytes(Packet::Connect(Box::new(connect)), Version::V5)).unwrap();
    program.connected();
    let (connection, _) = program.packet();
    let error = connection.send(&[Packet::PingResp, publish(0, vec![0; 100])]).unwrap_err();
    assert!(matches!(error, SendError::Encode { .. }), "{error}");
    // Nothing of the call was sent, and the connection goes on.
    connection.send(&[Packet::ConnAck(Box::new(ConnAck::accepted(false)))]).unwrap();
    expect(&mut client, &[0x20, 3, 0, 0, 0]);
}

#[test]
fn a_client_that_ends_its_side_gets_the_answers_to_what_it_sent() {
    let program = program(|_| {});
    let mut client = program.client();
    client.write_all(&bytes(Packet::Connect(Box::new(Connect::new(Version::V3_1_1, "c"))), Version::V3_1_1)).unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    program.connected();
    let PacketEvent::Packet(connection, _, receipt) = program.next() else { panic!("no packet") };
    connection.send(&[Packet::ConnAck(Box::new(ConnAck::accepted(false)))]).unwrap();
    drop(receipt);
    assert_eq!(rest(&mut client), [0x20, 2, 0, 0]);
    assert_eq!(program.closed(), Ended::Closed);
}

#[test]
fn pings_are_answered_without_the_program_where_it_wants_so() {
    let program = program(|config| config.pings = Pings::Server);
    let (mut client, _) = program.session(Version::V3_1_1);
    client.write_all(&[0xC0, 0]).unwrap();
    expect(&mut client, &[0xD0, 0]);
    assert!(program.events.try_recv().is_err());
}

#[test]
fn a_place_is_free_again_when_the_program_has_seen_the_end() {
    let program = program(|config| config.maximum_connections = 1);
    let (client, _) = program.session(Version::V3_1_1);
    let mut second = program.client();
    assert!(rest(&mut second).is_empty());
    drop(client);
    let end = program.next();
    assert!(matches!(end, PacketEvent::Closed(_, Ended::Closed, _)), "{end:?}");
    assert_eq!(program.server.connections(), 1);
    drop(end);
    while program.server.connections() > 0 {
        std::thread::yield_now();
    }
    program.session(Version::V3_1_1);
}

#[test]
fn stop_tells_every_client_and_then_the_program() {
    let program = program(|_| {});
    let (mut five, _) = program.session(Version::V5);
    let (mut three, _) = program.session(Version::V3_1_1);
    let reader = std::thread::spawn(move || (rest(&mut five), rest(&mut three)));
    assert!(program.server.stop(PATIENCE));
    let (five, three) = reader.join().unwrap();
    assert_eq!((five[0], five[2], three.len()), (0xE0, 0x8B, 0));
    assert_eq!((program.closed(), program.closed()), (Ended::Stopped, Ended::Stopped));
    assert!(program.server.stop(PATIENCE));
}

#[test]
fn a_websocket_client_and_one_on_a_unix_socket_are_served_too() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("socket");
    let at = path.clone();
    let program = program(|config| {
        config.listeners[0].kind = ListenKind::WebSocket(WebSocketServerOptions::default());
        config.listeners.push(ListenerConfig::unix(at));
    });
    let mut client = std::os::unix::net::UnixStream::connect(&path).unwrap();
    client.write_all(&bytes(Packet::Connect(Box::new(Connect::new(Version::V3_1_1, "u"))), Version::V3_1_1)).unwrap();
    assert_eq!((program.connected().address(), program.packet().0.listener()), (None, 1));
    let mut client = program.client();
    client
        .write_all(
            b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
              Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\
              Sec-WebSocket-Protocol: mqtt\r\n\r\n",
        )
        .unwrap();
    assert_eq!(program.connected().listener(), 0);
    let mut status = [0; 12];
    client.read_exact(&mut status).unwrap();
    assert_eq!(&status, b"HTTP/1.1 101");
}
