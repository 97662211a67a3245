//! Deskgate turns a support mailbox into a ticket desk.
//!
//! It reads the mailbox over IMAP, makes a ticket of every mail, checks the
//! report for *steps to reproduce / what actually happens / what you expected*,
//! asks the sender for exactly what is missing, and keeps customer, staff and
//! stakeholders informed by mail. One binary and PostgreSQL; nothing else to run.
//!
//! # One mail, walked through
//!
//! ```text
//! IMAP ─▶ tasks::fetch ─▶ store::inbound  (raw bytes, mailbox, UIDVALIDITY, UID; commit)
//!                              │            then, and only then, the flag on the server
//!                              ▼  leased, FOR UPDATE SKIP LOCKED, any node
//!        mail::read ─▶ report::gate ─▶ triage::decide
//!        (InboundMail)  (Verdict)        (Plan)
//!                              │
//!        ┌───────── one transaction ─────────┐
//!        │ desk::take_in: facts, plan, deeds  │
//!        │ ticket · message · journal entry   │
//!        │ ledger outcome · outbox item       │
//!        └──────────────┬────────────────────┘
//!                       ▼
//! SMTP ◀─ smtp ◀─ tasks::deliver  (lease, send, record)
//! ```
//!
//! # The house
//!
//! A module names modules on lower floors only; rooms on one floor do not know
//! each other. The three lowest floors are pure: no runtime, no database, no
//! network, no clock. `tests/house.rs` checks it.
//!
//! | floor | rooms |
//! |---|---|
//! | 6 | [`cli`] |
//! | 5 | [`tasks`], [`web`] |
//! | 4 | [`desk`], [`imap`], [`smtp`], [`verify`], [`pager`] |
//! | 3 | [`settings`], [`store`], [`render`] |
//! | 2, pure | [`triage`] |
//! | 1, pure | [`mail`], [`report`], [`ticket`] |
//! | 0, pure | [`domain`] |
//!
//! Read them from the bottom: [`domain`] has the words, [`mail`] and [`report`]
//! read, [`ticket`] has the rules, [`triage`] decides, [`desk`] does.

// The futures of use cases lie within each other deeper than the compiler looks by itself.
#![recursion_limit = "256"]
pub mod cli;
pub mod desk;
pub mod domain;
pub mod imap;
pub mod mail;
pub mod oidc;
pub mod pager;
pub mod render;
pub mod report;
pub mod settings;
pub mod smtp;
pub mod store;
pub mod tasks;
pub mod ticket;
pub mod triage;
pub mod verify;
pub mod web;
