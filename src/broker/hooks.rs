//! Decisions of the program around the broker, and what it is told.
//!
//! The broker asks only what [`Hooks::interests`] names. A question comes with a [`Reply`] that takes one answer, at
//! once or later, from any thread. While a question is open its connection reads nothing further; every other
//! connection goes on. Past the deadline ([`crate::Config::hook_deadline`]) the configured answer is taken and the
//! fact is logged. A reply that is dropped without an answer is a refusal, and is logged; a hook that panics has dropped
//! its reply.
//!
//! Hooks are called on the shard's thread: a hook that has to wait must hand the question to a thread of its own.
//! A hook must not call methods of [`crate::Broker`] that answer with data (`clients`, `client`, `stop`).

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use mqtt_proto::packet::{Connect, Properties, Publish, Subscription};
use mqtt_proto::{ReasonCode, Text, Version};

/// Which hooks exist. What is not named here costs nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Interests {
    pub(crate) connect: bool,
    pub(crate) authenticate: bool,
    pub(crate) subscribe: bool,
    pub(crate) unsubscribe: bool,
    pub(crate) publish: Vec<Text>,
    pub(crate) deliver: Vec<Text>,
    pub(crate) disconnect: bool,
    pub(crate) sessions: bool,
    pub(crate) ping: bool,
}

impl Interests {
    /// No hook at all.
    pub fn none() -> Interests {
        Interests::default()
    }

    /// [`Hooks::on_connect`].
    pub fn connect(mut self) -> Interests {
        self.connect = true;
        self
    }

    /// [`Hooks::on_authenticate`]; without it extended authentication is refused with bad authentication method.
    pub fn authenticate(mut self) -> Interests {
        self.authenticate = true;
        self
    }

    /// [`Hooks::on_subscribe`].
    pub fn subscribe(mut self) -> Interests {
        self.subscribe = true;
        self
    }

    /// [`Hooks::on_unsubscribe`].
    pub fn unsubscribe(mut self) -> Interests {
        self.unsubscribe = true;
        self
    }

    /// [`Hooks::on_publish`] for topics that match this filter; may be called several times. `#` together with `$SYS/#` is all.
    pub fn publish(mut self, filter: impl Into<Text>) -> Interests {
        self.publish.push(filter.into());
        self
    }

    /// [`Hooks::on_deliver`] for topics that match this filter; may be called several times. `#` together with `$SYS/#` is
    /// all.
    pub fn deliver(mut self, filter: impl Into<Text>) -> Interests {
        self.deliver.push(filter.into());
        self
    }

    /// [`Hooks::on_disconnect`].
    pub fn disconnect(mut self) -> Interests {
        self.disconnect = true;
        self
    }

    /// [`Hooks::on_session_created`] and [`Hooks::on_session_ended`].
    pub fn sessions(mut self) -> Interests {
        self.sessions = true;
        self
    }

    /// [`Hooks::on_ping`].
    pub fn ping(mut self) -> Interests {
        self.ping = true;
        self
    }
}

/// What the program around the broker decides and is told. Each method has a body that goes on as without it.
pub trait Hooks: Send + Sync + 'static {
    /// Which of the methods below are to be called. Asked once, at start.
    fn interests(&self) -> Interests {
        Interests::none()
    }

    /// A client wants in. Asked before anything of the session is touched, and before extended authentication. The
    /// will in CONNECT is judged here: when it is published later, nobody is asked again.
    fn on_connect(&self, request: ConnectRequest, reply: Reply<ConnectAnswer>) {
        let _ = request;
        reply.answer(ConnectAnswer::Proceed);
    }

    /// A step of extended authentication (section 4.12).
    fn on_authenticate(&self, request: AuthenticateRequest, reply: Reply<AuthenticateAnswer>) {
        let _ = request;
        reply.answer(AuthenticateAnswer::Refuse(ReasonCode::BadAuthenticationMethod));
    }

    /// A client subscribes.
    fn on_subscribe(&self, request: SubscribeRequest, reply: Reply<SubscribeAnswer>) {
        let _ = request;
        reply.answer(SubscribeAnswer::Proceed);
    }

    /// A client unsubscribes.
    fn on_unsubscribe(&self, request: UnsubscribeRequest, reply: Reply<UnsubscribeAnswer>) {
        let _ = request;
        reply.answer(UnsubscribeAnswer::Proceed);
    }

    /// A client publishes to a topic of [`Interests::publish`].
    fn on_publish(&self, request: PublishRequest, reply: Reply<PublishAnswer>) {
        let _ = request;
        reply.answer(PublishAnswer::Proceed);
    }

    /// A message whose topic is one of [`Interests::deliver`] is about to go to a client, or into its queue while it is
    /// away. Asked once for each receiver. What comes for that client meanwhile waits behind it, in order and within
    /// the bounds of its queue; everybody else goes on.
    fn on_deliver(&self, request: DeliverRequest, reply: Reply<DeliverAnswer>) {
        let _ = request;
        reply.answer(DeliverAnswer::Proceed);
    }

    /// A connection that had been accepted is over.
    fn on_disconnect(&self, notice: DisconnectNotice) {
        let _ = notice;
    }

    /// A session began.
    fn on_session_created(&self, notice: SessionNotice) {
        let _ = notice;
    }

    /// A session ended: with its connection, by expiry, or because a clean start discarded it.
    fn on_session_ended(&self, notice: SessionNotice) {
        let _ = notice;
    }

    /// A client sent PINGREQ; it has been answered.
    fn on_ping(&self, client: Arc<Identity>) {
        let _ = client;
    }
}

/// No hook at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoHooks;

impl Hooks for NoHooks {}

/// Takes the one answer to one question. Dropping it without an answer refuses.
#[must_use = "a reply that is dropped refuses"]
pub struct Reply<T> {
    deliver: Option<Box<dyn FnOnce(Option<T>) + Send>>,
    /// When the answer comes too late.
    deadline: Option<Instant>,
}

impl<T> Reply<T> {
    /// A reply that hands its answer to `deliver`: `None` where it was dropped. For tests of hooks, and for hooks
    /// that ask other hooks.
    pub fn new(deliver: impl FnOnce(Option<T>) + Send + 'static) -> Reply<T> {
        Reply { deliver: Some(Box::new(deliver)), deadline: None }
    }

    pub(crate) fn within(time: Duration, deliver: impl FnOnce(Option<T>) + Send + 'static) -> Reply<T> {
        Reply { deliver: Some(Box::new(deliver)), deadline: Instant::now().checked_add(time) }
    }

    /// Whether the deadline has passed, so that the configured answer is taken whatever comes now. A hook that has been
    /// kept waiting can spare itself the question, and [`Reply::abandon`] it.
    pub fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= Instant::now())
    }

    /// Leaves the question to its deadline: neither an answer nor a refusal.
    pub fn abandon(mut self) {
        self.deliver = None;
    }

    /// Answers. After the deadline, or when the client has gone, it does nothing.
    pub fn answer(mut self, answer: T) {
        if let Some(deliver) = self.deliver.take() {
            deliver(Some(answer));
        }
    }
}

impl<T> Drop for Reply<T> {
    fn drop(&mut self) {
        if let Some(deliver) = self.deliver.take() {
            deliver(None);
        }
    }
}

impl<T> std::fmt::Debug for Reply<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reply")
    }
}

/// The other end of a connection, as the socket and its layers know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Address and port; `None` on a Unix socket. With the PROXY protocol that of the client itself.
    pub address: Option<SocketAddr>,
    /// Which listener: index in [`crate::Config::listeners`].
    pub listener: usize,
    /// Subject of the client certificate in RFC 2253 form, where TLS verified one.
    pub certificate_subject: Option<Arc<str>>,
    /// Its common name.
    pub certificate_common_name: Option<Arc<str>>,
}

/// A client that has been accepted. Shared by everything that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The client identifier, assigned ones included.
    pub client_id: Arc<str>,
    /// The user name: that of CONNECT, or what listener or hook put in its place.
    pub user_name: Option<Arc<str>>,
    /// The version it speaks.
    pub version: Version,
    /// Where it is.
    pub peer: Peer,
}

/// The question of [`Hooks::on_connect`].
#[derive(Debug)]
pub struct ConnectRequest {
    /// Where the client is.
    pub peer: Peer,
    /// CONNECT as it came, except that the client identifier is the assigned one where it was empty.
    pub connect: Box<Connect>,
}

/// The answer of [`Hooks::on_connect`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectAnswer {
    /// No opinion: the broker's own rule for anonymous clients decides, as if there were no hook.
    Proceed,
    /// In. The properties (MQTT 5) are added to CONNACK, and what they say holds: the session expires as they say, limits
    /// are used where they are stricter than the broker's, and an assigned client identifier becomes that of a client that
    /// named none. What cannot hold for one client (no wildcards, no shared subscriptions, no subscription identifiers)
    /// refuses it, with a line in the log.
    Accept {
        /// For CONNACK.
        properties: Properties,
        /// In place of the user name of CONNECT.
        user_name: Option<Text>,
    },
    /// Out. The properties (MQTT 5) may hold a reason string, user properties and a server reference.
    Refuse {
        /// Why; mapped to a return code for MQTT 3.
        reason: ReasonCode,
        /// For CONNACK.
        properties: Properties,
    },
}

impl ConnectAnswer {
    /// Accepts with nothing added.
    pub fn accept() -> ConnectAnswer {
        ConnectAnswer::Accept { properties: Properties::new(), user_name: None }
    }

    /// Refuses with a reason and nothing added.
    pub fn refuse(reason: ReasonCode) -> ConnectAnswer {
        ConnectAnswer::Refuse { reason, properties: Properties::new() }
    }
}

/// Where in the exchange a step of extended authentication stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthenticateStep {
    /// CONNECT named the method.
    Begin,
    /// AUTH with continue authentication.
    Continue,
    /// AUTH with re-authenticate on a living connection.
    ReAuthenticate,
}

/// The question of [`Hooks::on_authenticate`].
#[derive(Debug)]
pub struct AuthenticateRequest {
    /// Where the client is.
    pub peer: Peer,
    /// The client identifier of CONNECT.
    pub client_id: Text,
    /// The user name of CONNECT.
    pub user_name: Option<Text>,
    /// Number of the connection, so that a hook can keep state between steps.
    pub connection: u64,
    /// Where the exchange stands.
    pub step: AuthenticateStep,
    /// The authentication method.
    pub method: Text,
    /// The authentication data.
    pub data: Option<Bytes>,
}

/// The answer of [`Hooks::on_authenticate`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthenticateAnswer {
    /// Another step: AUTH with this data.
    Continue(Option<Bytes>),
    /// In, with this data in CONNACK (or in AUTH with success, on re-authentication).
    Accept {
        /// Authentication data.
        data: Option<Bytes>,
        /// In place of the user name of CONNECT.
        user_name: Option<Text>,
    },
    /// Out. On re-authentication DISCONNECT says it: a code that only CONNACK has becomes not authorized there.
    Refuse(ReasonCode),
    /// One of the others, with the reason string and the user properties among these (MQTT 5) in the packet that says
    /// it.
    With(Box<AuthenticateAnswer>, Properties),
}

/// The question of [`Hooks::on_subscribe`].
#[derive(Debug)]
pub struct SubscribeRequest {
    /// Who subscribes.
    pub client: Arc<Identity>,
    /// The filters with their options, in order.
    pub subscriptions: Vec<Subscription>,
    /// Properties of SUBSCRIBE.
    pub properties: Properties,
}

/// The answer of [`Hooks::on_subscribe`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubscribeAnswer {
    /// Every filter as it was asked for.
    Proceed,
    /// One code per filter, in order: a granted QoS (not above the one asked for) or an error. Missing ones are
    /// refused with unspecified error.
    Each(Vec<ReasonCode>),
}

/// The question of [`Hooks::on_unsubscribe`].
#[derive(Debug)]
pub struct UnsubscribeRequest {
    /// Who unsubscribes.
    pub client: Arc<Identity>,
    /// The filters, in order.
    pub filters: Vec<Text>,
    /// Properties of UNSUBSCRIBE.
    pub properties: Properties,
}

/// The answer of [`Hooks::on_unsubscribe`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnsubscribeAnswer {
    /// Every filter.
    Proceed,
    /// One code per filter, in order: an error keeps the subscription (MQTT 5; MQTT 3 cannot be told).
    Each(Vec<ReasonCode>),
}

/// The question of [`Hooks::on_publish`].
#[derive(Debug)]
pub struct PublishRequest {
    /// Who publishes.
    pub client: Arc<Identity>,
    /// The message; the topic is never empty, an alias has been resolved.
    pub publish: Publish,
}

/// The answer of [`Hooks::on_publish`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublishAnswer {
    /// As it is.
    Proceed,
    /// Nobody gets it. A success code acknowledges it all the same; an error goes to an MQTT 5 publisher, while an
    /// MQTT 3 publisher sees an ordinary acknowledgement; with implementation specific error its connection ends
    /// instead, so that it sends the message again.
    Refuse(ReasonCode),
    /// This one goes on instead: topic, payload, properties, QoS and retain are taken from it.
    Replace(Box<Publish>),
}

/// The question of [`Hooks::on_deliver`].
#[derive(Debug)]
pub struct DeliverRequest {
    /// Who is to get it.
    pub client: Arc<Identity>,
    /// The message as this client would get it: QoS and retain are those of its subscription.
    pub publish: Publish,
}

/// The answer of [`Hooks::on_deliver`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliverAnswer {
    /// As it is.
    Proceed,
    /// This client does not get it. It counts as dropped.
    Drop,
    /// This client gets this one instead: topic, payload and properties are taken from it.
    Replace(Box<Publish>),
}

/// How a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DisconnectCause {
    /// The client sent DISCONNECT with this reason.
    Client(ReasonCode),
    /// The client closed the socket, or the network failed.
    Closed,
    /// The broker ended it with this reason.
    Broker(ReasonCode),
}

/// What [`Hooks::on_disconnect`] is told.
#[derive(Debug, Clone)]
pub struct DisconnectNotice {
    /// Who.
    pub client: Arc<Identity>,
    /// How.
    pub cause: DisconnectCause,
}

/// What [`Hooks::on_session_created`] and [`Hooks::on_session_ended`] are told.
#[derive(Debug, Clone)]
pub struct SessionNotice {
    /// Whose session.
    pub client_id: Arc<str>,
}
