//! What a reply repeats of the mail of ours that it answers is no answer: it is quoted,
//! also where the reader's mail program set no marks. What stands within it, below our headings, is
//! an answer, also where the mail program took it for a quote.

use super::{Desk, DeskError, Incoming};
use crate::{
    domain::{Kind, MessageId},
    mail::{self, Ours},
    report,
    store::{self, Conn},
};

/// So many of the newest ids that a mail refers to are looked up.
const MOST_ANSWERED: usize = 5;

impl Desk {
    /// Compares each reply with what we sent, and asks the gate again where words of ours
    /// were among its own.
    ///
    /// # Errors
    /// The database did not answer; nothing was changed then.
    pub async fn sever_from_ours(&self, conn: &mut Conn, mails: &mut [Incoming]) -> Result<(), DeskError> {
        let ids: Vec<&MessageId> = mails.iter().flat_map(|incoming| answered(incoming)).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let sent = store::outbox::bytes_of(conn, &ids).await?;
        let sent: Vec<(String, String)> =
            sent.into_iter().map(|(id, bytes)| (id, mail::read(&bytes, &Ours::nobody()).text)).collect();
        for incoming in mails {
            let ours = |id: &&MessageId| sent.iter().find(|(ours, _)| ours == id.as_str());
            let texts: Vec<&str> =
                answered(incoming).iter().filter_map(ours).map(|(_, text)| text.as_str()).collect();
            let mail = &mut incoming.mail;
            // What staff quote is never taken for theirs: lines of it could be commands.
            let of_staff = mail.author().is_some_and(|author| self.is_staff(&author.address));
            let within = match of_staff {
                true => None,
                false => mail::answers_within(&mail.text, &mail.body, &texts),
            };
            let without = mail::without_ours(within.as_ref().unwrap_or(&mail.body), &texts);
            if let Some(body) = without.or(within) {
                mail.body = body;
                incoming.verdict = report::gate(&incoming.mail);
            }
        }
        Ok(())
    }
}

/// The newest of the ids that a mail refers to.
fn answered(incoming: &Incoming) -> Vec<&MessageId> {
    if incoming.mail.kind == Kind::Bounce {
        return Vec::new();
    }
    let ids = incoming.mail.references.iter().chain(&incoming.mail.in_reply_to);
    ids.rev().take(MOST_ANSWERED).collect()
}
