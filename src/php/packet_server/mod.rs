//! `Mqtt\PacketServer`: a door to `mqtt_broker::packets`.
//!
//! The server's thread puts its events into a queue; the PHP thread takes them out in `run()` and `dispatch()`, calls
//! the callbacks and sends what they return. No thread but the PHP thread touches a value of PHP.

mod connection;
mod options;
mod state;

use std::ffi::c_void;
use std::time::{Duration, Instant};

use mqtt_broker::packets::{PacketConnection, PacketEvent};
use mqtt_broker::{Level, LocalAddress};
use mqtt_proto::ReasonCode;
use mqtt_proto::packet::Packet;

use crate::callback::Callback;
use crate::convert::Call;
use crate::exception::error;
use crate::guard::{Outcome, Thrown, methods};
use crate::packet;
use crate::server::options::uri;
use crate::server::report::drop_guarded;
use crate::wait::{interrupt, wait_readable};
use crate::zend::{self, Zval};
use state::{Hook, Queue, Server};

methods! {
    zim_Mqtt_PacketServer___construct => construct;
    zim_Mqtt_PacketServer_onConnect => on_connect;
    zim_Mqtt_PacketServer_onPacket => on_packet;
    zim_Mqtt_PacketServer_onDisconnect => on_disconnect;
    zim_Mqtt_PacketServer_start => start;
    zim_Mqtt_PacketServer_run => run;
    zim_Mqtt_PacketServer_dispatch => dispatch;
    zim_Mqtt_PacketServer_stop => stop;
    zim_Mqtt_PacketServer_isRunning => is_running;
    zim_Mqtt_PacketServer_connections => connections;
    zim_Mqtt_PacketServer_stream => stream;
    zim_Mqtt_PacketServer_fd => fd;
    zim_Mqtt_PacketServer_addresses => addresses;
    zim_Mqtt_PacketServer_port => port;
}

/// Between two looks at signals and the clock, however much there is to do.
const BATCH: usize = 64;
/// A signal that comes between a look at it and the wait is seen after this time at the latest.
const SLICE: Duration = Duration::from_millis(100);
/// What a client is told whose callback failed.
const FAILED: ReasonCode = ReasonCode::ImplementationSpecificError;

fn construct(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    if zend::native::<Server>(call.this()).is_some() {
        return Err(error("Mqtt\\PacketServer has been constructed before"));
    }
    let setup = options::from_args(call)?;
    zend::set_native(call.this(), Box::new(Server::new(setup)));
    Ok(())
}

fn on_connect(call: &Call, _: &mut Zval) -> Outcome {
    register(call, Hook::Connect)
}

fn on_packet(call: &Call, _: &mut Zval) -> Outcome {
    register(call, Hook::Packet)
}

fn on_disconnect(call: &Call, _: &mut Zval) -> Outcome {
    register(call, Hook::Disconnect)
}

fn register(call: &Call, hook: Hook) -> Outcome {
    call.expect(1, 1)?;
    let server = of(call)?;
    server.check_fork()?;
    server.register(hook, Callback::from_arg(call, 0)?);
    Ok(())
}

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
        return Err(error("run() is running already; a callback may call dispatch()"));
    }
    server.stop.set(false);
    let outcome = server.start().and_then(|queue| serve(server, &queue, deadline));
    server.in_run.set(false);
    outcome
}

/// Dispatches until stop(), and then what the end had to tell.
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
            wait_readable(queue.fd(), deadline.map_or(SLICE, |deadline| SLICE.min(deadline - now)));
        }
        if interrupt(None).is_break() {
            return Err(Thrown::pending());
        }
    }
}

/// Hands at most so many events to PHP. Returns how many.
fn take(server: &Server, queue: &Queue, maximum: usize) -> Outcome<usize> {
    for count in 0..maximum {
        let Some(event) = queue.take() else { return Ok(count) };
        deliver(server, event)?;
    }
    Ok(maximum)
}

/// Hands one event to PHP. An error ends the script. The event goes when it has been dealt with.
fn deliver(server: &Server, event: PacketEvent) -> Outcome {
    match &event {
        PacketEvent::Connected(native) => {
            let object = connection::new(native);
            server.keep(native.id(), &object);
            tell(server, Hook::Connect, native, [object])
        }
        PacketEvent::Packet(native, packet, _) => received(server, native, packet),
        PacketEvent::Closed(native, ended, _) => {
            let Some(object) = server.forget(native.id()) else { return Ok(()) };
            tell(server, Hook::Disconnect, native, [object, zend::string(ended.to_string().as_bytes())])
        }
    }
}

fn received(server: &Server, native: &PacketConnection, packet: &Packet) -> Outcome {
    let Some(object) = server.object(native.id()) else { return Ok(()) };
    connection::learn(&object, native);
    // A client that was refused has nothing more to say, whatever it had sent before it knew.
    if native.is_closed_by_program() {
        return Ok(());
    }
    let Some(callback) = server.callback(Hook::Packet) else { return Ok(()) };
    let mut value = match callback.call([zend::copy(&object), packet::object(packet)]) {
        Ok(value) => value,
        Err(thrown) => return threw(server, Hook::Packet, native, thrown),
    };
    let sent = match connection::answer(&mut value, native) {
        Err(thrown) => {
            threw(server, Hook::Packet, native, thrown)?;
            return release(server, Hook::Packet, native, value);
        }
        Ok(packets) => packets.and_then(|packets| connection::put(native, &packets)),
    };
    connection::learn(&object, native);
    if let Err(text) = sent {
        native.refuse(FAILED);
        let text = format!("{}: {text}; the connection was closed", subject(Hook::Packet, native));
        server.reporter().write(Level::Error, &text, None)?;
    }
    release(server, Hook::Packet, native, value)?;
    release(server, Hook::Packet, native, object)
}

/// Tells a callback; what it returns does not matter.
fn tell<const N: usize>(server: &Server, hook: Hook, native: &PacketConnection, arguments: [Zval; N]) -> Outcome {
    let Some(callback) = server.callback(hook) else { return arguments.into_iter().try_for_each(drop_guarded) };
    match callback.call(arguments) {
        Ok(value) => release(server, hook, native, value),
        Err(thrown) => threw(server, hook, native, thrown),
    }
}

/// Lets go of a value, which may run a destructor.
fn release(server: &Server, hook: Hook, native: &PacketConnection, value: Zval) -> Outcome {
    drop_guarded(value)?;
    if zend::exception_pending() { threw(server, hook, native, Thrown::pending()) } else { Ok(()) }
}

/// A callback threw: that connection ends, the server goes on.
fn threw(server: &Server, hook: Hook, native: &PacketConnection, thrown: Thrown) -> Outcome {
    native.refuse(FAILED);
    server.reporter().threw(&format!("{} failed", subject(hook, native)), thrown)
}

/// "Callback onPacket of connection 3 (client "x")".
fn subject(hook: Hook, native: &PacketConnection) -> String {
    match native.client_id() {
        Some(client) => format!("Callback {} of connection {} (client \"{client}\")", hook.text(), native.id()),
        None => format!("Callback {} of connection {}", hook.text(), native.id()),
    }
}

fn dispatch(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    let server = of(call)?;
    let maximum = call.long_within(0, i64::MAX, 0, i64::MAX)?;
    server.check_fork()?;
    // After stop() there may be ends to tell; they do not start it again.
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
    *result = zend::bool(server.stop(timeout));
    Ok(())
}

fn is_running(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    let server = of(call)?;
    server.check_fork()?;
    *result = zend::bool(server.running().is_some());
    Ok(())
}

fn connections(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    let server = of(call)?;
    server.check_fork()?;
    *result = zend::list_of(server.objects().into_iter());
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
    let addresses = server.running().map(|running| running.native.local_addrs()).unwrap_or_default();
    let uris = addresses.iter().zip(&server.setup.schemes);
    *result = zend::list_of(uris.map(|(address, (scheme, path))| zend::string(uri(*scheme, path, address).as_bytes())));
    Ok(())
}

fn port(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    let server = of(call)?;
    server.check_fork()?;
    let addresses = server.running().map(|running| running.native.local_addrs()).unwrap_or_default();
    let port = addresses.iter().find_map(|address| match address {
        LocalAddress::Tcp(address) => Some(address.port()),
        LocalAddress::Unix(_) => None,
    });
    *result = zend::optional(port, zend::long);
    Ok(())
}

fn of<'a>(call: &Call) -> Outcome<&'a Server> {
    state::of(call.this())
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_free_PacketServer(data: *mut c_void) {
    // SAFETY: made by set_native, and freed once.
    drop(unsafe { Box::from_raw(data.cast::<Server>()) });
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_gc_PacketServer(data: *mut c_void, buffer: *mut c_void) {
    // SAFETY: the data of a living object.
    unsafe { &*data.cast::<Server>() }.visit(buffer);
}
