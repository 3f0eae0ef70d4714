//! How long the codec takes for one PUBLISH, next to mqttbytes in the same run.
//!
//! `cargo bench -p mqtt-tests --bench codec`. Prints nanoseconds per packet (the best of several rounds, because noise
//! only adds) and the ratio to mqttbytes; below 1 is faster. mqttbytes writes what it is given; our encoder looks at
//! every topic and property first, which is why `encode` may take a tenth longer. `--check` fails when a bound of the
//! table is broken.

use std::hint::black_box;
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use mqtt_proto::packet::{Packet, PacketId, PacketType, Properties, Property, Publish, QoS};
use mqtt_proto::wire::fanout::{Alias, Delivery, Fanout};
use mqtt_proto::wire::{Sender, decode, encode, frame};
use mqtt_proto::{ReasonCode, Time, Version};

const ANY_SIZE: u32 = 268_435_460;
/// Packets per round: one buffer full of them, as it comes from a socket.
const BATCH: usize = 512;
const ROUNDS: usize = 400;

fn main() {
    let check = std::env::args().any(|argument| argument == "--check");
    let mut table = Table { check, broken: 0 };
    for version in [Version::V3_1_1, Version::V5] {
        let v5 = version == Version::V5;
        let publish = publish(Properties::new());
        let stream = stream(&publish, version);
        let name = |what: &str| format!("{version} {what}");
        let theirs = mqttbytes_decode(&stream, v5);
        table.row(
            &name("decode borrowed"),
            decode_borrowed(&stream, version),
            Some(theirs),
            if v5 { 40.0 } else { 30.0 },
        );
        table.row(&name("decode owned"), decode_owned(&stream, version), Some(theirs), if v5 { 75.0 } else { 60.0 });
        table.row(&name("encode"), encode_publish(&publish, version), Some(mqttbytes_encode(&publish, v5)), 20.0);
        table.row(&name("fan-out, same layout"), fan_out(&stream, version, version), None, 20.0);
        let other = if v5 { Version::V3_1_1 } else { Version::V5 };
        table.row(&name(&format!("fan-out to {other}")), fan_out(&stream, version, other), None, 20.0);
        table.row(&name("PUBACK"), puback(version), None, 10.0);
    }
    let properties = [
        Property::MessageExpiryInterval(60),
        Property::ContentType("text/plain".into()),
        Property::UserProperty("name".into(), "value".into()),
    ];
    let publish = publish(properties.into_iter().collect());
    let stream = stream(&publish, Version::V5);
    let theirs = mqttbytes_decode(&stream, true);
    table.row("3 properties, borrowed", decode_borrowed(&stream, Version::V5), Some(theirs), f64::MAX);
    table.row("3 properties, owned", decode_owned(&stream, Version::V5), Some(theirs), f64::MAX);
    table.row(
        "3 properties, encode",
        encode_publish(&publish, Version::V5),
        Some(mqttbytes_encode(&publish, true)),
        f64::MAX,
    );
    if table.broken > 0 {
        eprintln!("{} bounds broken", table.broken);
        std::process::exit(1);
    }
}

struct Table {
    check: bool,
    broken: usize,
}

impl Table {
    fn row(&mut self, name: &str, ours: f64, theirs: Option<f64>, bound: f64) {
        let mut line = format!("{name:32} {ours:7.1} ns");
        if bound < f64::MAX {
            line += &format!("  (at most {bound:.0})");
        }
        if let Some(theirs) = theirs {
            line += &format!("  mqttbytes {theirs:7.1} ns  ratio {:.2}", ours / theirs);
        }
        // Rows without a bound are for information.
        if ours > bound || bound < f64::MAX && theirs.is_some_and(|theirs| ours > 1.1 * theirs) {
            line += "  TOO SLOW";
            self.broken += usize::from(self.check);
        }
        println!("{line}");
    }
}

/// 64 bytes of payload at QoS 1: 92 bytes on the wire of MQTT 3.1.1.
fn publish(properties: Properties) -> Publish {
    Publish {
        dup: false,
        qos: QoS::AtLeastOnce,
        retain: false,
        topic: "sensors/room42/temp/x1".into(),
        packet_id: PacketId::new(4711),
        properties,
        payload: Bytes::from(vec![b'x'; 64]),
    }
}

fn stream(publish: &Publish, version: Version) -> Vec<u8> {
    let mut out = Vec::new();
    for _ in 0..BATCH {
        encode::publish(publish, version, ANY_SIZE, &mut out).expect("it is valid");
    }
    assert!(version == Version::V5 || out.len() == BATCH * 92);
    out
}

/// The best of the rounds, in nanoseconds per packet.
fn best(mut round: impl FnMut() -> std::time::Duration) -> f64 {
    let best = (0..ROUNDS).map(|_| round()).min().expect("there are rounds");
    best.as_nanos() as f64 / BATCH as f64
}

fn decode_borrowed(stream: &[u8], version: Version) -> f64 {
    best(|| {
        let start = Instant::now();
        let mut rest = black_box(stream);
        while let Ok(Some(frame)) = frame::split(rest, version, ANY_SIZE) {
            rest = &rest[frame.bytes.len()..];
            let view = decode::publish(&frame, version, Some(Sender::Client)).expect("it is valid");
            black_box(&view);
        }
        assert!(rest.is_empty());
        start.elapsed()
    })
}

fn decode_owned(stream: &[u8], version: Version) -> f64 {
    best(|| {
        let mut buffer = BytesMut::from(stream);
        let start = Instant::now();
        while let Ok(Some(frame)) = frame::split(&buffer, version, ANY_SIZE) {
            let (parts, size) = (frame.parts(), frame.bytes.len());
            let bytes = buffer.split_to(size).freeze();
            let packet: Packet = decode::packet(bytes, parts, version, Some(Sender::Client)).expect("it is valid");
            black_box(&packet);
        }
        assert!(buffer.is_empty());
        start.elapsed()
    })
}

fn encode_publish(publish: &Publish, version: Version) -> f64 {
    let mut out = Vec::with_capacity(BATCH * 256);
    best(|| {
        out.clear();
        let start = Instant::now();
        for _ in 0..BATCH {
            encode::publish(black_box(publish), version, ANY_SIZE, &mut out).expect("it is valid");
        }
        black_box(&out);
        start.elapsed()
    })
}

/// One message to as many receivers as there are packets in a batch.
fn fan_out(stream: &[u8], from: Version, to: Version) -> f64 {
    let frame = frame::split(stream, from, ANY_SIZE).expect("it is valid").expect("it is whole");
    let view = decode::publish(&frame, from, None).expect("it is valid");
    let mut out = Vec::with_capacity(BATCH * 256);
    best(|| {
        out.clear();
        let start = Instant::now();
        let mut fanout = Fanout::from_view(view, view.topic, Time::default());
        for id in 1..=BATCH as u16 {
            let delivery = Delivery {
                version: to,
                qos: QoS::AtLeastOnce,
                retain: false,
                dup: false,
                packet_id: PacketId::new(id),
                subscription_identifiers: &[],
                alias: Alias::None,
                maximum_packet_size: ANY_SIZE,
            };
            fanout.append(black_box(&delivery), &mut out);
        }
        black_box(&out);
        start.elapsed()
    })
}

fn puback(version: Version) -> f64 {
    let mut out = Vec::with_capacity(BATCH * 8);
    best(|| {
        out.clear();
        let start = Instant::now();
        for _ in 0..BATCH {
            let id = black_box(PacketId::FIRST);
            encode::short_ack(PacketType::PubAck, id, ReasonCode::Success, version, &mut out);
        }
        black_box(&out);
        start.elapsed()
    })
}

fn mqttbytes_decode(stream: &[u8], v5: bool) -> f64 {
    best(|| {
        let mut buffer = BytesMut::from(stream);
        let start = Instant::now();
        while !buffer.is_empty() {
            if v5 {
                black_box(&mqttbytes::v5::read(&mut buffer, ANY_SIZE as usize).expect("it is valid"));
            } else {
                black_box(&mqttbytes::v4::read(&mut buffer, ANY_SIZE as usize).expect("it is valid"));
            }
        }
        start.elapsed()
    })
}

fn mqttbytes_encode(publish: &Publish, v5: bool) -> f64 {
    let mut out = BytesMut::with_capacity(BATCH * 256);
    let mut first = Vec::new();
    encode::publish(publish, if v5 { Version::V5 } else { Version::V3_1_1 }, ANY_SIZE, &mut first)
        .expect("it is valid");
    let mut buffer = BytesMut::from(&first[..]);
    let mut run = |write: &dyn Fn(&mut BytesMut)| {
        best(|| {
            out.clear();
            let start = Instant::now();
            for _ in 0..BATCH {
                write(&mut out);
            }
            black_box(&out);
            start.elapsed()
        })
    };
    if v5 {
        let Ok(mqttbytes::v5::Packet::Publish(packet)) = mqttbytes::v5::read(&mut buffer, 10_000) else {
            unreachable!()
        };
        run(&|out| {
            black_box(&packet).write(out).expect("it is valid");
        })
    } else {
        let Ok(mqttbytes::v4::Packet::Publish(packet)) = mqttbytes::v4::read(&mut buffer, 10_000) else {
            unreachable!()
        };
        run(&|out| {
            black_box(&packet).write(out).expect("it is valid");
        })
    }
}
