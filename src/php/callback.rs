//! Callables that outlive the call they were given in.
//!
//! A callback is resolved once. Calling it runs PHP code: whoever keeps callbacks takes a clone out of the place they
//! are kept in and lets go of that place before the call, because the callback may replace itself.

use std::ffi::{CStr, c_char, c_void};

use ext_php_rs::ffi::zend_fcall_info_cache;

use crate::convert::{Call, wrong_type};
use crate::guard::{Outcome, Thrown, guarded};
use crate::zend::{self, Zval};

unsafe extern "C" {
    fn mqtt_callable(value: *mut Zval, cache: *mut zend_fcall_info_cache) -> bool;
    fn mqtt_call(
        value: *mut Zval,
        cache: *mut zend_fcall_info_cache,
        result: *mut Zval,
        count: u32,
        arguments: *mut Zval,
    );
    fn mqtt_method(object: *mut Zval, method: *const c_char, out: *mut Zval) -> bool;
    fn mqtt_gc_add(buffer: *mut c_void, value: *mut Zval);
}

/// A callable, kept alive.
pub(crate) struct Callback {
    value: Zval,
    cache: zend_fcall_info_cache,
}

impl Clone for Callback {
    fn clone(&self) -> Callback {
        Callback { value: zend::copy(&self.value), cache: self.cache }
    }
}

fn not_callable(index: u32, expected: &str, value: &Zval) -> Thrown {
    if zend::exception_pending() { Thrown::pending() } else { wrong_type(index, expected, value) }
}

impl Callback {
    /// The callable that a value is.
    pub(crate) fn new(value: &Zval) -> Option<Callback> {
        let mut value = zend::copy(value);
        // SAFETY: a zeroed cache is what the engine expects to fill.
        let mut cache = unsafe { std::mem::zeroed() };
        // SAFETY: both are valid.
        unsafe { mqtt_callable(&mut value, &mut cache) }.then_some(Callback { value, cache })
    }

    /// A callable argument, `None` where it is null or was left out.
    pub(crate) fn from_arg(call: &Call, index: u32) -> Outcome<Option<Callback>> {
        let Some(value) = call.nullable(index) else { return Ok(None) };
        Callback::new(value).map(Some).ok_or_else(|| not_callable(index, "?callable", value))
    }

    /// A callable argument that must be given.
    pub(crate) fn required(call: &Call, index: u32) -> Outcome<Callback> {
        let mut nothing = zend::null();
        let value = call.arg(index).unwrap_or(&mut nothing);
        Callback::new(value).ok_or_else(|| not_callable(index, "callable", value))
    }

    /// The method of an object, where it has one of this name.
    pub(crate) fn method(object: &mut Zval, name: &CStr) -> Option<Callback> {
        let mut pair = Zval::new();
        // SAFETY: both are valid; the pair is written only where the result is true.
        if unsafe { mqtt_method(object, name.as_ptr(), &mut pair) } { Callback::new(&pair) } else { None }
    }

    /// Whether both are the same closure, object or name.
    pub(crate) fn is_same(&self, other: &Callback) -> bool {
        // SAFETY: compares the words of two values, whatever they mean.
        zend::kind(&self.value) == zend::kind(&other.value)
            && unsafe { self.value.value.lval == other.value.value.lval }
    }

    /// Calls it. An exception it throws comes back as [`Thrown`].
    pub(crate) fn call<const N: usize>(&self, arguments: [Zval; N]) -> Outcome<Zval> {
        self.clone().call_once(arguments)
    }

    /// Calls it and lets go of it.
    #[inline]
    pub(crate) fn call_once<const N: usize>(mut self, mut arguments: [Zval; N]) -> Outcome<Zval> {
        if crate::guard::is_fatal() {
            return Err(Thrown::pending());
        }
        let mut result = zend::undef();
        let (value, cache) = (&raw mut self.value, &raw mut self.cache);
        // SAFETY: this handle keeps the callable alive while it runs.
        guarded(|| unsafe { mqtt_call(value, cache, &mut result, N as u32, arguments.as_mut_ptr()) })?;
        if zend::exception_pending() { Err(Thrown::pending()) } else { Ok(result) }
    }

    /// Shows it to the garbage collector.
    pub(crate) fn visit(&self, buffer: *mut c_void) {
        visit(&self.value, buffer);
    }
}

/// Shows a value that is kept outside PHP's tables to the garbage collector.
pub(crate) fn visit(value: &Zval, buffer: *mut c_void) {
    // SAFETY: the collector passes its buffer and only reads the value.
    unsafe { mqtt_gc_add(buffer, (&raw const *value).cast_mut()) };
}
