//! Kinds of values that speak of the calendar and the clock, and of levels.

use std::path::Path;

use jiff::{
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};

use super::kinds::{Misread, Setting, filled, list};
use super::value::Value;
use crate::ticket::Level;

impl Setting for Date {
    fn expected() -> String {
        "a day such as \"2026-11-02\"".to_owned()
    }

    fn read(value: &Value, _: &Path) -> Result<Self, Misread> {
        filled(value)?.trim().parse().map_err(|_| Misread::Unexpected)
    }

    fn stand_in() -> Self {
        Date::ZERO
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Setting for Time {
    fn expected() -> String {
        "a time of day such as \"09:00\"".to_owned()
    }

    fn read(value: &Value, _: &Path) -> Result<Self, Misread> {
        time(filled(value)?).ok_or(Misread::Unexpected)
    }

    fn stand_in() -> Self {
        Time::midnight()
    }

    fn show(&self) -> String {
        self.strftime("%H:%M").to_string()
    }
}

impl Setting for TimeZone {
    fn expected() -> String {
        "a time zone such as \"Europe/Berlin\" or \"UTC\"".to_owned()
    }

    fn read(value: &Value, _: &Path) -> Result<Self, Misread> {
        TimeZone::get(filled(value)?.trim()).map_err(|_| Misread::Unexpected)
    }

    fn stand_in() -> Self {
        TimeZone::UTC
    }

    fn show(&self) -> String {
        self.iana_name().unwrap_or("UTC").to_owned()
    }
}

/// The days of the week as they are written, Monday first.
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

impl Setting for Weekday {
    fn expected() -> String {
        "a day of the week, as \"mon\"".to_owned()
    }

    fn read(value: &Value, _: &Path) -> Result<Self, Misread> {
        let text = filled(value)?.trim().to_lowercase();
        let named = WEEKDAYS.iter().find(|(word, _)| *word == text);
        named.map(|(_, day)| *day).ok_or(Misread::Unexpected)
    }

    fn stand_in() -> Self {
        Weekday::Monday
    }

    fn show(&self) -> String {
        let named = WEEKDAYS.iter().find(|(_, day)| day == self);
        named.map(|(word, _)| *word).unwrap_or_default().to_owned()
    }
}

/// From one time of day to another; past midnight when the second is the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hours(pub Time, pub Time);

impl Setting for Hours {
    fn expected() -> String {
        "two different times of day such as \"09:00-17:00\" or \"22:00-06:00\"".to_owned()
    }

    fn read(value: &Value, _: &Path) -> Result<Self, Misread> {
        let (from, to) = filled(value)?.split_once('-').ok_or(Misread::Unexpected)?;
        match (time(from), time(to)) {
            (Some(from), Some(to)) if from != to => Ok(Hours(from, to)),
            _ => Err(Misread::Unexpected),
        }
    }

    fn stand_in() -> Self {
        Hours(Time::midnight(), Time::midnight())
    }

    fn show(&self) -> String {
        format!("{}-{}", self.0.show(), self.1.show())
    }
}

/// `9:00`, `09:00`; `24:00` ends a day.
fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = if (hour, minute) == (24, 0) { 0 } else { hour };
    Time::new(hour, minute, 0, 0).ok()
}

/// A number of days, written as days or weeks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Days(pub u16);

impl Setting for Days {
    fn expected() -> String {
        "a number of days or weeks, from \"1d\" to \"52w\"".to_owned()
    }

    fn read(value: &Value, _: &Path) -> Result<Self, Misread> {
        let text = filled(value)?.trim().to_lowercase();
        let (number, unit) = match (text.strip_suffix('d'), text.strip_suffix('w')) {
            (Some(number), _) => (number, 1),
            (_, Some(number)) => (number, 7),
            _ => return Err(Misread::Unexpected),
        };
        let days = number.trim().parse::<u16>().ok().and_then(|number| number.checked_mul(unit));
        days.filter(|days| (1..=364).contains(days)).map(Days).ok_or(Misread::Unexpected)
    }

    fn stand_in() -> Self {
        Days(1)
    }

    fn show(&self) -> String {
        match self.0.is_multiple_of(7) {
            true => format!("{}w", self.0 / 7),
            false => format!("{}d", self.0),
        }
    }
}

/// A triage level, with or without quotes.
struct Numbered(Level);

impl Setting for Numbered {
    fn expected() -> String {
        "a triage level such as 1".to_owned()
    }

    fn read(value: &Value, _: &Path) -> Result<Self, Misread> {
        let text = match value {
            Value::Number(number) => number.to_string(),
            other => filled(other)?.to_owned(),
        };
        text.parse().map(Numbered).map_err(|_| Misread::Unexpected)
    }

    fn stand_in() -> Self {
        Numbered(Level::One)
    }

    fn show(&self) -> String {
        self.0.to_string()
    }
}

/// Triage levels, with or without quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Levels(pub Vec<Level>);

impl Setting for Levels {
    fn expected() -> String {
        "a list of triage levels such as [1, 2]".to_owned()
    }

    fn read(value: &Value, folder: &Path) -> Result<Self, Misread> {
        let levels: Vec<Numbered> = list(value, folder)?;
        Ok(Levels(levels.into_iter().map(|Numbered(level)| level).collect()))
    }

    fn stand_in() -> Self {
        Levels::default()
    }

    fn show(&self) -> String {
        self.0.iter().map(Level::to_string).collect::<Vec<_>>().join(", ")
    }
}

impl Setting for Vec<Weekday> {
    fn expected() -> String {
        "a list of days of the week, such as [\"mon\", \"tue\"]".to_owned()
    }

    fn read(value: &Value, folder: &Path) -> Result<Self, Misread> {
        list(value, folder)
    }

    fn stand_in() -> Self {
        Vec::new()
    }

    fn show(&self) -> String {
        self.iter().map(Weekday::show).collect::<Vec<_>>().join(", ")
    }
}
