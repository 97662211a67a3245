//! Hostile mails: the cases that the generator beside the project (`../shared/exam`) writes are delivered byte for
//! byte to the real program with a real Dovecot and PostgreSQL, and what it does is judged from outside.
//!
//! Where the generator is not, the tests say so in one line and pass.
//! `cargo test --test hostile -- --nocapture` prints the table.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "in a scenario a panic is the answer, and the clock is the real one"
)]

#[macro_use]
#[path = "../tell.rs"]
mod tell;

#[path = "../it/helpers/mod.rs"]
mod helpers;

mod canary;
mod exam;
mod judge;
#[cfg(test)]
mod judge_tests;
mod meter;
mod page;
mod process;
mod seen;
mod sink;
mod stage;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Instant,
};

use canary::Canary;
use exam::{Case, Exam};
use judge::{Finding, judge};

/// Desks that run side by side.
const AT_A_TIME: usize = 3;

/// The mail cases that are open, at least.
const FEWEST_CASES: usize = 65;

#[test]
fn every_open_case_gives_its_safe_behaviour() {
    let Some(generator) = Exam::generator() else {
        tell!("skipped: no exam beside the project");
        return;
    };
    if page::browser().is_none() {
        tell!("No Chromium here: that pages ask for nothing when they are opened is left out.");
    }
    let (start, canary) = (Instant::now(), Canary::start());
    let exam = Exam::generate(&generator, &canary.url());
    let wanted = std::env::var("DESKGATE_HOSTILE").unwrap_or_default();
    let cases: Vec<&Case> = exam.cases.iter().filter(|case| case.id.starts_with(&wanted)).collect();
    assert!(!wanted.is_empty() || cases.len() >= FEWEST_CASES, "only {} cases", cases.len());
    let verdicts = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    // A case that stops the runner is a broken case, and the others go on.
                    let done = catch_unwind(AssertUnwindSafe(|| {
                        let seen = stage::perform(&exam, case, &canary);
                        (judge(&exam, case, &seen), seen.told())
                    }));
                    let (findings, told) = done.unwrap_or_else(|_| {
                        (vec![("runner".to_owned(), Finding::Broken("it was stopped".into()))], String::new())
                    });
                    verdicts.lock().unwrap().push((case.id.clone(), findings, told));
                }
            });
        }
    });
    let mut verdicts = verdicts.into_inner().unwrap();
    verdicts.sort_by_key(|(id, ..)| cases.iter().position(|case| case.id == *id));
    let broken = print(&cases, &verdicts);
    tell!("{} cases in {:.0?}, {} of them broken", verdicts.len(), start.elapsed(), broken.len());
    assert_eq!(verdicts.len(), cases.len(), "a case ended the runner");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// A case by its id, what its words came to, and what was seen.
type Verdict = (String, Vec<(String, Finding)>, String);

/// Prints the table and returns what is broken.
fn print(cases: &[&Case], verdicts: &[Verdict]) -> Vec<String> {
    let mut broken = Vec::new();
    tell!("\n{:<6} {:<4} {:<8} {:<58} seen", "case", "", "verdict", "title");
    for ((id, findings, told), case) in verdicts.iter().zip(cases) {
        let bad: Vec<String> = findings
            .iter()
            .filter_map(|(word, finding)| match finding {
                Finding::Broken(why) => Some(format!("{word}: {why}")),
                Finding::Kept | Finding::Waits(_) => None,
            })
            .collect();
        let waits: Vec<String> = findings
            .iter()
            .filter_map(|(word, finding)| match finding {
                Finding::Waits(what) => Some(format!("{word} waits for {what}")),
                Finding::Kept | Finding::Broken(_) => None,
            })
            .collect();
        let verdict = if bad.is_empty() { "safe" } else { "BROKEN" };
        let title: String = case.title.chars().take(58).collect();
        tell!("{id:<6} {:<4} {verdict:<8} {title:<58} {told}", case.priority);
        for line in bad.iter().chain(&waits) {
            tell!("{:>20} {line}", "");
        }
        broken.extend(bad.iter().map(|why| format!("{id} {why}")));
    }
    broken
}
