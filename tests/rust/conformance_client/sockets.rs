//! The real client over real sockets.

use std::net::TcpListener;
use std::time::Duration;

use mqtt_client::{Client, Error, Options, PublishRequest, Token, Wait};
use mqtt_proto::ReasonCode;
use mqtt_proto::packet::{ConnAck, Disconnect, Properties, Property, QoS};

use super::server::{Peer, Seen, serve};

const NONE: &Properties = &Properties::new();

fn client_with(uri: &str, change: impl FnOnce(&mut Options)) -> Client {
    let mut options = Options::new(uri).unwrap();
    options.reconnect.min_delay = Duration::from_millis(10);
    options.reconnect.max_delay = Duration::from_millis(50);
    change(&mut options);
    Client::new(options).unwrap()
}

fn client(uri: &str) -> Client {
    client_with(uri, |_| {})
}

/// More than anything here takes; a test that needs it all has failed.
fn soon() -> Wait<'static> {
    Wait::at_most(Duration::from_secs(10))
}

fn publish(client: &Client, topic: &str, payload: &[u8], qos: QoS) -> Token {
    client.publish(&PublishRequest { topic, payload, qos, retain: false, properties: NONE }, soon()).unwrap()
}

/// CONNECT, refused with a server reference.
fn refer(peer: &mut Peer, reason: ReasonCode, reference: &str) {
    peer.connect();
    let mut ack = ConnAck::refused(reason);
    ack.properties.push(Property::ServerReference(reference.to_owned().into()));
    peer.link.refuse(ack);
    peer.write();
    assert!(matches!(peer.next(), Seen::End), "a refused client closes");
}

/// `127.0.0.1:1883` of `mqtt://127.0.0.1:1883`.
fn authority(uri: &str) -> String {
    uri.rsplit('/').next().unwrap().to_owned()
}

// Where a server refers the client to.

#[test]
fn a_client_that_is_refused_goes_to_the_server_that_is_named() {
    let (other, there) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        let connect = peer.welcome();
        assert!(matches!(peer.next(), Seen::Disconnect(_)));
        connect
    });
    let reference = format!("no-such-host.invalid:1 {}", authority(&other));
    let (uri, here) =
        serve(move |listener| refer(&mut Peer::accept(&listener), ReasonCode::UseAnotherServer, &reference));
    let client = client_with(&uri, |options| options.user_name = Some("joe".into()));
    client.connect(soon()).unwrap();
    assert!(client.is_connected());
    client.close(Duration::from_secs(1));
    here.join().unwrap();
    assert_eq!(there.join().unwrap().user_name.as_deref(), Some("joe"), "the same client");
}

#[test]
fn a_server_that_has_moved_is_not_asked_again() {
    let (other, there) = serve(|listener| {
        // The connection is lost twice: each time the client comes straight here.
        for _ in 0..2 {
            let mut peer = Peer::accept(&listener);
            peer.welcome();
            peer.cut();
        }
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        assert!(matches!(peer.next(), Seen::Disconnect(_)));
    });
    let reference = authority(&other);
    let (uri, here) = serve(move |listener| {
        refer(&mut Peer::accept(&listener), ReasonCode::ServerMoved, &reference);
        listener
    });
    let client = client(&uri);
    client.connect(soon()).unwrap();
    while client.stats().connections < 3 {
        client.wait_event(soon()).unwrap().expect("an event");
    }
    client.close(Duration::from_secs(1));
    there.join().unwrap();
    let listener = here.join().unwrap();
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err());
}

#[test]
fn a_server_that_sends_its_clients_away_is_left_for_the_one_it_names() {
    let (other, there) = serve(|listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        peer.publish().1
    });
    let reference = authority(&other);
    let (uri, here) = serve(move |listener| {
        let mut peer = Peer::accept(&listener);
        peer.welcome();
        let mut disconnect = Disconnect::new(ReasonCode::UseAnotherServer);
        disconnect.properties.push(Property::ServerReference(reference.into()));
        peer.link.disconnect(&disconnect);
        peer.write();
        assert!(matches!(peer.next(), Seen::End));
    });
    let client = client(&uri);
    client.connect(soon()).unwrap();
    here.join().unwrap();
    publish(&client, "t", b"over there", QoS::AtMostOnce);
    assert_eq!(there.join().unwrap(), b"over there");
}

#[test]
fn servers_that_refer_to_each_other_are_not_followed_for_ever() {
    // Each names the other; the bound is 4, so it is asked 5 times at most and then told as the error.
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let addresses = [0, 1].map(|index: usize| listeners[index].local_addr().unwrap().to_string());
    let uri = format!("mqtt://{}", addresses[0]);
    let reference = [addresses[1].clone(), addresses[0].clone()];
    let server = std::thread::spawn(move || {
        for hop in 0..5 {
            let mut peer = Peer::accept(&listeners[hop % 2]);
            refer(&mut peer, ReasonCode::UseAnotherServer, &reference[hop % 2]);
        }
    });
    let error = client(&uri).connect(soon()).unwrap_err();
    server.join().unwrap();
    assert_eq!(error.reason(), ReasonCode::UseAnotherServer);
    assert!(error.to_string().contains(&format!("it names {}", addresses[1])), "{error}");
}

#[test]
fn a_reference_that_is_not_followed_is_named() {
    let (uri, server) = serve(|listener| {
        refer(&mut Peer::accept(&listener), ReasonCode::ServerMoved, "elsewhere.example:1883");
    });
    let client = client_with(&uri, |options| options.redirects = 0);
    let error = client.connect(soon()).unwrap_err();
    assert!(matches!(&error, Error::Connect { reason: ReasonCode::ServerMoved, .. }));
    assert!(error.to_string().contains("elsewhere.example:1883"), "{error}");
    server.join().unwrap();
}
