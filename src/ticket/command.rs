//! What staff say to the desk: lines that begin with `#` among their own words.
//!
//! ```text
//! #accept
//! #sev 2 there is a workaround
//! #assign bob
//! ```
//!
//! Pure: what a line means, not whether its author may say it. A mistake says what was expected, and which command
//! is the nearest.

use super::{ClosedAs, Level, Overrule, Severity, Status, rights::Wish};
use crate::domain::{Slot, Word};

/// More are not read: nobody needs them, and each costs mail.
pub const MOST_LINES: usize = 20;

/// The longest line that is read, in bytes.
const LONGEST: usize = 1000;

/// Something to be done to the ticket that a mail is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Another status. Words that the customer may read go with it.
    Move(Status, Option<ClosedAs>, Option<String>),
    /// Another severity, and why.
    Severity(Severity, Option<String>),
    /// Another triage level.
    Level(Level),
    /// What it is about: the name of a product, or none.
    Product(String),
    /// Somebody is to work on it; a name, a part of one, an address, or nobody.
    Assign(String),
    /// The author works on it.
    Take,
    /// The gate read it wrongly, or somebody is to be asked.
    Gate(Overrule),
    /// Words that stay among staff.
    Note(String),
    /// Tell me the commands.
    Help,
}

impl Command {
    /// What its author wants, as far as rights go.
    pub fn wish(&self) -> Wish {
        match self {
            Command::Move(..) => Wish::Move,
            Command::Severity(..) => Wish::Severity,
            Command::Level(_) | Command::Product(_) => Wish::Facts,
            Command::Assign(_) => Wish::Assign,
            Command::Take => Wish::Take,
            Command::Gate(_) => Wish::Gate,
            Command::Note(_) | Command::Help => Wish::Note,
        }
    }
}

/// A line that begins with `#`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// As it was written.
    pub said: String,
    /// What it means.
    pub means: Result<Command, Mistake>,
}

/// A line that means nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// No command of this name.
    #[error("there is no #{word}{}", nearest.map(|it| format!("; did you mean #{it}?")).unwrap_or_else(|| "; #help lists the commands".into()))]
    Unknown {
        /// What was written.
        word: String,
        /// The command that looks most like it.
        nearest: Option<&'static str>,
    },
    /// What has to stand behind the command does not.
    #[error("#{0} goes like this: {1}")]
    Usage(&'static str, &'static str),
    /// A mail has only so many commands.
    #[error("a mail has at most {MOST_LINES} commands; this one was not read")]
    TooMany,
}

/// Name, how it goes, and what it does, as `#help` tells it.
pub const ALL: &[(&str, &str, &str)] = &[
    ("accept", "#accept [why]", "take it on; say why when the report is incomplete"),
    (
        "complete",
        "#complete [steps] [actual] [expected]",
        "the report has these, or all: nobody is asked for them",
    ),
    ("ask", "#ask [steps] [actual] [expected]", "ask the customer for these, or for what is missing"),
    ("no-report", "#no-report", "it is no problem report, and lacks nothing"),
    ("resolve", "#resolve [words for the customer]", "the fix can be tried"),
    ("verify", "#verify [why]", "the fix works, as the customer said elsewhere"),
    ("close", "#close [answered|duplicate|declined|done] [words for the customer]", "it is over"),
    ("reopen", "#reopen [why]", "it is not over, or still fails"),
    ("status", "#status new|accepted|resolved|verified|closed [words]", "the same by the name of the status"),
    ("sev", "#sev 1|2|3|4 [why]", "how bad it is; say why when you lower it"),
    ("level", "#level 1|2|3", "who is able to help"),
    ("product", "#product name|none", "what it is about"),
    ("assign", "#assign name|address|nobody", "who works on it"),
    ("take", "#take", "you work on it"),
    ("note", "#note words", "words that stay among staff"),
    ("help", "#help", "this list"),
];

/// The commands in somebody's own words, in order: lines that begin with `#` and a letter.
pub fn commands(own: &str) -> Vec<Line> {
    let lines = own.lines().map(str::trim);
    let commanding =
        lines.filter(|line| line.strip_prefix('#').is_some_and(|it| it.starts_with(char::is_alphabetic)));
    let read = |(count, line): (usize, &str)| {
        let said = crate::domain::text::prefix(line, LONGEST);
        let means = if count < MOST_LINES { command(said) } else { Err(Mistake::TooMany) };
        Line { said: said.to_owned(), means }
    };
    commanding.enumerate().take(MOST_LINES + 1).map(read).collect()
}

fn command(line: &str) -> Result<Command, Mistake> {
    let (word, rest) = split(line.trim_start_matches('#'));
    let word = word.trim_end_matches(':').to_lowercase();
    let Some(&(name, usage, _)) = ALL.iter().find(|(name, ..)| *name == word) else {
        return Err(Mistake::Unknown { nearest: nearest(&word), word });
    };
    let wrong = || Mistake::Usage(name, usage);
    let (first, behind) = split(rest);
    Ok(match name {
        "accept" => Command::Move(Status::Accepted, None, words(rest)),
        "complete" => Command::Gate(Overrule::Complete(slots(rest).ok_or_else(wrong)?)),
        "ask" => Command::Gate(Overrule::Ask(slots(rest).ok_or_else(wrong)?)),
        "no-report" => Command::Gate(Overrule::NoReport),
        "resolve" => Command::Move(Status::Resolved, None, words(rest)),
        "verify" => Command::Move(Status::Verified, None, words(rest)),
        "reopen" => Command::Move(Status::Accepted, None, words(rest)),
        "close" => close(rest),
        "status" => match first.to_lowercase().parse().map_err(|_| wrong())? {
            Status::Closed => close(behind),
            status => Command::Move(status, None, words(behind)),
        },
        "sev" => Command::Severity(first.parse().map_err(|_| wrong())?, words(behind)),
        "level" => Command::Level(first.parse().map_err(|_| wrong())?),
        "product" => Command::Product(words(rest).ok_or_else(wrong)?),
        "assign" => Command::Assign(words(rest).ok_or_else(wrong)?),
        "take" => Command::Take,
        "note" => Command::Note(words(rest).ok_or_else(wrong)?),
        _ => Command::Help,
    })
}

/// The reason may stand first: `#close duplicate`.
fn close(rest: &str) -> Command {
    let (first, behind) = split(rest);
    match first.to_lowercase().parse() {
        Ok(closed_as) => Command::Move(Status::Closed, Some(closed_as), words(behind)),
        Err(_) => Command::Move(Status::Closed, None, words(rest)),
    }
}

/// `steps, actual`: each once, in the order in which a person would be asked.
fn slots(text: &str) -> Option<Vec<Slot>> {
    let words = text.split([' ', ',', '\t']).filter(|word| !word.is_empty());
    let named: Vec<Slot> = words.map(|word| Slot::from_word(word).ok()).collect::<Option<_>>()?;
    Some(Slot::ALL.iter().copied().filter(|slot| named.contains(slot)).collect())
}

fn split(text: &str) -> (&str, &str) {
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (first, rest.trim())
}

fn words(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// A slip of the keys is close to what was meant: one in three letters at most.
fn nearest(word: &str) -> Option<&'static str> {
    let word = crate::domain::text::prefix(word, 40);
    let near = |name: &&'static str| strsim::damerau_levenshtein(word, name) <= name.len().max(3) / 3;
    let starts = |name: &&'static str| word.len() >= 3 && (name.starts_with(word) || word.starts_with(*name));
    let names = || ALL.iter().map(|(name, ..)| *name);
    names()
        .filter(near)
        .min_by_key(|name| strsim::damerau_levenshtein(word, name))
        .or_else(|| names().find(starts))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one(line: &str) -> Result<Command, Mistake> {
        let mut lines = commands(line);
        assert_eq!(lines.len(), 1, "{line:?}");
        lines.remove(0).means
    }

    #[test]
    fn every_command_is_read() {
        let why = |text: &str| Some(text.to_owned());
        for (line, command) in [
            ("#accept", Command::Move(Status::Accepted, None, None)),
            ("#Accept: known fault", Command::Move(Status::Accepted, None, why("known fault"))),
            ("#resolve Please try 1.2.", Command::Move(Status::Resolved, None, why("Please try 1.2."))),
            ("#verify", Command::Move(Status::Verified, None, None)),
            ("#close", Command::Move(Status::Closed, None, None)),
            ("#close duplicate", Command::Move(Status::Closed, Some(ClosedAs::Duplicate), None)),
            (
                "#close Declined too old",
                Command::Move(Status::Closed, Some(ClosedAs::Declined), why("too old")),
            ),
            ("#close see the manual", Command::Move(Status::Closed, None, why("see the manual"))),
            ("#reopen", Command::Move(Status::Accepted, None, None)),
            ("#status Resolved", Command::Move(Status::Resolved, None, None)),
            ("#status closed done", Command::Move(Status::Closed, Some(ClosedAs::Done), None)),
            ("#sev 1", Command::Severity(Severity::One, None)),
            (
                "#sev 3 there is a workaround",
                Command::Severity(Severity::Three, why("there is a workaround")),
            ),
            ("#sev 4 looks", Command::Severity(Severity::Four, why("looks"))),
            ("#level 2", Command::Level(Level::Two)),
            ("#product shop", Command::Product("shop".into())),
            ("#assign bob@desk.test", Command::Assign("bob@desk.test".into())),
            ("  #take  ", Command::Take),
            ("#note ask Carl", Command::Note("ask Carl".into())),
            ("#complete", Command::Gate(Overrule::Complete(vec![]))),
            ("#complete expected", Command::Gate(Overrule::Complete(vec![Slot::Expected]))),
            ("#ask", Command::Gate(Overrule::Ask(vec![]))),
            ("#ask Expected, steps", Command::Gate(Overrule::Ask(vec![Slot::Steps, Slot::Expected]))),
            ("#no-report", Command::Gate(Overrule::NoReport)),
            ("#help", Command::Help),
        ] {
            assert_eq!(one(line), Ok(command), "{line}");
        }
    }

    #[test]
    fn a_mistake_says_what_was_expected() {
        for (line, says) in [
            ("#acept", "there is no #acept; did you mean #accept?"),
            ("#severity 1", "there is no #severity; did you mean #sev?"),
            ("#asign bob", "there is no #asign; did you mean #assign?"),
            ("#dance", "there is no #dance; #help lists the commands"),
            ("#sev 7", "#sev goes like this: #sev 1|2|3|4 [why]"),
            ("#sev", "#sev goes like this: #sev 1|2|3|4 [why]"),
            ("#status open", "#status goes like this: #status new|accepted|resolved|verified|closed [words]"),
            ("#note", "#note goes like this: #note words"),
            ("#ask when", "#ask goes like this: #ask [steps] [actual] [expected]"),
            ("#noreport", "there is no #noreport; did you mean #no-report?"),
        ] {
            assert_eq!(one(line).unwrap_err().to_string(), says);
        }
    }

    #[test]
    fn other_words_are_no_commands() {
        for text in
            ["", "accept", "see #12", "# heading", "#17 is the same", "a #accept", "##", "> #accept", "#"]
        {
            assert_eq!(commands(text), [], "{text:?}");
        }
    }

    #[test]
    fn a_mail_has_an_end_of_commands() {
        let lines = commands(&"#take\n".repeat(10_000));
        assert_eq!(lines.len(), MOST_LINES + 1);
        assert_eq!(lines[MOST_LINES].means, Err(Mistake::TooMany));
    }

    #[test]
    fn each_command_of_the_list_is_known_by_its_name() {
        for (name, usage, _) in ALL {
            assert!(usage.starts_with(&format!("#{name}")), "{usage}");
            assert!(!matches!(one(&format!("#{name}")), Err(Mistake::Unknown { .. })), "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text: String) {
            commands(&text);
            commands(&format!("#{text}"));
        }
    }
}
