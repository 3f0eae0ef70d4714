//! One entry of the queue to the hook that takes it, and the hook's answer back.
//!
//! Nothing is held while a hook runs. Whatever a hook does, its question is answered: by what it returned, or by a
//! refusal where it threw or returned what makes no sense. Only the end of the script leaves the call.

use std::time::SystemTime;

use mqtt_broker::{
    AuthenticateAnswer, ConnectAnswer, ConnectRequest, DeliverAnswer, Level, PublishAnswer, Reply, SubscribeAnswer,
    UnsubscribeAnswer,
};
use mqtt_proto::ReasonCode;

use super::answer::{self, Wrong};
use super::queue::Event;
use super::report;
use super::request;
use super::state::{Hook, Server};
use crate::guard::Outcome;
use crate::zend::Zval;

/// What a client is told whose hook failed.
const FAILED: ReasonCode = ReasonCode::ImplementationSpecificError;

/// Hands one entry to PHP. An error ends the script.
pub(super) fn deliver(server: &Server, event: Event) -> Outcome {
    match event {
        Event::Connect(question, reply) => {
            let accepts = server.null_accepts(question.connect.user_name.is_some());
            let go_on = if accepts { ConnectAnswer::accept() } else { ConnectAnswer::Proceed };
            Ask {
                hook: Hook::Connect,
                client: &question.connect.client_id,
                no_hook: without_hook(server, &question),
                refusal: ConnectAnswer::refuse(FAILED),
            }
            .put(server, reply, || request::connect(&question), |value| answer::connect(value, go_on))
        }
        Event::Authenticate(question, reply) => Ask {
            hook: Hook::Authenticate,
            client: &question.client_id,
            no_hook: AuthenticateAnswer::Refuse(ReasonCode::BadAuthenticationMethod),
            refusal: AuthenticateAnswer::Refuse(FAILED),
        }
        .put(server, reply, || request::authenticate(&question), answer::authenticate),
        Event::Subscribe(question, reply) => Ask {
            hook: Hook::Subscribe,
            client: &question.client.client_id,
            no_hook: SubscribeAnswer::Proceed,
            refusal: SubscribeAnswer::Each(vec![FAILED; question.subscriptions.len()]),
        }
        .put(
            server,
            reply,
            || request::subscribe(&question),
            |value| {
                let codes = answer::subscribe(value, &question.subscriptions)?;
                Ok(codes.map_or(SubscribeAnswer::Proceed, SubscribeAnswer::Each))
            },
        ),
        Event::Unsubscribe(question, reply) => Ask {
            hook: Hook::Unsubscribe,
            client: &question.client.client_id,
            no_hook: UnsubscribeAnswer::Proceed,
            refusal: UnsubscribeAnswer::Each(vec![FAILED; question.filters.len()]),
        }
        .put(
            server,
            reply,
            || request::unsubscribe(&question),
            |value| {
                let codes = answer::unsubscribe(value, question.filters.len())?;
                Ok(codes.map_or(UnsubscribeAnswer::Proceed, UnsubscribeAnswer::Each))
            },
        ),
        Event::Publish(question, reply) => {
            let now = seconds_now();
            Ask {
                hook: Hook::Publish,
                client: &question.client.client_id,
                no_hook: PublishAnswer::Proceed,
                refusal: PublishAnswer::Refuse(FAILED),
            }
            .put(server, reply, || request::publish(&question, now), answer::publish)
        }
        Event::Deliver(question, reply) => {
            let now = seconds_now();
            Ask {
                hook: Hook::Deliver,
                client: &question.client.client_id,
                no_hook: DeliverAnswer::Proceed,
                refusal: DeliverAnswer::Drop,
            }
            .put(server, reply, || request::deliver(&question, now), answer::deliver)
        }
        Event::Disconnected(notice) => {
            tell(server, Hook::Disconnect, &notice.client.client_id, || request::disconnect(&notice))
        }
        Event::SessionCreated(notice) => {
            tell(server, Hook::SessionCreated, &notice.client_id, || request::session(&notice))
        }
        Event::SessionEnded(notice) => {
            tell(server, Hook::SessionEnded, &notice.client_id, || request::session(&notice))
        }
        Event::Ping(client) => tell(server, Hook::Ping, &client.client_id, || request::ping(&client)),
        Event::Line(level, line) => report::line(server, level, &line),
        Event::Lost(count) => {
            let text = format!(
                "{count} questions, notices or log lines were dropped: the script must call run() or dispatch() more often"
            );
            report::line(server, Level::Warning, &text)
        }
    }
}

fn seconds_now() -> f64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}

/// The rule for a client whose hook was taken back while the server runs: the one without a hook.
fn without_hook(server: &Server, question: &ConnectRequest) -> ConnectAnswer {
    let is_local = question.peer.address.is_none_or(|address| address.ip().to_canonical().is_loopback());
    match server.setup.anonymous_is_default && is_local {
        true => ConnectAnswer::accept(),
        false => ConnectAnswer::Proceed,
    }
}

/// A question, with the answers that do not come from PHP.
struct Ask<'a, T> {
    hook: Hook,
    client: &'a str,
    /// The callable was taken back while the server runs.
    no_hook: T,
    /// It threw, or answered what makes no sense.
    refusal: T,
}

impl<T> Ask<'_, T> {
    fn put(
        self,
        server: &Server,
        reply: Reply<T>,
        request: impl FnOnce() -> Zval,
        interpret: impl FnOnce(&Zval) -> Result<T, Wrong>,
    ) -> Outcome {
        let Ask { hook, client, no_hook, refusal } = self;
        // The client has had its answer, and the log a line.
        if reply.is_late() {
            reply.abandon();
            server.late.set(server.late.get() + 1);
            return Ok(());
        }
        let Some(callback) = server.callback(hook) else {
            reply.answer(no_hook);
            return Ok(());
        };
        // The client is answered before anything is reported, because reporting runs PHP code too.
        let value = match callback.call([request()]) {
            Ok(value) => value,
            Err(thrown) => {
                reply.answer(refusal);
                return report::threw(server, hook, client, thrown);
            }
        };
        let wrong = match interpret(&value) {
            Ok(answer) => {
                reply.answer(answer);
                None
            }
            Err(wrong) => {
                reply.answer(refusal);
                Some(wrong)
            }
        };
        match wrong {
            None => {}
            Some(Wrong::Thrown(thrown)) => report::threw(server, hook, client, thrown)?,
            Some(Wrong::Expected(expected)) => report::nonsense(server, hook, client, &value, expected)?,
        }
        report::release(server, hook, client, value)
    }
}

/// Tells a hook; what it returns does not matter.
fn tell(server: &Server, hook: Hook, client: &str, notice: impl FnOnce() -> Zval) -> Outcome {
    let Some(callback) = server.callback(hook) else { return Ok(()) };
    match callback.call([notice()]) {
        Ok(value) => report::release(server, hook, client, value),
        Err(thrown) => report::threw(server, hook, client, thrown),
    }
}
