//! Where to connect to: the parts of a broker's URI.

use std::fmt::{self, Write as _};
use std::net::Ipv6Addr;
use std::path::Path;
use std::str::FromStr;

/// What carries the bytes, as the URI's scheme names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// Plain TCP: `mqtt://`, `tcp://`, or no scheme. Port 1883.
    Mqtt,
    /// TLS over TCP: `mqtts://`, `ssl://`, `tls://`. Port 8883.
    Mqtts,
    /// WebSocket over TCP: `ws://`. Port 80.
    Ws,
    /// WebSocket over TLS: `wss://`. Port 443.
    Wss,
    /// A Unix stream socket: `unix:///path`, `mqtt+unix:///path`. No port.
    Unix,
}

impl Scheme {
    /// The canonical name, as it stands in a URI before `://`.
    pub fn name(self) -> &'static str {
        match self {
            Scheme::Mqtt => "mqtt",
            Scheme::Mqtts => "mqtts",
            Scheme::Ws => "ws",
            Scheme::Wss => "wss",
            Scheme::Unix => "unix",
        }
    }

    /// The port used when the URI names none; 0 for Unix sockets, which have none.
    pub fn default_port(self) -> u16 {
        match self {
            Scheme::Mqtt => 1883,
            Scheme::Mqtts => 8883,
            Scheme::Ws => 80,
            Scheme::Wss => 443,
            Scheme::Unix => 0,
        }
    }

    /// Whether TLS lies on the socket.
    pub fn is_tls(self) -> bool {
        matches!(self, Scheme::Mqtts | Scheme::Wss)
    }

    /// Whether WebSocket lies on the socket or on TLS.
    pub fn is_websocket(self) -> bool {
        matches!(self, Scheme::Ws | Scheme::Wss)
    }

    fn parse(name: &str) -> Option<Scheme> {
        Some(match name.to_ascii_lowercase().as_str() {
            "mqtt" | "tcp" => Scheme::Mqtt,
            "mqtts" | "ssl" | "tls" => Scheme::Mqtts,
            "ws" => Scheme::Ws,
            "wss" => Scheme::Wss,
            "unix" | "mqtt+unix" => Scheme::Unix,
            _ => return None,
        })
    }
}

/// Where to connect to. Parse one with [`str::parse`] or build it field by field.
///
/// `Display` gives the URI back with the user name and without the password; so does `Debug`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// What carries the bytes.
    pub scheme: Scheme,
    /// Host name or IP literal without brackets; empty for Unix sockets.
    pub host: String,
    /// TCP port; 0 for Unix sockets.
    pub port: u16,
    /// For WebSocket the request target (path and query, `/mqtt` when the URI has none); for Unix the socket's path;
    /// otherwise empty.
    pub path: String,
    /// User name from the URI, percent-decoded.
    pub user_name: Option<String>,
    /// Password from the URI, percent-decoded. Never shown by `Display` or `Debug`.
    pub password: Option<String>,
}

/// A URI that is not an endpoint. The text names the part that is wrong and never repeats a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Nothing was given.
    #[error("the broker's address is empty: give a host name or a URI such as mqtt://broker.example:1883")]
    Empty,
    /// The text before `://` is not a scheme this library speaks.
    #[error("unknown scheme \"{0}\": use mqtt, mqtts, ws, wss or unix")]
    Scheme(String),
    /// No host between the scheme and the port or path.
    #[error("the address names no host: write it as {0}://host:port")]
    NoHost(&'static str),
    /// The host holds a character that no host name or address has.
    #[error("\"{0}\" is not a host name or IP address")]
    Host(String),
    /// A bracket without an IPv6 address in it, or an IPv6 address without brackets.
    #[error("\"{0}\" is not an IPv6 address in brackets: write it as [2001:db8::1] or [2001:db8::1]:1883")]
    Ipv6(String),
    /// The text after the last colon is not a port number from 1 to 65535.
    #[error("\"{0}\" is not a port number (1 to 65535)")]
    Port(String),
    /// A `%` without two hexadecimal digits, or bytes that are not UTF-8.
    #[error("the {0} is not valid percent-encoded UTF-8: write a % itself as %25")]
    Escape(&'static str),
    /// A path, query or fragment where the scheme has none.
    #[error("{0}:// takes no path, but the address ends in \"{1}\"; only ws, wss and unix addresses have one")]
    Path(&'static str, String),
    /// A fragment, a space or a control character in the path of a WebSocket.
    #[error("\"{0}\" cannot be the path of a request: percent-encode spaces and special characters, and leave out #")]
    Target(String),
    /// A Unix socket without an absolute path.
    #[error("a Unix socket needs a path: write it as unix:///run/mqtt.sock")]
    NoPath,
}

impl Endpoint {
    /// An endpoint for `scheme`, `host` and `port` with nothing else set.
    pub fn new(scheme: Scheme, host: impl Into<String>, port: u16) -> Endpoint {
        let path = if scheme.is_websocket() { DEFAULT_TARGET.to_owned() } else { String::new() };
        Endpoint { scheme, host: host.into(), port, path, user_name: None, password: None }
    }

    /// An endpoint on the Unix socket at `path`.
    pub fn unix(path: impl AsRef<Path>) -> Endpoint {
        Endpoint { path: path.as_ref().to_string_lossy().into_owned(), ..Endpoint::new(Scheme::Unix, "", 0) }
    }

    /// Parses a URI, `host`, or `host:port`. The same as [`str::parse`].
    pub fn parse(text: &str) -> Result<Endpoint, EndpointError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(EndpointError::Empty);
        }
        let (scheme, rest) = match text.split_once("://") {
            Some((name, rest)) => (Scheme::parse(name).ok_or_else(|| EndpointError::Scheme(name.to_owned()))?, rest),
            None => match text.strip_prefix("unix:").or_else(|| text.strip_prefix("mqtt+unix:")) {
                Some(path) => (Scheme::Unix, path),
                None => (Scheme::Mqtt, text),
            },
        };
        if scheme == Scheme::Unix {
            return parse_unix(rest);
        }
        let (authority, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let (user, address) = match authority.rsplit_once('@') {
            Some((user, address)) => (Some(user), address),
            None => (None, authority),
        };
        let (user_name, password) = parse_user(user)?;
        let (host, port) = parse_address(scheme, address)?;
        let path = parse_target(scheme, tail)?;
        Ok(Endpoint { scheme, host, port, path, user_name, password })
    }

    /// The peer as error messages name it: `host:port`, with brackets around IPv6, or the socket's path.
    pub fn authority(&self) -> String {
        match self.scheme {
            Scheme::Unix => self.path.clone(),
            _ if self.host.contains(':') => format!("[{}]:{}", self.host, self.port),
            _ => format!("{}:{}", self.host, self.port),
        }
    }
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Endpoint, EndpointError> {
        Endpoint::parse(text)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.scheme.name())?;
        if let Some(user) = &self.user_name {
            encode_user(f, user)?;
            f.write_char('@')?;
        }
        match self.scheme {
            Scheme::Unix => f.write_str(&self.path),
            _ => write!(f, "{}{}", self.authority(), self.path),
        }
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({self})")
    }
}

/// The path brokers serve MQTT on by convention.
const DEFAULT_TARGET: &str = "/mqtt";

fn parse_unix(rest: &str) -> Result<Endpoint, EndpointError> {
    let (user, path) = match rest.find('/') {
        Some(slash) => rest.split_at(slash),
        None => return Err(EndpointError::NoPath),
    };
    let user = match user {
        "" | "localhost" => None,
        user => Some(user.strip_suffix('@').ok_or(EndpointError::NoPath)?),
    };
    let (user_name, password) = parse_user(user)?;
    if path.len() < 2 {
        return Err(EndpointError::NoPath);
    }
    Ok(Endpoint { user_name, password, ..Endpoint::unix(decode(path, "path")?) })
}

fn parse_user(user: Option<&str>) -> Result<(Option<String>, Option<String>), EndpointError> {
    let Some(user) = user else { return Ok((None, None)) };
    let (name, password) = match user.split_once(':') {
        Some((name, password)) => (name, Some(decode(password, "password")?)),
        None => (user, None),
    };
    Ok((Some(decode(name, "user name")?), password))
}

fn parse_address(scheme: Scheme, address: &str) -> Result<(String, u16), EndpointError> {
    let (host, port) = if let Some(inner) = address.strip_prefix('[') {
        let bad = || EndpointError::Ipv6(address.to_owned());
        let (host, rest) = inner.split_once(']').ok_or_else(bad)?;
        // A zone (fe80::1%eth0) is kept for the resolver; the address before it must be one.
        host.split('%').next().unwrap_or(host).parse::<Ipv6Addr>().map_err(|_| bad())?;
        match rest.strip_prefix(':') {
            Some(port) => (host.to_owned(), Some(port)),
            None if rest.is_empty() => (host.to_owned(), None),
            None => return Err(bad()),
        }
    } else {
        let (host, port) = match address.split_once(':') {
            Some((_, port)) if port.contains(':') => return Err(EndpointError::Ipv6(address.to_owned())),
            Some((host, port)) => (host, Some(port)),
            None => (address, None),
        };
        (decode(host, "host")?, port)
    };
    if host.is_empty() {
        return Err(EndpointError::NoHost(scheme.name()));
    }
    if host.chars().any(|c| c.is_whitespace() || c.is_control() || "/?#@\\<>\"^`{|}".contains(c)) {
        return Err(EndpointError::Host(host));
    }
    let port = match port {
        None => scheme.default_port(),
        Some(text) => match text.parse::<u16>() {
            Ok(port) if port != 0 && text.bytes().all(|b| b.is_ascii_digit()) => port,
            _ => return Err(EndpointError::Port(text.to_owned())),
        },
    };
    Ok((host, port))
}

/// The request target stays as written: it is sent as it is.
fn parse_target(scheme: Scheme, tail: &str) -> Result<String, EndpointError> {
    if !scheme.is_websocket() {
        return match tail {
            "" | "/" => Ok(String::new()),
            _ => Err(EndpointError::Path(scheme.name(), tail.to_owned())),
        };
    }
    if tail.bytes().any(|b| b <= b' ' || b >= 0x7f || b == b'#') {
        return Err(EndpointError::Target(tail.to_owned()));
    }
    Ok(match tail.bytes().next() {
        None => DEFAULT_TARGET.to_owned(),
        Some(b'/') => tail.to_owned(),
        Some(_) => format!("{DEFAULT_TARGET}{tail}"),
    })
}

fn decode(text: &str, what: &'static str) -> Result<String, EndpointError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digit = |at: usize| tail.get(at).and_then(|b| char::from(*b).to_digit(16));
        let (Some(high), Some(low)) = (digit(0), digit(1)) else { return Err(EndpointError::Escape(what)) };
        bytes.push((high * 16 + low) as u8);
        rest = &tail[2..];
    }
    String::from_utf8(bytes).map_err(|_| EndpointError::Escape(what))
}

fn encode_user(f: &mut fmt::Formatter<'_>, user: &str) -> fmt::Result {
    for byte in user.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => f.write_char(byte.into())?,
            _ => write!(f, "%{byte:02X}")?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Endpoint {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn every_scheme_has_its_default_port() {
        for (text, scheme, port) in [
            ("broker.example", Scheme::Mqtt, 1883),
            ("mqtt://broker.example", Scheme::Mqtt, 1883),
            ("tcp://broker.example/", Scheme::Mqtt, 1883),
            ("MQTTS://broker.example", Scheme::Mqtts, 8883),
            ("ssl://broker.example", Scheme::Mqtts, 8883),
            ("tls://broker.example", Scheme::Mqtts, 8883),
            ("ws://broker.example", Scheme::Ws, 80),
            ("wss://broker.example", Scheme::Wss, 443),
        ] {
            let endpoint = parse(text);
            assert_eq!((endpoint.scheme, endpoint.host.as_str(), endpoint.port), (scheme, "broker.example", port));
        }
    }

    #[test]
    fn user_and_password_are_decoded_and_the_password_is_not_shown() {
        let endpoint = parse("mqtt://us%40er:pa%20s:s@host:1884");
        assert_eq!(endpoint.user_name.as_deref(), Some("us@er"));
        assert_eq!(endpoint.password.as_deref(), Some("pa s:s"));
        assert_eq!(endpoint.to_string(), "mqtt://us%40er@host:1884");
        assert!(!format!("{endpoint:?}").contains("pa s"));
        assert_eq!(parse("mqtt://@host").user_name.as_deref(), Some(""));
    }

    #[test]
    fn ipv6_stands_in_brackets() {
        let endpoint = parse("[::1]:1999");
        assert_eq!((endpoint.host.as_str(), endpoint.port), ("::1", 1999));
        assert_eq!(endpoint.authority(), "[::1]:1999");
        assert_eq!(parse("mqtts://[2001:db8::1]").authority(), "[2001:db8::1]:8883");
        assert_eq!(parse("mqtt://[fe80::1%eth0]").host, "fe80::1%eth0");
        for text in ["::1", "mqtt://[::1", "mqtt://[host]:1883", "mqtt://[::1]1883"] {
            assert!(matches!(Endpoint::parse(text), Err(EndpointError::Ipv6(_))), "{text}");
        }
    }

    #[test]
    fn websocket_paths() {
        assert_eq!(parse("ws://host").path, "/mqtt");
        assert_eq!(parse("ws://host/").path, "/");
        assert_eq!(parse("wss://host:8084/a/b?token=1").path, "/a/b?token=1");
        assert_eq!(parse("ws://host?token=1").path, "/mqtt?token=1");
        assert_eq!(parse("ws://host/x").to_string(), "ws://host:80/x");
        assert!(matches!(Endpoint::parse("ws://host/a b"), Err(EndpointError::Target(_))));
        assert!(matches!(Endpoint::parse("ws://host/a#b"), Err(EndpointError::Target(_))));
    }

    #[test]
    fn unix_sockets() {
        for text in ["unix:///run/x.sock", "unix:/run/x.sock", "mqtt+unix:///run/x.sock"] {
            let endpoint = parse(text);
            assert_eq!((endpoint.scheme, endpoint.path.as_str()), (Scheme::Unix, "/run/x.sock"));
            assert_eq!(endpoint.authority(), "/run/x.sock");
        }
        assert_eq!(parse("unix://u:p@/run/x.sock").password.as_deref(), Some("p"));
        assert_eq!(parse("unix:///run/x.sock").to_string(), "unix:///run/x.sock");
        assert_eq!(Endpoint::parse("unix://run.sock"), Err(EndpointError::NoPath));
        assert_eq!(Endpoint::parse("unix:///"), Err(EndpointError::NoPath));
    }

    #[test]
    fn errors_name_what_is_wrong() {
        for (text, part) in [
            ("", "empty"),
            ("  ", "empty"),
            ("http://host", "\"http\""),
            ("mqtt://", "names no host"),
            ("mqtt://:1883", "names no host"),
            ("mqtt://host:", "\"\" is not a port"),
            ("mqtt://host:0", "\"0\""),
            ("mqtt://host:65536", "\"65536\""),
            ("mqtt://host:+1", "\"+1\""),
            ("mqtt://host/topic", "\"/topic\""),
            ("mqtt://ho st", "\"ho st\""),
            ("mqtt://u:p%zz@host", "the password"),
            ("mqtt://u%ff@host", "the user name"),
        ] {
            let error = Endpoint::parse(text).expect_err(text).to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
