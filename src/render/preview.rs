//! A notice as its reader would see it, and what a changed template would make of it, without anything being sent or
//! kept.

use data_encoding::BASE64;
use serde::Serialize;

use super::{
    Context, RenderError, Renderer,
    book::{Book, Written},
    chart, language_of, samples,
    view::View,
    words::Words,
};
use crate::{domain::Language, ticket::Notice};

/// The id of the picture of a digest.
const PICTURE: &str = "chart";

/// One file of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The subject.
    Subject,
    /// The text.
    Text,
    /// The HTML.
    Html,
}

crate::domain::words::word!(Part, "part of a notice", {
    Subject => "subject",
    Text => "text",
    Html => "html",
});

impl Part {
    /// Where its file is, below the folder of templates.
    pub fn path(self, notice: Notice) -> String {
        let file = match self {
            Part::Subject => "subject.txt",
            Part::Text => "body.txt",
            Part::Html => "body.html",
        };
        format!("mail/{notice}/{file}.hbs")
    }
}

/// A notice, written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// Its HTML, a whole document.
    pub html: String,
}

impl Renderer {
    /// A file of a notice as it is in force, and whether it is the site's own.
    pub fn source(&self, notice: Notice, part: Part) -> (&str, bool) {
        let path = part.path(notice);
        (self.files.get(&path).unwrap_or_default(), self.files.is_own(&path))
    }

    /// Writes a notice, with one of its files changed where `changed` says so. A changed file has to hold for all facts
    /// that there may be, not only for these.
    ///
    /// # Errors
    /// The first thing that does not work, with the file and the line in it.
    pub fn preview(
        &self,
        notice: Notice,
        language: Language,
        context: &Context,
        changed: Option<(Part, &str)>,
    ) -> Result<Preview, RenderError> {
        let language = language_of(notice, language);
        let Some((part, text)) = changed else {
            return written(self.book(language), notice, language, context);
        };
        if let Some(why) = endless(text) {
            return Err(RenderError::Template { file: part.path(notice), line: None, why: why.to_owned() });
        }
        let files = self.files.with(&part.path(notice), text);
        let words = Words::read(&files, language).expect("these words are in force");
        let book = Book::new(&files, &words)?;
        for sample in samples::contexts() {
            written(&book, notice, language, &sample)?;
        }
        written(&book, notice, language, context)
    }

    /// Facts for everything that a real ticket may not have at the moment.
    pub fn example() -> Context {
        samples::full()
    }
}

/// A text on trial has no more blocks than this. Ours have two dozen.
const MOST_BLOCKS: usize = 200;
/// And no more brackets in one tag.
const MOST_BRACKETS: usize = 20;

/// Why a text is not tried: whoever is signed in may send any, and one that takes itself in, or is nested without an
/// end, would fill the stack, which ends the whole process.
fn endless(text: &str) -> Option<&'static str> {
    let mut blocks = 0;
    for piece in text.split("{{").skip(1) {
        let tag = piece.split("}}").next().unwrap_or_default();
        let begun = tag.trim_start_matches(|c: char| c == '~' || c.is_whitespace());
        let bare = begun.trim_start_matches(|c: char| c == '#' || c == '^' || c == '~' || c.is_whitespace());
        blocks += usize::from(begun.starts_with(['#', '^']));
        if bare.starts_with('*') {
            return Some("a text on trial cannot define parts of its own");
        }
        if let Some(part) = bare.strip_prefix('>') {
            let name = part.trim_start().split(|c: char| c.is_whitespace()).next().unwrap_or_default();
            if name.contains(['/', '(']) {
                return Some("a text on trial can take in the parts that all mails share, and no other text");
            }
        }
        if blocks > MOST_BLOCKS || tag.matches(['(', '[', '{']).count() > MOST_BRACKETS {
            return Some("a text on trial cannot be nested so deeply");
        }
    }
    None
}

fn written(
    book: &Book,
    notice: Notice,
    language: Language,
    context: &Context,
) -> Result<Preview, RenderError> {
    let view = View::new(notice, language, context).with_picture(PICTURE);
    let Written { subject, text, html } = book.write(notice, &view)?;
    let chart = context.digest.as_ref().and_then(|digest| digest.chart.as_ref());
    let html = match chart.filter(|_| notice == Notice::StakeholderDigest) {
        Some(chart) => {
            let png = format!("data:image/png;base64,{}", BASE64.encode(&chart::png(chart)));
            html.replace(&format!("cid:{PICTURE}"), &png)
        }
        None => html,
    };
    Ok(Preview { subject, text, html })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Word;

    fn renderer() -> Renderer {
        Renderer::load(None).unwrap()
    }

    #[test]
    fn every_notice_is_written_in_the_language_that_its_readers_have() {
        let renderer = renderer();
        for &notice in Notice::ALL {
            let preview = renderer.preview(notice, Language::De, &Renderer::example(), None).unwrap();
            assert!(!preview.subject.is_empty() && preview.html.contains("</html>"), "{notice}");
            assert!(!preview.html.contains("cid:"), "{notice}");
        }
        let german = renderer.preview(Notice::Accepted, Language::De, &Renderer::example(), None).unwrap();
        assert!(german.text.contains("Guten Tag"), "{}", german.text);
    }

    #[test]
    fn a_changed_file_is_tried_and_never_kept() {
        let renderer = renderer();
        let context = Renderer::example();
        let changed = Some((Part::Subject, "Now {{ticket.reference}}!"));
        let preview = renderer.preview(Notice::Accepted, Language::En, &context, changed).unwrap();
        assert_eq!(preview.subject, "Now DG-17!");
        let (source, own) = renderer.source(Notice::Accepted, Part::Subject);
        assert!(!source.contains("Now ") && !own, "{source}");
    }

    #[test]
    fn a_mistake_is_told_with_its_file_and_line() {
        let told = |part, text| {
            let changed = Some((part, text));
            renderer()
                .preview(Notice::Accepted, Language::En, &Renderer::example(), changed)
                .unwrap_err()
                .to_string()
        };
        let unknown = told(Part::Html, "<p>fine</p>\n<p>{{ticket.refrence}}</p>");
        assert!(
            unknown.contains("mail/accepted/body.html.hbs, line 2") && unknown.contains("ticket.refrence"),
            "{unknown}"
        );
        let broken = told(Part::Text, "Hello\n\n{{#if reader}}");
        assert!(broken.contains("mail/accepted/body.txt.hbs"), "{broken}");
        let word = told(Part::Text, "{{word \"no.such.word\"}}");
        assert!(word.contains("no.such.word"), "{word}");
    }

    #[test]
    fn a_text_that_takes_itself_in_is_not_tried() {
        let itself = "{{#*inline \"a\"}}{{> a}}{{/inline}}{{> a}}";
        let nested = "{{#if reader}}".repeat(5_000);
        let brackets = format!("{{{{#if {}reader", "(not ".repeat(5_000));
        for text in [
            itself,
            "{{~#* inline \"a\"}}",
            "{{> accepted/body}}",
            "{{#> \"accepted/body\"}}",
            &nested,
            &brackets,
        ] {
            assert!(endless(text).is_some(), "{text:.40}");
        }
        for text in [
            "{{> greeting}} {{#if reader}}{{reader}}{{/if}}",
            "{{> paragraph text=(word \"x\")}}",
            "{{{lines words}}}",
        ] {
            assert_eq!(endless(text), None, "{text}");
        }
    }

    #[test]
    fn a_fact_that_only_this_ticket_has_is_not_enough() {
        let context = Renderer::example();
        let text = "{{#if neutral}}{{nowhere}}{{/if}}";
        let changed = Some((Part::Text, text));
        assert!(renderer().preview(Notice::Acknowledged, Language::En, &context, changed).is_err());
    }

    #[test]
    fn the_facts_of_a_person_are_escaped() {
        let mut context = Renderer::example();
        context.ticket.subject = "<script>alert(1)</script>".into();
        let html = renderer().preview(Notice::Accepted, Language::En, &context, None).unwrap().html;
        assert!(!html.contains("<script"), "{html}");
    }
}
