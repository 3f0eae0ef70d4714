//! What a hook answered, as the broker takes it.

use bytes::Bytes;
use mqtt_broker::{AuthenticateAnswer, ConnectAnswer, DeliverAnswer, PublishAnswer};
use mqtt_proto::ReasonCode;
use mqtt_proto::packet::{Auth, ConnAck, Packet, PacketType, Properties, Publish, QoS, Subscription};
use mqtt_proto::topic::check_name;

use crate::convert::{self, Item};
use crate::enums;
use crate::exception::value_error;
use crate::guard::Thrown;
use crate::message::{self, message_class, slot_bool, slot_bytes, slot_qos};
use crate::object::slot;
use crate::packet;
use crate::properties::{self, Place};
use crate::zend::{self, Zval};

/// An answer that makes no sense.
pub(super) enum Wrong {
    /// It is not of a kind, or not in a range, that the hook knows: what would be.
    Expected(&'static str),
    /// An exception is pending that says it.
    Thrown(Thrown),
}

impl From<Thrown> for Wrong {
    fn from(thrown: Thrown) -> Wrong {
        Wrong::Thrown(thrown)
    }
}

type Answer<T> = Result<T, Wrong>;

const CONNECT: Wrong = Wrong::Expected(
    "null, a reason code that CONNACK can carry, properties of CONNACK as Mqtt\\Properties or array, or Mqtt\\Packet\\ConnAck",
);
const AUTHENTICATE: Wrong = Wrong::Expected(
    "null, the authentication data as string, ReasonCode::Success, an error code, or Mqtt\\Packet\\Auth",
);
const PUBLISH: Wrong = Wrong::Expected("null, a reason code that PUBACK can carry, or Mqtt\\Message");
const DELIVER: Wrong = Wrong::Expected("null, a reason code that PUBACK can carry, or Mqtt\\Message");
const SUBSCRIBE: Wrong =
    Wrong::Expected("null, a reason code that SUBACK can carry, or a list of one code or null per filter");
const UNSUBSCRIBE: Wrong =
    Wrong::Expected("null, a reason code that UNSUBACK can carry, or a list of one code or null per filter");

/// Of onConnect(). `go_on` is what null means.
pub(super) fn connect(value: &Zval, go_on: ConnectAnswer) -> Answer<ConnectAnswer> {
    let accept = |properties: Properties| ConnectAnswer::Accept { properties, user_name: None };
    if zend::is_null(value) {
        return Ok(go_on);
    }
    if let Some(reason) = reason(value) {
        return connect_reason(reason.ok_or(CONNECT)?, Properties::new());
    }
    if let Some(object) = zend::instance(value, packet::conn_ack_class()) {
        let Packet::ConnAck(answer) = packet::of(object, None)? else { return Err(CONNECT) };
        let ConnAck { reason, properties, .. } = *answer;
        return connect_reason(reason, properties);
    }
    if zend::as_array(value).is_none() && zend::instance(value, properties::class()).is_none() {
        return Err(CONNECT);
    }
    let mut copy = zend::copy(value);
    let mut item = Item::new(&mut copy, "The answer of onConnect");
    Ok(accept(properties::from_item(&mut item, Place::Packet(PacketType::ConnAck))?))
}

fn connect_reason(reason: ReasonCode, properties: Properties) -> Answer<ConnectAnswer> {
    match reason {
        ReasonCode::Success => Ok(ConnectAnswer::Accept { properties, user_name: None }),
        reason if reason.is_defined_for(PacketType::ConnAck) => Ok(ConnectAnswer::Refuse { reason, properties }),
        _ => Err(CONNECT),
    }
}

/// Of onAuthenticate().
pub(super) fn authenticate(value: &Zval) -> Answer<AuthenticateAnswer> {
    if zend::is_null(value) {
        return Ok(AuthenticateAnswer::Refuse(ReasonCode::BadAuthenticationMethod));
    }
    if let Some(data) = zend::as_bytes(value) {
        return Ok(AuthenticateAnswer::Continue(Some(Bytes::copy_from_slice(data))));
    }
    if let Some(reason) = reason(value) {
        return authenticate_reason(reason.ok_or(AUTHENTICATE)?, None);
    }
    let object = zend::instance(value, packet::auth_class()).ok_or(AUTHENTICATE)?;
    let Packet::Auth(Auth { reason, properties }) = packet::of(object, None)? else { return Err(AUTHENTICATE) };
    let answer = authenticate_reason(reason, properties.authentication_data().cloned())?;
    Ok(AuthenticateAnswer::With(Box::new(answer), properties))
}

fn authenticate_reason(reason: ReasonCode, data: Option<Bytes>) -> Answer<AuthenticateAnswer> {
    match reason {
        ReasonCode::Success => Ok(AuthenticateAnswer::Accept { data, user_name: None }),
        ReasonCode::ContinueAuthentication => Ok(AuthenticateAnswer::Continue(data)),
        reason if reason.is_defined_for(PacketType::ConnAck) => Ok(AuthenticateAnswer::Refuse(reason)),
        _ => Err(AUTHENTICATE),
    }
}

/// Of onSubscribe(): one code per filter; `None` is null.
pub(super) fn subscribe(value: &Zval, asked: &[Subscription]) -> Answer<Option<Vec<ReasonCode>>> {
    let fits = |code: ReasonCode, at: usize| {
        code.is_defined_for(PacketType::SubAck)
            && (code.is_error() || asked.get(at).is_some_and(|asked| code.value() <= asked.qos.level()))
    };
    // One code for all grants each filter no more than it asked for.
    let for_all = |code: ReasonCode, at: usize| match asked.get(at) {
        Some(asked) if !code.is_error() => granted(asked.qos.min(QoS::from_u8(code.value()).unwrap_or_default())),
        _ => code,
    };
    let proceed = |at: usize| asked.get(at).map_or(ReasonCode::Success, |asked| granted(asked.qos));
    codes(value, asked.len(), SUBSCRIBE, PacketType::SubAck, fits, for_all, proceed)
}

fn granted(qos: QoS) -> ReasonCode {
    ReasonCode::from_u8(qos.level()).unwrap_or(ReasonCode::Success)
}

/// Of onUnsubscribe(): one code per filter; `None` is null.
pub(super) fn unsubscribe(value: &Zval, count: usize) -> Answer<Option<Vec<ReasonCode>>> {
    let fits = |code: ReasonCode, _| code.is_defined_for(PacketType::UnsubAck);
    codes(value, count, UNSUBSCRIBE, PacketType::UnsubAck, fits, |code, _| code, |_| ReasonCode::Success)
}

fn codes(
    value: &Zval,
    count: usize,
    wrong: Wrong,
    packet: PacketType,
    fits: impl Fn(ReasonCode, usize) -> bool,
    for_all: impl Fn(ReasonCode, usize) -> ReasonCode,
    proceed: impl Fn(usize) -> ReasonCode,
) -> Answer<Option<Vec<ReasonCode>>> {
    if zend::is_null(value) {
        return Ok(None);
    }
    if let Some(code) = reason(value) {
        let Some(code) = code.filter(|code| code.is_defined_for(packet)) else { return Err(wrong) };
        return Ok(Some((0..count).map(|at| for_all(code, at)).collect()));
    }
    let Some(array) = zend::as_array(value) else { return Err(wrong) };
    let mut all = Vec::with_capacity(count);
    let complete = zend::each(array, |_, value| {
        let at = all.len();
        let code = if zend::is_null(value) { Some(proceed(at)) } else { reason(value).flatten() };
        code.filter(|code| fits(*code, at)).map(|code| all.push(code)).ok_or(())
    });
    if complete.is_err() || all.len() != count { Err(wrong) } else { Ok(Some(all)) }
}

/// Of onPublish().
pub(super) fn publish(value: &Zval) -> Answer<PublishAnswer> {
    if zend::is_null(value) {
        return Ok(PublishAnswer::Proceed);
    }
    if let Some(reason) = reason(value) {
        return match reason {
            Some(ReasonCode::Success) => Ok(PublishAnswer::Proceed),
            Some(reason) if reason.is_defined_for(PacketType::PubAck) => Ok(PublishAnswer::Refuse(reason)),
            _ => Err(PUBLISH),
        };
    }
    let object = zend::instance(value, message_class()).ok_or(PUBLISH)?;
    Ok(PublishAnswer::Replace(Box::new(publish_of(object)?)))
}

/// Of onDeliver().
pub(super) fn deliver(value: &Zval) -> Answer<DeliverAnswer> {
    if zend::is_null(value) {
        return Ok(DeliverAnswer::Proceed);
    }
    if let Some(reason) = reason(value) {
        return match reason {
            Some(ReasonCode::Success) => Ok(DeliverAnswer::Proceed),
            Some(reason) if reason.is_defined_for(PacketType::PubAck) => Ok(DeliverAnswer::Drop),
            _ => Err(DELIVER),
        };
    }
    let object = zend::instance(value, message_class()).ok_or(DELIVER)?;
    Ok(DeliverAnswer::Replace(Box::new(publish_of(object)?)))
}

/// The PUBLISH that an `Mqtt\Message` asks for. Topic alias and subscription identifiers are those that it was received
/// with: the broker leaves them out.
fn publish_of(object: *mut zend::zend_object) -> Answer<Publish> {
    let properties = properties::of_slot(slot(object, 5))?.into_owned();
    if properties.response_topic().is_some_and(|topic| check_name(topic).is_err()) {
        return Err(value_error("Mqtt\\Message::$properties: responseTopic must be a topic name").into());
    }
    Ok(Publish {
        dup: false,
        qos: slot_qos(object, 2)?,
        retain: slot_bool(object, 3),
        topic: message::checked_topic(object)?,
        packet_id: None,
        properties,
        payload: Bytes::copy_from_slice(slot_bytes(object, 1)),
    })
}

/// The reason code that a value is; `Some(None)` for an int that is none.
fn reason(value: &Zval) -> Option<Option<ReasonCode>> {
    if let Some(case) = zend::instance(value, enums::reason_class()) {
        return Some(Some(enums::reason_of(case)));
    }
    zend::as_long(value).map(convert::reason)
}
