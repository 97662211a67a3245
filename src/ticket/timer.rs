//! What happens by time alone.

use crate::domain::words::word;

/// What a timer does when it fires. Each is an arm of `desk::timers`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Forgets what is no longer asked for: when staff were told what, what was sent when. Hourly.
    Forget,
    /// Computes the clocks of a ticket anew, and tells staff what is due.
    Clocks,
}

word!(Timer, "timer", {
    Forget => "forget",
    Clocks => "clocks",
});
