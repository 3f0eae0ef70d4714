//! Two ends in one thread, a virtual clock and a lossy pipe.
