//! The classes of the extension Mosquitto, `Mosquitto\Client` and its like, where php.ini asks for them.
//!
//! `stubs/mosquitto.stub.php` is what PHP sees. `shim.c` registers it as a module of its own. `mqtt_client::mosquitto`
//! speaks the protocol as libmosquitto does and moves its bytes in the calls of the script, [`state`] joins it with the
//! callbacks, and here are the methods.
//!
//! `mqtt_client::Client` is not underneath. It works beside the script and reconnects; here
//! everything happens inside loop(), a connection that is lost stays lost, and what is observable is the order of
//! packets, log lines and callbacks.

mod message;
mod settings;
mod state;
mod text;

use std::cell::RefCell;
use std::ffi::c_void;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use mqtt_client::mosquitto::{Code, check_filter, check_text, check_topic};
use mqtt_proto::Text;
use mqtt_proto::packet::QoS;

use crate::callback::Callback;
use crate::convert::Call;
use crate::guard::{self, Outcome, Thrown, methods};
use crate::zend::{self, Zval};
use settings::{Settings, WillSetting};
use state::{Callbacks, State, Target};
use text::{OrThrow, throw};

methods! {
    zim_Mosquitto_Client___construct => construct;
    zim_Mosquitto_Client_onConnect => on_connect;
    zim_Mosquitto_Client_onDisconnect => on_disconnect;
    zim_Mosquitto_Client_onLog => on_log;
    zim_Mosquitto_Client_onSubscribe => on_subscribe;
    zim_Mosquitto_Client_onUnsubscribe => on_unsubscribe;
    zim_Mosquitto_Client_onMessage => on_message;
    zim_Mosquitto_Client_onPublish => on_publish;
    zim_Mosquitto_Client_getSocket => get_socket;
    zim_Mosquitto_Client_setTlsCertificates => set_tls_certificates;
    zim_Mosquitto_Client_setTlsInsecure => set_tls_insecure;
    zim_Mosquitto_Client_setTlsOptions => set_tls_options;
    zim_Mosquitto_Client_setTlsPSK => set_tls_psk;
    zim_Mosquitto_Client_setCredentials => set_credentials;
    zim_Mosquitto_Client_setWill => set_will;
    zim_Mosquitto_Client_clearWill => clear_will;
    zim_Mosquitto_Client_setReconnectDelay => set_reconnect_delay;
    zim_Mosquitto_Client_setMessageRetry => set_message_retry;
    zim_Mosquitto_Client_connect => connect;
    zim_Mosquitto_Client_disconnect => disconnect;
    zim_Mosquitto_Client_setMaxInFlightMessages => set_max_in_flight_messages;
    zim_Mosquitto_Client_publish => publish;
    zim_Mosquitto_Client_subscribe => subscribe;
    zim_Mosquitto_Client_unsubscribe => unsubscribe;
    zim_Mosquitto_Client_loop => loop_once;
    zim_Mosquitto_Client_loopForever => loop_forever;
    zim_Mosquitto_Client_exitLoop => exit_loop;
}

/// loop() without a time, and with one below 0.
const TIMEOUT: i64 = 1000;

/// The client of this call. A subclass whose constructor has not called ours has none.
fn this<'c>(call: &Call) -> Outcome<&'c Rc<State>> {
    zend::native::<Rc<State>>(call.this()).ok_or(Code::INVALID).or_throw()
}

fn construct(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 2)?;
    let id = call.optional_string(0)?;
    let clean_session = call.bool_or(1, true)?;
    let id = match id {
        Some(b"") => {
            return Err(refuse("an empty client identifier: give one, or null for one of the server's choice"));
        }
        None if !clean_session => return Err(refuse("a session that is kept needs a client identifier")),
        None => None,
        Some(bytes) if bytes.len() > usize::from(u16::MAX) => return Err(refuse("the client identifier is too long")),
        Some(bytes) => match check_text(bytes) {
            Ok(text) => Some(Text::from(text)),
            Err(_) => return Err(refuse("the client identifier is not UTF-8 without control characters")),
        },
    };
    if zend::native::<Rc<State>>(call.this()).is_some() {
        return Err(throw("Mosquitto\\Client has been constructed before", 0));
    }
    zend::set_native(call.this(), Box::new(Rc::new(State::new(Settings::new(id, clean_session)))));
    Ok(())
}

/// What the original throws where the constructor fails has no message; why it failed is in the previous exception.
fn refuse(why: &str) -> Thrown {
    let _ = throw(why, 3);
    throw("", 1)
}

/// Sets a callback. The old one goes after the new one stands.
fn set_callback(call: &Call, place: impl FnOnce(&Callbacks) -> &RefCell<Option<Callback>>) -> Outcome<&Rc<State>> {
    unsafe extern "C" {
        fn mqtt_mosquitto_not_callable(value: *mut Zval);
    }
    call.expect(1, 1)?;
    let Some(value) = call.nullable(0) else { return Err(throw("Need a valid callback", 0)) };
    let Some(callback) = Callback::new(value) else {
        if !zend::exception_pending() {
            // SAFETY: the argument lives through the call.
            unsafe { mqtt_mosquitto_not_callable(value) };
        }
        return Err(Thrown::pending());
    };
    let state = this(call)?;
    let old = place(&state.callbacks).replace(Some(callback));
    drop(old);
    Ok(state)
}

fn on_connect(call: &Call, _: &mut Zval) -> Outcome {
    set_callback(call, |callbacks| &callbacks.connect).map(drop)
}

fn on_disconnect(call: &Call, _: &mut Zval) -> Outcome {
    set_callback(call, |callbacks| &callbacks.disconnect).map(drop)
}

fn on_log(call: &Call, _: &mut Zval) -> Outcome {
    set_callback(call, |callbacks| &callbacks.log)?.has_log();
    Ok(())
}

fn on_subscribe(call: &Call, _: &mut Zval) -> Outcome {
    set_callback(call, |callbacks| &callbacks.subscribe).map(drop)
}

fn on_unsubscribe(call: &Call, _: &mut Zval) -> Outcome {
    set_callback(call, |callbacks| &callbacks.unsubscribe).map(drop)
}

fn on_message(call: &Call, _: &mut Zval) -> Outcome {
    set_callback(call, |callbacks| &callbacks.message).map(drop)
}

fn on_publish(call: &Call, _: &mut Zval) -> Outcome {
    set_callback(call, |callbacks| &callbacks.publish).map(drop)
}

fn get_socket(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = zend::long(this(call)?.descriptor().unwrap_or(-1));
    Ok(())
}

fn set_tls_certificates(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 4)?;
    let (authorities, certificate) = (call.optional_string(0)?, call.optional_string(1)?);
    let (key, password) = (call.optional_string(2)?, call.optional_string(3)?);
    this(call)?.settings.borrow_mut().set_certificates(authorities, certificate, key, password).or_throw()?;
    *result = zend::long(0);
    Ok(())
}

fn set_tls_insecure(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(1, 1)?;
    let insecure = call.bool_or(0, false)?;
    this(call)?.settings.borrow_mut().verify_name = !insecure;
    Ok(())
}

fn set_tls_options(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 3)?;
    let verify = call.long_or(0, 1)?;
    let (version, ciphers) = (call.optional_string(1)?, call.optional_string(2)?);
    let mut settings = this(call)?.settings.borrow_mut();
    if let Some(version) = version {
        settings.set_tls_version(version).or_throw()?;
    }
    if ciphers.is_some_and(|ciphers| !ciphers.is_empty()) {
        return Err(Code::NOT_SUPPORTED).or_throw();
    }
    settings.verify_peer = verify != 0;
    *result = zend::long(0);
    Ok(())
}

fn set_tls_psk(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(2, 3)?;
    let (key, identity) = (call.optional_string(0)?, call.optional_string(1)?);
    call.optional_string(2)?;
    this(call)?;
    let is_key = key.is_some_and(|key| key.iter().all(u8::is_ascii_hexdigit));
    Err(if is_key && identity.is_some() { Code::NOT_SUPPORTED } else { Code::INVALID }).or_throw()
}

fn set_credentials(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(2, 2)?;
    let has = |index| call.arg(index).is_some_and(|value| !zend::is_null(value));
    let (has_name, has_password) = (has(0), has(1));
    let (name, password) = (call.string(0)?, call.string(1)?);
    let mut settings = this(call)?.settings.borrow_mut();
    let (name, too_long) = (check_text(name).or_throw()?, usize::from(u16::MAX));
    if name.len() > too_long || password.len() > too_long {
        return Err(Code::INVALID).or_throw();
    }
    settings.user_name = has_name.then(|| Text::from(name));
    // MQTT 3.1.1 has no password without a user name [MQTT-3.1.2-22].
    settings.password = (has_name && has_password).then(|| Bytes::copy_from_slice(password));
    Ok(())
}

fn set_will(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(4, 4)?;
    let (topic, payload) = (call.string(0)?, call.string(1)?);
    let (qos, retain) = (call.long_or(2, 0)?, call.bool_or(3, false)?);
    let state = this(call)?;
    // As in the original, an empty topic and a QoS that there is not are taken. connect() refuses them.
    let topic = if topic.is_empty() { "" } else { check_topic(topic).or_throw()? };
    if payload.len() > usize::from(u16::MAX) {
        return Err(Code::PAYLOAD_SIZE).or_throw();
    }
    let (topic, payload) = (Text::from(topic), Bytes::copy_from_slice(payload));
    state.settings.borrow_mut().will = Some(WillSetting { topic, payload, qos, retain });
    Ok(())
}

fn clear_will(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    this(call)?.settings.borrow_mut().will = None;
    Ok(())
}

fn set_reconnect_delay(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(1, 3)?;
    call.long_or(0, 0)?;
    call.long_or(1, 0)?;
    call.bool_or(2, false)?;
    this(call).map(drop)
}

fn set_message_retry(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(1, 1)?;
    call.long_or(0, 0)?;
    this(call).map(drop)
}

fn connect(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 4)?;
    let host = call.string(0)?;
    let (port, keep_alive) = (call.long_or(1, 1883)?, call.long_or(2, 60)?);
    let interface = call.optional_string(3)?;
    let state = Rc::clone(this(call)?);
    let port = u16::try_from(port).map_err(|_| Code::INVALID).or_throw()?;
    let keep_alive = u16::try_from(keep_alive).ok().filter(|seconds| *seconds == 0 || *seconds >= 5);
    let keep_alive = keep_alive.ok_or(Code::INVALID).or_throw()?;
    let text = |bytes| std::str::from_utf8(bytes).map_err(|_| Code::LOOKUP).or_throw();
    let target = Target { host: text(host)?, port, keep_alive, interface: interface.map(text).transpose()? };
    let outcome = state.connect(&target)?;
    state.dispatch_outside()?;
    match outcome {
        Ok(()) => *result = zend::long(0),
        Err(Code::ERRNO) => *result = zend::long(Code::ERRNO.0),
        Err(code) => return Err(code).or_throw(),
    }
    Ok(())
}

fn disconnect(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    let state = Rc::clone(this(call)?);
    state.disconnect().or_throw()?;
    state.dispatch_outside()
}

fn set_max_in_flight_messages(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(1, 1)?;
    let max = u16::try_from(call.long_or(0, 0)?).map_err(|_| Code::INVALID).or_throw()?;
    this(call)?.settings.borrow_mut().max_in_flight = max.into();
    Ok(())
}

fn qos(level: i64) -> Result<QoS, Code> {
    u8::try_from(level).ok().and_then(QoS::from_u8).ok_or(Code::INVALID)
}

fn publish(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(2, 4)?;
    let (topic, payload) = (call.string(0)?, call.optional_string(1)?.unwrap_or_default());
    let (qos, retain) = (qos(call.long_or(2, 0)?), call.bool_or(3, false)?);
    let state = Rc::clone(this(call)?);
    let (qos, topic) = (qos.or_throw()?, check_topic(topic).or_throw()?);
    let sent = state.send(|session, out| session.publish(topic, payload, qos, retain, out));
    finish(&state, sent, result)?;
    state.hold_up()
}

fn subscribe(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(2, 2)?;
    let (filter, qos) = (call.string(0)?, qos(call.long_or(1, 0)?));
    let state = Rc::clone(this(call)?);
    let qos = qos.or_throw()?;
    let sent = state.send(|session, out| session.subscribe(check_filter(filter)?, qos, out));
    state.has_subscribed();
    finish(&state, sent, result)
}

fn unsubscribe(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 1)?;
    let filter = call.string(0)?;
    let state = Rc::clone(this(call)?);
    let sent = state.send(|session, out| session.unsubscribe(check_filter(filter)?, out));
    finish(&state, sent, result)
}

/// Tells what has happened, then throws or returns the id.
fn finish(state: &Rc<State>, sent: Result<u16, Code>, result: &mut Zval) -> Outcome {
    state.dispatch_outside()?;
    *result = zend::long(sent.or_throw()?);
    Ok(())
}

/// The arguments of loop() and loopForever().
fn loop_arguments(call: &Call) -> Outcome<(Rc<State>, Duration)> {
    call.expect(0, 2)?;
    let (timeout, max_packets) = (call.long_or(0, TIMEOUT)?, call.long_or(1, 1)?);
    let state = Rc::clone(this(call)?);
    if max_packets < 1 {
        return Err(Code::INVALID).or_throw();
    }
    let timeout = u64::try_from(timeout).unwrap_or(TIMEOUT as u64);
    // More than a day is a day.
    Ok((state, Duration::from_millis(timeout.min(86_400_000))))
}

fn loop_once(call: &Call, _: &mut Zval) -> Outcome {
    let (state, timeout) = loop_arguments(call)?;
    state.turn(timeout)
}

fn loop_forever(call: &Call, _: &mut Zval) -> Outcome {
    let (state, timeout) = loop_arguments(call)?;
    state.run(timeout)
}

fn exit_loop(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    this(call)?.exit();
    Ok(())
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_close_MosquittoClient(data: *mut c_void) {
    // SAFETY: the data of a living object. The clone outlives what a callback may do.
    let state = Rc::clone(unsafe { &*data.cast::<Rc<State>>() });
    guard::catch(|| state.close(true));
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_free_MosquittoClient(data: *mut c_void) {
    // SAFETY: made by set_native, and freed once.
    let state = unsafe { Box::from_raw(data.cast::<Rc<State>>()) };
    guard::catch(|| {
        // After a fatal error no destructor is called, and callbacks cannot be.
        state.close(false)
    });
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_gc_MosquittoClient(data: *mut c_void, buffer: *mut c_void) {
    // SAFETY: the data of a living object.
    unsafe { &*data.cast::<Rc<State>>() }.visit(buffer);
}
