//! A mail that was read: what every later stage needs of it, made safe once.
//!
//! `mail::read` fills this in; `report`, `triage`, `desk` only look. All texts
//! are valid UTF-8 without control characters (see [`super::text`]); headers are
//! single lines; the raw bytes stay in the ledger.

use jiff::Timestamp;
use serde::Serialize;

use super::{BounceReport, EmailAddress, Language, MessageId, NamedAddress, words::word};

/// One mail, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InboundMail {
    /// The sender's Message-ID, where there is a usable one.
    pub message_id: Option<MessageId>,
    /// Every mailbox of the From field. Exactly one makes an author
    /// (RFC 5322 §3.6.2 allows more; then nobody is proven).
    pub from: Vec<NamedAddress>,
    /// Where the sender asks answers to go. A wish, never an identity.
    pub reply_to: Vec<NamedAddress>,
    /// The To field.
    pub to: Vec<NamedAddress>,
    /// The Cc field.
    pub cc: Vec<NamedAddress>,
    /// Delivered-To, X-Original-To, Envelope-To: what the server says it was sent to.
    pub delivered_to: Vec<EmailAddress>,
    /// The Return-Path.
    pub envelope_sender: EnvelopeSender,
    /// The subject: one line, bounded, empty when there is none.
    pub subject: String,
    /// The Date field, where it can be read.
    pub date: Option<Timestamp>,
    /// Ids of the In-Reply-To field.
    pub in_reply_to: Vec<MessageId>,
    /// Ids of the References field, oldest first.
    pub references: Vec<MessageId>,
    /// The whole readable text, `\n` line ends; derived from the HTML where the
    /// mail has no plain part.
    pub text: String,
    /// The HTML part as it came, unsafe to show.
    pub html: Option<String>,
    /// `text`, taken apart. Nothing is deleted: the three together are the whole.
    pub body: Severed,
    /// The language of the sender's own words, where it can be told.
    pub language: Option<Language>,
    /// Every part that is not the text itself.
    pub attachments: Vec<Attachment>,
    /// What sort of mail this is.
    pub kind: Kind,
    /// The evidence for `kind`, as one sentence for people.
    pub kind_why: String,
    /// A field that may stand once and does not, so that readers differ in which one
    /// counts. Then nothing is proven.
    pub unclear_field: Option<&'static str>,
    /// What the trusted server proved about the author.
    pub proof: Proof,
    /// The grounds for `proof`, as one sentence for people.
    pub proof_why: String,
    /// What its `kind` leaves open: a delay or a failure, a receipt or a vacation note.
    pub detail: Option<Detail>,
    /// What a bounce says, when `kind` is [`Kind::Bounce`].
    pub bounce: Option<BounceReport>,
    /// Set where only the header of a mail was taken, since it is too large.
    pub oversized: Option<Oversized>,
    /// What the mail passes on, where it is a forward.
    pub forward: Option<Forward>,
    /// Damage found and coped with, one sentence each.
    pub defects: Vec<String>,
}

/// A mail beyond the size that the desk takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Oversized {
    /// What it has, in bytes.
    pub size_bytes: u64,
    /// What the desk takes at most.
    pub limit_bytes: u64,
}

impl InboundMail {
    /// The author: the From mailbox, when there is exactly one.
    pub fn author(&self) -> Option<&NamedAddress> {
        match self.from.as_slice() {
            [author] => Some(author),
            _ => None,
        }
    }

    /// The mail that this one passes on, where that can be told.
    pub fn forwarded(&self) -> Option<&Forwarded> {
        match &self.forward {
            Some(Forward::Mail(forwarded)) => Some(forwarded),
            Some(Forward::Unclear(_)) | None => None,
        }
    }

    /// The author, where the trusted server vouches for exactly this domain.
    pub fn proven_author(&self) -> Option<&NamedAddress> {
        self.author().filter(
            |author| matches!(&self.proof, Proof::Pass { domain, .. } if domain == author.address.domain()),
        )
    }
}

/// What a mail passes on.
#[derive(Clone, Debug, PartialEq)]
pub enum Forward {
    /// One mail of one person.
    Mail(Box<Forwarded>),
    /// It looks like a forward, but whose mail it is cannot be told: one sentence for people.
    Unclear(String),
}

/// A mail that somebody passed on.
#[derive(Clone, Debug, PartialEq)]
pub struct Forwarded {
    /// As its author sent it, as far as that can be told. Never proven. The files are
    /// all those of the mail that passed it on, too.
    pub mail: InboundMail,
    /// What the person who passes it on says about it.
    pub note: String,
}

/// A body in its three parts (`text == own + quoted + signature`, in some order).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Severed {
    /// What the sender newly wrote.
    pub own: String,
    /// What they quoted, attribution lines included.
    pub quoted: String,
    /// Signature, phone footer, disclaimer.
    pub signature: String,
    /// The own words stand below the header of another mail with nothing above it, as
    /// in a forward: they may be another person's, and no command is to be read in them.
    pub handed_on: bool,
}

/// A part of a mail that is kept as a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Attachment {
    /// A safe base name: no path, no control characters, never empty.
    pub name: String,
    /// Media type as declared, in lower case; `application/octet-stream` when none.
    pub mime: String,
    /// Shown inside the text rather than listed (RFC 2183 §2.1).
    pub inline: bool,
    /// The Content-ID without angle brackets.
    pub content_id: Option<String>,
    /// The decoded bytes, exactly as sent.
    pub bytes: Vec<u8>,
}

/// The envelope sender, as far as the mail tells (RFC 5321 §4.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum EnvelopeSender {
    /// No Return-Path field.
    #[default]
    Unknown,
    /// `<>`: a notification that must never be answered (RFC 5321 §4.5.5).
    Null,
    /// An ordinary sender.
    Address(EmailAddress),
}

/// What sort of mail this is; only [`Kind::Human`] is ever answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A person wrote it.
    #[default]
    Human,
    /// A machine answered for a person: vacation notes, receipts (RFC 3834).
    AutoReply,
    /// A delivery status notification (RFC 3464), also the sloppy kinds.
    Bounce,
    /// Came through a mailing list (RFC 2919).
    List,
    /// A machine reports on its own account: monitoring, cron, notifications.
    Alert,
    /// We sent it ourselves.
    Own,
    /// Nothing in it can be read as a mail.
    Malformed,
}

word!(Kind, "kind of mail", {
    Human => "human",
    AutoReply => "auto-reply",
    Bounce => "bounce",
    List => "list",
    Alert => "alert",
    Own => "own",
    Malformed => "malformed",
});

/// What a machine's mail tells, more finely than its [`Kind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Detail {
    /// A bounce: the mail did not arrive and nobody tries again.
    Failure,
    /// A bounce: the mail has not arrived yet; the server still tries.
    Delay,
    /// A bounce: the mail arrived, or left for where no more is told (RFC 3464 §2.3.3).
    Delivery,
    /// An auto-reply: the mail was shown to somebody (RFC 8098 §3.2.6).
    Read,
    /// An auto-reply: the mail was deleted, or handled otherwise, without being shown.
    Deleted,
    /// An auto-reply that lets the mail pass only when its sender proves to be a person.
    Challenge,
    /// An alert: somebody called a mail of ours spam (RFC 5965).
    Complaint,
}

word!(Detail, "detail of a machine's mail", {
    Failure => "failure",
    Delay => "delay",
    Delivery => "delivery",
    Read => "read",
    Deleted => "deleted",
    Challenge => "challenge",
    Complaint => "complaint",
});

/// What the configured server's Authentication-Results prove (RFC 8601).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "lowercase")]
pub enum Proof {
    /// No trusted line, or one that says nothing either way: unproven.
    #[default]
    None,
    /// An aligned pass for this domain, which equals the From domain.
    Pass {
        /// The proven domain, as lower-case A-labels.
        domain: String,
        /// Which method vouches for it: `dmarc`, `dkim` or `spf`.
        method: String,
    },
    /// The trusted server says it is forged, or trusted lines contradict each other.
    Fail {
        /// One sentence for people.
        reason: String,
    },
}
