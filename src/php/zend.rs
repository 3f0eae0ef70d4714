//! The engine's values and functions as this crate uses them: thin, without opinions.
//!
//! [`Zval`] owns its value: dropping it releases one reference. Pointers to strings, arrays and objects are borrowed
//! unless a function says otherwise.

use std::ffi::{CStr, c_char, c_int, c_void};

pub(crate) use ext_php_rs::ffi::{HashTable, zend_class_entry, zend_execute_data, zend_object, zend_string};
use ext_php_rs::ffi::{
    IS_ARRAY, IS_DOUBLE, IS_FALSE, IS_LONG, IS_NULL, IS_OBJECT, IS_OBJECT_EX, IS_STRING, IS_STRING_EX, IS_TRUE,
    IS_UNDEF, zend_value,
};
pub(crate) use ext_php_rs::types::Zval;

use crate::guard::{Outcome, Thrown, guarded};

unsafe extern "C" {
    fn mqtt_native_slot(object: *mut zend_object) -> *mut *mut c_void;
    fn mqtt_array_iterator(array: *mut Zval, out: *mut Zval);
    fn mqtt_object_new(ce: *mut zend_class_entry) -> *mut zend_object;
    fn mqtt_object_release(object: *mut zend_object);
    fn mqtt_iterator_object(object: *mut zend_object, out: *mut Zval);
    fn mqtt_zval_copy(to: *mut Zval, from: *const Zval);
    fn mqtt_zval_unwrap(value: *mut *mut Zval);
    fn mqtt_zval_string(to: *mut Zval, bytes: *const c_char, length: usize);
    fn mqtt_array_new(to: *mut Zval, size: u32);
    fn mqtt_map_new(to: *mut Zval);
    fn mqtt_array_push(array: *mut Zval, value: *mut Zval);
    fn mqtt_array_set(array: *mut Zval, key: *const c_char, length: usize, value: *mut Zval);
    fn mqtt_array_each(array: *mut HashTable, context: *mut c_void, visit: Visit) -> bool;
    fn mqtt_traverse(iterable: *mut Zval, context: *mut c_void, visit: Visit) -> c_int;
    fn mqtt_instance_of(value: *const Zval, ce: *mut zend_class_entry) -> bool;
    fn mqtt_enum_case(ce: *mut zend_class_entry, name: *const c_char) -> *mut zend_object;
    fn mqtt_enum_value(case: *mut zend_object) -> i64;
    fn mqtt_type_name(value: *const Zval) -> *const c_char;
    fn mqtt_weak_string(value: *mut Zval, out: *mut *mut zend_string) -> bool;
    fn mqtt_weak_long(value: *mut Zval, out: *mut i64) -> bool;
    fn mqtt_weak_bool(value: *mut Zval, out: *mut bool) -> bool;
    fn mqtt_weak_double(value: *mut Zval, out: *mut f64) -> bool;
    fn mqtt_exception_pending() -> bool;
}

type Visit = unsafe extern "C" fn(*mut c_void, *mut zend_string, u64, *mut Zval) -> bool;

/// The type byte of a value.
pub(crate) fn kind(value: &Zval) -> u32 {
    // SAFETY: every variant of the union is a view of the same initialized word.
    u32::from(unsafe { value.u1.v.type_ })
}

/// No value at all: what a slot has before it is initialized.
pub(crate) fn is_undef(value: &Zval) -> bool {
    kind(value) == IS_UNDEF
}

fn make(type_info: u32, value: zend_value) -> Zval {
    let mut zval = Zval::new();
    zval.u1.type_info = type_info;
    zval.value = value;
    zval
}

/// null.
pub(crate) fn null() -> Zval {
    Zval::new()
}

/// No value.
pub(crate) fn undef() -> Zval {
    make(IS_UNDEF, zend_value { lval: 0 })
}

/// An int.
pub(crate) fn long(value: impl Into<i64>) -> Zval {
    make(IS_LONG, zend_value { lval: value.into() })
}

/// A bool.
pub(crate) fn bool(value: bool) -> Zval {
    make(if value { IS_TRUE } else { IS_FALSE }, zend_value { lval: 0 })
}

/// A float.
pub(crate) fn double(value: f64) -> Zval {
    make(IS_DOUBLE, zend_value { dval: value })
}

/// A string with a copy of these bytes; empty where the memory limit refuses it (see [`crate::guard::memory_spent`]).
#[inline]
pub(crate) fn string(bytes: &[u8]) -> Zval {
    let mut zval = Zval::new();
    // SAFETY: the zval holds null, which needs no release; the bytes are copied.
    unsafe { mqtt_zval_string(&mut zval, bytes.as_ptr().cast(), bytes.len()) };
    zval
}

/// A value or null.
pub(crate) fn optional<T>(value: Option<T>, make: impl FnOnce(T) -> Zval) -> Zval {
    value.map_or_else(null, make)
}

/// Another reference to a string.
pub(crate) fn string_of(string: *mut zend_string) -> Zval {
    // An interned string is not counted.
    // SAFETY: the string is alive.
    let flags = unsafe { (*string).gc.u.type_info };
    if flags & ext_php_rs::ffi::GC_IMMUTABLE != 0 {
        make(IS_STRING, zend_value { str_: string })
    } else {
        // SAFETY: the string is alive and counted.
        unsafe { (*string).gc.refcount += 1 };
        make(IS_STRING_EX, zend_value { str_: string })
    }
}

/// An object, taking over the reference that the caller owns.
pub(crate) fn object_owned(object: *mut zend_object) -> Zval {
    make(IS_OBJECT_EX, zend_value { obj: object })
}

/// Another reference to an object.
pub(crate) fn object_of(object: *mut zend_object) -> Zval {
    // SAFETY: the caller borrows a living object; objects are always counted.
    unsafe { (*object).gc.refcount += 1 };
    object_owned(object)
}

/// Another reference to whatever value this is; references are not followed.
pub(crate) fn copy(value: &Zval) -> Zval {
    let mut zval = Zval::new();
    // SAFETY: both are valid; the target holds null.
    unsafe { mqtt_zval_copy(&mut zval, value) };
    zval
}

/// An empty list with room for so many values, within reason: what is asked for here, the memory limit cannot refuse.
pub(crate) fn list(size: usize) -> Zval {
    let mut zval = Zval::new();
    // SAFETY: the target holds null.
    unsafe { mqtt_array_new(&mut zval, u32::try_from(size).unwrap_or(u32::MAX).min(1 << 12)) };
    zval
}

/// A list of these values.
pub(crate) fn list_of(values: impl ExactSizeIterator<Item = Zval>) -> Zval {
    if values.len() == 0 {
        return empty_array();
    }
    let mut list = list(values.len());
    for value in values {
        push(&mut list, value);
        if crate::guard::memory_spent() {
            break;
        }
    }
    list
}

/// An empty array for string keys.
pub(crate) fn map() -> Zval {
    let mut zval = Zval::new();
    // SAFETY: the target holds null.
    unsafe { mqtt_map_new(&mut zval) };
    zval
}

/// Appends to an array made by [`list`] or [`map`].
pub(crate) fn push(array: &mut Zval, value: Zval) {
    let mut value = std::mem::ManuallyDrop::new(value);
    // SAFETY: the array takes over the value.
    unsafe { mqtt_array_push(array, &mut *value) };
}

/// Sets a key of an array made by [`map`].
pub(crate) fn set(array: &mut Zval, key: &str, value: Zval) {
    let mut value = std::mem::ManuallyDrop::new(value);
    // SAFETY: the array takes over the value and copies the key.
    unsafe { mqtt_array_set(array, key.as_ptr().cast(), key.len(), &mut *value) };
}

/// An empty array with room for so many keys of [`add`], within reason as for [`list`].
pub(crate) fn map_of(size: u32) -> Zval {
    unsafe extern "C" {
        fn mqtt_map_sized(to: *mut Zval, size: u32);
    }
    let mut zval = Zval::new();
    // SAFETY: the target holds null.
    unsafe { mqtt_map_sized(&mut zval, size.min(1 << 12)) };
    zval
}

/// Adds a key that is not there yet to an array made by [`map_of`]. The key is interned.
pub(crate) fn add(array: &mut Zval, key: *mut zend_string, value: Zval) {
    unsafe extern "C" {
        fn mqtt_array_add(array: *mut Zval, key: *mut zend_string, value: *mut Zval);
    }
    let mut value = std::mem::ManuallyDrop::new(value);
    // SAFETY: the array takes over the value; an interned key is not counted.
    unsafe { mqtt_array_add(array, key, &mut *value) };
}

/// Sets a key of an array made by [`map`] or [`map_of`] as PHP code would: "12" is the int 12.
pub(crate) fn put(array: &mut Zval, key: &[u8], value: Zval) {
    unsafe extern "C" {
        fn mqtt_array_put(array: *mut Zval, key: *const c_char, length: usize, value: *mut Zval);
    }
    let mut value = std::mem::ManuallyDrop::new(value);
    // SAFETY: the array takes over the value and copies the key.
    unsafe { mqtt_array_put(array, key.as_ptr().cast(), key.len(), &mut *value) };
}

/// The element with an interned key, reference followed; as long as the array is borrowed and not changed.
pub(crate) fn find<'a>(array: *const HashTable, key: *mut zend_string) -> Option<&'a Zval> {
    unsafe extern "C" {
        fn mqtt_array_find(array: *const HashTable, key: *mut zend_string) -> *const Zval;
    }
    // SAFETY: the caller borrows a living array.
    unsafe { mqtt_array_find(array, key).as_ref() }
}

/// A string that lives as long as the process. Only at start-up.
pub(crate) fn interned(text: &str) -> *mut zend_string {
    unsafe extern "C" {
        fn mqtt_interned(bytes: *const c_char, length: usize) -> *mut zend_string;
    }
    // SAFETY: the bytes are copied.
    unsafe { mqtt_interned(text.as_ptr().cast(), text.len()) }
}

/// A key of an array.
#[derive(Clone, Copy)]
pub(crate) enum Key<'a> {
    Index(u64),
    Name(&'a [u8]),
}

/// Visits an array in order, references followed; stops at the first error.
///
/// The visitor must not change the array.
pub(crate) fn each<E>(array: *mut HashTable, visit: impl FnMut(Key<'_>, &mut Zval) -> Result<(), E>) -> Result<(), E> {
    let mut visitor = Visitor { visit, error: None };
    // SAFETY: step casts back to the same type; the borrow ends with the call.
    unsafe { mqtt_array_each(array, (&raw mut visitor).cast(), visitor.step()) };
    visitor.error.map_or(Ok(()), Err)
}

/// Visits an array or a Traversable. `Ok(None)`: it is neither.
pub(crate) fn traverse(iterable: &mut Zval, visit: impl FnMut(Key<'_>, &mut Zval) -> Outcome) -> Outcome<Option<()>> {
    let mut visitor = Visitor { visit, error: None };
    let (context, step) = ((&raw mut visitor).cast(), visitor.step());
    // SAFETY: as above. A fatal error in the user's code ends at the guard, and the visitor borrows only.
    let outcome = guarded(|| unsafe { mqtt_traverse(iterable, context, step) })?;
    match (visitor.error, outcome) {
        (Some(error), _) => Err(error),
        (None, 1) => Ok(Some(())),
        (None, 0) => Err(Thrown::pending()),
        (None, _) => Ok(None),
    }
}

struct Visitor<V, E> {
    visit: V,
    error: Option<E>,
}

impl<V: FnMut(Key<'_>, &mut Zval) -> Result<(), E>, E> Visitor<V, E> {
    fn step(&self) -> Visit {
        unsafe extern "C" fn step<V: FnMut(Key<'_>, &mut Zval) -> Result<(), E>, E>(
            context: *mut c_void,
            key: *mut zend_string,
            index: u64,
            value: *mut Zval,
        ) -> bool {
            // SAFETY: the context is a visitor of this type, and the engine passes living values.
            let (visitor, value) = unsafe { (&mut *context.cast::<Visitor<V, E>>(), &mut *value) };
            let key = if key.is_null() { Key::Index(index) } else { Key::Name(unsafe { bytes_of(key) }) };
            visitor.error = (visitor.visit)(key, value).err();
            visitor.error.is_none()
        }
        step::<V, E>
    }
}

/// How many elements an array has.
pub(crate) fn count(array: *mut HashTable) -> usize {
    // SAFETY: the caller borrows a living array.
    unsafe { (*array).nNumOfElements as usize }
}

/// The bytes of a string.
///
/// # Safety
/// The string must live as long as the slice is used.
pub(crate) unsafe fn bytes_of<'a>(string: *const zend_string) -> &'a [u8] {
    // SAFETY: val is followed by len bytes.
    unsafe { std::slice::from_raw_parts((&raw const (*string).val).cast(), (*string).len) }
}

/// The bytes of a value that is a string; for as long as the value is borrowed and not changed.
pub(crate) fn as_bytes(value: &Zval) -> Option<&[u8]> {
    // SAFETY: the type says which union field is meant, and the value keeps the string alive.
    (kind(value) == IS_STRING).then(|| unsafe { bytes_of(value.value.str_) })
}

/// The string of a value that is one.
pub(crate) fn as_string(value: &Zval) -> Option<*mut zend_string> {
    // SAFETY: the type says which union field is meant.
    (kind(value) == IS_STRING).then_some(unsafe { value.value.str_ })
}

/// The int of a value that is one.
pub(crate) fn as_long(value: &Zval) -> Option<i64> {
    // SAFETY: the type says which union field is meant.
    (kind(value) == IS_LONG).then_some(unsafe { value.value.lval })
}

/// The bool of a value that is one.
pub(crate) fn as_bool(value: &Zval) -> Option<bool> {
    match kind(value) {
        IS_TRUE => Some(true),
        IS_FALSE => Some(false),
        _ => None,
    }
}

/// The array of a value that is one.
pub(crate) fn as_array(value: &Zval) -> Option<*mut HashTable> {
    // SAFETY: the type says which union field is meant.
    (kind(value) == IS_ARRAY).then_some(unsafe { value.value.arr })
}

/// The object of a value that is one.
pub(crate) fn as_object(value: &Zval) -> Option<*mut zend_object> {
    // SAFETY: the type says which union field is meant.
    (kind(value) == IS_OBJECT).then_some(unsafe { value.value.obj })
}

/// Whether it is null, or was never set.
pub(crate) fn is_null(value: &Zval) -> bool {
    matches!(kind(value), IS_NULL | IS_UNDEF)
}

/// The object of a value that is an instance of this class.
pub(crate) fn instance(value: &Zval, ce: *mut zend_class_entry) -> Option<*mut zend_object> {
    // SAFETY: both are alive.
    if unsafe { mqtt_instance_of(value, ce) } { as_object(value) } else { None }
}

/// Follows a reference.
pub(crate) fn unwrap(mut value: *mut Zval) -> *mut Zval {
    // SAFETY: the caller passes a living value.
    unsafe { mqtt_zval_unwrap(&mut value) };
    value
}

/// What PHP calls the type of a value: `string`, `null`, `Mqtt\Will`.
pub(crate) fn type_name(value: &Zval) -> String {
    if let Some(object) = as_object(value) {
        // SAFETY: an object has a class and a class has a name.
        let name = unsafe { bytes_of((*(*object).ce).name) };
        // Behind a NUL an anonymous class has its file.
        return String::from_utf8_lossy(name.split(|byte| *byte == 0).next().unwrap_or(name)).into_owned();
    }
    // SAFETY: the engine returns a static string.
    unsafe { CStr::from_ptr(mqtt_type_name(value)) }.to_string_lossy().into_owned()
}

/// Whether an exception is on its way.
pub(crate) fn exception_pending() -> bool {
    // SAFETY: reads one pointer of the executor.
    unsafe { mqtt_exception_pending() }
}

/// Weak conversions, as for a parameter in a file without strict_types. A string may be converted in place. `None`
/// leaves an exception only where a conversion threw one itself.
pub(crate) mod weak {
    use super::*;

    /// Scalars and Stringable objects.
    pub(crate) fn string(value: &mut Zval) -> Option<&[u8]> {
        let mut out = std::ptr::null_mut();
        // SAFETY: the converted string is put into the value, which is borrowed as long as the result.
        (!is_null(value) && unsafe { mqtt_weak_string(value, &mut out) }).then(|| unsafe { bytes_of(out) })
    }

    /// Numbers, numeric strings, bools.
    pub(crate) fn long(value: &mut Zval) -> Option<i64> {
        let mut out = 0;
        // SAFETY: plain out parameter.
        (!is_null(value) && unsafe { mqtt_weak_long(value, &mut out) }).then_some(out)
    }

    /// Scalars.
    pub(crate) fn bool(value: &mut Zval) -> Option<bool> {
        let mut out = false;
        // SAFETY: plain out parameter.
        (!is_null(value) && unsafe { mqtt_weak_bool(value, &mut out) }).then_some(out)
    }

    /// Numbers, numeric strings, bools.
    pub(crate) fn double(value: &mut Zval) -> Option<f64> {
        let mut out = 0.0;
        // SAFETY: plain out parameter.
        (!is_null(value) && unsafe { mqtt_weak_double(value, &mut out) }).then_some(out)
    }
}

/// A new object of a class, its constructor not called, every typed slot uninitialized.
pub(crate) fn new_object(ce: *mut zend_class_entry) -> Zval {
    // SAFETY: a registered class.
    object_owned(unsafe { mqtt_object_new(ce) })
}

/// Gives back a reference that was kept as a pointer.
pub(crate) fn release_object(object: *mut zend_object) {
    // SAFETY: the caller owns the reference.
    unsafe { mqtt_object_release(object) };
}

/// The native data of an object of a native class.
pub(crate) fn native<'a, T>(object: *mut zend_object) -> Option<&'a T> {
    // SAFETY: the slot of this class holds a Box<T> or null, and the object outlives the call that looks at it.
    unsafe { (*mqtt_native_slot(object)).cast::<T>().as_ref() }
}

/// Gives an object its native data. It must have none.
pub(crate) fn set_native<T>(object: *mut zend_object, data: Box<T>) {
    // SAFETY: the slot of this class holds a Box<T> or null.
    unsafe { *mqtt_native_slot(object) = Box::into_raw(data).cast() };
}

/// An `\Iterator` over an iterable object of ours.
pub(crate) fn iterator(object: *mut zend_object) -> Zval {
    let mut out = Zval::new();
    // SAFETY: the class has get_iterator.
    unsafe { mqtt_iterator_object(object, &mut out) };
    out
}

/// An `ArrayIterator` over an array.
pub(crate) fn array_iterator(mut array: Zval) -> Zval {
    let mut out = Zval::new();
    // SAFETY: an array, and an empty value; the iterator keeps a reference of its own.
    unsafe { mqtt_array_iterator(&mut array, &mut out) };
    out
}

/// An object of stdClass with these properties.
pub(crate) fn plain_object(array: Zval) -> Zval {
    unsafe extern "C" {
        fn mqtt_plain_object(array: *mut Zval, out: *mut Zval);
    }
    let mut array = std::mem::ManuallyDrop::new(array);
    let mut out = Zval::new();
    // SAFETY: an array that nobody else holds, which the object takes over, and an empty value.
    unsafe { mqtt_plain_object(&mut *array, &mut out) };
    out
}

/// The case of an enum with this name; another reference.
pub(crate) fn enum_case(ce: *mut zend_class_entry, name: &CStr) -> Zval {
    // SAFETY: the enum has the case; the class keeps it alive.
    object_of(unsafe { mqtt_enum_case(ce, name.as_ptr()) })
}

/// The value of a case of a backed enum.
pub(crate) fn enum_value(case: *mut zend_object) -> i64 {
    // SAFETY: the caller checked the class.
    unsafe { mqtt_enum_value(case) }
}

/// Takes the exception that is on its way, so that it is not thrown; null where there is none.
pub(crate) fn take_exception() -> Zval {
    unsafe extern "C" {
        fn mqtt_take_exception() -> *mut zend_object;
    }
    // SAFETY: the reference of the executor becomes ours.
    let object = unsafe { mqtt_take_exception() };
    if object.is_null() { null() } else { object_owned(object) }
}

/// Whether the exception that is on its way is of this class.
pub(crate) fn pending_is(ce: *mut zend_class_entry) -> bool {
    unsafe extern "C" {
        fn mqtt_pending_is(ce: *mut zend_class_entry) -> bool;
    }
    // SAFETY: a registered class.
    unsafe { mqtt_pending_is(ce) }
}

/// A readable stream over a copy of a descriptor.
pub(crate) fn stream(descriptor: c_int) -> Option<Zval> {
    unsafe extern "C" {
        fn mqtt_stream(descriptor: c_int, out: *mut Zval) -> bool;
    }
    let mut out = Zval::new();
    // SAFETY: the descriptor is open; the engine makes its own.
    unsafe { mqtt_stream(descriptor, &mut out) }.then_some(out)
}

/// Whether nobody has closed a stream made by [`stream`].
pub(crate) fn stream_is_open(stream: &Zval) -> bool {
    unsafe extern "C" {
        fn mqtt_stream_is_open(stream: *const Zval) -> bool;
    }
    // SAFETY: made by stream(), so a resource.
    unsafe { mqtt_stream_is_open(stream) }
}

/// The shared array without elements.
pub(crate) fn empty_array() -> Zval {
    // SAFETY: a static of the engine, never counted and never freed.
    make(IS_ARRAY, zend_value { arr: (&raw const ext_php_rs::ffi::zend_empty_array).cast_mut() })
}

/// The float of a value that is one.
pub(crate) fn as_double(value: &Zval) -> Option<f64> {
    // SAFETY: the type says which union field is meant.
    (kind(value) == IS_DOUBLE).then_some(unsafe { value.value.dval })
}
