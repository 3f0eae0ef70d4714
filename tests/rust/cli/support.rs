//! Running the program: brokers on free ports, subscribers that are ready before anything is published.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

/// How long something may take that takes no time at all.
const PATIENCE: Duration = Duration::from_secs(20);

/// `mqtt` with these arguments, its standard streams open.
pub(crate) fn mqtt(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mqtt"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs it to its end.
pub(crate) fn run(arguments: &[&str]) -> Finished {
    Finished::of(mqtt(arguments).output().expect("the program starts"))
}

/// Runs it with these bytes as standard input.
pub(crate) fn run_with_input(arguments: &[&str], input: &[u8]) -> Finished {
    let mut child = mqtt(arguments).stdin(Stdio::piped()).spawn().expect("the program starts");
    child.stdin.take().expect("standard input").write_all(input).expect("the program reads");
    Finished::of(child.wait_with_output().expect("the program ends"))
}

/// What a program left behind.
#[derive(Debug, PartialEq)]
pub(crate) struct Finished {
    /// `None` where a signal ended it.
    pub(crate) status: Option<i32>,
    pub(crate) out: Vec<u8>,
    pub(crate) errors: String,
}

impl Finished {
    pub(crate) fn of(output: Output) -> Finished {
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        Finished { status: output.status.code(), out: output.stdout, errors }
    }

    /// Demands this exit status.
    #[track_caller]
    pub(crate) fn with_status(self, status: i32) -> Finished {
        assert_eq!(self.status, Some(status), "{self:?}");
        self
    }

    /// Standard output as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.out).expect("UTF-8")
    }
}

/// Lines of a stream, read on a thread so that waiting for one has an end.
pub(crate) struct Lines(Receiver<String>);

impl Lines {
    pub(crate) fn of(stream: impl Read + Send + 'static) -> Lines {
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines() {
                let Ok(line) = line else { break };
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Lines(receiver)
    }

    /// The next line.
    #[track_caller]
    pub(crate) fn next(&self) -> String {
        self.0.recv_timeout(PATIENCE).expect("a line in time")
    }

    /// Reads up to a line that holds this text.
    #[track_caller]
    pub(crate) fn until(&self, text: &str) -> String {
        let mut seen = Vec::new();
        loop {
            match self.0.recv_timeout(PATIENCE) {
                Ok(line) if line.contains(text) => return line,
                Ok(line) => seen.push(line),
                Err(error) => panic!("no line with {text:?}: {error}; lines: {seen:#?}"),
            }
        }
    }

    /// What is left when the stream has ended.
    pub(crate) fn rest(&self) -> Vec<String> {
        self.0.iter().collect()
    }
}

/// A running broker. It is killed when it goes.
pub(crate) struct Broker {
    pub(crate) child: Child,
    pub(crate) log: Lines,
    /// Ports of the TCP listeners, in order.
    pub(crate) ports: Vec<String>,
    folder: tempfile::TempDir,
}

impl Broker {
    /// Without a file, on a free port of this machine.
    pub(crate) fn local() -> Broker {
        Broker::start(&["broker", "-p", "0", "-v"], tempfile::tempdir().expect("a folder"))
    }

    /// With this configuration. `{}` stands for a folder of its own.
    pub(crate) fn with(text: &str) -> Broker {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("m.conf");
        std::fs::write(&file, text.replace("{}", &folder.path().display().to_string())).expect("a file");
        let file = file.display().to_string();
        Broker::start(&["broker", "-v", "-c", &file], folder)
    }

    /// With this configuration in this folder.
    pub(crate) fn start(arguments: &[&str], folder: tempfile::TempDir) -> Broker {
        let mut child = mqtt(arguments).spawn().expect("the program starts");
        let log = Lines::of(child.stderr.take().expect("standard error"));
        // Whatever fails from here on, the program is ended.
        let mut broker = Broker { child, log, ports: Vec::new(), folder };
        loop {
            let line = broker.log.next();
            if let Some(port) = line.split("listen socket on port ").nth(1) {
                broker.ports.push(port.trim_end_matches('.').to_owned());
            }
            if line.ends_with("running") {
                return broker;
            }
            assert!(!line.starts_with("mqtt broker: "), "{line}");
        }
    }

    /// The first port.
    pub(crate) fn port(&self) -> &str {
        &self.ports[0]
    }

    /// Its own folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        signal(&self.child, name);
    }

    /// Waits for its end.
    #[track_caller]
    pub(crate) fn ended(&mut self) -> Option<i32> {
        self.child.wait().expect("it ends").code()
    }

    /// `mqtt pub` to it; it must succeed.
    #[track_caller]
    pub(crate) fn publish(&self, arguments: &[&str]) {
        run(&[&["pub", "-p", self.port()], arguments].concat()).with_status(0);
    }

    /// `mqtt sub` from it, ready: its subscriptions have been acknowledged.
    #[track_caller]
    pub(crate) fn subscriber(&self, arguments: &[&str]) -> Subscriber {
        Subscriber::start(&[&["sub", "-d", "-p", self.port()], arguments].concat())
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A running `mqtt sub -d`. It is killed when it goes.
pub(crate) struct Subscriber {
    pub(crate) child: Child,
    pub(crate) errors: Lines,
}

impl Subscriber {
    #[track_caller]
    pub(crate) fn start(arguments: &[&str]) -> Subscriber {
        let mut child = mqtt(arguments).spawn().expect("the program starts");
        let errors = Lines::of(child.stderr.take().expect("standard error"));
        errors.until("subscribed to");
        Subscriber { child, errors }
    }

    /// Waits for its end; the bytes it printed.
    #[track_caller]
    pub(crate) fn ended(&mut self) -> Finished {
        let mut out = Vec::new();
        self.child.stdout.take().expect("standard output").read_to_end(&mut out).expect("bytes");
        let status = self.child.wait().expect("it ends").code();
        Finished { status, out, errors: self.errors.rest().join("\n") }
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal by its name.
pub(crate) fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status();
    assert!(status.expect("kill runs").success());
}

/// A path as an argument.
pub(crate) fn argument(path: &Path) -> String {
    path.to_str().expect("UTF-8").to_owned()
}
