//! Slows down whoever tries links one after the other. A good link never comes here, so nobody else is slower for it.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

/// In the long run one answer in so long.
const PACE: Duration = Duration::from_millis(100);
/// So many are answered at once: people open old links too.
const AT_ONCE: u32 = 20;
/// Nobody is kept longer: whoever waits costs us memory.
const LONGEST: Duration = Duration::from_secs(5);

/// Paces answers to links that lead nowhere.
#[derive(Default)]
pub struct Brake {
    /// When all answers given so far would be over at that pace.
    taken_until: Mutex<Option<Instant>>,
}

impl Brake {
    /// Waits for its turn.
    pub(super) async fn wait(&self) {
        sleep_until(self.turn(Instant::now())).await;
    }

    fn turn(&self, now: Instant) -> Instant {
        let mut taken = self.taken_until.lock().unwrap_or_else(PoisonError::into_inner);
        let until = taken.unwrap_or(now).max(now) + PACE;
        let most = now + PACE * AT_ONCE + LONGEST;
        *taken = Some(until.min(most));
        until.min(most).checked_sub(PACE * AT_ONCE).map_or(now, |turn| turn.max(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_are_answered_at_once_and_many_wait_but_not_for_long() {
        let (brake, start) = (Brake::default(), Instant::now());
        let waits: Vec<Duration> = (0..200).map(|_| brake.turn(start) - start).collect();
        assert!(waits[..20].iter().all(Duration::is_zero), "{waits:?}");
        assert_eq!((waits[20], waits[25]), (PACE, 6 * PACE));
        assert_eq!(*waits.last().unwrap(), LONGEST);
        let later = start + LONGEST + PACE * AT_ONCE;
        assert_eq!(brake.turn(later), later, "it forgets");
    }
}
