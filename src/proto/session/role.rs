//! Which packet, from whom, in which state: a table.

use crate::wire::Sender;

/// Which end of the connection we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// We sent CONNECT.
    Client,
    /// We answer it.
    Server,
}

impl Role {
    /// Who writes what we read.
    pub const fn peer(self) -> Sender {
        match self {
            Role::Client => Sender::Server,
            Role::Server => Sender::Client,
        }
    }
}
