//! A broker in a Rust program, with a hook that decides who may connect.
//!
//!     cargo run -p mqtt-tests --example broker -- [ADDRESS:PORT]

use std::sync::Arc;

use mqtt_broker::{Broker, Config, ConnectAnswer, ConnectRequest, Hooks, Interests, ListenerConfig, Reply};
use mqtt_proto::ReasonCode;

struct Door;

impl Hooks for Door {
    fn interests(&self) -> Interests {
        Interests::none().connect()
    }

    fn on_connect(&self, request: ConnectRequest, reply: Reply<ConnectAnswer>) {
        println!("{} wants in", request.connect.client_id);
        let banned = request.connect.user_name.as_deref() == Some("banned");
        reply.answer(if banned { ConnectAnswer::refuse(ReasonCode::Banned) } else { ConnectAnswer::Proceed });
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:1883".to_owned());
    let config = Config { listeners: vec![ListenerConfig::tcp(address.parse()?)], ..Config::default() };
    let broker = Broker::start(config, Arc::new(Door))?;
    println!("listening on {:?}; end with Ctrl-C", broker.local_addrs());
    loop {
        std::thread::park();
    }
}
