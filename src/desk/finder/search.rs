//! The search: the ticket that was named, then subjects, then what was written, the newest first.

use diesel_async::AsyncConnection;
use futures::TryFutureExt;
use jiff::Timestamp;
use serde::Serialize;
use tokio::{sync::OnceCell, time::Instant};

use super::{
    super::{Desk, DeskError},
    Row,
    looks::{Place, Search, WHOLE_TIME},
    resolve::{said, titled_by},
    too_long::{narrower, took_too_long},
};
use crate::{
    domain::TicketId,
    settings::Staff,
    store::{
        self, Conn,
        finder::words::{self, PASSAGE_CHARS, Passage},
    },
    ticket::query::{Cursor, Needles, Piece, Query, Sort, excerpt},
};

/// So much time each question of a search has, in milliseconds.
const SEARCH_TIME: &str = "1500";
/// Said then.
const GIVEN_UP: &str = "Not everything was looked through yet; the next page goes on from here.";
/// No page has more.
const MOST_HITS: u16 = 100;

/// A page of what was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The ticket that was named and is there: whoever asked means it.
    pub named: Option<TicketId>,
    /// What was found, the best first.
    pub hits: Vec<Hit>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
    /// What of the query was not understood, and why there may be more, a sentence each.
    pub notes: Vec<String>,
}

/// A ticket, and why it was found.
#[derive(Clone, Debug, Serialize)]
pub struct Hit {
    /// The ticket.
    pub row: Row,
    /// Its subject, with what was looked for.
    pub subject: Vec<Piece>,
    /// The place that shows why it was found.
    pub excerpt: Vec<Piece>,
    /// Who wrote that, as the mail named them.
    pub by: String,
    /// The entry of its thread where it stands.
    pub message: Option<i64>,
}

/// How far a search came.
#[derive(Default)]
struct Seen {
    /// All words as one `tsquery`.
    whole: String,
    /// What was found, in order.
    places: Vec<Place>,
    /// What of the query was not understood.
    notes: Vec<String>,
    /// Where the next page begins, once all looks are done.
    next: Option<Option<Cursor>>,
}

impl Desk {
    /// Looks for tickets by words and by what is true of them.
    ///
    /// # Errors
    /// Trouble with the database. A search that takes too long is none: it says so, and shows what it had found.
    pub async fn search(
        &self,
        conn: &mut Conn,
        who: &Staff,
        query: &Query,
        cursor: Option<&Cursor>,
        limit: u16,
        now: Timestamp,
    ) -> Result<Found, DeskError> {
        let named = match query.reference(&self.settings.site.reference) {
            Some(id) => store::tickets::find(conn, TicketId(id)).await?.map(|ticket| ticket.id),
            None => None,
        };
        if !query.has_words() {
            return self.filtered(conn, who, query, cursor, limit, now).await;
        }
        let limit = usize::from(limit.clamp(1, MOST_HITS));
        let mut seen = Seen::default();
        let searched = conn
            .transaction(async |conn| self.searched(conn, who, query, (cursor, limit), now, &mut seen).await);
        match searched.await {
            Ok(found) => Ok(Found { named, ..found }),
            Err(error) if took_too_long(&error) => {
                let hits = self.until_then(conn, query, &seen, now).await?;
                let last = seen.places.last().filter(|_| !hits.is_empty()).map(|(_, _, cursor)| *cursor);
                let notes = [narrower(query)].into_iter().chain(seen.notes).collect();
                Ok(Found { named, hits, next: seen.next.unwrap_or(last), notes })
            }
            Err(error) => Err(error),
        }
    }

    /// What was found before something took too long.
    async fn until_then(
        &self,
        conn: &mut Conn,
        query: &Query,
        seen: &Seen,
        now: Timestamp,
    ) -> Result<Vec<Hit>, DeskError> {
        if seen.places.is_empty() {
            return Ok(Vec::new());
        }
        let hits = conn.transaction(async |conn| {
            words::hurry(conn, SEARCH_TIME).await?;
            self.hits(conn, query, seen, now).await
        });
        match hits.await {
            Err(error) if took_too_long(&error) => Ok(Vec::new()),
            hits => hits,
        }
    }

    /// What only filters ask for: the newest first.
    async fn filtered(
        &self,
        conn: &mut Conn,
        who: &Staff,
        query: &Query,
        cursor: Option<&Cursor>,
        limit: u16,
        now: Timestamp,
    ) -> Result<Found, DeskError> {
        let listing = self.inbox(conn, who, query, (Sort::Created, cursor), limit, now).await?;
        let plain = |text: &str| excerpt(text, &Needles::default());
        let hit = |row: Row| Hit {
            subject: plain(&row.subject),
            excerpt: row.last.as_ref().map(|last| plain(&last.text)).unwrap_or_default(),
            by: row.last.as_ref().map(|last| last.by.clone()).unwrap_or_default(),
            message: None,
            row,
        };
        let hits = listing.rows.into_iter().map(hit).collect();
        Ok(Found { named: None, hits, next: listing.next, notes: listing.notes })
    }

    async fn searched(
        &self,
        conn: &Conn,
        who: &Staff,
        query: &Query,
        (cursor, limit): (Option<&Cursor>, usize),
        now: Timestamp,
        seen: &mut Seen,
    ) -> Result<Found, DeskError> {
        let said = said(query, false);
        // The time that each question has is set before they are asked, all on one way.
        let ((), wanted, terms, (ticket, entry)) = tokio::try_join!(
            biased;
            words::hurry(conn, SEARCH_TIME).err_into(),
            self.filters(conn, who, query, now),
            words::terms(conn, &said).err_into(),
            words::newest(conn).err_into(),
        )?;
        let all = terms.iter().map(|term| term.query.as_str()).filter(|query| !query.is_empty());
        seen.whole = all.map(|query| format!("({query})")).collect::<Vec<_>>().join(" & ");
        if seen.whole.is_empty() {
            let notes = vec!["There is nothing in these words that can be looked for.".to_owned()];
            return Ok(Found { notes, ..Found::default() });
        }
        let titled = said.iter().zip(&terms).filter(|(_, term)| !term.query.is_empty());
        let titled = titled.map(|((word, _), term)| titled_by(word, term)).collect();
        let filtered = query.filters().next().is_some();
        let search = Search {
            conditions: wanted.conditions,
            titled,
            whole: seen.whole.clone(),
            limit,
            filtered,
            left: OnceCell::new(),
            newest: (ticket, cursor.and_then(Search::began_at).unwrap_or(entry)),
            until: Instant::now() + WHOLE_TIME,
        };
        seen.notes = wanted.notes;
        let given_up = search.places(conn, cursor, &mut seen.places).await?;
        let more = seen.places.len() > limit;
        seen.places.truncate(limit);
        let next = seen.places.last().filter(|_| more).map(|(_, _, cursor)| *cursor).or(given_up);
        seen.next = Some(next);
        let hits = self.hits(conn, query, seen, now).await?;
        let unseen = given_up.map(|_| GIVEN_UP.to_owned());
        let notes = seen.notes.iter().cloned().chain(unseen).collect();
        Ok(Found { named: None, hits, next, notes })
    }

    async fn hits(
        &self,
        conn: &Conn,
        query: &Query,
        Seen { whole, places, .. }: &Seen,
        now: Timestamp,
    ) -> Result<Vec<Hit>, DeskError> {
        let ids: Vec<i64> = places.iter().map(|(id, ..)| *id).collect();
        let of: Vec<(i64, Option<i64>)> = places.iter().map(|(id, entry, _)| (*id, *entry)).collect();
        let (rows, mut passages) =
            tokio::try_join!(self.listed(conn, &ids, now), words::texts(conn, whole, &of).err_into())?;
        let needles = Needles::new(query, lexemes(whole));
        let hit = |row: Row| {
            let at = passages.iter().position(|passage| passage.ticket == row.id);
            let passage = at.map(|at| passages.swap_remove(at));
            let (said, by, message) = match passage {
                Some(Passage { said, author, message, .. }) => (said, author, Some(message)),
                None => (String::new(), String::new(), None),
            };
            Hit {
                subject: excerpt(&row.subject, &needles),
                excerpt: excerpt(&self.without_links_in(&said, PASSAGE_CHARS), &needles),
                by,
                message,
                row,
            }
        };
        Ok(rows.into_iter().map(hit).collect())
    }
}

/// The lexemes of a `tsquery` as PostgreSQL writes it.
fn lexemes(query: &str) -> Vec<String> {
    query.split('\'').skip(1).step_by(2).filter(|lexeme| !lexeme.contains('~')).map(str::to_owned).collect()
}
