//! Any bytes, as the HTML of a mail.
#![no_main]

#[path = "../../tests/fuzz/properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|raw: &[u8]| {
    let mail = [&b"From: a@example.org\nContent-Type: text/html; charset=utf-8\n\n"[..], raw].concat();
    properties::hold(&mail, &properties::desk());
});
