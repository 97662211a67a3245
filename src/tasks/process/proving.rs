//! Our own check of senders, for the mailboxes that ask for it.
//!
//! It asks name servers that strangers chose, so it happens before any transaction and
//! for all mails at hand at once: they wait for the slowest together, and at most as
//! long as the check of one may take.
//!
//! A mail about which nobody could be asked is put off, for minutes in all: an outage of
//! seconds would else cost the proof for ever. Then it is taken in unproven.

use anyhow::Context;
use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use tracing::info;

use super::{
    Worker,
    reading::{Check, Fault, Read},
};
use crate::{
    domain::Proof,
    store::{self, inbound::Leased, quarantine::Cause},
};

/// A mail about which nobody can be asked is put off so often, five minutes in all.
const MOST_PUT_OFF: i32 = 5;
/// Before another try of a mail that was put off, doubled with each time.
const ASK_AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(10);

/// Why a mail is not taken in now.
pub(super) enum Setback {
    /// Something is wrong with it.
    Fault(Fault),
    /// Nobody could be asked about its sender.
    Unasked(String),
}

/// A mail that was read, and what to check it with where we do.
pub(super) type Checkable = (Read, Option<Check>);

impl Worker {
    /// Adds to each mail what its check tells.
    pub(super) async fn prove_all<'a>(
        &self,
        mails: Vec<(&'a Leased, Result<Checkable, Fault>)>,
    ) -> Vec<(&'a Leased, Result<Read, Setback>)> {
        // No more at once than a batch has.
        let proving = mails.into_iter().map(async |(leased, read)| match read {
            Ok((read, Some(check))) => (leased, prove(leased, read, check).await),
            Ok((read, None)) => (leased, Ok(read)),
            Err(fault) => (leased, Err(Setback::Fault(fault))),
        });
        join_all(proving).await
    }

    /// Puts a mail off, the longer the more often.
    pub(super) async fn put_off(
        &self,
        conn: &mut store::Conn,
        leased: &Leased,
        why: &str,
    ) -> anyhow::Result<()> {
        let (id, until) = (leased.id, Timestamp::now() + pause(leased.put_off));
        let put_off = store::inbound::put_off(conn, id, &self.holder, why, until).await;
        match put_off.with_context(|| format!("putting mail {id} off"))? {
            true => info!(inbound.id = %id, "Mail {id} is put off until {until:.0}: {why}"),
            false => info!(inbound.id = %id, "Mail {id} is somebody else's by now"),
        }
        Ok(())
    }
}

/// Checks one mail on a task of its own, so that a panic in a library costs one try of
/// one mail.
async fn prove(leased: &Leased, read: Read, (verifier, raw): Check) -> Result<Read, Setback> {
    let proving = tokio::spawn(async move {
        let told = verifier.prove(&raw, &read.mail).await;
        (read, told)
    });
    let panicked = "checking its sender made a library panic";
    let (mut read, told) =
        proving.await.map_err(|_| Setback::Fault((Cause::ReaderPanicked, panicked.into())))?;
    (read.mail.proof, read.mail.proof_why) = match told {
        Ok(told) => told,
        Err(unasked) if leased.put_off < MOST_PUT_OFF => return Err(Setback::Unasked(unasked.to_string())),
        Err(unasked) => (Proof::None, format!("{unasked}; it was put off {} times for that", leased.put_off)),
    };
    Ok(read)
}

fn pause(put_off: i32) -> SignedDuration {
    ASK_AGAIN_AFTER * (1 << put_off.clamp(0, MOST_PUT_OFF - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_servers_have_minutes_to_come_back() {
        let all = (0..MOST_PUT_OFF).map(pause).fold(SignedDuration::ZERO, |all, each| all + each);
        assert_eq!(all, SignedDuration::from_secs(310));
        assert_eq!(pause(i32::MAX), pause(MOST_PUT_OFF - 1));
    }
}
