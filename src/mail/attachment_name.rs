//! File names from mail, made safe before anybody checks or shows them.
//!
//! The name is for people: storage uses keys of its own. Cleaning comes first
//! and once, so that nobody checks a name which later changes (CVE-2026-28289).

use crate::domain::text;

/// The longest name, in bytes: file systems take 255, and a download adds to it.
const MAX_BYTES: usize = 150;
/// The longest extension kept when a name is cut, in bytes.
const MAX_EXTENSION_BYTES: usize = 16;

/// A base name without path, control or direction characters and leading dots;
/// `attachment` and the type's usual extension where nothing is left.
pub(super) fn safe(given: &str, mime: &str) -> String {
    let tail_bounded = &given[given.ceil_char_boundary(given.len().saturating_sub(4096))..];
    let base = tail_bounded.rsplit(['/', '\\']).find(|piece| !piece.trim().is_empty()).unwrap_or_default();
    let base = after_encoded_slash(base);
    let printable: String =
        base.chars().map(|c| if "<>:\"|?*".contains(c) { '_' } else { c }).filter(|c| *c != '\0').collect();
    let name = text::line(&shorten(&printable));
    let name = name.trim_start_matches(['.', ' ']).trim_end_matches(['.', ' ']);
    if name.is_empty() { format!("attachment{}", usual_extension(mime)) } else { name.to_owned() }
}

/// What stands after the last `%2f` or `%5c`: a path that somebody will decode later.
fn after_encoded_slash(name: &str) -> &str {
    let lower = name.to_ascii_lowercase();
    let cut = ["%2f", "%5c"].iter().filter_map(|slash| lower.rfind(slash)).max();
    cut.map_or(name, |at| &name[at + 3..])
}

/// Cut in the middle, so that the extension stays what it was.
fn shorten(name: &str) -> String {
    if name.len() <= MAX_BYTES {
        return name.to_owned();
    }
    let extension = name.rfind('.').map_or("", |dot| &name[dot..]);
    let extension = if extension.len() <= MAX_EXTENSION_BYTES { extension } else { "" };
    format!("{}{extension}", text::prefix(name, MAX_BYTES - extension.len()))
}

fn usual_extension(mime: &str) -> &'static str {
    match mime {
        "message/rfc822" | "message/global" => ".eml",
        "text/plain" | "text/enriched" | "text/rfc822-headers" | "message/delivery-status" => ".txt",
        "text/csv" => ".csv",
        "text/rtf" | "application/rtf" => ".rtf",
        "text/html" => ".html",
        "text/calendar" => ".ics",
        "image/png" => ".png",
        "image/jpeg" => ".jpg",
        "image/gif" => ".gif",
        "application/pdf" => ".pdf",
        "application/zip" => ".zip",
        "application/pgp-signature" => ".asc",
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => ".p7s",
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => ".p7m",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_end_as_base_names() {
        for (given, want) in [
            ("report.pdf", "report.pdf"),
            ("../../../../tmp/pwned", "pwned"),
            ("..\\..\\x.txt", "x.txt"),
            ("C:\\Users\\x.doc", "x.doc"),
            ("dir/", "dir"),
            ("%2e%2e%2f%2e%2e%2fetc%2fpasswd", "passwd"),
            (".bashrc", "bashrc"),
            ("a\r\nX-Injected: 1\".txt", "a X-Injected_ 1_.txt"),
            ("a\0b.exe", "ab.exe"),
            ("Größe 日本.png", "Größe 日本.png"),
        ] {
            assert_eq!(safe(given, ""), want, "{given:?}");
        }
    }

    #[test]
    fn nothing_left_gets_a_name_of_its_type() {
        assert_eq!(safe("..", "message/rfc822"), "attachment.eml");
        assert_eq!(safe("", "application/x-unknown"), "attachment");
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let name = safe(&format!("{}.pdf", "ä".repeat(300)), "");
        assert!(name.len() <= MAX_BYTES && name.ends_with("ä.pdf"), "{name}");
    }

    proptest! {
        #[test]
        fn any_name_becomes_safe(given: String) {
            let name = safe(&given, "");
            prop_assert!(!name.is_empty() && name.len() <= MAX_BYTES);
            prop_assert!(!name.starts_with('.') && !name.contains(['/', '\\', '\n', '\0', '"']));
        }
    }
}
