//! What a shard tells the program around the broker about its sessions.

use std::sync::Arc;

use super::shard::Shard;
use crate::broker::{ClientInfo, ConnectionState};
use crate::registry::{Client, NONE};

impl Shard {
    /// Every session of this shard.
    pub(crate) fn client_infos(&self) -> Vec<ClientInfo> {
        self.registry.iter().map(|(_, client)| self.describe(client)).collect()
    }

    /// The session of this client.
    pub(crate) fn client_info(&self, client_id: &str) -> Option<ClientInfo> {
        self.registry.find(client_id).and_then(|slot| self.registry.get(slot)).map(|client| self.describe(client))
    }

    fn describe(&self, client: &Client) -> ClientInfo {
        let connection = self.connections.get(client.connection as usize);
        let session = connection.map(|connection| connection.link.session()).or(client.session.as_deref());
        let state = match client.connection {
            NONE => ConnectionState::Away { expires_at: client.expires_at },
            _ => ConnectionState::Connected,
        };
        ClientInfo {
            identity: Arc::clone(&client.identity),
            state,
            connected_at: client.connected_at,
            keep_alive: client.keep_alive,
            clean_start: client.clean_start,
            session_expiry: client.expiry,
            subscriptions: client.subscriptions.len(),
            in_flight: session.map_or(0, |session| session.in_flight()),
            queued: session.map_or(0, |session| session.queued()),
            queued_bytes: session.map_or(0, |session| session.queued_bytes()),
            dropped: client.dropped,
        }
    }
}
