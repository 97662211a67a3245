//! Mails are taken in: facts, decisions, deeds, in one transaction.
//!
//! Mails that have nothing to do with each other, as most of a full mailbox have, are
//! taken in together: what one of them asks of the database, it asks for all. One
//! that answers something is taken in alone.

mod stretches;

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde_json::json;

use super::{
    Desk, DeskError,
    actors::customer,
    case::{Case, Entry, caution},
    handle::By,
    opening::New,
    post::{Occasion, line_of},
    question::Answering,
    trial::Word,
};
use crate::{
    domain::{EmailAddress, InboundId, InboundMail, Kind, MailboxId, MessageRowId, TicketId},
    mail,
    render::GateView,
    report::Verdict,
    store::{self, Conn, inbound::Outcome, journal::SYSTEM, tickets::Change},
    ticket::{Happening, Notice, Status, workflow},
    triage::{self, Deed, Joining, Role, Trial},
};

use stretches::stretches;

/// How often a transaction is tried when others beside it are in its way.
const TRIES: u32 = 3;

/// The mails that another answers directly come first among those it refers to.
const MOST_ANSWERED: usize = 3;

/// A mail that was read, to be taken in.
pub struct Incoming {
    /// Its row of the ledger.
    pub inbound: InboundId,
    /// The mailbox it came into.
    pub mailbox: MailboxId,
    /// What it says.
    pub mail: InboundMail,
    /// What the gate found in it.
    pub verdict: Verdict,
    /// What the gate found in the mail that it passes on.
    pub passed_on: Option<Verdict>,
    /// The member of staff who wants it taken in although it was set aside.
    pub wanted_by: Option<String>,
}

impl Incoming {
    /// Whose mail this is, as far as anybody else's decision could hang on it.
    fn addresses(&self) -> impl Iterator<Item = &EmailAddress> {
        let passed_on = self.mail.forwarded().and_then(|forwarded| forwarded.mail.author());
        self.mail.from.iter().chain(&self.mail.cc).chain(passed_on).map(|named| &named.address)
    }
}

/// What became of a mail.
#[derive(Clone, Debug)]
pub struct Taken {
    /// One word, as the ledger keeps it.
    pub word: &'static str,
    /// The ticket it went to.
    pub ticket: Option<TicketId>,
}

impl Desk {
    /// Cuts a row of mails into stretches that may be taken in together: nothing in a
    /// stretch answers anything, and no two mails in it are of one person.
    pub fn stretches<'a>(&self, mails: &'a [Incoming]) -> Vec<&'a [Incoming]> {
        stretches(mails, |incoming| self.answers_nothing(&incoming.mail))
    }

    fn answers_nothing(&self, mail: &InboundMail) -> bool {
        let clues = mail::clues(mail, &self.ours(None));
        mail.kind != Kind::Bounce && clues.is_empty()
    }

    /// Takes mails in, all or none: makes their tickets or entries, fills slots, queues
    /// what is owed, and finishes their rows of the ledger, in whose order the answer is.
    /// Doing it again changes nothing. Whoever calls this announces that there may be
    /// something to send.
    ///
    /// # Errors
    /// Nothing was kept then. [`DeskError::is_database`] tells whether the mails
    /// are to blame.
    pub async fn take_in(
        &self,
        conn: &mut Conn,
        mails: &[Incoming],
        now: Timestamp,
    ) -> Result<Vec<Taken>, DeskError> {
        let mut cases = Vec::new();
        for incoming in mails {
            let mailbox = self.mailbox(conn, incoming.mailbox).await?;
            cases.push(self.case(mailbox, incoming, now));
        }
        for _ in 1..TRIES {
            match self.take_in_once(conn, &mut cases, now).await {
                // Its twin was committed while we worked, or others stood in the way.
                Err(error) if error.may_pass() => {}
                other => return other,
            }
        }
        self.take_in_once(conn, &mut cases, now).await
    }

    async fn take_in_once(
        &self,
        conn: &mut Conn,
        cases: &mut [Case<'_>],
        now: Timestamp,
    ) -> Result<Vec<Taken>, DeskError> {
        conn.transaction(async |conn| {
            let people: Vec<_> = cases.iter().flat_map(|case| case.incoming.addresses()).collect();
            store::people::hold(conn, &people).await?;
            self.look_up(conn, cases, now).await?;
            let mut outcomes = self.carry_out(conn, cases, now).await?;
            // In the order in which others lock these rows, and in which the caller counts.
            outcomes.sort_by_key(|(id, _)| *id);
            if !store::inbound::finish(conn, &outcomes, now).await? {
                return Err(DeskError::Raced);
            }
            let taken = |(_, outcome): &(_, Outcome)| Taken { word: outcome.word, ticket: outcome.ticket };
            Ok(outcomes.iter().map(taken).collect())
        })
        .await
    }

    async fn carry_out(
        &self,
        conn: &mut Conn,
        cases: &[Case<'_>],
        now: Timestamp,
    ) -> Result<Vec<(InboundId, Outcome)>, DeskError> {
        let (mut outcomes, mut new) = (Vec::new(), Vec::new());
        for case in cases {
            let facts = self.facts(conn, case).await?;
            let policy = self.policy(case.mailbox);
            let plan = triage::decide(case.mail, case.verdict, &facts, &policy, now);
            self.heed_cap(conn, case.mail, &facts, &policy, now).await?;
            let (case, mut plan) = self.on_behalf(case, plan, facts, &policy);
            let done = match plan.deed {
                Deed::Open(opening) => {
                    self.wait_for_earlier(conn, case).await?;
                    let rated = self.rated(case, &opening);
                    plan.why.extend(rated.as_ref().map(|rated| rated.why.clone()));
                    new.push(New { case, opening, rated, why: plan.why });
                    continue;
                }
                Deed::Duplicate { ticket, message } => ("duplicate", Some(ticket), Some(message)),
                Deed::SetAside => ("set-aside", None, None),
                Deed::Answer(answered) => {
                    self.hear_answer(conn, case, &answered).await?;
                    ("answer", None, None)
                }
                Deed::Bounced(returned) => {
                    self.note_bounce(conn, case, &returned).await?;
                    ("bounce", Some(returned.ticket), None)
                }
                Deed::Join(joining) => {
                    let message = Box::pin(self.join(conn, case, &joining, &plan.why)).await?;
                    let word = if joining.role == Role::Customer { "joined" } else { "noted" };
                    (word, Some(joining.ticket), Some(message))
                }
            };
            let (word, ticket, message) = done;
            outcomes.push((case.incoming.inbound, Outcome { word, why: plan.why, ticket, message }));
        }
        if !new.is_empty() {
            outcomes.extend(self.open(conn, new, now).await?);
        }
        Ok(outcomes)
    }

    /// What a mail answers may be in the hands of another worker, or put off: then it
    /// waits, and joins that ticket instead of opening another.
    async fn wait_for_earlier(&self, conn: &mut Conn, case: &Case<'_>) -> Result<(), DeskError> {
        let mut ids = mail::clues(case.mail, &self.ours(None)).ids;
        ids.truncate(MOST_ANSWERED);
        if ids.is_empty() {
            return Ok(());
        }
        match store::inbound::earlier(conn, case.incoming.inbound, &ids, case.now).await? {
            Some(earlier) => Err(DeskError::TooEarly(earlier)),
            None => Ok(()),
        }
    }

    async fn join(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        joining: &Joining,
        why: &[String],
    ) -> Result<MessageRowId, DeskError> {
        let (ticket, now) = (joining.ticket, case.now);
        let author =
            self.remember_authors(conn, &[case]).await?.into_iter().flatten().next().map(|author| author.id);
        let staff_only = joining.role != Role::Customer || joining.leaves;
        let entry = Entry { case, ticket, author, staff_only };
        let message = self.record(conn, &[entry], now).await?.into_iter().next().ok_or(DeskError::Raced)?;
        let event = match joining.role {
            Role::Customer => Happening::Joined,
            Role::Staff => Happening::StaffNote,
            Role::Machine => Happening::MachineNote,
        };
        store::journal::write(conn, ticket, SYSTEM, event, json!({ "why": why }), now).await?;
        if let (true, Some(person)) = (joining.leaves, author) {
            self.leaves_by_reply(conn, ticket, person, now).await?;
            return Ok(message);
        }
        if joining.role != Role::Customer {
            if joining.tell_staff {
                self.tell_of_reply(conn, case, joining).await?;
            }
            if joining.role == Role::Staff {
                Box::pin(self.obey(conn, case, message, ticket, author)).await?;
            }
            return Ok(message);
        }
        let stored = self.ticket(conn, ticket).await?;
        self.end_snooze(conn, &stored, "the customer wrote", now).await?;
        let answering = Answering::by_mail(case);
        self.fill_slots(conn, &answering, joining, message).await?;
        if joining.reopen {
            self.reopen(conn, case, ticket).await?;
        } else {
            let heard = Change { waiting_for_customer: Some(false), ..Change::default() };
            store::tickets::change(conn, ticket, heard, now).await?;
            if !self.heed_trial(conn, case, joining).await? {
                self.tell_of_reply(conn, case, joining).await?;
            }
            // Whoever says anything is silent no longer.
            self.stop_silence(conn, ticket).await?;
        }
        self.settle_question(conn, &answering, joining).await?;
        if joining.cc_take_part {
            // Last: whom the mail brings in is told of what comes after it.
            let there = store::participants::count(conn, ticket).await?;
            let brought = self.brought(conn, case, ticket, None, there).await?;
            store::participants::add(conn, &brought.joiners, now).await?;
            store::journal::write_all(conn, SYSTEM, brought.journal, now).await?;
        }
        Ok(message)
    }

    async fn reopen(&self, conn: &mut Conn, case: &Case<'_>, ticket: TicketId) -> Result<(), DeskError> {
        let before = self.ticket(conn, ticket).await?;
        let words = case.mail.body.own.clone();
        let actor = case.mail.author().map(|author| author.address.clone());
        let author = case.known.author.as_ref().map(|author| author.id);
        let step = self.step(&before, workflow::Event::Reopen, customer(&before, author))?;
        let by = By { actor: actor.as_ref(), words: Some(words), staffs_words: false, now: case.now };
        self.make_step(conn, &before, &step, by).await.map(drop)
    }

    async fn tell_of_reply(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        joining: &Joining,
    ) -> Result<(), DeskError> {
        let ticket = joining.ticket;
        let stored = self.ticket(conn, ticket).await?;
        let gate = match stored.problem_report && !joining.fills.is_empty() {
            true => Some(self.standing(conn, ticket).await?),
            false => None,
        };
        let completes = gate.as_ref().is_some_and(|gate| gate.missing.is_empty());
        let mut occasion = self.occasion(conn, &stored).await?;
        self.tell_about(&mut occasion, case, gate, &[]);
        let awaited = match stored.status.0 {
            Status::Resolved => true,
            Status::Verified => self.is_live(conn, ticket).await?,
            Status::New | Status::Accepted | Status::Closed => false,
        };
        let hint = hint(joining, stored.status.0).filter(|_| awaited);
        occasion.context.hint = match stored.spam {
            true => Some(SPAM.to_owned()),
            false => hint.or_else(|| completes.then(|| COMPLETE.to_owned())),
        };
        self.owe(conn, Notice::StaffReply, &occasion, case.now).await.map(drop)
    }

    /// What staff are told about the mail at hand.
    pub(super) fn tell_about<'a>(
        &self,
        occasion: &mut Occasion<'a>,
        case: &'a Case<'_>,
        gate: Option<GateView>,
        related: &[TicketId],
    ) {
        let mail = case.mail;
        // Whoever only writes our agent's name into From must not keep the agent from hearing.
        occasion.actor = case.told_by().map(|author| &author.address);
        let context = &mut occasion.context;
        context.gate = gate;
        context.words = Some(mail.body.own.clone()).filter(|own| !own.trim().is_empty());
        context.author = mail.author().map(line_of);
        context.related = related.iter().map(|id| self.reference(*id)).collect();
        context.caution = caution(case);
        context.attachments = mail.attachments.iter().map(|file| file.name.clone()).collect();
    }

    /// What the reporter says of a fix moves the ticket. Whether staff know by it what was written.
    async fn heed_trial(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        joining: &Joining,
    ) -> Result<bool, DeskError> {
        let Some(who) = case.mail.author() else { return Ok(false) };
        let ticket = self.ticket(conn, joining.ticket).await?;
        let words = case.mail.body.own.as_str();
        let answers = case.mail.message_id.as_ref();
        let files = case.mail.attachments.as_slice();
        let word = Word { who, words, files, by: "reply", answers, now: case.now };
        match joining.trial {
            Trial::Works => self.it_works(conn, &ticket, &word).await,
            Trial::Fails => self.still_fails(conn, &ticket, &word).await,
            Trial::Said(_) | Trial::Unclear | Trial::Nothing => Ok(false),
        }
    }

    pub(super) async fn ticket(
        &self,
        conn: &Conn,
        id: TicketId,
    ) -> Result<store::tickets::Ticket, DeskError> {
        store::tickets::find(conn, id).await?.ok_or(DeskError::NoTicket(id))
    }
}

/// Said to staff of a mail to a ticket that they took for spam.
const SPAM: &str = "The ticket is marked as spam and stays closed; #reopen takes the mark away.";

/// What staff should know about the reply that brings the last missing fact.
const COMPLETE: &str = "The report is complete now.";

/// What staff should know about a reply to a ticket whose fix is to be tried, or to be looked at once more.
fn hint(joining: &Joining, status: Status) -> Option<String> {
    if joining.role != Role::Customer {
        return None;
    }
    let what = match joining.trial {
        Trial::Works | Trial::Fails => return None,
        Trial::Said(what) => format!("It says {what}, but it is not surely the word of who reported it."),
        Trial::Unclear => "It says that the fix works and that it does not, or with a but.".to_owned(),
        Trial::Nothing => "It does not say whether the fix works.".to_owned(),
    };
    Some(format!("{what} The ticket stays {status}, and silence no longer ends it: you decide."))
}
