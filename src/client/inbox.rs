//! Messages that came in: those nobody has taken, and the duty to acknowledge each.

use std::collections::VecDeque;

use crate::Map;
use mqtt_proto::session::Receipt;

use crate::{AckId, Received};

#[derive(Debug, Default)]
pub(crate) struct Inbox {
    queue: VecDeque<Received>,
    bytes: usize,
    /// Bounded by the receive maximum.
    receipts: Map<u64, Receipt>,
    last: u64,
}

impl Inbox {
    pub(crate) fn push(&mut self, mut received: Received, receipt: Option<Receipt>) {
        if let Some(receipt) = receipt {
            self.last += 1;
            self.receipts.insert(self.last, receipt);
            received.ack = Some(AckId(self.last));
        }
        self.bytes += received.size();
        self.queue.push_back(received);
    }

    pub(crate) fn pop(&mut self) -> Option<Received> {
        let received = self.queue.pop_front()?;
        self.bytes -= received.size();
        Some(received)
    }

    /// The newest message that nobody has taken.
    pub(crate) fn last(&self) -> Option<&Received> {
        self.queue.back()
    }

    /// The receipt of a message, once.
    pub(crate) fn take_receipt(&mut self, ack: AckId) -> Option<Receipt> {
        self.receipts.remove(&ack.0)
    }

    pub(crate) fn len(&self) -> usize {
        self.queue.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Bytes that the messages keep allocated, roughly.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }
}
