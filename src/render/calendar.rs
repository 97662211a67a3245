//! Appointments as calendar programs take them: a file in the form of iCalendar (RFC 5545).
//!
//! Times are in UTC (section 3.3.5, form 2), which every program shows in its owner's zone, so that no zone has
//! to be described.

use jiff::{Timestamp, tz::TimeZone};

use crate::domain::{Attachment, text};

/// Longest line in octets, its end not counted (section 3.1).
const LONGEST_LINE: usize = 75;

/// Somebody's appointment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Appointment {
    /// The same one always has the same, so that a change of it replaces it.
    pub id: String,
    /// Grows with each change of it (section 3.8.7.4).
    pub version: u32,
    /// When it begins.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub about: String,
    /// It does not take place any more.
    pub cancelled: bool,
}

/// A file with these appointments, as published at `now`, which mail programs offer to take over (RFC 5546 §3.2.1).
pub fn calendar(appointments: &[Appointment], now: Timestamp) -> Attachment {
    Attachment {
        name: "shifts.ics".into(),
        mime: "text/calendar; charset=utf-8; method=PUBLISH".into(),
        inline: false,
        content_id: None,
        bytes: text_of(appointments, now).into_bytes(),
    }
}

/// CRLF line ends.
fn text_of(appointments: &[Appointment], now: Timestamp) -> String {
    let mut lines =
        vec!["BEGIN:VCALENDAR".to_owned(), "VERSION:2.0".into(), "PRODID:-//Deskgate//Deskgate//EN".into()];
    lines.push("METHOD:PUBLISH".into());
    for each in appointments {
        lines.extend([
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}", value(&each.id)),
            format!("SEQUENCE:{}", each.version),
            format!("DTSTAMP:{}", utc(now)),
            format!("DTSTART:{}", utc(each.start)),
            format!("DTEND:{}", utc(each.end)),
            format!("SUMMARY:{}", value(&each.title)),
            format!("DESCRIPTION:{}", value(&each.about)),
            format!("STATUS:{}", if each.cancelled { "CANCELLED" } else { "CONFIRMED" }),
            "END:VEVENT".into(),
        ]);
    }
    lines.push("END:VCALENDAR".into());
    lines.iter().map(|line| folded(line)).collect()
}

fn utc(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A text as a value (section 3.3.11).
fn value(said: &str) -> String {
    let escaped = text::clean(said).replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,");
    escaped.trim().replace('\n', "\\n")
}

/// Cut into lines that begin with a space from the second on, each character whole (section 3.1).
fn folded(line: &str) -> String {
    let mut folded = String::new();
    let mut octets = 0;
    for character in line.chars() {
        if octets + character.len_utf8() > LONGEST_LINE {
            folded.push_str("\r\n ");
            octets = 1;
        }
        folded.push(character);
        octets += character.len_utf8();
    }
    folded.push_str("\r\n");
    folded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shift(title: &str) -> Appointment {
        Appointment {
            id: "shift-1-3@desk.test".into(),
            version: 2,
            start: "2026-11-21T21:00:00Z".parse().unwrap(),
            end: "2026-11-22T05:00:00Z".parse().unwrap(),
            title: title.into(),
            about: "Shop is down\nDG-17".into(),
            cancelled: false,
        }
    }

    #[test]
    fn a_shift_is_an_event_in_utc() {
        let told = text_of(&[shift("On call; DG-17, Bob")], "2026-11-21T12:00:00Z".parse().unwrap());
        let lines: Vec<&str> = told.split("\r\n").collect();
        assert_eq!(
            lines,
            [
                "BEGIN:VCALENDAR",
                "VERSION:2.0",
                "PRODID:-//Deskgate//Deskgate//EN",
                "METHOD:PUBLISH",
                "BEGIN:VEVENT",
                "UID:shift-1-3@desk.test",
                "SEQUENCE:2",
                "DTSTAMP:20261121T120000Z",
                "DTSTART:20261121T210000Z",
                "DTEND:20261122T050000Z",
                "SUMMARY:On call\\; DG-17\\, Bob",
                "DESCRIPTION:Shop is down\\nDG-17",
                "STATUS:CONFIRMED",
                "END:VEVENT",
                "END:VCALENDAR",
                ""
            ]
        );
    }

    proptest! {
        #[test]
        fn no_title_breaks_its_line(title in "\\PC{0,200}|[\r\n:;,\\\\é]{0,80}") {
            let told = text_of(&[shift(&title)], Timestamp::UNIX_EPOCH);
            prop_assert!(told.split("\r\n").all(|line| line.len() <= LONGEST_LINE && !line.contains(['\r', '\n'])));
            let unfolded = told.replace("\r\n ", "");
            prop_assert_eq!(unfolded.split("\r\n").filter(|line| line.starts_with("SUMMARY:")).count(), 1);
            prop_assert_eq!(unfolded.split("\r\n").count(), 16);
        }
    }
}
