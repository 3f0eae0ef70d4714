//! Writing: one write per connection and turn, one batch per shard and turn.

use super::connection::Connection;
use super::shard::{POOL, POOLED_SIZE, Shard, TURN_OUTPUT};

impl Shard {
    /// Sees to it that what the link writes goes into a buffer of the pool.
    pub(crate) fn lend(&mut self, index: u32) {
        if let Some(connection) = self.connections.get_mut(index as usize) {
            lend(connection, &mut self.pool);
        }
    }

    /// Puts a connection into the list of those to write.
    pub(crate) fn wants_write(&mut self, index: u32) {
        if let Some(connection) = self.connections.get_mut(index as usize) {
            if !connection.dirty {
                connection.dirty = true;
                self.receivers.push(index);
            }
        }
    }

    /// The same for one whose input has just been read: it is written after the others.
    pub(super) fn wants_write_last(&mut self, index: u32) {
        if let Some(connection) = self.connections.get_mut(index as usize) {
            if !connection.dirty {
                connection.dirty = true;
                self.publishers.push(index);
            }
        }
    }

    /// The link of a receiver, ready to be sent to, and marked to be written.
    #[inline]
    pub(crate) fn receiver(&mut self, index: u32) -> Option<&mut Connection> {
        let connection = self.connections.get_mut(index as usize)?;
        lend(connection, &mut self.pool);
        if !connection.dirty {
            connection.dirty = true;
            self.receivers.push(index);
        }
        Some(connection)
    }

    /// Bounds what one turn collects: past the bound the receivers are written at once.
    pub(crate) fn bound_output(&mut self) {
        if self.delivered > TURN_OUTPUT {
            self.write_receivers();
        }
    }

    /// Gives another shard what there is for it.
    pub(crate) fn hand_over(&mut self, shard: usize) {
        if !self.outbox[shard].items.is_empty() {
            self.core.mailboxes[shard].deliver(std::mem::take(&mut self.outbox[shard]));
        }
    }

    /// Keeps the buffer of a batch for one of our own.
    pub(crate) fn give_back_batch(&mut self, mut bytes: Vec<u8>) {
        if self.batch_pool.len() < self.outbox.len() && bytes.capacity() != 0 {
            bytes.clear();
            self.batch_pool.push(bytes);
        }
    }

    pub(super) fn write_receivers(&mut self) {
        self.delivered = 0;
        let mut list = std::mem::take(&mut self.receivers);
        list.drain(..).for_each(|index| self.write(index));
        if self.receivers.is_empty() {
            self.receivers = list;
        }
    }

    pub(super) fn end_of_turn(&mut self) {
        for shard in 0..self.outbox.len() {
            self.hand_over(shard);
        }
        self.commit();
        // Writing may feed retained messages and end connections, whose wills reach others.
        while !self.receivers.is_empty() || !self.publishers.is_empty() {
            self.write_receivers();
            let mut list = std::mem::take(&mut self.publishers);
            list.drain(..).for_each(|index| self.write(index));
            if self.publishers.is_empty() {
                self.publishers = list;
            }
        }
        self.counters.connections = self.connections.len() as u64;
        self.counters.sessions = self.registry.len() as u64;
        self.core.published[self.index].store(&self.counters);
    }

    fn write(&mut self, index: u32) {
        let Some(connection) = self.connections.get_mut(index as usize) else { return };
        connection.dirty = false;
        if connection.blocked {
            return;
        }
        let wanted_input = connection.link.wants_input();
        match connection.write() {
            Ok(count) => self.counters.bytes_sent += count as u64,
            Err(error) => return self.lost(index, Some(&error)),
        }
        let reads_again = !wanted_input && connection.link.wants_input();
        if connection.blocked {
            return;
        }
        if reads_again {
            self.wants_read(index);
        }
        let Some(connection) = self.connections.get_mut(index as usize) else { return };
        if connection.lent && connection.link.output().is_empty() {
            connection.lent = false;
            let buffer = connection.link.take_output();
            self.give_back(buffer);
        }
        if self.connections[index as usize].extra.is_some() {
            self.feed_retained(index);
        }
    }

    pub(super) fn give_back(&mut self, mut buffer: Vec<u8>) {
        if self.pool.len() < POOL && buffer.capacity() != 0 && buffer.capacity() <= POOLED_SIZE {
            buffer.clear();
            self.pool.push(buffer);
        }
    }
}

#[inline]
fn lend(connection: &mut Connection, pool: &mut Vec<Vec<u8>>) {
    if !connection.lent {
        connection.lent = true;
        connection.link.lend_output(pool.pop().unwrap_or_else(|| Vec::with_capacity(4096)));
    }
}
