//! The client over real sockets, against servers that do what each test says.

#[path = "client/connecting.rs"]
mod connecting;
#[path = "client/ending.rs"]
mod ending;
#[path = "client/events.rs"]
mod events;
#[path = "client/publishing.rs"]
mod publishing;
#[path = "client/receiving.rs"]
mod receiving;
#[path = "client/resuming.rs"]
mod resuming;
#[path = "client/server.rs"]
mod server;
#[path = "client/storing.rs"]
mod storing;

use std::time::Duration;

use mqtt_client::{Client, Options, PublishRequest, Subscribe, Token, Wait};
use mqtt_proto::packet::{Properties, QoS, Subscription};

const NONE: &Properties = &Properties::new();

fn client(uri: &str) -> Client {
    client_with(uri, |_| {})
}

fn client_with(uri: &str, change: impl FnOnce(&mut Options)) -> Client {
    let mut options = Options::new(uri).unwrap();
    options.reconnect.min_delay = Duration::from_millis(10);
    options.reconnect.max_delay = Duration::from_millis(50);
    change(&mut options);
    Client::new(options).unwrap()
}

/// More than anything here takes; a test that needs it all has failed.
fn soon() -> Wait<'static> {
    Wait::at_most(Duration::from_secs(10))
}

fn publish(client: &Client, topic: &str, payload: &[u8], qos: QoS) -> Token {
    client.publish(&PublishRequest { topic, payload, qos, retain: false, properties: NONE }, soon()).unwrap()
}

fn filter(filter: &str, handle: u32) -> Subscribe {
    let filter = filter.to_owned();
    Subscribe { subscription: Subscription::new(filter, QoS::ExactlyOnce), handle: Some(handle) }
}
