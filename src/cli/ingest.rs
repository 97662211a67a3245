//! `deskgate ingest`: mails through the same pipeline, for pipes and imports.
//!
//! The exit codes are those of sysexits(3), which mail servers understand: 0 once
//! every mail is committed, 66 when a named file cannot be read, and 75 for
//! anything else, so that a mail server keeps the mail and tries again.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::{Context, bail};
use jiff::Timestamp;

use super::{
    Config,
    base::Base,
    complain,
    mails::{Found, find_piped},
    mention,
};
use crate::{
    domain::{InboundId, MailboxId},
    store::{
        self, Conn,
        inbound::RawMail,
        pool::{News, announce},
    },
    tasks::{Node, Verifiers, node_name, process_one},
};

const EX_NOINPUT: u8 = 66;
/// Try again later: the mail server keeps the mail.
pub const EX_TEMPFAIL: u8 = 75;

/// `deskgate ingest`
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The mailbox that the mails came into; needed when there are several.
    #[arg(long)]
    mailbox: Option<String>,
    /// Files, folders, mbox files, or - for one mail on standard input.
    #[arg(value_name = "FILE", default_value = "-")]
    paths: Vec<PathBuf>,
}

/// Stores every mail, then processes it.
pub async fn run(config: &Config, arguments: Arguments) -> ExitCode {
    let found: Vec<Found> = arguments.paths.iter().flat_map(|path| find_piped(path)).collect();
    let unreadable = found.iter().filter_map(|each| Some((&each.place, each.bytes.as_ref().err()?)));
    let mut missing = None;
    for (place, error) in unreadable {
        // Behind a pipe stands a mail server that can try again.
        missing = missing.max(Some(if place == "-" { EX_TEMPFAIL } else { EX_NOINPUT }));
        eprintln!("deskgate: reading {place}: {error}");
    }
    match take_in(config, &arguments, found).await {
        Ok(()) => ExitCode::from(missing.unwrap_or(0)),
        Err(error) => {
            complain(&error);
            ExitCode::from(EX_TEMPFAIL)
        }
    }
}

async fn take_in(config: &Config, arguments: &Arguments, found: Vec<Found>) -> anyhow::Result<()> {
    let base = Base::open(config).await?;
    let taken = ingest(&base, arguments, found).await;
    base.close().await;
    taken
}

async fn ingest(base: &Base, arguments: &Arguments, found: Vec<Found>) -> anyhow::Result<()> {
    let mailbox = mailbox(base, arguments.mailbox.as_deref()).await?;
    let node = Arc::new(Node {
        desk: base.desk.clone(),
        pool: base.pool.clone(),
        database_url: base.url.clone(),
        name: node_name(),
        verifiers: Verifiers::new(&base.desk.settings),
    });
    for Found { place, bytes } in found {
        let Ok(bytes) = bytes else { continue };
        let mut conn = base.pool.get().await?;
        let id = store_one(&mut conn, mailbox, bytes).await.with_context(|| format!("storing {place}"))?;
        // Committed: from here on nothing is lost, whatever becomes of it now.
        match process_one(&node, id).await {
            // What is printed here is news and no condition: the next mail is stored
            // whether anybody reads it or not.
            Ok(()) => {
                let became = became(&mut conn, id, &place).await;
                let _ = mention(became.unwrap_or_else(|_| format!("{place}: stored as mail {id}")));
            }
            Err(error) => {
                let _ = mention(format!("{place}: stored as mail {id}; it is processed later: {error:#}"));
            }
        }
    }
    Ok(())
}

async fn mailbox(base: &Base, name: Option<&str>) -> anyhow::Result<MailboxId> {
    let settings = &base.desk.settings;
    let mailbox = match (name, settings.mailboxes.as_slice()) {
        (Some(name), all) => settings.mailbox(name).with_context(|| {
            let known: Vec<&str> = all.iter().map(|mailbox| mailbox.name.as_str()).collect();
            format!("there is no mailbox `{name}`; the configuration has {}", known.join(", "))
        })?,
        (None, [only]) => only,
        (None, _) => bail!("there are several mailboxes; say which with --mailbox"),
    };
    let mut conn = base.pool.get().await?;
    Ok(base.desk.mailbox_row(&mut conn, mailbox).await?.id)
}

async fn store_one(conn: &mut Conn, mailbox: MailboxId, bytes: Vec<u8>) -> anyhow::Result<InboundId> {
    use diesel_async::AsyncConnection;
    let mail = RawMail { uid: None, received: None, bytes };
    conn.transaction(async |conn| {
        let ids = store::inbound::store(conn, mailbox, None, &[mail], Timestamp::now()).await?;
        announce(conn, News::Inbound).await?;
        Ok::<_, diesel::result::Error>(ids)
    })
    .await?
    .first()
    .copied()
    .context("the database took the mail and gave it no number")
}

async fn became(conn: &mut Conn, id: InboundId, place: &str) -> anyhow::Result<String> {
    let line = store::inbound::find(conn, id).await?;
    let Some(line) = line else { return Ok(format!("{place}: stored as mail {id}")) };
    Ok(match (line.outcome.as_deref(), line.ticket_id) {
        (Some(word), Some(ticket)) => format!("{place}: mail {id} {word} ticket {ticket}"),
        (Some(word), None) => format!("{place}: mail {id} was {word}"),
        (None, _) => format!("{place}: stored as mail {id}, {}", line.state.0),
    })
}
