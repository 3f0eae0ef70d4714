//! What every store must do: run it on yours. [`run`] takes a maker of empty stores; [`run_durable`] one store and a
//! way to end its process and open it again.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use mqtt_proto::packet::{Message, PacketId, Property, QoS, Subscription};
use mqtt_proto::session::{Change, SavedOutgoing};
use mqtt_proto::{Text, Time};

use super::{
    Batch, Completion, Lease, OpenPolicy, Opened, RetainedChange, SavedRetained, SavedSubscription, SavedWill,
    SessionChange, SessionChanges, Store, StoreError,
};

/// How long a completion may take.
const PATIENCE: Duration = Duration::from_secs(30);
const NOW: Time = Time::from_millis(1_000_000);

/// Holds every check against a store of its own.
///
/// # Panics
/// Where the store does not do what [`Store`] promises.
pub fn run(make: &dyn Fn() -> Arc<dyn Store>) {
    a_new_session_is_empty(&*make());
    changes_are_found_again(&*make());
    a_discarded_session_is_gone(&*make());
    an_expired_session_is_not_resumed(&*make());
    an_old_lease_changes_nothing(&*make());
    an_ended_session_may_begin_anew_in_one_batch(&*make());
    messages_come_in_pages(&*make());
    retained_messages_come_in_pages(&*make());
    sessions_come_in_pages(&*make());
    sweeping_forgets_what_has_expired(&*make());
    batches_take_effect_in_order(make());
}

/// The same across a restart: `reopen` ends the process that has the store, as hard as it can, and opens it again.
/// What had completed is there, all of it and no other.
///
/// # Panics
/// Where the store does not do what [`Store`] promises.
pub fn run_durable(store: Arc<dyn Store>, reopen: &mut dyn FnMut() -> Arc<dyn Store>) {
    assert!(store.is_durable());
    let lease = open(&*store, "c", OpenPolicy::Discard).lease;
    commit(&*store, batch("c", lease, rich())).expect("it is kept");
    let set = RetainedChange::Set(retained("r/1", "x", None));
    commit(&*store, Batch { sessions: Vec::new(), retained: vec![set] }).expect("it is kept");
    drop(store);
    let store = reopen();
    assert_eq!(sessions(&*store, None, 10), ["c"]);
    assert_eq!(found(&*store, None, None, 10), ["r/1"]);
    let opened = open(&*store, "c", OpenPolicy::Resume(NOW));
    assert!(opened.lease > lease, "leases of an earlier process must not come again");
    check_rich(opened);
    drop(store);
    // The earlier owner wakes up and finds itself fenced.
    let store = reopen();
    let late = commit(&*store, batch("c", lease, vec![SessionChange::Ended]));
    assert_eq!(late, Err(StoreError::LeaseLost { client: "c".into() }));
    assert_eq!(sessions(&*store, None, 10), ["c"]);
}

fn a_new_session_is_empty(store: &dyn Store) {
    assert_eq!(open(store, "c", OpenPolicy::Resume(NOW)).session, None);
    assert_eq!(sessions(store, None, 10), [""; 0]);
}

fn changes_are_found_again(store: &dyn Store) {
    let lease = open(store, "c", OpenPolicy::Resume(NOW)).lease;
    commit(store, batch("c", lease, rich())).expect("it is kept");
    check_rich(open(store, "c", OpenPolicy::Resume(NOW)));
}

fn a_discarded_session_is_gone(store: &dyn Store) {
    let lease = open(store, "c", OpenPolicy::Resume(NOW)).lease;
    commit(store, batch("c", lease, rich())).expect("it is kept");
    assert_eq!(open(store, "c", OpenPolicy::Discard).session, None);
    assert_eq!(open(store, "c", OpenPolicy::Resume(NOW)).session, None);
}

fn an_expired_session_is_not_resumed(store: &dyn Store) {
    let lease = open(store, "c", OpenPolicy::Resume(NOW)).lease;
    commit(store, batch("c", lease, vec![SessionChange::Expiry(Some(NOW))])).expect("it is kept");
    assert!(open(store, "c", OpenPolicy::Resume(Time::from_millis(NOW.as_millis() - 1))).session.is_some());
    assert_eq!(open(store, "c", OpenPolicy::Resume(NOW)).session, None);
}

fn an_old_lease_changes_nothing(store: &dyn Store) {
    let old = open(store, "c", OpenPolicy::Resume(NOW)).lease;
    let new = open(store, "c", OpenPolicy::Resume(NOW)).lease;
    assert!(new > old);
    let other = open(store, "d", OpenPolicy::Resume(NOW)).lease;
    let sessions = vec![
        changes("d", other, vec![SessionChange::Expiry(None)]),
        changes("c", old, vec![SessionChange::Expiry(None)]),
    ];
    let set = RetainedChange::Set(retained("r", "x", None));
    let result = commit(store, Batch { sessions, retained: vec![set] });
    assert_eq!(result, Err(StoreError::LeaseLost { client: "c".into() }));
    // As a whole or not at all.
    assert_eq!(self::sessions(store, None, 10), [""; 0]);
    assert_eq!(found(store, None, None, 10), [""; 0]);
}

fn an_ended_session_may_begin_anew_in_one_batch(store: &dyn Store) {
    let lease = open(store, "c", OpenPolicy::Resume(NOW)).lease;
    commit(store, batch("c", lease, rich())).expect("it is kept");
    let anew = vec![SessionChange::Ended, SessionChange::Flow(Change::Added(outgoing(9, "new")))];
    commit(store, batch("c", lease, anew)).expect("it is kept");
    let session = open(store, "c", OpenPolicy::Resume(NOW)).session.expect("it is there");
    assert!(session.subscriptions.is_empty() && session.snapshot.received.is_empty());
    assert_eq!(session.snapshot.outgoing, [outgoing(9, "new")]);
    let lease = open(store, "c", OpenPolicy::Resume(NOW)).lease;
    commit(store, batch("c", lease, vec![SessionChange::Ended])).expect("it is kept");
    assert_eq!(open(store, "c", OpenPolicy::Resume(NOW)).session, None);
}

fn messages_come_in_pages(store: &dyn Store) {
    let lease = open(store, "c", OpenPolicy::Resume(NOW)).lease;
    let added = (1..=25).map(|key| SessionChange::Flow(Change::Added(outgoing(key, "x")))).collect();
    commit(store, batch("c", lease, added)).expect("it is kept");
    let keys = |after, limit| -> Vec<u64> {
        ask(|done| store.load("c", after, limit, done)).iter().map(|saved: &SavedOutgoing| saved.key).collect()
    };
    assert_eq!(keys(0, 10), (1..=10).collect::<Vec<_>>());
    assert_eq!(keys(10, 10), (11..=20).collect::<Vec<_>>());
    assert_eq!(keys(20, 10), (21..=25).collect::<Vec<_>>());
    assert_eq!(keys(25, 10), [0; 0]);
    let session = open(store, "c", OpenPolicy::Resume(NOW)).session.expect("it is there");
    assert_eq!((session.snapshot.outgoing.len(), session.more), (25, false));
}

fn retained_messages_come_in_pages(store: &dyn Store) {
    let set = |topic: &str| RetainedChange::Set(retained(topic, "x", None));
    let all = ["a", "a/b", "a/c", "$own/x", "d"].map(set).into();
    commit(store, Batch { sessions: Vec::new(), retained: all }).expect("it is kept");
    assert_eq!(found(store, None, None, 10), ["$own/x", "a", "a/b", "a/c", "d"]);
    assert_eq!(found(store, Some("#"), None, 10), ["a", "a/b", "a/c", "d"]);
    assert_eq!(found(store, Some("a/#"), None, 2), ["a", "a/b"]);
    assert_eq!(found(store, Some("a/#"), Some("a/b"), 2), ["a/c"]);
    let changes = vec![RetainedChange::Cleared("a/b".into()), RetainedChange::Set(retained("a/c", "other", None))];
    commit(store, Batch { sessions: Vec::new(), retained: changes }).expect("it is kept");
    assert_eq!(found(store, Some("a/+"), None, 10), ["a/c"]);
    let saved = ask(|done| store.retained(Some("a/c"), None, 1, done));
    assert_eq!(&saved[0].message.payload[..], b"other");
}

fn sessions_come_in_pages(store: &dyn Store) {
    for client in ["b", "a", "d", "c"] {
        let lease = open(store, client, OpenPolicy::Resume(NOW)).lease;
        commit(store, batch(client, lease, vec![SessionChange::Expiry(None)])).expect("it is kept");
    }
    assert_eq!(sessions(store, None, 3), ["a", "b", "c"]);
    assert_eq!(sessions(store, Some("c"), 3), ["d"]);
}

fn sweeping_forgets_what_has_expired(store: &dyn Store) {
    for (client, at) in [("short", Some(NOW)), ("long", None)] {
        let lease = open(store, client, OpenPolicy::Discard).lease;
        commit(store, batch(client, lease, vec![SessionChange::Expiry(at)])).expect("it is kept");
    }
    let set = |topic: &str, expiry| RetainedChange::Set(retained(topic, "x", expiry));
    let all = vec![set("short", Some(5)), set("long", None)];
    commit(store, Batch { sessions: Vec::new(), retained: all }).expect("it is kept");
    let later = NOW + Duration::from_secs(5);
    assert_eq!(ask(|done| store.sweep(later, done)), ["short"]);
    assert_eq!(sessions(store, None, 10), ["long"]);
    assert_eq!(found(store, None, None, 10), ["long"]);
}

fn batches_take_effect_in_order(store: Arc<dyn Store>) {
    let lease = open(&*store, "c", OpenPolicy::Discard).lease;
    let (sender, receiver) = channel();
    for key in 1..=200 {
        let mut list = vec![SessionChange::Flow(Change::Added(outgoing(key, "x")))];
        if key > 1 {
            list.push(SessionChange::Flow(Change::Removed { key: key - 1 }));
        }
        let sender = sender.clone();
        let done = Box::new(move |result: Result<(), StoreError>| {
            result.expect("it is kept");
            sender.send(key).expect("somebody waits");
        });
        store.commit(batch("c", lease, list), done);
    }
    let order: Vec<u64> = (0..200).map(|_| receiver.recv_timeout(PATIENCE).expect("a completion")).collect();
    assert_eq!(order, (1..=200).collect::<Vec<_>>());
    let session = open(&*store, "c", OpenPolicy::Resume(NOW)).session.expect("it is there");
    assert_eq!(session.snapshot.outgoing.iter().map(|saved| saved.key).collect::<Vec<_>>(), [200]);
}

/// A session with something of everything.
fn rich() -> Vec<SessionChange> {
    let id = |number| PacketId::new(number).expect("not 0");
    vec![
        SessionChange::Flow(Change::Added(outgoing(1, "removed"))),
        SessionChange::Flow(Change::Added(outgoing(2, "released"))),
        SessionChange::Flow(Change::Added(outgoing(3, "started"))),
        SessionChange::Flow(Change::Added(outgoing(4, "queued"))),
        SessionChange::Flow(Change::Started { key: 2, packet_id: id(2) }),
        SessionChange::Flow(Change::Started { key: 3, packet_id: id(3) }),
        SessionChange::Flow(Change::Removed { key: 1 }),
        SessionChange::Flow(Change::Released { key: 2 }),
        SessionChange::Flow(Change::Received(id(7))),
        SessionChange::Flow(Change::Received(id(8))),
        SessionChange::Flow(Change::Forgotten(id(7))),
        SessionChange::Subscribed(subscription("a", QoS::AtMostOnce, None)),
        SessionChange::Subscribed(subscription("$share/g/b/#", QoS::AtLeastOnce, Some(5))),
        SessionChange::Subscribed(subscription("a", QoS::ExactlyOnce, Some(6))),
        SessionChange::Subscribed(subscription("gone", QoS::AtMostOnce, None)),
        SessionChange::Unsubscribed("gone".into()),
        SessionChange::Will(Some(will())),
        SessionChange::Expiry(Some(NOW + Duration::from_secs(1))),
    ]
}

fn check_rich(opened: Opened) {
    let session = opened.session.expect("it is there");
    let id = PacketId::new;
    let outgoing: Vec<_> =
        session.snapshot.outgoing.iter().map(|o| (o.key, o.packet_id, o.message.is_some())).collect();
    assert_eq!(outgoing, [(2, id(2), false), (3, id(3), true), (4, None, true)]);
    assert_eq!(session.snapshot.outgoing[2], self::outgoing(4, "queued"));
    assert_eq!(session.snapshot.received, [id(8).expect("not 0")]);
    let mut subscriptions = session.subscriptions;
    subscriptions.sort_by_key(|saved| saved.subscription.filter.to_string());
    let expected =
        [subscription("$share/g/b/#", QoS::AtLeastOnce, Some(5)), subscription("a", QoS::ExactlyOnce, Some(6))];
    assert_eq!(subscriptions, expected);
    assert_eq!(session.will, Some(will()));
    assert_eq!(session.expires_at, Some(NOW + Duration::from_secs(1)));
}

fn message(topic: &str, payload: &str, expiry: Option<u32>) -> Arc<Message> {
    let mut message = Message::new(topic.to_owned(), payload.as_bytes().to_vec());
    message.received_at = NOW;
    message.properties.push(Property::UserProperty("name".into(), "value".into()));
    message.properties.extend(expiry.map(Property::MessageExpiryInterval));
    Arc::new(message.with_expiry())
}

fn outgoing(key: u64, payload: &str) -> SavedOutgoing {
    SavedOutgoing {
        key,
        message: Some(message("t", payload, None)),
        qos: QoS::ExactlyOnce,
        retain: key.is_multiple_of(2),
        subscription_identifiers: vec![1, 2],
        packet_id: None,
        token: 0,
    }
}

fn retained(topic: &str, payload: &str, expiry: Option<u32>) -> SavedRetained {
    SavedRetained { message: message(topic, payload, expiry), qos: QoS::AtLeastOnce }
}

fn subscription(filter: &str, qos: QoS, identifier: Option<u32>) -> SavedSubscription {
    SavedSubscription { subscription: Subscription::new(filter.to_owned(), qos), identifier }
}

fn will() -> SavedWill {
    SavedWill { message: message("w", "gone", None), qos: QoS::AtLeastOnce, retain: true, delay: 7 }
}

fn changes(client: &str, lease: Lease, changes: Vec<SessionChange>) -> SessionChanges {
    SessionChanges { client: Text::from(client), lease, changes }
}

fn batch(client: &str, lease: Lease, list: Vec<SessionChange>) -> Batch {
    Batch { sessions: vec![changes(client, lease, list)], retained: Vec::new() }
}

fn wait<T: Send + 'static>(call: impl FnOnce(Completion<T>)) -> Result<T, StoreError> {
    let (sender, receiver) = channel();
    call(Box::new(move |result| sender.send(result).expect("a second completion")));
    receiver.recv_timeout(PATIENCE).expect("a completion")
}

fn ask<T: Send + 'static>(call: impl FnOnce(Completion<T>)) -> T {
    wait(call).expect("an answer")
}

fn open(store: &dyn Store, client: &str, policy: OpenPolicy) -> Opened {
    ask(|done| store.open(client, policy, done))
}

fn commit(store: &dyn Store, batch: Batch) -> Result<(), StoreError> {
    wait(|done| store.commit(batch, done))
}

fn found(store: &dyn Store, filter: Option<&str>, after: Option<&str>, limit: usize) -> Vec<String> {
    let saved = ask(|done| store.retained(filter, after, limit, done));
    saved.iter().map(|saved| saved.message.topic.to_string()).collect()
}

fn sessions(store: &dyn Store, after: Option<&str>, limit: usize) -> Vec<String> {
    ask(|done| store.sessions(after, limit, done)).iter().map(ToString::to_string).collect()
}
