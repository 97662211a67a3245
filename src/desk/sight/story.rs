//! The journal in words, with the names, references and statuses of this desk.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::{
    super::{Desk, DeskError, TicketView},
    Names,
};
use crate::{
    domain::{TicketId, Word, text},
    store::{Conn, journal::SYSTEM, sight},
    ticket::{
        Status,
        story::{self, Piece},
    },
};

/// So many lines are shown unless somebody wants all.
const LINES: i64 = 40;
/// More than this nobody reads on one page.
const ALL_LINES: i64 = 2_000;
/// Words of a person or a server, beyond which they are cut: the thread has them whole.
const QUOTED: usize = 600;

/// Something that happened.
#[derive(Debug, Serialize)]
pub struct StoryLine {
    /// When.
    pub at: Timestamp,
    /// The desk did it by itself.
    pub by_itself: bool,
    /// The word of the journal.
    pub event: String,
    /// The sentence.
    pub pieces: Vec<StoryPiece>,
    /// Why it happened.
    pub why: Vec<String>,
    /// Words that belong to it.
    pub quote: Option<String>,
}

/// A part of a sentence.
#[derive(Debug, Serialize)]
pub struct StoryPiece {
    /// The words; empty for a moment.
    pub text: String,
    /// The ticket that they name.
    pub ticket: Option<TicketId>,
    /// The address of the person that they name.
    pub person: Option<String>,
    /// The moment that they name.
    pub at: Option<Timestamp>,
}

impl StoryLine {
    /// The sentence as one text, with moments in a zone.
    pub fn text(&self, zone: &jiff::tz::TimeZone) -> String {
        let shown = |piece: &StoryPiece| match piece.at {
            Some(at) => at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string(),
            None => piece.text.clone(),
        };
        self.pieces.iter().map(shown).collect()
    }
}

impl Desk {
    pub(super) async fn story_sight(
        &self,
        conn: &Conn,
        ticket: TicketId,
        whole: bool,
        mut names: Names,
    ) -> Result<(Vec<StoryLine>, bool), DeskError> {
        let limit = if whole { ALL_LINES } else { LINES };
        let mut entries = sight::journal(conn, ticket, limit + 1).await?;
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = entries.len() > most;
        entries.truncate(most);
        let mut lines = Vec::new();
        let mut unknown = Vec::new();
        for entry in entries {
            let told = story::tell(&entry.event, &entry.actor, &entry.detail);
            unknown.extend(told.said.iter().filter_map(|piece| match piece {
                Piece::Person(address) if names.of(address) == address => Some(address.clone()),
                _ => None,
            }));
            lines.push((entry, told));
        }
        self.learn_names(conn, unknown, &mut names).await?;
        let line = |(entry, told): (crate::store::journal::Entry, story::Telling)| StoryLine {
            at: entry.at.to_jiff(),
            by_itself: entry.actor == SYSTEM,
            event: entry.event,
            pieces: told.said.into_iter().map(|piece| self.piece(piece, &names)).collect(),
            why: told.why,
            quote: told.quote.map(|words| shortened(&self.without_links(&words)).to_owned()),
        };
        Ok((lines.into_iter().map(line).collect(), more))
    }

    async fn learn_names(
        &self,
        conn: &Conn,
        mut addresses: Vec<String>,
        names: &mut Names,
    ) -> Result<(), DeskError> {
        addresses.sort();
        addresses.dedup();
        if !addresses.is_empty() {
            let asked: Vec<&str> = addresses.iter().map(String::as_str).collect();
            names.learn(sight::names(conn, &asked).await?);
        }
        Ok(())
    }

    fn piece(&self, piece: Piece, names: &Names) -> StoryPiece {
        let words = |text: String| StoryPiece { text, ticket: None, person: None, at: None };
        match piece {
            Piece::Words(text) => words(text),
            Piece::Person(address) => {
                StoryPiece { person: Some(address.clone()), ..words(names.of(&address).to_owned()) }
            }
            Piece::Ticket(id) => StoryPiece { ticket: Some(id), ..words(self.reference(id)) },
            Piece::Moment(at) => StoryPiece { at: Some(at), ..words(String::new()) },
            Piece::Status { means, name } => words(match Status::from_word(&means) {
                Ok(status) => self.settings.workflow.state(status, name.as_deref()).shown().to_owned(),
                Err(_) => means,
            }),
        }
    }

    /// The journal of a ticket that was shown, in words, oldest first.
    pub fn story(&self, shown: &TicketView) -> Vec<StoryLine> {
        let mut names = Names::of_staff(self);
        let known = shown.participants.iter().chain(&shown.requester);
        let word = |of: &Value, key: &str| of[key].as_str().unwrap_or_default().to_owned();
        names.learn(known.map(|person| (word(person, "address"), word(person, "name"))));
        let line = |entry: &Value| {
            let (event, actor) = (word(entry, "event"), word(entry, "actor"));
            let told = story::tell(&event, &actor, &entry["detail"]);
            StoryLine {
                at: entry["at"].as_str().and_then(|at| at.parse().ok()).unwrap_or_default(),
                by_itself: actor == SYSTEM,
                event,
                pieces: told.said.into_iter().map(|piece| self.piece(piece, &names)).collect(),
                why: told.why,
                quote: told.quote,
            }
        };
        shown.journal.iter().map(line).collect()
    }
}

fn shortened(words: &str) -> &str {
    text::prefix(words, QUOTED)
}
