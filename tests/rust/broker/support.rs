//! A broker on a free port, and a client of few words: a link and a blocking socket.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use mqtt_broker::{Broker, Config, Hooks, ListenerConfig, LocalAddress, NoHooks};
use mqtt_proto::packet::{
    ConnAck, Connect, Disconnect, Message, Properties, Publish, QoS, SubAck, Subscription, UnsubAck,
};
use mqtt_proto::session::{Event, Link, Outgoing, QueueLimits, Session};
use mqtt_proto::wire::fanout::Fanout;
use mqtt_proto::{Limits, ReasonCode, Text, Time, Version};

pub const VERSIONS: [Version; 3] = [Version::V3_1, Version::V3_1_1, Version::V5];

/// How long anything may take.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// How long to watch for something that must not come.
pub const SILENCE: Duration = Duration::from_millis(150);

/// A broker on a free port of the loopback interface.
pub struct TestBroker {
    pub broker: Broker,
    pub address: SocketAddr,
}

pub fn config(shards: usize) -> Config {
    let mut config = Config { shards, sys_interval: Duration::ZERO, ..Config::default() };
    config.listeners.push(ListenerConfig::tcp("127.0.0.1:0".parse().expect("address")));
    config
}

pub fn start(config: Config, hooks: Arc<dyn Hooks>) -> TestBroker {
    let broker = Broker::start(config, hooks).expect("a broker");
    let address = match &broker.local_addrs()[0] {
        LocalAddress::Tcp(address) => *address,
        LocalAddress::Unix(path) => panic!("{}", path.display()),
    };
    TestBroker { broker, address }
}

/// A broker with this many shards and nothing special.
pub fn broker(shards: usize) -> TestBroker {
    start(config(shards), Arc::new(NoHooks))
}

impl TestBroker {
    /// A connected client with a clean start.
    pub fn client(&self, version: Version, id: &str) -> Client {
        self.connect(Connect::new(version, id.to_owned())).0
    }

    /// A connected client and its CONNACK.
    pub fn connect(&self, connect: Connect) -> (Client, ConnAck) {
        let mut client = Client::dial(self.address, &connect, Session::new(true, false, QueueLimits::default()));
        let ack = client.connack();
        assert!(!ack.reason.is_error(), "{}", ack.reason);
        (client, ack)
    }

    /// A client that resumes this session.
    pub fn resume(&self, connect: Connect, session: Session) -> (Client, ConnAck) {
        let mut client = Client::dial(self.address, &connect, session);
        let ack = client.connack();
        (client, ack)
    }

    /// What a client that should be refused is told.
    pub fn refused(&self, connect: Connect) -> ConnAck {
        let mut client = Client::dial(self.address, &connect, Session::default());
        client.connack()
    }

    /// Waits until the broker is in this state.
    pub fn wait_until(&self, what: &str, mut condition: impl FnMut(&Broker) -> bool) {
        let start = Instant::now();
        while !condition(&self.broker) {
            assert!(start.elapsed() < PATIENCE, "{what}: {:?}", self.broker.stats());
            std::thread::yield_now();
        }
    }
}

/// What a client has got.
#[derive(Debug, Clone, PartialEq)]
pub enum Got {
    ConnAck(ConnAck),
    Publish(Publish),
    Completed(u64, ReasonCode),
    SubAck(SubAck),
    UnsubAck(UnsubAck),
    Auth(mqtt_proto::packet::Auth),
    Disconnect(Disconnect),
    /// The broker closed the socket.
    Closed,
}

/// A client: a link over a blocking socket. Messages are acknowledged when they are taken, unless told otherwise.
pub struct Client {
    pub link: Link,
    pub stream: TcpStream,
    input: Vec<u8>,
    got: std::collections::VecDeque<Got>,
    start: Instant,
    /// Leave messages unacknowledged.
    pub withhold: bool,
}

impl Client {
    pub fn dial(address: SocketAddr, connect: &Connect, session: Session) -> Client {
        Client::dial_with(address, connect, session, Limits { topic_alias_maximum: 10, ..Limits::default() })
    }

    pub fn dial_with(address: SocketAddr, connect: &Connect, session: Session, limits: Limits) -> Client {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        let link =
            Link::client(Time::default(), limits, connect, session).map_err(|(error, _)| error).expect("CONNECT");
        let got = std::collections::VecDeque::new();
        let mut client = Client { link, stream, input: Vec::new(), got, start: Instant::now(), withhold: false };
        client.flush();
        client
    }

    fn now(&self) -> Time {
        Time::from_millis(self.start.elapsed().as_millis() as u64)
    }

    pub fn flush(&mut self) {
        while !self.link.output().is_empty() {
            // A broker that has closed is noticed when reading.
            let Ok(count) = self.stream.write(self.link.output()) else { return };
            self.link.written(count);
        }
    }

    /// The next thing that comes; `None` when nothing comes in this time.
    pub fn next_within(&mut self, time: Duration) -> Option<Got> {
        let deadline = Instant::now() + time;
        loop {
            if let Some(got) = self.got.pop_front() {
                return Some(got);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            self.stream.set_read_timeout(Some(left)).expect("timeout");
            let mut buffer = [0; 65536];
            match self.stream.read(&mut buffer) {
                Ok(0) => self.got.push_back(Got::Closed),
                Ok(count) => {
                    self.input.extend_from_slice(&buffer[..count]);
                    self.digest();
                }
                Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {
                }
                Err(_) => self.got.push_back(Got::Closed),
            }
        }
    }

    fn digest(&mut self) {
        let input = std::mem::take(&mut self.input);
        let (now, mut used) = (self.now(), 0);
        loop {
            let received = self.link.recv(now, &input[used..]).expect("a broker that keeps the rules");
            used += received.consumed;
            let got = match received.event {
                None if received.consumed == 0 => break,
                None => continue,
                Some(Event::Publish { publish, alias, receipt }) => {
                    let mut owned = publish.to_publish();
                    owned.topic = alias.unwrap_or(owned.topic);
                    if let (Some(receipt), false) = (receipt, self.withhold) {
                        self.link.settle(receipt, ReasonCode::Success);
                    }
                    Got::Publish(owned)
                }
                Some(Event::Connected(ack)) => Got::ConnAck(*ack),
                Some(Event::Completed { token, reason }) => Got::Completed(token, reason),
                Some(Event::Subscribed(ack)) => Got::SubAck(ack),
                Some(Event::Unsubscribed(ack)) => Got::UnsubAck(ack),
                Some(Event::Auth(auth)) => Got::Auth(auth),
                Some(Event::Disconnect(disconnect)) => Got::Disconnect(disconnect),
                Some(other) => panic!("{other:?}"),
            };
            self.got.push_back(got);
        }
        self.input = input[used..].to_vec();
        self.flush();
    }

    pub fn next(&mut self) -> Got {
        self.next_within(PATIENCE).expect("something from the broker")
    }

    pub fn connack(&mut self) -> ConnAck {
        match self.next() {
            Got::ConnAck(ack) => ack,
            other => panic!("{other:?}"),
        }
    }

    /// The next message; anything else is a failure.
    pub fn message(&mut self) -> Publish {
        match self.next() {
            Got::Publish(publish) => publish,
            other => panic!("{other:?}"),
        }
    }

    /// Topic and payload of the next message as text.
    pub fn text(&mut self) -> (String, String) {
        let publish = self.message();
        (publish.topic.to_string(), String::from_utf8_lossy(&publish.payload).into_owned())
    }

    /// Nothing comes for a while.
    pub fn silent(&mut self) {
        let got = self.next_within(SILENCE);
        assert_eq!(got, None);
    }

    pub fn subscribe_all(&mut self, subscriptions: &[Subscription], properties: &Properties) -> Vec<ReasonCode> {
        let now = self.now();
        self.link.subscribe(now, subscriptions, properties).expect("SUBSCRIBE").expect("an identifier");
        self.flush();
        // Messages may come before the answer.
        let mut before = Vec::new();
        loop {
            match self.next() {
                Got::SubAck(ack) => {
                    before.into_iter().rev().for_each(|got| self.got.push_front(got));
                    return ack.reasons;
                }
                Got::Publish(publish) => before.push(Got::Publish(publish)),
                other => panic!("{other:?}"),
            }
        }
    }

    pub fn subscribe(&mut self, filter: &str, qos: QoS) {
        let reasons = self.subscribe_all(&[Subscription::new(filter.to_owned(), qos)], &Properties::new());
        assert_eq!(reasons.len(), 1);
        assert_eq!(reasons[0].value(), qos.level());
    }

    pub fn unsubscribe(&mut self, filter: &str) -> Vec<ReasonCode> {
        let now = self.now();
        self.link.unsubscribe(now, &[Text::from(filter)], &Properties::new()).expect("UNSUBSCRIBE");
        self.flush();
        match self.next() {
            Got::UnsubAck(ack) => ack.reasons,
            other => panic!("{other:?}"),
        }
    }

    /// Publishes; the token of its completion is 1.
    pub fn send(&mut self, message: Message, qos: QoS, retain: bool) {
        let now = self.now();
        let mut fanout = Fanout::from_message(Arc::new(message), now);
        self.link.send(now, &mut fanout, Outgoing { qos, retain, subscription_identifiers: &[], token: 1 });
        self.flush();
    }

    pub fn publish(&mut self, topic: &str, payload: &str, qos: QoS) {
        self.send(Message::new(topic.to_owned(), payload.as_bytes().to_vec()), qos, false);
    }

    /// Publishes and waits for the acknowledgement.
    pub fn publish_acknowledged(&mut self, topic: &str, payload: &str, qos: QoS, retain: bool) -> ReasonCode {
        self.send(Message::new(topic.to_owned(), payload.as_bytes().to_vec()), qos, retain);
        self.completed()
    }

    pub fn completed(&mut self) -> ReasonCode {
        match self.next() {
            Got::Completed(_, reason) => reason,
            other => panic!("{other:?}"),
        }
    }

    pub fn raw(&mut self, bytes: &[u8]) {
        // The broker may have closed already; that is for reading to find out.
        let _ = self.stream.write_all(bytes);
    }

    /// Says goodbye and gives the session back.
    pub fn leave(mut self, disconnect: Disconnect) -> Session {
        self.link.disconnect(&disconnect);
        self.flush();
        assert_eq!(self.next(), Got::Closed);
        self.link.end()
    }

    /// Closes the socket without a word and gives the session back.
    pub fn vanish(self) -> Session {
        let Client { link, stream, .. } = self;
        drop(stream);
        link.end()
    }
}

pub fn goodbye() -> Disconnect {
    Disconnect::new(ReasonCode::Success)
}

pub fn payload(publish: &Publish) -> &str {
    std::str::from_utf8(&publish.payload).expect("text")
}
