//! What was told about a mailbox: an outage once, and its end once.

use std::{fmt, time::Duration};

use tokio::time::Instant;

use crate::imap::ImapError;

/// A connection that worked for so long may end without a word about it.
const WORKED_WELL: Duration = Duration::from_secs(60);

/// How a failure is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// It is news.
    Aloud,
    /// It was told before.
    Before,
    /// A server may end a connection that worked; the next try shows whether it is away.
    Routine,
}

/// How a mailbox is, as far as it was told.
#[derive(Debug, Default)]
pub(super) struct Standing {
    /// Since when this connection works.
    works_since: Option<Instant>,
    /// The state that was told, and when the trouble began.
    trouble: Option<(&'static str, Instant)>,
    tries: u32,
}

impl Standing {
    /// A connection ended with this error.
    pub(super) fn failed(&mut self, error: &ImapError, now: Instant) -> Told {
        let worked = self.works_since.take().is_some_and(|since| now.duration_since(since) >= WORKED_WELL);
        if worked && matches!(error, ImapError::Closed { .. }) {
            self.tries = 0;
            return Told::Routine;
        }
        match self.trouble {
            Some((state, _)) if state == error.state() => {
                self.tries = self.tries.saturating_add(1);
                Told::Before
            }
            before => {
                self.tries = 0;
                self.trouble = Some((error.state(), before.map_or(now, |(_, since)| since)));
                Told::Aloud
            }
        }
    }

    /// How often the same failure came again.
    pub(super) fn tries(&self) -> u32 {
        self.tries
    }

    /// Mail can be fetched. Says so the first time on a connection.
    pub(super) fn works(&mut self, now: Instant) -> Option<Recovered> {
        if self.works_since.is_some() {
            return None;
        }
        self.works_since = Some(now);
        self.tries = 0;
        Some(Recovered(self.trouble.take().map(|(state, since)| (state, now.duration_since(since)))))
    }
}

/// What a connection that works comes after: the end of a sentence.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Recovered(Option<(&'static str, Duration)>);

impl fmt::Display for Recovered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some((state, after)) => write!(f, " again after {} seconds ({state})", after.as_secs()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed() -> ImapError {
        let (server, doing, why) = ("x:143".to_owned(), "listing".to_owned(), "gone".to_owned());
        ImapError::Closed { server, doing, why }
    }

    fn away() -> ImapError {
        ImapError::Unreachable { server: "x:143".to_owned(), why: "refused".to_owned() }
    }

    #[test]
    fn an_outage_is_told_once_for_each_state_and_its_end_once() {
        let (mut standing, start) = (Standing::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(standing.works(start), Some(Recovered(None)));
        assert_eq!(standing.works(start), None);
        assert_eq!(standing.failed(&closed(), at(1)), Told::Aloud);
        assert_eq!(standing.failed(&away(), at(2)), Told::Aloud);
        assert_eq!(standing.failed(&away(), at(4)), Told::Before);
        assert_eq!(standing.failed(&away(), at(8)), Told::Before);
        assert_eq!(standing.tries(), 2);
        let end = standing.works(at(61)).unwrap();
        assert_eq!(end.to_string(), " again after 60 seconds (unreachable)");
        assert_eq!((standing.tries(), standing.works(at(62))), (0, None));
    }

    #[test]
    fn a_connection_that_worked_may_end() {
        let (mut standing, start) = (Standing::default(), Instant::now());
        standing.works(start);
        assert_eq!(standing.failed(&closed(), start + Duration::from_secs(90)), Told::Routine);
        // The next try decides whether it is an outage.
        assert_eq!(standing.failed(&closed(), start + Duration::from_secs(91)), Told::Aloud);
    }
}
