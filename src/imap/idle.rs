//! Waiting for mail: IDLE (RFC 2177) where the server has it, else sleep and NOOP.

use std::time::Duration;

use async_imap::imap_proto::RequestId;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::{ImapError, ImapSession, talk::PLAIN_ANSWER_BYTES};

/// How long one IDLE or one pause lasts. RFC 2177 asks to renew it before 29
/// minutes; address translators on the way forget a quiet connection far sooner.
const RENEW_AFTER: Duration = Duration::from_secs(9 * 60);

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
            if std::mem::take(&mut self.talk.news) {
                return Ok(Woken::News);
            }
            if Instant::now() >= end {
                return Ok(Woken::Time);
            }
            let until = end.min(Instant::now() + RENEW_AFTER);
            if self.idle {
                self.idle_until(until, stop).await?
            } else {
                self.pause_until(until, stop).await?
            }
        }
    }

    async fn pause_until(&mut self, until: Instant, stop: &CancellationToken) -> Result<(), ImapError> {
        tokio::select! {
            () = stop.cancelled() => Ok(()),
            () = sleep_until(until) => {
                let doing = self.doing("looking for news in");
                self.talk.command(&doing, "NOOP", |_| {}).await
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
