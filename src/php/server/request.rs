//! What the broker asks and tells, as objects.

use mqtt_broker::{
    AuthenticateRequest, AuthenticateStep, ClientInfo, ConnectRequest, ConnectionState, DeliverRequest,
    DisconnectCause, DisconnectNotice, Identity, PublishRequest, RetainedInfo, SessionNotice, Stats, SubscribeRequest,
    SubscriptionInfo, UnsubscribeRequest,
};
use mqtt_proto::packet::{Properties, Publish, QoS};

use crate::enums;
use crate::exception::class_entries;
use crate::guard::methods;
use crate::message::{self, message_class};
use crate::object;
use crate::properties;
use crate::topic::not_constructible;
use crate::zend::{self, Zval};

class_entries! {
    connect_class = class_entry_Mqtt_Server_ConnectRequest;
    authenticate_class = class_entry_Mqtt_Server_AuthenticateRequest;
    subscribe_class = class_entry_Mqtt_Server_SubscribeRequest;
    unsubscribe_class = class_entry_Mqtt_Server_UnsubscribeRequest;
    publish_class = class_entry_Mqtt_Server_PublishRequest;
    deliver_class = class_entry_Mqtt_Server_DeliverRequest;
    ping_class = class_entry_Mqtt_Server_PingNotice;
    disconnect_class = class_entry_Mqtt_Server_DisconnectNotice;
    session_class = class_entry_Mqtt_Server_SessionNotice;
    client_class = class_entry_Mqtt_Server_ClientInfo;
    subscription_class = class_entry_Mqtt_Server_SubscriptionInfo;
    step_class = class_entry_Mqtt_Server_AuthenticateStep;
    cause_class = class_entry_Mqtt_Server_DisconnectCause;
}

methods! {
    zim_Mqtt_Server_ConnectRequest___construct => not_constructible;
    zim_Mqtt_Server_AuthenticateRequest___construct => not_constructible;
    zim_Mqtt_Server_SubscribeRequest___construct => not_constructible;
    zim_Mqtt_Server_UnsubscribeRequest___construct => not_constructible;
    zim_Mqtt_Server_PublishRequest___construct => not_constructible;
    zim_Mqtt_Server_DeliverRequest___construct => not_constructible;
    zim_Mqtt_Server_PingNotice___construct => not_constructible;
    zim_Mqtt_Server_DisconnectNotice___construct => not_constructible;
    zim_Mqtt_Server_SessionNotice___construct => not_constructible;
    zim_Mqtt_Server_ClientInfo___construct => not_constructible;
    zim_Mqtt_Server_SubscriptionInfo___construct => not_constructible;
}

fn text(text: impl AsRef<str>) -> Zval {
    zend::string(text.as_ref().as_bytes())
}

fn address(address: Option<std::net::SocketAddr>) -> Zval {
    zend::optional(address, |address| text(address.to_string()))
}

/// The slots that begin most objects: clientId, username, version, remoteAddress.
fn who(client: &Identity) -> [Zval; 4] {
    [
        text(&client.client_id),
        zend::optional(client.user_name.as_ref(), text),
        enums::version(client.version),
        address(client.peer.address),
    ]
}

/// `Mqtt\Server\ConnectRequest`.
pub(super) fn connect(request: &ConnectRequest) -> Zval {
    let ConnectRequest { peer, connect } = request;
    object::new(
        connect_class(),
        [
            text(&connect.client_id),
            zend::optional(connect.user_name.as_ref(), text),
            zend::optional(connect.password.as_ref(), |password| zend::string(password)),
            enums::version(connect.version),
            zend::bool(connect.clean_start),
            zend::long(connect.keep_alive),
            zend::optional(connect.will.as_ref(), message::will_object),
            properties::object(connect.properties.clone()),
            address(peer.address),
            zend::optional(peer.certificate_subject.as_ref(), text),
            zend::optional(peer.certificate_common_name.as_ref(), text),
        ],
    )
}

/// `Mqtt\Server\AuthenticateRequest`.
pub(super) fn authenticate(request: &AuthenticateRequest) -> Zval {
    let step = match request.step {
        AuthenticateStep::Begin => c"Begin",
        AuthenticateStep::Continue => c"Continue",
        AuthenticateStep::ReAuthenticate => c"ReAuthenticate",
    };
    object::new(
        authenticate_class(),
        [
            text(&request.client_id),
            zend::optional(request.user_name.as_ref(), text),
            address(request.peer.address),
            zend::long(request.connection as i64),
            zend::enum_case(step_class(), step),
            text(&request.method),
            zend::optional(request.data.as_ref(), |data| zend::string(data)),
        ],
    )
}

/// `Mqtt\Server\SubscribeRequest`.
pub(super) fn subscribe(request: &SubscribeRequest) -> Zval {
    let [id, user, version, address] = who(&request.client);
    let identifier = request.properties.subscription_identifier();
    let subscriptions =
        request.subscriptions.iter().map(|subscription| message::subscription_object(subscription, identifier));
    let list = zend::list_of(subscriptions);
    object::new(subscribe_class(), [id, user, version, address, list, properties::object(request.properties.clone())])
}

/// `Mqtt\Server\UnsubscribeRequest`.
pub(super) fn unsubscribe(request: &UnsubscribeRequest) -> Zval {
    let [id, user, version, address] = who(&request.client);
    let filters = zend::list_of(request.filters.iter().map(text));
    object::new(
        unsubscribe_class(),
        [id, user, version, address, filters, properties::object(request.properties.clone())],
    )
}

/// `Mqtt\Server\PublishRequest`.
pub(super) fn publish(request: &PublishRequest, now: f64) -> Zval {
    let [id, user, version, address] = who(&request.client);
    object::new(publish_class(), [id, user, version, address, message(publish_slots(&request.publish, now))])
}

/// `Mqtt\Server\DeliverRequest`.
pub(super) fn deliver(request: &DeliverRequest, now: f64) -> Zval {
    let [id, user, version, address] = who(&request.client);
    object::new(deliver_class(), [id, user, version, address, message(publish_slots(&request.publish, now))])
}

fn publish_slots(publish: &Publish, now: f64) -> [Zval; 8] {
    let Publish { topic, payload, qos, retain, dup, properties, .. } = publish;
    message_slots(topic, payload, *qos, *retain, *dup, properties, now)
}

/// `Mqtt\Server\PingNotice`.
pub(super) fn ping(client: &Identity) -> Zval {
    object::new(ping_class(), who(client))
}

/// `Mqtt\Server\DisconnectNotice`.
pub(super) fn disconnect(notice: &DisconnectNotice) -> Zval {
    let [id, user, version, address] = who(&notice.client);
    let (cause, reason) = match notice.cause {
        DisconnectCause::Client(reason) => (c"Client", Some(reason)),
        DisconnectCause::Closed => (c"Network", None),
        DisconnectCause::Broker(reason) => (c"Server", Some(reason)),
    };
    object::new(
        disconnect_class(),
        [id, user, version, address, zend::enum_case(cause_class(), cause), zend::optional(reason, enums::reason)],
    )
}

/// `Mqtt\Server\SessionNotice`.
pub(super) fn session(notice: &SessionNotice) -> Zval {
    object::new(session_class(), [text(&notice.client_id)])
}

/// `Mqtt\Server\ClientInfo`.
pub(super) fn client(info: &ClientInfo) -> Zval {
    let [id, user, version, address] = who(&info.identity);
    let seconds = |time: mqtt_proto::Time| zend::double(time.as_millis() as f64 / 1000.0);
    let (connected, expires_at) = match info.state {
        ConnectionState::Connected => (true, None),
        ConnectionState::Away { expires_at } => (false, expires_at),
    };
    object::new(
        client_class(),
        [
            id,
            user,
            version,
            address,
            zend::bool(connected),
            seconds(info.connected_at),
            zend::optional(expires_at, seconds),
            zend::long(info.keep_alive),
            zend::bool(info.clean_start),
            zend::long(info.session_expiry),
            zend::long(info.subscriptions as i64),
            zend::long(info.in_flight as i64),
            zend::long(info.queued as i64),
            zend::long(info.queued_bytes as i64),
            zend::long(info.dropped as i64),
        ],
    )
}

/// `Mqtt\Server\SubscriptionInfo`.
pub(super) fn subscription(info: &SubscriptionInfo) -> Zval {
    object::new(
        subscription_class(),
        [text(&info.client_id), message::subscription_object(&info.subscription, info.identifier)],
    )
}

/// A retained message.
pub(super) fn retained(info: &RetainedInfo) -> Zval {
    let kept = &info.message;
    let at = kept.received_at.as_millis() as f64 / 1000.0;
    message(message_slots(&kept.topic, &kept.payload, info.qos, true, false, &kept.properties, at))
}

fn message_slots(
    topic: &str,
    payload: &[u8],
    qos: QoS,
    retain: bool,
    dup: bool,
    list: &Properties,
    received_at: f64,
) -> [Zval; 8] {
    [
        text(topic),
        zend::string(payload),
        zend::long(qos.level()),
        zend::bool(retain),
        zend::bool(dup),
        properties::object(list.clone()),
        zend::list(0),
        zend::double(received_at),
    ]
}

fn message(slots: [Zval; 8]) -> Zval {
    let message = zend::new_object(message_class());
    if let Some(object) = zend::as_object(&message) {
        // A new object: its slots hold nothing yet.
        let _ = object::construct(object, slots);
    }
    message
}

/// What `stats()` gives.
pub(super) fn stats(stats: &Stats) -> Zval {
    let mut array = zend::map();
    zend::set(&mut array, "uptime", zend::double(stats.uptime.as_secs_f64()));
    for (name, number) in [
        ("bytesReceived", stats.bytes_received),
        ("bytesSent", stats.bytes_sent),
        ("messagesReceived", stats.messages_received),
        ("messagesSent", stats.messages_sent),
        ("messagesDropped", stats.messages_dropped),
        ("packetsReceived", stats.packets_received),
        ("connectionsAccepted", stats.connections_accepted),
        ("connectionsRefused", stats.connections_refused),
        ("connections", stats.connections as u64),
        ("clientsConnected", stats.clients_connected as u64),
        ("clientsAway", stats.clients_away as u64),
        ("clientsMaximum", stats.clients_maximum as u64),
        ("sessionsExpired", stats.sessions_expired),
        ("subscriptions", stats.subscriptions as u64),
        ("sharedSubscriptions", stats.shared_subscriptions as u64),
        ("retainedMessages", stats.retained_messages as u64),
        ("retainedBytes", stats.retained_bytes as u64),
        ("shards", stats.shards as u64),
    ] {
        zend::set(&mut array, name, zend::long(number as i64));
    }
    array
}
