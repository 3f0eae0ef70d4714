//! What can go wrong in a store.

use mqtt_proto::Text;

/// Why a store did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another owner has opened the session; this one must let its connection go.
    #[error("the session of {client} belongs to another owner")]
    LeaseLost {
        /// Whose session.
        client: Text,
    },
    /// The medium refused.
    #[error("{what}: {reason}; check space and permissions of the store")]
    Failed {
        /// What was tried.
        what: &'static str,
        /// What the system said.
        reason: String,
    },
    /// The store is shutting down; nothing was kept.
    #[error("the store is closed")]
    Closed,
}
