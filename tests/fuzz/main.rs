//! Mails that nobody wrote: real ones and our own, changed at random, read in every
//! way there is.
//!
//! The run is short with the other tests and repeats itself. `FUZZ_SECONDS=3600 cargo
//! test --release --test fuzz -- --nocapture` runs for an hour; `FUZZ_SEED` begins
//! elsewhere, `FUZZ_FIRST` with that execution. A mail that breaks a property is written down before the test fails.

#![allow(clippy::print_stdout, reason = "the figures are the point")]

use std::{
    env, fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use nix::time::{ClockId, clock_gettime};

#[macro_use]
#[path = "../tell.rs"]
mod tell;

mod mutation;
mod properties;

use mutation::{Dice, mutated};

/// So long with the other tests.
const SECONDS: u64 = 3;
/// The largest mail that is made, in bytes; what is not linear shows in less.
const MAX_BYTES: usize = 64 << 10;
/// The longest that one such mail may take of the processor: far more than any does, so that only
/// what is not linear is found.
const MAX_TIME: Duration = Duration::from_secs(20);

fn number(variable: &str, usual: u64) -> u64 {
    env::var(variable).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

/// Our own mails, and the real ones of other projects where they are.
fn seeds() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seeds: Vec<_> = mutation::SEEDS.iter().map(|seed| seed.as_bytes().to_vec()).collect();
    let mut folders = vec![root.join("tests/golden"), root.join("../shared/corpora")];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
        for path in entries {
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    // The order of a folder is not the same everywhere.
    files.sort();
    seeds
        .extend(files.iter().filter_map(|file| fs::read(file).ok()).filter(|bytes| bytes.len() <= MAX_BYTES));
    seeds
}

#[test]
fn no_mail_breaks_what_must_hold() {
    let (seconds, seed) = (number("FUZZ_SECONDS", SECONDS), number("FUZZ_SEED", 1));
    let (ours, seeds) = (properties::desk(), seeds());
    let until = Instant::now() + Duration::from_secs(seconds);
    let first = number("FUZZ_FIRST", 0);
    let mut executions = first;
    let mut slowest = (Duration::ZERO, 0, 0);
    while Instant::now() < until {
        let mut dice = Dice::new(seed, executions);
        let raw = mutated(&seeds, &mut dice, MAX_BYTES);
        let begun = processor_time();
        let held = catch_unwind(AssertUnwindSafe(|| properties::hold(&raw, &ours)));
        let took = processor_time().saturating_sub(begun);
        slowest = slowest.max((took, raw.len(), executions));
        if held.is_err() || took > MAX_TIME {
            let file = env::temp_dir().join(format!("deskgate-fuzz-{seed}-{executions}.eml"));
            fs::write(&file, &raw).expect("the mail can be written down");
            panic!(
                "execution {executions} of seed {seed} broke a property, or took {took:?}: {}",
                file.display()
            );
        }
        executions += 1;
    }
    tell!(
        "fuzz: executions {first} to {executions} in {seconds} s from {} mails, seed {seed}; the slowest took {:?} for {} bytes ({})",
        seeds.len(),
        slowest.0,
        slowest.1,
        slowest.2
    );
    assert!(executions > first);
}

/// What this thread has used of the processor.
fn processor_time() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("the clock is there").into()
}
