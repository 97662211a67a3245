//! How people and pagers are told.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::{Desk, DeskError};
use crate::{
    domain::{NamedAddress, reference},
    render::{Context, OnCallView},
    store::{self, Conn, incidents::Incident, tickets::Ticket},
    ticket::Notice,
};

impl Desk {
    /// What mails say of an incident.
    pub(super) fn view_of(&self, incident: &Incident, now: Timestamp) -> OnCallView {
        OnCallView {
            since: self.time_in_words(incident.began_at.to_jiff(), now),
            called: incident.called().iter().map(|who| self.name_of_member(who)).collect(),
            taken_by: incident.acknowledged_by().map(|by| self.name_of_member(&by)),
            due: incident.update_due_at.map(|due| self.time_in_words(due.to_jiff(), now)),
            ..OnCallView::default()
        }
    }

    /// Writes a notice to these people, past the caps: they are few, and how often is bounded by who calls this.
    pub(super) async fn tell_on_call(
        &self,
        conn: &mut Conn,
        notice: Notice,
        ticket: &Ticket,
        people: &[NamedAddress],
        fill: impl FnOnce(&mut Context) + Send,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let mut occasion = self.occasion(conn, ticket).await?;
        fill(&mut occasion.context);
        self.owe_past_caps(conn, notice, &occasion, people.to_vec(), now).await.map(drop)
    }

    /// The same with nothing to say beyond what stands about the incident.
    pub(super) async fn tell_view(
        &self,
        conn: &mut Conn,
        notice: Notice,
        ticket: &Ticket,
        people: &[NamedAddress],
        view: OnCallView,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        self.tell_on_call(conn, notice, ticket, people, |context| context.oncall = Some(view), now).await
    }

    /// Tells the pager something about a ticket, once for each `key`, where there is a pager.
    pub(super) async fn tell_pager(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        event: &'static str,
        key: &str,
        facts: Value,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        if self.settings.oncall.webhook.is_none() {
            return Ok(());
        }
        let payload = json!({
            "event": event,
            "at": now,
            "site": self.settings.site.name,
            "ticket": {
                "id": ticket.id,
                "reference": reference::reference(&self.settings.site.reference, ticket.id),
                "subject": ticket.subject,
                "severity": ticket.severity().map(|severity| severity.number()),
                "status": ticket.status.0,
            },
            "facts": facts,
        });
        Ok(store::webhooks::queue(
            conn,
            &format!("{}-{key}", ticket.id),
            ticket.id,
            &payload.to_string(),
            now,
        )
        .await?)
    }
}
