//! The handle.

use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use mqtt_proto::packet::{Auth, ConnAck, Disconnect, Properties, QoS, SubAck, Subscription, UnsubAck};
use mqtt_proto::{ReasonCode, Text, Version};

use crate::options::WhenFull;
use crate::requests::Answer;
use crate::shared::{Shared, clock, to_time};
use crate::state::{Flush, Handed, State, check_publish};
use crate::{AckId, Error, Event, Lost, Options, Received, Result, Stats, Token, Wait};

/// What to publish, borrowed.
#[derive(Debug, Clone, Copy)]
pub struct PublishRequest<'a> {
    /// A topic name.
    pub topic: &'a str,
    /// Any bytes.
    pub payload: &'a [u8],
    /// QoS.
    pub qos: QoS,
    /// Keep it for later subscribers.
    pub retain: bool,
    /// Properties (MQTT 5; dropped for an older server).
    pub properties: &'a Properties,
}

/// One filter to subscribe to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscribe {
    /// Filter and options.
    pub subscription: Subscription,
    /// The caller's number for whatever handles its messages; comes back in [`Received::handles`]. `None`: nothing does.
    pub handle: Option<u32>,
}

/// One client. Cloning gives another handle to the same; when the last goes, the client closes as in
/// [`Client::close`] with the `linger` of its options.
///
/// Every method answers [`crate::Error::Forked`] in a child of the process that made the client.
#[derive(Clone)]
pub struct Client {
    handle: Arc<Handle>,
}

/// Goes with the last [`Client`], and closes the connection then.
struct Handle {
    shared: Arc<Shared>,
}

// Connecting.
impl Client {
    /// A client with these options. Connects nothing; checks what can be checked without a connection.
    pub fn new(options: Options) -> Result<Client> {
        options.check()?;
        let has_generated_id = options.client_id.is_empty();
        let client_id = if has_generated_id { generate_client_id() } else { options.client_id.clone() };
        let shared = Shared::new(
            Options { client_id: client_id.clone(), ..options },
            client_id,
            has_generated_id,
            fastrand::u64(..) ^ u64::from(std::process::id()),
        )?;
        Ok(Client { handle: Arc::new(Handle { shared }) })
    }

    /// Connects, where there is no connection, and waits for the answer. Tries each server once. A failure leaves the
    /// client idle; call again. The time granted is `wait`'s or the options' connect timeout per server, whichever is over first.
    pub fn connect(&self, wait: Wait<'_>) -> Result<ConnAck> {
        let shared = self.shared()?;
        let mark = shared.with(State::begin_explicit_round)?;
        let what = || "connecting".to_owned();
        let result = shared.block(wait, true, &what, &mut |state| state.round_result(mark));
        if matches!(result, Err(Error::Timeout { .. } | Error::Interrupted { .. })) {
            shared.with(State::abort_round);
        }
        result
    }

    /// Begins to connect, where there is no connection, and returns. [`Event::Connected`] or [`Event::Disconnected`]
    /// follows, and [`Client::wait`] takes the token. Failed attempts are repeated as the options say.
    pub fn start_connect(&self) -> Result<Token> {
        self.shared()?.with(|state| state.start_connect())
    }

    /// Whether a connection stands.
    pub fn is_connected(&self) -> bool {
        self.shared().is_ok_and(|shared| shared.with(|state| state.is_connected()))
    }

    /// The version that is spoken, while a connection stands.
    pub fn version(&self) -> Option<Version> {
        self.shared().ok()?.with(|state| state.connected_version())
    }

    /// The last CONNACK that accepted.
    pub fn conn_ack(&self) -> Option<ConnAck> {
        self.shared().ok()?.with(|state| state.conn_ack().cloned())
    }

    /// What the last failed attempt or lost connection failed with.
    pub fn last_error(&self) -> Option<crate::Error> {
        match self.shared() {
            Ok(shared) => shared.with(|state| state.last_error().cloned()),
            Err(error) => Some(error),
        }
    }

    /// Sends DISCONNECT after everything that is queued and can be sent, and closes. Reconnecting ends. Publishes
    /// that are not acknowledged stay with the client, and go out with the next connection: [`Client::connect`] and
    /// whatever sends make one. The session of a generated client identifier ends, as nobody else can resume it (MQTT 5).
    pub fn disconnect(&self, disconnect: &Disconnect, wait: Wait<'_>) -> Result<()> {
        let token = self.start_disconnect(disconnect)?;
        let what = || "disconnecting".to_owned();
        self.shared()?.block(wait, true, &what, &mut |state| state.is_done(token).then_some(Ok(())))
    }

    /// The same without waiting; the background thread does it. [`Client::wait`] takes the token.
    pub fn start_disconnect(&self, disconnect: &Disconnect) -> Result<Token> {
        self.shared()?.with(|state| state.start_disconnect(clock(), disconnect))
    }

    /// Gets out what it can within `linger`, disconnects, and counts what could not be delivered. Any later call
    /// fails with [`crate::Error::Closed`], except those that look or take what has arrived.
    pub fn close(&self, linger: Duration) -> Lost {
        self.handle.close(linger)
    }

    /// Sends a step of extended authentication (MQTT 5, section 4.12).
    pub fn send_auth(&self, auth: &Auth) -> Result<()> {
        let shared = self.shared()?;
        shared.with(|state| state.send_auth(auth))?;
        shared.flush(Flush::Inline);
        Ok(())
    }
}

// Sending.
impl Client {
    /// Hands a message over and returns its token. Connects in the background where nothing does; when reconnecting was
    /// given up, it fails until [`Client::connect`] is called.
    ///
    /// Never blocks, except with [`crate::WhenFull::Block`] while the queue is full; `wait` bounds that. At QoS 0 the
    /// token is done when the kernel has the bytes, at QoS 1 and 2 when the server has acknowledged. With a store a
    /// message of QoS 1 or 2 is in it when this returns.
    pub fn publish(&self, request: &PublishRequest<'_>, wait: Wait<'_>) -> Result<Token> {
        let shared = self.shared()?;
        check_publish(request)?;
        let instant = Instant::now();
        let (token, flush) = match shared.with(|state| state.publish(to_time(instant), instant, request))? {
            Handed::Over(token, flush) => (token, flush),
            Handed::Full { messages, bytes } if shared.options.offline_queue.when_full != WhenFull::Block => {
                return Err(Error::QueueFull { messages, bytes });
            }
            Handed::Full { .. } => self.publish_when_room(request, wait)?,
        };
        if request.qos > QoS::AtMostOnce {
            shared.save();
        }
        shared.flush(flush);
        Ok(token)
    }

    /// Waits until the token is done. A refusal is [`crate::Error::Refused`]. Results kept are bounded: a token that is
    /// forgotten returns `Success` at once. Takes tokens of every kind.
    pub fn wait(&self, token: Token, wait: Wait<'_>) -> Result<ReasonCode> {
        let shared = self.shared()?;
        let failed = shared.with(|state| state.rounds_failed());
        let what = || format!("the answer to request {token}");
        shared.block(wait, true, &what, &mut |state| state.result_of(token, failed))
    }

    /// Of these tokens those that are done, and how they ended: [`Client::wait`] without waiting. A token of which an
    /// event that nobody has taken yet tells is not among them. Each comes with what [`Client::failures`] said when
    /// somebody began to wait for it.
    pub fn results(&self, asked: &[(Token, u64)]) -> Vec<(Token, Result<ReasonCode>)> {
        match self.shared() {
            Ok(shared) => shared.with(|state| state.results(asked)),
            Err(error) => asked.iter().map(|(token, _)| (*token, Err(error.clone()))).collect(),
        }
    }

    /// How many rounds of attempts to connect have failed. While the server was never reached, one more makes every
    /// open token hopeless.
    pub fn failures(&self) -> u64 {
        self.shared().map_or(0, |shared| shared.with(|state| state.rounds_failed()))
    }

    /// Waits until every token given so far is done, and returns how many are still open when the time is over.
    ///
    /// Connects in the background where nothing does and something is open: what a store has kept.
    pub fn flush(&self, wait: Wait<'_>) -> Result<usize> {
        let shared = self.shared()?;
        let failed = shared.with(|state| {
            if state.open_tokens() > 0 {
                // Where there can be no connection, it is said below.
                let _ = state.want_connection(clock());
            }
            state.rounds_failed()
        });
        let what = || "acknowledgements".to_owned();
        let result = shared.block(wait, true, &what, &mut |state| match state.open_tokens() {
            0 => Some(Ok(0)),
            open => state.hopeless(failed).map(|_| Ok(open)),
        });
        match result {
            Err(Error::Timeout { .. }) => Ok(shared.with(|state| state.open_tokens())),
            result => result,
        }
    }

    /// Subscribes; [`Event::SubscribeDone`] follows. At least one filter. Handles are in force at once, so that no
    /// early message misses them; a refused filter loses its handle again.
    pub fn start_subscribe(&self, filters: &[Subscribe], properties: &Properties) -> Result<Token> {
        let shared = self.shared()?;
        let token = shared.with(|state| state.subscribe(clock(), filters, properties, false))?;
        shared.flush(Flush::Inline);
        Ok(token)
    }

    /// Subscribes and waits for the answer, which is not an event then. Filters may be refused one by one: look at the reasons.
    pub fn subscribe(&self, filters: &[Subscribe], properties: &Properties, wait: Wait<'_>) -> Result<SubAck> {
        let token = self.shared()?.with(|state| state.subscribe(clock(), filters, properties, true))?;
        match self.answer(token, "SUBACK", wait)? {
            Answer::Subscribed(sub_ack) => Ok(sub_ack),
            Answer::Unsubscribed(_) => Err(Error::InvalidArgument(format!("request {token} was no subscribe"))),
        }
    }

    /// Unsubscribes; [`Event::UnsubscribeDone`] follows.
    pub fn start_unsubscribe(&self, filters: &[Text], properties: &Properties) -> Result<Token> {
        let shared = self.shared()?;
        let token = shared.with(|state| state.unsubscribe(clock(), filters, properties, false))?;
        shared.flush(Flush::Inline);
        Ok(token)
    }

    /// Unsubscribes and waits for the answer, which is not an event then.
    pub fn unsubscribe(&self, filters: &[Text], properties: &Properties, wait: Wait<'_>) -> Result<UnsubAck> {
        let token = self.shared()?.with(|state| state.unsubscribe(clock(), filters, properties, true))?;
        match self.answer(token, "UNSUBACK", wait)? {
            Answer::Unsubscribed(unsub_ack) => Ok(unsub_ack),
            Answer::Subscribed(_) => Err(Error::InvalidArgument(format!("request {token} was no unsubscribe"))),
        }
    }
}

// Receiving.
impl Client {
    /// The next message, or `None` when the time is over. Acknowledges it on return, unless the options say
    /// `manual_ack`: then call [`Client::ack`]. Other events stay for [`Client::next_event`].
    pub fn receive(&self, wait: Wait<'_>) -> Result<Option<Received>> {
        let received = self.next(wait, &mut State::next_message)?;
        if let Some(ack) = received.as_ref().and_then(|received| received.ack)
            && !self.shared()?.options.manual_ack
        {
            self.ack(ack, ReasonCode::Success)?;
        }
        Ok(received)
    }

    /// The next event without blocking: what is known about connections and requests first, then messages in order of
    /// arrival. Messages are not acknowledged: call [`Client::ack`] when they have been handled.
    pub fn next_event(&self) -> Result<Option<Event>> {
        let shared = self.shared()?;
        let event = shared.with(State::next_event);
        if event.is_some() {
            return Ok(event);
        }
        // Nothing is left: the descriptor goes quiet, and what came in between is seen.
        shared.clear_events();
        Ok(shared.with(|state| {
            let event = state.next_event();
            state.events_left();
            event
        }))
    }

    /// The next event that is no message, without blocking: for a program that has no room for messages. Those stay in
    /// the receive queue, which makes the server wait. Where there is none the descriptor goes quiet, though messages
    /// may be there: call [`Client::wake`] once there is room again.
    pub fn next_notice(&self) -> Result<Option<Event>> {
        let shared = self.shared()?;
        let notice = shared.with(State::next_notice);
        if notice.is_some() {
            return Ok(notice);
        }
        shared.clear_events();
        Ok(shared.with(State::next_notice))
    }

    /// Up to `max` events at once, appended to `into`; returns how many. For dispatchers: clears the readiness of
    /// [`Client::fd`] first, and sets it again where events are left.
    pub fn drain_events(&self, max: usize, into: &mut Vec<Event>) -> Result<usize> {
        let shared = self.shared()?;
        shared.clear_events();
        Ok(shared.with(|state| {
            let before = into.len();
            into.extend(std::iter::from_fn(|| state.next_event()).take(max));
            state.events_left();
            into.len() - before
        }))
    }

    /// The next event, waiting for it; `None` when the time is over.
    pub fn wait_event(&self, wait: Wait<'_>) -> Result<Option<Event>> {
        self.next(wait, &mut State::next_event)
    }

    /// The next event that is no message, waiting for it; see [`Client::next_notice`]. `None` when the time is over.
    pub fn wait_notice(&self, wait: Wait<'_>) -> Result<Option<Event>> {
        self.next(wait, &mut State::next_notice)
    }

    /// Acknowledges a message that has been handled, or refuses it with an error reason (MQTT 5). Acknowledgements go
    /// out in order of arrival. The second call for one message does nothing and returns false.
    pub fn ack(&self, ack: AckId, reason: ReasonCode) -> Result<bool> {
        let shared = self.shared()?;
        if shared.options.store.is_none() {
            let (known, flush) = shared.with(|state| (state.ack(ack, reason), state.flush_after(Instant::now())));
            shared.flush(flush);
            return Ok(known);
        }
        // That a QoS 2 message was handled is on record before the server hears of it.
        let known = shared.with(|state| state.ack(ack, reason));
        shared.save();
        let flush = shared.with(|state| state.flush_after(Instant::now()));
        shared.flush(flush);
        Ok(known)
    }

    /// Forgets every handle given to [`Client::subscribe`], and keeps the subscriptions: for a client that outlives the
    /// request whose handlers it served.
    pub fn forget_handles(&self) {
        if let Ok(shared) = self.shared() {
            shared.with(State::forget_handles);
        }
    }

    /// Whether publishes that are done become [`Event::Completed`]; off at first.
    pub fn set_completion_events(&self, on: bool) {
        if let Ok(shared) = self.shared() {
            shared.with(|state| state.completion_events = on);
        }
    }

    /// Whether [`Event::Log`] tells what goes on; off at first.
    pub fn set_log_events(&self, on: bool) {
        if let Ok(shared) = self.shared() {
            shared.with(|state| state.log_events = on);
        }
    }
}

// Looking.
impl Client {
    /// A descriptor that polls readable while events wait. One wake-up may stand for many events. It belongs to the
    /// client; do not read it: [`Client::drain_events`] and [`Client::next_event`] do.
    pub fn fd(&self) -> Result<BorrowedFd<'_>> {
        Ok(self.shared()?.events()?.as_fd())
    }

    /// Makes [`Client::fd`] readable until events are taken the next time: for dispatchers that have something of their
    /// own to dispatch.
    pub fn wake(&self) {
        if let Ok(shared) = self.shared() {
            shared.with(State::wake);
        }
    }

    /// Whether there is no connection, and none will be made until somebody asks: before the first call that needs one,
    /// after [`Client::disconnect`], when reconnecting was given up, and after [`Client::close`].
    pub fn is_idle(&self) -> bool {
        self.shared().map_or(true, |shared| shared.with(|state| state.is_idle()))
    }

    /// Counters and gauges.
    pub fn stats(&self) -> Stats {
        self.shared().map(|shared| shared.with(|state| state.stats())).unwrap_or_default()
    }

    /// The options it was made with; the client identifier is filled in.
    pub fn options(&self) -> &Options {
        &self.handle.shared.options
    }

    /// Whether [`Client::close`] was called.
    pub fn is_closed(&self) -> bool {
        self.shared().is_ok_and(|shared| shared.with(|state| state.is_closed()))
    }

    /// Whether it was made before this process was forked.
    pub fn is_forked(&self) -> bool {
        !self.handle.shared.is_ours()
    }

    /// How many tokens are open.
    pub fn open_tokens(&self) -> usize {
        self.shared().map_or(0, |shared| shared.with(|state| state.open_tokens()))
    }
}

impl Client {
    /// Forgets how the last connection ended, so that the next call that needs one makes it.
    pub(crate) fn revive(&self) {
        if let Ok(shared) = self.shared() {
            shared.with(State::revive);
        }
    }

    fn shared(&self) -> Result<&Shared> {
        let shared = &*self.handle.shared;
        shared.check_fork()?;
        Ok(shared)
    }

    fn publish_when_room(&self, request: &PublishRequest<'_>, wait: Wait<'_>) -> Result<(Token, Flush)> {
        let shared = self.shared()?;
        let failed = shared.with(|state| state.rounds_failed());
        let what = || "room in the queue of outgoing messages".to_owned();
        shared.block(wait, true, &what, &mut |state| {
            if let Some(error) = state.hopeless(failed) {
                return Some(Err(error));
            }
            let instant = Instant::now();
            match state.publish(to_time(instant), instant, request) {
                Ok(Handed::Over(token, flush)) => Some(Ok((token, flush))),
                Ok(Handed::Full { .. }) => None,
                Err(error) => Some(Err(error)),
            }
        })
    }

    /// The answer to a request that this call waits for.
    fn answer(&self, token: Token, name: &str, wait: Wait<'_>) -> Result<Answer> {
        let shared = self.shared()?;
        let failed = shared.with(|state| state.rounds_failed());
        let what = || format!("{name} for request {token}");
        let result = shared.block(wait, true, &what, &mut |state| {
            if let Some(answer) = state.take_answer(token) {
                return Some(Ok(answer));
            }
            match state.result_of(token, failed)? {
                Ok(_) => None,
                Err(error) => Some(Err(error)),
            }
        });
        if result.is_err() {
            shared.with(|state| state.stop_waiting(token));
        }
        result
    }

    /// The next thing that `take` finds, or `None` when the time is over.
    fn next<T>(&self, wait: Wait<'_>, take: &mut dyn FnMut(&mut State) -> Option<T>) -> Result<Option<T>> {
        let shared = self.shared()?;
        // What is there is taken without a look at the clock.
        if let Some(found) = shared.with(&mut *take) {
            return Ok(Some(found));
        }
        let failed = shared.with(|state| {
            // Where there can be none, what has arrived can still be taken.
            let _ = state.await_connection(clock());
            state.rounds_failed()
        });
        let what = || "a message".to_owned();
        // The outer result is about the wait, the inner about the connection, which may have run out of time itself.
        let result = shared.block(wait, false, &what, &mut |state| match take(state) {
            Some(found) => Some(Ok(Ok(found))),
            None => {
                let error = state.hopeless(failed)?;
                state.told();
                Some(Ok(Err(error)))
            }
        });
        match result {
            Ok(found) => found.map(Some),
            Err(Error::Timeout { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Handle {
    fn close(&self, linger: Duration) -> Lost {
        let shared = &*self.shared;
        if !shared.is_ours() {
            return Lost::default();
        }
        let started = Instant::now();
        let failed = shared.with(|state| state.rounds_failed());
        let what = String::new;
        // How either ends does not matter: what is left is counted.
        let _ = shared.block(Wait::at_most(linger), true, &what, &mut |state| {
            (state.open_tokens() == 0 || state.hopeless(failed).is_some()).then_some(Ok(()))
        });
        let waited = started.elapsed();
        let why = shared.with(|state| state.last_error().cloned());
        let rest = linger.saturating_sub(waited).max(FAREWELL);
        if let Ok(Some(token)) = shared.with(|state| state.leave(clock())) {
            let _ = shared.block(Wait::at_most(rest), true, &what, &mut |state| state.is_done(token).then_some(Ok(())));
        }
        let publishes = shared.with(State::close);
        // The pump sees that no socket is wanted any more.
        shared.turn();
        shared.close_store();
        shared.stop_runtime();
        Lost { publishes, waited, why }
    }
}

/// The least time for a DISCONNECT, however short the linger.
const FAREWELL: Duration = Duration::from_millis(100);

impl Drop for Handle {
    fn drop(&mut self) {
        if self.shared.is_ours() {
            self.close(self.shared.options.linger);
        } else {
            self.shared.abandon();
            // Nothing else of the parent's is touched, not even to free it.
            std::mem::forget(self.shared.clone());
        }
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("client_id", &self.options().client_id).finish_non_exhaustive()
    }
}

/// Unique per process and client, and short enough for MQTT 3.1: `mqtt-` and 18 characters.
fn generate_client_id() -> Text {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed) & 0xFF_FFFF;
    // The generator is inherited over a fork; the process id is not.
    format!("mqtt-{:x}{count:x}{:08x}", std::process::id() & 0x3F_FFFF, fastrand::u32(..)).into()
}
