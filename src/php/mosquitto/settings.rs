//! What a client is told before it connects.

use std::ffi::CString;
use std::fs::{self, File};
use std::net::{IpAddr, ToSocketAddrs};
use std::path::PathBuf;

use bytes::Bytes;
use mqtt_client::mosquitto::Code;
use mqtt_net::{ClientTls, MinVersion, TlsError, TlsOptions};
use mqtt_proto::packet::{Connect, Properties, QoS, Will};
use mqtt_proto::{Text, Version};

use super::text::CPath;

/// Messages in flight where nobody has said how many.
const IN_FLIGHT: usize = 20;

pub(super) struct Settings {
    pub(super) id: Option<Text>,
    pub(super) clean_session: bool,
    pub(super) user_name: Option<Text>,
    pub(super) password: Option<Bytes>,
    pub(super) will: Option<WillSetting>,
    pub(super) max_in_flight: usize,
    /// TLS is spoken where certificates were set.
    certificates: Option<Certificates>,
    pub(super) verify_name: bool,
    pub(super) verify_peer: bool,
    min_version: MinVersion,
}

/// A will as it was given: its QoS may be one that there is not.
pub(super) struct WillSetting {
    pub(super) topic: Text,
    pub(super) payload: Bytes,
    pub(super) qos: i64,
    pub(super) retain: bool,
}

#[derive(Clone)]
struct Certificates {
    authorities: PathBuf,
    identity: Option<(PathBuf, PathBuf)>,
    /// Of the private key.
    passphrase: Option<String>,
}

impl Settings {
    pub(super) fn new(id: Option<Text>, clean_session: bool) -> Settings {
        Settings {
            id,
            clean_session,
            user_name: None,
            password: None,
            will: None,
            max_in_flight: IN_FLIGHT,
            certificates: None,
            verify_name: true,
            verify_peer: true,
            min_version: MinVersion::Tls12,
        }
    }

    /// CONNECT. A will that cannot be written is refused here, as setWill() takes it.
    pub(super) fn connect(&self, keep_alive: u16) -> Result<Connect, Code> {
        let mut connect = Connect::new(Version::V3_1_1, self.id.clone().unwrap_or_default());
        connect.clean_start = self.clean_session;
        connect.keep_alive = keep_alive;
        connect.user_name = self.user_name.clone();
        connect.password = self.password.clone();
        if let Some(will) = &self.will {
            let qos = u8::try_from(will.qos).ok().and_then(QoS::from_u8).ok_or(Code::INVALID)?;
            let (topic, payload, retain) = (will.topic.clone(), will.payload.clone(), will.retain);
            connect.will = Some(Will { topic, payload, qos, retain, properties: Properties::new() });
        }
        Ok(connect)
    }

    /// Takes certificates whose files are there.
    pub(super) fn set_certificates(
        &mut self,
        authorities: Option<&[u8]>,
        certificate: Option<&[u8]>,
        key: Option<&[u8]>,
        password: Option<&[u8]>,
    ) -> Result<(), Code> {
        let authorities = path(authorities.ok_or(Code::INVALID)?)?;
        if fs::metadata(&authorities).is_ok_and(|file| file.is_dir()) {
            fs::read_dir(&authorities).map_err(|_| Code::INVALID)?;
        } else {
            readable(&authorities)?;
        }
        let identity = match (certificate, key) {
            (None, None) => None,
            (Some(certificate), Some(key)) => {
                let (certificate, key) = (path(certificate)?, path(key)?);
                readable(&certificate)?;
                readable(&key)?;
                Some((certificate, key))
            }
            _ => return Err(Code::INVALID),
        };
        let passphrase = password.map(|text| String::from_utf8_lossy(text).into_owned());
        self.certificates = Some(Certificates { authorities, identity, passphrase });
        Ok(())
    }

    /// The oldest version of TLS. One that is older than what there is still allows what there is.
    pub(super) fn set_tls_version(&mut self, oldest: &[u8]) -> Result<(), Code> {
        self.min_version = match oldest {
            b"tlsv1.3" => MinVersion::Tls13,
            b"tlsv1.2" | b"tlsv1.1" => MinVersion::Tls12,
            _ => return Err(Code::INVALID),
        };
        Ok(())
    }

    /// What TLS is done with; `None` where it is not to be done.
    pub(super) fn tls(&self) -> Option<Result<std::sync::Arc<ClientTls>, TlsError>> {
        let Certificates { authorities, identity, passphrase } = self.certificates.clone()?;
        let is_directory = fs::metadata(&authorities).is_ok_and(|file| file.is_dir());
        let (ca_file, ca_path) = if is_directory { (None, Some(authorities)) } else { (Some(authorities), None) };
        let (cert_file, key_file) = identity.unzip();
        let options = TlsOptions {
            ca_file,
            ca_path,
            cert_file,
            key_file,
            key_passphrase: passphrase,
            verify_peer: self.verify_peer,
            verify_peer_name: self.verify_name,
            min_version: self.min_version,
            ..TlsOptions::default()
        };
        Some(ClientTls::new(&options))
    }
}

/// The address of an interface, given as such or as a host name.
pub(super) fn local_address(name: &str) -> Result<IpAddr, Code> {
    if let Ok(address) = name.parse() {
        return Ok(address);
    }
    if name.is_empty() {
        return Err(Code::LOOKUP);
    }
    let mut found = (name, 0).to_socket_addrs().map_err(|_| Code::LOOKUP)?;
    found.next().map(|address| address.ip()).ok_or(Code::LOOKUP)
}

/// A path that open_basedir allows; where it does not, PHP has warned.
fn path(bytes: &[u8]) -> Result<PathBuf, Code> {
    unsafe extern "C" {
        fn mqtt_mosquitto_path_allowed(path: CPath) -> bool;
    }
    let text = CString::new(bytes).map_err(|_| Code::INVALID)?;
    // SAFETY: a C string that lives through the call.
    if bytes.is_empty() || !unsafe { mqtt_mosquitto_path_allowed(text.as_ptr()) } {
        return Err(Code::INVALID);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Code::INVALID)?;
    Ok(PathBuf::from(text))
}

fn readable(file: &PathBuf) -> Result<(), Code> {
    File::open(file).map(drop).map_err(|_| Code::INVALID)
}
