//! `mqtt pub`.

use std::collections::VecDeque;
use std::io::{BufRead, Read};
use std::process::ExitCode;
use std::time::Duration;

use mqtt_client::{Event, PublishRequest, Token};

use crate::args::{Payload, Publish};
use crate::session::{Failure, Session, WhenLost};

/// The largest payload that could ever be sent.
const LARGEST: u64 = 268_435_455;

/// Publishes what was asked for, and waits until the broker has it.
pub(crate) fn run(args: &Publish) -> ExitCode {
    match publish(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !args.connection.quiet {
                eprintln!("mqtt pub: {}", failure.text);
            }
            ExitCode::from(failure.status)
        }
    }
}

fn publish(args: &Publish) -> Result<(), Failure> {
    // What can fail without a broker fails before one is asked.
    let whole = match &args.payload {
        Payload::Given(payload) => Some(payload.clone()),
        Payload::File(path) => {
            let read = std::fs::File::open(path).and_then(limited);
            Some(
                read.map_err(|e| {
                    Failure::new(format!("cannot read {}: {e}. Check the path behind -f.", path.display()))
                })?,
            )
        }
        Payload::Input => Some(
            limited(std::io::stdin().lock()).map_err(|e| Failure::new(format!("cannot read standard input: {e}.")))?,
        ),
        Payload::Lines => None,
    };
    let when_lost = if whole.is_none() { WhenLost::Reconnect } else { WhenLost::Fail };
    let (session, _) = Session::connect("pub", &args.connection, when_lost)?;
    session.client.set_completion_events(true);
    let mut publisher = Publisher { session: &session, args, open: VecDeque::new(), refused: 0 };
    match &whole {
        Some(payload) => publisher.repeat(payload)?,
        None => publisher.lines()?,
    }
    publisher.finish()?;
    session.disconnect();
    Ok(())
}

struct Publisher<'a> {
    session: &'a Session<'a>,
    args: &'a Publish,
    /// Tokens in flight; kept only where `-M` bounds them.
    open: VecDeque<Token>,
    refused: u64,
}

impl Publisher<'_> {
    fn repeat(&mut self, payload: &[u8]) -> Result<(), Failure> {
        for round in 0..self.args.repeat {
            if round > 0 && !self.args.repeat_delay.is_zero() {
                std::thread::sleep(self.args.repeat_delay);
            }
            if self.session.is_interrupted() {
                break;
            }
            self.send(payload)?;
        }
        Ok(())
    }

    fn lines(&mut self) -> Result<(), Failure> {
        let mut input = std::io::stdin().lock();
        let mut line = Vec::new();
        while !self.session.is_interrupted() {
            line.clear();
            let read = input.by_ref().take(LARGEST).read_until(b'\n', &mut line);
            if read.map_err(|e| Failure::new(format!("cannot read standard input: {e}.")))? == 0 {
                break;
            }
            self.send(line.strip_suffix(b"\n").unwrap_or(&line))?;
        }
        Ok(())
    }

    fn send(&mut self, payload: &[u8]) -> Result<(), Failure> {
        let args = self.args;
        let request = PublishRequest {
            topic: &args.topic,
            payload,
            qos: args.qos,
            retain: args.retain,
            properties: &args.connection.properties.publish,
        };
        let token = self
            .session
            .waiting(None, |wait| self.session.client.publish(&request, wait))
            .map_err(|e| self.session.failure(&e))?;
        self.session.debug(format_args!(
            "published {} bytes to {} (QoS {}, number {token})",
            payload.len(),
            args.topic,
            args.qos.level()
        ));
        if let Some(most) = args.max_inflight {
            self.open.push_back(token);
            while self.open.len() >= usize::from(most) {
                let Some(token) = self.open.pop_front() else { break };
                // A refusal is counted when its event is looked at.
                let _ = self.session.waiting(None, |wait| self.session.client.wait(token, wait));
            }
        }
        self.look()
    }

    /// Takes what has happened meanwhile.
    fn look(&mut self) -> Result<(), Failure> {
        while let Some(event) = self.session.client.next_event().map_err(|e| self.session.failure(&e))? {
            match event {
                Event::Completed { token, reason } if reason.is_error() => {
                    self.refused += 1;
                    self.session
                        .complain(format_args!("message {token} to {} was refused: {reason}.", self.args.topic));
                }
                Event::Completed { token, reason } => {
                    self.session.debug(format_args!("message {token} is done: {reason}"))
                }
                Event::Disconnected { why, retry_in: Some(seconds), .. } => {
                    self.session.complain(format_args!(
                        "connection to {} lost: {why}. Trying again in {seconds:.1} s.",
                        self.session.connection.target()
                    ));
                }
                Event::Disconnected { why, .. } => return Err(self.session.failure(&why)),
                Event::Log { level, text } => self.session.debug(format_args!("{level}: {text}")),
                _ => {}
            }
        }
        Ok(())
    }

    /// Waits for everything that was sent.
    fn finish(mut self) -> Result<(), Failure> {
        loop {
            // In slices, so that a connection that is lost for good is noticed.
            let open = self.session.waiting(Some(Duration::from_secs(1)), |wait| self.session.client.flush(wait));
            self.look()?;
            match open.map_err(|e| self.session.failure(&e))? {
                0 => break,
                _ => continue,
            }
        }
        match self.refused {
            0 => Ok(()),
            1 => Err(Failure::new("the broker refused the message.")),
            refused => Err(Failure::new(format!("the broker refused {refused} messages."))),
        }
    }
}

/// Everything from here to the end, if it could be a payload.
fn limited(source: impl Read) -> std::io::Result<Vec<u8>> {
    let mut payload = Vec::new();
    source.take(LARGEST + 1).read_to_end(&mut payload)?;
    if payload.len() as u64 > LARGEST {
        return Err(std::io::Error::other("it is larger than the 268435455 bytes of an MQTT packet"));
    }
    Ok(payload)
}
