//! The HTTP upgrade that opens a WebSocket (RFC 6455, section 4).

use std::io::{self, ErrorKind, Read, Write};

use tungstenite::handshake::client::generate_key;
use tungstenite::handshake::derive_accept_key;

use super::{WebSocketClientOptions, WebSocketServerOptions};
use crate::endpoint::Endpoint;

/// The longest request or response head.
const HEAD_LIMIT: usize = 16 * 1024;
/// The most header lines in a head.
const HEADERS_LIMIT: usize = 100;
/// The subprotocols that stand for MQTT; the second one is of before MQTT 3.1.1.
const PROTOCOLS: [&str; 2] = ["mqtt", "mqttv3.1"];

/// The client's side: one request, one answer.
pub(super) struct ClientUpgrade {
    request: Vec<u8>,
    accept: String,
    protocol: String,
    head: Head,
}

impl ClientUpgrade {
    pub(super) fn new(endpoint: &Endpoint, options: &WebSocketClientOptions) -> ClientUpgrade {
        let key = generate_key();
        let mut request = format!(
            "GET {} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Protocol: {}\r\n",
            if endpoint.path.is_empty() { "/" } else { &endpoint.path },
            host(endpoint),
            options.protocol,
        );
        for (name, value) in &options.headers {
            // A line break would let a value add headers of its own.
            let clean = |text: &str| text.replace(['\r', '\n', '\0'], " ");
            request.push_str(&format!("{}: {}\r\n", clean(name), clean(value)));
        }
        request.push_str("\r\n");
        ClientUpgrade {
            request: request.into_bytes(),
            accept: derive_accept_key(key.as_bytes()),
            protocol: options.protocol.clone(),
            head: Head::default(),
        }
    }

    /// Sends the request, reads the answer. Returns what came after the answer.
    pub(super) fn drive<S: Read + Write>(&mut self, wire: &mut S) -> io::Result<Vec<u8>> {
        wire.write_all(&std::mem::take(&mut self.request))?;
        self.head.read(wire)?;
        self.check()
    }

    fn check(&self) -> io::Result<Vec<u8>> {
        let mut lines = [httparse::EMPTY_HEADER; HEADERS_LIMIT];
        let mut response = httparse::Response::new(&mut lines);
        let length = match response.parse(&self.head.bytes) {
            Ok(httparse::Status::Complete(length)) => length,
            _ => return Err(invalid("the answer is not HTTP: does this port speak WebSocket?".into())),
        };
        let headers = Headers(response.headers);
        match response.code {
            Some(101) => {}
            Some(code) => return Err(invalid(status_text(code, response.reason.unwrap_or("").trim(), &headers))),
            None => return Err(invalid("the answer has no status".into())),
        }
        if !headers.has_token("upgrade", "websocket") || !headers.has_token("connection", "upgrade") {
            return Err(invalid("the answer is not an upgrade to WebSocket".into()));
        }
        if headers.one("sec-websocket-accept") != Some(&self.accept) {
            return Err(invalid(
                "the answer's Sec-WebSocket-Accept does not fit the request: a cache or proxy may be in between".into(),
            ));
        }
        match headers.one("sec-websocket-protocol") {
            Some(protocol) if protocol == self.protocol => Ok(self.head.bytes[length..].to_vec()),
            Some(other) => {
                Err(invalid(format!("the server chose the subprotocol \"{other}\" instead of \"{}\"", self.protocol)))
            }
            None => Err(invalid(format!(
                "the server does not agree on the subprotocol \"{}\": is it an MQTT broker, and is this its path?",
                self.protocol
            ))),
        }
    }
}

/// The server's side: one request, one answer.
pub(super) struct ServerUpgrade {
    path: Option<String>,
    origins: Vec<String>,
    head: Head,
}

/// Why a request is not upgraded, in HTTP and in words.
struct Refusal {
    status: &'static str,
    header: &'static str,
    text: String,
}

impl ServerUpgrade {
    pub(super) fn new(options: &WebSocketServerOptions) -> ServerUpgrade {
        ServerUpgrade { path: options.path.clone(), origins: options.origins.clone(), head: Head::default() }
    }

    /// Reads the request, sends the answer. Returns what came after the request.
    pub(super) fn drive<S: Read + Write>(&mut self, wire: &mut S) -> io::Result<Vec<u8>> {
        let refusal = match self.head.read(wire) {
            Ok(()) => match self.answer() {
                Ok((answer, length)) => {
                    wire.write_all(answer.as_bytes())?;
                    return Ok(self.head.bytes[length..].to_vec());
                }
                Err(refusal) => refusal,
            },
            Err(error) if error.kind() == ErrorKind::InvalidData => Refusal {
                status: "431 Request Header Fields Too Large",
                header: "",
                text: format!("The head of the request is longer than {HEAD_LIMIT} bytes."),
            },
            Err(error) => return Err(error),
        };
        wire.write_all(refusal.answer().as_bytes())?;
        Err(invalid(format!("refused a request with {}: {}", refusal.status, refusal.text)))
    }

    /// The answer to the request and the length of its head.
    fn answer(&self) -> Result<(String, usize), Refusal> {
        let mut lines = [httparse::EMPTY_HEADER; HEADERS_LIMIT];
        let mut request = httparse::Request::new(&mut lines);
        let length = match request.parse(&self.head.bytes) {
            Ok(httparse::Status::Complete(length)) => length,
            Ok(httparse::Status::Partial) => return Err(Refusal::bad("The request is incomplete.")),
            Err(httparse::Error::TooManyHeaders) => {
                return Err(Refusal::new("431 Request Header Fields Too Large", "The request has too many headers."));
            }
            Err(_) => return Err(Refusal::bad("This is not an HTTP request. MQTT comes over WebSocket here.")),
        };
        let headers = Headers(request.headers);
        if request.method != Some("GET") {
            return Err(Refusal {
                header: "Allow: GET\r\n",
                ..Refusal::new("405 Method Not Allowed", "WebSocket begins with GET.")
            });
        }
        if request.version != Some(1) {
            return Err(Refusal::new("505 HTTP Version Not Supported", "WebSocket begins with HTTP/1.1."));
        }
        let target = request.path.unwrap_or("");
        let path = target.split('?').next().unwrap_or(target);
        if self.path.as_deref().is_some_and(|served| served != path) {
            return Err(Refusal::new("404 Not Found", "MQTT over WebSocket is served at another path."));
        }
        if !headers.has_token("upgrade", "websocket") || !headers.has_token("connection", "upgrade") {
            return Err(Refusal {
                header: "Upgrade: websocket\r\nConnection: Upgrade\r\n",
                ..Refusal::new(
                    "426 Upgrade Required",
                    "This port serves MQTT over WebSocket. Connect with an MQTT client to ws:// or wss://.",
                )
            });
        }
        if headers.one("sec-websocket-version") != Some("13") {
            return Err(Refusal {
                header: "Sec-WebSocket-Version: 13\r\n",
                ..Refusal::new("426 Upgrade Required", "Only version 13 of WebSocket is spoken here.")
            });
        }
        let key = headers.one("sec-websocket-key").unwrap_or("");
        if !is_key(key) {
            return Err(Refusal::bad("Sec-WebSocket-Key is missing or is not 16 bytes in base64."));
        }
        if let Some(origin) = headers.one("origin")
            && !self.origins.is_empty()
            && !self.origins.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin))
        {
            return Err(Refusal::new("403 Forbidden", "This origin is not allowed."));
        }
        let Some(protocol) =
            PROTOCOLS.into_iter().find(|protocol| headers.has_token("sec-websocket-protocol", protocol))
        else {
            return Err(Refusal::bad("The subprotocol \"mqtt\" must be asked for: Sec-WebSocket-Protocol: mqtt."));
        };
        let answer = format!(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {}\r\n\
             Sec-WebSocket-Protocol: {protocol}\r\n\r\n",
            derive_accept_key(key.as_bytes())
        );
        Ok((answer, length))
    }
}

impl Refusal {
    fn new(status: &'static str, text: &str) -> Refusal {
        Refusal { status, header: "", text: text.to_owned() }
    }

    fn bad(text: &str) -> Refusal {
        Refusal::new("400 Bad Request", text)
    }

    fn answer(&self) -> String {
        // RFC 9110 wants Upgrade listed in Connection, which then lists close too.
        let (connection, header) = match self.header.strip_suffix("Connection: Upgrade\r\n") {
            Some(header) => ("Upgrade, close", header),
            None => ("close", self.header),
        };
        format!(
            "HTTP/1.1 {}\r\n{header}Connection: {connection}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n\r\n{}\n",
            self.status,
            self.text.len() + 1,
            self.text
        )
    }
}

/// The bytes of a head, until its empty line.
#[derive(Default)]
struct Head {
    bytes: Vec<u8>,
    /// How far the empty line was looked for.
    searched: usize,
}

impl Head {
    fn read<S: Read>(&mut self, wire: &mut S) -> io::Result<()> {
        let mut chunk = [0; 1024];
        while !self.is_complete() {
            if self.bytes.len() >= HEAD_LIMIT {
                return Err(invalid(format!("the head of the HTTP message is longer than {HEAD_LIMIT} bytes")));
            }
            match wire.read(&mut chunk) {
                Ok(0) => {
                    return Err(io::Error::new(
                        ErrorKind::UnexpectedEof,
                        "the peer closed the connection before the upgrade was done",
                    ));
                }
                Ok(length) => self.bytes.extend_from_slice(&chunk[..length]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
            // What cannot become HTTP is answered at once instead of waiting for an empty line.
            if !self.bytes.first().is_some_and(u8::is_ascii_alphabetic) {
                return Ok(());
            }
        }
        Ok(())
    }

    fn is_complete(&mut self) -> bool {
        // The empty line may have begun at the end of what was searched.
        let rest = &self.bytes[self.searched.saturating_sub(3)..];
        self.searched = self.bytes.len();
        rest.windows(4).any(|window| window == b"\r\n\r\n") || rest.windows(2).any(|window| window == b"\n\n")
    }
}

/// Header lines with the look-ups that an upgrade needs.
struct Headers<'a>(&'a [httparse::Header<'a>]);

impl Headers<'_> {
    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let same = move |header: &&httparse::Header<'_>| header.name.eq_ignore_ascii_case(name);
        self.0.iter().filter(same).filter_map(|header| std::str::from_utf8(header.value).ok()).map(str::trim)
    }

    fn one(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Whether a comma-separated list, perhaps over several lines, holds `token`.
    fn has_token(&self, name: &str, token: &str) -> bool {
        self.all(name).flat_map(|value| value.split(',')).any(|item| item.trim().eq_ignore_ascii_case(token))
    }
}

/// 16 bytes in base64.
fn is_key(key: &str) -> bool {
    let symbol = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    key.len() == 24 && key.ends_with("==") && key.as_bytes()[..22].iter().all(|byte| symbol(*byte))
}

/// The Host header: without the port where it is the scheme's own.
fn host(endpoint: &Endpoint) -> String {
    let authority = endpoint.authority();
    if endpoint.port != endpoint.scheme.default_port() {
        return authority;
    }
    authority.rsplit_once(':').map_or(authority.clone(), |(host, _)| host.to_owned())
}

fn status_text(code: u16, reason: &str, headers: &Headers<'_>) -> String {
    let advice = match code {
        301 | 302 | 303 | 307 | 308 => match headers.one("location") {
            Some(location) => format!(": it redirects to {location}; connect there"),
            None => ": it redirects".to_owned(),
        },
        401 | 407 => ": it wants credentials; give them as a header".to_owned(),
        403 => ": it forbids this path or origin".to_owned(),
        404 => ": is this the path of MQTT? Brokers often use /mqtt".to_owned(),
        400 | 426 => ": it does not take this request as WebSocket".to_owned(),
        500..=599 => ": the server or a proxy before it has a fault".to_owned(),
        _ => String::new(),
    };
    format!("the server answered {code} {reason}{advice}")
}

fn invalid(text: String) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, text)
}
