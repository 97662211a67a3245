//! Shifts round the clock: who has which, fairly, and with rest between them.
//!
//! Shifts begin at the same times of day by the clock on the wall, whatever night the clocks are changed; that
//! night a shift is an hour longer or shorter. Whoever has had the fewest shifts is next, among those who have rested
//! for [`REST`] since their last; where there are not enough people for that, whoever has rested longest. Who is away
//! during a shift does not get it, unless everybody is.

use jiff::{SignedDuration, Timestamp, ToSpan, civil::Time, tz::TimeZone};

/// The least rest between two shifts of one person (Directive 2003/88/EC, article 3).
pub const REST: SignedDuration = SignedDuration::from_hours(11);

/// A time of day at which one shift begins; the others follow.
const FIRST_HOUR: i8 = 6;

/// A stretch of time that one person has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift<P> {
    /// From 1.
    pub number: u32,
    /// Whose it is.
    pub who: P,
    /// When it begins.
    pub start: Timestamp,
    /// When it ends, and the next begins.
    pub end: Timestamp,
}

/// Somebody who may be given shifts.
#[derive(Clone, Debug)]
pub struct Worker<P> {
    /// Who.
    pub who: P,
    /// Until when they work already.
    pub busy_until: Option<Timestamp>,
    /// When they are away, each time from its beginning to its end.
    pub away: Vec<(Timestamp, Timestamp)>,
}

impl<P> Shift<P> {
    /// Whether any of it lies in one of these times.
    pub fn meets(&self, times: &[(Timestamp, Timestamp)]) -> bool {
        meet((self.start, self.end), times)
    }
}

fn meet((start, end): (Timestamp, Timestamp), times: &[(Timestamp, Timestamp)]) -> bool {
    times.iter().any(|(from, to)| *from < end && start < *to)
}

/// A shift that begins too early after the last one of the same person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortRest<P> {
    /// The shift that begins too early.
    pub number: u32,
    /// Whose.
    pub who: P,
    /// The time since their last one ended.
    pub rest: SignedDuration,
}

/// A change of a plan that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unchanged {
    /// There is no shift of this number.
    #[error("the plan has no shift {0}; its shifts are 1 to {1}")]
    NoShift(u32, usize),
    /// Who is to swap has no other shift.
    #[error("they have no other shift to swap with; `#shift {0} name` gives the shift away")]
    NothingToSwap(u32),
}

/// How many people it takes for everybody to rest long enough between shifts of so many hours.
pub fn people_needed(hours: u8) -> usize {
    let hours = i64::from(hours.max(1));
    usize::try_from((hours + REST.as_hours() + hours - 1) / hours).unwrap_or(usize::MAX)
}

/// Plans shifts of so many hours (a divisor of 24) from the next time at which one begins, for so many days. Empty where
/// nobody is there.
pub fn plan<P: Clone + PartialEq>(
    workers: &[Worker<P>],
    zone: &TimeZone,
    after: Timestamp,
    hours: u8,
    days: u8,
) -> Vec<Shift<P>> {
    let starts = starts(zone, after, hours, days);
    let mut load: Vec<(Worker<P>, u32)> = workers.iter().map(|worker| (worker.clone(), 0)).collect();
    let mut shifts = Vec::new();
    for (number, span) in (1..).zip(starts.windows(2)) {
        let (Some(&start), Some(&end)) = (span.first(), span.last()) else { continue };
        let Some((worker, had)) = next(&mut load, (start, end)) else { break };
        worker.busy_until = Some(end);
        *had += 1;
        shifts.push(Shift { number, who: worker.who.clone(), start, end });
    }
    shifts
}

/// The fewest shifts among the rested; else the longest rest. What was listed first goes first, who is away last.
fn next<P>(load: &mut [(Worker<P>, u32)], span: (Timestamp, Timestamp)) -> Option<&mut (Worker<P>, u32)> {
    let start = span.0;
    let rest = |worker: &Worker<P>| {
        worker.busy_until.map_or(SignedDuration::MAX, |until| start.duration_since(until))
    };
    load.iter_mut().min_by_key(|(worker, had)| {
        let (away, rest) = (meet(span, &worker.away), rest(worker));
        match rest >= REST {
            true => (away, false, *had, SignedDuration::MAX.saturating_sub(rest)),
            false => (away, true, 0, SignedDuration::MAX.saturating_sub(rest)),
        }
    })
}

/// When shifts begin, and when the last one ends.
fn starts(zone: &TimeZone, after: Timestamp, hours: u8, days: u8) -> Vec<Timestamp> {
    let hours = hours.clamp(1, 24);
    let today = after.to_zoned(zone.clone()).date();
    let first = today.yesterday().unwrap_or(today).to_datetime(Time::constant(FIRST_HOUR, 0, 0, 0));
    let every_day = usize::from(24 / hours);
    let most = (usize::from(days) + 3) * every_day;
    let at = |step: i64| {
        let civil = first.checked_add((step * i64::from(hours)).hours()).ok()?;
        Some(zone.to_ambiguous_zoned(civil).compatible().ok()?.timestamp())
    };
    let grid = (0..).take(most).map_while(at);
    let mut starts: Vec<Timestamp> =
        grid.filter(|start| *start > after).take(usize::from(days) * every_day + 1).collect();
    starts.dedup();
    starts
}

/// The shifts that begin too early after the last one of the same person.
pub fn short_rests<P: Clone + PartialEq>(shifts: &[Shift<P>]) -> Vec<ShortRest<P>> {
    let mut short = Vec::new();
    for (at, shift) in shifts.iter().enumerate() {
        let last = shifts.iter().take(at).rev().find(|earlier| earlier.who == shift.who);
        let rest = last.map(|last| shift.start.duration_since(last.end));
        if let Some(rest) = rest.filter(|rest| *rest < REST) {
            short.push(ShortRest { number: shift.number, who: shift.who.clone(), rest });
        }
    }
    short
}

/// Gives a shift to somebody else. Returns whose it was.
///
/// # Errors
/// [`Unchanged::NoShift`].
pub fn give<P: Clone + PartialEq>(shifts: &mut [Shift<P>], number: u32, to: P) -> Result<P, Unchanged> {
    let count = shifts.len();
    let shift = shifts.iter_mut().find(|shift| shift.number == number);
    let shift = shift.ok_or(Unchanged::NoShift(number, count))?;
    Ok(std::mem::replace(&mut shift.who, to))
}

/// The shift of somebody that is nearest to another one.
///
/// # Errors
/// [`Unchanged`] where there is no such shift.
pub fn nearest<P: Clone + PartialEq>(shifts: &[Shift<P>], number: u32, of: &P) -> Result<u32, Unchanged> {
    let there = shifts.iter().any(|shift| shift.number == number);
    there.then_some(()).ok_or(Unchanged::NoShift(number, shifts.len()))?;
    let theirs = shifts.iter().filter(|shift| shift.who == *of && shift.number != number);
    let nearest = theirs.min_by_key(|shift| shift.number.abs_diff(number));
    nearest.map(|shift| shift.number).ok_or(Unchanged::NothingToSwap(number))
}

/// Exchanges the people of two shifts.
///
/// # Errors
/// [`Unchanged::NoShift`].
pub fn swap<P: Clone + PartialEq>(shifts: &mut [Shift<P>], one: u32, other: u32) -> Result<(), Unchanged> {
    let count = shifts.len();
    let whose = |shifts: &[Shift<P>], number: u32| {
        let found = shifts.iter().find(|shift| shift.number == number);
        found.map(|shift| shift.who.clone()).ok_or(Unchanged::NoShift(number, count))
    };
    let (first, second) = (whose(shifts, one)?, whose(shifts, other)?);
    give(shifts, one, second)?;
    give(shifts, other, first).map(drop)
}

#[cfg(test)]
mod tests;
