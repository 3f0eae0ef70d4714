//! How clients come in and go: CONNECT, authentication, take-over, sessions that begin, wait and end.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use mqtt_proto::packet::{Auth, ConnAck, Connect, Disconnect, Message, Properties, Property, PropertyId, QoS};
use mqtt_proto::session::Session;
use mqtt_proto::{ReasonCode, Text};
use mqtt_store::{Lease, OpenPolicy, Opened};

use super::asking::Question;
use super::connection::{Connection, Granted, State};
use super::durable::Restored;
use super::mail::{Answer, Arrival, Mail};
use super::shard::{Shard, Timer};
use crate::config::{Anonymous, PayloadFormat, UserName};
use crate::hooks::{
    AuthenticateAnswer, AuthenticateRequest, AuthenticateStep, ConnectAnswer, ConnectRequest, DisconnectCause,
    DisconnectNotice, Identity, Peer, SessionNotice,
};
use crate::log::{Address, Level, Record};
use crate::registry::{Client, NONE, PendingWill, Subscriptions};

/// For ever, in seconds of session expiry.
const FOR_EVER: u32 = u32::MAX;

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
            self.send_home(index, connect, rest.to_vec());
            return true;
        }
        self.keep_connect(index, connect);
        if assigned {
            self.note_assigned(index);
        }
        self.ask_connect(index);
        false
    }

    /// Why this will may not be [MQTT-3.2.2-12], [MQTT-3.2.2-13]. MQTT 3 cannot be told; its wills are published as
    /// far as they may.
    fn refused_will(&self, connect: &Connect) -> Option<ReasonCode> {
        let will = connect.will.as_ref().filter(|_| connect.version.has_properties())?;
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

    fn send_home(&mut self, index: u32, connect: Box<Connect>, input: Vec<u8>) {
        let Some(mut connection) = self.take(index) else { return };
        let Some(peer) = connection.extra.as_mut().and_then(|extra| extra.peer.take()) else { return };
        let home = self.core.home(&connect.client_id);
        let Connection { link, transport, layered, serial, .. } = connection;
        let arrival = Arrival { transport, link, layered, peer, serial, connect, input };
        self.core.mailboxes[home].post(Mail::Arrived(Box::new(arrival)));
    }

    /// A connection whose client lives here.
    pub(crate) fn arrive(&mut self, arrival: Arrival) {
        let Arrival { transport, link, layered, peer, serial, connect, input } = arrival;
        let mut connection = Connection::new(link, transport, layered, serial, peer);
        connection.partial = input;
        connection.extra().connect = Some(connect);
        let Some(index) = self.add(connection) else { return };
        self.ask_connect(index);
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
                granted.properties.extend(properties.iter().cloned());
                granted.user_name = user_name;
                granted.vouched = true;
            }
            Some(ConnectAnswer::Refuse { reason, properties }) => return self.turn_away(index, reason, properties),
            None => return self.turn_away(index, ReasonCode::ServerUnavailable, Properties::new()),
        }
        let method = self.connect_of(index).and_then(|connect| connect.properties.authentication_method());
        if method.is_none() {
            return self.check_anonymous(index);
        }
        self.ask_authenticate(index, AuthenticateStep::Begin, None);
    }

    fn connect_of(&self, index: u32) -> Option<&Connect> {
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
        let with_data =
            |data: Option<bytes::Bytes>| -> Properties { data.map(Property::AuthenticationData).into_iter().collect() };
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
                granted.authentication = data;
                granted.user_name = user_name.or(granted.user_name.take());
                granted.vouched = true;
                self.check_anonymous(index);
            }
            AuthenticateAnswer::Refuse(reason) => self.end_or_turn_away(index, reason),
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

// Sessions.
impl Shard {
    /// Lets a client in, after the store has opened its session where that is needed.
    fn admit(&mut self, index: u32) {
        let Some(connect) = self.connect_of(index).filter(|_| self.core.durable) else {
            return self.admit_opened(index, None);
        };
        let (client_id, clean_start) = (connect.client_id.clone(), connect.clean_start);
        let expiry = connect.session_expiry().min(self.core.config.limits.maximum_session_expiry);
        let known = self.registry.find(&client_id).and_then(|slot| self.registry.get(slot));
        if known.is_some_and(|client| client.lease.is_some()) {
            self.admit_opened(index, None);
        } else if expiry == 0 && clean_start {
            // Nothing of it will be kept; what another owner may have kept is discarded.
            self.core.config.store.open(&client_id, OpenPolicy::Discard, Box::new(|_| ()));
            self.admit_opened(index, None);
        } else {
            self.open_in_store(index, &client_id, clean_start);
        }
    }

    /// Ends an older connection of the same client, finds or makes the session, answers CONNECT.
    pub(crate) fn admit_opened(&mut self, index: u32, opened: Option<Opened>) {
        let Some(connection) = self.connections.get_mut(index as usize) else { return };
        let Some(extra) = connection.extra.as_mut() else { return };
        let (Some(connect), Some(peer)) = (extra.connect.take(), extra.peer.take()) else { return };
        let granted = std::mem::take(&mut extra.granted);
        let Some(terms) = self.terms(&connect, granted) else {
            self.restore_connect(index, connect, peer);
            return self.turn_away(index, ReasonCode::ClientIdentifierNotValid, Properties::new());
        };
        let lease = self.restore_opened(&connect.client_id, opened);
        if let Some(slot) = self.registry.find(&connect.client_id) {
            self.take_over(slot);
        }
        if connect.clean_start {
            if let Some(slot) = self.registry.find(&connect.client_id) {
                self.end_session(slot);
            }
        }
        let kept = self.registry.find(&connect.client_id);
        let most = self.core.config.limits.maximum_sessions;
        if kept.is_none() && most != 0 && self.core.sessions.load(Ordering::Relaxed) >= most {
            self.restore_connect(index, connect, peer);
            return self.turn_away(index, ReasonCode::QuotaExceeded, Properties::new());
        }
        let identity = Arc::new(Identity {
            client_id: Arc::from(&*connect.client_id),
            user_name: terms.user_name.as_deref().map(Arc::from),
            version: connect.version,
            peer,
        });
        let (slot, session) = match kept {
            Some(slot) => (slot, self.take_up(slot, Arc::clone(&identity))),
            None => self.begin_session(Arc::clone(&identity), terms.expiry, lease),
        };
        self.open(index, slot, session, &connect, &terms, kept.is_some());
    }

    /// Puts a session that the store has opened among those that are away; returns the lease that holds.
    fn restore_opened(&mut self, client_id: &Text, opened: Option<Opened>) -> Option<Lease> {
        let known = self.registry.find(client_id);
        match (opened, known) {
            (Some(Opened { lease, session: Some(session) }), None) => {
                self.restore(Restored { client_id: client_id.clone(), lease, session });
                Some(lease)
            }
            (Some(Opened { lease, .. }), known) => {
                if let Some(client) = known.and_then(|slot| self.registry.get_mut(slot)) {
                    client.lease = client.lease.map(|_| lease);
                }
                Some(lease)
            }
            (None, known) => known.and_then(|slot| self.registry.get(slot)?.lease),
        }
    }

    /// The session and CONNACK, and everything that is known of the client from here on.
    fn open(&mut self, index: u32, slot: u32, session: Session, connect: &Connect, terms: &Terms, resumed: bool) {
        let now = self.now;
        let will = connect.will.as_ref().map(|will| Box::new(pending_will(will, now)));
        let Some(client) = self.registry.get_mut(slot) else { return };
        client.connection = index;
        client.will = will;
        client.expiry = terms.expiry;
        client.expires_at = None;
        client.connected_at = now;
        client.keep_alive = terms.keep_alive;
        client.clean_start = connect.clean_start;
        if let Some(presence) = &client.presence {
            presence.store(true, Ordering::Relaxed);
        }
        self.counters.connected += 1;
        let connected = self.core.connected.fetch_add(1, Ordering::Relaxed) + 1;
        self.core.connected_maximum.fetch_max(connected, Ordering::Relaxed);
        self.log_connected(slot, connect, resumed);
        self.lend(index);
        let Some(connection) = self.connections.get_mut(index as usize) else { return };
        connection.slot = slot;
        connection.state = State::Open;
        let ack =
            ConnAck { session_present: resumed, reason: ReasonCode::Success, properties: terms.properties.clone() };
        connection.link.accept(now, session, ack);
        if !connection.link.is_connected() {
            // Its packet size has no room for CONNACK: it was refused, and a will that was not accepted is not published.
            if let Some(client) = self.registry.get_mut(slot) {
                client.will = None;
            }
            self.trace(index);
            return self.detach(index, DisconnectCause::Broker(ReasonCode::PacketTooLarge), None);
        }
        connection.transport.set_message_limit(self.core.config.link.maximum_packet_size as usize);
        connection.trim();
        self.record_prospects(slot);
        self.trace(index);
        self.wants_write(index);
    }

    fn restore_connect(&mut self, index: u32, connect: Box<Connect>, peer: Peer) {
        if let Some(connection) = self.connection(index) {
            let extra = connection.extra();
            extra.connect = Some(connect);
            extra.peer = Some(peer);
        }
    }

    /// What the client gets; `None` where its keep-alive is longer than allowed and its version cannot be told so.
    fn terms(&self, connect: &Connect, granted: Granted) -> Option<Terms> {
        let limits = &self.core.config.limits;
        let mut properties = granted.properties;
        let mut keep_alive = connect.keep_alive;
        let asked = connect.session_expiry();
        let expiry = asked.min(limits.maximum_session_expiry);
        let longest = limits.maximum_keep_alive;
        let too_long = longest != 0 && (keep_alive == 0 || keep_alive > longest);
        if !connect.version.has_properties() {
            let user_name = granted.user_name.or_else(|| connect.user_name.clone());
            return (!too_long).then_some(Terms { properties: Properties::new(), user_name, keep_alive, expiry });
        }
        if too_long {
            keep_alive = longest;
            properties.set(Property::ServerKeepAlive(longest));
        }
        if connect.properties.request_response_information() != Some(1) {
            properties.remove(PropertyId::ResponseInformation); // [MQTT-3.1.2-28]
        } else if let (None, Some(text)) = (properties.response_information(), &self.core.config.response_information) {
            properties.push(Property::ResponseInformation(text.as_str().into()));
        }
        keep_alive = properties.server_keep_alive().unwrap_or(keep_alive);
        if expiry != asked {
            properties.set(Property::SessionExpiryInterval(expiry));
        }
        if limits.maximum_qos != QoS::ExactlyOnce {
            properties.set(Property::MaximumQoS(limits.maximum_qos.level()));
        }
        if !limits.retain_available {
            properties.set(Property::RetainAvailable(0));
        }
        if let Some(data) = granted.authentication {
            properties.remove(PropertyId::AuthenticationData);
            properties.push(Property::AuthenticationData(data));
        }
        let user_name = granted.user_name.or_else(|| connect.user_name.clone());
        Some(Terms { properties, user_name, keep_alive, expiry })
    }

    /// Ends an older connection of the same client.
    fn take_over(&mut self, slot: u32) {
        let Some(old) = self.registry.get(slot).filter(|client| client.connection != NONE) else { return };
        let (index, client) = (old.connection, Arc::clone(&old.identity.client_id));
        self.core.log.write(&Record::TakenOver { client: &client });
        self.lend(index);
        if let Some(connection) = self.connection(index) {
            connection.link.disconnect(&Disconnect::new(ReasonCode::SessionTakenOver));
        }
        self.trace(index);
        self.detach(index, DisconnectCause::Broker(ReasonCode::SessionTakenOver), None);
    }

    /// A kept session gets a connection again; a delayed will is not published [MQTT-3.1.3-9].
    fn take_up(&mut self, slot: u32, identity: Arc<Identity>) -> Session {
        self.cancel_timers(slot);
        let queue = self.core.config.queue;
        let Some(client) = self.registry.get_mut(slot) else { return Session::new(true, false, queue) };
        client.identity = identity;
        client.will = None;
        client.session.take().map_or_else(|| Session::new(true, false, queue), |session| *session)
    }

    fn begin_session(&mut self, identity: Arc<Identity>, expiry: u32, lease: Option<Lease>) -> (u32, Session) {
        let lease = lease.filter(|_| expiry > 0);
        let session = Session::new(expiry > 0, lease.is_some(), self.core.config.queue);
        let client_id = Arc::clone(&identity.client_id);
        let slot = self.add_session(identity, None, lease);
        if self.core.interests.sessions {
            self.tell(|hooks| hooks.on_session_created(SessionNotice { client_id }));
        }
        (slot, session)
    }

    /// Adds a session without a connection.
    pub(crate) fn add_session(
        &mut self,
        identity: Arc<Identity>,
        session: Option<Box<Session>>,
        lease: Option<Lease>,
    ) -> u32 {
        let slot = self.registry.insert(Client {
            identity,
            generation: 0,
            connection: NONE,
            session,
            subscriptions: Subscriptions::default(),
            presence: None,
            will: None,
            expiry: 0,
            expires_at: None,
            connected_at: self.now,
            keep_alive: 0,
            clean_start: true,
            dropping: false,
            dropped: 0,
            lease,
            changes: None,
            changed: false,
            rewrite: false,
        });
        self.core.sessions.fetch_add(1, Ordering::Relaxed);
        slot
    }

    /// The end of a session: its will if it still has one, its subscriptions, what it kept.
    pub(crate) fn end_session(&mut self, slot: u32) {
        self.cancel_timers(slot);
        self.publish_will(slot);
        self.unsubscribe_all(slot);
        let Some(client) = self.registry.remove(slot) else { return };
        self.record_ended(&client);
        self.core.sessions.fetch_sub(1, Ordering::Relaxed);
        if self.core.interests.sessions {
            let client_id = Arc::clone(&client.identity.client_id);
            self.tell(|hooks| hooks.on_session_ended(SessionNotice { client_id }));
        }
    }

    /// Nobody came back in time.
    pub(crate) fn session_expired(&mut self, slot: u32) {
        let Some(client) = self.registry.get(slot).filter(|client| client.connection == NONE) else { return };
        self.core.log.write(&Record::SessionExpired { client: &client.identity.client_id });
        self.counters.sessions_expired += 1;
        self.end_session(slot);
    }

    pub(crate) fn cancel_timers(&mut self, slot: u32) {
        let Some(client) = self.registry.get(slot) else { return };
        if let Some(at) = client.expires_at {
            self.timers.remove(&(at, Timer::Expiry, slot));
        }
        if let Some(at) = client.will.as_ref().and_then(|will| will.due) {
            self.timers.remove(&(at, Timer::Will, slot));
        }
    }

    /// DISCONNECT came.
    pub(crate) fn on_disconnect(&mut self, index: u32, disconnect: &Disconnect) {
        self.trace(index);
        self.core.log.write(&Record::Disconnected { client: &self.name(index) });
        let expiry = disconnect.properties.session_expiry_interval();
        self.detach(index, DisconnectCause::Client(disconnect.reason), expiry);
    }

    /// The connection is over: closes it, and keeps or ends the session. `expiry` replaces the session expiry
    /// interval of CONNECT.
    pub(crate) fn detach(&mut self, index: u32, cause: DisconnectCause, expiry: Option<u32>) {
        let Some(mut connection) = self.take(index) else { return };
        let slot = connection.slot;
        let fresh = Session::default();
        let session = connection.link.session_mut();
        let session = std::mem::replace(session, fresh);
        // What it was to get of retained messages, and has not got.
        let waiting = connection.extra.as_mut().map(|extra| std::mem::take(&mut extra.retained)).unwrap_or_default();
        self.see_off(connection, cause != DisconnectCause::Closed);
        let most = self.core.config.limits.maximum_session_expiry;
        let now = self.now;
        let Some(client) = self.registry.get_mut(slot) else { return };
        client.connection = NONE;
        if let Some(presence) = &client.presence {
            presence.store(false, Ordering::Relaxed);
        }
        if let Some(expiry) = expiry {
            client.expiry = expiry.min(most);
        }
        // Only a normal disconnection deletes the will [MQTT-3.1.2-10], [MQTT-3.14.4-3].
        if cause == DisconnectCause::Client(ReasonCode::Success) {
            client.will = None;
        }
        let (expiry, identity) = (client.expiry, Arc::clone(&client.identity));
        client.session = Some(Box::new(session));
        if expiry > 0 {
            waiting.into_iter().for_each(|pending| self.queue_retained(slot, pending));
        }
        self.counters.connected -= 1;
        self.core.connected.fetch_sub(1, Ordering::Relaxed);
        if self.core.interests.disconnect {
            self.tell(|hooks| hooks.on_disconnect(DisconnectNotice { client: identity, cause }));
        }
        if expiry == 0 {
            return self.end_session(slot);
        }
        if expiry != FOR_EVER {
            let at = now + Duration::from_secs(expiry.into());
            self.timers.insert((at, Timer::Expiry, slot));
            if let Some(client) = self.registry.get_mut(slot) {
                client.expires_at = Some(at);
            }
        }
        self.record_prospects(slot);
        self.begin_will_delay(slot);
    }

    fn log_connected(&self, slot: u32, connect: &Connect, resumed: bool) {
        let log = &self.core.log;
        let Some(client) = self.registry.get(slot) else { return };
        let name: &str = &client.identity.client_id;
        if log.wants(Level::Notice) {
            log.write(&Record::Connected {
                address: Address(client.identity.peer.address),
                client: name,
                version: connect.version,
                clean_start: connect.clean_start,
                keep_alive: client.keep_alive,
                user_name: client.identity.user_name.as_deref(),
            });
        }
        if log.wants(Level::Debug) {
            log.write(&match &connect.will {
                None => Record::NoWill,
                Some(will) => {
                    Record::Will { payload: will.payload.len(), qos: will.qos, retain: will.retain, topic: &will.topic }
                }
            });
            log.write(&Record::ConnAck { client: name, session_present: resumed, code: 0 });
        }
    }
}

/// What a client that is let in gets.
struct Terms {
    properties: Properties,
    user_name: Option<Text>,
    keep_alive: u16,
    expiry: u32,
}

/// The will of CONNECT, in an allocation of its own: it must not keep the packet with the password alive.
fn pending_will(will: &mqtt_proto::packet::Will, now: mqtt_proto::Time) -> PendingWill {
    let delay = will.properties.will_delay_interval().unwrap_or(0);
    let mut properties = will.properties.clone();
    properties.remove(PropertyId::WillDelayInterval);
    let message = Message {
        properties,
        received_at: now,
        ..Message::new(will.topic.to_string(), bytes::Bytes::copy_from_slice(&will.payload))
    };
    PendingWill { message: Arc::new(message), qos: will.qos, retain: will.retain, delay, due: None }
}
