//! Sessions: begun, taken up, taken over, left behind, ended.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use mqtt_proto::packet::{ConnAck, Connect, Disconnect, Message, Properties, Property, PropertyId, QoS};
use mqtt_proto::session::Session;
use mqtt_proto::{ReasonCode, Text};
use mqtt_store::{Lease, OpenPolicy, Opened};

use super::connection::{Granted, State};
use super::durable::Restored;
use super::shard::{Shard, Timer};
use crate::hooks::{DisconnectCause, DisconnectNotice, Identity, Peer, SessionNotice};
use crate::log::{Address, Level, Record};
use crate::registry::{Client, NONE, PendingWill, Subscriptions};

/// For ever, in seconds of session expiry.
const FOR_EVER: u32 = u32::MAX;

impl Shard {
    /// Lets a client in, after the store has opened its session where that is needed.
    pub(super) fn admit(&mut self, index: u32) {
        let Some(connect) = self.connect_of(index).filter(|_| self.core.durable) else {
            return self.admit_opened(index, None);
        };
        let (client_id, clean_start) = (connect.client_id.clone(), connect.clean_start);
        let granted = self.connections.get(index as usize).and_then(|c| c.extra.as_ref()).map(|extra| &extra.granted);
        let expiry = granted.map_or(0, |granted| self.expiry(connect, &granted.properties));
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

    /// Seconds that the session outlives its connection: what the client asked for, or a hook put in its place, within
    /// the limit. A client of MQTT 3 cannot be told, so a hook can only shorten what it asked for.
    fn expiry(&self, connect: &Connect, granted: &Properties) -> u32 {
        let (asked, given) = (connect.session_expiry(), granted.session_expiry_interval());
        let wanted = match given {
            Some(given) if connect.version.has_properties() => given,
            given => asked.min(given.unwrap_or(FOR_EVER)),
        };
        wanted.min(self.core.config.limits.maximum_session_expiry)
    }

    /// What the client gets; `None` where its keep-alive is longer than allowed and its version cannot be told so.
    fn terms(&self, connect: &Connect, granted: Granted) -> Option<Terms> {
        let (limits, link) = (&self.core.config.limits, &self.core.config.link);
        let mut properties = granted.properties;
        let expiry = self.expiry(connect, &properties);
        let longest = limits.maximum_keep_alive;
        let is_too_long = |keep_alive: u16| longest != 0 && (keep_alive == 0 || keep_alive > longest);
        if !connect.version.has_properties() {
            let user_name = granted.user_name.or_else(|| connect.user_name.clone());
            let keep_alive = connect.keep_alive;
            let terms = Terms { properties: Properties::new(), user_name, keep_alive, expiry };
            return (!is_too_long(keep_alive)).then_some(terms);
        }
        // What a hook gave is told as far as the broker's own limits go: the stricter of the two holds.
        let given = properties.server_keep_alive();
        let mut keep_alive = given.unwrap_or(connect.keep_alive);
        if is_too_long(keep_alive) {
            keep_alive = longest;
        }
        if given.is_some() || keep_alive != connect.keep_alive {
            properties.set(Property::ServerKeepAlive(keep_alive));
        }
        if let Some(given) = properties.receive_maximum() {
            properties.set(Property::ReceiveMaximum(given.min(link.receive_maximum)));
        }
        if let Some(given) = properties.maximum_packet_size() {
            properties.set(Property::MaximumPacketSize(given.min(link.maximum_packet_size)));
        }
        if let Some(given) = properties.topic_alias_maximum() {
            properties.set(Property::TopicAliasMaximum(given.min(link.topic_alias_maximum)));
        }
        if connect.properties.request_response_information() != Some(1) {
            properties.remove(PropertyId::ResponseInformation); // [MQTT-3.1.2-28]
        } else if let (None, Some(text)) = (properties.response_information(), &self.core.config.response_information) {
            properties.push(Property::ResponseInformation(text.as_str().into()));
        }
        if expiry == connect.session_expiry() {
            properties.remove(PropertyId::SessionExpiryInterval);
        } else {
            properties.set(Property::SessionExpiryInterval(expiry));
        }
        let most = QoS::ExactlyOnce.level();
        match properties.maximum_qos().unwrap_or(most).min(limits.maximum_qos.level()) {
            qos if qos == most => properties.remove(PropertyId::MaximumQoS),
            qos => properties.set(Property::MaximumQoS(qos)),
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
            held: None,
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
        let legacy = self.legacy(slot);
        self.unsubscribe_all(slot);
        let Some(client) = self.registry.remove(slot) else { return };
        self.record_ended(&client);
        self.pass_on(legacy);
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
        let (pending, wanted) = match &mut connection.extra {
            Some(extra) => (std::mem::take(&mut extra.retained), std::mem::take(&mut extra.wanted)),
            None => Default::default(),
        };
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
            self.queue_retained(slot, pending, wanted);
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
