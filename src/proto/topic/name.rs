//! Topic names.

use crate::Rule;

/// The longest topic name or filter, in bytes: what a two-byte length can say [MQTT-4.7.3-3].
pub(crate) const MAXIMUM_LENGTH: usize = 65_535;

/// Whether `name` may be published to: not empty, no wildcard, no U+0000, at most 65 535 bytes
/// [MQTT-3.3.2-2], [MQTT-4.7.3-1].
pub fn check_name(name: &str) -> Result<(), Rule> {
    if name.is_empty() {
        return Err(Rule::EmptyTopicName);
    }
    check_length_and_nul(name)?;
    if memchr::memchr2(b'+', b'#', name.as_bytes()).is_some() {
        return Err(Rule::WildcardInTopicName);
    }
    Ok(())
}

/// The levels of a name or filter: `a//b` has three, the second is empty.
pub fn levels(topic: &str) -> impl Iterator<Item = &str> {
    topic.split('/')
}

pub(super) fn check_length_and_nul(topic: &str) -> Result<(), Rule> {
    if topic.len() > MAXIMUM_LENGTH {
        return Err(Rule::PacketTooLarge);
    }
    if memchr::memchr(0, topic.as_bytes()).is_some() {
        return Err(Rule::NulInString);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows: 5.0 MQTT-4.7.0-1, 5.0 MQTT-4.7.3-1, 5.0 MQTT-4.7.3-2, 5.0 MQTT-4.7.3-3, 3.1.1 MQTT-4.7.1-1
    /// Shows: 3.1.1 MQTT-4.7.3-1, 3.1.1 MQTT-4.7.3-2, 3.1.1 MQTT-4.7.3-3
    #[test]
    fn names_have_no_wildcards_no_nul_and_a_length() {
        for good in ["a", "/", "a/b", "//", "$SYS/x", " ", "ä/ö", "a b"] {
            assert_eq!(check_name(good), Ok(()), "{good:?}");
        }
        assert_eq!(check_name(""), Err(Rule::EmptyTopicName));
        assert_eq!(check_name("a/+"), Err(Rule::WildcardInTopicName));
        assert_eq!(check_name("a#"), Err(Rule::WildcardInTopicName));
        assert_eq!(check_name("a\0"), Err(Rule::NulInString));
        assert_eq!(check_name(&"a".repeat(65_535)), Ok(()));
        assert_eq!(check_name(&"a".repeat(65_536)), Err(Rule::PacketTooLarge));
    }

    #[test]
    fn empty_levels_count() {
        assert_eq!(levels("a//b").collect::<Vec<_>>(), ["a", "", "b"]);
        assert_eq!(levels("/").count(), 2);
    }
}
