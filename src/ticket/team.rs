//! What staff say about themselves: what they worked, and when they are away.

use jiff::civil::Date;

use super::work::{self, Kind};

/// A word of a member of staff about their own time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TeamWord {
    /// They worked on the ticket: minutes, what sort of work, in which words.
    Work(i32, Kind, String),
    /// They are away from a day on, or from today; to a last day, or until they say that they are back.
    Away(Option<Date>, Option<Date>),
    /// They are back.
    Back,
}

/// `2h`, `1h 30m feature the new search`: maintenance where nothing else is said.
pub fn work(text: &str) -> Option<TeamWord> {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    // A length may be two words: `1h 30m`.
    let two = words.get(..2).map(|two| two.concat()).and_then(|two| work::minutes(&two));
    let (minutes, used) = match two {
        Some(minutes) => (minutes, 2),
        None => (work::minutes(words.first()?)?, 1),
    };
    words.drain(..used);
    let kind = words.first().and_then(|word| word.parse().ok());
    let rest = if kind.is_some() { &words[1..] } else { &words };
    Some(TeamWord::Work(minutes, kind.unwrap_or(Kind::Maintenance), rest.join(" ")))
}

/// Nothing (from today on), a day, `2026-12-01..2026-12-10`, `2026-12-01..`, `until 2026-12-10`.
pub fn away(text: &str) -> Option<TeamWord> {
    let (from, to) = days(text)?;
    match (from, to) {
        (Some(from), Some(to)) if to < from => None,
        _ => Some(TeamWord::Away(from, to)),
    }
}

/// The first and the last day that a text names; see [`away`].
pub fn days(text: &str) -> Option<(Option<Date>, Option<Date>)> {
    let text = text.trim().to_lowercase();
    let day = |text: &str| text.trim().parse::<Date>().ok();
    let open = |text: &str| match text.trim() {
        "" => Some(None),
        text => day(text).map(Some),
    };
    if text.is_empty() {
        return Some((None, None));
    }
    if let Some(last) = text.strip_prefix("until ") {
        return Some((None, Some(day(last)?)));
    }
    for between in ["..", " to ", " - ", " – "] {
        if let Some((first, last)) = text.split_once(between) {
            return Some((open(first)?, open(last)?));
        }
    }
    day(&text).map(|only| (Some(only), Some(only)))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn work_is_read() {
        let worked = |minutes, kind, words: &str| Some(TeamWord::Work(minutes, kind, words.to_owned()));
        for (text, means) in [
            ("2h", worked(120, Kind::Maintenance, "")),
            ("1h 30m the cart", worked(90, Kind::Maintenance, "the cart")),
            ("90m Feature the new  search", worked(90, Kind::Feature, "the new search")),
            ("1h maintenance 2 servers", worked(60, Kind::Maintenance, "2 servers")),
            ("1h 30 servers", worked(90, Kind::Maintenance, "servers")),
            ("", None),
            ("the cart", None),
        ] {
            assert_eq!(work(text), means, "{text}");
        }
    }

    #[test]
    fn days_away_are_read() {
        let (first, last) = (date(2026, 12, 1), date(2026, 12, 10));
        for (text, means) in [
            ("", Some((None, None))),
            ("2026-12-01", Some((Some(first), Some(first)))),
            ("2026-12-01..2026-12-10", Some((Some(first), Some(last)))),
            ("2026-12-01 to 2026-12-10", Some((Some(first), Some(last)))),
            ("2026-12-01 - 2026-12-10", Some((Some(first), Some(last)))),
            ("2026-12-01..", Some((Some(first), None))),
            ("..2026-12-10", Some((None, Some(last)))),
            ("Until 2026-12-10", Some((None, Some(last)))),
            ("2026-12-10..2026-12-01", None),
            ("next week", None),
            ("2026-13-01", None),
        ] {
            let read = away(text).map(|word| match word {
                TeamWord::Away(from, to) => (from, to),
                other => panic!("{other:?}"),
            });
            assert_eq!(read, means, "{text}");
        }
    }
}
