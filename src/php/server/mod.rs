//! `Mqtt\Server`: a door to `mqtt-broker`.
//!
//! The broker's threads put their questions into a [`queue`]; the PHP thread takes them out in `run()` and
//! `dispatch()`, calls the hooks and answers. No thread but the PHP thread touches a value of PHP.

mod answer;
mod dispatch;
pub(crate) mod options;
mod queue;
pub(crate) mod report;
mod request;
mod state;

use std::ffi::c_void;
use std::time::{Duration, Instant};

use mqtt_broker::{Level, PublishError};
use mqtt_proto::packet::PacketType;
use mqtt_proto::topic::Filter;
use mqtt_proto::{ReasonCode, Text};

use crate::callback::Callback;
use crate::convert::{Call, wrong_type};
use crate::exception::{self, argument_type, argument_value, class_entries, error, throw};
use crate::guard::{Outcome, Thrown, methods};
use crate::properties::{self, Place};
use crate::topic::{check_name, complaint};
use crate::wait::{interrupt, wait_readable};
use crate::zend::{self, Zval};
use queue::Queue;
use state::{Hook, Server};
pub(crate) use state::{is_running_here, throw_start, with_signals_blocked};

class_entries! {
    handler_class = class_entry_Mqtt_Server_Handler;
}

methods! {
    zim_Mqtt_Server___construct => construct;
    zim_Mqtt_Server_onConnect => on_connect;
    zim_Mqtt_Server_onAuthenticate => on_authenticate;
    zim_Mqtt_Server_onSubscribe => on_subscribe;
    zim_Mqtt_Server_onUnsubscribe => on_unsubscribe;
    zim_Mqtt_Server_onPublish => on_publish;
    zim_Mqtt_Server_onDeliver => on_deliver;
    zim_Mqtt_Server_onDisconnect => on_disconnect;
    zim_Mqtt_Server_onSessionCreated => on_session_created;
    zim_Mqtt_Server_onSessionEnded => on_session_ended;
    zim_Mqtt_Server_onPing => on_ping;
    zim_Mqtt_Server_handler => handler;
    zim_Mqtt_Server_start => start;
    zim_Mqtt_Server_run => run;
    zim_Mqtt_Server_dispatch => dispatch;
    zim_Mqtt_Server_stop => stop;
    zim_Mqtt_Server_isRunning => is_running;
    zim_Mqtt_Server_stream => stream;
    zim_Mqtt_Server_fd => fd;
    zim_Mqtt_Server_addresses => addresses;
    zim_Mqtt_Server_port => port;
    zim_Mqtt_Server_publish => publish;
    zim_Mqtt_Server_clients => clients;
    zim_Mqtt_Server_client => client;
    zim_Mqtt_Server_disconnect => disconnect;
    zim_Mqtt_Server_subscriptions => subscriptions;
    zim_Mqtt_Server_retained => retained;
    zim_Mqtt_Server_stats => stats;
}

/// Between two looks at signals and the clock, however much there is to do.
const BATCH: usize = 64;
/// A signal that comes between a look at it and the wait is seen after this time at the latest.
const SLICE: Duration = Duration::from_millis(100);

fn construct(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    if zend::native::<Server>(call.this()).is_some() {
        return Err(error("Mqtt\\Server has been constructed before"));
    }
    let (setup, objects) = options::from_args(call)?;
    let server = Server::new(setup, objects.logger);
    server.set_topics(vec![Text::from("#")]);
    server.set_deliver_topics(vec![Text::from("#")]);
    if let Some(mut handler) = objects.handler {
        register_handler(&server, &mut handler)?;
    }
    zend::set_native(call.this(), Box::new(server));
    Ok(())
}

// Hooks.

fn on_connect(call: &Call, _: &mut Zval) -> Outcome {
    register(call, Hook::Connect)
}

fn on_authenticate(call: &Call, _: &mut Zval) -> Outcome {
    register(call, Hook::Authenticate)
}

fn on_subscribe(call: &Call, _: &mut Zval) -> Outcome {
    register(call, Hook::Subscribe)
}

fn on_unsubscribe(call: &Call, _: &mut Zval) -> Outcome {
    register(call, Hook::Unsubscribe)
}

fn on_disconnect(call: &Call, _: &mut Zval) -> Outcome {
    register(call, Hook::Disconnect)
}

fn on_session_created(call: &Call, _: &mut Zval) -> Outcome {
    register(call, Hook::SessionCreated)
}

fn on_session_ended(call: &Call, _: &mut Zval) -> Outcome {
    register(call, Hook::SessionEnded)
}

fn on_ping(call: &Call, _: &mut Zval) -> Outcome {
    register(call, Hook::Ping)
}

fn register(call: &Call, hook: Hook) -> Outcome {
    call.expect(1, 1)?;
    let server = of(call)?;
    server.check_fork()?;
    server.register(hook, Callback::from_arg(call, 0)?)
}

fn on_publish(call: &Call, _: &mut Zval) -> Outcome {
    register_for_topics(call, Hook::Publish, Server::set_topics)
}

fn on_deliver(call: &Call, _: &mut Zval) -> Outcome {
    register_for_topics(call, Hook::Deliver, Server::set_deliver_topics)
}

fn register_for_topics(call: &Call, hook: Hook, set: fn(&Server, Vec<Text>)) -> Outcome {
    call.expect(1, 2)?;
    let server = of(call)?;
    server.check_fork()?;
    let callback = Callback::from_arg(call, 0)?;
    let topics = topics(call, 1)?;
    let is_unset = callback.is_none();
    server.register(hook, callback)?;
    if !is_unset {
        set(server, topics);
    }
    Ok(())
}

fn handler(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(1, 3)?;
    let server = of(call)?;
    server.check_fork()?;
    let Some(value) = call.arg(0) else { return Ok(()) };
    if zend::instance(value, handler_class()).is_none() {
        return Err(wrong_type(0, "Mqtt\\Server\\Handler", value));
    }
    let (publish, deliver) = (topics(call, 1)?, topics(call, 2)?);
    register_handler(server, value)?;
    // The filters of a hook that it does not have are those of the callable that stays.
    if method(value, Hook::Publish).is_some() {
        server.set_topics(publish);
    }
    if method(value, Hook::Deliver).is_some() {
        server.set_deliver_topics(deliver);
    }
    Ok(())
}

fn register_handler(server: &Server, handler: &mut Zval) -> Outcome {
    let mut found = false;
    for hook in Hook::ALL {
        if let Some(callback) = method(handler, hook) {
            server.register(hook, Some(callback))?;
            found = true;
        }
    }
    if found {
        return Ok(());
    }
    let names = Hook::ALL.map(Hook::text).join(", ");
    Err(exception::value_error(&format!("{} has no public method that is a hook: {names}", zend::type_name(handler))))
}

fn method(handler: &mut Zval, hook: Hook) -> Option<Callback> {
    // The engine's tables of methods are in lower case.
    let lower = std::ffi::CString::new(hook.text().to_ascii_lowercase()).ok()?;
    Callback::method(handler, &lower)
}

/// The topics argument: one filter, or a list.
fn topics(call: &Call, index: u32) -> Outcome<Vec<Text>> {
    let Some(value) = call.arg(index) else { return Ok(vec![Text::from("#")]) };
    let text = |value: &Zval| match zend::as_bytes(value).map(std::str::from_utf8) {
        Some(Ok(text)) => Ok(Some(text.to_owned())),
        Some(Err(_)) => Err(argument_value(index, "must be valid UTF-8")),
        None => Ok(None),
    };
    let mut filters = Vec::new();
    match zend::as_array(value) {
        Some(array) => zend::each(array, |_, value| {
            let found = text(value)?;
            let wrong =
                || argument_type(index, &format!("must contain only strings, {} given", zend::type_name(value)));
            filters.push(found.ok_or_else(wrong)?);
            Ok(())
        })?,
        None => filters.push(text(value)?.ok_or_else(|| wrong_type(index, "array|string", value))?),
    }
    let mut topics = Vec::with_capacity(filters.len());
    for filter in filters {
        let parsed = Filter::parse(&filter).map_err(|rule| argument_value(index, &complaint("topic filter", rule)))?;
        if parsed.share.is_some() {
            return Err(argument_value(index, "must not contain a shared filter: a hook is asked for topics"));
        }
        topics.push(Text::from(filter));
    }
    if topics.is_empty() {
        return Err(argument_value(index, "must name at least one topic filter"));
    }
    Ok(topics)
}

// Running.

fn start(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    of(call)?.start().map(drop)
}

fn run(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    let server = of(call)?;
    let deadline = call.timeout(0)?.map(|timeout| Instant::now() + timeout);
    server.check_fork()?;
    if server.in_run.replace(true) {
        return Err(error("run() is running already; a hook may call dispatch()"));
    }
    server.stop.set(false);
    let outcome = server.start().and_then(|queue| serve(server, &queue, deadline));
    server.in_run.set(false);
    outcome
}

/// Dispatches until stop(), and then what the end of the broker had to tell.
fn serve(server: &Server, queue: &Queue, deadline: Option<Instant>) -> Outcome {
    loop {
        let dispatched = take(server, queue, BATCH)?;
        if server.stop.get() && dispatched < BATCH {
            return Ok(());
        }
        let now = Instant::now();
        if deadline.is_some_and(|deadline| deadline <= now) && !server.stop.get() {
            return Ok(());
        }
        if dispatched == 0 {
            let slice = deadline.map_or(SLICE, |deadline| SLICE.min(deadline - now));
            wait_readable(queue.fd(), slice);
        }
        if interrupt(None).is_break() {
            return Err(Thrown::pending());
        }
    }
}

/// Hands at most so many entries to PHP. Returns how many.
fn take(server: &Server, queue: &Queue, maximum: usize) -> Outcome<usize> {
    let mut count = 0;
    while count < maximum {
        let Some(event) = queue.take() else { break };
        dispatch::deliver(server, event)?;
        count += 1;
    }
    let late = server.late.take();
    if late > 0 {
        let text = format!(
            "{late} questions were not put to their hooks, because hookDeadline had passed: the script must call run() or \
             dispatch() more often, or its hooks take too long"
        );
        report::line(server, Level::Warning, &text)?;
    }
    Ok(count)
}

fn dispatch(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    let server = of(call)?;
    let maximum = call.long_within(0, i64::MAX, 0, i64::MAX)?;
    server.check_fork()?;
    // After stop() there may be notices of its end; they do not start it again.
    let queue = match server.queue() {
        Some(queue) if server.stop.get() => queue,
        _ => server.start()?,
    };
    let count = take(server, &queue, usize::try_from(maximum).unwrap_or(usize::MAX))?;
    *result = zend::long(count as i64);
    Ok(())
}

fn stop(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    let server = of(call)?;
    let timeout = call.timeout(0)?.unwrap_or(Duration::from_secs(1));
    server.check_fork()?;
    let written = server.stop(timeout);
    *result = zend::bool(written);
    Ok(())
}

fn is_running(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    let server = of(call)?;
    server.check_fork()?;
    *result = zend::bool(server.running().is_some());
    Ok(())
}

fn stream(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    let server = of(call)?;
    let queue = server.start()?;
    let kept = server.stream.borrow().as_ref().map(zend::copy);
    *result = match kept.filter(zend::stream_is_open) {
        Some(stream) => stream,
        None => {
            let stream = zend::stream(queue.raw_fd())
                .ok_or_else(|| error("Cannot make a stream: the process has no descriptor left"))?;
            let old = server.stream.replace(Some(zend::copy(&stream)));
            drop(old);
            stream
        }
    };
    Ok(())
}

fn fd(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = zend::long(of(call)?.start()?.raw_fd());
    Ok(())
}

fn addresses(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    let server = of(call)?;
    server.check_fork()?;
    let addresses = server.running().map(|running| running.broker.local_addrs()).unwrap_or_default();
    let uris = addresses.iter().zip(&server.setup.schemes);
    *result = zend::list_of(
        uris.map(|(address, (scheme, path))| zend::string(options::uri(*scheme, path, address).as_bytes())),
    );
    Ok(())
}

fn port(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    let server = of(call)?;
    server.check_fork()?;
    let addresses = server.running().map(|running| running.broker.local_addrs()).unwrap_or_default();
    let port = addresses.iter().find_map(|address| match address {
        mqtt_broker::LocalAddress::Tcp(address) => Some(address.port()),
        mqtt_broker::LocalAddress::Unix(_) => None,
    });
    *result = zend::optional(port, zend::long);
    Ok(())
}

// What a running server is asked.

fn publish(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(1, 5)?;
    let topic = check_name(call, 0)?;
    let payload = bytes::Bytes::copy_from_slice(call.string(1)?);
    let (qos, retain) = (call.qos(2)?, call.bool_or(3, false)?);
    let (_, properties) = properties::from_arg(call, 4, Place::Packet(PacketType::Publish))?;
    let server = of(call)?;
    let running = server.require()?;
    server.published.set(true);
    running.broker.publish(topic, payload, qos, retain, properties).map_err(|error| match error {
        PublishError::Property { property, problem } => {
            argument_value(4, &format!("cannot have {}: {problem}", properties::php_name(property.name())))
        }
        PublishError::Topic { .. } => argument_value(0, &error.to_string()),
        PublishError::Stopped => throw(exception::closed_exception(), "The server has been stopped", 0, []),
    })
}

fn clients(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    let running = of(call)?.settled()?;
    *result = zend::list_of(running.broker.clients().iter().map(request::client));
    Ok(())
}

fn client(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 1)?;
    let client_id = call.text(0)?;
    let running = of(call)?.settled()?;
    *result = zend::optional(running.broker.client(client_id), |info| request::client(&info));
    Ok(())
}

fn disconnect(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 2)?;
    let client_id = call.text(0)?;
    let reason = call.reason(1, ReasonCode::AdministrativeAction)?;
    if !reason.is_defined_for(PacketType::Disconnect) || reason == ReasonCode::DisconnectWithWill {
        return Err(argument_value(1, "must be a reason code that a server can send in DISCONNECT"));
    }
    let running = of(call)?.require()?;
    *result = zend::bool(running.broker.disconnect(client_id, reason));
    Ok(())
}

fn subscriptions(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    let running = of(call)?.settled()?;
    *result = zend::list_of(running.broker.subscriptions().iter().map(request::subscription));
    Ok(())
}

fn retained(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    let filter = if call.count() == 0 { "#" } else { call.text(0)? };
    let running = of(call)?.settled()?;
    let found = running.broker.retained(filter).map_err(|rule| argument_value(0, &complaint("topic filter", rule)))?;
    *result = zend::list_of(found.iter().map(request::retained));
    Ok(())
}

fn stats(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    let running = of(call)?.settled()?;
    *result = request::stats(&running.broker.stats());
    Ok(())
}

fn of<'a>(call: &Call) -> Outcome<&'a Server> {
    state::of(call.this())
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_free_Server(data: *mut c_void) {
    // SAFETY: made by set_native, and freed once.
    drop(unsafe { Box::from_raw(data.cast::<Server>()) });
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_gc_Server(data: *mut c_void, buffer: *mut c_void) {
    // SAFETY: the data of a living object.
    unsafe { &*data.cast::<Server>() }.visit(buffer);
}
