//! Answers that stand within the quoted question, below our headings: with marks of a quote,
//! half of them, or none.

use std::collections::{HashMap, HashSet};

use super::ours::words;
use crate::domain::Severed;

/// An answer below one heading has no more lines than this.
const MOST_LINES: usize = 60;

/// The same body, in which what stands between a heading that we `sent` and the line of ours behind it is
/// own, with the heading above it; `None` where there is no such answer. `text` is the whole mail, of
/// which `body` was made.
pub fn answers_within(text: &str, body: &Severed, sent: &[&str]) -> Option<Severed> {
    let form = Form::of(sent);
    if form.next.is_empty() {
        return None;
    }
    let lines: Vec<Said<'_>> = text.lines().map(Said::of).filter(|line| !line.words.is_empty()).collect();
    let mut answers: Vec<Vec<&str>> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        match form.answer(&lines[at..]) {
            Some(count) => {
                answers.push(lines[at..at + count].iter().map(|line| line.bare).collect());
                at += count;
            }
            None => at += 1,
        }
    }
    (!answers.is_empty()).then(|| moved(body, &answers))
}

/// A line of a mail.
struct Said<'t> {
    words: Vec<&'t str>,
    /// Without marks of a quote.
    bare: &'t str,
}

impl<'t> Said<'t> {
    fn of(line: &'t str) -> Said<'t> {
        let bare = line.trim_start_matches(|c: char| c.is_whitespace() || "> |".contains(c)).trim_end();
        Said { words: words(line), bare }
    }
}

impl Said<'_> {
    /// Chinese and Japanese leave no space behind a heading.
    fn begins_with(&self, heading: &[&str]) -> bool {
        let joined = matches!((self.words.first(), heading), (Some(word), [only]) if word.starts_with(only));
        joined || self.words.starts_with(heading)
    }
}

/// The headings that we sent, each with what stood behind it.
struct Form<'s> {
    next: HashSet<[Vec<&'s str>; 2]>,
    headings: Vec<Vec<&'s str>>,
}

impl<'s> Form<'s> {
    fn of(texts: &[&'s str]) -> Form<'s> {
        let mut form = Form { next: HashSet::new(), headings: Vec::new() };
        for text in texts {
            let lines: Vec<_> = text.lines().map(words).filter(|words| !words.is_empty()).collect();
            let pairs = lines.windows(2).filter_map(|pair| <[_; 2]>::try_from(pair.to_vec()).ok());
            for pair in pairs.filter(|pair| is_heading(&pair[0])) {
                if !form.headings.contains(&pair[0]) {
                    form.headings.push(pair[0].clone());
                }
                form.next.insert(pair);
            }
        }
        form
    }

    /// How many of these lines are a heading of ours and an answer to it.
    fn answer(&self, lines: &[Said<'_>]) -> Option<usize> {
        let first = lines.first()?;
        let heading = self.headings.iter().find(|heading| first.begins_with(heading))?;
        let behind = lines.iter().skip(1).take(MOST_LINES);
        let next = 1 + behind.take_while(|line| !self.follows(heading, &line.words)).count();
        let found = next < lines.len() && next <= MOST_LINES;
        let answered = next > 1 || first.words != *heading;
        let ours = lines.get(1..next)?.iter().any(|line| self.headings.contains(&line.words));
        (found && answered && !ours).then_some(next)
    }

    fn follows(&self, heading: &[&'s str], words: &[&str]) -> bool {
        self.next.iter().any(|[first, second]| first == heading && second == words)
    }
}

/// Short, with a colon at its end.
fn is_heading(words: &[&str]) -> bool {
    words.len() <= 5 && words.last().is_some_and(|word| word.ends_with([':', '：']))
}

/// The answers leave the quotation, and stand under their headings among the own words.
fn moved(body: &Severed, answers: &[Vec<&str>]) -> Severed {
    let mut gone: HashMap<&str, usize> = HashMap::new();
    for line in answers.iter().flatten() {
        *gone.entry(line).or_default() += 1;
    }
    let mut rest = |text: &str| {
        let kept = text.lines().filter(|line| match gone.get_mut(Said::of(line).bare) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        });
        kept.collect::<Vec<_>>().join("\n").trim_matches('\n').to_owned()
    };
    let (own, quoted, signature) = (rest(&body.own), rest(&body.quoted), rest(&body.signature));
    let answers: Vec<String> = answers.iter().map(|lines| lines.join("\n")).collect();
    let parts: Vec<&str> = [own.as_str()]
        .into_iter()
        .chain(answers.iter().map(String::as_str))
        .filter(|it| !it.is_empty())
        .collect();
    Severed { own: parts.join("\n\n"), quoted, signature, handed_on: body.handed_on }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::mail::own_words::{Answering, sever};

    const ASK: &str = "Hello Anna,\n\nJust reply and fill in what you can – a few words are enough:\n\n\
                       Steps to reproduce:\n\n\nExpected result:\n\n\nKind regards\nExample Desk\n";

    fn own(text: &str) -> Option<String> {
        let body = sever(text, Answering::Mail);
        let found = answers_within(text, &body, &[ASK])?;
        let count = |body: &Severed| {
            let all = [&body.own, &body.quoted, &body.signature];
            all.iter().flat_map(|text| text.lines()).filter(|line| !words(line).is_empty()).count()
        };
        assert_eq!(count(&found), count(&body), "nothing is lost: {found:?}");
        Some(found.own)
    }

    fn quoted(text: &str) -> String {
        let lines: String = text.lines().map(|line| format!("> {line}\n")).collect();
        format!("On Sat, 21 Nov 2026, Example Desk wrote:\n{lines}")
    }

    #[test]
    fn an_answer_is_found_whatever_marks_it_has() {
        let filled = "Steps to reproduce:\nI press Print.\n\nExpected result:\nPaper.";
        for (steps, expected) in [
            ("> I press Print.\n", "> Paper.\n"),
            ("I press Print.\n", "Paper.\n"),
            ("> I press Print.\n", "Paper.\n"),
        ] {
            let text = quoted(ASK)
                .replace("> Steps to reproduce:\n", &format!("> Steps to reproduce:\n{steps}"))
                .replace("> Expected result:\n", &format!("> Expected result:\n{expected}"));
            assert_eq!(own(&text).as_deref(), Some(filled), "{text}");
        }
    }

    #[test]
    fn an_answer_behind_its_heading_is_found() {
        let text =
            format!("See below.\n\n{}", quoted(ASK).replace("Expected result:", "Expected result: Paper."));
        assert_eq!(own(&text).unwrap(), "See below.\n\nExpected result: Paper.");
    }

    #[test]
    fn a_question_without_an_answer_stays_quoted() {
        assert_eq!(own(&format!("Which one?\n\n{}", quoted(ASK))), None);
        assert_eq!(own("Expected result:\nPaper.\n"), None, "nothing of ours behind it");
        assert_eq!(own(""), None);
    }

    #[test]
    fn what_another_mail_has_between_is_no_answer() {
        let thread = format!(
            "Here.\n\n{}> Anna wrote:\n> Which one?\n{}",
            quoted("Expected result:\n"),
            quoted("Hello Anna,\n")
        );
        assert_eq!(own(&thread), None);
    }

    proptest! {
        #[test]
        fn no_line_is_lost_of_any_text(lines in prop::collection::vec(
            prop::sample::select(vec![
                "Steps to reproduce:", "> Steps to reproduce:", "Expected result: Paper.", "> Expected result:", "",
                "Kind regards", "> Kind regards", "> I press Print.", "Paper.", "-- ", "On Friday Anna wrote:",
            ]),
            0..30,
        )) {
            own(&lines.join("\n"));
        }
    }

    #[test]
    fn time_grows_with_the_text() {
        let make = |n: usize| "> Steps to reproduce:\n> words\n".repeat(n);
        crate::domain::growth::assert_linear(make, 2_000, |text| {
            answers_within(text, &Severed { quoted: text.to_owned(), ..Severed::default() }, &[ASK])
        });
    }
}
