//! `[[calendar]]`: when a desk works.

use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::kinds::{Misread, Setting, filled, list};
use super::reader::Reader;
use super::value::{Table, Value};
use crate::ticket::calendar::{Calendar, Holidays, Hours, Period};

/// The calendars of a site, and the two that come with the desk.
#[derive(Clone, Debug)]
pub struct Calendars {
    all: Vec<(String, Arc<Calendar>)>,
}

/// Round the clock.
const ALWAYS: &str = "always";
/// Monday to Friday from nine to five.
pub(super) const OFFICE: &str = "office";

impl Calendars {
    /// Those of the file, `always`, and `office` in the site's zone unless the file has one of this name.
    pub(super) fn read_all(t: &mut Reader<'_>, zone: &TimeZone) -> Calendars {
        let mut all = vec![(ALWAYS.to_owned(), Arc::new(Calendar::always()))];
        t.each("calendar", |t| {
            let (name, calendar) = read(t, zone);
            if all.iter().any(|(known, _)| *known == name) {
                let key = t.name("name");
                t.refuse(
                    "name",
                    format!("`{key}` is `{name}`, and there is one of this name; names must differ"),
                );
            }
            all.push((name, Arc::new(calendar)));
        });
        if all.iter().all(|(name, _)| name != OFFICE) {
            all.push((OFFICE.to_owned(), Arc::new(Calendar::office(zone.clone()))));
        }
        Calendars { all }
    }

    /// The calendar of this name.
    pub fn get(&self, name: &str) -> Option<&Arc<Calendar>> {
        self.all.iter().find(|(known, _)| known == name).map(|(_, calendar)| calendar)
    }

    /// The names there are, for people.
    pub fn known(&self) -> String {
        self.all.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

fn read(t: &mut Reader<'_>, zone: &TimeZone) -> (String, Calendar) {
    let name: String = t.required("name");
    let zone = t.or("zone", zone.clone());
    let Week(hours) = t.required("hours");
    let mut holidays = Holidays::default();
    for holiday in t.or("holidays", Vec::<String>::new()) {
        if let Err(error) = holidays.add(&holiday) {
            t.refuse("holidays", format!("`{}`: {error}", t.name("holidays")));
        }
    }
    let calendar = Calendar::new(zone, hours, holidays).unwrap_or_else(|error| {
        t.refuse("hours", format!("`{}`: {error}", t.name("hours")));
        Calendar::always()
    });
    (name, calendar)
}

/// The hours of a week as a key has them.
#[derive(Clone, Debug)]
struct Week(Hours);

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const ROUND_THE_CLOCK: &str = "24x7";

impl Setting for Week {
    fn expected() -> String {
        "hours = { mon-fri = [\"09:00-12:00\", \"13:00-17:30\"], sat = [\"10:00-14:00\"] } or hours = \"24x7\"".to_owned()
    }

    fn read(value: &Value, folder: &Path) -> Result<Self, Misread> {
        match value {
            Value::Table(table) => week(table, folder),
            value if filled(value)?.trim() == ROUND_THE_CLOCK => Ok(Week(Hours::Always)),
            _ => Err(Misread::Unexpected),
        }
    }

    fn stand_in() -> Self {
        Week(Hours::Always)
    }

    fn show(&self) -> String {
        let Hours::Weekly(days) = &self.0 else { return ROUND_THE_CLOCK.to_owned() };
        let day = |(name, periods): (&&str, &Vec<Period>)| {
            let periods: Vec<String> = periods.iter().map(Period::to_string).collect();
            (!periods.is_empty()).then(|| format!("{name} {}", periods.join(", ")))
        };
        DAYS.iter().zip(days).filter_map(day).collect::<Vec<_>>().join("; ")
    }
}

fn week(table: &Table, folder: &Path) -> Result<Week, Misread> {
    let mut days: [Vec<Period>; 7] = Default::default();
    for (key, node) in table {
        let named = named(key).ok_or_else(|| {
            Misread::Because(format!(
                "`{}` is no day of the week; use {}, or several as in mon-fri",
                crate::domain::text::line(key),
                DAYS.join(", ")
            ))
        })?;
        let periods: Vec<String> = list(&node.value, folder)?;
        for period in periods {
            let period = Period::parse(&period).map_err(|error| Misread::Because(error.to_string()))?;
            days.iter_mut()
                .enumerate()
                .filter(|(at, _)| named.contains(at))
                .for_each(|(_, day)| day.push(period));
        }
    }
    Ok(Week(Hours::Weekly(days)))
}

/// `mon`, or `mon-fri`.
fn named(key: &str) -> Option<RangeInclusive<usize>> {
    let (first, last) = key.split_once('-').unwrap_or((key, key));
    let day = |name: &str| DAYS.iter().position(|day| day.eq_ignore_ascii_case(name.trim()));
    let (first, last) = (day(first)?, day(last)?);
    (first <= last).then_some(first..=last)
}
