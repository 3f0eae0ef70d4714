//! Where the fields of a packet stand in the objects of a class. A class is learnt from one of its objects, so nothing is
//! loaded before it is used.

use std::cell::RefCell;
use std::ffi::{CStr, c_char, c_int};

use ext_php_rs::ffi::{IS_ARRAY, IS_LONG, IS_NULL, IS_REFERENCE, IS_STRING};
use mqtt_proto::packet::PacketType;

use super::*;
use crate::object as slots;
use crate::zend::zend_class_entry;

unsafe extern "C" {
    fn mqtt_property_slot(ce: *mut zend_class_entry, name: *const c_char, types: u32) -> c_int;
    fn mqtt_zval_append(value: *mut Zval, bytes: *const c_char, length: usize);
}

const LONG: u32 = 1 << IS_LONG;
const STRING: u32 = 1 << IS_STRING;
const ARRAY: u32 = 1 << IS_ARRAY;
const NULLABLE_LONG: u32 = LONG | 1 << IS_NULL;
const NULLABLE_STRING: u32 = STRING | 1 << IS_NULL;

/// The most fields that a packet has besides those of the fixed header.
pub(super) const FIELDS: usize = 8;

/// Values for the fields of a packet in their order; null beyond the last.
pub(super) type Values = [Zval; FIELDS];

/// The names of a packet's fields, and what they must be able to hold.
fn fields(kind: PacketType) -> &'static [(&'static CStr, u32)] {
    match kind {
        PacketType::Connect => &[
            (c"protocolLevel", LONG),
            (c"flags", LONG),
            (c"keepAlive", LONG),
            (c"clientID", NULLABLE_STRING),
            (c"willTopic", STRING),
            (c"willMessage", STRING),
            (c"username", STRING),
            (c"password", STRING),
        ],
        PacketType::ConnAck => &[(c"flags", LONG), (c"returnCode", LONG)],
        PacketType::Publish => &[(c"identifier", NULLABLE_LONG), (c"topic", STRING), (c"payload", STRING)],
        PacketType::Subscribe => &[(c"identifier", NULLABLE_LONG), (c"filters", ARRAY), (c"qosLevels", ARRAY)],
        PacketType::SubAck => &[(c"identifier", NULLABLE_LONG), (c"returnCodes", ARRAY)],
        PacketType::Unsubscribe => &[(c"identifier", NULLABLE_LONG), (c"filters", ARRAY)],
        PacketType::PubAck | PacketType::PubRec | PacketType::PubRel | PacketType::PubComp | PacketType::UnsubAck => {
            &[(c"identifier", NULLABLE_LONG)]
        }
        PacketType::PingReq | PacketType::PingResp | PacketType::Disconnect | PacketType::Auth => &[],
    }
}

/// A class of packets.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    pub(super) kind: PacketType,
    pub(super) ce: *mut zend_class_entry,
    packet_flags: usize,
    remaining_length: usize,
    count: usize,
    slots: [usize; FIELDS],
}

impl Layout {
    /// A field of a packet.
    pub(super) fn field<'a>(&self, packet: *mut zend_object, index: usize) -> &'a Zval {
        slot(packet, self.slots[index])
    }

    /// The low four bits of the first byte.
    pub(super) fn flags(&self, packet: *mut zend_object) -> Option<u8> {
        zend::as_long(slot(packet, self.packet_flags)).and_then(|flags| u8::try_from(flags).ok())
    }

    /// Says how long the packet that was written is; `None` where the slot is a reference or was unset.
    pub(super) fn set_remaining_length(&self, packet: *mut zend_object, length: usize) -> Option<()> {
        if !is_plain(slot(packet, self.remaining_length)) {
            return None;
        }
        slots::replace(packet, self.remaining_length, zend::long(length as i64));
        Some(())
    }

    /// Fills a packet and gives what it held before. `None`, and nothing changed, where a slot is a reference or was
    /// unset.
    pub(super) fn put(&self, packet: *mut zend_object, flags: u8, length: usize, values: Values) -> Option<Values> {
        let header = [self.packet_flags, self.remaining_length];
        let ours = header.iter().chain(&self.slots[..self.count]);
        if ours.into_iter().any(|index| !is_plain(slot(packet, *index))) {
            return None;
        }
        slots::replace(packet, self.packet_flags, zend::long(flags));
        slots::replace(packet, self.remaining_length, zend::long(length as i64));
        let mut values = values;
        for (index, value) in self.slots[..self.count].iter().zip(&mut values) {
            *value = slots::swap(packet, *index, std::mem::replace(value, zend::null()));
        }
        Some(values)
    }
}

/// The class of streams.
#[derive(Clone, Copy)]
pub(super) struct Place {
    ce: *mut zend_class_entry,
    data: usize,
    position: usize,
}

impl Place {
    /// Bytes and position; for as long as the stream is not changed.
    pub(super) fn read<'a>(&self, stream: *mut zend_object) -> Option<(&'a [u8], usize)> {
        let position = zend::as_long(slot(stream, self.position))?;
        Some((zend::as_bytes(slot(stream, self.data))?, usize::try_from(position).ok()?))
    }

    pub(super) fn set_position(&self, stream: *mut zend_object, position: usize) {
        slots::replace(stream, self.position, zend::long(position as i64));
    }

    /// Takes the bytes from the position on out of the stream, which is left empty: a string.
    pub(super) fn take(&self, stream: *mut zend_object) -> Option<Zval> {
        let (data, position) = self.read(stream)?;
        let rest = match data.get(position..) {
            None | Some([]) => zend::string(b""),
            Some(_) if position == 0 => slots::swap(stream, self.data, zend::string(b"")),
            Some(rest) => zend::string(rest),
        };
        self.put(stream, zend::string(b""));
        Some(rest)
    }

    /// Makes these the bytes of the stream, none of them read.
    pub(super) fn put(&self, stream: *mut zend_object, data: Zval) {
        slots::replace(stream, self.data, data);
        self.set_position(stream, 0);
    }
}

/// A string with more behind, without copying where nobody else holds it.
pub(super) fn append(mut string: Zval, bytes: &[u8]) -> Zval {
    if zend::as_bytes(&string).is_some() {
        // SAFETY: it is a string.
        unsafe { mqtt_zval_append(&mut string, bytes.as_ptr().cast(), bytes.len()) };
    }
    string
}

#[derive(Default)]
struct Known {
    /// By packet type.
    packets: [Option<Layout>; 15],
    stream: Option<Place>,
}

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::default();
}

/// Learns the class of this object as that of a packet type, or with 0 as that of streams. Whether it can be used.
pub(super) fn learn(kind: u8, sample: *mut zend_object) -> bool {
    // SAFETY: an object has a class.
    let ce = unsafe { (*sample).ce };
    if kind == 0 {
        let place = find(ce, c"data", STRING).zip(find(ce, c"position", LONG));
        let place = place.map(|(data, position)| Place { ce, data, position });
        KNOWN.with_borrow_mut(|known| known.stream = place);
        return place.is_some();
    }
    let Some(kind) = PacketType::from_u8(kind) else { return false };
    let layout = layout_of(kind, ce);
    KNOWN.with_borrow_mut(|known| known.packets[kind as usize] = layout);
    layout.is_some()
}

fn layout_of(kind: PacketType, ce: *mut zend_class_entry) -> Option<Layout> {
    let (packet_flags, remaining_length) = (find(ce, c"packetFlags", LONG)?, find(ce, c"remainingPacketLength", LONG)?);
    let fields = fields(kind);
    let mut slots = [0; FIELDS];
    for ((name, types), slot) in fields.iter().zip(&mut slots) {
        *slot = find(ce, name, *types)?;
    }
    Some(Layout { kind, ce, packet_flags, remaining_length, count: fields.len(), slots })
}

/// The slot of a property that may hold values of all these types.
fn find(ce: *mut zend_class_entry, name: &CStr, types: u32) -> Option<usize> {
    // SAFETY: a class that has objects is complete.
    usize::try_from(unsafe { mqtt_property_slot(ce, name.as_ptr(), types) }).ok()
}

/// What is known of the class of a packet.
pub(super) fn of(packet: *mut zend_object) -> Option<Layout> {
    // SAFETY: an object has a class.
    let ce = unsafe { (*packet).ce };
    KNOWN.with_borrow(|known| known.packets.iter().flatten().find(|layout| layout.ce == ce).copied())
}

/// The class for a packet type.
pub(super) fn for_kind(kind: PacketType) -> Option<Layout> {
    KNOWN.with_borrow(|known| known.packets.get(kind as usize).copied().flatten())
}

/// What is known of the class of a stream.
pub(super) fn stream(stream: *mut zend_object) -> Option<Place> {
    // SAFETY: an object has a class.
    let ce = unsafe { (*stream).ce };
    KNOWN.with_borrow(|known| known.stream).filter(|place| place.ce == ce)
}

/// Forgets all classes.
pub(crate) fn forget() {
    KNOWN.with_borrow_mut(|known| *known = Known::default());
}

fn is_plain(value: &Zval) -> bool {
    zend::kind(value) != IS_REFERENCE && !zend::is_undef(value)
}
