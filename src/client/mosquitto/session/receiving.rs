//! What each packet of the server changes, what is answered, and what the script is told.

use mqtt_proto::ReasonCode;
use mqtt_proto::packet::{PacketId, PacketType, QoS};
use mqtt_proto::wire::frame::Frame;
use mqtt_proto::wire::{decode, encode};

use super::super::code::{Code, DEBUG, WARNING};
use super::{Event, Message, Outgoing, Session, Step, UNRELEASED_BYTES, VERSION};

impl Session {
    /// Takes in one packet. An error ends the connection.
    pub fn recv(&mut self, frame: &Frame<'_>, out: &mut Vec<u8>) -> Result<(), Code> {
        if !self.is_accepted && frame.packet_type != PacketType::ConnAck {
            return Err(Code::PROTOCOL);
        }
        match frame.packet_type {
            PacketType::Publish => return self.recv_publish(frame, out),
            PacketType::PubAck => self.recv_completion("PUBACK", QoS::AtLeastOnce, identifier(frame)?),
            PacketType::PubComp => self.recv_completion("PUBCOMP", QoS::ExactlyOnce, identifier(frame)?),
            PacketType::PubRec => self.recv_pubrec(identifier(frame)?, out),
            PacketType::PubRel => self.recv_pubrel(identifier(frame)?, out),
            PacketType::ConnAck => return self.recv_connack(frame, out),
            PacketType::SubAck => return self.recv_suback(frame),
            PacketType::UnsubAck => {
                self.log(DEBUG, |name| format!("Client {name} received UNSUBACK"));
                let id = identifier(frame)?;
                self.answered(id);
                self.events.push_back(Event::Unsubscribe(id.get()));
            }
            PacketType::PingReq if frame.body().is_empty() => {
                self.log(DEBUG, |name| format!("Client {name} received PINGREQ"));
                self.log(DEBUG, |name| format!("Client {name} sending PINGRESP"));
                out.extend_from_slice(&[(PacketType::PingResp as u8) << 4, 0]);
            }
            PacketType::PingResp if frame.body().is_empty() => {
                self.log(DEBUG, |name| format!("Client {name} received PINGRESP"));
            }
            _ => return Err(Code::PROTOCOL),
        }
        self.release_queued(out);
        Ok(())
    }

    fn recv_connack(&mut self, frame: &Frame<'_>, out: &mut Vec<u8>) -> Result<(), Code> {
        let &[flags, code] = frame.body() else { return Err(Code::PROTOCOL) };
        if self.is_accepted {
            return Err(Code::PROTOCOL);
        }
        self.log(DEBUG, |name| format!("Client {name} received CONNACK ({code})"));
        self.events.push_back(Event::Connect(code));
        match code {
            0 => {}
            1..=5 => return Err(Code::REFUSED),
            _ => return Err(Code::PROTOCOL),
        }
        self.is_accepted = true;
        if flags & 1 == 0 {
            // The server knows nothing of messages that it has not released.
            self.unreleased.clear();
            self.unreleased_bytes = 0;
        }
        self.send_again(out);
        self.release_queued(out);
        Ok(())
    }

    fn recv_publish(&mut self, frame: &Frame<'_>, out: &mut Vec<u8>) -> Result<(), Code> {
        let view = decode::publish(frame, VERSION, None).map_err(|_| Code::PROTOCOL)?;
        let mid = view.packet_id.map_or(0, PacketId::get);
        self.log_publish("received", mid, frame.bytes);
        let (topic, payload) = (view.topic.into(), view.payload.into());
        let message = Message { mid, topic, payload, qos: view.qos, retain: view.retain };
        let Some(id) = view.packet_id else {
            self.events.push_back(Event::Message(message));
            return Ok(());
        };
        if view.qos == QoS::AtLeastOnce {
            self.log(DEBUG, |name| format!("Client {name} sending PUBACK (m{mid}, rc0)"));
            encode::short_ack(PacketType::PubAck, id, ReasonCode::Success, VERSION, out);
            self.events.push_back(Event::Message(message));
            return Ok(());
        }
        // [MQTT-4.3.3-2]: the same identifier again is the same message.
        if !self.unreleased.iter().any(|other| other.mid == mid) {
            self.unreleased_bytes += message.payload.len() + message.topic.len();
            if self.unreleased_bytes > UNRELEASED_BYTES {
                return Err(Code::NO_MEMORY);
            }
            self.unreleased.push_back(message);
        }
        self.log(DEBUG, |name| format!("Client {name} sending PUBREC (m{mid}, rc0)"));
        encode::short_ack(PacketType::PubRec, id, ReasonCode::Success, VERSION, out);
        Ok(())
    }

    fn recv_pubrel(&mut self, id: PacketId, out: &mut Vec<u8>) {
        let mid = id.get();
        self.log(DEBUG, |name| format!("Client {name} received PUBREL (Mid: {mid})"));
        self.log(DEBUG, |name| format!("Client {name} sending PUBCOMP (m{mid})"));
        encode::short_ack(PacketType::PubComp, id, ReasonCode::Success, VERSION, out);
        let index = self.unreleased.iter().position(|message| message.mid == mid);
        if let Some(message) = index.and_then(|index| self.unreleased.remove(index)) {
            self.unreleased_bytes -= message.payload.len() + message.topic.len();
            self.events.push_back(Event::Message(message));
        }
    }

    fn recv_pubrec(&mut self, id: PacketId, out: &mut Vec<u8>) {
        let mid = id.get();
        self.log(DEBUG, |name| format!("Client {name} received PUBREC (Mid: {mid})"));
        match self.outgoing.iter_mut().find(|message| message.id == id && message.qos == QoS::ExactlyOnce) {
            Some(message) if matches!(message.step, Step::Sent | Step::Released) => {
                message.step = Step::Released;
                message.frame = Box::default();
            }
            // An exchange that has ended: the server still waits for its end [MQTT-4.3.3-1].
            _ => self.log(WARNING, |name| {
                format!("Warning: Received PUBREC from {name} for an unknown packet identifier {mid}.")
            }),
        }
        self.send_pubrel(id, out);
    }

    fn recv_completion(&mut self, packet: &str, qos: QoS, id: PacketId) {
        let mid = id.get();
        self.log(DEBUG, |name| format!("Client {name} received {packet} (Mid: {mid}, RC:0)"));
        let due = if qos == QoS::AtLeastOnce { Step::Sent } else { Step::Released };
        let is_it = |message: &Outgoing| message.id == id && message.qos == qos && message.step == due;
        // Servers answer in order [MQTT-4.6.0-2], so it is nearly always the first.
        if let Some(index) = self.outgoing.iter().position(is_it) {
            self.outgoing.remove(index);
            self.in_flight -= 1;
            self.give_back(id);
            self.events.push_back(Event::Publish(mid));
        }
    }

    fn recv_suback(&mut self, frame: &Frame<'_>) -> Result<(), Code> {
        self.log(DEBUG, |name| format!("Client {name} received SUBACK"));
        let (id, codes) = frame.body().split_at_checked(2).ok_or(Code::PROTOCOL)?;
        let id = PacketId::new(u16::from_be_bytes([id[0], id[1]])).ok_or(Code::PROTOCOL)?;
        let granted = *codes.first().ok_or(Code::PROTOCOL)?;
        if codes.iter().any(|code| !matches!(code, 0..=2 | 0x80)) {
            return Err(Code::PROTOCOL);
        }
        self.answered(id);
        self.events.push_back(Event::Subscribe { mid: id.get(), count: codes.len(), granted });
        Ok(())
    }
}

/// The body of a packet that has only an identifier.
fn identifier(frame: &Frame<'_>) -> Result<PacketId, Code> {
    let &[high, low] = frame.body() else { return Err(Code::PROTOCOL) };
    PacketId::new(u16::from_be_bytes([high, low])).ok_or(Code::PROTOCOL)
}
