//! The pages that customers see behind signed links, in their language. They need nothing
//! else: no scripts, no fonts, nothing from elsewhere.

use serde::Serialize;

use super::{
    RenderError, Renderer, samples,
    status::{StatusPage, StatusView},
};
use crate::domain::{Language, Word};

/// What every such page looks like: the one style that its answer allows (a digest of it
/// stands in the Content-Security-Policy).
pub const STYLE: &str = include_str!("../../templates/page/customer.css");

/// A page.
#[derive(Clone, Debug)]
pub enum Page {
    /// A ticket as one of those who take part in it sees it.
    Status(Box<StatusPage>),
    /// Whether to leave a ticket.
    Leave(Named),
    /// It was left.
    Left(Named),
    /// Whether to get no more of what a stakeholder is sent; its name is the reference.
    LeaveList(Named),
    /// It is sent no more.
    LeftList(Named),
    /// There is nothing behind the link, for whatever reason.
    Gone,
    /// Something of ours does not work at this moment.
    Later(Option<Unsent>),
    /// What was written is too long, or too much at once, and is not kept.
    Refused(Option<Unsent>),
}

/// Words that were sent and not kept, given back to be sent again.
#[derive(Clone, Debug, Serialize)]
pub struct Unsent {
    /// The words.
    pub words: String,
    /// The value of the button that sent them.
    pub act: &'static str,
}

/// A ticket by its name.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Named {
    /// `DG-17`.
    pub reference: String,
    /// Its subject; may be empty.
    pub subject: String,
}

/// What a page says that gives words back.
#[derive(Serialize)]
struct GivenBack<'a> {
    reference: &'static str,
    unsent: Option<&'a Unsent>,
}

/// What every page says beside its own.
#[derive(Serialize)]
struct Framed<'a, T: Serialize> {
    language: &'static str,
    style: &'static str,
    site: &'a str,
    #[serde(flatten)]
    own: T,
}

impl GivenBack<'_> {
    fn of(unsent: &Option<Unsent>) -> GivenBack<'_> {
        GivenBack { reference: "", unsent: unsent.as_ref() }
    }
}

impl Renderer {
    /// Writes a page of the desk of this name.
    ///
    /// # Errors
    /// A template that fails on these facts.
    pub fn page(&self, site: &str, language: Language, page: &Page) -> Result<String, RenderError> {
        match page {
            Page::Status(page) => {
                let untitled = self.word(language, "common.subject_none")?;
                self.framed("status", site, language, StatusView::new(page, language, &untitled))
            }
            Page::Leave(named) => self.framed("leave", site, language, named),
            Page::Left(named) => self.framed("left", site, language, named),
            Page::LeaveList(named) => self.framed("leave_list", site, language, named),
            Page::LeftList(named) => self.framed("left_list", site, language, named),
            Page::Gone => self.framed("gone", site, language, Named::default()),
            Page::Later(unsent) => self.framed("later", site, language, GivenBack::of(unsent)),
            Page::Refused(unsent) => self.framed("refused", site, language, GivenBack::of(unsent)),
        }
    }

    fn word(&self, language: Language, key: &str) -> Result<String, RenderError> {
        self.book(language).word(key)
    }

    fn framed(
        &self,
        name: &str,
        site: &str,
        language: Language,
        own: impl Serialize,
    ) -> Result<String, RenderError> {
        let view = Framed { language: language.as_str(), style: STYLE, site, own };
        self.book(language).page(&format!("page/{name}"), &view)
    }

    /// Tries every page in every language.
    pub(super) fn try_pages(&self) -> Result<(), RenderError> {
        let named = Named { reference: "DG-17".into(), subject: "Printer".into() };
        let mut pages = vec![
            Page::Leave(named.clone()),
            Page::Left(named.clone()),
            Page::LeaveList(named.clone()),
            Page::LeftList(named),
            Page::Gone,
            Page::Later(None),
            Page::Later(Some(Unsent { words: "It works".into(), act: "say" })),
            Page::Refused(None),
        ];
        pages.extend(samples::status_pages().into_iter().map(|page| Page::Status(Box::new(page))));
        for &language in Language::ALL {
            for page in &pages {
                self.page("Example Desk", language, page)?;
            }
        }
        Ok(())
    }
}
