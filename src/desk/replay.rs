//! Today's gate over the stored mails that opened tickets, beside what was said of them when they came. Nothing is
//! changed, and nobody is asked.

mod tally;

use std::time::Duration;

use anyhow::Context;
use diesel_async::AsyncConnection;
use jiff::Timestamp;

use super::{Deed, Desk, DeskError};
use crate::{
    domain::{InboundId, Kind, NamedAddress, reference},
    mail::{self, Ours},
    report,
    store::{
        Conn, Pool, inbound,
        openings::{self, Opening, Then},
        replays::{self, Replay},
    },
    ticket::{Source, rights::Wish},
};
use tally::{Mail, Now};

pub use tally::Tally;

/// Openings whose facts are in memory together; of their bytes there is one mail at a time.
const PAGE: i64 = 200;

/// Hears how many mails were read.
pub type Progress<'a> = &'a mut (dyn FnMut(usize) + Send);

impl Desk {
    /// Reads all mails anew that opened tickets since a moment; of each sort the newest few are kept as samples. Mails are
    /// read one after another, with no connection held meanwhile.
    ///
    /// # Errors
    /// The database's.
    pub async fn replay(
        &self,
        pool: &Pool,
        since: Timestamp,
        samples: usize,
        progress: Progress<'_>,
    ) -> anyhow::Result<Tally> {
        let mut tally = Tally::new(samples);
        let (mut after, mut done) = (InboundId(0), 0);
        loop {
            let mut conn = pool.get().await?;
            let page = openings::openings(&mut conn, since, after, PAGE).await?;
            let then = openings::said_then(&mut conn, &page).await?;
            drop(conn);
            let Some(last) = page.last() else { return Ok(tally) };
            after = last.inbound;
            for opening in page {
                let then = then.get(&opening.ticket).cloned().unwrap_or_default();
                let read = self.read_stored(pool, &opening, then).await;
                tally.add(read.with_context(|| format!("reading mail {} anew", opening.inbound))?);
                done += 1;
                progress(done);
            }
        }
    }

    /// Writes down that stored mail is to be read anew; whoever calls this does it. There is one at a time.
    ///
    /// # Errors
    /// [`DeskError::Hindered`] while another is at work, or when the actor may not.
    pub async fn begin_replay(
        &self,
        conn: &mut Conn,
        since: Timestamp,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Replay, DeskError> {
        self.allows(&actor.address, Wish::Operate)?;
        conn.transaction(async |conn| {
            replays::hold(conn).await?;
            if replays::newest(conn).await?.iter().any(|replay| replay.is_running(now)) {
                let why = "stored mail is being read anew already; wait until that is over";
                return Err(DeskError::Hindered(why.to_owned()));
            }
            self.audit(conn, &actor.address, Deed::GateReplayed, &format!("since {since:.0}"), now).await?;
            Ok(replays::begin(conn, since, actor.address.as_str(), now).await?)
        })
        .await
    }

    async fn read_stored(&self, pool: &Pool, opening: &Opening, then: Then) -> anyhow::Result<Mail> {
        let mut conn = pool.get().await?;
        let raw = inbound::raw(&mut conn, opening.inbound).await?.unwrap_or_default();
        // Of a mailbox that is no longer configured nothing need be known.
        let mailbox = self.mailbox(&conn, opening.mailbox).await.ok();
        drop(conn);
        let now = fenced(raw, self.ours(mailbox), then.passed_on, self.settings.limits.read_time).await;
        let now = now.map(|now| now.filter(|_| opening.source.0 == Source::Customer));
        Ok(Mail {
            reference: reference::reference(&self.settings.site.reference, opening.ticket),
            subject: opening.subject.clone(),
            then,
            now,
        })
    }
}

/// Reads a mail on a thread of its own, within a time limit; `None` for one that the gate does not
/// see, and a sentence for one that cannot be read.
async fn fenced(
    raw: Vec<u8>,
    ours: Ours,
    passed_on: bool,
    limit: Duration,
) -> Result<Option<Now>, &'static str> {
    let reading = tokio::task::spawn_blocking(move || {
        let mail = mail::read(&raw, &ours);
        let seen = match (passed_on, mail.forwarded()) {
            (true, Some(forwarded)) => &forwarded.mail,
            _ => &mail,
        };
        (mail.kind == Kind::Human).then(|| Now { language: seen.language, verdict: report::gate(seen) })
    });
    match tokio::time::timeout(limit, reading).await {
        Ok(Ok(now)) => Ok(now),
        Ok(Err(_)) => Err("reading it made a library panic"),
        Err(_) => Err("reading it took too long"),
    }
}
