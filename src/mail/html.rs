//! The readable text of an HTML body, for mails without a plain one.
//!
//! mail-parser drops the tags and decodes the entities. What it leaves out is put
//! in before: a line break at each block element, and `>` before what stands in a
//! `blockquote`, so that quotes are found as in plain text. One pass, no tree: the
//! depth of nesting costs nothing.

use mail_parser::decoders::html::html_to_text;

/// Elements that start on a line of their own (HTML Living Standard §15.3.3).
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "blockquote",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tr",
    "ul",
];

/// Private-use characters that stand for what the tags meant.
const BREAK: char = '\u{e000}';
const QUOTE: char = '\u{e001}';
const UNQUOTE: char = '\u{e002}';

/// The most `>` before a line; nobody reads deeper quotes.
const MAX_DEPTH: usize = 10;

/// The text of `html`, quotes marked with `>`.
pub(super) fn to_text(html: &str) -> String {
    let mut lines = Lines::default();
    for c in html_to_text(&marked(html)).chars() {
        match c {
            '\n' => lines.end(true),
            BREAK => lines.end(false),
            QUOTE => lines.quote(lines.depth + 1),
            UNQUOTE => lines.quote(lines.depth.saturating_sub(1)),
            c => lines.line.push(c),
        }
    }
    lines.end(false);
    lines.text.trim_matches('\n').to_owned()
}

/// The same HTML with our marks before the tags that need one.
fn marked(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    for (n, piece) in html.split('<').enumerate() {
        if n > 0 {
            out.extend(mark(piece));
            out.push('<');
        }
        out.extend(piece.chars().filter(|c| ![BREAK, QUOTE, UNQUOTE].contains(c)));
    }
    out
}

/// The mark for a tag, given what follows its `<`.
fn mark(tag: &str) -> Option<char> {
    let closes = tag.starts_with('/');
    let name = tag.trim_start_matches('/');
    let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
    if name.len() > 10 {
        return None;
    }
    match name.to_ascii_lowercase().as_str() {
        "blockquote" if closes => Some(UNQUOTE),
        "blockquote" => Some(QUOTE),
        name => BLOCKS.contains(&name).then_some(BREAK),
    }
}

#[derive(Default)]
struct Lines {
    text: String,
    line: String,
    depth: usize,
    blank: bool,
}

impl Lines {
    /// Ends the line; an empty one stays only where it was `meant`, and once.
    fn end(&mut self, meant: bool) {
        let line = self.line.trim();
        if !line.is_empty() || meant && !self.blank {
            for _ in 0..self.depth.min(MAX_DEPTH) {
                self.text.push('>');
            }
            if self.depth > 0 && !line.is_empty() {
                self.text.push(' ');
            }
            self.text.push_str(line);
            self.text.push('\n');
            self.blank = line.is_empty();
        }
        self.line.clear();
    }

    fn quote(&mut self, depth: usize) {
        self.end(false);
        self.depth = depth;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_lines_and_quotes_are_marked() {
        let html = "<div>Hi <b>Bob</b>,</div><div><br></div><div>it &lt;works&gt;</div>\
                    <div>On Monday you wrote:</div><blockquote><p>Does<br>it?</p></blockquote><p>Bye</p>";
        assert_eq!(to_text(html), "Hi Bob,\n\nit <works>\nOn Monday you wrote:\n> Does\n> it?\n>\nBye");
    }

    #[test]
    fn scripts_and_styles_are_no_text() {
        assert_eq!(to_text("<style>p{}</style><script>x()</script>Hello"), "Hello");
    }

    #[test]
    fn depth_costs_nothing() {
        assert_eq!(to_text(&format!("{}x", "<div>".repeat(100_000))), "x");
        assert!(to_text(&format!("{}x", "<blockquote>".repeat(100_000))).len() < 20);
    }
}
