//! One connection: a socket, its layers, and the raw bytes that wait to go out.

use std::cell::RefCell;
use std::fmt;
use std::io::{self, ErrorKind, IoSlice, Read};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::sync::Arc;

use crate::layer::{Layer, Stage};
use crate::socket::{PeerAddress, Socket};
use crate::tls::TlsInfo;

/// What [`Transport::progress`] waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Call again when the socket is readable.
    NeedRead,
    /// Call again when the socket is writable.
    NeedWrite,
    /// The handshakes are done: read and write.
    Ready,
}

/// A socket with its byte layers, the same for client and broker. Never blocks.
///
/// Drive [`progress`](Transport::progress) until it is [`Ready`](Progress::Ready) (a plain transport is at once), then read
/// and write plaintext. Read at once when it is ready: data may have come with the end of the handshake. Always read until
/// `WouldBlock`, or as long as [`has_buffered_input`](Transport::has_buffered_input) says so: layers may hold plaintext that
/// the socket's readiness says nothing about. Wait for writability as long as [`wants_write`](Transport::wants_write) says
/// so, and then call [`flush`](Transport::flush).
///
/// A plain transport keeps nothing: every call is one system call.
/// Errors other than `WouldBlock` are final: drop the transport.
pub struct Transport {
    socket: Socket,
    // Boxed away, so that a plain connection is its socket and nothing else.
    layered: Option<Box<Layered>>,
}

/// What lies between plaintext and socket when there are layers.
struct Layered {
    layer: Layer,
    pending: Pending,
    ahead: Ahead,
}

/// A transport taken apart, to be put together again elsewhere.
#[derive(Debug)]
pub struct Parts {
    /// The socket.
    pub socket: Socket,
    /// The layers on it.
    pub layer: Layer,
    /// Raw bytes that have to be sent before anything else.
    pub unsent: Vec<u8>,
    /// Raw bytes that were received and that the layer has not seen yet.
    pub unread: Vec<u8>,
}

/// Above this many raw bytes waiting, `write` refuses more plaintext.
const PENDING_LIMIT: usize = 64 * 1024;
/// The most plaintext taken by one `write`: with `PENDING_LIMIT` it bounds the memory of one transport.
const BATCH_LIMIT: usize = 256 * 1024;
/// A pending buffer that has grown over this is given back when it is empty.
const PENDING_KEEP: usize = 4 * 1024;
/// No bound on WebSocket messages is set below this.
const MESSAGE_LIMIT: usize = 1 << 20;
/// Raw bytes read by one system call. TLS and WebSocket alone would read 4 KiB at a time.
const READ_AHEAD: usize = 32 * 1024;

impl Transport {
    /// Joins a connected socket and a layer whose handshake has not begun.
    pub fn new(socket: Socket, layer: Layer) -> Transport {
        Transport::from_parts(Parts { socket, layer, unsent: Vec::new(), unread: Vec::new() })
    }

    /// A transport without layers.
    pub fn plain(socket: Socket) -> Transport {
        Transport { socket, layered: None }
    }

    /// Puts together what [`into_parts`](Transport::into_parts) took apart.
    pub fn from_parts(parts: Parts) -> Transport {
        let Parts { socket, layer, unsent, unread } = parts;
        let layered = match layer {
            Layer::Plain => None,
            layer => Some(Box::new(Layered {
                layer,
                pending: Pending { bytes: unsent, sent: 0 },
                ahead: Ahead { bytes: unread, taken: 0 },
            })),
        };
        Transport { socket, layered }
    }

    /// Takes the transport apart.
    pub fn into_parts(self) -> Parts {
        let Transport { socket, layered } = self;
        match layered {
            None => Parts { socket, layer: Layer::Plain, unsent: Vec::new(), unread: Vec::new() },
            Some(layered) => {
                let Layered { layer, mut pending, mut ahead } = *layered;
                pending.bytes.drain(..pending.sent);
                ahead.bytes.drain(..ahead.taken);
                Parts { socket, layer, unsent: pending.bytes, unread: ahead.bytes }
            }
        }
    }

    /// Drives the handshakes of the layers as far as the socket allows.
    ///
    /// # Errors
    /// The peer is not who it should be, does not speak the layer's protocol, or went away. What there is to tell the
    /// peer (a TLS alert, an HTTP status) has been sent if the socket took it.
    pub fn progress(&mut self) -> io::Result<Progress> {
        match &mut self.layered {
            None => Ok(Progress::Ready),
            Some(layered) => layered.progress(&self.socket),
        }
    }

    /// Reads plaintext. 0 is the orderly end (and the answer to an empty `buf`), `WouldBlock` means that nothing is there.
    ///
    /// # Errors
    /// Anything but `WouldBlock` ends the connection: the socket's own errors, and `InvalidData` for a peer that breaks TLS or
    /// WebSocket.
    #[inline]
    pub fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match &mut self.layered {
            None => self.socket.read(buf),
            Some(layered) => layered.read(&self.socket, buf),
        }
    }

    /// Takes plaintext, at least one byte and perhaps not all, and puts it on the socket as far as that takes it.
    ///
    /// On WebSocket what one call takes becomes one binary frame, so hand over whole batches.
    ///
    /// # Errors
    /// `WouldBlock` when the socket (or, with layers, the bounded raw buffer before it) is full: wait for writability.
    /// `NotConnected` while a handshake is not done.
    #[inline]
    pub fn write(&mut self, plaintext: &[u8]) -> io::Result<usize> {
        match &mut self.layered {
            None => self.socket.write(plaintext),
            Some(layered) => layered.write(&self.socket, plaintext),
        }
    }

    /// [`write`](Transport::write) for several slices: one system call on a plain transport, one frame on WebSocket.
    #[inline]
    pub fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        match &mut self.layered {
            None => self.socket.write_vectored(slices),
            Some(layered) => layered.write(&self.socket, &joined(slices)),
        }
    }

    /// Sends raw bytes that wait; `true` when none are left. A plain transport has none.
    pub fn flush(&mut self) -> io::Result<bool> {
        match &mut self.layered {
            None => Ok(true),
            Some(layered) => layered.pending.flush(&self.socket),
        }
    }

    /// Whether raw bytes wait for the socket to become writable. Plaintext that `write` has refused is not counted.
    #[inline]
    pub fn wants_write(&self) -> bool {
        self.layered.as_ref().is_some_and(|layered| !layered.pending.is_empty())
    }

    /// Whether `read` may return data although the socket has none: call `read` before waiting for readability.
    #[inline]
    pub fn has_buffered_input(&self) -> bool {
        self.layered.as_ref().is_some_and(|layered| !layered.ahead.is_empty() || layered.layer.has_buffered_input())
    }

    /// Whether all handshakes are done.
    #[inline]
    pub fn is_ready(&self) -> bool {
        self.layered.as_ref().is_none_or(|layered| layered.layer.is_ready())
    }

    /// Ends the connection in order: WebSocket close, TLS close_notify, what the socket takes of the raw bytes that wait, then
    /// the end of the stream. Never blocks; bytes that the socket does not take are lost. Idempotent.
    pub fn close(&mut self) {
        self.say_goodbye();
        self.socket.shutdown();
    }

    /// Like [`close`](Transport::close), but the reading side goes on: for an owner that wants to see the peer's end of the
    /// stream before it drops the transport.
    pub fn close_write(&mut self) {
        self.say_goodbye();
        self.socket.shutdown_write();
    }

    /// The socket: for waiting, addresses, and [`Socket::hurry`].
    pub fn socket(&self) -> &Socket {
        &self.socket
    }

    /// A shared handle of the descriptor, to wait on without holding the transport.
    pub fn handle(&self) -> Arc<OwnedFd> {
        self.socket.handle()
    }

    /// The address at the other end.
    pub fn peer_address(&self) -> io::Result<PeerAddress> {
        self.socket.peer_address()
    }

    /// What TLS agreed on, once the handshake is done; `None` without TLS.
    pub fn tls_info(&self) -> Option<TlsInfo> {
        self.layered.as_ref()?.layer.tls_info()
    }

    /// Lets a WebSocket peer send messages (and frames) up to `bytes` long, and up to 1 MiB in any case: a message may hold many
    /// packets, so the longest packet is no bound for it. Without WebSocket it does nothing: TLS bounds its records itself.
    pub fn set_message_limit(&mut self, bytes: usize) {
        if let Some(layered) = &mut self.layered {
            layered.layer.set_message_limit(bytes.max(MESSAGE_LIMIT));
        }
    }

    /// Which handshake is under way, for errors.
    pub(crate) fn stage(&self) -> Stage {
        self.layered.as_ref().map_or(Stage::WebSocket, |layered| layered.layer.stage())
    }

    fn say_goodbye(&mut self) {
        if let Some(layered) = &mut self.layered {
            layered.layer.close(&mut layered.pending.bytes);
            // Nobody is left to tell about an error.
            let _ = layered.pending.flush(&self.socket);
        }
    }
}

impl Layered {
    fn progress(&mut self, socket: &Socket) -> io::Result<Progress> {
        if !self.layer.is_ready() {
            match self.layer.handshake(&mut self.ahead.reader(socket), &mut self.pending.bytes) {
                Err(error) if error.kind() != ErrorKind::WouldBlock => return Err(self.last_words(socket, error)),
                _ => {}
            }
        }
        Ok(match (self.pending.flush(socket)?, self.layer.is_ready()) {
            (false, _) => Progress::NeedWrite,
            (true, false) => Progress::NeedRead,
            (true, true) => Progress::Ready,
        })
    }

    fn read(&mut self, socket: &Socket, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        let result = self.layer.read(&mut self.ahead.reader(socket), &mut self.pending.bytes, buf);
        match result {
            Err(error) if error.kind() != ErrorKind::WouldBlock => return Err(self.last_words(socket, error)),
            _ if self.pending.is_empty() => return result,
            _ => {}
        }
        // Reading writes too: pongs, close replies, key updates.
        match self.pending.flush(socket) {
            Ok(_) => self.bound_answers()?,
            // A peer that has closed may still have left data: that comes first, and the error with the next call.
            Err(_) if result.is_ok() => {}
            Err(error) => return Err(error),
        }
        result
    }

    /// A peer that makes us answer but does not read the answers must not make us keep them.
    fn bound_answers(&self) -> io::Result<()> {
        if self.pending.len() <= 4 * PENDING_LIMIT + BATCH_LIMIT {
            return Ok(());
        }
        Err(io::Error::other("the peer keeps asking for answers (pings, key updates) but does not read them"))
    }

    fn write(&mut self, socket: &Socket, plaintext: &[u8]) -> io::Result<usize> {
        if self.pending.len() >= PENDING_LIMIT {
            self.pending.flush(socket)?;
            if self.pending.len() >= PENDING_LIMIT {
                return Err(ErrorKind::WouldBlock.into());
            }
        }
        let batch = &plaintext[..plaintext.len().min(BATCH_LIMIT)];
        let taken = self.layer.write(batch, &mut self.pending.bytes)?;
        self.pending.flush(socket)?;
        Ok(taken)
    }

    /// Sends what explains `error` to the peer, then ends the writing side.
    fn last_words(&mut self, socket: &Socket, error: io::Error) -> io::Error {
        let _ = self.pending.flush(socket);
        socket.shutdown_write();
        error
    }
}

/// Up to `BATCH_LIMIT` bytes of the slices as one.
fn joined(slices: &[IoSlice<'_>]) -> Vec<u8> {
    let mut batch = Vec::with_capacity(slices.iter().map(|slice| slice.len()).sum::<usize>().min(BATCH_LIMIT));
    for slice in slices {
        let room = BATCH_LIMIT - batch.len();
        batch.extend_from_slice(&slice[..slice.len().min(room)]);
    }
    batch
}

/// Encrypted or framed bytes that the socket did not take yet.
struct Pending {
    bytes: Vec<u8>,
    sent: usize,
}

impl Pending {
    fn len(&self) -> usize {
        self.bytes.len() - self.sent
    }

    fn is_empty(&self) -> bool {
        self.bytes.len() == self.sent
    }

    fn flush(&mut self, socket: &Socket) -> io::Result<bool> {
        while !self.is_empty() {
            match socket.write(&self.bytes[self.sent..]) {
                Ok(written) => self.sent += written,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    // Moves the rest to the front when that is cheaper than what has been sent.
                    if self.sent >= self.len() {
                        self.bytes.drain(..self.sent);
                        self.sent = 0;
                    }
                    return Ok(false);
                }
                Err(error) => return Err(error),
            }
        }
        self.sent = 0;
        self.bytes.clear();
        self.bytes.shrink_to(PENDING_KEEP);
        Ok(true)
    }
}

/// Raw bytes that were read in one go and that the layer takes bit by bit. Empty, and without memory, whenever the socket is drained.
struct Ahead {
    bytes: Vec<u8>,
    taken: usize,
}

/// The socket with what was read ahead before it.
struct AheadReader<'a> {
    ahead: &'a mut Ahead,
    socket: &'a Socket,
}

impl Ahead {
    fn reader<'a>(&'a mut self, socket: &'a Socket) -> AheadReader<'a> {
        AheadReader { ahead: self, socket }
    }

    fn is_empty(&self) -> bool {
        self.bytes.len() == self.taken
    }
}

thread_local! {
    /// Where raw bytes are read into: one for all connections of a thread, so that idle ones own none.
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_AHEAD]);
}

impl Read for AheadReader<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let ahead = &mut *self.ahead;
        if ahead.is_empty() {
            return SCRATCH.with_borrow_mut(|scratch| {
                let length = self.socket.read(scratch)?;
                let direct = length.min(buf.len());
                buf[..direct].copy_from_slice(&scratch[..direct]);
                ahead.bytes.extend_from_slice(&scratch[direct..length]);
                Ok(direct)
            });
        }
        let length = (ahead.bytes.len() - ahead.taken).min(buf.len());
        buf[..length].copy_from_slice(&ahead.bytes[ahead.taken..ahead.taken + length]);
        ahead.taken += length;
        if ahead.is_empty() {
            *ahead = Ahead { bytes: Vec::new(), taken: 0 };
        }
        Ok(length)
    }
}

impl AsFd for Transport {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

impl AsRawFd for Transport {
    fn as_raw_fd(&self) -> RawFd {
        self.socket.as_raw_fd()
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.layered {
            None => write!(f, "Transport({:?})", self.socket),
            Some(layered) => {
                write!(f, "Transport({:?}, {:?}, {} raw bytes wait)", self.socket, layered.layer, layered.pending.len())
            }
        }
    }
}
