//! What can go wrong, said so that a person knows what to do.

use std::time::Duration;

use mqtt_proto::packet::ConnAck;
use mqtt_proto::{ReasonCode, Violation};

/// Why a call failed.
///
/// Cloned, because one failed connection answers every caller that waits for it.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server answered CONNECT with a refusal.
    #[error("{peer} refused the connection: {reason}{}{}", reason_string(conn_ack), advice(*reason))]
    Connect {
        /// Why.
        reason: ReasonCode,
        /// The whole answer.
        conn_ack: Box<ConnAck>,
        /// Address of the server.
        peer: String,
    },
    /// Name resolution, TCP, TLS or WebSocket failed. The text names the peer and the cause.
    #[error("{0}")]
    Transport(String),
    /// The server broke a rule of the protocol; the connection was closed.
    #[error("{peer} broke the protocol: {violation}")]
    Protocol {
        /// Which rule.
        violation: Violation,
        /// Address of the server.
        peer: String,
    },
    /// The time that the caller granted is over. What was begun goes on in the background; ask again.
    #[error("{what} took longer than {} s ({peer})", seconds(*after))]
    Timeout {
        /// What was waited for: `CONNACK`, `acknowledgement of publish 17`.
        what: String,
        /// Address of the server, or why there is none.
        peer: String,
        /// The time granted.
        after: Duration,
    },
    /// There is no connection and none will be made.
    #[error("the connection is closed: {why}")]
    Closed {
        /// Who closed it and why.
        why: String,
        /// What the server gave as its reason (MQTT 5).
        reason: Option<ReasonCode>,
    },
    /// The server refused a publish, subscribe or unsubscribe.
    #[error("{what} was refused by {peer}: {reason}")]
    Refused {
        /// What was refused: `publish 17`.
        what: String,
        /// Why.
        reason: ReasonCode,
        /// Address of the server.
        peer: String,
    },
    /// The offline queue is full and `when_full` says to refuse.
    #[error("the queue is full ({messages} messages, {bytes} bytes): wait for acknowledgements, or raise offlineQueue")]
    QueueFull {
        /// Messages in it.
        messages: usize,
        /// Bytes in it.
        bytes: usize,
    },
    /// The client was made before this process was forked. Its connection belongs to the parent.
    #[error("this client was made before fork() and belongs to the parent process: make a new one in the child")]
    Forked,
    /// The interrupt hook asked to stop waiting.
    #[error("interrupted while waiting for {what}")]
    Interrupted {
        /// What was waited for.
        what: String,
    },
    /// An argument that no server could accept.
    #[error("{0}")]
    InvalidArgument(String),
}

/// Seconds to the millisecond.
fn seconds(span: Duration) -> f64 {
    (span.as_secs_f64() * 1000.0).round() / 1000.0
}

impl Error {
    /// The reason code that a server gave, or that fits best.
    pub fn reason(&self) -> ReasonCode {
        match self {
            Error::Connect { reason, .. } | Error::Refused { reason, .. } => *reason,
            Error::Protocol { violation, .. } => violation.reason(),
            Error::Closed { reason: Some(reason), .. } => *reason,
            Error::QueueFull { .. } => ReasonCode::QuotaExceeded,
            _ => ReasonCode::UnspecifiedError,
        }
    }
}

/// What to do about a refusal.
fn advice(reason: ReasonCode) -> &'static str {
    match reason {
        ReasonCode::BadUserNameOrPassword | ReasonCode::NotAuthorized => {
            "; check the user name and password, and what the server allows this client identifier"
        }
        ReasonCode::ClientIdentifierNotValid => "; give another client identifier",
        ReasonCode::UnsupportedProtocolVersion => "; choose the version that the server speaks",
        _ => "",
    }
}

fn reason_string(conn_ack: &ConnAck) -> String {
    let properties = &conn_ack.properties;
    let text = properties.reason_string().map(|text| format!(" ({text})")).unwrap_or_default();
    let other = properties.server_reference().map(|names| format!("; it names {names}")).unwrap_or_default();
    text + &other
}
