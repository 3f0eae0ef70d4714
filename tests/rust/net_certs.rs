//! Certificates for the tests of the net crate, written to files that vanish with them.
#![allow(dead_code)] // Each test binary uses its part.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use mqtt_net::{ClientTls, ServerTls, ServerTlsOptions, TlsOptions};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair};

/// An authority and a folder for what it issues.
pub struct Authority {
    pub folder: tempfile::TempDir,
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// A certificate and its key, as files.
#[derive(Clone)]
pub struct Identity {
    pub cert: PathBuf,
    pub key: PathBuf,
    pub der: Vec<u8>,
}

impl Authority {
    pub fn new(name: &str) -> Authority {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), issuer.pem()).unwrap();
        std::fs::write(folder.path().join("ca.key"), issuer.key().serialize_pem()).unwrap();
        Authority { folder, issuer }
    }

    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// The authority's own certificate, used as if it were a host's.
    pub fn itself(&self) -> Identity {
        Identity { cert: self.ca_file(), key: self.folder.path().join("ca.key"), der: self.issuer.der().to_vec() }
    }

    /// A server's certificate for these names.
    pub fn server(&self, names: &[&str]) -> Identity {
        self.issue("server", names, |params| params.insert_extended_key_usage(ExtendedKeyUsagePurpose::ServerAuth))
    }

    /// A client's certificate with this common name.
    pub fn client(&self, common_name: &str) -> Identity {
        self.issue("client", &[], |params| {
            params.distinguished_name.push(DnType::CommonName, common_name);
            params.insert_extended_key_usage(ExtendedKeyUsagePurpose::ClientAuth);
        })
    }

    pub fn issue(&self, file: &str, names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Identity {
        let mut params = CertificateParams::new(owned(names)).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        write(self.folder.path(), file, &certificate, &key)
    }
}

/// A certificate that signed itself.
pub fn self_signed(folder: &Path, names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Identity {
    let mut params = CertificateParams::new(owned(names)).unwrap();
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    write(folder, "self", &certificate, &key)
}

/// A server that shows `identity` and asks for no certificate.
pub fn server_tls(identity: &Identity) -> Arc<ServerTls> {
    ServerTls::new(&server_options(identity)).unwrap()
}

pub fn server_options(identity: &Identity) -> ServerTlsOptions {
    ServerTlsOptions { cert_file: identity.cert.clone(), key_file: identity.key.clone(), ..Default::default() }
}

/// A client that trusts the authorities in this file.
pub fn client_tls(ca_file: PathBuf) -> Arc<ClientTls> {
    ClientTls::new(&TlsOptions { ca_file: Some(ca_file), ..Default::default() }).unwrap()
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn write(folder: &Path, file: &str, certificate: &rcgen::Certificate, key: &KeyPair) -> Identity {
    // Many of one name in one folder.
    static SERIAL: AtomicU32 = AtomicU32::new(0);
    let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
    let identity = Identity {
        cert: folder.join(format!("{file}-{serial}.pem")),
        key: folder.join(format!("{file}-{serial}.key")),
        der: certificate.der().to_vec(),
    };
    std::fs::write(&identity.cert, certificate.pem()).unwrap();
    std::fs::write(&identity.key, key.serialize_pem()).unwrap();
    identity
}
