use std::time::Duration;

use mqtt_client::{Error, Event, Wait};
use mqtt_proto::packet::{Disconnect, QoS};
use mqtt_proto::{ReasonCode, Version};

use super::server::{Peer, Seen, new_session, serve};
use super::{NONE, client, client_with, filter, publish, soon};

/// Numbers of the publishes that arrive, each acknowledged, until `last` has.
fn numbers_until(peer: &mut Peer, last: u32) -> Vec<(u32, bool)> {
    let mut numbers = Vec::new();
    while numbers.last().is_none_or(|(number, _)| *number != last) {
        let (_, payload, dup, receipt) = peer.publish();
        numbers.push((u32::from_be_bytes(payload[..4].try_into().unwrap()), dup));
        peer.settle(receipt);
    }
    numbers
}

/// Shows: 5.0 MQTT-3.3.1-1, 5.0 MQTT-4.4.0-1, 5.0 MQTT-4.6.0-1, 5.0 MQTT-3.1.2-23, 5.0 MQTT-4.1.0-1
#[test]
fn a_cut_connection_resumes_with_dup_and_loses_nothing() {
    const COUNT: u32 = 3000;
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        assert!(peer.welcome().clean_start);
        let mut numbers = numbers_until(&mut peer, 100);
        // These arrive and are not acknowledged.
        let mut unacknowledged = Vec::new();
        for _ in 0..50 {
            let (_, payload, _, _) = peer.publish();
            unacknowledged.push(u32::from_be_bytes(payload[..4].try_into().unwrap()));
        }
        let session = peer.cut();

        let mut peer = Peer::accept(&listener);
        assert!(!peer.connect().clean_start);
        peer.admit(session, true);
        let again = numbers_until(&mut peer, COUNT - 1);
        let repeated: Vec<u32> = again.iter().filter(|(_, dup)| *dup).map(|(number, _)| *number).collect();
        // Acknowledgements on their way may have gone down with the connection, so more than these may come again.
        let run: Vec<u32> = (repeated[0]..=unacknowledged[49]).collect();
        assert!(run.ends_with(&unacknowledged), "{run:?}");
        assert_eq!(repeated[..run.len()], run, "what was not acknowledged comes again in order");
        assert!(again[..run.len()].iter().all(|(_, dup)| *dup), "first and with DUP");
        numbers.extend(again);
        assert!(matches!(peer.next(), Seen::Disconnect(_)));
        numbers
    });
    let client = client(&uri);
    for number in 0..COUNT {
        publish(&client, "t", &number.to_be_bytes(), QoS::AtLeastOnce);
    }
    assert_eq!(client.flush(soon()).unwrap(), 0);
    let stats = client.stats();
    assert_eq!((stats.reconnects, stats.republished, stats.resubscribed), (1, 0, 0));
    assert_eq!(client.close(Duration::from_secs(5)).publishes, 0);

    let mut numbers: Vec<u32> = server.join().unwrap().into_iter().map(|(number, _)| number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers, (0..COUNT).collect::<Vec<_>>());
}

/// Shows: 5.0 MQTT-4.3.3-6
#[test]
fn exactly_once_survives_a_cut() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        // PUBREC leaves, and then the connection breaks.
        let (_, first, _, receipt) = peer.publish();
        peer.settle(receipt);
        let session = peer.cut();
        let mut peer = Peer::accept(&listener);
        peer.connect();
        peer.admit(session, true);
        let mut payloads = vec![first];
        loop {
            match peer.next() {
                Seen::Publish { message, receipt, .. } => {
                    payloads.push(message.payload.to_vec());
                    peer.settle(receipt);
                }
                Seen::Disconnect(_) => return payloads,
                other => panic!("{other:?}"),
            }
        }
    });
    let client = client(&uri);
    for number in 0..10u8 {
        publish(&client, "t", &[number], QoS::ExactlyOnce);
    }
    assert_eq!(client.close(Duration::from_secs(5)).publishes, 0);
    assert_eq!(server.join().unwrap(), (0..10u8).map(|number| vec![number]).collect::<Vec<_>>());
}

/// Shows: 5.0 MQTT-3.2.2-5
#[test]
fn a_server_that_forgot_gets_everything_again_and_it_is_counted() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        assert_eq!(peer.grant(), ["a/+", "b"]);
        let (_, _, _, _receipt) = peer.publish();
        peer.cut();

        let mut peer = Peer::accept(&listener);
        assert!(!peer.connect().clean_start);
        peer.admit(new_session(), false);
        let (mut filters, mut published) = (Vec::new(), Vec::new());
        while filters.is_empty() || published.is_empty() {
            match peer.next() {
                Seen::Subscribe(subscribe) => {
                    filters.extend(subscribe.subscriptions.iter().map(|s| s.filter.to_string()));
                    peer.suback(&subscribe);
                }
                Seen::Publish { message, dup, receipt, .. } => {
                    published.push((message.payload.to_vec(), dup));
                    peer.settle(receipt);
                }
                other => panic!("{other:?}"),
            }
        }
        peer.send("a/x", b"after", QoS::AtMostOnce, 0);
        peer.next();
        (filters, published)
    });
    let client = client(&uri);
    client.subscribe(&[filter("a/+", 1), filter("b", 2)], NONE, soon()).unwrap();
    let token = publish(&client, "t", b"once", QoS::AtLeastOnce);
    assert_eq!(client.wait(token, soon()).unwrap(), ReasonCode::Success);
    let received = client.receive(soon()).unwrap().unwrap();
    assert_eq!((&*received.payload, received.handles.to_vec()), (&b"after"[..], vec![1]));
    let stats = client.stats();
    assert_eq!((stats.reconnects, stats.republished, stats.resubscribed), (1, 1, 2));

    let events: Vec<Event> = std::iter::from_fn(|| client.next_event().unwrap()).collect();
    let shape: Vec<&str> = events
        .iter()
        .map(|event| match event {
            Event::Connected { resumed: false, .. } => "new",
            Event::Connected { resumed: true, .. } => "resumed",
            Event::Disconnected { retry_in: Some(_), .. } => "lost",
            _ => "other",
        })
        .collect();
    assert_eq!(shape, ["new", "lost", "new"], "{events:?}");
    client.close(Duration::from_secs(5));
    let (filters, published) = server.join().unwrap();
    assert_eq!(filters, ["a/+", "b"]);
    assert_eq!(published, [(b"once".to_vec(), false)], "as new, without DUP");
}

#[test]
fn the_older_version_starts_clean_each_time() {
    let (uri, server) = serve(|listener| {
        let mut clean = Vec::new();
        for round in 0..2 {
            let mut peer = Peer::accept(&listener);
            clean.push(peer.welcome().clean_start);
            let (_, payload, dup, receipt) = peer.publish();
            assert_eq!((&payload[..], dup), (&b"m"[..], false));
            if round == 0 {
                peer.cut();
            } else {
                peer.settle(receipt);
                assert!(matches!(peer.next(), Seen::Disconnect(_)));
            }
        }
        clean
    });
    let client = client_with(&uri, |options| {
        options.version = mqtt_client::VersionChoice::Only(Version::V3_1_1);
    });
    let token = publish(&client, "t", b"m", QoS::AtLeastOnce);
    client.wait(token, soon()).unwrap();
    assert_eq!(client.stats().republished, 1);
    client.close(Duration::from_secs(5));
    assert_eq!(server.join().unwrap(), [true, true]);
}

#[test]
fn a_subscribe_cut_short_is_asked_again() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        assert!(matches!(peer.next(), Seen::Subscribe(_)));
        let session = peer.cut();
        let mut peer = Peer::accept(&listener);
        peer.connect();
        peer.admit(session, true);
        let filters = peer.grant();
        assert!(matches!(peer.next(), Seen::Disconnect(_)), "once only");
        filters
    });
    let client = client(&uri);
    let sub_ack = client.subscribe(&[filter("a", 1)], NONE, soon()).unwrap();
    assert_eq!(sub_ack.reasons, [ReasonCode::GrantedQoS2]);
    client.close(Duration::from_secs(5));
    assert_eq!(server.join().unwrap(), ["a"]);
}

#[test]
fn without_reconnecting_a_loss_is_the_end() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        peer.publish();
        peer.cut();
    });
    let client = client_with(&uri, |options| options.reconnect.enabled = false);
    let token = publish(&client, "t", b"", QoS::AtLeastOnce);
    let error = client.wait(token, soon()).unwrap_err();
    assert!(matches!(error, Error::Closed { .. } | Error::Transport(_)), "{error}");
    assert_eq!(client.close(Duration::ZERO).publishes, 1);
    server.join().unwrap();
}

#[test]
fn a_session_taken_over_is_left_to_the_other() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        peer.link.disconnect(&Disconnect::new(ReasonCode::SessionTakenOver));
        peer.write();
        peer.next();
        listener
    });
    let client = client(&uri);
    client.connect(soon()).unwrap();
    let error = client.receive(soon()).unwrap_err();
    assert!(error.to_string().contains("client identifier"), "{error}");
    let listener = server.join().unwrap();
    listener.set_nonblocking(true).unwrap();
    std::thread::sleep(Duration::from_millis(100)); // several delays
    assert!(listener.accept().is_err(), "no attempt follows");
}

#[test]
fn attempts_go_on_until_the_server_is_back() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        let address = listener.local_addr().unwrap();
        drop(listener);
        peer.cut();
        std::thread::sleep(Duration::from_millis(150));
        let listener = std::net::TcpListener::bind(address).unwrap();
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        let payload = peer.publish().1;
        peer.next();
        payload
    });
    let client = client(&uri);
    client.connect(soon()).unwrap();
    loop {
        let event = client.wait_event(soon()).unwrap().expect("the loss is noticed");
        if matches!(event, Event::Disconnected { retry_in: Some(_), .. }) {
            break;
        }
    }
    // At QoS 0, while there is no connection.
    let token = publish(&client, "t", b"patient", QoS::AtMostOnce);
    let error = client.wait(token, Wait::at_most(Duration::from_millis(20))).unwrap_err();
    assert!(error.to_string().contains("not connected"), "{error}");
    client.wait(token, soon()).unwrap();
    client.close(Duration::from_secs(5));
    assert_eq!(server.join().unwrap(), b"patient");
}

#[test]
fn a_subscribe_before_a_publish_stays_before_it() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.connect();
        let early = peer.next_within(Duration::from_millis(50));
        assert!(matches!(early, Seen::Silence), "{early:?}");
        peer.admit(new_session(), false);
        let filters = peer.grant();
        let payloads: Vec<u8> = (0..3)
            .map(|_| {
                let (_, payload, _, receipt) = peer.publish();
                peer.settle(receipt);
                payload[0]
            })
            .collect();
        assert!(matches!(peer.next(), Seen::Disconnect(_)));
        (filters, payloads)
    });
    let client = client(&uri);
    publish(&client, "t", b"0", QoS::AtLeastOnce);
    client.start_subscribe(&[filter("t", 1)], NONE).unwrap();
    publish(&client, "t", b"1", QoS::AtMostOnce);
    publish(&client, "t", b"2", QoS::AtLeastOnce);
    assert_eq!(client.flush(soon()).unwrap(), 0);
    client.close(Duration::from_secs(5));
    assert_eq!(server.join().unwrap(), (vec!["t".to_owned()], vec![b'0', b'1', b'2']));
}
