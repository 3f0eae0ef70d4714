//! Settings of a file that the broker asks its hooks for.

use crate::{Hooks, Interests, PublishAnswer, PublishRequest, Reply};
use mqtt_proto::ReasonCode;

/// Exists only where the file sets one of these: each publish then asks it.
#[derive(Debug)]
pub(super) struct FileHooks {
    /// Bytes of payload; more is acknowledged and goes to nobody, as in Mosquitto.
    pub(super) message_size_limit: usize,
}

impl Hooks for FileHooks {
    fn interests(&self) -> Interests {
        Interests::none().publish("#").publish("$SYS/#")
    }

    fn on_publish(&self, request: PublishRequest, reply: Reply<PublishAnswer>) {
        reply.answer(if request.publish.payload.len() > self.message_size_limit {
            PublishAnswer::Refuse(ReasonCode::QuotaExceeded)
        } else {
            PublishAnswer::Proceed
        });
    }
}
