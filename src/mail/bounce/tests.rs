//! Whole reports, as mail systems write them.

use super::{super::read, *};
use crate::domain::Reason;

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
    assert_eq!(report.action, Action::Failed);
}

#[test]
fn a_delay_is_temporary() {
    let report = bounce_of(&DSN.replace("failed", "delayed").replace("5.1.1", "4.4.1"));
    assert_eq!((report.action, report.hard), (Action::Delayed, false));
}

#[test]
fn a_sloppy_report_is_temporary_only_when_it_says_so() {
    let sloppy = |subject: &str, words: &str| {
        bounce_of(&format!(
            "From: MAILER-DAEMON@example.org\nTo: support@desk.test\nSubject: {subject}\n\n{words}\n"
        ))
        .action
            == Action::Delayed
    };
    assert!(sloppy("Warning: could not send message for past 4 hours", "It will be retried. 4.4.1"));
    assert!(!sloppy("failure notice", "<bob@example.org>: I'm not going to try again (#4.4.3)"));
    assert!(!sloppy("Undelivered mail", "It could not be delivered for 5 days. Giving up. 4.4.7"));
    assert!(!sloppy("Delivery Status Notification (Failure)", "4.4.7 message expired"));
    assert!(!sloppy("Delivery problem", "<<< 550 no such user\nWe will try again when you will."));
    assert!(!sloppy("Mail System Error - Returned Mail", "アドレスを確認の上、再送してください。"));
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
        assert_eq!(report.action, Action::Failed, "{name}");
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

#[test]
fn what_arrived_did_not_fail() {
    let report = bounce_of(&DSN.replace("failed", "relayed").replace("5.1.1", "2.0.0").replace("550", "250"));
    assert_eq!((report.action, report.hard), (Action::Delivered, false));
    assert_eq!(report.detail(), crate::domain::Detail::Delivery);
}

#[test]
fn the_worst_that_happened_to_anybody_is_told_with_whom_it_befell() {
    let two = DSN.replace(
        "Diagnostic-Code",
        "X: y\n\nFinal-Recipient: rfc822; bob@example.org\nAction: delivered\nStatus: 2.0.0\n\n\
         Final-Recipient: rfc822; carol@example.org\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code",
    );
    let report = bounce_of(&two);
    assert_eq!(report.action, Action::Failed);
    assert_eq!(report.failed, ["alice@example.org".parse().unwrap(), "carol@example.org".parse().unwrap()]);
}

#[test]
fn the_report_says_why_and_whether_it_lasts() {
    let report = bounce_of(DSN);
    assert_eq!((report.reason, report.hard, report.reply_code), (Reason::UserUnknown, true, Some(550)));
    assert_eq!(report.reporting_mta.as_deref(), Some("mx.example.org"));
    let full = bounce_of(&DSN.replace("5.1.1", "5.2.2").replace("no such user", "over quota"));
    assert_eq!(full.summary(), "mailbox full (soft, 5.2.2)");
    // What the server said counts more than what the reporter made of it.
    let days = bounce_of(
        &DSN.replace("Status: 5.1.1", "Status: 4.4.7")
            .replace("550 5.1.1\n no such user", "450 4.2.2 mailbox full"),
    );
    assert_eq!((days.reason, days.status.as_deref()), (Reason::MailboxFull, Some("4.2.2")));
}

#[test]
fn our_own_address_never_failed() {
    let ours = Ours { addresses: vec!["alice@example.org".parse().unwrap()], ..Ours::nobody() };
    assert_eq!(read(DSN.as_bytes(), &ours).bounce.unwrap().failed, []);
}

#[test]
fn neither_the_reporter_nor_the_author_of_the_returned_mail_is_named() {
    let report = bounce_of(
        "From: MAILER-DAEMON@mx.example.org\nTo: support@desk.test\nSubject: failure notice\n\n\
         Your message to the following address could not be delivered:\n\nmailer-daemon@mx.example.org\nalice@desk.test\n\
         bob@example.org\n\n--- Below this line is a copy of the message.\n\nFrom: Alice <alice@desk.test>\nTo: carol@example.org\n",
    );
    assert_eq!(report.failed, ["bob@example.org".parse().unwrap()]);
    let nobody = bounce_of(
        "From: MAILER-DAEMON@mx.example.org\nTo: support@desk.test\nSubject: failure notice\n\n\
         It failed.\n\n--- Below this line is a copy of the message.\n\nFrom: Alice <alice@desk.test>\nTo: carol@example.org\n",
    );
    assert_eq!(nobody.failed, ["carol@example.org".parse().unwrap()], "the only one it went to");
}

#[test]
fn a_report_in_a_broken_structure_is_read_all_the_same() {
    let report = bounce_of(
        "From: MAILER-DAEMON@mx.example.org\nSubject: Undelivered Mail\nContent-Type: multipart/report; report-type=delivery-status\n\n\
         --x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n\
         Final-Recipient: rfc822; bob@example.org\nAction: failed\nStatus: 5.1.1\n\n--x--\n",
    );
    assert_eq!(report.failed, ["bob@example.org".parse().unwrap()]);
    assert_eq!(report.status.as_deref(), Some("5.1.1"));
}

#[test]
fn amazon_tells_of_bounces_in_json() {
    let report = bounce_of(
        "From: AWS Notifications <no-reply@sns.amazonaws.com>\nSubject: AWS Notification Message\nX-Amz-Sns-Message-Id: 1\n\n\
         {\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[{\"emailAddress\":\"bob@example.org\",\
         \"action\":\"failed\",\"status\":\"5.1.1\",\"diagnosticCode\":\"smtp; 550 5.1.1 user unknown\"}]}}\n\n--\nIf you wish to stop\n",
    );
    assert_eq!(report.failed, ["bob@example.org".parse().unwrap()]);
    assert_eq!((report.reason, report.diagnostic.as_str()), (Reason::UserUnknown, "550 5.1.1 user unknown"));
}

#[test]
fn a_report_of_any_size_is_read_in_a_moment() {
    for piece in [
        "a@b.example, ",
        "<a@b.example>:\n",
        "550 5.1.1 ",
        "Final-Recipient: rfc822; a@b.example\n",
        ">>> RCPT TO:<a@b.example>\n<<< 550\n",
        "{\"a\":[",
    ] {
        let raw = format!(
            "From: MAILER-DAEMON@example.org\nSubject: failure notice\n\n{}",
            piece.repeat((1 << 17) / piece.len())
        );
        let report = bounce_of(&raw);
        assert!(report.failed.len() <= MAX_FOUND);
    }
}
