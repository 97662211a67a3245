//! Work that staff write down: how long, of what sort.

use crate::domain::words::word;

/// What sort of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Keeping what is there at work: what tickets are about, mostly.
    Maintenance,
    /// Making something new.
    Feature,
}

word!(Kind, "kind of work", {
    Maintenance => "maintenance",
    Feature => "feature",
});

/// Nobody works longer than this at a stretch; more is a slip of the keys.
const LONGEST_MINUTES: i32 = 40 * 60;

/// A length of work in minutes: `2h`, `1h30`, `1h 30m`, `90m`, `1.5h`, `1,5h`.
pub fn minutes(text: &str) -> Option<i32> {
    let text: String = text.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let minutes = match text.split_once('h') {
        Some((hours, "")) => tenths(hours)? * 6,
        Some((hours, rest)) => {
            let rest: i32 = rest.trim_end_matches("min").trim_end_matches('m').parse().ok()?;
            hours.parse::<i32>().ok()?.checked_mul(60)?.checked_add(rest)?
        }
        None => text.strip_suffix("min").or_else(|| text.strip_suffix('m'))?.parse().ok()?,
    };
    (1..=LONGEST_MINUTES).contains(&minutes).then_some(minutes)
}

/// Hours with at most one place behind the point, in tenths.
fn tenths(hours: &str) -> Option<i32> {
    let hours = hours.replace(',', ".");
    let (whole, part) = hours.split_once('.').unwrap_or((&hours, "0"));
    let tenths: i32 = part.parse().ok().filter(|_| part.len() == 1)?;
    whole.parse::<i32>().ok().filter(|whole| (0..1000).contains(whole)).map(|whole| whole * 10 + tenths)
}

/// Minutes as people say them: `1h 30m`.
pub fn spelled(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}m"),
        (hours, 0) => format!("{hours}h"),
        (hours, minutes) => format!("{hours}h {minutes}m"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_work_are_read() {
        for (text, length) in [
            ("2h", Some(120)),
            ("90m", Some(90)),
            ("90min", Some(90)),
            ("1.5h", Some(90)),
            ("1,5h", Some(90)),
            ("1h30", Some(90)),
            ("1H 30m", Some(90)),
            ("40h", Some(2400)),
            ("41h", None),
            ("0h", None),
            ("-2h", None),
            ("2", None),
            ("h", None),
            ("1.25h", None),
            ("2d", None),
            ("99999999999h", None),
            ("99999999h99999999", None),
        ] {
            assert_eq!(minutes(text), length, "{text}");
        }
    }

    #[test]
    fn lengths_are_spelled_as_they_are_read() {
        for length in [1, 59, 60, 61, 90, 120, 2399] {
            assert_eq!(minutes(&spelled(i64::from(length))), Some(length));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text: String) {
            let _ = minutes(&text);
        }
    }
}
