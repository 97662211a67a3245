//! What a delivery report says about a mail of ours (RFC 3464, RFC 3463), also
//! where its writer knew no RFC.

use super::{Ours, fields::Fields, parts::lossy};
use crate::domain::{BounceReport, EmailAddress, InboundMail, MessageId, text};

/// As much of each part as is looked at, in bytes: reports are short, and a
/// returned mail has its header first.
const MAX_SCAN_BYTES: usize = 64 * 1024;
/// The most recipients and ids of one report.
const MAX_FOUND: usize = 20;

/// Words after which a report only quotes the mail it returns.
#[rustfmt::skip]
const RETURNED_MAIL: &[&str] = &[
    "original message", "message header", "returned message", "copy of the message",
    "copy of your message", "return-path:", "received: ", "unsent message", "message follows",
    "headers follow",
];

/// Words of a server that is still trying.
#[rustfmt::skip]
pub(super) const STILL_TRYING: &[&str] = &[
    "delivery is delayed", "delivery delayed", "has been delayed", "delayed mail",
    "delivery status notification (delay)", "still being attempted", "will be retried",
    "will continue to try", "not yet been delivered", "still undelivered", "could not be delivered for",
    "warning: message", "warning: could not send", "delivery temporarily suspended", "verzögert",
];

/// Words of a server that tried for a while and does so no longer.
#[rustfmt::skip]
const GAVE_UP: &[&str] = &[
    "given up", "giving up", "gave up", "permanent error", "permanent fatal", "no further attempt",
    "will not be retried", "returned to sender", "has expired",
];

/// Reads the report of a mail that [`super::kind`] found to be a bounce.
pub(super) fn report(mail: &InboundMail, fields: Fields<'_>, ours: &Ours) -> BounceReport {
    let mut report = BounceReport::default();
    let mut action = String::new();
    for part in &mail.attachments {
        if part.mime == "message/delivery-status" || part.mime == "message/global-delivery-status" {
            read_status(&lossy(&part.bytes, MAX_SCAN_BYTES), &mut report, &mut action);
        }
    }
    if report.failed.is_empty() {
        report.failed = guessed_recipients(mail, fields, ours);
    }
    let told = told_by_server(&mail.text);
    if report.status.is_none() {
        report.status = status_code(told);
    }
    if report.diagnostic.is_empty() {
        report.diagnostic =
            text::line(told.lines().find(|line| status_code(line).is_some()).unwrap_or_default());
    }
    report.temporary = match action.as_str() {
        "delayed" => true,
        "failed" => false,
        // Its words decide. A 4.x.x status alone may say why the server gave up, and a
        // failure that nobody hears of is worse than a word too many.
        _ => sounds_temporary(mail),
    };
    report.original_ids = original_ids(mail);
    report
}

/// The per-recipient fields of message/delivery-status (RFC 3464 §2.3).
fn read_status(body: &str, report: &mut BounceReport, action: &mut String) {
    let unfolded = body.replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ");
    for line in unfolded.lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "final-recipient" => add_recipient(&mut report.failed, value),
            "action" if action.is_empty() => *action = value.to_ascii_lowercase(),
            "status" if report.status.is_none() => report.status = status_code(value),
            "diagnostic-code" if report.diagnostic.is_empty() => {
                report.diagnostic = text::line(value.split_once(';').map_or(value, |(_, said)| said));
            }
            _ => {}
        }
    }
}

/// `rfc822; <a@example.org>`
fn add_recipient(failed: &mut Vec<EmailAddress>, value: &str) {
    let address = value.rsplit(';').next().unwrap_or_default();
    if let Ok(address) = address.trim_matches(['<', '>', ' ', '"']).parse()
        && failed.len() < MAX_FOUND
        && !failed.contains(&address)
    {
        failed.push(address);
    }
}

/// Recipients of a report without a status part: Exim's field, else the addresses
/// in what the server itself wrote.
fn guessed_recipients(mail: &InboundMail, fields: Fields<'_>, ours: &Ours) -> Vec<EmailAddress> {
    let mut failed = Vec::new();
    for value in fields.all("X-Failed-Recipients") {
        value.split(',').for_each(|address| add_recipient(&mut failed, address));
    }
    if !failed.is_empty() {
        return failed;
    }
    let is_bystander = |address: &EmailAddress| {
        let named = mail.from.iter().chain(&mail.to).any(|named| named.address == *address);
        named || ours.is_ours(address) || ["postmaster", "mailer-daemon"].contains(&address.local())
    };
    for word in told_by_server(&mail.text).split(|c: char| c.is_whitespace() || "<>()[]\"',;".contains(c)) {
        let word = word.trim_end_matches(['.', ':']).trim_start_matches("mailto:");
        if word.contains('@') {
            add_recipient(&mut failed, word);
        }
    }
    failed.retain(|address| !is_bystander(address));
    failed
}

/// The text up to where the returned mail begins.
fn told_by_server(text: &str) -> &str {
    let text = text::prefix(text, MAX_SCAN_BYTES);
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        let lower = text::prefix(line, 200).to_lowercase();
        if end > 0 && RETURNED_MAIL.iter().any(|words| lower.contains(words)) {
            return &text[..end];
        }
        end += line.len();
    }
    text
}

/// The first enhanced status code, `5.1.1` (RFC 3463 §2), in a text.
fn status_code(text: &str) -> Option<String> {
    let words = text.split(|c: char| !c.is_ascii_digit() && c != '.');
    words.map(|word| word.trim_matches('.')).find(|word| is_status(word)).map(str::to_owned)
}

fn is_status(word: &str) -> bool {
    let mut pieces = word.split('.');
    let class = pieces.next().is_some_and(|class| class == "4" || class == "5");
    let number = |piece: Option<&str>| {
        piece.is_some_and(|p| (1..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
    };
    class && number(pieces.next()) && number(pieces.next()) && pieces.next().is_none()
}

fn sounds_temporary(mail: &InboundMail) -> bool {
    let said = format!("{}\n{}", mail.subject, text::prefix(told_by_server(&mail.text), 4096)).to_lowercase();
    let says = |these: &[&str]| these.iter().any(|words| said.contains(words));
    says(STILL_TRYING) && !says(GAVE_UP)
}

/// Message-IDs of the returned mail, wherever it stands: in a part of its own or
/// below the report's text.
fn original_ids(mail: &InboundMail) -> Vec<MessageId> {
    let mut ids = Vec::new();
    let parts = mail.attachments.iter().map(|part| lossy(&part.bytes, MAX_SCAN_BYTES));
    for body in parts.chain([text::prefix(&mail.text, MAX_SCAN_BYTES).to_owned()]) {
        let unfolded = body.replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ");
        for line in unfolded.lines() {
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

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    fn bounce_of(raw: &str) -> BounceReport {
        read(raw.as_bytes(), &Ours::nobody()).bounce.expect("it is a bounce")
    }

    const DSN: &str = "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\nTo: support@desk.test\n\
        Subject: Undelivered Mail Returned to Sender\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
        --b\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n\
        Final-Recipient: rfc822; alice@example.org\nAction: failed\nStatus: 5.1.1\n\
        Diagnostic-Code: smtp; 550 5.1.1\n no such user\n\n\
        --b\nContent-Type: message/rfc822\n\nMessage-ID: <dg.1@desk.test>\nSubject: x\n\nHello\n--b--\n";

    #[test]
    fn a_proper_report_is_read_from_its_fields() {
        let report = bounce_of(DSN);
        assert_eq!(report.failed, ["alice@example.org".parse().unwrap()]);
        assert_eq!(report.status.as_deref(), Some("5.1.1"));
        assert_eq!(report.diagnostic, "550 5.1.1 no such user");
        assert_eq!(report.original_ids, [MessageId::parse("dg.1@desk.test").unwrap()]);
        assert!(!report.temporary);
    }

    #[test]
    fn a_delay_is_temporary() {
        assert!(bounce_of(&DSN.replace("failed", "delayed").replace("5.1.1", "4.4.1")).temporary);
    }

    #[test]
    fn a_sloppy_report_is_temporary_only_when_it_says_so() {
        let sloppy = |subject: &str, words: &str| {
            bounce_of(&format!(
                "From: MAILER-DAEMON@example.org\nTo: support@desk.test\nSubject: {subject}\n\n{words}\n"
            ))
            .temporary
        };
        assert!(sloppy("Warning: could not send message for past 4 hours", "It will be retried. 4.4.1"));
        assert!(!sloppy("failure notice", "<bob@example.org>: I'm not going to try again (#4.4.3)"));
        assert!(!sloppy("Undelivered mail", "It could not be delivered for 5 days. Giving up. 4.4.7"));
        assert!(!sloppy("Delivery Status Notification (Failure)", "4.4.7 message expired"));
    }

    #[test]
    fn the_common_sloppy_kinds_name_recipient_and_mail() {
        let exim = "Return-path: <>\nFrom: Mail Delivery System <Mailer-Daemon@mx.example.org>\n\
            X-Failed-Recipients: bob@example.org\nAuto-Submitted: auto-replied\nTo: support@desk.test\n\
            Subject: Mail delivery failed: returning message to sender\n\n\
            This message was created automatically by mail delivery software.\n\n  bob@example.org\n    Unrouteable address\n\n\
            ------ This is a copy of the message, including all the headers. ------\n\nMessage-ID: <dg.3@desk.test>\n";
        let exchange = "From: Microsoft Outlook <postmaster@example.org>\nTo: support@desk.test\nReturn-Path: <>\n\
            Subject: Undeliverable: [DG-1] Printer\n\nDelivery has failed to these recipients or groups:\n\n\
            bob@example.org\nThe email address you entered couldn't be found.\n\n\
            Diagnostic information for administrators:\n#550 5.1.1 RESOLVER.ADR.RecipNotFound ##\n\n\
            Original message headers:\n\nReceived: from a by b\nMessage-ID:\n <dg.3@desk.test>\n";
        let headers = "From: MAILER-DAEMON@example.org\nTo: support@desk.test\nSubject: Undelivered Mail Returned to Sender\n\
            Content-Type: multipart/mixed; boundary=b\n\n--b\n\n<bob@example.org>: host mx said: 550 5.1.1 unknown\n\
            --b\nContent-Type: text/rfc822-headers\n\nSubject: x\nMessage-Id: <dg.3@desk.test>\n--b--\n";
        for (name, raw) in [("exim", exim), ("exchange", exchange), ("headers", headers)] {
            let report = bounce_of(raw);
            assert_eq!(report.failed, ["bob@example.org".parse().unwrap()], "{name}");
            assert_eq!(report.original_ids, [MessageId::parse("dg.3@desk.test").unwrap()], "{name}");
            assert!(!report.temporary, "{name}");
        }
    }

    #[test]
    fn a_sloppy_report_still_names_recipient_and_mail() {
        let report = bounce_of(
            "From: MAILER-DAEMON@example.org\nTo: support@desk.test\nSubject: failure notice\n\n\
             Hi. This is the qmail-send program.\n<bob@example.org>:\nSorry, no mailbox here. (#5.1.1)\n\n\
             --- Below this line is a copy of the message.\n\nFrom: support@desk.test\nTo: carol@example.org\n\
             Message-ID: <dg.2@desk.test>\n",
        );
        assert_eq!(report.failed, ["bob@example.org".parse().unwrap()]);
        assert_eq!(report.status.as_deref(), Some("5.1.1"));
        assert_eq!(report.original_ids.len(), 1);
    }
}
