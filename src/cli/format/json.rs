//! `%j` and `%J`: a message as a JSON object with Mosquitto's names, and the check whether a payload is JSON itself.

use std::fmt::Write;

use super::Printed;
use crate::clock;

/// The object. With `embed` the payload, which must be JSON, stands in it as it is; else as a string, in which bytes
/// that are not UTF-8 become U+FFFD. Either way an empty payload is `null`.
pub(super) fn message(message: &Printed<'_>, embed: bool, pretty: bool) -> Vec<u8> {
    let p = message.properties;
    let mut object = Object::new(pretty, 0);
    let nanos = clock::since_epoch(message.at).subsec_nanos();
    let time = format!("%Y-%m-%dT%H:%M:%S.{:06}Z%z", nanos / 1000);
    object.text("tst", &clock::strftime(&time, message.at));
    object.text("topic", message.topic);
    object.number("qos", message.qos.level());
    object.number("retain", u8::from(message.retain));
    object.number("payloadlen", message.payload.len());
    if message.packet_id != 0 {
        object.number("mid", message.packet_id);
    }
    let mut properties = Object::new(pretty, 1);
    if let Some(text) = p.content_type() {
        properties.text("content-type", text);
    }
    if p.user_properties().next().is_some() {
        let mut users = Object::new(pretty, 2);
        for (name, value) in p.user_properties() {
            users.text(name, value);
        }
        properties.raw("user-properties", &users.finish());
    }
    if let Some(data) = p.correlation_data() {
        properties.text("correlation-data", &String::from_utf8_lossy(data));
    }
    if let Some(text) = p.response_topic() {
        properties.text("response-topic", text);
    }
    if let Some(value) = p.payload_format_indicator() {
        properties.number("payload-format-indicator", value);
    }
    if let Some(value) = p.message_expiry_interval() {
        properties.number("message-expiry-interval", value);
    }
    match message.subscription_identifiers {
        [] => {}
        [one] => properties.number("subscription-identifier", one),
        many => {
            let list: Vec<String> = many.iter().map(u32::to_string).collect();
            properties.raw("subscription-identifier", &format!("[{}]", list.join(",")));
        }
    }
    if !properties.is_empty() {
        object.raw("properties", &properties.finish());
    }
    let payload = String::from_utf8_lossy(message.payload);
    match payload.as_ref() {
        "" => object.raw("payload", "null"),
        payload if embed => object.raw("payload", payload.trim()),
        payload => object.text("payload", payload),
    }
    object.finish().into_bytes()
}

struct Object {
    text: String,
    pretty: bool,
    depth: usize,
}

impl Object {
    fn new(pretty: bool, depth: usize) -> Object {
        Object { text: "{".to_owned(), pretty, depth }
    }

    fn is_empty(&self) -> bool {
        self.text.len() == 1
    }

    fn raw(&mut self, name: &str, value: &str) {
        if !self.is_empty() {
            self.text.push(',');
        }
        self.line_end(self.depth + 1);
        quote(name, &mut self.text);
        self.text.push_str(if self.pretty { ":\t" } else { ":" });
        self.text.push_str(value);
    }

    fn number(&mut self, name: &str, value: impl ToString) {
        self.raw(name, &value.to_string());
    }

    fn text(&mut self, name: &str, value: &str) {
        let mut quoted = String::new();
        quote(value, &mut quoted);
        self.raw(name, &quoted);
    }

    fn finish(mut self) -> String {
        self.line_end(self.depth);
        self.text.push('}');
        self.text
    }

    fn line_end(&mut self, depth: usize) {
        if self.pretty {
            self.text.push('\n');
            self.text.extend(std::iter::repeat_n('\t', depth));
        }
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            control if control < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// How deep arrays and objects of a payload may nest.
const DEPTH: usize = 128;

/// Whether these bytes are one JSON value (RFC 8259).
pub(super) fn is_valid(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let mut reader = Reader { bytes: text.as_bytes(), at: 0 };
    reader.value(0).is_some() && {
        reader.blanks();
        reader.at == reader.bytes.len()
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, expected: &[u8]) -> Option<()> {
        let found = self.bytes[self.at..].starts_with(expected);
        found.then(|| self.at += expected.len())
    }

    fn value(&mut self, depth: usize) -> Option<()> {
        if depth > DEPTH {
            return None;
        }
        self.blanks();
        match self.peek()? {
            b'{' => self.list(b'}', depth, true),
            b'[' => self.list(b']', depth, false),
            b'"' => self.string(),
            b't' => self.take(b"true"),
            b'f' => self.take(b"false"),
            b'n' => self.take(b"null"),
            _ => self.number(),
        }
    }

    fn list(&mut self, end: u8, depth: usize, named: bool) -> Option<()> {
        self.at += 1;
        self.blanks();
        if self.peek()? == end {
            self.at += 1;
            return Some(());
        }
        loop {
            if named {
                self.blanks();
                self.string()?;
                self.blanks();
                self.take(b":")?;
            }
            self.value(depth + 1)?;
            self.blanks();
            self.at += 1;
            match self.bytes.get(self.at - 1)? {
                b',' => {}
                byte if *byte == end => return Some(()),
                _ => return None,
            }
        }
    }

    fn string(&mut self) -> Option<()> {
        self.take(b"\"")?;
        loop {
            self.at += 1;
            match self.bytes.get(self.at - 1)? {
                b'"' => return Some(()),
                b'\\' => {
                    self.at += 1;
                    match self.bytes.get(self.at - 1)? {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                        b'u' => {
                            let digits = self.bytes.get(self.at..self.at + 4)?;
                            digits.iter().all(u8::is_ascii_hexdigit).then_some(())?;
                            self.at += 4;
                        }
                        _ => return None,
                    }
                }
                0..0x20 => return None,
                _ => {}
            }
        }
    }

    fn number(&mut self) -> Option<()> {
        let _ = self.take(b"-");
        if self.take(b"0").is_none() {
            self.digits()?;
        }
        if self.take(b".").is_some() {
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let from = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > from).then_some(())
    }
}
