//! What one end of a connection grants the other.

/// The largest Remaining Length that the fixed header can say (section 1.5.5).
pub const MAXIMUM_REMAINING_LENGTH: u32 = 268_435_455;

/// Bounds that the local end sets on its peer. Where the version can say them on the wire (CONNECT, CONNACK), it
/// does; where it cannot, they are enforced all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest packet accepted, fixed header included, in bytes. Checked before anything is allocated.
    pub maximum_packet_size: u32,
    /// The same until CONNECT has been accepted (server only), in bytes.
    pub maximum_connect_size: u32,
    /// How many QoS 1 and QoS 2 publishes the peer may have unacknowledged at once. MQTT 3 cannot say it; its excess
    /// is held back by leaving it unread.
    pub receive_maximum: u16,
    /// How many more than that are taken before the peer is told that it broke the rule. 0 is strict. A client is
    /// generous: mosquitto 2.0.11, which is everywhere, sends hundreds more than it was granted, and ending the
    /// connection would only have them sent again.
    pub receive_tolerance: u16,
    /// How many topic aliases the peer may use; 0 forbids them.
    pub topic_alias_maximum: u16,
    /// How many of our publishes may be unacknowledged at once, whatever the peer allows.
    pub send_maximum: u16,
    /// How many topic aliases we use towards the peer, whatever it allows.
    pub send_alias_maximum: u16,
    /// Bytes that may wait for a peer that does not read. Past it QoS 0 messages are dropped and QoS 1 and 2 stay in
    /// the session's queue.
    pub maximum_backlog: usize,
    /// How long a peer may take from the first byte to a complete CONNECT or CONNACK, in milliseconds.
    pub handshake_timeout: u32,
    /// How many topic levels a name or filter may have.
    pub topic_levels: u16,
}

impl Default for Limits {
    /// The largest packet of the protocol, 64 KiB before CONNECT is accepted, and windows of 1024.
    fn default() -> Limits {
        Limits {
            maximum_packet_size: MAXIMUM_REMAINING_LENGTH + 5,
            maximum_connect_size: 64 * 1024,
            receive_maximum: 1024,
            receive_tolerance: 0,
            topic_alias_maximum: 0,
            send_maximum: 1024,
            send_alias_maximum: 0,
            maximum_backlog: 4 * 1024 * 1024,
            handshake_timeout: 10_000,
            topic_levels: 200,
        }
    }
}
