//! What is worth knowing of a configuration that is no mistake: said by `deskgate check` and on the page of settings.

use crate::settings::Settings;

/// Something worth knowing, and which part it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The part, as `deskgate check` names it.
    pub part: String,
    /// A sentence that says what to do.
    pub sentence: &'static str,
}

/// The part of on-call duty.
pub const ON_CALL: &str = "on call";
const NO_CHAIN: &str = "[oncall] chain is empty: nobody is called when a ticket gets severity 1";
const NO_PROOF: &str = "neither `authserv_id` nor `verify`: no sender is ever proven, so answers stay neutral and nobody is asked for missing facts";
const PLAIN: &str = "`site.base_url` begins with http://: mails have no links, and the session of the console can be read on the way; serve it by TLS";

/// What is worth knowing of a configuration, in the order of its parts.
pub fn notes(settings: &Settings) -> Vec<Note> {
    let mut notes = Vec::new();
    if settings.site.base_url.starts_with("http://") && !is_here(&settings.site.base_url) {
        notes.push(Note { part: "site".to_owned(), sentence: PLAIN });
    }
    if settings.oncall.chain.is_empty() {
        notes.push(Note { part: ON_CALL.to_owned(), sentence: NO_CHAIN });
    }
    for mailbox in settings.mailboxes.iter().filter(|mailbox| !mailbox.has_proof()) {
        notes.push(Note { part: proof_of(&mailbox.name), sentence: NO_PROOF });
    }
    notes
}

/// The part of a mailbox that says who vouches for senders.
pub fn proof_of(mailbox: &str) -> String {
    format!("{mailbox}: proof")
}

fn is_here(url: &str) -> bool {
    let host = url.trim_start_matches("http://").split(['/', ':']).next().unwrap_or_default();
    host == "localhost" || host.starts_with("127.")
}
