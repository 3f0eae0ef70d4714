//! The packets of `tests/vectors` in a form that a C program reads with little effort. `tests/c/run` asks for it.
//!
//! One line each, fields separated by tabs: kind, id, version, direction, the bytes; then for a valid one `canonical` or
//! `other` and what it says, for a malformed one the reason code or `-`, and `@N` behind it
//! where the decoder takes packets of N bytes at most. Bytes are hexadecimal parts joined by commas,
//! each with `*N` behind it where it is repeated; `.` is no bytes. What a packet says: `n5=3` a number and `b100=6162` bytes by the
//! numbers of `mqtt_field`, `k=3` the packet type, `f1=6162` a filter with its options, `r128` a reason code, `p2=n7`,
//! `p3=b61` and `p38=u61:62` properties, and the same with `w` for those of the will.

use mqtt_proto::ReasonCode;
use mqtt_proto::packet::PacketType;
use serde_json::Value;

use super::vectors::hex;

#[test]
fn the_text_form_has_every_vector() {
    let mut text = String::new();
    for file in ["valid.json", "malformed.json", "own.json"] {
        let path = format!("{}/vectors/{file}", env!("CARGO_MANIFEST_DIR"));
        let entries: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let before = text.lines().count();
        for entry in &entries {
            text.push_str(&line(entry));
            text.push('\n');
        }
        assert_eq!(text.lines().count() - before, entries.len());
    }
    if let Some(path) = std::env::var_os("MQTT_VECTORS_TEXT") {
        std::fs::write(path, text).unwrap();
    }
}

fn line(entry: &Value) -> String {
    let text = |name: &str| entry[name].as_str().unwrap().to_owned();
    let kind = entry["kind"].as_str().unwrap_or("valid").to_owned();
    let mut fields = vec![kind, text("id"), entry["version"].to_string(), text("direction"), bytes(&entry["hex"])];
    if entry["packet"].is_object() {
        fields.push(if entry["canonical"] == true { "canonical" } else { "other" }.to_owned());
        says(&entry["packet"], entry["version"] == 5, &mut fields);
    } else {
        let maximum = entry["maximum_packet_size"].as_u64().map_or(String::new(), |size| format!("@{size}"));
        fields.push(entry["reason_code"].as_u64().map_or("-".to_owned(), |code| code.to_string()) + &maximum);
    }
    fields.join("\t")
}

/// Hexadecimal with repetitions as they stand.
fn bytes(value: &Value) -> String {
    let parts: Vec<String> = match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(list) => list.iter().map(bytes).collect(),
        part => vec![format!("{}*{}", part["repeat"].as_str().unwrap(), part["count"])],
    };
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty() && part != ".").collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join(",") }
}

/// Text, or a character that is repeated.
fn text(value: &Value) -> String {
    match value.as_str() {
        Some("") => ".".to_owned(),
        Some(text) => hex(text.as_bytes()),
        None => format!("{}*{}", hex(value["repeat_char"].as_str().unwrap().as_bytes()), value["count"]),
    }
}

fn says(packet: &Value, is_v5: bool, fields: &mut Vec<String>) {
    let name = packet["type"].as_str().unwrap();
    let kind = PacketType::ALL.into_iter().find(|kind| kind.name() == name).unwrap();
    fields.push(format!("k={}", kind as u8));
    let number = |value: &Value| value.as_u64().unwrap_or(u64::from(value == true));
    for (name, value) in packet.as_object().unwrap() {
        let field = match name.as_str() {
            _ if value.is_null() => continue,
            "packet_id" => format!("n1={value}"),
            "qos" => format!("n2={value}"),
            "retain" => format!("n3={}", number(value)),
            "dup" => format!("n4={}", number(value)),
            "reason_code" if kind == PacketType::ConnAck && !is_v5 => {
                let reason = ReasonCode::from_connect_return_code(number(value) as u8).unwrap();
                format!("n5={}", reason.value())
            }
            "reason_code" => format!("n5={value}"),
            "session_present" => format!("n6={}", number(value)),
            "keepalive" => format!("n7={value}"),
            "clean" => format!("n8={}", number(value)),
            "protocol_level" => format!("n9={value}"),
            "topic" => format!("b100={}", text(value)),
            "payload_hex" => format!("b101={}", bytes(value)),
            "client_id" => format!("b102={}", text(value)),
            "username" => format!("b103={}", text(value)),
            "password_hex" => format!("b104={}", bytes(value)),
            "will" => {
                fields.push(format!("n10={}", value["qos"]));
                fields.push(format!("n11={}", number(&value["retain"])));
                fields.push(format!("b105={}", text(&value["topic"])));
                properties('w', &value["properties"], fields);
                format!("b106={}", bytes(&value["payload_hex"]))
            }
            "properties" => {
                properties('p', value, fields);
                continue;
            }
            "subscriptions" => {
                for subscription in value.as_array().unwrap() {
                    let options = number(&subscription["qos"])
                        | number(&subscription["no_local"]) << 2
                        | number(&subscription["retain_as_published"]) << 3
                        | number(&subscription["retain_handling"]) << 4;
                    fields.push(format!("f{options}={}", text(&subscription["filter"])));
                }
                continue;
            }
            "filters" => {
                value.as_array().unwrap().iter().for_each(|filter| fields.push(format!("f0={}", text(filter))));
                continue;
            }
            "reason_codes" => {
                value.as_array().unwrap().iter().for_each(|code| fields.push(format!("r{code}")));
                continue;
            }
            "type" | "protocol_name" | "bridge" => continue,
            other => panic!("{other} is not known"),
        };
        fields.push(field);
    }
}

fn properties(letter: char, list: &Value, fields: &mut Vec<String>) {
    for property in list.as_array().unwrap() {
        let (id, value) = (&property[0], &property[1]);
        let value = match value {
            Value::Number(number) => format!("n{number}"),
            Value::Bool(flag) => format!("n{}", u8::from(*flag)),
            Value::Array(pair) => format!("u{}:{}", text(&pair[0]), text(&pair[1])),
            Value::Object(map) if map.contains_key("hex") => format!("b{}", bytes(&map["hex"])),
            other => format!("b{}", text(other)),
        };
        fields.push(format!("{letter}{id}={value}"));
    }
}
