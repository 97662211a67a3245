//! Markup made level: allowed elements only, each closed where it has to be, bounded in depth and number.
//!
//! A browser closes a paragraph at the next one and carries open `<b>` over; it lifts what stands between the cells
//! of a table out of it. Here nothing is left for it to mend: whatever would end an element ends what is open in it,
//! too.

use std::collections::HashSet;

use super::{
    leads_outside,
    lists::{ATTRIBUTES, ELEMENTS, VOID},
    safe_style,
    tokens::{Token, tokens},
};
use crate::domain::text;

/// Elements deeper than this are left out; what is in them is kept.
const MAX_DEPTH: usize = 256;
/// So are those beyond this number.
const MAX_ELEMENTS: usize = 50_000;
/// The longest description of a picture that is left out, in bytes.
const MAX_WORDS: usize = 200;

/// Elements that a paragraph cannot hold: they end it.
const BLOCKS: &[&str] = &[
    "address",
    "blockquote",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "ul",
];
/// What stands between a table and its cells.
const FRAME: &[&str] = &["table", "thead", "tbody", "tfoot", "tr", "colgroup"];
/// What is inside one of these ends nothing outside it.
const CELLS: &[&str] = &["td", "th", "caption"];
const SECTIONS: &[&str] = &["thead", "tbody", "tfoot"];

/// Markup made level.
pub(super) struct Level {
    pub html: String,
    /// The addresses of its pictures.
    pub pictures: HashSet<String>,
    /// Pictures that are not shown and that somebody would have seen.
    pub pictures_left_out: usize,
}

/// Makes markup level.
pub(super) fn level(html: &str, picture: impl Fn(&str) -> Option<String>) -> Level {
    let (out, pictures) = (String::with_capacity(html.len()), HashSet::new());
    let mut writer = Writer {
        picture,
        out,
        pictures,
        open: Vec::new(),
        left_out: 0,
        elements: 0,
        in_pre: false,
        pictures_left_out: 0,
    };
    for token in tokens(html) {
        match token {
            Token::Text(text) => writer.text(text),
            Token::Open(name, attributes) => writer.element(&name, &attributes),
            Token::Close(name) => writer.close(&name),
        }
    }
    writer.end_down_to(0);
    Level { html: writer.out, pictures: writer.pictures, pictures_left_out: writer.pictures_left_out }
}

struct Writer<P> {
    picture: P,
    out: String,
    pictures: HashSet<String>,
    open: Vec<&'static str>,
    /// Open elements beyond the bounds.
    left_out: usize,
    elements: usize,
    /// A `pre` has just begun: a browser drops the line break there, and would again.
    in_pre: bool,
    pictures_left_out: usize,
}

impl<P: Fn(&str) -> Option<String>> Writer<P> {
    fn text(&mut self, mut text: &str) {
        if self.in_pre {
            text = text.trim_start_matches(['\r', '\n']);
        }
        if text.is_empty() || self.in_frame() && text.trim().is_empty() {
            return;
        }
        self.enter_cell();
        self.in_pre = false;
        self.out.push_str(&text.replace('<', "&lt;"));
    }

    fn element(&mut self, name: &str, attributes: &[(String, &str)]) {
        let Some(&name) = ELEMENTS.iter().find(|&&known| known == name) else { return };
        let is_void = VOID.contains(&name);
        if self.open.len() >= MAX_DEPTH || self.elements >= MAX_ELEMENTS {
            self.left_out += usize::from(!is_void);
            return;
        }
        if !self.make_room(name) {
            return;
        }
        if name == "img" {
            return self.picture(attributes);
        }
        self.start(name, attributes);
        if is_void {
            self.open.pop();
        }
    }

    fn start(&mut self, name: &'static str, attributes: &[(String, &str)]) {
        self.elements += 1;
        self.out.push('<');
        self.out.push_str(name);
        let known =
            ATTRIBUTES.iter().find(|(element, _)| *element == name).map_or(&[][..], |(_, names)| names);
        // What the cleaner would drop is not written: the order of the others changes when it drops one. For the same
        // reason the address comes last.
        let mut leads = None;
        for (attribute, value) in attributes {
            match attribute.as_str() {
                "style" => {
                    let style = safe_style(value);
                    if !style.is_empty() {
                        self.attribute("style", &style);
                    }
                }
                "href" => {
                    leads =
                        leads.or(Some(value.trim()).filter(|it| known.contains(&"href") && leads_outside(it)))
                }
                "align" | "dir" | "lang" => self.attribute(attribute, value),
                other if known.contains(&other) => self.attribute(other, value),
                _ => {}
            }
        }
        leads.into_iter().for_each(|address| self.attribute("href", address));
        self.out.push('>');
        self.open.push(name);
        self.in_pre = name == "pre";
    }

    fn attribute(&mut self, name: &str, value: &str) {
        let value = value.replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;");
        self.out.push_str(&format!(" {name}=\"{value}\""));
    }

    /// A picture of the same mail, or a word in its place; nothing for one too small to be seen.
    fn picture(&mut self, attributes: &[(String, &str)]) {
        let given = |name: &str| attributes.iter().find(|(known, _)| known == name).map(|(_, value)| *value);
        let id = given("src").and_then(|src| content_id(src.trim()));
        if let Some(address) = id.and_then(|id| (self.picture)(&id)) {
            self.elements += 1;
            self.out.push_str("<img");
            self.attribute("src", &address.replace('&', "&amp;"));
            for name in ["alt", "width", "height"] {
                given(name).into_iter().for_each(|value| self.attribute(name, value));
            }
            self.out.push('>');
            self.pictures.insert(address);
            return;
        }
        let tiny = |name: &str| given(name).is_some_and(|size| ["0", "1", "2"].contains(&size.trim()));
        if tiny("width") || tiny("height") {
            return;
        }
        self.pictures_left_out += 1;
        match given("alt").map(str::trim).filter(|words| !words.is_empty()) {
            Some(words) => self.text(&format!("[picture: {}]", text::prefix(words, MAX_WORDS))),
            None => self.text("[picture]"),
        }
    }

    fn close(&mut self, name: &str) {
        let Some(&name) = ELEMENTS.iter().find(|&&known| known == name && !VOID.contains(&known)) else {
            return;
        };
        if self.left_out > 0 {
            self.left_out -= 1;
            return;
        }
        let bounds: &[&str] = match name {
            "table" => &[],
            _ if FRAME.contains(&name) || CELLS.contains(&name) => &["table"],
            _ => CELLS,
        };
        if let Some(at) = self.nearest(&[name], bounds) {
            self.end_down_to(at);
        }
    }

    /// Ends what cannot hold the element, and begins what has to be around it. Says whether it may stand here.
    fn make_room(&mut self, name: &'static str) -> bool {
        match name {
            "td" | "th" => return self.enter_row(),
            "tr" => return self.enter_section(),
            "thead" | "tbody" | "tfoot" | "caption" | "colgroup" => return self.enter_frame(&["table"]),
            "col" => {
                let there = self.enter_frame(&["table", "colgroup"]);
                if there && self.open.last() == Some(&"table") {
                    self.start("colgroup", &[]);
                }
                return there;
            }
            _ => self.enter_cell(),
        }
        if BLOCKS.contains(&name) {
            self.end_nearest(&["p"], CELLS);
        }
        match name {
            "a" => self.end_nearest(&["a"], CELLS),
            "li" => self.end_nearest(&["li"], &["ol", "ul", "td", "th", "caption"]),
            "dd" | "dt" => self.end_nearest(&["dd", "dt"], &["dl", "td", "th", "caption"]),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.end_nearest(&["h1", "h2", "h3", "h4", "h5", "h6"], CELLS);
            }
            _ => {}
        }
        true
    }

    fn in_frame(&self) -> bool {
        self.open.last().is_some_and(|top| FRAME.contains(top))
    }

    /// Words that stand between the cells of a table get a cell of their own.
    fn enter_cell(&mut self) {
        if self.in_frame() && self.enter_row() {
            self.start("td", &[]);
        }
    }

    fn enter_row(&mut self) -> bool {
        if self.nearest(&["tr"], &["table"]).is_some() {
            self.enter_frame(&["tr"]);
        } else if self.enter_section() {
            self.start("tr", &[]);
        } else {
            return false;
        }
        true
    }

    fn enter_section(&mut self) -> bool {
        if self.nearest(SECTIONS, &["table"]).is_some() {
            return self.enter_frame(SECTIONS);
        }
        let there = self.enter_frame(&["table"]);
        if there {
            self.start("tbody", &[]);
        }
        there
    }

    /// Ends all that is open inside the nearest of these parts of the table at hand.
    fn enter_frame(&mut self, parts: &[&str]) -> bool {
        let at = self.open.iter().rposition(|open| parts.contains(open));
        if let Some(at) = at {
            self.end_down_to(at + 1);
        }
        at.is_some()
    }

    fn end_nearest(&mut self, names: &[&str], bounds: &[&str]) {
        if let Some(at) = self.nearest(names, bounds) {
            self.end_down_to(at);
        }
    }

    /// Where the innermost of these is open, when none of `bounds` is around what is open now inside it.
    fn nearest(&self, names: &[&str], bounds: &[&str]) -> Option<usize> {
        let inner = self.open.iter().enumerate().rev();
        let found = inner.map_while(|(at, open)| match (names.contains(open), bounds.contains(open)) {
            (true, _) => Some(Some(at)),
            (false, true) => None,
            (false, false) => Some(None),
        });
        found.flatten().next()
    }

    fn end_down_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            if let Some(name) = self.open.pop() {
                self.out.push_str(&format!("</{name}>"));
            }
        }
        self.in_pre = false;
    }
}

/// The Content-ID in a `cid:` address (RFC 2392), its escapes taken back.
fn content_id(address: &str) -> Option<String> {
    let (scheme, id) = address.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("cid") || id.len() > MAX_WORDS {
        return None;
    }
    let mut bytes = Vec::new();
    let mut rest = id.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = tail.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        match escaped.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).ok()
}
