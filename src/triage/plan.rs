//! What is to be done about one mail.

use crate::{
    domain::{MessageRowId, Slot, TicketId},
    report::Finding,
    ticket::Source,
};

use super::{Answered, Returned};

/// The decision, with its reasons.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What to do.
    pub deed: Deed,
    /// Why, as sentences in the order of the rules that spoke.
    pub why: Vec<String>,
}

/// What to do with a mail. Every mail becomes exactly one of these.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// It is here already.
    Duplicate {
        /// The ticket it is an entry of.
        ticket: TicketId,
        /// The entry.
        message: MessageRowId,
    },
    /// It stays in the ledger and makes no entry: our own mail come back, or a
    /// bounce that is not about a mail of ours.
    SetAside,
    /// A mail of ours could not be delivered.
    Bounced(Returned),
    /// It answers a mail of ours about no ticket: what it says is done, and it makes no entry.
    Answer(Answered),
    /// A new ticket.
    Open(Opening),
    /// An entry of a ticket.
    Join(Joining),
}

/// A new ticket.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// Where it comes from.
    pub source: Source,
    /// Tickets it may belong to; a hint for staff, never a merge.
    pub related: Vec<TicketId>,
    /// The closed ticket it continues.
    pub follow_up_of: Option<TicketId>,
    /// What the sender is told.
    pub answer: Answer,
    /// Whether the people on Cc take part: only when the sender is proven.
    pub cc_take_part: bool,
}

/// What the sender of a new ticket is told at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing.
    Nothing,
    /// A fixed text that repeats nothing of theirs: they are not proven.
    Neutral,
    /// What was understood.
    Full {
        /// And what is missing.
        ask: bool,
    },
}

/// An entry of a ticket.
#[derive(Clone, Debug, PartialEq)]
pub struct Joining {
    /// Which.
    pub ticket: TicketId,
    /// As whom the author speaks.
    pub role: Role,
    /// The ticket is closed and opens again.
    pub reopen: bool,
    /// The author takes part in it no longer.
    pub leaves: bool,
    /// What it says about a fix that is to be tried.
    pub trial: Trial,
    /// Slots that this mail fills: what was missing, and better words for what was unsure.
    pub fills: Vec<(Slot, Finding)>,
    /// Slots of which it says that we understood them: their words are those of an earlier mail.
    pub confirms: Vec<Slot>,
    /// The requester wrote it for sure, and may be asked from now on.
    pub vouches: bool,
    /// What becomes of the open question.
    pub ask: Ask,
    /// Whether the people on Cc take part from now on.
    pub cc_take_part: bool,
    /// Whether staff are told although no customer speaks.
    pub tell_staff: bool,
}

/// What a mail says about a fix that is there to be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trial {
    /// Nothing, or there is none.
    Nothing,
    /// Its reporter says that it works.
    Works,
    /// Its reporter says that it still fails.
    Fails,
    /// Somebody else says this, or nobody knows who.
    Said(&'static str),
    /// Both, or one with a but.
    Unclear,
}

/// As whom the author of an entry speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A participant: public, and told to the assignee.
    Customer,
    /// One of us: kept as a note among staff.
    Staff,
    /// A machine: kept among staff, told to nobody.
    Machine,
}

/// What becomes of the question about missing facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Nothing changes.
    Leave,
    /// Nothing is missing any more; say so.
    Completed,
    /// Something still is; ask once more.
    Again {
        /// And not again after that.
        last: bool,
    },
    /// The mail was too large to be taken whole; ask for a smaller one.
    SendAgain,
    /// Something still is, and we asked as often as we may: a person takes over.
    GiveUp,
}
