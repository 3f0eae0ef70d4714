//! Wills (section 3.1.2.5): published when a connection ends without a normal DISCONNECT, at once or after the will
//! delay, but never after the session has been taken up again.

use std::sync::Arc;
use std::time::Duration;

use mqtt_proto::packet::Message;
use mqtt_store::SessionChange;

use crate::registry::NONE;
use crate::server::mail::Publication;
use crate::server::shard::{Shard, Timer};

impl Shard {
    /// The connection is gone and the session stays: publishes the will, or lets its delay run. The delay is never
    /// longer than the session, whose end publishes the will.
    pub(crate) fn begin_will_delay(&mut self, slot: u32) {
        let now = self.now;
        let Some(client) = self.registry.get_mut(slot) else { return };
        let Some(will) = &mut client.will else { return };
        if will.delay == 0 {
            return self.publish_will(slot);
        }
        let at = now + Duration::from_secs(will.delay.into());
        if client.expires_at.is_some_and(|end| end <= at) {
            return;
        }
        will.due = Some(at);
        self.timers.insert((at, Timer::Will, slot));
    }

    /// The delay is over.
    pub(crate) fn will_due(&mut self, slot: u32) {
        if self.registry.get(slot).is_some_and(|client| client.connection == NONE) {
            self.publish_will(slot);
        }
    }

    /// Publishes the will of a session, if it has one. Its message expiry counts from here.
    pub(crate) fn publish_will(&mut self, slot: u32) {
        let Some(will) = self.registry.get_mut(slot).and_then(|client| client.will.take()) else { return };
        self.record(slot, SessionChange::Will(None));
        if let Some(due) = will.due {
            self.timers.remove(&(due, Timer::Will, slot));
        }
        let message = Arc::unwrap_or_clone(will.message);
        let message = Message { received_at: self.now, ..message }.with_expiry();
        self.publish_own(Publication {
            message: Arc::new(message),
            qos: will.qos.min(self.core.config.limits.maximum_qos),
            retain: will.retain,
            from_peer: false,
        });
    }
}
