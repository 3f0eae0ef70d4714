//! Topic aliases, both ways (section 3.3.2.3.4).
