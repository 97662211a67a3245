//! Scenarios: the real program against a real PostgreSQL, Dovecot and Postfix, seen from outside.
//!
//! Each test is one story. Nothing waits for a length of time, only for a condition to come true.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    missing_docs,
    reason = "in a scenario a panic is the answer, and the clock is the real one"
)]

mod helpers;

mod acting;
mod aside;
mod attachments;
mod check;
mod clocks;
mod clusters;
mod commands;
mod company;
mod configuration;
mod crash;
mod database;
mod finder;
mod first_mail;
mod forwards;
mod gate;
mod gate_tools;
mod hostile;
mod identity;
mod ingest;
mod inspect;
mod known_answers;
mod leases;
mod leaving;
mod loops;
mod mailbox;
mod nodes;
mod oncall;
mod operating;
mod outbox;
mod overrule;
mod own_workflow;
mod page_files;
mod plans;
mod private_cluster;
mod products;
mod quarantine;
mod rated;
mod releases;
mod replies;
mod reports;
mod rewritten;
mod roles;
mod same_mail;
mod searches;
mod side_by_side;
mod sign_in;
mod similar;
mod staff_commands;
mod staff_replies;
mod stakeholders;
mod status_page;
mod stories;
mod team;
mod timers;
mod trial;
mod verified;
mod web;
mod wires;
mod workflow;
mod zeros;
