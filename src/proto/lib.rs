//! MQTT 3.1, 3.1.1 and 5.0: bytes to packets and back, and one session state machine for both ends.
//!
//! Nothing here opens a socket, reads a clock or starts a thread. Bytes and time are arguments; what happened comes
//! back as a return value. There is one packet model, a superset in the terms of MQTT 5; [`Version`] answers what an
//! older peer can see, and the encoder drops or maps the rest.
//!
//! * [`packet`]: what the packets are.
//! * [`topic`]: topic names, topic filters, and the trees that join them.
//! * [`wire`]: bytes to packets and back.
//! * [`session`]: what is allowed when, and what must be answered.
#![forbid(unsafe_code)]

mod error;
mod limits;
pub mod packet;
mod reason;
pub mod session;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod time;
pub mod topic;
mod version;
pub mod wire;

pub use bytestring::ByteString as Text;
pub use error::{Family, Rule, Violation};
pub use limits::{Limits, MAXIMUM_REMAINING_LENGTH};
pub use reason::ReasonCode;
pub use time::Time;
pub use version::Version;
