//! What people type to find tickets: `status:open sev:1 -is:snoozed "invoice export" csv`.
//!
//! A [`Query`] is a list of terms, each a filter or words, each possibly negated. [`Query::parse`] never fails: what it
//! does not understand it says in a plain sentence ([`Query::notes`]) and leaves aside. Written out and read again, a query is the
//! same. Whether a product or a status of that name exists is not known here.
//!
//! Several positive filters of one operator about one fact of a ticket (`sev:1 sev:2`) mean any of them, since a ticket has but one
//! severity; everything else must hold together.

mod cursor;
mod excerpt;
mod filter;
mod operator;
mod pieces;
mod sort;
mod suggest;
mod view;
mod when;

#[cfg(test)]
mod tests;

use std::fmt;

pub use cursor::{Cursor, Way};
pub use excerpt::{Needles, Piece, excerpt, one_line};
pub use filter::{Filter, Flag, Standing, Thing, Waiting, Whose};
pub use operator::Operator;
pub use sort::Sort;
pub use suggest::{Known, Suggestion, suggest};
pub use view::{VIEWS, View};
pub use when::When;

use crate::domain::text;
use pieces::Raw;

/// More of a query is not read, in bytes.
const LONGEST: usize = 600;

/// More terms are not read.
const MOST_TERMS: usize = 30;

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// What must hold, in the order in which it was typed.
    pub terms: Vec<Term>,
    /// What was not understood, a sentence each.
    pub notes: Vec<String>,
}

/// One thing that must hold, or must not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// A minus stood before it.
    pub negated: bool,
    /// What.
    pub what: What,
}

/// A filter, or words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A fact of the ticket.
    Filter(Filter),
    /// One word, in any of its forms.
    Word(String),
    /// Words as they stand, one behind the other.
    Phrase(String),
}

impl Query {
    /// Reads what somebody typed.
    pub fn parse(typed: &str) -> Query {
        let mut query = Query::default();
        let short = text::prefix(typed, LONGEST);
        if short.len() < typed.len() {
            query.notes.push("Only the beginning of the query was read; it is too long.".to_owned());
        }
        for raw in pieces::pieces(short) {
            if query.terms.len() == MOST_TERMS {
                query.notes.push(format!("Only the first {MOST_TERMS} terms were read."));
                break;
            }
            query.take(raw);
        }
        query
    }

    fn take(&mut self, raw: Raw<'_>) {
        let term = |what| Term { negated: raw.negated, what };
        let Some(key) = raw.key else {
            self.terms.extend(words(&raw).map(term));
            return;
        };
        for value in filter::values_of(key, &raw.value) {
            match Filter::read(key, value) {
                Ok(filter) => self.terms.push(term(What::Filter(filter))),
                Err(filter::Misread::Value(note)) => self.notes.push(note),
                Err(filter::Misread::Key(note)) => {
                    self.notes.extend(note);
                    self.terms.extend(words(&raw).map(term));
                }
            }
        }
    }

    /// The filters, with whether each is negated.
    pub fn filters(&self) -> impl Iterator<Item = (bool, &Filter)> {
        self.terms.iter().filter_map(|term| match &term.what {
            What::Filter(filter) => Some((term.negated, filter)),
            What::Word(_) | What::Phrase(_) => None,
        })
    }

    /// Whether words are looked for that a text must have.
    pub fn has_words(&self) -> bool {
        self.terms.iter().any(|term| !term.negated && !matches!(term.what, What::Filter(_)))
    }

    /// Whether the query says anything about this flag, be it that it must not be.
    pub fn speaks_of(&self, flag: Flag) -> bool {
        self.filters().any(|(_, filter)| *filter == Filter::Is(flag))
    }

    /// The number of a ticket, where that is all the query says: `17`, `#17`, or `DG-17` for the prefix `DG`.
    pub fn reference(&self, prefix: &str) -> Option<i64> {
        let [Term { negated: false, what: What::Word(word) }] = self.terms.as_slice() else { return None };
        let head = word.get(..prefix.len()).filter(|head| head.eq_ignore_ascii_case(prefix));
        let number = match head {
            Some(_) => word.get(prefix.len()..)?.strip_prefix('-')?,
            None => word.strip_prefix('#').unwrap_or(word),
        };
        let plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| number.parse().ok()).flatten().filter(|id| *id > 0)
    }
}

/// A phrase of one word is a word that has this form; words without a letter or digit say nothing.
fn words(raw: &Raw<'_>) -> Option<What> {
    let whole = raw.whole();
    let tells = whole.chars().any(char::is_alphanumeric);
    let what = if raw.quoted && raw.key.is_none() { What::Phrase(whole) } else { What::Word(whole) };
    tells.then_some(what)
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, term) in self.terms.iter().enumerate() {
            let space = if at == 0 { "" } else { " " };
            write!(f, "{space}{term}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minus = if self.negated { "-" } else { "" };
        match &self.what {
            What::Filter(filter) => write!(f, "{minus}{filter}"),
            What::Word(word) => write!(f, "{minus}{word}"),
            What::Phrase(phrase) => write!(f, "{minus}\"{phrase}\""),
        }
    }
}
