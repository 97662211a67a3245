//! From the structure of a mail to an [`InboundMail`]: every text made safe, every
//! list bounded.

use std::borrow::Cow;

use jiff::Timestamp;
use mail_parser::{Address, HeaderName, HeaderValue, MessageParser, parsers::MessageStream};

use super::{
    Ours,
    attachments::files,
    bodies::bodies,
    bounce,
    charsets::Hint,
    encoded_words,
    fields::Fields,
    html, identity,
    ids::message_ids,
    kind,
    language::language,
    oversized,
    own_words::{Answering, sever, without_ours},
    parts::{self, Part},
    receipt,
    structure::{Structure, structure},
};
use crate::domain::{
    EmailAddress, EnvelopeSender, InboundMail, Kind, MessageId, NamedAddress, link::without_seals, text,
};

/// The longest text kept, in bytes. A novel has as much; what is more is a log,
/// and belongs into a file. The whole mail stays in the ledger.
pub(super) const MAX_TEXT_BYTES: usize = 1 << 20;
/// The longest HTML kept, in bytes: text and as much again of markup.
const MAX_HTML_BYTES: usize = 2 << 20;
/// The most addresses kept of one kind of field.
const MAX_ADDRESSES: usize = 200;
/// The most references kept; half of them the oldest, half the newest.
const MAX_REFERENCES: usize = 100;

/// One of these stands in everything that was ever sent as a mail.
const MAIL_FIELDS: &[&str] = &[
    "From",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "Received",
    "Return-Path",
    "Sender",
    "MIME-Version",
    "Content-Type",
];

/// Reads a mail; the caller catches panics.
pub(super) fn reading(raw: &[u8], ours: &Ours) -> InboundMail {
    let raw = raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw);
    let raw = &*with_line_feeds(raw.trim_ascii_start());
    let Some(message) = header_parser().parse_headers(raw) else { return no_mail(raw) };
    let fields = Fields::of(&message, raw);
    if fields.any_of(MAIL_FIELDS).is_none() {
        return no_mail(raw);
    }
    let structure = structure(raw);
    let hint = structure.parts.iter().find(|part| part.mime.starts_with("text/")).and_then(Part::hint);
    let mut mail = InboundMail { subject: subject(fields, hint), ..InboundMail::default() };
    read_fields(&mut mail, fields, hint);
    read_parts(&mut mail, &structure, hint);
    if mail.in_reply_to.is_empty() && parts::is_report(&message, "disposition-notification") {
        mail.in_reply_to = receipt::original_id(&mail.attachments).into_iter().collect();
    }
    mail.oversized = oversized::left_out(fields);
    mail.defects.extend(mail.oversized.as_ref().map(oversized::defect));
    let named = !mail.in_reply_to.is_empty() || !mail.references.is_empty();
    mail.body = sever(&mail.text, Answering::of(&mail.subject, named));
    heed_html(&mut mail);
    mail.language = language(&mail.body.own, fields.first("Content-Language").as_deref());
    (mail.kind, mail.detail, mail.kind_why) = kind::kind(&mail, &message, fields, ours);
    if mail.kind == Kind::Bounce {
        let report = bounce::report(&mail, fields, ours);
        mail.detail = Some(report.detail());
        mail.kind_why.push_str(&bounce::sentence(&report));
        mail.bounce = Some(report);
    }
    (mail.proof, mail.proof_why) = identity::prove(fields, mail.author().map(|author| &author.address), ours);
    mail
}

/// For the header fields of the mail alone: of addresses, dates and text we read the bytes.
fn header_parser() -> MessageParser {
    MessageParser::new().with_mime_headers()
}

/// A mail whose lines end in bare carriage returns, as of old Macs, with line feeds.
fn with_line_feeds(raw: &[u8]) -> Cow<'_, [u8]> {
    if raw.contains(&b'\n') || !raw.contains(&b'\r') {
        return Cow::Borrowed(raw);
    }
    raw.iter().map(|&byte| if byte == b'\r' { b'\n' } else { byte }).collect()
}

/// What has none of the fields of a mail is kept as text.
fn no_mail(raw: &[u8]) -> InboundMail {
    let mut mail = InboundMail {
        kind: Kind::Malformed,
        kind_why: "it has none of the header fields of a mail".to_owned(),
        ..InboundMail::default()
    };
    mail.text = bounded_text(&String::from_utf8_lossy(raw), &mut mail.defects);
    mail.body = sever(&mail.text, Answering::Nothing);
    mail
}

/// The first subject, as mail programs show it, but for seals: whoever reads of a ticket reads its subject.
fn subject(fields: Fields<'_>, hint: Hint) -> String {
    let header = fields.named("Subject").next();
    let decoded = header.map(|header| encoded_words::decode(fields.value(header), hint)).unwrap_or_default();
    text::line(&without_seals(&decoded, "…"))
}

fn read_fields(mail: &mut InboundMail, fields: Fields<'_>, hint: Hint) {
    let header = Header { fields, hint };
    mail.unclear_field = fields.unclear();
    mail.from = authors(header, &mut mail.defects);
    mail.reply_to = addresses(&HeaderName::ReplyTo, header, &mut mail.defects);
    mail.to = addresses(&HeaderName::To, header, &mut mail.defects);
    mail.cc = addresses(&HeaderName::Cc, header, &mut mail.defects);
    mail.delivered_to = ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"]
        .iter()
        .flat_map(|name| fields.all(name))
        .filter_map(|value| value.trim_matches(['<', '>', ' ']).parse().ok())
        .take(MAX_ADDRESSES)
        .collect();
    mail.envelope_sender = envelope_sender(fields);
    mail.message_id = ids("Message-ID", fields).into_iter().next();
    mail.in_reply_to = ids("In-Reply-To", fields);
    mail.references = ids("References", fields);
    mail.date = fields.first("Date").and_then(|value| date(&value));
}

/// A date (RFC 5322 §3.3). mail-parser reads on after one that ends in an old zone such as `UT`, so it
/// gets this field alone.
fn date(value: &str) -> Option<Timestamp> {
    let line = [value.as_bytes(), b"\n"].concat();
    let date = MessageStream::new(&line).parse_date().into_datetime().filter(|date| date.is_valid())?;
    Timestamp::from_second(date.to_timestamp()).ok()
}

/// What the address fields are read from.
#[derive(Clone, Copy)]
struct Header<'m> {
    fields: Fields<'m>,
    hint: Hint,
}

/// Every From mailbox of every From field. Where one of them cannot be read, where a
/// field is longer than what is read of it, or where another one is called nearly so,
/// nobody is the author: the readable rest may be the forged half.
fn authors(header: Header<'_>, defects: &mut Vec<String>) -> Vec<NamedAddress> {
    let (found, refused) = mailboxes(&HeaderName::From, header);
    let why = if header.fields.is_inexact(&HeaderName::From) {
        "a field has nearly the name From"
    } else if header.fields.is_cut("From") {
        "a From field is too long to be read whole"
    } else if refused > 0 {
        "the From field has an address that cannot be read without doubt, or none"
    } else {
        return found;
    };
    defects.push(format!("{why}; it has no author"));
    Vec::new()
}

fn addresses(name: &HeaderName<'_>, header: Header<'_>, defects: &mut Vec<String>) -> Vec<NamedAddress> {
    let (mut found, refused) = mailboxes(name, header);
    if refused > 0 {
        defects.push(format!("the {} field has an address that cannot be read", name.as_str()));
    }
    if found.len() > MAX_ADDRESSES {
        defects.push(format!(
            "of the {} addresses in {} only {MAX_ADDRESSES} are kept",
            found.len(),
            name.as_str()
        ));
        found.truncate(MAX_ADDRESSES);
    }
    found
}

/// The mailboxes of all fields of this name, and how many had to be refused.
fn mailboxes(name: &HeaderName<'_>, Header { fields, hint }: Header<'_>) -> (Vec<NamedAddress>, usize) {
    let (mut found, mut refused) = (Vec::new(), 0);
    for header in fields.named(name.as_str()) {
        let value = encoded_words::canonical(fields.value(header), hint);
        let HeaderValue::Address(list) = MessageStream::new(&value).parse_address() else {
            refused += usize::from(*name == HeaderName::From);
            continue;
        };
        let before = (found.len(), refused);
        // Readers differ in whom a group in From stands for (RFC 6854), so it stands for nobody.
        refused += usize::from(*name == HeaderName::From && matches!(list, Address::Group(_)));
        let bare = bare(&String::from_utf8_lossy(&value));
        for mailbox in list.iter().take(MAX_ADDRESSES + 1) {
            let (name, address) = (mailbox.name().unwrap_or_default(), mailbox.address().unwrap_or_default());
            match readable(address, &bare) {
                Some(address) => found.push(NamedAddress::new(name, address)),
                // `Smith, John <john@example.org>` without quotes: the first piece
                // is part of a name, not a mailbox.
                None if address.is_empty() && !name.contains('@') => {}
                None => refused += 1,
            }
        }
        refused += usize::from(*name == HeaderName::From && before == (found.len(), refused));
    }
    (found, refused)
}

/// An address that stands in the field itself. mail-parser may take one out of an
/// encoded word or a comment, where the server that checked the mail saw none.
fn readable(address: &str, bare: &str) -> Option<EmailAddress> {
    let written: String = address.chars().filter(|c| !c.is_whitespace()).collect();
    if written.is_empty() || !bare.contains(&written) {
        return None;
    }
    address.parse().ok()
}

/// A field's value without comments, quoted strings and white space.
fn bare(value: &str) -> String {
    let mut out = String::new();
    let (mut depth, mut quoted) = (0usize, false);
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if quoted || depth > 0 => drop(chars.next()),
            '"' if depth == 0 => quoted = !quoted,
            _ if quoted => {}
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 && !c.is_whitespace() => out.push(c),
            _ => {}
        }
    }
    out
}

/// The topmost Return-Path, which the last server wrote (RFC 5321 §4.4).
fn envelope_sender(fields: Fields<'_>) -> EnvelopeSender {
    let Some(path) = fields.first("Return-Path") else { return EnvelopeSender::Unknown };
    let path = path.trim_matches(['<', '>', ' ']);
    match path.parse() {
        Ok(address) => EnvelopeSender::Address(address),
        Err(_) if path.is_empty() || path.eq_ignore_ascii_case("mailer-daemon") => EnvelopeSender::Null,
        Err(_) => EnvelopeSender::Unknown,
    }
}

/// The ids of all fields of this name; of too many the oldest and the newest half.
fn ids(name: &str, fields: Fields<'_>) -> Vec<MessageId> {
    let mut ids: Vec<_> = fields.all(name).flat_map(|value| message_ids(&value)).collect();
    if ids.len() > MAX_REFERENCES {
        ids.drain(MAX_REFERENCES / 2..ids.len() - MAX_REFERENCES / 2);
    }
    ids
}

/// The text to read, the HTML to show, and the files.
fn read_parts(mail: &mut InboundMail, structure: &Structure<'_>, hint: Hint) {
    mail.defects.extend(structure.defects.iter().cloned());
    let mut bodies = bodies(structure, hint);
    let plain = std::mem::take(&mut bodies.text);
    let rich = bodies.html.take();
    mail.defects.append(&mut bodies.defects);
    let files = files(structure, bodies, hint);
    mail.defects.extend(files.defects);
    mail.attachments = files.attachments;
    let plain = if plain.trim().is_empty() { files.text } else { plain };
    mail.text = bounded_text(&plain, &mut mail.defects);
    mail.defects.extend(sealed(structure, &mail.text));
    mail.html = rich.or_else(|| Some(files.html).filter(|html| !html.is_empty())).map(|whole| {
        if whole.len() > MAX_HTML_BYTES {
            mail.defects.push(format!("the HTML is cut after {MAX_HTML_BYTES} bytes"));
        }
        text::clean(text::prefix(&whole, MAX_HTML_BYTES))
    });
}

/// The HTML of a reply may know of quotes that its plain text has without marks.
fn heed_html(mail: &mut InboundMail) {
    let Some(html) = mail.html.as_deref().filter(|_| !mail.in_reply_to.is_empty()) else { return };
    if mail.body.quoted.is_empty() {
        let rich = sever(&html::to_text(html), Answering::Mail);
        if let Some(body) = without_ours(&mail.body, &[&rich.quoted]).filter(|_| !rich.own.is_empty()) {
            mail.body = body;
        }
    }
}

/// That the text of a mail is sealed, in words: what there is to read is in a file that
/// we do not open (RFC 3156, RFC 8551, RFC 9580).
fn sealed(structure: &Structure<'_>, text: &str) -> Option<String> {
    let is_signed = |part: &Part<'_>| {
        part.content_type.word("smime-type").is_some_and(|kind| kind.eq_ignore_ascii_case("signed-data"))
    };
    let part = structure.parts.iter().find(|part| {
        matches!(
            part.mime.as_str(),
            "multipart/encrypted" | "application/pkcs7-mime" | "application/x-pkcs7-mime"
        )
    });
    match part {
        Some(part) if is_signed(part) => {
            Some("its text is inside an S/MIME signature, which is not opened".to_owned())
        }
        None if !text.trim_start().starts_with("-----BEGIN PGP MESSAGE-----") => None,
        _ => Some("it is encrypted; we have no key to read it".to_owned()),
    }
}

fn bounded_text(whole: &str, defects: &mut Vec<String>) -> String {
    if whole.len() > MAX_TEXT_BYTES {
        defects.push(format!("the text is cut after {MAX_TEXT_BYTES} of {} bytes", whole.len()));
    }
    text::clean(text::prefix(whole, MAX_TEXT_BYTES))
}

#[cfg(test)]
mod tests;
