//! Any bytes, as the attributes of a winmail.dat.
#![no_main]

#[path = "../../tests/fuzz/properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|raw: &[u8]| {
    let mail = [&b"From: a@example.org\nContent-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\x01\x00"[..], raw].concat();
    properties::hold(&mail, &properties::desk());
});
