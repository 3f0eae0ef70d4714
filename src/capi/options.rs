//! What a client is told when it is made.

use std::ffi::c_char;
use std::time::Duration;

use mqtt_client::{Options, VersionChoice, WhenFull};
use mqtt_proto::packet::{Properties, Will};

use crate::decoder::version;
use crate::ffi::{self, borrow, borrow_mut, bytes, guard, release, store, text};
use crate::packet::qos;
use crate::property;
use crate::result::{Failure, mqtt_result};

/// What to do when the queue of outgoing messages is full.
#[repr(u8)]
pub enum mqtt_when_full {
    /// mqtt_client_publish waits until there is room.
    Block = 0,
    /// The oldest message that has not been sent gives way.
    DropOldest = 1,
    /// mqtt_client_publish answers MQTT_RESULT_QUEUE_FULL.
    Refuse = 2,
}

/// Stores new options for this server: `mqtt://`, `mqtts://`, `ws://`, `wss://` or `unix://`, with user and password
/// where wanted. Defaults: MQTT 5 with 3.1.1 to fall back on, a generated client identifier, keep-alive 60 s, clean
/// start, 10 s to connect, reconnection on. Free them with mqtt_options_free; a client copies what it needs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_new(uri: *const c_char, options: *mut *mut Options) -> mqtt_result {
    guard(|| {
        if options.is_null() {
            return Err(Failure::null("options"));
        }
        store!(options, ffi::give(Options::new(text!(uri))?));
        Ok(mqtt_result::Ok)
    })
}

/// Frees options. NULL does nothing. Clients made with them go on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_free(options: *mut Options) {
    guard(|| {
        release!(options);
        Ok(())
    })
}

/// Adds a server that is tried after the others.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_add_server(options: *mut Options, uri: *const c_char) -> mqtt_result {
    guard(|| {
        borrow_mut!(options).add_server(text!(uri))?;
        Ok(mqtt_result::Ok)
    })
}

/// The only version to speak: 3 (MQTT 3.1), 4 (3.1.1) or 5; 0 is MQTT 5 with 3.1.1 to fall back on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_version(options: *mut Options, version: u8) -> mqtt_result {
    guard(|| {
        let choice = if version == 0 { VersionChoice::Newest } else { VersionChoice::Only(self::version(version)?) };
        borrow_mut!(options).version = choice;
        Ok(mqtt_result::Ok)
    })
}

/// The client identifier; "" has one generated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_client_id(options: *mut Options, client_id: *const c_char) -> mqtt_result {
    guard(|| {
        borrow_mut!(options).client_id = text!(client_id).into();
        Ok(mqtt_result::Ok)
    })
}

/// User name and password. NULL for either is none; MQTT 3 has no password without a user name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_credentials(
    options: *mut Options,
    user_name: *const c_char,
    password: *const u8,
    password_length: usize,
) -> mqtt_result {
    guard(|| {
        let user_name = if user_name.is_null() { None } else { Some(text!(user_name).into()) };
        let password = if password.is_null() { None } else { Some(bytes!(password, password_length).to_vec().into()) };
        let options = borrow_mut!(options);
        (options.user_name, options.password) = (user_name, password);
        Ok(mqtt_result::Ok)
    })
}

/// Seconds without traffic after which the client pings; 0 never.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_keep_alive(options: *mut Options, seconds: u16) -> mqtt_result {
    guard(|| {
        borrow_mut!(options).keep_alive = seconds;
        Ok(mqtt_result::Ok)
    })
}

/// Whether the first connection forgets an earlier session. How long a session lives is the property
/// MQTT_PROPERTY_SESSION_EXPIRY_INTERVAL of mqtt_options_properties; 300 s where it is absent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_clean_start(options: *mut Options, clean_start: bool) -> mqtt_result {
    guard(|| {
        borrow_mut!(options).clean_start = clean_start;
        Ok(mqtt_result::Ok)
    })
}

/// The message that the server publishes when the client is lost; everything is copied. `properties` may be NULL. A NULL
/// topic takes the will away.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_will(
    options: *mut Options,
    topic: *const c_char,
    payload: *const u8,
    length: usize,
    qos: u8,
    retain: bool,
    properties: *const Properties,
) -> mqtt_result {
    guard(|| {
        let options = borrow_mut!(options);
        if topic.is_null() {
            options.will = None;
            return Ok(mqtt_result::Ok);
        }
        let none = Properties::new();
        // SAFETY: the header demands NULL or a list that was not freed.
        let properties = unsafe { property::optional(properties, &none) }?;
        options.will = Some(Will {
            topic: text!(topic).into(),
            payload: bytes!(payload, length).to_vec().into(),
            qos: self::qos(qos.into())?,
            retain,
            properties: properties.clone(),
        });
        Ok(mqtt_result::Ok)
    })
}

/// The properties of CONNECT, to read or to change. They belong to the options: do not free them. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_properties(options: *mut Options) -> *mut Properties {
    guard(|| Ok(&mut borrow_mut!(options).properties as *mut Properties))
}

/// Which certificates of servers to trust, as a PEM file, a directory of PEM files, or both. NULL for both: those that
/// the system trusts.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_tls_authorities(
    options: *mut Options,
    ca_file: *const c_char,
    ca_path: *const c_char,
) -> mqtt_result {
    guard(|| {
        let ca_file = if ca_file.is_null() { None } else { Some(text!(ca_file).to_owned()) };
        let ca_path = if ca_path.is_null() { None } else { Some(text!(ca_path).to_owned()) };
        let options = borrow_mut!(options);
        (options.tls.ca_file, options.tls.ca_path) = (ca_file, ca_path);
        Ok(mqtt_result::Ok)
    })
}

/// The client's own certificate chain and private key, as PEM files.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_tls_identity(
    options: *mut Options,
    cert_file: *const c_char,
    key_file: *const c_char,
) -> mqtt_result {
    guard(|| {
        let (cert_file, key_file) = (text!(cert_file).to_owned(), text!(key_file).to_owned());
        let options = borrow_mut!(options);
        (options.tls.cert_file, options.tls.key_file) = (Some(cert_file), Some(key_file));
        Ok(mqtt_result::Ok)
    })
}

/// What is checked of the server's certificate: that a trusted authority issued it, and that it is made out for the host
/// of the URI or for `name` where that is not NULL. Without both checks anybody can listen in.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_tls_verification(
    options: *mut Options,
    check_issuer: bool,
    check_name: bool,
    name: *const c_char,
) -> mqtt_result {
    guard(|| {
        let name = if name.is_null() { None } else { Some(text!(name).to_owned()) };
        let tls = &mut borrow_mut!(options).tls;
        (tls.verify_peer, tls.verify_peer_name, tls.peer_name) = (check_issuer, check_name, name);
        Ok(mqtt_result::Ok)
    })
}

/// How long one attempt to connect may take, in milliseconds, from name resolution to CONNACK.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_connect_timeout(options: *mut Options, milliseconds: u32) -> mqtt_result {
    guard(|| {
        borrow_mut!(options).connect_timeout = Duration::from_millis(milliseconds.into());
        Ok(mqtt_result::Ok)
    })
}

/// Whether a lost connection is made again by itself, the first and the longest delay in milliseconds, and how many
/// failed attempts in a row end it (0: none does).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_reconnect(
    options: *mut Options,
    enabled: bool,
    first_delay: u32,
    longest_delay: u32,
    attempts: u32,
) -> mqtt_result {
    guard(|| {
        let reconnect = &mut borrow_mut!(options).reconnect;
        reconnect.enabled = enabled;
        reconnect.min_delay = Duration::from_millis(first_delay.into());
        reconnect.max_delay = Duration::from_millis(longest_delay.max(first_delay).into());
        reconnect.max_attempts = attempts;
        Ok(mqtt_result::Ok)
    })
}

/// Bounds of the queue of messages that wait for a connection or for acknowledgements, and what happens past them
/// (mqtt_when_full).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_queue(
    options: *mut Options,
    messages: u32,
    bytes: usize,
    when_full: u8,
) -> mqtt_result {
    guard(|| {
        let when_full = match when_full {
            0 => WhenFull::Block,
            1 => WhenFull::DropOldest,
            2 => WhenFull::Refuse,
            other => return Err(Failure::invalid(format!("{other} is not one of mqtt_when_full"))),
        };
        let queue = &mut borrow_mut!(options).offline_queue;
        (queue.max_messages, queue.max_bytes, queue.when_full) = (messages, bytes, when_full);
        Ok(mqtt_result::Ok)
    })
}

/// How many messages of QoS 1 and 2 the server may have unacknowledged, and the largest packet that is taken, in bytes.
/// 0 leaves either as it is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_receive_limits(
    options: *mut Options,
    receive_maximum: u16,
    maximum_packet_size: u32,
) -> mqtt_result {
    guard(|| {
        let options = borrow_mut!(options);
        if receive_maximum != 0 {
            options.receive_maximum = receive_maximum;
        }
        if maximum_packet_size != 0 {
            options.maximum_packet_size = maximum_packet_size;
        }
        Ok(mqtt_result::Ok)
    })
}

/// With true, messages of QoS 1 and 2 are acknowledged by mqtt_client_ack only; else mqtt_client_receive acknowledges
/// what it gives, and mqtt_client_dispatch what the callback has seen.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_manual_ack(options: *mut Options, manual: bool) -> mqtt_result {
    guard(|| {
        borrow_mut!(options).manual_ack = manual;
        Ok(mqtt_result::Ok)
    })
}

/// A directory where outgoing messages of QoS 1 and 2 are kept until they are acknowledged, so that they outlive a crash
/// of the process: the next client with the same identifier and directory sends them. Needs a client identifier
/// (mqtt_options_set_client_id). NULL for none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_store(options: *mut Options, directory: *const c_char) -> mqtt_result {
    guard(|| {
        let directory = if directory.is_null() { None } else { Some(text!(directory).into()) };
        borrow_mut!(options).store = directory;
        Ok(mqtt_result::Ok)
    })
}

/// How long mqtt_client_free may take to get messages out, in milliseconds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_linger(options: *mut Options, milliseconds: u32) -> mqtt_result {
    guard(|| {
        borrow_mut!(options).linger = Duration::from_millis(milliseconds.into());
        Ok(mqtt_result::Ok)
    })
}

/// A copy for a client.
///
/// # Safety
/// NULL, or options that stay as they are during the call.
pub(crate) unsafe fn copy(options: *const Options) -> Result<Options, Failure> {
    Ok(borrow!(options).clone())
}
