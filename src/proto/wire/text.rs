//! UTF-8 strings of the wire (section 1.5.4): well-formed, without U+0000.

use bytes::Bytes;

use crate::topic::Filter;
use crate::{Rule, Text, Version};

/// Checks a string.
#[inline]
pub(super) fn check(bytes: &[u8]) -> Result<&str, Rule> {
    let text = std::str::from_utf8(bytes).map_err(|_| Rule::InvalidUtf8)?;
    if has_nul(bytes) { Err(Rule::NulInString) } else { Ok(text) }
}

/// Checks the topic name of a PUBLISH; an empty one passes, because an alias may stand for it.
#[inline]
pub(super) fn check_topic(bytes: &[u8]) -> Result<&str, Rule> {
    let text = std::str::from_utf8(bytes).map_err(|_| Rule::InvalidUtf8)?;
    check_topic_chars(bytes)?;
    Ok(text)
}

/// Looks for U+0000 and wildcards in what is known to be UTF-8.
#[inline]
pub(super) fn check_topic_chars(bytes: &[u8]) -> Result<(), Rule> {
    // Nearly every topic has only bytes above the three; what has not is looked at more closely.
    if any_byte(bytes, |word| bytes_below(word, b'+' + 1)) { check_topic_chars_closely(bytes) } else { Ok(()) }
}

fn check_topic_chars_closely(bytes: &[u8]) -> Result<(), Rule> {
    if has_nul(bytes) {
        Err(Rule::NulInString)
    } else if memchr::memchr2(b'#', b'+', bytes).is_some() {
        Err(Rule::WildcardInTopicName)
    } else {
        Ok(())
    }
}

#[inline]
pub(super) fn has_nul(bytes: &[u8]) -> bool {
    if bytes.len() > 64 { memchr::memchr(0, bytes).is_some() } else { any_byte(bytes, |word| bytes_below(word, 1)) }
}

/// Whether `test` finds something in the bytes, eight at a time; topics are too short for anything cleverer. The
/// last word overlaps the one before it.
#[inline]
fn any_byte(bytes: &[u8], test: impl Fn(u64) -> u64) -> bool {
    let Some(last) = bytes.last_chunk() else { return any_byte_of_few(bytes, test) };
    // Leaving early keeps the compiler from unrolling this for lengths that topics do not have.
    bytes.as_chunks().0.iter().chain([last]).any(|word| test(u64::from_ne_bytes(*word)) != 0)
}

/// The same for less than eight bytes: one word of overlapping parts.
#[inline]
fn any_byte_of_few(bytes: &[u8], test: impl Fn(u64) -> u64) -> bool {
    let word = match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>(), bytes) {
        (Some(first), Some(last), _) => {
            u64::from(u32::from_ne_bytes(*first)) << 32 | u64::from(u32::from_ne_bytes(*last))
        }
        (_, _, [first, .., last]) => {
            u64::from_ne_bytes([*first, bytes[bytes.len() / 2], *last, b'a', b'a', b'a', b'a', b'a'])
        }
        (_, _, [only]) => repeated(*only),
        (_, _, []) => return false,
    };
    test(word) != 0
}

/// Not 0 where one of the eight bytes is below `bound`, which is at most 128.
#[inline]
const fn bytes_below(word: u64, bound: u8) -> u64 {
    word.wrapping_sub(repeated(bound)) & !word & repeated(0x80)
}

const fn repeated(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// A checked string that shares the allocation of `owner`; `bytes` is a part of it.
pub(super) fn owned(owner: &Bytes, bytes: &[u8]) -> Result<Text, Rule> {
    let text = Text::try_from(owner.slice_ref(bytes)).map_err(|_| Rule::InvalidUtf8)?;
    if has_nul(bytes) { Err(Rule::NulInString) } else { Ok(text) }
}

/// The same for the topic name of a PUBLISH, as [`check_topic`].
#[inline]
pub(super) fn owned_topic(owner: &Bytes, bytes: &[u8]) -> Result<Text, Rule> {
    let text = Text::try_from(owner.slice_ref(bytes)).map_err(|_| Rule::InvalidUtf8)?;
    check_topic_chars(bytes)?;
    Ok(text)
}

/// Whether a topic name, without looking for U+0000, has a wildcard.
#[inline]
pub(super) fn has_wildcard(topic: &str) -> bool {
    memchr::memchr2(b'#', b'+', topic.as_bytes()).is_some()
}

/// Checks a topic filter; tells whether it is a shared one.
///
/// MQTT 3 has no shared subscriptions: `$share//a` is a filter like any other there, only its wildcards count.
pub(super) fn check_filter(filter: &str, version: Version) -> Result<bool, Rule> {
    match Filter::parse(filter) {
        Ok(parsed) => Ok(parsed.share.is_some()),
        // The same levels without the `$` that makes it shared.
        Err(Rule::SharedFilter) if !version.has_properties() => Filter::parse(&filter[1..]).map(|_| false),
        Err(rule) => Err(rule),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_of_a_topic_is_looked_at_whatever_its_length() {
        for length in 0..70 {
            for (good, at) in [0x20, b'/', 0xFF].into_iter().flat_map(|good| (0..length).map(move |at| (good, at))) {
                let good = vec![good; length];
                assert_eq!(check_topic_chars(&good), Ok(()));
                for (byte, rule) in
                    [(0, Rule::NulInString), (b'#', Rule::WildcardInTopicName), (b'+', Rule::WildcardInTopicName)]
                {
                    let mut bad = good.clone();
                    bad[at] = byte;
                    assert_eq!(check_topic_chars(&bad), Err(rule), "{byte} at {at} of {length}");
                    assert_eq!(has_nul(&bad), byte == 0, "{byte} at {at} of {length}");
                }
            }
        }
    }

    #[test]
    fn no_other_byte_is_taken_for_one_of_them() {
        for byte in 1..=255u8 {
            for length in [1, 7, 8, 9, 17] {
                let wanted = if matches!(byte, b'#' | b'+') { Err(Rule::WildcardInTopicName) } else { Ok(()) };
                assert_eq!(check_topic_chars(&vec![byte; length]), wanted, "{byte}");
            }
        }
    }
}
