//! Servers that lie, fall silent or are not who they say.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use deskgate::{
    imap::ImapSession,
    settings::{After, Imap, Tls},
};
use tokio_util::sync::CancellationToken;

use super::secret;
use crate::helpers::script::{self, Heard};

fn at(port: u16, tls: Tls) -> Imap {
    Imap {
        host: "127.0.0.1".into(),
        port,
        tls,
        ca_file: None::<PathBuf>,
        user: "support".into(),
        password: secret("hunter2"),
        folder: "INBOX".into(),
        after: After::Seen,
        poll: Duration::from_secs(60),
        idle: true,
        timeout: Duration::from_millis(400),
    }
}

async fn opened(port: u16) -> ImapSession {
    ImapSession::open(&at(port, Tls::None)).await.unwrap().0
}

fn credentials_were_sent(heard: &Heard) -> bool {
    heard.lock().unwrap().iter().any(|line| line.contains("LOGIN") || line.contains("hunter2"))
}

#[tokio::test]
async fn stripped_starttls_sends_no_password() {
    let (port, heard) = script::imap(|_| None);
    let error = ImapSession::open(&at(port, Tls::Starttls)).await.unwrap_err();
    assert_eq!(error.state(), "tls-not-offered");
    assert!(!credentials_were_sent(&heard));
}

#[tokio::test]
async fn answers_injected_before_the_handshake_count_for_nothing() {
    let (port, heard) = script::imap(|command| match command {
        "CAPABILITY" => Some("* CAPABILITY IMAP4rev1 STARTTLS\r\n{tag} OK done\r\n"),
        "STARTTLS" => Some("{tag} OK go\r\n* CAPABILITY IMAP4rev1\r\nD1 OK\r\nD2 OK\r\nD3 OK\r\n"),
        _ => None,
    });
    let error = ImapSession::open(&at(port, Tls::Starttls)).await.unwrap_err();
    assert_eq!(error.state(), "tls");
    assert!(!credentials_were_sent(&heard));
}

#[tokio::test]
async fn a_password_that_the_server_echoes_is_not_shown() {
    for answer in ["{tag} NO bad hunter2\r\n", "{tag} BAD LOGIN support hunter2\r\n"] {
        let (port, _) = script::imap(move |command| command.starts_with("LOGIN").then_some(answer));
        let error = ImapSession::open(&at(port, Tls::None)).await.unwrap_err();
        assert_eq!(error.state(), "login-refused");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}

#[tokio::test]
async fn a_connection_that_ends_between_mails_is_no_empty_folder() {
    for command in ["UID SEARCH", "UID FETCH"] {
        let (port, _) = script::imap(move |asked| asked.starts_with(command).then_some(""));
        let mut session = opened(port).await;
        let error = match command {
            "UID SEARCH" => session.uids_from(1).await.err(),
            _ => session.fetch(&[(1, 10)]).await.err(),
        };
        assert_eq!(error.unwrap().state(), "closed", "{command}");
    }
}

#[tokio::test]
async fn a_connection_cut_inside_a_mail_gives_no_half_mail() {
    let (port, _) = script::serve("* OK\r\n", |line| {
        let tag = line.split(' ').next().unwrap();
        if line.contains("FETCH") {
            return Some("* 1 FETCH (UID 1 BODY[] {1000}\r\nhalf".into());
        }
        if line.contains("SELECT") {
            return Some(format!("* OK [UIDVALIDITY 7] x\r\n{tag} OK\r\n"));
        }
        Some(format!("* CAPABILITY IMAP4rev1\r\n{tag} OK\r\n"))
    });
    let mut session = opened(port).await;
    let start = Instant::now();
    let error = session.fetch(&[(1, 1000)]).await.unwrap_err();
    assert_eq!(error.state(), "timeout");
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn silence_ends_each_command_within_its_time() {
    for silent in ["CAPABILITY", "LOGIN", "SELECT"] {
        let (port, _) = script::imap(move |command| command.starts_with(silent).then_some("silence"));
        let start = Instant::now();
        let error = ImapSession::open(&at(port, Tls::None)).await.unwrap_err();
        assert_eq!(error.state(), "timeout", "{silent}: {error}");
        assert!(start.elapsed() < Duration::from_secs(2));
    }
}

#[tokio::test]
async fn a_server_that_never_greets_is_given_up() {
    let (port, _) = script::serve("", |_| None);
    for tls in [Tls::None, Tls::Starttls, Tls::Implicit] {
        let error = ImapSession::open(&at(port, tls)).await.unwrap_err();
        let expected = if tls == Tls::Implicit { "tls" } else { "timeout" };
        assert_eq!(error.state(), expected, "{error}");
    }
}

#[tokio::test]
async fn a_mail_far_larger_than_announced_is_cut_off() {
    let (port, _) = script::serve("* OK\r\n", |line| {
        let tag = line.split(' ').next().unwrap();
        if line.contains("FETCH") {
            let body = "x".repeat(40 << 20);
            return Some(format!("* 1 FETCH (UID 1 BODY[] {{{}}}\r\n{body})\r\n{tag} OK\r\n", body.len()));
        }
        Some(format!("* CAPABILITY IMAP4rev1\r\n* OK [UIDVALIDITY 7] x\r\n{tag} OK\r\n"))
    });
    let mut session = opened(port).await;
    let error = session.fetch(&[(1, 10)]).await.unwrap_err();
    assert_eq!(error.state(), "protocol");
}

#[tokio::test]
async fn rubbish_is_an_error_that_shows_no_byte_of_it() {
    let (port, _) = script::imap(|command| {
        command.starts_with("UID FETCH").then_some("* 1 FETCH (UID 1 BODY[] secretmail)\r\n")
    });
    let error = opened(port).await.fetch(&[(1, 10)]).await.unwrap_err();
    assert_eq!(error.state(), "protocol");
    assert!(!format!("{error:?}").contains("secretmail"));
}

#[tokio::test]
async fn a_mail_the_server_cannot_give_does_not_keep_back_the_others() {
    let (port, _) = script::imap(|command| match command {
        "UID FETCH 1:2 (UID INTERNALDATE BODY.PEEK[])" => Some("{tag} NO disk error\r\n"),
        "UID FETCH 1 (UID INTERNALDATE BODY.PEEK[])" => Some("{tag} NO disk error\r\n"),
        "UID FETCH 2 (UID INTERNALDATE BODY.PEEK[])" => {
            Some("* 2 FETCH (FLAGS () UID 2 BODY[] {2}\r\nok)\r\n{tag} OK\r\n")
        }
        _ => None,
    });
    let got = opened(port).await.fetch(&[(1, 10), (2, 10)]).await.unwrap();
    assert_eq!(got.mails.len(), 1);
    assert_eq!(got.mails[0].bytes, b"ok");
    assert_eq!(got.refused, [(1, "disk error".to_owned())]);
}

#[tokio::test]
async fn a_bye_is_told_with_its_reason() {
    let (port, _) =
        script::imap(|command| command.starts_with("NOOP").then_some("* BYE going down for the night\r\n"));
    let mut session = opened(port).await;
    let error = session.wait(&CancellationToken::new(), Duration::from_millis(50)).await.unwrap_err();
    assert_eq!(error.state(), "closed");
    assert!(error.to_string().contains("going down for the night"));
}

#[tokio::test]
async fn idle_that_is_refused_falls_back_to_looking() {
    let (port, heard) = script::imap(|command| match command {
        "CAPABILITY" => Some("* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK done\r\n"),
        "IDLE" => Some("{tag} NO not now\r\n"),
        _ => None,
    });
    let mut session = opened(port).await;
    session.wait(&CancellationToken::new(), Duration::from_millis(100)).await.unwrap();
    assert!(heard.lock().unwrap().iter().any(|line| line.ends_with("NOOP")));
}

#[tokio::test]
async fn a_server_that_dies_or_goes_dark_in_idle_ends_the_wait() {
    for (idle, expected) in
        [("", "closed"), ("+ idling\r\n* BYE power cut\r\n", "closed"), ("+ idling\r\n", "timeout")]
    {
        let (port, _) = script::imap(move |command| match command {
            "CAPABILITY" => Some("* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK done\r\n"),
            "IDLE" => Some(idle),
            "" => Some("silence"),
            _ => None,
        });
        let mut session = opened(port).await;
        let start = Instant::now();
        let stop = CancellationToken::new();
        let woken = session.wait(&stop, Duration::from_millis(300)).await;
        assert_eq!(woken.unwrap_err().state(), expected, "{idle:?}");
        assert!(start.elapsed() < Duration::from_secs(2));
    }
}
