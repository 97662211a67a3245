//! The desk gives tickets to people: new ones in the commit that opens them, others when staff ask for it, when they
//! move to another queue ([`super::queues`]), or when somebody is free again.
//!
//! Whoever chooses holds a lock until the commit, so that two nodes stay fair together.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{Changed, Desk, DeskError, duty::scheduled};
use crate::{
    domain::{EmailAddress, NamedAddress, TicketId},
    settings::{Mode, Staff},
    store::{
        self, Conn,
        assignees::{self, Load},
        journal::SYSTEM,
        tickets::{self, Ticket},
        timers::NewTimer,
    },
    ticket::{
        Happening, Notice, Severity, Timer,
        assign::{self, Candidate, Nobody, Wanted, weight},
    },
};

/// Staff hear of a queue whose tickets find nobody once in this time.
const TOLD_EVERY: Duration = Duration::from_hours(4);
/// So often the desk looks again for somebody.
const LOOK_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// So many tickets at a time.
const MOST_WAITING: i64 = 5_000;

/// What became of a ticket for which the desk looked for somebody.
#[derive(Clone, Default)]
pub(super) struct Given<'a> {
    /// Whose it is now.
    pub to: Option<&'a Staff>,
    /// Why it is theirs, or nobody's.
    pub because: Option<String>,
}

/// Everybody on the staff list, and what they have on their hands.
pub(super) struct Team<'a> {
    members: Vec<Member<'a>>,
    now: Timestamp,
}

struct Member<'a> {
    staff: &'a Staff,
    away: bool,
    load: Load,
    last: Option<Timestamp>,
    maintenance: i64,
}

impl<'a> Team<'a> {
    /// Who of those who do this work gets a ticket; `except` is left out.
    fn choose(
        &self,
        members: &[&EmailAddress],
        on_duty: &[&EmailAddress],
        wanted: Wanted<'_>,
        except: Option<&EmailAddress>,
    ) -> Result<(usize, String), Nobody> {
        let asked = |staff: &Staff| members.contains(&&staff.email) && Some(&staff.email) != except;
        let places: Vec<usize> =
            (0..self.members.len()).filter(|place| asked(self.members[*place].staff)).collect();
        let candidates: Vec<Candidate<'_>> = places
            .iter()
            .map(|place| self.members[*place].candidate(on_duty.contains(&&self.members[*place].staff.email)))
            .collect();
        let choice = assign::choose(&candidates, wanted, self.now)?;
        Ok((places[choice.place], choice.because))
    }

    /// One more ticket is somebody's.
    fn gave(&mut self, place: usize, severity: Option<Severity>) -> &'a Staff {
        let member = &mut self.members[place];
        member.load.open += 1;
        member.load.weight += weight(severity);
        member.last = Some(self.now);
        member.staff
    }
}

impl Member<'_> {
    fn candidate(&self, on_duty: bool) -> Candidate<'_> {
        Candidate {
            name: &self.staff.name,
            key: self.staff.email.as_str(),
            on_duty,
            away: self.away,
            products: &self.staff.products,
            levels: &self.staff.levels,
            open: self.load.open,
            capacity: (!self.staff.is_unbounded()).then_some(self.staff.capacity),
            load: self.load.weight,
            last: self.last,
            maintenance: self.maintenance,
        }
    }
}

impl Desk {
    /// Gives new tickets to people, where the desk does that; in the order of the tickets.
    pub(super) async fn give_out(
        &self,
        conn: &mut Conn,
        tickets: &[Ticket],
        now: Timestamp,
    ) -> Result<Vec<Given<'_>>, DeskError> {
        if self.settings.assignment.mode == Mode::Off {
            return Ok(vec![Given::default(); tickets.len()]);
        }
        let mut team = self.team(conn, now).await?;
        let mut all = Vec::new();
        for ticket in tickets {
            all.push(self.give(conn, &mut team, ticket).await?);
        }
        Ok(all)
    }

    /// Gives an open ticket to somebody else than has it, because staff say so.
    ///
    /// # Errors
    /// [`DeskError::NobodyToAssign`]; whose it is stays as it was.
    pub(super) async fn assign_anew(
        &self,
        conn: &mut Conn,
        before: &Ticket,
        actor: &NamedAddress,
        changed: &mut Changed,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let has_it = self.assignee_of(conn, before).await?;
        let mut team = self.team(conn, now).await?;
        match self.look(&team, before, has_it.as_ref()) {
            Err(Nobody { because }) => Err(DeskError::NobodyToAssign { ticket: before.id, because }),
            Ok((place, because)) => {
                let to = self.hand(conn, &mut team, before, place, &because, actor.address.as_str()).await?;
                changed.done.push(format!("assigned to {} ({because})", to.email));
                changed.mails += self.tell_assignee(conn, before.id, Some(because), Some(actor), now).await?;
                Ok(())
            }
        }
    }

    /// Tickets that found nobody find somebody as soon as there is one.
    pub(super) async fn look_again(&self, conn: &mut Conn, now: Timestamp) -> Result<(), DeskError> {
        let again = NewTimer::of_desk(Timer::Assign, now + LOOK_EVERY);
        store::timers::set(conn, &[again]).await?;
        if self.settings.assignment.mode == Mode::Off {
            return Ok(());
        }
        let waiting = assignees::waiting(conn, MOST_WAITING).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        let mut team = self.team(conn, now).await?;
        let mut told: Vec<Option<String>> = Vec::new();
        for (ticket, because) in waiting {
            // Most of many still find nobody, for the same reason; that costs no statement for each.
            let as_before = self.look(&team, &ticket, None).is_err_and(|nobody| nobody.because == because);
            if as_before && told.contains(&ticket.queue) {
                continue;
            }
            if as_before {
                told.push(ticket.queue.clone());
            }
            // Whoever has locked it waits for nobody who holds the right to choose, and is not waited for either.
            if let Some(ticket) = assignees::lock_waiting(conn, ticket.id).await? {
                self.give_and_tell(conn, &mut team, &ticket).await?;
            }
        }
        Ok(())
    }

    async fn give_and_tell<'a>(
        &'a self,
        conn: &mut Conn,
        team: &mut Team<'a>,
        ticket: &Ticket,
    ) -> Result<(), DeskError> {
        let given = self.give(conn, team, ticket).await?;
        let (Some(_), Some(because)) = (given.to, given.because) else { return Ok(()) };
        match self.tell_assignee(conn, ticket.id, Some(because), None, team.now).await {
            // Nothing can be sent about a ticket whose mailbox is no longer configured; the journal says it.
            Err(DeskError::MailboxGone(_)) => Ok(()),
            told => told.map(drop),
        }
    }

    pub(super) async fn team(&self, conn: &mut Conn, now: Timestamp) -> Result<Team<'_>, DeskError> {
        assignees::hold(conn).await?;
        let (loads, last) = (assignees::loads(conn).await?, assignees::last(conn).await?);
        let away = self.away(conn, now).await?;
        let maintenance = match self.settings.assignment.balance {
            true => self.maintenance_of_sprint(conn, now).await?,
            false => Default::default(),
        };
        let members = self.settings.staff.iter().map(|staff| Member {
            staff,
            away: away.contains(&staff.email),
            load: loads.get(staff.email.as_str()).copied().unwrap_or_default(),
            last: last.get(staff.email.as_str()).copied(),
            maintenance: maintenance.get(staff.email.as_str()).copied().unwrap_or_default(),
        });
        Ok(Team { members: members.collect(), now })
    }

    /// Chooses, and gives the ticket to whom it chose; or keeps why it could not.
    pub(super) async fn give<'a>(
        &'a self,
        conn: &mut Conn,
        team: &mut Team<'a>,
        ticket: &Ticket,
    ) -> Result<Given<'a>, DeskError> {
        match self.look(team, ticket, None) {
            Ok((place, because)) => {
                let staff = self.hand(conn, team, ticket, place, &because, SYSTEM).await?;
                Ok(Given { to: Some(staff), because: Some(because) })
            }
            Err(Nobody { because }) => {
                self.found_nobody(conn, ticket, &because, team.now).await?;
                Ok(Given { to: None, because: Some(because) })
            }
        }
    }

    fn look(
        &self,
        team: &Team<'_>,
        ticket: &Ticket,
        except: Option<&EmailAddress>,
    ) -> Result<(usize, String), Nobody> {
        let queue = ticket.queue.as_deref().and_then(|name| self.settings.queue(name));
        let rota = match queue {
            Some(queue) => queue.rota.as_deref(),
            None => self.settings.assignment.rota.as_deref(),
        };
        let rota = rota.and_then(|name| self.settings.rota(name));
        let members: Vec<&EmailAddress> = match (queue, rota) {
            (Some(queue), _) => queue.members.iter().collect(),
            (None, Some(rota)) => rota.members.iter().collect(),
            (None, None) => self.settings.staff.iter().map(|staff| &staff.email).collect(),
        };
        let on_duty = match rota {
            Some(rota) => scheduled(rota, team.now).collect(),
            None => members.clone(),
        };
        let wanted = Wanted { product: ticket.product.as_deref(), level: ticket.level() };
        team.choose(&members, &on_duty, wanted, except)
    }

    async fn hand<'a>(
        &self,
        conn: &mut Conn,
        team: &mut Team<'a>,
        ticket: &Ticket,
        place: usize,
        because: &str,
        by: &str,
    ) -> Result<&'a Staff, DeskError> {
        let (staff, now) = (team.gave(place, ticket.severity()), team.now);
        let named = NamedAddress::new(&staff.name, staff.email.clone());
        let person = store::people::learn(conn, &named, None, now).await?.id;
        let fact = tickets::Change { assignee_id: Some(Some(person.0)), ..Default::default() };
        tickets::change(conn, ticket.id, fact, now).await?;
        assignees::got_one(conn, ticket.id, &staff.email, now).await?;
        let detail = json!({ "to": staff.email, "because": because });
        store::journal::write(conn, ticket.id, by, Happening::Assignee, detail, now).await?;
        Ok(staff)
    }

    /// The ticket keeps why; staff hear of it once in a while for each queue.
    async fn found_nobody(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        because: &str,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let id = ticket.id;
        if assignees::because(conn, id).await?.as_deref() != Some(because) {
            assignees::found_nobody(conn, id, because, now).await?;
            let detail = json!({ "because": because, "queue": ticket.queue });
            store::journal::write(conn, id, SYSTEM, Happening::Unassigned, detail, now).await?;
        }
        let reference = self.reference(id);
        let queue = ticket.queue.as_deref();
        let of = queue.map(|name| format!(" of the queue {name}")).unwrap_or_default();
        let words = format!(
            "The desk looked for somebody for {reference}{of} and found nobody: {because}. It looks again every minute, and \
             assigns this and later tickets as soon as somebody can have them. To do it yourself, answer a notice about \
             the ticket with `#assign NAME`, or run `deskgate ticket set {id} --assignee EMAIL`. `deskgate staff list` \
             shows who is on duty, who is away and how much each has. You hear of this once in four hours for each queue."
        );
        let title = format!("Nobody could be assigned to {reference}");
        let topic = format!("unassigned {}", queue.unwrap_or_default());
        self.alarm(conn, &topic, TOLD_EVERY, (&title, &words), now).await.map(drop)
    }

    /// Tells the assignee that a ticket is theirs now, why, and what it is about. Returns how many mails.
    pub(super) async fn tell_assignee(
        &self,
        conn: &mut Conn,
        id: TicketId,
        because: Option<String>,
        actor: Option<&NamedAddress>,
        now: Timestamp,
    ) -> Result<usize, DeskError> {
        let after = self.ticket(conn, id).await?;
        let mut occasion = self.occasion(conn, &after).await?;
        occasion.actor = actor.map(|actor| &actor.address);
        occasion.context.because = because;
        if after.problem_report {
            occasion.context.gate = Some(self.standing(conn, id).await?);
        }
        occasion.context.words = store::messages::first_words(conn, id).await?;
        self.owe(conn, Notice::StaffAssigned, &occasion, now).await
    }

    /// The address of whose ticket it is.
    pub(super) async fn assignee_of(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
    ) -> Result<Option<EmailAddress>, DeskError> {
        let Some(id) = ticket.assignee() else { return Ok(None) };
        let person = store::people::find(conn, id).await?;
        Ok(person.and_then(|person| person.named()).map(|named| named.address))
    }
}
