//! Log lines: which are written, where to, and with what in front.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use mqtt_broker::conf::{Destination, Kind, Log};
use mqtt_broker::{Level, Levels, Record};

use crate::clock;

/// Writes log lines as the settings say. A line that cannot be written is lost.
pub(super) struct Journal {
    log: Log,
    levels: Levels,
    outputs: Vec<Output>,
}

enum Output {
    Stderr,
    Stdout,
    File { path: PathBuf, file: Mutex<File> },
}

impl Journal {
    /// Opens what is logged to. The text of an error names the file.
    pub(super) fn new(log: Log) -> Result<Journal, String> {
        let mut levels = Levels::NONE;
        if !log.destinations.is_empty() {
            for kind in &log.kinds {
                levels = level(*kind).map_or(levels, |level| levels.with(level));
            }
        }
        let output = |destination: &Destination| {
            Ok(match destination {
                Destination::Stderr => Output::Stderr,
                Destination::Stdout => Output::Stdout,
                Destination::File(path) => Output::File { path: path.clone(), file: Mutex::new(open(path)?) },
            })
        };
        let outputs = log.destinations.iter().map(output).collect::<Result<_, String>>()?;
        Ok(Journal { log, levels, outputs })
    }

    /// Opens the log files again. One that cannot be opened stays as it was.
    pub(super) fn reopen(&self) {
        for output in &self.outputs {
            if let Output::File { path, file } = output {
                match open(path) {
                    Ok(new) => *file.lock().unwrap_or_else(PoisonError::into_inner) = new,
                    Err(error) => self.write(Level::Error, &error),
                }
            }
        }
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
        if !self.levels.contains(record.level()) {
            return;
        }
        let (text, now) = (record.to_string(), SystemTime::now());
        // A will is two lines. Any other line end comes from a client and must not begin a line of its own.
        match (record, text.split_once("\n\t")) {
            (Record::Will { .. }, Some((first, topic))) => {
                self.print(&(self.line(first, now) + &self.line(&format!("\t{topic}"), now)));
            }
            _ => self.print(&self.line(&text, now)),
        }
    }

    /// Writes one line, where its level is wanted.
    pub(super) fn write(&self, level: Level, text: &str) {
        if self.levels.contains(level) {
            self.print(&self.line(text, SystemTime::now()));
        }
    }

    /// Each call is one write, so that lines of several threads stay whole.
    fn print(&self, lines: &str) {
        for output in &self.outputs {
            let _ = match output {
                Output::Stderr => std::io::stderr().lock().write_all(lines.as_bytes()),
                Output::Stdout => {
                    let mut out = std::io::stdout().lock();
                    out.write_all(lines.as_bytes()).and_then(|()| out.flush())
                }
                Output::File { file, .. } => {
                    file.lock().unwrap_or_else(PoisonError::into_inner).write_all(lines.as_bytes())
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

fn open(path: &Path) -> Result<File, String> {
    let opened = OpenOptions::new().create(true).append(true).open(path);
    opened.map_err(|e| {
        format!("cannot write log_dest file {}: {e}. Make its directory writable, or log to stderr.", path.display())
    })
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
        Journal::new(log).expect("no file").line(text, UNIX_EPOCH + Duration::from_secs(1_700_000_000))
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
        let levels = |log| Journal::new(log).expect("no file").levels();
        assert_eq!(levels(Log::default()), Levels::DEFAULT);
        assert_eq!(levels(Log { destinations: Vec::new(), ..Log::default() }), Levels::NONE);
        assert_eq!(levels(Log { kinds: Kind::ALL.to_vec(), ..Log::default() }), Levels::ALL);
    }
}
