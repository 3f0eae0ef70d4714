//! SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK (sections 3.8 to 3.11).

use bytes::Bytes;

use super::super::cursor::Cursor;
use super::super::property::{self, Fault, Place};
use super::super::text;
use super::control;
use crate::packet::{PacketType, QoS, RetainHandling, SubAck, Subscribe, Subscription, UnsubAck, Unsubscribe};
use crate::{ReasonCode, Rule, Version};

/// Reads SUBSCRIBE.
pub(super) fn subscribe(cursor: &mut Cursor<'_>, owner: &Bytes, version: Version) -> Result<Subscribe, Fault> {
    let packet_id = cursor.packet_id()?;
    let properties = property::read(cursor, owner, Place::Packet(PacketType::Subscribe), version)?;
    let mut subscriptions = Vec::new();
    while !cursor.is_empty() {
        let filter = cursor.text(owner)?;
        let options = cursor.u8()?;
        let shared = text::check_filter(&filter, version)?;
        let mut subscription = Subscription::new(filter, QoS::from_u8(options & 0b11).ok_or(Rule::SubscribeQoS3)?);
        if version.has_properties() {
            if options & 0b1100_0000 != 0 {
                return Err(Rule::SubscriptionOptions.into());
            }
            subscription.no_local = options & 0b0100 != 0;
            subscription.retain_as_published = options & 0b1000 != 0;
            subscription.retain_handling = RetainHandling::from_u8(options >> 4 & 0b11).ok_or(Rule::RetainHandling3)?;
            if shared && subscription.no_local {
                return Err(Rule::NoLocalOnShared.into());
            }
        } else if options & 0b1111_1100 != 0 {
            return Err(Rule::SubscriptionOptions.into());
        }
        subscriptions.push(subscription);
    }
    if subscriptions.is_empty() {
        return Err(Rule::NoTopicFilter.into());
    }
    Ok(Subscribe { packet_id, subscriptions, properties })
}

/// Reads UNSUBSCRIBE.
pub(super) fn unsubscribe(cursor: &mut Cursor<'_>, owner: &Bytes, version: Version) -> Result<Unsubscribe, Fault> {
    let packet_id = cursor.packet_id()?;
    let properties = property::read(cursor, owner, Place::Packet(PacketType::Unsubscribe), version)?;
    let mut filters = Vec::new();
    while !cursor.is_empty() {
        let filter = cursor.text(owner)?;
        text::check_filter(&filter, version)?;
        filters.push(filter);
    }
    if filters.is_empty() {
        return Err(Rule::NoTopicFilter.into());
    }
    Ok(Unsubscribe { packet_id, filters, properties })
}

/// Reads SUBACK.
pub(super) fn suback(cursor: &mut Cursor<'_>, owner: &Bytes, version: Version) -> Result<SubAck, Fault> {
    let packet_id = cursor.packet_id()?;
    let properties = property::read(cursor, owner, Place::Packet(PacketType::SubAck), version)?;
    let codes = cursor.take_rest();
    if codes.is_empty() {
        return Err(Rule::NoReasonCode.into());
    }
    let reason = |code: &u8| {
        if version.has_properties() {
            control::reason(*code, PacketType::SubAck)
        } else {
            ReasonCode::from_subscribe_return_code(*code, version).ok_or(Rule::UnknownReasonCode)
        }
    };
    let reasons = codes.iter().map(reason).collect::<Result<_, _>>()?;
    Ok(SubAck { packet_id, reasons, properties })
}

/// Reads UNSUBACK.
pub(super) fn unsuback(cursor: &mut Cursor<'_>, owner: &Bytes, version: Version) -> Result<UnsubAck, Fault> {
    let packet_id = cursor.packet_id()?;
    let properties = property::read(cursor, owner, Place::Packet(PacketType::UnsubAck), version)?;
    let mut reasons = Vec::new();
    if version.has_properties() {
        let codes = cursor.take_rest();
        if codes.is_empty() {
            return Err(Rule::NoReasonCode.into());
        }
        reasons = codes.iter().map(|code| control::reason(*code, PacketType::UnsubAck)).collect::<Result<_, _>>()?;
    }
    Ok(UnsubAck { packet_id, reasons, properties })
}
