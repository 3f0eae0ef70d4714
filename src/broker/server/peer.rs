//! What socket and layers of a connection know of its client.

use mqtt_net::{PeerAddress, TlsInfo};

use crate::hooks::Peer;

/// The peer of a socket that has just been accepted.
pub(crate) fn of(address: &PeerAddress, listener: usize) -> Peer {
    let address = match address {
        PeerAddress::Tcp(address) => Some(*address),
        PeerAddress::Unix(_) => None,
    };
    Peer { address, listener, certificate_subject: None, certificate_common_name: None }
}

/// Adds what TLS has learnt.
pub(crate) fn describe(peer: &mut Peer, info: &TlsInfo) {
    peer.certificate_subject = info.peer_subject.as_deref().map(Into::into);
    peer.certificate_common_name = info.peer_common_name.as_deref().map(Into::into);
}
