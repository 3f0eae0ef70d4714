//! The byte layers of the net crate, client against server in memory.
#![allow(clippy::unwrap_used)]

#[path = "net_certs.rs"]
mod certs;

use std::io::{self, ErrorKind, Read};
use std::sync::Arc;

use certs::{Authority, Identity, client_tls, self_signed, server_options, server_tls};
use mqtt_net::{
    ClientTls, Endpoint, Layer, MinVersion, ServerTls, ServerTlsOptions, TlsError, TlsLayer, TlsOptions,
    WebSocketClientOptions, WebSocketLayer, WebSocketServerOptions,
};

/// One direction of a connection: gives at most `chunk` bytes at once, and `WouldBlock` when it is empty.
struct Pipe {
    bytes: Vec<u8>,
    chunk: usize,
    ended: bool,
}

impl Pipe {
    fn new(chunk: usize) -> Pipe {
        Pipe { bytes: Vec::new(), chunk, ended: false }
    }

    fn of(bytes: &[u8]) -> Pipe {
        Pipe { bytes: bytes.to_vec(), ..Pipe::new(usize::MAX) }
    }
}

impl Read for Pipe {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let length = self.bytes.len().min(buf.len()).min(self.chunk);
        if length == 0 && !self.ended {
            return Err(ErrorKind::WouldBlock.into());
        }
        buf[..length].copy_from_slice(&self.bytes[..length]);
        self.bytes.drain(..length);
        Ok(length)
    }
}

/// Two layers and what lies between them.
struct Ends {
    client: Layer,
    server: Layer,
    to_client: Pipe,
    to_server: Pipe,
}

impl Ends {
    fn new(client: Layer, server: Layer, chunk: usize) -> Ends {
        Ends { client, server, to_client: Pipe::new(chunk), to_server: Pipe::new(chunk) }
    }

    /// Drives both handshakes; what either end has to say about a failure.
    fn handshake(&mut self) -> Result<(), (Option<String>, Option<String>)> {
        let (mut client, mut server) = (None, None);
        for _ in 0..20 {
            step(&mut self.client, &mut self.to_client, &mut self.to_server.bytes, &mut client);
            step(&mut self.server, &mut self.to_server, &mut self.to_client.bytes, &mut server);
        }
        if client.is_some() || server.is_some() {
            return Err((client, server));
        }
        assert!(self.client.is_ready() && self.server.is_ready(), "the handshake stands still");
        Ok(())
    }

    fn ready(mut self) -> Ends {
        self.handshake().unwrap();
        self
    }

    fn send_to_server(&mut self, plaintext: &[u8]) {
        assert_eq!(self.client.write(plaintext, &mut self.to_server.bytes).unwrap(), plaintext.len());
    }

    fn send_to_client(&mut self, plaintext: &[u8]) {
        assert_eq!(self.server.write(plaintext, &mut self.to_client.bytes).unwrap(), plaintext.len());
    }

    /// Everything the server can read until it would block.
    fn at_server(&mut self) -> Vec<u8> {
        drain(&mut self.server, &mut self.to_server, &mut self.to_client.bytes)
    }

    fn at_client(&mut self) -> Vec<u8> {
        drain(&mut self.client, &mut self.to_client, &mut self.to_server.bytes)
    }

    fn read_server(&mut self) -> io::Result<usize> {
        self.server.read(&mut self.to_server, &mut self.to_client.bytes, &mut [0; 64])
    }

    fn read_client(&mut self) -> io::Result<usize> {
        self.client.read(&mut self.to_client, &mut self.to_server.bytes, &mut [0; 64])
    }
}

fn step(layer: &mut Layer, raw: &mut Pipe, out: &mut Vec<u8>, failed: &mut Option<String>) {
    if failed.is_some() {
        return;
    }
    // A TLS 1.3 client is ready before the server has judged its certificate: the verdict comes with the first read.
    let result = match layer.is_ready() {
        false => layer.handshake(raw, out),
        true => match layer.read(raw, out, &mut [0; 16]) {
            Ok(0) => Ok(()),
            Ok(length) => panic!("{length} bytes of data during the handshake"),
            Err(error) => Err(error),
        },
    };
    match result {
        Err(error) if error.kind() != ErrorKind::WouldBlock => *failed = Some(error.to_string()),
        _ => {}
    }
}

fn drain(layer: &mut Layer, raw: &mut Pipe, out: &mut Vec<u8>) -> Vec<u8> {
    let mut result = Vec::new();
    let mut buf = [0; 1000];
    loop {
        match layer.read(raw, out, &mut buf) {
            Ok(0) => return result,
            Ok(length) => result.extend_from_slice(&buf[..length]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                assert!(!layer.has_buffered_input(), "WouldBlock, but input is buffered");
                return result;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

fn tls_ends(client: &Arc<ClientTls>, server: &Arc<ServerTls>, host: &str) -> Ends {
    let endpoint: Endpoint = format!("mqtts://{host}").parse().unwrap();
    let client = Layer::stack(Some(TlsLayer::client(client, &endpoint).unwrap()), None);
    Ends::new(client, Layer::stack(Some(TlsLayer::server(server).unwrap()), None), usize::MAX)
}

fn websocket_ends() -> Ends {
    let endpoint: Endpoint = "ws://localhost".parse().unwrap();
    let client = WebSocketLayer::client(&endpoint, &WebSocketClientOptions::default());
    let server = WebSocketLayer::server(&WebSocketServerOptions::default());
    Ends::new(Layer::stack(None, Some(client)), Layer::stack(None, Some(server)), usize::MAX)
}

fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 7 + at / 251) as u8).collect()
}

#[test]
fn every_layer_carries_bytes_in_chunks_of_every_size() {
    let authority = Authority::new("CA");
    let (client, server) = (client_tls(authority.ca_file()), server_tls(&authority.server(&["localhost"])));
    let endpoint: Endpoint = "wss://localhost/mqtt".parse().unwrap();
    for chunk in [1, 2, 3, 5, 64, 1000, 4096, 16 * 1024 + 5, usize::MAX] {
        for (tls, websocket) in [(false, false), (true, false), (false, true), (true, true)] {
            let stack = |tls_layer: Result<TlsLayer, TlsError>, websocket_layer| {
                Layer::stack(tls.then(|| tls_layer.unwrap()), websocket.then_some(websocket_layer))
            };
            let mut ends = Ends::new(
                stack(
                    TlsLayer::client(&client, &endpoint),
                    WebSocketLayer::client(&endpoint, &WebSocketClientOptions::default()),
                ),
                stack(TlsLayer::server(&server), WebSocketLayer::server(&WebSocketServerOptions::default())),
                chunk,
            )
            .ready();
            for length in [1, 125, 126, 127, 4095, 70_000] {
                let data = pattern(length);
                ends.send_to_server(&data);
                assert!(ends.at_server() == data, "to the server: tls {tls}, websocket {websocket}, {chunk}, {length}");
                ends.send_to_client(&data);
                assert!(ends.at_client() == data, "to the client: tls {tls}, websocket {websocket}, {chunk}, {length}");
            }
            assert_eq!(ends.client.write(b"", &mut ends.to_server.bytes).unwrap(), 0);
        }
    }
}

#[test]
fn data_right_behind_a_handshake_is_not_lost() {
    let authority = Authority::new("CA");
    let (client, server) = (client_tls(authority.ca_file()), server_tls(&authority.server(&["localhost"])));
    for mut ends in [websocket_ends(), tls_ends(&client, &server, "localhost")] {
        let mut written = (false, false);
        for _ in 0..10 {
            let _ = ends.client.handshake(&mut ends.to_client, &mut ends.to_server.bytes);
            if ends.client.is_ready() && !written.0 {
                written.0 = true;
                ends.client.write(b"from the client", &mut ends.to_server.bytes).unwrap();
            }
            let _ = ends.server.handshake(&mut ends.to_server, &mut ends.to_client.bytes);
            if ends.server.is_ready() && !written.1 {
                written.1 = true;
                ends.server.write(b"from the server", &mut ends.to_client.bytes).unwrap();
            }
        }
        assert_eq!(ends.at_server(), b"from the client");
        assert_eq!(ends.at_client(), b"from the server");
    }
}

#[test]
fn reading_before_the_handshake_is_an_error_of_the_caller() {
    let mut ends = websocket_ends();
    assert_eq!(ends.read_client().unwrap_err().kind(), ErrorKind::NotConnected);
    assert_eq!(ends.client.write(b"x", &mut Vec::new()).unwrap_err().kind(), ErrorKind::NotConnected);
}

#[test]
fn closing_is_seen_as_the_end_by_the_other_side() {
    let authority = Authority::new("CA");
    let (client, server) = (client_tls(authority.ca_file()), server_tls(&authority.server(&["localhost"])));
    for mut ends in [websocket_ends().ready(), tls_ends(&client, &server, "localhost").ready()] {
        ends.send_to_server(b"last words");
        ends.client.close(&mut ends.to_server.bytes);
        let once = ends.to_server.bytes.len();
        ends.client.close(&mut ends.to_server.bytes);
        assert_eq!(ends.to_server.bytes.len(), once, "closing again says nothing more");
        assert_eq!(ends.at_server(), b"last words");
        assert_eq!(ends.read_server().unwrap(), 0);
        assert_eq!(ends.client.write(b"x", &mut Vec::new()).unwrap_err().kind(), ErrorKind::BrokenPipe);
    }
}

#[test]
fn the_end_of_the_stream_without_a_goodbye_is_the_end_too() {
    let authority = Authority::new("CA");
    let (client, server) = (client_tls(authority.ca_file()), server_tls(&authority.server(&["localhost"])));
    for mut ends in [websocket_ends().ready(), tls_ends(&client, &server, "localhost").ready()] {
        ends.send_to_server(b"last words");
        ends.to_server.ended = true;
        assert_eq!(ends.at_server(), b"last words");
        assert_eq!(ends.read_server().unwrap(), 0);
    }
}

// TLS

#[test]
fn tls_tells_what_was_agreed_on() {
    let authority = Authority::new("CA");
    let server = authority.server(&["localhost"]);
    let client = ClientTls::new(&TlsOptions {
        ca_file: Some(authority.ca_file()),
        alpn: vec!["x".into(), "mqtt".into()],
        ..Default::default()
    })
    .unwrap();
    let with_alpn = ServerTls::new(&ServerTlsOptions { alpn: vec!["mqtt".into()], ..server_options(&server) }).unwrap();
    let ends = tls_ends(&client, &with_alpn, "localhost").ready();
    let info = ends.client.tls_info().unwrap();
    assert_eq!(info.version, "TLSv1.3");
    assert!(info.cipher.starts_with("TLS13_"), "{}", info.cipher);
    assert_eq!(info.alpn.as_deref(), Some("mqtt"));
    assert_eq!(info.peer_certificate.unwrap().as_ref(), server.der);
    let info = ends.server.tls_info().unwrap();
    assert_eq!((info.alpn.as_deref(), info.peer_certificate), (Some("mqtt"), None));

    let ignoring = tls_ends(&client, &server_tls(&server), "localhost").ready();
    assert_eq!(ignoring.client.tls_info().unwrap().alpn, None);
}

#[test]
fn a_client_certificate_tells_its_common_name() {
    let authority = Authority::new("CA");
    let device = authority.client("device-7");
    let server = ServerTls::new(&ServerTlsOptions {
        ca_file: Some(authority.ca_file()),
        require_certificate: true,
        ..server_options(&authority.server(&["localhost"]))
    })
    .unwrap();
    let client = with_identity(&authority, &device);
    let ends = tls_ends(&client, &server, "localhost").ready();
    assert_eq!(ends.server.tls_info().unwrap().peer_common_name.as_deref(), Some("device-7"));
}

fn with_identity(authority: &Authority, identity: &Identity) -> Arc<ClientTls> {
    ClientTls::new(&TlsOptions {
        ca_file: Some(authority.ca_file()),
        cert_file: Some(identity.cert.clone()),
        key_file: Some(identity.key.clone()),
        ..Default::default()
    })
    .unwrap()
}

#[test]
fn a_missing_or_foreign_client_certificate_is_explained_to_both() {
    let (authority, stranger) = (Authority::new("CA"), Authority::new("Stranger"));
    let required = ServerTlsOptions {
        ca_file: Some(authority.ca_file()),
        require_certificate: true,
        ..server_options(&authority.server(&["localhost"]))
    };
    let server = ServerTls::new(&required).unwrap();
    let (client_text, server_text) = failure(&client_tls(authority.ca_file()), &server, "localhost");
    assert_has(&client_text, "localhost:8883 wants a client certificate: give certFile and keyFile");
    assert_has(&server_text, "the client showed no certificate");

    let foreign = with_identity(&authority, &stranger.client("mallory"));
    let (client_text, server_text) = failure(&foreign, &server, "localhost");
    assert_has(&client_text, "does not know the authority that issued this side's certificate");
    assert_has(&server_text, "certificate of the client was issued by an unknown authority");

    let optional = ServerTls::new(&ServerTlsOptions { require_certificate: false, ..required }).unwrap();
    tls_ends(&client_tls(authority.ca_file()), &optional, "localhost").ready();
    assert!(tls_ends(&foreign, &optional, "localhost").handshake().is_err());
}

/// What client and server say about a handshake that fails.
fn failure(client: &Arc<ClientTls>, server: &Arc<ServerTls>, host: &str) -> (String, String) {
    let (client, server) = tls_ends(client, server, host).handshake().expect_err("the handshake succeeds");
    (client.unwrap_or_default(), server.unwrap_or_default())
}

fn assert_has(text: &str, part: &str) {
    assert!(text.contains(part), "{part:?} is not in {text:?}");
}

#[test]
fn each_reason_to_refuse_a_broker_says_what_to_do() {
    let (authority, stranger) = (Authority::new("CA"), Authority::new("Stranger"));
    let client = client_tls(authority.ca_file());
    let dated = |from, until| {
        authority.issue("dated", &["localhost"], move |params| {
            params.not_before = rcgen::date_time_ymd(from, 1, 1);
            params.not_after = rcgen::date_time_ymd(until, 1, 1);
        })
    };
    let cases: [(Identity, &str); 5] = [
        (
            stranger.server(&["localhost"]),
            "certificate of localhost:8883 was issued by an unknown authority: pass its CA certificate as caFile",
        ),
        (
            authority.server(&["other.example"]),
            "certificate of localhost:8883 is not for the name localhost, but for other.example",
        ),
        (authority.server(&[]), "names no host in subjectAltName"),
        (dated(2001, 2002), "days ago: renew it"),
        (dated(2100, 2101), "becomes valid only in"),
    ];
    for (identity, part) in cases {
        assert_has(&failure(&client, &server_tls(&identity), "localhost").0, part);
    }
    let device = authority.issue("device", &["localhost"], |params| {
        params.insert_extended_key_usage(rcgen::ExtendedKeyUsagePurpose::ClientAuth);
    });
    assert_has(&failure(&client, &server_tls(&device), "localhost").0, "extended key usage lacks serverAuth");
    let (_, server_text) = failure(&client, &server_tls(&stranger.server(&["localhost"])), "localhost");
    assert_has(&server_text, "the client does not know the authority that issued this side's certificate");
}

#[test]
fn a_name_is_checked_against_the_peer_name_if_there_is_one() {
    let authority = Authority::new("CA");
    let server = server_tls(&authority.server(&["broker.example", "127.0.0.1", "::1"]));
    let options = TlsOptions { ca_file: Some(authority.ca_file()), ..Default::default() };
    let plain = ClientTls::new(&options).unwrap();
    for host in ["broker.example", "broker.example.", "127.0.0.1", "[::1]"] {
        tls_ends(&plain, &server, host).ready();
    }
    assert_has(&failure(&plain, &server, "127.0.0.2").0, "is not for the name 127.0.0.2");
    let named = TlsOptions { peer_name: Some("broker.example".into()), ..options.clone() };
    tls_ends(&ClientTls::new(&named).unwrap(), &server, "10.1.2.3").ready();
    let unchecked = TlsOptions { verify_peer_name: false, ..options.clone() };
    tls_ends(&ClientTls::new(&unchecked).unwrap(), &server, "10.1.2.3").ready();
    let wrong = TlsOptions { peer_name: Some("no name".into()), ..options };
    assert!(matches!(ClientTls::new(&wrong), Err(TlsError::Name(_))));
}

#[test]
fn self_signed_certificates_are_trusted_only_when_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    for is_ca in [rcgen::IsCa::NoCa, rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained)] {
        let identity = self_signed(folder.path(), &["localhost"], |params| params.is_ca = is_ca);
        let server = server_tls(&identity);
        let other = Authority::new("CA");
        let options = TlsOptions { ca_file: Some(other.ca_file()), ..Default::default() };
        let text = failure(&ClientTls::new(&options).unwrap(), &server, "localhost").0;
        assert_has(&text, "certificate of localhost:8883");

        let allowing = ClientTls::new(&TlsOptions { allow_self_signed: true, ..options.clone() }).unwrap();
        tls_ends(&allowing, &server, "localhost").ready();
        assert_has(&failure(&allowing, &server, "other.example").0, "is not for the name other.example");
        tls_ends(&client_tls(identity.cert.clone()), &server, "localhost").ready();
        let unverified = TlsOptions { verify_peer: false, ..options };
        tls_ends(&ClientTls::new(&unverified).unwrap(), &server, "localhost").ready();
    }
    let expired = self_signed(folder.path(), &["localhost"], |params| {
        params.not_before = rcgen::date_time_ymd(2001, 1, 1);
        params.not_after = rcgen::date_time_ymd(2002, 1, 1);
    });
    assert_has(&failure(&client_tls(expired.cert.clone()), &server_tls(&expired), "localhost").0, "days ago: renew it");
}

#[test]
fn an_authority_that_poses_as_a_broker_is_refused_unless_it_is_passed_itself() {
    let (authority, top) = (Authority::new("CA"), Authority::new("Top"));
    let middle = top.issue("middle", &["localhost"], |params| {
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    });
    let server = server_tls(&middle);
    let text = failure(&client_tls(top.ca_file()), &server, "localhost").0;
    assert_has(&text, "is the certificate of an authority, not of a host");
    tls_ends(&client_tls(middle.cert.clone()), &server, "localhost").ready();
    let text = failure(&client_tls(authority.ca_file()), &server_tls(&authority.itself()), "localhost").0;
    assert_has(&text, "names no host");
}

#[test]
fn a_pinned_fingerprint_must_match_besides_all_else() {
    let authority = Authority::new("CA");
    let identity = authority.server(&["localhost"]);
    let server = server_tls(&identity);
    let mut pin = [0; 32];
    // SHA-256 by the implementation that rustls brings, over the same bytes that openssl x509 -fingerprint hashes.
    pin.copy_from_slice(&sha256(&identity.der));
    let options = |pins: Vec<[u8; 32]>| TlsOptions {
        ca_file: Some(authority.ca_file()),
        pinned_sha256: pins,
        ..Default::default()
    };
    tls_ends(&ClientTls::new(&options(vec![[0; 32], pin])).unwrap(), &server, "localhost").ready();
    let text = failure(&ClientTls::new(&options(vec![[0; 32]])).unwrap(), &server, "localhost").0;
    let hex: String = pin.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_has(&text, &hex);
    let unverified = TlsOptions { verify_peer: false, verify_peer_name: false, ..options(vec![[0; 32]]) };
    assert_has(&failure(&ClientTls::new(&unverified).unwrap(), &server, "localhost").0, "none of the pinned ones");
    let text = failure(&ClientTls::new(&options(vec![pin])).unwrap(), &server, "other.example").0;
    assert_has(&text, "is not for the name");
}

fn sha256(data: &[u8]) -> Vec<u8> {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut child = Command::new("sha256sum").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(data).unwrap();
    let text = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    (0..32).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}

#[test]
fn old_versions_are_refused_where_the_options_say_so() {
    let authority = Authority::new("CA");
    let identity = authority.server(&["localhost"]);
    let new_only = ServerTls::new(&ServerTlsOptions { min_version: MinVersion::Tls13, ..server_options(&identity) });
    let ends = tls_ends(&client_tls(authority.ca_file()), &new_only.unwrap(), "localhost").ready();
    assert_eq!(ends.client.tls_info().unwrap().version, "TLSv1.3");
    assert!(MinVersion::Tls12 < MinVersion::Tls13);
}

#[test]
fn what_is_not_tls_is_named_as_such() {
    let authority = Authority::new("CA");
    let server = server_tls(&authority.server(&["localhost"]));
    let mut layer = Layer::stack(Some(TlsLayer::server(&server).unwrap()), None);
    let error =
        layer.handshake(&mut Pipe::of(b"\x10\x0e\x00\x04MQTT\x04\x02\x00\x3c\x00\x00"), &mut Vec::new()).unwrap_err();
    assert_has(&error.to_string(), "the client does not speak TLS on this port");
    assert!(TlsError::is_in(&error));

    let endpoint: Endpoint = "mqtts://localhost".parse().unwrap();
    let client = client_tls(authority.ca_file());
    let mut layer = Layer::stack(Some(TlsLayer::client(&client, &endpoint).unwrap()), None);
    let ended = &mut Pipe { ended: true, ..Pipe::new(1) };
    let error = layer.handshake(ended, &mut Vec::new()).unwrap_err();
    assert_has(&error.to_string(), "localhost:8883 closed the connection during the TLS handshake");
}

#[test]
fn files_that_do_not_serve_are_named() {
    let authority = Authority::new("CA");
    let good = authority.server(&["localhost"]);
    let folder = authority.folder.path();
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let empty = file("empty.pem", "nothing\n");
    let encrypted =
        file("enc.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
    let old = file(
        "old.key",
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
    );
    let broken = file("broken.pem", "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n");
    let garbage = file("garbage.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    let other_key = authority.issue("other", &["localhost"], |_| {}).key;
    let server = |cert: &std::path::Path, key: &std::path::Path| {
        let options = ServerTlsOptions { cert_file: cert.into(), key_file: key.into(), ..Default::default() };
        ServerTls::new(&options).expect_err("this must fail").to_string()
    };
    assert_has(&server(&folder.join("absent.pem"), &good.key), "absent.pem: No such file");
    assert_has(&server(&empty, &good.key), "empty.pem holds no certificate");
    assert_has(&server(&broken, &good.key), "broken.pem is not a valid PEM file");
    assert_has(&server(&garbage, &good.key), "garbage.pem cannot be used");
    assert_has(&server(&good.cert, &empty), "empty.pem holds no private key");
    let text = server(&good.cert, &encrypted);
    assert_has(&text, "is encrypted");
    assert_has(&text, &format!("openssl pkey -in {}", encrypted.display()));
    let text = server(&good.cert, &old);
    assert_has(&text, "is encrypted in a form that cannot be read");
    assert_has(&text, &format!("openssl pkcs8 -topk8 -v2 aes-256-cbc -in {}", old.display()));
    assert_has(&server(&good.cert, &other_key), ".key does not belong to the first certificate in");

    let client = |options: TlsOptions| ClientTls::new(&options).expect_err("this must fail").to_string();
    assert_has(
        &client(TlsOptions { ca_file: Some(empty.clone()), ..Default::default() }),
        "empty.pem holds no certificate",
    );
    let text = client(TlsOptions {
        cert_file: Some(good.cert.clone()),
        key_file: Some(encrypted.clone()),
        key_passphrase: Some("secret".into()),
        ca_file: Some(authority.ca_file()),
        ..Default::default()
    });
    assert_has(&text, "is encrypted in a form that cannot be read");
    let bare = tempfile::tempdir().unwrap();
    let text = client(TlsOptions { ca_path: Some(bare.path().into()), ..Default::default() });
    assert_has(&text, "holds no certificate");
    let text = client(TlsOptions {
        ca_file: Some(authority.ca_file()),
        key_file: Some(good.key.clone()),
        ..Default::default()
    });
    assert_has(&text, "is given without a certificate");
    let options = ServerTlsOptions { require_certificate: true, ..server_options(&good) };
    assert!(matches!(ServerTls::new(&options), Err(TlsError::NoClientAuthority)));
}

#[test]
fn a_directory_of_authorities_is_read_past_what_is_no_certificate() {
    let authority = Authority::new("CA");
    let server = server_tls(&authority.server(&["localhost"]));
    std::fs::write(authority.folder.path().join("README"), "no certificate").unwrap();
    let options = TlsOptions { ca_path: Some(authority.folder.path().into()), ..Default::default() };
    tls_ends(&ClientTls::new(&options).unwrap(), &server, "localhost").ready();
}

// WebSocket

/// A frame of a client, masked.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mask = [1, 2, 3, 4];
    let mut result = vec![first];
    match payload.len() {
        length @ 0..=125 => result.push(0x80 | length as u8),
        length => {
            result.push(0x80 | 126);
            result.extend((length as u16).to_be_bytes());
        }
    }
    result.extend(mask);
    result.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    result
}

/// Shows: 5.0 MQTT-6.0.0-1, 3.1.1 MQTT-6.0.0-1
#[test]
fn one_write_is_one_binary_frame() {
    let mut ends = websocket_ends().ready();
    ends.send_to_client(&pattern(300));
    assert_eq!(ends.to_client.bytes[..4], [0x82, 126, 1, 44]);
    assert_eq!(ends.to_client.bytes.len(), 304);
    ends.send_to_server(b"abc");
    assert_eq!(ends.to_server.bytes[..2], [0x82, 0x83]);
    assert_eq!(ends.to_server.bytes.len(), 2 + 4 + 3, "a client masks");
}

/// Shows: 5.0 MQTT-6.0.0-2, 3.1.1 MQTT-6.0.0-2
#[test]
fn fragments_join_and_control_frames_in_between_are_answered() {
    let mut ends = websocket_ends().ready();
    for part in [frame(0x02, b"one "), frame(0x89, b"are you there"), frame(0x00, b"two "), frame(0x80, b"three")] {
        ends.to_server.bytes.extend(part);
    }
    ends.to_server.bytes.extend(frame(0x8a, b"unasked pong"));
    ends.to_server.bytes.extend(frame(0x82, b" four"));
    assert_eq!(ends.at_server(), b"one two three four");
    assert_eq!(ends.to_client.bytes, [&[0x8a, 13][..], b"are you there"].concat());
    assert_eq!(ends.at_client(), b"", "the client takes the pong");
}

/// Shows: 5.0 MQTT-6.0.0-1, 3.1.1 MQTT-6.0.0-1
#[test]
fn a_text_frame_is_refused_with_1003() {
    let mut ends = websocket_ends().ready();
    ends.to_server.bytes = frame(0x81, b"hello");
    let error = ends.read_server().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    assert_has(&error.to_string(), "text frame");
    assert_eq!(ends.to_client.bytes[0], 0x88);
    assert_eq!(ends.to_client.bytes[2..4], 1003u16.to_be_bytes());
    // And by a client; a server does not mask.
    let mut ends = websocket_ends().ready();
    ends.to_client.bytes = [&[0x81, 5][..], b"hello"].concat();
    let error = ends.read_client().unwrap_err();
    assert_has(&error.to_string(), "text frame");
    assert_eq!(ends.to_server.bytes[0], 0x88);
}

#[test]
fn a_message_over_the_limit_is_refused_with_1009() {
    for fragmented in [false, true] {
        let mut ends = websocket_ends().ready();
        ends.server.set_message_limit(1000);
        ends.send_to_server(&pattern(1000));
        assert_eq!(ends.at_server().len(), 1000);
        if fragmented {
            ends.to_server.bytes = [frame(0x02, &pattern(600)), frame(0x80, &pattern(401))].concat();
        } else {
            ends.to_server.bytes = frame(0x82, &pattern(1001));
        }
        let error = ends.read_server().unwrap_err();
        assert_has(&error.to_string(), "longer than allowed");
        assert_eq!(ends.to_client.bytes[2..4], 1009u16.to_be_bytes());
    }
}

#[test]
fn rubbish_is_an_error_or_is_waited_out_and_never_a_panic() {
    let authority = Authority::new("CA");
    let (client, server) = (client_tls(authority.ca_file()), server_tls(&authority.server(&["localhost"])));
    let mut random = fastrand::Rng::with_seed(7);
    for round in 0..600 {
        let tls = round % 3 == 0;
        let mut ends = if tls { tls_ends(&client, &server, "localhost") } else { websocket_ends() };
        if round % 2 == 0 {
            ends = ends.ready();
            ends.send_to_server(&pattern(random.usize(1..400)));
        } else {
            let _ = ends.client.handshake(&mut ends.to_client, &mut ends.to_server.bytes);
        }
        for _ in 0..random.usize(1..6) {
            let at = random.usize(..ends.to_server.bytes.len());
            match random.u8(..3) {
                0 => ends.to_server.bytes[at] ^= 1 << random.u8(..8),
                1 => ends.to_server.bytes.truncate(at + 1),
                _ => ends.to_server.bytes.insert(at, random.u8(..)),
            }
        }
        let mut failed = None;
        for _ in 0..3 {
            let layer = &mut ends.server;
            let result = match layer.is_ready() {
                false => layer.handshake(&mut ends.to_server, &mut ends.to_client.bytes),
                true => layer.read(&mut ends.to_server, &mut ends.to_client.bytes, &mut [0; 999]).map(|_| ()),
            };
            if failed.is_some() {
                assert!(result.is_err() || !tls, "round {round}: after {failed:?} all is well again");
            }
            failed = failed.or(result.err().filter(|error| error.kind() != ErrorKind::WouldBlock));
        }
    }
}

#[test]
fn frames_that_break_the_protocol_end_the_connection() {
    for (what, bytes) in [
        ("unmasked", vec![0x82, 1, b'x']),
        ("reserved bit", frame(0xc2, b"x")),
        ("reserved opcode", frame(0x83, b"x")),
        ("continuation of nothing", frame(0x80, b"x")),
        ("fragmented ping", frame(0x09, b"x")),
        ("long ping", frame(0x89, &pattern(126))),
    ] {
        let mut ends = websocket_ends().ready();
        ends.to_server.bytes = bytes;
        let error = ends.read_server().expect_err(what);
        assert_eq!(error.kind(), ErrorKind::InvalidData, "{what}: {error}");
        assert_eq!(ends.to_client.bytes[2..4], 1002u16.to_be_bytes(), "{what}");
    }
}

#[test]
fn a_close_is_answered_and_read_as_the_end() {
    let mut ends = websocket_ends().ready();
    ends.to_server.bytes = frame(0x88, &1001u16.to_be_bytes());
    ends.to_server.bytes.extend(frame(0x82, b"too late"));
    assert_eq!(ends.read_server().unwrap(), 0);
    assert_eq!(ends.to_client.bytes, [0x88, 2, 3, 0xe9]);
    assert_eq!(ends.read_server().unwrap(), 0);
    assert_eq!(ends.server.write(b"x", &mut Vec::new()).unwrap_err().kind(), ErrorKind::BrokenPipe);
    assert_eq!(
        ends.read_client().unwrap(),
        0,
        "the server's close ends the client's reading without the end of the stream"
    );
}

const REQUEST: &str = "GET /mqtt HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\
    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: chat, mqttv3.1\r\n";

/// The server's answer to a request, and its error.
fn answer(options: &WebSocketServerOptions, request: &str) -> (String, Option<String>) {
    let mut layer = Layer::stack(None, Some(WebSocketLayer::server(options)));
    let mut out = Vec::new();
    let result = layer.handshake(&mut Pipe::of(request.as_bytes()), &mut out);
    let answer = String::from_utf8(out).unwrap();
    match result {
        Ok(()) => assert!(layer.is_ready()),
        Err(_) => assert!(!layer.is_ready()),
    }
    (answer, result.err().map(|error| error.to_string()))
}

#[test]
fn the_server_answers_an_upgrade() {
    let (text, error) = answer(&WebSocketServerOptions::default(), &format!("{REQUEST}\r\n"));
    assert_eq!(error, None);
    assert!(text.starts_with("HTTP/1.1 101 "), "{text}");
    // The example of RFC 6455, section 1.3.
    assert_has(&text, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
    assert_has(&text, "Sec-WebSocket-Protocol: mqttv3.1\r\n");
    assert!(text.ends_with("\r\n\r\n"));
    let both = REQUEST.replace("chat, mqttv3.1", "mqttv3.1\r\nSec-WebSocket-Protocol: mqtt");
    assert_has(
        &answer(&WebSocketServerOptions::default(), &format!("{both}\r\n")).0,
        "Sec-WebSocket-Protocol: mqtt\r\n",
    );
}

#[test]
fn a_request_that_is_no_upgrade_gets_a_readable_answer() {
    let any = WebSocketServerOptions::default();
    let strict = WebSocketServerOptions {
        path: Some("/broker".into()),
        origins: vec!["https://app.example".into()],
        ..Default::default()
    };
    let full = format!("{REQUEST}\r\n");
    let long = format!("{REQUEST}X: {}\r\n\r\n", "x".repeat(17_000));
    let many = format!("{REQUEST}{}\r\n", "X: y\r\n".repeat(101));
    let foreign = full.replace("/mqtt ", "/broker?x=1 ").replace("Host:", "Origin: https://evil.example\r\nHost:");
    for (options, request, status, part) in [
        (&any, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "426 Upgrade Required", "MQTT over WebSocket"),
        (&any, "POST /mqtt HTTP/1.1\r\nHost: x\r\n\r\n", "405 Method Not Allowed", "Allow: GET"),
        (&any, &full.replace("HTTP/1.1", "HTTP/1.0"), "505 HTTP Version Not Supported", "HTTP/1.1"),
        (&any, &full.replace("Version: 13", "Version: 8"), "426 Upgrade Required", "Sec-WebSocket-Version: 13\r\n"),
        (&any, &full.replace("Key: dG", "Key: "), "400 Bad Request", "Sec-WebSocket-Key"),
        (&any, &full.replace("mqttv3.1", "mqttv9"), "400 Bad Request", "subprotocol"),
        (&any, "\u{10}\u{e}\0\u{4}MQTT\u{4}\u{2}\0<\0\0", "400 Bad Request", "not an HTTP request"),
        (&any, "MQTT\r\n\r\n", "400 Bad Request", "not an HTTP request"),
        (&any, &long, "431 ", "longer than"),
        (&any, &many, "431 ", "too many headers"),
        (&strict, &full, "404 Not Found", "another path"),
        (&strict, &foreign, "403 Forbidden", "origin"),
    ] {
        let (text, error) = answer(options, request);
        assert!(text.starts_with(&format!("HTTP/1.1 {status}")), "{status}: {text}");
        assert_has(&text, part);
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert_has(head, &format!("Content-Length: {}", body.len()));
        assert_has(&error.unwrap(), status.trim());
    }
    let allowed = foreign.replace("evil.example", "APP.example");
    assert_eq!(answer(&strict, &allowed).1, None);
    let (text, error) = answer(&any, REQUEST);
    assert_eq!((text.as_str(), error.is_some()), ("", true), "half a head waits for the rest");
}

/// The client's error for an answer.
fn client_error(response: &str) -> String {
    let endpoint: Endpoint = "ws://broker.example:8083/mqtt".parse().unwrap();
    let mut layer = Layer::stack(None, Some(WebSocketLayer::client(&endpoint, &WebSocketClientOptions::default())));
    let error = layer.handshake(&mut Pipe::of(response.as_bytes()), &mut Vec::new()).unwrap_err();
    assert!(!layer.is_ready());
    error.to_string()
}

#[test]
fn the_client_says_what_is_wrong_with_an_answer() {
    assert_has(&client_error("HTTP/1.1 404 Not Found\r\n\r\n"), "404 Not Found: is this the path of MQTT?");
    assert_has(&client_error("HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n"), "redirects to /login");
    assert_has(&client_error("HTTP/1.1 401 Unauthorized\r\n\r\n"), "wants credentials");
    assert_has(&client_error("HTTP/1.1 101 Switching Protocols\r\n\r\n"), "not an upgrade");
    assert_has(&client_error("\u{20}\u{2}\0\0"), "not HTTP");
    assert_has(&client_error(&"H".repeat(20_000)), "longer than 16384 bytes");
    let upgrade = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n";
    assert_has(&client_error(upgrade), "Sec-WebSocket-Accept does not fit");
}

/// Shows: 5.0 MQTT-6.0.0-3, 3.1.1 MQTT-6.0.0-3
#[test]
fn the_client_insists_on_the_subprotocol() {
    for (line, part) in [("", "does not agree on the subprotocol"), ("Sec-WebSocket-Protocol: chat\r\n", "\"chat\"")] {
        let mut ends = websocket_ends();
        let _ = ends.client.handshake(&mut ends.to_client, &mut ends.to_server.bytes);
        ends.server.handshake(&mut ends.to_server, &mut ends.to_client.bytes).unwrap();
        let text = String::from_utf8(ends.to_client.bytes.clone()).unwrap();
        ends.to_client.bytes = text.replace("Sec-WebSocket-Protocol: mqtt\r\n", line).into_bytes();
        let error = ends.client.handshake(&mut ends.to_client, &mut ends.to_server.bytes).unwrap_err();
        assert_has(&error.to_string(), part);
    }
}

#[test]
fn the_request_names_host_path_and_headers() {
    let request = |uri: &str, headers: &[(&str, &str)]| {
        let options = WebSocketClientOptions {
            headers: headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            ..Default::default()
        };
        let mut layer = Layer::stack(None, Some(WebSocketLayer::client(&uri.parse().unwrap(), &options)));
        let mut out = Vec::new();
        let _ = layer.handshake(&mut Pipe::new(1), &mut out);
        String::from_utf8(out).unwrap()
    };
    let text = request("ws://broker.example/a?b=c", &[("Authorization", "Bearer 1"), ("X", "y\r\nEvil: yes")]);
    assert!(text.starts_with("GET /a?b=c HTTP/1.1\r\nHost: broker.example\r\n"), "{text}");
    assert_has(&text, "\r\nAuthorization: Bearer 1\r\n");
    assert!(!text.contains("\nEvil"), "a value cannot add a header: {text}");
    assert_has(&request("ws://[::1]:8083", &[]), "GET /mqtt HTTP/1.1\r\nHost: [::1]:8083\r\n");
}
