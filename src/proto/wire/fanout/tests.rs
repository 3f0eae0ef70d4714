//! Whatever came in, and whoever gets it: the bytes equal those of `encode::publish` for the expected packet.

use super::*;
use crate::MAXIMUM_REMAINING_LENGTH;
use crate::packet::Publish;
use crate::wire::{decode, encode, frame};

const VERSIONS: [Version; 3] = [Version::V3_1, Version::V3_1_1, Version::V5];
const LEVELS: [QoS; 3] = [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce];
const ANY_SIZE: u32 = MAXIMUM_REMAINING_LENGTH + 5;

/// What is passed on of [`incoming`], in order.
fn passed_on() -> Vec<Property> {
    vec![
        Property::PayloadFormatIndicator(1),
        Property::MessageExpiryInterval(60),
        Property::UserProperty("k".into(), "1".into()),
        Property::ContentType("text/plain".into()),
        Property::ResponseTopic("answer".into()),
        Property::CorrelationData(Bytes::from_static(&[0, 255])),
        Property::UserProperty("k".into(), "2".into()),
    ]
}

fn incoming(qos: QoS, properties: Vec<Property>, payload: Bytes) -> Publish {
    Publish {
        dup: qos != QoS::AtMostOnce,
        qos,
        retain: true,
        topic: "a/é".into(),
        packet_id: (qos != QoS::AtMostOnce).then_some(PacketId::FIRST),
        properties: properties.into_iter().collect(),
        payload,
    }
}

fn bytes_of(publish: &Publish, version: Version) -> Vec<u8> {
    let mut out = Vec::new();
    encode::publish(publish, version, ANY_SIZE, &mut out).unwrap();
    out
}

fn view(bytes: &[u8], version: Version) -> PublishView<'_> {
    let frame = frame::split(bytes, version, ANY_SIZE).unwrap().unwrap();
    decode::publish(&frame, version, None).unwrap()
}

fn expected(base: &[Property], topic: &str, payload: &Bytes, delivery: &Delivery<'_>) -> Vec<u8> {
    let mut properties: Properties = base.iter().cloned().collect();
    let mut topic = topic;
    if delivery.version.has_properties() {
        match delivery.alias {
            Alias::None => {}
            Alias::Set(number) => properties.push(Property::TopicAlias(number)),
            Alias::Use(number) => {
                topic = "";
                properties.push(Property::TopicAlias(number));
            }
        }
        properties.extend(delivery.subscription_identifiers.iter().map(|id| Property::SubscriptionIdentifier(*id)));
    }
    let publish = Publish {
        dup: delivery.dup,
        qos: delivery.qos,
        retain: delivery.retain,
        topic: topic.into(),
        packet_id: delivery.packet_id,
        properties,
        payload: payload.clone(),
    };
    bytes_of(&publish, delivery.version)
}

/// Every delivery that differs in something, twice, so that kept layouts are used too.
fn deliveries() -> Vec<Delivery<'static>> {
    let mut all = Vec::new();
    for round in 0..3 {
        for version in VERSIONS {
            for qos in LEVELS {
                for (retain, dup) in [(false, false), (true, false), (false, true)] {
                    for ids in [&[][..], &[1], &[127, 128, 16_384, 268_435_455]] {
                        for alias in [Alias::None, Alias::Set(3), Alias::Use(65_535)] {
                            all.push(Delivery {
                                version,
                                qos,
                                retain,
                                dup: dup && qos != QoS::AtMostOnce,
                                packet_id: (qos != QoS::AtMostOnce).then(|| PacketId::new(500 + round).unwrap()),
                                subscription_identifiers: ids,
                                alias,
                                maximum_packet_size: ANY_SIZE,
                            });
                        }
                    }
                }
            }
        }
    }
    all
}

fn check(mut fanout: Fanout<'_>, base: &[Property], payload: &Bytes, story: &str) {
    for delivery in deliveries() {
        let wanted = expected(base, "a/é", payload, &delivery);
        let mut out = b"before".to_vec();
        assert_eq!(fanout.append(&delivery, &mut out), Some(wanted.len()), "{story}: {delivery:?}");
        assert_eq!(&out[..6], b"before");
        assert_eq!(&out[6..], wanted, "{story}: {delivery:?}");

        let too_small = Delivery { maximum_packet_size: wanted.len() as u32 - 1, ..delivery };
        assert_eq!(fanout.append(&too_small, &mut out), None, "{story}: {delivery:?}");
        assert_eq!(out.len(), 6 + wanted.len());
    }
}

#[test]
fn every_receiver_gets_what_encode_would_write() {
    for payload in [Bytes::from_static(b"hello"), Bytes::new(), Bytes::from(vec![7; 5000])] {
        for version in VERSIONS {
            for qos in LEVELS {
                let base = if version.has_properties() { passed_on() } else { Vec::new() };
                let bytes = bytes_of(&incoming(qos, base.clone(), payload.clone()), version);
                let fanout = Fanout::from_view(view(&bytes, version), "a/é", Time::default());
                check(fanout, &base, &payload, &format!("{version} at {qos:?}"));
            }
        }
    }
}

#[test]
fn alias_and_subscription_identifiers_of_the_incoming_packet_are_not_passed_on() {
    let payload = Bytes::from_static(b"x");
    for topic in ["a/é", ""] {
        let mut properties = passed_on();
        properties.insert(0, Property::SubscriptionIdentifier(9));
        properties.insert(3, Property::TopicAlias(4));
        properties.push(Property::SubscriptionIdentifier(10));
        let mut publish = incoming(QoS::AtLeastOnce, properties, payload.clone());
        publish.topic = topic.into();
        let bytes = bytes_of(&publish, Version::V5);
        let view = view(&bytes, Version::V5);
        assert_eq!(view.subscription_identifiers().collect::<Vec<_>>(), [9, 10]);
        assert_eq!(view.to_publish(), publish);
        check(Fanout::from_view(view, "a/é", Time::default()), &passed_on(), &payload, "aliased");

        let now = Time::from_millis(5000);
        let mut fanout = Fanout::from_view(view, "a/é", now);
        let message = fanout.message();
        assert_eq!((&*message.topic, &message.payload), ("a/é", &payload));
        assert_eq!(message.properties.iter().cloned().collect::<Vec<_>>(), passed_on());
        assert_eq!((message.received_at, message.expires_at), (now, Some(Time::from_millis(65_000))));
    }
}

#[test]
fn parts_and_messages_are_written_like_views() {
    let payload = Bytes::from_static(b"hello");
    let mut properties: Properties = passed_on().into_iter().collect();
    properties.push(Property::TopicAlias(1));
    check(Fanout::from_parts("a/é", &payload, &properties, Time::default()), &passed_on(), &payload, "parts");

    let bytes = bytes_of(&incoming(QoS::AtMostOnce, passed_on(), payload.clone()), Version::V5);
    let message = Arc::clone(Fanout::from_view(view(&bytes, Version::V5), "a/é", Time::default()).message());
    assert_eq!(message, *Fanout::from_parts("a/é", &payload, &properties, Time::default()).message());
    check(Fanout::from_message(message, Time::default()), &passed_on(), &payload, "message");
}

#[test]
fn message_expiry_is_counted_down_for_what_was_kept() {
    let properties: Properties = passed_on().into_iter().collect();
    let message = Arc::new(
        Message { properties, received_at: Time::from_millis(1000), ..Message::new("a/é", "x") }.with_expiry(),
    );
    for (now, left) in [(1000, 60), (1999, 60), (2000, 59), (60_000, 1), (60_999, 1), (99_000, 0)] {
        let mut base = passed_on();
        base[1] = Property::MessageExpiryInterval(left);
        let fanout = Fanout::from_message(Arc::clone(&message), Time::from_millis(now));
        check(fanout, &base, &message.payload, &format!("at {now} ms"));
    }
}

#[test]
fn a_remaining_length_that_is_not_minimal_is_not_passed_on() {
    // MQTT 3.1.1 lets it in; a strict receiver would refuse it.
    let bytes = [0x30, 0x84, 0x00, 0, 1, b'a', b'x'];
    let mut fanout = Fanout::from_view(view(&bytes, Version::V3_1_1), "a", Time::default());
    let mut out = Vec::new();
    let delivery = Delivery { version: Version::V3_1_1, ..deliveries()[0] };
    fanout.append(&delivery, &mut out);
    assert_eq!(out, [0x30, 4, 0, 1, b'a', b'x']);
}
