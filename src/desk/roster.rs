//! Who is on duty in the days to come, with absences laid over.

use std::collections::HashMap;

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use super::{Desk, DeskError};
use crate::{
    domain::EmailAddress,
    settings::{Roster, Staff},
    store::{self, Conn, absences::Absence},
    ticket::Rota,
};

/// A day is looked at so often to see who is on duty in it.
const LOOKS: i64 = 48;

/// A rota over some days.
pub struct RotaDays<'a> {
    /// Which.
    pub rota: &'a Roster,
    /// Who is on duty at this moment and there; whose turn it is stands first.
    pub now: Vec<&'a Staff>,
    /// Whose turn it is at this moment, away or not.
    pub turn: Vec<&'a EmailAddress>,
    /// When turns change, and whose begins then.
    pub handovers: Vec<(Timestamp, Vec<&'a EmailAddress>)>,
    /// For each member in order, what each day is to them.
    pub members: Vec<(&'a EmailAddress, Vec<DayOf>)>,
}

/// What a day is to a member of a rota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayOf {
    /// On duty at some time of it.
    pub on_duty: bool,
    /// Away on it.
    pub away: bool,
}

impl Desk {
    /// All rotas over so many days, which begin and end by the clock of `zone`; the first is that of `now`.
    ///
    /// # Errors
    /// The database's.
    pub async fn rota_days(
        &self,
        conn: &mut Conn,
        zone: &TimeZone,
        days: usize,
        now: Timestamp,
    ) -> Result<Vec<RotaDays<'_>>, DeskError> {
        let dates = dates(zone, days, now);
        let mut absent: HashMap<String, Vec<Absence>> = HashMap::new();
        if let Some(first) = dates.first() {
            for absence in store::absences::since(conn, None, *first).await? {
                absent.entry(absence.address.clone()).or_default().push(absence);
            }
        }
        let mut all = Vec::new();
        for rota in &self.settings.rotas {
            let on_duty = duty_on(&rota.turns, zone, &dates);
            let named =
                |places: &[usize]| places.iter().filter_map(|place| rota.members.get(*place)).collect();
            let of_member = |(place, member)| {
                let theirs = absent.get(EmailAddress::as_str(member));
                let away = |date| theirs.is_some_and(|all| all.iter().any(|absence| absence.covers(date)));
                let day = |(date, on): (&Date, &Vec<usize>)| DayOf {
                    on_duty: on.contains(&place),
                    away: away(*date),
                };
                (member, dates.iter().zip(&on_duty).map(day).collect())
            };
            let until = end_of(zone, &dates).unwrap_or(now);
            let handovers = rota.turns.handovers(now, days.saturating_mul(2));
            all.push(RotaDays {
                rota,
                now: self.on_duty(conn, rota, now).await?,
                turn: named(&rota.turns.whose_turn(now)),
                handovers: handovers
                    .iter()
                    .filter(|next| next.at < until)
                    .map(|next| (next.at, named(&next.to)))
                    .collect(),
                members: rota.members.iter().enumerate().map(of_member).collect(),
            });
        }
        Ok(all)
    }
}

/// So many days from the one that it is now.
pub fn dates(zone: &TimeZone, days: usize, now: Timestamp) -> Vec<Date> {
    let today = now.to_zoned(zone.clone()).date();
    today.series(1.day()).take(days).collect()
}

fn end_of(zone: &TimeZone, dates: &[Date]) -> Option<Timestamp> {
    let last = dates.last()?.tomorrow().ok()?;
    Some(last.to_zoned(zone.clone()).ok()?.timestamp())
}

/// Who is on duty at some time of each day, by their places in the rota.
fn duty_on(rota: &Rota, zone: &TimeZone, dates: &[Date]) -> Vec<Vec<usize>> {
    let of_day = |date: &Date| {
        let Ok(begins) = date.to_zoned(zone.clone()) else { return Vec::new() };
        let step = jiff::SignedDuration::from_hours(24).as_secs() / LOOKS;
        let mut on = Vec::new();
        for look in 0..LOOKS {
            let at = begins.timestamp() + jiff::SignedDuration::from_secs(look * step);
            on.extend(rota.on_duty(at).into_iter().filter(|place| !on.contains(place)).collect::<Vec<_>>());
        }
        on
    };
    dates.iter().map(of_day).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Time, Weekday, date};

    use super::*;

    fn rota() -> Rota {
        Rota {
            members: 2,
            at_once: 1,
            from: date(2026, 11, 16),
            at: Time::constant(9, 0, 0, 0),
            days: 7,
            weekdays: Vec::new(),
            hours: None,
            zone: TimeZone::UTC,
        }
    }

    #[test]
    fn on_the_day_of_a_handover_both_are_on_duty() {
        let dates = dates(&TimeZone::UTC, 3, "2026-11-22T12:00:00Z".parse().unwrap());
        assert_eq!(dates, [date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 24)]);
        assert_eq!(duty_on(&rota(), &TimeZone::UTC, &dates), [vec![0], vec![0, 1], vec![1]]);
    }

    #[test]
    fn outside_of_the_hours_nobody_is() {
        let office = Rota {
            weekdays: vec![Weekday::Monday],
            hours: Some((Time::constant(9, 0, 0, 0), Time::constant(17, 0, 0, 0))),
            ..rota()
        };
        let dates = [date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 24)];
        assert_eq!(duty_on(&office, &TimeZone::UTC, &dates), [vec![], vec![1], vec![]]);
    }

    #[test]
    fn days_are_those_of_the_reader() {
        let auckland = TimeZone::get("Pacific/Auckland").unwrap();
        let dates = dates(&auckland, 1, "2026-11-22T12:00:00Z".parse().unwrap());
        assert_eq!(dates, [date(2026, 11, 23)]);
    }
}
