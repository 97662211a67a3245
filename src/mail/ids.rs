//! Message-IDs as they stand in Message-ID, In-Reply-To and References
//! (RFC 5322 §3.6.4, §4.5.4), and as mail programs really write them.
//!
//! * What stands in angle brackets is an id; around it there may be words, dates
//!   and comments: `<id>; from alice@x on Mon`, `Your message of … <id>`.
//! * A long id may be folded inside its brackets: white space there is not part
//!   of it. A bracket may be doubled, or lost at the end.
//! * Without any bracket a field of a single word is an id, and so is each word
//!   of a field in which every word has an `@`. Anything else is prose.

use std::iter;

use crate::domain::MessageId;

/// The ids of one unfolded field value, in order. Linear in its length.
pub(super) fn message_ids(value: &str) -> Vec<MessageId> {
    let plain = without_comments(value);
    match plain.contains('<') {
        true => bracketed(&plain),
        false => bare(&plain),
    }
}

fn bracketed(value: &str) -> Vec<MessageId> {
    let inside = value.split('<').skip(1).filter_map(|piece| match piece.split_once('>') {
        Some((id, _)) => Some(id),
        // The closing bracket is lost: the id ends where the word does.
        None => piece.split([' ', '\t', ',', ';']).find(|word| !word.is_empty()),
    });
    inside.filter_map(|id| MessageId::parse(&id.split_whitespace().collect::<String>())).collect()
}

fn bare(value: &str) -> Vec<MessageId> {
    let is_space = |c: char| c.is_whitespace() || c == ',' || c == ';';
    let words: Vec<&str> = value.split(is_space).filter(|word| !word.is_empty()).collect();
    match words.len() == 1 || words.iter().all(|word| word.contains('@')) {
        true => words.into_iter().filter_map(MessageId::parse).collect(),
        false => Vec::new(),
    }
}

/// The value without comments. A parenthesis inside of brackets is part of an id,
/// and one that is never closed is no comment.
fn without_comments(value: &str) -> String {
    let Some(comments) = comments(value) else { return value.to_owned() };
    let mut out = String::with_capacity(value.len());
    let mut from = 0;
    for (start, end) in comments {
        out.push_str(&value[from..start]);
        out.push(' ');
        from = end;
    }
    out.push_str(&value[from..]);
    out
}

/// Where the comments are; `None` when one of them never ends.
fn comments(value: &str) -> Option<Vec<(usize, usize)>> {
    let mut found = Vec::new();
    let (mut depth, mut start, mut in_brackets) = (0usize, 0, false);
    let mut chars = value.char_indices();
    let mut next = iter::from_fn(|| chars.next());
    while let Some((at, c)) = next.next() {
        match c {
            '<' if depth == 0 => in_brackets = true,
            '>' if depth == 0 => in_brackets = false,
            '\\' if depth > 0 => drop(next.next()),
            '(' if !in_brackets => {
                start = if depth == 0 { at } else { start };
                depth += 1;
            }
            ')' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    found.push((start, at + 1));
                }
            }
            _ => {}
        }
    }
    (depth == 0).then_some(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn reads(value: &str, expected: &[&str]) {
        let ids = message_ids(value);
        assert_eq!(ids.iter().map(MessageId::as_str).collect::<Vec<_>>(), expected, "{value:?}");
    }

    #[test]
    fn an_id_stands_in_brackets_whatever_is_around_it() {
        reads("<a@x>", &["a@x"]);
        reads("<a@x> <b@x>,<c@x>", &["a@x", "b@x", "c@x"]);
        reads("<a@x><b@x>", &["a@x", "b@x"]);
        reads("<a@x>; from alice@example.org on Thu, Jan 02, 2003 at 03:29:43PM +0100", &["a@x"]);
        reads("Your message of \"Fri, 22 Feb 2008 15:06:23 +0200\" <a@x>", &["a@x"]);
        reads("<a@x> (message from Alice <alice@example.org> (at home) on Monday)", &["a@x"]);
        reads("alice@example.org's message of Monday <a@x>", &["a@x"]);
    }

    #[test]
    fn folds_and_brackets_are_mended() {
        reads("<a.very.long.\r\n\tone@x> <\t b@x >", &["a.very.long.one@x", "b@x"]);
        reads("<<a@x>>", &["a@x"]);
        reads("<a@x <b@x>", &["a@x", "b@x"]);
        reads("<a@x", &["a@x"]);
        reads("a@x>", &["a@x"]);
        reads("<a(1)@x>", &["a(1)@x"]);
        reads(":-( <a@x>", &["a@x"]);
    }

    #[test]
    fn without_brackets_only_ids_are_ids() {
        reads("a@x", &["a@x"]);
        reads("a@x b@x", &["a@x", "b@x"]);
        reads("20081112-17", &["20081112-17"]);
        reads("Joanna Farley's message as of Nov 13,  9:56am.", &[]);
        reads("Message from alice@example.org of Monday", &[]);
        for nothing in ["", "<>", "< >", "()", "(a@x)"] {
            reads(nothing, &[]);
        }
    }

    proptest! {
        #[test]
        fn no_value_makes_it_panic(value in "[a@<>()\\\\ ,;\u{a0}é]{0,60}") {
            let _ = message_ids(&value);
        }
    }
}
