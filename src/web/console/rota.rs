//! `/rota`: who is on duty now and in the days to come, who would be called, and who is away.

use std::sync::Arc;

use axum::{Router, extract::State, response::Response, routing::get};
use jiff::{Timestamp, civil::Date, civil::Weekday};
use serde::Serialize;

use super::{
    denial::Denial,
    guard::Signed,
    shell::{PageOf, page},
};
use crate::{
    desk::{self, RotaDays, TicketOnCall},
    domain::EmailAddress,
    settings::Settings,
    web::Site,
};

/// So many days are shown.
const DAYS: usize = 14;

/// Its addresses.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/rota", get(show))
}

#[derive(Serialize)]
struct View {
    rotas: Vec<Rota>,
    days: Vec<Day>,
    chain: Vec<Step>,
    pager: bool,
    tickets: Vec<Incident>,
    absences: Vec<Absence>,
}

#[derive(Serialize)]
struct Day {
    date: String,
    weekday: String,
    number: i8,
    weekend: bool,
    today: bool,
}

#[derive(Serialize)]
struct Rota {
    name: String,
    now: Vec<String>,
    turn: Vec<String>,
    handovers: Vec<Handover>,
    members: Vec<Member>,
}

#[derive(Serialize)]
struct Handover {
    at: Timestamp,
    to: String,
}

#[derive(Serialize)]
struct Member {
    name: String,
    cells: Vec<Cell>,
}

/// One day of one member.
#[derive(Serialize)]
struct Cell {
    /// `duty`, `away`, `gap` (on duty, and away) or `free`.
    kind: &'static str,
    date: String,
}

/// A step of the chain, and whom it means now.
#[derive(Serialize)]
struct Step {
    place: usize,
    step: String,
    who: String,
}

#[derive(Serialize)]
struct Incident {
    id: i64,
    reference: String,
    subject: String,
    since: Timestamp,
    taken_by: Option<String>,
    next: String,
    next_at: Option<Timestamp>,
    shifts: Vec<Shift>,
    plan: Option<String>,
}

#[derive(Serialize)]
struct Shift {
    number: u32,
    who: String,
    start: Timestamp,
    end: Timestamp,
}

#[derive(Serialize)]
struct Absence {
    name: String,
    from: String,
    to: Option<String>,
    now: bool,
}

async fn show(State(site): State<Arc<Site>>, signed: Signed) -> Result<Response, Denial> {
    let (now, zone, settings) = (Timestamp::now(), &signed.session.zone, &site.desk.settings);
    let mut conn = site.pool.get().await?;
    let rotas = site.desk.rota_days(&mut conn, zone, DAYS, now).await?;
    let called = site.desk.on_call_now(&mut conn, now).await?;
    let standings = site.desk.standings(&mut conn, now).await?;
    drop(conn);
    let dates = desk::dates(zone, DAYS, now);
    let absences = standings.iter().flat_map(|standing| {
        standing.absences.iter().map(|(from, to)| Absence {
            name: standing.staff.name.clone(),
            from: day_in_words(*from),
            to: to.map(day_in_words),
            now: standing.away && *from <= dates.first().copied().unwrap_or(*from),
        })
    });
    let view = View {
        absences: absences.collect(),
        rotas: rotas.iter().map(|rota| shown(settings, rota, &dates)).collect(),
        days: dates.iter().enumerate().map(|(at, date)| day(*date, at == 0)).collect(),
        chain: (1..)
            .zip(&called.chain)
            .map(|(place, (step, people))| Step {
                place,
                step: name_of_step(settings, step),
                who: names(settings, people.iter()),
            })
            .collect(),
        pager: called.pager,
        tickets: called.tickets.iter().map(|ticket| incident(settings, ticket)).collect(),
    };
    page(&site, signed, &PageOf::new("rota", "rota", "On duty"), &view)
}

fn shown(settings: &Settings, days: &RotaDays<'_>, dates: &[Date]) -> Rota {
    let member = |(who, of): &(&EmailAddress, Vec<desk::DayOf>)| Member {
        name: name(settings, who),
        cells: of
            .iter()
            .zip(dates)
            .map(|(day, date)| Cell {
                kind: match (day.on_duty, day.away) {
                    (true, true) => "gap",
                    (true, false) => "duty",
                    (false, true) => "away",
                    (false, false) => "free",
                },
                date: day_in_words(*date),
            })
            .collect(),
    };
    Rota {
        name: days.rota.name.clone(),
        now: days.now.iter().map(|staff| staff.name.clone()).collect(),
        turn: days.turn.iter().map(|who| name(settings, who)).collect(),
        handovers: days
            .handovers
            .iter()
            .map(|(at, to)| Handover { at: *at, to: names(settings, to.iter().copied()) })
            .collect(),
        members: days.members.iter().map(member).collect(),
    }
}

fn incident(settings: &Settings, ticket: &TicketOnCall) -> Incident {
    let plan = ticket.plan.as_ref();
    let shifts = plan.into_iter().flat_map(|plan| &plan.shifts).map(|shift| Shift {
        number: shift.number,
        who: name(settings, &shift.who),
        start: shift.start,
        end: shift.end,
    });
    Incident {
        id: ticket.id.0,
        reference: ticket.reference.clone(),
        subject: ticket.subject.clone(),
        since: ticket.since,
        taken_by: ticket.acknowledged_by.as_ref().map(|who| name(settings, who)),
        next: names(settings, ticket.next.iter()),
        next_at: ticket.next_at,
        shifts: shifts.collect(),
        plan: plan.map(|plan| plan.state.to_string()),
    }
}

fn name(settings: &Settings, who: &EmailAddress) -> String {
    settings.staff_by_email(who).map_or_else(|| who.to_string(), |staff| staff.name.clone())
}

fn names<'a>(settings: &Settings, people: impl Iterator<Item = &'a EmailAddress>) -> String {
    people.map(|who| name(settings, who)).collect::<Vec<_>>().join(", ")
}

/// A step is a rota, or somebody by their address.
fn name_of_step(settings: &Settings, step: &str) -> String {
    match step.trim().parse::<EmailAddress>() {
        Ok(who) => name(settings, &who),
        Err(_) => step.to_owned(),
    }
}

fn day(date: Date, today: bool) -> Day {
    Day {
        date: day_in_words(date),
        weekday: date.strftime("%a").to_string(),
        number: date.day(),
        weekend: matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday),
        today,
    }
}

fn day_in_words(date: Date) -> String {
    date.strftime("%a %-d %b").to_string()
}
