use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::time::Duration;

use mqtt_proto::Version;
use mqtt_proto::packet::{Property, QoS};

use super::connection::Tls;
use super::*;

fn task(line: &[&str]) -> Result<Task, String> {
    super::parse(std::iter::once("mqtt").chain(line.iter().copied()).map(OsString::from)).map_err(|refusal| {
        match refusal {
            Refusal::Clap(error) => error.to_string(),
            Refusal::Said(text, _) => text,
        }
    })
}

fn publish(line: &[&str]) -> Result<Publish, String> {
    match task(&[&["pub"], line].concat())? {
        Task::Publish(publish) => Ok(*publish),
        other => panic!("{other:?}"),
    }
}

fn subscribe(line: &[&str]) -> Result<Subscribe, String> {
    match task(&[&["sub"], line].concat())? {
        Task::Subscribe(subscribe) => Ok(*subscribe),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_command_is_consistent() {
    command().debug_assert();
}

#[test]
fn a_message_needs_a_topic_and_little_else() {
    let p = publish(&["-t", "a/b", "-m", "hello"]).expect("fine");
    assert_eq!(
        (p.topic.as_str(), &p.payload, p.qos, p.retain, p.repeat),
        ("a/b", &Payload::Given(b"hello".to_vec()), QoS::AtMostOnce, false, 1)
    );
    let c = p.connection;
    assert_eq!((c.host.as_str(), c.port, c.transport, c.version), ("localhost", 1883, Transport::Tcp, Version::V3_1_1));
    assert_eq!((c.client_id, c.clean, c.session_expiry, c.keep_alive, c.user), (None, true, 0, 60, None));
    assert!(c.will.is_none() && !c.debug && !c.quiet);
}

#[test]
fn h_is_the_host_and_p_the_port() {
    let c =
        publish(&["-h", "broker.example.org", "-p", "1884", "-t", "a", "-n", "-u", "joe", "-P", "secret", "-k", "5"])
            .expect("fine")
            .connection;
    assert_eq!(
        (c.target().as_str(), c.user.as_deref(), c.password.as_deref(), c.keep_alive),
        ("broker.example.org:1884", Some("joe"), Some(&b"secret"[..]), 5)
    );
    let c = publish(&["--host", "::1", "-t", "a", "-n"]).expect("fine").connection;
    assert_eq!(c.target(), "[::1]:1883");
    let c = publish(&["--unix", "/run/m.sock", "-t", "a", "-n"]).expect("fine").connection;
    assert_eq!(c.target(), "/run/m.sock");
    assert_eq!(publish(&["-h", "a", "-h", "b", "-t", "a", "-n"]).expect("the last one counts").connection.host, "b");
}

#[test]
fn messages_come_from_one_source() {
    let payload = |flags: &[&str]| publish(&[&["-t", "a"], flags].concat()).map(|p| p.payload);
    assert_eq!(
        payload(&["-m", "-5"]),
        Ok(Payload::Given(b"-5".to_vec())),
        "the word behind -m is the message, whatever it looks like"
    );
    assert_eq!(payload(&["-m", ""]), Ok(Payload::Given(Vec::new())));
    assert_eq!(payload(&["-n"]), Ok(Payload::Given(Vec::new())));
    assert_eq!(payload(&["-f", "x.jpg"]), Ok(Payload::File("x.jpg".into())));
    assert_eq!(payload(&["-s"]), Ok(Payload::Input));
    assert_eq!(payload(&["-l"]), Ok(Payload::Lines));
    assert!(payload(&[]).expect_err("none").contains("add -m TEXT"));
    assert!(payload(&["-m", "a", "-l"]).expect_err("two").contains("-m and -l"));
    let line = [b"mqtt".to_vec(), b"pub".to_vec(), b"-t".to_vec(), b"a".to_vec(), b"-m".to_vec(), b"\xff\xfe".to_vec()];
    match super::parse(line.map(OsString::from_vec)) {
        Ok(Task::Publish(p)) => assert_eq!(p.payload, Payload::Given(b"\xff\xfe".to_vec()), "a message is any bytes"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn repeats_have_a_delay() {
    let p = publish(&["-t", "a", "-m", "x", "--repeat", "3", "--repeat-delay", "0.5", "-q", "2", "-r", "-M", "10"])
        .expect("fine");
    assert_eq!(
        (p.repeat, p.repeat_delay, p.qos, p.retain, p.max_inflight),
        (3, Duration::from_millis(500), QoS::ExactlyOnce, true, Some(10))
    );
    assert!(publish(&["-t", "a", "-m", "x", "--repeat-delay", "-1"]).expect_err("negative").contains("--repeat-delay"));
    assert!(publish(&["-t", "a", "-l", "--repeat", "2"]).expect_err("lines").contains("-l"));
}

#[test]
fn versions_have_the_names_of_mosquitto() {
    let version = |name| publish(&["-t", "a", "-n", "-V", name]).map(|p| p.connection.version);
    for (name, expected) in [
        ("mqttv31", Version::V3_1),
        ("31", Version::V3_1),
        ("mqttv311", Version::V3_1_1),
        ("311", Version::V3_1_1),
        ("mqttv5", Version::V5),
        ("5", Version::V5),
    ] {
        assert_eq!(version(name), Ok(expected));
    }
    assert!(version("4").expect_err("wrong").contains("mqttv311"));
    let old = publish(&["-t", "a", "-n", "-V", "31"]).expect("fine").connection;
    assert!(old.client_id.is_some_and(|id| id.starts_with("mqtt-")), "3.1 has no empty identifiers");
    assert!(
        publish(&["-t", "a", "-n", "-V", "31", "-i", "abcdefghijklmnopqrstuvwxyz"])
            .expect_err("too long")
            .contains("23")
    );
}

#[test]
fn properties_are_typed_and_placed() {
    let p = publish(&[
        "-D",
        "PUBLISH",
        "content-type",
        "text/plain",
        "-D",
        "publish",
        "user-property",
        "k",
        "-v",
        "-D",
        "connect",
        "receive-maximum",
        "5",
        "-t",
        "a",
        "-m",
        "x",
    ]);
    assert!(p.is_err(), "a value that looks like a flag is not taken: {p:?}");
    let p = publish(&[
        "-D",
        "PUBLISH",
        "content-type",
        "text/plain",
        "-D",
        "publish",
        "user-property",
        "k",
        "v",
        "-D",
        "publish",
        "user-property",
        "k",
        "w",
        "-D",
        "connect",
        "receive-maximum",
        "5",
        "-D",
        "will",
        "will-delay-interval",
        "9",
        "--will-topic",
        "w",
        "-t",
        "a",
        "-m",
        "x",
    ])
    .expect("fine");
    let given = &p.connection.properties;
    assert_eq!(p.connection.version, Version::V5, "-D asks for MQTT 5");
    assert_eq!(
        given.publish.iter().cloned().collect::<Vec<_>>(),
        [
            Property::ContentType("text/plain".into()),
            Property::UserProperty("k".into(), "v".into()),
            Property::UserProperty("k".into(), "w".into())
        ]
    );
    assert_eq!(given.connect.receive_maximum(), Some(5));
    assert_eq!(p.connection.will.and_then(|will| will.properties.will_delay_interval()), Some(9));

    for (words, said) in [
        (&["-D", "publish", "content-type", "a", "-D", "publish", "content-type", "b"][..], "once only"),
        (&["-D", "publish", "receive-maximum", "5"], "may not stand in publish"),
        (&["-D", "publish", "nonsense", "5"], "content-type"),
        (&["-D", "subscribe", "user-property", "a", "b"], "not sent here"),
        (&["-D", "publishing", "user-property", "a", "b"], "is not one of connect"),
        (&["-D", "publish", "user-property", "a"], "a name and a value"),
        (&["-D", "publish", "payload-format-indicator", "2"], "from 0 to 1"),
        (&["-D", "connect", "receive-maximum", "0"], "from 1 to 65535"),
        (&["-D", "publish", "content-type", "a", "-V", "311"], "needs MQTT 5"),
        (&["-D", "will", "will-delay-interval", "5"], "--will-topic"),
    ] {
        let error = publish(&[&["-t", "a", "-n"], words].concat()).expect_err("refused");
        assert!(error.contains(said), "{words:?}: {error}");
    }
}

#[test]
fn sessions_need_a_name() {
    let c = subscribe(&["-t", "a", "-c", "-i", "me"]).expect("fine").connection;
    assert_eq!((c.clean, c.session_expiry, c.client_id.as_deref()), (false, u32::MAX, Some("me")));
    assert!(subscribe(&["-t", "a", "-c"]).expect_err("no name").contains("add -i"));
    let c = subscribe(&["-t", "a", "-V", "5", "-x", "60", "-i", "me"]).expect("fine").connection;
    assert_eq!((c.clean, c.session_expiry), (true, 60));
    assert_eq!(
        subscribe(&["-t", "a", "-V", "5", "-x", "-1", "-i", "me"]).expect("fine").connection.session_expiry,
        u32::MAX
    );
    assert!(subscribe(&["-t", "a", "-x", "60"]).expect_err("3.1.1").contains("needs MQTT 5"));
    let c = subscribe(&["-t", "a", "-I", "worker-"]).expect("fine").connection;
    assert_eq!(c.client_id, Some(format!("worker-{}", std::process::id())));
    assert!(publish(&["-t", "a", "-n", "-P", "x"]).expect_err("3.1.1").contains("-P needs -u"));
    assert!(publish(&["-t", "a", "-n", "-P", "x", "-V", "5"]).is_ok(), "MQTT 5 allows it");
}

#[test]
fn tls_is_switched_on_by_its_flags() {
    let c = publish(&[
        "-t",
        "a",
        "-n",
        "--cafile",
        "ca.pem",
        "--cert",
        "c.pem",
        "--key",
        "k.pem",
        "--insecure",
        "--tls-version",
        "tlsv1.3",
    ])
    .expect("fine")
    .connection;
    assert_eq!((c.transport, c.port), (Transport::Tls, 8883));
    let expected = Tls {
        ca_file: Some("ca.pem".into()),
        ca_path: None,
        identity: Some(("c.pem".into(), "k.pem".into())),
        insecure: true,
        alpn: None,
        only_tls_1_3: true,
    };
    assert_eq!(c.tls, expected);
    let c = publish(&["-t", "a", "-n", "--ws", "--capath", "/etc/ssl/certs"]).expect("fine").connection;
    assert_eq!((c.transport, c.port), (Transport::WebSocketTls, 443));
    assert!(publish(&["-t", "a", "-n", "--cert", "c.pem"]).is_err(), "a certificate without its key");
    assert!(publish(&["-t", "a", "-n", "--tls-version", "tlsv1.1"]).expect_err("old").contains("tlsv1.2"));
}

#[test]
fn urls_say_all_at_once() {
    let p = publish(&["-L", "mqtts://joe:se%2Fcret@broker.example.org/a/b", "-m", "x"]).expect("fine");
    let c = p.connection;
    assert_eq!(
        (p.topic.as_str(), c.transport, c.target().as_str()),
        ("a/b", Transport::Tls, "broker.example.org:8883")
    );
    assert_eq!((c.user.as_deref(), c.password.as_deref()), (Some("joe"), Some(&b"se/cret"[..])));
    let s = subscribe(&["-L", "mqtt://[::1]:1884/a", "-t", "b", "-t", "c"]).expect("fine");
    assert_eq!(
        (s.filters, s.connection.host.as_str(), s.connection.port),
        (vec!["b".into(), "c".into(), "a".into()], "::1", 1884)
    );
    assert!(publish(&["-L", "mqtt://h", "-m", "x"]).expect_err("no topic").contains("-t TOPIC"));
    for (url, said) in [
        ("h/a", "no scheme"),
        ("http://h/a", "none of mqtt"),
        ("mqtt:///a", "no host"),
        ("mqtt://h:x/a", "port"),
        ("mqtt://h:0/a", "port"),
    ] {
        assert!(publish(&["-L", url, "-m", "x"]).expect_err("refused").contains(said), "{url}");
    }
    let error = publish(&["-L", "http://joe:secret@h/a", "-m", "x"]).expect_err("refused");
    assert!(!error.contains("secret"), "{error}");
}

#[test]
fn subscriptions_stop_and_print_as_asked() {
    let s = subscribe(&[
        "-t", "a/#", "-t", "b", "-T", "a/x", "-U", "old", "-q", "1", "-C", "3", "-W", "5", "-N", "-R", "-v",
    ])
    .expect("fine");
    assert_eq!(
        (s.filters.len(), &s.filter_out[..], &s.unsubscribe[..]),
        (2, &["a/x".to_owned()][..], &["old".to_owned()][..])
    );
    assert_eq!(
        (s.qos, s.count, s.timeout, s.newline, s.retained),
        (QoS::AtLeastOnce, Some(3), Some(Duration::from_secs(5)), false, Retained::Fresh)
    );
    assert_eq!(s.format, crate::format::Format::verbose());
    let s = subscribe(&["-t", "a", "--retained-only", "--remove-retained", "-E", "-F", "%t", "-v"]).expect("fine");
    assert!(s.retained == Retained::Only && s.remove_retained && s.exit_after_subscribe);
    assert_eq!(s.format, crate::format::Format::parse("%t", false).expect("fine"), "-F goes before -v");
    assert!(subscribe(&[]).expect_err("nothing").contains("-t FILTER"));
    assert!(subscribe(&["-t", "a/#/b"]).expect_err("wrong").contains("-t \"a/#/b\" is not a topic filter"));
    assert!(publish(&["-t", "a/#", "-n"]).expect_err("wrong").contains("cannot be published to"));
    assert!(subscribe(&["-t", "a", "-R", "--retained-only"]).is_err());
    assert!(subscribe(&["-t", "a", "-F", "%"]).is_err());
}

#[test]
fn wills_are_whole() {
    let will =
        publish(&["-t", "a", "-n", "--will-topic", "w", "--will-payload", "gone", "--will-qos", "1", "--will-retain"])
            .expect("fine")
            .connection
            .will;
    let will = will.expect("a will");
    assert_eq!(
        (will.topic.as_ref() as &str, &will.payload[..], will.qos, will.retain),
        ("w", &b"gone"[..], QoS::AtLeastOnce, true)
    );
    assert!(publish(&["-t", "a", "-n", "--will-payload", "x"]).is_err(), "a payload without a topic");
    assert!(
        publish(&["-t", "a", "-n", "--will-topic", "w", "--will-qos", "3"])
            .expect_err("no QoS 3")
            .contains("--will-qos")
    );
    assert!(publish(&["-t", "a", "-n", "--will-topic", "w/#"]).expect_err("a wildcard").contains("--will-topic"));
}

#[test]
fn brokers_take_few_flags() {
    match task(&["broker", "-p", "1884", "-v", "-c", "m.conf"]) {
        Ok(Task::Broker(b)) => {
            assert_eq!(b, Broker { file: Some("m.conf".into()), port: Some(1884), verbose: true, test: false })
        }
        other => panic!("{other:?}"),
    }
    assert!(task(&["broker", "-p", "x"]).is_err() && task(&["broker", "-p", "70000"]).is_err());
}

#[test]
fn unknown_flags_are_named() {
    for line in [&["pub", "-t", "a", "-n", "--bogus"][..], &["sub", "-Z"], &["broker", "--bogus"], &["bogus"]] {
        let error = task(line).expect_err("refused");
        let flag = line.last().expect("a flag");
        assert!(error.contains(flag) && error.contains("Usage: mqtt"), "{error}");
    }
}
