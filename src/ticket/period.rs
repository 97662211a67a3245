//! The time that a report is about: whole days of a zone, cut into days, weeks or months.

use jiff::{
    Span, Timestamp, ToSpan,
    civil::{Date, Weekday},
    tz::TimeZone,
};

use crate::domain::words::word;

/// A length of time up to today.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Length {
    /// Thirty days.
    #[default]
    Month,
    /// This week and the twelve before.
    Quarter,
    /// Twelve months, from the beginning of a week on.
    Year,
}

word!(Length, "length of a period", {
    Month => "30d",
    Quarter => "quarter",
    Year => "12mo",
});

/// So many years one report covers at most.
const LONGEST_YEARS: i16 = 10;

/// The days a report is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Where these days are meant.
    pub zone: TimeZone,
}

/// Why a period is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// It ends before it begins.
    #[error("a period ends on the day it begins or later; {1} is before {0}")]
    Backwards(Date, Date),
    /// It is too long.
    #[error("a report covers ten years at most; let it begin later than {0}")]
    TooLong(Date),
}

/// One step of a period: a day, a week from Monday to Sunday, or a month; cut where the period begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
    /// When it begins.
    pub begins: Timestamp,
    /// When it is over.
    pub ends: Timestamp,
}

/// How a period is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// By days.
    Day,
    /// By weeks.
    Week,
    /// By months.
    Month,
}

word!(Step, "step of a period", {
    Day => "day",
    Week => "week",
    Month => "month",
});

impl Period {
    /// So much time up to today.
    pub fn last(length: Length, now: Timestamp, zone: TimeZone) -> Period {
        let to = now.to_zoned(zone.clone()).date();
        let from = match length {
            Length::Month => to.saturating_sub(29.days()),
            Length::Quarter => monday_of(to).saturating_sub(12.weeks()),
            Length::Year => monday_of(to.saturating_sub(12.months())),
        };
        Period { from, to, zone }
    }

    /// From one day to another, both whole.
    ///
    /// # Errors
    /// [`PeriodError`].
    pub fn between(from: Date, to: Date, zone: TimeZone) -> Result<Period, PeriodError> {
        if to < from {
            return Err(PeriodError::Backwards(from, to));
        }
        if to > from.saturating_add(Span::new().years(LONGEST_YEARS)) {
            return Err(PeriodError::TooLong(from));
        }
        Ok(Period { from, to, zone })
    }

    /// When it begins.
    pub fn begins(&self) -> Timestamp {
        start_of(self.from, &self.zone)
    }

    /// When it is over.
    pub fn ends(&self) -> Timestamp {
        start_of(self.to.saturating_add(1.day()), &self.zone)
    }

    /// The period of the same length before it.
    pub fn before(&self) -> Period {
        let to = self.from.saturating_sub(1.day());
        Period { from: to.saturating_sub(Span::new().days(self.days() - 1)), to, zone: self.zone.clone() }
    }

    /// How many days it has.
    pub fn days(&self) -> i64 {
        i64::from(self.from.until(self.to).map_or(0, |span| span.get_days())) + 1
    }

    /// Up to six weeks go by days, up to some two years by weeks, what is longer by months.
    pub fn step(&self) -> Step {
        match self.days() {
            ..=45 => Step::Day,
            46..=750 => Step::Week,
            _ => Step::Month,
        }
    }

    /// Its steps, oldest first.
    pub fn stretches(&self) -> Vec<Stretch> {
        let mut stretches = Vec::new();
        let mut first = self.from;
        while first <= self.to {
            let last = match self.step() {
                Step::Day => first,
                Step::Week => monday_of(first).saturating_add(6.days()),
                Step::Month => first.last_of_month(),
            };
            let last = last.min(self.to);
            let next = last.saturating_add(1.day());
            stretches.push(Stretch {
                first,
                last,
                begins: start_of(first, &self.zone),
                ends: start_of(next, &self.zone),
            });
            // The calendar ends here.
            if next == last {
                break;
            }
            first = next;
        }
        stretches
    }
}

fn monday_of(day: Date) -> Date {
    let back = i64::from(day.weekday().since(Weekday::Monday));
    day.saturating_sub(Span::new().days(back))
}

fn start_of(day: Date, zone: &TimeZone) -> Timestamp {
    day.to_zoned(zone.clone()).map_or(Timestamp::MAX, |midnight| midnight.timestamp())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    fn now() -> Timestamp {
        // Sunday; Monday in Berlin by half an hour.
        "2026-11-22T23:30:00Z".parse().unwrap()
    }

    #[test]
    fn lengths_end_today_where_the_reader_is() {
        for (length, zone, from, to, step, steps) in [
            (Length::Month, TimeZone::UTC, date(2026, 10, 24), date(2026, 11, 22), Step::Day, 30),
            (Length::Month, berlin(), date(2026, 10, 25), date(2026, 11, 23), Step::Day, 30),
            (Length::Quarter, TimeZone::UTC, date(2026, 8, 24), date(2026, 11, 22), Step::Week, 13),
            (Length::Quarter, berlin(), date(2026, 8, 31), date(2026, 11, 23), Step::Week, 13),
            (Length::Year, TimeZone::UTC, date(2025, 11, 17), date(2026, 11, 22), Step::Week, 53),
        ] {
            let period = Period::last(length, now(), zone);
            assert_eq!((period.from, period.to, period.step()), (from, to, step), "{length}");
            assert_eq!(period.stretches().len(), steps, "{length}");
        }
    }

    #[test]
    fn days_begin_at_local_midnight_also_when_clocks_change() {
        let period = Period::between(date(2026, 10, 24), date(2026, 10, 26), berlin()).unwrap();
        let begins: Vec<String> = period.stretches().iter().map(|each| each.begins.to_string()).collect();
        assert_eq!(begins, ["2026-10-23T22:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"]);
        assert_eq!(
            (period.begins().to_string(), period.ends().to_string()),
            (begins[0].clone(), "2026-10-26T23:00:00Z".into())
        );
    }

    #[test]
    fn weeks_and_months_are_cut_at_the_edges() {
        let edges = |from: Date, to: Date| -> Vec<(Date, Date)> {
            let period = Period::between(from, to, TimeZone::UTC).unwrap();
            period.stretches().iter().map(|each| (each.first, each.last)).collect()
        };
        // Wednesday to Tuesday, eight weeks later.
        let weeks = edges(date(2026, 7, 1), date(2026, 8, 25));
        assert_eq!(
            (weeks[0], weeks[1]),
            ((date(2026, 7, 1), date(2026, 7, 5)), (date(2026, 7, 6), date(2026, 7, 12)))
        );
        assert_eq!(weeks.last(), Some(&(date(2026, 8, 24), date(2026, 8, 25))));
        let months = edges(date(2022, 1, 15), date(2026, 2, 3));
        assert_eq!(
            (months[0], months[1]),
            ((date(2022, 1, 15), date(2022, 1, 31)), (date(2022, 2, 1), date(2022, 2, 28)))
        );
        assert_eq!(months.last(), Some(&(date(2026, 2, 1), date(2026, 2, 3))));
        assert_eq!(edges(date(2026, 3, 1), date(2026, 3, 1)), [(date(2026, 3, 1), date(2026, 3, 1))]);
    }

    #[test]
    fn each_stretch_begins_where_the_one_before_ends() {
        for length in [Length::Month, Length::Quarter, Length::Year] {
            let period = Period::last(length, now(), berlin());
            let stretches = period.stretches();
            assert!(stretches.windows(2).all(|pair| pair[0].ends == pair[1].begins));
            assert_eq!(
                (stretches[0].begins, stretches.last().unwrap().ends),
                (period.begins(), period.ends())
            );
        }
    }

    #[test]
    fn what_is_no_period_is_told() {
        let (one, other) = (date(2026, 3, 2), date(2026, 3, 1));
        assert_eq!(Period::between(one, other, TimeZone::UTC), Err(PeriodError::Backwards(one, other)));
        let early = date(2000, 1, 1);
        assert_eq!(Period::between(early, one, TimeZone::UTC), Err(PeriodError::TooLong(early)));
        assert_eq!(Period::between(Date::MAX, Date::MAX, TimeZone::UTC).unwrap().stretches().len(), 1);
    }

    #[test]
    fn the_period_before_is_as_long() {
        let period = Period::between(date(2026, 3, 1), date(2026, 3, 10), TimeZone::UTC).unwrap();
        let before = period.before();
        assert_eq!((before.from, before.to, before.days()), (date(2026, 2, 19), date(2026, 2, 28), 10));
    }
}
