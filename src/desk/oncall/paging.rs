//! Calling people until somebody answers.

use jiff::Timestamp;
use serde_json::json;

use super::super::{Desk, DeskError, command::command_views};
use crate::{
    domain::{EmailAddress, NamedAddress},
    render::OnCallView,
    store::{
        self, Conn,
        incidents::{self, Incident},
        journal::SYSTEM,
        tickets::{self, Ticket},
        timers::{self, NewTimer},
    },
    ticket::{Happening, Notice, Timer, oncall},
};

/// Staff hear of one ticket that nobody answers for once in this time.
const ALARM_EVERY: std::time::Duration = std::time::Duration::from_hours(1);

impl Desk {
    /// Calls whoever is next along the chain, and sets when the one after that is called.
    pub(super) async fn call_next(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        incident: &Incident,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let (chain, behind) = (self.call_chain(conn, ticket, now).await?, incident.calls());
        let (steps, step) = (&chain.steps, oncall::step(&chain.steps, behind));
        let people = oncall::called(steps, behind);
        let passed_over = chain.passed_over(behind, step);
        if people.is_empty() {
            return self.nobody_to_call(conn, ticket, &chain.passed_over(0, u32::MAX), now).await;
        }
        let again = now + oncall::pause(steps, behind, self.settings.oncall.escalate_every);
        let behind = step.saturating_add(1);
        let next = match oncall::is_everybody(steps, behind) {
            true => "everybody on call".to_owned(),
            false => {
                let next = oncall::called(steps, behind);
                next.iter().map(NamedAddress::called).collect::<Vec<_>>().join(" and ")
            }
        };
        let next = Some(format!("{next} at {}", self.time_in_words(again, now)));
        let everybody = oncall::is_everybody(steps, step);
        let notice = if everybody { Notice::PagedAgain } else { Notice::Page };
        let view = OnCallView { next, passed_over, ..OnCallView::default() };
        self.make_call(conn, ticket, incident, &people, (notice, view, behind), now).await?;
        timers::set(conn, &[NewTimer::of_ticket(Timer::Escalate, ticket.id, again)]).await?;
        match everybody {
            true => self.nobody_answered(conn, ticket, now).await,
            false => Ok(()),
        }
    }

    /// One call: the mails, the pager, the journal.
    async fn make_call(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        incident: &Incident,
        people: &[NamedAddress],
        (notice, view, behind): (Notice, OnCallView, u32),
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let addresses: Vec<&EmailAddress> = people.iter().map(|person| &person.address).collect();
        incidents::called(conn, incident, &addresses, behind).await?;
        let OnCallView { next, passed_over, .. } = view;
        let mut detail = json!({ "to": addresses, "notice": notice, "next": next });
        if !passed_over.is_empty() {
            detail["passed_over"] = json!(passed_over);
        }
        store::journal::write(conn, ticket.id, SYSTEM, Happening::Paged, detail, now).await?;
        let words = store::messages::first_words(conn, ticket.id).await?;
        let after = self.open_incident(conn, ticket).await?;
        let view = OnCallView { next, passed_over, ..self.view_of(&after, now) };
        let fill = |context: &mut crate::render::Context| {
            context.oncall = Some(view);
            context.words = words;
            context.commands = command_views(&["ack", "page", "update", "resolve"]);
        };
        self.tell_on_call(conn, notice, ticket, people, fill, now).await?;
        let key = format!("page-{}-{}", incident.id, now.as_millisecond());
        let facts = json!({ "to": addresses });
        self.tell_pager(conn, ticket, "page", &key, facts, now).await
    }

    /// Nobody of the chain is there: staff hear of it, and the desk looks again until somebody is.
    async fn nobody_to_call(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        missing: &[String],
        now: Timestamp,
    ) -> Result<(), DeskError> {
        if self.settings.oncall.chain.is_empty() {
            let detail = json!({ "why": "[oncall] chain names nobody" });
            return Ok(
                store::journal::write(conn, ticket.id, SYSTEM, Happening::NobodyToPage, detail, now).await?
            );
        }
        let again = now + self.settings.oncall.escalate_every;
        timers::set(conn, &[NewTimer::of_ticket(Timer::Escalate, ticket.id, again)]).await?;
        let (reference, why) = (self.reference(ticket.id), missing.join("; "));
        let title = format!("Nobody is there to be called for {reference}");
        let words = format!(
            "{reference} ({}) is bad enough to call somebody, but nobody of the chain is there: {why}. The desk looks again at \
             {} and from then on, and calls whoever is back. Whoever can: run `deskgate ticket ack {}`, or call somebody \
             by `deskgate oncall page {} NAME`. `deskgate staff list` shows who is away. You hear of this once an hour.",
            ticket.subject,
            self.time_in_words(again, now),
            ticket.id,
            ticket.id
        );
        let topic = format!("nobody to page {}", ticket.id);
        if self.alarm(conn, &topic, ALARM_EVERY, (&title, &words), now).await? {
            let detail = json!({ "why": why });
            store::journal::write(conn, ticket.id, SYSTEM, Happening::NobodyToPage, detail, now).await?;
        }
        Ok(())
    }

    async fn nobody_answered(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let reference = self.reference(ticket.id);
        let title = format!("Nobody answers for {reference}");
        let words = format!(
            "Everybody on call was called about {reference} ({}), one after the other, and nobody has answered. Now all of \
             them are called together, again and again. Whoever can: reply #ack to a mail about it, or run \
             `deskgate ticket ack {}`. You hear of this once an hour.",
            ticket.subject, ticket.id
        );
        self.alarm(conn, &format!("unanswered {}", ticket.id), ALARM_EVERY, (&title, &words), now)
            .await
            .map(drop)
    }

    /// Somebody says that they have it.
    pub(super) async fn acknowledge_call(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        incident: &Incident,
        by: &NamedAddress,
        now: Timestamp,
    ) -> Result<Vec<String>, DeskError> {
        match incident.acknowledged_by() {
            Some(holder) if holder == by.address => Ok(Vec::new()),
            Some(holder) => {
                let holder = self.name_of_member(&holder);
                Ok(vec![format!("{holder} has it already; #page hands it to somebody else")])
            }
            None => {
                self.call_acknowledged(conn, ticket, incident, by, now).await?;
                Ok(vec!["it is yours, and nobody else is called".into()])
            }
        }
    }

    /// Somebody has it: nobody else is called, the others hear so, and it is theirs where it was nobody's.
    pub(super) async fn call_acknowledged(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        incident: &Incident,
        by: &NamedAddress,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        incidents::acknowledge(conn, incident.id, &by.address, now).await?;
        timers::clear(conn, ticket.id, &[Timer::Escalate]).await?;
        let detail = json!({ "after_calls": incident.calls() });
        store::journal::write(conn, ticket.id, by.address.as_str(), Happening::PageAcknowledged, detail, now)
            .await?;
        if ticket.assignee().is_none() {
            let person = store::people::learn(conn, by, None, now).await?.id;
            let fact = tickets::Change { assignee_id: Some(Some(person.0)), ..Default::default() };
            tickets::change(conn, ticket.id, fact, now).await?;
            let detail = json!({ "to": by.address });
            store::journal::write(conn, ticket.id, by.address.as_str(), Happening::Assignee, detail, now)
                .await?;
        }
        self.call_off(conn, ticket, incident, Some(&by.address), now).await?;
        let key = format!("acknowledged-{}-{}", incident.id, now.as_millisecond());
        self.tell_pager(conn, ticket, "acknowledged", &key, json!({ "by": by.address }), now).await
    }

    /// Those who were called need do nothing any more.
    pub(super) async fn call_off(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        incident: &Incident,
        by: Option<&EmailAddress>,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let others = incident.called().into_iter().filter(|who| Some(who) != by);
        let others: Vec<NamedAddress> = others.filter_map(|who| self.staff_member(&who)).collect();
        let (ticket, incident) =
            (self.ticket(conn, ticket.id).await?, incidents::find(conn, incident.id).await?);
        let view = self.view_of(&incident, now);
        self.tell_view(conn, Notice::PageTaken, &ticket, &others, view, now).await
    }

    /// Whoever has it does not have it any more: the chain is gone on with behind them.
    pub(super) async fn release_call(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        incident: &Incident,
        by: &NamedAddress,
        now: Timestamp,
    ) -> Result<Vec<String>, DeskError> {
        let Some(holder) = incident.acknowledged_by() else { return Ok(Vec::new()) };
        let chain = self.call_chain(conn, ticket, now).await?;
        // Whoever has the shift comes first; else the chain goes on behind who had it.
        let on_shift = chain.steps.first().and_then(|step| step.first());
        let behind = match on_shift {
            Some(person) if person.address != holder => 0,
            _ => oncall::behind(&chain.steps, |person| person.address == holder),
        };
        incidents::release(conn, incident.id, behind).await?;
        let detail = json!({ "had": holder });
        store::journal::write(conn, ticket.id, by.address.as_str(), Happening::PageReleased, detail, now)
            .await?;
        let incident = self.open_incident(conn, ticket).await?;
        self.call_next(conn, ticket, &incident, now).await?;
        Ok(vec![format!("{} has it no longer, and the next are called", self.name_of_member(&holder))])
    }

    /// Somebody is called out of turn; whoever had it has it until they answer or the chain goes on.
    pub(super) async fn call_out_of_turn(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        incident: &Incident,
        who: &str,
        by: &NamedAddress,
        now: Timestamp,
    ) -> Result<Vec<String>, DeskError> {
        let who = match self.colleague(who) {
            Ok(Some(who)) => who,
            Ok(None) => return Err(DeskError::NotMeant("name somebody: #page bob".into())),
            Err(why) => return Err(DeskError::NotMeant(why)),
        };
        let Some(person) = self.staff_member(&who) else { return Err(DeskError::NotStaff(who)) };
        if incident.acknowledged_by().is_some() {
            incidents::release(conn, incident.id, 0).await?;
            let detail = json!({ "had": incident.acknowledged_by(), "handed_to": who });
            store::journal::write(conn, ticket.id, by.address.as_str(), Happening::PageReleased, detail, now)
                .await?;
        }
        let again = now + self.settings.oncall.escalate_every;
        let chain = self.call_chain(conn, ticket, now).await?;
        let next = chain.steps.iter().any(|step| !step.is_empty());
        let next = next.then(|| format!("the chain at {}", self.time_in_words(again, now)));
        let incident = self.open_incident(conn, ticket).await?;
        self.make_call(
            conn,
            ticket,
            &incident,
            std::slice::from_ref(&person),
            (Notice::Page, OnCallView { next, ..OnCallView::default() }, incident.calls()),
            now,
        )
        .await?;
        timers::set(conn, &[NewTimer::of_ticket(Timer::Escalate, ticket.id, again)]).await?;
        Ok(vec![format!("{} is called", person.called())])
    }

    /// A call came back, or was refused: whoever is next along the chain is called at once. Behind its end the pause stands.
    ///
    /// # Errors
    /// Trouble with the database.
    pub async fn call_was_lost(
        &self,
        conn: &mut Conn,
        ticket: crate::domain::TicketId,
        recipient: &str,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let Some(incident) = incidents::open_of(conn, ticket).await? else { return Ok(()) };
        let about = self.ticket(conn, ticket).await?;
        let chain = self.call_chain(conn, &about, now).await?;
        if incident.acknowledged_by().is_some() || !oncall::is_hastened(&chain.steps, incident.calls()) {
            return Ok(());
        }
        let detail = json!({ "recipient": recipient, "why": "the call did not arrive" });
        store::journal::write(conn, ticket, SYSTEM, Happening::Escalated, detail, now).await?;
        Ok(timers::set(conn, &[NewTimer::of_ticket(Timer::Escalate, ticket, now)]).await?)
    }

    /// The open incident as it stands now.
    pub(super) async fn open_incident(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
    ) -> Result<Incident, DeskError> {
        incidents::open_of(conn, ticket.id).await?.ok_or(DeskError::NoIncident(ticket.id))
    }
}
