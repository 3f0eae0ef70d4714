use super::*;

const DURABLE: (bool, bool, QueueLimits) =
    (true, true, QueueLimits { messages: 100, bytes: 0, queue_qos0: false, drop_oldest: false });

/// A pair whose server has a durable session and saves when the test says so.
fn pair() -> Pair {
    let mut pair = Pair::new(Version::V5);
    pair.server_session = DURABLE;
    pair.connect();
    pair.server.saves = false;
    pair.client.take_seen();
    pair.server.take_seen();
    pair
}

#[test]
fn qos_2_waits_for_the_store_and_everything_else_passes_it() {
    let mut pair = pair();
    let now = pair.now;
    pair.server.publish(now, "t", b"two", QoS::ExactlyOnce, 0);
    assert!(pair.server.link().output().is_empty());
    pair.server.publish(now, "t", b"one", QoS::AtLeastOnce, 0);
    pair.server.publish(now, "t", b"zero", QoS::AtMostOnce, 0);
    pair.run();
    assert_eq!(pair.client.take_payloads(), ["one", "zero"]);
    pair.server.save();
    pair.run();
    assert_eq!(pair.client.take_payloads(), ["two"]);
    // PUBREC has come; PUBREL waits in its turn.
    assert!(pair.server.link().output().is_empty());
    assert_eq!(pair.server.session().in_flight(), 1);
    pair.server.save();
    pair.run();
    pair.server.save();
    assert_eq!(pair.server.session().in_flight(), 0);
    let snapshot = replay(&pair.server.saved);
    assert_eq!(snapshot, Snapshot::default());
}

#[test]
fn pubrec_and_pubcomp_wait_for_the_store() {
    let mut pair = pair();
    let now = pair.now;
    pair.client.publish(now, "t", b"x", QoS::ExactlyOnce, 1);
    pair.run();
    assert_eq!(pair.server.take_payloads(), ["x"]);
    let released = |pair: &mut Pair| pair.client.session().snapshot().outgoing[0].message.is_none();
    assert!(!released(&mut pair), "that it was handled is not saved");
    pair.server.save();
    pair.run();
    assert!(released(&mut pair));
    assert_eq!(pair.client.take_completed(), []);
    pair.server.save();
    pair.run();
    assert_eq!(pair.client.take_completed(), [(1, ReasonCode::Success)]);
}

#[test]
fn an_old_mark_releases_only_what_it_covers() {
    let mut pair = pair();
    let now = pair.now;
    pair.server.publish(now, "t", b"first", QoS::ExactlyOnce, 0);
    let (first, _) = pair.server.session().take_changes();
    pair.server.publish(now, "t", b"second", QoS::ExactlyOnce, 0);
    let (second, _) = pair.server.session().take_changes();
    pair.server.link().committed(first);
    pair.run();
    assert_eq!(pair.client.take_payloads(), ["first"]);
    pair.server.link().committed(first);
    pair.run();
    assert_eq!(pair.client.take_payloads(), [""; 0]);
    pair.server.link().committed(second);
    pair.run();
    assert_eq!(pair.client.take_payloads(), ["second"]);
}

#[test]
fn what_is_sent_again_waits_for_what_is_not_saved() {
    let mut pair = pair();
    let now = pair.now;
    pair.server.publish(now, "t", b"x", QoS::ExactlyOnce, 0);
    pair.connect();
    assert_eq!(pair.client.take_payloads(), [""; 0]);
    pair.server.save();
    pair.run();
    assert_eq!(pair.client.take_payloads(), ["x"]);
    // Saved before the connection begins: nothing to wait for.
    pair.server.publish(now, "t", b"y", QoS::ExactlyOnce, 0);
    pair.cut();
    pair.server.save();
    pair.connect();
    assert_eq!(pair.client.take_payloads(), ["y"]);
}

#[test]
fn a_session_restored_from_its_changes_goes_on() {
    let mut pair = pair();
    pair.server.saves = true;
    let now = pair.now;
    pair.client.settles = Settles::ByHand;
    for n in 0..4u8 {
        let qos = if n % 2 == 0 { QoS::AtLeastOnce } else { QoS::ExactlyOnce };
        pair.server.publish(now, "t", &[b'0' + n], qos, 0);
    }
    // One that came in and is not released.
    pair.client.publish(now, "t", b"in", QoS::ExactlyOnce, 1);
    pair.run();
    // QoS 1 has overtaken QoS 2. The third to arrive is received, and its PUBREL lost.
    let mut receipts = pair.client.take_receipts().into_iter();
    let link = pair.client.link();
    receipts.by_ref().take(3).for_each(|receipt| link.settle(receipt, ReasonCode::Success));
    let acks = link.output().to_vec();
    let server = pair.server.link();
    acks.chunks(4).for_each(|ack| drop(server.recv(now, ack).unwrap()));
    pair.server.save();
    pair.cut();
    pair.server.publish(now, "t", b"4", QoS::AtLeastOnce, 0);
    pair.server.save();
    let snapshot = replay(&pair.server.saved);
    assert_eq!(snapshot, pair.server.session().snapshot());
    pair.server.session = Some(Session::restore(snapshot, true, QueueLimits::default()));
    drop(receipts);
    // The client still has the receipts open; a new process would not. Its session says what it has.
    pair.client.settles = Settles::AtOnce;
    let received = pair.client.session().snapshot();
    pair.client.session = Some(Session::restore(received, false, QueueLimits::default()));
    pair.connect();
    assert_eq!(pair.client.take_payloads(), ["3", "4"], "3 had arrived, and nobody had handled it");
    pair.server.save();
    assert_eq!(pair.server.session().unfinished(), []);
    assert_eq!(replay(&pair.server.saved), Snapshot::default());
}

#[test]
fn exactly_once_is_counted_from_the_handling() {
    // The identifier of an incoming QoS 2 message was recorded when it arrived. A process that crashed before it had
    // handled the message never saw it again.
    let mut pair = Pair::new(Version::V5);
    pair.client.session = Some(Session::new(true, true, QueueLimits::default()));
    pair.client.settles = Settles::ByHand;
    pair.connect();
    let now = pair.now;
    for payload in [b"handled", b"arrived"] {
        pair.server.publish(now, "t", payload, QoS::ExactlyOnce, 0);
    }
    pair.run();
    pair.client.save();
    let mut receipts = pair.client.take_receipts().into_iter();
    pair.client.link().settle(receipts.next().unwrap(), ReasonCode::Success);
    assert!(pair.client.link().output().is_empty(), "PUBREC waits for the store");
    pair.client.save();
    assert!(!pair.client.link().output().is_empty());
    let saved = replay(&pair.client.saved);
    assert_eq!(saved, pair.client.session().snapshot());
    assert_eq!(saved.received.len(), 1);
    // The crash takes the PUBREC with it.
    pair.cut();
    pair.client.take_payloads();
    pair.client.session = Some(Session::restore(saved, true, QueueLimits::default()));
    pair.client.settles = Settles::AtOnce;
    pair.client.saves = true;
    pair.connect();
    assert_eq!(pair.client.take_payloads(), ["arrived"]);
    assert_eq!(pair.server.session().unfinished(), []);
    pair.client.save();
    assert_eq!(replay(&pair.client.saved), Snapshot::default());
}

#[test]
fn what_a_new_connection_cannot_carry_is_removed_from_the_store() {
    let mut pair = pair();
    pair.server.saves = true;
    let now = pair.now;
    pair.client.settles = Settles::ByHand;
    pair.server.publish(now, "t", &[0; 200], QoS::AtLeastOnce, 7);
    pair.run();
    pair.cut();
    pair.connect.properties.push(Property::MaximumPacketSize(100));
    pair.connect();
    assert_eq!(pair.server.session().unfinished(), []);
    assert_eq!(replay(&pair.server.saved), Snapshot::default());
    let ended = Seen::Ended(Ended { token: 7, ending: Ending::Dropped(Dropped::TooLarge) });
    assert!(pair.server.take_seen().contains(&ended));
}

#[test]
fn a_durable_client_forgets_with_its_server() {
    let mut pair = Pair::new(Version::V5);
    pair.client.session = Some(Session::new(true, true, QueueLimits::default()));
    pair.client.settles = Settles::ByHand;
    pair.connect();
    let now = pair.now;
    pair.server.publish(now, "t", b"", QoS::ExactlyOnce, 0);
    pair.client.publish(now, "t", b"mine", QoS::ExactlyOnce, 1);
    pair.run();
    pair.cut();
    pair.server.session = None;
    pair.connect();
    assert_eq!(pair.server.take_payloads(), ["mine"]);
    pair.client.save();
    assert_eq!(replay(&pair.client.saved), Snapshot::default());
}

#[test]
fn keys_are_never_used_again_after_a_restart() {
    let mut session = Session::new(true, true, QueueLimits::default());
    let outgoing = Outgoing { qos: QoS::AtLeastOnce, retain: false, subscription_identifiers: &[], token: 0 };
    let message = Arc::new(Message::new("t", ""));
    session.enqueue(Time::default(), &message, outgoing);
    let snapshot = session.snapshot();
    let key = snapshot.outgoing[0].key;
    let mut restored = Session::restore(snapshot, true, QueueLimits::default());
    restored.enqueue(Time::default(), &message, outgoing);
    let (_, changes) = restored.take_changes();
    assert!(matches!(&changes[..], [Change::Added(saved)] if saved.key > key));
}

#[test]
fn a_transient_session_records_nothing() {
    let mut pair = Pair::connected(Version::V5);
    let now = pair.now;
    pair.client.publish(now, "t", b"", QoS::ExactlyOnce, 1);
    assert_eq!(pair.client.session().take_changes(), (0, vec![]));
}

fn replay(changes: &[Change]) -> Snapshot {
    let mut snapshot = Snapshot::default();
    changes.iter().cloned().for_each(|change| snapshot.apply(change));
    snapshot
}
