//! The two transfer encodings that change bytes (RFC 2045 §6.7, §6.8), read as the
//! RFC asks a robust reader to: what does not belong is passed over or kept, and
//! said to be there.

/// Of so many characters one may be foreign; prose has more.
const TOLERATED: usize = 12;

/// Bytes that were decoded, and whether something in them was no encoding.
pub(super) type Decoded = (Vec<u8>, bool);

/// Base64. Foreign characters are passed over; what follows the padding is not part
/// of it, unless another whole block does. `None` when it is no base64 at all.
pub(super) fn base64(body: &[u8]) -> Option<Decoded> {
    let mut out = Vec::with_capacity(body.len() / 4 * 3 + 3);
    let (mut group, mut count, mut foreign, mut padded) = (0u32, 0u32, 0usize, false);
    for &byte in body {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                flush(&mut out, group, count);
                (group, count, padded) = (0, 0, true);
                continue;
            }
            byte if byte.is_ascii_whitespace() => continue,
            _ if padded => {
                // A footer that a list or a scanner wrote under the encoded text.
                foreign += 1;
                break;
            }
            _ => {
                foreign += 1;
                continue;
            }
        };
        group = group << 6 | u32::from(value);
        count += 1;
        if count == 4 {
            out.extend_from_slice(&group.to_be_bytes()[1..]);
            (group, count) = (0, 0);
        }
    }
    flush(&mut out, group, count);
    (foreign * TOLERATED <= body.len()).then_some((out, foreign > 0 || count == 1))
}

/// What two or three characters of an unfinished group say.
fn flush(out: &mut Vec<u8>, group: u32, count: u32) {
    match count {
        2 => out.push((group >> 4).to_le_bytes()[0]),
        3 => out.extend_from_slice(&(group >> 2).to_be_bytes()[2..]),
        _ => {}
    }
}

/// Quoted-printable. An `=` that begins no escape stays as it is.
pub(super) fn quoted_printable(body: &[u8]) -> Decoded {
    let mut out = Vec::with_capacity(body.len());
    let mut broken = false;
    for line in body.split_inclusive(|&byte| byte == b'\n') {
        let text = line.trim_ascii_end();
        let end = match line {
            [.., b'\r', b'\n'] => &b"\r\n"[..],
            [.., b'\n'] => b"\n",
            _ => b"",
        };
        let (text, end) = text.strip_suffix(b"=").map_or((text, end), |text| (text, b""));
        broken |= escapes(text, &mut out);
        out.extend_from_slice(end);
    }
    (out, broken)
}

/// Decodes `=XX`; says whether an `=` was something else.
pub(super) fn escapes(text: &[u8], out: &mut Vec<u8>) -> bool {
    let (mut at, mut broken) = (0, false);
    while let Some(&byte) = text.get(at) {
        at += 1;
        let escaped = (byte == b'=').then(|| escape(text.get(at..at + 2)?)).flatten();
        broken |= byte == b'=' && escaped.is_none();
        at += if escaped.is_some() { 2 } else { 0 };
        out.push(escaped.unwrap_or(byte));
    }
    broken
}

/// The byte that two hexadecimal digits of either case name.
pub(super) fn escape(digits: &[u8]) -> Option<u8> {
    data_encoding::HEXLOWER_PERMISSIVE.decode(digits).ok()?.first().copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn base64_is_read_around_what_does_not_belong() {
        for (body, want) in [
            ("aGVsbG8=", Some((&b"hello"[..], false))),
            ("aGVs\r\nbG8", Some((b"hello", false))),
            ("aGVsbG8=\n-- \nSent through the list\n", Some((b"hello", true))),
            ("aGVs!bG8gd29ybGQ=", Some((b"hello world", true))),
            ("Hello, (this) is: no base64!", None),
            ("aGVsbG8gd29ybGQg!aGVsbG8gd29ybGQg", Some((b"hello world hello world ", true))),
            ("aGVsbG8=aGVsbG8=", Some((b"hellohello", false))),
        ] {
            assert_eq!(
                base64(body.as_bytes()),
                want.map(|(bytes, broken)| (bytes.to_vec(), broken)),
                "{body}"
            );
        }
    }

    #[test]
    fn quoted_printable_keeps_what_it_does_not_know() {
        assert_eq!(quoted_printable(b"a=3d=3Db  \r\nc=\r\nd"), (b"a==b\r\ncd".to_vec(), false));
        assert_eq!(quoted_printable(b"1=2 =ZZ ="), (b"1=2 =ZZ ".to_vec(), true));
    }

    proptest! {
        #[test]
        fn what_was_encoded_comes_back(bytes: Vec<u8>) {
            let encoded = data_encoding::BASE64.encode(&bytes);
            prop_assert_eq!(base64(encoded.as_bytes()), Some((bytes, false)));
        }

        #[test]
        fn nothing_grows(bytes: Vec<u8>) {
            prop_assert!(quoted_printable(&bytes).0.len() <= bytes.len());
            prop_assert!(base64(&bytes).is_none_or(|(out, _)| out.len() <= bytes.len()));
        }
    }
}
