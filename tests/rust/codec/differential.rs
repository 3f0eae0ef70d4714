//! Against mqttbytes 0.6 and the codec of rumqttc (3.1.1 and 5.0): where both accept a packet they agree on what it says,
//! and every disagreement about acceptance is on a list with its reason.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::BytesMut;
use mqtt_proto::packet::{Packet, PacketType, Properties};
use mqtt_proto::{Rule, Version};

use super::mutation::mutated;
use super::vectors::{Vector, hex, load};

/// Rules that mqttbytes does not hold a packet against. Each is demanded by the specification.
const STRICTER: &[Rule] = &[
    Rule::BytesLeftOver,
    Rule::ConnAckFlags,
    Rule::ConnectReservedFlag,
    Rule::DupWithQoS0,
    Rule::EmptyTopicFilter,
    Rule::EmptyTopicName,
    Rule::FixedHeaderFlags,
    Rule::MisplacedWildcard,
    Rule::NoTopicFilter,
    Rule::NulInString,
    Rule::PasswordWithoutUserName,
    Rule::PropertyTruncated,
    Rule::PropertyTwice,
    Rule::PropertyValue,
    Rule::RemainingLengthNotMinimal,
    Rule::ResponseTopicWildcard,
    Rule::SessionPresentWithRefusal,
    Rule::SharedFilter,
    Rule::SubscriptionOptions,
    Rule::TopicAliasZero,
    Rule::UnknownProperty,
    Rule::VariableByteIntegerNotMinimal,
    Rule::WildcardInTopicName,
    Rule::WillTopic,
    Rule::ZeroPacketIdentifier,
];

/// What mqttbytes refuses and we take, with its reason.
const WIDER: &[(Version, PacketType, &str)] = &[
    (Version::V3_1_1, PacketType::Connect, "the bridge bit of the protocol level"),
    (Version::V5, PacketType::Connect, "a password that is not UTF-8 (section 3.1.3.6)"),
    (Version::V5, PacketType::Disconnect, "reason code or property length left out (section 3.14.2.1)"),
    (Version::V5, PacketType::Auth, "AUTH (section 3.15)"),
];

/// What mqttbytes reads as we do and writes differently, with its reason.
const WRITTEN_DIFFERENTLY: &[(Version, PacketType, &str)] = &[
    (Version::V3_1_1, PacketType::Connect, "an empty user name is lost"),
    (Version::V5, PacketType::Connect, "an empty user name is lost"),
    (Version::V5, PacketType::ConnAck, "without properties the property length is left out, against section 3.2.2.3"),
];

/// Rules that the codec of rumqttc does not hold a packet against. Each is demanded by the specification.
const RUMQTTC_STRICTER: &[Rule] = &[
    Rule::BytesLeftOver,
    Rule::ConnAckFlags,
    Rule::ConnectReservedFlag,
    Rule::DupWithQoS0,
    Rule::EmptyTopicFilter,
    Rule::EmptyTopicName,
    Rule::FixedHeaderFlags,
    Rule::InvalidUtf8,
    Rule::MisplacedWildcard,
    Rule::NoTopicFilter,
    Rule::NulInString,
    Rule::PasswordWithoutUserName,
    Rule::PropertyTruncated,
    Rule::PropertyTwice,
    Rule::PropertyValue,
    Rule::RemainingLengthNotMinimal,
    Rule::ResponseTopicWildcard,
    Rule::SessionPresentWithRefusal,
    Rule::SharedFilter,
    Rule::SubscriptionOptions,
    Rule::TopicAliasZero,
    Rule::UnknownProperty,
    Rule::VariableByteIntegerNotMinimal,
    Rule::WildcardInTopicName,
    Rule::WillTopic,
    Rule::ZeroPacketIdentifier,
];

/// What it refuses and we take, with its reason.
const RUMQTTC_WIDER: &[(Version, PacketType, &str)] = &[
    (Version::V3_1_1, PacketType::Connect, "the bridge bit of the protocol level"),
    (Version::V5, PacketType::Connect, "a password that is not UTF-8 (section 3.1.3.6)"),
    (Version::V5, PacketType::Disconnect, "property length left out (section 3.14.2.2.1)"),
    (Version::V5, PacketType::Auth, "AUTH is written and never read (section 3.15)"),
];

/// What it reads as we do and writes differently, with its reason.
const RUMQTTC_WRITTEN_DIFFERENTLY: &[(Version, PacketType, &str)] = &[
    (Version::V3_1_1, PacketType::Connect, "an empty user name is lost"),
    (Version::V5, PacketType::Connect, "an empty user name is lost"),
];

#[test]
fn differs_from_mqttbytes_only_where_it_should() {
    compare_all("mqttbytes", mqttbytes, STRICTER, WIDER, WRITTEN_DIFFERENTLY);
}

#[test]
fn differs_from_rumqttc_only_where_it_should() {
    compare_all("rumqttc", rumqttc, RUMQTTC_STRICTER, RUMQTTC_WIDER, RUMQTTC_WRITTEN_DIFFERENTLY);
}

fn compare_all(
    name: &'static str,
    theirs: fn(&[u8], Version) -> Option<Vec<u8>>,
    stricter: &[Rule],
    wider: &[(Version, PacketType, &str)],
    written_differently: &[(Version, PacketType, &str)],
) {
    // Its panics are its own; they count as refusals.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !info.location().is_some_and(|at| at.file().contains(name) || at.file().contains("bytes-")) {
            eprintln!("{info}");
        }
    }));
    let mut met = Met::default();
    for (version, bytes) in cases() {
        let theirs = catch_unwind(AssertUnwindSafe(|| theirs(&bytes, version))).unwrap_or(None);
        met.compare(version, &bytes, theirs.map_or(Theirs::Nothing, Theirs::Packet));
    }
    std::panic::set_hook(hook);

    let listed = |list: &[(Version, PacketType, &str)]| {
        list.iter().map(|(version, packet, _)| (*version, *packet)).collect::<BTreeSet<_>>()
    };
    assert_eq!(met.stricter, stricter.iter().map(|rule| format!("{rule:?}")).collect(), "rules that it does not hold");
    assert_eq!(met.wider, listed(wider), "packets that only we take");
    assert_eq!(met.written_differently, listed(written_differently), "packets that it writes differently");
    assert!(met.agreed > 1500, "only {} agreed", met.agreed);
}

/// What the comparison met.
#[derive(Default)]
struct Met {
    agreed: usize,
    stricter: BTreeSet<String>,
    wider: BTreeSet<(Version, PacketType)>,
    written_differently: BTreeSet<(Version, PacketType)>,
}

impl Met {
    fn compare(&mut self, version: Version, bytes: &[u8], theirs: Theirs) {
        match (first(bytes, version), theirs) {
            (Ok(Some(ours)), Theirs::Packet(written)) => match first(&written, version) {
                Ok(Some(theirs)) if sorted(&theirs) == sorted(&ours) => self.agreed += 1,
                _ => drop(self.written_differently.insert((version, ours.packet_type()))),
            },
            (Ok(Some(ours)), Theirs::Nothing) => drop(self.wider.insert((version, ours.packet_type()))),
            (Ok(None), Theirs::Packet(_)) => panic!("it has a packet where we want more: {}", hex(bytes)),
            (Err(violation), Theirs::Packet(_)) => drop(self.stricter.insert(format!("{:?}", violation.rule))),
            (Ok(None) | Err(_), Theirs::Nothing) => {}
        }
    }
}

/// Every vector of the two versions, and as many changed ones again and more.
fn cases() -> Vec<(Version, Vec<u8>)> {
    let vectors: Vec<Vector> = load("valid.json")
        .into_iter()
        .chain(load("malformed.json"))
        .filter(|vector| vector.version != Version::V3_1 && vector.bytes.len() < 1000)
        .collect();
    let mut random = fastrand::Rng::with_seed(5);
    let mut cases: Vec<_> = vectors.iter().map(|vector| (vector.version, vector.bytes.clone())).collect();
    for _ in 0..20_000 {
        let vector = &vectors[random.usize(..vectors.len())];
        cases.push((vector.version, mutated(&vector.bytes, &vectors, &mut random)));
    }
    cases
}

/// What the other codec makes of it.
enum Theirs {
    /// A packet, written again.
    Packet(Vec<u8>),
    /// It refuses, panics or wants more bytes; it wants more of some packets that end too early.
    Nothing,
}

fn first(bytes: &[u8], version: Version) -> Result<Option<Packet>, mqtt_proto::Violation> {
    let mut decoder = mqtt_proto::wire::stream::Decoder::new(Some(version), None, super::vectors::ANY_SIZE);
    decoder.push(bytes);
    decoder.next_packet()
}

fn mqttbytes(bytes: &[u8], version: Version) -> Option<Vec<u8>> {
    let mut stream = BytesMut::from(bytes);
    let mut out = BytesMut::new();
    let written = match version {
        Version::V5 => mqttbytes::v5::read(&mut stream, usize::MAX).and_then(|packet| write_v5(packet, &mut out)),
        _ => mqttbytes::v4::read(&mut stream, usize::MAX).and_then(|packet| write_v4(packet, &mut out)),
    };
    written.is_ok().then(|| out.to_vec())
}

fn rumqttc(bytes: &[u8], version: Version) -> Option<Vec<u8>> {
    use rumqttc::{mqttbytes::v4, v5::mqttbytes::v5};
    let mut stream = BytesMut::from(bytes);
    let mut out = BytesMut::new();
    let written = match version {
        Version::V5 => v5::Packet::read(&mut stream, None).ok()?.write(&mut out, None).is_ok(),
        _ => v4::Packet::read(&mut stream, usize::MAX).ok()?.write(&mut out, usize::MAX).is_ok(),
    };
    written.then(|| out.to_vec())
}

macro_rules! writer {
    ($name:ident, $version:ident, $disconnect:pat => $write_disconnect:expr) => {
        fn $name(packet: mqttbytes::$version::Packet, out: &mut BytesMut) -> Result<usize, mqttbytes::Error> {
            use mqttbytes::$version::{self as theirs, Packet::*};
            match packet {
                Connect(packet) => packet.write(out),
                ConnAck(packet) => packet.write(out),
                Publish(packet) => packet.write(out),
                PubAck(packet) => packet.write(out),
                PubRec(packet) => packet.write(out),
                PubRel(packet) => packet.write(out),
                PubComp(packet) => packet.write(out),
                Subscribe(packet) => packet.write(out),
                SubAck(packet) => packet.write(out),
                Unsubscribe(packet) => packet.write(out),
                UnsubAck(packet) => packet.write(out),
                PingReq => theirs::PingReq.write(out),
                PingResp => theirs::PingResp.write(out),
                $disconnect => $write_disconnect(out),
            }
        }
    };
}

writer!(write_v4, v4, Disconnect => |out: &mut BytesMut| mqttbytes::v4::Disconnect.write(out));
writer!(write_v5, v5, Disconnect(packet) => |out: &mut BytesMut| packet.write(out));

/// mqttbytes does not keep the order of properties.
fn sorted(packet: &Packet) -> Packet {
    let mut packet = packet.clone();
    let sort = |properties: &mut Properties| {
        let mut list: Vec<_> = properties.iter().cloned().collect();
        list.sort_by_key(|property| property.id());
        *properties = list.into_iter().collect();
    };
    match &mut packet {
        Packet::Connect(packet) => {
            sort(&mut packet.properties);
            packet.will.iter_mut().for_each(|will| sort(&mut will.properties));
        }
        Packet::ConnAck(packet) => sort(&mut packet.properties),
        Packet::Publish(packet) => sort(&mut packet.properties),
        Packet::PubAck(packet) | Packet::PubRec(packet) | Packet::PubRel(packet) | Packet::PubComp(packet) => {
            sort(&mut packet.properties)
        }
        Packet::Subscribe(packet) => sort(&mut packet.properties),
        Packet::SubAck(packet) => sort(&mut packet.properties),
        Packet::Unsubscribe(packet) => sort(&mut packet.properties),
        Packet::UnsubAck(packet) => sort(&mut packet.properties),
        Packet::Disconnect(packet) => sort(&mut packet.properties),
        Packet::Auth(packet) => sort(&mut packet.properties),
        Packet::PingReq | Packet::PingResp => {}
    }
    packet
}
