//! What mails to people on call say beyond the ticket.

use serde::Serialize;

use crate::domain::text::line;

/// Calls, promises and shifts, as mails show them. Times are written out, with their zone.
#[derive(Clone, Debug, Default, Serialize)]
pub struct OnCallView {
    /// Since when it is so bad.
    pub since: String,
    /// Everybody who was called so far.
    pub called: Vec<String>,
    /// Who is called next, and when: `Bob Agent at 03:22 CET`.
    pub next: Option<String>,
    /// Why nobody of the steps before could be called: `Ann Example is away`.
    pub passed_over: Vec<String>,
    /// Who has it.
    pub taken_by: Option<String>,
    /// By when news were promised.
    pub due: Option<String>,
    /// Shifts: those of a plan, or the reader's own.
    pub shifts: Vec<ShiftView>,
    /// What is wrong with a plan.
    pub warnings: Vec<String>,
    /// The plan waits for an answer since then.
    pub waits_since: Option<String>,
    /// The shifts of the reader do not take place.
    pub cancelled: bool,
    /// Whose shift it was until now.
    pub hands_over: Option<String>,
}

/// A shift, as mails show it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ShiftView {
    /// Its number in the plan.
    pub number: u32,
    /// When: `Sat 21 Nov 22:00 to 06:00`.
    pub when: String,
    /// Whose.
    pub who: String,
}

impl OnCallView {
    /// The same in safe lines.
    pub(super) fn cleaned(&self) -> OnCallView {
        let lines = |all: &[String]| all.iter().map(|each| line(each)).collect();
        let safe = |text: &Option<String>| text.as_deref().map(line);
        let shift =
            |shift: &ShiftView| ShiftView { when: line(&shift.when), who: line(&shift.who), ..shift.clone() };
        OnCallView {
            since: line(&self.since),
            called: lines(&self.called),
            next: safe(&self.next),
            passed_over: lines(&self.passed_over),
            taken_by: safe(&self.taken_by),
            due: safe(&self.due),
            shifts: self.shifts.iter().map(shift).collect(),
            warnings: lines(&self.warnings),
            waits_since: safe(&self.waits_since),
            cancelled: self.cancelled,
            hands_over: safe(&self.hands_over),
        }
    }
}
