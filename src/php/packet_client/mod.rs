//! `Mqtt\PacketClient`: a door to `mqtt_client::packets`.

mod options;

use std::cell::RefCell;
use std::ffi::c_void;
use std::os::fd::AsRawFd;

use bytes::Bytes;
use mqtt_client::Wait;
use mqtt_client::packets::{PacketClient as Native, PacketError};
use mqtt_proto::packet::PacketType;
use mqtt_proto::wire::decode;

use crate::convert::{Call, wrong_type};
use crate::exception::{self, error, throw_coded, value_error};
use crate::guard::{self, Outcome, Thrown, methods};
use crate::packet;
use crate::wait::interrupt;
use crate::zend::{self, Zval};

methods! {
    zim_Mqtt_PacketClient___construct => construct;
    zim_Mqtt_PacketClient_connect => connect;
    zim_Mqtt_PacketClient_send => send;
    zim_Mqtt_PacketClient_sendBytes => send_bytes;
    zim_Mqtt_PacketClient_receive => receive;
    zim_Mqtt_PacketClient_receiveBytes => receive_bytes;
    zim_Mqtt_PacketClient_isConnected => is_connected;
    zim_Mqtt_PacketClient_close => close;
    zim_Mqtt_PacketClient_fd => fd;
    zim_Mqtt_PacketClient_stream => stream;
    zim_Mqtt_PacketClient_localAddress => local_address;
    zim_Mqtt_PacketClient_remoteAddress => remote_address;
    zim_Mqtt_PacketClient_bytesSent => bytes_sent;
    zim_Mqtt_PacketClient_bytesReceived => bytes_received;
}

/// The state of one object.
struct Client {
    native: Native,
    /// What `stream()` gave, for the socket with this number.
    stream: RefCell<Option<(i32, Zval)>>,
    /// The topic of the last PUBLISH: it often comes again.
    topic: RefCell<Zval>,
}

fn construct(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(1, 2)?;
    if zend::native::<Client>(call.this()).is_some() {
        return Err(error("Mqtt\\PacketClient has been constructed before"));
    }
    let native = Native::new(options::from_args(call)?).map_err(|error| throw(&error))?;
    let client = Client { native, stream: RefCell::default(), topic: RefCell::new(zend::null()) };
    zend::set_native(call.this(), Box::new(client));
    Ok(())
}

/// The state of an object that may be used in this process.
fn of<'a>(call: &Call) -> Outcome<&'a Client> {
    let client = zend::native::<Client>(call.this());
    let client = client.ok_or_else(|| error("Mqtt\\PacketClient was made without its constructor"))?;
    client.native.check_fork().map_err(|error| throw(&error))?;
    Ok(client)
}

fn connect(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    let client = of(call)?;
    let timeout = call.timeout(0)?;
    client.forget_stream();
    let mut hook = || interrupt(None);
    client.native.connect(Wait::from(timeout).with_hook(&mut hook)).map_err(|error| throw(&error))
}

fn send(call: &Call, result: &mut Zval) -> Outcome {
    let client = of(call)?;
    let mut packets = Vec::with_capacity(call.count() as usize);
    for index in 0..call.count() {
        if let Some(value) = call.arg(index) {
            let object = zend::instance(value, packet::interface());
            let object = object.ok_or_else(|| wrong_type(index, "Mqtt\\Packet", value))?;
            packets.push(packet::of(object, None)?);
        }
    }
    let mut hook = || interrupt(None);
    let sent = client.native.send(&packets, Wait::forever().with_hook(&mut hook)).map_err(|error| throw(&error))?;
    *result = zend::long(sent as i64);
    Ok(())
}

fn send_bytes(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 1)?;
    let client = of(call)?;
    let bytes = call.string(0)?;
    let mut hook = || interrupt(None);
    let sent = client.native.send_bytes(bytes, Wait::forever().with_hook(&mut hook)).map_err(|error| throw(&error))?;
    *result = zend::long(sent as i64);
    Ok(())
}

fn receive(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    let client = of(call)?;
    let wait = Wait::from(call.timeout(0)?);
    let mut hook = || interrupt(None);
    let received = client.native.receive_with(wait.with_hook(&mut hook), |frame, version| {
        if frame.packet_type == PacketType::Publish {
            let view = decode::publish(frame, version, None)?;
            return Ok(packet::publish_view_object(&view, &mut client.topic.borrow_mut()));
        }
        let packet = decode::packet(Bytes::copy_from_slice(frame.bytes), frame.parts(), version, None)?;
        Ok(packet::object(&packet))
    });
    if let Some(object) = received.map_err(|error| throw(&error))? {
        *result = object;
    }
    Ok(())
}

fn receive_bytes(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    let client = of(call)?;
    let wait = Wait::from(call.timeout(0)?);
    let mut hook = || interrupt(None);
    let received = client.native.receive_with(wait.with_hook(&mut hook), |frame, _| Ok(zend::string(frame.bytes)));
    if let Some(bytes) = received.map_err(|error| throw(&error))? {
        *result = bytes;
    }
    Ok(())
}

fn is_connected(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = zend::bool(of(call)?.native.is_connected().map_err(|error| throw(&error))?);
    Ok(())
}

fn close(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    let client = of(call)?;
    client.forget_stream();
    client.native.close().map_err(|error| throw(&error))
}

fn fd(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = zend::long(of(call)?.raw_fd()?);
    Ok(())
}

fn stream(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    let client = of(call)?;
    let fd = client.raw_fd()?;
    let kept = client.stream.borrow().as_ref().filter(|(of, _)| *of == fd).map(|(_, stream)| zend::copy(stream));
    *result = match kept.filter(zend::stream_is_open) {
        Some(stream) => stream,
        None => {
            let stream =
                zend::stream(fd).ok_or_else(|| error("Cannot make a stream: the process has no descriptor left"))?;
            let old = client.stream.replace(Some((fd, zend::copy(&stream))));
            drop(old);
            stream
        }
    };
    Ok(())
}

fn local_address(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    let address = of(call)?.native.local_address().map_err(|error| throw(&error))?;
    *result = zend::optional(address, |address| zend::string(address.to_string().as_bytes()));
    Ok(())
}

fn remote_address(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    let address = of(call)?.native.remote_address().map_err(|error| throw(&error))?;
    *result = zend::optional(address, |address| zend::string(address.to_string().as_bytes()));
    Ok(())
}

fn bytes_sent(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = zend::long(of(call)?.native.counters().map_err(|error| throw(&error))?.0 as i64);
    Ok(())
}

fn bytes_received(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = zend::long(of(call)?.native.counters().map_err(|error| throw(&error))?.1 as i64);
    Ok(())
}

impl Client {
    fn raw_fd(&self) -> Outcome<i32> {
        let handle = self.native.handle().map_err(|error| throw(&error))?;
        let none = || throw(&PacketError::Closed("there is no connection: call connect() first".into()));
        handle.map(|handle| handle.as_raw_fd()).ok_or_else(none)
    }

    /// The stream is one of a connection. Its owner may still hold it.
    fn forget_stream(&self) {
        let old = self.stream.take();
        drop(old);
    }
}

/// Throws what an error is in PHP.
fn throw(error: &PacketError) -> Thrown {
    let text = error.to_string();
    let code = i64::from(error.os_code());
    match error {
        PacketError::Dial(_) | PacketError::Tls(_) | PacketError::Broken { .. } => {
            let step = zend::optional(error.step(), |step| zend::string(step.as_bytes()));
            throw_coded(exception::transport_exception(), &text, code, [(c"step", step)])
        }
        PacketError::Closed(_) => throw_coded(exception::closed_exception(), &text, code, []),
        PacketError::WriteTimeout { .. } => throw_coded(exception::timeout_exception(), &text, code, []),
        PacketError::Protocol { violation, peer } => {
            exception::protocol(violation, &format!("{peer} broke the protocol: "))
        }
        PacketError::Encode { packet, source } => value_error(&format!("{packet}: {}", packet::explain(source))),
        PacketError::InvalidArgument(_) => value_error(&text),
        PacketError::Forked => throw_coded(exception::fork_exception(), &text, code, []),
        PacketError::Interrupted(_) if zend::exception_pending() || guard::is_fatal() => Thrown::pending(),
        _ => exception::error(&text),
    }
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_free_PacketClient(data: *mut c_void) {
    // SAFETY: made by set_native, and freed once.
    let client = unsafe { Box::from_raw(data.cast::<Client>()) };
    guard::catch(|| {
        drop(client);
        Ok(())
    });
}
