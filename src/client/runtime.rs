//! The background thread: one per process, started by the first connection.

use std::sync::OnceLock;

static THREAD_START: OnceLock<fn()> = OnceLock::new();

/// A function that the background thread calls before anything else, for instance to block all signals. Only the first
/// call of this has an effect, and only before the thread runs.
pub fn set_thread_start_hook(hook: fn()) {
    let _ = THREAD_START.set(hook);
}
