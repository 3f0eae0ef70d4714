//! `mqtt broker`.

mod journal;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use mqtt_broker::conf::{self, Setup};
use mqtt_broker::{Broker, Level};
use mqtt_net::{ServerTls, ServerTlsOptions};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::FAILURE;
use crate::args;
use journal::Journal;

/// How long clients may take to read their last bytes when the broker ends.
const LAST_BYTES: Duration = Duration::from_secs(5);

/// Runs a broker until a signal ends it.
pub(crate) fn run(args: &args::Broker) -> ExitCode {
    match setup(args).and_then(|setup| if args.test { test(&setup) } else { serve(setup, args) }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            eprintln!("mqtt broker: {text}");
            ExitCode::from(FAILURE)
        }
    }
}

fn setup(args: &args::Broker) -> Result<Setup, String> {
    let mut setup = match &args.file {
        Some(file) => conf::with_file(conf::read(file).map_err(|e| e.to_string())?, args.port)?,
        None => conf::without_file(args.port),
    };
    if args.verbose {
        setup.log.kinds = conf::Kind::ALL.to_vec();
    }
    Ok(setup)
}

fn test(setup: &Setup) -> Result<(), String> {
    for note in &setup.notes {
        println!("{note}");
    }
    println!("The configuration is fine. Sockets: {}.", setup.config.listeners.len());
    Ok(())
}

fn serve(setup: Setup, args: &args::Broker) -> Result<(), String> {
    // Before anything is served: a signal that comes early must not kill the process half-way.
    let mut signals = Signals::new([SIGTERM, SIGINT, SIGHUP]).map_err(|e| format!("cannot wait for signals: {e}."))?;
    let journal = Arc::new(Journal::new(setup.log)?);
    journal.write(Level::Information, &format!("mqtt version {} starting", env!("CARGO_PKG_VERSION")));
    match &args.file {
        Some(file) => journal.write(Level::Information, &format!("Config loaded from {}.", file.display())),
        None => journal.write(Level::Information, "Using default config."),
    }
    if setup.local_only {
        journal.write(
            Level::Notice,
            "Starting in local only mode. Connections will only be possible from clients running on this machine.",
        );
        journal.write(
            Level::Notice,
            "Give a configuration file with a listener (mqtt broker -c FILE) to allow remote access.",
        );
    }
    for note in &setup.notes {
        journal.write(Level::Warning, note);
    }
    let _pid_file = setup.pid_file.map(PidFile::write).transpose()?;
    let sink = Arc::clone(&journal);
    let broker = Broker::start_with_log(setup.config, setup.hooks, journal.levels(), move |record| sink.record(record))
        .map_err(|error| start_failed(&error))?;
    for signal in signals.forever() {
        if signal != SIGHUP {
            break;
        }
        reload(&broker, &setup.certificates, &journal);
    }
    broker.stop(LAST_BYTES);
    Ok(())
}

/// The process id in a file, for as long as the broker runs.
struct PidFile(PathBuf);

impl PidFile {
    fn write(path: PathBuf) -> Result<PidFile, String> {
        match std::fs::write(&path, format!("{}\n", std::process::id())) {
            Ok(()) => Ok(PidFile(path)),
            Err(e) => Err(format!(
                "cannot write pid_file {}: {e}. Make its directory writable, or remove the line.",
                path.display()
            )),
        }
    }
}

impl Drop for PidFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Opens the log files and reads the certificates again. What cannot be read stays as it was.
fn reload(broker: &Broker, certificates: &[(usize, ServerTlsOptions)], journal: &Journal) {
    journal.reopen();
    if certificates.is_empty() {
        return journal.write(Level::Information, "SIGHUP received. There are no certificates to read again.");
    }
    journal.write(Level::Information, "SIGHUP received, reading the certificates again.");
    for (listener, options) in certificates {
        match ServerTls::new(options) {
            Ok(tls) => {
                broker.set_tls(*listener, tls);
            }
            Err(error) => return journal.write(Level::Error, &format!("{error}. The certificate in use stays.")),
        }
    }
    journal.write(Level::Information, "The certificates are in use for new connections.");
}

/// The text of the error, and what to do where it is the usual one.
fn start_failed(error: &mqtt_broker::StartError) -> String {
    let advice = match error {
        mqtt_broker::StartError::Listen { source, .. } => match source.kind() {
            std::io::ErrorKind::AddrInUse => " Another program listens there: stop it, or choose another port with -p.",
            std::io::ErrorKind::PermissionDenied => {
                " Ports below 1024 need root or CAP_NET_BIND_SERVICE: choose a higher one with -p."
            }
            std::io::ErrorKind::AddrNotAvailable => " The address is not one of this machine: see `ip addr`.",
            _ => "",
        },
        _ => "",
    };
    format!("{error}.{advice}")
}
