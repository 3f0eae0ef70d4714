//! `mqtt pub`: where messages come from, and how they go out.

use std::net::TcpListener;

use crate::support::{Broker, argument, run, run_with_input};

#[test]
fn messages_arrive_at_every_qos_in_every_version() {
    let broker = Broker::local();
    for version in ["31", "311", "5"] {
        let mut subscriber =
            broker.subscriber(&["-V", version, "-t", "a/#", "-q", "2", "-C", "3", "-F", "%t %q %p %m"]);
        for qos in ["0", "1", "2"] {
            broker.publish(&["-V", version, "-t", "a/b", "-m", qos, "-q", qos]);
        }
        assert_eq!(subscriber.ended().with_status(0).text(), "a/b 0 0 0\na/b 1 1 1\na/b 2 2 2\n", "version {version}");
    }
}

#[test]
fn payloads_are_any_bytes() {
    let broker = Broker::local();
    let payload: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("payload");
    std::fs::write(&file, &payload).expect("a file");

    let mut subscriber = broker.subscriber(&["-t", "a", "-q", "1", "-C", "2", "-N"]);
    broker.publish(&["-t", "a", "-f", &argument(&file), "-q", "1"]);
    run_with_input(&["pub", "-p", broker.port(), "-t", "a", "-s", "-q", "1"], &payload).with_status(0);
    assert!(subscriber.ended().with_status(0).out == [&payload[..], &payload[..]].concat(), "300 000 bytes, twice");
}

#[test]
fn lines_are_messages_and_the_last_needs_no_end() {
    let broker = Broker::local();
    let mut subscriber = broker.subscriber(&["-t", "a", "-q", "2", "-C", "4", "-F", "[%p]"]);
    run_with_input(&["pub", "-p", broker.port(), "-t", "a", "-l", "-q", "2"], b"one\n\ntwo \xc3\xa9\nthree")
        .with_status(0);
    assert_eq!(subscriber.ended().with_status(0).text(), "[one]\n[]\n[two é]\n[three]\n");
}

#[test]
fn ten_thousand_lines_arrive_in_order() {
    let broker = Broker::local();
    let mut subscriber = broker.subscriber(&["-t", "a", "-q", "1", "-C", "10000"]);
    let input: String = (0..10_000).map(|number| format!("{number}\n")).collect();
    run_with_input(&["pub", "-p", broker.port(), "-t", "a", "-l", "-q", "1"], input.as_bytes()).with_status(0);
    assert!(subscriber.ended().with_status(0).text() == input);
}

#[test]
fn messages_repeat_and_windows_are_kept() {
    let broker = Broker::local();
    let mut subscriber = broker.subscriber(&["-t", "a", "-q", "1", "-C", "5"]);
    broker.publish(&["-t", "a", "-m", "x", "-q", "1", "--repeat", "5", "--repeat-delay", "0.001", "-M", "1"]);
    assert_eq!(subscriber.ended().with_status(0).text(), "x\nx\nx\nx\nx\n");
}

#[test]
fn properties_travel() {
    let broker = Broker::local();
    let mut subscriber = broker.subscriber(&["-V", "5", "-t", "a", "-C", "1", "-F", "%C|%D|%P|%R|%F|%p"]);
    broker.publish(&[
        "-t",
        "a",
        "-m",
        "x",
        "-D",
        "publish",
        "content-type",
        "text/plain",
        "-D",
        "publish",
        "correlation-data",
        "42",
        "-D",
        "publish",
        "user-property",
        "k",
        "v",
        "-D",
        "PUBLISH",
        "response-topic",
        "r",
        "-D",
        "publish",
        "payload-format-indicator",
        "1",
    ]);
    assert_eq!(subscriber.ended().with_status(0).text(), "text/plain|42|k:v|r|1|x\n");
}

#[test]
fn urls_name_broker_and_topic() {
    let broker = Broker::local();
    let url = format!("mqtt://127.0.0.1:{}/from/a/url", broker.port());
    let mut subscriber = broker.subscriber(&["-t", "from/#", "-C", "1", "-v"]);
    run(&["pub", "-L", &url, "-m", "x"]).with_status(0);
    assert_eq!(subscriber.ended().with_status(0).text(), "from/a/url x\n");
}

#[test]
fn failures_say_what_with_whom_and_what_to_do() {
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port().to_string();
    let finished = run(&["pub", "-h", "127.0.0.1", "-p", &nobody, "-t", "a", "-m", "x"]).with_status(1);
    assert!(
        finished.errors.contains(&format!("127.0.0.1:{nobody}")) && finished.errors.contains("refused"),
        "{}",
        finished.errors
    );

    let finished = run(&["pub", "-h", "no-such-host.invalid", "-t", "a", "-m", "x"]).with_status(1);
    assert!(finished.errors.contains("no-such-host.invalid"), "{}", finished.errors);

    let finished = run(&["pub", "-t", "a", "-f", "/nonexistent"]).with_status(1);
    assert!(finished.errors.contains("cannot read /nonexistent"), "{}", finished.errors);
    assert_eq!(run(&["pub", "-t", "a", "-f", "/nonexistent", "--quiet"]).with_status(1).errors, "");

    for (arguments, said) in [
        (&["pub", "-t", "a"][..], "-m TEXT"),
        (&["pub", "-m", "a"], "-t TOPIC"),
        (&["pub", "-t", "#", "-m", "a"], "wildcard"),
    ] {
        let finished = run(arguments).with_status(1);
        assert!(finished.errors.contains(said) && finished.errors.contains("Usage: mqtt pub"), "{}", finished.errors);
    }
}
