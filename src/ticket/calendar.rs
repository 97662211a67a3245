//! Business calendars: when a desk works, and what that makes of a length of time.
//!
//! Exact over the two nights a year on which clocks change: every bound of a period is one instant. A time of day that
//! comes twice is meant the first time; one that never comes is the moment at which the clocks jump. So periods that
//! touch on the wall touch in time, too, and none ever overlap. Holidays are those of the day on which a period begins.

use std::collections::BTreeSet;

use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, Weekday},
    tz::{AmbiguousOffset, TimeZone},
};

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// Days that are looked at before a time is given up: two hundred years.
const HORIZON: usize = 200 * 366;

/// Days in which each day of the year comes: two leap years and all between.
const EVERY_DAY: i64 = 8 * 366;

/// When somebody works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    zone: TimeZone,
    hours: Hours,
    holidays: Holidays,
}

impl Default for Calendar {
    fn default() -> Self {
        Calendar::always()
    }
}

/// The hours of a week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hours {
    /// Round the clock, holidays too.
    Always,
    /// The periods that begin on each day, Monday first.
    Weekly([Vec<Period>; 7]),
}

/// A part of a day, in minutes since midnight by the clock on the wall. It may reach into the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    from: u16,
    to: u16,
}

/// Days on which nobody works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holidays {
    once: BTreeSet<Date>,
    /// Month and day.
    yearly: BTreeSet<(i8, i8)>,
}

/// Why a calendar is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Not `09:00-17:30`.
    #[error("`{0}` is no period; write two times of day, such as \"09:00-17:30\" or \"22:00-02:00\"")]
    Period(String),
    /// Neither a date nor a day of each year.
    #[error("`{0}` is no holiday; write a date such as \"2026-12-24\", or \"12-25\" for one of each year")]
    Holiday(String),
    /// Two periods at the same time.
    #[error("the period {0} overlaps with {1}; each moment may be in one period only")]
    Overlap(String, String),
    /// There is no working time at all.
    #[error("it has no working time; give at least one period on a day that is no holiday")]
    Empty,
}

impl Period {
    /// Reads `09:00-17:30`; `22:00-02:00` ends on the next day, `16:00-24:00` at midnight.
    ///
    /// # Errors
    /// [`CalendarError::Period`] for anything else, and for one that has no length.
    pub fn parse(text: &str) -> Result<Period, CalendarError> {
        let wrong = || CalendarError::Period(crate::domain::text::line(text));
        let (from, to) = text.split_once(['-', '–']).ok_or_else(wrong)?;
        let from = minutes(from).filter(|from| *from < DAY).ok_or_else(wrong)?;
        let to = minutes(to).ok_or_else(wrong)?;
        match to {
            to if to == from => Err(wrong()),
            to if to < from => Ok(Period { from, to: to + DAY }),
            to => Ok(Period { from, to }),
        }
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let to = if self.to > DAY { self.to - DAY } else { self.to };
        write!(f, "{:02}:{:02}-{:02}:{:02}", self.from / 60, self.from % 60, to / 60, to % 60)
    }
}

impl Holidays {
    /// Takes in `2026-12-24`, or `12-25` for one of each year.
    ///
    /// # Errors
    /// [`CalendarError::Holiday`] for anything else.
    pub fn add(&mut self, text: &str) -> Result<(), CalendarError> {
        let text = text.trim();
        let wrong = || CalendarError::Holiday(crate::domain::text::line(text));
        if text.len() == "12-25".len() {
            // A leap year has all of them.
            let date: Date = format!("2024-{text}").parse().map_err(|_| wrong())?;
            self.yearly.insert((date.month(), date.day()));
            return Ok(());
        }
        self.once.insert(text.parse().map_err(|_| wrong())?);
        Ok(())
    }

    fn has(&self, date: Date) -> bool {
        self.once.contains(&date) || self.yearly.contains(&(date.month(), date.day()))
    }
}

impl Calendar {
    /// A calendar in which nothing overlaps and somebody works at some time.
    ///
    /// # Errors
    /// [`CalendarError::Overlap`] and [`CalendarError::Empty`].
    pub fn new(zone: TimeZone, hours: Hours, holidays: Holidays) -> Result<Calendar, CalendarError> {
        let mut hours = hours;
        if let Hours::Weekly(days) = &mut hours {
            days.iter_mut().for_each(|periods| periods.sort());
            no_overlap(days)?;
        }
        let calendar = Calendar { zone, hours, holidays };
        let begin = jiff::civil::date(2024, 1, 1);
        let mut days = (0..EVERY_DAY).filter_map(|day| begin.checked_add(day.days()).ok());
        match calendar.hours == Hours::Always || days.any(|date| calendar.on(date).next().is_some()) {
            true => Ok(calendar),
            false => Err(CalendarError::Empty),
        }
    }

    /// Round the clock.
    pub fn always() -> Calendar {
        Calendar { zone: TimeZone::UTC, hours: Hours::Always, holidays: Holidays::default() }
    }

    /// Monday to Friday from nine to five.
    pub fn office(zone: TimeZone) -> Calendar {
        let day = vec![Period { from: 9 * 60, to: 17 * 60 }];
        let days = [day.clone(), day.clone(), day.clone(), day.clone(), day, Vec::new(), Vec::new()];
        Calendar { zone, hours: Hours::Weekly(days), holidays: Holidays::default() }
    }

    /// Whether it is round the clock, so that its hours are plain hours.
    pub fn is_always(&self) -> bool {
        self.hours == Hours::Always
    }

    /// The zone of its clock.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The first moment by which so much working time has passed since `start`; `start` itself for none. What
    /// would not come within two hundred years comes then.
    pub fn add_working(&self, start: Timestamp, working: SignedDuration) -> Timestamp {
        if working <= SignedDuration::ZERO {
            return start;
        }
        if self.is_always() {
            return start.saturating_add(working).unwrap_or(Timestamp::MAX);
        }
        let (mut left, mut last) = (working, start);
        for (from, to) in self.periods(start) {
            let open = to.duration_since(from);
            if open >= left {
                return from.saturating_add(left).unwrap_or(Timestamp::MAX);
            }
            (left, last) = (left - open, to);
        }
        last
    }

    /// The working time between two moments; none when `end` is not after `start`.
    pub fn working_between(&self, start: Timestamp, end: Timestamp) -> SignedDuration {
        if end <= start {
            return SignedDuration::ZERO;
        }
        if self.is_always() {
            return end.duration_since(start);
        }
        let within = self.periods(start).take_while(|(from, _)| *from < end);
        within.map(|(from, to)| to.min(end).duration_since(from)).sum()
    }

    /// The working periods from a moment on, in order, each with a length; the first may have begun before, and is
    /// cut there.
    fn periods(&self, start: Timestamp) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let today = self.zone.to_datetime(start).date();
        // Yesterday's night shift may still be at work.
        let first = today.yesterday().unwrap_or(today);
        let days = first.series(1.day()).take(HORIZON);
        days.flat_map(|date| self.on(date))
            .map(move |(from, to)| (from.max(start), to))
            .filter(|(from, to)| from < to)
    }

    /// The periods that begin on a day.
    fn on(&self, date: Date) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let periods = match &self.hours {
            Hours::Weekly(days) if !self.holidays.has(date) => {
                let day = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
                days.get(day).map_or(&[][..], Vec::as_slice)
            }
            _ => &[],
        };
        let bounds = move |period: &Period| Some((self.at(date, period.from)?, self.at(date, period.to)?));
        periods.iter().filter_map(bounds).filter(|(from, to)| from < to)
    }

    /// The moment at which the clock on the wall shows so many minutes of a day.
    fn at(&self, date: Date, minutes: u16) -> Option<Timestamp> {
        let date = if minutes >= DAY { date.tomorrow().ok()? } else { date };
        let minutes = minutes % DAY;
        let time = date.at((minutes / 60) as i8, (minutes % 60) as i8, 0, 0);
        let ambiguous = self.zone.to_ambiguous_timestamp(time);
        match ambiguous.offset() {
            // The first moment after the jump: both clocks show it there.
            AmbiguousOffset::Gap { .. } => {
                let before = ambiguous.earlier().ok()?;
                self.zone.following(before).next().map(|transition| transition.timestamp())
            }
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => ambiguous.earlier().ok(),
        }
    }
}

/// `9:00`, `09:00` or `24:00`, in minutes.
fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !digits(hours) || !digits(minutes) || minutes.len() != 2 || hours.len() > 2 {
        return None;
    }
    let (hours, minutes): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
    let all = u16::from(hours) * 60 + u16::from(minutes);
    (minutes < 60 && all <= DAY).then_some(all)
}

fn no_overlap(days: &[Vec<Period>; 7]) -> Result<(), CalendarError> {
    const WEEK: u32 = 7 * DAY as u32;
    let named = |day: i8, period: &Period| {
        let weekday = Weekday::from_monday_zero_offset(day).map(|day| format!("{day:?}"));
        format!("{} {period}", weekday.unwrap_or_default())
    };
    let mut all: Vec<(u32, u32, String)> = Vec::new();
    for (day, periods) in (0_i8..).zip(days) {
        let midnight = u32::from(day.unsigned_abs()) * u32::from(DAY);
        all.extend(periods.iter().map(|period| {
            (midnight + u32::from(period.from), midnight + u32::from(period.to), named(day, period))
        }));
    }
    all.sort();
    // The week begins anew: Sunday's night may reach into Monday.
    let again = all.first().map(|(from, to, name)| (from + WEEK, to + WEEK, name.clone()));
    all.extend(again);
    for pair in all.windows(2) {
        if let [(_, end, earlier), (begin, _, later)] = pair
            && begin < end
        {
            return Err(CalendarError::Overlap(later.clone(), earlier.clone()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
