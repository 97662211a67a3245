//! One line of a mail, and what can be told of it alone.

/// Longer lines, in bytes, are prose: no mark of a mail program is that long.
const MAX_MARK_BYTES: usize = 500;

/// A line and how it reads to the rules.
pub(super) struct Line<'t> {
    /// As it stands in the text.
    pub text: &'t str,
    /// Trimmed, in lower case and without invisible characters; empty for long lines.
    pub mark: String,
}

impl<'t> Line<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let seen = text.trim_matches(unseen);
        let mark = match seen.len() > MAX_MARK_BYTES {
            true => String::new(),
            false => {
                seen.chars().filter(|c| !invisible(*c)).map(plain_space).collect::<String>().to_lowercase()
            }
        };
        Line { text, mark }
    }

    /// Whether nothing can be seen of it.
    pub(super) fn is_blank(&self) -> bool {
        self.mark.is_empty() && self.text.trim_matches(unseen).is_empty()
    }

    /// Whether it carries the mark of a quote (RFC 3676 §4.5); below a single space, a program
    /// says that it is none (§4.4).
    pub(super) fn is_quote(&self) -> bool {
        let text = self.text.trim_start_matches(invisible);
        !text.starts_with(" >") && text.trim_start_matches(unseen).starts_with('>')
    }

    /// A line of nothing but dashes, underscores or the like.
    pub(super) fn is_rule(&self) -> bool {
        self.mark.len() >= 5 && self.mark.chars().all(|c| "-_=*—–─━".contains(c))
    }
}

fn unseen(c: char) -> bool {
    c.is_whitespace() || invisible(c)
}

/// Direction marks, joiners and the byte order mark.
fn invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
}

fn plain_space(c: char) -> char {
    if c.is_whitespace() { ' ' } else { c }
}

/// A clock: `18:32`, `13.16`, `10h12`.
pub(super) fn has_clock(text: &str) -> bool {
    text.as_bytes().windows(4).any(|w| {
        w[0].is_ascii_digit()
            && matches!(w[1], b':' | b'.' | b'h')
            && w[2].is_ascii_digit()
            && w[3].is_ascii_digit()
    })
}

/// A day: a year, or numbers such as `28/2` and `3.12.`; not a mere clock.
pub(super) fn has_date(text: &str) -> bool {
    let runs = text.split(|c: char| !c.is_ascii_digit());
    let year = |run: &str| run.len() == 4 && (run.starts_with("19") || run.starts_with("20"));
    runs.clone().any(year)
        || text.as_bytes().windows(4).any(|w| {
            w[0].is_ascii_digit()
                && matches!(w[1], b'/' | b'-' | b'.')
                && w[2].is_ascii_digit()
                && w[3] == w[1]
        })
        || text.as_bytes().windows(5).any(|w| {
            w[0].is_ascii_digit()
                && matches!(w[1], b'/' | b'-' | b'.')
                && w[2].is_ascii_digit()
                && w[3].is_ascii_digit()
                && w[4] == w[1]
        })
}

/// A time of day that is no part of a date: `18:32`, `10h12`, `klo 10.12`, but not `12.03.2025`.
pub(super) fn has_time(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.' | 'h')).any(|word| {
        let word = word.trim_matches(['.', ':', 'h']);
        let digits =
            |part: &str, most| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        word.split_once([':', '.', 'h']).is_some_and(|(hour, rest)| {
            let (minute, _) = rest.split_at_checked(2).unwrap_or((rest, ""));
            digits(hour, 2)
                && minute.len() == 2
                && digits(minute, 2)
                && (rest.len() == 2 || rest.len() == 5 && matches!(rest.as_bytes()[2], b':' | b'.'))
        })
    })
}

/// `2017-02-05`, `2013/7/20`, `2020年1月1日`
pub(super) fn starts_with_year(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits == 4 && text[4..].trim_start().starts_with(['-', '/', '.', '年', '년'])
}
