//! `Mqtt\Compat\ArrayCodec`: packets as the arrays of simps/mqtt, workerman/mqtt and the Simps framework.
//!
//! Arrays become packets of `mqtt-proto` and back without objects between. Where the libraries' arrays say less than a
//! packet, or other things, that is decided here; what bytes mean is decided by `mqtt-proto` alone.

mod keys;
mod properties;
mod read;
mod write;

use std::ffi::c_void;

use bytes::Bytes;
use mqtt_proto::packet::{PacketType, PropertyId};
use mqtt_proto::wire::frame::{self, Frame};
use mqtt_proto::wire::{Place, decode, encode};
use mqtt_proto::{MAXIMUM_REMAINING_LENGTH, ReasonCode, Rule, Version, Violation};

use crate::convert::Call;
use crate::exception::{self, argument_value, error, value_error};
use crate::guard::{Outcome, Thrown, methods};
use crate::zend::{self, Zval, zend_object};
use keys::{DIALECTS, Dialect};

pub(crate) use keys::start;

methods! {
    zim_Mqtt_Compat_ArrayCodec___construct => construct;
    zim_Mqtt_Compat_ArrayCodec_encode => encode_array;
    zim_Mqtt_Compat_ArrayCodec_decode => decode_array;
    zim_Mqtt_Compat_ArrayCodec_length => length;
    zim_Mqtt_Compat_ArrayCodec_level => level;
    zim_Mqtt_Compat_ArrayCodec_encodeProperties => encode_properties;
    zim_Mqtt_Compat_ArrayCodec_decodeProperties => decode_properties;
}

/// No packet is larger.
const MAXIMUM: u32 = MAXIMUM_REMAINING_LENGTH + 5;

/// What an object knows; it never changes.
#[derive(Clone, Copy)]
struct Codec {
    dialect: &'static Dialect,
    version: Version,
}

fn construct(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(1, 2)?;
    let name = call.string(0)?;
    let Some(dialect) = DIALECTS.iter().find(|dialect| dialect.name.as_bytes() == name) else {
        return Err(argument_value(0, "must be \"simps\" or \"workerman\""));
    };
    let level = call.long_within(1, 4, 3, 5)?;
    let version = u8::try_from(level).ok().and_then(Version::from_level).unwrap_or(Version::V3_1_1);
    if zend::native::<Codec>(call.this()).is_some() {
        return Err(error("Mqtt\\Compat\\ArrayCodec has been constructed before"));
    }
    zend::set_native(call.this(), Box::new(Codec { dialect, version }));
    Ok(())
}

fn codec(object: *mut zend_object) -> Outcome<Codec> {
    let known = zend::native::<Codec>(object).copied();
    known.ok_or_else(|| error("Mqtt\\Compat\\ArrayCodec was made without its constructor"))
}

fn encode_array(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 1)?;
    let packet = call.array(0)?;
    let mut out = Vec::with_capacity(128);
    read::encode(codec(call.this())?, packet, &mut out)?;
    *result = zend::string(&out);
    Ok(())
}

fn decode_array(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 1)?;
    let bytes = call.string(0)?;
    let codec = codec(call.this())?;
    let (frame, version) = split(bytes, codec.version).map_err(refuse)?;
    let Some(frame) = frame else {
        let text = format!("The packet is not complete: {} bytes are there", bytes.len());
        return Err(exception::protocol_text(&text, ReasonCode::MalformedPacket));
    };
    *result = read_frame(codec.dialect, &frame, version).map_err(refuse)?;
    Ok(())
}

/// The first packet of the bytes, and the version to read it in. MQTT 3.1 is served as 3.1.1, but for the flag that only
/// its requests may carry.
fn split(bytes: &[u8], version: Version) -> Result<(Option<Frame<'_>>, Version), Violation> {
    match frame::split(bytes, version, MAXIMUM) {
        Err(Violation { rule: Rule::FixedHeaderFlags, .. }) if !version.has_properties() => {
            frame::split(bytes, Version::V3_1, MAXIMUM).map(|frame| (frame, Version::V3_1))
        }
        other => other.map(|frame| (frame, version)),
    }
}

fn read_frame(dialect: &Dialect, frame: &Frame<'_>, version: Version) -> Result<Zval, Violation> {
    if frame.packet_type == PacketType::Publish {
        return Ok(write::publish(dialect, &decode::publish(frame, version, None)?));
    }
    match decode::packet(Bytes::copy_from_slice(frame.bytes), frame.parts(), version, None) {
        Ok(packet) => Ok(write::packet(dialect, &packet, version)),
        // Written by encode() too: the libraries know AUTH without properties.
        Err(Violation { rule: Rule::AuthenticationMethodMissing, .. }) if frame.body().len() <= 2 => {
            Ok(write::bare_auth(dialect, frame.body().first().copied().unwrap_or_default()))
        }
        Err(violation) => Err(violation),
    }
}

fn length(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 1)?;
    let buffer = call.string(0)?;
    let version = codec(call.this())?.version;
    let length = match frame::announced(buffer) {
        Some(length) => length,
        None if buffer.len() > 4 => return Err(refuse(Violation::new(Rule::RemainingLengthTooLong, version))),
        None => 0,
    };
    *result = zend::long(length);
    Ok(())
}

fn level(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 1)?;
    let level = level_of(call.string(0)?).ok_or_else(|| {
        exception::protocol_text("These bytes are not the beginning of a CONNECT", ReasonCode::MalformedPacket)
    })?;
    *result = zend::long(level);
    Ok(())
}

/// The byte behind the protocol name of a CONNECT.
fn level_of(bytes: &[u8]) -> Option<u8> {
    if bytes.first()? >> 4 != PacketType::Connect as u8 {
        return None;
    }
    let length = 1 + bytes.get(1..5.min(bytes.len()))?.iter().position(|byte| byte & 0x80 == 0)?;
    let (name, rest) = bytes.get(1 + length..)?.split_first_chunk()?;
    rest.get(usize::from(u16::from_be_bytes(*name))).copied()
}

fn encode_properties(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(2, 2)?;
    let place = place(call)?;
    let list = properties::read(call.array(1)?, place)?;
    let mut out = Vec::new();
    encode::properties(&list, place, &mut out).map_err(|problem| value_error(&problem.to_string()))?;
    *result = zend::string(&out);
    Ok(())
}

fn decode_properties(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(2, 2)?;
    let place = place(call)?;
    let list = decode::properties(&Bytes::copy_from_slice(call.string(1)?), place).map_err(refuse)?;
    *result = properties::array(&list, place);
    Ok(())
}

fn place(call: &Call) -> Outcome<Place> {
    Ok(Place::Packet(match call.string(0)? {
        b"connect" => PacketType::Connect,
        b"will" => return Ok(Place::Will),
        b"connack" => PacketType::ConnAck,
        b"publish" => PacketType::Publish,
        b"ack" => PacketType::PubAck,
        b"subscribe" => PacketType::Subscribe,
        b"unsubscribe" => PacketType::Unsubscribe,
        b"disconnect" => PacketType::Disconnect,
        b"auth" => PacketType::Auth,
        _ => return Err(argument_value(0, "must be a kind of packet: \"connect\", \"will\", \"publish\" and so on")),
    }))
}

/// A refusal of bytes. Both libraries have words of their own for a property that does not belong.
fn refuse(violation: Violation) -> Thrown {
    let number = match violation.rule {
        Rule::UnknownProperty => violation.unknown_property,
        Rule::PropertyNotAllowed => violation.property.map(|id: PropertyId| id as u8),
        _ => None,
    };
    match number {
        Some(number) => exception::protocol_text(&format!("Property [0x{number:x}] not exist"), violation.reason()),
        None => exception::protocol_as_it_is(&violation),
    }
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_free_Compat_ArrayCodec(data: *mut c_void) {
    // SAFETY: made by set_native, and freed once.
    drop(unsafe { Box::from_raw(data.cast::<Codec>()) });
}
