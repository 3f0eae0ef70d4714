//! A broker, and a peer that does exactly what it is told: packets or bytes out, packets in, nothing answered by itself.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use mqtt_broker::{Broker, Config, Hooks, ListenerConfig, LocalAddress, NoHooks};
use mqtt_proto::packet::{
    Ack, ConnAck, Connect, Disconnect, Packet, PacketId, PacketType, Properties, Property, Publish, QoS, SubAck,
    Subscribe, Subscription, Unsubscribe,
};
use mqtt_proto::wire::{encode, stream::Decoder};
use mqtt_proto::{ReasonCode, Text, Version};

pub const VERSIONS: [Version; 3] = [Version::V3_1, Version::V3_1_1, Version::V5];
pub const QOS: [QoS; 3] = [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce];

/// How long anything may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A broker on a free port of the loopback interface.
pub struct Server {
    pub broker: Broker,
    pub address: SocketAddr,
}

/// A broker with one shard.
pub fn serve() -> Server {
    serve_with(|_| ())
}

/// The same with other settings.
pub fn serve_with(change: impl FnOnce(&mut Config)) -> Server {
    serve_hooked(Arc::new(NoHooks), change)
}

/// The same with hooks.
pub fn serve_hooked(hooks: Arc<dyn Hooks>, change: impl FnOnce(&mut Config)) -> Server {
    let mut config = Config { shards: 1, sys_interval: Duration::ZERO, ..Config::default() };
    config.listeners.push(ListenerConfig::tcp("127.0.0.1:0".parse().expect("address")));
    change(&mut config);
    let broker = Broker::start(config, hooks).expect("a broker");
    let LocalAddress::Tcp(address) = broker.local_addrs()[0] else { panic!("a TCP listener") };
    Server { broker, address }
}

impl Server {
    /// A connected peer with a clean start and no keep-alive.
    pub fn peer(&self, version: Version, id: &str) -> Peer {
        self.connect(connect(version, id)).0
    }

    /// A connected peer and its CONNACK.
    pub fn connect(&self, connect: Connect) -> (Peer, ConnAck) {
        let (peer, ack) = self.try_connect(connect);
        assert_eq!(ack.reason, ReasonCode::Success);
        (peer, ack)
    }

    /// A peer and its CONNACK, whatever that says.
    pub fn try_connect(&self, connect: Connect) -> (Peer, ConnAck) {
        let mut peer = self.dial(connect.version);
        peer.send(&Packet::Connect(Box::new(connect)));
        let ack = peer.connack();
        (peer, ack)
    }

    /// A socket on which nothing has been said.
    pub fn dial(&self, version: Version) -> Peer {
        let stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        stream.set_read_timeout(Some(PATIENCE)).expect("time-out");
        let decoder = Decoder::new(Some(version), None, u32::MAX);
        Peer { stream, decoder, version, next_id: 1, early: VecDeque::new() }
    }

    /// A subscriber that sees what the test is about, and that nothing disturbs.
    pub fn witness(&self, filter: &str) -> Peer {
        let mut witness = self.peer(Version::V5, "witness");
        witness.subscribe(filter, QoS::ExactlyOnce);
        witness
    }

    /// Waits for a state that no packet tells about.
    pub fn until(&self, what: &str, mut condition: impl FnMut(&Broker) -> bool) {
        let start = Instant::now();
        while !condition(&self.broker) {
            assert!(start.elapsed() < PATIENCE, "{what}: {:?}", self.broker.stats());
            std::thread::yield_now();
        }
    }

    /// The session of this client is kept and has no connection.
    pub fn until_away(&self, id: &str) {
        let away = |client: mqtt_broker::ClientInfo| matches!(client.state, mqtt_broker::ConnectionState::Away { .. });
        self.until("the client is away", |b| b.client(id).is_some_and(away));
    }

    /// There is no session of this client.
    pub fn until_forgotten(&self, id: &str) {
        self.until("the session is over", |b| b.client(id).is_none());
    }
}

/// CONNECT with a clean start and no keep-alive.
pub fn connect(version: Version, id: &str) -> Connect {
    Connect { keep_alive: 0, ..Connect::new(version, id.to_owned()) }
}

/// CONNECT for a session that is kept.
pub fn keeping(version: Version, id: &str) -> Connect {
    let mut connect = Connect { clean_start: false, ..connect(version, id) };
    if version.has_properties() {
        connect.properties.push(Property::SessionExpiryInterval(1000));
    }
    connect
}

/// CONNECT of MQTT 5 with this property.
pub fn with(mut connect: Connect, property: Property) -> Connect {
    connect.properties.push(property);
    connect
}

/// A message; QoS 1 and 2 get their packet identifier when they are sent.
pub fn message(topic: &str, payload: &str, qos: QoS) -> Publish {
    Publish {
        dup: false,
        qos,
        retain: false,
        topic: topic.to_owned().into(),
        packet_id: None,
        properties: Properties::new(),
        payload: payload.to_owned().into(),
    }
}

/// A retained message.
pub fn retained(topic: &str, payload: &str, qos: QoS) -> Publish {
    Publish { retain: true, ..message(topic, payload, qos) }
}

pub fn properties<const N: usize>(list: [Property; N]) -> Properties {
    list.into_iter().collect()
}

pub fn user(name: &str, value: &str) -> Property {
    Property::UserProperty(name.to_owned().into(), value.to_owned().into())
}

pub fn id(number: u16) -> PacketId {
    PacketId::new(number).expect("not 0")
}

pub fn text(publish: &Publish) -> &str {
    std::str::from_utf8(&publish.payload).expect("text")
}

/// What may come next.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    Packet(Packet),
    Closed,
}

/// One end of a connection.
pub struct Peer {
    pub stream: TcpStream,
    decoder: Decoder,
    pub version: Version,
    next_id: u16,
    /// Packets that came while another was waited for.
    early: VecDeque<Packet>,
}

impl Peer {
    /// Bytes as they are. A broker that has closed already is noticed when reading.
    pub fn bytes(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes);
    }

    pub fn send(&mut self, packet: &Packet) {
        let mut bytes = Vec::new();
        encode::packet(packet, self.version, u32::MAX, &mut bytes).expect("a packet");
        self.bytes(&bytes);
    }

    pub fn fresh_id(&mut self) -> PacketId {
        self.next_id += 1;
        id(self.next_id)
    }

    pub fn next_or_close(&mut self) -> Next {
        match self.early.pop_front() {
            Some(packet) => Next::Packet(packet),
            None => self.read(),
        }
    }

    fn read(&mut self) -> Next {
        loop {
            if let Some(packet) = self.decoder.next_packet().expect("packets that keep the rules") {
                return Next::Packet(packet);
            }
            let mut buffer = [0; 16384];
            match self.stream.read(&mut buffer) {
                Ok(0) => return Next::Closed,
                Ok(count) => self.decoder.push(&buffer[..count]),
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return Next::Closed,
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Next::Closed,
                Err(error) => panic!("nothing came: {error}"),
            }
        }
    }

    pub fn next(&mut self) -> Packet {
        match self.next_or_close() {
            Next::Packet(packet) => packet,
            Next::Closed => panic!("closed"),
        }
    }

    /// The broker closes without another packet.
    pub fn closed(&mut self) {
        assert_eq!(self.next_or_close(), Next::Closed);
    }

    /// The broker ends it: MQTT 5 is told this reason, older versions nothing [MQTT-4.8.0-1].
    pub fn ended(&mut self, reason: ReasonCode) {
        if self.version.has_server_disconnect() {
            assert_eq!(self.next(), Packet::Disconnect(Disconnect::new(reason)));
        }
        self.closed();
    }

    /// Every byte until the broker closes.
    pub fn rest(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        // A reset is an end, too.
        let _ = self.stream.read_to_end(&mut bytes);
        bytes
    }

    /// Exactly these bytes come next.
    pub fn reads(&mut self, expected: &[u8]) {
        assert_eq!(self.decoder.buffered(), 0);
        let mut bytes = vec![0; expected.len()];
        self.stream.read_exact(&mut bytes).expect("bytes");
        assert_eq!(bytes, expected);
    }

    /// Nothing is on its way here: PINGRESP is the next that comes.
    pub fn quiet(&mut self) {
        self.send(&Packet::PingReq);
        assert_eq!(self.next(), Packet::PingResp);
    }

    pub fn connack(&mut self) -> ConnAck {
        match self.next() {
            Packet::ConnAck(ack) => *ack,
            other => panic!("{other:?}"),
        }
    }

    /// Sends SUBSCRIBE; returns what SUBACK says.
    pub fn subscribe_all(&mut self, subscriptions: &[Subscription], properties: Properties) -> SubAck {
        let packet_id = self.fresh_id();
        self.send(&Packet::Subscribe(Subscribe { packet_id, subscriptions: subscriptions.to_vec(), properties }));
        match self.next() {
            Packet::SubAck(ack) if ack.packet_id == packet_id => ack,
            other => panic!("{other:?}"),
        }
    }

    /// One subscription, granted as it was asked for.
    pub fn subscribe(&mut self, filter: &str, qos: QoS) {
        self.subscribe_with(Subscription::new(filter.to_owned(), qos));
    }

    pub fn subscribe_with(&mut self, subscription: Subscription) {
        let qos = subscription.qos.level();
        let ack = self.subscribe_all(&[subscription], Properties::new());
        assert_eq!(ack.reasons.iter().map(|reason| reason.value()).collect::<Vec<_>>(), [qos]);
    }

    /// One subscription with a subscription identifier.
    pub fn subscribe_as(&mut self, filter: &str, qos: QoS, identifier: u32) {
        let properties = properties([Property::SubscriptionIdentifier(identifier)]);
        let ack = self.subscribe_all(&[Subscription::new(filter.to_owned(), qos)], properties);
        assert!(!ack.reasons[0].is_error());
    }

    pub fn unsubscribe(&mut self, filters: &[&str]) -> Vec<ReasonCode> {
        let packet_id = self.fresh_id();
        let filters = filters.iter().map(|filter| Text::from(*filter)).collect();
        self.send(&Packet::Unsubscribe(Unsubscribe { packet_id, filters, properties: Properties::new() }));
        match self.next() {
            Packet::UnsubAck(ack) if ack.packet_id == packet_id => ack.reasons,
            other => panic!("{other:?}"),
        }
    }

    /// Writes PUBLISH and no more; returns its packet identifier, 1 at QoS 0.
    pub fn start(&mut self, mut publish: Publish) -> PacketId {
        if publish.qos != QoS::AtMostOnce && publish.packet_id.is_none() {
            publish.packet_id = Some(self.fresh_id());
        }
        let packet_id = publish.packet_id.unwrap_or(PacketId::FIRST);
        self.send(&Packet::Publish(publish));
        packet_id
    }

    /// Publishes and goes through the whole exchange; returns what the first answer says.
    pub fn publish(&mut self, publish: Publish) -> ReasonCode {
        let qos = publish.qos;
        let packet_id = self.start(publish);
        match qos {
            QoS::AtMostOnce => ReasonCode::Success,
            QoS::AtLeastOnce => self.answer(PacketType::PubAck, packet_id),
            QoS::ExactlyOnce => {
                let reason = self.answer(PacketType::PubRec, packet_id);
                if !reason.is_error() {
                    self.send(&Packet::PubRel(Ack::success(packet_id)));
                    assert_eq!(self.answer(PacketType::PubComp, packet_id), ReasonCode::Success);
                }
                reason
            }
        }
    }

    /// The next acknowledgement is this one. Messages may come before it; they are kept.
    fn answer(&mut self, kind: PacketType, packet_id: PacketId) -> ReasonCode {
        loop {
            let packet = match self.read() {
                Next::Packet(packet) => packet,
                Next::Closed => panic!("closed before {kind}"),
            };
            match &packet {
                Packet::Publish(_) => self.early.push_back(packet),
                Packet::PubAck(ack) | Packet::PubRec(ack) | Packet::PubRel(ack) | Packet::PubComp(ack) => {
                    assert_eq!((packet.packet_type(), ack.packet_id), (kind, packet_id));
                    return ack.reason;
                }
                other => panic!("{other:?}"),
            }
        }
    }

    pub fn say(&mut self, topic: &str, payload: &str, qos: QoS) {
        let reason = self.publish(message(topic, payload, qos));
        assert!(!reason.is_error(), "{reason}");
    }

    pub fn puback(&mut self, packet_id: PacketId) -> ReasonCode {
        match self.next() {
            Packet::PubAck(ack) if ack.packet_id == packet_id => ack.reason,
            other => panic!("{other:?}"),
        }
    }

    pub fn pubrec(&mut self, packet_id: PacketId) -> ReasonCode {
        match self.next() {
            Packet::PubRec(ack) if ack.packet_id == packet_id => ack.reason,
            other => panic!("{other:?}"),
        }
    }

    pub fn pubrel(&mut self, packet_id: PacketId) {
        assert_eq!(self.next(), Packet::PubRel(Ack::success(packet_id)));
    }

    /// PUBREL and its PUBCOMP.
    pub fn release(&mut self, packet_id: PacketId) {
        self.send(&Packet::PubRel(Ack::success(packet_id)));
        assert_eq!(self.next(), Packet::PubComp(Ack::success(packet_id)));
    }

    /// The next packet is a PUBLISH. It is not acknowledged.
    pub fn receive(&mut self) -> Publish {
        match self.next() {
            Packet::Publish(publish) => publish,
            other => panic!("{other:?}"),
        }
    }

    /// Acknowledges a message to the end.
    pub fn acknowledge(&mut self, publish: &Publish) {
        match (publish.qos, publish.packet_id) {
            (QoS::AtLeastOnce, Some(id)) => self.send(&Packet::PubAck(Ack::success(id))),
            (QoS::ExactlyOnce, Some(id)) => {
                self.send(&Packet::PubRec(Ack::success(id)));
                assert_eq!(self.answer(PacketType::PubRel, id), ReasonCode::Success);
                self.send(&Packet::PubComp(Ack::success(id)));
            }
            _ => {}
        }
    }

    /// The next packet is a PUBLISH, which is acknowledged.
    pub fn take(&mut self) -> Publish {
        let publish = self.receive();
        self.acknowledge(&publish);
        publish
    }

    /// The payload of the next message, which is acknowledged.
    pub fn hear(&mut self) -> String {
        text(&self.take()).to_owned()
    }

    /// DISCONNECT; the broker closes.
    pub fn leave(self) {
        self.leave_with(Disconnect::new(ReasonCode::Success));
    }

    pub fn leave_with(mut self, disconnect: Disconnect) {
        self.send(&Packet::Disconnect(disconnect));
        self.closed();
    }

    /// Closes the socket without a word.
    pub fn vanish(self) {}
}
