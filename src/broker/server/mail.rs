//! What a shard is told by others: the listeners, other shards, hooks, and the program around the broker.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::time::Duration;

use mqtt_net::Transport;
use mqtt_proto::packet::{Connect, Message, QoS};
use mqtt_proto::session::Link;
use mqtt_proto::{ReasonCode, Version};
use mqtt_store::{Opened, StoreError};
use parking_lot::Mutex;
use smallvec::SmallVec;

use super::connection::Granted;
use super::durable::{Gate, Restored};
use crate::broker::{ClientInfo, SubscriptionInfo};
use crate::hooks::{
    AuthenticateAnswer, ConnectAnswer, DeliverAnswer, Peer, PublishAnswer, SubscribeAnswer, UnsubscribeAnswer,
};
use crate::routing::ClientRef;

/// One thing for a shard to do.
pub(crate) enum Mail {
    /// A socket from a listener.
    Accepted(Accepted),
    /// A socket whose CONNECT named a client of this shard.
    Arrived(Box<Arrival>),
    /// Messages that were published on another shard.
    Deliver(Batch),
    /// A hook has answered late.
    Answer { index: u32, ticket: u64, answer: Answer },
    /// The same for a message to a session.
    Decided { slot: u32, generation: u32, ticket: u64, answer: Option<DeliverAnswer> },
    /// The program around the broker, or another node, publishes.
    Publish(Publication),
    /// The store has kept a batch, or has not.
    Committed { number: u64, result: Result<(), StoreError> },
    /// Everybody has let go of a gate in the output of a connection.
    Opened { index: u32, serial: u64, number: u64, failed: bool },
    /// A session that the store has kept, at start.
    Restore(Box<Restored>),
    /// Say that everything posted before has been done, and put the counters where they can be read.
    Sync(Sender<Vec<()>>),
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
    /// What a hook has answered already, with the identifier that brought it here.
    pub(crate) granted: Option<Granted>,
}

/// What one shard has for another: messages in order, and the bytes of those that are short.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) items: Vec<Remote>,
    pub(crate) bytes: Vec<u8>,
    /// Bytes that it keeps allocated, roughly.
    pub(crate) weight: usize,
}

/// A message for the subscribers on another shard.
#[derive(Debug)]
pub(crate) struct Remote {
    pub(crate) body: Body,
    pub(crate) qos: QoS,
    pub(crate) retain: bool,
    pub(crate) publisher: Option<ClientRef>,
    pub(crate) to: To,
    /// Keeps the publisher's acknowledgement back until what is durable about it has been saved.
    pub(crate) gate: Option<Arc<Gate>>,
}

/// A message between shards. A short one travels as the frame it came in: nothing is allocated for it, and nothing
/// freed on another core.
#[derive(Debug)]
pub(crate) enum Body {
    /// A PUBLISH of this version in the bytes of the batch.
    Frame { at: u32, length: u32, version: Version },
    /// A long message, or one that has no frame.
    Message(Arc<Message>),
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

/// Bytes of batches that may wait for one shard.
const MAILBOX_BACKLOG: usize = 32 << 20;

/// Orders for one shard, from any thread. One wake-up for everything posted between two looks.
pub(crate) struct Mailbox {
    mail: Mutex<Vec<Mail>>,
    /// Weight of the batches that wait or are being delivered.
    backlog: AtomicUsize,
    woken: AtomicBool,
    waker: mio::Waker,
}

impl Mailbox {
    pub(crate) fn new(waker: mio::Waker) -> Mailbox {
        Mailbox { mail: Mutex::new(Vec::new()), backlog: AtomicUsize::new(0), woken: AtomicBool::new(false), waker }
    }

    /// Leaves an order and wakes the shard.
    pub(crate) fn post(&self, mail: Mail) {
        self.mail.lock().push(mail);
        if !self.woken.swap(true, Ordering::AcqRel) {
            // The only errors are those of a descriptor that is gone, and then so is the shard.
            let _ = self.waker.wake();
        }
    }

    /// Leaves a batch.
    pub(crate) fn deliver(&self, batch: Batch) {
        self.backlog.fetch_add(batch.weight, Ordering::Relaxed);
        self.post(Mail::Deliver(batch));
    }

    /// A batch of this weight has been delivered.
    pub(crate) fn delivered(&self, weight: usize) {
        self.backlog.fetch_sub(weight, Ordering::Relaxed);
    }

    /// More waits than the shard should be given; who has more for it reads no further.
    pub(crate) fn is_full(&self) -> bool {
        self.backlog.load(Ordering::Relaxed) > MAILBOX_BACKLOG
    }

    /// Takes everything; `into` is empty.
    pub(crate) fn take(&self, into: &mut Vec<Mail>) {
        // Before the list is taken: what is posted from here on wakes again.
        self.woken.store(false, Ordering::Release);
        std::mem::swap(&mut *self.mail.lock(), into);
    }
}
