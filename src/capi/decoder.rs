//! The incremental decoder: chunks in, packets out.

use mqtt_proto::packet::Packet;
use mqtt_proto::wire::Sender;
use mqtt_proto::wire::stream::Decoder;
use mqtt_proto::{MAXIMUM_REMAINING_LENGTH, Version};

use crate::ffi::{self, borrow, borrow_mut, bytes, guard, release, store};
use crate::result::{Failure, mqtt_result};

/// Which end wrote the bytes of a decoder.
#[repr(u8)]
pub enum mqtt_sender {
    /// Not known: rules that bind one end only are not checked.
    Unknown = 0,
    /// The end that sends CONNECT.
    Client = 1,
    /// The end that answers it.
    Server = 2,
}

/// A decoder for one direction of one connection. Free it with mqtt_decoder_free.
///
/// `version` is 3 (MQTT 3.1), 4 (3.1.1), 5, or 0 to learn it from CONNECT. `sender` is one of mqtt_sender.
/// `maximum_packet_size` bounds a whole packet in bytes, before anything is allocated; 0 is the bound of the protocol.
/// NULL for other values; mqtt_last_error_message says which.
#[unsafe(no_mangle)]
pub extern "C" fn mqtt_decoder_new(version: u8, sender: u8, maximum_packet_size: u32) -> *mut Decoder {
    guard(|| {
        let version = if version == 0 { None } else { Some(self::version(version)?) };
        let sender = match sender {
            0 => None,
            1 => Some(Sender::Client),
            2 => Some(Sender::Server),
            other => return Err(Failure::invalid(format!("there is no sender {other}"))),
        };
        Ok(ffi::give(Decoder::new(version, sender, size(maximum_packet_size))))
    })
}

/// Frees a decoder. NULL does nothing. Packets that it gave live on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_decoder_free(decoder: *mut Decoder) {
    guard(|| {
        release!(decoder);
        Ok(())
    })
}

/// Hands over bytes as they came; they are copied. Then call mqtt_decoder_next until it gives nothing more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_decoder_push(decoder: *mut Decoder, data: *const u8, length: usize) -> mqtt_result {
    guard(|| {
        borrow_mut!(decoder).push(bytes!(data, length));
        Ok(mqtt_result::Ok)
    })
}

/// Stores the next packet. It belongs to the caller: mqtt_packet_free.
///
/// MQTT_RESULT_NOTHING when more bytes are needed. MQTT_RESULT_MALFORMED or MQTT_RESULT_PROTOCOL when the bytes break a
/// rule: mqtt_last_error_message names it, mqtt_last_reason_code is what an MQTT 5 peer is told, and the decoder gives
/// the same answer from then on. `*packet` is changed only by MQTT_RESULT_OK.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_decoder_next(decoder: *mut Decoder, packet: *mut *mut Packet) -> mqtt_result {
    guard(|| {
        let decoder = borrow_mut!(decoder);
        if packet.is_null() {
            return Err(Failure::null("packet"));
        }
        let Some(next) = decoder.next_packet()? else { return Ok(mqtt_result::Nothing) };
        store!(packet, ffi::give(next));
        Ok(mqtt_result::Ok)
    })
}

/// The version that the decoder reads: 3, 4 or 5; 0 while it is not known, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_decoder_version(decoder: *const Decoder) -> u8 {
    guard(|| Ok(borrow!(decoder).version().map_or(0, Version::level)))
}

/// How many bytes wait for the rest of their packet; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_decoder_buffered(decoder: *const Decoder) -> usize {
    guard(|| Ok(borrow!(decoder).buffered()))
}

/// The version with this protocol level.
pub(crate) fn version(level: u8) -> Result<Version, Failure> {
    Version::from_level(level)
        .ok_or_else(|| Failure::invalid(format!("there is no version {level}: use 3 (MQTT 3.1), 4 (3.1.1) or 5")))
}

/// A bound of a packet; 0 is that of the protocol.
pub(crate) fn size(maximum: u32) -> u32 {
    if maximum == 0 { MAXIMUM_REMAINING_LENGTH + 5 } else { maximum }
}
