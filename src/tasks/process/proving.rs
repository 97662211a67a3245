//! Our own check of senders, for the mailboxes that ask for it.
//!
//! It asks name servers that strangers chose, so it happens before any transaction and
//! for all mails at hand at once: they wait for the slowest together, and at most as
//! long as the check of one may take.

use futures::future::join_all;

use super::{
    Worker,
    reading::{Check, Fault, Read},
};
use crate::store::{inbound::Leased, quarantine::Cause};

impl Worker {
    /// Adds to each mail what its check tells. What fails proves nothing.
    pub(super) async fn prove_all<'a>(
        &self,
        mails: Vec<(&'a Leased, Result<(Read, Option<Check>), Fault>)>,
    ) -> Vec<(&'a Leased, Result<Read, Fault>)> {
        // No more at once than a batch has.
        let proving = mails.into_iter().map(async |(leased, read)| match read {
            Ok((read, Some(check))) => (leased, prove(read, check).await),
            Ok((read, None)) => (leased, Ok(read)),
            Err(fault) => (leased, Err(fault)),
        });
        join_all(proving).await
    }
}

/// Checks one mail on a task of its own, so that a panic in a library costs one try of
/// one mail.
async fn prove(mut read: Read, (verifier, raw): Check) -> Result<Read, Fault> {
    let proving = tokio::spawn(async move {
        (read.mail.proof, read.mail.proof_why) = verifier.prove(&raw, &read.mail).await;
        read
    });
    let panicked = |_| (Cause::ReaderPanicked, "checking its sender made a library panic".into());
    proving.await.map_err(panicked)
}
