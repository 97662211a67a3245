//! The word that a page puts into its forms, so that one which is sent twice is done once.

use std::fmt;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use super::guard::Signed;
use crate::{
    domain::TicketId,
    store::forms::{FormKey, Sent},
};

/// A word that no other page has. A form that comes without one gets one of its own: it is like no other form.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(from = "String")]
pub(super) struct PageWord(String);

impl Default for PageWord {
    fn default() -> PageWord {
        let mut bytes = [0; 12];
        getrandom::fill(&mut bytes).expect("the system gives random bytes");
        PageWord(HEXLOWER.encode(&bytes))
    }
}

impl From<String> for PageWord {
    fn from(sent: String) -> PageWord {
        if sent.trim().is_empty() { PageWord::default() } else { PageWord(sent) }
    }
}

impl fmt::Display for PageWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PageWord {
    /// The key of a form of this page: the same person, ticket and content are the same form.
    pub(super) fn key(&self, signed: &Signed, ticket: Option<TicketId>, filled_in: &[&[u8]]) -> FormKey {
        FormKey::of(Sent { page: &self.0, address: signed.session.staff.email.as_str(), ticket }, filled_in)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_without_a_word_is_like_no_other() {
        #[derive(Deserialize)]
        struct Form {
            #[serde(default)]
            form: PageWord,
        }
        let of = |sent: &str| serde_html_form::from_str::<Form>(sent).unwrap().form.to_string();
        assert_eq!(of("form=page-1"), "page-1");
        for blank in ["", "form=", "form=+"] {
            assert_ne!(of(blank), of(blank), "{blank}");
            assert!(!of(blank).trim().is_empty());
        }
    }
}
