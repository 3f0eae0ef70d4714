//! Subscribes, publishes, and prints what comes back.
//!
//!     cargo run -p mqtt-tests --example client -- [URI]

use std::time::Duration;

use mqtt_client::{Client, Options, PublishRequest, Subscribe, Wait};
use mqtt_proto::ReasonCode;
use mqtt_proto::packet::{Properties, QoS, Subscription};

fn main() -> Result<(), mqtt_client::Error> {
    let uri = std::env::args().nth(1).unwrap_or_else(|| "mqtt://127.0.0.1:1883".to_owned());
    let client = Client::new(Options::new(&uri)?)?;
    let ten_seconds = Duration::from_secs(10);

    let filter = Subscribe { subscription: Subscription::new("meters/+/power", QoS::AtLeastOnce), handle: None };
    client.subscribe(&[filter], &Properties::new(), ten_seconds.into())?;

    for watts in [40, 41, 42] {
        let payload = watts.to_string();
        let request = PublishRequest {
            topic: "meters/7/power",
            payload: payload.as_bytes(),
            qos: QoS::AtLeastOnce,
            retain: false,
            properties: &Properties::new(),
        };
        client.publish(&request, Wait::forever())?;
    }

    for _ in 0..3 {
        let Some(message) = client.receive(ten_seconds.into())? else { break };
        println!("{}: {}", message.topic, String::from_utf8_lossy(&message.payload));
        if let Some(ack) = message.ack {
            client.ack(ack, ReasonCode::Success)?;
        }
    }
    // Dropping the last handle flushes and disconnects.
    Ok(())
}
