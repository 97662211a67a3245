//! Any bytes, as the rest of a header: addresses, encoded words, Authentication-Results, references.
#![no_main]

#[path = "../../tests/fuzz/properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|raw: &[u8]| {
    let mail = [&b"From: "[..], raw].concat();
    properties::hold(&mail, &properties::desk());
});
