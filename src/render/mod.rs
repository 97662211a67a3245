//! From a notice and its facts to the finished bytes of a mail.
//!
//! Structure lives in `templates/mail/<notice>/`, words in
//! `templates/words/<language>.toml`, so that a translator edits one file and a
//! designer another. Both are compiled in; a site replaces single files.
//!
//! [`Renderer::load`] takes them; where a site has templates of its own it tries every notice in every
//! language with sample facts, so that a missing word or a misspelt variable is
//! found at start and not in the mail of a customer. [`Renderer::letter`] is a
//! pure function: the same [`Letter`] gives the same bytes.
//!
//! What a person wrote is always a value, never a template: it is escaped in
//! HTML, made one line for headers, and its braces mean nothing.

mod answer;
mod book;
mod calendar;
pub mod chart;
mod console;
mod customer;
mod date;
mod due;
mod files;
mod helpers;
mod letter;
mod mime;
mod oncall;
mod page;
mod preview;
pub mod reports;
mod samples;
mod stakes;
mod status;
pub mod svg;
pub mod table;
mod view;
mod welcome;
mod words;
pub mod workflow;

#[cfg(test)]
mod tests;

pub use answer::{AnswerFacts, fill_answer, name_facts};
pub use calendar::{Appointment, calendar};
pub use console::{Assets, Console, Me, NavGroup, NavItem, Said, Shell};
pub use customer::{Named, Page, STYLE, Unsent};
pub use due::{DueView, PromiseView, SeverityView, length as in_words, when as in_zone};
pub use letter::{
    BetweenView, Change, CommandView, Context, FinishedMail, GateView, Letter, ListItem, SimilarView,
    SiteView, TicketView, TranscriptLine, Understood, Unsubscribe,
};
pub use oncall::{OnCallView, ShiftView};
pub use page::{EntryView, FileView, PageView, ticket_page};
pub use preview::{Part, Preview};
pub use stakes::{AgeView, DigestView, FigureView, RowView, SaidView, UpdateView};
pub use status::{Participant, PublicEntry, PublicFile, StatusPage};
pub use welcome::WelcomeView;

use std::{collections::BTreeMap, path::Path, sync::OnceLock};

use anyhow::Context as _;

use crate::{
    domain::{Language, Word},
    ticket::{Audience, Notice},
};
use book::Book;
use files::Files;
use view::View;
use words::Words;

/// All templates and words.
pub struct Renderer {
    files: Files,
    /// Parsed when first asked for, save where a site has files of its own.
    books: BTreeMap<Language, OnceLock<Book>>,
}

impl Renderer {
    /// Takes the built-in templates, with the files in `overrides` in place of those of the same relative path. Where there
    /// are such files, every notice and page is tried in every language; the built-in ones are tried by a test, which
    /// saves each start the time.
    ///
    /// # Errors
    /// The first template or word that does not work, with its file and line.
    pub fn load(overrides: Option<&Path>) -> anyhow::Result<Renderer> {
        let files = Files::collect(overrides)?;
        let books = Language::ALL.iter().map(|&language| (language, OnceLock::new())).collect();
        let renderer = Renderer { files, books };
        if overrides.is_some() {
            renderer.try_everything()?;
        }
        Ok(renderer)
    }

    /// Reads and parses everything, and tries every notice and page in every language with facts that lead through every
    /// branch.
    fn try_everything(&self) -> anyhow::Result<()> {
        let english = Words::read(&self.files, Language::En)?;
        for (&language, book) in &self.books {
            let words = Words::read(&self.files, language)?;
            words.check_against(&english)?;
            let parsed = Book::new(&self.files, &words)?;
            book.get_or_init(|| parsed);
        }
        self.try_all().context("a mail template does not work")?;
        self.try_pages().context("a page template does not work")
    }

    /// Writes one mail.
    ///
    /// Staff and stakeholder notices are in English whatever the letter's language.
    ///
    /// # Errors
    /// An address that cannot stand in a mail, a date outside 1970–9999, or a
    /// template that fails on these facts.
    pub fn letter(&self, letter: &Letter) -> Result<FinishedMail, RenderError> {
        let language = language_of(letter.notice, letter.language);
        let picture = mime::Picture::of(letter);
        let view = View::new(letter.notice, language, &letter.context);
        let view = match &picture {
            Some(picture) => view.with_picture(&picture.id),
            None => view,
        };
        let written = self.book(language).write(letter.notice, &view)?;
        mime::assemble(letter, language, view.neutral(), written, picture)
    }

    /// The names of all files that make up the mails, overrides included.
    pub fn templates(&self) -> Vec<String> {
        self.files.names()
    }

    fn book(&self, language: Language) -> &Book {
        let book = self.books.get(&language).expect("load makes a place for every language");
        book.get_or_init(|| {
            let words = Words::read(&self.files, language).expect("a test reads the built-in words");
            Book::new(&self.files, &words).expect("a test parses the built-in templates")
        })
    }

    fn try_all(&self) -> Result<(), RenderError> {
        for &notice in Notice::ALL {
            for &language in Language::ALL.iter().filter(|&&l| l == language_of(notice, l)) {
                for sample in samples::contexts() {
                    let view = View::new(notice, language, &sample).with_picture("chart");
                    self.book(language).write(notice, &view)?;
                }
            }
        }
        Ok(())
    }
}

/// Customers read their own language; inside the house one language is spoken.
fn language_of(notice: Notice, wanted: Language) -> Language {
    match notice.audience() {
        Audience::Requester => wanted,
        Audience::Assignee
        | Audience::Staff
        | Audience::Actor
        | Audience::OnCall
        | Audience::Stakeholders => Language::En,
    }
}

/// Why a mail could not be written.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template failed on these facts.
    #[error("writing a mail from template {file}{}: {why}", line.map(|l| format!(", line {l}")).unwrap_or_default())]
    Template {
        /// The file, relative to the template folder.
        file: String,
        /// The line in it, where it is known.
        line: Option<usize>,
        /// What is wrong.
        why: String,
    },
    /// An address that the mail library refuses.
    #[error(
        "writing a mail with the address of {whose}: it cannot stand in a header ({why}); correct the address"
    )]
    Address {
        /// `From`, `To` or `Reply-To`.
        whose: &'static str,
        /// What is wrong.
        why: String,
    },
    /// A date that mail cannot carry.
    #[error("writing a mail dated {0}: a mail's date lies between 1970 and 9999; check the clock")]
    Date(jiff::Timestamp),
    /// Anything else that makes no mail.
    #[error("putting the parts of a mail together: {0}")]
    Assembly(#[from] lettre::error::Error),
}
