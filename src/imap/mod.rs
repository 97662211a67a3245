//! The wire to a mailbox: IMAP4rev1 (RFC 3501) with IDLE (RFC 2177), MOVE
//! (RFC 6851) and UIDPLUS (RFC 4315) where the server has them.
//!
//! [`ImapSession`] lists, fetches, marks and waits; it knows no database and no
//! tickets, so whoever drives it decides what is new. Progress is kept by UID and
//! UIDVALIDITY, never by a flag, and bodies are read with `BODY.PEEK[]`, so that
//! looking changes nothing.
//!
//! From the bottom: `wire` (bytes, with a budget for each command), `tls` (whom we
//! trust), `talk` (a command and its answers), `login` (from the first byte to
//! a selected folder), `session` and its deeds `fetch`, `finish`, `idle`.
//!
//! `async-imap` frames and parses the answers. Its own commands are not used: at
//! version 0.12 they take a connection lost in the middle, and a NO, for the end of
//! an empty list (a mail would look as if it had vanished), and the log-in is
//! written to the log at trace level.

mod error;
mod fetch;
mod finish;
mod idle;
mod login;
mod name;
mod session;
mod set;
mod talk;
mod tls;
mod wire;

pub use self::{
    error::ImapError,
    fetch::{Batch, Fetched, batches},
    idle::Woken,
    session::{ImapSession, Selected, probe},
};
