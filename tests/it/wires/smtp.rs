//! Sending through a real Postfix, and through servers that misbehave.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use deskgate::{
    domain::EmailAddress,
    settings::{Smtp, Tls},
    smtp::{Outcome, Transport, Trouble},
};

use super::{fresh_mailbox, secret, smtp_of, untrusted};
use crate::helpers::{Certificate, PostOffice, Relay, script, servers::free_port};

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
        Outcome::Deferred(_, why) => why,
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
    assert_eq!(heard.lock().unwrap().iter().filter(|line| *line == "DATA").count(), 2);
    assert_eq!(
        heard.lock().unwrap().iter().filter(|line| line.starts_with("EHLO")).count(),
        4,
        "two for each connection"
    );
}

#[tokio::test]
async fn an_accepting_354_out_of_step_is_not_believed() {
    let (port, _) = server(".", "354 still here");
    deferred(send(&at(port, Tls::None), "a@example.org").await);
}

#[tokio::test]
async fn an_answer_to_data_other_than_354_ends_the_conversation() {
    let (port, heard) = server("DATA", "250 fine");
    let transport = Transport::new(&at(port, Tls::None)).unwrap();
    let outcome = transport.send(None, &address("a@example.org"), MAIL).await;
    assert!(
        matches!(&outcome, Outcome::Deferred(Trouble::Broken, why) if why.contains("step")),
        "{outcome:?}"
    );
    drop(transport.send(None, &address("a@example.org"), MAIL).await);
    let heard = heard.lock().unwrap();
    assert!(!heard.iter().any(|line| line == "Subject: x"), "nothing of the mail was sent: {heard:?}");
    assert_eq!(
        heard.iter().filter(|line| line.starts_with("EHLO")).count(),
        4,
        "a connection each: {heard:?}"
    );
}

#[tokio::test]
async fn a_second_hello_that_is_answered_late_is_not_taken_for_the_next_answer() {
    let hellos = std::sync::atomic::AtomicUsize::new(0);
    let (port, heard) = script::serve("220 here\r\n", move |line| {
        use std::sync::atomic::Ordering::SeqCst;
        match line {
            "DATA" => Some("354 go\r\n".into()),
            // Every second one, for `at` waits less long.
            _ if line.starts_with("EHLO") && hellos.fetch_add(1, SeqCst) % 2 == 1 => None,
            _ => Some("250 fine\r\n".into()),
        }
    });
    let outcome = send(&at(port, Tls::None), "a@example.org").await;
    assert!(matches!(&outcome, Outcome::Deferred(Trouble::Server, _)), "{outcome:?}");
    assert!(!heard.lock().unwrap().iter().any(|line| line.starts_with("MAIL")), "{heard:?}");
}

#[tokio::test]
async fn an_answer_to_the_mail_that_nobody_can_read_is_not_asked_for_again() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        use std::io::{BufRead, BufReader, Write};
        let (mut client, _) = listener.accept().unwrap();
        client.write_all(b"220 here\r\n").unwrap();
        for line in BufReader::new(client.try_clone().unwrap()).lines().map_while(Result::ok) {
            let answer: &[u8] = match line.as_str() {
                "DATA" => b"354 go\r\n",
                "." => b"250 in die Warteschlange eingef\xfcgt\r\n",
                _ if line.starts_with("EHLO") || line.starts_with("MAIL") || line.starts_with("RCPT") => {
                    b"250 fine\r\n"
                }
                _ => b"",
            };
            client.write_all(answer).unwrap();
        }
    });
    let outcome = send(&at(port, Tls::None), "a@example.org").await;
    assert!(matches!(&outcome, Outcome::Refused(why) if why.contains("unreadable")), "{outcome:?}");
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
    assert_eq!(
        heard.lock().unwrap().iter().filter(|line| line.starts_with("EHLO")).count(),
        2,
        "one connection"
    );
}

/// A server that offers PIPELINING and reads mail by mail; `rcpt` answers each RCPT.
fn pipelining(rcpt: impl Fn(&str) -> &'static str + Send + Sync + 'static) -> (u16, script::Heard) {
    let data = std::sync::atomic::AtomicBool::new(false);
    script::serve("220 here\r\n", move |line| {
        use std::sync::atomic::Ordering::Relaxed;
        Some(match line {
            "." if data.swap(false, Relaxed) => "250 taken\r\n".to_owned(),
            _ if data.load(Relaxed) => return None,
            "DATA" => {
                data.store(true, Relaxed);
                "354 go\r\n".to_owned()
            }
            _ if line.starts_with("EHLO") => "250-here\r\n250 PIPELINING\r\n".to_owned(),
            _ if line.starts_with("RCPT") => format!("{}\r\n", rcpt(line)),
            _ => "250 fine\r\n".to_owned(),
        })
    })
}

#[tokio::test]
async fn a_refusal_within_a_pipelined_envelope_keeps_the_conversation_in_step() {
    let (port, heard) =
        pipelining(|line| if line.contains("nobody") { "550 5.1.1 no such user" } else { "250 fine" });
    let transport = Transport::new(&at(port, Tls::None)).unwrap();
    for _ in 0..3 {
        let refused = transport.send(None, &address("nobody@example.org"), MAIL).await;
        assert!(matches!(&refused, Outcome::Refused(why) if why.starts_with("550 5.1.1")), "{refused:?}");
        let taken = transport.send(None, &address("a@example.org"), MAIL).await;
        assert!(matches!(&taken, Outcome::Accepted(_)), "{taken:?}");
    }
    let heard = heard.lock().unwrap();
    assert_eq!(heard.iter().filter(|line| line.starts_with("EHLO")).count(), 2, "one connection: {heard:?}");
    assert_eq!(
        heard.iter().filter(|line| *line == "Subject: x").count(),
        3,
        "only what was taken: {heard:?}"
    );
}

#[tokio::test]
async fn an_unused_connection_that_the_server_ended_costs_no_try() {
    let mails = std::sync::atomic::AtomicUsize::new(0);
    let (port, _) = script::serve("220 here\r\n", move |line| {
        use std::sync::atomic::Ordering::SeqCst;
        match line {
            // The second one finds the connection of the first one gone.
            _ if line.starts_with("MAIL") && mails.fetch_add(1, SeqCst) == 1 => Some(String::new()),
            "DATA" => Some("354 go\r\n".into()),
            "." => Some("250 taken\r\n".into()),
            _ if line.starts_with("EHLO") || line.contains("@") && !line.contains(": ") => {
                Some("250 fine\r\n".into())
            }
            _ => None,
        }
    });
    let transport = Transport::new(&at(port, Tls::None)).unwrap();
    for _ in 0..3 {
        let outcome = transport.send(Some(&address("s@desk.test")), &address("a@example.org"), MAIL).await;
        assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_deferral_says_whose_trouble_it_is() {
    let trouble = async |special, answer| {
        let (port, _) = server(special, answer);
        // Longer than a busy machine takes for an answer: silence is another trouble.
        let patient = Smtp { timeout: Duration::from_secs(3), ..at(port, Tls::None) };
        match send(&patient, "a@example.org").await {
            Outcome::Deferred(trouble, _) => trouble,
            other => panic!("{special} {answer}: {other:?}"),
        }
    };
    assert_eq!(trouble("EHLO", "silence").await, Trouble::Server);
    assert_eq!(trouble("MAIL", "451 4.3.0 busy").await, Trouble::Broken);
    assert_eq!(trouble("RCPT", "450 4.7.1 greylisted").await, Trouble::Domain);
    assert_eq!(trouble("RCPT", "silence").await, Trouble::Domain);
    assert_eq!(trouble("DATA", "silence").await, Trouble::Domain);
    assert_eq!(trouble("RCPT", "452 4.2.2 mailbox full").await, Trouble::Recipient);
    assert_eq!(trouble("RCPT", "421 4.3.2 shutting down").await, Trouble::Broken);
}

/// How many bytes of which direction a [`shears`] lets through.
#[derive(Clone, Copy, Debug)]
enum Cut {
    Up(usize),
    Down(usize),
}

/// A way to a server that ends when so many bytes went one way. Also tells how many
/// bytes went up and down in one whole conversation.
fn shears(to: u16, cut: Cut) -> (u16, std::thread::JoinHandle<(usize, usize)>) {
    use std::{
        io::{Read, Write},
        net::{Shutdown, TcpListener, TcpStream},
    };
    fn pump(mut from: TcpStream, mut to: TcpStream, most: usize) -> usize {
        let (mut passed, mut buffer) = (0, [0; 4096]);
        while let Ok(count) = from.read(&mut buffer) {
            let now = count.min(most - passed);
            if to.write_all(&buffer[..now]).is_err() {
                break;
            }
            passed += now;
            if count == 0 || passed == most {
                break;
            }
        }
        // What was passed arrives; nothing more does.
        let _ = to.shutdown(Shutdown::Write);
        let _ = from.shutdown(Shutdown::Read);
        if passed == most {
            let _ = from.shutdown(Shutdown::Both);
        }
        passed
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let worker = std::thread::spawn(move || {
        let (client, _) = listener.accept().unwrap();
        drop(listener);
        let server = TcpStream::connect(("127.0.0.1", to)).unwrap();
        let (up, down) = match cut {
            Cut::Up(most) => (most, usize::MAX),
            Cut::Down(most) => (usize::MAX, most),
        };
        let (client_copy, server_copy) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        let upwards = std::thread::spawn(move || pump(client_copy, server_copy, up));
        let down = pump(server, client, down);
        (upwards.join().unwrap(), down)
    });
    (port, worker)
}

/// Cuts the connection at every byte of one conversation, each way. The server has the mail at
/// most once; when we say so it has it; and it has it without our knowing only where
/// everything had gone up, which is the one moment in which a mail may be sent again.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_cut_at_any_byte_loses_nothing_and_doubles_nothing() {
    let relay = Relay::start();
    let offer = async |number: usize, cut: Cut| {
        let (port, worker) = shears(relay.port, cut);
        let to = format!("c{number:04}@example.org");
        let outcome = send(&at(port, Tls::None), &to).await;
        let (up, down) = tokio::task::spawn_blocking(|| worker.join().unwrap()).await.unwrap();
        (to, outcome, up, down)
    };
    let (_, whole, up, down) = offer(0, Cut::Up(usize::MAX)).await;
    assert!(matches!(whole, Outcome::Accepted(_)), "{whole:?}");
    assert!(up > 150 && down > 80, "{up} up, {down} down");
    let mut offered = Vec::new();
    for (number, cut) in (1..).zip((1..up).map(Cut::Up).chain((1..down).map(Cut::Down))) {
        offered.push((cut, offer(number, cut).await));
    }
    let taken = relay.taken();
    let mut in_doubt = 0;
    for (cut, (to, outcome, went_up, _)) in offered {
        let times = taken.iter().filter(|(taken, _)| *taken == to).count();
        let accepted = matches!(outcome, Outcome::Accepted(_));
        assert!(times <= 1, "{cut:?}: taken {times} times");
        assert!(!accepted || times == 1, "{cut:?}: said to be accepted, and is not there");
        assert!(matches!(outcome, Outcome::Accepted(_) | Outcome::Deferred(..)), "{cut:?}: {outcome:?}");
        if times == 1 && !accepted {
            in_doubt += 1;
            assert!(went_up >= up - "QUIT\r\n".len(), "{cut:?}: taken before everything was sent");
        }
    }
    assert!(in_doubt >= 1, "the last answer was cut, too");
}
