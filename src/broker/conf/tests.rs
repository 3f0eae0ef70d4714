use std::path::Path;
use std::time::Duration;

use super::options::{SUPPORTED, interpret};
use super::*;

fn parse(text: &str) -> Result<Conf, String> {
    lexer::lines(text.as_bytes(), Path::new("m.conf")).and_then(interpret).map_err(|e| e.to_string())
}

fn conf(text: &str) -> Conf {
    parse(text).expect("the file is fine")
}

fn refusal(text: &str) -> String {
    parse(text).expect_err("the file is refused")
}

#[test]
fn an_empty_file_is_local_and_has_mosquittos_defaults() {
    let conf = conf("");
    assert!(conf.local_only);
    assert_eq!(conf.listeners.len(), 1);
    assert_eq!(conf.listeners[0].bind, Bind::Loopback(1883));
    assert!(conf.listeners[0].security.allow_anonymous, "nobody but this machine can connect");
    assert_eq!(conf.max_inflight_messages, Some(20));
    assert_eq!(conf.max_queued_messages, Some(1000));
    assert_eq!((conf.max_queued_bytes, conf.max_packet_size, conf.message_size_limit), (None, None, None));
    assert_eq!(conf.listeners[0].max_topic_alias, 10);
    assert_eq!(conf.sys_interval, Some(Duration::from_secs(10)));
    assert_eq!(conf.log, Log::default());
}

#[test]
fn a_listener_makes_the_broker_public_and_refuses_anonymous_clients() {
    let conf = conf("listener 1883\n");
    assert!(!conf.local_only);
    assert_eq!(conf.listeners.len(), 1);
    assert_eq!(conf.listeners[0].bind, Bind::Any(1883));
    assert!(!conf.listeners[0].security.allow_anonymous);
    assert_eq!(conf.listeners[0].place.as_ref().map(ToString::to_string).as_deref(), Some("m.conf:1"));
}

#[test]
fn listener_sections_keep_their_own_options() {
    let conf = conf(
        "max_inflight_messages 5\n\
         listener 1883 127.0.0.1\nmax_connections 10\nmax_qos 1\n\
         listener 8883\ncertfile c.pem\nkeyfile k.pem\ncafile ca.pem\nrequire_certificate true\nuse_identity_as_username true\ntls_version tlsv1.3\n\
         listener 8080\nprotocol websockets\nsocket_domain ipv4\nmax_connections -1\n\
         listener 0 /run/mqtt.sock\nallow_anonymous true\n",
    );
    let [plain, tls, ws, unix] = &conf.listeners[..] else { panic!("four listeners: {:?}", conf.listeners) };
    assert_eq!(conf.max_inflight_messages, Some(5));
    assert_eq!(
        (&plain.bind, plain.max_connections, plain.max_qos),
        (&Bind::Host("127.0.0.1".into(), 1883), Some(10), 1)
    );
    assert!(plain.tls.is_none());
    let expected = Tls {
        certificate: "c.pem".into(),
        key: "k.pem".into(),
        ca_file: Some("ca.pem".into()),
        ca_path: None,
        require_certificate: true,
        user_name: UserName::CommonName,
        only_tls_1_3: true,
    };
    assert_eq!(tls.tls, Some(expected));
    assert_eq!((tls.max_connections, tls.max_qos), (None, 2), "the options of the section above do not reach down");
    assert_eq!((ws.protocol, ws.domain, ws.max_connections), (Protocol::WebSockets, Domain::V4, None));
    assert_eq!(unix.bind, Bind::Unix("/run/mqtt.sock".into()));
    assert!(conf.listeners.iter().all(|l| l.security.allow_anonymous), "without per_listener_settings it is for all");
}

#[test]
fn the_default_listener_exists_when_something_is_said_about_it() {
    let both = conf("port 1884\nlistener 1885\n");
    assert_eq!(both.listeners.iter().map(|l| &l.bind).collect::<Vec<_>>(), [&Bind::Any(1884), &Bind::Any(1885)]);
    let bound = conf("bind_address localhost\n");
    assert_eq!(bound.listeners[0].bind, Bind::Host("localhost".into(), 1883));
    assert!(!bound.local_only && !bound.listeners[0].security.allow_anonymous);
    let limited = conf("max_connections 4\n");
    assert_eq!((&limited.listeners[0].bind, limited.listeners[0].max_connections), (&Bind::Any(1883), Some(4)));
}

#[test]
fn per_listener_settings_keep_authentication_apart() {
    let conf = conf(
        "per_listener_settings true\nlistener 1\nallow_anonymous true\nauto_id_prefix a-\nlistener 2\nallow_zero_length_clientid false\n",
    );
    let [first, second] = &conf.listeners[..] else { panic!("two listeners") };
    assert!(first.security.allow_anonymous && !second.security.allow_anonymous);
    assert!(first.security.allow_zero_length_clientid && !second.security.allow_zero_length_clientid);
    assert_eq!((first.security.auto_id_prefix.as_str(), second.security.auto_id_prefix.as_str()), ("a-", "auto-"));
}

#[test]
fn lines_may_end_with_cr_lf_and_hold_comments_and_blanks() {
    let conf = conf(
        "\u{feff}# a comment\r\n\r\n   # indented\r\n\tlistener\t1884   localhost # behind\r\nallow_anonymous true # yes\r\nmax_queued_messages 7",
    );
    assert_eq!(conf.listeners[0].bind, Bind::Host("localhost".into(), 1884));
    assert!(conf.listeners[0].security.allow_anonymous);
    assert_eq!(conf.max_queued_messages, Some(7));
}

#[test]
fn zero_means_no_bound_where_mosquitto_says_so() {
    let conf = conf(
        "max_inflight_messages 0\nmax_queued_messages 0\nmax_queued_bytes 0\nmessage_size_limit 0\nsys_interval 0\n",
    );
    assert_eq!((conf.max_inflight_messages, conf.max_queued_messages, conf.max_queued_bytes), (None, None, None));
    assert_eq!((conf.message_size_limit, conf.sys_interval), (None, None));
}

#[test]
fn logs_are_chosen_one_by_one() {
    let conf = conf(
        "log_dest stdout\nlog_dest stderr\nlog_dest stdout\nlog_type error\nlog_type debug\nlog_timestamp false\nconnection_messages false\nlog_timestamp_format %Y-%m-%d %H:%M\n",
    );
    assert_eq!(conf.log.destinations, [Destination::Stdout, Destination::Stderr]);
    assert_eq!(conf.log.kinds, [Kind::Error, Kind::Debug]);
    assert!(!conf.log.timestamp && !conf.log.connection_messages);
    assert_eq!(conf.log.timestamp_format.as_deref(), Some("%Y-%m-%d %H:%M"));
    let file = super::tests::conf("log_dest file /var/log/a log.txt\n").log.destinations;
    assert_eq!(file, [Destination::File("/var/log/a log.txt".into())]);
    assert!(super::tests::conf("log_dest none\n").log.destinations.is_empty());
    assert_eq!(super::tests::conf("log_type all\n").log.kinds, Kind::ALL);
}

#[test]
fn times_have_units() {
    assert_eq!(
        conf("persistent_client_expiration 14d\n").persistent_client_expiration,
        Some(Duration::from_secs(14 * 86_400))
    );
    assert_eq!(conf("persistent_client_expiration 1h\n").persistent_client_expiration, Some(Duration::from_secs(3600)));
    for wrong in ["14", "d", "0d", "-1d", "5x", "5s"] {
        let text = refusal(&format!("persistent_client_expiration {wrong}\n"));
        assert!(text.starts_with("m.conf:1: persistent_client_expiration: ") && text.contains("like 12h"), "{text}");
    }
}

#[test]
fn unknown_options_are_refused_by_file_line_and_name() {
    assert_eq!(
        refusal("\n\nmax_queued_mesages 5\n"),
        "m.conf:3: max_queued_mesages: there is no such option. Did you mean max_queued_messages?"
    );
    assert_eq!(
        refusal("frobnicate true\n"),
        "m.conf:1: frobnicate: there is no such option. Check the spelling, or put a # in front of the line."
    );
}

#[test]
fn options_of_mosquitto_that_are_missing_say_so_and_what_to_do() {
    for (line, hint) in [
        ("password_file /etc/mosquitto/passwd", "hooks"),
        ("acl_file acl", "hooks"),
        ("plugin_opt_config_file x", "hooks"),
        ("persistence true", "write persistence false"),
        ("persistence_location /var/lib/mosquitto/", "in memory only"),
        ("connection bridge-01", "no bridges"),
        ("bridge_cafile x", "no bridges"),
        ("ciphers ALL", "TLS 1.2 and 1.3"),
        ("mount_point a/", "remove the line"),
        ("log_facility 5", "stderr or stdout"),
        ("max_inflight_bytes 100", "Remove the line"),
    ] {
        let text = refusal(&format!("allow_anonymous true\n{line}\n"));
        let name = line.split(' ').next().unwrap_or_default();
        assert!(text.starts_with(&format!("m.conf:2: {name}: this option of Mosquitto is not supported. ")), "{text}");
        assert!(text.contains(hint), "{text}");
    }
    assert!(parse("persistence false\n").is_ok(), "that is what this broker does");
}

#[test]
fn wrong_values_are_refused_the_same_way() {
    for (line, said) in [
        ("port", "the value is missing"),
        ("port abc", "\"abc\" is not a number from 1 to 65535"),
        ("port 65536", "is not a number from 1 to 65535"),
        ("listener 1883 127.0.0.1 extra", "\"extra\" is left over"),
        ("listener 0", "port 0 is for Unix sockets"),
        ("listener x", "\"x\" is not a port"),
        ("allow_anonymous yes", "\"yes\" is neither true nor false"),
        ("protocol http", "\"http\" is not one of mqtt, websockets"),
        ("max_qos 3", "from 0 to 2"),
        ("max_keepalive 5", "from 10 to 65535"),
        ("max_packet_size 10", "from 20 to"),
        ("max_connections -2", "from -1"),
        ("max_queued_bytes -3", "from 0"),
        ("max_inflight_messages 20 30", "\"30\" is left over"),
        ("log_dest syslog", "log_dest stderr"),
        ("log_dest file", "path of the file is missing"),
        ("log_dest printer", "stderr, stdout, file PATH, none"),
        ("log_type loud", "error, warning"),
        ("set_tcp_nodelay false", "always on"),
        ("user nobody-at-all", "runuser"),
        ("certfile c.pem", "Add keyfile"),
        ("keyfile c.pem", "Add certfile"),
        ("cafile c.pem", "would not be encrypted"),
        ("require_certificate true", "would not be encrypted"),
        ("certfile c\nkeyfile k\nrequire_certificate true", "Add cafile or capath"),
        ("certfile c\nkeyfile k\ncafile a\nuse_subject_as_username true", "Add require_certificate true"),
        ("tls_version tlsv1.1", "\"tlsv1.1\" is not one of tlsv1.2, tlsv1.3"),
    ] {
        let text = refusal(&format!("{line}\n"));
        let name = line.lines().next_back().and_then(|l| l.split(' ').next()).unwrap_or_default();
        assert!(text.starts_with("m.conf:") && text.contains(&format!(": {name}: ")), "{text}");
        assert!(text.contains(said), "{line}: {text}");
    }
    assert!(parse("user root\n").is_ok_and(|conf| conf.notes.len() == 1));
}

#[test]
fn bytes_that_are_not_text_are_refused_with_their_line() {
    let error = lexer::lines(b"port 1883\nauto_id_prefix \xff\n", Path::new("m.conf")).expect_err("not UTF-8");
    assert!(error.to_string().starts_with("m.conf:2: "), "{error}");
}

#[test]
fn every_supported_option_is_followed() {
    for name in SUPPORTED.iter().filter(|name| **name != "include_dir") {
        let text = refusal(&format!("{name}\n"));
        assert!(text.contains("the value is missing"), "{name} is listed but not followed: {text}");
    }
}

#[test]
fn include_dir_reads_conf_files_in_mosquittos_order_where_it_stands() {
    let base = std::env::temp_dir().join(format!("mqtt-conf-{}", std::process::id()));
    let included = base.join("conf.d");
    std::fs::create_dir_all(&included).expect("a directory");
    for (name, text) in [
        ("b.conf", "auto_id_prefix b-\n"),
        ("A.conf", "auto_id_prefix A-\n"),
        ("B.conf", "auto_id_prefix B-\n"),
        ("00.conf", "listener 1899\r\n"),
        ("README", "this is not read\n"),
    ] {
        std::fs::write(included.join(name), text).expect("a file");
    }
    let main = base.join("m.conf");
    std::fs::write(&main, format!("include_dir {}\nmax_qos 1\n", included.display())).expect("a file");
    let conf = read(&main).expect("it is fine");
    assert_eq!(conf.listeners[0].security.auto_id_prefix, "b-");
    assert_eq!((&conf.listeners[0].bind, conf.listeners[0].max_qos), (&Bind::Any(1899), 1));

    std::fs::write(included.join("c.conf"), "\nmax_qos 9\n").expect("a file");
    let text = read(&main).expect_err("a wrong value").to_string();
    assert!(text.contains("c.conf:2: max_qos: "), "{text}");
    std::fs::write(included.join("c.conf"), "include_dir /\n").expect("a file");
    assert!(read(&main).expect_err("nested").to_string().contains("only the main file"));
    std::fs::remove_dir_all(&base).expect("removed");
    let text = read(&main).expect_err("gone").to_string();
    assert!(text.contains("m.conf") && text.contains("Give the path"), "{text}");
}
