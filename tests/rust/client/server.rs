//! A server that does what a test says: one end of a TCP connection with a server's link on it.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use mqtt_proto::packet::{
    ConnAck, Connect, Disconnect, Message, PacketId, QoS, SubAck, Subscribe, UnsubAck, Unsubscribe,
};
use mqtt_proto::session::{Event, Link, Outgoing, QueueLimits, Receipt, Received, Session, Trace};
use mqtt_proto::wire::fanout::Fanout;
use mqtt_proto::{Limits, ReasonCode, Time};

/// Runs `script` on a thread with a listener of its own. Join the handle: a failed assertion in the script fails the test.
pub fn serve<T: Send + 'static>(script: impl FnOnce(TcpListener) -> T + Send + 'static) -> (String, JoinHandle<T>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!("mqtt://{}", listener.local_addr().unwrap());
    (uri, std::thread::spawn(move || script(listener)))
}

/// A server that echoes every publish to its publisher and remembers sessions, until `connections` have ended.
pub fn echo(connections: usize) -> (String, JoinHandle<Vec<Seen>>) {
    serve(move |listener| {
        let mut seen = Vec::new();
        for _ in 0..connections {
            let mut peer = Peer::accept(&listener);
            peer.welcome();
            peer.echo(&mut seen);
        }
        seen
    })
}

/// What came from the client.
#[derive(Debug)]
pub enum Seen {
    Connect(Box<Connect>),
    Publish {
        message: Message,
        qos: QoS,
        retain: bool,
        dup: bool,
        id: Option<PacketId>,
        receipt: Option<Receipt>,
    },
    Subscribe(Subscribe),
    Unsubscribe(Unsubscribe),
    Completed(u64),
    Disconnect(Disconnect),
    /// The client has ended its stream.
    End,
    /// Nothing came within the time.
    Silence,
}

pub struct Peer {
    pub link: Link,
    stream: TcpStream,
    input: Vec<u8>,
    started: Instant,
}

pub fn new_session() -> Session {
    Session::new(true, false, QueueLimits::default())
}

impl Peer {
    pub fn accept(listener: &TcpListener) -> Peer {
        Peer::accept_with(listener, Limits::default())
    }

    pub fn accept_with(listener: &TcpListener, limits: Limits) -> Peer {
        let (stream, _) = listener.accept().unwrap();
        stream.set_nodelay(true).unwrap();
        let started = Instant::now();
        let mut link = Link::server(Time::from_millis(1), limits);
        link.set_tracing(true);
        Peer { link, stream, input: Vec::new(), started }
    }

    /// CONNECT, answered with success and a new session.
    pub fn welcome(&mut self) -> Connect {
        let connect = self.connect();
        self.admit(new_session(), false);
        connect
    }

    /// CONNECT.
    pub fn connect(&mut self) -> Connect {
        match self.next() {
            Seen::Connect(connect) => *connect,
            other => panic!("CONNECT was due, not {other:?}"),
        }
    }

    /// CONNACK with success.
    pub fn admit(&mut self, session: Session, session_present: bool) {
        let now = self.now();
        self.link.accept(now, session, ConnAck::accepted(session_present));
        self.write();
    }

    pub fn refuse(&mut self, reason: ReasonCode) {
        self.link.refuse(ConnAck::refused(reason));
        self.write();
    }

    /// The next thing that comes, within 10 s.
    pub fn next(&mut self) -> Seen {
        self.next_within(Duration::from_secs(10))
    }

    pub fn next_within(&mut self, span: Duration) -> Seen {
        let until = Instant::now() + span;
        loop {
            if let Some(seen) = self.parse() {
                return seen;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Seen::Silence;
            }
            self.stream.set_read_timeout(Some(left)).unwrap();
            let mut chunk = [0; 64 * 1024];
            match self.stream.read(&mut chunk) {
                Ok(0) => return Seen::End,
                Ok(count) => self.input.extend_from_slice(&chunk[..count]),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    return Seen::Silence;
                }
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return Seen::End,
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// A PUBLISH; its topic, payload, DUP and receipt.
    pub fn publish(&mut self) -> (String, Vec<u8>, bool, Option<Receipt>) {
        match self.next() {
            Seen::Publish { message, dup, receipt, .. } => {
                (message.topic.to_string(), message.payload.to_vec(), dup, receipt)
            }
            other => panic!("PUBLISH was due, not {other:?}"),
        }
    }

    /// A SUBSCRIBE, granted; its filters.
    pub fn grant(&mut self) -> Vec<String> {
        match self.next() {
            Seen::Subscribe(subscribe) => {
                self.suback(&subscribe);
                subscribe.subscriptions.iter().map(|subscription| subscription.filter.to_string()).collect()
            }
            other => panic!("SUBSCRIBE was due, not {other:?}"),
        }
    }

    pub fn suback(&mut self, subscribe: &Subscribe) {
        let grant = |qos: QoS| ReasonCode::from_u8(qos.level()).unwrap();
        let reasons = subscribe.subscriptions.iter().map(|s| grant(s.qos)).collect();
        self.link.suback(&SubAck { packet_id: subscribe.packet_id, reasons, properties: Default::default() });
        self.write();
    }

    pub fn settle(&mut self, receipt: Option<Receipt>) {
        if let Some(receipt) = receipt {
            self.link.settle(receipt, ReasonCode::Success);
        }
        self.write();
    }

    /// Sends a message; comes back as [`Seen::Completed`] with this token.
    pub fn send(&mut self, topic: &str, payload: &[u8], qos: QoS, token: u64) {
        let now = self.now();
        let properties = Default::default();
        let outgoing = Outgoing { qos, retain: false, subscription_identifiers: &[], token };
        self.link.send(now, &mut Fanout::from_parts(topic, payload, &properties, now), outgoing);
        self.write();
    }

    /// Echoes publishes until the client ends its stream.
    pub fn echo(&mut self, seen: &mut Vec<Seen>) {
        loop {
            match self.next() {
                Seen::Publish { message, qos, receipt, retain, dup, id } => {
                    self.settle(receipt);
                    self.send(&message.topic, &message.payload, qos, 1);
                    seen.push(Seen::Publish { message, qos, receipt: None, retain, dup, id });
                }
                Seen::Subscribe(subscribe) => {
                    self.suback(&subscribe);
                    seen.push(Seen::Subscribe(subscribe));
                }
                Seen::Unsubscribe(unsubscribe) => {
                    let reasons = vec![ReasonCode::Success; unsubscribe.filters.len()];
                    let (packet_id, properties) = (unsubscribe.packet_id, Default::default());
                    self.link.unsuback(&UnsubAck { packet_id, reasons, properties });
                    self.write();
                    seen.push(Seen::Unsubscribe(unsubscribe));
                }
                Seen::End => return,
                Seen::Silence => {}
                other => seen.push(other),
            }
        }
    }

    /// What has passed, both ways.
    pub fn trace(&mut self) -> Vec<Trace> {
        self.link.take_trace()
    }

    /// The connection breaks; the session stays.
    pub fn cut(self) -> Session {
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
        self.link.end()
    }

    /// Bytes as they are.
    pub fn write_raw(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    pub fn write(&mut self) {
        let output = self.link.output();
        // A client that has gone hears nothing.
        let _ = self.stream.write_all(output);
        let count = output.len();
        self.link.written(count);
    }

    fn now(&self) -> Time {
        Time::from_millis(1 + self.started.elapsed().as_millis() as u64)
    }

    fn parse(&mut self) -> Option<Seen> {
        loop {
            let now = self.now();
            let Received { consumed, event } = self.link.recv(now, &self.input).expect("the client breaks no rule");
            let event = event.filter(|event| !matches!(event, Event::Ping));
            let seen = event.map(|event| match event {
                Event::Connect(connect) => Seen::Connect(connect),
                Event::Publish { publish, alias, receipt } => {
                    let owned = publish.to_publish();
                    let topic = alias.unwrap_or_else(|| owned.topic.clone());
                    let message = Message::from_publish(&owned, topic, now);
                    let (qos, retain, dup, id) = (owned.qos, owned.retain, owned.dup, owned.packet_id);
                    Seen::Publish { message, qos, retain, dup, id, receipt }
                }
                Event::Subscribe(subscribe) => Seen::Subscribe(subscribe),
                Event::Unsubscribe(unsubscribe) => Seen::Unsubscribe(unsubscribe),
                Event::Completed { token, .. } => Seen::Completed(token),
                Event::Disconnect(disconnect) => Seen::Disconnect(disconnect),
                other => panic!("a client sends no {other:?}"),
            });
            self.input.drain(..consumed);
            self.write();
            if seen.is_some() || consumed == 0 {
                return seen;
            }
        }
    }
}
