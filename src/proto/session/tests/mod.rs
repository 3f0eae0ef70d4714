//! The session state machine, two ends at a time.

#![allow(clippy::unwrap_used)]

mod alias;
mod auth;
mod cuts;
mod durable;
mod handshake;
mod receiving;
mod rules;
mod sending;
mod soak;
mod timers;

use std::sync::Arc;

use super::*;
use crate::packet::*;
use crate::testing::*;
use crate::wire::fanout::Fanout;
use crate::{Limits, ReasonCode, Rule, Time, Version};

const VERSIONS: [Version; 3] = [Version::V3_1, Version::V3_1_1, Version::V5];

fn id(number: u16) -> PacketId {
    PacketId::new(number).expect("not 0")
}

/// Packet types that an end has sent and received, as its trace tells.
fn types(trace: &[Trace]) -> Vec<(crate::wire::Sender, PacketType)> {
    trace.iter().map(|packet| (packet.sender, packet.packet_type)).collect()
}

#[test]
fn a_link_is_small() {
    assert!(size_of::<Link>() <= 416, "{}", size_of::<Link>());
    let link = Link::server(Time::default(), Limits::default());
    assert_eq!(link.output.buffer.capacity(), 0);
}
