//! Strings as IMAP wants them: quoted, and folder names in modified UTF-7.

use data_encoding::BASE64_NOPAD;

/// A quoted string (RFC 3501 §4.3); `None` for what only a literal could carry.
pub(super) fn quoted(text: &str) -> Option<String> {
    let carries = |c: char| c.is_ascii() && !c.is_ascii_control();
    text.chars().all(carries).then(|| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// A folder's name, quoted, in modified UTF-7 (RFC 3501 §5.1.3).
pub(super) fn folder(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    let mut run = String::new();
    for c in name.chars() {
        if c.is_ascii() && !c.is_ascii_control() {
            end_run(&mut run, &mut encoded);
            encoded.push(c);
            if c == '&' {
                encoded.push('-');
            }
        } else {
            run.push(c);
        }
    }
    end_run(&mut run, &mut encoded);
    quoted(&encoded).expect("modified UTF-7 is printable ASCII")
}

fn end_run(run: &mut String, encoded: &mut String) {
    if run.is_empty() {
        return;
    }
    let utf16: Vec<u8> = run.encode_utf16().flat_map(u16::to_be_bytes).collect();
    encoded.push('&');
    encoded.push_str(&BASE64_NOPAD.encode(&utf16).replace('/', ","));
    encoded.push('-');
    run.clear();
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folders_are_written_in_modified_utf_7() {
        assert_eq!(folder("INBOX"), r#""INBOX""#);
        assert_eq!(folder("Sales & Support"), r#""Sales &- Support""#);
        assert_eq!(folder("Entwürfe"), r#""Entw&APw-rfe""#);
        assert_eq!(folder("~peter/mail/台北/日本語"), r#""~peter/mail/&U,BTFw-/&ZeVnLIqe-""#);
        assert_eq!(folder("a\"b\\c"), r#""a\"b\\c""#);
    }

    #[test]
    fn a_line_end_is_never_quoted() {
        assert_eq!(quoted("pw\r\nD9 LOGOUT"), None);
        assert_eq!(quoted("pä"), None);
        assert_eq!(quoted(r#"p"w\"#).as_deref(), Some(r#""p\"w\\""#));
    }

    proptest! {
        #[test]
        fn no_name_leaves_its_quotes(name: String) {
            let quoted = folder(&name);
            let inside = &quoted[1..quoted.len() - 1];
            prop_assert!(inside.bytes().all(|b| (0x20..0x7f).contains(&b)));
            prop_assert!(!inside.replace("\\\\", "").replace("\\\"", "").contains(['"', '\\']));
        }
    }
}
