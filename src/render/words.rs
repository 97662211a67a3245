//! The words of one language, by key, with `{placeholders}`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};

use super::files::Files;
use crate::domain::{Language, Word};

/// All words of one language: `"accepted.intro"` to a sentence.
#[derive(Clone)]
pub(super) struct Words {
    /// The file they came from.
    file: String,
    texts: BTreeMap<String, String>,
}

impl Words {
    /// Reads `words/<language>.toml`.
    pub(super) fn read(files: &Files, language: Language) -> anyhow::Result<Words> {
        let file = format!("words/{}.toml", language.as_str());
        let content = files.get(&file).with_context(|| format!("{file} is missing"))?;
        Words::parse(&file, content)
    }

    /// Reads words from the content of a file.
    pub(super) fn parse(file: &str, content: &str) -> anyhow::Result<Words> {
        let table: toml::Table = content.parse().with_context(|| format!("reading {file}"))?;
        let mut texts = BTreeMap::new();
        flatten("", table, &mut texts).with_context(|| format!("reading {file}"))?;
        Ok(Words { file: file.to_owned(), texts })
    }

    /// All keys.
    #[cfg(test)]
    pub(super) fn keys(&self) -> impl Iterator<Item = &String> {
        self.texts.keys()
    }

    /// Asks that every word of `model` is here, with the same placeholders, and no other.
    pub(super) fn check_against(&self, model: &Words) -> anyhow::Result<()> {
        for (key, text) in &model.texts {
            let Some(ours) = self.texts.get(key) else {
                bail!("{}: `{key}` is missing; in English it reads \"{text}\"", self.file);
            };
            let (asked, given) = (placeholders(text), placeholders(ours));
            if asked != given {
                bail!("{}: `{key}` has the placeholders {given:?}, but should have {asked:?}", self.file);
            }
        }
        match self.texts.keys().find(|key| !model.texts.contains_key(*key)) {
            Some(extra) => bail!("{}: `{extra}` is a word that no template uses; remove it", self.file),
            None => Ok(()),
        }
    }

    /// The text for a key into which nothing is filled.
    pub(super) fn plain(&self, key: &str) -> Option<&str> {
        self.texts.get(key).map(String::as_str).filter(|text| next_placeholder(text).is_none())
    }

    /// The text for a key, its placeholders filled in. A value is never read
    /// again, so braces in it stay braces.
    pub(super) fn fill(&self, key: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, String> {
        let text = self.texts.get(key).ok_or_else(|| format!("{} has no word `{key}`", self.file))?;
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some((before, name, after)) = next_placeholder(rest) {
            out.push_str(before);
            out.push_str(&value(name).ok_or_else(|| {
                format!("`{key}` in {} needs {name}=…, which the template does not give", self.file)
            })?);
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }
}

fn flatten(path: &str, table: toml::Table, into: &mut BTreeMap<String, String>) -> anyhow::Result<()> {
    for (key, value) in table {
        let key = if path.is_empty() { key } else { format!("{path}.{key}") };
        match value {
            toml::Value::String(text) => {
                into.insert(key, text);
            }
            toml::Value::Table(inner) => flatten(&key, inner, into)?,
            other => bail!("`{key}` should be a text, but is a {}", other.type_str()),
        }
    }
    Ok(())
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    let mut rest = text;
    while let Some((_, name, after)) = next_placeholder(rest) {
        names.insert(name);
        rest = after;
    }
    names
}

fn next_placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Words {
        Words { file: "words/en.toml".into(), texts: BTreeMap::from([("k".into(), text.into())]) }
    }

    #[test]
    fn a_value_with_braces_is_not_read_again() {
        let filled = words("a {x} b").fill("k", |_| Some("{x} {y}".into()));
        assert_eq!(filled.unwrap(), "a {x} {y} b");
    }

    #[test]
    fn a_missing_word_and_a_missing_value_are_named() {
        assert!(words("").fill("other", |_| None).unwrap_err().contains("`other`"));
        assert!(words("{name}").fill("k", |_| None).unwrap_err().contains("name=…"));
    }

    #[test]
    fn a_translation_that_lost_a_placeholder_is_refused() {
        let why = words("Hallo").check_against(&words("Hello {name}")).unwrap_err().to_string();
        assert!(why.contains("`k`") && why.contains("name"), "{why}");
    }
}
