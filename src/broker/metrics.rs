//! Counters. Each shard counts in plain numbers of its own and publishes them at the end of a turn, on cache lines
//! that no other shard writes.

use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What a shard counts; read and written by that shard only.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub(crate) struct Counters {
            $($(#[$doc])* pub(crate) $name: u64,)*
        }

        /// The same for everyone to read.
        #[derive(Debug, Default)]
        #[repr(align(128))]
        pub(crate) struct Published {
            $($name: AtomicU64,)*
        }

        impl Published {
            /// Shows the numbers of the shard.
            pub(crate) fn store(&self, counters: &Counters) {
                $(self.$name.store(counters.$name, Ordering::Relaxed);)*
            }

            /// Adds them to a sum.
            pub(crate) fn add_to(&self, sum: &mut Counters) {
                $(sum.$name += self.$name.load(Ordering::Relaxed);)*
            }
        }
    };
}

counters! {
    bytes_received,
    bytes_sent,
    /// PUBLISH packets in.
    messages_received,
    /// Payload bytes in PUBLISH packets in.
    payload_received,
    /// PUBLISH packets out.
    messages_sent,
    /// Payload bytes in PUBLISH packets out.
    payload_sent,
    messages_dropped,
    packets_received,
    /// Sockets that were served.
    accepted,
    /// Sockets or clients that were turned away.
    refused,
    /// Open connections, before and after CONNECT.
    connections,
    /// Sessions with a connection.
    connected,
    /// Sessions.
    sessions,
    sessions_expired,
    subscriptions,
    shared_subscriptions,
}
