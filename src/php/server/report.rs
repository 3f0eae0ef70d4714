//! What went wrong in a hook, and what the broker has to tell: to the logger, or without one as PHP warnings.
//!
//! A server must survive its hooks and its logger: an exception ends here, except for the one with which exit() leaves
//! the script.

use std::ffi::CStr;

use mqtt_broker::{Level, Levels, Record};

use super::state::{Hook, Server};
use crate::callback::Callback;
use crate::exception::{self, php_names};
use crate::guard::{self, Outcome, Thrown, guarded};
use crate::log::{error_log, severity};
use crate::properties::php_name;
use crate::zend::{self, Zval};

unsafe extern "C" {
    fn mqtt_exception_is_exit() -> bool;
}

/// Where a server's lines go.
pub(crate) struct Reporter {
    /// The class, for PHP's error log.
    pub(crate) class: &'static str,
    pub(crate) logger: Option<Callback>,
    /// Least severe level that goes to PHP's error log (setting mqtt.log).
    pub(crate) error_log: Option<usize>,
    /// Levels that the logger wants.
    pub(crate) levels: Levels,
}

/// A hook threw. The exception ends here unless the script does.
pub(super) fn threw(server: &Server, hook: Hook, client: &str, thrown: Thrown) -> Outcome {
    server.reporter().threw(&format!("Hook {} failed for client \"{client}\"", hook.text()), thrown)
}

/// A hook answered what makes no sense.
pub(super) fn nonsense(server: &Server, hook: Hook, client: &str, value: &Zval, expected: &str) -> Outcome {
    let text = format!(
        "Hook {} for client \"{client}\" must return {expected}; {} returned, so the client was refused",
        hook.text(),
        describe_value(value)
    );
    line(server, Level::Error, &text)
}

/// What a record says, with hooks and properties as PHP spells them.
pub(super) fn text(record: &Record<'_>) -> String {
    match *record {
        Record::HookOverdue { hook, client } => Record::HookOverdue { hook: hook_name(hook), client }.to_string(),
        Record::HookDropped { hook, client } => Record::HookDropped { hook: hook_name(hook), client }.to_string(),
        Record::HookAnswer { hook, client, property, problem } => {
            format!("Hook {} for client {client}: {} {problem}.", hook_name(hook), php_name(property.name()))
        }
        Record::Violation { client, violation } => {
            let (what, text) = (violation.reason().description(), php_names(&violation.to_string()));
            format!("Client {client} disconnected due to {what}: {text}.")
        }
        _ => record.to_string(),
    }
}

/// The method that registers a hook.
fn hook_name(hook: &'static str) -> &'static str {
    let is_same = |known: &&Hook| {
        known.text().bytes().map(|byte| byte.to_ascii_lowercase()).eq(hook.bytes().filter(|byte| *byte != b'_'))
    };
    Hook::ALL.iter().find(is_same).map_or(hook, |known| known.text())
}

/// A line of the broker's log.
pub(super) fn line(server: &Server, level: Level, line: &str) -> Outcome {
    server.reporter().write(level, line, None)
}

/// The level's name in PSR-3.
pub(crate) fn name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Notice => "notice",
        Level::Information => "info",
        Level::Subscribe | Level::Unsubscribe | Level::Debug => "debug",
    }
}

/// Lets go of what a hook returned, which may run a destructor.
pub(super) fn release(server: &Server, hook: Hook, client: &str, value: Zval) -> Outcome {
    if zend::as_object(&value).is_none() && zend::as_array(&value).is_none() {
        return Ok(());
    }
    drop_guarded(value)?;
    if zend::exception_pending() { threw(server, hook, client, Thrown::pending()) } else { Ok(()) }
}

/// Lets go of a value whose destructor may run PHP code.
pub(crate) fn drop_guarded(value: Zval) -> Outcome {
    guarded(|| drop(value))
}

/// Whether the script is about to end: exit(), or a fatal error.
fn is_ending() -> bool {
    // SAFETY: looks at the executor's exception.
    guard::is_fatal() || unsafe { mqtt_exception_is_exit() }
}

impl Reporter {
    /// PHP code threw. The exception ends here unless the script does.
    pub(crate) fn threw(&self, what: &str, thrown: Thrown) -> Outcome {
        if is_ending() {
            return Err(thrown);
        }
        let mut caught = zend::take_exception();
        if zend::is_null(&caught) {
            return Ok(());
        }
        let text = format!("{what}: {}", describe(&mut caught)?);
        self.write(Level::Error, &text, Some(caught))
    }

    /// Writes a line, with the exception it is about.
    pub(crate) fn write(&self, level: Level, text: &str, exception: Option<Zval>) -> Outcome {
        let name = name(level);
        let is_logged = self.error_log.is_some_and(|least| severity(name) >= least);
        if is_logged {
            error_log(&format!("{}: {text}", self.class));
        }
        let Some(logger) = &self.logger else {
            if !is_logged && matches!(level, Level::Error | Level::Warning) {
                guarded(|| exception::warning(text))?;
            }
            if zend::exception_pending() {
                // An error handler that throws has not said where the warning goes.
                swallow()?;
                error_log(&format!("{}: {text}", self.class));
            }
            return exception.map_or(Ok(()), drop_guarded);
        };
        if !self.levels.contains(level) {
            return exception.map_or(Ok(()), drop_guarded);
        }
        let (level, message) = (zend::string(name.as_bytes()), zend::string(text.as_bytes()));
        let called = match exception {
            Some(exception) => {
                let mut context = zend::map();
                zend::set(&mut context, "exception", exception);
                logger.call([level, message, context])
            }
            None => logger.call([level, message]),
        };
        let failed = match called {
            Ok(value) => {
                drop_guarded(value)?;
                zend::exception_pending()
            }
            Err(_) => true,
        };
        if failed {
            swallow()?;
            error_log(&format!("{}: {text}", self.class));
        }
        Ok(())
    }
}

/// Takes the exception that is pending out of the way, unless the script ends.
fn swallow() -> Outcome {
    if is_ending() { Err(Thrown::pending()) } else { drop_guarded(zend::take_exception()) }
}

/// "RuntimeException: no database (/srv/hooks.php:12)". Names of methods are looked up in lower case.
fn describe(exception: &mut Zval) -> Outcome<String> {
    let class = zend::type_name(exception);
    let message = property(exception, c"getmessage")?;
    let (file, line) = (property(exception, c"getfile")?, property(exception, c"getline")?);
    Ok(format!("{class}: {message} ({file}:{line})"))
}

fn property(exception: &mut Zval, method: &CStr) -> Outcome<String> {
    let Some(method) = Callback::method(exception, method) else { return Ok(String::new()) };
    // Methods of Exception and Error are final and do not throw.
    let mut value = method.call([])?;
    Ok(zend::weak::string(&mut value).map_or_else(String::new, |text| String::from_utf8_lossy(text).into_owned()))
}

/// "int 7", "string", "stdClass".
pub(crate) fn describe_value(value: &Zval) -> String {
    match zend::as_long(value) {
        Some(number) => format!("int {number}"),
        None => match zend::as_bool(value) {
            Some(flag) => flag.to_string(),
            None => zend::type_name(value),
        },
    }
}
