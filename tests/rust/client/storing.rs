use std::time::Duration;

use mqtt_client::{Client, Options};
use mqtt_proto::packet::QoS;

use super::server::{Peer, Seen, new_session, serve};
use super::{client_with, publish, soon};

fn with_store(uri: &str, directory: &std::path::Path) -> Client {
    client_with(uri, |options| {
        options.client_id = "meter-7".into();
        options.store = Some(directory.to_owned());
    })
}

#[test]
fn what_a_crashed_process_had_not_delivered_arrives() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        assert!(peer.welcome().clean_start);
        let receipt = peer.publish().3;
        peer.settle(receipt);
        let receipt = peer.publish().3;
        // QoS 2, taken but not completed, and QoS 1, not acknowledged.
        let (_, third, _, taken) = peer.publish();
        let payloads = [third, peer.publish().1];
        peer.settle(taken);
        (listener, peer, receipt, payloads)
    });
    let directory = tempfile::tempdir().unwrap();
    let crashed = with_store(&uri, directory.path());
    crashed.connect(soon()).unwrap();
    let token = publish(&crashed, "t", b"1", QoS::AtLeastOnce);
    crashed.wait(token, soon()).unwrap();
    publish(&crashed, "t", b"2", QoS::AtLeastOnce);
    publish(&crashed, "t", b"3", QoS::ExactlyOnce);
    publish(&crashed, "t", b"4", QoS::AtLeastOnce);
    let (listener, peer, _receipt, payloads) = server.join().unwrap();
    assert_eq!(payloads, [b"3", b"4"]);

    // What a crash leaves is the file. (The crashed client still lives here, so a copy of it is taken.)
    let copy = tempfile::tempdir().unwrap();
    let file = "meter-7.journal";
    std::fs::copy(directory.path().join(file), copy.path().join(file)).unwrap();
    let session = peer.cut();
    drop(listener);

    let (uri, server) = serve(move |listener| {
        let mut peer = Peer::accept(&listener);
        assert!(!peer.connect().clean_start, "there is something to resume");
        peer.admit(session, true);
        let mut seen = Vec::new();
        loop {
            match peer.next() {
                Seen::Publish { message, dup, receipt, .. } => {
                    seen.push((message.payload.to_vec(), dup));
                    peer.settle(receipt);
                }
                Seen::Disconnect(_) => return seen,
                other => panic!("{other:?}"),
            }
        }
    });
    let next = with_store(&uri, copy.path());
    assert_eq!(next.open_tokens(), 3);
    next.connect(soon()).unwrap();
    assert_eq!(next.flush(soon()).unwrap(), 0);
    assert_eq!(next.close(Duration::from_secs(5)).publishes, 0);
    let seen = server.join().unwrap();
    // The QoS 2 message had arrived: its repetition is not delivered again.
    assert_eq!(seen, [(b"2".to_vec(), true), (b"4".to_vec(), true)]);
    crashed.close(Duration::ZERO);

    // Nothing is left, and the store is free again.
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        let clean = peer.connect().clean_start;
        peer.admit(new_session(), false);
        assert!(matches!(peer.next(), Seen::Disconnect(_)));
        clean
    });
    let last = with_store(&uri, copy.path());
    assert_eq!(last.open_tokens(), 0);
    last.connect(soon()).unwrap();
    drop(last);
    assert!(server.join().unwrap());
}

#[test]
fn what_was_published_without_a_server_waits_in_the_store() {
    let directory = tempfile::tempdir().unwrap();
    let offline = with_store("mqtt://127.0.0.1:1", directory.path());
    for number in 0..100u8 {
        publish(&offline, "t", &[number], QoS::ExactlyOnce);
    }
    assert_eq!(offline.close(Duration::ZERO).publishes, 0, "nothing is lost");
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.connect();
        peer.admit(new_session(), false);
        (0..100u8).for_each(|number| {
            let (_, payload, _, receipt) = peer.publish();
            assert_eq!(payload, [number]);
            peer.settle(receipt);
        });
        assert!(matches!(peer.next(), Seen::Disconnect(_)));
    });
    let online = with_store(&uri, directory.path());
    online.connect(soon()).unwrap();
    assert_eq!(online.flush(soon()).unwrap(), 0);
    online.close(Duration::from_secs(5));
    server.join().unwrap();
}

#[test]
fn one_store_serves_one_client() {
    let directory = tempfile::tempdir().unwrap();
    let _first = with_store("mqtt://127.0.0.1:1", directory.path());
    let mut options = Options::new("mqtt://127.0.0.1:1").unwrap();
    options.client_id = "meter-7".into();
    options.store = Some(directory.path().to_owned());
    let error = Client::new(options.clone()).unwrap_err();
    assert!(error.to_string().contains("in use by another client"), "{error}");
    options.client_id = "meter-8".into();
    Client::new(options).unwrap();
}

#[test]
fn what_a_crashed_process_had_handled_is_not_delivered_again() {
    // Identifiers of incoming QoS 2 messages were not kept, and the next process began with a clean start: what the
    // server still had for it was lost, or came a second time.
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        assert!(peer.welcome().clean_start);
        peer.send("t", b"handled", QoS::ExactlyOnce, 1);
        peer.send("t", b"arrived", QoS::ExactlyOnce, 2);
        peer.send("t", b"once", QoS::AtLeastOnce, 3);
        peer.write();
        (listener, peer)
    });
    let directory = tempfile::tempdir().unwrap();
    let crashed = with_store(&uri, directory.path());
    crashed.connect(soon()).unwrap();
    assert_eq!(&crashed.receive(soon()).unwrap().unwrap().payload[..], b"handled");
    let (listener, peer) = server.join().unwrap();
    // The server goes away before it has read that the message was handled; the file says it.
    let session = peer.cut();
    drop(listener);
    let copy = tempfile::tempdir().unwrap();
    let file = "meter-7.journal";
    std::fs::copy(directory.path().join(file), copy.path().join(file)).unwrap();

    let (uri, server) = serve(move |listener| {
        let mut peer = Peer::accept(&listener);
        assert!(!peer.connect().clean_start, "the server still has messages for it");
        peer.admit(session, true);
        // The client may leave before the last exchange is complete; its store knows.
        while let Seen::Completed(_) = peer.next() {}
    });
    let next = with_store(&uri, copy.path());
    next.connect(soon()).unwrap();
    let mut got = Vec::new();
    while got.len() < 2 {
        got.push(next.receive(soon()).unwrap().unwrap().payload);
    }
    assert_eq!(got, [&b"arrived"[..], b"once"]);
    next.close(Duration::from_secs(5));
    server.join().unwrap();
    crashed.close(Duration::ZERO);
}

#[test]
fn a_client_that_crashed_with_nothing_open_resumes_and_one_that_left_does_not() {
    let directory = tempfile::tempdir().unwrap();
    let copy = tempfile::tempdir().unwrap();
    let file = "meter-7.journal";
    let expect_clean = |expected: bool| {
        serve(move |listener| {
            let mut peer = Peer::accept(&listener);
            assert_eq!(peer.connect().clean_start, expected);
            peer.admit(new_session(), false);
            assert!(matches!(peer.next(), Seen::Disconnect(_)));
        })
    };
    let (uri, server) = expect_clean(true);
    let first = with_store(&uri, directory.path());
    first.connect(soon()).unwrap();
    std::fs::copy(directory.path().join(file), copy.path().join(file)).unwrap();
    first.close(Duration::from_secs(5));
    server.join().unwrap();

    let (uri, server) = expect_clean(false);
    let after_crash = with_store(&uri, copy.path());
    after_crash.connect(soon()).unwrap();
    after_crash.close(Duration::from_secs(5));
    server.join().unwrap();

    let (uri, server) = expect_clean(true);
    let after_leaving = with_store(&uri, directory.path());
    after_leaving.connect(soon()).unwrap();
    after_leaving.close(Duration::from_secs(5));
    server.join().unwrap();
}
