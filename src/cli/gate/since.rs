//! How far back a command looks: `90d`, `12mo`, `2w`.

use jiff::{Span, Timestamp, tz::TimeZone};

/// Reads a length of time.
///
/// # Errors
/// What is wrong with it, and what would do.
pub fn parse(text: &str) -> Result<Span, String> {
    let span: Span = text.parse().map_err(|error| format!("{error}; write it as 90d, 12mo or 2w"))?;
    match span.is_positive() {
        true => Ok(span),
        false => Err("it must be a length of time that has passed: 90d, 12mo or 2w".to_owned()),
    }
}

/// The moment so long before `now`, by the calendar of UTC.
///
/// # Errors
/// When that is before the beginning of time.
pub fn before(now: Timestamp, span: Span) -> anyhow::Result<Timestamp> {
    let moment = now.to_zoned(TimeZone::UTC).checked_sub(span);
    Ok(moment.map_err(|error| anyhow::anyhow!("looking back by {span:#}: {error}"))?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_months_are_counted_back() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        for (text, want) in [
            ("90d", "2026-08-23T12:00:00Z"),
            ("12mo", "2025-11-21T12:00:00Z"),
            ("2w", "2026-11-07T12:00:00Z"),
            ("36h", "2026-11-20T00:00:00Z"),
        ] {
            assert_eq!(before(now, parse(text).unwrap()).unwrap(), want.parse().unwrap(), "{text}");
        }
    }

    #[test]
    fn what_is_no_length_of_time_is_refused() {
        for text in ["", "90", "soon", "-90d", "0d", "90d ago"] {
            assert!(parse(text).unwrap_err().contains("90d, 12mo or 2w"), "{text}");
        }
        let now = Timestamp::UNIX_EPOCH;
        assert!(before(now, parse("19000y").unwrap()).unwrap_err().to_string().contains("19000y"));
    }
}
