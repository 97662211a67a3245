//! Dates as people type them.

use std::{fmt, str::FromStr};

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, date},
    tz::TimeZone,
};

/// A year, a month, a day, or a time before now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// `2026`
    Year(i16),
    /// `2026-10`
    Month(i16, i8),
    /// `2026-10-05`
    Day(Date),
    /// `today`
    Today,
    /// `yesterday`
    Yesterday,
    /// `12h`: so many hours ago.
    Hours(u16),
    /// `7d`: so many days of 24 hours ago.
    Days(u16),
    /// `2w`: so many weeks ago.
    Weeks(u16),
}

impl When {
    /// The moment at which it begins, for somebody in this zone; `None` for what no calendar has.
    pub fn begins(self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let hours = |hours: i64| now.checked_sub(SignedDuration::from_hours(hours)).ok();
        let morning = |day: Date| Some(day.to_zoned(zone.clone()).ok()?.timestamp());
        let today = now.to_zoned(zone.clone()).date();
        match self {
            When::Year(year) => morning(Date::new(year, 1, 1).ok()?),
            When::Month(year, month) => morning(Date::new(year, month, 1).ok()?),
            When::Day(day) => morning(day),
            When::Today => morning(today),
            When::Yesterday => morning(today.yesterday().ok()?),
            When::Hours(count) => hours(count.into()),
            When::Days(count) => hours(i64::from(count) * 24),
            When::Weeks(count) => hours(i64::from(count) * 24 * 7),
        }
    }
}

impl FromStr for When {
    type Err = ();

    fn from_str(text: &str) -> Result<When, ()> {
        let text = text.to_ascii_lowercase();
        match text.as_str() {
            "today" => return Ok(When::Today),
            "yesterday" => return Ok(When::Yesterday),
            _ => {}
        }
        ago(&text).or_else(|| calendar(&text)).ok_or(())
    }
}

fn ago(text: &str) -> Option<When> {
    let (unit, make): (_, fn(u16) -> When) = match text.chars().last()? {
        'h' => ('h', When::Hours),
        'd' => ('d', When::Days),
        'w' => ('w', When::Weeks),
        _ => return None,
    };
    let count: u16 = digits(text.strip_suffix(unit)?)?;
    Some(make(count))
}

fn calendar(text: &str) -> Option<When> {
    let parts: Vec<&str> = text.split('-').collect();
    let year: i16 = digits(parts.first()?).filter(|year| (1970..=2999).contains(year))?;
    match parts.as_slice() {
        [_] => Some(When::Year(year)),
        [_, month] => {
            let month = digits(month)?;
            Date::new(year, month, 1).is_ok().then_some(When::Month(year, month))
        }
        [_, month, day] => Some(When::Day(Date::new(year, digits(month)?, digits(day)?).ok()?)),
        _ => None,
    }
}

/// A number of digits alone: no sign.
fn digits<T: FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            When::Year(year) => write!(f, "{year:04}"),
            When::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            When::Day(day) => write!(f, "{day}"),
            When::Today => f.write_str("today"),
            When::Yesterday => f.write_str("yesterday"),
            When::Hours(count) => write!(f, "{count}h"),
            When::Days(count) => write!(f, "{count}d"),
            When::Weeks(count) => write!(f, "{count}w"),
        }
    }
}

/// An example of each form, for sentences.
pub(super) fn forms() -> String {
    let day = When::Day(date(2026, 10, 5));
    format!("{}, {}, {day}, today, yesterday, 12h, 7d or 2w", When::Year(2026), When::Month(2026, 10))
}
