//! CONNECT, CONNACK, AUTH and DISCONNECT: what each end learns from them, and how a connection ends.

use super::event::Event;
use super::link::Link;
use super::role::{Phase, Role};
use super::state::Session;
use crate::packet::{Auth, ConnAck, Connect, Disconnect, Packet, PacketType, Properties, Property, PropertyId, QoS};
use crate::wire::encode::EncodeError;
use crate::{Limits, MAXIMUM_REMAINING_LENGTH, ReasonCode, Rule, Text, Time, Version, Violation};

/// The largest packet that can be, fixed header included.
const LARGEST_PACKET: u32 = MAXIMUM_REMAINING_LENGTH + 5;

/// What the peer has said about itself.
#[derive(Debug)]
pub(super) struct Peer {
    pub(super) maximum_packet_size: u32,
    /// Publishes that may be unacknowledged: the lower of what the peer allows and what we want.
    pub(super) window: u16,
    /// Aliases to use: the lower of what the peer allows and what we want.
    pub(super) alias_maximum: u16,
    pub(super) maximum_qos: QoS,
    pub(super) retain_available: bool,
    pub(super) wildcard_available: bool,
    pub(super) shared_available: bool,
    pub(super) identifiers_available: bool,
    /// The client wants reason strings and user properties everywhere.
    pub(super) problem_information: bool,
    /// Client: what our CONNECT said.
    clean_start: bool,
    /// Server: the session expiry interval of CONNECT was absent or 0.
    expires_at_once: bool,
}

impl Default for Peer {
    fn default() -> Peer {
        Peer {
            maximum_packet_size: LARGEST_PACKET,
            window: u16::MAX,
            alias_maximum: 0,
            maximum_qos: QoS::ExactlyOnce,
            retain_available: true,
            wildcard_available: true,
            shared_available: true,
            identifiers_available: true,
            problem_information: true,
            clean_start: true,
            expires_at_once: true,
        }
    }
}

/// Extended authentication (section 4.12); present where CONNECT named a method.
#[derive(Debug)]
pub(super) struct Authentication {
    method: Text,
    /// Who has to speak next in a re-authentication.
    turn: Turn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// There is no re-authentication.
    Nobody,
    Server,
    Client,
}

// Starting and ending.
impl Link {
    /// A client's end: writes CONNECT. `session` is that of the last connection, or a new one. The limits that
    /// CONNECT can say (receive maximum, maximum packet size, topic alias maximum) are added to its properties where
    /// they are absent and not the default of the protocol; where they are present, they replace the limits.
    ///
    /// Give a persistent session even with a clean start where messages in flight must survive a reconnection: what
    /// the server has forgotten goes to it again as new after CONNACK.
    #[allow(clippy::result_large_err)] // the session must come back, and this is once per connection
    pub fn client(
        now: Time,
        limits: Limits,
        connect: &Connect,
        session: Session,
    ) -> Result<Link, (EncodeError, Session)> {
        if client_id_is_too_long(connect) {
            let error = format!("client identifier {:?}: {}", connect.client_id, Rule::ClientIdentifier.text());
            return Err((EncodeError::Value(error), session));
        }
        let mut link = Link::new(Role::Client, Phase::AwaitConnAck, now, limits, session);
        link.version = connect.version;
        let mut connect = connect.clone();
        if link.version.has_properties() {
            link.announce(&mut connect.properties);
            link.authentication = connect.properties.authentication_method().map(Authentication::boxed);
        }
        link.timers.set_keep_alive(connect.keep_alive);
        link.peer.clean_start = connect.clean_start;
        link.peer.problem_information = connect.properties.request_problem_information() != Some(0);
        match link.output.packet(&Packet::Connect(Box::new(connect)), link.version, LARGEST_PACKET) {
            Ok(()) => Ok(link),
            Err(error) => Err((error, link.session)),
        }
    }

    /// Server, after [`super::Event::Connect`]: takes the client in with this session, writes CONNACK, sends again
    /// what was in flight, in order and with DUP at QoS 1 and 2 [MQTT-4.4.0-1], and goes on with the queue. What the
    /// link enforces (receive maximum, maximum packet size, topic alias maximum) is added to CONNACK where it is
    /// absent; where it is present there, it replaces the limit. So does a server keep-alive with the client's.
    /// The authentication method is added where CONNECT named one [MQTT-4.12.0-5].
    ///
    /// An error reason refuses. So does a client whose maximum packet size has no room for CONNACK: it gets
    /// packet too large, or nothing where there is no room for that either, and the link is finished. On a link that
    /// is not deciding any more it only stores the session.
    pub fn accept(&mut self, now: Time, session: Session, mut ack: ConnAck) {
        self.timers.seen = now;
        self.session = session;
        if self.phase != Phase::Deciding {
            return;
        }
        if ack.reason.is_error() {
            return self.refuse(ack);
        }
        if self.version.has_properties() {
            self.announce(&mut ack.properties);
            if let Some(seconds) = ack.properties.server_keep_alive() {
                self.timers.set_keep_alive(seconds);
            }
            self.granted_qos = ack.properties.maximum_qos().and_then(QoS::from_u8).unwrap_or(QoS::ExactlyOnce);
            self.granted_retain = ack.properties.retain_available() != Some(0);
        }
        self.timers.received = now;
        if !self.write_connack(ack) {
            // A client that does not hear what it may do would break rules unknowingly.
            self.phase = Phase::Finished;
            self.trace_output();
            return;
        }
        self.phase = Phase::Connected;
        self.session.resume();
        self.restart_sending();
        self.trace_output();
    }

    /// Server, after [`super::Event::Connect`] or during authentication: writes CONNACK with the refusal, mapped for
    /// MQTT 3, and finishes the link. Does nothing once CONNACK has been written.
    pub fn refuse(&mut self, mut ack: ConnAck) {
        if !matches!(self.phase, Phase::Deciding | Phase::AwaitAuth) {
            return;
        }
        ack.session_present = false;
        self.phase = Phase::Finished;
        self.write_connack(ack);
        self.trace_output();
    }

    /// Writes DISCONNECT where this role and version have it, and finishes the link. A server that has not written
    /// CONNACK writes nothing: see [`Link::refuse`].
    pub fn disconnect(&mut self, disconnect: &Disconnect) {
        let may = match (self.role, self.phase) {
            (Role::Client, Phase::AwaitConnAck | Phase::Connected) => true,
            (Role::Server, Phase::Connected) => self.version.has_server_disconnect(),
            _ => false,
        };
        if may {
            self.write_disconnect(disconnect);
        }
        self.phase = Phase::Finished;
        self.trace_output();
    }
}

// Extended authentication.
impl Link {
    /// Sends a step of extended authentication. A server answers [`super::Event::Connect`] or
    /// [`super::Event::Auth`] with `ContinueAuthentication`, and ends a re-authentication with `Success`; a client
    /// begins one with `ReAuthenticate` and answers with `ContinueAuthentication`. The method is added where it is
    /// absent. Anything out of turn is refused.
    pub fn send_auth(&mut self, auth: &Auth) -> Result<(), EncodeError> {
        let Some(authentication) = &mut self.authentication else {
            return refused("AUTH needs an authentication method in CONNECT".to_string());
        };
        let mut auth = auth.clone();
        match auth.properties.authentication_method() {
            Some(method) if *method == authentication.method => {}
            Some(_) => return refused("AUTH must name the authentication method of CONNECT".to_string()),
            None => auth.properties.push(Property::AuthenticationMethod(authentication.method.clone())),
        }
        let (phase, turn) = match (self.role, self.phase, authentication.turn, auth.reason) {
            (Role::Server, Phase::Deciding, _, ReasonCode::ContinueAuthentication) => (Phase::AwaitAuth, Turn::Nobody),
            (Role::Client, Phase::AwaitConnAck, Turn::Client, ReasonCode::ContinueAuthentication) => {
                (Phase::AwaitConnAck, Turn::Server)
            }
            (Role::Server, Phase::Connected, Turn::Server, ReasonCode::ContinueAuthentication) => {
                (Phase::Connected, Turn::Client)
            }
            (Role::Server, Phase::Connected, Turn::Server, ReasonCode::Success) => (Phase::Connected, Turn::Nobody),
            (Role::Client, Phase::Connected, Turn::Nobody, ReasonCode::ReAuthenticate) => {
                (Phase::Connected, Turn::Server)
            }
            (Role::Client, Phase::Connected, Turn::Client, ReasonCode::ContinueAuthentication) => {
                (Phase::Connected, Turn::Server)
            }
            (_, _, _, reason) => return refused(format!("AUTH with {reason} is out of turn")),
        };
        authentication.turn = turn;
        self.strip(&mut auth.properties);
        self.output.packet(&Packet::Auth(auth), self.version, self.peer.maximum_packet_size)?;
        if phase == Phase::AwaitAuth {
            self.timers.received = self.timers.seen;
        }
        self.phase = phase;
        self.trace_output();
        Ok(())
    }
}

// Input.
impl Link {
    pub(super) fn recv_connect(&mut self, connect: Box<Connect>) -> Result<Event<'static>, Violation> {
        self.version = connect.version;
        if client_id_is_too_long(&connect) {
            return Err(Violation::new(Rule::ClientIdentifier, self.version).within(PacketType::Connect));
        }
        if let Some(will) = &connect.will {
            self.check_levels(&will.topic, PacketType::Connect)?;
        }
        self.timers.set_keep_alive(connect.keep_alive);
        self.learn(&connect.properties);
        self.peer.expires_at_once = connect.session_expiry() == 0;
        self.peer.problem_information = connect.properties.request_problem_information() != Some(0);
        self.authentication = connect.properties.authentication_method().map(Authentication::boxed);
        self.phase = Phase::Deciding;
        Ok(Event::Connect(connect))
    }

    pub(super) fn recv_connack(&mut self, now: Time, ack: Box<ConnAck>) -> Result<Event<'static>, Violation> {
        let broken = |rule| Err(Violation::new(rule, self.version).within(PacketType::ConnAck));
        if ack.reason.is_error() {
            self.phase = Phase::Finished;
            return Ok(Event::Connected(ack));
        }
        if ack.session_present && self.peer.clean_start {
            return broken(Rule::SessionPresentAfterCleanStart);
        }
        match (ack.properties.authentication_method(), &self.authentication) {
            (Some(method), Some(authentication)) if *method != authentication.method => {
                return broken(Rule::AuthenticationMethodChanged);
            }
            (Some(_), None) => return broken(Rule::AuthNotExpected),
            _ => {}
        }
        self.learn(&ack.properties);
        let available = |value: Option<u8>| value != Some(0);
        self.peer.maximum_qos = ack.properties.maximum_qos().and_then(QoS::from_u8).unwrap_or(QoS::ExactlyOnce);
        self.peer.retain_available = available(ack.properties.retain_available());
        self.peer.wildcard_available = available(ack.properties.wildcard_subscription_available());
        self.peer.shared_available = available(ack.properties.shared_subscription_available());
        self.peer.identifiers_available = available(ack.properties.subscription_identifier_available());
        if let Some(seconds) = ack.properties.server_keep_alive() {
            self.timers.set_keep_alive(seconds);
        }
        if let Some(authentication) = &mut self.authentication {
            authentication.turn = Turn::Nobody;
        }
        self.timers.sent = now;
        self.phase = Phase::Connected;
        // MQTT 3.1 cannot say whether the session is present. Taking it for present loses nothing: a server that has
        // forgotten it answers PUBREL all the same.
        if ack.session_present || !self.version.has_session_present() && !self.peer.clean_start {
            self.session.resume();
        } else {
            self.session.begin_anew();
        }
        self.restart_sending();
        Ok(Event::Connected(ack))
    }

    pub(super) fn recv_auth(&mut self, auth: Auth) -> Result<Event<'static>, Violation> {
        let broken = |rule| Err(Violation::new(rule, self.version).within(PacketType::Auth));
        self.check_problem_information(&auth.properties, PacketType::Auth)?;
        let Some(authentication) = &mut self.authentication else { return broken(Rule::AuthNotExpected) };
        match auth.properties.authentication_method() {
            // AUTH with success may leave out everything (section 3.15.2.1).
            None if auth.reason == ReasonCode::Success => {}
            None => return broken(Rule::AuthenticationMethodMissing),
            Some(method) if *method != authentication.method => return broken(Rule::AuthenticationMethodChanged),
            Some(_) => {}
        }
        let (phase, turn) = match (self.role, self.phase, authentication.turn, auth.reason) {
            (Role::Server, Phase::AwaitAuth, _, ReasonCode::ContinueAuthentication) => (Phase::Deciding, Turn::Nobody),
            (Role::Client, Phase::AwaitConnAck, Turn::Nobody | Turn::Server, ReasonCode::ContinueAuthentication) => {
                (Phase::AwaitConnAck, Turn::Client)
            }
            (Role::Server, Phase::Connected, Turn::Nobody, ReasonCode::ReAuthenticate) => {
                (Phase::Connected, Turn::Server)
            }
            (Role::Server, Phase::Connected, Turn::Client, ReasonCode::ContinueAuthentication) => {
                (Phase::Connected, Turn::Server)
            }
            (Role::Client, Phase::Connected, Turn::Server, ReasonCode::ContinueAuthentication) => {
                (Phase::Connected, Turn::Client)
            }
            (Role::Client, Phase::Connected, Turn::Server, ReasonCode::Success) => (Phase::Connected, Turn::Nobody),
            _ => return broken(Rule::AuthReason),
        };
        authentication.turn = turn;
        self.phase = phase;
        Ok(Event::Auth(auth))
    }

    pub(super) fn recv_disconnect(&mut self, disconnect: Disconnect) -> Result<Event<'static>, Violation> {
        let expiry = disconnect.properties.session_expiry_interval();
        if self.role == Role::Server && self.peer.expires_at_once && expiry.is_some_and(|seconds| seconds > 0) {
            return Err(Violation::new(Rule::SessionExpiryRaised, self.version).within(PacketType::Disconnect));
        }
        self.phase = Phase::Left;
        Ok(Event::Disconnect(disconnect))
    }

    /// Ends the link because of this violation: the peer is told as far as its version and the moment allow.
    pub(super) fn fail(&mut self, violation: Violation) -> Violation {
        match (self.role, self.phase) {
            // The version that CONNECT named decides; a level that nobody knows is answered as 3.1.1 asks
            // [MQTT-3.1.2-2]. Whoever did not even send CONNECT gets nothing.
            (Role::Server, Phase::AwaitConnect) if violation.packet == Some(PacketType::Connect) => {
                let unknown_level = violation.rule == Rule::ProtocolLevel;
                self.version = if unknown_level { Version::V3_1_1 } else { violation.version };
                self.refuse_violation(violation);
            }
            (Role::Server, Phase::Deciding | Phase::AwaitAuth) => self.refuse_violation(violation),
            (_, Phase::Connected) if self.version.has_server_disconnect() => {
                let reason = disconnect_reason(violation.reason(), self.role);
                self.write_disconnect(&Disconnect::new(reason));
            }
            _ => {}
        }
        self.phase = Phase::Finished;
        self.trace_output();
        violation
    }

    fn refuse_violation(&mut self, violation: Violation) {
        let reason = connack_reason(violation.reason());
        // MQTT 3 has five return codes; where none of them says it, the server only closes.
        if self.version.has_properties()
            || ReasonCode::from_connect_return_code(reason.connect_return_code()) == Some(reason)
        {
            self.write_connack(ConnAck::refused(reason));
        }
    }
}

impl Link {
    /// Puts our limits into the properties of CONNECT or CONNACK; what is there already wins.
    fn announce(&mut self, properties: &mut Properties) {
        let limits = &mut self.limits;
        match properties.receive_maximum() {
            Some(maximum) => limits.receive_maximum = maximum.max(1),
            None if limits.receive_maximum < u16::MAX => {
                properties.push(Property::ReceiveMaximum(limits.receive_maximum))
            }
            None => {}
        }
        match properties.maximum_packet_size() {
            Some(maximum) => limits.maximum_packet_size = maximum,
            None if limits.maximum_packet_size < LARGEST_PACKET => {
                properties.push(Property::MaximumPacketSize(limits.maximum_packet_size));
            }
            None => {}
        }
        match properties.topic_alias_maximum() {
            Some(maximum) => limits.topic_alias_maximum = maximum,
            None if limits.topic_alias_maximum > 0 => {
                properties.push(Property::TopicAliasMaximum(limits.topic_alias_maximum));
            }
            None => {}
        }
    }

    /// What CONNECT and CONNACK have in common.
    fn learn(&mut self, properties: &Properties) {
        self.peer.window = properties.receive_maximum().unwrap_or(u16::MAX).min(self.limits.send_maximum);
        self.peer.maximum_packet_size = properties.maximum_packet_size().unwrap_or(LARGEST_PACKET);
        self.peer.alias_maximum = properties.topic_alias_maximum().unwrap_or(0).min(self.limits.send_alias_maximum);
    }

    /// False where the client takes no packet of this size; then it is refused instead, if there is room for that.
    fn write_connack(&mut self, mut ack: ConnAck) -> bool {
        match &self.authentication {
            Some(authentication) if !ack.reason.is_error() => {
                ack.properties.set(Property::AuthenticationMethod(authentication.method.clone()));
            }
            Some(_) => {}
            None => {
                // [MQTT-4.12.0-6]
                ack.properties.remove(PropertyId::AuthenticationMethod);
                ack.properties.remove(PropertyId::AuthenticationData);
            }
        }
        let maximum = self.peer.maximum_packet_size;
        let (session_present, reason) = (ack.session_present, connack_reason(ack.reason));
        let packet = Packet::ConnAck(Box::new(ack));
        let bare = match self.output.packet(&packet, self.version, maximum) {
            Ok(()) => return true,
            Err(EncodeError::PacketTooLarge { .. }) if !reason.is_error() => {
                ConnAck::refused(ReasonCode::PacketTooLarge)
            }
            // The owner's properties cannot be written: the answer matters more than they do, and so does what the
            // client must know.
            Err(_) => {
                let mut bare = ConnAck { session_present, reason, properties: vital(&packet) };
                let written = self.output.packet(&Packet::ConnAck(Box::new(bare.clone())), self.version, maximum);
                if written.is_ok() {
                    return !reason.is_error();
                }
                bare.properties = Properties::new();
                bare
            }
        };
        let accepts = !bare.reason.is_error();
        let written = self.output.packet(&Packet::ConnAck(Box::new(bare)), self.version, maximum);
        debug_assert!(matches!(written, Ok(()) | Err(EncodeError::PacketTooLarge { .. })), "{packet:?}: {written:?}");
        accepts && written.is_ok()
    }

    fn write_disconnect(&mut self, disconnect: &Disconnect) {
        let packet = Packet::Disconnect(disconnect.clone());
        if self.output.packet(&packet, self.version, self.peer.maximum_packet_size).is_err() {
            let bare = Packet::Disconnect(Disconnect::new(disconnect_reason(disconnect.reason, self.role)));
            let written = self.output.packet(&bare, self.version, self.peer.maximum_packet_size);
            debug_assert!(
                matches!(written, Ok(()) | Err(EncodeError::PacketTooLarge { .. })),
                "{packet:?}: {written:?}"
            );
        }
    }
}

/// The properties of CONNACK that a client has to obey: the first of each kind, and none that is for people.
fn vital(packet: &Packet) -> Properties {
    let Packet::ConnAck(ack) = packet else { return Properties::new() };
    let mut vital = Properties::new();
    for property in &ack.properties {
        let id = property.id();
        let is_said = vital.iter().any(|said| said.id() == id);
        let is_text = matches!(
            id,
            PropertyId::ReasonString
                | PropertyId::UserProperty
                | PropertyId::ResponseInformation
                | PropertyId::ServerReference
        );
        if !is_said && !is_text && id.allowed_in(PacketType::ConnAck) {
            vital.push(property.clone());
        }
    }
    vital
}

impl Authentication {
    fn boxed(method: &Text) -> Box<Authentication> {
        Box::new(Authentication { method: method.clone(), turn: Turn::Nobody })
    }
}

/// MQTT 3.1 (section 3.1, return code 2). The codec reads and writes them: a proxy has nothing to do with the limit.
fn client_id_is_too_long(connect: &Connect) -> bool {
    connect.version.client_id_limit().is_some_and(|limit| connect.client_id.chars().count() > limit)
}

pub(super) fn refused<T>(why: String) -> Result<T, EncodeError> {
    Err(EncodeError::Value(why))
}

/// The nearest reason that CONNACK has (section 3.2.2.2).
fn connack_reason(reason: ReasonCode) -> ReasonCode {
    match reason {
        ReasonCode::MaximumConnectTime => ReasonCode::UnspecifiedError,
        reason if reason.is_defined_for(PacketType::ConnAck) => reason,
        _ => ReasonCode::ProtocolError,
    }
}

/// The nearest reason that DISCONNECT from this side has (section 3.14.2.1).
fn disconnect_reason(reason: ReasonCode, role: Role) -> ReasonCode {
    match reason {
        ReasonCode::KeepAliveTimeout if role == Role::Client => ReasonCode::UnspecifiedError,
        reason if role == Role::Client && reason.is_for_servers_only() => ReasonCode::ProtocolError,
        reason if reason.is_defined_for(PacketType::Disconnect) => reason,
        _ => ReasonCode::ProtocolError,
    }
}
