use std::time::{Duration, UNIX_EPOCH};

use mqtt_proto::packet::{Properties, Property, QoS};

use super::*;

fn print(format: &Format, payload: &[u8], properties: &Properties) -> (Vec<u8>, Option<String>) {
    let message = Printed {
        topic: "f/a",
        payload,
        qos: QoS::AtLeastOnce,
        retain: true,
        packet_id: 7,
        properties,
        subscription_identifiers: &[3, 4],
        at: UNIX_EPOCH + Duration::new(1_700_000_000, 1_234_567),
    };
    let mut out = Vec::new();
    let complaint = format.write(&message, true, &mut out).expect("a vector takes everything");
    (out, complaint)
}

fn formatted(format: &str, payload: &[u8]) -> String {
    let format = Format::parse(format, false).expect("a format");
    let mut text = String::from_utf8(print(&format, payload, &properties()).0).expect("text");
    assert_eq!(text.pop(), Some('\n'));
    text
}

fn properties() -> Properties {
    [
        Property::ContentType("x/y".into()),
        Property::UserProperty("k".into(), "v".into()),
        Property::UserProperty("k2".into(), "v2".into()),
        Property::CorrelationData("abc".into()),
        Property::ResponseTopic("r/t".into()),
        Property::MessageExpiryInterval(30),
        Property::PayloadFormatIndicator(1),
    ]
    .into_iter()
    .collect()
}

#[test]
fn payloads_are_written_as_they_are() {
    let none = Properties::new();
    assert_eq!(print(&Format::payload(), b"\xff\0\n", &none).0, b"\xff\0\n\n");
    assert_eq!(print(&Format::payload(), b"", &none).0, b"", "as mosquitto_sub does");
    assert_eq!(print(&Format::verbose(), b"\xff", &none).0, b"f/a \xff\n");
    assert_eq!(print(&Format::verbose(), b"", &none).0, b"f/a (null)\n");
    let raw = Format::parse("%t=%p", false).expect("a format");
    assert_eq!(print(&raw, b"\xfe", &none).0, b"f/a=\xfe\n");
}

#[test]
fn letters_have_mosquittos_meaning() {
    assert_eq!(formatted("%t %q %r %l %m %x %X", b"{\"a\":1}"), "f/a 1 1 7 7 7b2261223a317d 7B2261223A317D");
    assert_eq!(formatted("%C|%D|%E|%F|%P|%R|%S|%A|", b""), "x/y|abc|30|1|k:v k2:v2|r/t|3 4||");
    assert_eq!(formatted("%U @s.@N 100%% @@ \\\\", b""), "1700000000.001234567 1700000000.001234567 100% @ \\");
    assert_eq!(formatted("a\\tb\\n\\0c\\e\\a\\r\\v", b""), "a\tb\n\0c\x1b\x07\r\x0b");
    assert_eq!(formatted("é%t→", b""), "éf/a→");
    assert!(formatted("%I", b"").starts_with("2023-11-1"), "the zone decides the rest");
}

#[test]
fn widths_pad_and_cut() {
    assert_eq!(formatted("|%10t|%-10t|%.2t|%6.2t|", b""), "|       f/a|f/a       |f/|    f/|");
    assert_eq!(formatted("|%5l|%05l|%-5l|%-05l|", b"1234567"), "|    7|00007|7    |7    |");
    assert_eq!(formatted("|%8x|%08x|%1x|", b"ab"), "|    6162|00006162|6162|");
    let widest = formatted("%99999999999999999999l", b"");
    assert_eq!(widest.len(), 10_000, "a width cannot ask for all memory");
}

#[test]
fn wrong_formats_are_refused_with_the_reason() {
    for (text, said) in [
        ("%", "missing behind %"),
        ("%5", "missing behind %"),
        ("a@", "missing behind @"),
        ("\\", "missing behind \\"),
        ("%y", "%y means nothing"),
        ("\\q", "\\q means nothing"),
    ] {
        let error = Format::parse(text, false).expect_err("a wrong format");
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn json_has_mosquittos_names_and_order() {
    let text = formatted("%j", b"{\"a\":1}");
    let (time, rest) = text.split_at(text.find("\"topic\"").expect("a topic"));
    assert!(time.starts_with("{\"tst\":\"2023-11-1") && time.contains(".001234Z"), "{time}");
    assert_eq!(
        rest,
        "\"topic\":\"f/a\",\"qos\":1,\"retain\":1,\"payloadlen\":7,\"mid\":7,\"properties\":{\"content-type\":\"x/y\",\
         \"user-properties\":{\"k\":\"v\",\"k2\":\"v2\"},\"correlation-data\":\"abc\",\"response-topic\":\"r/t\",\
         \"payload-format-indicator\":1,\"message-expiry-interval\":30,\"subscription-identifier\":[3,4]},\"payload\":\"{\\\"a\\\":1}\"}"
    );
    assert!(formatted("%J", b"{\"a\":1}").ends_with(",\"payload\":{\"a\":1}}"));
    assert!(formatted("%j", b"").ends_with(",\"payload\":null}"));
    assert!(formatted("%j", b"h\"\xc3\xa9\n\x01").ends_with("\"payload\":\"h\\\"é\\n\\u0001\"}"));
    let pretty = Format::parse("%j", true).expect("a format");
    let text = String::from_utf8(print(&pretty, b"x", &properties()).0).expect("text");
    assert!(
        text.contains("\n\t\"qos\":\t1,\n") && text.contains("\n\t\t\"user-properties\":\t{\n\t\t\t\"k\":\t\"v\",\n"),
        "{text}"
    );
}

#[test]
fn a_payload_that_is_no_json_is_complained_about() {
    let (out, complaint) = print(&Format::parse("%J", false).expect("a format"), b"h\"", &Properties::new());
    assert_eq!(out, b"\n", "as mosquitto_sub does");
    assert!(complaint.is_some_and(|text| text.contains("f/a") && text.contains("%j")));
}

#[test]
fn json_is_told_from_what_only_looks_like_it() {
    let deep = "[".repeat(1000) + &"]".repeat(1000);
    for valid in [
        "1",
        " -0.5e+7 ",
        "\"\\u00e9\\n\"",
        "[]",
        "{}",
        "[1,[2,{\"a\":null}],true,false]",
        "{\"a\":{\"b\":[]}, \"c\" : 1 }",
        "0",
    ] {
        assert!(json::is_valid(valid.as_bytes()), "{valid}");
    }
    for wrong in [
        "",
        " ",
        "01",
        "1.",
        ".5",
        "1e",
        "-",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "\"a",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\n\"",
        "[1 2]",
        "tru",
        "1 2",
        "{\"a\"}",
        &deep,
    ] {
        assert!(!json::is_valid(wrong.as_bytes()), "{wrong}");
    }
    assert!(!json::is_valid(b"\"\xff\""));
}
