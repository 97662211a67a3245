//! What staff do to a ticket: change it, answer its requester, leave a note.

use std::sync::Arc;

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde_json::json;

use super::{Desk, DeskError, facts::missing, silence::Awaited};
use crate::{
    domain::{Attachment, EmailAddress, NamedAddress, TicketId, Word, text},
    settings::Product,
    store::{
        self, Conn,
        messages::{Direction, NewMessage},
        pool::{News, announce},
        tickets::{self, Ticket},
    },
    ticket::{
        Audience, ClosedAs, Level, Notice, Severity, Status, reply,
        workflow::{self, Given, Goal},
    },
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

    async fn set_facts(
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
            store::journal::write(conn, id, actor.address.as_str(), "level", detail, now).await?;
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
        store::journal::write(conn, before.id, hand.actor.address.as_str(), "waiting", detail, hand.now)
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
        store::journal::write(conn, before.id, hand.actor.address.as_str(), "product", detail, hand.now)
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
        store::journal::write(conn, before.id, actor.address.as_str(), "severity", detail, now).await?;
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
        store::journal::write(conn, before.id, actor.address.as_str(), "assignee", detail, now).await?;
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

    async fn set_status(
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
        let step = workflow.go(self.state_of(&before), goal, given, self.actor_of(&actor.address))?;
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
    pub(super) async fn make_step(
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
        store::journal::write(conn, id, who, "status", detail, now).await?;
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

    /// Sends an agent's words to everybody who takes part. Returns how many mails.
    ///
    /// # Errors
    /// [`DeskError::NobodyToAnswer`] when the ticket's mail named no author.
    pub async fn reply(
        &self,
        conn: &mut Conn,
        id: TicketId,
        words: &str,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<usize, DeskError> {
        self.reply_with(conn, id, words, &Arc::default(), actor, now).await
    }

    /// The same with files.
    pub(super) async fn reply_with(
        &self,
        conn: &mut Conn,
        id: TicketId,
        words: &str,
        files: &Arc<[Attachment]>,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<usize, DeskError> {
        conn.transaction(async |conn| {
            let ticket = tickets::lock(conn, id).await?.ok_or(DeskError::NoTicket(id))?;
            if ticket.spam {
                return Err(DeskError::Hindered("the ticket is marked as spam; reopen it first".to_owned()));
            }
            // So that the entry knows whose words it has.
            store::people::learn(conn, actor, None, now).await?;
            let mut occasion = self.occasion(conn, &ticket).await?;
            occasion.actor = Some(&actor.address);
            occasion.context.words = Some(text::clean(words));
            occasion.context.author = Some(actor.called().to_owned());
            occasion.context.files = files.clone();
            let mails = self.owe(conn, Notice::Correspondence, &occasion, now).await?;
            if mails == 0 {
                return Err(DeskError::NobodyToAnswer(id));
            }
            if reply::asks(words) {
                let asked = tickets::Change { waiting_for_customer: Some(true), ..Default::default() };
                tickets::change(conn, id, asked, now).await?;
            }
            let detail = json!({ "mails": mails, "files": files.len() });
            store::journal::write(conn, id, actor.address.as_str(), "replied", detail, now).await?;
            announce(conn, News::Outbox).await?;
            Ok(mails)
        })
        .await
    }

    /// Leaves words that stay among staff.
    ///
    /// # Errors
    /// [`DeskError::NoTicket`].
    pub async fn note(
        &self,
        conn: &mut Conn,
        id: TicketId,
        words: &str,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        conn.transaction(async |conn| {
            self.ticket(conn, id).await?;
            let author = store::people::learn(conn, actor, None, now).await?.id;
            let words = text::clean(words);
            let entry = NewMessage {
                ticket: id,
                direction: Direction::Note,
                kind: "note",
                staff_only: true,
                author: Some(author),
                author_line: super::post::line_of(actor),
                subject: "",
                header_id: None,
                fingerprint: None,
                text: &words,
                own_text: &words,
                quoted_text: "",
                signature_text: "",
                html: None,
                language: None,
                written: Some(now),
            };
            store::messages::record(conn, &[entry], now).await?;
            store::journal::write(conn, id, actor.address.as_str(), "note", json!({}), now).await?;
            Ok(())
        })
        .await
    }
}
