//! Mails that the server lists and does not hand over: one never keeps back the
//! others, and none is forgotten.

use std::{cmp::Reverse, collections::BTreeMap, time::Duration};

use tokio::time::Instant;

use crate::imap::ImapError;

/// A mail that was refused is asked for again after this time.
const REFUSED_AGAIN: Duration = Duration::from_secs(300);
/// Mails that could not be read together are asked for in so many parts.
const PARTS: usize = 10;
/// A mail at which the connection broke this often, each time alone, is left out.
const BREAKS: u32 = 3;
/// It is asked for again after this time: each try may cost a connection.
const BROKEN_AGAIN: Duration = Duration::from_secs(3600);

/// The mails of one folder that are hard to get, by UID.
#[derive(Debug, Default)]
pub(super) struct HardMails(BTreeMap<u32, Hard>);

#[derive(Debug)]
struct Hard {
    /// With how many it may be asked for at once, itself included.
    together: usize,
    breaks: u32,
    left_out: bool,
    why: String,
    due: Instant,
}

impl HardMails {
    /// The server said NO to this mail.
    pub(super) fn refused(&mut self, uid: u32, why: &str, now: Instant) {
        let (why, due) = (why.to_owned(), now + REFUSED_AGAIN);
        self.0.insert(uid, Hard { together: 1, breaks: 0, left_out: true, why, due });
    }

    /// The connection broke while these were read, or the server refused them together.
    /// They are asked for in smaller sets from now on, after all others, so that the one
    /// at fault is found.
    pub(super) fn broke(&mut self, uids: &[u32], error: &ImapError, now: Instant) {
        for uid in uids {
            let hard = self.0.entry(*uid).or_insert_with(|| Hard {
                together: 1,
                breaks: 0,
                left_out: false,
                why: String::new(),
                due: now,
            });
            hard.together = uids.len().div_ceil(PARTS);
            if uids.len() == 1 {
                hard.breaks += 1;
                hard.why = format!("each time the connection ends as {}", error.state());
            }
            hard.left_out = hard.breaks >= BREAKS;
            hard.due = if hard.left_out { now + BROKEN_AGAIN } else { now };
        }
    }

    /// It was handed over after all.
    pub(super) fn taken(&mut self, uid: u32) {
        self.0.remove(&uid);
    }

    /// Forgets what the server no longer has, of the mails whose size was asked for.
    pub(super) fn forget_gone(&mut self, asked: &[u32], there: &[(u32, u64)]) {
        if !self.0.is_empty() {
            let gone = |uid: &u32| there.binary_search_by_key(uid, |(uid, _)| *uid).is_err();
            asked.iter().filter(|uid| gone(uid)).for_each(|uid| drop(self.0.remove(uid)));
        }
    }

    /// These mails in the sets in which they are to be asked for: all together that were
    /// never hard to get, then the others in smaller and smaller sets, the worst last.
    pub(super) fn sets(&self, uids: &[u32]) -> Vec<Vec<u32>> {
        let hard = |uid: &u32| self.0.get(uid).map_or((usize::MAX, 0), |hard| (hard.together, hard.breaks));
        let together = |uid: &u32| hard(uid).0;
        let mut uids = uids.to_vec();
        uids.sort_by_key(|uid| (Reverse(together(uid)), hard(uid).1));
        uids.chunk_by(|one, next| together(one) == together(next))
            .flat_map(|alike| alike.chunks(alike.first().map_or(1, together)))
            .map(<[u32]>::to_vec)
            .collect()
    }

    /// Whether it was hard to get before.
    pub(super) fn knows(&self, uid: u32) -> bool {
        self.0.contains_key(&uid)
    }

    /// Whether it is not to be asked for yet.
    pub(super) fn waits(&self, uid: u32, now: Instant) -> bool {
        self.0.get(&uid).is_some_and(|hard| hard.due > now)
    }

    /// Those that are to be asked for again.
    pub(super) fn due(&self, now: Instant) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().filter(move |(_, hard)| hard.due <= now).map(|(uid, _)| *uid)
    }

    /// What is left out, for people.
    pub(super) fn sentence(&self) -> Option<String> {
        let mut left_out = self.0.iter().filter(|(_, hard)| hard.left_out);
        let (uid, hard) = left_out.next()?;
        let others = match left_out.count() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Some(format!(
            "the server lists mail {uid}{others} and does not hand it over ({}); look at the server's log; it is \
             tried again",
            hard.why
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut() -> ImapError {
        let (server, doing, why) = ("x:143".to_owned(), "fetching".to_owned(), "gone".to_owned());
        ImapError::Closed { server, doing, why }
    }

    #[test]
    fn the_mail_at_fault_is_found_and_left_out_and_the_others_are_not() {
        let (mut hard, now) = (HardMails::default(), Instant::now());
        hard.broke(&[7, 8, 9], &cut(), now);
        assert_eq!(hard.due(now).collect::<Vec<_>>(), [7, 8, 9]);
        hard.taken(7);
        for _ in 0..BREAKS {
            assert_eq!(hard.sentence(), None);
            hard.broke(&[8], &cut(), now);
        }
        assert_eq!(hard.due(now).collect::<Vec<_>>(), [9]);
        assert!(hard.waits(8, now) && !hard.waits(8, now + BROKEN_AGAIN));
        let sentence = hard.sentence().unwrap();
        assert!(sentence.contains("mail 8 and does not hand it over"), "{sentence}");
        hard.forget_gone(&[8, 9], &[(9, 100)]);
        assert!(!hard.knows(8) && hard.knows(9));
    }

    #[test]
    fn mails_that_break_the_connection_together_are_asked_for_in_smaller_sets_the_worst_last() {
        let (mut hard, now) = (HardMails::default(), Instant::now());
        let all: Vec<u32> = (1..=2000).collect();
        assert_eq!(hard.sets(&all), std::slice::from_ref(&all));
        assert!(hard.sets(&[]).is_empty());
        let mut breaks = 0;
        while hard.sentence().is_none() {
            let sets = hard.sets(&all);
            assert_eq!(sets.concat().len(), 2000);
            let at_fault = sets.iter().find(|set| set.contains(&777)).unwrap();
            hard.broke(at_fault, &cut(), now);
            breaks += 1;
        }
        assert_eq!(breaks, 4 + BREAKS);
        hard.broke(&[5], &cut(), now);
        let sets = hard.sets(&[5, 776, 777, 2001, 2002]);
        assert_eq!(sets, [vec![2001, 2002], vec![776], vec![5], vec![777]][..]);
    }

    #[test]
    fn a_refused_mail_is_asked_for_again_in_a_while() {
        let (mut hard, now) = (HardMails::default(), Instant::now());
        hard.refused(3, "disk error", now);
        hard.refused(5, "disk error", now);
        assert_eq!(hard.due(now).count(), 0);
        assert_eq!(hard.due(now + REFUSED_AGAIN).collect::<Vec<_>>(), [3, 5]);
        assert!(hard.sentence().unwrap().contains("mail 3 and 1 more"), "{:?}", hard.sentence());
    }
}
