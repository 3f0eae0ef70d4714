//! Incoming messages: receipts in order, and QoS 2 exactly once.
