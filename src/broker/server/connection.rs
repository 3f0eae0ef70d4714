//! One connection of a shard: its socket, its link, and what of the input is not done with.

use std::collections::VecDeque;
use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::rc::Rc;

use bytes::Bytes;
use mqtt_net::Transport;
use mqtt_proto::packet::{Connect, Properties, QoS};
use mqtt_proto::session::Link;
use mqtt_proto::{ReasonCode, Text, Time};

use super::asking::Question;
use super::durable::GateAt;
use crate::hooks::Peer;
use crate::registry::NONE;
use crate::retained::Retained;
use crate::routing::Route;

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// TLS or WebSocket shake hands.
    Layers,
    /// Packets are read.
    Open,
    /// A hook decides; nothing is read.
    Asking,
}

/// One connection. While it is idle it owns no buffer.
pub(crate) struct Connection {
    pub(crate) link: Link,
    pub(crate) transport: Transport,
    /// Its session; [`NONE`] before CONNECT has been accepted.
    pub(crate) slot: u32,
    pub(crate) state: State,
    /// It is in the list of connections to write.
    pub(crate) dirty: bool,
    /// The link has an output buffer from the pool.
    pub(crate) lent: bool,
    /// The socket did not take everything; writing waits for the poll.
    pub(crate) blocked: bool,
    /// It is in the list of connections to read.
    pub(crate) ready: bool,
    /// The poll has seen the peer's end of the stream, or an error: it comes behind what is still to be read, and the
    /// poll will not tell again.
    pub(crate) ended: bool,
    /// There are layers over the socket, so that a short read does not mean that nothing is left.
    pub(crate) layered: bool,
    pub(crate) serial: u64,
    /// Bytes of output that have left.
    pub(crate) sent: u64,
    /// Input that is not done with: part of a packet, or what waits for a hook. Begins at `start`.
    pub(crate) partial: Vec<u8>,
    pub(crate) start: usize,
    /// The route of its last publish.
    pub(crate) memo: Option<Rc<Route>>,
    /// What only some connections have.
    pub(crate) extra: Option<Box<Extra>>,
}

/// What only some connections have: before CONNECT is accepted, while a hook decides, while retained messages flow.
#[derive(Debug, Default)]
pub(crate) struct Extra {
    pub(crate) peer: Option<Peer>,
    pub(crate) connect: Option<Box<Connect>>,
    pub(crate) granted: Granted,
    /// What a hook is asked, under which number.
    pub(crate) question: Option<(u64, Question)>,
    /// New subscriptions whose retained messages have not been looked for.
    pub(crate) wanted: VecDeque<WantedRetained>,
    /// Retained messages that wait until the receiver has taken those before.
    pub(crate) retained: VecDeque<PendingRetained>,
    /// They have waited since they were collected.
    pub(crate) waited: bool,
    /// Why it ends when the question has been answered.
    pub(crate) ends: Option<ReasonCode>,
    /// Where the output has to wait for the store.
    pub(crate) gates: VecDeque<GateAt>,
}

/// What hooks gave to a connection that is being let in.
#[derive(Debug, Default)]
pub(crate) struct Granted {
    pub(crate) properties: Properties,
    pub(crate) user_name: Option<Text>,
    pub(crate) authentication: Option<Bytes>,
    /// A hook let it in, so the rule for anonymous clients does not matter.
    pub(crate) vouched: bool,
}

/// A new subscription that gets retained messages. They are looked for when those of the subscription before have
/// been sent: a client that names the same filter many times must not make the broker collect them as many times.
#[derive(Debug)]
pub(crate) struct WantedRetained {
    pub(crate) filter: Box<str>,
    pub(crate) qos: QoS,
    pub(crate) no_local: bool,
    pub(crate) identifier: u32,
}

/// A retained message on its way to a new subscription.
#[derive(Debug)]
pub(crate) struct PendingRetained {
    pub(crate) retained: Retained,
    pub(crate) qos: QoS,
    pub(crate) no_local: bool,
    pub(crate) identifier: u32,
}

impl Connection {
    pub(crate) fn new(link: Link, transport: Transport, layered: bool, serial: u64, peer: Peer) -> Connection {
        let state = if transport.is_ready() { State::Open } else { State::Layers };
        let extra = Extra { peer: Some(peer), ..Extra::default() };
        Connection {
            link,
            transport,
            slot: NONE,
            state,
            dirty: false,
            lent: false,
            blocked: false,
            ready: false,
            ended: false,
            layered,
            serial,
            sent: 0,
            partial: Vec::new(),
            start: 0,
            memo: None,
            extra: Some(Box::new(extra)),
        }
    }

    /// Input that is not done with.
    pub(crate) fn unread(&self) -> &[u8] {
        &self.partial[self.start..]
    }

    /// What only some connections have, made on first use.
    pub(crate) fn extra(&mut self) -> &mut Extra {
        self.extra.get_or_insert_default()
    }

    /// Lets go of what is not needed any more.
    pub(crate) fn trim(&mut self) {
        if self.extra.as_ref().is_some_and(|extra| {
            self.slot != NONE
                && extra.question.is_none()
                && extra.retained.is_empty()
                && extra.wanted.is_empty()
                && extra.connect.is_none()
                && extra.gates.is_empty()
                && extra.ends.is_none()
        }) {
            self.extra = None;
        }
    }

    /// Writes what the link wants written, as far as the socket takes it; returns the bytes that left.
    pub(crate) fn write(&mut self) -> io::Result<usize> {
        let mut count = 0;
        loop {
            let output = ungated(&self.link, self.extra.as_deref(), self.sent);
            if output.is_empty() {
                break;
            }
            match self.transport.write(output) {
                Ok(written) => {
                    self.link.written(written);
                    self.sent += written as u64;
                    count += written;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.blocked = true;
                    return Ok(count);
                }
                Err(error) => return Err(error),
            }
        }
        self.blocked = self.layered && !self.transport.flush()?;
        Ok(count)
    }

    /// Output that does not wait for the store.
    pub(crate) fn ungated_output(&self) -> &[u8] {
        ungated(&self.link, self.extra.as_deref(), self.sent)
    }

    pub(crate) fn fd(&self) -> RawFd {
        self.transport.as_raw_fd()
    }
}

fn ungated<'a>(link: &'a Link, extra: Option<&Extra>, sent: u64) -> &'a [u8] {
    let output = link.output();
    let Some(gate) = extra.and_then(|extra| extra.gates.front()) else { return output };
    let may = gate.position.saturating_sub(sent).try_into().unwrap_or(usize::MAX);
    &output[..output.len().min(may)]
}

/// A connection that is over, while the farewell leaves and until the peer has seen it: closing a socket with unread
/// input would reset it and take the farewell along.
pub(crate) struct Draining {
    pub(crate) transport: Transport,
    output: Vec<u8>,
    sent: usize,
    closed: bool,
    pub(crate) until: Time,
}

impl Draining {
    /// Everything has been written and our end is closed; the peer has not closed its own.
    pub(crate) fn is_written(&self) -> bool {
        self.closed
    }

    pub(crate) fn new(transport: Transport, output: Vec<u8>, until: Time) -> Draining {
        Draining { transport, output, sent: 0, closed: false, until }
    }

    /// Writes the rest and reads to the end; false when there is nothing more to wait for.
    pub(crate) fn progress(&mut self, scratch: &mut [u8]) -> bool {
        while self.sent < self.output.len() {
            match self.transport.write(&self.output[self.sent..]) {
                Ok(count) => self.sent += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(_) => return false,
            }
        }
        if self.sent == self.output.len() && !self.closed && self.transport.flush().unwrap_or(true) {
            self.transport.close_write();
            self.closed = true;
        }
        // Bounded: a peer that goes on sending is read at most this much in one turn and no longer than `until`.
        for _ in 0..16 {
            match self.transport.read(scratch) {
                Ok(0) => return false,
                Ok(_) => {}
                Err(error) => return error.kind() == io::ErrorKind::WouldBlock,
            }
        }
        true
    }
}
