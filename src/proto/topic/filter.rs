//! Topic filters, shared ones included.

use crate::Rule;

/// A topic filter that has been checked, split into share name and filter proper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Filter<'a> {
    /// The share name of `$share/name/filter` (section 4.8.2).
    pub share: Option<&'a str>,
    /// The filter without the share prefix.
    pub filter: &'a str,
}

impl<'a> Filter<'a> {
    /// Checks a filter: not empty, wildcards in their places, share name present and without wildcards.
    pub fn parse(filter: &'a str) -> Result<Filter<'a>, Rule> {
        let _ = filter;
        todo!()
    }

    /// Whether it has a wildcard.
    pub fn has_wildcard(&self) -> bool {
        todo!()
    }
}

/// Whether a filter (without share prefix) matches a topic name. A leading wildcard does not match a name that
/// begins with `$` [MQTT-4.7.2-1]; `a/#` matches `a` too.
pub fn matches(filter: &str, name: &str) -> bool {
    let _ = (filter, name);
    todo!()
}
