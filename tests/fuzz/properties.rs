//! What must hold for any bytes at all. Shared by the run on stable (`tests/fuzz`)
//! and by the targets of cargo-fuzz (`fuzz/`).

use deskgate::{
    domain::{EmailAddress, InboundMail, text},
    mail::{self, Ours},
    report,
};

/// A desk that has everything which reading compares a mail with.
pub fn desk() -> Ours {
    let address: EmailAddress = "support@desk.test".parse().expect("an address");
    Ours {
        addresses: vec![address],
        key: deskgate::domain::reference::SigningKey::new(vec![7; 32]),
        authserv_id: Some("mx.desk.test".to_owned()),
        reference_prefix: "DG".to_owned(),
    }
}

/// Reads the bytes in every way there is, and checks what comes out.
pub fn hold(raw: &[u8], ours: &Ours) {
    let mail = mail::read(raw, ours);
    assert_ne!(mail.kind_why, "our reader failed on it", "a panic was caught");
    is_safe(&mail);
    is_bounded(&mail, raw);
    loses_nothing(&mail, raw);
    assert_eq!(format!("{mail:?}"), format!("{:?}", mail::read(raw, ours)), "two readings differ");
    let _ = report::gate(&mail).missing();
    let _ = mail::clues(&mail, ours);
    let _ = mail::fingerprints(&mail);
    is_safe(&mail::unread(raw, "it is a test"));
    let _ = mail::read(&mail::oversized(raw, 2, 1), ours);
    let plain = text::clean(&String::from_utf8_lossy(raw));
    for answering in [mail::Answering::Mail, mail::Answering::Nothing] {
        let severed = mail::sever(&plain, answering);
        assert!(severed.own.len() + severed.quoted.len() + severed.signature.len() <= 2 * plain.len() + 3);
    }
}

/// PostgreSQL takes every text, and every line is one line.
fn is_safe(mail: &InboundMail) {
    let body = &mail.body;
    let html = mail.html.as_deref().unwrap_or_default();
    for text in [&mail.text, &body.own, &body.quoted, &body.signature, html] {
        let foreign = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t'));
        assert_eq!(foreign, None, "a text has a control character");
    }
    let names =
        mail.from.iter().chain(&mail.reply_to).chain(&mail.to).chain(&mail.cc).map(|named| &named.name);
    let files = mail.attachments.iter().flat_map(|file| [&file.name, &file.mime]);
    let ids = mail.attachments.iter().filter_map(|file| file.content_id.as_ref());
    for line in
        [&mail.subject, &mail.kind_why].into_iter().chain(names).chain(files).chain(ids).chain(&mail.defects)
    {
        assert!(!line.contains(char::is_control), "a line has a control character: {line:?}");
    }
    assert!(mail.attachments.iter().all(|file| !file.name.is_empty() && !file.name.contains(['/', '\\'])));
}

/// Nothing grows beyond what came in, but for what is packed, which is kept twice.
fn is_bounded(mail: &InboundMail, raw: &[u8]) {
    let kept: usize = mail.attachments.iter().map(|file| file.bytes.len()).sum();
    assert!(kept <= 2 * raw.len(), "{kept} bytes of files from {}", raw.len());
    assert!(mail.attachments.len() <= 100);
    assert!(mail.text.len() <= 1 << 20 && mail.defects.len() < 1000);
    let body = &mail.body;
    assert!(body.own.len() + body.quoted.len() + body.signature.len() <= 2 * mail.text.len() + 3);
}

/// The letters and digits of a body in UTF-8 that nothing says more about all come out,
/// in their order: in the text, or in a file that stood in it.
fn loses_nothing(mail: &InboundMail, raw: &[u8]) {
    let Some((header, body)) = std::str::from_utf8(raw).ok().and_then(|mail| mail.split_once("\n\n")) else {
        return;
    };
    let is_field = |line: &str| {
        line.split_once(": ").is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
    };
    let is_plain = !header.is_empty()
        && header.lines().all(is_field)
        && !header.to_ascii_lowercase().contains("content-");
    let is_packed = ["begin ", "=ybegin "].iter().any(|mark| body.contains(mark));
    if !is_plain || is_packed || body.len() >= 1 << 20 || body.contains('\u{1b}') {
        return;
    }
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    // What is no mail at all is text as a whole.
    let (read, sent) = (letters(&mail.text), letters(body));
    assert!(read.ends_with(&sent), "letters of the body are lost: {sent:?} became {read:?}");
}
