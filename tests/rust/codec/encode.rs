//! What the encoder refuses to write, and what it maps for an older peer.

use bytes::Bytes;
use mqtt_proto::packet::*;
use mqtt_proto::wire::encode::{self, EncodeError};
use mqtt_proto::{ReasonCode, Version};

use super::vectors::{ANY_SIZE, hex};

const V3: [Version; 2] = [Version::V3_1, Version::V3_1_1];
const ALL: [Version; 3] = [Version::V3_1, Version::V3_1_1, Version::V5];

fn id() -> PacketId {
    PacketId::new(10).unwrap()
}

fn write(packet: impl Into<Packet>, version: Version) -> Result<String, EncodeError> {
    write_at_most(packet, version, ANY_SIZE)
}

fn write_at_most(packet: impl Into<Packet>, version: Version, maximum: u32) -> Result<String, EncodeError> {
    let mut out = vec![0xAA];
    let result = encode::packet(&packet.into(), version, maximum, &mut out);
    assert_eq!(out[0], 0xAA);
    if result.is_err() {
        assert_eq!(out.len(), 1, "bytes were left behind");
    }
    result.map(|()| hex(&out[1..]))
}

fn publish(topic: &str) -> Publish {
    Publish {
        dup: false,
        qos: QoS::AtMostOnce,
        retain: false,
        topic: topic.into(),
        packet_id: None,
        properties: Properties::new(),
        payload: Bytes::from_static(b"x"),
    }
}

fn with(property: Property) -> Properties {
    [property].into_iter().collect()
}

/// Refused in these versions, with this in the message.
fn refused(packet: impl Into<Packet>, versions: &[Version], because: &str) {
    let packet = packet.into();
    for version in versions {
        let error = write(packet.clone(), *version).expect_err(because).to_string();
        assert!(error.contains(because), "{version}: {error:?} does not say {because:?}");
    }
}

#[test]
fn publish_is_refused_where_the_peer_would_refuse_it() {
    refused(Packet::Publish(publish("a/+")), &ALL, "wildcard");
    refused(Packet::Publish(publish("a\0")), &ALL, "U+0000");
    refused(Packet::Publish(publish("")), &ALL, "empty");
    refused(Packet::Publish(publish(&"x".repeat(65_536))), &ALL, "topic is longer than 65535 bytes");
    refused(Packet::Publish(Publish { dup: true, ..publish("a") }), &ALL, "DUP");
    refused(Packet::Publish(Publish { packet_id: Some(id()), ..publish("a") }), &ALL, "no packet identifier");
    refused(
        Packet::Publish(Publish { qos: QoS::ExactlyOnce, ..publish("a") }),
        &ALL,
        "QoS 2 needs a packet identifier",
    );
    let aliased = Publish { properties: with(Property::TopicAlias(1)), ..publish("") };
    refused(Packet::Publish(aliased.clone()), &V3, "empty");
    assert_eq!(write(Packet::Publish(aliased), Version::V5).unwrap(), "300700000323000178");
}

#[test]
fn properties_are_refused_where_they_may_not_stand() {
    let cases = [
        (Property::ServerKeepAlive(1), "server_keep_alive may not stand in PUBLISH"),
        (Property::TopicAlias(0), "topic_alias may not stand with the value 0"),
        (Property::SubscriptionIdentifier(0), "with the value 0"),
        (Property::SubscriptionIdentifier(268_435_456), "with the value 268435456"),
        (Property::PayloadFormatIndicator(2), "with the value 2"),
        (Property::ResponseTopic("a/#".into()), "not a topic name"),
        (Property::ResponseTopic("".into()), "not a topic name"),
        (Property::ContentType("a\0".into()), "content_type contains U+0000"),
        (Property::ContentType("x".repeat(65_536).into()), "content_type is longer than 65535 bytes"),
        (Property::CorrelationData(vec![0; 65_536].into()), "correlation_data is longer"),
        (Property::UserProperty("k".into(), "\0".into()), "user_property contains U+0000"),
    ];
    for (property, because) in cases {
        let packet = Publish { properties: with(property), ..publish("a") };
        // MQTT 3 does not see them, so nothing is wrong with them there.
        assert_eq!(write(Packet::Publish(packet.clone()), Version::V3_1_1).unwrap(), "300400016178");
        refused(Packet::Publish(packet), &[Version::V5], because);
    }
    let twice = [Property::ContentType("a".into()), Property::ContentType("b".into())].into_iter().collect();
    refused(Packet::Publish(Publish { properties: twice, ..publish("a") }), &[Version::V5], "twice in PUBLISH");
    let ack = Ack { properties: with(Property::TopicAlias(1)), ..Ack::success(id()) };
    refused(Packet::PubAck(ack), &[Version::V5], "in PUBACK");
}

#[test]
fn connect_is_refused_where_the_server_would_refuse_it() {
    let refused = |connect: &dyn Fn(&mut Connect), versions: &[Version], because: &str| {
        for version in versions {
            let mut packet = Connect::new(*version, "c");
            connect(&mut packet);
            refused(Packet::Connect(Box::new(packet)), &[*version], because);
        }
    };
    let will = |topic: &str| Will {
        topic: topic.into(),
        payload: Bytes::new(),
        qos: QoS::AtMostOnce,
        retain: false,
        properties: Properties::new(),
    };
    refused(&|c| c.client_id = "".into(), &[Version::V3_1], "client identifier");
    refused(&|c| (c.client_id, c.clean_start) = ("".into(), false), &V3, "client identifier");
    refused(&|c| c.client_id = "a\0".into(), &ALL, "client identifier contains U+0000");
    refused(&|c| c.password = Some(Bytes::new()), &V3, "password without a user name");
    refused(&|c| c.will = Some(will("a/#")), &ALL, "will topic");
    refused(&|c| c.will = Some(will("")), &ALL, "will topic");
    refused(&|c| c.will = Some(Will { payload: vec![0; 65_536].into(), ..will("a") }), &ALL, "will payload is longer");
    refused(&|c| c.user_name = Some("a\0".into()), &ALL, "user name contains U+0000");
    refused(&|c| c.bridge = true, &[Version::V5], "no bridge bit");
    refused(&|c| c.properties = with(Property::AuthenticationData(Bytes::new())), &[Version::V5], "without an auth");
    refused(&|c| c.properties = with(Property::WillDelayInterval(1)), &[Version::V5], "in CONNECT");
    let delayed = || Will { properties: with(Property::TopicAlias(1)), ..will("a") };
    refused(&|c| c.will = Some(delayed()), &[Version::V5], "in the will");
}

#[test]
fn subscribe_and_its_answers_are_refused_where_the_peer_would_refuse_them() {
    let subscribe = |filter: &str| {
        let subscriptions = vec![Subscription { no_local: true, ..Subscription::new(filter, QoS::AtLeastOnce) }];
        Packet::Subscribe(Subscribe { packet_id: id(), subscriptions, properties: Properties::new() })
    };
    refused(subscribe("a/#/b"), &ALL, "wildcard");
    refused(subscribe(""), &ALL, "empty");
    refused(subscribe("$share/g/a"), &[Version::V5], "no local on a shared subscription");
    // Not shared in MQTT 3, and its options are not seen.
    assert_eq!(write(subscribe("$share//a"), Version::V3_1_1).unwrap(), "820e000a00092473686172652f2f6101");
    refused(subscribe("$share//a"), &[Version::V5], "share name");
    let none = Subscribe { packet_id: id(), subscriptions: vec![], properties: Properties::new() };
    refused(Packet::Subscribe(none), &ALL, "no topic filter");
    let unsubscribe = |filters: Vec<mqtt_proto::Text>| {
        Packet::Unsubscribe(Unsubscribe { packet_id: id(), filters, properties: Properties::new() })
    };
    refused(unsubscribe(vec![]), &ALL, "no topic filter");
    refused(unsubscribe(vec!["a+".into()]), &ALL, "wildcard");
    let suback = |reasons| Packet::SubAck(SubAck { packet_id: id(), reasons, properties: Properties::new() });
    refused(suback(vec![]), &ALL, "no reason code");
    refused(suback(vec![ReasonCode::ServerMoved]), &ALL, "SUBACK cannot carry");
    let unsuback = |reasons| Packet::UnsubAck(UnsubAck { packet_id: id(), reasons, properties: Properties::new() });
    refused(unsuback(vec![]), &[Version::V5], "no reason code");
    refused(unsuback(vec![ReasonCode::GrantedQoS1]), &[Version::V5], "UNSUBACK cannot carry");
}

#[test]
fn reasons_are_refused_where_the_packet_has_no_such_code() {
    let error = ReasonCode::NoMatchingSubscribers;
    refused(Packet::PubRel(Ack::new(id(), error)), &[Version::V5], "PUBREL cannot carry");
    refused(Packet::ConnAck(Box::new(ConnAck::refused(error))), &[Version::V5], "CONNACK cannot carry");
    refused(Packet::Disconnect(Disconnect::new(error)), &[Version::V5], "DISCONNECT cannot carry");
    let auth = |reason, properties| Packet::Auth(Auth { reason, properties });
    refused(auth(ReasonCode::Success, Properties::new()), &V3, "has no AUTH");
    refused(auth(ReasonCode::ReAuthenticate, Properties::new()), &[Version::V5], "authentication method");
    refused(auth(error, with(Property::AuthenticationMethod("m".into()))), &[Version::V5], "AUTH cannot carry");
    let present = ConnAck { session_present: true, ..ConnAck::refused(ReasonCode::NotAuthorized) };
    refused(Packet::ConnAck(Box::new(present)), &ALL, "session present together with a refusal");
}

#[test]
fn an_older_peer_gets_what_comes_nearest() {
    let connack = |reason| Packet::ConnAck(Box::new(ConnAck::refused(reason)));
    assert_eq!(write(connack(ReasonCode::Banned), Version::V3_1_1).unwrap(), "20020005");
    assert_eq!(write(connack(ReasonCode::QuotaExceeded), Version::V3_1).unwrap(), "20020003");
    let accepted = || Packet::ConnAck(Box::new(ConnAck::accepted(true)));
    assert_eq!(write(accepted(), Version::V3_1).unwrap(), "20020000", "3.1 has no session present flag");
    assert_eq!(write(accepted(), Version::V3_1_1).unwrap(), "20020100");

    let reasons = vec![ReasonCode::GrantedQoS2, ReasonCode::NotAuthorized];
    let suback = Packet::SubAck(SubAck { packet_id: id(), reasons, properties: Properties::new() });
    assert_eq!(write(suback.clone(), Version::V3_1_1).unwrap(), "9004000a0280");
    assert_eq!(write(suback, Version::V3_1).unwrap(), "9004000a0200", "3.1 has no code for a failure");

    for version in V3 {
        let ack =
            Ack { properties: with(Property::ReasonString("why".into())), ..Ack::new(id(), ReasonCode::NotAuthorized) };
        assert_eq!(write(Packet::PubRec(ack), version).unwrap(), "5002000a");
        assert_eq!(write(Packet::Disconnect(Disconnect::new(ReasonCode::ServerBusy)), version).unwrap(), "e000");
        let reasons = vec![ReasonCode::NoSubscriptionExisted];
        let unsuback = UnsubAck { packet_id: id(), reasons, properties: Properties::new() };
        assert_eq!(write(Packet::UnsubAck(unsuback), version).unwrap(), "b002000a");
    }
}

#[test]
fn an_answer_that_is_too_long_loses_its_reason_string_first_and_then_its_user_properties() {
    let properties: Properties = [
        Property::UserProperty("k".into(), "v".into()),
        Property::ReasonString("why".into()),
        Property::UserProperty("k".into(), "w".into()),
    ]
    .into_iter()
    .collect();
    let answer = Ack { properties, ..Ack::new(id(), ReasonCode::QuotaExceeded) };
    let full = write(Packet::PubAck(answer.clone()), Version::V5).unwrap();
    let whole = full.len() as u32 / 2;
    let at_most = |maximum| write_at_most(Packet::PubAck(answer.clone()), Version::V5, maximum);
    assert_eq!(at_most(whole).unwrap(), full);
    let without_reason = "4012000a970e2600016b0001762600016b000177";
    assert_eq!(at_most(whole - 1).unwrap(), without_reason);
    assert_eq!(at_most(20).unwrap(), without_reason);
    assert_eq!(at_most(19).unwrap(), "4003000a97");
    assert_eq!(at_most(5).unwrap(), "4003000a97");
    assert_eq!(at_most(4), Err(EncodeError::PacketTooLarge { size: whole as usize, maximum: 4 }));

    // What the peer needs to know stays.
    let properties: Properties =
        [Property::ReasonString("why".into()), Property::AssignedClientIdentifier("me".into())].into_iter().collect();
    let connack = ConnAck { properties, ..ConnAck::accepted(false) };
    let written = write_at_most(Packet::ConnAck(Box::new(connack)), Version::V5, 12).unwrap();
    assert_eq!(written, "20080000051200026d65");
}

#[test]
fn short_acknowledgements_agree_with_long_ones() {
    for version in ALL {
        for kind in [PacketType::PubAck, PacketType::PubRec, PacketType::PubRel, PacketType::PubComp] {
            for reason in [ReasonCode::Success, ReasonCode::PacketIdentifierNotFound, ReasonCode::NotAuthorized] {
                if !reason.is_defined_for(kind) {
                    continue;
                }
                let (mut short, mut long) = (vec![1], vec![1]);
                encode::short_ack(kind, id(), reason, version, &mut short);
                encode::ack(kind, &Ack::new(id(), reason), version, ANY_SIZE, &mut long).unwrap();
                assert_eq!(short, long, "{version} {kind} {reason}");
            }
        }
    }
}

#[test]
fn a_packet_beyond_the_protocol_is_refused_without_being_written() {
    // 256 MiB is too much for a test; the subscription list is measured the same way, so a small bound shows it.
    let subscriptions = vec![Subscription::new("a/b", QoS::AtMostOnce); 100];
    let packet = Packet::Subscribe(Subscribe { packet_id: id(), subscriptions, properties: Properties::new() });
    assert_eq!(
        write_at_most(packet, Version::V3_1_1, 100),
        Err(EncodeError::PacketTooLarge { size: 605, maximum: 100 })
    );
}
