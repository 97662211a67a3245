//! Several processes on one database: they share the work, and none is missed for long when it dies.

mod database;
mod pooler;

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use deskgate::{
    domain::EmailAddress,
    store::{Pool, inbound, inbound::RawMail, mailboxes, nodes, pool::Listener},
    tasks::node_name,
};
use diesel_async::AsyncConnection;
use jiff::Timestamp;

use crate::{
    first_mail::COMPLETE,
    helpers::{Desk, Letter, wait_for},
};

/// Longer than any lease of a test may be waited for: who is done earlier did not wait for it.
const LONG: Duration = Duration::from_secs(3600);

/// The nodes that hold their lock, for a FROM.
const LOCKED: &str = "nodes join pg_locks on locktype = 'advisory' and classid = 1684370283 and objid::bigint = nodes.id \
                      and database = (select oid from pg_database where datname = current_database())";

/// Puts mails of customers in a domain of the test's own into the mailbox; each of another sender.
fn put(desk: &Desk, domain: &str, from: usize, to: usize) {
    let mut session = desk.support.imap();
    let verdict = format!("Authentication-Results: mx.desk.test; dmarc=pass header.from={domain}\r\n");
    for number in from..to {
        let letter = Letter::new(&format!("c{number}@{domain}"), "Printer", COMPLETE);
        session.append("INBOX", &[verdict.as_bytes(), &letter.bytes()].concat());
    }
}

/// Every mail has one row, one ticket and one entry; every answer was accepted, and every customer has
/// theirs. Returns how many answers came twice, with the same Message-ID: a process that dies between
/// the server's acceptance and its record of it repeats one.
fn exactly_once(desk: &Desk, domain: &str, mails: usize) -> usize {
    let rows = "select count(*), count(distinct uid), sum(failures), count(*) filter (where outcome = 'opened') from inbound";
    assert_eq!(desk.sql(rows), format!("{mails}|{mails}|0|{mails}"));
    assert_eq!((desk.count("tickets"), desk.count("messages where direction = 'in'")), (mails, mails));
    let answers = "select count(*), count(distinct recipient) from outbox where notice = 'acknowledged' and state = 'sent'";
    assert_eq!(desk.sql(answers), format!("{mails}|{mails}"));
    let mut repeats = 0;
    for number in 0..mails {
        let got = desk.plain_mailbox(&format!("c{number}@{domain}")).wait_for_mails(1);
        let ids: BTreeSet<String> = got.iter().map(|mail| mail.message_id()).collect();
        assert_eq!(ids.len(), 1, "c{number}@{domain} got two answers");
        repeats += got.len() - 1;
    }
    repeats
}

fn done(desk: &Desk) -> usize {
    desk.count("inbound where state = 'done'")
}

fn wait_until_done(desk: &Desk, mails: usize) {
    wait_for(&format!("{mails} mails that are done"), || (done(desk) >= mails).then_some(()));
}

#[test]
fn three_nodes_share_the_work_and_two_of_them_are_killed() {
    let mails = 120;
    let mut desk = Desk::prepare();
    put(&desk, "three.test", 0, mails);
    desk.run();
    desk.run_beside();
    desk.run_beside();
    // The first has the mailbox.
    wait_until_done(&desk, 30);
    let dead = desk.kill_one(0);
    let (killed, before) = (Instant::now(), done(&desk));
    wait_for("the end of all that the first held", || {
        let held = format!(
            "(select count(*) from inbound where state = 'waiting' and leased_by like '%:{dead}:%' and leased_until > now()) \
             + (select count(*) from outbox where state = 'waiting' and leased_by like '%:{dead}:%' and leased_until > now()) \
             + (select count(*) from mailboxes where holder like '%:{dead}:%')"
        );
        (desk.sql(&format!("select {held}")) == "0").then_some(())
    });
    eprintln!("what a killed node held was free after {:.1?}", killed.elapsed());
    wait_until_done(&desk, (before + 60).min(mails - 20));
    desk.kill_one(0);
    desk.settled(mails);
    let repeats = exactly_once(&desk, "three.test", mails);
    // At most what two processes had under way.
    assert!(repeats <= 2 * 8, "{repeats} answers came twice");
    wait_for("the dead to be struck off", || (desk.count("nodes") == 1).then_some(()));
    desk.stop();
    assert_eq!(desk.count("nodes"), 0, "who stops leaves");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_elsewhere_is_dead_when_its_connection_is_gone_and_no_sign_comes() {
    let mut desk = Desk::prepare();
    let (name, worker) = ("elsewhere/1:7:00c0ffee", "elsewhere/1:7:00c0ffee.1");
    let pool = Pool::new(&desk.database_url, 2).await.unwrap();
    let mut conn = pool.get().await.unwrap();
    let address: EmailAddress = desk.support.address.parse().unwrap();
    let mailbox = mailboxes::ensure(&mut conn, "support", "elsewhere", &address).await.unwrap().id;
    let raw =
        |uid| RawMail { uid: Some(uid), received: None, bytes: format!("Subject: {uid}\r\n\r\nx").into() };
    inbound::store(&mut conn, mailbox, Some(7), &[raw(1), raw(2)], Timestamp::now()).await.unwrap();
    let lease = conn.transaction(async |conn| {
        inbound::lease(conn, worker, &["support"], 9, Timestamp::now(), LONG).await
    });
    assert_eq!(lease.await.unwrap().len(), 2);
    mailboxes::hold(&mut conn, mailbox, name, Timestamp::now(), LONG).await.unwrap();

    // It gives no sign, but its connection stands: it may be busy, and is left alone.
    let mut elsewhere = Listener::open(&desk.database_url).await.unwrap();
    nodes::join(elsewhere.conn(), name, "process", &["support"]).await.unwrap();
    desk.sql(&format!("update nodes set seen_at = now() - interval '1 hour' where name = '{name}'"));
    tokio::task::block_in_place(|| {
        desk.run();
        let others = format!(
            "select extract(epoch from max(seen_at) - min(started_at)) > 14 from nodes where name <> '{name}'"
        );
        wait_for("a node that had time to judge", || (desk.sql(&others) == "t").then_some(()));
        assert_eq!((done(&desk), desk.count("nodes")), (0, 2));
        let (_, health) = desk.get("/healthz");
        assert!(health.contains(&format!("Node {name} (process) has run for")), "{health}");
        assert!(health.contains("fetches mailbox `support`, has 2 mails at work."), "{health}");
    });

    drop(elsewhere);
    let died = Instant::now();
    tokio::task::block_in_place(|| {
        wait_until_done(&desk, 2);
        eprintln!("the mails of a node elsewhere were done {:.1?} after its end", died.elapsed());
        let left = format!(
            "select count(*) from nodes where name = '{name}' union all select count(*) from mailboxes where holder = '{name}'"
        );
        assert_eq!(desk.sql(&left), "0\n0");
        assert!(desk.log().contains(&format!("Node {name} is dead")));
        desk.stop();
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_holds_its_lock_lives_though_no_such_process_runs_here() {
    let mut desk = Desk::prepare();
    // As a machine that is a copy of this one would call it; no process has such a number.
    let home = node_name().rsplitn(3, ':').last().unwrap().to_owned();
    let (copy, dead) = (format!("{home}:99999999:00c0ffee"), format!("{home}:99999999:0000dead"));
    let address: EmailAddress = desk.support.address.parse().unwrap();
    let mut elsewhere = Listener::open(&desk.database_url).await.unwrap();
    let mailbox = mailboxes::ensure(elsewhere.conn(), "support", "elsewhere", &address).await.unwrap().id;
    mailboxes::hold(elsewhere.conn(), mailbox, &copy, Timestamp::now(), LONG).await.unwrap();
    nodes::join(elsewhere.conn(), &copy, "fetch", &["support"]).await.unwrap();
    let mut short = Listener::open(&desk.database_url).await.unwrap();
    nodes::join(short.conn(), &dead, "process", &[]).await.unwrap();
    drop(short);

    // Whoever struck off the second looked at the first before it.
    tokio::task::block_in_place(|| {
        desk.run();
        wait_for("the end of the dead one", || {
            desk.log().contains(&format!("Node {dead} is dead")).then_some(())
        });
        assert_eq!(desk.count(&format!("nodes where name = '{copy}'")), 1);
        assert_eq!(desk.count(&format!("mailboxes where holder = '{copy}'")), 1);
        assert!(!desk.log().contains(&copy), "{}", desk.log());
        desk.stop();
    });
    drop(elsewhere);
}

#[test]
fn a_node_that_was_taken_for_dead_says_so_and_starts_over() {
    let mut desk = Desk::start();
    desk.sql("delete from nodes");
    wait_for("a node that is back", || (desk.count("nodes") == 1).then_some(()));
    wait_for("its word", || desk.log().contains("took this one for dead").then_some(()));
    wait_for("its lock", || (desk.count(LOCKED) == 1).then_some(()));
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    anna.wait_for_one();
    desk.stop();
}

#[test]
fn a_node_whose_own_connection_breaks_is_back_at_once_and_nobody_buries_it() {
    let mut desk = Desk::start();
    desk.run_beside();
    let pids = &format!("select string_agg(pid::text, ',' order by pid) from {LOCKED}");
    let before = wait_for("two connections", || {
        let now = desk.sql(pids);
        (now.split(',').count() == 2).then_some(now)
    });
    desk.sql(&format!("select pg_terminate_backend(pid) from unnest(array[{before}]) as pid"));
    let cut = Instant::now();
    wait_for("two new connections", || {
        let now = desk.sql(pids);
        let new = now.split(',').all(|pid| !before.split(',').any(|old| old == pid));
        (new && now.split(',').count() == 2).then_some(())
    });
    eprintln!("both nodes were back {:.1?} after the loss of their connections", cut.elapsed());
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    anna.wait_for_one();
    assert!(!desk.log().contains("is dead"), "{}", desk.log());
    assert_eq!(desk.count("nodes"), 2);
    desk.stop();
}

#[test]
fn nodes_of_different_configuration_leave_each_others_mail_alone() {
    let mut support = Desk::prepare();
    let url = support.database_url.clone();
    let mut sales = Desk::prepare().on(&url, &url).configured("name = \"support\"", "name = \"sales\"");
    support.run_roles("fetch,web");
    support.receives(&Letter::new("anna@one.test", "Printer", COMPLETE));
    wait_for("a mail for support", || (support.count("inbound") == 1).then_some(()));
    sales.run();
    sales.receives(&Letter::new("bert@two.test", "Invoice", COMPLETE));
    // Its own mail is answered; it met the other one first.
    wait_for("an answer to bert", || {
        (sales.count("outbox where state = 'sent' and recipient like 'bert@%'") == 1).then_some(())
    });
    let state = "select inbound.state || ' ' || attempts from inbound join mailboxes on mailbox_id = mailboxes.id where name = 'support'";
    assert_eq!(support.sql(state), "waiting 0");
    let health = sales.wait_for_health(200);
    assert_eq!(health["waiting"], 1, "somebody knows that mailbox: {health}");

    // When nobody does, it is told.
    support.stop();
    let health = sales.wait_for_health(503);
    let sentence = "1 mails wait to be processed for the mailbox `support`, which no running node has in its configuration";
    assert!(health["trouble"][0].as_str().unwrap().starts_with(sentence), "{health}");
    support.run_roles("fetch,process,deliver,web");
    support.settled(2);
    assert_eq!(support.outcomes(), ["opened"; 2]);
    sales.wait_for_health(200);
    support.stop();
    sales.stop();
}

#[test]
fn check_tells_in_a_sentence_each_who_runs_and_what_it_holds() {
    let mut desk = Desk::start();
    desk.run_beside();
    wait_for("somebody who fetches", || {
        (desk.count("mailboxes where holder is not null") == 1).then_some(())
    });
    let ran = desk.cli(&["check"]);
    let nodes: Vec<&str> = ran.stdout.lines().filter(|line| line.starts_with("ok    node: Node ")).collect();
    assert_eq!(nodes.len(), 2, "{}", ran.stdout);
    let fetching = nodes.iter().filter(|line| line.ends_with("and fetches mailbox `support`.")).count();
    let idle = nodes.iter().filter(|line| line.ends_with("and holds nothing.")).count();
    assert_eq!((fetching, idle), (1, 1), "{}", ran.stdout);
    desk.stop();
}
