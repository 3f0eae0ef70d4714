//! From nobody asking to a connection, and back.

use std::time::Duration;

use mqtt_proto::packet::{ConnAck, Connect, Disconnect, Property};
use mqtt_proto::session::Link;
use mqtt_proto::{Limits, ReasonCode, Time};

use super::{Phase, Rest, State};
use crate::requests::{Body, Request};
use crate::{Error, Event, Result, Token};

/// What the pump has to do about the socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) epoch: u64,
    pub(crate) kind: PlanKind,
}

/// What had happened when a call of `connect()` began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RoundMark {
    failed: u64,
    connections: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlanKind {
    /// No socket.
    Nothing,
    /// Dial [`State::server`].
    Dial,
    /// Move bytes.
    Move,
    /// Write what is left, end the stream, and read until the server ends it too.
    Leave,
}

/// A connection that stood so long was a good one: the next loss starts with the shortest delay.
const STOOD: Duration = Duration::from_secs(5);
/// How long a server may take to close a connection after DISCONNECT.
const FAREWELL: Duration = Duration::from_secs(1);
/// Filters in one SUBSCRIBE when subscribing again.
const FILTERS_AT_ONCE: usize = 64;

// What callers ask for.
impl State {
    /// Somebody sends, and needs a connection for it. Does nothing where one stands or is under way.
    pub(crate) fn want_connection(&mut self, now: Time) -> Result<()> {
        if matches!(self.rest, Rest::Left | Rest::Failed) {
            self.rest = Rest::No;
        }
        self.again |= matches!(self.phase, Phase::Leaving(_));
        self.await_connection(now)
    }

    /// The same for somebody who waits for what the server sends.
    pub(crate) fn await_connection(&mut self, now: Time) -> Result<()> {
        self.check_open()?;
        if self.phase == Phase::Idle && self.rest != Rest::No {
            return Err(self.why_closed());
        }
        if self.phase == Phase::Idle {
            self.round.explicit = false;
            if self.not_before > now {
                self.phase = Phase::Waiting(self.not_before);
                self.attention = true;
            } else {
                self.begin_round();
            }
        }
        Ok(())
    }

    /// Whoever waits was told why it waits in vain. Waiting once more is a new attempt.
    pub(crate) fn told(&mut self) {
        if self.rest == Rest::Failed {
            self.rest = Rest::No;
        }
    }

    /// Another user of the client begins, who knows nothing of how the last connection ended.
    pub(crate) fn revive(&mut self) {
        self.rest = Rest::No;
    }

    /// `connect()`: starts a round of its own where no connection stands.
    pub(crate) fn begin_explicit_round(&mut self) -> Result<RoundMark> {
        self.check_open()?;
        let mark = RoundMark { failed: self.round.failed, connections: self.stats.connections };
        match self.phase {
            Phase::Connected => {}
            Phase::Dialing | Phase::Handshake => self.round.explicit = true,
            _ => {
                self.end_link();
                self.finish_disconnects();
                self.round.explicit = true;
                self.begin_round();
            }
        }
        Ok(mark)
    }

    /// The result of the round that [`State::begin_explicit_round`] began. A connection that stood and is gone again
    /// is a success, too.
    pub(crate) fn round_result(&self, mark: RoundMark) -> Option<Result<ConnAck>> {
        let stood = self.is_connected() || self.stats.connections > mark.connections;
        match &self.conn_ack {
            Some(conn_ack) if stood => Some(Ok(conn_ack.clone())),
            _ if self.round.failed > mark.failed || matches!(self.phase, Phase::Idle | Phase::Closed) => {
                Some(Err(self.why_closed()))
            }
            _ => None,
        }
    }

    /// `connect()` does not wait any longer.
    pub(crate) fn abort_round(&mut self) {
        if self.round.explicit && matches!(self.phase, Phase::Dialing | Phase::Handshake) {
            self.go_idle();
        }
    }

    /// `start_connect()`.
    pub(crate) fn start_connect(&mut self) -> Result<Token> {
        self.check_open()?;
        let token = self.tokens.begin();
        match self.phase {
            Phase::Connected => {
                self.finish(token, Some(ReasonCode::Success));
                return Ok(token);
            }
            Phase::Waiting(_) | Phase::Idle => self.begin_round(),
            Phase::Leaving(_) => self.again = true,
            _ => {}
        }
        self.connect_tokens.push(token);
        Ok(token)
    }

    /// `disconnect()`: the token ends when the connection has.
    pub(crate) fn start_disconnect(&mut self, now: Time, disconnect: &Disconnect) -> Result<Token> {
        self.check_open()?;
        let token = self.tokens.begin();
        self.disconnect_tokens.push(token);
        self.again = false;
        let forget = self.ends_session() && disconnect.properties.session_expiry_interval().is_none();
        match (&self.phase, self.link.as_mut()) {
            (Phase::Connected, Some(link)) => {
                if forget {
                    let mut disconnect = disconnect.clone();
                    disconnect.properties.push(Property::SessionExpiryInterval(0));
                    link.disconnect(&disconnect);
                } else {
                    link.disconnect(disconnect);
                }
                self.attention = true;
                self.phase = Phase::Leaving(now + self.options.linger.max(Duration::from_millis(100)));
            }
            (Phase::Leaving(_), _) => {}
            _ => self.left(),
        }
        Ok(token)
    }

    /// For `close()`: begins to say goodbye where there is a connection; a second `close()` finds nothing to do.
    pub(crate) fn leave(&mut self, now: Time) -> Result<Option<Token>> {
        match self.phase {
            Phase::Connected | Phase::Leaving(_) => {
                self.start_disconnect(now, &Disconnect::new(ReasonCode::Success)).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// `close()`: no way back. Returns how many publishes are given up.
    pub(crate) fn close(&mut self) -> usize {
        let unfinished = match self.options.store {
            // The store keeps what is above QoS 0.
            Some(_) => self.queued_qos0.len(),
            None => self.session().map_or(0, |session| session.unfinished().len()),
        };
        let lost = self.flushing.len() + unfinished;
        self.go_idle();
        self.phase = Phase::Closed;
        lost
    }

    /// Why a call cannot be served: there is no connection and none will be made.
    pub(crate) fn why_closed(&self) -> Error {
        match &self.last_error {
            Some(error) => error.clone(),
            None if self.phase == Phase::Closed => {
                Error::Closed { why: "close() was called; make a new client".into(), reason: None }
            }
            None => Error::Closed { why: format!("not connected to {}; call connect()", self.peer), reason: None },
        }
    }

    /// What a call that waits for an answer is told when none can come: no connection will be made, or the server
    /// was never reached and a round of attempts has failed since `failed_before`.
    pub(crate) fn hopeless(&self, failed_before: u64) -> Option<Error> {
        let never_reached = !self.ever_connected && self.round.failed > failed_before;
        (self.is_idle() || never_reached).then(|| self.why_closed())
    }

    /// Nothing is connected or will be.
    pub(crate) fn is_idle(&self) -> bool {
        matches!(self.phase, Phase::Idle | Phase::Closed)
    }

    pub(crate) fn rounds_failed(&self) -> u64 {
        self.round.failed
    }
}

// What the pump asks and reports.
impl State {
    pub(crate) fn plan(&mut self, now: Time) -> Plan {
        match self.phase {
            Phase::Waiting(until) if until <= now => self.begin_round(),
            Phase::Leaving(until) if until <= now => self.left(),
            _ => {}
        }
        let kind = match self.phase {
            Phase::Idle | Phase::Waiting(_) | Phase::Closed => PlanKind::Nothing,
            Phase::Dialing if self.round.attempt != self.epoch => {
                (self.round.attempt, self.round.attempt_at) = (self.epoch, now);
                return self.plan(now);
            }
            Phase::Dialing => PlanKind::Dial,
            Phase::Handshake | Phase::Connected => PlanKind::Move,
            Phase::Leaving(_) => PlanKind::Leave,
        };
        Plan { epoch: self.epoch, kind }
    }

    /// When the pump has to come again even if nothing is readable.
    pub(crate) fn deadline(&self, now: Time) -> Option<Time> {
        match self.phase {
            Phase::Waiting(until) | Phase::Leaving(until) => Some(until),
            Phase::Connected if self.is_paused() => Some(now + Duration::from_secs(1)),
            _ => self.link.as_ref().and_then(Link::poll_timeout),
        }
    }

    /// The socket stands: CONNECT goes out.
    pub(crate) fn dialed(&mut self, now: Time, peer: String) {
        self.peer = peer;
        let Some(session) = self.session.take() else { return };
        let (connect, limits) = (self.connect_packet(), self.limits(now));
        self.began_clean = connect.clean_start;
        match Link::client(now, limits, &connect, session) {
            Ok(mut link) => {
                link.committed(self.saved);
                self.link = Some(link);
                self.phase = Phase::Handshake;
                self.taken = 0;
                self.blocked = false;
                self.disconnect = None;
                self.connected_at = now;
                self.log("debug", |state| {
                    format!("{}: CONNECT as {:?}, {}", state.peer, state.client_id, state.version)
                });
            }
            Err((error, session)) => {
                self.session = Some(session);
                let text = format!("CONNECT cannot be written: {error}");
                self.servers.give_up();
                self.attempt_failed(now, Error::InvalidArgument(text));
            }
        }
    }

    /// The connection or attempt of this epoch is over.
    pub(crate) fn lost(&mut self, now: Time, epoch: u64, error: Error) {
        if epoch != self.epoch {
            return;
        }
        match self.phase {
            Phase::Dialing | Phase::Handshake => self.attempt_failed(now, error),
            Phase::Connected => self.connection_lost(now, error),
            Phase::Leaving(_) => self.left(),
            Phase::Idle | Phase::Waiting(_) | Phase::Closed => {}
        }
    }

    /// DISCONNECT is written. The server ends its side within this time, or is not waited for.
    pub(crate) fn farewell_sent(&mut self, now: Time) {
        if let Phase::Leaving(until) = self.phase {
            self.phase = Phase::Leaving(until.min(now + FAREWELL));
            // It may keep the session all the same; but the owner has said that it needs it no more.
            self.kept_by_server = false;
        }
    }

    /// The farewell is over.
    pub(crate) fn left(&mut self) {
        self.log("info", |state| format!("{}: disconnected", state.peer));
        self.last_error = None;
        self.rest = Rest::Left;
        let waiting = std::mem::take(&mut self.connect_tokens);
        self.go_idle();
        if std::mem::take(&mut self.again) {
            self.connect_tokens = waiting;
            self.begin_round();
        } else {
            waiting.into_iter().for_each(|token| self.finish(token, None));
        }
    }

    /// CONNACK with success.
    pub(super) fn connected(&mut self, now: Time, conn_ack: ConnAck) {
        let resumed = conn_ack.session_present;
        self.phase = Phase::Connected;
        self.stats.connections += 1;
        self.stats.round_trip_us = now.since(self.connected_at).as_micros() as u64;
        self.connected_at = now;
        self.last_error = None;
        self.servers.connected();
        self.round.explicit = false;
        if self.ever_connected {
            self.stats.reconnects += 1;
        }
        if !resumed {
            self.stats.republished += self.round.in_flight as u64;
            if self.ever_connected && self.options.resubscribe {
                self.subscribe_again();
            }
        }
        self.ever_connected = true;
        self.spoke_newest |= self.version.has_properties();
        self.kept_by_server = self.outlives_connection();
        self.log("info", |state| {
            let session = if resumed { "session resumed" } else { "new session" };
            format!("{}: connected, {}, {session}", state.peer, state.version)
        });
        self.conn_ack = Some(conn_ack.clone());
        for token in std::mem::take(&mut self.connect_tokens) {
            self.finish(token, Some(ReasonCode::Success));
        }
        self.progress = true;
        self.notice(Event::Connected { conn_ack, resumed });
        self.send_requests_first(now);
        self.after_send();
    }
}

impl State {
    /// Who subscribed and then published before there was a connection expects the two in this order. The link has
    /// written what was queued already, so the requests are put before it.
    fn send_requests_first(&mut self, now: Time) {
        let mut queued = Vec::new();
        self.move_output(&mut queued);
        self.send_requests(now);
        let mut head = Vec::new();
        self.move_output(&mut head);
        head.append(&mut queued);
        self.head = head;
    }

    fn connection_lost(&mut self, now: Time, error: Error) {
        if now.since(self.connected_at) >= STOOD {
            self.backoff.reset();
        }
        self.end_link();
        self.log("warning", |_| error.to_string());
        let taken_over = self.disconnect.as_ref().is_some_and(|d| d.reason == ReasonCode::SessionTakenOver);
        let delay = if taken_over { None } else { self.backoff.next_delay() };
        self.ended(now, error, delay);
        if self.phase == Phase::Idle {
            self.rest = Rest::GivenUp;
        }
    }

    pub(super) fn ended(&mut self, now: Time, error: Error, delay: Option<Duration>) {
        self.epoch += 1;
        self.phase = match delay {
            Some(delay) => Phase::Waiting(now + delay),
            None => Phase::Idle,
        };
        self.not_before = now + self.options.reconnect.min_delay;
        self.last_error = Some(error.clone());
        self.progress = true;
        self.attention = true;
        let disconnect = self.disconnect.take();
        self.notice(Event::Disconnected { why: error, disconnect, retry_in: delay.map(|d| d.as_secs_f64()) });
    }

    fn go_idle(&mut self) {
        let was_connected = matches!(self.phase, Phase::Connected | Phase::Leaving(_));
        self.end_link();
        self.epoch += 1;
        self.phase = Phase::Idle;
        self.round.explicit = false;
        for token in std::mem::take(&mut self.connect_tokens) {
            self.finish(token, None);
        }
        self.finish_disconnects();
        self.progress = true;
        self.attention = true;
        if was_connected {
            let why = Error::Closed { why: format!("disconnected from {}", self.peer), reason: None };
            self.notice(Event::Disconnected { why, disconnect: None, retry_in: None });
        }
    }

    fn finish_disconnects(&mut self) {
        for token in std::mem::take(&mut self.disconnect_tokens) {
            self.finish(token, Some(ReasonCode::Success));
        }
    }

    /// Takes the session back from the link, and gives up what went down with the connection.
    pub(super) fn end_link(&mut self) {
        if let Some(link) = self.link.take() {
            self.session = Some(link.end());
        }
        self.requests.connection_lost();
        self.head = Vec::new();
        self.blocked = false;
        self.sample = None;
        for (_, token) in std::mem::take(&mut self.flushing) {
            self.finish(token, None);
            self.stats.messages_dropped += 1;
            self.completed_event(token, ReasonCode::UnspecifiedError);
        }
    }

    fn subscribe_again(&mut self) {
        // What has not been answered yet is asked again anyway.
        let requests = &self.requests;
        for (subscriptions, properties) in
            self.subscriptions.to_requests(FILTERS_AT_ONCE, |token| requests.is_open(token))
        {
            self.stats.resubscribed += subscriptions.len() as u64;
            let body = Body::Subscribe(subscriptions);
            self.requests.push(Request { token: 0, body, properties, packet_id: None, waited_for: false });
        }
    }

    /// Whether the server keeps the session when the connection is lost.
    fn outlives_connection(&self) -> bool {
        if self.version.has_properties() {
            self.options.properties.session_expiry_interval() != Some(0)
        } else {
            !self.began_clean
        }
    }

    fn starts_clean(&self) -> bool {
        // MQTT 3: the session of a generated identifier ends with its connection, so there is nothing to resume.
        let may_resume = self.ever_connected && (self.version.has_properties() || !self.has_generated_id);
        self.options.clean_start && !may_resume && !self.restored
    }

    /// Whether the session ends with DISCONNECT: nobody else knows its identifier, and the server would keep messages for
    /// nobody.
    fn ends_session(&self) -> bool {
        self.has_generated_id
            && self.version.has_properties()
            && self.options.store.is_none()
            && self.options.properties.session_expiry_interval().is_none()
    }

    fn connect_packet(&self) -> Connect {
        let options = &self.options;
        let mut connect = Connect::new(self.version, self.client_id.clone());
        connect.clean_start = self.starts_clean();
        connect.keep_alive = options.keep_alive;
        connect.will = options.will.clone();
        connect.user_name = options.user_name.clone();
        connect.password = options.password.clone();
        connect.properties = options.properties.clone();
        if connect.properties.session_expiry_interval().is_none() {
            connect.properties.push(Property::SessionExpiryInterval(SESSION_EXPIRY));
        }
        connect
    }

    fn limits(&self, now: Time) -> Limits {
        let options = &self.options;
        // The time is for all of it, and some is gone. A little is left for a server that answers at once.
        let left = options.connect_timeout.saturating_sub(now.since(self.round.attempt_at));
        let handshake_timeout = left.max(Duration::from_millis(50)).as_millis();
        let properties = &options.properties;
        Limits {
            maximum_packet_size: properties.maximum_packet_size().unwrap_or(options.maximum_packet_size),
            receive_maximum: properties.receive_maximum().unwrap_or(options.receive_maximum),
            // As many as there are packet identifiers; what they keep is bounded by the receive queue.
            receive_tolerance: u16::MAX,
            topic_alias_maximum: properties.topic_alias_maximum().unwrap_or(0),
            handshake_timeout: handshake_timeout.try_into().unwrap_or(u32::MAX),
            ..Limits::default()
        }
    }
}

/// Seconds that the server keeps the session of a lost connection, unless the options say otherwise.
const SESSION_EXPIRY: u32 = 300;
