//! PostgreSQL: one file for each aggregate, with its rows, its inserts and the
//! questions that are asked of it.
//!
//! Everything takes the connection as an argument, so that the use case in
//! `desk` owns the transaction. What a person may cause is a variant of the
//! answer; trouble with the database stays an error. No SQL is pasted together.

pub mod absences;
pub mod accounts;
pub mod alarms;
pub mod answers;
pub mod assignees;
pub mod audit;
pub mod blocks;
pub mod clocks;
pub mod cluster;
pub mod clusters;
mod connect;
pub mod delivery;
pub mod directory;
pub mod downloads;
pub mod drafts;
pub mod examples;
pub mod exhibits;
pub mod figures;
pub mod finder;
pub mod forms;
pub mod gate_report;
pub mod held;
pub mod inbound;
pub mod incidents;
pub mod journal;
mod kept;
pub mod leases;
pub mod links;
pub mod live;
pub mod mailboxes;
pub mod messages;
pub mod nodes;
pub mod openings;
pub mod outbox;
pub mod outgoing;
pub mod participants;
pub mod passkeys;
pub mod pauses;
pub mod people;
pub mod pool;
pub mod pooler;
pub mod presences;
pub mod quarantine;
pub mod reached;
pub mod recovery_codes;
pub mod references;
pub mod releases;
pub mod replays;
pub mod reports;
pub mod saved_views;
pub mod schema;
pub mod sessions;
pub mod shelves;
pub mod shifts;
pub mod sight;
pub mod sign_in_steps;
pub mod sign_in_tries;
pub mod similar;
pub mod slots;
pub mod spans;
pub mod sprint;
pub mod stored;
pub mod subscriptions;
pub mod tickets;
pub mod timers;
pub mod told;
pub mod webhooks;
pub mod welcome_links;
pub mod work;

use std::time::Duration;

/// The latest end that a lease taken anywhere can have, as seen at `now`; what ends
/// later was written before the clock was set back, and is free. The hour is for
/// clocks and callers that are not at one in the second.
fn latest_end(now: jiff::Timestamp, lease: Duration) -> Moment {
    moment(now + lease + Duration::from_secs(3600))
}

/// No row is ever told to wait longer than this; one that seems to was written
/// before the clock was set back, and is due.
const LONGEST_PAUSE: Duration = Duration::from_secs(86_400);

/// Whether a transaction failed because of others that ran beside it (a deadlock, a
/// serialisation failure, a statement cut short), so that the very same one may do
/// when it is tried again at once. The database undid it.
///
/// A deadlock is not told by kind; the few errors that look like it (a full disk, a
/// text that the database cannot take) cost whoever asks a try or two more.
pub fn is_transient(error: &diesel::result::Error) -> bool {
    use diesel::result::{DatabaseErrorKind as Kind, Error};
    matches!(error, Error::DatabaseError(Kind::SerializationFailure | Kind::Unknown, _))
}

pub use diesel_async::AsyncPgConnection as Conn;
pub use pool::{Loan, Pool, StoreError};
pub use stored::{Moment, Stored, moment};
