//! Events that wait besides messages, in order.
//!
//! A script that publishes for a while before it dispatches leaves one completion for each publish. They are kept in runs
//! of a few bytes each, so that many can wait.

use std::collections::VecDeque;

use mqtt_proto::ReasonCode;

use crate::{Event, Token};

/// Events that may wait. Past it the oldest gives way.
const EVENTS: usize = 65_536;
/// Completions that may wait: 16 MiB.
const COMPLETIONS: usize = 1024 * 1024;

#[derive(Debug, Default)]
pub(crate) struct Notices {
    entries: VecDeque<Entry>,
    completions: usize,
}

#[derive(Debug)]
enum Entry {
    Event(Event),
    /// Never empty.
    Completed(VecDeque<(Token, ReasonCode)>),
}

impl Notices {
    /// Appends an event; returns how many gave way to it.
    pub(crate) fn push(&mut self, event: Event) -> u64 {
        match event {
            Event::Completed { token, reason } => {
                self.completions += 1;
                match self.entries.back_mut() {
                    Some(Entry::Completed(run)) => run.push_back((token, reason)),
                    _ => self.entries.push_back(Entry::Completed(VecDeque::from([(token, reason)]))),
                }
            }
            event => self.entries.push_back(Entry::Event(event)),
        }
        let mut dropped = 0;
        while self.completions > COMPLETIONS || self.entries.len() > EVENTS {
            self.pop();
            dropped += 1;
        }
        dropped
    }

    pub(crate) fn pop(&mut self) -> Option<Event> {
        if let Some(Entry::Completed(run)) = self.entries.front_mut() {
            let (token, reason) = run.pop_front()?;
            self.completions -= 1;
            if run.is_empty() {
                self.entries.pop_front();
            }
            return Some(Event::Completed { token, reason });
        }
        match self.entries.pop_front()? {
            Entry::Event(event) => Some(event),
            Entry::Completed(_) => None,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The tokens that events tell of.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = Token> {
        self.entries.iter().flat_map(|entry| {
            let (event, run) = match entry {
                Entry::Event(event) => (event.token(), None),
                Entry::Completed(run) => (None, Some(run)),
            };
            event.into_iter().chain(run.into_iter().flatten().map(|(token, _)| *token))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(token: Token) -> Event {
        Event::Completed { token, reason: ReasonCode::Success }
    }

    fn log() -> Event {
        Event::Log { level: "info", text: String::new() }
    }

    #[test]
    fn events_come_in_order_and_tell_their_tokens() {
        let mut notices = Notices::default();
        for event in [completed(1), completed(2), log(), completed(3)] {
            assert_eq!(notices.push(event), 0);
        }
        assert_eq!(notices.tokens().collect::<Vec<_>>(), [1, 2, 3]);
        let order: Vec<Option<Token>> = std::iter::from_fn(|| notices.pop()).map(|event| event.token()).collect();
        assert_eq!(order, [Some(1), Some(2), None, Some(3)]);
        assert!(notices.is_empty());
    }

    /// 300 000 publishes before the first dispatch lost 234 464 of their completions.
    #[test]
    fn many_completions_can_wait_and_are_bounded() {
        let mut notices = Notices::default();
        let dropped: u64 = (0..COMPLETIONS as u64 + 10).map(|token| notices.push(completed(token))).sum();
        assert_eq!((dropped, notices.completions), (10, COMPLETIONS));
        assert_eq!(notices.pop().and_then(|event| event.token()), Some(10), "the oldest gave way");
        let dropped: u64 = (0..EVENTS as u64 + 1).map(|_| notices.push(log())).sum();
        assert_eq!(notices.entries.len(), EVENTS);
        assert!(dropped > 0);
    }
}
