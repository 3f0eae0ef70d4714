//! Topic filters, shared ones included.

use super::name::check_length_and_nul;
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
        check_length_and_nul(filter)?;
        let Some(shared) = filter.strip_prefix("$share/") else {
            check_wildcards(filter)?;
            return Ok(Filter { share: None, filter });
        };
        // [MQTT-4.8.2-1]: a share name of at least one character; [MQTT-4.8.2-2]: no / + # in it, and a filter after.
        let (share, filter) = shared.split_once('/').ok_or(Rule::SharedFilter)?;
        if share.is_empty() || filter.is_empty() || memchr::memchr2(b'+', b'#', share.as_bytes()).is_some() {
            return Err(Rule::SharedFilter);
        }
        check_wildcards(filter)?;
        Ok(Filter { share: Some(share), filter })
    }

    /// Whether it has a wildcard.
    pub fn has_wildcard(&self) -> bool {
        memchr::memchr2(b'+', b'#', self.filter.as_bytes()).is_some()
    }
}

/// Whether a filter (without share prefix) matches a topic name. A leading wildcard does not match a name that
/// begins with `$` [MQTT-4.7.2-1]; `a/#` matches `a` too.
pub fn matches(filter: &str, name: &str) -> bool {
    if name.starts_with('$') && filter.starts_with(['+', '#']) {
        return false;
    }
    let mut names = name.split('/');
    for level in filter.split('/') {
        match (level, names.next()) {
            ("#", _) => return true,
            (_, None) => return false,
            ("+", Some(_)) => {}
            (level, Some(name)) if level == name => {}
            _ => return false,
        }
    }
    names.next().is_none()
}

/// `#` alone in the last level [MQTT-4.7.1-1], `+` alone in its level [MQTT-4.7.1-2].
fn check_wildcards(filter: &str) -> Result<(), Rule> {
    if filter.is_empty() {
        return Err(Rule::EmptyTopicFilter);
    }
    if memchr::memchr2(b'+', b'#', filter.as_bytes()).is_none() {
        return Ok(());
    }
    let mut levels = filter.split('/').peekable();
    while let Some(level) = levels.next() {
        let misplaced = match level {
            "+" => false,
            "#" => levels.peek().is_some(),
            other => other.contains(['+', '#']),
        };
        if misplaced {
            return Err(Rule::MisplacedWildcard);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows: 5.0 MQTT-4.7.1-1, 5.0 MQTT-4.7.1-2, 5.0 MQTT-4.8.2-1, 5.0 MQTT-4.8.2-2, 3.1.1 MQTT-4.7.1-2
    /// Shows: 3.1.1 MQTT-4.7.1-3, 3.1 Appendix A
    #[test]
    fn filters_are_checked() {
        for good in ["a", "+", "#", "a/+/b", "a/#", "/+", "+/#", "/", "$SYS/#", "$share", "$shared/x"] {
            assert_eq!(Filter::parse(good), Ok(Filter { share: None, filter: good }), "{good}");
        }
        assert_eq!(Filter::parse("$share/g/a/+"), Ok(Filter { share: Some("g"), filter: "a/+" }));
        assert_eq!(Filter::parse("$share/g//"), Ok(Filter { share: Some("g"), filter: "/" }));
        for (bad, rule) in [
            ("", Rule::EmptyTopicFilter),
            ("a+", Rule::MisplacedWildcard),
            ("a/b+/c", Rule::MisplacedWildcard),
            ("++", Rule::MisplacedWildcard),
            ("#/a", Rule::MisplacedWildcard),
            ("a#", Rule::MisplacedWildcard),
            ("a\0", Rule::NulInString),
            ("$share/g", Rule::SharedFilter),
            ("$share/", Rule::SharedFilter),
            ("$share//a", Rule::SharedFilter),
            ("$share/g/", Rule::SharedFilter),
            ("$share/+/a", Rule::SharedFilter),
            ("$share/g#/a", Rule::SharedFilter),
            ("$share/g/a#", Rule::MisplacedWildcard),
        ] {
            assert_eq!(Filter::parse(bad), Err(rule), "{bad:?}");
        }
    }

    /// Shows: 5.0 MQTT-4.7.2-1, 3.1.1 MQTT-4.7.2-1, 3.1 Appendix A
    #[test]
    fn matching_follows_section_4_7() {
        for (filter, name, expected) in [
            ("sport/tennis/player1/#", "sport/tennis/player1", true),
            ("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true),
            ("sport/#", "sport", true),
            ("#", "a/b", true),
            ("+", "finance", true),
            ("+", "/finance", false),
            ("/+", "/finance", true),
            ("+/+", "/finance", true),
            ("sport/+", "sport", false),
            ("sport/+", "sport/", true),
            ("a/b", "a", false),
            ("a", "a/b", false),
            ("#", "$SYS/a", false),
            ("+/a", "$SYS/a", false),
            ("$SYS/#", "$SYS/a", true),
            ("$SYS/+", "$SYS/a", true),
            ("ä/+", "ä/ö", true),
        ] {
            assert_eq!(matches(filter, name), expected, "{filter} {name}");
        }
    }
}
