//! What staff said of the gate's reading, as labelled data.

use serde::Serialize;

use super::{Desk, DeskError};
use crate::{
    domain::{Language, MessageRowId, Slot, TicketId, reference},
    store::{self, Conn, examples::Example},
    ticket::{Part, StaffSay},
};

/// What a customer had written when staff spoke of it, in the form of the gate's labelled data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Labelled {
    /// The ticket and the last mail, `DG-17-45`.
    pub id: String,
    /// The language of the ticket.
    pub lang: Language,
    /// The subject of the ticket.
    pub subject: String,
    /// The customer's own words, mail by mail, a blank line between.
    pub text: String,
    /// Whether it is a problem report.
    pub problem_report: bool,
    /// Whether it says what happened; `null` where nobody said.
    pub ob: Option<bool>,
    /// Whether it says what was expected.
    pub eb: Option<bool>,
    /// Whether it says what was done.
    pub s2r: Option<bool>,
    /// Staff speak of reports, not of sentences: always empty.
    pub sentences: Vec<()>,
}

impl Desk {
    /// All that staff said of the gate's reading: one for each state of a report about which they spoke.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn examples(&self, conn: &mut Conn) -> Result<Vec<Labelled>, DeskError> {
        let all = store::examples::all(conn).await?;
        // They come ticket by ticket: the words of one are at hand.
        let mut at_hand: Option<(TicketId, Vec<(MessageRowId, String)>)> = None;
        let mut labelled = Vec::new();
        for said in all.chunk_by(|a, b| (a.ticket, a.message) == (b.ticket, b.message)) {
            let Some(last) = said.last() else { continue };
            if at_hand.as_ref().is_none_or(|(ticket, _)| *ticket != last.ticket) {
                at_hand = Some((last.ticket, store::examples::customers_words(conn, last.ticket).await?));
            }
            let mails = at_hand.as_ref().map(|(_, mails)| mails.as_slice()).unwrap_or_default();
            labelled.push(self.labelled(last, said, mails));
        }
        Ok(labelled)
    }

    fn labelled(&self, about: &Example, said: &[Example], mails: &[(MessageRowId, String)]) -> Labelled {
        let until = mails.iter().filter(|(id, _)| id.0 <= about.message);
        let text: Vec<&str> =
            until.map(|(_, words)| words.trim()).filter(|words| !words.is_empty()).collect();
        let problem_report = last(said, Part::ProblemReport).unwrap_or(true);
        let has = |slot: Slot| match problem_report {
            true => last(said, slot.into()),
            false => Some(false),
        };
        let reference = reference::reference(&self.settings.site.reference, about.ticket);
        Labelled {
            id: format!("{reference}-{}", about.message),
            lang: about.language.0,
            subject: about.subject.clone(),
            text: self.without_links(&text.join("\n\n")),
            problem_report,
            ob: has(Slot::Actual),
            eb: has(Slot::Expected),
            s2r: has(Slot::Steps),
            sentences: Vec::new(),
        }
    }
}

/// What was said last of a part; `None` where nobody said whether it is there.
fn last(said: &[Example], part: Part) -> Option<bool> {
    match said.iter().rfind(|example| example.part.0 == part)?.staff_say.0 {
        StaffSay::Present => Some(true),
        StaffSay::Missing => Some(false),
        StaffSay::Enough => None,
    }
}
