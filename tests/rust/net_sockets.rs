//! The net crate on real sockets: listening, dialling, moving bytes, ending.
#![allow(clippy::unwrap_used)]

#[path = "net_certs.rs"]
mod certs;

use std::io::{ErrorKind, IoSlice, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use certs::{Authority, client_tls, server_options, server_tls};
use mqtt_net::{
    ClientTls, Dial, DialError, DialOptions, DialPoll, DialStage, Endpoint, Interest, Layer, ListenKind, ListenOptions,
    Listener, MinVersion, PeerAddress, PortSharing, Progress, ServerTls, ServerTlsOptions, Socket, Transport,
    WebSocketLayer, WebSocketServerOptions,
};
use rustix::event::{PollFd, PollFlags, poll};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap()
}

/// Waits until the transport's socket is ready for `flags`; a test that hangs fails here.
fn wait(transport: &Transport, flags: PollFlags) {
    let timeout = rustix::event::Timespec { tv_sec: 20, tv_nsec: 0 };
    let ready = poll(&mut [PollFd::new(transport, flags)], Some(&timeout)).unwrap();
    assert!(ready > 0, "nothing happens on {transport:?}");
}

fn drive(transport: &mut Transport) -> std::io::Result<()> {
    loop {
        match transport.progress()? {
            Progress::Ready => return Ok(()),
            Progress::NeedRead => wait(transport, PollFlags::IN),
            Progress::NeedWrite => wait(transport, PollFlags::OUT),
        }
    }
}

/// Sends back what comes in, until the end.
fn echo(mut transport: Transport) {
    drive(&mut transport).unwrap();
    let mut buf = vec![0; 50_000];
    loop {
        match transport.read(&mut buf) {
            Ok(0) => return transport.close(),
            Ok(length) => send(&mut transport, &buf[..length]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                assert!(!transport.has_buffered_input());
                wait(&transport, PollFlags::IN);
            }
            Err(error) => panic!("{error}"),
        }
    }
}

fn send(transport: &mut Transport, mut data: &[u8]) {
    while !data.is_empty() {
        match transport.write(data) {
            Ok(taken) => data = &data[taken..],
            Err(error) if error.kind() == ErrorKind::WouldBlock => wait(transport, PollFlags::OUT),
            Err(error) => panic!("{error}"),
        }
    }
    while !transport.flush().unwrap() {
        wait(transport, PollFlags::OUT);
    }
    assert!(!transport.wants_write());
}

fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 7 + at / 251) as u8).collect()
}

/// A listener for one connection that is echoed; its URI's authority.
fn echo_server(options: ListenOptions) -> (String, JoinHandle<()>) {
    let runtime = runtime();
    let listener = runtime.block_on(async { Listener::bind(&options).unwrap() });
    let address = match listener.local_address() {
        PeerAddress::Tcp(address) => address.to_string(),
        PeerAddress::Unix(path) => path.as_ref().unwrap().display().to_string(),
    };
    let server = thread::spawn(move || {
        let (transport, _) = runtime.block_on(listener.accept()).unwrap();
        echo(transport);
    });
    (address, server)
}

fn dial(uri: &str, tls: Option<Arc<ClientTls>>) -> Result<Transport, DialError> {
    Dial::connect_blocking(Arc::new(uri.parse().unwrap()), tls, DialOptions::default())
}

fn dial_error(uri: &str, tls: Option<Arc<ClientTls>>) -> DialError {
    dial(uri, tls).expect_err("the dial succeeds")
}

/// Sends 1 MiB while reading the echo; both ways are full in between.
fn exchange(mut transport: Transport) {
    let data = pattern(1 << 20);
    let (mut sent, mut received) = (0, Vec::new());
    let mut buf = vec![0; 30_000];
    while received.len() < data.len() {
        let mut idle = true;
        if sent < data.len() {
            match transport.write(&data[sent..]) {
                Ok(taken) => (sent, idle) = (sent + taken, false),
                Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock, "{error}"),
            }
        } else {
            transport.flush().unwrap();
        }
        match transport.read(&mut buf) {
            Ok(0) => panic!("the end after {} bytes", received.len()),
            Ok(length) => {
                received.extend_from_slice(&buf[..length]);
                idle = false;
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock, "{error}"),
        }
        if idle {
            let more = sent < data.len() || transport.wants_write();
            wait(&transport, if more { PollFlags::IN | PollFlags::OUT } else { PollFlags::IN });
        }
    }
    assert!(received == data);
    transport.close_write();
    wait(&transport, PollFlags::IN);
    assert_eq!(transport.read(&mut buf).unwrap(), 0);
    transport.close();
    transport.close();
}

/// Shows: 5.0 MQTT-4.2.0-1, 3.1.1 MQTT-7.1.1-1, 3.1.1 MQTT-7.1.2-1
#[test]
fn a_mebibyte_comes_back_over_every_kind_of_connection() {
    let authority = Authority::new("CA");
    let tls = server_tls(&authority.server(&["127.0.0.1"]));
    let client = client_tls(authority.ca_file());
    let websocket =
        || ListenKind::WebSocket(WebSocketServerOptions { path: Some("/mqtt".into()), ..Default::default() });
    let tcp = || ListenOptions::tcp("127.0.0.1", 0);
    for (scheme, options) in [
        ("mqtt", tcp()),
        ("unix", ListenOptions::unix(authority.folder.path().join("x.sock"))),
        ("mqtts", ListenOptions { tls: Some(tls.clone()), ..tcp() }),
        ("ws", ListenOptions { kind: websocket(), ..tcp() }),
        ("wss", ListenOptions { tls: Some(tls.clone()), kind: websocket(), ..tcp() }),
    ] {
        let (address, server) = echo_server(options);
        let transport = dial(&format!("{scheme}://{address}"), Some(client.clone())).unwrap();
        assert_eq!(transport.tls_info().is_some(), scheme.ends_with('s') && scheme != "ws", "{scheme}");
        exchange(transport);
        server.join().unwrap();
    }
}

#[test]
fn a_host_name_is_looked_up_and_its_addresses_are_tried_in_turn() {
    // localhost is ::1 too on most machines, and nobody listens there: the refusal must lead to 127.0.0.1 at once.
    let (address, server) = echo_server(ListenOptions::tcp("127.0.0.1", 0));
    let port = address.rsplit_once(':').unwrap().1;
    let mut transport = dial(&format!("mqtt://localhost:{port}"), None).unwrap();
    assert_eq!(transport.peer_address().unwrap().to_string(), address);
    transport.close();
    server.join().unwrap();
}

#[test]
fn a_refused_connection_asks_for_a_broker() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = dial_error(&format!("mqtt://127.0.0.1:{port}"), None);
    assert_eq!(error.stage, DialStage::Connect);
    assert_eq!(error.source.kind(), ErrorKind::ConnectionRefused);
    assert_eq!(error.to_string(), format!("127.0.0.1:{port} refused the connection: is a broker listening there?"));
}

#[test]
fn an_unknown_host_asks_to_check_the_name() {
    let error = dial_error("mqtt://no-such-host.invalid", None);
    assert_eq!(error.stage, DialStage::Resolve);
    assert!(error.to_string().starts_with("cannot resolve host no-such-host.invalid: "), "{error}");
    assert_eq!(error.endpoint, "no-such-host.invalid:1883");
}

#[test]
fn unix_sockets_that_are_absent_or_dead_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sock");
    let uri = format!("unix://{}", path.display());
    assert!(dial_error(&uri, None).to_string().starts_with("there is no socket "));
    drop(UnixListener::bind(&path).unwrap());
    assert!(dial_error(&uri, None).to_string().starts_with("nobody listens on the socket "));
}

#[test]
fn the_deadline_ends_a_dial_that_hangs_in_a_handshake() {
    // A listener that takes connections and says nothing. The clock is the poller's: nothing here waits for real.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    for (scheme, part) in
        [("mqtts", "did not finish the TLS handshake within"), ("ws", "did not answer the WebSocket request")]
    {
        let uri = format!("{scheme}://{}", listener.local_addr().unwrap());
        let authority = Authority::new("CA");
        let mut dial = Dial::start(
            Arc::new(uri.parse().unwrap()),
            Some(client_tls(authority.ca_file())),
            DialOptions { timeout: Duration::from_secs(3600), ..Default::default() },
        );
        let (mut peer, mut accepted) = (None, false);
        let watch = loop {
            match dial.poll(Instant::now()) {
                DialPoll::Pending { watch, wake } => {
                    assert_eq!(wake, dial.deadline());
                    if accepted {
                        break watch;
                    }
                    peer = Some(listener.accept().unwrap());
                    accepted = true;
                }
                other => panic!("{other:?}"),
            }
        };
        assert_eq!((watch.len(), watch[0].interest), (1, Interest::Read));
        match dial.poll(dial.deadline()) {
            DialPoll::Failed(error) => {
                assert_eq!(error.stage, DialStage::Timeout);
                assert!(error.to_string().contains(part), "{error}");
            }
            other => panic!("{other:?}"),
        }
        drop(peer);
    }
}

#[test]
fn a_timeout_of_zero_fails_and_the_longest_one_does_not_overflow() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint: Arc<Endpoint> = Arc::new(format!("mqtts://{}", listener.local_addr().unwrap()).parse().unwrap());
    let authority = Authority::new("CA");
    let tls = Some(client_tls(authority.ca_file()));
    let options = |timeout| DialOptions { timeout, ..Default::default() };
    let error = Dial::connect_blocking(endpoint.clone(), tls.clone(), options(Duration::ZERO)).unwrap_err();
    assert_eq!(error.stage, DialStage::Timeout);
    let mut dial = Dial::start(endpoint, tls, options(Duration::MAX));
    assert!(matches!(dial.poll(Instant::now()), DialPoll::Pending { .. }));
}

#[test]
fn a_dial_that_is_dropped_while_it_resolves_leaves_nothing_behind() {
    let endpoint: Arc<Endpoint> = Arc::new("mqtt://localhost:1".parse().unwrap());
    let mut dial = Dial::start(endpoint, None, DialOptions::default());
    let first = dial.poll(Instant::now());
    drop(dial);
    // The descriptor of the look-up stays good as long as the watch holds it, and signals although nobody wants the result.
    if let DialPoll::Pending { watch, .. } = first {
        let timeout = rustix::event::Timespec { tv_sec: 20, tv_nsec: 0 };
        let mut fds = [PollFd::new(&watch[0], watch[0].poll_flags())];
        assert_eq!(poll(&mut fds, Some(&timeout)).unwrap(), 1);
    }
}

#[test]
fn the_stage_tells_tls_from_websocket() {
    let authority = Authority::new("CA");
    let (stranger, identity) = (Authority::new("Stranger"), authority.server(&["127.0.0.1"]));
    let runtime = runtime();
    let options = ListenOptions {
        tls: Some(server_tls(&identity)),
        kind: ListenKind::WebSocket(WebSocketServerOptions { path: Some("/other".into()), ..Default::default() }),
        ..ListenOptions::tcp("127.0.0.1", 0)
    };
    let listener = runtime.block_on(async { Listener::bind(&options).unwrap() });
    let uri = format!("wss://{}/mqtt", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        for _ in 0..2 {
            let (mut transport, _) = runtime.block_on(listener.accept()).unwrap();
            assert!(drive(&mut transport).is_err());
        }
    });
    let error = dial_error(&uri, Some(client_tls(stranger.ca_file())));
    assert_eq!(error.stage, DialStage::Tls);
    assert!(error.tls().unwrap().is_certificate());
    assert!(error.to_string().starts_with("certificate of 127.0.0.1:"), "{error}");
    let error = dial_error(&uri, Some(client_tls(authority.ca_file())));
    assert_eq!(error.stage, DialStage::WebSocket);
    assert!(error.tls().is_none());
    assert!(error.to_string().contains("/mqtt failed: the server answered 404 Not Found"), "{error}");
    server.join().unwrap();
}

#[test]
fn tls_against_a_plain_port_and_plain_against_tls_are_explained() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.read_exact(&mut [0; 16]).unwrap();
        // A plain broker ends such a connection without a word; some say that they do not understand.
        stream.write_all(b"\x20\x02\x00\x01\x20\x02\x00\x01").unwrap();
    });
    let authority = Authority::new("CA");
    let error = dial_error(&format!("mqtts://{address}"), Some(client_tls(authority.ca_file())));
    assert_eq!(error.stage, DialStage::Tls);
    assert!(error.to_string().contains("does not speak TLS on this port"), "{error}");
    server.join().unwrap();
}

#[test]
fn an_http_client_on_a_websocket_port_reads_an_answer() {
    let runtime = runtime();
    let options = ListenOptions {
        kind: ListenKind::WebSocket(WebSocketServerOptions::default()),
        ..ListenOptions::tcp("127.0.0.1", 0)
    };
    let listener = runtime.block_on(async { Listener::bind(&options).unwrap() });
    let address = listener.local_addr().unwrap();
    let browser = thread::spawn(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    });
    let (mut transport, _) = runtime.block_on(listener.accept()).unwrap();
    let error = drive(&mut transport).unwrap_err();
    assert!(error.to_string().contains("426 Upgrade Required"), "{error}");
    assert_ne!(transport.progress().ok(), Some(Progress::Ready));
    drop(transport);
    let text = browser.join().unwrap();
    assert!(text.starts_with("HTTP/1.1 426 Upgrade Required\r\n"), "{text}");
}

#[test]
fn a_peer_that_does_not_read_makes_writes_block_and_memory_stays_bounded() {
    let authority = Authority::new("CA");
    let tls = server_tls(&authority.server(&["localhost"]));
    for layered in [false, true] {
        let (near, far) = Socket::pair().unwrap();
        let (mut near, far) = match layered {
            false => (Transport::plain(near), Transport::plain(far)),
            true => {
                let endpoint: Endpoint = "mqtts://localhost".parse().unwrap();
                let client = mqtt_net::TlsLayer::client(&client_tls(authority.ca_file()), &endpoint).unwrap();
                let server = mqtt_net::TlsLayer::server(&tls).unwrap();
                let mut near = Transport::new(near, Layer::stack(Some(client), None));
                let mut far = Transport::new(far, Layer::stack(Some(server), None));
                while [near.progress().unwrap(), far.progress().unwrap()] != [Progress::Ready; 2] {}
                (near, far)
            }
        };
        let data = pattern(100_000);
        let mut taken = 0;
        let error = loop {
            match near.write(&data) {
                Ok(length) => taken += length,
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), ErrorKind::WouldBlock);
        assert_eq!(near.wants_write(), layered, "only layers keep raw bytes");
        assert!(taken < 4 << 20, "{taken} bytes are held for a peer that reads nothing");
        let raw = near.into_parts().unsent.len();
        assert!(raw < 512 * 1024, "{raw} raw bytes wait");
        drop(far);
    }
}

#[test]
fn pings_of_a_peer_that_does_not_read_the_pongs_do_not_grow_memory() {
    let (peer, socket) = Socket::pair().unwrap();
    let mut transport = Transport::new(socket, Layer::stack(None, Some(WebSocketLayer::server(&Default::default()))));
    let request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";
    peer.write(request.as_bytes()).unwrap();
    drive(&mut transport).unwrap();
    let ping = [&[0x89, 0x80 | 125, 0, 0, 0, 0][..], &[7; 125]].concat().repeat(200);
    let mut pings = 0u64;
    let error = 'outer: loop {
        match peer.write(&ping) {
            // A ping that was cut off is finished by the next one's bytes: what the peer then sends is rubbish, so keep to whole ones.
            Ok(length) => {
                let mut rest = &ping[length..];
                pings += 200;
                while !rest.is_empty() {
                    match transport.read(&mut [0; 100]) {
                        Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                        Err(error) => break 'outer error,
                        Ok(length) => panic!("{length} bytes of data"),
                    }
                    match peer.write(rest) {
                        Ok(length) => rest = &rest[length..],
                        Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
                    }
                }
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
        }
        match transport.read(&mut [0; 100]) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => break error,
            Ok(length) => panic!("{length} bytes of data"),
        }
        assert!(pings < 1_000_000, "pongs are kept without end");
    };
    assert!(error.to_string().contains("does not read them"), "{error}");
}

#[test]
fn slices_are_written_in_order() {
    let (near, far) = Socket::pair().unwrap();
    let (mut near, mut far) = (Transport::plain(near), Transport::plain(far));
    let slices = [IoSlice::new(b"head "), IoSlice::new(b""), IoSlice::new(b"payload")];
    assert_eq!(near.write_vectored(&slices).unwrap(), 12);
    let mut buf = [0; 64];
    let length = far.read(&mut buf).unwrap();
    assert_eq!(&buf[..length], b"head payload");
    assert_eq!(far.read(&mut buf).unwrap_err().kind(), ErrorKind::WouldBlock);
    let many = vec![IoSlice::new(b"x"); 5000];
    assert_eq!(near.write_vectored(&many).unwrap(), 1024, "as many as the kernel takes at once");
}

#[test]
fn a_closed_peer_is_an_error_and_no_signal() {
    let (near, far) = Socket::pair().unwrap();
    drop(far);
    let mut near = Transport::plain(near);
    assert_eq!(near.read(&mut [0; 8]).unwrap(), 0);
    assert_eq!(near.write(b"x").unwrap_err().kind(), ErrorKind::BrokenPipe);
    assert_eq!(near.write_vectored(&[IoSlice::new(b"x")]).unwrap_err().kind(), ErrorKind::BrokenPipe);
}

#[test]
fn a_handle_sees_the_end_of_a_closed_transport() {
    let (near, _far) = Socket::pair().unwrap();
    let mut transport = Transport::plain(near);
    let handle = transport.handle();
    transport.close();
    assert_eq!(poll(&mut [PollFd::new(&handle, PollFlags::IN)], None).unwrap(), 1);
    drop(transport);
    assert_eq!(rustix::io::read(&handle, &mut [0u8; 1][..]).unwrap(), 0, "the descriptor is still this socket");
}

#[test]
fn tcp_goes_out_without_delay() {
    let (address, server) = echo_server(ListenOptions::tcp("127.0.0.1", 0));
    let transport = dial(&address, None).unwrap();
    assert!(transport.socket().is_tcp());
    assert!(rustix::net::sockopt::tcp_nodelay(&transport).unwrap());
    assert!(!rustix::net::sockopt::socket_keepalive(&transport).unwrap());
    assert!(rustix::io::fcntl_getfd(&transport).unwrap().contains(rustix::io::FdFlags::CLOEXEC));
    transport.socket().hurry();
    drop(transport);
    server.join().unwrap();
}

// Listening

#[test]
fn an_address_in_use_or_absent_is_named() {
    let runtime = runtime();
    let _guard = runtime.enter();
    let first = Listener::bind(&ListenOptions::tcp("127.0.0.1", 0)).unwrap();
    let port = first.local_addr().unwrap().port();
    let error = Listener::bind(&ListenOptions::tcp("127.0.0.1", port)).unwrap_err();
    assert_eq!(error.source.kind(), ErrorKind::AddrInUse);
    assert!(error.to_string().starts_with(&format!("cannot listen on 127.0.0.1:{port}: it is in use")), "{error}");
    let error = Listener::bind(&ListenOptions::tcp("192.0.2.1", 0)).unwrap_err();
    assert!(error.to_string().contains("192.0.2.1:0: this machine has no such address"), "{error}");
    let error = Listener::bind(&ListenOptions::tcp("no-such-host.invalid", 0)).unwrap_err();
    assert!(error.to_string().starts_with("cannot listen on no-such-host.invalid:0: "), "{error}");
    // A port is free again at once.
    drop(first);
    Listener::bind(&ListenOptions::tcp("127.0.0.1", port)).unwrap();
}

#[test]
fn a_port_is_shared_only_when_both_say_so() {
    let runtime = runtime();
    let _guard = runtime.enter();
    let shared = |port| ListenOptions { sharing: PortSharing::Shared, ..ListenOptions::tcp("127.0.0.1", port) };
    let first = Listener::bind(&shared(0)).unwrap();
    let port = first.local_addr().unwrap().port();
    Listener::bind(&shared(port)).unwrap();
    assert!(Listener::bind(&ListenOptions::tcp("127.0.0.1", port)).is_err());
}

#[test]
fn a_unix_socket_replaces_a_dead_one_only_and_goes_with_its_listener() {
    let runtime = runtime();
    let _guard = runtime.enter();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sock");
    drop(UnixListener::bind(&path).unwrap());
    let listener = Listener::bind(&ListenOptions { mode: Some(0o600), ..ListenOptions::unix(&path) }).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(listener.local_address(), &PeerAddress::Unix(Some(path.clone())));
    let error = Listener::bind(&ListenOptions::unix(&path)).unwrap_err();
    assert_eq!(error.source.kind(), ErrorKind::AddrInUse, "{error}");
    drop(listener);
    assert!(!path.exists());
    std::fs::write(&path, "a file").unwrap();
    let error = Listener::bind(&ListenOptions::unix(&path)).unwrap_err();
    assert!(error.to_string().contains("not a socket"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), b"a file");
}

#[test]
fn a_listener_leaves_a_successors_file_alone() {
    let runtime = runtime();
    let _guard = runtime.enter();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.sock");
    let first = Listener::bind(&ListenOptions::unix(&path)).unwrap();
    let aside = folder.path().join("aside");
    std::fs::rename(&path, &aside).unwrap();
    let _second = Listener::bind(&ListenOptions::unix(&path)).unwrap();
    drop(first);
    assert!(path.exists());
}

#[test]
fn a_renewed_certificate_serves_the_next_connection() {
    let (old, new) = (Authority::new("Old"), Authority::new("New"));
    let runtime = runtime();
    let options =
        ListenOptions { tls: Some(server_tls(&old.server(&["127.0.0.1"]))), ..ListenOptions::tcp("127.0.0.1", 0) };
    let listener = runtime.block_on(async { Listener::bind(&options).unwrap() });
    let uri = format!("mqtts://{}", listener.local_addr().unwrap());
    let renewed = server_tls(&new.server(&["127.0.0.1"]));
    let server = thread::spawn(move || {
        for _ in 0..2 {
            let (mut transport, _) = runtime.block_on(listener.accept()).unwrap();
            drive(&mut transport).unwrap();
            listener.set_tls(Some(renewed.clone()));
        }
    });
    dial(&uri, Some(client_tls(old.ca_file()))).unwrap();
    dial(&uri, Some(client_tls(new.ca_file()))).unwrap();
    server.join().unwrap();
}

#[test]
fn a_client_certificate_is_known_on_the_accepted_side() {
    let authority = Authority::new("CA");
    let tls = ServerTls::new(&ServerTlsOptions {
        ca_file: Some(authority.ca_file()),
        require_certificate: true,
        ..server_options(&authority.server(&["127.0.0.1"]))
    })
    .unwrap();
    let runtime = runtime();
    let options = ListenOptions { tls: Some(tls), ..ListenOptions::tcp("127.0.0.1", 0) };
    let listener = runtime.block_on(async { Listener::bind(&options).unwrap() });
    let uri = format!("mqtts://{}", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (mut transport, peer) = runtime.block_on(listener.accept()).unwrap();
        assert!(matches!(peer, PeerAddress::Tcp(address) if address.ip().is_loopback()));
        drive(&mut transport).unwrap();
        transport.tls_info().unwrap().peer_common_name
    });
    let device = authority.client("device-7");
    let client = ClientTls::new(&mqtt_net::TlsOptions {
        ca_file: Some(authority.ca_file()),
        cert_file: Some(device.cert),
        key_file: Some(device.key),
        ..Default::default()
    });
    dial(&uri, Some(client.unwrap())).unwrap();
    assert_eq!(server.join().unwrap().as_deref(), Some("device-7"));
}

#[test]
fn a_listener_on_every_address_shows_ipv4_peers_as_such() {
    let runtime = runtime();
    let listener = runtime.block_on(async { Listener::bind(&ListenOptions::tcp("", 0)).unwrap() });
    let port = listener.local_addr().unwrap().port();
    let client = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let (transport, peer) = runtime.block_on(listener.accept()).unwrap();
    assert_eq!(peer, PeerAddress::Tcp(client.local_addr().unwrap()));
    assert_eq!(transport.peer_address().unwrap(), peer);
}

#[test]
fn a_transport_is_taken_apart_and_put_together_without_losing_a_byte() {
    // The broker moves connections between threads right after the first packet; what was read ahead must go along.
    let (near, far) = Socket::pair().unwrap();
    let endpoint: Endpoint = "ws://localhost".parse().unwrap();
    let client = WebSocketLayer::client(&endpoint, &Default::default());
    let mut near = Transport::new(near, Layer::stack(None, Some(client)));
    let mut far = Transport::new(far, Layer::stack(None, Some(WebSocketLayer::server(&Default::default()))));
    while [near.progress().unwrap(), far.progress().unwrap()] != [Progress::Ready; 2] {}
    let data = pattern(20_000);
    for piece in data.chunks(1000) {
        near.write(piece).unwrap();
    }
    let mut received = vec![0; 10];
    far.read(&mut received).unwrap();
    assert!(far.has_buffered_input());
    let parts = far.into_parts();
    assert!(!parts.unread.is_empty(), "the test wants bytes that were read ahead");
    let mut far = Transport::from_parts(parts);
    let mut buf = [0; 777];
    while far.has_buffered_input() {
        match far.read(&mut buf) {
            Ok(length) => received.extend_from_slice(&buf[..length]),
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
        }
    }
    assert!(received == data);
}

/// `openssl s_client` against this server: another implementation, and TLS 1.2, which two ends of rustls never choose.
#[test]
fn openssl_talks_to_us_by_both_versions() {
    if Command::new("openssl").arg("version").output().is_err() {
        eprintln!("skipped: there is no openssl");
        return;
    }
    let authority = Authority::new("CA");
    let identity = authority.server(&["127.0.0.1"]);
    for (min, flag, works) in [
        (MinVersion::Tls12, "-tls1_2", true),
        (MinVersion::Tls12, "-tls1_3", true),
        (MinVersion::Tls13, "-tls1_2", false),
    ] {
        let tls = ServerTls::new(&ServerTlsOptions { min_version: min, ..server_options(&identity) }).unwrap();
        let runtime = runtime();
        let options = ListenOptions { tls: Some(tls), ..ListenOptions::tcp("127.0.0.1", 0) };
        let listener = runtime.block_on(async { Listener::bind(&options).unwrap() });
        let address = listener.local_addr().unwrap().to_string();
        let mut child = Command::new("openssl")
            .args(["s_client", "-quiet", "-verify_return_error", flag, "-connect", &address, "-CAfile"])
            .arg(authority.ca_file())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (mut transport, _) = runtime.block_on(listener.accept()).unwrap();
        let result = drive(&mut transport);
        assert_eq!(result.is_ok(), works, "{flag}: {result:?}");
        if works {
            let expected = if flag == "-tls1_2" { "TLSv1.2" } else { "TLSv1.3" };
            assert_eq!(transport.tls_info().unwrap().version, expected);
            let mut stdin = child.stdin.take().unwrap();
            stdin.write_all(b"hello").unwrap();
            let mut buf = [0; 64];
            let length = loop {
                match transport.read(&mut buf) {
                    Ok(length) => break length,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => wait(&transport, PollFlags::IN),
                    Err(error) => panic!("{error}"),
                }
            };
            assert_eq!(&buf[..length], b"hello");
            send(&mut transport, b"goodbye");
            transport.close_write();
            let mut text = String::new();
            child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "goodbye");
        } else {
            assert!(result.unwrap_err().to_string().contains("no TLS version or cipher in common"));
        }
        drop(transport);
        child.wait().unwrap();
    }
}
