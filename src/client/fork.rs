//! What a forked child may touch of its parent's clients: nothing.
//!
//! A door installs [`child_after_fork`] with `pthread_atfork`. It changes one number. Every entry of a client compares
//! the number it was made under before it takes any lock, and answers [`crate::Error::Forked`] in the child.

use std::sync::atomic::{AtomicU32, Ordering};

static GENERATION: AtomicU32 = AtomicU32::new(0);

/// To be called in the child after each fork. Safe to call where only async-signal-safe functions may be called.
pub extern "C" fn child_after_fork() {
    GENERATION.fetch_add(1, Ordering::SeqCst);
}

/// How many forks lie between the first process and this one.
pub fn generation() -> u32 {
    GENERATION.load(Ordering::Relaxed)
}
