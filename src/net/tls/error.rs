//! What goes wrong with TLS, in words that say what to do.

use std::io;
use std::path::{Path, PathBuf};

use rustls::{AlertDescription, CertificateError, Error};

/// A TLS configuration that cannot be used, or a handshake that failed. The text names the file or the peer.
///
/// In an `io::Error` of a transport it is found by `get_ref().downcast_ref::<TlsError>()`.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read {}: {cause}", file.display())]
    Read {
        /// The file or directory.
        file: PathBuf,
        /// The cause.
        cause: io::Error,
    },
    /// A file holds no certificate.
    #[error("{} holds no certificate: a PEM file with -----BEGIN CERTIFICATE----- is needed", .0.display())]
    NoCertificate(PathBuf),
    /// A file holds no private key.
    #[error("{} holds no private key: a PEM file with -----BEGIN PRIVATE KEY----- is needed", .0.display())]
    NoKey(PathBuf),
    /// A private key is encrypted, and there is no passphrase for it.
    #[error(
        "the private key in {file} is encrypted: give its passphrase, or decrypt it with \
         `openssl pkey -in {file} -out plain.key` and protect the new file by its permissions", file = .0.display()
    )]
    EncryptedKey(PathBuf),
    /// The passphrase is not that of the private key.
    #[error("the private key in {} could not be decrypted: the passphrase is wrong ({cause})", file.display())]
    Passphrase {
        /// The file.
        file: PathBuf,
        /// The cause.
        cause: String,
    },
    /// A private key is encrypted in a way that cannot be read.
    #[error(
        "the private key in {file} is encrypted in a form that cannot be read ({cause}): write it anew with \
         `openssl pkcs8 -topk8 -v2 aes-256-cbc -in {file} -out new.key`, which keeps it encrypted", file = file.display()
    )]
    KeyEncryption {
        /// The file.
        file: PathBuf,
        /// The cause.
        cause: String,
    },
    /// A PEM file is broken.
    #[error("{} is not a valid PEM file: {cause}", file.display())]
    Pem {
        /// The file.
        file: PathBuf,
        /// The cause.
        cause: String,
    },
    /// A certificate cannot be used as it stands.
    #[error("a certificate in {} cannot be used: {cause}", file.display())]
    Certificate {
        /// The file.
        file: PathBuf,
        /// The cause.
        cause: String,
    },
    /// Certificate and key do not belong together.
    #[error(
        "the private key in {} does not belong to the first certificate in {}: the server's or client's own certificate must \
         come first, then intermediates", key.display(), cert.display()
    )]
    KeyMismatch {
        /// The certificate's file.
        cert: PathBuf,
        /// The key's file.
        key: PathBuf,
    },
    /// The key is of a kind that is not supported.
    #[error("the private key in {} cannot be used: {cause}; RSA (2048 bits or more), ECDSA P-256 and P-384, and Ed25519 can", file.display())]
    Key {
        /// The key's file.
        file: PathBuf,
        /// The cause.
        cause: String,
    },
    /// A key file without a certificate file.
    #[error("the private key {} is given without a certificate: give the certificate's file too", .0.display())]
    KeyWithoutCertificate(PathBuf),
    /// Client certificates are required but nobody is trusted to issue them.
    #[error("client certificates are required, but no file or directory with their authorities is given")]
    NoClientAuthority,
    /// The system trusts nobody.
    #[error("the system has no trusted authorities ({0}): install the package ca-certificates, or give a CA file")]
    NoSystemRoots(String),
    /// A name to connect to that cannot stand in a certificate.
    #[error("\"{0}\" is not a name a certificate can have: give a host name or an IP address as the peer name")]
    Name(String),
    /// The configuration does not fit together.
    #[error("the TLS configuration cannot be used: {0}")]
    Config(String),
    /// The peer's certificate was refused.
    #[error("{text}")]
    Refused {
        /// What was wrong with the certificate of whom, and what to do.
        text: String,
        /// The reason in the words of rustls.
        reason: CertificateError,
    },
    /// The certificate has none of the pinned fingerprints.
    #[error(
        "the certificate of {peer} has the SHA-256 fingerprint {found}, which is none of the pinned ones: if the certificate was renewed, pin the new one"
    )]
    Pin {
        /// Whose certificate.
        peer: String,
        /// Its fingerprint in hexadecimal digits.
        found: String,
    },
    /// The handshake, or the encrypted stream after it, failed.
    #[error("{text}")]
    Protocol {
        /// What failed with whom, and what to do.
        text: String,
        /// The reason in the words of rustls.
        reason: Error,
    },
    /// The peer went away during the handshake.
    #[error(
        "{0} closed the connection during the TLS handshake: does this port speak TLS, and does it want a client certificate?"
    )]
    Closed(String),
}

impl TlsError {
    /// Whether a `TlsError` is inside `error`.
    pub fn is_in(error: &io::Error) -> bool {
        error.get_ref().is_some_and(|inner| inner.is::<TlsError>())
    }

    /// Whether the peer's certificate was what failed.
    pub fn is_certificate(&self) -> bool {
        matches!(self, TlsError::Refused { .. } | TlsError::Pin { .. })
    }

    pub(super) fn read(file: &Path, cause: io::Error) -> TlsError {
        TlsError::Read { file: file.to_owned(), cause }
    }

    /// For errors of rustls when it takes a certificate chain and its key.
    pub(super) fn identity(cert: &Path, key: &Path, error: &Error) -> TlsError {
        match error {
            Error::InconsistentKeys(_) => TlsError::KeyMismatch { cert: cert.to_owned(), key: key.to_owned() },
            Error::InvalidCertificate(cause) => {
                TlsError::Certificate { file: cert.to_owned(), cause: cause.to_string() }
            }
            other => TlsError::Key { file: key.to_owned(), cause: other.to_string() },
        }
    }

    /// For errors of rustls while connected to `peer`, which is the host a client dialled or "the client".
    pub(super) fn session(peer: &str, error: Error) -> TlsError {
        match error {
            Error::InvalidCertificate(CertificateError::Other(other))
                if other.0.downcast_ref::<super::verify::PinMismatch>().is_some() =>
            {
                let found = other.0.to_string();
                TlsError::Pin { peer: peer.to_owned(), found }
            }
            Error::InvalidCertificate(reason) => TlsError::Refused { text: refused(peer, &reason), reason },
            Error::AlertReceived(alert) => {
                TlsError::Protocol { text: alerted(peer, alert), reason: Error::AlertReceived(alert) }
            }
            Error::InvalidMessage(cause) => TlsError::Protocol {
                text: format!(
                    "{peer} does not speak TLS on this port ({cause:?}): use the port for TLS (8883), or a scheme without TLS"
                ),
                reason: Error::InvalidMessage(cause),
            },
            Error::NoCertificatesPresented => TlsError::Protocol {
                text: format!("{peer} showed no certificate, but one is required"),
                reason: Error::NoCertificatesPresented,
            },
            Error::NoApplicationProtocol => TlsError::Protocol {
                text: format!(
                    "{peer} offers none of the application protocols (ALPN) wanted here: change the ALPN list"
                ),
                reason: Error::NoApplicationProtocol,
            },
            Error::PeerIncompatible(cause) => TlsError::Protocol {
                text: format!("{peer} and this side have no TLS version or cipher in common: {cause:?}"),
                reason: Error::PeerIncompatible(cause),
            },
            reason => TlsError::Protocol { text: format!("TLS with {peer} failed: {reason}"), reason },
        }
    }
}

fn refused(peer: &str, reason: &CertificateError) -> String {
    let text = match reason {
        CertificateError::UnknownIssuer => {
            "was issued by an unknown authority: pass its CA certificate as caFile (or the certificate itself, if it signed \
             itself)"
                .to_owned()
        }
        CertificateError::Expired => "has expired: renew it (or set this machine's clock)".to_owned(),
        CertificateError::ExpiredContext { time, not_after } => format!(
            "expired {} ago: renew it (or set this machine's clock)",
            span(time.as_secs().saturating_sub(not_after.as_secs()))
        ),
        CertificateError::NotValidYet => "is not valid yet: check the clocks of both machines".to_owned(),
        CertificateError::NotValidYetContext { time, not_before } => format!(
            "becomes valid only in {}: check the clocks of both machines",
            span(not_before.as_secs().saturating_sub(time.as_secs()))
        ),
        CertificateError::NotValidForNameContext { presented, .. } if presented.is_empty() => {
            "names no host in subjectAltName (only in the common name, which is not used): issue it with subjectAltName, or set \
             verifyPeerName to false"
                .to_owned()
        }
        CertificateError::NotValidForNameContext { expected, presented } => format!(
            "is not for the name {}, but for {}: connect by one of its names, or set peerName",
            expected.to_str(),
            names(presented)
        ),
        CertificateError::NotValidForName => "is for another name: connect by one of its names, or set peerName".to_owned(),
        CertificateError::BadSignature => {
            "is not signed by the authority it names: an authority of the same name but with another key is trusted".to_owned()
        }
        CertificateError::Revoked => "has been revoked".to_owned(),
        CertificateError::BadEncoding => "cannot be parsed".to_owned(),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "is not meant for this use: its extended key usage lacks serverAuth (for a broker) or clientAuth (for a client)"
                .to_owned()
        }
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "is the certificate of an authority, not of a host: issue a host certificate with it, or pass this very \
             certificate as caFile"
                .to_owned()
        }
        other if format!("{other:?}").contains("UnsupportedCertVersion") => {
            "is an old X.509 version 1 certificate: issue it again with extensions (version 3)".to_owned()
        }
        other => format!("was refused: {other}"),
    };
    format!("certificate of {peer} {text}")
}

fn alerted(peer: &str, alert: AlertDescription) -> String {
    let text = match alert {
        AlertDescription::CertificateRequired | AlertDescription::NoCertificate => {
            "wants a client certificate: give certFile and keyFile"
        }
        AlertDescription::UnknownCA => "does not know the authority that issued this side's certificate",
        AlertDescription::BadCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateUnknown
        | AlertDescription::AccessDenied => "refused this side's certificate",
        AlertDescription::CertificateExpired => "found this side's certificate expired",
        AlertDescription::CertificateRevoked => "found this side's certificate revoked",
        AlertDescription::UnrecognisedName => "does not serve the name asked for: set peerName",
        AlertDescription::NoApplicationProtocol => "offers none of the application protocols (ALPN) asked for",
        AlertDescription::ProtocolVersion => "speaks no TLS version that this side accepts (1.2 or 1.3)",
        AlertDescription::HandshakeFailure | AlertDescription::InsufficientSecurity => {
            "found no cipher, key type or TLS version in common with this side, or misses a client certificate"
        }
        _ => return format!("{peer} ended TLS with the alert {alert:?}"),
    };
    format!("{peer} {text} (TLS alert {alert:?})")
}

fn names(presented: &[String]) -> String {
    // rustls shows them as DnsName("..."): the bare name reads better.
    let bare = |name: &String| match (name.find('"'), name.rfind('"')) {
        (Some(first), Some(last)) if last > first => name[first + 1..last].to_owned(),
        _ => name.clone(),
    };
    let mut list = presented.iter().take(5).map(bare).collect::<Vec<_>>().join(", ");
    if presented.len() > 5 {
        list.push_str(", ...");
    }
    list
}

fn span(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} minutes", seconds / 60),
        7200..172_800 => format!("{} hours", seconds / 3600),
        _ => format!("{} days", seconds / 86400),
    }
}
