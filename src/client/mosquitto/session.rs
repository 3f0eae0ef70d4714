//! The client's side of MQTT 3.1.1 as libmosquitto speaks it: what each packet changes, what is answered, what is told.
//!
//! It is not `mqtt_proto::session::Link`: that gives packet identifiers to acknowledged messages only, sends nothing
//! before CONNACK, and hands over a QoS 2 message when it arrives. Here one counter numbers every publish, subscribe
//! and unsubscribe, packets leave as soon as CONNECT has, and a QoS 2 message is told when it is released. The codec
//! is the same. No I/O, no clock, nothing of PHP: packets go into a buffer, events into a queue.

mod receiving;

use std::collections::VecDeque;

use mqtt_proto::packet::{
    Connect, Packet, PacketId, PacketType, Properties, QoS, Subscribe, Subscription, Unsubscribe,
};
use mqtt_proto::wire::fanout::{Alias, Delivery, Fanout};
use mqtt_proto::wire::{decode, encode};
use mqtt_proto::{MAXIMUM_REMAINING_LENGTH, ReasonCode, Text, Time, Version};

use super::code::{Code, DEBUG};

const VERSION: Version = Version::V3_1_1;
const LARGEST: u32 = MAXIMUM_REMAINING_LENGTH + 5;
/// Bytes of QoS 2 messages that may wait for the server to release them. A server past it is cut off.
const UNRELEASED_BYTES: usize = 64 * 1024 * 1024;
/// The first identifier given is 1.
const BEFORE_FIRST: PacketId = match PacketId::new(u16::MAX) {
    Some(id) => id,
    None => PacketId::FIRST,
};
static NO_PROPERTIES: Properties = Properties::new();

/// What the script is told, in order.
#[derive(Debug)]
pub enum Event {
    /// A line for the log, with its level.
    Log(i64, String),
    /// The return code of CONNACK.
    Connect(u8),
    /// The connection is over; why.
    Disconnect(Code),
    /// SUBACK has come.
    Subscribe {
        /// The packet identifier.
        mid: u16,
        /// How many codes it has.
        count: usize,
        /// The first of them.
        granted: u8,
    },
    /// UNSUBACK has come, for this packet identifier.
    Unsubscribe(u16),
    /// The message of this number is done: written at QoS 0, acknowledged above.
    Publish(u16),
    /// A message has come; at QoS 2 it was released.
    Message(Message),
}

/// A message from the server.
#[derive(Debug)]
pub struct Message {
    /// Its packet identifier; 0 at QoS 0.
    pub mid: u16,
    /// The topic name.
    pub topic: Box<str>,
    /// Any bytes.
    pub payload: Box<[u8]>,
    /// That of the delivery.
    pub qos: QoS,
    /// The server had kept it.
    pub retain: bool,
}

/// A message at QoS 1 or 2 on its way to the server.
struct Outgoing {
    id: PacketId,
    qos: QoS,
    step: Step,
    /// The PUBLISH as it was first encoded; empty once PUBREC has come.
    frame: Box<[u8]>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Waits for room among the messages in flight.
    Queued,
    /// Sent on this connection.
    Sent,
    /// PUBREC has come, PUBREL was sent on this connection.
    Released,
    /// The same two on an earlier connection: to be sent again.
    SentBefore,
    ReleasedBefore,
}

/// The session, over all connections of one client.
pub struct Session {
    name: String,
    last: PacketId,
    /// A bit for each identifier that waits for an answer; made with the first.
    taken: Option<Box<[u64; 1024]>>,
    outgoing: VecDeque<Outgoing>,
    /// SUBSCRIBE and UNSUBSCRIBE that are not answered.
    requests: Vec<PacketId>,
    /// QoS 2 messages that the server has not released yet.
    unreleased: VecDeque<Message>,
    unreleased_bytes: usize,
    in_flight: usize,
    /// 0 is no bound.
    max_in_flight: usize,
    /// CONNACK with success has come.
    is_accepted: bool,
    /// Somebody reads the log: lines are made.
    pub has_log: bool,
    /// What the script has to be told, in order. The owner takes it out.
    pub events: VecDeque<Event>,
}

// What the script asks for.
impl Session {
    /// A session that has sent nothing. The name is for the log.
    pub fn new(id: Option<&str>) -> Session {
        Session {
            name: id.unwrap_or("(null)").to_owned(),
            last: BEFORE_FIRST,
            taken: None,
            outgoing: VecDeque::new(),
            requests: Vec::new(),
            unreleased: VecDeque::new(),
            unreleased_bytes: 0,
            in_flight: 0,
            max_in_flight: 0,
            is_accepted: false,
            has_log: false,
            events: VecDeque::new(),
        }
    }

    /// A new connection begins with CONNECT. What was in flight goes again when the server has accepted.
    pub fn connect(&mut self, connect: Connect, max_in_flight: usize, out: &mut Vec<u8>) -> Result<(), Code> {
        encode::packet(&Packet::Connect(Box::new(connect)), VERSION, LARGEST, out).map_err(|_| Code::INVALID)?;
        self.lost();
        self.max_in_flight = max_in_flight;
        self.log(DEBUG, |name| format!("Client {name} sending CONNECT"));
        Ok(())
    }

    /// The connection has ended: what was sent on it has to go again on the next.
    pub fn lost(&mut self) {
        self.is_accepted = false;
        self.in_flight = 0;
        for message in &mut self.outgoing {
            message.step = match message.step {
                Step::Sent => Step::SentBefore,
                Step::Released => Step::ReleasedBefore,
                step => step,
            };
        }
        for id in std::mem::take(&mut self.requests) {
            self.give_back(id);
        }
    }

    /// Writes a message, or queues it where too many are in flight. `topic` has been checked.
    #[inline]
    pub fn publish(
        &mut self,
        topic: &str,
        payload: &[u8],
        qos: QoS,
        retain: bool,
        out: &mut Vec<u8>,
    ) -> Result<u16, Code> {
        let id = self.next_id()?;
        let packet_id = (qos != QoS::AtMostOnce).then_some(id);
        let mut fanout = Fanout::from_parts(topic, payload, &NO_PROPERTIES, Time::from_millis(0));
        let delivery = Delivery {
            version: VERSION,
            qos,
            retain,
            dup: false,
            packet_id,
            subscription_identifiers: &[],
            alias: Alias::None,
            maximum_packet_size: LARGEST,
        };
        let start = out.len();
        fanout.append(&delivery, out).ok_or(Code::PAYLOAD_SIZE)?;
        self.last = id;
        if packet_id.is_none() {
            self.log_publish("sending", id.get(), &out[start..]);
            self.events.push_back(Event::Publish(id.get()));
            return Ok(id.get());
        }
        self.take(id);
        let frame = out[start..].into();
        let is_next = self.outgoing.back().is_none_or(|message| message.step != Step::Queued);
        let step = if is_next && self.has_room() {
            self.in_flight += 1;
            self.log_publish("sending", id.get(), &out[start..]);
            Step::Sent
        } else {
            out.truncate(start);
            Step::Queued
        };
        self.outgoing.push_back(Outgoing { id, qos, step, frame });
        Ok(id.get())
    }

    /// Asks for a subscription. `filter` has been checked.
    pub fn subscribe(&mut self, filter: &str, qos: QoS, out: &mut Vec<u8>) -> Result<u16, Code> {
        let packet_id = self.next_id()?;
        let subscriptions = vec![Subscription::new(filter, qos)];
        let packet = Packet::Subscribe(Subscribe { packet_id, subscriptions, properties: Properties::new() });
        self.request(packet_id, &packet, out)?;
        let (mid, level) = (packet_id.get(), qos.level());
        self.log(DEBUG, |name| {
            format!("Client {name} sending SUBSCRIBE (Mid: {mid}, Topic: {filter}, QoS: {level}, Options: 0x00)")
        });
        Ok(mid)
    }

    /// Asks for the end of one.
    pub fn unsubscribe(&mut self, filter: &str, out: &mut Vec<u8>) -> Result<u16, Code> {
        let packet_id = self.next_id()?;
        let filters = vec![Text::from(filter)];
        let packet = Packet::Unsubscribe(Unsubscribe { packet_id, filters, properties: Properties::new() });
        self.request(packet_id, &packet, out)?;
        let mid = packet_id.get();
        self.log(DEBUG, |name| format!("Client {name} sending UNSUBSCRIBE (Mid: {mid}, Topic: {filter})"));
        Ok(mid)
    }

    fn request(&mut self, id: PacketId, packet: &Packet, out: &mut Vec<u8>) -> Result<(), Code> {
        encode::packet(packet, VERSION, LARGEST, out).map_err(|_| Code::INVALID)?;
        self.last = id;
        self.take(id);
        self.requests.push(id);
        Ok(())
    }

    /// DISCONNECT.
    pub fn disconnect(&mut self, out: &mut Vec<u8>) {
        self.log(DEBUG, |name| format!("Client {name} sending DISCONNECT"));
        out.extend_from_slice(&[(PacketType::Disconnect as u8) << 4, 0]);
        self.lost();
        self.events.push_back(Event::Disconnect(Code::SUCCESS));
    }

    /// Whether the server has accepted the connection.
    pub fn is_accepted(&self) -> bool {
        self.is_accepted
    }

    /// Whether something was sent that the server answers.
    pub fn expects_answer(&self) -> bool {
        !self.is_accepted || self.in_flight > 0 || !self.requests.is_empty()
    }

    /// The next line of the log, before what else waits to be told.
    pub fn take_log(&mut self) -> Option<Event> {
        let index = self.events.iter().position(|event| matches!(event, Event::Log(..)))?;
        self.events.remove(index)
    }

    /// A line for the log, where somebody listens; the text is made of the client's name.
    pub fn log(&mut self, level: i64, text: impl FnOnce(&str) -> String) {
        if self.has_log {
            let text = text(&self.name);
            self.events.push_back(Event::Log(level, text));
        }
    }

    #[cold]
    fn log_publish_cold(&mut self, verb: &str, mid: u16, frame: &[u8]) {
        let Ok(Some(frame)) = mqtt_proto::wire::frame::split(frame, VERSION, LARGEST) else { return };
        let Ok(view) = decode::publish(&frame, VERSION, None) else { return };
        let (dup, qos, retain) = (u8::from(view.dup), view.qos.level(), u8::from(view.retain));
        let (topic, size) = (view.topic, view.payload.len());
        self.log(DEBUG, |name| {
            format!("Client {name} {verb} PUBLISH (d{dup}, q{qos}, r{retain}, m{mid}, '{topic}', ... ({size} bytes))")
        });
    }

    #[inline]
    fn log_publish(&mut self, verb: &str, mid: u16, frame: &[u8]) {
        if self.has_log {
            self.log_publish_cold(verb, mid, frame);
        }
    }
}

// The messages in flight, and their identifiers.
impl Session {
    fn has_room(&self) -> bool {
        self.max_in_flight == 0 || self.in_flight < self.max_in_flight
    }

    /// What an earlier connection has left unacknowledged, in order [MQTT-4.4.0-1].
    fn send_again(&mut self, out: &mut Vec<u8>) {
        for index in 0..self.outgoing.len() {
            let message = &mut self.outgoing[index];
            let id = message.id;
            match message.step {
                Step::SentBefore => {
                    message.step = Step::Sent;
                    let start = out.len();
                    out.extend_from_slice(&message.frame);
                    // The DUP flag [MQTT-3.3.1-1].
                    out[start] |= 0b1000;
                    self.log_publish("sending", id.get(), &out[start..]);
                }
                Step::ReleasedBefore => {
                    message.step = Step::Released;
                    self.send_pubrel(id, out);
                }
                _ => continue,
            }
            self.in_flight += 1;
        }
    }

    fn send_pubrel(&mut self, id: PacketId, out: &mut Vec<u8>) {
        let mid = id.get();
        self.log(DEBUG, |name| format!("Client {name} sending PUBREL (m{mid})"));
        encode::short_ack(PacketType::PubRel, id, ReasonCode::Success, VERSION, out);
    }

    /// Sends what waits, as far as there is room.
    fn release_queued(&mut self, out: &mut Vec<u8>) {
        // The queued ones are the last ones.
        if self.outgoing.back().is_none_or(|message| message.step != Step::Queued) {
            return;
        }
        let first = self.outgoing.partition_point(|message| message.step != Step::Queued);
        for index in first..self.outgoing.len() {
            if !self.has_room() {
                return;
            }
            self.in_flight += 1;
            let message = &mut self.outgoing[index];
            message.step = Step::Sent;
            let (mid, start) = (message.id.get(), out.len());
            out.extend_from_slice(&message.frame);
            self.log_publish("sending", mid, &out[start..]);
        }
    }

    fn next_id(&self) -> Result<PacketId, Code> {
        let mut id = self.last.next();
        if let Some(taken) = &self.taken {
            for _ in 0..=u16::MAX {
                if taken[usize::from(id.get()) / 64] & (1 << (id.get() % 64)) == 0 {
                    return Ok(id);
                }
                id = id.next();
            }
            return Err(Code::NO_MEMORY);
        }
        Ok(id)
    }

    fn take(&mut self, id: PacketId) {
        let taken = self.taken.get_or_insert_with(|| Box::new([0; 1024]));
        taken[usize::from(id.get()) / 64] |= 1 << (id.get() % 64);
    }

    fn give_back(&mut self, id: PacketId) {
        if let Some(taken) = &mut self.taken {
            taken[usize::from(id.get()) / 64] &= !(1 << (id.get() % 64));
        }
    }

    fn answered(&mut self, id: PacketId) {
        if let Some(index) = self.requests.iter().position(|request| *request == id) {
            self.requests.remove(index);
            self.give_back(id);
        }
    }
}
