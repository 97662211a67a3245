//! Enums that are one word each in JSON, in the database and on the command line.

use std::fmt;

/// A word that is none of an enum's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no {what}; use one of {known}")]
pub struct UnknownWord {
    /// What was given.
    pub given: String,
    /// What it should have been: "status", "kind of mail".
    pub what: &'static str,
    /// The words that would have been understood.
    pub known: String,
}

/// An enum whose variants are spelled as one word each.
pub trait Word: Copy + Sized + fmt::Display + 'static {
    /// What the enum is called in an error message.
    const WHAT: &'static str;
    /// Every variant, in the order people expect.
    const ALL: &'static [Self];

    /// The word for this variant.
    fn as_str(self) -> &'static str;

    /// Reads a word, letter case aside.
    fn from_word(text: &str) -> Result<Self, UnknownWord> {
        let text = text.trim();
        Self::ALL.iter().copied().find(|each| each.as_str().eq_ignore_ascii_case(text)).ok_or_else(|| {
            UnknownWord {
                given: super::text::line(text),
                what: Self::WHAT,
                known: Self::ALL.iter().map(|each| each.as_str()).collect::<Vec<_>>().join(", "),
            }
        })
    }
}

/// Writes `Word`, `Display`, `FromStr` and `Serialize` for an enum from its list
/// of variants and words.
macro_rules! word {
    ($name:ident, $what:literal, { $($variant:ident => $word:literal),+ $(,)? }) => {
        impl $crate::domain::words::Word for $name {
            const WHAT: &'static str = $what;
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::domain::words::Word::as_str(*self))
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::words::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                <Self as $crate::domain::words::Word>::from_word(text)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str($crate::domain::words::Word::as_str(*self))
            }
        }
    };
}
pub(crate) use word;
