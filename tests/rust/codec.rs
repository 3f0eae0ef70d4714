//! The codec against packets as data, against another codec, and against noise.

#[path = "codec/differential.rs"]
mod differential;
#[path = "codec/encode.rs"]
mod encode;
#[path = "codec/malformed.rs"]
mod malformed;
#[path = "codec/mutation.rs"]
mod mutation;
#[path = "codec/sessions.rs"]
mod sessions;
#[path = "codec/statements.rs"]
mod statements;
#[path = "codec/text_form.rs"]
mod text_form;
#[path = "codec/valid.rs"]
mod valid;
#[path = "codec/vectors.rs"]
mod vectors;
