//! TLS and WebSocket listeners, with client certificates that name the user, and our own client at the other end.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

use mqtt_broker::{ListenerConfig, LocalAddress, NoHooks, UserName};
use mqtt_client::{Client, Options, PublishRequest, Subscribe, Wait};
use mqtt_net::{ListenKind, MinVersion, ServerTls, ServerTlsOptions};
use mqtt_proto::packet::{Properties, QoS, Subscription};

use super::support::{PATIENCE, config, start};

/// An authority, and certificates that it has issued, as PEM files.
fn certificates(directory: &Path) {
    let key = rcgen::KeyPair::generate().expect("a key");
    let mut parameters = rcgen::CertificateParams::new(Vec::new()).expect("parameters");
    parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = parameters.self_signed(&key).expect("a certificate");
    std::fs::write(directory.join("ca.pem"), authority.pem()).expect("a file");
    let issuer = rcgen::Issuer::new(parameters, key);
    for (file, name) in [("server", "localhost"), ("client", "meter 7")] {
        let key = rcgen::KeyPair::generate().expect("a key");
        let mut parameters = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).expect("parameters");
        parameters.distinguished_name.push(rcgen::DnType::CommonName, name);
        let certificate = parameters.signed_by(&key, &issuer).expect("a certificate");
        let pem = certificate.pem() + &key.serialize_pem();
        std::fs::write(directory.join(format!("{file}.pem")), pem).expect("a file");
    }
}

fn tls(directory: &Path, require_certificate: bool) -> Arc<ServerTls> {
    let options = ServerTlsOptions {
        cert_file: directory.join("server.pem"),
        key_file: directory.join("server.pem"),
        ca_file: Some(directory.join("ca.pem")),
        ca_path: None,
        require_certificate,
        min_version: MinVersion::Tls12,
        alpn: Vec::new(),
    };
    ServerTls::new(&options).expect("TLS")
}

#[test]
fn every_layer_carries_messages_of_every_size() {
    let directory = tempfile::tempdir().expect("a directory");
    certificates(directory.path());
    let plain = ListenerConfig::tcp("127.0.0.1:0".parse().expect("address"));
    let websocket = ListenKind::WebSocket(Default::default());
    let mut config = config(2);
    config.listeners = vec![
        ListenerConfig { tls: Some(tls(directory.path(), false)), ..plain.clone() },
        ListenerConfig { kind: websocket.clone(), ..plain.clone() },
        ListenerConfig { kind: websocket, tls: Some(tls(directory.path(), false)), ..plain },
    ];
    let broker = start(config, Arc::new(NoHooks));
    for (scheme, address) in ["mqtts", "ws", "wss"].iter().zip(broker.broker.local_addrs()) {
        let LocalAddress::Tcp(address) = address else { panic!("{address:?}") };
        let mut options = Options::new(&format!("{scheme}://localhost:{}", address.port())).expect("a URI");
        options.tls.ca_file = Some(directory.path().join("ca.pem").to_string_lossy().into_owned());
        let client = Client::new(options).expect("a client");
        let filter = Subscribe { subscription: Subscription::new("t", QoS::AtLeastOnce), handle: None };
        client.subscribe(&[filter], &Properties::new(), Wait::at_most(PATIENCE)).expect("SUBACK");
        for size in [1, 1000, 100_000, 3_000_000] {
            let payload: Vec<u8> = (0..size).map(|i| (i % 253) as u8).collect();
            let properties = Properties::new();
            let request = PublishRequest {
                topic: "t",
                payload: &payload,
                qos: QoS::AtLeastOnce,
                retain: false,
                properties: &properties,
            };
            let token = client.publish(&request, Wait::at_most(PATIENCE)).expect("a token");
            client.wait(token, Wait::at_most(PATIENCE)).expect("PUBACK");
            let got = client.receive(Wait::at_most(PATIENCE)).expect("a connection").expect("a message");
            assert_eq!(got.payload, payload, "{scheme} {size}");
        }
    }
}

#[test]
fn the_certificate_names_the_user() {
    let directory = tempfile::tempdir().expect("a directory");
    certificates(directory.path());
    let mut config = config(2);
    config.listeners[0].tls = Some(tls(directory.path(), true));
    config.listeners[0].user_name = UserName::CommonName;
    let broker = start(config, Arc::new(NoHooks));
    let path = |file: &str| Some(directory.path().join(file).to_string_lossy().into_owned());
    let mut options = Options::new(&format!("mqtts://somebody@localhost:{}", broker.address.port())).expect("a URI");
    options.tls.ca_file = path("ca.pem");
    options.reconnect.enabled = false;
    let stranger = Client::new(options.clone()).expect("a client");
    assert!(stranger.connect(Wait::at_most(PATIENCE)).is_err());
    options.client_id = "c".into();
    options.tls.cert_file = path("client.pem");
    options.tls.key_file = path("client.pem");
    let client = Client::new(options).expect("a client");
    client.connect(Wait::at_most(PATIENCE)).expect("CONNACK");
    let identity = broker.broker.client("c").expect("it is there").identity;
    assert_eq!(identity.user_name.as_deref(), Some("meter 7"));
    assert_eq!(identity.peer.certificate_common_name.as_deref(), Some("meter 7"));
}

#[test]
fn garbage_before_the_layers_are_done_is_turned_away() {
    let directory = tempfile::tempdir().expect("a directory");
    certificates(directory.path());
    let mut config = config(1);
    config.link.handshake_timeout = 300;
    config.listeners[0].tls = Some(tls(directory.path(), false));
    let broker = start(config, Arc::new(NoHooks));
    for bytes in [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0x16, 3, 1], &[]] {
        let mut stream = std::net::TcpStream::connect(broker.address).expect("a connection");
        stream.write_all(bytes).expect("bytes");
        stream.set_read_timeout(Some(PATIENCE)).expect("timeout");
        let _ = stream.read_to_end(&mut Vec::new());
    }
    broker.wait_until("they are gone", |b| b.stats().connections == 0);
}
