//! Reading is fenced: it runs on a thread of its own, within a time limit, and a
//! panic in a library costs one try of one mail.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use super::Worker;
use crate::{
    domain::{InboundId, InboundMail},
    mail::{self, Ours},
    report::{self, Verdict},
    store::{self, inbound::Leased, quarantine::Cause},
    verify::Verifier,
};

/// Bytes of mails that are in memory together, unless one alone has more.
const BYTES_AT_ONCE: i64 = 1 << 20;

/// A mail that was read.
#[derive(Debug)]
pub(super) struct Read {
    pub mail: InboundMail,
    pub verdict: Verdict,
    /// What the gate found in the mail that it passes on.
    pub passed_on: Option<Verdict>,
}

/// Who checks the sender of a mail, and the bytes that this takes.
pub(super) type Check = (Arc<Verifier>, Arc<Vec<u8>>);

/// What is wrong with a mail, as a word and as a sentence.
pub(super) type Fault = (Cause, String);

impl Worker {
    /// Reads mails one after another, and keeps the bytes of those whose mailbox asks
    /// for a check of the sender. An error means that the database is away.
    pub(super) async fn read_all<'a>(
        &self,
        batch: &'a [Leased],
    ) -> anyhow::Result<Vec<(&'a Leased, Result<(Read, Option<Check>), Fault>)>> {
        let limit = self.node.desk.settings.limits.read_time;
        let mut mails = Vec::new();
        for (leased, raw) in self.raw_mails(batch).await? {
            self.at_work.store(leased.id.0, Ordering::SeqCst);
            let read = match raw {
                Ok((raw, ours)) => {
                    let raw = Arc::new(raw);
                    let verifier = self.node.verifiers.of(&self.node.desk, leased.mailbox_id);
                    let check = verifier.map(|verifier| (verifier, raw.clone()));
                    read(raw, ours, limit).await.map(|read| (read, check))
                }
                Err(fault) => Err(fault),
            };
            mails.push((leased, read));
        }
        Ok(mails)
    }

    /// The bytes of mails with what reading them has to know. Nothing is held while
    /// they are read: it takes its time and needs no connection.
    async fn raw_mails<'a>(
        &self,
        batch: &'a [Leased],
    ) -> anyhow::Result<Vec<(&'a Leased, Result<(Vec<u8>, Ours), Fault>)>> {
        let desk = &self.node.desk;
        let mut conn = self.node.pool.get().await?;
        let limit = desk.settings.limits.mail_bytes;
        let fitting = batch.iter().filter(|leased| within_size(leased, limit).is_ok());
        let ids: Vec<InboundId> = fitting.map(|leased| leased.id).collect();
        let mut raws = store::inbound::raws(&mut conn, &ids).await?;
        let mut mails = Vec::new();
        for leased in batch {
            let mailbox = match desk.mailbox(&conn, leased.mailbox_id).await {
                Err(error) if error.is_database() => return Err(error.into()),
                other => other.map_err(|error| (Cause::NotProcessed, error.to_string())),
            };
            let raw = within_size(leased, limit).and_then(|()| {
                let gone = || (Cause::NotProcessed, "its bytes are gone from the ledger".to_owned());
                raws.remove(&leased.id).ok_or_else(gone)
            });
            mails.push((leased, mailbox.and_then(|mailbox| Ok((raw?, desk.ours(Some(mailbox)))))));
        }
        Ok(mails)
    }
}

/// The mails of a batch in portions that are in memory together.
pub(super) fn portions(batch: &[Leased]) -> Vec<&[Leased]> {
    let mut portions = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (at, leased) in batch.iter().enumerate() {
        if at > start && bytes + leased.size_bytes > BYTES_AT_ONCE {
            portions.push(&batch[start..at]);
            (start, bytes) = (at, 0);
        }
        bytes += leased.size_bytes;
    }
    if !batch.is_empty() {
        portions.push(&batch[start..]);
    }
    portions
}

/// The fetcher takes of a larger mail its header only; others bring it whole. Servers
/// that count a line end as one byte announce a little less than they send.
fn within_size(leased: &Leased, limit: u64) -> Result<(), Fault> {
    match u64::try_from(leased.size_bytes).is_ok_and(|size| size <= limit + limit / 8) {
        true => Ok(()),
        false => Err((
            Cause::TooLarge,
            format!("it has {} bytes, more than the {limit} that `mail_bytes` allows", leased.size_bytes),
        )),
    }
}

/// Reads a mail on a thread of its own.
///
/// # Errors
/// A sentence, when it took longer than `limit` or a library panicked.
async fn read(raw: Arc<Vec<u8>>, ours: Ours, limit: Duration) -> Result<Read, Fault> {
    let reading = tokio::task::spawn_blocking(move || {
        let mail = mail::read(&raw, &ours);
        let passed_on = mail.forwarded().map(|forwarded| report::gate(&forwarded.mail));
        Read { verdict: report::gate(&mail), passed_on, mail }
    });
    match tokio::time::timeout(limit, reading).await {
        Ok(Ok(read)) => Ok(read),
        Ok(Err(_)) => Err((Cause::ReaderPanicked, "reading it made a library panic".into())),
        Err(_) => Err((Cause::TookTooLong, format!("reading it took longer than {limit:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::MailboxId;

    #[test]
    fn large_mails_are_in_memory_alone_and_small_ones_together() {
        let leased = |size_bytes| Leased {
            id: InboundId(1),
            mailbox_id: MailboxId(1),
            attempts: 1,
            failures: 0,
            put_off: 0,
            size_bytes,
            wanted_by: None,
        };
        let sizes = |sizes: &[i64]| -> Vec<usize> {
            let batch: Vec<Leased> = sizes.iter().copied().map(leased).collect();
            portions(&batch).iter().map(|portion| portion.len()).collect()
        };
        assert_eq!(sizes(&[]), [0; 0]);
        assert_eq!(sizes(&[3000; 16]), [16]);
        assert_eq!(sizes(&[3000, 9 << 20, 3000, 3000]), [1, 1, 2]);
        assert_eq!(sizes(&[9 << 20, 9 << 20]), [1, 1]);
        assert_eq!(sizes(&[1 << 19, 1 << 19, 1]), [2, 1]);
    }
}
