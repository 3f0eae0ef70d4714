//! What a client of the parent does in a forked child. A process of its own, because a fork (here: the number that a
//! fork changes) concerns all clients of the process.

use std::net::TcpListener;
use std::time::Duration;

use mqtt_client::packets::{PacketClient, PacketError, PacketOptions};
use mqtt_client::{Client, Error, Options, PublishRequest, Wait, fork, registry};
use mqtt_proto::packet::{Properties, QoS};

#[test]
fn clients_of_the_parent_refuse_and_new_ones_work() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!("mqtt://{}", listener.local_addr().unwrap());
    let inherited = Client::new(Options::new(&uri).unwrap()).unwrap();
    inherited.start_connect().unwrap();
    let persistent = registry::persistent(0, "name", Options::new(&uri).unwrap()).unwrap();
    let properties = Properties::new();
    let request =
        PublishRequest { topic: "t", payload: b"", qos: QoS::AtMostOnce, retain: false, properties: &properties };
    inherited.publish(&request, Wait::default()).unwrap();

    let mut options = PacketOptions::new(&uri).unwrap();
    options.keep_alive = Duration::from_secs(1);
    let packets = PacketClient::new(options).unwrap();
    packets.connect(Wait::at_most(Duration::from_secs(20))).unwrap();

    fork::child_after_fork();

    assert!(matches!(packets.send(&[], Wait::forever()), Err(PacketError::Forked)));
    assert!(matches!(packets.receive(Wait::forever()), Err(PacketError::Forked)));
    assert!(matches!(packets.connect(Wait::forever()), Err(PacketError::Forked)));
    assert!(matches!(packets.close(), Err(PacketError::Forked)));
    assert!(matches!(packets.handle(), Err(PacketError::Forked)));
    drop(packets);
    assert!(inherited.is_forked());
    let wait = || Wait::at_most(Duration::from_secs(5));
    assert!(matches!(inherited.publish(&request, wait()), Err(Error::Forked)));
    assert!(matches!(inherited.connect(wait()), Err(Error::Forked)));
    assert!(matches!(inherited.receive(wait()), Err(Error::Forked)));
    assert!(matches!(inherited.next_event(), Err(Error::Forked)));
    assert!(matches!(inherited.fd(), Err(Error::Forked)));
    assert_eq!(inherited.close(Duration::from_secs(5)).publishes, 0, "at once, and nothing is counted");
    drop(inherited);
    drop(persistent);
    assert!(registry::persistent_list(0).is_empty(), "the registry begins anew");

    let own = Client::new(Options::new(&uri).unwrap()).unwrap();
    assert!(!own.is_forked());
    own.publish(&request, wait()).unwrap();
    let error = own.connect(Wait::at_most(Duration::from_millis(50))).unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
    assert_eq!(own.close(Duration::ZERO).publishes, 1);
}
