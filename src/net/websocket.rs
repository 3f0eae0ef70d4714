//! WebSocket as a byte layer: every message is a piece of one byte stream, whatever its bounds (MQTT 5, section 6).
//!
//! Frames are tungstenite's; the HTTP upgrade is done here, so that its head is bounded and every refusal is readable.

mod upgrade;

use std::io::{self, ErrorKind, Read, Write};

use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::protocol::{CloseFrame, Message, Role, WebSocketConfig, WebSocketContext};
use tungstenite::{Bytes, Error};

use crate::endpoint::Endpoint;
use upgrade::{ClientUpgrade, ServerUpgrade};

/// How a client does WebSocket.
#[derive(Clone, Debug)]
pub struct WebSocketClientOptions {
    /// Headers to add to the request, such as `Authorization` or `Cookie`.
    pub headers: Vec<(String, String)>,
    /// The subprotocol to ask for. Default `mqtt`.
    pub protocol: String,
    /// The longest message (and frame) accepted, in bytes. Default 64 MiB.
    pub message_limit: usize,
}

impl Default for WebSocketClientOptions {
    fn default() -> WebSocketClientOptions {
        WebSocketClientOptions { headers: Vec::new(), protocol: "mqtt".to_owned(), message_limit: 64 << 20 }
    }
}

/// How a server does WebSocket.
#[derive(Clone, Debug)]
pub struct WebSocketServerOptions {
    /// The one path served; `None` serves every path. A query in the request is not compared.
    pub path: Option<String>,
    /// The longest message (and frame) accepted, in bytes, until [`Transport::set_message_limit`] changes it. Default 1 MiB: enough
    /// for whoever has not said yet who it is.
    ///
    /// [`Transport::set_message_limit`]: crate::Transport::set_message_limit
    pub message_limit: usize,
    /// The `Origin`s that browsers may come from; empty lets all in. Requests without an `Origin` (no browser) are let in.
    pub origins: Vec<String>,
}

impl Default for WebSocketServerOptions {
    fn default() -> WebSocketServerOptions {
        WebSocketServerOptions { path: None, message_limit: 1 << 20, origins: Vec::new() }
    }
}

/// WebSocket between plaintext and raw bytes (or TLS): the state of one connection.
pub struct WebSocketLayer {
    state: State,
    /// What is left of the last message.
    message: Bytes,
    /// The last read returned data and there may be more.
    more: bool,
    message_limit: usize,
}

enum State {
    ClientUpgrade(ClientUpgrade),
    ServerUpgrade(ServerUpgrade),
    Open(Box<WebSocketContext>),
    /// The upgrade failed.
    Failed,
    /// The peer has said close, and was answered.
    Over,
}

impl WebSocketLayer {
    /// The client's end, for the host and path of `endpoint`.
    pub fn client(endpoint: &Endpoint, options: &WebSocketClientOptions) -> WebSocketLayer {
        WebSocketLayer::new(State::ClientUpgrade(ClientUpgrade::new(endpoint, options)), options.message_limit)
    }

    /// A server's end.
    pub fn server(options: &WebSocketServerOptions) -> WebSocketLayer {
        WebSocketLayer::new(State::ServerUpgrade(ServerUpgrade::new(options)), options.message_limit)
    }

    fn new(state: State, message_limit: usize) -> WebSocketLayer {
        WebSocketLayer { state, message: Bytes::new(), more: false, message_limit }
    }

    pub(crate) fn is_ready(&self) -> bool {
        matches!(self.state, State::Open(_) | State::Over)
    }

    pub(crate) fn handshake<S: Read + Write>(&mut self, wire: &mut S) -> io::Result<()> {
        let (result, role) = match &mut self.state {
            State::Open(_) => return Ok(()),
            State::Failed | State::Over => return Err(ErrorKind::NotConnected.into()),
            State::ClientUpgrade(upgrade) => (upgrade.drive(wire), Role::Client),
            State::ServerUpgrade(upgrade) => (upgrade.drive(wire), Role::Server),
        };
        match result {
            Ok(rest) => {
                let context = WebSocketContext::from_partially_read(rest, role, Some(self.config()));
                self.state = State::Open(Box::new(context));
                self.more = true;
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Err(error),
            Err(error) => {
                self.state = State::Failed;
                Err(error)
            }
        }
    }

    pub(crate) fn read<S: Read + Write>(&mut self, wire: &mut S, buf: &mut [u8]) -> io::Result<usize> {
        while self.message.is_empty() {
            let State::Open(context) = &mut self.state else { return Ok(0) };
            self.more = false;
            match context.read(wire) {
                Ok(Message::Binary(message)) => self.message = message,
                Ok(Message::Text(_)) => return Err(refuse(context, wire)),
                // tungstenite has queued the answer. The client does not wait for the server to close the socket
                // (RFC 6455, section 7.1.1): nothing can come any more.
                Ok(Message::Close(_)) => {
                    flush(context, wire)?;
                    self.state = State::Over;
                    return Ok(0);
                }
                // Here the answer is a pong.
                Ok(_) => flush(context, wire)?,
                Err(Error::ConnectionClosed | Error::AlreadyClosed) => return Ok(0),
                // The end without a close frame; MQTT knows by itself whether the end was orderly.
                Err(Error::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake)) => return Ok(0),
                Err(error) => return Err(broken(context, wire, error)),
            }
        }
        let length = self.message.len().min(buf.len());
        buf[..length].copy_from_slice(&self.message.split_to(length));
        self.more = true;
        Ok(length)
    }

    pub(crate) fn write<S: Read + Write>(&mut self, wire: &mut S, plaintext: &[u8]) -> io::Result<usize> {
        let State::Open(context) = &mut self.state else { return Err(ErrorKind::BrokenPipe.into()) };
        match context.write(wire, Message::Binary(Bytes::copy_from_slice(plaintext))) {
            Ok(()) => flush(context, wire)?,
            Err(Error::ConnectionClosed | Error::AlreadyClosed) => return Err(ErrorKind::BrokenPipe.into()),
            Err(Error::Protocol(tungstenite::error::ProtocolError::SendAfterClosing)) => {
                return Err(ErrorKind::BrokenPipe.into());
            }
            Err(error) => return Err(into_io(error)),
        }
        Ok(plaintext.len())
    }

    pub(crate) fn close<S: Read + Write>(&mut self, wire: &mut S) {
        if let State::Open(context) = &mut self.state {
            let frame = CloseFrame { code: CloseCode::Normal, reason: "".into() };
            let _ = context.close(wire, Some(frame));
            let _ = context.flush(wire);
        }
    }

    pub(crate) fn has_buffered_input(&self) -> bool {
        self.more || !self.message.is_empty()
    }

    pub(crate) fn set_message_limit(&mut self, bytes: usize) {
        self.message_limit = bytes;
        let config = self.config();
        if let State::Open(context) = &mut self.state {
            context.set_config(|current| *current = config);
        }
    }

    fn config(&self) -> WebSocketConfig {
        WebSocketConfig::default()
            // One read of the socket; it is allocated for as long as the connection lives.
            .read_buffer_size(4 * 1024)
            // Frames move on to the owner's bounded buffer at once.
            .write_buffer_size(0)
            .max_message_size(Some(self.message_limit))
            .max_frame_size(Some(self.message_limit))
    }
}

/// MQTT is binary: a text frame closes the connection with 1003 (unsupported data) [MQTT-6.0.0-1].
fn refuse<S: Read + Write>(context: &mut WebSocketContext, wire: &mut S) -> io::Error {
    let reason = "MQTT takes binary frames only";
    let _ = context.close(wire, Some(CloseFrame { code: CloseCode::Unsupported, reason: reason.into() }));
    let _ = context.flush(wire);
    io::Error::new(
        ErrorKind::InvalidData,
        "the peer sent a WebSocket text frame; MQTT takes binary frames only [MQTT-6.0.0-1]",
    )
}

/// Tells the peer why, as far as the state allows, and returns the error.
fn broken<S: Read + Write>(context: &mut WebSocketContext, wire: &mut S, error: Error) -> io::Error {
    let code = match &error {
        Error::Io(_) => return into_io(error),
        Error::Capacity(_) => CloseCode::Size,
        _ => CloseCode::Protocol,
    };
    let _ = context.close(wire, Some(CloseFrame { code, reason: "".into() }));
    let _ = context.flush(wire);
    into_io(error)
}

fn flush<S: Read + Write>(context: &mut WebSocketContext, wire: &mut S) -> io::Result<()> {
    match context.flush(wire) {
        Ok(()) | Err(Error::ConnectionClosed | Error::AlreadyClosed) => Ok(()),
        Err(error) => Err(into_io(error)),
    }
}

fn into_io(error: Error) -> io::Error {
    match error {
        Error::Io(error) => error,
        Error::Capacity(error) => io::Error::new(
            ErrorKind::InvalidData,
            format!("the peer's WebSocket message is longer than allowed: {error}"),
        ),
        error => io::Error::new(ErrorKind::InvalidData, format!("the peer breaks the WebSocket protocol: {error}")),
    }
}
