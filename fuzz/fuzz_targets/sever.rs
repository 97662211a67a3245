//! Any bytes, as the plain text of a mail: own words, signatures, quotes, uuencode, the gate.
#![no_main]

#[path = "../../tests/fuzz/properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|raw: &[u8]| {
    let mail = [&b"From: a@example.org\n\n"[..], raw].concat();
    properties::hold(&mail, &properties::desk());
});
