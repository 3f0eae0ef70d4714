//! Messages that dispatching met and nobody took. They wait for receive(), or for a callback of onMessage().
//!
//! They fill the same bound as the queue behind them (option receiveQueue). Once it is reached no message is taken from
//! that queue, so nothing is lost: it fills too, and then the server has to wait.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use mqtt_client::{AckId, Received};

#[derive(Default)]
pub(super) struct Kept {
    queue: RefCell<VecDeque<Received>>,
    bytes: Cell<usize>,
    /// The script knows that messages are left lying: it calls receive(), or it was told.
    told: Cell<bool>,
}

impl Kept {
    pub(super) fn new(queue: VecDeque<Received>) -> Kept {
        Kept {
            bytes: Cell::new(queue.iter().map(Received::size).sum()),
            queue: RefCell::new(queue),
            told: Cell::new(false),
        }
    }

    pub(super) fn push(&self, received: Received) {
        self.bytes.set(self.bytes.get() + received.size());
        self.queue.borrow_mut().push_back(received);
    }

    pub(super) fn pop(&self) -> Option<Received> {
        let received = self.queue.borrow_mut().pop_front()?;
        self.bytes.set(self.bytes.get() - received.size());
        Some(received)
    }

    pub(super) fn take_all(&self) -> VecDeque<Received> {
        self.bytes.set(0);
        std::mem::take(&mut *self.queue.borrow_mut())
    }

    pub(super) fn len(&self) -> usize {
        self.queue.borrow().len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes.get()
    }

    /// Whether there is something, and no room for more.
    pub(super) fn is_full(&self, bound: usize) -> bool {
        self.len() > 0 && self.bytes.get() >= bound
    }

    /// True once.
    pub(super) fn tell(&self) -> bool {
        !self.told.replace(true)
    }
}

/// Messages that the script of a persistent client has received and not acknowledged (option manualAck). The connection
/// outlives the script, so the server would not send them again: they wait for the next request. There are never more than
/// the receive maximum.
pub(crate) struct Unacknowledged {
    /// The name of the client.
    name: String,
    queue: RefCell<VecDeque<Received>>,
}

impl Unacknowledged {
    pub(super) fn new(name: &str) -> Unacknowledged {
        Unacknowledged { name: name.to_owned(), queue: RefCell::default() }
    }

    pub(super) fn add(&self, received: &Received) {
        let mut queue = self.queue.borrow_mut();
        // A message whose handler threw is shown again.
        if !queue.iter().any(|known| known.ack == received.ack) {
            queue.push_back(received.clone());
        }
    }

    pub(crate) fn remove(&self, ack: AckId) {
        let remove = |queue: &mut VecDeque<Received>| {
            let at = queue.iter().position(|known| known.ack == Some(ack));
            at.map(|at| queue.remove(at)).is_some()
        };
        if !remove(&mut self.queue.borrow_mut()) {
            // The message outlived the client object.
            super::state::change_left_over(&self.name, remove);
        }
    }

    pub(super) fn take_all(&self) -> VecDeque<Received> {
        std::mem::take(&mut *self.queue.borrow_mut())
    }
}
