//! Tickets that look like others: what staff are told about a new one, and what they may ask for.
//!
//! Only staff ever hear of it: other customers' tickets are secret. The search is fenced by a savepoint and by time, so
//! that whatever goes wrong with it, a mail becomes a ticket; what was not remembered then is made up by a timer.

use std::collections::{BTreeSet, HashMap};

use diesel_async::AsyncConnection;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use tracing::warn;

use super::{Desk, DeskError, opening::New};
use crate::{
    domain::TicketId,
    render::SimilarView,
    store::{self, Conn, similar, tickets::Ticket, timers::NewTimer},
    ticket::{
        ClosedAs, Level, Status, Timer,
        kin::{
            self, Traits,
            marks::is_strong,
            score::{ALIKE, Commonness, Profile, alike, shared},
        },
    },
};

/// So much time each question of the search has, in milliseconds.
const SEARCH_TIME: &str = "1000";
/// So many tickets may share the lexemes that are looked for; the rarest are taken first.
const MOST_ROWS: f64 = 800.0;
/// No lexeme that more tickets have is looked for.
const TOO_COMMON: f64 = 3_000.0;
/// So many lexemes are looked for.
const MOST_LEXEMES: usize = 16;
/// Staff are told of so many.
const TOLD: usize = 3;
/// So many tickets are made up at a time where the search knows nothing of them.
const BATCH: i64 = 200;

/// A ticket that looks like another.
#[derive(Clone, Debug, Serialize)]
pub struct Kin {
    /// Its number.
    pub id: TicketId,
    /// Its reference.
    pub reference: String,
    /// Its subject.
    pub subject: String,
    /// Where it stands.
    pub status: Status,
    /// How it ended.
    pub closed_as: Option<ClosedAs>,
    /// Who is able to help.
    pub level: Option<Level>,
    /// How near it is, up to 1.
    pub score: f64,
    /// What both say that few others do, the rarest first: codes, messages, stems of words.
    pub shared: Vec<String>,
    /// Known answers that were sent for it.
    pub answers: Vec<String>,
    /// When it was opened.
    #[serde(skip)]
    pub opened: Timestamp,
}

impl Kin {
    /// "accepted", "closed as answered".
    pub fn standing(&self) -> String {
        match self.closed_as {
            Some(closed_as) => format!("{} as {closed_as}", self.status),
            None => self.status.to_string(),
        }
    }
}

/// How near one ticket is to another, and what both say.
struct Near {
    of: TicketId,
    ticket: TicketId,
    score: f64,
    shared: Vec<String>,
}

/// A ticket for which others are looked for.
struct Asked {
    ticket: TicketId,
    profile: Profile,
}

impl Desk {
    /// What looks like each new ticket, for staff; nothing where the search fails. What is found of a ticket later is
    /// remembered here.
    pub(super) async fn kin_of_new(
        &self,
        conn: &mut Conn,
        new: &[New<'_>],
        tickets: &[Ticket],
    ) -> HashMap<TicketId, Vec<SimilarView>> {
        let traits = |(new, ticket): (&New<'_>, &Ticket)| {
            let found = kin::traits(&ticket.subject, &new.case.mail.body.own, ticket.language.0);
            (ticket.id, found)
        };
        let texts: Vec<(TicketId, Traits)> = new.iter().zip(tickets).map(traits).collect();
        let search = conn.transaction(async |conn| {
            let before = similar::limit_time(conn, SEARCH_TIME).await?;
            let found = self.remember_and_search(conn, &texts).await?;
            similar::limit_time(conn, &before).await?;
            Ok::<_, DeskError>(found)
        });
        match search.await {
            Ok(found) => found.into_iter().map(|(id, kin)| (id, views(&kin))).collect(),
            Err(error) => {
                let why = format!("{:#}", anyhow::Error::new(error));
                warn!(
                    "Nobody is told what looks like the tickets at hand, since looking for it failed: {why}"
                );
                HashMap::new()
            }
        }
    }

    async fn remember_and_search(
        &self,
        conn: &mut Conn,
        texts: &[(TicketId, Traits)],
    ) -> Result<HashMap<TicketId, Vec<Kin>>, DeskError> {
        let remembered = similar::remember(conn, texts).await?;
        let asked: Vec<Asked> =
            remembered.into_iter().map(|(ticket, profile)| Asked { ticket, profile }).collect();
        let mut found = self.look_alike(conn, &asked).await?;
        found.values_mut().for_each(|kin| kin.truncate(TOLD));
        Ok(found)
    }

    /// The tickets that look like one, the nearest first.
    ///
    /// # Errors
    /// [`DeskError::NoTicket`].
    pub async fn similar(&self, conn: &mut Conn, id: TicketId) -> Result<Vec<Kin>, DeskError> {
        self.ticket(conn, id).await?;
        let profile = match similar::of(conn, id).await? {
            Some(profile) => profile,
            None => self.remember_one(conn, id).await?,
        };
        let mut found = self.look_alike(conn, &[Asked { ticket: id, profile }]).await?;
        Ok(found.remove(&id).unwrap_or_default())
    }

    /// The same of what is remembered already, which changes nothing; what is not will be within the hour.
    ///
    /// # Errors
    /// [`DeskError::NoTicket`].
    pub async fn similar_known(&self, conn: &mut Conn, id: TicketId) -> Result<Vec<Kin>, DeskError> {
        self.ticket(conn, id).await?;
        let Some(profile) = similar::of(conn, id).await? else { return Ok(Vec::new()) };
        let mut found = self.look_alike(conn, &[Asked { ticket: id, profile }]).await?;
        Ok(found.remove(&id).unwrap_or_default())
    }

    async fn look_alike(
        &self,
        conn: &mut Conn,
        asked: &[Asked],
    ) -> Result<HashMap<TicketId, Vec<Kin>>, DeskError> {
        let common = similar::commonness(conn).await?;
        let wanted = asked.iter().map(|asked| (asked.ticket, looked_for(&asked.profile, &common)));
        let wanted: Vec<_> = wanted.filter(|(_, lexemes)| !lexemes.is_empty()).collect();
        let found = similar::sharing(conn, &wanted).await?;
        let mut scores = scored(asked, found, &common);
        let alone: Vec<(TicketId, &str)> = asked
            .iter()
            .filter(|asked| !scores.iter().any(|near| near.of == asked.ticket))
            .filter(|asked| !asked.profile.subject.is_empty())
            .map(|asked| (asked.ticket, asked.profile.subject.as_str()))
            .collect();
        scores.extend(scored(asked, similar::spelled_alike(conn, &alone).await?, &common));
        self.with_facts(conn, scores).await
    }

    async fn with_facts(
        &self,
        conn: &mut Conn,
        mut scores: Vec<Near>,
    ) -> Result<HashMap<TicketId, Vec<Kin>>, DeskError> {
        let mut found: HashMap<TicketId, Vec<Kin>> = HashMap::new();
        if scores.is_empty() {
            return Ok(found);
        }
        scores
            .sort_by(|one, other| other.score.total_cmp(&one.score).then(other.ticket.0.cmp(&one.ticket.0)));
        let ids: BTreeSet<TicketId> = scores.iter().map(|near| near.ticket).collect();
        let ids: Vec<TicketId> = ids.into_iter().collect();
        let tickets = store::tickets::these(conn, &ids).await?;
        let answers = store::answers::sent_for(conn, &ids).await?;
        for Near { of, ticket: id, score, shared } in scores {
            let Some(ticket) = tickets.iter().find(|ticket| ticket.id == id) else { continue };
            let sent = answers.iter().filter(|(ticket, _)| *ticket == id).map(|(_, name)| name.clone());
            found.entry(of).or_default().push(Kin {
                id,
                reference: self.reference(id),
                subject: ticket.subject.clone(),
                status: ticket.status.0,
                closed_as: ticket.closed_as.map(|stored| stored.0),
                level: ticket.level(),
                score: (score * 1000.0).round() / 1000.0,
                shared,
                answers: sent.collect(),
                opened: ticket.created_at.to_jiff(),
            });
        }
        Ok(found)
    }

    async fn remember_one(&self, conn: &mut Conn, id: TicketId) -> Result<Profile, DeskError> {
        let ticket = self.ticket(conn, id).await?;
        let own = store::examples::customers_words(conn, id).await?;
        let own = own.into_iter().next().map(|(_, words)| words).unwrap_or_default();
        let traits = kin::traits(&ticket.subject, &own, ticket.language.0);
        let remembered = similar::remember(conn, &[(id, traits)]).await?;
        remembered.into_iter().next().map(|(_, profile)| profile).ok_or(DeskError::NoTicket(id))
    }

    /// One of which the search cannot know anything is remembered as looking like none, lest it be tried for ever.
    async fn remember_or_pass(
        &self,
        conn: &mut Conn,
        (id, traits): (TicketId, Traits),
    ) -> Result<(), DeskError> {
        let config = traits.config;
        let alone = [(id, traits)];
        let Err(error) = conn.transaction(async |conn| similar::remember(conn, &alone).await).await else {
            return Ok(());
        };
        let why = format!("{:#}", anyhow::Error::new(error));
        warn!(ticket.id = %id, "Nobody is told what looks like ticket {id}, since the database refuses its words: {why}");
        similar::remember(conn, &[(id, Traits { config, ..Traits::default() })]).await?;
        Ok(())
    }

    /// Tickets of which the search knows nothing yet are made known to it: those from before there was one, and
    /// those at which it failed.
    pub(super) async fn remember_missing(&self, conn: &mut Conn, now: Timestamp) -> Result<(), DeskError> {
        let missing = similar::unremembered(conn, BATCH).await?;
        let mut texts = Vec::new();
        for (id, subject, language) in &missing {
            let own = store::examples::customers_words(conn, *id).await?;
            let own = own.first().map(|(_, words)| words.as_str()).unwrap_or_default();
            texts.push((*id, kin::traits(subject, own, *language)));
        }
        let at_once = conn.transaction(async |conn| similar::remember(conn, &texts).await).await;
        // One that the database refuses keeps no other from being remembered.
        if at_once.is_err() {
            for text in texts {
                self.remember_or_pass(conn, text).await?;
            }
        }
        let more = missing.len() == usize::try_from(BATCH).unwrap_or(usize::MAX);
        let next = if more { now } else { now + SignedDuration::from_hours(1) };
        Ok(store::timers::set(conn, &[NewTimer::of_desk(Timer::Remember, next)]).await?)
    }
}

fn views(kin: &[Kin]) -> Vec<SimilarView> {
    let view = |kin: &Kin| SimilarView {
        reference: kin.reference.clone(),
        subject: kin.subject.clone(),
        standing: kin.standing(),
        answers: kin.answers.clone(),
    };
    kin.iter().map(view).collect()
}

/// The lexemes that few other tickets have: codes and messages of programs first, then the rarest.
fn looked_for<'a>(profile: &'a Profile, common: &Commonness) -> Vec<&'a str> {
    let mut lexemes: Vec<(&str, f64)> =
        profile.lexemes.iter().map(|lexeme| (lexeme.as_str(), common.rows(lexeme))).collect();
    lexemes.retain(|(_, rows)| *rows <= TOO_COMMON);
    lexemes.sort_by(|one, other| {
        is_strong(other.0).cmp(&is_strong(one.0)).then(one.1.total_cmp(&other.1)).then(one.0.cmp(other.0))
    });
    let mut rows = 0.0;
    lexemes.truncate(MOST_LEXEMES);
    let affordable = lexemes.into_iter().enumerate().take_while(|(at, (_, more))| {
        rows += more;
        *at == 0 || rows <= MOST_ROWS
    });
    affordable.map(|(_, (lexeme, _))| lexeme).collect()
}

/// Those that are near enough.
fn scored(asked: &[Asked], found: Vec<(TicketId, TicketId, Profile)>, common: &Commonness) -> Vec<Near> {
    let near = |(of, ticket, profile): (TicketId, TicketId, Profile)| {
        let asked = asked.iter().find(|asked| asked.ticket == of)?;
        let score = alike(&asked.profile, &profile, common);
        (score >= ALIKE).then(|| Near { of, ticket, score, shared: shared(&asked.profile, &profile, common) })
    };
    found.into_iter().filter_map(near).collect()
}
