//! The wire to the mail server that takes our mail: SMTP (RFC 5321), plain, with
//! STARTTLS (RFC 3207) or over TLS (RFC 8314).
//!
//! [`Transport::send`] hands over finished bytes and says what became of them:
//! accepted, deferred or refused ([`Outcome`]), and whose trouble a deferral is. It never
//! tries again; that is for the outbox. Only an answer about the mail itself refuses it: a wrong password,
//! a bad certificate or a server that is away defers it, so that a mistake in the
//! settings loses no mail.
//!
//! `lettre` speaks the protocol. Its own pool is not used: at version 0.11 it has no
//! limit on time after the connection is made, and a send that is given up in the
//! middle puts its connection back, where the next mail would continue the last.

mod connection;
mod error;
mod outcome;
mod talk;
mod transport;

pub use self::{
    error::SmtpError,
    outcome::{Outcome, Trouble},
    transport::Transport,
};
