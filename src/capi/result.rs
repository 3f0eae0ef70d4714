//! Results: numbers that never change their meaning, and the text that goes with the last failure of a thread.

use std::any::Any;
use std::cell::RefCell;
use std::ffi::{CString, c_char};

use mqtt_client::Error;
use mqtt_proto::wire::encode::EncodeError;
use mqtt_proto::{Family, ReasonCode, Rule, Violation};

/// What a function did. The numbers stay as they are; new ones may be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum mqtt_result {
    /// Done.
    Ok = 0,
    /// Nothing went wrong, but there is nothing to give: no packet yet, no message in time, no such field here.
    Nothing = 1,

    /// A pointer that must not be NULL was.
    NullParameter = 100,
    /// The library has a bug and caught it. Free the objects of this call; please report the text.
    Panic = 101,
    /// An argument that could not be accepted by any peer; the text says which.
    InvalidArgument = 102,
    /// The buffer is too small; the size that is needed was stored.
    BufferTooSmall = 103,
    /// Header and library do not belong together; the text says which is older.
    Abi = 104,

    /// The bytes of the peer are no packet. Close the connection.
    Malformed = 110,
    /// The peer sent a packet that may not stand there or say this. Close the connection.
    Protocol = 111,
    /// The packet cannot be written: a field is too long or not allowed, or the version has no such packet.
    Unencodable = 112,

    /// The server refused the connection; mqtt_last_reason_code says why.
    ConnectRefused = 120,
    /// Name resolution, TCP, TLS or WebSocket failed.
    Transport = 121,
    /// The time was over. What was begun goes on.
    Timeout = 122,
    /// There is no connection and none will be made.
    Closed = 123,
    /// The server refused a publish, subscribe or unsubscribe; mqtt_last_reason_code says why.
    Refused = 124,
    /// The queue of outgoing messages is full.
    QueueFull = 125,
    /// The client was made before fork() and belongs to the parent process.
    Forked = 126,
    /// The waiting was interrupted.
    Interrupted = 127,
}

/// Why a function did not do what it was asked for.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) result: mqtt_result,
    text: String,
    reason: ReasonCode,
}

impl Failure {
    pub(crate) fn new(result: mqtt_result, text: impl Into<String>) -> Failure {
        Failure { result, text: text.into(), reason: ReasonCode::UnspecifiedError }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn invalid(text: impl Into<String>) -> Failure {
        Failure::new(mqtt_result::InvalidArgument, text)
    }

    pub(crate) fn null(name: &str) -> Failure {
        Failure::new(mqtt_result::NullParameter, format!("{name} is NULL"))
    }

    /// A refusal of the server.
    pub(crate) fn refused(text: String, reason: ReasonCode) -> Failure {
        Failure { result: mqtt_result::Refused, text, reason }
    }

    pub(crate) fn panic(panic: &(dyn Any + Send)) -> Failure {
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        Failure::new(mqtt_result::Panic, format!("a bug in the library: {}", text.unwrap_or("unknown")))
    }

    /// The failure that breaking this rule is; the caller is to blame.
    pub(crate) fn rule(rule: Rule, what: &str) -> Failure {
        Failure { reason: rule.reason(), ..Failure::invalid(format!("{what}: {}", rule.text())) }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        let result = match &error {
            Error::Connect { .. } => mqtt_result::ConnectRefused,
            Error::Transport(_) => mqtt_result::Transport,
            Error::Protocol { .. } => mqtt_result::Protocol,
            Error::Timeout { .. } => mqtt_result::Timeout,
            Error::Closed { .. } => mqtt_result::Closed,
            Error::Refused { .. } => mqtt_result::Refused,
            Error::QueueFull { .. } => mqtt_result::QueueFull,
            Error::Forked => mqtt_result::Forked,
            Error::Interrupted { .. } => mqtt_result::Interrupted,
            Error::InvalidArgument(_) => mqtt_result::InvalidArgument,
            _ => mqtt_result::Transport,
        };
        Failure { result, text: error.to_string(), reason: error.reason() }
    }
}

impl From<Violation> for Failure {
    fn from(violation: Violation) -> Failure {
        let result = match violation.rule.family() {
            Family::Malformed => mqtt_result::Malformed,
            Family::Protocol | Family::Version => mqtt_result::Protocol,
        };
        Failure { result, text: violation.to_string(), reason: violation.reason() }
    }
}

impl From<EncodeError> for Failure {
    fn from(error: EncodeError) -> Failure {
        Failure::new(mqtt_result::Unencodable, error.to_string())
    }
}

thread_local! {
    static LAST: RefCell<(CString, ReasonCode)> = RefCell::new((CString::default(), ReasonCode::Success));
}

/// Keeps a failure for mqtt_last_error_message.
pub(crate) fn remember(failure: Failure) {
    // A NUL inside the text can only come from a caller's own argument; it is left out.
    let text = CString::new(failure.text.replace('\0', "")).unwrap_or_default();
    LAST.with_borrow_mut(|last| *last = (text, failure.reason));
}

/// What went wrong in the last call of this thread that failed, as one UTF-8 sentence: what, with whom, why, what to do.
/// Empty where none failed yet. Never NULL. Valid until the next call of this thread that fails.
#[unsafe(no_mangle)]
pub extern "C" fn mqtt_last_error_message() -> *const c_char {
    LAST.with_borrow(|last| last.0.as_ptr())
}

/// The reason code (mqtt_reason) that belongs to the last call of this thread that failed: that of the server where it
/// gave one, or the one that the peer should be told. MQTT_REASON_SUCCESS where none failed yet.
#[unsafe(no_mangle)]
pub extern "C" fn mqtt_last_reason_code() -> u8 {
    LAST.with_borrow(|last| last.1.value())
}

/// The name of a result, such as "MQTT_RESULT_TIMEOUT"; "unknown" for other numbers. Lives as long as the program.
#[unsafe(no_mangle)]
pub extern "C" fn mqtt_result_name(result: u32) -> *const c_char {
    let name = match result {
        0 => c"MQTT_RESULT_OK",
        1 => c"MQTT_RESULT_NOTHING",
        100 => c"MQTT_RESULT_NULL_PARAMETER",
        101 => c"MQTT_RESULT_PANIC",
        102 => c"MQTT_RESULT_INVALID_ARGUMENT",
        103 => c"MQTT_RESULT_BUFFER_TOO_SMALL",
        104 => c"MQTT_RESULT_ABI",
        110 => c"MQTT_RESULT_MALFORMED",
        111 => c"MQTT_RESULT_PROTOCOL",
        112 => c"MQTT_RESULT_UNENCODABLE",
        120 => c"MQTT_RESULT_CONNECT_REFUSED",
        121 => c"MQTT_RESULT_TRANSPORT",
        122 => c"MQTT_RESULT_TIMEOUT",
        123 => c"MQTT_RESULT_CLOSED",
        124 => c"MQTT_RESULT_REFUSED",
        125 => c"MQTT_RESULT_QUEUE_FULL",
        126 => c"MQTT_RESULT_FORKED",
        127 => c"MQTT_RESULT_INTERRUPTED",
        _ => c"unknown",
    };
    name.as_ptr()
}
