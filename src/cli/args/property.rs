//! `-D command property value`.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use mqtt_proto::Text;
use mqtt_proto::packet::{PacketType, Properties, Property, PropertyId};

/// The properties of the command line, by the packet that carries them.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Given {
    /// CONNECT.
    pub(crate) connect: Properties,
    /// PUBLISH.
    pub(crate) publish: Properties,
    /// SUBSCRIBE.
    pub(crate) subscribe: Properties,
    /// UNSUBSCRIBE.
    pub(crate) unsubscribe: Properties,
    /// DISCONNECT.
    pub(crate) disconnect: Properties,
    /// The will inside CONNECT.
    pub(crate) will: Properties,
}

impl Given {
    /// Adds one, as three or four words. `commands` are those that the subcommand sends.
    pub(super) fn add(&mut self, words: &[&OsString], commands: &[&str]) -> Result<(), String> {
        let shown: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
        let refused = |what: String| format!("-D {}: {what}", shown.join(" "));
        let command = shown[0].to_lowercase();
        let (list, packet) = match command.as_str() {
            "connect" => (&mut self.connect, Some(PacketType::Connect)),
            "publish" => (&mut self.publish, Some(PacketType::Publish)),
            "subscribe" => (&mut self.subscribe, Some(PacketType::Subscribe)),
            "unsubscribe" => (&mut self.unsubscribe, Some(PacketType::Unsubscribe)),
            "disconnect" => (&mut self.disconnect, Some(PacketType::Disconnect)),
            "will" => (&mut self.will, None),
            _ => return Err(refused(format!("{:?} is not one of {}", shown[0], commands.join(", ")))),
        };
        if !commands.contains(&command.as_str()) {
            return Err(refused(format!("{command} is not sent here; use one of {}", commands.join(", "))));
        }
        let allowed = |id: &PropertyId| packet.map_or(id.allowed_in_will(), |packet| id.allowed_in(packet));
        let name = |id: &PropertyId| id.name().replace('_', "-");
        let Some(id) = PropertyId::ALL.iter().copied().find(|id| name(id) == shown[1]) else {
            let names: Vec<String> = PropertyId::ALL.iter().filter(|id| allowed(id)).map(name).collect();
            return Err(refused(format!("there is no property {:?}; {command} takes {}", shown[1], names.join(", "))));
        };
        if !allowed(&id) {
            return Err(refused(format!("{} may not stand in {command}", shown[1])));
        }
        let repeats = packet.map_or(id == PropertyId::UserProperty, |packet| id.may_repeat_in(packet));
        if !repeats && list.iter().any(|property| property.id() == id) {
            return Err(refused(format!("{} may be given once only", shown[1])));
        }
        list.push(property(id, &words[2..]).map_err(refused)?);
        Ok(())
    }
}

/// One property of its words.
fn property(id: PropertyId, words: &[&OsString]) -> Result<Property, String> {
    let pair = id == PropertyId::UserProperty;
    let value = match words {
        [value] if !pair => value,
        [name, value] if pair => return Ok(Property::UserProperty(text(name)?, text(value)?)),
        _ if pair => return Err("user-property takes a name and a value".to_owned()),
        _ => return Err(format!("{} takes one value", id.name().replace('_', "-"))),
    };
    Ok(match id {
        PropertyId::PayloadFormatIndicator => Property::PayloadFormatIndicator(number(value, 0, 1)? as u8),
        PropertyId::MessageExpiryInterval => Property::MessageExpiryInterval(number(value, 0, u32::MAX)?),
        PropertyId::ContentType => Property::ContentType(text(value)?),
        PropertyId::ResponseTopic => Property::ResponseTopic(text(value)?),
        PropertyId::CorrelationData => Property::CorrelationData(value.as_bytes().to_vec().into()),
        PropertyId::SubscriptionIdentifier => Property::SubscriptionIdentifier(number(value, 1, 268_435_455)?),
        PropertyId::SessionExpiryInterval => Property::SessionExpiryInterval(number(value, 0, u32::MAX)?),
        PropertyId::AuthenticationMethod => Property::AuthenticationMethod(text(value)?),
        PropertyId::AuthenticationData => Property::AuthenticationData(value.as_bytes().to_vec().into()),
        PropertyId::RequestProblemInformation => Property::RequestProblemInformation(number(value, 0, 1)? as u8),
        PropertyId::WillDelayInterval => Property::WillDelayInterval(number(value, 0, u32::MAX)?),
        PropertyId::RequestResponseInformation => Property::RequestResponseInformation(number(value, 0, 1)? as u8),
        PropertyId::ReasonString => Property::ReasonString(text(value)?),
        PropertyId::ReceiveMaximum => Property::ReceiveMaximum(number(value, 1, 65_535)? as u16),
        PropertyId::TopicAliasMaximum => Property::TopicAliasMaximum(number(value, 0, 65_535)? as u16),
        PropertyId::TopicAlias => Property::TopicAlias(number(value, 1, 65_535)? as u16),
        PropertyId::MaximumPacketSize => Property::MaximumPacketSize(number(value, 1, u32::MAX)?),
        other => return Err(format!("{} is sent by brokers only", other.name().replace('_', "-"))),
    })
}

fn text(value: &OsStr) -> Result<Text, String> {
    value.to_str().map(Text::from).ok_or_else(|| "the value is not UTF-8".to_owned())
}

fn number(value: &OsStr, least: u32, most: u32) -> Result<u32, String> {
    match value.to_str().and_then(|text| text.parse().ok()) {
        Some(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(format!("{:?} is not a number from {least} to {most}", value.to_string_lossy())),
    }
}
