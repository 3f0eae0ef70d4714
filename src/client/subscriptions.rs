//! What is subscribed, to subscribe again, and which handle a message is for.

use crate::Map;
use mqtt_proto::packet::{Properties, Subscription};
use mqtt_proto::topic::{Filter, Tree};
use mqtt_proto::{ReasonCode, Text};
use smallvec::SmallVec;

use crate::{Subscribe, Token};

/// Handles of the filters that match one topic.
pub(crate) type Handles = SmallVec<[u32; 2]>;

#[derive(Debug, Default)]
pub(crate) struct Subscriptions {
    /// By the whole filter, share name included: a second subscription to the same filter replaces the first
    /// [MQTT-3.8.4-3].
    entries: Map<Text, Entry>,
    /// Handles by the filter behind the share name.
    handles: Tree<Handles>,
    added: u64,
    /// Another number when what matches may have changed.
    version: u64,
}

#[derive(Debug)]
struct Entry {
    subscription: Subscription,
    properties: Properties,
    handle: Option<u32>,
    /// The SUBSCRIBE that made it.
    token: Token,
    /// Order of arrival, so that subscribing again keeps it.
    order: u64,
}

impl Subscriptions {
    /// Takes the filters of one SUBSCRIBE, in force at once.
    pub(crate) fn add(&mut self, token: Token, filters: &[Subscribe], properties: &Properties) {
        self.version += 1;
        for Subscribe { subscription, handle } in filters {
            self.remove(&subscription.filter);
            if let Some(handle) = handle {
                self.handles.entry(inner(&subscription.filter), Handles::new).push(*handle);
            }
            self.added += 1;
            let entry = Entry {
                subscription: subscription.clone(),
                properties: properties.clone(),
                handle: *handle,
                token,
                order: self.added,
            };
            self.entries.insert(subscription.filter.clone(), entry);
        }
    }

    /// SUBACK to the SUBSCRIBE with this token: refused filters go, unless a later SUBSCRIBE made them anew.
    pub(crate) fn answered(&mut self, token: Token, filters: &[Subscription], reasons: &[ReasonCode]) {
        for (subscription, reason) in filters.iter().zip(reasons) {
            if reason.is_error() && self.entries.get(&subscription.filter).is_some_and(|entry| entry.token == token) {
                self.remove(&subscription.filter);
            }
        }
    }

    pub(crate) fn remove(&mut self, filter: &str) {
        self.version += 1;
        let Some(entry) = self.entries.remove(filter) else { return };
        let Some(handle) = entry.handle else { return };
        let key = inner(filter);
        if let Some(handles) = self.handles.get_mut(key) {
            if let Some(at) = handles.iter().position(|candidate| *candidate == handle) {
                handles.remove(at);
            }
            if handles.is_empty() {
                self.handles.remove(key);
            }
        }
    }

    /// While it is the same number, a topic matches the same handles.
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// The handles whose filters match, each once, in no order.
    pub(crate) fn matching(&self, topic: &str) -> Handles {
        let mut found = Handles::new();
        if !self.handles.is_empty() {
            self.handles.matching_filters(topic, &mut |handles| {
                for handle in handles {
                    if !found.contains(handle) {
                        found.push(*handle);
                    }
                }
            });
        }
        found
    }

    /// Everything subscribed except by requests that `skip` says, in order, in groups that one SUBSCRIBE each can
    /// carry: equal properties, at most `group` filters.
    pub(crate) fn to_requests(
        &self,
        group: usize,
        skip: impl Fn(Token) -> bool,
    ) -> Vec<(Vec<Subscription>, Properties)> {
        let mut entries: Vec<&Entry> = self.entries.values().filter(|entry| !skip(entry.token)).collect();
        entries.sort_unstable_by_key(|entry| entry.order);
        let mut requests: Vec<(Vec<Subscription>, Properties)> = Vec::new();
        for entry in entries {
            match requests.last_mut() {
                Some((filters, properties)) if filters.len() < group && *properties == entry.properties => {
                    filters.push(entry.subscription.clone());
                }
                _ => requests.push((vec![entry.subscription.clone()], entry.properties.clone())),
            }
        }
        requests
    }

    /// Forgets every handle and keeps the subscriptions.
    pub(crate) fn forget_handles(&mut self) {
        self.version += 1;
        self.handles = Tree::new();
        self.entries.values_mut().for_each(|entry| entry.handle = None);
    }
}

/// The filter behind the share name. Filters were checked when they were taken.
fn inner(filter: &str) -> &str {
    Filter::parse(filter).map_or(filter, |parsed| parsed.filter)
}

#[cfg(test)]
mod tests {
    use mqtt_proto::packet::{Property, QoS};

    use super::*;

    fn subscribe(filter: &'static str, handle: Option<u32>) -> Subscribe {
        Subscribe { subscription: Subscription::new(filter, QoS::AtLeastOnce), handle }
    }

    fn sorted(mut handles: Handles) -> Vec<u32> {
        handles.sort_unstable();
        handles.to_vec()
    }

    #[test]
    fn handles_follow_filters_and_shared_ones_too() {
        let mut subscriptions = Subscriptions::default();
        let filters = [
            subscribe("a/+", Some(1)),
            subscribe("$share/g/a/+", Some(2)),
            subscribe("a/#", Some(3)),
            subscribe("a/b", None),
            subscribe("+/b", Some(3)),
        ];
        subscriptions.add(1, &filters, &Properties::new());
        assert_eq!(sorted(subscriptions.matching("a/b")), [1, 2, 3], "each handle once");
        assert_eq!(sorted(subscriptions.matching("a")), [3]);
        assert!(subscriptions.matching("c").is_empty());
        subscriptions.remove("a/+");
        assert_eq!(sorted(subscriptions.matching("a/b")), [2, 3], "the shared filter keeps its own handle");
        subscriptions.remove("not/there");
        subscriptions.forget_handles();
        assert!(subscriptions.matching("a/b").is_empty());
        assert_eq!(subscriptions.to_requests(100, |_| false).len(), 1);
    }

    #[test]
    fn the_same_filter_replaces_and_a_refusal_takes_only_its_own() {
        let mut subscriptions = Subscriptions::default();
        let none = Properties::new();
        subscriptions.add(1, &[subscribe("a", Some(1))], &none);
        subscriptions.add(2, &[subscribe("a", Some(2))], &none);
        assert_eq!(sorted(subscriptions.matching("a")), [2]);
        let filters = [Subscription::new("a", QoS::AtLeastOnce)];
        subscriptions.answered(1, &filters, &[ReasonCode::NotAuthorized]);
        assert_eq!(sorted(subscriptions.matching("a")), [2], "the first answer is not about the second request");
        subscriptions.answered(2, &filters, &[ReasonCode::NotAuthorized]);
        assert!(subscriptions.matching("a").is_empty() && subscriptions.to_requests(10, |_| false).is_empty());
    }

    #[test]
    fn subscribing_again_keeps_order_properties_and_group_size() {
        let mut subscriptions = Subscriptions::default();
        let with_id: Properties = [Property::SubscriptionIdentifier(5)].into_iter().collect();
        subscriptions.add(1, &[subscribe("a", None), subscribe("b", None), subscribe("c", None)], &Properties::new());
        subscriptions.add(2, &[subscribe("d", None)], &with_id);
        let requests = subscriptions.to_requests(2, |_| false);
        let shape: Vec<(Vec<&str>, bool)> =
            requests.iter().map(|(f, p)| (f.iter().map(|s| &*s.filter).collect(), *p == with_id)).collect();
        assert_eq!(shape, [(vec!["a", "b"], false), (vec!["c"], false), (vec!["d"], true)]);
        assert_eq!(subscriptions.to_requests(2, |token| token == 1).len(), 1);
    }
}
