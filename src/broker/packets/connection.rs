//! The program's handle of a connection: what it sends, and how much it has in its hands.

use std::net::SocketAddr;
use std::sync::Arc;

use mqtt_proto::packet::{ConnAck, Connect, Disconnect, Packet};
use mqtt_proto::wire::encode::{self, EncodeError};
use mqtt_proto::{MAXIMUM_REMAINING_LENGTH, ReasonCode, Rule, Text, Version, Violation};
use parking_lot::{Mutex, MutexGuard};

use super::thread::Order;
use super::{Shared, connack_reason, disconnect_reason};
use crate::hooks::Peer;

/// One connection. Cloning gives another handle of the same; dropping all of them closes nothing.
#[derive(Debug, Clone)]
pub struct PacketConnection {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    id: u64,
    peer: Peer,
    shared: Arc<Shared>,
    state: Mutex<State>,
}

/// What the program and the server's thread both touch, between system calls.
#[derive(Debug, Default)]
pub(super) struct State {
    /// Bytes to send; those before `sent` have gone.
    pub(super) output: Vec<u8>,
    pub(super) sent: usize,
    /// What waits has been given up.
    pub(super) is_cut: bool,
    /// Why it ends when the output has gone. Nothing is added to the output then.
    pub(super) ended: Option<Ended>,
    /// An order to look at the connection is on its way.
    pub(super) woken: bool,
    /// What CONNECT said.
    pub(super) known: Option<Known>,
    /// CONNACK has been sent.
    pub(super) acknowledged: bool,
    /// Seconds, from CONNECT or CONNACK.
    pub(super) keep_alive: u16,
    /// Packets and bytes in the program's hands.
    unhandled: usize,
    unhandled_bytes: usize,
    /// The thread waits until there are no more than this.
    pub(super) waits_for: Option<usize>,
}

#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) version: Version,
    client_id: Text,
    maximum: u32,
}

/// Why a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// The client sent DISCONNECT with this reason.
    Client(ReasonCode),
    /// The client closed without DISCONNECT.
    Closed,
    /// The network failed, or TLS or WebSocket did.
    Lost(String),
    /// The client broke a rule and was told as far as its version allows.
    Violation(Violation),
    /// The client did not read what it was sent.
    Unread,
    /// The program closed it, or sent DISCONNECT or a refusal.
    Program,
    /// The server was stopped.
    Stopped,
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Ended::Client(reason) => write!(f, "the client disconnected: {reason}"),
            Ended::Closed => f.write_str("the client closed the connection without DISCONNECT"),
            Ended::Lost(cause) => write!(f, "the connection was lost: {cause}"),
            Ended::Violation(violation) => violation.fmt(f),
            Ended::Unread => f.write_str("the client does not read what it is sent"),
            Ended::Program => f.write_str("the server closed the connection"),
            Ended::Stopped => f.write_str("the server was stopped"),
        }
    }
}

/// Why a packet was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The connection has ended, or is about to.
    #[error("the connection is closed")]
    Closed,
    /// The packet cannot be written. None of the packets of the call was sent.
    #[error("{packet}: {source}")]
    Encode {
        /// Which.
        packet: mqtt_proto::packet::PacketType,
        /// Why.
        source: EncodeError,
    },
}

impl PacketConnection {
    pub(super) fn new(shared: Arc<Shared>, id: u64, peer: Peer) -> PacketConnection {
        PacketConnection { inner: Arc::new(Inner { id, peer, shared, state: Mutex::default() }) }
    }

    /// A number that no other connection of this server has.
    pub fn id(&self) -> u64 {
        self.inner.id
    }

    /// The address at the other end; `None` on a Unix socket.
    pub fn address(&self) -> Option<SocketAddr> {
        self.inner.peer.address
    }

    /// Which listener it came in on.
    pub fn listener(&self) -> usize {
        self.inner.peer.listener
    }

    /// The version that CONNECT named; `None` before CONNECT.
    pub fn version(&self) -> Option<Version> {
        self.state().known.as_ref().map(|known| known.version)
    }

    /// The client identifier: that of CONNECT, or the one that a CONNACK assigned.
    pub fn client_id(&self) -> Option<Text> {
        self.state().known.as_ref().map(|known| known.client_id.clone())
    }

    /// Whether something sent now is put on its way.
    pub fn is_open(&self) -> bool {
        self.state().ended.is_none()
    }

    /// Whether the program has closed it. Packets that came before it did may still be on their way to it.
    pub fn is_closed_by_program(&self) -> bool {
        self.state().ended == Some(Ended::Program)
    }

    /// Sends packets in this order, all of them or none. A CONNACK that refuses and a DISCONNECT close the connection
    /// when they have gone; what follows them in the same call is not sent. MQTT 3 has no DISCONNECT from a server: there
    /// the connection only closes. The version is that of CONNECT, 3.1.1
    /// before it.
    ///
    /// # Errors
    /// [`SendError::Closed`] after the end, [`SendError::Encode`] for a packet that cannot be written or is larger
    /// than the client accepts.
    pub fn send(&self, packets: &[Packet]) -> Result<(), SendError> {
        let mut state = self.state();
        if state.ended.is_some() {
            return Err(SendError::Closed);
        }
        if state.output.len() - state.sent > self.inner.shared.config.maximum_backlog {
            state.cut(Ended::Unread);
            self.wake(&mut state);
            return Err(SendError::Closed);
        }
        let (version, maximum) =
            state.known.as_ref().map_or((Version::V3_1_1, WHATEVER), |known| (known.version, known.maximum));
        let begin = state.output.len();
        let mut last = None;
        for (index, packet) in packets.iter().enumerate() {
            // A server of MQTT 3 has none: it only closes.
            if matches!(packet, Packet::Disconnect(_)) && !version.has_server_disconnect() {
                last = Some(index);
                break;
            }
            if let Err(source) = encode::packet(packet, version, maximum, &mut state.output) {
                state.output.truncate(begin);
                return Err(SendError::Encode { packet: packet.packet_type(), source });
            }
            if is_last(packet) {
                last = Some(index);
                break;
            }
        }
        let sent = last.map_or(packets, |last| &packets[..=last]);
        sent.iter().for_each(|packet| state.note(packet));
        if last.is_some() {
            state.ended = Some(Ended::Program);
        }
        self.wake(&mut state);
        Ok(())
    }

    /// Closes the connection when what has been sent is out. Does nothing after the end.
    pub fn close(&self) {
        let mut state = self.state();
        if state.ended.is_none() {
            state.ended = Some(Ended::Program);
            self.wake(&mut state);
        }
    }

    /// Closes the connection and tells the client why, as far as its version and the moment allow: by CONNACK where
    /// it has not had one, else by DISCONNECT. Does nothing after the end.
    pub fn refuse(&self, reason: ReasonCode) {
        self.end(Some(reason), Ended::Program);
    }

    /// The same with another account of it.
    pub(super) fn end(&self, reason: Option<ReasonCode>, ended: Ended) {
        let mut state = self.state();
        if state.ended.is_some() {
            return;
        }
        if let (Some(reason), Some(known)) = (reason, state.known.clone()) {
            state.farewell(known.version, known.maximum, reason);
        }
        state.ended = Some(ended);
        self.wake(&mut state);
    }

    /// The end for a client that broke a rule.
    pub(super) fn violated(&self, violation: Violation) {
        let mut state = self.state();
        if state.ended.is_some() {
            return;
        }
        match state.known.clone() {
            Some(known) => state.farewell(known.version, known.maximum, violation.reason()),
            // The version that CONNECT named decides; a level that nobody knows is answered as 3.1.1 asks
            // [MQTT-3.1.2-2]. Whoever did not even send CONNECT gets nothing.
            None if violation.packet == Some(mqtt_proto::packet::PacketType::Connect) => {
                let is_unknown = violation.rule == Rule::ProtocolLevel;
                let version = if is_unknown { Version::V3_1_1 } else { violation.version };
                state.farewell(version, WHATEVER, violation.reason());
            }
            None => {}
        }
        state.ended = Some(Ended::Violation(violation));
        self.wake(&mut state);
    }

    /// What CONNECT said.
    pub(super) fn learn(&self, connect: &Connect) {
        let mut state = self.state();
        let maximum = connect.properties.maximum_packet_size().filter(|_| connect.version.has_properties());
        state.known = Some(Known {
            version: connect.version,
            client_id: connect.client_id.clone(),
            maximum: maximum.unwrap_or(WHATEVER),
        });
        state.keep_alive = connect.keep_alive;
    }

    /// A packet goes to the program.
    pub(super) fn give(&self, bytes: usize) -> Receipt {
        let mut state = self.state();
        state.unhandled += 1;
        state.unhandled_bytes += bytes;
        Receipt { connection: self.clone(), bytes }
    }

    /// Whether the program may be given another packet. Where not, an order comes when half of them are done.
    pub(super) fn may_give(&self) -> bool {
        let config = &self.inner.shared.config;
        let mut state = self.state();
        if state.unhandled < config.unhandled.max(1) && state.unhandled_bytes < config.unhandled_bytes.max(1) {
            return true;
        }
        state.waits_for = Some(if state.unhandled < config.unhandled { 0 } else { config.unhandled / 2 });
        false
    }

    /// Whether the program has nothing in its hands. Where it has, an order comes when it is done.
    pub(super) fn is_handled(&self) -> bool {
        let mut state = self.state();
        if state.unhandled > 0 {
            state.waits_for = Some(0);
        }
        state.unhandled == 0
    }

    /// Whether the program has something in its hands.
    pub(super) fn is_with_program(&self) -> bool {
        self.state().unhandled > 0
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock()
    }

    /// Has the thread look at the connection.
    fn wake(&self, state: &mut State) {
        if !std::mem::replace(&mut state.woken, true) {
            self.inner.shared.orders.post(Order::Look(self.inner.id));
        }
    }
}

impl State {
    /// What a packet of the server changes.
    fn note(&mut self, packet: &Packet) {
        let Packet::ConnAck(ack) = packet else { return };
        self.acknowledged = true;
        let Some(known) = self.known.as_mut().filter(|known| known.version.has_properties()) else { return };
        if let Some(id) = ack.properties.assigned_client_identifier() {
            known.client_id = id.clone();
        }
        // [MQTT-3.1.2-21]
        if let Some(seconds) = ack.properties.server_keep_alive() {
            self.keep_alive = seconds;
        }
    }

    /// The last packet, where version and moment have one.
    fn farewell(&mut self, version: Version, maximum: u32, reason: ReasonCode) {
        let packet = if !self.acknowledged {
            let reason = connack_reason(reason);
            // MQTT 3 has five return codes; where none of them says it, the server only closes.
            let says_it = ReasonCode::from_connect_return_code(reason.connect_return_code()) == Some(reason);
            (version.has_properties() || says_it).then(|| Packet::ConnAck(Box::new(ConnAck::refused(reason))))
        } else if version.has_server_disconnect() {
            Some(Packet::Disconnect(Disconnect::new(disconnect_reason(reason))))
        } else {
            None
        };
        if let Some(packet) = packet {
            // A client that has no room for it gets nothing.
            let _ = encode::packet(&packet, version, maximum, &mut self.output);
        }
    }

    /// The end without sending what waits.
    fn cut(&mut self, ended: Ended) {
        self.cut_output();
        self.ended = Some(ended);
    }

    /// Gives up what waits.
    pub(super) fn cut_output(&mut self) {
        self.output = Vec::new();
        self.sent = 0;
        self.is_cut = true;
    }
}

/// A packet that the program has not dealt with. Drop it when it has.
#[derive(Debug)]
pub struct Receipt {
    connection: PacketConnection,
    bytes: usize,
}

impl Drop for Receipt {
    fn drop(&mut self) {
        let mut state = self.connection.state();
        state.unhandled -= 1;
        state.unhandled_bytes -= self.bytes;
        if state.waits_for.is_some_and(|few| state.unhandled <= few) {
            state.waits_for = None;
            self.connection.wake(&mut state);
        }
    }
}

/// The largest packet there is.
const WHATEVER: u32 = MAXIMUM_REMAINING_LENGTH + 5;

/// Whether nothing may follow this packet of a server [MQTT-3.2.2-7] [MQTT-3.14.4-1].
fn is_last(packet: &Packet) -> bool {
    match packet {
        Packet::ConnAck(ack) => ack.reason.is_error(),
        Packet::Disconnect(_) => true,
        _ => false,
    }
}
