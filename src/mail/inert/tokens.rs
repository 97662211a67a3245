//! HTML cut into tags and text, as a browser's tokenizer does it (HTML Living Standard §13.2.5), in one pass.

use super::lists::OPAQUE;

/// A piece of markup.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'h> {
    /// Text as it stands there, entities and all.
    Text(&'h str),
    /// A start tag, its name in lower case.
    Open(String, Vec<(String, &'h str)>),
    /// An end tag.
    Close(String),
}

/// All pieces. Comments, declarations and what is inside an opaque element are none.
pub(super) fn tokens(html: &str) -> Tokens<'_> {
    Tokens { rest: html }
}

/// See [`tokens`].
pub(super) struct Tokens<'h> {
    rest: &'h str,
}

impl<'h> Iterator for Tokens<'h> {
    type Item = Token<'h>;

    fn next(&mut self) -> Option<Token<'h>> {
        while !self.rest.is_empty() {
            let text = self.text();
            if !text.is_empty() {
                return Some(Token::Text(text));
            }
            if let Some(token) = self.markup() {
                return Some(token);
            }
        }
        None
    }
}

impl<'h> Tokens<'h> {
    /// What stands before the next `<` that begins something.
    fn text(&mut self) -> &'h str {
        let mut from = 0;
        let end = loop {
            let Some(at) = self.rest[from..].find('<').map(|at| from + at) else { break self.rest.len() };
            match self.rest.as_bytes().get(at + 1) {
                Some(b'!' | b'?' | b'/') => break at,
                Some(byte) if byte.is_ascii_alphabetic() => break at,
                _ => from = at + 1,
            }
        };
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        text
    }

    /// A tag; nothing for what is none, which is skipped.
    fn markup(&mut self) -> Option<Token<'h>> {
        if let Some(comment) = self.rest.strip_prefix("<!--") {
            self.rest = after_comment(comment);
            return None;
        }
        let closes = self.rest.starts_with("</");
        let name_at = if closes { 2 } else { 1 };
        if !self.rest.as_bytes().get(name_at).is_some_and(u8::is_ascii_alphabetic) {
            // A declaration or the like ends at the next `>` (§13.2.5.41, bogus comment).
            self.rest = self.rest.split_once('>').map_or("", |(_, rest)| rest);
            return None;
        }
        let after = &self.rest[name_at..];
        let end = after.find([' ', '\t', '\n', '\r', '\u{c}', '/', '>']).unwrap_or(after.len());
        let name = after[..end].to_ascii_lowercase();
        let (attributes, rest) = attributes(&after[end..]);
        self.rest = rest;
        if closes {
            return Some(Token::Close(name));
        }
        if OPAQUE.contains(&name.as_str()) {
            self.rest = after_opaque(self.rest, &name);
            return None;
        }
        Some(Token::Open(name, attributes))
    }
}

fn after_comment(inside: &str) -> &str {
    if let Some(rest) = inside.strip_prefix('>').or_else(|| inside.strip_prefix("->")) {
        return rest;
    }
    let mut rest = inside;
    while let Some(at) = rest.find("--") {
        let behind = &rest[at + 2..];
        if let Some(end) = behind.strip_prefix('>').or_else(|| behind.strip_prefix("!>")) {
            return end;
        }
        rest = &rest[at + 1..];
    }
    ""
}

/// What stands behind the end tag; nothing where there is none.
fn after_opaque<'h>(inside: &'h str, name: &str) -> &'h str {
    if name == "plaintext" {
        return "";
    }
    let mut rest = inside;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        let Some(behind) =
            rest.get(..name.len()).filter(|it| it.eq_ignore_ascii_case(name)).map(|it| &rest[it.len()..])
        else {
            continue;
        };
        if behind.is_empty() || behind.starts_with([' ', '\t', '\n', '\r', '\u{c}', '/', '>']) {
            return behind.split_once('>').map_or("", |(_, rest)| rest);
        }
    }
    ""
}

/// The attributes of a tag (§13.2.5.32 and on), and what stands behind its `>`.
fn attributes(mut rest: &str) -> (Vec<(String, &str)>, &str) {
    const SPACE: [char; 5] = [' ', '\t', '\n', '\r', '\u{c}'];
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches(SPACE).trim_start_matches('/');
        if rest.starts_with(SPACE) {
            continue;
        }
        if let Some(rest) = rest.strip_prefix('>') {
            return (found, rest);
        }
        // A name may begin with `=`.
        let Some(first) = rest.chars().next() else { return (Vec::new(), "") };
        let tail = &rest[first.len_utf8()..];
        let end = tail.find(|c| SPACE.contains(&c) || "/>=".contains(c)).unwrap_or(tail.len());
        let (name, behind) = rest.split_at(first.len_utf8() + end);
        let Some(value) = behind.trim_start_matches(SPACE).strip_prefix('=') else {
            rest = behind;
            continue;
        };
        let value = value.trim_start_matches(SPACE);
        let (value, behind) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => match value[1..].split_once(quote) {
                Some(both) => both,
                None => return (Vec::new(), ""),
            },
            _ => value.split_at(value.find(|c| SPACE.contains(&c) || c == '>').unwrap_or(value.len())),
        };
        if found.len() < MAX_ATTRIBUTES {
            found.push((name.to_ascii_lowercase(), value));
        }
        rest = behind;
    }
}

/// A tag with more has the first ones.
const MAX_ATTRIBUTES: usize = 40;
