//! The threads that serve connections.

mod asking;
pub(crate) mod connect;
mod connection;
pub(crate) mod delivering;
pub(crate) mod durable;
mod ending;
mod info;
mod input;
mod legacy;
pub(crate) mod listener;
pub(crate) mod mail;
mod output;
mod peer;
mod publish;
mod sessions;
pub(crate) mod shard;
mod subscribe;
