//! What can go wrong between a program and its packets.

use std::io;
use std::time::Duration;

use mqtt_net::{DialError, DialStage};
use mqtt_proto::Violation;
use mqtt_proto::packet::PacketType;
use mqtt_proto::wire::encode::EncodeError;

/// Why a call of a packet client failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PacketError {
    /// The server could not be reached.
    #[error("{0}")]
    Dial(#[from] DialError),
    /// The options of TLS cannot be used: a file that cannot be read, a key that does not fit.
    #[error("{0}")]
    Tls(String),
    /// The socket failed, or TLS or WebSocket on it.
    #[error("the connection to {peer} broke: {source}")]
    Broken {
        /// Address of the server.
        peer: String,
        /// The cause.
        source: io::Error,
    },
    /// There is no connection.
    #[error("{0}")]
    Closed(String),
    /// The socket took nothing for the time that writing may take. The connection is over: nobody knows where in a
    /// packet the server stands.
    #[error("{peer} took nothing for {} s while a packet was written; the connection was closed", after.as_secs_f64())]
    WriteTimeout {
        /// Address of the server.
        peer: String,
        /// The time granted.
        after: Duration,
    },
    /// What came is no MQTT, or no packet of this version. The connection was closed.
    #[error("{peer} broke the protocol: {violation}")]
    Protocol {
        /// Which rule.
        violation: Violation,
        /// Address of the server.
        peer: String,
    },
    /// A packet cannot be written. None of those that were handed over with it has been sent.
    #[error("{packet}: {source}")]
    Encode {
        /// Its type.
        packet: PacketType,
        /// Why.
        source: EncodeError,
    },
    /// An argument or an option that cannot be.
    #[error("{0}")]
    InvalidArgument(String),
    /// The client was made before this process was forked. Its connection belongs to the parent.
    #[error("this client was made before fork() and belongs to the parent process: make a new one in the child")]
    Forked,
    /// The interrupt hook asked to stop waiting.
    #[error("interrupted while waiting for {0}")]
    Interrupted(&'static str),
    /// A call was made from inside the one that hands out a packet.
    #[error("a packet of this client is just being read")]
    InUse,
}

impl PacketError {
    /// The step that failed, where it is one of the transport: `resolve`, `connect`, `tls`, `websocket`, `timeout` (while
    /// connecting), `io` (the connection broke later).
    pub fn step(&self) -> Option<&'static str> {
        Some(match self {
            PacketError::Dial(error) => match error.stage {
                DialStage::Resolve => "resolve",
                DialStage::Connect => "connect",
                DialStage::Tls => "tls",
                DialStage::WebSocket => "websocket",
                DialStage::Timeout => "timeout",
            },
            PacketError::Tls(_) => "tls",
            PacketError::Broken { .. } => "io",
            _ => return None,
        })
    }

    /// The system's number for the cause (errno); that of a time-out where one was; 0 where the system has none.
    pub fn os_code(&self) -> i32 {
        match self {
            PacketError::Dial(error) if error.stage == DialStage::Timeout => rustix::io::Errno::TIMEDOUT.raw_os_error(),
            PacketError::WriteTimeout { .. } => rustix::io::Errno::TIMEDOUT.raw_os_error(),
            PacketError::Dial(error) => error.os_error().unwrap_or(0),
            PacketError::Broken { source, .. } => source.raw_os_error().unwrap_or(0),
            _ => 0,
        }
    }
}
