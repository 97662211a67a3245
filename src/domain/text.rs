//! Text from outside, made safe for where it goes next: a PostgreSQL `text`
//! column, a header line, a log line.

/// The longest subject or display name we keep, in bytes. RFC 5322 §2.1.1 caps a
/// line at 998 octets; encoded words triple a non-ASCII one.
pub const MAX_LINE_BYTES: usize = 256;

/// Text as PostgreSQL accepts it and people can read it: no NUL and no control
/// characters but tab and newline, `\r\n` and lone `\r` as `\n`. The old line and page
/// feeds part words, not lines, so that nothing gets out of the line that marks it as a
/// quote. A control character of the upper half was a letter of another charset: it is
/// seen as U+FFFD.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            '\n' | '\t' => out.push(c),
            '\u{b}' | '\u{c}' | '\u{85}' => out.push(' '),
            '\u{80}'..='\u{9f}' => out.push('\u{fffd}'),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// One line that may stand in a header: every run of white space and control
/// characters becomes one space, invisible direction marks go, and the length is
/// bounded by [`MAX_LINE_BYTES`].
pub fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(MAX_LINE_BYTES));
    let mut gap = false;
    for c in text.chars() {
        if c.is_control() || c.is_whitespace() || matches!(c, '\u{2028}' | '\u{2029}') {
            gap = true;
            continue;
        }
        if matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        {
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        if out.len() + c.len_utf8() > MAX_LINE_BYTES {
            out.push('…');
            break;
        }
        out.push(c);
    }
    out
}

/// The longest prefix of `text` that has at most `max_bytes` and ends between
/// characters.
pub fn prefix(text: &str, max_bytes: usize) -> &str {
    &text[..text.floor_char_boundary(max_bytes)]
}

/// A text of which only so many characters were fetched, without the word of Latin letters and digits that this may have
/// cut in two: what is told by a whole word, as a seal is, cannot be told by half of one. Longer ones are no words.
pub fn whole_words(fetched: &str, most_chars: usize) -> &str {
    const LONGEST: usize = 64;
    if fetched.chars().nth(most_chars.saturating_sub(1)).is_none() {
        return fetched;
    }
    let whole = fetched.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
    if fetched.len() - whole.len() > LONGEST { fetched } else { whole }
}

/// Whether words stand in a text as words of their own, one behind the other; letter case and what parts words aside.
/// No words stand nowhere.
pub fn has_words(text: &str, words: &str) -> bool {
    let words = spaced(words);
    !words.is_empty() && format!(" {} ", spaced(text)).contains(&format!(" {words} "))
}

/// Small letters and digits, everything else one space.
fn spaced(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// An address as a log may carry it: `a…@example.org`.
pub fn mask(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => {
            let head: String = local.chars().take(1).collect();
            format!("{head}…@{domain}")
        }
        None => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_keeps_lines_and_drops_what_postgres_refuses() {
        assert_eq!(clean("a\0b\r\nc\rd\te\u{7}"), "ab\nc\nd\te");
    }

    #[test]
    fn clean_hides_no_letter_and_makes_no_line() {
        assert_eq!(clean("Mo\u{9c}no > a\u{85}b\u{c}c\u{b}d"), "Mo\u{fffd}no > a b c d");
    }

    #[test]
    fn a_line_never_carries_a_second_header() {
        assert_eq!(line("Hi\r\nBcc: victim@example.org\r\n\r\nx"), "Hi Bcc: victim@example.org x");
        assert_eq!(line("  a\u{202e}b \0 "), "ab");
    }

    #[test]
    fn a_line_is_bounded_between_characters() {
        let long = line(&"ä".repeat(2000));
        assert!(long.len() <= MAX_LINE_BYTES + '…'.len_utf8());
        assert!(long.ends_with('…'));
    }

    #[test]
    fn prefix_cuts_between_characters() {
        assert_eq!(prefix("aäb", 2), "a");
        assert_eq!(prefix("ab", 9), "ab");
    }

    #[test]
    fn a_word_that_was_cut_is_left_out() {
        for (fetched, whole) in [
            ("ab cd ef", "ab cd ef"),
            ("see /page/1-2-abcdefg", "see /page/1-2-"),
            (
                "印刷できません。もう一度試しました。何も起きません",
                "印刷できません。もう一度試しました。何も起きません",
            ),
            (&"a".repeat(65), &"a".repeat(65)),
            ("", ""),
        ] {
            assert_eq!(whole_words(fetched, 21), whole);
        }
        assert_eq!(whole_words("ab", 2), "");
    }

    #[test]
    fn words_stand_by_themselves_and_in_their_order() {
        let subject = "[EXTERNAL] Production-DOWN: the workshop is closed";
        for words in ["production down", "Down", "the  workshop", "external production"] {
            assert!(has_words(subject, words), "{words}");
        }
        for words in ["", "...", "down production", "shop", "closed again"] {
            assert!(!has_words(subject, words), "{words}");
        }
    }

    #[test]
    fn masked_addresses_keep_the_domain_only() {
        assert_eq!(mask("alice@example.org"), "a…@example.org");
        assert_eq!(mask("nonsense"), "…");
    }
}
