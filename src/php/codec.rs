//! `Mqtt\Decoder` and `Mqtt\Codec`.

use std::cell::RefCell;
use std::ffi::c_void;

use bytes::Bytes;
use mqtt_proto::packet::{Packet, PacketType};
use mqtt_proto::wire::{decode, frame};
use mqtt_proto::{MAXIMUM_REMAINING_LENGTH, ReasonCode, Rule, Version, Violation};

use crate::convert::{Call, wrong_type};
use crate::enums;
use crate::exception::{self, argument_type, error};
use crate::guard::{self, Outcome, Thrown, methods};
use crate::packet;
use crate::topic::not_constructible;
use crate::zend::{self, Zval, zend_object};

methods! {
    zim_Mqtt_Decoder___construct => construct;
    zim_Mqtt_Decoder_push => push;
    zim_Mqtt_Decoder_next => next;
    zim_Mqtt_Decoder_all => all;
    zim_Mqtt_Decoder_getIterator => get_iterator;
    zim_Mqtt_Decoder_version => version;
    zim_Mqtt_Decoder_buffered => buffered;
    zim_Mqtt_Codec___construct => not_constructible;
    zim_Mqtt_Codec_encode => encode_all;
    zim_Mqtt_Codec_decode => decode_one;
}

/// What a decoder knows. Packets are made from the buffer without an owned packet between where they are PUBLISH.
struct Decoder {
    buffer: Vec<u8>,
    /// Where the first packet that was not given out begins.
    at: usize,
    version: Option<Version>,
    /// The version was given: a CONNECT of another one is refused.
    is_fixed: bool,
    maximum_packet_size: u32,
    failed: Option<Violation>,
    /// The topic of the last PUBLISH: it often comes again.
    topic: Zval,
}

impl Decoder {
    fn push(&mut self, bytes: &[u8]) {
        if self.failed.is_some() {
            return;
        }
        if self.at == self.buffer.len() {
            self.buffer.clear();
            self.at = 0;
        } else if self.at > self.buffer.len() / 2 {
            self.buffer.drain(..self.at);
            self.at = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next packet as an object.
    fn next(&mut self) -> Result<Option<Zval>, Violation> {
        if let Some(violation) = self.failed {
            return Err(violation);
        }
        self.read().inspect_err(|violation| {
            self.failed = Some(*violation);
            self.buffer = Vec::new();
            self.at = 0;
        })
    }

    #[inline]
    fn read(&mut self) -> Result<Option<Zval>, Violation> {
        let version = self.version.unwrap_or(Version::V3_1_1);
        let input = &self.buffer[self.at..];
        let Some(frame) = frame::split(input, version, self.maximum_packet_size)? else { return Ok(None) };
        let object = if frame.packet_type == PacketType::Publish {
            packet::publish_view_object(&decode::publish(&frame, version, None)?, &mut self.topic)
        } else {
            let packet = decode::packet(Bytes::copy_from_slice(frame.bytes), frame.parts(), version, None)?;
            if let Packet::Connect(connect) = &packet {
                if self.is_fixed && connect.version != version {
                    return Err(Violation::new(Rule::ProtocolLevel, version).within(PacketType::Connect));
                }
                self.version = Some(connect.version);
            }
            packet::object(&packet)
        };
        self.at += frame.bytes.len();
        Ok(Some(object))
    }
}

fn construct(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(0, 2)?;
    let version = call.version(0)?;
    let largest = i64::from(MAXIMUM_REMAINING_LENGTH) + 5;
    let maximum = call.long_within(1, largest, 2, largest)?;
    if zend::native::<RefCell<Decoder>>(call.this()).is_some() {
        return Err(error("Mqtt\\Decoder has been constructed before"));
    }
    let decoder = Decoder {
        buffer: Vec::new(),
        at: 0,
        version,
        is_fixed: version.is_some(),
        maximum_packet_size: u32::try_from(maximum).unwrap_or(u32::MAX),
        failed: None,
        topic: zend::null(),
    };
    zend::set_native(call.this(), Box::new(RefCell::new(decoder)));
    Ok(())
}

/// Runs `use_it` on the decoder of an object. Nothing inside calls PHP code.
fn with<R>(object: *mut zend_object, use_it: impl FnOnce(&mut Decoder) -> Outcome<R>) -> Outcome<R> {
    let Some(decoder) = zend::native::<RefCell<Decoder>>(object) else {
        return Err(error("Mqtt\\Decoder was made without its constructor"));
    };
    let Ok(mut decoder) = decoder.try_borrow_mut() else { return Err(error("Mqtt\\Decoder is in use")) };
    use_it(&mut decoder)
}

fn push(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(1, 1)?;
    let bytes = call.string(0)?;
    with(call.this(), |decoder| {
        decoder.push(bytes);
        Ok(())
    })
}

fn next(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    if let Some(packet) = with(call.this(), |decoder| decoder.next().map_err(refuse))? {
        *result = packet;
    }
    Ok(())
}

fn all(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = with(call.this(), |decoder| {
        let mut list = zend::list(8);
        let mut given = 0;
        loop {
            match decoder.next() {
                Ok(Some(packet)) => zend::push(&mut list, packet),
                Ok(None) => return Ok(list),
                Err(violation) if given == 0 => return Err(refuse(violation)),
                Err(_) => return Ok(list),
            }
            given += 1;
            if guard::memory_spent() {
                return Ok(list);
            }
        }
    })?;
    Ok(())
}

fn get_iterator(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = zend::iterator(call.this());
    Ok(())
}

/// The step of foreach.
#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_next_Decoder(object: *mut zend_object, out: *mut Zval) {
    guard::catch(|| {
        if let Some(packet) = with(object, |decoder| decoder.next().map_err(refuse))? {
            // SAFETY: the iterator passes an empty value.
            unsafe { out.write(packet) };
        }
        Ok(())
    });
}

fn version(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = zend::optional(with(call.this(), |decoder| Ok(decoder.version))?, enums::version);
    Ok(())
}

fn buffered(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = zend::long(with(call.this(), |decoder| Ok(decoder.buffer.len() - decoder.at))? as i64);
    Ok(())
}

fn refuse(violation: Violation) -> Thrown {
    exception::protocol(&violation, "")
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_free_Decoder(data: *mut c_void) {
    // SAFETY: made by set_native, and freed once.
    drop(unsafe { Box::from_raw(data.cast::<RefCell<Decoder>>()) });
}

fn required_version(call: &Call) -> Outcome<Version> {
    call.version(1)?.ok_or_else(|| argument_type(1, "must be of type Mqtt\\Version|int, null given"))
}

fn encode_all(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(2, 2)?;
    let version = required_version(call)?;
    let mut out = Vec::new();
    let Some(packets) = call.arg(0) else { return Ok(()) };
    zend::traverse(packets, |_, value| {
        let Some(object) = zend::instance(value, packet::interface()) else {
            return Err(argument_type(0, &format!("must contain only Mqtt\\Packet, {} given", zend::type_name(value))));
        };
        packet::append(object, Some(version), &mut out)
    })?
    .ok_or_else(|| wrong_type(0, "iterable", packets))?;
    *result = zend::string(&out);
    Ok(())
}

fn decode_one(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(2, 2)?;
    let bytes = call.string(0)?;
    let version = required_version(call)?;
    let frame = frame::split(bytes, version, MAXIMUM_REMAINING_LENGTH + 5).map_err(refuse)?;
    let Some(frame) = frame else {
        let text = format!("The packet is not complete: {} bytes are there", bytes.len());
        return Err(exception::protocol_text(&text, ReasonCode::MalformedPacket));
    };
    if frame.bytes.len() < bytes.len() {
        let text = format!("{} bytes are left after the packet", bytes.len() - frame.bytes.len());
        return Err(exception::protocol_text(&text, ReasonCode::MalformedPacket));
    }
    let packet = decode::packet(Bytes::copy_from_slice(frame.bytes), frame.parts(), version, None).map_err(refuse)?;
    *result = packet::object(&packet);
    Ok(())
}
