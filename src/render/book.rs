//! The templates in one language: parsed, with the helpers they may use.
//!
//! There are two registries, since handlebars escapes by registry and not by
//! template: one for subjects and texts, which escapes nothing, and one for HTML.

use handlebars::{Handlebars, RenderErrorReason, html_escape, no_escape};
use serde::Serialize;

use super::{
    RenderError,
    files::{self, Files},
    helpers,
    view::View,
    words::Words,
};
use crate::{domain::text, ticket::Notice};

/// The templates in one language.
pub(super) struct Book {
    plain: Handlebars<'static>,
    html: Handlebars<'static>,
}

/// A mail's three texts, `\n` line ends.
pub(super) struct Written {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

impl Book {
    /// Parses every template.
    pub(super) fn new(files: &Files, words: &Words) -> Result<Book, RenderError> {
        let mut plain = Handlebars::new();
        plain.register_escape_fn(no_escape);
        let mut html = Handlebars::new();
        html.register_escape_fn(html_escape);
        helpers::register(&mut plain, words, helpers::lines_as_text);
        helpers::register(&mut html, words, helpers::lines_as_html);
        for (path, content) in files.templates() {
            let registry = if path.ends_with(".html.hbs") { &mut html } else { &mut plain };
            registry.register_template_string(&files::template_name(path), content).map_err(|error| {
                RenderError::Template {
                    file: path.to_owned(),
                    line: error.pos().map(|(line, _)| line),
                    why: error.reason().to_string(),
                }
            })?;
        }
        Ok(Book { plain, html })
    }

    /// One of the words that need nothing filled in.
    pub(super) fn word(&self, key: &str) -> Result<String, RenderError> {
        let template = format!("{{{{word \"{key}\"}}}}");
        self.plain.render_template(&template, &()).map_err(|error| RenderError::Template {
            file: format!("the word {key}"),
            line: None,
            why: error.reason().to_string(),
        })
    }

    /// Writes a page.
    pub(super) fn page(&self, name: &str, view: &impl Serialize) -> Result<String, RenderError> {
        render(&self.html, name, "html", view)
    }

    /// Writes the three texts of a notice.
    pub(super) fn write(&self, notice: Notice, view: &View) -> Result<Written, RenderError> {
        let subject = render(&self.plain, &format!("{notice}/subject"), "txt", view)?;
        let text = render(&self.plain, &format!("{notice}/body"), "txt", view)?;
        let html = render(&self.html, &format!("{notice}/body"), "html", view)?;
        Ok(Written {
            subject: text::line(&subject),
            text: format!("{}\n", text.trim_end().trim_start_matches('\n')),
            html,
        })
    }
}

fn render(
    registry: &Handlebars<'_>,
    name: &str,
    kind: &str,
    view: &impl Serialize,
) -> Result<String, RenderError> {
    registry.render(name, view).map_err(|error| RenderError::Template {
        file: files::template_path(error.template_name.as_deref().unwrap_or(name), kind),
        line: error.line_no,
        why: match error.reason() {
            RenderErrorReason::MissingVariable(Some(path)) => format!("there is no `{path}` here"),
            other => other.to_string(),
        },
    })
}
