//! Levels, and PHP's own error log.

use crate::zend::{self, zend_string};

/// Levels of PSR-3 that a client uses, least severe first.
const LEVELS: [&str; 5] = ["debug", "info", "notice", "warning", "error"];

/// How severe a level is.
pub(crate) fn severity(level: &str) -> usize {
    LEVELS.iter().position(|known| *known == level).unwrap_or(LEVELS.len() - 1)
}

/// The setting mqtt.log: a level, or empty for nothing.
pub(crate) fn error_log_level() -> Option<usize> {
    unsafe extern "C" {
        fn mqtt_ini_string(name: *const std::ffi::c_char) -> *const std::ffi::c_char;
    }
    // SAFETY: reads a setting of this extension; the string is copied before anything can change it.
    let level = unsafe { mqtt_ini_string(c"mqtt.log".as_ptr()) };
    if level.is_null() {
        return None;
    }
    let level = unsafe { std::ffi::CStr::from_ptr(level) }.to_str().ok()?;
    LEVELS.iter().position(|known| known.eq_ignore_ascii_case(level))
}

/// A line for PHP's own error log, which is the terminal unless php.ini says otherwise.
pub(crate) fn error_log(line: &str) {
    unsafe extern "C" {
        fn mqtt_log_error(text: *mut zend_string);
    }
    let line = zend::string(line.as_bytes());
    if let Some(line) = zend::as_string(&line) {
        // SAFETY: the engine copies the line.
        unsafe { mqtt_log_error(line) };
    }
}
