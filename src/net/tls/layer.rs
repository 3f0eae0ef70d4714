//! TLS as a byte layer.

use std::io::{self, ErrorKind, Read, Write};

use rustls::{ClientConnection, Connection, ProtocolVersion, ServerConnection};
use rustls_pki_types::{CertificateDer, ServerName};

use super::{ClientTls, ServerTls, TlsError};
use crate::der;
use crate::endpoint::Endpoint;

/// TLS between plaintext and raw bytes: the state of one connection.
pub struct TlsLayer {
    connection: Connection,
    /// Decrypted bytes that rustls holds.
    plaintext: usize,
    /// Whom errors name.
    peer: Box<str>,
    closed: bool,
}

/// What a TLS handshake agreed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsInfo {
    /// `TLSv1.2` or `TLSv1.3`.
    pub version: &'static str,
    /// The cipher suite's name.
    pub cipher: String,
    /// The application protocol agreed on (ALPN).
    pub alpn: Option<String>,
    /// The peer's own certificate as DER; a client may have shown none.
    pub peer_certificate: Option<CertificateDer<'static>>,
    /// The common name in the subject of that certificate.
    pub peer_common_name: Option<String>,
    /// The whole subject in RFC 2253 form.
    pub peer_subject: Option<String>,
}

impl TlsLayer {
    /// The client's end of a connection to `endpoint`.
    ///
    /// # Errors
    /// The host (or the configured peer name) cannot stand in a certificate.
    pub fn client(tls: &ClientTls, endpoint: &Endpoint) -> Result<TlsLayer, TlsError> {
        let name = server_name(tls.peer_name.as_deref().unwrap_or(&endpoint.host))?;
        let connection = ClientConnection::new(tls.config.clone(), name)
            .map_err(|error| TlsError::session(&endpoint.authority(), error))?;
        Ok(TlsLayer::new(connection.into(), endpoint.authority()))
    }

    /// A server's end.
    pub fn server(tls: &ServerTls) -> Result<TlsLayer, TlsError> {
        let peer = "the client";
        let connection = ServerConnection::new(tls.config.clone()).map_err(|error| TlsError::session(peer, error))?;
        Ok(TlsLayer::new(connection.into(), peer.to_owned()))
    }

    fn new(mut connection: Connection, peer: String) -> TlsLayer {
        // Output moves on to the owner's bounded buffer after every call.
        connection.set_buffer_limit(None);
        TlsLayer { connection, plaintext: 0, peer: peer.into_boxed_str(), closed: false }
    }

    pub(crate) fn is_ready(&self) -> bool {
        !self.connection.is_handshaking()
    }

    pub(crate) fn handshake(&mut self, raw: &mut dyn Read, out: &mut Vec<u8>) -> io::Result<()> {
        self.drain(out);
        while self.connection.is_handshaking() {
            if self.connection.read_tls(raw)? == 0 {
                return Err(io::Error::new(ErrorKind::UnexpectedEof, TlsError::Closed(self.peer.to_string())));
            }
            self.process(out)?;
        }
        Ok(())
    }

    pub(crate) fn read(&mut self, raw: &mut dyn Read, out: &mut Vec<u8>, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.connection.reader().read(buf) {
                Ok(read) => {
                    self.plaintext = self.plaintext.saturating_sub(read);
                    return Ok(read);
                }
                // The end without close_notify. MQTT knows by itself whether the end was orderly, so no error is made of it.
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(0),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
            self.connection.read_tls(raw)?;
            self.process(out)?;
        }
    }

    pub(crate) fn write(&mut self, plaintext: &[u8], out: &mut Vec<u8>) -> io::Result<usize> {
        if self.closed {
            return Err(ErrorKind::BrokenPipe.into());
        }
        let taken = self.connection.writer().write(plaintext)?;
        self.drain(out);
        Ok(taken)
    }

    pub(crate) fn close(&mut self, out: &mut Vec<u8>) {
        if !self.closed {
            self.closed = true;
            self.connection.send_close_notify();
            self.drain(out);
        }
    }

    pub(crate) fn has_buffered_input(&self) -> bool {
        self.plaintext > 0
    }

    pub(crate) fn info(&self) -> Option<TlsInfo> {
        let version = match self.connection.protocol_version()? {
            ProtocolVersion::TLSv1_2 => "TLSv1.2",
            ProtocolVersion::TLSv1_3 => "TLSv1.3",
            _ => return None,
        };
        let cipher = self.connection.negotiated_cipher_suite()?.suite();
        let certificate = self.connection.peer_certificates().and_then(|chain| chain.first());
        Some(TlsInfo {
            version,
            cipher: cipher.as_str().map_or_else(|| format!("{cipher:?}"), str::to_owned),
            alpn: self.connection.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned()),
            peer_certificate: certificate.map(|certificate| certificate.clone().into_owned()),
            peer_common_name: certificate.and_then(|certificate| der::common_name(certificate)),
            peer_subject: certificate.and_then(|certificate| der::subject(certificate)),
        })
    }

    fn process(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        let result = self.connection.process_new_packets();
        let result = match result {
            Ok(state) => {
                self.plaintext = state.plaintext_bytes_to_read();
                Ok(())
            }
            Err(error) => Err(TlsError::session(&self.peer, error).into()),
        };
        // The alert that explains an error goes out too.
        self.drain(out);
        result
    }

    fn drain(&mut self, out: &mut Vec<u8>) {
        while self.connection.wants_write() {
            // A Vec takes everything.
            if !matches!(self.connection.write_tls(out), Ok(written) if written > 0) {
                return;
            }
        }
    }
}

/// The name as rustls wants it; brackets, the zone of a link-local address, and the dot at the end of a full domain name do not
/// belong to it.
pub(super) fn server_name(name: &str) -> Result<ServerName<'static>, TlsError> {
    let bare = name.strip_suffix('.').unwrap_or(name);
    let bare = bare.strip_prefix('[').and_then(|bare| bare.strip_suffix(']')).unwrap_or(bare);
    let bare = bare.split('%').next().unwrap_or(bare);
    ServerName::try_from(bare.to_owned()).map_err(|_| TlsError::Name(name.to_owned()))
}
