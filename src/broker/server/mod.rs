//! The threads that serve connections.

mod asking;
mod connect;
mod connection;
pub(crate) mod durable;
mod info;
pub(crate) mod listener;
pub(crate) mod mail;
mod peer;
mod publish;
pub(crate) mod shard;
mod subscribe;
