//! What drop-ins for older libraries need in native code.

mod array;
mod object;

/// Once, when PHP starts.
pub(crate) fn start() {
    array::start();
}

/// At the end of a request: the classes that were learnt go with it.
pub(crate) fn end_request() {
    object::forget();
}
