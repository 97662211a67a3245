//! `[sprint]`: how the time of the team is cut, and what may be spent on repairs.

use std::path::Path;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;

use super::kinds::{Misread, Setting, filled};
use super::reader::Reader;
use super::value::Value;
use crate::ticket::sprint::Sprints;

/// Sprints, their budget, and the weekly question about the next one.
#[derive(Clone, Debug)]
pub struct Sprint {
    /// When sprints begin and end; without a first day there are none.
    pub sprints: Option<Sprints>,
    /// Hours that one person works in a week.
    pub week_hours: u32,
    /// How much of a sprint may go into repairs of severity 2.
    pub sev2_budget: Option<Budget>,
    /// The share of somebody's work that should at most be maintenance, in percent.
    pub maintenance: Option<u32>,
    /// When product owners are asked for the order of the next sprint.
    pub asked_on: Weekday,
    /// The time of day of it.
    pub asked_at: Time,
}

impl Sprint {
    pub(super) fn read(t: &mut Reader<'_>, zone: &TimeZone) -> Sprint {
        let first: Option<Date> = t.optional("starts");
        let weeks = t.number("weeks", 2, 1..=8);
        let zone = t.or("zone", zone.clone());
        Sprint {
            sprints: first.map(|first| Sprints { first, weeks, zone }),
            week_hours: t.number("week_hours", 40, 1..=168),
            sev2_budget: t.optional("sev2_budget"),
            maintenance: t.optional("maintenance").map(|Percent(percent)| percent),
            asked_on: t.or("asked_on", Weekday::Thursday),
            asked_at: t.or("asked_at", Time::constant(9, 0, 0, 0)),
        }
    }

    /// The budget for severity 2 of a sprint in minutes, when people work so many days of it together: `days` are those
    /// from Monday to Friday.
    pub fn budget_minutes(&self, days: usize) -> Option<i64> {
        self.sprints.as_ref()?;
        Some(match self.sev2_budget? {
            Budget::Hours(hours) => i64::from(hours) * 60,
            Budget::Share(Percent(percent)) => {
                let days = i64::try_from(days).unwrap_or(i64::MAX);
                let week = i64::from(self.week_hours) * 60;
                week.saturating_mul(days).saturating_mul(i64::from(percent)) / (5 * 100)
            }
        })
    }
}

/// A part of the time of a sprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// So many hours.
    Hours(u32),
    /// A share of what all work.
    Share(Percent),
}

/// A share in percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percent(pub u32);

impl Setting for Percent {
    fn expected() -> String {
        "a share from \"0%\" to \"100%\"".to_owned()
    }

    fn read(value: &Value, _: &Path) -> Result<Self, Misread> {
        let number = filled(value)?.trim().strip_suffix('%').and_then(|number| number.trim().parse().ok());
        number.filter(|percent| *percent <= 100).map(Percent).ok_or(Misread::Unexpected)
    }

    fn stand_in() -> Self {
        Percent(0)
    }

    fn show(&self) -> String {
        format!("{}%", self.0)
    }
}

impl Setting for Budget {
    fn expected() -> String {
        "a share of the work such as \"20%\", or hours such as \"48h\"".to_owned()
    }

    fn read(value: &Value, folder: &Path) -> Result<Self, Misread> {
        let hours = filled(value)?.trim().strip_suffix('h').and_then(|number| number.trim().parse().ok());
        match hours.filter(|hours| *hours <= 10_000) {
            Some(hours) => Ok(Budget::Hours(hours)),
            None => Percent::read(value, folder).map(Budget::Share),
        }
    }

    fn stand_in() -> Self {
        Budget::Hours(0)
    }

    fn show(&self) -> String {
        match self {
            Budget::Hours(hours) => format!("{hours}h"),
            Budget::Share(share) => share.show(),
        }
    }
}
