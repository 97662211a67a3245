//! A ticket as its page in the console shows it: the thread, what the gate found in it, what is known beside it, what
//! became of our mails, and what happened, in words.
//!
//! What does not need the answer of another question is asked at once: the questions go down one connection together,
//! and a page takes the time of four or five of them instead of thirty.
//!
//! Everything is asked for by an index, and only what is shown: of a long thread the newest entries, of a long journal
//! the newest lines. Nothing here changes anything. Signed links that mails carry, which are good for one reader, are
//! shown to nobody else.

mod facts;
mod mails;
mod relations;
mod slots;
mod story;
mod thread;

use std::collections::HashMap;

use futures::TryFutureExt;
use jiff::Timestamp;
use serde::Serialize;

use super::{ClockLine, Desk, DeskError};
use crate::{
    domain::{MessageRowId, TicketId, Word},
    mail,
    store::{self, Conn, downloads, journal::SYSTEM, messages::Direction, sight},
    ticket::Status,
};

pub use facts::{FactsSight, IncidentSight, PersonSight, Step};
pub use mails::{Delivery, MailGroup};
pub use relations::{HeldSight, OtherSight, Relation, ReleaseSight};
pub use slots::{GateSight, SlotSight};
pub use story::StoryLine;
pub use thread::{EntrySight, FileSight, ThreadSight, is_picture};

/// How much of a ticket is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extent {
    /// The entry with which the thread begins; the newest forty where none is named.
    pub from: Option<i64>,
    /// The whole journal, not the newest lines alone.
    pub whole_journal: bool,
}

/// A ticket as its page shows it.
#[derive(Debug, Serialize)]
pub struct Sight {
    /// What is known of it.
    pub facts: FactsSight,
    /// What was written.
    pub thread: ThreadSight,
    /// What the gate found.
    pub gate: GateSight,
    /// What is promised.
    pub clocks: Vec<ClockLine>,
    /// Who takes part from outside.
    pub people: Vec<PersonSight>,
    /// Who reads along.
    pub followers: Vec<PersonSight>,
    /// The newest other tickets of who reported it.
    pub theirs: Vec<OtherSight>,
    /// Tickets that have to do with it.
    pub relations: Vec<Relation>,
    /// Releases that name it.
    pub releases: Vec<ReleaseSight>,
    /// Words that were not sent at once, and wait.
    pub held: Vec<HeldSight>,
    /// Who is on call for it.
    pub incident: Option<IncidentSight>,
    /// Mails of ours that are in no thread, the newest.
    pub mails: Vec<MailGroup>,
    /// What happened, the newest first.
    pub story: Vec<StoryLine>,
    /// More happened before that.
    pub more_story: bool,
}

/// What addresses are called on this page.
#[derive(Clone)]
pub(super) struct Names(HashMap<String, String>);

impl Desk {
    /// Collects what the page of a ticket shows.
    ///
    /// # Errors
    /// [`DeskError::NoTicket`].
    pub async fn sight(
        &self,
        conn: &Conn,
        id: TicketId,
        extent: Extent,
        now: Timestamp,
    ) -> Result<Sight, DeskError> {
        let (ticket, company, slots) = tokio::try_join!(
            self.ticket(conn, id),
            store::participants::of(conn, id).err_into(),
            store::slots::of(conn, id).err_into(),
        )?;
        let mut names = Names::of_staff(self);
        names.learn(company.iter().map(|(person, _)| (person.address.clone(), person.name.clone())));
        let (thread, clocks, facts, followers, theirs, relations, releases, held, incident, mails, story) = tokio::try_join!(
            self.thread_sight(conn, id, extent.from, &slots, &names, now),
            self.clocks_of(conn, &ticket, now),
            self.facts_sight(conn, &ticket, &company, now),
            sight::followers(conn, id).err_into(),
            self.theirs(conn, &ticket),
            self.relations(conn, &ticket),
            sight::releases_of(conn, id).err_into(),
            self.held_sight(conn, id, &names),
            self.incident_sight(conn, &ticket, now),
            self.mails_beside(conn, &ticket, now),
            self.story_sight(conn, id, extent.whole_journal, names.clone()),
        )?;
        let (story, more_story) = story;
        Ok(Sight {
            facts,
            gate: slots::gate(self, &ticket, &slots, &thread),
            clocks: clocks.iter().map(|clock| ClockLine::of(clock, now)).collect(),
            people: company.iter().map(|(person, part)| PersonSight::taking_part(person, *part)).collect(),
            followers: facts::followers(followers),
            theirs,
            relations,
            releases: relations::releases(releases),
            held,
            incident,
            mails,
            thread,
            story,
            more_story,
        })
    }

    /// The HTML of an entry, made inert, and how many pictures it lacks; nothing where there is none that can be shown.
    /// Its own pictures are shown from `picture`, which gives the address of a file by its row and digest.
    ///
    /// # Errors
    /// [`DeskError::NoTicket`] where the entry is none of this ticket.
    pub async fn entry_html(
        &self,
        conn: &mut Conn,
        (ticket, entry): (TicketId, MessageRowId),
        picture: impl Fn(i64, &str) -> String,
    ) -> Result<Option<(String, usize)>, DeskError> {
        let body = sight::body(conn, ticket, entry).await?.ok_or(DeskError::NoTicket(ticket))?;
        let Some(html) = body.1.filter(|html| !html.is_empty()) else { return Ok(None) };
        let files = sight::files_of(conn, &[entry.0]).await?;
        let mut pictures: HashMap<String, Option<String>> = HashMap::new();
        for file in files {
            let Some(id) = file.content_id else { continue };
            let shown = is_picture(&file.head).is_some() && file.size_bytes <= thread::LARGEST_PICTURE;
            let address = shown.then(|| picture(file.id, &thread::address_digest(&file.sha256)));
            pictures.entry(id).or_insert(address);
        }
        let html = self.without_links(&html);
        // Megabytes of it take a while; what makes a library panic is not shown.
        let made = tokio::task::spawn_blocking(move || {
            mail::inert_counting(&html, |id| pictures.get(id).cloned().flatten())
        });
        Ok(made.await.unwrap_or_default())
    }

    /// The whole text of an entry.
    ///
    /// # Errors
    /// [`DeskError::NoTicket`] where the entry is none of this ticket.
    pub async fn entry_text(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        entry: MessageRowId,
    ) -> Result<String, DeskError> {
        let body = sight::body(conn, ticket, entry).await?.ok_or(DeskError::NoTicket(ticket))?;
        Ok(self.without_links(&body.0))
    }

    /// The mail that made an entry, byte for byte save that what is its author's alone is covered ([`mail::source`]);
    /// nothing where no mail did. Mails of ours are not shown so: they carry links that are their readers' own.
    ///
    /// # Errors
    /// The database's; [`DeskError::Panicked`].
    pub async fn entry_source(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        entry: MessageRowId,
    ) -> Result<Option<Vec<u8>>, DeskError> {
        let Some(raw) = sight::source(conn, ticket, entry).await? else { return Ok(None) };
        // Megabytes of it take a while.
        Ok(Some(tokio::task::spawn_blocking(move || mail::source(raw)).await?))
    }

    /// A file of a ticket, by its row and the beginning of its digest: its name and its bytes. In a mail that somebody
    /// attached or saved the same is covered as in a source.
    ///
    /// # Errors
    /// The database's; [`DeskError::Panicked`].
    pub async fn ticket_file(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        id: i64,
        digest: &str,
    ) -> Result<Option<(String, Vec<u8>)>, DeskError> {
        let Some(file) = downloads::find(conn, ticket, id).await? else { return Ok(None) };
        if thread::address_digest(&file.sha256) != digest {
            return Ok(None);
        }
        let bytes = sight::content(conn, &file.sha256).await?;
        let bytes = handed_out(file.direction.0, (&file.name, &file.mime), bytes).await?;
        Ok(Some((file.name, bytes)))
    }

    /// The way of a ticket through the statuses, as the site calls them.
    fn way(&self, ticket: &store::tickets::Ticket) -> Vec<Step> {
        let at = ticket.status.0;
        let step = |&status: &Status| {
            let label = match status == at {
                true => self.state_of(ticket).shown(),
                false => self.settings.workflow.state(status, None).shown(),
            };
            let place = match status.cmp(&at) {
                std::cmp::Ordering::Less => "past",
                std::cmp::Ordering::Equal => "now",
                std::cmp::Ordering::Greater => "ahead",
            };
            Step { label: label.to_owned(), place }
        };
        Status::ALL.iter().map(step).collect()
    }
}

/// The bytes of a file for others than who sent it. What we sent to customers is theirs as it is, and only a mail or a page
/// that somebody saved is looked into: elsewhere what looks like a seal may be a key that somebody needs.
pub(super) async fn handed_out(
    direction: Direction,
    (name, mime): (&str, &str),
    bytes: Vec<u8>,
) -> Result<Vec<u8>, DeskError> {
    let (name, mime) = (name.to_lowercase(), mime.to_lowercase());
    let saved = name.split('.').skip(1).any(|part| ["eml", "mht", "mhtml", "htm", "html"].contains(&part));
    let is_mail = ["message/", "multipart/", "text/html"].iter().any(|begins| mime.starts_with(begins));
    if direction == Direction::Out || !(saved || is_mail) {
        return Ok(bytes);
    }
    Ok(tokio::task::spawn_blocking(move || mail::source(bytes)).await?)
}

impl Names {
    fn of_staff(desk: &Desk) -> Names {
        let staff = desk.settings.staff.iter();
        Names(staff.map(|staff| (staff.email.to_string(), staff.name.clone())).collect())
    }

    fn learn(&mut self, more: impl IntoIterator<Item = (String, String)>) {
        for (address, name) in more.into_iter().filter(|(_, name)| !name.trim().is_empty()) {
            self.0.entry(address).or_insert(name);
        }
    }

    /// The name that goes with an address; the address where there is none.
    fn of<'a>(&'a self, address: &'a str) -> &'a str {
        match self.0.get(address) {
            _ if address == SYSTEM => "Deskgate",
            Some(name) => name,
            None => address,
        }
    }
}
