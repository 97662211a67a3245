//! Digests: when the next one is due, and the figures in it.

use std::collections::{BTreeMap, HashMap};

use jiff::{
    SignedDuration, Timestamp, Unit, Zoned, ZonedRound,
    civil::{Time, Weekday},
    tz::TimeZone,
};

use super::{Cadence, Severity};
use crate::domain::{TicketId, Word};

/// When somebody reads digests.
#[derive(Clone, Debug, PartialEq)]
pub struct Hours {
    /// The hour of daily and weekly ones.
    pub at: Time,
    /// The day of weekly ones.
    pub on: Weekday,
    /// The zone of both.
    pub zone: TimeZone,
}

impl Default for Hours {
    fn default() -> Hours {
        Hours { at: Time::constant(8, 0, 0, 0), on: Weekday::Monday, zone: TimeZone::UTC }
    }
}

impl Hours {
    /// When the next digest after `now` is due. An hour that a change of clocks leaves out comes as much later.
    pub fn next(&self, cadence: Cadence, now: Timestamp) -> Timestamp {
        let local = now.to_zoned(self.zone.clone());
        let next = match cadence {
            Cadence::Immediate => return now,
            Cadence::Hourly => next_hour(&local),
            Cadence::Daily => (0..=2).find_map(|days| self.on_day(&local, days)),
            Cadence::Weekly => {
                (0..=8).filter_map(|days| self.on_day(&local, days)).find(|day| day.weekday() == self.on)
            }
        };
        // Beyond the end of the calendar there is no next one.
        next.map_or(now + SignedDuration::from_hours(24), |next| next.timestamp())
    }

    /// The hour on a day so many days on, where it is still to come.
    fn on_day(&self, local: &Zoned, days: i64) -> Option<Zoned> {
        let day = local.date().checked_add(jiff::Span::new().days(days)).ok()?;
        let at = day.to_datetime(self.at).to_zoned(self.zone.clone()).ok()?;
        (at.timestamp() > local.timestamp()).then_some(at)
    }

    /// The ends of the days up to `until`, oldest first; the last of them is `until` itself.
    pub fn day_ends(&self, until: Timestamp, days: u32) -> Vec<Timestamp> {
        let local = until.to_zoned(self.zone.clone());
        let before = |back: u32| {
            let day = local.date().checked_sub(jiff::Span::new().days(i64::from(back) - 1)).ok()?;
            day.to_zoned(self.zone.clone()).ok().map(|midnight| midnight.timestamp())
        };
        (1..days).rev().filter_map(before).chain([until]).collect()
    }
}

fn next_hour(local: &Zoned) -> Option<Zoned> {
    let whole = ZonedRound::new().smallest(Unit::Hour).mode(jiff::RoundMode::Floor);
    local.round(whole).ok()?.checked_add(SignedDuration::from_hours(1)).ok()
}

/// A ticket as figures see it.
#[derive(Clone, Debug)]
pub struct Life {
    /// Which.
    pub ticket: TicketId,
    /// How bad it is now.
    pub severity: Option<Severity>,
    /// When it was opened.
    pub opened: Timestamp,
    /// Whether it is closed now.
    pub closed: bool,
    /// Whether the next word is the customer's.
    pub waiting: bool,
}

/// Something in the life of a ticket.
#[derive(Clone, Debug)]
pub struct Move {
    /// Of which.
    pub ticket: TicketId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: What,
}

/// What a [`Move`] changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The status, as people read it.
    Status {
        /// Before.
        from: String,
        /// After.
        to: String,
        /// Whether it was open before.
        was_open: bool,
        /// Whether it is open after.
        is_open: bool,
    },
    /// The severity.
    Severity {
        /// Before.
        from: Option<Severity>,
        /// After.
        to: Option<Severity>,
    },
}

impl Move {
    /// Whether it closes the ticket.
    pub fn closes(&self) -> bool {
        matches!(self.what, What::Status { is_open: false, .. })
    }
}

/// How many tickets were open at each of these moments (in order), by severity and, last, not rated: found by going back
/// from how they stand now.
pub fn open_at(lives: &[Life], moves: &[Move], moments: &[Timestamp]) -> Vec<Vec<u32>> {
    let mut by_ticket: HashMap<TicketId, Vec<&Move>> = HashMap::new();
    for step in moves {
        by_ticket.entry(step.ticket).or_default().push(step);
    }
    let mut counts = vec![vec![0; Severity::ALL.len() + 1]; moments.len()];
    for life in lives {
        let mut back = by_ticket.remove(&life.ticket).unwrap_or_default();
        back.sort_by_key(|step| step.at);
        let (mut open, mut severity) = (!life.closed, life.severity);
        for (moment, count) in moments.iter().zip(&mut counts).rev() {
            while let Some(step) = back.pop_if(|step| step.at > *moment) {
                match &step.what {
                    What::Status { was_open, .. } => open = *was_open,
                    What::Severity { from, .. } => severity = *from,
                }
            }
            if open && life.opened <= *moment {
                count[place(severity)] += 1;
            }
        }
    }
    counts
}

/// Where a severity is counted: by its order, what is not rated last.
pub fn place(severity: Option<Severity>) -> usize {
    Severity::ALL.iter().position(|each| Some(*each) == severity).unwrap_or(Severity::ALL.len())
}

/// How many of these moments lie in each of the stretches that end at `ends`; the first begins at `start`.
pub fn per_stretch(
    moments: impl Iterator<Item = Timestamp>,
    start: Timestamp,
    ends: &[Timestamp],
) -> Vec<u32> {
    let mut counts = vec![0; ends.len()];
    for moment in moments.filter(|moment| *moment > start) {
        if let Some(count) = counts.get_mut(ends.partition_point(|end| *end < moment)) {
            *count += 1;
        }
    }
    counts
}

/// How old open tickets are, by severity as in [`open_at`]: up to a day, a week, four weeks, older.
pub fn ages(lives: &[Life], now: Timestamp) -> Vec<[u32; 4]> {
    let mut counts = vec![[0; 4]; Severity::ALL.len() + 1];
    for life in lives.iter().filter(|life| !life.closed) {
        let days = now.duration_since(life.opened).as_secs() / 86_400;
        let age = [1, 7, 28].iter().position(|most| days < *most).unwrap_or(3);
        counts[place(life.severity)][age] += 1;
    }
    counts
}

/// The one in the middle, or what lies between the two in the middle.
pub fn median(mut lengths: Vec<SignedDuration>) -> Option<SignedDuration> {
    lengths.sort();
    let (upper, lower) = (lengths.get(lengths.len() / 2)?, lengths.get(lengths.len().checked_sub(1)? / 2)?);
    Some((*upper + *lower) / 2)
}

/// "45 min", "2 h 10 min", "3 d 4 h".
pub fn spelled(length: SignedDuration) -> String {
    let minutes = length.as_mins().max(0);
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours, rest) {
        (0, 0, 0) => "under a minute".to_owned(),
        (0, 0, rest) => format!("{rest} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, rest) => format!("{hours} h {rest} min"),
        (days, 0, _) => format!("{days} d"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

/// What a stretch of time did to each ticket: the statuses it went through, from the first on, and its severity before.
pub fn ways(moves: &[Move], since: Timestamp, until: Timestamp) -> BTreeMap<TicketId, Way> {
    let mut all: BTreeMap<TicketId, Way> = BTreeMap::new();
    let mut within: Vec<&Move> = moves.iter().filter(|step| step.at > since && step.at <= until).collect();
    within.sort_by_key(|step| step.at);
    for step in within {
        let way = all.entry(step.ticket).or_default();
        match &step.what {
            What::Status { from, to, .. } => {
                way.status.get_or_insert_with(|| from.clone());
                way.stations.push(to.clone());
            }
            What::Severity { from, .. } => {
                way.severity.get_or_insert(*from);
            }
        }
    }
    all
}

/// See [`ways`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// The status before, where it changed.
    pub status: Option<String>,
    /// The statuses since.
    pub stations: Vec<String>,
    /// The severity before, where it changed.
    pub severity: Option<Option<Severity>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn berlin(hour: i8) -> Hours {
        Hours {
            at: Time::constant(hour, 30, 0, 0),
            on: Weekday::Friday,
            zone: TimeZone::get("Europe/Berlin").unwrap(),
        }
    }

    #[test]
    fn a_digest_comes_at_the_readers_local_time() {
        for (hour, cadence, now, due) in [
            (8, Cadence::Daily, "2026-11-21T07:29:59Z", "2026-11-21T07:30:00Z"),
            (8, Cadence::Daily, "2026-11-21T07:30:00Z", "2026-11-22T07:30:00Z"),
            // Saturday; the next Friday.
            (8, Cadence::Weekly, "2026-11-21T07:30:00Z", "2026-11-27T07:30:00Z"),
            (8, Cadence::Weekly, "2026-11-27T07:29:00Z", "2026-11-27T07:30:00Z"),
            (8, Cadence::Weekly, "2026-11-27T07:30:00Z", "2026-12-04T07:30:00Z"),
            (8, Cadence::Hourly, "2026-11-21T07:00:00Z", "2026-11-21T08:00:00Z"),
            (8, Cadence::Hourly, "2026-11-21T07:59:59Z", "2026-11-21T08:00:00Z"),
            // The nights of the changes: 2026-03-29 has no 02:30, 2026-10-25 has it twice.
            (8, Cadence::Daily, "2026-03-28T07:30:00Z", "2026-03-29T06:30:00Z"),
            (2, Cadence::Daily, "2026-03-28T23:00:00Z", "2026-03-29T01:30:00Z"),
            (2, Cadence::Daily, "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"),
            (2, Cadence::Daily, "2026-10-24T23:00:00Z", "2026-10-25T00:30:00Z"),
            (2, Cadence::Daily, "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"),
            (2, Cadence::Hourly, "2026-10-25T00:10:00Z", "2026-10-25T01:00:00Z"),
        ] {
            assert_eq!(berlin(hour).next(cadence, at(now)), at(due), "{cadence} after {now}");
        }
        let kolkata = Hours { zone: TimeZone::get("Asia/Kolkata").unwrap(), ..Hours::default() };
        assert_eq!(kolkata.next(Cadence::Hourly, at("2026-11-21T07:00:00Z")), at("2026-11-21T07:30:00Z"));
    }

    #[test]
    fn days_end_at_local_midnight_and_the_last_one_now() {
        let ends = berlin(8).day_ends(at("2026-10-26T07:30:00Z"), 3);
        // The clocks went back on the 25th.
        assert_eq!(ends, ["2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", "2026-10-26T07:30:00Z"].map(at));
    }

    fn life(ticket: i64, severity: Option<Severity>, opened: &str, closed: bool) -> Life {
        Life { ticket: TicketId(ticket), severity, opened: at(opened), closed, waiting: false }
    }

    fn moved(ticket: i64, when: &str, from: &str, to: &str) -> Move {
        let (was_open, is_open) = (from != "closed", to != "closed");
        let what = What::Status { from: from.into(), to: to.into(), was_open, is_open };
        Move { ticket: TicketId(ticket), at: at(when), what }
    }

    #[test]
    fn how_many_were_open_is_found_by_going_back() {
        let lives = [
            life(1, Some(Severity::One), "2026-11-01T10:00:00Z", false),
            life(2, None, "2026-11-03T10:00:00Z", true),
            // Closed, reopened on the 4th.
            life(3, Some(Severity::Three), "2026-10-01T10:00:00Z", false),
        ];
        let what = What::Severity { from: Some(Severity::Two), to: Some(Severity::One) };
        let moves = [
            Move { ticket: TicketId(1), at: at("2026-11-03T12:00:00Z"), what },
            moved(2, "2026-11-04T09:00:00Z", "new", "closed"),
            moved(3, "2026-11-02T09:00:00Z", "accepted", "closed"),
            moved(3, "2026-11-04T09:00:00Z", "closed", "accepted"),
        ];
        let ends = ["2026-10-31", "2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"];
        let ends = ends.map(|day| at(&format!("{day}T23:00:00Z")));
        assert_eq!(
            open_at(&lives, &moves, &ends),
            [[0, 0, 1, 0, 0], [0, 1, 1, 0, 0], [0, 1, 0, 0, 0], [1, 0, 0, 0, 1], [1, 0, 1, 0, 0]]
        );
    }

    #[test]
    fn moments_are_counted_where_they_lie() {
        let ends = [10, 20, 30].map(|second| Timestamp::new(second, 0).unwrap());
        let moments = [0, 1, 10, 11, 30, 31].map(|second| Timestamp::new(second, 0).unwrap());
        assert_eq!(per_stretch(moments.into_iter(), Timestamp::UNIX_EPOCH, &ends), [2, 1, 1]);
    }

    #[test]
    fn ages_are_counted_by_severity() {
        let lives = [
            life(1, Some(Severity::One), "2026-11-21T00:00:00Z", false),
            life(2, Some(Severity::One), "2026-11-14T13:00:00Z", false),
            life(3, None, "2026-10-24T12:00:00Z", false),
            life(4, None, "2026-10-01T00:00:00Z", true),
        ];
        let ages = ages(&lives, at("2026-11-21T12:00:00Z"));
        assert_eq!((ages[0], ages[place(None)]), ([1, 1, 0, 0], [0, 0, 0, 1]));
    }

    #[test]
    fn a_median_lies_in_the_middle() {
        let of = |minutes: &[i64]| {
            median(minutes.iter().map(|minutes| SignedDuration::from_mins(*minutes)).collect()).map(spelled)
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[130]).as_deref(), Some("2 h 10 min"));
        assert_eq!(of(&[1, 9, 5]).as_deref(), Some("5 min"));
        assert_eq!(of(&[0, 0]).as_deref(), Some("under a minute"));
        assert_eq!(of(&[60, 180]).as_deref(), Some("2 h"));
        assert_eq!(of(&[4560]).as_deref(), Some("3 d 4 h"));
    }

    #[test]
    fn a_way_begins_where_its_first_step_began() {
        let moves = [
            moved(1, "2026-11-02T12:00:00Z", "accepted", "resolved"),
            moved(1, "2026-11-02T10:00:00Z", "new", "accepted"),
            moved(1, "2026-11-01T10:00:00Z", "closed", "new"),
        ];
        let ways = ways(&moves, at("2026-11-02T00:00:00Z"), at("2026-11-03T00:00:00Z"));
        let stations = vec!["accepted".to_owned(), "resolved".to_owned()];
        assert_eq!(ways[&TicketId(1)], Way { status: Some("new".into()), stations, severity: None });
    }
}
