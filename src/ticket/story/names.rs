//! What people call what the journal has in one word.

use crate::{
    domain::{Word, bounce::Reason},
    ticket::Notice,
};

/// What a mail of ours is, in a sentence: "the question for missing facts".
pub fn called(notice: Notice) -> &'static str {
    use Notice::*;
    match notice {
        Acknowledged => "the acknowledgement",
        AskedAgain => "the second question for missing facts",
        Asked => "the question for missing facts",
        Completed => "the news that the report is complete",
        Accepted => "the news that it was accepted",
        SeverityChanged => "the news about its severity",
        Resolved => "the request to try the fix",
        TrialReminder => "the reminder to try the fix",
        Heard => "the news that we heard it still fails",
        Live => "the news that it is in production",
        CauseFixed => "the news that its cause is fixed",
        Reopened => "the news that it is taken up again",
        Closed => "the news that it is closed",
        Left => "the news that they take part no longer",
        Correspondence => "the reply",
        StaffNew => "the notice of a new ticket",
        StaffReply => "the notice of a reply",
        StaffIncomplete => "the notice that facts are missing",
        StaffDue => "the warning of what is due",
        StaffSeverity => "the notice of its severity",
        StaffBreached => "the notice of a broken promise",
        StaffAssigned => "the notice of an assignment",
        StaffReopened => "the notice that it is open again",
        StaffAwake => "the notice that it is back",
        StaffTranscript => "the answer to commands",
        StaffHeld => "the notice of held words",
        StaffUndeliverable => "the notice of an undeliverable mail",
        StaffCluster => "the notice of a common cause",
        StaffAway => "the notice of an absence",
        StaffHandover => "the handover",
        StaffWelcome => "the link to sign in",
        StaffFactors => "the news about second factors",
        StaffAlarm => "the alarm",
        Page => "the call",
        PagedAgain => "the call to everybody",
        PageTaken => "the news that somebody has it",
        UpdateDue => "the reminder of promised news",
        UpdateMissed => "the news that promised news did not come",
        ShiftPlan => "the plan of shifts",
        Shifts => "the list of shifts",
        ShiftSoon => "the news that a shift begins",
        SprintCandidates => "the list for the next sprint",
        StakeholderUpdate => "the news to stakeholders",
        StakeholderDigest => "the digest",
    }
}

/// The same by its word; what another version wrote is shown as it is.
pub(super) fn called_by_word(notice: Option<&str>) -> String {
    let known = notice.and_then(|word| Notice::from_word(word).ok());
    known.map_or_else(|| "a mail of ours".to_owned(), |notice| called(notice).to_owned())
}

/// Why a mail did not arrive, in a clause: "there is no such mailbox".
pub fn reason_in_words(reason: Reason) -> &'static str {
    match reason {
        Reason::UserUnknown => "there is no such mailbox",
        Reason::MailboxFull => "the mailbox is full",
        Reason::MailboxDisabled => "the mailbox is locked or unused",
        Reason::Moved => "the mailbox is elsewhere now",
        Reason::HostUnknown => "there is no such domain",
        Reason::TakesNoMail => "the domain takes no mail",
        Reason::Unreachable => "their server could not be reached",
        Reason::Expired => "it was tried for too long",
        Reason::TooBig => "it is too large",
        Reason::Blocked => "their server refuses ours",
        Reason::Spam => "it was taken for spam",
        Reason::Virus => "it was taken for a virus",
        Reason::Authentication => "nothing vouches for us there (SPF, DKIM or DMARC)",
        Reason::SenderRefused => "our sender address is refused",
        Reason::Relaying => "the server does not relay for us",
        Reason::Policy => "a rule of theirs forbids it",
        Reason::Content => "its form or content was refused",
        Reason::TooMany => "there were too many mails at once",
        Reason::System => "their mail system is at fault",
        Reason::Refused => "the recipient refuses it",
        Reason::Unknown => "nobody says why",
    }
}

/// A fact of a report: "the steps to reproduce it".
pub(super) fn fact(word: &str) -> &str {
    match word {
        "steps" => "the steps that lead there",
        "actual" => "what happens",
        "expected" => "what was expected",
        other => other,
    }
}

/// A clock: "the first answer".
pub(super) fn clock(word: Option<&str>) -> &str {
    match word {
        Some("first-answer") => "first answer",
        Some("next-update") => "next update",
        Some("resolution") => "resolution",
        Some(other) => other,
        None => "promise",
    }
}
