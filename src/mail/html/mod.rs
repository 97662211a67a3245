//! The readable text of an HTML body, for mails without a plain one.
//!
//! It speaks as mail programs do in plain text: `>` stands before what is in a `blockquote`,
//! a line between dashes above the mail that Outlook or Yahoo answers, `-- ` above a
//! signature. So own words are found by one set of rules, [`super::own_words`]. `tags` takes
//! the HTML apart, `programs` knows how mail programs mark these, mail-parser the
//! entities. One pass, no tree: the depth of nesting costs nothing.

mod programs;
mod tags;

use mail_parser::decoders::html::html_to_text;

use programs::{Meaning, meaning};
use tags::{Piece, Pieces};

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

/// The most `>` before a line; nobody reads deeper quotes.
const MAX_DEPTH: usize = 10;
/// The most elements and lists within each other that are kept track of.
const MAX_OPEN: usize = 100;
/// The longest entity, in bytes: `&CounterClockwiseContourIntegral;`.
const MAX_ENTITY: usize = 33;

/// What stands in the text above the mail that is answered or forwarded.
const MAIL_BELOW: &str = "-----Original Message-----";
/// What stands above a signature (RFC 3676 §4.3).
const SIGNATURE_BELOW: &str = "-- ";

/// The text of `html`, quotes and signatures marked as in plain text.
pub(super) fn to_text(html: &str) -> String {
    let mut page = Page::default();
    for piece in Pieces::of(html) {
        match piece {
            Piece::Text(text) => page.text(text),
            Piece::Start { name, attributes } => page.start(&lower(name), attributes),
            Piece::End { name } => page.end(&lower(name)),
        }
    }
    page.lines.end(false);
    page.lines.text.trim_matches('\n').to_owned()
}

/// The name of an element in lower case; of a long one nothing, since it is none of HTML.
fn lower(name: &str) -> String {
    if name.len() > 10 { String::new() } else { name.to_ascii_lowercase() }
}

/// An open element that means something.
struct Open {
    name: String,
    /// How many elements of its name are open from it on.
    level: usize,
    meaning: Meaning,
}

#[derive(Default)]
struct Page {
    lines: Lines,
    open: Vec<Open>,
    /// The numbers of ordered lists; none for others.
    lists: Vec<Option<usize>>,
    /// How many elements are open whose line ends are seen.
    kept: usize,
    /// Whether the answered mail began.
    answered: bool,
}

impl Page {
    fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find('&') {
            self.plain(&rest[..at]);
            let head = crate::domain::text::prefix(&rest[at..], MAX_ENTITY);
            let entity = head.find(';').map(|end| &head[..=end]);
            let entity = entity.filter(|entity| {
                entity[1..entity.len() - 1].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#')
            });
            match entity {
                Some(entity) => self.lines.put(html_to_text(entity).chars()),
                None => self.lines.put("&".chars()),
            }
            rest = &rest[at + entity.map_or(1, str::len)..];
        }
        self.plain(rest);
    }

    fn plain(&mut self, text: &str) {
        let mut before = ' ';
        for c in text.chars() {
            match c {
                '\n' if self.kept > 0 && before == '\r' => {}
                '\n' | '\r' if self.kept > 0 => self.lines.end(true),
                c if self.kept > 0 => self.lines.line.push(c),
                c if c.is_ascii_whitespace() => self.lines.space(),
                c => self.lines.line.push(c),
            }
            before = c;
        }
    }

    fn start(&mut self, name: &str, attributes: &str) {
        match name {
            "br" => self.lines.end(true),
            "td" | "th" if !self.lines.line.trim().is_empty() => self.lines.line.push('\t'),
            name if BLOCKS.contains(&name) => self.lines.end(false),
            _ => {}
        }
        match name {
            "pre" => self.kept += 1,
            "ul" | "ol" if self.lists.len() < MAX_OPEN => self.lists.push((name == "ol").then_some(0)),
            "li" => self.item(),
            _ => {}
        }
        match meaning(name, attributes) {
            Some(meaning) => self.open(name, meaning),
            None => {
                if let Some(open) = self.open.iter_mut().rev().find(|open| open.name == name) {
                    open.level += 1;
                }
            }
        }
    }

    fn item(&mut self) {
        match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                self.lines.item = format!("{number}. ");
            }
            _ => self.lines.item = "- ".to_owned(),
        }
    }

    fn open(&mut self, name: &str, meaning: Meaning) {
        let lines = &mut self.lines;
        match meaning {
            Meaning::Quote => lines.quote(lines.depth + 1),
            Meaning::Mail if !self.answered && lines.depth == 0 => {
                lines.end(false);
                (self.answered, lines.announced) = (true, Some(MAIL_BELOW));
            }
            // Some people write in the place of their signature.
            Meaning::Signature if lines.said && !self.answered && lines.depth == 0 => {
                lines.end(false);
                lines.announced = Some(SIGNATURE_BELOW);
            }
            Meaning::Mail | Meaning::Signature | Meaning::Kept => {}
        }
        if self.open.len() < MAX_OPEN && name != "hr" {
            self.kept += usize::from(meaning == Meaning::Kept);
            self.open.push(Open { name: name.to_owned(), level: 1, meaning });
        }
    }

    fn end(&mut self, name: &str) {
        if BLOCKS.contains(&name) {
            self.lines.end(false);
        }
        match name {
            "p" => self.lines.end(true),
            "pre" => self.kept = self.kept.saturating_sub(1),
            "ul" | "ol" => drop(self.lists.pop()),
            "li" => self.lines.item.clear(),
            _ => {}
        }
        let Some(at) = self.open.iter().rposition(|open| open.name == name) else { return };
        self.open[at].level -= 1;
        if self.open[at].level == 0 {
            for closed in self.open.split_off(at) {
                self.close(closed, name);
            }
        }
    }
}

impl Page {
    /// Closes what the end of an element of this `name` closes. A quote is ended by its
    /// own end alone: nothing that was quoted gets out of it.
    fn close(&mut self, closed: Open, name: &str) {
        match closed.meaning {
            Meaning::Quote if name != "blockquote" => self.open.push(closed),
            Meaning::Quote => self.lines.quote(self.lines.depth.saturating_sub(1)),
            Meaning::Signature => self.lines.close_signature(),
            Meaning::Kept => self.kept = self.kept.saturating_sub(1),
            Meaning::Mail => {}
        }
    }
}

#[derive(Default)]
struct Lines {
    text: String,
    line: String,
    /// The bullet or number before the next words.
    item: String,
    depth: usize,
    blank: bool,
    /// Whether there were words outside of quotes.
    said: bool,
    /// What stands above the next words.
    announced: Option<&'static str>,
}

impl Lines {
    fn put(&mut self, chars: impl Iterator<Item = char>) {
        self.line.extend(chars.map(|c| if c.is_whitespace() { ' ' } else { c }));
    }

    fn space(&mut self) {
        if !self.line.is_empty() && !self.line.ends_with([' ', '\t']) {
            self.line.push(' ');
        }
    }

    /// Ends the line; an empty one stays only where it was `meant`, and once.
    fn end(&mut self, meant: bool) {
        let line = self.line.trim_end();
        if !line.trim().is_empty() || meant && !self.blank {
            if let Some(announced) = self.announced.take_if(|_| !line.trim().is_empty()) {
                self.text.push_str(announced);
                self.text.push('\n');
            }
            // `>> so <<` is how people point at things, and no quote.
            let most = if line.contains("<<") { 1 } else { MAX_DEPTH };
            for _ in 0..self.depth.min(most) {
                self.text.push('>');
            }
            if self.depth > 0 && !line.is_empty() {
                self.text.push(' ');
            }
            if !line.is_empty() {
                self.text.push_str(&std::mem::take(&mut self.item));
            }
            self.text.push_str(line);
            self.text.push('\n');
            self.blank = line.is_empty();
            self.said |= self.depth == 0 && !self.blank;
        }
        self.line.clear();
    }

    fn quote(&mut self, depth: usize) {
        self.end(false);
        self.depth = depth;
    }

    /// A signature without words has no mark either.
    fn close_signature(&mut self) {
        self.end(false);
        self.announced.take_if(|announced| *announced == SIGNATURE_BELOW);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::growth::assert_linear;

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

    #[test]
    fn words_stay_as_they_are_read() {
        for (html, text) in [
            ("if x < 5 and y > 3", "if x < 5 and y > 3"),
            (
                "a &amp;&nbsp;b &lt;c&gt; &copy; &#8364; &#x20ac; &unknown; & AT&T;",
                "a & b <c> © € € &unknown; & AT&T;",
            ),
            ("<ul><li>one</li><li>two</li></ul><ol><li>a<li>b</ol>", "- one\n- two\n1. a\n2. b"),
            (
                "<table><tr><th>Error</th><th>Count</th></tr><tr><td>500</td><td>7</td></tr></table>",
                "Error\tCount\n500\t7",
            ),
            ("<pre>a\n  b\n\nc</pre>d", "a\n  b\n\nc\nd"),
            ("<pre>a\r\nb\rc</pre>d\ne", "a\nb\nc\nd e"),
            (
                "<div style=\"color:red; white-space: pre-wrap\">a\n  b<div>c\nd</div></div>e\nf",
                "a\n  b\nc\nd\ne f",
            ),
            ("<ol><li><p>a</p></li><li><div>b</div></li><li></li></ol>-", "1. a\n\n2. b\n-"),
            (
                "<td>Actual</td><td>error 500</td><p><b>From:</b> Support</p>",
                "Actual\terror 500\nFrom: Support",
            ),
            (
                "If a < b the export works, and if b > a it fails",
                "If a < b the export works, and if b > a it fails",
            ),
            ("<p>a\n  b</p><p>c</p>", "a b\n\nc"),
            ("a<img alt=\"x > y\">b", "ab"),
            ("<!--[if mso]>x<![endif]-->a<![if !mso]>b<![endif]>", "ab"),
        ] {
            assert_eq!(to_text(html), text, "{html}");
        }
    }

    fn own(html: &str) -> (String, String) {
        let severed = crate::mail::sever(&to_text(html), crate::mail::Answering::Mail);
        (severed.own, severed.signature)
    }

    #[test]
    fn every_program_says_what_it_quotes() {
        let headers = "<b>Feladó:</b> Bob<br><b>Valami:</b> x<br></div><div>Does it hum?</div>";
        for quote in [
            "<div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On Mon, Nov 2, 2020 at 10:12 AM Bob &lt;<a href=\"mailto:bob@example.org\">bob@example.org</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0\">Does it hum?</blockquote></div>",
            "<div class=\"moz-cite-prefix\">On 11/2/2020 10:12 AM, Bob\n wrote:<br></div><blockquote type=\"cite\" cite=\"mid:x\">Does it hum?</blockquote>",
            "<div><br><blockquote type=\"cite\"><div>On Nov 2, 2020, at 10:12 AM, Bob wrote:</div><div>Does it hum?</div></blockquote></div>",
            &format!(
                "<hr style=\"display:inline-block;width:98%\" tabindex=\"-1\"><div id=\"divRplyFwdMsg\" dir=\"ltr\">{headers}"
            ),
            &format!(
                "<div><div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\">{headers}</div>"
            ),
            &format!("<span id=\"OLK_SRC_BODY_SECTION\"><div>{headers}</span>"),
            &format!("<hr id=\"stopSpelling\"><div>{headers}"),
            &format!("<hr id=\"zwchr\" data-marker=\"__DIVIDER__\"><div>{headers}"),
            &format!("<div id=\"yahoo_quoted_123\" class=\"yahoo_quoted\"><div>{headers}</div>"),
            &format!("<div name=\"quote\" style=\"margin:10px 5px\"><div>{headers}</div>"),
            "<p>02.11.2020, 10:12, \"Bob\" &lt;bob@example.org&gt;:</p><blockquote><p>Does it hum?</p></blockquote>",
            "<div class=\"protonmail_quote\">On Monday, November 2nd, 2020 at 10:12 AM, Bob &lt;bob@example.org&gt; wrote:<br><blockquote class=\"protonmail_quote\" type=\"cite\">Does it hum?</blockquote></div>",
            "<div>##- Please type your reply above this line -##</div><div>Does it hum?</div>",
        ] {
            assert_eq!(
                own(&format!("<div dir=ltr>It <b>prints</b>.</div>{quote}")).0,
                "It prints.",
                "{quote}"
            );
        }
    }

    #[test]
    fn answers_between_quotes_and_indented_words_are_own() {
        let html = "<div class=\"gmail_quote\"><blockquote>Does it hum?<div>Really?</div></blockquote><div>No.</div>\
                    <blockquote>Does it print?</blockquote><div>Yes.</div></div>";
        assert_eq!(own(html).0, "No.\nYes.");
        assert_eq!(
            own("<blockquote style=\"margin:0 0 0 40px;border:none;padding:0px\">Indented</blockquote>").0,
            "Indented"
        );
        // The end of the quote is found although its inner elements are not closed.
        assert_eq!(own("Hm.<blockquote><div><p>Does it hum?</blockquote>No.").0, "Hm.\nNo.");
    }

    #[test]
    fn every_program_says_what_it_signs() {
        for signature in [
            "<div class=\"gmail_signature\" data-smartmail=\"gmail_signature\">Alice Miller</div>",
            "<pre class=\"moz-signature\" cols=\"72\">Alice Miller</pre>",
            "<div id=\"AppleMailSignature\">Alice Miller</div>",
            "<div id=\"Signature\"><p>Alice Miller</p></div>",
            "<div class=\"protonmail_signature_block\"><div>Alice Miller</div></div>",
            "<div id=\"ms-outlook-mobile-signature\">Alice Miller</div>",
        ] {
            let (words, signed) = own(&format!("<p>It hums.</p>{signature}<blockquote>Before</blockquote>"));
            assert_eq!((words.as_str(), signed.as_str()), ("It hums.", "-- \nAlice Miller"), "{signature}");
        }
        // Words in the place of the signature, and a signature without words.
        assert_eq!(own("<div id=\"AppleMailSignature\">It hums.</div>").0, "It hums.");
        assert_eq!(own("It<div class=\"protonmail_signature_block\"></div>hums.").0, "It\nhums.");
    }

    /// What a mail may hold that somebody quotes: marks of plain text, line ends of all
    /// kinds, elements that are not closed, entities. But for the end of the quote, and for what hides a beginning: `<x<blockquote>`
    /// is one element of an odd name, and the end behind it would be that of the outer quote.
    const QUOTED: &str = "(#close|#sev 1|x|<br>|<p>|</p>|<div>|</div>|<pre>|</pre>|<table><tr><td>|</td></tr></table>|\
        <div style='white-space:pre-wrap'>|<li>|</ol>|\n|\r|\r\n|\u{2028}|\u{2029}|\u{85}|\u{b}|\u{c}|&#10;|&#13;|&#57346;|&#133;|\
        &gt;|&lt;&lt;|>>|<< |>|-- |-----Original Message-----|-----Ende-----|\
        On Mon, Nov 2, 2020 at 10:12 AM Ann wrote:|From: Ann &lt;ann@example\\.org&gt;|Sent: Monday|To: Bob|Subject: x|\
        <div class=gmail_signature>|<div name=quote>|<hr id=zwchr>|<span id=OLK_SRC_BODY_SECTION>|\
        <blockquote>x</blockquote>|<blockquote style='border:none'>x</blockquote>|<blockquote>|http://example\\.org/x|\
        ______________|\\||SQL>|&nbsp;| |\t|</ body>|<!-- x -->|</body></html>)";

    proptest::proptest! {
        #[test]
        fn nothing_gets_out_of_a_quote(
            said in QUOTED, pieces in proptest::collection::vec(QUOTED, 0..12), outer in "(<div>|<div name=x>|<td>|<p>|<pre>)",
        ) {
            let html = format!(
                "<div>Hello Anna, please wait.</div>{outer}On Mon, Nov 2, 2020 at 10:12 AM Bob &lt;bob@example.org&gt; wrote:\
                <blockquote type=\"cite\">{said}{}</blockquote>", pieces.concat(),
            );
            let severed = crate::mail::sever(&crate::domain::text::clean(&to_text(&html)), crate::mail::Answering::Mail);
            proptest::prop_assert_eq!(severed.own.as_str(), "Hello Anna, please wait.", "{}\n{:?}", html, severed);
        }

        #[test]
        fn any_html_gives_a_text(pieces in proptest::collection::vec(
            "(</?(div|blockquote|pre|li|ol|p|td|style|x)|<!--|-->|>|<|&[a-z#0-9]{0,4};?| (id|class|style|name)=?['\"]?(signature|quote|x)?['\"]?|.{0,6})",
            0..40,
        )) {
            to_text(&pieces.concat());
        }
    }

    #[test]
    fn time_grows_with_the_size_and_no_faster() {
        let kinds: [fn(usize) -> String; 8] = [
            |n| "<div>".repeat(n),
            |n| "<blockquote>x".repeat(n),
            |n| "<div class=gmail_signature>x".repeat(n),
            |n| format!("<div {}>", "a b=c ".repeat(n)),
            |n| "<!--".repeat(n),
            |n| "<style>".repeat(n),
            |n| "<a href=\"".repeat(n),
            |n| "&".repeat(n),
        ];
        for kind in kinds {
            assert_linear(kind, 2_500, to_text);
        }
    }
}
