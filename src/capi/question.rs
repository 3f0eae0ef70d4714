//! One question of a broker to a hook, with its answer to come; or one notice.

use bytes::Bytes;
use mqtt_broker::{
    AuthenticateAnswer, ConnectAnswer, DeliverAnswer, Identity, Peer, PublishAnswer, Reply, SubscribeAnswer,
    UnsubscribeAnswer,
};
use mqtt_proto::packet::{Packet, Properties};
use mqtt_proto::{ReasonCode, Text, Version};

use crate::ffi::{self, borrow, borrow_mut, guard, mqtt_slice, store, text};
use crate::packet::reason;
use crate::property;
use crate::result::{Failure, mqtt_result};

/// What a broker asks a hook, until it is answered; or what it tells.
pub struct Question {
    pub(crate) packet: Option<Packet>,
    pub(crate) pending: Pending,
    pub(crate) version: Option<Version>,
    pub(crate) connection: u64,
    /// mqtt_ended_by; 0 where nothing ended.
    pub(crate) ended_by: u64,
    pub(crate) client_id: String,
    pub(crate) user_name: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) certificate_subject: Option<String>,
    pub(crate) certificate_common_name: Option<String>,
    pub(crate) listener: u64,
}

/// Where the answer goes. Dropped without one, it refuses.
pub(crate) enum Pending {
    Notice,
    Connect(Reply<ConnectAnswer>),
    Authenticate(Reply<AuthenticateAnswer>),
    Subscribe(Reply<SubscribeAnswer>, usize),
    Unsubscribe(Reply<UnsubscribeAnswer>, usize),
    Publish(Reply<PublishAnswer>),
    Deliver(Reply<DeliverAnswer>),
}

impl Question {
    pub(crate) fn new(client_id: &str, user_name: Option<&str>, peer: Option<&Peer>) -> Question {
        let certificate = |name: fn(&Peer) -> &Option<std::sync::Arc<str>>| {
            peer.and_then(|peer| name(peer).as_deref()).map(str::to_owned)
        };
        Question {
            packet: None,
            pending: Pending::Notice,
            version: None,
            connection: 0,
            ended_by: 0,
            client_id: client_id.to_owned(),
            user_name: user_name.map(str::to_owned),
            address: peer.and_then(|peer| peer.address).map(|address| address.to_string()),
            certificate_subject: certificate(|peer| &peer.certificate_subject),
            certificate_common_name: certificate(|peer| &peer.certificate_common_name),
            listener: peer.map_or(0, |peer| peer.listener as u64),
        }
    }

    pub(crate) fn of(client: &Identity) -> Question {
        let question = Question::new(&client.client_id, client.user_name.as_deref(), Some(&client.peer));
        Question { version: Some(client.version), ..question }
    }
}

/// Who a question or notice is about, as text.
#[repr(u32)]
pub enum mqtt_question_text_id {
    /// The client identifier; "" where CONNECT leaves it to the broker.
    ClientId = 1,
    /// The user name: that of CONNECT, or what a hook put in its place.
    UserName = 2,
    /// Address and port of the other end; absent on a Unix socket.
    Address = 3,
    /// Subject of the client certificate in RFC 2253 form, where TLS verified one.
    CertificateSubject = 4,
    /// Its common name.
    CertificateCommonName = 5,
}

/// The same, as numbers.
#[repr(u32)]
pub enum mqtt_question_number_id {
    /// 3, 4 or 5; absent in notices about sessions.
    Version = 1,
    /// Index of the listener among the options `listen`.
    Listener = 2,
    /// Number of the connection, in on_authenticate: the same in all steps of one exchange.
    Connection = 3,
    /// Who ended the connection, in on_disconnect: 1 the client with DISCONNECT, 2 the network, 3 the broker.
    EndedBy = 4,
}

/// The packet that a question or notice is about: to read, and to change before mqtt_question_replace. It belongs to the
/// question: do not free it. NULL where there is none, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_question_packet(question: *mut Question) -> *mut Packet {
    guard(|| Ok(borrow_mut!(question).packet.as_mut().map_or(std::ptr::null_mut(), |packet| packet as *mut Packet)))
}

/// The packet of a notice, to read. It belongs to the notice: do not free it. NULL where there is none, and for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_notice_packet(notice: *const Question) -> *const Packet {
    guard(|| Ok(borrow!(notice).packet.as_ref().map_or(std::ptr::null(), |packet| packet as *const Packet)))
}

/// Stores a view of a text (mqtt_question_text_id) of a question or notice. It lives until the question is answered, or
/// the hook has returned from the notice. MQTT_RESULT_NOTHING where it is absent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_question_text(
    question: *const Question,
    text_id: u32,
    value: *mut mqtt_slice,
) -> mqtt_result {
    guard(|| {
        let question = borrow!(question);
        let found = match text_id {
            1 => Some(&question.client_id),
            2 => question.user_name.as_ref(),
            3 => question.address.as_ref(),
            4 => question.certificate_subject.as_ref(),
            5 => question.certificate_common_name.as_ref(),
            other => return Err(Failure::invalid(format!("{other} is not one of mqtt_question_text_id"))),
        };
        let Some(found) = found else { return Ok(mqtt_result::Nothing) };
        store!(value, mqtt_slice::of(found.as_bytes()));
        Ok(mqtt_result::Ok)
    })
}

/// Stores a number (mqtt_question_number_id) of a question or notice. MQTT_RESULT_NOTHING where it is absent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_question_number(
    question: *const Question,
    number_id: u32,
    value: *mut u64,
) -> mqtt_result {
    guard(|| {
        let question = borrow!(question);
        let found = match number_id {
            1 => question.version.map(|version| version.level().into()),
            2 => Some(question.listener),
            3 => (question.connection != 0).then_some(question.connection),
            4 => (question.ended_by != 0).then_some(question.ended_by),
            other => return Err(Failure::invalid(format!("{other} is not one of mqtt_question_number_id"))),
        };
        let Some(found) = found else { return Ok(mqtt_result::Nothing) };
        store!(value, found);
        Ok(mqtt_result::Ok)
    })
}

/// Answers: as without the hook. For on_authenticate it refuses, as nobody else can decide. The question is gone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_question_proceed(question: *mut Question) -> mqtt_result {
    guard(|| {
        match taken(question)? {
            Pending::Notice => return Err(no_question()),
            Pending::Connect(reply) => reply.answer(ConnectAnswer::Proceed),
            Pending::Authenticate(reply) => {
                reply.answer(AuthenticateAnswer::Refuse(ReasonCode::BadAuthenticationMethod));
            }
            Pending::Subscribe(reply, _) => reply.answer(SubscribeAnswer::Proceed),
            Pending::Unsubscribe(reply, _) => reply.answer(UnsubscribeAnswer::Proceed),
            Pending::Publish(reply) => reply.answer(PublishAnswer::Proceed),
            Pending::Deliver(reply) => reply.answer(DeliverAnswer::Proceed),
        }
        Ok(mqtt_result::Ok)
    })
}

/// Answers on_connect or on_authenticate: in. `user_name` takes the place of that of CONNECT; NULL leaves it.
/// `properties` may be NULL: for on_connect they are added to CONNACK (MQTT 5), for on_authenticate
/// MQTT_PROPERTY_AUTHENTICATION_DATA among them goes out. The question is gone, also after a failure, which refuses it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_question_accept(
    question: *mut Question,
    user_name: *const std::ffi::c_char,
    properties: *const Properties,
) -> mqtt_result {
    guard(|| {
        let pending = taken(question)?;
        let user_name: Option<Text> = if user_name.is_null() { None } else { Some(text!(user_name).into()) };
        let none = Properties::new();
        // SAFETY: the header demands NULL or a list that was not freed.
        let properties = unsafe { property::optional(properties, &none) }?.clone();
        match pending {
            Pending::Connect(reply) => reply.answer(ConnectAnswer::Accept { properties, user_name }),
            Pending::Authenticate(reply) => {
                let data = properties.authentication_data().cloned();
                reply.answer(AuthenticateAnswer::Accept { data, user_name });
            }
            _ => return Err(unfit("accepted")),
        }
        Ok(mqtt_result::Ok)
    })
}

/// Answers: no, for this reason (mqtt_reason, 0x80 or above; for on_publish a success code acknowledges a message that
/// nobody gets; for on_deliver any refusal keeps the message from the client, which is not told). `properties` may be NULL; for on_connect they go into CONNACK (MQTT 5). Filters are refused all together.
/// The question is gone, also after a failure, which refuses it too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_question_refuse(
    question: *mut Question,
    reason: u8,
    properties: *const Properties,
) -> mqtt_result {
    guard(|| {
        let pending = taken(question)?;
        let reason = self::reason(reason)?;
        let none = Properties::new();
        // SAFETY: the header demands NULL or a list that was not freed.
        let properties = unsafe { property::optional(properties, &none) }?.clone();
        if !reason.is_error() && !matches!(pending, Pending::Publish(_)) {
            return Err(Failure::invalid(format!("reason 0x{:02X} is no refusal", reason.value())));
        }
        match pending {
            Pending::Notice => return Err(no_question()),
            Pending::Connect(reply) => reply.answer(ConnectAnswer::Refuse { reason, properties }),
            Pending::Authenticate(reply) => reply.answer(AuthenticateAnswer::Refuse(reason)),
            Pending::Subscribe(reply, count) => reply.answer(SubscribeAnswer::Each(vec![reason; count])),
            Pending::Unsubscribe(reply, count) => reply.answer(UnsubscribeAnswer::Each(vec![reason; count])),
            Pending::Publish(reply) => reply.answer(PublishAnswer::Refuse(reason)),
            Pending::Deliver(reply) => reply.answer(DeliverAnswer::Drop),
        }
        Ok(mqtt_result::Ok)
    })
}

/// Answers on_subscribe or on_unsubscribe with one reason (mqtt_reason) per filter, in order: a granted QoS not above the
/// one asked for, or a refusal. Missing ones are refused. The question is gone, also after a failure, which refuses it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_question_each(question: *mut Question, reasons: *const u8, count: usize) -> mqtt_result {
    guard(|| {
        let pending = taken(question)?;
        // SAFETY: the header demands that many bytes.
        let given = unsafe { ffi::octets(reasons, count, "reasons") }?;
        let reasons = given.iter().map(|code| reason(*code)).collect::<Result<Vec<_>, _>>()?;
        match pending {
            Pending::Subscribe(reply, _) => reply.answer(SubscribeAnswer::Each(reasons)),
            Pending::Unsubscribe(reply, _) => reply.answer(UnsubscribeAnswer::Each(reasons)),
            _ => return Err(unfit("answered filter by filter")),
        }
        Ok(mqtt_result::Ok)
    })
}

/// Answers on_publish: the packet of the question goes on as it was changed (topic, payload, properties, QoS, retain).
/// Answers on_deliver in the same way (topic, payload, properties). The question is gone, also after a failure, which refuses it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_question_replace(question: *mut Question) -> mqtt_result {
    guard(|| {
        // SAFETY: the header demands a question that the hook owns.
        let question = *unsafe { ffi::take(question) }.ok_or_else(|| Failure::null("question"))?;
        let Some(Packet::Publish(publish)) = question.packet else { return Err(unfit("replaced")) };
        let name = mqtt_proto::topic::check_name(&publish.topic).map_err(|rule| Failure::rule(rule, "topic"));
        match question.pending {
            Pending::Publish(reply) => {
                name?;
                reply.answer(PublishAnswer::Replace(Box::new(publish)));
            }
            Pending::Deliver(reply) => {
                name?;
                reply.answer(DeliverAnswer::Replace(Box::new(publish)));
            }
            _ => return Err(unfit("replaced")),
        }
        Ok(mqtt_result::Ok)
    })
}

/// Answers on_authenticate: another step, AUTH with these bytes as authentication data; NULL with length 0 for none. The
/// question is gone, also after a failure, which refuses it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_question_continue(
    question: *mut Question,
    data: *const u8,
    length: usize,
) -> mqtt_result {
    guard(|| {
        let pending = taken(question)?;
        // SAFETY: the header demands that many bytes.
        let given = unsafe { ffi::octets(data, length, "data") }?;
        let Pending::Authenticate(reply) = pending else { return Err(unfit("continued")) };
        reply.answer(AuthenticateAnswer::Continue((!data.is_null()).then(|| Bytes::copy_from_slice(given))));
        Ok(mqtt_result::Ok)
    })
}

fn taken(question: *mut Question) -> Result<Pending, Failure> {
    // SAFETY: the header demands a question that the hook owns, and that no answer has been given to.
    Ok(unsafe { ffi::take(question) }.ok_or_else(|| Failure::null("question"))?.pending)
}

fn no_question() -> Failure {
    Failure::invalid("a notice has no answer")
}

fn unfit(what: &str) -> Failure {
    Failure::invalid(format!("this question cannot be {what}; it was refused"))
}
