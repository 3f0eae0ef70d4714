//! A broker and nothing around it: `serve PORT [SHARDS]`, for measurements.

use std::sync::Arc;

use mqtt_broker::{Broker, Config, ListenerConfig, NoHooks};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let port: u16 = arguments.next().ok_or("usage: serve PORT [SHARDS]")?.parse()?;
    let shards = arguments.next().map_or(Ok(1), |count| count.parse())?;
    let mut config = Config { shards, ..Config::default() };
    config.listeners.push(ListenerConfig::tcp(([127, 0, 0, 1], port).into()));
    let _broker = Broker::start(config, Arc::new(NoHooks))?;
    loop {
        std::thread::park();
    }
}
