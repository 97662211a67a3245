//! The timers' fault test: processes are killed while timers fire, two nodes at once, one of them with a wrong clock,
//! and PostgreSQL restarts. Each warning and each breach is told once.

use std::{path::PathBuf, process::Command};

use super::older;
use crate::{
    first_mail::COMPLETE,
    helpers::{Cluster, Desk, Letter, wait_for},
};

const TICKETS: usize = 40;
/// In so many rounds timers come due and both nodes are killed at work, before each of the two notices.
const ROUNDS: usize = 8;

/// A shared object that makes the wall clock wrong.
fn wrong_clock(desk: &Desk) -> PathBuf {
    let (source, object) = (
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/clocks/wrong_clock.c"),
        desk.folder().join("wrong_clock.so"),
    );
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .arg(&object)
        .args([source, "-ldl"])
        .status();
    assert!(built.expect("cc is there").success());
    object
}

/// How many notices of a kind are in the outbox, of how many tickets.
fn told(desk: &Desk, notice: &str) -> (usize, usize) {
    let row = desk
        .sql(&format!("select count(*), count(distinct ticket_id) from outbox where notice = '{notice}'"));
    let (all, tickets) = row.split_once('|').unwrap();
    (all.parse().unwrap(), tickets.parse().unwrap())
}

/// In each round some more timers come due, both nodes run until the first is told, and are killed at once; PostgreSQL is
/// killed now and then. At last they run until everything is told. Returns how often each was killed.
fn tell_under_fire(
    desk: &mut Desk,
    cluster: &Cluster,
    (notice, time): (&str, &str),
    wrong: &[(&str, &str)],
) -> (usize, usize) {
    let (mut kills, mut restarts) = (0, 0);
    for round in 0..ROUNDS {
        let before = told(desk, notice).0;
        older(desk, time, &format!("mod(%, {ROUNDS}) = {round}"));
        desk.run_clock(&[]);
        desk.run_clock(wrong);
        wait_for(&format!("more of {notice}"), || (told(desk, notice).0 > before).then_some(()));
        if round % 3 == 1 {
            cluster.kill();
            cluster.start_again();
            restarts += 1;
        }
        desk.kill();
        kills += 2;
    }
    desk.run_clock(&[]);
    desk.run_clock(wrong);
    wait_for(&format!("all of {notice}"), || (told(desk, notice).0 >= TICKETS).then_some(()));
    wait_for("no timer that is due", || {
        (desk.sql("select count(*) from timers where kind = 'clocks' and due_at <= now()") == "0")
            .then_some(())
    });
    desk.kill();
    (kills + 2, restarts)
}

#[test]
fn every_timer_fires_once_whatever_ends() {
    let cluster = Cluster::start();
    let url = cluster.database("desk");
    let mut desk = Desk::prepare().on(&url, &url).with(
        "[[severity.policy]]\nnumber = 2\ncalendar = \"always\"\nfirst_answer = \"2h\"\nwarn_at = \"1h\"\nescalate_every = \"9h\"",
    );
    let mut session = desk.support.imap();
    for number in 0..TICKETS {
        let letter = Letter::new(&format!("c{number}@timers.test"), "Printer", COMPLETE);
        let verdict = "Authentication-Results: mx.desk.test; dmarc=pass header.from=timers.test\r\n";
        session.append("INBOX", &[verdict.as_bytes(), &letter.bytes()].concat());
    }
    desk.run();
    desk.settled(TICKETS);
    desk.kill();
    let object = wrong_clock(&desk);
    // A day ahead: by its own clock everything is long over.
    let wrong = [("LD_PRELOAD", object.to_str().unwrap()), ("WRONG_BY", "86400")];

    let (warned_kills, warned_restarts) =
        tell_under_fire(&mut desk, &cluster, ("staff-due", "65 minutes"), &wrong);
    assert_eq!(told(&desk, "staff-due"), (TICKETS, TICKETS), "each warning once");
    assert_eq!(
        told(&desk, "staff-breached"),
        (0, 0),
        "the node whose clock is a day ahead told nothing early"
    );

    let (breached_kills, breached_restarts) =
        tell_under_fire(&mut desk, &cluster, ("staff-breached", "60 minutes"), &wrong);
    assert_eq!(told(&desk, "staff-breached"), (TICKETS, TICKETS), "each breach once");
    assert_eq!(told(&desk, "staff-due"), (TICKETS, TICKETS), "and no warning again");
    assert_eq!(desk.sql("select count(*) from timers where failures > 0"), "0");
    eprintln!(
        "timers under fire: {} timers of {TICKETS} tickets on two nodes, one a day ahead; {} processes killed at work, PostgreSQL \
         killed {} times; {} warnings and {} breaches told, none missing, none twice",
        2 * TICKETS,
        warned_kills + breached_kills,
        warned_restarts + breached_restarts,
        told(&desk, "staff-due").0,
        told(&desk, "staff-breached").0,
    );
}
