//! The binary `mqtt`.
mod conf;
fn main() {}
