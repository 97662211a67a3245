//! What staff do to a ticket: change it, answer its requester, leave a note.

mod facts;
mod status;
mod words;

use std::sync::Arc;

use diesel_async::AsyncConnection;
use jiff::Timestamp;

use super::{Desk, DeskError};
use crate::{
    domain::{Attachment, EmailAddress, NamedAddress, TicketId},
    store::{
        Conn,
        pool::{News, announce},
    },
    ticket::{ClosedAs, Level, Severity, Status, workflow::Goal},
};

/// What is to be different about a ticket.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Another status, by its meaning.
    pub status: Option<Status>,
    /// Another status, by the site's own name or one of the five words; `status` is left aside then.
    pub status_name: Option<String>,
    /// Why, when it is to be closed.
    pub closed_as: Option<ClosedAs>,
    /// The ticket that it doubles.
    pub duplicate_of: Option<TicketId>,
    /// Another severity.
    pub severity: Option<Severity>,
    /// Another triage level.
    pub level: Option<Level>,
    /// Whether the next word is the customer's.
    pub waits: Option<bool>,
    /// Another product by its name; `Some(None)` is none.
    pub product: Option<Option<String>>,
    /// Another queue by its name; `Some(None)` is none.
    pub queue: Option<Option<String>>,
    /// Another assignee; `Some(None)` is nobody.
    pub assignee: Option<Option<EmailAddress>>,
    /// Somebody else than has it, whom the desk chooses.
    pub assign_anew: bool,
    /// Another requester.
    pub requester: Option<EmailAddress>,
    /// People from outside who are to take part from now on.
    pub add: Vec<EmailAddress>,
    /// People on Cc who are to take part no longer.
    pub remove: Vec<EmailAddress>,
    /// Why: a note for staff, and the words that the customer reads.
    pub reason: Option<String>,
    /// Files for the customer, in the mail that another status owes them.
    pub files: Arc<[Attachment]>,
}

/// What was different afterwards, as sentences.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    /// One sentence for each change.
    pub done: Vec<String>,
    /// How many mails were queued.
    pub mails: usize,
}

/// One call of [`Desk::change`].
#[derive(Clone, Copy)]
struct Hand<'a> {
    wanted: &'a Change,
    /// Where it is to go, and what that means.
    goal: Option<(&'a Goal, Status)>,
    actor: &'a NamedAddress,
    now: Timestamp,
}

/// Who makes a step, in which words, when.
pub(super) struct By<'a> {
    pub actor: Option<&'a EmailAddress>,
    pub words: Option<String>,
    /// They are staff's; a customer's own words are not said back to them as ours.
    pub staffs_words: bool,
    pub now: Timestamp,
}

impl Desk {
    /// Changes a ticket, all or nothing, and queues the mails that are owed.
    ///
    /// # Errors
    /// A [`DeskError`] that says which rule stands against it.
    pub async fn change(
        &self,
        conn: &mut Conn,
        id: TicketId,
        wanted: &Change,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Changed, DeskError> {
        let workflow = &self.settings.workflow;
        let named = wanted.status_name.as_deref().map(|name| workflow.goal(name)).transpose()?;
        // To be a duplicate is to be closed as one.
        let meant = wanted.status.or(wanted.duplicate_of.map(|_| Status::Closed));
        let goal = named.or(meant.map(|means| (Goal::Means(means), means)));
        let goal = goal.as_ref().map(|(goal, means)| (goal, *means));
        let closes = goal.is_some_and(|(_, means)| means == Status::Closed)
            && wanted.closed_as.is_none_or(|as_| as_ == ClosedAs::Duplicate);
        if wanted.duplicate_of.is_some() && !closes {
            return Err(DeskError::DuplicateIsClosed);
        }
        let hand = Hand { wanted, goal, actor, now };
        conn.transaction(async |conn| {
            let mut changed = Changed::default();
            self.set_facts(conn, id, &hand, &mut changed).await?;
            if let Some((goal, _)) = goal {
                self.set_status(conn, id, goal, &hand, &mut changed).await?;
            }
            Box::pin(self.watch_for_cluster(conn, id, wanted, now)).await;
            if changed.mails > 0 {
                announce(conn, News::Outbox).await?;
            }
            Ok(changed)
        })
        .await
    }
}
