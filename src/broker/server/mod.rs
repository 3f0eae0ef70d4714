//! The threads that serve connections.

mod asking;
mod connect;
mod connection;
pub(crate) mod mail;
mod publish;
pub(crate) mod shard;
mod subscribe;
