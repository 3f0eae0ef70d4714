//! The byte layers on a socket, without I/O of their own.
//!
//! A layer reads raw bytes from any `Read` that answers `WouldBlock`, and appends the raw bytes it wants sent to a
//! `Vec<u8>`; its owner moves those to the socket. So the same code runs on a socket and in memory.

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};

use crate::tls::{TlsInfo, TlsLayer};
use crate::websocket::WebSocketLayer;

/// What lies between plaintext and socket.
#[derive(Default)]
pub enum Layer {
    /// Nothing: bytes pass as they are.
    #[default]
    Plain,
    /// TLS.
    Tls(Box<TlsLayer>),
    /// WebSocket on the bare socket.
    WebSocket(Box<WebSocketLayer>),
    /// WebSocket on TLS.
    WebSocketTls(Box<TlsLayer>, Box<WebSocketLayer>),
}

impl Layer {
    /// The layer made of these parts.
    pub fn stack(tls: Option<TlsLayer>, websocket: Option<WebSocketLayer>) -> Layer {
        match (tls.map(Box::new), websocket.map(Box::new)) {
            (None, None) => Layer::Plain,
            (Some(tls), None) => Layer::Tls(tls),
            (None, Some(websocket)) => Layer::WebSocket(websocket),
            (Some(tls), Some(websocket)) => Layer::WebSocketTls(tls, websocket),
        }
    }

    /// Whether the handshakes are done.
    pub fn is_ready(&self) -> bool {
        match self {
            Layer::Plain => true,
            Layer::Tls(tls) => tls.is_ready(),
            Layer::WebSocket(websocket) | Layer::WebSocketTls(_, websocket) => websocket.is_ready(),
        }
    }

    /// Drives the handshakes: reads from `raw`, appends to `out`. `Ok` when they are done.
    ///
    /// # Errors
    /// `WouldBlock` when more raw input is needed. Any other error is final; `out` may then hold a last message to the peer.
    pub fn handshake(&mut self, raw: &mut dyn Read, out: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Layer::Plain => Ok(()),
            Layer::Tls(tls) => tls.handshake(raw, out),
            Layer::WebSocket(websocket) => websocket.handshake(&mut Wire { raw, out }),
            Layer::WebSocketTls(tls, websocket) => {
                tls.handshake(raw, out)?;
                websocket.handshake(&mut TlsWire { tls, raw, out })
            }
        }
    }

    /// Reads plaintext into `buf`, pulling raw bytes as needed; answers to the peer go to `out`. 0 is the orderly end.
    ///
    /// # Errors
    /// `WouldBlock` when `raw` has no more; `NotConnected` before the handshakes are done; any other error is final.
    pub fn read(&mut self, raw: &mut dyn Read, out: &mut Vec<u8>, buf: &mut [u8]) -> io::Result<usize> {
        if !self.is_ready() {
            return Err(not_ready());
        }
        match self {
            Layer::Plain => raw.read(buf),
            Layer::Tls(tls) => tls.read(raw, out, buf),
            Layer::WebSocket(websocket) => websocket.read(&mut Wire { raw, out }, buf),
            Layer::WebSocketTls(tls, websocket) => websocket.read(&mut TlsWire { tls, raw, out }, buf),
        }
    }

    /// Turns `plaintext` into raw bytes at the end of `out`. Takes all of it; a WebSocket layer makes one binary frame.
    ///
    /// # Errors
    /// `NotConnected` before the handshakes are done, `BrokenPipe` after [`Layer::close`].
    pub fn write(&mut self, plaintext: &[u8], out: &mut Vec<u8>) -> io::Result<usize> {
        if !self.is_ready() {
            return Err(not_ready());
        }
        if plaintext.is_empty() {
            return Ok(0);
        }
        let raw = &mut io::empty();
        match self {
            Layer::Plain => {
                out.extend_from_slice(plaintext);
                Ok(plaintext.len())
            }
            Layer::Tls(tls) => tls.write(plaintext, out),
            Layer::WebSocket(websocket) => websocket.write(&mut Wire { raw, out }, plaintext),
            Layer::WebSocketTls(tls, websocket) => websocket.write(&mut TlsWire { tls, raw, out }, plaintext),
        }
    }

    /// Says goodbye: WebSocket close, TLS close_notify. Idempotent.
    pub fn close(&mut self, out: &mut Vec<u8>) {
        let raw = &mut io::empty();
        match self {
            Layer::Plain => {}
            Layer::Tls(tls) => tls.close(out),
            Layer::WebSocket(websocket) => websocket.close(&mut Wire { raw, out }),
            Layer::WebSocketTls(tls, websocket) => {
                websocket.close(&mut TlsWire { tls, raw, out });
                tls.close(out);
            }
        }
    }

    /// Whether [`Layer::read`] may return data without raw input.
    pub fn has_buffered_input(&self) -> bool {
        match self {
            Layer::Plain => false,
            Layer::Tls(tls) => tls.has_buffered_input(),
            Layer::WebSocket(websocket) => websocket.has_buffered_input(),
            Layer::WebSocketTls(tls, websocket) => websocket.has_buffered_input() || tls.has_buffered_input(),
        }
    }

    /// What TLS agreed on, once its handshake is done.
    pub fn tls_info(&self) -> Option<TlsInfo> {
        match self {
            Layer::Tls(tls) | Layer::WebSocketTls(tls, _) => tls.info(),
            Layer::Plain | Layer::WebSocket(_) => None,
        }
    }

    /// Bounds the length of one WebSocket message from the peer.
    pub fn set_message_limit(&mut self, bytes: usize) {
        if let Layer::WebSocket(websocket) | Layer::WebSocketTls(_, websocket) = self {
            websocket.set_message_limit(bytes);
        }
    }

    /// Which handshake is under way.
    pub(crate) fn stage(&self) -> Stage {
        match self {
            Layer::Tls(_) => Stage::Tls,
            Layer::WebSocketTls(tls, _) if !tls.is_ready() => Stage::Tls,
            _ => Stage::WebSocket,
        }
    }
}

/// The handshake a layer is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stage {
    Tls,
    WebSocket,
}

impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Layer::Plain => "Plain",
            Layer::Tls(_) => "Tls",
            Layer::WebSocket(_) => "WebSocket",
            Layer::WebSocketTls(..) => "WebSocketTls",
        })?;
        f.write_str(if self.is_ready() { "" } else { " (handshake)" })
    }
}

/// What WebSocket lies on when there is no TLS.
struct Wire<'a> {
    raw: &'a mut dyn Read,
    out: &'a mut Vec<u8>,
}

impl Read for Wire<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.raw.read(buf)
    }
}

impl Write for Wire<'_> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.out.extend_from_slice(buf);
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What WebSocket lies on when there is TLS.
struct TlsWire<'a> {
    tls: &'a mut TlsLayer,
    raw: &'a mut dyn Read,
    out: &'a mut Vec<u8>,
}

impl Read for TlsWire<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.tls.read(self.raw, self.out, buf)
    }
}

impl Write for TlsWire<'_> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.tls.write(buf, self.out)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn not_ready() -> io::Error {
    io::Error::new(ErrorKind::NotConnected, "the handshake is not done: call progress until it is Ready")
}
