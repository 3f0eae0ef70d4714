//! Packets where they may not be.

use mqtt_proto::packet::{
    Ack, Connect, Packet, PacketType, Properties, Publish, QoS, Subscribe, Subscription, Unsubscribe,
};
use mqtt_proto::{ReasonCode, Version};

use super::Bystander;
use super::wire::{VERSIONS, connect, id, keeping, message, serve};

/// Shows: 5.0 MQTT-3.1.0-2, 3.1.1 MQTT-3.1.0-2, 3.1 §3.1
#[test]
fn connect_twice() {
    let server = serve();
    let mut bystander = Bystander::new(&server);
    for version in VERSIONS {
        let mut peer = server.peer(version, "twice");
        // Also under the name of somebody else, who must not be taken over by it.
        peer.send(&Packet::Connect(Box::new(connect(version, "bystander"))));
        peer.ended(ReasonCode::ProtocolError);
        bystander.notices_nothing();
    }
}

/// Shows: 5.0 MQTT-3.14.0-1
#[test]
fn anything_before_connect() {
    let server = serve();
    let mut bystander = Bystander::new(&server);
    for kind in PacketType::ALL.into_iter().filter(|kind| *kind != PacketType::Connect) {
        for flags in [0b0000, 0b0010] {
            let mut peer = server.dial(Version::V5);
            peer.bytes(&[(kind as u8) << 4 | flags, 2, 0, 1]);
            peer.bytes(&[0x10, 13, 0, 4, b'M', b'Q', b'T', b'T', 4, 2, 0, 0, 0, 1, b'c']);
            assert_eq!(peer.rest(), [], "{kind}");
        }
    }
    // Not MQTT at all.
    for text in ["GET / HTTP/1.1\r\nHost: x\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}", "\0\0\0\0", "SSH-2.0-x\r\n"] {
        let mut peer = server.dial(Version::V5);
        peer.bytes(text.as_bytes());
        assert_eq!(peer.rest(), []);
    }
    bystander.notices_nothing();
    server.until("they are gone", |b| b.stats().connections == 1);
}

/// Shows: 5.0 MQTT-1.5.5-1, 5.0 MQTT-4.13.1-1, 3.1.1 MQTT-4.8.0-1, 3.1 §2.1
#[test]
fn a_remaining_length_of_five_bytes() {
    let server = serve();
    let mut bystander = Bystander::new(&server);
    for first in [0x10, 0x30, 0x82] {
        let mut peer = server.dial(Version::V5);
        peer.bytes(&[first, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]);
        assert!(peer.rest().len() <= 5);
    }
    for version in VERSIONS {
        for last in [0x00, 0x01, 0x7F, 0x80, 0xFF] {
            let mut peer = server.peer(version, "long");
            peer.bytes(&[0x30, 0x80, 0x80, 0x80, 0x80, last]);
            peer.ended(ReasonCode::MalformedPacket);
        }
    }
    bystander.notices_nothing();
}

/// An identifier that stands for a QoS 2 message is used for something else.
/// Shows: 5.0 MQTT-4.13.1-1
#[test]
fn packet_identifiers_that_are_in_use() {
    let server = serve();
    let mut bystander = Bystander::new(&server);
    for version in VERSIONS {
        let packet_id = id(9);
        let subscriptions = vec![Subscription::new("x", QoS::AtMostOnce)];
        let reuses = [
            Packet::Publish(Publish { packet_id: Some(packet_id), ..message("t", "x", QoS::AtLeastOnce) }),
            Packet::Subscribe(Subscribe { packet_id, subscriptions, properties: Properties::new() }),
            Packet::Unsubscribe(Unsubscribe { packet_id, filters: vec!["x".into()], properties: Properties::new() }),
        ];
        for packet in reuses {
            let mut peer = server.peer(version, "reuser");
            peer.send(&Packet::Publish(Publish { packet_id: Some(packet_id), ..message("t", "x", QoS::ExactlyOnce) }));
            assert!(!peer.pubrec(packet_id).is_error());
            peer.send(&packet);
            // PUBACK has no such code; DISCONNECT neither: the nearest is a protocol error.
            peer.ended(ReasonCode::ProtocolError);
            bystander.notices_nothing();
        }
    }
}

/// Acknowledgements for nothing, for something else, and again and again.
/// Shows: 5.0 MQTT-4.13.1-1, 3.1.1 MQTT-4.8.0-1
#[test]
fn acknowledgements_that_nobody_waits_for() {
    let server = serve();
    let mut bystander = Bystander::new(&server);
    for version in VERSIONS {
        let mut peer = server.peer(version, "eager");
        for number in [1, 2, 65535] {
            let ack = Ack::success(id(number));
            peer.send(&Packet::PubAck(ack.clone()));
            peer.send(&Packet::PubComp(ack.clone()));
            peer.quiet();
            // An answer is due to these, or the sender waits for ever.
            peer.send(&Packet::PubRec(ack.clone()));
            assert!(matches!(peer.next(), Packet::PubRel(got) if got.packet_id == id(number)));
            peer.send(&Packet::PubRel(ack));
            assert!(matches!(peer.next(), Packet::PubComp(got) if got.packet_id == id(number)));
        }
        // PUBACK for QoS 2.
        peer.subscribe("t", QoS::ExactlyOnce);
        bystander.0.say("t", "x", QoS::ExactlyOnce);
        let got = peer.receive();
        peer.send(&Packet::PubAck(Ack::success(got.packet_id.expect("an identifier"))));
        peer.ended(ReasonCode::ProtocolError);
        bystander.notices_nothing();
    }
}

/// Connects and takes over in a storm; one connection of the client is left.
/// Shows: 5.0 MQTT-3.1.4-3, 3.1.1 MQTT-3.1.4-2
#[test]
fn a_storm_of_take_overs() {
    let server = super::wire::serve_with(|config| config.shards = 2);
    let mut bystander = Bystander::new(&server);
    let threads: Vec<_> = (0..4)
        .map(|thread: usize| {
            let address = server.address;
            std::thread::spawn(move || {
                for round in 0..25 {
                    let version = VERSIONS[(thread + round) % 3];
                    let mut stream = std::net::TcpStream::connect(address).expect("a connection");
                    let mut bytes = Vec::new();
                    let connect = Connect { will: None, ..keeping(version, "contested") };
                    let connect = Packet::Connect(Box::new(connect));
                    mqtt_proto::wire::encode::packet(&connect, version, u32::MAX, &mut bytes).expect("CONNECT");
                    std::io::Write::write_all(&mut stream, &bytes).expect("bytes");
                    if round % 2 == 0 {
                        // Until the next one takes over, or at once.
                        let _ = std::io::Read::read(&mut stream, &mut [0; 64]);
                    }
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().expect("no panic"));
    bystander.notices_nothing();
    let (mut last, _) = server.connect(keeping(Version::V5, "contested"));
    last.quiet();
    assert_eq!(server.broker.stats().clients_connected, 2);
}
