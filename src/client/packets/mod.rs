//! One connection whose every packet is the program's: transports, framing and limits, and no session.
//!
//! The mirror of `mqtt_broker::packets`. [`PacketClient::connect`] opens the transport and sends nothing; from there on the
//! program writes CONNECT itself and answers what comes. Every call moves the bytes on the caller's thread. Only with
//! [`PacketOptions::keep_alive`] does the background thread of the process take part: it writes PINGREQ when the program
//! has written nothing for so long.

mod error;
mod line;
mod options;

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mqtt_net::{ClientTls, Dial, DialPoll, PeerAddress};
use mqtt_proto::packet::{Packet, PacketType};
use mqtt_proto::wire::frame::{self, Frame};
use mqtt_proto::wire::{decode, encode};
use mqtt_proto::{MAXIMUM_REMAINING_LENGTH, Version, Violation};
use rustix::event::{PollFd, PollFlags, poll};

pub use error::PacketError;
pub(crate) use line::Line;
use line::{Read, Write};
pub use options::PacketOptions;

use crate::input::Input;
use crate::shared::timespec;
use crate::{Wait, fork, runtime};

/// What every call returns.
pub type Result<T> = std::result::Result<T, PacketError>;

/// The hook of a call runs at least so often.
const SLICE: Duration = Duration::from_millis(100);
/// Reads in a row after which the hook runs, although there is more.
const READS: usize = 64;

/// See the module. It belongs to one thread at a time.
pub struct PacketClient {
    options: PacketOptions,
    generation: u32,
    line: Arc<Line>,
    /// What came and was not taken.
    input: RefCell<Input>,
    /// Of the CONNECT that was sent.
    learnt: Cell<Option<Version>>,
    tls: RefCell<Option<Arc<ClientTls>>>,
    watched: Cell<bool>,
}

impl PacketClient {
    /// Connects nothing.
    ///
    /// # Errors
    /// [`PacketError::InvalidArgument`] for options that cannot be.
    pub fn new(options: PacketOptions) -> Result<PacketClient> {
        options.check()?;
        Ok(PacketClient {
            line: Line::new(options.keep_alive),
            options,
            generation: fork::generation(),
            input: RefCell::default(),
            learnt: Cell::new(None),
            tls: RefCell::default(),
            watched: Cell::new(false),
        })
    }

    /// What it was made with.
    pub fn options(&self) -> &PacketOptions {
        &self.options
    }

    /// Opens the transport: TCP, TLS, WebSocket. A connection that is there is closed before. `wait` may say another time
    /// than the options.
    ///
    /// # Errors
    /// [`PacketError::Dial`] and [`PacketError::Tls`] say which step failed.
    pub fn connect(&self, mut wait: Wait<'_>) -> Result<()> {
        self.check_fork()?;
        self.close()?;
        if self.tls.borrow().is_none() {
            *self.tls.borrow_mut() = self.options.client_tls()?;
        }
        let tls = self.tls.borrow().clone();
        let options = self.options.dial(wait.timeout.unwrap_or(self.options.connect_timeout));
        let mut dial = Dial::start(Arc::new(self.options.endpoint.clone()), tls, options);
        let mut transport = loop {
            match dial.poll(Instant::now()) {
                DialPoll::Ready(transport) => break transport,
                DialPoll::Failed(error) => return Err(error.into()),
                DialPoll::Pending { watch, wake } => {
                    let mut fds: Vec<_> = watch.iter().map(|watch| PollFd::new(watch, watch.poll_flags())).collect();
                    let time = wake.saturating_duration_since(Instant::now()).min(SLICE);
                    // Interrupted or not, the hook and the dial look.
                    let _ = poll(&mut fds, Some(&timespec(time)));
                }
            }
            self.interrupt(&mut wait, "the connection")?;
        };
        transport.set_message_limit(self.options.maximum_packet_size as usize);
        // The hook may have used the client.
        self.forget();
        self.line.open(transport);
        if !self.options.keep_alive.is_zero() && !self.watched.replace(true) {
            runtime::watch(self.line.clone());
        }
        Ok(())
    }

    /// Sends packets in this order and returns when the kernel has all their bytes; how many that were. The version is
    /// [`PacketClient::version`], and from a CONNECT on its own.
    ///
    /// # Errors
    /// [`PacketError::Encode`]: nothing was sent. [`PacketError::Interrupted`]: the rest stays and goes before the next
    /// call's packets. After every other error the connection is over.
    pub fn send(&self, packets: &[Packet], wait: Wait<'_>) -> Result<usize> {
        self.check_fork()?;
        let mut version = self.version();
        let mut out = Vec::with_capacity(128);
        for packet in packets {
            if let Packet::Connect(connect) = packet {
                version = self.options.version.or(Some(connect.version));
            }
            let version = version.unwrap_or(Version::V3_1_1);
            encode::packet(packet, version, MAXIMUM_REMAINING_LENGTH + 5, &mut out)
                .map_err(|source| PacketError::Encode { packet: packet.packet_type(), source })?;
        }
        self.put(&out, wait)
    }

    /// Sends packets that are encoded already. They must be whole: between two calls a PINGREQ may go out.
    ///
    /// # Errors
    /// [`PacketError::InvalidArgument`] where the bytes do not end with a packet's end; else as [`PacketClient::send`].
    pub fn send_bytes(&self, bytes: &[u8], wait: Wait<'_>) -> Result<usize> {
        self.check_fork()?;
        self.put(bytes, wait)
    }

    fn put(&self, bytes: &[u8], mut wait: Wait<'_>) -> Result<usize> {
        let said = Said::of(bytes)?;
        let limit = wait.timeout.unwrap_or(self.options.write_timeout);
        let (mut rest, mut in_session) = (bytes, said.in_session);
        let mut left = Instant::now() + limit;
        let mut sent = self.line.counters().0;
        loop {
            match self.line.write(rest, in_session) {
                Write::Done => break,
                Write::Wait(fd) => line::wait(&fd, PollFlags::OUT, SLICE.min(limit)),
                Write::Failed(source) => return Err(PacketError::Broken { peer: self.peer(), source }),
                Write::None(why) => return Err(PacketError::Closed(why)),
            }
            if said.version.is_some() {
                self.learnt.set(said.version);
            }
            (rest, in_session) = (&[], None);
            self.interrupt(&mut wait, "the socket to take a packet")?;
            // Progress is what counts: a large packet on a slow line is no dead peer.
            let now = self.line.counters().0;
            if now != sent {
                (sent, left) = (now, Instant::now() + limit);
            } else if left <= Instant::now() {
                self.line.give_up("the server took nothing for too long: call connect() for a new connection");
                return Err(PacketError::WriteTimeout { peer: self.peer(), after: limit });
            }
        }
        if said.version.is_some() {
            self.learnt.set(said.version);
        }
        Ok(bytes.len())
    }

    /// Waits for the next whole packet and hands it to `take`, with the version to read it in. `None`: the time is over;
    /// with none at all, nothing whole is there.
    ///
    /// `take` must not call this client.
    ///
    /// # Errors
    /// [`PacketError::Closed`] when the server has closed the connection and every whole packet was taken.
    /// [`PacketError::Protocol`] for what is no packet, or what `take` says is none; the connection is closed then.
    pub fn receive_with<R>(
        &self,
        mut wait: Wait<'_>,
        mut take: impl FnMut(&Frame<'_>, Version) -> std::result::Result<R, Violation>,
    ) -> Result<Option<R>> {
        self.check_fork()?;
        let deadline = wait.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        loop {
            for _ in 0..READS {
                let mut input = self.input.try_borrow_mut().map_err(|_| PacketError::InUse)?;
                let version = self.version().unwrap_or(Version::V3_1_1);
                let taken = match frame::split(input.bytes(), version, self.options.maximum_packet_size) {
                    Ok(Some(frame)) => Some(take(&frame, version).map(|result| (result, frame.bytes.len()))),
                    Ok(None) => None,
                    Err(violation) => Some(Err(violation)),
                };
                match taken {
                    Some(Ok((result, size))) => {
                        input.consumed(size);
                        return Ok(Some(result));
                    }
                    Some(Err(violation)) => {
                        *input = Input::default();
                        self.line.give_up(&format!("the server broke the protocol: {violation}"));
                        return Err(PacketError::Protocol { violation, peer: self.peer() });
                    }
                    None => {}
                }
                let read = self.line.read(&mut input);
                let in_a_packet = !input.is_empty();
                drop(input);
                match read {
                    Read::Bytes => continue,
                    Read::End if in_a_packet => {
                        let text = format!("{} closed the connection in the middle of a packet", self.peer());
                        return Err(PacketError::Closed(text));
                    }
                    Read::End => return Err(PacketError::Closed(format!("{} closed the connection", self.peer()))),
                    Read::Failed(source) => return Err(PacketError::Broken { peer: self.peer(), source }),
                    Read::None(why) => return Err(PacketError::Closed(why)),
                    Read::Wait(fd, flags) => {
                        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
                        if left.is_some_and(|left| left.is_zero()) {
                            return Ok(None);
                        }
                        line::wait(&fd, flags, left.map_or(SLICE, |left| left.min(SLICE)));
                    }
                }
                break;
            }
            self.interrupt(&mut wait, "a packet")?;
        }
    }

    /// The next packet, see [`PacketClient::receive_with`].
    pub fn receive(&self, wait: Wait<'_>) -> Result<Option<Packet>> {
        self.receive_with(wait, |frame, version| {
            decode::packet(bytes::Bytes::copy_from_slice(frame.bytes), frame.parts(), version, None)
        })
    }

    /// The bytes of the next whole packet, of which only the fixed header was looked at.
    pub fn receive_bytes(&self, wait: Wait<'_>) -> Result<Option<Vec<u8>>> {
        self.receive_with(wait, |frame, _| Ok(frame.bytes.to_vec()))
    }

    /// How packets are read and written: the option, or what the CONNECT that was sent said; absent before it, when 3.1.1
    /// is taken.
    pub fn version(&self) -> Option<Version> {
        self.options.version.or(self.learnt.get())
    }

    /// Whether there is a connection, as far as the calls until now have seen.
    pub fn is_connected(&self) -> Result<bool> {
        self.check_fork()?;
        Ok(self.line.is_open())
    }

    /// Ends the connection: what TLS and WebSocket say at the end, and the end of the stream. It sends no DISCONNECT; that is
    /// the program's. Where the program has sent one, the call waits up to 0.1 s for the server to close its side too.
    /// Packets that were not taken are gone.
    pub fn close(&self) -> Result<()> {
        self.check_fork()?;
        self.line.close(true);
        self.unwatch();
        self.forget();
        Ok(())
    }

    /// The socket, to wait on: take packets with no time to wait until there is none, and then wait until it is readable.
    /// It stays the same until [`PacketClient::close`] or the next [`PacketClient::connect`]. Absent without a connection.
    pub fn handle(&self) -> Result<Option<Arc<OwnedFd>>> {
        self.check_fork()?;
        Ok(self.line.handle())
    }

    /// Address and port of this end; absent without a connection.
    pub fn local_address(&self) -> Result<Option<PeerAddress>> {
        self.check_fork()?;
        Ok(self.line.addresses().0)
    }

    /// Address and port of the server; absent without a connection.
    pub fn remote_address(&self) -> Result<Option<PeerAddress>> {
        self.check_fork()?;
        Ok(self.line.addresses().1)
    }

    /// Bytes of packets that were sent and received by this connection or, after its end, by the last one.
    pub fn counters(&self) -> Result<(u64, u64)> {
        self.check_fork()?;
        Ok(self.line.counters())
    }

    /// An error in a child of the process that made it.
    pub fn check_fork(&self) -> Result<()> {
        if self.generation == fork::generation() { Ok(()) } else { Err(PacketError::Forked) }
    }

    fn interrupt(&self, wait: &mut Wait<'_>, what: &'static str) -> Result<()> {
        let flow = wait.hook.as_mut().map_or(ControlFlow::Continue(()), |hook| hook());
        // A handler of signals may have forked.
        self.check_fork()?;
        if flow.is_break() { Err(PacketError::Interrupted(what)) } else { Ok(()) }
    }

    fn peer(&self) -> String {
        self.options.endpoint.authority()
    }

    /// What belongs to one connection.
    fn forget(&self) {
        self.learnt.set(None);
        if let Ok(mut input) = self.input.try_borrow_mut() {
            *input = Input::default();
        }
    }

    fn unwatch(&self) {
        if self.watched.replace(false) {
            runtime::unwatch(&self.line);
        }
    }
}

impl Drop for PacketClient {
    fn drop(&mut self) {
        if self.generation != fork::generation() {
            self.line.abandon();
            return;
        }
        self.line.close(false);
        self.unwatch();
    }
}

impl std::fmt::Debug for PacketClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PacketClient({})", self.options.endpoint)
    }
}

/// What bytes that go out tell about the connection.
struct Said {
    /// Of the last CONNECT.
    version: Option<Version>,
    /// A CONNECT came last, or a DISCONNECT, or neither.
    in_session: Option<bool>,
}

impl Said {
    /// Walks over whole packets.
    fn of(mut bytes: &[u8]) -> Result<Said> {
        let mut said = Said { version: None, in_session: None };
        while let Some(&first) = bytes.first() {
            let size = frame::announced(bytes).map(|size| size as usize).filter(|size| *size <= bytes.len());
            let Some(size) = size else {
                let text = "the bytes do not end where a packet ends: hand over whole packets";
                return Err(PacketError::InvalidArgument(text.into()));
            };
            let (packet, rest) = bytes.split_at(size);
            if first >> 4 == PacketType::Connect as u8 {
                said = Said { version: connect_version(packet), in_session: Some(true) };
            } else if first >> 4 == PacketType::Disconnect as u8 {
                said.in_session = Some(false);
            }
            bytes = rest;
        }
        Ok(said)
    }
}

/// The version in a CONNECT: the byte after the protocol's name (section 3.1.2.2), without the bit of a bridge.
fn connect_version(packet: &[u8]) -> Option<Version> {
    let body = packet.get(1..)?.iter().position(|byte| byte & 0x80 == 0)? + 2;
    let name = usize::from(u16::from_be_bytes([*packet.get(body)?, *packet.get(body + 1)?]));
    Version::from_level(packet.get(body + 2 + name)? & 0x7F)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_out_says_the_version_and_whether_a_session_is_on() {
        let connect = |name: &[u8], level: u8| {
            let mut packet = vec![0x10, (name.len() + 9) as u8, 0, name.len() as u8];
            packet.extend_from_slice(name);
            packet.extend_from_slice(&[level, 2, 0, 60, 0, 1, b'c']);
            packet[1] = (packet.len() - 2) as u8;
            packet
        };
        let said = Said::of(&connect(b"MQTT", 5)).unwrap();
        assert_eq!((said.version, said.in_session), (Some(Version::V5), Some(true)));
        let bridge = Said::of(&connect(b"MQIsdp", 0x83)).unwrap();
        assert_eq!((bridge.version, bridge.in_session), (Some(Version::V3_1), Some(true)));
        let mut both = connect(b"MQTT", 4);
        both.extend_from_slice(&[0xC0, 0, 0xE0, 0]);
        let both = Said::of(&both).unwrap();
        assert_eq!((both.version, both.in_session), (Some(Version::V3_1_1), Some(false)));
        let publish = Said::of(&[0x30, 3, 0, 1, b't']).unwrap();
        assert_eq!((publish.version, publish.in_session), (None, None));
    }

    #[test]
    fn only_whole_packets_may_be_sent() {
        assert!(Said::of(&[]).is_ok());
        for part in [&[0x30][..], &[0x30, 5, 0], &[0xC0, 0, 0xC0], &[0x30, 0xFF, 0xFF, 0xFF, 0xFF, 1]] {
            assert!(matches!(Said::of(part), Err(PacketError::InvalidArgument(_))), "{part:?}");
        }
    }

    #[test]
    fn a_connect_that_is_cut_off_inside_says_no_version() {
        assert_eq!(connect_version(&[0x10, 2, 0, 4]), None);
        assert_eq!(connect_version(&[0x10, 0]), None);
    }
}
