//! From three texts to the bytes on the wire (RFC 5322, RFC 2045, RFC 2046).
//!
//! The library writes headers and parts; this module hands it nothing it trips
//! over: one-line names and subjects, bodies with `\n` only, and never `7bit`.

use std::time::SystemTime;

use lettre::{
    Address, Message,
    address::Envelope,
    message::{
        Body, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};

use super::{
    RenderError,
    book::Written,
    chart,
    letter::{FinishedMail, Letter, Unsubscribe},
};
use crate::{
    domain::{Attachment, EmailAddress, Language, MessageId, NamedAddress, Word, text},
    ticket::Notice,
};

/// How many of the newest References are kept beside the first (RFC 5322 §3.6.4
/// sets no limit, servers do).
const NEWEST_REFERENCES: usize = 20;

/// Puts a mail together. `neutral` leaves the reader's name out of the To field.
pub(super) fn assemble(
    letter: &Letter,
    language: Language,
    neutral: bool,
    written: Written,
    picture: Option<Picture>,
) -> Result<FinishedMail, RenderError> {
    let to = mailbox("To", &letter.to, neutral)?;
    let sender = letter.envelope_from.as_ref().map(|from| address("From", from)).transpose()?;
    let envelope = Envelope::new(sender, vec![to.email.clone()])?;
    let mut builder = Message::builder()
        .date(date(letter.date)?)
        .raw_header(finished("Message-ID", letter.message_id.to_string()))
        .from(mailbox("From", &letter.from, false)?)
        .to(to)
        .subject(plain_word(&written.subject))
        .envelope(envelope);
    if let Some(reply_to) = &letter.reply_to {
        builder = builder.reply_to(Mailbox::new(None, address("Reply-To", reply_to)?));
    }
    let unsubscribe = letter.unsubscribe.as_ref().map(ways_out).unwrap_or_default();
    for (name, value) in thread(letter).into_iter().chain(manners(letter.notice)).chain(unsubscribe) {
        builder = builder.raw_header(finished(name, value));
    }
    let builder = builder.raw_header(finished("Content-Language", language.as_str().to_owned()));
    let message = builder.multipart(parts(&letter.message_id, &written, picture, &letter.context.files))?;
    let Written { subject, text, .. } = written;
    Ok(FinishedMail { subject, text, bytes: message.formatted() })
}

fn mailbox(whose: &'static str, named: &NamedAddress, without_name: bool) -> Result<Mailbox, RenderError> {
    let name = Some(text::line(&named.name)).filter(|name| !name.is_empty() && !without_name);
    Ok(Mailbox::new(name, address(whose, &named.address)?))
}

/// A local part outside ASCII stays as it is (RFC 6532); the transport finds out
/// whether the next server takes it (RFC 6531).
fn address(whose: &'static str, email: &EmailAddress) -> Result<Address, RenderError> {
    Address::new(email.local(), email.domain())
        .map_err(|error| RenderError::Address { whose, why: error.to_string() })
}

fn date(date: jiff::Timestamp) -> Result<SystemTime, RenderError> {
    /// 9999-01-01T00:00:00Z.
    const YEAR_9999: i64 = 253_370_764_800;
    match (0..YEAR_9999).contains(&date.as_second()) {
        true => Ok(SystemTime::from(date)),
        false => Err(RenderError::Date(date)),
    }
}

/// A subject that spells out an encoded word would be decoded by its reader
/// (RFC 2047 §6.1), line breaks included; a space makes it plain text again.
fn plain_word(subject: &str) -> String {
    subject.replace("=?", "= ?")
}

/// In-Reply-To and References, one id a line. Ids outside ASCII are left out: no
/// encoding of them exists that would still match.
fn thread(letter: &Letter) -> Vec<(&'static str, String)> {
    let usable = |id: &&MessageId| id.as_str().is_ascii();
    let parent = letter.in_reply_to.as_ref().filter(usable);
    let mut ids: Vec<&MessageId> = Vec::new();
    for id in letter.references.iter().chain(parent).filter(usable) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    if ids.len() > NEWEST_REFERENCES + 1 {
        ids.drain(1..ids.len() - NEWEST_REFERENCES);
    }
    let references: Vec<String> = ids.iter().map(|id| id.to_string()).collect();
    let parent = parent.map(|id| ("In-Reply-To", id.to_string()));
    let references = (!references.is_empty()).then(|| ("References", references.join("\r\n ")));
    parent.into_iter().chain(references).collect()
}

/// What tells other machines that no person wrote this (RFC 3834 §5).
fn manners(notice: Notice) -> Vec<(&'static str, String)> {
    let submitted = match notice {
        Notice::Correspondence => return Vec::new(),
        Notice::Acknowledged
        | Notice::AskedAgain
        | Notice::Completed
        | Notice::StaffTranscript
        | Notice::StaffHeld => "auto-replied",
        Notice::Asked
        | Notice::Accepted
        | Notice::SeverityChanged
        | Notice::Resolved
        | Notice::Live
        | Notice::CauseFixed
        | Notice::Reopened
        | Notice::Closed
        | Notice::Heard
        | Notice::Left
        | Notice::TrialReminder
        | Notice::StaffNew
        | Notice::StaffReply
        | Notice::StaffIncomplete
        | Notice::StaffDue
        | Notice::StaffSeverity
        | Notice::StaffBreached
        | Notice::StaffAssigned
        | Notice::StaffReopened
        | Notice::StaffAwake
        | Notice::StaffUndeliverable
        | Notice::StaffCluster
        | Notice::StaffAway
        | Notice::StaffHandover
        | Notice::StaffAlarm
        | Notice::StaffWelcome
        | Notice::StaffFactors
        | Notice::Page
        | Notice::PagedAgain
        | Notice::PageTaken
        | Notice::UpdateDue
        | Notice::UpdateMissed
        | Notice::ShiftPlan
        | Notice::Shifts
        | Notice::ShiftSoon
        | Notice::SprintCandidates
        | Notice::StakeholderUpdate
        | Notice::StakeholderDigest => "auto-generated",
    };
    vec![("Auto-Submitted", submitted.to_owned()), ("X-Auto-Response-Suppress", "All".to_owned())]
}

/// How to get no more of these: by mail (RFC 2369 §3.2), and by one click where there is a
/// page (RFC 8058 §3.1, which asks for HTTPS; the relay's DKIM should sign both fields).
fn ways_out(unsubscribe: &Unsubscribe) -> Vec<(&'static str, String)> {
    let Unsubscribe { url, mailto, subject } = unsubscribe;
    let mail = format!("<mailto:{}?subject={}>", percent(mailto.as_str(), b"@+"), percent(subject, b""));
    let url = url.as_ref().filter(|url| url.starts_with("https://"));
    match url {
        None => vec![("List-Unsubscribe", mail)],
        Some(url) => vec![
            ("List-Unsubscribe", format!("<{url}>,\r\n {mail}")),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
        ],
    }
}

/// Everything but letters, digits, `-`, `.`, `_`, `~` and `plain` as `%xx` (RFC 6068 §2).
fn percent(text: &str, plain: &[u8]) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other if plain.contains(&other) => char::from(other).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// A header that is one line of ASCII already, or folded by us.
fn finished(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), value.clone(), value)
}

/// A picture that the HTML shows (RFC 2387, RFC 2392).
pub(super) struct Picture {
    /// Its Content-ID without angle brackets.
    pub(super) id: String,
    png: Vec<u8>,
}

impl Picture {
    /// The picture of a letter, where it has one. Its id is as unique as the letter's.
    pub(super) fn of(letter: &Letter) -> Option<Picture> {
        let digest = letter.context.digest.as_ref().filter(|_| letter.notice == Notice::StakeholderDigest);
        let chart = digest?.chart.as_ref()?;
        Some(Picture { id: format!("chart.{}", letter.message_id.as_str()), png: chart::png(chart) })
    }
}

/// The text twice, the HTML together with its picture; with files, both within a part of their own before them
/// (RFC 2046 §5.1.3).
fn parts(id: &MessageId, written: &Written, picture: Option<Picture>, files: &[Attachment]) -> MultiPart {
    let part = |kind: ContentType, text: &str| SinglePart::builder().header(kind).body(encoded(text));
    let texts = MultiPart::alternative()
        .boundary(boundary(id, ""))
        .singlepart(part(ContentType::TEXT_PLAIN, &written.text));
    let html = part(ContentType::TEXT_HTML, &written.html);
    let texts = match picture {
        None => texts.singlepart(html),
        Some(picture) => {
            let related = MultiPart::related().boundary(boundary(id, "picture_"));
            texts.multipart(related.singlepart(html).singlepart(shown(picture)))
        }
    };
    if files.is_empty() {
        return texts;
    }
    let mixed = MultiPart::mixed().boundary(boundary(id, "files_")).multipart(texts);
    files.iter().fold(mixed, |mixed, file| mixed.singlepart(enclosed(file)))
}

fn shown(picture: Picture) -> SinglePart {
    let kind = ContentType::parse("image/png").expect("a media type");
    lettre::message::Attachment::new_inline_with_name(picture.id, PICTURE_NAME.to_owned())
        .body(picture.png, kind)
}

/// Under which a picture is saved.
const PICTURE_NAME: &str = "tickets.png";

/// A file as it came, in base64. Parts with parts of their own may not be encoded (RFC 2046 §5.2.1), and a type that
/// cannot be read says nothing: both are plain bytes.
fn enclosed(file: &Attachment) -> SinglePart {
    let is_whole = !file.mime.starts_with("message/") && !file.mime.starts_with("multipart/");
    let kind = ContentType::parse(&file.mime).ok().filter(|_| is_whole);
    let kind = kind
        .or_else(|| ContentType::parse("application/octet-stream").ok())
        .unwrap_or(ContentType::TEXT_PLAIN);
    let bytes = Body::new_with_encoding(file.bytes.clone(), ContentTransferEncoding::Base64)
        .expect("base64 carries any bytes");
    lettre::message::Attachment::new(text::line(&file.name)).body(bytes, kind)
}

/// `=_` stands in no quoted-printable and no base64 text (RFC 2045 §6.7), so no
/// body can hold the boundary; the id keeps it apart from that of a nested mail.
fn boundary(id: &MessageId, of: &str) -> String {
    let letters: String = id.left().chars().rev().filter(char::is_ascii_alphanumeric).take(24).collect();
    format!("=_deskgate_{of}{letters}")
}

/// Quoted-printable for what is mostly ASCII, base64 for the rest; never `7bit`,
/// in which a lone CR or a long line would go out as it is.
fn encoded(text: &str) -> Body {
    let text = text::clean(text);
    let beyond_ascii = text.bytes().filter(|byte| !byte.is_ascii()).count();
    let encoding = match beyond_ascii * 4 > text.len() {
        true => ContentTransferEncoding::Base64,
        false => ContentTransferEncoding::QuotedPrintable,
    };
    Body::new_with_encoding(text, encoding)
        .expect("quoted-printable and base64 carry any text, only 7bit and 8bit are refused")
}
