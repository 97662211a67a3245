//! Who may do what, by which evidence: one question, [`may`], for mail, page and command line alike.
//!
//! Two things decide. What somebody *is* to the ticket or the desk ([`Actor`]) says what is asked of them for a wish
//! ([`Wish`]), and what vouches for them ([`Evidence`]) has to reach that. A signal that merely finds a ticket, such as
//! its number in a subject, is no evidence. Whether a move of the workflow is theirs to make stands in the workflow's
//! own rows ([`super::workflow`]); [`Wish::Move`] asks only whether they may make any.

mod demand;
#[cfg(test)]
pub(in crate::ticket) mod tests;

use demand::{Demand, demand, reaches};

use super::workflow::Event;
use crate::domain::words::word;

/// What somebody is to the ticket, or to the desk where it is about no ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// Nobody we know, or somebody who takes no part in this ticket.
    Stranger,
    /// Somebody on Cc.
    Participant,
    /// Who reported it.
    Requester,
    /// On the staff list.
    Agent,
    /// On the staff list, and plans for others.
    Lead,
    /// On the staff list, and runs the desk.
    Admin,
    /// Wants to know how things stand.
    Stakeholder,
    /// A stakeholder who speaks for the product.
    ProductOwner,
    /// A program: monitoring, an automatic reply.
    Machine,
    /// The desk itself, when an announced time is over.
    Clock,
}

word!(Actor, "sort of person", {
    Stranger => "stranger",
    Participant => "participant",
    Requester => "requester",
    Agent => "agent",
    Lead => "lead",
    Admin => "admin",
    Stakeholder => "stakeholder",
    ProductOwner => "product-owner",
    Machine => "machine",
    Clock => "clock",
});

impl Actor {
    /// Whether they are on the staff list.
    pub fn is_staff(self) -> bool {
        matches!(self, Actor::Agent | Actor::Lead | Actor::Admin)
    }
}

/// What vouches for somebody, and for their words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Evidence {
    /// Nothing but the From field.
    Nothing,
    /// The check of the sender says that they are somebody else.
    Forged,
    /// It answers a Message-ID that we signed, where no server is configured that could prove more.
    OurMessage,
    /// A server we believe, or our own check, proves exactly the author's domain.
    Domain,
    /// The same, but the words stand below the header of another mail and may be another person's.
    HandedOn,
    /// It answers what was sent to this person alone: their reply address, or a Message-ID of ours.
    Token,
    /// Both: their domain is proven, and it answers what was sent to them alone.
    TokenAndDomain,
    /// A signed link to a page about this ticket, made for this person.
    PageLink,
    /// Inside: a session of the console, the command line, the desk's own clock.
    Inside,
}

word!(Evidence, "evidence", {
    Nothing => "nothing",
    Forged => "forged",
    OurMessage => "our-message",
    Domain => "domain",
    HandedOn => "handed-on",
    Token => "token",
    TokenAndDomain => "token-and-domain",
    PageLink => "page-link",
    Inside => "inside",
});

/// What was found out about a mail that bears on its author's rights.
#[derive(Clone, Copy, Debug, Default)]
pub struct Marks {
    /// The check of the sender says that it is forged.
    pub forged: bool,
    /// The author's domain is proven.
    pub proven: bool,
    /// It answers what was sent to its author alone.
    pub token: bool,
    /// It answers a Message-ID that we signed, and no server could prove more.
    pub our_message: bool,
    /// Its words may be another person's.
    pub handed_on: bool,
}

impl Marks {
    /// The evidence that they amount to.
    pub fn evidence(self) -> Evidence {
        match self {
            Marks { forged: true, .. } => Evidence::Forged,
            Marks { proven: true, handed_on: true, .. } => Evidence::HandedOn,
            Marks { proven: true, token: true, .. } => Evidence::TokenAndDomain,
            Marks { proven: true, .. } => Evidence::Domain,
            Marks { token: true, .. } => Evidence::Token,
            Marks { our_message: true, .. } => Evidence::OurMessage,
            Marks { .. } => Evidence::Nothing,
        }
    }
}

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wish {
    /// Make a new ticket.
    Open,
    /// Add words to a ticket, as who they are: customers in public, everybody else among staff.
    Say,
    /// Move it to another status by what they say; the workflow's rows say which moves are theirs.
    Move,
    /// Name people who take part from now on, by putting them on Cc.
    BringIn,
    /// Hear no more of it.
    Leave,
    /// Read a ticket: who reported it the public side, on its page; staff all of it, in the console.
    ReadPage,
    /// Write to the customer, also with a known answer.
    Reply,
    /// Keep words among staff by a command.
    Note,
    /// Say how bad it is.
    Severity,
    /// Say who can help and what it is about: level, product, queue.
    Facts,
    /// Overrule the gate, or have the customer asked.
    Gate,
    /// Take a ticket for themselves, or give it back.
    Take,
    /// Hand a ticket to somebody else.
    Assign,
    /// Merge, split, link, or call a duplicate.
    Merge,
    /// Call a ticket spam.
    Spam,
    /// Refuse a sender's mail from now on.
    Block,
    /// Put it away until later.
    Snooze,
    /// Add and remove participants, and say whose ticket it is.
    People,
    /// Be told of tickets from now on.
    Subscribe,
    /// Have somebody else told.
    SubscribeOthers,
    /// Say that they are at it, when on call; promise when they tell more.
    Acknowledge,
    /// Say when they are away.
    Away,
    /// Plan for others: shifts, absences, the fix budget.
    Plan,
    /// Put what comes next into an order.
    Order,
    /// Say what went live.
    Release,
    /// Help a mail on that is stuck: process it again, make a ticket of it, send it again.
    Rescue,
    /// Change how the desk works: put mail away, send where a server asked to wait, keep known answers, have stored
    /// mail read anew.
    Operate,
    /// See how colleagues sign in, end their sessions, invite them.
    Accounts,
    /// Read who signed in and who changed the desk.
    Audit,
}

word!(Wish, "wish", {
    Open => "open",
    Say => "say",
    Move => "move",
    BringIn => "bring-in",
    Leave => "leave",
    ReadPage => "read-page",
    Reply => "reply",
    Note => "note",
    Severity => "severity",
    Facts => "facts",
    Gate => "gate",
    Take => "take",
    Assign => "assign",
    Merge => "merge",
    Spam => "spam",
    Block => "block",
    Snooze => "snooze",
    People => "people",
    Subscribe => "subscribe",
    SubscribeOthers => "subscribe-others",
    Acknowledge => "acknowledge",
    Away => "away",
    Plan => "plan",
    Order => "order",
    Release => "release",
    Rescue => "rescue",
    Operate => "operate",
    Accounts => "accounts",
    Audit => "audit",
});

/// Why somebody may not, said to them or about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Denied {
    /// They are not who they say.
    #[error("the check of the sender says that it is forged")]
    Forged,
    /// Neither server nor token vouches for the author.
    #[error("nothing proves that the author is who the From field says")]
    NothingProven,
    /// What they want needs a proven domain.
    #[error("the receiving server does not prove that the mail comes from you")]
    Unproven,
    /// The words may be another's.
    #[error("the words may be another person's; write commands above what you pass on or quote")]
    HandedOn,
    /// What they want needs something that only they got.
    #[error("the mail answers nothing that was sent to you alone; reply to a notice about this ticket")]
    NoToken,
    /// Only staff do that.
    #[error("you are not on the staff list")]
    NotStaff,
    /// Only somebody who plans for others does that.
    #[error("only a lead or an admin may do this; ask one of them")]
    NotLead,
    /// Only somebody who runs the desk does that.
    #[error("only an admin may do this; ask one of them")]
    NotAdmin,
    /// It is not their ticket.
    #[error("the author takes no part in it")]
    NoPart,
    /// Only who reported it does that.
    #[error("only who reported it may do this")]
    NotTheRequester,
    /// Nobody leaves their own ticket.
    #[error("who reported a ticket does not leave it; write that it is settled, and it is closed")]
    OwnTicket,
    /// A page is read by its link.
    #[error("the page opens only by the link that was sent to its reader")]
    NoLink,
    /// A link is for customers and for leaving.
    #[error("a link to a page is not enough for this; reply to a notice, or use the console")]
    OnlyALink,
    /// Somebody from outside is no operator.
    #[error("only staff work inside the desk")]
    NotInside,
    /// A program or the clock was to do what people do.
    #[error("only a person may do this")]
    NotAPerson,
}

/// Whether somebody may have their wish, by what vouches for them.
///
/// # Errors
/// What stands against it, as a sentence for people.
pub fn may(actor: Actor, evidence: Evidence, wish: Wish) -> Result<(), Denied> {
    // A ticket that anybody could have opened grants nothing, and loses nothing.
    if wish == Wish::Open {
        return Ok(());
    }
    let demand = demand(actor, wish);
    match demand {
        // What a program says is kept among staff and changes nothing.
        Ok(Demand::Anything) => Ok(()),
        _ if evidence == Evidence::Forged => Err(Denied::Forged),
        Ok(demand) => reaches(evidence, demand),
        Err(denied) => Err(denied),
    }
}

/// What somebody wants who makes this happen to a ticket. A customer's mail opens a closed one again whatever it
/// says, so that asks for no more than to say something; every other move hangs on what their words mean.
pub fn wish_of(event: Event, actor: Actor) -> Wish {
    match (event, actor) {
        (Event::Reopen, Actor::Requester | Actor::Participant) => Wish::Say,
        _ => Wish::Move,
    }
}
