//! Which packet, from whom, in which state: a table.

use crate::packet::PacketType;
use crate::wire::Sender;
use crate::{Rule, Version};

/// Which end of the connection we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// We sent CONNECT.
    Client,
    /// We answer it.
    Server,
}

impl Role {
    /// Who writes what we read.
    pub const fn peer(self) -> Sender {
        match self {
            Role::Client => Sender::Server,
            Role::Server => Sender::Client,
        }
    }

    /// Who writes what we write.
    pub(super) const fn own(self) -> Sender {
        match self {
            Role::Client => Sender::Client,
            Role::Server => Sender::Server,
        }
    }
}

/// Where a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Phase {
    /// Server: nothing has come yet.
    AwaitConnect,
    /// Server: the owner has CONNECT or a step of authentication and decides. Nothing is read.
    Deciding,
    /// Server: a step of authentication was sent, the client's is due.
    AwaitAuth,
    /// Client: CONNECT was sent.
    AwaitConnAck,
    /// CONNACK with success has passed.
    Connected,
    /// The peer has sent DISCONNECT.
    Left,
    /// We have ended it: a violation, a refusal, or our own DISCONNECT.
    Finished,
}

/// `None` where the peer may send this packet now, else the rule that it breaks.
///
/// Deciding and Finished never ask: nothing is read there.
pub(super) fn broken_rule(role: Role, phase: Phase, version: Version, packet: PacketType) -> Option<Rule> {
    // Two packets that only MQTT 5 has in this place; the table below is the same for all versions.
    if !version.has_properties() && packet == PacketType::Auth && phase != Phase::AwaitConnect {
        return Some(Rule::ReservedPacketType);
    }
    if role == Role::Client
        && phase == Phase::Connected
        && packet == PacketType::Disconnect
        && !version.has_server_disconnect()
    {
        return Some(Rule::NotFromServer);
    }
    let row = match (role, phase) {
        (_, Phase::Deciding | Phase::Finished) => return None,
        (_, Phase::Left) => return Some(Rule::PacketAfterDisconnect),
        (_, Phase::AwaitConnect) => &SERVER_AWAIT_CONNECT,
        (_, Phase::AwaitAuth) => &SERVER_AWAIT_AUTH,
        (_, Phase::AwaitConnAck) => &CLIENT_AWAIT_CONNACK,
        (Role::Server, Phase::Connected) => &SERVER_CONNECTED,
        (Role::Client, Phase::Connected) => &CLIENT_CONNECTED,
    };
    row[packet as usize - 1]
}

/// One cell for each packet type, in order of number.
type Row = [Option<Rule>; 15];

const OK: Option<Rule> = None;
const FIRST: Option<Rule> = Some(Rule::FirstPacketNotConnect);
const SECOND: Option<Rule> = Some(Rule::SecondConnect);
const NOT_ACK: Option<Rule> = Some(Rule::FirstPacketNotConnAck);
const ACK_AGAIN: Option<Rule> = Some(Rule::SecondConnAck);
const EARLY: Option<Rule> = Some(Rule::PacketBeforeConnAck);
const NOT_SRV: Option<Rule> = Some(Rule::NotFromServer);
const NOT_CLI: Option<Rule> = Some(Rule::NotFromClient);

#[rustfmt::skip]
mod rows {
    use super::*;
    //                               CONNECT  CONNACK    PUBLISH  PUBACK   PUBREC   PUBREL   PUBCOMP  SUBSCR.  SUBACK   UNSUBSC. UNSUBACK PINGREQ  PINGRESP DISCONN. AUTH
    pub(super) const SERVER_AWAIT_CONNECT: Row = [OK,      FIRST,     FIRST,   FIRST,   FIRST,   FIRST,   FIRST,   FIRST,   FIRST,   FIRST,   FIRST,   FIRST,   FIRST,   FIRST,   FIRST];
    pub(super) const SERVER_AWAIT_AUTH: Row =    [SECOND,  NOT_CLI,   EARLY,   EARLY,   EARLY,   EARLY,   EARLY,   EARLY,   NOT_CLI, EARLY,   NOT_CLI, EARLY,   NOT_CLI, OK,      OK];
    pub(super) const SERVER_CONNECTED: Row =     [SECOND,  NOT_CLI,   OK,      OK,      OK,      OK,      OK,      OK,      NOT_CLI, OK,      NOT_CLI, OK,      NOT_CLI, OK,      OK];
    pub(super) const CLIENT_AWAIT_CONNACK: Row = [NOT_ACK, OK,        NOT_ACK, NOT_ACK, NOT_ACK, NOT_ACK, NOT_ACK, NOT_ACK, NOT_ACK, NOT_ACK, NOT_ACK, NOT_ACK, NOT_ACK, NOT_ACK, OK];
    pub(super) const CLIENT_CONNECTED: Row =     [NOT_SRV, ACK_AGAIN, OK,      OK,      OK,      OK,      OK,      NOT_SRV, OK,      NOT_SRV, OK,      NOT_SRV, OK,      OK,      OK];
}
use rows::*;
