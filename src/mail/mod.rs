//! Reading mail: from bytes to an [`InboundMail`] that every later stage trusts.
//!
//! [`read`] never fails. A mail that cannot be read is [`Kind::Malformed`] and
//! keeps what text there is; the raw bytes stay in the ledger.
//!
//! In the order in which a mail walks through: `structure` takes it apart,
//! `parts` decodes one part (`parameters`, `transfer`, `charsets`), `bodies` chooses the
//! text (`flowed`, `html`, `calendar`), `attachments` the files (`tnef`, `uuencode`),
//! `fields` gives header fields as they stand in the bytes (`encoded_words`),
//! `reading` puts the facts together, `own_words` separates the sender's own
//! words from quotes and signatures, `language` names their language,
//! `bounce` reads delivery reports, `receipt` read receipts, `kind` says what sort of mail it is, and
//! `identity` what the trusted server proves about its author, and `forward` whose mail
//! it passes on. `threading` and
//! [`fingerprints`] answer two questions of their own: which ticket a mail may
//! belong to, and whether two mails are one. [`Written`] reads a mail of which only subject and text are given.
//!
//! Nothing here decides what happens next, and nothing here knows the time, a
//! database or the network.

mod attachment_name;
mod attachments;
mod auth_results;
mod bodies;
mod bounce;
mod calendar;
mod charsets;
mod encoded_words;
mod fields;
mod fingerprint;
mod flowed;
mod forward;
mod forward_words;
mod html;
mod identity;
mod ids;
mod inert;
mod kind;
mod language;
mod oversized;
mod own_words;
mod parameters;
mod parts;
mod peek;
mod reading;
mod receipt;
mod rtf;
mod source;
mod structure;
mod threading;
mod tnef;
mod transfer;
mod unread;
mod uuencode;
mod written;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::domain::{EmailAddress, InboundMail, Kind, Language, reference::SigningKey, text};

pub use attachments::uploaded;
pub use fingerprint::fingerprints;
pub use identity::why_unclear;
pub use inert::{inert, inert_counting};
pub use oversized::oversized;
pub use own_words::{Answering, answers_within, sever, without_ours};
pub use peek::{Peek, peek};
pub use source::source;
pub use threading::{Clues, clues};
pub use unread::unread;
pub use written::Written;

/// What we must know about ourselves to read a mail that came to us.
#[derive(Clone, Debug)]
pub struct Ours {
    /// The addresses of all our mailboxes, without tags.
    pub addresses: Vec<EmailAddress>,
    /// The key that signs our reply addresses and Message-IDs.
    pub key: Option<SigningKey>,
    /// Whose Authentication-Results we believe (RFC 8601 §2.5); `None` believes nobody.
    pub authserv_id: Option<String>,
    /// The prefix of ticket references in subjects: `DG` in `[DG-17]`.
    pub reference_prefix: String,
}

impl Ours {
    /// Nobody in particular: for reading mail where nothing is configured.
    pub fn nobody() -> Self {
        Ours { addresses: Vec::new(), key: None, authserv_id: None, reference_prefix: "DG".to_owned() }
    }

    /// Whether `address` is one of our mailboxes, with or without a tag.
    pub fn is_ours(&self, address: &EmailAddress) -> bool {
        self.addresses.iter().any(|ours| ours == address || address.tag_of(ours).is_some())
    }
}

/// The language of somebody's words, where it can be told.
pub fn language_of(words: &str) -> Option<Language> {
    language::language(words, None)
}

/// Reads one mail. Never fails and never panics: a bug in reading one mail must
/// not stop the next, so a panic is caught and becomes a defect of this mail.
pub fn read(raw: &[u8], ours: &Ours) -> InboundMail {
    let whole = || {
        let mut mail = reading::reading(raw, ours);
        mail.forward = forward::forward(&mail, ours);
        mail
    };
    catch_unwind(AssertUnwindSafe(whole)).unwrap_or_else(|_| InboundMail {
        text: text::clean(&parts::lossy(raw, reading::MAX_TEXT_BYTES)),
        kind: Kind::Malformed,
        kind_why: "our reader failed on it".to_owned(),
        defects: vec!["our reader failed on this mail; it is shown as it came".to_owned()],
        ..InboundMail::default()
    })
}
