//! One connection on the server's thread: bytes to events, output to the socket.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use mqtt_net::{Progress, Transport};
use mqtt_proto::packet::{Packet, PacketType};
use mqtt_proto::wire::{Sender, decode, frame};
use mqtt_proto::{Rule, Version, Violation};

use super::{Ended, PacketConfig, PacketConnection, PacketEvent, Pings, Seat};

/// How long a peer may take to notice that it has been closed.
const LINGER: Duration = Duration::from_secs(3);

/// See the module.
pub(super) struct Peer {
    pub(super) transport: Transport,
    pub(super) connection: PacketConnection,
    pub(super) seat: Seat,
    pub(super) stage: Stage,
    input: BytesMut,
    version: Option<Version>,
    /// The socket may have something.
    pub(super) readable: bool,
    /// The socket took no more.
    pub(super) blocked: bool,
    /// Nothing more is read; this is the end when the program has answered what came before.
    ending: Option<Ending>,
    accepted: Instant,
    /// When something came last.
    heard: Instant,
    /// It is in the list of those to serve.
    pub(super) listed: bool,
    /// When it was first seen to end and not to read its last packets.
    stuck: Option<Instant>,
}

enum Ending {
    Violation(Violation),
    Peer(Ended),
}

/// Where a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// TLS and WebSocket.
    Layers,
    /// Packets.
    Open,
    /// Its end has been told; until then it may notice.
    Draining { until: Instant },
}

/// What a look at a connection came to.
pub(super) enum Turn {
    /// It waits for something.
    Wait,
    /// There is more to read.
    Again,
    /// It is over. Its socket may stay until the peer has noticed.
    Over(Ended),
    /// Drop the socket; the end has been told, or there was never a beginning.
    Gone,
}

/// What a sweep came to.
pub(super) enum Due {
    Nothing,
    /// Something to be done at once.
    Look,
    /// Drop the socket, as in [`Turn::Gone`].
    Gone,
}

impl Peer {
    pub(super) fn new(transport: Transport, connection: PacketConnection, seat: Seat) -> Peer {
        Peer {
            transport,
            connection,
            seat,
            stage: Stage::Layers,
            input: BytesMut::new(),
            version: None,
            readable: true,
            blocked: false,
            ending: None,
            accepted: Instant::now(),
            heard: Instant::now(),
            listed: false,
            stuck: None,
        }
    }

    /// Its end has been told, and everything has been sent.
    pub(super) fn is_draining(&self) -> bool {
        matches!(self.stage, Stage::Draining { .. })
    }

    /// Does what can be done without waiting.
    pub(super) fn turn(&mut self, config: &PacketConfig, scratch: &mut [u8], events: &dyn Fn(PacketEvent)) -> Turn {
        self.connection.state().woken = false;
        match self.stage {
            Stage::Layers => match self.transport.progress() {
                Ok(Progress::Ready) => {
                    self.stage = Stage::Open;
                    self.transport.set_message_limit(config.maximum_packet_size as usize);
                    events(PacketEvent::Connected(self.connection.clone()));
                }
                // stop() came meanwhile.
                Ok(_) if !self.connection.is_open() => return Turn::Gone,
                Ok(_) => return Turn::Wait,
                Err(_) => return Turn::Gone,
            },
            Stage::Open => {}
            Stage::Draining { .. } => return self.drain(scratch),
        }
        let again = self.read(config, scratch, events);
        if let Err(error) = self.write() {
            let ended = self.connection.state().ended.clone();
            return Turn::Over(ended.unwrap_or_else(|| Ended::Lost(error.to_string())));
        }
        if let Some(ended) = self.end() {
            return Turn::Over(ended);
        }
        if again { Turn::Again } else { Turn::Wait }
    }

    /// Reads once, and gives the program what is complete. Returns whether there may be more.
    fn read(&mut self, config: &PacketConfig, scratch: &mut [u8], events: &dyn Fn(PacketEvent)) -> bool {
        self.parse(config, events);
        if self.ending.is_some() || !self.connection.is_open() || !self.connection.may_give() {
            return false;
        }
        if !self.readable && !self.transport.has_buffered_input() {
            return false;
        }
        match self.transport.read(scratch) {
            Ok(0) => self.ending = Some(Ending::Peer(Ended::Closed)),
            Ok(count) => {
                self.heard = Instant::now();
                self.input.extend_from_slice(&scratch[..count]);
                self.parse(config, events);
                return true;
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => self.readable = false,
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {
                self.ending = Some(Ending::Peer(Ended::Closed));
            }
            Err(error) => self.ending = Some(Ending::Peer(Ended::Lost(error.to_string()))),
        }
        false
    }

    fn parse(&mut self, config: &PacketConfig, events: &dyn Fn(PacketEvent)) {
        while self.ending.is_none() && self.connection.is_open() && !self.input.is_empty() {
            if !self.connection.may_give() {
                return;
            }
            match self.next(config) {
                Ok(Some((packet, size))) => self.take(packet, size, config, events),
                Ok(None) => return,
                Err(violation) => self.ending = Some(Ending::Violation(violation)),
            }
        }
    }

    /// The next packet and its size.
    fn next(&mut self, config: &PacketConfig) -> Result<Option<(Packet, usize)>, Violation> {
        let version = self.version.unwrap_or(Version::V3_1_1);
        let maximum = match self.version {
            Some(_) => config.maximum_packet_size,
            None => config.maximum_packet_size.min(config.maximum_connect_size),
        };
        // Before CONNECT is whole its first byte says whether it is one.
        if self.version.is_none() && self.input[0] >> 4 != PacketType::Connect as u8 {
            return Err(Violation::new(Rule::FirstPacketNotConnect, version));
        }
        let Some(found) = frame::split(&self.input, version, maximum)? else { return Ok(None) };
        let (kind, parts, size) = (found.packet_type, found.parts(), found.bytes.len());
        let out_of_place = match kind {
            PacketType::Connect if self.version.is_some() => Some(Rule::SecondConnect),
            PacketType::ConnAck | PacketType::SubAck | PacketType::UnsubAck | PacketType::PingResp => {
                Some(Rule::NotFromClient)
            }
            _ => None,
        };
        if let Some(rule) = out_of_place {
            return Err(Violation::new(rule, version).within(kind));
        }
        let bytes = self.input.split_to(size).freeze();
        let packet = decode::packet(bytes, parts, version, Some(Sender::Client))?;
        Ok(Some((packet, size)))
    }

    fn take(&mut self, packet: Packet, size: usize, config: &PacketConfig, events: &dyn Fn(PacketEvent)) {
        match &packet {
            Packet::Connect(connect) => {
                self.version = Some(connect.version);
                self.connection.learn(connect);
            }
            Packet::PingReq if config.pings == Pings::Server => {
                // It fails only after the end.
                let _ = self.connection.send(&[Packet::PingResp]);
                return;
            }
            Packet::Disconnect(disconnect) => {
                self.ending = Some(Ending::Peer(Ended::Client(disconnect.reason)));
            }
            _ => {}
        }
        let receipt = self.connection.give(size);
        events(PacketEvent::Packet(self.connection.clone(), packet, receipt));
    }

    /// Puts output on the socket, as much as it takes.
    fn write(&mut self) -> std::io::Result<()> {
        if self.blocked {
            return Ok(());
        }
        let mut state = self.connection.state();
        while state.sent < state.output.len() {
            match self.transport.write(&state.output[state.sent..]) {
                Ok(count) => state.sent += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.blocked = true;
                    let sent = std::mem::take(&mut state.sent);
                    state.output.drain(..sent);
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
        state.sent = 0;
        state.output.clear();
        // An idle connection keeps no buffer.
        if state.output.capacity() > 4096 {
            state.output = Vec::new();
        }
        drop(state);
        self.blocked = !self.transport.flush()?;
        Ok(())
    }

    /// Why it is over, if it is.
    fn end(&mut self) -> Option<Ended> {
        if self.connection.is_open() && self.ending.is_some() && self.connection.is_handled() {
            match self.ending.take() {
                Some(Ending::Violation(violation)) => self.connection.violated(violation),
                Some(Ending::Peer(ended)) => self.connection.end(None, ended),
                None => {}
            }
            if let Err(error) = self.write() {
                let ended = self.connection.state().ended.clone();
                return Some(ended.unwrap_or_else(|| Ended::Lost(error.to_string())));
            }
        }
        let state = self.connection.state();
        let is_written = state.sent == state.output.len() && (!self.transport.wants_write() || state.is_cut);
        match &state.ended {
            // Who does not read does not get the rest either.
            Some(Ended::Unread) => Some(Ended::Unread),
            Some(ended) if is_written => Some(ended.clone()),
            _ => None,
        }
    }

    /// Ends the writing side, and waits for the peer to do the same, so that its unread bytes do not make the system
    /// take back the last of ours.
    pub(super) fn begin_drain(&mut self) {
        self.transport.close_write();
        self.stage = Stage::Draining { until: Instant::now() + LINGER };
        self.readable = true;
        self.input = BytesMut::new();
    }

    fn drain(&mut self, scratch: &mut [u8]) -> Turn {
        match self.transport.socket().read(scratch) {
            Ok(0) => Turn::Gone,
            Ok(_) => Turn::Again,
            Err(error) if error.kind() == ErrorKind::WouldBlock => Turn::Wait,
            Err(_) => Turn::Gone,
        }
    }

    /// What is due: the handshake, the keep-alive, the rest of an end. Time that the program takes does not count.
    pub(super) fn sweep(&mut self, config: &PacketConfig, now: Instant) -> Due {
        let is_late = now.saturating_duration_since(self.accepted) >= config.connect_timeout;
        match self.stage {
            Stage::Layers if is_late => Due::Gone,
            Stage::Layers => Due::Nothing,
            Stage::Draining { until } if until <= now => Due::Gone,
            Stage::Draining { .. } => Due::Nothing,
            Stage::Open if !self.connection.is_open() => {
                if now.saturating_duration_since(*self.stuck.get_or_insert(now)) < LINGER {
                    return Due::Nothing;
                }
                self.connection.state().cut_output();
                Due::Look
            }
            Stage::Open => {
                let is_silent = self.is_silent(now);
                let violation = match self.version {
                    None if is_late => Violation::new(Rule::HandshakeTimeout, Version::V3_1_1),
                    Some(version) if is_silent => Violation::new(Rule::KeepAliveTimeout, version),
                    _ => return Due::Nothing,
                };
                self.connection.violated(violation);
                Due::Look
            }
        }
    }

    /// Nothing has come within one and a half times the keep-alive [MQTT-3.1.2-22].
    fn is_silent(&mut self, now: Instant) -> bool {
        if self.connection.is_with_program() {
            self.heard = now;
        }
        let keep_alive = self.connection.state().keep_alive;
        let patience = Duration::from_millis(u64::from(keep_alive) * 1500);
        keep_alive != 0 && self.ending.is_none() && now.saturating_duration_since(self.heard) >= patience
    }
}
