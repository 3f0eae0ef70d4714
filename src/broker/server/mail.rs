//! What a shard is told by others: the listeners, other shards, hooks, and the program around the broker.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::time::Duration;

use mqtt_net::Transport;
use mqtt_proto::ReasonCode;
use mqtt_proto::packet::{Connect, Message, QoS};
use mqtt_proto::session::Link;
use mqtt_store::{Opened, StoreError};
use parking_lot::Mutex;
use smallvec::SmallVec;

use super::durable::{Gate, Restored};
use crate::broker::{ClientInfo, SubscriptionInfo};
use crate::hooks::{AuthenticateAnswer, ConnectAnswer, Peer, PublishAnswer, SubscribeAnswer, UnsubscribeAnswer};
use crate::routing::ClientRef;

/// One thing for a shard to do.
pub(crate) enum Mail {
    /// A socket from a listener.
    Accepted(Accepted),
    /// A socket whose CONNECT named a client of this shard.
    Arrived(Box<Arrival>),
    /// Messages that were published on another shard.
    Deliver(Vec<Remote>),
    /// A hook has answered late.
    Answer { index: u32, ticket: u64, answer: Answer },
    /// The program around the broker, or another node, publishes.
    Publish(Publication),
    /// The store has kept a batch, or has not.
    Committed { number: u64, result: Result<(), StoreError> },
    /// Everybody has let go of a gate in the output of a connection.
    Opened { index: u32, serial: u64, number: u64, failed: bool },
    /// A session that the store has kept, at start.
    Restore(Box<Restored>),
    /// Tell about every session.
    Clients(Sender<Vec<ClientInfo>>),
    /// Tell about one session.
    Client(Box<str>, Sender<Option<ClientInfo>>),
    /// Tell about every subscription.
    Subscriptions(Sender<Vec<SubscriptionInfo>>),
    /// End a connection.
    Disconnect(Box<str>, ReasonCode, Sender<bool>),
    /// End every connection, then the thread, in this time.
    Stop(Duration),
}

/// A socket that a listener has accepted.
pub(crate) struct Accepted {
    pub(crate) transport: Transport,
    pub(crate) peer: Peer,
}

/// A connection on its way to the shard where its client lives.
pub(crate) struct Arrival {
    pub(crate) transport: Transport,
    pub(crate) link: Link,
    pub(crate) layered: bool,
    pub(crate) peer: Peer,
    pub(crate) serial: u64,
    pub(crate) connect: Box<Connect>,
    /// What came behind CONNECT.
    pub(crate) input: Vec<u8>,
}

/// A message for the subscribers on another shard.
#[derive(Debug, Clone)]
pub(crate) struct Remote {
    pub(crate) message: Arc<Message>,
    pub(crate) qos: QoS,
    pub(crate) retain: bool,
    pub(crate) publisher: Option<ClientRef>,
    pub(crate) to: To,
    /// Keeps the publisher's acknowledgement back until what is durable about it has been saved.
    pub(crate) gate: Option<Arc<Gate>>,
}

/// For whom on that shard.
#[derive(Debug, Clone)]
pub(crate) enum To {
    /// Everyone with a subscription that is not shared.
    Subscribers,
    /// The member whose turn it is, with the identifiers of its subscription. QoS is already the lower one.
    Member { slot: u32, generation: u32, identifiers: SmallVec<[u32; 2]> },
}

/// A message without a connection behind it.
#[derive(Debug, Clone)]
pub(crate) struct Publication {
    pub(crate) message: Arc<Message>,
    pub(crate) qos: QoS,
    pub(crate) retain: bool,
    /// It came from another node, which must not get it back.
    pub(crate) from_peer: bool,
}

/// What a hook answered; `None` where it dropped the reply.
#[derive(Debug)]
pub(crate) enum Answer {
    Connect(Option<ConnectAnswer>),
    Authenticate(Option<AuthenticateAnswer>),
    Subscribe(Option<SubscribeAnswer>),
    Unsubscribe(Option<UnsubscribeAnswer>),
    Publish(Option<PublishAnswer>),
    /// Not a hook but the store.
    Open(Box<Result<Opened, StoreError>>),
}

/// Orders for one shard, from any thread. One wake-up for everything posted between two looks.
pub(crate) struct Mailbox {
    mail: Mutex<Vec<Mail>>,
    woken: AtomicBool,
    waker: mio::Waker,
}

impl Mailbox {
    pub(crate) fn new(waker: mio::Waker) -> Mailbox {
        Mailbox { mail: Mutex::new(Vec::new()), woken: AtomicBool::new(false), waker }
    }

    /// Leaves an order and wakes the shard.
    pub(crate) fn post(&self, mail: Mail) {
        self.mail.lock().push(mail);
        if !self.woken.swap(true, Ordering::AcqRel) {
            // The only errors are those of a descriptor that is gone, and then so is the shard.
            let _ = self.waker.wake();
        }
    }

    /// Takes everything; `into` is empty.
    pub(crate) fn take(&self, into: &mut Vec<Mail>) {
        // Before the list is taken: what is posted from here on wakes again.
        self.woken.store(false, Ordering::Release);
        std::mem::swap(&mut *self.mail.lock(), into);
    }
}
