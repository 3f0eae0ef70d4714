//! Which certificates are accepted.

use std::fmt;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{ParsedCertificate, WebPkiClientVerifier};
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use super::{ServerTlsOptions, TlsError, TlsOptions, files};
use crate::der::{self, Validity};

/// A client's check of the broker's certificate: issuer, name, dates, fingerprint, each as the options say.
pub(super) struct PeerVerifier {
    roots: Arc<RootCertStore>,
    /// Certificates of the CA file: one that the broker shows itself is trusted as it is.
    trusted: Vec<CertificateDer<'static>>,
    issuer: bool,
    name: bool,
    self_signed: bool,
    pins: Vec<[u8; 32]>,
    algorithms: WebPkiSupportedAlgorithms,
}

/// The certificate has another fingerprint than the pinned ones; displays the one it has.
#[derive(Debug)]
pub(super) struct PinMismatch([u8; 32]);

impl fmt::Display for PinMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::error::Error for PinMismatch {}

impl PeerVerifier {
    pub(super) fn new(
        options: &TlsOptions,
        roots: Arc<RootCertStore>,
        provider: Arc<CryptoProvider>,
    ) -> Result<PeerVerifier, TlsError> {
        let trusted = match &options.ca_file {
            Some(file) => files::load_certificates(file)?,
            None => Vec::new(),
        };
        Ok(PeerVerifier {
            roots,
            trusted,
            issuer: options.verify_peer,
            name: options.verify_peer_name,
            self_signed: options.allow_self_signed,
            pins: options.pinned_sha256.clone(),
            algorithms: provider.signature_verification_algorithms,
        })
    }

    fn check_issuer(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<(), Error> {
        let as_it_is = self.trusted.iter().any(|trusted| trusted.as_ref() == certificate.as_ref())
            || (self.self_signed && der::is_self_issued(certificate));
        if as_it_is {
            // There is no chain to check: an authority's certificate (which `openssl req -x509` makes) is accepted too.
            return check_dates(certificate, now);
        }
        let parsed = ParsedCertificate::try_from(certificate)?;
        verify_server_cert_signed_by_trust_anchor(&parsed, &self.roots, intermediates, now, self.algorithms.all)
    }

    fn check_pin(&self, certificate: &CertificateDer<'_>) -> Result<(), Error> {
        let found = sha256(certificate);
        if self.pins.is_empty() || self.pins.contains(&found) {
            return Ok(());
        }
        Err(CertificateError::Other(OtherError(Arc::new(PinMismatch(found)))).into())
    }
}

impl ServerCertVerifier for PeerVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.issuer {
            self.check_issuer(end_entity, intermediates, now)?;
        }
        if self.name {
            verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
        }
        self.check_pin(end_entity)?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

impl fmt::Debug for PeerVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PeerVerifier").field("issuer", &self.issuer).field("name", &self.name).finish_non_exhaustive()
    }
}

/// A server's check of client certificates.
pub(super) fn client_verifier(
    roots: RootCertStore,
    options: &ServerTlsOptions,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ClientCertVerifier>, TlsError> {
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
    let builder = if options.require_certificate { builder } else { builder.allow_unauthenticated() };
    builder.build().map_err(|error| TlsError::Config(error.to_string()))
}

fn check_dates(certificate: &[u8], time: UnixTime) -> Result<(), Error> {
    let Some(Validity { not_before, not_after }) = der::validity(certificate) else {
        return Err(CertificateError::BadEncoding.into());
    };
    let now = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    let unix = |seconds: i64| UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds.max(0).unsigned_abs()));
    if now < not_before {
        return Err(CertificateError::NotValidYetContext { time, not_before: unix(not_before) }.into());
    }
    if now > not_after {
        return Err(CertificateError::ExpiredContext { time, not_after: unix(not_after) }.into());
    }
    Ok(())
}

/// By the hash of a cipher suite, so that no other crate is needed for it.
fn sha256(data: &[u8]) -> [u8; 32] {
    use rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256;
    let mut result = [0; 32];
    if let Some(suite) = TLS13_AES_128_GCM_SHA256.tls13() {
        result.copy_from_slice(suite.common.hash_provider.hash(data).as_ref());
    }
    result
}
