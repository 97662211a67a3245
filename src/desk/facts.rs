//! What the database knows that bears on one mail.

use std::collections::{HashMap, HashSet};

use super::{Desk, DeskError, case::Case};
use crate::{
    domain::{EmailAddress, EnvelopeSender, InboundMail, Kind, PersonId, Slot, TicketId},
    mail::{self, Clues},
    report::Presence,
    store::{self, Conn, participants::Part, slots::SlotRow, tickets::Ticket},
    ticket::{Status, workflow::Event},
    triage::{self, Author, Candidate, Facts, KnownIds, Returned, Signal},
};

impl Desk {
    /// Collects the facts, and locks the tickets that the mail may join.
    pub(super) async fn facts(&self, conn: &mut Conn, case: &Case<'_>) -> Result<Facts, DeskError> {
        let duplicate = case.known.duplicate;
        if duplicate.is_some() {
            return Ok(Facts { duplicate, ..Facts::default() });
        }
        let mail = case.mail;
        let clues = mail::clues(mail, &self.ours(Some(case.mailbox)));
        let returned = match mail.kind {
            Kind::Bounce => self.returned(conn, mail, &clues).await?,
            _ => None,
        };
        let candidates = self.candidates(conn, case, &clues).await?;
        let answered = self.answered_mail(conn, case, &clues).await?;
        let author = mail.author().map(|author| self.author(&author.address, case.known.automatic));
        let (author, blocked) = (author.unwrap_or_default(), case.known.blocked.clone());
        let wanted = case.incoming.wanted_by.clone();
        Ok(Facts { duplicate, candidates, returned, answered, author, blocked, wanted })
    }

    pub(super) fn author(&self, address: &EmailAddress, automatic: i64) -> Author {
        let stakeholders = &self.settings.stakeholders;
        Author {
            staff: self.is_staff(address),
            product_owner: stakeholders.iter().any(|each| each.product_owner && each.email == *address),
            automatic_last_hour: u32::try_from(automatic).unwrap_or(u32::MAX),
        }
    }

    /// The tickets a mail points at, strongest signal first, each once.
    async fn candidates(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        clues: &Clues,
    ) -> Result<Vec<Candidate>, DeskError> {
        let author = case.known.author.as_ref().map(|person| person.id);
        let mut pointed = pointed(conn, case, clues).await?;
        let merged = without_merged(conn, &mut pointed).await?;
        let mut followed = with_followers(conn, &mut pointed).await?;
        followed.extend(merged);
        let tickets: Vec<TicketId> = pointed.iter().map(|(ticket, _)| *ticket).collect();
        let parts = match author {
            Some(person) if !tickets.is_empty() => {
                store::participants::parts_of(conn, person, &tickets).await?
            }
            _ => HashMap::new(),
        };
        let left = match author {
            Some(person) if !tickets.is_empty() => {
                store::participants::left_by(conn, person, &tickets).await?
            }
            _ => Vec::new(),
        };
        let tokens: Vec<TicketId> = clues
            .reply_tags
            .iter()
            .filter(|(_, person)| Some(*person) == author)
            .map(|(ticket, _)| *ticket)
            .collect();

        // Locked in the order of their numbers, so that two mails never wait for
        // each other.
        let mut in_order = pointed.clone();
        in_order.sort_by_key(|(ticket, _)| *ticket);
        let mut candidates = Vec::new();
        for (ticket, signal) in in_order {
            if let Some(stored) = store::tickets::lock(conn, ticket).await? {
                let continues = followed.get(&ticket).copied();
                let part = parts.get(&ticket).copied();
                candidates.push(Candidate {
                    continues,
                    left: left.contains(&ticket),
                    holds_token: tokens.contains(&continues.unwrap_or(ticket)),
                    ..self.bears_on(conn, &stored, signal, (author, part)).await?
                });
            }
        }
        candidates.sort_by_key(|candidate| {
            (candidate.signal, pointed.iter().position(|(ticket, _)| *ticket == candidate.ticket))
        });
        Ok(candidates)
    }

    /// A ticket as it bears on words of somebody who takes part in it as this, or not at all.
    pub(super) async fn bears_on(
        &self,
        conn: &mut Conn,
        stored: &Ticket,
        signal: Signal,
        (author, part): (Option<PersonId>, Option<Part>),
    ) -> Result<Candidate, DeskError> {
        let customer = super::actors::customer(stored, author);
        let (missing, unsure) = open_slots(conn, stored).await?;
        Ok(Candidate {
            ticket: stored.id,
            signal,
            continues: None,
            status: stored.status.0,
            spam: stored.spam,
            closed_at: stored.closed_at.map(|at| at.to_jiff()),
            reopens: self.step(stored, Event::Reopen, customer).is_ok(),
            participant: part.is_some(),
            left: false,
            requester: part == Some(Part::Requester),
            holds_token: false,
            severity: stored.severity(),
            missing,
            unsure,
            asks: u32::try_from(stored.asks).unwrap_or(0),
            last_asked_at: stored.last_asked_at.map(|at| at.to_jiff()),
            incomplete: stored.incomplete,
        })
    }

    /// The mail of ours that a bounce is about: by the returned Message-ID, else
    /// by the signed address it was sent to.
    async fn returned(
        &self,
        conn: &mut Conn,
        mail: &InboundMail,
        clues: &Clues,
    ) -> Result<Option<Returned>, DeskError> {
        let mut ids = mail.bounce.as_ref().map(|bounce| bounce.original_ids.clone()).unwrap_or_default();
        // Who answers a mail of ours is no witness that it failed.
        if is_sure_report(mail) {
            ids.extend(clues.ids.iter().cloned());
        }
        let mut line = match ids.is_empty() {
            true => None,
            false => store::outbox::by_header_ids(conn, &ids).await?,
        };
        if let (None, Some((ticket, person))) = (&line, clues.reply_tags.first())
            && let Some(person) = store::people::find(conn, *person).await?
            && let Some(named) = person.named()
        {
            line = store::outbox::last_to(conn, *ticket, &named.address).await?;
        }
        let line = line.and_then(|line| Some((line.ticket_id.map(TicketId)?, line)));
        Ok(line.map(|(ticket, line)| Returned {
            item: line.id,
            ticket,
            notice: line.notice.0,
            recipient: line.recipient,
            known: line.bounced_at.is_some(),
        }))
    }
}

/// Whether more than words makes it a report: its path, a report's part, or a server's code.
fn is_sure_report(mail: &InboundMail) -> bool {
    let is_part = |mime: &str| mime.ends_with("delivery-status") || mime.contains("rfc822");
    mail.envelope_sender == EnvelopeSender::Null
        || mail.attachments.iter().any(|part| is_part(&part.mime))
        || mail.bounce.as_ref().is_some_and(|report| {
            report.status.is_some() || report.reply_code.is_some() || !report.original_ids.is_empty()
        })
}

/// The tickets that a mail points at.
async fn pointed(
    conn: &mut Conn,
    case: &Case<'_>,
    clues: &Clues,
) -> Result<Vec<(TicketId, Signal)>, DeskError> {
    let mut known = KnownIds::default();
    if !clues.ids.is_empty() {
        let ids: Vec<_> = clues.ids.iter().collect();
        known.entries = store::messages::by_header_ids(conn, &clues.ids).await?;
        known.answered = store::references::tickets_answering(conn, &ids).await?;
    }
    let own_id = case.mail.message_id.as_ref();
    if let Some(id) = own_id {
        known.answered.insert(id.key(), case.known.answered_by.clone());
    }
    Ok(triage::pointed(clues, own_id, &known))
}

/// Puts before each ticket those that continue it, where such were opened: a second late
/// answer goes where the first went. Gives, for each of them, the one that was pointed at.
async fn with_followers(
    conn: &mut Conn,
    pointed: &mut Vec<(TicketId, Signal)>,
) -> Result<HashMap<TicketId, TicketId>, DeskError> {
    let mut followed: HashMap<TicketId, TicketId> = HashMap::new();
    let mut fresh: Vec<TicketId> = pointed.iter().map(|(ticket, _)| *ticket).collect();
    for _ in 0..MOST_FOLLOWED {
        if fresh.is_empty() {
            break;
        }
        let mut found = store::tickets::continuing(conn, &fresh).await?;
        found.retain(|(follower, _)| !followed.contains_key(follower));
        // The newest last, so that it ends up first.
        for &(follower, old) in found.iter().rev() {
            // It may be pointed at itself, by something weaker.
            pointed.retain(|(ticket, _)| *ticket != follower);
            let Some(at) = pointed.iter().position(|(ticket, _)| *ticket == old) else { continue };
            pointed.insert(at, (follower, pointed[at].1));
            followed.insert(follower, followed.get(&old).copied().unwrap_or(old));
        }
        fresh = found.into_iter().map(|(follower, _)| follower).collect();
    }
    Ok(followed)
}

/// What points at a ticket that is part of another points at that one. Gives, for each of them, the one that was
/// pointed at.
async fn without_merged(
    conn: &mut Conn,
    pointed: &mut Vec<(TicketId, Signal)>,
) -> Result<HashMap<TicketId, TicketId>, DeskError> {
    let mut merged: HashMap<TicketId, TicketId> = HashMap::new();
    for _ in 0..MOST_FOLLOWED {
        let ids: Vec<TicketId> = pointed.iter().map(|(ticket, _)| *ticket).collect();
        let found = match ids.is_empty() {
            true => Vec::new(),
            false => store::tickets::merged(conn, &ids).await?,
        };
        if found.is_empty() {
            break;
        }
        for (from, into) in found {
            for (ticket, _) in pointed.iter_mut().filter(|(ticket, _)| *ticket == from) {
                *ticket = into;
            }
            let first = merged.remove(&from).unwrap_or(from);
            merged.entry(into).or_insert(first);
        }
    }
    // Pointed at in two ways, a ticket is looked at once, by the stronger.
    let mut seen = HashSet::new();
    pointed.retain(|(ticket, _)| seen.insert(*ticket));
    Ok(merged)
}

/// So many times one ticket may continue another before we stop to look.
const MOST_FOLLOWED: usize = 5;

/// The facts a ticket's report still lacks.
pub(super) async fn missing(conn: &Conn, ticket: &store::tickets::Ticket) -> Result<Vec<Slot>, DeskError> {
    Ok(open_slots(conn, ticket).await?.0)
}

/// The same, of slots that are at hand.
pub(super) fn missing_of(ticket: &store::tickets::Ticket, slots: &[SlotRow]) -> Vec<Slot> {
    open_of(ticket, slots).0
}

/// The facts a ticket's report still lacks, and those of which the gate is unsure.
async fn open_slots(
    conn: &Conn,
    ticket: &store::tickets::Ticket,
) -> Result<(Vec<Slot>, Vec<Slot>), DeskError> {
    match asks(ticket) {
        true => Ok(open_of(ticket, &store::slots::of(conn, ticket.id).await?)),
        false => Ok((Vec::new(), Vec::new())),
    }
}

/// Whether a report is to be complete.
fn asks(ticket: &store::tickets::Ticket) -> bool {
    ticket.problem_report && ticket.status.0 != Status::Closed
}

fn open_of(ticket: &store::tickets::Ticket, slots: &[SlotRow]) -> (Vec<Slot>, Vec<Slot>) {
    let (mut missing, mut unsure) = (Vec::new(), Vec::new());
    for row in slots.iter().filter(|_| asks(ticket)) {
        match row.verdict.0 {
            Presence::Missing => missing.push(row.slot.0),
            Presence::Unsure if row.is_the_gates() => unsure.push(row.slot.0),
            _ => {}
        }
    }
    (missing, unsure)
}

#[cfg(test)]
mod tests {
    use super::is_sure_report;
    use crate::mail::{Ours, read};

    #[test]
    fn an_answer_is_no_witness_that_our_mail_failed() {
        for (raw, is_sure) in [
            ("From: mailer-daemon@example.org\nIn-Reply-To: <a@desk.test>\n\nNot delivered.\n", false),
            ("From: mailer-daemon@example.org\nReturn-Path: <>\n\nNot delivered.\n", true),
            ("From: mailer-daemon@example.org\n\n<bob@example.org>: 550 5.1.1 no such user\n", true),
            (
                "From: mailer-daemon@example.org\n\nIt failed.\n\nReceived: x\nMessage-ID: <a@desk.test>\n",
                true,
            ),
        ] {
            assert_eq!(is_sure_report(&read(raw.as_bytes(), &Ours::nobody())), is_sure, "{raw}");
        }
    }
}
