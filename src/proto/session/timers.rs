//! Keep-alive and the time that a handshake may take.

use std::time::Duration;

use super::link::Link;
use super::role::{Phase, Role};
use crate::packet::PacketType;
use crate::{Rule, Time, Violation};

/// How long a client waits for PINGRESP: as long as the keep-alive, but within these bounds.
const PING_ANSWER: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(30));

/// There is no unanswered PINGREQ.
const NO_PING: Time = Time::from_millis(u64::MAX);

/// When what passed.
#[derive(Debug)]
pub(super) struct Timers {
    /// The latest time that any call has told.
    pub(super) seen: Time,
    /// A packet, or a part of one, came in. During the handshake: when the present step of it began.
    pub(super) received: Time,
    /// Bytes went out.
    pub(super) sent: Time,
    /// Client: when the unanswered PINGREQ was sent, if there is one.
    ping: Time,
    /// Milliseconds; 0 is off.
    pub(super) keep_alive: u32,
    /// Bytes of an incomplete packet when they last were a sign of life.
    pub(super) partial: u32,
}

impl Timers {
    pub(super) fn new(now: Time) -> Timers {
        Timers { seen: now, received: now, sent: now, ping: NO_PING, keep_alive: 0, partial: 0 }
    }

    pub(super) fn set_keep_alive(&mut self, seconds: u16) {
        self.keep_alive = u32::from(seconds) * 1000;
    }

    /// PINGRESP came.
    pub(super) fn pong(&mut self) {
        self.ping = NO_PING;
    }

    fn ping(&self) -> Option<Time> {
        (self.ping != NO_PING).then_some(self.ping)
    }

    fn keep_alive(&self) -> Duration {
        Duration::from_millis(self.keep_alive.into())
    }

    /// A client pings when nothing was sent for one keep-alive [MQTT-3.1.2-20], and also when nothing was received
    /// for as long: a client that only sends at QoS 0 would not notice otherwise that its server is gone.
    fn ping_due(&self) -> Time {
        self.sent.min(self.received) + self.keep_alive()
    }

    /// Everything that comes in is a sign of life and moves this.
    fn pong_due(&self, ping: Time) -> Time {
        ping.max(self.received) + self.keep_alive().clamp(PING_ANSWER.0, PING_ANSWER.1)
    }

    /// One and a half times the keep-alive [MQTT-3.1.2-22].
    fn silence_ends(&self) -> Time {
        self.received + self.keep_alive() * 3 / 2
    }
}

impl Link {
    /// When [`Link::handle_timeout`] wants to be called, if nothing happens before. May move with every input and
    /// every send.
    pub fn poll_timeout(&self) -> Option<Time> {
        let timers = &self.timers;
        match self.phase {
            Phase::AwaitConnect | Phase::AwaitAuth | Phase::AwaitConnAck => Some(self.handshake_ends()),
            Phase::Connected if timers.keep_alive == 0 => None,
            Phase::Connected => Some(match (self.role, timers.ping()) {
                (Role::Server, _) => timers.silence_ends(),
                (Role::Client, Some(ping)) => timers.pong_due(ping),
                (Role::Client, None) => timers.ping_due(),
            }),
            Phase::Deciding | Phase::Left | Phase::Finished => None,
        }
    }

    /// Client: sends PINGREQ when nothing was sent, or nothing was received, for one keep-alive, and expects an
    /// answer within as long again (at least 5 s, at most 30 s). Server: notices a client that was silent for one
    /// and a half times the keep-alive; while the link leaves the client's bytes unread ([`Link::wants_input`]), it
    /// is not silent. Both: notice a handshake that takes too long. An error means: write the output and close.
    /// Calling it early does nothing.
    pub fn handle_timeout(&mut self, now: Time) -> Result<(), Violation> {
        self.timers.seen = now;
        if self.held_back || self.is_stalled() {
            self.timers.received = now;
        }
        if self.poll_timeout().is_none_or(|at| at > now) {
            return Ok(());
        }
        let rule = match (self.phase, self.role, self.timers.ping()) {
            (Phase::Connected, Role::Server, _) => Rule::KeepAliveTimeout,
            (Phase::Connected, Role::Client, Some(_)) => Rule::PingTimeout,
            (Phase::Connected, Role::Client, None) => {
                self.timers.ping = now;
                self.session.release_memory();
                self.output.simple(PacketType::PingReq);
                self.trace_output();
                return Ok(());
            }
            _ => Rule::HandshakeTimeout,
        };
        Err(self.fail(Violation::new(rule, self.version)))
    }

    fn handshake_ends(&self) -> Time {
        self.timers.received + Duration::from_millis(self.limits.handshake_timeout.into())
    }
}
