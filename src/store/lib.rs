//! Where a broker keeps what must survive: the traits [`Store`] and [`Peers`], and the store that keeps nothing on
//! disk.
//!
//! A store has verbs, not tables. The broker calls it from its shard threads and must never be blocked by it: what
//! takes time comes back through a [`Completion`], from any thread. Nothing here knows tokio, sockets or the broker.
//!
//! **Durable before visible.** An acknowledgement, and whatever else tells a peer that its message is safe, leaves
//! only after the commit that it depends on has completed. A store completes a commit when the batch would survive
//! what the store promises to survive, and not before.
//!
//! **Time.** Every [`mqtt_proto::Time`] handed to or given by a store counts milliseconds since the Unix epoch, so that it means the same
//! after a restart and on another machine.
#![forbid(unsafe_code)]

mod batch;
#[cfg(any(test, feature = "testing"))]
pub mod conformance;
mod error;
mod memory;
mod peers;
#[cfg(any(test, feature = "testing"))]
pub mod recording;

pub use batch::{Batch, RetainedChange, SavedRetained, SavedSubscription, SavedWill, SessionChange, SessionChanges};
pub use error::StoreError;
pub use memory::Memory;
pub use peers::{Alone, Interest, PeerInbox, PeerMessage, Peers};

use mqtt_proto::session::{SavedOutgoing, Snapshot};
use mqtt_proto::{Text, Time};

/// What a store calls when it is done: exactly once, from any thread, possibly before the call that took it returns.
pub type Completion<T> = Box<dyn FnOnce(Result<T, StoreError>) + Send>;

/// The right to write one session. A store gives a higher one with every [`Store::open`]; a batch that carries an
/// older one is refused with [`StoreError::LeaseLost`], so that two brokers never write one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Lease(pub u64);

/// What becomes of a kept session at [`Store::open`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenPolicy {
    /// Go on with it where there is one that has not expired at this time.
    Resume(Time),
    /// Forget it and begin anew (clean start).
    Discard,
}

/// A session as the store gives it back.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SavedSession {
    /// Messages in flight and queued, up to [`OPEN_LIMIT`] of them; [`Store::load`] gives the rest.
    pub snapshot: Snapshot,
    /// There are outgoing messages behind those of the snapshot.
    pub more: bool,
    /// Its subscriptions.
    pub subscriptions: Vec<SavedSubscription>,
    /// Its will, where one is due if the session's owner vanished.
    pub will: Option<SavedWill>,
    /// When it ends without a connection; `None` is never.
    pub expires_at: Option<Time>,
}

/// The answer to [`Store::open`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Opened {
    /// Needed for every later change.
    pub lease: Lease,
    /// What was kept; `None` where the session is new or was discarded.
    pub session: Option<SavedSession>,
}

/// Durable state of sessions and retained messages.
///
/// Guarantees that every implementation gives, and that the `conformance` suite (feature `testing`) holds it to:
///
/// 1. *Atomic.* A batch is kept as a whole or not at all, also when the process dies in the middle.
/// 2. *In order.* Batches take effect in the order of the calls of one thread; later ones complete after earlier ones.
/// 3. *Durable.* When `commit` completes with `Ok` and [`Store::is_durable`] is true, the batch survives.
/// 4. *Fenced.* A batch with an old [`Lease`] changes nothing.
/// 5. *Complete.* Every completion is called exactly once, also at shutdown (then with an error).
/// 6. *Bounded.* `load` and `retained` give at most what was asked for at once.
pub trait Store: Send + Sync + 'static {
    /// Whether anything outlives the process. Where it is false the broker records no changes and calls
    /// neither `open` nor `commit`.
    fn is_durable(&self) -> bool;

    /// Takes over the session of this client: gives back what was kept and a new lease; older leases end.
    fn open(&self, client: &str, policy: OpenPolicy, done: Completion<Opened>);

    /// Keeps a batch. Implementations join batches of many callers into one write.
    fn commit(&self, batch: Batch, done: Completion<()>);

    /// The next outgoing messages of a session: those with a key above `after`, at most `limit`, in order of key.
    fn load(&self, client: &str, after: u64, limit: usize, done: Completion<Vec<SavedOutgoing>>);

    /// Retained messages whose topic this filter matches (`None`: all, those that begin with `$` too), by name in
    /// order, from `after` on (exclusive), at most `limit`.
    fn retained(&self, filter: Option<&str>, after: Option<&str>, limit: usize, done: Completion<Vec<SavedRetained>>);

    /// The clients with a kept session, in order, from `after` on (exclusive), at most `limit`; asked at start-up to
    /// know for whom messages are to be queued.
    fn sessions(&self, after: Option<&str>, limit: usize, done: Completion<Vec<Text>>);

    /// Forgets sessions and retained messages that have expired at this time, and gives the clients whose session
    /// ended. Called now and then.
    fn sweep(&self, now: Time, done: Completion<Vec<Text>>);
}

/// The most outgoing messages that [`Store::open`] gives at once.
pub const OPEN_LIMIT: usize = 10_000;
