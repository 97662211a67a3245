//! Work that staff write down, and what it says about a sprint.

use std::collections::HashMap;

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde_json::json;

use super::{Changed, Desk, DeskError};
use crate::{
    domain::{EmailAddress, NamedAddress, TicketId, text},
    render::Context,
    settings::Staff,
    store::{
        self, Conn,
        pool::{News, announce},
        work::NewWork,
    },
    ticket::{
        Happening, Notice, Severity,
        sprint::Sprint,
        team::TeamWord,
        work::{Kind, spelled},
    },
};

/// The budget of a sprint for severity 2, in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// How much there is.
    pub minutes: i64,
    /// How much was worked on such tickets.
    pub spent: i64,
}

impl Budget {
    /// How much of it is spent, in percent.
    pub fn percent(self) -> i64 {
        match self.minutes {
            0 => 100,
            minutes => self.spent.saturating_mul(100) / minutes,
        }
    }
}

/// What one member of staff did in a sprint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Their address.
    pub address: String,
    /// Their name, as long as they are on the staff list.
    pub name: Option<String>,
    /// Minutes of maintenance.
    pub maintenance: i64,
    /// Minutes of feature work.
    pub feature: i64,
    /// Tickets of theirs that were resolved.
    pub resolved: i64,
}

impl Share {
    /// How much of their work was maintenance, in percent; `None` where they wrote nothing down.
    pub fn percent(&self) -> Option<i64> {
        match self.maintenance + self.feature {
            0 => None,
            all => Some(self.maintenance * 100 / all),
        }
    }
}

/// Leads hear of a budget at these shares, once each in a sprint.
const TOLD_AT: [i32; 2] = [100, 80];

impl Desk {
    /// Writes work down, and tells leads when the budget of the sprint for severity 2 runs out.
    ///
    /// # Errors
    /// [`DeskError::NoTicket`], [`DeskError::NotStaff`].
    pub async fn work(
        &self,
        conn: &mut Conn,
        who: &EmailAddress,
        ticket: Option<TicketId>,
        (minutes, kind, words): (i32, Kind, &str),
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<String, DeskError> {
        if !self.is_staff(who) {
            return Err(DeskError::NotStaff(who.clone()));
        }
        let words = text::line(words);
        let new = NewWork { who, ticket, kind, minutes, words: &words, told_by: &actor.address };
        conn.transaction(async |conn| {
            if let Some(id) = ticket {
                self.ticket(conn, id).await?;
            }
            store::work::add(conn, &new, now).await?;
            let mut done = format!("{} of {kind} written down", spelled(i64::from(minutes)));
            if let Some(id) = ticket {
                let detail = json!({ "who": who, "minutes": minutes, "kind": kind, "words": words });
                store::journal::write(conn, id, actor.address.as_str(), Happening::Work, detail, now).await?;
                let so_far = store::work::minutes_of(conn, id).await?;
                done.push_str(&format!(", {} on {} so far", spelled(so_far), self.reference(id)));
            }
            self.watch_budget(conn, now).await?;
            Ok(done)
        })
        .await
    }

    /// Does what a member of staff says about their own time.
    pub(super) async fn team_word(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        word: TeamWord,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Changed, DeskError> {
        let who = &actor.address;
        let staff = || self.settings.staff_by_email(who).ok_or_else(|| DeskError::NotStaff(who.clone()));
        let done = match word {
            TeamWord::Work(minutes, kind, words) => {
                self.work(conn, who, Some(ticket), (minutes, kind, &words), actor, now).await?
            }
            TeamWord::Away(from, to) => self.go_away(conn, staff()?, (from, to), actor, now).await?,
            TeamWord::Back => self.come_back(conn, staff()?, now).await?,
        };
        Ok(Changed { done: vec![done], mails: 0 })
    }

    /// The sprint at an instant; none when no first day is configured.
    pub fn sprint_at(&self, at: Timestamp) -> Option<Sprint> {
        self.settings.sprint.sprints.as_ref()?.at(at)
    }

    /// The budget of a sprint for severity 2, where there is one; a share of the work is one of what those do who are
    /// there.
    ///
    /// # Errors
    /// Trouble with the database.
    pub async fn budget(&self, conn: &mut Conn, sprint: &Sprint) -> Result<Option<Budget>, DeskError> {
        let mut days = 0;
        for staff in self.settings.staff.iter().filter(|staff| staff.capacity > 0) {
            let absences = store::absences::since(conn, Some(&staff.email), sprint.from).await?;
            let away: Vec<_> = absences.iter().map(|absence| (absence.from(), absence.to())).collect();
            days += sprint.workdays(&away);
        }
        let Some(minutes) = self.settings.sprint.budget_minutes(days) else { return Ok(None) };
        let spent = store::work::minutes_on(conn, Severity::Two, sprint.begins, sprint.ends).await?;
        Ok(Some(Budget { minutes, spent }))
    }

    /// What each did in a sprint: all staff, and who else wrote work down.
    ///
    /// # Errors
    /// Trouble with the database.
    pub async fn balance(&self, conn: &mut Conn, sprint: &Sprint) -> Result<Vec<Share>, DeskError> {
        let named = |staff: &Staff| Share {
            address: staff.email.to_string(),
            name: Some(staff.name.clone()),
            ..Share::default()
        };
        let mut shares: Vec<Share> = self.settings.staff.iter().map(named).collect();
        for (who, kind, minutes) in store::work::minutes(conn, sprint.begins, sprint.ends).await? {
            let share = share_of(&mut shares, &who);
            match kind {
                Kind::Maintenance => share.maintenance += minutes,
                Kind::Feature => share.feature += minutes,
            }
        }
        for (who, tickets) in store::work::resolved(conn, sprint.begins, sprint.ends).await? {
            share_of(&mut shares, &who).resolved += tickets;
        }
        Ok(shares)
    }

    /// Minutes of maintenance in the sprint at hand, by address.
    pub(super) async fn maintenance_of_sprint(
        &self,
        conn: &mut Conn,
        now: Timestamp,
    ) -> Result<HashMap<String, i64>, DeskError> {
        let Some(sprint) = self.sprint_at(now) else { return Ok(HashMap::new()) };
        let all = store::work::minutes(conn, sprint.begins, sprint.ends).await?;
        let maintenance = all.into_iter().filter(|(_, kind, _)| *kind == Kind::Maintenance);
        Ok(maintenance.map(|(who, _, minutes)| (who, minutes)).collect())
    }

    /// Leads hear once in a sprint that four fifths are spent, and once that all is.
    async fn watch_budget(&self, conn: &mut Conn, now: Timestamp) -> Result<(), DeskError> {
        let Some(sprint) = self.sprint_at(now) else { return Ok(()) };
        let Some(budget) = self.budget(conn, &sprint).await? else { return Ok(()) };
        let Some(reached) = TOLD_AT.into_iter().find(|share| budget.percent() >= i64::from(*share)) else {
            return Ok(());
        };
        if !store::work::tell_once(conn, sprint.number, reached, now).await? {
            return Ok(());
        }
        let title = match reached {
            100 => format!("The budget for severity 2 of sprint {} is spent", sprint.number),
            _ => format!(
                "{}% of the budget for severity 2 of sprint {} are spent",
                budget.percent(),
                sprint.number
            ),
        };
        let words = format!(
            "{} of {} were worked on tickets of severity 2 in sprint {} (until {}). What comes on top takes time from what \
             was planned: agree with the product owner, or lower a severity where there is a workaround. `deskgate \
             sprint` shows the sprint. You hear of this at 80% and at 100%.",
            spelled(budget.spent),
            spelled(budget.minutes),
            sprint.number,
            sprint.to
        );
        for lead in self.who_leads() {
            let context = Context { trouble: Some(words.clone()), ..Context::default() };
            self.write_to(conn, Notice::StaffAlarm, &lead, &title, context, now).await?;
        }
        Ok(announce(conn, News::Outbox).await?)
    }
}

fn share_of<'a>(shares: &'a mut Vec<Share>, who: &str) -> &'a mut Share {
    let place = shares.iter().position(|share| share.address == who).unwrap_or_else(|| {
        shares.push(Share { address: who.to_owned(), ..Share::default() });
        shares.len() - 1
    });
    &mut shares[place]
}
