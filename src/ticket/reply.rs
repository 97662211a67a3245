//! What becomes of the words in a mail of staff that answers a notice: whether they go to the customer, in which mail,
//! and when they are held back.
//!
//! Words are held when somebody else was faster: what was written without knowing of that may be wrong by now. They are
//! held, too, beside a line that begins with `#` and is no command: it may have been meant to keep them inside.

use jiff::Timestamp;

use super::{
    Notice,
    command::{Command, Mistake, Said},
};
use crate::domain::PersonId;

/// Where the words of a mail belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// There are none.
    Nowhere,
    /// Among staff, since a command says so.
    Inside,
    /// In the mail that the customer gets for the command of this number.
    Within(usize),
    /// In a mail to the customer.
    Alone,
}

/// Where the words and files of a mail belong. Without words, files go with a command that has words for the customer.
pub fn place(said: &Said, files: bool) -> Place {
    let commands =
        || said.lines.iter().enumerate().filter_map(|(at, line)| Some((at, line.means.as_ref().ok()?)));
    if said.words.is_empty() && !files {
        return Place::Nowhere;
    }
    if commands().any(|(_, command)| command.keeps_words_inside()) {
        return Place::Inside;
    }
    if said.words.is_empty() {
        let bearer = commands().rfind(|(_, command)| command.has_words() && command.writes_to_customer());
        return match bearer {
            Some((at, _)) => Place::Within(at),
            None if said.lines.iter().all(|line| line.means == Ok(Command::Send)) => Place::Alone,
            None => Place::Inside,
        };
    }
    commands().rfind(|(_, command)| command.takes_words()).map_or(Place::Alone, |(at, _)| Place::Within(at))
}

/// Whether the customer would read something that the author of the mail wrote.
pub fn speaks_to_customer(said: &Said, place: Place) -> bool {
    matches!(place, Place::Within(_) | Place::Alone)
        || said.lines.iter().filter_map(|line| line.means.as_ref().ok()).any(Command::has_words)
}

/// Whether the words ask something, so that the next word is the customer's: a sentence of them ends with a question
/// mark. A link is no question, and neither is a line that quotes.
pub fn asks(words: &str) -> bool {
    let own = words.lines().filter(|line| !line.trim_start().starts_with('>'));
    own.flat_map(str::split_whitespace).any(|word| {
        let end = word.trim_end_matches([
            '"', '\'', ')', ']', '*', '_', '!', '.', '”', '“', '’', '»', '」', '』', '）',
        ]);
        let link = word.contains("://") || word.contains("www.");
        // Chinese and Japanese put no space behind a sentence.
        (end.ends_with(['?', '\u{61f}', '\u{37e}']) && !link) || word.contains('？')
    })
}

/// The first line that is no command, and may have been meant to say something about the words.
pub fn unclear(said: &Said) -> Option<&Mistake> {
    let mistakes = said.lines.iter().filter_map(|line| line.means.as_ref().err());
    mistakes
        .into_iter()
        .find(|mistake| matches!(mistake, Mistake::Unknown { .. } | Mistake::TooMany | Mistake::TooLong))
}

/// Something public that entered a ticket.
#[derive(Clone, Copy, Debug)]
pub struct Public {
    /// Who wrote it, where that is known.
    pub author: Option<PersonId>,
    /// For what we wrote, the occasion; `None` for what came in.
    pub notice: Option<Notice>,
    /// When it entered.
    pub at: Timestamp,
}

/// Whether it came between a notice that was written at `since` and the reply of `agent` to it: somebody outside wrote, or
/// somebody else of us answered. What the desk says by itself changes no answer.
pub fn came_between(entry: &Public, agent: PersonId, since: Timestamp) -> bool {
    let answers =
        |notice| matches!(notice, Notice::Correspondence | Notice::Asked | Notice::Resolved | Notice::Closed);
    entry.at > since && entry.author != Some(agent) && entry.notice.is_none_or(answers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::{command, workflow::Workflow};

    fn read(own: &str) -> Said {
        command::read(own, &Workflow::default())
    }

    #[test]
    fn a_reply_that_asks_waits_for_the_customer() {
        for words in [
            "Which driver is it?",
            "Did you try \"print all?\"\n\nBob",
            "Können Sie das Protokoll schicken (bitte als Datei?).",
            "Welche Version?!",
            "どのバージョンですか？教えてください。",
            "Quelle version avez-vous ?",
            "Ποια έκδοση\u{37e}",
        ] {
            assert!(asks(words), "{words}");
        }
        for words in [
            "We look at it now.",
            "",
            "See https://example.org/help?page=2 and https://example.org/?",
            "> Which driver is it?\n\nThe one you named.",
            "Press a?b to go on.",
        ] {
            assert!(!asks(words), "{words}");
        }
    }

    #[test]
    fn words_have_one_place() {
        for (own, expected) in [
            ("", Place::Nowhere),
            ("#take\n#sev 2", Place::Nowhere),
            ("#note secret", Place::Nowhere),
            ("#resolve Please try 1.2.", Place::Nowhere),
            ("Hello", Place::Alone),
            ("Hello\n#take", Place::Alone),
            ("#sev 2 slow\nHello", Place::Alone),
            ("#note secret\nHello", Place::Nowhere),
            ("#note secret\n\nHello", Place::Alone),
            ("#resolve Please try 1.2.\nHello", Place::Alone),
            ("#verify\nHello", Place::Alone),
            ("#send\nHello", Place::Alone),
            ("#note\nHello", Place::Inside),
            ("Hello\n#note", Place::Inside),
            ("#resolve\n#note\nHello", Place::Inside),
            ("#resolve\nHello", Place::Within(0)),
            ("#take\n#close\nHello", Place::Within(1)),
            ("#close declined\nHello", Place::Within(0)),
            ("#accept\nHello", Place::Within(0)),
            ("#ask steps\nHello", Place::Within(0)),
            ("#accept\n#resolve\nHello", Place::Within(1)),
            ("#resolve\n#take\nHello", Place::Within(0)),
            ("#asign bob\nHello", Place::Alone),
            ("#complete\nHello", Place::Alone),
        ] {
            assert_eq!(place(&read(own), false), expected, "{own:?}");
        }
    }

    #[test]
    fn files_go_with_the_words() {
        for (own, expected) in [
            ("", Place::Alone),
            ("Hello", Place::Alone),
            ("#send", Place::Alone),
            ("#resolve\nHello", Place::Within(0)),
            ("#resolve Please try 1.2.", Place::Within(0)),
            ("#take", Place::Inside),
            ("#note see the log", Place::Inside),
            ("#note\nHello", Place::Inside),
        ] {
            assert_eq!(place(&read(own), true), expected, "{own:?}");
        }
    }

    #[test]
    fn who_speaks_to_the_customer_may_be_held() {
        for (own, speaks) in [
            ("Hello", true),
            ("#note\nHello", false),
            ("#note secret", false),
            ("#take", false),
            ("#resolve", false),
            ("#resolve Please try 1.2.", true),
            ("#sev 3 there is a workaround", true),
            ("#take\nHello", true),
            ("#close\nHello", true),
        ] {
            let said = read(own);
            assert_eq!(speaks_to_customer(&said, place(&said, false)), speaks, "{own:?}");
        }
    }

    #[test]
    fn a_line_that_is_no_command_makes_the_words_unclear() {
        for (own, is_unclear) in [
            ("Hello", false),
            ("#take\nHello", false),
            ("#sev 9\nHello", false),
            ("#nte\nHello", true),
            ("#include <stdio.h>\nHello", true),
        ] {
            assert_eq!(unclear(&read(own)).is_some(), is_unclear, "{own:?}");
        }
    }

    #[test]
    fn what_others_say_meanwhile_holds_words_back() {
        let (bob, carl) = (PersonId(1), PersonId(2));
        let since: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        let entry = |author, notice, seconds: i64| Public {
            author,
            notice,
            at: since + jiff::SignedDuration::from_secs(seconds),
        };
        for (entry, between) in [
            (entry(Some(carl), None, 1), true),
            (entry(None, None, 1), true),
            (entry(Some(carl), None, 0), false),
            (entry(Some(carl), None, -1), false),
            (entry(Some(carl), Some(Notice::Correspondence), 1), true),
            (entry(Some(carl), Some(Notice::Asked), 1), true),
            (entry(Some(carl), Some(Notice::Resolved), 1), true),
            (entry(Some(carl), Some(Notice::Closed), 1), true),
            (entry(None, Some(Notice::Correspondence), 1), true),
            (entry(Some(bob), Some(Notice::Correspondence), 1), false),
            (entry(Some(bob), Some(Notice::Resolved), 1), false),
            (entry(None, Some(Notice::Acknowledged), 1), false),
            (entry(None, Some(Notice::Completed), 1), false),
            (entry(Some(carl), Some(Notice::Accepted), 1), false),
            (entry(Some(carl), Some(Notice::SeverityChanged), 1), false),
        ] {
            assert_eq!(came_between(&entry, bob, since), between, "{entry:?}");
        }
    }
}
