//! The socket of a packet client: what the calls of the program and the background thread share.
//!
//! The lock is held while bytes move and never while anybody waits.

use std::io::{self, ErrorKind};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use mqtt_net::{PeerAddress, Transport};
use rustix::event::{PollFd, PollFlags, poll};

use crate::fork;
use crate::input::Input;
use crate::shared::{lock, timespec};

/// See the module.
pub(crate) struct Line {
    generation: u32,
    keep_alive: Duration,
    io: Mutex<Io>,
}

struct Io {
    transport: Option<Transport>,
    /// Why there is no connection; absent while there is one.
    ended: Option<String>,
    /// What was handed over and the socket has not taken from `sent` on: the rest of a call that was interrupted.
    output: Vec<u8>,
    sent: usize,
    /// CONNECT has gone out, and DISCONNECT has not: PINGREQ has its place.
    in_session: bool,
    /// Something came since the last time that nothing was there.
    heard: bool,
    last_write: Instant,
    bytes_sent: u64,
    bytes_received: u64,
}

/// What reading gave.
pub(super) enum Read {
    Bytes,
    /// Nothing is there now: wait for the descriptor.
    Wait(Arc<OwnedFd>, PollFlags),
    End,
    Failed(io::Error),
    /// There is no connection, and why.
    None(String),
}

/// What writing came to.
pub(super) enum Write {
    Done,
    Wait(Arc<OwnedFd>),
    Failed(io::Error),
    None(String),
}

const PINGREQ: [u8; 2] = [0xC0, 0];
/// How soon the background thread looks again after output that the socket did not take.
const RETRY: Duration = Duration::from_millis(200);
/// How long the end of a connection waits for the server's end.
const DRAIN: Duration = Duration::from_millis(100);

impl Line {
    pub(super) fn new(keep_alive: Duration) -> Arc<Line> {
        let io = Io {
            transport: None,
            ended: Some("there is no connection yet: call connect() first".into()),
            output: Vec::new(),
            sent: 0,
            in_session: false,
            heard: false,
            last_write: Instant::now(),
            bytes_sent: 0,
            bytes_received: 0,
        };
        Arc::new(Line { generation: fork::generation(), keep_alive, io: Mutex::new(io) })
    }

    /// Takes a new connection; the counters begin again.
    pub(super) fn open(&self, transport: Transport) {
        let mut io = lock(&self.io);
        io.transport = Some(transport);
        io.ended = None;
        io.output = Vec::new();
        (io.sent, io.in_session, io.last_write) = (0, false, Instant::now());
        (io.bytes_sent, io.bytes_received) = (0, 0);
    }

    pub(super) fn is_open(&self) -> bool {
        lock(&self.io).ended.is_none()
    }

    /// The descriptor, also after the server has ended the connection, until it is closed here.
    pub(super) fn handle(&self) -> Option<Arc<OwnedFd>> {
        lock(&self.io).transport.as_ref().map(Transport::handle)
    }

    /// The addresses of this end and the other.
    pub(super) fn addresses(&self) -> (Option<PeerAddress>, Option<PeerAddress>) {
        let io = lock(&self.io);
        let Some(transport) = &io.transport else { return (None, None) };
        (transport.socket().local_address().ok(), transport.socket().peer_address().ok())
    }

    /// Bytes of packets, sent and received.
    pub(super) fn counters(&self) -> (u64, u64) {
        let io = lock(&self.io);
        (io.bytes_sent, io.bytes_received)
    }

    /// Reads what is there, once.
    pub(super) fn read(&self, input: &mut Input) -> Read {
        let mut io = lock(&self.io);
        let ended = io.ended.clone();
        let Some(transport) = io.transport.as_mut().filter(|_| ended.is_none()) else {
            return Read::None(ended.unwrap_or_default());
        };
        match transport.read(input.room()) {
            Ok(0) => {
                io.end("the server has closed the connection: call connect() for a new one");
                Read::End
            }
            Ok(count) => {
                input.filled(count);
                io.bytes_received += count as u64;
                io.heard = true;
                Read::Bytes
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                let mut flags = PollFlags::IN;
                flags.set(PollFlags::OUT, transport.wants_write());
                let handle = transport.handle();
                if std::mem::take(&mut io.heard) {
                    // A server without TCP_NODELAY holds its next packet until the last one is acknowledged, which our
                    // kernel puts off for 40 ms when nothing goes out.
                    io.hurry();
                }
                Read::Wait(handle, flags)
            }
            Err(error) => {
                io.end(&format!("the connection broke: {error}; call connect() for a new one"));
                Read::Failed(error)
            }
        }
    }

    /// Takes whole packets and writes as much as the socket takes. Call with nothing until it is done.
    pub(super) fn write(&self, bytes: &[u8], in_session: Option<bool>) -> Write {
        let mut io = lock(&self.io);
        if let Some(ended) = &io.ended {
            return Write::None(ended.clone());
        }
        io.in_session = in_session.unwrap_or(io.in_session);
        match io.put(bytes) {
            Ok(true) => Write::Done,
            Ok(false) => io.transport.as_ref().map_or(Write::Done, |transport| Write::Wait(transport.handle())),
            Err(error) => {
                io.end(&format!("the connection broke: {error}; call connect() for a new one"));
                Write::Failed(error)
            }
        }
    }

    /// Ends the connection because of what the other end did or did not do. The descriptor stays until [`Line::close`].
    pub(super) fn give_up(&self, why: &str) {
        let mut io = lock(&self.io);
        if let Some(transport) = &mut io.transport {
            transport.close();
        }
        io.end(why);
    }

    /// Ends the connection in order and closes the descriptor. With `drain` it waits a moment for the server to end its side:
    /// closing a socket with unread bytes resets the connection, and the server might never see the DISCONNECT.
    pub(super) fn close(&self, drain: bool) {
        let (transport, has_said_goodbye) = {
            let mut io = lock(&self.io);
            let said = io.ended.is_none() && !io.in_session && io.bytes_sent > 0;
            io.end("the connection was closed by close(): call connect() for a new one");
            io.output = Vec::new();
            io.sent = 0;
            (io.transport.take(), said)
        };
        let Some(mut transport) = transport else { return };
        if !drain || !has_said_goodbye {
            transport.close();
            return;
        }
        transport.close_write();
        let until = Instant::now() + DRAIN;
        let mut scratch = [0; 4096];
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            match transport.socket().read(&mut scratch) {
                Ok(count) if count > 0 => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    let _ = poll(&mut [PollFd::new(transport.socket(), PollFlags::IN)], Some(&timespec(left)));
                }
                _ => break,
            }
        }
    }

    /// In a forked child: closes the descriptor without a word. If the parent's thread was at work during the fork, its lock
    /// stays locked for ever in this memory, and the descriptor open.
    pub(super) fn abandon(&self) {
        if let Ok(mut io) = self.io.try_lock() {
            io.transport = None;
        }
    }

    /// The background thread's turn: pings when it is time. Returns when to come back.
    pub(crate) fn tick(&self, now: Instant) -> Option<Instant> {
        if self.generation != fork::generation() {
            return None;
        }
        let mut io = lock(&self.io);
        if io.ended.is_some() || !io.in_session {
            // A call that sends CONNECT does not wake the thread: it looks in once a period.
            return Some(now + self.keep_alive);
        }
        let due = io.last_write + self.keep_alive;
        if now < due {
            return Some(due);
        }
        let ping: &[u8] = if io.output.is_empty() { &PINGREQ } else { &[] };
        match io.put(ping) {
            Ok(true) => Some(now + self.keep_alive),
            Ok(false) => Some(now + RETRY.min(self.keep_alive)),
            // The next call of the program finds the same, and says so.
            Err(_) => {
                io.in_session = false;
                Some(now + self.keep_alive)
            }
        }
    }
}

impl Io {
    fn hurry(&self) {
        if let Some(transport) = &self.transport {
            transport.socket().hurry();
        }
    }

    fn end(&mut self, why: &str) {
        self.ended.get_or_insert_with(|| why.to_owned());
        self.in_session = false;
    }

    /// Writes what waits and then this. True: the kernel has everything.
    fn put(&mut self, bytes: &[u8]) -> io::Result<bool> {
        let Some(transport) = &mut self.transport else { return Err(ErrorKind::NotConnected.into()) };
        let mut rest = bytes;
        if !self.output.is_empty() {
            self.output.extend_from_slice(bytes);
            rest = &[];
        }
        loop {
            let chunk = if rest.is_empty() { &self.output[self.sent..] } else { rest };
            if chunk.is_empty() {
                break;
            }
            match transport.write(chunk) {
                Ok(count) => {
                    self.bytes_sent += count as u64;
                    self.last_write = Instant::now();
                    if rest.is_empty() { self.sent += count } else { rest = &rest[count..] }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.output.extend_from_slice(rest);
                    self.output.drain(..self.sent);
                    self.sent = 0;
                    return Ok(false);
                }
                Err(error) => return Err(error),
            }
        }
        self.output.clear();
        self.output.shrink_to(4096);
        self.sent = 0;
        if transport.wants_write() { transport.flush() } else { Ok(true) }
    }
}

/// Waits for a descriptor, at most so long. The caller looks at everything anyway.
pub(super) fn wait(fd: &OwnedFd, flags: PollFlags, time: Duration) {
    let _ = poll(&mut [PollFd::from_borrowed_fd(fd.as_fd(), flags)], Some(&timespec(time)));
}
