//! The ten languages in which Deskgate reads reports and answers.

use super::words::{UnknownWord, Word, word};

/// A language we have templates and cue words for, by its ISO 639-1 code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the code is the documentation")]
pub enum Language {
    #[default]
    En,
    De,
    Fr,
    Es,
    Pt,
    It,
    Nl,
    Pl,
    Ja,
    Zh,
}

word!(Language, "language we have words for", {
    En => "en",
    De => "de",
    Fr => "fr",
    Es => "es",
    Pt => "pt",
    It => "it",
    Nl => "nl",
    Pl => "pl",
    Ja => "ja",
    Zh => "zh",
});

impl Language {
    /// Reads a language tag by its first part (RFC 5646): `de`, `pt-BR`, `zh_CN`.
    pub fn from_tag(tag: &str) -> Result<Self, UnknownWord> {
        Self::from_word(tag.split(['-', '_']).next().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_left_aside() {
        assert_eq!(Language::from_tag("pt-BR").unwrap(), Language::Pt);
        assert_eq!(Language::from_tag("ZH_cn").unwrap(), Language::Zh);
        let refused = Language::from_tag("tlh").unwrap_err().to_string();
        assert!(refused.contains("`tlh`") && refused.contains("en, de, fr"), "{refused}");
    }
}
