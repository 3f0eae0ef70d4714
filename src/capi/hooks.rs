//! What a broker asks and tells the program around it.

use std::ffi::{CString, c_char, c_void};
use std::sync::Arc;

use mqtt_broker::{
    AuthenticateAnswer, AuthenticateRequest, ConnectAnswer, ConnectRequest, DeliverAnswer, DeliverRequest,
    DisconnectNotice, Hooks, Identity, Interests, Peer, PublishAnswer, PublishRequest, Reply, SessionNotice,
    SubscribeAnswer, SubscribeRequest, UnsubscribeAnswer, UnsubscribeRequest,
};
use mqtt_proto::packet::{Auth, Disconnect, Packet, PacketId, Properties, Property, Subscribe, Unsubscribe};
use mqtt_proto::{ReasonCode, Version};

use crate::ffi;
use crate::question::{Pending, Question};
use crate::result::{Failure, mqtt_result};

/// Called with a question. It belongs to the hook, which answers it with exactly one of mqtt_question_proceed,
/// mqtt_question_accept, mqtt_question_refuse, mqtt_question_each, mqtt_question_replace and mqtt_question_continue: at
/// once, or later and from any thread. Its connection reads nothing more until then.
pub type mqtt_question_hook = Option<unsafe extern "C" fn(user_data: *mut c_void, question: *mut Question)>;

/// Called with a notice. It belongs to the broker and ends when the hook returns: look at it, do not answer it.
pub type mqtt_notice_hook = Option<unsafe extern "C" fn(user_data: *mut c_void, notice: *const Question)>;

/// Called with a line for the log: mqtt_log_level, and UTF-8 that ends with NUL and lives until the hook returns.
pub type mqtt_log_hook = Option<unsafe extern "C" fn(user_data: *mut c_void, level: u32, line: *const c_char)>;

/// Called when nothing will use the user data any more.
pub type mqtt_release_hook = Option<unsafe extern "C" fn(user_data: *mut c_void)>;

/// What a broker asks and tells. Fill it with zeros, set `size` to sizeof(mqtt_hooks), and set what is wanted; NULL is
/// no hook, and costs nothing. Fields may be added at the end; a program that was built before goes on as it is.
///
/// Hooks are called on the broker's threads, several at once, and must return soon: a hook that has to wait hands its
/// question to a thread of its own. A hook may publish; it must not call the functions of its broker that answer with
/// data or wait (mqtt_broker_clients, mqtt_broker_disconnect, mqtt_broker_stop, mqtt_broker_free): the first three answer
/// MQTT_RESULT_INVALID_ARGUMENT there. No hook may throw or longjmp.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct mqtt_hooks {
    /// sizeof(mqtt_hooks), as the program was compiled.
    pub size: usize,
    /// Passed to every hook, and never looked at.
    pub user_data: *mut c_void,
    /// A client wants in: proceed (the option allow_anonymous decides), accept or refuse. The packet is CONNECT.
    pub on_connect: mqtt_question_hook,
    /// A step of extended authentication (MQTT 5): continue, accept or refuse. The packet is AUTH with method and data.
    pub on_authenticate: mqtt_question_hook,
    /// A client subscribes: proceed, each or refuse. The packet is SUBSCRIBE.
    pub on_subscribe: mqtt_question_hook,
    /// A client unsubscribes: proceed, each or refuse. The packet is UNSUBSCRIBE.
    pub on_unsubscribe: mqtt_question_hook,
    /// A client publishes: proceed, replace or refuse. The packet is PUBLISH; an alias has been resolved.
    pub on_publish: mqtt_question_hook,
    /// A connection that had been accepted is over. The packet is DISCONNECT with the reason of whoever ended it.
    pub on_disconnect: mqtt_notice_hook,
    /// A session began. There is no packet.
    pub on_session_created: mqtt_notice_hook,
    /// A session ended. There is no packet.
    pub on_session_ended: mqtt_notice_hook,
    /// A line for the log.
    pub on_log: mqtt_log_hook,
    /// The broker has been freed, or could not be started: free the user data.
    pub released: mqtt_release_hook,
    /// A message is about to go to a client, or into its queue while it is away; asked once for each receiver: proceed,
    /// replace, or refuse, which keeps it from that client. The packet is PUBLISH as that client would get it. What comes
    /// for the client meanwhile waits behind it, within the bounds of its queue.
    pub on_deliver: mqtt_question_hook,
    /// A client sent PINGREQ, which has been answered. There is no packet.
    pub on_ping: mqtt_notice_hook,
}

/// How much a line of the log matters.
#[repr(u32)]
pub enum mqtt_log_level {
    /// Something failed.
    Error = 1,
    /// Something is wrong, and the broker went on.
    Warning = 2,
    /// Connections come and go.
    Notice = 4,
    /// Start and stop.
    Information = 8,
}

impl mqtt_hooks {
    const NONE: mqtt_hooks = mqtt_hooks {
        size: size_of::<mqtt_hooks>(),
        user_data: std::ptr::null_mut(),
        on_connect: None,
        on_authenticate: None,
        on_subscribe: None,
        on_unsubscribe: None,
        on_publish: None,
        on_disconnect: None,
        on_session_created: None,
        on_session_ended: None,
        on_log: None,
        released: None,
        on_deliver: None,
        on_ping: None,
    };

    /// What stands behind the pointer, as far as its size says.
    ///
    /// # Safety
    /// NULL, or `size` bytes that begin with that size.
    pub(crate) unsafe fn read(pointer: *const mqtt_hooks) -> Result<Option<mqtt_hooks>, Failure> {
        if pointer.is_null() {
            return Ok(None);
        }
        // SAFETY: the structure begins with its size, by the caller's promise.
        let size = unsafe { pointer.cast::<usize>().read() };
        let known = size_of::<mqtt_hooks>();
        if size < std::mem::offset_of!(mqtt_hooks, on_authenticate) || size > 64 * known {
            return Err(Failure::invalid(format!("{size} is no size of mqtt_hooks: set it to sizeof(mqtt_hooks)")));
        }
        // SAFETY: `size` bytes by the caller's promise.
        let bytes = unsafe { std::slice::from_raw_parts(pointer.cast::<u8>(), size) };
        if bytes.get(known..).is_some_and(|rest| rest.iter().any(|byte| *byte != 0)) {
            let text = "mqtt_hooks has hooks that this library does not know: it is older than the program's header";
            return Err(Failure::new(mqtt_result::Abi, text));
        }
        let mut hooks = mqtt_hooks::NONE;
        // SAFETY: both have at least that many bytes, and any of a whole number of fields is a value of the type: the
        // caller's fields are pointers and functions, those that it does not have stay NULL.
        unsafe {
            let whole = size.min(known) / size_of::<usize>() * size_of::<usize>();
            std::ptr::copy_nonoverlapping(pointer.cast::<u8>(), (&raw mut hooks).cast::<u8>(), whole);
        }
        Ok(Some(hooks))
    }
}

/// The hooks of C behind those of the broker.
pub(crate) struct CHooks {
    hooks: mqtt_hooks,
    publish_filters: Vec<String>,
    deliver_filters: Vec<String>,
}

// SAFETY: the header demands hooks and user data that any thread may use.
unsafe impl Send for CHooks {}
// SAFETY: the same.
unsafe impl Sync for CHooks {}

thread_local! {
    static IN_HOOK: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Refuses what would wait for the thread that a hook is running on.
pub(crate) fn not_in_a_hook(name: &str) -> Result<(), Failure> {
    if IN_HOOK.get() {
        let text = format!("{name} waits for the broker's threads and cannot be called from inside a hook");
        return Err(Failure::invalid(text));
    }
    Ok(())
}

impl CHooks {
    pub(crate) fn new(hooks: Option<mqtt_hooks>, publish: Vec<String>, deliver: Vec<String>) -> CHooks {
        CHooks { hooks: hooks.unwrap_or(mqtt_hooks::NONE), publish_filters: publish, deliver_filters: deliver }
    }

    pub(crate) fn wants_log(&self) -> bool {
        self.hooks.on_log.is_some()
    }

    pub(crate) fn log(&self, level: u32, line: &str) {
        let Some(hook) = self.hooks.on_log else { return };
        let line = CString::new(line.replace('\0', "")).unwrap_or_default();
        // SAFETY: a function of this type by the header's demand; the line lives until it returns.
        in_hook(|| unsafe { hook(self.hooks.user_data, level, line.as_ptr()) });
    }

    /// Hands a question to a hook, which takes it over.
    fn ask(&self, hook: mqtt_question_hook, question: Question) {
        let Some(hook) = hook else { return };
        let question = ffi::give(question);
        // SAFETY: a function of this type by the header's demand; the question is the hook's.
        in_hook(|| unsafe { hook(self.hooks.user_data, question) });
    }

    fn tell(&self, hook: mqtt_notice_hook, notice: Question) {
        let Some(hook) = hook else { return };
        // SAFETY: a function of this type by the header's demand; the notice lives until it returns.
        in_hook(|| unsafe { hook(self.hooks.user_data, &notice) });
    }
}

fn in_hook(call: impl FnOnce()) {
    let outer = IN_HOOK.replace(true);
    call();
    IN_HOOK.set(outer);
}

impl Drop for CHooks {
    fn drop(&mut self) {
        if let Some(released) = self.hooks.released {
            // SAFETY: a function of this type by the header's demand.
            unsafe { released(self.hooks.user_data) };
        }
    }
}

/// The filters that were named; every topic where none was.
fn filters(named: &[String]) -> impl Iterator<Item = &str> {
    let all: &[&str] = if named.is_empty() { &["#", "$SYS/#"] } else { &[] };
    named.iter().map(String::as_str).chain(all.iter().copied())
}

impl Hooks for CHooks {
    fn interests(&self) -> Interests {
        let hooks = &self.hooks;
        let mut interests = Interests::none();
        if hooks.on_connect.is_some() {
            interests = interests.connect();
        }
        if hooks.on_authenticate.is_some() {
            interests = interests.authenticate();
        }
        if hooks.on_subscribe.is_some() {
            interests = interests.subscribe();
        }
        if hooks.on_unsubscribe.is_some() {
            interests = interests.unsubscribe();
        }
        if hooks.on_publish.is_some() {
            interests = filters(&self.publish_filters).fold(interests, Interests::publish);
        }
        if hooks.on_deliver.is_some() {
            interests = filters(&self.deliver_filters).fold(interests, Interests::deliver);
        }
        if hooks.on_ping.is_some() {
            interests = interests.ping();
        }
        if hooks.on_disconnect.is_some() {
            interests = interests.disconnect();
        }
        if hooks.on_session_created.is_some() || hooks.on_session_ended.is_some() {
            interests = interests.sessions();
        }
        interests
    }

    fn on_connect(&self, request: ConnectRequest, reply: Reply<ConnectAnswer>) {
        let connect = &request.connect;
        let question = Question {
            version: Some(connect.version),
            ..Question::new(&connect.client_id, connect.user_name.as_deref(), Some(&request.peer))
        };
        let packet = Some(Packet::Connect(request.connect));
        self.ask(self.hooks.on_connect, Question { packet, pending: Pending::Connect(reply), ..question });
    }

    fn on_authenticate(&self, request: AuthenticateRequest, reply: Reply<AuthenticateAnswer>) {
        let mut properties = Properties::new();
        properties.push(Property::AuthenticationMethod(request.method));
        if let Some(data) = request.data {
            properties.push(Property::AuthenticationData(data));
        }
        let reason = match request.step {
            mqtt_broker::AuthenticateStep::Begin => ReasonCode::Success,
            mqtt_broker::AuthenticateStep::Continue => ReasonCode::ContinueAuthentication,
            mqtt_broker::AuthenticateStep::ReAuthenticate => ReasonCode::ReAuthenticate,
        };
        let question = Question {
            packet: Some(Packet::Auth(Auth { reason, properties })),
            pending: Pending::Authenticate(reply),
            version: Some(Version::V5),
            connection: request.connection,
            ..Question::new(&request.client_id, request.user_name.as_deref(), Some(&request.peer))
        };
        self.ask(self.hooks.on_authenticate, question);
    }

    fn on_subscribe(&self, request: SubscribeRequest, reply: Reply<SubscribeAnswer>) {
        let SubscribeRequest { client, subscriptions, properties } = request;
        let count = subscriptions.len();
        let packet = Packet::Subscribe(Subscribe { packet_id: PacketId::FIRST, subscriptions, properties });
        let pending = Pending::Subscribe(reply, count);
        self.ask(self.hooks.on_subscribe, Question { packet: Some(packet), pending, ..Question::of(&client) });
    }

    fn on_unsubscribe(&self, request: UnsubscribeRequest, reply: Reply<UnsubscribeAnswer>) {
        let UnsubscribeRequest { client, filters, properties } = request;
        let count = filters.len();
        let packet = Packet::Unsubscribe(Unsubscribe { packet_id: PacketId::FIRST, filters, properties });
        let pending = Pending::Unsubscribe(reply, count);
        self.ask(self.hooks.on_unsubscribe, Question { packet: Some(packet), pending, ..Question::of(&client) });
    }

    fn on_publish(&self, request: PublishRequest, reply: Reply<PublishAnswer>) {
        let packet = Some(Packet::Publish(request.publish));
        let question = Question { packet, pending: Pending::Publish(reply), ..Question::of(&request.client) };
        self.ask(self.hooks.on_publish, question);
    }

    fn on_deliver(&self, request: DeliverRequest, reply: Reply<DeliverAnswer>) {
        let packet = Some(Packet::Publish(request.publish));
        let question = Question { packet, pending: Pending::Deliver(reply), ..Question::of(&request.client) };
        self.ask(self.hooks.on_deliver, question);
    }

    fn on_disconnect(&self, notice: DisconnectNotice) {
        use mqtt_broker::DisconnectCause as Cause;
        let (by, reason) = match notice.cause {
            Cause::Client(reason) => (1, reason),
            Cause::Closed => (2, ReasonCode::UnspecifiedError),
            Cause::Broker(reason) => (3, reason),
        };
        let packet = Some(Packet::Disconnect(Disconnect::new(reason)));
        self.tell(self.hooks.on_disconnect, Question { packet, ended_by: by, ..Question::of(&notice.client) });
    }

    fn on_session_created(&self, notice: SessionNotice) {
        self.tell(self.hooks.on_session_created, Question::new(&notice.client_id, None, None::<&Peer>));
    }

    fn on_session_ended(&self, notice: SessionNotice) {
        self.tell(self.hooks.on_session_ended, Question::new(&notice.client_id, None, None::<&Peer>));
    }
    fn on_ping(&self, client: Arc<Identity>) {
        self.tell(self.hooks.on_ping, Question::of(&client));
    }
}
