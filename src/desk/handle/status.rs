//! A ticket moves on: one step of the workflow, and what it owes.

use std::sync::Arc;

use serde_json::json;

use super::{By, Changed, Hand};
use crate::{
    desk::{Desk, DeskError, facts::missing, silence::Awaited},
    domain::{Attachment, EmailAddress, TicketId, Word},
    store::{
        self, Conn,
        tickets::{self, Ticket},
    },
    ticket::{
        Audience, ClosedAs, Happening, Notice, Status,
        workflow::{self, Given, Goal},
    },
};

impl Desk {
    pub(super) async fn set_status(
        &self,
        conn: &mut Conn,
        id: TicketId,
        goal: &Goal,
        hand: &Hand<'_>,
        changed: &mut Changed,
    ) -> Result<(), DeskError> {
        let Hand { wanted, actor, now, .. } = *hand;
        let before = self.ticket(conn, id).await?;
        self.is_whole(&before)?;
        let complete = missing(conn, &before).await?.is_empty();
        let given = Given {
            complete,
            reason: wanted.reason.is_some(),
            closed_as: wanted.closed_as.or(wanted.duplicate_of.map(|_| ClosedAs::Duplicate)),
        };
        let workflow = &self.settings.workflow;
        let state = self.state_of(&before);
        let step = workflow.go(state, goal, given, self.actor_of(&actor.address)).map_err(|refused| {
            let over = matches!(before.status.0, Status::Resolved | Status::Verified);
            match wanted.duplicate_of {
                Some(_) if over => self.reopened_first(&before),
                _ => refused.into(),
            }
        })?;
        if step.without_facts {
            self.note_enough(conn, &before, actor.address.as_str(), now).await?;
        }
        let by = By { actor: Some(&actor.address), words: wanted.reason.clone(), staffs_words: true, now };
        changed.mails += self.make_step_with(conn, &before, &step, by, wanted.files.clone()).await?;
        changed.done.push(format!("status is {}", self.label_of(&step)));
        Ok(())
    }

    /// Moves a ticket as the workflow says and pays what is owed for it. Returns
    /// how many mails.
    pub(in crate::desk) async fn make_step(
        &self,
        conn: &mut Conn,
        before: &Ticket,
        step: &workflow::Step,
        by: By<'_>,
    ) -> Result<usize, DeskError> {
        self.make_step_with(conn, before, step, by, Arc::default()).await
    }

    /// The same, with files for the customer.
    async fn make_step_with(
        &self,
        conn: &mut Conn,
        before: &Ticket,
        step: &workflow::Step,
        by: By<'_>,
        files: Arc<[Attachment]>,
    ) -> Result<usize, DeskError> {
        let By { actor, words, staffs_words, now } = by;
        let (id, from) = (before.id, before.status.0);
        let to = (step.to, self.settings.workflow.stored_name(step.to, &step.name));
        let moved = tickets::move_on(conn, before, to, step.closed_as, step.waits_for_customer, now).await?;
        if !moved {
            return Err(DeskError::Raced);
        }
        let who = actor.map_or(store::journal::SYSTEM, EmailAddress::as_str);
        let mut detail = json!({ "from": from, "to": step.to, "closed_as": step.closed_as, "reason": words });
        if step.name != step.to.as_str() {
            detail["name"] = json!(step.name);
        }
        let was = &self.state_of(before).name;
        if was != from.as_str() {
            detail["from_name"] = json!(was);
        }
        store::journal::write(conn, id, who, Happening::Status, detail, now).await?;
        self.follow(conn, before, actor, now).await?;
        if before.spam && staffs_words && step.to != Status::Closed {
            let no_spam = tickets::Change { spam: Some(false), ..Default::default() };
            tickets::change(conn, id, no_spam, now).await?;
        }
        let after = self.ticket(conn, id).await?;
        // Whoever was waited for is waited for no longer; a new fix is waited for anew.
        let until = match step.to {
            Status::Resolved if step.waits_for_customer => {
                self.start_silence(conn, &after, Awaited::Trial, now).await?
            }
            Status::New | Status::Accepted | Status::Resolved | Status::Verified | Status::Closed => {
                self.stop_silence(conn, id).await?;
                None
            }
        };
        if step.owed.contains(&Notice::StakeholderUpdate) {
            self.news_go_out(conn, &after, now).await?;
        }
        let mut occasion = self.occasion(conn, &after).await?;
        occasion.context.next_update = self.next_update(conn, &after, now).await?;
        occasion.actor = actor;
        occasion.context.until = until;
        let mut mails = 0;
        for &notice in &step.owed {
            let fit = staffs_words || notice.is_for_staff();
            occasion.context.words = words.clone().filter(|_| fit);
            let for_customers = notice.audience() == Audience::Requester;
            occasion.context.files = if for_customers { files.clone() } else { Arc::default() };
            mails += self.owe(conn, notice, &occasion, now).await?;
        }
        mails += Box::pin(self.tell_the_caused(conn, &after, now)).await?;
        mails += self.finish_what_is_live(conn, &after, now).await?;
        Ok(mails)
    }
}
