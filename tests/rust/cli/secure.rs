//! TLS, client certificates and WebSocket, both ends ours.

use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

use crate::support::{Broker, Subscriber, argument, run};

/// An authority, and what it signs, as files in a folder.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    fn new(folder: &Path, name: &str) -> Authority {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority");
        std::fs::write(folder.join(format!("{name}.pem")), issuer.pem()).expect("a file");
        Authority { issuer }
    }

    /// `name.pem` and `name.key`, made out for these hosts.
    fn sign(&self, folder: &Path, name: &str, hosts: &[&str]) {
        let mut params =
            CertificateParams::new(hosts.iter().map(|host| (*host).to_owned()).collect::<Vec<_>>()).expect("hosts");
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        std::fs::write(folder.join(format!("{name}.pem")), certificate.pem()).expect("a file");
        std::fs::write(folder.join(format!("{name}.key")), key.serialize_pem()).expect("a file");
    }
}

fn broker(folder: tempfile::TempDir, text: &str) -> Broker {
    let file = folder.path().join("m.conf");
    std::fs::write(&file, text.replace("{}", &folder.path().display().to_string())).expect("a file");
    let file = argument(&file);
    Broker::start(&["broker", "-v", "-c", &file], folder)
}

#[test]
fn certificates_are_checked_and_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let authority = Authority::new(folder.path(), "ca");
    Authority::new(folder.path(), "other");
    authority.sign(folder.path(), "server", &["localhost"]);
    let broker =
        broker(folder, "listener 0 127.0.0.1\nallow_anonymous true\ncertfile {}/server.pem\nkeyfile {}/server.key\n");
    let path = |name: &str| argument(&broker.folder().join(name));
    let publish =
        |flags: &[&str]| run(&[&["pub", "-p", broker.port(), "-t", "a", "-m", "x", "-q", "1"], flags].concat());

    publish(&["-h", "localhost", "--cafile", &path("ca.pem")]).with_status(0);
    let wrong = publish(&["-h", "localhost", "--cafile", &path("other.pem")]).with_status(1);
    assert!(wrong.errors.contains("certificate") && wrong.errors.contains("localhost"), "{}", wrong.errors);
    let wrong = publish(&["-h", "127.0.0.1", "--cafile", &path("ca.pem")]).with_status(1);
    assert!(wrong.errors.contains("certificate"), "{}", wrong.errors);
    publish(&["-h", "127.0.0.1", "--cafile", &path("ca.pem"), "--insecure"]).with_status(0);
    publish(&["-h", "localhost", "--cafile", &path("ca.pem"), "--tls-version", "tlsv1.3"]).with_status(0);
    publish(&["-h", "localhost"]).with_status(1);

    // A new certificate for another name, and a signal.
    authority.sign(broker.folder(), "server", &["127.0.0.1"]);
    broker.signal("HUP");
    broker.log.until("SIGHUP received");
    broker.log.until("certificates are in use");
    publish(&["-h", "127.0.0.1", "--cafile", &path("ca.pem")]).with_status(0);
    publish(&["-h", "localhost", "--cafile", &path("ca.pem")]).with_status(1);
    std::fs::write(broker.folder().join("server.key"), "nonsense").expect("a file");
    broker.signal("HUP");
    broker.log.until("certificate in use stays");
    publish(&["-h", "127.0.0.1", "--cafile", &path("ca.pem")]).with_status(0);
}

#[test]
fn client_certificates_open_the_door_and_name_the_user() {
    let folder = tempfile::tempdir().expect("a folder");
    let authority = Authority::new(folder.path(), "ca");
    authority.sign(folder.path(), "server", &["localhost"]);
    authority.sign(folder.path(), "joe", &[]);
    let text = "listener 0 127.0.0.1\ncertfile {}/server.pem\nkeyfile {}/server.key\ncafile {}/ca.pem\nrequire_certificate true\n\
                use_identity_as_username true\n";
    let broker = broker(folder, text);
    let path = |name: &str| argument(&broker.folder().join(name));
    let server = ["-h", "localhost", "-p", broker.port(), "--cafile", &path("ca.pem")];
    run(&[&["pub", "-t", "a", "-m", "x", "-q", "1"], &server[..]].concat()).with_status(1);
    let own = ["--cert", &path("joe.pem"), "--key", &path("joe.key")];
    run(&[&["pub", "-t", "a", "-m", "x", "-q", "1", "-i", "mine"], &server[..], &own[..]].concat()).with_status(0);
    assert!(broker.log.until(" as mine ").ends_with("u'joe')."));
}

#[test]
fn websocket_carries_mqtt_with_and_without_tls() {
    let folder = tempfile::tempdir().expect("a folder");
    let authority = Authority::new(folder.path(), "ca");
    authority.sign(folder.path(), "server", &["localhost"]);
    let text = "allow_anonymous true\nlistener 0 127.0.0.1\nprotocol websockets\n\
                listener 0 127.0.0.1\nprotocol websockets\ncertfile {}/server.pem\nkeyfile {}/server.key\n";
    let broker = broker(folder, text);
    let ca = argument(&broker.folder().join("ca.pem"));
    let (plain, encrypted) = (&broker.ports[0], &broker.ports[1]);
    let mut subscriber =
        Subscriber::start(&["sub", "-d", "-p", plain, "--ws", "-V", "5", "-q", "2", "-t", "a", "-C", "2"]);
    run(&["pub", "-h", "localhost", "-p", encrypted, "--ws", "--cafile", &ca, "-t", "a", "-m", "one", "-q", "2"])
        .with_status(0);
    run(&["pub", "-L", &format!("ws://127.0.0.1:{plain}/a"), "-m", "two", "-q", "1"]).with_status(0);
    assert_eq!(subscriber.ended().with_status(0).text(), "one\ntwo\n");
    let wrong = run(&["pub", "-p", plain, "-t", "a", "-m", "not a WebSocket"]).with_status(1);
    assert!(!wrong.errors.is_empty());
}
