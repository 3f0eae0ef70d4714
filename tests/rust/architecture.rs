//! Rules of the architecture that Cargo cannot hold.
