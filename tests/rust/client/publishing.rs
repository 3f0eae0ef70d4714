use std::time::{Duration, Instant};

use mqtt_client::{Error, Event, PublishRequest, Wait, WhenFull};
use mqtt_proto::packet::{Property, QoS};
use mqtt_proto::{Limits, ReasonCode};

use super::server::{Peer, Seen, echo, new_session, serve};
use super::{NONE, client, client_with, publish, soon};

const LEVELS: [QoS; 3] = [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce];

fn publishes(seen: &[Seen]) -> Vec<(String, QoS)> {
    let publish = |seen: &Seen| match seen {
        Seen::Publish { message, qos, .. } => Some((String::from_utf8(message.payload.to_vec()).unwrap(), *qos)),
        _ => None,
    };
    seen.iter().filter_map(publish).collect()
}

#[test]
fn each_level_is_done_when_it_is_done() {
    let (uri, server) = echo(1);
    let client = client(&uri);
    for qos in LEVELS {
        let token = publish(&client, "t", format!("{qos:?}").as_bytes(), qos);
        assert_eq!(client.wait(token, soon()).unwrap(), ReasonCode::Success, "{qos:?}");
        assert_eq!(client.wait(token, soon()).unwrap(), ReasonCode::Success, "asked again");
    }
    assert_eq!(client.wait(4711, soon()).unwrap(), ReasonCode::Success, "a token nobody knows does not block");
    assert_eq!((client.open_tokens(), client.flush(soon()).unwrap()), (0, 0));
    assert_eq!(client.stats().messages_acknowledged, 2);
    assert_eq!(client.close(Duration::from_secs(5)).publishes, 0);
    let expected = LEVELS.map(|qos| (format!("{qos:?}"), qos));
    assert_eq!(publishes(&server.join().unwrap()), expected);
}

#[test]
fn a_publish_followed_by_the_end_arrives() {
    for qos in LEVELS {
        let (uri, server) = echo(1);
        publish(&client(&uri), "t", b"last words", qos);
        let seen = server.join().unwrap();
        assert_eq!(publishes(&seen), [("last words".to_owned(), qos)]);
        assert!(matches!(seen.last(), Some(Seen::Disconnect(_))), "{qos:?}: {seen:?}");
    }
}

#[test]
fn ten_thousand_pipelined_and_none_lost() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        let mut count = 0u32;
        loop {
            match peer.next() {
                Seen::Publish { message, receipt, .. } => {
                    assert_eq!(*message.payload, count.to_be_bytes(), "in order");
                    count += 1;
                    peer.settle(receipt);
                }
                Seen::Disconnect(_) => return count,
                other => panic!("{other:?}"),
            }
        }
    });
    let client = client(&uri);
    for number in 0..10_000u32 {
        publish(&client, "t", &number.to_be_bytes(), QoS::AtLeastOnce);
    }
    assert_eq!(client.close(Duration::from_secs(10)).publishes, 0);
    assert_eq!(server.join().unwrap(), 10_000);
}

#[test]
fn a_burst_at_qos_0_arrives_whole_and_in_order() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        let mut bytes = 0;
        for number in 0..20_000u32 {
            let (_, payload, _, _) = peer.publish();
            assert_eq!(payload[..4], number.to_be_bytes());
            bytes += payload.len();
        }
        bytes
    });
    let client = client(&uri);
    client.connect(soon()).unwrap();
    let mut payload = [0; 1000];
    let mut last = 0;
    for number in 0..20_000u32 {
        payload[..4].copy_from_slice(&number.to_be_bytes());
        last = publish(&client, "a/topic", &payload, QoS::AtMostOnce);
    }
    assert_eq!(client.wait(last, soon()).unwrap(), ReasonCode::Success);
    assert_eq!(server.join().unwrap(), 20_000_000);
}

#[test]
fn a_lone_publish_needs_no_further_call() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        let received: Vec<_> = (0..20).map(|_| peer.publish().1).collect();
        (received.len(), peer)
    });
    let client = client(&uri);
    for _ in 0..20 {
        publish(&client, "t", b"x", QoS::AtMostOnce);
    }
    // The background thread sends the tail of the burst.
    assert_eq!(server.join().unwrap().0, 20);
}

#[test]
fn many_threads_share_one_client() {
    let (uri, server) = echo(1);
    let client = client(&uri);
    let threads: Vec<_> = (0..8)
        .map(|thread| {
            let client = client.clone();
            std::thread::spawn(move || {
                for number in 0..200 {
                    let qos = LEVELS[number % 3];
                    let token = publish(&client, "t", format!("{thread}").as_bytes(), qos);
                    if number % 7 == 0 {
                        client.wait(token, soon()).unwrap();
                    }
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(client.flush(soon()).unwrap(), 0);
    client.close(Duration::from_secs(5));
    assert_eq!(publishes(&server.join().unwrap()).len(), 1600);
}

#[test]
fn a_refused_publish_says_so() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        let (_, _, _, receipt) = peer.publish();
        peer.link.settle(receipt.unwrap(), ReasonCode::NotAuthorized);
        peer.write();
        peer.next()
    });
    let client = client(&uri);
    client.set_completion_events(true);
    let token = publish(&client, "secret", b"", QoS::AtLeastOnce);
    let error = client.wait(token, soon()).unwrap_err();
    assert!(matches!(error, Error::Refused { reason: ReasonCode::NotAuthorized, .. }), "{error}");
    let completed = std::iter::from_fn(|| client.next_event().unwrap())
        .find_map(|event| if let Event::Completed { token, reason } = event { Some((token, reason)) } else { None });
    assert_eq!(completed, Some((token, ReasonCode::NotAuthorized)));
    client.close(Duration::from_secs(5));
    server.join().unwrap();
}

/// Shows: 5.0 MQTT-3.3.4-6, 5.0 MQTT-3.3.2-2, 3.1.1 MQTT-3.3.2-2
#[test]
fn wrong_arguments_are_found_without_a_server() {
    let client = client("mqtt://127.0.0.1:1");
    let properties = [Property::ServerKeepAlive(1)].into_iter().collect();
    let identified = [Property::SubscriptionIdentifier(1)].into_iter().collect();
    for (topic, properties, word) in [
        ("a/#", NONE, "wildcard"),
        ("", NONE, "empty"),
        ("a", &properties, "server_keep_alive"),
        ("a", &identified, "subscription_identifier"),
    ] {
        let request = PublishRequest { topic, payload: b"", qos: QoS::AtMostOnce, retain: false, properties };
        let error = client.publish(&request, soon()).unwrap_err();
        assert!(matches!(error, Error::InvalidArgument(_)) && error.to_string().contains(word), "{error}");
    }
    assert!(client.subscribe(&[super::filter("a/#/b", 1)], NONE, soon()).is_err());
    assert!(client.subscribe(&[], NONE, soon()).is_err());
    assert_eq!(client.open_tokens(), 0);
}

#[test]
fn a_full_queue_does_as_it_was_told() {
    // A server that acknowledges nothing, with a window of one.
    let silent = || {
        serve(|listener| {
            let limits = Limits { receive_maximum: 1, ..Limits::default() };
            let mut peer = Peer::accept_with(&listener, limits);
            peer.welcome();
            let (_, first, _, receipt) = peer.publish();
            let quiet = peer.next_within(Duration::from_millis(300));
            assert!(matches!(quiet, Seen::Silence), "{quiet:?}");
            peer.settle(receipt);
            let mut payloads = vec![first];
            while let Seen::Publish { message, receipt, .. } = peer.next() {
                payloads.push(message.payload.to_vec());
                peer.settle(receipt);
            }
            payloads.into_iter().map(|payload| payload[0]).collect::<Vec<u8>>()
        })
    };
    let request = |number: &'static [u8]| PublishRequest {
        topic: "t",
        payload: number,
        qos: QoS::AtLeastOnce,
        retain: false,
        properties: NONE,
    };

    let (uri, server) = silent();
    let client = client_with(&uri, |options| {
        options.offline_queue.max_messages = 2;
        options.offline_queue.when_full = WhenFull::Refuse;
    });
    client.connect(soon()).unwrap();
    for number in [b"0", b"1", b"2"] {
        client.publish(&request(number), soon()).unwrap();
    }
    let error = client.publish(&request(b"3"), soon()).unwrap_err();
    assert!(matches!(error, Error::QueueFull { messages: 2, .. }), "{error}");
    assert_eq!(client.close(Duration::from_secs(5)).publishes, 0);
    assert_eq!(server.join().unwrap(), *b"012");

    let (uri, server) = silent();
    let client = client_with(&uri, |options| {
        options.offline_queue.max_messages = 2;
        options.offline_queue.when_full = WhenFull::DropOldest;
    });
    client.connect(soon()).unwrap();
    let tokens: Vec<_> =
        [b"0", b"1", b"2", b"3"].iter().map(|number| client.publish(&request(*number), soon()).unwrap()).collect();
    assert!(client.wait(tokens[1], soon()).is_err(), "the oldest that was not sent gave way");
    assert_eq!(client.stats().messages_dropped, 1);
    assert_eq!(client.close(Duration::from_secs(5)).publishes, 0);
    assert_eq!(server.join().unwrap(), *b"023");

    let (uri, server) = silent();
    let client = client_with(&uri, |options| options.offline_queue.max_messages = 2);
    client.connect(soon()).unwrap();
    for number in [b"0", b"1", b"2"] {
        client.publish(&request(number), soon()).unwrap();
    }
    let error = client.publish(&request(b"3"), Wait::at_most(Duration::from_millis(50))).unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }) && error.to_string().contains("room"), "{error}");
    let started = Instant::now();
    client.publish(&request(b"4"), soon()).unwrap();
    assert!(started.elapsed() > Duration::from_millis(100), "it waited for the server");
    assert_eq!(client.close(Duration::from_secs(5)).publishes, 0);
    assert_eq!(server.join().unwrap(), *b"0124");
}

#[test]
fn what_was_published_before_the_server_came_goes_out() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.connect();
        // Everything below was handed over while there was no answer.
        let early = peer.next_within(Duration::from_millis(100));
        assert!(matches!(early, Seen::Silence), "{early:?}");
        peer.admit(new_session(), false);
        let mut seen = Vec::new();
        peer.echo(&mut seen);
        seen
    });
    let client = client(&uri);
    let tokens: Vec<_> = LEVELS.map(|qos| publish(&client, "t", format!("{qos:?}").as_bytes(), qos)).into();
    assert_eq!(client.open_tokens(), 3);
    for token in tokens {
        assert_eq!(client.wait(token, soon()).unwrap(), ReasonCode::Success);
    }
    client.close(Duration::from_secs(5));
    assert_eq!(publishes(&server.join().unwrap()).len(), 3);
}
