//! `mqtt://user:password@host:port/topic`.

use super::Transport;

/// What a URL says.
#[derive(Debug, PartialEq)]
pub(super) struct Url {
    pub(super) transport: Transport,
    pub(super) user: Option<String>,
    pub(super) password: Option<Vec<u8>>,
    pub(super) host: String,
    pub(super) port: Option<u16>,
    pub(super) topic: Option<String>,
}

/// Reads a URL. `%41` stands for a byte in user, password and topic.
pub(super) fn parse(url: &str) -> Result<Url, String> {
    let shape = "Write it as mqtt://user:password@host:port/topic; user, password, port and topic may be left out.";
    let refused = |what: &str| format!("the URL {:?} {what}. {shape}", without_password(url));
    let (scheme, rest) = url.split_once("://").ok_or_else(|| refused("has no scheme"))?;
    let transport = match scheme {
        "mqtt" => Transport::Tcp,
        "mqtts" => Transport::Tls,
        "ws" => Transport::WebSocket,
        "wss" => Transport::WebSocketTls,
        _ => return Err(refused("begins with none of mqtt, mqtts, ws and wss")),
    };
    let (authority, topic) = match rest.split_once('/') {
        Some((authority, topic)) => (authority, Some(topic).filter(|topic| !topic.is_empty())),
        None => (rest, None),
    };
    let (credentials, address) = match authority.rsplit_once('@') {
        Some((credentials, address)) => (Some(credentials), address),
        None => (None, authority),
    };
    let (user, password) = match credentials.map(|c| c.split_once(':').map_or((c, None), |(u, p)| (u, Some(p)))) {
        Some((user, password)) => (Some(user), password),
        None => (None, None),
    };
    let (host, port) = if let Some(rest) = address.strip_prefix('[') {
        let (host, behind) = rest.split_once(']').ok_or_else(|| refused("has no ] behind the address"))?;
        (host, behind.strip_prefix(':'))
    } else {
        address.split_once(':').map_or((address, None), |(host, port)| (host, Some(port)))
    };
    if host.is_empty() {
        return Err(refused("has no host"));
    }
    let port = match port.map(str::parse::<u16>) {
        Some(Ok(port)) if port > 0 => Some(port),
        None => None,
        _ => return Err(refused("has a port that is not a number from 1 to 65535")),
    };
    let text = |part: &str| String::from_utf8(decode(part)).map_err(|_| refused("is not UTF-8 after decoding"));
    Ok(Url {
        transport,
        user: user.map(text).transpose()?,
        password: password.map(decode),
        host: host.to_owned(),
        port,
        topic: topic.map(text).transpose()?,
    })
}

fn decode(part: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        let escaped = (byte == b'%').then(|| behind.get(..2)).flatten();
        match escaped.and_then(|two| Some((hex(two[0])?, hex(two[1])?))) {
            Some((high, low)) => {
                bytes.push(high << 4 | low);
                rest = &behind[2..];
            }
            None => {
                bytes.push(byte);
                rest = behind;
            }
        }
    }
    bytes
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

/// The URL as it may be printed.
fn without_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme + 3 <= at => format!("{}...{}", &url[..scheme + 3], &url[at..]),
        _ => url.to_owned(),
    }
}
