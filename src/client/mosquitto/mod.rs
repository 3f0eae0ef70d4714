//! A client of MQTT 3.1.1 that behaves as libmosquitto's does, for doors that stand in for it.
//!
//! Nothing happens between two calls but pings: the caller reads, hands packets to the [`Session`], and writes what
//! the session has put into the output of the [`Wire`]. [`crate::Client`] is what everybody else wants.

mod code;
mod session;
mod wire;

pub use code::{Code, DEBUG, ERROR, WARNING, check_filter, check_text, check_topic};
pub use session::{Event, Message, Session};
pub use wire::{Input, SharedWire, Wire, lock};
