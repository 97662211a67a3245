//! Mails of ours that do not arrive: marked on their ticket, and told to staff.

use jiff::Timestamp;
use serde_json::json;

use super::{Desk, DeskError, case::Case};
use crate::{
    domain::{Action, TicketId, text},
    store::{
        self, Conn,
        journal::SYSTEM,
        pool::{News, announce},
    },
    ticket::{Happening, Notice},
    triage::Returned,
};

impl Desk {
    pub(super) async fn note_bounce(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        returned: &Returned,
    ) -> Result<(), DeskError> {
        let report = case.mail.bounce.clone().unwrap_or_default();
        let event = match report.action {
            Action::Failed => Happening::Bounced,
            Action::Delayed => Happening::Delayed,
            // A confirmation that nobody asked for.
            Action::Delivered => return Ok(()),
        };
        let detail = json!({
            "outbox": returned.item, "notice": returned.notice, "recipient": returned.recipient,
            "status": report.status, "reply_code": report.reply_code, "reason": report.reason,
            "hard": report.hard, "diagnostic": report.diagnostic, "reporting_mta": report.reporting_mta,
        });
        store::journal::write(conn, returned.ticket, SYSTEM, event, detail, case.now).await?;
        if report.action == Action::Delayed {
            return Ok(());
        }
        store::outbox::bounced(conn, returned.item, case.now).await?;
        if matches!(returned.notice, Notice::Page | Notice::PagedAgain) && !returned.known {
            self.call_was_lost(conn, returned.ticket, &returned.recipient, case.now).await?;
        }
        if returned.notice.is_for_staff() || returned.known {
            return Ok(());
        }
        let mut trouble = format!("{}: {}", returned.recipient, report.summary());
        if !report.diagnostic.is_empty() {
            trouble.push_str(&format!(". {}", report.diagnostic));
        }
        let once = format!(" mail {}", returned.item);
        self.tell_of_trouble(conn, returned.ticket, &once, &trouble, case.now).await
    }

    /// Tells staff that a mail about a ticket does not arrive: once a day for each ticket
    /// and `once`; the journal has each time.
    pub async fn tell_of_trouble(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        once: &str,
        trouble: &str,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        if !self.may_tell_of_trouble(conn, ticket, once, trouble, now).await? {
            return Ok(());
        }
        let ticket = self.ticket(conn, ticket).await?;
        let mut occasion = self.occasion(conn, &ticket).await?;
        occasion.context.trouble = Some(text::line(trouble));
        self.owe(conn, Notice::StaffUndeliverable, &occasion, now).await?;
        Ok(announce(conn, News::Outbox).await?)
    }
}
