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
    domain::{InboundId, InboundMail, Kind, MailboxId, MessageRowId, Slot, TicketId},
    mail,
    render::{Context, GateView},
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
        let mut case = Case { mailbox, mailbox_id, mail, verdict, fingerprint, now, author: None };
        match self.take_in_once(conn, inbound, &mut case).await {
            // Its twin was committed while we worked; now we see it.
            Err(DeskError::Raced) => self.take_in_once(conn, inbound, &mut case).await,
            other => other,
        }
    }

    async fn take_in_once(
        &self,
        conn: &mut Conn,
        inbound: InboundId,
        case: &mut Case<'_>,
    ) -> Result<Taken, DeskError> {
        conn.transaction(async |conn| {
            let named: Vec<_> =
                case.mail.from.iter().chain(&case.mail.cc).map(|each| &each.address).collect();
            store::people::hold(conn, &named).await?;
            let facts;
            (facts, case.author) =
                self.facts(conn, case.mailbox, case.mail, &case.fingerprint, case.now).await?;
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
        let person = author.as_ref().map(|author| author.id);
        let gated = opening.source == Source::Customer && mail.kind == Kind::Human && verdict.problem_report;
        let new = NewTicket {
            mailbox: case.mailbox_id,
            subject: &mail.subject,
            source: opening.source,
            language: mail.language.unwrap_or(self.settings.site.language),
            requester: person,
            problem_report: gated,
            follow_up_of: opening.follow_up_of,
            asked: opening.answer == Answer::Full { ask: true },
        };
        let ticket = store::tickets::open(conn, &new, *now).await?;
        if let Some(person) = person {
            store::tickets::add_participant(conn, ticket.id, person, Part::Requester, SYSTEM, *now).await?;
        }
        if opening.cc_take_part {
            self.add_cc(conn, case, ticket.id).await?;
        }
        let message = self.record(conn, case, ticket.id, person, false).await?;
        if gated {
            let findings = [Slot::Steps, Slot::Actual, Slot::Expected].map(|slot| (slot, verdict.of(slot)));
            store::slots::put(conn, ticket.id, findings, Some(message), "gate", *now).await?;
        }
        self.journal_opening(conn, case, ticket.id, opening, why).await?;
        let occasion = self.first_occasion(&ticket, case.mailbox, author);
        self.answer_opening(conn, case, occasion.clone(), opening.answer).await?;
        let gate = gated.then(|| understood(verdict, true));
        self.tell_staff(conn, case, occasion, Notice::StaffNew, gate, &opening.related).await?;
        Ok((ticket.id, message))
    }

    async fn journal_opening(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        ticket: TicketId,
        opening: &Opening,
        why: &[String],
    ) -> Result<(), DeskError> {
        let related: Vec<i64> = opening.related.iter().map(|id| id.0).collect();
        let opened = ("opened", json!({ "why": why, "related": related, "source": opening.source }));
        if opening.answer == (Answer::Full { ask: true }) {
            let asked = ("asked", json!({ "missing": case.verdict.missing(), "time": 1 }));
            store::journal::write_all(conn, ticket, SYSTEM, [opened, asked], case.now).await?;
        } else {
            store::journal::write_all(conn, ticket, SYSTEM, [opened], case.now).await?;
        }
        Ok(())
    }

    async fn answer_opening(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        occasion: Occasion<'_>,
        answer: Answer,
    ) -> Result<(), DeskError> {
        let (neutral, ask) = match answer {
            Answer::Nothing => return Ok(()),
            Answer::Neutral => (true, false),
            Answer::Full { ask } => (false, ask),
        };
        let mut occasion = Occasion { answers: case.mail.message_id.as_ref(), ..occasion };
        occasion.context.neutral = neutral;
        occasion.context.gate =
            (!neutral && case.verdict.problem_report).then(|| understood(case.verdict, ask));
        self.owe(conn, Notice::Acknowledged, &occasion, case.now).await.map(drop)
    }

    async fn join(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        joining: &Joining,
        why: &[String],
    ) -> Result<MessageRowId, DeskError> {
        let (ticket, now) = (joining.ticket, case.now);
        let author = self.remember_author(conn, case).await?.map(|author| author.id);
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
                self.tell_of_reply(conn, case, ticket).await?;
            }
            return Ok(message);
        }
        self.fill_slots(conn, case, joining, message).await?;
        if joining.reopen {
            self.reopen(conn, case, ticket).await?;
        } else {
            let heard = Change { waiting_for_customer: Some(false), ..Change::default() };
            store::tickets::change(conn, ticket, heard, now).await?;
            self.tell_of_reply(conn, case, ticket).await?;
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
        self.make_step(conn, &before, &step, by).await.map(drop)
    }

    async fn tell_of_reply(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        ticket: TicketId,
    ) -> Result<(), DeskError> {
        let stored = self.ticket(conn, ticket).await?;
        let gate = match stored.problem_report {
            true => Some(self.standing(conn, ticket).await?),
            false => None,
        };
        let occasion = self.occasion(conn, &stored).await?;
        self.tell_staff(conn, case, occasion, Notice::StaffReply, gate, &[]).await
    }

    async fn tell_staff<'a>(
        &self,
        conn: &mut Conn,
        case: &'a Case<'_>,
        mut occasion: Occasion<'a>,
        notice: Notice,
        gate: Option<GateView>,
        related: &[TicketId],
    ) -> Result<(), DeskError> {
        let mail = case.mail;
        // Whoever only writes our agent's name into From must not keep the agent from hearing.
        occasion.actor = mail.proven_author().map(|author| &author.address);
        let context = &mut occasion.context;
        context.gate = gate;
        context.words = Some(mail.body.own.clone()).filter(|own| !own.trim().is_empty());
        context.author = mail.author().map(line_of);
        context.related = related.iter().map(|id| self.reference(*id)).collect();
        context.caution = caution(mail);
        context.attachments = mail.attachments.iter().map(|file| file.name.clone()).collect();
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
        let mut occasion = self.occasion(conn, &stored).await?;
        occasion.answers = case.mail.message_id.as_ref();
        fill(&mut occasion.context);
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
