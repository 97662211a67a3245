//! The looks of a search: along the newest first, then by the indexes of words.

use std::time::Duration;

use tokio::{sync::OnceCell, time::Instant};

use super::super::DeskError;
use crate::{
    store::{
        Conn,
        finder::{
            Condition, Test,
            words::{self, Stretch},
        },
    },
    ticket::query::{Cursor, Sort, Way},
};

/// After so long no further look is begun.
pub(super) const WHOLE_TIME: Duration = Duration::from_secs(3);
/// So many of the newest are walked along first.
const WALK: i64 = 600;
/// Where at least each so many-th is found, the walk goes on, each time so much farther.
const DENSE: i64 = 150;
/// The same of subjects where there are filters: their index has all hits in a few milliseconds, but for such words.
const WALK_FILTERED: i64 = 200;
const DENSE_FILTERED: i64 = 20;
const FARTHER: i64 = 8;
/// So many entries are taken from the index for each ticket of a page: a thread may be found by many.
const ENTRIES: i64 = 4;
/// Where more is to be asked of each, so many are taken at first, and so many of those are asked first.
const FILTERED: i64 = 500;
const ASKED_FIRST: usize = 100;
/// So many times the newest are looked at before it is asked what filters leave, unless that is known already.
const ALONG: usize = 2;
/// Once is enough where filters leave out nearly all: of so many that were found they kept not one in so many.
const MANY: i64 = 10;
const MOSTLY: i64 = 10;
/// Of no more tickets that filters leave, the entries are looked through one ticket after the other.
const FEW: i64 = 2500;
/// Of what those tickets say, the newest part of all entries is looked through first: the last one of so many.
const NEWER_OF_FEW: i64 = 4;
/// Of what is found often and mostly left out by filters, each look takes so much more, up to so much.
const MOST_LOOKED_AT: i64 = 2000;
/// A page is given up as it is after so many looks.
const LOOKS: usize = 6;
/// Subjects are looked through first.
const SUBJECTS: i64 = 0;
/// Then everything that was written.
const ENTRIES_TIER: i64 = 1;
/// The key of a cursor is a tier, and so many times the newest entry when the search began.
const TIERS: i64 = 2;

/// One that was found: the ticket, the entry where that is known, and its place.
pub(super) type Place = (i64, Option<i64>, Cursor);

/// What is looked for, in the order of the tiers.
pub(super) struct Search {
    pub conditions: Vec<Condition>,
    /// Where in the subject, or in who reported it, each word must be found.
    pub titled: Vec<Test>,
    /// All words as one `tsquery`.
    pub whole: String,
    pub limit: usize,
    /// Something beside words was asked for.
    pub filtered: bool,
    /// What filters leave; asked for when the newest do not fill a page.
    pub left: OnceCell<Left>,
    /// The highest numbers of a ticket, and of an entry when the first page was asked for.
    pub newest: (i64, i64),
    /// No further look is begun behind this.
    pub until: Instant,
}

/// What filters that take no time leave of all tickets.
#[derive(Debug)]
pub(super) struct Left {
    /// All of them, where they are few.
    few: Option<Vec<i64>>,
    /// The newest of them; 0 where there is none.
    newest: i64,
}

impl Search {
    /// The highest number of an entry when the first page was asked for. What came since is not looked at, or it would
    /// take its ticket off the pages to come. Older cursors do not say.
    pub fn began_at(cursor: &Cursor) -> Option<i64> {
        Some(cursor.key.div_euclid(TIERS)).filter(|entry| *entry > 0)
    }

    /// Puts the places behind a cursor in, one more than a page has where there are more; where to go on looking, where
    /// it was given up.
    pub async fn places(
        &self,
        conn: &Conn,
        cursor: Option<&Cursor>,
        places: &mut Vec<Place>,
    ) -> Result<Option<Cursor>, DeskError> {
        let at = |cursor: &Cursor| (cursor.key.rem_euclid(TIERS), cursor.id);
        let (tier, below) = cursor.map_or((SUBJECTS, i64::MAX), at);
        let (ticket, entry) = self.newest;
        if tier == SUBJECTS {
            let given_up = self.walk(conn, SUBJECTS, below, ticket.saturating_add(1), places).await?;
            if given_up.is_some() || self.is_full(places) {
                return Ok(given_up);
            }
        }
        let began = if tier == ENTRIES_TIER { below } else { i64::MAX };
        self.walk(conn, ENTRIES_TIER, began, entry.saturating_add(1), places).await
    }

    fn is_full(&self, places: &[Place]) -> bool {
        places.len() > self.limit
    }

    /// What the filters leave, where there are any.
    async fn left(&self, conn: &Conn) -> Result<Option<&Left>, DeskError> {
        if !self.filtered {
            return Ok(None);
        }
        let left = self.left.get_or_try_init(async || {
            let quick: Vec<_> = self.conditions.iter().filter(|it| it.is_quick()).cloned().collect();
            let left = words::some(conn, &quick, FEW).await?;
            let newest = left.first().copied().unwrap_or_default();
            let few = left.len() < usize::try_from(FEW).unwrap_or(usize::MAX);
            Ok::<_, DeskError>(Left { few: few.then_some(left), newest })
        });
        Ok(Some(left.await?))
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
        let for_each = if tier == SUBJECTS { 1 } else { ENTRIES };
        let a_page = for_each.saturating_mul(i64::try_from(self.limit).unwrap_or(i64::MAX)).saturating_add(1);
        let asks_more =
            if tier == SUBJECTS { !self.left_to_ask(tier, false).is_empty() } else { self.filtered };
        let mut most = if asks_more { a_page.max(FILTERED) } else { a_page };
        let (first_width, dense) = match (tier, self.filtered) {
            (SUBJECTS, true) => (WALK_FILTERED, DENSE_FILTERED),
            _ => (WALK, DENSE),
        };
        let (mut below, mut width) = (began.min(end), Some(first_width));
        // A thread that is found by hundreds of entries is not to fill all looks.
        let mut seen: Vec<i64> = Vec::new();
        let mut mostly_left_out = false;
        let mut newer_part = (tier == ENTRIES_TIER).then(|| end.saturating_sub(end / NEWER_OF_FEW));
        for look in 0..LOOKS {
            let first = if self.left.initialized() || mostly_left_out { 1 } else { ALONG };
            let left = if look < first { None } else { self.left(conn).await? };
            let among = left.and_then(|left| left.few.as_deref());
            let newest = left.map_or(i64::MAX, |left| left.newest);
            let from = match among {
                None => width.map(|width| below.saturating_sub(width)),
                Some(_) => newer_part.take().filter(|from| *from < below),
            };
            most = if among.is_some() { MOST_LOOKED_AT } else { most };
            let had = places.len();
            let stretch = Stretch { from, below, most };
            let found = match tier {
                SUBJECTS => words::subjects(conn, &self.at_once(among.is_some()), among, stretch).await?,
                _ => words::entries(conn, &self.whole, (among, newest, seen.as_slice()), stretch).await?,
            };
            let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
            let all_of_it = count < most;
            let last = found.last().map(|(_, at)| *at);
            seen.extend(found.iter().map(|(ticket, _)| *ticket));
            seen.sort_unstable();
            seen.dedup();
            self.add(conn, (tier, began), &self.left_to_ask(tier, among.is_some()), found, places).await?;
            let Some(next) = from.filter(|_| all_of_it).or(last.filter(|_| !all_of_it)) else {
                return Ok(None);
            };
            if self.is_full(places) || next <= 0 {
                return Ok(None);
            }
            let kept = i64::try_from(places.len().saturating_sub(had)).unwrap_or(i64::MAX);
            mostly_left_out = count >= MANY && kept.saturating_mul(MOSTLY) < count;
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

    /// What is asked of subjects in one statement: that every word stands there, or in who reported it, and the filters that
    /// take no time, but where these are known to hold.
    fn at_once(&self, known_to_hold: bool) -> Vec<Condition> {
        let also = self.conditions.iter().filter(|condition| !known_to_hold && condition.is_quick());
        self.titled.iter().cloned().map(Condition::holds).chain(also.cloned()).collect()
    }

    /// What is asked of those that were found then; what subjects say was shown before what was written.
    fn left_to_ask(&self, tier: i64, known_to_hold: bool) -> Vec<Condition> {
        let asked = |condition: &&Condition| condition.is_quick() && (known_to_hold || tier == SUBJECTS);
        let left = self.conditions.iter().filter(|condition| !asked(condition));
        let shown = (tier == ENTRIES_TIER).then(|| Condition::fails(Test::All(self.titled.clone())));
        left.cloned().chain(shown).collect()
    }

    /// Each ticket once, at its newest entry, until the page is full.
    async fn add(
        &self,
        conn: &Conn,
        (tier, began): (i64, i64),
        conditions: &[Condition],
        found: Vec<(i64, i64)>,
        places: &mut Vec<Place>,
    ) -> Result<(), DeskError> {
        let (first, rest) = found.split_at(found.len().min(ASKED_FIRST));
        for found in [first, rest] {
            if self.is_full(places) {
                return Ok(());
            }
            let found = found.iter().filter(|(ticket, _)| places.iter().all(|(known, ..)| known != ticket));
            let mut found: Vec<(i64, i64)> = found.copied().collect();
            if !conditions.is_empty() && !found.is_empty() {
                let mut ids: Vec<i64> = found.iter().map(|(ticket, _)| *ticket).collect();
                ids.sort_unstable();
                ids.dedup();
                let kept = words::those(conn, conditions, &ids).await?;
                // Pages before this one have shown what has a newer entry.
                let shown = match (tier, began) {
                    (SUBJECTS, _) | (_, i64::MAX) => Vec::new(),
                    (_, began) => {
                        words::found_within(conn, &self.whole, &kept, began..=self.newest.1).await?
                    }
                };
                found.retain(|(ticket, _)| kept.contains(ticket) && !shown.contains(ticket));
            }
            for (ticket, at) in found {
                if !self.is_full(places) && places.iter().all(|(known, ..)| *known != ticket) {
                    places.push((ticket, (tier == ENTRIES_TIER).then_some(at), self.place(tier, at)));
                }
            }
        }
        Ok(())
    }

    fn place(&self, tier: i64, id: i64) -> Cursor {
        let key = self.newest.1.saturating_mul(TIERS).saturating_add(tier);
        Cursor { sort: Sort::Created, way: Way::Next, key, id }
    }
}
