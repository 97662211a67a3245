//! Lines that carry the mark of a quote: `> text`, `| text`, `AB> text`.

use super::line::Line;

/// The most letters before the `>` of a quote marked with the initials of its author.
const MAX_INITIALS: usize = 3;

/// How many lines from here on are quoted by their marks; `before` is the line above.
pub(super) fn marked(rest: &[Line<'_>], before: Option<&Line<'_>>) -> usize {
    let Some(line) = rest.first() else { return 0 };
    if is_decoration(rest, before) {
        return 0;
    }
    if line.is_quote() || before.is_some_and(|before| is_torn(rest, before)) {
        return 1;
    }
    run(rest, initials).max(run(rest, bar))
}

/// Whether the next line that has anything on it is quoted by its mark.
pub(super) fn is_next(rest: &[Line<'_>]) -> bool {
    rest.iter().find(|line| !line.is_blank()).is_some_and(Line::is_quote)
}

/// `>>> http://example.org <<<` among unquoted lines.
fn is_decoration(rest: &[Line<'_>], before: Option<&Line<'_>>) -> bool {
    let pointed = rest[0].mark.starts_with(">>") && rest[0].mark.ends_with("<<");
    pointed && !before.is_some_and(Line::is_quote) && !rest.get(1).is_some_and(Line::is_quote)
}

/// Two lines or more in a row with the same mark, since one alone may be anything.
fn run<'t>(rest: &[Line<'t>], mark: fn(&'t str) -> Option<&'t str>) -> usize {
    let Some(first) = rest.first().and_then(|line| mark(line.text)) else { return 0 };
    let rows = rest.iter().take_while(|line| mark(line.text) == Some(first)).count();
    if rows >= 2 { rows } else { 0 }
}

/// `AB` of `AB> text`, but not the prompt of a console.
fn initials(line: &str) -> Option<&str> {
    let (mark, text) = line.trim_start().split_at_checked(line.trim_start().find('>')?)?;
    let upper =
        !mark.is_empty() && mark.len() <= MAX_INITIALS && mark.bytes().all(|b| b.is_ascii_uppercase());
    let spaced = text.len() == 1 || text.starts_with("> ") || text.starts_with(">>");
    (upper && spaced && !["SQL", "PS", "CMD"].contains(&mark)).then_some(mark)
}

/// `|` of `| text`, but not the row of a table.
fn bar(line: &str) -> Option<&str> {
    let text = line.trim();
    let quoted = text == "|" || text.starts_with("| ") && !text[1..].contains('|');
    quoted.then_some("|")
}

/// The rest of a long quoted link that lost its `>` when the line was wrapped.
fn is_torn(rest: &[Line<'_>], before: &Line<'_>) -> bool {
    let line = rest[0].text.trim();
    let torn = line.contains("://") || line.ends_with([')', '>']);
    torn && !line.is_empty()
        && line.split_whitespace().take(3).count() <= 2
        && before.is_quote()
        && rest.get(1).is_some_and(Line::is_quote)
}
