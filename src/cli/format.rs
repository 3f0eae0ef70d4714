//! How a message is printed: `-F`, `-v`, and nothing said.

mod json;
#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::time::SystemTime;

use mqtt_proto::packet::{Properties, QoS};

use crate::clock;

/// A message as it is printed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Printed<'a> {
    /// Topic name.
    pub(crate) topic: &'a str,
    /// Any bytes.
    pub(crate) payload: &'a [u8],
    /// As it came.
    pub(crate) qos: QoS,
    /// As it came.
    pub(crate) retain: bool,
    /// 0 at QoS 0.
    pub(crate) packet_id: u16,
    /// MQTT 5.
    pub(crate) properties: &'a Properties,
    /// MQTT 5.
    pub(crate) subscription_identifiers: &'a [u32],
    /// When it came.
    pub(crate) at: SystemTime,
}

/// A format, taken apart.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Format(Shape);

#[derive(Debug, Clone, PartialEq)]
enum Shape {
    Payload,
    Verbose,
    Pieces(Vec<Piece>, bool),
}

#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Bytes(Vec<u8>),
    Field {
        letter: char,
        width: Width,
    },
    /// A letter for strftime.
    Time(char),
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Width {
    zero: bool,
    left: bool,
    least: usize,
    most: Option<usize>,
}

/// Letters behind `%`.
const FIELDS: &str = "ACDEFIJPRSTUXjlmpqrtx";

/// The widest field that a format may ask for.
const WIDEST: usize = 10_000;

impl Format {
    /// The payload alone.
    pub(crate) fn payload() -> Format {
        Format(Shape::Payload)
    }

    /// Topic and payload.
    pub(crate) fn verbose() -> Format {
        Format(Shape::Verbose)
    }

    /// Takes the text of `-F` apart.
    pub(crate) fn parse(text: &str, pretty: bool) -> Result<Format, String> {
        let refused = |what: String| format!("-F {text:?}: {what}. See mqtt sub --help.");
        let mut pieces = Vec::new();
        let mut literal = Vec::new();
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            let piece = match letter {
                '%' => {
                    let width = width(&mut letters);
                    match letters.next() {
                        None => return Err(refused("a letter is missing behind %".to_owned())),
                        Some('%') => Err('%'),
                        Some(letter) if FIELDS.contains(letter) && letter != 'T' => Ok(Piece::Field { letter, width }),
                        Some(other) => return Err(refused(format!("%{other} means nothing"))),
                    }
                }
                '@' => match letters.next() {
                    None => return Err(refused("a letter is missing behind @".to_owned())),
                    Some('@') => Err('@'),
                    Some(letter) => Ok(Piece::Time(letter)),
                },
                '\\' => Err(match letters.next() {
                    None => return Err(refused("a letter is missing behind \\".to_owned())),
                    Some('\\') => '\\',
                    Some('0') => '\0',
                    Some('a') => '\x07',
                    Some('e') => '\x1b',
                    Some('n') => '\n',
                    Some('r') => '\r',
                    Some('t') => '\t',
                    Some('v') => '\x0b',
                    Some(other) => return Err(refused(format!("\\{other} means nothing"))),
                }),
                other => Err(other),
            };
            match piece {
                Err(letter) => literal.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
                Ok(piece) => {
                    if !literal.is_empty() {
                        pieces.push(Piece::Bytes(std::mem::take(&mut literal)));
                    }
                    pieces.push(piece);
                }
            }
        }
        if !literal.is_empty() {
            pieces.push(Piece::Bytes(literal));
        }
        Ok(Format(Shape::Pieces(pieces, pretty)))
    }

    /// Writes a message, and a line end behind it where `newline` says so. Like mosquitto_sub, an empty payload alone
    /// writes nothing, and `(null)` behind its topic.
    ///
    /// The text returned is a complaint about the message (`%J` of a payload that is no JSON); the rest is written.
    pub(crate) fn write(
        &self,
        message: &Printed<'_>,
        newline: bool,
        out: &mut impl Write,
    ) -> io::Result<Option<String>> {
        let mut complaint = None;
        match &self.0 {
            Shape::Payload if message.payload.is_empty() => return Ok(None),
            Shape::Payload => out.write_all(message.payload)?,
            Shape::Verbose => {
                out.write_all(message.topic.as_bytes())?;
                out.write_all(b" ")?;
                out.write_all(if message.payload.is_empty() { b"(null)" } else { message.payload })?;
            }
            Shape::Pieces(pieces, pretty) => {
                for piece in pieces {
                    match piece {
                        Piece::Bytes(bytes) => out.write_all(bytes)?,
                        Piece::Time(letter) => {
                            out.write_all(clock::strftime(&format!("%{letter}"), message.at).as_bytes())?
                        }
                        Piece::Field { letter: 'J', .. }
                            if !message.payload.is_empty() && !json::is_valid(message.payload) =>
                        {
                            complaint = Some(format!(
                                "the payload on topic {} is not JSON; use %j to print it as text",
                                message.topic
                            ));
                        }
                        Piece::Field { letter, width } => {
                            out.write_all(&width.apply(&message.field(*letter, *pretty), *letter))?
                        }
                    }
                }
            }
        }
        if newline {
            out.write_all(b"\n")?;
        }
        Ok(complaint)
    }
}

/// `-` and `0`, a least width, and a greatest behind a dot.
fn width(letters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Width {
    fn number(letters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> usize {
        let mut number = 0usize;
        while let Some(digit) = letters.peek().and_then(|letter| letter.to_digit(10)) {
            number = (number * 10 + digit as usize).min(WIDEST);
            letters.next();
        }
        number
    }
    let mut width = Width::default();
    while let Some(flag) = letters.next_if(|letter| "-0".contains(*letter)) {
        width.left |= flag == '-';
        width.zero |= flag == '0';
    }
    width.least = number(letters);
    if letters.next_if_eq(&'.').is_some() {
        width.most = Some(number(letters));
    }
    width
}

impl Width {
    /// Pads and cuts by characters; a payload is bytes and stays whole.
    fn apply(self, value: &[u8], letter: char) -> Vec<u8> {
        let Ok(text) = std::str::from_utf8(value) else { return value.to_vec() };
        let cut = self.most.filter(|_| "CIRt".contains(letter)).and_then(|most| text.char_indices().nth(most));
        let text = cut.map_or(text, |(at, _)| &text[..at]);
        let missing = self.least.saturating_sub(text.chars().count());
        if missing == 0 || "pDJjPqrU".contains(letter) {
            return text.as_bytes().to_vec();
        }
        let zero = self.zero && !self.left && "AEFlmSXx".contains(letter);
        let padding = if zero { "0" } else { " " }.repeat(missing);
        if self.left { format!("{text}{padding}") } else { format!("{padding}{text}") }.into_bytes()
    }
}

impl Printed<'_> {
    /// The value of a letter; empty where the message has none.
    fn field(&self, letter: char, pretty: bool) -> Vec<u8> {
        fn shown(value: Option<impl ToString>) -> Vec<u8> {
            value.map(|value| value.to_string().into_bytes()).unwrap_or_default()
        }
        let p = self.properties;
        match letter {
            'A' => shown(p.topic_alias()),
            'C' => shown(p.content_type()),
            'D' => p.correlation_data().map(|data| data.to_vec()).unwrap_or_default(),
            'E' => shown(p.message_expiry_interval()),
            'F' => shown(p.payload_format_indicator()),
            'I' => clock::strftime("%Y-%m-%dT%H:%M:%S%z", self.at).into_bytes(),
            'j' => json::message(self, false, pretty),
            'J' => json::message(self, true, pretty),
            'l' => shown(Some(self.payload.len())),
            'm' => shown(Some(self.packet_id)),
            'P' => p
                .user_properties()
                .map(|(name, value)| format!("{name}:{value}"))
                .collect::<Vec<_>>()
                .join(" ")
                .into_bytes(),
            'p' => self.payload.to_vec(),
            'q' => shown(Some(self.qos.level())),
            'R' => shown(p.response_topic()),
            'r' => shown(Some(u8::from(self.retain))),
            'S' => self.subscription_identifiers.iter().map(u32::to_string).collect::<Vec<_>>().join(" ").into_bytes(),
            't' => self.topic.as_bytes().to_vec(),
            'U' => {
                let since = clock::since_epoch(self.at);
                format!("{}.{:09}", since.as_secs(), since.subsec_nanos()).into_bytes()
            }
            'x' => self.payload.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into_bytes(),
            'X' => self.payload.iter().map(|byte| format!("{byte:02X}")).collect::<String>().into_bytes(),
            _ => Vec::new(),
        }
    }
}
