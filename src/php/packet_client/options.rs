//! The options of `Mqtt\PacketClient`.

use std::net::{IpAddr, SocketAddr};

use mqtt_client::packets::PacketOptions;
use mqtt_proto::MAXIMUM_REMAINING_LENGTH;

use crate::client::options::{headers, ini_seconds, key_name, tls, version};
use crate::convert::{Call, Item, wrong_type};
use crate::exception::{argument_value, value_error};
use crate::guard::Outcome;
use crate::zend;

/// Reads the arguments of the constructor.
pub(super) fn from_args(call: &Call) -> Outcome<PacketOptions> {
    let mut options = PacketOptions::new(call.text(0)?)
        .map_err(|error| argument_value(0, &format!("must be a URI such as mqtts://broker.example: {error}")))?;
    options.connect_timeout = ini_seconds(c"mqtt.connect_timeout", options.connect_timeout);
    if let Some(value) = call.arg(1) {
        let array = zend::as_array(value).ok_or_else(|| wrong_type(1, "array", value))?;
        zend::each(array, |key, value| {
            let name = key_name(key);
            // A conversion in place would change the caller's array.
            let mut value = zend::copy(value);
            set(&mut options, &name, &mut Item::new(&mut value, format!("Option \"{name}\"")))
        })?;
    }
    Ok(options)
}

const NAMES: [&str; 8] =
    ["tls", "headers", "connectTimeout", "writeTimeout", "maximumPacketSize", "version", "keepAlive", "bindAddress"];

fn set(options: &mut PacketOptions, name: &str, item: &mut Item<'_>) -> Outcome {
    if !NAMES.contains(&name) {
        let names = NAMES.join(", ");
        return Err(value_error(&format!("Unknown option \"{name}\": Mqtt\\PacketClient has {names}")));
    }
    if item.is_null() {
        return Ok(());
    }
    match name {
        "tls" => tls(&mut options.tls, item)?,
        "headers" => options.headers = headers(item)?,
        "connectTimeout" => options.connect_timeout = item.seconds()?,
        "writeTimeout" => options.write_timeout = item.seconds()?,
        "maximumPacketSize" => {
            options.maximum_packet_size = item.long(2, i64::from(MAXIMUM_REMAINING_LENGTH) + 5)? as u32;
        }
        "version" => options.version = Some(version(item)?),
        "keepAlive" => options.keep_alive = item.seconds()?,
        _ => {
            let text = item.string()?;
            let port = |address: IpAddr| SocketAddr::new(address, 0);
            let address = text.parse().or_else(|_| text.parse().map(port)).map_err(|_| {
                item.wrong_value(&format!("must be an IP address, with a port or without, \"{text}\" given"))
            })?;
            options.bind_address = Some(address);
        }
    }
    Ok(())
}
