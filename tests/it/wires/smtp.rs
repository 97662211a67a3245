//! Sending through a real Postfix, and through servers that misbehave.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use deskgate::{
    domain::EmailAddress,
    settings::{Smtp, Tls},
    smtp::{Outcome, Transport},
};

use super::{fresh_mailbox, secret, smtp_of, untrusted};
use crate::helpers::{Certificate, PostOffice, script, servers::free_port};

const MAIL: &[u8] =
    b"From: support@desk.test\r\nTo: alice@customer.test\r\nSubject: x\r\n\r\nHello\r\n.dot\r\n";

fn address(text: &str) -> EmailAddress {
    text.parse().unwrap()
}

async fn send(smtp: &Smtp, to: &str) -> Outcome {
    Transport::new(smtp).unwrap().send(Some(&address("support@desk.test")), &address(to), MAIL).await
}

fn deferred(outcome: Outcome) -> String {
    match outcome {
        Outcome::Deferred(why) => why,
        other => panic!("not deferred: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn postfix_takes_and_refuses() {
    let office = PostOffice::start();
    let alice = fresh_mailbox();
    for tls in [Tls::None, Tls::Starttls] {
        let transport = Transport::new(&smtp_of(office, tls)).unwrap();
        assert!(transport.probe().await.is_ok());
        for from in [Some(address("support@desk.test")), None] {
            let outcome = transport.send(from.as_ref(), &address(&alice.address), MAIL).await;
            assert!(matches!(&outcome, Outcome::Accepted(text) if text.starts_with("250 ")), "{outcome:?}");
        }
        let elsewhere = transport.send(None, &address("nobody@nowhere.invalid"), MAIL).await;
        assert!(
            matches!(&elsewhere, Outcome::Refused(text) if text.starts_with("554 5.7.1")),
            "{elsewhere:?}"
        );
        assert!(matches!(transport.send(None, &address(&alice.address), MAIL).await, Outcome::Accepted(_)));
    }
    let mails = alice.wait_for_mails(6);
    assert!(mails[0].text().contains("\n.dot"), "{}", mails[0].text());
}

#[tokio::test]
async fn a_server_that_asks_for_patience_gets_it() {
    let (port, _) = server("RCPT", "451 4.7.1 come back later");
    let why = deferred(send(&at(port, Tls::None), "a@example.org").await);
    assert!(why.starts_with("451 4.7.1"), "{why}");
}

#[tokio::test]
async fn an_address_that_the_server_cannot_take_is_refused() {
    let (port, _) = server("RCPT", "550 5.1.1 no such user");
    let unknown = send(&at(port, Tls::None), "a@example.org").await;
    assert!(matches!(&unknown, Outcome::Refused(text) if text.starts_with("550 5.1.1")), "{unknown:?}");
    let (port, _) = server("none", "");
    let unicode = send(&at(port, Tls::None), "δοκιμή@example.org").await;
    assert!(matches!(&unicode, Outcome::Refused(text) if text.contains("SMTPUTF8")), "{unicode:?}");
}

#[tokio::test]
async fn a_wrong_password_keeps_the_mail() {
    let (port, _) = script::serve("220 here\r\n", |line| {
        Some(match line.split(' ').next() {
            Some("EHLO") => "250-here\r\n250 AUTH PLAIN LOGIN\r\n".into(),
            Some("AUTH") => "535 5.7.8 wrong\r\n".into(),
            _ => "250 fine\r\n".into(),
        })
    });
    let wrong = Smtp { user: Some("u".into()), password: Some(secret("hunter2")), ..at(port, Tls::None) };
    let error = Transport::new(&wrong).unwrap().probe().await.unwrap_err();
    assert_eq!(error.state(), "login-refused");
    let why = deferred(send(&wrong, "alice@customer.test").await);
    assert!(why.contains("refuses the log-in") && !why.contains("hunter2"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_untrusted_certificate_keeps_the_mail() {
    for certificate in [Certificate::Expired, Certificate::OtherHost] {
        let smtp = smtp_of(untrusted(certificate), Tls::Starttls);
        let error = Transport::new(&smtp).unwrap().probe().await.unwrap_err();
        assert_eq!(error.state(), "tls", "{error}");
        deferred(send(&smtp, "alice@customer.test").await);
    }
}

fn at(port: u16, tls: Tls) -> Smtp {
    Smtp {
        host: "127.0.0.1".into(),
        port,
        tls,
        ca_file: None::<PathBuf>,
        user: None,
        password: None,
        connections: 1,
        timeout: Duration::from_millis(400),
    }
}

/// An SMTP server that answers one command in its own way.
fn server(special: &'static str, answer: &'static str) -> (u16, script::Heard) {
    let data = std::sync::atomic::AtomicBool::new(false);
    script::serve("220 here\r\n", move |line| {
        use std::sync::atomic::Ordering::Relaxed;
        if data.load(Relaxed) {
            return (line == ".").then(|| {
                data.store(false, Relaxed);
                if special == "." { answer } else { "250 taken" }.to_owned() + "\r\n"
            });
        }
        if line.starts_with(special) {
            return (answer != "silence").then(|| format!("{answer}\r\n"));
        }
        data.store(line == "DATA", Relaxed);
        Some(if line == "DATA" { "354 go\r\n" } else { "250 fine\r\n" }.to_owned())
    })
}

#[tokio::test]
async fn stripped_starttls_sends_neither_password_nor_mail() {
    let (port, heard) = server("none", "");
    let smtp = Smtp { user: Some("u".into()), password: Some(secret("hunter2")), ..at(port, Tls::Starttls) };
    let why = deferred(send(&smtp, "a@example.org").await);
    assert!(why.contains("STARTTLS"));
    assert!(heard.lock().unwrap().iter().all(|line| line.starts_with("EHLO")), "{heard:?}");
}

#[tokio::test]
async fn a_server_that_sends_us_away_keeps_the_mail() {
    let (port, _) = script::serve("554 no service for you\r\n", |_| None);
    deferred(send(&at(port, Tls::None), "a@example.org").await);
    let (port, _) = server("EHLO", "550 go away");
    deferred(send(&at(port, Tls::None), "a@example.org").await);
}

#[tokio::test]
async fn silence_at_any_step_ends_and_is_not_inherited_by_the_next_mail() {
    for step in ["EHLO", "MAIL", "RCPT", "DATA"] {
        let (port, _) = server(step, "silence");
        let start = Instant::now();
        deferred(send(&at(port, Tls::None), "a@example.org").await);
        assert!(start.elapsed() < Duration::from_secs(2), "{step}");
    }
    let (port, heard) = script::serve("220 here\r\n", |line| match line {
        "DATA" => Some("354 go\r\n".into()),
        "." => None,
        line if line.contains(':') || line.starts_with("EHLO") => Some("250 fine\r\n".into()),
        _ => None,
    });
    let transport = Transport::new(&at(port, Tls::None)).unwrap();
    for _ in 0..2 {
        deferred(transport.send(None, &address("a@example.org"), b"x\r\n").await);
    }
    assert_eq!(heard.lock().unwrap().iter().filter(|line| line.starts_with("EHLO")).count(), 2);
}

#[tokio::test]
async fn an_accepting_354_out_of_step_is_not_believed() {
    let (port, _) = server(".", "354 still here");
    deferred(send(&at(port, Tls::None), "a@example.org").await);
}

#[tokio::test]
async fn nobody_there_keeps_the_mail() {
    let port = free_port();
    deferred(send(&at(port, Tls::None), "a@example.org").await);
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let (port, heard) = server("none", "");
    let transport = Transport::new(&at(port, Tls::None)).unwrap();
    for _ in 0..5 {
        assert!(matches!(transport.send(None, &address("a@example.org"), MAIL).await, Outcome::Accepted(_)));
    }
    assert_eq!(heard.lock().unwrap().iter().filter(|line| line.starts_with("EHLO")).count(), 1);
}
