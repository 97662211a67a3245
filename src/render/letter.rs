//! What a caller hands in: a letter, and the facts it is about.

use std::sync::Arc;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Serialize;

use super::due::{DueView, SeverityView};
use super::oncall::OnCallView;
use super::stakes::{DigestView, UpdateView};
use super::welcome::WelcomeView;
use crate::{
    domain::{Attachment, EmailAddress, Language, MessageId, NamedAddress, Slot},
    ticket::{ClosedAs, Level, Notice, Severity, Status},
};

/// A mail to be written.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The occasion.
    pub notice: Notice,
    /// The reader's language; it counts for customers only.
    pub language: Language,
    /// The From field.
    pub from: NamedAddress,
    /// The To field.
    pub to: NamedAddress,
    /// Where an answer goes, when not to `from`.
    pub reply_to: Option<EmailAddress>,
    /// The envelope sender; `None` is the null sender `<>` (RFC 5321 §4.5.5).
    pub envelope_from: Option<EmailAddress>,
    /// Its identity, fixed before the first attempt to send.
    pub message_id: MessageId,
    /// The mail it answers.
    pub in_reply_to: Option<MessageId>,
    /// The thread so far, oldest first; shortened where it is very long.
    pub references: Vec<MessageId>,
    /// How its reader gets no more of them, where they may.
    pub unsubscribe: Option<Unsubscribe>,
    /// The Date field.
    pub date: Timestamp,
    /// The facts.
    pub context: Context,
}

/// How a reader gets no more mails of a kind: List-Unsubscribe (RFC 2369 §3.2) and, where
/// there is an address on the web, one click (RFC 8058).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsubscribe {
    /// `https://…`: shows a page when it is opened, and does it on POST. One click asks
    /// for HTTPS (RFC 8058 §3.1).
    pub url: Option<String>,
    /// A mail to this address does it, too.
    pub mailto: EmailAddress,
    /// The subject of that mail.
    pub subject: String,
}

/// A mail that is ready to leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinishedMail {
    /// The subject, decoded.
    pub subject: String,
    /// The text part, decoded, `\n` line ends.
    pub text: String,
    /// The whole mail (RFC 5322): CRLF line ends, no line over 998 octets. Only
    /// an address with a non-ASCII local part brings UTF-8 into a header (RFC 6532).
    pub bytes: Vec<u8>,
}

/// The facts a notice is written from. Every text may come from anybody.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Who writes.
    pub site: SiteView,
    /// What it is about.
    pub ticket: TicketView,
    /// What the site calls where it stands, in the language of its customers; `None` where our own words serve.
    pub site_status: Option<String>,
    /// The name to greet; may be empty.
    pub reader: String,
    /// The sender is unproven: nothing of theirs is repeated to them.
    pub neutral: bool,
    /// The mail was too large to be taken whole; how many bytes we take at most.
    pub too_large: Option<u64>,
    /// What the gate found; `None` when nothing is to be said about it.
    pub gate: Option<GateView>,
    /// The reader is asked for the last time.
    pub last_ask: bool,
    /// What a person wrote: an agent's answer, a customer's reply, a reason.
    pub words: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// Whether the reader is the one who works on it.
    pub yours: bool,
    /// Why the desk chose whoever works on it, or why it could choose nobody.
    pub because: Option<String>,
    /// The tickets of a list.
    pub items: Vec<ListItem>,
    /// How many more there are than stand in the list.
    pub items_more: usize,
    /// Names of the files that came with it.
    pub attachments: Vec<String>,
    /// The files that go along.
    pub files: Arc<[Attachment]>,
    /// The closed ticket this one continues.
    pub follow_up_of: Option<String>,
    /// Tickets that the mail points at without a right to join them, for staff.
    pub related: Vec<String>,
    /// Who takes part beside its requester, for staff.
    pub on_copy: Vec<String>,
    /// Tickets that look like it, for staff.
    pub similar: Vec<SimilarView>,
    /// So many days the similar tickets of a cluster were opened in.
    pub within_days: Option<u64>,
    /// The release in which it is in production.
    pub release: Option<String>,
    /// After so many days without a word it closes by itself.
    pub closes_after_days: Option<u64>,
    /// It is fixed in production, not only for the next release.
    pub in_production: bool,
    /// Why staff should not take the sender at their word.
    pub caution: Option<String>,
    /// It had no severity before.
    pub first_rating: bool,
    /// What its severity means at this desk.
    pub severity: SeverityView,
    /// What is promised of it and not kept yet, for staff.
    pub due: Vec<DueView>,
    /// The promise that the notice is about.
    pub clock: Option<DueView>,
    /// The zone in which its reader reads times; UTC where none is said.
    pub zone: Option<TimeZone>,
    /// The last day on which an answer is waited for; then silence counts as a yes.
    pub until: Option<Date>,
    /// What staff are told about the words of the mail at hand.
    pub hint: Option<String>,
    /// Where the reader sees the ticket: a signed link of their own.
    pub page: Option<String>,
    /// The reader takes part on Cc, and may leave.
    pub may_leave: bool,
    /// Where the reader leaves the ticket: a signed link of their own.
    pub leave: Option<String>,
    /// The ticket this one was joined to.
    pub duplicate_of: Option<String>,
    /// What changed, for stakeholders.
    pub changes: Vec<Change>,
    /// What else a stakeholder is told about a ticket.
    pub update: Option<UpdateView>,
    /// A digest for a stakeholder.
    pub digest: Option<DigestView>,
    /// Why staff are told: a mail could not be delivered, a customer does not answer.
    pub trouble: Option<String>,
    /// Calls, promises and shifts.
    pub oncall: Option<OnCallView>,
    /// The link to set a password.
    pub welcome: Option<WelcomeView>,
    /// By when stakeholders were promised more news.
    pub next_update: Option<String>,
    /// What became of each command in a mail of staff.
    pub transcript: Vec<TranscriptLine>,
    /// The commands there are, when somebody wants or needs to know.
    pub commands: Vec<CommandView>,
    /// What others wrote before the reader's words could be sent.
    pub between: Vec<BetweenView>,
    /// A reply of the reader goes to the customer, and commands the desk.
    pub by_mail: bool,
    /// The commands that lead on from where the ticket stands, as they are written.
    pub offers: Vec<String>,
}

/// A ticket in a list of several.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListItem {
    /// Its place in the list, counted from 1; told when the mail is written.
    pub place: usize,
    /// Its reference, `DG-17`.
    pub reference: String,
    /// Its subject; may be empty.
    pub title: String,
    /// What else is worth knowing, on one line.
    pub facts: String,
}

/// Who writes.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SiteView {
    /// The name of the desk.
    pub name: String,
    /// Where its pages live, without a slash at the end.
    pub base_url: String,
}

/// A ticket as a mail shows it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TicketView {
    /// Its number, as commands take it.
    pub number: i64,
    /// Its reference, `DG-17`.
    pub reference: String,
    /// Its subject; may be empty.
    pub subject: String,
    /// What the status in which it stands means.
    pub status: Status,
    /// What people read of it; empty is the word for its meaning.
    pub status_label: String,
    /// How bad it is, once somebody has said.
    pub severity: Option<Severity>,
    /// Who is able to help, once somebody has said.
    pub level: Option<Level>,
    /// Who reported it.
    pub requester: String,
    /// Who works on it.
    pub assignee: Option<String>,
    /// Why it is closed, when it is.
    pub closed_as: Option<ClosedAs>,
}

/// A ticket that looks like the one at hand, for staff.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SimilarView {
    /// Its reference.
    pub reference: String,
    /// Its subject; may be empty.
    pub subject: String,
    /// Where it stands, or how it ended: "closed as answered".
    pub standing: String,
    /// Known answers that were sent for it.
    pub answers: Vec<String>,
}

/// What the gate found in a report.
#[derive(Clone, Debug, Default, Serialize)]
pub struct GateView {
    /// The facts that are there, with the words that say so.
    pub understood: Vec<Understood>,
    /// The facts to ask for.
    pub missing: Vec<Slot>,
}

/// A fact that was understood.
#[derive(Clone, Debug, Serialize)]
pub struct Understood {
    /// Which one.
    pub slot: Slot,
    /// The sender's words.
    pub quote: String,
    /// Whether we ask if that is right.
    pub unsure: bool,
}

/// A command, and what became of it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TranscriptLine {
    /// The line as it was written.
    pub said: String,
    /// What was done, or why nothing was.
    pub answer: String,
    /// Whether it was done.
    pub done: bool,
}

/// What somebody wrote meanwhile.
#[derive(Clone, Debug, Default, Serialize)]
pub struct BetweenView {
    /// `Name <address>`.
    pub who: String,
    /// When, for people.
    pub at: String,
    /// Their words.
    pub words: String,
}

/// A command there is.
#[derive(Clone, Debug, Serialize)]
pub struct CommandView {
    /// How it goes.
    pub usage: &'static str,
    /// What it does.
    pub what: &'static str,
}

/// Something about a ticket that changed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Change {
    /// What: "Status", "Severity".
    pub what: String,
    /// Before; may be empty.
    pub from: String,
    /// Now.
    pub to: String,
}
