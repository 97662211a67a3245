//! Any bytes, as a whole mail.
#![no_main]

#[path = "../../tests/fuzz/properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|raw: &[u8]| properties::hold(raw, &properties::desk()));
