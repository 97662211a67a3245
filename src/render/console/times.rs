//! Moments as staff read them: short, in their own zone, with the whole of it a hover away.
//!
//! `{{moment at}}` says when (14:32, 3 Nov, 3 Nov 2025), `{{ago at}}` how long since (5 min ago), `{{due at}}` how long
//! until (in 2 h, 3 h late). Each is a `<time>` with the exact moment; no moment gives nothing.

use handlebars::{Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderErrorReason};
use jiff::{SignedDuration, Timestamp, Zoned, tz::TimeZone};
use serde_json::Value;

/// Gives a registry the three helpers.
pub(super) fn register(registry: &mut Handlebars<'static>) {
    for (name, write) in [("moment", moment as Write), ("ago", ago), ("due", due)] {
        registry.register_helper(
            name,
            Box::new(
                move |helper: &Helper<'_>,
                      _: &Handlebars<'_>,
                      context: &Context,
                      _: &mut RenderContext<'_, '_>,
                      out: &mut dyn Output|
                      -> HelperResult {
                    let Some(at) = argument(name, helper)? else { return Ok(()) };
                    let (now, zone) = reader(context);
                    out.write(&time(at, &write(at, now, &zone), &zone))?;
                    Ok(())
                },
            ),
        );
    }
}

type Write = fn(Timestamp, Timestamp, &TimeZone) -> String;

fn argument(name: &'static str, helper: &Helper<'_>) -> Result<Option<Timestamp>, RenderErrorReason> {
    let given = helper.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex(name, 0))?;
    match given.value() {
        Value::Null if given.is_value_missing() => {
            Err(RenderErrorReason::MissingVariable(given.relative_path().cloned()))
        }
        Value::String(text) => text
            .parse()
            .map(Some)
            .map_err(|_| RenderErrorReason::Other(format!("`{text}`, given to {name}, is no moment"))),
        _ => Ok(None),
    }
}

/// The moment of writing, and the reader's zone.
fn reader(context: &Context) -> (Timestamp, TimeZone) {
    let shell =
        |key: &str| context.data().get("shell").and_then(|shell| shell.get(key)).and_then(Value::as_str);
    let now = shell("now").and_then(|now| now.parse().ok()).unwrap_or_default();
    let zone = shell("zone").and_then(|zone| TimeZone::get(zone).ok()).unwrap_or(TimeZone::UTC);
    (now, zone)
}

fn time(at: Timestamp, words: &str, zone: &TimeZone) -> String {
    let whole = at.to_zoned(zone.clone()).strftime("%A, %-d %B %Y, %H:%M %Z");
    format!(r#"<time datetime="{at:.0}" title="{whole}">{words}</time>"#)
}

fn moment(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (at, now) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let form = match () {
        () if at.date() == now.date() => "%H:%M",
        () if at.year() == now.year() => "%-d %b %H:%M",
        () => "%-d %b %Y",
    };
    at.strftime(form).to_string()
}

fn ago(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let since = now.duration_since(at);
    match since.as_mins() {
        ..1 => "now".to_owned(),
        _ if since.as_hours() >= 24 * 30 => day(&at.to_zoned(zone.clone()), &now.to_zoned(zone.clone())),
        _ => format!("{} ago", length(since)),
    }
}

fn due(at: Timestamp, now: Timestamp, _: &TimeZone) -> String {
    let left = at.duration_since(now);
    match left.is_negative() {
        true => format!("{} late", length(left.abs())),
        false => format!("in {}", length(left)),
    }
}

fn day(at: &Zoned, now: &Zoned) -> String {
    at.strftime(if at.year() == now.year() { "%-d %b" } else { "%-d %b %Y" }).to_string()
}

/// A length in its one largest unit.
fn length(length: SignedDuration) -> String {
    match (length.as_mins(), length.as_hours()) {
        (..60, _) => format!("{} min", length.as_mins().max(1)),
        (_, ..48) => format!("{} h", length.as_hours()),
        (_, hours) => format!("{} d", hours / 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_short_and_in_the_zone_of_the_reader() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let now: Timestamp = "2026-11-22T22:30:00Z".parse().unwrap();
        for (at, written, since) in [
            ("2026-11-22T22:29:40Z", "23:29", "now"),
            ("2026-11-22T22:10:00Z", "23:10", "20 min ago"),
            ("2026-11-22T06:30:00Z", "07:30", "16 h ago"),
            ("2026-11-21T23:30:00Z", "00:30", "23 h ago"),
            ("2026-11-19T22:30:00Z", "19 Nov 23:30", "3 d ago"),
            ("2026-09-01T10:00:00Z", "1 Sep 12:00", "1 Sep"),
            ("2025-09-01T10:00:00Z", "1 Sep 2025", "1 Sep 2025"),
        ] {
            let at = at.parse().unwrap();
            assert_eq!(moment(at, now, &berlin), written);
            assert_eq!(ago(at, now, &berlin), since);
        }
        assert_eq!(due("2026-11-22T23:00:00Z".parse().unwrap(), now, &berlin), "in 30 min");
        assert_eq!(due("2026-11-22T19:00:00Z".parse().unwrap(), now, &berlin), "3 h late");
        assert_eq!(
            time(now, "x", &berlin),
            r#"<time datetime="2026-11-22T22:30:00Z" title="Sunday, 22 November 2026, 23:30 CET">x</time>"#
        );
    }
}
