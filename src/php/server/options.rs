//! The options of `Mqtt\Server` to the configuration of a broker.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mqtt_broker::{Anonymous, Bind, Config, Level, Levels, ListenerConfig, Overdue, conf};
use mqtt_net::{Endpoint, ListenKind, MinVersion, Scheme, ServerTls, ServerTlsOptions, WebSocketServerOptions};
use mqtt_proto::Limits;

use crate::callback::Callback;
use crate::convert::{Call, Item, wrong_type};
use crate::exception::value_error;
use crate::guard::Outcome;
use crate::zend::{self, HashTable, Key, Zval};

/// What a server is started with.
pub(super) struct Setup {
    pub(super) config: Config,
    /// Scheme and path of each listener, for its address.
    pub(super) schemes: Vec<(Scheme, String)>,
    /// Neither the option allowAnonymous nor a file was given.
    pub(super) anonymous_is_default: bool,
    /// Bytes of payload; more is acknowledged and goes to nobody.
    pub(super) message_size_limit: Option<usize>,
    /// Sentences to log at the start.
    pub(super) notes: Vec<String>,
    pub(super) levels: Levels,
}

/// The options that are values of PHP.
#[derive(Default)]
pub(super) struct Objects {
    pub(super) handler: Option<Zval>,
    pub(super) logger: Option<Callback>,
}

const OPTIONS: &[&str] = &[
    "config",
    "listen",
    "tls",
    "limits",
    "allowAnonymous",
    "assignedClientIdPrefix",
    "shards",
    "sysInterval",
    "hookDeadline",
    "hookOverdue",
    "handler",
    "logger",
    "logLevel",
];

const TLS: &[&str] = &["certFile", "keyFile", "caFile", "caPath", "requireCertificate", "minVersion"];

const LIMITS: &[&str] = &[
    "maximumPacketSize",
    "receiveMaximum",
    "topicAliasMaximum",
    "maximumInFlight",
    "maximumConnections",
    "maximumSessions",
    "maximumSubscriptions",
    "maximumQueuedMessages",
    "maximumQueuedBytes",
    "maximumRetainedMessages",
    "maximumRetainedBytes",
    "maximumSessionExpiryInterval",
    "maximumKeepAlive",
    "maximumQoS",
    "retainAvailable",
    "queueQoS0",
    "emptyClientId",
    "maximumClientIdLength",
    "connectTimeout",
];

/// Reads the one argument of the constructor.
pub(super) fn from_args(call: &Call) -> Outcome<(Setup, Objects)> {
    let mut reader = Reader::new();
    if let Some(value) = call.arg(0) {
        match zend::as_array(value) {
            Some(array) => {
                // What the file says comes first, wherever it stands.
                each(array, "option", OPTIONS, |name, item| match name {
                    "config" if !item.is_null() => reader.file(&item.string()?),
                    _ => Ok(()),
                })?;
                each(array, "option", OPTIONS, |name, item| reader.option(name, item))?;
            }
            None if zend::as_bytes(value).is_some() || zend::as_object(value).is_some() => {
                reader.file(call.text(0)?)?
            }
            None => return Err(wrong_type(0, "array|string", value)),
        }
    }
    reader.finish()
}

struct Reader {
    setup: Setup,
    objects: Objects,
    /// The option listen; without it the listeners of a file, or the default.
    uris: Option<Vec<String>>,
    tls: Option<ServerTlsOptions>,
}

impl Reader {
    fn new() -> Reader {
        Reader {
            setup: Setup {
                config: Config::default(),
                schemes: Vec::new(),
                anonymous_is_default: true,
                message_size_limit: None,
                notes: Vec::new(),
                levels: Levels::DEFAULT,
            },
            objects: Objects::default(),
            uris: None,
            tls: None,
        }
    }

    /// Mosquitto's configuration file. Its log settings are those of a program: here the log goes to the logger.
    fn file(&mut self, path: &str) -> Outcome {
        if path.is_empty() {
            return Err(value_error("The path of the configuration file is empty"));
        }
        let read = conf::read(Path::new(path)).map_err(|error| value_error(&error.to_string()))?;
        let file = conf::with_file(read, None).map_err(|error| value_error(&error))?;
        let setup = &mut self.setup;
        setup.config = file.config;
        setup.anonymous_is_default = false;
        setup.message_size_limit = file.message_size_limit;
        setup.notes = file.notes;
        if let Some(pid_file) = file.pid_file {
            setup.notes.push(format!("pid_file {} is not written: the process is the script's.", pid_file.display()));
        }
        Ok(())
    }

    fn option(&mut self, name: &str, item: &mut Item<'_>) -> Outcome {
        if item.is_null() {
            return Ok(());
        }
        let config = &mut self.setup.config;
        match name {
            "config" => {}
            "listen" => self.uris = Some(strings(item)?),
            "tls" => self.tls = Some(tls_options(item)?),
            "limits" => each(array_of(item)?, "limit", LIMITS, |name, item| limit(config, name, item))?,
            "allowAnonymous" => {
                config.anonymous = if item.bool()? { Anonymous::Allowed } else { Anonymous::Refused };
                // A file says it for each of its listeners.
                config.listeners.iter_mut().for_each(|listener| listener.anonymous = None);
                self.setup.anonymous_is_default = false;
            }
            "assignedClientIdPrefix" => {
                // 24 digits come behind it.
                let prefix = item.string()?;
                if prefix.contains('\0') || prefix.len() > 65_511 {
                    return Err(item.wrong_value("must not contain U+0000 and must have at most 65511 bytes"));
                }
                config.assigned_id_prefix = prefix;
            }
            "shards" => config.shards = item.long(0, 64)? as usize,
            "sysInterval" => config.sys_interval = item.seconds()?,
            "hookDeadline" => {
                config.hook_deadline = item.seconds()?;
                if config.hook_deadline.is_zero() {
                    return Err(item.wrong_value("must be greater than 0: nobody can answer at once"));
                }
            }
            "hookOverdue" => {
                config.hook_overdue = match &*item.string()? {
                    "refuse" => Overdue::Refuse,
                    "proceed" => Overdue::Proceed,
                    _ => return Err(item.wrong_value("must be 'refuse' or 'proceed'")),
                };
            }
            "handler" => {
                if zend::instance(item.value, super::handler_class()).is_none() {
                    return Err(item.wrong_type("?Mqtt\\Server\\Handler"));
                }
                self.objects.handler = Some(zend::copy(item.value));
            }
            "logger" => self.objects.logger = Some(logger(item)?),
            _ => self.setup.levels = levels(item)?,
        }
        Ok(())
    }

    fn finish(mut self) -> Outcome<(Setup, Objects)> {
        let uris = match self.uris {
            Some(uris) => {
                self.setup.config.listeners.clear();
                uris
            }
            None if self.setup.config.listeners.is_empty() => vec!["mqtt://127.0.0.1:1883".to_owned()],
            None => {
                self.encrypt()?;
                Vec::new()
            }
        };
        self.setup.config.listeners.extend(listeners(&uris, self.tls.as_ref())?);
        if self.setup.config.listeners.is_empty() {
            return Err(value_error("Option \"listen\" must name at least one URI"));
        }
        self.setup.schemes = self.setup.config.listeners.iter().map(scheme).collect();
        Ok((self.setup, self.objects))
    }

    /// The option tls stands above the certificates of a file, on those of its listeners that are encrypted.
    fn encrypt(&mut self) -> Outcome {
        let Some(options) = &self.tls else { return Ok(()) };
        let mut encrypted = self.setup.config.listeners.iter_mut().filter(|listener| listener.tls.is_some()).peekable();
        if encrypted.peek().is_some() {
            let tls = server_tls(options)?;
            encrypted.for_each(|listener| listener.tls = Some(Arc::clone(&tls)));
        }
        Ok(())
    }
}

fn server_tls(options: &ServerTlsOptions) -> Outcome<Arc<ServerTls>> {
    ServerTls::new(options).map_err(|error| value_error(&format!("Option \"tls\": {error}")))
}

/// The listeners that these URIs say.
pub(crate) fn listeners(uris: &[String], tls_options: Option<&ServerTlsOptions>) -> Outcome<Vec<ListenerConfig>> {
    let problem = |uri: &str, problem: &str| value_error(&format!("Option \"listen\": \"{uri}\": {problem}"));
    let mut tls = None;
    let mut listeners = Vec::with_capacity(uris.len());
    for uri in uris {
        let (scheme, mut listener) = listener(uri).map_err(|text| problem(uri, &text))?;
        if scheme.is_tls() {
            if tls.is_none() {
                let Some(options) = tls_options else {
                    return Err(problem(uri, "it needs the option \"tls\" with certFile and keyFile"));
                };
                tls = Some(server_tls(options)?);
            }
            listener.tls.clone_from(&tls);
        }
        listeners.push(listener);
    }
    Ok(listeners)
}

/// The option tls.
pub(crate) fn tls_options(item: &mut Item<'_>) -> Outcome<ServerTlsOptions> {
    let mut tls = ServerTlsOptions::default();
    each(array_of(item)?, "option \"tls\": key", TLS, |name, item| tls_option(&mut tls, name, item))?;
    Ok(tls)
}

/// The option logger.
pub(crate) fn logger(item: &mut Item<'_>) -> Outcome<Callback> {
    let callback = Callback::new(item.value).or_else(|| Callback::method(item.value, c"log"));
    callback.ok_or_else(|| item.wrong_type("a PSR-3 logger or callable"))
}

/// Scheme and path of a listener.
pub(crate) fn scheme(listener: &ListenerConfig) -> (Scheme, String) {
    match (&listener.bind, &listener.kind, listener.tls.is_some()) {
        (Bind::Unix(_), _, _) => (Scheme::Unix, String::new()),
        (_, ListenKind::Plain, false) => (Scheme::Mqtt, String::new()),
        (_, ListenKind::Plain, true) => (Scheme::Mqtts, String::new()),
        (_, ListenKind::WebSocket(options), is_tls) => {
            let path = options.path.clone().unwrap_or_else(|| "/mqtt".to_owned());
            (if is_tls { Scheme::Wss } else { Scheme::Ws }, path)
        }
    }
}

/// Visits options by name; one that is not known is refused with those that are.
pub(crate) fn each(
    array: *mut HashTable,
    what: &str,
    known: &[&str],
    mut visit: impl FnMut(&str, &mut Item<'_>) -> Outcome,
) -> Outcome {
    zend::each(array, |key, value| {
        let name = match key {
            Key::Name(name) => String::from_utf8_lossy(name).into_owned(),
            Key::Index(index) => index.to_string(),
        };
        if !known.contains(&&*name) {
            if matches!(&*name, "store" | "dashboard") {
                return Err(value_error(&format!("The option \"{name}\" is not available in this version")));
            }
            return Err(value_error(&format!("Unknown {what} \"{name}\"; there are {}", known.join(", "))));
        }
        // A conversion in place would change the caller's array.
        let mut value = zend::copy(value);
        visit(&name, &mut Item::new(&mut value, format!("{}{} \"{name}\"", what[..1].to_uppercase(), &what[1..])))
    })
}

fn array_of(item: &Item<'_>) -> Outcome<*mut HashTable> {
    zend::as_array(item.value).ok_or_else(|| item.wrong_type("array"))
}

/// One string, or a list of strings.
pub(crate) fn strings(item: &mut Item<'_>) -> Outcome<Vec<String>> {
    let Some(array) = zend::as_array(item.value) else { return Ok(vec![item.string()?]) };
    let mut all = Vec::new();
    zend::each(array, |_, value| {
        let mut value = zend::copy(value);
        all.push(Item::new(&mut value, item.name.clone()).string()?);
        Ok(())
    })?;
    Ok(all)
}

fn tls_option(tls: &mut ServerTlsOptions, name: &str, item: &mut Item<'_>) -> Outcome {
    if item.is_null() {
        return Ok(());
    }
    match name {
        "certFile" => tls.cert_file = PathBuf::from(item.string()?),
        "keyFile" => tls.key_file = PathBuf::from(item.string()?),
        "caFile" => tls.ca_file = Some(PathBuf::from(item.string()?)),
        "caPath" => tls.ca_path = Some(PathBuf::from(item.string()?)),
        "requireCertificate" => tls.require_certificate = item.bool()?,
        _ => {
            tls.min_version = match &*item.string()? {
                "1.2" => MinVersion::Tls12,
                "1.3" => MinVersion::Tls13,
                _ => return Err(item.wrong_value("must be '1.2' or '1.3'")),
            };
        }
    }
    Ok(())
}

fn limit(config: &mut Config, name: &str, item: &mut Item<'_>) -> Outcome {
    const U16: i64 = u16::MAX as i64;
    const U32: i64 = u32::MAX as i64;
    if item.is_null() {
        return Ok(());
    }
    let (link, queue, limits) = (&mut config.link, &mut config.queue, &mut config.limits);
    let count = |item: &mut Item<'_>| item.long(0, i64::MAX).map(|number| number as usize);
    match name {
        "maximumPacketSize" => {
            link.maximum_packet_size = item.long(20, 268_435_460)? as u32;
            // Not what a file made of it.
            link.maximum_connect_size = Limits::default().maximum_connect_size.min(link.maximum_packet_size);
        }
        "receiveMaximum" => link.receive_maximum = item.long(1, U16)? as u16,
        "topicAliasMaximum" => {
            link.topic_alias_maximum = item.long(0, U16)? as u16;
            link.send_alias_maximum = link.topic_alias_maximum;
        }
        "maximumInFlight" => link.send_maximum = item.long(1, U16)? as u16,
        "maximumConnections" => {
            limits.maximum_connections = count(item)?;
            // A file says it for each of its listeners.
            config.listeners.iter_mut().for_each(|listener| listener.maximum_connections = 0);
        }
        "maximumSessions" => limits.maximum_sessions = count(item)?,
        "maximumSubscriptions" => limits.subscriptions_per_client = count(item)?,
        "maximumQueuedMessages" => queue.messages = item.long(0, U32)? as u32,
        "maximumQueuedBytes" => queue.bytes = count(item)?,
        "maximumRetainedMessages" => limits.retained_messages = count(item)?,
        "maximumRetainedBytes" => limits.retained_bytes = count(item)?,
        "maximumSessionExpiryInterval" => limits.maximum_session_expiry = item.long(0, U32)? as u32,
        "maximumKeepAlive" => limits.maximum_keep_alive = item.long(0, U16)? as u16,
        "maximumQoS" => limits.maximum_qos = item.qos()?,
        "retainAvailable" => limits.retain_available = item.bool()?,
        "queueQoS0" => queue.queue_qos0 = item.bool()?,
        "emptyClientId" => limits.empty_client_id = item.bool()?,
        "maximumClientIdLength" => limits.client_id_length = item.long(1, U16)? as usize,
        _ => link.handshake_timeout = item.seconds()?.as_millis().try_into().unwrap_or(u32::MAX),
    }
    Ok(())
}

/// The option logLevel.
pub(crate) fn levels(item: &mut Item<'_>) -> Outcome<Levels> {
    let levels = |all: &[Level]| all.iter().fold(Levels::NONE, |levels, level| levels.with(*level));
    Ok(match &*item.string()? {
        "debug" => Levels::ALL,
        "info" => Levels::DEFAULT,
        "notice" => levels(&[Level::Error, Level::Warning, Level::Notice]),
        "warning" => levels(&[Level::Error, Level::Warning]),
        "error" => levels(&[Level::Error]),
        "none" => Levels::NONE,
        _ => return Err(item.wrong_value("must be 'debug', 'info', 'notice', 'warning', 'error' or 'none'")),
    })
}

/// The listener that a URI says. Unlike that of a client it may have port 0, and has no user.
fn listener(uri: &str) -> Result<(Scheme, ListenerConfig), String> {
    let (plain, free_port) = without_port_zero(uri);
    let endpoint = Endpoint::parse(&plain).map_err(|error| error.to_string())?;
    if endpoint.user_name.is_some() || endpoint.password.is_some() {
        return Err("a listener has no user name and password".to_owned());
    }
    if endpoint.scheme == Scheme::Unix {
        return Ok((Scheme::Unix, ListenerConfig::unix(endpoint.path)));
    }
    let port = if free_port { 0 } else { endpoint.port };
    let mut listener = ListenerConfig::tcp(address(&endpoint.host, port)?);
    if endpoint.scheme.is_websocket() {
        // A URI without a path serves every path, as clients differ in their defaults.
        let path = authority_end(uri).1.starts_with('/').then(|| endpoint.path.split('?').next().map(str::to_owned));
        let path = path.flatten();
        listener.kind = ListenKind::WebSocket(WebSocketServerOptions { path, ..WebSocketServerOptions::default() });
    }
    Ok((endpoint.scheme, listener))
}

/// The URI with its default port where it asks for port 0, and whether it did.
fn without_port_zero(uri: &str) -> (String, bool) {
    let (before, path) = authority_end(uri);
    match before.strip_suffix(":0") {
        Some(before) => (format!("{before}{path}"), true),
        None => (uri.to_owned(), false),
    }
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

/// The URI of a listener that is open.
pub(crate) fn uri(scheme: Scheme, path: &str, address: &mqtt_broker::LocalAddress) -> String {
    match address {
        mqtt_broker::LocalAddress::Tcp(address) => format!("{}://{address}{path}", scheme.name()),
        mqtt_broker::LocalAddress::Unix(path) => format!("unix://{}", path.display()),
    }
}
