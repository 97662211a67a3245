//! Caps on automatic mail: two machines that write to each other end here.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::{
    Desk, DeskError,
    post::{Occasion, Reader},
};
use crate::{
    domain::{EmailAddress, TicketId},
    settings::Staff,
    store::{self, Conn},
    ticket::{Audience, Notice},
};

impl Desk {
    /// Leaves out who got as many automatic mails in the last hour as they may, so
    /// that two machines never write to each other without end. The journal says so.
    pub(super) async fn within_caps(
        &self,
        conn: &mut Conn,
        notice: Notice,
        occasion: &Occasion<'_>,
        readers: Vec<Reader>,
        now: Timestamp,
    ) -> Result<Vec<Reader>, DeskError> {
        if readers.is_empty() || notice.is_correspondence() {
            return Ok(readers);
        }
        let ticket = occasion.ticket.id;
        let hour_ago = now - SignedDuration::from_hours(1);
        let addresses: Vec<&EmailAddress> = readers.iter().map(|reader| &reader.named.address).collect();
        let counts = store::outbox::automatic_counts(conn, ticket, &addresses, hour_ago).await?;
        let for_customers = notice.is_automatic_to_customers();
        let as_customers = match for_customers && !self.is_of_staff(occasion) {
            true => store::outbox::automatic_since(conn, &addresses, hour_ago).await?,
            false => HashMap::new(),
        };
        let most = i64::from(self.settings.limits.automatic_per_recipient_hour);
        let mut within = Vec::new();
        for reader in &readers {
            let to = &reader.named.address;
            let (about_it, all) = counts.get(to.as_str()).copied().unwrap_or_default();
            let as_customer = as_customers.get(to.as_str()).copied().unwrap_or_default();
            // What the author of a mail gets for it was decided in `triage`.
            let heard_enough = Some(to) != occasion.actor && as_customer >= most;
            if !heard_enough && self.has_room(notice, about_it, all) {
                within.push(reader.clone());
            } else {
                self.quieted(conn, notice, ticket, to, now).await?;
            }
        }
        Ok(within)
    }

    /// Whether one of us caused it: then nobody outside makes us write to others.
    fn is_of_staff(&self, occasion: &Occasion<'_>) -> bool {
        occasion.actor.is_some_and(|actor| self.is_staff(actor))
    }

    /// Whether somebody who got so many automatic mails within an hour gets another.
    fn has_room(&self, notice: Notice, about_it: i64, all: i64) -> bool {
        let limits = &self.settings.limits;
        // Whoever wrote to us hears what became of it although others were busy: of these as many again.
        let times = if notice.audience() == Audience::Actor { 2 } else { 1 };
        // Customers' mails in all are counted apart.
        let in_all =
            notice.audience() == Audience::Requester || all < times * i64::from(limits.notices_per_hour);
        in_all && about_it < times * i64::from(limits.automatic_per_ticket_hour)
    }

    /// Everybody on the staff list, with how many automatic mails each got
    /// within the last hour.
    pub(super) async fn staff_with_room(
        &self,
        conn: &mut Conn,
        now: Timestamp,
    ) -> Result<Vec<(Reader, i64)>, DeskError> {
        let staff = self.staff_who(conn, |_| true, None, now).await?;
        if staff.is_empty() {
            return Ok(Vec::new());
        }
        let addresses: Vec<&EmailAddress> = staff.iter().map(|reader| &reader.named.address).collect();
        let hour_ago = now - SignedDuration::from_hours(1);
        let counts = store::outbox::automatic_counts(conn, TicketId(0), &addresses, hour_ago).await?;
        let count = |reader: &Reader| counts.get(reader.named.address.as_str()).map_or(0, |(_, all)| *all);
        Ok(staff.into_iter().map(|reader| (reader.clone(), count(&reader))).collect())
    }

    /// Those of them who hear of a ticket that is just being opened; counts them.
    pub(super) async fn with_room(
        &self,
        conn: &mut Conn,
        staff: &mut [(Reader, i64)],
        hears: impl Fn(&Staff) -> bool + Send,
        occasion: &Occasion<'_>,
        notice: Notice,
        now: Timestamp,
    ) -> Result<Vec<Reader>, DeskError> {
        let mut within = Vec::new();
        let hears = |reader: &Reader| {
            let address = &reader.named.address;
            Some(address) != occasion.actor && self.settings.staff_by_email(address).is_some_and(&hears)
        };
        let others = staff.iter_mut().filter(|(reader, _)| hears(reader));
        for (reader, all) in others {
            if self.has_room(notice, 0, *all) {
                *all += 1;
                within.push(reader.clone());
            } else {
                self.quieted(conn, notice, occasion.ticket.id, &reader.named.address, now).await?;
            }
        }
        Ok(within)
    }
}
