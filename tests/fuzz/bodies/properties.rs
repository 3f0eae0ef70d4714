//! Lists of properties in every packet: what is written is read back as it was, and what may not stand is refused by
//! encoder and decoder alike.

use bytes::Bytes;
use mqtt_proto::packet::*;
use mqtt_proto::wire::{decode, encode, frame};
use mqtt_proto::{MAXIMUM_REMAINING_LENGTH, ReasonCode, Text, Version};

use super::Choices;

pub(super) fn run(data: &[u8]) {
    let mut choices = Choices(data);
    let kind = choices.below(14);
    let mut list = Properties::new();
    let count = choices.below(9);
    (0..count).for_each(|_| push(&mut list, property(&mut choices)));
    let packet = packet(kind, list.clone());
    let mut out = Vec::new();
    match encode::packet(&packet, Version::V5, MAXIMUM_REMAINING_LENGTH, &mut out) {
        Ok(()) => {
            let frame = frame::split(&out, Version::V5, u32::MAX).unwrap().expect("a whole packet");
            assert_eq!(frame.bytes.len(), out.len());
            let read = decode::packet(Bytes::copy_from_slice(&out), frame.parts(), Version::V5, None);
            assert_eq!(read.unwrap_or_else(|error| panic!("{error}: {packet:?}")), packet);
        }
        Err(_) => assert!(out.is_empty(), "an error leaves nothing behind"),
    }
    // The same bytes as a list that nobody has checked: length and then whatever there is.
    let raw = choices.rest();
    let raw = &raw[..raw.len().min(100)];
    let mut bytes = vec![0x30, raw.len() as u8 + 4, 0, 1, b't', raw.len() as u8];
    bytes.extend_from_slice(raw);
    let frame = frame::split(&bytes, Version::V5, u32::MAX).unwrap().expect("a whole packet");
    if let Ok(Packet::Publish(publish)) =
        decode::packet(Bytes::copy_from_slice(&bytes), frame.parts(), Version::V5, None)
    {
        assert!(publish.payload.is_empty());
        let mut again = Vec::new();
        encode::publish(&publish, Version::V5, u32::MAX, &mut again).unwrap();
        assert_eq!(again, bytes, "properties have one form only");
    }
}

fn push(list: &mut Properties, property: Property) {
    let before = list.encoded_len();
    let length = property.encoded_len();
    list.push(property);
    assert_eq!(list.encoded_len(), before + length);
}

fn property(choices: &mut Choices<'_>) -> Property {
    let ids = PropertyId::ALL;
    let id = ids[choices.below(ids.len())];
    let mut text = || Text::from(choices.text(20));
    match id {
        PropertyId::ContentType => Property::ContentType(text()),
        PropertyId::ResponseTopic => Property::ResponseTopic(text()),
        PropertyId::AssignedClientIdentifier => Property::AssignedClientIdentifier(text()),
        PropertyId::AuthenticationMethod => Property::AuthenticationMethod(text()),
        PropertyId::ResponseInformation => Property::ResponseInformation(text()),
        PropertyId::ServerReference => Property::ServerReference(text()),
        PropertyId::ReasonString => Property::ReasonString(text()),
        PropertyId::UserProperty => Property::UserProperty(text(), text()),
        PropertyId::CorrelationData => Property::CorrelationData(Bytes::copy_from_slice(choices.bytes(9))),
        PropertyId::AuthenticationData => Property::AuthenticationData(Bytes::copy_from_slice(choices.bytes(9))),
        PropertyId::PayloadFormatIndicator => Property::PayloadFormatIndicator(choices.byte()),
        PropertyId::RequestProblemInformation => Property::RequestProblemInformation(choices.byte()),
        PropertyId::RequestResponseInformation => Property::RequestResponseInformation(choices.byte()),
        PropertyId::MaximumQoS => Property::MaximumQoS(choices.byte()),
        PropertyId::RetainAvailable => Property::RetainAvailable(choices.byte()),
        PropertyId::WildcardSubscriptionAvailable => Property::WildcardSubscriptionAvailable(choices.byte()),
        PropertyId::SubscriptionIdentifierAvailable => Property::SubscriptionIdentifierAvailable(choices.byte()),
        PropertyId::SharedSubscriptionAvailable => Property::SharedSubscriptionAvailable(choices.byte()),
        PropertyId::ServerKeepAlive => Property::ServerKeepAlive(choices.number() as u16),
        PropertyId::ReceiveMaximum => Property::ReceiveMaximum(choices.number() as u16),
        PropertyId::TopicAliasMaximum => Property::TopicAliasMaximum(choices.number() as u16),
        PropertyId::TopicAlias => Property::TopicAlias(choices.number() as u16),
        PropertyId::MessageExpiryInterval => Property::MessageExpiryInterval(choices.number()),
        PropertyId::SessionExpiryInterval => Property::SessionExpiryInterval(choices.number()),
        PropertyId::WillDelayInterval => Property::WillDelayInterval(choices.number()),
        PropertyId::MaximumPacketSize => Property::MaximumPacketSize(choices.number()),
        PropertyId::SubscriptionIdentifier => Property::SubscriptionIdentifier(choices.number()),
    }
}

fn packet(kind: usize, properties: Properties) -> Packet {
    let packet_id = PacketId::FIRST;
    let ack = |properties| Ack { properties, ..Ack::success(packet_id) };
    let reasons = vec![ReasonCode::Success];
    match kind {
        0 => Packet::Connect(Box::new(Connect { properties, ..Connect::new(Version::V5, "c") })),
        1 => Packet::ConnAck(Box::new(ConnAck { properties, ..ConnAck::accepted(false) })),
        2 => Packet::PubAck(ack(properties)),
        3 => Packet::PubRec(ack(properties)),
        4 => Packet::PubRel(ack(properties)),
        5 => Packet::PubComp(ack(properties)),
        6 => {
            let subscriptions = vec![Subscription::new("a", QoS::AtMostOnce)];
            Packet::Subscribe(Subscribe { packet_id, subscriptions, properties })
        }
        7 => Packet::SubAck(SubAck { packet_id, reasons, properties }),
        8 => Packet::Unsubscribe(Unsubscribe { packet_id, filters: vec!["a".into()], properties }),
        9 => Packet::UnsubAck(UnsubAck { packet_id, reasons, properties }),
        10 => Packet::Disconnect(Disconnect { properties, ..Disconnect::new(ReasonCode::Success) }),
        11 => Packet::Auth(Auth { reason: ReasonCode::ContinueAuthentication, properties }),
        12 => {
            let (topic, payload) = ("w".into(), Bytes::new());
            let will = Will { topic, payload, qos: QoS::AtMostOnce, retain: false, properties };
            Packet::Connect(Box::new(Connect { will: Some(will), ..Connect::new(Version::V5, "c") }))
        }
        _ => Packet::Publish(Publish {
            dup: false,
            qos: QoS::AtMostOnce,
            retain: false,
            topic: "t".into(),
            packet_id: None,
            properties,
            payload: Bytes::new(),
        }),
    }
}
