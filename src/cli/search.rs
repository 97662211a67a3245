//! `deskgate search`, and `deskgate ticket list --query`: as in the console.

use std::process::ExitCode;

use anyhow::Context;
use jiff::Timestamp;
use serde_json::json;

use super::{Config, base::Base, say, ticket::titled};
use crate::{
    desk::{Found, Row},
    domain::EmailAddress,
    settings::Staff,
    ticket::query::{Piece, Query, Sort},
};

/// `deskgate search`
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Words, "phrases" and filters such as status:open or from:anna@example.org; behind -- also -words.
    #[arg(required = true, value_name = "WORDS")]
    words: Vec<String>,
    /// Whose tickets assignee:me means; without it the first admin, lead or agent.
    #[arg(long = "as", value_name = "EMAIL")]
    actor: Option<EmailAddress>,
    /// At most so many, up to 100.
    #[arg(long, default_value_t = 20)]
    limit: u16,
    /// As a JSON object.
    #[arg(long)]
    json: bool,
}

/// Runs `deskgate search`.
pub async fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let base = Base::open(config).await?;
    let searched = search(&base, arguments).await;
    base.close().await;
    searched.map(|()| ExitCode::SUCCESS)
}

async fn search(base: &Base, arguments: &Arguments) -> anyhow::Result<()> {
    let who = somebody(base, arguments.actor.as_ref())?;
    let query = Query::parse(&arguments.words.join(" "));
    let mut conn = base.pool.get().await?;
    let now = Timestamp::now();
    let found = base.desk.search(&mut conn, who, &query, None, arguments.limit, now).await?;
    if arguments.json {
        let found = json!({ "named": found.named, "hits": found.hits, "more": found.next.is_some(), "notes": found.notes });
        say(serde_json::to_string_pretty(&found)?);
        return Ok(());
    }
    print(&found, &query);
    Ok(())
}

fn print(found: &Found, query: &Query) {
    found.notes.iter().for_each(say);
    if let Some(named) = found.named {
        say(format!("Ticket {named} is there; `deskgate ticket show {named}` shows it."));
    }
    if found.hits.is_empty() && found.named.is_none() {
        say(format!("Nothing is found by `{query}`."));
    }
    for hit in &found.hits {
        say(line(&hit.row));
        let told = plain(&hit.excerpt);
        if !told.trim().is_empty() {
            say(format!("         {told}"));
        }
    }
    if found.next.is_some() {
        say("There are more; --limit shows more of them.");
    }
}

fn plain(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

/// `deskgate ticket list --query`
pub async fn list(base: &Base, typed: &str, limit: u32, as_json: bool) -> anyhow::Result<()> {
    let who = somebody(base, None)?;
    let query = Query::parse(typed);
    let mut conn = base.pool.get().await?;
    let limit = u16::try_from(limit).unwrap_or(u16::MAX);
    let listing = base.desk.inbox(&mut conn, who, &query, (Sort::Due, None), limit, Timestamp::now()).await?;
    if as_json {
        say(serde_json::to_string_pretty(&listing.rows)?);
        return Ok(());
    }
    listing.notes.iter().for_each(say);
    if listing.rows.is_empty() {
        say("No tickets.");
    }
    for row in &listing.rows {
        say(line(row));
    }
    Ok(())
}

fn line(row: &Row) -> String {
    let severity = row.severity.map_or("–".into(), |severity| format!("sev {severity}"));
    let who = row.requester.as_ref().map_or("nobody", |person| person.address.as_str());
    let waiting = match (row.waiting_for_customer, row.incomplete) {
        (true, _) => " (waiting for the customer)",
        (false, true) => " (incomplete)",
        (false, false) => "",
    };
    format!("{:<8} {:<9} {severity:<6} {who:<32} {}{waiting}", row.reference, row.label, titled(&row.subject))
}

/// The member of staff who asks.
fn somebody<'a>(base: &'a Base, named: Option<&EmailAddress>) -> anyhow::Result<&'a Staff> {
    let actor = base.actor(named)?;
    base.desk.settings.staff_by_email(&actor.address).context("finding who asks on the staff list")
}
