//! Names to addresses, on a short-lived thread.
//!
//! `getaddrinfo` blocks for as long as the resolver likes, so it runs on a thread of its own that posts its result and
//! ends. Whoever has lost patience drops the [`Resolving`]; the thread then ends by itself and its result is dropped.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

use rustix::pipe::{PipeFlags, pipe_with};

/// Addresses being looked up.
pub(crate) struct Resolving {
    result: Arc<Mutex<Option<io::Result<Vec<SocketAddr>>>>>,
    ready: Arc<OwnedFd>,
}

/// Look-ups under way, abandoned ones included: a dead resolver must not gather threads without end.
static RUNNING: AtomicUsize = AtomicUsize::new(0);
const RUNNING_LIMIT: usize = 256;
/// Enough for getaddrinfo and the modules it loads.
const STACK: usize = 512 * 1024;

static THREAD_START: OnceLock<fn()> = OnceLock::new();

/// A function that each look-up's thread calls before anything else, for instance to block all signals: they start on the thread
/// of whoever dials, and would take the signals of the program from it. Only the first call of this has an effect.
pub fn set_resolver_start_hook(hook: fn()) {
    let _ = THREAD_START.set(hook);
}

/// The address if `host` is an IP literal and needs no look-up.
pub(crate) fn literal(host: &str, port: u16) -> Option<SocketAddr> {
    host.parse::<IpAddr>().ok().map(|address| SocketAddr::new(address, port))
}

impl Resolving {
    /// Begins to look up `host`.
    pub(crate) fn start(host: &str, port: u16) -> io::Result<Resolving> {
        // The write end closes when the thread ends, however it ends: the read end becomes readable.
        let (ready, ended) = pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)?;
        let result = Arc::new(Mutex::new(None));
        let slot = Slot::take()?;
        let post = result.clone();
        let host = host.to_owned();
        thread::Builder::new().name("mqtt-resolve".into()).stack_size(STACK).spawn(move || {
            if let Some(hook) = THREAD_START.get() {
                hook();
            }
            let addresses = (host.as_str(), port).to_socket_addrs().map(|found| interleave(found.collect()));
            *post.lock().unwrap_or_else(PoisonError::into_inner) = Some(addresses);
            drop(slot);
            drop(ended);
        })?;
        Ok(Resolving { result, ready: Arc::new(ready) })
    }

    /// Readable when the result is there.
    pub(crate) fn handle(&self) -> Arc<OwnedFd> {
        self.ready.clone()
    }

    /// The result, once.
    pub(crate) fn take(&mut self) -> Option<io::Result<Vec<SocketAddr>>> {
        if let Some(result) = self.result.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return Some(result);
        }
        // The pipe ended without a result: the thread has died.
        match rustix::io::read(&*self.ready, &mut [0u8; 1][..]) {
            Ok(_) => self
                .result
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take()
                .or_else(|| Some(Err(io::Error::other("the resolver thread ended without an answer")))),
            Err(_) => None,
        }
    }
}

struct Slot;

impl Slot {
    fn take() -> io::Result<Slot> {
        if RUNNING.fetch_add(1, Ordering::Relaxed) >= RUNNING_LIMIT {
            RUNNING.fetch_sub(1, Ordering::Relaxed);
            return Err(io::Error::other(format!("{RUNNING_LIMIT} look-ups are under way and none answers")));
        }
        Ok(Slot)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        RUNNING.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Alternates the address families, beginning with the resolver's first choice (RFC 8305, section 4), without repeats.
fn interleave(found: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let mut unique: Vec<SocketAddr> = Vec::with_capacity(found.len());
    for address in found {
        if !unique.contains(&address) {
            unique.push(address);
        }
    }
    let first_is_v4 = unique.first().is_some_and(SocketAddr::is_ipv4);
    let (first, second): (Vec<_>, Vec<_>) = unique.into_iter().partition(|address| address.is_ipv4() == first_is_v4);
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    let mut result = Vec::new();
    loop {
        let (a, b) = (first.next(), second.next());
        if a.is_none() && b.is_none() {
            return result;
        }
        result.extend(a.into_iter().chain(b));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_alternate_without_repeats() {
        let address = |text: &str| text.parse::<SocketAddr>().expect("an address");
        let (a6, b6, a4, b4) = (address("[::1]:1"), address("[::2]:1"), address("1.1.1.1:1"), address("2.2.2.2:1"));
        assert_eq!(interleave(vec![a6, b6, a6, a4, b4]), [a6, a4, b6, b4]);
        assert_eq!(interleave(vec![a4, b4, a6]), [a4, a6, b4]);
        assert_eq!(interleave(vec![]), []);
    }

    #[test]
    fn a_zone_is_left_to_the_resolver() {
        assert_eq!(literal("::1", 7), Some("[::1]:7".parse().expect("an address")));
        assert_eq!(literal("fe80::1%lo", 7), None);
        assert_eq!(literal("localhost", 7), None);
    }

    /// The threads of look-ups started with the signals of the thread that dialled, and could take a script's alarm: its handler ran
    /// late, and on the wrong thread.
    #[test]
    fn the_hook_runs_on_the_thread_of_the_look_up() {
        static NAME: Mutex<Option<String>> = Mutex::new(None);
        set_resolver_start_hook(|| *NAME.lock().expect("a name") = thread::current().name().map(str::to_owned));
        let mut resolving = Resolving::start("localhost", 7).expect("begun");
        let fd = resolving.handle();
        let _ = rustix::event::poll(&mut [rustix::event::PollFd::new(&*fd, rustix::event::PollFlags::IN)], None);
        assert!(resolving.take().is_some());
        assert_eq!(NAME.lock().expect("a name").as_deref(), Some("mqtt-resolve"));
    }
}
