//! One mail is taken in: facts, decision, deeds, in one transaction.

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde_json::json;

use super::{
    Desk, DeskError,
    case::{Case, caution},
    handle::By,
    post::{Occasion, line_of},
    question::understood,
};
use crate::{
    domain::{InboundId, InboundMail, Kind, MailboxId, MessageRowId, Slot, TicketId, Word},
    mail,
    render::Context,
    report::Verdict,
    store::{
        self, Conn,
        inbound::Outcome,
        journal::SYSTEM,
        tickets::{Change, NewTicket, Part},
    },
    ticket::{Notice, Source, workflow},
    triage::{self, Answer, Deed, Joining, Opening, Plan, Role},
};

/// What became of a mail.
#[derive(Clone, Debug)]
pub struct Taken {
    /// One word, as the ledger keeps it.
    pub word: &'static str,
    /// The ticket it went to.
    pub ticket: Option<TicketId>,
}

impl Desk {
    /// Takes a mail in: makes its ticket or entry, fills slots, queues what is
    /// owed, and finishes its row of the ledger. Doing it again changes nothing.
    ///
    /// # Errors
    /// Nothing was kept then. [`DeskError::is_database`] tells whether the mail
    /// is to blame.
    pub async fn take_in(
        &self,
        conn: &mut Conn,
        inbound: InboundId,
        mailbox_id: MailboxId,
        mail: &InboundMail,
        verdict: &Verdict,
        now: Timestamp,
    ) -> Result<Taken, DeskError> {
        let mailbox = self.mailbox(conn, mailbox_id).await?;
        let fingerprint = mail::fingerprint(mail);
        let case = Case { mailbox, mailbox_id, mail, verdict, fingerprint, now };
        match self.take_in_once(conn, inbound, &case).await {
            // Its twin was committed while we worked; now we see it.
            Err(DeskError::Raced) => self.take_in_once(conn, inbound, &case).await,
            other => other,
        }
    }

    async fn take_in_once(
        &self,
        conn: &mut Conn,
        inbound: InboundId,
        case: &Case<'_>,
    ) -> Result<Taken, DeskError> {
        conn.transaction(async |conn| {
            let named: Vec<_> =
                case.mail.from.iter().chain(&case.mail.cc).map(|each| &each.address).collect();
            store::people::hold(conn, &named).await?;
            let facts = self.facts(conn, case.mailbox, case.mail, &case.fingerprint, case.now).await?;
            let policy = self.policy(case.mailbox);
            let plan = triage::decide(case.mail, case.verdict, &facts, &policy, case.now);
            let outcome = self.carry_out(conn, case, plan).await?;
            if !store::inbound::finish(conn, inbound, &outcome, case.now).await? {
                return Err(DeskError::Raced);
            }
            Ok(Taken { word: outcome.word, ticket: outcome.ticket })
        })
        .await
    }

    async fn carry_out(&self, conn: &mut Conn, case: &Case<'_>, plan: Plan) -> Result<Outcome, DeskError> {
        let Plan { deed, why } = plan;
        let (word, ticket, message) = match deed {
            Deed::Duplicate { ticket, message } => ("duplicate", Some(ticket), Some(message)),
            Deed::SetAside => ("set-aside", None, None),
            Deed::Bounced(returned) => {
                self.note_bounce(conn, case, &returned).await?;
                ("bounce", Some(returned.ticket), None)
            }
            Deed::Open(opening) => {
                let (ticket, message) = self.open(conn, case, &opening, &why).await?;
                ("opened", Some(ticket), Some(message))
            }
            Deed::Join(joining) => {
                let message = self.join(conn, case, &joining, &why).await?;
                let word = if joining.role == Role::Customer { "joined" } else { "noted" };
                (word, Some(joining.ticket), Some(message))
            }
        };
        Ok(Outcome { word, why, ticket, message })
    }

    async fn open(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        opening: &Opening,
        why: &[String],
    ) -> Result<(TicketId, MessageRowId), DeskError> {
        let Case { mail, verdict, now, .. } = case;
        let author = self.remember_author(conn, case).await?;
        let gated = opening.source == Source::Customer && mail.kind == Kind::Human && verdict.problem_report;
        let new = NewTicket {
            mailbox: case.mailbox_id,
            subject: &mail.subject,
            source: opening.source,
            language: mail.language.unwrap_or(self.settings.site.language),
            requester: author,
            problem_report: gated,
            follow_up_of: opening.follow_up_of,
        };
        let ticket = store::tickets::open(conn, &new, *now).await?;
        if let Some(person) = author {
            store::tickets::add_participant(conn, ticket, person, Part::Requester, SYSTEM, *now).await?;
        }
        if opening.cc_take_part {
            self.add_cc(conn, case, ticket).await?;
        }
        let message = self.record(conn, case, ticket, author, false).await?;
        if gated {
            for &slot in Slot::ALL {
                store::slots::put(conn, ticket, slot, verdict.of(slot), Some(message), "gate", *now).await?;
            }
        }
        let related: Vec<i64> = opening.related.iter().map(|id| id.0).collect();
        let detail = json!({ "why": why, "related": related, "source": opening.source });
        store::journal::write(conn, ticket, SYSTEM, "opened", detail, *now).await?;
        self.answer_opening(conn, case, ticket, opening.answer).await?;
        self.tell_staff(conn, case, ticket, Notice::StaffNew, &opening.related).await?;
        Ok((ticket, message))
    }

    async fn answer_opening(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        ticket: TicketId,
        answer: Answer,
    ) -> Result<(), DeskError> {
        let (neutral, ask) = match answer {
            Answer::Nothing => return Ok(()),
            Answer::Neutral => (true, false),
            Answer::Full { ask } => (false, ask),
        };
        if ask {
            self.count_ask(conn, case, ticket, 0).await?;
        }
        let gate = (!neutral && case.verdict.problem_report).then(|| understood(case.verdict, ask));
        self.write_to_requester(conn, case, ticket, Notice::Acknowledged, |context| {
            context.neutral = neutral;
            context.gate = gate;
        })
        .await
    }

    async fn join(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        joining: &Joining,
        why: &[String],
    ) -> Result<MessageRowId, DeskError> {
        let (ticket, now) = (joining.ticket, case.now);
        let author = self.remember_author(conn, case).await?;
        if joining.cc_take_part {
            self.add_cc(conn, case, ticket).await?;
        }
        let message = self.record(conn, case, ticket, author, joining.role != Role::Customer).await?;
        let event = match joining.role {
            Role::Customer => "joined",
            Role::Staff => "staff-note",
            Role::Machine => "machine-note",
        };
        store::journal::write(conn, ticket, SYSTEM, event, json!({ "why": why }), now).await?;
        if joining.role != Role::Customer {
            if joining.tell_staff {
                self.tell_staff(conn, case, ticket, Notice::StaffReply, &[]).await?;
            }
            return Ok(message);
        }
        self.fill_slots(conn, case, joining, message).await?;
        if joining.reopen {
            self.reopen(conn, case, ticket).await?;
        } else {
            let heard = Change { waiting_for_customer: Some(false), ..Change::default() };
            store::tickets::change(conn, ticket, heard, now).await?;
            self.tell_staff(conn, case, ticket, Notice::StaffReply, &[]).await?;
        }
        self.settle_question(conn, case, joining).await?;
        Ok(message)
    }

    async fn reopen(&self, conn: &mut Conn, case: &Case<'_>, ticket: TicketId) -> Result<(), DeskError> {
        let before = self.ticket(conn, ticket).await?;
        let step = workflow::step(before.status.0, workflow::Event::Reopen)?;
        let words = case.mail.body.own.clone();
        let actor = case.mail.author().map(|author| author.address.clone());
        let by = By { actor: actor.as_ref(), words: Some(words), staffs_words: false, now: case.now };
        let mailbox = self.mailbox(conn, before.mailbox_id).await?;
        self.make_step(conn, &before, &step, mailbox, by).await.map(drop)
    }

    async fn tell_staff(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        ticket: TicketId,
        notice: Notice,
        related: &[TicketId],
    ) -> Result<(), DeskError> {
        let stored = self.ticket(conn, ticket).await?;
        let mut context = self.context(conn, &stored).await?;
        context.gate = stored.problem_report.then_some(self.standing(conn, ticket).await?);
        context.words = Some(case.mail.body.own.clone()).filter(|own| !own.trim().is_empty());
        context.author = case.mail.author().map(line_of);
        context.related = related.iter().map(|id| self.reference(*id)).collect();
        context.caution = caution(case.mail);
        context.attachments = case.mail.attachments.iter().map(|file| file.name.clone()).collect();
        let occasion = Occasion {
            ticket: &stored,
            mailbox: self.mailbox(conn, stored.mailbox_id).await?,
            // Whoever only writes our agent's name into From must not keep the agent from hearing.
            actor: case.mail.proven_author().map(|author| &author.address),
            answers: None,
            context,
            severity_before: None,
        };
        self.owe(conn, notice, &occasion, case.now).await.map(drop)
    }

    pub(super) async fn write_to_requester(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        ticket: TicketId,
        notice: Notice,
        fill: impl FnOnce(&mut Context) + Send,
    ) -> Result<(), DeskError> {
        let stored = self.ticket(conn, ticket).await?;
        let mut context = self.context(conn, &stored).await?;
        fill(&mut context);
        let occasion = Occasion {
            ticket: &stored,
            mailbox: self.mailbox(conn, stored.mailbox_id).await?,
            actor: None,
            answers: case.mail.message_id.as_ref(),
            context,
            severity_before: None,
        };
        self.owe(conn, notice, &occasion, case.now).await.map(drop)
    }

    pub(super) async fn ticket(
        &self,
        conn: &mut Conn,
        id: TicketId,
    ) -> Result<store::tickets::Ticket, DeskError> {
        store::tickets::find(conn, id).await?.ok_or(DeskError::NoTicket(id))
    }
}
