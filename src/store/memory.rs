//! The store that keeps nothing: what the broker holds in memory is all there is.

use mqtt_proto::session::SavedOutgoing;
use mqtt_proto::{Text, Time};

use super::{Batch, Completion, Lease, OpenPolicy, Opened, SavedRetained, Store};

/// Saved at once, gone with the process. [`Store::is_durable`] is false, so the broker records no changes for it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Memory;

impl Store for Memory {
    fn is_durable(&self) -> bool {
        false
    }

    fn open(&self, _client: &str, _policy: OpenPolicy, done: Completion<Opened>) {
        done(Ok(Opened { lease: Lease::default(), session: None }));
    }

    fn commit(&self, _batch: Batch, done: Completion<()>) {
        done(Ok(()));
    }

    fn load(&self, _client: &str, _after: u64, _limit: usize, done: Completion<Vec<SavedOutgoing>>) {
        done(Ok(Vec::new()));
    }

    fn retained(
        &self,
        _filter: Option<&str>,
        _after: Option<&str>,
        _limit: usize,
        done: Completion<Vec<SavedRetained>>,
    ) {
        done(Ok(Vec::new()));
    }

    fn sessions(&self, _after: Option<&str>, _limit: usize, done: Completion<Vec<Text>>) {
        done(Ok(Vec::new()));
    }

    fn sweep(&self, _now: Time, done: Completion<Vec<Text>>) {
        done(Ok(Vec::new()));
    }
}
