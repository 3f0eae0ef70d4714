//! Attempts to connect: each server once in a round, and the version that each may speak.

use mqtt_proto::packet::PacketType;
use mqtt_proto::session::Session;
use mqtt_proto::{ReasonCode, Text, Time};

use super::{Phase, Rest, State};
use crate::Error;
use crate::options::VersionChoice;

/// Failed calls of `start_connect()` whose errors are kept.
const FAILED_CONNECTS: usize = 16;

impl State {
    pub(super) fn begin_round(&mut self) {
        self.rest = Rest::No;
        self.servers.begin_round();
        if std::mem::take(&mut self.guessed_version) {
            self.version = self.options.first_version();
        }
        self.round.errors.clear();
        self.begin_server();
    }

    /// The first attempt with a server.
    fn begin_server(&mut self) {
        (self.round.lowered, self.round.asked_twice) = (false, false);
        self.begin_attempt();
    }

    fn begin_attempt(&mut self) {
        self.epoch += 1;
        self.phase = Phase::Dialing;
        self.attention = true;
        self.round.in_flight = self.session().map_or(0, Session::in_flight);
        if let Some(endpoint) = self.servers.current() {
            self.peer = endpoint.authority();
        }
    }

    pub(super) fn attempt_failed(&mut self, now: Time, error: Error) {
        let asked = self.phase == Phase::Handshake;
        self.end_link();
        if asked && self.try_older_version(&error) {
            return self.begin_attempt();
        }
        let error = if asked { self.explained(error) } else { error };
        self.log("warning", |_| error.to_string());
        if self.is_referred(&error) {
            self.servers.turn_aside();
            return self.begin_server();
        }
        if !self.ever_connected {
            self.version = self.options.first_version();
        }
        self.round.errors.push(error);
        if self.servers.failed() {
            return self.begin_server();
        }
        let error = summary(std::mem::take(&mut self.round.errors));
        self.round.failed += 1;
        for token in std::mem::take(&mut self.connect_tokens) {
            if self.failed_connects.len() >= FAILED_CONNECTS {
                self.failed_connects.pop_front();
            }
            self.failed_connects.push_back((token, error.clone()));
            self.finish(token, None);
        }
        let explicit = std::mem::take(&mut self.round.explicit);
        let pointless = !self.ever_connected && is_permanent(&error);
        let delay = if explicit || pointless { None } else { self.backoff.next_delay() };
        self.ended(now, error, delay);
        if self.phase == Phase::Idle {
            self.rest = match (self.ever_connected, explicit) {
                (true, _) => Rest::GivenUp,
                (false, true) => Rest::No,
                (false, false) => Rest::Failed,
            };
            if pointless {
                // Whoever asks again and again is not to be a burden to the server.
                self.not_before = now + self.backoff.next_delay().unwrap_or_default();
            }
        }
    }

    /// The server refers us to another one, and we go there.
    fn is_referred(&mut self, error: &Error) -> bool {
        let Error::Connect { reason, conn_ack, .. } = error else { return false };
        self.take_reference(*reason, conn_ack.properties.server_reference())
    }

    /// The same for CONNACK and DISCONNECT: whether the reference is taken.
    pub(super) fn take_reference(&mut self, reason: ReasonCode, reference: Option<&Text>) -> bool {
        match (reason, reference) {
            (ReasonCode::UseAnotherServer, Some(reference)) => self.servers.refer(reference, false),
            (ReasonCode::ServerMoved, Some(reference)) => self.servers.refer(reference, true),
            _ => false,
        }
    }

    /// A server that is older than MQTT 5 says so, closes, or answers as MQTT 3.1.1 says, which is no CONNACK of MQTT 5.
    /// True: the same server is to be tried once more. A close without a word may have been chance, so MQTT 5 gets a
    /// second attempt, and what follows from that holds for one round only.
    fn try_older_version(&mut self, error: &Error) -> bool {
        if self.options.version != VersionChoice::Newest || !self.version.has_properties() {
            return false;
        }
        let refused = match error {
            Error::Connect { reason: ReasonCode::UnsupportedProtocolVersion, .. } => true,
            Error::Protocol { violation, .. } if violation.packet == Some(PacketType::ConnAck) => true,
            Error::Closed { .. } if !self.round.asked_twice => {
                self.round.asked_twice = true;
                return true;
            }
            Error::Closed { .. } => false,
            _ => return false,
        };
        // A server that has spoken MQTT 5 with us does not become older.
        if self.spoke_newest || self.round.lowered {
            return false;
        }
        let Some(older) = self.version.fallback() else { return false };
        self.round.lowered = true;
        self.guessed_version = !refused;
        self.version = older;
        true
    }

    /// The end of a connection whose CONNECT was not answered, told so that it helps.
    fn explained(&self, error: Error) -> Error {
        let Some(endpoint) = self.server() else { return error };
        let peer = &self.peer;
        let advice = match (endpoint.scheme.is_tls(), endpoint.scheme.is_websocket()) {
            (false, false) => {
                ". Servers do that on ports for TLS or WebSocket (mqtts://, ws://) or when they do not speak this version"
            }
            _ => "",
        };
        match error {
            Error::Closed { .. } => {
                Error::Transport(format!("{peer} closed the connection instead of answering CONNECT{advice}"))
            }
            Error::Transport(text) => Error::Transport(format!("{text}, before CONNECT was answered{advice}")),
            other => other,
        }
    }
}

/// One error for a round: a refusal says more than a server that could not be reached, and each of those is named.
fn summary(mut errors: Vec<Error>) -> Error {
    if let Some(at) = errors.iter().position(|error| matches!(error, Error::Connect { .. })) {
        return errors.swap_remove(at);
    }
    let last = errors.pop().unwrap_or_else(|| Error::InvalidArgument("no server is given".into()));
    match &last {
        Error::Transport(_) if !errors.is_empty() => {
            let texts: Vec<String> = errors.iter().chain([&last]).map(ToString::to_string).collect();
            Error::Transport(texts.join("; "))
        }
        _ => last,
    }
}

/// Refusals that a second attempt will not change.
fn is_permanent(error: &Error) -> bool {
    let Error::Connect { reason, .. } = error else { return matches!(error, Error::InvalidArgument(_)) };
    matches!(
        reason,
        ReasonCode::BadUserNameOrPassword
            | ReasonCode::NotAuthorized
            | ReasonCode::Banned
            | ReasonCode::ClientIdentifierNotValid
            | ReasonCode::BadAuthenticationMethod
            | ReasonCode::UnsupportedProtocolVersion
    )
}
