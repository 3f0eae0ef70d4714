//! What `pub` and `sub` share: where to connect, as whom, how.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use clap::ArgMatches;
use clap::parser::ValueSource;
use mqtt_proto::packet::{QoS, Will};
use mqtt_proto::{Version, topic};

use super::property::Given;
use super::url;

/// Where to connect, as whom, how.
#[derive(Debug, PartialEq)]
pub(crate) struct Connection {
    /// What the bytes travel over.
    pub(crate) transport: Transport,
    /// Name or address.
    pub(crate) host: String,
    /// Its port.
    pub(crate) port: u16,
    /// A Unix socket in place of both.
    pub(crate) unix: Option<PathBuf>,
    /// The path of the WebSocket.
    pub(crate) ws_path: String,
    /// The version to speak.
    pub(crate) version: Version,
    /// `None` leaves it to the broker.
    pub(crate) client_id: Option<String>,
    /// The user name.
    pub(crate) user: Option<String>,
    /// The password; any bytes.
    pub(crate) password: Option<Vec<u8>>,
    /// Forget an earlier session.
    pub(crate) clean: bool,
    /// Seconds that the session outlives the connection (MQTT 5).
    pub(crate) session_expiry: u32,
    /// Seconds; 0 is off.
    pub(crate) keep_alive: u16,
    /// The will.
    pub(crate) will: Option<Will>,
    /// Certificates and what is checked.
    pub(crate) tls: Tls,
    /// MQTT 5 properties by packet.
    pub(crate) properties: Given,
    /// Say what happens.
    pub(crate) debug: bool,
    /// Print no errors.
    pub(crate) quiet: bool,
}

/// What the bytes travel over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    /// Plain TCP, or a Unix socket.
    Tcp,
    /// TLS over TCP.
    Tls,
    /// WebSocket over TCP.
    WebSocket,
    /// WebSocket over TLS over TCP.
    WebSocketTls,
}

impl Transport {
    fn encrypted(self) -> Transport {
        match self {
            Transport::Tcp | Transport::Tls => Transport::Tls,
            Transport::WebSocket | Transport::WebSocketTls => Transport::WebSocketTls,
        }
    }

    fn default_port(self) -> u16 {
        match self {
            Transport::Tcp => 1883,
            Transport::Tls => 8883,
            Transport::WebSocket => 80,
            Transport::WebSocketTls => 443,
        }
    }
}

/// Certificates and what is checked.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Tls {
    /// PEM file of authorities to trust.
    pub(crate) ca_file: Option<PathBuf>,
    /// Directory of such files.
    pub(crate) ca_path: Option<PathBuf>,
    /// The client's certificate and key, PEM.
    pub(crate) identity: Option<(PathBuf, PathBuf)>,
    /// Do not check whom the certificate is made out for.
    pub(crate) insecure: bool,
    /// Protocol name for ALPN.
    pub(crate) alpn: Option<String>,
    /// Accept TLS 1.3 only.
    pub(crate) only_tls_1_3: bool,
}

impl Connection {
    /// Reads the flags. Also returns the topic of the URL. `commands` are those that may have properties.
    pub(super) fn read(m: &ArgMatches, commands: &[&str]) -> Result<(Connection, Option<String>), String> {
        let text = |name: &str| m.get_one::<String>(name).cloned();
        let url = text("url").map(|text| url::parse(&text)).transpose()?;
        let (mut transport, mut host, mut port, mut topic) =
            (Transport::Tcp, text("host"), m.get_one::<u16>("port").copied(), None);
        let (mut user, mut password) = (text("username"), m.get_one::<OsString>("pw").map(|p| p.as_bytes().to_vec()));
        if let Some(url) = url {
            (transport, host, port, topic) = (url.transport, Some(url.host), url.port, url.topic);
            user = user.or(url.user);
            password = password.or(url.password);
        }
        if m.get_flag("ws") && matches!(transport, Transport::Tcp | Transport::Tls) {
            transport = if transport == Transport::Tls { Transport::WebSocketTls } else { Transport::WebSocket };
        }
        if ["cafile", "capath", "cert", "insecure", "tls-use-os-certs", "tls-alpn", "tls-version"]
            .iter()
            .any(|name| m.value_source(name) == Some(ValueSource::CommandLine))
        {
            transport = transport.encrypted();
        }
        let mut properties = Given::default();
        for words in m.get_occurrences::<OsString>("property").into_iter().flatten() {
            properties.add(&words.collect::<Vec<_>>(), commands)?;
        }
        let version = version(text("protocol-version").as_deref(), properties != Given::default())?;
        let clean = !m.get_flag("disable-clean-session");
        let session_expiry = session_expiry(text("session-expiry-interval").as_deref(), version, clean, &properties)?;
        let client_id = match (text("id"), text("id-prefix")) {
            (Some(id), _) => Some(id),
            (None, Some(prefix)) => Some(format!("{prefix}{}", std::process::id())),
            (None, None) if !version.allows_empty_client_id() => Some(format!("mqtt-{}", std::process::id())),
            (None, None) => None,
        };
        if let (Some(id), Some(most)) = (&client_id, version.client_id_limit())
            && id.chars().count() > most
        {
            return Err(format!(
                "the client identifier {id:?} is longer than the {most} characters of {version}. Shorten it or use -V mqttv311."
            ));
        }
        if client_id.as_ref().is_none_or(String::is_empty) && !clean && session_expiry != 0 {
            return Err("a session that is kept needs a client identifier: add -i NAME.".to_owned());
        }
        if password.is_some() && user.is_none() && !version.has_properties() {
            return Err(format!("-P needs -u: {version} has no password without a user name."));
        }
        let connection = Connection {
            transport,
            host: host.unwrap_or_else(|| "localhost".to_owned()),
            port: port.unwrap_or(transport.default_port()),
            unix: m.get_one::<PathBuf>("unix").cloned(),
            ws_path: text("ws-path").unwrap_or_else(|| "/mqtt".to_owned()),
            version,
            client_id,
            user,
            password,
            clean,
            session_expiry,
            keep_alive: m.get_one::<u16>("keepalive").copied().unwrap_or(60),
            will: will(m, &properties)?,
            tls: tls(m)?,
            properties,
            debug: m.get_flag("debug"),
            quiet: m.get_flag("quiet"),
        };
        Ok((connection, topic))
    }

    /// Where it goes, for people: `broker.example.org:1883` or the path of the socket.
    pub(crate) fn target(&self) -> String {
        match &self.unix {
            Some(path) => path.display().to_string(),
            None if self.host.contains(':') => format!("[{}]:{}", self.host, self.port),
            None => format!("{}:{}", self.host, self.port),
        }
    }
}

fn version(said: Option<&str>, properties: bool) -> Result<Version, String> {
    let version = match said {
        None if properties => return Ok(Version::V5),
        None | Some("mqttv311" | "311") => Version::V3_1_1,
        Some("mqttv31" | "31") => Version::V3_1,
        Some("mqttv5" | "5") => Version::V5,
        Some(other) => return Err(format!("-V {other}: there is no such version. Use mqttv31, mqttv311 or mqttv5.")),
    };
    if properties && !version.has_properties() {
        return Err(format!("-D needs MQTT 5: {version} has no properties. Use -V mqttv5."));
    }
    Ok(version)
}

fn session_expiry(said: Option<&str>, version: Version, clean: bool, given: &Given) -> Result<u32, String> {
    let stays = if clean { 0 } else { u32::MAX };
    let Some(said) = said else { return Ok(given.connect.session_expiry_interval().unwrap_or(stays)) };
    if !version.has_properties() {
        return Err(format!("-x needs MQTT 5: {version} has no session expiry. Use -V mqttv5."));
    }
    match said {
        "-1" | "∞" => Ok(u32::MAX),
        _ => said
            .parse()
            .map_err(|_| format!("-x {said}: not a number of seconds from 0 to 4294967295, or -1 for ever.")),
    }
}

fn will(m: &ArgMatches, properties: &Given) -> Result<Option<Will>, String> {
    let Some(name) = m.get_one::<String>("will-topic") else {
        return if properties.will == Default::default() {
            Ok(None)
        } else {
            Err("-D will needs --will-topic.".to_owned())
        };
    };
    check_topic(name, "--will-topic")?;
    let qos = m.get_one::<u8>("will-qos").copied().unwrap_or(0);
    Ok(Some(Will {
        topic: name.as_str().into(),
        payload: m.get_one::<OsString>("will-payload").cloned().map(OsString::into_vec).unwrap_or_default().into(),
        qos: QoS::from_u8(qos).ok_or_else(|| format!("--will-qos {qos}: there are QoS 0, 1 and 2."))?,
        retain: m.get_flag("will-retain"),
        properties: properties.will.clone(),
    }))
}

fn tls(m: &ArgMatches) -> Result<Tls, String> {
    let path = |name: &str| m.get_one::<PathBuf>(name).cloned();
    let only_tls_1_3 = match m.get_one::<String>("tls-version").map(String::as_str) {
        None | Some("tlsv1.2") => false,
        Some("tlsv1.3") => true,
        Some(other) => return Err(format!("--tls-version {other}: only tlsv1.2 and tlsv1.3 are spoken.")),
    };
    Ok(Tls {
        ca_file: path("cafile"),
        ca_path: path("capath"),
        identity: path("cert").zip(path("key")),
        insecure: m.get_flag("insecure"),
        alpn: m.get_one::<String>("tls-alpn").cloned(),
        only_tls_1_3,
    })
}

/// Refuses what cannot be published to.
pub(super) fn check_topic(name: &str, flag: &str) -> Result<(), String> {
    topic::check_name(name).map_err(|rule| format!("{flag} {name:?} cannot be published to: {}.", rule.text()))
}
