//! Errors of `mqtt-client` as exceptions.

use mqtt_client::Error;

use crate::enums;
use crate::exception::{self, throw, value_error};
use crate::guard::{self, Thrown};
use crate::packet;
use crate::zend::{self, Zval};

/// Throws what an error of the client is in PHP.
pub(crate) fn throw_error(error: &Error) -> Thrown {
    let text = error.to_string();
    let code = error.reason().value();
    let reason = || enums::reason(error.reason());
    match error {
        Error::Connect { conn_ack, .. } => throw(
            exception::connect_exception(),
            &text,
            code,
            [(c"reasonCode", reason()), (c"connAck", packet::conn_ack_object(conn_ack))],
        ),
        Error::Transport(_) => throw(exception::transport_exception(), &text, 0, []),
        Error::Protocol { violation, peer } => exception::protocol(violation, &format!("{peer} broke the protocol: ")),
        Error::Timeout { .. } => throw(exception::timeout_exception(), &text, 0, []),
        Error::Closed { reason: Some(_), .. } => {
            throw(exception::closed_exception(), &text, code, [(c"reasonCode", reason())])
        }
        Error::Closed { .. } => throw(exception::closed_exception(), &text, 0, []),
        Error::Refused { .. } => throw(exception::refused_exception(), &text, code, [(c"reasonCode", reason())]),
        Error::QueueFull { .. } => throw(exception::queue_full_exception(), &text, 0, []),
        Error::Forked => throw(exception::fork_exception(), &text, 0, []),
        Error::Interrupted { .. } if zend::exception_pending() || guard::is_fatal() => Thrown::pending(),
        Error::InvalidArgument(_) => value_error(&text),
        _ => exception::error(&text),
    }
}

/// The exception that an error of the client is in PHP, not thrown.
pub(crate) fn exception_of(error: &Error) -> Zval {
    let thrown = throw_error(error);
    let _ = thrown;
    zend::take_exception()
}
