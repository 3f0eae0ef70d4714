//! Keep-alive and handshake deadlines.
