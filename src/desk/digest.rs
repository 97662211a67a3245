//! Digests: what happened in an hour, a day or a week to the tickets that somebody follows, with figures and a picture.
//!
//! None where nothing happened, but for the weekly one, which says so. Each begins where the last one ended, and sets
//! the timer of the next.

mod facts;

use jiff::{SignedDuration, Timestamp, Zoned};

use facts::Facts;

use super::{
    Desk, DeskError,
    subscribe::{digest_timer, purpose_of, read_digest_subject},
};
use crate::{
    domain::{PersonId, Word, secrets},
    render::{
        AgeView, Context, DigestView, FigureView, RowView,
        chart::{Chart, Day},
    },
    store::{self, Conn, figures::First, tickets::Ticket},
    ticket::{
        Cadence, Notice, Severity, Topic,
        digest::{self, Hours, Way},
        told::{self, Seen},
    },
};

/// Days in the picture.
const DAYS: u32 = 14;

/// The changed tickets that one digest lists.
const MOST_ROWS: usize = 40;

/// A digest that is so late (the desk was down) tells up to now and not up to when it was due.
const LATE: SignedDuration = SignedDuration::from_hours(1);

/// How long a day is when it does not matter that some are longer.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The ends of the columns of open tickets by age.
const AGES: [&str; 4] = ["≤ 1 day", "≤ 7 days", "≤ 28 days", "older"];

/// The digest of one reader.
struct Digest {
    cadence: Cadence,
    topics: Vec<Topic>,
    hours: Hours,
    since: Timestamp,
    until: Timestamp,
}

impl Digest {
    /// The beginning of the stretch before.
    fn before(&self) -> Timestamp {
        self.since - self.until.duration_since(self.since)
    }

    fn is_within(&self, at: Timestamp) -> bool {
        at > self.since && at <= self.until
    }

    fn is_before(&self, at: Timestamp) -> bool {
        at > self.before() && at <= self.since
    }

    /// The ends of the days of the picture, and the beginning of the first.
    fn days(&self) -> (Timestamp, Vec<Timestamp>) {
        let ends = self.hours.day_ends(self.until, DAYS);
        (ends.first().copied().unwrap_or(self.until) - DAY, ends)
    }

    fn local(&self, at: Timestamp) -> Zoned {
        at.to_zoned(self.hours.zone.clone())
    }
}

impl Desk {
    /// Sends one reader's digest where it has something to say, and sets the timer of the next. `subject` is that of the
    /// timer.
    pub(super) async fn send_digest(
        &self,
        conn: &mut Conn,
        subject: &str,
        due: Timestamp,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let Some((person, cadence)) = read_digest_subject(subject) else { return Ok(()) };
        let subscribed = store::subscriptions::of(conn, person, cadence).await?;
        let named = store::people::find(conn, person).await?.and_then(|person| person.named());
        // Who follows nothing any more gets none; the timer comes with the next subscription.
        let (Some(named), false) = (named, subscribed.is_empty()) else { return Ok(()) };
        let hours = self.hours_of(&named.address);
        let next = hours.next(cadence, now);
        store::timers::set(conn, &[digest_timer(subject, next)]).await?;
        let until = if now.duration_since(due) > LATE { now } else { due };
        let since = match store::told::digest_until(conn, person, cadence).await? {
            Some(since) if since < until => since,
            Some(_) => return Ok(()),
            None => until - length(cadence),
        };
        let topics = subscribed.iter().filter_map(|each| each.topic()).collect();
        let digest = Digest { cadence, topics, hours, since, until };
        let facts = self.facts_of(conn, &digest).await?;
        store::told::digest_sent(conn, person, cadence, until).await?;
        if facts.touched.is_empty() && cadence != Cadence::Weekly {
            return Ok(());
        }
        let view = self.digest_view(&digest, &facts, person);
        let title = view.title.clone();
        let context = Context { digest: Some(view), ..Context::default() };
        let way_out = (purpose_of(cadence), format!("unsubscribe {cadence} digest"));
        self.write_to_list(conn, Notice::StakeholderDigest, &named, &title, context, Some(way_out), now).await
    }

    fn digest_view(&self, digest: &Digest, facts: &Facts, person: PersonId) -> DigestView {
        let (start, ends) = digest.days();
        let mut rows = self.rows(digest, facts);
        let more = rows.len().saturating_sub(MOST_ROWS);
        rows.truncate(MOST_ROWS);
        let dates = ends.iter().enumerate().map(|(place, end)| match place + 1 == ends.len() {
            true => digest.local(*end),
            // Midnight is the beginning of the day after.
            false => digest.local(*end - SignedDuration::from_secs(1)),
        });
        let dates: Vec<Zoned> = dates.collect();
        DigestView {
            title: format!("{} digest", capital(digest.cadence)),
            period: format!(
                "{} to {} ({})",
                spelled_out(&digest.local(digest.since)),
                spelled_out(&digest.local(digest.until)),
                digest.hours.zone.iana_name().unwrap_or("UTC")
            ),
            before: stretch_before(digest.cadence).to_owned(),
            because: self.topics(&digest.topics),
            headline: headline(digest, facts),
            figures: figures(digest, facts),
            age_names: AGES.map(str::to_owned).to_vec(),
            ages: ages(facts, digest.until),
            rows,
            more,
            chart: Some(self.chart(facts, &dates, start, &ends)),
            dates: dates.iter().map(|day| day.strftime("%-d %b").to_string()).collect(),
            leave: self.link(purpose_of(digest.cadence), super::letters::NO_TICKET, person),
        }
    }

    /// What changed, the gravest first, then the newest.
    fn rows(&self, digest: &Digest, facts: &Facts) -> Vec<RowView> {
        let ways = digest::ways(&facts.moves, digest.since, digest.until);
        let mut changed: Vec<&(Ticket, Option<Severity>)> =
            facts.tickets.iter().filter(|(ticket, _)| facts.touched.contains(&ticket.id)).collect();
        changed.sort_by_key(|(ticket, severity)| (digest::place(*severity), -ticket.id.0));
        let row = |(ticket, severity): &(Ticket, Option<Severity>)| RowView {
            reference: self.reference(ticket.id),
            subject: secrets::mask(&ticket.subject),
            severity: severity.map(|severity| format!("Sev {severity}")).unwrap_or_default(),
            grave: *severity == Some(Severity::One),
            what: what_changed(ticket, self.state_of(ticket).shown(), ways.get(&ticket.id), digest),
        };
        changed.into_iter().map(row).collect()
    }

    /// A severity that the desk does not use, and of which there is none, has no place in the picture.
    fn chart(&self, facts: &Facts, dates: &[Zoned], start: Timestamp, ends: &[Timestamp]) -> Chart {
        let open = digest::open_at(&facts.lives, &facts.moves, ends);
        let used = |place: usize| {
            let in_use =
                Severity::ALL.get(place).is_none_or(|severity| self.settings.severity.has(*severity));
            in_use || open.iter().any(|day| day.get(place).is_some_and(|count| *count > 0))
        };
        let used: Vec<bool> = (0..=Severity::ALL.len()).map(used).collect();
        let opened = digest::per_stretch(facts.lives.iter().map(|life| life.opened), start, ends);
        let closings = facts.moves.iter().filter(|step| step.closes()).map(|step| step.at);
        let closed = digest::per_stretch(closings, start, ends);
        let days = dates.iter().zip(&open).zip(opened.into_iter().zip(closed));
        let days = days.map(|((date, open), (opened, closed))| Day {
            label: date.day().to_string(),
            open: kept(open.iter().copied(), &used),
            opened,
            closed,
        });
        Chart { series: kept(names("Sev "), &used), days: days.collect() }
    }
}

/// Those whose place is used.
fn kept<T>(all: impl Iterator<Item = T>, used: &[bool]) -> Vec<T> {
    all.zip(used).filter(|(_, used)| **used).map(|(each, _)| each).collect()
}

fn headline(digest: &Digest, facts: &Facts) -> String {
    let grave =
        facts.lives.iter().filter(|life| !life.closed && life.severity == Some(Severity::One)).count();
    let opened = facts.lives.iter().filter(|life| digest.is_within(life.opened)).count();
    let closed = facts.moves.iter().filter(|step| step.closes() && digest.is_within(step.at)).count();
    let grave = (grave > 0).then(|| format!("{grave} open at severity 1"));
    let rest = match (opened, closed, facts.touched.is_empty()) {
        (0, 0, true) => "nothing changed".to_owned(),
        _ => format!("{opened} opened, {closed} closed"),
    };
    grave.into_iter().chain([rest]).collect::<Vec<_>>().join(", ")
}

fn figures(digest: &Digest, facts: &Facts) -> Vec<FigureView> {
    let opened =
        |within: &dyn Fn(Timestamp) -> bool| facts.lives.iter().filter(|life| within(life.opened)).count();
    let closed = |within: &dyn Fn(Timestamp) -> bool| {
        facts.moves.iter().filter(|step| step.closes() && within(step.at)).count()
    };
    let median = |firsts: &[First], within: &dyn Fn(Timestamp) -> bool| {
        let within = firsts.iter().filter(|first| within(first.at.to_jiff()));
        let lengths = within.map(|first| first.at.to_jiff().duration_since(first.opened.to_jiff()));
        digest::median(lengths.collect()).map_or_else(|| "–".to_owned(), digest::spelled)
    };
    let (now, before) = (|at| digest.is_within(at), |at| digest.is_before(at));
    let open = || facts.lives.iter().filter(|life| !life.closed);
    let figure = |what: &str, now: String, before: String| FigureView { what: what.to_owned(), now, before };
    vec![
        figure("Opened", opened(&now).to_string(), opened(&before).to_string()),
        figure("Closed", closed(&now).to_string(), closed(&before).to_string()),
        figure("Open now", open().count().to_string(), String::new()),
        figure(
            "Waiting for the customer",
            open().filter(|life| life.waiting).count().to_string(),
            String::new(),
        ),
        figure("Promises broken", facts.overdue.to_string(), String::new()),
        figure("Promises at risk", facts.at_risk.to_string(), String::new()),
        figure("First answer, median", median(&facts.answers, &now), median(&facts.answers, &before)),
        figure("Resolution, median", median(&facts.resolutions, &now), median(&facts.resolutions, &before)),
    ]
}

fn ages(facts: &Facts, now: Timestamp) -> Vec<AgeView> {
    let counted = digest::ages(&facts.lives, now).into_iter().zip(names("Severity "));
    let row = |(counts, severity): ([u32; 4], String)| AgeView {
        severity,
        counts: counts.to_vec(),
        total: counts.iter().sum(),
    };
    counted.map(row).filter(|row| row.total > 0).collect()
}

/// The severities, and what is not rated.
fn names(prefix: &str) -> impl Iterator<Item = String> {
    Severity::ALL.iter().map(move |severity| format!("{prefix}{severity}")).chain(["Not rated".to_owned()])
}

/// "opened; new → accepted; severity 2 → 1", or where it stands when only words were added.
fn what_changed(ticket: &Ticket, standing: &str, way: Option<&Way>, digest: &Digest) -> String {
    let mut parts: Vec<String> = Vec::new();
    if digest.is_within(ticket.created_at.to_jiff()) {
        parts.push("opened".to_owned());
    }
    let way = way.cloned().unwrap_or_default();
    let severity = |severity: Option<Severity>| severity.map(|it| it.to_string()).unwrap_or_default();
    let now = Seen {
        status: way.stations.last().cloned().unwrap_or_else(|| standing.to_owned()),
        closed_as: ticket.closed_as.map(|it| it.0.to_string()).unwrap_or_default(),
        severity: severity(ticket.severity()),
        ..Seen::default()
    };
    let before = Seen {
        closed_as: if way.status.is_none() { now.closed_as.clone() } else { String::new() },
        status: way.status.clone().unwrap_or_else(|| now.status.clone()),
        severity: way.severity.map_or_else(|| now.severity.clone(), severity),
        ..Seen::default()
    };
    for line in told::differences(&before, &now, &way.stations) {
        let what =
            if line.what == "Status" { String::new() } else { format!("{} ", line.what.to_lowercase()) };
        parts.push(match line.from.is_empty() {
            true => format!("{what}{}", line.to),
            false => format!("{what}{} → {}", line.from, line.to),
        });
    }
    if parts.is_empty() {
        parts.push(format!("still {}", told::status(&now)));
    }
    parts.join("; ")
}

fn length(cadence: Cadence) -> SignedDuration {
    match cadence {
        Cadence::Immediate | Cadence::Hourly => SignedDuration::from_hours(1),
        Cadence::Daily => DAY,
        Cadence::Weekly => DAY * 7,
    }
}

fn stretch_before(cadence: Cadence) -> &'static str {
    match cadence {
        Cadence::Immediate | Cadence::Hourly => "the hour before",
        Cadence::Daily => "the day before",
        Cadence::Weekly => "the week before",
    }
}

fn capital(cadence: Cadence) -> String {
    let word = cadence.as_str();
    word[..1].to_uppercase() + &word[1..]
}

fn spelled_out(at: &Zoned) -> String {
    at.strftime("%a %-d %b %Y, %H:%M").to_string()
}
