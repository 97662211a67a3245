//! Row identities as types of their own, so that a ticket's number can never be
//! taken for a person's.

use std::{fmt, num::ParseIntError, str::FromStr};

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident,)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                $name(id)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map($name)
            }
        }
    )+};
}

ids! {
    /// A ticket's number, as customers and staff say it.
    TicketId,
    /// Somebody who writes or reads: requester, agent, stakeholder.
    PersonId,
    /// One of the configured mailboxes.
    MailboxId,
    /// A row of the inbound ledger: one mail as the server handed it over.
    InboundId,
    /// An entry in a ticket's thread.
    MessageRowId,
    /// A file of one message.
    AttachmentId,
    /// A finished mail that waits, travels or has left.
    OutboxId,
}
