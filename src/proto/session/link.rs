//! One connection.

use bytes::Bytes;

use super::alias::Aliases;
use super::event::{Event, Received};
use super::handshake::{Authentication, Peer};
use super::output::Output;
use super::role::{Phase, Role, broken_rule};
use super::sending::Window;
use super::state::Session;
use super::timers::Timers;
use crate::packet::{Packet, PacketId, PacketType, QoS};
use crate::wire::decode;
use crate::wire::frame::{self, Frame};
use crate::{Limits, ReasonCode, Rule, Time, Version, Violation};

/// Bytes of a packet that is not complete, after which a server takes the client for alive.
const SIGN_OF_LIFE: u32 = 1024;

/// How a message goes to one receiver.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    /// QoS on this connection.
    pub qos: QoS,
    /// Retain flag on this connection.
    pub retain: bool,
    /// Subscription identifiers (server to client).
    pub subscription_identifiers: &'a [u32],
    /// Comes back in [`super::Event::Completed`]; 0 where nobody waits, then there is no such event.
    pub token: u64,
}

/// One connection: the handshake, what may be sent and received when, acknowledgements, aliases, keep-alive.
///
/// The owner, after each input ([`Link::recv`], [`Link::handle_timeout`]) and each call that sends: write
/// [`Link::output`], ask [`Link::poll_timeout`], and where the session is durable save [`Session::take_changes`].
/// An owner that gives tokens to its messages asks [`Session::take_ended`] too.
#[derive(Debug)]
pub struct Link {
    pub(super) session: Session,
    pub(super) output: Output,
    pub(super) timers: Timers,
    pub(super) limits: Limits,
    pub(super) window: Window,
    pub(super) aliases: Option<Box<Aliases>>,
    pub(super) authentication: Option<Box<Authentication>>,
    pub(super) peer: Peer,
    /// QoS 1 and 2 messages of the peer on this connection that count against its receive maximum.
    pub(super) unacknowledged: u32,
    pub(super) role: Role,
    pub(super) phase: Phase,
    pub(super) version: Version,
    /// Server: the highest QoS that CONNACK has granted.
    pub(super) granted_qos: QoS,
    /// Server: CONNACK has not refused retained messages.
    pub(super) granted_retain: bool,
    /// A PUBLISH waits unread for a receipt to be settled.
    pub(super) held_back: bool,
}

// Starting and ending; accept, refuse and disconnect are in `handshake`.
impl Link {
    /// A server's end: waits for CONNECT, no longer than [`Limits::handshake_timeout`].
    pub fn server(now: Time, limits: Limits) -> Link {
        Link::new(Role::Server, Phase::AwaitConnect, now, limits, Session::default())
    }

    pub(super) fn new(role: Role, phase: Phase, now: Time, mut limits: Limits, session: Session) -> Link {
        limits.receive_maximum = limits.receive_maximum.max(1);
        limits.send_maximum = limits.send_maximum.max(1);
        Link {
            session,
            output: Output::default(),
            timers: Timers::new(now),
            limits,
            window: Window::default(),
            aliases: None,
            authentication: None,
            peer: Peer::default(),
            unacknowledged: 0,
            role,
            phase,
            version: Version::V3_1_1,
            granted_qos: QoS::ExactlyOnce,
            granted_retain: true,
            held_back: false,
        }
    }

    /// The connection is over: gives the session back. At the next connection what was in flight goes again.
    pub fn end(self) -> Session {
        self.session
    }
}

// Input.
impl Link {
    /// Reads at most one packet from the front of `input`.
    ///
    /// Call again with the rest until `consumed` is 0; where [`Link::wants_input`] is false then, keep the rest and
    /// stop reading until a call has changed that. Answers that need no decision (PINGRESP, PUBREL, PUBCOMP) are in
    /// the output when it returns. On an error the farewell (a DISCONNECT with the reason, or a CONNACK that
    /// refuses) is already in the output: write it and close.
    #[inline]
    pub fn recv<'b>(&mut self, now: Time, input: &'b [u8]) -> Result<Received<'b>, Violation> {
        const NOTHING: Received<'static> = Received { consumed: 0, event: None };
        self.timers.seen = now;
        if input.is_empty() || matches!(self.phase, Phase::Deciding | Phase::Finished) {
            return Ok(NOTHING);
        }
        let maximum = match self.phase {
            Phase::AwaitConnect | Phase::AwaitAuth => {
                self.limits.maximum_connect_size.min(self.limits.maximum_packet_size)
            }
            _ => self.limits.maximum_packet_size,
        };
        let frame = match frame::split(input, self.version, maximum) {
            Ok(Some(frame)) => frame,
            Ok(None) => {
                // A large packet on a slow line: more of it is a sign of life, once the handshake is over. To a server
                // a byte now and then is none, or a client could hold a connection without ever sending a packet.
                let least = if self.role == Role::Server { SIGN_OF_LIFE } else { 1 };
                if self.phase == Phase::Connected && input.len() as u32 >= self.timers.partial.saturating_add(least) {
                    self.timers.received = now;
                    self.timers.partial = input.len() as u32;
                }
                return Ok(NOTHING);
            }
            Err(violation) => return Err(self.fail(violation)),
        };
        if let Some(rule) = broken_rule(self.role, self.phase, self.version, frame.packet_type) {
            let version = if self.phase == Phase::AwaitConnect { Version::V5 } else { self.version };
            return Err(self.fail(Violation::new(rule, version).within(frame.packet_type)));
        }
        if frame.packet_type == PacketType::Publish && self.must_hold_back(&frame) {
            self.held_back = true;
            return Ok(NOTHING);
        }
        self.timers.received = now;
        self.timers.partial = 0;
        self.trace_input(frame.bytes);
        match self.recv_frame(now, &frame) {
            Ok(event) => {
                self.trace_output();
                Ok(Received { consumed: frame.bytes.len(), event })
            }
            Err(violation) => Err(self.fail(violation)),
        }
    }

    #[inline]
    fn recv_frame<'b>(&mut self, now: Time, frame: &Frame<'b>) -> Result<Option<Event<'b>>, Violation> {
        let kind = frame.packet_type;
        match kind {
            PacketType::Publish => self.recv_publish(frame),
            PacketType::PubAck | PacketType::PubRec | PacketType::PubRel | PacketType::PubComp => {
                let (id, reason) = self.read_ack(frame)?;
                match kind {
                    PacketType::PubRec => self.recv_pubrec(id, reason),
                    PacketType::PubRel => self.recv_pubrel(id).map(|()| None),
                    _ => self.recv_completion(kind, id, reason),
                }
            }
            PacketType::PingReq if frame.body().is_empty() => {
                self.output.simple(PacketType::PingResp);
                self.session.release_memory();
                Ok(Some(Event::Ping))
            }
            PacketType::PingResp if frame.body().is_empty() => {
                self.timers.pong();
                Ok(None)
            }
            _ => self.recv_control(now, frame),
        }
    }

    /// The packets that need not be fast.
    fn recv_control(&mut self, now: Time, frame: &Frame<'_>) -> Result<Option<Event<'static>>, Violation> {
        Ok(match self.read_packet(frame)? {
            Packet::Connect(connect) => Some(self.recv_connect(connect)?),
            Packet::ConnAck(ack) => Some(self.recv_connack(now, ack)?),
            Packet::Auth(auth) => Some(self.recv_auth(auth)?),
            Packet::Disconnect(disconnect) => Some(self.recv_disconnect(disconnect)?),
            Packet::Subscribe(subscribe) => {
                for subscription in &subscribe.subscriptions {
                    self.check_levels(&subscription.filter, PacketType::Subscribe)?;
                }
                self.reclaim(subscribe.packet_id, PacketType::Subscribe)?;
                Some(Event::Subscribe(subscribe))
            }
            Packet::Unsubscribe(unsubscribe) => {
                self.reclaim(unsubscribe.packet_id, PacketType::Unsubscribe)?;
                Some(Event::Unsubscribe(unsubscribe))
            }
            Packet::SubAck(ack) => {
                self.check_problem_information(&ack.properties, PacketType::SubAck)?;
                self.recv_answer(PacketType::SubAck, ack.packet_id, ack.reasons.len())?;
                Some(Event::Subscribed(ack))
            }
            Packet::UnsubAck(ack) => {
                self.check_problem_information(&ack.properties, PacketType::UnsubAck)?;
                self.recv_answer(PacketType::UnsubAck, ack.packet_id, ack.reasons.len())?;
                Some(Event::Unsubscribed(ack))
            }
            // Read where they are: in `recv_frame`.
            _ => None,
        })
    }

    fn read_packet(&self, frame: &Frame<'_>) -> Result<Packet, Violation> {
        decode::packet(Bytes::copy_from_slice(frame.bytes), frame.parts(), self.version, Some(self.role.peer()))
    }

    /// Identifier and reason; the short form without allocating.
    fn read_ack(&self, frame: &Frame<'_>) -> Result<(PacketId, ReasonCode), Violation> {
        if let &[high, low] = frame.body() {
            let id = PacketId::new(u16::from_be_bytes([high, low]));
            let zero = || Violation::new(Rule::ZeroPacketIdentifier, self.version).within(frame.packet_type);
            return Ok((id.ok_or_else(zero)?, ReasonCode::Success));
        }
        match self.read_packet(frame)? {
            Packet::PubAck(ack) | Packet::PubRec(ack) | Packet::PubRel(ack) | Packet::PubComp(ack) => {
                self.check_problem_information(&ack.properties, frame.packet_type)?;
                Ok((ack.packet_id, ack.reason))
            }
            _ => Err(Violation::new(Rule::BytesLeftOver, self.version).within(frame.packet_type)),
        }
    }
}

// Output.
impl Link {
    /// Bytes that want to be written.
    pub fn output(&self) -> &[u8] {
        self.output.pending()
    }

    /// So many bytes of the output were written. When nothing is left the buffer is freed or kept, see
    /// [`Link::take_output`]. Where messages waited for the peer to read, there may be new output: look again.
    pub fn written(&mut self, count: usize) {
        self.timers.sent = self.timers.seen;
        self.output.written(count);
        if !self.session.outbox.queue.is_empty() || self.session.in_flight() > 0 {
            self.continue_sending();
            self.trace_output();
        }
    }

    /// Gives away the output buffer when it is empty, so that an idle link owns none.
    pub fn take_output(&mut self) -> Vec<u8> {
        self.output.take()
    }

    /// Lends a buffer for the next output; ignored when the link has one with room.
    pub fn lend_output(&mut self, buffer: Vec<u8>) {
        self.output.lend(buffer);
    }
}

// What is known.
impl Link {
    /// The version spoken; 3.1.1 until CONNECT has said otherwise.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Waits for [`Link::accept`], [`Link::refuse`] or [`Link::send_auth`].
    pub fn is_deciding(&self) -> bool {
        self.phase == Phase::Deciding
    }

    /// CONNACK with success has passed, and no end of the connection yet.
    pub fn is_connected(&self) -> bool {
        self.phase == Phase::Connected
    }

    /// Write the output and close.
    pub fn is_finished(&self) -> bool {
        matches!(self.phase, Phase::Finished | Phase::Left)
    }

    /// Whether reading more bytes makes sense. False while the owner has to decide, while an MQTT 3 client has as
    /// many unsettled messages as [`Limits::receive_maximum`] allows, while a client leaves more than twice
    /// [`Limits::maximum_backlog`] unread (answers to what it asks would grow without bound), and at the end.
    pub fn wants_input(&self) -> bool {
        !self.held_back && !self.is_stalled() && !matches!(self.phase, Phase::Deciding | Phase::Finished | Phase::Left)
    }

    /// Server: the client does not read what it is sent.
    pub(super) fn is_stalled(&self) -> bool {
        self.role == Role::Server && self.output.backlog() > self.limits.maximum_backlog.saturating_mul(2)
    }

    /// The session.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The session, to look after its queue and its changes.
    pub fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }

    /// Which end this is.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Bytes of the largest packet that the peer accepts.
    pub fn peer_maximum_packet_size(&self) -> u32 {
        self.peer.maximum_packet_size
    }

    /// Seconds of the keep-alive that holds on this connection; 0 is none.
    pub fn keep_alive(&self) -> u16 {
        (self.timers.keep_alive / 1000) as u16
    }
}
