//! The flags, as clap wants them told, and the help that teaches them.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, value_parser};

/// The whole command line of `mqtt`.
pub(crate) fn command() -> Command {
    Command::new("mqtt")
        .version(env!("CARGO_PKG_VERSION"))
        .about("MQTT 3.1, 3.1.1 and 5.0: a broker, a publisher and a subscriber in one program.")
        .after_help(TOP_EXAMPLES)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(help().short('h'))
        .arg(version())
        .subcommand(broker())
        .subcommand(publish())
        .subcommand(subscribe())
}

fn broker() -> Command {
    bare("broker", "Runs a broker.")
        .after_help(BROKER_EXAMPLES)
        .arg(path("config", 'c', "FILE", "Read this mosquitto.conf. Without one the broker listens on this machine only (127.0.0.1 and ::1) and lets everyone on it in."))
        .arg(port("Listen on this port; with -c, beside the listeners of the file. 0 takes a free one, which the log names. [default: 1883]").value_parser(value_parser!(u16)))
        .arg(flag("daemon", "").short('d').hide(true))
        .arg(flag("verbose", "Log every packet, whatever the file says.").short('v'))
        .arg(flag("test-config", "Read the configuration, say what is wrong with it, and end."))
        .arg(help().short('h'))
        .arg(version())
}

fn publish() -> Command {
    let command = bare("pub", "Publishes messages.")
        .after_help(PUBLISH_EXAMPLES)
        .next_help_heading("Publishing")
        .arg(text("topic", 't', "TOPIC", "The topic to publish to."))
        .next_help_heading("Message: one of")
        .arg(bytes("message", "TEXT", "This text.").short('m'))
        .arg(path("file", 'f', "FILE", "The contents of this file."))
        .arg(flag("stdin-file", "Everything from standard input, as one message.").short('s'))
        .arg(flag("stdin-line", "Each line of standard input, as a message of its own.").short('l'))
        .arg(flag("null-message", "No payload. With -r it removes the retained message.").short('n'))
        .next_help_heading("Publishing")
        .arg(qos("The QoS of every message."))
        .arg(flag("retain", "The broker keeps the message for later subscribers.").short('r'))
        .arg(number::<u64>("repeat", "N", "Publish the message N times."))
        .arg(
            long("repeat-delay", "SECONDS", "Wait so long between them; fractions are fine.")
                .value_parser(value_parser!(f64)),
        )
        .arg(
            number::<u16>("max-inflight", "N", "How many messages may wait for their acknowledgement at once.")
                .short('M'),
        );
    connection(command)
}

fn subscribe() -> Command {
    let command = bare("sub", "Subscribes, and prints the messages that arrive.")
        .after_help(SUBSCRIBE_EXAMPLES)
        .next_help_heading("Subscribing")
        .arg(text("topic", 't', "FILTER", "Subscribe to this filter; may be repeated.").action(ArgAction::Append))
        .arg(
            text("filter-out", 'T', "FILTER", "Do not print what matches this filter; may be repeated.")
                .action(ArgAction::Append),
        )
        .arg(
            text("unsubscribe", 'U', "FILTER", "Unsubscribe from this filter; may be repeated.")
                .action(ArgAction::Append),
        )
        .arg(qos("The highest QoS to receive with."))
        .next_help_heading("When to stop")
        .arg(number::<u64>("count", "N", "Stop after this many messages.").short('C'))
        .arg(flag("exit-after-subscribe", "Stop as soon as the subscriptions are acknowledged.").short('E'))
        .arg(number::<u64>("timeout", "SECONDS", "Stop after this time, with exit status 27.").short('W'))
        .next_help_heading("Output")
        .arg(flag("verbose", "Print the topic in front of the payload.").short('v'))
        .arg(text("format", 'F', "FORMAT", "Print each message so; see below."))
        .arg(flag("no-newline", "Print no line end behind a message.").short('N'))
        .arg(flag("pretty", "Spread the JSON of %j and %J over several lines."))
        .next_help_heading("Retained messages")
        .arg(
            flag("no-retained", "Do not print messages that were retained.").short('R').conflicts_with("retained-only"),
        )
        .arg(flag("retained-only", "Print retained messages only, and stop at the first that is not."))
        .arg(flag("remove-retained", "Remove the retained messages that arrive from the broker."))
        .arg(flag("retain-as-published", "Ask for the retain flag as the publisher set it (MQTT 5)."));
    connection(command)
}

/// What pub and sub share.
fn connection(command: Command) -> Command {
    command
        .next_help_heading("Broker")
        .arg(text("host", 'h', "HOST", "Name or address of the broker. [default: localhost]"))
        .arg(port("Its port. [default: 1883; 8883 with TLS, 80 and 443 with --ws]"))
        .arg(long("unix", "PATH", "Connect to this Unix socket instead.").value_parser(value_parser!(PathBuf)).conflicts_with_all(["host", "port", "url"]))
        .arg(long("url", "URL", "User, password, host, port and topic at once: mqtt://user:password@host:1883/topic. Also mqtts, ws and wss.").short('L').conflicts_with_all(["host", "port"]))
        .arg(flag("ws", "MQTT over WebSocket."))
        .arg(long("ws-path", "PATH", "The path of the WebSocket. [default: /mqtt]"))
        .next_help_heading("Session")
        .arg(text("id", 'i', "ID", "The client identifier. Without one the broker chooses."))
        .arg(long("id-prefix", "PREFIX", "The client identifier is this and the process id.").short('I').conflicts_with("id"))
        .arg(text("username", 'u', "NAME", "The user name."))
        .arg(bytes("pw", "PASSWORD", "The password. Others on this machine can see it in the process list.").short('P'))
        .arg(text("protocol-version", 'V', "VERSION", "mqttv31, mqttv311 or mqttv5; also 31, 311 and 5. [default: mqttv311, mqttv5 with -D]"))
        .arg(number::<u16>("keepalive", "SECONDS", "Ping the broker when nothing else was sent for so long; 0 never. [default: 60]").short('k'))
        .arg(flag("disable-clean-session", "Keep the session: subscriptions and waiting messages survive the connection. Needs -i.").short('c'))
        .arg(text("session-expiry-interval", 'x', "SECONDS", "How long the session outlives the connection (MQTT 5); -1 for ever."))
        .arg(
            long("property", "COMMAND NAME VALUE", "An MQTT 5 property: -D publish content-type text/plain, -D connect user-property name value. May be repeated.")
                .short('D')
                .num_args(3..=4)
                .value_names(["COMMAND", "NAME", "VALUE"])
                .allow_negative_numbers(true)
                .allow_hyphen_values(false)
                .action(ArgAction::Append)
                .value_parser(value_parser!(OsString)),
        )
        .next_help_heading("Will: published by the broker when this client is lost")
        .arg(long("will-topic", "TOPIC", "Its topic."))
        .arg(bytes("will-payload", "TEXT", "Its payload.").requires("will-topic"))
        .arg(number::<u8>("will-qos", "QOS", "Its QoS. [default: 0]").requires("will-topic"))
        .arg(flag("will-retain", "It is retained.").requires("will-topic"))
        .next_help_heading("TLS: any of these switches it on")
        .arg(long("cafile", "FILE", "Trust the authorities in this PEM file.").value_parser(value_parser!(PathBuf)))
        .arg(long("capath", "DIR", "Trust the authorities in the PEM files of this directory.").value_parser(value_parser!(PathBuf)))
        .arg(flag("tls-use-os-certs", "Trust the authorities that this machine trusts. [default with mqtts://]"))
        .arg(long("cert", "FILE", "The client's certificate, PEM.").value_parser(value_parser!(PathBuf)).requires("key"))
        .arg(long("key", "FILE", "Its private key, PEM.").value_parser(value_parser!(PathBuf)).requires("cert"))
        .arg(flag("insecure", "Do not check that the certificate is made out for this host. Anybody may listen then."))
        .arg(long("tls-alpn", "NAME", "Protocol name for ALPN."))
        .arg(long("tls-version", "VERSION", "tlsv1.2 or tlsv1.3: the lowest version accepted."))
        .next_help_heading("This program")
        .arg(flag("debug", "Say on standard error what happens.").short('d'))
        .arg(flag("quiet", "Print no errors; the exit status tells."))
        .arg(flag("nodelay", "Accepted for compatibility: small packets always go out at once."))
        .arg(help())
        .arg(version())
}

fn bare(name: &'static str, about: &'static str) -> Command {
    Command::new(name)
        .about(about)
        .version(env!("CARGO_PKG_VERSION"))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .args_override_self(true)
}

fn help() -> Arg {
    Arg::new("help").long("help").action(ArgAction::Help).help("Print this help.").help_heading("Help")
}

fn version() -> Arg {
    Arg::new("version").long("version").action(ArgAction::Version).help("Print the version.").help_heading("Help")
}

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).help(help).action(ArgAction::SetTrue)
}

/// A value may begin with a hyphen: the word behind the flag is always its value.
fn long(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).help(help).value_name(value).allow_hyphen_values(true)
}

fn text(name: &'static str, short: char, value: &'static str, help: &'static str) -> Arg {
    long(name, value, help).short(short)
}

fn bytes(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    long(name, value, help).value_parser(value_parser!(OsString))
}

fn path(name: &'static str, short: char, value: &'static str, help: &'static str) -> Arg {
    text(name, short, value, help).value_parser(value_parser!(PathBuf))
}

fn number<T>(name: &'static str, value: &'static str, help: &'static str) -> Arg
where
    T: std::str::FromStr + Clone + Send + Sync + 'static,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    long(name, value, help).value_parser(|text: &str| text.parse::<T>())
}

fn port(help: &'static str) -> Arg {
    long("port", "PORT", help).short('p').value_parser(value_parser!(u16).range(1..))
}

fn qos(help: &'static str) -> Arg {
    long("qos", "QOS", help).short('q').value_parser(value_parser!(u8).range(0..=2)).default_value("0")
}

const TOP_EXAMPLES: &str = "\
Try it:
  mqtt broker -v                                  a broker on this machine that says what it does
  mqtt sub -t 'sensors/#' -v                      in a second terminal: everything below sensors
  mqtt pub -t sensors/kitchen -m 21.5             in a third: one message

More: mqtt broker --help, mqtt pub --help, mqtt sub --help.";

const BROKER_EXAMPLES: &str = "\
Examples:
  mqtt broker                                     on this machine, port 1883
  mqtt broker -p 1884 -v                          another port, every packet logged
  mqtt broker -c /etc/mosquitto/mosquitto.conf    as the file says
  mqtt broker -c m.conf --test-config             only check the file

A file for the network:
  listener 1883
  allow_anonymous true

SIGTERM and SIGINT (Ctrl-C) stop the broker with status 0; SIGHUP reads the certificates
and opens the log files again.";

const PUBLISH_EXAMPLES: &str = "\
Examples:
  mqtt pub -t sensors/kitchen -m 21.5
  mqtt pub -h broker.example.org -t news -m hello -q 1 -r
  mqtt pub -t photos/last -f photo.jpg -q 1
  tail -f app.log | mqtt pub -t logs/app -l
  mqtt pub -L mqtts://joe:secret@broker.example.org/sensors/kitchen -m 21.5
  mqtt pub -V 5 -D publish content-type application/json -t a -m '{}'

Exit status: 0 published (acknowledged at QoS 1 and 2), 1 an error, otherwise the reason with which the broker refused
the connection: 1 to 5 in MQTT 3, 128 and above in MQTT 5.";

const SUBSCRIBE_EXAMPLES: &str = "\
Examples:
  mqtt sub -t 'sensors/#' -v
  mqtt sub -h broker.example.org -t news -C 1
  mqtt sub -t 'jobs/#' -q 1 -c -i worker-1        a session that keeps messages while this program is away
  mqtt sub -t '#' -F '%I %t %q %l %x'
  mqtt sub -t 'old/#' --remove-retained --retained-only -W 2

Formats of -F (a width may stand behind the %, as in %-20t):
  %t topic   %p payload   %x %X payload in hexadecimal   %l length of the payload   %q QoS   %r retained   %m packet id
  %j JSON   %J JSON with the payload as JSON   %I time as ISO 8601   %U seconds since 1970   @X as %X of strftime
  %A topic alias   %C content type   %D correlation data   %E message expiry   %F payload format   %P user properties
  %R response topic   %S subscription identifiers   %% @@ \\\\ themselves   \\n \\t \\r \\0 \\a \\e \\v as in C

Exit status: 0 stopped as asked, 27 the time of -W is over, 1 an error, otherwise the reason with which the broker
refused the connection: 1 to 5 in MQTT 3, 128 and above in MQTT 5.";
