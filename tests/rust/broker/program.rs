//! What the program around the broker may ask of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use mqtt_broker::{Broker, Level, Levels, ListenerConfig, LocalAddress, NoHooks, PublishError, StartError};
use mqtt_proto::packet::{Disconnect, Properties, QoS, RetainHandling, Subscription};
use mqtt_proto::{ReasonCode, Version};

use super::support::{Got, broker, config, goodbye, payload, start};

#[test]
fn it_publishes_lists_and_disconnects() {
    for shards in [1, 2] {
        let broker = broker(shards);
        let mut client = broker.client(Version::V5, "c");
        let other = broker.client(Version::V3_1_1, "d");
        client.subscribe("a/#", QoS::AtLeastOnce);
        let publish = |topic| broker.broker.publish(topic, "x", QoS::AtLeastOnce, true, Properties::new());
        publish("a/b").expect("a topic");
        assert!(matches!(publish("a/#"), Err(PublishError::Topic { .. })));
        assert_eq!(payload(&client.message()), "x");
        assert_eq!(broker.broker.retained("a/+").expect("a filter").len(), 1);
        assert!(broker.broker.retained("a/#/b").is_err());
        let mut ids: Vec<String> = broker.broker.clients().iter().map(|c| c.identity.client_id.to_string()).collect();
        ids.sort();
        assert_eq!(ids, ["c", "d"]);
        let subscriptions = broker.broker.subscriptions();
        assert_eq!((&*subscriptions[0].client_id, &*subscriptions[0].subscription.filter), ("c", "a/#"));
        assert!(broker.broker.disconnect("c", ReasonCode::AdministrativeAction));
        assert!(!broker.broker.disconnect("nobody", ReasonCode::AdministrativeAction));
        assert_eq!(client.next(), Got::Disconnect(Disconnect::new(ReasonCode::AdministrativeAction)));
        assert_eq!(client.next(), Got::Closed);
        broker.wait_until("one is left", |b| b.stats().clients_connected == 1);
        drop(other);
    }
}

#[test]
fn stopping_says_goodbye_and_is_done() {
    let broker = broker(2);
    let mut client = broker.client(Version::V5, "c");
    let mut old = broker.client(Version::V3_1_1, "d");
    // In another thread, because the farewells wait until they have been read.
    let stopped = std::thread::scope(|scope| {
        let stopping = scope.spawn(|| broker.broker.stop(Duration::from_secs(5)));
        assert_eq!(client.next(), Got::Disconnect(Disconnect::new(ReasonCode::ServerShuttingDown)));
        assert_eq!(old.next(), Got::Closed);
        drop((client, old));
        stopping.join().expect("no panic")
    });
    assert!(stopped);
    assert!(std::net::TcpStream::connect(broker.address).is_err());
    assert_eq!(broker.broker.publish("t", "x", QoS::AtMostOnce, false, Properties::new()), Err(PublishError::Stopped));
}

#[test]
fn an_address_in_use_is_named() {
    let first = broker(1);
    let mut second = config(1);
    second.listeners[0] = ListenerConfig::tcp(first.address);
    match Broker::start(second, Arc::new(NoHooks)) {
        Err(StartError::Listen { address, .. }) => assert!(address.contains(&first.address.port().to_string())),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_unix_socket_serves_too() {
    use std::io::{Read, Write};
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("mqtt.sock");
    let mut config = config(2);
    config.listeners.push(ListenerConfig::unix(&path));
    let broker = start(config, Arc::new(NoHooks));
    assert_eq!(broker.broker.local_addrs()[1], LocalAddress::Unix(path.clone()));
    let mut stream = std::os::unix::net::UnixStream::connect(&path).expect("a connection");
    stream.write_all(&[0x10, 13, 0, 4, b'M', b'Q', b'T', b'T', 4, 2, 0, 0, 0, 1, b'u']).expect("CONNECT");
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).expect("CONNACK");
    assert_eq!(answer, [0x20, 2, 0, 0]);
    assert_eq!(broker.broker.client("u").expect("a client").identity.peer.address, None);
}

/// Users have parsers for these lines.
#[test]
fn the_log_speaks_like_mosquitto() {
    let broker = broker(1);
    let lines = Arc::new(Mutex::new(Vec::<String>::new()));
    let sink = Arc::clone(&lines);
    broker.broker.on_log(Levels::ALL, move |record| sink.lock().expect("lock").push(record.to_string()));
    let mut connect = mqtt_proto::packet::Connect::new(Version::V3_1_1, "ID");
    connect.user_name = Some("joe".into());
    let (mut client, _) = broker.connect(connect);
    client.subscribe("topic", QoS::ExactlyOnce);
    client.publish("topic", "x", QoS::ExactlyOnce);
    // The echo may come before the second half of the exchange.
    (0..2).for_each(|_| drop(client.next()));
    client.raw(&[0xC0, 0]);
    client.silent();
    client.leave(goodbye());
    broker.wait_until("it is gone", |b| b.clients().is_empty());
    let lines = lines.lock().expect("lock").clone();
    for expected in [
        "New connection from 127.0.0.1 on port ",
        "New client connected from 127.0.0.1:",
        " as ID (p2, c1, k60, u'joe').",
        "No will message specified.",
        "Sending CONNACK to ID (0, 0)",
        "Received SUBSCRIBE from ID",
        "\ttopic (QoS 2)",
        "ID 2 topic",
        "Sending SUBACK to ID",
        "Received PUBLISH from ID (d0, q2, r0, m2, 'topic', ... (1 bytes))",
        "Sending PUBREC to ID (m2, rc0)",
        "Received PUBREL from ID (Mid: 2)",
        "Sending PUBCOMP to ID (m2)",
        "Sending PUBLISH to ID (d0, q2, r0, m1, 'topic', ... (1 bytes))",
        "Received PUBREC from ID (Mid: 1)",
        "Sending PUBREL to ID (m1)",
        "Received PUBCOMP from ID (Mid: 1, RC:0)",
        "Received PINGREQ from ID",
        "Sending PINGRESP to ID",
        "Received DISCONNECT from ID",
        "Client ID disconnected.",
    ] {
        assert!(lines.iter().any(|line| line.contains(expected)), "{expected}\n{lines:#?}");
    }
    let connacks = lines.iter().filter(|line| line.contains("CONNACK")).count();
    let at = |text: &str| lines.iter().position(|line| line.contains(text));
    assert_eq!(connacks, 1, "{lines:#?}");
    assert!(
        at("Received SUBSCRIBE") < at("\ttopic (QoS 2)") && at("\ttopic (QoS 2)") < at("Sending SUBACK"),
        "{lines:#?}"
    );
}

#[test]
fn nothing_is_told_to_nobody() {
    let broker = broker(1);
    let count = Arc::new(Mutex::new(0));
    let sink = Arc::clone(&count);
    broker.broker.on_log(Levels::NONE.with(Level::Error), move |_| *sink.lock().expect("lock") += 1);
    broker.client(Version::V5, "c").leave(goodbye());
    assert_eq!(*count.lock().expect("lock"), 0);
}

/// Another node, as the broker sees it.
#[derive(Default)]
struct Node {
    inbox: Mutex<Option<Arc<dyn mqtt_store::PeerInbox>>>,
    interests: Mutex<Vec<(String, mqtt_store::Interest)>>,
    wanted: Mutex<Vec<String>>,
    generation: std::sync::atomic::AtomicU64,
    got: Mutex<Vec<(String, bool)>>,
}

impl mqtt_store::Peers for Node {
    fn attach(&self, inbox: Arc<dyn mqtt_store::PeerInbox>) {
        *self.inbox.lock().expect("lock") = Some(inbox);
    }

    fn interest(&self, filter: &str, change: mqtt_store::Interest) {
        self.interests.lock().expect("lock").push((filter.to_owned(), change));
    }

    fn wants(&self, topic: &str) -> bool {
        self.wanted.lock().expect("lock").iter().any(|wanted| wanted == topic)
    }

    fn generation(&self) -> u64 {
        self.generation.load(std::sync::atomic::Ordering::Acquire)
    }

    fn publish(&self, message: mqtt_store::PeerMessage) {
        self.got.lock().expect("lock").push((message.message.topic.to_string(), message.publisher.is_some()));
    }
}

#[test]
fn other_nodes_get_what_they_want_once_and_nothing_comes_back() {
    use mqtt_store::{Interest, PeerMessage};
    let node = Arc::new(Node::default());
    let mut config = config(2);
    config.peers = node.clone();
    let broker = start(config, Arc::new(NoHooks));
    let mut clients: Vec<_> = (0..4).map(|i| broker.client(Version::V5, &format!("c{i}"))).collect();
    clients.iter_mut().for_each(|client| client.subscribe("t", QoS::AtLeastOnce));
    assert_eq!(*node.interests.lock().expect("lock"), [("t".to_owned(), Interest::Gained)]);
    clients[0].publish_acknowledged("t", "not yet", QoS::AtLeastOnce, false);
    node.wanted.lock().expect("lock").push("t".to_owned());
    node.generation.fetch_add(1, std::sync::atomic::Ordering::Release);
    let mut publisher = broker.client(Version::V5, "p");
    publisher.publish_acknowledged("t", "now", QoS::AtLeastOnce, false);
    assert_eq!(*node.got.lock().expect("lock"), [("t".to_owned(), true)]);
    let inbox = node.inbox.lock().expect("lock").clone().expect("an inbox");
    let message = Arc::new(mqtt_proto::packet::Message::new("t", "from there"));
    inbox.deliver(PeerMessage { message, qos: QoS::AtLeastOnce, retain: false, publisher: None });
    for client in &mut clients[1..] {
        let got: Vec<_> = (0..3).map(|_| client.text().1).collect();
        assert_eq!(got, ["not yet", "now", "from there"]);
    }
    assert_eq!(node.got.lock().expect("lock").len(), 1);
    drop(clients);
    broker.wait_until("nobody is interested", |_| node.interests.lock().expect("lock").len() == 2);
    inbox.session_moved("p");
    assert_eq!(publisher.next(), Got::Disconnect(Disconnect::new(ReasonCode::SessionTakenOver)));
}

/// stop() waited for its whole time, and said that something was unwritten, where a client did not close its socket.
#[test]
fn a_client_that_stays_does_not_hold_up_a_stop() {
    for timeout in [Duration::ZERO, Duration::from_millis(50), Duration::from_secs(20)] {
        let broker = broker(2);
        let mut clients = [broker.client(Version::V5, "a"), broker.client(Version::V3_1_1, "b")];
        let begin = std::time::Instant::now();
        assert!(broker.broker.stop(timeout), "everything was written");
        assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
        assert_eq!(clients[0].next(), Got::Disconnect(Disconnect::new(ReasonCode::ServerShuttingDown)));
        assert_eq!(clients[1].next(), Got::Closed);
    }
}

/// What was just published was not yet among the retained messages and in the counters, and there was no way to wait.
#[test]
fn sync_waits_for_what_was_published() {
    for shards in [1, 4] {
        let broker = broker(shards);
        for number in 0..200 {
            let topic = format!("a/{number}");
            broker.broker.publish(&topic, "x", QoS::AtMostOnce, true, Properties::new()).expect("a topic");
            broker.broker.sync();
            assert_eq!(broker.broker.retained(&topic).expect("a filter").len(), 1);
        }
    }
}

/// Retain handling was told as 0 whatever the client had asked for.
#[test]
fn subscriptions_are_told_as_they_were_asked_for() {
    let broker = broker(1);
    let mut client = broker.client(Version::V5, "c");
    let asked = Subscription {
        no_local: true,
        retain_as_published: true,
        retain_handling: RetainHandling::DoNotSend,
        ..Subscription::new("a/#", QoS::ExactlyOnce)
    };
    client.subscribe_all(std::slice::from_ref(&asked), &Properties::new());
    assert_eq!(broker.broker.subscriptions()[0].subscription, asked);
}
