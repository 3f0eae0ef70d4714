//! The topic tree against the plainest matcher that can be written.

use std::collections::BTreeSet;

use mqtt_proto::topic::{Filter, Tree, check_name, matches};

use super::Choices;

/// Filters come and go while names are looked up, and names while filters are.
pub(super) fn run(data: &[u8]) {
    let mut choices = Choices(data);
    let mut filters = (Tree::new(), BTreeSet::new());
    let mut names = (Tree::new(), BTreeSet::new());
    while !choices.is_empty() {
        let operation = choices.below(6);
        let topic = topic(&mut choices);
        let (tree, known) = if operation % 2 == 0 { &mut filters } else { &mut names };
        match operation {
            0 | 2 if Filter::parse(&topic).is_ok_and(|filter| filter.share.is_none()) => {
                tree.entry(&topic, || topic.clone());
                known.insert(topic);
            }
            1 | 3 if check_name(&topic).is_ok() => {
                tree.entry(&topic, || topic.clone());
                known.insert(topic);
            }
            4 | 5 => assert_eq!(tree.remove(&topic), known.take(&topic)),
            _ => {}
        }
        assert_eq!((filters.0.len(), names.0.len()), (filters.1.len(), names.1.len()));
    }
    for name in &names.1 {
        let mut found = Vec::new();
        filters.0.matching_filters(name, &mut |filter: &String| found.push(filter.clone()));
        found.sort();
        let expected: Vec<String> = filters.1.iter().filter(|filter| naive(filter, name)).cloned().collect();
        assert_eq!(found, expected, "filters for {name:?}");
    }
    for filter in &filters.1 {
        let mut found = Vec::new();
        names.0.matching_names(filter, &mut |name, value| {
            assert_eq!(name, value);
            found.push(value.clone());
            true
        });
        found.sort();
        let expected: Vec<String> = names.1.iter().filter(|name| naive(filter, name)).cloned().collect();
        assert_eq!(found, expected, "names for {filter:?}");
        names.1.iter().for_each(|name| assert_eq!(matches(filter, name), naive(filter, name), "{filter:?} {name:?}"));
    }
    let mut listed = Vec::new();
    filters.0.for_each(&mut |filter, value| {
        assert_eq!(filter, value);
        listed.push(value.clone());
    });
    listed.sort();
    assert_eq!(listed, filters.1.iter().cloned().collect::<Vec<_>>());
}

/// Mostly of few levels, so that they meet.
fn topic(choices: &mut Choices<'_>) -> String {
    const LEVELS: [&str; 8] = ["a", "b", "", "+", "$x", "cc", "#", "ä"];
    match choices.below(16) {
        0 => choices.text(12),
        count => {
            let levels = (0..1 + count % 4).map(|_| LEVELS[choices.below(LEVELS.len())]);
            levels.collect::<Vec<_>>().join("/")
        }
    }
}

/// Section 4.7, word for word.
fn naive(filter: &str, name: &str) -> bool {
    if name.starts_with('$') && filter.starts_with(['+', '#']) {
        return false;
    }
    fn levels(filter: &[&str], name: &[&str]) -> bool {
        match (filter, name) {
            (["#"], _) => true,
            ([], []) => true,
            ([first, filter @ ..], [level, name @ ..]) => (*first == "+" || first == level) && levels(filter, name),
            _ => false,
        }
    }
    levels(&filter.split('/').collect::<Vec<_>>(), &name.split('/').collect::<Vec<_>>())
}
