//! The read buffer of one connection.

use mqtt_proto::wire::frame;

/// Read at once, and the size of the buffer while packets are small.
const READ: usize = 64 * 1024;

/// The read buffer: what was read and not consumed, and room behind it.
#[derive(Default)]
pub(crate) struct Input {
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

impl Input {
    pub(crate) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    pub(crate) fn filled(&mut self, count: usize) {
        self.end += count;
    }

    pub(crate) fn consumed(&mut self, count: usize) {
        self.start += count;
        if self.start == self.end {
            self.clear();
            if self.buffer.len() > READ {
                self.buffer = Vec::new();
            }
        }
    }

    pub(crate) fn clear(&mut self) {
        (self.start, self.end) = (0, 0);
    }

    /// Room for one read. Grows with the bytes that have come, not with the length that is announced.
    pub(crate) fn room(&mut self) -> &mut [u8] {
        if self.buffer.is_empty() {
            self.buffer.resize(READ, 0);
        }
        if self.start > 0 && self.buffer.len() - self.end < READ / 2 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.buffer.len() - self.end < READ / 4 {
            let wanted = frame::announced(self.bytes()).map_or(0, |size| size as usize);
            let size = wanted.clamp(self.buffer.len() + READ, 2 * self.buffer.len().max(READ));
            self.buffer.resize(size, 0);
        }
        &mut self.buffer[self.end..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_read_buffer_keeps_what_is_left_and_grows_with_what_has_come() {
        let mut input = Input::default();
        let room = input.room();
        room[..5].copy_from_slice(b"hello");
        input.filled(5);
        input.consumed(2);
        assert_eq!(input.bytes(), b"llo");
        // A large packet: each read finds room, and the bytes stay in order.
        let mut expected = b"llo".to_vec();
        for byte in 0..40u8 {
            let room = input.room();
            let count = room.len().min(20_000);
            room[..count].fill(byte);
            input.filled(count);
            expected.extend(std::iter::repeat_n(byte, count));
        }
        assert_eq!(input.bytes(), expected);
        assert!(input.buffer.len() < 4 * expected.len());
        input.consumed(expected.len());
        assert!(input.is_empty() && input.buffer.is_empty(), "a large buffer is given back");
    }
}
