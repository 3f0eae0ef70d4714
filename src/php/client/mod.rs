//! `Mqtt\Client`.

mod dispatch;
mod error;
mod kept;
mod nesting;
pub(crate) mod options;
pub(crate) mod persistent;
mod requesting;
mod sending;
mod state;
mod subscribing;

use std::ffi::c_void;
use std::os::fd::AsRawFd;
use std::rc::Rc;

use mqtt_client::{Error, Wait};
use mqtt_proto::ReasonCode;
use mqtt_proto::packet::{Disconnect, PacketType, Properties};

use crate::callback::Callback;
use crate::convert::Call;
use crate::enums;
use crate::exception::{argument_value, class_entries, error as throw};
use crate::guard::{self, Outcome, methods};
use crate::object::{self, slot};
use crate::packet;
use crate::properties::{self, Place};
use crate::wait::interrupt;
use crate::zend::{self, Zval, zend_object};
pub(crate) use dispatch::Origin;
pub(crate) use error::throw_error;
pub(crate) use options::ini_seconds;
pub(crate) use sending::refused;
use state::State;
pub(crate) use state::{end_request, living};

class_entries! {
    messages_class = class_entry_Mqtt_Messages;
}

methods! {
    zim_Mqtt_Client___construct => construct;
    zim_Mqtt_Client_connect => connect;
    zim_Mqtt_Client_isConnected => is_connected;
    zim_Mqtt_Client___debugInfo => debug_info;
    zim_Mqtt_Client_isIdle => is_idle;
    zim_Mqtt_Client_disconnect => disconnect;
    zim_Mqtt_Client_publish => sending::publish;
    zim_Mqtt_Client_publishMany => sending::publish_many;
    zim_Mqtt_Client_wait => sending::wait;
    zim_Mqtt_Client_whenDone => when_done;
    zim_Mqtt_Client_flush => sending::flush;
    zim_Mqtt_Client_subscribe => subscribing::subscribe;
    zim_Mqtt_Client_unsubscribe => subscribing::unsubscribe;
    zim_Mqtt_Client_receive => receive;
    zim_Mqtt_Client_messages => messages;
    zim_Mqtt_Client_request => requesting::request;
    zim_Mqtt_Client_onConnect => on_connect;
    zim_Mqtt_Client_onDisconnect => on_disconnect;
    zim_Mqtt_Client_onMessage => on_message;
    zim_Mqtt_Client_onPublished => on_published;
    zim_Mqtt_Client_onAuthenticate => on_authenticate;
    zim_Mqtt_Client_onLog => on_log;
    zim_Mqtt_Client_run => run;
    zim_Mqtt_Client_stop => stop;
    zim_Mqtt_Client_loop => loop_once;
    zim_Mqtt_Client_stream => stream;
    zim_Mqtt_Client_fd => fd;
    zim_Mqtt_Client_dispatch => dispatch_now;
    zim_Mqtt_Client_stats => stats;
    zim_Mqtt_Client_persistent => persistent;
    zim_Mqtt_Messages___construct => crate::topic::not_constructible;
    zim_Mqtt_Messages_getIterator => messages_iterator;
}

/// What most calls send along.
static NO_PROPERTIES: Properties = Properties::new();

fn construct(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 2)?;
    if zend::native::<Rc<State>>(call.this()).is_some() {
        return Err(throw("Mqtt\\Client has been constructed before"));
    }
    let state = State::new(options::from_args(call)?)?;
    zend::set_native(call.this(), Box::new(state));
    Ok(())
}

/// The state of an object that may be used in this process.
fn state_of<'a>(object: *mut zend_object) -> Outcome<&'a Rc<State>> {
    let Some(state) = zend::native::<Rc<State>>(object) else {
        return Err(throw("Mqtt\\Client was made without its constructor"));
    };
    if state.client.is_forked() {
        return Err(throw_error(&Error::Forked));
    }
    Ok(state)
}

fn this(call: &Call) -> Outcome<&Rc<State>> {
    state_of(call.this())
}

fn fail<T>(result: Result<T, Error>) -> Outcome<T> {
    result.map_err(|error| throw_error(&error))
}

fn connect(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 2)?;
    let state = this(call)?;
    let timeout = call.timeout(0)?;
    let blocking = call.bool_or(1, true)?;
    state.left.set(false);
    *result = if blocking {
        let mut hook = || interrupt(None);
        let conn_ack = fail(state.client.connect(Wait::from(timeout).with_hook(&mut hook)))?;
        packet::conn_ack_object(&conn_ack)
    } else {
        zend::long(fail(state.client.start_connect())? as i64)
    };
    Ok(())
}

fn is_connected(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = zend::bool(this(call)?.client.is_connected());
    Ok(())
}

/// An object that was made without its constructor, or before a fork, is shown empty: var_dump() must not throw.
fn debug_info(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    let mut info = zend::map();
    if let Some(client) = zend::native::<Rc<State>>(call.this()).filter(|state| !state.client.is_forked()) {
        let options = client.client.options();
        let servers = options.endpoints.iter().map(|server| zend::string(server.to_string().as_bytes()));
        info = client.stats();
        zend::set(&mut info, "servers", zend::list_of(servers));
    }
    *result = info;
    Ok(())
}

fn is_idle(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = zend::bool(this(call)?.client.is_idle());
    Ok(())
}

fn when_done(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(2, 2)?;
    let state = this(call)?;
    let token = call.long_within(0, 0, 0, i64::MAX)?;
    state.when_done(token as u64, Callback::required(call, 1)?);
    Ok(())
}

fn disconnect(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 4)?;
    let state = this(call)?;
    let reason = call.reason(0, ReasonCode::Success)?;
    enums::check_reason(reason, "a client's DISCONNECT", |reason| {
        reason.is_defined_for(PacketType::Disconnect) && !reason.is_for_servers_only()
    })?;
    let (_, properties) = properties::from_arg(call, 1, Place::Packet(PacketType::Disconnect))?;
    let timeout = call.timeout(2)?;
    let blocking = call.bool_or(3, true)?;
    let packet = Disconnect { reason, properties };
    state.left.set(true);
    if blocking {
        let mut hook = || interrupt(None);
        let timeout = timeout.unwrap_or(state.client.options().linger);
        // What is on its way is acknowledged first: a publish followed by disconnect() arrives.
        let end = std::time::Instant::now() + timeout;
        if state.client.is_connected() && state.client.open_tokens() > 0 {
            fail(state.client.flush(Wait::at_most(timeout).with_hook(&mut hook)))?;
        }
        let rest = end.saturating_duration_since(std::time::Instant::now());
        fail(state.client.disconnect(&packet, Wait::at_most(rest).with_hook(&mut hook)))?;
    } else {
        *result = zend::long(fail(state.client.start_disconnect(&packet))? as i64);
    }
    Ok(())
}

fn receive(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    let state = Rc::clone(this(call)?);
    if let Some(message) = dispatch::receive(&state, call.timeout(0)?)? {
        *result = message;
    }
    Ok(())
}

fn messages(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    this(call)?;
    let timeout = call.timeout(0)?;
    let timeout = zend::optional(timeout, |timeout| zend::double(timeout.as_secs_f64()));
    *result = object::new(messages_class(), [zend::object_of(call.this()), timeout]);
    Ok(())
}

fn messages_iterator(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = zend::iterator(call.this());
    Ok(())
}

/// The step of foreach over messages().
#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_next_Messages(object: *mut zend_object, out: *mut Zval) {
    guard::catch(|| {
        let Some(client) = zend::as_object(slot(object, 0)) else { return Ok(()) };
        let timeout = zend::as_double(slot(object, 1)).and_then(crate::convert::duration);
        let state = Rc::clone(state_of(client)?);
        if let Some(message) = dispatch::receive(&state, timeout)? {
            // SAFETY: the iterator passes an empty value.
            unsafe { out.write(message) };
        }
        Ok(())
    });
}

/// Sets or unsets a callback; the old one goes after the new one stands.
fn set_callback(
    call: &Call,
    place: impl FnOnce(&State) -> &std::cell::RefCell<Option<Callback>>,
) -> Outcome<(&Rc<State>, bool)> {
    call.expect(1, 1)?;
    let state = this(call)?;
    let callback = Callback::from_arg(call, 0)?;
    let is_set = callback.is_some();
    let old = place(state).replace(callback);
    drop(old);
    Ok((state, is_set))
}

fn on_connect(call: &Call, _: &mut Zval) -> Outcome {
    set_callback(call, |state| &state.callbacks.connect).map(drop)
}

fn on_disconnect(call: &Call, _: &mut Zval) -> Outcome {
    set_callback(call, |state| &state.callbacks.disconnect).map(drop)
}

fn on_message(call: &Call, _: &mut Zval) -> Outcome {
    set_callback(call, |state| &state.callbacks.message).map(drop)
}

fn on_authenticate(call: &Call, _: &mut Zval) -> Outcome {
    set_callback(call, |state| &state.callbacks.authenticate).map(drop)
}

fn on_published(call: &Call, _: &mut Zval) -> Outcome {
    let (state, _) = set_callback(call, |state| &state.callbacks.published)?;
    state.settle_completion_events();
    Ok(())
}

fn on_log(call: &Call, _: &mut Zval) -> Outcome {
    let (state, is_set) = set_callback(call, |state| &state.callbacks.log)?;
    let logs = is_set || state.error_log.is_some() || state.callbacks.logger.borrow().is_some();
    state.client.set_log_events(logs);
    Ok(())
}

fn run(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    dispatch::run(&Rc::clone(this(call)?))
}

fn stop(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    this(call)?.stop.set(true);
    Ok(())
}

fn loop_once(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    let state = Rc::clone(this(call)?);
    let timeout = match call.arg(0) {
        None => std::time::Duration::ZERO,
        Some(_) => call.timeout(0)?.ok_or_else(|| argument_value(0, "must be of type float, null given"))?,
    };
    dispatch::finish_earlier(&state)?;
    let mut count = 0;
    if let Some(message) = dispatch::step(&state, dispatch::deadline(Some(timeout)), dispatch::Purpose::Event)? {
        count += 1;
        if let Some(received) = message {
            state.keep(received);
            state.tell_full()?;
        }
        count += dispatch::dispatch(&state, u64::MAX)?;
    }
    *result = zend::long(count as i64);
    Ok(())
}

fn stream(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    let state = this(call)?;
    let kept = state.stream.borrow().as_ref().filter(|stream| zend::stream_is_open(stream)).map(zend::copy);
    *result = match kept {
        Some(stream) => stream,
        None => {
            let stream =
                zend::stream(fail(state.client.fd())?.as_raw_fd()).ok_or_else(|| throw("cannot make a stream"))?;
            let old = state.stream.replace(Some(zend::copy(&stream)));
            drop(old);
            stream
        }
    };
    Ok(())
}

fn fd(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = zend::long(fail(this(call)?.client.fd())?.as_raw_fd());
    Ok(())
}

fn dispatch_now(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    let state = Rc::clone(this(call)?);
    let max = call.long_within(0, i64::MAX, 0, i64::MAX)?;
    *result = zend::long(dispatch::dispatch(&state, max as u64)? as i64);
    Ok(())
}

fn stats(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = this(call)?.stats();
    Ok(())
}

fn persistent(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    let mut list = zend::map();
    for (name, client) in persistent::list() {
        zend::set(&mut list, &name, state::stats(&client));
    }
    *result = list;
    Ok(())
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_close_Client(data: *mut c_void) {
    // SAFETY: the data of a living object. The clone outlives what a warning's error handler may do.
    let state = Rc::clone(unsafe { &*data.cast::<Rc<State>>() });
    guard::catch(|| {
        state.close(true);
        Ok(())
    });
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_free_Client(data: *mut c_void) {
    // SAFETY: made by set_native, and freed once.
    let state = unsafe { Box::from_raw(data.cast::<Rc<State>>()) };
    guard::catch(|| {
        // After a fatal error no destructor is called.
        state.close(false);
        drop(state);
        Ok(())
    });
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_gc_Client(data: *mut c_void, buffer: *mut c_void) {
    // SAFETY: the data of a living object.
    unsafe { &*data.cast::<Rc<State>>() }.visit(buffer);
}
