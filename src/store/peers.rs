//! Other nodes of the same broker.

use std::sync::Arc;

use mqtt_proto::Text;
use mqtt_proto::packet::{Message, QoS};

/// A message on its way between nodes.
#[derive(Debug, Clone, PartialEq)]
pub struct PeerMessage {
    /// What was published.
    pub message: Arc<Message>,
    /// With this QoS.
    pub qos: QoS,
    /// As a retained message.
    pub retain: bool,
    /// Who published it, so that no-local holds across nodes.
    pub publisher: Option<Text>,
}

/// Whether this node wants messages of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interest {
    /// The first local subscription was made.
    Gained,
    /// The last one ended.
    Lost,
}

/// Where a peer's messages arrive: given to [`Peers::attach`] by the broker.
pub trait PeerInbox: Send + Sync {
    /// A message from another node, for the local subscribers. Never blocks.
    fn deliver(&self, message: PeerMessage);

    /// Another node has taken over the session of this client: its connection here ends with session taken over.
    fn session_moved(&self, client: &str);
}

/// The other nodes. One message goes to each interested node once, whatever number of subscribers it has.
///
/// Guarantees: `publish` keeps the order of the messages of one thread for one node; a message is delivered to a node
/// that gained interest before it was published, unless the connection between the nodes was lost; none comes back
/// to the node that published it.
pub trait Peers: Send + Sync + 'static {
    /// Called once before any other: where messages of other nodes go.
    fn attach(&self, inbox: Arc<dyn PeerInbox>);

    /// Local interest in a filter changed (without share prefix). May be called from any thread.
    fn interest(&self, filter: &str, change: Interest);

    /// Whether any other node wants messages with this topic name. Cheap: asked when a route is made, and again when
    /// [`Peers::generation`] has moved.
    fn wants(&self, topic: &str) -> bool;

    /// Moves whenever an answer of [`Peers::wants`] may have changed.
    fn generation(&self) -> u64;

    /// Hands a message to the interested nodes. Never blocks.
    fn publish(&self, message: PeerMessage);
}

/// No other nodes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Alone;

impl Peers for Alone {
    fn attach(&self, _inbox: Arc<dyn PeerInbox>) {}

    fn interest(&self, _filter: &str, _change: Interest) {}

    fn wants(&self, _topic: &str) -> bool {
        false
    }

    fn generation(&self) -> u64 {
        0
    }

    fn publish(&self, _message: PeerMessage) {}
}
