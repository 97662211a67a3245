//! Which tickets a commit says it is about.
//!
//! `DG-17` anywhere; `#17` only behind a word such as "fixes", since most trackers number by `#` and a message speaks of
//! many numbers. What was taken back in the same range did not ship: `Revert "..."`, as git writes it, undoes the commit of
//! this subject, and `Reapply "..."` undoes the reverting.

use std::collections::{BTreeSet, HashMap};

use crate::domain::TicketId;

/// Words behind which `#17` is a ticket of ours.
const FIXES: &[&str] =
    &["fix", "fixes", "fixed", "close", "closes", "closed", "resolve", "resolves", "resolved"];

/// The tickets that went out with commits of these messages, the newest first.
pub fn named_in_all(messages: &[String], prefix: &str) -> BTreeSet<TicketId> {
    let mut found = BTreeSet::new();
    let mut undone: HashMap<String, usize> = HashMap::new();
    for message in messages {
        let subject = message.trim_start().lines().next().unwrap_or_default().trim_end();
        if let Some(times) = undone.get_mut(subject).filter(|times| **times > 0) {
            *times -= 1;
            continue;
        }
        let undoes = match (quoted(subject, "Revert "), quoted(subject, "Reapply ")) {
            (Some(subject), _) => Some(subject.to_owned()),
            (None, Some(subject)) => Some(format!("Revert \"{subject}\"")),
            (None, None) => None,
        };
        match undoes {
            Some(subject) => *undone.entry(subject).or_default() += 1,
            None => found.append(&mut named_in(message, prefix)),
        }
    }
    found
}

/// What stands in quotation marks behind a word, to the end of the line.
fn quoted<'a>(subject: &'a str, word: &str) -> Option<&'a str> {
    subject.strip_prefix(word)?.strip_prefix('"')?.strip_suffix('"')
}

/// The tickets that a commit message names; `prefix` is what stands before the number in references.
fn named_in(message: &str, prefix: &str) -> BTreeSet<TicketId> {
    let mut found = BTreeSet::new();
    let mut fixes = false;
    for word in message.split(|c: char| c.is_whitespace() || ",;()[]{}<>\"'`".contains(c)) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '#' && c != '-');
        if bare.is_empty() {
            continue;
        }
        let after_prefix =
            bare.get(..prefix.len()).filter(|start| !prefix.is_empty() && start.eq_ignore_ascii_case(prefix));
        let number = match (after_prefix, bare.strip_prefix('#')) {
            (Some(_), _) => bare.get(prefix.len()..).and_then(|rest| rest.strip_prefix('-')),
            (None, Some(rest)) if fixes => Some(rest),
            _ => None,
        };
        match number.and_then(positive) {
            Some(ticket) => {
                found.insert(ticket);
            }
            // A list goes on: "fixes #17, #18 and #19".
            None => fixes = FIXES.contains(&bare.to_lowercase().as_str()) || (fixes && bare == "and"),
        }
    }
    found
}

fn positive(number: &str) -> Option<TicketId> {
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse().ok().filter(|number| digits && *number > 0).map(TicketId)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(message: &str) -> Vec<i64> {
        named_in(message, "DG").into_iter().map(|id| id.0).collect()
    }

    #[test]
    fn what_was_taken_back_did_not_ship() {
        let shipped = |newest_first: &[&str]| -> Vec<i64> {
            let messages: Vec<String> = newest_first.iter().map(|message| (*message).to_owned()).collect();
            named_in_all(&messages, "DG").into_iter().map(|id| id.0).collect()
        };
        let (fix, other) = ("basket: right sum\n\nFixes DG-4", "printer: prints (DG-5)");
        let revert = "Revert \"basket: right sum\"\n\nThis reverts commit 1f2e. See DG-9.";
        let again = "Revert \"Revert \"basket: right sum\"\"\n\nThis reverts commit 3a4b.";
        let reapply = "Reapply \"basket: right sum\"\n\nThis reverts commit 3a4b.";
        assert_eq!(shipped(&[other, fix]), [4, 5]);
        assert_eq!(shipped(&[revert, other, fix]), [5]);
        assert_eq!(shipped(&[again, revert, other, fix]), [4, 5]);
        assert_eq!(shipped(&[reapply, revert, fix]), [4]);
        assert_eq!(shipped(&[fix, revert, fix]), [4], "it was mended anew");
        assert_eq!(shipped(&[revert]), [0; 0]);
    }

    #[test]
    fn references_and_fixed_numbers_are_found() {
        for (message, tickets) in [
            ("Fixes DG-17", vec![17]),
            ("cart: sum is right (DG-4, dg-5)", vec![4, 5]),
            ("[DG-12] printer", vec![12]),
            ("DG-3: words\n\nAlso DG-3 and DG-9.", vec![3, 9]),
            ("fixes #7", vec![7]),
            ("Closes: #7, #8 and #9", vec![7, 8, 9]),
            ("resolved #1; see #2", vec![1]),
            ("see #17, PR #18", vec![]),
            ("UDG-17 XDG-17 DG-17b DG17 DG- DG-0 DG--4", vec![]),
            ("fixes the cart #7", vec![]),
            ("DG-99999999999999999999", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(named(message), tickets, "{message}");
        }
        assert_eq!(named_in("HELP-3", "HELP").len(), 1);
        assert_eq!(named_in("fixes #3", "").len(), 1);
    }
}
