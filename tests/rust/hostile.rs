//! Hostile peers against the broker: each test shows what the peer gets, and that a second client notices nothing.

#[path = "conformance_broker/wire.rs"]
#[allow(dead_code)]
mod wire;

#[path = "hostile/endless.rs"]
mod endless;
#[path = "hostile/large.rs"]
mod large;
#[path = "hostile/order.rs"]
mod order;
#[path = "hostile/websocket.rs"]
mod websocket;

use mqtt_proto::Version;
use mqtt_proto::packet::QoS;
use wire::{Peer, Server};

/// A client that others must not disturb: it publishes to itself and waits for the whole exchange.
struct Bystander(Peer);

impl Bystander {
    fn new(server: &Server) -> Bystander {
        let mut peer = server.peer(Version::V5, "bystander");
        peer.subscribe("bystander", QoS::ExactlyOnce);
        Bystander(peer)
    }

    /// It notices nothing: a message goes through, and nothing else has come.
    fn notices_nothing(&mut self) {
        self.0.say("bystander", "undisturbed", QoS::ExactlyOnce);
        assert_eq!(self.0.hear(), "undisturbed");
        self.0.quiet();
    }
}
