//! Which tickets look alike: what of a report says what it is about, and how much two of them share.
//!
//! [`traits`] takes from subject and words what is worth looking for. The database makes lexemes of it, each by the
//! rules of its language, and finds the tickets that share rare ones; [`score::alike`] says how near these are. Error
//! texts and codes ([`marks`]) are spelled alike in every language, so they find their kin across languages.

pub mod marks;
mod noise;
pub mod score;
mod words;

#[cfg(test)]
mod tests;

use crate::domain::{Language, text};

/// More of a mail is not looked at: what a report is about stands at its beginning.
const MOST_BYTES: usize = 8_000;

/// What of a report is looked for in others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traits {
    /// The text search configuration of PostgreSQL that makes lexemes of the words.
    pub config: &'static str,
    /// The subject as words that mean something, in lower case.
    pub subject: String,
    /// The words of the report, in the same way.
    pub words: String,
    /// Error codes and quoted messages, as lexemes.
    pub marks: Vec<String>,
}

/// What a report says of what it is about.
pub fn traits(subject: &str, own: &str, language: Language) -> Traits {
    let (subject, own) = (text::prefix(subject, MOST_BYTES), text::prefix(own, MOST_BYTES));
    let said = words::without_addresses(own);
    Traits {
        config: config(language),
        subject: words::telling(subject, language).join(" "),
        words: words::telling(&said, language).join(" "),
        marks: marks::marks(&format!("{subject}\n{said}")),
    }
}

/// PostgreSQL stems these; of the others [`words`] makes something that needs no stemming.
fn config(language: Language) -> &'static str {
    match language {
        Language::En => "english",
        Language::De => "german",
        Language::Fr => "french",
        Language::Es => "spanish",
        Language::Pt => "portuguese",
        Language::It => "italian",
        Language::Nl => "dutch",
        Language::Pl | Language::Ja | Language::Zh => "simple",
    }
}
