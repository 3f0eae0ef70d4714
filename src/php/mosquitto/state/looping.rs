//! loop() and loopForever().

use std::rc::Rc;
use std::time::{Duration, Instant};

use mqtt_client::mosquitto::{Code, DEBUG, lock};
use mqtt_proto::packet::PacketType;
use mqtt_proto::wire::frame;
use mqtt_proto::{MAXIMUM_REMAINING_LENGTH, Version};
use rustix::event::{PollFd, PollFlags};

use super::super::text::OrThrow;
use super::{SLICE, State, handle_signals, sleep};
use crate::guard::Outcome;

impl State {
    /// loop(): waits for something and handles what has come. Not connected is an error.
    pub(in super::super) fn turn(self: &Rc<Self>, timeout: Duration) -> Outcome {
        // Left over where a callback has thrown.
        self.dispatch()?;
        if !self.is_connected() {
            return Err(Code::NOT_CONNECTED).or_throw();
        }
        let end = Instant::now() + self.patience(timeout);
        while !self.has_packet() {
            let rest = end.saturating_duration_since(Instant::now());
            self.wait(rest, true)?;
            let read = self.read();
            self.dispatch()?;
            read.or_throw()?;
            if Instant::now() >= end {
                break;
            }
        }
        loop {
            let taken = self.take_packet();
            if let Err(code) = taken {
                self.lose(code);
            }
            self.dispatch()?;
            if !taken.or_throw()? || self.exit.get() {
                return Ok(());
            }
        }
    }

    /// Where something was sent and no answer is due, the original's loop() returns at once: scripts that publish and
    /// loop() in turns rely on it.
    fn patience(&self, timeout: Duration) -> Duration {
        if self.has_sent.replace(false) && !self.session.borrow().expects_answer() { Duration::ZERO } else { timeout }
    }

    /// loopForever().
    pub(in super::super) fn run(self: &Rc<Self>, timeout: Duration) -> Outcome {
        let outer = self.is_looping.replace(true);
        self.exit.set(false);
        let result = loop {
            match self.turn(timeout) {
                Ok(()) if self.exit.get() || !self.is_connected() => break Ok(()),
                Ok(()) => {}
                Err(thrown) => break Err(thrown),
            }
        };
        self.is_looping.set(outer);
        self.exit.set(false);
        result
    }

    /// exitLoop().
    pub(in super::super) fn exit(&self) {
        self.exit.set(self.is_looping.get());
    }

    /// Waits until the socket is ready or the time is over, and lets signal handlers run.
    pub(super) fn wait(&self, timeout: Duration, reading: bool) -> Outcome {
        self.watch(true);
        let result = self.wait_watched(timeout, reading);
        self.watch(false);
        result
    }

    fn watch(&self, is_watched: bool) {
        if let Some(wire) = self.wire() {
            lock(&wire).is_watched = is_watched;
        }
    }

    fn wait_watched(&self, timeout: Duration, reading: bool) -> Outcome {
        let end = Instant::now() + timeout;
        handle_signals()?;
        while let Some(wire) = self.wire() {
            let (handle, mut flags) = {
                let mut wire = lock(&wire);
                wire.ping_if_due(Instant::now());
                if reading && (wire.has_buffered_input() || wire.has_news()) {
                    return Ok(());
                }
                let flags = if wire.wants_write() { PollFlags::OUT } else { PollFlags::empty() };
                (wire.transport().handle(), flags)
            };
            flags.set(PollFlags::IN, reading);
            let rest = end.saturating_duration_since(Instant::now());
            let mut fds = [PollFd::new(&handle, flags)];
            sleep(&mut fds, rest.min(SLICE));
            let ready = fds[0].revents();
            handle_signals()?;
            if !ready.is_empty() || rest <= SLICE {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Writes what waits, reads once. An error has ended the connection and is to be thrown after the callbacks.
    pub(super) fn read(&self) -> Result<(), Code> {
        let Some(wire) = self.wire() else { return Ok(()) };
        let result = {
            let mut wire = lock(&wire);
            for _ in 0..wire.take_untold_pings() {
                self.session.borrow_mut().log(DEBUG, |name| format!("Client {name} sending PINGREQ"));
            }
            match (wire.flush(), wire.read(&mut self.input.borrow_mut())) {
                // What the server has said before it left comes first.
                (_, Ok(Some(count))) if count > 0 => Ok(()),
                (Ok(_), Ok(None)) if wire.is_silent() => Err(Code::KEEP_ALIVE),
                (Ok(_), Ok(None)) => Ok(()),
                _ => Err(Code::LOST),
            }
        };
        if let Err(code) = result {
            self.lose(code);
        }
        result
    }

    fn has_packet(&self) -> bool {
        // One that breaks the rules is handled like one that is complete.
        !matches!(split(self.input.borrow().bytes()), Ok(None))
    }

    /// Takes in one packet, if there is one. What is to be answered is written before the script is told, except
    /// that the answers to packets that came together leave together.
    fn take_packet(&self) -> Result<bool, Code> {
        let Some(wire) = self.wire() else { return Ok(false) };
        let mut input = self.input.borrow_mut();
        let Some(frame) = split(input.bytes())? else { return Ok(false) };
        let mut wire = lock(&wire);
        let mut session = self.session.borrow_mut();
        session.recv(&frame, &mut wire.output)?;
        wire.is_accepted = session.is_accepted();
        if frame.packet_type == PacketType::PingResp {
            wire.pong();
        }
        let size = frame.bytes.len();
        input.consumed(size);
        if wire.wants_write() && matches!(split(input.bytes()), Ok(None)) {
            wire.flush().map_err(|_| Code::LOST)?;
        }
        Ok(true)
    }
}

fn split(bytes: &[u8]) -> Result<Option<frame::Frame<'_>>, Code> {
    frame::split(bytes, Version::V3_1_1, MAXIMUM_REMAINING_LENGTH + 5).map_err(|_| Code::PROTOCOL)
}
