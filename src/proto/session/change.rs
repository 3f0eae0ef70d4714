//! What a durable session must have on disk before the bytes that depend on it may leave.

use std::sync::Arc;

use crate::packet::{Message, PacketId, QoS};

/// One change of a durable session, in order. `key` numbers the outgoing messages of a session, in order of arrival,
/// and is never used again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A message was queued or sent.
    Added(SavedOutgoing),
    /// It was given a packet identifier; from here on it must go out again under the same one [MQTT-4.4.0-1].
    Started {
        /// Which message.
        key: u64,
        /// Its identifier.
        packet_id: PacketId,
    },
    /// PUBREC came: PUBREL is due, the message itself may be forgotten.
    Released {
        /// Which message.
        key: u64,
    },
    /// It is done, dropped or expired.
    Removed {
        /// Which message.
        key: u64,
    },
    /// A QoS 2 message with this identifier was handled and must not be delivered again. Before it is, nothing is
    /// recorded: whoever crashes then gets the message again.
    Received(PacketId),
    /// PUBREL came; the identifier may be used anew.
    Forgotten(PacketId),
}

/// One outgoing message of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedOutgoing {
    /// Order among the outgoing messages of the session.
    pub key: u64,
    /// The message; `None` once it has been released.
    pub message: Option<Arc<Message>>,
    /// QoS towards this receiver.
    pub qos: QoS,
    /// Retain flag towards this receiver.
    pub retain: bool,
    /// Subscription identifiers towards this receiver.
    pub subscription_identifiers: Vec<u32>,
    /// Present once it has been sent.
    pub packet_id: Option<PacketId>,
    /// The owner's number for it (a client's token); 0 where it has none.
    pub token: u64,
}

/// A session as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Outgoing messages in order of key: in flight first, then queued.
    pub outgoing: Vec<SavedOutgoing>,
    /// Identifiers of incoming QoS 2 messages that have been handled and not released.
    pub received: Vec<PacketId>,
}

impl Snapshot {
    /// Takes in one change, as a store does.
    pub fn apply(&mut self, change: Change) {
        match change {
            Change::Added(saved) => self.outgoing.push(saved),
            Change::Started { key, packet_id } => self.with(key, |saved| saved.packet_id = Some(packet_id)),
            Change::Released { key } => self.with(key, |saved| {
                saved.message = None;
                saved.subscription_identifiers = Vec::new();
            }),
            Change::Removed { key } => self.outgoing.retain(|saved| saved.key != key),
            Change::Received(id) => {
                if let Err(place) = self.received.binary_search(&id) {
                    self.received.insert(place, id);
                }
            }
            Change::Forgotten(id) => self.received.retain(|received| *received != id),
        }
    }

    fn with(&mut self, key: u64, change: impl FnOnce(&mut SavedOutgoing)) {
        if let Some(saved) = self.outgoing.iter_mut().find(|saved| saved.key == key) {
            change(saved);
        }
    }
}
