//! Servers that lie, fall silent or are not who they say.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use deskgate::{
    imap::{Batch, ImapError, ImapSession},
    settings::{After, Imap, Tls},
};
use tokio_util::sync::CancellationToken;

use super::secret;
use crate::helpers::{
    PATIENCE,
    script::{self, Heard},
};

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

/// One that waits long enough for whatever a slow machine has to read.
async fn patient(port: u16) -> ImapSession {
    let imap = Imap { timeout: PATIENCE, ..at(port, Tls::None) };
    ImapSession::open(&imap).await.unwrap().0
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
    let mut session = patient(port).await;
    let error = session.fetch(&[(1, 10)]).await.unwrap_err();
    assert_eq!(error.state(), "protocol");
}

#[tokio::test]
async fn what_earlier_batches_left_of_their_bytes_is_not_for_a_later_one() {
    let uids: &[u32] = (1..=40).collect::<Vec<_>>().leak();
    let (port, _) = script::mailbox(uids, |asked| {
        let last = asked.contains("BODY.PEEK") && script::names(asked, 40);
        last.then(|| "* 1 FETCH (UID 40 BODY[] {50000000}\r\nFrom".to_owned())
    });
    let mut session = opened(port).await;
    let mut ahead = session.fetch_ahead(uids.iter().map(|uid| vec![(*uid, 1 << 20)]).collect());
    for uid in 1..40 {
        assert_eq!(ahead.next().await.unwrap().unwrap().mails[0].uid, uid);
    }
    assert_eq!(ahead.next().await.unwrap_err().state(), "protocol");
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

/// Everything that is done with a mailbox: open it, list it, size and fetch what is in it.
async fn read(imap: &Imap) -> Result<Batch, ImapError> {
    let (mut session, _) = ImapSession::open(imap).await?;
    let uids = session.uids_from(1).await?;
    let sizes = session.sizes(&uids).await?;
    session.fetch(&sizes).await
}

#[tokio::test]
async fn every_fault_of_a_server_has_a_state_and_a_sentence_that_says_what_to_do() {
    let cases: [(&str, &str, &str, &str); 16] = [
        ("LOGIN", "{tag} NO [AUTHENTICATIONFAILED] Authentication failed.", "login-refused", "check `user`"),
        ("LOGIN", "{tag} NO [UNAVAILABLE] Temporary failure.", "login-unavailable", "the server's trouble"),
        ("LOGIN", "{tag} NO [LIMIT] Enough.", "too-many-connections", "end other programs"),
        (
            "LOGIN",
            "{tag} NO Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)",
            "too-many-connections",
            "raise the server's limit",
        ),
        ("LOGIN", "* BYE Too many simultaneous connections", "too-many-connections", "Too many simultaneous"),
        ("SELECT", "{tag} NO [NONEXISTENT] No such mailbox", "folder-missing", "create it"),
        ("SELECT", "{tag} NO [UNAVAILABLE] Not now", "refused", "Not now"),
        ("SELECT", "{tag} OK done", "protocol", "no UIDVALIDITY"),
        ("UID SEARCH", "{tag} NO index broken", "refused", "index broken"),
        ("UID SEARCH", "{tag} BAD what?", "protocol", "what?"),
        ("UID SEARCH", "", "closed", "tried again"),
        ("UID SEARCH", "* SEARCH 1", "timeout", "tried again"),
        ("UID SEARCH", "* SEARCH 1 99999999999", "protocol", "cannot be read"),
        ("UID FETCH", "* 1 FETCH (UID 1 BODY[] {4294967296}\r\nFrom", "protocol", "far longer"),
        ("UID FETCH", "* 1 FETCH (UID 1 BODY[] {99999999999999999999}\r\nFrom", "protocol", "far longer"),
        ("NOTHING", "", "ok", ""),
    ];
    for (command, answer, state, advice) in cases {
        let (port, _) = script::mailbox(&[1], move |asked| {
            let line = if answer.is_empty() { String::new() } else { format!("{answer}\r\n") };
            asked.starts_with(command).then_some(line)
        });
        let start = Instant::now();
        let read = read(&at(port, Tls::None)).await;
        let (told, sentence) = match &read {
            Ok(_) => ("ok", String::new()),
            Err(error) => (error.state(), error.to_string()),
        };
        assert_eq!(told, state, "{command} answered by {answer}: {sentence}");
        assert!(sentence.contains(advice), "{command} answered by {answer}: {sentence}");
        assert!(start.elapsed() < Duration::from_secs(10), "{command} answered by {answer}");
    }
}

#[tokio::test]
async fn a_line_of_ten_megabytes_is_read_once_and_refused() {
    for (end, state, timeout) in [("", "timeout", Duration::from_secs(2)), ("\r\n", "protocol", PATIENCE)] {
        let (port, _) = script::mailbox(&[1], move |asked| {
            asked.contains("BODY.PEEK").then(|| format!("* 1 FETCH {}{end}", "x".repeat(10 << 20)))
        });
        let imap = Imap { timeout, ..at(port, Tls::None) };
        let error = read(&imap).await.unwrap_err();
        // More than the mail of fifty bytes may bring is cut off.
        assert!(error.state() == state || error.state() == "protocol", "{error}");
        let imap = Imap { timeout, ..at(script_that_searches(end), Tls::None) };
        let mut session = ImapSession::open(&imap).await.unwrap().0;
        let error = session.uids_from(1).await.unwrap_err();
        assert_eq!(error.state(), state, "{error}");
    }
}

/// A server whose answer to SEARCH is ten megabytes in one line.
fn script_that_searches(end: &'static str) -> u16 {
    let answer = move |asked: &str| {
        asked.starts_with("UID SEARCH").then(|| format!("* SEARCH{}x{end}", " 1".repeat(5 << 20)))
    };
    script::mailbox(&[1], answer).0
}

#[tokio::test]
async fn lists_within_lists_do_not_end_the_process() {
    for depth in [18, 100_000] {
        let (port, _) = script::mailbox(&[1], move |asked| {
            let lists = "(".repeat(depth);
            asked
                .contains("RFC822.SIZE")
                .then(|| format!("* 1 FETCH (BODYSTRUCTURE {lists}\r\n{{tag}} OK\r\n"))
        });
        assert_eq!(read(&at(port, Tls::None)).await.unwrap_err().state(), "protocol");
    }
}

#[tokio::test]
async fn a_server_that_sends_a_byte_now_and_then_is_given_up() {
    let (port, _) = script::serve_at(Duration::from_millis(50), "* OK\r\n", |_| Some("* NO ".repeat(1000)));
    let start = Instant::now();
    let error = ImapSession::open(&at(port, Tls::None)).await.unwrap_err();
    assert_eq!(error.state(), "timeout");
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[tokio::test]
async fn what_a_server_says_beside_the_answer_changes_nothing() {
    let (port, _) = script::mailbox(&[1, 2, 3], |asked| {
        let noise = "* XYZZY (a (b) \"c\r\n* OK look {5}\r\n* 0 EXISTS\r\n* 9 EXPUNGE\r\n* 2 FETCH (FLAGS (\\Seen))\r\n";
        if asked.starts_with("UID SEARCH") {
            return Some(format!("{noise}* SEARCH 3 1 1\r\n* SEARCH 2 3\r\n{{tag}} OK\r\n"));
        }
        asked.contains("RFC822.SIZE").then(|| {
            format!("{noise}* 1 FETCH (UID 77 RFC822.SIZE 5)\r\n* 3 FETCH (RFC822.SIZE 1 UID 3)\r\n* 1 FETCH (UID 1 RFC822.SIZE 4294967295)\r\n* 2 FETCH (UID 2 RFC822.SIZE 0)\r\n{{tag}} OK\r\n")
        })
    });
    let got = read(&at(port, Tls::None)).await.unwrap();
    assert_eq!(got.mails.iter().map(|mail| mail.uid).collect::<Vec<_>>(), [1, 2, 3]);
}

#[tokio::test]
async fn a_server_that_works_on_two_batches_at_a_time_loses_no_mail() {
    let first = std::sync::Mutex::new(None);
    let (port, _) = script::serve("* OK\r\n", move |line| {
        let tag = line.split(' ').next().unwrap().to_owned();
        let mail = |uid| format!("* {uid} FETCH (UID {uid} BODY[] {{1}}\r\n{uid})\r\n");
        if !line.contains("FETCH") {
            return Some(format!("* CAPABILITY IMAP4rev1\r\n* OK [UIDVALIDITY 7] x\r\n{tag} OK\r\n"));
        }
        let before = first.lock().unwrap().take();
        match before {
            // Nothing until the second batch is asked for, and then the second one first.
            None => {
                *first.lock().unwrap() = Some(tag);
                None
            }
            Some(first) => Some(
                [mail(1), mail(3), mail(4), format!("{tag} OK\r\n"), mail(2), format!("{first} OK\r\n")]
                    .concat(),
            ),
        }
    });
    let mut session = opened(port).await;
    let mut ahead = session.fetch_ahead(vec![vec![(1, 1), (2, 1)], vec![(3, 1), (4, 1)]]);
    for expected in [[1, 2], [3, 4]] {
        let got = ahead.next().await.unwrap().unwrap();
        assert_eq!(got.mails.iter().map(|mail| mail.uid).collect::<Vec<_>>(), expected);
    }
    assert!(ahead.next().await.unwrap().is_none());
}

#[tokio::test]
async fn after_mail_the_server_is_asked_before_it_is_left_to_idle() {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let (port, heard) = script::imap(move |command| match command {
        "CAPABILITY" => Some("* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK done\r\n"),
        // Mail comes at the first and at the third question.
        "NOOP" => match asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
            0 | 2 => Some("* 2 EXISTS\r\n{tag} OK done\r\n"),
            _ => None,
        },
        "IDLE" => Some("+ idling\r\n* 1 EXISTS\r\n"),
        // The fifth command ends with DONE, which has no tag.
        "" => Some("D5 OK done\r\n"),
        _ => None,
    });
    let mut session = opened(port).await;
    for _ in 0..3 {
        let woken = session.wait(&CancellationToken::new(), Duration::from_secs(20)).await.unwrap();
        assert_eq!(woken, deskgate::imap::Woken::News);
    }
    let heard = heard.lock().unwrap();
    let said: Vec<&str> = heard.iter().filter_map(|line| line.split(' ').nth(1)).skip(4).collect();
    assert_eq!(said, ["IDLE", "NOOP", "NOOP", "NOOP"], "{heard:?}");
}
