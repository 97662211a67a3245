//! What a journal can say of a ticket: one word for each sort of thing that happens.
//!
//! Whatever writes a journal names one of these, and [`super::story`] has a sentence for each, or nothing compiles.

use crate::domain::words::word;

/// One sort of thing that happens to a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Happening {
    /// It was made.
    Opened,
    /// The ticket that goes on with it, after it was closed, was made.
    Continued,
    /// A customer's mail, or words on the page, became an entry.
    Joined,
    /// A mail of staff became a note.
    StaffNote,
    /// A mail of a program became a note.
    MachineNote,
    /// Staff left a note.
    Note,
    /// Staff wrote to the customer.
    Replied,
    /// Staff sent a known answer.
    KnownAnswer,
    /// It went from one status to another.
    Status,
    /// It was rated.
    Severity,
    /// Who is able to help was said.
    Level,
    /// What it is about was said.
    Product,
    /// Where it is worked on was said.
    Queue,
    /// Whose next word it is was said.
    Waiting,
    /// It got somebody, or lost them.
    Assignee,
    /// The desk found nobody for it.
    Unassigned,
    /// Facts of the report came in, or were confirmed.
    Report,
    /// The customer was asked for facts.
    Asked,
    /// The report has all facts.
    Completed,
    /// Facts are missing, and a person takes over.
    Incomplete,
    /// Staff overruled or confirmed the gate.
    Overruled,
    /// The requester tried the fix.
    Tried,
    /// They were reminded to try it.
    Reminded,
    /// They said nothing until the announced day.
    Silence,
    /// The same, and it counts for nothing, since they may not have been reached.
    SilenceVoid,
    /// What was resolved is in production.
    Live,
    /// The requester heard that the cause is fixed.
    CauseFixed,
    /// People were named on Cc.
    BroughtIn,
    /// Somebody on Cc left.
    Left,
    /// Staff added somebody.
    ParticipantAdded,
    /// Staff took somebody out.
    ParticipantRemoved,
    /// Staff said whose it is.
    Requester,
    /// It was linked to another.
    Linked,
    /// A link was taken away.
    Unlinked,
    /// It became part of another.
    Merged,
    /// Another became part of it.
    MergedWith,
    /// An entry of it became a ticket.
    Split,
    /// It was put away.
    Snoozed,
    /// It is back.
    Awake,
    /// It was called spam.
    Spam,
    /// It was none.
    NoSpam,
    /// Its sender's mail is refused from now on.
    Blocked,
    /// It no longer is.
    Unblocked,
    /// Words of staff were not sent at once.
    Held,
    /// Who wrote them wants them no more.
    HeldDiscarded,
    /// Commands in a mail were not carried out.
    CommandRefused,
    /// A mail of ours came back.
    Bounced,
    /// A server says that a mail of ours is late.
    Delayed,
    /// A server refused a mail of ours for good.
    Undeliverable,
    /// An automatic mail was kept back, since its reader got enough of them.
    Quieted,
    /// The mailbox of the ticket is no longer configured.
    MailboxGone,
    /// A promise is soon over.
    DueSoon,
    /// A promise is broken.
    Breached,
    /// Somebody is called for it from now on.
    IncidentBegan,
    /// Nobody is called for it any more.
    IncidentEnded,
    /// Somebody was called.
    Paged,
    /// There is nobody to call.
    NobodyToPage,
    /// A call did not arrive, and the next were called.
    Escalated,
    /// Somebody has it.
    PageAcknowledged,
    /// They have it no longer.
    PageReleased,
    /// Staff told how it stands.
    Update,
    /// They were reminded to.
    UpdateDue,
    /// They did not.
    UpdateMissed,
    /// Shifts were proposed.
    ShiftsProposed,
    /// There is nobody to give shifts to.
    NoShifts,
    /// A lead was asked once more about the shifts.
    ShiftsAskedAgain,
    /// A lead confirmed them.
    ShiftsConfirmed,
    /// A lead changed them.
    ShiftsChanged,
    /// A lead declined them.
    ShiftsDeclined,
    /// A shift begins.
    ShiftBegins,
    /// Somebody hears of it from now on.
    Subscribed,
    /// Somebody hears no more of it.
    Unsubscribed,
    /// Work was written down.
    Work,
}

word!(Happening, "sort of entry in a journal", {
    Opened => "opened",
    Continued => "continued",
    Joined => "joined",
    StaffNote => "staff-note",
    MachineNote => "machine-note",
    Note => "note",
    Replied => "replied",
    KnownAnswer => "known-answer",
    Status => "status",
    Severity => "severity",
    Level => "level",
    Product => "product",
    Queue => "queue",
    Waiting => "waiting",
    Assignee => "assignee",
    Unassigned => "unassigned",
    Report => "report",
    Asked => "asked",
    Completed => "completed",
    Incomplete => "incomplete",
    Overruled => "overruled",
    Tried => "tried",
    Reminded => "reminded",
    Silence => "silence",
    SilenceVoid => "silence-void",
    Live => "live",
    CauseFixed => "cause-fixed",
    BroughtIn => "brought-in",
    Left => "left",
    ParticipantAdded => "participant-added",
    ParticipantRemoved => "participant-removed",
    Requester => "requester",
    Linked => "linked",
    Unlinked => "unlinked",
    Merged => "merged",
    MergedWith => "merged-with",
    Split => "split",
    Snoozed => "snoozed",
    Awake => "awake",
    Spam => "spam",
    NoSpam => "no-spam",
    Blocked => "blocked",
    Unblocked => "unblocked",
    Held => "held",
    HeldDiscarded => "held-discarded",
    CommandRefused => "command-refused",
    Bounced => "bounced",
    Delayed => "delayed",
    Undeliverable => "undeliverable",
    Quieted => "quieted",
    MailboxGone => "mailbox-gone",
    DueSoon => "due-soon",
    Breached => "breached",
    IncidentBegan => "incident-began",
    IncidentEnded => "incident-ended",
    Paged => "paged",
    NobodyToPage => "nobody-to-page",
    Escalated => "escalated",
    PageAcknowledged => "page-acknowledged",
    PageReleased => "page-released",
    Update => "update",
    UpdateDue => "update-due",
    UpdateMissed => "update-missed",
    ShiftsProposed => "shifts-proposed",
    NoShifts => "no-shifts",
    ShiftsAskedAgain => "shifts-asked-again",
    ShiftsConfirmed => "shifts-confirmed",
    ShiftsChanged => "shifts-changed",
    ShiftsDeclined => "shifts-declined",
    ShiftBegins => "shift-begins",
    Subscribed => "subscribed",
    Unsubscribed => "unsubscribed",
    Work => "work",
});
