use super::*;
use crate::Violation;

/// The rules that the session raises on its own; the codec raises the others.
const RULES: &[Rule] = &[
    Rule::ReservedPacketType,
    Rule::FirstPacketNotConnect,
    Rule::SecondConnect,
    Rule::FirstPacketNotConnAck,
    Rule::SecondConnAck,
    Rule::NotFromServer,
    Rule::NotFromClient,
    Rule::PacketAfterDisconnect,
    Rule::PacketBeforeConnAck,
    Rule::ReceiveMaximumExceeded,
    Rule::PacketIdentifierReused,
    Rule::UnexpectedAcknowledgement,
    Rule::UnsolicitedSubAck,
    Rule::AcknowledgementCount,
    Rule::ProblemInformation,
    Rule::KeepAliveTimeout,
    Rule::HandshakeTimeout,
    Rule::PingTimeout,
    Rule::SessionPresentAfterCleanStart,
    Rule::TopicAliasZero,
    Rule::TopicAliasTooHigh,
    Rule::TopicAliasUnknown,
    Rule::TooManyTopicLevels,
    Rule::QoSNotSupported,
    Rule::RetainNotSupported,
    Rule::SessionExpiryRaised,
    Rule::AuthenticationMethodMissing,
    Rule::AuthenticationMethodChanged,
    Rule::AuthNotExpected,
    Rule::AuthReason,
    Rule::ZeroPacketIdentifier,
    Rule::BytesLeftOver,
    Rule::ClientIdentifier,
    // Asked about, not raised.
    Rule::ProtocolLevel,
];

const V5: Version = Version::V5;

/// Breaks the rule and returns what the link said, with what it has written as a farewell.
fn broken(rule: Rule) -> (Violation, Vec<u8>) {
    let mut pair = Pair::new(V5);
    let set = |pair: &mut Pair, property| pair.ack.properties.push(property);
    let publish_at = |qos, id| Packet::Publish(publish("t", b"", qos, id));
    let client_auth = |reason, method: Option<&str>| {
        let properties = method.map(|method| Property::AuthenticationMethod(method.into())).into_iter().collect();
        Packet::Auth(Auth { reason, properties })
    };
    match rule {
        Rule::FirstPacketNotConnect => {
            let mut link = Link::server(Time::default(), Limits::default());
            return outcome(&mut link, &encoded(&Packet::PingReq, V5));
        }
        Rule::ProtocolLevel => {
            let mut bytes = encoded(&Packet::Connect(Box::new(Connect::new(Version::V3_1_1, "x"))), Version::V3_1_1);
            bytes[8] = 6;
            return outcome(&mut Link::server(Time::default(), Limits::default()), &bytes);
        }
        Rule::ClientIdentifier => {
            let connect = Connect::new(Version::V3_1, "x".repeat(24));
            let bytes = encoded(&Packet::Connect(Box::new(connect)), Version::V3_1);
            return outcome(&mut Link::server(Time::default(), Limits::default()), &bytes);
        }
        Rule::HandshakeTimeout => {
            let mut link = Link::server(Time::default(), Limits::default());
            return (link.handle_timeout(Time::from_millis(10_000)).unwrap_err(), link.output().to_vec());
        }
        Rule::FirstPacketNotConnAck => {
            let connect = Connect::new(V5, "c");
            let mut link = Link::client(Time::default(), Limits::default(), &connect, Session::default()).unwrap();
            let length = link.output().len();
            link.written(length);
            return outcome(&mut link, &encoded(&publish_at(QoS::AtMostOnce, 0), V5));
        }
        Rule::SessionPresentAfterCleanStart => {
            let connect = Connect::new(V5, "c");
            let mut link = Link::client(Time::default(), Limits::default(), &connect, Session::default()).unwrap();
            let length = link.output().len();
            link.written(length);
            return outcome(&mut link, &encoded(&Packet::ConnAck(Box::new(ConnAck::accepted(true))), V5));
        }
        Rule::PacketBeforeConnAck => {
            pair.accepts = false;
            pair.connect.properties.push(Property::AuthenticationMethod("M".into()));
            pair.connect();
            let auth = Auth { reason: ReasonCode::ContinueAuthentication, properties: Properties::new() };
            pair.server.link().send_auth(&auth).unwrap();
            pair.run();
            return to_server(pair, Packet::PingReq);
        }
        Rule::TopicAliasTooHigh | Rule::TopicAliasUnknown | Rule::TopicAliasZero => {
            pair.server.limits.topic_alias_maximum = 2;
            pair.connect();
            let mut packet = publish("", b"", QoS::AtMostOnce, 0);
            let alias = if rule == Rule::TopicAliasTooHigh { 3 } else { 2 };
            packet.properties.push(Property::TopicAlias(alias));
            let mut bytes = encoded(&Packet::Publish(packet), V5);
            if rule == Rule::TopicAliasZero {
                *bytes.last_mut().unwrap() = 0;
            }
            return outcome(pair.server.link(), &bytes);
        }
        Rule::QoSNotSupported => set(&mut pair, Property::MaximumQoS(1)),
        Rule::RetainNotSupported => set(&mut pair, Property::RetainAvailable(0)),
        Rule::ReceiveMaximumExceeded => {
            pair.server.limits.receive_maximum = 1;
            pair.server.settles = Settles::ByHand;
        }
        Rule::ProblemInformation => pair.connect.properties.push(Property::RequestProblemInformation(0)),
        Rule::TooManyTopicLevels => pair.server.limits.topic_levels = 3,
        Rule::SessionExpiryRaised => pair.connect.properties.set(Property::SessionExpiryInterval(0)),
        Rule::AuthenticationMethodMissing | Rule::AuthenticationMethodChanged | Rule::AuthReason => {
            pair.connect.properties.push(Property::AuthenticationMethod("M".into()));
        }
        Rule::ReservedPacketType => pair.connect = Connect::new(Version::V3_1_1, "c"),
        _ => {}
    }
    pair.connect();
    let now = pair.now;
    let ack = |number| Ack::success(id(number));
    match rule {
        Rule::ReservedPacketType => outcome(pair.server.link(), &[0xF0, 0x00]),
        Rule::SecondConnect => to_server(pair, Packet::Connect(Box::new(Connect::new(V5, "again")))),
        Rule::SecondConnAck => to_client(pair, Packet::ConnAck(Box::new(ConnAck::accepted(false)))),
        Rule::NotFromServer => to_client(pair, Packet::PingReq),
        Rule::NotFromClient => to_server(pair, Packet::PingResp),
        Rule::PacketAfterDisconnect => {
            let bye = encoded(&Packet::Disconnect(Disconnect::new(ReasonCode::Success)), V5);
            pair.server.link().recv(now, &bye).unwrap();
            to_server(pair, Packet::PingReq)
        }
        Rule::ReceiveMaximumExceeded => {
            let first = encoded(&publish_at(QoS::AtLeastOnce, 1), V5);
            pair.server.link().recv(now, &first).unwrap();
            to_server(pair, publish_at(QoS::AtLeastOnce, 2))
        }
        Rule::PacketIdentifierReused => {
            let first = encoded(&publish_at(QoS::ExactlyOnce, 1), V5);
            pair.server.link().recv(now, &first).unwrap();
            to_server(pair, publish_at(QoS::AtLeastOnce, 1))
        }
        Rule::UnexpectedAcknowledgement => {
            pair.client.publish(now, "t", b"", QoS::ExactlyOnce, 0);
            let length = pair.client.link().output().len();
            pair.client.link().written(length);
            to_client(pair, Packet::PubAck(ack(1)))
        }
        Rule::UnsolicitedSubAck => {
            let suback = SubAck { packet_id: id(1), reasons: vec![ReasonCode::Success], properties: Properties::new() };
            to_client(pair, Packet::SubAck(suback))
        }
        Rule::AcknowledgementCount => {
            let link = pair.client.link();
            link.subscribe(now, &[Subscription::new("a", QoS::AtMostOnce)], &Properties::new()).unwrap();
            let length = link.output().len();
            link.written(length);
            let reasons = vec![ReasonCode::Success, ReasonCode::Success];
            to_client(pair, Packet::SubAck(SubAck { packet_id: id(1), reasons, properties: Properties::new() }))
        }
        Rule::ProblemInformation => {
            let properties = Properties::from_iter([Property::ReasonString("why".into())]);
            to_client(pair, Packet::PubAck(Ack { properties, ..ack(1) }))
        }
        Rule::KeepAliveTimeout => {
            let at = now + std::time::Duration::from_secs(90);
            let link = pair.server.link();
            (link.handle_timeout(at).unwrap_err(), link.output().to_vec())
        }
        Rule::PingTimeout => {
            let link = pair.client.link();
            link.handle_timeout(now + std::time::Duration::from_secs(60)).unwrap();
            let length = link.output().len();
            link.written(length);
            (link.handle_timeout(now + std::time::Duration::from_secs(90)).unwrap_err(), link.output().to_vec())
        }
        Rule::TooManyTopicLevels => to_server(pair, Packet::Publish(publish("a/b/c/d", b"", QoS::AtMostOnce, 0))),
        Rule::QoSNotSupported => to_server(pair, publish_at(QoS::ExactlyOnce, 1)),
        Rule::RetainNotSupported => {
            let mut packet = publish("t", b"", QoS::AtMostOnce, 0);
            packet.retain = true;
            to_server(pair, Packet::Publish(packet))
        }
        Rule::SessionExpiryRaised => {
            let mut packet = Disconnect::new(ReasonCode::Success);
            packet.properties.push(Property::SessionExpiryInterval(10));
            to_server(pair, Packet::Disconnect(packet))
        }
        Rule::AuthenticationMethodMissing => outcome(pair.server.link(), &[0xF0, 0x02, 0x19, 0x00]),
        Rule::AuthenticationMethodChanged => to_server(pair, client_auth(ReasonCode::ReAuthenticate, Some("other"))),
        Rule::AuthNotExpected => to_server(pair, client_auth(ReasonCode::ReAuthenticate, Some("M"))),
        Rule::AuthReason => to_server(pair, client_auth(ReasonCode::ContinueAuthentication, Some("M"))),
        Rule::ZeroPacketIdentifier => outcome(pair.server.link(), &[0x40, 0x02, 0x00, 0x00]),
        Rule::BytesLeftOver => outcome(pair.server.link(), &[0xC0, 0x01, 0x00]),
        rule => panic!("no test breaks {rule:?}"),
    }
}

fn to_server(mut pair: Pair, packet: Packet) -> (Violation, Vec<u8>) {
    outcome(pair.server.link(), &encoded(&packet, V5))
}

fn to_client(mut pair: Pair, packet: Packet) -> (Violation, Vec<u8>) {
    outcome(pair.client.link(), &encoded(&packet, V5))
}

fn outcome(link: &mut Link, bytes: &[u8]) -> (Violation, Vec<u8>) {
    let written = link.output().len();
    let violation = link.recv(Time::from_millis(1_000_000), bytes).map(|received| format!("{received:?}")).unwrap_err();
    assert!(link.is_finished());
    assert!(!link.wants_input());
    (violation, link.output()[written..].to_vec())
}

/// Shows: 5.0 MQTT-4.13.2-1, 3.1.1 MQTT-4.8.0-1, 5.0 MQTT-3.2.2-4
#[test]
fn every_rule_of_the_session_is_noticed_and_told() {
    for &rule in RULES {
        let (violation, farewell) = broken(rule);
        assert_eq!(violation.rule, rule);
        // A farewell is one packet that the codec reads.
        if farewell.is_empty() {
            continue;
        }
        let version = match rule {
            Rule::ProtocolLevel => Version::V3_1_1,
            Rule::ClientIdentifier => Version::V3_1,
            _ => V5,
        };
        let frame = crate::wire::frame::split(&farewell, version, u32::MAX).unwrap().unwrap();
        assert_eq!(frame.bytes.len(), farewell.len(), "{rule:?}");
        let owned = bytes::Bytes::copy_from_slice(&farewell);
        let packet = crate::wire::decode::packet(owned, frame.parts(), version, None).unwrap();
        match packet {
            Packet::Disconnect(disconnect) => assert!(disconnect.reason.is_error(), "{rule:?}"),
            Packet::ConnAck(ack) => assert!(ack.reason.is_error(), "{rule:?}"),
            other => panic!("{rule:?}: {other:?}"),
        }
    }
}

#[test]
fn a_connected_server_of_mqtt_5_always_says_why() {
    let silent = [
        Rule::FirstPacketNotConnect,
        Rule::HandshakeTimeout,
        Rule::FirstPacketNotConnAck,
        Rule::SessionPresentAfterCleanStart,
        Rule::PacketAfterDisconnect,
        Rule::ReservedPacketType,
    ];
    for &rule in RULES {
        assert_eq!(broken(rule).1.is_empty(), silent.contains(&rule), "{rule:?}");
    }
}

/// A rule that a source file of the session names must be in the list above, or nobody tests it.
#[test]
fn no_rule_is_missing_from_the_list() {
    let sources = [
        include_str!("../alias.rs"),
        include_str!("../handshake.rs"),
        include_str!("../link.rs"),
        include_str!("../receiving.rs"),
        include_str!("../requests.rs"),
        include_str!("../role.rs"),
        include_str!("../sending.rs"),
        include_str!("../timers.rs"),
    ];
    for source in sources {
        for named in source.split("Rule::").skip(1) {
            let name: String = named.chars().take_while(|c| c.is_alphanumeric()).collect();
            assert!(RULES.iter().any(|rule| format!("{rule:?}") == name), "{name}");
        }
    }
}

#[test]
fn the_table_and_the_wire_agree() {
    use super::super::role::{Phase, broken_rule};
    // What nobody may send in a state is refused in all versions.
    for version in VERSIONS {
        for packet in PacketType::ALL {
            let first = broken_rule(Role::Server, Phase::AwaitConnect, version, packet);
            assert_eq!(first.is_none(), packet == PacketType::Connect);
            let client = broken_rule(Role::Client, Phase::AwaitConnAck, version, packet);
            let auth = packet == PacketType::Auth && version.has_properties();
            assert_eq!(client.is_none(), packet == PacketType::ConnAck || auth);
            assert!(broken_rule(Role::Server, Phase::Left, version, packet).is_some());
        }
    }
}
