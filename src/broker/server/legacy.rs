//! What the end of a session leaves unfinished of a shared subscription goes to another member (section 4.8.2).

use std::sync::Arc;

use mqtt_proto::packet::{Message, QoS};
use mqtt_proto::topic::{self, Filter};
use mqtt_proto::wire::fanout::Fanout;

use super::publish::Origin;
use super::shard::Shard;

/// A message that its member has not acknowledged.
pub(super) struct Legacy {
    /// The filter of the shared subscription, `$share/group/` included.
    filter: Box<str>,
    message: Arc<Message>,
    qos: QoS,
    retain: bool,
}

impl Shard {
    /// The messages that this session got through shared subscriptions and that nobody has acknowledged. QoS 2
    /// messages that were sent are not among them: nobody else may get them [MQTT-4.8.2-5]. Nor is what a plain
    /// subscription of the same client matches, which may have come through that.
    pub(super) fn legacy(&self, slot: u32) -> Vec<Legacy> {
        let client = self.registry.get(slot).filter(|client| client.presence.is_some());
        let Some((client, session)) = client.and_then(|client| Some((client, client.session.as_ref()?))) else {
            return Vec::new();
        };
        let filters = || client.subscriptions.keys().filter_map(|text| Some((text, Filter::parse(text).ok()?)));
        let matching = |topic: &str| {
            let mut shared = None;
            for (text, filter) in filters().filter(|(_, filter)| topic::matches(filter.filter, topic)) {
                match filter.share {
                    Some(_) => shared = Some(text.clone()),
                    None => return None,
                }
            }
            shared
        };
        let unfinished = session.snapshot().outgoing.into_iter();
        unfinished
            .filter(|outgoing| outgoing.packet_id.is_none() || outgoing.qos == QoS::AtLeastOnce)
            .filter_map(|outgoing| {
                let message = outgoing.message?;
                let filter = matching(&message.topic)?;
                Some(Legacy { filter, message, qos: outgoing.qos, retain: outgoing.retain })
            })
            .collect()
    }

    /// Hands them to those who are left.
    pub(super) fn pass_on(&mut self, legacy: Vec<Legacy>) {
        for Legacy { filter, message, qos, retain } in legacy {
            let Ok(filter) = Filter::parse(&filter) else { continue };
            let Some(group) = self.core.routing.group(&filter) else { continue };
            let mut fanout = Fanout::from_message(message, self.now);
            let origin = Origin { publisher: None, qos, retain, from_peer: false, frame: None };
            self.deliver_to_group(&group, &mut fanout, &origin);
        }
        self.bound_output();
    }
}
