//! Topic aliases, both ways (section 3.3.2.3.4). They live as long as the connection.

use hashbrown::HashMap;

use crate::wire::fanout::Alias;
use crate::{Rule, Text};

/// The aliases of one connection. Allocated when the first one passes.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    /// The peer's: index is the alias minus 1.
    inbound: Vec<Option<Text>>,
    /// Ours, numbered in order of first use.
    outbound: HashMap<Text, u16, foldhash::fast::RandomState>,
}

impl Aliases {
    /// Takes in a PUBLISH with an alias: remembers the topic, or gives it back where the packet left it empty.
    pub(super) fn resolve(&mut self, alias: u16, topic: &str, maximum: u16) -> Result<Option<Text>, Rule> {
        if alias == 0 {
            return Err(Rule::TopicAliasZero);
        }
        if alias > maximum {
            return Err(Rule::TopicAliasTooHigh);
        }
        let index = usize::from(alias) - 1;
        if topic.is_empty() {
            return match self.inbound.get(index) {
                Some(Some(known)) => Ok(Some(known.clone())),
                _ => Err(Rule::TopicAliasUnknown),
            };
        }
        if self.inbound.len() <= index {
            self.inbound.resize(index + 1, None);
        }
        // A sender that repeats topic and alias costs nothing.
        if self.inbound[index].as_deref() != Some(topic) {
            self.inbound[index] = Some(Text::from(topic));
        }
        Ok(None)
    }

    /// What to write for this topic. First come, first served: an alias is never taken back. [`Aliases::written`]
    /// must follow when a `Set` has gone out.
    pub(super) fn choose(&self, topic: &str, maximum: u16) -> Alias {
        match self.outbound.get(topic) {
            Some(alias) => Alias::Use(*alias),
            None if self.outbound.len() < usize::from(maximum) => Alias::Set(self.outbound.len() as u16 + 1),
            None => Alias::None,
        }
    }

    /// A PUBLISH with this alias is in the output.
    pub(super) fn written(&mut self, topic: &str, alias: Alias) {
        if let Alias::Set(number) = alias {
            self.outbound.insert(Text::from(topic), number);
        }
    }
}
