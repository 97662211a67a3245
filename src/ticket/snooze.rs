//! How long a ticket is out of the way.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

/// Longer than this is a slip of the keys.
const LONGEST_DAYS: i64 = 366;

/// The hour, UTC, at which a ticket comes back on a day.
const MORNING: i8 = 6;

/// When a ticket comes back, unless the customer writes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// After so long.
    After(SignedDuration),
    /// In the morning of a day.
    Day(Date),
    /// Only when the customer writes.
    Reply,
}

impl Until {
    /// `3d`, `12h`, `2w`, `2026-12-01`, or `reply`; the word `until` may stand before it.
    pub fn read(text: &str) -> Option<Until> {
        let text = text.trim().to_lowercase();
        let text = text.strip_prefix("until").map_or(text.as_str(), str::trim);
        if text == "reply" {
            return Some(Until::Reply);
        }
        if let Ok(day) = text.parse::<Date>() {
            return Some(Until::Day(day));
        }
        let count: i64 = text.get(..text.len().checked_sub(1)?)?.trim().parse().ok()?;
        let hours = match text.chars().last()? {
            'h' => count,
            'd' => count.checked_mul(24)?,
            'w' => count.checked_mul(7 * 24)?,
            _ => return None,
        };
        (1..=LONGEST_DAYS * 24).contains(&hours).then(|| Until::After(SignedDuration::from_hours(hours)))
    }

    /// The moment; `None` where only the customer brings it back.
    ///
    /// # Errors
    /// A day that is over, or too far away.
    pub fn moment(self, now: Timestamp) -> Result<Option<Timestamp>, NotThen> {
        let at = match self {
            Until::Reply => return Ok(None),
            Until::After(time) => now.checked_add(time).map_err(|_| NotThen)?,
            Until::Day(day) => {
                let morning = day.at(MORNING, 0, 0, 0).to_zoned(TimeZone::UTC).map_err(|_| NotThen)?;
                morning.timestamp()
            }
        };
        let wait = at.duration_since(now);
        let most = SignedDuration::from_hours(LONGEST_DAYS * 24);
        (wait > SignedDuration::ZERO && wait <= most).then_some(Some(at)).ok_or(NotThen)
    }
}

/// A day that no ticket can come back on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a ticket is snoozed until a day that is still to come, at most {LONGEST_DAYS} days from now")]
pub struct NotThen;

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(count: i64) -> Option<Until> {
        Some(Until::After(SignedDuration::from_hours(count)))
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        let day = Date::constant(2026, 12, 1);
        for (text, until) in [
            ("3d", hours(72)),
            ("12h", hours(12)),
            ("2w", hours(336)),
            ("3 d", hours(72)),
            ("366d", hours(366 * 24)),
            ("2026-12-01", Some(Until::Day(day))),
            ("until 2026-12-01", Some(Until::Day(day))),
            ("until reply", Some(Until::Reply)),
            ("Reply", Some(Until::Reply)),
            ("", None),
            ("d", None),
            ("0d", None),
            ("-1d", None),
            ("367d", None),
            ("9223372036854775807w", None),
            ("3x", None),
            ("tomorrow", None),
            ("2026-13-01", None),
            ("3ä", None),
        ] {
            assert_eq!(Until::read(text), until, "{text:?}");
        }
    }

    #[test]
    fn only_a_time_to_come_is_waited_for() {
        let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        let moment =
            |text: &str| Until::read(text).unwrap().moment(now).map(|at| at.map(|at| at.to_string()));
        assert_eq!(moment("3d"), Ok(Some("2026-11-24T10:00:00Z".into())));
        assert_eq!(moment("2026-12-01"), Ok(Some("2026-12-01T06:00:00Z".into())));
        assert_eq!(moment("reply"), Ok(None));
        for over in ["2026-11-21", "2020-01-01", "2028-01-01"] {
            assert_eq!(moment(over), Err(NotThen), "{over}");
        }
    }
}
