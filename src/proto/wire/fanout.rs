//! One PUBLISH for many receivers: encoded once per layout, patched per receiver.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;

use super::decode::PublishView;
use super::encode::{
    check_size, publish_first, publish_len, put_id_and_properties_len, put_publish_head, put_variable,
};
use super::frame::{is_minimal, variable_len};
use super::property::{self, Place};
use crate::packet::{Message, PacketId, PacketType, Properties, Property, PropertyId, QoS};
use crate::{Text, Time, Version};

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

/// Payloads up to this many bytes are worth a layout of their own: beyond it copying the payload is all the work.
const LAYOUT_PAYLOAD: usize = 2048;

/// One message on its way to its receivers. A receiver that gets the bytes as they came in costs one copy and a few
/// patched bytes. Other layouts (with or without properties, with or without packet identifier) are put together
/// from their parts for the first receiver and kept when a second one needs them. The owned [`Message`] is made when
/// the first receiver has to keep it.
///
/// Topic aliases and subscription identifiers of the incoming PUBLISH are never passed on [MQTT-3.3.2-7].
pub struct Fanout<'a> {
    source: Source<'a>,
    message: Option<Arc<Message>>,
    now: Time,
    /// What is passed on of the properties, as it is written; made for the first receiver that sees properties.
    properties: Option<Cow<'a, [u8]>>,
    layouts: [Layout; 4],
}

enum Source<'a> {
    View {
        view: PublishView<'a>,
        topic: &'a str,
        /// The frame may go out as it is to a receiver of the same layout.
        verbatim: bool,
    },
    Parts(&'a str, &'a [u8], &'a Properties),
    Message,
}

#[derive(Default)]
enum Layout {
    #[default]
    Unused,
    /// Written once, not kept.
    Once,
    /// A whole packet and where its packet identifier stands.
    Kept(Vec<u8>, usize),
}

impl<'a> Fanout<'a> {
    /// From a PUBLISH in the read buffer. `topic` is its topic name after any alias has been resolved.
    #[inline]
    pub fn from_view(view: PublishView<'a>, topic: &'a str, now: Time) -> Fanout<'a> {
        let verbatim = view.topic_alias.is_none()
            && !view.has_subscription_identifiers
            && is_minimal(view.frame.len(), view.body_at);
        debug_assert!(view.topic_alias.is_some() || view.topic == topic, "only an alias changes the topic");
        Fanout::new(Source::View { view, topic, verbatim }, None, now)
    }

    /// From its parts, borrowed: a client publishing at QoS 0 allocates nothing. Topic and properties must have passed
    /// [`super::encode::check_publish`].
    pub fn from_parts(topic: &'a str, payload: &'a [u8], properties: &'a Properties, now: Time) -> Fanout<'a> {
        Fanout::new(Source::Parts(topic, payload, properties), None, now)
    }

    /// From a message that was kept: queued, retained, a will, or from another shard. The message expiry interval
    /// written is what is left of it at `now` [MQTT-3.3.2-6].
    pub fn from_message(message: Arc<Message>, now: Time) -> Fanout<'a> {
        Fanout::new(Source::Message, Some(message), now)
    }

    #[inline]
    fn new(source: Source<'a>, message: Option<Arc<Message>>, now: Time) -> Fanout<'a> {
        Fanout { source, message, now, properties: None, layouts: Default::default() }
    }

    /// The topic name.
    pub fn topic(&self) -> &str {
        match (&self.source, &self.message) {
            (Source::View { topic, .. } | Source::Parts(topic, ..), _) => topic,
            (Source::Message, Some(message)) => &message.topic,
            (Source::Message, None) => "",
        }
    }

    /// The payload.
    pub fn payload(&self) -> &[u8] {
        match (&self.source, &self.message) {
            (Source::View { view, .. }, _) => view.payload,
            (Source::Parts(_, payload, _), _) => payload,
            (Source::Message, Some(message)) => &message.payload,
            (Source::Message, None) => &[],
        }
    }

    /// Whether it is a message that was kept, and whose time is over.
    pub fn is_expired(&self) -> bool {
        matches!(self.source, Source::Message) && self.message.as_ref().is_some_and(|m| m.is_expired(self.now))
    }

    /// The message, owned and shared; made on first use.
    pub fn message(&mut self) -> &Arc<Message> {
        if self.message.is_none() {
            let made = match &self.source {
                Source::View { view, topic, verbatim } => message_from_view(view, topic, *verbatim),
                Source::Parts(topic, payload, properties) => Message {
                    properties: forwarded(properties).cloned().collect(),
                    ..Message::new(*topic, Bytes::copy_from_slice(payload))
                },
                Source::Message => Message::new("", Bytes::new()),
            };
            self.message = Some(Arc::new(Message { received_at: self.now, ..made }.with_expiry()));
        }
        self.message.as_ref().expect("it was made above")
    }

    /// Appends the PUBLISH for one receiver to `out` and returns its length; `None` leaves `out` as it was, because
    /// the packet is larger than the receiver accepts [MQTT-3.1.2-24].
    #[inline]
    pub fn append(&mut self, delivery: &Delivery<'_>, out: &mut Vec<u8>) -> Option<usize> {
        debug_assert_eq!(delivery.packet_id.is_some(), delivery.qos != QoS::AtMostOnce);
        let with_properties = delivery.version.has_properties();
        let plain = !with_properties || delivery.alias == Alias::None && delivery.subscription_identifiers.is_empty();
        if !plain {
            return self.compose(delivery, out).map(|(size, _)| size);
        }
        let with_id = delivery.packet_id.is_some();
        if let Source::View { view, verbatim: true, .. } = &self.source
            && view.version.has_properties() == with_properties
            && view.packet_id.is_some() == with_id
        {
            return append_patched(view.frame, view.packet_id_at, delivery, out);
        }
        let index = usize::from(with_properties) << 1 | usize::from(with_id);
        match &self.layouts[index] {
            Layout::Kept(bytes, packet_id_at) => append_patched(bytes, *packet_id_at, delivery, out),
            Layout::Unused => {
                self.layouts[index] = Layout::Once;
                self.compose(delivery, out).map(|(size, _)| size)
            }
            Layout::Once => {
                let start = out.len();
                let (size, packet_id_at) = self.compose(delivery, out)?;
                if self.payload().len() <= LAYOUT_PAYLOAD {
                    self.layouts[index] = Layout::Kept(out[start..].to_vec(), packet_id_at);
                }
                Some(size)
            }
        }
    }

    /// Puts the packet together from its parts. Returns its size and where its packet identifier stands or would.
    fn compose(&mut self, delivery: &Delivery<'_>, out: &mut Vec<u8>) -> Option<(usize, usize)> {
        let with_properties = delivery.version.has_properties();
        if with_properties && self.properties.is_none() {
            self.properties = Some(self.write_properties()?);
        }
        let (alias, topic) = match delivery.alias {
            _ if !with_properties => (None, self.topic()),
            Alias::None => (None, self.topic()),
            Alias::Set(number) => (Some(number), self.topic()),
            Alias::Use(number) => (Some(number), ""),
        };
        if topic.len() > usize::from(u16::MAX) {
            return None;
        }
        let passed_on = self.properties.as_deref().unwrap_or_default();
        let identifiers = delivery.subscription_identifiers;
        let properties_len = passed_on.len()
            + if alias.is_some() { 3 } else { 0 }
            + identifiers.iter().map(|id| 1 + variable_len(*id as usize)).sum::<usize>();
        let payload = self.payload();
        let id = delivery.packet_id;
        let remaining = publish_len(topic.len(), id, with_properties, properties_len, payload.len());
        let size = check_size(remaining, delivery.maximum_packet_size).ok()?;

        out.reserve(size);
        put_publish_head(publish_first(delivery.dup, delivery.qos, delivery.retain), remaining, topic, out);
        put_id_and_properties_len(id, with_properties, properties_len, out);
        if with_properties {
            out.extend_from_slice(passed_on);
            if let Some(alias) = alias {
                let [high, low] = alias.to_be_bytes();
                out.extend_from_slice(&[PropertyId::TopicAlias as u8, high, low]);
            }
            for id in identifiers {
                out.push(PropertyId::SubscriptionIdentifier as u8);
                put_variable(*id as usize, out);
            }
        }
        out.extend_from_slice(payload);
        Some((size, size - remaining + 2 + topic.len()))
    }

    /// The properties that are passed on, as they are written. `None`: they cannot be written.
    fn write_properties(&self) -> Option<Cow<'a, [u8]>> {
        let properties = match (&self.source, &self.message) {
            (Source::View { view, verbatim, .. }, _) => return Some(passed_on(view, *verbatim)),
            (Source::Parts(_, _, properties), _) => properties,
            (Source::Message, Some(message)) => &message.properties,
            (Source::Message, None) => return Some(Cow::Borrowed(&[])),
        };
        if properties.is_empty() {
            return Some(Cow::Borrowed(&[]));
        }
        property::check(properties, Place::Packet(PacketType::Publish)).ok()?;
        let mut block = Vec::with_capacity(properties.encoded_len());
        for property in forwarded(properties) {
            match property {
                Property::MessageExpiryInterval(seconds) => {
                    property::write_one(&Property::MessageExpiryInterval(self.left_of(*seconds)), &mut block);
                }
                other => property::write_one(other, &mut block),
            }
        }
        Some(Cow::Owned(block))
    }

    /// What is left of a message expiry interval: whole seconds that the message has waited here are taken off.
    fn left_of(&self, seconds: u32) -> u32 {
        match (&self.source, &self.message) {
            (Source::Message, Some(message)) => {
                let waited = self.now.since(message.received_at).as_secs();
                seconds.saturating_sub(waited.try_into().unwrap_or(u32::MAX))
            }
            _ => seconds,
        }
    }
}

/// Copies a packet of the right layout and sets what is the receiver's own.
#[inline]
fn append_patched(packet: &[u8], packet_id_at: usize, delivery: &Delivery<'_>, out: &mut Vec<u8>) -> Option<usize> {
    if packet.len() > delivery.maximum_packet_size as usize {
        return None;
    }
    let start = out.len();
    out.extend_from_slice(packet);
    out[start] = publish_first(delivery.dup, delivery.qos, delivery.retain);
    if let Some(id) = delivery.packet_id {
        out[start + packet_id_at..][..2].copy_from_slice(&id.get().to_be_bytes());
    }
    Some(packet.len())
}

/// The properties of a view without those that belong to one hop.
fn passed_on<'a>(view: &PublishView<'a>, verbatim: bool) -> Cow<'a, [u8]> {
    if verbatim || view.topic_alias.is_none() && !view.has_subscription_identifiers {
        return Cow::Borrowed(view.properties);
    }
    let mut block = Vec::with_capacity(view.properties.len());
    for (id, bytes, _) in property::slices(view.properties) {
        if !matches!(id, PropertyId::TopicAlias | PropertyId::SubscriptionIdentifier) {
            block.extend_from_slice(bytes);
        }
    }
    Cow::Owned(block)
}

/// An owned message: one copy of everything from the topic to the end of the frame, sliced.
fn message_from_view(view: &PublishView<'_>, topic: &str, verbatim: bool) -> Message {
    let owner = Bytes::copy_from_slice(&view.frame[view.body_at + 2..]);
    let payload = owner.slice(owner.len() - view.payload.len()..);
    let own_topic = view.topic_alias.is_none().then(|| owner.slice(..topic.len()));
    let topic = own_topic.and_then(|bytes| Text::try_from(bytes).ok()).unwrap_or_else(|| topic.into());
    let properties = match passed_on(view, verbatim) {
        Cow::Borrowed(&[]) => Properties::new(),
        Cow::Borrowed(block) => {
            let end = owner.len() - view.payload.len();
            property::build_checked(&owner.slice(end - block.len()..end))
        }
        Cow::Owned(block) => property::build_checked(&Bytes::from(block)),
    };
    Message { properties, ..Message::new(topic, payload) }
}

fn forwarded(properties: &Properties) -> impl Iterator<Item = &Property> {
    properties.iter().filter(|p| !matches!(p, Property::TopicAlias(_) | Property::SubscriptionIdentifier(_)))
}
