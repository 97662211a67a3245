//! What a workflow is made of, and what is asked of it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    domain::{Language, words::word},
    ticket::{ClosedAs, Notice, Status, rights::Actor},
};

/// A status of the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct State {
    /// As commands take it.
    pub name: String,
    /// Which of the five it stands for.
    pub means: Status,
    /// What people read instead of the name.
    pub label: Option<String>,
    /// The same for customers, by their language.
    pub labels: BTreeMap<Language, String>,
}

impl State {
    /// What staff and stakeholders read.
    pub fn shown(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.name)
    }

    /// What a customer reads, where the site says it; else the words for its meaning serve.
    pub fn shown_in(&self, language: Language) -> Option<&str> {
        self.labels.get(&language).or(self.label.as_ref()).map(String::as_str)
    }
}

/// An allowed move from one status to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Transition {
    /// The name of a status.
    pub from: String,
    /// The name of another.
    pub to: String,
    /// Who makes it.
    pub by: Vec<Who>,
    /// What has to be there.
    pub needs: Need,
    /// What is owed for it.
    pub notices: Vec<Notice>,
    /// Why a ticket may be closed by it; the first is meant where nobody says. Empty where it does not close.
    pub closed_as: Vec<ClosedAs>,
}

/// Who makes a move, as the rows say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// Everybody on the staff list.
    Staff,
    /// Leads and admins.
    Lead,
    /// Admins.
    Admin,
    /// Who reported it, by their own word.
    Requester,
    /// Others from outside who take part.
    Participant,
    /// A stakeholder who speaks for the product.
    ProductOwner,
    /// Monitoring and other programs.
    Machine,
    /// Nobody said anything for the announced time.
    Silence,
}

word!(Who, "maker of a transition", {
    Staff => "staff",
    Lead => "lead",
    Admin => "admin",
    Requester => "requester",
    Participant => "participant",
    ProductOwner => "product-owner",
    Machine => "machine",
    Silence => "silence",
});

impl Who {
    /// Whether somebody is meant by it.
    pub fn covers(self, actor: Actor) -> bool {
        match self {
            Who::Staff => actor.is_staff(),
            Who::Lead => matches!(actor, Actor::Lead | Actor::Admin),
            Who::Admin => actor == Actor::Admin,
            Who::Requester => actor == Actor::Requester,
            Who::Participant => actor == Actor::Participant,
            Who::ProductOwner => actor == Actor::ProductOwner,
            Who::Machine => actor == Actor::Machine,
            Who::Silence => actor == Actor::Clock,
        }
    }
}

/// What has to be there for a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Need {
    /// Nothing.
    Nothing,
    /// The report has what happened, how and what was expected; or a reason to do without.
    Complete,
    /// A reason.
    Reason,
}

word!(Need, "need of a transition", {
    Nothing => "nothing",
    Complete => "complete",
    Reason => "reason",
});

/// Something that happens to a ticket and may move it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// Staff take it on; the report is complete.
    Accept,
    /// Staff take it on although the gate found something missing, with a reason.
    AcceptIncomplete {
        /// Whether a reason was given.
        reason_given: bool,
    },
    /// The fix is in the test environment.
    Resolve,
    /// The reporter says that it works, or staff say so on their behalf.
    Verify,
    /// The reporter says that it still fails.
    StillFails,
    /// It is over.
    Close(ClosedAs),
    /// The reporter writes again, within the reopen window, or staff reopen it.
    Reopen,
}

impl Event {
    /// Where it leads, from which meanings, and what comes with it. What customers say is a reason, and asks for no
    /// facts.
    pub(super) fn asks(self) -> (Status, &'static [Status], Given) {
        use Status::*;
        let given = Given { complete: true, reason: true, closed_as: None };
        match self {
            Event::Accept => (Accepted, &[New], given),
            Event::AcceptIncomplete { reason_given } => {
                (Accepted, &[New], Given { complete: false, reason: reason_given, ..given })
            }
            Event::Resolve => (Resolved, &[New, Accepted, Verified, Closed], given),
            Event::Verify => (Verified, &[New, Accepted, Resolved, Closed], given),
            Event::StillFails => (Accepted, &[Resolved, Verified], given),
            Event::Close(as_) => {
                (Closed, &[New, Accepted, Resolved, Verified], Given { closed_as: Some(as_), ..given })
            }
            Event::Reopen => (Accepted, &[Closed], given),
        }
    }
}

/// Where somebody wants a ticket to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// In any status that means this.
    Means(Status),
    /// In the status of this name.
    Named(String),
}

/// What is kept beside the meaning of a status: the site's own name, for lists of tickets in one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Kept {
    /// Anything.
    #[default]
    Any,
    /// This name.
    As(String),
    /// Nothing, or what is none of these any more: it is the first status of its meaning.
    ButNot(Vec<String>),
}

/// What comes with the wish for a move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// The report lacks nothing.
    pub complete: bool,
    /// There is a reason.
    pub reason: bool,
    /// Why it is to be closed, where somebody says.
    pub closed_as: Option<ClosedAs>,
}

/// A move that was made: where the ticket stands now, and what is owed for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What the new status means.
    pub to: Status,
    /// The site's name of it.
    pub name: String,
    /// Why it is closed, when it is.
    pub closed_as: Option<ClosedAs>,
    /// Mails owed; each names its audience.
    pub owed: Vec<Notice>,
    /// Whether the next word is the customer's: they are asked to try the fix.
    pub waits_for_customer: bool,
    /// The report lacks something that it should have, and a reason stands for it.
    pub without_facts: bool,
}

/// A move that is not allowed, and what would be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The report lacks facts and no reason was given to go on without them.
    #[error("the report is incomplete; give a reason to accept it as it is")]
    Incomplete,
    /// A reason has to be given.
    #[error("a ticket that is {from} becomes {to} only with a reason; say why")]
    NoReason {
        /// Where it stands.
        from: String,
        /// Where it was to go.
        to: String,
    },
    /// The ticket already stands there.
    #[error("the ticket is already {0}")]
    Already(String),
    /// Another move has to come first.
    #[error("a ticket that is {from} cannot become {to}; from {from} it can become {possible}")]
    NotFromHere {
        /// Where it stands.
        from: String,
        /// Where it was to go.
        to: String,
        /// Where it can go instead.
        possible: String,
    },
    /// Somebody else makes this move.
    #[error("that a ticket which is {from} becomes {to} is for {by} to say")]
    NotTheirs {
        /// Where it stands.
        from: String,
        /// Where it was to go.
        to: String,
        /// Who makes it.
        by: String,
    },
    /// The reason for closing belongs to another status.
    #[error("a ticket that is {from} cannot be closed as {as_}; from there it is closed as {reasons}")]
    WrongReason {
        /// Where it stands.
        from: String,
        /// The reason that was given.
        as_: ClosedAs,
        /// Those that would do.
        reasons: String,
    },
    /// There is no such status.
    #[error("there is no status `{name}`{}; there are {known}", nearest.as_deref().map(|it| format!("; did you mean `{it}`?")).unwrap_or_default())]
    Unknown {
        /// What was written.
        name: String,
        /// The status that looks most like it.
        nearest: Option<String>,
        /// Those there are.
        known: String,
    },
}
