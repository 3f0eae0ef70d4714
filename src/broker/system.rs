//! `$SYS/#`: the broker about itself, under Mosquitto's names.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use mqtt_proto::packet::{Message, QoS};

use crate::server::mail::Publication;
use crate::server::shard::Shard;

impl Shard {
    /// Publishes every topic as a retained message; one shard does it for all.
    pub(crate) fn publish_system(&mut self) {
        let interval = self.core.config.sys_interval;
        self.next_system = Some(self.now + interval);
        let counters = self.core.counters();
        let core = &self.core;
        let connected = core.connected.load(Ordering::Relaxed) as u64;
        let sessions = core.sessions.load(Ordering::Relaxed) as u64;
        let away = sessions.saturating_sub(connected);
        let retained = core.retained.count() as u64;
        let values: [(&str, u64); 21] = [
            ("bytes/received", counters.bytes_received),
            ("bytes/sent", counters.bytes_sent),
            ("clients/active", connected),
            ("clients/connected", connected),
            ("clients/disconnected", away),
            ("clients/expired", counters.sessions_expired),
            ("clients/inactive", away),
            ("clients/maximum", core.connected_maximum.load(Ordering::Relaxed) as u64),
            ("clients/total", sessions),
            ("messages/received", counters.packets_received),
            ("messages/sent", counters.messages_sent),
            ("messages/stored", retained),
            ("publish/bytes/received", counters.payload_received),
            ("publish/bytes/sent", counters.payload_sent),
            ("publish/messages/dropped", counters.messages_dropped),
            ("publish/messages/received", counters.messages_received),
            ("publish/messages/sent", counters.messages_sent),
            ("retained messages/count", retained),
            ("store/messages/bytes", core.retained.bytes() as u64),
            ("subscriptions/count", counters.subscriptions),
            ("shared_subscriptions/count", counters.shared_subscriptions),
        ];
        let uptime = format!("{} seconds", core.clock.uptime().as_secs());
        self.publish_one("version", concat!("mqtt version ", env!("CARGO_PKG_VERSION")).to_owned());
        self.publish_one("uptime", uptime);
        for (name, value) in values {
            self.publish_one(name, value.to_string());
        }
    }

    fn publish_one(&mut self, name: &str, value: String) {
        let mut message = Message::new(format!("$SYS/broker/{name}"), value);
        message.received_at = self.now;
        self.publish_own(Publication {
            message: Arc::new(message),
            qos: QoS::AtMostOnce,
            retain: true,
            from_peer: false,
        });
    }
}
