//! Why a use case did not happen.

use crate::{
    domain::{EmailAddress, TicketId},
    render::RenderError,
    store,
    ticket::{Severity, workflow},
};

/// Why a use case did not happen. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The database failed.
    #[error("asking the database")]
    Database(#[from] diesel::result::Error),
    /// The database could not be reached.
    #[error(transparent)]
    Unreachable(#[from] store::StoreError),
    /// A mail could not be written.
    #[error("writing a mail")]
    Render(#[from] RenderError),
    /// Work on a thread of its own came to no end.
    #[error("a library panicked")]
    Panicked(#[from] tokio::task::JoinError),
    /// The workflow does not allow it.
    #[error(transparent)]
    Refused(#[from] workflow::Refused),
    /// There is no such ticket.
    #[error("there is no ticket {0}")]
    NoTicket(TicketId),
    /// The assignee is not on the staff list.
    #[error("{0} is not on the staff list; add a [[staff]] entry for them first")]
    NotStaff(EmailAddress),
    /// No such product is configured.
    #[error("there is no product {name}; {}", if known.is_empty() { "the configuration has no [[product]]".to_owned() } else { format!("use one of {known}") })]
    NoProduct {
        /// What was given.
        name: String,
        /// What there is.
        known: String,
    },
    /// The desk was to choose an assignee, and there is nobody.
    #[error("nobody can be assigned to ticket {ticket}: {because}")]
    NobodyToAssign {
        /// To which ticket.
        ticket: TicketId,
        /// Why, person by person.
        because: String,
    },
    /// Somebody was to go away or come back who cannot.
    #[error("{0}")]
    NoAbsence(String),
    /// A list of tickets cannot be kept, or is not there.
    #[error("{0}")]
    NoView(String),
    /// There is no such queue.
    #[error("no [[queue]] is called {name}{}", if known.is_empty() { "; none is configured".to_owned() } else { format!("; there are {known}") })]
    NoQueue {
        /// What was given.
        name: String,
        /// Those there are.
        known: String,
    },
    /// Somebody of ours was to take part as somebody from outside.
    #[error(
        "{0} is one of our own addresses or on the staff list; only people from outside are added to a ticket"
    )]
    NotFromOutside(EmailAddress),
    /// One of our own was to be told as somebody who reads.
    #[error(
        "{0} is one of our own addresses: its mails would come in again; subscribe a person's own address"
    )]
    NotSubscribed(EmailAddress),
    /// There is nobody to be taken out.
    #[error(
        "{0} is not on Cc of ticket {1}; `deskgate ticket show {1}` lists who takes part, and its requester stays"
    )]
    NotOnCc(EmailAddress, TicketId),
    /// There is no known answer of this name.
    #[error("there is no known answer `{name}`; {known}")]
    NoAnswer {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// A known answer cannot be filled in.
    #[error("the known answer `{name}` cannot be used: {why}; `deskgate answer add {name} FILE` replaces it")]
    AnswerBroken {
        /// Which.
        name: String,
        /// What is wrong with it.
        why: String,
    },
    /// A release has no name, or too long a one.
    #[error("a release needs a name of at most {0} bytes, such as 2026.11")]
    ReleaseName(usize),
    /// A release names too many tickets.
    #[error("a release names at most {0} tickets at a time; name the range in parts")]
    TooManyTickets(usize),
    /// There is no such cluster.
    #[error("there is no cluster {0}; `deskgate cluster list` has them all")]
    NoCluster(i64),
    /// Nobody to write to.
    #[error("ticket {0} has no requester to write to: its mail named no author")]
    NobodyToAnswer(TicketId),
    /// A customer is not asked for facts.
    #[error("the customer of ticket {ticket} is not asked: {why}")]
    NotAsked {
        /// Of which ticket.
        ticket: TicketId,
        /// Why, and what to do instead.
        why: &'static str,
    },
    /// The severity is one of another set.
    #[error(
        "this desk has no severity {given}, only {known}; `[severity] preset` in the configuration says which there are"
    )]
    NoSuchSeverity {
        /// The one that was named.
        given: Severity,
        /// Those there are.
        known: String,
    },
    /// Nobody is on call for a ticket.
    #[error(
        "nobody is called for ticket {0}: it is not bad enough, or its fix is there; `#sev 1` calls who is on call"
    )]
    NoIncident(TicketId),
    /// Somebody or something on call was named that there is not.
    #[error("{0}")]
    NotMeant(String),
    /// A severity was lowered without saying why.
    #[error("lowering the severity asks for a note, such as the workaround; give it with --reason")]
    LoweredWithoutReason,
    /// A duplicate was to be anything but closed as one.
    #[error("a duplicate is closed as one; leave out the other status or reason for closing")]
    DuplicateIsClosed,
    /// Something else stands against it; the sentence says what, and what to do instead.
    #[error("{0}")]
    Hindered(String),
    /// A ticket was to be a duplicate of itself.
    #[error("a ticket cannot be a duplicate of itself")]
    DuplicateOfItself,
    /// It came in by a mailbox that is no longer configured.
    #[error("the mailbox `{0}` is no longer in the configuration; put it back to go on with its mail")]
    MailboxGone(String),
    /// The mail that it answers came before it, and is at work at this moment or put off.
    #[error("the mail that it answers is not taken in yet")]
    TooEarly(store::inbound::Earlier),
    /// Somebody else did the same thing at the same moment; trying again sees it.
    #[error("somebody else handled the same mail at the same moment")]
    Raced,
}

impl DeskError {
    /// Whether the very same may do when it is tried again at once.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            DeskError::Raced => true,
            DeskError::Database(error) => store::is_transient(error),
            _ => false,
        }
    }

    /// Whether the trouble is the database's and not the mail's or the caller's.
    pub fn is_database(&self) -> bool {
        use diesel::result::{DatabaseErrorKind as Kind, Error};
        match self {
            // A row that the database refuses is the mail's fault; anything else
            // (connection gone, serialization, disk full) may pass.
            DeskError::Database(Error::DatabaseError(kind, _)) => !matches!(
                kind,
                Kind::UniqueViolation
                    | Kind::ForeignKeyViolation
                    | Kind::NotNullViolation
                    | Kind::CheckViolation
                    | Kind::ExclusionViolation
            ),
            DeskError::Database(
                Error::NotFound | Error::SerializationError(_) | Error::DeserializationError(_),
            ) => false,
            DeskError::Database(_) | DeskError::Unreachable(_) => true,
            _ => false,
        }
    }
}
