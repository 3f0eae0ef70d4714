//! The session state machine: one for client and server, for all versions, without I/O.
//!
//! A [`Link`] is one connection; the [`Session`] inside it is what survives the connection. The owner feeds bytes
//! and time in ([`Link::recv`], [`Link::handle_timeout`]), takes events as return values, and drains what the link
//! wants written ([`Link::output`]). Nothing calls back.

mod alias;
mod change;
mod event;
mod handshake;
mod link;
mod outbox;
mod output;
mod receiving;
mod requests;
mod role;
mod sending;
mod state;
#[cfg(test)]
mod tests;
mod timers;
mod trace;

pub use change::{Change, SavedOutgoing, Snapshot};
pub use event::{Event, Receipt, Received, Trace};
pub use link::{Link, Outgoing};
pub use role::Role;
pub use sending::{Dropped, Ended, Ending, QueueLimits, Sent};
pub use state::Session;
