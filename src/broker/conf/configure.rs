//! A configuration file, or none, to what the broker is started with.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, ToSocketAddrs};
use std::path::PathBuf;
use std::sync::Arc;

use mqtt_net::{ListenKind, MinVersion, ServerTls, ServerTlsOptions, WebSocketServerOptions};
use mqtt_proto::packet::QoS;

use super::hooks::FileHooks;
use super::{Conf, Domain, Listener, Log, Place, Protocol};
use crate::conf;
use crate::{Anonymous, Bind, Config, Hooks, ListenerConfig, NoHooks, UserName};

/// Everything that a start needs.
pub struct Setup {
    /// For [`crate::Broker::start`].
    pub config: Config,
    /// What the file sets that is a matter of hooks. A program with hooks of its own does it there instead.
    pub hooks: Arc<dyn Hooks>,
    /// The one thing that they do: a larger payload is acknowledged and goes to nobody. In bytes.
    pub message_size_limit: Option<usize>,
    /// What is logged, and where.
    pub log: Log,
    /// Where the process id is to be written.
    pub pid_file: Option<PathBuf>,
    /// Sentences to log at the start.
    pub notes: Vec<String>,
    /// Nobody has said where to listen, so only this machine can connect.
    pub local_only: bool,
    /// Where the certificates of each encrypted listener come from, to read them again.
    pub certificates: Vec<(usize, ServerTlsOptions)>,
}

/// The port where nothing names one.
const DEFAULT_PORT: u16 = 1883;

/// Loopback only, anonymous clients welcome, the broker's own limits.
pub fn without_file(port: Option<u16>) -> Setup {
    let mut config = Config::default();
    let port = port.unwrap_or(DEFAULT_PORT);
    // A free port is one port, so it is on one address.
    let domain = if port == 0 { Domain::V4 } else { Domain::Both };
    for address in loopback(domain) {
        config.listeners.push(ListenerConfig::tcp(SocketAddr::new(address, port)));
    }
    Setup {
        config,
        hooks: Arc::new(NoHooks),
        message_size_limit: None,
        log: Log::default(),
        pid_file: None,
        notes: Vec::new(),
        local_only: true,
        certificates: Vec::new(),
    }
}

/// What the file says, with Mosquitto's defaults. `port` moves the listener of a file that defines none, and stands
/// beside those of a file that does.
pub fn with_file(mut conf: Conf, port: Option<u16>) -> Result<Setup, String> {
    match port {
        Some(port) if conf.local_only => conf.listeners[0].bind = conf::Bind::Loopback(port),
        Some(port) => {
            let mut more = conf.listeners[0].clone();
            (more.bind, more.protocol, more.domain, more.tls) =
                (conf::Bind::Any(port), Protocol::Mqtt, Domain::Both, None);
            conf.listeners.push(more);
        }
        None => {}
    }
    let first = &conf.listeners[0];
    for other in &conf.listeners[1..] {
        same(other, "max_qos", first.max_qos == other.max_qos)?;
        same(other, "max_topic_alias", first.max_topic_alias == other.max_topic_alias)?;
        same(other, "auto_id_prefix", first.security.auto_id_prefix == other.security.auto_id_prefix)?;
        let zero = |l: &Listener| l.security.allow_zero_length_clientid;
        same(other, "allow_zero_length_clientid", zero(first) == zero(other))?;
    }

    let mut config = Config { assigned_id_prefix: first.security.auto_id_prefix.clone(), ..Config::default() };
    config.link.topic_alias_maximum = first.max_topic_alias;
    config.link.send_maximum = conf.max_inflight_messages.unwrap_or(u16::MAX);
    if let Some(bytes) = conf.max_packet_size {
        config.link.maximum_packet_size = bytes;
        config.link.maximum_connect_size = config.link.maximum_connect_size.min(bytes);
    }
    config.queue.messages = conf.max_queued_messages.map_or(0, |most| most.try_into().unwrap_or(u32::MAX));
    config.queue.bytes = conf.max_queued_bytes.unwrap_or(0);
    config.queue.queue_qos0 = conf.queue_qos0_messages;
    config.limits.maximum_qos = QoS::from_u8(first.max_qos).unwrap_or_default();
    config.limits.retain_available = conf.retain_available;
    config.limits.empty_client_id = first.security.allow_zero_length_clientid;
    // Mosquitto's default grants everything, and keep-alive 0 with it.
    config.limits.maximum_keep_alive = if conf.max_keepalive == u16::MAX { 0 } else { conf.max_keepalive };
    if let Some(most) = conf.persistent_client_expiration {
        config.limits.maximum_session_expiry = most.as_secs().try_into().unwrap_or(u32::MAX);
    }
    config.sys_interval = conf.sys_interval.unwrap_or_default();
    // For listeners that somebody adds; those of the file have their own.
    let welcome = conf.listeners.iter().all(|listener| listener.security.allow_anonymous);
    config.anonymous = match (welcome, conf.local_only) {
        (false, _) => Anonymous::Refused,
        (true, false) => Anonymous::Allowed,
        (true, true) => Anonymous::Loopback,
    };
    let mut certificates = Vec::new();
    for listener in &conf.listeners {
        let mut sockets = sockets(listener)?;
        if let Some(options) = tls(listener) {
            let tls = ServerTls::new(&options).map_err(|e| format!("{}: {e}.", place(listener)))?;
            for (socket, at) in sockets.iter_mut().zip(config.listeners.len()..) {
                socket.tls = Some(Arc::clone(&tls));
                certificates.push((at, options.clone()));
            }
        }
        config.listeners.extend(sockets);
    }
    let hooks: Arc<dyn Hooks> = match conf.message_size_limit {
        Some(limit) => Arc::new(FileHooks { message_size_limit: limit as usize }),
        None => Arc::new(NoHooks),
    };
    Ok(Setup {
        config,
        hooks,
        message_size_limit: conf.message_size_limit.map(|limit| limit as usize),
        log: conf.log,
        pid_file: conf.pid_file,
        notes: conf.notes,
        local_only: conf.local_only,
        certificates,
    })
}

/// Refuses what the broker cannot have different from listener to listener.
fn same(listener: &Listener, option: &str, equal: bool) -> Result<(), String> {
    if equal {
        return Ok(());
    }
    Err(format!("{}: {option}: all listeners must have the same value. Write it for each of them.", place(listener)))
}

fn place(listener: &Listener) -> String {
    listener.place.as_ref().map_or_else(|| "default listener".to_owned(), Place::to_string)
}

/// The sockets of one listener: one for each address.
fn sockets(listener: &Listener) -> Result<Vec<ListenerConfig>, String> {
    let binds: Vec<Bind> = match &listener.bind {
        conf::Bind::Unix(path) => vec![Bind::Unix(path.clone())],
        conf::Bind::Loopback(port) => loopback(listener.domain).into_iter().map(|ip| tcp(ip, *port)).collect(),
        conf::Bind::Any(port) => {
            let any = [IpAddr::from(Ipv4Addr::UNSPECIFIED), IpAddr::from(Ipv6Addr::UNSPECIFIED)];
            any.into_iter().filter(|ip| usable(*ip, listener.domain)).map(|ip| tcp(ip, *port)).collect()
        }
        conf::Bind::Host(host, port) => {
            let found = (host.as_str(), *port).to_socket_addrs().map_err(|e| {
                format!(
                    "{}: listener: cannot resolve {host:?}: {e}. Write an address of this machine.",
                    place(listener)
                )
            })?;
            let mut binds = Vec::new();
            for address in found.filter(|address| in_domain(address.ip(), listener.domain)) {
                if !binds.contains(&Bind::Tcp(address)) {
                    binds.push(Bind::Tcp(address));
                }
            }
            binds
        }
    };
    if binds.is_empty() {
        return Err(format!(
            "{}: listener: there is no address of the kind that socket_domain asks for.",
            place(listener)
        ));
    }
    let anonymous = if listener.security.allow_anonymous { Anonymous::Allowed } else { Anonymous::Refused };
    let maximum_connections = listener.max_connections.map_or(0, |most| most as usize);
    Ok(binds
        .into_iter()
        .map(|bind| ListenerConfig {
            anonymous: Some(anonymous),
            maximum_connections,
            kind: match listener.protocol {
                Protocol::Mqtt => ListenKind::Plain,
                Protocol::WebSockets => ListenKind::WebSocket(WebSocketServerOptions::default()),
            },
            user_name: listener.tls.as_ref().map_or(UserName::Connect, |tls| tls.user_name),
            ..ListenerConfig::new(bind)
        })
        .collect())
}

/// The certificates of an encrypted listener.
fn tls(listener: &Listener) -> Option<ServerTlsOptions> {
    let tls = listener.tls.as_ref()?;
    Some(ServerTlsOptions {
        cert_file: tls.certificate.clone(),
        key_file: tls.key.clone(),
        ca_file: tls.ca_file.clone(),
        ca_path: tls.ca_path.clone(),
        require_certificate: tls.require_certificate,
        min_version: if tls.only_tls_1_3 { MinVersion::Tls13 } else { MinVersion::Tls12 },
        alpn: Vec::new(),
    })
}

fn tcp(ip: IpAddr, port: u16) -> Bind {
    Bind::Tcp(SocketAddr::new(ip, port))
}

/// The loopback addresses that this machine has.
fn loopback(domain: Domain) -> Vec<IpAddr> {
    let both = [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)];
    both.into_iter().filter(|ip| usable(*ip, domain)).collect()
}

/// Whether the kernel has this family at all; containers often have no IPv6. IPv4 is not doubted, so that an error is
/// an error.
fn usable(ip: IpAddr, domain: Domain) -> bool {
    in_domain(ip, domain) && (ip.is_ipv4() || domain == Domain::V6 || TcpListener::bind(SocketAddr::new(ip, 0)).is_ok())
}

fn in_domain(ip: IpAddr, domain: Domain) -> bool {
    match domain {
        Domain::Both => true,
        Domain::V4 => ip.is_ipv4(),
        Domain::V6 => ip.is_ipv6(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setup(text: &str, port: Option<u16>) -> Result<Setup, String> {
        let path = std::env::temp_dir().join(format!("mqtt-configure-{}-{:p}", std::process::id(), text));
        std::fs::write(&path, text).expect("a file");
        let conf = conf::read(&path).map_err(|e| e.to_string());
        std::fs::remove_file(&path).expect("removed");
        with_file(conf?, port)
    }

    #[test]
    fn without_a_file_only_this_machine_can_connect() {
        let setup = without_file(Some(1884));
        assert!(setup.local_only);
        for listener in &setup.config.listeners {
            assert!(
                matches!(listener.bind, Bind::Tcp(address) if address.ip().is_loopback() && address.port() == 1884)
            );
        }
        assert_eq!(setup.config.anonymous, Anonymous::Loopback);
        assert_eq!(setup.config.queue, Config::default().queue, "the broker's own limits");
    }

    #[test]
    fn limits_of_the_file_reach_the_broker() {
        let text = "listener 1883 127.0.0.1\nallow_anonymous true\nmax_connections 7\nmax_qos 1\nmax_topic_alias 3\n\
                    max_inflight_messages 4\nmax_queued_messages 5\nmax_queued_bytes 6\nmax_packet_size 1000\nmax_keepalive 60\n\
                    queue_qos0_messages true\nretain_available false\nsys_interval 0\npersistent_client_expiration 2h\nauto_id_prefix x-\n\
                    allow_zero_length_clientid false\n";
        let config = setup(text, None).expect("fine").config;
        assert_eq!(config.listeners.len(), 1);
        assert_eq!(config.listeners[0].bind, tcp(Ipv4Addr::LOCALHOST.into(), 1883));
        assert_eq!(
            (config.listeners[0].anonymous, config.listeners[0].maximum_connections),
            (Some(Anonymous::Allowed), 7)
        );
        assert_eq!(
            (config.link.topic_alias_maximum, config.link.send_maximum, config.link.maximum_packet_size),
            (3, 4, 1000)
        );
        assert_eq!((config.queue.messages, config.queue.bytes, config.queue.queue_qos0), (5, 6, true));
        let limits = config.limits;
        assert_eq!(
            (limits.maximum_qos, limits.maximum_keep_alive, limits.maximum_session_expiry),
            (QoS::AtLeastOnce, 60, 7200)
        );
        assert!(!limits.retain_available && !limits.empty_client_id);
        assert_eq!((config.assigned_id_prefix.as_str(), config.sys_interval.as_secs()), ("x-", 0));
    }

    #[test]
    fn a_file_without_limits_has_mosquittos() {
        let config = setup("listener 1883\n", None).expect("fine").config;
        assert_eq!(config.listeners[0].bind, tcp(Ipv4Addr::UNSPECIFIED.into(), 1883));
        assert_eq!(config.listeners[0].anonymous, Some(Anonymous::Refused));
        assert_eq!((config.link.send_maximum, config.queue.messages, config.queue.bytes), (20, 1000, 0));
        assert_eq!((config.limits.maximum_keep_alive, config.link.topic_alias_maximum), (0, 10));
    }

    #[test]
    fn p_moves_a_local_listener_and_stands_beside_others() {
        let local = setup("max_queued_messages 5\n", Some(1900)).expect("fine");
        assert!(local.local_only);
        assert_eq!(local.config.listeners[0].bind, tcp(Ipv4Addr::LOCALHOST.into(), 1900));
        let beside = setup("listener 1883 127.0.0.1\n", Some(1900)).expect("fine").config.listeners;
        assert_eq!(beside[0].bind, tcp(Ipv4Addr::LOCALHOST.into(), 1883));
        assert_eq!(beside[1].bind, tcp(Ipv4Addr::UNSPECIFIED.into(), 1900));
    }

    #[test]
    fn families_are_chosen_by_socket_domain() {
        let text = "listener 1883\nsocket_domain ipv4\n";
        let listeners = setup(text, None).expect("fine").config.listeners;
        assert_eq!(listeners.len(), 1);
        let error = setup("listener 1883 127.0.0.1\nsocket_domain ipv6\n", None).err().expect("no such address");
        assert!(error.contains("socket_domain"), "{error}");
    }

    #[test]
    fn values_that_cannot_differ_are_refused() {
        let error =
            setup("listener 1883 127.0.0.1\nlistener 1884 127.0.0.1\nmax_qos 1\n", None).err().expect("they differ");
        assert!(error.contains(":2: max_qos: all listeners"), "{error}");
    }
}
