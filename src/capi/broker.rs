//! A running broker.

use std::ffi::c_char;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mqtt_broker::{Broker, ClientInfo, ConnectionState, Levels, LocalAddress, PublishError, StartError};
use mqtt_net::{Scheme, ServerTls, ServerTlsOptions};
use mqtt_proto::packet::Properties;

use crate::broker_config::BrokerConfig;
use crate::ffi::{self, borrow, bytes, guard, mqtt_slice, release, store, store_if_wanted, text};
use crate::hooks::not_in_a_hook;
use crate::packet::{qos, reason};
use crate::property;
use crate::result::{Failure, mqtt_result};

/// A running broker.
pub struct BrokerHandle {
    broker: Broker,
    schemes: Vec<(Scheme, String)>,
    tls: Option<ServerTlsOptions>,
    generation: u32,
}

impl BrokerHandle {
    pub(crate) fn broker(&self) -> Result<&Broker, Failure> {
        if self.generation != mqtt_client::fork::generation() {
            let text = "this broker was started before fork() and runs in the parent process";
            return Err(Failure::new(mqtt_result::Forked, text));
        }
        Ok(&self.broker)
    }
}

/// Sessions, as they were when asked for.
pub struct ClientList(Vec<(ClientInfo, Option<String>)>);

/// Opens the listeners, starts the threads, and stores the broker. The configuration is copied. Free the broker with
/// mqtt_broker_free. MQTT_RESULT_TRANSPORT where a listener cannot be opened.
///
/// A broker may be used by several threads at once. After fork() it belongs to the parent: in the child its functions
/// answer MQTT_RESULT_FORKED, and mqtt_broker_free does no harm.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_broker_start(config: *const BrokerConfig, broker: *mut *mut BrokerHandle) -> mqtt_result {
    guard(|| {
        if broker.is_null() {
            return Err(Failure::null("broker"));
        }
        crate::client::watch_forks();
        let setup = borrow!(config).setup()?;
        let hooks = Arc::new(setup.hooks);
        let levels = if hooks.wants_log() { Levels::DEFAULT } else { Levels::NONE };
        let log = Arc::clone(&hooks);
        let started = Broker::start_with_log(setup.config, hooks, levels, move |record| {
            log.log(record.level() as u32, &record.to_string());
        });
        let started = started.map_err(|error| match &error {
            StartError::Config(text) => Failure::invalid(text.clone()),
            other => Failure::new(mqtt_result::Transport, other.to_string()),
        })?;
        let generation = mqtt_client::fork::generation();
        let handle = BrokerHandle { broker: started, schemes: setup.schemes, tls: setup.tls, generation };
        store!(broker, ffi::give(handle));
        Ok(mqtt_result::Ok)
    })
}

/// Stops a broker, at most a second later, and frees it. NULL does nothing. No other thread may use it any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_broker_free(broker: *mut BrokerHandle) {
    guard(|| {
        if !broker.is_null() && borrow!(broker).broker().is_err() {
            // The parent's: its threads do not exist here, and its locks may be held for ever.
            return Ok(());
        }
        release!(broker);
        Ok(())
    })
}

/// Closes the listeners, tells every client, writes what waits, and ends the threads, within `timeout` milliseconds.
/// MQTT_RESULT_TIMEOUT where the time was over before everything was written; the broker has stopped all the same. A
/// second call does nothing. The broker is still to be freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_broker_stop(broker: *const BrokerHandle, timeout: u32) -> mqtt_result {
    guard(|| {
        not_in_a_hook("mqtt_broker_stop")?;
        if borrow!(broker).broker()?.stop(Duration::from_millis(timeout.into())) {
            return Ok(mqtt_result::Ok);
        }
        let text = format!("the broker stopped after {timeout} ms, before everything was written");
        Err(Failure::new(mqtt_result::Timeout, text))
    })
}

/// Reads the certificate, its key and the authorities again from the files of the configuration (tls_cert_file,
/// tls_key_file, tls_ca_file, tls_ca_path), for connections that come from here on; those that are open go on. Where a
/// file is missing or wrong, MQTT_RESULT_INVALID_ARGUMENT says which, and the certificate stays as it is.
/// MQTT_RESULT_NOTHING where no listener speaks TLS.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_broker_reload_certificates(broker: *const BrokerHandle) -> mqtt_result {
    guard(|| {
        let handle = borrow!(broker);
        let running = handle.broker()?;
        let listeners = || handle.schemes.iter().enumerate().filter(|(_, (scheme, _))| scheme.is_tls());
        let Some(options) = handle.tls.as_ref().filter(|_| listeners().next().is_some()) else {
            return Ok(mqtt_result::Nothing);
        };
        let tls = ServerTls::new(options).map_err(|error| Failure::invalid(error.to_string()))?;
        listeners().for_each(|(index, _)| _ = running.set_tls(index, Arc::clone(&tls)));
        Ok(mqtt_result::Ok)
    })
}

/// Stores the URI of a listener (index among the options `listen`), with the port that it got. UTF-8, followed by NUL.
/// The caller gives room for `capacity` bytes; a longer text is cut. `length` may be NULL; it gets the length of the
/// whole text without the NUL.
///
/// MQTT_RESULT_NOTHING past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_broker_address(
    broker: *const BrokerHandle,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> mqtt_result {
    guard(|| {
        let handle = borrow!(broker);
        let addresses = handle.broker()?.local_addrs();
        let Some((address, (scheme, path))) = addresses.get(index).zip(handle.schemes.get(index)) else {
            return Ok(mqtt_result::Nothing);
        };
        let uri = match address {
            LocalAddress::Tcp(address) => format!("{}://{address}{path}", scheme.name()),
            LocalAddress::Unix(path) => format!("unix://{}", path.display()),
        };
        store_if_wanted!(length, uri.len());
        // SAFETY: the header demands room for `capacity` bytes.
        unsafe { ffi::copy_text(&uri, buffer, capacity) }?;
        Ok(mqtt_result::Ok)
    })
}

/// Publishes in the broker's own name; no hook is asked. Topic and payload are copied; `properties` may be NULL. It
/// returns when the message has been handed over, not when it has been delivered. A hook may call it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_broker_publish(
    broker: *const BrokerHandle,
    topic: *const c_char,
    payload: *const u8,
    length: usize,
    qos: u8,
    retain: bool,
    properties: *const Properties,
) -> mqtt_result {
    guard(|| {
        let none = Properties::new();
        // SAFETY: the header demands NULL or a list that was not freed.
        let properties = unsafe { property::optional(properties, &none) }?.clone();
        let (topic, payload) = (text!(topic), Bytes::copy_from_slice(bytes!(payload, length)));
        let qos = self::qos(qos.into())?;
        let published = borrow!(broker).broker()?.publish(topic, payload, qos, retain, properties);
        published.map_err(|error| match error {
            PublishError::Topic { .. } | PublishError::Property { .. } => Failure::invalid(error.to_string()),
            PublishError::Stopped => Failure::new(mqtt_result::Closed, error.to_string()),
        })?;
        Ok(mqtt_result::Ok)
    })
}

/// Ends the connection of a client with this reason (mqtt_reason; MQTT 5 is told it). Its session stays as its expiry
/// says, and its will is published. MQTT_RESULT_NOTHING where it had no connection.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_broker_disconnect(
    broker: *const BrokerHandle,
    client_id: *const c_char,
    reason: u8,
) -> mqtt_result {
    guard(|| {
        not_in_a_hook("mqtt_broker_disconnect")?;
        let (client_id, reason) = (text!(client_id), self::reason(reason)?);
        let done = borrow!(broker).broker()?.disconnect(client_id, reason);
        Ok(if done { mqtt_result::Ok } else { mqtt_result::Nothing })
    })
}

/// Stores a list of every session, connected or not, in no order. It is a copy and belongs to the caller:
/// mqtt_client_list_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_broker_clients(
    broker: *const BrokerHandle,
    clients: *mut *mut ClientList,
) -> mqtt_result {
    guard(|| {
        not_in_a_hook("mqtt_broker_clients")?;
        if clients.is_null() {
            return Err(Failure::null("clients"));
        }
        let found = borrow!(broker).broker()?.clients().into_iter().map(|client| {
            let address = client.identity.peer.address.map(|address| address.to_string());
            (client, address)
        });
        store!(clients, ffi::give(ClientList(found.collect())));
        Ok(mqtt_result::Ok)
    })
}

/// Frees a list. NULL does nothing. Views that were taken from it end with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_list_free(clients: *mut ClientList) {
    guard(|| {
        release!(clients);
        Ok(())
    })
}

/// How many sessions a list holds; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_list_count(clients: *const ClientList) -> usize {
    guard(|| Ok(borrow!(clients).0.len()))
}

/// Texts about a session.
#[repr(u32)]
pub enum mqtt_client_text_id {
    /// The client identifier.
    ClientId = 1,
    /// The user name; may be absent.
    UserName = 2,
    /// Address and port; absent on a Unix socket.
    Address = 3,
}

/// Stores a view of a text (mqtt_client_text_id) about the session at this index. It lives as long as the list.
///
/// MQTT_RESULT_NOTHING past the end, and where the text is absent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_list_text(
    clients: *const ClientList,
    index: usize,
    text_id: u32,
    value: *mut mqtt_slice,
) -> mqtt_result {
    guard(|| {
        let Some((client, address)) = borrow!(clients).0.get(index) else { return Ok(mqtt_result::Nothing) };
        let found = match text_id {
            1 => Some(&*client.identity.client_id),
            2 => client.identity.user_name.as_deref(),
            3 => address.as_deref(),
            other => return Err(Failure::invalid(format!("{other} is not one of mqtt_client_text_id"))),
        };
        let Some(found) = found else { return Ok(mqtt_result::Nothing) };
        store!(value, mqtt_slice::of(found.as_bytes()));
        Ok(mqtt_result::Ok)
    })
}

/// Numbers about a session.
#[repr(u32)]
pub enum mqtt_client_number_id {
    /// 1 while it has a connection, else 0.
    Connected = 1,
    /// 3, 4 or 5.
    Version = 2,
    /// When the connection was accepted, in milliseconds since the Unix epoch.
    ConnectedAt = 3,
    /// Seconds; 0 is off.
    KeepAlive = 4,
    /// 1 where the session began with this connection.
    CleanStart = 5,
    /// Seconds that the session outlives the connection; UINT32_MAX is for ever.
    SessionExpiry = 6,
    /// Subscriptions.
    Subscriptions = 7,
    /// Messages sent and not acknowledged.
    InFlight = 8,
    /// Messages that wait.
    Queued = 9,
    /// Bytes that they keep.
    QueuedBytes = 10,
    /// Messages that were dropped for it.
    Dropped = 11,
    /// Index of the listener.
    Listener = 12,
}

/// Stores a number (mqtt_client_number_id) about the session at this index.
///
/// MQTT_RESULT_NOTHING past the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_client_list_number(
    clients: *const ClientList,
    index: usize,
    number_id: u32,
    value: *mut u64,
) -> mqtt_result {
    guard(|| {
        let Some((client, _)) = borrow!(clients).0.get(index) else { return Ok(mqtt_result::Nothing) };
        let found = match number_id {
            1 => (client.state == ConnectionState::Connected).into(),
            2 => client.identity.version.level().into(),
            3 => client.connected_at.as_millis(),
            4 => client.keep_alive.into(),
            5 => client.clean_start.into(),
            6 => client.session_expiry.into(),
            7 => client.subscriptions as u64,
            8 => client.in_flight as u64,
            9 => client.queued as u64,
            10 => client.queued_bytes as u64,
            11 => client.dropped,
            12 => client.identity.peer.listener as u64,
            other => return Err(Failure::invalid(format!("{other} is not one of mqtt_client_number_id"))),
        };
        store!(value, found);
        Ok(mqtt_result::Ok)
    })
}

/// Counters of a broker since its start, and what there is at the moment.
#[repr(u32)]
pub enum mqtt_broker_stat_id {
    /// Milliseconds since the start.
    Uptime = 1,
    /// Bytes received.
    BytesReceived = 2,
    /// Bytes sent.
    BytesSent = 3,
    /// PUBLISH packets that came in.
    MessagesReceived = 4,
    /// PUBLISH packets that went out.
    MessagesSent = 5,
    /// Messages dropped: queue full, expired, too large for the receiver.
    MessagesDropped = 6,
    /// Packets of any kind that came in.
    PacketsReceived = 7,
    /// Connections accepted.
    ConnectionsAccepted = 8,
    /// Connections refused.
    ConnectionsRefused = 9,
    /// Connections at the moment.
    Connections = 10,
    /// Sessions with a connection.
    ClientsConnected = 11,
    /// Sessions without.
    ClientsAway = 12,
    /// The most sessions with a connection at once.
    ClientsMaximum = 13,
    /// Sessions that expired.
    SessionsExpired = 14,
    /// Subscriptions.
    Subscriptions = 15,
    /// Shared subscriptions.
    SharedSubscriptions = 16,
    /// Retained messages.
    RetainedMessages = 17,
    /// Bytes that they keep.
    RetainedBytes = 18,
    /// Threads that serve connections.
    Shards = 19,
}

/// A counter (mqtt_broker_stat_id); 0 for other numbers, for NULL, and in a forked child.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_broker_stat(broker: *const BrokerHandle, stat: u32) -> u64 {
    guard(|| {
        let stats = borrow!(broker).broker()?.stats();
        Ok(match stat {
            1 => stats.uptime.as_millis() as u64,
            2 => stats.bytes_received,
            3 => stats.bytes_sent,
            4 => stats.messages_received,
            5 => stats.messages_sent,
            6 => stats.messages_dropped,
            7 => stats.packets_received,
            8 => stats.connections_accepted,
            9 => stats.connections_refused,
            10 => stats.connections as u64,
            11 => stats.clients_connected as u64,
            12 => stats.clients_away as u64,
            13 => stats.clients_maximum as u64,
            14 => stats.sessions_expired,
            15 => stats.subscriptions as u64,
            16 => stats.shared_subscriptions as u64,
            17 => stats.retained_messages as u64,
            18 => stats.retained_bytes as u64,
            19 => stats.shards as u64,
            _ => 0,
        })
    })
}
