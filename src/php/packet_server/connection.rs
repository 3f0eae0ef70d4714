//! `Mqtt\Connection`.

use std::ffi::c_void;

use mqtt_broker::packets::{PacketConnection, SendError};
use mqtt_client::fork;
use mqtt_proto::packet::Packet;

use super::state::check_fork;
use crate::convert::{Call, wrong_type};
use crate::enums;
use crate::exception::{class_entries, error, value_error};
use crate::guard::{Outcome, methods};
use crate::object;
use crate::packet;
use crate::server::report::describe_value;
use crate::topic::not_constructible;
use crate::zend::{self, Zval};

class_entries! {
    connection_class = class_entry_Mqtt_Connection;
}

methods! {
    zim_Mqtt_Connection___construct => not_constructible;
    zim_Mqtt_Connection_send => send;
    zim_Mqtt_Connection_close => close;
    zim_Mqtt_Connection_isConnected => is_connected;
}

/// Slots, in the order of the stub.
const VERSION: usize = 2;
const CLIENT_ID: usize = 3;

struct Handle {
    connection: PacketConnection,
    generation: u32,
}

/// The object of a new connection.
pub(super) fn new(connection: &PacketConnection) -> Zval {
    let value = zend::new_object(connection_class());
    if let Some(this) = zend::as_object(&value) {
        let address = connection.address().map(|address| address.to_string());
        // A new object: its slots hold nothing yet, or null.
        let _ = object::construct(
            this,
            [
                zend::long(connection.id() as i64),
                zend::optional(address, |address| zend::string(address.as_bytes())),
                zend::null(),
                zend::null(),
                zend::null(),
            ],
        );
        let handle = Handle { connection: connection.clone(), generation: fork::generation() };
        zend::set_native(this, Box::new(handle));
    }
    value
}

/// Fills in what CONNECT has said, or CONNACK.
pub(super) fn learn(value: &Zval, connection: &PacketConnection) {
    let Some(this) = zend::as_object(value) else { return };
    let (Some(version), Some(client_id)) = (connection.version(), connection.client_id()) else { return };
    if zend::is_null(object::slot(this, VERSION)) {
        object::replace(this, VERSION, enums::version(version));
    }
    if zend::as_bytes(object::slot(this, CLIENT_ID)) != Some(client_id.as_bytes()) {
        object::replace(this, CLIENT_ID, zend::string(client_id.as_bytes()));
    }
}

fn of<'a>(call: &Call) -> Outcome<&'a PacketConnection> {
    let handle = zend::native::<Handle>(call.this());
    let handle = handle.ok_or_else(|| error("Mqtt\\Connection was made without its constructor"))?;
    check_fork(handle.generation)?;
    Ok(&handle.connection)
}

fn packet_arg(index: u32, value: &Zval, connection: &PacketConnection) -> Outcome<Packet> {
    let object = zend::instance(value, packet::interface());
    let object = object.ok_or_else(|| wrong_type(index, "Mqtt\\Packet", value))?;
    packet::of(object, connection.version())
}

fn send(call: &Call, result: &mut Zval) -> Outcome {
    let connection = of(call)?;
    let mut packets = Vec::with_capacity(call.count() as usize);
    for index in 0..call.count() {
        if let Some(value) = call.arg(index) {
            packets.push(packet_arg(index, value, connection)?);
        }
    }
    let sent = put(connection, &packets).map_err(|text| value_error(&text))?;
    learn(&zend::object_of(call.this()), connection);
    *result = zend::bool(sent);
    Ok(())
}

fn close(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 1)?;
    let connection = of(call)?;
    if let Some(value) = call.nullable(0) {
        let last = packet_arg(0, value, connection)?;
        put(connection, &[last]).map_err(|text| value_error(&text))?;
    }
    connection.close();
    Ok(())
}

fn is_connected(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = zend::bool(of(call)?.is_open());
    Ok(())
}

/// Sends; false where the connection has ended, a text where a packet cannot be written.
pub(super) fn put(connection: &PacketConnection, packets: &[Packet]) -> Result<bool, String> {
    match connection.send(packets) {
        Ok(()) => Ok(true),
        Err(SendError::Closed) => Ok(false),
        Err(SendError::Encode { packet, source }) => Err(format!("{packet}: {}", packet::explain(&source))),
    }
}

/// What a callback returned, as packets.
pub(super) fn answer(value: &mut Zval, connection: &PacketConnection) -> Outcome<Result<Vec<Packet>, String>> {
    let expected = "it must return a Mqtt\\Packet, an iterable of them, or null";
    if zend::is_null(value) {
        return Ok(Ok(Vec::new()));
    }
    if let Some(object) = zend::instance(value, packet::interface()) {
        return Ok(Ok(vec![packet::of(object, connection.version())?]));
    }
    let mut packets = Vec::new();
    let mut wrong = None;
    let walked = zend::traverse(value, |_, item| {
        match zend::instance(item, packet::interface()) {
            Some(object) => packets.push(packet::of(object, connection.version())?),
            None => wrong = Some(describe_value(item)),
        }
        Ok(())
    })?;
    Ok(match (walked, wrong) {
        (None, _) => Err(format!("{expected}, {} returned", describe_value(value))),
        (Some(()), Some(wrong)) => Err(format!("{expected}, an iterable with {wrong} returned")),
        (Some(()), None) => Ok(packets),
    })
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_free_Connection(data: *mut c_void) {
    // SAFETY: made by set_native, and freed once.
    drop(unsafe { Box::from_raw(data.cast::<Handle>()) });
}
