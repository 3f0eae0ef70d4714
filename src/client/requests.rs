//! SUBSCRIBE and UNSUBSCRIBE on their way: waiting for a connection, or for their answer.

use crate::Map;
use mqtt_proto::packet::{PacketId, Properties, SubAck, Subscription, UnsubAck};
use mqtt_proto::{ReasonCode, Text};

use crate::Token;

#[derive(Debug, Default)]
pub(crate) struct Requests {
    /// In order of arrival.
    open: Vec<Request>,
    /// Answers for callers that wait.
    answers: Map<Token, Answer>,
}

#[derive(Debug)]
pub(crate) struct Request {
    /// 0 for what the client asks by itself.
    pub(crate) token: Token,
    pub(crate) body: Body,
    pub(crate) properties: Properties,
    /// Present while it is written to the present connection.
    pub(crate) packet_id: Option<PacketId>,
    /// A caller takes the answer; else it becomes an event.
    pub(crate) waited_for: bool,
}

#[derive(Debug)]
pub(crate) enum Body {
    Subscribe(Vec<Subscription>),
    Unsubscribe(Vec<Text>),
}

#[derive(Debug)]
pub(crate) enum Answer {
    Subscribed(SubAck),
    Unsubscribed(UnsubAck),
}

/// More requests than packet identifiers can never be under way.
pub(crate) const MAXIMUM: usize = 65_535;

impl Requests {
    pub(crate) fn push(&mut self, request: Request) {
        self.open.push(request);
    }

    pub(crate) fn len(&self) -> usize {
        self.open.len()
    }

    /// Whether this request is not answered yet.
    pub(crate) fn is_open(&self, token: Token) -> bool {
        self.open.iter().any(|request| request.token == token)
    }

    /// Those that are not written to the present connection.
    pub(crate) fn unsent(&mut self) -> impl Iterator<Item = &mut Request> {
        self.open.iter_mut().filter(|request| request.packet_id.is_none())
    }

    /// The request with this identifier, which is done.
    pub(crate) fn take(&mut self, packet_id: PacketId) -> Option<Request> {
        let at = self.open.iter().position(|request| request.packet_id == Some(packet_id))?;
        Some(self.open.remove(at))
    }

    /// Gives up requests that `unwanted` says; returns their tokens.
    pub(crate) fn drop_where(&mut self, unwanted: impl Fn(&Request) -> bool) -> Vec<Token> {
        let dropped = self.open.iter().filter(|request| unwanted(request)).map(|request| request.token).collect();
        self.open.retain(|request| !unwanted(request));
        dropped
    }

    /// The connection is over: what was not answered goes again, except what the client asked by itself.
    pub(crate) fn connection_lost(&mut self) {
        self.open.retain(|request| request.token != 0);
        self.open.iter_mut().for_each(|request| request.packet_id = None);
    }

    pub(crate) fn keep_answer(&mut self, token: Token, answer: Answer) {
        self.answers.insert(token, answer);
    }

    pub(crate) fn take_answer(&mut self, token: Token) -> Option<Answer> {
        self.answers.remove(&token)
    }

    /// The caller has stopped waiting: the answer becomes an event.
    pub(crate) fn stop_waiting(&mut self, token: Token) {
        self.answers.remove(&token);
        self.open.iter_mut().filter(|request| request.token == token).for_each(|request| request.waited_for = false);
    }
}

/// The reason that stands for a whole SUBACK or UNSUBACK: the first failure, else success.
pub(crate) fn summary(reasons: &[ReasonCode]) -> ReasonCode {
    reasons.iter().copied().find(|reason| reason.is_error()).unwrap_or(ReasonCode::Success)
}
