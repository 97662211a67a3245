//! The page of a ticket behind a signed link, for one of those who take part in it.
//!
//! The link is good as long as its person takes part, and while the ticket is open or may be
//! opened again. It shows what is public: to who reported it everything, to who was brought in
//! later what came since. No link of anybody's is shown, quoted or not.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Desk, DeskError, actors::customer, page_files};
use crate::{
    domain::{Language, NamedAddress, Purpose, Slot, TicketId, Word, link, text},
    render::{Participant, PublicEntry, StatusPage},
    store::{
        self, Conn,
        exhibits::{self, Exhibit},
        messages::Direction,
        participants::{self, Part},
        people::Person,
        releases,
        tickets::{self, Ticket},
        timers,
    },
    ticket::{
        Status, Timer,
        rights::{self, Actor, Evidence, Wish},
        workflow::Event,
    },
};

/// Somebody at the page of a ticket.
pub(super) struct Visitor {
    pub person: Person,
    pub named: NamedAddress,
    pub part: Part,
    since: Timestamp,
}

impl Visitor {
    /// What they are to the ticket.
    pub(super) fn actor(&self) -> Actor {
        self.part.actor()
    }

    /// Whether an entry, and what came with it, is for their eyes.
    pub(super) fn sees(&self, staff_only: bool, direction: Direction, at: Timestamp) -> bool {
        let public = !staff_only && direction != Direction::Note;
        public && (self.may(Wish::ReadPage) || at >= self.since)
    }

    /// Whether they may do this by their link.
    fn may(&self, wish: Wish) -> bool {
        rights::may(self.actor(), Evidence::PageLink, wish).is_ok()
    }
}

impl Desk {
    /// What a link to a page shows, and in which language; `None` when it leads nowhere.
    /// Changes nothing.
    ///
    /// # Errors
    /// The database's.
    pub async fn status_page(
        &self,
        conn: &mut Conn,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<(Language, StatusPage)>, DeskError> {
        let Some((id, person)) = self.key.open_link(Purpose::Page, token) else { return Ok(None) };
        let id = self.whole(conn, id).await?;
        let Some(ticket) = tickets::find(conn, id).await? else { return Ok(None) };
        let Some(visitor) = self.visitor(conn, &ticket, person, now).await? else { return Ok(None) };
        let language = visitor.person.language().unwrap_or(ticket.language.0);
        let page = StatusPage {
            reference: self.reference(id),
            subject: ticket.subject.clone(),
            status: ticket.status.0,
            labels: self.labels(&ticket, language),
            closed_as: ticket.closed_as.map(|stored| stored.0),
            until: self.until(conn, id).await?,
            live: matches!(ticket.status.0, Status::Resolved | Status::Verified)
                && releases::live_in(conn, id).await?.is_some(),
            may_try: visitor.part == Part::Requester && self.reporters_yes(conn, &ticket).await?.is_some(),
            may_leave: visitor.may(Wish::Leave),
            thanks: false,
            entries: self.public_entries(conn, id, &visitor, token).await?,
            people: people(conn, id).await?,
            lacking: self.lacking(conn, &ticket, &visitor).await?,
            zone: Some(self.settings.site.zone.clone()),
            script: String::new(),
            most_files: self.settings.limits.page_files,
            most_bytes: self.settings.limits.page_bytes,
        };
        Ok(Some((language, page)))
    }

    /// The language of whoever holds a link; `None` when it leads nowhere.
    ///
    /// # Errors
    /// The database's.
    pub async fn page_reader(
        &self,
        conn: &mut Conn,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<Language>, DeskError> {
        let Some((id, person)) = self.key.open_link(Purpose::Page, token) else { return Ok(None) };
        let id = self.whole(conn, id).await?;
        let Some(ticket) = tickets::find(conn, id).await? else { return Ok(None) };
        let visitor = self.visitor(conn, &ticket, person, now).await?;
        Ok(visitor.map(|visitor| visitor.person.language().unwrap_or(ticket.language.0)))
    }

    /// What its reporter was asked for and has not told yet.
    async fn lacking(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        visitor: &Visitor,
    ) -> Result<Vec<Slot>, DeskError> {
        let early = matches!(ticket.status.0, Status::New | Status::Accepted);
        let asked = ticket.problem_report && ticket.waiting_for_customer && ticket.asks > 0;
        if !(early && asked && visitor.part == Part::Requester) {
            return Ok(Vec::new());
        }
        Ok(self.standing(conn, ticket.id).await?.missing)
    }

    /// What the site calls the statuses on the way, in a language: that in which the ticket stands, and the first of each
    /// other meaning.
    fn labels(&self, ticket: &Ticket, language: Language) -> BTreeMap<Status, String> {
        let state = |status: Status| match status == ticket.status.0 {
            true => self.state_of(ticket),
            false => self.settings.workflow.state(status, None),
        };
        let shown = |&status: &Status| Some((status, state(status).shown_in(language)?.to_owned()));
        Status::ALL.iter().filter_map(shown).collect()
    }

    /// Who is behind a link, as long as it is good.
    pub(super) async fn visitor(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        person: crate::domain::PersonId,
        now: Timestamp,
    ) -> Result<Option<Visitor>, DeskError> {
        let closed_at = ticket.closed_at.map(|at| at.to_jiff());
        let too_old = |at| now.duration_since(at).unsigned_abs() > self.settings.site.reopen_for;
        let for_good = || self.step(ticket, Event::Reopen, customer(ticket, Some(person))).is_err();
        if closed_at.is_some_and(|at| too_old(at) || for_good()) {
            return Ok(None);
        }
        let Some((part, since)) = participants::taking_part(conn, ticket.id, person).await? else {
            return Ok(None);
        };
        let Some(person) = store::people::find(conn, person).await? else { return Ok(None) };
        let named = person.named().filter(|_| part == Part::Cc || ticket.requester_proven);
        Ok(named.map(|named| Visitor { person, named, part, since }))
    }

    async fn public_entries(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        visitor: &Visitor,
        token: &str,
    ) -> Result<Vec<PublicEntry>, DeskError> {
        let files = page_files::listed(conn, ticket).await?;
        let seen =
            |entry: &Exhibit| visitor.sees(entry.staff_only, entry.direction.0, entry.created_at.to_jiff());
        let entries = exhibits::of(conn, ticket).await?.into_iter().filter(seen);
        let shown = entries.map(|entry| PublicEntry {
            direction: entry.direction.0.as_str(),
            at: entry.created_at.to_jiff(),
            own: self.without_links(words_of(&entry)),
            quoted: self.without_links(&format!("{}\n{}", entry.quoted_text, entry.signature_text)),
            files: page_files::shown(&files, entry.id, token),
            author: name_of(&entry.author),
        });
        Ok(shown.collect())
    }

    async fn until(&self, conn: &mut Conn, ticket: TicketId) -> Result<Option<jiff::civil::Date>, DeskError> {
        let ends = [Timer::TrialSilence, Timer::LastLookSilence];
        let set = timers::of(conn, ticket).await?;
        let ends = set.iter().find(|timer| ends.contains(&timer.kind.0));
        Ok(ends.map(|timer| self.last_day(timer.due_at.to_jiff())))
    }

    /// A text without the signed links that somebody's mail carried, which a reply may quote.
    pub fn without_links(&self, text: &str) -> String {
        let base = self.settings.site.base_url.as_str();
        let mut rest = text;
        let mut out = String::with_capacity(text.len());
        while let Some(at) = rest.find(base) {
            let (before, link) = rest.split_at(at);
            out.push_str(before);
            let path = &link[base.len()..];
            let end = path.find(|c: char| c.is_whitespace() || "<>\"')]".contains(c)).unwrap_or(path.len());
            let signed = path.starts_with("/page/") || path.starts_with("/leave/");
            out.push_str(if signed { "…" } else { &link[..base.len() + end] });
            rest = &path[end..];
        }
        out.push_str(rest);
        link::without_seals(&out, "…")
    }

    /// The same of a text of which no more than so many characters were fetched, without half of one at its end.
    pub(super) fn without_links_in(&self, fetched: &str, most_chars: i32) -> String {
        self.without_links(text::whole_words(fetched, usize::try_from(most_chars).unwrap_or_default()))
    }
}

async fn people(conn: &mut Conn, ticket: TicketId) -> Result<Vec<Participant>, DeskError> {
    let all = participants::of(conn, ticket).await?;
    let shown = all.iter().filter_map(|(person, part)| {
        Some(Participant { name: person.named()?.called().to_owned(), role: part.as_str() })
    });
    Ok(shown.collect())
}

/// What an entry says. Our mails end with how to answer them and where their page is, which is here.
fn words_of(entry: &Exhibit) -> &str {
    let own = entry.own_text.as_str();
    match entry.direction.0 {
        Direction::Out => own.rsplit_once("\n-- \n").map_or(own, |(said, _)| said),
        Direction::In | Direction::Note => own,
    }
}

/// `Anna Example` of `Anna Example <anna@example.org>`.
fn name_of(author: &str) -> String {
    match author.rsplit_once(" <") {
        Some((name, _)) if !name.trim().is_empty() => name.trim().to_owned(),
        _ => author.to_owned(),
    }
}
