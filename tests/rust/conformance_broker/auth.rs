//! Extended authentication (sections 3.15 and 4.12).

use std::sync::Arc;

use mqtt_broker::{AuthenticateAnswer, AuthenticateRequest, AuthenticateStep, Hooks, Interests, Reply};
use mqtt_proto::packet::{Auth, Connect, Packet, Property, QoS};
use mqtt_proto::{ReasonCode, Version};

use super::wire::{Peer, Server, connect, message, properties, serve, serve_hooked};

/// A method of three steps: the client says 1, 2, 3; anything else is refused.
struct Counting;

impl Hooks for Counting {
    fn interests(&self) -> Interests {
        Interests::none().authenticate()
    }

    fn on_authenticate(&self, request: AuthenticateRequest, reply: Reply<AuthenticateAnswer>) {
        let known = &*request.method == "counting";
        let data = request.data.as_deref();
        reply.answer(match (known, request.step, data) {
            (false, ..) => AuthenticateAnswer::Refuse(ReasonCode::BadAuthenticationMethod),
            (_, AuthenticateStep::Begin | AuthenticateStep::ReAuthenticate, Some(b"1")) => {
                AuthenticateAnswer::Continue(Some("after 1".into()))
            }
            (_, AuthenticateStep::Continue, Some(b"2")) => AuthenticateAnswer::Continue(None),
            (_, AuthenticateStep::Continue, Some(b"3")) => {
                AuthenticateAnswer::Accept { data: Some("done".into()), user_name: None }
            }
            _ => AuthenticateAnswer::Refuse(ReasonCode::NotAuthorized),
        });
    }
}

fn with_method(method: &str, data: &str) -> Connect {
    let mut connect = connect(Version::V5, "c");
    connect.properties = properties([
        Property::AuthenticationMethod(method.into()),
        Property::AuthenticationData(data.to_owned().into()),
    ]);
    connect
}

fn auth(reason: ReasonCode, method: &str, data: &str) -> Packet {
    let method = Property::AuthenticationMethod(method.into());
    Packet::Auth(Auth {
        reason,
        properties: properties([method, Property::AuthenticationData(data.to_owned().into())]),
    })
}

/// The broker's next step.
fn step(peer: &mut Peer, reason: ReasonCode, data: Option<&str>) {
    let Packet::Auth(auth) = peer.next() else { panic!("AUTH") };
    assert_eq!(auth.reason, reason);
    assert_eq!(auth.properties.authentication_method().map(|method| &**method), Some("counting"));
    assert_eq!(auth.properties.authentication_data().map(|data| &**data), data.map(str::as_bytes));
}

fn authenticated(server: &Server) -> Peer {
    use ReasonCode::ContinueAuthentication;
    let mut peer = server.dial(Version::V5);
    peer.send(&Packet::Connect(Box::new(with_method("counting", "1"))));
    step(&mut peer, ContinueAuthentication, Some("after 1"));
    peer.send(&auth(ContinueAuthentication, "counting", "2"));
    step(&mut peer, ContinueAuthentication, None);
    peer.send(&auth(ContinueAuthentication, "counting", "3"));
    let ack = peer.connack();
    assert_eq!(ack.reason, ReasonCode::Success);
    assert_eq!(ack.properties.authentication_method().map(|method| &**method), Some("counting"));
    assert_eq!(ack.properties.authentication_data().map(|data| &**data), Some(&b"done"[..]));
    peer
}

/// Shows: 5.0 MQTT-4.12.0-2, 5.0 MQTT-4.12.0-5, 5.0 MQTT-3.15.2-1, 5.0 MQTT-3.2.0-1
#[test]
fn authentication_goes_in_steps_under_one_method() {
    let server = serve_hooked(Arc::new(Counting), |_| ());
    authenticated(&server).quiet();
}

/// Shows: 5.0 MQTT-4.12.0-5, 5.0 MQTT-3.15.2-1
#[test]
fn a_living_connection_authenticates_again_while_messages_flow() {
    let server = serve_hooked(Arc::new(Counting), |_| ());
    let mut peer = authenticated(&server);
    peer.subscribe("t", QoS::AtMostOnce);
    peer.send(&auth(ReasonCode::ReAuthenticate, "counting", "1"));
    step(&mut peer, ReasonCode::ContinueAuthentication, Some("after 1"));
    peer.start(message("t", "between", QoS::AtMostOnce));
    assert_eq!(peer.hear(), "between");
    peer.send(&auth(ReasonCode::ContinueAuthentication, "counting", "3"));
    step(&mut peer, ReasonCode::Success, Some("done"));
    peer.quiet();
}

/// Shows: 5.0 MQTT-4.12.1-2, 5.0 MQTT-3.14.4-2
#[test]
fn a_failed_re_authentication_ends_the_connection() {
    let server = serve_hooked(Arc::new(Counting), |_| ());
    let mut peer = authenticated(&server);
    peer.send(&auth(ReasonCode::ReAuthenticate, "counting", "wrong"));
    peer.ended(ReasonCode::NotAuthorized);
    let mut peer = authenticated(&server);
    peer.send(&auth(ReasonCode::ReAuthenticate, "counting", "1"));
    step(&mut peer, ReasonCode::ContinueAuthentication, Some("after 1"));
    peer.send(&auth(ReasonCode::ContinueAuthentication, "counting", "wrong"));
    peer.ended(ReasonCode::NotAuthorized);
    // Another method than that of CONNECT.
    let mut peer = authenticated(&server);
    peer.send(&auth(ReasonCode::ReAuthenticate, "other", "1"));
    peer.ended(ReasonCode::ProtocolError);
}

/// Shows: 5.0 MQTT-4.12.0-1
#[test]
fn an_unknown_method_is_refused() {
    let server = serve_hooked(Arc::new(Counting), |_| ());
    let (mut peer, ack) = server.try_connect(with_method("other", "1"));
    assert_eq!(ack.reason, ReasonCode::BadAuthenticationMethod);
    peer.closed();
    // Where no method is known at all.
    let server = serve();
    let (mut peer, ack) = server.try_connect(with_method("counting", "1"));
    assert_eq!(ack.reason, ReasonCode::BadAuthenticationMethod);
    peer.closed();
}

/// Shows: 5.0 MQTT-4.12.0-4, 5.0 MQTT-3.2.2-7
#[test]
fn authentication_may_fail_at_every_step() {
    let server = serve_hooked(Arc::new(Counting), |_| ());
    let (mut peer, ack) = server.try_connect(with_method("counting", "wrong"));
    assert_eq!(ack.reason, ReasonCode::NotAuthorized);
    peer.closed();
    let mut peer = server.dial(Version::V5);
    peer.send(&Packet::Connect(Box::new(with_method("counting", "1"))));
    step(&mut peer, ReasonCode::ContinueAuthentication, Some("after 1"));
    peer.send(&auth(ReasonCode::ContinueAuthentication, "counting", "wrong"));
    assert_eq!(peer.connack().reason, ReasonCode::NotAuthorized);
    peer.closed();
}

/// Shows: 5.0 MQTT-4.12.0-6
#[test]
fn without_a_method_there_is_no_auth() {
    let server = serve_hooked(Arc::new(Counting), |_| ());
    let (mut peer, ack) = server.connect(connect(Version::V5, "c"));
    assert_eq!(ack.properties.authentication_method(), None);
    assert_eq!(ack.properties.authentication_data(), None);
    peer.quiet();
    peer.send(&auth(ReasonCode::ReAuthenticate, "counting", "1"));
    peer.ended(ReasonCode::ProtocolError);
}

/// Between CONNECT and CONNACK only AUTH and DISCONNECT are taken.
/// Shows: 5.0 MQTT-3.1.4-6, 5.0 MQTT-3.14.0-1
#[test]
fn other_packets_during_authentication_end_it() {
    let server = serve_hooked(Arc::new(Counting), |_| ());
    for packet in [Packet::PingReq, Packet::Publish(message("t", "x", QoS::AtMostOnce))] {
        let mut peer = server.dial(Version::V5);
        peer.send(&Packet::Connect(Box::new(with_method("counting", "1"))));
        step(&mut peer, ReasonCode::ContinueAuthentication, Some("after 1"));
        peer.send(&packet);
        assert_eq!(peer.connack().reason, ReasonCode::ProtocolError);
        peer.closed();
    }
    let mut peer = server.dial(Version::V5);
    peer.send(&Packet::Connect(Box::new(with_method("counting", "1"))));
    step(&mut peer, ReasonCode::ContinueAuthentication, Some("after 1"));
    peer.send(&auth(ReasonCode::ContinueAuthentication, "other", "2"));
    assert!(peer.connack().reason.is_error());
    peer.closed();
}

/// Shows: 5.0 MQTT-3.15.2-2, 5.0 MQTT-3.15.2-3, 5.0 MQTT-3.1.2-24
#[test]
fn a_step_that_is_too_large_for_the_client_is_not_sent() {
    let server = serve_hooked(Arc::new(Counting), |_| ());
    let mut connect = with_method("counting", "1");
    connect.properties.push(Property::MaximumPacketSize(20));
    let mut peer = server.dial(Version::V5);
    peer.send(&Packet::Connect(Box::new(connect)));
    let answer = peer.rest();
    assert!(answer.len() <= 20 && answer[0] == 0x20 && answer[3] >= 0x80, "{answer:02X?}");
}
