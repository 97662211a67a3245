//! Who is on duty, and who is away.

use std::collections::{HashMap, HashSet};

use jiff::{Timestamp, civil::Date};

use super::{Desk, DeskError};
use crate::{
    domain::EmailAddress,
    settings::{Roster, Staff},
    store::{self, Conn, absences::Absence},
};

/// How things stand with a member of staff.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    /// Who.
    pub staff: &'a Staff,
    /// Whether they are away now.
    pub away: bool,
    /// The rotas in which it is their turn now.
    pub on_duty: Vec<&'a str>,
    /// How many tickets of theirs are new or accepted.
    pub open: u32,
    /// When they last got one.
    pub last: Option<Timestamp>,
    /// Their absences that are not over, first and last day.
    pub absences: Vec<(Date, Option<Date>)>,
}

impl Desk {
    /// How things stand with everybody on the staff list.
    ///
    /// # Errors
    /// Trouble with the database.
    pub async fn standings(&self, conn: &mut Conn, at: Timestamp) -> Result<Vec<Standing<'_>>, DeskError> {
        let (away, loads) = (self.away(conn, at).await?, store::assignees::loads(conn).await?);
        let last = store::assignees::last(conn).await?;
        let mut all = Vec::new();
        for staff in &self.settings.staff {
            let absences = store::absences::since(conn, Some(&staff.email), today(staff, at)).await?;
            let rotas = self.settings.rotas.iter();
            let on_duty = rotas.filter(|rota| scheduled(rota, at).any(|email| *email == staff.email));
            all.push(Standing {
                staff,
                away: away.contains(&staff.email),
                on_duty: on_duty.map(|rota| rota.name.as_str()).collect(),
                open: loads.get(staff.email.as_str()).copied().unwrap_or_default().open,
                last: last.get(staff.email.as_str()).copied(),
                absences: absences.iter().map(|absence| (absence.from(), absence.to())).collect(),
            });
        }
        Ok(all)
    }

    /// Who of a rota is on duty at an instant and not away; whose turn it is stands first.
    ///
    /// # Errors
    /// Trouble with the database.
    pub async fn on_duty(
        &self,
        conn: &mut Conn,
        rota: &Roster,
        at: Timestamp,
    ) -> Result<Vec<&Staff>, DeskError> {
        let away = self.away(conn, at).await?;
        let on_duty = scheduled(rota, at).filter(|email| !away.contains(*email));
        Ok(on_duty.filter_map(|email| self.settings.staff_by_email(email)).collect())
    }

    /// The members of staff who are away at an instant.
    pub(super) async fn away(
        &self,
        conn: &mut Conn,
        at: Timestamp,
    ) -> Result<HashSet<EmailAddress>, DeskError> {
        // Nowhere is the day behind that of UTC by more than one.
        let Ok(yesterday) = at.to_zoned(jiff::tz::TimeZone::UTC).date().yesterday() else {
            return Ok(HashSet::new());
        };
        let absences = store::absences::since(conn, None, yesterday).await?;
        let away = |staff: &&Staff| absences.iter().any(|absence| is_away(absence, staff, at));
        Ok(self.settings.staff.iter().filter(away).map(|staff| staff.email.clone()).collect())
    }

    /// When members of staff are away from an instant on: each time from its beginning to its end.
    pub(super) async fn times_away(
        &self,
        conn: &mut Conn,
        from: Timestamp,
    ) -> Result<HashMap<EmailAddress, Vec<(Timestamp, Timestamp)>>, DeskError> {
        let mut times = HashMap::new();
        for staff in &self.settings.staff {
            let absences = store::absences::since(conn, Some(&staff.email), today(staff, from)).await?;
            let time = |absence: &Absence| {
                let to = absence.to().and_then(|to| to.tomorrow().ok());
                (begins(staff, absence.from()), to.map_or(Timestamp::MAX, |to| begins(staff, to)))
            };
            times.insert(staff.email.clone(), absences.iter().map(time).collect());
        }
        Ok(times)
    }
}

/// When a day begins for somebody.
fn begins(staff: &Staff, day: Date) -> Timestamp {
    day.to_zoned(staff.zone.clone()).map_or(Timestamp::MIN, |begins| begins.timestamp())
}

/// Who of a rota is on duty at an instant, away or not.
pub(super) fn scheduled(rota: &Roster, at: Timestamp) -> impl Iterator<Item = &EmailAddress> {
    rota.turns.on_duty(at).into_iter().filter_map(|place| rota.members.get(place))
}

/// The day that it is for somebody.
pub(super) fn today(staff: &Staff, at: Timestamp) -> Date {
    at.to_zoned(staff.zone.clone()).date()
}

fn is_away(absence: &Absence, staff: &Staff, at: Timestamp) -> bool {
    absence.address == staff.email.as_str() && absence.covers(today(staff, at))
}
