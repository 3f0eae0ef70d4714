//! Value objects: final classes with typed readonly slots, filled by writing the slots in the order of the stub.

use std::mem::ManuallyDrop;

use crate::convert::Call;
use crate::exception;
use crate::guard::{Outcome, Thrown, guarded, methods};
use crate::zend::{self, HashTable, Zval, zend_class_entry, zend_object};

// The methods of all value classes.
methods! {
    zim_Mqtt_Properties___set_state => set_state;
    zim_Mqtt_Properties___unserialize => unserialize;
}

/// What var_export() writes: through the constructor, so that nothing is made that it refuses.
fn set_state(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 1)?;
    let object = zend::new_object(call.class());
    construct_by_name(&object, call.array(0)?)?;
    *result = object;
    Ok(())
}

/// Bytes may come from a stranger: through the constructor too.
fn unserialize(call: &Call, _: &mut Zval) -> Outcome {
    call.expect(1, 1)?;
    construct_by_name(&zend::object_of(call.this()), call.array(0)?)
}

fn construct_by_name(object: &Zval, arguments: *mut HashTable) -> Outcome {
    unsafe extern "C" {
        fn mqtt_construct(object: *mut zend_object, arguments: *mut HashTable);
    }
    if let Some(pointer) = zend::as_object(object) {
        // SAFETY: both live during the call.
        guarded(|| unsafe { mqtt_construct(pointer, arguments) })?;
    }
    if zend::exception_pending() { Err(Thrown::pending()) } else { Ok(()) }
}

/// The slot with this number, in the order in which the stub declares the properties.
#[inline]
pub(crate) fn slot<'a>(object: *mut zend_object, index: usize) -> &'a Zval {
    // SAFETY: the callers know the class and its slots; the object outlives the look at it.
    unsafe { &*(&raw const (*object).properties_table).cast::<Zval>().add(index) }
}

/// A new object of a class that has exactly these slots and no native data.
#[inline]
pub(crate) fn new<const N: usize>(ce: *mut zend_class_entry, slots: [Zval; N]) -> Zval {
    // SAFETY: a registered class. Every slot is written before anybody sees the object.
    unsafe {
        debug_assert_eq!((*ce).default_properties_count as usize, N);
        let object = ext_php_rs::ffi::zend_objects_new(ce);
        write(object, slots);
        zend::object_owned(object)
    }
}

/// Fills the slots of an object whose constructor runs. A second call of the constructor is refused, as the
/// properties are readonly.
pub(crate) fn construct<const N: usize>(object: *mut zend_object, slots: [Zval; N]) -> Outcome {
    unused(object)?;
    // SAFETY: the slots are there and hold nothing.
    unsafe { write(object, slots) };
    Ok(())
}

/// Gives a slot another value, readonly or not.
pub(crate) fn replace(object: *mut zend_object, index: usize, value: Zval) {
    // The old value goes when the slot has the new one.
    drop(swap(object, index, value));
}

/// Gives a slot another value and returns the old one.
pub(crate) fn swap(object: *mut zend_object, index: usize, value: Zval) -> Zval {
    // SAFETY: the callers know the class and its slots.
    unsafe { (&raw mut (*object).properties_table).cast::<Zval>().add(index).replace(value) }
}

/// An error where the object has been constructed before.
pub(crate) fn unused(object: *mut zend_object) -> Outcome {
    if zend::is_undef(slot(object, 0)) { Ok(()) } else { Err(exception::error("Cannot modify readonly properties")) }
}

/// Writes the slots of an object that has exactly these and holds nothing in them.
///
/// # Safety
/// As it says.
pub(crate) unsafe fn write<const N: usize>(object: *mut zend_object, slots: [Zval; N]) {
    let slots = ManuallyDrop::new(slots);
    // SAFETY: the caller says that the object has N slots that hold nothing.
    unsafe {
        let table = (&raw mut (*object).properties_table).cast::<Zval>();
        std::ptr::copy_nonoverlapping(slots.as_ptr(), table, N);
    }
}
