//! A tree of topic levels with a value at each key. Serves subscriptions (keys are filters), retained messages (keys
//! are names) and the client's handlers.
//!
//! Nodes live in one vector and are linked by index. A child is found through one hash table for the whole tree, keyed
//! by parent and level; `+` and `#` have a place of their own in the parent. Walks keep their own stack, so a key of
//! any number of levels is safe.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use smallvec::SmallVec;

/// Values by topic name or topic filter. One value per key.
#[derive(Debug)]
pub struct Tree<T> {
    nodes: Vec<Node<T>>,
    /// Children that are neither `+` nor `#`, by parent and level.
    edges: HashTable<u32>,
    hasher: foldhash::fast::RandomState,
    free: u32,
    len: usize,
}

#[derive(Debug)]
struct Node<T> {
    level: Box<str>,
    parent: u32,
    first_child: u32,
    next: u32,
    previous: u32,
    plus: u32,
    hash: u32,
    value: Option<T>,
}

const ROOT: u32 = 0;
const NONE: u32 = u32::MAX;

impl<T> Default for Tree<T> {
    fn default() -> Tree<T> {
        Tree {
            nodes: vec![Node::new("", NONE)],
            edges: HashTable::new(),
            hasher: foldhash::fast::RandomState::default(),
            free: NONE,
            len: 0,
        }
    }
}

impl<T> Tree<T> {
    /// An empty tree.
    pub fn new() -> Tree<T> {
        Tree::default()
    }

    /// How many keys have a value.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The value at this key, made by `make` where there is none.
    pub fn entry(&mut self, key: &str, make: impl FnOnce() -> T) -> &mut T {
        let mut at = ROOT;
        for level in key.split('/') {
            at = match self.child(at, level) {
                NONE => self.add_child(at, level),
                child => child,
            };
        }
        let node = &mut self.nodes[at as usize];
        if node.value.is_none() {
            self.len += 1;
        }
        node.value.get_or_insert_with(make)
    }

    /// The value at exactly this key.
    pub fn get(&self, key: &str) -> Option<&T> {
        self.nodes.get(self.find(key) as usize)?.value.as_ref()
    }

    /// The same, to change.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut T> {
        let at = self.find(key);
        self.nodes.get_mut(at as usize)?.value.as_mut()
    }

    /// Takes the value at this key and frees the branches that became empty.
    pub fn remove(&mut self, key: &str) -> Option<T> {
        let at = self.find(key);
        let value = self.nodes.get_mut(at as usize)?.value.take()?;
        self.len -= 1;
        self.prune(at);
        Some(value)
    }

    /// Keys are filters: visits the value of every filter that matches this name.
    pub fn matching_filters<'t>(&'t self, name: &str, visit: &mut dyn FnMut(&'t T)) {
        let mut stack: SmallVec<[(u32, Option<&str>); 16]> = SmallVec::new();
        stack.push((ROOT, Some(name)));
        while let Some((at, rest)) = stack.pop() {
            let node = self.node(at);
            // Wildcards of the first level do not match names that begin with $ [MQTT-4.7.2-1].
            let wildcards = at != ROOT || !name.starts_with('$');
            if node.hash != NONE && wildcards {
                self.node(node.hash).value.iter().for_each(&mut *visit);
            }
            let Some(rest) = rest else {
                node.value.iter().for_each(&mut *visit);
                continue;
            };
            let (level, rest) = split_level(rest);
            if node.plus != NONE && wildcards {
                stack.push((node.plus, rest));
            }
            let child = self.literal_child(at, level);
            if child != NONE {
                stack.push((child, rest));
            }
        }
    }

    /// Keys are names: visits every name that this filter matches, with its value, until `visit` returns false.
    pub fn matching_names<'t>(&'t self, filter: &str, visit: &mut dyn FnMut(&str, &'t T) -> bool) {
        let mut name = String::new();
        // (node, length of the name up to its parent, what of the filter is left for its children)
        let mut stack: SmallVec<[(u32, usize, Option<&str>); 16]> = SmallVec::new();
        stack.push((ROOT, 0, Some(filter)));
        while let Some((at, parent_len, rest)) = stack.pop() {
            let node = self.node(at);
            if at != ROOT {
                name.truncate(parent_len);
                if node.parent != ROOT {
                    name.push('/');
                }
                name.push_str(&node.level);
            }
            // `#` stands for the parent level and everything below it.
            let visible = at != ROOT && matches!(rest, None | Some("#"));
            if let (true, Some(value)) = (visible, &node.value) {
                if !visit(&name, value) {
                    return;
                }
            }
            let Some(filter) = rest else { continue };
            let (level, below) = if filter == "#" { ("#", Some("#")) } else { split_level(filter) };
            if level == "+" || level == "#" {
                let mut child = node.first_child;
                while child != NONE {
                    let node = self.node(child);
                    if at != ROOT || !node.level.starts_with('$') {
                        stack.push((child, name.len(), below));
                    }
                    child = node.next;
                }
            } else {
                let child = self.literal_child(at, level);
                if child != NONE {
                    stack.push((child, name.len(), below));
                }
            }
        }
    }

    /// Visits every key with its value.
    pub fn for_each<'t>(&'t self, visit: &mut dyn FnMut(&str, &'t T)) {
        let mut levels: SmallVec<[&str; 16]> = SmallVec::new();
        let mut key = String::new();
        for (at, node) in self.nodes.iter().enumerate() {
            let Some(value) = &node.value else { continue };
            let mut up = at as u32;
            while up != ROOT {
                levels.push(&self.node(up).level);
                up = self.node(up).parent;
            }
            key.clear();
            while let Some(level) = levels.pop() {
                key.push_str(level);
                if !levels.is_empty() {
                    key.push('/');
                }
            }
            visit(&key, value);
        }
    }
}

// Finding and linking nodes.
impl<T> Tree<T> {
    fn node(&self, at: u32) -> &Node<T> {
        &self.nodes[at as usize]
    }

    /// The node of this key, or `NONE`.
    fn find(&self, key: &str) -> u32 {
        let mut at = ROOT;
        for level in key.split('/') {
            at = self.child(at, level);
            if at == NONE {
                break;
            }
        }
        at
    }

    fn child(&self, parent: u32, level: &str) -> u32 {
        match level {
            "+" => self.node(parent).plus,
            "#" => self.node(parent).hash,
            _ => self.literal_child(parent, level),
        }
    }

    fn literal_child(&self, parent: u32, level: &str) -> u32 {
        let is_it = |&at: &u32| {
            let node = self.node(at);
            node.parent == parent && *node.level == *level
        };
        self.edges.find(self.hasher.hash_one((parent, level)), is_it).copied().unwrap_or(NONE)
    }

    fn add_child(&mut self, parent: u32, level: &str) -> u32 {
        let mut node = Node::new(level, parent);
        node.next = self.node(parent).first_child;
        let at = match self.free {
            NONE => {
                self.nodes.push(node);
                // A key costs at least a node of some fifty bytes: memory ends long before the index does.
                (self.nodes.len() - 1) as u32
            }
            free => {
                self.free = self.node(free).next;
                self.nodes[free as usize] = node;
                free
            }
        };
        let parent_node = &mut self.nodes[parent as usize];
        let next = std::mem::replace(&mut parent_node.first_child, at);
        match level {
            "+" => parent_node.plus = at,
            "#" => parent_node.hash = at,
            _ => {
                let (nodes, hasher) = (&self.nodes, &self.hasher);
                let hash = |&at: &u32| {
                    let node = &nodes[at as usize];
                    hasher.hash_one((node.parent, &*node.level))
                };
                self.edges.insert_unique(hasher.hash_one((parent, level)), at, hash);
            }
        }
        if next != NONE {
            self.nodes[next as usize].previous = at;
        }
        at
    }

    /// Frees this node and its ancestors as far as they have neither value nor children.
    fn prune(&mut self, mut at: u32) {
        while at != ROOT && self.node(at).value.is_none() && self.node(at).first_child == NONE {
            let Node { parent, next, previous, .. } = *self.node(at);
            if let Ok(edge) =
                self.edges.find_entry(self.hasher.hash_one((parent, &*self.nodes[at as usize].level)), |&candidate| {
                    candidate == at
                })
            {
                edge.remove();
            }
            let parent_node = &mut self.nodes[parent as usize];
            if parent_node.plus == at {
                parent_node.plus = NONE;
            }
            if parent_node.hash == at {
                parent_node.hash = NONE;
            }
            if previous == NONE {
                parent_node.first_child = next;
            } else {
                self.nodes[previous as usize].next = next;
            }
            if next != NONE {
                self.nodes[next as usize].previous = previous;
            }
            let node = &mut self.nodes[at as usize];
            node.level = Box::default();
            node.next = std::mem::replace(&mut self.free, at);
            at = parent;
        }
    }
}

impl<T> Node<T> {
    fn new(level: &str, parent: u32) -> Node<T> {
        Node {
            level: level.into(),
            parent,
            first_child: NONE,
            next: NONE,
            previous: NONE,
            plus: NONE,
            hash: NONE,
            value: None,
        }
    }
}

/// The first level, and what follows its slash: `None` at the end, `Some("")` where one more empty level follows.
fn split_level(topic: &str) -> (&str, Option<&str>) {
    match memchr::memchr(b'/', topic.as_bytes()) {
        Some(slash) => (&topic[..slash], Some(&topic[slash + 1..])),
        None => (topic, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topic::matches;

    /// A small deterministic generator (xorshift), so that a failure can be run again.
    struct Random(u64);

    impl Random {
        fn below(&mut self, bound: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 % bound as u64) as usize
        }

        fn topic(&mut self, levels: &[&str]) -> String {
            let count = 1 + self.below(4);
            (0..count).map(|_| levels[self.below(levels.len())]).collect::<Vec<_>>().join("/")
        }

        fn filter(&mut self) -> String {
            let topic = self.topic(&["a", "b", "", "$x", "+", "cc"]);
            if self.below(4) == 0 { format!("{topic}/#") } else { topic }
        }
    }

    fn filters_for(tree: &Tree<String>, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        tree.matching_filters(name, &mut |filter| found.push(filter.clone()));
        found.sort();
        found
    }

    /// Shows: 5.0 MQTT-4.7.3-4, 3.1.1 MQTT-4.7.3-4, 3.1 Appendix A
    #[test]
    fn agrees_with_the_naive_matcher_while_keys_come_and_go() {
        let mut random = Random(7);
        let mut tree = Tree::new();
        let mut keys: Vec<String> = Vec::new();
        for _ in 0..4000 {
            if keys.len() < 60 || random.below(2) == 0 {
                let key = random.filter();
                tree.entry(&key, || key.clone());
                if !keys.contains(&key) {
                    keys.push(key);
                }
            } else {
                let key = keys.swap_remove(random.below(keys.len()));
                assert_eq!(tree.remove(&key), Some(key.clone()));
                assert_eq!(tree.remove(&key), None);
            }
            assert_eq!(tree.len(), keys.len());
            let name = random.topic(&["a", "b", "", "$x", "cc"]);
            let mut expected: Vec<String> = keys.iter().filter(|k| matches(k, &name)).cloned().collect();
            expected.sort();
            assert_eq!(filters_for(&tree, &name), expected, "{name}");
        }
        for key in &keys {
            assert_eq!(tree.get(key), Some(key));
            tree.remove(key);
        }
        assert!(tree.is_empty());
        assert!(tree.edges.is_empty() && tree.node(ROOT).first_child == NONE, "no branch is left behind");
    }

    #[test]
    fn names_are_found_by_filter() {
        let mut random = Random(11);
        let mut tree = Tree::new();
        for _ in 0..300 {
            let name = random.topic(&["a", "b", "", "$x", "cc"]);
            tree.entry(&name, || name.clone());
        }
        let mut all = Vec::new();
        tree.for_each(&mut |key, value| {
            assert_eq!(key, value);
            all.push(key.to_owned());
        });
        assert_eq!(all.len(), tree.len());
        for _ in 0..2000 {
            let filter = random.filter();
            let mut found = Vec::new();
            tree.matching_names(&filter, &mut |name, value| {
                assert_eq!(name, value);
                found.push(name.to_owned());
                true
            });
            let mut expected: Vec<_> = all.iter().filter(|name| matches(&filter, name)).cloned().collect();
            found.sort();
            expected.sort();
            assert_eq!(found, expected, "{filter}");
        }
        let mut seen = 0;
        tree.matching_names("#", &mut |_, _| {
            seen += 1;
            seen < 3
        });
        assert_eq!(seen, 3);
    }

    #[test]
    fn a_key_of_very_many_levels_is_no_danger() {
        let deep = "/".repeat(65_534);
        let plus = vec!["+"; 32_768].join("/");
        let mut tree = Tree::new();
        tree.entry(&deep, || 1);
        tree.entry(&plus, || 2);
        let mut found = Vec::new();
        tree.matching_filters(&deep, &mut |v| found.push(*v));
        assert_eq!(found, [1]);
        tree.remove(&deep);
        tree.remove(&plus);
        assert!(tree.is_empty());
    }
}
