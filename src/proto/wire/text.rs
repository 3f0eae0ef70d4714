//! UTF-8 strings of the wire (section 1.5.4): well-formed, without U+0000.
