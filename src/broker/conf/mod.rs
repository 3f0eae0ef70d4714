//! Mosquitto's configuration file, read as it is.
//!
//! [`read`] gives typed settings with Mosquitto's defaults. Nothing is skipped: an option that this broker does not
//! have is refused by file, line and name, and so is a value that makes no sense.

mod configure;
mod hooks;
mod lexer;
mod options;
#[cfg(test)]
mod tests;
mod value;

pub use configure::{Setup, with_file, without_file};

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::UserName;

/// Reads a configuration file and the directories that it includes.
pub fn read(path: &Path) -> Result<Conf, ConfError> {
    options::interpret(lexer::read(path)?)
}

/// What a file says, with Mosquitto's defaults where it says nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Conf {
    /// In the order of the file; the default listener (`port`, `bind_address`) first. Never empty.
    pub listeners: Vec<Listener>,
    /// The file defines no listener: loopback only, and anonymous clients unless it says otherwise.
    pub local_only: bool,
    /// How many QoS 1 and 2 messages may be in flight towards one client; `None` is no bound.
    pub max_inflight_messages: Option<u16>,
    /// How many messages may wait for one client; `None` is no bound.
    pub max_queued_messages: Option<usize>,
    /// How many bytes of messages may wait for one client; `None` is no bound.
    pub max_queued_bytes: Option<usize>,
    /// The largest packet taken, in bytes; `None` is the protocol's bound.
    pub max_packet_size: Option<u32>,
    /// The largest payload taken, in bytes; `None` is the protocol's bound.
    pub message_size_limit: Option<u32>,
    /// The longest keep-alive granted, in seconds.
    pub max_keepalive: u16,
    /// How long a session outlives its connection at most; `None` is for ever.
    pub persistent_client_expiration: Option<Duration>,
    /// QoS 0 messages wait for a client that is away, too.
    pub queue_qos0_messages: bool,
    /// Retained messages are kept.
    pub retain_available: bool,
    /// Seconds between updates of `$SYS`; `None` switches it off.
    pub sys_interval: Option<Duration>,
    /// What is logged, where, and with which time in front.
    pub log: Log,
    /// The process id is written here.
    pub pid_file: Option<PathBuf>,
    /// Sentences to log at the start: settings that are accepted with less effect than in Mosquitto.
    pub notes: Vec<String>,
}

/// One listener.
#[derive(Debug, Clone, PartialEq)]
pub struct Listener {
    /// Where the file defines it; `None` for the default listener of a file that defines none.
    pub place: Option<Place>,
    /// Where it listens.
    pub bind: Bind,
    /// What it speaks.
    pub protocol: Protocol,
    /// Which addresses of a name or of the machine are used.
    pub domain: Domain,
    /// How many clients at once; `None` is no bound.
    pub max_connections: Option<u32>,
    /// The highest QoS that clients may publish with: 0, 1 or 2.
    pub max_qos: u8,
    /// How many topic aliases a client may use.
    pub max_topic_alias: u16,
    /// Present where the listener is encrypted.
    pub tls: Option<Tls>,
    /// Who may connect.
    pub security: Security,
}

/// Where a listener listens.
#[derive(Debug, Clone, PartialEq)]
pub enum Bind {
    /// Every address of the machine.
    Any(u16),
    /// The addresses of this name, or this address.
    Host(String, u16),
    /// 127.0.0.1 and ::1.
    Loopback(u16),
    /// A Unix socket.
    Unix(PathBuf),
}

/// What a listener speaks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Protocol {
    /// MQTT over the stream itself.
    Mqtt,
    /// MQTT over WebSocket.
    WebSockets,
}

/// Address families of a listener.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Domain {
    /// IPv4 and IPv6.
    Both,
    /// IPv4 only.
    V4,
    /// IPv6 only.
    V6,
}

/// Certificates of an encrypted listener.
#[derive(Debug, Clone, PartialEq)]
pub struct Tls {
    /// PEM file with the server's certificate and those that link it to its root.
    pub certificate: PathBuf,
    /// PEM file with its private key.
    pub key: PathBuf,
    /// PEM file with the roots that client certificates are checked against.
    pub ca_file: Option<PathBuf>,
    /// Directory of PEM files with more of them.
    pub ca_path: Option<PathBuf>,
    /// Clients must show a certificate.
    pub require_certificate: bool,
    /// Where the user name comes from when they do.
    pub user_name: UserName,
    /// TLS 1.2 is refused.
    pub only_tls_1_3: bool,
}

/// Options that belong to all listeners, or to each one under `per_listener_settings true`.
#[derive(Debug, Clone, PartialEq)]
pub struct Security {
    /// Clients without a user name may connect.
    pub allow_anonymous: bool,
    /// Clients may leave their identifier to the broker.
    pub allow_zero_length_clientid: bool,
    /// How the identifiers begin that the broker chooses.
    pub auto_id_prefix: String,
}

/// What is logged, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Log {
    /// No destination: nothing is logged.
    pub destinations: Vec<Destination>,
    /// The kinds that are logged.
    pub kinds: Vec<Kind>,
    /// A time stands in front of each line.
    pub timestamp: bool,
    /// Its format as for strftime; epoch seconds where there is none.
    pub timestamp_format: Option<String>,
    /// Lines for clients that connect and leave.
    pub connection_messages: bool,
}

/// Where log lines go.
#[derive(Debug, Clone, PartialEq)]
pub enum Destination {
    /// Standard error.
    Stderr,
    /// Standard output.
    Stdout,
    /// The end of a file, which is opened again at SIGHUP, so that it can be rotated.
    File(PathBuf),
}

/// Kinds of log lines (`log_type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Something failed.
    Error,
    /// Something looks wrong.
    Warning,
    /// Clients that come and go, listeners.
    Notice,
    /// Starts and stops of the broker.
    Information,
    /// Each packet.
    Debug,
    /// Each subscription.
    Subscribe,
    /// Each subscription that ends.
    Unsubscribe,
    /// The WebSocket layer.
    WebSockets,
}

impl Kind {
    /// Every kind; what `log_type all` and `-v` switch on.
    pub const ALL: [Kind; 8] = [
        Kind::Error,
        Kind::Warning,
        Kind::Notice,
        Kind::Information,
        Kind::Debug,
        Kind::Subscribe,
        Kind::Unsubscribe,
        Kind::WebSockets,
    ];

    /// What is logged when neither a file nor `-v` says otherwise.
    pub const USUAL: [Kind; 4] = [Kind::Error, Kind::Warning, Kind::Notice, Kind::Information];
}

impl Default for Log {
    /// The usual kinds to standard error, epoch seconds in front.
    fn default() -> Log {
        Log {
            destinations: vec![Destination::Stderr],
            kinds: Kind::USUAL.to_vec(),
            timestamp: true,
            timestamp_format: None,
            connection_messages: true,
        }
    }
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// As it was given or found.
    pub file: PathBuf,
    /// From 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.line)
    }
}

/// Why a configuration file is refused. The text names file, line and option, and says what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ConfError {
    /// The file or directory cannot be read.
    #[error("cannot read {path}: {reason}. {advice}")]
    Unreadable {
        /// Which.
        path: String,
        /// In the system's words.
        reason: String,
        /// What to do.
        advice: &'static str,
    },
    /// A line cannot be followed.
    #[error("{place}: {option}: {problem}")]
    Option {
        /// Where.
        place: Place,
        /// The option's name as the file writes it.
        option: String,
        /// What is wrong and what to do, as sentences.
        problem: String,
    },
}
