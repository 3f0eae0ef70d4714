//! The MQTT client: a handle, and a pump that moves its bytes.
//!
//! A [`Client`] is a cheap handle. Publishing appends to the output of its connection and returns a [`Token`]; what
//! happens is queued as [`Event`]s behind one pollable descriptor ([`Client::fd`]). One background thread per process
//! ([`runtime`]), started by the first connection, reads, keeps alive, completes, reconnects and resubscribes while
//! the caller does something else; a caller that blocks in [`Client::wait`], [`Client::receive`] or
//! [`Client::flush`] moves the bytes itself.
//!
//! [`packets`] is the same without a session: one connection, and every packet is the caller's. [`mosquitto`] is a client
//! that does everything inside its caller's calls, as libmosquitto does.
//!
//! No call holds a lock while it calls back (the only callback is the interrupt hook of [`Wait`]), so a hook may call
//! any method of the same client, and may leave by unwinding.
#![forbid(unsafe_code)]

mod error;
mod event;
pub mod fork;
mod handle;
mod inbox;
mod input;
mod journal;
pub mod mosquitto;
mod notices;
mod notify;
mod options;
pub mod packets;
mod pump;
mod reconnect;
pub mod registry;
mod requests;
pub mod runtime;
mod servers;
mod shared;
mod state;
mod subscriptions;
mod tokens;
mod wait;

pub use error::Error;
pub use event::{AckId, Event, Lost, Received, Stats, Token};
pub use handle::{Client, PublishRequest, Subscribe};
pub use notify::Notify;
pub use options::{Endpoint, OfflineQueue, Options, Reconnect, TlsOptions, VersionChoice, WhenFull};
pub use wait::Wait;

/// What every call of this crate returns.
pub type Result<T> = std::result::Result<T, Error>;

type Map<K, V> = hashbrown::HashMap<K, V, foldhash::fast::RandomState>;
