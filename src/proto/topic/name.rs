//! Topic names.

use crate::Rule;

/// Whether `name` may be published to: not empty, no wildcard, no U+0000, at most 65 535 bytes
/// [MQTT-3.3.2-2], [MQTT-4.7.3-1].
pub fn check_name(name: &str) -> Result<(), Rule> {
    let _ = name;
    todo!()
}

/// The levels of a name or filter: `a//b` has three, the second is empty.
pub fn levels(topic: &str) -> impl Iterator<Item = &str> {
    topic.split('/')
}
