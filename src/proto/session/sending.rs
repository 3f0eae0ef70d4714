//! Outgoing messages: packet identifiers, the send window, the queue behind it.
//!
//! Identifiers are given in order, so the messages in flight form one contiguous run and an acknowledgement finds its
//! entry by subtraction.

use crate::packet::PacketId;

/// What became of a message handed to [`super::Link::send`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// QoS 0: in the output.
    Written,
    /// QoS 1 or 2: in the output, unacknowledged.
    InFlight(PacketId),
    /// Waits for room in the window or for a connection.
    Queued,
    /// Not sent.
    Dropped(Dropped),
}

/// Why a message was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dropped {
    /// Larger than the peer accepts [MQTT-3.1.2-24].
    TooLarge,
    /// The queue is full, or at QoS 0 the peer does not read fast enough.
    QueueFull,
    /// Its time was over.
    Expired,
}

/// Bounds of a session's queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueLimits {
    /// Messages; 0 is no bound.
    pub messages: u32,
    /// Bytes kept; 0 is no bound.
    pub bytes: usize,
    /// Queue QoS 0 messages too while there is no connection.
    pub queue_qos0: bool,
    /// Past the bound: drop the oldest queued message for the newest, instead of dropping the newest.
    pub drop_oldest: bool,
}

impl Default for QueueLimits {
    fn default() -> QueueLimits {
        QueueLimits { messages: 100_000, bytes: 64 * 1024 * 1024, queue_qos0: false, drop_oldest: false }
    }
}
