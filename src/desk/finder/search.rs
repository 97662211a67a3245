//! The search: the ticket that was named, then subjects, then what was written, the newest first.

use std::time::Duration;

use diesel_async::AsyncConnection;
use futures::TryFutureExt;
use jiff::Timestamp;
use serde::Serialize;
use tokio::{sync::OnceCell, time::Instant};

use super::{
    super::{Desk, DeskError},
    Row,
    resolve::{said, titled_by},
    too_long::{narrower, took_too_long},
};
use crate::{
    domain::TicketId,
    settings::Staff,
    store::{
        self, Conn,
        finder::{
            Condition, Test,
            words::{self, PASSAGE_CHARS, Passage, Stretch},
        },
    },
    ticket::query::{Cursor, Needles, Piece, Query, Sort, Way, excerpt},
};

/// So much time each question of a search has, in milliseconds.
const SEARCH_TIME: &str = "1500";
/// After so long no further look is begun.
const WHOLE_TIME: Duration = Duration::from_secs(3);
/// So many of the newest are walked along first.
const WALK: i64 = 600;
/// Where at least each so many-th is found, the walk goes on, each time so much farther.
const DENSE: i64 = 150;
/// The same of subjects where there are filters: their index has all hits in a few milliseconds, but for such words.
const DENSE_SUBJECTS: i64 = 20;
const FARTHER: i64 = 8;
/// So many entries are taken from the index for each ticket of a page: a thread may be found by many.
const ENTRIES: i64 = 4;
/// Where there are filters, so many are taken at first.
const FILTERED: i64 = 500;
/// So many times the newest are looked at before all that filters leave, unless that is known already.
const ALONG: usize = 2;
/// Of no more tickets that filters leave, the entries are looked through one ticket after the other.
const FEW: i64 = 2500;
/// Of what is found often and mostly left out by filters, each look takes so much more, up to so much.
const MOST_LOOKED_AT: i64 = 2000;
/// A page is given up as it is after so many looks.
const LOOKS: usize = 6;
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

/// Subjects are looked through first.
const SUBJECTS: i64 = 0;
/// Then everything that was written.
const ENTRIES_TIER: i64 = 1;
/// The key of a cursor is a tier, and so many times the newest entry when the search began.
const TIERS: i64 = 2;

/// One that was found: the ticket, the entry where that is known, and its place.
type Place = (i64, Option<i64>, Cursor);

impl Desk {
    /// Looks for tickets by words and by what is true of them.
    ///
    /// # Errors
    /// Trouble with the database. A search that takes too long is none: it says so.
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
        let searched = conn.transaction(async |conn| {
            words::hurry(conn, SEARCH_TIME).await?;
            self.searched(conn, who, query, cursor, usize::from(limit.clamp(1, MOST_HITS)), now).await
        });
        match searched.await {
            Ok(found) => Ok(Found { named, ..found }),
            Err(error) if took_too_long(&error) => {
                Ok(Found { named, notes: vec![narrower(query)], ..Found::default() })
            }
            Err(error) => Err(error),
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
        cursor: Option<&Cursor>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Found, DeskError> {
        let said = said(query, false);
        let (wanted, terms, (ticket, entry)) = tokio::try_join!(
            self.filters(conn, who, query, now),
            words::terms(conn, &said).err_into(),
            words::newest(conn).err_into(),
        )?;
        let all = terms.iter().map(|term| term.query.as_str()).filter(|query| !query.is_empty());
        let whole = all.map(|query| format!("({query})")).collect::<Vec<_>>().join(" & ");
        if whole.is_empty() {
            let notes = vec!["There is nothing in these words that can be looked for.".to_owned()];
            return Ok(Found { notes, ..Found::default() });
        }
        let titled = said.iter().zip(&terms).filter(|(_, term)| !term.query.is_empty());
        let titled = titled.map(|((word, _), term)| titled_by(word, term)).collect();
        let filtered = query.filters().next().is_some();
        // What came since is not looked at, or it would take its ticket off the pages to come. Older cursors do not say.
        let began_at = cursor.map(|cursor| cursor.key.div_euclid(TIERS)).filter(|entry| *entry > 0);
        let newest = (ticket, began_at.unwrap_or(entry));
        let few = OnceCell::new();
        let until = Instant::now() + WHOLE_TIME;
        let search =
            Search { conditions: wanted.conditions, titled, whole, limit, filtered, few, newest, until };
        let (mut places, given_up) = search.places(conn, cursor).await?;
        let more = places.len() > limit;
        places.truncate(limit);
        let next = places.last().filter(|_| more).map(|(_, _, cursor)| *cursor).or(given_up);
        let hits = self.hits(conn, query, &search.whole, &places, now).await?;
        let unseen = given_up.map(|_| GIVEN_UP.to_owned());
        let notes = wanted.notes.into_iter().chain(unseen).collect();
        Ok(Found { named: None, hits, next, notes })
    }

    async fn hits(
        &self,
        conn: &Conn,
        query: &Query,
        whole: &str,
        places: &[Place],
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

/// What is looked for, in the order of the tiers.
struct Search {
    conditions: Vec<Condition>,
    /// Where in the subject, or in who reported it, each word must be found.
    titled: Vec<Test>,
    /// All words as one `tsquery`.
    whole: String,
    limit: usize,
    /// Something beside words was asked for.
    filtered: bool,
    /// The tickets that meet the conditions, where they are few; asked for when the newest do not fill a page.
    few: OnceCell<Option<Vec<i64>>>,
    /// The highest numbers of a ticket, and of an entry when the first page was asked for.
    newest: (i64, i64),
    /// No further look is begun behind this.
    until: Instant,
}

impl Search {
    /// The places behind a cursor, one more than a page has where there are more; and where to go on looking, where it
    /// was given up.
    async fn places(
        &self,
        conn: &Conn,
        cursor: Option<&Cursor>,
    ) -> Result<(Vec<Place>, Option<Cursor>), DeskError> {
        let at = |cursor: &Cursor| (cursor.key.rem_euclid(TIERS), cursor.id);
        let (tier, below) = cursor.map_or((SUBJECTS, i64::MAX), at);
        let (ticket, entry) = self.newest;
        let mut places = Vec::new();
        if tier == SUBJECTS {
            let given_up = self.walk(conn, SUBJECTS, below, ticket.saturating_add(1), &mut places).await?;
            if given_up.is_some() {
                return Ok((places, given_up));
            }
        }
        if !self.is_full(&places) {
            let began = if tier == ENTRIES_TIER { below } else { i64::MAX };
            let given_up = self.walk(conn, ENTRIES_TIER, began, entry.saturating_add(1), &mut places).await?;
            return Ok((places, given_up));
        }
        Ok((places, None))
    }

    fn is_full(&self, places: &[Place]) -> bool {
        places.len() > self.limit
    }

    async fn few(&self, conn: &Conn) -> Result<Option<&[i64]>, DeskError> {
        if !self.filtered {
            return Ok(None);
        }
        let few = self.few.get_or_try_init(async || {
            let few = words::some(conn, &self.conditions, FEW).await?;
            Ok::<_, DeskError>((few.len() < usize::try_from(FEW).unwrap_or(usize::MAX)).then_some(few))
        });
        Ok(few.await?.as_deref())
    }

    /// Along the newest as long as there is much; what is rare is looked up, and where filters leave few tickets, these
    /// are looked through. Where it was given up, if it was.
    async fn walk(
        &self,
        conn: &Conn,
        tier: i64,
        began: i64,
        end: i64,
        places: &mut Vec<Place>,
    ) -> Result<Option<Cursor>, DeskError> {
        let conditions = self.conditions_of(tier);
        let a_page = ENTRIES.saturating_mul(i64::try_from(self.limit).unwrap_or(i64::MAX)).saturating_add(1);
        let mut most = if self.filtered { a_page.max(FILTERED) } else { a_page };
        let dense = if self.filtered && tier == SUBJECTS { DENSE_SUBJECTS } else { DENSE };
        let (mut below, mut width) = (began.min(end), Some(WALK));
        // A thread that is found by hundreds of entries is not to fill all looks.
        let mut seen: Vec<i64> = Vec::new();
        for look in 0..LOOKS {
            let first = if self.few.initialized() { 1 } else { ALONG };
            let among = if look < first { None } else { self.few(conn).await? };
            let from = width.filter(|_| among.is_none()).map(|width| below.saturating_sub(width));
            most = if among.is_some() { MOST_LOOKED_AT } else { most };
            let stretch = Stretch { from, below, most };
            let found = match tier {
                SUBJECTS => words::subjects(conn, &self.at_once(from.is_some()), among, stretch).await?,
                _ => words::entries(conn, &self.whole, (among, seen.as_slice()), stretch).await?,
            };
            let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
            let all_of_it = count < most;
            let last = found.last().map(|(_, at)| *at);
            seen.extend(found.iter().map(|(ticket, _)| *ticket));
            seen.sort_unstable();
            seen.dedup();
            self.add(conn, (tier, began), &conditions, found, places).await?;
            let Some(next) = from.filter(|_| all_of_it).or(last.filter(|_| !all_of_it)) else {
                return Ok(None);
            };
            if self.is_full(places) || next <= 0 {
                return Ok(None);
            }
            if Instant::now() >= self.until {
                return Ok(Some(self.place(tier, next)));
            }
            width = width.filter(|_| count.saturating_mul(dense) >= below.saturating_sub(next));
            width = width.map(|width| width.saturating_mul(FARTHER));
            most = if all_of_it { most } else { most.saturating_mul(FARTHER).min(MOST_LOOKED_AT) };
            below = next;
        }
        Ok(Some(self.place(tier, below)))
    }

    /// That every word stands in the subject, or in who reported it.
    fn named(&self) -> Vec<Condition> {
        self.titled.iter().cloned().map(Condition::holds).collect()
    }

    /// The same, and what else is asked in the same statement: on a walk no filters, since how common the words are
    /// tells whether to go on; else those that the row of a ticket answers.
    fn at_once(&self, walks: bool) -> Vec<Condition> {
        let also = self.conditions.iter().filter(|it| !self.filtered || !walks && it.is_quick());
        self.named().into_iter().chain(also.cloned()).collect()
    }

    /// What must hold; what subjects say was shown before what was written.
    fn conditions_of(&self, tier: i64) -> Vec<Condition> {
        let mut conditions = self.conditions.clone();
        match tier {
            SUBJECTS => conditions.extend(self.named()),
            _ => conditions.push(Condition::fails(Test::All(self.titled.clone()))),
        }
        conditions
    }

    /// Each ticket once, at its newest entry.
    async fn add(
        &self,
        conn: &Conn,
        (tier, began): (i64, i64),
        conditions: &[Condition],
        mut found: Vec<(i64, i64)>,
        places: &mut Vec<Place>,
    ) -> Result<(), DeskError> {
        found.retain(|(ticket, _)| places.iter().all(|(known, ..)| known != ticket));
        if (tier == ENTRIES_TIER || self.filtered) && !found.is_empty() {
            let mut ids: Vec<i64> = found.iter().map(|(ticket, _)| *ticket).collect();
            ids.sort_unstable();
            ids.dedup();
            let kept = words::those(conn, conditions, &ids).await?;
            // Pages before this one have shown what has a newer entry.
            let shown = match (tier, began) {
                (SUBJECTS, _) | (_, i64::MAX) => Vec::new(),
                (_, began) => words::found_within(conn, &self.whole, &kept, began..=self.newest.1).await?,
            };
            found.retain(|(ticket, _)| kept.contains(ticket) && !shown.contains(ticket));
        }
        for (ticket, at) in found {
            if !self.is_full(places) && places.iter().all(|(known, ..)| *known != ticket) {
                places.push((ticket, (tier == ENTRIES_TIER).then_some(at), self.place(tier, at)));
            }
        }
        Ok(())
    }

    fn place(&self, tier: i64, id: i64) -> Cursor {
        let key = self.newest.1.saturating_mul(TIERS).saturating_add(tier);
        Cursor { sort: Sort::Created, way: Way::Next, key, id }
    }
}

/// The lexemes of a `tsquery` as PostgreSQL writes it.
fn lexemes(query: &str) -> Vec<String> {
    query.split('\'').skip(1).step_by(2).filter(|lexeme| !lexeme.contains('~')).map(str::to_owned).collect()
}
