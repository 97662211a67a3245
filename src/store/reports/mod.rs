//! What reports count: each question is one statement over sets of rows.
//!
//! Steps of time go in as the moments at which they begin, with the end of the last; `width_bucket` says in which one a
//! moment lies, counted from 1. `LATERAL … LIMIT 1` has each ticket of a period looked up by its number, where a join would
//! read all tickets that there ever were.

pub mod gate;
pub mod mail;
pub mod open;
pub mod promises;
pub mod work;

use diesel::sql_types::{Array, Nullable, Text, Timestamptz};
use jiff::Timestamp;

use super::{Moment, moment};
use crate::ticket::period::{Period, Stretch};

/// Whose tickets count; nothing where all do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Of this product.
    pub product: Option<String>,
    /// Of this queue.
    pub queue: Option<String>,
    /// That came in by this mailbox.
    pub mailbox: Option<String>,
}

/// The moments at which the steps of a period begin, and the end of the last.
fn edges(period: &Period) -> Vec<Moment> {
    let stretches = period.stretches();
    let end = stretches.last().map(|last| last.ends);
    stretches.iter().map(|each| each.begins).chain(end).map(moment).collect()
}

/// Place, counted from 0, in a list of steps.
fn place(step: i32) -> usize {
    usize::try_from(step).unwrap_or_default().saturating_sub(1)
}

/// The steps, and what comes after the last of them.
fn begins_and_ends(steps: &[Stretch], to: Timestamp) -> (Vec<Moment>, Vec<Moment>) {
    let begins = steps.iter().map(|step| step.begins).chain([to]);
    let ends = steps.iter().map(|step| step.ends).chain([Timestamp::MAX]);
    (begins.map(moment).collect(), ends.map(moment).collect())
}

type Times = Array<Timestamptz>;
type Name = Nullable<Text>;
