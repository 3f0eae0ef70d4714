//! The C ABI: the codec, topics, the client and the broker for C, C++ and whatever speaks their calling convention.
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

pub mod abi;
pub mod broker;
pub mod broker_config;
pub mod broker_lists;
pub mod client;
pub mod client_request;
pub mod client_subscribe;
pub mod codes;
pub mod decoder;
pub mod event;
pub mod ffi;
pub mod fields;
pub mod hooks;
pub mod message;
pub mod options;
pub mod options_more;
pub mod packet;
pub mod property;
pub mod question;
pub mod result;
#[cfg(test)]
mod tests;
pub mod topic;
