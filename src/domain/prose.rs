//! What a person wrote, cut into pieces that a page shows: plain words, links, and stretches that are marked.
//!
//! The pieces put together are the text, letter by letter: nothing is made up and nothing left out. A link leads only
//! where `http`, `https` or `mailto` lead, and says itself where. Time is linear in the text.

use std::ops::Range;

use serde::Serialize;

/// A link longer than this is shown as words.
const LONGEST_LINK: usize = 2_000;

/// So many marks that end sentences are taken off the end of a link.
const MOST_MARKS: usize = 20;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Prose {
    /// The words, as they were written.
    pub text: String,
    /// Where they lead, if they are a link.
    pub href: Option<String>,
    /// Which of the marks that were given they belong to, counted from 0.
    pub mark: Option<usize>,
    /// They are the beginning of their mark.
    pub begins: bool,
}

/// Cuts a text into pieces. Marks are byte ranges; of two that overlap the first counts, and one that does not fit
/// the text, or splits a character, is left out.
pub fn pieces(text: &str, marks: &[Range<usize>]) -> Vec<Prose> {
    let mut spans = fitting(text, marks).into_iter().peekable();
    let mut pieces = Vec::new();
    for (link, href) in links(text) {
        let mut at = link.start;
        // What is marked in the midst of a link is a piece of that link.
        while at < link.end {
            while spans.next_if(|(_, span)| span.end <= at).is_some() {}
            let (end, mark, begins) = match spans.peek() {
                Some((mark, span)) if span.start <= at => {
                    (span.end.min(link.end), Some(*mark), span.start == at)
                }
                Some((_, span)) => (span.start.min(link.end), None, false),
                None => (link.end, None, false),
            };
            pieces.push(Prose { text: text[at..end].to_owned(), href: href.clone(), mark, begins });
            at = end;
        }
    }
    pieces
}

/// The marks that can be shown, in the order of the text.
fn fitting(text: &str, marks: &[Range<usize>]) -> Vec<(usize, Range<usize>)> {
    let fits = |span: &Range<usize>| span.start < span.end && text.get(span.clone()).is_some();
    let mut kept: Vec<(usize, Range<usize>)> = Vec::new();
    let mut sorted: Vec<_> = marks.iter().cloned().enumerate().filter(|(_, span)| fits(span)).collect();
    sorted.sort_by_key(|(mark, span)| (span.start, *mark));
    for (mark, span) in sorted {
        if kept.last().is_none_or(|(_, last)| last.end <= span.start) {
            kept.push((mark, span));
        }
    }
    kept
}

/// The text as ranges that are links or not, without gaps.
fn links(text: &str) -> Vec<(Range<usize>, Option<String>)> {
    let mut found = Vec::new();
    let (mut plain, mut from) = (0, 0);
    while let Some(at) = text[from..].find([':', '@', 'w', 'W']).map(|at| from + at) {
        let link = match text.as_bytes()[at] {
            b':' => web(text, at, plain),
            b'@' => mail(text, at, plain),
            _ => www(text, at),
        };
        match link {
            Some((span, href)) => {
                if plain < span.start {
                    found.push((plain..span.start, None));
                }
                (plain, from) = (span.end, span.end);
                found.push((span, Some(href)));
            }
            None => from = at + 1,
        }
    }
    if plain < text.len() {
        found.push((plain..text.len(), None));
    }
    found
}

/// `https://…` around the colon at `at`.
fn web(text: &str, at: usize, not_before: usize) -> Option<(Range<usize>, String)> {
    let rest = text[at..].strip_prefix("://")?;
    let before = &text.as_bytes()[not_before..at];
    let scheme = ["https", "http"].iter().find(|scheme| {
        before.len() >= scheme.len()
            && before[before.len() - scheme.len()..].eq_ignore_ascii_case(scheme.as_bytes())
    })?;
    let start = at - scheme.len();
    let part_of_a_word = text[not_before..start].ends_with(|c: char| c.is_alphanumeric());
    let length = length(rest);
    let named = rest[..length].starts_with(|c: char| c.is_alphanumeric() || c == '[');
    let end = at + "://".len() + length;
    let fits = !part_of_a_word && named && end - start <= LONGEST_LINK;
    fits.then(|| (start..end, text[start..end].to_owned()))
}

/// `www.example.org` at the beginning of a word.
fn www(text: &str, at: usize) -> Option<(Range<usize>, String)> {
    let head = text.get(at..at + 4).filter(|head| head.eq_ignore_ascii_case("www."))?;
    let begins = !text[..at].ends_with(|c: char| c.is_alphanumeric() || "/.-_@".contains(c));
    let length = head.len() + length(&text[at + head.len()..]);
    let name = &text[at..at + length];
    let fits = begins && name[head.len()..].contains('.') && length <= LONGEST_LINK;
    fits.then(|| (at..at + length, format!("http://{name}")))
}

/// `anna@example.org` around the sign at `at`.
fn mail(text: &str, at: usize, not_before: usize) -> Option<(Range<usize>, String)> {
    let of_a_name = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
    // RFC 5321 §4.5.3.1.1 gives a local part 64 octets.
    let nearest = at.saturating_sub(65).max(not_before);
    let nearest = (nearest..=at).find(|place| text.is_char_boundary(*place))?;
    let local = text[nearest..at].chars().rev().take_while(|c| of_a_name(*c)).count();
    let start = at - local;
    let domain = text[at + 1..]
        .bytes()
        .take(254)
        .take_while(|c| c.is_ascii_alphanumeric() || *c == b'.' || *c == b'-');
    let domain = text[at + 1..at + 1 + domain.count()].trim_end_matches(['.', '-']);
    let fits = (1..=64).contains(&local) && domain.contains('.') && !domain.starts_with('.');
    let address = &text[start..at + 1 + domain.len()];
    // A percent sign would begin an escape of the address.
    fits.then(|| (start..start + address.len(), format!("mailto:{}", address.replace('%', "%25"))))
}

/// How far an address on the web goes: to the next space or bracket, without what ends a sentence.
fn length(rest: &str) -> usize {
    let ends = |c: char| c.is_whitespace() || c.is_control() || "<>\"“”„«»`|\\^{}".contains(c);
    let rest = &rest[..rest.floor_char_boundary(LONGEST_LINK + 1)];
    let mut link = &rest[..rest.find(ends).unwrap_or(rest.len())];
    for _ in 0..MOST_MARKS {
        let last = link.chars().next_back();
        let shorter = match last {
            Some('.' | ',' | ';' | ':' | '!' | '?' | '\'' | '’' | '*' | '_' | '。' | '、' | '，' | '）') => {
                true
            }
            Some(')') => link.matches('(').count() < link.matches(')').count(),
            Some(']') => link.matches('[').count() < link.matches(']').count(),
            _ => false,
        };
        match last.filter(|_| shorter) {
            Some(last) => link = &link[..link.len() - last.len_utf8()],
            None => break,
        }
    }
    link.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str) -> Vec<(String, String)> {
        let links = pieces(text, &[]).into_iter().filter_map(|piece| Some((piece.text, piece.href?)));
        links.collect()
    }

    #[test]
    fn links_are_found_in_sentences() {
        for (text, link, leads) in [
            ("See https://a.test/x?y=1&z=2#k, please.", "https://a.test/x?y=1&z=2#k", ""),
            ("(http://a.test/wiki/X_(y))", "http://a.test/wiki/X_(y)", ""),
            ("<https://a.test>", "https://a.test", ""),
            ("HTTPS://A.test/!", "HTTPS://A.test/", ""),
            ("auf www.example.org/ä und", "www.example.org/ä", "http://www.example.org/ä"),
            ("Anna <anna@example.org>.", "anna@example.org", "mailto:anna@example.org"),
            ("a%b@example.org", "a%b@example.org", "mailto:a%25b@example.org"),
            ("见https://a.test/路径。", "https://a.test/路径", ""),
            ("http://[::1]/x", "http://[::1]/x", ""),
        ] {
            let leads = if leads.is_empty() { link } else { leads };
            match text.starts_with('见') {
                // A letter before it makes it part of a word, in scripts without spaces, too.
                true => assert_eq!(found(text), []),
                false => assert_eq!(found(text), [(link.to_owned(), leads.to_owned())], "{text}"),
            }
        }
    }

    #[test]
    fn nothing_else_is_a_link() {
        for text in [
            "javascript:alert(1)",
            "javascript://a.test/%0aalert(1)",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:x",
            "xhttp://a.test",
            "http://",
            "http:///x",
            "https://\u{202e}x",
            "file:///etc/passwd",
            "gopher://a.test",
            "a@b",
            "@example.org",
            "www.",
            "awww.example.org",
            "12:30 w W : @",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
        let long = format!("https://a.test/{}", "x".repeat(LONGEST_LINK));
        assert_eq!(found(&long), []);
    }

    #[test]
    fn a_link_ends_where_a_tag_or_a_quote_would_begin() {
        assert_eq!(found("https://a.test/\"onmouseover=alert(1)")[0].0, "https://a.test/");
        assert_eq!(found("https://a.test/<script>")[0].0, "https://a.test/");
    }

    #[test]
    fn marks_cut_links_and_words() {
        let text = "Open https://a.test/x and see";
        let cut = pieces(text, &[0..7, 20..24]);
        let shown: Vec<_> =
            cut.iter().map(|it| (it.text.as_str(), it.href.is_some(), it.mark, it.begins)).collect();
        assert_eq!(
            shown,
            [
                ("Open ", false, Some(0), true),
                ("ht", true, Some(0), false),
                ("tps://a.test/", true, None, false),
                ("x", true, Some(1), true),
                (" an", false, Some(1), false),
                ("d see", false, None, false),
            ]
        );
    }

    #[test]
    fn marks_that_do_not_fit_are_left_out() {
        for (start, end) in [(5, 3), (2, 99), (1, 2), (3, 3)] {
            let marks = start..end;
            assert!(
                pieces("aäb c", std::slice::from_ref(&marks)).iter().all(|piece| piece.mark.is_none()),
                "{marks:?}"
            );
        }
        let overlapping = pieces("abcdef", &[2..5, 0..3]);
        assert_eq!(overlapping.iter().map(|it| it.mark).collect::<Vec<_>>(), [Some(1), None]);
    }

    proptest! {
        #[test]
        fn pieces_are_the_text_and_links_are_plain(
            text in "(\\PC|[:/.@<>\"'()w \\n]|https?://|www\\.|javascript:|a@b\\.c){0,60}",
            spans in prop::collection::vec((0usize..200, 0usize..200), 0..5),
        ) {
            let marks: Vec<Range<usize>> = spans.into_iter().map(|(from, to)| from..to).collect();
            let cut = pieces(&text, &marks);
            prop_assert_eq!(cut.iter().map(|it| it.text.as_str()).collect::<String>(), text);
            for href in cut.iter().filter_map(|it| it.href.as_deref()) {
                let lower = href.to_ascii_lowercase();
                prop_assert!(["http://", "https://", "mailto:"].iter().any(|it| lower.starts_with(it)), "{}", href);
                prop_assert!(!href.contains(['<', '>', '"', ' ', '\n']), "{}", href);
            }
        }
    }
}
