//! A query cut into its pieces: where one ends, what is quoted, what stands before a colon.

/// Opening or closing, all the same: telephones turn straight quotation marks into others.
const QUOTES: [char; 6] = ['"', '“', '”', '„', '«', '»'];

/// A piece of a query.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Raw<'a> {
    /// A minus stood before it.
    pub negated: bool,
    /// What stood before the colon, of letters only.
    pub key: Option<&'a str>,
    /// What stood behind it, or the whole piece; its white space is single spaces.
    pub value: String,
    /// The value stood in quotation marks.
    pub quoted: bool,
}

impl Raw<'_> {
    /// The piece as words: with what stood before the colon.
    pub fn whole(&self) -> String {
        match self.key {
            Some(key) if self.quoted => format!("{key}:\"{}\"", self.value),
            Some(key) => format!("{key}:{}", self.value),
            None => self.value.clone(),
        }
    }
}

/// The pieces of a query, in order.
pub(super) fn pieces(typed: &str) -> Vec<Raw<'_>> {
    let (mut found, mut rest) = (Vec::new(), typed);
    loop {
        rest = rest.trim_start_matches(parts);
        if rest.is_empty() {
            return found;
        }
        let negated =
            rest.strip_prefix('-').filter(|behind| !behind.starts_with(parts) && !behind.is_empty());
        let (key, behind) = keyed(negated.unwrap_or(rest));
        let (value, quoted, left) = value(behind);
        found.push(Raw { negated: negated.is_some(), key, value, quoted });
        rest = left;
    }
}

fn parts(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// What stands before a colon, and what behind it.
fn keyed(text: &str) -> (Option<&str>, &str) {
    match text.split_once(':') {
        Some((key, behind)) if !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
            (Some(key), behind)
        }
        _ => (None, text),
    }
}

/// What is quoted, to the next mark or the end; else what stands to the next white space.
fn value(text: &str) -> (String, bool, &str) {
    match text.strip_prefix(QUOTES) {
        Some(inside) => {
            let (value, left) = inside.split_once(QUOTES).unwrap_or((inside, ""));
            (value.split(parts).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "), true, left)
        }
        None => {
            let end = text.find(parts).unwrap_or(text.len());
            (text[..end].to_owned(), false, &text[end..])
        }
    }
}
