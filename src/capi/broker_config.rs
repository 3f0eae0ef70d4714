//! What a broker is started with.

use std::ffi::c_char;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use mqtt_broker::{Anonymous, Config, ListenerConfig, Overdue};
use mqtt_net::{Endpoint, ListenKind, MinVersion, Scheme, ServerTls, ServerTlsOptions, WebSocketServerOptions};
use mqtt_proto::packet::QoS;

use crate::ffi::{self, borrow_mut, guard, release, store, text};
use crate::hooks::{CHooks, mqtt_hooks};
use crate::result::{Failure, mqtt_result};

/// What a broker is started with.
pub struct BrokerConfig {
    config: Config,
    listen: Vec<String>,
    tls: Option<ServerTlsOptions>,
    hooks: Option<mqtt_hooks>,
    publish_filters: Vec<String>,
    deliver_filters: Vec<String>,
}

/// A start, ready to be made.
pub(crate) struct Setup {
    pub(crate) config: Config,
    /// Scheme and path of each listener, for its address.
    pub(crate) schemes: Vec<(Scheme, String)>,
    pub(crate) hooks: CHooks,
    /// The files of the certificates, to read them again.
    pub(crate) tls: Option<ServerTlsOptions>,
}

/// Stores a new configuration of a broker: no listener yet, anonymous clients from this machine only, no hooks. Free it
/// with mqtt_broker_config_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_broker_config_new(config: *mut *mut BrokerConfig) -> mqtt_result {
    guard(|| {
        let made = BrokerConfig {
            config: Config::default(),
            listen: Vec::new(),
            tls: None,
            hooks: None,
            publish_filters: Vec::new(),
            deliver_filters: Vec::new(),
        };
        if config.is_null() {
            return Err(Failure::null("config"));
        }
        store!(config, ffi::give(made));
        Ok(mqtt_result::Ok)
    })
}

/// Frees a configuration. NULL does nothing. Brokers started with it go on; it does not call `released` of its hooks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_broker_config_free(config: *mut BrokerConfig) {
    guard(|| {
        release!(config);
        Ok(())
    })
}

/// Sets one option by its name. `value` is text: numbers in decimal, switches as true or false, times in milliseconds
/// unless a name says otherwise.
///
/// - listen (once for each): `mqtt://127.0.0.1:1883`, `mqtts://`, `ws://`, `wss://`, `unix:///path`; port 0 takes a free one.
/// - tls_cert_file, tls_key_file, tls_ca_file, tls_ca_path, tls_require_certificate, tls_min_version (1.2 or 1.3): for
///   every listener of mqtts and wss.
/// - allow_anonymous: whether a client may come in without a hook that accepts it. Not set: from this machine only.
/// - shards: threads that serve connections, 0 for one per core. sys_interval: between two publications of `$SYS/#`, 0 none.
/// - hook_deadline, hook_overdue (refuse or proceed), hook_publish_filter (once for each filter whose messages
///   on_publish is asked about; none given: every message), hook_deliver_filter (the same for on_deliver),
///   assigned_client_id_prefix.
/// - connect_timeout, maximum_packet_size, receive_maximum, topic_alias_maximum, maximum_in_flight,
///   maximum_connections, maximum_sessions, maximum_subscriptions, maximum_queued_messages, maximum_queued_bytes,
///   maximum_retained_messages, maximum_retained_bytes, maximum_session_expiry_interval (seconds), maximum_keep_alive
///   (seconds), maximum_qos, retain_available, queue_qos0, empty_client_id, maximum_client_id_length.
///
/// MQTT_RESULT_INVALID_ARGUMENT for other names and for values that cannot be; nothing is changed then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_broker_config_set(
    config: *mut BrokerConfig,
    name: *const c_char,
    value: *const c_char,
) -> mqtt_result {
    guard(|| {
        let (name, value) = (text!(name), text!(value));
        borrow_mut!(config).set(name, value)?;
        Ok(mqtt_result::Ok)
    })
}

/// Sets many options from text: one `name value` per line, with the names of mqtt_broker_config_set; empty lines and
/// those that begin with # are skipped. Stops at the first line that is wrong, and names it; those before it hold.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_broker_config_parse(config: *mut BrokerConfig, options: *const c_char) -> mqtt_result {
    guard(|| {
        let options = text!(options);
        let config = borrow_mut!(config);
        for (number, line) in options.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (name, value) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            config
                .set(name, value.trim())
                .map_err(|failure| Failure::invalid(format!("line {}: {}", number + 1, failure.text())))?;
        }
        Ok(mqtt_result::Ok)
    })
}

/// Sets what a broker asks and tells. The structure is copied, as far as its `size` says; NULL takes hooks away.
/// MQTT_RESULT_ABI where it has fields that this library does not know, and they are set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_broker_config_set_hooks(
    config: *mut BrokerConfig,
    hooks: *const mqtt_hooks,
) -> mqtt_result {
    guard(|| {
        let config = borrow_mut!(config);
        // SAFETY: the header demands NULL or a structure whose first field is its size.
        config.hooks = unsafe { mqtt_hooks::read(hooks) }?;
        Ok(mqtt_result::Ok)
    })
}

impl BrokerConfig {
    fn set(&mut self, name: &str, value: &str) -> Result<(), Failure> {
        let config = &mut self.config;
        let (link, queue, limits) = (&mut config.link, &mut config.queue, &mut config.limits);
        let option = Value { name, value };
        match name {
            "listen" => {
                listener(value).map_err(|problem| Failure::invalid(format!("listen {value}: {problem}")))?;
                self.listen.push(value.to_owned());
            }
            "tls_cert_file" => self.tls().cert_file = PathBuf::from(value),
            "tls_key_file" => self.tls().key_file = PathBuf::from(value),
            "tls_ca_file" => self.tls().ca_file = Some(PathBuf::from(value)),
            "tls_ca_path" => self.tls().ca_path = Some(PathBuf::from(value)),
            "tls_require_certificate" => self.tls().require_certificate = option.flag()?,
            "tls_min_version" => {
                self.tls().min_version = match value {
                    "1.2" => MinVersion::Tls12,
                    "1.3" => MinVersion::Tls13,
                    _ => return Err(option.wrong("is neither 1.2 nor 1.3")),
                }
            }
            "allow_anonymous" => {
                config.anonymous = if option.flag()? { Anonymous::Allowed } else { Anonymous::Refused };
            }
            "assigned_client_id_prefix" => config.assigned_id_prefix = value.to_owned(),
            "shards" => config.shards = option.number(0, 64)?,
            "sys_interval" => config.sys_interval = option.time()?,
            "hook_deadline" => config.hook_deadline = option.time()?,
            "hook_overdue" => {
                config.hook_overdue = match value {
                    "refuse" => Overdue::Refuse,
                    "proceed" => Overdue::Proceed,
                    _ => return Err(option.wrong("is neither refuse nor proceed")),
                }
            }
            "hook_publish_filter" => {
                mqtt_proto::topic::Filter::parse(value).map_err(|rule| Failure::rule(rule, name))?;
                self.publish_filters.push(value.to_owned());
            }
            "hook_deliver_filter" => {
                mqtt_proto::topic::Filter::parse(value).map_err(|rule| Failure::rule(rule, name))?;
                self.deliver_filters.push(value.to_owned());
            }
            "connect_timeout" => link.handshake_timeout = option.number(1, u32::MAX)?,
            "maximum_packet_size" => {
                link.maximum_packet_size = option.number(20, 268_435_460)?;
                link.maximum_connect_size = link.maximum_connect_size.min(link.maximum_packet_size);
            }
            "receive_maximum" => link.receive_maximum = option.number(1, u16::MAX)?,
            "topic_alias_maximum" => {
                link.topic_alias_maximum = option.number(0, u16::MAX)?;
                link.send_alias_maximum = link.topic_alias_maximum;
            }
            "maximum_in_flight" => link.send_maximum = option.number(1, u16::MAX)?,
            "maximum_connections" => limits.maximum_connections = option.count()?,
            "maximum_sessions" => limits.maximum_sessions = option.count()?,
            "maximum_subscriptions" => limits.subscriptions_per_client = option.count()?,
            "maximum_queued_messages" => queue.messages = option.number(0, u32::MAX)?,
            "maximum_queued_bytes" => queue.bytes = option.count()?,
            "maximum_retained_messages" => limits.retained_messages = option.count()?,
            "maximum_retained_bytes" => limits.retained_bytes = option.count()?,
            "maximum_session_expiry_interval" => limits.maximum_session_expiry = option.number(0, u32::MAX)?,
            "maximum_keep_alive" => limits.maximum_keep_alive = option.number(0, u16::MAX)?,
            "maximum_qos" => {
                limits.maximum_qos = QoS::from_u8(option.number(0, 2)?).ok_or_else(|| option.wrong("is no QoS"))?;
            }
            "retain_available" => limits.retain_available = option.flag()?,
            "queue_qos0" => queue.queue_qos0 = option.flag()?,
            "empty_client_id" => limits.empty_client_id = option.flag()?,
            "maximum_client_id_length" => limits.client_id_length = option.number(1, 65_535)?,
            _ => {
                let text = format!("there is no option \"{name}\" of a broker; mqtt_broker_config_set names them");
                return Err(Failure::invalid(text));
            }
        }
        Ok(())
    }

    fn tls(&mut self) -> &mut ServerTlsOptions {
        self.tls.get_or_insert_default()
    }

    /// Reads the certificates, and puts everything together.
    pub(crate) fn setup(&self) -> Result<Setup, Failure> {
        let mut config = self.config.clone();
        let mut schemes = Vec::new();
        let mut tls = None;
        for uri in &self.listen {
            let problem = |problem: String| Failure::invalid(format!("listen {uri}: {problem}"));
            let (scheme, mut listener) = listener(uri).map_err(problem)?;
            if scheme.is_tls() {
                if tls.is_none() {
                    let Some(options) = &self.tls else {
                        return Err(problem("it needs the options tls_cert_file and tls_key_file".to_owned()));
                    };
                    tls = Some(ServerTls::new(options).map_err(|error| problem(error.to_string()))?);
                }
                listener.tls.clone_from(&tls);
            }
            let path = match &listener.kind {
                ListenKind::WebSocket(options) => options.path.clone().unwrap_or_else(|| "/mqtt".to_owned()),
                ListenKind::Plain => String::new(),
            };
            schemes.push((scheme, path));
            config.listeners.push(listener);
        }
        let hooks = CHooks::new(self.hooks, self.publish_filters.clone(), self.deliver_filters.clone());
        Ok(Setup { config, schemes, hooks, tls: self.tls.clone() })
    }
}

/// One option as text.
struct Value<'a> {
    name: &'a str,
    value: &'a str,
}

impl Value<'_> {
    fn wrong(&self, what: &str) -> Failure {
        Failure::invalid(format!("{}: \"{}\" {what}", self.name, self.value))
    }

    fn flag(&self) -> Result<bool, Failure> {
        match self.value {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(self.wrong("is neither true nor false")),
        }
    }

    fn number<T: FromStr + PartialOrd + std::fmt::Display>(&self, least: T, most: T) -> Result<T, Failure> {
        match self.value.parse::<T>() {
            Ok(number) if number >= least && number <= most => Ok(number),
            _ => Err(self.wrong(&format!("is no number from {least} to {most}"))),
        }
    }

    fn count(&self) -> Result<usize, Failure> {
        self.number(0, usize::MAX)
    }

    fn time(&self) -> Result<Duration, Failure> {
        self.number(0, u32::MAX).map(|milliseconds| Duration::from_millis(milliseconds.into()))
    }
}

/// The listener that a URI says. Unlike that of a client it may have port 0, and has no user.
fn listener(uri: &str) -> Result<(Scheme, ListenerConfig), String> {
    let (before, path) = authority_end(uri);
    let free_port = before.strip_suffix(":0");
    let plain = free_port.map_or_else(|| uri.to_owned(), |before| format!("{before}{path}"));
    let endpoint = Endpoint::parse(&plain).map_err(|error| error.to_string())?;
    if endpoint.user_name.is_some() || endpoint.password.is_some() {
        return Err("a listener has no user name and password".to_owned());
    }
    if endpoint.scheme == Scheme::Unix {
        return Ok((Scheme::Unix, ListenerConfig::unix(endpoint.path)));
    }
    let port = if free_port.is_some() { 0 } else { endpoint.port };
    let mut listener = ListenerConfig::tcp(address(&endpoint.host, port)?);
    if endpoint.scheme.is_websocket() {
        // A URI without a path serves every path, as clients differ in their defaults.
        let path = path.starts_with('/').then(|| endpoint.path.split('?').next().map(str::to_owned)).flatten();
        listener.kind = ListenKind::WebSocket(WebSocketServerOptions { path, ..WebSocketServerOptions::default() });
    }
    Ok((endpoint.scheme, listener))
}

/// What comes before the path, and the path.
fn authority_end(uri: &str) -> (&str, &str) {
    let begin = uri.find("://").map_or(0, |at| at + 3);
    uri.split_at(uri[begin..].find(['/', '?', '#']).map_or(uri.len(), |at| begin + at))
}

/// The address of a host: the first one, IPv4 before IPv6.
fn address(host: &str, port: u16) -> Result<SocketAddr, String> {
    if let Ok(ip) = host.parse::<IpAddr>() {
        return Ok(SocketAddr::new(ip, port));
    }
    let found = (host, port).to_socket_addrs().map_err(|error| format!("cannot resolve {host}: {error}"))?;
    found.min_by_key(SocketAddr::is_ipv6).ok_or_else(|| format!("{host} has no address"))
}
