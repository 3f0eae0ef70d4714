//! `Mqtt\Compat\ObjectCodec`: packets of MQTT 3 that are objects of classes written in PHP.
//!
//! It is a short cut and decides nothing: it takes packets that are ordinary in every way, and says so where one is
//! not. Then the drop-in's PHP code reads or writes it, and has the last word on what is accepted and how a refusal
//! is worded. So the two can differ only where this code accepts something, and there are tests for that.

mod layout;
mod read;
mod write;

use mqtt_proto::wire::frame;
use mqtt_proto::{MAXIMUM_REMAINING_LENGTH, Version};

use crate::convert::{Call, wrong_type};
use crate::exception::error;
use crate::guard::{self, Outcome, methods};
use crate::object::slot;
use crate::topic::not_constructible;
use crate::zend::{self, Zval, zend_object};
pub(super) use layout::forget;
use read::Next;

methods! {
    zim_Mqtt_Compat_ObjectCodec___construct => not_constructible;
    zim_Mqtt_Compat_ObjectCodec_learn => learn;
    zim_Mqtt_Compat_ObjectCodec_encode => encode;
    zim_Mqtt_Compat_ObjectCodec_read => read;
    zim_Mqtt_Compat_ObjectCodec_decode => decode;
}

/// The drop-in speaks MQTT 3.1 and 3.1.1, whose packets differ in CONNECT only.
const VERSION: Version = Version::V3_1_1;
const MAXIMUM: u32 = MAXIMUM_REMAINING_LENGTH + 5;

fn learn(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(2, 2)?;
    let kind = call.long_within(0, 0, 0, 14)?;
    *result = zend::bool(layout::learn(kind as u8, object(call, 1)?));
    Ok(())
}

fn encode(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 1)?;
    let packet = object(call, 0)?;
    if let Some(layout) = layout::of(packet)
        && let Some(bytes) = write::packet(packet, &layout)
    {
        *result = bytes;
    }
    Ok(())
}

fn read(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(2, 2)?;
    let (packet, stream) = (object(call, 0)?, object(call, 1)?);
    *result = zend::bool(read_one(packet, stream).is_some());
    Ok(())
}

/// `None` where something is not as usual; then nothing has changed.
fn read_one(packet: *mut zend_object, stream: *mut zend_object) -> Option<()> {
    let layout = layout::of(packet)?;
    let place = layout::stream(stream)?;
    let (data, position) = place.read(stream)?;
    let frame = frame::split(data.get(position..)?, VERSION, MAXIMUM).ok()??;
    if frame.packet_type != layout.kind {
        return None;
    }
    let values = read::values(&frame, &mut zend::null())?;
    let position = position + frame.bytes.len();
    // Old values go when nothing is borrowed any more.
    let old = layout.put(packet, frame.flags, frame.body().len(), values)?;
    place.set_position(stream, position);
    drop(old);
    Some(())
}

fn decode(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(3, 3)?;
    let stream = object(call, 0)?;
    let bytes = call.string(1)?;
    let Some(place) = layout::stream(stream) else { return Err(error("ObjectCodec does not know this stream")) };
    let Some(rest) = place.take(stream) else { return Err(error("ObjectCodec cannot read this stream")) };
    let data = match call.arg(1) {
        Some(bytes) if zend::as_bytes(&rest) == Some(b"") => zend::copy(bytes),
        _ => layout::append(rest, bytes),
    };
    let whole = zend::as_bytes(&data).unwrap_or_default();
    let (list, taken, stopped) = read_all(whole);
    let left = if taken == 0 { None } else { Some(zend::string(&whole[taken..])) };
    place.put(stream, left.unwrap_or(data));
    *result = list;
    call.assign_bool(2, stopped);
    Ok(())
}

/// The packets at the beginning of these bytes, how many bytes they took, and whether the next one is for PHP to read.
fn read_all(bytes: &[u8]) -> (Zval, usize, bool) {
    let mut list = zend::empty_array();
    let mut taken = 0;
    let mut topic = zend::null();
    loop {
        match read::next(&bytes[taken..], &mut topic) {
            Next::Packet(packet, size) => {
                if taken == 0 {
                    list = zend::list(1);
                }
                zend::push(&mut list, packet);
                taken += size;
                if guard::memory_spent() {
                    return (list, taken, false);
                }
            }
            Next::Wait => return (list, taken, false),
            Next::Stop => return (list, taken, true),
        }
    }
}

/// An argument that is an object.
fn object(call: &Call, index: u32) -> Outcome<*mut zend_object> {
    let Some(value) = call.arg(index) else { return Err(error("An object is missing")) };
    zend::as_object(value).ok_or_else(|| wrong_type(index, "object", value))
}
