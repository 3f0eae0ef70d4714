//! The hot path of a server allocates nothing: PUBLISH in, PUBLISH out, PUBACK in, PUBACK out.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use mqtt_proto::packet::{Ack, ConnAck, Connect, Packet, PacketId, Property, Publish, QoS};
use mqtt_proto::session::{Event, Link, Outgoing, QueueLimits, Receipt, Sent, Session};
use mqtt_proto::wire::fanout::Fanout;
use mqtt_proto::{Limits, ReasonCode, Time, Version};

/// The system's allocator, which counts what this thread asks of it.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call is passed on to the system's allocator unchanged; counting touches a plain thread-local cell
// that needs no allocation and no destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer came from `System`, see `alloc`.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: the pointer came from `System`, see `alloc`.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

fn count() {
    let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const NOW: Time = Time::from_millis(1000);

/// A server's link to a client of this version, connected, with a transient session.
fn connected(version: Version, limits: Limits) -> Link {
    let mut connect = Connect::new(version, "client");
    if version.has_properties() {
        connect.properties.push(Property::TopicAliasMaximum(10));
    }
    let mut link = Link::server(NOW, limits);
    let bytes = encoded(&Packet::Connect(Box::new(connect)), version);
    assert!(matches!(link.recv(NOW, &bytes).expect("CONNECT").event, Some(Event::Connect(_))));
    link.accept(NOW, Session::new(false, false, QueueLimits::default()), ConnAck::accepted(false));
    let length = link.output().len();
    link.written(length);
    link
}

fn encoded(packet: &Packet, version: Version) -> Vec<u8> {
    let mut bytes = Vec::new();
    mqtt_proto::wire::encode::packet(packet, version, u32::MAX, &mut bytes).expect("a packet that can be written");
    bytes
}

/// Packets of the client of `link`, which only differ in their identifier: patched in place.
struct Bytes(Vec<u8>, Option<usize>);

impl Bytes {
    fn with(&mut self, id: PacketId) -> &[u8] {
        if let Some(at) = self.1 {
            self.0[at..at + 2].copy_from_slice(&id.get().to_be_bytes());
        }
        &self.0
    }
}

/// One message from the publisher to the receiver with every acknowledgement that follows.
fn pass(publisher: &mut Link, receiver: &mut Link, packets: &mut Packets, id: PacketId, qos: QoS) {
    let bytes = packets.publish.with(id);
    let received = publisher.recv(NOW, bytes).expect("PUBLISH");
    let Some(Event::Publish { publish, receipt, .. }) = received.event else { panic!("no message") };
    let mut fanout = Fanout::from_view(publish, publish.topic, NOW);
    let outgoing = Outgoing { qos, retain: false, subscription_identifiers: &[], token: 0 };
    let sent = receiver.send(NOW, &mut fanout, outgoing);
    write(receiver);
    if let Sent::InFlight(id) = sent {
        let acks = if qos == QoS::AtLeastOnce { &mut packets.puback[..] } else { &mut packets.pubrec_pubcomp[..] };
        for ack in acks {
            receiver.recv(NOW, ack.with(id)).expect("an acknowledgement");
            write(receiver);
        }
    }
    if let Some(receipt) = receipt {
        settle(publisher, receipt);
        if qos == QoS::ExactlyOnce {
            publisher.recv(NOW, packets.pubrel.with(id)).expect("PUBREL");
        }
    }
    write(publisher);
    assert_eq!(receiver.session().in_flight(), 0);
}

fn settle(link: &mut Link, receipt: Receipt) {
    link.settle(receipt, ReasonCode::Success);
}

fn write(link: &mut Link) {
    let length = link.output().len();
    link.written(length);
}

struct Packets {
    publish: Bytes,
    puback: [Bytes; 1],
    pubrec_pubcomp: [Bytes; 2],
    pubrel: Bytes,
}

fn packets(version: Version, qos: QoS) -> Packets {
    let ack = |packet: fn(Ack) -> Packet| Bytes(encoded(&packet(Ack::success(PacketId::FIRST)), version), Some(2));
    let topic = "a/topic/of/some/length";
    let publish = Publish {
        dup: false,
        qos,
        retain: false,
        topic: topic.into(),
        packet_id: (qos != QoS::AtMostOnce).then_some(PacketId::FIRST),
        properties: Default::default(),
        payload: vec![7; 64].into(),
    };
    Packets {
        publish: Bytes(
            encoded(&Packet::Publish(publish), version),
            (qos != QoS::AtMostOnce).then_some(4 + topic.len()),
        ),
        puback: [ack(Packet::PubAck)],
        pubrec_pubcomp: [ack(Packet::PubRec), ack(Packet::PubComp)],
        pubrel: ack(Packet::PubRel),
    }
}

#[test]
fn a_message_passes_a_transient_server_without_allocating() {
    let aliases = Limits { send_alias_maximum: 10, ..Limits::default() };
    for from in [Version::V3_1_1, Version::V5] {
        for (to, limits) in
            [(Version::V3_1_1, Limits::default()), (Version::V5, Limits::default()), (Version::V5, aliases)]
        {
            for qos in [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce] {
                let mut publisher = connected(from, Limits::default());
                let mut receiver = connected(to, limits);
                let mut packets = packets(from, qos);
                // The acknowledgements come from the receiver's client.
                let own = self::packets(to, qos);
                (packets.puback, packets.pubrec_pubcomp) = (own.puback, own.pubrec_pubcomp);
                let mut id = PacketId::FIRST;
                let mut round = |count: usize| {
                    for _ in 0..count {
                        pass(&mut publisher, &mut receiver, &mut packets, id, qos);
                        id = id.next();
                    }
                };
                round(100);
                let before = ALLOCATIONS.get();
                assert!(before > 0, "the counter counts");
                round(70_000);
                let allocations = ALLOCATIONS.get() - before;
                assert_eq!(allocations, 0, "{from} to {to}, {qos:?}");
            }
        }
    }
}
