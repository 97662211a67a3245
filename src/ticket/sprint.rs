//! Sprints: which one a day is in, when the weekly question is due, and how its answer is read (`order`).

use jiff::{
    Span, Timestamp, ToSpan,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};

/// How time is cut into sprints.
#[derive(Clone, Debug)]
pub struct Sprints {
    /// The first day of the first sprint.
    pub first: Date,
    /// How many weeks each has; at least one.
    pub weeks: u32,
    /// Where these days are meant.
    pub zone: TimeZone,
}

/// One sprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sprint {
    /// Counted from 1.
    pub number: i32,
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// When it begins.
    pub begins: Timestamp,
    /// When it is over.
    pub ends: Timestamp,
}

impl Sprint {
    /// How many of its days from Monday to Friday somebody is there, who is away on these: first and last day, none while
    /// they are not back.
    pub fn workdays(&self, away: &[(Date, Option<Date>)]) -> usize {
        let is_away = |day: Date| away.iter().any(|(from, to)| *from <= day && to.is_none_or(|to| day <= to));
        let days = self.from.series(1.day()).take_while(|day| *day <= self.to);
        let works = |day: &Date| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        days.filter(works).filter(|day| !is_away(*day)).count()
    }
}

impl Sprints {
    /// The sprint at an instant; before the first one it is the first.
    pub fn at(&self, at: Timestamp) -> Option<Sprint> {
        let today = at.to_zoned(self.zone.clone()).date();
        let days = i64::from(self.first.until(today).ok()?.get_days());
        let number = days.max(0) / (7 * i64::from(self.weeks.max(1))) + 1;
        self.number(i32::try_from(number).ok()?)
    }

    /// The sprint of a number, counted from 1; `None` for what is none, or lies beyond the calendar.
    pub fn number(&self, number: i32) -> Option<Sprint> {
        let length = 7 * i64::from(self.weeks.max(1));
        let later = |days: i64| self.first.checked_add(Span::new().try_days(days).ok()?).ok();
        let from = later(i64::from(number.checked_sub(1).filter(|before| *before >= 0)?) * length)?;
        let next = later(i64::from(number) * length)?;
        Some(Sprint {
            number,
            from,
            to: next.yesterday().ok()?,
            begins: from.to_zoned(self.zone.clone()).ok()?.timestamp(),
            ends: next.to_zoned(self.zone.clone()).ok()?.timestamp(),
        })
    }

    /// The next time, after an instant, that it is this time on this day of the week.
    pub fn next(&self, after: Timestamp, on: Weekday, at: Time) -> Option<Timestamp> {
        let today = after.to_zoned(self.zone.clone()).date();
        let on_day = |days: i64| {
            let day = today.checked_add(Span::new().days(days)).ok()?;
            let moment = self.zone.to_ambiguous_zoned(day.to_datetime(at)).compatible().ok()?;
            (day.weekday() == on && moment.timestamp() > after).then(|| moment.timestamp())
        };
        (0..=7).find_map(on_day)
    }
}

pub mod order;

#[cfg(test)]
mod tests;
