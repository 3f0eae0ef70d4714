//! The command line: what people type for mosquitto, mosquitto_pub and mosquitto_sub.

mod command;
mod connection;
mod property;
mod publish;
mod subscribe;
#[cfg(test)]
mod tests;
mod url;

use std::path::PathBuf;

use clap::ArgMatches;

pub(crate) use command::command;
pub(crate) use connection::{Connection, Transport};
pub(crate) use publish::{Payload, Publish};
pub(crate) use subscribe::{Retained, Subscribe};

/// What was asked for.
#[derive(Debug)]
pub(crate) enum Task {
    /// `mqtt broker`.
    Broker(Broker),
    /// `mqtt pub`.
    Publish(Box<Publish>),
    /// `mqtt sub`.
    Subscribe(Box<Subscribe>),
}

/// `mqtt broker`.
#[derive(Debug, PartialEq)]
pub(crate) struct Broker {
    /// A mosquitto.conf.
    pub(crate) file: Option<PathBuf>,
    /// The port to listen on; beside those of the file, where there is one.
    pub(crate) port: Option<u16>,
    /// Log everything.
    pub(crate) verbose: bool,
    /// Read the configuration, say what is wrong with it, and end.
    pub(crate) test: bool,
}

/// Why a command line is refused.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// In clap's words: unknown flags, missing values; or the help that was asked for.
    Clap(clap::Error),
    /// A sentence, and the subcommand whose usage belongs under it.
    Said(String, &'static str),
}

impl From<clap::Error> for Refusal {
    fn from(error: clap::Error) -> Refusal {
        Refusal::Clap(error)
    }
}

/// Reads a command line, the program's name included.
pub(crate) fn parse(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> Result<Task, Refusal> {
    let matches = command().try_get_matches_from(arguments)?;
    match matches.subcommand() {
        Some(("broker", m)) if m.get_flag("daemon") => {
            let text = "the broker does not put itself into the background. Leave -d out and end the line with &, or run it as a service.";
            Err(Refusal::Said(text.to_owned(), "broker"))
        }
        Some(("broker", m)) => Ok(Task::Broker(broker(m))),
        Some(("pub", m)) => {
            Publish::read(m).map(|p| Task::Publish(Box::new(p))).map_err(|text| Refusal::Said(text, "pub"))
        }
        Some(("sub", m)) => {
            Subscribe::read(m).map(|s| Task::Subscribe(Box::new(s))).map_err(|text| Refusal::Said(text, "sub"))
        }
        _ => unreachable!("clap demands one of the subcommands"),
    }
}

fn broker(m: &ArgMatches) -> Broker {
    Broker {
        file: m.get_one::<PathBuf>("config").cloned(),
        port: m.get_one::<u16>("port").copied(),
        verbose: m.get_flag("verbose"),
        test: m.get_flag("test-config"),
    }
}
