//! `mqtt sub`.

use std::time::Duration;

use clap::ArgMatches;
use mqtt_proto::packet::QoS;
use mqtt_proto::topic::Filter;

use super::Connection;
use super::publish::qos;
use crate::format::Format;

/// What to subscribe to, and how to print it.
#[derive(Debug, PartialEq)]
pub(crate) struct Subscribe {
    /// To whom.
    pub(crate) connection: Connection,
    /// Filters to subscribe to.
    pub(crate) filters: Vec<String>,
    /// Filters to unsubscribe from.
    pub(crate) unsubscribe: Vec<String>,
    /// What matches one of these is not printed.
    pub(crate) filter_out: Vec<String>,
    /// The highest level to receive with.
    pub(crate) qos: QoS,
    /// Stop after this many messages.
    pub(crate) count: Option<u64>,
    /// Stop after this time, with status 27.
    pub(crate) timeout: Option<Duration>,
    /// Stop when the subscriptions are acknowledged.
    pub(crate) exit_after_subscribe: bool,
    /// How each message is printed.
    pub(crate) format: Format,
    /// A line end behind each message.
    pub(crate) newline: bool,
    /// Retained messages.
    pub(crate) retained: Retained,
    /// Remove retained messages from the broker.
    pub(crate) remove_retained: bool,
    /// Ask for the retain flag as it was published.
    pub(crate) retain_as_published: bool,
}

/// Which messages are printed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Retained {
    /// All.
    Both,
    /// Those that were not retained.
    Fresh,
    /// Retained ones; the first other one ends the program.
    Only,
}

impl Subscribe {
    pub(super) fn read(m: &ArgMatches) -> Result<Subscribe, String> {
        let (connection, topic) = Connection::read(m, &["connect", "subscribe", "unsubscribe", "disconnect", "will"])?;
        let many = |name: &str| m.get_many::<String>(name).into_iter().flatten().cloned().collect::<Vec<_>>();
        let mut filters = many("topic");
        filters.extend(topic);
        let (unsubscribe, filter_out) = (many("unsubscribe"), many("filter-out"));
        if filters.is_empty() && unsubscribe.is_empty() {
            return Err("no topic: add -t FILTER, for example -t '#'.".to_owned());
        }
        for (flag, list) in [("-t", &filters), ("-U", &unsubscribe), ("-T", &filter_out)] {
            for filter in list {
                Filter::parse(filter)
                    .map_err(|rule| format!("{flag} {filter:?} is not a topic filter: {}.", rule.text()))?;
            }
        }
        if m.get_flag("retain-as-published") && !connection.version.has_properties() {
            return Err(format!("--retain-as-published needs MQTT 5, not {}. Use -V mqttv5.", connection.version));
        }
        let format = match m.get_one::<String>("format") {
            Some(text) => Format::parse(text, m.get_flag("pretty"))?,
            None if m.get_flag("verbose") => Format::verbose(),
            None => Format::payload(),
        };
        let timeout = m.get_one::<u64>("timeout").map(|seconds| Duration::from_secs(*seconds));
        Ok(Subscribe {
            connection,
            filters,
            unsubscribe,
            filter_out,
            qos: qos(m),
            count: m.get_one::<u64>("count").copied().filter(|count| *count > 0),
            timeout: timeout.filter(|timeout| !timeout.is_zero()),
            exit_after_subscribe: m.get_flag("exit-after-subscribe"),
            format,
            newline: !m.get_flag("no-newline"),
            retained: match (m.get_flag("no-retained"), m.get_flag("retained-only")) {
                (true, _) => Retained::Fresh,
                (_, true) => Retained::Only,
                _ => Retained::Both,
            },
            remove_retained: m.get_flag("remove-retained"),
            retain_as_published: m.get_flag("retain-as-published"),
        })
    }
}
