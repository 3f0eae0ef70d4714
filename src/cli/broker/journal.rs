//! Log lines: which are written, where to, and with what in front.

use std::io::Write;
use std::time::SystemTime;

use mqtt_broker::{Level, Levels, Record};

use crate::clock;
use crate::conf::{Destination, Kind, Log};

/// Writes log lines as the settings say. A line that cannot be written is lost.
pub(super) struct Journal {
    log: Log,
    levels: Levels,
}

impl Journal {
    pub(super) fn new(log: Log) -> Journal {
        let mut levels = Levels::NONE;
        if !log.destinations.is_empty() {
            for kind in &log.kinds {
                levels = level(*kind).map_or(levels, |level| levels.with(level));
            }
        }
        Journal { log, levels }
    }

    /// What the broker has to tell.
    pub(super) fn levels(&self) -> Levels {
        self.levels
    }

    /// Writes a record of the broker.
    pub(super) fn record(&self, record: &Record<'_>) {
        if !self.log.connection_messages && comes_or_goes(record) {
            return;
        }
        let text = record.to_string();
        // A will is two lines. Any other line end comes from a client and must not begin a line of its own.
        match (record, text.split_once("\n\t")) {
            (Record::Will { .. }, Some((first, topic))) => {
                self.write(record.level(), first);
                self.write(record.level(), &format!("\t{topic}"));
            }
            _ => self.write(record.level(), &text),
        }
    }

    /// Writes one line, where its level is wanted.
    pub(super) fn write(&self, level: Level, text: &str) {
        if !self.levels.contains(level) {
            return;
        }
        let line = self.line(text, SystemTime::now());
        for destination in &self.log.destinations {
            let _ = match destination {
                Destination::Stderr => std::io::stderr().lock().write_all(line.as_bytes()),
                Destination::Stdout => {
                    let mut out = std::io::stdout().lock();
                    out.write_all(line.as_bytes()).and_then(|()| out.flush())
                }
            };
        }
    }

    fn line(&self, text: &str, at: SystemTime) -> String {
        let mut line = match (&self.log.timestamp_format, self.log.timestamp) {
            (_, false) => String::new(),
            (Some(format), _) => clock::strftime(format, at) + ": ",
            (None, _) => format!("{}: ", clock::since_epoch(at).as_secs()),
        };
        let (indent, rest) = text.strip_prefix('\t').map_or(("", text), |rest| ("\t", rest));
        line.push_str(indent);
        for letter in rest.chars() {
            if letter.is_control() {
                line.extend(letter.escape_default());
            } else {
                line.push(letter);
            }
        }
        line.push('\n');
        line
    }
}

fn level(kind: Kind) -> Option<Level> {
    match kind {
        Kind::Error => Some(Level::Error),
        Kind::Warning => Some(Level::Warning),
        Kind::Notice => Some(Level::Notice),
        Kind::Information => Some(Level::Information),
        Kind::Debug => Some(Level::Debug),
        Kind::Subscribe => Some(Level::Subscribe),
        Kind::Unsubscribe => Some(Level::Unsubscribe),
        // The WebSocket layer has nothing to tell.
        Kind::WebSockets => None,
    }
}

/// Lines that `connection_messages false` leaves out.
fn comes_or_goes(record: &Record<'_>) -> bool {
    matches!(
        record,
        Record::Accepted { .. }
            | Record::Connected { .. }
            | Record::Refused { .. }
            | Record::TakenOver { .. }
            | Record::TimedOut { .. }
            | Record::Disconnected { .. }
            | Record::Closed { .. }
            | Record::SocketError { .. }
            | Record::Violation { .. }
            | Record::Ended { .. }
    )
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    fn line(log: Log, text: &str) -> String {
        Journal::new(log).line(text, UNIX_EPOCH + Duration::from_secs(1_700_000_000))
    }

    #[test]
    fn lines_begin_with_epoch_seconds_unless_told_otherwise() {
        assert_eq!(line(Log::default(), "Received PINGREQ from a"), "1700000000: Received PINGREQ from a\n");
        assert_eq!(line(Log { timestamp: false, ..Log::default() }, "x"), "x\n");
        let format = Some("%Y".to_owned());
        assert_eq!(line(Log { timestamp_format: format, ..Log::default() }, "x"), "2023: x\n");
    }

    #[test]
    fn a_client_cannot_write_lines_of_its_own() {
        let forged = "Client a\n1700000000: New client connected from 1.2.3.4 as root disconnected.";
        assert_eq!(line(Log::default(), forged).lines().count(), 1);
        assert!(line(Log::default(), "a\x1b[2Jb").contains("a\\u{1b}[2Jb"));
        assert_eq!(line(Log::default(), "\ttopic (QoS 2)"), "1700000000: \ttopic (QoS 2)\n");
    }

    #[test]
    fn only_what_somebody_reads_is_asked_for() {
        assert_eq!(Journal::new(Log::default()).levels(), Levels::DEFAULT);
        assert_eq!(Journal::new(Log { destinations: Vec::new(), ..Log::default() }).levels(), Levels::NONE);
        assert_eq!(Journal::new(Log { kinds: Kind::ALL.to_vec(), ..Log::default() }).levels(), Levels::ALL);
    }
}
