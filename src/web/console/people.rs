//! `/people`: who works here and how much they have, who writes to us, and who is told how things stand.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    extract::{Path, Query, State},
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
    domain::{EmailAddress, PersonId, Sender, TicketId, Word, words::word},
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
        .route("/people/{id}", get(card))
        .route("/people/{id}/block", post(block))
        .route("/people/{id}/unblock", post(unblock))
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
    let staff = planned(&site, &signed, &form.who)?;
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
    let mut conn = site.pool.get().await?;
    let done = site.desk.go_away(&mut conn, staff, days, &ops::me(&signed), Timestamp::now()).await;
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
    let staff = planned(&site, &signed, &form.who)?;
    let mut conn = site.pool.get().await?;
    let done = site.desk.come_back(&mut conn, staff, Timestamp::now()).await;
    ops::told("/people", done, |said| ops::sentence(&said))
}

/// Everybody says of themselves when they are away; of others, who plans for them.
fn planned<'a>(site: &'a Site, signed: &Signed, who: &EmailAddress) -> Result<&'a Staff, Denial> {
    let wish = if *who == signed.session.staff.email { Wish::Away } else { Wish::Plan };
    ops::demand(site, signed, wish)?;
    site.desk.settings.staff_by_email(who).ok_or(Denial::NotFound)
}

#[derive(Deserialize)]
struct CardAsked {
    before: Option<String>,
}

#[derive(Serialize)]
struct CardView {
    id: PersonId,
    name: String,
    address: String,
    domain: String,
    language: Option<String>,
    staff: bool,
    tickets: Vec<TicketRow>,
    older: Option<String>,
    follows: Vec<Follows>,
    blocks: Vec<BlockRow>,
    address_blocked: bool,
    domain_blocked: bool,
    may_block: bool,
    may_block_domain: bool,
}

#[derive(Serialize)]
struct TicketRow {
    id: TicketId,
    subject: String,
    status: String,
    severity: Option<String>,
    part: String,
    created_at: Timestamp,
}

#[derive(Serialize)]
struct BlockRow {
    sender: String,
    by: String,
    at: Timestamp,
}

async fn card(
    State(site): State<Arc<Site>>,
    signed: Signed,
    Path(id): Path<PersonId>,
    Query(asked): Query<CardAsked>,
) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    let before = asked.before.and_then(|id| id.parse().ok()).map(TicketId);
    let card = site.desk.person_card(&mut conn, id, before).await?.ok_or(Denial::NotFound)?;
    drop(conn);
    let domain = card.person.address.rsplit('@').next().unwrap_or_default().to_owned();
    let blocked = |sender: &str| card.blocks.iter().any(|block| block.sender == sender);
    let view = CardView {
        id,
        address_blocked: blocked(&card.person.address),
        domain_blocked: blocked(&format!("@{domain}")),
        domain,
        language: card.person.language().map(|language| language.to_string()),
        name: card.person.name.clone(),
        address: card.person.address.clone(),
        staff: card.staff,
        older: card.more_before.map(|before| format!("/people/{id}?before={before}")),
        tickets: card
            .tickets
            .iter()
            .map(|(ticket, part)| TicketRow {
                id: ticket.id,
                subject: ticket.subject.clone(),
                status: site.desk.state_of(ticket).shown().to_owned(),
                severity: ticket.severity().map(|severity| severity.to_string()),
                part: part.to_string(),
                created_at: ticket.created_at.to_jiff(),
            })
            .collect(),
        follows: card.subscriptions.iter().map(|row| Follows::of(&site, row)).collect(),
        blocks: card
            .blocks
            .iter()
            .map(|block| BlockRow {
                sender: block.sender.clone(),
                by: block.blocked_by.clone(),
                at: block.blocked_at.to_jiff(),
            })
            .collect(),
        may_block: !card.staff,
        may_block_domain: !card.staff && ops::may(&site, &signed, Wish::Block),
    };
    let title = if view.name.is_empty() { view.address.clone() } else { view.name.clone() };
    page(&site, signed, &PageOf::new("person", "people", &title), &view)
}

#[derive(Deserialize)]
struct Blocking {
    sender: String,
}

async fn block(
    State(site): State<Arc<Site>>,
    Path(id): Path<PersonId>,
    Posted { signed, form }: Posted<Blocking>,
) -> Result<Response, Denial> {
    let sender = meant(&site, &signed, &form.sender)?;
    let mut conn = site.pool.get().await?;
    let done = site.desk.block(&mut conn, None, Some(sender), &ops::me(&signed), Timestamp::now()).await;
    ops::told(&format!("/people/{id}"), done, |changed| so_now(&site, &changed.done))
}

async fn unblock(
    State(site): State<Arc<Site>>,
    Path(id): Path<PersonId>,
    Posted { signed, form }: Posted<Blocking>,
) -> Result<Response, Denial> {
    let sender = meant(&site, &signed, &form.sender)?;
    let mut conn = site.pool.get().await?;
    let done = site.desk.unblock(&mut conn, None, Some(sender), &ops::me(&signed), Timestamp::now()).await;
    ops::told(&format!("/people/{id}"), done, |changed| so_now(&site, &changed.done))
}

/// Whom a form names. A whole domain is for who may block one.
fn meant(site: &Site, signed: &Signed, sender: &str) -> Result<Sender, Denial> {
    let sender = sender.parse::<Sender>().map_err(|error| Denial::Invalid(format!("{error}.")))?;
    if let Sender::Domain(_) = sender {
        ops::demand(site, signed, Wish::Block)?;
    }
    Ok(sender)
}

fn so_now(site: &Site, done: &[String]) -> String {
    match done {
        [] => site.console.say("people.so-already", &[]),
        done => ops::sentence(&done.join(", ")),
    }
}
