//! `[[rota]]`: who is on duty when.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;

use super::people::{Staff, of_staff};
use super::reader::Reader;
use super::times::{Days, Hours};
use crate::domain::EmailAddress;
use crate::ticket::Rota;

/// People who take turns in being on duty.
#[derive(Clone, Debug)]
pub struct Roster {
    /// Its name in the configuration and in commands.
    pub name: String,
    /// Who takes turns, in this order; all of them are on the staff list.
    pub members: Vec<EmailAddress>,
    /// Whose turn it is when.
    pub turns: Rota,
}

impl Roster {
    pub(super) fn read_all(t: &mut Reader<'_>, staff: &[Staff], zone: &TimeZone) -> Vec<Roster> {
        let mut seen = Vec::new();
        t.each("rota", |t| {
            let name: String = t.required("name");
            differs(t, &name, &mut seen);
            let members: Vec<EmailAddress> = t.required("members");
            of_staff(t, "members", &members, staff);
            let turns = Rota {
                members: members.len(),
                at_once: t.number("at_once", 1, 1..=100),
                from: t.required::<Date>("from"),
                at: t.or("at", Time::constant(9, 0, 0, 0)),
                days: t.or("every", Days(7)).0,
                weekdays: t.or("days", Vec::<Weekday>::new()),
                hours: t.optional::<Hours>("hours").map(|Hours(from, to)| (from, to)),
                zone: t.or("zone", zone.clone()),
            };
            Roster { name, members, turns }
        })
    }
}

/// No two of a list have one name, letter case aside.
pub(super) fn differs(t: &Reader<'_>, name: &str, seen: &mut Vec<String>) {
    let lower = name.to_lowercase();
    if seen.contains(&lower) {
        let key = t.name("name");
        t.refuse("name", format!("`{key}` is `{name}`, and so is an earlier one's; names must differ"));
    }
    seen.push(lower);
}
