//! Clients by name, for processes that serve many requests: one connection per process and name.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::shared::lock;
use crate::{Client, Error, Options, Result, fork};

/// The client with this name, made where there is none. The registry keeps it until [`take`], so that it outlives the
/// request; it connects when first used. The same name with other options (credentials included) is
/// [`crate::Error::InvalidArgument`], so that two applications in one pool never share a connection. A client that was
/// closed is made anew, and one that was disconnected or taken over connects again when it is needed. Names are those of an owner: another number, another client.
pub fn persistent(owner: u64, name: &str, options: Options) -> Result<Client> {
    let mut clients = lock(clients());
    let key = (owner, name.to_owned());
    if let Some((known, client)) = clients.get(&key).filter(|(_, client)| !client.is_closed() && !client.is_forked()) {
        if *known != options {
            return Err(Error::InvalidArgument(format!(
                "a persistent client named {name:?} exists with other options or credentials: use another name"
            )));
        }
        client.revive();
        return Ok(client.clone());
    }
    let client = Client::new(options.clone())?;
    clients.insert(key, (options, client.clone()));
    Ok(client)
}

/// Every name of an owner with its client, in order of name.
pub fn persistent_list(owner: u64) -> Vec<(String, Client)> {
    let clients = lock(clients());
    let own = clients.iter().filter(|((of, _), _)| *of == owner);
    own.map(|((_, name), (_, client))| (name.clone(), client.clone())).collect()
}

/// Takes the clients of one owner, or of all, out of the registry; each closes when its last handle goes.
pub fn take(owner: Option<u64>) -> Vec<Client> {
    let mut clients = lock(clients());
    let (taken, kept) =
        std::mem::take(&mut *clients).into_iter().partition(|((of, _), _)| owner.is_none_or(|owner| *of == owner));
    *clients = kept;
    let taken: Clients = taken;
    taken.into_values().map(|(_, client)| client).collect()
}

type Clients = BTreeMap<(u64, String), (Options, Client)>;

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
        let first = persistent(1, "registry-test", options.clone()).unwrap();
        let second = persistent(1, "registry-test", options.clone()).unwrap();
        assert_eq!(first.options().client_id, second.options().client_id, "the same client");
        let other = Options::new("mqtt://user:two@127.0.0.1:1").unwrap();
        let error = persistent(1, "registry-test", other.clone()).unwrap_err();
        assert!(error.to_string().contains("other options or credentials"), "{error}");
        assert!(!error.to_string().contains("two"), "no password in the text");

        let others = persistent(2, "registry-test", other.clone()).unwrap();
        assert_ne!(others.options().client_id, first.options().client_id, "of another owner");
        let names = |owner| persistent_list(owner).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!((names(1), names(2)), (vec!["registry-test".to_owned()], vec!["registry-test".to_owned()]));

        first.close(std::time::Duration::ZERO);
        let anew = persistent(1, "registry-test", other).unwrap();
        assert_ne!(anew.options().client_id, first.options().client_id, "a closed client is replaced");
        assert_eq!((take(Some(1)).len(), names(1).len(), names(2).len()), (1, 0, 1), "one owner's alone");
        assert_eq!((take(None).len(), names(2).len()), (1, 0));
    }
}
