//! A client's session on disk, so that it outlives a crash of the process: outgoing messages, the identifiers of
//! incoming QoS 2 messages that have been handled, and whether a server keeps the session. What the session says has
//! changed is appended to one file per client identifier.
//!
//! A crash of the machine is not guarded against: bytes are handed to the kernel and not forced to the disk.
//!
//! The file is a sequence of records: length, checksum, body. Reading stops at the first record that is not whole.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use mqtt_proto::packet::{Message, PacketId, Property, Publish, QoS};
use mqtt_proto::session::{Change, SavedOutgoing, Snapshot};
use mqtt_proto::wire::{decode, encode, frame};
use mqtt_proto::{Limits, Time, Version};
use rustix::fs::{FlockOperation, flock};

use crate::{Error, Result};

#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    /// Bytes in the file that count.
    size: u64,
    /// Size after the last rewriting.
    base: u64,
    /// Records not written yet: an error leaves them here.
    pending: Vec<u8>,
    /// What the file says of [`Restored::kept_by_server`].
    kept_by_server: bool,
}

/// What an earlier process has left.
#[derive(Debug, Default)]
pub(crate) struct Restored {
    pub(crate) snapshot: Snapshot,
    /// A server has accepted the session and was not told that it is over: it holds messages for us.
    pub(crate) kept_by_server: bool,
}

/// The first bytes of the file: what it is, and the version of its format.
const HEAD: &[u8; 8] = b"mqttjrn\x01";
/// A file smaller than this is not rewritten.
const SMALL: u64 = 256 * 1024;

const ADDED: u8 = 1;
const STARTED: u8 = 2;
const RELEASED: u8 = 3;
const REMOVED: u8 = 4;
/// A message that was released before the file was rewritten.
const WAITS_FOR_PUBCOMP: u8 = 5;
/// An incoming QoS 2 message was handled; the key means nothing here and below.
const RECEIVED: u8 = 6;
const FORGOTTEN: u8 = 7;
const KEPT_BY_SERVER: u8 = 8;
const LEFT_SERVER: u8 = 9;

impl Journal {
    /// Opens or makes the file of this client in `directory` and reads what is in it. Only one process at a time.
    pub(crate) fn open(directory: &Path, client_id: &str, now: Time) -> Result<(Journal, Restored)> {
        let path = directory.join(format!("{}.journal", file_name(client_id)));
        let fail = |error: io::Error| Error::InvalidArgument(format!("store {}: {error}", path.display()));
        fs::create_dir_all(directory).map_err(fail)?;
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(&path).map_err(fail)?;
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            let text = "is in use by another client: give each its own client identifier or directory";
            return Err(Error::InvalidArgument(format!("store {} {text}", path.display())));
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(fail)?;
        if !bytes.is_empty() && !bytes.starts_with(HEAD) && !HEAD.starts_with(&bytes) {
            let text = "is not a store of this version: move it away";
            return Err(Error::InvalidArgument(format!("store {} {text}", path.display())));
        }
        let restored = replay(bytes.get(HEAD.len()..).unwrap_or_default(), now);
        let kept_by_server = restored.kept_by_server;
        let mut journal = Journal { path: path.clone(), file, size: 0, base: 0, pending: Vec::new(), kept_by_server };
        journal.rewrite(&restored.snapshot, now).map_err(fail)?;
        Ok((journal, restored))
    }

    /// Writes these changes, and whether a server keeps the session. After an error they are kept and written with the
    /// next ones.
    pub(crate) fn append(&mut self, changes: &[Change], kept_by_server: bool, now: Time) -> Result<()> {
        if kept_by_server != self.kept_by_server {
            self.kept_by_server = kept_by_server;
            let tag = if kept_by_server { KEPT_BY_SERVER } else { LEFT_SERVER };
            put(&mut self.pending, tag, 0, None, &[]);
        }
        for change in changes {
            match change {
                Change::Added(saved) => put_added(&mut self.pending, saved, now),
                Change::Started { key, packet_id } => put(&mut self.pending, STARTED, *key, Some(*packet_id), &[]),
                Change::Released { key } => put(&mut self.pending, RELEASED, *key, None, &[]),
                Change::Removed { key } => put(&mut self.pending, REMOVED, *key, None, &[]),
                Change::Received(packet_id) => put(&mut self.pending, RECEIVED, 0, Some(*packet_id), &[]),
                Change::Forgotten(packet_id) => put(&mut self.pending, FORGOTTEN, 0, Some(*packet_id), &[]),
            }
        }
        self.write().map_err(|error| self.failed(&error))
    }

    /// Whether everything is in the file that has been appended, and that.
    pub(crate) fn is_written(&self, kept_by_server: bool) -> bool {
        self.pending.is_empty() && self.kept_by_server == kept_by_server
    }

    /// Whether the file has grown so far beyond what it was that it is worth rewriting.
    pub(crate) fn has_grown(&self) -> bool {
        self.size > SMALL && self.size > 4 * self.base
    }

    /// Writes the file anew with only what is still wanted. The messages in `snapshot` are all there are.
    pub(crate) fn compact(&mut self, snapshot: &Snapshot, now: Time) -> Result<()> {
        self.rewrite(snapshot, now).map_err(|error| self.failed(&error))
    }

    fn write(&mut self) -> io::Result<()> {
        if !self.pending.is_empty() {
            if let Err(error) = self.file.write_all(&self.pending) {
                // Half a record would hide all that follow.
                let _ = self.file.set_len(self.size);
                return Err(error);
            }
            self.size += self.pending.len() as u64;
            self.pending.clear();
            self.pending.shrink_to(SMALL as usize);
        }
        Ok(())
    }

    /// A crash in between leaves the old file or the new one.
    fn rewrite(&mut self, snapshot: &Snapshot, now: Time) -> io::Result<()> {
        let mut bytes = HEAD.to_vec();
        for saved in &snapshot.outgoing {
            match (&saved.message, saved.packet_id) {
                (Some(_), _) => put_added(&mut bytes, saved, now),
                (None, Some(packet_id)) => put(&mut bytes, WAITS_FOR_PUBCOMP, saved.key, Some(packet_id), &[]),
                (None, None) => {}
            }
        }
        for packet_id in &snapshot.received {
            put(&mut bytes, RECEIVED, 0, Some(*packet_id), &[]);
        }
        if self.kept_by_server {
            put(&mut bytes, KEPT_BY_SERVER, 0, None, &[]);
        }
        if bytes.len() == HEAD.len() {
            // Nothing is lost whenever this stops.
            self.file.set_len(0)?;
            self.file.rewind()?;
            self.file.write_all(&bytes)?;
        } else {
            let path = self.path.with_extension("new");
            let mut file = OpenOptions::new().read(true).append(true).create(true).open(&path)?;
            flock(&file, FlockOperation::NonBlockingLockExclusive)?;
            file.set_len(0)?;
            file.write_all(&bytes)?;
            fs::rename(&path, &self.path)?;
            self.file = file;
        }
        (self.size, self.base) = (bytes.len() as u64, bytes.len() as u64);
        self.pending.clear();
        Ok(())
    }

    fn failed(&self, error: &io::Error) -> Error {
        Error::Transport(format!("store {}: {error}", self.path.display()))
    }
}

/// Client identifiers may hold anything; file names may not.
fn file_name(client_id: &str) -> String {
    let mut name = String::new();
    for byte in client_id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => name.push(byte.into()),
            byte => name.push_str(&format!("%{byte:02x}")),
        }
    }
    name
}

fn put(out: &mut Vec<u8>, tag: u8, key: u64, packet_id: Option<PacketId>, rest: &[u8]) {
    let mut body = Vec::with_capacity(11 + rest.len());
    body.push(tag);
    body.extend_from_slice(&key.to_be_bytes());
    body.extend_from_slice(&packet_id.map_or(0, PacketId::get).to_be_bytes());
    body.extend_from_slice(rest);
    out.extend_from_slice(&(body.len() as u32).to_be_bytes());
    out.extend_from_slice(&checksum(&body).to_be_bytes());
    out.extend_from_slice(&body);
}

/// The message goes in as a PUBLISH of MQTT 5, after the time of its arrival.
fn put_added(out: &mut Vec<u8>, saved: &SavedOutgoing, now: Time) {
    let Some(message) = &saved.message else { return };
    let arrived = unix_millis().saturating_sub(now.since(message.received_at).as_millis() as u64);
    let mut rest = arrived.to_be_bytes().to_vec();
    let publish = Publish {
        dup: false,
        qos: saved.qos,
        retain: saved.retain,
        topic: message.topic.clone(),
        packet_id: (saved.qos > QoS::AtMostOnce).then_some(PacketId::FIRST),
        properties: message.properties.clone(),
        payload: message.payload.clone(),
    };
    // It could be sent, so it can be written.
    if encode::publish(&publish, Version::V5, Limits::default().maximum_packet_size, &mut rest).is_ok() {
        put(out, ADDED, saved.key, saved.packet_id, &rest);
    }
}

fn replay(mut bytes: &[u8], now: Time) -> Restored {
    let mut outgoing: BTreeMap<u64, SavedOutgoing> = BTreeMap::new();
    let mut received: BTreeSet<PacketId> = BTreeSet::new();
    let mut kept_by_server = false;
    while let Some((tag, key, packet_id, rest)) = record(&mut bytes) {
        match tag {
            ADDED => {
                if let Some(saved) = added(key, packet_id, rest, now) {
                    outgoing.insert(key, saved);
                }
            }
            WAITS_FOR_PUBCOMP => {
                outgoing.insert(key, without_message(key, packet_id));
            }
            STARTED => {
                if let Some(saved) = outgoing.get_mut(&key) {
                    saved.packet_id = packet_id;
                }
            }
            RELEASED => {
                if let Some(saved) = outgoing.get_mut(&key) {
                    saved.message = None;
                }
            }
            REMOVED => {
                outgoing.remove(&key);
            }
            RECEIVED => received.extend(packet_id),
            FORGOTTEN => {
                packet_id.map(|packet_id| received.remove(&packet_id));
            }
            KEPT_BY_SERVER => kept_by_server = true,
            LEFT_SERVER => kept_by_server = false,
            // Of a later version, which knew that an older one may read it.
            _ => {}
        }
    }
    let (mut in_flight, queued): (Vec<_>, Vec<_>) = outgoing.into_values().partition(|saved| saved.packet_id.is_some());
    in_flight.extend(queued);
    let snapshot = Snapshot { outgoing: in_flight, received: received.into_iter().collect() };
    Restored { snapshot, kept_by_server }
}

/// Takes the first record off, where it is whole.
fn record<'a>(bytes: &mut &'a [u8]) -> Option<(u8, u64, Option<PacketId>, &'a [u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (sum, rest) = rest.split_first_chunk::<4>()?;
    let (body, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
    if checksum(body) != u32::from_be_bytes(*sum) {
        return None;
    }
    *bytes = rest;
    let (tag, body) = body.split_first()?;
    let (key, body) = body.split_first_chunk::<8>()?;
    let (packet_id, body) = body.split_first_chunk::<2>()?;
    Some((*tag, u64::from_be_bytes(*key), PacketId::new(u16::from_be_bytes(*packet_id)), body))
}

fn added(key: u64, packet_id: Option<PacketId>, rest: &[u8], now: Time) -> Option<SavedOutgoing> {
    let (arrived, frame) = rest.split_first_chunk::<8>()?;
    let age = unix_millis().saturating_sub(u64::from_be_bytes(*arrived));
    let frame = frame::split(frame, Version::V5, Limits::default().maximum_packet_size).ok()??;
    let mut publish = decode::publish(&frame, Version::V5, None).ok()?.to_publish();
    // Message expiry counts from the arrival, which was before this process began: what is left of it counts from now.
    if let Some(seconds) = publish.properties.message_expiry_interval() {
        let left = (u64::from(seconds) * 1000).checked_sub(age).filter(|left| *left > 0)?;
        let rest = publish.properties.iter().filter(|p| !matches!(p, Property::MessageExpiryInterval(_)));
        let mut properties: mqtt_proto::packet::Properties = rest.cloned().collect();
        properties.push(Property::MessageExpiryInterval(left.div_ceil(1000) as u32));
        publish.properties = properties;
    }
    let topic = publish.topic.clone();
    Some(SavedOutgoing {
        key,
        message: Some(Arc::new(Message::from_publish(&publish, topic, now))),
        qos: publish.qos,
        retain: publish.retain,
        subscription_identifiers: Vec::new(),
        packet_id,
        token: 0,
    })
}

fn without_message(key: u64, packet_id: Option<PacketId>) -> SavedOutgoing {
    let subscription_identifiers = Vec::new();
    SavedOutgoing {
        key,
        message: None,
        qos: QoS::ExactlyOnce,
        retain: false,
        subscription_identifiers,
        packet_id,
        token: 0,
    }
}

fn unix_millis() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |span| span.as_millis() as u64)
}

/// FNV-1a: tells a torn record from a whole one; it guards against nothing else.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811C_9DC5, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_millis(5000);

    fn saved(key: u64, payload: &'static str, packet_id: Option<u16>) -> SavedOutgoing {
        let mut message = Message::new("a/topic", payload.as_bytes().to_vec());
        message.properties.push(Property::UserProperty("name".into(), "value".into()));
        message.received_at = NOW;
        SavedOutgoing {
            key,
            message: Some(Arc::new(message)),
            qos: QoS::ExactlyOnce,
            retain: true,
            subscription_identifiers: Vec::new(),
            packet_id: packet_id.and_then(PacketId::new),
            token: 0,
        }
    }

    fn keys(snapshot: &Snapshot) -> Vec<(u64, Option<u16>, bool)> {
        let key = |saved: &SavedOutgoing| (saved.key, saved.packet_id.map(PacketId::get), saved.message.is_some());
        snapshot.outgoing.iter().map(key).collect()
    }

    #[test]
    fn what_is_not_done_comes_back_in_order() {
        let directory = tempfile::tempdir().unwrap();
        let open = || Journal::open(directory.path(), "a/client ä", NOW).unwrap();
        let (mut journal, restored) = open();
        assert!(restored.snapshot == Snapshot::default() && !restored.kept_by_server);
        let id = PacketId::new(7).unwrap();
        let changes = [
            Change::Added(saved(1, "one", Some(5))),
            Change::Added(saved(2, "two", Some(6))),
            Change::Added(saved(3, "three", None)),
            Change::Added(saved(4, "four", None)),
            Change::Received(id),
            Change::Received(PacketId::FIRST),
            Change::Forgotten(PacketId::FIRST),
            Change::Removed { key: 1 },
            Change::Released { key: 2 },
            Change::Started { key: 3, packet_id: id },
        ];
        journal.append(&changes, true, NOW).unwrap();
        let error = Journal::open(directory.path(), "a/client ä", NOW).unwrap_err();
        assert!(error.to_string().contains("in use by another client"), "{error}");
        drop(journal);

        let expected = [(2, Some(6), false), (3, Some(7), true), (4, None, true)];
        // Twice: the second time from the file that opening has rewritten.
        for _ in 0..2 {
            let (_journal, restored) = open();
            assert_eq!(keys(&restored.snapshot), expected);
            assert_eq!(restored.snapshot.outgoing[1], saved(3, "three", Some(7)));
            assert_eq!(restored.snapshot.received, [id]);
            assert!(restored.kept_by_server);
        }
    }

    #[test]
    fn a_torn_record_costs_only_itself() {
        let directory = tempfile::tempdir().unwrap();
        let (mut journal, _) = Journal::open(directory.path(), "c", NOW).unwrap();
        journal
            .append(&[Change::Added(saved(1, "one", None)), Change::Added(saved(2, "two", None))], false, NOW)
            .unwrap();
        drop(journal);
        let path = directory.path().join("c.journal");
        let whole = fs::read(&path).unwrap();
        for length in 0..whole.len() {
            let snapshot = replay(whole[..length].get(HEAD.len()..).unwrap_or_default(), NOW).snapshot;
            assert!(snapshot.outgoing.len() < 2, "{length}");
        }
        fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        let (_journal, restored) = Journal::open(directory.path(), "c", NOW).unwrap();
        assert_eq!(keys(&restored.snapshot), [(1, None, true)]);
        fs::write(directory.path().join("d.journal"), "something else").unwrap();
        assert!(Journal::open(directory.path(), "d", NOW).unwrap_err().to_string().contains("move it away"));
    }

    #[test]
    fn expiry_counts_the_time_between_two_processes() {
        let mut expiring = saved(1, "one", None);
        let mut message = (*expiring.message.take().unwrap()).clone();
        message.properties.push(Property::MessageExpiryInterval(100));
        message.received_at = Time::from_millis(0);
        expiring.message = Some(Arc::new(message));
        // It had waited for 40 s when it was written.
        let mut bytes = Vec::new();
        put_added(&mut bytes, &expiring, Time::from_millis(40_000));
        let snapshot = replay(&bytes, NOW).snapshot;
        let message = snapshot.outgoing[0].message.clone().unwrap();
        assert_eq!(message.properties.message_expiry_interval(), Some(60));
        assert!(message.expires_at.unwrap() > NOW);
        let mut bytes = Vec::new();
        put_added(&mut bytes, &expiring, Time::from_millis(200_000));
        assert!(replay(&bytes, NOW).snapshot.outgoing.is_empty(), "its time is over");
    }

    #[test]
    fn the_file_does_not_grow_for_ever() {
        let directory = tempfile::tempdir().unwrap();
        let (mut journal, _) = Journal::open(directory.path(), "c", NOW).unwrap();
        let payload: &'static str = "x".repeat(1000).leak();
        let mut rounds = 0;
        while !journal.has_grown() {
            rounds += 1;
            journal
                .append(&[Change::Added(saved(rounds, payload, None)), Change::Removed { key: rounds }], false, NOW)
                .unwrap();
        }
        assert!(rounds < 1000);
        let left = Snapshot { outgoing: vec![saved(rounds + 1, "left", None)], received: Vec::new() };
        journal.compact(&left, NOW).unwrap();
        assert!(!journal.has_grown() && journal.size < 1000);
        journal.append(&[Change::Added(saved(rounds + 2, "more", None))], false, NOW).unwrap();
        drop(journal);
        let (_journal, restored) = Journal::open(directory.path(), "c", NOW).unwrap();
        assert_eq!(keys(&restored.snapshot), [(rounds + 1, None, true), (rounds + 2, None, true)]);
    }
}
