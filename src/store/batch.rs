//! What one turn of a shard wants kept.

use std::sync::Arc;

use mqtt_proto::packet::{Message, QoS, Subscription};
use mqtt_proto::session::Change;
use mqtt_proto::{Text, Time};

use super::Lease;

/// Changes that become durable together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Batch {
    /// Changes of sessions; a session stands in it at most once.
    pub sessions: Vec<SessionChanges>,
    /// Changes of retained messages, in order.
    pub retained: Vec<RetainedChange>,
}

impl Batch {
    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        self.sessions.is_empty() && self.retained.is_empty()
    }
}

/// Changes of one session, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionChanges {
    /// Whose session.
    pub client: Text,
    /// The right to write it.
    pub lease: Lease,
    /// What changed.
    pub changes: Vec<SessionChange>,
}

/// One change of one session.
#[derive(Debug, Clone, PartialEq)]
pub enum SessionChange {
    /// Messages in flight and queued, and received QoS 2 identifiers.
    Flow(Change),
    /// A subscription was made or replaced.
    Subscribed(SavedSubscription),
    /// A subscription ended.
    Unsubscribed(Text),
    /// The will that is due if the owner of the session vanishes; `None` clears it.
    Will(Option<SavedWill>),
    /// When the session ends unless a connection takes it up; `None` is never. Where a connection is alive it is
    /// what would hold if the owner vanished now.
    Expiry(Option<Time>),
    /// The session is over: forget all of it.
    Ended,
}

/// A subscription as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedSubscription {
    /// Filter (`$share/group/` included) and options.
    pub subscription: Subscription,
    /// The subscription identifier (MQTT 5).
    pub identifier: Option<u32>,
}

/// A will as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedWill {
    /// What is published.
    pub message: Arc<Message>,
    /// With this QoS.
    pub qos: QoS,
    /// As a retained message.
    pub retain: bool,
    /// Seconds between the end of the connection and the will.
    pub delay: u32,
}

/// A retained message.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedRetained {
    /// The message; its topic is the key.
    pub message: Arc<Message>,
    /// The QoS it was published with.
    pub qos: QoS,
}

/// One change of the retained messages.
#[derive(Debug, Clone, PartialEq)]
pub enum RetainedChange {
    /// The message for its topic, in place of an earlier one.
    Set(SavedRetained),
    /// No message for this topic any more.
    Cleared(Text),
}
