//! What the mail with a link to set a password says.

use serde::Serialize;

/// A link that is good once.
#[derive(Clone, Debug, Default, Serialize)]
pub struct WelcomeView {
    /// What opens the page.
    pub link: String,
    /// Until when it is good, written out with its zone.
    pub until: String,
    /// The reader asked for it; else somebody invites them.
    pub asked: bool,
}
