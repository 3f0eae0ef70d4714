//! The real client over real sockets.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use mqtt_client::{Client, Error, Event, Options, PublishRequest, Subscribe, Token, VersionChoice, Wait};
use mqtt_proto::packet::{ConnAck, Disconnect, PacketType, Properties, Property, QoS, Subscription};
use mqtt_proto::wire::Sender;
use mqtt_proto::{Limits, ReasonCode, Version};

use super::server::{Peer, Seen, new_session, serve};

const NONE: &Properties = &Properties::new();

fn client_with(uri: &str, change: impl FnOnce(&mut Options)) -> Client {
    let mut options = Options::new(uri).unwrap();
    options.reconnect.min_delay = Duration::from_millis(10);
    options.reconnect.max_delay = Duration::from_millis(50);
    change(&mut options);
    Client::new(options).unwrap()
}

fn client(uri: &str) -> Client {
    client_with(uri, |_| {})
}

/// More than anything here takes; a test that needs it all has failed.
fn soon() -> Wait<'static> {
    Wait::at_most(Duration::from_secs(10))
}

fn publish(client: &Client, topic: &str, payload: &[u8], qos: QoS) -> Token {
    client.publish(&PublishRequest { topic, payload, qos, retain: false, properties: NONE }, soon()).unwrap()
}

fn filter(filter: &str) -> Subscribe {
    Subscribe { subscription: Subscription::new(filter.to_owned(), QoS::ExactlyOnce), handle: None }
}

/// CONNECT, answered with success and these properties.
fn admit_with(peer: &mut Peer, properties: impl IntoIterator<Item = Property>) {
    peer.connect();
    let mut ack = ConnAck::accepted(false);
    ack.properties = properties.into_iter().collect();
    peer.link.accept(mqtt_proto::Time::from_millis(2), new_session(), ack);
    peer.write();
}

/// CONNECT, refused with a server reference.
fn refer(peer: &mut Peer, reason: ReasonCode, reference: &str) {
    peer.connect();
    let mut ack = ConnAck::refused(reason);
    ack.properties.push(Property::ServerReference(reference.to_owned().into()));
    peer.link.refuse(ack);
    peer.write();
    assert!(matches!(peer.next(), Seen::End), "a refused client closes");
}

/// `127.0.0.1:1883` of `mqtt://127.0.0.1:1883`.
fn authority(uri: &str) -> String {
    uri.rsplit('/').next().unwrap().to_owned()
}

// Where a server refers the client to.

#[test]
fn a_client_that_is_refused_goes_to_the_server_that_is_named() {
    let (other, there) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        let connect = peer.welcome();
        assert!(matches!(peer.next(), Seen::Disconnect(_)));
        connect
    });
    let reference = format!("no-such-host.invalid:1 {}", authority(&other));
    let (uri, here) =
        serve(move |listener| refer(&mut Peer::accept(&listener), ReasonCode::UseAnotherServer, &reference));
    let client = client_with(&uri, |options| options.user_name = Some("joe".into()));
    client.connect(soon()).unwrap();
    assert!(client.is_connected());
    client.close(Duration::from_secs(1));
    here.join().unwrap();
    assert_eq!(there.join().unwrap().user_name.as_deref(), Some("joe"), "the same client");
}

#[test]
fn a_server_that_has_moved_is_not_asked_again() {
    let (other, there) = serve(|listener| {
        // The connection is lost twice: each time the client comes straight here.
        for _ in 0..2 {
            let mut peer = Peer::accept(&listener);
            peer.welcome();
            peer.cut();
        }
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        assert!(matches!(peer.next(), Seen::Disconnect(_)));
    });
    let reference = authority(&other);
    let (uri, here) = serve(move |listener| {
        refer(&mut Peer::accept(&listener), ReasonCode::ServerMoved, &reference);
        listener
    });
    let client = client(&uri);
    client.connect(soon()).unwrap();
    while client.stats().connections < 3 {
        client.wait_event(soon()).unwrap().expect("an event");
    }
    client.close(Duration::from_secs(1));
    there.join().unwrap();
    let listener = here.join().unwrap();
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err());
}

#[test]
fn a_server_that_sends_its_clients_away_is_left_for_the_one_it_names() {
    let (other, there) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        peer.publish().1
    });
    let reference = authority(&other);
    let (uri, here) = serve(move |listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        let mut disconnect = Disconnect::new(ReasonCode::UseAnotherServer);
        disconnect.properties.push(Property::ServerReference(reference.into()));
        peer.link.disconnect(&disconnect);
        peer.write();
        assert!(matches!(peer.next(), Seen::End));
    });
    let client = client(&uri);
    client.connect(soon()).unwrap();
    here.join().unwrap();
    publish(&client, "t", b"over there", QoS::AtMostOnce);
    assert_eq!(there.join().unwrap(), b"over there");
}

#[test]
fn servers_that_refer_to_each_other_are_not_followed_for_ever() {
    // Each names the other; the bound is 4, so it is asked 5 times at most and then told as the error.
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let addresses = [0, 1].map(|index: usize| listeners[index].local_addr().unwrap().to_string());
    let uri = format!("mqtt://{}", addresses[0]);
    let reference = [addresses[1].clone(), addresses[0].clone()];
    let server = std::thread::spawn(move || {
        for hop in 0..5 {
            let mut peer = Peer::accept(&listeners[hop % 2]);
            refer(&mut peer, ReasonCode::UseAnotherServer, &reference[hop % 2]);
        }
    });
    let error = client(&uri).connect(soon()).unwrap_err();
    server.join().unwrap();
    assert_eq!(error.reason(), ReasonCode::UseAnotherServer);
    assert!(error.to_string().contains(&format!("it names {}", addresses[1])), "{error}");
}

#[test]
fn a_reference_that_is_not_followed_is_named() {
    let (uri, server) = serve(|listener| {
        refer(&mut Peer::accept(&listener), ReasonCode::ServerMoved, "elsewhere.example:1883");
    });
    let client = client_with(&uri, |options| options.redirects = 0);
    let error = client.connect(soon()).unwrap_err();
    assert!(matches!(&error, Error::Connect { reason: ReasonCode::ServerMoved, .. }));
    assert!(error.to_string().contains("elsewhere.example:1883"), "{error}");
    server.join().unwrap();
}

// What is sent again.

/// Shows: 5.0 MQTT-3.3.1-1, 5.0 MQTT-4.4.0-1, 5.0 MQTT-4.6.0-1, 5.0 MQTT-3.1.3-2, 3.1.1 MQTT-3.3.1-1
/// Shows: 3.1.1 MQTT-4.4.0-1, 3.1.1 MQTT-4.6.0-1, 3.1.1 MQTT-3.1.3-2, 3.1.1 MQTT-4.1.0-1, 3.1 §4.2, 3.1 §4.3
#[test]
fn a_resumed_session_sends_again_under_the_same_client_and_packet_identifiers() {
    for version in [Version::V3_1, Version::V3_1_1, Version::V5] {
        let (uri, server) = serve(move |listener| {
            let mut peer = Peer::accept(&listener);
            let first = peer.welcome();
            assert_eq!(first.version, version);
            let publishes = |peer: &mut Peer, again: bool| {
                let rows = (0..4).map(|_| match peer.next() {
                    Seen::Publish { message, qos, dup, id, receipt, .. } => {
                        assert_eq!(dup, again, "{version}");
                        ((message.payload.to_vec(), qos, id.unwrap().get()), receipt)
                    }
                    other => panic!("{other:?}"),
                });
                rows.unzip::<_, _, Vec<_>, Vec<_>>()
            };
            let (before, _) = publishes(&mut peer, false);
            // The connection breaks, and this server has not handled any of it.
            peer.cut();
            let mut peer = Peer::accept(&listener);
            let second = peer.connect();
            assert!(!second.clean_start);
            assert_eq!(second.client_id, first.client_id);
            peer.admit(new_session(), version.has_session_present());
            let (after, receipts) = publishes(&mut peer, true);
            assert_eq!(before, after, "the same messages in the same order, {version}");
            receipts.into_iter().for_each(|receipt| peer.settle(receipt));
            assert!(matches!(peer.next(), Seen::Disconnect(_)));
            first.client_id
        });
        let client = client_with(&uri, |options| {
            options.version = VersionChoice::Only(version);
            options.clean_start = false;
            options.client_id = "the-one".into();
        });
        for (payload, qos) in
            [(b"0", QoS::AtLeastOnce), (b"1", QoS::ExactlyOnce), (b"2", QoS::ExactlyOnce), (b"3", QoS::AtLeastOnce)]
        {
            publish(&client, "t", payload, qos);
        }
        assert_eq!(client.flush(soon()).unwrap(), 0);
        client.close(Duration::from_secs(5));
        assert_eq!(server.join().unwrap(), "the-one");
    }
}

/// Shows: 5.0 MQTT-3.2.2-5
#[test]
fn a_session_that_was_to_be_resumed_and_is_gone_is_not_gone_on_with() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.connect();
        // The session was there, and gets as far as PUBREC for one message.
        peer.admit(new_session(), true);
        let (_, _, _, receipt) = peer.publish();
        peer.settle(receipt);
        while !matches!(peer.next_within(Duration::from_millis(50)), Seen::Silence) {}
        peer.send("t", b"down", QoS::ExactlyOnce, 1);
        peer.cut();
        let mut peer = Peer::accept(&listener);
        assert!(!peer.connect().clean_start, "it expects the session");
        peer.admit(new_session(), false);
        // The same identifier from a server that knows nothing is another message.
        peer.send("t", b"other", QoS::ExactlyOnce, 1);
        let seen = peer.next();
        assert!(matches!(seen, Seen::Completed(1)), "{seen:?}");
        let trace = peer.trace();
        let again = trace.iter().filter(|p| p.sender == Sender::Client && p.packet_type == PacketType::PubRel);
        assert_eq!(again.count(), 0, "no PUBREL for what this server never had: {trace:?}");
    });
    let client = client_with(&uri, |options| (options.clean_start, options.client_id) = (false, "c".into()));
    publish(&client, "t", b"up", QoS::ExactlyOnce);
    let mut payloads = Vec::new();
    while payloads.last().is_none_or(|payload| payload != b"other") {
        payloads.push(client.receive(soon()).unwrap().expect("a message").payload.to_vec());
    }
    // Not closed before: it would leave in the middle of the exchange.
    server.join().unwrap();
}

// What the server has said it does not take.

/// Shows: 5.0 MQTT-3.3.4-7, 5.0 MQTT-3.3.4-8, 5.0 MQTT-4.9.0-1, 5.0 MQTT-4.9.0-2, 5.0 MQTT-4.9.0-3
#[test]
fn no_more_messages_are_open_than_the_server_receives_and_the_rest_goes_on() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept_with(&listener, Limits { receive_maximum: 2, ..Limits::default() });
        peer.welcome();
        let mut receipts = Vec::new();
        let mut order = Vec::new();
        // Two messages, and then what needs no quota.
        while order.len() < 4 {
            match peer.next() {
                Seen::Publish { message, receipt, .. } => {
                    order.push(String::from_utf8(message.payload.to_vec()).unwrap());
                    receipts.extend(receipt);
                }
                Seen::Subscribe(subscribe) => {
                    order.push("subscribe".into());
                    peer.suback(&subscribe);
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(receipts.len(), 2);
        receipts.drain(..).for_each(|receipt| peer.settle(Some(receipt)));
        for _ in 0..2 {
            let (_, payload, _, receipt) = peer.publish();
            order.push(String::from_utf8(payload).unwrap());
            peer.settle(receipt);
        }
        assert!(matches!(peer.next(), Seen::Disconnect(_)));
        order
    });
    let client = client(&uri);
    client.connect(soon()).unwrap();
    for payload in ["1", "2", "3", "4"] {
        publish(&client, "t", payload.as_bytes(), QoS::AtLeastOnce);
    }
    publish(&client, "t", b"zero", QoS::AtMostOnce);
    client.subscribe(&[filter("a")], NONE, soon()).unwrap();
    assert_eq!(client.flush(soon()).unwrap(), 0);
    client.close(Duration::from_secs(5));
    assert_eq!(server.join().unwrap(), ["1", "2", "zero", "subscribe", "3", "4"]);
}

/// Shows: 5.0 MQTT-3.2.2-11, 5.0 MQTT-3.2.2-14, 5.0 MQTT-3.2.2-15
#[test]
fn what_the_server_does_not_take_is_an_error_and_never_sent() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        admit_with(
            &mut peer,
            [
                Property::MaximumQoS(1),
                Property::RetainAvailable(0),
                Property::MaximumPacketSize(100),
                Property::WildcardSubscriptionAvailable(0),
                Property::SharedSubscriptionAvailable(0),
                Property::SubscriptionIdentifierAvailable(0),
            ],
        );
        let (_, payload, _, receipt) = peer.publish();
        peer.settle(receipt);
        assert_eq!(peer.grant(), ["plain"]);
        assert!(matches!(peer.next(), Seen::Disconnect(_)));
        payload
    });
    let client = client(&uri);
    client.connect(soon()).unwrap();
    let attempt = |payload: &[u8], qos, retain| {
        let request = PublishRequest { topic: "t", payload, qos, retain, properties: NONE };
        match client.publish(&request, soon()) {
            Err(Error::Refused { reason, what, .. }) => (reason, what),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(attempt(b"", QoS::ExactlyOnce, false).0, ReasonCode::QoSNotSupported);
    assert_eq!(attempt(b"", QoS::AtMostOnce, true).0, ReasonCode::RetainNotSupported);
    assert_eq!(attempt(&[0; 200], QoS::AtLeastOnce, false).0, ReasonCode::PacketTooLarge);
    assert_eq!(attempt(&[0; 200], QoS::AtMostOnce, false).0, ReasonCode::PacketTooLarge);
    let identifier: Properties = [Property::SubscriptionIdentifier(1)].into_iter().collect();
    for (topic, properties, expected) in [
        ("a/+", NONE, ReasonCode::WildcardSubscriptionsNotSupported),
        ("#", NONE, ReasonCode::WildcardSubscriptionsNotSupported),
        ("$share/g/a", NONE, ReasonCode::SharedSubscriptionsNotSupported),
        ("a", &identifier, ReasonCode::SubscriptionIdentifiersNotSupported),
    ] {
        let error = client.subscribe(&[filter(topic)], properties, soon()).unwrap_err();
        assert!(matches!(&error, Error::Refused { reason, .. } if *reason == expected), "{topic}: {error}");
    }
    let token = publish(&client, "t", b"small", QoS::AtLeastOnce);
    assert_eq!(client.wait(token, soon()).unwrap(), ReasonCode::Success);
    client.subscribe(&[filter("plain")], NONE, soon()).unwrap();
    assert!(client.is_connected(), "none of it was a violation");
    client.close(Duration::from_secs(5));
    assert_eq!(server.join().unwrap(), b"small");
}

/// Shows: 5.0 MQTT-3.2.2-11
#[test]
fn what_was_queued_before_the_server_said_what_it_takes_is_given_up_and_told() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        admit_with(&mut peer, [Property::MaximumQoS(0)]);
        let (_, payload, _, _) = peer.publish();
        peer.next();
        payload
    });
    let client = client(&uri);
    let refused = publish(&client, "t", b"two", QoS::ExactlyOnce);
    let fine = publish(&client, "t", b"zero", QoS::AtMostOnce);
    client.wait(fine, soon()).unwrap();
    assert!(client.wait(refused, soon()).is_err());
    assert_eq!(client.stats().messages_dropped, 1);
    client.close(Duration::from_secs(5));
    assert_eq!(server.join().unwrap(), b"zero");
}

/// Shows: 5.0 MQTT-3.2.2-17, 5.0 MQTT-3.2.2-18
#[test]
fn the_client_sends_no_alias_that_nobody_granted() {
    for granted in [0, 10] {
        let (uri, server) = serve(move |listener| {
            let mut peer = Peer::accept_with(&listener, Limits { topic_alias_maximum: granted, ..Limits::default() });
            peer.welcome();
            // The link of this server would end the connection at an alias above what it grants.
            (0..6).map(|_| peer.publish().0).collect::<Vec<_>>()
        });
        let client = client(&uri);
        for topic in ["a", "b", "c", "a", "b", "c"] {
            publish(&client, topic, b"", QoS::AtMostOnce);
        }
        client.close(Duration::from_secs(5));
        assert_eq!(server.join().unwrap(), ["a", "b", "c", "a", "b", "c"]);
    }
}

// Keep-alive.

fn pings(peer: &mut Peer) -> usize {
    peer.trace().iter().filter(|packet| packet.packet_type == PacketType::PingReq).count()
}

/// Shows: 5.0 MQTT-3.1.2-20, 3.1.1 MQTT-3.1.2-23
#[test]
fn a_client_that_only_receives_pings_in_time() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        let (started, mut count) = (Instant::now(), 0);
        while count < 3 && started.elapsed() < Duration::from_secs(10) {
            peer.send("t", b"and on", QoS::AtMostOnce, 0);
            assert!(matches!(peer.next_within(Duration::from_millis(20)), Seen::Silence));
            count += pings(&mut peer);
        }
        (count, started.elapsed())
    });
    let client = client_with(&uri, |options| options.keep_alive = 1);
    client.connect(soon()).unwrap();
    let (count, time) = server.join().unwrap();
    assert!(count == 3 && time > Duration::from_secs(2), "{count} in {time:?}");
}

/// Shows: 5.0 MQTT-3.1.2-20, 3.1.1 MQTT-3.1.2-23
#[test]
fn a_client_that_only_sends_asks_whether_the_server_is_there() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        let started = Instant::now();
        let mut count = 0;
        while started.elapsed() < Duration::from_secs(10) && count == 0 {
            assert!(matches!(peer.next(), Seen::Publish { .. }));
            count += pings(&mut peer);
        }
        count
    });
    let client = client_with(&uri, |options| options.keep_alive = 1);
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(5) && !server.is_finished() {
        publish(&client, "t", b"and on", QoS::AtMostOnce);
        std::thread::sleep(Duration::from_millis(20)); // a sender with a steady rate
    }
    assert!(server.join().unwrap() > 0);
}

#[test]
fn a_server_that_is_gone_without_a_word_is_noticed_and_left() {
    // Half open: the socket stands and takes bytes, but nobody is behind it.
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        let mut again = Peer::accept(&listener);
        again.welcome();
        again.next();
        peer
    });
    let client = client_with(&uri, |options| options.keep_alive = 1);
    client.connect(soon()).unwrap();
    let started = Instant::now();
    loop {
        match client.wait_event(soon()).unwrap().expect("the loss is noticed") {
            Event::Disconnected { why, .. } => {
                assert!(why.to_string().contains("PINGREQ was not answered"), "{why}");
                break;
            }
            event => assert!(matches!(event, Event::Connected { .. }), "{event:?}"),
        }
    }
    // One keep-alive to the ping, and at least 5 s for the answer.
    assert!(started.elapsed() < Duration::from_secs(9), "{:?}", started.elapsed());
    while client.stats().reconnects == 0 {
        client.wait_event(soon()).unwrap().expect("the next connection");
    }
    client.close(Duration::from_secs(1));
    server.join().unwrap();
}

// Ends.

/// Shows: 5.0 MQTT-3.14.4-1, 5.0 MQTT-3.14.4-2, 3.1.1 MQTT-3.14.4-1, 3.1.1 MQTT-3.14.4-2, 3.1 §3.14
#[test]
fn disconnect_is_the_last_packet_and_the_client_closes() {
    for version in [Version::V3_1, Version::V3_1_1, Version::V5] {
        let (uri, server) = serve(|listener| {
            let mut peer = Peer::accept(&listener);
            peer.welcome();
            let mut publishes = 0;
            loop {
                match peer.next() {
                    Seen::Publish { receipt, .. } => {
                        publishes += 1;
                        peer.settle(receipt);
                    }
                    Seen::Disconnect(_) => break,
                    other => panic!("{other:?}"),
                }
            }
            // The server does not close; the client has ended its stream without another byte.
            assert!(matches!(peer.next(), Seen::End));
            publishes
        });
        let client = client_with(&uri, |options| options.version = VersionChoice::Only(version));
        client.connect(soon()).unwrap();
        for _ in 0..50 {
            publish(&client, "t", b"", QoS::AtLeastOnce);
        }
        client.disconnect(&Disconnect::new(ReasonCode::Success), soon()).unwrap();
        assert!(!client.is_connected());
        assert!(server.join().unwrap() <= 50, "{version}");
    }
}

/// A server that knows the least there is to know: each packet is answered by bytes written out here, without any
/// property. It is all that the client needs.
///
/// Shows: 3.1.1 MQTT-7.0.0-2, 3.1.1 MQTT-7.1.2-1, 5.0 MQTT-4.2.0-1, 5.0 MQTT-3.2.2-18
#[test]
fn the_plainest_server_is_enough() {
    for version in [Version::V3_1, Version::V3_1_1, Version::V5] {
        let (uri, server) = serve(move |listener| {
            let (mut stream, _) = listener.accept().unwrap();
            let mut packet = || {
                let mut head = [0; 2];
                stream.read_exact(&mut head).unwrap();
                let mut body = vec![0; usize::from(head[1])];
                stream.read_exact(&mut body).unwrap();
                let id = |at: usize| [body[at], body[at + 1]];
                let v5 = version.has_properties();
                let answer = match head[0] >> 4 {
                    1 if v5 => vec![0x20, 3, 0, 0, 0],
                    1 => vec![0x20, 2, 0, 0],
                    3 if head[0] & 6 == 2 => [&[0x40, 2][..], &id(3)].concat(),
                    3 if head[0] & 6 == 4 => [&[0x50, 2][..], &id(3)].concat(),
                    6 => [&[0x70, 2][..], &id(0)].concat(),
                    8 if v5 => [&[0x90, 4][..], &id(0), &[0, 2]].concat(),
                    8 => [&[0x90, 3][..], &id(0), &[2]].concat(),
                    10 if v5 => [&[0xB0, 4][..], &id(0), &[0, 0]].concat(),
                    10 => [&[0xB0, 2][..], &id(0)].concat(),
                    _ => vec![],
                };
                stream.write_all(&answer).unwrap();
                head[0] >> 4
            };
            let mut types = Vec::new();
            while types.last() != Some(&14) {
                types.push(packet());
            }
            types
        });
        let client = client_with(&uri, |options| options.version = VersionChoice::Only(version));
        client.connect(soon()).unwrap();
        client.subscribe(&[filter("a")], NONE, soon()).unwrap();
        for qos in [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce] {
            let token = publish(&client, "t", b"x", qos);
            client.wait(token, soon()).unwrap();
        }
        client.unsubscribe(&["a".into()], NONE, soon()).unwrap();
        client.close(Duration::from_secs(5));
        assert_eq!(server.join().unwrap(), [1, 8, 3, 3, 3, 6, 10, 14], "{version}");
    }
}
