//! Questions to hooks. An answer that is there when the hook returns is used at once; one that comes later arrives as
//! mail, and until then its connection reads nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use mqtt_proto::packet::{Publish, Subscribe, Unsubscribe};
use mqtt_proto::session::Receipt;
use mqtt_store::StoreError;
use parking_lot::Mutex;

use super::connection::State;
use super::mail::{Answer, Mail};
use super::shard::Shard;
use crate::config::Overdue;
use crate::hooks::{
    AuthenticateAnswer, AuthenticateStep, ConnectAnswer, Hooks, PublishAnswer, Reply, SubscribeAnswer,
    UnsubscribeAnswer,
};
use crate::log::Record;

/// What a hook is asked about.
#[derive(Debug)]
pub(crate) enum Question {
    Connect,
    Authenticate(AuthenticateStep),
    Subscribe(Box<Subscribe>),
    Unsubscribe(Box<Unsubscribe>),
    Publish(Box<Publish>, Option<Receipt>),
    /// Not a hook but the store: it opens the session.
    Open,
}

impl Question {
    fn hook(&self) -> &'static str {
        match self {
            Question::Connect => "on_connect",
            Question::Authenticate(_) => "on_authenticate",
            Question::Subscribe(_) => "on_subscribe",
            Question::Unsubscribe(_) => "on_unsubscribe",
            Question::Publish(..) => "on_publish",
            Question::Open => "store",
        }
    }
}

/// Where an answer waits that came before the hook returned.
enum Slot<T> {
    /// The hook is being called.
    Calling,
    /// It has answered, or dropped its reply.
    Answered(Option<T>),
    /// It has returned; the answer goes by mail.
    Away,
}

impl Shard {
    /// Asks a hook about this connection.
    pub(crate) fn ask<T: Send + 'static>(
        &mut self,
        index: u32,
        question: Question,
        wrap: fn(Option<T>) -> Answer,
        call: impl FnOnce(&dyn Hooks, Reply<T>),
    ) {
        let ticket = self.open_question(index, question);
        let late = move |answer| Mail::Answer { index, ticket, answer: wrap(answer) };
        match self.call_hook(late, call) {
            Some(answer) => self.answered(index, ticket, wrap(answer)),
            None => self.await_answer(index, ticket),
        }
    }

    /// Calls a hook. Gives its answer where it is there when the hook returns (`Some(None)`: the reply was dropped);
    /// else the answer comes as the mail that `late` makes of it.
    pub(super) fn call_hook<T: Send + 'static>(
        &self,
        late: impl FnOnce(Option<T>) -> Mail + Send + 'static,
        call: impl FnOnce(&dyn Hooks, Reply<T>),
    ) -> Option<Option<T>> {
        let slot = Arc::new(Mutex::new(Slot::Calling));
        let (there, core, shard) = (Arc::clone(&slot), Arc::clone(&self.core), self.index);
        let deadline = self.core.config.hook_deadline;
        let reply = Reply::within(deadline, move |answer| {
            let mut state = there.lock();
            match *state {
                Slot::Calling => *state = Slot::Answered(answer),
                // Out of the lock's way: the shard may be about to look.
                _ => {
                    drop(state);
                    core.mailboxes[shard].post(late(answer));
                }
            }
        });
        let hooks = Arc::clone(&self.core.hooks);
        // A hook that panics has dropped its reply; the shard and everybody on it go on.
        let _ = catch_unwind(AssertUnwindSafe(|| call(&*hooks, reply)));
        let state = std::mem::replace(&mut *slot.lock(), Slot::Away);
        match state {
            Slot::Answered(answer) => Some(answer),
            _ => None,
        }
    }

    /// The same for a question whose answer always comes by mail; returns its number.
    pub(crate) fn begin_question(&mut self, index: u32, question: Question) -> u64 {
        let ticket = self.open_question(index, question);
        self.await_answer(index, ticket);
        ticket
    }

    /// Tells a hook something; what it does with it is its own affair, panics included.
    pub(crate) fn tell(&self, call: impl FnOnce(&dyn Hooks)) {
        let _ = catch_unwind(AssertUnwindSafe(|| call(&*self.core.hooks)));
    }

    fn open_question(&mut self, index: u32, question: Question) -> u64 {
        self.tickets += 1;
        let ticket = self.tickets;
        if let Some(connection) = self.connection(index) {
            connection.state = State::Asking;
            connection.extra().question = Some((ticket, question));
        }
        ticket
    }

    fn await_answer(&mut self, index: u32, ticket: u64) {
        self.deadlines.push_back((self.now + self.core.config.hook_deadline, index, ticket));
    }

    /// Does what the hook has said. Nothing where the question is no longer open.
    fn answered(&mut self, index: u32, ticket: u64, answer: Answer) {
        let Some(question) = self.close_question(index, ticket) else { return };
        if answer.is_dropped() {
            self.core.log.write(&Record::HookDropped { hook: question.hook(), client: &self.name(index) });
        }
        match (question, answer) {
            (Question::Connect, Answer::Connect(answer)) => self.connect_answered(index, answer),
            (Question::Authenticate(step), Answer::Authenticate(answer)) => {
                self.authenticate_answered(index, step, answer);
            }
            (Question::Subscribe(subscribe), Answer::Subscribe(answer)) => {
                self.subscribe_answered(index, *subscribe, answer);
            }
            (Question::Unsubscribe(unsubscribe), Answer::Unsubscribe(answer)) => {
                self.unsubscribe_answered(index, *unsubscribe, answer);
            }
            (Question::Publish(publish, receipt), Answer::Publish(answer)) => {
                self.publish_answered(index, *publish, receipt, answer);
            }
            (Question::Open, Answer::Open(result)) => self.opened_in_store(index, *result),
            // The type of a reply is that of its question.
            _ => {}
        }
    }

    /// The same for an answer that came by mail: the connection goes on reading.
    pub(crate) fn answered_late(&mut self, index: u32, ticket: u64, answer: Answer) {
        let open = self.connections.get(index as usize).and_then(|c| c.extra.as_ref()?.question.as_ref());
        if open.is_none_or(|(number, _)| *number != ticket) {
            return;
        }
        self.answered(index, ticket, answer);
        let extra = self.connection(index).and_then(|connection| connection.extra.as_mut());
        if let Some(reason) = extra.and_then(|extra| extra.ends.take()) {
            return self.end(index, reason);
        }
        self.resume(index);
        self.wants_read(index);
    }

    fn close_question(&mut self, index: u32, ticket: u64) -> Option<Question> {
        let connection = self.connections.get_mut(index as usize)?;
        let question = &mut connection.extra.as_mut()?.question;
        if question.as_ref()?.0 != ticket {
            return None;
        }
        let (_, question) = question.take()?;
        connection.state = State::Open;
        connection.trim();
        Some(question)
    }

    /// Takes the configured answer where a hook has not given one in time.
    pub(crate) fn hooks_overdue(&mut self) {
        while let Some((at, index, ticket)) = self.deadlines.front().copied() {
            if at > self.now {
                break;
            }
            self.deadlines.pop_front();
            let open = self.connections.get(index as usize).and_then(|c| c.extra.as_ref()?.question.as_ref());
            let Some((_, question)) = open.filter(|(number, _)| *number == ticket) else { continue };
            let hook = question.hook();
            let answer = overdue(question, self.core.config.hook_overdue);
            self.core.log.write(&Record::HookOverdue { hook, client: &self.name(index) });
            self.answered_late(index, ticket, answer);
        }
    }
}

fn overdue(question: &Question, rule: Overdue) -> Answer {
    use mqtt_proto::ReasonCode::{ImplementationSpecificError, ServerUnavailable};
    match (question, rule) {
        (Question::Connect, Overdue::Proceed) => Answer::Connect(Some(ConnectAnswer::Proceed)),
        (Question::Connect, Overdue::Refuse) => Answer::Connect(Some(ConnectAnswer::refuse(ServerUnavailable))),
        // There is no going on without the answer that the exchange needs.
        (Question::Authenticate(_), _) => Answer::Authenticate(Some(AuthenticateAnswer::Refuse(ServerUnavailable))),
        (Question::Subscribe(_), Overdue::Proceed) => Answer::Subscribe(Some(SubscribeAnswer::Proceed)),
        (Question::Subscribe(subscribe), Overdue::Refuse) => Answer::Subscribe(Some(SubscribeAnswer::Each(vec![
                ImplementationSpecificError;
                subscribe.subscriptions.len()
            ]))),
        (Question::Unsubscribe(_), Overdue::Proceed) => Answer::Unsubscribe(Some(UnsubscribeAnswer::Proceed)),
        (Question::Unsubscribe(unsubscribe), Overdue::Refuse) => {
            Answer::Unsubscribe(Some(UnsubscribeAnswer::Each(vec![
                ImplementationSpecificError;
                unsubscribe.filters.len()
            ])))
        }
        (Question::Open, _) => {
            let reason = "no answer within the deadline of hooks".to_owned();
            Answer::Open(Box::new(Err(StoreError::Failed { what: "opening a session", reason })))
        }
        (Question::Publish(..), Overdue::Proceed) => Answer::Publish(Some(PublishAnswer::Proceed)),
        (Question::Publish(..), Overdue::Refuse) => {
            Answer::Publish(Some(PublishAnswer::Refuse(ImplementationSpecificError)))
        }
    }
}

impl Answer {
    fn is_dropped(&self) -> bool {
        matches!(
            self,
            Answer::Connect(None)
                | Answer::Authenticate(None)
                | Answer::Subscribe(None)
                | Answer::Unsubscribe(None)
                | Answer::Publish(None)
        )
    }
}
