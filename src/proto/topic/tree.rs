//! A tree of topic levels with a value at each key. Serves subscriptions (keys are filters), retained messages (keys
//! are names) and the client's handlers.

/// Values by topic name or topic filter. One value per key.
#[derive(Debug)]
pub struct Tree<T> {
    values: Vec<T>,
}

impl<T> Default for Tree<T> {
    fn default() -> Tree<T> {
        Tree { values: Vec::new() }
    }
}

impl<T> Tree<T> {
    /// An empty tree.
    pub fn new() -> Tree<T> {
        Tree::default()
    }

    /// How many keys have a value.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at this key, made by `make` where there is none.
    pub fn entry(&mut self, key: &str, make: impl FnOnce() -> T) -> &mut T {
        let _ = (key, make);
        todo!()
    }

    /// The value at exactly this key.
    pub fn get(&self, key: &str) -> Option<&T> {
        let _ = key;
        todo!()
    }

    /// The same, to change.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut T> {
        let _ = key;
        todo!()
    }

    /// Takes the value at this key and frees the branches that became empty.
    pub fn remove(&mut self, key: &str) -> Option<T> {
        let _ = key;
        todo!()
    }

    /// Keys are filters: visits the value of every filter that matches this name.
    pub fn matching_filters<'t>(&'t self, name: &str, visit: &mut dyn FnMut(&'t T)) {
        let _ = (name, visit);
        todo!()
    }

    /// Keys are names: visits every name that this filter matches, with its value, until `visit` returns false.
    pub fn matching_names<'t>(&'t self, filter: &str, visit: &mut dyn FnMut(&str, &'t T) -> bool) {
        let _ = (filter, visit);
        todo!()
    }

    /// Visits every key with its value.
    pub fn for_each<'t>(&'t self, visit: &mut dyn FnMut(&str, &'t T)) {
        let _ = visit;
        todo!()
    }
}
