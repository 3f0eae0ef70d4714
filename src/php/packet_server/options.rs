//! The options of `Mqtt\PacketServer`.

use mqtt_broker::Levels;
use mqtt_broker::packets::{PacketConfig, Pings};
use mqtt_net::Scheme;

use crate::callback::Callback;
use crate::convert::{Call, Item, wrong_type};
use crate::exception::value_error;
use crate::guard::Outcome;
use crate::server::options::{each, levels, listeners, logger, scheme, strings, tls_options};
use crate::zend;

/// What a server is started with.
pub(super) struct Setup {
    pub(super) config: PacketConfig,
    /// Scheme and path of each listener, for its address.
    pub(super) schemes: Vec<(Scheme, String)>,
    pub(super) logger: Option<Callback>,
    pub(super) levels: Levels,
}

const OPTIONS: &[&str] = &[
    "listen",
    "tls",
    "maximumPacketSize",
    "maximumConnections",
    "maximumBacklog",
    "connectTimeout",
    "autoPing",
    "logger",
    "logLevel",
];

/// Reads the one argument of the constructor.
pub(super) fn from_args(call: &Call) -> Outcome<Setup> {
    let mut setup =
        Setup { config: PacketConfig::default(), schemes: Vec::new(), logger: None, levels: Levels::DEFAULT };
    let mut uris = vec!["mqtt://127.0.0.1:1883".to_owned()];
    let mut tls = None;
    if let Some(value) = call.arg(0) {
        let array = zend::as_array(value).ok_or_else(|| wrong_type(0, "array", value))?;
        each(array, "option", OPTIONS, |name, item| {
            if item.is_null() {
                return Ok(());
            }
            match name {
                "listen" => uris = strings(item)?,
                "tls" => tls = Some(tls_options(item)?),
                "logger" => setup.logger = Some(logger(item)?),
                "logLevel" => setup.levels = levels(item)?,
                _ => option(&mut setup.config, name, item)?,
            }
            Ok(())
        })?;
    }
    setup.config.listeners = listeners(&uris, tls.as_ref())?;
    if setup.config.listeners.is_empty() {
        return Err(value_error("Option \"listen\" must name at least one URI"));
    }
    setup.schemes = setup.config.listeners.iter().map(scheme).collect();
    Ok(setup)
}

fn option(config: &mut PacketConfig, name: &str, item: &mut Item<'_>) -> Outcome {
    match name {
        "maximumPacketSize" => config.maximum_packet_size = item.long(20, 268_435_460)? as u32,
        "maximumConnections" => config.maximum_connections = item.long(1, i64::from(u32::MAX))? as usize,
        "maximumBacklog" => config.maximum_backlog = item.long(0, i64::MAX)? as usize,
        "connectTimeout" => config.connect_timeout = item.seconds()?,
        _ => config.pings = if item.bool()? { Pings::Server } else { Pings::Program },
    }
    Ok(())
}
