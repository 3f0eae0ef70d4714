//! The names of persistent clients in the registry of the process.
//!
//! PHP built with threads runs many requests in one process, and what is persistent there belongs to a thread: objects of one
//! persistent client share handlers and messages, which are values of one thread. So there a name in the registry is the
//! script's name and the number of the thread, and a thread that ends takes its clients with it. Without threads it is the
//! script's name as it is.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use mqtt_client::{Client, Options, registry};

/// The client with this name of this thread, made where there is none. Errors are those of [`registry::persistent`].
pub(super) fn get(name: &str, options: Options) -> mqtt_client::Result<Client> {
    let Some(suffix) = suffix() else { return registry::persistent(name, options) };
    registry::persistent(&format!("{name}{suffix}"), options)
}

/// The persistent clients of this thread, with the names that the script gave them, in order of name.
pub(crate) fn list() -> Vec<(String, Client)> {
    let all = registry::persistent_list();
    let Some(suffix) = suffix() else { return all };
    all.into_iter().filter_map(|(name, client)| Some((name.strip_suffix(&*suffix)?.to_owned(), client))).collect()
}

/// Says goodbye for every persistent client of the process.
pub(crate) fn close_all() {
    close(|_| true);
}

fn close(wanted: impl Fn(&str) -> bool) {
    for (name, client) in registry::persistent_list().into_iter().filter(|(name, _)| wanted(name)) {
        registry::remove(&name);
        if !client.is_forked() {
            client.close(client.options().linger.min(Duration::from_secs(1)));
        }
    }
}

/// What marks the names of this thread; none where PHP has no threads.
fn suffix() -> Option<String> {
    unsafe extern "C" {
        fn mqtt_has_threads() -> bool;
    }
    // SAFETY: says how PHP was built.
    unsafe { mqtt_has_threads() }.then(|| THREAD.with(Thread::suffix))
}

thread_local! {
    static THREAD: Thread = Thread(NEXT_THREAD.fetch_add(1, Ordering::Relaxed));
}

static NEXT_THREAD: AtomicU64 = AtomicU64::new(1);

/// A thread that runs PHP. No two of a process have the same number.
struct Thread(u64);

impl Thread {
    fn suffix(&self) -> String {
        // No name that a person gives ends like this.
        format!("\0{}", self.0)
    }
}

impl Drop for Thread {
    /// The thread ends: nobody can use its clients any more.
    fn drop(&mut self) {
        let suffix = self.suffix();
        close(|name| name.ends_with(&suffix));
    }
}
