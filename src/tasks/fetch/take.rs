//! Mails on their way from the server into the ledger.
//!
//! While one batch is committed the next one is read, and the one after that is
//! already asked for. So two batches are in memory, or one mail that is larger.

use std::collections::VecDeque;

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::{Fetcher, Memory, hard::HardMails};
use crate::{
    imap::{self, Batch, ImapError, ImapSession},
    mail,
    store::{
        self, StoreError,
        inbound::RawMail,
        pool::{News, announce},
    },
};

/// Mails in one commit, at most.
const BATCH_MAILS: usize = 200;
/// Bytes in one commit, at most; it bounds our memory.
const BATCH_BYTES: u64 = 2 << 20;
/// UIDs that are marked on the server in one go.
const MARK_AT_ONCE: i64 = 1000;

/// How far the ledger is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub uidvalidity: u32,
    /// The highest UID that is committed.
    pub cursor: u32,
}

/// Why a batch was not kept.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotKept {
    #[error("another node fetches this mailbox by now")]
    TakenOver,
    #[error("storing mails")]
    Database(#[from] diesel::result::Error),
    #[error(transparent)]
    NoDatabase(#[from] StoreError),
}

impl Fetcher {
    /// Those of these UIDs that the ledger does not have. Beyond the cursor, which
    /// moves in the commit of the mails, it has none.
    pub(super) async fn not_in_ledger(&self, place: &Place, uids: &[u32]) -> anyhow::Result<Vec<u32>> {
        let (below, beyond): (Vec<u32>, Vec<u32>) = uids.iter().partition(|uid| **uid <= place.cursor);
        if below.is_empty() {
            return Ok(beyond);
        }
        let mut conn = self.node.pool.get().await?;
        let known = store::inbound::stored_uids(&mut conn, self.id, place.uidvalidity, &below).await?;
        let known: std::collections::HashSet<u32> = known.into_iter().collect();
        Ok(below.into_iter().filter(|uid| !known.contains(uid)).chain(beyond).collect())
    }

    /// Brings these mails into the ledger; of those that are too large, the header.
    pub(super) async fn take(
        &self,
        session: &mut ImapSession,
        place: &mut Place,
        new: &[u32],
        hard: &mut HardMails,
        lost: &CancellationToken,
    ) -> anyhow::Result<()> {
        let mut sets: VecDeque<Vec<u32>> = hard.sets(new).into();
        while let Some(uids) = sets.pop_front() {
            if lost.is_cancelled() {
                return Ok(());
            }
            match (session.sizes(&uids).await, uids.as_slice()) {
                (Ok(sizes), _) => {
                    hard.forget_gone(&uids, &sizes);
                    self.take_sized(session, place, sizes, hard, lost).await?;
                }
                (Err(ImapError::Refused { why, .. }), &[uid]) => hard.refused(uid, &why, Instant::now()),
                (Err(error), _) => {
                    hard.broke(&uids, &error, Instant::now());
                    if !matches!(error, ImapError::Refused { .. }) {
                        return Err(error.into());
                    }
                    sets.extend(hard.sets(&uids));
                }
            }
        }
        Ok(())
    }

    async fn take_sized(
        &self,
        session: &mut ImapSession,
        place: &mut Place,
        sizes: Vec<(u32, u64)>,
        hard: &mut HardMails,
        lost: &CancellationToken,
    ) -> anyhow::Result<()> {
        let limit = self.node.desk.settings.limits.mail_bytes;
        let (fitting, oversized): (Vec<_>, Vec<_>) = sizes.into_iter().partition(|(_, size)| *size <= limit);
        self.take_whole(session, place, &fitting, hard, lost).await?;
        for (uid, size) in oversized {
            if lost.is_cancelled() {
                return Ok(());
            }
            match session.header(uid).await {
                Ok(None) => {}
                Ok(Some(header)) => {
                    let bytes = mail::oversized(&header.bytes, size, limit);
                    let mail = RawMail { uid: Some(uid), received: header.received, bytes };
                    self.commit(place, vec![mail]).await?;
                    hard.taken(uid);
                }
                Err(ImapError::Refused { why, .. }) => hard.refused(uid, &why, Instant::now()),
                Err(other) => {
                    hard.broke(&[uid], &other, Instant::now());
                    return Err(other.into());
                }
            }
        }
        Ok(())
    }

    async fn take_whole(
        &self,
        session: &mut ImapSession,
        place: &mut Place,
        sizes: &[(u32, u64)],
        hard: &mut HardMails,
        lost: &CancellationToken,
    ) -> anyhow::Result<()> {
        let batches = imap::batches(sizes, BATCH_MAILS, BATCH_BYTES).map(<[_]>::to_vec);
        let mut ahead = session.fetch_ahead(batches.collect());
        let mut next = ahead.next().await;
        loop {
            let got = match next {
                Ok(Some(got)) => got,
                Ok(None) => return Ok(()),
                Err(error) => {
                    hard.broke(&ahead.being_read(), &error, Instant::now());
                    return Err(error.into());
                }
            };
            if lost.is_cancelled() {
                ahead.stop();
            }
            for (uid, why) in &got.refused {
                hard.refused(*uid, why, Instant::now());
            }
            got.mails.iter().for_each(|mail| hard.taken(mail.uid));
            let large = size_of(&got) > BATCH_BYTES;
            let commit = self.commit(place, got.mails.into_iter().map(raw).collect());
            let committed;
            if large {
                committed = commit.await;
                next = ahead.next().await;
            } else {
                (committed, next) = tokio::join!(commit, ahead.next());
            }
            committed?;
        }
    }

    async fn commit(&self, place: &mut Place, mails: Vec<RawMail>) -> Result<(), NotKept> {
        let Some(last) = mails.iter().filter_map(|mail| mail.uid).max() else { return Ok(()) };
        let (uidvalidity, cursor, node) = (place.uidvalidity, place.cursor.max(last), &self.node.name);
        let mut conn = self.node.pool.get().await?;
        let stored = conn
            .transaction(async |conn| {
                let now = Timestamp::now();
                if !store::mailboxes::advance(conn, self.id, node, uidvalidity, cursor).await? {
                    return Err(NotKept::TakenOver);
                }
                let stored = store::inbound::store(conn, self.id, Some(uidvalidity), &mails, now).await?;
                store::inbound::settle_twins(conn, &stored, now).await?;
                announce(conn, News::Inbound).await?;
                Ok(stored.len())
            })
            .await?;
        place.cursor = cursor;
        metrics::counter!("deskgate_mails_fetched_total", "mailbox" => self.name.clone())
            .increment(stored as u64);
        info!(mailbox = self.name, "Stored {stored} mails of `{}`", self.name);
        Ok(())
    }

    /// Marks on the server what is committed; what was cut short is done now.
    pub(super) async fn mark(
        &self,
        session: &mut ImapSession,
        uidvalidity: u32,
        memory: &mut Memory,
    ) -> anyhow::Result<()> {
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
                    if !std::mem::replace(&mut memory.told_unmarked, true) {
                        warn!(mailbox = self.name, "Mails of `{}` stay unmarked: {refused}", self.name);
                    }
                    return Ok(());
                }
                marked => marked?,
            }
            memory.told_unmarked = false;
            let mut conn = self.node.pool.get().await?;
            store::inbound::mark(&mut conn, self.id, uidvalidity, &uids, Timestamp::now()).await?;
        }
    }
}

fn size_of(batch: &Batch) -> u64 {
    batch.mails.iter().map(|mail| mail.bytes.len() as u64).sum()
}

fn raw(fetched: imap::Fetched) -> RawMail {
    RawMail { uid: Some(fetched.uid), received: fetched.received, bytes: fetched.bytes }
}
