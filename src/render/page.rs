//! A ticket as one page that needs nothing else: no scripts, no fonts, nothing from elsewhere.

use handlebars::Handlebars;
use serde::Serialize;

use super::RenderError;
use crate::{domain::TicketId, ticket::ClosedAs};

const TEMPLATE: &str = include_str!("../../templates/page/ticket.html.hbs");
const FILE: &str = "page/ticket.html.hbs";

/// What the page says.
#[derive(Clone, Debug, Serialize)]
pub struct PageView {
    /// Whose desk it is.
    pub site: String,
    /// Its number.
    pub number: TicketId,
    /// `DG-17`.
    pub reference: String,
    /// The subject; may be empty.
    pub subject: String,
    /// Where it stands, for people.
    pub status: String,
    /// Why it is closed.
    pub closed_as: Option<ClosedAs>,
    /// 1 to 3.
    pub severity: Option<i16>,
    /// `Name <address>` of who reported it; may be empty.
    pub requester: String,
    /// The thread, oldest first.
    pub entries: Vec<EntryView>,
    /// When the page was written, for people.
    pub written: String,
}

/// One entry of the thread.
#[derive(Clone, Debug, Serialize)]
pub struct EntryView {
    /// `Name <address>`; may be empty.
    pub author: String,
    /// When it came, for people.
    pub at: String,
    /// `in`, `out` or `note`.
    pub direction: &'static str,
    /// It stays among staff.
    pub staff_only: bool,
    /// The author's own words.
    pub own: String,
    /// What they quoted; may be empty.
    pub quoted: String,
    /// Their signature; may be empty.
    pub signature: String,
    /// The HTML of the mail, made inert: the only thing on the page that is not escaped.
    pub html: Option<String>,
    /// Whether the HTML is what is shown first.
    pub html_first: bool,
    /// The mail has HTML that cannot be shown.
    pub html_refused: bool,
    /// The files that came with it.
    pub files: Vec<FileView>,
}

/// A file beside the page.
#[derive(Clone, Debug, Serialize)]
pub struct FileView {
    /// Its name, as the sender gave it.
    pub name: String,
    /// Where it lies, relative to the page.
    pub href: String,
    /// How large, for people.
    pub size: String,
}

/// Writes the page.
///
/// # Errors
/// A template that fails on these facts.
pub fn ticket_page(view: &PageView) -> Result<String, RenderError> {
    let wrong = |line: Option<usize>, why: String| RenderError::Template { file: FILE.to_owned(), line, why };
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry
        .register_template_string("page", TEMPLATE)
        .map_err(|error| wrong(error.pos().map(|(line, _)| line), error.reason().to_string()))?;
    registry.render("page", view).map_err(|error| wrong(error.line_no, error.reason().to_string()))
}
