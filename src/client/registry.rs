//! Clients by name, for processes that serve many requests: one connection per process and name.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::shared::lock;
use crate::{Client, Error, Options, Result, fork};

/// The client with this name, made where there is none. The registry keeps it until [`remove`], so that it outlives the
/// request; it connects when first used. The same name with other options (credentials included) is
/// [`crate::Error::InvalidArgument`], so that two applications in one pool never share a connection. A client that was
/// closed is made anew.
pub fn persistent(name: &str, options: Options) -> Result<Client> {
    let mut clients = lock(clients());
    if let Some((known, client)) = clients.get(name).filter(|(_, client)| !client.is_closed() && !client.is_forked()) {
        if *known != options {
            return Err(Error::InvalidArgument(format!(
                "a persistent client named {name:?} exists with other options or credentials: use another name"
            )));
        }
        return Ok(client.clone());
    }
    let client = Client::new(options.clone())?;
    clients.insert(name.to_owned(), (options, client.clone()));
    Ok(client)
}

/// Every name with its client, in order of name.
pub fn persistent_list() -> Vec<(String, Client)> {
    lock(clients()).iter().map(|(name, (_, client))| (name.clone(), client.clone())).collect()
}

/// Takes a client out of the registry; it closes when its last handle goes.
pub fn remove(name: &str) -> Option<Client> {
    lock(clients()).remove(name).map(|(_, client)| client)
}

type Clients = BTreeMap<String, (Options, Client)>;

/// One registry per generation of forks: the parent's lock may be held for ever in a child, and its clients are not the
/// child's.
static CLIENTS: [Mutex<Clients>; 64] = [const { Mutex::new(BTreeMap::new()) }; 64];

fn clients() -> &'static Mutex<Clients> {
    &CLIENTS[fork::generation() as usize % CLIENTS.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_client_per_name_and_options() {
        let options = Options::new("mqtt://user:one@127.0.0.1:1").unwrap();
        let first = persistent("registry-test", options.clone()).unwrap();
        let second = persistent("registry-test", options.clone()).unwrap();
        assert_eq!(first.options().client_id, second.options().client_id, "the same client");
        let other = Options::new("mqtt://user:two@127.0.0.1:1").unwrap();
        let error = persistent("registry-test", other.clone()).unwrap_err();
        assert!(error.to_string().contains("other options or credentials"), "{error}");
        assert!(!error.to_string().contains("two"), "no password in the text");
        assert!(persistent_list().iter().any(|(name, _)| name == "registry-test"));

        first.close(std::time::Duration::ZERO);
        let anew = persistent("registry-test", other).unwrap();
        assert_ne!(anew.options().client_id, first.options().client_id, "a closed client is replaced");
        assert!(remove("registry-test").is_some() && remove("registry-test").is_none());
    }
}
