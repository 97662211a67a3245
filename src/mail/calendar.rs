//! What an invitation says (RFC 5545, RFC 5546), as lines for people. The part itself
//! stays a file.

/// The longest value shown, in bytes.
const MAX_VALUE_BYTES: usize = 1000;
/// As much of the part is looked at, in bytes.
const MAX_BYTES: usize = 256 << 10;

/// The first event in words, unless `text` has its title already. `None` where there
/// is nothing to say.
pub(super) fn said(calendar: &str, text: &str) -> Option<String> {
    let calendar = &calendar[..calendar.floor_char_boundary(MAX_BYTES)];
    let lines = unfolded(calendar);
    let event = lines.iter().position(|line| line.eq_ignore_ascii_case("BEGIN:VEVENT"))?;
    let length = lines[event..].iter().position(|line| line.eq_ignore_ascii_case("END:VEVENT"));
    let event = &lines[event..event + length.unwrap_or(lines.len() - event)];
    let title = value(event, "SUMMARY").map(|(_, title)| title).unwrap_or_default();
    if text.contains(title.as_str()) && !text.trim().is_empty() {
        return None;
    }
    let what = match value(&lines, "METHOD").map(|(_, method)| method.to_ascii_uppercase()).as_deref() {
        Some("CANCEL") => "Cancelled",
        Some("REPLY") => "Reply to an invitation",
        Some("REQUEST") => "Invitation",
        _ => "Event",
    };
    let mut out = format!("{what}: {title}\n");
    for (label, name) in
        [("Begins", "DTSTART"), ("Ends", "DTEND"), ("Where", "LOCATION"), ("Organizer", "ORGANIZER")]
    {
        if let Some((parameters, value)) = value(event, name) {
            let value = if name.starts_with("DT") { when(&value, &parameters) } else { value };
            out.push_str(&format!(
                "{label}: {}\n",
                value.trim_start_matches("mailto:").trim_start_matches("MAILTO:")
            ));
        }
    }
    if let Some((_, description)) = value(event, "DESCRIPTION").filter(|(_, d)| !text.contains(d.as_str())) {
        out.push_str(&format!("\n{description}\n"));
    }
    Some(if text.trim().is_empty() { out } else { format!("\n{out}") })
}

/// Lines that begin with a blank continue the one before (RFC 5545 §3.1).
fn unfolded(calendar: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in calendar.lines() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some(last)) => last.push_str(rest),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

/// The parameters and the value of the first property of this name.
fn value(lines: &[String], name: &str) -> Option<(String, String)> {
    lines.iter().find_map(|line| {
        let rest = line.get(name.len()..)?;
        let is_it = line.get(..name.len())?.eq_ignore_ascii_case(name) && rest.starts_with([':', ';']);
        let colon = rest.find(':').filter(|_| is_it)?;
        let value = &rest[colon + 1..];
        let value = unescaped(&value[..value.floor_char_boundary(MAX_VALUE_BYTES)]);
        Some((rest[..colon].to_owned(), value)).filter(|(_, value)| !value.is_empty())
    })
}

fn unescaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(other) => out.push(other),
                None => {}
            },
            (c, _) => out.push(c),
        }
    }
    out
}

/// `20261121T090000Z` as `2026-11-21 09:00 UTC`; anything else as it stands.
fn when(value: &str, parameters: &str) -> String {
    let digits =
        |from: usize, to: usize| value.get(from..to).filter(|d| d.bytes().all(|b| b.is_ascii_digit()));
    let (Some(year), Some(month), Some(day)) = (digits(0, 4), digits(4, 6), digits(6, 8)) else {
        return value.to_owned();
    };
    let date = format!("{year}-{month}-{day}");
    let (Some(hour), Some(minute)) = (digits(9, 11), digits(11, 13)) else { return date };
    let zone = parameters.split(';').find_map(|p| p.strip_prefix("TZID=")).map(|zone| zone.trim_matches('"'));
    let zone = if value.ends_with('Z') { Some("UTC") } else { zone };
    format!("{date} {hour}:{minute}{}", zone.map(|zone| format!(" {zone}")).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVITATION: &str = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nDTSTART;TZID=\"Europe/Berlin\":20261121T090000\r\n\
        DTEND:20261121T100000Z\r\nSUMMARY:Budget\\, second\r\n  round\r\nLOCATION:Room 4\r\nORGANIZER;CN=Ann:mailto:ann@example.org\r\n\
        END:VEVENT\r\nEND:VCALENDAR\r\n";

    #[test]
    fn an_invitation_is_told_in_lines() {
        assert_eq!(
            said(INVITATION, "").unwrap(),
            "Invitation: Budget, second round\nBegins: 2026-11-21 09:00 Europe/Berlin\nEnds: 2026-11-21 10:00 UTC\n\
             Where: Room 4\nOrganizer: ann@example.org\n"
        );
    }

    #[test]
    fn what_the_text_says_already_is_not_repeated() {
        assert_eq!(said(INVITATION, "You are invited: Budget, second round"), None);
        assert_eq!(said("no calendar", ""), None);
    }
}
