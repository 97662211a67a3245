//! `deskgate gate replay`: today's gate over the stored mails that opened tickets, beside what was
//! said of them when they came. Nothing is changed, and nobody is asked.

mod tally;

use std::{process::ExitCode, time::Duration};

use jiff::{Span, Timestamp};

use super::since;
use crate::{
    cli::{Config, base::Base, say},
    domain::{InboundId, Kind, reference},
    mail::{self, Ours},
    report,
    store::{
        inbound,
        openings::{self, Opening, Then},
    },
    ticket::Source,
};
use tally::{Mail, Now, Tally};

/// Openings whose facts are in memory together; of their bytes there is one mail at a time.
const PAGE: i64 = 200;

/// `deskgate gate replay`
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Mails that came within this time: 90d, 12mo, 2w.
    #[arg(long, value_name = "TIME", default_value = "90d", value_parser = since::parse)]
    since: Span,
    /// So many mails of each sort are shown, the newest, with the words that were found.
    #[arg(long, value_name = "N", default_value_t = 5)]
    samples: usize,
    /// As a JSON object.
    #[arg(long)]
    json: bool,
}

/// Prints what would be asked, and what differs.
pub async fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let since = since::before(Timestamp::now(), arguments.since)?;
    let base = Base::open(config).await?;
    let replayed = replay(&base, since, arguments.samples).await;
    base.close().await;
    let tally = replayed?;
    match arguments.json {
        true => say(serde_json::to_string_pretty(&tally.object(since))?),
        false => tally.lines(since).iter().for_each(say),
    }
    Ok(ExitCode::SUCCESS)
}

async fn replay(base: &Base, since: Timestamp, samples: usize) -> anyhow::Result<Tally> {
    let mut tally = Tally::new(samples);
    let mut after = InboundId(0);
    loop {
        let mut conn = base.pool.get().await?;
        let page = openings::openings(&mut conn, since, after, PAGE).await?;
        let then = openings::said_then(&mut conn, &page).await?;
        drop(conn);
        let Some(last) = page.last() else { return Ok(tally) };
        after = last.inbound;
        for opening in page {
            let then = then.get(&opening.ticket).cloned().unwrap_or_default();
            let mail = read(base, &opening, then).await?;
            tally.add(mail);
        }
    }
}

async fn read(base: &Base, opening: &Opening, then: Then) -> anyhow::Result<Mail> {
    let desk = &base.desk;
    let mut conn = base.pool.get().await?;
    let raw = inbound::raw(&mut conn, opening.inbound).await?.unwrap_or_default();
    // Of a mailbox that is no longer configured nothing need be known.
    let mailbox = desk.mailbox(&mut conn, opening.mailbox).await.ok();
    drop(conn);
    let now = fenced(raw, desk.ours(mailbox), then.passed_on, desk.settings.limits.read_time).await;
    let now = now.map(|now| now.filter(|_| opening.source.0 == Source::Customer));
    Ok(Mail {
        reference: reference::reference(&desk.settings.site.reference, opening.ticket),
        subject: opening.subject.clone(),
        then,
        now,
    })
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
