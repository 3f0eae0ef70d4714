//! How connections end, and what they are told.

use std::io;
use std::os::fd::AsRawFd;
use std::time::Duration;

use mio::unix::SourceFd;
use mio::{Interest, Token};
use mqtt_proto::packet::Disconnect;
use mqtt_proto::{ReasonCode, Rule, Violation};

use super::asking::Question;
use super::connection::{Connection, Draining};
use super::shard::{DRAINING, LINGER, Shard};
use crate::hooks::DisconnectCause;
use crate::log::{Level, Record};

impl Shard {
    /// The peer closed its socket, or it failed.
    pub(crate) fn lost(&mut self, index: u32, error: Option<&io::Error>) {
        if self.core.log.wants(Level::Notice) {
            let client = self.name(index);
            match error {
                None => self.core.log.write(&Record::Closed { client: &client }),
                Some(error) => self.core.log.write(&Record::SocketError { client: &client, error }),
            }
        }
        self.detach(index, DisconnectCause::Closed, None);
    }

    /// The peer broke a rule; the farewell is in the link's output.
    pub(super) fn violated(&mut self, index: u32, violation: &Violation) {
        self.trace(index);
        if self.core.log.wants(Level::Notice) {
            let client = self.name(index);
            let timeout = matches!(violation.rule, Rule::KeepAliveTimeout);
            self.core.log.write(&match timeout {
                true => Record::TimedOut { client: &client },
                false => Record::Violation { client: &client, violation },
            });
        }
        self.detach(index, DisconnectCause::Broker(violation.reason()), None);
    }

    /// Ends a connection with a reason, which MQTT 5 is told.
    pub(crate) fn end(&mut self, index: u32, reason: ReasonCode) {
        self.end_with(index, Disconnect::new(reason));
    }

    /// The same with properties.
    pub(super) fn end_with(&mut self, index: u32, disconnect: Disconnect) {
        let reason = disconnect.reason;
        if self.core.log.wants(Level::Notice) {
            self.core.log.write(&Record::Ended { client: &self.name(index), reason });
        }
        self.lend(index);
        if let Some(connection) = self.connection(index) {
            if connection.link.is_connected() {
                connection.link.disconnect(&disconnect);
            }
        }
        self.trace(index);
        self.detach(index, DisconnectCause::Broker(reason), None);
    }

    /// The same from outside. A message that a hook is being asked about goes on first, as it does when its publisher
    /// leaves by itself: it has been taken from the socket, and at QoS 0 nobody sends it again.
    pub(crate) fn end_after_publish(&mut self, index: u32, reason: ReasonCode) {
        let extra = self.connection(index).and_then(|connection| connection.extra.as_mut());
        match extra.filter(|extra| matches!(extra.question, Some((_, Question::Publish(..))))) {
            Some(extra) => extra.ends = extra.ends.or(Some(reason)),
            None => self.end(index, reason),
        }
    }

    /// Lets the farewell of a connection leave, then closes the socket.
    pub(crate) fn see_off(&mut self, mut connection: Connection, polite: bool) {
        let listener = connection.extra.as_ref().and_then(|extra| extra.peer.as_ref()).map(|peer| peer.listener);
        let listener =
            listener.or_else(|| self.registry.get(connection.slot).map(|client| client.identity.peer.listener));
        self.forget_socket(listener.unwrap_or(usize::MAX));
        let written = if connection.blocked { Ok(0) } else { connection.write() };
        self.counters.bytes_sent += *written.as_ref().unwrap_or(&0) as u64;
        if !polite || written.is_err() {
            connection.transport.close();
            return;
        }
        let output = connection.ungated_output().to_vec();
        let mut draining = Draining::new(connection.transport, output, self.now + LINGER);
        let mut scratch = [0; 4096];
        if draining.progress(&mut scratch) {
            let fd = draining.transport.as_raw_fd();
            let index = self.draining.insert(draining);
            let both = Interest::READABLE | Interest::WRITABLE;
            if self.poll.registry().register(&mut SourceFd(&fd), Token(index | DRAINING), both).is_err() {
                self.draining.remove(index);
            }
        }
    }

    pub(super) fn drain(&mut self, index: usize) {
        let mut scratch = std::mem::take(&mut self.scratch);
        if let Some(draining) = self.draining.get_mut(index) {
            if !draining.progress(&mut scratch) {
                self.draining.remove(index);
            }
        }
        self.scratch = scratch;
    }

    /// Ends every connection; the thread goes on until their farewells have left.
    pub(super) fn stop(&mut self, timeout: Duration) {
        let all: Vec<u32> = self.connections.iter().map(|(index, _)| index as u32).collect();
        all.into_iter().for_each(|index| self.end(index, ReasonCode::ServerShuttingDown));
        self.next_system = None;
        self.stopping = Some(self.now + timeout);
    }
}
