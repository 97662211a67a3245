//! Waiting for mail: IDLE (RFC 2177) where the server has it, else sleep and NOOP.
//!
//! Mail rarely comes alone, and IDLE is not always the quickest way to hear of it:
//! Dovecot 2.3 gathers what happens for half a second before it tells a client that
//! idles, but answers a NOOP at once. So right after mail came we ask, at growing
//! intervals, and idle from the moment when asking would be no quicker: some sixty
//! small questions within ten seconds after a mail, then silence.

use std::time::Duration;

use async_imap::imap_proto::RequestId;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::{ImapError, ImapSession, talk::PLAIN_ANSWER_BYTES};

/// How long one IDLE or one pause lasts. RFC 2177 asks to renew it before 29
/// minutes; address translators on the way forget a quiet connection far sooner.
const RENEW_AFTER: Duration = Duration::from_secs(9 * 60);

/// Right after mail came we ask at this interval at least.
const CLOSEST: Duration = Duration::from_millis(60);
/// Asking at longer intervals is no better than IDLE, which Dovecot delays by this.
const NO_BETTER_THAN_IDLE: Duration = Duration::from_millis(500);
/// The interval is this part of the time since mail came.
const SHARE: u32 = 20;
/// The interval is this many times the way there and back, so that a server far away
/// is not kept busy.
const ROUND_TRIPS: u32 = 10;

/// The longest wait at once; it only keeps the sum of two times within bounds.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// Why a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// The server announced mail.
    News,
    /// The time is over.
    Time,
    /// The token was cancelled.
    Stopped,
}

impl ImapSession {
    /// Waits until mail is announced, `stop` is cancelled or `up_to` has passed, and
    /// leaves the session ready for the next command. Mail announced since the
    /// last [`ImapSession::uids_from`] began counts as news at once.
    ///
    /// Without IDLE, mail is noticed at the end of a pause only.
    pub async fn wait(&mut self, stop: &CancellationToken, up_to: Duration) -> Result<Woken, ImapError> {
        let end = Instant::now() + up_to.min(LONGEST);
        loop {
            if stop.is_cancelled() {
                return Ok(Woken::Stopped);
            }
            let now = Instant::now();
            if std::mem::take(&mut self.talk.news) {
                self.last_news = Some(now);
                return Ok(Woken::News);
            }
            if now >= end {
                return Ok(Woken::Time);
            }
            if let Some(interval) = self.asking_interval(now) {
                self.pause_until(end.min(now + interval), stop).await?;
                continue;
            }
            let until = end.min(now + RENEW_AFTER);
            if self.idle {
                self.idle_until(until, stop).await?
            } else {
                self.pause_until(until, stop).await?
            }
        }
    }

    /// After how long to ask for more; `None` when IDLE does as well.
    fn asking_interval(&self, now: Instant) -> Option<Duration> {
        interval(now.duration_since(self.last_news?), self.round_trip.unwrap_or_default())
    }

    async fn pause_until(&mut self, until: Instant, stop: &CancellationToken) -> Result<(), ImapError> {
        tokio::select! {
            () = stop.cancelled() => Ok(()),
            () = sleep_until(until) => {
                let doing = self.doing("looking for news in");
                let asked = Instant::now();
                self.talk.command(&doing, "NOOP", |_| {}).await?;
                let took = asked.elapsed();
                self.round_trip = Some(self.round_trip.map_or(took, |least| least.min(took)));
                Ok(())
            }
        }
    }

    async fn idle_until(&mut self, until: Instant, stop: &CancellationToken) -> Result<(), ImapError> {
        let doing = self.doing("waiting for mail in");
        let tag = self.talk.send(PLAIN_ANSWER_BYTES, &doing, "IDLE").await?;
        if self.talk.may_go_on(&tag, &doing).await?.is_some() {
            // Offered and then refused: pauses do as well.
            self.idle = false;
            return Ok(());
        }
        self.listen_until(until, stop, &doing).await?;
        self.leave_idle(&tag, &doing).await
    }

    async fn listen_until(
        &mut self,
        until: Instant,
        stop: &CancellationToken,
        doing: &str,
    ) -> Result<(), ImapError> {
        while !self.talk.news {
            tokio::select! {
                () = stop.cancelled() => break,
                () = sleep_until(until) => break,
                heard = self.talk.listen(doing) => heard?,
            }
        }
        Ok(())
    }

    async fn leave_idle(&mut self, tag: &RequestId, doing: &str) -> Result<(), ImapError> {
        self.talk.allow(PLAIN_ANSWER_BYTES);
        self.talk.write(doing, "DONE").await?;
        let end = self.talk.end_of(tag, doing, |_| {}).await?;
        self.talk.must_be_ok(end, doing)
    }
}

fn interval(since_news: Duration, round_trip: Duration) -> Option<Duration> {
    let interval = (since_news / SHARE).max(CLOSEST).max(round_trip * ROUND_TRIPS);
    (interval <= NO_BETTER_THAN_IDLE).then_some(interval)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The moments after mail at which it is asked, in milliseconds.
    fn asked(round_trip: Duration) -> Vec<u128> {
        let mut since = Duration::ZERO;
        let mut moments = Vec::new();
        while let Some(pause) = interval(since, round_trip) {
            since += pause;
            moments.push(since.as_millis());
        }
        moments
    }

    #[test]
    fn after_mail_some_sixty_questions_in_ten_seconds_then_silence() {
        let asked = asked(Duration::from_millis(1));
        assert!((55..=70).contains(&asked.len()), "{asked:?}");
        assert_eq!(asked[..3], [60, 120, 180]);
        let last = *asked.last().unwrap();
        assert!((9_500..=10_500).contains(&last), "{asked:?}");
    }

    #[test]
    fn a_server_far_away_is_not_asked() {
        assert_eq!(asked(Duration::from_millis(20))[..2], [200, 400]);
        assert_eq!(asked(Duration::from_millis(51)), [0u128; 0]);
    }
}
