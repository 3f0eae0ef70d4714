//! Which server is tried next, and where servers refer a client to (MQTT 5, section 4.11).

use std::collections::VecDeque;

use mqtt_net::{Endpoint, Scheme};

/// The servers of the options in turn, and those that they have named instead.
#[derive(Debug)]
pub(crate) struct Servers {
    known: Vec<Endpoint>,
    /// Index into `known`, over all rounds.
    at: usize,
    /// Servers tried in this round.
    tried: usize,
    /// Named by a server, to be tried before anything else.
    named: VecDeque<Endpoint>,
    /// The named one that is tried or used at present.
    detour: Option<Endpoint>,
    /// References followed in this round.
    followed: u32,
    /// And how many may be; 0 follows none.
    maximum: u32,
}

impl Servers {
    pub(crate) fn new(known: Vec<Endpoint>, maximum: u32) -> Servers {
        Servers { known, at: 0, tried: 0, named: VecDeque::new(), detour: None, followed: 0, maximum }
    }

    /// The one to dial.
    pub(crate) fn current(&self) -> Option<&Endpoint> {
        self.detour.as_ref().or_else(|| self.known.get(self.at % self.known.len().max(1)))
    }

    /// Each server may be tried again. What a lost connection has named comes first; without that a server which was
    /// only a detour is left.
    pub(crate) fn begin_round(&mut self) {
        (self.tried, self.followed) = (0, 0);
        self.detour = self.named.pop_front();
    }

    /// The current one cannot be used: goes on to the next. False: all of this round were tried.
    pub(crate) fn failed(&mut self) -> bool {
        if self.detour.is_some() {
            self.detour = self.named.pop_front();
            if self.detour.is_some() {
                return true;
            }
        }
        self.tried += 1;
        self.at += 1;
        self.tried < self.known.len()
    }

    /// No server of this round is worth another attempt.
    pub(crate) fn give_up(&mut self) {
        self.tried = self.known.len();
        self.named.clear();
    }

    pub(crate) fn connected(&mut self) {
        self.tried = 0;
        self.named.clear();
    }

    /// The current server names others. False where they are not followed: the option says so, it is one too many in
    /// this round, or none of them can be used. [`Servers::turn_aside`] or the next round goes there.
    ///
    /// `permanently`: the first of them takes the place of the current one for good.
    pub(crate) fn refer(&mut self, reference: &str, permanently: bool) -> bool {
        let Some(current) = self.current() else { return false };
        let mut named = references(reference, current);
        if named.is_empty() || self.followed >= self.maximum {
            return false;
        }
        self.followed += 1;
        if permanently && self.detour.is_none() {
            let at = self.at % self.known.len().max(1);
            self.known[at] = named[0].clone();
        }
        self.named = named.drain(..).collect();
        true
    }

    /// Within a round: what [`Servers::refer`] has taken is tried at once.
    pub(crate) fn turn_aside(&mut self) {
        self.detour = self.named.pop_front();
    }
}

/// The servers that a server reference names: separated by spaces, each `host` or `host:port`, or a URI as some servers
/// write it. What is not said is as for the server that sent it. TLS is never given up for plain text: whoever could
/// forge a reference would read the password then.
fn references(text: &str, from: &Endpoint) -> Vec<Endpoint> {
    let scheme = if from.scheme == Scheme::Unix { Scheme::Mqtt } else { from.scheme };
    let parse = |name: &str| {
        let uri = if name.contains("://") { name.to_owned() } else { format!("{}://{name}", scheme.name()) };
        let mut endpoint: Endpoint = uri.parse().ok()?;
        if endpoint.scheme == Scheme::Unix || (scheme.is_tls() && !endpoint.scheme.is_tls()) {
            return None;
        }
        if !name.contains("://") && scheme.is_websocket() {
            endpoint.path.clone_from(&from.path);
        }
        (endpoint.user_name, endpoint.password) = (None, None);
        Some(endpoint)
    };
    text.split_whitespace().take(REFERENCES).filter_map(parse).collect()
}

/// Names taken from one reference.
const REFERENCES: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(uri: &str) -> Endpoint {
        uri.parse().unwrap()
    }

    fn named(text: &str, from: &str) -> Vec<String> {
        references(text, &endpoint(from)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_reference_is_read_as_the_specification_shows_it() {
        assert_eq!(
            named("myserver.xyz.org:8883 10.10.151.22 [fe80::9610:3eff:fe1c]:1884", "mqtts://h"),
            ["mqtts://myserver.xyz.org:8883", "mqtts://10.10.151.22:8883", "mqtts://[fe80::9610:3eff:fe1c]:1884"]
        );
        assert_eq!(named("other:81", "ws://h/path"), ["ws://other:81/path"]);
        assert_eq!(named("mqtt://joe:secret@other", "unix:///run/x"), ["mqtt://other:1883"]);
        assert_eq!(named("unix:///etc/x not/a/host", "mqtt://h"), [""; 0]);
    }

    #[test]
    fn tls_is_not_given_up() {
        assert_eq!(named("mqtt://other ws://other mqtts://other", "mqtts://h"), ["mqtts://other:8883"]);
        assert_eq!(named("mqtts://other", "mqtt://h"), ["mqtts://other:8883"]);
    }

    #[test]
    fn each_server_is_tried_once_in_a_round_and_references_are_bounded() {
        let host = |servers: &Servers| servers.current().unwrap().host.clone();
        let mut servers = Servers::new(vec![endpoint("mqtt://a"), endpoint("mqtt://b")], 2);
        servers.begin_round();
        assert!(servers.refer("c d", false));
        servers.turn_aside();
        assert_eq!(host(&servers), "c");
        assert!(servers.failed());
        assert_eq!(host(&servers), "d");
        assert!(servers.refer("c", false));
        servers.turn_aside();
        assert!(!servers.refer("d", false), "two is the bound");
        assert!(servers.failed());
        assert_eq!(host(&servers), "b");
        assert!(!servers.failed(), "both were tried");
        servers.begin_round();
        assert_eq!(host(&servers), "a");
        assert!(servers.refer("e", true));
        servers.begin_round();
        assert_eq!(host(&servers), "e", "named when the connection was lost");
        servers.begin_round();
        assert_eq!(host(&servers), "e", "and for good");
    }
}
