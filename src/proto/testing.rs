//! Two ends in one thread, a virtual clock and a lossy pipe.
//!
//! A [`Pair`] is a client's link and a server's link with a [`Pipe`] each way. Nothing happens until [`Pair::run`] or
//! [`Pair::advance`]; then everything that can happen does, always in the same order. What the links report is kept
//! as [`Seen`] in the two [`End`]s.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use crate::packet::{
    Auth, ConnAck, Connect, Disconnect, Message, PacketId, Properties, Publish, QoS, SubAck, Subscribe, UnsubAck,
    Unsubscribe,
};
use crate::session::{Change, Ended, Event, Link, Outgoing, QueueLimits, Receipt, Sent, Session};
use crate::wire::fanout::Fanout;
use crate::{Limits, ReasonCode, Text, Time, Version, Violation};

/// An event of a link, owned, in the order it was seen.
#[derive(Debug, PartialEq, Eq)]
#[allow(missing_docs)] // those of session::Event
pub enum Seen {
    Connect(Box<Connect>),
    Connected(Box<ConnAck>),
    /// The topic is resolved where an alias stood for it. The receipt is absent where [`End::settles`] has used it.
    Publish(Box<Publish>, Option<Receipt>),
    Completed(u64, ReasonCode),
    Ended(Ended),
    Subscribe(Subscribe),
    Unsubscribe(Unsubscribe),
    Subscribed(SubAck),
    Unsubscribed(UnsubAck),
    Auth(Auth),
    Disconnect(Disconnect),
    /// What [`Link::recv`] or [`Link::handle_timeout`] returned.
    Violation(Violation),
}

/// Bytes on their way in one direction.
#[derive(Debug, Default)]
pub struct Pipe {
    /// How long each byte takes.
    pub delay: Duration,
    /// Deliver at most so many bytes at once; 0 is as many as there are.
    pub chunk: usize,
    /// After so many more bytes the connection breaks; what comes later is lost, in both directions.
    pub cut_after: Option<usize>,
    /// Bytes that have entered since the connection began.
    pub entered: usize,
    under_way: VecDeque<(Time, Vec<u8>)>,
}

impl Pipe {
    /// True when the connection breaks here.
    fn push(&mut self, now: Time, bytes: &[u8]) -> bool {
        let pass = self.cut_after.map_or(bytes.len(), |left| left.min(bytes.len()));
        if let Some(left) = &mut self.cut_after {
            *left -= pass;
        }
        self.entered += pass;
        let chunk = if self.chunk == 0 { pass.max(1) } else { self.chunk };
        for part in bytes[..pass].chunks(chunk) {
            self.under_way.push_back((now + self.delay, part.to_vec()));
        }
        self.cut_after == Some(0)
    }

    fn pop(&mut self, now: Time) -> Option<Vec<u8>> {
        if self.under_way.front()?.0 > now {
            return None;
        }
        self.under_way.pop_front().map(|(_, bytes)| bytes)
    }

    fn next(&self) -> Option<Time> {
        self.under_way.front().map(|(at, _)| *at)
    }
}

/// What an end does with a message on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settles {
    /// It settles the receipt with success at once.
    AtOnce,
    /// The test takes receipts from the events.
    ByHand,
}

/// One end: its link while connected, its session while not.
#[derive(Debug)]
pub struct End {
    /// Present while there is a connection.
    pub link: Option<Link>,
    /// Present while there is none; a test may put another one here.
    pub session: Option<Session>,
    /// Bounds for the next connection.
    pub limits: Limits,
    /// What was seen and not taken.
    pub seen: Vec<Seen>,
    /// What happens to receipts.
    pub settles: Settles,
    /// Save changes at once; else they wait for [`End::save`].
    pub saves: bool,
    /// Changes that were saved, in order.
    pub saved: Vec<Change>,
    /// Stop reading, as an owner does that is busy.
    pub reads: bool,
    unread: Vec<u8>,
}

impl End {
    fn new(limits: Limits) -> End {
        End {
            link: None,
            session: None,
            limits,
            seen: Vec::new(),
            settles: Settles::AtOnce,
            saves: true,
            saved: Vec::new(),
            reads: true,
            unread: Vec::new(),
        }
    }

    /// The link; panics where there is no connection.
    #[track_caller]
    pub fn link(&mut self) -> &mut Link {
        self.link.as_mut().expect("a connection")
    }

    /// The session, wherever it is.
    #[track_caller]
    pub fn session(&mut self) -> &mut Session {
        match (&mut self.session, &mut self.link) {
            (Some(session), _) => session,
            (None, Some(link)) => link.session_mut(),
            (None, None) => panic!("neither a link nor a session"),
        }
    }

    /// Everything seen since the last call.
    pub fn take_seen(&mut self) -> Vec<Seen> {
        std::mem::take(&mut self.seen)
    }

    /// The payloads of the messages seen since the last call, as text; other events are dropped.
    pub fn take_payloads(&mut self) -> Vec<String> {
        self.take_seen()
            .into_iter()
            .filter_map(|seen| match seen {
                Seen::Publish(publish, _) => Some(String::from_utf8_lossy(&publish.payload).into_owned()),
                _ => None,
            })
            .collect()
    }

    /// The receipts of the messages seen since the last call; other events are dropped.
    pub fn take_receipts(&mut self) -> Vec<Receipt> {
        let receipts = self.take_seen().into_iter().filter_map(|seen| match seen {
            Seen::Publish(_, receipt) => receipt,
            _ => None,
        });
        receipts.collect()
    }

    /// The tokens that have completed with success or ended since the last call; other events are dropped.
    pub fn take_completed(&mut self) -> Vec<(u64, ReasonCode)> {
        let completed = self.take_seen().into_iter().filter_map(|seen| match seen {
            Seen::Completed(token, reason) => Some((token, reason)),
            _ => None,
        });
        completed.collect()
    }

    /// The violation that this end has noticed, where it has.
    pub fn violation(&self) -> Option<Violation> {
        self.seen.iter().find_map(|seen| match seen {
            Seen::Violation(violation) => Some(*violation),
            _ => None,
        })
    }

    /// Saves what a durable session has recorded and tells the link.
    pub fn save(&mut self) {
        let (mark, changes) = self.session().take_changes();
        if changes.is_empty() {
            return;
        }
        self.saved.extend(changes);
        match (&mut self.session, &mut self.link) {
            (None, Some(link)) => link.committed(mark),
            _ => self.session().committed(mark),
        }
    }

    /// Sends a message, or queues it where there is no connection.
    pub fn publish(&mut self, now: Time, topic: &str, payload: &[u8], qos: QoS, token: u64) -> Sent {
        let message = Message { received_at: now, ..Message::new(topic, Bytes::copy_from_slice(payload)) };
        self.send(now, Arc::new(message), Outgoing { qos, retain: false, subscription_identifiers: &[], token })
    }

    /// The same with every choice.
    pub fn send(&mut self, now: Time, message: Arc<Message>, outgoing: Outgoing<'_>) -> Sent {
        match (&mut self.session, &mut self.link) {
            // A server's link that has not accepted does not have the session yet.
            (Some(session), _) => session.enqueue(now, &message, outgoing),
            (None, Some(link)) => link.send(now, &mut Fanout::from_message(message, now), outgoing),
            (None, None) => panic!("neither a link nor a session"),
        }
    }

    /// Feeds bytes; true when anything was done with them.
    fn recv(&mut self, now: Time, bytes: &[u8]) -> bool {
        self.unread.extend_from_slice(bytes);
        let Some(link) = &mut self.link else { return false };
        let mut at = 0;
        while self.reads {
            let received = match link.recv(now, &self.unread[at..]) {
                Ok(received) => received,
                Err(violation) => {
                    self.seen.push(Seen::Violation(violation));
                    break;
                }
            };
            if received.consumed == 0 {
                break;
            }
            let event = received.event.and_then(own);
            at += received.consumed;
            let Some(mut event) = event else { continue };
            if self.settles == Settles::AtOnce
                && let Seen::Publish(_, receipt) = &mut event
                && let Some(receipt) = receipt.take()
            {
                link.settle(receipt, ReasonCode::Success);
            }
            self.seen.push(event);
        }
        self.unread.drain(..at);
        self.seen.extend(link.session_mut().take_ended().into_iter().map(Seen::Ended));
        at > 0
    }

    fn end(&mut self) {
        self.unread.clear();
        if let Some(link) = self.link.take() {
            self.session = Some(link.end());
        }
    }
}

/// A client and a server with a pipe each way.
#[derive(Debug)]
pub struct Pair {
    /// The virtual clock.
    pub now: Time,
    /// What the client connects with.
    pub connect: Connect,
    /// What the server accepts with; session present is set as it has to be.
    pub ack: ConnAck,
    /// Absent: the test answers [`Seen::Connect`] itself.
    pub accepts: bool,
    /// What a new session of the server is: persistent, durable, and its bounds.
    pub server_session: (bool, bool, QueueLimits),
    /// The one that connects.
    pub client: End,
    /// The one that answers.
    pub server: End,
    /// Client to server.
    pub to_server: Pipe,
    /// Server to client.
    pub to_client: Pipe,
    accepted: bool,
}

impl Pair {
    /// Two ends with default limits that keep their sessions; not connected yet.
    pub fn new(version: Version) -> Pair {
        let mut connect = Connect::new(version, "client");
        connect.clean_start = false;
        if version.has_properties() {
            connect.properties.push(crate::packet::Property::SessionExpiryInterval(u32::MAX));
        }
        let mut client = End::new(Limits::default());
        client.session = Some(Session::new(true, false, QueueLimits::default()));
        Pair {
            now: Time::from_millis(1_000_000),
            connect,
            ack: ConnAck::accepted(false),
            accepts: true,
            server_session: (true, false, QueueLimits::default()),
            client,
            server: End::new(Limits::default()),
            to_server: Pipe::default(),
            to_client: Pipe::default(),
            accepted: false,
        }
    }

    /// The same, connected.
    pub fn connected(version: Version) -> Pair {
        let mut pair = Pair::new(version);
        pair.connect();
        pair
    }

    /// Begins a connection and runs until nothing moves. The server keeps its session unless CONNECT asks for a clean
    /// start.
    pub fn connect(&mut self) {
        self.begin();
        self.run();
    }

    /// Begins a connection: CONNECT is in the client's output. An old connection is cut.
    pub fn begin(&mut self) {
        self.cut();
        let session = self.client.session.take().unwrap_or_default();
        let link = Link::client(self.now, self.client.limits, &self.connect, session);
        self.client.link = Some(link.map_err(|(error, _)| error).expect("a CONNECT that can be written"));
        self.server.link = Some(Link::server(self.now, self.server.limits));
    }

    /// Breaks the connection: what is under way is lost.
    pub fn cut(&mut self) {
        for pipe in [&mut self.to_server, &mut self.to_client] {
            pipe.under_way.clear();
            pipe.cut_after = None;
            pipe.entered = 0;
        }
        self.client.end();
        if std::mem::take(&mut self.accepted) {
            self.server.end();
        }
        // A server that has not accepted still has what it had.
        self.server.link = None;
        self.server.unread.clear();
    }

    /// Whether there is a connection.
    pub fn is_open(&self) -> bool {
        self.client.link.is_some() && self.server.link.is_some()
    }

    /// Moves bytes, and the clock as far as the pipes need it, until nothing moves any more. No timer fires.
    pub fn run(&mut self) {
        loop {
            if !self.step() {
                let next = [self.to_server.next(), self.to_client.next()].into_iter().flatten().min();
                match next {
                    Some(at) => self.now = self.now.max(at),
                    None => return,
                }
            }
        }
    }

    /// Lets this much time pass; timers fire when they are due.
    pub fn advance(&mut self, span: Duration) {
        let end = self.now + span;
        self.run();
        loop {
            let timers = [&self.client, &self.server].map(|end| end.link.as_ref().and_then(Link::poll_timeout));
            let Some(at) = timers.into_iter().flatten().min().filter(|at| *at <= end) else { break };
            self.now = self.now.max(at);
            for side in [&mut self.client, &mut self.server] {
                let Some(link) = &mut side.link else { continue };
                if let Err(violation) = link.handle_timeout(self.now) {
                    side.seen.push(Seen::Violation(violation));
                }
            }
            self.run();
        }
        self.now = self.now.max(end);
        self.run();
    }

    /// One round; false when nothing moved.
    fn step(&mut self) -> bool {
        let mut moved = false;
        let mut broken = false;
        for (end, pipe) in [(&mut self.client, &mut self.to_server), (&mut self.server, &mut self.to_client)] {
            if end.saves && (end.link.is_some() || end.session.is_some()) {
                end.save();
            }
            let Some(link) = &mut end.link else { continue };
            let length = link.output().len();
            if length > 0 {
                broken |= pipe.push(self.now, link.output());
                link.written(length);
                moved = true;
            }
        }
        while let Some(bytes) = self.to_server.pop(self.now) {
            self.server.recv(self.now, &bytes);
            moved = true;
        }
        while let Some(bytes) = self.to_client.pop(self.now) {
            self.client.recv(self.now, &bytes);
            moved = true;
        }
        // What was left unread may be readable now.
        moved |= self.server.recv(self.now, &[]);
        moved |= self.client.recv(self.now, &[]);
        moved |= self.accept();
        if broken {
            while self.drain() {}
            self.cut();
        }
        moved
    }

    /// What has passed before the cut arrives.
    fn drain(&mut self) -> bool {
        let mut moved = false;
        if let Some((at, bytes)) = self.to_server.under_way.pop_front() {
            self.now = self.now.max(at);
            self.server.recv(self.now, &bytes);
            moved = true;
        }
        if let Some((at, bytes)) = self.to_client.under_way.pop_front() {
            self.now = self.now.max(at);
            self.client.recv(self.now, &bytes);
            moved = true;
        }
        moved | self.accept()
    }

    fn accept(&mut self) -> bool {
        let Some(link) = self.server.link.as_mut().filter(|link| self.accepts && link.is_deciding()) else {
            return false;
        };
        let kept = self.server.session.take().filter(|_| !self.connect.clean_start);
        let ack = ConnAck { session_present: kept.is_some(), ..self.ack.clone() };
        let (persistent, durable, queue) = self.server_session;
        self.accepted = true;
        link.accept(self.now, kept.unwrap_or_else(|| Session::new(persistent, durable, queue)), ack);
        true
    }
}

/// A PUBLISH or any other packet as bytes, for tests that speak to one link.
pub fn encoded(packet: &crate::packet::Packet, version: Version) -> Vec<u8> {
    let mut bytes = Vec::new();
    crate::wire::encode::packet(packet, version, u32::MAX, &mut bytes).expect("a packet that can be written");
    bytes
}

/// A PUBLISH without properties.
pub fn publish(topic: &str, payload: &[u8], qos: QoS, packet_id: u16) -> Publish {
    Publish {
        dup: false,
        qos,
        retain: false,
        topic: Text::from(topic),
        packet_id: PacketId::new(packet_id),
        properties: Properties::new(),
        payload: Bytes::copy_from_slice(payload),
    }
}

fn own(event: Event<'_>) -> Option<Seen> {
    Some(match event {
        Event::Connect(connect) => Seen::Connect(connect),
        Event::Connected(ack) => Seen::Connected(ack),
        Event::Publish { publish, alias, receipt } => {
            let mut owned = publish.to_publish();
            if let Some(topic) = alias {
                owned.topic = topic;
            }
            Seen::Publish(Box::new(owned), receipt)
        }
        Event::Completed { token, reason } => Seen::Completed(token, reason),
        Event::Subscribe(subscribe) => Seen::Subscribe(subscribe),
        Event::Unsubscribe(unsubscribe) => Seen::Unsubscribe(unsubscribe),
        Event::Subscribed(ack) => Seen::Subscribed(ack),
        Event::Unsubscribed(ack) => Seen::Unsubscribed(ack),
        Event::Auth(auth) => Seen::Auth(auth),
        Event::Disconnect(disconnect) => Seen::Disconnect(disconnect),
        // Answered inside; nothing for a test to do.
        Event::Ping => return None,
    })
}
