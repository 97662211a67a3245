//! Who is on duty when: people take turns, and hand over at a fixed time of day.
//!
//! A rota knows its members by their place in its list only. Turns are counted in days by the calendar of its zone,
//! so that a handover at nine is at nine in summer and in winter. A time of day that a change of clocks leaves out is
//! the moment of the change; one that comes twice counts the first time, and a turn never goes back.

use jiff::{
    Span, Timestamp,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};

/// People who take turns.
#[derive(Clone, Debug)]
pub struct Rota {
    /// How many they are.
    pub members: usize,
    /// How many of them are on duty at a time: whose turn it is, and those after them in the list.
    pub at_once: usize,
    /// The day on which the first member's first turn begins; nobody is on duty before.
    pub from: Date,
    /// The time of day at which turns change.
    pub at: Time,
    /// How many days a turn has; at least one.
    pub days: u16,
    /// The days of the week on which somebody is on duty; none are all.
    pub weekdays: Vec<Weekday>,
    /// The time of day in which somebody is on duty; it may go past midnight, and then counts to the day it began.
    pub hours: Option<(Time, Time)>,
    /// Where these days and times are meant.
    pub zone: TimeZone,
}

/// A change of turns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// When.
    pub at: Timestamp,
    /// Whose turn begins then, by their places in the list.
    pub to: Vec<usize>,
}

impl Rota {
    /// Who is on duty at an instant, by their places in the list; whose turn it is stands first.
    pub fn on_duty(&self, at: Timestamp) -> Vec<usize> {
        match self.turn(at) {
            Some(turn) if self.is_within_hours(at) => self.whose(turn),
            _ => Vec::new(),
        }
    }

    /// Whose turn it is at an instant, also outside their hours.
    pub fn whose_turn(&self, at: Timestamp) -> Vec<usize> {
        self.turn(at).map(|turn| self.whose(turn)).unwrap_or_default()
    }

    /// The next changes of turns after an instant, the nearest first.
    pub fn handovers(&self, after: Timestamp, count: usize) -> Vec<Handover> {
        let next = self.turn(after).map_or(0, |turn| turn + 1);
        let handover = |turn: i64| Some(Handover { at: self.start(turn)?, to: self.whose(turn) });
        (next..).take(count).map_while(handover).collect()
    }

    /// The last change of turns up to an instant, and whose turn it was until then.
    pub fn last_handover(&self, at: Timestamp) -> Option<(Handover, Vec<usize>)> {
        let turn = self.turn(at)?;
        let before = if turn > 0 { self.whose(turn - 1) } else { Vec::new() };
        Some((Handover { at: self.start(turn)?, to: self.whose(turn) }, before))
    }

    /// The number of the turn at an instant, the first being 0.
    fn turn(&self, at: Timestamp) -> Option<i64> {
        let local = at.to_zoned(self.zone.clone()).datetime();
        let since = self.from.to_datetime(self.at).until(local).ok()?;
        let days = i64::from(since.get_days()) - i64::from(since.is_negative());
        let guess = days.div_euclid(i64::from(self.days.max(1)));
        // Where a change of clocks lies in between, the calendar is off by one turn at most.
        let begun = |turn: &i64| self.start(*turn).is_some_and(|start| start <= at);
        (0.max(guess - 1)..=guess + 1).rev().find(begun)
    }

    /// When a turn begins; `None` beyond the end of the calendar.
    fn start(&self, turn: i64) -> Option<Timestamp> {
        let days = turn.checked_mul(i64::from(self.days.max(1)))?;
        let day = self.from.checked_add(Span::new().try_days(days).ok()?).ok()?;
        // A time that a change leaves out is moved on, one that comes twice is the first (RFC 5545, section 3.3.5).
        Some(self.zone.to_ambiguous_zoned(day.to_datetime(self.at)).compatible().ok()?.timestamp())
    }

    fn whose(&self, turn: i64) -> Vec<usize> {
        let Ok(members @ 1..) = i64::try_from(self.members) else { return Vec::new() };
        let place = |step: i64| usize::try_from((turn + step).rem_euclid(members)).unwrap_or_default();
        (0..members).take(self.at_once.max(1)).map(place).collect()
    }

    fn is_within_hours(&self, at: Timestamp) -> bool {
        let local = at.to_zoned(self.zone.clone()).datetime();
        let on = |day: Weekday| self.weekdays.is_empty() || self.weekdays.contains(&day);
        let (today, time) = (local.date().weekday(), local.time());
        match self.hours {
            None => on(today),
            Some((from, to)) if from < to => on(today) && from <= time && time < to,
            Some((from, to)) => (on(today) && from <= time) || (on(today.previous()) && time < to),
        }
    }
}

#[cfg(test)]
mod tests;
