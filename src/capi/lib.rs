//! The C ABI: the codec, topics and the client for C, C++ and whatever speaks their calling convention.
//!
//! `include/mqtt.h` is generated from this crate (`script/header`) and checked in; its text is the documentation for
//! users. The rules of the boundary:
//!
//! * [`ffi`] holds every cast, and the guard that turns a panic into a result. Nothing unwinds into C.
//! * Opaque types are the Rust types themselves; a C caller sees only their names.
//! * Every function answers NULL with a result, never with a crash. What it cannot check (a pointer that was freed,
//!   a length that is a lie) the header forbids.
//!
//! The functions are `unsafe` because of what they cannot check; the header says it once for all of them.
#![allow(clippy::missing_safety_doc, non_camel_case_types)]

pub mod client;
pub mod codes;
pub mod decoder;
pub mod event;
pub mod ffi;
pub mod fields;
pub mod message;
pub mod options;
pub mod packet;
pub mod property;
pub mod result;
#[cfg(test)]
mod tests;
pub mod topic;

/// The number of this ABI. It grows when a function is added, and its hundreds grow when one changes or goes.
pub const MQTT_ABI_VERSION: u32 = 100;

/// The number of the ABI that the library was built with. A program compares its hundreds with those of
/// MQTT_ABI_VERSION, and demands that the number is not smaller.
#[unsafe(no_mangle)]
pub extern "C" fn mqtt_abi_version() -> u32 {
    MQTT_ABI_VERSION
}

/// The version of the library, such as "0.1.0". Lives as long as the program.
#[unsafe(no_mangle)]
pub extern "C" fn mqtt_library_version() -> *const std::ffi::c_char {
    const VERSION: &std::ffi::CStr =
        match std::ffi::CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
            Ok(text) => text,
            Err(_) => panic!("a version holds no NUL"),
        };
    VERSION.as_ptr()
}
