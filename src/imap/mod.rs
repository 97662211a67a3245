//! The wire to a mailbox: IMAP4rev1 (RFC 3501) with IDLE (RFC 2177), MOVE
//! (RFC 6851) and UIDPLUS (RFC 4315) where the server has them.
//!
//! [`ImapSession`] lists, fetches, marks and waits; it knows no database and no
//! tickets, so whoever drives it decides what is new. Progress is kept by UID and
//! UIDVALIDITY, never by a flag, and bodies are read with `BODY.PEEK[]`, so that
//! looking changes nothing.
//!
//! From the bottom: `wire` (bytes, with a budget for each command), `tls` (whom we
//! trust), `frames` (responses cut out of the bytes), `talk` (a command and its
//! answers), `login` (from the first byte to a selected folder), `session` and its
//! deeds `fetch`, `finish`, `idle`.
//!
//! `async-imap` parses the answers, with its `imap_proto`. What it does besides is not
//! used: version 0.12 takes a connection lost in the middle, and a NO, for the
//! end of an empty list (a mail would look as if it had vanished), writes the log-in
//! to the log at trace level, reads four kilobytes at a time and begins to parse a
//! long line anew after each of them.

mod error;
mod fetch;
mod finish;
mod frames;
mod idle;
mod login;
mod name;
mod said;
mod session;
mod set;
mod talk;
mod tls;
mod wire;

pub use self::{
    error::{Fault, ImapError},
    fetch::{Ahead, Batch, Fetched, batches},
    idle::Woken,
    session::{ImapSession, Selected, probe},
};
