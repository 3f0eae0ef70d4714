//! Topic names and topic filters.

use std::ffi::c_char;

use mqtt_proto::topic::{Filter, check_name, matches};

use crate::ffi::{guard, store, text};
use crate::result::{Failure, mqtt_result};

/// Whether this is a topic name that may be published to: MQTT_RESULT_OK, or MQTT_RESULT_INVALID_ARGUMENT with the rule
/// in mqtt_last_error_message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_topic_check_name(name: *const c_char) -> mqtt_result {
    guard(|| {
        check_name(text!(name)).map_err(|rule| Failure::rule(rule, "topic name"))?;
        Ok(mqtt_result::Ok)
    })
}

/// Whether this is a topic filter, `$share/group/filter` included: MQTT_RESULT_OK, or MQTT_RESULT_INVALID_ARGUMENT with
/// the rule in mqtt_last_error_message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_topic_check_filter(filter: *const c_char) -> mqtt_result {
    guard(|| {
        Filter::parse(text!(filter)).map_err(|rule| Failure::rule(rule, "topic filter"))?;
        Ok(mqtt_result::Ok)
    })
}

/// Stores whether the filter matches the name. A shared filter matches by what stands behind its share name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mqtt_topic_matches(
    filter: *const c_char,
    name: *const c_char,
    matched: *mut bool,
) -> mqtt_result {
    guard(|| {
        let parsed = Filter::parse(text!(filter)).map_err(|rule| Failure::rule(rule, "topic filter"))?;
        let name = text!(name);
        check_name(name).map_err(|rule| Failure::rule(rule, "topic name"))?;
        store!(matched, matches(parsed.filter, name));
        Ok(mqtt_result::Ok)
    })
}
