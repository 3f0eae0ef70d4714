use std::net::TcpListener;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use mqtt_client::{Error, Event, VersionChoice, Wait};
use mqtt_proto::packet::{Disconnect, PacketType, Property, QoS};
use mqtt_proto::{ReasonCode, Version};

use super::server::{Peer, Seen, echo, serve};
use super::{client, client_with, publish, soon};

/// Shows: 5.0 MQTT-3.14.4-2, 3.1 §3.14
#[test]
fn connects_and_says_who_it_is() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        let connect = peer.welcome();
        assert!(matches!(peer.next(), Seen::Disconnect(d) if d.reason == ReasonCode::DisconnectWithWill));
        assert!(matches!(peer.next(), Seen::End));
        connect
    });
    let uri = uri.replace("mqtt://", "mqtt://joe:secret@");
    let client = client_with(&uri, |options| options.keep_alive = 17);
    assert!(!client.is_connected());
    let conn_ack = client.connect(soon()).unwrap();
    assert!(client.is_connected() && !conn_ack.session_present);
    assert_eq!(client.connect(soon()).unwrap(), conn_ack, "a second call finds the connection");
    client.disconnect(&Disconnect::new(ReasonCode::DisconnectWithWill), soon()).unwrap();
    assert!(!client.is_connected());

    let connect = server.join().unwrap();
    assert_eq!(connect.version, Version::V5);
    assert_eq!(connect.user_name.as_deref(), Some("joe"));
    assert_eq!(connect.password.as_deref(), Some(&b"secret"[..]));
    assert_eq!((connect.keep_alive, connect.clean_start), (17, true));
    assert_eq!(connect.properties.session_expiry_interval(), Some(300));
    assert_eq!(connect.properties.receive_maximum(), Some(1024));
    assert_eq!(connect.client_id, client.options().client_id);
    assert!(connect.client_id.len() <= 23 && connect.client_id.starts_with("mqtt-"));
}

/// Shows: 5.0 MQTT-4.13.2-1
#[test]
fn a_refusal_names_server_and_reason() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.connect();
        peer.refuse(ReasonCode::BadUserNameOrPassword);
        assert!(matches!(peer.next(), Seen::End));
        listener
    });
    let client = client(&uri);
    let error = client.connect(soon()).unwrap_err();
    assert!(matches!(&error, Error::Connect { reason: ReasonCode::BadUserNameOrPassword, .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.contains("127.0.0.1") && text.contains("bad user name or password"), "{text}");
    // The listener would take another attempt, but nothing follows.
    let listener = server.join().unwrap();
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err() && !client.is_connected());
}

#[test]
fn nobody_listens() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let client = client(&format!("mqtt://127.0.0.1:{port}"));
    let error = client.connect(soon()).unwrap_err();
    assert!(matches!(error, Error::Transport(_)) && error.to_string().contains(&port.to_string()), "{error}");
    // What only the background could deliver is told to whoever waits for it.
    let token = publish(&client, "t", b"", QoS::AtLeastOnce);
    let error = client.wait(token, soon()).unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error}");
    assert_eq!(client.close(Duration::ZERO).publishes, 1, "and counted at the end");
    assert!(matches!(client.connect(soon()), Err(Error::Closed { .. })));
}

#[test]
fn a_server_that_says_nothing_costs_the_connect_timeout_only() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.connect();
        let first = peer.next();
        let mut peer = Peer::accept(&listener);
        peer.connect();
        peer.next();
        first
    });
    let client = client_with(&uri, |options| options.connect_timeout = Duration::from_millis(100));
    let started = Instant::now();
    let error = client.connect(soon()).unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(5) && started.elapsed() >= Duration::from_millis(90));
    assert!(matches!(&error, Error::Timeout { .. }) && error.to_string().contains("CONNECT"), "{error}");
    let error = client.receive(Wait::forever()).unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "not taken for the end of the wait: {error}");
    assert!(matches!(server.join().unwrap(), Seen::End));
}

#[test]
fn the_callers_timeout_ends_the_attempt() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.connect();
        peer.next()
    });
    let client = client(&uri);
    let error = client.connect(Wait::at_most(Duration::from_millis(50))).unwrap_err();
    assert!(matches!(&error, Error::Timeout { .. }) && error.to_string().contains("127.0.0.1"), "{error}");
    assert!(matches!(server.join().unwrap(), Seen::End), "the socket is closed");
}

#[test]
fn the_hook_interrupts() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.connect();
        peer.next()
    });
    let client = client(&uri);
    let mut calls = 0;
    let mut hook = || {
        calls += 1;
        // The hook may use the client it interrupts.
        assert!(!client.is_connected());
        if calls == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let error = client.connect(Wait::forever().with_hook(&mut hook)).unwrap_err();
    assert!(matches!(error, Error::Interrupted { .. }), "{error}");
    assert_eq!(calls, 2);
    server.join().unwrap();
}

#[test]
fn an_older_server_gets_the_older_version() {
    // The answer of a server that knows only MQTT 3.1.1 was taken for a broken CONNACK of MQTT 5, and asked for again.
    for way in ["refuses", "closes", "answers as MQTT 3.1.1"] {
        let (uri, server) = serve(move |listener| {
            let mut peer = Peer::accept(&listener);
            let first = peer.connect().version;
            match way {
                "refuses" => peer.refuse(ReasonCode::UnsupportedProtocolVersion),
                "closes" => {
                    // Once may be chance.
                    drop(peer.cut());
                    let mut peer = Peer::accept(&listener);
                    assert_eq!(peer.connect().version, Version::V5);
                    drop(peer.cut());
                }
                _ => peer.write_raw(&[0x20, 0x02, 0x00, 0x01]),
            }
            let mut peer = Peer::accept(&listener);
            let second = peer.welcome().version;
            assert!(matches!(peer.next(), Seen::Disconnect(_)));
            (first, second)
        });
        let client = client(&uri);
        client.connect(soon()).unwrap();
        client.close(Duration::from_secs(1));
        assert_eq!(server.join().unwrap(), (Version::V5, Version::V3_1_1));
    }
}

#[test]
fn a_fixed_version_stays() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.connect();
        peer.refuse(ReasonCode::UnsupportedProtocolVersion);
        listener
    });
    let client = client_with(&uri, |options| options.version = VersionChoice::Only(Version::V5));
    let error = client.connect(soon()).unwrap_err();
    assert_eq!(error.reason(), ReasonCode::UnsupportedProtocolVersion);
    let listener = server.join().unwrap();
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err());
}

#[test]
fn servers_are_tried_in_turn() {
    let dead = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (uri, server) = echo(1);
    let client = client_with(&format!("mqtt://{dead}"), |options| options.add_server(&uri).unwrap());
    client.connect(soon()).unwrap();
    client.close(Duration::from_secs(1));
    server.join().unwrap();
}

#[test]
fn connecting_without_waiting_tells_by_event() {
    let (uri, server) = echo(1);
    let client = client(&uri);
    let token = client.start_connect().unwrap();
    assert!(matches!(client.wait_event(soon()).unwrap(), Some(Event::Connected { resumed: false, .. })));
    assert_eq!(client.wait(token, soon()).unwrap(), ReasonCode::Success);
    let token = client.start_disconnect(&Disconnect::new(ReasonCode::Success)).unwrap();
    assert!(matches!(client.wait_event(soon()).unwrap(), Some(Event::Disconnected { retry_in: None, .. })));
    assert_eq!(client.wait(token, soon()).unwrap(), ReasonCode::Success);
    server.join().unwrap();
}

/// Shows: 5.0 MQTT-3.1.2-20, 5.0 MQTT-3.1.2-21, 5.0 MQTT-3.2.2-21
#[test]
fn keeps_alive_while_the_caller_sleeps() {
    let (seen_pings, pings) = std::sync::mpsc::channel();
    let (uri, server) = serve(move |listener| {
        let mut peer = Peer::accept(&listener);
        peer.connect();
        let now = mqtt_proto::Time::from_millis(2);
        let mut ack = mqtt_proto::packet::ConnAck::accepted(false);
        ack.properties.push(Property::ServerKeepAlive(1));
        peer.link.accept(now, super::server::new_session(), ack);
        peer.write();
        let mut count = 0;
        while count < 2 {
            let seen = peer.next_within(Duration::from_millis(200));
            assert!(matches!(seen, Seen::Silence), "{seen:?}");
            count += peer.trace().iter().filter(|trace| trace.packet_type == PacketType::PingReq).count();
        }
        seen_pings.send(()).unwrap();
        assert!(matches!(peer.next(), Seen::Disconnect(_)));
    });
    let client = client(&uri);
    client.connect(soon()).unwrap();
    // This thread does nothing for the client meanwhile.
    pings.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(client.is_connected());
    client.close(Duration::from_secs(1));
    server.join().unwrap();
}
