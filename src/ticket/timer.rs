//! What happens by time alone.

use crate::domain::words::word;

/// What a timer does when it fires. Each is an arm of `desk::timers`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Reminds the requester, once, of a fix that they were asked to try, or to look at once more in production.
    TrialReminder,
    /// The announced time to try a fix is over: silence counts as a yes.
    TrialSilence,
    /// The announced time for a last look at what is live is over.
    LastLookSilence,
    /// Nobody answered a call: the next are called.
    Escalate,
    /// Whoever works on a ticket is reminded of the news that stakeholders were promised.
    UpdateDue,
    /// The news that stakeholders were promised did not come.
    UpdateMissed,
    /// It lasts so long that shifts are proposed.
    ProposeShifts,
    /// No lead has answered about the shifts.
    ShiftsUnanswered,
    /// Somebody's shift begins soon.
    ShiftBegins,
    /// Looks again for somebody for tickets that found nobody. Every minute.
    Assign,
    /// Tells leads what is whose who is away from now on.
    Away,
    /// A turn of a rota begins; the subject says of which, and when.
    Handover,
    /// Forgets what is no longer asked for: when staff were told what, what was sent when, what pagers were told, what found
    /// nobody and is over. Hourly.
    Forget,
    /// Computes the clocks of a ticket anew, and tells staff what is due.
    Clocks,
    /// A ticket that was out of the way comes back.
    Wake,
    /// Tickets that the search for similar ones does not know are made known to it. Hourly.
    Remember,
    /// Asks product owners for the order of the next sprint. Weekly.
    SprintOrder,
    /// Tells stakeholders what changed about a ticket since they last heard of it.
    Tell,
    /// Writes a digest to one person; the subject says to whom, and which.
    Digest,
}

word!(Timer, "timer", {
    TrialReminder => "trial-reminder",
    TrialSilence => "trial-silence",
    LastLookSilence => "last-look-silence",
    Escalate => "escalate",
    UpdateDue => "update-due",
    UpdateMissed => "update-missed",
    ProposeShifts => "propose-shifts",
    ShiftsUnanswered => "shifts-unanswered",
    ShiftBegins => "shift-begins",
    Assign => "assign",
    Away => "away",
    Handover => "handover",
    Forget => "forget",
    Clocks => "clocks",
    Wake => "wake",
    Remember => "remember",
    SprintOrder => "sprint-order",
    Tell => "tell",
    Digest => "digest",
});
