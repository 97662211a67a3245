//! Each kind by the fewest fields that make it.

use super::{super::read, *};
use crate::domain::{Detail, TicketId, reference::SigningKey};

fn ours() -> Ours {
    Ours {
        addresses: vec!["support@desk.test".parse().unwrap()],
        key: SigningKey::new(vec![7; 32]),
        ..Ours::nobody()
    }
}

fn kind_of(fields: &str) -> Kind {
    let from = if fields.contains("From:") { "" } else { "From: Alice <alice@example.org>\n" };
    let subject = if fields.contains("Subject:") { "" } else { "Subject: Printer\n" };
    read(format!("{from}{subject}{fields}\n\nHello, it is broken.\n").as_bytes(), &ours()).kind
}

#[track_caller]
fn all_are(kind: Kind, cases: &[&str]) {
    for fields in cases {
        assert_eq!(kind_of(fields), kind, "{fields}");
    }
}

#[test]
fn people_stay_people() {
    all_are(
        Kind::Human,
        &[
            "To: support@desk.test",
            "Auto-Submitted: no",
            "X-Auto-Response-Suppress: All",
            "Precedence: never-bounce",
            "Subject: Out of office replies are sent twice",
            "Subject: Undeliverable mail, what shall I do?",
            "Subject: Re: Undeliverable: your order\nReturn-Path: <>",
            "Subject: Re: Out of office\nIn-Reply-To: <a@x>",
            "X-Autoreply: no",
            "From: jane@sentry.io",
            "From: no-reply@example.org\nReply-To: alice@example.org",
            "X-Deskgate-Ticket: 17",
            "List-Unsubscribe: <https://example.org/u>",
            "X-Failed-Recipients: bob@example.org",
        ],
    );
}

#[test]
fn automatic_replies() {
    all_are(
        Kind::AutoReply,
        &[
            "Auto-Submitted: auto-replied (vacation)",
            "Auto-Submitted: Auto-Replied; owner=x",
            "X-Autorespond: yes",
            "Precedence: never-bounce\nPrecedence: auto_reply",
            "Subject: Automatische Antwort: Drucker\nX-Auto-Response-Suppress: All",
            "Subject: 自動応答: x\nIn-Reply-To: <a@x>",
            "Subject: Automatic reply: x\nAuto-Submitted: auto-generated",
            "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
        ],
    );
}

#[test]
fn lists_and_alerts() {
    all_are(
        Kind::List,
        &[
            "List-Id: <users.example.org>",
            "Precedence: list",
            "List-Post: <mailto:a@b>",
            "Precedence: never-bounce\nPrecedence: bulk",
            "Precedence: junk",
            "From: News <no-reply@example.org>\nPrecedence: bulk\nList-Unsubscribe: <https://example.org/u>",
            "From: News <news@example.org>\nList-Unsubscribe: <https://example.org/u>\nFeedback-ID: 1:2:3",
            "List-Id: Security <oss-security.lists.example.org>\nAuto-Submitted: auto-generated",
        ],
    );
    all_are(
        Kind::Alert,
        &[
            "Auto-Submitted: auto-generated",
            "Auto-Submitted: auto-notified",
            "From: Sentry <noreply@md.getsentry.com>",
            "From: nagios@example.org\nAuto-Submitted: auto-generated",
            "From: nagios@example.org\nPrecedence: bulk",
            "From: nagios@example.org\nSubject: [FIRING:2] DiskFull",
            "From: sentry@sentry.io",
            "From: \"(Cron Daemon)\" <root@example.org>",
            "From: no-reply@example.org",
        ],
    );
}

#[test]
fn bounces_also_the_sloppy_ones() {
    all_are(
        Kind::Bounce,
        &[
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
            "From: MAILER-DAEMON@example.org\nSubject: failure notice",
            "From: Mail Delivery System <x@example.org>\nAuto-Submitted: auto-replied\nSubject: Warning: message delayed 24 hours",
            "Return-Path: <>\nSubject: Unzustellbar: Antwort",
            "X-Failed-Recipients: bob@example.org\nSubject: Mail delivery failed",
            "From: MAILER-DAEMON <>\nSubject: Mail delivery failed",
            "From: postmaster@example.org\nReturn-Path: <>",
        ],
    );
}

#[test]
fn a_delivery_status_part_alone_makes_no_bounce_of_a_persons_mail() {
    let with_part = |fields: &str| {
        let raw = format!(
            "{fields}\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nWhat does this mean?\n\
             --b\nContent-Type: message/delivery-status\n\nStatus: 5.1.1\n--b--\n"
        );
        read(raw.as_bytes(), &ours()).kind
    };
    assert_eq!(with_part("From: alice@example.org\nSubject: Printer"), Kind::Human);
    assert_eq!(with_part("From: alice@example.org\nSubject: Undelivered mail returned"), Kind::Human);
    assert_eq!(with_part("From: MAILER-DAEMON@example.org\nSubject: x"), Kind::Bounce);
}

#[test]
fn our_own_mail_comes_back() {
    assert_eq!(kind_of("From: support@desk.test"), Kind::Own);
    assert_eq!(kind_of("From: Support <support+tag@desk.test>"), Kind::Own);
    let id = ours().key.unwrap().message_id(TicketId(1), 1, "desk.test");
    assert_eq!(kind_of(&format!("Message-ID: {id}")), Kind::Own);
    assert_eq!(kind_of("Message-ID: <dg.1.x.y@desk.test>"), Kind::Human);
}

#[test]
fn sources_that_a_desk_is_there_for_are_no_automatic_replies() {
    all_are(
        Kind::Alert,
        &[
            "From: nagios@example.org\nSubject: ** PROBLEM Service Alert: db/disk is CRITICAL **\nAuto-Submitted: auto-replied",
            "From: root@example.org\nSubject: Cron <root@db> /usr/bin/backup\nPrecedence: bulk",
            "From: root@example.org\nX-Cron-Env: <SHELL=/bin/sh>",
            "From: root@example.org\nSubject: Logwatch for db (Linux)",
            "From: alerts@example.org\nSubject: [FIRING:2] DiskFull (db critical)",
            "From: AWS Notifications <no-reply@sns.amazonaws.com>\nSubject: ALARM: \"cpu\" in EU",
            "From: Alice <notifications@github.com>\nList-ID: <x.y.github.com>\nPrecedence: list\nX-GitHub-Reason: mention",
            "From: invalid@example.org\nX-Bugzilla-Type: changed\nIn-Reply-To: <bug-1@example.org>",
            "From: Honeybadger <notifications@honeybadger.io>\nX-Auto-Response-Suppress: All",
        ],
    );
    // People write about them, and work there.
    all_are(
        Kind::Human,
        &[
            "From: alice@example.org\nSubject: [FIRING:2] DiskFull (db critical)",
            "From: alice@honeybadger.io",
            "From: alice@example.org\nSubject: Fwd: ** PROBLEM Service Alert **",
        ],
    );
    assert_eq!(kind_of("From: alice@honeybadger.io\nAuto-Submitted: auto-replied"), Kind::AutoReply);
}

fn detail_of(raw: &str) -> (Kind, Option<Detail>) {
    let mail = read(raw.as_bytes(), &ours());
    (mail.kind, mail.detail)
}

#[test]
fn complaints_and_challenges_are_named() {
    let complaint = "From: scomp@example.net\nPrecedence: list\nSubject: Email Feedback Report\n\
        Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nAn abuse report.\n--b--\n";
    assert_eq!(detail_of(complaint), (Kind::Alert, Some(Detail::Complaint)));
    let challenge = "From: no-reply@example.net\nSubject: RE: Printer\n\nThis account is protected. Follow the link to \
        have your address added to the approved sender list.\n";
    assert_eq!(detail_of(challenge), (Kind::AutoReply, Some(Detail::Challenge)));
    let person = "From: alice@example.net\nSubject: Mail\n\nPlease put me on your approved sender list.\n";
    assert_eq!(detail_of(person), (Kind::Human, None));
}

#[test]
fn vacation_notes_need_more_than_their_subject() {
    let note = |fields: &str, text: &str| {
        read(format!("From: a@example.org\n{fields}\n\n{text}\n").as_bytes(), &ours()).kind
    };
    let domino = "Subject: AUTO: Smith, Jo is out of the office (returning 05/01/2010)";
    assert_eq!(note(domino, "I am away.\n\nNote: this"), Kind::Human);
    assert_eq!(
        note(domino, "I am away.\n\nNote: This is an automated response to your mail."),
        Kind::AutoReply
    );
    let person = "Subject: Automatic reply is sent twice";
    assert_eq!(note(person, "It says \"This is an automatic reply\" each time."), Kind::Human);
    // The empty return path and a list of colleagues make no failure notice of it.
    let colleagues = "Subject: Out of Office: Printer\nReturn-Path: <>";
    assert_eq!(note(colleagues, "Please write to the following addresses: b@example.org"), Kind::AutoReply);
}

#[test]
fn people_who_write_about_bounces_or_pass_them_on_are_people() {
    let dsn = "Content-Type: message/rfc822\n\nFrom: MAILER-DAEMON@mx.example.org\nSubject: Undelivered Mail\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=c\n\n--c\n\nIt failed: 550 5.1.1\n--c--\n";
    for (subject, text) in [
        (
            "I get mail delivery failed: returning message to sender",
            "What does it mean? It says 550 5.1.1 user unknown.",
        ),
        ("Mail could not be delivered", "The following mail could not be delivered. Can you help?"),
        (
            "Fwd: Undelivered Mail Returned to Sender",
            "See below.\n\n> This is the mail system at host mx.example.org.\n> <b@example.org>: 550 5.1.1",
        ),
        ("Undeliverable: your invoice", "Delivery has failed to these recipients: b@example.org. Why?"),
        (
            "Returned mail: see transcript for details",
            "----- The following addresses had permanent fatal errors -----\n<b@example.org>",
        ),
    ] {
        let raw = format!(
            "From: Alice <alice@example.org>\nSubject: {subject}\nContent-Type: multipart/mixed; boundary=b\n\n\
             --b\n\n{text}\n--b\n{dsn}\n--b--\n"
        );
        assert_eq!(detail_of(&raw), (Kind::Human, None), "{subject}");
    }
}

#[test]
fn a_parcel_that_could_not_be_delivered_is_no_bounce() {
    let parcel =
        "From: no-reply@parcels.example\nSubject: Delivery failed\n\nYour parcel could not be delivered.\n";
    assert_eq!(detail_of(parcel).0, Kind::Alert);
}

#[test]
fn reports_of_gateways_and_of_nobody_are_bounces() {
    let plain = |fields: &str, text: &str| {
        let raw = format!("{fields}\n\n{text}\n");
        let mail = read(raw.as_bytes(), &ours());
        assert_eq!(mail.kind, Kind::Bounce, "{fields}");
        mail.bounce
            .map(|report| report.failed.iter().map(|a| a.as_str().to_owned()).collect::<Vec<_>>())
            .unwrap()
    };
    let failed = ["bob@example.org"];
    assert_eq!(
        plain(
            "From: SMTP_Mail_Service@example.net\nSubject: Returned Mail - Error During Delivery",
            "------ Failed Recipients ------\n\n<bob@example.org>: mailbox unavailable. [SMTP Error Code 550]"
        ),
        failed
    );
    assert_eq!(
        plain(
            "From: <>\nReturn-Path: <>\nAuto-Submitted: auto-replied\nIn-Reply-To: <a@desk.test>",
            "You sent mail to bob@example.org. That's not a valid user here."
        ),
        failed
    );
    assert_eq!(
        plain(
            "From: \"Jetmail System\" <>\nSubject: Mail Error\nList-Id: <x.example.org>",
            "Your mail cannot be delivered to the following address(es):\n\n bob@example.org"
        ),
        failed
    );
    assert_eq!(
        plain(
            "From: postmaster@example.net\nContent-Type: multipart/report; boundary=b",
            "--b\n\nIt failed.\n--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; bob@example.org\nAction: failed\n--b--"
        ),
        failed
    );
    assert_eq!(
        plain(
            "Content-Type: message/delivery-status\nReceived: x",
            "Final-Recipient: rfc822; <bob@example.org>\nAction: failed\nStatus: 4.2.2"
        ),
        failed
    );
}

fn read_of(fields: &str, text: &str) -> InboundMail {
    read(format!("{fields}\n\n{text}\n").as_bytes(), &ours())
}

#[test]
fn people_who_write_from_mail_companies_or_as_postmaster_are_people() {
    for (fields, text) in [
        (
            "From: Jo <postmaster@example.org>\nSubject: Mail from your shop not delivered",
            "I ordered on Monday and have heard nothing since.",
        ),
        (
            "From: Mail Systems GmbH <orders@ms.example>\nSubject: Order 17",
            "The order could not be delivered to our office, please refund.",
        ),
        (
            "From: Mail Delivery Team <jane@logistics.example>\nSubject: Re: Invoice\nIn-Reply-To: <a@desk.test>",
            "our parcel was not delivered",
        ),
        (
            "From: mta.support@transit.example\nSubject: Undeliverable mail",
            "Your mail could not be delivered to us.",
        ),
        (
            "From: smtp@example.org\nSubject: Undeliverable mail",
            "Your mail was not delivered. Please send it again.",
        ),
        ("From: Bounce Gym <bounce@gym.example>\nSubject: Delivery failed", "The mats were not delivered."),
        (
            "From: postmaster@smallfirm.example\nSubject: Re: [DG-12] Your shop mail was not delivered\n\
             In-Reply-To: <a@desk.test>\nReturn-Path: <postmaster@smallfirm.example>",
            "Thanks, it works now.\n\n> <bob@example.org>: 550 5.1.1 user unknown",
        ),
        (
            "From: Jo <jo@example.org>\nReturn-Path: <>\nSubject: Urlaub",
            "I am away, use the following addresses: bob@example.org",
        ),
    ] {
        let mail = read_of(fields, text);
        assert_eq!((mail.kind, mail.bounce), (Kind::Human, None), "{fields}");
    }
}

#[test]
fn words_and_one_sign_in_the_structure_make_a_failure_notice() {
    let returned =
        "It failed.\n\n----- Original message -----\nReceived: from a by b\nMessage-ID: <a@desk.test>";
    for (fields, text) in [
        ("From: postmaster@example.org\nSubject: Undeliverable\nAuto-Submitted: auto-replied", "Sorry."),
        (
            "From: postmaster@example.org\nSubject: Undeliverable",
            "<bob@example.org>:\nno mailbox here (#5.1.1)",
        ),
        ("From: postmaster@example.org\nSubject: Undeliverable", returned),
        (
            "From: mta@example.org\nSubject: Undeliverable",
            "Was not delivered: <bob@example.org>: 550 no such user",
        ),
        (
            "From: x@example.org\nReturn-Path: <>\nSubject: Hello",
            "User unknown: <bob@example.org>: 550 5.1.1",
        ),
    ] {
        assert_eq!(read_of(fields, text).kind, Kind::Bounce, "{fields}");
    }
}

#[test]
fn a_list_that_is_our_own_address_is_only_a_way_to_us() {
    let own = "List-Id: <support.desk.test>\nMailing-list: list support@desk.test; contact support+owners@desk.test\n\
        List-Post: <https://groups.example.com/post>, <mailto:Support@desk.test>\nX-Google-Group-Id: 17\nPrecedence: list";
    all_are(
        Kind::Human,
        &[
            own,
            "List-Id: <support.desk.test>\nPrecedence: bulk",
            "List-Post: <mailto:support@desk.test>",
            "X-BeenThere: support@desk.test\nX-Mailman-Version: 2.1",
        ],
    );
    assert_eq!(kind_of(&format!("{own}\nAuto-Submitted: auto-replied")), Kind::AutoReply);
    assert_eq!(kind_of(&format!("{own}\nAuto-Submitted: auto-generated")), Kind::Alert);
    all_are(
        Kind::List,
        &[
            "List-Id: <support.desk.test.example.org>",
            "List-Id: <support.desk.test>\nList-Id: <users.example.org>",
            "X-BeenThere: mysupport@desk.test",
            "X-Google-Group-Id: 17",
        ],
    );
}

#[test]
fn one_word_makes_neither_an_automatic_reply_nor_an_alert() {
    all_are(
        Kind::Human,
        &[
            "Subject: Absence entry not shown\nIn-Reply-To: <a@x>",
            "Subject: Auto-reply arrives twice\nIn-Reply-To: <a@x>",
            "Subject: Vacation calendar wrong\nX-Auto-Response-Suppress: All",
            "Subject: Vacation: calendar wrong\nX-Auto-Response-Suppress: All",
            "Subject: Absences non enregistrées\nX-Auto-Response-Suppress: All",
            "Subject: 外出先からログインできません\nX-Auto-Response-Suppress: All",
            "From: Sentry Insurance <sentry@insurance.example>",
            "From: ana.monit@example.org",
            "From: Monit Kaur <monit.kaur@example.org>",
        ],
    );
    all_are(
        Kind::AutoReply,
        &[
            "Subject: Absence 12.04. - 17.04.\nReturn-Path: <>",
            "Subject: Out of office (until Monday)\nIn-Reply-To: <a@x>",
            "Subject: Out of office\nX-Auto-Response-Suppress: All",
            "Subject: Auto-Reply 2026-12-01\nIn-Reply-To: <a@x>",
            "Subject: Vacation\nPrecedence: bulk",
        ],
    );
}
