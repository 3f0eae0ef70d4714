//! What the broker's threads have for PHP: questions, notices and log lines, in order, behind one descriptor.
//!
//! The queue holds nothing of PHP, so the broker's threads may drop it. The descriptor is readable exactly while the
//! queue is not empty.

use std::collections::VecDeque;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::sync::Arc;

use mqtt_broker::{
    AuthenticateAnswer, AuthenticateRequest, ConnectAnswer, ConnectRequest, DeliverAnswer, DeliverRequest,
    DisconnectNotice, Hooks, Identity, Interests, Level, PublishAnswer, PublishRequest, Reply, SessionNotice,
    SubscribeAnswer, SubscribeRequest, UnsubscribeAnswer, UnsubscribeRequest,
};
use mqtt_client::Notify;
use mqtt_proto::{ReasonCode, Text, topic};
use parking_lot::Mutex;

/// Entries at most. A question takes one place per connection, and the broker bounds the deliveries that wait for one
/// session, so notices, log lines and deliveries to many sessions come near it.
const CAPACITY: usize = 65_536;
/// Places that log lines may take.
const LINES: usize = 4096;

/// One thing for PHP to do.
pub(super) enum Event {
    Connect(ConnectRequest, Reply<ConnectAnswer>),
    Authenticate(AuthenticateRequest, Reply<AuthenticateAnswer>),
    Subscribe(SubscribeRequest, Reply<SubscribeAnswer>),
    Unsubscribe(UnsubscribeRequest, Reply<UnsubscribeAnswer>),
    Publish(PublishRequest, Reply<PublishAnswer>),
    Deliver(DeliverRequest, Reply<DeliverAnswer>),
    Disconnected(DisconnectNotice),
    SessionCreated(SessionNotice),
    SessionEnded(SessionNotice),
    Ping(Arc<Identity>),
    Line(Level, String),
    /// So many entries did not find a place.
    Lost(u64),
}

/// See the module.
pub(super) struct Queue {
    state: Mutex<State>,
    notify: Notify,
}

#[derive(Default)]
struct State {
    events: VecDeque<Event>,
    lines: usize,
    lost: u64,
}

impl Queue {
    pub(super) fn new() -> io::Result<Arc<Queue>> {
        Ok(Arc::new(Queue { state: Mutex::default(), notify: Notify::new()? }))
    }

    /// The number of the descriptor.
    pub(super) fn raw_fd(&self) -> i32 {
        self.notify.as_fd().as_raw_fd()
    }

    /// The descriptor.
    pub(super) fn fd(&self) -> BorrowedFd<'_> {
        self.notify.as_fd()
    }

    /// Takes the oldest entry.
    pub(super) fn take(&self) -> Option<Event> {
        let mut state = self.state.lock();
        let lost = std::mem::take(&mut state.lost);
        let event = if lost > 0 { Some(Event::Lost(lost)) } else { state.events.pop_front() };
        let Some(event) = event else {
            // Somebody was only woken.
            self.notify.clear();
            return None;
        };
        if let Event::Line(..) = event {
            state.lines -= 1;
        }
        if state.events.is_empty() {
            self.notify.clear();
        }
        Some(event)
    }

    /// Makes the descriptor readable until the next entry is taken.
    pub(super) fn wake(&self) {
        self.notify.set();
    }

    /// Appends an entry. One that finds no place is dropped, and counted: a question is then refused by the broker.
    pub(super) fn push(&self, event: Event) {
        let is_line = matches!(event, Event::Line(..));
        let mut state = self.state.lock();
        if state.events.len() >= CAPACITY || (is_line && state.lines >= LINES) {
            state.lost += 1;
            // Outside the lock: dropping a reply posts to its shard.
            drop(state);
            drop(event);
            return;
        }
        state.lines += usize::from(is_line);
        let first = state.events.is_empty();
        state.events.push_back(event);
        if first {
            self.notify.set();
        }
    }
}

/// The hooks of a broker whose program is PHP.
pub(super) struct Questions {
    pub(super) queue: Arc<Queue>,
    /// Without the topics of publishes.
    pub(super) interests: Interests,
    /// What PHP is asked for.
    pub(super) topics: Vec<Text>,
    /// Bytes of payload; more is acknowledged and goes to nobody.
    pub(super) message_size_limit: Option<usize>,
}

impl Hooks for Questions {
    fn interests(&self) -> Interests {
        let all = self.message_size_limit.map(|_| ["#", "$SYS/#"].map(Text::from).to_vec());
        let topics = all.as_ref().unwrap_or(&self.topics);
        topics.iter().cloned().fold(self.interests.clone(), Interests::publish)
    }

    fn on_connect(&self, request: ConnectRequest, reply: Reply<ConnectAnswer>) {
        self.queue.push(Event::Connect(request, reply));
    }

    fn on_authenticate(&self, request: AuthenticateRequest, reply: Reply<AuthenticateAnswer>) {
        self.queue.push(Event::Authenticate(request, reply));
    }

    fn on_subscribe(&self, request: SubscribeRequest, reply: Reply<SubscribeAnswer>) {
        self.queue.push(Event::Subscribe(request, reply));
    }

    fn on_unsubscribe(&self, request: UnsubscribeRequest, reply: Reply<UnsubscribeAnswer>) {
        self.queue.push(Event::Unsubscribe(request, reply));
    }

    fn on_publish(&self, request: PublishRequest, reply: Reply<PublishAnswer>) {
        if let Some(limit) = self.message_size_limit {
            if request.publish.payload.len() > limit {
                return reply.answer(PublishAnswer::Refuse(ReasonCode::ImplementationSpecificError));
            }
            if !self.topics.iter().any(|filter| topic::matches(filter, &request.publish.topic)) {
                return reply.answer(PublishAnswer::Proceed);
            }
        }
        self.queue.push(Event::Publish(request, reply));
    }

    fn on_deliver(&self, request: DeliverRequest, reply: Reply<DeliverAnswer>) {
        self.queue.push(Event::Deliver(request, reply));
    }

    fn on_disconnect(&self, notice: DisconnectNotice) {
        self.queue.push(Event::Disconnected(notice));
    }

    fn on_session_created(&self, notice: SessionNotice) {
        self.queue.push(Event::SessionCreated(notice));
    }

    fn on_session_ended(&self, notice: SessionNotice) {
        self.queue.push(Event::SessionEnded(notice));
    }

    fn on_ping(&self, client: Arc<Identity>) {
        self.queue.push(Event::Ping(client));
    }
}
