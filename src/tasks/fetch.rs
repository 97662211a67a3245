//! One mailbox into the ledger.
//!
//! Raw bytes are committed first; only then is anything changed on the server.
//! What is new is decided by UID and UIDVALIDITY against the ledger, never by
//! `\Seen` or a date: somebody else may read the mailbox too.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use jiff::Timestamp;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::{Node, supervisor};
use crate::{
    domain::MailboxId,
    imap::{self, ImapError, ImapSession, Selected, Woken},
    mail,
    settings::Imap,
    store::{
        self,
        inbound::RawMail,
        mailboxes::Mailbox,
        pool::{News, announce},
    },
};

/// Mails in one commit, at most.
const BATCH_MAILS: usize = 200;
/// Bytes in one commit, at most; with the parser's share it bounds our memory.
const BATCH_BYTES: u64 = 8 << 20;
/// How long a node may fetch a mailbox without renewing its right to: so long
/// after a node was lost another one takes over.
const HOLD: Duration = Duration::from_secs(30);
/// The right is renewed this often.
const RENEW_EVERY: Duration = Duration::from_secs(10);
/// Every UID of the folder is held against the ledger this often, beside the
/// look at what is new.
const FULL_LOOK_EVERY: Duration = Duration::from_secs(3600);
/// UIDs that are marked on the server in one go.
const MARK_AT_ONCE: i64 = 1000;

/// Fetches the mailbox of this name until `stop`.
pub fn job(node: Arc<Node>, name: String, stop: CancellationToken) -> supervisor::Job {
    supervisor::job(move || {
        let (node, name, stop) = (node.clone(), name.clone(), stop.clone());
        async move { Fetcher::new(node, &name, stop).await?.run().await }
    })
}

struct Fetcher {
    node: Arc<Node>,
    imap: Imap,
    name: String,
    id: MailboxId,
    stop: CancellationToken,
}

impl Fetcher {
    async fn new(node: Arc<Node>, name: &str, stop: CancellationToken) -> anyhow::Result<Fetcher> {
        let mailbox = node.desk.settings.mailbox(name).context("the mailbox is configured")?;
        let imap = mailbox.imap.clone().context("only mailboxes with IMAP are fetched")?;
        let mut conn = node.pool.get().await?;
        let id = node.desk.mailbox_row(&mut conn, mailbox).await?.id;
        drop(conn);
        Ok(Fetcher { imap, name: name.to_owned(), id, stop, node })
    }

    async fn run(self) -> anyhow::Result<()> {
        if !self.wait_for_hold().await? {
            return Ok(());
        }
        let lost = self.stop.child_token();
        let keeper = tokio::spawn(keep(self.node.clone(), self.id, lost.clone()));
        let ended = self.session(&lost).await;
        keeper.abort();
        if let Err(error) = &ended
            && let Some(imap) = error.downcast_ref::<ImapError>()
        {
            self.report(imap.state(), &imap.to_string(), None).await?;
        }
        if self.stop.is_cancelled() {
            let mut conn = self.node.pool.get().await?;
            store::mailboxes::release(&mut conn, self.id, &self.node.name).await?;
        }
        ended.with_context(|| format!("fetching mailbox `{}`", self.name))
    }

    /// Waits until no other node fetches this mailbox. `false` when we are to stop.
    async fn wait_for_hold(&self) -> anyhow::Result<bool> {
        while !hold(&self.node, self.id).await? {
            tokio::select! {
                () = tokio::time::sleep(RENEW_EVERY / 2) => {}
                () = self.stop.cancelled() => return Ok(false),
            }
        }
        Ok(true)
    }

    /// One connection, from log-in to its end, at the latest when `lost` says that
    /// the mailbox is another node's.
    async fn session(&self, lost: &CancellationToken) -> anyhow::Result<()> {
        let (mut session, mut folder) = ImapSession::open(&self.imap).await?;
        info!(mailbox = self.name, "Opened mailbox `{}` with {} mails", self.name, folder.exists);
        let mut full_look_due = Instant::now();
        loop {
            let full = Instant::now() >= full_look_due;
            if full {
                full_look_due = Instant::now() + FULL_LOOK_EVERY;
            }
            self.look(&mut session, folder, full, lost).await?;
            match session.wait(lost, self.imap.poll).await? {
                Woken::Stopped => {
                    session.close().await;
                    if !self.stop.is_cancelled() {
                        warn!(mailbox = self.name, "Another node fetches mailbox `{}` now", self.name);
                    }
                    return Ok(());
                }
                Woken::News => {}
                // The folder may have been made anew meanwhile (RFC 9051 §2.3.1.1).
                Woken::Time => folder = session.select_again().await?,
            }
        }
    }

    /// Takes what the ledger does not have, and marks what it has.
    async fn look(
        &self,
        session: &mut ImapSession,
        folder: Selected,
        full: bool,
        lost: &CancellationToken,
    ) -> anyhow::Result<()> {
        let cursor = self.cursor(folder).await?;
        let first = if full { 1 } else { cursor.saturating_add(1) };
        let uids = session.uids_from(first).await?;
        let new = self.not_in_ledger(folder.uidvalidity, &uids).await?;
        if full && cursor > 0 && new.iter().any(|uid| *uid <= cursor) {
            warn!(
                mailbox = self.name,
                "The full look at `{}` found mails that were missed before", self.name
            );
        }
        self.take(session, folder, cursor, &new, lost).await?;
        self.mark(session, folder.uidvalidity).await?;
        self.report("ok", "", Some(Timestamp::now())).await
    }

    /// The highest UID that is committed under the folder's present UIDVALIDITY.
    async fn cursor(&self, folder: Selected) -> anyhow::Result<u32> {
        let mut conn = self.node.pool.get().await?;
        let stored: Mailbox = store::mailboxes::find(&mut conn, self.id).await?;
        let now = i64::from(folder.uidvalidity);
        match stored.uidvalidity {
            Some(before) if before == now => Ok(u32::try_from(stored.last_uid).unwrap_or(0)),
            None => Ok(0),
            Some(before) => {
                warn!(
                    mailbox = self.name,
                    "The server numbers `{}` anew (UIDVALIDITY {before}, now {now}): looking through all of it; mails that are known stay one ticket",
                    self.name
                );
                store::mailboxes::advance(&mut conn, self.id, folder.uidvalidity, 0).await?;
                Ok(0)
            }
        }
    }

    async fn not_in_ledger(&self, uidvalidity: u32, uids: &[u32]) -> anyhow::Result<Vec<u32>> {
        if uids.is_empty() {
            return Ok(Vec::new());
        }
        let mut conn = self.node.pool.get().await?;
        let known = store::inbound::stored_uids(&mut conn, self.id, uidvalidity, uids).await?;
        let known: std::collections::HashSet<u32> = known.into_iter().collect();
        Ok(uids.iter().copied().filter(|uid| !known.contains(uid)).collect())
    }

    async fn take(
        &self,
        session: &mut ImapSession,
        folder: Selected,
        cursor: u32,
        new: &[u32],
        lost: &CancellationToken,
    ) -> anyhow::Result<()> {
        if new.is_empty() {
            return Ok(());
        }
        let limit = self.node.desk.settings.limits.mail_bytes;
        let sizes = session.sizes(new).await?;
        let (fitting, oversized): (Vec<_>, Vec<_>) = sizes.into_iter().partition(|(_, size)| *size <= limit);
        let mut cursor = cursor;
        for batch in imap::batches(&fitting, BATCH_MAILS, BATCH_BYTES) {
            let got = session.fetch(batch).await?;
            for (uid, why) in &got.refused {
                warn!(
                    mailbox = self.name,
                    uid, "The server does not hand over mail {uid} of `{}`: {why}", self.name
                );
            }
            let mails: Vec<RawMail> = got.mails.into_iter().map(raw).collect();
            self.commit(folder, &mut cursor, mails).await?;
            if lost.is_cancelled() {
                return Ok(());
            }
        }
        for (uid, size) in oversized {
            if let Some(header) = session.header(uid).await? {
                let bytes = mail::oversized(&header.bytes, size, limit);
                let mail = RawMail { uid: Some(uid), received: header.received, bytes };
                self.commit(folder, &mut cursor, vec![mail]).await?;
            }
        }
        Ok(())
    }

    async fn commit(&self, folder: Selected, cursor: &mut u32, mails: Vec<RawMail>) -> anyhow::Result<()> {
        let last = mails.iter().filter_map(|mail| mail.uid).max().unwrap_or(0);
        *cursor = last.max(*cursor);
        let cursor = *cursor;
        let mut conn = self.node.pool.get().await?;
        use diesel_async::AsyncConnection;
        let stored = conn
            .transaction(async |conn| {
                let now = Timestamp::now();
                let stored =
                    store::inbound::store(conn, self.id, Some(folder.uidvalidity), &mails, now).await?;
                store::mailboxes::advance(conn, self.id, folder.uidvalidity, cursor).await?;
                announce(conn, News::Inbound).await?;
                Ok::<_, diesel::result::Error>(stored.len())
            })
            .await
            .with_context(|| format!("storing {} mails of `{}`", mails.len(), self.name))?;
        metrics::counter!("deskgate_mails_fetched_total", "mailbox" => self.name.clone())
            .increment(stored as u64);
        info!(mailbox = self.name, "Stored {stored} mails of `{}`", self.name);
        Ok(())
    }

    /// Marks on the server what is committed; what was cut short is done now.
    async fn mark(&self, session: &mut ImapSession, uidvalidity: u32) -> anyhow::Result<()> {
        loop {
            let mut conn = self.node.pool.get().await?;
            let uids = store::inbound::unmarked(&mut conn, self.id, uidvalidity, MARK_AT_ONCE).await?;
            drop(conn);
            if uids.is_empty() {
                return Ok(());
            }
            match session.finish(&uids, &self.imap.after).await {
                // Decoration only: the mails are taken, and the next look tries again.
                Err(refused @ ImapError::Refused { .. }) => {
                    warn!(mailbox = self.name, "Marking mails of `{}`: {refused}", self.name);
                    return Ok(());
                }
                marked => marked?,
            }
            let mut conn = self.node.pool.get().await?;
            store::inbound::mark(&mut conn, self.id, uidvalidity, &uids, Timestamp::now()).await?;
        }
    }

    async fn report(&self, state: &str, detail: &str, looked: Option<Timestamp>) -> anyhow::Result<()> {
        let mut conn = self.node.pool.get().await?;
        Ok(store::mailboxes::report(&mut conn, self.id, state, detail, looked).await?)
    }
}

async fn hold(node: &Node, id: MailboxId) -> anyhow::Result<bool> {
    let mut conn = node.pool.get().await?;
    Ok(store::mailboxes::hold(&mut conn, id, &node.name, Timestamp::now(), HOLD).await?)
}

/// Renews the right to fetch a mailbox. Cancels `lost` when it could not for as
/// long as it lasts; whoever has it then fetches, and the ledger's keys keep the
/// moment in which both do harmless.
async fn keep(node: Arc<Node>, id: MailboxId, lost: CancellationToken) {
    let mut renewed = Instant::now();
    while renewed.elapsed() < HOLD {
        tokio::time::sleep(RENEW_EVERY).await;
        match hold(&node, id).await {
            Ok(true) => renewed = Instant::now(),
            Ok(false) => break,
            Err(error) => warn!("Renewing the right to fetch mailbox {id}: {error:#}"),
        }
    }
    lost.cancel();
}

fn raw(fetched: imap::Fetched) -> RawMail {
    RawMail { uid: Some(fetched.uid), received: fetched.received, bytes: fetched.bytes }
}
