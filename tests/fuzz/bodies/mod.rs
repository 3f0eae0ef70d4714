//! What each fuzz target does with its input: plain functions that panic when something does not hold. cargo-fuzz calls
//! them on nightly with coverage as a guide; `tests/rust/fuzz.rs` calls them on stable with mutations of the corpus.

mod decoder;
mod properties;
mod session;
mod topics;
mod websocket;

/// A target: its name, which is that of its folder in `corpus` and of its file in `fuzz_targets`, and its body.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 6] = [
    ("decoder", decoder::run),
    ("session", session::run),
    ("hostile", session::hostile),
    ("websocket", websocket::run),
    ("topics", topics::run),
    ("properties", properties::run),
];

/// The body with this name.
pub fn body(name: &str) -> fn(&[u8]) {
    TARGETS.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("there is no target {name}")).1
}

/// Reads choices off the front of the input; 0 when it is used up, so that every input means something.
struct Choices<'a>(&'a [u8]);

impl<'a> Choices<'a> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn byte(&mut self) -> u8 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                *first
            }
            None => 0,
        }
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::from(self.byte()) % bound
    }

    fn number(&mut self) -> u32 {
        u32::from_le_bytes([self.byte(), self.byte(), self.byte(), self.byte()])
    }

    fn bytes(&mut self, length: usize) -> &'a [u8] {
        let (part, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        part
    }

    fn text(&mut self, longest: usize) -> String {
        let length = self.below(longest + 1);
        String::from_utf8_lossy(self.bytes(length)).into_owned()
    }

    fn rest(self) -> &'a [u8] {
        self.0
    }
}
