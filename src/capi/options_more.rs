//! The rarer options of a client.

use std::ffi::c_char;

use mqtt_client::Options;

use crate::ffi::{borrow_mut, guard, text};
use crate::result::{Failure, mqtt_result};

/// The path of the WebSocket request, where it is not that of the URI; NULL for that of the URI.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_websocket_path(options: *mut Options, path: *const c_char) -> mqtt_result {
    guard(|| {
        let path = if path.is_null() { None } else { Some(text!(path).to_owned()) };
        borrow_mut!(options).websocket_path = path;
        Ok(mqtt_result::Ok)
    })
}

/// Adds a header to the WebSocket request.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_add_websocket_header(
    options: *mut Options,
    name: *const c_char,
    value: *const c_char,
) -> mqtt_result {
    guard(|| {
        let header = (text!(name).to_owned(), text!(value).to_owned());
        if header.0.is_empty() || header.0.contains(['\r', '\n', ':']) || header.1.contains(['\r', '\n']) {
            return Err(Failure::invalid("a header has a name without a colon, and no line ends"));
        }
        borrow_mut!(options).websocket_headers.push(header);
        Ok(mqtt_result::Ok)
    })
}

/// Adds a protocol to offer with TLS (ALPN), most wanted first.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_add_tls_alpn(options: *mut Options, protocol: *const c_char) -> mqtt_result {
    guard(|| {
        let protocol = text!(protocol);
        if protocol.is_empty() || protocol.len() > 255 {
            return Err(Failure::invalid("a protocol for ALPN has 1 to 255 bytes"));
        }
        borrow_mut!(options).tls.alpn.push(protocol.to_owned());
        Ok(mqtt_result::Ok)
    })
}

/// The SHA-256 fingerprint of the server's certificate, as 64 hexadecimal digits with or without colons: nothing else is
/// accepted then. NULL for none. mqtt_client_new refuses what is no fingerprint.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_tls_pin(options: *mut Options, sha256: *const c_char) -> mqtt_result {
    guard(|| {
        let pin = if sha256.is_null() { None } else { Some(text!(sha256).to_owned()) };
        borrow_mut!(options).tls.pinned_sha256 = pin;
        Ok(mqtt_result::Ok)
    })
}

/// The passphrase of the private key of mqtt_options_set_tls_identity, where that is encrypted (PKCS #8); NULL for none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_tls_passphrase(
    options: *mut Options,
    passphrase: *const c_char,
) -> mqtt_result {
    guard(|| {
        let passphrase = if passphrase.is_null() { None } else { Some(text!(passphrase).to_owned()) };
        borrow_mut!(options).tls.key_passphrase = passphrase;
        Ok(mqtt_result::Ok)
    })
}

/// The oldest version of TLS to speak, "1.2" or "1.3"; NULL for 1.2. mqtt_client_new refuses others.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_tls_min_version(
    options: *mut Options,
    version: *const c_char,
) -> mqtt_result {
    guard(|| {
        let version = if version.is_null() { None } else { Some(text!(version).to_owned()) };
        borrow_mut!(options).tls.min_version = version;
        Ok(mqtt_result::Ok)
    })
}

/// Whether a certificate that signs itself is taken; false at first.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_tls_allow_self_signed(options: *mut Options, allow: bool) -> mqtt_result {
    guard(|| {
        borrow_mut!(options).tls.allow_self_signed = allow;
        Ok(mqtt_result::Ok)
    })
}

/// Whether the client subscribes again where the server lost the session; true at first.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_resubscribe(options: *mut Options, resubscribe: bool) -> mqtt_result {
    guard(|| {
        borrow_mut!(options).resubscribe = resubscribe;
        Ok(mqtt_result::Ok)
    })
}

/// How many times in a row the client goes to the server that a server names (MQTT 5, section 4.11); 4 at first, 0 never.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_redirects(options: *mut Options, redirects: u32) -> mqtt_result {
    guard(|| {
        borrow_mut!(options).redirects = redirects;
        Ok(mqtt_result::Ok)
    })
}

/// The share of each delay before a reconnection that is left to chance, in percent, 0 to 100; 50 at first.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_reconnect_jitter(options: *mut Options, percent: u8) -> mqtt_result {
    guard(|| {
        if percent > 100 {
            return Err(Failure::invalid(format!("{percent} percent are more than the whole delay")));
        }
        borrow_mut!(options).reconnect.jitter = f64::from(percent) / 100.0;
        Ok(mqtt_result::Ok)
    })
}

/// Bytes of received messages that may wait to be taken; past it QoS 0 is left unread. 16 MiB at first.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_options_set_receive_queue(options: *mut Options, bytes: usize) -> mqtt_result {
    guard(|| {
        borrow_mut!(options).receive_queue = bytes;
        Ok(mqtt_result::Ok)
    })
}
