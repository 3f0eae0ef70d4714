//! `mqtt sub`.

use std::io::{BufWriter, ErrorKind, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use mqtt_client::{AckId, Error, Event, PublishRequest, Received};
use mqtt_proto::packet::{Properties, QoS, RetainHandling, Subscription};
use mqtt_proto::{ReasonCode, Text, topic};

use crate::args::{Retained, Subscribe};
use crate::format::Printed;
use crate::session::{Failure, Session, WhenLost};

/// The exit status of `-W`.
const TIMED_OUT: u8 = 27;

/// Messages printed before they are flushed and acknowledged, where they come without a pause.
const BATCH: usize = 256;

/// Subscribes, and prints until something ends it.
pub(crate) fn run(args: &Subscribe) -> ExitCode {
    match subscribe(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !args.connection.quiet {
                eprintln!("mqtt sub: {}", failure.text);
            }
            ExitCode::from(failure.status)
        }
    }
}

fn subscribe(args: &Subscribe) -> Result<(), Failure> {
    let (session, _) = Session::connect("sub", &args.connection, WhenLost::Reconnect)?;
    let deadline = args.timeout.map(|timeout| Instant::now() + timeout);
    let ended = subscriptions(&session, args).and_then(|()| {
        let mut printer = Printer {
            session: &session,
            args,
            out: BufWriter::with_capacity(64 * 1024, std::io::stdout().lock()),
            unacknowledged: Vec::new(),
            printed: 0,
        };
        if args.exit_after_subscribe { Ok(()) } else { printer.run(deadline) }
    });
    session.disconnect();
    ended
}

/// Makes the subscriptions and ends those of `-U`.
fn subscriptions(session: &Session<'_>, args: &Subscribe) -> Result<(), Failure> {
    let properties = &args.connection.properties;
    if !args.filters.is_empty() {
        let filters: Vec<_> = args.filters.iter().map(|filter| request(filter, args)).collect();
        let answer = session
            .waiting(None, |wait| session.client.subscribe(&filters, &properties.subscribe, wait))
            .map_err(|e| session.failure(&e))?;
        for (filter, reason) in args.filters.iter().zip(&answer.reasons) {
            if reason.is_error() {
                session.complain(format_args!("the subscription to {filter} was refused: {reason}."));
            } else {
                session.debug(format_args!("subscribed to {filter} (QoS {})", reason.value()));
            }
        }
        if answer.reasons.iter().all(|reason| reason.is_error()) {
            return Err(Failure::new("the broker refused every subscription."));
        }
    }
    if !args.unsubscribe.is_empty() {
        let filters: Vec<Text> = args.unsubscribe.iter().map(|filter| filter.as_str().into()).collect();
        let answer = session
            .waiting(None, |wait| session.client.unsubscribe(&filters, &properties.unsubscribe, wait))
            .map_err(|e| session.failure(&e))?;
        for (filter, reason) in args.unsubscribe.iter().zip(&answer.reasons) {
            if *reason != ReasonCode::Success {
                session.complain(format_args!("{filter} could not be unsubscribed: {reason}."));
            }
        }
    }
    Ok(())
}

fn request(filter: &str, args: &Subscribe) -> mqtt_client::Subscribe {
    let mut subscription = Subscription::new(filter, args.qos);
    subscription.retain_as_published = args.retain_as_published;
    // Nobody asked for retained messages, so a broker that can hold them back need not send them.
    if args.retained == Retained::Fresh && !args.remove_retained && args.connection.version.has_properties() {
        subscription.retain_handling = RetainHandling::DoNotSend;
    }
    mqtt_client::Subscribe { subscription, handle: None }
}

struct Printer<'a, W: Write> {
    session: &'a Session<'a>,
    args: &'a Subscribe,
    out: BufWriter<W>,
    /// Printed, not flushed.
    unacknowledged: Vec<AckId>,
    printed: u64,
}

/// What to do after an event.
enum Next {
    GoOn,
    Stop,
}

impl<W: Write> Printer<'_, W> {
    fn run(&mut self, deadline: Option<Instant>) -> Result<(), Failure> {
        let ended = self.events(deadline);
        let flushed = self.flush();
        match (ended, flushed) {
            (Err(failure), _) | (Ok(()), Err(failure)) => Err(failure),
            _ => Ok(()),
        }
    }

    fn events(&mut self, deadline: Option<Instant>) -> Result<(), Failure> {
        let client = &self.session.client;
        loop {
            let mut event = client.next_event().map_err(|e| self.session.failure(&e))?;
            if event.is_none() {
                if !self.flush()? {
                    return Ok(());
                }
                let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
                event = match self.session.waiting(left, |wait| client.wait_event(wait)) {
                    Ok(event) => event,
                    Err(Error::Interrupted { .. }) => None,
                    Err(error) => return Err(self.session.failure(&error)),
                };
            }
            if self.session.is_interrupted() {
                return Ok(());
            }
            if let Some(event) = event
                && let Next::Stop = self.event(event)?
            {
                return Ok(());
            }
            if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
                return Err(Failure { text: self.timed_out(), status: TIMED_OUT });
            }
        }
    }

    fn event(&mut self, event: Event) -> Result<Next, Failure> {
        match event {
            Event::Message(message) => return self.message(&message),
            Event::Disconnected { why: why @ Error::Connect { .. }, .. } => return Err(self.session.failure(&why)),
            Event::Disconnected { why, retry_in: None, .. } => return Err(self.session.failure(&why)),
            Event::Disconnected { why, retry_in: Some(seconds), .. } => {
                let target = self.session.connection.target();
                self.session
                    .complain(format_args!("connection to {target} lost: {why}. Trying again in {seconds:.1} s."));
            }
            Event::Connected { resumed, .. } => {
                self.session.debug(format_args!("connected{}", if resumed { ", the session was kept" } else { "" }));
            }
            Event::Log { level, text } => self.session.debug(format_args!("{level}: {text}")),
            _ => {}
        }
        Ok(Next::GoOn)
    }

    fn message(&mut self, message: &Received) -> Result<Next, Failure> {
        let args = self.args;
        if args.retained == Retained::Only && !message.retain {
            return Ok(Next::Stop);
        }
        let out_filtered = args.filter_out.iter().any(|filter| topic::matches(filter, &message.topic));
        let hidden = out_filtered || (args.retained == Retained::Fresh && message.retain);
        if args.remove_retained && message.retain && !out_filtered && !message.payload.is_empty() {
            self.remove(&message.topic)?;
        }
        if !hidden && !self.print(message)? {
            return Ok(Next::Stop);
        }
        self.unacknowledged.extend(message.ack);
        if !hidden {
            self.printed += 1;
            if args.count.is_some_and(|count| self.printed >= count) {
                return Ok(Next::Stop);
            }
        }
        if self.unacknowledged.len() >= BATCH && !self.flush()? {
            return Ok(Next::Stop);
        }
        Ok(Next::GoOn)
    }

    /// Returns whether somebody still reads.
    fn print(&mut self, message: &Received) -> Result<bool, Failure> {
        let printed = Printed {
            topic: &message.topic,
            payload: &message.payload,
            qos: message.qos,
            retain: message.retain,
            packet_id: message.packet_id.map_or(0, |id| id.get()),
            properties: &message.properties,
            subscription_identifiers: &message.subscription_identifiers,
            at: message.received_at,
        };
        match self.args.format.write(&printed, self.args.newline, &mut self.out) {
            Ok(None) => Ok(true),
            Ok(Some(complaint)) => {
                self.session.complain(complaint);
                Ok(true)
            }
            Err(error) => unread(error),
        }
    }

    /// Hands over what is printed, then acknowledges it. Returns whether somebody still reads.
    fn flush(&mut self) -> Result<bool, Failure> {
        if let Err(error) = self.out.flush() {
            return unread(error);
        }
        for ack in self.unacknowledged.drain(..) {
            // A connection that is gone takes no acknowledgement; the broker sends the message again.
            let _ = self.session.client.ack(ack, ReasonCode::Success);
        }
        Ok(true)
    }

    /// Removes the retained message at this topic: an empty one takes its place.
    fn remove(&self, topic: &str) -> Result<(), Failure> {
        let properties = Properties::new();
        let request =
            PublishRequest { topic, payload: b"", qos: QoS::AtLeastOnce, retain: true, properties: &properties };
        let published = self.session.waiting(None, |wait| self.session.client.publish(&request, wait));
        published.map(drop).map_err(|e| self.session.failure(&e))
    }

    fn timed_out(&self) -> String {
        let seconds = self.args.timeout.as_ref().map_or(0, Duration::as_secs);
        match self.printed {
            0 => format!("no message came within {seconds} s."),
            1 => format!("the {seconds} s are over; 1 message came."),
            many => format!("the {seconds} s are over; {many} messages came."),
        }
    }
}

/// A reader that has gone (`mqtt sub ... | head -1`) ends the program without a word.
fn unread(error: std::io::Error) -> Result<bool, Failure> {
    if error.kind() == ErrorKind::BrokenPipe {
        return Ok(false);
    }
    Err(Failure::new(format!("cannot write to standard output: {error}.")))
}
