//! What a decision rests on.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    domain::{MessageRowId, OutboxId, Slot, TicketId},
    ticket::{Notice, Severity, Status},
};

/// Everything the database knows that bears on one mail.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The same mail is an entry already.
    pub duplicate: Option<(TicketId, MessageRowId)>,
    /// Tickets that the mail points at, the strongest signal first.
    pub candidates: Vec<Candidate>,
    /// For a bounce: the mail of ours that came back.
    pub returned: Option<Returned>,
    /// The mail of ours about no ticket that this one answers.
    pub answered: Option<Answered>,
    /// What is known of the author.
    pub author: Author,
    /// Who blocked the author, and when, as a sentence.
    pub blocked: Option<String>,
    /// The member of staff who wants the mail taken in although it was set aside.
    pub wanted: Option<String>,
}

/// A mail of ours about no ticket (a list, a plan, a digest) that takes answers and was sent to the author alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Which.
    pub item: OutboxId,
    /// The occasion.
    pub notice: Notice,
    /// The mail came to the address that was made for its author, and asks for nothing but to get no more.
    pub leaves: bool,
}

/// How a mail points at a ticket, strongest first. A signal finds; it never
/// grants a right.
///
/// The author must take part in the ticket, whatever the signal. What must vouch
/// for the author:
///
/// | signal | enough |
/// |---|---|
/// | reply address | proof, or that the address was made for this author |
/// | our Message-ID | proof; being the From address where no server could prove anything |
/// | all others | proof |
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signal {
    /// It was sent to a signed reply address.
    ReplyAddress,
    /// It answers a signed Message-ID of ours.
    OurMessage,
    /// It answers a mail that is an entry of the ticket.
    KnownMessage,
    /// A mail of the ticket answers it: the two came in the wrong order.
    AnsweredHere,
    /// It answers a mail that a mail of the ticket answers, too: one that never came
    /// to us, or one of ours whose Message-ID was rewritten on its way out.
    SharedMessage,
    /// Its subject names the ticket.
    Subject,
    /// What it quotes names the ticket.
    Footer,
}

impl Signal {
    /// For people.
    pub fn describe(self) -> &'static str {
        match self {
            Signal::ReplyAddress => "it was sent to the ticket's signed reply address",
            Signal::OurMessage => "it answers a mail of ours about the ticket",
            Signal::KnownMessage => "it answers a mail that is part of the ticket",
            Signal::AnsweredHere => "a mail that is part of the ticket answers it",
            Signal::SharedMessage => "it answers a mail that the ticket answers, too",
            Signal::Subject => "its subject names the ticket",
            Signal::Footer => "what it quotes names the ticket",
        }
    }
}

/// A ticket that the mail points at.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Which.
    pub ticket: TicketId,
    /// How.
    pub signal: Signal,
    /// The mail points at this closed ticket, which the candidate continues.
    pub continues: Option<TicketId>,
    /// Where it stands.
    pub status: Status,
    /// Staff took it for spam; they alone open it again.
    pub spam: bool,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// The workflow lets the author open it again, where it is closed.
    pub reopens: bool,
    /// The author takes part in it.
    pub participant: bool,
    /// The author took part in it and was taken out, or left.
    pub left: bool,
    /// The author is its requester, who may bring others in.
    pub requester: bool,
    /// The reply address used was made for the author's own address.
    pub holds_token: bool,
    /// How bad it is, once somebody has said so.
    pub severity: Option<Severity>,
    /// Facts its report still lacks.
    pub missing: Vec<Slot>,
    /// Facts that we said back as a question.
    pub unsure: Vec<Slot>,
    /// How often its requester was asked.
    pub asks: u32,
    /// When they were last asked.
    pub last_asked_at: Option<Timestamp>,
    /// Staff know that it lacks something, and have taken over.
    pub incomplete: bool,
}

/// A mail of ours that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// Which.
    pub item: OutboxId,
    /// The ticket it was about.
    pub ticket: TicketId,
    /// The occasion; a lost staff notice is not told to staff by another.
    pub notice: Notice,
    /// To whom it went.
    pub recipient: String,
    /// It came back before: staff know.
    pub known: bool,
}

/// What is known of the author's address.
#[derive(Clone, Copy, Debug, Default)]
pub struct Author {
    /// It is on the staff list.
    pub staff: bool,
    /// It is a listed product owner's.
    pub product_owner: bool,
    /// Automatic mails it got within the last hour.
    pub automatic_last_hour: u32,
}

/// The site's rules that bear on a decision.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// A server is configured whose Authentication-Results we believe.
    pub trusts_a_server: bool,
    /// A requester is asked this often at most.
    pub asks: u32,
    /// Not asked again within this time.
    pub ask_cooldown: Duration,
    /// An address gets this many automatic mails an hour at most.
    pub automatic_per_hour: u32,
    /// A closed ticket can be reopened for this long.
    pub reopen_for: Duration,
}
