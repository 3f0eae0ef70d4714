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
    // One pass without a branch inside, so that it is vectorised.
    let mut nul = false;
    let mut wildcard = false;
    for &byte in bytes {
        nul |= byte == 0;
        wildcard |= (byte == b'#') | (byte == b'+');
    }
    if nul {
        Err(Rule::NulInString)
    } else if wildcard {
        Err(Rule::WildcardInTopicName)
    } else {
        Ok(())
    }
}

/// A checked string that shares the allocation of `owner`; `bytes` is a part of it.
pub(super) fn owned(owner: &Bytes, bytes: &[u8]) -> Result<Text, Rule> {
    if has_nul(bytes) {
        // What is not UTF-8 either is told as such.
        return Err(if std::str::from_utf8(bytes).is_ok() { Rule::NulInString } else { Rule::InvalidUtf8 });
    }
    Text::try_from(owner.slice_ref(bytes)).map_err(|_| Rule::InvalidUtf8)
}

#[inline]
pub(super) fn has_nul(bytes: &[u8]) -> bool {
    memchr::memchr(0, bytes).is_some()
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
