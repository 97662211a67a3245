//! The vocabulary everything else speaks: ids, addresses, message ids, signed
//! references, languages, and the shape of a mail that was read.
//!
//! This is the ground floor. It knows no runtime, no database, no network and
//! no clock; whatever needs the time or randomness takes it as an argument.

pub mod address;
pub mod bounce;
mod cookie;
#[cfg(test)]
pub(crate) mod growth;
pub mod ids;
pub mod inbound;
pub mod language;
pub mod link;
pub mod message_id;
pub mod prose;
pub mod reference;
pub mod secrets;
pub mod sender;
pub mod slot;
pub mod text;
pub mod words;

pub use address::{EmailAddress, NamedAddress};
pub use bounce::{Action, BounceReport, Reason};
pub use ids::{AttachmentId, InboundId, MailboxId, MessageRowId, OutboxId, PersonId, TicketId};
pub use inbound::{
    Attachment, Detail, EnvelopeSender, Forward, Forwarded, InboundMail, Kind, Oversized, Proof, Severed,
};
pub use language::Language;
pub use link::Purpose;
pub use message_id::MessageId;
pub use sender::Sender;
pub use slot::Slot;
pub use words::Word;
