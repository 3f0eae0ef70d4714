//! `mqtt pub`.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::time::Duration;

use clap::ArgMatches;
use mqtt_proto::packet::QoS;

use super::Connection;
use super::connection::check_topic;

/// What to publish, and to whom.
#[derive(Debug, PartialEq)]
pub(crate) struct Publish {
    /// To whom.
    pub(crate) connection: Connection,
    /// A topic name.
    pub(crate) topic: String,
    /// What.
    pub(crate) payload: Payload,
    /// The level of every message.
    pub(crate) qos: QoS,
    /// The retain flag.
    pub(crate) retain: bool,
    /// How many times; not for lines.
    pub(crate) repeat: u64,
    /// The time between two of them.
    pub(crate) repeat_delay: Duration,
    /// How many may be in flight at once; `None` leaves it to the client.
    pub(crate) max_inflight: Option<u16>,
}

/// Where payloads come from.
#[derive(Debug, PartialEq)]
pub(crate) enum Payload {
    /// `-m`; `-n` gives an empty one.
    Given(Vec<u8>),
    /// `-f`.
    File(PathBuf),
    /// `-s`: standard input as a whole.
    Input,
    /// `-l`: each line of standard input.
    Lines,
}

impl Publish {
    pub(super) fn read(m: &ArgMatches) -> Result<Publish, String> {
        let (connection, topic) = Connection::read(m, &["connect", "publish", "disconnect", "will"])?;
        let topic = m.get_one::<String>("topic").cloned().or(topic);
        let Some(topic) = topic else { return Err("no topic: add -t TOPIC, or a topic to the URL.".to_owned()) };
        check_topic(&topic, "-t")?;
        let payload = payload(m)?;
        let repeat = m.get_one::<u64>("repeat").copied().unwrap_or(1);
        if payload == Payload::Lines && repeat != 1 {
            return Err("--repeat does not go with -l. Use -m, -f or -s.".to_owned());
        }
        let delay = m.get_one::<f64>("repeat-delay").copied().unwrap_or(0.0);
        let repeat_delay = Duration::try_from_secs_f64(delay)
            .map_err(|_| format!("--repeat-delay {delay}: not a number of seconds."))?;
        Ok(Publish {
            connection,
            topic,
            payload,
            qos: qos(m),
            retain: m.get_flag("retain"),
            repeat,
            repeat_delay,
            max_inflight: m.get_one::<u16>("max-inflight").copied().filter(|most| *most > 0),
        })
    }
}

/// The one source that was named.
fn payload(m: &ArgMatches) -> Result<Payload, String> {
    let sources = [
        ("-m", m.get_one::<OsString>("message").map(|message| Payload::Given(message.clone().into_vec()))),
        ("-f", m.get_one::<PathBuf>("file").map(|path| Payload::File(path.clone()))),
        ("-s", m.get_flag("stdin-file").then_some(Payload::Input)),
        ("-l", m.get_flag("stdin-line").then_some(Payload::Lines)),
        ("-n", m.get_flag("null-message").then(|| Payload::Given(Vec::new()))),
    ];
    let mut named = sources.into_iter().filter_map(|(flag, source)| Some((flag, source?)));
    match (named.next(), named.next()) {
        (None, _) => {
            Err("no message: add -m TEXT, -f FILE, -s or -l for standard input, or -n for an empty one.".to_owned())
        }
        (Some((_, payload)), None) => Ok(payload),
        (Some((first, _)), Some((second, _))) => Err(format!("{first} and {second} are two messages. Leave one out.")),
    }
}

/// `-q`, which clap has checked.
pub(super) fn qos(m: &ArgMatches) -> QoS {
    m.get_one::<u8>("qos").and_then(|level| QoS::from_u8(*level)).unwrap_or_default()
}
