//! The owners of persistent clients in the registry of the process.
//!
//! PHP built with threads runs many requests in one process, and what is persistent there belongs to a thread: objects of one
//! persistent client share handlers and messages, which are values of one thread. So there the owner is the thread, and a
//! thread that ends takes its clients with it. Without threads the process has one owner.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use mqtt_client::{Client, Options, registry};

/// The client with this name of this thread, made where there is none. Errors are those of [`registry::persistent`].
pub(super) fn get(name: &str, options: Options) -> mqtt_client::Result<Client> {
    registry::persistent(owner(), name, options)
}

/// The persistent clients of this thread, in order of name.
pub(crate) fn list() -> Vec<(String, Client)> {
    registry::persistent_list(owner())
}

/// Says goodbye for every persistent client of the process.
pub(crate) fn close_all() {
    close(None);
}

fn close(owner: Option<u64>) {
    for client in registry::take(owner).into_iter().filter(|client| !client.is_forked()) {
        client.close(client.options().linger.min(Duration::from_secs(1)));
    }
}

/// This thread; 0 where PHP has no threads.
fn owner() -> u64 {
    unsafe extern "C" {
        fn mqtt_has_threads() -> bool;
    }
    // SAFETY: says how PHP was built.
    if unsafe { mqtt_has_threads() } { THREAD.with(|thread| thread.0) } else { 0 }
}

thread_local! {
    static THREAD: Thread = Thread(NEXT_THREAD.fetch_add(1, Ordering::Relaxed));
}

static NEXT_THREAD: AtomicU64 = AtomicU64::new(1);

/// A thread that runs PHP. No two of a process have the same number.
struct Thread(u64);

impl Drop for Thread {
    /// The thread ends: nobody can use its clients any more.
    fn drop(&mut self) {
        close(Some(self.0));
    }
}
