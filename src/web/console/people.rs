//! `/people`: who works here and how much they have, who writes to us, and who is told how things stand.

mod card;

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    extract::{Query, State},
    response::Response,
    routing::{get, post},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    csrf::Posted,
    denial::Denial,
    guard::Signed,
    ops::{self, Tab},
    said,
    shell::{PageOf, page},
};
use crate::{
    desk::Standing,
    domain::{EmailAddress, PersonId, Word, words::word},
    settings::Staff,
    store::{
        Conn, directory,
        people::Person,
        subscriptions::{self, Subscription},
    },
    ticket::{rights::Wish, team},
    web::Site,
};

/// So many people stand on one page.
const PAGE: i64 = 50;

/// Its addresses.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/people", get(show))
        .route("/people/away", post(away))
        .route("/people/back", post(back))
        .merge(card::routes())
}

/// The tabs of the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Staff,
    Customers,
    Stakeholders,
}

word!(Group, "group of people", {
    Staff => "staff",
    Customers => "customers",
    Stakeholders => "stakeholders",
});

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    group: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: String,
}

#[derive(Serialize)]
struct View {
    tabs: Vec<Tab>,
    group: Group,
    q: String,
    staff: Vec<StaffCard>,
    /// Whether the reader looks after how people sign in.
    accounts: bool,
    customers: Vec<Customer>,
    more: Option<String>,
    stakeholders: Vec<Stakeholder>,
}

#[derive(Serialize)]
struct StaffCard {
    name: String,
    address: String,
    role: String,
    zone: String,
    products: String,
    levels: String,
    open: u32,
    capacity: Option<u32>,
    away: bool,
    on_duty: String,
    last: Option<Timestamp>,
    seen_at: Option<Timestamp>,
    absences: Vec<String>,
    may_plan: bool,
}

#[derive(Serialize)]
struct Customer {
    id: i64,
    address: String,
    name: String,
    language: Option<String>,
    tickets: i64,
    last_at: Option<Timestamp>,
}

#[derive(Serialize)]
struct Stakeholder {
    id: PersonId,
    name: String,
    address: String,
    product_owner: bool,
    follows: Vec<Follows>,
}

#[derive(Serialize)]
struct Follows {
    topic: String,
    cadence: String,
    since: Timestamp,
    by: String,
    ended_at: Option<Timestamp>,
}

impl Follows {
    fn of(site: &Site, row: &Subscription) -> Follows {
        Follows {
            topic: site.desk.topic_in_words(row),
            cadence: row.cadence.0.to_string(),
            since: row.begun_at.to_jiff(),
            by: row.begun_by.clone(),
            ended_at: row.ended_at.map(|at| at.to_jiff()),
        }
    }
}

async fn show(
    State(site): State<Arc<Site>>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Denial> {
    let group = Group::from_word(&asked.group).unwrap_or(Group::Staff);
    let mut conn = site.pool.get().await?;
    let mut view = View {
        tabs: ops::tabs("/people", "group", group, |_| None),
        group,
        q: asked.q.clone(),
        staff: Vec::new(),
        accounts: ops::may(&site, &signed, Wish::Accounts),
        customers: Vec::new(),
        more: None,
        stakeholders: Vec::new(),
    };
    match group {
        Group::Staff => view.staff = staff(&site, &signed, &mut conn).await?,
        Group::Customers => {
            let found = directory::search(&mut conn, &asked.q, &asked.after, PAGE + 1).await?;
            let (found, more) = ops::cut(found, PAGE);
            view.more = found.last().filter(|_| more).map(|last| further(&asked.q, &last.address));
            view.customers = found.into_iter().map(customer).collect();
        }
        Group::Stakeholders => view.stakeholders = stakeholders(&site, &mut conn).await?,
    }
    drop(conn);
    page(&site, signed, &PageOf::new("people", "people", "People"), &view)
}

fn further(words: &str, last: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("group", "customers"), ("q", words), ("after", last)])
        .finish();
    format!("/people?{query}")
}

async fn staff(site: &Site, signed: &Signed, conn: &mut Conn) -> Result<Vec<StaffCard>, Denial> {
    let standings = site.desk.standings(conn, Timestamp::now()).await?;
    let seen = directory::last_seen(conn).await?;
    let plans = ops::may(site, signed, Wish::Plan);
    let card = |standing: &Standing<'_>| {
        let staff = standing.staff;
        let levels: Vec<String> = staff.levels.iter().map(ToString::to_string).collect();
        StaffCard {
            name: staff.name.clone(),
            address: staff.email.to_string(),
            role: staff.role.to_string(),
            zone: staff.zone.iana_name().unwrap_or("UTC").to_owned(),
            products: staff.products.join(", "),
            levels: levels.join(", "),
            open: standing.open,
            capacity: (!staff.is_unbounded()).then_some(staff.capacity),
            away: standing.away,
            on_duty: standing.on_duty.join(", "),
            last: standing.last,
            seen_at: seen.get(staff.email.as_str()).copied(),
            absences: standing
                .absences
                .iter()
                .map(|(from, to)| match to {
                    Some(to) => format!("{} – {}", from.strftime("%-d %b"), to.strftime("%-d %b %Y")),
                    None => format!("{} –", from.strftime("%-d %b %Y")),
                })
                .collect(),
            may_plan: plans || staff.email == signed.session.staff.email,
        }
    };
    Ok(standings.iter().map(card).collect())
}

fn customer(found: directory::Found) -> Customer {
    Customer {
        id: found.id,
        address: found.address,
        name: found.name,
        language: found.language,
        tickets: found.tickets,
        last_at: found.last_at.map(|at| at.to_jiff()),
    }
}

async fn stakeholders(site: &Site, conn: &mut Conn) -> Result<Vec<Stakeholder>, Denial> {
    let configured = &site.desk.settings.stakeholders;
    let mut all: BTreeMap<String, Stakeholder> = BTreeMap::new();
    for (row, person) in subscriptions::all(conn).await? {
        let owner = configured.iter().any(|each| each.product_owner && each.email.as_str() == person.address);
        let Person { id, address, name, .. } = person;
        let entry = all.entry(address.clone()).or_insert_with(|| Stakeholder {
            id,
            name,
            address,
            product_owner: owner,
            follows: Vec::new(),
        });
        entry.follows.push(Follows::of(site, &row));
    }
    Ok(all.into_values().collect())
}

#[derive(Deserialize)]
struct Away {
    who: EmailAddress,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

async fn away(
    State(site): State<Arc<Site>>,
    Posted { signed, form }: Posted<Away>,
) -> Result<Response, Denial> {
    let mut acts = ops::begin(&site, &signed, absence(&signed, &form.who)).await?;
    let staff = colleague(&site, &form.who)?;
    let (from, to) = (form.from.trim(), form.to.trim());
    let words = if to.is_empty() { from.to_owned() } else { format!("{from}..{to}") };
    let open = (!from.is_empty() && to.is_empty()).then(|| from.parse().ok()).flatten();
    let days = match open {
        Some(from) => Some((Some(from), None)),
        None => team::days(&words),
    };
    let Some(days) = days else {
        return Ok(said::refused("/people", &site.console.say("people.no-days", &[])));
    };
    let done = site.desk.go_away(&mut acts.conn, staff, days, &acts.me, acts.now).await;
    ops::told("/people", done, |said| ops::sentence(&said))
}

#[derive(Deserialize)]
struct Back {
    who: EmailAddress,
}

async fn back(
    State(site): State<Arc<Site>>,
    Posted { signed, form }: Posted<Back>,
) -> Result<Response, Denial> {
    let mut acts = ops::begin(&site, &signed, absence(&signed, &form.who)).await?;
    let done = site.desk.come_back(&mut acts.conn, colleague(&site, &form.who)?, acts.now).await;
    ops::told("/people", done, |said| ops::sentence(&said))
}

/// Everybody says of themselves when they are away; of others, who plans for them.
fn absence(signed: &Signed, who: &EmailAddress) -> Wish {
    if *who == signed.session.staff.email { Wish::Away } else { Wish::Plan }
}

fn colleague<'a>(site: &'a Site, who: &EmailAddress) -> Result<&'a Staff, Denial> {
    site.desk.settings.staff_by_email(who).ok_or(Denial::NotFound)
}
