//! The rules of tickets: where one may go, who is told, what a severity means.
//!
//! This room knows nothing of e-mail, databases or clocks. [`workflow::Workflow::step`]
//! takes a status and an event and hands back the next status with a list of
//! what is owed; somebody else pays.

pub mod assign;
pub mod calendar;
pub mod clock;
pub mod command;
pub mod digest;
pub mod happening;
pub mod kin;
pub mod level;
pub mod link;
pub mod notice;
pub mod oncall;
pub mod overrule;
pub mod period;
pub mod policy;
pub mod query;
pub mod release;
pub mod reply;
pub mod rights;
pub mod rota;
pub mod severity;
pub mod shifts;
pub mod shipped;
pub mod snooze;
pub mod source;
pub mod sprint;
pub mod status;
pub mod story;
pub mod subscription;
pub mod team;
pub mod timer;
pub mod told;
pub mod work;
pub mod workflow;

pub use happening::Happening;
pub use level::Level;
pub use link::Link;
pub use notice::{Audience, Notice};
pub use oncall::{OnCall, PlanWord};
pub use overrule::{Overrule, Part, StaffSay};
pub use rota::Rota;
pub use severity::Severity;
pub use source::Source;
pub use status::{ClosedAs, Status};
pub use subscription::{Cadence, Topic};
pub use timer::Timer;
