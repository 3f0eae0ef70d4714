//! TLS by rustls with ring: options, certificates, and the layer.

mod error;
mod files;
mod layer;
mod verify;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, RootCertStore, ServerConfig};

pub use error::TlsError;
pub use layer::{TlsInfo, TlsLayer};

/// The oldest TLS version that is spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum MinVersion {
    /// TLS 1.2.
    #[default]
    Tls12,
    /// TLS 1.3.
    Tls13,
}

/// How a client does TLS.
#[derive(Clone, Debug)]
pub struct TlsOptions {
    /// A PEM file with the authorities to trust. Without it and `ca_path`, the system's.
    ///
    /// The broker's own certificate may stand in it too: it is then trusted as it is.
    pub ca_file: Option<PathBuf>,
    /// A directory of PEM files with authorities to trust.
    pub ca_path: Option<PathBuf>,
    /// A PEM file with the client's certificate, followed by intermediates.
    pub cert_file: Option<PathBuf>,
    /// A PEM file with the private key of `cert_file`; may be the same file.
    pub key_file: Option<PathBuf>,
    /// The passphrase of the private key, where that is encrypted (PKCS #8).
    pub key_passphrase: Option<String>,
    /// Whether the broker's certificate must be issued by a trusted authority. Default true. Off, anybody can pose as the broker.
    pub verify_peer: bool,
    /// Whether the certificate must be for the name that is dialled. Default true.
    pub verify_peer_name: bool,
    /// The name to ask for (SNI) and to expect, instead of the endpoint's host.
    pub peer_name: Option<String>,
    /// Protocols to offer (ALPN), most wanted first. Empty offers none.
    pub alpn: Vec<String>,
    /// The oldest version to speak.
    pub min_version: MinVersion,
    /// SHA-256 fingerprints of which the broker's certificate must have one, in addition to the other checks. Empty asks for none.
    pub pinned_sha256: Vec<[u8; 32]>,
    /// Whether a certificate that signed itself is trusted. Its name and dates are still checked. Default false.
    pub allow_self_signed: bool,
}

impl Default for TlsOptions {
    fn default() -> TlsOptions {
        TlsOptions {
            ca_file: None,
            ca_path: None,
            cert_file: None,
            key_file: None,
            key_passphrase: None,
            verify_peer: true,
            verify_peer_name: true,
            peer_name: None,
            alpn: Vec::new(),
            min_version: MinVersion::default(),
            pinned_sha256: Vec::new(),
            allow_self_signed: false,
        }
    }
}

/// How a server does TLS.
#[derive(Clone, Debug, Default)]
pub struct ServerTlsOptions {
    /// A PEM file with the server's certificate, followed by intermediates. Required.
    pub cert_file: PathBuf,
    /// A PEM file with the private key of `cert_file`; may be the same file. Required.
    pub key_file: PathBuf,
    /// A PEM file with the authorities that issue client certificates.
    pub ca_file: Option<PathBuf>,
    /// A directory of PEM files with such authorities.
    pub ca_path: Option<PathBuf>,
    /// Whether a client must show a certificate. With authorities and `false` it may; without authorities none is asked for.
    pub require_certificate: bool,
    /// The oldest version to speak.
    pub min_version: MinVersion,
    /// Protocols to agree on (ALPN), most wanted first. Empty ignores what clients offer.
    pub alpn: Vec<String>,
}

/// A client's TLS configuration, built once and shared by its connections (which then resume sessions).
pub struct ClientTls {
    config: Arc<ClientConfig>,
    peer_name: Option<String>,
}

/// A server's TLS configuration, built once and shared by its connections.
pub struct ServerTls {
    config: Arc<ServerConfig>,
}

impl ClientTls {
    /// Reads the files of `options` and builds the configuration. Blocks on file reads only.
    ///
    /// # Errors
    /// A file is missing or holds not what it should, key and certificate do not belong together, or a name is not one. The text
    /// names the file and what to do.
    pub fn new(options: &TlsOptions) -> Result<Arc<ClientTls>, TlsError> {
        let roots = match (&options.ca_file, &options.ca_path) {
            (None, None) if options.verify_peer => system_roots()?,
            (file, path) => Arc::new(files::load_roots(file.as_deref(), path.as_deref())?),
        };
        let verifier = verify::PeerVerifier::new(options, roots, provider())?;
        let builder = ClientConfig::builder_with_provider(provider())
            .with_protocol_versions(versions(options.min_version))
            .map_err(|error| TlsError::Config(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier));
        let mut config = match (&options.cert_file, &options.key_file) {
            (Some(cert), key) => {
                let key = key.as_ref().unwrap_or(cert);
                let (chain, private) = files::load_identity(cert, key, options.key_passphrase.as_deref())?;
                builder.with_client_auth_cert(chain, private).map_err(|error| TlsError::identity(cert, key, &error))?
            }
            (None, Some(key)) => return Err(TlsError::KeyWithoutCertificate(key.clone())),
            (None, None) => builder.with_no_client_auth(),
        };
        config.alpn_protocols = options.alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
        if let Some(name) = &options.peer_name {
            layer::server_name(name)?;
        }
        Ok(Arc::new(ClientTls { config: Arc::new(config), peer_name: options.peer_name.clone() }))
    }

    /// The configuration of default [`TlsOptions`], built once per process.
    pub fn system() -> Result<Arc<ClientTls>, TlsError> {
        static SYSTEM: OnceLock<Arc<ClientTls>> = OnceLock::new();
        match SYSTEM.get() {
            Some(tls) => Ok(tls.clone()),
            None => {
                let tls = ClientTls::new(&TlsOptions::default())?;
                Ok(SYSTEM.get_or_init(|| tls).clone())
            }
        }
    }
}

impl ServerTls {
    /// Reads the files of `options` and builds the configuration. Call it again to load renewed certificates.
    ///
    /// # Errors
    /// A file is missing or holds not what it should, or key and certificate do not belong together. The text names the file and
    /// what to do.
    pub fn new(options: &ServerTlsOptions) -> Result<Arc<ServerTls>, TlsError> {
        let builder = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(versions(options.min_version))
            .map_err(|error| TlsError::Config(error.to_string()))?;
        let builder = match (&options.ca_file, &options.ca_path) {
            (None, None) if options.require_certificate => return Err(TlsError::NoClientAuthority),
            (None, None) => builder.with_no_client_auth(),
            (file, path) => {
                let roots = files::load_roots(file.as_deref(), path.as_deref())?;
                builder.with_client_cert_verifier(verify::client_verifier(roots, options, provider())?)
            }
        };
        let (chain, key) = files::load_identity(&options.cert_file, &options.key_file, None)?;
        let mut config = builder
            .with_single_cert(chain, key)
            .map_err(|error| TlsError::identity(&options.cert_file, &options.key_file, &error))?;
        config.alpn_protocols = options.alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
        // Tickets let thousands of devices that come back at once resume without a memory of each on this side.
        if let Ok(ticketer) = rustls::crypto::ring::Ticketer::new() {
            config.ticketer = ticketer;
        }
        Ok(Arc::new(ServerTls { config: Arc::new(config) }))
    }
}

impl fmt::Debug for ClientTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientTls").field("peer_name", &self.peer_name).finish_non_exhaustive()
    }
}

impl fmt::Debug for ServerTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerTls").finish_non_exhaustive()
    }
}

impl From<TlsError> for io::Error {
    fn from(error: TlsError) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, error)
    }
}

/// Named explicitly: with two providers in one process rustls cannot choose and panics.
fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    PROVIDER.get_or_init(|| Arc::new(rustls::crypto::ring::default_provider())).clone()
}

fn versions(min: MinVersion) -> &'static [&'static rustls::SupportedProtocolVersion] {
    static TLS13: [&rustls::SupportedProtocolVersion; 1] = [&rustls::version::TLS13];
    match min {
        MinVersion::Tls12 => rustls::DEFAULT_VERSIONS,
        MinVersion::Tls13 => &TLS13,
    }
}

/// The system's authorities: reading them takes some 10 ms, so once per process and only when wanted.
fn system_roots() -> Result<Arc<RootCertStore>, TlsError> {
    static ROOTS: OnceLock<Arc<RootCertStore>> = OnceLock::new();
    if let Some(roots) = ROOTS.get() {
        return Ok(roots.clone());
    }
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let cause = found.errors.first().map_or_else(|| "none found".to_owned(), ToString::to_string);
        return Err(TlsError::NoSystemRoots(cause));
    }
    Ok(ROOTS.get_or_init(|| Arc::new(roots)).clone())
}
