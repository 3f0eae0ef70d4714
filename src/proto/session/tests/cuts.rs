use super::*;

const MESSAGES: [(&str, QoS); 6] = [
    ("0", QoS::ExactlyOnce),
    ("1", QoS::AtLeastOnce),
    ("2", QoS::ExactlyOnce),
    ("3", QoS::AtLeastOnce),
    ("4", QoS::ExactlyOnce),
    ("5", QoS::AtLeastOnce),
];

/// An exchange of six messages each way, on a new connection.
fn exchange(version: Version, durable: bool, window: u16) -> Pair {
    let mut pair = Pair::new(version);
    pair.server_session = (true, durable, QueueLimits::default());
    pair.client.limits.send_maximum = window;
    pair.connect();
    pair.cut();
    for (payload, qos) in MESSAGES {
        let now = pair.now;
        let token = payload.parse::<u64>().unwrap() + 1;
        pair.client.publish(now, "up", payload.as_bytes(), qos, token);
        pair.server.publish(now, "down", payload.as_bytes(), qos, 0);
    }
    pair.begin();
    pair
}

/// Nothing lost, QoS 2 exactly once, and each QoS in order.
#[track_caller]
fn check(payloads: &[String], what: &str) {
    let of = |level: QoS| -> Vec<&str> {
        let of_level = |payload: &str| MESSAGES.iter().any(|(p, qos)| *p == payload && *qos == level);
        payloads.iter().map(String::as_str).filter(|payload| of_level(payload)).collect()
    };
    assert_eq!(of(QoS::ExactlyOnce), ["0", "2", "4"], "{what}: {payloads:?}");
    let mut once = Vec::new();
    for payload in of(QoS::AtLeastOnce) {
        if !once.contains(&payload) {
            once.push(payload);
        }
    }
    assert_eq!(once, ["1", "3", "5"], "{what}: {payloads:?}");
}

fn finish(mut pair: Pair, what: &str) {
    for _ in 0..3 {
        pair.connect();
    }
    assert_eq!((pair.client.violation(), pair.server.violation()), (None, None), "{what}");
    let mut completed: Vec<u64> = (pair.client.seen.iter())
        .filter_map(|seen| match seen {
            Seen::Completed(token, ReasonCode::Success) => Some(*token),
            _ => None,
        })
        .collect();
    completed.sort_unstable();
    assert_eq!(completed, [1, 2, 3, 4, 5, 6], "{what}");
    check(&pair.server.take_payloads(), what);
    check(&pair.client.take_payloads(), what);
    for end in [&mut pair.client, &mut pair.server] {
        assert_eq!(end.session().snapshot(), Snapshot::default(), "{what}");
    }
}

/// Shows: 5.0 MQTT-4.1.0-1, 5.0 MQTT-3.1.2-23, 5.0 MQTT-4.4.0-1, 3.1.1 MQTT-4.1.0-1, 3.1.1 MQTT-4.4.0-1, 3.1 §4.1
/// Shows: 3.1 §4.2, 3.1 §4.3
#[test]
fn a_cut_at_every_byte_loses_nothing_and_repeats_no_qos_2() {
    for version in VERSIONS {
        for (durable, window) in [(false, 100), (true, 100), (false, 1)] {
            let mut whole = exchange(version, durable, window);
            whole.run();
            let lengths = [whole.to_server.entered, whole.to_client.entered];
            assert!(lengths.iter().all(|length| *length > 60));
            finish(whole, "whole");
            for (direction, length) in lengths.into_iter().enumerate() {
                for offset in 1..=length {
                    let mut pair = exchange(version, durable, window);
                    let pipe = if direction == 0 { &mut pair.to_server } else { &mut pair.to_client };
                    pipe.cut_after = Some(offset);
                    pair.run();
                    assert!(!pair.is_open());
                    finish(
                        pair,
                        &format!("{version}, durable {durable}, window {window}, direction {direction}, byte {offset}"),
                    );
                }
            }
        }
    }
}

/// Shows: 5.0 MQTT-4.4.0-1, 3.1.1 MQTT-4.4.0-1
#[test]
fn two_cuts_in_a_row() {
    for version in VERSIONS {
        for first in (1..200).step_by(7) {
            for second in (1..200).step_by(5) {
                let mut pair = exchange(version, true, 3);
                pair.to_client.cut_after = Some(first);
                pair.run();
                pair.begin();
                pair.to_server.cut_after = Some(second);
                pair.run();
                finish(pair, &format!("{version}, {first}, {second}"));
            }
        }
    }
}

#[test]
fn bytes_one_at_a_time_change_nothing() {
    for version in VERSIONS {
        let mut pair = exchange(version, false, 100);
        pair.to_client.chunk = 1;
        pair.to_server.chunk = 1;
        pair.to_server.delay = std::time::Duration::from_millis(3);
        pair.run();
        finish(pair, "bytes");
    }
}
