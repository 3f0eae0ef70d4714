//! SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK (sections 3.8 to 3.11).

use super::super::property::{self, Place};
use super::super::text;
use super::{EncodeError, check_binary, check_reason, put_binary, refused};
use crate::packet::{PacketType, Properties, SubAck, Subscribe, UnsubAck, Unsubscribe};
use crate::{Rule, Version};

/// Appends the body of SUBSCRIBE. MQTT 3 sees the QoS only.
pub(super) fn subscribe(subscribe: &Subscribe, version: Version, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    if subscribe.subscriptions.is_empty() {
        return Err(EncodeError::Value(Rule::NoTopicFilter.text().into()));
    }
    head(subscribe.packet_id, &subscribe.properties, PacketType::Subscribe, version, out)?;
    for subscription in &subscribe.subscriptions {
        let shared = check_filter(&subscription.filter, version)?;
        put_binary(subscription.filter.as_bytes(), out);
        let mut options = subscription.qos.level();
        if version.has_properties() {
            if shared && subscription.no_local {
                return Err(refused(Rule::NoLocalOnShared, &subscription.filter));
            }
            options |= u8::from(subscription.no_local) << 2
                | u8::from(subscription.retain_as_published) << 3
                | (subscription.retain_handling as u8) << 4;
        }
        out.push(options);
    }
    Ok(())
}

/// Appends the body of UNSUBSCRIBE.
pub(super) fn unsubscribe(unsubscribe: &Unsubscribe, version: Version, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    if unsubscribe.filters.is_empty() {
        return Err(EncodeError::Value(Rule::NoTopicFilter.text().into()));
    }
    head(unsubscribe.packet_id, &unsubscribe.properties, PacketType::Unsubscribe, version, out)?;
    for filter in &unsubscribe.filters {
        check_filter(filter, version)?;
        put_binary(filter.as_bytes(), out);
    }
    Ok(())
}

/// Appends the body of SUBACK. MQTT 3.1.1 has one code for every failure; MQTT 3.1 has none and is told QoS 0.
pub(super) fn suback(
    suback: &SubAck,
    properties: &Properties,
    version: Version,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    if suback.reasons.is_empty() {
        return Err(EncodeError::Value(Rule::NoReasonCode.text().into()));
    }
    out.extend_from_slice(&suback.packet_id.get().to_be_bytes());
    property::write(properties, version, out);
    for reason in &suback.reasons {
        check_reason(PacketType::SubAck, *reason)?;
        out.push(if version.has_properties() {
            reason.value()
        } else if reason.is_error() && !version.has_subscribe_failure() {
            0
        } else {
            reason.subscribe_return_code()
        });
    }
    Ok(())
}

/// Appends the body of UNSUBACK. MQTT 3 sees the packet identifier only.
pub(super) fn unsuback(
    unsuback: &UnsubAck,
    properties: &Properties,
    version: Version,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    out.extend_from_slice(&unsuback.packet_id.get().to_be_bytes());
    if !version.has_properties() {
        return Ok(());
    }
    if unsuback.reasons.is_empty() {
        return Err(EncodeError::Value(Rule::NoReasonCode.text().into()));
    }
    property::write(properties, version, out);
    for reason in &unsuback.reasons {
        check_reason(PacketType::UnsubAck, *reason)?;
        out.push(reason.value());
    }
    Ok(())
}

fn head(
    id: crate::packet::PacketId,
    properties: &Properties,
    packet: PacketType,
    version: Version,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    if version.has_properties() {
        property::check(properties, Place::Packet(packet))?;
    }
    out.extend_from_slice(&id.get().to_be_bytes());
    property::write(properties, version, out);
    Ok(())
}

/// Tells whether it is a shared one.
fn check_filter(filter: &str, version: Version) -> Result<bool, EncodeError> {
    check_binary(filter.as_bytes(), "topic filter")?;
    text::check_filter(filter, version).map_err(|rule| refused(rule, filter))
}
