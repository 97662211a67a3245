//! Tickets that have a severity from their first mail on: what `#sev` starts, starts with them.

use jiff::Timestamp;
use serde_json::json;

use super::{Desk, DeskError, case::Case, opening::New};
use crate::{
    store::{
        self, Conn,
        journal::{NewEntry, SYSTEM},
        tickets::Ticket,
    },
    ticket::{
        Happening, Severity,
        command::{self, Command},
    },
    triage::{self, Opening, Rated},
};

impl Desk {
    /// How bad the ticket is that a mail opens, where that is settled.
    pub(super) fn rated(&self, case: &Case<'_>, opening: &Opening) -> Option<Rated> {
        let said = self.said_severity(case).filter(|severity| self.settings.severity.has(*severity));
        let rules = &self.settings.severity.when;
        triage::rated(case.mail, opening.source, &case.mailbox.name, said, rules)
    }

    /// The severity that a mail names in a command, whoever wrote it.
    fn said_severity(&self, case: &Case<'_>) -> Option<Severity> {
        let said = command::read(&case.mail.body.own, &self.settings.workflow);
        said.lines.into_iter().find_map(|line| match line.means {
            Ok(Command::Severity(severity, _)) => Some(severity),
            _ => None,
        })
    }

    /// Writes down how bad new tickets are, and calls whoever is on call for them.
    pub(super) async fn begin_rated(
        &self,
        conn: &mut Conn,
        new: &[New<'_>],
        tickets: &[Ticket],
        now: Timestamp,
    ) -> Result<(), DeskError> {
        for (new, ticket) in new.iter().zip(tickets) {
            let Some(rated) = &new.rated else { continue };
            let detail = json!({ "from": null, "to": rated.severity, "reason": rated.why });
            let entry = NewEntry { ticket: ticket.id, event: Happening::Severity, detail };
            store::journal::write_all(conn, SYSTEM, vec![entry], now).await?;
            self.follow(conn, ticket, None, now).await?;
        }
        Ok(())
    }
}
