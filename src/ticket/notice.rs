//! What we write to people, by occasion and by reader.

use crate::domain::words::word;

/// An occasion to write. Each has a folder of its own below `templates/mail/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Notice {
    /// To the requester: it arrived, this is what we understood, this is missing.
    Acknowledged,
    /// To the requester: a reply came, and this is still missing (the second and last ask).
    AskedAgain,
    /// To the requester: a member of staff asks for facts.
    Asked,
    /// To the requester: nothing is missing any more.
    Completed,
    /// To the requester: taken on, with its severity and what that means.
    Accepted,
    /// To the requester: another severity, and what that means.
    SeverityChanged,
    /// To the requester: please try the fix.
    Resolved,
    /// To the requester: we still wait for a word about the fix.
    TrialReminder,
    /// To the requester: we heard that it still fails.
    Heard,
    /// To the requester: what they reported is in production; please look once more.
    Live,
    /// To the requester: the cause that their report shares with others is fixed.
    CauseFixed,
    /// To the requester: taken up again.
    Reopened,
    /// To the requester: over, and why.
    Closed,
    /// To who was on Cc: they take part no longer.
    Left,
    /// To the requester: what an agent wrote to them.
    Correspondence,
    /// To staff: a new ticket.
    StaffNew,
    /// To the assignee, or to all staff where there is none: a reply came.
    StaffReply,
    /// To the assignee, or to all staff: the report lacks something, and nobody asks for it any more.
    StaffIncomplete,
    /// To the assignee, or to all staff: what is promised will be over soon.
    StaffDue,
    /// To the assignee, or to all staff: another severity, and what that promises.
    StaffSeverity,
    /// To whom the policy names: what was promised is over.
    StaffBreached,
    /// To the assignee: this is yours now.
    StaffAssigned,
    /// To the assignee: the reporter says it still fails, or it was reopened.
    StaffReopened,
    /// To the assignee, or to all staff where there is none: it was out of the way, and the time is over.
    StaffAwake,
    /// To a member of staff: what became of the commands in their mail.
    StaffTranscript,
    /// To a member of staff: their words were not sent, since somebody else was faster.
    StaffHeld,
    /// To staff: a mail of ours could not be delivered.
    StaffUndeliverable,
    /// To leads: many have asked the same; they may open one ticket for its cause. About no ticket.
    StaffCluster,
    /// To leads: somebody is away, and these tickets are theirs; about no ticket.
    StaffAway,
    /// To whose turn in a rota begins: what is open, and who had it; about no ticket.
    StaffHandover,
    /// To a member of staff: a link to set a password for the console; about no ticket.
    StaffWelcome,
    /// To a member of staff: an admin took their second factors away; about no ticket.
    StaffFactors,
    /// To staff: something about the desk as a whole asks for a look; about no ticket.
    StaffAlarm,
    /// To somebody on call: this is yours to look at, now.
    Page,
    /// To everybody on call: nobody has answered.
    PagedAgain,
    /// To the others who were called: somebody has it.
    PageTaken,
    /// To who works on it: stakeholders were promised news, which are due soon.
    UpdateDue,
    /// To who works on it, and to leads: stakeholders were promised news, and got none.
    UpdateMissed,
    /// To leads: a plan of shifts round the clock, to be confirmed.
    ShiftPlan,
    /// To somebody who has shifts: when they are.
    Shifts,
    /// To somebody whose shift begins soon, and to who has it until then.
    ShiftSoon,
    /// To a product owner: what may come in the next sprint, and in which order; about no ticket.
    SprintCandidates,
    /// To stakeholders: what changed.
    StakeholderUpdate,
    /// To a stakeholder: figures, and what changed in a while.
    StakeholderDigest,
}

word!(Notice, "notice", {
    Acknowledged => "acknowledged",
    AskedAgain => "asked-again",
    Asked => "asked",
    Completed => "completed",
    Accepted => "accepted",
    SeverityChanged => "severity-changed",
    Resolved => "resolved",
    TrialReminder => "trial-reminder",
    Heard => "heard",
    Live => "live",
    CauseFixed => "cause-fixed",
    Reopened => "reopened",
    Closed => "closed",
    Left => "left",
    Correspondence => "correspondence",
    StaffNew => "staff-new",
    StaffReply => "staff-reply",
    StaffIncomplete => "staff-incomplete",
    StaffDue => "staff-due",
    StaffSeverity => "staff-severity",
    StaffBreached => "staff-breached",
    StaffAssigned => "staff-assigned",
    StaffReopened => "staff-reopened",
    StaffAwake => "staff-awake",
    StaffTranscript => "staff-transcript",
    StaffHeld => "staff-held",
    StaffUndeliverable => "staff-undeliverable",
    StaffCluster => "staff-cluster",
    StaffAway => "staff-away",
    StaffHandover => "staff-handover",
    StaffWelcome => "staff-welcome",
    StaffFactors => "staff-factors",
    StaffAlarm => "staff-alarm",
    Page => "page",
    PagedAgain => "paged-again",
    PageTaken => "page-taken",
    UpdateDue => "update-due",
    UpdateMissed => "update-missed",
    ShiftPlan => "shift-plan",
    Shifts => "shifts",
    ShiftSoon => "shift-soon",
    SprintCandidates => "sprint-candidates",
    StakeholderUpdate => "stakeholder-update",
    StakeholderDigest => "stakeholder-digest",
});

/// Who reads a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// The requester and participants of the ticket, in the ticket's language.
    Requester,
    /// The assignee; all staff where nobody is assigned.
    Assignee,
    /// Everybody on the staff list.
    Staff,
    /// The one member of staff who caused it.
    Actor,
    /// Members of staff whom the use case names.
    OnCall,
    /// Stakeholders whose wishes match the ticket.
    Stakeholders,
}

impl Notice {
    /// Who it is written for.
    pub fn audience(self) -> Audience {
        use Notice::*;
        match self {
            Acknowledged | AskedAgain | Asked | Completed | Accepted | SeverityChanged | Resolved | Live
            | CauseFixed | Reopened | Closed | TrialReminder | Heard | Left | Correspondence => {
                Audience::Requester
            }
            StaffReply | StaffIncomplete | StaffDue | StaffSeverity | StaffBreached | StaffAssigned
            | StaffReopened | StaffAwake => Audience::Assignee,
            StaffTranscript | StaffHeld | StaffWelcome | StaffFactors => Audience::Actor,
            StaffNew | StaffUndeliverable | StaffCluster | StaffAway | StaffHandover | StaffAlarm => {
                Audience::Staff
            }
            Page | PagedAgain | PageTaken | UpdateDue | UpdateMissed | ShiftPlan | Shifts | ShiftSoon => {
                Audience::OnCall
            }
            SprintCandidates | StakeholderUpdate | StakeholderDigest => Audience::Stakeholders,
        }
    }

    /// Whether it is about what the requester wrote, and goes to them alone.
    pub fn is_for_the_requester_alone(self) -> bool {
        matches!(
            self,
            Notice::Acknowledged
                | Notice::AskedAgain
                | Notice::Asked
                | Notice::Completed
                | Notice::TrialReminder
                | Notice::Heard
        )
    }

    /// Whether somebody on the staff reads it: one that is lost is not told to staff
    /// by another.
    pub fn is_for_staff(self) -> bool {
        matches!(self.audience(), Audience::Staff | Audience::Assignee | Audience::Actor | Audience::OnCall)
    }

    /// Whether somebody of ours caused it, so that the customer hears of a person: what answers them.
    pub fn is_a_persons_word(self) -> bool {
        use Notice::*;
        matches!(self, Asked | Accepted | SeverityChanged | Resolved | Closed | Correspondence)
    }

    /// Whether it carries what is as good as a password: nobody but its reader sees what it says.
    pub fn carries_a_key(self) -> bool {
        self == Notice::StaffWelcome
    }

    /// Whether a person's own words are the point of it (RFC 3834 §2 speaks of
    /// automatic responses; this one is a person's answer that we carry).
    pub fn is_correspondence(self) -> bool {
        self == Notice::Correspondence
    }

    /// Whether no person wrote it and its reader is outside: what the desk as a whole
    /// sends so many of in an hour.
    pub fn is_automatic_to_customers(self) -> bool {
        self.audience() == Audience::Requester && !self.is_correspondence()
    }
}
