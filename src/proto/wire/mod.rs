//! Bytes to packets and back.
//!
//! [`frame`] splits one packet off a byte stream without copying, [`decode`] reads it, [`encode`] writes one,
//! [`fanout`] writes one PUBLISH for many receivers, and [`stream`] is the incremental decoder for those who have
//! chunks and want packets.

mod cursor;
pub mod decode;
pub mod encode;
pub mod fanout;
pub mod frame;
mod property;
pub mod stream;
mod text;

pub use property::Place;

/// Which end wrote the bytes. Some rules bind one end only; where the reader does not know, it passes `None` and
/// those rules are not checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sender {
    /// The end that sent CONNECT.
    Client,
    /// The end that answered it.
    Server,
}
