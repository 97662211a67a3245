//! Faults: the real program with a real Dovecot, Postfix and PostgreSQL, all of which are killed, cut
//! off and filled up while mail keeps coming. Then nothing is lost, doubled or stuck.
//!
//! A seed makes a schedule. The short form is one of the tests; `./faults` runs the long one.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    missing_docs,
    reason = "in a scenario a panic is the answer, and the clock is the real one"
)]

#[path = "../it/helpers/mod.rs"]
mod helpers;

mod cluster;
mod dice;
mod faults;
mod invariants;
mod nodes;
mod post;
mod run;
mod schedule;
mod settling;
mod site;
mod staff;
mod table;
mod wire;

use std::time::{Duration, Instant, SystemTime};

use dice::Dice;
use run::Run;
use site::Site;
use table::Table;

/// Kills in one run; the next one has a database and mailboxes of its own.
const KILLS_IN_A_RUN: usize = 20;

/// With so many kills somebody surely writes more than is answered.
const ENOUGH_FOR_THE_CAP: usize = 5 * KILLS_IN_A_RUN;

/// Settling that takes longer is told step by step.
const LONG: Duration = Duration::from_secs(20);

#[test]
fn in_the_short_form_nothing_is_lost_doubled_or_stuck() {
    suite(170_748, 4);
}

#[test]
#[ignore = "takes many minutes; ./faults runs it"]
fn in_the_long_form_nothing_is_lost_doubled_or_stuck() {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
    let from_clock = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let seed = number("DESKGATE_FAULTS_SEED").unwrap_or_else(from_clock);
    suite(seed, number("DESKGATE_FAULTS_KILLS").unwrap_or(200) as usize);
}

/// Runs one after the other, until so many desks were killed.
fn suite(seed: u64, kills: usize) {
    let site = Site::open();
    if !site.cluster.limited {
        println!("No file system may be mounted here: the full disk is left out.");
    }
    let mut table = Table::default();
    let runs = kills.div_ceil(KILLS_IN_A_RUN);
    for number in 0..runs {
        let kills = KILLS_IN_A_RUN.min(kills - number * KILLS_IN_A_RUN);
        let seed = seed + number as u64;
        println!("run {} of {runs}: repeat it with ./faults --kills {kills} --seed {seed}", number + 1);
        one(&site, number, seed, kills, &mut table);
    }
    println!("{table}");
    assert!(
        kills < ENOUGH_FOR_THE_CAP || table.quieted > 0,
        "in {runs} runs nobody wrote more than CAP mails"
    );
}

fn one(site: &Site, number: usize, seed: u64, kills: usize, table: &mut Table) {
    let start = Instant::now();
    let mut dice = Dice::new(seed);
    let mut run = Run::new(site, number, &mut dice);
    let settled = run.suffer(&mut dice, kills).and_then(|()| run.settle());
    let settled = match settled {
        Ok(took) => took,
        Err(why) => panic!("seed {seed}, kills {kills}: {why}\n{}", run.story()),
    };
    let findings = invariants::check(&run);
    table.add(&run, &findings);
    if settled > LONG {
        println!("{}", run.log());
    }
    println!(
        "run {}: {} faults, {} mails in, {} out, {} doubles in the window; {:.0?}, of which settling {settled:.1?}",
        number + 1,
        run.happened.len(),
        run.post.sent.len(),
        findings.answers,
        findings.doubles.len(),
        start.elapsed(),
    );
    let wrong = [&findings.losses[..], &findings.contradictions[..]].concat();
    if !wrong.is_empty() {
        println!("{table}");
        panic!("seed {seed}, kills {kills}:\n{}\n{}", wrong.join("\n"), run.story());
    }
    if let Err(why) = run.stop() {
        panic!("seed {seed}, kills {kills}: {why}\n{}", run.story());
    }
}
