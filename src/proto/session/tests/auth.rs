use super::*;

fn auth(reason: ReasonCode, data: &'static [u8]) -> Auth {
    Auth { reason, properties: Properties::from_iter([Property::AuthenticationData(bytes::Bytes::from_static(data))]) }
}

fn with_method() -> Pair {
    let mut pair = Pair::new(Version::V5);
    pair.connect.properties.push(Property::AuthenticationMethod("SCRAM".into()));
    pair.accepts = false;
    pair
}

fn data(seen: &[Seen]) -> Vec<(ReasonCode, Vec<u8>)> {
    let steps = seen.iter().filter_map(|seen| match seen {
        Seen::Auth(auth) => Some((auth.reason, auth.properties.authentication_data().unwrap().to_vec())),
        _ => None,
    });
    steps.collect()
}

/// Shows: 5.0 MQTT-4.12.0-2, 5.0 MQTT-4.12.0-3, 5.0 MQTT-4.12.0-5, 5.0 MQTT-4.12.1-1
#[test]
fn a_handshake_with_two_rounds_and_a_re_authentication() {
    let mut pair = with_method();
    pair.connect();
    for round in [&b"1"[..], b"2"] {
        pair.server.link().send_auth(&auth(ReasonCode::ContinueAuthentication, round)).unwrap();
        assert!(!pair.server.link().is_deciding());
        pair.run();
        assert_eq!(data(&pair.client.take_seen()), [(ReasonCode::ContinueAuthentication, round.to_vec())]);
        pair.client.link().send_auth(&auth(ReasonCode::ContinueAuthentication, b"answer")).unwrap();
        pair.run();
        assert_eq!(data(&pair.server.take_seen()), [(ReasonCode::ContinueAuthentication, b"answer".to_vec())]);
        assert!(pair.server.link().is_deciding());
    }
    let now = pair.now;
    pair.server.link().accept(now, Session::default(), ConnAck::accepted(false));
    pair.run();
    let seen = pair.client.take_seen();
    let [Seen::Connected(ack)] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!(ack.properties.authentication_method().unwrap(), "SCRAM");

    // Messages pass while the re-authentication goes on.
    pair.client.link().send_auth(&auth(ReasonCode::ReAuthenticate, b"again")).unwrap();
    pair.client.publish(now, "t", b"meanwhile", QoS::AtLeastOnce, 1);
    pair.run();
    assert_eq!(data(&pair.server.take_seen()), [(ReasonCode::ReAuthenticate, b"again".to_vec())]);
    pair.server.link().send_auth(&auth(ReasonCode::ContinueAuthentication, b"3")).unwrap();
    pair.run();
    pair.client.link().send_auth(&auth(ReasonCode::ContinueAuthentication, b"4")).unwrap();
    pair.run();
    pair.server.link().send_auth(&auth(ReasonCode::Success, b"5")).unwrap();
    pair.run();
    let seen = pair.client.take_seen();
    assert_eq!(
        data(&seen),
        [(ReasonCode::ContinueAuthentication, b"3".to_vec()), (ReasonCode::Success, b"5".to_vec())]
    );
    assert!(seen.contains(&Seen::Completed(1, ReasonCode::Success)));
}

/// Shows: 5.0 MQTT-4.12.0-7, 5.0 MQTT-4.12.1-1, 5.0 MQTT-4.12.0-5
#[test]
fn what_is_out_of_turn_is_refused_before_it_is_written() {
    let mut pair = with_method();
    pair.connect();
    let client = pair.client.link();
    assert!(client.send_auth(&auth(ReasonCode::ContinueAuthentication, b"")).is_err(), "the server has not asked");
    assert!(client.send_auth(&auth(ReasonCode::ReAuthenticate, b"")).is_err(), "not connected yet");
    assert!(pair.server.link().send_auth(&auth(ReasonCode::Success, b"")).is_err(), "CONNACK says that");
    let mut other = auth(ReasonCode::ContinueAuthentication, b"");
    other.properties.push(Property::AuthenticationMethod("PLAIN".into()));
    assert!(pair.server.link().send_auth(&other).is_err());
    let mut without = Pair::connected(Version::V5);
    assert!(without.client.link().send_auth(&auth(ReasonCode::ReAuthenticate, b"")).is_err());
}

/// Shows: 5.0 MQTT-4.12.0-4
#[test]
fn a_server_may_refuse_in_the_middle() {
    let mut pair = with_method();
    pair.connect();
    pair.server.link().send_auth(&auth(ReasonCode::ContinueAuthentication, b"1")).unwrap();
    pair.run();
    pair.client.link().send_auth(&auth(ReasonCode::ContinueAuthentication, b"wrong")).unwrap();
    pair.run();
    pair.client.take_seen();
    pair.server.link().refuse(ConnAck::refused(ReasonCode::NotAuthorized));
    pair.run();
    assert!(matches!(&pair.client.take_seen()[..], [Seen::Connected(ack)] if ack.reason == ReasonCode::NotAuthorized));
}

#[test]
fn each_step_has_its_own_time() {
    let mut pair = with_method();
    pair.connect();
    pair.now = pair.now + std::time::Duration::from_secs(60);
    let now = pair.now;
    // The owner may take its time; after that the client has the whole of it again.
    assert_eq!(pair.server.link().poll_timeout(), None);
    pair.server.link().handle_timeout(now).unwrap();
    pair.server.link().send_auth(&auth(ReasonCode::ContinueAuthentication, b"1")).unwrap();
    assert_eq!(pair.server.link().poll_timeout(), Some(now + std::time::Duration::from_secs(10)));
}
