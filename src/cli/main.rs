//! The binary `mqtt`.
fn main() {}
