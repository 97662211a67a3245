//! Stopping in good order, stopping without warning, and two at once.

use std::time::{Duration, Instant};

use crate::{
    first_mail::COMPLETE,
    helpers::{Desk, Letter, wait_for},
};

fn put(desk: &Desk, from: usize, to: usize) {
    let mut session = desk.support.imap();
    for number in from..to {
        let sender = format!("c{number}@crash.test");
        let letter = Letter::new(&sender, "Printer", COMPLETE);
        let verdict = "Authentication-Results: mx.desk.test; dmarc=pass header.from=crash.test\r\n";
        session.append("INBOX", &[verdict.as_bytes(), &letter.bytes()].concat());
    }
}

/// Each of the senders has one ticket and one acknowledgement.
fn one_each(desk: &Desk, mails: usize) {
    assert_eq!(desk.count("tickets"), mails);
    assert_eq!(desk.count("messages where direction = 'in'"), mails);
    assert_eq!(
        desk.sql("select count(*), count(distinct recipient) from outbox where notice = 'acknowledged'"),
        format!("{mails}|{mails}")
    );
}

#[test]
fn a_process_that_is_killed_again_and_again_loses_nothing_and_doubles_nothing() {
    let mut desk = Desk::prepare();
    let rounds = [
        "inbound",
        "messages",
        "outbox where state = 'sent'",
        "outbox",
        "inbound where marked_at is not null",
    ];
    let each = 6;
    for (round, table) in rounds.iter().enumerate() {
        let before = desk.count(table);
        put(&desk, round * each, (round + 1) * each);
        desk.run_sick();
        wait_for(&format!("more rows of {table}"), || (desk.count(table) > before).then_some(()));
        desk.kill();
    }
    // What the killed one held on lease is taken over, long before the leases run out.
    desk.run();
    let mails = rounds.len() * each;
    desk.settled(mails);
    one_each(&desk, mails);
    assert_eq!(desk.count("inbound"), mails);
    desk.support.wait_for("every mail marked as read", |all| all.iter().all(|mail| mail.is_seen()));
}

#[test]
fn asked_to_stop_it_ends_soon_and_with_nothing_half_done() {
    let mut desk = Desk::start();
    put(&desk, 0, 40);
    wait_for("the first of many mails", || (desk.count("inbound where state = 'done'") > 0).then_some(()));
    let start = Instant::now();
    desk.stop();
    assert!(start.elapsed() < Duration::from_secs(10), "it took {:?}", start.elapsed());
    assert!(desk.log().contains("Stopped"));
    // Nobody holds anything: the next process need not wait for a lease.
    desk.run();
    desk.settled(40);
    one_each(&desk, 40);
}

#[test]
fn two_processes_share_one_mailbox_and_one_database() {
    let mut desk = Desk::start();
    desk.run_beside();
    put(&desk, 0, 60);
    desk.settled(60);
    one_each(&desk, 60);
    assert_eq!(desk.outcomes(), ["opened"; 60]);
    desk.stop();
}

#[test]
fn a_database_that_goes_away_and_comes_back_costs_nothing() {
    let mut desk = Desk::start();
    put(&desk, 0, 5);
    desk.settled(5);
    desk.database_goes_away();
    put(&desk, 5, 10);
    let health = desk.wait_for_health(503);
    assert_eq!(health["trouble"][0], "The database does not answer; the log says why.");
    desk.database_comes_back();
    desk.settled(10);
    one_each(&desk, 10);
    desk.wait_for_health(200);
}
