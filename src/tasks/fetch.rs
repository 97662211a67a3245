//! One mailbox into the ledger.
//!
//! Raw bytes are committed first; only then is anything changed on the server.
//! What is new is decided by UID and UIDVALIDITY against the ledger, never by
//! `\Seen` or a date: somebody else may read the mailbox too.
//!
//! `hold` keeps the right to fetch, `take` brings mails into the ledger, `hard`
//! remembers those that the server does not hand over, and `standing` what was told
//! about the mailbox, so that an outage is told once and not once for each try.

mod hard;
mod hold;
mod standing;
mod take;

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use jiff::Timestamp;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, info, warn};

use self::{
    hard::HardMails,
    standing::{Standing, Told},
    take::{NotKept, Place},
};
use super::{
    Node, Wake,
    supervisor::{self, jittered},
};
use crate::{
    desk,
    domain::MailboxId,
    imap::{ImapError, ImapSession, Selected, Woken},
    settings::Imap,
    store,
};

/// Every UID of the folder is held against the ledger this often, beside the
/// look at what is new, and whenever a connection was opened.
const FULL_LOOK_EVERY: Duration = Duration::from_secs(3600);
/// UIDs that are held against the ledger, and whose sizes are asked, at once.
const WINDOW: usize = 2000;
/// That all is well is written down no more often than this.
const TELL_EVERY: Duration = Duration::from_secs(10);
/// Announcements without a mail behind them that we follow at once, in a row.
const FALSE_ALARMS: u32 = 3;
/// The longest pause after a false alarm.
const LONGEST_DOUBT: Duration = Duration::from_secs(5);

/// Fetches the mailbox of this name until `stop`.
pub fn job(node: Arc<Node>, wake: Arc<Wake>, name: String, stop: CancellationToken) -> supervisor::Job {
    supervisor::job(move || {
        let (node, wake, name, stop) = (node.clone(), wake.clone(), name.clone(), stop.clone());
        async move {
            let fetcher = Fetcher::new(node, wake, &name, stop).await?;
            fetcher.run().await.with_context(|| format!("fetching mailbox `{name}`"))
        }
    })
}

struct Fetcher {
    node: Arc<Node>,
    wake: Arc<Wake>,
    imap: Imap,
    name: String,
    id: MailboxId,
    stop: CancellationToken,
}

/// What is remembered from one connection to the next.
#[derive(Default)]
struct Memory {
    standing: Standing,
    /// Of the folder as it was numbered last.
    hard: HardMails,
    uidvalidity: u32,
    /// That the server lets us mark nothing was told.
    told_unmarked: bool,
    /// What is left out, as it was written down last, and when a look was.
    written: Option<(String, Option<Instant>)>,
}

impl Fetcher {
    async fn new(
        node: Arc<Node>,
        wake: Arc<Wake>,
        name: &str,
        stop: CancellationToken,
    ) -> anyhow::Result<Fetcher> {
        let mailbox = node.desk.settings.mailbox(name).context("the mailbox is configured")?;
        let imap = mailbox.imap.clone().context("only mailboxes with IMAP are fetched")?;
        let mut conn = node.pool.get().await?;
        let id = node.desk.mailbox_row(&mut conn, mailbox).await?.id;
        drop(conn);
        Ok(Fetcher { imap, name: name.to_owned(), id, stop, node, wake })
    }

    /// One connection after the other, whenever the mailbox is ours.
    async fn run(&self) -> anyhow::Result<()> {
        let mut memory = Memory::default();
        while hold::wait_for(&self.node, self.id, &self.stop).await? {
            let lost = self.stop.child_token();
            let keeper = hold::keep(&self.node, self.id, self.wake.database(), &lost);
            let Err(error) = self.session(&mut memory, &lost).await else { continue };
            match error.downcast::<ImapError>() {
                Ok(error) if error.may_be_the_network() => {
                    // Another node may have a better one.
                    drop(keeper);
                    self.tell_trouble(&mut memory, &error).await?;
                    hold::release(&self.node, self.id).await?;
                    self.rest(&memory, &error, &self.stop).await;
                }
                Ok(error) => {
                    self.tell_trouble(&mut memory, &error).await?;
                    self.rest(&memory, &error, &lost).await;
                }
                Err(other) if matches!(other.downcast_ref(), Some(NotKept::TakenOver)) => self.tell_lost(),
                Err(other) => return Err(other),
            }
        }
        hold::release(&self.node, self.id).await
    }

    /// One connection, from log-in to its end, at the latest when `lost` says that
    /// the mailbox is another node's.
    async fn session(&self, memory: &mut Memory, lost: &CancellationToken) -> anyhow::Result<()> {
        let (mut session, folder) = ImapSession::open(&self.imap).await?;
        let mut place = self.place(folder, memory).await?;
        let (mut full_look_due, mut news, mut false_alarms) = (Instant::now(), false, 0);
        loop {
            let full = Instant::now() >= full_look_due;
            if full {
                full_look_due = Instant::now() + FULL_LOOK_EVERY;
            }
            let found = self.look(&mut session, &mut place, full, memory, lost).await?;
            false_alarms = if news && !found { false_alarms + 1 } else { 0 };
            doubt(false_alarms, lost).await;
            let woken = session.wait(lost, self.imap.poll).await?;
            match woken {
                Woken::Stopped => {
                    session.close().await;
                    if !self.stop.is_cancelled() {
                        self.tell_lost();
                    }
                    return Ok(());
                }
                Woken::News => {}
                // The folder may have been made anew meanwhile (RFC 9051 §2.3.1.1).
                Woken::Time => {
                    let folder = session.select_again().await?;
                    if folder.uidvalidity != place.uidvalidity {
                        place = self.place(folder, memory).await?;
                    }
                }
            }
            news = woken == Woken::News;
        }
    }

    /// Takes what the ledger does not have, and marks what it has. Says whether there
    /// was anything new.
    async fn look(
        &self,
        session: &mut ImapSession,
        place: &mut Place,
        full: bool,
        memory: &mut Memory,
        lost: &CancellationToken,
    ) -> anyhow::Result<bool> {
        let (known_to, now) = (place.cursor, Instant::now());
        let first = if full { 1 } else { known_to.saturating_add(1) };
        let mut uids = session.uids_from(first).await?;
        uids.extend(memory.hard.due(now));
        uids.sort_unstable();
        uids.dedup();
        let mut found = false;
        for window in uids.chunks(WINDOW) {
            let mut new = self.not_in_ledger(place, window).await?;
            new.retain(|uid| !memory.hard.waits(*uid, now));
            if new.iter().any(|uid| *uid <= known_to && !memory.hard.knows(*uid)) {
                warn!(mailbox = self.name, "Found mails in `{}` that were missed before", self.name);
            }
            found |= !new.is_empty();
            self.take(session, place, &new, &mut memory.hard, lost).await?;
            if lost.is_cancelled() {
                return Ok(found);
            }
            self.mark(session, place.uidvalidity, memory).await?;
            self.tell_well(memory, None).await?;
        }
        if uids.is_empty() {
            self.mark(session, place.uidvalidity, memory).await?;
        }
        self.tell_well(memory, Some(Timestamp::now())).await?;
        Ok(found)
    }

    /// How far the ledger is under the folder's present UIDVALIDITY. What is remembered of
    /// UIDs ends with it.
    async fn place(&self, folder: Selected, memory: &mut Memory) -> anyhow::Result<Place> {
        let conn = self.node.pool.get().await?;
        let stored = store::mailboxes::find(&conn, self.id).await?;
        let uidvalidity = folder.uidvalidity;
        if std::mem::replace(&mut memory.uidvalidity, uidvalidity) != uidvalidity {
            memory.hard = HardMails::default();
        }
        let cursor = match stored.uidvalidity {
            Some(before) if before == i64::from(uidvalidity) => u32::try_from(stored.last_uid).unwrap_or(0),
            None => 0,
            Some(before) => {
                warn!(
                    mailbox = self.name,
                    "The server numbers `{}` anew (UIDVALIDITY {before}, now {uidvalidity}): looking through all of it; mails that are known stay one ticket",
                    self.name
                );
                0
            }
        };
        Ok(Place { uidvalidity, cursor })
    }

    /// Tells what is wrong, once, and writes it down.
    async fn tell_trouble(&self, memory: &mut Memory, error: &ImapError) -> anyhow::Result<()> {
        let (state, sentence) = (error.state(), error.to_string());
        let told = desk::mailbox_trouble(&self.name, state, &sentence);
        match memory.standing.failed(error, Instant::now()) {
            Told::Aloud => error!(mailbox = self.name, state, "{told}"),
            Told::Before => debug!(mailbox = self.name, state, "{told}"),
            Told::Routine => {
                info!(mailbox = self.name, "Connecting to mailbox `{}` again: {sentence}", self.name);
                return Ok(());
            }
        }
        memory.written = None;
        self.report(state, &sentence, None).await
    }

    async fn rest(&self, memory: &Memory, error: &ImapError, until: &CancellationToken) {
        let pause = jittered(error.pause(memory.standing.tries()));
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = until.cancelled() => {}
        }
    }

    /// Tells that mail comes in, once for each connection, and writes it down.
    async fn tell_well(&self, memory: &mut Memory, looked: Option<Timestamp>) -> anyhow::Result<()> {
        let now = Instant::now();
        if let Some(recovered) = memory.standing.works(now) {
            info!(mailbox = self.name, "Mailbox `{}` is fetched{recovered}", self.name);
        }
        let left_out = memory.hard.sentence();
        let state = if left_out.is_some() { "incomplete" } else { "ok" };
        let sentence = left_out.unwrap_or_default();
        let as_before = memory.written.as_ref().filter(|(before, _)| *before == sentence).map(|(_, at)| *at);
        let fresh = |at: Option<Instant>| at.is_some_and(|at| now.duration_since(at) < TELL_EVERY);
        if as_before.is_some_and(|at| looked.is_none() || fresh(at)) {
            return Ok(());
        }
        if as_before.is_none() && state == "incomplete" {
            error!(mailbox = self.name, state, "{}", desk::mailbox_trouble(&self.name, state, &sentence));
        }
        self.report(state, &sentence, looked).await?;
        memory.written = Some((sentence, looked.map(|_| now)));
        Ok(())
    }

    fn tell_lost(&self) {
        warn!(
            mailbox = self.name,
            "Leaving mailbox `{}`: another node fetches it now, or the database was away", self.name
        );
    }

    async fn report(&self, state: &str, detail: &str, looked: Option<Timestamp>) -> anyhow::Result<()> {
        let mut conn = self.node.pool.get().await?;
        Ok(store::mailboxes::report(&mut conn, self.id, &self.node.name, state, detail, looked).await?)
    }
}

/// Waits a little where a server announces mail again and again that is not there.
async fn doubt(false_alarms: u32, lost: &CancellationToken) {
    let Some(beyond) = false_alarms.checked_sub(FALSE_ALARMS) else { return };
    let pause = Duration::from_millis(50).saturating_mul(1 << beyond.min(10)).min(LONGEST_DOUBT);
    tokio::select! {
        () = tokio::time::sleep(pause) => {}
        () = lost.cancelled() => {}
    }
}
