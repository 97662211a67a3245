//! Leases: one holder at a time, and nobody waits for a dead one or for a clock.

use std::{collections::BTreeSet, time::Duration};

use deskgate::{
    domain::{EmailAddress, MailboxId, MessageId},
    store::{
        Conn, Pool, inbound,
        inbound::{Earlier, InboundState, RawMail},
        leases, mailboxes, people,
        pool::Loan,
        quarantine::Cause,
    },
};
use diesel_async::AsyncConnection;
use jiff::{SignedDuration, Timestamp};

use crate::helpers::{Postgres, servers::sql, wait_for};

const LEASE: Duration = Duration::from_secs(300);

fn noon() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn later(seconds: i64) -> Timestamp {
    noon() + SignedDuration::from_secs(seconds)
}

struct Ledger {
    url: String,
    pool: Pool,
    mailbox: MailboxId,
}

impl Ledger {
    /// A mailbox with so many raw mails.
    async fn with(mails: u32) -> Ledger {
        let url = Postgres::start().fresh_database();
        let pool = Pool::new(&url, 8).await.unwrap();
        let address: EmailAddress = "support@desk.test".parse().unwrap();
        let mut conn = pool.get().await.unwrap();
        let mailbox = mailboxes::ensure(&mut conn, "support", "here", &address).await.unwrap().id;
        let raw =
            |uid| RawMail { uid: Some(uid), received: None, bytes: format!("Subject: {uid}\r\n\r\n").into() };
        let mails: Vec<RawMail> = (1..=mails).map(raw).collect();
        inbound::store(&mut conn, mailbox, Some(7), &mails, noon()).await.unwrap();
        drop(conn);
        Ledger { url, pool, mailbox }
    }

    async fn conn(&self) -> Loan<'_> {
        self.pool.get().await.unwrap()
    }
}

async fn lease(conn: &mut Conn, holder: &str, most: usize, now: Timestamp) -> Vec<inbound::Leased> {
    conn.transaction(async |conn| inbound::lease(conn, holder, &["support"], most, now, LEASE).await)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_on_lease_is_nobody_elses_until_it_runs_out() {
    let ledger = Ledger::with(1).await;
    let mut conn = ledger.conn().await;
    assert_eq!(lease(&mut conn, "a:1:x.1", 9, noon()).await.len(), 1);
    // A second worker may have read the clock a moment before the first.
    for seconds in [-1, 0, 1, 299] {
        assert_eq!(lease(&mut conn, "a:1:x.2", 9, later(seconds)).await.len(), 0, "after {seconds} s");
    }
    let taken_over = lease(&mut conn, "a:1:x.2", 9, later(301)).await;
    assert_eq!(taken_over[0].attempts, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_from_before_the_clock_was_set_back_holds_nobody_up() {
    let ledger = Ledger::with(1).await;
    let mut conn = ledger.conn().await;
    lease(&mut conn, "a:1:x.1", 9, noon()).await;
    assert_eq!(lease(&mut conn, "a:1:x.2", 9, later(-26 * 3600)).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_workers_share_the_mails_without_one_twice() {
    let ledger = Ledger::with(200).await;
    let workers = (0..8).map(|number| {
        let pool = ledger.pool.clone();
        async move {
            let mut conn = pool.get().await.unwrap();
            let mut mine = Vec::new();
            loop {
                let batch = lease(&mut conn, &format!("a:1:x.{number}"), 7, Timestamp::now()).await;
                if batch.is_empty() {
                    return mine;
                }
                mine.extend(batch.into_iter().map(|mail| mail.id));
            }
        }
    });
    // Due at noon of a day that has been; SKIP LOCKED may leave a row to the next look.
    sql(&ledger.url, "update inbound set due_at = now() - interval '1 hour'");
    let taken: Vec<_> = futures::future::join_all(workers).await.into_iter().flatten().collect();
    assert_eq!(taken.len(), 200);
    assert_eq!(taken.iter().collect::<BTreeSet<_>>().len(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn few_come_with_a_mail_that_was_tried_and_none_with_one_that_was_tried_twice() {
    let ledger = Ledger::with(9).await;
    let mut conn = ledger.conn().await;
    let mut come = async |after| lease(&mut conn, "a:1:x.1", 8, later(after)).await.len();
    assert_eq!([come(0).await, come(0).await], [8, 1]);
    assert_eq!(come(301).await, 2);
    assert_eq!(come(602).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_was_tried_is_taken_in_its_turn_before_later_ones() {
    let ledger = Ledger::with(6).await;
    let mut conn = ledger.conn().await;
    let first = lease(&mut conn, "a:1:x.1", 1, noon()).await[0].id;
    let next = lease(&mut conn, "a:1:x.2", 4, later(301)).await;
    assert_eq!(next[0].id, first);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_handed_back_has_not_been_tried() {
    let ledger = Ledger::with(2).await;
    let mut conn = ledger.conn().await;
    lease(&mut conn, "a:1:x.1", 9, noon()).await;
    assert_eq!(inbound::hand_back(&mut conn, "a:1:x.2", None, noon()).await.unwrap(), 0, "only one's own");
    assert_eq!(inbound::hand_back(&mut conn, "a:1:x.1", None, noon()).await.unwrap(), 2);
    let again = lease(&mut conn, "a:1:x.2", 9, noon()).await;
    assert_eq!(again.iter().map(|mail| mail.attempts).collect::<Vec<_>>(), [1, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_at_which_work_breaks_off_again_and_again_ends_in_quarantine() {
    let ledger = Ledger::with(1).await;
    let mut conn = ledger.conn().await;
    let culprit = lease(&mut conn, "a:1:x.1", 9, noon()).await[0].id;
    inbound::hand_back(&mut conn, "a:1:x.1", Some(culprit), noon()).await.unwrap();
    let mut now = noon();
    for tried in 1..inbound::CRASHES {
        assert!(inbound::quarantine_crashers(&mut conn, now).await.unwrap().is_empty());
        let leased = lease(&mut conn, "a:1:x.2", 9, now).await;
        assert_eq!((leased[0].id, leased[0].attempts), (culprit, tried + 1));
        inbound::hand_back(&mut conn, "a:1:x.2", Some(culprit), now).await.unwrap();
        now += SignedDuration::from_mins(30);
    }
    assert_eq!(inbound::quarantine_crashers(&mut conn, now).await.unwrap(), [culprit]);
    assert_eq!(lease(&mut conn, "a:1:x.1", 9, now).await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_at_which_work_broke_off_twice_waits_a_while() {
    let ledger = Ledger::with(1).await;
    let mut conn = ledger.conn().await;
    for _ in 0..2 {
        let mail = lease(&mut conn, "a:1:x.1", 1, noon()).await[0].id;
        inbound::hand_back(&mut conn, "a:1:x.1", Some(mail), noon()).await.unwrap();
    }
    assert_eq!(lease(&mut conn, "a:1:x.1", 1, later(9)).await.len(), 0);
    assert_eq!(lease(&mut conn, "a:1:x.1", 1, later(11)).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_third_failure_is_quarantine_and_a_stale_worker_changes_nothing() {
    let ledger = Ledger::with(1).await;
    let mut conn = ledger.conn().await;
    for attempt in 1..=3 {
        let mail = lease(&mut conn, "a:1:x.1", 1, later(attempt)).await.remove(0);
        let stale = inbound::fail(&mut conn, &mail, "a:1:x.2", (Cause::NotProcessed, "not mine"), 3, noon())
            .await
            .unwrap();
        assert_eq!(stale, None);
        let state = inbound::fail(&mut conn, &mail, "a:1:x.1", (Cause::NotProcessed, "broken"), 3, noon())
            .await
            .unwrap();
        let expected = if attempt < 3 { InboundState::Waiting } else { InboundState::Quarantined };
        assert_eq!(state, Some(expected), "after attempt {attempt}");
    }
    assert_eq!(
        sql(&ledger.url, "select state || ' ' || cause || ' ' || error from inbound"),
        "quarantined not-processed broken"
    );
    assert_eq!(inbound::backlog(&mut conn).await.unwrap(), (0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_has_one_holder_who_can_renew_and_give_back() {
    let ledger = Ledger::with(0).await;
    let (mut conn, id) = (ledger.conn().await, ledger.mailbox);
    let mut hold = async |node, now| mailboxes::hold(&mut conn, id, node, now, LEASE).await.unwrap();
    assert!(hold("a:1:x", noon()).await);
    assert!(!hold("b:1:y", later(-1)).await && !hold("b:1:y", later(1)).await);
    assert!(hold("a:1:x", later(200)).await, "renewed");
    assert!(!hold("b:1:y", later(301)).await);
    assert!(hold("b:1:y", later(501)).await, "run out");
    assert!(hold("a:1:x", later(-26 * 3600)).await, "the clock was set back");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_process_held_is_free_at_once() {
    let ledger = Ledger::with(1).await;
    let mut conn = ledger.conn().await;
    lease(&mut conn, "a:1:x.1", 9, noon()).await;
    mailboxes::hold(&mut conn, ledger.mailbox, "a:1:x", noon(), LEASE).await.unwrap();
    let holders = leases::holders(&mut conn, later(1)).await.unwrap();
    assert_eq!(holders, ["a:1:x", "a:1:x.1"]);
    leases::release(&mut conn, &holders, later(1)).await.unwrap();
    assert_eq!(lease(&mut conn, "b:1:y.1", 9, later(1)).await.len(), 1);
    assert!(mailboxes::hold(&mut conn, ledger.mailbox, "b:1:y", later(1), LEASE).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_of_one_person_are_taken_in_one_after_another() {
    let ledger = Ledger::with(0).await;
    let anna: EmailAddress = "anna@customer.test".parse().unwrap();
    let bob: EmailAddress = "bob@customer.test".parse().unwrap();
    let (pool, both) = (ledger.pool.clone(), [bob.clone(), anna.clone()]);
    let mut conn = ledger.conn().await;
    let second = conn
        .transaction(async |conn| {
            people::hold(conn, &[&anna, &bob]).await?;
            let second = tokio::spawn(async move {
                let mut conn = pool.get().await.unwrap();
                let [bob, anna] = &both;
                conn.transaction(async |conn| people::hold(conn, &[bob, anna]).await).await
            });
            let waits = "select count(*) from pg_locks where locktype = 'advisory' and not granted";
            let waits = || (sql(&ledger.url, waits) == "1").then_some(());
            tokio::task::block_in_place(|| wait_for("the second mail to wait", waits));
            diesel::QueryResult::Ok(second)
        })
        .await
        .unwrap();
    second.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_knows_whether_the_one_that_it_answers_is_at_work_or_put_off() {
    let ledger = Ledger::with(0).await;
    let mut conn = ledger.conn().await;
    let mail = |uid, text: &str| RawMail { uid: Some(uid), received: None, bytes: text.into() };
    let mails = [
        mail(1, "Message-ID: <one@customer.test>\r\n\r\n"),
        mail(2, "In-Reply-To: <one@customer.test>\r\n\r\n"),
    ];
    let ids = inbound::store(&mut conn, ledger.mailbox, Some(7), &mails, noon()).await.unwrap();
    let among = |id| vec![MessageId::parse(id).unwrap()];
    let (one, other) = (among("<one@customer.test>"), among("<two@customer.test>"));
    let mut at_work = async |id, among: &[MessageId], after| {
        inbound::earlier(&mut conn, id, among, later(after)).await.unwrap()
    };
    assert_eq!(at_work(ids[1], &one, 0).await, None, "nobody has taken it up");
    let mut second = ledger.conn().await;
    lease(&mut second, "a:1:x.1", 1, noon()).await;
    assert_eq!(at_work(ids[1], &one, 1).await, Some(Earlier::AtWork));
    assert_eq!(at_work(ids[1], &other, 1).await, None, "it answers something else");
    assert_eq!(at_work(ids[0], &one, 1).await, None, "nobody waits for what comes later, or for itself");
    assert_eq!(at_work(ids[1], &one, 301).await, None, "that worker is gone");
    assert!(!inbound::put_off(&mut second, ids[0], "a:1:x.2", "later", later(60)).await.unwrap());
    assert!(inbound::put_off(&mut second, ids[0], "a:1:x.1", "later", later(60)).await.unwrap());
    assert_eq!(at_work(ids[1], &one, 301).await, Some(Earlier::PutOff));
    let again = lease(&mut second, "a:1:x.1", 9, later(61)).await;
    let again = again.iter().find(|mail| mail.id == ids[0]).unwrap();
    assert_eq!((again.attempts, again.failures, again.put_off), (1, 0, 1), "no try and no failure");
}
