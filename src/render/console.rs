//! The pages that staff see: templates in `templates/console/`, words in `templates/console/words.toml`.
//!
//! Every page is written whole, in one layout; what changes live is cut out of it in the browser. What a person
//! wrote is always a value, and escaped. Times are written for the zone of the reader, which the [`Shell`] names.

mod include;
mod marked;
mod prose;
mod times;

use std::sync::OnceLock;

use handlebars::{Handlebars, html_escape};
use jiff::Timestamp;
use serde::Serialize;

use super::{RenderError, helpers, words::Words};

/// Every template by its name, which is also what `{{> NAME}}` calls.
macro_rules! templates {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../templates/console/", $name, ".html.hbs")))),+]
    };
}

#[rustfmt::skip]
const TEMPLATES: &[(&str, &str)] = templates![
    "answer",
    "bulk",
    "account",
    "account_codes",
    "account_recovery",
    "accounts",
    "audit",
    "csrf",
    "denial",
    "gate",
    "gate_replay",
    "gate_replays",
    "health",
    "inbox",
    "inbox_bulk",
    "inbox_rows",
    "layout",
    "mailboxes",
    "outbox",
    "outbox_mail",
    "report_cell",
    "reports",
    "outside",
    "people",
    "person",
    "quarantine",
    "quarantine_mail",
    "rota",
    "settings",
    "sign_in",
    "search",
    "views",
    "template",
    "templates",
    "workflow",
    "new_ticket",
    "ticket_about",
    "ticket_actions",
    "ticket_again",
    "ticket_compose",
    "ticket_held",
    "ticket",
    "ticket_deliveries",
    "ticket_journal",
    "ticket_mail",
    "ticket_move",
    "ticket_now",
    "ticket_other",
    "ticket_similar",
    "ticket_slots",
    "ticket_thread",
    "ticket_words",
    "sign_in_code",
    "sign_in_onward",
    "forgotten",
    "welcome",
];

const WORDS: &str = include_str!("../../templates/console/words.toml");
const WORDS_FILE: &str = "console/words.toml";

/// All pages of the console. They are parsed when the first is asked for, which saves each start the time.
#[derive(Default)]
pub struct Console(OnceLock<Book>);

struct Book {
    registry: Handlebars<'static>,
    words: Words,
}

/// What surrounds a page, and who reads it.
#[derive(Clone, Debug, Serialize)]
pub struct Shell {
    /// What the page is about, for the tab of the browser.
    pub title: String,
    /// Whose desk it is.
    pub site: String,
    /// Who is signed in.
    pub me: Me,
    /// What a form must send back.
    pub csrf: String,
    /// The IANA name of the reader's zone.
    pub zone: String,
    /// `auto`, `light` or `dark`.
    pub theme: String,
    /// When the page was written.
    pub now: Timestamp,
    /// Where one can go.
    pub nav: Vec<NavGroup>,
    /// Addresses of style and scripts, which change with their content.
    pub assets: Assets,
    /// What the last deed came to.
    pub said: Option<Said>,
}

/// Who is signed in.
#[derive(Clone, Debug, Serialize)]
pub struct Me {
    /// As colleagues see it.
    pub name: String,
    /// The address of the staff list.
    pub address: String,
    /// One or two letters.
    pub initials: String,
}

/// Places that belong together.
#[derive(Clone, Debug, Serialize)]
pub struct NavGroup {
    /// What they have in common; empty for the first.
    pub label: String,
    /// In order.
    pub items: Vec<NavItem>,
}

/// One place.
#[derive(Clone, Debug, Serialize)]
pub struct NavItem {
    /// Its name.
    pub label: String,
    /// Its address.
    pub href: String,
    /// How many wait there, as people read it; empty where nobody counts.
    pub count: String,
    /// The reader is there.
    pub current: bool,
    /// What leads there after `g`; may be empty.
    pub key: String,
}

/// Addresses of style and scripts.
#[derive(Clone, Debug, Serialize)]
pub struct Assets {
    /// The one style.
    pub style: String,
    /// In the order in which they run.
    pub scripts: Vec<String>,
}

/// What a deed came to, told on the next page.
#[derive(Clone, Debug, Serialize)]
pub struct Said {
    /// `done` or `refused`.
    pub kind: String,
    /// A sentence.
    pub text: String,
}

#[derive(Serialize)]
struct Whole<'a, T> {
    shell: &'a Shell,
    #[serde(flatten)]
    view: &'a T,
}

impl Book {
    fn parse() -> anyhow::Result<Book> {
        let words = Words::parse(WORDS_FILE, WORDS)?;
        let mut registry = Handlebars::new();
        registry.register_escape_fn(html_escape);
        helpers::register(&mut registry, &words, helpers::lines_as_html);
        registry.register_helper("t", Box::new(helpers::WordHelper(words.clone())));
        times::register(&mut registry);
        marked::register(&mut registry);
        prose::register(&mut registry);
        let text_of =
            |wanted: &str| TEMPLATES.iter().find(|(name, _)| *name == wanted).map(|(_, text)| *text);
        for (name, content) in TEMPLATES {
            let whole = include::worded(&include::whole(content, &text_of), &|key| words.plain(key));
            registry.register_template_string(name, whole).map_err(|error| RenderError::Template {
                file: file_of(name),
                line: error.pos().map(|(line, _)| line),
                why: error.reason().to_string(),
            })?;
        }
        Ok(Book { registry, words })
    }
}

impl Console {
    fn book(&self) -> &Book {
        self.0.get_or_init(|| Book::parse().expect("a test parses the built-in templates and words"))
    }

    /// Writes a page.
    ///
    /// # Errors
    /// A template that fails on these facts.
    pub fn page<T: Serialize>(&self, name: &str, shell: &Shell, view: &T) -> Result<String, RenderError> {
        self.write(name, &Whole { shell, view })
    }

    /// Writes a page without a reader, such as the one that asks who is there.
    ///
    /// # Errors
    /// A template that fails on these facts.
    pub fn write<T: Serialize>(&self, name: &str, view: &T) -> Result<String, RenderError> {
        self.book().registry.render(name, view).map_err(|error| RenderError::Template {
            file: file_of(error.template_name.as_deref().unwrap_or(name)),
            line: error.line_no,
            why: error.reason().to_string(),
        })
    }

    /// The words for a key; values fill its placeholders. A key that is missing is said as itself, since a page
    /// without a word is better than none; a test asks for all.
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        let value =
            |name: &str| values.iter().find(|(known, _)| *known == name).map(|(_, it)| (*it).to_owned());
        self.book().words.fill(key, value).unwrap_or_else(|_| key.to_owned())
    }
}

fn file_of(name: &str) -> String {
    format!("console/{name}.html.hbs")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{domain::Word, ticket::Notice};

    #[test]
    fn every_template_parses() {
        Book::parse().unwrap();
    }

    /// Every key that templates and pages name.
    fn used() -> BTreeSet<String> {
        let mut texts: Vec<String> = TEMPLATES.iter().map(|(_, text)| (*text).to_owned()).collect();
        let mut folders =
            vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/console"))];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => folders.push(path),
                    false => texts.push(std::fs::read_to_string(path).unwrap()),
                }
            }
        }
        texts.iter().flat_map(|text| text.split('"')).map(str::to_owned).collect()
    }

    #[test]
    fn every_mail_of_ours_has_a_name() {
        let book = Book::parse().unwrap();
        for notice in Notice::ALL {
            assert!(book.words.keys().any(|key| *key == format!("notice.{notice}")), "{notice} has none");
        }
    }

    #[test]
    fn every_word_is_used_and_every_word_that_a_template_names_is_there() {
        let book = Book::parse().unwrap();
        let used = used();
        let names = |key: &String| {
            let group = key.rsplit_once('.').map(|(group, _)| group.to_owned()).unwrap_or_default();
            // `{{t "status" row.status}}` names a whole section, and so does `"status.{}"`.
            used.contains(key)
                || used.contains(&group)
                || used.iter().any(|it| it.starts_with(&format!("{group}.{{")))
        };
        let unused: Vec<&String> = book.words.keys().filter(|key| !names(key)).collect();
        assert!(unused.is_empty(), "words that no page uses: {unused:?}");
        for (name, text) in TEMPLATES {
            for call in text.split("{{t \"").skip(1).chain(text.split("(t \"").skip(1)) {
                let (key, after) = call.split_once('"').unwrap();
                let whole = after.trim_start().starts_with(['}', ')']) || after.trim_start().contains('=');
                let known = book.words.keys().any(|it| it == key || it.starts_with(&format!("{key}.")));
                assert!(known || !whole, "{name} says {key}, for which there is no word");
            }
        }
    }
}
