//! Through pgbouncer.

use super::LOCKED;
use crate::{
    first_mail::COMPLETE,
    helpers::{Bouncer, Desk, Letter, Postgres, wait_for},
};

/// A desk whose database is behind a pgbouncer.
fn behind(mode: &str) -> (Bouncer, Desk) {
    let desk = Desk::prepare();
    let direct = desk.database_url.clone();
    let bouncer = Bouncer::before(&Postgres::start().port(), mode);
    let (_, database) = direct.rsplit_once('/').expect("a URL with a database");
    let url = format!("postgres://postgres@127.0.0.1:{}/{database}", bouncer.port);
    (bouncer, desk.on(&url, &direct))
}

#[test]
fn in_session_mode_a_mail_is_answered_and_a_restart_of_the_pooler_costs_nothing() {
    let (bouncer, mut desk) = behind("session");
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    let answer = anna.wait_for_one();
    desk.receives(&Letter::reply(&anna, &answer, "It also happens on Tuesdays."));
    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "joined"]);
    let ran = desk.cli(&["check"]);
    assert!(ran.stdout.contains("ok    database: connected, up to date\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("ok    node: Node "), "{}", ran.stdout);

    bouncer.restart();
    let bert = desk.customer("bert");
    desk.receives(&Letter::new(&bert.address, "Printer", COMPLETE));
    bert.wait_for_one();
    desk.settled(3);
    // The server closed the old session, and with it the lock; the new one has it again.
    wait_for("the lock of the node", || (desk.count(LOCKED) == 1).then_some(()));
    desk.stop();
    assert_eq!(desk.count("nodes"), 0);
}

#[test]
fn transaction_mode_is_refused_in_a_sentence() {
    let (_bouncer, desk) = behind("transaction");
    let sentence = "the pooler before the database lends out its sessions by the transaction";
    let ran = desk.cli(&["run"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.contains(sentence) && ran.stderr.contains("pool_mode = session"), "{}", ran.stderr);
    let ran = desk.cli(&["check"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stdout.contains(sentence), "{}", ran.stdout);
}
