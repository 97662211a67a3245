//! The pure core by itself: `cargo bench`. Under `cargo test` each runs once.

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use deskgate::{
    domain::{Language, MessageId, NamedAddress, PersonId, TicketId, reference::SigningKey},
    mail::{self, Ours},
    render::{Context, Letter, Renderer, SiteView, TicketView},
    report,
    ticket::{Notice, Status},
    triage::{self, Facts, Policy},
};
use jiff::Timestamp;

criterion_group!(core, reading, gating, deciding, writing, signing);
criterion_main!(core);

/// What a customer reports, about as long as such mails are.
const REPORT: &str = "Hello support team,\r\n\r\n\
    Steps to reproduce:\r\n1. Open the monthly report.\r\n2. Press Print.\r\n3. Choose the office printer.\r\n\r\n\
    The window closes, no page comes out, and the log says \"error 17\". Yesterday it printed as always.\r\n\
    I expected the report on paper, as every month. We have tried another computer and another cable, and\r\n\
    the same thing happens there. The printer itself prints its test page, and a letter from the word\r\n\
    processor, so that paper and toner are not the reason.\r\n\r\n\
    Kind regards\r\nAlice Example\r\n-- \r\nAlice Example\r\nSample Street 1, 12345 Town\r\n";

fn reading(criterion: &mut Criterion) {
    let ours = Ours::nobody();
    for (name, mail) in
        [("text", text_mail()), ("html", html_mail()), ("50-kb-attachment", attachment_mail())]
    {
        criterion.bench_function(&format!("read/{name}"), |bench| {
            bench.iter(|| mail::read(black_box(&mail), &ours))
        });
    }
    let read = mail::read(&text_mail(), &ours);
    criterion.bench_function("fingerprint", |bench| bench.iter(|| mail::fingerprints(black_box(&read))));
}

fn gating(criterion: &mut Criterion) {
    let mail = mail::read(&text_mail(), &Ours::nobody());
    criterion.bench_function("gate", |bench| bench.iter(|| report::gate(black_box(&mail))));
}

fn deciding(criterion: &mut Criterion) {
    let mail = mail::read(&text_mail(), &Ours::nobody());
    let (verdict, facts) = (report::gate(&mail), Facts::default());
    let policy = Policy {
        trusts_a_server: true,
        asks: 2,
        ask_cooldown: Duration::from_secs(600),
        automatic_per_hour: 10,
        reopen_for: Duration::from_secs(14 * 86_400),
    };
    criterion.bench_function("decide", |bench| {
        bench.iter(|| triage::decide(black_box(&mail), &verdict, &facts, &policy, Timestamp::UNIX_EPOCH));
    });
}

fn writing(criterion: &mut Criterion) {
    let renderer = Renderer::load(None).expect("the built-in templates are sound");
    let letter = acknowledgement();
    criterion
        .bench_function("render/acknowledged", |bench| bench.iter(|| renderer.letter(black_box(&letter))));
}

fn signing(criterion: &mut Criterion) {
    let key = SigningKey::new(vec![7; SigningKey::MIN_BYTES]).expect("it is as long as it must be");
    let (ticket, person) = (TicketId(17), PersonId(4));
    let tag = key.reply_tag(ticket, person);
    assert_eq!(key.open_reply_tag(&tag), Some((ticket, person)));
    criterion
        .bench_function("reference/sign", |bench| bench.iter(|| key.reply_tag(black_box(ticket), person)));
    criterion.bench_function("reference/verify", |bench| bench.iter(|| key.open_reply_tag(black_box(&tag))));
}

fn acknowledgement() -> Letter {
    let named = |name, address: &str| NamedAddress::new(name, address.parse().expect("a plain address"));
    let ticket = TicketView {
        number: 17,
        reference: "DG-17".into(),
        subject: "Printer does not print".into(),
        status: Status::New,
        ..TicketView::default()
    };
    let site = SiteView { name: "Example Desk".into(), base_url: "https://desk.example.org".into() };
    Letter {
        notice: Notice::Acknowledged,
        language: Language::En,
        from: named("Example Desk", "support@desk.test"),
        to: named("Alice Example", "alice@example.org"),
        reply_to: Some("support+h-4-abcdef@desk.test".parse().expect("a plain address")),
        envelope_from: None,
        message_id: MessageId::parse("dg.h.1.seal@desk.test").expect("a plain id"),
        unsubscribe: None,
        in_reply_to: MessageId::parse("1@example.org"),
        references: Vec::new(),
        date: Timestamp::UNIX_EPOCH,
        context: Context {
            site,
            ticket,
            reader: "Alice Example".into(),
            neutral: true,
            ..Context::default()
        },
    }
}

fn head(kind: &str) -> String {
    format!(
        "Return-Path: <alice@example.org>\r\nDate: Sat, 21 Nov 2026 09:30:00 +0000\r\n\
         From: Alice Example <alice@example.org>\r\nTo: Support <support@desk.test>\r\n\
         Subject: Printer does not print\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n\
         Content-Type: {kind}\r\n"
    )
}

fn text_mail() -> Vec<u8> {
    format!("{}\r\n{REPORT}", head("text/plain; charset=utf-8")).into_bytes()
}

fn html_mail() -> Vec<u8> {
    let html = REPORT.replace("\r\n\r\n", "</p>\r\n<p>");
    format!(
        "{}\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{REPORT}\r\n--b\r\n\
         Content-Type: text/html; charset=utf-8\r\n\r\n<html><body><p>{html}</p></body></html>\r\n--b--\r\n",
        head("multipart/alternative; boundary=b")
    )
    .into_bytes()
}

fn attachment_mail() -> Vec<u8> {
    // 76 octets a line, as base64 in mails has it (RFC 2045 §6.8): 50 KB of zeros.
    let lines = format!("{}\r\n", "A".repeat(76)).repeat(50 * 1024 / 57);
    format!(
        "{}\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{REPORT}\r\n--b\r\nContent-Type: image/png\r\n\
         Content-Disposition: attachment; filename=screen.png\r\nContent-Transfer-Encoding: base64\r\n\r\n{lines}--b--\r\n",
        head("multipart/mixed; boundary=b")
    )
    .into_bytes()
}
