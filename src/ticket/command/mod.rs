//! What staff say to the desk: lines that begin with `#` among their own words.
//!
//! ```text
//! #accept
//! #sev 2 there is a workaround
//! #assign bob
//! ```
//!
//! A new command is a row of [`ALL`], a variant of [`Command`], and an arm where it is carried out.
//!
//! Pure: what a line means, not whether its author may say it. A mistake says what was expected, and which command
//! is the nearest.

mod list;
#[cfg(test)]
mod tests;

pub use list::{ALL, Entry};

use super::{ClosedAs, Level, Overrule, Severity, Status, rights::Wish};

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
    let Some(entry) = ALL.iter().find(|entry| entry.name == word) else {
        return Err(Mistake::Unknown { nearest: nearest(&word), word });
    };
    (entry.read)(rest).ok_or(Mistake::Usage(entry.name, entry.usage))
}

fn split(text: &str) -> (&str, &str) {
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (first, rest.trim())
}

/// A slip of the keys is close to what was meant: one in three letters at most.
fn nearest(word: &str) -> Option<&'static str> {
    let word = crate::domain::text::prefix(word, 40);
    let near = |name: &&'static str| strsim::damerau_levenshtein(word, name) <= name.len().max(3) / 3;
    let starts = |name: &&'static str| word.len() >= 3 && (name.starts_with(word) || word.starts_with(*name));
    let names = || ALL.iter().map(|entry| entry.name);
    names()
        .filter(near)
        .min_by_key(|name| strsim::damerau_levenshtein(word, name))
        .or_else(|| names().find(starts))
}
