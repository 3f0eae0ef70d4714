//! All that a client knows, under one short lock. No I/O: bytes and time come in as arguments, and the pump asks what
//! it wants done.

mod attempts;
mod connection;
mod receiving;
mod sending;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use mqtt_net::Endpoint;
use mqtt_proto::packet::{ConnAck, Disconnect};
use mqtt_proto::session::{Change, Link, QueueLimits, Session, Snapshot};
use mqtt_proto::{Text, Time, Version};

pub(crate) use connection::{Plan, PlanKind};
pub(crate) use sending::{Flush, Handed, check_publish};

use crate::inbox::Inbox;
use crate::journal::Restored;
use crate::notices::Notices;
use crate::options::WhenFull;
use crate::reconnect::Backoff;
use crate::requests::Requests;
use crate::servers::Servers;
use crate::subscriptions::Subscriptions;
use crate::tokens::Tokens;
use crate::{Error, Event, Options, Result, Stats, Token};

/// Where a client stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Nobody has asked for a connection, or it was given up.
    Idle,
    /// The next attempt is due then.
    Waiting(Time),
    /// The pump dials.
    Dialing,
    /// CONNECT is under way.
    Handshake,
    /// CONNACK came.
    Connected,
    /// DISCONNECT is under way; past this time the connection is cut.
    Leaving(Time),
    /// The owner has closed it for good.
    Closed,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) options: Arc<Options>,
    client_id: Text,
    phase: Phase,
    /// Counts connections and attempts. The pump drops a socket whose number is not this one.
    epoch: u64,
    /// Present from the handshake to the end of a connection; the session is inside then.
    link: Option<Link>,
    /// Present otherwise.
    session: Option<Session>,
    version: Version,
    /// The server has accepted us before, so there is a session to resume.
    ever_connected: bool,
    /// The session comes from the store: an earlier process has used it, and there is something to resume.
    restored: bool,
    /// A server has accepted the session and was not told that it is over.
    kept_by_server: bool,
    /// Changes of the session up to this mark are in the store.
    saved: u64,
    /// Where the round of attempts stands.
    round: Round,
    servers: Servers,
    backoff: Backoff,
    /// Why no connection is made although there is none.
    rest: Rest,
    /// Somebody needs a connection once the present one has said goodbye.
    again: bool,
    /// The identifier is made up: nobody else can resume its session.
    has_generated_id: bool,
    /// The present or last CONNECT began a session anew.
    began_clean: bool,
    /// A server has accepted the newest version.
    spoke_newest: bool,
    /// The version was lowered because servers closed without a word, which may have been chance.
    guessed_version: bool,
    /// Calls of `start_connect()` that failed, and why.
    failed_connects: VecDeque<(Token, Error)>,
    /// No attempt that nobody asked for explicitly before then.
    not_before: Time,
    connected_at: Time,
    /// Where the server is, for messages.
    peer: String,
    conn_ack: Option<ConnAck>,
    last_error: Option<Error>,
    /// The server's DISCONNECT on the present connection.
    disconnect: Option<Disconnect>,
    /// Tokens of connects and disconnects under way.
    connect_tokens: Vec<Token>,
    disconnect_tokens: Vec<Token>,

    tokens: Tokens,
    requests: Requests,
    subscriptions: Subscriptions,
    /// QoS 0 publishes in the output, by the position behind them, that the kernel does not have.
    flushing: VecDeque<(u64, Token)>,
    /// QoS 0 publishes in the session's queue.
    queued_qos0: VecDeque<Token>,
    /// Output that goes before that of the link.
    head: Vec<u8>,
    /// Bytes that the pump has taken from the link on this connection.
    taken: u64,
    /// The socket takes nothing more for now.
    pub(crate) blocked: bool,
    last_send: Option<Instant>,
    /// One publish whose round trip is being measured.
    sample: Option<(Token, Instant)>,
    /// Reading pauses since then, or a ping went out then meanwhile.
    paused_at: Option<Time>,

    inbox: Inbox,
    /// The version of the subscriptions that the newest message was held against.
    matched: u64,
    notices: Notices,
    pub(crate) completion_events: bool,
    pub(crate) log_events: bool,
    /// Calls that wait for an answer; while there are any, nothing is left unread.
    pub(crate) awaiting: usize,

    /// Somebody watches the descriptor.
    pub(crate) watched: bool,
    /// It is readable, or about to be.
    pub(crate) armed: bool,
    /// An event was added since the last look.
    fresh: bool,
    /// Something happened that a waiting call may want to know.
    pub(crate) progress: bool,
    /// The pump has something new to do.
    pub(crate) attention: bool,
    /// Calls that wait for another one that leads.
    pub(crate) followers: usize,

    stats: Stats,
}

/// Why there is no connection, and what makes the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rest {
    /// Any call that needs one.
    No,
    /// The owner has disconnected: whatever sends makes a new one, whatever only waits does not.
    Left,
    /// No server was ever reached, and the attempt is not repeated. Whatever sends tries again; so does what waits, once
    /// it has been told.
    Failed,
    /// A connection that stood is not made again: reconnecting was given up, or another client took the session over.
    /// Only `connect()` makes another.
    GivenUp,
}

/// One round of attempts: each server once.
#[derive(Debug, Default)]
struct Round {
    /// A caller waits for exactly this round: no further one follows.
    explicit: bool,
    /// The server closed without a word, and was asked once more.
    asked_twice: bool,
    /// What the servers before this one have failed with.
    errors: Vec<Error>,
    /// The version has been lowered for this server.
    lowered: bool,
    /// The attempt that began at `attempt_at`.
    attempt: u64,
    attempt_at: Time,
    /// Messages in flight when the present attempt began.
    in_flight: usize,
    /// Rounds that have failed since the client was made.
    failed: u64,
}

impl State {
    pub(crate) fn new(
        options: Arc<Options>,
        client_id: Text,
        has_generated_id: bool,
        seed: u64,
        restored: Restored,
    ) -> State {
        let queue = QueueLimits {
            messages: options.offline_queue.max_messages,
            bytes: options.offline_queue.max_bytes,
            queue_qos0: true,
            drop_oldest: options.offline_queue.when_full == WhenFull::DropOldest,
        };
        let mut tokens = Tokens::default();
        let Restored { mut snapshot, kept_by_server } = restored;
        snapshot.outgoing.iter_mut().for_each(|saved| saved.token = tokens.begin());
        let restored = kept_by_server || !snapshot.outgoing.is_empty() || !snapshot.received.is_empty();
        let session = match options.store {
            Some(_) => Session::restore(snapshot, true, queue),
            None => Session::new(true, false, queue),
        };
        State {
            client_id,
            phase: Phase::Idle,
            epoch: 0,
            link: None,
            session: Some(session),
            restored,
            kept_by_server,
            saved: 0,
            version: options.first_version(),
            ever_connected: false,
            round: Round::default(),
            servers: Servers::new(options.endpoints.clone(), options.redirects),
            backoff: Backoff::new(options.reconnect, seed),
            connected_at: Time::default(),
            peer: options.endpoints.first().map(|endpoint| endpoint.authority()).unwrap_or_default(),
            conn_ack: None,
            last_error: None,
            disconnect: None,
            connect_tokens: Vec::new(),
            disconnect_tokens: Vec::new(),
            tokens,
            requests: Requests::default(),
            subscriptions: Subscriptions::default(),
            flushing: VecDeque::new(),
            queued_qos0: VecDeque::new(),
            head: Vec::new(),
            taken: 0,
            blocked: false,
            last_send: None,
            sample: None,
            paused_at: None,
            inbox: Inbox::default(),
            matched: 0,
            notices: Notices::default(),
            completion_events: false,
            log_events: false,
            awaiting: 0,
            watched: false,
            armed: false,
            fresh: false,
            progress: false,
            attention: false,
            not_before: Time::default(),
            rest: Rest::No,
            again: false,
            has_generated_id,
            began_clean: false,
            spoke_newest: false,
            guessed_version: false,
            failed_connects: VecDeque::new(),
            followers: 0,
            stats: Stats::default(),
            options,
        }
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.phase == Phase::Connected
    }

    pub(crate) fn connected_version(&self) -> Option<Version> {
        self.is_connected().then_some(self.version)
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.phase == Phase::Closed
    }

    pub(crate) fn conn_ack(&self) -> Option<&ConnAck> {
        self.conn_ack.as_ref()
    }

    pub(crate) fn last_error(&self) -> Option<&Error> {
        self.last_error.as_ref()
    }

    /// The server to dial.
    pub(crate) fn server(&self) -> Option<Endpoint> {
        self.servers.current().cloned()
    }

    pub(crate) fn peer(&self) -> &str {
        &self.peer
    }

    pub(crate) fn stats(&self) -> Stats {
        let session = self.session();
        Stats {
            in_flight: session.map_or(0, Session::in_flight),
            queued: session.map_or(0, Session::queued),
            queued_bytes: session.map_or(0, Session::queued_bytes),
            receive_queue: self.inbox.len(),
            receive_queue_bytes: self.inbox.bytes(),
            ..self.stats
        }
    }

    /// Whether the descriptor has to be made readable. To be asked before the lock is given up.
    pub(crate) fn take_signal(&mut self) -> bool {
        let signal = std::mem::take(&mut self.fresh) && self.watched && !self.armed;
        self.armed |= signal;
        signal
    }

    /// The next event: notices first.
    pub(crate) fn next_event(&mut self) -> Option<Event> {
        self.next_notice().or_else(|| self.next_message().map(Event::Message))
    }

    /// The next event that is no message.
    pub(crate) fn next_notice(&mut self) -> Option<Event> {
        self.notices.pop()
    }

    /// Whether there is one.
    pub(crate) fn has_events(&self) -> bool {
        !self.notices.is_empty() || !self.inbox.is_empty()
    }

    /// Events were left: whoever watches the descriptor has to hear again.
    pub(crate) fn events_left(&mut self) {
        self.fresh |= self.has_events();
    }

    /// Whoever watches the descriptor is to look, though there may be no event.
    pub(crate) fn wake(&mut self) {
        self.fresh = true;
    }

    /// What has to be written to the store, with the mark to report with [`State::saved`]; and whether a server keeps
    /// the session.
    pub(crate) fn take_changes(&mut self) -> (u64, Vec<Change>, bool) {
        let (mark, changes) = self.session_mut().map(Session::take_changes).unwrap_or_default();
        (mark, changes, self.kept_by_server)
    }

    /// Changes up to this mark are in the store.
    pub(crate) fn saved(&mut self, mark: u64) {
        self.saved = mark;
        if let Some(link) = &mut self.link {
            link.committed(mark);
        }
    }

    /// All that the store has to hold.
    pub(crate) fn snapshot(&self) -> Snapshot {
        self.session().map(Session::snapshot).unwrap_or_default()
    }

    fn session(&self) -> Option<&Session> {
        self.link.as_ref().map(Link::session).or(self.session.as_ref())
    }

    fn session_mut(&mut self) -> Option<&mut Session> {
        self.link.as_mut().map(Link::session_mut).or(self.session.as_mut())
    }

    fn notice(&mut self, event: Event) {
        self.stats.events_dropped += self.notices.push(event);
        self.fresh = true;
    }

    fn log(&mut self, level: &'static str, text: impl FnOnce(&State) -> String) {
        if self.log_events {
            let text = text(self);
            self.notice(Event::Log { level, text });
        }
    }

    /// The end for a token; `None` for a reason: it was lost.
    fn finish(&mut self, token: Token, reason: Option<mqtt_proto::ReasonCode>) {
        if self.tokens.finish(token, reason) {
            self.progress = true;
        }
    }

    fn check_open(&self) -> Result<()> {
        match self.phase {
            Phase::Closed => Err(Error::Closed { why: "close() was called; make a new client".into(), reason: None }),
            _ => Ok(()),
        }
    }
}
