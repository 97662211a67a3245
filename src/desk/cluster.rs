//! Many who ask the same: when similar level-1 tickets gather, leads are asked once whether they have one cause.
//!
//! They answer `#open`, and a level-3 ticket is linked to them all, or `#dismiss`, and hear of it again when twice as
//! many have gathered. What joins later is linked without asking. When the cause is fixed, the requesters of all that
//! are linked to it are told, each in their language, and nothing of each other.

use diesel_async::AsyncConnection;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::json;
use tracing::warn;

use super::{Change, Desk, DeskError, case::Case, command::refusal};
use crate::{
    domain::{NamedAddress, OutboxId, TicketId},
    render::{Context, SimilarView, TranscriptLine},
    store::{
        self, Conn,
        clusters::{self, Cluster, State},
        journal::SYSTEM,
        messages::{Direction, NewMessage},
        pool::{News, announce},
        tickets::{NewTicket, Ticket},
    },
    ticket::{ClosedAs, Happening, Level, Link, Notice, Source, Status},
};

/// What staff say about a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// One ticket is opened for the cause.
    Open,
    /// There is no one cause.
    Dismiss,
}

/// A cluster as it is shown.
#[derive(Clone, Debug, Serialize)]
pub struct ClusterView {
    /// Its number.
    pub id: i64,
    /// What became of it.
    pub state: State,
    /// The ticket that was opened for the cause.
    pub ticket: Option<String>,
    /// Its tickets.
    pub tickets: Vec<String>,
    /// Who accepted or dismissed it.
    pub decided_by: Option<String>,
    /// When staff were last asked.
    pub proposed_at: Timestamp,
}

impl Desk {
    /// After a change that may make a ticket one of many: looks for the others. Whatever goes wrong with that, the
    /// change stands.
    pub(super) async fn watch_for_cluster(
        &self,
        conn: &mut Conn,
        id: TicketId,
        wanted: &Change,
        now: Timestamp,
    ) {
        let moved = wanted.status.is_some() || wanted.status_name.is_some();
        if wanted.level != Some(Level::One) && !moved {
            return;
        }
        if let Err(error) = conn.transaction(async |conn| self.gather(conn, id, now).await).await {
            let why = format!("{:#}", anyhow::Error::new(error));
            warn!(ticket.id = %id, "Nobody is told whether many ask the same as ticket {id}, since looking for it failed: {why}");
        }
    }

    async fn gather(&self, conn: &mut Conn, id: TicketId, now: Timestamp) -> Result<(), DeskError> {
        let ticket = self.ticket(conn, id).await?;
        let aside = ticket.spam || ticket.merged_into.is_some();
        if aside || !is_a_question(ticket.level(), ticket.closed_as.map(|stored| stored.0)) {
            return Ok(());
        }
        let window = SignedDuration::try_from(self.settings.clusters.window).unwrap_or(SignedDuration::MAX);
        let mut kin = self.similar(conn, id).await?;
        kin.retain(|kin| kin.opened >= now - window && is_a_question(kin.level, kin.closed_as));
        let ids: Vec<TicketId> = [id].into_iter().chain(kin.iter().map(|kin| kin.id)).collect();
        clusters::hold(conn).await?;
        // However long ago staff were asked: as long as such tickets keep coming, it is the same cluster.
        if let Some(cluster) = clusters::having(conn, &ids).await?
            && !self.is_over(conn, &cluster).await?
        {
            return self.grow(conn, &cluster, &ids, now).await;
        }
        let ids = clusters::in_none(conn, &ids).await?;
        let enough = usize::try_from(self.settings.clusters.count).unwrap_or(usize::MAX);
        if ids.len() < enough {
            return Ok(());
        }
        let cluster = clusters::propose(conn, now).await?;
        clusters::add(conn, cluster.id, &ids, now).await?;
        self.ask_about(conn, cluster.id, now).await
    }

    /// Whether the cause was done away with: who asks the same later asks about something else, or it is back.
    async fn is_over(&self, conn: &mut Conn, cluster: &Cluster) -> Result<bool, DeskError> {
        match cluster.ticket() {
            Some(cause) => Ok(self.ticket(conn, cause).await?.status.0 == Status::Closed),
            None => Ok(false),
        }
    }

    async fn grow(
        &self,
        conn: &mut Conn,
        cluster: &Cluster,
        ids: &[TicketId],
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let added = clusters::add(conn, cluster.id, ids, now).await?;
        match (cluster.state.0, cluster.ticket()) {
            (State::Accepted, Some(cause)) => self.link_all(conn, cause, &added, SYSTEM, now).await,
            (State::Dismissed, _) => {
                let told = usize::try_from(cluster.told).unwrap_or_default();
                match clusters::members(conn, cluster.id).await?.len() >= 2 * told {
                    true => self.ask_about(conn, cluster.id, now).await,
                    false => Ok(()),
                }
            }
            (State::Proposed | State::Accepted, _) => Ok(()),
        }
    }

    /// Asks leads, or all staff where there are none.
    async fn ask_about(&self, conn: &mut Conn, cluster: i64, now: Timestamp) -> Result<(), DeskError> {
        let members = clusters::members(conn, cluster).await?;
        clusters::asked(conn, cluster, members.len(), now).await?;
        let tickets = store::tickets::these(conn, &members).await?;
        let similar: Vec<SimilarView> = tickets.iter().map(|ticket| self.similar_view(ticket)).collect();
        let newest = tickets.last().map(|ticket| ticket.subject.as_str()).unwrap_or_default();
        let title = format!("{} customers ask the same: {newest}", members.len());
        let days = self.settings.clusters.window.as_secs().div_ceil(86_400).max(1);
        for to in self.who_leads() {
            let context = Context { similar: similar.clone(), within_days: Some(days), ..Context::default() };
            self.write_to(conn, Notice::StaffCluster, &to, &title, context, now).await?;
            let sent =
                store::outbox::last_about_no_ticket(conn, &[Notice::StaffCluster], &to.address).await?;
            if let Some(sent) = sent {
                clusters::note_mail(conn, sent.id, cluster).await?;
            }
        }
        Ok(announce(conn, News::Outbox).await?)
    }

    fn similar_view(&self, ticket: &Ticket) -> SimilarView {
        let status = ticket.status.0;
        SimilarView {
            reference: self.reference(ticket.id),
            subject: ticket.subject.clone(),
            standing: match ticket.closed_as {
                Some(stored) => format!("{status} as {}", stored.0),
                None => status.to_string(),
            },
            answers: Vec::new(),
        }
    }

    /// Somebody answers the question: `#open` or `#dismiss`.
    pub(super) async fn hear_of_cluster(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        author: &NamedAddress,
        mail: OutboxId,
    ) -> Result<Vec<TranscriptLine>, DeskError> {
        let staff = self.settings.staff_by_email(&author.address);
        let mut transcript = Vec::new();
        for said in case.mail.body.own.lines().map(str::trim).filter(|line| line.starts_with('#')).take(5) {
            let verdict = match said.trim_start_matches('#').split_whitespace().next() {
                Some("open") => Ok(Verdict::Open),
                Some("dismiss") => Ok(Verdict::Dismiss),
                _ => Err("this mail takes #open or #dismiss".to_owned()),
            };
            let answer = match (verdict, staff, clusters::of_mail(conn, mail).await?) {
                (Err(why), ..) => Err(why),
                (_, None, _) => Err("you are not on the staff list".to_owned()),
                (_, _, None) => Err("it is not known what this mail was about".to_owned()),
                (Ok(verdict), Some(_), Some(cluster)) => {
                    let decided = self.decide_on_cluster(conn, cluster, verdict, author, case.now).await;
                    decided.map(Ok).or_else(|error| refusal(error).map(Err))?
                }
            };
            let done = answer.is_ok();
            let answer = answer.unwrap_or_else(|why| why);
            transcript.push(TranscriptLine { said: said.to_owned(), answer, done });
        }
        Ok(transcript)
    }

    /// Opens one ticket for the cause of what many ask, or says that there is none; what was done, as a sentence. Saying it
    /// again changes nothing.
    ///
    /// # Errors
    /// [`DeskError::NoCluster`].
    pub async fn decide_on_cluster(
        &self,
        conn: &mut Conn,
        id: i64,
        verdict: Verdict,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<String, DeskError> {
        conn.transaction(async |conn| {
            clusters::hold(conn).await?;
            let cluster = clusters::lock(conn, id).await?.ok_or(DeskError::NoCluster(id))?;
            let by = actor.address.as_str();
            match (verdict, cluster.state.0, cluster.ticket()) {
                (_, State::Accepted, Some(cause)) => {
                    Ok(format!("{} was opened for it already", self.reference(cause)))
                }
                (Verdict::Dismiss, ..) => {
                    clusters::decide(conn, id, State::Dismissed, None, by, now).await?;
                    Ok("dismissed; you hear of it again when twice as many have gathered".to_owned())
                }
                (Verdict::Open, ..) => {
                    let members = clusters::members(conn, id).await?;
                    let cause = self.open_cause(conn, &members, actor, now).await?;
                    clusters::decide(conn, id, State::Accepted, Some(cause), by, now).await?;
                    announce(conn, News::Outbox).await?;
                    Ok(format!(
                        "{} is open at level 3, linked to {} tickets",
                        self.reference(cause),
                        members.len()
                    ))
                }
            }
        })
        .await
    }

    /// A level-3 ticket of the desk's own: no customer's, so no customer is answered by it.
    async fn open_cause(
        &self,
        conn: &mut Conn,
        members: &[TicketId],
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<TicketId, DeskError> {
        let tickets = store::tickets::these(conn, members).await?;
        let newest = tickets.last().ok_or(DeskError::Raced)?;
        let product = newest.product.as_deref();
        let shared = tickets.iter().all(|ticket| ticket.product.as_deref() == product);
        let product = product.filter(|_| shared);
        let mailbox = self.mailbox(conn, newest.mailbox_id).await?.name.clone();
        let subject = format!("Cause of {} similar reports: {}", tickets.len(), newest.subject);
        let subject = crate::domain::text::line(&subject);
        let new = NewTicket {
            mailbox: newest.mailbox_id,
            subject: &subject,
            source: Source::System,
            language: self.settings.site.language,
            requester: None,
            problem_report: false,
            follow_up_of: None,
            requester_proven: false,
            asked: false,
            severity: None,
            product,
            queue: self
                .settings
                .queues
                .iter()
                .find(|queue| queue.takes(product, Some(Level::Three), &mailbox))
                .map(|queue| queue.name.as_str()),
        };
        let opened = store::tickets::open(conn, &[new], now).await?;
        let cause = opened.into_iter().next().ok_or(DeskError::Raced)?;
        let level = store::tickets::Change { level: Some(Level::Three.number()), ..Default::default() };
        store::tickets::change(conn, cause.id, level, now).await?;
        let words = self.list_of(&tickets);
        let entry = NewMessage { text: &words, own_text: &words, ..note(cause.id, now) };
        store::messages::record(conn, &[entry], now).await?;
        let why = ["many customers reported the same, and staff said that it has one cause"];
        let by = actor.address.as_str();
        let detail = json!({ "why": why, "tickets": members.iter().map(|id| id.0).collect::<Vec<_>>() });
        store::journal::write(conn, cause.id, by, Happening::Opened, detail, now).await?;
        self.link_all(conn, cause.id, members, by, now).await?;
        let after = self.ticket(conn, cause.id).await?;
        let mut occasion = self.occasion(conn, &after).await?;
        occasion.actor = Some(&actor.address);
        occasion.context.words = Some(words);
        self.owe(conn, Notice::StaffNew, &occasion, now).await?;
        Ok(cause.id)
    }

    fn list_of(&self, tickets: &[Ticket]) -> String {
        let line = |ticket: &Ticket| format!("{} {}", self.reference(ticket.id), ticket.subject);
        let lines: Vec<String> = tickets.iter().map(line).collect();
        format!("These tickets look alike, and are linked to this one:\n\n{}", lines.join("\n"))
    }

    async fn link_all(
        &self,
        conn: &mut Conn,
        cause: TicketId,
        caused: &[TicketId],
        by: &str,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        for &ticket in caused {
            if store::links::link(conn, (cause, ticket), Link::Cause, by, now).await? {
                let detail = json!({ "to": cause.0, "kind": Link::Cause });
                store::journal::write(conn, ticket, by, Happening::Linked, detail, now).await?;
            }
        }
        Ok(())
    }

    /// When the cause of what others reported is resolved, or in production, their requesters are told. Returns how many
    /// mails.
    pub(super) async fn tell_the_caused(
        &self,
        conn: &mut Conn,
        cause: &Ticket,
        now: Timestamp,
    ) -> Result<usize, DeskError> {
        let closed_as = cause.closed_as.map(|stored| stored.0);
        let in_production = closed_as == Some(ClosedAs::Done);
        if cause.status.0 != Status::Resolved && !in_production {
            return Ok(0);
        }
        let linked = store::links::of(conn, cause.id).await?;
        let mut mails = 0;
        for caused in linked.iter().filter(|link| link.kind == Link::Cause && link.from_here) {
            let ticket = self.ticket(conn, caused.ticket).await?;
            let mut occasion = match self.occasion(conn, &ticket).await {
                // Nothing can be sent about it any more.
                Err(DeskError::MailboxGone(_)) => continue,
                occasion => occasion?,
            };
            occasion.context.in_production = in_production;
            mails += self.owe(conn, Notice::CauseFixed, &occasion, now).await?;
            let detail = json!({ "cause": cause.id.0, "in_production": in_production });
            store::journal::write(conn, ticket.id, SYSTEM, Happening::CauseFixed, detail, now).await?;
        }
        Ok(mails)
    }

    /// The newest clusters, as they are shown.
    ///
    /// # Errors
    /// Trouble with the database.
    pub async fn clusters(&self, conn: &mut Conn, most: i64) -> Result<Vec<ClusterView>, DeskError> {
        let mut views = Vec::new();
        for cluster in clusters::list(conn, most).await? {
            let tickets = clusters::members(conn, cluster.id).await?;
            views.push(ClusterView {
                id: cluster.id,
                state: cluster.state.0,
                ticket: cluster.ticket().map(|id| self.reference(id)),
                tickets: tickets.into_iter().map(|id| self.reference(id)).collect(),
                decided_by: cluster.decided_by,
                proposed_at: cluster.proposed_at.to_jiff(),
            });
        }
        Ok(views)
    }
}

/// Level 1, as somebody said, or as its answer shows.
fn is_a_question(level: Option<Level>, closed_as: Option<ClosedAs>) -> bool {
    level == Some(Level::One) || (level.is_none() && closed_as == Some(ClosedAs::Answered))
}

/// A note of the desk among staff, without words yet.
fn note(ticket: TicketId, now: Timestamp) -> NewMessage<'static> {
    NewMessage {
        ticket,
        direction: Direction::Note,
        kind: "note",
        staff_only: true,
        author: None,
        author_line: String::new(),
        subject: "",
        header_id: None,
        fingerprint: None,
        text: "",
        own_text: "",
        quoted_text: "",
        signature_text: "",
        html: None,
        language: None,
        written: Some(now),
    }
}
