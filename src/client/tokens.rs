//! Which of the things asked for are done, and how they went.

use std::collections::VecDeque;

use crate::Map;
use mqtt_proto::ReasonCode;

use crate::Token;

/// Results of tokens, one byte each. Tokens are given in order, so a token finds its byte by subtraction; tokens that
/// stay open while many newer ones pass move to a map.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    /// Tokens given so far.
    last: Token,
    /// The results of the newest tokens, `last` at the back.
    recent: VecDeque<u8>,
    /// Older ones: those still open, and failures that nobody has asked for.
    old: Map<Token, u8>,
    open: usize,
}

/// What is known about a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Open,
    Done(ReasonCode),
    /// It did not get a chance: the connection was lost, or the message was dropped.
    Lost,
    /// Never given, or so long done that the result is gone.
    Forgotten,
}

const OPEN: u8 = 0xFF;
/// No reason code has this value.
const LOST: u8 = 0xFE;
/// Results kept. One byte each.
const RECENT: usize = 64 * 1024;
/// Old failures kept.
const OLD_FAILURES: usize = 1024;

impl Tokens {
    /// The next token, open.
    pub(crate) fn begin(&mut self) -> Token {
        self.last += 1;
        self.open += 1;
        self.recent.push_back(OPEN);
        if self.recent.len() > RECENT {
            self.forget_oldest();
        }
        self.last
    }

    /// Ends a token; `None`: it was lost. False where it was not open.
    pub(crate) fn finish(&mut self, token: Token, reason: Option<ReasonCode>) -> bool {
        let value = reason.map_or(LOST, ReasonCode::value);
        let Some(slot) = self.slot(token).filter(|slot| **slot == OPEN) else { return false };
        *slot = value;
        self.open -= 1;
        if value < 0x80 || self.old.len() > OLD_FAILURES {
            self.old.remove(&token);
        }
        true
    }

    pub(crate) fn status(&self, token: Token) -> Status {
        let value = match self.index(token) {
            Some(index) => self.recent.get(index),
            None => self.old.get(&token),
        };
        match value {
            None => Status::Forgotten,
            Some(&OPEN) => Status::Open,
            Some(&LOST) => Status::Lost,
            Some(&value) => ReasonCode::from_u8(value).map_or(Status::Forgotten, Status::Done),
        }
    }

    /// How many are open.
    pub(crate) fn open(&self) -> usize {
        self.open
    }

    /// What [`Tokens::begin`] will return.
    pub(crate) fn next(&self) -> Token {
        self.last + 1
    }

    fn slot(&mut self, token: Token) -> Option<&mut u8> {
        match self.index(token) {
            Some(index) => self.recent.get_mut(index),
            None => self.old.get_mut(&token),
        }
    }

    /// Where it stands in `recent`.
    fn index(&self, token: Token) -> Option<usize> {
        let behind = self.last.checked_sub(token)?;
        self.recent.len().checked_sub(1)?.checked_sub(usize::try_from(behind).ok()?)
    }

    fn forget_oldest(&mut self) {
        let token = self.last + 1 - self.recent.len() as u64;
        let Some(value) = self.recent.pop_front() else { return };
        if value == OPEN || (value >= 0x80 && self.old.len() < OLD_FAILURES) {
            self.old.insert(token, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_count_up_and_end_once() {
        let mut tokens = Tokens::default();
        let (first, second) = (tokens.begin(), tokens.begin());
        assert_eq!((first, second, tokens.open()), (1, 2, 2));
        assert!(tokens.finish(second, Some(ReasonCode::NoMatchingSubscribers)));
        assert!(!tokens.finish(second, None), "a second end changes nothing");
        assert_eq!(tokens.status(second), Status::Done(ReasonCode::NoMatchingSubscribers));
        assert_eq!(tokens.status(first), Status::Open);
        assert!(tokens.finish(first, None));
        assert_eq!(tokens.status(first), Status::Lost);
        assert_eq!((tokens.status(0), tokens.status(3), tokens.open()), (Status::Forgotten, Status::Forgotten, 0));
        assert!(!tokens.finish(77, None));
    }

    #[test]
    fn results_are_bounded_but_open_tokens_stay() {
        let mut tokens = Tokens::default();
        let (open, refused, done) = (tokens.begin(), tokens.begin(), tokens.begin());
        tokens.finish(refused, Some(ReasonCode::NotAuthorized));
        tokens.finish(done, Some(ReasonCode::Success));
        for _ in 0..2 * RECENT {
            let token = tokens.begin();
            tokens.finish(token, Some(ReasonCode::Success));
        }
        assert_eq!(tokens.recent.len(), RECENT);
        assert_eq!(tokens.old.len(), 2);
        assert_eq!(tokens.status(open), Status::Open);
        assert_eq!(tokens.status(refused), Status::Done(ReasonCode::NotAuthorized));
        assert_eq!(tokens.status(done), Status::Forgotten);
        assert_eq!(tokens.status(tokens.next() - 1), Status::Done(ReasonCode::Success));
        assert!(tokens.finish(open, Some(ReasonCode::Success)));
        assert_eq!((tokens.status(open), tokens.open()), (Status::Forgotten, 0));
    }
}
