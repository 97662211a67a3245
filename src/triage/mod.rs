//! The decision about one inbound mail.
//!
//! `desk::intake` collects [`Facts`], asks [`decide`], and carries the [`Plan`]
//! out. Deciding touches nothing, so every rule here is tested without a
//! database. Each rule leaves a sentence in [`Plan::why`], which `deskgate inbox
//! explain` prints.

mod answer;
mod asking;
mod assent;
mod company;
mod decide;
mod facts;
mod leaving;
mod plan;
mod pointing;
mod severity;
#[cfg(test)]
mod tests;
mod trial;

pub use company::{company, is_machine};
pub use decide::{decide, decide_by_page, decide_passed_on, would};
pub use facts::{Answered, Author, Candidate, Facts, Policy, Returned, Signal};
pub use plan::{Answer, Ask, Deed, Joining, Opening, Plan, Role, Trial};
pub use pointing::{KnownIds, pointed};
pub use severity::{Rated, Rule, rated};
