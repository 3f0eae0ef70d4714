//! `Mqtt\Topic`.

use mqtt_proto::Rule;
use mqtt_proto::topic::{self, Filter};

use crate::convert::Call;
use crate::exception::{argument_value, error};
use crate::guard::{Outcome, methods};
use crate::zend::{self, Zval};

methods! {
    zim_Mqtt_Topic___construct => not_constructible;
    zim_Mqtt_Topic_matches => matches;
    zim_Mqtt_Topic_isValidName => is_valid_name;
    zim_Mqtt_Topic_isValidFilter => is_valid_filter;
    zim_Mqtt_Topic_levels => levels;
}

/// The private constructor of classes with static methods only.
pub(crate) fn not_constructible(_: &Call, _: &mut Zval) -> Outcome {
    Err(error("This class has static methods only"))
}

fn matches(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(2, 2)?;
    let filter = check_filter(call, 0)?;
    let name = check_name(call, 1)?;
    *result = zend::bool(topic::matches(filter, name));
    Ok(())
}

fn is_valid_name(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 1)?;
    let valid = std::str::from_utf8(call.string(0)?).is_ok_and(|name| topic::check_name(name).is_ok());
    *result = zend::bool(valid);
    Ok(())
}

fn is_valid_filter(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 1)?;
    let valid = std::str::from_utf8(call.string(0)?).is_ok_and(|filter| Filter::parse(filter).is_ok());
    *result = zend::bool(valid);
    Ok(())
}

fn levels(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(1, 1)?;
    let mut list = zend::list(8);
    call.string(0)?.split(|byte| *byte == b'/').for_each(|level| zend::push(&mut list, zend::string(level)));
    *result = list;
    Ok(())
}

/// A topic name, checked.
pub(crate) fn check_name(call: &Call, index: u32) -> Outcome<&str> {
    let name = call.text(index)?;
    topic::check_name(name).map_err(|rule| argument_value(index, &complaint("topic name", rule)))?;
    Ok(name)
}

/// A topic filter, checked; without its share prefix.
fn check_filter(call: &Call, index: u32) -> Outcome<&str> {
    let filter =
        Filter::parse(call.text(index)?).map_err(|rule| argument_value(index, &complaint("topic filter", rule)))?;
    Ok(filter.filter)
}

/// "must be a topic name: wildcard in a topic name".
pub(crate) fn complaint(what: &str, rule: Rule) -> String {
    match rule {
        Rule::PacketTooLarge => format!("must be a {what}: it is longer than 65535 bytes"),
        _ => format!("must be a {what}: {}", rule.text()),
    }
}
