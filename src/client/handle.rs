//! The handle.

use std::os::fd::BorrowedFd;
use std::time::Duration;

use mqtt_proto::packet::{Auth, ConnAck, Disconnect, Properties, QoS, SubAck, Subscription, UnsubAck};
use mqtt_proto::{ReasonCode, Text};

use crate::{AckId, Event, Lost, Options, Received, Result, Stats, Token, Wait};

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
pub struct Client {}

// Connecting.
impl Client {
    /// A client with these options. Connects nothing; checks what can be checked without a connection.
    pub fn new(options: Options) -> Result<Client> {
        let _ = options;
        todo!()
    }

    /// Connects, where there is no connection, and waits for the answer. Tries each server once. A failure leaves the
    /// client idle; call again. The time granted is `wait`'s or the options' connect timeout per server, whichever is over first.
    pub fn connect(&self, wait: Wait<'_>) -> Result<ConnAck> {
        let _ = wait;
        todo!()
    }

    /// Begins to connect, where there is no connection, and returns. [`Event::Connected`] or [`Event::Disconnected`]
    /// follows, and [`Client::wait`] takes the token. Failed attempts are repeated as the options say.
    pub fn start_connect(&self) -> Result<Token> {
        todo!()
    }

    /// Whether a connection stands.
    pub fn is_connected(&self) -> bool {
        todo!()
    }

    /// The last CONNACK that accepted.
    pub fn conn_ack(&self) -> Option<ConnAck> {
        todo!()
    }

    /// What the last failed attempt or lost connection failed with.
    pub fn last_error(&self) -> Option<crate::Error> {
        todo!()
    }

    /// Sends DISCONNECT after everything that is queued and can be sent, and closes. Reconnecting ends. Publishes
    /// that are not acknowledged stay with the client, and go out at the next [`Client::connect`].
    pub fn disconnect(&self, disconnect: &Disconnect, wait: Wait<'_>) -> Result<()> {
        let _ = (disconnect, wait);
        todo!()
    }

    /// The same without waiting; the background thread does it. [`Client::wait`] takes the token.
    pub fn start_disconnect(&self, disconnect: &Disconnect) -> Result<Token> {
        let _ = disconnect;
        todo!()
    }

    /// Gets out what it can within `linger`, disconnects, and counts what could not be delivered. Any later call
    /// fails with [`crate::Error::Closed`], except those that look or take what has arrived.
    pub fn close(&self, linger: Duration) -> Lost {
        let _ = linger;
        todo!()
    }

    /// Sends a step of extended authentication (MQTT 5, section 4.12).
    pub fn send_auth(&self, auth: &Auth) -> Result<()> {
        let _ = auth;
        todo!()
    }
}

// Sending.
impl Client {
    /// Hands a message over and returns its token. Connects in the background where nothing does yet.
    ///
    /// Never blocks, except with [`crate::WhenFull::Block`] while the queue is full; `wait` bounds that. At QoS 0 the
    /// token is done when the kernel has the bytes, at QoS 1 and 2 when the server has acknowledged.
    pub fn publish(&self, request: &PublishRequest<'_>, wait: Wait<'_>) -> Result<Token> {
        let _ = (request, wait);
        todo!()
    }

    /// Waits until the token is done. A refusal is [`crate::Error::Refused`]. Results kept are bounded: a token that is
    /// forgotten, or whose result was taken, returns `Success` at once. Takes tokens of every kind.
    pub fn wait(&self, token: Token, wait: Wait<'_>) -> Result<ReasonCode> {
        let _ = (token, wait);
        todo!()
    }

    /// Waits until every token given so far is done, and returns how many are still open when the time is over.
    pub fn flush(&self, wait: Wait<'_>) -> Result<usize> {
        let _ = wait;
        todo!()
    }

    /// Subscribes; [`Event::SubscribeDone`] follows. At least one filter. Handles are in force at once, so that no
    /// early message misses them; a refused filter loses its handle again.
    pub fn start_subscribe(&self, filters: &[Subscribe], properties: &Properties) -> Result<Token> {
        let _ = (filters, properties);
        todo!()
    }

    /// Subscribes and waits for the answer, which is not an event then. Filters may be refused one by one: look at the reasons.
    pub fn subscribe(&self, filters: &[Subscribe], properties: &Properties, wait: Wait<'_>) -> Result<SubAck> {
        let _ = (filters, properties, wait);
        todo!()
    }

    /// Unsubscribes; [`Event::UnsubscribeDone`] follows.
    pub fn start_unsubscribe(&self, filters: &[Text], properties: &Properties) -> Result<Token> {
        let _ = (filters, properties);
        todo!()
    }

    /// Unsubscribes and waits for the answer, which is not an event then.
    pub fn unsubscribe(&self, filters: &[Text], properties: &Properties, wait: Wait<'_>) -> Result<UnsubAck> {
        let _ = (filters, properties, wait);
        todo!()
    }
}

// Receiving.
impl Client {
    /// The next message, or `None` when the time is over. Acknowledges it on return, unless the options say
    /// `manual_ack`: then call [`Client::ack`]. Other events stay for [`Client::next_event`].
    pub fn receive(&self, wait: Wait<'_>) -> Result<Option<Received>> {
        let _ = wait;
        todo!()
    }

    /// The next event without blocking: what is known about connections and requests first, then messages in order of
    /// arrival. Messages are not acknowledged: call [`Client::ack`] when they have been handled.
    pub fn next_event(&self) -> Result<Option<Event>> {
        todo!()
    }

    /// Up to `max` events at once, appended to `into`; returns how many. For dispatchers: clears the readiness of
    /// [`Client::fd`] first, and sets it again where events are left.
    pub fn drain_events(&self, max: usize, into: &mut Vec<Event>) -> Result<usize> {
        let _ = (max, into);
        todo!()
    }

    /// The next event, waiting for it; `None` when the time is over.
    pub fn wait_event(&self, wait: Wait<'_>) -> Result<Option<Event>> {
        let _ = wait;
        todo!()
    }

    /// Acknowledges a message that has been handled, or refuses it with an error reason (MQTT 5). Acknowledgements go
    /// out in order of arrival. The second call for one message does nothing and returns false.
    pub fn ack(&self, ack: AckId, reason: ReasonCode) -> Result<bool> {
        let _ = (ack, reason);
        todo!()
    }

    /// Whether publishes that are done become [`Event::Completed`]; off at first.
    pub fn set_completion_events(&self, on: bool) {
        let _ = on;
        todo!()
    }

    /// Whether [`Event::Log`] tells what goes on; off at first.
    pub fn set_log_events(&self, on: bool) {
        let _ = on;
        todo!()
    }
}

// Looking.
impl Client {
    /// A descriptor that polls readable while events wait. One wake-up may stand for many events. It belongs to the
    /// client; do not read it: [`Client::drain_events`] and [`Client::next_event`] do.
    pub fn fd(&self) -> Result<BorrowedFd<'_>> {
        todo!()
    }

    /// Counters and gauges.
    pub fn stats(&self) -> Stats {
        todo!()
    }

    /// The options it was made with; the client identifier is filled in.
    pub fn options(&self) -> &Options {
        todo!()
    }

    /// Whether it was made before this process was forked.
    pub fn is_forked(&self) -> bool {
        todo!()
    }

    /// How many tokens are open.
    pub fn open_tokens(&self) -> usize {
        todo!()
    }
}
