//! Moves the bytes of one client: a state machine over its socket that never blocks and never waits.
//!
//! The lock around a [`Pump`] is held for one turn only, never while polling; the lock of the [`State`] is taken inside
//! a turn for moments and never held across a system call. So whoever waits for a client (a caller that leads, or the
//! background thread) takes a turn, lets go, and polls what the turn says.

use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use mqtt_net::{ClientTls, Dial, DialOptions, DialPoll, Transport, WebSocketClientOptions};
use rustix::event::PollFlags;
use smallvec::SmallVec;

use crate::Error;
use crate::input::Input;
use crate::journal::Journal;
use crate::shared::{Shared, clock};
use crate::state::{Plan, PlanKind, State};

#[derive(Default)]
pub(crate) struct Pump {
    /// Whose socket it is: [`crate::state::State`] counts its connections.
    epoch: u64,
    wire: Wire,
    /// Bytes taken from the link and not written from `written` on.
    output: Vec<u8>,
    written: usize,
    /// Position of the end of `output` in the stream.
    end: u64,
    input: Input,
    tls: Option<Arc<ClientTls>>,
    journal: Option<Journal>,
}

#[derive(Default)]
enum Wire {
    #[default]
    None,
    Dialing(Box<Dial>),
    Open(Box<Transport>),
    /// Our side is ended; the server's is still to come.
    HalfClosed(Box<Transport>),
}

/// What to do after a turn.
#[derive(Default)]
pub(crate) struct Turn {
    /// There is more to do at once.
    pub(crate) more: bool,
    /// Bytes moved or something changed.
    pub(crate) progress: bool,
    /// Poll these.
    pub(crate) watch: SmallVec<[(Arc<OwnedFd>, PollFlags); 2]>,
    /// Take the next turn then at the latest.
    pub(crate) deadline: Option<Instant>,
}

/// Reads in one turn.
const READS: usize = 4;
/// Taken from the link at once.
const WRITE_KEEP: usize = 256 * 1024;

impl Pump {
    pub(crate) fn new(journal: Option<Journal>) -> Pump {
        Pump { journal, ..Pump::default() }
    }

    /// Goes as far as it can without waiting.
    pub(crate) fn turn(&mut self, shared: &Shared) -> Turn {
        let mut turn = Turn::default();
        let plan = shared.with(|state| state.plan(clock()));
        if plan.epoch != self.epoch {
            self.drop_wire();
            self.epoch = plan.epoch;
            turn.progress = true;
        }
        let saved = self.save(shared);
        let result = saved.and_then(|()| match plan.kind {
            PlanKind::Nothing => Ok(()),
            PlanKind::Dial => self.dial(shared, &mut turn),
            PlanKind::Move => self.move_bytes(shared, &mut turn),
            PlanKind::Leave => self.leave(shared, &mut turn),
        });
        let now = clock();
        if let Err(error) = result {
            turn = Turn { more: true, progress: true, ..Turn::default() };
            shared.with(|state| state.lost(now, plan.epoch, error));
        } else if let Some(at) = shared.with(|state| state.deadline(now)) {
            // The clock counts whole milliseconds; one more lets it pass the mark.
            let at = Instant::now() + at.since(now) + Duration::from_millis(1);
            turn.deadline = Some(turn.deadline.map_or(at, |other| other.min(at)));
        }
        turn
    }

    /// Writes what wants to be written, for a caller that has just sent something. Returns whether the pump has more
    /// to do (the socket is full, or broken).
    pub(crate) fn flush(&mut self, shared: &Shared) -> bool {
        if self.save(shared).is_err() {
            // The next turn finds it again and says so.
            return true;
        }
        let Plan { epoch, kind } = shared.with(|state| state.plan(clock()));
        epoch != self.epoch || kind != PlanKind::Move || !matches!(self.write(shared), Ok(true))
    }

    /// Closes the socket without a word: it belongs to another process.
    pub(crate) fn abandon(&mut self) {
        self.wire = Wire::None;
        self.journal = None;
    }

    /// Writes what the session says has changed into the store, and lets go what depended on it.
    pub(crate) fn save(&mut self, shared: &Shared) -> Result<(), Error> {
        save(&mut self.journal, shared)
    }

    /// The client is closed: its store is free for another.
    pub(crate) fn close_store(&mut self) {
        self.journal = None;
    }

    fn dial(&mut self, shared: &Shared, turn: &mut Turn) -> Result<(), Error> {
        if let Wire::None = self.wire {
            self.wire = Wire::Dialing(self.start_dial(shared)?);
        }
        let Wire::Dialing(dial) = &mut self.wire else { return Ok(()) };
        match dial.poll(Instant::now()) {
            DialPoll::Pending { watch, wake } => {
                turn.watch = watch.into_iter().map(|watch| (watch.fd.clone(), watch.poll_flags())).collect();
                turn.deadline = Some(wake);
            }
            DialPoll::Ready(transport) => {
                let peer = dial.endpoint().authority();
                self.wire = Wire::Open(Box::new(transport));
                (self.end, self.written) = (0, 0);
                self.output.clear();
                self.input.clear();
                shared.with(|state| state.dialed(clock(), peer));
                (turn.more, turn.progress) = (true, true);
            }
            DialPoll::Failed(error) => {
                self.wire = Wire::None;
                return Err(Error::Transport(error.to_string()));
            }
        }
        Ok(())
    }

    fn start_dial(&mut self, shared: &Shared) -> Result<Box<Dial>, Error> {
        let options = &shared.options;
        let Some(mut endpoint) = shared.with(|state| state.server()) else {
            return Err(Error::InvalidArgument("no server is given".into()));
        };
        if let (Some(path), true) = (&options.websocket_path, endpoint.scheme.is_websocket()) {
            endpoint.path = path.clone();
        }
        if endpoint.scheme.is_tls() && self.tls.is_none() {
            let tls = ClientTls::new(&options.tls.to_net()?);
            self.tls =
                Some(tls.map_err(|error| Error::Transport(format!("TLS to {}: {error}", endpoint.authority())))?);
        }
        let websocket = WebSocketClientOptions { headers: options.websocket_headers.clone(), ..Default::default() };
        let dial_options = DialOptions { timeout: options.connect_timeout, websocket, ..Default::default() };
        let tls = self.tls.clone().filter(|_| endpoint.scheme.is_tls());
        Ok(Box::new(Dial::start(Arc::new(endpoint), tls, dial_options)))
    }

    fn move_bytes(&mut self, shared: &Shared, turn: &mut Turn) -> Result<(), Error> {
        self.write(shared)?;
        // Timers come after reading: what lies unread is a sign of life.
        let result = self.read(shared, turn).and_then(|drained| {
            if drained {
                shared.with(|state| state.handle_timeout(clock()))?;
            }
            Ok(drained)
        });
        if result.is_err() {
            // What tells the server why is in the output.
            let _ = self.write(shared);
        }
        let drained = result?;
        let answered = self.end;
        let flushed = self.write(shared)?;
        turn.more = !drained && !shared.with(|state| state.is_paused());
        let Wire::Open(transport) = &self.wire else { return Ok(()) };
        if turn.progress && drained && answered == self.end && shared.with(|state| state.open_tokens() > 0) {
            // More answers are due, and a server without TCP_NODELAY holds them until the last one is acknowledged,
            // which our kernel puts off for 40 ms when nothing goes out.
            transport.socket().hurry();
        }
        let mut flags = PollFlags::empty();
        flags.set(PollFlags::IN, !shared.with(|state| state.is_paused()));
        flags.set(PollFlags::OUT, !flushed || transport.wants_write());
        turn.watch.push((transport.handle(), flags));
        Ok(())
    }

    /// Writes until nothing is left or the socket takes no more. True: nothing is left.
    fn write(&mut self, shared: &Shared) -> Result<bool, Error> {
        let Wire::Open(transport) = &mut self.wire else { return Ok(true) };
        loop {
            if self.written == self.output.len() {
                save(&mut self.journal, shared)?;
                self.output.clear();
                self.output.shrink_to(WRITE_KEEP);
                self.written = 0;
                let flushed = if transport.wants_write() { 0 } else { self.end };
                self.end = shared.with(|state| {
                    state.take_output(clock(), flushed, &mut self.output);
                    state.blocked = false;
                    state.taken()
                });
                if self.output.is_empty() {
                    return transport.flush().map_err(|error| broken(shared, &error));
                }
            }
            match transport.write(&self.output[self.written..]) {
                Ok(count) => self.written += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    let flushed = self.end - (self.output.len() - self.written) as u64;
                    shared.with(|state| {
                        state.blocked = true;
                        state.flushed(if transport.wants_write() { 0 } else { flushed });
                    });
                    return Ok(false);
                }
                Err(error) => return Err(broken(shared, &error)),
            }
        }
    }

    /// Reads and hands over. True: nothing is left to read.
    fn read(&mut self, shared: &Shared, turn: &mut Turn) -> Result<bool, Error> {
        let Wire::Open(transport) = &mut self.wire else { return Ok(true) };
        // What a full receive queue left behind comes first.
        if !self.input.is_empty() {
            feed(shared, &mut self.input, turn)?;
        }
        for _ in 0..READS {
            if shared.with(|state| state.is_paused()) {
                return Ok(true);
            }
            let room = self.input.room();
            let size = room.len();
            match transport.read(room) {
                Ok(0) => {
                    return Err(Error::Closed {
                        why: format!("{} closed the connection", shared.peer()),
                        reason: None,
                    });
                }
                Ok(count) => {
                    self.input.filled(count);
                    feed(shared, &mut self.input, turn)?;
                    if count < size && !transport.has_buffered_input() {
                        return Ok(true);
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(true),
                Err(error) => return Err(broken(shared, &error)),
            }
        }
        Ok(false)
    }

    /// DISCONNECT, the end of our stream, and then everything the server still sends, unread: closing a socket with
    /// unread bytes resets the connection, and the server might never see the DISCONNECT.
    fn leave(&mut self, shared: &Shared, turn: &mut Turn) -> Result<(), Error> {
        if let Wire::Open(_) = self.wire {
            if !self.write(shared)? {
                let Wire::Open(transport) = &self.wire else { return Ok(()) };
                turn.watch.push((transport.handle(), PollFlags::OUT));
                return Ok(());
            }
            if let Wire::Open(mut transport) = std::mem::take(&mut self.wire) {
                transport.close_write();
                self.wire = Wire::HalfClosed(transport);
                turn.progress = true;
                shared.with(|state| state.farewell_sent(clock()));
            }
        }
        let Wire::HalfClosed(transport) = &mut self.wire else {
            shared.with(|state| state.left());
            return Ok(());
        };
        self.input.clear();
        loop {
            match transport.read(self.input.room()) {
                Ok(count) if count > 0 => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    turn.watch.push((transport.handle(), PollFlags::IN));
                    return Ok(());
                }
                _ => break,
            }
        }
        shared.with(|state| state.left());
        turn.more = true;
        Ok(())
    }

    fn drop_wire(&mut self) {
        if let Wire::Open(transport) | Wire::HalfClosed(transport) = &mut self.wire {
            transport.close();
        }
        self.wire = Wire::None;
        self.output = Vec::new();
        self.input = Input::default();
        self.written = 0;
    }
}

fn save(journal: &mut Option<Journal>, shared: &Shared) -> Result<(), Error> {
    let Some(journal) = journal else { return Ok(()) };
    loop {
        let (mark, changes, kept) = shared.with(State::take_changes);
        if changes.is_empty() && journal.is_written(kept) {
            break;
        }
        journal.append(&changes, kept, clock())?;
        // What was held goes out now, and makes room for more.
        shared.with(|state| state.saved(mark));
    }
    if journal.has_grown() {
        // Between the two locks more may have changed: that is in the snapshot and in what is appended next, and
        // reading it twice does no harm.
        let snapshot = shared.with(|state| state.snapshot());
        journal.compact(&snapshot, clock())?;
    }
    Ok(())
}

fn feed(shared: &Shared, input: &mut Input, turn: &mut Turn) -> Result<(), Error> {
    let (now, time) = (clock(), SystemTime::now());
    let fed = shared.with(|state| state.feed(now, time, input.bytes()));
    turn.progress |= fed.consumed > 0;
    input.consumed(fed.consumed);
    match fed.over {
        None => Ok(()),
        Some(error) => Err(error),
    }
}

fn broken(shared: &Shared, error: &io::Error) -> Error {
    Error::Transport(format!("the connection to {} broke: {error}", shared.peer()))
}
