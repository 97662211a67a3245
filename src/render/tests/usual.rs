//! The usual facts of each notice.

use super::*;
use crate::ticket::ClosedAs;

/// What each notice is usually written from.
pub(super) fn usual(notice: Notice) -> Context {
    let full = samples::full();
    match notice {
        Notice::Acknowledged => Context { follow_up_of: None, words: None, author: None, ..full },
        Notice::AskedAgain | Notice::Asked | Notice::Completed => {
            Context { words: None, author: None, ..full }
        }
        Notice::Closed => {
            let ticket = TicketView { closed_as: Some(ClosedAs::Answered), ..full.ticket };
            Context { ticket, duplicate_of: None, ..full }
        }
        Notice::StaffUndeliverable => Context { hint: None, ..full },
        Notice::Left => Context { page: None, words: None, ..full },
        Notice::StaffAlarm => Context { ticket: no_ticket("A mail is in quarantine"), ..full },
        Notice::StaffFactors => {
            let trouble = "Ada Admin took the second factors of your account away (one-time codes, 2 passkeys). You are signed out everywhere.";
            Context { ticket: no_ticket("Your second factors"), trouble: Some(trouble.into()), ..full }
        }
        Notice::StaffWelcome => Context { ticket: no_ticket("Your account"), ..full },
        Notice::StaffAway => {
            let trouble = Some("Bob Agent is away from 2026-12-01 to 2026-12-10.".into());
            Context { ticket: no_ticket("Bob Agent is away, and has 2 open tickets"), trouble, ..full }
        }
        Notice::StaffHandover => {
            let words = "It is your turn in support until Mon 30 Nov 09:00 CET. Until now it was the turn of Ann Example.";
            let mut items = full.items.clone();
            items[0].facts = "accepted · severity 1 · shop · Ann Example has it".into();
            items[1].facts = "new · nobody has it".into();
            Context {
                ticket: no_ticket("You are on duty: support"),
                trouble: Some(words.into()),
                items,
                ..full
            }
        }
        Notice::SprintCandidates => {
            let ticket = no_ticket("What comes in sprint 3 (2026-11-30 to 2026-12-13)?");
            Context { ticket, trouble: None, ..full }
        }
        Notice::StakeholderUpdate => Context {
            on_copy: vec![],
            due: vec![],
            because: None,
            follow_up_of: None,
            words: None,
            caution: None,
            related: vec![],
            attachments: vec![],
            changes: vec![
                Change { what: "Status".into(), from: "new → accepted".into(), to: "resolved".into() },
                Change { what: "Severity".into(), from: "3".into(), to: "2".into() },
                Change { what: "Assignee".into(), from: String::new(), to: "Bob Agent".into() },
            ],
            digest: None,
            ..full
        },
        Notice::StakeholderDigest => Context { update: None, ..full },
        Notice::StaffNew => Context { commands: vec![], ..full },
        Notice::StaffCluster => {
            let subject = "5 customers ask the same: Password reset mail never arrives".into();
            let ticket = TicketView { reference: "desk".into(), subject, ..TicketView::default() };
            Context { ticket, words: None, caution: None, ..full }
        }
        Notice::StaffIncomplete => Context {
            trouble: Some("The customer was asked 2 times, and something is still missing.".into()),
            commands: vec![CommandView { usage: "#no-report", what: "it is no problem report" }],
            ..full
        },
        Notice::StaffReply | Notice::StaffReopened => {
            let words = Some("It still fails.\n\nThe window closes at once.".into());
            Context { words, author: Some("Alice Example".into()), ..full }
        }
        Notice::StaffHeld => Context {
            trouble: Some("somebody else wrote after the notice that you answered was written".into()),
            transcript: vec![
                TranscriptLine {
                    said: "#take".into(),
                    answer: "assigned to bob@desk.test".into(),
                    done: true,
                },
                TranscriptLine {
                    said: "#resolve".into(),
                    answer: "held with your words, since it writes to the customer".into(),
                    done: false,
                },
            ],
            ..full
        },
        Notice::Page | Notice::PagedAgain => Context {
            words: Some("The shop answers every order with an error since two o'clock.".into()),
            author: None,
            commands: vec![CommandView { usage: "#ack", what: "you have it, and nobody else is called" }],
            ..full
        },
        Notice::ShiftPlan => Context {
            commands: vec![CommandView { usage: "#confirm", what: "the proposed shifts stand" }],
            ..full
        },
        Notice::PageTaken => Context { words: None, ..full },
        Notice::Shifts => Context {
            files: [calendar(&[Appointment::default()], jiff::Timestamp::UNIX_EPOCH)].into(),
            ..full
        },
        Notice::ShiftSoon => {
            let oncall = samples::oncall();
            Context { oncall: Some(OnCallView { shifts: oncall.shifts[1..2].to_vec(), ..oncall }), ..full }
        }
        _ => full,
    }
}

/// What mails about no ticket have instead of one.
fn no_ticket(title: &str) -> TicketView {
    TicketView { reference: "desk".into(), subject: title.into(), ..TicketView::default() }
}
