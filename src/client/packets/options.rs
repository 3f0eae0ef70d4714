//! What a packet client is told when it is made.

use std::net::SocketAddr;
use std::time::Duration;

use mqtt_net::{ClientTls, DialOptions, Endpoint, WebSocketClientOptions};
use mqtt_proto::{MAXIMUM_REMAINING_LENGTH, Version};

use super::PacketError;
use crate::TlsOptions;

/// All of it. [`PacketOptions::new`] gives the defaults; the fields are public.
#[derive(Debug, Clone)]
pub struct PacketOptions {
    /// The server.
    pub endpoint: Endpoint,
    /// TLS for `mqtts` and `wss`.
    pub tls: TlsOptions,
    /// More headers of the WebSocket request.
    pub headers: Vec<(String, String)>,
    /// From the first packet of DNS to the end of the handshakes; 10 s.
    pub connect_timeout: Duration,
    /// How long the socket may take nothing while a call writes; 30 s. Past it the connection is over.
    pub write_timeout: Duration,
    /// The largest packet accepted, in bytes; that of the protocol.
    pub maximum_packet_size: u32,
    /// How packets are read and written. Absent: as the CONNECT that was sent says.
    pub version: Option<Version>,
    /// The background thread sends PINGREQ when nothing was sent for so long; zero switches it off.
    pub keep_alive: Duration,
    /// The local address to connect from; port 0 is any.
    pub bind_address: Option<SocketAddr>,
}

impl PacketOptions {
    /// The defaults, for this server: `mqtt://`, `mqtts://`, `ws://`, `wss://` or `unix:`. The text says what is wrong
    /// with the URI.
    pub fn new(uri: &str) -> Result<PacketOptions, PacketError> {
        let endpoint: Endpoint =
            uri.parse().map_err(|error: mqtt_net::EndpointError| PacketError::InvalidArgument(error.to_string()))?;
        if endpoint.user_name.is_some() || endpoint.password.is_some() {
            let text = "a user name has no place in this URI: the program writes CONNECT itself, and puts it there";
            return Err(PacketError::InvalidArgument(text.into()));
        }
        Ok(PacketOptions {
            endpoint,
            tls: TlsOptions::default(),
            headers: Vec::new(),
            connect_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(30),
            maximum_packet_size: MAXIMUM_REMAINING_LENGTH + 5,
            version: None,
            keep_alive: Duration::ZERO,
            bind_address: None,
        })
    }

    /// What no connection is needed to find wrong.
    pub(super) fn check(&self) -> Result<(), PacketError> {
        self.tls.to_net().map(drop).map_err(|error| PacketError::InvalidArgument(error.to_string()))
    }

    pub(super) fn dial(&self, timeout: Duration) -> DialOptions {
        let websocket = WebSocketClientOptions { headers: self.headers.clone(), ..Default::default() };
        DialOptions { timeout, websocket, bind: self.bind_address, ..Default::default() }
    }

    /// Where the scheme has TLS. Reads the files that the options name.
    pub(super) fn client_tls(&self) -> Result<Option<std::sync::Arc<ClientTls>>, PacketError> {
        if !self.endpoint.scheme.is_tls() {
            return Ok(None);
        }
        let tls = self.tls.to_net().map_err(|error| PacketError::InvalidArgument(error.to_string()))?;
        let peer = self.endpoint.authority();
        ClientTls::new(&tls).map(Some).map_err(|error| PacketError::Tls(format!("TLS to {peer}: {error}")))
    }
}
