use std::io::{Read, Write};
use std::time::Duration;

use mqtt_client::{Error, Wait};
use mqtt_proto::packet::{ConnAck, PacketType, Property, QoS};
use mqtt_proto::{ReasonCode, Time};

use super::server::{Peer, Seen, echo, new_session, serve};
use super::{NONE, client, client_with, filter, publish, soon};

#[test]
fn what_is_subscribed_comes_with_its_handles() {
    let (uri, server) = echo(1);
    let client = client(&uri);
    let filters = [filter("a/+", 7), filter("$share/group/a/#", 8), filter("b", 9)];
    let sub_ack = client.subscribe(&filters, NONE, soon()).unwrap();
    assert_eq!(sub_ack.reasons, [ReasonCode::GrantedQoS2; 3]);
    for qos in [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce] {
        publish(&client, "a/b", b"payload", qos);
        let received = client.receive(soon()).unwrap().unwrap();
        assert_eq!((&*received.topic, &*received.payload, received.qos), ("a/b", &b"payload"[..], qos));
        let mut handles = received.handles.to_vec();
        handles.sort_unstable();
        assert_eq!(handles, [7, 8]);
        assert_eq!(received.ack.is_some(), qos > QoS::AtMostOnce);
        assert!(!received.retain && !received.dup && received.received_at.elapsed().unwrap().as_secs() < 10);
    }
    let unsub_ack = client.unsubscribe(&["a/+".into()], NONE, soon()).unwrap();
    assert_eq!(unsub_ack.reasons, [ReasonCode::Success]);
    publish(&client, "a/b", b"", QoS::AtMostOnce);
    assert_eq!(client.receive(soon()).unwrap().unwrap().handles.to_vec(), [8]);
    assert!(client.receive(Wait::at_most(Duration::from_millis(20))).unwrap().is_none());
    client.close(Duration::from_secs(5));
    server.join().unwrap();
}

/// Shows: 5.0 MQTT-4.3.2-4, 5.0 MQTT-4.5.0-2
#[test]
fn a_message_is_acknowledged_when_it_was_handled() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        for token in 1..=3 {
            peer.send("t", &[token], QoS::AtLeastOnce, token.into());
        }
        let quiet = peer.next_within(Duration::from_millis(150));
        assert!(matches!(quiet, Seen::Silence), "nothing was handled yet: {quiet:?}");
        // The client refuses the second; each goes out in its turn.
        let completed: Vec<u64> = (0..3)
            .map(|_| match peer.next() {
                Seen::Completed(token) => token,
                other => panic!("{other:?}"),
            })
            .collect();
        let reasons: Vec<ReasonCode> = peer
            .trace()
            .into_iter()
            .filter(|trace| trace.packet_type == PacketType::PubAck)
            .map(|trace| trace.reason)
            .collect();
        (completed, reasons)
    });
    let client = client_with(&uri, |options| options.manual_ack = true);
    let acks: Vec<_> = (0..3).map(|_| client.receive(soon()).unwrap().unwrap().ack.unwrap()).collect();
    std::thread::sleep(Duration::from_millis(200)); // the server's quiet moment
    assert!(client.ack(acks[2], ReasonCode::Success).unwrap());
    assert!(client.ack(acks[0], ReasonCode::Success).unwrap());
    assert!(client.ack(acks[1], ReasonCode::NotAuthorized).unwrap());
    assert!(!client.ack(acks[1], ReasonCode::Success).unwrap(), "once only");
    let (completed, reasons) = server.join().unwrap();
    assert_eq!(completed, [1, 2, 3]);
    assert_eq!(reasons, [ReasonCode::Success, ReasonCode::NotAuthorized, ReasonCode::Success]);
}

/// As mosquitto 2.0.11 does it. The connection once ended with 0x93, and everything came again.
#[test]
fn a_server_that_sends_more_than_it_was_granted_keeps_its_client() {
    const COUNT: u16 = 3000;
    let (uri, server) = serve(|listener| {
        // Bytes, because our own link keeps to what it was granted.
        let (mut stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let mut buffer = [0; 4096];
        assert!(stream.read(&mut buffer).unwrap() > 10, "CONNECT");
        stream.write_all(&[0x20, 3, 0, 0, 0]).unwrap();
        for number in 1..=COUNT {
            let [high, low] = number.to_be_bytes();
            stream.write_all(&[0x32, 8, 0, 1, b't', high, low, 0, high, low]).unwrap();
        }
        // PUBACK with success has four bytes.
        let mut acknowledged = vec![0; usize::from(COUNT) * 4];
        stream.read_exact(&mut acknowledged).unwrap();
        acknowledged.chunks(4).filter(|packet| packet[..2] == [0x40, 2]).count()
    });
    let client = client_with(&uri, |options| options.receive_maximum = 10);
    client.connect(soon()).unwrap();
    while client.stats().receive_queue < usize::from(COUNT) {
        std::thread::yield_now();
    }
    for number in 1..=COUNT {
        assert_eq!(client.receive(soon()).unwrap().unwrap().payload, number.to_be_bytes()[..]);
    }
    assert_eq!(server.join().unwrap(), usize::from(COUNT));
    assert_eq!(client.stats().reconnects, 0);
}

#[test]
fn a_full_receive_queue_leaves_the_rest_unread() {
    const COUNT: usize = 2000;
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        // Blocks as soon as the client stops reading and the kernel is full.
        for number in 0..COUNT {
            let mut payload = vec![0; 32 * 1024];
            payload[..8].copy_from_slice(&number.to_be_bytes());
            peer.send("t", &payload, QoS::AtMostOnce, 0);
        }
        peer.next()
    });
    let cap = 1024 * 1024;
    let client = client_with(&uri, |options| options.receive_queue = cap);
    client.connect(soon()).unwrap();
    // Wait until the queue is full, then long enough for a reader that does not stop.
    let full = || client.stats().receive_queue_bytes >= cap;
    let started = std::time::Instant::now();
    while !full() && started.elapsed() < Duration::from_secs(5) {
        std::thread::yield_now();
    }
    std::thread::sleep(Duration::from_millis(100));
    let bytes = client.stats().receive_queue_bytes;
    assert!(bytes >= cap && bytes < cap + 64 * 1024, "{bytes}");
    for number in 0..COUNT {
        let received = client.receive(soon()).unwrap().unwrap();
        assert_eq!(received.payload[..8], number.to_be_bytes());
    }
    client.close(Duration::from_secs(5));
    assert!(matches!(server.join().unwrap(), Seen::Disconnect(_)));
}

#[test]
fn a_call_that_waits_reads_past_a_full_queue() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        for _ in 0..200 {
            peer.send("t", &[0; 1024], QoS::AtMostOnce, 0);
        }
        peer.grant();
        peer.next()
    });
    let client = client_with(&uri, |options| options.receive_queue = 10_000);
    client.connect(soon()).unwrap();
    client.subscribe(&[filter("x", 1)], NONE, soon()).unwrap();
    assert!(client.stats().receive_queue >= 200, "the answer was behind them");
    assert_eq!(client.close(Duration::from_secs(5)).publishes, 0);
    server.join().unwrap();
}

/// Shows: 3.1.1 MQTT-4.8.0-1, 5.0 MQTT-4.13.2-1
#[test]
fn a_server_that_breaks_the_protocol_is_named() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        peer.write_raw(&[0x36, 0x00]);
        let seen = peer.next();
        (seen, listener)
    });
    let client = client_with(&uri, |options| options.reconnect.enabled = false);
    let error = client.receive(soon()).unwrap_err();
    assert!(matches!(error, Error::Protocol { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("QoS is 3") && text.contains("MQTT-3.3.1-4") && text.contains("127.0.0.1"), "{text}");
    assert!(matches!(server.join().unwrap().0, Seen::Disconnect(d) if d.reason == ReasonCode::MalformedPacket));
}

#[test]
fn the_receive_maximum_bounds_what_is_not_handled() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        let connect = peer.welcome();
        assert_eq!(connect.properties.receive_maximum(), Some(3));
        for token in 1..=9 {
            peer.send("t", &[token], QoS::AtLeastOnce, token.into());
        }
        let mut done = 0;
        while done < 9 {
            match peer.next() {
                Seen::Completed(_) => done += 1,
                other => panic!("{other:?}"),
            }
        }
    });
    let client = client_with(&uri, |options| options.receive_maximum = 3);
    for number in 1..=9 {
        let waiting = client.stats().receive_queue;
        assert!(waiting <= 3, "{waiting}");
        assert_eq!(*client.receive(soon()).unwrap().unwrap().payload, [number]);
    }
    server.join().unwrap();
}

#[test]
fn a_full_receive_queue_does_not_end_the_connection() {
    let (paused, wait_paused) = std::sync::mpsc::channel();
    let (uri, server) = serve(move |listener| {
        let mut peer = Peer::accept(&listener);
        peer.connect();
        let mut ack = ConnAck::accepted(false);
        ack.properties.push(Property::ServerKeepAlive(1));
        peer.link.accept(Time::from_millis(2), new_session(), ack);
        for _ in 0..100 {
            peer.send("t", &[0; 1024], QoS::AtMostOnce, 0);
        }
        // The client reads nothing, so it cannot see an answer to a ping; it pings all the same, and stays.
        let mut pings = 0;
        while pings < 7 {
            let seen = peer.next_within(Duration::from_secs(2));
            assert!(matches!(seen, Seen::Silence), "{seen:?}");
            let count = peer.trace().iter().filter(|trace| trace.packet_type == PacketType::PingReq).count();
            assert!(count > 0, "a ping was due");
            pings += count;
        }
        paused.send(()).unwrap();
        let grants = peer.grant().len();
        (grants, peer.next())
    });
    let client = client_with(&uri, |options| options.receive_queue = 10_000);
    client.connect(soon()).unwrap();
    wait_paused.recv_timeout(Duration::from_secs(20)).unwrap();
    assert!(client.is_connected());
    for _ in 0..100 {
        client.receive(soon()).unwrap().unwrap();
    }
    client.subscribe(&[filter("x", 1)], NONE, soon()).unwrap();
    assert_eq!(client.stats().reconnects, 0);
    client.close(Duration::from_secs(5));
    assert!(matches!(server.join().unwrap(), (1, Seen::Disconnect(_))));
}
