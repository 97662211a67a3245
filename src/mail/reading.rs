//! From the structure of a mail to an [`InboundMail`]: every text made safe, every
//! list bounded.

use std::borrow::Cow;

use jiff::Timestamp;
use mail_parser::{HeaderName, HeaderValue, Message, MessagePart, MimeHeaders, PartType};

use super::{
    Ours, attachment_name, bounce,
    fields::Fields,
    html, identity, kind,
    language::language,
    oversized,
    parts::{self, Structure},
    receipt,
    reply_text::sever,
};
use crate::domain::{
    Attachment, EmailAddress, EnvelopeSender, InboundMail, Kind, MessageId, NamedAddress, text,
};

/// The longest text kept, in bytes. A novel has as much; what is more is a log,
/// and belongs into a file. The whole mail stays in the ledger.
pub(super) const MAX_TEXT_BYTES: usize = 1 << 20;
/// The longest HTML kept, in bytes: text and as much again of markup.
const MAX_HTML_BYTES: usize = 2 << 20;
/// The most MIME parts looked at. A mail of 200,000 parts fits into 2 MB.
const MAX_PARTS: usize = 500;
/// The most attachments kept; each becomes a row and a file.
const MAX_ATTACHMENTS: usize = 100;
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
    let raw = &*with_line_feeds(raw.trim_ascii_start());
    let bytes = parts::opaque(raw);
    let Some(structure) = Structure::of(&bytes) else { return no_mail(raw) };
    let message = &structure.message;
    let fields = Fields::of(message, raw);
    if fields.any_of(MAIL_FIELDS).is_none() {
        return no_mail(raw);
    }
    let mut mail =
        InboundMail { subject: text::line(message.subject().unwrap_or_default()), ..Default::default() };
    read_fields(&mut mail, message, fields);
    read_bodies(&mut mail, &structure, raw);
    read_attachments(&mut mail, message, raw);
    if mail.in_reply_to.is_empty() && parts::is_report(message, "disposition-notification") {
        mail.in_reply_to = receipt::original_id(&mail.attachments).into_iter().collect();
    }
    mail.oversized = oversized::left_out(fields);
    mail.defects.extend(mail.oversized.as_ref().map(oversized::defect));
    mail.body = sever(&mail.text);
    mail.language = language(&mail.body.own, fields.first("Content-Language").as_deref());
    (mail.kind, mail.kind_why) = kind::kind(&mail, message, fields, ours);
    if mail.kind == Kind::Bounce {
        mail.bounce = Some(bounce::report(&mail, fields, ours));
    }
    mail.proof = identity::prove(fields, mail.author().map(|author| &author.address), ours);
    mail
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
    mail.body = sever(&mail.text);
    mail
}

fn read_fields(mail: &mut InboundMail, message: &Message<'_>, fields: Fields<'_>) {
    mail.from = authors(message, fields, &mut mail.defects);
    mail.reply_to = addresses(&HeaderName::ReplyTo, message, fields, &mut mail.defects);
    mail.to = addresses(&HeaderName::To, message, fields, &mut mail.defects);
    mail.cc = addresses(&HeaderName::Cc, message, fields, &mut mail.defects);
    mail.delivered_to = ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"]
        .iter()
        .flat_map(|name| fields.all(name))
        .filter_map(|value| value.trim_matches(['<', '>', ' ']).parse().ok())
        .take(MAX_ADDRESSES)
        .collect();
    mail.envelope_sender = envelope_sender(fields);
    mail.message_id = ids(&HeaderName::MessageId, message).into_iter().next();
    mail.in_reply_to = ids(&HeaderName::InReplyTo, message);
    mail.references = ids(&HeaderName::References, message);
    mail.date = message
        .date()
        .filter(|date| date.is_valid())
        .and_then(|date| Timestamp::from_second(date.to_timestamp()).ok());
}

/// Every From mailbox of every From field. Where one of them cannot be read,
/// nobody is the author: the readable rest may be the forged half.
fn authors(message: &Message<'_>, fields: Fields<'_>, defects: &mut Vec<String>) -> Vec<NamedAddress> {
    let (found, refused) = mailboxes(&HeaderName::From, message, fields);
    if refused == 0 {
        return found;
    }
    defects
        .push("the From field has an address that cannot be read without doubt; it has no author".to_owned());
    Vec::new()
}

fn addresses(
    name: &HeaderName<'_>,
    message: &Message<'_>,
    fields: Fields<'_>,
    defects: &mut Vec<String>,
) -> Vec<NamedAddress> {
    let (mut found, refused) = mailboxes(name, message, fields);
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
fn mailboxes(name: &HeaderName<'_>, message: &Message<'_>, fields: Fields<'_>) -> (Vec<NamedAddress>, usize) {
    let (mut found, mut refused) = (Vec::new(), 0);
    for header in message.headers().iter().filter(|header| header.name == *name) {
        let HeaderValue::Address(list) = &header.value else { continue };
        let bare = bare(&String::from_utf8_lossy(fields.value(header)));
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
fn ids(name: &HeaderName<'_>, message: &Message<'_>) -> Vec<MessageId> {
    let headers = message.headers().iter().filter(|header| header.name == *name);
    let values = headers.flat_map(|header| parts::id_values(&header.value));
    let mut ids: Vec<_> = values.filter_map(MessageId::parse).collect();
    if ids.len() > MAX_REFERENCES {
        ids.drain(MAX_REFERENCES / 2..ids.len() - MAX_REFERENCES / 2);
    }
    ids
}

/// The text to read and the HTML to show. mail-parser has chosen one of each
/// alternative; of a plain one that is blank the HTML speaks instead.
fn read_bodies(mail: &mut InboundMail, structure: &Structure<'_>, raw: &[u8]) {
    let message = &structure.message;
    let bodies = |ids: &[u32]| -> Vec<(bool, String)> {
        let bodies = ids.iter().take(MAX_PARTS).filter(|id| !is_named_body(message, **id));
        bodies.filter_map(|id| body_text(message.part(*id)?, raw)).collect()
    };
    let readable = |bodies: &[(bool, String)]| -> String {
        let texts =
            bodies.iter().map(|(is_html, text)| if *is_html { html::to_text(text) } else { text.clone() });
        let texts: Vec<_> = texts.filter(|text| !text.trim().is_empty()).collect();
        texts.join("\n")
    };
    let rich: Vec<_> = bodies(&message.html_body).into_iter().filter(|(is_html, _)| *is_html).collect();
    let mut plain = readable(&bodies(&message.text_body));
    if plain.is_empty() {
        plain = readable(&rich);
    }
    if plain.is_empty() {
        plain = parts::rescued(structure, raw, MAX_PARTS);
    }
    mail.text = bounded_text(&plain, &mut mail.defects);
    if !rich.is_empty() {
        let whole: String = rich.into_iter().map(|(_, html)| html).collect();
        if whole.len() > MAX_HTML_BYTES {
            mail.defects.push(format!("the HTML is cut after {MAX_HTML_BYTES} bytes"));
        }
        mail.html = Some(text::clean(text::prefix(&whole, MAX_HTML_BYTES)));
    }
}

/// A text part and whether it is HTML.
fn body_text(part: &MessagePart<'_>, raw: &[u8]) -> Option<(bool, String)> {
    let is_html = match part.body {
        PartType::Text(_) => false,
        PartType::Html(_) => true,
        _ => return None,
    };
    Some((is_html, parts::decode_text(part, &parts::bytes(part, raw).0)))
}

/// A file among the bodies. The root of a mail is its text whatever its name.
fn is_named_body(message: &Message<'_>, id: u32) -> bool {
    id != 0 && message.part(id).is_some_and(parts::is_file)
}

fn bounded_text(whole: &str, defects: &mut Vec<String>) -> String {
    if whole.len() > MAX_TEXT_BYTES {
        defects.push(format!("the text is cut after {MAX_TEXT_BYTES} of {} bytes", whole.len()));
    }
    text::clean(text::prefix(whole, MAX_TEXT_BYTES))
}

fn read_attachments(mail: &mut InboundMail, message: &Message<'_>, raw: &[u8]) {
    if message.parts.len() > MAX_PARTS {
        mail.defects.push(format!("of its {} parts only {MAX_PARTS} are looked at", message.parts.len()));
    }
    let bodies = message.text_body.iter().chain(&message.html_body);
    let mut files: Vec<u32> = message.attachments.clone();
    files.extend(bodies.filter(|id| is_named_body(message, **id)));
    files.sort_unstable();
    files.dedup();
    if files.len() > MAX_ATTACHMENTS {
        mail.defects.push(format!("of its {} attachments only {MAX_ATTACHMENTS} are kept", files.len()));
    }
    for id in files.iter().take(MAX_ATTACHMENTS) {
        let Some(part) = message.part(*id) else { continue };
        let (attachment, broken) = attachment(part, raw);
        if broken {
            mail.defects
                .push(format!("`{}` breaks its own encoding and is kept as it came", attachment.name));
        }
        mail.attachments.push(attachment);
    }
}

fn attachment(part: &MessagePart<'_>, raw: &[u8]) -> (Attachment, bool) {
    let mime = parts::media_type(part, raw);
    let (bytes, broken) = parts::bytes(part, raw);
    let content_id = part.content_id().and_then(MessageId::parse).map(|id| id.as_str().to_owned());
    let name = attachment_name::safe(part.attachment_name().unwrap_or_default(), &mime);
    (Attachment { name, mime, inline: parts::is_inline(part), content_id, bytes }, broken)
}

#[cfg(test)]
mod tests;
