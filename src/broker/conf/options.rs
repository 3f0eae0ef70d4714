//! Names to meaning: what each option sets, and what is said about those that are not there.

use std::net::IpAddr;
use std::path::PathBuf;

use crate::UserName;

use super::lexer::Setting;
use super::{Bind, Conf, ConfError, Destination, Domain, Kind, Listener, Log, Place, Protocol, Security, Tls};

/// The port of a file that names none.
const DEFAULT_PORT: u16 = 1883;

/// Follows the settings in order.
pub(super) fn interpret(settings: Vec<Setting>) -> Result<Conf, ConfError> {
    let mut reader = Reader::new();
    for setting in &settings {
        reader.apply(setting)?;
    }
    reader.finish()
}

struct Reader {
    conf: Conf,
    /// The default listener (index 0) and those of `listener` lines.
    sections: Vec<Section>,
    /// Something was said about the default listener, so it exists.
    default_listener: bool,
    per_listener: bool,
    security: SecuritySection,
    destinations: Option<Vec<Destination>>,
    kinds: Option<Vec<Kind>>,
}

/// A listener while it is being read.
struct Section {
    place: Option<Place>,
    port: u16,
    address: Option<String>,
    protocol: Protocol,
    domain: Domain,
    max_connections: Option<u32>,
    max_qos: u8,
    max_topic_alias: u16,
    certificate: Option<(Setting, PathBuf)>,
    key: Option<(Setting, PathBuf)>,
    ca_file: Option<(Setting, PathBuf)>,
    ca_path: Option<(Setting, PathBuf)>,
    require_certificate: Option<(Setting, bool)>,
    user_name: Option<(Setting, UserName)>,
    only_tls_1_3: bool,
    security: SecuritySection,
}

#[derive(Default)]
struct SecuritySection {
    allow_anonymous: Option<bool>,
    allow_zero_length_clientid: Option<bool>,
    auto_id_prefix: Option<String>,
}

impl Reader {
    fn new() -> Reader {
        Reader {
            conf: Conf {
                listeners: Vec::new(),
                local_only: false,
                max_inflight_messages: Some(20),
                max_queued_messages: Some(1000),
                max_queued_bytes: None,
                max_packet_size: None,
                message_size_limit: None,
                max_keepalive: u16::MAX,
                persistent_client_expiration: None,
                queue_qos0_messages: false,
                retain_available: true,
                sys_interval: Some(std::time::Duration::from_secs(10)),
                log: Log::default(),
                pid_file: None,
                notes: Vec::new(),
            },
            sections: vec![Section::new(None, DEFAULT_PORT, None)],
            default_listener: false,
            per_listener: false,
            security: SecuritySection::default(),
            destinations: None,
            kinds: None,
        }
    }

    fn apply(&mut self, setting: &Setting) -> Result<(), ConfError> {
        let conf = &mut self.conf;
        match setting.name.as_str() {
            "listener" => {
                let section = listener(setting)?;
                self.sections.push(section);
            }
            "port" => {
                self.default_listener = true;
                self.sections[0].place = Some(setting.place.clone());
                self.sections[0].port = setting.number(1..=u16::MAX)?;
            }
            "bind_address" => {
                self.default_listener = true;
                self.sections[0].address = Some(setting.word()?.to_owned());
            }
            "protocol"
            | "socket_domain"
            | "max_connections"
            | "max_qos"
            | "maximum_qos"
            | "max_topic_alias"
            | "cafile"
            | "capath"
            | "certfile"
            | "keyfile"
            | "require_certificate"
            | "use_identity_as_username"
            | "use_subject_as_username"
            | "tls_version" => {
                self.default_listener |= self.sections.len() == 1;
                self.section().apply(setting)?;
            }
            "allow_anonymous" => self.security().allow_anonymous = Some(setting.boolean()?),
            "allow_zero_length_clientid" => self.security().allow_zero_length_clientid = Some(setting.boolean()?),
            "auto_id_prefix" => self.security().auto_id_prefix = Some(setting.text()?.to_owned()),
            "per_listener_settings" => self.per_listener = setting.boolean()?,
            "max_inflight_messages" => conf.max_inflight_messages = setting.bound(u16::MAX)?,
            "max_queued_messages" => conf.max_queued_messages = setting.bound(usize::MAX)?,
            "max_queued_bytes" => conf.max_queued_bytes = setting.bound(usize::MAX)?,
            "max_packet_size" => conf.max_packet_size = Some(setting.number(20..=268_435_460)?),
            "message_size_limit" => conf.message_size_limit = setting.bound(268_435_455)?,
            "max_keepalive" => conf.max_keepalive = setting.number(10..=u16::MAX)?,
            "persistent_client_expiration" => conf.persistent_client_expiration = Some(setting.duration()?),
            "queue_qos0_messages" => conf.queue_qos0_messages = setting.boolean()?,
            "retain_available" => conf.retain_available = setting.boolean()?,
            "set_tcp_nodelay" if setting.boolean()? => {}
            "set_tcp_nodelay" => return Err(setting.refuse("TCP_NODELAY is always on here. Remove the line.")),
            "sys_interval" => {
                conf.sys_interval = setting.bound(65_535)?.map(std::time::Duration::from_secs);
            }
            "log_dest" => self.log_destination(setting)?,
            "log_type" => self.log_kind(setting)?,
            "log_timestamp" => conf.log.timestamp = setting.boolean()?,
            "log_timestamp_format" => conf.log.timestamp_format = Some(setting.text()?.to_owned()),
            "connection_messages" => conf.log.connection_messages = setting.boolean()?,
            "pid_file" => conf.pid_file = Some(setting.path()?),
            "persistence" if !setting.boolean()? => {}
            "user" => {
                let note = user(setting)?;
                conf.notes.push(note);
            }
            _ => return Err(refusal(setting)),
        }
        Ok(())
    }

    /// The listener that options belong to at this point of the file.
    fn section(&mut self) -> &mut Section {
        self.sections.last_mut().expect("the default listener is always there")
    }

    /// Where the authentication options of this point of the file go.
    fn security(&mut self) -> &mut SecuritySection {
        if self.per_listener { &mut self.section().security } else { &mut self.security }
    }

    fn log_destination(&mut self, setting: &Setting) -> Result<(), ConfError> {
        let destination = match setting.words()? {
            ("stderr", None) => Some(Destination::Stderr),
            ("stdout", None) => Some(Destination::Stdout),
            ("none", None) => None,
            ("file", Some(path)) => Some(Destination::File(path.into())),
            ("file", None) => {
                return Err(setting.refuse("the path of the file is missing. Write it behind the word file."));
            }
            ("syslog" | "topic" | "dlt", _) => {
                let problem = "the log goes to stderr, stdout, a file or nowhere. Write log_dest stderr and let systemd's journal collect it.";
                return Err(setting.refuse(problem));
            }
            _ => {
                return Err(
                    setting.refuse(format!("{:?} is not one of stderr, stdout, file PATH, none.", setting.value))
                );
            }
        };
        let destinations = self.destinations.get_or_insert_default();
        match destination {
            Some(destination) if !destinations.contains(&destination) => destinations.push(destination),
            Some(_) => {}
            None => destinations.clear(),
        }
        Ok(())
    }

    fn log_kind(&mut self, setting: &Setting) -> Result<(), ConfError> {
        let one = |kind| (Some(kind), false);
        let (kind, all) = setting.choice(&[
            ("error", one(Kind::Error)),
            ("warning", one(Kind::Warning)),
            ("notice", one(Kind::Notice)),
            ("information", one(Kind::Information)),
            ("debug", one(Kind::Debug)),
            ("subscribe", one(Kind::Subscribe)),
            ("unsubscribe", one(Kind::Unsubscribe)),
            ("websockets", one(Kind::WebSockets)),
            ("none", (None, false)),
            ("all", (None, true)),
        ])?;
        let kinds = self.kinds.get_or_insert_default();
        match kind {
            Some(kind) if !kinds.contains(&kind) => kinds.push(kind),
            Some(_) => {}
            None if all => *kinds = Kind::ALL.to_vec(),
            None => kinds.clear(),
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Conf, ConfError> {
        if let Some(destinations) = self.destinations {
            self.conf.log.destinations = destinations;
        }
        if let Some(kinds) = self.kinds {
            self.conf.log.kinds = kinds;
        }
        self.conf.local_only = !self.default_listener && self.sections.len() == 1;
        if !self.default_listener && !self.conf.local_only {
            self.sections.remove(0);
        }
        for section in self.sections {
            let said = if self.per_listener { &section.security } else { &self.security };
            let security = Security {
                allow_anonymous: said.allow_anonymous.unwrap_or(self.conf.local_only),
                allow_zero_length_clientid: said.allow_zero_length_clientid.unwrap_or(true),
                auto_id_prefix: said.auto_id_prefix.clone().unwrap_or_else(|| "auto-".to_owned()),
            };
            self.conf.listeners.push(section.finish(security, self.conf.local_only)?);
        }
        Ok(self.conf)
    }
}

impl Section {
    fn new(place: Option<Place>, port: u16, address: Option<String>) -> Section {
        Section {
            place,
            port,
            address,
            protocol: Protocol::Mqtt,
            domain: Domain::Both,
            max_connections: None,
            max_qos: 2,
            max_topic_alias: 10,
            certificate: None,
            key: None,
            ca_file: None,
            ca_path: None,
            require_certificate: None,
            user_name: None,
            only_tls_1_3: false,
            security: SecuritySection::default(),
        }
    }

    fn apply(&mut self, setting: &Setting) -> Result<(), ConfError> {
        let with = |path| (setting.clone(), path);
        match setting.name.as_str() {
            "protocol" => {
                self.protocol = setting.choice(&[("mqtt", Protocol::Mqtt), ("websockets", Protocol::WebSockets)])?;
            }
            "socket_domain" => self.domain = setting.choice(&[("ipv4", Domain::V4), ("ipv6", Domain::V6)])?,
            "max_connections" => self.max_connections = u32::try_from(setting.number(-1..=i32::MAX)?).ok(),
            "max_qos" | "maximum_qos" => self.max_qos = setting.number(0..=2)?,
            "max_topic_alias" => self.max_topic_alias = setting.number(0..=u16::MAX)?,
            "cafile" => self.ca_file = Some(with(setting.path()?)),
            "capath" => self.ca_path = Some(with(setting.path()?)),
            "certfile" => self.certificate = Some(with(setting.path()?)),
            "keyfile" => self.key = Some(with(setting.path()?)),
            "require_certificate" => self.require_certificate = Some((setting.clone(), setting.boolean()?)),
            "use_identity_as_username" => self.take_user_name(setting, UserName::CommonName)?,
            "use_subject_as_username" => self.take_user_name(setting, UserName::Subject)?,
            "tls_version" => self.only_tls_1_3 = setting.choice(&[("tlsv1.2", false), ("tlsv1.3", true)])?,
            other => unreachable!("{other} is not an option of a listener"),
        }
        Ok(())
    }

    fn take_user_name(&mut self, setting: &Setting, from: UserName) -> Result<(), ConfError> {
        self.user_name = setting.boolean()?.then(|| (setting.clone(), from)).or(self.user_name.take());
        Ok(())
    }

    fn finish(self, security: Security, local_only: bool) -> Result<Listener, ConfError> {
        let bind = match (self.address, self.port) {
            (None, port) if local_only => Bind::Loopback(port),
            (None, port) => Bind::Any(port),
            // Beyond Mosquitto: port 0 of an address is any free port, which the log then names.
            (Some(address), 0) if address.parse::<IpAddr>().is_ok() => Bind::Host(address, 0),
            (Some(path), 0) => Bind::Unix(path.into()),
            (Some(host), port) => Bind::Host(host, port),
        };
        let require_certificate = self.require_certificate.as_ref().is_some_and(|(_, required)| *required);
        if let Some((setting, _)) = &self.user_name
            && !require_certificate
        {
            return Err(setting.refuse(
                "user names come from client certificates, and none is asked for. Add require_certificate true.",
            ));
        }
        let tls = match (self.certificate, self.key) {
            (Some((_, certificate)), Some((_, key))) => {
                if let Some((setting, true)) = &self.require_certificate
                    && self.ca_file.is_none()
                    && self.ca_path.is_none()
                {
                    return Err(setting.refuse(
                        "there is nothing to check certificates against. Add cafile or capath to this listener.",
                    ));
                }
                let (ca_file, ca_path) = (self.ca_file.map(|(_, p)| p), self.ca_path.map(|(_, p)| p));
                let user_name = self.user_name.map_or(UserName::Connect, |(_, from)| from);
                Some(Tls {
                    certificate,
                    key,
                    ca_file,
                    ca_path,
                    require_certificate,
                    user_name,
                    only_tls_1_3: self.only_tls_1_3,
                })
            }
            (Some((setting, _)), None) => {
                return Err(setting.refuse("the private key is missing. Add keyfile to this listener."));
            }
            (None, Some((setting, _))) => {
                return Err(setting.refuse("the certificate is missing. Add certfile to this listener."));
            }
            (None, None) => {
                let alone = self.ca_file.or(self.ca_path).map(|(setting, _)| setting);
                let alone =
                    alone.or(self.require_certificate.filter(|(_, required)| *required).map(|(setting, _)| setting));
                if let Some(setting) = alone {
                    let problem = "the listener has no certificate of its own and would not be encrypted. Add certfile and keyfile, or remove the line.";
                    return Err(setting.refuse(problem));
                }
                None
            }
        };
        Ok(Listener {
            place: self.place,
            bind,
            protocol: self.protocol,
            domain: self.domain,
            max_connections: self.max_connections,
            max_qos: self.max_qos,
            max_topic_alias: self.max_topic_alias,
            tls,
            security,
        })
    }
}

/// `listener port [address]`, or `listener 0 path` for a Unix socket.
fn listener(setting: &Setting) -> Result<Section, ConfError> {
    let (word, rest) = setting.words()?;
    let Ok(port) = word.parse::<u16>() else {
        return Err(setting.refuse(format!("{word:?} is not a port from 1 to 65535, or 0 for a Unix socket.")));
    };
    let address = match rest.map(|rest| rest.split_once([' ', '\t']).unwrap_or((rest, ""))) {
        // A socket path is one word; anything but a comment behind the address is a mistake.
        Some((address, more)) if more.trim_start().is_empty() || more.trim_start().starts_with('#') => {
            Some(address.to_owned())
        }
        Some((_, more)) => return Err(setting.refuse(format!("{more:?} is left over behind the address. Remove it."))),
        None => None,
    };
    if port == 0 && address.is_none() {
        return Err(setting.refuse("port 0 is for Unix sockets. Write the socket's path behind it, or another port."));
    }
    Ok(Section::new(Some(setting.place.clone()), port, address))
}

/// The broker changes no user; a name that asks for none is taken.
fn user(setting: &Setting) -> Result<String, ConfError> {
    let name = setting.word()?;
    let own = std::env::var("USER").or_else(|_| std::env::var("LOGNAME")).unwrap_or_default();
    if name == "root" || name == own {
        return Ok(format!("{}: user {name}: the broker keeps running as the user that started it.", setting.place));
    }
    Err(setting.refuse(format!(
        "the broker does not change its user. Remove the line and start it as {name} (systemd: User={name}; shell: runuser -u {name} -- mqtt broker ...)."
    )))
}

/// What is said about an option that cannot be followed.
fn refusal(setting: &Setting) -> ConfError {
    let name = setting.name.as_str();
    for (names, advice) in KNOWN {
        if names
            .iter()
            .any(|known| *known == name || known.strip_suffix('*').is_some_and(|begin| name.starts_with(begin)))
        {
            return setting.refuse(format!("this option of Mosquitto is not supported. {advice}"));
        }
    }
    match nearest(name) {
        Some(near) => setting.refuse(format!("there is no such option. Did you mean {near}?")),
        None => setting.refuse("there is no such option. Check the spelling, or put a # in front of the line."),
    }
}

/// The supported option that a misspelt one probably means: at most two letters changed, added or left out.
fn nearest(name: &str) -> Option<&'static str> {
    SUPPORTED
        .iter()
        .copied()
        .map(|option| (distance(name, option), option))
        .min()
        .filter(|(d, _)| *d <= 2)
        .map(|(_, o)| o)
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// Options that [`Reader::apply`] follows.
pub(super) const SUPPORTED: &[&str] = &[
    "allow_anonymous",
    "allow_zero_length_clientid",
    "auto_id_prefix",
    "bind_address",
    "cafile",
    "capath",
    "certfile",
    "connection_messages",
    "include_dir",
    "keyfile",
    "listener",
    "log_dest",
    "log_timestamp",
    "log_timestamp_format",
    "log_type",
    "max_connections",
    "max_inflight_messages",
    "max_keepalive",
    "max_packet_size",
    "max_qos",
    "max_queued_bytes",
    "max_queued_messages",
    "max_topic_alias",
    "maximum_qos",
    "message_size_limit",
    "per_listener_settings",
    "persistence",
    "persistent_client_expiration",
    "pid_file",
    "port",
    "protocol",
    "queue_qos0_messages",
    "require_certificate",
    "retain_available",
    "set_tcp_nodelay",
    "socket_domain",
    "sys_interval",
    "tls_version",
    "use_identity_as_username",
    "use_subject_as_username",
    "user",
];

/// Options of Mosquitto that this broker does not have, and what to do instead.
#[rustfmt::skip]
const KNOWN: &[(&[&str], &str)] = &[
    (&["persistence", "persistence_file", "persistence_location", "autosave_interval", "autosave_on_changes"],
     "Sessions and retained messages are kept in memory only: write persistence false and remove the other persistence lines."),
    (&["password_file", "acl_file", "psk_file", "auth_plugin", "auth_opt_*", "auth_plugin_deny_special_chars", "plugin", "plugin_opt_*",
       "global_plugin", "plugin_load", "plugin_use", "clientid_prefixes", "check_retain_source", "acl_*"],
     "Who may connect, publish and subscribe is decided by the hooks of an embedded broker (PHP: Mqtt\\Server), by allow_anonymous, or by client certificates: remove the line."),
    (&["use_username_as_clientid"],
     "A client keeps its own identifier; the hooks of an embedded broker (PHP: Mqtt\\Server::onConnect()) can refuse those that are not the user's: remove the line."),
    (&["crlfile", "ciphers", "ciphers_tls1.3", "dhparamfile", "tls_engine", "tls_engine_kpass_sha1", "tls_keyform", "psk_hint", "disable_client_cert_date_checks"],
     "TLS 1.2 and 1.3 are always on, with the ciphers of rustls: remove the line."),
    (&["connection", "address", "addresses", "bridge_*", "cleansession", "idle_timeout", "keepalive_interval", "local_*", "notification*",
       "remote_*", "restart_timeout", "round_robin", "start_type", "threshold", "topic", "try_private", "clientid", "username", "password"],
     "There are no bridges: remove the bridge section."),
    (&["mount_point"],
     "Topics are as clients name them; the hooks of an embedded broker (PHP: Mqtt\\Server::onPublish(), onSubscribe()) can change or refuse them: remove the line."),
    (&["http_dir", "websockets_headers_size", "websockets_log_level", "websockets_origin"],
     "A listener with protocol websockets speaks MQTT to every client and nothing else: remove the line."),
    (&["accept_protocol_versions"],
     "MQTT 3.1, 3.1.1 and 5 are always accepted; the hooks of an embedded broker (PHP: Mqtt\\Server::onConnect()) can refuse a version: remove the line."),
    (&["enable_proxy_protocol"], "The PROXY protocol is not read: remove the line, and the proxy's setting."),
    (&["bind_interface", "listener_*"],
     "Give the listener an address instead, or remove the line."),
    (&["log_facility"], "The log goes to stderr or stdout: remove the line."),
    (&["max_inflight_bytes", "memory_limit", "upgrade_outgoing_qos", "allow_duplicate_messages", "retry_interval", "store_clean_interval",
       "retain_expiry_interval", "global_max_connections", "global_max_clients", "packet_buffer_size", "enable_control_api", "allow_unsafe_*"],
     "Remove the line, or put a # in front of it."),
];
