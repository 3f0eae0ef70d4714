//! Certificates and keys from PEM files.

use std::fs;
use std::path::Path;

use pkcs8::{EncryptedPrivateKeyInfoRef, SecretDocument};
use rustls::RootCertStore;
use rustls_pki_types::pem::{self, PemObject};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use super::TlsError;

/// The longest PEM file that is read; a system's whole bundle is some 250 KiB.
const FILE_LIMIT: u64 = 16 * 1024 * 1024;

/// The authorities in a file and in the files of a directory.
pub(super) fn load_roots(file: Option<&Path>, directory: Option<&Path>) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    if let Some(file) = file {
        for certificate in load_certificates(file)? {
            add_root(&mut roots, file, certificate)?;
        }
    }
    if let Some(directory) = directory {
        let entries = fs::read_dir(directory).map_err(|cause| TlsError::read(directory, cause))?;
        for entry in entries {
            let path = entry.map_err(|cause| TlsError::read(directory, cause))?.path();
            // Such directories also hold README files, CRLs, dangling links: what has no certificate is passed over.
            if let Ok(certificates) = load_certificates(&path) {
                roots.add_parsable_certificates(certificates);
            }
        }
        if roots.is_empty() {
            return Err(TlsError::NoCertificate(directory.to_owned()));
        }
    }
    Ok(roots)
}

/// The certificates of a PEM file, at least one.
pub(super) fn load_certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let text = read(file)?;
    let certificates =
        CertificateDer::pem_slice_iter(&text).collect::<Result<Vec<_>, _>>().map_err(|cause| broken(file, cause))?;
    if certificates.is_empty() {
        return Err(TlsError::NoCertificate(file.to_owned()));
    }
    Ok(certificates)
}

/// A certificate chain and its private key. The passphrase is for a key that is encrypted; a plain one does not need it.
pub(super) fn load_identity(
    cert: &Path,
    key: &Path,
    passphrase: Option<&str>,
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), TlsError> {
    let chain = load_certificates(cert)?;
    let text = read(key)?;
    // The old form of encryption keeps the plain label and adds headers, which are no base64.
    if contains(&text, b"Proc-Type: 4,ENCRYPTED") {
        let cause = "the old form of OpenSSL".to_owned();
        return Err(TlsError::KeyEncryption { file: key.to_owned(), cause });
    }
    match PrivateKeyDer::from_pem_slice(&text) {
        Ok(private) => Ok((chain, private)),
        Err(_) if contains(&text, b"BEGIN ENCRYPTED PRIVATE KEY") => match passphrase {
            None => Err(TlsError::EncryptedKey(key.to_owned())),
            Some(passphrase) => Ok((chain, decrypt(key, &text, passphrase)?)),
        },
        Err(pem::Error::NoItemsFound) => Err(TlsError::NoKey(key.to_owned())),
        Err(cause) => Err(broken(key, cause)),
    }
}

/// The private key in the first block with that label [RFC 5958, section 3].
fn decrypt(file: &Path, text: &[u8], passphrase: &str) -> Result<PrivateKeyDer<'static>, TlsError> {
    let unreadable = |cause: String| TlsError::KeyEncryption { file: file.to_owned(), cause };
    const BEGIN: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
    const END: &str = "-----END ENCRYPTED PRIVATE KEY-----";
    // The file may hold certificates too.
    let text = String::from_utf8_lossy(text);
    let block = text.find(BEGIN).and_then(|begin| {
        let end = text[begin..].find(END)? + END.len();
        Some(&text[begin..begin + end])
    });
    let block = block.ok_or_else(|| unreadable("it does not end".to_owned()))?;
    let (_, document) = SecretDocument::from_pem(block).map_err(|cause| unreadable(cause.to_string()))?;
    let encrypted = EncryptedPrivateKeyInfoRef::try_from(document.as_bytes());
    let encrypted = encrypted.map_err(|cause| unreadable(cause.to_string()))?;
    match encrypted.decrypt(passphrase) {
        Ok(key) => Ok(PrivatePkcs8KeyDer::from(key.as_bytes().to_vec()).into()),
        // A wrong passphrase shows in the padding, or in a key that is none; what cannot be read at all is said before.
        Err(pkcs8::Error::EncryptedPrivateKey(cause)) if is_unsupported(&cause) => Err(unreadable(cause.to_string())),
        Err(cause) => Err(TlsError::Passphrase { file: file.to_owned(), cause: cause.to_string() }),
    }
}

fn is_unsupported(cause: &pkcs8::pkcs5::Error) -> bool {
    use pkcs8::pkcs5::Error;
    matches!(
        cause,
        Error::NoPbes1CryptSupport | Error::UnsupportedAlgorithm { .. } | Error::AlgorithmParametersInvalid { .. }
    )
}

fn add_root(roots: &mut RootCertStore, file: &Path, certificate: CertificateDer<'_>) -> Result<(), TlsError> {
    roots.add(certificate).map_err(|error| {
        let cause = match error {
            rustls::Error::InvalidCertificate(cause) => cause.to_string(),
            other => other.to_string(),
        };
        TlsError::Certificate { file: file.to_owned(), cause }
    })
}

fn read(file: &Path) -> Result<Vec<u8>, TlsError> {
    let size = fs::metadata(file).map_err(|cause| TlsError::read(file, cause))?.len();
    if size > FILE_LIMIT {
        return Err(TlsError::Pem { file: file.to_owned(), cause: format!("it is longer than {FILE_LIMIT} bytes") });
    }
    fs::read(file).map_err(|cause| TlsError::read(file, cause))
}

fn broken(file: &Path, cause: pem::Error) -> TlsError {
    TlsError::Pem { file: file.to_owned(), cause: cause.to_string() }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
