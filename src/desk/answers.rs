//! Answers to mails of ours that are about no one ticket: lists, plans, digests.
//!
//! Such a mail was sent to one person alone; whoever answers must be that person, proven. What is answered is
//! done by the use case that wrote, in the commit that takes the mail in, and its author gets a transcript.

use super::{Desk, DeskError, case::Case};
use crate::{
    domain::Kind,
    mail::Clues,
    render::{Context, TranscriptLine},
    store::{self, Conn},
    ticket::Notice,
    triage::Answered,
};

/// The mails of ours about no ticket that take answers. What is answered to others opens a ticket.
const TAKE_ANSWERS: &[Notice] =
    &[Notice::StaffCluster, Notice::StaffAway, Notice::StaffHandover, Notice::SprintCandidates];

impl Desk {
    /// The mail of ours about no ticket that this one answers, where such mails take answers and where it was sent to
    /// the author alone.
    pub(super) async fn answered_mail(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        clues: &Clues,
    ) -> Result<Option<Answered>, DeskError> {
        let (Some(author), Kind::Human | Kind::AutoReply) = (case.mail.author(), case.mail.kind) else {
            return Ok(None);
        };
        if let Some(answered) = self.answered_list(conn, case, clues).await? {
            return Ok(Some(answered));
        }
        let line = match clues.ids.is_empty() {
            true => None,
            false => store::outbox::of_notices(conn, TAKE_ANSWERS, &clues.ids, &author.address).await?,
        };
        let person = case.known.author.as_ref().map(|person| person.id);
        let holds_address = clues
            .reply_tags
            .iter()
            .any(|(ticket, whose)| *ticket == super::letters::NO_TICKET && Some(*whose) == person);
        let line = match line {
            None if holds_address => {
                store::outbox::last_about_no_ticket(conn, TAKE_ANSWERS, &author.address).await?
            }
            found => found,
        };
        Ok(line.map(|line| Answered { item: line.id, notice: line.notice.0, leaves: false }))
    }

    /// Does what an answer says, and tells its author what became of it.
    pub(super) async fn hear_answer(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        answered: &Answered,
    ) -> Result<(), DeskError> {
        let author = if answered.leaves { case.mail.author() } else { case.mail.proven_author() };
        let Some(author) = author.cloned() else { return Ok(()) };
        // An arm for each of TAKE_ANSWERS.
        let transcript: Vec<TranscriptLine> = match answered.notice {
            Notice::StaffCluster => {
                Box::pin(self.hear_of_cluster(conn, case, &author, answered.item)).await?
            }
            Notice::StaffAway | Notice::StaffHandover => {
                self.hear_assignments(conn, case, &author, (answered.notice, answered.item)).await?
            }
            Notice::SprintCandidates => self.hear_order(conn, case, &author, answered.item).await?,
            Notice::StakeholderUpdate | Notice::StakeholderDigest => {
                self.hear_reader(conn, case, answered.item, &author).await?
            }
            // The others take no answers, or are about a ticket, which their answers join.
            Notice::Acknowledged
            | Notice::AskedAgain
            | Notice::Asked
            | Notice::Completed
            | Notice::Accepted
            | Notice::SeverityChanged
            | Notice::Resolved
            | Notice::TrialReminder
            | Notice::Heard
            | Notice::Live
            | Notice::CauseFixed
            | Notice::Reopened
            | Notice::Closed
            | Notice::Left
            | Notice::Correspondence
            | Notice::StaffWelcome
            | Notice::StaffFactors
            | Notice::StaffNew
            | Notice::StaffReply
            | Notice::StaffIncomplete
            | Notice::StaffDue
            | Notice::StaffSeverity
            | Notice::StaffBreached
            | Notice::StaffAssigned
            | Notice::StaffReopened
            | Notice::StaffAwake
            | Notice::StaffTranscript
            | Notice::StaffHeld
            | Notice::StaffUndeliverable
            | Notice::StaffAlarm
            | Notice::Page
            | Notice::PagedAgain
            | Notice::PageTaken
            | Notice::UpdateDue
            | Notice::UpdateMissed
            | Notice::ShiftPlan
            | Notice::Shifts
            | Notice::ShiftSoon => Vec::new(),
        };
        if transcript.is_empty() {
            return Ok(());
        }
        let context = Context { transcript, ..Context::default() };
        self.write_to(conn, Notice::StaffTranscript, &author, "What became of your answer", context, case.now)
            .await
    }
}
