//! How clients come in: CONNECT, the questions to hooks about it, extended authentication.

use mqtt_proto::packet::{Auth, ConnAck, Connect, Disconnect, PacketType, Properties, Property, PropertyId};
use mqtt_proto::{ReasonCode, Text};

use super::asking::Question;
use super::connection::{Connection, Granted, State};
use super::mail::{Answer, Arrival, Mail};
use super::shard::Shard;
use crate::config::{Anonymous, PayloadFormat, UserName};
use crate::hooks::{
    AuthenticateAnswer, AuthenticateRequest, AuthenticateStep, ConnectAnswer, ConnectRequest, DisconnectCause,
};
use crate::log::{Address, Level, Record};
use crate::registry::NONE;

/// Characters behind the prefix of an assigned client identifier.
pub(crate) const ASSIGNED_DIGITS: usize = 24;

// CONNECT.
impl Shard {
    /// The layers have shaken hands: what they know of the client is known from here on.
    pub(crate) fn layers_done(&mut self, index: u32) {
        let Some(connection) = self.connection(index) else { return };
        connection.state = State::Open;
        let certificate = connection.transport.tls_info();
        if let (Some(peer), Some(info)) = (connection.extra().peer.as_mut(), certificate) {
            super::peer::describe(peer, &info);
        }
    }

    /// A client wants in. True when the connection has moved to the shard where its client lives.
    pub(crate) fn on_connect(&mut self, index: u32, mut connect: Box<Connect>, rest: &[u8]) -> bool {
        let limits = self.core.config.limits;
        // MQTT 3.1 has its own bound (section 3.1, Client Identifier).
        let characters = connect.version.client_id_limit().unwrap_or(usize::MAX);
        if connect.client_id.len() > limits.client_id_length
            || connect.client_id.chars().count() > characters
            || (connect.client_id.is_empty() && !limits.empty_client_id)
        {
            self.keep_connect(index, connect);
            self.turn_away(index, ReasonCode::ClientIdentifierNotValid, Properties::new());
            return false;
        }
        if let Some(reason) = self.refused_will(&connect) {
            self.keep_connect(index, connect);
            self.turn_away(index, reason, Properties::new());
            return false;
        }
        let assigned = connect.client_id.is_empty();
        if assigned {
            connect.client_id = self.assign_id();
        } else if self.core.home(&connect.client_id) != self.index {
            self.send_home(index, connect, rest.to_vec(), None);
            return true;
        }
        self.keep_connect(index, connect);
        if assigned {
            self.note_assigned(index);
            // A hook may choose another identifier, whose home is elsewhere; then this goes along.
            if let Some(connection) = self.connection(index).filter(|_| !rest.is_empty()) {
                (connection.partial, connection.start) = (rest.to_vec(), 0);
            }
        }
        self.ask_connect(index);
        if let Some(connection) = self.connection(index).filter(|_| assigned) {
            // The caller has it.
            (connection.partial, connection.start) = (Vec::new(), 0);
        }
        false
    }

    /// Why this will may not be [MQTT-3.2.2-12], [MQTT-3.2.2-13]. MQTT 3 cannot be told most of it; its wills are
    /// published as far as they may.
    fn refused_will(&self, connect: &Connect) -> Option<ReasonCode> {
        let will = connect.will.as_ref()?;
        if will.topic.starts_with("$SYS/") {
            return Some(ReasonCode::NotAuthorized);
        }
        if !connect.version.has_properties() {
            return None;
        }
        let limits = &self.core.config.limits;
        let is_text = || std::str::from_utf8(&will.payload).is_ok();
        if will.qos > limits.maximum_qos {
            Some(ReasonCode::QoSNotSupported)
        } else if will.retain && !limits.retain_available {
            Some(ReasonCode::RetainNotSupported)
        } else if self.core.config.payload_format == PayloadFormat::Checked
            && will.properties.payload_format_indicator() == Some(1)
            && !is_text()
        {
            Some(ReasonCode::PayloadFormatInvalid)
        } else {
            None
        }
    }

    fn keep_connect(&mut self, index: u32, connect: Box<Connect>) {
        if let Some(connection) = self.connection(index) {
            connection.extra().connect = Some(connect);
        }
    }

    /// An identifier that nobody has and whose home is this shard.
    fn assign_id(&self) -> Text {
        loop {
            let id =
                format!("{}{:016x}{:08x}", self.core.config.assigned_id_prefix, fastrand::u64(..), fastrand::u32(..));
            if self.core.home(&id) == self.index && self.registry.find(&id).is_none() {
                return id.into();
            }
        }
    }

    fn note_assigned(&mut self, index: u32) {
        let Some(connection) = self.connection(index) else { return };
        let extra = connection.extra();
        if let Some(connect) = &extra.connect {
            extra.granted.properties.push(Property::AssignedClientIdentifier(connect.client_id.clone()));
        }
    }

    fn send_home(&mut self, index: u32, connect: Box<Connect>, input: Vec<u8>, granted: Option<Granted>) {
        let Some(mut connection) = self.take(index) else { return };
        let Some(peer) = connection.extra.as_mut().and_then(|extra| extra.peer.take()) else { return };
        let home = self.core.home(&connect.client_id);
        let Connection { link, transport, layered, serial, .. } = connection;
        let arrival = Arrival { transport, link, layered, peer, serial, connect, input, granted };
        self.core.mailboxes[home].post(Mail::Arrived(Box::new(arrival)));
    }

    /// A connection whose client lives here.
    pub(crate) fn arrive(&mut self, arrival: Arrival) {
        let Arrival { transport, link, layered, peer, serial, connect, input, granted } = arrival;
        let mut connection = Connection::new(link, transport, layered, serial, peer);
        connection.partial = input;
        connection.extra().connect = Some(connect);
        let is_answered = granted.is_some();
        connection.extra().granted = granted.unwrap_or_default();
        let Some(index) = self.add(connection) else { return };
        if is_answered {
            self.begin_authentication(index)
        } else {
            self.ask_connect(index)
        }
        self.resume(index);
        self.wants_read(index);
    }

    fn ask_connect(&mut self, index: u32) {
        if !self.name_by_certificate(index) {
            return self.turn_away(index, ReasonCode::BadUserNameOrPassword, Properties::new());
        }
        if !self.core.interests.connect {
            return self.connect_answered(index, Some(ConnectAnswer::Proceed));
        }
        let Some(extra) = self.connection(index).and_then(|connection| connection.extra.as_ref()) else { return };
        let (Some(peer), Some(connect)) = (extra.peer.clone(), extra.connect.clone()) else { return };
        self.ask(index, Question::Connect, Answer::Connect, move |hooks, reply| {
            hooks.on_connect(ConnectRequest { peer, connect }, reply);
        });
    }

    pub(crate) fn connect_answered(&mut self, index: u32, answer: Option<ConnectAnswer>) {
        let Some(connection) = self.connection(index) else { return };
        let granted = &mut connection.extra().granted;
        match answer {
            Some(ConnectAnswer::Proceed) => {}
            Some(ConnectAnswer::Accept { properties, user_name }) => {
                let others = properties.iter().filter(|property| property.id() != PropertyId::AssignedClientIdentifier);
                granted.properties.extend(others.cloned());
                granted.user_name = user_name;
                granted.vouched = true;
                if !self.takes_answer(index, &properties) {
                    return;
                }
            }
            Some(ConnectAnswer::Refuse { reason, properties }) => return self.turn_away(index, reason, properties),
            None => return self.turn_away(index, ReasonCode::ServerUnavailable, Properties::new()),
        }
        self.begin_authentication(index);
    }

    /// Whether the client can have what a hook wants CONNACK to say. False where the connection is not here any more:
    /// it has been refused, or has moved to the home of the identifier that it was given.
    fn takes_answer(&mut self, index: u32, properties: &Properties) -> bool {
        let unenforced = [
            (PropertyId::WildcardSubscriptionAvailable, properties.wildcard_subscription_available()),
            (PropertyId::SubscriptionIdentifierAvailable, properties.subscription_identifier_available()),
            (PropertyId::SharedSubscriptionAvailable, properties.shared_subscription_available()),
        ];
        if let Some((property, _)) = unenforced.into_iter().find(|(_, available)| *available == Some(0)) {
            self.note_answer(index, property, "cannot be withheld from one client, so it was refused");
            self.turn_away(index, ReasonCode::ImplementationSpecificError, Properties::new());
            return false;
        }
        let Some(connect) = self.connect_of(index) else { return false };
        if let Some(will) = &connect.will {
            let reason = match (properties.maximum_qos(), properties.retain_available()) {
                _ if !connect.version.has_properties() => None,
                (Some(most), _) if will.qos.level() > most => Some(ReasonCode::QoSNotSupported),
                (_, Some(0)) if will.retain => Some(ReasonCode::RetainNotSupported),
                _ => None,
            };
            if let Some(reason) = reason {
                self.turn_away(index, reason, Properties::new());
                return false;
            }
        }
        properties.assigned_client_identifier().is_none_or(|id| self.rename(index, id))
    }

    /// A hook has chosen the identifier of a client that named none. False where the connection is not here any more.
    fn rename(&mut self, index: u32, id: &Text) -> bool {
        const PROPERTY: PropertyId = PropertyId::AssignedClientIdentifier;
        let Some(connect) = self.connect_of(index) else { return false };
        if connect.client_id == *id {
            return true;
        }
        let characters = connect.version.client_id_limit().unwrap_or(usize::MAX);
        let longest = self.core.config.limits.client_id_length.min(usize::from(u16::MAX));
        let fits = !id.is_empty() && id.len() <= longest && id.chars().count() <= characters && !id.contains('\0');
        let granted = self.connections.get(index as usize).and_then(|c| c.extra.as_ref()).map(|extra| &extra.granted);
        if granted.is_none_or(|granted| granted.properties.assigned_client_identifier().is_none()) {
            self.note_answer(index, PROPERTY, "is for clients that name none, so it was left out");
            return true;
        }
        if !fits {
            self.note_answer(index, PROPERTY, "is not a client identifier, so it was refused");
            self.turn_away(index, ReasonCode::ImplementationSpecificError, Properties::new());
            return false;
        }
        let home = self.core.home(id);
        let here = self.index;
        let Some(connection) = self.connection(index) else { return false };
        let input = connection.unread().to_vec();
        let extra = connection.extra();
        extra.granted.properties.set(Property::AssignedClientIdentifier(id.clone()));
        if let Some(connect) = &mut extra.connect {
            connect.client_id = id.clone();
        }
        if home == here {
            return true;
        }
        let granted = std::mem::take(&mut extra.granted);
        if let Some(connect) = extra.connect.take() {
            self.send_home(index, connect, input, Some(granted));
        }
        false
    }

    fn note_answer(&self, index: u32, property: PropertyId, problem: &'static str) {
        let client = self.name(index);
        self.core.log.write(&Record::HookAnswer { hook: "on_connect", client: &client, property, problem });
    }

    fn begin_authentication(&mut self, index: u32) {
        let method = self.connect_of(index).and_then(|connect| connect.properties.authentication_method());
        if method.is_none() {
            return self.check_anonymous(index);
        }
        self.ask_authenticate(index, AuthenticateStep::Begin, None);
    }

    pub(super) fn connect_of(&self, index: u32) -> Option<&Connect> {
        self.connections.get(index as usize)?.extra.as_ref()?.connect.as_deref()
    }

    /// On a listener where the certificate names the user, it replaces what CONNECT says, also for the hooks.
    fn name_by_certificate(&mut self, index: u32) -> bool {
        let Some(extra) = self.connections.get_mut(index as usize).and_then(|c| c.extra.as_mut()) else { return true };
        let (Some(peer), Some(connect)) = (&extra.peer, &mut extra.connect) else { return true };
        let rule = self.core.config.listeners.get(peer.listener).map_or(UserName::Connect, |l| l.user_name);
        let name = match rule {
            UserName::Connect => return true,
            UserName::CommonName => &peer.certificate_common_name,
            UserName::Subject => &peer.certificate_subject,
        };
        connect.user_name = name.as_deref().map(Text::from);
        extra.granted.vouched = name.is_some();
        name.is_some()
    }

    /// Where no hook has vouched for the client, the rule for anonymous clients decides.
    fn check_anonymous(&mut self, index: u32) {
        let Some(extra) = self.connections.get(index as usize).and_then(|connection| connection.extra.as_ref()) else {
            return;
        };
        let Some(peer) = &extra.peer else { return };
        let listener = self.core.config.listeners.get(peer.listener);
        let rule = listener.and_then(|listener| listener.anonymous).unwrap_or(self.core.config.anonymous);
        let allowed = match rule {
            _ if extra.granted.vouched => true,
            Anonymous::Allowed => true,
            Anonymous::Loopback => peer.address.is_none_or(|address| address.ip().to_canonical().is_loopback()),
            Anonymous::Refused => false,
        };
        match allowed {
            true => self.admit(index),
            false => self.turn_away(index, ReasonCode::NotAuthorized, Properties::new()),
        }
    }

    /// Refuses a client and closes.
    pub(crate) fn turn_away(&mut self, index: u32, reason: ReasonCode, properties: Properties) {
        self.counters.refused += 1;
        self.lend(index);
        let Some(connection) = self.connections.get_mut(index as usize) else { return };
        connection.link.refuse(ConnAck { session_present: false, reason, properties });
        if self.core.log.wants(Level::Notice) {
            let extra = self.connections[index as usize].extra.as_ref();
            let address = Address(extra.and_then(|extra| extra.peer.as_ref()?.address));
            let client = self.name(index);
            self.core.log.write(&Record::Refused { address, client: &client, reason });
        }
        self.trace(index);
        self.detach(index, DisconnectCause::Broker(reason), None);
    }
}

// Extended authentication.
impl Shard {
    fn ask_authenticate(&mut self, index: u32, step: AuthenticateStep, auth: Option<&Auth>) {
        if !self.core.interests.authenticate {
            return self.authenticate_answered(
                index,
                step,
                Some(AuthenticateAnswer::Refuse(ReasonCode::BadAuthenticationMethod)),
            );
        }
        let Some(connection) = self.connections.get(index as usize) else { return };
        let client = self.registry.get(connection.slot);
        let extra = connection.extra.as_ref();
        let connect = extra.and_then(|extra| extra.connect.as_ref());
        let peer = client.map(|client| client.identity.peer.clone()).or_else(|| extra?.peer.clone());
        let properties = auth.map(|auth| &auth.properties).or_else(|| Some(&connect?.properties));
        let (Some(peer), Some(properties)) = (peer, properties) else { return };
        let client_id: Text = match (client, connect) {
            (Some(client), _) => Text::from(&*client.identity.client_id),
            (None, Some(connect)) => connect.client_id.clone(),
            (None, None) => Text::new(),
        };
        let user_name = match client {
            Some(client) => client.identity.user_name.as_deref().map(Text::from),
            None => connect.and_then(|connect| connect.user_name.clone()),
        };
        let request = AuthenticateRequest {
            peer,
            client_id,
            user_name,
            connection: connection.serial,
            step,
            method: properties.authentication_method().cloned().unwrap_or_default(),
            data: properties.authentication_data().cloned(),
        };
        self.ask(index, Question::Authenticate(step), Answer::Authenticate, move |hooks, reply| {
            hooks.on_authenticate(request, reply);
        });
    }

    pub(crate) fn on_auth(&mut self, index: u32, auth: Auth) {
        let step = match auth.reason {
            ReasonCode::ReAuthenticate => AuthenticateStep::ReAuthenticate,
            _ => AuthenticateStep::Continue,
        };
        self.ask_authenticate(index, step, Some(&auth));
    }

    pub(crate) fn authenticate_answered(
        &mut self,
        index: u32,
        _step: AuthenticateStep,
        answer: Option<AuthenticateAnswer>,
    ) {
        self.lend(index);
        let Some(connection) = self.connections.get_mut(index as usize) else { return };
        let admitted = connection.slot != NONE;
        let answer = answer.unwrap_or(AuthenticateAnswer::Refuse(ReasonCode::ServerUnavailable));
        let (answer, mut said) = match answer {
            AuthenticateAnswer::With(answer, properties) => (*answer, properties),
            answer => (answer, Properties::new()),
        };
        let is_for_people =
            |property: &&Property| matches!(property.id(), PropertyId::ReasonString | PropertyId::UserProperty);
        said = said.iter().filter(is_for_people).cloned().collect();
        let with_data = |data: Option<bytes::Bytes>| -> Properties {
            data.map(Property::AuthenticationData).into_iter().chain(said.iter().cloned()).collect()
        };
        match answer {
            AuthenticateAnswer::Continue(data) => {
                let auth = Auth { reason: ReasonCode::ContinueAuthentication, properties: with_data(data) };
                if connection.link.send_auth(&auth).is_err() {
                    return self.end_or_turn_away(index, ReasonCode::ImplementationSpecificError);
                }
                self.wants_write(index);
            }
            AuthenticateAnswer::Accept { data, .. } if admitted => {
                let auth = Auth { reason: ReasonCode::Success, properties: with_data(data) };
                if connection.link.send_auth(&auth).is_err() {
                    return self.end(index, ReasonCode::ImplementationSpecificError);
                }
                self.wants_write(index);
            }
            AuthenticateAnswer::Accept { data, user_name } => {
                let granted = &mut connection.extra().granted;
                if let (Some(text), None) = (said.reason_string(), granted.properties.reason_string()) {
                    granted.properties.push(Property::ReasonString(text.clone()));
                }
                let user = said.iter().filter(|property| property.id() == PropertyId::UserProperty);
                granted.properties.extend(user.cloned());
                granted.authentication = data;
                granted.user_name = user_name.or(granted.user_name.take());
                granted.vouched = true;
                self.check_anonymous(index);
            }
            AuthenticateAnswer::Refuse(reason) if admitted => {
                let reason = match reason {
                    reason if reason.is_defined_for(PacketType::Disconnect) => reason,
                    ReasonCode::ServerUnavailable => ReasonCode::ServerBusy,
                    _ => ReasonCode::NotAuthorized,
                };
                self.end_with(index, Disconnect { reason, properties: said });
            }
            AuthenticateAnswer::Refuse(reason) => self.turn_away(index, reason, said),
            // There is nothing around it any more; an answer in two of them is nobody's.
            AuthenticateAnswer::With(..) => self.end_or_turn_away(index, ReasonCode::ImplementationSpecificError),
        }
    }

    fn end_or_turn_away(&mut self, index: u32, reason: ReasonCode) {
        match self.connections.get(index as usize).map(|connection| connection.slot) {
            Some(NONE) => self.turn_away(index, reason, Properties::new()),
            Some(_) => self.end(index, reason),
            None => {}
        }
    }
}
