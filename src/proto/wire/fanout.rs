//! One PUBLISH for many receivers: encoded once per layout, patched per receiver.

use std::sync::Arc;

use super::decode::PublishView;
use crate::packet::{Message, PacketId, Properties, QoS};
use crate::{Time, Version};

/// What a receiver of a fan-out gets on the wire.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// The receiver's version.
    pub version: Version,
    /// The lower of publication and subscription.
    pub qos: QoS,
    /// The retain flag to show.
    pub retain: bool,
    /// Sent before.
    pub dup: bool,
    /// Present exactly when QoS is above 0.
    pub packet_id: Option<PacketId>,
    /// Subscription identifiers of all matching subscriptions.
    pub subscription_identifiers: &'a [u32],
    /// What to write for the topic.
    pub alias: Alias,
    /// The receiver's maximum packet size.
    pub maximum_packet_size: u32,
}

/// Topic and alias of an outgoing PUBLISH (section 3.3.2.3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alias {
    /// The topic alone.
    None,
    /// The topic, and from now on this number for it.
    Set(u16),
    /// The number alone.
    Use(u16),
}

/// One message on its way to its receivers. Encodes each layout (with or without properties, with or without packet
/// identifier) when the first receiver needs it; later receivers cost one copy and a few patched bytes. The owned
/// [`Message`] is made when the first receiver has to keep it.
pub struct Fanout<'a> {
    source: Source<'a>,
    message: Option<Arc<Message>>,
    now: Time,
}

enum Source<'a> {
    View(PublishView<'a>, &'a str),
    Parts(&'a str, &'a [u8], &'a Properties),
    Message,
}

impl<'a> Fanout<'a> {
    /// From a PUBLISH in the read buffer. `topic` is its topic name after any alias has been resolved.
    pub fn from_view(view: PublishView<'a>, topic: &'a str, now: Time) -> Fanout<'a> {
        Fanout { source: Source::View(view, topic), message: None, now }
    }

    /// From its parts, borrowed: a client publishing at QoS 0 allocates nothing.
    pub fn from_parts(topic: &'a str, payload: &'a [u8], properties: &'a Properties, now: Time) -> Fanout<'a> {
        Fanout { source: Source::Parts(topic, payload, properties), message: None, now }
    }

    /// From a message that was kept: queued, retained, a will, or from another shard. The message expiry interval
    /// written is what is left of it at `now` [MQTT-3.3.2-6].
    pub fn from_message(message: Arc<Message>, now: Time) -> Fanout<'a> {
        Fanout { source: Source::Message, message: Some(message), now }
    }

    /// The topic name.
    pub fn topic(&self) -> &str {
        match (&self.source, &self.message) {
            (Source::View(_, topic) | Source::Parts(topic, ..), _) => topic,
            (Source::Message, Some(message)) => &message.topic,
            (Source::Message, None) => "",
        }
    }

    /// The message, owned and shared; made on first use.
    pub fn message(&mut self) -> &Arc<Message> {
        let _ = (&self.source, &self.message, self.now);
        todo!()
    }

    /// Appends the PUBLISH for one receiver to `out` and returns its length; `None` leaves `out` as it was, because the packet is
    /// larger than the receiver accepts [MQTT-3.1.2-24].
    pub fn append(&mut self, delivery: &Delivery<'_>, out: &mut Vec<u8>) -> Option<usize> {
        let _ = (delivery, out);
        todo!()
    }
}
