//! What is so about a ticket: its severity, level, product, whose it is, who takes part.

use serde_json::json;

use super::{Changed, Hand};
use crate::{
    desk::{Desk, DeskError},
    domain::{EmailAddress, NamedAddress, TicketId, text},
    settings::Product,
    store::{
        self, Conn,
        tickets::{self, Ticket},
    },
    ticket::{Happening, Notice, Severity, Status},
};

impl Desk {
    pub(super) async fn set_facts(
        &self,
        conn: &mut Conn,
        id: TicketId,
        hand: &Hand<'_>,
        changed: &mut Changed,
    ) -> Result<(), DeskError> {
        let Hand { wanted, actor, now, .. } = *hand;
        let before = tickets::lock(conn, id).await?.ok_or(DeskError::NoTicket(id))?;
        if let Some(severity) = wanted.severity.filter(|new| before.severity() != Some(*new)) {
            self.set_severity(conn, &before, severity, hand, changed).await?;
        }
        if let Some(level) = wanted.level.filter(|new| before.level() != Some(*new)) {
            let fact = tickets::Change { level: Some(level.number()), ..Default::default() };
            tickets::change(conn, id, fact, now).await?;
            let detail = json!({ "from": before.level(), "to": level });
            store::journal::write(conn, id, actor.address.as_str(), Happening::Level, detail, now).await?;
            changed.done.push(format!("level is {level}"));
        }
        if let Some(waits) = wanted.waits {
            self.set_waiting(conn, &before, waits, hand, changed).await?;
        }
        if let Some(product) = &wanted.product {
            self.set_product(conn, &before, product.as_deref(), hand, changed).await?;
        }
        let moved = match &wanted.queue {
            Some(queue) => {
                let queue = queue.as_deref().map(|name| self.queue(name)).transpose()?;
                self.settle_queue(conn, id, Some(queue), actor, changed, now).await?
            }
            None if wanted.level.is_some() || wanted.product.is_some() => {
                self.settle_queue(conn, id, None, actor, changed, now).await?
            }
            None => false,
        };
        // Whom staff name has it, wherever they work.
        if moved && wanted.assignee.is_none() && !wanted.assign_anew {
            self.settle_assignee(conn, id, actor, changed, now).await?;
        }
        if wanted.assign_anew {
            let moved = self.ticket(conn, id).await?;
            self.assign_anew(conn, &moved, actor, changed, now).await?;
        }
        if let Some(assignee) = &wanted.assignee {
            self.set_assignee(conn, &before, assignee.as_ref(), hand, changed).await?;
        }
        self.set_company(conn, &before, wanted, actor, changed, now).await?;
        if let Some(of) = wanted.duplicate_of {
            if of == id {
                return Err(DeskError::DuplicateOfItself);
            }
            self.ticket(conn, of).await?;
            let fact = tickets::Change { duplicate_of: Some(of.0), ..Default::default() };
            tickets::change(conn, id, fact, now).await?;
        }
        Ok(())
    }

    async fn set_waiting(
        &self,
        conn: &mut Conn,
        before: &Ticket,
        waits: bool,
        hand: &Hand<'_>,
        changed: &mut Changed,
    ) -> Result<(), DeskError> {
        if waits && before.status.0 == Status::Closed {
            return Err(DeskError::Hindered("it is closed, and waits for nobody".to_owned()));
        }
        let answer = match waits {
            true => "it waits for the customer, and the clocks pause",
            false => "it waits for the customer no longer",
        };
        changed.done.push(answer.to_owned());
        if before.waiting_for_customer == waits {
            return Ok(());
        }
        let fact = tickets::Change { waiting_for_customer: Some(waits), ..Default::default() };
        tickets::change(conn, before.id, fact, hand.now).await?;
        let detail = json!({ "customer": waits });
        store::journal::write(
            conn,
            before.id,
            hand.actor.address.as_str(),
            Happening::Waiting,
            detail,
            hand.now,
        )
        .await?;
        Ok(())
    }

    async fn set_product(
        &self,
        conn: &mut Conn,
        before: &Ticket,
        wanted: Option<&str>,
        hand: &Hand<'_>,
        changed: &mut Changed,
    ) -> Result<(), DeskError> {
        let product = match wanted {
            Some(name) => Some(self.product(name)?.name.clone()),
            None => None,
        };
        if before.product == product {
            return Ok(());
        }
        changed.done.push(format!("product is {}", product.as_deref().unwrap_or("unknown")));
        let detail = json!({ "from": before.product, "to": product });
        let fact = tickets::Change { product: Some(product), ..Default::default() };
        tickets::change(conn, before.id, fact, hand.now).await?;
        store::journal::write(
            conn,
            before.id,
            hand.actor.address.as_str(),
            Happening::Product,
            detail,
            hand.now,
        )
        .await?;
        Ok(())
    }

    fn product(&self, name: &str) -> Result<&Product, DeskError> {
        self.settings.product(name).ok_or_else(|| {
            let known: Vec<&str> =
                self.settings.products.iter().map(|product| product.name.as_str()).collect();
            DeskError::NoProduct { name: text::line(name), known: known.join(", ") }
        })
    }

    async fn set_severity(
        &self,
        conn: &mut Conn,
        before: &Ticket,
        severity: Severity,
        hand: &Hand<'_>,
        changed: &mut Changed,
    ) -> Result<(), DeskError> {
        let Hand { wanted, goal, actor, now } = *hand;
        let severities = &self.settings.severity;
        if !severities.has(severity) {
            return Err(DeskError::NoSuchSeverity { given: severity, known: severities.known() });
        }
        if before.severity().is_some_and(|old| severity > old) && wanted.reason.is_none() {
            return Err(DeskError::LoweredWithoutReason);
        }
        let fact = tickets::Change { severity: Some(severity.number()), ..Default::default() };
        tickets::change(conn, before.id, fact, now).await?;
        let detail = json!({ "from": before.severity(), "to": severity, "reason": wanted.reason });
        store::journal::write(conn, before.id, actor.address.as_str(), Happening::Severity, detail, now)
            .await?;
        changed.done.push(format!("severity is {severity}"));
        self.follow(conn, before, Some(&actor.address), now).await?;
        // The acceptance in the same breath tells the severity itself.
        if before.status.0 == Status::New && goal.is_some_and(|(_, means)| means == Status::Accepted) {
            return Ok(());
        }
        let after = self.ticket(conn, before.id).await?;
        let mut occasion = self.occasion(conn, &after).await?;
        occasion.actor = Some(&actor.address);
        occasion.context.first_rating = before.severity().is_none();
        occasion.context.words = wanted.reason.clone();
        occasion.context.author = Some(actor.called().to_owned());
        occasion.context.next_update = self.next_update(conn, &after, now).await?;
        // Before somebody has taken the ticket on, the customer is promised nothing;
        // stakeholders hear of it at once.
        let owed: &[Notice] = match before.status.0 {
            Status::New => &[Notice::StaffSeverity, Notice::StakeholderUpdate],
            _ => &[Notice::SeverityChanged, Notice::StaffSeverity, Notice::StakeholderUpdate],
        };
        for &notice in owed {
            changed.mails += self.owe(conn, notice, &occasion, now).await?;
        }
        Ok(())
    }

    async fn set_assignee(
        &self,
        conn: &mut Conn,
        before: &Ticket,
        assignee: Option<&EmailAddress>,
        hand: &Hand<'_>,
        changed: &mut Changed,
    ) -> Result<(), DeskError> {
        let Hand { actor, now, .. } = *hand;
        let person = match assignee {
            None => None,
            Some(address) => {
                let staff = self.settings.staff.iter().find(|staff| staff.email == *address);
                let staff = staff.ok_or_else(|| DeskError::NotStaff(address.clone()))?;
                let named = NamedAddress::new(&staff.name, staff.email.clone());
                Some(store::people::learn(conn, &named, None, now).await?.id)
            }
        };
        if person == before.assignee() {
            return Ok(());
        }
        let fact = tickets::Change { assignee_id: Some(person.map(|id| id.0)), ..Default::default() };
        tickets::change(conn, before.id, fact, now).await?;
        match assignee {
            Some(address) => store::assignees::got_one(conn, before.id, address, now).await?,
            None => store::assignees::give_up(conn, before.id).await?,
        }
        let detail = json!({ "to": assignee });
        store::journal::write(conn, before.id, actor.address.as_str(), Happening::Assignee, detail, now)
            .await?;
        changed.done.push(match assignee {
            Some(address) => format!("assigned to {address}"),
            None => "assigned to nobody".into(),
        });
        self.follow(conn, before, Some(&actor.address), now).await?;
        if person.is_some() {
            changed.mails += self.tell_assignee(conn, before.id, None, Some(actor), now).await?;
        }
        Ok(())
    }
}
