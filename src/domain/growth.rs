//! For tests: whether work grows with the size of its input and no faster.
//!
//! Measured in processor time of the thread, so that a busy machine changes little.

use std::time::Duration;

use nix::time::{ClockId, clock_gettime};

/// What the thread has used of the processor.
pub(crate) fn processor_time() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("the clock is there").into()
}

/// Does `work` on `make(few)` and on `make(8 * few)`: eight times the size may take about eight times as
/// long; the square of it would be sixty-four times.
pub(crate) fn assert_linear<T>(make: impl Fn(usize) -> String, few: usize, work: impl Fn(&str) -> T) {
    let time = |text: &str| {
        let since = processor_time();
        std::hint::black_box(work(text));
        processor_time().saturating_sub(since)
    };
    let best = |text: &str| (0..3).map(|_| time(text)).min().expect("three tries");
    let (small, large) = (best(&make(few)), best(&make(8 * few)));
    let bound = small * 24 + Duration::from_millis(500);
    assert!(large < bound, "{small:?} → {large:?} for {:?}…", make(1));
}
