//! `mqtt broker`: configuration, signals, log lines, exit status.

use std::net::TcpListener;

use crate::support::{Broker, argument, mqtt, run, signal};

#[test]
fn signals_end_it_with_success() {
    for name in ["TERM", "INT"] {
        let mut broker = Broker::local();
        broker.signal("HUP");
        broker.log.until("SIGHUP received");
        broker.publish(&["-t", "a", "-m", "still there"]);
        broker.signal(name);
        assert_eq!(broker.ended(), Some(0), "SIG{name}");
        assert!(broker.log.rest().iter().any(|line| line.ends_with("terminating")));
    }
}

#[test]
fn connected_clients_do_not_keep_it_from_ending() {
    let mut broker = Broker::local();
    let subscriber = broker.subscriber(&["-t", "#", "-V", "5"]);
    broker.signal("TERM");
    assert_eq!(broker.ended(), Some(0));
    subscriber.errors.until("lost");
}

#[test]
fn log_lines_have_mosquittos_wording() {
    let mut broker = Broker::local();
    let mut subscriber = broker.subscriber(&["-t", "a/#", "-q", "2", "-C", "1", "-i", "listener", "-k", "33"]);
    broker.publish(&[
        "-t",
        "a/b",
        "-m",
        "12345",
        "-q",
        "2",
        "-i",
        "speaker",
        "--will-topic",
        "w",
        "--will-payload",
        "gone",
    ]);
    subscriber.ended().with_status(0);
    broker.signal("TERM");
    broker.ended();
    let lines = broker.log.rest();
    let line = |wanted: &str| {
        let found = lines.iter().position(|line| line.split_once(": ").is_some_and(|(_, text)| text == wanted));
        found.unwrap_or_else(|| panic!("no line {wanted:?} in {lines:#?}"))
    };
    assert!(
        lines.iter().all(|line| line.split(": ").next().is_some_and(|time| time.parse::<u64>().is_ok())),
        "{lines:#?}"
    );
    let connected = lines.iter().find(|line| line.contains(" as listener ")).expect("the client was let in");
    assert!(
        connected.contains("New client connected from 127.0.0.1:")
            && connected.ends_with(" as listener (p2, c1, k33).")
    );
    line(&format!("New connection from 127.0.0.1 on port {}.", broker.port()));
    line("No will message specified.");
    line("Sending CONNACK to listener (0, 0)");
    assert_eq!(line("Received SUBSCRIBE from listener") + 1, line("\ta/# (QoS 2)"));
    line("listener 2 a/#");
    line("Sending SUBACK to listener");
    assert_eq!(line("Will message specified (4 bytes) (r0, q0).") + 1, line("\tw"));
    line("Received PUBLISH from speaker (d0, q2, r0, m1, 'a/b', ... (5 bytes))");
    line("Sending PUBREC to speaker (m1, rc0)");
    line("Received PUBREL from speaker (Mid: 1)");
    line("Sending PUBCOMP to speaker (m1)");
    line("Sending PUBLISH to listener (d0, q2, r0, m1, 'a/b', ... (5 bytes))");
    line("Received PUBREC from listener (Mid: 1)");
    line("Received DISCONNECT from speaker");
    line("Client speaker disconnected.");
}

#[test]
fn without_v_packets_are_not_logged() {
    let mut broker = Broker::start(&["broker", "-p", "0"], tempfile::tempdir().expect("a folder"));
    broker.publish(&["-t", "a", "-m", "x", "-i", "quiet"]);
    broker.signal("TERM");
    broker.ended();
    let lines = broker.log.rest();
    assert!(lines.iter().any(|line| line.contains(" as quiet ")), "{lines:#?}");
    assert!(!lines.iter().any(|line| line.contains("PUBLISH")), "{lines:#?}");
}

#[test]
fn a_file_is_followed() {
    let mut broker = Broker::with(
        "# comment\r\nlistener 0 127.0.0.1\r\nallow_anonymous true\r\nmax_qos 1\r\npid_file {}/pid\r\nretain_available false\r\n\
         message_size_limit 10\r\nsys_interval 1\r\n",
    );
    let pid_file = broker.folder().join("pid");
    assert_eq!(std::fs::read_to_string(&pid_file).expect("written").trim(), broker.child.id().to_string());

    let mut subscriber = broker.subscriber(&["-t", "a", "-C", "1"]);
    broker.publish(&["-t", "a", "-m", "more than ten bytes", "-q", "1"]);
    broker.publish(&["-t", "a", "-m", "fits", "-q", "1"]);
    assert_eq!(subscriber.ended().with_status(0).text(), "fits\n", "message_size_limit");
    let refused =
        run(&["pub", "-p", broker.port(), "-V", "5", "-t", "a", "-m", "more than ten bytes", "-q", "1"]).with_status(1);
    assert!(refused.errors.contains("quota exceeded"), "{}", refused.errors);

    run(&["sub", "-p", broker.port(), "-t", "$SYS/broker/version", "-C", "1"]).with_status(0);
    broker.signal("TERM");
    assert_eq!(broker.ended(), Some(0));
    assert!(!pid_file.exists(), "pid_file is removed");
}

#[test]
fn log_files_are_opened_again_at_sighup() {
    let broker = Broker::with("listener 0 127.0.0.1\nallow_anonymous true\nlog_dest stderr\nlog_dest file {}/m.log\n");
    let (file, rotated) = (broker.folder().join("m.log"), broker.folder().join("m.log.1"));
    broker.publish(&["-t", "a", "-m", "x", "-i", "before"]);
    broker.log.until("Client before disconnected.");
    std::fs::rename(&file, &rotated).expect("it was there");
    broker.signal("HUP");
    broker.log.until("SIGHUP received");
    broker.publish(&["-t", "a", "-m", "x", "-i", "after"]);
    broker.log.until("Client after disconnected.");
    let (old, new) = (std::fs::read_to_string(&rotated).expect("text"), std::fs::read_to_string(&file).expect("text"));
    assert!(old.contains("as before ") && !old.contains("as after "), "{old}");
    assert!(new.contains("as after ") && !new.contains("as before "), "{new}");
    let finished = run(&["broker", "-d"]).with_status(1);
    assert!(finished.errors.contains("background"), "{}", finished.errors);
}

#[test]
fn a_unix_socket_serves() {
    let broker = Broker::with("listener 0 {}/m.sock\nallow_anonymous true\n");
    let socket = argument(&broker.folder().join("m.sock"));
    let mut subscriber = crate::support::Subscriber::start(&["sub", "-d", "--unix", &socket, "-t", "a", "-C", "1"]);
    run(&["pub", "--unix", &socket, "-t", "a", "-m", "through a file"]).with_status(0);
    assert_eq!(subscriber.ended().with_status(0).text(), "through a file\n");
}

#[test]
fn a_file_that_cannot_be_followed_is_refused_by_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = argument(&folder.path().join("m.conf"));
    for (text, said) in [
        ("listener 1883\n\npassword_file /x\n", "m.conf:3: password_file: this option of Mosquitto is not supported."),
        (
            "max_inflight_mesages 3\n",
            "m.conf:1: max_inflight_mesages: there is no such option. Did you mean max_inflight_messages?",
        ),
        ("allow_anonymous maybe\n", "m.conf:1: allow_anonymous: \"maybe\" is neither true nor false."),
        ("listener 0 127.0.0.1\ncertfile /nonexistent.pem\nkeyfile /nonexistent.pem\n", "/nonexistent.pem"),
    ] {
        std::fs::write(&file, text).expect("a file");
        for flags in [&["broker", "-c", &file][..], &["broker", "--test-config", "-c", &file]] {
            let finished = run(flags).with_status(1);
            assert!(finished.errors.contains(said), "{}", finished.errors);
        }
    }
    std::fs::write(&file, "listener 0 127.0.0.1\n").expect("a file");
    let finished = run(&["broker", "--test-config", "-c", &file]).with_status(0);
    assert!(finished.text().contains("fine"), "{finished:?}");
    let finished = run(&["broker", "-c", "/nonexistent.conf"]).with_status(1);
    assert!(finished.errors.contains("cannot read /nonexistent.conf"), "{}", finished.errors);
}

#[test]
fn a_port_in_use_is_named_and_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let finished = run(&["broker", "-p", &port]).with_status(1);
    assert!(
        finished.errors.contains(&format!("127.0.0.1:{port}")) && finished.errors.contains("-p"),
        "{}",
        finished.errors
    );
}

#[test]
fn anonymous_clients_are_refused_with_the_status_of_their_version() {
    let broker = Broker::with("listener 0 127.0.0.1\n");
    for (version, status) in [("31", 5), ("311", 5), ("5", 135)] {
        for (subcommand, more) in [("pub", "-n"), ("sub", "-v")] {
            let finished = run(&[subcommand, "-p", broker.port(), "-V", version, "-t", "a", more]).with_status(status);
            assert!(
                finished.errors.contains("not authorized") && finished.errors.contains("allow_anonymous"),
                "{}",
                finished.errors
            );
        }
    }
    let quiet = run(&["pub", "-p", broker.port(), "-t", "a", "-n", "--quiet"]).with_status(5);
    assert_eq!(quiet.errors, "");
}

#[test]
fn connection_messages_can_be_switched_off() {
    let mut broker =
        Broker::with("listener 0 127.0.0.1\nallow_anonymous true\nconnection_messages false\nlog_timestamp false\n");
    broker.publish(&["-t", "a", "-m", "x", "-i", "unseen"]);
    broker.signal("TERM");
    broker.ended();
    let lines = broker.log.rest();
    assert!(lines.iter().any(|line| line.starts_with("Received PUBLISH from unseen")), "{lines:#?}");
    assert!(!lines.iter().any(|line| line.contains("New client connected")), "{lines:#?}");
}

#[test]
fn help_teaches_and_wrong_flags_are_named() {
    for line in [&["--help"][..], &["broker", "--help"], &["pub", "--help"], &["sub", "--help"]] {
        let help = run(line).with_status(0);
        assert!(
            help.text().contains("mqtt pub") || help.text().contains("mqtt sub") || help.text().contains("mqtt broker")
        );
        assert!(help.errors.is_empty());
    }
    assert!(run(&["--version"]).with_status(0).text().starts_with("mqtt "));
    let wrong = run(&["sub", "--frobnicate"]).with_status(1);
    assert!(wrong.errors.contains("--frobnicate") && wrong.errors.contains("Usage: mqtt sub"), "{}", wrong.errors);
    assert!(run(&[]).with_status(1).errors.contains("Usage: mqtt"));
}

#[test]
fn ctrl_c_while_a_client_waits_ends_that_client_with_success() {
    let broker = Broker::local();
    let mut subscriber = broker.subscriber(&["-t", "a"]);
    signal(&subscriber.child, "INT");
    subscriber.ended().with_status(0);
    let dead = mqtt(&["sub", "-p", broker.port(), "-t", "a", "-E"]).output().expect("it runs");
    assert!(dead.status.success(), "-E ends by itself");
}
