//! Clients by name, for processes that serve many requests: one connection per process and name.

use crate::{Client, Options, Result};

/// The client with this name, made where there is none. The registry keeps it until [`remove`], so that it outlives the
/// request; it connects when first used. The same name with other options (credentials included) is
/// [`crate::Error::InvalidArgument`], so that two applications in one pool never share a connection.
pub fn persistent(name: &str, options: Options) -> Result<Client> {
    let _ = (name, options);
    todo!()
}

/// Every name with its client, in order of name.
pub fn persistent_list() -> Vec<(String, Client)> {
    todo!()
}

/// Takes a client out of the registry; it closes when its last handle goes.
pub fn remove(name: &str) -> Option<Client> {
    let _ = name;
    todo!()
}
