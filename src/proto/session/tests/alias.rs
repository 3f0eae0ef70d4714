use super::*;

fn with_aliases() -> Pair {
    let mut pair = Pair::new(Version::V5);
    let limits = Limits { topic_alias_maximum: 2, send_alias_maximum: 10, ..Limits::default() };
    (pair.client.limits, pair.server.limits) = (limits, limits);
    pair.connect();
    pair.client.take_seen();
    pair.server.take_seen();
    pair
}

/// Shows: 5.0 MQTT-3.2.2-17, 5.0 MQTT-3.3.2-9, 5.0 MQTT-3.3.2-10, 5.0 MQTT-3.3.2-11, 5.0 MQTT-3.3.2-12
/// Shows: 5.0 MQTT-3.1.2-26
#[test]
fn aliases_shorten_both_ways_and_resolve() {
    for qos in [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce] {
        let mut pair = with_aliases();
        let now = pair.now;
        pair.client.link().set_tracing(true);
        let topics = ["one/topic", "two/topic", "three/topic", "one/topic", "two/topic", "three/topic"];
        for topic in topics {
            pair.client.publish(now, topic, b"", qos, 0);
            pair.server.publish(now, topic, b"", qos, 0);
        }
        pair.run();
        for end in [&mut pair.client, &mut pair.server] {
            assert_eq!(end.violation(), None);
            let seen = end.take_seen();
            let names = seen.iter().filter_map(|seen| match seen {
                Seen::Publish(publish, _) => Some(publish.topic.to_string()),
                _ => None,
            });
            assert_eq!(names.collect::<Vec<_>>(), topics);
        }
        let trace = pair.client.link().take_trace();
        for sender in [crate::wire::Sender::Client, crate::wire::Sender::Server] {
            let written =
                trace.iter().filter(|packet| packet.sender == sender).filter_map(|packet| packet.publish.as_ref());
            let written: Vec<&str> = written.map(|publish| &*publish.3).collect();
            assert_eq!(written, ["one/topic", "two/topic", "three/topic", "", "", "three/topic"]);
        }
    }
}

/// Shows: 5.0 MQTT-3.3.2-7
#[test]
fn aliases_end_with_the_connection() {
    let mut pair = with_aliases();
    let now = pair.now;
    for _ in 0..2 {
        pair.client.publish(now, "topic", b"", QoS::AtMostOnce, 0);
        pair.run();
        assert_eq!(pair.server.take_payloads(), [""]);
        pair.connect();
        assert_eq!(pair.server.violation(), None);
    }
}

#[test]
fn a_message_that_is_too_large_leaves_no_alias_behind() {
    let mut pair = Pair::new(Version::V5);
    pair.server.limits = Limits { topic_alias_maximum: 2, maximum_packet_size: 60, ..Limits::default() };
    pair.client.limits.send_alias_maximum = 2;
    pair.connect();
    let now = pair.now;
    assert_eq!(pair.client.publish(now, "topic", &[0; 100], QoS::AtMostOnce, 0), Sent::Dropped(Dropped::TooLarge));
    pair.client.publish(now, "topic", b"ok", QoS::AtMostOnce, 0);
    pair.run();
    assert_eq!(pair.server.take_payloads(), ["ok"]);
    assert_eq!(pair.server.violation(), None);
}

#[test]
fn an_alias_may_be_given_to_another_topic() {
    let mut pair = with_aliases();
    let now = pair.now;
    let mut packet = publish("a", b"", QoS::AtMostOnce, 0);
    packet.properties.push(Property::TopicAlias(2));
    let link = pair.server.link();
    let mut resolved = Vec::new();
    for topic in ["a", "", "b", ""] {
        packet.topic = topic.into();
        let bytes = encoded(&Packet::Publish(packet.clone()), Version::V5);
        let Some(Event::Publish { publish, alias, .. }) = link.recv(now, &bytes).unwrap().event else { panic!() };
        resolved.push(alias.map_or(publish.topic.to_string(), |alias| alias.to_string()));
    }
    assert_eq!(resolved, ["a", "a", "b", "b"]);
}
