//! Topic names and topic filters (section 4.7), and the tree that joins them.

mod filter;
mod name;
mod tree;

pub use filter::{Filter, matches};
pub use name::{check_name, levels};
pub use tree::Tree;
