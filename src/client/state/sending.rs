//! Publishes, subscribes and unsubscribes, and what became of them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use mqtt_proto::packet::{Auth, Message, PacketType, Properties, Property, QoS};
use mqtt_proto::session::{Dropped, Ending, Outgoing, Sent, Session};
use mqtt_proto::topic::{Filter, check_name};
use mqtt_proto::wire::fanout::Fanout;
use mqtt_proto::wire::frame;
use mqtt_proto::{ReasonCode, Text, Time};

use super::{Phase, State};
use crate::options::WhenFull;
use crate::requests::{self, Answer, Body, Request};
use crate::tokens::Status;
use crate::{Error, Event, PublishRequest, Result, Subscribe, Token};

/// When the output has to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flush {
    /// There is nothing, or the socket takes nothing.
    Nothing,
    /// By the caller: it is a lone message, or a good batch.
    Inline,
    /// By the background thread, soon: more is likely to come.
    Later,
}

/// What became of a publish.
#[derive(Debug)]
pub(crate) enum Handed {
    Over(Token, Flush),
    /// No room.
    Full {
        messages: usize,
        bytes: usize,
    },
}

/// A publish that comes so soon after the last one is one of a burst.
const BURST: Duration = Duration::from_micros(50);
/// Output worth a system call.
const BATCH: usize = 16 * 1024;

impl State {
    pub(crate) fn publish(&mut self, now: Time, instant: Instant, request: &PublishRequest<'_>) -> Result<Handed> {
        self.want_connection(now)?;
        let PublishRequest { topic, payload, qos, retain, properties } = *request;
        let token = self.tokens.next();
        let outgoing = Outgoing { qos, retain, subscription_identifiers: &[], token };
        let sent = match (&mut self.link, &mut self.session) {
            (Some(link), _) => link.send(now, &mut Fanout::from_parts(topic, payload, properties, now), outgoing),
            (None, Some(session)) => session.enqueue(now, &to_message(request, now), outgoing),
            (None, None) => Sent::Dropped(Dropped::NotConnected),
        };
        match sent {
            Sent::Dropped(Dropped::QueueFull) if self.options.offline_queue.when_full != WhenFull::DropOldest => {
                let session = self.session();
                let messages = session.map_or(0, Session::queued);
                return Ok(Handed::Full { messages, bytes: session.map_or(0, Session::queued_bytes) });
            }
            Sent::Dropped(why) => return self.not_sent(why),
            Sent::Written | Sent::InFlight(_) | Sent::Queued => {}
        }
        let token = self.tokens.begin();
        self.stats.messages_sent += 1;
        match sent {
            Sent::Written => self.flushing.push_back((self.position(), token)),
            Sent::Queued if qos == QoS::AtMostOnce => self.queued_qos0.push_back(token),
            Sent::InFlight(_) if self.sample.is_none() => self.sample = Some((token, instant)),
            _ => {}
        }
        if sent == Sent::Queued {
            // A queue that drops its oldest has done it by now.
            self.collect_ended();
        }
        Ok(Handed::Over(token, self.flush_after(instant)))
    }

    /// The rule for writing: a lone message and a good batch at once, the rest of a burst soon.
    pub(crate) fn flush_after(&mut self, instant: Instant) -> Flush {
        let last = self.last_send.replace(instant);
        let waiting = self.link.as_ref().map_or(0, |link| link.output().len());
        if waiting == 0 || self.blocked || self.phase == Phase::Handshake {
            Flush::Nothing
        } else if waiting > BATCH || last.is_none_or(|last| instant.saturating_duration_since(last) > BURST) {
            Flush::Inline
        } else {
            Flush::Later
        }
    }

    /// Moves what wants to be written to the end of `out`. The kernel has everything up to position `flushed`.
    pub(crate) fn take_output(&mut self, now: Time, flushed: u64, out: &mut Vec<u8>) {
        self.flushed(flushed);
        if self.link.is_none() {
            return;
        }
        let before = out.len();
        out.append(&mut self.head);
        self.move_output(out);
        let length = (out.len() - before) as u64;
        if length > 0 {
            self.taken += length;
            self.stats.bytes_sent += length;
            // Writing makes room, and the queue may have gone on.
            self.after_send();
        }
        self.ping_while_paused(now, out);
    }

    /// Moves the output of the link to the end of `out`.
    pub(super) fn move_output(&mut self, out: &mut Vec<u8>) {
        let Some(link) = &mut self.link else { return };
        let output = link.output();
        let length = output.len();
        if length > 0 {
            self.stats.packets_sent += count_packets(output);
            out.extend_from_slice(output);
            link.written(length);
        }
    }

    /// The kernel has everything up to this position: QoS 0 publishes before it are done.
    pub(crate) fn flushed(&mut self, flushed: u64) {
        while let Some((position, token)) = self.flushing.front().copied()
            && position <= flushed
        {
            self.flushing.pop_front();
            self.finish(token, Some(ReasonCode::Success));
            self.completed_event(token, ReasonCode::Success);
        }
    }

    /// Position behind everything that was taken or wants to be.
    pub(super) fn position(&self) -> u64 {
        self.taken + self.head.len() as u64 + self.link.as_ref().map_or(0, |link| link.output().len() as u64)
    }

    /// Position behind everything that was taken.
    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }

    /// To be called after anything that may have sent from the queue.
    pub(super) fn after_send(&mut self) {
        self.collect_ended();
        if !self.queued_qos0.is_empty() && self.session().is_some_and(|session| session.queued() == 0) {
            let position = self.position();
            self.flushing.extend(self.queued_qos0.drain(..).map(|token| (position, token)));
        }
    }

    /// A message of ours is done.
    pub(super) fn completed(&mut self, token: Token, reason: ReasonCode) {
        self.stats.messages_acknowledged += 1;
        if let Some((_, began)) = self.sample.take_if(|(sampled, _)| *sampled == token) {
            self.stats.round_trip_us = began.elapsed().as_micros() as u64;
        }
        self.finish(token, Some(reason));
        self.completed_event(token, reason);
    }

    pub(super) fn completed_event(&mut self, token: Token, reason: ReasonCode) {
        if self.completion_events {
            self.notice(Event::Completed { token, reason });
        }
    }

    /// The result of a token, or `None` while it is open. `failed_before`: rounds that had failed when the call began.
    pub(crate) fn result_of(&self, token: Token, failed_before: u64) -> Option<Result<ReasonCode>> {
        match self.tokens.status(token) {
            Status::Open => self.hopeless(failed_before).map(Err),
            Status::Done(reason) if reason.is_error() => {
                Some(Err(Error::Refused { what: format!("request {token}"), reason, peer: self.peer.clone() }))
            }
            Status::Done(reason) => Some(Ok(reason)),
            Status::Lost => {
                let failed = self.failed_connects.iter().find(|(failed, _)| *failed == token);
                let error = failed.map(|(_, error)| error).or(self.last_error.as_ref()).cloned();
                Some(Err(error.unwrap_or_else(|| Error::Closed {
                    why: format!("request {token} was given up: its message expired, or the connection ended"),
                    reason: None,
                })))
            }
            Status::Forgotten => Some(Ok(ReasonCode::Success)),
        }
    }

    /// The results of those that are done and that no event left to take tells of.
    pub(crate) fn results(&self, asked: &[(Token, u64)]) -> Vec<(Token, Result<ReasonCode>)> {
        let result = |(token, failures): &(Token, u64)| Some((*token, self.result_of(*token, *failures)?));
        let mut done: Vec<_> = asked.iter().filter_map(result).collect();
        // Who asks right after publishing finds nothing done, and is not to wait for a look at all that is to be told.
        if !done.is_empty() {
            let told: std::collections::HashSet<Token> = self.notices.tokens().collect();
            done.retain(|(token, _)| !told.contains(token));
        }
        done
    }

    pub(crate) fn is_done(&self, token: Token) -> bool {
        self.tokens.status(token) != Status::Open
    }

    pub(crate) fn open_tokens(&self) -> usize {
        self.tokens.open()
    }

    fn not_sent(&mut self, why: Dropped) -> Result<Handed> {
        self.stats.messages_dropped += 1;
        let Some(reason) = refusal(why).filter(|_| why != Dropped::QueueFull) else {
            let token = self.tokens.begin();
            self.finish(token, refusal(why));
            self.completed_event(token, refusal(why).unwrap_or(ReasonCode::UnspecifiedError));
            return Ok(Handed::Over(token, Flush::Nothing));
        };
        Err(Error::Refused { what: format!("publish ({why})"), reason, peer: self.peer.clone() })
    }

    /// Tokens that ended without an event of the link.
    fn collect_ended(&mut self) {
        let Some(session) = self.session_mut() else { return };
        for ended in session.take_ended() {
            match ended.ending {
                Ending::Acknowledged(reason) => self.completed(ended.token, reason),
                Ending::Dropped(why) => {
                    self.stats.messages_dropped += 1;
                    let token = ended.token;
                    self.log("warning", |_| format!("publish {token} was dropped: {why}"));
                    let reason = refusal(why);
                    self.finish(token, reason);
                    self.completed_event(token, reason.unwrap_or(ReasonCode::UnspecifiedError));
                }
            }
        }
    }
}

// Subscribing.
impl State {
    pub(crate) fn subscribe(
        &mut self,
        now: Time,
        filters: &[Subscribe],
        properties: &Properties,
        waited_for: bool,
    ) -> Result<Token> {
        self.check_request(
            filters.len(),
            filters.iter().map(|filter| &filter.subscription.filter),
            properties,
            PacketType::Subscribe,
        )?;
        self.want_connection(now)?;
        let token = self.tokens.begin();
        self.subscriptions.add(token, filters, properties);
        let body = Body::Subscribe(filters.iter().map(|filter| filter.subscription.clone()).collect());
        self.request(now, Request { token, body, properties: properties.clone(), packet_id: None, waited_for });
        Ok(token)
    }

    pub(crate) fn unsubscribe(
        &mut self,
        now: Time,
        filters: &[Text],
        properties: &Properties,
        waited_for: bool,
    ) -> Result<Token> {
        self.check_request(filters.len(), filters.iter(), properties, PacketType::Unsubscribe)?;
        self.want_connection(now)?;
        let token = self.tokens.begin();
        let body = Body::Unsubscribe(filters.to_vec());
        self.request(now, Request { token, body, properties: properties.clone(), packet_id: None, waited_for });
        Ok(token)
    }

    pub(crate) fn send_auth(&mut self, auth: &Auth) -> Result<()> {
        self.check_open()?;
        match self.link.as_mut() {
            Some(link) => link.send_auth(auth).map_err(|error| Error::InvalidArgument(error.to_string())),
            None => Err(self.why_closed()),
        }
    }

    pub(crate) fn take_answer(&mut self, token: Token) -> Option<Answer> {
        self.requests.take_answer(token)
    }

    pub(crate) fn stop_waiting(&mut self, token: Token) {
        self.requests.stop_waiting(token);
    }

    pub(crate) fn forget_handles(&mut self) {
        self.subscriptions.forget_handles();
    }

    /// Writes the requests that wait, as far as packet identifiers last.
    pub(super) fn send_requests(&mut self, now: Time) {
        if self.phase != Phase::Connected {
            return;
        }
        let Some(link) = &mut self.link else { return };
        let mut broken = Vec::new();
        for request in self.requests.unsent() {
            let sent = match &request.body {
                Body::Subscribe(filters) => link.subscribe(now, filters, &request.properties),
                Body::Unsubscribe(filters) => link.unsubscribe(now, filters, &request.properties),
            };
            match sent {
                Ok(Some(packet_id)) => request.packet_id = Some(packet_id),
                Ok(None) => break,
                Err(error) => {
                    let reason = self.conn_ack.as_ref().and_then(|ack| unsupported(request, &ack.properties));
                    let reason = reason.unwrap_or(ReasonCode::ImplementationSpecificError);
                    if let Body::Subscribe(filters) = &request.body {
                        self.subscriptions.answered(request.token, filters, &vec![reason; filters.len()]);
                    }
                    broken.push((request.token, reason, error));
                }
            }
        }
        for (token, reason, error) in broken {
            self.requests.drop_where(|request| request.token == token && request.packet_id.is_none());
            self.log("error", |_| format!("request {token} cannot be written: {error}"));
            self.finish(token, Some(reason));
        }
    }

    fn request(&mut self, now: Time, request: Request) {
        self.requests.push(request);
        self.send_requests(now);
    }

    fn check_request<'a>(
        &self,
        count: usize,
        filters: impl Iterator<Item = &'a Text>,
        properties: &Properties,
        packet: PacketType,
    ) -> Result<()> {
        if count == 0 {
            return Err(Error::InvalidArgument(format!("{packet} needs at least one topic filter")));
        }
        if self.requests.len() >= requests::MAXIMUM {
            return Err(Error::QueueFull { messages: self.requests.len(), bytes: 0 });
        }
        for filter in filters {
            Filter::parse(filter)
                .map_err(|rule| Error::InvalidArgument(format!("topic filter {filter:?}: {}", rule.text())))?;
        }
        check_properties(properties, packet)
    }
}

/// How many packets whole bytes of output are.
fn count_packets(mut bytes: &[u8]) -> u64 {
    let mut count = 0;
    while let Some(size) = frame::announced(bytes) {
        count += 1;
        bytes = bytes.get(size as usize..).unwrap_or_default();
    }
    count
}

/// The reason code for a message that the session does not send.
fn refusal(why: Dropped) -> Option<ReasonCode> {
    match why {
        Dropped::TooLarge => Some(ReasonCode::PacketTooLarge),
        Dropped::QoSNotSupported => Some(ReasonCode::QoSNotSupported),
        Dropped::RetainNotSupported => Some(ReasonCode::RetainNotSupported),
        Dropped::QueueFull => Some(ReasonCode::QuotaExceeded),
        Dropped::Expired | Dropped::NotConnected | Dropped::ConnectionLost => None,
    }
}

/// What of a publish can be found wrong without a connection.
pub(crate) fn check_publish(request: &PublishRequest<'_>) -> Result<()> {
    check_name(request.topic)
        .map_err(|rule| Error::InvalidArgument(format!("topic {:?}: {}", request.topic, rule.text())))?;
    if request.properties.is_empty() { Ok(()) } else { check_properties(request.properties, PacketType::Publish) }
}

fn check_properties(properties: &Properties, packet: PacketType) -> Result<()> {
    for property in properties {
        let id = property.id();
        let ours = packet == PacketType::Publish
            && matches!(property, Property::TopicAlias(_) | Property::SubscriptionIdentifier(_));
        let text = if ours || !id.allowed_in(packet) {
            "may not stand here"
        } else if property.encoded_len() > 65_538 && !matches!(property, Property::UserProperty(..)) {
            "is longer than 65535 bytes"
        } else if matches!(property, Property::UserProperty(name, value) if name.len().max(value.len()) > 65_535) {
            "has a name or value longer than 65535 bytes"
        } else if matches!(property, Property::ResponseTopic(topic) if check_name(topic).is_err()) {
            "is not a topic name"
        } else {
            continue;
        };
        return Err(Error::InvalidArgument(format!("property {} of {packet} {text}", id.name())));
    }
    Ok(())
}

/// What of a request the server has said in CONNACK that it does not support.
fn unsupported(request: &Request, connack: &Properties) -> Option<ReasonCode> {
    let Body::Subscribe(filters) = &request.body else { return None };
    let any = |found: fn(&str) -> bool| filters.iter().any(|subscription| found(&subscription.filter));
    if connack.shared_subscription_available() == Some(0) && any(|filter| filter.starts_with("$share/")) {
        Some(ReasonCode::SharedSubscriptionsNotSupported)
    } else if connack.wildcard_subscription_available() == Some(0) && any(|filter| filter.contains(['+', '#'])) {
        Some(ReasonCode::WildcardSubscriptionsNotSupported)
    } else if connack.subscription_identifier_available() == Some(0)
        && request.properties.subscription_identifier().is_some()
    {
        Some(ReasonCode::SubscriptionIdentifiersNotSupported)
    } else {
        None
    }
}

fn to_message(request: &PublishRequest<'_>, now: Time) -> Arc<Message> {
    let mut message = Message::new(request.topic, request.payload.to_vec());
    message.properties = request.properties.clone();
    message.received_at = now;
    Arc::new(message.with_expiry())
}
