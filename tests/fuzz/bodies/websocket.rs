//! WebSocket: what a client writes arrives whatever the pieces are, and rubbish is an error or is waited out.

use std::io::{self, ErrorKind, Read};

use mqtt_net::{Endpoint, Layer, Scheme, WebSocketClientOptions, WebSocketLayer, WebSocketServerOptions};

use super::Choices;

/// More than a message may be.
const LIMIT: usize = 4096;

pub(super) fn run(data: &[u8]) {
    let mut choices = Choices(data);
    let mode = choices.below(3);
    let chunk = 1 + choices.below(40);
    let endpoint = Endpoint::new(Scheme::Ws, "localhost", 80);
    let mut client = Layer::stack(None, Some(WebSocketLayer::client(&endpoint, &WebSocketClientOptions::default())));
    let mut server = Layer::stack(None, Some(WebSocketLayer::server(&WebSocketServerOptions::default())));
    let (mut to_server, mut to_client) = (Pipe::new(chunk), Pipe::new(chunk));
    if mode == 0 {
        // Rubbish from the first byte.
        to_server.bytes = choices.rest().to_vec();
        step(&mut server, &mut to_server, &mut to_client.bytes);
        return;
    }
    for _ in 0..400 {
        step(&mut client, &mut to_client, &mut to_server.bytes);
        step(&mut server, &mut to_server, &mut to_client.bytes);
    }
    assert!(client.is_ready() && server.is_ready(), "the handshake stands still");
    server.set_message_limit(LIMIT);
    if mode == 1 {
        let bytes = choices.rest();
        let mut got = Vec::new();
        for part in bytes.chunks(1 + chunk * 7 % 300) {
            assert_eq!(client.write(part, &mut to_server.bytes).unwrap(), part.len());
            got.extend(
                drain(&mut server, &mut to_server, &mut to_client.bytes).expect("a client of ours breaks nothing"),
            );
        }
        assert_eq!(got, bytes);
        return;
    }
    // Frames as a hostile client makes them. However they are cut, the same comes out.
    let bytes = choices.rest();
    let other_end = |chunk| {
        let mut server = Layer::stack(None, Some(WebSocketLayer::server(&WebSocketServerOptions::default())));
        let mut client =
            Layer::stack(None, Some(WebSocketLayer::client(&endpoint, &WebSocketClientOptions::default())));
        let (mut to_server, mut to_client) = (Pipe::new(usize::MAX), Pipe::new(usize::MAX));
        for _ in 0..4 {
            step(&mut client, &mut to_client, &mut to_server.bytes);
            step(&mut server, &mut to_server, &mut to_client.bytes);
        }
        server.set_message_limit(LIMIT);
        to_server.chunk = chunk;
        to_server.bytes = bytes.to_vec();
        let result = drain(&mut server, &mut to_server, &mut to_client.bytes);
        assert!(result.as_ref().map_or(0, Vec::len) <= bytes.len());
        result.map_err(|error| error.kind())
    };
    assert_eq!(other_end(chunk), other_end(usize::MAX));
}

struct Pipe {
    bytes: Vec<u8>,
    chunk: usize,
}

impl Pipe {
    fn new(chunk: usize) -> Pipe {
        Pipe { bytes: Vec::new(), chunk }
    }
}

impl Read for Pipe {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let length = self.bytes.len().min(buf.len()).min(self.chunk);
        if length == 0 {
            return Err(ErrorKind::WouldBlock.into());
        }
        buf[..length].copy_from_slice(&self.bytes[..length]);
        self.bytes.drain(..length);
        Ok(length)
    }
}

fn step(layer: &mut Layer, raw: &mut Pipe, out: &mut Vec<u8>) {
    let _ = match layer.is_ready() {
        false => layer.handshake(raw, out),
        true => layer.read(raw, out, &mut [0; 16]).map(|length| assert_eq!(length, 0, "data during the handshake")),
    };
}

/// What can be read until nothing is left, or the error.
fn drain(layer: &mut Layer, raw: &mut Pipe, out: &mut Vec<u8>) -> io::Result<Vec<u8>> {
    let mut got = Vec::new();
    let mut buffer = [0; 100];
    loop {
        match layer.read(raw, out, &mut buffer) {
            Ok(0) => return Ok(got),
            Ok(length) => got.extend_from_slice(&buffer[..length]),
            Err(error) if error.kind() == ErrorKind::WouldBlock && raw.bytes.is_empty() => return Ok(got),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
}
