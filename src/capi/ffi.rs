//! Every cast between C and Rust, and the guard around every call.

use std::ffi::{CStr, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::result::{Failure, mqtt_result, remember};

/// A Rust type that C holds by pointer, made by [`give`] and ended by [`take`]. C never looks inside.
pub(crate) trait Opaque {}

impl Opaque for crate::broker::BrokerHandle {}
impl Opaque for crate::broker::ClientList {}
impl Opaque for crate::broker_config::BrokerConfig {}
impl Opaque for crate::broker_lists::RetainedList {}
impl Opaque for crate::broker_lists::SubscriptionList {}
impl Opaque for crate::client_request::ClientHandle {}
impl Opaque for crate::question::Question {}
impl Opaque for mqtt_client::Event {}
impl Opaque for mqtt_client::Options {}
impl Opaque for mqtt_client::Received {}
impl Opaque for mqtt_proto::packet::Packet {}
impl Opaque for mqtt_proto::packet::Properties {}
impl Opaque for mqtt_proto::wire::stream::Decoder {}

/// Bytes that belong to somebody else. They are not followed by NUL. `data` is never NULL in what the library gives,
/// and may be NULL in what it takes where `length` is 0.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct mqtt_slice {
    /// The first byte.
    pub data: *const u8,
    /// How many there are.
    pub length: usize,
}

impl mqtt_slice {
    /// A view of these bytes; as long as they live.
    pub(crate) fn of(bytes: &[u8]) -> mqtt_slice {
        mqtt_slice { data: bytes.as_ptr(), length: bytes.len() }
    }
}

/// What a function returns when it panicked or was given NULL.
pub(crate) trait Fallback {
    /// The value for this failure.
    fn fallback(result: mqtt_result) -> Self;
}

impl Fallback for mqtt_result {
    fn fallback(result: mqtt_result) -> mqtt_result {
        result
    }
}

impl<T> Fallback for *mut T {
    fn fallback(_: mqtt_result) -> *mut T {
        std::ptr::null_mut()
    }
}

impl<T> Fallback for *const T {
    fn fallback(_: mqtt_result) -> *const T {
        std::ptr::null()
    }
}

macro_rules! fallback {
    ($($type:ty = $value:expr),*) => {
        $(impl Fallback for $type {
            fn fallback(_: mqtt_result) -> $type {
                $value
            }
        })*
    };
}

fallback!(() = (), bool = false, u8 = 0, u16 = 0, u32 = 0, u64 = 0, usize = 0, i32 = -1);

/// Runs the body of a function. A failure is remembered for mqtt_last_error_message; a panic becomes one.
pub(crate) fn guard<T: Fallback>(body: impl FnOnce() -> Result<T, Failure>) -> T {
    // What a panic left half-done is behind locks that do not poison, or in the caller's own object, which the header
    // tells it to free.
    let outcome = catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|panic| Err(Failure::panic(panic.as_ref())));
    outcome.unwrap_or_else(|failure| {
        let result = failure.result;
        remember(failure);
        T::fallback(result)
    })
}

/// Hands an object over to C.
pub(crate) fn give<T: Opaque>(value: T) -> *mut T {
    Box::into_raw(Box::new(value))
}

/// Takes an object back from C; `None` for NULL.
///
/// # Safety
/// The pointer comes from [`give`] and was not taken before.
pub(crate) unsafe fn take<T: Opaque>(pointer: *mut T) -> Option<Box<T>> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: not NULL, and from `give` by the caller's promise.
    Some(unsafe { Box::from_raw(pointer) })
}

/// Looks at an object that C holds.
///
/// # Safety
/// NULL, or a pointer from [`give`] (or into such an object) that stays valid for the call.
pub(crate) unsafe fn to_look<'a, T: Opaque>(pointer: *const T, name: &'static str) -> Result<&'a T, Failure> {
    // SAFETY: valid or NULL by the caller's promise.
    unsafe { pointer.as_ref() }.ok_or_else(|| Failure::null(name))
}

/// The same, to change it.
///
/// # Safety
/// As for [`to_look`], and nobody else looks at it during the call.
pub(crate) unsafe fn to_change<'a, T: Opaque>(pointer: *mut T, name: &'static str) -> Result<&'a mut T, Failure> {
    // SAFETY: valid or NULL, and not shared, by the caller's promise.
    unsafe { pointer.as_mut() }.ok_or_else(|| Failure::null(name))
}

/// Text of C: ends with NUL, must be UTF-8.
///
/// # Safety
/// NULL, or a string that ends with NUL and stays as it is during the call.
pub(crate) unsafe fn string<'a>(pointer: *const c_char, name: &'static str) -> Result<&'a str, Failure> {
    if pointer.is_null() {
        return Err(Failure::null(name));
    }
    // SAFETY: not NULL, and a string by the caller's promise.
    let text = unsafe { CStr::from_ptr(pointer) };
    text.to_str().map_err(|_| Failure::new(mqtt_result::InvalidArgument, format!("{name} is not UTF-8")))
}

/// Bytes of C.
///
/// # Safety
/// NULL with length 0, or `length` bytes that stay as they are during the call.
pub(crate) unsafe fn octets<'a>(pointer: *const u8, length: usize, name: &'static str) -> Result<&'a [u8], Failure> {
    if length == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(Failure::null(name));
    }
    if isize::try_from(length).is_err() {
        return Err(Failure::new(mqtt_result::InvalidArgument, format!("the length of {name} cannot be")));
    }
    // SAFETY: not NULL, and that many bytes by the caller's promise.
    Ok(unsafe { std::slice::from_raw_parts(pointer, length) })
}

/// An array of C.
///
/// # Safety
/// NULL with length 0, or `length` values that stay as they are during the call.
pub(crate) unsafe fn array<'a, T>(pointer: *const T, length: usize, name: &'static str) -> Result<&'a [T], Failure> {
    if length == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(Failure::null(name));
    }
    if length.checked_mul(size_of::<T>()).is_none_or(|bytes| isize::try_from(bytes).is_err()) {
        return Err(Failure::invalid(format!("the length of {name} cannot be")));
    }
    // SAFETY: not NULL, and that many values by the caller's promise.
    Ok(unsafe { std::slice::from_raw_parts(pointer, length) })
}

/// Writes where C wants it.
///
/// # Safety
/// NULL, or room for one value.
pub(crate) unsafe fn write<T>(pointer: *mut T, value: T, name: &'static str) -> Result<(), Failure> {
    if pointer.is_null() {
        return Err(Failure::null(name));
    }
    // SAFETY: room for one value by the caller's promise; what was there may be uninitialized, so it is not dropped.
    unsafe { pointer.write(value) };
    Ok(())
}

/// Copies bytes to where C wants them.
///
/// # Safety
/// NULL, or room for that many bytes.
pub(crate) unsafe fn copy_out(bytes: &[u8], pointer: *mut u8, name: &'static str) -> Result<(), Failure> {
    if bytes.is_empty() {
        return Ok(());
    }
    if pointer.is_null() {
        return Err(Failure::null(name));
    }
    // SAFETY: not NULL, room by the caller's promise, and our bytes cannot overlap with a buffer that C owns.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), pointer, bytes.len()) };
    Ok(())
}

/// Copies text to where C wants it, as much as fits, and ends it with NUL.
///
/// # Safety
/// NULL with 0, or room for `capacity` bytes.
pub(crate) unsafe fn copy_text(text: &str, buffer: *mut c_char, capacity: usize) -> Result<(), Failure> {
    if capacity == 0 {
        return Ok(());
    }
    let fits = (0..=text.len().min(capacity - 1)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let mut bytes = text.as_bytes()[..fits].to_vec();
    bytes.push(0);
    // SAFETY: room for `capacity` bytes by the caller's promise, and there are not more.
    unsafe { copy_out(&bytes, buffer.cast(), "buffer") }
}

/// `borrow!(client)`: a reference to the object behind the parameter of that name, or NULL_PARAMETER.
macro_rules! borrow {
    ($pointer:ident) => {{
        // SAFETY: the header demands a pointer that this library gave and that was not freed.
        unsafe { crate::ffi::to_look($pointer, stringify!($pointer)) }?
    }};
}

/// The same, to change it.
macro_rules! borrow_mut {
    ($pointer:ident) => {{
        // SAFETY: the header demands a pointer that this library gave and that was not freed, used by one thread at a time.
        unsafe { crate::ffi::to_change($pointer, stringify!($pointer)) }?
    }};
}

/// `text!(topic)`: the UTF-8 string behind the parameter of that name.
macro_rules! text {
    ($pointer:ident) => {{
        // SAFETY: the header demands a string that ends with NUL.
        unsafe { crate::ffi::string($pointer, stringify!($pointer)) }?
    }};
}

/// `bytes!(payload, length)`: the bytes behind the parameter of that name.
macro_rules! bytes {
    ($pointer:ident, $length:ident) => {{
        // SAFETY: the header demands that many bytes.
        unsafe { crate::ffi::octets($pointer, $length, stringify!($pointer)) }?
    }};
}

/// `store!(out, value)`: stores a value behind the parameter of that name.
macro_rules! store {
    ($pointer:ident, $value:expr) => {{
        let value = $value;
        // SAFETY: the header demands room for one value.
        unsafe { crate::ffi::write($pointer, value, stringify!($pointer)) }?
    }};
}

/// The same, where the parameter may be NULL and then nothing is stored.
macro_rules! store_if_wanted {
    ($pointer:ident, $value:expr) => {{
        if !$pointer.is_null() {
            store!($pointer, $value);
        }
    }};
}

/// `release!(client)`: takes the object behind the parameter of that name back and ends it. NULL does nothing.
macro_rules! release {
    ($pointer:ident) => {{
        // SAFETY: the header demands a pointer that this library gave and that was not freed.
        drop(unsafe { crate::ffi::take($pointer) });
    }};
}

pub(crate) use {borrow, borrow_mut, bytes, release, store, store_if_wanted, text};
