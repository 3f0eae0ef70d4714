//! Every malformed vector is refused, by the right rule family and with the right reason code; and every rule that
//! the codec knows is raised by something here.

use std::collections::BTreeSet;

use mqtt_proto::wire::Sender;
use mqtt_proto::{Family, ReasonCode, Rule, Version};

use super::vectors::{ANY_SIZE, Vector, decode, load, unhex};

/// Vectors of kind `protocol` that only a session can refuse, by the beginning of their rule. None: all of them
/// show in one packet.
const LEFT_TO_THE_SESSION: &[&str] = &[];

/// Rules about order, state and limits: raised by the session or by topic checks outside the codec.
pub const SESSION_RULES: &[Rule] = &[
    Rule::TopicAliasTooHigh,
    Rule::TopicAliasUnknown,
    Rule::TooManyTopicLevels,
    Rule::QoSNotSupported,
    Rule::RetainNotSupported,
    Rule::SessionExpiryRaised,
    Rule::AuthenticationMethodChanged,
    Rule::AuthNotExpected,
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
];

#[test]
fn malformed_packets_are_refused_with_the_right_family_and_reason() {
    let mut session = 0;
    for vector in refused() {
        let family = match vector.field("kind") {
            "malformed" => Family::Malformed,
            "protocol" => Family::Protocol,
            "version" => Family::Version,
            _ => continue,
        };
        if LEFT_TO_THE_SESSION.iter().any(|rule| vector.field("rule").starts_with(rule)) {
            session += 1;
            continue;
        }
        for &sender in &vector.senders {
            for chunk in [vector.bytes.len(), 1] {
                let (packets, end) = vector.decode(chunk, sender);
                let (id, rule) = (&vector.id, vector.field("rule"));
                let Err(violation) = end else { panic!("{id} ({rule}) from {sender:?}: {packets:?}") };
                assert!(packets.is_empty(), "{id}: {packets:?}");
                assert_eq!(violation.rule.family(), family, "{id} ({rule}): {violation}");
                if let Some(code) = vector.entry["reason_code"].as_u64() {
                    assert_eq!(u64::from(violation.reason().value()), code, "{id} ({rule}): {violation}");
                }
                assert!(!violation.clause().is_empty(), "{id}");
            }
        }
    }
    assert_eq!(session, LEFT_TO_THE_SESSION.len());
}

#[test]
fn incomplete_packets_give_no_packet_and_no_error() {
    let vectors: Vec<Vector> = load("malformed.json");
    let incomplete: Vec<_> = vectors.iter().filter(|vector| vector.field("kind") == "incomplete").collect();
    assert!(!incomplete.is_empty());
    for vector in incomplete {
        for &sender in &vector.senders {
            for chunk in [vector.bytes.len(), 1] {
                let (packets, end) = decode(&vector.bytes, chunk, Some(vector.version), sender);
                assert_eq!((packets.len(), end), (0, Ok(vector.bytes.len())), "{}", vector.id);
            }
        }
    }
}

#[test]
fn our_own_vectors_break_the_rule_that_they_name() {
    for vector in load("own.json") {
        for &sender in &vector.senders {
            let end = vector.decode(1, sender).1;
            let rule = end.map_err(|violation| format!("{:?}", violation.rule));
            assert_eq!(rule, Err(vector.field("name").to_owned()), "{}", vector.id);
        }
    }
}

/// What others have found and what they lack.
fn refused() -> impl Iterator<Item = Vector> {
    load("malformed.json").into_iter().chain(load("own.json"))
}

#[test]
fn a_refused_connect_names_the_version_in_which_the_client_reads_the_answer() {
    for (hex, version, reason) in [
        ("100e00064d51497364700302003c0000", Version::V3_1, ReasonCode::ClientIdentifierNotValid),
        ("100c00044d5154540400003c0000", Version::V3_1_1, ReasonCode::ClientIdentifierNotValid),
        ("100d00044d5154540602003c00000163", Version::V5, ReasonCode::UnsupportedProtocolVersion),
        ("100d00044d5154540302003c000163", Version::V3_1_1, ReasonCode::UnsupportedProtocolVersion),
        ("100e00044d5154540503003c00000163", Version::V5, ReasonCode::MalformedPacket),
    ] {
        let violation = decode(&unhex(hex), usize::MAX, None, Some(Sender::Client)).1.unwrap_err();
        assert_eq!((violation.version, violation.reason()), (version, reason), "{hex}: {violation}");
    }
}

#[test]
fn every_rule_of_the_codec_is_raised_by_a_vector_or_a_case() {
    let mut raised = BTreeSet::new();
    for vector in refused() {
        for &sender in &vector.senders {
            raised.extend(vector.decode(usize::MAX, sender).1.err().map(|violation| format!("{:?}", violation.rule)));
        }
    }

    let session: BTreeSet<_> = SESSION_RULES.iter().map(|rule| format!("{rule:?}")).collect();
    let all: BTreeSet<_> = Rule::ALL.iter().map(|rule| format!("{rule:?}")).collect();
    let codec: BTreeSet<_> = all.difference(&session).cloned().collect();
    assert_eq!(codec.difference(&raised).collect::<Vec<_>>(), Vec::<&String>::new(), "rules that nothing here raises");
    assert_eq!(
        raised.difference(&codec).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "session rules raised by the codec"
    );
    assert_eq!(ANY_SIZE, 268_435_460);
}
