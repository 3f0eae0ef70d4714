//! A position in bytes that are being read.
