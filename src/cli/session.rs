//! What `pub` and `sub` do alike: connect, and say what went wrong.

use std::ops::ControlFlow;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use mqtt_client::{Client, Error, Options, VersionChoice, Wait};
use mqtt_proto::packet::{ConnAck, Disconnect, Property, PropertyId};
use mqtt_proto::{ReasonCode, Version};
use signal_hook::consts::{SIGINT, SIGTERM};

use crate::FAILURE;
use crate::args::{Connection, Transport};

/// How long the last bytes may take to leave when the program ends.
const LAST_BYTES: Duration = Duration::from_secs(5);

/// Why a subcommand ends with something else than success.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What went wrong, with whom, and what to do.
    pub(crate) text: String,
    /// The exit status.
    pub(crate) status: u8,
}

impl Failure {
    /// A failure without a status of its own.
    pub(crate) fn new(text: impl Into<String>) -> Failure {
        Failure { text: text.into(), status: FAILURE }
    }
}

/// A connection of `pub` or `sub`.
pub(crate) struct Session<'a> {
    /// The client.
    pub(crate) client: Client,
    /// What the command line says.
    pub(crate) connection: &'a Connection,
    name: &'static str,
    interrupted: Arc<AtomicBool>,
}

/// What becomes of a connection that is lost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum WhenLost {
    /// It is made again.
    Reconnect,
    /// The program ends.
    Fail,
}

impl<'a> Session<'a> {
    /// Connects. `name` is the subcommand, for messages. SIGINT and SIGTERM are caught from here on.
    pub(crate) fn connect(
        name: &'static str,
        connection: &'a Connection,
        when_lost: WhenLost,
    ) -> Result<(Session<'a>, ConnAck), Failure> {
        let interrupted = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            signal_hook::flag::register(signal, Arc::clone(&interrupted))
                .map_err(|e| Failure::new(format!("cannot catch signals: {e}.")))?;
        }
        let mut options = options(connection).map_err(|error| failure(&error, connection))?;
        options.reconnect.enabled = when_lost == WhenLost::Reconnect;
        let client = Client::new(options).map_err(|error| failure(&error, connection))?;
        client.set_log_events(connection.debug);
        let session = Session { client, connection, name, interrupted };
        session.debug(format_args!("connecting to {} with {}", connection.target(), connection.version));
        let conn_ack = session.waiting(None, |wait| session.client.connect(wait)).map_err(|e| session.failure(&e))?;
        let client_id = conn_ack.properties.assigned_client_identifier().unwrap_or(&session.client.options().client_id);
        let kept = if conn_ack.session_present { ", the session was kept" } else { "" };
        session.debug(format_args!("connected as {client_id}{kept}"));
        Ok((session, conn_ack))
    }

    /// Calls with a wait that a signal ends, and the time as well, where there is one.
    pub(crate) fn waiting<T>(
        &self,
        timeout: Option<Duration>,
        call: impl FnOnce(Wait<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut hook = || if self.is_interrupted() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        call(Wait::from(timeout).with_hook(&mut hook))
    }

    /// Whether SIGINT or SIGTERM came.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    /// Takes leave of the broker. A broker that is gone already is no failure.
    pub(crate) fn disconnect(&self) {
        let mut disconnect = Disconnect::new(ReasonCode::Success);
        disconnect.properties = self.connection.properties.disconnect.clone();
        self.debug(format_args!("disconnecting"));
        let _ = self.client.disconnect(&disconnect, Wait::at_most(LAST_BYTES));
    }

    /// The failure that an error of the client is.
    pub(crate) fn failure(&self, error: &Error) -> Failure {
        failure(error, self.connection)
    }

    /// Says something that went wrong, unless `--quiet`.
    pub(crate) fn complain(&self, text: impl std::fmt::Display) {
        if !self.connection.quiet {
            eprintln!("mqtt {}: {text}", self.name);
        }
    }

    /// Says what happens, with `-d`.
    pub(crate) fn debug(&self, text: std::fmt::Arguments<'_>) {
        if self.connection.debug {
            eprintln!("mqtt {}: {text}", self.name);
        }
    }
}

/// The options of a client for this command line.
fn options(connection: &Connection) -> Result<Options, Error> {
    let mut options = Options::new(&uri(connection))?;
    options.version = VersionChoice::Only(connection.version);
    options.client_id = connection.client_id.as_deref().unwrap_or_default().into();
    options.user_name = connection.user.as_deref().map(Into::into);
    options.password = connection.password.clone().map(Into::into);
    options.keep_alive = connection.keep_alive;
    options.clean_start = connection.clean;
    options.will = connection.will.clone();
    options.properties = connection.properties.connect.clone();
    if let Some(most) = options.properties.receive_maximum() {
        options.receive_maximum = most;
        options.properties.remove(PropertyId::ReceiveMaximum);
    }
    if let Some(most) = options.properties.maximum_packet_size() {
        options.maximum_packet_size = most;
        options.properties.remove(PropertyId::MaximumPacketSize);
    }
    // Said even where it is 0: the client's own default is to keep a session for a while.
    if connection.version.has_properties() {
        options.properties.set(Property::SessionExpiryInterval(connection.session_expiry));
    }
    let path = |path: &Path| path.to_string_lossy().into_owned();
    options.tls.ca_file = connection.tls.ca_file.as_deref().map(path);
    options.tls.ca_path = connection.tls.ca_path.as_deref().map(path);
    if let Some((certificate, key)) = &connection.tls.identity {
        options.tls.cert_file = Some(path(certificate));
        options.tls.key_file = Some(path(key));
    }
    options.tls.verify_peer_name = !connection.tls.insecure;
    options.tls.alpn = connection.tls.alpn.iter().cloned().collect();
    options.tls.min_version = connection.tls.only_tls_1_3.then(|| "1.3".to_owned());
    Ok(options)
}

fn uri(connection: &Connection) -> String {
    if let Some(path) = &connection.unix {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        let mut uri = "unix://".to_owned();
        for byte in path.as_os_str().as_bytes() {
            match byte {
                b'/' | b'-' | b'.' | b'_' | b'~' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                    uri.push(char::from(*byte))
                }
                other => uri.push_str(&format!("%{other:02X}")),
            }
        }
        return uri;
    }
    let target = connection.target();
    match connection.transport {
        Transport::Tcp => format!("mqtt://{target}"),
        Transport::Tls => format!("mqtts://{target}"),
        Transport::WebSocket => format!("ws://{target}{}", connection.ws_path),
        Transport::WebSocketTls => format!("wss://{target}{}", connection.ws_path),
    }
}

fn failure(error: &Error, connection: &Connection) -> Failure {
    let mut text = error.to_string();
    if !text.ends_with(['.', '?', '!']) {
        text.push('.');
    }
    let Error::Connect { reason, .. } = error else { return Failure::new(text) };
    Failure { text: text + advice(*reason, connection), status: refusal(*reason, connection.version) }
}

/// The exit status for a refused connection: the code as it travelled.
pub(crate) fn refusal(reason: ReasonCode, version: Version) -> u8 {
    if version.has_properties() { reason.value() } else { reason.connect_return_code() }
}

/// What to do about a refusal.
fn advice(reason: ReasonCode, connection: &Connection) -> &'static str {
    match reason {
        ReasonCode::BadUserNameOrPassword => " Check -u and -P.",
        ReasonCode::NotAuthorized if connection.user.is_none() => {
            " Name a user with -u and -P, or let the broker take anonymous clients (allow_anonymous true)."
        }
        ReasonCode::NotAuthorized => " Check -u and -P, and whether this user may connect.",
        ReasonCode::ClientIdentifierNotValid => " Choose another client identifier with -i.",
        ReasonCode::UnsupportedProtocolVersion => " Try another version with -V.",
        ReasonCode::ServerUnavailable | ReasonCode::ServerBusy => " Try again later.",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Task, parse};

    fn connection(line: &[&str]) -> Connection {
        let line = ["mqtt", "pub", "-t", "a", "-n"].iter().chain(line).map(std::ffi::OsString::from);
        match parse(line) {
            Ok(Task::Publish(publish)) => publish.connection,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn addresses_become_uris() {
        for (line, expected) in [
            (&["-h", "h"][..], "mqtt://h:1883"),
            (&["-h", "::1", "-p", "5"], "mqtt://[::1]:5"),
            (&["-h", "h", "--capath", "x"], "mqtts://h:8883"),
            (&["-h", "h", "--ws"], "ws://h:80/mqtt"),
            (&["-h", "h", "--ws", "--tls-use-os-certs", "--ws-path", "/x"], "wss://h:443/x"),
            (&["--unix", "/run/a b.sock"], "unix:///run/a%20b.sock"),
        ] {
            assert_eq!(uri(&connection(line)), expected);
        }
    }

    #[test]
    fn the_exit_status_of_a_refusal_is_its_code_on_the_wire() {
        assert_eq!(refusal(ReasonCode::NotAuthorized, Version::V3_1_1), 5);
        assert_eq!(refusal(ReasonCode::BadUserNameOrPassword, Version::V3_1), 4);
        assert_eq!(refusal(ReasonCode::NotAuthorized, Version::V5), 135);
    }

    #[test]
    fn a_session_that_is_not_kept_says_so() {
        let options = options(&connection(&["-V", "5", "-D", "connect", "receive-maximum", "3"])).expect("fine");
        assert_eq!(options.properties.session_expiry_interval(), Some(0));
        assert_eq!((options.receive_maximum, options.properties.receive_maximum()), (3, None));
    }
}
