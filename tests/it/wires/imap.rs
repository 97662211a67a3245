//! Reading a mailbox on a real Dovecot.

use std::{
    thread,
    time::{Duration, Instant},
};

use deskgate::{
    imap::{ImapError, ImapSession, Woken, batches, probe},
    settings::{After, Imap, Tls},
};
use tokio_util::sync::CancellationToken;

use super::{fresh_mailbox, imap_of, secret, untrusted};
use crate::helpers::{Certificate, PostOffice, Postbox, servers::free_port};

fn at(support: &Postbox, tls: Tls) -> Imap {
    imap_of(PostOffice::start(), &support.address, tls)
}

async fn open(imap: &Imap) -> ImapSession {
    ImapSession::open(imap).await.unwrap().0
}

async fn fails(imap: &Imap) -> ImapError {
    ImapSession::open(imap).await.expect_err("this must not open")
}

fn mail(number: u32) -> String {
    format!("From: c@example.org\r\nSubject: number {number}\r\n\r\nHello {number}\r\n.dot\r\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_is_read_in_clear_with_starttls_and_over_tls() {
    let support = fresh_mailbox();
    support.deliver(mail(1));
    for tls in [Tls::None, Tls::Starttls, Tls::Implicit] {
        let (mut session, selected) = ImapSession::open(&at(&support, tls)).await.unwrap();
        assert_eq!((selected.exists, selected.uid_next), (1, Some(2)));
        let uids = session.uids_from(1).await.unwrap();
        assert_eq!(uids, [1]);
        assert_eq!(session.uids_from(2).await.unwrap(), [0u32; 0]);
        let sizes = session.sizes(&[1, 99]).await.unwrap();
        let got = session.fetch(&[(99, 5), sizes[0]]).await.unwrap();
        assert!(got.refused.is_empty());
        let [fetched] = got.mails.as_slice() else { panic!("one mail") };
        assert_eq!(fetched.bytes.len() as u64, sizes[0].1);
        assert!(fetched.bytes.trim_ascii_end().ends_with(b"\r\n\r\nHello 1\r\n.dot"));
        assert!(fetched.received.unwrap().duration_until(jiff::Timestamp::now()).as_secs() < 60);
        let header = session.header(1).await.unwrap().unwrap();
        assert!(fetched.bytes.starts_with(&header.bytes) && header.bytes.ends_with(b"\r\n\r\n"));
        assert_eq!(session.header(99).await.unwrap(), None);
        session.close().await;
    }
    assert!(support.mails().iter().all(|mail| !mail.is_seen()), "looking left a trace");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_says_what_is_there() {
    let sentence = probe(&at(&fresh_mailbox(), Tls::Implicit)).await.unwrap();
    for part in ["Dovecot", "has 0 mails", "IDLE yes"] {
        assert!(sentence.contains(part), "{sentence}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_untrusted_certificate_ends_before_the_password() {
    let states =
        [(Certificate::Expired, "certificate-expired"), (Certificate::OtherHost, "certificate-other-name")];
    for (certificate, state) in states {
        let office = untrusted(certificate);
        for tls in [Tls::Starttls, Tls::Implicit] {
            let error = fails(&imap_of(office, "support@desk.test", tls)).await;
            assert_eq!(error.state(), state, "{error}");
        }
        let log = office.dovecot_log();
        assert!(!log.contains("Login: user="), "{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_an_authority_we_do_not_know_is_refused() {
    let imap = Imap { ca_file: None, ..at(&fresh_mailbox(), Tls::Implicit) };
    assert_eq!(fails(&imap).await.state(), "certificate-untrusted");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_password_missing_folder_and_silence_of_the_port_have_names() {
    let good = at(&fresh_mailbox(), Tls::None);
    let error = fails(&Imap { password: secret("hunter2"), ..good.clone() }).await;
    assert_eq!(error.state(), "login-refused");
    assert!(!format!("{error} {error:?}").contains("hunter2"));
    let error = fails(&Imap { password: secret("päss"), ..good.clone() }).await;
    assert_eq!(error.state(), "login-refused");
    let error = fails(&Imap { folder: "Entwürfe".into(), ..good.clone() }).await;
    assert_eq!(error.state(), "folder-missing");
    assert!(error.to_string().contains("Entwürfe"), "{error}");
    let error = fails(&Imap { port: free_port(), ..good }).await;
    assert_eq!(error.state(), "unreachable");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_ends_on_delivery_and_the_session_goes_on() {
    for idle in [true, false] {
        let support = fresh_mailbox();
        let mut session = open(&Imap { idle, ..at(&support, Tls::Implicit) }).await;
        let stop = CancellationToken::new();
        assert_eq!(session.wait(&stop, Duration::from_millis(100)).await.unwrap(), Woken::Time);
        let address = support.address.clone();
        let deliverer = thread::spawn(move || PostOffice::start().mailbox(&address).deliver(mail(1)));
        let mut woken = Woken::Time;
        // Without IDLE each wait is one look.
        for _ in 0..if idle { 1 } else { 200 } {
            let up_to = if idle { Duration::from_secs(20) } else { Duration::from_millis(100) };
            woken = session.wait(&stop, up_to).await.unwrap();
            if woken == Woken::News {
                break;
            }
        }
        assert_eq!(woken, Woken::News, "idle {idle}");
        deliverer.join().unwrap();
        assert_eq!(session.uids_from(1).await.unwrap(), [1]);
        session.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_announced_beside_another_answer_is_not_slept_over() {
    let support = fresh_mailbox();
    support.deliver(mail(1));
    let mut session = open(&at(&support, Tls::None)).await;
    session.uids_from(1).await.unwrap();
    support.deliver(mail(2));
    session.finish(&[1], &After::Seen).await.unwrap();
    let start = Instant::now();
    let woken = session.wait(&CancellationToken::new(), Duration::from_secs(20)).await.unwrap();
    assert_eq!(woken, Woken::News);
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_leaves_idle_at_once() {
    let mut session = open(&at(&fresh_mailbox(), Tls::None)).await;
    let stop = CancellationToken::new();
    let start = Instant::now();
    let waiting = session.wait(&stop, Duration::from_secs(60));
    let (woken, ()) = tokio::join!(waiting, async { stop.cancel() });
    assert_eq!(woken.unwrap(), Woken::Stopped);
    assert!(start.elapsed() < Duration::from_secs(10));
    assert_eq!(session.uids_from(1).await.unwrap(), [0u32; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn finishing_marks_or_moves_and_may_be_repeated() {
    let support = fresh_mailbox();
    for number in 1..=6 {
        support.deliver(mail(number));
    }
    let mut session = open(&at(&support, Tls::None)).await;
    session.finish(&[1, 2], &After::Nothing).await.unwrap();
    session.finish(&[1, 2], &After::Seen).await.unwrap();
    session.finish(&[2, 1, 77], &After::Seen).await.unwrap();
    assert_eq!(support.mails().iter().filter(|mail| mail.is_seen()).count(), 2);
    let to = After::Move("Verärgert & erledigt".into());
    session.finish(&[3, 4, 88], &to).await.unwrap();
    session.finish(&[3, 4], &to).await.unwrap();
    assert_eq!(session.uids_from(1).await.unwrap(), [1, 2, 5, 6]);
    let there = Imap { folder: "Verärgert & erledigt".into(), ..at(&support, Tls::None) };
    assert_eq!(ImapSession::open(&there).await.unwrap().1.exists, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_move_copies_and_expunges_only_these() {
    let office = PostOffice::own(Certificate::Good);
    office.stop_dovecot();
    office.start_dovecot("imap_capability = IMAP4rev1 UIDPLUS\n");
    let support = office.mailbox("support@desk.test");
    for number in 1..=3 {
        support.deliver(mail(number));
    }
    let mut webmail = support.imap();
    webmail.run("SELECT INBOX");
    webmail.run("UID STORE 3 +FLAGS.SILENT (\\Deleted)");
    let mut session = open(&imap_of(office, &support.address, Tls::None)).await;
    session.finish(&[1], &After::Move("Processed".into())).await.unwrap();
    session.finish(&[1], &After::Move("Processed".into())).await.unwrap();
    assert_eq!(session.uids_from(1).await.unwrap(), [2, 3]);
    assert_eq!(support.mails_in("Processed").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recreated_folder_has_another_uidvalidity() {
    let support = fresh_mailbox();
    let mut webmail = support.imap();
    webmail.run("CREATE Desk");
    let imap = Imap { folder: "Desk".into(), ..at(&support, Tls::None) };
    let (mut session, before) = ImapSession::open(&imap).await.unwrap();
    assert_eq!(session.select_again().await.unwrap().uidvalidity, before.uidvalidity);
    webmail.run("DELETE Desk");
    webmail.run("CREATE Desk");
    let again = match session.select_again().await {
        Ok(selected) => selected,
        // Dovecot may hang up on a folder that went away under a session.
        Err(_) => ImapSession::open(&imap).await.unwrap().1,
    };
    assert_ne!(again.uidvalidity, before.uidvalidity);
}

#[tokio::test(flavor = "multi_thread")]
async fn three_hundred_mails_come_in_batches() {
    let support = fresh_mailbox();
    let mut webmail = support.imap();
    for number in 0..300 {
        webmail.append("INBOX", mail(number).as_bytes());
    }
    let mut session = open(&at(&support, Tls::Implicit)).await;
    let uids = session.uids_from(1).await.unwrap();
    let sizes = session.sizes(&uids).await.unwrap();
    let mut counts = Vec::new();
    for batch in batches(&sizes, 100, 8 << 20) {
        counts.push(session.fetch(batch).await.unwrap().mails.len());
    }
    assert_eq!(counts, [100, 100, 100]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_shuts_down_ends_the_wait() {
    let office = PostOffice::own(Certificate::Good);
    let mut session = open(&imap_of(office, "support@desk.test", Tls::Implicit)).await;
    let stopper = thread::spawn(|| office.stop_dovecot());
    let woken = session.wait(&CancellationToken::new(), Duration::from_secs(60)).await;
    let error = woken.unwrap_err();
    assert_eq!(error.state(), "closed");
    assert!(error.to_string().contains("shutting down"), "{error}");
    stopper.join().unwrap();
}
