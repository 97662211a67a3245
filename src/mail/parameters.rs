//! The value and the parameters of Content-Type and Content-Disposition (RFC 2045
//! §5.1, RFC 2183), with continuations and charsets (RFC 2231) and with what
//! programs write instead of them.

use super::{charsets, charsets::Hint, encoded_words, transfer};

/// The most parameters looked at.
const MAX_PARAMETERS: usize = 200;

/// A field such as `text/plain; charset=utf-8`.
#[derive(Default)]
pub(super) struct Parameters {
    /// What stands before the first semicolon, in lower case, without white space.
    pub value: String,
    given: Vec<(String, Vec<u8>)>,
}

impl Parameters {
    /// Reads a field's value as it stands in the bytes.
    pub fn of(field: &[u8]) -> Self {
        // A folded line goes on with the blank that it begins with (RFC 5322 §2.2.3).
        let field: Vec<u8> = field
            .iter()
            .copied()
            .filter(|byte| {
                !b"
"
                .contains(byte)
            })
            .collect();
        let field = field.trim_ascii();
        let end = field.iter().position(|byte| b"; \t".contains(byte)).unwrap_or(field.len());
        // `text / plain` and `text/plain charset=x` are both written.
        let semicolon = field.iter().position(|&byte| byte == b';').unwrap_or(field.len());
        let has_parameter = field[end..semicolon].contains(&b'=');
        let end = if has_parameter { end } else { semicolon };
        let value = without_comments(&String::from_utf8_lossy(&field[..end])).to_ascii_lowercase();
        Parameters { value: value.split_whitespace().collect(), given: parameters(&field[end..]) }
    }

    /// A parameter that is a word: `charset`, `boundary`.
    pub fn word(&self, name: &str) -> Option<String> {
        let value = self.text(name, None)?;
        Some(without_comments(&value).trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// A parameter of bytes, as it stands: a boundary may have any.
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        let given = self.given.iter().find(|(given, _)| given == name);
        given.map(|(_, value)| value.trim_ascii_end()).filter(|value| !value.is_empty())
    }

    /// A parameter that people read: a file name. The form of RFC 2231 goes first;
    /// encoded words are read too, though RFC 2047 §5 forbids them here.
    pub fn text(&self, name: &str, hint: Hint) -> Option<String> {
        let text = self.extended(name, hint).or_else(|| {
            self.given.iter().find(|(given, _)| given == name).map(|(_, v)| encoded_words::decode(v, hint))
        })?;
        Some(text).filter(|text| !text.trim().is_empty())
    }

    /// `name*=`, or `name*0=`, `name*1*=` and so on, joined before they are decoded.
    fn extended(&self, name: &str, hint: Hint) -> Option<String> {
        let mut sections: Vec<(u32, bool, &[u8])> =
            self.given.iter().filter_map(|(given, value)| section(given, name, value)).collect();
        sections.sort_by_key(|(number, ..)| *number);
        sections.dedup_by_key(|(number, ..)| *number);
        let (mut bytes, mut charset) = (Vec::new(), None);
        for (n, (_, encoded, value)) in sections.iter().enumerate() {
            let mut value = *value;
            if *encoded && n == 0 {
                (charset, value) = charset_and_rest(value);
            }
            if *encoded { percent(value, &mut bytes) } else { bytes.extend_from_slice(value) }
        }
        match (sections.is_empty(), charset) {
            (true, _) => None,
            (_, Some(charset)) => Some(charsets::decode(&bytes, Some(&charset), hint)),
            _ => Some(encoded_words::decode(&bytes, hint)),
        }
    }
}

/// The number of a section, whether it is encoded, and its value.
fn section<'v>(given: &str, name: &str, value: &'v [u8]) -> Option<(u32, bool, &'v [u8])> {
    let rest = given.strip_prefix(name)?.strip_prefix('*')?;
    let (number, encoded) = rest.strip_suffix('*').map_or((rest, rest.is_empty()), |number| (number, true));
    let number = if number.is_empty() { 0 } else { number.parse().ok()? };
    Some((number, encoded, value))
}

/// `utf-8'de'rest`.
fn charset_and_rest(value: &[u8]) -> (Option<String>, &[u8]) {
    let mut pieces = value.splitn(3, |&byte| byte == b'\'');
    match (pieces.next(), pieces.next(), pieces.next()) {
        (Some(charset), Some(_), Some(rest)) => (Some(String::from_utf8_lossy(charset).into_owned()), rest),
        _ => (None, value),
    }
}

fn percent(value: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while let Some(&byte) = value.get(at) {
        let escaped = (byte == b'%').then(|| transfer::escape(value.get(at + 1..at + 3)?)).flatten();
        at += if escaped.is_some() { 3 } else { 1 };
        out.push(escaped.unwrap_or(byte));
    }
}

/// The parameters in order; of equal ones the first counts.
fn parameters(mut rest: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut quotes = true;
    while found.len() < MAX_PARAMETERS {
        let start = rest.iter().position(|byte| !b"; \t,".contains(byte));
        let Some(start) = start else { break };
        rest = &rest[start..];
        let end = rest.iter().position(|byte| b"=;".contains(byte)).unwrap_or(rest.len());
        let name: String = String::from_utf8_lossy(rest[..end].trim_ascii()).to_ascii_lowercase();
        if rest.get(end) != Some(&b'=') {
            rest = &rest[end..];
            continue;
        }
        rest = rest[end + 1..].trim_ascii_start();
        let quoted = rest.strip_prefix(b"\"").filter(|_| quotes).map(quoted);
        let (value, length) = match quoted {
            Some(Some((value, length))) => (value, length + 1),
            _ => {
                // A quote that nothing closes: no other will be closed either.
                quotes &= quoted.is_none();
                token(rest, &name)
            }
        };
        rest = &rest[length..];
        found.push((name, value));
    }
    found
}

/// What stands before the closing quote, and the length with it. A backslash before
/// anything but a quote or a backslash is one: paths of Windows are written unescaped.
fn quoted(rest: &[u8]) -> Option<(Vec<u8>, usize)> {
    let (mut value, mut at) = (Vec::new(), 0);
    while let Some(&byte) = rest.get(at) {
        at += 1;
        match (byte, rest.get(at)) {
            (b'"', _) => return Some((value, at)),
            (b'\\', Some(&escaped @ (b'"' | b'\\'))) => {
                value.push(escaped);
                at += 1;
            }
            _ => value.push(byte),
        }
    }
    None
}

/// What stands before the next semicolon, blanks included: many programs forget the quotes.
fn token(rest: &[u8], name: &str) -> (Vec<u8>, usize) {
    let length = rest.iter().position(|&byte| byte == b';').unwrap_or(rest.len());
    let value = rest[..length].trim_ascii();
    let value = value.strip_prefix(b"\"").unwrap_or(value);
    let is_name = name.starts_with("name") || name.starts_with("filename");
    let blank = value.iter().position(u8::is_ascii_whitespace).filter(|_| !is_name);
    (value[..blank.unwrap_or(value.len())].to_vec(), length)
}

/// The text without `(comments)`.
fn without_comments(text: &str) -> String {
    let mut depth = 0usize;
    text.chars()
        .filter(|c| {
            depth += usize::from(*c == '(');
            let outside = depth == 0;
            depth = depth.saturating_sub(usize::from(*c == ')'));
            outside
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(field: &str) -> String {
        Parameters::of(field.as_bytes()).text("filename", None).unwrap_or_default()
    }

    #[test]
    fn values_and_words_are_read() {
        let field =
            Parameters::of(b"Text/Plain (old);\r\n charset=US-ASCII (Plain text); Boundary=\"a b\"; x");
        assert_eq!(field.value, "text/plain");
        assert_eq!(field.word("charset").as_deref(), Some("US-ASCII"));
        assert_eq!(field.bytes("boundary"), Some(&b"a b"[..]));
        let field = Parameters::of(b"text/html charset = \"utf-8\"");
        assert_eq!((field.value.as_str(), field.word("charset").as_deref()), ("text/html", Some("utf-8")));
        assert_eq!(Parameters::of(b"multipart/mixed; boundary=\"open").bytes("boundary"), Some(&b"open"[..]));
        assert_eq!(Parameters::of(b"multipart/mixed; boundary==_x").bytes("boundary"), Some(&b"=_x"[..]));
    }

    #[test]
    fn names_are_read_as_programs_write_them() {
        for (field, want) in [
            ("attachment; filename=plain.pdf", "plain.pdf"),
            ("attachment; filename=my report (1).pdf; size=3", "my report (1).pdf"),
            ("attachment; filename=\"a;b.txt\"", "a;b.txt"),
            ("attachment; filename=\"C:\\temp\\a \\\"b\\\".txt\"", "C:\\temp\\a \"b\".txt"),
            ("attachment; filename=\"open.txt; size=3", "open.txt"),
            ("attachment; filename*=utf-8''na%C3%AFve.txt", "naïve.txt"),
            ("attachment; filename*=ISO-8859-1'de'Gr%FC%DFe.txt", "Grüße.txt"),
            ("attachment; filename=x.txt; filename*=UTF-8''%E2%82%AC.txt", "€.txt"),
            ("attachment; filename*0*=utf-8''a%E2%82; filename*1*=%AC; filename*2=\".txt\"", "a€.txt"),
            ("attachment; filename*1=\".exe\"; filename*0=\"invoice.pdf\"", "invoice.pdf.exe"),
            ("attachment; filename=\"=?utf-8?q?Gr=C3=BC=C3=9Fe.txt?=\"", "Grüße.txt"),
            ("attachment; filename==?utf-8?q?Gr=C3=BC=C3=9Fe.txt?=", "Grüße.txt"),
            ("attachment; filename=\"=?utf-8?b?R3I=?=\r\n =?utf-8?q?=C3=BC=C3=9Fe.txt?=\"", "Grüße.txt"),
        ] {
            assert_eq!(name(field), want, "{field}");
        }
    }

    #[test]
    fn bytes_of_eight_bits_are_read_in_names() {
        let field = Parameters::of(b"attachment; filename=\"Gr\xfc\xdfe.txt\"");
        assert_eq!(field.text("filename", None).as_deref(), Some("Grüße.txt"));
    }

    proptest! {
        #[test]
        fn nothing_makes_it_fail(field: Vec<u8>) {
            Parameters::of(&field).text("name", None);
        }
    }
}
