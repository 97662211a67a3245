//! Stories in a real Chromium: what staff and customers do on the pages of a real desk, and what hostile mails try there.
//!
//! Each browser fails its test with whatever its console complains of and whatever it asks of other hosts.
//! `DESKGATE_PICTURES=folder` keeps pictures of the pages, to be looked at.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "in a scenario a panic is the answer, and the clock is the real one"
)]

#[macro_use]
#[path = "../tell.rs"]
mod tell;

#[path = "../it/helpers/mod.rs"]
mod helpers;

#[path = "../hostile/exam.rs"]
#[allow(dead_code, reason = "the stories use a part of it")]
mod exam;
#[path = "../hostile/sink.rs"]
#[allow(dead_code, reason = "the stories use a part of it")]
mod sink;

mod attacks;
mod chromium;
mod customer;
mod elsewhere;
mod harness;
mod hostile;
mod hostile_console;
mod scene;
mod sign_in;
mod stays;
mod walk;
mod work;
