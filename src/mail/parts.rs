//! The MIME structure of a mail, and the decoding of its parts (RFC 2045, RFC 2046).
//!
//! mail-parser finds the structure; the decoding is ours, for three reasons. It
//! gives text attachments back re-encoded, and we owe the exact bytes. It copies
//! the whole mail once for each level of a base64-encoded forward, and drops
//! nested forwards recursively, so a mail of some megabytes could exhaust memory
//! or the stack. And what is beyond our limits need not be decoded at all.

use std::{borrow::Cow, panic::catch_unwind};

use mail_parser::{
    HeaderName, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType,
    decoders::{
        base64::base64_decode, charsets::map::charset_decoder, quoted_printable::quoted_printable_decode,
    },
};

/// How often the structure is looked at again after an encoded forward was made
/// opaque. Each look may uncover more; nobody honest needs a third.
const MAX_LOOKS: usize = 8;

/// The structure of one mail. Forwarded mails in it are parts like any other and
/// are not looked into.
pub(super) struct Structure<'m> {
    /// What mail-parser found; offsets count in the bytes it was made from.
    pub message: Message<'m>,
    /// Whether the bodies were understood; otherwise there are header fields only.
    pub whole: bool,
}

impl<'m> Structure<'m> {
    /// The structure of `bytes`, which come from [`opaque`]. `None` when there is
    /// not one header field.
    pub fn of(bytes: &'m [u8]) -> Option<Self> {
        // mail-parser 0.11.9 panics on some broken nestings; the fields are good all the same.
        match catch_unwind(|| parser().parse(bytes)) {
            Ok(found) => found.map(|message| Structure { message, whole: true }),
            Err(_) => parser().parse_headers(bytes).map(|message| Structure { message, whole: false }),
        }
    }
}

impl Drop for Structure<'_> {
    /// Takes nested mails apart one after the other: the derived drop would recurse
    /// once for each level, and a mail may have a hundred thousand.
    fn drop(&mut self) {
        let mut nested = vec![std::mem::take(&mut self.message)];
        while let Some(mut message) = nested.pop() {
            for part in &mut message.parts {
                if let PartType::Message(inner) = std::mem::take(&mut part.body) {
                    nested.push(inner);
                }
            }
        }
    }
}

/// The same bytes, in which encoded forwards no longer look like mails, so that
/// the parser does not read their encoded text as header fields. Lengths and
/// offsets stay; the original bytes are the ones to show.
pub(super) fn opaque(raw: &[u8]) -> Cow<'_, [u8]> {
    let mut bytes = Cow::Borrowed(raw);
    for _ in 0..MAX_LOOKS {
        let places = encoded_forwards(&bytes);
        if places.is_empty() {
            break;
        }
        for place in places {
            bytes.to_mut()[place] = b'x';
        }
    }
    bytes
}

/// Where the media types of encoded forwards start.
fn encoded_forwards(bytes: &[u8]) -> Vec<usize> {
    let Some(structure) = Structure::of(bytes) else { return Vec::new() };
    let parts = structure.message.parts.iter();
    parts
        .filter(|part| matches!(part.body, PartType::Message(_)) && encoding(part, bytes) != Encoding::None)
        .filter_map(|part| {
            let field = part.headers.iter().find(|header| header.name == HeaderName::ContentType)?;
            let start = field.offset_start as usize;
            let value = bytes.get(start..field.offset_end as usize)?;
            Some(start + value.iter().position(|b| b.is_ascii_alphabetic())?)
        })
        .collect()
}

/// A parser that decodes no bodies (see the module's text) and keeps unknown
/// fields as they are.
fn parser() -> MessageParser {
    MessageParser::new()
        .with_mime_headers()
        .with_date_headers()
        .with_address_headers()
        .with_message_ids()
        .header_text(HeaderName::Subject)
        .ignore_header(HeaderName::ContentTransferEncoding)
}

/// The two encodings that change bytes (RFC 2045 §6).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    None,
    Base64,
    QuotedPrintable,
}

fn encoding(part: &MessagePart<'_>, bytes: &[u8]) -> Encoding {
    match field(part, &HeaderName::ContentTransferEncoding, bytes).to_ascii_lowercase().as_str() {
        "base64" => Encoding::Base64,
        "quoted-printable" => Encoding::QuotedPrintable,
        _ => Encoding::None,
    }
}

/// The media type as declared, `text/plain` (RFC 2045 §5.2) where none is.
pub(super) fn media_type(part: &MessagePart<'_>, raw: &[u8]) -> String {
    let declared = field(part, &HeaderName::ContentType, raw);
    let name: String = declared.split(';').next().unwrap_or_default().to_ascii_lowercase();
    let name: String = name.split_whitespace().collect();
    let token =
        |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b));
    match name.split_once('/') {
        Some((kind, subtype)) if name.len() <= 127 && token(kind) && token(subtype) => name,
        _ if declared.is_empty() => "text/plain".to_owned(),
        _ => "application/octet-stream".to_owned(),
    }
}

fn field(part: &MessagePart<'_>, name: &HeaderName<'_>, raw: &[u8]) -> String {
    let header = part.headers.iter().find(|header| header.name == *name);
    let value = header.and_then(|h| raw.get(h.offset_start as usize..h.offset_end as usize));
    super::fields::unfold(&String::from_utf8_lossy(value.unwrap_or_default()))
}

/// The bytes of a part, decoded. What claims an encoding and breaks it is kept as
/// it came; the flag says so.
pub(super) fn bytes(part: &MessagePart<'_>, raw: &[u8]) -> (Vec<u8>, bool) {
    let body = raw.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default();
    let decoded = match encoding(part, raw) {
        Encoding::None => return (body.to_vec(), false),
        Encoding::Base64 => base64_decode(body),
        Encoding::QuotedPrintable => quoted_printable_decode(body),
    };
    decoded.map_or_else(|| (body.to_vec(), true), |bytes| (bytes, false))
}

/// The text of a part in its declared charset. Undeclared text that is no UTF-8 is
/// read as windows-1252, the commonest omission.
pub(super) fn decode_text(part: &MessagePart<'_>, bytes: &[u8]) -> String {
    let declared = part.content_type().and_then(|ct| ct.attribute("charset"));
    let known = declared.and_then(|charset| charset_decoder(charset.as_bytes()));
    match (known, std::str::from_utf8(bytes)) {
        (Some(decode), _) => decode(bytes),
        (None, Ok(text)) => text.to_owned(),
        (None, Err(_)) => charset_decoder(b"windows-1252")
            .map_or_else(|| String::from_utf8_lossy(bytes).into_owned(), |decode| decode(bytes)),
    }
}

/// The first `max` bytes as text, with replacement characters where need be.
pub(super) fn lossy(bytes: &[u8], max: usize) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(max)]).into_owned()
}

/// What can still be read where the structure is broken: parts that never end, and
/// a multipart whose boundary is missing.
pub(super) fn rescued(structure: &Structure<'_>, raw: &[u8], max_parts: usize) -> String {
    if !structure.whole {
        return text_after_header(raw);
    }
    let parts = structure.message.parts.iter().take(max_parts).enumerate();
    let readable = parts.filter(|(n, part)| match &part.body {
        PartType::Text(_) => part.is_encoding_problem,
        PartType::Binary(_) => *n == 0 && part.content_type().is_some_and(|ct| ct.ctype() == "multipart"),
        _ => false,
    });
    let texts: Vec<_> = readable.map(|(_, part)| decode_text(part, &bytes(part, raw).0)).collect();
    texts.join("\n")
}

fn text_after_header(raw: &[u8]) -> String {
    let lf = raw.windows(2).position(|pair| pair == b"\n\n").map(|at| at + 2);
    let crlf = raw.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
    let start = lf.into_iter().chain(crlf).min().unwrap_or(raw.len());
    String::from_utf8_lossy(&raw[start..]).into_owned()
}

/// Whether a part has a file name. Such a part is a file, also where its type is
/// text and it stands among the bodies.
pub(super) fn is_file(part: &MessagePart<'_>) -> bool {
    part.attachment_name().is_some()
}

/// Whether the sender asked for the part to be shown in place (RFC 2183 §2.1); a
/// picture with a Content-ID and no word on it belongs into the HTML.
pub(super) fn is_inline(part: &MessagePart<'_>) -> bool {
    match part.content_disposition() {
        Some(disposition) => disposition.is_inline(),
        None => part.content_id().is_some() && part.content_type().is_some_and(|ct| ct.ctype() == "image"),
    }
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

/// The single values or the list that mail-parser makes of id fields.
pub(super) fn id_values<'v>(value: &'v HeaderValue<'_>) -> Vec<&'v str> {
    match value {
        HeaderValue::Text(id) => vec![id],
        HeaderValue::TextList(ids) => ids.iter().map(AsRef::as_ref).collect(),
        _ => Vec::new(),
    }
}
