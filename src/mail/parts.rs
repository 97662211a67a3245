//! One part of a mail: what its header fields say, and its bytes, decoded.

use std::borrow::Cow;

use mail_parser::{Message, MimeHeaders};

use super::{
    charsets::{self, Hint},
    encoded_words,
    parameters::Parameters,
    transfer, uuencode,
};

/// The longest field value looked at, in bytes.
const MAX_VALUE_BYTES: usize = 64 * 1024;

/// HTML declares its charset so early, in bytes.
const MAX_META_BYTES: usize = 2048;

/// A part of a mail, in the place where the structure has it.
pub(super) struct Part<'m> {
    /// The media type in lower case; `text/plain` where none is declared (RFC 2045 §5.2).
    pub mime: String,
    pub content_type: Parameters,
    disposition: Parameters,
    encoding: Encoding,
    content_id: Option<&'m [u8]>,
    location: Option<&'m [u8]>,
    /// The part as it stands in the mail, without its header fields.
    pub body: &'m [u8],
    /// The multipart that it belongs to, as an index.
    pub parent: Option<usize>,
    /// Whether parts of its own were found in it.
    pub has_parts: bool,
}

/// The two encodings that change bytes (RFC 2045 §6), and the one before MIME.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Encoding {
    #[default]
    None,
    Base64,
    QuotedPrintable,
    Uuencode,
}

impl<'m> Part<'m> {
    /// A part with these header fields; `usual` is its type where none is declared.
    pub fn of(header: &'m [u8], usual: &str, parent: Option<usize>) -> Self {
        let field = |name: &str| field(header, name);
        let content_type = field("content-type").map(Parameters::of).unwrap_or_default();
        let is_nameless_type = content_type.value.is_empty() && content_type.text("name", None).is_some();
        let usual = if is_nameless_type { "application/octet-stream" } else { usual };
        let mime = media_type(&content_type.value, usual);
        let disposition = field("content-disposition").map(Parameters::of).unwrap_or_default();
        let encoding = field("content-transfer-encoding").map(encoding).unwrap_or_default();
        let (content_id, location) = (field("content-id"), field("content-location"));
        Part {
            mime,
            content_type,
            disposition,
            encoding,
            content_id,
            location,
            body: &[],
            parent,
            has_parts: false,
        }
    }

    /// Whether parts of its own belong in it.
    pub fn is_multipart(&self) -> bool {
        self.mime.starts_with("multipart/")
    }

    /// The name of the file, as the sender gave it.
    pub fn name(&self, hint: Hint) -> Option<String> {
        let named = self.disposition.text("filename", hint).or_else(|| self.content_type.text("name", hint));
        named.or_else(|| {
            let last = self.location?.trim_ascii().rsplit(|&byte| byte == b'/').next()?;
            let last = last.split(|byte| b"?#".contains(byte)).next()?;
            // A place that ends in a file; others say nothing that a person would call it.
            last.contains(&b'.').then(|| encoded_words::decode(last, hint))
        })
    }

    /// Whether the part is a file: one that the sender wants to be kept apart, or that
    /// has a name, also where its type is text.
    pub fn is_file(&self) -> bool {
        let named = self.disposition.text("filename", None).or_else(|| self.content_type.text("name", None));
        self.is_attached() || named.is_some()
    }

    /// Whether the sender wants the part to be kept apart (RFC 2183 §2.2).
    pub fn is_attached(&self) -> bool {
        self.disposition.value == "attachment"
    }

    /// Whether the sender asked for the part to be shown in place (RFC 2183 §2.1); a
    /// picture with a Content-ID and no word on it belongs into the HTML.
    pub fn is_inline(&self) -> bool {
        match self.disposition.value.as_str() {
            "" => self.content_id.is_some() && self.mime.starts_with("image/"),
            value => value == "inline",
        }
    }

    /// The Content-ID, as it stands.
    pub fn content_id(&self) -> Option<Cow<'_, str>> {
        self.content_id.map(String::from_utf8_lossy)
    }

    /// The bytes, decoded. What claims an encoding and breaks it is kept as well as it
    /// can be read; the flag says so.
    pub fn bytes(&self) -> (Cow<'m, [u8]>, bool) {
        match self.encoding {
            Encoding::None => (Cow::Borrowed(self.body), false),
            Encoding::QuotedPrintable => {
                let (bytes, broken) = transfer::quoted_printable(self.body);
                (Cow::Owned(bytes), broken)
            }
            Encoding::Uuencode => match uuencode::unpack(Cow::Borrowed(self.body)).1.pop() {
                Some(file) => (Cow::Owned(file.bytes), false),
                None => (Cow::Borrowed(self.body), true),
            },
            Encoding::Base64 => transfer::base64(self.body)
                .map_or((Cow::Borrowed(self.body), true), |(b, broken)| (Cow::Owned(b), broken)),
        }
    }

    /// `bytes` as text, in the charset that the part declares.
    pub fn text(&self, bytes: &[u8], hint: Hint) -> String {
        charsets::decode(bytes, self.charset(bytes).as_deref(), hint)
    }

    /// The declared charset; of HTML the one that it declares itself where the part does not.
    fn charset(&self, bytes: &[u8]) -> Option<String> {
        let in_html = || {
            let head = lossy(bytes, MAX_META_BYTES).to_ascii_lowercase();
            let (_, rest) = head.split_once("<meta")?.1.split_once("charset=")?;
            let label = rest.trim_start_matches(['"', '\'', ' ']);
            let end = label
                .find(|c: char| !c.is_ascii_alphanumeric() && !"-_:.".contains(c))
                .unwrap_or(label.len());
            Some(label[..end].to_owned())
        };
        self.content_type.word("charset").or_else(|| (self.mime == "text/html").then(in_html).flatten())
    }

    /// What its text is written in, for other text of the mail.
    pub fn hint(&self) -> Hint {
        let (bytes, _) = self.bytes();
        charsets::hint(&bytes, self.charset(&bytes).as_deref())
    }
}

/// The value of the first field of this name, folded as it stands.
pub(super) fn field<'h>(header: &'h [u8], name: &str) -> Option<&'h [u8]> {
    let mut found: Option<(usize, usize)> = None;
    let mut at = 0;
    for line in header.split_inclusive(|&byte| byte == b'\n') {
        let start = at;
        at += line.len();
        let folded = line.starts_with(b" ") || line.starts_with(b"\t");
        match &mut found {
            Some((_, end)) if folded => *end = at,
            Some(_) => break,
            None => {
                let is_it =
                    line.get(..name.len()).is_some_and(|given| given.eq_ignore_ascii_case(name.as_bytes()));
                let rest = line.get(name.len()..).filter(|_| is_it).map(<[u8]>::trim_ascii_start);
                if rest.is_some_and(|rest| rest.starts_with(b":")) {
                    let colon = line.iter().position(|&byte| byte == b':').unwrap_or_default();
                    found = Some((start + colon + 1, at));
                }
            }
        }
    }
    let (start, end) = found?;
    header.get(start..end.min(start + MAX_VALUE_BYTES))
}

fn encoding(field: &[u8]) -> Encoding {
    let word = field.trim_ascii().split(|byte| b" \t;(\r\n".contains(byte)).next().unwrap_or_default();
    match word.trim_ascii().to_ascii_lowercase().as_slice() {
        b"base64" | b"\"base64\"" => Encoding::Base64,
        b"x-uuencode" | b"x-uue" | b"uuencode" => Encoding::Uuencode,
        b"quoted-printable" | b"\"quoted-printable\"" => Encoding::QuotedPrintable,
        _ => Encoding::None,
    }
}

/// A type that is written as one; `text` alone is plain text.
fn media_type(declared: &str, usual: &str) -> String {
    let token =
        |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b));
    match declared.split_once('/') {
        Some((kind, subtype)) if declared.len() <= 127 && token(kind) && token(subtype) => {
            declared.to_owned()
        }
        _ if declared.is_empty() => usual.to_owned(),
        _ if declared.starts_with("text") => "text/plain".to_owned(),
        _ => "application/octet-stream".to_owned(),
    }
}

/// The first `max` bytes as text, with replacement characters where need be.
pub(super) fn lossy(bytes: &[u8], max: usize) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(max)]).into_owned()
}

/// Whether `report-type` of a multipart/report is this one (RFC 6522 §3).
pub(super) fn is_report(message: &Message<'_>, report_type: &str) -> bool {
    let content_type = message.parts.first().and_then(|root| root.content_type());
    content_type.is_some_and(|ct| {
        ct.ctype() == "multipart"
            && ct.subtype() == Some("report")
            && ct.attribute("report-type").is_some_and(|given| given.eq_ignore_ascii_case(report_type))
    })
}
