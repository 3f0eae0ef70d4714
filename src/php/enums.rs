//! `Mqtt\Version` and `Mqtt\ReasonCode`.

use std::ffi::CString;

use mqtt_proto::{ReasonCode, Version};

use crate::convert::Call;
use crate::exception::{argument_value, class_entries};
use crate::guard::{Outcome, methods};
use crate::zend::{self, Zval, zend_object};

class_entries! {
    version_class = class_entry_Mqtt_Version;
    reason_class = class_entry_Mqtt_ReasonCode;
}

methods! {
    zim_Mqtt_ReasonCode_isError => is_error;
    zim_Mqtt_ReasonCode_description => description;
}

fn is_error(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = zend::bool(reason_of(call.this()).is_error());
    Ok(())
}

fn description(call: &Call, result: &mut Zval) -> Outcome {
    call.expect(0, 0)?;
    *result = zend::string(reason_of(call.this()).description().as_bytes());
    Ok(())
}

/// The case of a reason code.
pub(crate) fn reason(reason: ReasonCode) -> Zval {
    // Names of cases hold no NUL.
    CString::new(reason.name()).map_or_else(|_| zend::null(), |name| zend::enum_case(reason_class(), &name))
}

/// The reason code of a case.
pub(crate) fn reason_of(case: *mut zend_object) -> ReasonCode {
    crate::convert::reason(zend::enum_value(case)).unwrap_or(ReasonCode::UnspecifiedError)
}

/// An error about the first argument, where `carrier` may not say this reason.
pub(crate) fn check_reason(reason: ReasonCode, carrier: &str, allowed: impl Fn(ReasonCode) -> bool) -> Outcome {
    if allowed(reason) {
        return Ok(());
    }
    let names = (0..=u8::MAX).filter_map(ReasonCode::from_u8).filter(|code| allowed(*code)).map(ReasonCode::name);
    let names = names.collect::<Vec<_>>().join(", ");
    Err(argument_value(0, &format!("must be a reason that {carrier} may give ({names}), {} given", reason.name())))
}

/// The case of a version.
pub(crate) fn version(version: Version) -> Zval {
    // By protocol level, which begins at 3.
    let name = [c"V3_1", c"V3_1_1", c"V5"][usize::from(version.level() - 3).min(2)];
    zend::enum_case(version_class(), name)
}

/// The version of a case.
pub(crate) fn version_of(case: *mut zend_object) -> Version {
    u8::try_from(zend::enum_value(case)).ok().and_then(Version::from_level).unwrap_or(Version::V5)
}
