//! Reads `tests/vectors` and shows packets in the form that the vectors use.

use mqtt_proto::packet::{Packet, Properties, Property, Will};
use mqtt_proto::wire::{Sender, stream::Decoder};
use mqtt_proto::{MAXIMUM_REMAINING_LENGTH, Version, Violation};
use serde_json::{Map, Value, json};

/// No bound beyond the protocol's own.
pub const ANY_SIZE: u32 = MAXIMUM_REMAINING_LENGTH + 5;

/// One entry of a vector file.
pub struct Vector {
    pub id: String,
    pub version: Version,
    /// Who may have sent it: each is tried.
    pub senders: Vec<Option<Sender>>,
    pub bytes: Vec<u8>,
    pub entry: Value,
}

impl Vector {
    pub fn field(&self, name: &str) -> &str {
        self.entry[name].as_str().unwrap_or_default()
    }

    /// [`decode`] with what the vector says about version and packet size.
    pub fn decode(&self, chunk: usize, sender: Option<Sender>) -> (Vec<Packet>, Result<usize, Violation>) {
        let maximum = self.entry["maximum_packet_size"].as_u64().map_or(ANY_SIZE, |size| size as u32);
        feed(Decoder::new(Some(self.version), sender, maximum), &self.bytes, chunk)
    }
}

pub fn load(file: &str) -> Vec<Vector> {
    let path = format!("{}/vectors/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let entries: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert!(!entries.is_empty());
    entries.into_iter().map(vector).collect()
}

fn vector(entry: Value) -> Vector {
    let level = entry["version"].as_u64().unwrap() as u8;
    Vector {
        id: entry["id"].as_str().unwrap().into(),
        version: Version::from_level(level).unwrap(),
        senders: match entry["direction"].as_str().unwrap() {
            "c2s" => vec![Some(Sender::Client)],
            "s2c" => vec![Some(Sender::Server)],
            _ => vec![Some(Sender::Client), Some(Sender::Server), None],
        },
        bytes: unhex(&expand(&entry["hex"])),
        entry,
    }
}

/// Hexadecimal text with its repetitions written out.
fn expand(hex: &Value) -> String {
    match hex {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(expand).collect(),
        part => part["repeat"].as_str().unwrap().repeat(part["count"].as_u64().unwrap() as usize),
    }
}

pub fn unhex(text: &str) -> Vec<u8> {
    let digit = |c: u8| (c as char).to_digit(16).unwrap_or_else(|| panic!("not hexadecimal: {text}")) as u8;
    text.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The expected packet with every repetition written out.
pub fn normalised(value: &Value) -> Value {
    match value {
        Value::Array(list) if list.first().is_some_and(|part| part.get("repeat").is_some()) => expand(value).into(),
        Value::Array(list) => list.iter().map(normalised).collect(),
        Value::Object(map) => match (map.get("repeat_char"), map.get("count")) {
            (Some(Value::String(text)), Some(count)) => text.repeat(count.as_u64().unwrap() as usize).into(),
            _ => map.iter().map(|(name, value)| (name.clone(), normalised(value))).collect::<Map<_, _>>().into(),
        },
        other => other.clone(),
    }
}

/// All packets in `bytes`, given in chunks of this size; then what ended it.
pub fn decode(
    bytes: &[u8],
    chunk: usize,
    version: Option<Version>,
    sender: Option<Sender>,
) -> (Vec<Packet>, Result<usize, Violation>) {
    feed(Decoder::new(version, sender, ANY_SIZE), bytes, chunk)
}

fn feed(mut decoder: Decoder, bytes: &[u8], chunk: usize) -> (Vec<Packet>, Result<usize, Violation>) {
    let mut packets = Vec::new();
    for part in bytes.chunks(chunk.max(1)) {
        decoder.push(part);
        loop {
            match decoder.next_packet() {
                Ok(Some(packet)) => packets.push(packet),
                Ok(None) => break,
                Err(violation) => return (packets, Err(violation)),
            }
        }
    }
    (packets, Ok(decoder.buffered()))
}

/// A packet as the vectors write it down.
pub fn shown(packet: &Packet, version: Version) -> Value {
    let v5 = version == Version::V5;
    let mut fields = match packet {
        Packet::Connect(connect) => json!({
            "protocol_name": connect.version.protocol_name(),
            "protocol_level": connect.version.level(),
            "bridge": connect.bridge,
            "clean": connect.clean_start,
            "keepalive": connect.keep_alive,
            "properties": list(&connect.properties),
            "client_id": &*connect.client_id,
            "will": connect.will.as_ref().map(will),
            "username": connect.user_name.as_deref(),
            "password_hex": connect.password.as_ref().map(|bytes| hex(bytes)),
        }),
        Packet::ConnAck(connack) => json!({
            "session_present": connack.session_present,
            "reason_code": if v5 { connack.reason.value() } else { connack.reason.connect_return_code() },
            "properties": list(&connack.properties),
        }),
        Packet::Publish(publish) => json!({
            "dup": publish.dup,
            "qos": publish.qos.level(),
            "retain": publish.retain,
            "topic": &*publish.topic,
            "packet_id": publish.packet_id.map(|id| id.get()),
            "properties": list(&publish.properties),
            "payload_hex": hex(&publish.payload),
        }),
        Packet::PubAck(ack) | Packet::PubRec(ack) | Packet::PubRel(ack) | Packet::PubComp(ack) => json!({
            "packet_id": ack.packet_id.get(),
            "reason_code": ack.reason.value(),
            "properties": list(&ack.properties),
        }),
        Packet::Subscribe(subscribe) => json!({
            "packet_id": subscribe.packet_id.get(),
            "properties": list(&subscribe.properties),
            "subscriptions": subscribe.subscriptions.iter().map(|s| {
                if v5 {
                    json!({
                        "filter": &*s.filter,
                        "qos": s.qos.level(),
                        "no_local": s.no_local,
                        "retain_as_published": s.retain_as_published,
                        "retain_handling": s.retain_handling as u8,
                    })
                } else {
                    json!({ "filter": &*s.filter, "qos": s.qos.level() })
                }
            }).collect::<Vec<_>>(),
        }),
        Packet::SubAck(suback) => json!({
            "packet_id": suback.packet_id.get(),
            "properties": list(&suback.properties),
            "reason_codes": suback.reasons.iter().map(|reason| {
                if v5 { reason.value() } else { reason.subscribe_return_code() }
            }).collect::<Vec<_>>(),
        }),
        Packet::Unsubscribe(unsubscribe) => json!({
            "packet_id": unsubscribe.packet_id.get(),
            "properties": list(&unsubscribe.properties),
            "filters": unsubscribe.filters.iter().map(|filter| &**filter).collect::<Vec<_>>(),
        }),
        Packet::UnsubAck(unsuback) if v5 => json!({
            "packet_id": unsuback.packet_id.get(),
            "properties": list(&unsuback.properties),
            "reason_codes": unsuback.reasons.iter().map(|reason| reason.value()).collect::<Vec<_>>(),
        }),
        Packet::UnsubAck(unsuback) => json!({ "packet_id": unsuback.packet_id.get(), "properties": [] }),
        Packet::Disconnect(disconnect) if v5 => json!({
            "reason_code": disconnect.reason.value(),
            "properties": list(&disconnect.properties),
        }),
        Packet::PingReq | Packet::PingResp | Packet::Disconnect(_) => json!({}),
        Packet::Auth(auth) => json!({ "reason_code": auth.reason.value(), "properties": list(&auth.properties) }),
    };
    fields["type"] = packet.packet_type().name().into();
    fields
}

fn will(will: &Will) -> Value {
    json!({
        "properties": list(&will.properties),
        "topic": &*will.topic,
        "payload_hex": hex(&will.payload),
        "qos": will.qos.level(),
        "retain": will.retain,
    })
}

fn list(properties: &Properties) -> Value {
    use Property::*;
    let value = |property: &Property| match property {
        PayloadFormatIndicator(value)
        | RequestProblemInformation(value)
        | RequestResponseInformation(value)
        | MaximumQoS(value)
        | RetainAvailable(value)
        | WildcardSubscriptionAvailable(value)
        | SubscriptionIdentifierAvailable(value)
        | SharedSubscriptionAvailable(value) => json!(value),
        ServerKeepAlive(value) | ReceiveMaximum(value) | TopicAliasMaximum(value) | TopicAlias(value) => json!(value),
        MessageExpiryInterval(value)
        | SessionExpiryInterval(value)
        | WillDelayInterval(value)
        | MaximumPacketSize(value)
        | SubscriptionIdentifier(value) => json!(value),
        ContentType(text)
        | ResponseTopic(text)
        | AssignedClientIdentifier(text)
        | AuthenticationMethod(text)
        | ResponseInformation(text)
        | ServerReference(text)
        | ReasonString(text) => json!(&**text),
        CorrelationData(data) | AuthenticationData(data) => json!({ "hex": hex(data) }),
        UserProperty(name, value) => json!([&**name, &**value]),
    };
    properties.iter().map(|property| json!([property.id() as u8, value(property)])).collect()
}
