//! One connection: a socket, its layers, and the raw bytes that wait to go out.

use std::fmt;
use std::io::{self, ErrorKind, IoSlice};
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
/// and write plaintext. After readiness, read until `WouldBlock`: TLS and WebSocket may hold plaintext that the
/// socket's readiness says nothing about ([`has_buffered_input`](Transport::has_buffered_input)). Wait for writability as
/// long as [`wants_write`](Transport::wants_write) says so, and then call [`flush`](Transport::flush).
///
/// A plain transport keeps nothing: every call is one system call.
/// Errors other than `WouldBlock` are final: drop the transport.
pub struct Transport {
    socket: Socket,
    layer: Layer,
    pending: Pending,
}

/// Encrypted or framed bytes that the socket did not take yet.
#[derive(Default)]
struct Pending {
    bytes: Vec<u8>,
    sent: usize,
}

/// Above this many raw bytes waiting, `write` refuses more plaintext.
const PENDING_LIMIT: usize = 64 * 1024;
/// The most plaintext taken by one `write`: with `PENDING_LIMIT` it bounds the memory of one transport.
const BATCH_LIMIT: usize = 256 * 1024;
/// A pending buffer that has grown over this is given back when it is empty.
const PENDING_KEEP: usize = 4 * 1024;

impl Transport {
    /// Joins a connected socket and a layer whose handshake has not begun.
    pub fn new(socket: Socket, layer: Layer) -> Transport {
        Transport { socket, layer, pending: Pending::default() }
    }

    /// A transport without layers.
    pub fn plain(socket: Socket) -> Transport {
        Transport::new(socket, Layer::Plain)
    }

    /// Drives the handshakes of the layers as far as the socket allows.
    ///
    /// # Errors
    /// The peer is not who it should be, does not speak the layer's protocol, or went away. What there is to tell the
    /// peer (a TLS alert, an HTTP status) has been sent if the socket took it.
    pub fn progress(&mut self) -> io::Result<Progress> {
        if let Layer::Plain = self.layer {
            return Ok(Progress::Ready);
        }
        if !self.layer.is_ready() {
            match self.layer.handshake(&mut &self.socket, &mut self.pending.bytes) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(self.last_words(error)),
            }
        }
        Ok(match (self.flush()?, self.layer.is_ready()) {
            (false, _) => Progress::NeedWrite,
            (true, false) => Progress::NeedRead,
            (true, true) => Progress::Ready,
        })
    }

    /// Reads plaintext. 0 is the orderly end (and the answer to an empty `buf`), `WouldBlock` means that nothing is there.
    ///
    /// # Errors
    /// Anything but `WouldBlock` ends the connection: the socket's own errors, and `InvalidData` for a peer that breaks TLS or
    /// WebSocket.
    #[inline]
    pub fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self.layer {
            Layer::Plain => self.socket.read(buf),
            _ => self.read_layered(buf),
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
        match self.layer {
            Layer::Plain => self.socket.write(plaintext),
            _ => self.write_layered(plaintext),
        }
    }

    /// [`write`](Transport::write) for several slices: one system call on a plain transport.
    #[inline]
    pub fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        match self.layer {
            Layer::Plain => self.socket.write_vectored(slices),
            _ => self.write_slices_layered(slices),
        }
    }

    /// Sends raw bytes that wait; `true` when none are left. A plain transport has none.
    pub fn flush(&mut self) -> io::Result<bool> {
        self.pending.flush(&self.socket)
    }

    /// Whether raw bytes wait for the socket to become writable. Plaintext that `write` has refused is not counted.
    #[inline]
    pub fn wants_write(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Whether `read` may return data although the socket has none: call `read` before waiting for readability.
    #[inline]
    pub fn has_buffered_input(&self) -> bool {
        match &self.layer {
            Layer::Plain => false,
            layer => layer.has_buffered_input(),
        }
    }

    /// Whether all handshakes are done.
    #[inline]
    pub fn is_ready(&self) -> bool {
        self.layer.is_ready()
    }

    /// Ends the connection in order: WebSocket close, TLS close_notify, what the socket takes of the raw bytes that wait, then
    /// the end of the stream. Never blocks; bytes that the socket does not take are lost. Idempotent.
    pub fn close(&mut self) {
        self.layer.close(&mut self.pending.bytes);
        // Nobody is left to tell about an error.
        let _ = self.flush();
        self.socket.shutdown();
    }

    /// Like [`close`](Transport::close), but for the reading side, which goes on: for an owner that wants to see the
    /// peer's end of the stream before it drops the transport.
    pub fn close_write(&mut self) {
        self.layer.close(&mut self.pending.bytes);
        let _ = self.flush();
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
        self.layer.tls_info()
    }

    /// Lets a WebSocket peer send messages up to `bytes` long (a single frame included). Without WebSocket it does nothing:
    /// TLS bounds its records itself.
    pub fn set_message_limit(&mut self, bytes: usize) {
        self.layer.set_message_limit(bytes);
    }

    /// Takes the transport apart: the socket, its layer, and raw bytes that still have to be sent before anything else.
    pub fn into_parts(self) -> (Socket, Layer, Vec<u8>) {
        let mut raw = self.pending.bytes;
        raw.drain(..self.pending.sent);
        (self.socket, self.layer, raw)
    }

    /// Which handshake is under way, for errors.
    pub(crate) fn stage(&self) -> Stage {
        self.layer.stage()
    }

    fn read_layered(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        match self.layer.read(&mut &self.socket, &mut self.pending.bytes, buf) {
            // Reading writes too: pongs, close replies, key updates.
            Err(error) if error.kind() != ErrorKind::WouldBlock => Err(self.last_words(error)),
            result => {
                if !self.pending.is_empty() {
                    self.flush()?;
                    self.bound_answers()?;
                }
                result
            }
        }
    }

    /// A peer that makes us answer but does not read the answers must not make us keep them.
    fn bound_answers(&self) -> io::Result<()> {
        if self.pending.len() <= 4 * PENDING_LIMIT + BATCH_LIMIT {
            return Ok(());
        }
        Err(io::Error::other("the peer keeps asking for answers (pings, key updates) but does not read them"))
    }

    fn write_layered(&mut self, plaintext: &[u8]) -> io::Result<usize> {
        self.make_room()?;
        let batch = &plaintext[..plaintext.len().min(BATCH_LIMIT)];
        let taken = self.layer.write(batch, &mut self.pending.bytes)?;
        self.flush()?;
        Ok(taken)
    }

    fn write_slices_layered(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.make_room()?;
        let mut batch = Vec::with_capacity(slices.iter().map(|slice| slice.len()).sum::<usize>().min(BATCH_LIMIT));
        for slice in slices {
            let room = BATCH_LIMIT - batch.len();
            batch.extend_from_slice(&slice[..slice.len().min(room)]);
        }
        let taken = self.layer.write(&batch, &mut self.pending.bytes)?;
        self.flush()?;
        Ok(taken)
    }

    fn make_room(&mut self) -> io::Result<()> {
        if self.pending.len() >= PENDING_LIMIT {
            self.flush()?;
            if self.pending.len() >= PENDING_LIMIT {
                return Err(ErrorKind::WouldBlock.into());
            }
        }
        Ok(())
    }

    /// Sends what explains `error` to the peer, then ends the writing side.
    fn last_words(&mut self, error: io::Error) -> io::Error {
        let _ = self.flush();
        self.socket.shutdown_write();
        error
    }
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
        f.debug_struct("Transport")
            .field("socket", &self.socket)
            .field("layer", &self.layer)
            .field("pending", &self.pending.len())
            .finish()
    }
}
