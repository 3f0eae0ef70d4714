use std::time::Duration;

use mqtt_client::Event;
use mqtt_proto::ReasonCode;
use mqtt_proto::packet::{Properties, QoS};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::server::{Peer, echo, serve};
use super::{NONE, client, filter, publish, soon};

fn is_readable(client: &mqtt_client::Client, within: Duration) -> bool {
    let fd = client.fd().unwrap();
    let time = Timespec { tv_sec: within.as_secs() as _, tv_nsec: within.subsec_nanos() as _ };
    poll(&mut [PollFd::from_borrowed_fd(fd, PollFlags::IN)], Some(&time)).unwrap() == 1
}

#[test]
fn the_descriptor_is_readable_exactly_while_events_wait() {
    let (uri, server) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        peer.grant();
        for number in 0..100 {
            peer.send("t", &[number], QoS::AtMostOnce, 0);
        }
        peer.next();
    });
    let client = client(&uri);
    assert!(!is_readable(&client, Duration::ZERO));
    // Nothing here ever blocks in the client: the background thread does it all.
    client.start_subscribe(&[filter("t", 1)], &Properties::new()).unwrap();
    let mut events = Vec::new();
    while events.len() < 102 {
        assert!(is_readable(&client, Duration::from_secs(10)), "{} events so far", events.len());
        client.drain_events(7, &mut events).unwrap();
    }
    assert!(matches!(events[0], Event::Connected { .. }));
    assert!(events.iter().any(
        |event| matches!(event, Event::SubscribeDone { sub_ack, .. } if sub_ack.reasons == [ReasonCode::GrantedQoS2])
    ));
    let payloads: Vec<u8> = events
        .iter()
        .filter_map(|event| if let Event::Message(received) = event { Some(received.payload[0]) } else { None })
        .collect();
    assert_eq!(payloads, (0..100).collect::<Vec<u8>>());
    assert_eq!(client.drain_events(7, &mut events).unwrap(), 0);
    assert!(!is_readable(&client, Duration::ZERO));
    client.close(Duration::from_secs(5));
    server.join().unwrap();
}

#[test]
fn taking_events_one_by_one_quietens_the_descriptor_too() {
    let (uri, server) = echo(1);
    let client = client(&uri);
    client.fd().unwrap();
    client.connect(soon()).unwrap();
    client.subscribe(&[filter("t", 1)], NONE, soon()).unwrap();
    for round in 0..50u8 {
        publish(&client, "t", &[round], QoS::AtLeastOnce);
        assert!(is_readable(&client, Duration::from_secs(10)));
        loop {
            match client.next_event().unwrap() {
                Some(Event::Message(received)) => {
                    assert_eq!(*received.payload, [round]);
                    client.ack(received.ack.unwrap(), ReasonCode::Success).unwrap();
                    break;
                }
                Some(_) => {}
                None => assert!(is_readable(&client, Duration::from_secs(10))),
            }
        }
        assert!(client.next_event().unwrap().is_none());
        assert!(!is_readable(&client, Duration::ZERO));
    }
    client.close(Duration::from_secs(5));
    server.join().unwrap();
}

#[test]
fn completions_are_events_when_asked_for() {
    let (uri, server) = echo(1);
    let client = client(&uri);
    client.set_completion_events(true);
    let tokens: Vec<_> = [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce]
        .into_iter()
        .map(|qos| publish(&client, "t", b"", qos))
        .collect();
    let mut completed = Vec::new();
    while completed.len() < 3 {
        if let Event::Completed { token, reason } = client.wait_event(soon()).unwrap().unwrap() {
            assert_eq!(reason, ReasonCode::Success);
            completed.push(token);
        }
    }
    completed.sort_unstable();
    assert_eq!(completed, tokens);
    client.close(Duration::from_secs(5));
    server.join().unwrap();
}

#[test]
fn the_log_tells_what_goes_on() {
    let (uri, server) = echo(1);
    let client = client(&uri);
    client.set_log_events(true);
    client.connect(soon()).unwrap();
    client.close(Duration::from_secs(5));
    let logs: Vec<String> = std::iter::from_fn(|| client.next_event().unwrap())
        .filter_map(|event| if let Event::Log { text, .. } = event { Some(text) } else { None })
        .collect();
    assert!(logs.iter().any(|text| text.contains("connected") && text.contains("127.0.0.1")), "{logs:?}");
    server.join().unwrap();
}

#[test]
fn packets_are_counted_both_ways() {
    let (uri, server) = echo(1);
    let client = client(&uri);
    client.connect(soon()).unwrap();
    client.subscribe(&[filter("a", 1)], NONE, soon()).unwrap();
    let large = vec![0; 70_000];
    let token = publish(&client, "a", &large, QoS::AtLeastOnce);
    client.wait(token, soon()).unwrap();
    client.receive(soon()).unwrap().unwrap();
    let stats = client.stats();
    // CONNECT, SUBSCRIBE, PUBLISH and the PUBACK for the echo; CONNACK, SUBACK, PUBACK, PUBLISH.
    assert_eq!(stats.packets_received, 4);
    assert!((3..=4).contains(&stats.packets_sent), "{stats:?}");
    client.close(Duration::from_secs(1));
    server.join().unwrap();
}
