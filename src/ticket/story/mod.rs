//! The journal in words: a sentence for whatever can happen to a ticket, and why it happened.
//!
//! The journal keeps words and facts ([`Happening`], JSON); people read sentences. Names, references, times and what a
//! site calls its statuses are left to whoever shows the sentence, so it is made of [`Piece`]s. A happening without a
//! sentence does not compile; facts that another version wrote otherwise are left out of it, never guessed.

mod course;
mod facts;
mod incident;
mod mails;
mod names;
mod people;
mod report;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde_json::Value;

use super::Happening;
use crate::domain::{TicketId, Word};
use facts::Facts;

pub use names::{called, reason_in_words};

/// The name under which the desk itself stands in a journal.
const SYSTEM: &str = "system";

/// A part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words as they are.
    Words(String),
    /// An address, to be shown as the name of whoever has it.
    Person(String),
    /// A ticket, to be shown by its reference.
    Ticket(TicketId),
    /// A moment, to be shown in the reader's zone.
    Moment(Timestamp),
    /// A status, to be shown as the site calls it.
    Status {
        /// One of the five.
        means: String,
        /// The site's own name of it, where the journal has one.
        name: Option<String>,
    },
}

/// What happened, as people read it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Telling {
    /// A sentence without its full stop.
    pub said: Vec<Piece>,
    /// Why, as sentences in order.
    pub why: Vec<String>,
    /// Words of a person or of a server that belong to it.
    pub quote: Option<String>,
}

/// A line of a journal as people read it.
pub fn tell(event: &str, actor: &str, detail: &Value) -> Telling {
    let facts = Facts { actor, detail };
    let mut said = match Happening::from_word(event) {
        Ok(happening) => sentence(happening, &facts),
        Err(_) => said![facts.who(), format!(" wrote down “{event}”, which this version has no words for")],
    };
    close(&mut said);
    Telling { said, why: facts.why(), quote: facts.quote() }
}

/// A fact that is not known leaves no colon or space behind.
fn close(said: &mut Vec<Piece>) {
    while let Some(Piece::Words(last)) = said.last_mut() {
        last.truncate(last.trim_end_matches([' ', ':', ';', ',', '–']).len());
        if !last.is_empty() {
            break;
        }
        said.pop();
    }
}

fn sentence(happening: Happening, facts: &Facts<'_>) -> Vec<Piece> {
    use Happening::*;
    match happening {
        Opened | Continued | Split | Merged | MergedWith | Linked | Unlinked | CauseFixed | Live
        | Snoozed | Awake | Spam | NoSpam | Blocked | Unblocked | Work => course::sentence(happening, facts),
        Status | Severity | Level | Product | Queue | Waiting | Tried | Reminded | Silence | SilenceVoid => {
            course::moved(happening, facts)
        }
        Report | Asked | Completed | Incomplete | Overruled => report::sentence(happening, facts),
        Assignee | Unassigned | BroughtIn | Left | ParticipantAdded | ParticipantRemoved | Requester
        | Subscribed | Unsubscribed => people::sentence(happening, facts),
        Joined | StaffNote | MachineNote | Note | Replied | KnownAnswer | Held | HeldDiscarded
        | CommandRefused | Bounced | Delayed | Undeliverable | Quieted | MailboxGone => {
            mails::sentence(happening, facts)
        }
        DueSoon | Breached | IncidentBegan | IncidentEnded | Paged | NobodyToPage | Escalated
        | PageAcknowledged | PageReleased | Update | UpdateDue | UpdateMissed | ShiftsProposed | NoShifts
        | ShiftsAskedAgain | ShiftsConfirmed | ShiftsChanged | ShiftsDeclined | ShiftBegins => {
            incident::sentence(happening, facts)
        }
    }
}

impl Telling {
    /// The sentence as one text; whoever shows it says how a piece reads.
    pub fn text(&self, show: impl Fn(&Piece) -> String) -> String {
        self.said.iter().map(show).collect()
    }
}

impl From<&str> for Piece {
    fn from(words: &str) -> Piece {
        Piece::Words(words.to_owned())
    }
}

impl From<String> for Piece {
    fn from(words: String) -> Piece {
        Piece::Words(words)
    }
}

/// One or more pieces of a sentence.
struct Pieces(Vec<Piece>);

impl<P: Into<Piece>> From<P> for Pieces {
    fn from(piece: P) -> Pieces {
        Pieces(vec![piece.into()])
    }
}

impl From<Vec<Piece>> for Pieces {
    fn from(pieces: Vec<Piece>) -> Pieces {
        Pieces(pieces)
    }
}

impl From<Option<Vec<Piece>>> for Pieces {
    fn from(pieces: Option<Vec<Piece>>) -> Pieces {
        Pieces(pieces.unwrap_or_default())
    }
}

/// A sentence of words, pieces and lists of pieces.
macro_rules! said {
    ($($part:expr),+ $(,)?) => {{
        let mut said: Vec<$crate::ticket::story::Piece> = Vec::new();
        $(said.extend($crate::ticket::story::Pieces::from($part).0);)+
        said
    }};
}
use said;
