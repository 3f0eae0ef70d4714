//! Reading: bytes of one connection to packets, and packets to what has to be done.

use std::io;

use mqtt_net::Progress;
use mqtt_proto::packet::PacketType;
use mqtt_proto::session::Event;

use super::connection::State;
use super::shard::{READ_SIZE, Shard};
use crate::log::{Level, Record};

impl Shard {
    pub(super) fn read(&mut self, index: u32) {
        let Some(connection) = self.connections.get_mut(index as usize) else { return };
        connection.ready = false;
        match connection.state {
            State::Asking => return,
            State::Layers => match connection.transport.progress() {
                Ok(Progress::Ready) => self.layers_done(index),
                Ok(Progress::NeedRead) => return,
                Ok(Progress::NeedWrite) => {
                    connection.blocked = true;
                    return;
                }
                Err(error) => return self.lost(index, Some(&error)),
            },
            // An MQTT 3 client that has more unsettled than it may: what it sent waits, and the socket too.
            // So does one that asks and asks and does not read the answers.
            State::Open if !connection.link.wants_input() => return,
            State::Open => {}
        }
        if self.connections.get(index as usize).is_some_and(|connection| connection.extra.is_some()) {
            self.feed_retained(index);
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        self.read_into(index, &mut scratch);
        self.scratch = scratch;
    }

    fn read_into(&mut self, index: u32, scratch: &mut [u8]) {
        let Some(connection) = self.connections.get_mut(index as usize) else { return };
        let kept = connection.unread().len();
        if kept > READ_SIZE / 2 {
            return self.read_long(index);
        }
        if kept > 0 {
            scratch[..kept].copy_from_slice(connection.unread());
            let buffer = std::mem::take(&mut connection.partial);
            connection.start = 0;
            self.give_back(buffer);
        }
        let Some(connection) = self.connections.get_mut(index as usize) else { return };
        match connection.transport.read(&mut scratch[kept..]) {
            Ok(0) => self.lost(index, None),
            Ok(count) => {
                let more = connection.layered || connection.ended || kept + count == scratch.len();
                self.counters.bytes_received += count as u64;
                let input = &scratch[..kept + count];
                let used = self.process(index, input);
                self.keep(index, &input[used..]);
                if more {
                    self.wants_read(index);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.keep(index, &scratch[..kept]),
            Err(error) => self.lost(index, Some(&error)),
        }
    }

    /// Reads a packet that is too long for the scratch buffer into a buffer of its own, which grows with what has
    /// come and never by what was announced.
    fn read_long(&mut self, index: u32) {
        let Some(connection) = self.connections.get_mut(index as usize) else { return };
        let mut buffer = std::mem::take(&mut connection.partial);
        buffer.drain(..std::mem::take(&mut connection.start));
        let kept = buffer.len();
        buffer.resize(kept + kept.clamp(READ_SIZE, 16 * READ_SIZE), 0);
        let read = connection.transport.read(&mut buffer[kept..]);
        let full = read.as_ref().is_ok_and(|count| kept + count == buffer.len());
        buffer.truncate(kept + *read.as_ref().unwrap_or(&0));
        match read {
            Ok(0) => self.lost(index, None),
            Ok(count) => {
                self.counters.bytes_received += count as u64;
                let more = connection.layered || connection.ended || full;
                connection.partial = buffer;
                self.resume(index);
                if more {
                    self.wants_read(index);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => connection.partial = buffer,
            Err(error) => self.lost(index, Some(&error)),
        }
    }

    /// Goes on with input that was kept.
    pub(crate) fn resume(&mut self, index: u32) {
        let Some(connection) = self.connections.get_mut(index as usize) else { return };
        let buffer = std::mem::take(&mut connection.partial);
        let start = std::mem::take(&mut connection.start);
        let used = self.process(index, &buffer[start..]);
        match self.connections.get_mut(index as usize) {
            Some(connection) if start + used < buffer.len() => {
                connection.partial = buffer;
                connection.start = start + used;
            }
            _ => self.give_back(buffer),
        }
    }

    /// Copies input that is not done with.
    fn keep(&mut self, index: u32, rest: &[u8]) {
        if rest.is_empty() {
            return;
        }
        let mut buffer = self.pool.pop().unwrap_or_default();
        let Some(connection) = self.connections.get_mut(index as usize) else { return self.give_back(buffer) };
        buffer.extend_from_slice(rest);
        connection.partial = buffer;
        connection.start = 0;
    }

    /// Reads packets until the input is used up or somebody has to decide; returns the bytes that are done with.
    pub(crate) fn process(&mut self, index: u32, input: &[u8]) -> usize {
        self.lend(index);
        let mut used = 0;
        loop {
            let Some(connection) = self.connections.get_mut(index as usize) else { return input.len() };
            if connection.state != State::Open {
                break;
            }
            let received = match connection.link.recv(self.now, &input[used..]) {
                Ok(received) => received,
                Err(violation) => {
                    self.violated(index, &violation);
                    return input.len();
                }
            };
            used += received.consumed;
            let Some(event) = received.event else {
                if received.consumed == 0 {
                    break;
                }
                self.counters.packets_received += 1;
                continue;
            };
            self.counters.packets_received += 1;
            match event {
                Event::Publish { publish, alias, receipt } => self.on_publish(index, &publish, alias.as_ref(), receipt),
                Event::Connect(connect) => {
                    if self.on_connect(index, connect, &input[used..]) {
                        return input.len();
                    }
                }
                Event::Completed { .. } => {}
                Event::Subscribe(subscribe) => self.on_subscribe(index, subscribe),
                Event::Unsubscribe(unsubscribe) => self.on_unsubscribe(index, unsubscribe),
                Event::Auth(auth) => self.on_auth(index, auth),
                Event::Ping => self.on_ping(index),
                Event::Disconnect(disconnect) => {
                    self.on_disconnect(index, &disconnect);
                    return input.len();
                }
                // A server's link has no other events.
                Event::Connected(_) | Event::Subscribed(_) | Event::Unsubscribed(_) => {}
            }
        }
        self.trace(index);
        if let Some(connection) = self.connections.get_mut(index as usize) {
            let slot = connection.slot;
            if connection.extra.is_some() {
                self.feed_retained(index);
            }
            self.wants_write_last(index);
            self.note_changed(slot);
        }
        used
    }

    /// Hands the packets that passed to the log.
    pub(crate) fn trace(&mut self, index: u32) {
        if !self.core.log.wants(Level::Debug) {
            return;
        }
        let client = self.name(index);
        if let Some(connection) = self.connections.get_mut(index as usize) {
            for trace in connection.link.take_trace() {
                // These have lines of their own.
                if matches!(trace.packet_type, PacketType::Connect | PacketType::ConnAck) {
                    continue;
                }
                self.core.log.write(&Record::Packet { client: &client, trace: &trace });
            }
            connection.link.set_tracing(true);
        }
    }
}
