//! What survives a connection.

use std::sync::Arc;

use super::change::{Change, Snapshot};
use super::link::Outgoing;
use super::sending::{QueueLimits, Sent};
use crate::packet::Message;
use crate::{ReasonCode, Time};

/// The state of a session that both ends keep across connections (section 4.1): messages in flight and queued, and
/// the identifiers of QoS 2 messages that came in. Subscriptions belong to the owner.
///
/// While a connection lives the session is inside its [`super::Link`]; [`super::Link::end`] gives it back.
#[derive(Debug, Default)]
pub struct Session {}

impl Session {
    /// An empty session. `persistent`: it outlives its connection, so messages in flight are kept to be sent again.
    /// `durable`: its changes are recorded ([`Session::take_changes`]) and dependent packets are held until
    /// [`super::Link::committed`].
    pub fn new(persistent: bool, durable: bool, queue: QueueLimits) -> Session {
        let _ = (persistent, durable, queue);
        todo!()
    }

    /// A session as it was kept.
    pub fn restore(snapshot: Snapshot, durable: bool, queue: QueueLimits) -> Session {
        let _ = (snapshot, durable, queue);
        todo!()
    }

    /// What would have to be kept now.
    pub fn snapshot(&self) -> Snapshot {
        todo!()
    }

    /// Queues a message while there is no connection.
    pub fn enqueue(&mut self, now: Time, message: &Arc<Message>, outgoing: Outgoing<'_>) -> Sent {
        let _ = (now, message, outgoing);
        todo!()
    }

    /// Messages in flight: sent at QoS 1 or 2 and not completed.
    pub fn in_flight(&self) -> usize {
        todo!()
    }

    /// Messages that wait for a connection or for room in the window.
    pub fn queued(&self) -> usize {
        todo!()
    }

    /// Bytes that the queued messages keep allocated, roughly.
    pub fn queued_bytes(&self) -> usize {
        todo!()
    }

    /// Drops queued messages that have expired; returns how many.
    pub fn drop_expired(&mut self, now: Time) -> usize {
        let _ = now;
        todo!()
    }

    /// Everything not completed, in order: `(token, message, qos)`. For an owner that gives up or reports a loss.
    pub fn unfinished(&self) -> Vec<u64> {
        todo!()
    }

    /// Changes since the last call, and the mark to give to [`super::Link::committed`] once they are saved. Empty
    /// unless the session is durable.
    pub fn take_changes(&mut self) -> (u64, Vec<Change>) {
        let _ = ReasonCode::Success;
        todo!()
    }
}
