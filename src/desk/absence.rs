//! Members of staff go away and come back; what is theirs meanwhile is told to leads.

use std::collections::BTreeSet;

use diesel_async::AsyncConnection;
use jiff::{Timestamp, civil::Date};

use super::{Change, Desk, DeskError, case::Case, command::refusal, duty::today};
use crate::{
    domain::{NamedAddress, OutboxId, TicketId, text},
    render::{Context, ListItem, TranscriptLine},
    settings::Staff,
    store::{
        self, Conn,
        absences::Absence,
        tickets::Ticket,
        timers::{NewTimer, Row},
    },
    ticket::{Notice, Timer, rights::Wish},
};

/// So many tickets of somebody stand in a list.
const MOST_LISTED: usize = 50;
/// So many lines of an answer are done.
const MOST_LINES: usize = 50;

impl Desk {
    /// Writes down that somebody is away, from today or a later day, and sees to it that leads hear what is theirs
    /// when it begins. Returns what to say about it.
    ///
    /// # Errors
    /// [`DeskError::NoAbsence`] for a time that is over.
    pub async fn go_away(
        &self,
        conn: &mut Conn,
        staff: &Staff,
        (from, to): (Option<Date>, Option<Date>),
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<String, DeskError> {
        let from = from.unwrap_or_else(|| today(staff, now));
        if to.is_some_and(|to| to < today(staff, now) || to < from) {
            return Err(DeskError::NoAbsence("that time is over, or ends before it begins".into()));
        }
        conn.transaction(async |conn| {
            let told_by = actor.address.as_str();
            let absence = store::absences::add(conn, &staff.email, (from, to), told_by, now).await?;
            let begins = from.to_zoned(staff.zone.clone()).map_or(now, |begins| begins.timestamp().max(now));
            let id = absence.id.to_string();
            let timer = NewTimer { subject: &id, ..NewTimer::of_desk(Timer::Away, begins) };
            store::timers::set(conn, &[timer]).await?;
            Ok(format!("{} is away {}", staff.email, spelled(&absence)))
        })
        .await
    }

    /// Ends the absence that somebody is in, and takes back those to come. Returns what to say about it.
    ///
    /// # Errors
    /// [`DeskError::NoAbsence`] when they are not away, nor will be.
    pub async fn come_back(
        &self,
        conn: &mut Conn,
        staff: &Staff,
        now: Timestamp,
    ) -> Result<String, DeskError> {
        let today = today(staff, now);
        let mut done = Vec::new();
        conn.transaction(async |conn| {
            for absence in store::absences::since(conn, Some(&staff.email), today).await? {
                let yesterday = today.yesterday().ok().filter(|yesterday| absence.from() <= *yesterday);
                match yesterday {
                    Some(yesterday) => store::absences::end(conn, absence.id, yesterday).await?,
                    None => store::absences::cancel(conn, absence.id).await?,
                }
                done.push(spelled(&absence));
            }
            match done.is_empty() {
                true => Err(DeskError::NoAbsence(format!("{} is not away, nor will be", staff.email))),
                false => Ok(format!("{} is back; no longer away {}", staff.email, done.join(", nor "))),
            }
        })
        .await
    }

    /// Leads hear which open tickets are whose who is away from now on.
    pub(super) async fn tell_of_absence(
        &self,
        conn: &mut Conn,
        timer: &Row,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let Ok(id) = timer.subject.parse() else { return Ok(()) };
        let Some(absence) = store::absences::find(conn, id).await? else { return Ok(()) };
        let Some(staff) = self.settings.staff.iter().find(|staff| staff.email.as_str() == absence.address)
        else {
            return Ok(());
        };
        let tickets = store::assignees::open_of(conn, &staff.email).await?;
        if tickets.is_empty() || !absence.covers(today(staff, now)) {
            return Ok(());
        }
        let more = tickets.len().saturating_sub(MOST_LISTED);
        let context = Context {
            author: Some(staff.name.clone()),
            trouble: Some(format!("{} is away {}.", staff.name, spelled(&absence))),
            items: tickets.iter().take(MOST_LISTED).map(|ticket| self.item(ticket)).collect(),
            items_more: more,
            ..Context::default()
        };
        let title = match tickets.len() {
            1 => format!("{} is away, and has 1 open ticket", staff.name),
            count => format!("{} is away, and has {count} open tickets", staff.name),
        };
        for lead in self.who_leads().into_iter().filter(|lead| lead.address != staff.email) {
            self.write_to(conn, Notice::StaffAway, &lead, &title, context.clone(), now).await?;
            let sent = store::outbox::last_about_no_ticket(conn, &[Notice::StaffAway], &lead.address).await?;
            if let Some(sent) = sent {
                store::absences::note_mail(conn, sent.id, &staff.email).await?;
            }
        }
        Ok(())
    }

    /// Does what is answered to a list of tickets: `12 bob` or `12 auto` for one, and `#assign auto` for all of one about
    /// an absence.
    pub(super) async fn hear_assignments(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        author: &NamedAddress,
        (list, mail): (Notice, OutboxId),
    ) -> Result<Vec<TranscriptLine>, DeskError> {
        let denied = self.may_by_answer(case, &author.address, Wish::Assign).err();
        let lines = case.mail.body.own.lines().map(str::trim).filter(|line| !line.is_empty());
        let mut wanted = Vec::new();
        for line in lines.take(MOST_LINES) {
            let meant = match (denied, self.hand_over(line.strip_prefix("#assign").unwrap_or(line).trim())) {
                (Some(denied), _) if line.starts_with('#') => Err(denied.to_string()),
                (Some(_), _) => continue,
                (None, Some((None, _))) if list != Notice::StaffAway => {
                    Err("name the ticket: #assign 12 auto or #assign 12 NAME".to_owned())
                }
                (None, Some(meant)) => Ok(meant),
                (None, None) if line.starts_with('#') => {
                    Err("write #assign auto, #assign 12 auto or #assign 12 NAME".to_owned())
                }
                // Other words are just words, unless they look like a command.
                (None, None) => continue,
            };
            wanted.push((line, meant));
        }
        let tickets: Vec<Option<TicketId>> =
            wanted.iter().filter_map(|(_, meant)| Some(meant.as_ref().ok()?.0)).collect();
        self.lock_all(conn, mail, &tickets, case.now).await?;
        let mut transcript = Vec::new();
        for (line, meant) in wanted {
            let answered = match meant {
                Ok(meant) => self.hand_all(conn, mail, meant, author, case.now).await?,
                Err(why) => vec![(false, why)],
            };
            let said = text::line(line);
            transcript.extend(answered.into_iter().map(|(done, answer)| TranscriptLine {
                said: said.clone(),
                answer,
                done,
            }));
        }
        Ok(transcript)
    }

    /// Locks the tickets of all lines by their numbers. Whoever changes one holds it before the right to choose an
    /// assignee; who changed one after the other would hold that right and wait for the next ticket.
    async fn lock_all(
        &self,
        conn: &mut Conn,
        mail: OutboxId,
        meant: &[Option<TicketId>],
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let mut tickets = BTreeSet::new();
        for ticket in meant {
            match ticket {
                Some(ticket) => tickets.extend([*ticket]),
                None => tickets.extend(self.tickets_of_absent(conn, mail, now).await?),
            }
        }
        for ticket in tickets {
            store::tickets::lock(conn, ticket).await?;
        }
        Ok(())
    }

    /// `auto`: all tickets of who is away; `12 auto`, `DG-12 bob`: one.
    fn hand_over<'a>(&self, words: &'a str) -> Option<(Option<TicketId>, &'a str)> {
        if words.eq_ignore_ascii_case("auto") {
            return Some((None, "auto"));
        }
        let (ticket, who) = words.split_once(char::is_whitespace)?;
        let prefix = &self.settings.site.reference;
        let number = match ticket.get(..prefix.len()) {
            Some(head) if head.eq_ignore_ascii_case(prefix) => ticket[head.len()..].trim_start_matches('-'),
            _ => ticket.trim_start_matches('#'),
        };
        Some((Some(TicketId(number.trim_end_matches([':', ',']).parse().ok()?)), who.trim()))
    }

    async fn hand_all(
        &self,
        conn: &mut Conn,
        mail: OutboxId,
        (ticket, who): (Option<TicketId>, &str),
        author: &NamedAddress,
        now: Timestamp,
    ) -> Result<Vec<(bool, String)>, DeskError> {
        let tickets = match ticket {
            Some(ticket) => vec![ticket],
            None => self.tickets_of_absent(conn, mail, now).await?,
        };
        if tickets.is_empty() {
            return Ok(vec![(true, "who this mail is about is back, or has no open ticket".to_owned())]);
        }
        let change = match who.eq_ignore_ascii_case("auto") {
            true => Change { assign_anew: true, ..Change::default() },
            false => match self.colleague(who) {
                Ok(assignee) => Change { assignee: Some(assignee), ..Change::default() },
                Err(why) => return Ok(vec![(false, why)]),
            },
        };
        let mut answers = Vec::new();
        for ticket in tickets {
            let reference = self.reference(ticket);
            let changed = self.change(conn, ticket, &change, author, now).await;
            answers.push(match changed {
                Ok(changed) if changed.done.is_empty() => (true, format!("{reference}: it is so already")),
                Ok(changed) => (true, format!("{reference}: {}", changed.done.join(", "))),
                Err(error) => (false, refusal(error)?),
            });
        }
        Ok(answers)
    }

    /// The open tickets of who a mail told is away, as long as they are.
    async fn tickets_of_absent(
        &self,
        conn: &mut Conn,
        mail: OutboxId,
        now: Timestamp,
    ) -> Result<Vec<TicketId>, DeskError> {
        let told = store::absences::of_mail(conn, mail).await?;
        let away = self.away(conn, now).await?;
        let Some(who) = away.iter().find(|who| told.as_deref() == Some(who.as_str())) else {
            return Ok(Vec::new());
        };
        Ok(store::assignees::open_of(conn, who).await?.iter().map(|ticket| ticket.id).collect())
    }

    /// A ticket as a list shows it.
    pub(super) fn item(&self, ticket: &Ticket) -> ListItem {
        let severity = ticket.severity().map(|severity| format!("severity {severity}"));
        let waits = ticket.waiting_for_customer.then(|| "waiting for the customer".to_owned());
        let facts = [Some(ticket.status.0.to_string()), severity, ticket.product.clone(), waits];
        ListItem {
            reference: self.reference(ticket.id),
            title: ticket.subject.clone(),
            facts: facts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            ..ListItem::default()
        }
    }
}

/// `from 2026-12-01 to 2026-12-10`.
fn spelled(absence: &Absence) -> String {
    match (absence.from(), absence.to()) {
        (from, None) => format!("from {from} on"),
        (from, Some(to)) if from == to => format!("on {from}"),
        (from, Some(to)) => format!("from {from} to {to}"),
    }
}
