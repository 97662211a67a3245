//! What a delivery report says about a mail of ours (RFC 3464, RFC 3463), also
//! where its writer knew no RFC.
//!
//! The sources in the order in which they are believed: `fields` of
//! message/delivery-status, Amazon's `notification`, Exim's X-Failed-Recipients, and
//! what the server `told` in its text. `codes` finds reply and status codes, `reason`
//! says what they and the `words` around them mean.

use std::borrow::Cow;

mod codes;
mod fields;
pub(super) mod notification;
mod reason;
mod told;
pub(super) mod words;

use self::{
    fields::{Recipient, Status},
    notification::Notification,
    words::{GAVE_UP, STILL_TRYING},
};
use super::{Ours, fields::Fields, parts::lossy};
use crate::domain::{
    Action, Attachment, BounceReport, EmailAddress, InboundMail, MessageId, link::without_seals, text,
};

/// As much of each part as is looked at, in bytes: reports are short, and a
/// returned mail has its header first.
const MAX_SCAN_BYTES: usize = 64 * 1024;
/// The most recipients and ids of one report.
const MAX_FOUND: usize = 20;

/// Reads the report of a mail that [`super::kind`] found to be a bounce.
pub(super) fn report(mail: &InboundMail, fields: Fields<'_>, ours: &Ours) -> BounceReport {
    let said = said(mail);
    let status = status_fields(mail, &said);
    let told = told::by_server(&said);
    let action = action(mail, &status.recipients, told);
    let about: Vec<_> = of_interest(&status.recipients, action).collect();
    let mut report = BounceReport {
        action,
        reporting_mta: status.reporting_mta.as_deref().map(text::line).filter(|mta| !mta.is_empty()),
        original_ids: original_ids(mail),
        ..BounceReport::default()
    };
    for address in about.iter().filter_map(|recipient| recipient.address()) {
        add(&mut report.failed, address);
    }
    if report.failed.is_empty() {
        report.failed = named_elsewhere(mail, fields, ours, &said);
    }
    report.failed.retain(|address| !ours.is_ours(address));
    let first = about.first().copied();
    explain(&mut report, first, told);
    report
}

/// What a report says, as the end of a sentence: `; the mail failed: mailbox full (soft, 5.2.2)`.
pub(super) fn sentence(report: &BounceReport) -> String {
    match report.action {
        Action::Failed => format!("; the mail failed: {}", report.summary()),
        Action::Delayed => format!("; the mail is delayed: {}", report.summary()),
        Action::Delivered => "; the mail arrived".to_owned(),
    }
}

/// The text of a report. Where its structure is broken it stands in a part that was
/// kept as it came.
pub(super) fn said(mail: &InboundMail) -> Cow<'_, str> {
    if !mail.text.trim().is_empty() {
        return Cow::Borrowed(&mail.text);
    }
    let readable = |part: &&Attachment| part.mime.starts_with("multipart/") || part.mime == "text/plain";
    match mail.attachments.iter().find(readable) {
        Some(part) => Cow::Owned(text::clean(&lossy(&part.bytes, MAX_SCAN_BYTES))),
        None => Cow::Borrowed(""),
    }
}

/// Whether a text has a refusal beside an address, as people hardly write one: within
/// the same line or the two after it. Nothing below the returned mail's start counts.
pub(super) fn refuses_somebody(said: &str) -> bool {
    told::refuses_somebody(told::by_server(said))
}

/// Whether a text tells what was said between mail servers, in lines of its own.
pub(super) fn tells_a_conversation(said: &str) -> bool {
    let start = |line: &str| text::prefix(line.trim_start(), 20).to_lowercase();
    text::prefix(said, MAX_SCAN_BYTES).lines().any(|line| start(line).starts_with("rcpt to:"))
}

/// Whether a mail is returned in the text of a report: its header, with fields that mail
/// programs do not quote in answers, or the words that announce it.
pub(super) fn returns_header(said: &str) -> bool {
    let said = text::prefix(said, MAX_SCAN_BYTES);
    let below = &said[told::by_server(said).len()..];
    let starts = |line: &str, these: &[&str]| {
        let line = text::prefix(line.trim_start_matches(['>', ' ', '\t']), 100).to_lowercase();
        these.iter().any(|words| line.starts_with(words))
    };
    let announces = |line: &str| {
        let line = text::prefix(line.trim(), 100).to_lowercase();
        ["original message follow", "message follows", "headers follow"]
            .iter()
            .any(|words| line.contains(words))
    };
    below.lines().any(|line| starts(line, &["received:", "return-path:", "message-id:"]))
        || said.lines().any(announces)
}

/// The codes, the reason and the diagnostic text: what the fields of the recipient
/// say, else what the text says.
fn explain(report: &mut BounceReport, recipient: Option<&Recipient>, told: &str) {
    let given = recipient.map(|recipient| recipient.diagnostic.as_str()).unwrap_or_default();
    let in_text = told::diagnostic(told);
    let said = if given.is_empty() { in_text.as_str() } else { given };
    let stated = recipient.and_then(|recipient| codes::status_code(&recipient.status));
    // What the refusing server said stands before what the reporting one made of it:
    // many write 5.0.0, or 4.4.7 after some days of 4.7.1.
    let specific = |status: &String| !codes::is_generic(status);
    report.status = codes::status_code(said)
        .filter(specific)
        .or(stated)
        .or_else(|| codes::status_code(said))
        .or_else(|| codes::status_code(&in_text));
    report.reply_code = codes::reply_code(said).or_else(|| codes::reply_code(&in_text));
    report.reason = reason::reason(said, report.status.as_deref(), report.reply_code, told);
    report.hard = report.action == Action::Failed
        && reason::is_hard(report.reason, report.status.as_deref(), report.reply_code);
    report.diagnostic = text::line(&without_seals(said, "…"));
}

/// The fields of all status parts; else of a text or a returned report that has
/// them, as after a gateway that took the report apart.
fn status_fields(mail: &InboundMail, said: &str) -> Status {
    let is_status =
        |part: &&Attachment| part.mime.starts_with("message/") && part.mime.ends_with("delivery-status");
    let parts = mail.attachments.iter().filter(is_status);
    let mut status = Status::default();
    for part in parts {
        let found = Status::of(&lossy(&part.bytes, MAX_SCAN_BYTES));
        status.reporting_mta = status.reporting_mta.or(found.reporting_mta);
        status.recipients.extend(found.recipients);
    }
    if let Some(notification) = Notification::of(&mail.text) {
        status.recipients.extend(notification.recipients().into_iter().map(Recipient::from));
    }
    if status.recipients.is_empty() {
        status = Status::of(text::prefix(said, MAX_SCAN_BYTES));
    }
    if status.recipients.is_empty() {
        let nested = mail.attachments.iter().filter(|part| part.mime == "message/rfc822");
        status = nested.map(|part| Status::of(&lossy(&part.bytes, MAX_SCAN_BYTES))).next().unwrap_or(status);
    }
    status
}

/// The worst that happened to anybody, where the fields say so; else its words
/// decide. A 4.x.x status alone may say why the server gave up, and a failure that
/// nobody hears of is worse than a word too many.
fn action(mail: &InboundMail, recipients: &[Recipient], told: &str) -> Action {
    let mut stated: Vec<_> = recipients.iter().filter_map(|recipient| recipient.action).collect();
    stated.sort_unstable();
    if let Some(worst) = stated.first() {
        return *worst;
    }
    let said = format!("{}\n{}", mail.subject, text::prefix(told, 4096)).to_lowercase();
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let says = |these: &[&str]| these.iter().any(|words| said.contains(words));
    let refused_for_good = codes::reply_code(told).is_some_and(|code| code >= 500);
    match says(STILL_TRYING) && !says(GAVE_UP) && !refused_for_good {
        true => Action::Delayed,
        false => Action::Failed,
    }
}

/// The recipients to whom that happened.
fn of_interest(recipients: &[Recipient], action: Action) -> impl Iterator<Item = &Recipient> {
    recipients.iter().filter(move |recipient| recipient.action.is_none_or(|this| this == action))
}

fn add(failed: &mut Vec<EmailAddress>, address: &EmailAddress) {
    if failed.len() < MAX_FOUND && !failed.contains(address) {
        failed.push(address.clone());
    }
}

/// Recipients of a report without fields: Exim's header, else the addresses in what
/// the server itself wrote, else the only one that the returned mail went to.
fn named_elsewhere(mail: &InboundMail, fields: Fields<'_>, ours: &Ours, said: &str) -> Vec<EmailAddress> {
    let told = told::by_server(said);
    let mut failed = Vec::new();
    for value in fields.all("X-Failed-Recipients") {
        told::addresses(&value).iter().for_each(|address| add(&mut failed, address));
    }
    if !failed.is_empty() {
        return failed;
    }
    let returned = returned_header(mail, &said[told.len()..]);
    let senders = addresses_of(&returned, "from");
    let is_bystander = |address: &EmailAddress| {
        mail.from.iter().any(|named| named.address == *address)
            || senders.contains(address)
            || ours.is_ours(address)
            || ["postmaster", "mailer-daemon", "abuse"].contains(&address.local())
    };
    // A report often begins with the name of whom it is sent to, but may be about them.
    let is_reader = |address: &EmailAddress| mail.to.iter().any(|named| named.address == *address);
    let others = |address: &EmailAddress| is_bystander(address) || is_reader(address);
    let found = [
        told::recipients(told, others),
        told::recipients(&mail.subject, others),
        told::recipients(told, is_bystander),
    ];
    if let Some(found) = found.iter().find(|found| !found.is_empty()) {
        found.iter().for_each(|address| add(&mut failed, address));
    }
    if failed.is_empty()
        && let [only] = addresses_of(&returned, "to").as_slice()
        && !ours.is_ours(only)
    {
        failed.push(only.clone());
    }
    failed
}

/// The header of the returned mail: a part of its own, or below the report's text.
fn returned_header(mail: &InboundMail, below: &str) -> String {
    match mail.attachments.iter().find(|part| part.mime.contains("/rfc822")) {
        Some(part) => unfolded(&lossy(&part.bytes, MAX_SCAN_BYTES)),
        None => unfolded(text::prefix(below, MAX_SCAN_BYTES)),
    }
}

/// The addresses of the first field of this name.
fn addresses_of(header: &str, name: &str) -> Vec<EmailAddress> {
    let mut fields = header.lines().filter_map(|line| line.split_once(':'));
    let found = fields.find(|(written, _)| written.trim_matches(['>', ' ']).eq_ignore_ascii_case(name));
    found.map(|(_, value)| told::addresses(value)).unwrap_or_default()
}

/// Message-IDs of the returned mail, wherever it stands: in a part of its own or
/// below the report's text.
fn original_ids(mail: &InboundMail) -> Vec<MessageId> {
    let mut ids = Vec::new();
    let parts = mail.attachments.iter().map(|part| lossy(&part.bytes, MAX_SCAN_BYTES));
    for body in parts.chain([text::prefix(&mail.text, MAX_SCAN_BYTES).to_owned()]) {
        for line in unfolded(&body).lines() {
            let Some((name, value)) = line.split_once(':') else { continue };
            if name.trim_matches(['>', ' ']).eq_ignore_ascii_case("message-id")
                && let Some(id) = MessageId::parse(value)
                && ids.len() < MAX_FOUND
                && !ids.contains(&id)
            {
                ids.push(id);
            }
        }
    }
    ids
}

/// Fields on one line each (RFC 5322 §2.2.3).
fn unfolded(body: &str) -> String {
    body.replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ")
}

#[cfg(test)]
mod tests;
