//! `mqtt sub`: what it prints, when it stops, what it leaves behind.

use crate::support::{Broker, Subscriber, argument, run, signal};

#[test]
fn it_stops_after_a_time_with_27() {
    let broker = Broker::local();
    let finished = run(&["sub", "-p", broker.port(), "-t", "a", "-W", "1"]).with_status(27);
    assert!(finished.out.is_empty() && finished.errors.contains("no message came within 1 s"), "{}", finished.errors);
    assert_eq!(run(&["sub", "-p", broker.port(), "-t", "a", "-W", "1", "--quiet"]).with_status(27).errors, "");
}

#[test]
fn a_kept_session_holds_messages_while_nobody_is_there() {
    let broker = Broker::local();
    for version in ["311", "5"] {
        let topic = format!("kept/{version}");
        let named = ["sub", "-p", broker.port(), "-V", version, "-i", "worker", "-c", "-q", "1", "-t", &topic];
        run(&[&named[..], &["-E"]].concat()).with_status(0);
        for text in ["one", "two", "three"] {
            broker.publish(&["-t", &topic, "-m", text, "-q", "1"]);
        }
        let finished = run(&[&named[..], &["-C", "3", "-W", "20"]].concat()).with_status(0);
        assert_eq!(finished.text(), "one\ntwo\nthree\n");
        // What was printed was acknowledged, so it does not come again.
        let again = run(&[&named[..], &["-W", "1"]].concat()).with_status(27);
        assert_eq!(again.text(), "", "version {version}");
        run(&["sub", "-p", broker.port(), "-V", version, "-i", "worker", "-t", &topic, "-E"]).with_status(0);
    }
}

#[test]
fn retained_messages_are_chosen_and_removed() {
    let broker = Broker::local();
    broker.publish(&["-t", "r/a", "-m", "kept a", "-r"]);
    broker.publish(&["-t", "r/b", "-m", "kept b", "-r", "-q", "1"]);
    let port = broker.port();
    let mut both: Vec<String> = run(&["sub", "-p", port, "-t", "r/#", "-C", "2", "-F", "%r %p"])
        .with_status(0)
        .text()
        .lines()
        .map(Into::into)
        .collect();
    both.sort();
    assert_eq!(both, ["1 kept a", "1 kept b"]);
    for version in ["311", "5"] {
        let mut fresh = broker.subscriber(&["-V", version, "-t", "r/#", "-R", "-C", "1"]);
        broker.publish(&["-t", "r/c", "-m", "fresh"]);
        assert_eq!(fresh.ended().with_status(0).text(), "fresh\n", "version {version}");
    }
    let finished = run(&["sub", "-p", port, "-t", "r/#", "-T", "r/b", "--remove-retained", "-C", "1"]).with_status(0);
    assert_eq!(finished.text(), "kept a\n");
    broker.publish(&["-t", "r/b", "-n", "-r"]);
    run(&["sub", "-p", port, "-t", "r/#", "-W", "1"]).with_status(27);
}

#[test]
fn retained_only_ends_with_the_first_fresh_message() {
    let broker = Broker::local();
    broker.publish(&["-t", "r/a", "-m", "kept", "-r"]);
    let mut subscriber = broker.subscriber(&["-t", "r/#", "--retained-only"]);
    broker.publish(&["-t", "r/b", "-m", "fresh"]);
    assert_eq!(subscriber.ended().with_status(0).text(), "kept\n");
}

#[test]
fn filters_can_be_left_out_and_ended() {
    let broker = Broker::local();
    let mut subscriber = broker.subscriber(&["-t", "a/#", "-t", "b", "-T", "a/secret/+", "-C", "2", "-v"]);
    for topic in ["a/secret/x", "a/open", "c", "b"] {
        broker.publish(&["-t", topic, "-m", "x"]);
    }
    assert_eq!(subscriber.ended().with_status(0).text(), "a/open x\nb x\n");

    let port = broker.port();
    run(&["sub", "-p", port, "-i", "kept", "-c", "-q", "1", "-t", "a", "-t", "b", "-E"]).with_status(0);
    run(&["sub", "-p", port, "-i", "kept", "-c", "-U", "a", "-E"]).with_status(0);
    broker.publish(&["-t", "a", "-m", "a", "-q", "1"]);
    broker.publish(&["-t", "b", "-m", "b", "-q", "1"]);
    let finished = run(&["sub", "-p", port, "-i", "kept", "-c", "-q", "1", "-t", "b", "-C", "1"]).with_status(0);
    assert_eq!(finished.text(), "b\n");
}

#[test]
fn a_will_is_published_when_the_program_is_killed() {
    let broker = Broker::local();
    let mut witness = broker.subscriber(&["-t", "wills/#", "-C", "1", "-F", "%t %r %p"]);
    let victim =
        broker.subscriber(&["-t", "x", "--will-topic", "wills/victim", "--will-payload", "gone", "--will-qos", "1"]);
    signal(&victim.child, "KILL");
    assert_eq!(witness.ended().with_status(0).text(), "wills/victim 0 gone\n");
}

#[test]
fn a_reader_that_leaves_ends_it_without_a_word() {
    let broker = Broker::local();
    let mut subscriber = broker.subscriber(&["-t", "a"]);
    drop(subscriber.child.stdout.take());
    broker.publish(&["-t", "a", "-m", "nobody reads this"]);
    broker.publish(&["-t", "a", "-m", "nor this"]);
    let status = subscriber.child.wait().expect("it ends");
    assert_eq!(status.code(), Some(0));
    let errors = subscriber.errors.rest();
    assert!(!errors.iter().any(|line| line.contains("rror")), "{errors:#?}");
}

/// The broker goes away and comes back without its memory: the subscriber connects again and subscribes again.
#[test]
fn it_survives_a_restart_of_the_broker() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = argument(&folder.path().join("m.conf"));
    let socket = argument(&folder.path().join("m.sock"));
    std::fs::write(&file, format!("listener 0 {socket}\nallow_anonymous true\n")).expect("a file");
    let start = || Broker::start(&["broker", "-v", "-c", &file], tempfile::tempdir().expect("a folder"));

    let mut first = start();
    let mut subscriber = Subscriber::start(&["sub", "-d", "--unix", &socket, "-t", "a", "-C", "1", "-i", "survivor"]);
    first.signal("KILL");
    first.ended();
    subscriber.errors.until("lost");
    let second = start();
    second.log.until("Sending SUBACK to survivor");
    run(&["pub", "--unix", &socket, "-t", "a", "-m", "after the restart", "-q", "1"]).with_status(0);
    assert_eq!(subscriber.ended().with_status(0).text(), "after the restart\n");
}
