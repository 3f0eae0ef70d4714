//! What the server sends.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use mqtt_proto::packet::{ConnAck, PacketType, Properties, Property, QoS, SubAck, UnsubAck};
use mqtt_proto::session::{self, Receipt};
use mqtt_proto::wire::decode::PublishView;
use mqtt_proto::{ReasonCode, Rule, Text, Time, Violation};
use smallvec::SmallVec;

use super::{Phase, State};
use crate::requests::{Answer, Body, Request, summary};
use crate::{AckId, Error, Event, Received};

/// What [`State::feed`] did with its input.
#[derive(Debug)]
pub(crate) struct Fed {
    /// Bytes that are done with.
    pub(crate) consumed: usize,
    /// The connection is over.
    pub(crate) over: Option<Error>,
}

impl State {
    /// Reads packets from the front of `input` until it needs more bytes, the receive queue is full, or the
    /// connection is over.
    pub(crate) fn feed(&mut self, now: Time, clock: SystemTime, input: &[u8]) -> Fed {
        let mut fed = Fed { consumed: 0, over: None };
        while fed.over.is_none() && !self.is_paused() {
            let Some(link) = &mut self.link else { break };
            match link.recv(now, &input[fed.consumed..]) {
                Ok(session::Received { consumed, event }) => {
                    fed.consumed += consumed;
                    self.stats.packets_received += u64::from(consumed > 0);
                    if let Some(event) = event {
                        fed.over = self.take(now, clock, event);
                    } else if consumed == 0 {
                        break;
                    }
                }
                Err(violation) => fed.over = Some(self.violated(violation, &input[fed.consumed..])),
            }
        }
        self.stats.bytes_received += fed.consumed as u64;
        self.send_requests(now);
        self.after_send();
        fed
    }

    /// The server broke a rule, or is none: other protocols give themselves away by their first bytes.
    fn violated(&self, violation: Violation, input: &[u8]) -> Error {
        let other = match input {
            _ if self.phase != Phase::Handshake => "",
            [0x15, 3, ..] => " (which speaks TLS on this port: use mqtts://)",
            [b'H', b'T', b'T', b'P', ..] => " (which speaks HTTP on this port: MQTT over WebSocket is ws:// or wss://)",
            [b'S', b'S', b'H', ..] => " (which speaks SSH on this port)",
            _ => "",
        };
        Error::Protocol { violation, peer: format!("{}{other}", self.peer) }
    }

    /// The clock has moved; to be called when nothing is left to read. An error ends the connection.
    pub(crate) fn handle_timeout(&mut self, now: Time) -> Result<(), Error> {
        if self.is_paused() {
            return Ok(());
        }
        let Some(link) = &mut self.link else { return Ok(()) };
        let peer = &self.peer;
        let after = self.options.connect_timeout;
        link.handle_timeout(now).map_err(|violation| match violation.rule {
            // Silence breaks no rule of the protocol.
            Rule::HandshakeTimeout => {
                Error::Timeout { what: "the answer to CONNECT".to_owned(), peer: peer.clone(), after }
            }
            Rule::PingTimeout => Error::Transport(format!(
                "the connection to {peer} is dead: PINGREQ was not answered, and nothing else came either"
            )),
            _ => Error::Protocol { violation, peer: peer.clone() },
        })
    }

    /// Received messages fill the queue, and no call waits for an answer that may be behind them.
    pub(crate) fn is_paused(&self) -> bool {
        self.inbox.bytes() >= self.options.receive_queue && self.awaiting == 0 && self.phase == Phase::Connected
    }

    /// A message has been handled. False where it was acknowledged before, and where its connection is over and the
    /// server sends it again.
    pub(crate) fn ack(&mut self, ack: AckId, reason: ReasonCode) -> bool {
        let Some(receipt) = self.inbox.take_receipt(ack) else { return false };
        match (&mut self.link, &mut self.session) {
            (Some(link), _) => {
                let counts = link.awaits(&receipt);
                link.settle(receipt, reason);
                counts
            }
            (None, Some(session)) => {
                let counts = session.awaits(&receipt);
                session.settle(receipt, reason);
                counts
            }
            (None, None) => false,
        }
    }

    /// The next message.
    pub(crate) fn next_message(&mut self) -> Option<Received> {
        let paused = self.is_paused();
        let mut message = self.inbox.pop();
        self.attention |= paused && !self.is_paused();
        if let Some(message) = message.as_mut().filter(|message| message.handles.is_empty()) {
            // A session that is resumed sends what waited at once: before the program has subscribed again.
            message.handles = self.subscriptions.matching(&message.topic);
        }
        message
    }

    /// While reading pauses, answers to pings stay unread, so the link must not count them. The server still wants to
    /// hear from us [MQTT-3.1.2-20].
    pub(super) fn ping_while_paused(&mut self, now: Time, out: &mut Vec<u8>) {
        if !self.is_paused() {
            self.paused_at = None;
            return;
        }
        let seconds = self.conn_ack.as_ref().and_then(|ack| ack.properties.server_keep_alive());
        let keep_alive = Duration::from_secs(seconds.unwrap_or(self.options.keep_alive).into()) * 3 / 4;
        let since = *self.paused_at.get_or_insert(now);
        if !keep_alive.is_zero() && now.since(since) >= keep_alive {
            self.paused_at = Some(now);
            out.extend_from_slice(&[(PacketType::PingReq as u8) << 4, 0]);
            self.stats.packets_sent += 1;
            self.taken += 2;
        }
    }

    /// One event of the link; what it returns ends the connection.
    fn take(&mut self, now: Time, clock: SystemTime, event: session::Event<'_>) -> Option<Error> {
        match event {
            session::Event::Publish { publish, alias, receipt } => self.message(clock, &publish, alias, receipt),
            session::Event::Completed { token, reason } => self.completed(token, reason),
            session::Event::Connected(ack) if ack.reason.is_error() => return Some(self.refused(*ack)),
            session::Event::Connected(ack) => self.connected(now, *ack),
            session::Event::Subscribed(sub_ack) => self.subscribed(sub_ack),
            session::Event::Unsubscribed(unsub_ack) => self.unsubscribed(unsub_ack),
            session::Event::Auth(auth) => self.notice(Event::Auth(auth)),
            session::Event::Disconnect(disconnect) => {
                let text = disconnect.properties.reason_string().map(|text| format!(" ({text})")).unwrap_or_default();
                let advice = match disconnect.reason {
                    ReasonCode::SessionTakenOver => {
                        "; another connection uses the same client identifier: give each its own"
                    }
                    _ => "",
                };
                let reference = disconnect.properties.server_reference();
                let other = reference.map(|names| format!("; it names {names}")).unwrap_or_default();
                let why = format!("{} disconnected us: {}{text}{advice}{other}", self.peer, disconnect.reason);
                self.take_reference(disconnect.reason, reference);
                let reason = Some(disconnect.reason);
                self.disconnect = Some(disconnect);
                return Some(Error::Closed { why, reason });
            }
            // Only a server's link tells of these.
            session::Event::Connect(_)
            | session::Event::Subscribe(_)
            | session::Event::Unsubscribe(_)
            | session::Event::Ping => {}
        }
        None
    }

    fn message(&mut self, clock: SystemTime, view: &PublishView<'_>, alias: Option<Text>, receipt: Option<Receipt>) {
        self.stats.messages_received += 1;
        let (topic, handles) = self.topic_and_handles(view.topic, alias);
        let (mut properties, mut subscription_identifiers) = (Properties::new(), smallvec::SmallVec::new());
        for property in &view.to_properties() {
            match property {
                Property::SubscriptionIdentifier(identifier) => subscription_identifiers.push(*identifier),
                Property::TopicAlias(_) => {}
                other => properties.push(other.clone()),
            }
        }
        let received = Received {
            handles,
            topic,
            payload: Bytes::copy_from_slice(view.payload),
            properties,
            qos: view.qos,
            retain: view.retain,
            dup: view.dup,
            packet_id: view.packet_id,
            subscription_identifiers,
            received_at: clock,
            ack: None,
        };
        debug_assert_eq!(receipt.is_some(), received.qos > QoS::AtMostOnce);
        self.inbox.push(received, receipt);
        self.matched = self.subscriptions.version();
        self.fresh = true;
        self.progress = true;
    }

    /// The topic of a message, and the handles for it. Messages often come in runs of one topic, which share both.
    fn topic_and_handles(&self, topic: &str, alias: Option<Text>) -> (Text, SmallVec<[u32; 2]>) {
        let name = alias.as_deref().unwrap_or(topic);
        if let Some(last) = self.inbox.last().filter(|last| *last.topic == *name)
            && self.matched == self.subscriptions.version()
        {
            return (last.topic.clone(), last.handles.clone());
        }
        let handles = self.subscriptions.matching(name);
        (alias.unwrap_or_else(|| topic.into()), handles)
    }

    fn refused(&self, conn_ack: ConnAck) -> Error {
        Error::Connect { reason: conn_ack.reason, conn_ack: Box::new(conn_ack), peer: self.peer.clone() }
    }

    fn subscribed(&mut self, sub_ack: SubAck) {
        let Some(Request { token, body: Body::Subscribe(filters), waited_for, .. }) =
            self.requests.take(sub_ack.packet_id)
        else {
            return;
        };
        self.subscriptions.answered(token, &filters, &sub_ack.reasons);
        for (subscription, reason) in filters.iter().zip(&sub_ack.reasons).filter(|(_, reason)| reason.is_error()) {
            self.log("warning", |state| format!("{} refused {}: {reason}", state.peer, subscription.filter));
        }
        let reason = summary(&sub_ack.reasons);
        self.finish(token, Some(reason));
        if waited_for {
            self.requests.keep_answer(token, Answer::Subscribed(sub_ack));
        } else if token != 0 {
            self.notice(Event::SubscribeDone { token, sub_ack });
        }
    }

    fn unsubscribed(&mut self, unsub_ack: UnsubAck) {
        let Some(Request { token, body: Body::Unsubscribe(filters), waited_for, .. }) =
            self.requests.take(unsub_ack.packet_id)
        else {
            return;
        };
        let reasons = unsub_ack.reasons.iter().copied().chain(std::iter::repeat(ReasonCode::Success));
        for (filter, reason) in filters.iter().zip(reasons) {
            if !reason.is_error() {
                self.subscriptions.remove(filter);
            }
        }
        self.finish(token, Some(summary(&unsub_ack.reasons)));
        if waited_for {
            self.requests.keep_answer(token, Answer::Unsubscribed(unsub_ack));
        } else {
            self.notice(Event::UnsubscribeDone { token, unsub_ack });
        }
    }
}
