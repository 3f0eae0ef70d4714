//! One connection.

use super::event::{Receipt, Received, Trace};
use super::role::Role;
use super::sending::Sent;
use super::state::Session;
use crate::packet::{Auth, ConnAck, Connect, Disconnect, PacketId, Properties, QoS, SubAck, Subscription, UnsubAck};
use crate::wire::encode::EncodeError;
use crate::wire::fanout::Fanout;
use crate::{Limits, ReasonCode, Text, Time, Version, Violation};

/// How a message goes to one receiver.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    /// QoS on this connection.
    pub qos: QoS,
    /// Retain flag on this connection.
    pub retain: bool,
    /// Subscription identifiers (server to client).
    pub subscription_identifiers: &'a [u32],
    /// Comes back in [`super::Event::Completed`]; 0 where nobody waits.
    pub token: u64,
}

/// One connection: the handshake, what may be sent and received when, acknowledgements, aliases, keep-alive.
///
/// The owner, after each input ([`Link::recv`], [`Link::handle_timeout`]) and each call that sends: write
/// [`Link::output`], ask [`Link::poll_timeout`], and where the session is durable save [`Session::take_changes`].
#[derive(Debug)]
pub struct Link {
    role: Role,
    session: Session,
}

// Starting and ending.
impl Link {
    /// A server's end: waits for CONNECT.
    pub fn server(now: Time, limits: Limits) -> Link {
        let _ = (now, limits);
        todo!()
    }

    /// A client's end: writes CONNECT. `session` is that of the last connection, or a new one. The limits that
    /// CONNECT can say (receive maximum, maximum packet size, topic alias maximum) are added to its properties where
    /// they are absent and not the default of the protocol.
    pub fn client(now: Time, limits: Limits, connect: &Connect, session: Session) -> Result<Link, (EncodeError, Session)> {
        let _ = (now, limits, connect, session);
        todo!()
    }

    /// Server, after [`super::Event::Connect`]: takes the client in with this session, writes CONNACK, sends again
    /// what was in flight, in order and with DUP at QoS 1 and 2 [MQTT-4.4.0-1], and goes on with the queue. What the
    /// link enforces (receive maximum, maximum packet size, topic alias maximum) is added to CONNACK; a server
    /// keep-alive among its properties replaces the client's.
    pub fn accept(&mut self, now: Time, session: Session, ack: ConnAck) {
        let _ = (now, session, ack);
        todo!()
    }

    /// Server, after [`super::Event::Connect`] or during authentication: writes CONNACK with the refusal, mapped for
    /// MQTT 3, and finishes the link.
    pub fn refuse(&mut self, ack: ConnAck) {
        let _ = ack;
        todo!()
    }

    /// Writes DISCONNECT where this role and version have it, and finishes the link.
    pub fn disconnect(&mut self, disconnect: &Disconnect) {
        let _ = disconnect;
        todo!()
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
    /// Call again with the rest until `consumed` is 0. Answers that need no decision (PINGRESP, PUBREL, PUBCOMP) are
    /// in the output when it returns. On an error the farewell (a DISCONNECT with the reason, or a CONNACK that
    /// refuses) is already in the output: write it and close.
    pub fn recv<'b>(&mut self, now: Time, input: &'b [u8]) -> Result<Received<'b>, Violation> {
        let _ = (now, input);
        todo!()
    }

    /// When [`Link::handle_timeout`] wants to be called, if nothing happens before. May move with every input and
    /// every send.
    pub fn poll_timeout(&self) -> Option<Time> {
        todo!()
    }

    /// Client: sends PINGREQ when the keep-alive asks for it. Both: notices a peer that is gone. An error means:
    /// write the output and close. Calling it early does nothing.
    pub fn handle_timeout(&mut self, now: Time) -> Result<(), Violation> {
        let _ = now;
        todo!()
    }

    /// Changes up to this mark are saved; what depended on them goes out.
    pub fn committed(&mut self, mark: u64) {
        let _ = mark;
        todo!()
    }
}

// Sending.
impl Link {
    /// Sends a message: at QoS 0 at once, at QoS 1 and 2 when the window has room, else it is queued.
    pub fn send(&mut self, now: Time, fanout: &mut Fanout<'_>, outgoing: Outgoing<'_>) -> Sent {
        let _ = (now, fanout, outgoing);
        todo!()
    }

    /// Acknowledges a message that has been handled. With an error reason (MQTT 5) the peer is told that it was
    /// refused; an older peer sees success.
    pub fn settle(&mut self, receipt: Receipt, reason: ReasonCode) {
        let _ = (receipt, reason);
        todo!()
    }

    /// Client: writes SUBSCRIBE. The identifier comes back in [`super::Event::Subscribed`]. `Ok(None)`: every packet
    /// identifier is in use, try again after the next acknowledgement.
    pub fn subscribe(&mut self, now: Time, subscriptions: &[Subscription], properties: &Properties) -> Result<Option<PacketId>, EncodeError> {
        let _ = (now, subscriptions, properties);
        todo!()
    }

    /// Client: writes UNSUBSCRIBE. The identifier comes back in [`super::Event::Unsubscribed`].
    pub fn unsubscribe(&mut self, now: Time, filters: &[Text], properties: &Properties) -> Result<Option<PacketId>, EncodeError> {
        let _ = (now, filters, properties);
        todo!()
    }

    /// Server: answers SUBSCRIBE.
    pub fn suback(&mut self, ack: &SubAck) {
        let _ = ack;
        todo!()
    }

    /// Server: answers UNSUBSCRIBE. Reasons are left out for MQTT 3.
    pub fn unsuback(&mut self, ack: &UnsubAck) {
        let _ = ack;
        todo!()
    }

    /// Sends a step of extended authentication.
    pub fn send_auth(&mut self, auth: &Auth) -> Result<(), EncodeError> {
        let _ = auth;
        todo!()
    }
}

// Output and what is known.
impl Link {
    /// Bytes that want to be written.
    pub fn output(&self) -> &[u8] {
        todo!()
    }

    /// So many bytes of the output were written. When nothing is left the buffer is freed or kept, see
    /// [`Link::take_output`].
    pub fn written(&mut self, count: usize) {
        let _ = count;
        todo!()
    }

    /// Gives away the output buffer when it is empty, so that an idle link owns none.
    pub fn take_output(&mut self) -> Vec<u8> {
        todo!()
    }

    /// Lends a buffer for the next output; ignored when the link has one with room.
    pub fn lend_output(&mut self, buffer: Vec<u8>) {
        let _ = buffer;
        todo!()
    }

    /// The version spoken; 3.1.1 until CONNECT has said otherwise.
    pub fn version(&self) -> Version {
        todo!()
    }

    /// Waits for [`Link::accept`], [`Link::refuse`] or [`Link::send_auth`].
    pub fn is_deciding(&self) -> bool {
        todo!()
    }

    /// CONNACK with success has passed.
    pub fn is_connected(&self) -> bool {
        todo!()
    }

    /// Write the output and close.
    pub fn is_finished(&self) -> bool {
        todo!()
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

    /// Records every packet that passes, until it is taken.
    pub fn set_tracing(&mut self, on: bool) {
        let _ = on;
        todo!()
    }

    /// What has passed since the last call.
    pub fn take_trace(&mut self) -> Vec<Trace> {
        todo!()
    }
}
