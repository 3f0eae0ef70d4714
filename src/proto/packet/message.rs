//! The application message: what of a PUBLISH belongs to no single hop.

use bytes::Bytes;

use super::{Properties, Property, Publish};
use crate::{Text, Time};

/// An application message, without the packet identifier, DUP, QoS, retain flag, topic alias and subscription
/// identifiers that each hop sets anew. Shared by everything that keeps it (`Arc<Message>`), never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The topic name; never empty.
    pub topic: Text,
    /// Any bytes.
    pub payload: Bytes,
    /// Properties that travel end to end, in order: payload format, message expiry as it arrived, response topic,
    /// correlation data, content type, user properties.
    pub properties: Properties,
    /// When it arrived here; message expiry counts from then.
    pub received_at: Time,
    /// When it expires; a message past it is not sent to anyone who has not begun to receive it [MQTT-3.3.2-5].
    pub expires_at: Option<Time>,
}

impl Message {
    /// A message without properties.
    pub fn new(topic: impl Into<Text>, payload: impl Into<Bytes>) -> Message {
        Message {
            topic: topic.into(),
            payload: payload.into(),
            properties: Properties::new(),
            received_at: Time::default(),
            expires_at: None,
        }
    }

    /// The message in a PUBLISH that arrived at `now`. `topic` is the name after any alias has been resolved.
    pub fn from_publish(publish: &Publish, topic: Text, now: Time) -> Message {
        let properties: Properties = publish
            .properties
            .iter()
            .filter(|p| !matches!(p, Property::TopicAlias(_) | Property::SubscriptionIdentifier(_)))
            .cloned()
            .collect();
        Message { topic, payload: publish.payload.clone(), received_at: now, expires_at: None, properties }
            .with_expiry()
    }

    /// Sets `expires_at` from the message expiry interval among the properties and `received_at`.
    pub fn with_expiry(mut self) -> Message {
        self.expires_at = self
            .properties
            .message_expiry_interval()
            .map(|seconds| self.received_at + std::time::Duration::from_secs(seconds.into()));
        self
    }

    /// Whether its time is over.
    pub fn is_expired(&self, now: Time) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }

    /// Bytes that it keeps allocated, roughly; what queues are bounded by.
    pub fn size(&self) -> usize {
        size_of::<Message>() + self.topic.len() + self.payload.len() + self.properties.encoded_len()
    }
}
