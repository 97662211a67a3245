//! The MIME structure of a mail (RFC 2046 §5.1): one pass over its lines.
//!
//! A delimiter is a whole line, as the RFC says; libraries that look for it anywhere
//! in a line, or for its beginning only, cut parts of mails whose boundaries are
//! prefixes of each other. Nothing is copied or decoded here, nothing recurses, and
//! a mail within the mail is a part like any other that is not looked into.

use super::parts::Part;

/// The most parts looked at. A mail of 200,000 parts fits into 2 MB.
pub(super) const MAX_PARTS: usize = 500;
/// The deepest nesting of multiparts; nobody honest needs a tenth.
const MAX_DEPTH: usize = 50;
/// The longest boundary, in bytes; RFC 2046 §5.1.1 allows 70.
const MAX_BOUNDARY_BYTES: usize = 1000;
/// A boundary that is not declared is looked for so far, in bytes.
const MAX_SEARCH_BYTES: usize = 16 << 10;

/// The parts of one mail in the order of the bytes; the first is the mail itself.
pub(super) struct Structure<'m> {
    pub parts: Vec<Part<'m>>,
    /// What is broken, one sentence each.
    pub defects: Vec<String>,
}

/// Takes a mail apart.
pub(super) fn structure(raw: &[u8]) -> Structure<'_> {
    let body = body_start(raw);
    let mut splitter =
        Splitter { raw, parts: Vec::new(), open: Vec::new(), leaf: None, seen: 0, broken: Broken::default() };
    splitter.begin(&raw[..body], body);
    let mut at = body;
    while at < raw.len() && !splitter.open.is_empty() {
        let end = line_end(raw, at);
        at = match splitter.delimiter(&raw[at..end]) {
            None => end,
            Some((level, is_last)) => splitter.divide(at, end, level, is_last),
        };
    }
    splitter.finish()
}

/// A multipart whose end was not seen yet.
struct Open {
    part: usize,
    boundary: Vec<u8>,
    body: usize,
}

#[derive(Default)]
struct Broken {
    unended: bool,
    too_deep: bool,
    undelimited: bool,
    guessed: bool,
}

struct Splitter<'m> {
    raw: &'m [u8],
    parts: Vec<Part<'m>>,
    open: Vec<Open>,
    /// The part that the current line belongs to, and where its body starts.
    leaf: Option<(usize, usize)>,
    /// All parts, also those beyond the limit.
    seen: usize,
    broken: Broken,
}

impl<'m> Splitter<'m> {
    /// Which open multipart this line delimits, and whether it ends it. The innermost
    /// goes first; text after the closing mark is forgiven.
    fn delimiter(&self, line: &[u8]) -> Option<(usize, bool)> {
        let rest = line.strip_prefix(b"--")?.trim_ascii_end();
        let levels = || self.open.iter().enumerate().rev();
        let divides = levels().find(|(_, open)| rest == open.boundary).map(|(level, _)| (level, false));
        divides.or_else(|| {
            let ends = |open: &Open| {
                rest.strip_prefix(open.boundary.as_slice()).is_some_and(|rest| rest.starts_with(b"--"))
            };
            levels().find(|(_, open)| ends(open)).map(|(level, _)| (level, true))
        })
    }

    /// Ends what the delimiter at `at` ends, and begins the part after it. Gives the
    /// place to go on from.
    fn divide(&mut self, at: usize, end: usize, level: usize, is_last: bool) -> usize {
        self.end_leaf(at);
        self.broken.unended |= self.open.len() > level + 1;
        while self.open.len() > level + usize::from(!is_last) {
            self.close(at);
        }
        if is_last {
            return end;
        }
        let body = self.header_end(end);
        let raw = self.raw;
        self.begin(&raw[end..body], body);
        body
    }

    fn begin(&mut self, header: &'m [u8], body: usize) {
        self.seen += 1;
        let parent = self.open.last().map(|open| open.part);
        if let Some(parent) = parent {
            self.parts[parent].has_parts = true;
        }
        if self.seen > MAX_PARTS {
            return;
        }
        let in_digest = parent.is_some_and(|parent| self.parts[parent].mime == "multipart/digest");
        let part = Part::of(header, if in_digest { "message/rfc822" } else { "text/plain" }, parent);
        let boundary = if part.is_multipart() { self.boundary(&part, body) } else { None };
        let index = self.parts.len();
        self.parts.push(part);
        match boundary {
            Some(boundary) => self.open.push(Open { part: index, boundary, body }),
            None => self.leaf = Some((index, body)),
        }
    }

    /// The boundary of a multipart: the declared one, or the line that looks like one
    /// where none is declared, or where the whole mail has none of those declared.
    fn boundary(&mut self, part: &Part<'m>, body: usize) -> Option<Vec<u8>> {
        if self.open.len() >= MAX_DEPTH {
            self.broken.too_deep = true;
            return None;
        }
        let rest = &self.raw[body..];
        let declared =
            part.content_type.bytes("boundary").filter(|boundary| boundary.len() <= MAX_BOUNDARY_BYTES);
        if let Some(declared) = declared.filter(|boundary| !self.open.is_empty() || occurs(rest, boundary)) {
            return Some(declared.to_vec());
        }
        let guessed = likely_boundary(&rest[..rest.len().min(MAX_SEARCH_BYTES)]).map(<[u8]>::to_vec);
        self.broken.guessed |= guessed.is_some();
        self.broken.undelimited |= guessed.is_none();
        guessed
    }

    /// The line break before a delimiter belongs to the delimiter.
    fn end_leaf(&mut self, at: usize) {
        if let Some((part, start)) = self.leaf.take() {
            let body = self.raw.get(start..at).unwrap_or_default();
            let body = body.strip_suffix(b"\n").map_or(body, |body| body.strip_suffix(b"\r").unwrap_or(body));
            self.parts[part].body = body;
        }
    }

    fn close(&mut self, at: usize) {
        if let Some(open) = self.open.pop() {
            self.parts[open.part].body = self.raw.get(open.body..at).unwrap_or_default();
        }
    }

    /// Where the header of a part ends: after an empty line, before a delimiter, or
    /// before the first line that is no field.
    fn header_end(&self, start: usize) -> usize {
        let mut at = start;
        while at < self.raw.len() {
            let end = line_end(self.raw, at);
            let line = &self.raw[at..end];
            if line.trim_ascii().is_empty() {
                return end;
            }
            let folded = at > start && (line.starts_with(b" ") || line.starts_with(b"\t"));
            if self.delimiter(line).is_some() || !folded && !is_field(line) {
                return at;
            }
            at = end;
        }
        at
    }

    fn finish(mut self) -> Structure<'m> {
        let end = self.raw.len();
        if let Some((part, start)) = self.leaf.take() {
            self.parts[part].body = self.raw.get(start..end).unwrap_or_default();
        }
        self.broken.unended |= !self.open.is_empty();
        while !self.open.is_empty() {
            self.close(end);
        }
        let defects = self.defects();
        Structure { parts: self.parts, defects }
    }

    fn defects(&self) -> Vec<String> {
        let Broken { unended, too_deep, undelimited, guessed } = self.broken;
        let sentences = [
            (unended, "it ends before its last part does; it may have been cut".to_owned()),
            (too_deep, format!("parts more than {MAX_DEPTH} deep are kept as one file")),
            (undelimited, "the boundary between its parts is missing; they are shown as one text".to_owned()),
            (
                guessed,
                "the boundary between its parts is not declared; the one found in it is used".to_owned(),
            ),
            (self.seen > MAX_PARTS, format!("of its {} parts only {MAX_PARTS} are looked at", self.seen)),
        ];
        sentences.into_iter().filter_map(|(holds, sentence)| holds.then_some(sentence)).collect()
    }
}

/// Where the body of a mail starts: after the first empty line; or with the first line
/// that is no field, where no field follows it.
pub(super) fn body_start(raw: &[u8]) -> usize {
    let (mut at, mut text, mut after_blanks) = (0, None, false);
    while at < raw.len() {
        let end = line_end(raw, at);
        let line = &raw[at..end];
        if line == b"\n" || line == b"\r\n" {
            return text.unwrap_or(end);
        }
        let folded = at > 0 && (line.starts_with(b" ") || line.starts_with(b"\t"));
        // A line of blanks is a fold for RFC 5322, and for who wrote it the empty one.
        if after_blanks && !folded && !is_field(line) {
            return at;
        }
        after_blanks = at > 0 && line.trim_ascii().is_empty();
        // Mailbox files leave lines of their own among the fields.
        let of_mailbox = line.starts_with(b"From ") || line.starts_with(b">From ");
        match text {
            None if !folded && !of_mailbox && !line.contains(&b':') => text = Some(at),
            // The line before was a field's whose fold was lost.
            Some(_) if is_field(line) => text = None,
            _ => {}
        }
        at = end;
    }
    text.unwrap_or(at)
}

fn line_end(raw: &[u8], at: usize) -> usize {
    raw[at..].iter().position(|&byte| byte == b'\n').map_or(raw.len(), |length| at + length + 1)
}

fn is_field(line: &[u8]) -> bool {
    let name = line.split(|&byte| byte == b':').next().filter(|name| name.len() < line.len());
    name.is_some_and(|name| !name.is_empty() && name.trim_ascii_end().iter().all(u8::is_ascii_graphic))
}

/// Whether a line begins with this delimiter.
fn occurs(body: &[u8], boundary: &[u8]) -> bool {
    let mut lines = body.split(|&byte| byte == b'\n');
    lines.any(|line| line.strip_prefix(b"--").is_some_and(|rest| rest.starts_with(boundary)))
}

/// The first line that stands, as a delimiter does, before the fields of a part.
fn likely_boundary(body: &[u8]) -> Option<&[u8]> {
    let mut lines = body.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii_end).peekable();
    while let Some(line) = lines.next() {
        let fields_follow = lines
            .peek()
            .is_some_and(|next| next.get(..8).is_some_and(|name| name.eq_ignore_ascii_case(b"content-")));
        if fields_follow && let Some(boundary) = line.strip_prefix(b"--").filter(|rest| !rest.is_empty()) {
            return Some(boundary);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(raw: &str) -> Vec<String> {
        let leaves = structure(raw.as_bytes()).parts.into_iter().filter(|part| !part.has_parts);
        leaves.map(|part| String::from_utf8_lossy(part.body).into_owned()).collect()
    }

    fn defects(raw: &str) -> usize {
        structure(raw.as_bytes()).defects.len()
    }

    #[test]
    fn delimiters_are_whole_lines_and_their_line_break_is_theirs() {
        let raw = "Content-Type: multipart/mixed; boundary=b\r\n\r\npreamble\r\n--b\r\n\r\none --b\r\n--bb\r\n\r\n--b  \r\n\r\ntwo\r\n--b--\r\nend\r\n";
        assert_eq!(bodies(raw), ["one --b\r\n--bb\r\n", "two"]);
        assert_eq!(defects(raw), 0);
    }

    #[test]
    fn boundaries_may_be_prefixes_of_each_other() {
        let raw = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=b-1\n\n\
                   --b-1\n\none\n--b-1\n\ntwo\n--b-1--\n\n--b\n\nthree\n--b--\n";
        assert_eq!(bodies(raw), ["one", "two", "three"]);
    }

    #[test]
    fn what_never_ends_is_read_and_named() {
        let raw = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=c\n\n\
                   --c\n\none\n--b\n\ntwo\n";
        assert_eq!((bodies(raw), defects(raw)), (vec!["one".to_owned(), "two\n".to_owned()], 1));
    }

    #[test]
    fn a_boundary_that_is_missing_is_found_or_named() {
        let parts = "--x\nContent-Type: text/plain\n\none\n--x\nContent-Type: text/html\n\ntwo\n--x--\n";
        for declared in ["", "; boundary=y", "; boundary=\"[a-z]*\""] {
            let raw = format!("Content-Type: multipart/mixed{declared}\n\n{parts}");
            assert_eq!(
                (bodies(&raw), defects(&raw)),
                (vec!["one".to_owned(), "two".to_owned()], 1),
                "{declared}"
            );
        }
        let raw = "Content-Type: multipart/mixed; boundary=x\n\nonly text\n";
        assert_eq!((bodies(raw), defects(raw)), (vec!["only text\n".to_owned()], 1));
    }

    #[test]
    fn text_that_begins_without_an_empty_line_is_not_lost() {
        assert_eq!(bodies("From: a@x\nTo: b@x\nHello\n"), ["Hello\n"]);
        assert_eq!(bodies("From: a@x\nHello\nDear\n\nBob\n"), ["Hello\nDear\n\nBob\n"]);
        assert_eq!(bodies("From: a@x\n \nHello there: B\n"), ["Hello there: B\n"]);
        assert_eq!(bodies("From: a@x\n \nTo: b@x\n\nHello\n"), ["Hello\n"]);
        assert_eq!(bodies("From: a@x\nX-Long: a\nbroken\nTo: b@x\n\nHello\n"), ["Hello\n"]);
        let raw = "Content-Type: multipart/mixed; boundary=b\n\n--b\nHello there\n--b\nContent-Type: text/plain\n--b--\n";
        assert_eq!(bodies(raw), ["Hello there", ""]);
    }

    #[test]
    fn depth_and_count_are_bounded() {
        let nested: String =
            (0..2_000).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")).collect();
        let found = structure(nested.as_bytes());
        assert_eq!((found.parts.len(), found.defects.len()), (MAX_DEPTH + 1, 2));
        let many =
            format!("Content-Type: multipart/mixed; boundary=b\n\n{}--b--\n", "--b\n\nx\n".repeat(20_000));
        let found = structure(many.as_bytes());
        assert_eq!(found.parts.len(), MAX_PARTS);
        assert!(found.defects[0].contains("20001 parts"), "{:?}", found.defects);
    }
}
