//! A mail of which only subject and text are given, as in a collection of reports:
//! read as one that came in, without a way back to the bytes it never had.

use std::ops::Range;

use super::{
    own_words::{Answering, sever_in_place},
    reading::MAX_TEXT_BYTES,
};
use crate::domain::{InboundMail, text};

/// Such a mail, and where its own words stand in the text as given.
#[derive(Clone, Debug)]
pub struct Written {
    /// What was read: the subject and the body. The rest is not known, and the language, which the gate
    /// does not need, takes longer to tell than all of this.
    pub mail: InboundMail,
    /// The lines of the own words: where each stands in them, and in the clean text.
    lines: Vec<(Range<usize>, Range<usize>)>,
    /// Stretches of the clean text and of the one given; none where they are the same.
    cleaned: Vec<(Range<usize>, Range<usize>)>,
    /// The clean text.
    clean: String,
}

impl Written {
    /// Reads the first MiB of `given` as a mail's text is read: cleaned, and taken apart. Whether it
    /// answers another mail is told by its subject.
    pub fn of(subject: &str, given: &str) -> Self {
        let given = text::prefix(given, MAX_TEXT_BYTES);
        let clean = text::clean(given);
        let cleaned = if clean == given { Vec::new() } else { cleaned(given) };
        let subject = text::line(subject);
        let (body, own_lines) = sever_in_place(&clean, Answering::of(&subject, false));
        let mut own_end = 0;
        let lines = own_lines.into_iter().map(|line| {
            let own = own_end..own_end + line.len();
            own_end = own.end + "\n".len();
            (own, line)
        });
        let lines = lines.collect();
        let mail = InboundMail { subject, body, ..InboundMail::default() };
        Written { mail, lines, cleaned, clean }
    }

    /// Where a span of the own words stands in the text as given: one stretch, or several
    /// where what is not the sender's stands between. Without the white space at their ends.
    pub fn places(&self, span: &Range<usize>) -> Vec<Range<usize>> {
        let mut places: Vec<Range<usize>> = Vec::new();
        let first = self.lines.partition_point(|(own, _)| own.end <= span.start);
        for (own, line) in self.lines[first..].iter().take_while(|(own, _)| own.start < span.end) {
            let start = line.start + span.start.saturating_sub(own.start);
            let end = line.end - own.end.saturating_sub(span.end);
            match places.last_mut() {
                Some(last) if self.clean[last.end..start].trim().is_empty() => last.end = end,
                _ => places.push(start..end),
            }
        }
        let trimmed = places.iter().map(|place| self.trimmed(place)).filter(|place| !place.is_empty());
        trimmed.map(|place| self.given(&place)).collect()
    }

    fn trimmed(&self, place: &Range<usize>) -> Range<usize> {
        let words = &self.clean[place.clone()];
        let start = place.start + (words.len() - words.trim_start().len());
        start..start + words.trim().len()
    }

    /// A span of the clean text in the text as given.
    fn given(&self, span: &Range<usize>) -> Range<usize> {
        let at = |clean: usize, stretch: &(Range<usize>, Range<usize>)| match clean == stretch.0.end {
            true => stretch.1.end,
            false => stretch.1.start + (clean - stretch.0.start),
        };
        let first = self.cleaned.partition_point(|(clean, _)| clean.end <= span.start);
        let last = self.cleaned.partition_point(|(clean, _)| clean.end < span.end);
        match (self.cleaned.get(first), self.cleaned.get(last)) {
            (Some(first), Some(last)) => at(span.start, first)..at(span.end, last),
            _ => span.clone(),
        }
    }
}

/// Which stretches of `clean(given)` were which of `given`.
fn cleaned(given: &str) -> Vec<(Range<usize>, Range<usize>)> {
    let mut stretches: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    let (mut clean_at, mut at) = (0, 0);
    while let Some(c) = given[at..].chars().next() {
        let seen = c.len_utf8() + usize::from(given[at..].starts_with("\r\n"));
        let kept = if c.is_control() { text::clean(&given[at..at + seen]).len() } else { seen };
        match stretches.last_mut() {
            Some((clean, raw)) if kept == seen && clean.len() == raw.len() && raw.end == at => {
                (clean.end, raw.end) = (clean_at + kept, at + seen);
            }
            _ if kept > 0 => stretches.push((clean_at..clean_at + kept, at..at + seen)),
            _ => {}
        }
        (clean_at, at) = (clean_at + kept, at + seen);
    }
    stretches
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The pieces of `given` in which `words` of the own words stand.
    fn pieces<'g>(subject: &str, given: &'g str, words: &str) -> Vec<&'g str> {
        let written = Written::of(subject, given);
        let own = &written.mail.body.own;
        let start = own.find(words).unwrap_or_else(|| panic!("{words:?} is not in {own:?}"));
        written.places(&(start..start + words.len())).into_iter().map(|place| &given[place]).collect()
    }

    #[test]
    fn own_words_are_found_behind_a_quotation_that_has_the_same() {
        let given = "On 2 Nov 2020 at 10:12, Bob wrote:\n> It hums.\nIt hums.\n-- \nAnna\nTel. 123456";
        let written = Written::of("Re: Printer", given);
        assert_eq!(written.mail.body.own, "It hums.");
        let last = given.rfind("It hums.").unwrap();
        let starts: Vec<usize> = written.places(&(0..8)).iter().map(|place| place.start).collect();
        assert_eq!(starts, [last]);
    }

    #[test]
    fn words_around_a_quotation_are_two_pieces() {
        let given = "It hums\n> Does it print?\n> Does it hum?\n\nand stops.";
        assert_eq!(pieces("Re: Printer", given, "It hums\n\nand stops."), ["It hums", "and stops."]);
        assert_eq!(pieces("Re: Printer", given, "hums\n\nand"), ["hums", "and"]);
    }

    #[test]
    fn lines_that_follow_each_other_are_one_piece() {
        assert_eq!(pieces("", "It\n\n hums. \nOh", "It\n\n hums."), ["It\n\n hums."]);
    }

    #[test]
    fn what_was_cleaned_away_is_counted() {
        let given = "\0Sch\u{7}ön\r\nhums\u{85}l\u{9c}d\rand\r\nstops";
        assert_eq!(pieces("", given, "hums"), ["hums"]);
        assert_eq!(pieces("", given, "Schön"), ["Sch\u{7}ön"]);
        assert_eq!(pieces("", given, "Schön\nhums"), ["Sch\u{7}ön\r\nhums"]);
        assert_eq!(pieces("", given, "l\u{fffd}d"), ["l\u{9c}d"]);
        assert_eq!(pieces("", given, "hums l\u{fffd}"), ["hums\u{85}l\u{9c}"]);
        assert_eq!(pieces("", given, "and\nstops"), ["and\r\nstops"]);
    }

    proptest! {
        #[test]
        fn any_words_are_found_in_any_text(
            given in "([a-zä \r\n\u{85}\u{9c}\0>]|\n> |\nOn 2 Nov 2020, Bob wrote:\n|\n-- \n){0,60}",
            subject in "(Re: )?x",
            cut in any::<(prop::sample::Index, prop::sample::Index)>(),
        ) {
            let written = Written::of(&subject, &given);
            let own = &written.mail.body.own;
            let [a, b] = [cut.0, cut.1].map(|at| own.floor_char_boundary(at.index(own.len() + 1)));
            let span = a.min(b)..a.max(b);
            let places = written.places(&span);
            let found: String = places.iter().map(|place| text::clean(&given[place.clone()])).collect();
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(bare(&found), bare(&own[span]));
            prop_assert!(places.is_sorted_by(|a, b| a.end <= b.start));
        }
    }
}
