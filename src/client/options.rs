//! What a client is told when it is made.

use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
pub use mqtt_net::Endpoint;
use mqtt_proto::packet::{PacketType, Properties, Will};
use mqtt_proto::topic::check_name;
use mqtt_proto::{Text, Version};

use crate::{Error, Result};

/// Which version to speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum VersionChoice {
    /// MQTT 5; 3.1.1 where the server refuses that or closes the connection on it.
    #[default]
    Newest,
    /// This one only.
    Only(Version),
}

/// What to do when the queue of outgoing messages is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum WhenFull {
    /// `publish` waits until there is room.
    #[default]
    Block,
    /// The oldest message that has not been sent gives way.
    DropOldest,
    /// `publish` fails with [`crate::Error::QueueFull`].
    Refuse,
}

/// The queue of messages that wait for a connection or for room in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OfflineQueue {
    /// Bytes; 64 MiB.
    pub max_bytes: usize,
    /// Messages; 100 000.
    pub max_messages: u32,
    /// Past one of them.
    pub when_full: WhenFull,
}

/// How a lost connection is made again: delays double from `min_delay` to `max_delay`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reconnect {
    /// Whether at all.
    pub enabled: bool,
    /// The first delay; 0.2 s.
    pub min_delay: Duration,
    /// The longest delay; 30 s.
    pub max_delay: Duration,
    /// Share of each delay that is left to chance, 0 to 1; 0.5. It keeps a thousand clients from coming back together.
    pub jitter: f64,
    /// Failed attempts in a row after which the client gives up; 0 is never.
    pub max_attempts: u32,
}

/// TLS for `mqtts` and `wss`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TlsOptions {
    /// PEM file with the certificates to trust; the system's where neither this nor `ca_path` is given.
    pub ca_file: Option<String>,
    /// Directory of PEM files with certificates to trust.
    pub ca_path: Option<String>,
    /// PEM file with the client's certificate chain.
    pub cert_file: Option<String>,
    /// PEM file with its private key.
    pub key_file: Option<String>,
    /// Passphrase of the private key.
    pub key_passphrase: Option<String>,
    /// Check the chain; true.
    pub verify_peer: bool,
    /// Check the name; true.
    pub verify_peer_name: bool,
    /// Take a certificate that signs itself; false.
    pub allow_self_signed: bool,
    /// The name to check and to send, where it is not the host of the URI.
    pub peer_name: Option<String>,
    /// Protocols to offer.
    pub alpn: Vec<String>,
    /// SHA-256 of the server's certificate in hexadecimal; nothing else is accepted.
    pub pinned_sha256: Option<String>,
    /// `1.2` or `1.3`; 1.2.
    pub min_version: Option<String>,
}

/// All of it. [`Options::new`] gives the defaults; the fields are public.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Servers, tried in turn. At least one.
    pub endpoints: Vec<Endpoint>,
    /// MQTT 5 with 3.1.1 to fall back on, or one version.
    pub version: VersionChoice,
    /// Empty: one is generated, unique per process and client.
    pub client_id: Text,
    /// User name; that of the first URI where it has one.
    pub user_name: Option<Text>,
    /// Password; that of the first URI where it has one.
    pub password: Option<Bytes>,
    /// Seconds, 0 to 65 535; 60. 0 switches it off.
    pub keep_alive: u16,
    /// The first connection starts a clean session; true. A reconnect always resumes, except that MQTT 3 with a clean
    /// session has nothing to resume.
    pub clean_start: bool,
    /// Published by the server when the client is lost.
    pub will: Option<Will>,
    /// Properties of CONNECT. The session expiry interval is 300 s where it is absent.
    pub properties: Properties,
    /// TLS.
    pub tls: TlsOptions,
    /// Path of the WebSocket request, where it is not that of the URI.
    pub websocket_path: Option<String>,
    /// More headers of the WebSocket request.
    pub websocket_headers: Vec<(String, String)>,
    /// From the first packet of DNS to CONNACK, for one server; 10 s.
    pub connect_timeout: Duration,
    /// What to do when a connection is lost.
    pub reconnect: Reconnect,
    /// Subscribe again where the server lost the session; true.
    pub resubscribe: bool,
    /// Server references followed in a row (MQTT 5: a server refers the client to another one, section 4.11); 4. 0
    /// follows none, and the error names the server. TLS is never given up for plain text on the way.
    pub redirects: u32,
    /// Outgoing messages that wait.
    pub offline_queue: OfflineQueue,
    /// Bytes of received messages that nobody has taken; 16 MiB. Past it QoS 0 is left unread.
    pub receive_queue: usize,
    /// QoS 1 and 2 messages received and not acknowledged, told to the server as receive maximum; 1024.
    pub receive_maximum: u16,
    /// The largest packet accepted, in bytes; that of the protocol.
    pub maximum_packet_size: u32,
    /// [`crate::Client::receive`] leaves the acknowledgement to [`crate::Client::ack`]; false.
    pub manual_ack: bool,
    /// How long the end of a client may take to get its publishes out; 5 s.
    pub linger: Duration,
    /// A directory where outgoing QoS 1 and 2 messages are kept until they are acknowledged, and the identifiers of
    /// incoming QoS 2 messages that have been handled until the server releases them, so that they outlive a crash of
    /// the process: the next client with the same identifier and directory resumes the session, whatever
    /// `clean_start` says. Needs a `client_id`.
    pub store: Option<PathBuf>,
}

impl Default for OfflineQueue {
    fn default() -> OfflineQueue {
        OfflineQueue { max_bytes: 64 * 1024 * 1024, max_messages: 100_000, when_full: WhenFull::Block }
    }
}

impl Default for Reconnect {
    fn default() -> Reconnect {
        Reconnect {
            enabled: true,
            min_delay: Duration::from_millis(200),
            max_delay: Duration::from_secs(30),
            jitter: 0.5,
            max_attempts: 0,
        }
    }
}

impl Default for TlsOptions {
    fn default() -> TlsOptions {
        TlsOptions {
            ca_file: None,
            ca_path: None,
            cert_file: None,
            key_file: None,
            key_passphrase: None,
            verify_peer: true,
            verify_peer_name: true,
            allow_self_signed: false,
            peer_name: None,
            alpn: Vec::new(),
            pinned_sha256: None,
            min_version: None,
        }
    }
}

impl Options {
    /// The defaults, for this server: `mqtt://`, `mqtts://`, `ws://`, `wss://` or `unix:`, with user info where wanted.
    pub fn new(uri: &str) -> Result<Options> {
        let mut options = Options {
            endpoints: Vec::new(),
            version: VersionChoice::Newest,
            client_id: Text::new(),
            user_name: None,
            password: None,
            keep_alive: 60,
            clean_start: true,
            will: None,
            properties: Properties::new(),
            tls: TlsOptions::default(),
            websocket_path: None,
            websocket_headers: Vec::new(),
            connect_timeout: Duration::from_secs(10),
            reconnect: Reconnect::default(),
            resubscribe: true,
            redirects: 4,
            offline_queue: OfflineQueue::default(),
            receive_queue: 16 * 1024 * 1024,
            receive_maximum: 1024,
            maximum_packet_size: mqtt_proto::Limits::default().maximum_packet_size,
            manual_ack: false,
            linger: Duration::from_secs(5),
            store: None,
        };
        options.add_server(uri)?;
        Ok(options)
    }

    /// Adds a server to be tried after the others. User info counts where none was given before; it is the same for
    /// all servers.
    pub fn add_server(&mut self, uri: &str) -> Result<()> {
        let mut endpoint: Endpoint = uri.parse().map_err(invalid)?;
        if let (None, Some(user_name)) = (&self.user_name, endpoint.user_name.take()) {
            self.user_name = Some(user_name.into());
        }
        if let (None, Some(password)) = (&self.password, endpoint.password.take()) {
            self.password = Some(password.into_bytes().into());
        }
        self.endpoints.push(endpoint);
        Ok(())
    }

    /// What no connection is needed to find wrong.
    pub(crate) fn check(&self) -> Result<()> {
        if self.endpoints.is_empty() {
            return Err(Error::InvalidArgument("no server is given: pass a URI such as mqtt://broker.example".into()));
        }
        if let Some(will) = &self.will {
            check_name(&will.topic).map_err(|rule| {
                Error::InvalidArgument(format!("topic of the will {:?}: {}", will.topic, rule.text()))
            })?;
        }
        for property in &self.properties {
            if !property.id().allowed_in(PacketType::Connect) {
                let name = property.id().name();
                return Err(Error::InvalidArgument(format!("property {name} may not stand in CONNECT")));
            }
        }
        if let VersionChoice::Only(version) = self.version
            && let Some(limit) = version.client_id_limit()
            && self.client_id.chars().count() > limit
        {
            let text = format!("{version} allows client identifiers of at most {limit} characters");
            return Err(Error::InvalidArgument(text));
        }
        let texts = [("client identifier", Some(&self.client_id)), ("user name", self.user_name.as_ref())];
        for (what, text) in texts.into_iter().filter_map(|(what, text)| Some((what, text?))) {
            if text.contains('\0') {
                return Err(Error::InvalidArgument(format!("the {what} must not contain U+0000")));
            }
            if text.len() > 65_535 {
                return Err(Error::InvalidArgument(format!("the {what} is longer than 65535 bytes")));
            }
        }
        if self.password.as_ref().is_some_and(|password| password.len() > 65_535) {
            return Err(Error::InvalidArgument("the password is longer than 65535 bytes".into()));
        }
        if let VersionChoice::Only(version) = self.version
            && !version.has_properties()
            && self.password.is_some()
            && self.user_name.is_none()
        {
            let text = format!("{version} has no password without a user name: give both, or use MQTT 5");
            return Err(Error::InvalidArgument(text));
        }
        if self.properties.authentication_data().is_some() && self.properties.authentication_method().is_none() {
            let text = "authentication data needs an authentication method: give authenticationMethod too";
            return Err(Error::InvalidArgument(text.into()));
        }
        if self.store.is_some() && self.client_id.is_empty() {
            let text = "a store needs a client identifier of its own, by which a later process finds it: set clientId";
            return Err(Error::InvalidArgument(text.into()));
        }
        if self.receive_maximum == 0 {
            return Err(Error::InvalidArgument("receive maximum is 0: at least 1 message must be allowed".into()));
        }
        self.tls.to_net().map(drop)
    }

    /// The version of the first attempt.
    pub(crate) fn first_version(&self) -> Version {
        match self.version {
            VersionChoice::Newest => Version::V5,
            VersionChoice::Only(version) => version,
        }
    }
}

impl TlsOptions {
    pub(crate) fn to_net(&self) -> Result<mqtt_net::TlsOptions> {
        let min_version = match self.min_version.as_deref() {
            None | Some("1.2" | "TLSv1.2") => mqtt_net::MinVersion::Tls12,
            Some("1.3" | "TLSv1.3") => mqtt_net::MinVersion::Tls13,
            Some(other) => return Err(invalid(format!("TLS version {other:?} is not known: write 1.2 or 1.3"))),
        };
        Ok(mqtt_net::TlsOptions {
            ca_file: self.ca_file.as_ref().map(Into::into),
            ca_path: self.ca_path.as_ref().map(Into::into),
            cert_file: self.cert_file.as_ref().map(Into::into),
            key_file: self.key_file.as_ref().map(Into::into),
            key_passphrase: self.key_passphrase.clone(),
            verify_peer: self.verify_peer,
            verify_peer_name: self.verify_peer_name,
            peer_name: self.peer_name.clone(),
            alpn: self.alpn.clone(),
            min_version,
            pinned_sha256: self.pinned_sha256.iter().map(|text| fingerprint(text)).collect::<Result<_>>()?,
            allow_self_signed: self.allow_self_signed,
        })
    }
}

/// A SHA-256 fingerprint in hexadecimal, with or without colons.
fn fingerprint(text: &str) -> Result<[u8; 32]> {
    let wrong = || invalid(format!("{text:?} is not a SHA-256 fingerprint: write 64 hexadecimal digits"));
    let digits: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b':' | b' ')).collect();
    let mut bytes = [0; 32];
    if digits.len() != 64 {
        return Err(wrong());
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        let pair = std::str::from_utf8(pair).map_err(|_| wrong())?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
    }
    Ok(bytes)
}

fn invalid(error: impl std::fmt::Display) -> Error {
    Error::InvalidArgument(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_info_moves_from_the_uri_to_the_options() {
        let mut options = Options::new("mqtts://user:secret@one.example").unwrap();
        options.add_server("mqtts://two.example:9883").unwrap();
        assert_eq!(options.user_name.as_deref(), Some("user"));
        assert_eq!(options.password.as_deref(), Some(&b"secret"[..]));
        assert_eq!((options.endpoints[0].port, options.endpoints[1].port), (8883, 9883));
        assert!(options.endpoints.iter().all(|e| e.user_name.is_none() && e.password.is_none()));
        assert!(options.check().is_ok());
        assert!(Options::new("gopher://x").is_err());
    }

    #[test]
    fn what_cannot_be_is_said_at_once() {
        let good = Options::new("mqtt://h").unwrap();
        let with = |change: fn(&mut Options)| {
            let mut options = good.clone();
            change(&mut options);
            options.check().unwrap_err().to_string()
        };
        assert!(with(|o| o.endpoints.clear()).contains("no server"));
        assert!(with(|o| o.store = Some("data".into())).contains("clientId"));
        assert!(with(|o| o.receive_maximum = 0).contains("receive maximum"));
        assert!(with(|o| o.client_id = "a\0".into()).contains("U+0000"));
        assert!(with(|o| o.user_name = Some("x".repeat(65_536).into())).contains("user name is longer"));
        assert!(with(|o| o.password = Some(vec![0; 65_536].into())).contains("password is longer"));
        let old = |o: &mut Options| (o.version, o.password) = (VersionChoice::Only(Version::V3_1_1), Some("x".into()));
        assert!(with(old).contains("without a user name"));
        let data = |o: &mut Options| o.properties.push(mqtt_proto::packet::Property::AuthenticationData("x".into()));
        assert!(with(data).contains("authenticationMethod"));
        assert!(with(|o| o.tls.min_version = Some("1.1".into())).contains("1.2 or 1.3"));
        assert!(with(|o| o.tls.pinned_sha256 = Some("12".into())).contains("64 hexadecimal"));
        assert!(with(|o| o.properties.push(mqtt_proto::packet::Property::TopicAlias(1))).contains("topic_alias"));
        assert!(
            with(|o| {
                o.will = Some(Will {
                    topic: "a/#".into(),
                    payload: Bytes::new(),
                    qos: Default::default(),
                    retain: false,
                    properties: Properties::new(),
                })
            })
            .contains("wildcard")
        );
        assert_eq!(fingerprint(&"ab:".repeat(32)).unwrap(), [0xAB; 32]);
    }
}
