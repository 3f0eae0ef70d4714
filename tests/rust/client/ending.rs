//! How connections end, what follows, and what a caller is told.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use mqtt_client::{Client, Error, Event, Options, VersionChoice, Wait, registry};
use mqtt_proto::packet::{Disconnect, QoS};
use mqtt_proto::{ReasonCode, Version};

use super::server::{Peer, Seen, echo, serve};
use super::{NONE, client, client_with, filter, publish, soon};

fn goodbye() -> Disconnect {
    Disconnect::new(ReasonCode::Success)
}

/// A connection cut before the first CONNACK made the client speak MQTT 3.1.1 for the rest of its life.
#[test]
fn a_cut_before_connack_does_not_lower_the_version() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.connect();
        peer.cut();
        let mut peer = Peer::accept(&listener);
        let version = peer.welcome().version;
        assert!(matches!(peer.next(), Seen::Disconnect(_)));
        version
    });
    let client = client(&uri);
    client.connect(soon()).unwrap();
    client.close(Duration::from_secs(1));
    assert_eq!(server.join().unwrap(), Version::V5);
}

#[test]
fn a_version_that_was_guessed_holds_for_one_connection() {
    let (uri, server) = serve(|listener| {
        let mut versions = Vec::new();
        for _ in 0..2 {
            let mut peer = Peer::accept(&listener);
            versions.push(peer.connect().version);
            peer.cut();
        }
        let mut peer = Peer::accept(&listener);
        versions.push(peer.welcome().version);
        peer.cut();
        let mut peer = Peer::accept(&listener);
        versions.push(peer.welcome().version);
        assert!(matches!(peer.next(), Seen::Disconnect(_)));
        versions
    });
    let client = client(&uri);
    client.connect(soon()).unwrap();
    while !matches!(client.wait_event(soon()).unwrap(), Some(Event::Disconnected { .. })) {}
    while !matches!(client.wait_event(soon()).unwrap(), Some(Event::Connected { .. })) {}
    client.close(Duration::from_secs(1));
    assert_eq!(server.join().unwrap(), [Version::V5, Version::V5, Version::V3_1_1, Version::V5]);
}

/// MQTT 3.1.1 with an identifier of the caller's own began a session anew with every connection, and lost what the server
/// had kept in between.
#[test]
fn mqtt_3_resumes_the_session_of_a_chosen_identifier() {
    for (client_id, expected) in [("chosen", [true, false, false]), ("", [true, true, true])] {
        let (uri, server) = serve(|listener| {
            let mut clean = Vec::new();
            for round in 0..3 {
                let mut peer = Peer::accept(&listener);
                clean.push(peer.welcome().clean_start);
                if round < 2 {
                    peer.cut();
                } else {
                    assert!(matches!(peer.next(), Seen::Disconnect(_)));
                }
            }
            clean
        });
        let client = client_with(&uri, |options| {
            options.version = VersionChoice::Only(Version::V3_1_1);
            options.client_id = client_id.into();
        });
        client.connect(soon()).unwrap();
        let mut connections = 0;
        while connections < 3 {
            connections += u32::from(matches!(client.wait_event(soon()).unwrap(), Some(Event::Connected { .. })));
        }
        client.close(Duration::from_secs(1));
        assert_eq!(server.join().unwrap(), expected, "{client_id:?}");
    }
}

/// Scripts that subscribed and ended left the server with sessions that nobody could resume, and messages for them.
#[test]
fn the_session_of_a_generated_identifier_ends_with_disconnect() {
    for (client_id, expected) in [("", Some(0)), ("chosen", None)] {
        let (uri, server) = echo(1);
        let client = client_with(&uri, |options| options.client_id = client_id.into());
        client.connect(soon()).unwrap();
        client.close(Duration::from_secs(1));
        let seen = server.join().unwrap();
        let Some(Seen::Disconnect(disconnect)) = seen.last() else { panic!("{seen:?}") };
        assert_eq!(disconnect.properties.session_expiry_interval(), expected);
    }
}

/// After disconnect() a publish failed until connect() was called, and one that was handed over while DISCONNECT was on its
/// way was lost.
#[test]
fn whatever_sends_connects_again_after_disconnect() {
    let (uri, server) = echo(3);
    let client = client(&uri);
    client.connect(soon()).unwrap();
    client.disconnect(&goodbye(), soon()).unwrap();
    let error = client.wait_event(soon()).and_then(|_| client.wait_event(soon()));
    let error = error.and_then(|_| client.wait_event(soon())).unwrap_err();
    assert!(matches!(error, Error::Closed { .. }), "who only waits is told: {error}");
    let token = publish(&client, "t", b"1", QoS::AtLeastOnce);
    client.wait(token, soon()).unwrap();

    client.start_disconnect(&goodbye()).unwrap();
    let token = publish(&client, "t", b"2", QoS::AtLeastOnce);
    client.wait(token, soon()).unwrap();
    client.close(Duration::from_secs(5));
    let seen = server.join().unwrap();
    let published = seen.iter().filter(|seen| matches!(seen, Seen::Publish { .. })).count();
    assert_eq!(published, 2);
}

#[test]
fn a_connect_asked_for_while_disconnecting_is_answered() {
    let (uri, server) = echo(2);
    let client = client(&uri);
    client.connect(soon()).unwrap();
    client.start_disconnect(&goodbye()).unwrap();
    let token = client.start_connect().unwrap();
    assert_eq!(client.wait(token, soon()).unwrap(), ReasonCode::Success);
    assert!(client.is_connected());
    client.close(Duration::from_secs(1));
    server.join().unwrap();
}

/// Once a request had disconnected a persistent client, every later request of that process failed.
#[test]
fn a_persistent_client_that_was_disconnected_connects_for_its_next_user() {
    let (uri, server) = echo(2);
    let first = registry::persistent(77, "ending", Options::new(&uri).unwrap()).unwrap();
    first.connect(soon()).unwrap();
    first.disconnect(&goodbye(), soon()).unwrap();
    let second = registry::persistent(77, "ending", Options::new(&uri).unwrap()).unwrap();
    assert!(second.wait_event(soon()).is_ok());
    let is_up = || second.is_connected();
    while !is_up() {
        second.wait_event(soon()).unwrap();
    }
    drop(registry::take(Some(77)));
    second.close(Duration::from_secs(1));
    server.join().unwrap();
}

/// ack() said true for a message whose connection was over, and the copy that came again needed one of its own.
#[test]
fn a_message_of_an_earlier_connection_cannot_be_acknowledged() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        peer.grant();
        peer.send("a", b"m", QoS::AtLeastOnce, 1);
        assert!(matches!(peer.next(), Seen::Publish { .. }), "the client has it");
        let session = peer.cut();
        let mut peer = Peer::accept(&listener);
        peer.connect();
        peer.admit(session, true);
        while !matches!(peer.next(), Seen::Completed(1)) {}
        assert!(matches!(peer.next(), Seen::Disconnect(_)));
    });
    let client = client_with(&uri, |options| options.manual_ack = true);
    client.subscribe(&[filter("a", 1)], NONE, soon()).unwrap();
    let first = client.receive(soon()).unwrap().unwrap();
    publish(&client, "have it", b"", QoS::AtMostOnce);
    let again = client.receive(soon()).unwrap().unwrap();
    assert!(again.dup);
    assert!(!client.ack(first.ack.unwrap(), ReasonCode::Success).unwrap());
    assert!(client.ack(again.ack.unwrap(), ReasonCode::Success).unwrap());
    client.close(Duration::from_secs(5));
    server.join().unwrap();
}

/// With wrong credentials receive() asked the server five times a second, and never told its caller.
#[test]
fn a_refusal_for_good_is_told_and_not_repeated() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.connect();
        peer.refuse(ReasonCode::BadUserNameOrPassword);
        assert!(matches!(peer.next(), Seen::End));
        listener
    });
    let client = client(&uri);
    let error = loop {
        match client.wait_event(soon()) {
            Ok(event) => assert!(matches!(event, Some(Event::Disconnected { retry_in: None, .. })), "{event:?}"),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::Connect { reason: ReasonCode::BadUserNameOrPassword, .. }), "{error}");
    assert!(error.to_string().contains("check the user name and password"), "{error}");
    let listener = server.join().unwrap();
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err(), "asked once");
}

#[test]
fn a_refused_connect_token_tells_the_refusal() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.connect();
        peer.refuse(ReasonCode::NotAuthorized);
        peer.next();
    });
    let client = client(&uri);
    let token = client.start_connect().unwrap();
    let error = client.wait(token, soon()).unwrap_err();
    assert!(matches!(&error, Error::Connect { reason: ReasonCode::NotAuthorized, .. }), "{error}");
    server.join().unwrap();
}

#[test]
fn the_reason_of_a_server_that_disconnects_is_told() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        peer.link.disconnect(&Disconnect::new(ReasonCode::ServerShuttingDown));
        peer.write();
        peer.next();
    });
    let client = client_with(&uri, |options| options.reconnect.enabled = false);
    client.connect(soon()).unwrap();
    let why = loop {
        if let Some(Event::Disconnected { why, .. }) = client.wait_event(soon()).unwrap() {
            break why;
        }
    };
    assert!(matches!(why, Error::Closed { reason: Some(ReasonCode::ServerShuttingDown), .. }), "{why}");
    server.join().unwrap();
}

/// Only the failure of the last server was told: a refusal by the first was hidden by the second, which was down.
#[test]
fn every_server_that_failed_is_named_and_a_refusal_goes_first() {
    let dead = |name: &str| {
        format!("mqtt://{name}:{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port())
    };
    let (one, other) = (dead("127.0.0.1"), dead("127.0.0.1"));
    let client = client_with(&one, |options| options.add_server(&other).unwrap());
    let text = client.connect(soon()).unwrap_err().to_string();
    for uri in [&one, &other] {
        assert!(text.contains(uri.trim_start_matches("mqtt://")), "{text}");
    }

    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.connect();
        peer.refuse(ReasonCode::NotAuthorized);
        peer.next();
    });
    let client = client_with(&uri, |options| options.add_server(&other).unwrap());
    let error = client.connect(soon()).unwrap_err();
    assert!(matches!(error, Error::Connect { .. }), "{error}");
    server.join().unwrap();
}

/// A server of another protocol was said to break the rules of MQTT.
#[test]
fn other_protocols_on_the_port_are_recognised() {
    let cases: [(&[u8], &str); 4] = [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "HTTP on this port: MQTT over WebSocket is ws://"),
        (&[0x15, 3, 1, 0, 2, 2, 70], "TLS on this port: use mqtts://"),
        (b"SSH-2.0-OpenSSH\r\n", "SSH"),
        (b"", "closed the connection instead of answering CONNECT. Servers do that on ports for TLS"),
    ];
    for (answer, expected) in cases {
        let (uri, server) = serve(move |listener| {
            for _ in 0..if answer.is_empty() { 3 } else { 1 } {
                let (mut stream, _) = listener.accept().unwrap();
                let mut connect = [0; 256];
                assert!(stream.read(&mut connect).unwrap() > 0);
                stream.write_all(answer).unwrap();
            }
        });
        let error = client(&uri).connect(soon()).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        server.join().unwrap();
    }
}

/// The warning said that a message was not delivered within 5 s when it had been given up at once.
#[test]
fn closing_tells_how_long_it_tried_and_what_stood_in_the_way() {
    let dead = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client: Client = client(&format!("mqtt://{dead}"));
    publish(&client, "t", b"", QoS::AtLeastOnce);
    let lost = client.close(Duration::from_secs(30));
    assert_eq!(lost.publishes, 1);
    assert!(lost.waited < Duration::from_secs(30));
    assert!(matches!(lost.why, Some(Error::Transport(_))), "{:?}", lost.why);
}

/// A wait names the time that was granted, not how long it was measured to have taken.
#[test]
fn a_wait_that_is_over_names_the_time_that_was_granted() {
    let (uri, server) = echo(1);
    let client = client(&uri);
    client.connect(soon()).unwrap();
    let (held, holder) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        peer.publish();
        peer.next();
    });
    let silent = super::client(&held);
    let token = publish(&silent, "t", b"", QoS::AtLeastOnce);
    let error = silent.wait(token, Wait::at_most(Duration::from_millis(20))).unwrap_err();
    assert!(error.to_string().contains("took longer than 0.02 s"), "{error}");
    silent.close(Duration::ZERO);
    client.close(Duration::from_secs(1));
    holder.join().unwrap();
    server.join().unwrap();
}
