//! Our broker and a client that is not ours: rumqttc, in MQTT 3.1.1 and MQTT 5.
//!
//! With `MQTT_INTEROP_PORT` the same tests talk to whatever broker listens on that port of 127.0.0.1; a test that fails
//! there too is itself wrong.

#[path = "net_certs.rs"]
mod net_certs;

use std::sync::Arc;
use std::time::Duration;

use mqtt_broker::{Broker, Config, ListenerConfig, LocalAddress, NoHooks};
use net_certs::{Authority, server_tls};
use rumqttc::{TlsConfiguration, Transport};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

const LOOPBACK: ([u8; 4], u16) = ([127, 0, 0, 1], 0);
const PATIENCE: Duration = Duration::from_secs(20);
const MEBIBYTE: usize = 1024 * 1024;

/// What a client hears, in terms that both versions share.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Heard {
    Connected { session_present: bool },
    Subscribed,
    Published { topic: String, payload: Vec<u8>, qos: u8, retain: bool },
    Acknowledged,
    Error(String),
}

/// How a client connects.
#[derive(Debug, Clone, Default)]
struct As {
    client_id: &'static str,
    keep_session: bool,
    will: Option<(&'static str, &'static str)>,
    /// The authority to trust, in PEM; then the connection is TLS to `localhost`.
    authority: Option<Vec<u8>>,
}

impl As {
    fn host(&self) -> &'static str {
        if self.authority.is_some() { "localhost" } else { "127.0.0.1" }
    }

    fn transport(&self) -> Transport {
        match &self.authority {
            Some(ca) => Transport::Tls(TlsConfiguration::Simple { ca: ca.clone(), alpn: None, client_auth: None }),
            None => Transport::Tcp,
        }
    }
}

/// One rumqttc client with its event loop on a task.
struct Peer {
    client: AnyClient,
    heard: UnboundedReceiver<Heard>,
    task: JoinHandle<()>,
    session_present: bool,
}

enum AnyClient {
    V4(rumqttc::AsyncClient),
    V5(rumqttc::v5::AsyncClient),
}

#[derive(Debug, Clone, Copy)]
enum Speaks {
    V4,
    V5,
}

impl Peer {
    async fn connect(version: Speaks, port: u16, how: As) -> Peer {
        let (client, heard, task) = match version {
            Speaks::V4 => v4(port, &how),
            Speaks::V5 => v5(port, &how),
        };
        let mut peer = Peer { client, heard, task, session_present: false };
        match peer.next().await {
            Heard::Connected { session_present } => peer.session_present = session_present,
            other => panic!("instead of CONNACK: {other:?}"),
        }
        peer
    }

    async fn next(&mut self) -> Heard {
        match tokio::time::timeout(PATIENCE, self.heard.recv()).await {
            Ok(Some(heard)) => heard,
            Ok(None) => panic!("the connection is over"),
            Err(_) => panic!("nothing within {PATIENCE:?}"),
        }
    }

    async fn subscribe(&mut self, filter: &str, qos: u8) {
        match &self.client {
            AnyClient::V4(client) => {
                client.subscribe(filter, rumqttc::qos(qos).expect("a QoS")).await.expect("subscribe")
            }
            AnyClient::V5(client) => {
                client.subscribe(filter, rumqttc::v5::mqttbytes::qos(qos).expect("a QoS")).await.expect("subscribe")
            }
        }
        assert_eq!(self.next().await, Heard::Subscribed);
    }

    /// Publishes, and at QoS 1 and 2 waits for the acknowledgement.
    async fn publish(&mut self, topic: &str, payload: &[u8], qos: u8, retain: bool) {
        match &self.client {
            AnyClient::V4(client) => {
                client.publish(topic, rumqttc::qos(qos).expect("a QoS"), retain, payload).await.expect("publish");
            }
            AnyClient::V5(client) => {
                let qos = rumqttc::v5::mqttbytes::qos(qos).expect("a QoS");
                client.publish(topic, qos, retain, payload.to_vec()).await.expect("publish");
            }
        }
        if qos > 0 {
            assert_eq!(self.next().await, Heard::Acknowledged);
        }
    }

    async fn expect(&mut self, topic: &str, payload: &[u8], qos: u8, retain: bool) {
        match self.next().await {
            Heard::Published { topic: t, payload: p, qos: q, retain: r } => {
                assert_eq!((t.as_str(), q, r), (topic, qos, retain));
                assert!(p == payload, "another payload of {} bytes in the place of one of {}", p.len(), payload.len());
            }
            other => panic!("instead of a message on {topic}: {other:?}"),
        }
    }

    /// Leaves with DISCONNECT.
    async fn leave(mut self) {
        match &self.client {
            AnyClient::V4(client) => client.disconnect().await.expect("disconnect"),
            AnyClient::V5(client) => client.disconnect().await.expect("disconnect"),
        }
        // The event loop ends with an error when the connection has gone.
        while let Ok(Some(heard)) = tokio::time::timeout(PATIENCE, self.heard.recv()).await {
            if let Heard::Error(_) = heard {
                break;
            }
        }
    }

    /// Vanishes: the socket closes without DISCONNECT.
    async fn vanish(self) {
        self.task.abort();
        let _ = self.task.await;
    }
}

fn v4(port: u16, how: &As) -> (AnyClient, UnboundedReceiver<Heard>, JoinHandle<()>) {
    use rumqttc::{AsyncClient, Event, LastWill, MqttOptions, Packet, QoS};
    let mut options = MqttOptions::new(how.client_id, how.host(), port);
    options.set_transport(how.transport());
    options.set_clean_session(!how.keep_session).set_max_packet_size(2 * MEBIBYTE, 2 * MEBIBYTE);
    if let Some((topic, payload)) = how.will {
        options.set_last_will(LastWill::new(topic, payload, QoS::AtLeastOnce, false));
    }
    let (client, mut events) = AsyncClient::new(options, 100);
    let (sender, heard) = unbounded_channel();
    let task = tokio::spawn(async move {
        loop {
            let said = match events.poll().await {
                Ok(Event::Incoming(Packet::ConnAck(ack))) => Heard::Connected { session_present: ack.session_present },
                Ok(Event::Incoming(Packet::SubAck(_))) => Heard::Subscribed,
                Ok(Event::Incoming(Packet::PubAck(_) | Packet::PubComp(_))) => Heard::Acknowledged,
                Ok(Event::Incoming(Packet::Publish(p))) => {
                    Heard::Published { topic: p.topic, payload: p.payload.to_vec(), qos: p.qos as u8, retain: p.retain }
                }
                Ok(_) => continue,
                Err(error) => return end(&sender, error.to_string()),
            };
            if sender.send(said).is_err() {
                return;
            }
        }
    });
    (AnyClient::V4(client), heard, task)
}

fn v5(port: u16, how: &As) -> (AnyClient, UnboundedReceiver<Heard>, JoinHandle<()>) {
    use rumqttc::v5::mqttbytes::QoS;
    use rumqttc::v5::mqttbytes::v5::{LastWill, Packet};
    use rumqttc::v5::{AsyncClient, Event, MqttOptions};
    let mut options = MqttOptions::new(how.client_id, how.host(), port);
    options.set_transport(how.transport());
    options.set_clean_start(!how.keep_session).set_max_packet_size(Some(2 * MEBIBYTE as u32));
    if how.keep_session {
        options.set_session_expiry_interval(Some(300));
    }
    if let Some((topic, payload)) = how.will {
        options.set_last_will(LastWill::new(topic, payload, QoS::AtLeastOnce, false, None));
    }
    let (client, mut events) = AsyncClient::new(options, 100);
    let (sender, heard) = unbounded_channel();
    let task = tokio::spawn(async move {
        loop {
            let said = match events.poll().await {
                Ok(Event::Incoming(Packet::ConnAck(ack))) => Heard::Connected { session_present: ack.session_present },
                Ok(Event::Incoming(Packet::SubAck(_))) => Heard::Subscribed,
                Ok(Event::Incoming(Packet::PubAck(_) | Packet::PubComp(_))) => Heard::Acknowledged,
                Ok(Event::Incoming(Packet::Publish(p))) => Heard::Published {
                    topic: String::from_utf8(p.topic.to_vec()).expect("a topic is UTF-8"),
                    payload: p.payload.to_vec(),
                    qos: p.qos as u8,
                    retain: p.retain,
                },
                Ok(_) => continue,
                Err(error) => return end(&sender, error.to_string()),
            };
            if sender.send(said).is_err() {
                return;
            }
        }
    });
    (AnyClient::V5(client), heard, task)
}

fn end(sender: &UnboundedSender<Heard>, error: String) {
    let _ = sender.send(Heard::Error(error));
}

/// A broker of this test alone, or the one that the environment names.
struct Place {
    port: u16,
    _broker: Option<Broker>,
}

fn place() -> Place {
    if let Ok(port) = std::env::var("MQTT_INTEROP_PORT") {
        return Place { port: port.parse().expect("MQTT_INTEROP_PORT is a number"), _broker: None };
    }
    start(ListenerConfig::tcp(LOOPBACK.into()))
}

fn start(listener: ListenerConfig) -> Place {
    let config = Config { listeners: vec![listener], ..Config::default() };
    let broker = Broker::start(config, Arc::new(NoHooks)).expect("a broker on a free port");
    let port = match &broker.local_addrs()[0] {
        LocalAddress::Tcp(address) => address.port(),
        other => panic!("{other:?} in the place of a TCP address"),
    };
    Place { port, _broker: Some(broker) }
}

// -- The scenarios, each for both versions ---------------------------------------------------------------------------

async fn every_qos_arrives_as_sent(version: Speaks) {
    let place = place();
    let mut subscriber = Peer::connect(version, place.port, As { client_id: "qos-s", ..As::default() }).await;
    let mut publisher = Peer::connect(version, place.port, As { client_id: "qos-p", ..As::default() }).await;
    subscriber.subscribe("rumqttc/qos/+", 2).await;
    for qos in 0..3 {
        let topic = format!("rumqttc/qos/{qos}");
        for round in 0..20u8 {
            publisher.publish(&topic, &[round], qos, false).await;
        }
        for round in 0..20u8 {
            subscriber.expect(&topic, &[round], qos, false).await;
        }
    }
}

async fn retained_until_taken_away(version: Speaks) {
    let place = place();
    let mut publisher = Peer::connect(version, place.port, As { client_id: "ret-p", ..As::default() }).await;
    publisher.publish("rumqttc/retained", b"last known", 1, true).await;
    let mut first = Peer::connect(version, place.port, As { client_id: "ret-1", ..As::default() }).await;
    first.subscribe("rumqttc/retained", 1).await;
    first.expect("rumqttc/retained", b"last known", 1, true).await;
    publisher.publish("rumqttc/retained", b"", 1, true).await;
    let mut second = Peer::connect(version, place.port, As { client_id: "ret-2", ..As::default() }).await;
    second.subscribe("rumqttc/retained", 1).await;
    publisher.publish("rumqttc/retained", b"live", 1, false).await;
    second.expect("rumqttc/retained", b"live", 1, false).await;
}

async fn will_of_one_who_vanished(version: Speaks) {
    let place = place();
    let mut watcher = Peer::connect(version, place.port, As { client_id: "will-w", ..As::default() }).await;
    watcher.subscribe("rumqttc/state/#", 1).await;
    let left = As { client_id: "will-1", will: Some(("rumqttc/state/left", "gone")), ..As::default() };
    Peer::connect(version, place.port, left).await.leave().await;
    let lost = As { client_id: "will-2", will: Some(("rumqttc/state/lost", "gone")), ..As::default() };
    Peer::connect(version, place.port, lost).await.vanish().await;
    // The one that said goodbye has no will, so the first that comes is the other's.
    watcher.expect("rumqttc/state/lost", b"gone", 1, false).await;
}

async fn session_resumed_with_its_queue(version: Speaks) {
    let place = place();
    let how = As { client_id: "resume-s", keep_session: true, ..As::default() };
    let mut subscriber = Peer::connect(version, place.port, how.clone()).await;
    assert!(!subscriber.session_present);
    subscriber.subscribe("rumqttc/resume/#", 2).await;
    subscriber.leave().await;
    let mut publisher = Peer::connect(version, place.port, As { client_id: "resume-p", ..As::default() }).await;
    for round in 0..10u8 {
        publisher.publish("rumqttc/resume/x", &[round], 1 + round % 2, false).await;
    }
    let mut subscriber = Peer::connect(version, place.port, how).await;
    assert!(subscriber.session_present);
    for round in 0..10u8 {
        subscriber.expect("rumqttc/resume/x", &[round], 1 + round % 2, false).await;
    }
    subscriber.leave().await;
    // A clean start forgets it.
    let fresh = As { client_id: "resume-s", ..As::default() };
    assert!(!Peer::connect(version, place.port, fresh).await.session_present);
}

async fn large_text_and_binary(version: Speaks) {
    let place = place();
    let mut subscriber = Peer::connect(version, place.port, As { client_id: "data-s", ..As::default() }).await;
    let mut publisher = Peer::connect(version, place.port, As { client_id: "data-p", ..As::default() }).await;
    let topic = "rumqttc/größe/温度";
    subscriber.subscribe(topic, 1).await;
    let large: Vec<u8> = (0..MEBIBYTE).map(|i| (i * 31 % 251) as u8).collect();
    let binary: Vec<u8> = (0..=255).collect();
    for payload in [&large[..], &binary, "Grüße, 世界 🚀".as_bytes(), b"\0", b""] {
        publisher.publish(topic, payload, 1, false).await;
        subscriber.expect(topic, payload, 1, false).await;
    }
}

/// This one has a broker of its own always: it needs its certificate.
async fn the_same_over_tls(version: Speaks) {
    let authority = Authority::new("rumqttc");
    let tls = server_tls(&authority.server(&["localhost"]));
    let place = start(ListenerConfig { tls: Some(tls), ..ListenerConfig::tcp(LOOPBACK.into()) });
    let ca = std::fs::read(authority.ca_file()).expect("the authority's file");
    let how = |client_id| As { client_id, authority: Some(ca.clone()), ..As::default() };
    let mut subscriber = Peer::connect(version, place.port, how("tls-s")).await;
    let mut publisher = Peer::connect(version, place.port, how("tls-p")).await;
    subscriber.subscribe("rumqttc/tls", 2).await;
    let large = vec![7; MEBIBYTE];
    for qos in 0..3 {
        publisher.publish("rumqttc/tls", &large, qos, false).await;
        subscriber.expect("rumqttc/tls", &large, qos, false).await;
    }
}

macro_rules! for_both_versions {
    ($($scenario:ident),* $(,)?) => {
        mod mqtt_3_1_1 {
            $(#[tokio::test]
            async fn $scenario() {
                super::$scenario(super::Speaks::V4).await;
            })*
        }
        mod mqtt_5 {
            $(#[tokio::test]
            async fn $scenario() {
                super::$scenario(super::Speaks::V5).await;
            })*
        }
    };
}

for_both_versions!(
    every_qos_arrives_as_sent,
    retained_until_taken_away,
    will_of_one_who_vanished,
    session_resumed_with_its_queue,
    large_text_and_binary,
    the_same_over_tls,
);
