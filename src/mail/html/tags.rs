//! HTML as a row of tags and texts (HTML Living Standard §13.2.5, as far as a reader of
//! mail needs it). No tree, no look back: each byte is passed once.
//!
//! A library's tokenizer compares each attribute of a tag with all before it, so that one
//! tag of a megabyte takes minutes. Here attributes stay a text until they are asked for.

/// How much of a tag's attributes is looked at, in bytes; a data URL may be long.
const MAX_ATTRIBUTES: usize = 4096;

/// A piece of HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'h> {
    /// Text with its entities.
    Text(&'h str),
    /// `<name attributes>`
    Start { name: &'h str, attributes: &'h str },
    /// `</name>`
    End { name: &'h str },
}

/// The pieces of an HTML text, without comments, scripts and styles.
pub(super) struct Pieces<'h> {
    rest: &'h str,
}

impl<'h> Pieces<'h> {
    pub(super) fn of(html: &'h str) -> Self {
        Pieces { rest: html }
    }

    /// Takes everything up to `end` bytes.
    fn take(&mut self, end: usize) -> &'h str {
        let (taken, rest) = self.rest.split_at(end.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    /// Passes over a comment or a declaration.
    fn skip_markup(&mut self) {
        let end = match self.rest.strip_prefix("<!--") {
            Some(comment) if comment.starts_with('>') => Some(5),
            Some(comment) => comment.find("-->").map(|at| at + 7),
            None => self.rest.find('>').map(|at| at + 1),
        };
        self.take(end.unwrap_or(self.rest.len()));
    }

    /// Passes over the text of an element that is no text: `</name` ends it.
    fn skip_raw(&mut self, name: &str) {
        let ends = |at: &usize| {
            let tag = self.rest.as_bytes().get(at + 2..at + 2 + name.len());
            self.rest[*at..].starts_with("</")
                && tag.is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()))
        };
        let end = self.rest.match_indices('<').map(|(at, _)| at).find(ends);
        self.take(end.unwrap_or(self.rest.len()));
    }
}

impl<'h> Iterator for Pieces<'h> {
    type Item = Piece<'h>;

    fn next(&mut self) -> Option<Piece<'h>> {
        loop {
            let bytes = self.rest.as_bytes();
            let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
            match bytes {
                [] => return None,
                [b'<', b'!' | b'?', ..] => self.skip_markup(),
                [b'<', b'/', ..] if !letter(2) => self.skip_markup(),
                [b'<', b'/', ..] => {
                    let tag = self.take(tag_end(self.rest));
                    return Some(Piece::End { name: name(&tag[2..]) });
                }
                [b'<', ..] if letter(1) => {
                    let tag = self.take(tag_end(self.rest));
                    let name = name(&tag[1..]);
                    if RAW.iter().any(|raw| name.eq_ignore_ascii_case(raw)) {
                        self.skip_raw(name);
                    }
                    return Some(Piece::Start {
                        name,
                        attributes: tag[1 + name.len()..].trim_end_matches(['>', '/']),
                    });
                }
                // Also a lone `<`, as in "x < y".
                _ => {
                    let from = usize::from(bytes[0] == b'<');
                    let end = self.rest[from..].find('<').map_or(self.rest.len(), |at| at + from);
                    return Some(Piece::Text(self.take(end)));
                }
            }
        }
    }
}

/// Elements whose text nobody sees.
const RAW: &[&str] = &["script", "style", "title", "noembed", "noframes", "iframe", "xmp"];

fn name(tag: &str) -> &str {
    &tag[..tag.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(tag.len())]
}

/// Where a tag ends, `>` included; one in a quoted value does not end it.
fn tag_end(html: &str) -> usize {
    let (mut quote, mut value) = (None, false);
    for (at, byte) in html.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') if value => (quote, value) = (Some(byte), false),
            (None, b'=') => value = true,
            (None, byte) => value &= byte.is_ascii_whitespace(),
        }
    }
    html.len()
}

/// The attributes of a tag, names in lower case.
pub(super) fn attributes(tag: &str) -> Vec<(String, &str)> {
    let mut rest = crate::domain::text::prefix(tag, MAX_ATTRIBUTES);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        let end =
            rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/')).unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let value = match rest.strip_prefix('=') {
            Some(given) => {
                let given = given.trim_start();
                let quote = given.chars().next().filter(|c| matches!(c, '"' | '\''));
                let given = quote.map_or(given, |_| &given[1..]);
                let end = match quote {
                    Some(quote) => given.find(quote),
                    None => given.find(|c: char| c.is_ascii_whitespace()),
                };
                let (value, after) = given.split_at(end.unwrap_or(given.len()));
                rest = if quote.is_some() && !after.is_empty() { &after[1..] } else { after };
                value
            }
            None => "",
        };
        // An empty name is a stray `=`, with which the text before it went.
        if name.is_empty() && rest.is_empty() {
            return attributes;
        }
        attributes.push((name, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_texts_and_what_is_neither() {
        let html = "a < b<!-- <b> --><p class=x>c</P ><style>p{}</STYLE><img alt='>'/>d<![if !mso]>e<!-->f</ g>h<?xml?>";
        let pieces: Vec<_> = Pieces::of(html).collect();
        let text: String = pieces
            .iter()
            .filter_map(|piece| if let Piece::Text(text) = piece { Some(*text) } else { None })
            .collect();
        assert_eq!(text, "a < bcdefh");
        assert!(pieces.contains(&Piece::Start { name: "p", attributes: " class=x" }));
        assert!(pieces.contains(&Piece::End { name: "P" }));
    }

    #[test]
    fn attributes_in_every_quoting() {
        let found = attributes(" ID=a class='b c' style = \"d: 'e'\" hidden/ = x =");
        let found: Vec<_> = found.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        assert_eq!(found[..4], [("id", "a"), ("class", "b c"), ("style", "d: 'e'"), ("hidden", "")]);
    }
}
