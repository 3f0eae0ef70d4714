//! What drop-ins for older libraries need in native code.

mod array;

/// Once, when PHP starts.
pub(crate) fn start() {
    array::start();
}
